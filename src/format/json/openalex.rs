//! OpenAlex: works. Source: docs.openalex.org, "Work object".
//!
//! The abstract is an inverted index and is rebuilt; the arXiv id stands in a DOI or in an address. A publication date of
//! 1 January is OpenAlex's way of giving a year without a day, and is read as the year.

use super::draft::{Draft, Place, Row, all, arxiv_record, find, first, kind, name, scalar};
use crate::model::{ArxivId, DateField, Kind, ListField, Name, PlainField, Role, Scheme, TextField};
use serde_json::Value;

const FIELDS: [Row; 9] = [
    ("title", Place::Text(TextField::Title)),
    ("display_name", Place::Text(TextField::Title)),
    ("publication_year", Place::Date(DateField::Issued)),
    ("doi", Place::Id(Scheme::Doi)),
    ("ids.doi", Place::Id(Scheme::Doi)),
    ("language", Place::List(ListField::Language)),
    ("biblio.volume", Place::Plain(PlainField::Volume)),
    ("biblio.issue", Place::Plain(PlainField::Issue)),
    ("primary_location.source.issn_l", Place::Id(Scheme::Issn)),
];

const CONTAINER: [Row; 3] = [
    ("primary_location.source.display_name", Place::Text(TextField::ContainerTitle)),
    ("primary_location.source.host_organization_name", Place::List(ListField::Publisher)),
    ("primary_location.source.issn", Place::Id(Scheme::Issn)),
];

/// `type_crossref` and, behind it, `type`.
const KINDS: [(&str, Kind); 28] = [
    ("journal-article", Kind::JournalArticle),
    ("proceedings-article", Kind::ConferencePaper),
    ("posted-content", Kind::Preprint),
    ("book-chapter", Kind::Chapter),
    ("book-section", Kind::Chapter),
    ("book-part", Kind::Chapter),
    ("monograph", Kind::Book),
    ("book", Kind::Book),
    ("edited-book", Kind::Collection),
    ("reference-book", Kind::Reference),
    ("reference-entry", Kind::ReferenceEntry),
    ("proceedings", Kind::Proceedings),
    ("dissertation", Kind::Thesis),
    ("dataset", Kind::Dataset),
    ("report", Kind::Report),
    ("standard", Kind::Standard),
    ("peer-review", Kind::Review),
    ("journal", Kind::Periodical),
    ("journal-issue", Kind::Periodical),
    ("preprint", Kind::Preprint),
    ("article", Kind::JournalArticle),
    ("review", Kind::JournalArticle),
    ("editorial", Kind::JournalArticle),
    ("letter", Kind::JournalArticle),
    ("erratum", Kind::JournalArticle),
    ("retraction", Kind::JournalArticle),
    ("software", Kind::Software),
    ("other", Kind::Misc),
];

/// How many authors a list of results shows of a work.
const SHOWN_AUTHORS: usize = 100;

pub(super) fn read(record: &Value, listed: bool, draft: &mut Draft<'_>) {
    let arxiv = arxiv_of(record);
    let abstract_text = record.get("abstract_inverted_index").and_then(rebuild);
    let title = first(record, "title").or_else(|| first(record, "display_name"));
    let date = first(record, "publication_date").filter(|date| !date.ends_with("-01-01"));
    match &arxiv {
        Some(id) if is_preprint(record) => {
            draft.preprint(&arxiv_record(id, title, abstract_text, date.as_deref().unwrap_or_default()));
        }
        _ => {
            if let Some(id) = &arxiv {
                draft.also_on_arxiv(id);
            }
            published(record, draft);
            if let Some(text) = &abstract_text {
                draft.text(TextField::Abstract, text);
            }
        }
    }
    if let Some(date) = find(record, "publication_date").into_iter().find(|date| !ends_on_new_year(date)) {
        draft.fields(&serde_json::json!({ "date": date }), &[("date", Place::Date(DateField::Issued))]);
    }
    draft.fields(record, &FIELDS);
    for (path, scheme) in [("id", Scheme::OpenAlex), ("ids.pmid", Scheme::Pmid), ("ids.pmcid", Scheme::Pmcid)] {
        first(record, path).and_then(|address| address.rsplit('/').next().map(str::to_owned)).iter().for_each(|id| {
            draft.id(scheme, id);
        });
    }
    people(record, listed, draft);
    if record.get("is_retracted") == Some(&Value::Bool(true)) {
        draft.text(TextField::PublicationState, "retracted");
    }
}

