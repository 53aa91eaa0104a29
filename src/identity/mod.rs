//! Which entries are the same work: used by merging, by keys and by checking.
//!
//! Identifiers decide where there are any: the arXiv id without version (the DOI that arXiv registers says the same), the
//! DOI without regard to case, the ISBN together with the title. An entry without identifiers is recognised by its title,
//! an author and the year. A preprint and its published version are two works. Knows the model and nothing of formats.

mod merge;
mod titles;

pub use merge::merge;

use crate::fold::fold;
use crate::model::{ArxivId, DateField, Entry, Identifier, Kind, Scheme};
use std::collections::HashMap;

/// What surely tells a work: its arXiv id and its DOIs, as comparable strings, best first.
pub fn strong(entry: &Entry) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for identity in entry.ids.iter().filter_map(of_identifier) {
        if !found.contains(&identity) {
            found.push(identity);
        }
    }
    found
}

fn of_identifier(id: &Identifier) -> Option<String> {
    match id {
        Identifier::Arxiv(id) => Some(format!("arxiv:{}", id.id())),
        // The DOI that arXiv registers says the same as the id.
        Identifier::Other(Scheme::Doi, doi) => Some(match ArxivId::parse(doi) {
            Some(id) => format!("arxiv:{}", id.id()),
            None => format!("doi:{}", doi.to_ascii_lowercase()),
        }),
        Identifier::Other(..) => None,
    }
}

/// A book's number alone is also that of its chapters; with the title it is one work's.
fn of_books(entry: &Entry, title: &str) -> Vec<String> {
    let isbns = entry.ids.iter().filter(|id| id.scheme() == Scheme::Isbn);
    let digits = |id: &Identifier| id.value().chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    isbns.filter(|_| !title.is_empty()).map(|id| format!("isbn:{}/{title}", digits(id))).collect()
}

/// Groups entries by work: the places of each group's entries, in order; groups in the order of their first entry.
pub fn groups(entries: &[&Entry]) -> Vec<Vec<usize>> {
    let works: Vec<Work> = entries.iter().map(|entry| Work::of(entry)).collect();
    let mut parents: Vec<usize> = (0..entries.len()).collect();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (at, work) in works.iter().enumerate() {
        for identity in work.strong.iter().chain(&work.books) {
            match seen.get(identity.as_str()) {
                Some(other) => join(&mut parents, *other, at),
                None => {
                    seen.insert(identity, at);
                }
            }
        }
    }
    titles::join_by_title(&works, &mut parents);
    let mut by_root: HashMap<usize, usize> = HashMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for at in 0..entries.len() {
        let root = root(&mut parents, at);
        let group = *by_root.entry(root).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(at);
    }
    groups
}

/// What is compared of an entry.
#[derive(Debug)]
struct Work {
    strong: Vec<String>,
    books: Vec<String>,
    title: String,
    families: Vec<String>,
    year: Option<i32>,
    kind: Kind,
}

impl Work {
    fn of(entry: &Entry) -> Self {
        let title = entry.title().map(|title| fold(&title.to_plain())).unwrap_or_default();
        Self {
            strong: strong(entry),
            books: of_books(entry, &title),
            title,
            families: entry.authors().map(|name| fold(name.family())).filter(|family| !family.is_empty()).collect(),
            year: entry.dates.get(DateField::Issued).and_then(crate::model::Date::year),
            kind: entry.kind,
        }
    }
}

/// The first entry of the group that an entry belongs to.
fn root(parents: &mut [usize], mut at: usize) -> usize {
    while parents[at] != at {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    at
}

/// Makes two groups one; the earlier entry leads it.
fn join(parents: &mut [usize], one: usize, other: usize) {
    let (one, other) = (root(parents, one), root(parents, other));
    parents[one.max(other)] = one.min(other);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Date, Day, Name, Role, Text, TextField};

    fn entry(title: &str, author: &str, year: i32, ids: &[(Scheme, &str)]) -> Entry {
        let mut entry = Entry::new(Kind::Misc);
        entry.texts.set(TextField::Title, Text::plain(title));
        entry.people.push((Role::Author, Name::from_display(author)));
        entry.dates.set(DateField::Issued, Date::Day(Day::year(year)));
        entry.ids.extend(ids.iter().filter_map(|(scheme, id)| Identifier::parse(*scheme, id)));
        entry
    }

    fn check(entries: &[Entry], expected: &[&[usize]]) {
        assert_eq!(groups(&entries.iter().collect::<Vec<_>>()), expected);
    }

    #[test]
    fn identifiers_decide() {
        check(
            &[
                entry("A", "X", 2017, &[(Scheme::Arxiv, "1706.03762v5")]),
                entry("B", "Y", 2020, &[(Scheme::Doi, "10.48550/ARXIV.1706.03762")]),
                entry("C", "Z", 2020, &[(Scheme::Doi, "10.1000/aB")]),
                entry("D", "Z", 2020, &[(Scheme::Doi, "10.1000/Ab")]),
            ],
            &[&[0, 1], &[2, 3]],
        );
    }

    #[test]
    fn titles_tell_what_has_no_identifier() {
        let title = "Attention is all you need";
        check(
            &[
                entry(title, "Ashish Vaswani", 2017, &[(Scheme::Arxiv, "1706.03762")]),
                entry("Attention Is All You Need.", "A. Vaswani", 2018, &[]),
                entry(title, "A. Vaswani", 2021, &[]),
                entry(title, "Someone Else", 2017, &[]),
                entry("Short one", "A. Vaswani", 2017, &[]),
                entry("Short one", "A. Vaswani", 2017, &[]),
            ],
            &[&[0, 1], &[2], &[3], &[4], &[5]],
        );
    }

    #[test]
    fn a_published_version_is_another_work() {
        let title = "Attention is all you need";
        check(
            &[
                entry(title, "A. Vaswani", 2017, &[(Scheme::Arxiv, "1706.03762")]),
                entry(title, "A. Vaswani", 2017, &[(Scheme::Doi, "10.1000/x")]),
            ],
            &[&[0], &[1]],
        );
    }
}
