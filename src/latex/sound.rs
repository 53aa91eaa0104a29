//! Whether a piece of LaTeX can stand in a field, and the repair of what can be repaired.
//!
//! BibTeX counts braces whatever stands before them: `\{` opens a group for it. A source is sound when its braces are
//! balanced in that count, its dollars are paired inside braces, and it does not end in a lone backslash, which would
//! swallow what follows. This file knows BibTeX's count and nothing of texts.

use std::borrow::Cow;

/// A formula's source (between its dollars), fit to be written between dollars; nothing when it cannot be.
///
/// `\{` without a partner becomes `\lbrace`, a bare `%` or `#`, which TeX would not print, is escaped.
pub(super) fn math(source: &str) -> Option<Cow<'_, str>> {
    fit(source, "\\lbrace", "\\rbrace", "%#")
}

/// The source of a command with its arguments, fit to be written as it is; nothing when it cannot be.
pub(super) fn command(source: &str) -> Option<Cow<'_, str>> {
    fit(source, "\\ensuremath{\\lbrace}", "\\ensuremath{\\rbrace}", "")
}

fn fit<'a>(source: &'a str, lbrace: &str, rbrace: &str, escaped: &str) -> Option<Cow<'a, str>> {
    let scan = scan(source, escaped)?;
    if scan.balanced && !scan.bare {
        return Some(Cow::Borrowed(source));
    }
    let mut out = String::with_capacity(source.len() + 16);
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some(brace @ ('{' | '}'))) if !scan.balanced => {
                out.push_str(if *brace == '{' { lbrace } else { rbrace });
                chars.next();
                // The name of the command must not run into a letter.
                if lbrace.ends_with('e') && chars.peek().is_some_and(char::is_ascii_alphabetic) {
                    out.push(' ');
                }
            }
            ('\\', Some(_)) => {
                out.push(c);
                out.extend(chars.next().map(|c| if c.is_control() { ' ' } else { c }));
            }
            (c, _) if escaped.contains(c) => {
                out.push('\\');
                out.push(c);
            }
            (c, _) if c.is_control() => out.push(' '),
            (c, _) => out.push(c),
        }
    }
    Some(Cow::Owned(out))
}

/// What a pass over a source finds: whether BibTeX sees its braces balanced, and whether it has characters to escape.
struct Scan {
    balanced: bool,
    bare: bool,
}

/// Nothing when the source is beyond repair: real braces unbalanced, a dollar outside braces or without a partner, a lone
/// backslash at the end.
fn scan(source: &str, escaped: &str) -> Option<Scan> {
    let mut found = Scan { balanced: true, bare: false };
    let (mut depth, mut counted) = (0_i32, 0_i32);
    // The depth at which each open dollar stands.
    let mut dollars: Vec<i32> = Vec::new();
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next()? {
                '{' => counted += 1,
                '}' => counted -= 1,
                escape => found.bare |= escape.is_control(),
            },
            '{' => (depth, counted) = (depth + 1, counted + 1),
            '}' => {
                if dollars.last() == Some(&depth) {
                    return None;
                }
                (depth, counted) = (depth - 1, counted - 1);
            }
            '$' if depth == 0 => return None,
            '$' if dollars.last() == Some(&depth) => drop(dollars.pop()),
            '$' => dollars.push(depth),
            c => found.bare |= c.is_control() || escaped.contains(c),
        }
        if depth < 0 {
            return None;
        }
        found.balanced &= counted >= 0;
    }
    found.balanced &= counted == 0;
    (depth == 0 && dollars.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repairs_what_can_be_repaired() {
        let check = |source: &str, expected: Option<&str>| assert_eq!(math(source).as_deref(), expected, "{source}");
        check("x^{2}", Some("x^{2}"));
        check(r"\{a\}", Some(r"\{a\}"));
        check(r"\{a", Some(r"\lbrace a"));
        check(r"\left\{\begin{array}{l}1\end{array}\right.", Some(r"\left\lbrace\begin{array}{l}1\end{array}\right."));
        check(r"\}a\{", Some(r"\rbrace a\lbrace"));
        check("50%", Some(r"50\%"));
        check(r"\text{a $b$}", Some(r"\text{a $b$}"));
        check("a$b", None);
        check("{a", None);
        check("}a{", None);
        check("a\\", None);
        check(r"\text{$a} $", None);
        assert_eq!(command(r"\foo{\{}").as_deref(), Some(r"\foo{\ensuremath{\lbrace}}"));
    }
}
