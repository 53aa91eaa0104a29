//! Texts of web services and publishers: HTML or JATS tags, character references, mathematics between dollars.
//!
//! Tags that the model has a style for become it, others go and leave their content. Knows no service and no format.

use crate::model::{Run, Style, Text};

/// How deep styles are nested; deeper ones are dropped, their content is kept.
const MAX_DEPTH: usize = 24;
/// The longest formula that is looked for.
const MAX_MATH: usize = 4096;

/// Tags without namespace prefix, and what they mean.
const STYLES: [(&str, Style); 14] = [
    ("i", Style::Emphasis),
    ("em", Style::Emphasis),
    ("italic", Style::Emphasis),
    ("b", Style::Strong),
    ("strong", Style::Strong),
    ("bold", Style::Strong),
    ("sup", Style::Superscript),
    ("sub", Style::Subscript),
    ("sc", Style::SmallCaps),
    ("scp", Style::SmallCaps),
    ("small-caps", Style::SmallCaps),
    ("tt", Style::Code),
    ("code", Style::Code),
    ("monospace", Style::Code),
];

/// Character references of XML and the common ones of HTML.
const REFERENCES: [(&str, &str); 45] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", "\u{a0}"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("hellip", "…"),
    ("times", "×"),
    ("deg", "°"),
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("mu", "μ"),
    ("delta", "δ"),
    ("lambda", "λ"),
    ("pi", "π"),
    ("sigma", "σ"),
    ("omega", "ω"),
    ("szlig", "ß"),
    ("aelig", "æ"),
    ("AElig", "Æ"),
    ("oslash", "ø"),
    ("Oslash", "Ø"),
    ("eth", "ð"),
    ("thorn", "þ"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("sect", "§"),
    ("middot", "·"),
    ("plusmn", "±"),
    ("minus", "−"),
    ("prime", "′"),
    ("euro", "€"),
    ("copy", "©"),
    ("reg", "®"),
    ("trade", "™"),
    ("shy", "\u{ad}"),
    ("ensp", "\u{2002}"),
    ("thinsp", "\u{2009}"),
];

/// The names of accents in those of letters: `&eacute;`.
const ACCENTS: [(&str, char); 8] = [
    ("grave", '\u{300}'),
    ("acute", '\u{301}'),
    ("circ", '\u{302}'),
    ("tilde", '\u{303}'),
    ("uml", '\u{308}'),
    ("cedil", '\u{327}'),
    ("ring", '\u{30a}'),
    ("caron", '\u{30c}'),
];

/// Whether a text has tags.
pub(crate) fn has_tags(source: &str) -> bool {
    source.match_indices('<').any(|(at, _)| tag_at(&source[at..]).is_some())
}

/// Whether a text has tags of styles, and they are closed.
pub(crate) fn has_styles(source: &str) -> bool {
    source.match_indices("</").filter_map(|(at, _)| tag_at(&source[at..])).any(|tag| style_of(&tag).is_some())
}

/// The text as characters that are read as themselves: what would be a character reference is none any more.
pub(crate) fn escape(source: &str) -> String {
    let mut out = String::with_capacity(source.len() + 8);
    for (at, c) in source.char_indices() {
        match c {
            '&' if reference_at(&source[at..]).is_some() => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out
}

/// Reads a text.
pub(crate) fn read(source: &str) -> Text {
    read_tags(source, |_| true, Builder::default())
}

/// Reads a text that is no markup but for the tags of styles; its character references were decoded before.
pub(crate) fn read_styles(source: &str) -> Text {
    read_tags(source, |tag| style_of(tag).is_some(), Builder { is_decoded: true, ..Builder::default() })
}

fn read_tags(source: &str, is_known: impl Fn(&Tag<'_>) -> bool, mut builder: Builder) -> Text {
    let mut rest = source;
    while let Some(at) = rest.find('<') {
        builder.characters(&rest[..at]);
        rest = &rest[at..];
        let Some(tag) = tag_at(rest).filter(&is_known) else {
            builder.characters("<");
            rest = &rest[1..];
            continue;
        };
        rest = &rest[tag.length..];
        rest = builder.tag(&tag, rest);
    }
    builder.characters(rest);
    builder.finish()
}

struct Tag<'t> {
    /// Without namespace prefix, lower-case compare.
    name: &'t str,
    closes: bool,
    empty: bool,
    length: usize,
}

/// The tag that a text begins with; `a < b` has none.
fn tag_at(text: &str) -> Option<Tag<'_>> {
    let end = text.as_bytes().iter().take(1024).position(|byte| *byte == b'>')?;
    let inner = &text[1..end];
    let (inner, closes) = inner.strip_prefix('/').map_or((inner, false), |inner| (inner, true));
    let (inner, empty) = inner.strip_suffix('/').map_or((inner, false), |inner| (inner, true));
    let name = inner.split(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
    let sound = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b':' | b'-' | b'_'))
        && !inner.contains('<');
    sound.then(|| Tag { name: name.rsplit(':').next().unwrap_or(name), closes, empty, length: end + 1 })
}

