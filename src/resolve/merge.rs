//! Filling an entry from its record. Which value wins where both have one, and what is said:
//!
//! | field | read whole, agrees | read whole, disagrees | read cut |
//! |---|---|---|---|
//! | kind | record, if what was read is `misc` | read | – |
//! | arXiv id | read, with its version; `unknown-version` if the record has no such version | (no match) | – |
//! | DOI | read | both, the read one first; conflict | – |
//! | title, comment, journal reference, abstract | record: it has the mathematics and the letter case | read; conflict | record; conflict if the title does not begin so |
//! | title that holds the record's title and more (names, marks) | – | record; `read` if the rest tells papers apart | record |
//! | classes | record | read; conflict | record |
//! | authors, same people in the same order | the list that spells more of the names | – | record |
//! | authors, some missing, or in another order | – | record; conflict | record |
//! | authors, somebody whom the record does not know | – | read; conflict that shows both lists | record; conflict |
//! | date to cite, as far as both say it | the finer one | – | record |
//! | date of another version of the paper | – | record's choice (`--date`); conflict | record |
//! | another date, such as a journal's | – | read; conflict | record |
//! | URL | record, if it is the paper's page | read (the id gives the record's) | – |
//!
//! "Conflict" is a `value-conflict` that says which value is kept. A cut value never overrides a whole one.

use super::{Options, author_key, titles};
use crate::diagnostic::{Diagnostic, Rule};
use crate::fold::fold;
use crate::model::{
    ArxivId, Date, DateField, Entry, FieldName, Identifier, Kind, ListField, Name, PlainField, Role, Scheme, Text,
    TextField,
};
use crate::record::Record;
use crate::source::Origin;
use crate::stream::{Sink, Sourced};

/// Fills the entry; returns the fields that the record filled or replaced.
///
/// `dated` names the catalogs in messages.
pub(super) fn fill(
    sourced: &mut Sourced,
    record: &Record,
    options: &Options,
    dated: &str,
    sink: &mut dyn Sink,
) -> Vec<FieldName> {
    let pinned = sourced.entry.arxiv().and_then(ArxivId::version);
    let theirs = record.to_entry(pinned, options.date);
    let mut filling = Filling { sourced, record, filled: Vec::new(), conflicts: Vec::new() };
    filling.version(pinned, dated);
    filling.kind(theirs.kind);
    filling.identifiers(&theirs);
    filling.texts(&theirs, options);
    filling.lists(theirs.lists.iter());
    filling.people(&theirs);
    filling.dates(&theirs);
    filling.url(&theirs);
    for diagnostic in filling.conflicts {
        sink.report(diagnostic);
    }
    filling.filled
}

/// Which value a conflict ends with.
#[derive(Clone, Copy)]
enum Kept {
    Read,
    Record,
    Both,
}

struct Filling<'f> {
    sourced: &'f mut Sourced,
    record: &'f Record,
    filled: Vec<FieldName>,
    conflicts: Vec<Diagnostic>,
}

