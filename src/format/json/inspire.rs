//! INSPIRE: literature records. Source: inspire-schemas, `hep.json`.
//!
//! Names are `Last, First`; of several titles and abstracts arXiv's own is taken. A record with an e-print and no journal is
//! the preprint.

use super::draft::{Draft, Place, Row, all, arxiv_record, find, first, kind, name};
use crate::model::{ArxivId, DateField, Identifier, Kind, ListField, Name, PlainField, Role, Scheme, TextField};
use crate::record::Record;
use serde_json::Value;

const FIELDS: [Row; 28] = [
    ("titles.subtitle", Place::Text(TextField::Subtitle)),
    ("publication_info.journal_title", Place::Text(TextField::ContainerTitle)),
    ("publication_info.conf_acronym", Place::Text(TextField::EventTitle)),
    ("public_notes.value", Place::Text(TextField::Note)),
    ("license.url", Place::Text(TextField::Rights)),
    ("license.license", Place::Text(TextField::Rights)),
    ("book_series.title", Place::Text(TextField::Series)),
    ("imprints.publisher", Place::List(ListField::Publisher)),
    ("imprints.place", Place::List(ListField::Place)),
    ("thesis_info.institutions.name", Place::List(ListField::Institution)),
    ("languages", Place::List(ListField::Language)),
    ("publication_info.journal_volume", Place::Plain(PlainField::Volume)),
    ("publication_info.journal_issue", Place::Plain(PlainField::Issue)),
    ("publication_info.artid", Place::Plain(PlainField::ArticleNumber)),
    ("book_series.volume", Place::Plain(PlainField::Number)),
    ("number_of_pages", Place::Plain(PlainField::PageTotal)),
    ("editions", Place::Plain(PlainField::Edition)),
    ("imprints.date", Place::Date(DateField::Issued)),
    ("thesis_info.date", Place::Date(DateField::Issued)),
    ("publication_info.year", Place::Date(DateField::Issued)),
    ("preprint_date", Place::Date(DateField::Issued)),
    ("earliest_date", Place::Date(DateField::Issued)),
    ("dois.value", Place::Id(Scheme::Doi)),
    ("isbns.value", Place::Id(Scheme::Isbn)),
    ("report_numbers.value", Place::Id(Scheme::ReportNumber)),
    ("control_number", Place::Id(Scheme::Inspire)),
    ("collaborations.value", Place::Foreign),
    ("publication_info.pubinfo_freetext", Place::Foreign),
];

/// `document_type`.
const KINDS: [(&str, Kind); 9] = [
    ("article", Kind::JournalArticle),
    ("conference paper", Kind::ConferencePaper),
    ("thesis", Kind::Thesis),
    ("book", Kind::Book),
    ("book chapter", Kind::Chapter),
    ("proceedings", Kind::Proceedings),
    ("report", Kind::Report),
    ("activity report", Kind::Report),
    ("note", Kind::Report),
];

pub(super) fn read(record: &Value, draft: &mut Draft<'_>) {
    let arxiv = first(record, "arxiv_eprints.value").and_then(|id| ArxivId::parse(&id));
    let title = preferred(record, "titles", "title");
    let abstract_text = preferred(record, "abstracts", "value");
    let word = first(record, "document_type").unwrap_or_default();
    let published = first(record, "publication_info.journal_title").is_some()
        || matches!(word.as_str(), "thesis" | "book" | "proceedings" | "book chapter");
    match &arxiv {
        Some(id) if !published => draft.preprint(&preprint(record, id, title, abstract_text)),
        _ => {
            draft.entry.kind = kind_of(record, &word);
            if let Some(id) = &arxiv {
                draft.also_on_arxiv(id);
            }
            if let Some(text) = &title {
                draft.text(TextField::Title, text);
            }
            if let Some(text) = &abstract_text {
                draft.text(TextField::Abstract, text);
            }
            arxivs_own(record, draft);
        }
    }
    pages(record, draft);
    for key in all(record, "texkeys").into_iter().take(1) {
        draft.entry.key = Some(key);
    }
    for id in find(record, "external_system_identifiers") {
        if let (Some("ADS"), Some(code)) = (first(id, "schema").as_deref(), first(id, "value")) {
            draft.id(Scheme::Bibcode, &code);
        }
    }
    draft.fields(record, &FIELDS);
    people(record, draft);
}

