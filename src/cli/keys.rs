//! `bibmill keys`: new citation keys for a list, old beside new, and a `.bib` file with its keys renamed and nothing else.

use super::args::{Common, Keys, MessageFormat};
use super::output::{self, Target};
use super::terminal::Terminal;
use super::{Outcome, input};
use crate::diagnostic::{Diagnostic, Rule};
use crate::error::{Error, Result};
use crate::format::bibtex::edit::{Edits, Piece, Renames};
use crate::format::bibtex::{self, BlockKind};
use crate::format::{Decoded, Format, ReadOptions};
use crate::key::{self, Claim, KeptKeys, Order, Pattern, Right};
use crate::source::{SourceId, printable};
use crate::stream::{Sink, Sourced};
use input::Opened;
use std::collections::HashSet;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;

/// Entries that stand for no work: their keys are what other entries call them, and say nothing else.
const NO_WORKS: [&str; 2] = ["set", "control"];

pub(super) fn run(args: &Keys, common: &Common, terminal: &mut Terminal) -> Result<Outcome> {
    let paths = input::named(&args.inputs);
    let pattern = args.key.as_deref().map_or_else(|| Ok(Pattern::default()), Pattern::parse)?;
    let target = args.output.as_deref().map(|path| target(path, paths.len())).transpose()?;
    let mut list =
        List { terminal, pattern, rows: Vec::new(), claims: Vec::new(), words: HashSet::new(), failed: false };
    let mut kept = None;
    for (number, path) in (0..).zip(&paths) {
        let opened = input::open(path, SourceId(number), args.from)?;
        kept = list.read(opened, &ReadOptions { threads: common.threads, ..ReadOptions::default() })?;
    }
    let List { rows, claims, words, failed, terminal, .. } = list;
    terminal.finish_reports();
    if failed {
        return Ok(Outcome::Failed);
    }
    let mut reserved = KeptKeys::default();
    reserved.reserve(words);
    let suffixes = key::assign(&claims, &reserved);
    let keys: Vec<String> =
        claims.iter().zip(&suffixes).map(|(claim, suffix)| format!("{}{}", claim.key, suffix.letters())).collect();
    if let Some(target) = target {
        let Some(decoded) = kept else {
            return Err(super::usage_error("-o writes a .bib file with its keys renamed, and the input is none"));
        };
        write(&target, &decoded, &rows, &keys, args.ids, terminal)?;
    }
    output::to_stdout(|out| {
        rows.iter().zip(&keys).try_for_each(|(row, new)| print(row, new, common.message_format, out))
    })?;
    Ok(Outcome::Done)
}

fn target(path: &Path, inputs: usize) -> Result<Target> {
    if path == Path::new("-") {
        return Err(super::usage_error("standard output has the list of keys; name a file with -o"));
    }
    if inputs > 1 {
        return Err(super::usage_error("-o writes one .bib file; rename the keys of one input at a time"));
    }
    Target::new(path)
}

/// An entry as it stands.
struct Row {
    old: String,
    input: String,
    line: Option<u32>,
    /// The first byte of the entry in its text.
    at: usize,
}

/// The entries of all inputs, and what their keys are to be.
struct List<'t> {
    terminal: &'t mut Terminal,
    pattern: Pattern,
    rows: Vec<Row>,
    claims: Vec<Claim>,
    /// What no new key may be.
    words: HashSet<String>,
    failed: bool,
}

