//! Laws that hold for every entry, every writer and every reader.
//!
//! What is read back of what was written holds nothing that was not written, and printing it again changes nothing (that it
//! holds everything, less what was reported, is the business of `pairs`); no reader fails on a file that was cut off.

use crate::any_text;
use crate::model::generate;
use crate::support::{conclude, inputs, shown};
use bibmill::diagnostic::Diagnostic;
use bibmill::format::{Dropped, Format, FormatSpec, Input, Printer, ReadOptions, WriteOptions};
use bibmill::model::{Entry, FieldName};
use bibmill::source::SourceId;
use bibmill::stream::Collected;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Fields that come from nowhere when an entry is read back, because they hold what has no field of its own and was reported:
/// format, field, what it holds.
const HOLDS_OTHERS: [(Format, &str, &str); 10] = [
    (Format::Bibtex, "note", "the journal reference"),
    (Format::Bibtex, "container-title", "the short title, where that is all there is"),
    (Format::Bibtex, "journal-series", "the title of a series that a periodical stands in"),
    (Format::Biblatex, "addendum", "the journal reference"),
    (Format::Biblatex, "journal-series", "the title of a series that a periodical stands in"),
    (Format::Hayagriva, "language", "the language that the entry is set in"),
    (Format::Hayagriva, "organization", "the institution of a work that has none there"),
    (Format::Hayagriva, "note", "the journal reference, the comment and the addendum"),
    (Format::Hayagriva, "container-title", "the main title of a part that names no volume"),
    (Format::Ris, "container-title", "the main title of a part that names no volume"),
];

/// After so many rounds of printing and reading, odd entries do not change any more.
const ROUNDS: usize = 4;
/// How many prefixes of a fixture are tried.
const PREFIXES: usize = 60;
/// Prefixes end within so many bytes.
const PREFIX_END: usize = 6_000;
/// How many entries of one fixture are tried.
const ENTRIES: usize = 60;

#[test]
fn nothing_comes_from_nowhere_and_writing_settles() {
    let mut failures = BTreeSet::new();
    for (place, entry) in fixture_entries() {
        for spec in both_ways() {
            check_round(spec, &entry, &place, &mut failures);
        }
    }
    conclude(&failures.into_iter().take(40).collect::<Vec<_>>());
}

/// One entry, written and read back.
fn check_round(spec: &FormatSpec, entry: &Entry, place: &str, failures: &mut BTreeSet<String>) {
    let name = spec.name;
    let (first, _) = print(spec, entry);
    let back = read(spec, &first);
    let [back] = back.0.as_slice() else {
        failures.insert(format!("{name}: {place}: {} entries come back", back.0.len()));
        return;
    };
    let before = entry.fields();
    for field in back.fields().into_iter().filter(|field| !matches!(field, FieldName::Foreign(_))) {
        if !before.contains(&field) && !holds_another(spec.format, field) {
            failures.insert(format!("{name}: {field} comes from nowhere: {place}: {}", value(back, field)));
        }
    }
    let (second, _) = print(spec, back);
    if first != second {
        let difference = crate::support::difference(Some(&first), Some(&second));
        failures.insert(format!("{name}: written again it differs: {place}: {difference}"));
    }
}

#[test]
fn generated_entries_settle() {
    for spec in both_ways() {
        generate::property(|u| {
            let mut entry = generate::entry(u)?;
            entry.key = Some("key".to_owned());
            let (first, _) = print(spec, &entry);
            let mut text = first.clone();
            // Odd white space, names and notes take their reading form in the first rounds; then nothing may move.
            for round in 1.. {
                let (back, _) = read(spec, &text);
                assert_eq!(back.len(), 1, "{}: {text}", spec.name);
                let (again, _) = print(spec, &back[0]);
                if again == text {
                    break;
                }
                assert!(round < ROUNDS, "{}: {first}\n{text}\n{again}", spec.name);
                text = again;
            }
            Ok(())
        });
    }
}

/// The fuzz target's body on stable: fixtures with a piece taken out or put in twice, at places that are always the same.
#[test]
fn spoiled_fixtures_are_read_and_written() {
    for (number, (format, path)) in inputs().into_iter().enumerate() {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let text: Vec<char> = text.chars().take(2_000).collect();
        let reader = Format::ALL.iter().position(|other| *other == format).expect("it is a format");
        for round in 0..3 {
            let at = (number * 7_919 + round * 104_729) % text.len().max(1);
            let end = (at + 1 + (number + round * 31) % 40).min(text.len());
            let again = if round == 1 { at } else { end };
            let spoiled = [&text[..if round == 1 { end } else { at }], &text[again..]].concat();
            any_text::stands(reader, &spoiled.into_iter().collect::<String>());
        }
    }
}