/// The preprint as arXiv describes it, as far as INSPIRE says what arXiv says.
fn preprint(record: &Value, id: &ArxivId, title: Option<String>, abstract_text: Option<String>) -> Record {
    let dois = find(record, "dois").into_iter().filter(|doi| first(doi, "material").as_deref() != Some("erratum"));
    Record {
        categories: all(record, "arxiv_eprints.categories").join(" "),
        comments: arxiv_comment(record).unwrap_or_default(),
        doi: dois.filter_map(|doi| first(doi, "value")).collect::<Vec<_>>().join(" "),
        license: first(record, "license.url").unwrap_or_default(),
        ..arxiv_record(id, title, abstract_text, &first(record, "preprint_date").unwrap_or_default())
    }
}

/// What arXiv says of a work that is published elsewhere.
fn arxivs_own(record: &Value, draft: &mut Draft<'_>) {
    for class in all(record, "arxiv_eprints.categories") {
        draft.item(ListField::Category, &class);
    }
    if let Some(comment) = &arxiv_comment(record) {
        draft.text(TextField::Comment, comment);
    }
}

fn arxiv_comment(record: &Value) -> Option<String> {
    let from_arxiv = |note: &&Value| first(note, "source").is_some_and(|source| source.eq_ignore_ascii_case("arxiv"));
    find(record, "public_notes").into_iter().find(from_arxiv).and_then(|note| first(note, "value"))
}

/// The value whose source is arXiv, else the first.
fn preferred(record: &Value, list: &str, member: &str) -> Option<String> {
    let values = find(record, list);
    let from_arxiv =
        |value: &&&Value| first(value, "source").is_some_and(|source| source.eq_ignore_ascii_case("arxiv"));
    values.iter().find(from_arxiv).or_else(|| values.first()).and_then(|value| first(value, member))
}

fn kind_of(record: &Value, word: &str) -> Kind {
    let degree = first(record, "thesis_info.degree_type").unwrap_or_default().to_lowercase();
    match (word, degree.as_str()) {
        ("thesis", "phd") => Kind::DoctoralThesis,
        ("thesis", "master" | "diploma") => Kind::MastersThesis,
        _ => kind(&KINDS, word).unwrap_or(Kind::Misc),
    }
}

fn pages(record: &Value, draft: &mut Draft<'_>) {
    let (from, to) = (first(record, "publication_info.page_start"), first(record, "publication_info.page_end"));
    match (from, to) {
        (Some(from), Some(to)) => draft.plain(PlainField::Pages, &format!("{from}–{to}")),
        (Some(page), None) => draft.plain(PlainField::Pages, &page),
        (None, _) => {}
    }
}

fn people(record: &Value, draft: &mut Draft<'_>) {
    for author in find(record, "authors") {
        let Some(full_name) = first(author, "full_name") else { continue };
        let is_editor = all(author, "inspire_roles").iter().any(|role| role == "editor");
        draft.people(if is_editor { Role::Editor } else { Role::Author }, [name(&full_name)]);
    }
    draft.people(Role::Author, all(record, "corporate_author").into_iter().map(Name::Literal));
    // A thesis on arXiv keeps its e-print's identifier beside the ones of its own.
    if draft.entry.kind != Kind::Preprint {
        let more = all(record, "arxiv_eprints.value").into_iter().skip(1).filter_map(|id| ArxivId::parse(&id));
        more.for_each(|id| draft.entry.add_id(Identifier::Arxiv(id.with_version(None))));
    }
}