impl Filling<'_> {
    /// Notes that a field's value is the record's.
    fn took(&mut self, field: FieldName) {
        self.took_from(field, Origin::Catalog { record: self.record.id.clone() });
    }

    fn took_from(&mut self, field: FieldName, origin: Origin) {
        self.sourced.origins.set(field, origin);
        self.filled.push(field);
    }

    fn conflict(&mut self, field: FieldName, mine: &str, theirs: &str, kept: Kept) {
        let place = match self.sourced.origins.get(field) {
            Some(Origin::Read { span, .. }) => Some(*span),
            _ => self.sourced.span,
        };
        let message = format!(
            "the {field} that was read, \"{}\", is \"{}\" in the record arXiv:{}",
            short(mine),
            short(theirs),
            self.record.id
        );
        let diagnostic =
            Diagnostic::new(Rule::ValueConflict, message).at(place).field(field).key(self.sourced.entry.key.as_deref());
        self.conflicts.push(diagnostic.help(match kept {
            Kept::Read => "the value that was read is kept",
            Kept::Record => "the record's value is taken",
            Kept::Both => "both are kept, the one that was read first",
        }));
    }

    /// A version that was asked for and that the record does not have.
    fn version(&mut self, pinned: Option<u16>, dated: &str) {
        let latest = self.record.latest_version();
        let Some(pinned) = pinned.filter(|pinned| latest > 0 && *pinned > latest) else { return };
        let message =
            format!("arXiv:{}v{pinned} was asked for, but v{latest} is the last version in {dated}", self.record.id);
        let diagnostic = Diagnostic::new(Rule::UnknownVersion, message).at(self.sourced.span);
        let diagnostic = diagnostic.key(self.sourced.entry.key.as_deref());
        self.conflicts.push(diagnostic.help("correct the version, or leave it out to cite the paper"));
    }

    fn kind(&mut self, theirs: Kind) {
        if self.sourced.entry.kind == Kind::Misc && theirs != Kind::Misc {
            self.sourced.entry.kind = theirs;
            self.took(FieldName::Kind);
        }
    }

    fn identifiers(&mut self, theirs: &Entry) {
        let is_published = |id: &&Identifier| id.scheme() == Scheme::Doi && !is_archives_doi(id);
        let read: Vec<Identifier> = self.sourced.entry.ids.iter().filter(is_published).cloned().collect();
        let of_record: Vec<&Identifier> = theirs.ids.iter().filter(is_published).collect();
        let disagrees =
            !of_record.is_empty() && !of_record.iter().any(|id| read.iter().any(|mine| same_identifier(mine, id)));
        if let (Some(mine), Some(first), true) = (read.first(), of_record.first(), disagrees) {
            self.conflict(FieldName::Id(Scheme::Doi), &mine.value(), &first.value(), Kept::Both);
        }
        for id in &theirs.ids {
            let have = self.sourced.entry.ids.iter().any(|mine| same_identifier(mine, id));
            // The archive's DOI names the copy there, which what appeared elsewhere is not.
            if !have && (self.is_archives() || !is_archives_doi(id)) {
                self.identifier(id, !read.is_empty());
            }
        }
    }

    /// Whether the entry is of the paper as it is in the archive.
    fn is_archives(&self) -> bool {
        let kind = self.sourced.entry.kind;
        matches!(kind, Kind::Preprint | Kind::Misc | Kind::Unpublished | Kind::Webpage | Kind::Report)
    }

    /// Adds an identifier of the record. The archive's own come first, but no DOI before one that was read.
    fn identifier(&mut self, id: &Identifier, has_read_doi: bool) {
        let (field, ids) = (FieldName::Id(id.scheme()), &mut self.sourced.entry.ids);
        let is_derived = is_archives_doi(id);
        match id {
            Identifier::Arxiv(_) => ids.insert(0, id.clone()),
            Identifier::Other(..) if is_derived && !has_read_doi => {
                let at = usize::from(ids.first().is_some_and(|first| first.scheme() == Scheme::Arxiv));
                ids.insert(at, id.clone());
            }
            Identifier::Other(..) => ids.push(id.clone()),
        }
        if is_derived && !has_read_doi {
            self.took_from(field, Origin::Derived("the arXiv identifier"));
        } else if self.sourced.origins.get(field).is_none() {
            self.took(field);
        }
    }

    fn texts(&mut self, theirs: &Entry, options: &Options) {
        for (field, text) in theirs.texts.iter() {
            let name = FieldName::Text(field);
            let cut = self.sourced.origins.is_cut(name);
            let mine = self.sourced.entry.texts.get(field).map(Text::to_plain);
            match mine {
                Some(_) if field == TextField::Abstract && cut && options.keep_cut => {}
                Some(mine) if !cut && !is_same_or_within(field, &mine, &text.to_plain()) => {
                    self.conflict(name, &mine, &text.to_plain(), Kept::Read);
                }
                mine => {
                    if let Some(mine) =
                        mine.filter(|mine| cut && field == TextField::Title && !begins(&text.to_plain(), mine))
                    {
                        self.conflict(name, &mine, &text.to_plain(), Kept::Record);
                    }
                    self.sourced.entry.texts.set(field, text.clone());
                    self.took(name);
                }
            }
        }
        let name = FieldName::Text(TextField::Abstract);
        if self.sourced.origins.is_cut(name) && !options.keep_cut {
            self.sourced.entry.texts.remove(TextField::Abstract);
            self.sourced.origins.remove(name);
        }
    }

    fn lists<'l>(&mut self, lists: impl Iterator<Item = (ListField, &'l Vec<Text>)>) {
        for (field, list) in lists {
            let mine = self.sourced.entry.lists.get(field);
            let agrees = mine.is_none_or(|mine| mine.iter().all(|item| list.contains(item)));
            if agrees {
                self.sourced.entry.lists.set(field, list.clone());
                self.took(FieldName::List(field));
            } else {
                let join = |list: &[Text]| list.iter().map(Text::to_plain).collect::<Vec<_>>().join(", ");
                let mine = mine.map_or_else(String::new, |mine| join(mine));
                self.conflict(FieldName::List(field), &mine, &join(list), Kept::Read);
            }
        }
    }

    fn people(&mut self, theirs: &Entry) {
        let field = FieldName::People(Role::Author);
        let known: Vec<String> = theirs.authors().map(author_key).collect();
        if known.is_empty() {
            return;
        }
        let mine: Vec<Name> = self.sourced.entry.authors().filter(|name| !name.is_others()).cloned().collect();
        let cut = self.sourced.origins.is_cut(field) || self.sourced.entry.authors().any(Name::is_others);
        let keys: Vec<String> = mine.iter().map(author_key).collect();
        let strangers = keys.iter().filter(|key| !known.contains(key)).count();
        // A cut list may end in the middle of a name.
        let has_strangers = strangers > usize::from(self.sourced.origins.is_cut(field));
        let is_same = keys == known;
        if is_same && !cut && letters(mine.iter()) > letters(theirs.authors()) {
            return;
        }
        if !mine.is_empty() && (has_strangers || !(is_same || cut)) {
            let names =
                |names: &mut dyn Iterator<Item = &Name>| names.map(Name::display).collect::<Vec<_>>().join(", ");
            let kept = if has_strangers && !cut { Kept::Read } else { Kept::Record };
            self.conflict(field, &names(&mut mine.iter()), &names(&mut theirs.authors()), kept);
            if has_strangers && !cut {
                return;
            }
        }
        self.sourced.entry.people.retain(|(role, _)| *role != Role::Author);
        self.sourced.entry.people.splice(0..0, theirs.people.iter().filter(|(role, _)| *role == Role::Author).cloned());
        self.took(field);
    }

    fn dates(&mut self, theirs: &Entry) {
        for (field, date) in theirs.dates.iter() {
            let name = FieldName::Date(field);
            // The day of a preprint is not that of its publication.
            let is_published = self.sourced.entry.kind.is_published();
            if field == DateField::Issued && is_published && self.sourced.entry.dates.contains(field) {
                continue;
            }
            if let Some(mine) = self.sourced.entry.dates.get(field).filter(|_| !self.sourced.origins.is_cut(name)) {
                let (mine, chosen) = (mine.clone(), date.to_string());
                if mine.to_string().starts_with(&chosen) {
                    continue;
                }
                // The other dates of an entry name their version.
                if !chosen.starts_with(&mine.to_string()) && field == DateField::Issued {
                    let kept = if self.is_date_of_a_version(&mine) { Kept::Record } else { Kept::Read };
                    self.conflict(name, &mine.to_string(), &chosen, kept);
                    if matches!(kept, Kept::Read) {
                        continue;
                    }
                }
            }
            self.sourced.entry.dates.set(field, date.clone());
            if self.record.version_date(1).is_some() {
                self.took(name);
            } else {
                self.took_from(name, Origin::Derived("the arXiv identifier"));
            }
        }
    }

    /// Whether a date that was read is known to be that of some version, as precisely as it says.
    fn is_date_of_a_version(&self, date: &Date) -> bool {
        let Some(mine) = date.first() else { return false };
        let versions = self.record.versions.iter().filter_map(crate::record::Version::date);
        versions.chain(self.record.first_date()).any(|day| {
            day.year == mine.year
                && (mine.month.is_none() || mine.month == day.month)
                && (mine.day.is_none() || mine.day == day.day)
        })
    }

    fn url(&mut self, theirs: &Entry) {
        let Some(url) = theirs.plain.get(PlainField::Url).filter(|_| self.is_archives()) else { return };
        let foreign =
            |mine: &String| ArxivId::parse(mine).is_none_or(|id| Some(id.id()) != theirs.arxiv().map(ArxivId::id));
        if self.sourced.entry.plain.get(PlainField::Url).is_some_and(foreign) {
            return;
        }
        self.sourced.entry.plain.set(PlainField::Url, url.clone());
        self.took_from(FieldName::Plain(PlainField::Url), Origin::Derived("the arXiv identifier"));
    }
}

