//! Rich text to LaTeX, for the fields of a `.bib` file.
//!
//! Special characters are escaped outside mathematics, and the braces and dollars of the output are balanced, in BibTeX's
//! count, whatever the model holds. What LaTeX would read as a ligature (`--`, `''`) is parted by `{}`. This file knows how
//! each run is written, and nothing of fields.

use super::{sound, table};
use crate::model::{Run, Style, Text};
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// Choices of the encoder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Encoding {
    /// Only ASCII: other characters as LaTeX commands, in formulas too. A character without a command stays as it is, so
    /// that what is not ASCII in the output is what could not be encoded; see [`is_encodable`].
    pub ascii: bool,
}

/// Appends rich text as LaTeX: special characters escaped outside mathematics, braces and dollars balanced.
pub fn encode(text: &Text, encoding: Encoding, out: &mut String) {
    encode_runs(text, encoding, false, out);
}

/// Appends plain characters (a name, a keyword) as LaTeX.
pub fn encode_plain(text: &str, encoding: Encoding, out: &mut String) {
    let spelled = if encoding.ascii { spell_out(text) } else { Cow::Borrowed(text) };
    let text = &*spelled;
    let bytes = text.as_bytes();
    let mut start = 0;
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        let single = matches!(byte, b',' | b'<' | b'>') && bytes.get(at + 1) != Some(&byte);
        if single || !SPECIAL[usize::from(byte)] && (byte < 0x80 || !encoding.ascii) {
            at += 1;
            continue;
        }
        let from = if encoding.ascii { cluster_start(text, at, start) } else { at };
        out.push_str(&text[start..from]);
        start = from + encode_special(&text[from..], encoding, out);
        at = start;
    }
    out.push_str(&text[start..]);
}

/// The characters that stand for others of the same meaning, where only ASCII is wanted: the unambiguous hyphen, dashes of
/// the width of a figure or a quotation, ligatures of type, blanks of odd widths, byte order marks.
fn spell_out(text: &str) -> Cow<'_, str> {
    let spelling = |character: char| {
        Some(match character {
            '\u{2010}' | '\u{2011}' => "-",
            '\u{2012}' => "–",
            '\u{2015}' => "—",
            'ﬀ' => "ff",
            'ﬁ' => "fi",
            'ﬂ' => "fl",
            'ﬃ' => "ffi",
            'ﬄ' => "ffl",
            'ﬅ' | 'ﬆ' => "st",
            '\u{2000}' | '\u{2001}' | '\u{2005}' | '\u{2006}' | '\u{2008}' | '\u{200A}' => " ",
            '\u{2007}' => "\u{A0}",
            '\u{2060}' | '\u{FEFF}' => "",
            _ => return None,
        })
    };
    if text.is_ascii() || !text.chars().any(|character| spelling(character).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match spelling(character) {
            Some(letters) => out.push_str(letters),
            None => out.push(character),
        }
    }
    Cow::Owned(out)
}

/// Whether a character can be written in ASCII: it is ASCII, has a command, or is a letter with accents that have one.
pub fn is_encodable(character: char) -> bool {
    let (spelled, mut out) = (String::from(character), String::new());
    let spelled = spell_out(&spelled);
    spelled.chars().all(|c| c.is_ascii() || c == '\u{A0}') || encode_cluster(&spelled, &mut out)
}

fn encode_runs(text: &Text, encoding: Encoding, protected: bool, out: &mut String) {
    let mut behind_command = false;
    for run in text.runs() {
        let start = out.len();
        encode_run(run, encoding, protected, out);
        if behind_command && clings(&out[..start], &out[start..]) {
            // An italic correction prints nothing here and ends the command before it.
            out.insert_str(start, "\\/");
        }
        behind_command = matches!(run, Run::Tex(_)) || (behind_command && out.len() == start);
    }
}

fn encode_run(run: &Run, encoding: Encoding, protected: bool, out: &mut String) {
    match run {
        Run::Plain(text) => encode_plain(text, encoding, out),
        Run::Math(source) => match sound::math(source) {
            Some(source) if !source.is_empty() => {
                out.push('$');
                if encoding.ascii {
                    encode_letters(&source, out);
                } else {
                    out.push_str(&source);
                }
                out.push('$');
            }
            Some(_) => {}
            None => encode_plain(&format!("${source}$"), encoding, out),
        },
        Run::Tex(source) => match sound::command(source) {
            Some(source) => out.push_str(&source),
            None => encode_plain(source, encoding, out),
        },
        Run::Styled(style, inner) => encode_styled(*style, inner, encoding, protected, out),
    }
}

