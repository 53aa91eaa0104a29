//! Filling an entry from its record: the record fills what the input left out, a cut value never overrides a whole one,
//! and where the input disagrees it is kept and the disagreement reported.

use super::{Options, author_key};
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
pub(super) fn fill(sourced: &mut Sourced, record: &Record, options: &Options, sink: &mut dyn Sink) -> Vec<FieldName> {
    let pinned = sourced.entry.arxiv().and_then(ArxivId::version);
    let theirs = record.to_entry(pinned, options.date);
    let mut filling = Filling { sourced, record, filled: Vec::new(), conflicts: Vec::new() };
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

    fn conflict(&mut self, field: FieldName, mine: &str, theirs: &str) {
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
        self.conflicts.push(diagnostic.help("the value that was read is kept"));
    }

    fn kind(&mut self, theirs: Kind) {
        if self.sourced.entry.kind == Kind::Misc && theirs != Kind::Misc {
            self.sourced.entry.kind = theirs;
            self.took(FieldName::Kind);
        }
    }

    fn identifiers(&mut self, theirs: &Entry) {
        for id in &theirs.ids {
            let have = self.sourced.entry.ids.iter().any(|mine| same_identifier(mine, id));
            if have {
                continue;
            }
            let field = FieldName::Id(id.scheme());
            match id {
                // The archive's own identifiers come first.
                Identifier::Arxiv(_) => self.sourced.entry.ids.insert(0, id.clone()),
                Identifier::Other(Scheme::Doi, doi) if doi.starts_with("10.48550/") => {
                    let at = usize::from(self.sourced.entry.arxiv().is_some());
                    self.sourced.entry.ids.insert(at, id.clone());
                    self.took_from(field, Origin::Derived("the arXiv identifier"));
                    continue;
                }
                Identifier::Other(..) => self.sourced.entry.ids.push(id.clone()),
            }
            if self.sourced.origins.get(field).is_none() {
                self.took(field);
            }
        }
    }

    fn texts(&mut self, theirs: &Entry, options: &Options) {
        for (field, text) in theirs.texts.iter() {
            let name = FieldName::Text(field);
            let cut = self.sourced.origins.is_cut(name);
            let mine = self.sourced.entry.texts.get(field).map(Text::to_plain);
            match mine {
                Some(_) if field == TextField::Abstract && cut && options.keep_cut => {}
                // The record's wording has the mathematics and the letter case that copies lose.
                Some(mine) if !cut && fold(&mine) != fold(&text.to_plain()) => {
                    self.conflict(name, &mine, &text.to_plain());
                }
                Some(_) | None => {
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
                self.conflict(FieldName::List(field), &mine, &join(list));
            }
        }
    }

    /// The record's list is complete and in order; a list that was read may be cut, sorted, or one institution's part.
    fn people(&mut self, theirs: &Entry) {
        let field = FieldName::People(Role::Author);
        let known: Vec<String> = theirs.authors().map(author_key).collect();
        if known.is_empty() {
            return;
        }
        let mine: Vec<&Name> = self.sourced.entry.authors().filter(|name| !name.is_others()).collect();
        let cut = self.sourced.origins.is_cut(field);
        let strangers: Vec<&Name> = mine.iter().copied().filter(|name| !known.contains(&author_key(name))).collect();
        // A cut list may end in the middle of a name.
        let disagrees = strangers.len() > usize::from(cut);
        if disagrees {
            let names =
                |names: &mut dyn Iterator<Item = &Name>| names.map(Name::display).collect::<Vec<_>>().join(", ");
            let (mine, all) = (names(&mut strangers.iter().copied()), names(&mut theirs.authors()));
            self.conflict(field, &mine, &all);
            return;
        }
        self.sourced.entry.people.retain(|(role, _)| *role != Role::Author);
        self.sourced.entry.people.splice(0..0, theirs.people.iter().filter(|(role, _)| *role == Role::Author).cloned());
        self.took(field);
    }

    fn dates(&mut self, theirs: &Entry) {
        for (field, date) in theirs.dates.iter() {
            let name = FieldName::Date(field);
            let mine = self.sourced.entry.dates.get(field);
            if field == DateField::Issued && mine.is_some_and(|mine| !self.is_date_of_a_version(mine)) {
                let mine = mine.map(ToString::to_string).unwrap_or_default();
                self.conflict(name, &mine, &date.to_string());
                continue;
            }
            self.sourced.entry.dates.set(field, date.clone());
            if self.record.version_date(1).is_some() {
                self.took(name);
            } else {
                self.took_from(name, Origin::Derived("the arXiv identifier"));
            }
        }
    }

    /// Whether a date that was read is that of some version, as precisely as it says.
    fn is_date_of_a_version(&self, date: &Date) -> bool {
        let Some(mine) = date.first() else { return false };
        let versions = self.record.versions.iter().filter_map(crate::record::Version::date);
        let fits = |day: &crate::model::Day| {
            day.year == mine.year
                && (mine.month.is_none() || day.month.is_none() || mine.month == day.month)
                && (mine.day.is_none() || day.day.is_none() || mine.day == day.day)
        };
        // A version whose date is not known may be of any date.
        let undated = self.record.versions.iter().any(|version| version.date().is_none());
        undated || versions.chain(self.record.first_date()).any(|day| fits(&day))
    }

    fn url(&mut self, theirs: &Entry) {
        let Some(url) = theirs.plain.get(PlainField::Url) else { return };
        let foreign =
            |mine: &String| ArxivId::parse(mine).is_none_or(|id| Some(id.id()) != theirs.arxiv().map(ArxivId::id));
        if self.sourced.entry.plain.get(PlainField::Url).is_some_and(foreign) {
            return;
        }
        self.sourced.entry.plain.set(PlainField::Url, url.clone());
        self.took_from(FieldName::Plain(PlainField::Url), Origin::Derived("the arXiv identifier"));
    }
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