/// Whether a DOI is the one that the archive registers for every paper.
fn is_archives_doi(id: &Identifier) -> bool {
    matches!(id, Identifier::Other(Scheme::Doi, doi) if doi.starts_with("10.48550/"))
}

/// Whether a text that was read is the record's, or a title that has the record's in it beside names, marks and the like.
fn is_same_or_within(field: TextField, mine: &str, theirs: &str) -> bool {
    /// A shorter title may stand in another by chance.
    const LETTERS: usize = 20;
    let (mine_folded, theirs_folded) = (fold(mine), fold(theirs));
    mine_folded == theirs_folded
        || field == TextField::Title
            && theirs_folded.len() >= LETTERS
            && mine_folded.contains(&theirs_folded)
            && !titles::extra_tells_apart(mine, theirs)
}

/// Whether a whole text begins as a cut one does, whose last word may be cut too.
fn begins(whole: &str, cut: &str) -> bool {
    let cut = cut.trim_end_matches(['.', '…', ' ']);
    let solid = cut.rsplit_once(char::is_whitespace).map_or("", |(solid, _)| solid);
    fold(whole).starts_with(&fold(solid))
}

/// How many letters a list of names spells out.
fn letters<'n>(names: impl Iterator<Item = &'n Name>) -> usize {
    names.map(|name| fold(&name.display()).len()).sum()
}

fn same_identifier(one: &Identifier, other: &Identifier) -> bool {
    match (one, other) {
        (Identifier::Arxiv(one), Identifier::Arxiv(other)) => one.id() == other.id(),
        (Identifier::Other(scheme, one), Identifier::Other(other_scheme, other)) => {
            scheme == other_scheme && one.eq_ignore_ascii_case(other)
        }
        (Identifier::Arxiv(_), Identifier::Other(..)) | (Identifier::Other(..), Identifier::Arxiv(_)) => false,
    }
}

/// The beginning of a value, for a message.
fn short(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