impl List<'_> {
    /// Reads an input; gives back the text of a `.bib` file.
    fn read(&mut self, opened: Opened, options: &ReadOptions) -> Result<Option<Decoded>> {
        let Opened { input, text, format } = opened;
        let name = text.name.clone();
        self.terminal.add_source(text);
        let Some(format) = format else { return Ok(None) };
        let before = self.rows.len();
        let source = input.source();
        let is_bib = matches!(format.format, Format::Bibtex | Format::Biblatex);
        let mut reading = Reading { list: self, name: &name };
        let mut kept = None;
        if is_bib {
            let decoded = input.decoded(&mut reading)?;
            bibtex::read_text(&decoded.text, source, format.format, options, &mut reading)?;
            self.reserve(&decoded.text, before);
            kept = Some(decoded);
        } else {
            input::reader_of(format)?(input, options, &mut reading)?;
        }
        if self.rows.len() == before {
            self.failed = true;
            self.terminal.error(&Error::message(format!("{}: no entry was found in it", printable(&name))));
        }
        self.terminal.forget_text();
        Ok(kept)
    }

    /// Definitions, aliases, and the keys of what is no work stay, and no new key is one of them.
    fn reserve(&mut self, text: &str, first: usize) {
        self.words.extend(super::convert::words_taken(text));
        let works: HashSet<usize> = self.rows[first..].iter().map(|row| row.at).collect();
        for block in bibtex::split(text) {
            if let (BlockKind::Entry(raw), false) = (&block.kind, works.contains(&block.range.start)) {
                self.words.insert(raw.key.to_lowercase());
            }
        }
    }
}

/// Takes what is read of one input.
struct Reading<'l, 't> {
    list: &'l mut List<'t>,
    name: &'l str,
}

impl Sink for Reading<'_, '_> {
    fn entry(&mut self, entry: Sourced) -> ControlFlow<()> {
        let Sourced { entry, span, .. } = entry;
        let old = entry.key.clone().unwrap_or_default();
        let stays =
            entry.foreign.iter().any(|foreign| foreign.name == "@" && NO_WORKS.contains(&foreign.value.as_str()));
        let (key, right) =
            if stays { (old.clone(), Right::Fixed) } else { (self.list.pattern.key(&entry), Right::Made) };
        let input = span.map_or(0, |span| span.source.0);
        self.list.claims.push(Claim { key: key.into(), right, order: Order::of(&entry), input });
        let at = span.and_then(|span| usize::try_from(span.start).ok()).unwrap_or_default();
        self.list.rows.push(Row { old, input: self.name.to_owned(), line: span.map(|span| span.line), at });
        ControlFlow::Continue(())
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        // Only keys are looked at; the file keeps what stands beside its entries.
        if diagnostic.rule != Rule::SetAside {
            self.list.terminal.report(&diagnostic);
        }
    }
}

/// Writes the file with its keys renamed.
fn write(
    target: &Target,
    decoded: &Decoded,
    rows: &[Row],
    keys: &[String],
    as_aliases: bool,
    terminal: &mut Terminal,
) -> Result<()> {
    let mut renames = Renames::new(as_aliases);
    for (row, new) in rows.iter().zip(keys).filter(|(row, new)| row.old != **new) {
        renames.rename(row.at, new.clone());
    }
    let mut edits = Edits::new();
    let refused = renames.apply(&decoded.text, &mut edits);
    for key in refused.keys {
        terminal.note(&format!("the key {key} stays, because its entry is not closed"));
    }
    for (key, field) in refused.composed {
        say_composed(key, field, terminal);
    }
    target.write(|out| {
        let fail = |error| Error::io("writing failed", error);
        out.write_all(decoded.encoding.mark()).map_err(fail)?;
        let length = decoded.text.len();
        edits.pieces(0..length, length).into_iter().try_for_each(|piece| {
            let bytes = match piece {
                Piece::Kept(range) => decoded.bytes_of(range),
                Piece::New(text) => decoded.encoding.encode(text),
            };
            out.write_all(&bytes).map_err(fail)
        })
    })
}

fn print(row: &Row, new: &str, format: MessageFormat, out: &mut dyn Write) -> std::io::Result<()> {
    match format {
        MessageFormat::Text | MessageFormat::Github | MessageFormat::Sarif => writeln!(out, "{}\t{new}", row.old),
        MessageFormat::Json => {
            let row = serde_json::json!({"old": row.old, "new": new, "input": row.input, "line": row.line});
            writeln!(out, "{row}")
        }
    }
}

/// Says that what refers to other entries could not follow their keys.
pub(super) fn say_composed(key: &str, field: &str, terminal: &mut Terminal) {
    terminal.note(&format!("`{field}` of {key} stays, because its value is put together; look what it names"));
}
