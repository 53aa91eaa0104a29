//! Rules of single values: which of them a field's name calls for, and those of text in general.

use super::{Field, Findings, Record, names, numbers, repair, shown, titles};
use crate::diagnostic::Rule;
use std::ops::Range;

/// Fields that are printed as text.
const TEXTS: [&str; 24] = [
    "title",
    "subtitle",
    "booktitle",
    "booksubtitle",
    "maintitle",
    "journal",
    "journaltitle",
    "shortjournal",
    "series",
    "publisher",
    "address",
    "location",
    "organization",
    "school",
    "institution",
    "edition",
    "chapter",
    "type",
    "author",
    "editor",
    "translator",
    "eventtitle",
    "venue",
    "shorttitle",
];
/// Fields in which an address is out of place.
const NOT_FOR_ADDRESSES: [&str; 18] = [
    "title",
    "booktitle",
    "journal",
    "journaltitle",
    "pages",
    "volume",
    "number",
    "publisher",
    "year",
    "author",
    "editor",
    "address",
    "location",
    "series",
    "school",
    "institution",
    "edition",
    "isbn",
];
const NAMES: [&str; 12] = [
    "author",
    "editor",
    "translator",
    "bookauthor",
    "editora",
    "editorb",
    "editorc",
    "holder",
    "introduction",
    "foreword",
    "afterword",
    "commentator",
];
const TITLES: [&str; 3] = ["title", "booktitle", "maintitle"];

/// Judges each field of an entry.
pub(super) fn record(record: &Record<'_>, found: &mut Findings<'_, '_>) {
    for field in &record.fields {
        if field.is_empty() {
            empty_field(record, field, found);
            continue;
        }
        let name = &*field.name;
        if TEXTS.contains(&name) {
            html_in_title(field, found);
            unescaped_special(field, found);
            odd_dollar(field, found);
        } else if matches!(name, "abstract" | "note") {
            odd_dollar(field, found);
        }
        if NOT_FOR_ADDRESSES.contains(&name) {
            url_in_wrong_field(field, found);
        }
        if NAMES.contains(&name) {
            names::malformed_name(field, found);
        }
        if TITLES.contains(&name) {
            titles::title(field, found);
        }
        mojibake(field, found);
        numbers::field(record, field, found);
    }
}

fn empty_field(record: &Record<'_>, field: &Field<'_>, found: &mut Findings<'_, '_>) {
    let finding = found.at(Rule::EmptyField, field.range.clone(), format!("the field `{}` is empty", field.written));
    finding.field = Some(field.name.clone().into());
    // An empty field keeps the parent's value away, so that deleting it would change the entry.
    if !record.has(&["crossref", "xdata"]) {
        let edits = vec![crate::diagnostic::Replacement { range: field.removal.clone(), text: String::new() }];
        repair(finding, true, Some(edits));
    }
}

fn odd_dollar(field: &Field<'_>, found: &mut Findings<'_, '_>) {
    let bytes = field.value.as_bytes();
    let is_sign = |at: &usize| *at == 0 || bytes[at - 1] != b'\\';
    let signs: Vec<usize> = memchr::memchr_iter(b'$', bytes).filter(is_sign).collect();
    if let (1, Some(last)) = (signs.len() % 2, signs.last()) {
        let finding = found.part(Rule::OddDollar, field, *last..last + 1, "this `$` has no other one to go with");
        finding.help = Some("write \\$ for the sign itself".to_owned());
    }
}

/// The parts of a value that are plain text: outside mathematics and the arguments of `\url` and `\href`.
pub(super) fn plain_parts(value: &str) -> Vec<Range<usize>> {
    let bytes = value.as_bytes();
    let mut parts = Vec::new();
    let (mut start, mut at, mut in_math) = (0, 0, false);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => {
                let rest = &value[at + 1..];
                let verbatim = ["url{", "href{", "path{", "ensuremath{", "doi{", "begin{", "texttt{", "verb", "("];
                if !in_math && verbatim.iter().any(|name| rest.starts_with(name)) {
                    parts.push(start..at);
                    at = if rest.starts_with('(') {
                        rest.find("\\)").map_or(bytes.len(), |end| at + 1 + end + 2)
                    } else {
                        end_of_group(bytes, at)
                    };
                    start = at;
                    continue;
                }
                // The sign behind the backslash belongs to it.
                at += 1 + usize::from(bytes.get(at + 1).is_some_and(u8::is_ascii));
                continue;
            }
            b'$' => {
                if in_math {
                    start = at + 1;
                } else {
                    parts.push(start..at);
                }
                in_math = !in_math;
            }
            _ => {}
        }
        at += 1;
    }
    if !in_math {
        parts.push(start.min(bytes.len())..bytes.len());
    }
    parts
}

/// Behind the group that opens next.
fn end_of_group(bytes: &[u8], from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in bytes.iter().enumerate().skip(from) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth <= 1 => return at + 1,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    bytes.len()
}

