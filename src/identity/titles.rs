//! Recognising by title what has no identifier: equal or nearly equal when folded, an author in common, the year within one.

use super::{Unions, Work};
use std::collections::HashMap;

/// Shorter titles are those of many works.
const MIN_LETTERS: usize = 12;
/// How many entries that begin or end alike are compared with one entry, so that time stays linear.
const MAX_CANDIDATES: usize = 64;

/// Joins each entry whose group has no identifier with the first entry that it fits, and a preprint with its published
/// version.
pub(super) fn join_by_title(works: &[Work], unions: &mut Unions) {
    let mut buckets: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, work) in works.iter().enumerate() {
        for end in ends(&work.title) {
            buckets.entry(end).or_default().push(at);
        }
    }
    for (at, work) in works.iter().enumerate() {
        for other in ends(&work.title).into_iter().flat_map(|end| &buckets[end]).take(MAX_CANDIDATES) {
            let (mine, theirs) = (unions.root(at), unions.root(*other));
            // Groups with an identifier never become one for their title, unless each is another version.
            let are_versions = unions.are_versions(mine, theirs);
            let may_join = are_versions || !(unions.identified[mine] && unions.identified[theirs]);
            if mine != theirs && may_join && fits(work, &works[*other], are_versions) {
                unions.join(mine, theirs);
            }
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

fn fits(one: &Work, other: &Work, are_versions: bool) -> bool {
    // Publishing takes its time.
    let margin = if are_versions { 3 } else { 1 };
    let years = match (one.year, other.year) {
        (Some(one), Some(other)) => one.abs_diff(other) <= margin,
        _ => true,
    };
    years
        && one.families.iter().any(|family| other.families.contains(family))
        && similar(one.title.as_bytes(), other.title.as_bytes())
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
