//! DBLP: publications of the search API. Source: dblp.org/faq, "How to use the dblp search API?".
//!
//! One author is an object, several are a list; homonyms carry four digits; titles end in a full stop; texts are XML.

use super::draft::{Draft, Place, Row, arxiv_record, find, first, kind, scalar};
use crate::markup;
use crate::model::{ArxivId, DateField, Kind, ListField, Name, PlainField, Role, Scheme, TextField};
use crate::record::author_from_display;
use serde_json::Value;

const FIELDS: [Row; 5] = [
    ("year", Place::Date(DateField::Issued)),
    ("doi", Place::Id(Scheme::Doi)),
    ("isbn", Place::Id(Scheme::Isbn)),
    ("key", Place::Id(Scheme::Dblp)),
    ("publisher", Place::List(ListField::Publisher)),
];

/// What only published works have.
const PUBLISHED: [Row; 4] = [
    ("venue", Place::Text(TextField::ContainerTitle)),
    ("volume", Place::Plain(PlainField::Volume)),
    ("number", Place::Plain(PlainField::Issue)),
    ("pages", Place::Plain(PlainField::Pages)),
];

/// `type`.
const KINDS: [(&str, Kind); 9] = [
    ("Journal Articles", Kind::JournalArticle),
    ("Conference and Workshop Papers", Kind::ConferencePaper),
    ("Informal and Other Publications", Kind::Misc),
    ("Informal Publications", Kind::Misc),
    ("Books and Theses", Kind::Book),
    ("Parts in Books or Collections", Kind::Chapter),
    ("Editorship", Kind::Proceedings),
    ("Reference Works", Kind::ReferenceEntry),
    ("Data and Artifacts", Kind::Dataset),
];

pub(super) fn read(record: &Value, draft: &mut Draft<'_>) {
    let mut title = first(record, "title").unwrap_or_default();
    if title.ends_with('.') && !title.ends_with("..") {
        title.pop();
    }
    let word = first(record, "type").unwrap_or_default();
    if let Some(id) = arxiv_of(record) {
        // arXiv's titles are TeX, these are XML.
        let mut decoded = String::new();
        markup::push_decoded(&title, &mut decoded);
        draft.preprint(&arxiv_record(&id, Some(decoded), None, ""));
    } else {
        draft.entry.kind = kind(&KINDS, &word).unwrap_or(Kind::Misc);
        draft.text(TextField::Title, &title);
        draft.fields(record, &PUBLISHED);
        if kind(&KINDS, &word).is_none() && !word.is_empty() {
            draft.foreign("type", word.clone());
        }
    }
    draft.fields(record, &FIELDS);
    draft.people(if word == "Editorship" { Role::Editor } else { Role::Author }, names(record, "authors.author"));
    draft.people(Role::Editor, names(record, "editors.editor"));
    for address in find(record, "ee").into_iter().filter_map(scalar) {
        draft.url(&address);
    }
}

/// `CoRR` is DBLP's name for arXiv.
fn arxiv_of(record: &Value) -> Option<ArxivId> {
    let is_corr = first(record, "venue").is_some_and(|venue| venue == "CoRR");
    let volume = first(record, "volume").filter(|_| is_corr)?;
    ArxivId::parse(volume.strip_prefix("abs/").unwrap_or(&volume)).or_else(|| {
        let addresses = find(record, "ee").into_iter().chain(find(record, "doi"));
        addresses.filter_map(scalar).find_map(|address| ArxivId::parse(&address))
    })
}

fn names(record: &Value, path: &str) -> Vec<Name> {
    let text = |value: &Value| value.get("text").and_then(scalar).or_else(|| scalar(value));
    find(record, path).into_iter().filter_map(text).map(|name| author_from_display(&plain_name(&name))).collect()
}

/// A name without the number that tells homonyms apart ("Jiani Zhang 0003"), references decoded.
fn plain_name(name: &str) -> String {
    let mut decoded = String::new();
    markup::push_decoded(name.trim(), &mut decoded);
    match decoded.rsplit_once(' ') {
        Some((before, digits)) if digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()) => before.to_owned(),
        _ => decoded,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn homonyms_lose_their_number() {
        let check = |name: &str, expected: &str| assert_eq!(super::plain_name(name), expected);
        check("Jiani Zhang 0003", "Jiani Zhang");
        check("J&ouml;rg Dr&#228;ger", "Jörg Dräger");
        check("Agent 47", "Agent 47");
    }
}
