//! Rich text in CSL-JSON: plain characters and the few HTML tags that CSL processors know, mathematics as `$…$`.
//!
//! It is not HTML: `&` and `<` stand for themselves, as citeproc-js, pandoc and Zotero have it. Only text that would read
//! as a tag or as mathematics is written with character references, and those are read. Source: citeproc-js manual,
//! "HTML-like formatting tags"; CSL 1.0.2 has no rule of its own.

use crate::model::{Run, Style, Text};

/// The tags, those written first, and what they mean.
const TAGS: [(&str, &str, Style); 9] = [
    ("<span class=\"nocase\">", "</span>", Style::Protected),
    ("<i>", "</i>", Style::Emphasis),
    ("<b>", "</b>", Style::Strong),
    ("<sup>", "</sup>", Style::Superscript),
    ("<sub>", "</sub>", Style::Subscript),
    ("<span style=\"font-variant:small-caps;\">", "</span>", Style::SmallCaps),
    // Read, not written.
    ("<span style=\"font-variant: small-caps;\">", "</span>", Style::SmallCaps),
    ("<sc>", "</sc>", Style::SmallCaps),
    ("<span class='nocase'>", "</span>", Style::Protected),
];

/// Character references that are read.
const REFERENCES: [(&str, char); 7] =
    [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&apos;", '\''), ("&#36;", '$'), ("&#38;", '&')];

/// How deep marked-up text is read; deeper tags are text.
const MAX_DEPTH: usize = 24;

/// The longest mathematics that is looked for, so that unbalanced dollars and braces cost no more than linear time.
const MAX_MATH: usize = 4096;

/// Appends text with its tags.
pub(super) fn encode(text: &Text, out: &mut String) {
    let start = out.len();
    push_runs(text, false, out);
    let is_doubtful = memchr::memchr3(b'$', b'&', b'<', &out.as_bytes()[start..]).is_some();
    // The tags that were just written read as what they are; only characters of plain text can be taken for more.
    if is_doubtful && has_doubtful_plain(text) && decode(&out[start..]) != as_printed(text) {
        out.truncate(start);
        push_runs(text, true, out);
    }
}

/// The text that the tags can say: unknown TeX as characters, no typewriter face, mathematics without outer blanks.
fn as_printed(text: &Text) -> Text {
    let mut out = Text::new();
    for run in text.runs() {
        match run {
            Run::Plain(text) | Run::Tex(text) => out.push_str(text),
            Run::Math(source) => {
                let mut printed = String::new();
                push_math(source, &mut printed);
                if printed.len() > 2 {
                    out.push(Run::Math(printed[1..printed.len() - 1].to_owned()));
                }
            }
            Run::Styled(Style::Code, inner) => {
                for run in as_printed(inner).runs() {
                    out.push(run.clone());
                }
            }
            Run::Styled(style, inner) => out.push(Run::Styled(*style, as_printed(inner))),
        }
    }
    out
}

fn has_doubtful_plain(text: &Text) -> bool {
    text.runs().iter().any(|run| match run {
        Run::Plain(text) | Run::Tex(text) => memchr::memchr3(b'$', b'&', b'<', text.as_bytes()).is_some(),
        Run::Math(_) => false,
        Run::Styled(_, inner) => has_doubtful_plain(inner),
    })
}

fn push_runs(text: &Text, escape: bool, out: &mut String) {
    for run in text.runs() {
        match run {
            Run::Plain(text) | Run::Tex(text) => push_plain(text, escape, out),
            Run::Math(source) => push_math(source, out),
            Run::Styled(style, inner) => match TAGS.iter().find(|(_, _, tagged)| tagged == style) {
                Some((open, close, _)) => {
                    out.push_str(open);
                    push_runs(inner, escape, out);
                    out.push_str(close);
                }
                None => push_runs(inner, escape, out),
            },
        }
    }
}

fn push_plain(text: &str, escape: bool, out: &mut String) {
    if !escape {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        match c {
            '$' => out.push_str("&#36;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            c => out.push(c),
        }
    }
}

/// Appends mathematics so that the closing dollar is one.
pub(super) fn push_math(source: &str, out: &mut String) {
    let source = source.trim();
    if source.is_empty() {
        return;
    }
    out.push('$');
    out.push_str(source);
    let backslashes = source.bytes().rev().take_while(|b| *b == b'\\').count();
    if backslashes % 2 == 1 {
        // A control space at the end was trimmed to its backslash.
        out.push_str(" {}");
    }
    out.push('$');
}

/// Reads text with tags. A tag that is not closed, or closes nothing, is text.
pub(super) fn decode(source: &str) -> Text {
    if memchr::memchr3(b'$', b'&', b'<', source.as_bytes()).is_none() {
        return Text::plain(source);
    }
    let mut frames = vec![Frame { open: "", close: "", style: Style::Emphasis, text: Text::new() }];
    let mut rest = source;
    let mut math_may_follow = true;
    while let Some(at) = memchr::memchr3(b'$', b'&', b'<', rest.as_bytes()) {
        push_str(&mut frames, &rest[..at]);
        rest = &rest[at..];
        let taken = match rest.as_bytes()[0] {
            b'$' => read_math(rest, &mut math_may_follow, &mut frames),
            b'&' => read_reference(rest, &mut frames),
            _ => read_tag(rest, &mut frames),
        };
        if taken == 0 {
            push_str(&mut frames, &rest[..1]);
        }
        rest = &rest[taken.max(1)..];
    }
    push_str(&mut frames, rest);
    while frames.len() > 1 {
        unfold(&mut frames);
    }
    frames.pop().map(|frame| frame.text).unwrap_or_default()
}

/// A tag that is open, and the text behind it.
struct Frame<'t> {
    open: &'t str,
    close: &'static str,
    style: Style,
    text: Text,
}

fn push_str(frames: &mut [Frame<'_>], text: &str) {
    if let Some(frame) = frames.last_mut() {
        frame.text.push_str(text);
    }
}

/// Turns the innermost open tag back into characters.
fn unfold(frames: &mut Vec<Frame<'_>>) {
    let (Some(frame), Some(outer)) = (frames.pop(), frames.last_mut()) else { return };
    outer.text.push_str(frame.open);
    for run in frame.text.runs() {
        outer.text.push(run.clone());
    }
}

fn read_math(rest: &str, math_may_follow: &mut bool, frames: &mut [Frame<'_>]) -> usize {
    if !*math_may_follow {
        return 0;
    }
    match math_end(&rest[1..]) {
        MathEnd::At(end) => {
            if let Some(frame) = frames.last_mut() {
                frame.text.push(Run::Math(rest[1..=end].to_owned()));
            }
            end + 2
        }
        MathEnd::Not => 0,
        MathEnd::Never => {
            *math_may_follow = false;
            0
        }
    }
}

/// Where the mathematics behind an opening dollar ends.
pub(super) enum MathEnd {
    /// The closing dollar.
    At(usize),
    /// This dollar opens none; a later one may.
    Not,
    /// There is no closing dollar up to the end of the text.
    Never,
}

/// Finds the dollar that closes mathematics: the next one outside braces; no blank stands inside either dollar.
pub(super) fn math_end(source: &str) -> MathEnd {
    let bytes = source.as_bytes();
    if bytes.first().is_none_or(|b| b.is_ascii_whitespace() || *b == b'$') {
        return MathEnd::Not;
    }
    let mut depth = 0_usize;
    let mut at = 0;
    while at < bytes.len() {
        if at > MAX_MATH {
            return MathEnd::Not;
        }
        match bytes[at] {
            b'\\' => at += 1,
            b'{' => depth += 1,
            b'}' if depth == 0 => return MathEnd::Not,
            b'}' => depth -= 1,
            b'$' if depth == 0 && bytes[at - 1].is_ascii_whitespace() => return MathEnd::Not,
            b'$' if depth == 0 => return MathEnd::At(at),
            _ => {}
        }
        at += 1;
    }
    MathEnd::Never
}

fn read_reference(rest: &str, frames: &mut [Frame<'_>]) -> usize {
    let Some((reference, c)) = REFERENCES.iter().find(|(reference, _)| rest.starts_with(reference)) else { return 0 };
    push_str(frames, c.encode_utf8(&mut [0; 4]));
    reference.len()
}

/// Reads an opening or closing tag; 0 when it is none.
pub(super) fn tag_at(rest: &str) -> Option<(&'static str, &'static str, Style)> {
    TAGS.iter().find(|(open, ..)| rest.starts_with(open)).copied()
}

fn read_tag<'t>(rest: &'t str, frames: &mut Vec<Frame<'t>>) -> usize {
    if let Some((open, close, style)) = tag_at(rest) {
        if frames.len() > MAX_DEPTH {
            return 0;
        }
        frames.push(Frame { open: &rest[..open.len()], close, style, text: Text::new() });
        return open.len();
    }
    let is_closed = |frame: &Frame<'_>| !frame.close.is_empty() && rest.starts_with(frame.close);
    let Some(closed) = frames.iter().rposition(is_closed) else { return 0 };
    while frames.len() > closed + 1 {
        unfold(frames);
    }
    let (Some(frame), Some(outer)) = (frames.pop(), frames.last_mut()) else { return 0 };
    outer.text.push(Run::Styled(frame.style, frame.text));
    frame.close.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &Text) -> String {
        let mut out = String::new();
        encode(text, &mut out);
        out
    }

    #[test]
    fn tags_and_mathematics_come_back() {
        for source in [
            "A <span class=\"nocase\">BERT</span> & B < C",
            "<i>it <b>bold</b></i> x<sup>2</sup>y<sub>1</sub>",
            "<span style=\"font-variant:small-caps;\">sc</span>",
            "$x<y$ costs $5",
            "$\\text{$x$}$3",
            "R&D, AT&T; 3 < 4",
        ] {
            assert_eq!(encoded(&decode(source)), source);
        }
    }

    #[test]
    fn text_that_looks_like_markup_is_escaped_and_comes_back() {
        let check = |plain: &str, expected: &str| {
            let text = Text::plain(plain);
            assert_eq!(encoded(&text), expected);
            assert_eq!(decode(expected), text);
        };
        check("use <i>x</i>", "use &lt;i>x&lt;/i>");
        check("$a$", "&#36;a&#36;");
        check("&amp;", "&amp;amp;");
        check("an open <i> tag", "an open <i> tag");
    }

    #[test]
    fn broken_markup_is_text() {
        for source in ["<i>a", "a</i>", "<i><b>a</i>", "$", "$$", "${$ {$", "<", "&", "<sup><sub><i>"] {
            let text = decode(source);
            let mut plain = text.to_plain();
            for tag in ["<i>", "</i>"] {
                if text.has_style(Style::Emphasis) {
                    plain.push_str(tag);
                }
            }
            assert_eq!(plain.len(), source.len(), "{source}");
        }
    }
}
