//! The order of the output: what `--sort` orders entries by, and what BibTeX wants of cross-references.

use crate::cli::args::Sort;
use crate::fold::fold;
use crate::key::{Claim, Suffix};
use crate::model::{Date, DateField, Entry};
use std::collections::HashMap;

/// What an entry is sorted by; nothing when entries stay as read, or are sorted by what only the end of the run tells.
pub(super) fn key(sort: Sort, entry: &Entry) -> Option<String> {
    match sort {
        Sort::None | Sort::Key => None,
        Sort::Date => Some(date(entry)),
        Sort::Author => {
            let first = entry.authors().next().map(|name| fold(&name.sorted())).unwrap_or_default();
            Some(format!("{first}\0{}", date(entry)))
        }
        Sort::Title => Some(entry.title().map(|title| fold(&title.to_plain())).unwrap_or_default()),
    }
}

/// The order of the output; nothing for input order. Equal entries stay as they were read.
pub(super) fn order(sort: Sort, claims: &[Claim], suffixes: &[Suffix], sort_keys: &[String]) -> Option<Vec<u32>> {
    let mut order: Vec<u32> = (0..).take(claims.len()).collect();
    match sort {
        Sort::None => return None,
        Sort::Key => order.sort_by_cached_key(|at| {
            let at = *at as usize;
            format!("{}{}", claims[at].key, suffixes[at].letters())
        }),
        Sort::Date | Sort::Author | Sort::Title => order.sort_by_key(|at| &sort_keys[*at as usize]),
    }
    Some(order)
}

/// Where one entry names another one by `crossref`.
#[derive(Clone, Debug)]
pub(super) struct CrossReference {
    /// The place of the entry that names the other.
    pub(super) child: u32,
    /// The key of the other, as it stands.
    pub(super) parent: String,
}

/// How many generations of cross-references are followed; BibTeX itself follows one.
const GENERATIONS: u32 = 8;

/// Puts entries that others name by `crossref` behind the last of these, because BibTeX takes it for an error if one
/// stands before; returns the order and how many had to move, if any.
pub(super) fn parents_last(
    order: Option<&[u32]>,
    references: &[CrossReference],
    claims: &[Claim],
    suffixes: &[Suffix],
) -> Option<(Vec<u32>, usize)> {
    let mut named: HashMap<String, Option<u32>> =
        references.iter().map(|reference| (reference.parent.to_lowercase(), None)).collect();
    if named.is_empty() {
        return None;
    }
    for (at, claim) in (0..).zip(claims).filter(|(at, _)| suffixes[*at as usize] == Suffix::default()) {
        // Of several entries of one key BibTeX takes the first.
        if let Some(place @ None) = named.get_mut(&claim.key.to_lowercase()) {
            *place = Some(at);
        }
    }
    let order_now = order.map_or_else(|| (0..).take(claims.len()).collect(), <[u32]>::to_vec);
    // The place of each entry: behind which other one, and in which generation of those that stand there.
    let mut ranks = vec![(0, 0); claims.len()];
    for (rank, at) in (0u32..).zip(&order_now) {
        ranks[*at as usize] = (rank, 0);
    }
    for _ in 0..GENERATIONS {
        let mut moved = false;
        for reference in references {
            let Some(Some(parent)) = named.get(&reference.parent.to_lowercase()) else { continue };
            let child = ranks[reference.child as usize];
            if ranks[*parent as usize] <= child && *parent != reference.child {
                ranks[*parent as usize] = (child.0, child.1 + 1);
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    let moved = ranks.iter().filter(|(_, generation)| *generation > 0).count();
    let mut sorted = order_now;
    sorted.sort_by_key(|at| ranks[*at as usize]);
    (moved > 0).then_some((sorted, moved))
}

/// The date of issue in a form that sorts; entries without one come last.
fn date(entry: &Entry) -> String {
    let day = entry.dates.get(DateField::Issued).and_then(Date::first);
    day.map_or_else(
        || "9".repeat(10),
        |day| {
            let (year, month, day) = (i64::from(day.year) + 10_000, day.month.unwrap_or(0), day.day.unwrap_or(0));
            format!("{year:06}{month:02}{day:02}")
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{Order, Right};

    fn order(keys: &[&str], references: &[(u32, &str)]) -> (Option<Vec<u32>>, usize) {
        let claim =
            |key: &&str| Claim { key: (*key).into(), right: Right::Own, order: Order::Text("".into()), input: 0 };
        let claims: Vec<Claim> = keys.iter().map(claim).collect();
        let references: Vec<CrossReference> = references
            .iter()
            .map(|(child, parent)| CrossReference { child: *child, parent: (*parent).to_owned() })
            .collect();
        let found = parents_last(None, &references, &claims, &vec![Suffix::default(); keys.len()]);
        found.map_or((None, 0), |(order, moved)| (Some(order), moved))
    }

    #[test]
    fn who_is_named_stands_behind_the_last_that_names_it() {
        assert_eq!(order(&["a", "b"], &[]), (None, 0));
        assert_eq!(order(&["child", "parent"], &[(0, "parent")]), (None, 0));
        assert_eq!(order(&["P", "a", "b", "c"], &[(1, "p"), (2, "p")]), (Some(vec![1, 2, 0, 3]), 1));
        // Two parents of one child stay in their order, a grandparent comes after both.
        assert_eq!(order(&["p", "q", "c"], &[(2, "p"), (2, "q")]), (Some(vec![2, 0, 1]), 2));
        assert_eq!(order(&["g", "p", "c"], &[(1, "g"), (2, "p")]), (Some(vec![2, 1, 0]), 2));
        // Of two entries of one key the first is the one that is meant.
        assert_eq!(order(&["p", "c", "p"], &[(1, "p")]), (Some(vec![1, 0, 2]), 1));
    }

    #[test]
    fn what_no_order_can_serve_ends() {
        assert_eq!(order(&["a"], &[(0, "a"), (0, "nowhere")]), (None, 0));
        let (order, moved) = order(&["a", "b"], &[(0, "b"), (1, "a")]);
        assert_eq!(order.map(|order| order.len()), Some(2));
        assert!(moved > 0);
    }
}