/// A formula's source in ASCII: symbols as commands, letters of text in a box. What has no command stays.
fn encode_letters(source: &str, out: &mut String) {
    let mut behind_name = false;
    let mut rest = source;
    while let Some(character) = rest.chars().next() {
        let length = if character.is_alphanumeric() { cluster_len(rest) } else { character.len_utf8() };
        let (cluster, behind) = rest.split_at(length);
        rest = behind;
        if let Some(command) = table::math_source(character).filter(|_| length == character.len_utf8()) {
            out.push_str(command);
            behind_name = command.ends_with(|c: char| c.is_ascii_alphabetic());
            continue;
        }
        if behind_name && character.is_ascii_alphabetic() {
            out.push(' ');
        }
        behind_name = false;
        let start = out.len();
        if character == '\u{A0}' {
            out.push('~');
        } else if !cluster.is_ascii() && encode_cluster(cluster, out) {
            out.insert_str(start, "\\mbox{");
            out.push('}');
        } else {
            out.push_str(cluster);
        }
    }
}

fn encode_styled(style: Style, inner: &Text, encoding: Encoding, protected: bool, out: &mut String) {
    let (open, protects) = match style {
        // A group within a protected group says nothing.
        Style::Protected if protected => return encode_runs(inner, encoding, true, out),
        Style::Protected => ("{", true),
        Style::Emphasis => ("\\emph{", protected),
        Style::Strong => ("\\textbf{", protected),
        Style::Superscript => ("\\textsuperscript{", protected),
        Style::Subscript => ("\\textsubscript{", protected),
        Style::SmallCaps => ("\\textsc{", protected),
        Style::Code => ("\\texttt{", protected),
    };
    out.push_str(open);
    let start = out.len();
    encode_runs(inner, encoding, protects, out);
    if style == Style::Protected && out[start..].starts_with('\\') {
        // `{\` would begin a special character, whose case BibTeX does change.
        out.insert(start, '{');
        out.push('}');
    }
    out.push('}');
}

/// Whether LaTeX (or our reader) would take the beginning of `next` for a part of the command that ends `before`.
fn clings(before: &str, next: &str) -> bool {
    let (Some(last), Some(first)) = (before.chars().next_back(), next.chars().next()) else { return false };
    match last {
        // An accent without its letter.
        last if last.is_ascii_punctuation() && before[..before.len() - 1].ends_with('\\') => true,
        '}' | ']' | '*' => matches!(first, '{' | '[' | '*') || (last == '*' && first.is_whitespace()),
        ' ' => first.is_whitespace() || waits(before),
        last if last.is_ascii_alphabetic() => {
            waits(before) || first.is_alphabetic() || first.is_whitespace() || matches!(first, '{' | '[' | '*')
        }
        _ => false,
    }
}

/// Whether a text ends in the name of a command that we would read with what follows, blanks between them or not.
fn waits(before: &str) -> bool {
    let before = before.trim_end();
    let name = before.rfind('\\').map_or("", |at| &before[at + 1..]);
    table::meaning(name).is_some()
}

/// The bytes that cannot simply be copied. 0xC2 leads the controls and blanks of Latin-1.
static SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut at = 0;
    while at < 0x20 {
        special[at] = true;
        at += 1;
    }
    let mut at = 0;
    let bytes = b"\\{}$&%#_~^`-',<>\x7F\xC2";
    while at < bytes.len() {
        special[bytes[at] as usize] = true;
        at += 1;
    }
    special
};

/// Encodes the special character (or cluster of characters) at the head of a text; returns the length of what was read.
fn encode_special(text: &str, encoding: Encoding, out: &mut String) -> usize {
    let Some(character) = text.chars().next() else { return 0 };
    if encoding.ascii {
        if let Some(ligature) = ligature(character, text, out) {
            out.push_str(ligature);
            return character.len_utf8();
        }
        let length = if character.is_alphanumeric() { cluster_len(text) } else { character.len_utf8() };
        let is_ascii = length == 1 || character == '\u{A0}';
        if !is_ascii && encode_cluster(&text[..length], out) {
            return length;
        }
    }
    match character {
        '\\' => out.push_str("\\textbackslash{}"),
        '{' => out.push_str("\\textbraceleft{}"),
        '}' => out.push_str("\\textbraceright{}"),
        '~' => out.push_str("\\textasciitilde{}"),
        '^' => out.push_str("\\textasciicircum{}"),
        '`' => out.push_str("\\textasciigrave{}"),
        '$' | '&' | '%' | '#' | '_' => {
            out.push('\\');
            out.push(character);
        }
        '\u{A0}' => out.push('~'),
        '-' | '\'' | ',' | '<' | '>' => {
            out.push(character);
            if text[1..].starts_with(character) {
                out.push_str("{}");
            }
        }
        '\t' | '\n' | '\r' => out.push(' '),
        character if character.is_control() => {}
        character => out.push(character),
    }
    character.len_utf8()
}