fn ends_on_new_year(date: &Value) -> bool {
    scalar(date).is_none_or(|date| date.ends_with("-01-01"))
}

fn published(record: &Value, draft: &mut Draft<'_>) {
    let words = [first(record, "type_crossref"), first(record, "type")];
    let found = words.iter().flatten().find_map(|word| kind(&KINDS, word));
    draft.entry.kind = found.unwrap_or(Kind::Misc);
    let source = first(record, "primary_location.source.type").unwrap_or_default();
    match source.as_str() {
        "conference" if draft.entry.kind == Kind::JournalArticle => draft.entry.kind = Kind::ConferencePaper,
        "repository" if first(record, "type").as_deref() == Some("preprint") => draft.entry.kind = Kind::Preprint,
        _ => {}
    }
    if found.is_none() {
        words.into_iter().flatten().take(1).for_each(|word| draft.foreign("type", word));
    }
    if source == "repository" {
        // Who keeps a copy is not who published it, unless it is a preprint.
        if draft.entry.kind == Kind::Preprint {
            draft.fields(record, &[("primary_location.source.display_name", Place::List(ListField::Publisher))]);
        }
    } else {
        draft.fields(record, &CONTAINER);
    }
    let (from, to) = (first(record, "biblio.first_page"), first(record, "biblio.last_page"));
    match (from, to) {
        (Some(from), Some(to)) if from != to => draft.plain(PlainField::Pages, &format!("{from}–{to}")),
        (Some(page), _) | (None, Some(page)) => draft.plain(PlainField::Pages, &page),
        (None, None) => {}
    }
    if let Some(address) = &first(record, "primary_location.landing_page_url") {
        draft.url(address);
    }
}

/// The arXiv id, where a DOI or the address of a copy has it.
fn arxiv_of(record: &Value) -> Option<ArxivId> {
    let paths = [
        "doi",
        "ids.doi",
        "primary_location.landing_page_url",
        "primary_location.pdf_url",
        "locations.landing_page_url",
        "locations.pdf_url",
    ];
    paths.iter().flat_map(|path| all(record, path)).find_map(|address| ArxivId::parse(&address))
}

/// Whether arXiv itself is where the work was published.
fn is_preprint(record: &Value) -> bool {
    let says_arxiv = |path: &str| first(record, path).is_some_and(|address| ArxivId::parse(&address).is_some());
    match first(record, "doi") {
        Some(_) => says_arxiv("doi"),
        None => says_arxiv("primary_location.landing_page_url"),
    }
}

/// The abstract of an inverted index: each token at each of its positions; a first "Abstract" is a heading.
fn rebuild(index: &Value) -> Option<String> {
    let mut words: Vec<(u64, &str)> = Vec::new();
    for (token, positions) in index.as_object()? {
        words.extend(positions.as_array()?.iter().filter_map(Value::as_u64).map(|at| (at, token.as_str())));
    }
    words.sort_unstable();
    let is_heading = |word: &str| word.eq_ignore_ascii_case("abstract") || word.eq_ignore_ascii_case("abstract:");
    let skipped = usize::from(words.len() > 1 && words.first().is_some_and(|(_, word)| is_heading(word)));
    let text: Vec<&str> = words[skipped..].iter().map(|(_, word)| *word).collect();
    (!text.is_empty()).then(|| text.join(" "))
}

fn people(record: &Value, listed: bool, draft: &mut Draft<'_>) {
    let authorships = find(record, "authorships");
    let names: Vec<Name> = authorships
        .iter()
        .filter_map(|authorship| {
            first(authorship, "raw_author_name").or_else(|| first(authorship, "author.display_name"))
        })
        .map(|text| name(&text))
        .collect();
    let truncated = record.get("is_authors_truncated") == Some(&Value::Bool(true))
        || (listed && authorships.len() == SHOWN_AUTHORS);
    draft.people(Role::Author, names);
    if truncated {
        draft.people(Role::Author, [Name::Others]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abstracts_are_rebuilt() {
        let check = |index: Value, expected: Option<&str>| assert_eq!(rebuild(&index).as_deref(), expected);
        check(serde_json::json!({"Abstract": [0], "a": [1, 3], "rose": [4], "is": [2]}), Some("a is a rose"));
        check(serde_json::json!({}), None);
        check(Value::Null, None);
    }
}
