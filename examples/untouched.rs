//! What holds of editing, for every `.bib` file of any folders: nothing asked gives the same bytes; setting a field changes
//! the bytes of its value and no other; a field that is added and taken out again leaves no trace.
//!
//!     cargo run --release --example untouched -- FOLDER...
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "an example prints, and reads the files named")]

use bibmill::format::bibtex::edit::{Edits, EntryEditor, Piece, Style};
use bibmill::format::bibtex::{Block, BlockKind, RawEntry, read_text, split};
use bibmill::format::{Decoded, Format, Input, ReadOptions};
use bibmill::source::SourceId;
use bibmill::stream::Collected;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

fn main() {
    let mut files = Vec::new();
    std::env::args().skip(1).for_each(|folder| find(Path::new(&folder), &mut files));
    files.sort();
    let mut total = Counts::default();
    for path in &files {
        let bytes = std::fs::read(path).unwrap_or_default();
        match check(&bytes) {
            Ok(counts) => total.add(&counts),
            Err(fault) => println!("{}: {fault}", path.display()),
        }
    }
    let Counts { files: same, entries, fields, closed } = total;
    println!(
        "{} files, {same} without a fault; {entries} entries, {closed} of them closed; {fields} fields set",
        files.len()
    );
}

fn find(path: &Path, files: &mut Vec<PathBuf>) {
    if let Ok(entries) = std::fs::read_dir(path) {
        entries.flatten().for_each(|entry| find(&entry.path(), files));
    } else if path.extension().is_some_and(|extension| extension == "bib") {
        files.push(path.to_owned());
    }
}

/// What was looked at.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    files: usize,
    entries: usize,
    fields: usize,
    closed: usize,
}

impl Counts {
    fn add(&mut self, other: &Self) {
        self.files += other.files;
        self.entries += other.entries;
        self.fields += other.fields;
        self.closed += other.closed;
    }
}

/// Checks one file; what does not hold is the error.
pub(crate) fn check(bytes: &[u8]) -> Result<Counts, String> {
    let mut sink = Collected::default();
    let input = Input::new(SourceId(0), "x.bib", bytes).map_err(|error| error.to_string())?;
    let decoded = input.decoded(&mut sink).map_err(|error| error.to_string())?;
    if bytes_of(&decoded, &Edits::new()) != bytes {
        return Err("the bytes are not those that were read".to_owned());
    }
    let text = decoded.text.as_str();
    let mut counts = Counts { files: 1, ..Counts::default() };
    let mut starts = HashSet::new();
    let mut end = 0;
    for block in split(text) {
        if block.range.start != end {
            return Err(format!("byte {end} is in no block"));
        }
        end = block.range.end;
        if let BlockKind::Entry(raw) = &block.kind {
            starts.insert((block.range.start as u64, block.range.len() as u64));
            counts.entries += 1;
            check_entry(text, &block, raw, &mut counts).map_err(|fault| format!("{}: {fault}", raw.key))?;
        }
    }
    if end != text.len() {
        return Err(format!("byte {end} is in no block"));
    }
    for format in [Format::Bibtex, Format::Biblatex] {
        let mut read = Collected::default();
        read_text(text, SourceId(0), format, &ReadOptions::default(), &mut read).map_err(|error| error.to_string())?;
        let mut spans = read.entries.iter().filter_map(|entry| entry.span);
        if !spans.all(|span| starts.contains(&(span.start, u64::from(span.len)))) {
            return Err("an entry that was read is no block".to_owned());
        }
    }
    Ok(counts)
}

fn bytes_of(decoded: &Decoded, edits: &Edits) -> Vec<u8> {
    let length = decoded.text.len();
    let mut bytes = decoded.encoding.mark().to_vec();
    for piece in edits.pieces(0..length, length) {
        match piece {
            Piece::Kept(range) => bytes.extend_from_slice(&decoded.bytes_of(range)),
            Piece::New(new) => bytes.extend_from_slice(&decoded.encoding.encode(new)),
        }
    }
    bytes
}

fn check_entry(text: &str, block: &Block<'_>, raw: &RawEntry<'_>, counts: &mut Counts) -> Result<(), String> {
    let house = Style::default();
    if EntryEditor::new(text, block, &house).is_none() {
        return Ok(());
    }
    counts.closed += 1;
    for (at, field) in raw.fields.iter().enumerate() {
        let is_first = raw.fields[..at].iter().all(|other| !other.name.eq_ignore_ascii_case(field.name));
        if !is_first {
            continue;
        }
        let after = edited(text, block, |editor| editor.set(field.name, "new value"))?;
        let expected = [
            &text[block.range.start..field.value_at],
            &after[field.value_at - block.range.start..after.len() - (block.range.end - field.range.end)],
            &text[field.range.end..block.range.end],
        ];
        if after != expected.concat() || !expected[1].contains("new value") || expected[1].len() > 11 {
            return Err(format!("setting `{}` gives {after}", field.name));
        }
        counts.fields += 1;
    }
    let added = edited(text, block, |editor| editor.set("x-new", "value"))?;
    let Some(again) = split(&added).next().filter(|block| block.range.end == added.len()) else {
        return Err(format!("an added field breaks the entry: {added}"));
    };
    let BlockKind::Entry(now) = &again.kind else { return Err(format!("an added field breaks the entry: {added}")) };
    if now.fields.len() != raw.fields.len() + 1 || now.key != raw.key {
        return Err(format!("an added field is not one field more: {added}"));
    }
    let removed = edited(&added, &again, |editor| {
        editor.remove("x-new");
        true
    })?;
    let same = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != ',').collect::<String>();
    if same(&removed) != same(&text[block.range.clone()]) {
        return Err(format!("a field that was added and taken out leaves {removed}"));
    }
    Ok(())
}

/// The text of one entry after a change.
fn edited(text: &str, block: &Block<'_>, change: impl FnOnce(&mut EntryEditor<'_>) -> bool) -> Result<String, String> {
    let mut editor = EntryEditor::new(text, block, &Style::default()).ok_or("the entry is not closed")?;
    let mut edits = Edits::new();
    if !change(&mut editor) || !edits.push_all(editor.finish()) {
        return Err("the change is refused".to_owned());
    }
    let pieces = edits.pieces(block.range.clone(), text.len());
    Ok(pieces
        .iter()
        .map(|piece| match piece {
            Piece::Kept(range) => &text[range.clone()],
            Piece::New(new) => new,
        })
        .collect())
}
