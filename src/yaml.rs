//! YAML: the one file that knows which crate reads it, and the emitter that quotes what must be quoted.
//!
//! The emitter follows YAML 1.2.2 and avoids everything that a YAML 1.1 reader would take for a number, a date, a truth
//! value or a null. Knows nothing of bibliographies.

/// Appends a scalar so that YAML 1.1 and 1.2 readers read exactly this string: plain where that is safe, else quoted.
///
/// For block context only: inside `[…]` and `{…}` use [`quoted`].
pub fn scalar(text: &str, out: &mut String) {
    if is_plain(text) {
        out.push_str(text);
    } else if memchr::memchr2(b'\\', b'"', text.as_bytes()).is_some() && !text.chars().any(must_escape) {
        single_quoted(text, out);
    } else {
        quoted(text, out);
    }
}

/// Appends a double-quoted scalar.
pub fn quoted(text: &str, out: &mut String) {
    out.push('"');
    escaped(text, out);
    out.push('"');
}

/// Appends the inside of a double-quoted scalar.
pub fn escaped(text: &str, out: &mut String) {
    let mut clean_from = 0;
    for (at, c) in text.char_indices() {
        if c != '"' && c != '\\' && !must_escape(c) {
            continue;
        }
        out.push_str(&text[clean_from..at]);
        clean_from = at + c.len_utf8();
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            _ => escape_by_number(c, out),
        }
    }
    out.push_str(&text[clean_from..]);
}

/// Appends a single-quoted scalar: backslashes and double quotes stay as they are.
fn single_quoted(text: &str, out: &mut String) {
    out.push('\'');
    for (at, part) in text.split('\'').enumerate() {
        if at > 0 {
            out.push_str("''");
        }
        out.push_str(part);
    }
    out.push('\'');
}

fn escape_by_number(c: char, out: &mut String) {
    let number = u32::from(c);
    let (mark, digits) = match number {
        0..=0xff => ('x', 2),
        0x100..=0xffff => ('u', 4),
        _ => ('U', 8),
    };
    out.extend(['\\', mark]);
    for place in (0..digits).rev() {
        out.extend(char::from_digit((number >> (4 * place)) & 15, 16).map(|digit| digit.to_ascii_uppercase()));
    }
}

/// Characters that must not stand raw: those outside YAML's `c-printable`, line breaks of YAML 1.1, the byte order mark.
fn must_escape(c: char) -> bool {
    match c {
        ' '..='~' => false,
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => true,
        c => c.is_control(),
    }
}

/// Whether the text can stand plain in block context.
fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let head_is_safe = first.is_alphabetic() || (first.is_ascii_digit() && says_it_is_no_number(text));
    head_is_safe
        && !text.ends_with([' ', ':'])
        && !is_reserved(text)
        && text.char_indices().all(|(at, c)| match c {
            ':' => !text[at + 1..].starts_with(' '),
            '#' => !text[..at].ends_with(' '),
            c => !must_escape(c),
        })
}

/// Whether a text that begins with a digit holds a letter that no number, date or time of any YAML version has.
fn says_it_is_no_number(text: &str) -> bool {
    text.bytes().any(|b| {
        b.is_ascii_alphabetic()
            && !matches!(b.to_ascii_lowercase(), b'a'..=b'f' | b'i' | b'n' | b'o' | b't' | b'x' | b'z')
    })
}

/// Words that some YAML reader takes for something else than a string.
fn is_reserved(text: &str) -> bool {
    const WORDS: [&str; 11] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"];
    text.len() <= 5 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_exactly_what_a_reader_could_misread() {
        let check = |text: &str, expected: &str| {
            let mut out = String::new();
            scalar(text, &mut out);
            assert_eq!(out, expected, "{text:?}");
        };
        for plain in ["Attention", "3D Gaussian", "a-b", "Émile", "x:y", "C#", "don't", "Norway", "5 minutes"] {
            check(plain, plain);
        }
        for word in ["no", "Yes", "ON", "off", "y", "N", "~", "null", "NULL", "true", "False", "=", "<<", ".nan", "inf"] {
            check(word, &format!("\"{word}\""));
        }
        for number in ["12", "1.10", "007", "0x1f", "1_000", "12:30", "2020-01-01", "1e5", "0b11", "2003.13720", "-1", "+1", ".5"] {
            check(number, &format!("\"{number}\""));
        }
        for text in ["", " a", "a ", "a: b", "a:", "a #b", "- a", "? a", "*a", "&a", "!a", "%a", "@a", "`a", "|", ">", "[a", "{a", "#a", "'a"] {
            check(text, &format!("\"{text}\""));
        }
        check("a\nb", "\"a\\nb\"");
        check("a\u{7f}\u{85}\u{2028}\u{feff}b", "\"a\\x7F\\x85\\u2028\\uFEFFb\"");
        check("say \"x\": y", "'say \"x\": y'");
        check("\\_x\\_ isn't", "'\\_x\\_ isn''t'");
    }
}
