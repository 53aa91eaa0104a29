//! What becomes of each field between any two formats: a table of the ordered pairs of the formats that are both read and
//! written.
//!
//!     cargo run --release --example pairs -- [--losses] FILE|FOLDER...
//!
//! Each file is read in its own format, written in every format, read again there, written back and read once more. A field
//! that does not come back must have been reported by the writer, and a field that comes back must not: the last columns
//! are 0. With `--losses` each field that breaks this is shown. The tests print the same table of the fixtures.

use bibmill::format::{Dropped, Format, Input, Printer, ReadOptions, WriteOptions};
use bibmill::model::{Entry, FieldName, Foreign, Identifier, Kind, PlainField, TextField};
use bibmill::source::SourceId;
use bibmill::stream::Collected;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// The formats whose files are bibliographies.
pub(crate) const FORMATS: [Format; 6] =
    [Format::Bibtex, Format::Biblatex, Format::CslJson, Format::CslYaml, Format::Hayagriva, Format::Ris];

#[expect(clippy::print_stdout, reason = "printing the table is what it is for")]
fn main() {
    let mut files = Vec::new();
    let mut shows_losses = false;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--losses" => shows_losses = true,
            path => gather(Path::new(path), &mut files),
        }
    }
    files.sort();
    std::panic::set_hook(Box::new(|_| {}));
    let pairs = pairs(&files);
    if shows_losses {
        for loss in pairs.values().flat_map(|pair| &pair.unreported) {
            println!("{loss}");
        }
    }
    print!("{}", table(&pairs));
}

/// What happened between two formats.
#[derive(Debug, Default)]
pub(crate) struct Pair {
    files: usize,
    entries_in: usize,
    entries_out: usize,
    entries_back: usize,
    fields: usize,
    lost: usize,
    panics: usize,
    /// Each loss without report and each report without loss, in words.
    pub(crate) unreported: BTreeSet<String>,
}

/// The ordered pairs of formats.
pub(crate) type Pairs = BTreeMap<(Format, Format), Pair>;

/// Sends every file through every pair that begins with its format.
pub(crate) fn pairs(files: &[PathBuf]) -> Pairs {
    let mut pairs: Pairs = FORMATS.iter().flat_map(|a| FORMATS.iter().map(|b| ((*a, *b), Pair::default()))).collect();
    for file in files {
        let Some((from, entries)) = entries_of(file) else { continue };
        for to in FORMATS {
            if let Some(pair) = pairs.get_mut(&(from, to)) {
                pair.files += 1;
                send(&file.display().to_string(), (from, to), &entries, pair);
            }
        }
    }
    pairs
}

/// The table.
pub(crate) fn table(pairs: &Pairs) -> String {
    let mut out = "| from | to | files | entries in | out | back | fields | lost | of them unreported | panics |\n\
                   |---|---|---|---|---|---|---|---|---|---|\n"
        .to_owned();
    for ((from, to), pair) in pairs {
        let Pair { files, entries_in, entries_out, entries_back, fields, lost, panics, unreported } = pair;
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "| {from} | {to} | {files} | {entries_in} | {entries_out} | {entries_back} | {fields} | {lost} | {} | {panics} |",
            unreported.len()
        );
    }
    out
}

/// Sends entries of one file there and back.
fn send(file: &str, (from, to): (Format, Format), entries: &[Entry], pair: &mut Pair) {
    pair.entries_in += entries.len();
    let there = leg(to, entries, &mut |message| {
        pair.unreported.insert(format!("{from} → {to}: {file}: {message}"));
    });
    let Some((there, fields, lost)) = there else {
        pair.panics += 1;
        return;
    };
    pair.entries_out += there.len();
    pair.fields += fields;
    pair.lost += lost;
    let back = leg(from, &there, &mut |message| {
        pair.unreported.insert(format!("{from} → {to} → {from}: {file}: {message}"));
    });
    match back {
        Some((back, _, _)) => pair.entries_back += back.len(),
        None => pair.panics += 1,
    }
}

