//! A preprint's published version: what the journal reference and the DOI of its record say, in the place of the preprint's
//! own publication.
//!
//! Journal, volume, issue, pages and year come from the reference and from nothing else; the arXiv identifier stays. A
//! reference that is not understood as a whole stays what it is. Knows the model and no format.

mod journal_ref;

pub use journal_ref::{JournalRef, parse};

use crate::model::{ArxivId, DateField, Entry, FieldName, Identifier, Kind, PlainField, Scheme, Text, TextField};
use crate::source::Origin;
use crate::stream::Sourced;

/// The reference of a preprint that is known to be published, where it is understood.
pub fn known(entry: &Entry) -> Option<JournalRef> {
    let reference = entry.texts.get(TextField::JournalRef).filter(|_| entry.kind == Kind::Preprint)?;
    parse(&reference.to_plain())
}

/// Makes a preprint the journal article that it became; false where that is not known.
pub fn publish(sourced: &mut Sourced) -> bool {
    let Some(JournalRef { journal, volume, issue, pages, article, date }) = known(&sourced.entry) else { return false };
    let source = FieldName::Text(TextField::JournalRef);
    let origin = sourced.origins.get(source).cloned();
    let mut took =
        vec![FieldName::Kind, FieldName::Text(TextField::ContainerTitle), FieldName::Date(DateField::Issued)];
    let entry = &mut sourced.entry;
    entry.kind = Kind::JournalArticle;
    entry.texts.set(TextField::ContainerTitle, Text::plain(journal));
    entry.texts.remove(TextField::JournalRef);
    entry.texts.remove(TextField::PublicationState);
    let numbers = [
        (PlainField::Volume, volume),
        (PlainField::Issue, issue),
        (PlainField::Pages, pages.map(|pages| dashed(&pages))),
        (PlainField::ArticleNumber, article),
    ];
    for (field, value) in numbers {
        if let Some(value) = value {
            entry.plain.set(field, value);
            took.push(FieldName::Plain(field));
        }
    }
    // Keys are made of the year in which a paper was first put out.
    if let Some(first) = entry.dates.set(DateField::Issued, date)
        && !entry.dates.contains(DateField::Submitted)
    {
        entry.dates.set(DateField::Submitted, first);
        let read = sourced.origins.get(FieldName::Date(DateField::Issued)).cloned();
        if let Some(read) = read {
            sourced.origins.set(FieldName::Date(DateField::Submitted), read);
        }
    }
    entry.ids.retain(|id| !is_of_arxiv(id));
    sourced.origins.remove(source);
    for field in took {
        sourced.origins.set(field, origin.clone().unwrap_or(Origin::Derived("journal reference")));
    }
    true
}

/// Puts the published version of a work in front of its preprints, which then say only what it does not: the time of the
/// first version, identifiers, what was left out. The first key stays the first.
pub fn lead(entries: &mut [Sourced]) {
    let is_preprint = |sourced: &Sourced| sourced.entry.kind == Kind::Preprint;
    let is_published =
        |sourced: &Sourced| matches!(sourced.entry.kind, Kind::JournalArticle | Kind::ConferencePaper | Kind::Chapter);
    if !entries.iter().any(is_preprint) || !entries.iter().any(is_published) {
        return;
    }
    let keys: Vec<Option<String>> = entries.iter_mut().map(|sourced| sourced.entry.key.take()).collect();
    entries.sort_by_key(|sourced| !is_published(sourced));
    for (sourced, key) in entries.iter_mut().zip(keys) {
        sourced.entry.key = key;
        if is_preprint(sourced) {
            step_back(&mut sourced.entry);
        }
    }
}

/// What a preprint says of its own publication is no difference to that of the journal.
fn step_back(preprint: &mut Entry) {
    if let Some(first) = preprint.dates.remove(DateField::Issued)
        && !preprint.dates.contains(DateField::Submitted)
    {
        preprint.dates.set(DateField::Submitted, first);
    }
    preprint.ids.retain(|id| !is_of_arxiv(id));
    preprint.texts.remove(TextField::PublicationState);
}

/// The DOI that arXiv registers names the preprint, as the identifier beside it does.
fn is_of_arxiv(id: &Identifier) -> bool {
    id.scheme() == Scheme::Doi && id.value().starts_with("10.48550/") && ArxivId::parse(&id.value()).is_some()
}

/// A range of pages with one dash and no blanks round it.
fn dashed(pages: &str) -> String {
    match pages.split_once(['-', '–']) {
        Some((from, to)) => format!("{}–{}", from.trim(), to.trim_start_matches(['-', '–', ' '])),
        None => pages.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{DateChoice, Record};
    use crate::source::Origins;

    fn sourced(journal_ref: &str) -> Sourced {
        let record = Record {
            id: "0704.0001".to_owned(),
            title: "A paper".to_owned(),
            doi: "10.1103/PhysRevD.76.013009".to_owned(),
            journal_ref: journal_ref.to_owned(),
            ..Record::default()
        };
        Sourced { entry: record.to_entry(None, DateChoice::First), origins: Origins::new(), span: None }
    }

    #[test]
    fn a_reference_becomes_the_publication() {
        let mut work = sourced("Phys.Rev.D76:013009,2007");
        assert!(publish(&mut work));
        let entry = work.entry;
        assert_eq!(entry.kind, Kind::JournalArticle);
        assert_eq!(entry.texts.get(TextField::ContainerTitle).map(Text::to_plain).as_deref(), Some("Phys.Rev.D"));
        assert_eq!(entry.plain.get(PlainField::Volume).map(String::as_str), Some("76"));
        assert_eq!(entry.doi(), Some("10.1103/PhysRevD.76.013009"));
        assert_eq!(entry.arxiv().map(ArxivId::id), Some("0704.0001"));
        assert!(!entry.texts.contains(TextField::JournalRef));
        assert_eq!(entry.dates.get(DateField::Submitted).map(ToString::to_string).as_deref(), Some("2007-04"));
    }

    #[test]
    fn a_reference_that_is_not_understood_stays() {
        let mut work = sourced("Phys.Rev.D76:013009,2007; Erratum-ibid. D77 (2008) 1");
        let before = work.clone();
        assert!(!publish(&mut work));
        assert_eq!(work, before);
    }
}
