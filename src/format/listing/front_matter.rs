//! Publication pages of Jekyll and Hugo: front matter (`---` YAML or `+++` TOML), then the abstract.
//!
//! Only what such pages use is read: `key: value` at the left margin, quoted scalars over several lines, lists and nested
//! lines as their words. It is no YAML reader; a key that is none of a paper's is reported.

use super::collector::{Collector, Unread};
use super::draft::Draft;
use super::lines::{self, Kind};
use super::{dates, links};
use crate::model::{Day, TextField};
use crate::source::Span;
use std::ops::Range;

/// One `key: value` of the front matter.
#[derive(Debug)]
struct Field {
    key: String,
    value: String,
    /// The items, where the value is a list.
    items: Vec<String>,
    range: Range<usize>,
}

/// Where the front matter's inside ends and the page begins, when the text has one with a title.
pub(super) fn find(text: &str) -> Option<(Range<usize>, usize)> {
    let trimmed = text.trim_start();
    let fence = ["---", "+++"].into_iter().find(|fence| trimmed.starts_with(fence))?;
    let start = text.len() - trimmed.len() + fence.len();
    let inner = text[start..].strip_prefix("\r\n").or_else(|| text[start..].strip_prefix(['\n', '\r']))?;
    let start = text.len() - inner.len();
    let close = [format!("\n{fence}"), format!("\r{fence}")];
    let length = close.iter().filter_map(|close| inner.find(close.as_str())).min();
    // A page that was cut off has no second fence.
    let (end, body) = match length {
        Some(length) => (start + length, start + length + 1 + fence.len()),
        None => (text.len(), text.len()),
    };
    let has_title = text[start..end].lines().any(|line| line.starts_with("title:") || line.starts_with("title ="));
    has_title.then_some((start..end, body))
}

/// Reads the page's paper.
pub(super) fn read(text: &str, inner: Range<usize>, body: usize, collector: &mut Collector<'_>) {
    let mut draft = Draft::default();
    for field in fields(text, inner) {
        let span = collector.span(field.range.clone());
        if !put(&mut draft, &field, span) {
            collector.unread(
                field.range.clone(),
                text[field.range.clone()].lines().next().unwrap_or_default(),
                Unread::Furniture,
            );
        }
    }
    put_body(text, body, &mut draft, collector);
    collector.finish(draft);
}

/// Puts a field where it belongs; false when it says nothing of a paper.
fn put(draft: &mut Draft, field: &Field, span: Span) -> bool {
    let value = field.value.as_str();
    match field.key.to_ascii_lowercase().as_str() {
        "title" => draft.title(value, span),
        "authors" | "author" if field.items.is_empty() => draft.authors(value, span),
        "authors" | "author" => draft.authors(&field.items.join("; "), span),
        "abstract" | "summary" | "excerpt" => draft.passage(value, span),
        "bibkey" | "citekey" | "bibtex_key" => draft.key(value, span),
        "tags" | "keywords" => {
            draft.keywords(&if field.items.is_empty() { value.to_owned() } else { field.items.join(";") }, span);
        }
        "year" | "date" | "pubdate" | "publishdate" => return put_date(draft, value, span),
        "venue" | "conference" | "journal" | "publication" | "booktitle" => {
            // "arXiv" says no more than the identifier does.
            let says_nothing =
                ["arxiv", "no venue", "none", ""].iter().any(|word| value.trim().eq_ignore_ascii_case(word));
            if !says_nothing {
                draft.text(TextField::Note, value, span);
            }
        }
        _ => return put_links(draft, field, span),
    }
    true
}

fn put_date(draft: &mut Draft, value: &str, span: Span) -> bool {
    let day = dates::find(value).or_else(|| dates::year_number(value.trim()).map(Day::year));
    match day {
        Some(day) if !draft.has_dates() => draft.dates(dates::Dates { first: Some(day), ..Default::default() }, span),
        Some(day) if day.month.is_some() => draft.dates(dates::Dates { first: Some(day), ..Default::default() }, span),
        Some(_) => {}
        None => return false,
    }
    true
}

/// Identifiers and links under any name.
fn put_links(draft: &mut Draft, field: &Field, span: Span) -> bool {
    let words = field.items.iter().map(String::as_str).chain(std::iter::once(field.value.as_str()));
    let mut found = false;
    for text in words {
        for mention in links::find(text).iter().filter(|mention| mention.target.is_paper()) {
            draft.mention(mention, span);
            found = true;
        }
    }
    found
}

