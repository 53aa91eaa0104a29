//! `check --cited`: which keys a document cites.
//!
//! LaTeX's `.aux` and biber's `.bcf` say it exactly; in `.tex`, `.typ` and `.md` sources the usual commands are looked for.

use std::ops::Range;

/// The keys that a document cites, each with the bytes where it stands; `*` for all entries.
pub(super) fn keys(text: &str, extension: &str) -> Vec<(String, Range<usize>)> {
    match extension {
        "aux" => commands(text, &|name| matches!(name, "citation" | "abx@aux@cite"), true),
        "bcf" => elements(text),
        "typ" => typst(text),
        "md" | "markdown" | "qmd" | "rmd" => at_signs(text),
        _ => commands(text, &is_citation, false),
    }
}

/// How long the argument of a command may be.
const MAX_GROUP: usize = 10_000;

/// `\cite` and its relatives of LaTeX, natbib and biblatex.
fn is_citation(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("cite") && !matches!(&*name, "citestyle" | "citesetup" | "setcitestyle" | "citename" | "defcitealias")
}

/// The arguments of commands: the last brace group behind stars and options.
fn commands(text: &str, is_one: &dyn Fn(&str) -> bool, is_aux: bool) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    for at in memchr::memchr_iter(b'\\', text.as_bytes()) {
        let line_start = text[..at].rfind('\n').map_or(0, |at| at + 1);
        if !is_aux && text[line_start..at].contains('%') && !text[line_start..at].contains("\\%") {
            continue;
        }
        let length = text[at + 1..].bytes().take_while(|b| b.is_ascii_alphabetic() || (is_aux && *b == b'@')).count();
        if !is_one(&text[at + 1..at + 1 + length]) {
            continue;
        }
        let mut place = at + 1 + length;
        if text[place..].starts_with('*') {
            place += 1;
        }
        let mut group = None;
        loop {
            let open = match text[place..].chars().next() {
                Some('[') => ']',
                Some('{') => '}',
                _ => break,
            };
            // A list of keys ends soon, or it is none.
            let rest = &text.as_bytes()[place..];
            let Some(end) = rest.iter().take(MAX_GROUP).position(|b| char::from(*b) == open) else { break };
            if open == '}' {
                group = Some(place + 1..place + end);
            }
            place += end + 1;
            // LaTeX's own lists have one group of keys; `\abx@aux@cite{0}{key}` names a section before it.
            if open == '}' && !is_aux {
                break;
            }
        }
        if let Some(group) = group {
            split_keys(text, group, &mut found);
        }
    }
    found
}

fn split_keys(text: &str, group: Range<usize>, found: &mut Vec<(String, Range<usize>)>) {
    let mut at = group.start;
    for part in text[group].split(',') {
        let start = at + part.len() - part.trim_start().len();
        let key = part.trim();
        if !key.is_empty() {
            found.push((key.to_owned(), start..start + key.len()));
        }
        at += part.len() + 1;
    }
}

/// `<bcf:citekey order="1">key</bcf:citekey>`.
fn elements(text: &str) -> Vec<(String, Range<usize>)> {
    let places = memchr::memmem::find_iter(text.as_bytes(), "<bcf:citekey");
    let element = |at: usize| {
        let start = at + text[at..].find('>')? + 1;
        let end = start + text[start..].find('<')?;
        Some((text[start..end].trim().to_owned(), start..end))
    };
    places.filter_map(element).collect()
}

/// `@key` and `#cite(<key>)`.
fn typst(text: &str) -> Vec<(String, Range<usize>)> {
    let mut found = at_signs(text);
    for at in memchr::memmem::find_iter(text.as_bytes(), "cite(<") {
        let start = at + "cite(<".len();
        if let Some(end) = text[start..].find('>') {
            found.push((text[start..start + end].to_owned(), start..start + end));
        }
    }
    found
}

/// `@key` at the start of a word, as pandoc and Typst have it.
fn at_signs(text: &str) -> Vec<(String, Range<usize>)> {
    let is_part = |c: char| {
        c.is_alphanumeric() || matches!(c, '_' | ':' | '.' | '#' | '$' | '%' | '&' | '-' | '+' | '?' | '~' | '/')
    };
    let mut found = Vec::new();
    for at in memchr::memchr_iter(b'@', text.as_bytes()) {
        if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '\\') {
            continue;
        }
        let rest = &text[at + 1..];
        let (start, key) = match rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            Some((key, _)) => (at + 2, key),
            None => (at + 1, rest.split(|c: char| !is_part(c)).next().unwrap_or_default()),
        };
        let key = key.trim_end_matches(|c: char| !c.is_alphanumeric());
        if key.starts_with(|c: char| c.is_alphanumeric() || c == '_') && !key.contains(char::is_whitespace) {
            found.push((key.to_owned(), start..start + key.len()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::keys;

    fn check(text: &str, extension: &str, expected: &[&str]) {
        let found: Vec<String> = keys(text, extension)
            .into_iter()
            .map(|(key, range)| {
                assert_eq!(text[range].trim(), key);
                key
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn each_kind_of_document() {
        check("\\citation{a,b}\n\\abx@aux@cite{0}{c}\n\\bibcite{z}{1}", "aux", &["a", "b", "c"]);
        check("<bcf:citekey order=\"1\">a:b</bcf:citekey>", "bcf", &["a:b"]);
        check("\\citep[see][p. 3]{a, b} \\nocite{*} % \\cite{no}\n\\textcite*{c}", "tex", &["a", "b", "*", "c"]);
        check("As @a says, mail x@home.org, #cite(<b>).", "typ", &["a", "b"]);
        check("[@a; @b, p. 3] @c. @{d e} me@x.org", "md", &["a", "b", "c"]);
    }
}
