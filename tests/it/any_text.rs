//! What every reader and every writer must stand: any text. The body of the fuzz target and of the bounded test beside it.

use bibmill::format::{Format, FormatSpec, Input, Printer, ReadOptions, WriteOptions};
use bibmill::model::Entry;
use bibmill::source::SourceId;
use bibmill::stream::Collected;

/// How many entries of one text are written and read back.
const ENTRIES: usize = 8;

/// Reads the text by the chosen reader, writes what was read in every format, and reads that again: nothing panics, and
/// what was written as one entry is read as one.
pub(crate) fn stands(reader: usize, text: &str) {
    let readers: Vec<&FormatSpec> = rows().filter(|row| row.read.is_some()).collect();
    let entries = read(readers[reader % readers.len()], text);
    for mut entry in entries.into_iter().take(ENTRIES) {
        entry.key.get_or_insert_with(|| "key".to_owned());
        for row in rows().filter(|row| row.read.is_some()) {
            let Some(written) = write(row, &entry) else { continue };
            let back = read(row, &written);
            assert_eq!(back.len(), 1, "{}: one entry was written: {written:?}", row.name);
        }
    }
}

fn rows() -> impl Iterator<Item = &'static FormatSpec> {
    Format::ALL.iter().map(|format| format.spec())
}

fn read(row: &FormatSpec, text: &str) -> Vec<Entry> {
    let mut sink = Collected::default();
    // What cannot be read at all is an error with a message; here it is as good as nothing read.
    if let Some(reader) = row.read {
        let _ = reader(Input::from_text(SourceId(0), row.name, text), &ReadOptions::default(), &mut sink);
    }
    sink.entries.into_iter().map(|sourced| sourced.entry).collect()
}

fn write(row: &FormatSpec, entry: &Entry) -> Option<String> {
    let writer = row.write?;
    let mut printer = Printer::default();
    (writer.entry)(entry, &WriteOptions::default(), &mut printer);
    Some(format!("{}{}{}", writer.head, printer.out, writer.tail))
}