/// The characters of the keyboard that LaTeX sets as a dash or a quotation mark, where no neighbour joins them.
fn ligature(character: char, text: &str, out: &str) -> Option<&'static str> {
    let (ligature, joins) = match character {
        '–' => ("--", ['-', '–', '—']),
        '—' => ("---", ['-', '–', '—']),
        '“' => ("``", ['“', '‘', '`']),
        '”' => ("''", ['\'', '”', '’']),
        _ => return None,
    };
    let behind = &text[character.len_utf8()..];
    (!out.ends_with(&ligature[..1]) && !behind.starts_with(joins)).then_some(ligature)
}

/// Where the cluster begins whose first byte that is not ASCII stands at `at`: a combining character belongs to the
/// letter before it.
fn cluster_start(text: &str, at: usize, from: usize) -> usize {
    let combining = !text.is_char_boundary(at) || text[at..].chars().next().is_some_and(is_combining);
    match text[from..at].chars().next_back() {
        Some(base) if combining && base.is_ascii_alphanumeric() => at - base.len_utf8(),
        _ => at,
    }
}

/// The length of the first character and the combining characters behind it.
fn cluster_len(text: &str) -> usize {
    let mut chars = text.char_indices();
    chars.next();
    chars.find(|(_, c)| !is_combining(*c)).map_or(text.len(), |(at, _)| at)
}

fn is_combining(character: char) -> bool {
    character >= '\u{300}' && canonical_combining_class(character) != 0
}

/// Writes one character with its combining characters in ASCII; says no, and writes nothing, when it cannot.
fn encode_cluster(cluster: &str, out: &mut String) -> bool {
    let mut chars = cluster.chars();
    let first = chars.next();
    if let (Some(character), None) = (first, chars.next())
        && let Some(written) = table::written(character)
    {
        out.push_str(written);
        return true;
    }
    match accented(cluster) {
        Some(letter) => out.push_str(&letter),
        None => return false,
    }
    true
}

/// A letter with its accents as one group: `{\"o}`, `{\'{\^e}}`, `{\v{c}}`, `{\u{\i}}`.
fn accented(cluster: &str) -> Option<String> {
    let mut parts = cluster.nfd();
    // A dotless letter with an accent is the letter with the accent.
    let base = match parts.next()? {
        'ı' => 'i',
        'ȷ' => 'j',
        base => base,
    };
    let mut letter = match base {
        base if base.is_ascii_alphanumeric() => base.to_string(),
        base => table::written(base).filter(|_| base.is_alphabetic())?.to_owned(),
    };
    let mut marks = parts.peekable();
    marks.peek()?;
    for mark in marks {
        let command = table::accent(mark)?;
        // The accent takes the place of the dot. LaTeX knows that itself for four accents over the i, and biber reads only
        // these without `\i`.
        let knows_dot = letter == "i" && matches!(mark, '\u{300}' | '\u{301}' | '\u{302}' | '\u{308}');
        if matches!(letter.as_str(), "i" | "j") && !knows_dot && canonical_combining_class(mark) == ABOVE {
            letter.insert(0, '\\');
        }
        // `\"o`, but `\v{c}`: a command of letters needs the braces, and so does a letter that seldom has the accent.
        // The argument is the command itself: over a group an accent stands alone.
        if let Some(bare) = letter.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).map(str::to_owned) {
            letter = bare;
        }
        let needs_braces = letter.len() > 1
            || command.ends_with(|c: char| c.is_ascii_alphabetic())
            || unicode_normalization::char::compose(base, mark).is_none();
        letter = if needs_braces { format!("{command}{{{letter}}}") } else { format!("{command}{letter}") };
    }
    Some(format!("{{{letter}}}"))
}

/// The combining class of the marks that stand over a letter.
const ABOVE: u8 = 230;
