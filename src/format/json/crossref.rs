//! Crossref: works of the REST API. Source: <https://github.com/CrossRef/rest-api-doc>, `api_format.md`.
//!
//! Titles are lists, dates are parts, abstracts are JATS.

use super::draft::{Draft, Place, Row, all, find, first, kind, name, scalar};
use crate::model::{ArxivId, DateField, Identifier, Kind, ListField, Name, PlainField, Role, Scheme, TextField};
use serde_json::Value;

const FIELDS: [Row; 36] = [
    ("title", Place::Text(TextField::Title)),
    ("subtitle", Place::Text(TextField::Subtitle)),
    ("short-title", Place::Text(TextField::ShortTitle)),
    ("original-title", Place::Text(TextField::OriginalTitle)),
    ("short-container-title", Place::Text(TextField::ContainerShortTitle)),
    ("container-title-short", Place::Text(TextField::ContainerShortTitle)),
    ("abstract", Place::Text(TextField::Abstract)),
    ("event.name", Place::Text(TextField::EventTitle)),
    ("degree", Place::Text(TextField::Genre)),
    ("status", Place::Text(TextField::Status)),
    ("event.location", Place::List(ListField::EventPlace)),
    ("publisher", Place::List(ListField::Publisher)),
    ("publisher-location", Place::List(ListField::Place)),
    ("institution.name", Place::List(ListField::Institution)),
    ("subject", Place::List(ListField::Keyword)),
    ("language", Place::List(ListField::Language)),
    ("volume", Place::Plain(PlainField::Volume)),
    ("issue", Place::Plain(PlainField::Issue)),
    ("page", Place::Plain(PlainField::Pages)),
    ("article-number", Place::Plain(PlainField::ArticleNumber)),
    ("edition-number", Place::Plain(PlainField::Edition)),
    ("part-number", Place::Plain(PlainField::Part)),
    ("component-number", Place::Plain(PlainField::Number)),
    ("issued", Place::Date(DateField::Issued)),
    ("published", Place::Date(DateField::Issued)),
    ("published-print", Place::Date(DateField::Issued)),
    ("published-online", Place::Date(DateField::Issued)),
    ("posted", Place::Date(DateField::Issued)),
    ("event.start", Place::Date(DateField::Event)),
    ("DOI", Place::Id(Scheme::Doi)),
    ("ISBN", Place::Id(Scheme::Isbn)),
    ("ISSN", Place::Id(Scheme::Issn)),
    ("report-number", Place::Id(Scheme::ReportNumber)),
    ("license.URL", Place::Text(TextField::Rights)),
    ("group-title", Place::Foreign),
    ("archive", Place::Foreign),
];

/// `type`.
const KINDS: [(&str, Kind); 32] = [
    ("journal-article", Kind::JournalArticle),
    ("proceedings-article", Kind::ConferencePaper),
    ("posted-content", Kind::Preprint),
    ("book-chapter", Kind::Chapter),
    ("book-section", Kind::Chapter),
    ("book-part", Kind::Chapter),
    ("book-track", Kind::Chapter),
    ("book", Kind::Book),
    ("monograph", Kind::Book),
    ("edited-book", Kind::Collection),
    ("reference-book", Kind::Reference),
    ("reference-entry", Kind::ReferenceEntry),
    ("book-set", Kind::MultiVolumeBook),
    ("book-series", Kind::MultiVolumeBook),
    ("proceedings", Kind::Proceedings),
    ("proceedings-series", Kind::Proceedings),
    ("dissertation", Kind::Thesis),
    ("report", Kind::Report),
    ("report-component", Kind::Report),
    ("report-series", Kind::Report),
    ("standard", Kind::Standard),
    ("standard-series", Kind::Standard),
    ("dataset", Kind::Dataset),
    ("database", Kind::Dataset),
    ("peer-review", Kind::Review),
    ("journal", Kind::Periodical),
    ("journal-issue", Kind::Periodical),
    ("journal-volume", Kind::Periodical),
    ("software", Kind::Software),
    ("component", Kind::Misc),
    ("grant", Kind::Misc),
    ("other", Kind::Misc),
];

const ROLES: [(&str, Role); 4] =
    [("author", Role::Author), ("editor", Role::Editor), ("translator", Role::Translator), ("chair", Role::Organizer)];

pub(super) fn read(record: &Value, draft: &mut Draft<'_>) {
    let word = first(record, "type").unwrap_or_default();
    let found = kind(&KINDS, &word);
    draft.entry.kind = found.unwrap_or(Kind::Misc);
    if found.is_none() && !word.is_empty() {
        draft.foreign("type", word);
    }
    containers(record, draft);
    draft.fields(record, &FIELDS);
    for (member, role) in ROLES {
        draft.people(role, find(record, member).into_iter().filter_map(person));
    }
    if let Some(id) = arxiv_of(record) {
        draft.entry.add_id(Identifier::Arxiv(id.with_version(None)));
    }
    let addresses = [first(record, "resource.primary.URL"), first(record, "URL")];
    addresses.iter().flatten().for_each(|address| draft.url(address));
}

/// A chapter with two containers stands in a book of a series: the series comes first.
fn containers(record: &Value, draft: &mut Draft<'_>) {
    let titles = all(record, "container-title");
    let in_book = matches!(draft.entry.kind, Kind::Chapter | Kind::ConferencePaper | Kind::ReferenceEntry);
    match titles.as_slice() {
        [series, .., container] if in_book => {
            draft.text(TextField::ContainerTitle, container);
            draft.text(TextField::Series, series);
        }
        [series, ..] if matches!(draft.entry.kind, Kind::Book | Kind::Collection | Kind::Proceedings) => {
            draft.text(TextField::Series, series);
        }
        [container, ..] => draft.text(TextField::ContainerTitle, container),
        [] => {}
    }
}

/// A person in parts, or a body by its name.
fn person(value: &Value) -> Option<Name> {
    let part = |member: &str| value.get(member).and_then(scalar).unwrap_or_default();
    let (family, given, suffix) = (part("family"), part("given"), part("suffix"));
    if !family.is_empty() {
        return Some(Name::from_parts(&family, &given, &suffix));
    }
    if !given.is_empty() {
        return Some(name(&given));
    }
    value.get("name").and_then(scalar).map(Name::Literal)
}

/// The preprint of a published work, where the publisher or the preprint server has said so.
fn arxiv_of(record: &Value) -> Option<ArxivId> {
    let relations = record.get("relation")?;
    let paths = ["has-preprint.id", "is-same-as.id", "is-version-of.id"];
    paths.iter().flat_map(|path| all(relations, path)).find_map(|id| ArxivId::parse(&id))
}
