//! What lists put in brackets round a title: links' labels (`[PDF]`, `[Code]`) before or behind it, and the venue with
//! its year behind it (`(NeurIPS 2017)`, `[ICLR 2024]`).
//!
//! Knows single titles only.

use super::{dates, titles};

/// Where a work appeared, as a list says in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Venue<'t> {
    /// As written, the year included: `NeurIPS 2017`.
    pub(super) text: &'t str,
    pub(super) year: i32,
}

/// Takes labels of links off both ends.
pub(super) fn without_labels(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let (head, rest) = leading_group(text).unwrap_or_default();
        if !rest.is_empty() && is_label(head) {
            text = rest;
            continue;
        }
        let (rest, tail) = trailing_group(text, ('[', ']')).unwrap_or_default();
        if rest.is_empty() || !is_label(tail) {
            return text;
        }
        text = rest;
    }
}

/// Parts a title from the venue in brackets behind it.
pub(super) fn split_venue(text: &str) -> Option<(&str, Venue<'_>)> {
    let text = text.trim().trim_end_matches(['.', ',', ' ']);
    let (title, inner) = trailing_group(text, ('(', ')')).or_else(|| trailing_group(text, ('[', ']')))?;
    Some((title, read_venue(inner)?)).filter(|_| titles::is_title(title))
}

/// The venue in the brackets that open a text: what stands behind a title.
pub(super) fn opening_venue(text: &str) -> Option<Venue<'_>> {
    let text = text.trim_start_matches([' ', '*', '_', ',', '.']);
    let inner =
        [('(', ')'), ('[', ']')].iter().find_map(|(open, close)| text.strip_prefix(*open)?.split(*close).next())?;
    read_venue(inner.trim_start_matches('['))
}

/// `NeurIPS 2017`, `CVPR'24`, `ICML 2023 Oral`: a name with a capital and a year, in a few words.
fn read_venue(inner: &str) -> Option<Venue<'_>> {
    let text = inner.trim().trim_matches(['*', '_', '`']);
    let words: Vec<&str> = text.split([' ', ',', '-']).filter(|word| !word.is_empty()).collect();
    let year = words.iter().find_map(|word| year_of(word))?;
    let named = words.iter().any(|word| {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        letters >= 2 && word.chars().any(char::is_uppercase) && !titles::is_empty_word(word)
    }) || text.chars().filter(|c| c.is_uppercase()).count() >= 2;
    let sound = words.len() <= 6 && text.len() <= 60 && !text.contains(['(', '[', ':', '/', '|']);
    let is_venue = named && sound && !super::people::strip_others(text).1 && !text.contains("et al");
    is_venue.then_some(Venue { text, year })
}

/// `2017`, `NeurIPS2017`, `CVPR'24`.
fn year_of(word: &str) -> Option<i32> {
    let digits = word.trim_start_matches(|c: char| !c.is_ascii_digit());
    let apostrophe = word[..word.len() - digits.len()].ends_with(['\'', '’']);
    match digits.len() {
        4 => dates::year_number(digits),
        2 if apostrophe => dates::year_number(&format!("20{digits}")),
        _ => None,
    }
}

/// `[PDF]`, `[Project Page]`: nothing but words that stand on links.
fn is_label(inner: &str) -> bool {
    let inner = inner.trim().trim_matches(['*', '_', '`', '[', ']']);
    let mut words = inner.split([' ', '/', '-']).filter(|word| word.contains(char::is_alphanumeric)).peekable();
    words.peek().is_some() && inner.len() <= 30 && words.all(|word| titles::is_empty_word(word) || is_mark(word))
}

/// The marks that Scholar puts before a result: `[B]`, `[CITATION]`.
fn is_mark(word: &str) -> bool {
    matches!(word, "B" | "C" | "BOOK" | "Book" | "CITATION" | "DOC" | "x" | "X")
}

fn leading_group(text: &str) -> Option<(&str, &str)> {
    let (inner, rest) = text.strip_prefix('[')?.split_once(']')?;
    Some((inner, rest.trim_start_matches([' ', ':'])))
}

fn trailing_group(text: &str, (open, close): (char, char)) -> Option<(&str, &str)> {
    let stem = text.trim_end().strip_suffix(close)?;
    let at = stem.rfind(open)?;
    Some((stem[..at].trim_end(), &stem[at + open.len_utf8()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_come_off() {
        let check = |text: &str, expected: &str| assert_eq!(without_labels(text), expected, "{text}");
        check("[Paper] A Review of Things", "A Review of Things");
        check("[PDF][HTML] A Review of Things", "A Review of Things");
        check("A Review of Things [PDF] [Code] [Project Page]", "A Review of Things");
        check("[Re] A Review of Things", "[Re] A Review of Things");
        check("Things in $L^2[0,1]$", "Things in $L^2[0,1]$");
        check("[PDF]", "[PDF]");
    }

    #[test]
    fn venues_are_told_from_titles() {
        let check = |text: &str, expected: Option<(&str, &str, i32)>| {
            let found = split_venue(text).map(|(title, venue)| (title, venue.text, venue.year));
            assert_eq!(found, expected, "{text}");
        };
        check("Attention Is All You Need (NeurIPS 2017)", Some(("Attention Is All You Need", "NeurIPS 2017", 2017)));
        check("Something Good [ICLR 2024 Oral]", Some(("Something Good", "ICLR 2024 Oral", 2024)));
        check("Something Good (CVPR'24)", Some(("Something Good", "CVPR'24", 2024)));
        check("Attention Is All You Need (2017)", None);
        check("Attention Is All You Need (Jun 2017)", None);
        check("Something Good (Lee et al., 2017)", None);
        check("Segment Anything in 3D (SAM)", None);
    }
}
