//! The list on a researcher's profile page: title, authors, venue, then the number of citations and the year.
//!
//! The page is a table whose last two columns follow the first on a line of their own or behind tabs; the year ends each
//! row, so that no line has to be judged by its look. Knows lines, drafts and nothing of the other layouts.

use super::super::collector::{Collector, Unread};
use super::super::draft::Draft;
use super::super::lines::Line;
use super::super::{dates, links, people};
use super::piece_range;
use crate::model::TextField;

/// What the page prints over and under its table.
const HEADINGS: [&str; 10] = [
    "title",
    "cited by",
    "year",
    "cited by year",
    "title cited by year",
    "title cited by",
    "sort",
    "sort by citations",
    "sort by year",
    "sort by title",
];

/// Where a row ends, and where the columns begin on its last line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct End {
    /// The line.
    at: usize,
    /// The bytes of that line that belong to the first column.
    before: usize,
    year: i32,
}

/// Reads the page, when it is one; says whether it was.
pub(super) fn read(lines: &[Line<'_>], collector: &mut Collector<'_>) -> bool {
    let ends: Vec<End> = (0..lines.len()).filter_map(|at| row_end(lines, at)).collect();
    // A year alone may be a heading; that some rows have a number of citations beside it shows the table.
    let counted = ends.iter().filter(|end| columns(&lines[end.at].text).is_some_and(|(_, cited, _)| cited)).count();
    if counted == 0 || counted + usize::from(has_heading(lines)) < 2 {
        return false;
    }
    let mut from = 0;
    for end in ends {
        row(lines, from, end, collector);
        from = end.at + 1;
    }
    leave(lines, from..lines.len(), collector);
    true
}

fn has_heading(lines: &[Line<'_>]) -> bool {
    lines.iter().any(|line| ["cited by", "cited by year", "title cited by year"].contains(&&*line.text.to_lowercase()))
}

fn row_end(lines: &[Line<'_>], at: usize) -> Option<End> {
    let (before, _, year) = columns(&lines[at].text)?;
    // The first column ends on the line before, or on this one.
    let follows = before > 0 || at > 0 && !lines[at - 1].text.is_empty() && !is_heading(&lines[at - 1].text);
    follows.then_some(End { at, before, year })
}

/// Parts `123456 2017` and `venue, 2017 123456 2017`: where the columns begin, whether citations are given, the year.
fn columns(text: &str) -> Option<(usize, bool, i32)> {
    if text.len() > 1000 {
        return None;
    }
    let (head, year) = text.rsplit_once(' ').unwrap_or(("", text));
    let number = dates::year_number(year)?;
    let head = head.trim_end();
    let (venue, cited) = head.rsplit_once(' ').unwrap_or(("", head));
    let is_cited = {
        let digits = cited.trim_end_matches(['*', '∗']);
        !digits.is_empty() && digits.len() <= 7 && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    match (is_cited, venue.trim_end()) {
        (true, "") => Some((0, true, number)),
        // The venue ends with the year that the last column repeats.
        (true, venue) if venue.ends_with(year) => Some((venue.len(), true, number)),
        (false, _) if head.is_empty() => Some((0, false, number)),
        (_, _) if head.ends_with(year) => Some((head.len(), false, number)),
        _ => None,
    }
}

fn is_heading(text: &str) -> bool {
    HEADINGS.contains(&&*text.to_lowercase())
}

/// Title, authors and venue are the last lines before the row's end.
fn row(lines: &[Line<'_>], from: usize, end: End, collector: &mut Collector<'_>) {
    let start = (from..end.at)
        .rev()
        .find(|at| lines[*at].text.is_empty() || is_heading(&lines[*at].text))
        .map_or(from, |at| at + 1);
    let mut cells: Vec<(usize, &str)> = (start..end.at).map(|at| (at, &*lines[at].text)).collect();
    if end.before > 0 {
        cells.push((end.at, &lines[end.at].text[..end.before]));
    }
    let first = cells.len().saturating_sub(3);
    let cells = &cells[first..];
    leave(lines, from..cells.first().map_or(end.at, |(at, _)| *at), collector);
    let mut draft = Draft::default();
    let span = |(at, text): (usize, &str)| collector.span(piece_range(&lines[at], 0..text.len()));
    let last = collector.span(lines[end.at].range.clone());
    let (title, authors, venue) = match *cells {
        [] => return collector.unread(lines[end.at].range.clone(), &lines[end.at].text, Unread::Furniture),
        [title] => (title, None, None),
        [title, other] if people::looks_like_list(other.1) || is_author(other.1) => (title, Some(other), None),
        [title, other] => (title, None, Some(other)),
        [title, authors, venue, ..] => (title, Some(authors), Some(venue)),
    };
    draft.title(title.1, span(title));
    if let Some(authors) = authors {
        draft.authors(authors.1, span(authors));
    }
    if let Some(venue) = venue {
        for mention in links::find(venue.1).iter().filter(|mention| mention.target.is_paper()) {
            draft.mention(mention, span(venue));
        }
        draft.text(TextField::Note, venue.1, span(venue));
    }
    draft.year(end.year, last);
    collector.finish(draft);
}

/// `P Shaw`, `Peter Shaw`
fn is_author(text: &str) -> bool {
    let initials = text.split_once(' ').is_some_and(|(first, rest)| people::is_initials(first) && !rest.contains(' '));
    initials || people::is_name(text)
}

/// Lines round the table.
fn leave(lines: &[Line<'_>], range: std::ops::Range<usize>, collector: &mut Collector<'_>) {
    for line in lines[range].iter().filter(|line| line.text.contains(char::is_alphanumeric)) {
        collector.unread(line.range.clone(), &line.text, Unread::Furniture);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_columns() {
        let check = |text: &str, expected: Option<(usize, bool, i32)>| assert_eq!(columns(text), expected, "{text}");
        check("123456 2017", Some((0, true, 2017)));
        check("700* 2018", Some((0, true, 2018)));
        check("2018", Some((0, false, 2018)));
        check("Nature 1, 2018 30 2018", Some((14, true, 2018)));
        check("Nature 1, 2018 2018", Some((14, false, 2018)));
        check("Nature 1, 2018", None);
        check("Nature 521 (7553), 436-444, 2015", None);
        check("Articles 1–20", None);
    }
}
