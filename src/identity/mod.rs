//! Which entries are the same work: used by merging, by keys and by checking.
//!
//! Identifiers decide where there are any: the arXiv id without version (the DOI that arXiv registers says the same), the
//! DOI without regard to case, the ISBN together with the title. An entry without identifiers is recognised by its title,
//! its people and the year, where nothing says that it is another work: another kind of publication, journal, volume, edition
//! or first page. A preprint and its published version are two works. Knows the model and nothing of formats.

mod merge;
mod references;
mod signs;
mod titles;
mod work;

pub use merge::merge;
pub use references::{named_keys, refers_to, rename_references};

use crate::model::{DateField, Entry, FieldName, PlainField, Text, TextField, subtitle_separator};
use std::collections::{HashMap, HashSet};
use work::{Stage, Work, of_identifier};

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
    let mut works: Vec<Work> = entries.iter().map(|entry| Work::of(entry)).collect();
    leave_to_wholes(&mut works);
    let mut unions = Unions::new(&works, versions);
    join_copies(entries, &mut unions);
    join_by_identifier(&works, &mut unions);
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

/// What a part has inherited from its book or its proceedings names these and not the part.
fn leave_to_wholes(works: &mut [Work]) {
    leave_to_parents(works);
    let wholes: HashSet<String> =
        works.iter().filter(|work| work.is_whole()).flat_map(|work| work.strong.iter().cloned()).collect();
    if wholes.is_empty() {
        return;
    }
    for work in works.iter_mut().filter(|work| work.parent.is_some() && !work.is_whole()) {
        work.strong.retain(|identity| !wholes.contains(identity));
    }
}

/// The same for a parent of any other kind, which the part names.
fn leave_to_parents(works: &mut [Work]) {
    if works.iter().all(|work| work.parent.is_none()) {
        return;
    }
    let mut by_key: HashMap<&str, usize> = HashMap::new();
    for (at, work) in works.iter().enumerate() {
        by_key.entry(&work.key).or_insert(at);
    }
    let of_parents: Vec<(usize, Vec<String>)> = works
        .iter()
        .enumerate()
        .filter_map(|(at, work)| Some((at, works[*by_key.get(work.parent.as_deref()?)?].strong.clone())))
        .collect();
    for (at, theirs) in of_parents {
        works[at].strong.retain(|identity| !theirs.contains(identity));
    }
}

/// Joins entries that say the same in every field but the key, whatever they are: so an entry that is added a second time is
/// known.
fn join_copies(entries: &[&Entry], unions: &mut Unions) {
    /// So many entries of one title are compared.
    const MAX_ENTRIES: usize = 64;
    let mut seen: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, entry) in entries.iter().enumerate() {
        let says_nothing = entry.fields().iter().all(|field| matches!(field, FieldName::Kind | FieldName::Key));
        if says_nothing {
            continue;
        }
        let title = whole_title(entry);
        let known = seen.entry(title).or_default();
        match known.iter().find(|other| is_copy(entries[**other], entry)) {
            Some(other) => {
                unions.join(*other, at);
            }
            None if known.len() < MAX_ENTRIES => known.push(at),
            None => {}
        }
    }
}

/// Title and subtitle, as formats that do not part them have them.
fn whole_title(entry: &Entry) -> String {
    let mut title = entry.title().map(Text::to_plain).unwrap_or_default();
    if let Some(subtitle) = entry.texts.get(TextField::Subtitle) {
        title.push_str(subtitle_separator(&title));
        title.push_str(&subtitle.to_plain());
    }
    title
}

/// Whether one entry is the other, or that in another format, where it keeps its key and what it is known by.
fn is_copy(one: &Entry, other: &Entry) -> bool {
    let known_by = |entry: &Entry| {
        let plain = [PlainField::Url, PlainField::Volume, PlainField::Issue, PlainField::Pages];
        let plain = plain.map(|field| entry.plain.get(field).cloned());
        (entry.dates.get(DateField::Issued).cloned(), plain, entry.ids.clone(), whole_title(entry))
    };
    let has_key = one.key.is_some() && one.key == other.key && one.title().is_some();
    if has_key && one.people == other.people && known_by(one) == known_by(other) {
        return true;
    }
    let Entry { kind, key: _, texts, lists, plain, dates, people, ids, foreign } = one;
    *kind == other.kind
        && *texts == other.texts
        && *lists == other.lists
        && *plain == other.plain
        && *dates == other.dates
        && *people == other.people
        && *ids == other.ids
        && *foreign == other.foreign
}

