//! The rule of required fields: `btxdoc`, section 3.1, for BibTeX; the mandatory constraints of the default data model
//! (`blx-dm.def`, manual 3.16, section 2.1) for BibLaTeX.

use super::{Findings, Record};
use crate::diagnostic::{Diagnostic, Rule};
use crate::format::bibtex::Dialect;
use crate::model::{DateField, Entry, Kind, ListField, PlainField, Role, TextField};
use crate::stream::Sourced;

/// One requirement: names of which one must have a value.
type Either = &'static [&'static str];

const AUTHOR: Either = &["author"];
const EDITOR: Either = &["editor"];
const PEOPLE: Either = &["author", "editor"];
const TITLE: Either = &["title"];
const YEAR: Either = &["year", "date"];
const JOURNAL: Either = &["journal", "journaltitle"];
const BOOKTITLE: Either = &["booktitle"];
const PUBLISHER: Either = &["publisher"];
const SCHOOL: Either = &["school", "institution"];
const INSTITUTION: Either = &["institution", "school"];
const TYPE: Either = &["type"];
const LINK: Either = &["url", "doi", "eprint"];

fn requirements(word: &str, dialect: Dialect) -> &'static [Either] {
    match dialect {
        Dialect::Bibtex => of_bibtex(word),
        Dialect::Biblatex => of_biblatex(word),
    }
}

fn of_bibtex(word: &str) -> &'static [Either] {
    match word {
        "article" => &[AUTHOR, TITLE, JOURNAL, YEAR],
        "book" => &[PEOPLE, TITLE, PUBLISHER, YEAR],
        "inbook" => &[PEOPLE, TITLE, &["chapter", "pages"], PUBLISHER, YEAR],
        "incollection" => &[AUTHOR, TITLE, BOOKTITLE, PUBLISHER, YEAR],
        "inproceedings" | "conference" => &[AUTHOR, TITLE, BOOKTITLE, YEAR],
        "mastersthesis" | "phdthesis" => &[AUTHOR, TITLE, SCHOOL, YEAR],
        "proceedings" => &[TITLE, YEAR],
        "techreport" => &[AUTHOR, TITLE, INSTITUTION, YEAR],
        "unpublished" => &[AUTHOR, TITLE, &["note"]],
        "booklet" | "manual" => &[TITLE],
        _ => &[],
    }
}

fn of_biblatex(word: &str) -> &'static [Either] {
    match word {
        "article" => &[AUTHOR, JOURNAL, TITLE, YEAR],
        "book" | "mvbook" => &[AUTHOR, TITLE, YEAR],
        "inbook" | "bookinbook" | "suppbook" | "inproceedings" | "conference" | "incollection" | "suppcollection"
        | "inreference" => &[AUTHOR, TITLE, BOOKTITLE, YEAR],
        "booklet" | "manual" | "misc" | "dataset" | "software" => &[PEOPLE, TITLE, YEAR],
        "collection" | "mvcollection" | "reference" | "mvreference" | "periodical" => &[EDITOR, TITLE, YEAR],
        "online" | "electronic" | "www" => &[PEOPLE, TITLE, YEAR, LINK],
        "patent" => &[AUTHOR, TITLE, &["number"], YEAR],
        "proceedings" | "mvproceedings" => &[TITLE, YEAR],
        "report" => &[AUTHOR, TITLE, TYPE, INSTITUTION, YEAR],
        "thesis" => &[AUTHOR, TITLE, TYPE, INSTITUTION, YEAR],
        // These types are the others with their `type` given.
        "techreport" | "phdthesis" | "mastersthesis" => &[AUTHOR, TITLE, INSTITUTION, YEAR],
        "unpublished" => &[AUTHOR, TITLE, YEAR],
        _ => &[],
    }
}

/// Judges an entry of a `.bib` file; `made` is what the reader made of it, inherited values and all.
pub(super) fn record(record: &Record<'_>, made: Option<&Sourced>, found: &mut Findings<'_, '_>) {
    let inherits = record.fields.iter().any(|field| matches!(&*field.name, "crossref" | "xdata"));
    let inherited = |names: Either| {
        made.filter(|_| inherits).is_some_and(|made| names.iter().any(|name| entry_has(&made.entry, name)))
    };
    let is_missing = |names: &&Either| !record.has(names) && !inherited(names);
    let missing: Vec<String> =
        requirements(&record.word, record.dialect).iter().filter(is_missing).map(named).collect();
    if missing.is_empty() {
        return;
    }
    let message = format!("an `@{}` needs {}", record.word, missing.join(", "));
    let place =
        if record.key.is_empty() { record.range.start..record.range.start + 1 } else { record.key_range.clone() };
    found.at(Rule::MissingField, place, message);
}

/// Judges an entry of any format: a title, and for an article its journal.
pub(super) fn of_entry(sourced: &Sourced, found: &mut Findings<'_, '_>) {
    let entry = &sourced.entry;
    let mut missing = Vec::new();
    if !entry_has(entry, "title") && !entry.texts.contains(TextField::Abstract) && entry.ids.is_empty() {
        missing.push("`title`");
    }
    if entry.kind == Kind::JournalArticle && !entry.texts.contains(TextField::ContainerTitle) {
        missing.push("the journal");
    }
    if !missing.is_empty() {
        let message = format!("the entry needs {}", missing.join(", "));
        found.push(Diagnostic::new(Rule::MissingField, message).at(sourced.span));
    }
}

fn named(names: &Either) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
}

/// Whether the model has what the field says.
fn entry_has(entry: &Entry, name: &str) -> bool {
    let person = |role| entry.people.iter().any(|(other, _)| *other == role);
    match name {
        "author" => person(Role::Author),
        "editor" => person(Role::Editor),
        "title" => entry.texts.contains(TextField::Title),
        "journal" | "journaltitle" | "booktitle" => entry.texts.contains(TextField::ContainerTitle),
        "year" | "date" => entry.dates.contains(DateField::Issued),
        "publisher" => entry.lists.contains(ListField::Publisher),
        "school" | "institution" => entry.lists.contains(ListField::Institution),
        "type" => entry.texts.contains(TextField::Genre),
        "pages" => entry.plain.contains(PlainField::Pages),
        "chapter" => entry.plain.contains(PlainField::Chapter),
        "number" => entry.plain.contains(PlainField::Number),
        "note" => entry.texts.contains(TextField::Note),
        "url" => entry.plain.contains(PlainField::Url),
        "doi" | "eprint" => !entry.ids.is_empty(),
        _ => false,
    }
}
