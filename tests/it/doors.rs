//! The same paper through every door gives the same entry, up to what a door leaves out.
//!
//! Every fixture that holds records of arXiv takes part by itself: entries are grouped by arXiv id and compared field by
//! field. A door that says nothing of a field takes no part in that field; where it says something else, the difference
//! stands in [`ALLOWED`] with its reason, and a row there that no longer applies fails.

use crate::support::{conclude, inputs, shown};
use bibmill::fold::fold;
use bibmill::format::{Format, Input, ReadOptions};
use bibmill::model::{DateField, Entry, FieldName, Identifier, ListField, Name, PlainField, Scheme, Text, TextField};
use bibmill::source::SourceId;
use bibmill::stream::{Collected, Sourced};
use std::collections::{BTreeMap, BTreeSet};

/// The id, the field, the fixture whose value stands alone, and why that is right.
const ALLOWED: [(&str, &str, &str, &str); 3] = [
    ("0906.3421", "category", "arxiv-rss/since-2024.xml", "the excerpt leaves two classes out"),
    ("2207.06591", "title", "arxiv-rss/before-2024.rss", "another version had another title"),
    (
        "cond-mat/0501593",
        "comment",
        "arxiv-html/author-page.html",
        "arXiv's page makes links of `F.Columbus` and drops a quotation mark; its JSON form has the words",
    ),
];

/// A field's name, and how its value is printed for comparison.
type Field = (&'static str, fn(&Sourced) -> Option<String>);

/// What is compared, by its name in [`ALLOWED`].
const FIELDS: [Field; 9] = [
    ("title", |door| text(door, TextField::Title)),
    ("authors", authors),
    ("date", date),
    ("category", category),
    ("doi", doi),
    ("journal-ref", |door| text(door, TextField::JournalRef)),
    ("comment", |door| text(door, TextField::Comment)),
    ("kind", |door| Some(door.entry.kind.name().to_owned())),
    ("url", |door| door.entry.plain.get(PlainField::Url).cloned()),
];

/// The doors of arXiv and of what copies it. Bibliographies and pasted text are what people make of a paper.
fn is_door(format: Format) -> bool {
    !matches!(
        format,
        Format::Listing
            | Format::Bibtex
            | Format::Biblatex
            | Format::CslJson
            | Format::CslYaml
            | Format::Hayagriva
            | Format::Ris
            | Format::Native
    )
}

#[test]
fn one_paper_is_one_entry_through_every_door() {
    let papers = papers();
    let (mut failures, mut used, mut compared) = (Vec::new(), BTreeSet::new(), 0);
    for (id, doors) in papers.iter().filter(|(_, doors)| doors.len() > 1) {
        for (field, value_of) in FIELDS {
            let values: Vec<(&Door, String)> =
                doors.iter().filter_map(|door| Some((door, value_of(&door.read)?))).collect();
            let Some((first, expected)) = values.iter().find(|(door, _)| row(id, field, &door.file).is_none()) else {
                continue;
            };
            for (door, value) in values.iter().filter(|(_, value)| !agree(field, value, expected)) {
                match row(id, field, &door.file) {
                    Some(at) => {
                        used.insert(at);
                    }
                    None => failures.push(format!(
                        "{id}, {field}:\n  {} {}: {expected}\n  {} {}: {value}",
                        first.format, first.file, door.format, door.file
                    )),
                }
            }
            compared += values.len().saturating_sub(1);
        }
    }
    for (at, (id, field, file, reason)) in ALLOWED.iter().enumerate().filter(|(at, _)| !used.contains(at)) {
        failures.push(format!("row {at} of the table no longer applies: {id}, {field}, {file} ({reason})"));
    }
    assert!(compared > 0, "no paper stands in two fixtures");
    conclude(&failures);
}

/// One entry of one fixture.
struct Door {
    format: Format,
    file: String,
    read: Sourced,
}

/// The entries of the fixtures by arXiv id.
fn papers() -> BTreeMap<String, Vec<Door>> {
    let mut papers: BTreeMap<String, Vec<Door>> = BTreeMap::new();
    for (format, path) in inputs().into_iter().filter(|(format, _)| is_door(*format)) {
        let Some(read) = format.spec().read else { continue };
        let mut found = Collected::default();
        let file = std::fs::File::open(&path).expect("a fixture can be opened");
        let input = Input::new(SourceId(0), shown(&path), file).expect("a fixture can be read");
        // Error pages are fixtures too.
        let _ = read(input, &ReadOptions::default(), &mut found);
        for read in found.entries {
            // A page of one version says what was true of that version.
            let current = read.entry.arxiv().filter(|id| id.version().is_none());
            if let Some(id) = current.map(|id| id.id().to_owned()) {
                papers.entry(id).or_default().push(Door { format, file: shown(&path), read });
            }
        }
    }
    papers
}

fn row(id: &str, field: &str, file: &str) -> Option<usize> {
    ALLOWED.iter().position(|(own, name, door, _)| *own == id && *name == field && file.ends_with(door))
}

/// A date that is known to the month agrees with every day of it, a list of classes with its beginning.
fn agree(field: &str, one: &str, other: &str) -> bool {
    match field {
        "date" | "category" | "doi" => one.starts_with(other) || other.starts_with(one),
        _ => one == other,
    }
}

/// A text without regard to white space, which doors fold; one that was cut takes no part.
fn text(door: &Sourced, field: TextField) -> Option<String> {
    let text = door.entry.texts.get(field).filter(|_| !door.origins.is_cut(FieldName::Text(field)))?;
    Some(text.to_plain().split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The family names in order, folded; a list that goes on takes no part.
fn authors(door: &Sourced) -> Option<String> {
    let names: Vec<&Name> = door.entry.authors().collect();
    let whole = !names.is_empty() && !names.iter().any(|name| name.is_others());
    whole.then(|| names.iter().map(|name| fold(name.family())).collect::<Vec<_>>().join(" "))
}

/// The first version's date.
fn date(door: &Sourced) -> Option<String> {
    let dates = &door.entry.dates;
    dates.get(DateField::Submitted).or_else(|| dates.get(DateField::Issued)).map(ToString::to_string)
}

fn category(door: &Sourced) -> Option<String> {
    let classes = door.entry.lists.get(ListField::Category)?;
    Some(classes.iter().map(Text::to_plain).collect::<Vec<_>>().join(" "))
}

/// The published version's DOIs; the archive's own follows from the id.
fn doi(door: &Sourced) -> Option<String> {
    let dois: Vec<String> = published_dois(&door.entry).collect();
    (!dois.is_empty()).then(|| dois.join(" "))
}

fn published_dois(entry: &Entry) -> impl Iterator<Item = String> + '_ {
    let all = entry.ids.iter().filter(|id| id.scheme() == Scheme::Doi);
    all.map(Identifier::value).map(|doi| doi.to_ascii_lowercase()).filter(|doi| !doi.starts_with("10.48550/arxiv."))
}