/// Joins entries with a common identifier, unless it is plain that they are two works.
fn join_by_identifier(works: &[Work], unions: &mut Unions) {
    /// So many entries with one identifier are compared.
    const MAX_ENTRIES: usize = 64;
    let mut seen: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, work) in works.iter().enumerate() {
        let strong = work.strong.iter().map(|identity| (identity, false));
        for (identity, is_book) in strong.chain(work.books.iter().map(|identity| (identity, true))) {
            let known = seen.entry(identity).or_default();
            let is_another = |other: usize| {
                if is_book { works[other].is_another_volume(work) } else { works[other].is_another(work, identity) }
            };
            for nth in 0..known.len() {
                let root = unions.root(known[nth]);
                // Who joins a group must be none other than any of it.
                let fits = known.iter().all(|other| unions.root(*other) != root || !is_another(*other));
                if fits && unions.join(root, at) {
                    break;
                }
            }
            if known.len() < MAX_ENTRIES {
                known.push(at);
            }
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
        if self.stay_apart(one, other) {
            self.relate(first, second);
            return false;
        }
        self.parents[second] = first;
        // A published work with its preprint is a published work.
        let stages = [self.stages[first], self.stages[second]];
        let is_published = stages.contains(&Some(Stage::Published));
        self.stages[first] = if is_published { Some(Stage::Published) } else { stages[0].or(stages[1]) };
        self.identified[first] |= self.identified[second];
        true
    }

    /// Whether two groups are versions of a work that stay apart.
    fn stay_apart(&mut self, one: usize, other: usize) -> bool {
        self.versions == Versions::Apart && self.are_versions(one, other)
    }

    /// Notes that two groups are versions of one work.
    fn relate(&mut self, one: usize, other: usize) {
        self.relations.push((one.min(other), one.max(other)));
    }

    /// Whether a group has an identifier.
    fn is_identified(&mut self, at: usize) -> bool {
        let root = self.root(at);
        self.identified[root]
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
    use crate::model::{Date, DateField, Day, Identifier, Kind, Name, PlainField, Role, Scheme, Text, TextField};

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
                entry("Short one", "A. Vaswani", 2018, &[]),
            ],
            &[&[0, 1], &[2], &[3], &[4], &[5]],
        );
        // A slip alone is no proof: these are two works of one year.
        check(
            &[
                entry("Absorption of water on glass surfaces", "Jane Doe", 2003, &[]),
                entry("Adsorption of water on glass surfaces", "Jane Doe", 2003, &[]),
                entry("On the slow growth of trees", "John Doe", 2003, &[]),
                entry("On the slow growth of trees", "Jane Doe", 2003, &[]),
                entry("On the slow growth of trees", "Jan Doe", 2003, &[]),
            ],
            &[&[0], &[1], &[2], &[3, 4]],
        );
    }

    #[test]
    fn what_says_the_same_is_one_work_whatever_its_script() {
        let bare = |title: &str| Entry { people: Vec::new(), ..entry(title, "X", 2004, &[]) };
        let set = |members: &str| {
            let mut set = Entry::new(Kind::Misc);
            for (name, value) in [("@", "set"), ("entryset", members)] {
                set.foreign.push(crate::model::Foreign {
                    format: "bibtex",
                    name: name.to_owned(),
                    value: value.to_owned(),
                });
            }
            set
        };
        check(
            &[
                entry("中国の歴史と文化の研究", "王, 明", 1808, &[]),
                entry("中国の歴史と文化の研究", "王, 明", 1809, &[]),
                entry("История России с древнейших времен", "Сергей Соловьев", 1851, &[]),
                entry("История России с древнейших времен", "С. Соловьев", 1851, &[]),
                entry("История России с древнейших времен", "Николай Карамзин", 1851, &[]),
                bare("A title with no authors at all"),
                bare("A title with no authors at all"),
                entry("Faust", "Goethe", 1808, &[]),
                entry("Faust", "Goethe", 1808, &[]),
                set("a,b"),
                set("a,b"),
                set("a,c"),
            ],
            &[&[0, 1], &[2, 3], &[4], &[5, 6], &[7, 8], &[9, 10], &[11]],
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
    fn a_preprint_joins_one_of_two_publications_in_any_order() {
        let title = "Capabilities of big models in medicine";
        let published = |kind: Kind, doi: &str| {
            let ids = [(Scheme::Doi, doi), (Scheme::Arxiv, "2404.18416")];
            Entry { kind, ..entry(title, "Khaled Saab", 2024, &ids) }
        };
        let preprint =
            Entry { kind: Kind::Preprint, ..entry(title, "Khaled Saab", 2024, &[(Scheme::Arxiv, "2404.18416")]) };
        let journal = published(Kind::JournalArticle, "10.1038/nature1");
        let conference = published(Kind::ConferencePaper, "10.1145/conf2");
        for order in
            [[&preprint, &journal, &conference], [&journal, &preprint, &conference], [&journal, &conference, &preprint]]
        {
            assert_eq!(groups(&order, Versions::Together).works.len(), 2);
        }
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

    #[test]
    fn what_belongs_to_the_publication_tells_works_apart() {
        let title = "Measurement of the top quark mass";
        let made = |kind: Kind, year: i32, journal: &str, fields: &[(PlainField, &str)]| {
            let mut entry = entry(title, "J. Roe", year, &[]);
            entry.kind = kind;
            if !journal.is_empty() {
                entry.texts.set(TextField::ContainerTitle, Text::plain(journal));
            }
            for (field, value) in fields {
                entry.plain.set(*field, (*value).to_owned());
            }
            entry
        };
        let article =
            |year, journal: &str, fields: &[(PlainField, &str)]| made(Kind::JournalArticle, year, journal, fields);
        let apart = |one: Entry, other: Entry| check(&[one, other], &[&[0], &[1]]);
        let together = |one: Entry, other: Entry| check(&[one, other], &[&[0, 1]]);
        let volume = |volume| [(PlainField::Volume, volume)];
        apart(article(2005, "Phys. Rev. Lett.", &volume("94")), article(2005, "Phys. Rev. Lett.", &volume("95")));
        apart(article(2005, "Nature", &[]), article(2005, "Science", &[]));
        apart(article(2005, "Nature", &[]), made(Kind::ConferencePaper, 2005, "ICHEP", &[]));
        apart(made(Kind::Book, 2005, "", &volume("1")), made(Kind::Book, 2005, "", &volume("2")));
        let edition = |edition| [(PlainField::Edition, edition)];
        apart(made(Kind::Book, 2005, "", &edition("2")), made(Kind::Book, 2005, "", &edition("third")));
        apart(made(Kind::Report, 2005, "", &[]), made(Kind::DoctoralThesis, 2005, "", &[]));
        apart(article(2005, "Nature", &[]), article(2006, "", &[]));
        let pages = |pages| [(PlainField::Pages, pages)];
        apart(article(2005, "Nature", &pages("1–9")), article(2005, "Nature", &pages("10–19")));
        together(article(2005, "Nature", &pages("1–9")), article(2005, "Nature", &pages("1")));
        together(article(2005, "Phys. Rev. Lett.", &[]), article(2006, "Physical Review Letters", &volume("94")));
        together(article(2005, "Advances in Physics", &[]), made(Kind::ConferencePaper, 2005, "Adv. Phys.", &[]));
        together(made(Kind::Book, 2005, "", &edition("2nd")), made(Kind::Book, 2005, "", &edition("second")));
        together(article(2005, "Nature", &[]), made(Kind::Misc, 2005, "", &[]));
    }

    #[test]
    fn editions_in_two_languages_and_yearly_editorials_are_works_of_their_own() {
        let translated = |translator: &str, language: &str| {
            let mut faust = Entry { kind: Kind::Book, ..entry("Faust und andere Werke", "J. Goethe", 1808, &[]) };
            faust.people.push((Role::Translator, Name::from_display(translator)));
            faust.lists.set(crate::model::ListField::Language, vec![language.into()]);
            faust
        };
        let editorial = |year: i32, volume: Option<&str>| {
            let mut editorial =
                Entry { kind: Kind::JournalArticle, ..entry("Editorial for the issue", "J. Doe", year, &[]) };
            editorial.texts.set(TextField::ContainerTitle, Text::plain("SIGMOD Record"));
            volume.map(|volume| editorial.plain.set(PlainField::Volume, volume.to_owned()));
            editorial
        };
        check(
            &[
                translated("T. A.", "english"),
                translated("U. B.", "english"),
                translated("T. A.", "french"),
                editorial(2001, Some("30")),
                editorial(2002, None),
            ],
            &[&[0], &[1], &[2], &[3], &[4]],
        );
    }

    #[test]
    fn signs_numbers_and_remarks_tell_works_apart() {
        let made = |kind: Kind, title: &str, fields: &[(PlainField, &str)], ids: &[(Scheme, &str)]| {
            let mut entry = entry(title, "J. Roe", 2005, ids);
            entry.kind = kind;
            for (field, value) in fields {
                entry.plain.set(*field, (*value).to_owned());
            }
            entry
        };
        let apart = |one: Entry, other: Entry| check(&[one, other], &[&[0], &[1]]);
        let titled = |title: &str| made(Kind::JournalArticle, title, &[], &[]);
        apart(titled("Production of $\\Lambda_b$ baryons"), titled("Production of $\\Sigma_b$ baryons"));
        apart(titled("Measurement of $B^+$ decays"), titled("Measurement of $B^-$ decays"));
        apart(titled("Programming in C++ for everyone"), titled("Programming in C# for everyone"));
        let numbered = |kind: Kind, field: PlainField, value: &str| {
            made(kind, "Measurement of the top quark mass", &[(field, value)], &[])
        };
        for (kind, field, one, other) in [
            (Kind::Report, PlainField::Number, "TR-12", "TR-13"),
            (Kind::Book, PlainField::Volume, "II-1", "II-2"),
            (Kind::Book, PlainField::Volume, "Vol. 1", "Vol. 2"),
            (Kind::Book, PlainField::Edition, "Revised edition", "Revised 2nd edition"),
            (Kind::JournalArticle, PlainField::ArticleNumber, "123", "456"),
            (Kind::Patent, PlainField::Number, "US123", "US456"),
            (Kind::Chapter, PlainField::Chapter, "1", "2"),
            (Kind::Software, PlainField::Version, "1.0", "2.0"),
        ] {
            apart(numbered(kind, field, one), numbered(kind, field, other));
        }
        let arxiv = [(Scheme::Arxiv, "hep-ex/9801001")];
        let mass = "Measurement of the top mass";
        apart(
            made(Kind::JournalArticle, mass, &[], &arxiv),
            made(Kind::JournalArticle, &format!("Erratum: {mass}"), &[], &arxiv),
        );
    }

    #[test]
    fn a_part_is_never_its_parent() {
        let doi = [(Scheme::Doi, "10.1000/rep")];
        let mut whole = entry("Proceedings of the lattice study", "J. Smith", 2001, &doi);
        whole.kind = Kind::Report;
        whole.key = Some("Rep".to_owned());
        let part = |key: &str, title: &str, pages: &str| {
            let mut part = entry(title, "J. Smith", 2001, &doi);
            part.kind = Kind::Chapter;
            part.key = Some(key.to_owned());
            part.plain.set(PlainField::CrossReference, "rep".to_owned());
            part.plain.set(PlainField::Pages, pages.to_owned());
            part
        };
        check(&[whole, part("pre", "Preface", "1–2"), part("epi", "Epilogue", "90–99")], &[&[0], &[1], &[2]]);
    }

    #[test]
    fn who_fits_two_works_is_neither() {
        let title = "Measurement of the top quark mass";
        let doi = |doi| [(Scheme::Doi, doi)];
        check(
            &[
                entry(title, "J. Roe", 2005, &doi("10.1000/a")),
                entry(title, "J. Roe", 2005, &doi("10.1000/b")),
                entry(title, "J. Roe", 2005, &[]),
            ],
            &[&[0], &[1], &[2]],
        );
    }

    #[test]
    fn a_book_shares_its_identifier_with_no_part_of_it() {
        let doi = [(Scheme::Doi, "10.1000/whole")];
        let mut whole = entry("Proceedings of the Conference on Foo", "A. Editor", 2001, &doi);
        whole.kind = Kind::Proceedings;
        let part = |title: &str, parent: &str| {
            let mut part = entry(title, "X. Author", 2001, &doi);
            part.kind = Kind::ConferencePaper;
            if !parent.is_empty() {
                part.plain.set(PlainField::CrossReference, parent.to_owned());
            }
            part
        };
        let copy = entry("First paper in the conference", "X. Author", 2001, &[(Scheme::Doi, "10.1000/part")]);
        check(
            &[
                whole,
                part("First paper in the conference", "P"),
                part("Second paper in the conference", "P"),
                part("Another one without a parent", ""),
                copy,
            ],
            &[&[0], &[1, 4], &[2], &[3]],
        );
    }

    #[test]
    fn two_publications_of_one_preprint() {
        let title = "Sorting in almost no time at all";
        let made = |kind: Kind, ids: &[(Scheme, &str)]| {
            let mut entry = entry(title, "A. Zed", 2007, ids);
            entry.kind = kind;
            entry
        };
        let arxiv = (Scheme::Arxiv, "0706.1234");
        check(
            &[
                made(Kind::ConferencePaper, &[arxiv, (Scheme::Doi, "10.1000/conf")]),
                made(Kind::JournalArticle, &[arxiv, (Scheme::Doi, "10.1000/jour")]),
                made(Kind::JournalArticle, &[arxiv]),
            ],
            &[&[0], &[1, 2]],
        );
    }
}