fn unescaped_special(field: &Field<'_>, found: &mut Findings<'_, '_>) {
    let value = &*field.value;
    if !value.contains(['&', '%', '#', '_', '^']) || memchr::memmem::find(value.as_bytes(), b"://").is_some() {
        return;
    }
    let mut places = Vec::new();
    for part in plain_parts(value) {
        let mut escaped = false;
        for (at, byte) in value[part.clone()].bytes().enumerate().map(|(at, byte)| (part.start + at, byte)) {
            let is_special = matches!(byte, b'&' | b'%' | b'#' | b'_' | b'^');
            if is_special && !escaped && entity(&value[at..]).is_none() {
                places.push(at);
            }
            escaped = byte == b'\\' && !escaped;
        }
    }
    let Some(first) = places.first().copied() else { return };
    let signs: String = places.iter().filter_map(|at| value[*at..].chars().next()).collect();
    let message = format!("`{signs}` has a meaning in LaTeX and no backslash before it");
    let finding = found.part(Rule::UnescapedSpecial, field, first..first + 1, message);
    // `^` escaped is an accent.
    if !signs.contains('^') {
        repair(finding, true, field.replacements(places.into_iter().map(|at| (at..at, "\\".to_owned())).collect()));
    }
}

/// The entity at the head of a text, and what LaTeX has for it.
fn entity(text: &str) -> Option<(usize, &'static str)> {
    const ENTITIES: [(&str, &str); 12] = [
        ("&amp;", "\\&"),
        ("&lt;", "\\textless{}"),
        ("&gt;", "\\textgreater{}"),
        ("&quot;", "''"),
        ("&apos;", "'"),
        ("&#39;", "'"),
        ("&nbsp;", "~"),
        ("&ndash;", "--"),
        ("&mdash;", "---"),
        ("&rsquo;", "'"),
        ("&#38;", "\\&"),
        ("&#8211;", "--"),
    ];
    ENTITIES.iter().find(|(name, _)| text.starts_with(name)).map(|(name, latex)| (name.len(), *latex))
}

/// How long a tag may be.
const MAX_TAG: usize = 200;

/// Tags that feeds put into titles.
const TAGS: [&str; 14] =
    ["i", "b", "em", "strong", "sub", "sup", "inf", "scp", "span", "p", "br", "tt", "u", "mml:math"];

fn html_in_title(field: &Field<'_>, found: &mut Findings<'_, '_>) {
    let value = &*field.value;
    if !value.contains(['&', '<']) {
        return;
    }
    let entities: Vec<(Range<usize>, String)> = memchr::memchr_iter(b'&', value.as_bytes())
        .filter_map(|at| entity(&value[at..]).map(|(len, latex)| (at..at + len, latex.to_owned())))
        .collect();
    if let Some((first, _)) = entities.first() {
        let message = format!("`{}` is HTML", &value[first.clone()]);
        let finding = found.part(Rule::HtmlInTitle, field, first.clone(), message);
        repair(finding, true, field.replacements(entities));
    }
    for at in memchr::memchr_iter(b'<', value.as_bytes()) {
        // Tags are short; looking farther would take square time.
        let end = value.as_bytes()[at..].iter().take(MAX_TAG).position(|b| *b == b'>');
        let Some(end) = end else { continue };
        let tag = value[at + 1..at + end].trim_start_matches('/').trim_end_matches('/');
        let name = tag.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        if TAGS.contains(&&*name) {
            let message = format!("`{}` is HTML", shown(&value[at..=at + end]));
            found.part(Rule::HtmlInTitle, field, at..at + end + 1, message);
            return;
        }
    }
}

fn url_in_wrong_field(field: &Field<'_>, found: &mut Findings<'_, '_>) {
    let value = &*field.value;
    let Some(at) = value.find("http://").or_else(|| value.find("https://")) else { return };
    let end =
        value[at..].find(|c: char| c.is_whitespace() || matches!(c, '}' | ',')).map_or(value.len(), |end| at + end);
    let message = format!("an address stands in `{}`", field.written);
    found.part(Rule::UrlInWrongField, field, at..end, message).help = Some("move it to `url`".to_owned());
}

fn mojibake(field: &Field<'_>, found: &mut Findings<'_, '_>) {
    let value = &*field.value;
    if value.is_ascii() {
        return;
    }
    if let Some(at) = value.find('\u{fffd}') {
        found.part(Rule::Mojibake, field, at..at + 3, "U+FFFD stands for a character that could not be read");
        return;
    }
    let mut at = 0;
    while let Some(offset) = value[at..].find(|c: char| !c.is_ascii()) {
        let start = at + offset;
        let end = value[start..].find(|c: char| c.is_ascii()).map_or(value.len(), |end| start + end);
        if let Some(meant) = misread(&value[start..end]) {
            let message = format!("`{}` is `{meant}` in the wrong encoding", &value[start..end]);
            let finding = found.part(Rule::Mojibake, field, start..end, message);
            repair(finding, false, field.replacements(vec![(start..end, meant)]));
            return;
        }
        at = end;
    }
}

/// What a run of characters was before its UTF-8 was read as windows-1252.
fn misread(run: &str) -> Option<String> {
    // Two letters at least make one; what they make must be letters or typographic signs again.
    let (bytes, _, failed) = encoding_rs::WINDOWS_1252.encode(run);
    let text = String::from_utf8(bytes.into_owned()).ok().filter(|_| !failed)?;
    let is_usual = |c: char| {
        c.is_alphabetic() || matches!(c, '\u{2010}'..='\u{2027}' | '\u{a0}'..='\u{bf}' | '\u{300}'..='\u{36f}')
    };
    (text.chars().count() < run.chars().count() && text.chars().all(is_usual)).then_some(text)
}
