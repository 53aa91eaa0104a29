//! `bibmill catalog find`: which records are meant by an identifier, title words or a text.

use super::args::MessageFormat;
use super::terminal::Terminal;
use super::{Outcome, output};
use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::fold::fold;
use crate::model::{ArxivId, Entry, Identifier, Kind, Name, Scheme, Text, TextField};
use crate::record::Record;
use crate::resolve::{Candidate, Options, Resolver, described};
use crate::source::printable;
use crate::stream::{Collected, Sourced};
use std::collections::HashSet;
use std::io::{self, Read as _, Write};

/// How many records are shown.
const SHOWN: usize = 5;
/// How many records with letters in common are looked at for each word.
const NEAR: usize = 500;
/// How many authors of a record are named.
const AUTHORS: usize = 3;
/// The longest text that is searched for; what lies behind says nothing more.
const MOST: u64 = 1 << 16;

/// A record that may be meant.
struct Match {
    record: Record,
    /// The probability of being right; nothing for records that only have the words.
    score: Option<f64>,
}

/// Searches and prints; exit code 1 when there is nothing to print.
pub(super) fn run(
    query: &[String],
    catalogs: &[Catalog],
    format: MessageFormat,
    terminal: &mut Terminal,
) -> Result<Outcome> {
    let text = if query == ["-"] { from_stdin()? } else { query.join(" ") };
    let matches = search(text.trim(), query == ["-"], catalogs)?;
    output::to_stdout(|out| {
        matches.iter().try_for_each(|found| match format {
            MessageFormat::Text | MessageFormat::Github | MessageFormat::Sarif => print(found, out),
            MessageFormat::Json => print_json(found, out),
        })
    })?;
    if !matches.is_empty() {
        return Ok(Outcome::Done);
    }
    terminal.note(&format!("nothing was found in {}", described(catalogs)));
    Ok(Outcome::Findings)
}

fn from_stdin() -> Result<String> {
    let mut bytes = Vec::new();
    let read = io::stdin().take(MOST).read_to_end(&mut bytes);
    read.map_err(|error| Error::io("reading standard input failed", error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn search(text: &str, is_running_text: bool, catalogs: &[Catalog]) -> Result<Vec<Match>> {
    let mut entry = Sourced { entry: question(text, is_running_text), ..Sourced::default() };
    let resolver = Resolver::new(catalogs, Options::default());
    let found = resolver.resolve(std::slice::from_mut(&mut entry), &mut Collected::default())?;
    let candidates = found.into_iter().flat_map(|resolution| resolution.candidates);
    let mut matches = Vec::new();
    for Candidate { id, score, .. } in candidates.take(SHOWN) {
        matches.extend(record(&id, catalogs)?.map(|record| Match { record, score: Some(score) }));
    }
    if matches.is_empty() && !is_running_text {
        return by_words(text, catalogs);
    }
    Ok(matches)
}

/// The question as an entry.
fn question(text: &str, is_running_text: bool) -> Entry {
    let mut entry = Entry::new(Kind::Preprint);
    if let Some(id) = ArxivId::parse(text) {
        entry.add_id(Identifier::Arxiv(id));
    } else if let Some(doi) = Identifier::parse(Scheme::Doi, text) {
        entry.add_id(doi);
    } else {
        let field = if is_running_text { TextField::Abstract } else { TextField::Title };
        entry.texts.set(field, Text::plain(text));
    }
    entry
}

/// The first records in whose titles all the words stand.
///
/// Titles are indexed by windows of some ten letters, so that words which stand side by side, and long ones, find their records;
/// only when these find nothing is every record looked at.
fn by_words(text: &str, catalogs: &[Catalog]) -> Result<Vec<Match>> {
    let words: Vec<String> = text.split_whitespace().map(fold).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut near = Vec::new();
    for catalog in catalogs {
        let mut numbers: Vec<u32> = Vec::new();
        for piece in std::iter::once(words.concat()).chain(words.iter().cloned()) {
            numbers.extend(catalog.near_title(&piece, NEAR)?.iter().map(|hit| hit.record));
        }
        let mut seen = HashSet::new();
        near.extend(numbers.into_iter().filter(|number| seen.insert(*number)).map(|number| (catalog, number)));
    }
    let matches = with_words(near.into_iter().map(|(catalog, number)| catalog.record(number)), &words)?;
    if !matches.is_empty() {
        return Ok(matches);
    }
    with_words(catalogs.iter().flat_map(Catalog::records).map(|found| found.map(|(_, record)| record)), &words)
}

/// The first records in whose titles all the words stand.
fn with_words(records: impl Iterator<Item = Result<Record>>, words: &[String]) -> Result<Vec<Match>> {
    let mut matches = Vec::new();
    for record in records {
        let record = record?;
        let title: Vec<String> = record.title.split_whitespace().map(fold).collect();
        if words.iter().all(|word| title.iter().any(|other| other.starts_with(word))) {
            matches.push(Match { record, score: None });
            if matches.len() == SHOWN {
                break;
            }
        }
    }
    Ok(matches)
}

fn record(id: &str, catalogs: &[Catalog]) -> Result<Option<Record>> {
    for catalog in catalogs {
        if let Some(number) = catalog.by_id(id)? {
            return catalog.record(number).map(Some);
        }
    }
    Ok(None)
}

fn print(found: &Match, out: &mut dyn Write) -> io::Result<()> {
    let Match { record, score } = found;
    let score = score.map_or_else(|| "has the words".to_owned(), |score| format!("{score:.4}"));
    let day = record.first_date().map(|day| day.calendar()).unwrap_or_default();
    writeln!(out, "arXiv:{}  {score}", printable(&record.id))?;
    writeln!(out, "  {}", printable(&crate::record::squeeze(&record.title)))?;
    writeln!(out, "  {}", printable(&names(&record.names())))?;
    writeln!(out, "  {day}  {}", printable(&record.categories))
}

fn print_json(found: &Match, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &serde_json::json!({"score": found.score, "record": found.record}))?;
    writeln!(out)
}

/// The first authors, and how many there are.
fn names(names: &[Name]) -> String {
    let shown: Vec<String> = names.iter().take(AUTHORS).map(Name::display).collect();
    let shown = shown.join(", ");
    if names.len() > AUTHORS { format!("{shown} … ({} authors)", names.len()) } else { shown }
}