/// Writes entries in a format and reads them there: what came back, how many fields there were, how many did not come
/// back. None for a panic.
pub(crate) fn leg(to: Format, entries: &[Entry], say: &mut dyn FnMut(String)) -> Option<(Vec<Entry>, usize, usize)> {
    let (text, reported) = catch_unwind(AssertUnwindSafe(|| write(to, entries))).ok()?;
    let back = catch_unwind(AssertUnwindSafe(|| read(to, Input::from_text(SourceId(0), to.name(), &text)))).ok()?;
    if back.len() != entries.len() {
        say(format!("{} entries became {}", entries.len(), back.len()));
    }
    let (mut fields, mut lost) = (0, 0);
    for ((before, after), reported) in entries.iter().zip(&back).zip(&reported) {
        let key = before.key.as_deref().unwrap_or_default();
        let reported: BTreeSet<FieldName> = reported.iter().map(|dropped| dropped.field).collect();
        for field in every_field(before) {
            fields += 1;
            let comes_back = is_same(before, after, field)
                || !reported.contains(&field) && holds_more(before, after, field, &reported);
            lost += usize::from(!comes_back);
            // What a format has no field for may come back from the parent that stands in the same file.
            let is_inherited = comes_back && before.plain.contains(PlainField::CrossReference);
            if comes_back == reported.contains(&field) && !is_inherited {
                let what = if comes_back { "is reported and comes back" } else { "is lost without a word" };
                let (value, now) = (value(before, field), value(after, field));
                say(format!("{key}: {} {what}\n    before: {value}\n    after:  {now}", named(before, field)));
            }
        }
        if before.key != after.key && !reported.contains(&FieldName::Key) {
            say(format!("{key}: the key became {:?}", after.key));
        }
    }
    Some((back, fields, lost))
}

/// What the entries are in a format, and which fields its writer reported.
pub(crate) fn write(to: Format, entries: &[Entry]) -> (String, Vec<Vec<Dropped>>) {
    let Some(writer) = to.spec().write else { return Default::default() };
    if entries.is_empty() {
        return (writer.empty.to_owned(), Vec::new());
    }
    let mut text = writer.head.to_owned();
    let mut reported = Vec::new();
    let mut printer = Printer::default();
    for (at, entry) in entries.iter().enumerate() {
        text.push_str(if at > 0 { writer.separator } else { "" });
        printer.clear();
        (writer.entry)(entry, &WriteOptions::default(), &mut printer);
        text.push_str(&printer.out);
        reported.push(printer.dropped.clone());
    }
    text.push_str(writer.tail);
    (text, reported)
}

/// The entries of an input; faults of the data are not looked at here.
pub(crate) fn read(from: Format, input: Input<'_>) -> Vec<Entry> {
    let mut found = Collected::default();
    if let Some(read) = from.spec().read {
        // What cannot be read further has given what it could.
        let _ = read(input, &ReadOptions::default(), &mut found);
    }
    found.entries.into_iter().map(|sourced| sourced.entry).collect()
}

/// The format of a file and its entries, each with a key; none for a file in another format.
pub(crate) fn entries_of(file: &Path) -> Option<(Format, Vec<Entry>)> {
    #[expect(clippy::disallowed_methods, reason = "an example opens its files itself")]
    let opened = std::fs::File::open(file).ok()?;
    let input = Input::new(SourceId(0), file.to_string_lossy(), opened).ok()?;
    let format = Format::detect(&input.head(), input.extension()).ok().filter(|format| FORMATS.contains(format))?;
    let mut entries = read(format, input);
    // The program gives a key to what has none.
    for (number, entry) in (1..).zip(&mut entries) {
        entry.key.get_or_insert_with(|| format!("entry{number}"));
    }
    Some((format, entries))
}

/// The kind and every field that holds something.
pub(crate) fn every_field(entry: &Entry) -> Vec<FieldName> {
    let mut fields = vec![FieldName::Kind];
    fields.extend(entry.fields());
    fields
}