fn style_of(tag: &Tag<'_>) -> Option<Style> {
    STYLES.iter().find(|(name, _)| tag.name.eq_ignore_ascii_case(name)).map(|(_, style)| *style)
}

#[derive(Default)]
struct Builder {
    /// The text outside of every style, then one for each style that is open.
    open: Vec<(Style, Text)>,
    base: Text,
    pending: String,
    /// Character references are none any more.
    is_decoded: bool,
}

impl Builder {
    fn characters(&mut self, text: &str) {
        if self.is_decoded {
            self.pending.push_str(text);
        } else {
            push_decoded(text, &mut self.pending);
        }
    }

    fn tag<'t>(&mut self, tag: &Tag<'_>, rest: &'t str) -> &'t str {
        let named = |names: &[&str]| names.iter().any(|name| tag.name.eq_ignore_ascii_case(name));
        if named(&["p", "br", "sec", "list-item", "li", "div"]) {
            self.pending.push(' ');
        } else if named(&["title"]) && !tag.closes && !tag.empty {
            return self.heading(rest);
        } else if named(&["tex-math"]) && !tag.closes {
            let end = rest.find("</").unwrap_or(rest.len());
            self.flush();
            let math = rest[..end].trim().trim_matches('$').trim();
            if is_balanced(math) {
                self.current().push(Run::Math(math.to_owned()));
                return &rest[end..];
            }
        } else if let Some(style) = style_of(tag) {
            self.style(style, tag);
        }
        rest
    }

    /// A section's heading inside an abstract: "Abstract" says nothing, others stand before their section.
    fn heading<'t>(&mut self, rest: &'t str) -> &'t str {
        let Some(end) = rest.find("</") else { return rest };
        let words = rest[..end].trim();
        self.pending.push(' ');
        if !words.eq_ignore_ascii_case("abstract") && !words.eq_ignore_ascii_case("summary") {
            push_decoded(words, &mut self.pending);
            self.pending.push_str(if words.ends_with([':', '.', '?']) { " " } else { ": " });
        }
        &rest[end..]
    }

    fn style(&mut self, style: Style, tag: &Tag<'_>) {
        if tag.empty {
            return;
        }
        self.flush();
        if !tag.closes {
            if self.open.len() < MAX_DEPTH {
                self.open.push((style, Text::new()));
            }
        } else if self.open.last().is_some_and(|(open, _)| *open == style) {
            self.close();
        }
    }

    fn close(&mut self) {
        if let Some((style, text)) = self.open.pop() {
            self.current().push(Run::Styled(style, text));
        }
    }

    fn current(&mut self) -> &mut Text {
        self.open.last_mut().map_or(&mut self.base, |(_, text)| text)
    }

    /// Moves the characters at hand into the text: blanks folded, formulas apart.
    fn flush(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        let at_start = self.open.is_empty() && self.base.is_empty();
        let mut folded = String::with_capacity(pending.len());
        for c in pending.chars() {
            // No-break spaces and other blanks that are not ASCII are the text's own.
            let blank = c.is_ascii_whitespace();
            if !blank {
                folded.push(c);
            } else if !(folded.ends_with(' ') || at_start && folded.is_empty()) {
                folded.push(' ');
            }
        }
        push_with_math(&folded, self.current());
    }

    fn finish(mut self) -> Text {
        while self.pending.ends_with(|c: char| c.is_ascii_whitespace()) {
            self.pending.pop();
        }
        self.flush();
        while !self.open.is_empty() {
            self.close();
        }
        self.base
    }
}