/// The page itself: its first paragraph of sentences is the abstract.
fn put_body(text: &str, body: usize, draft: &mut Draft, collector: &mut Collector<'_>) {
    for line in lines::split(&text[body..]) {
        let range = body + line.range.start..body + line.range.end;
        let is_abstract =
            matches!(line.kind, Kind::Prose | Kind::Fragment) && !draft.has_abstract() && !line.text.contains("](");
        if is_abstract {
            let span = collector.span(range);
            draft.passage(&line.text, span);
        } else if !matches!(line.kind, Kind::Blank | Kind::Punctuation) {
            collector.unread(range, &line.text, Unread::Passing);
        }
    }
}

/// Splits front matter into its fields: a key at the left margin, and what is indented below it.
fn fields(text: &str, inner: Range<usize>) -> Vec<Field> {
    let mut fields: Vec<(String, Range<usize>)> = Vec::new();
    let mut at = inner.start;
    for line in text[inner].split_inclusive(['\n', '\r']) {
        let range = at..at + line.trim_end().len();
        at += line.len();
        let key = line.find([':', '=']).map(|end| line[..end].trim_end()).filter(|key| is_key(key));
        match key {
            Some(key) => fields.push((key.to_owned(), range)),
            None if range.is_empty() => {}
            None => {
                if let Some((_, field)) = fields.last_mut() {
                    field.end = range.end;
                }
            }
        }
    }
    fields
        .into_iter()
        .map(|(key, range)| {
            let source = &text[range.clone()];
            let source = source[key.len()..].trim_start().trim_start_matches([':', '=']).trim();
            let items = items(source);
            Field { key, value: scalar(source), items, range }
        })
        .collect()
}

fn is_key(key: &str) -> bool {
    !key.is_empty() && key.len() <= 40 && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// The items of `[a, b]` or of lines that begin with `-`.
fn items(source: &str) -> Vec<String> {
    if let Some(flow) = source.strip_prefix('[') {
        return flow
            .trim_end_matches(']')
            .split(',')
            .map(|item| scalar(item.trim()))
            .filter(|item| !item.is_empty())
            .collect();
    }
    let lines = source.lines().map(str::trim).filter(|line| !line.is_empty());
    let items: Vec<String> = lines
        .clone()
        .filter_map(|line| line.strip_prefix("- "))
        .map(|item| scalar(item.trim_start_matches("name:").trim()))
        .collect();
    if items.len() == lines.count() { items } else { Vec::new() }
}

/// A scalar: folded at line ends, quotes and escapes taken off.
fn scalar(source: &str) -> String {
    let source = source.trim_start_matches(['|', '>']).trim_start_matches("-\n").trim();
    if let Some(inner) = source.strip_prefix('\'') {
        return fold(inner.strip_suffix('\'').unwrap_or(inner)).replace("''", "'");
    }
    match source.strip_prefix('"') {
        Some(inner) => unescape(inner.strip_suffix('"').unwrap_or(inner)),
        None => fold(source),
    }
}

fn fold(source: &str) -> String {
    source.lines().map(str::trim).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// Escapes of YAML 1.2.2, section 5.7; a backslash at a line's end joins the next line without a blank.
fn unescape(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' | '\r' => {
                skip_blanks(&mut chars);
                out.push(' ');
            }
            '\\' => match chars.next() {
                Some('\n' | '\r') => skip_blanks(&mut chars),
                Some('x') => push_number(&mut chars, 2, &mut out),
                Some('u') => push_number(&mut chars, 4, &mut out),
                Some('U') => push_number(&mut chars, 8, &mut out),
                Some('n' | 't') => out.push(' '),
                Some(c) => out.push(c),
                None => {}
            },
            c => out.push(c),
        }
    }
    out
}

fn skip_blanks(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    while chars.peek().is_some_and(|c| c.is_whitespace()) {
        chars.next();
    }
}

fn push_number(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, digits: usize, out: &mut String) {
    let mut number = 0;
    for _ in 0..digits {
        let Some(digit) = chars.peek().and_then(|c| c.to_digit(16)) else { break };
        number = number * 16 + digit;
        chars.next();
    }
    out.push(char::from_u32(number).unwrap_or('\u{fffd}'));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars() {
        assert_eq!(scalar("'It''s a title'"), "It's a title");
        assert_eq!(scalar("\"Ga\\xEB\\\n  l Liu, B\\\n  \\ C\""), "Gaël Liu, B C");
        assert_eq!(scalar("plain\n  goes on"), "plain goes on");
        assert_eq!(items("['Few Shot', RAG]"), ["Few Shot", "RAG"]);
        assert_eq!(items("- Ann Lee\n  - Bo Li"), ["Ann Lee", "Bo Li"]);
    }
}