/// Whether a field comes back. A foreign value has no fixed place: it is looked for by format and name.
pub(crate) fn is_same(before: &Entry, after: &Entry, field: FieldName) -> bool {
    match field {
        FieldName::Kind => before.kind == after.kind,
        FieldName::Key => before.key == after.key,
        FieldName::Text(field) => before.texts.get(field) == after.texts.get(field),
        FieldName::List(field) => before.lists.get(field) == after.lists.get(field),
        FieldName::Plain(field) => before.plain.get(field) == after.plain.get(field),
        FieldName::Date(field) => before.dates.get(field) == after.dates.get(field),
        FieldName::People(role) => before.people_as(role).eq(after.people_as(role)),
        FieldName::Id(scheme) => {
            let of = |id: &&Identifier| id.scheme() == scheme;
            before.ids.iter().filter(of).eq(after.ids.iter().filter(of))
        }
        FieldName::Foreign(at) => before.foreign.get(at).is_some_and(|value| after.foreign.contains(value)),
    }
}

/// Whether a text comes back with another one behind it, which its writer has reported: a title with its subtitle, a note
/// with what has no field of its own.
fn holds_more(before: &Entry, after: &Entry, field: FieldName, reported: &BTreeSet<FieldName>) -> bool {
    const JOINED: [(TextField, &[TextField]); 3] = [
        (TextField::Title, &[TextField::Subtitle]),
        (TextField::ContainerTitle, &[TextField::ContainerSubtitle]),
        (TextField::Note, &[TextField::Addendum, TextField::JournalRef, TextField::Comment]),
    ];
    let FieldName::Text(field) = field else { return false };
    let Some((_, others)) = JOINED.iter().find(|(joined, _)| *joined == field) else { return false };
    let (Some(text), Some(now)) = (before.texts.get(field), after.texts.get(field)) else { return false };
    let others = others.iter().filter(|other| reported.contains(&FieldName::Text(**other)));
    let mut rest = now.to_plain();
    match rest.strip_prefix(&text.to_plain()) {
        Some(behind) => rest = behind.to_owned(),
        None => return false,
    }
    for other in others.filter_map(|other| before.texts.get(*other)) {
        match rest.trim_start_matches([':', ';', ' ']).strip_prefix(&other.to_plain()) {
            Some(behind) => rest = behind.to_owned(),
            None => return false,
        }
    }
    rest.is_empty()
}

/// A field's name, of a foreign value with its format's.
pub(crate) fn named(entry: &Entry, field: FieldName) -> String {
    match field {
        FieldName::Foreign(at) => {
            entry.foreign.get(at).map(|Foreign { format, name, .. }| format!("{format}'s {name}")).unwrap_or_default()
        }
        field => field.name().to_owned(),
    }
}

/// One field's value, in a form to be shown.
pub(crate) fn value(entry: &Entry, field: FieldName) -> String {
    let name = |kind: Kind| kind.name();
    match field {
        FieldName::Kind => name(entry.kind).to_owned(),
        FieldName::Key => format!("{:?}", entry.key),
        FieldName::Text(field) => format!("{:?}", entry.texts.get(field)),
        FieldName::List(field) => format!("{:?}", entry.lists.get(field)),
        FieldName::Plain(field) => format!("{:?}", entry.plain.get(field)),
        FieldName::Date(field) => format!("{:?}", entry.dates.get(field)),
        FieldName::People(role) => format!("{:?}", entry.people_as(role).collect::<Vec<_>>()),
        FieldName::Id(scheme) => {
            format!("{:?}", entry.ids.iter().filter(|id| id.scheme() == scheme).collect::<Vec<_>>())
        }
        FieldName::Foreign(at) => format!("{:?}", entry.foreign.get(at)),
    }
}

/// Every file below a folder.
fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        files.push(folder.to_owned());
        return;
    };
    for entry in entries.flatten() {
        gather(&entry.path(), files);
    }
}
