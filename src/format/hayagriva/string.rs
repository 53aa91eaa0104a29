//! Formattable strings: braces keep the letter case, a backslash takes the meaning from `\`, `{`, `}` and `$`.
//!
//! A bare dollar opens mathematics in Typst's notation, not TeX's, and one that is not closed makes Typst refuse the
//! file. TeX mathematics that has no translation is therefore printed as what it is, characters with escaped dollars,
//! in braces of its own; Typst's without one is read as characters.

use super::math;
use crate::model::{Run, Style, Text};
use std::fmt::Write as _;

/// Appends rich text as a formattable string; whether it says all.
pub(super) fn encode(text: &Text, out: &mut String) -> bool {
    let mut is_whole = true;
    for run in text.runs() {
        match run {
            Run::Plain(text) => escape(text, out),
            Run::Tex(source) => {
                escape(source, out);
                is_whole = false;
            }
            Run::Math(source) => {
                if let Some(typst) = math::from_tex(source) {
                    let _ = write!(out, "${typst}$");
                    continue;
                }
                let start = out.len();
                out.push_str("{\\$");
                escape(source, out);
                out.push_str("\\$}");
                is_whole &= decode(&out[start..]).runs() == std::slice::from_ref(run);
            }
            Run::Styled(Style::Protected, inner) => {
                out.push('{');
                is_whole &= encode(inner, out);
                out.push('}');
            }
            Run::Styled(_, inner) => {
                encode(inner, out);
                is_whole = false;
            }
        }
    }
    is_whole
}

fn escape(text: &str, out: &mut String) {
    if memchr::memchr3(b'{', b'}', b'$', text.as_bytes()).is_none() && !text.contains('\\') {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        if matches!(c, '\\' | '{' | '}' | '$') {
            out.push('\\');
        }
        out.push(c);
    }
}

/// How deep braces are read.
const MAX_DEPTH: usize = 24;

/// Reads a formattable string. Braces and dollars without a partner are characters.
pub(super) fn decode(source: &str) -> Text {
    if !source.contains(['\\', '{', '}', '$']) {
        return Text::plain(source);
    }
    let mut frames = vec![Text::new()];
    let mut rest = source;
    while let Some(at) = rest.find(['\\', '{', '}', '$']) {
        push(&mut frames, &rest[..at]);
        rest = &rest[at..];
        rest = &rest[markup(rest, &mut frames)..];
    }
    push(&mut frames, rest);
    while frames.len() > 1 {
        let inner = frames.pop().unwrap_or_default();
        push(&mut frames, "{");
        append(&mut frames, inner.runs());
    }
    frames.pop().unwrap_or_default()
}

/// The mathematics of a formattable string that has no translation, dollars included.
pub(super) fn untranslated(source: &str) -> Option<&str> {
    let mut at = 0;
    while let Some(found) = source[at..].find(['\\', '$']) {
        at += found;
        if source[at..].starts_with('$') {
            let end = at + 1 + source[at + 1..].find('$').filter(|end| *end > 0)?;
            if math::to_tex(&source[at + 1..end]).is_none() {
                return Some(&source[at..=end]);
            }
            at = end + 1;
        } else {
            at += 1 + source[at + 1..].chars().next()?.len_utf8();
        }
    }
    None
}

/// Splits a formattable string where braces do not keep it together.
pub(super) fn split<'s>(source: &'s str, separator: &str) -> Vec<&'s str> {
    let bytes = source.as_bytes();
    let (mut parts, mut depth, mut start, mut at) = (Vec::new(), 0_usize, 0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ if depth == 0 && bytes[at..].starts_with(separator.as_bytes()) => {
                parts.push(&source[start..at]);
                start = at + separator.len();
                at = start - 1;
            }
            _ => {}
        }
        at += 1;
    }
    parts.push(&source[start..]);
    parts
}

fn push(frames: &mut [Text], text: &str) {
    if let Some(frame) = frames.last_mut() {
        frame.push_str(text);
    }
}

fn append(frames: &mut [Text], runs: &[Run]) {
    if let Some(frame) = frames.last_mut() {
        for run in runs {
            frame.push(run.clone());
        }
    }
}

/// Reads what stands at the head of `rest`; how many bytes it took.
fn markup(rest: &str, frames: &mut Vec<Text>) -> usize {
    let bytes = rest.as_bytes();
    match bytes[0] {
        b'\\' if matches!(bytes.get(1), Some(b'\\' | b'{' | b'}' | b'$')) => {
            push(frames, &rest[1..2]);
            2
        }
        b'{' => {
            if let Some((source, len)) = tex_math(rest) {
                append(frames, &[Run::Math(source)]);
                return len;
            }
            if frames.len() > MAX_DEPTH {
                push(frames, "{");
            } else {
                frames.push(Text::new());
            }
            1
        }
        b'}' if frames.len() > 1 => {
            let inner = frames.pop().unwrap_or_default();
            append(frames, &[Run::Styled(Style::Protected, inner)]);
            1
        }
        b'$' => {
            let Some(end) = rest[1..].find('$').filter(|end| *end > 0) else {
                push(frames, "$");
                return 1;
            };
            match math::to_tex(&rest[1..=end]) {
                Some(tex) => append(frames, &[Run::Math(tex)]),
                None => push(frames, &rest[..end + 2]),
            }
            end + 2
        }
        _ => {
            push(frames, &rest[..1]);
            1
        }
    }
}

/// TeX mathematics as [`encode`] prints it: `{\$…\$}`, its source escaped.
fn tex_math(rest: &str) -> Option<(String, usize)> {
    const OPEN: &str = "{\\$";
    const CLOSE: &str = "\\$}";
    let inside = rest.strip_prefix(OPEN)?;
    let mut source = String::new();
    let mut at = 0;
    while let Some(c) = inside.get(at..)?.chars().next() {
        if inside[at..].starts_with(CLOSE) {
            return (!source.is_empty()).then_some((source, OPEN.len() + at + CLOSE.len()));
        }
        match c {
            '\\' => {
                let next = inside[at + 1..].chars().next()?;
                source.push(next);
                at += 1 + next.len_utf8();
                continue;
            }
            '{' | '}' | '$' => return None,
            c => source.push(c),
        }
        at += c.len_utf8();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_come_back() {
        let check = |source: &str| {
            let mut out = String::new();
            encode(&decode(source), &mut out);
            assert_eq!(out, source);
        };
        check("{BERT} and $x^2_(a)$");
        check("{\\$\\\\foo_\\{a\\}\\$}");
        check("5\\$ for \\{a\\} \\\\alpha");
        check("{a {B} c}");
        check("{\\$\\\\text\\{\\$x\\$\\}\\$}");
    }

    #[test]
    fn broken_markup_is_text() {
        for source in ["{", "}", "$", "a{b", "\\", "{\\$", "{\\$x", "$$", "{\\$\\$}"] {
            let mut out = String::new();
            encode(&decode(source), &mut out);
            let opening = out.matches("\\$").count() % 2;
            assert!(opening < 2, "{source}");
            assert_eq!(decode(&out), decode(source), "{source}");
        }
    }
}
