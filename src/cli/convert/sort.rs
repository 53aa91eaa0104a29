//! `--sort`: what entries are ordered by.

use crate::cli::args::Sort;
use crate::fold::fold;
use crate::key::{Claim, Suffix};
use crate::model::{Date, DateField, Entry};

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
