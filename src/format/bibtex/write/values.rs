//! What keys, addresses, texts and names may hold in a `.bib` file, and what has to be written otherwise.
//!
//! Questions about single values; knows neither fields nor entries.

use crate::format::bibtex::names;
use crate::model::{Name, Person, Run, Text};
use std::fmt::Write as _;

/// Whether BibTeX and biber take the character in a key, and LaTeX in `\cite`.
pub(super) fn is_key_char(c: char, ascii: bool) -> bool {
    match c {
        '"' | '#' | '%' | '\'' | '(' | ')' | ',' | '=' | '{' | '}' | '~' | '\\' | '@' | '$' | '&' | '^' => false,
        c if c.is_ascii() => c.is_ascii_graphic(),
        c => !ascii && !c.is_whitespace() && !c.is_control(),
    }
}

/// A key with each character that cannot stand in one as `+` and its bytes in hexadecimal: the percent encoding, with a
/// sign that LaTeX does not take for a comment.
pub(super) fn encode_key(key: &str, ascii: bool) -> String {
    let mut out = String::with_capacity(key.len() + 8);
    let mut buffer = [0; 4];
    for c in key.chars() {
        if is_key_char(c, ascii) {
            out.push(c);
            continue;
        }
        for byte in c.encode_utf8(&mut buffer).bytes() {
            let _ = write!(out, "+{byte:02X}");
        }
    }
    out
}

/// An address or a DOI: no LaTeX is read in it, so that what would end the field is percent-encoded.
pub(super) fn push_verbatim(value: &str, ascii: bool, out: &mut String) {
    let harmful = |c: char| needs_encoding(c) || (ascii && !c.is_ascii());
    let value = value.trim();
    if !value.contains(harmful) {
        out.push_str(value);
        return;
    }
    let mut buffer = [0; 4];
    for c in value.chars() {
        if harmful(c) {
            for byte in c.encode_utf8(&mut buffer).bytes() {
                let _ = write!(out, "%{byte:02X}");
            }
        } else {
            out.push(c);
        }
    }
}

/// Whether LaTeX or `.bib` files would read something in a character of an address.
pub(super) fn needs_encoding(c: char) -> bool {
    matches!(c, '{' | '}' | '\\') || c.is_whitespace() || c.is_control()
}

/// Whether a text holds no white space but single blanks inside it.
pub(super) fn is_one_line(text: &Text) -> bool {
    text.runs().iter().all(|run| match run {
        Run::Plain(text) | Run::Math(text) | Run::Tex(text) => {
            let bytes = text.as_bytes();
            memchr::memchr3(b'\n', b'\r', b'\t', bytes).is_none() && memchr::memmem::find(bytes, b"  ").is_none()
        }
        Run::Styled(_, inner) => is_one_line(inner),
    })
}

/// Whether a text holds TeX or mathematics as written.
pub(super) fn has_source(text: &Text) -> bool {
    text.runs().iter().any(|run| match run {
        Run::Plain(_) => false,
        Run::Math(_) | Run::Tex(_) => true,
        Run::Styled(_, inner) => has_source(inner),
    })
}

/// Whether braces are balanced as BibTeX counts them: whatever stands before them.
pub(in crate::format::bibtex) fn is_balanced(value: &str) -> bool {
    let mut depth = 0_usize;
    for byte in value.bytes() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return false,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    depth == 0
}

pub(super) fn is_field_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+' | b':' | b'-'))
}

/// Whether a part of a name holds what the grammar of names gives a meaning.
pub(super) fn breaks_grammar(part: &str) -> bool {
    part.contains([',', '=', '"']) || names::has_and(part)
}

/// Whether a word but the last begins with a small letter, so that BibTeX would take it for a particle.
pub(super) fn has_inner_particle(family: &str) -> bool {
    let mut words = family.split_whitespace().rev();
    words.next();
    words.any(begins_small)
}

/// Whether a name is of the form that the grammar was made for, so that nothing needs to be proved.
pub(super) fn is_common(name: &Name) -> bool {
    let Name::Person(person) = name else { return name.is_others() };
    let is_plain = |part: &str| {
        part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'.' | b'-') || !b.is_ascii())
    };
    person.particle.is_empty()
        && person.dropping_particle.is_empty()
        && person.suffix.is_empty()
        && !person.given.is_empty()
        && is_plain(&person.family)
        && is_plain(&person.given)
        && !person.family.split(' ').any(|word| word.is_empty() || begins_small(word))
}

pub(super) fn begins_small(word: &str) -> bool {
    word.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase)
}

pub(super) fn needs_extended_format(person: &Person) -> bool {
    let (particle, dropping) = (&person.particle, &person.dropping_particle);
    match (particle.is_empty(), dropping.is_empty()) {
        // Braces round several words would make them a body.
        (true, true) => {
            person.given.is_empty() && person.suffix.is_empty() && person.family.contains(char::is_whitespace)
        }
        (true, false) => true,
        (false, true) => !particle.split_whitespace().next_back().is_some_and(begins_small),
        (false, false) => false,
    }
}
