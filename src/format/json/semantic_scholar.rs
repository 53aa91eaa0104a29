//! Semantic Scholar: papers of the Academic Graph API. Source: api.semanticscholar.org/api-docs.
//!
//! A paper unites its preprint and its published version; it is a preprint where no journal or venue but arXiv is named.

use super::draft::{Draft, Place, Row, all, arxiv_record, find, first, kind};
use crate::model::{ArxivId, DateField, Kind, PlainField, Role, Scheme, TextField};
use crate::record::author_from_display;
use serde_json::Value;

const FIELDS: [Row; 13] = [
    ("title", Place::Text(TextField::Title)),
    ("abstract", Place::Text(TextField::Abstract)),
    ("externalIds.DOI", Place::Id(Scheme::Doi)),
    ("doi", Place::Id(Scheme::Doi)),
    ("externalIds.PubMed", Place::Id(Scheme::Pmid)),
    ("externalIds.PubMedCentral", Place::Id(Scheme::Pmcid)),
    ("externalIds.DBLP", Place::Id(Scheme::Dblp)),
    ("externalIds.CorpusId", Place::Id(Scheme::SemanticScholar)),
    ("corpusId", Place::Id(Scheme::SemanticScholar)),
    ("externalIds.ACL", Place::Foreign),
    ("publicationDate", Place::Date(DateField::Issued)),
    ("year", Place::Date(DateField::Issued)),
    ("publicationVenue.issn", Place::Id(Scheme::Issn)),
];

/// What only published works have.
const PUBLISHED: [Row; 5] = [
    ("journal.name", Place::Text(TextField::ContainerTitle)),
    ("publicationVenue.name", Place::Text(TextField::ContainerTitle)),
    ("venue", Place::Text(TextField::ContainerTitle)),
    ("journal.volume", Place::Plain(PlainField::Volume)),
    ("journal.pages", Place::Plain(PlainField::Pages)),
];

/// `publicationTypes`, the one that says most first.
const KINDS: [(&str, Kind); 14] = [
    ("Conference", Kind::ConferencePaper),
    ("BookSection", Kind::Chapter),
    ("Dataset", Kind::Dataset),
    ("JournalArticle", Kind::JournalArticle),
    ("Review", Kind::JournalArticle),
    ("CaseReport", Kind::JournalArticle),
    ("ClinicalTrial", Kind::JournalArticle),
    ("Editorial", Kind::JournalArticle),
    ("LettersAndComments", Kind::JournalArticle),
    ("MetaAnalysis", Kind::JournalArticle),
    ("Study", Kind::JournalArticle),
    ("Book", Kind::Book),
    ("News", Kind::NewspaperArticle),
    ("Preprint", Kind::Preprint),
];

pub(super) fn read(record: &Value, draft: &mut Draft<'_>) {
    let arxiv = first(record, "externalIds.ArXiv").and_then(|id| ArxivId::parse(&id));
    let published = is_published(record);
    match &arxiv {
        Some(id) if !published => {
            let date = first(record, "publicationDate").unwrap_or_default();
            draft.preprint(&arxiv_record(id, first(record, "title"), first(record, "abstract"), &date));
        }
        Some(id) => draft.also_on_arxiv(id),
        None => {}
    }
    if arxiv.is_none() || published {
        draft.entry.kind = kind_of(record);
        draft.fields(record, &PUBLISHED);
    }
    draft.fields(record, &FIELDS);
    // A batch answer may hold authors with identifiers only.
    let names: Vec<_> = all(record, "authors.name").iter().map(|name| author_from_display(name)).collect();
    draft.people(Role::Author, names);
    if draft.entry.doi().is_none()
        && arxiv.is_none()
        && let Some(url) = &first(record, "url")
    {
        draft.url(url);
    }
}

/// Whether a place of publication other than arXiv is named.
fn is_published(record: &Value) -> bool {
    let names: Vec<String> =
        ["journal.name", "publicationVenue.name", "venue"].iter().filter_map(|path| first(record, path)).collect();
    // A volume of `abs/…` is DBLP's way of saying arXiv, whatever venue stands beside it.
    let says_arxiv = |name: &String| ["arxiv", "arxiv.org", "corr"].contains(&name.to_lowercase().as_str());
    !names.is_empty() && !names.iter().any(says_arxiv)
}

fn kind_of(record: &Value) -> Kind {
    match first(record, "publicationVenue.type").as_deref() {
        Some("conference") => return Kind::ConferencePaper,
        Some("journal") => return Kind::JournalArticle,
        _ => {}
    }
    let types: Vec<String> = all(record, "publicationTypes");
    let known = KINDS.iter().find(|(name, _)| types.iter().any(|word| word == name));
    let has_journal = !find(record, "journal.volume").is_empty();
    let guessed = if has_journal { Kind::JournalArticle } else { Kind::Misc };
    known.and_then(|(name, _)| kind(&KINDS, name)).unwrap_or(guessed)
}
