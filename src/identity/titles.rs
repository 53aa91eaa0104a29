//! Recognising by title what has no identifier: equal or nearly equal when folded, an author in common, the year within one.

use super::{Work, join, root};
use crate::model::Kind;
use std::collections::HashMap;

/// Shorter titles are those of many works.
const MIN_LETTERS: usize = 12;
/// How many entries that begin or end alike are compared with one entry, so that time stays linear.
const MAX_CANDIDATES: usize = 64;

/// Joins each entry whose group has no identifier with the first entry that it fits.
pub(super) fn join_by_title(works: &[Work], parents: &mut [usize]) {
    // Groups with an identifier never become one for their title.
    let mut identified: Vec<bool> = vec![false; works.len()];
    for (at, work) in works.iter().enumerate() {
        if !work.strong.is_empty() {
            identified[root(parents, at)] = true;
        }
    }
    let mut buckets: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, work) in works.iter().enumerate() {
        for end in ends(&work.title) {
            buckets.entry(end).or_default().push(at);
        }
    }
    for (at, work) in works.iter().enumerate() {
        for other in ends(&work.title).into_iter().flat_map(|end| &buckets[end]).take(MAX_CANDIDATES) {
            let (mine, theirs) = (root(parents, at), root(parents, *other));
            if mine == theirs || (identified[mine] && identified[theirs]) || !fits(work, &works[*other]) {
                continue;
            }
            join(parents, mine, theirs);
            identified[mine.min(theirs)] = identified[mine] || identified[theirs];
        }
    }
}

/// The first and the last letters of a title: an error in it spares one of the two.
fn ends(title: &str) -> Vec<&str> {
    if title.len() < MIN_LETTERS {
        return Vec::new();
    }
    // Folded text is ASCII.
    vec![&title[..MIN_LETTERS], &title[title.len() - MIN_LETTERS..]]
}

fn fits(one: &Work, other: &Work) -> bool {
    let years = match (one.year, other.year) {
        (Some(one), Some(other)) => one.abs_diff(other) <= 1,
        _ => true,
    };
    years
        && !are_versions(one.kind, other.kind)
        && one.families.iter().any(|family| other.families.contains(family))
        && similar(one.title.as_bytes(), other.title.as_bytes())
}

/// Whether one is a preprint and the other was published in a journal or at a conference.
fn are_versions(one: Kind, other: Kind) -> bool {
    let is_published = |kind| matches!(kind, Kind::JournalArticle | Kind::ConferencePaper | Kind::Chapter);
    (one == Kind::Preprint && is_published(other)) || (other == Kind::Preprint && is_published(one))
}

/// Whether at least 95 of 100 letters agree.
fn similar(one: &[u8], other: &[u8]) -> bool {
    let limit = one.len().max(other.len()).min(400) / 20;
    one == other || (one.len().abs_diff(other.len()) <= limit && distance_within(one, other, limit))
}

/// Whether the edit distance is at most `limit`; looks at a band round the diagonal only.
fn distance_within(one: &[u8], other: &[u8], limit: usize) -> bool {
    let far = limit + 1;
    let mut row: Vec<usize> = (0..=other.len()).map(|at| at.min(far)).collect();
    for (i, letter) in one.iter().enumerate() {
        let (from, to) = (i.saturating_sub(limit), (i + 1 + limit).min(other.len()));
        let mut diagonal = row[from];
        row[from] = if from == 0 { (i + 1).min(far) } else { far };
        for j in from..to {
            let above = if j + 1 > i + limit { far } else { row[j + 1] };
            let change = diagonal + usize::from(*letter != other[j]);
            diagonal = row[j + 1];
            row[j + 1] = change.min(above + 1).min(row[j] + 1).min(far);
        }
    }
    row[other.len()] <= limit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        let check = |one: &str, other: &str, limit, expected| {
            assert_eq!(distance_within(one.as_bytes(), other.as_bytes(), limit), expected, "{one} {other} {limit}");
        };
        check("kitten", "sitting", 3, true);
        check("kitten", "sitting", 2, false);
        check("abcdef", "abdef", 1, true);
        check("abdef", "abcdef", 1, true);
        check("abcdef", "badcfe", 2, false);
    }
}