#[test]
fn no_reader_fails_on_a_prefix() {
    let mut failures = Vec::new();
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    for (_, path) in inputs() {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let step = (text.len().min(PREFIX_END) / PREFIXES).max(1);
        let ends = (0..text.len().min(PREFIX_END)).step_by(step).filter(|end| text.is_char_boundary(*end));
        for end in ends {
            for spec in Format::ALL.iter().map(|format| format.spec()).filter(|spec| spec.read.is_some()) {
                if catch_unwind(AssertUnwindSafe(|| read(spec, &text[..end]))).is_err() {
                    failures.push(format!(
                        "{}: the reader of {} panics on its first {end} bytes",
                        shown(&path),
                        spec.name
                    ));
                }
            }
        }
    }
    std::panic::set_hook(quiet);
    conclude(&failures);
}

#[test]
fn the_list_of_fields_that_hold_others_has_no_dead_rows() {
    for (format, field, reason) in HOLDS_OTHERS {
        assert!(!reason.is_empty(), "{format}: {field}");
        assert!(format.spec().write.is_some() && format.spec().read.is_some(), "{format}: {field}");
    }
}

/// The first entries of each fixture, and where they come from.
fn fixture_entries() -> Vec<(String, Entry)> {
    let mut found = Vec::new();
    for (format, path) in inputs() {
        let entries = read_file(format.spec(), &path);
        let numbered = (1..).zip(entries).take(ENTRIES);
        found.extend(numbered.map(|(number, mut entry)| {
            entry.key.get_or_insert_with(|| "key".to_owned());
            (format!("{} entry {number}", shown(&path)), entry)
        }));
    }
    found
}

fn both_ways() -> impl Iterator<Item = &'static FormatSpec> {
    Format::ALL.iter().map(|format| format.spec()).filter(|spec| spec.read.is_some() && spec.write.is_some())
}

fn print(spec: &FormatSpec, entry: &Entry) -> (String, Vec<Dropped>) {
    let writer = spec.write.expect("the format is written");
    let mut printer = Printer::default();
    (writer.entry)(entry, &WriteOptions::default(), &mut printer);
    (format!("{}{}{}", writer.head, printer.out, writer.tail), printer.dropped)
}

fn read(spec: &FormatSpec, text: &str) -> (Vec<Entry>, Vec<Diagnostic>) {
    read_input(spec, Input::from_text(SourceId(0), spec.name, text))
}

fn read_file(spec: &FormatSpec, path: &Path) -> Vec<Entry> {
    let file = std::fs::File::open(path).expect("the fixture can be read");
    let input = Input::new(SourceId(0), shown(path), file).expect("the fixture can be unpacked");
    read_input(spec, input).0
}

/// What cannot be read at all yields nothing here; that it says so is the sessions' business.
fn read_input(spec: &FormatSpec, input: Input<'_>) -> (Vec<Entry>, Vec<Diagnostic>) {
    let mut sink = Collected::default();
    let reader = spec.read.expect("the format is read");
    let _ = reader(input, &ReadOptions::default(), &mut sink);
    (sink.entries.into_iter().map(|sourced| sourced.entry).collect(), sink.diagnostics)
}

fn holds_another(format: Format, field: FieldName) -> bool {
    HOLDS_OTHERS.iter().any(|(other, name, _)| *other == format && *name == field.name())
}

/// One field's value, in a form to be compared and shown.
fn value(entry: &Entry, field: FieldName) -> String {
    match field {
        FieldName::Kind => entry.kind.name().to_owned(),
        FieldName::Key => format!("{:?}", entry.key),
        FieldName::Text(field) => format!("{:?}", entry.texts.get(field)),
        FieldName::List(field) => format!("{:?}", entry.lists.get(field)),
        FieldName::Plain(field) => format!("{:?}", entry.plain.get(field)),
        FieldName::Date(field) => format!("{:?}", entry.dates.get(field)),
        FieldName::People(role) => format!("{:?}", entry.people_as(role).collect::<Vec<_>>()),
        FieldName::Id(scheme) => {
            format!("{:?}", entry.ids.iter().filter(|id| id.scheme() == scheme).collect::<Vec<_>>())
        }
        // A foreign value has no fixed place: it is looked for by name.
        FieldName::Foreign(at) => format!("{:?}", entry.foreign.get(at)),
    }
}
