//! Daily crawlers of arXiv: JSON whose member names differ from file to file. What arXiv calls a thing stands under one of a
//! few names; what a machine has added (summaries, scores, translations) is not the paper's.

use super::draft::{Draft, all, arxiv_record, find, first, name, scalar};
use crate::model::{ArxivId, FieldName, Identifier, Kind, Name, PlainField, Role, Scheme, TextField};
use crate::record::{Record, Version, author_from_display, split_authors};
use serde_json::Value;

/// The names under which crawlers keep a value, the most telling first.
const ID: [&str; 15] = [
    "arxiv_id", "arxivId", "arxiv", "id", "paper_id", "entry_id", "abs", "abs_url", "link", "links", "url", "pdf",
    "pdf_url", "pdf_link", "doi",
];
const TITLE: [&str; 1] = ["title"];
const ABSTRACT: [&str; 2] = ["abstract", "summary"];
const AUTHORS: [&str; 3] = ["authors", "author", "author_names"];
const CATEGORIES: [&str; 8] =
    ["primary_category", "primary", "categories", "category", "cate", "cats", "subjects", "tags"];
const COMMENT: [&str; 2] = ["comment", "comments"];
const JOURNAL_REF: [&str; 3] = ["journal_ref", "journal-ref", "journal_reference"];
const PUBLISHED: [&str; 8] =
    ["published", "published_date", "publish_date", "publish_time", "publication_date", "submitted", "date", "created"];
const UPDATED: [&str; 4] = ["updated", "updated_date", "update_time", "modified"];
const ADDRESS: [&str; 4] = ["url", "link", "abs_url", "pdf_url"];

/// An abstract of this length that stops in a sentence was cut by the crawler.
const CUT_LENGTH: usize = 900;

pub(super) fn read(record: &Value, draft: &mut Draft<'_>) {
    let mut title = value(record, &TITLE).unwrap_or_default();
    let from_feed = take_feed_title(&mut title);
    let id = ID.iter().flat_map(|path| all(record, path)).find_map(|text| ArxivId::parse(&text));
    let id = id.or_else(|| from_feed.as_ref().map(|feed| feed.id.clone()));
    let abstract_text = value(record, &ABSTRACT).map(|text| without_announcement(&text).to_owned());
    let doi = first(record, "doi").unwrap_or_default();
    if let Some(id) = id {
        draft.preprint(&Record {
            categories: categories(record, from_feed.map(|feed| feed.class)),
            comments: value(record, &COMMENT).unwrap_or_default(),
            journal_ref: value(record, &JOURNAL_REF).unwrap_or_default(),
            doi: if ArxivId::parse(&doi).is_some() { String::new() } else { doi },
            versions: versions(record, id.version()),
            ..arxiv_record(&id, Some(title), abstract_text.clone(), "")
        });
    } else {
        draft.entry.kind = Kind::Misc;
        draft.text(TextField::Title, &title);
        if let Some(text) = &abstract_text {
            draft.text(TextField::Abstract, text);
        }
        if let Some(text) = &value(record, &COMMENT) {
            draft.text(TextField::Note, text);
        }
        Identifier::parse(Scheme::Doi, &doi).into_iter().for_each(|doi| draft.entry.add_id(doi));
        if let Some(address) = &value(record, &ADDRESS) {
            draft.plain(PlainField::Url, address);
        }
        let date = [("date", super::draft::Place::Date(crate::model::DateField::Issued))];
        if let Some(day) = &value(record, &PUBLISHED) {
            draft.fields(&serde_json::json!({ "date": day }), &date);
        }
    }
    if abstract_text.is_some_and(|text| stops_short(&text)) {
        draft.is_cut(FieldName::Text(TextField::Abstract));
    }
    draft.people(Role::Author, authors(record));
}

/// The first value under one of several names.
fn value(record: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| record.get(name).and_then(scalar))
}

/// What the titles of arXiv's feeds said of a paper until 2023.
struct FeedTitle {
    id: ArxivId,
    class: String,
}

/// Takes `. (arXiv:2207.06591v3 [cs.CL] UPDATED)` off a title.
fn take_feed_title(title: &mut String) -> Option<FeedTitle> {
    let at = title.rfind("(arXiv:")?;
    let inner = title[at..].trim_end().strip_prefix('(')?.strip_suffix(')')?;
    let (id, class) = inner.split_once('[')?;
    let class = class.split(']').next()?.trim().to_owned();
    let id = ArxivId::parse(id.trim())?;
    let rest = title[..at].trim_end();
    let length = rest.strip_suffix('.').unwrap_or(rest).len();
    title.truncate(length);
    Some(FeedTitle { id, class })
}

