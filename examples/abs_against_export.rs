//! arXiv's `.abs` records against arXiv's own BibTeX export of the same papers: identifier, title, authors, class.
//!
//!     cargo run --example abs_against_export -- RECORDS EXPORT [--all]
//!
//! RECORDS is a folder of `.abs` files, EXPORT one of `.bib` files named by identifier (`/` and `.` as they are, `/` as
//! `-` or `_` too). Each record is written as BibTeX, both files are read back, and people are compared by their parts
//! and order, titles by their words. Each difference is printed with the reason from [`KNOWN`]; one without a reason
//! makes the run fail.

use bibmill::format::{Format, Input, Printer, ReadOptions, WriteOptions};
use bibmill::model::{Entry, ListField, Name, Text};
use bibmill::source::SourceId;
use bibmill::stream::Collected;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Differences that were looked at: identifier, field, who is right and why.
const KNOWN: &[(&str, &str, &str)] = &[(
    "0704.0578",
    "authors",
    "ours right: the family name is Del Moro (arXiv's `authors_parsed` has it so); the export's \
     `First Last` form leaves it to BibTeX, which takes the last word",
)];

#[expect(clippy::print_stdout, reason = "an example is a program of its own")]
fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (records, export) = (arguments.next(), arguments.next());
    let (Some(records), Some(export)) = (records, export) else {
        return Err("two folders are needed: RECORDS EXPORT".into());
    };
    let tally = run(Path::new(&records), Path::new(&export))?;
    tally.lines.iter().for_each(|line| println!("{line}"));
    println!("{} records compared, {} equal, {} unexplained", tally.compared, tally.equal, tally.unknown);
    if tally.unknown == 0 { Ok(()) } else { Err("there are differences that nobody has looked at".into()) }
}

/// What the comparison found.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Records that have an export.
    pub compared: usize,
    /// Those without a difference.
    pub equal: usize,
    /// Differences without a reason, and records without an export.
    pub unknown: usize,
    /// Each difference in words.
    pub lines: Vec<String>,
}

/// Compares the records of one folder with the exports of another.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn run(records: &Path, export: &Path) -> Result<Tally> {
    let theirs = exported(export)?;
    let mut tally = Tally::default();
    for file in files(records, "abs")? {
        for entry in read(Format::ArxivMail, &file)? {
            let id = entry.arxiv().map(|id| id.id().to_owned()).unwrap_or_default();
            let Some(their) = theirs.get(&id) else {
                tally.lines.push(format!("{id}: no export"));
                tally.unknown += 1;
                continue;
            };
            let ours = parse(Format::Bibtex, &printed(&entry))?.pop().ok_or("nothing was written")?;
            tally.compared += 1;
            let differences = compare(&ours, their);
            tally.equal += usize::from(differences.is_empty());
            for (field, our, their) in differences {
                let reason = KNOWN.iter().find(|known| known.0 == id && known.1 == field).map(|known| known.2);
                tally.unknown += usize::from(reason.is_none());
                let reason = reason.unwrap_or("NOT EXPLAINED");
                tally.lines.push(format!("{id} {field}: {reason}\n  ours   {our}\n  theirs {their}"));
            }
        }
    }
    Ok(tally)
}

/// The fields that differ, with both values.
fn compare(ours: &Entry, theirs: &Entry) -> Vec<(&'static str, String, String)> {
    let values = |entry: &Entry| [id(entry), title(entry), authors(entry), class(entry)];
    let names = ["id", "title", "authors", "class"];
    let both = names.into_iter().zip(values(ours)).zip(values(theirs));
    both.map(|((name, our), their)| (name, our, their)).filter(|(_, our, their)| our != their).collect()
}

fn id(entry: &Entry) -> String {
    entry.arxiv().map(ToString::to_string).unwrap_or_default()
}

fn title(entry: &Entry) -> String {
    entry.title().map(Text::to_plain).unwrap_or_default()
}

/// Family with particles, given, suffix of each person; blanks between initials do not tell people apart.
fn authors(entry: &Entry) -> String {
    let shown = |name: &Name| match name {
        Name::Person(p) => format!("{} | {} | {}", p.full_family(), p.given.replace([' ', '.'], ""), p.suffix),
        Name::Literal(group) => format!("{{{group}}}"),
        Name::Others => "others".to_owned(),
    };
    entry.authors().map(shown).collect::<Vec<_>>().join("; ")
}

fn class(entry: &Entry) -> String {
    let classes = entry.lists.get(ListField::Category);
    classes.and_then(|classes| classes.first()).map(Text::to_plain).unwrap_or_default()
}

fn exported(folder: &Path) -> Result<BTreeMap<String, Entry>> {
    let mut entries = BTreeMap::new();
    for file in files(folder, "bib")? {
        entries.extend(read(Format::Bibtex, &file)?.into_iter().map(|entry| (id(&entry), entry)));
    }
    Ok(entries)
}

fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for file in std::fs::read_dir(folder)? {
        let path = file?.path();
        if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn read(format: Format, file: &Path) -> Result<Vec<Entry>> {
    #[expect(clippy::disallowed_methods, reason = "an example opens its files itself")]
    let opened = std::fs::File::open(file)?;
    collect(format, Input::new(SourceId(0), file.to_string_lossy(), opened)?)
}

fn parse(format: Format, text: &str) -> Result<Vec<Entry>> {
    collect(format, Input::from_text(SourceId(0), "written", text))
}

fn collect(format: Format, input: Input<'_>) -> Result<Vec<Entry>> {
    let mut collected = Collected::default();
    let read = format.spec().read.ok_or("the format is not read")?;
    read(input, &ReadOptions::default(), &mut collected)?;
    Ok(collected.entries.into_iter().map(|sourced| sourced.entry).collect())
}

fn printed(entry: &Entry) -> String {
    let mut entry = entry.clone();
    entry.key = Some("key".to_owned());
    let mut printer = Printer::default();
    if let Some(writer) = Format::Bibtex.spec().write {
        (writer.entry)(&entry, &WriteOptions::default(), &mut printer);
    }
    printer.out
}
