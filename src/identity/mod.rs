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

/// Whether a preprint and its published version are one work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Versions {
    /// They are two, which are related.
    #[default]
    Apart,
    /// They are one.
    Together,
}

/// The entries of a list by work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// The places of each group's entries, in order; groups in the order of their first entry.
    pub works: Vec<Vec<usize>>,
    /// How many groups of preprints have their published version in another group.
    pub related: usize,
}

/// Groups entries by work.
pub fn groups(entries: &[&Entry], versions: Versions) -> Groups {
    let works: Vec<Work> = entries.iter().map(|entry| Work::of(entry)).collect();
    let mut unions = Unions::new(&works, versions);
    join_by_identity(&works, &mut unions);
    titles::join_by_title(&works, &mut unions);
    let mut by_root: HashMap<usize, usize> = HashMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for at in 0..entries.len() {
        let root = unions.root(at);
        let group = *by_root.entry(root).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(at);
    }
    Groups { works: groups, related: unions.related() }
}

/// Joins the entries that have an identifier in common.
fn join_by_identity(works: &[Work], unions: &mut Unions) {
    let mut seen: HashMap<&str, [Option<usize>; 2]> = HashMap::new();
    for (at, work) in works.iter().enumerate() {
        for identity in work.strong.iter().chain(&work.books) {
            // Two are enough: a preprint and a published version.
            let known = seen.entry(identity).or_default();
            if !known.iter().flatten().any(|other| unions.join(*other, at))
                && let Some(free) = known.iter_mut().find(|other| other.is_none())
            {
                *free = Some(at);
            }
        }
    }
}

/// What is compared of an entry.
#[derive(Debug)]
struct Work {
    strong: Vec<String>,
    books: Vec<String>,
    title: String,
    families: Vec<String>,
    year: Option<i32>,
    stage: Option<Stage>,
}

/// Whether a work is a preprint or was published; of other kinds it cannot be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Preprint,
    Published,
}

impl Stage {
    const fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Preprint => Some(Self::Preprint),
            Kind::JournalArticle | Kind::ConferencePaper | Kind::Chapter => Some(Self::Published),
            _ => None,
        }
    }
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
            stage: Stage::of(entry.kind),
        }
    }
}

/// Entries on their way to groups; the first entry of a group leads it.
#[derive(Debug)]
struct Unions {
    parents: Vec<usize>,
    /// The stage of each group, at its leader.
    stages: Vec<Option<Stage>>,
    /// Whether a group has an identifier, at its leader.
    identified: Vec<bool>,
    versions: Versions,
    /// Entries that are versions of one work but in different groups.
    relations: Vec<(usize, usize)>,
}

impl Unions {
    fn new(works: &[Work], versions: Versions) -> Self {
        Self {
            parents: (0..works.len()).collect(),
            stages: works.iter().map(|work| work.stage).collect(),
            identified: works.iter().map(|work| !work.strong.is_empty()).collect(),
            versions,
            relations: Vec::new(),
        }
    }

    /// The first entry of the group that an entry belongs to.
    fn root(&mut self, mut at: usize) -> usize {
        while self.parents[at] != at {
            self.parents[at] = self.parents[self.parents[at]];
            at = self.parents[at];
        }
        at
    }

    /// Makes two groups one; false where they are versions of a work that stay apart.
    fn join(&mut self, one: usize, other: usize) -> bool {
        let (one, other) = (self.root(one), self.root(other));
        let (first, second) = (one.min(other), one.max(other));
        if first == second {
            return true;
        }
        if self.versions == Versions::Apart && self.are_versions(one, other) {
            self.relations.push((first, second));
            return false;
        }
        self.parents[second] = first;
        self.stages[first] = self.stages[first].or(self.stages[second]);
        self.identified[first] |= self.identified[second];
        true
    }

    /// Whether one group is of preprints and the other was published.
    fn are_versions(&mut self, one: usize, other: usize) -> bool {
        let (one, other) = (self.root(one), self.root(other));
        matches!((self.stages[one], self.stages[other]), (Some(one), Some(other)) if one != other)
    }

    fn related(&mut self) -> usize {
        let relations = std::mem::take(&mut self.relations);
        let mut pairs: Vec<(usize, usize)> =
            relations.into_iter().map(|(one, other)| (self.root(one), self.root(other))).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs.len()
    }
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
        assert_eq!(groups(&entries.iter().collect::<Vec<_>>(), Versions::Apart).works, expected);
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

    #[test]
    fn versions_are_one_work_on_request() {
        let published = |mut entry: Entry| {
            entry.kind = Kind::JournalArticle;
            entry
        };
        let preprint = |mut entry: Entry| {
            entry.kind = Kind::Preprint;
            entry
        };
        let title = "Attention is all you need";
        let doi = (Scheme::Doi, "10.1000/x");
        let entries = [
            preprint(entry(title, "A. Vaswani", 2017, &[(Scheme::Arxiv, "1706.03762"), doi])),
            published(entry(title, "A. Vaswani", 2018, &[doi])),
            preprint(entry(title, "A. Vaswani", 2017, &[(Scheme::Arxiv, "1706.03762")])),
            published(entry("Another title of two versions", "B. Author", 2020, &[(Scheme::Doi, "10.1000/y")])),
            preprint(entry("Another title of two versions", "B. Author", 2019, &[(Scheme::Arxiv, "1906.03762")])),
        ];
        let entries: Vec<&Entry> = entries.iter().collect();
        let apart = groups(&entries, Versions::Apart);
        assert_eq!((apart.works, apart.related), (vec![vec![0, 2], vec![1], vec![3], vec![4]], 2));
        let together = groups(&entries, Versions::Together);
        assert_eq!((together.works, together.related), (vec![vec![0, 1, 2], vec![3, 4]], 0));
    }
}