/// Takes `arXiv:2403.08295v1 Announce Type: cross  Abstract: ` off an abstract, as feeds have it since 2024.
fn without_announcement(text: &str) -> &str {
    match text.split_once("Abstract:") {
        Some((before, rest)) if before.starts_with("arXiv:") && before.contains("Announce Type:") => rest.trim_start(),
        _ => text,
    }
}

/// The first version's date and, where it is another, the last one's.
fn versions(record: &Value, last: Option<u16>) -> Vec<Version> {
    let mut versions = Vec::new();
    if let Some(created) = value(record, &PUBLISHED) {
        versions.push(Version { version: "v1".to_owned(), created });
    }
    if let (Some(number @ 2..), Some(created)) = (last, value(record, &UPDATED)) {
        versions.push(Version { version: format!("v{number}"), created });
    }
    versions
}

/// The subject classes, primary first: a list, a string parted by blanks or commas, or `Long Name (id)`.
fn categories(record: &Value, from_feed: Option<String>) -> String {
    let mut classes: Vec<String> = from_feed.into_iter().collect();
    for text in CATEGORIES.iter().flat_map(|path| all(record, path)) {
        for word in text.split([' ', ',', ';', '(', ')']).filter(|word| !word.is_empty()) {
            let is_class = word.starts_with(|c: char| c.is_ascii_lowercase());
            if is_class && !classes.iter().any(|class| class == word) {
                classes.push(word.to_owned());
            }
        }
    }
    classes.join(" ")
}

/// The authors: a list of strings or of objects, or one string.
fn authors(record: &Value) -> Vec<Name> {
    let Some(value) = AUTHORS.iter().find_map(|name| record.get(name).filter(|value| !value.is_null())) else {
        return Vec::new();
    };
    match value {
        Value::String(text) if text.contains(';') => {
            text.split(';').filter(|part| !part.trim().is_empty()).map(name).collect()
        }
        Value::String(text) => {
            // "A B, C D et al." has no comma before the mark.
            let marks = [" et al.", " et al"];
            let whole = marks.iter().find_map(|mark| text.trim_end().strip_suffix(mark));
            let others = whole.map(|_| Name::Others);
            split_authors(whole.unwrap_or(text)).map(author_or_others).chain(others).collect()
        }
        other => find(&serde_json::json!({ "a": other }), "a")
            .into_iter()
            .filter_map(|author| {
                scalar(author).or_else(|| first(author, "name")).or_else(|| first(author, "full_name"))
            })
            .map(|text| if text.contains(',') { name(&text) } else { author_or_others(&text) })
            .collect(),
    }
}

fn author_or_others(text: &str) -> Name {
    match text.trim().trim_end_matches('.').to_ascii_lowercase().as_str() {
        "et al" | "others" => Name::Others,
        _ => author_from_display(text),
    }
}

/// Whether a long text stops within a sentence; an address at the end is no sentence and no cut.
fn stops_short(text: &str) -> bool {
    let last = text.trim_end();
    if last.ends_with("...") || last.ends_with('…') {
        return true;
    }
    let ends_sentence = last.ends_with(['.', '!', '?', ')', ']', '"', '”', '\'', '’', '$', ':', '。', '}']);
    let word = last.rsplit(char::is_whitespace).next().unwrap_or_default();
    text.len() >= CUT_LENGTH && !ends_sentence && !word.contains('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_of_feeds() {
        let check = |title: &str, expected: &str, class: Option<&str>| {
            let mut title = title.to_owned();
            let found = take_feed_title(&mut title);
            assert_eq!((title.as_str(), found.map(|feed| feed.class).as_deref()), (expected, class));
        };
        check("A title. (arXiv:2207.06591v3 [cs.CL] UPDATED)", "A title", Some("cs.CL"));
        check("On (arXiv:1234) papers", "On (arXiv:1234) papers", None);
    }

    #[test]
    fn announcements() {
        assert_eq!(without_announcement("arXiv:2403.08295v1 Announce Type: cross  Abstract: This"), "This");
        assert_eq!(without_announcement("In Abstract: art"), "In Abstract: art");
    }

    #[test]
    fn classes_in_every_form() {
        let check = |record: Value, expected: &str| assert_eq!(categories(&record, None), expected);
        check(serde_json::json!({"categories": ["cs.RO", "cs.AI"], "primary_category": "cs.AI"}), "cs.AI cs.RO");
        check(serde_json::json!({"cate": "cs.CL, cs.LG"}), "cs.CL cs.LG");
        check(serde_json::json!({"subjects": "Machine Learning (cs.LG); Robotics (cs.RO)"}), "cs.LG cs.RO");
    }
}
