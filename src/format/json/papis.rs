//! papis: the metadata of one document (`info.yaml` as JSON), with BibTeX's field names and authors in parts.

use super::draft::{Draft, Place, Row, find, first, kind, name, scalar};
use crate::model::{ArxivId, Date, DateField, Day, Kind, ListField, Name, PlainField, Role, Scheme, TextField};
use serde_json::Value;

const FIELDS: [Row; 15] = [
    ("title", Place::Text(TextField::Title)),
    ("abstract", Place::Text(TextField::Abstract)),
    ("booktitle", Place::Text(TextField::ContainerTitle)),
    ("journal", Place::Text(TextField::ContainerTitle)),
    ("series", Place::Text(TextField::Series)),
    ("note", Place::Text(TextField::Note)),
    ("venue", Place::List(ListField::EventPlace)),
    ("publisher", Place::List(ListField::Publisher)),
    ("language", Place::List(ListField::Language)),
    ("tags", Place::List(ListField::Keyword)),
    ("volume", Place::Plain(PlainField::Volume)),
    ("issue", Place::Plain(PlainField::Issue)),
    ("pages", Place::Plain(PlainField::Pages)),
    ("doi", Place::Id(Scheme::Doi)),
    ("isbn", Place::Id(Scheme::Isbn)),
];

/// `type`: BibTeX's entry types.
const KINDS: [(&str, Kind); 14] = [
    ("article", Kind::JournalArticle),
    ("inproceedings", Kind::ConferencePaper),
    ("conference", Kind::ConferencePaper),
    ("proceedings", Kind::Proceedings),
    ("book", Kind::Book),
    ("inbook", Kind::Chapter),
    ("incollection", Kind::InCollection),
    ("booklet", Kind::Booklet),
    ("phdthesis", Kind::DoctoralThesis),
    ("mastersthesis", Kind::MastersThesis),
    ("techreport", Kind::Report),
    ("manual", Kind::Manual),
    ("unpublished", Kind::Unpublished),
    ("misc", Kind::Misc),
];

pub(super) fn read(record: &Value, draft: &mut Draft<'_>) {
    let word = first(record, "type").unwrap_or_default();
    draft.entry.kind = kind(&KINDS, &word).unwrap_or(Kind::Misc);
    draft.entry.key = first(record, "ref");
    draft.fields(record, &FIELDS);
    if let Some(id) = first(record, "eprint").and_then(|id| ArxivId::parse(&id)) {
        draft.also_on_arxiv(&id);
    }
    let number = |member: &str| first(record, member).and_then(|text| text.trim().parse::<i32>().ok());
    if let Some(year) = number("year") {
        let month = number("month").and_then(|month| u8::try_from(month).ok());
        draft.entry.dates.set(DateField::Issued, Date::Day(month.map_or(Day::year(year), |m| Day::month(year, m))));
    }
    draft.people(Role::Author, find(record, "author_list").into_iter().filter_map(person));
    if let Some(address) = &first(record, "url") {
        draft.url(address);
    }
}

fn person(value: &Value) -> Option<Name> {
    let part = |member: &str| value.get(member).and_then(scalar).unwrap_or_default();
    match (part("family"), part("given")) {
        (family, given) if !family.is_empty() => Some(Name::from_parts(&family, &given, "")),
        (_, given) if !given.is_empty() => Some(name(&given)),
        _ => None,
    }
}