fn push_with_math(text: &str, out: &mut Text) {
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, behind) = rest.split_at(at);
        out.push_str(before);
        let body = behind.trim_start_matches('$');
        let dollars = behind.len() - body.len();
        let end = memchr::memchr(b'$', &body.as_bytes()[..body.len().min(MAX_MATH)]);
        // A sum of money is no formula: "$5 and $6" has a digit behind the first dollar and a blank before the second.
        let formula = end.map(|end| &body[..end]).filter(|math| is_formula(math) && dollars <= 2);
        let Some(math) = formula else {
            out.push_str(&behind[..dollars]);
            rest = body;
            continue;
        };
        out.push(Run::Math(math.trim().to_owned()));
        rest = body[math.len()..].strip_prefix(&behind[..dollars]).unwrap_or(&body[math.len() + 1..]);
    }
    out.push_str(rest);
}

fn is_formula(math: &str) -> bool {
    let is_money = math.starts_with(|c: char| c.is_ascii_digit()) && math.ends_with(' ');
    !math.trim().is_empty() && !is_money && is_balanced(math)
}

fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i32;
    for byte in text.bytes() {
        depth += i32::from(byte == b'{') - i32::from(byte == b'}');
        if depth < 0 {
            return false;
        }
    }
    depth == 0 && !text.is_empty() && !text.contains('$')
}

/// Appends text with its character references decoded; what is none stays.
pub(crate) fn push_decoded(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((decoded, length)) = reference_at(rest) {
            out.push_str(&decoded);
            rest = &rest[length..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
}

/// The character that a reference at the head of a text means, and how long that is.
pub(crate) fn reference_at(text: &str) -> Option<(String, usize)> {
    let end = memchr::memchr(b';', &text.as_bytes()[..text.len().min(12)]).filter(|end| *end > 0)?;
    Some((reference(&text[1..end])?, end + 1))
}

/// A letter with an accent, where Unicode has one.
fn letter(name: &str) -> Option<String> {
    let letter = name.chars().next().filter(char::is_ascii_alphabetic)?;
    let (_, accent) = ACCENTS.iter().find(|(accent, _)| *accent == &name[1..])?;
    unicode_normalization::char::compose(letter, *accent).map(String::from)
}

fn reference(name: &str) -> Option<String> {
    let Some(number) = name.strip_prefix('#') else {
        let known = REFERENCES.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
        return known.or_else(|| letter(name));
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    code.ok().and_then(char::from_u32).filter(|c| !c.is_control()).map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_services() {
        let check = |source: &str, expected: &str| assert_eq!(read(source).to_plain(), expected, "{source}");
        check("a &amp; b &lt;c&gt; &#x3b1; &nope; AT&T", "a & b <c> α &nope; AT&T");
        check("<jats:title>Abstract</jats:title><jats:p>One  two\n three.</jats:p>", "One two three.");
        check("<jats:title>Aims</jats:title><jats:p>To see.</jats:p>", "Aims: To see.");
        check("p < 0.05 and q > 3", "p < 0.05 and q > 3");
        check("it cost $5 and $6", "it cost $5 and $6");
        check("an odd $ sign", "an odd $ sign");
        check("<i>E. coli", "E. coli");
        check("</i>x<sub>", "x");
    }

    #[test]
    fn styles_and_formulas() {
        let text = read("<i>E. coli</i> with H<sub>2</sub>O and $x^{2}$");
        assert_eq!(text.runs().len(), 5);
        assert!(text.has_style(Style::Emphasis) && text.has_style(Style::Subscript));
        assert!(text.runs().iter().any(|run| matches!(run, Run::Math(math) if math == "x^{2}")));
    }
}
