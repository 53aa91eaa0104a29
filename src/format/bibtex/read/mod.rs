//! Reads `.bib` files of either dialect into the model, entry by entry: definitions are replaced, fields inherited, and
//! what is wrong is reported. Faults in a file never end the reading.
//!
//! The dialect says only whether the word "and" parts lists such as publishers, as it does in BibLaTeX. Must not know
//! which field is which: that is the business of `entry`.

mod control;
mod dates;
mod entry;
mod gather;
mod inherit;
mod journals;
mod macros;
pub(super) mod remarks;
#[cfg(test)]
mod tests;
mod values;
mod xdata;

use super::{Dialect, vocabulary};
use crate::diagnostic::Diagnostic;
use crate::error::{Error, Result};
use crate::format::{Input, ReadOptions};
use crate::parallel;
use crate::source::{LineIndex, SourceId, Span};
use crate::stream::{Sink, Sourced};
use gather::{Gatherer, Item};
use inherit::Parents;
use std::borrow::Cow;
use std::io;
use std::ops::{ControlFlow, Range};

/// Reads a BibTeX file.
pub(super) fn read_bibtex(input: Input<'_>, options: &ReadOptions, sink: &mut dyn Sink) -> Result<()> {
    read(input, Dialect::Bibtex, options, sink)
}

/// Reads a BibLaTeX file.
pub(super) fn read_biblatex(input: Input<'_>, options: &ReadOptions, sink: &mut dyn Sink) -> Result<()> {
    read(input, Dialect::Biblatex, options, sink)
}

/// A field whose definitions have been replaced.
#[derive(Clone, Debug)]
struct Field<'t> {
    /// In lower case.
    name: Cow<'t, str>,
    /// As written.
    written: Cow<'t, str>,
    value: Cow<'t, str>,
    range: Range<usize>,
}

/// How the values of a file are understood.
#[derive(Clone, Copy, Debug)]
struct Style {
    dialect: Dialect,
    /// Whether what is said of arXiv stays where it stands.
    as_written: bool,
}

/// What is said of one block.
enum Said {
    Finding(Diagnostic),
    Entry(Box<Sourced>),
    /// That there is no entry.
    Empty,
}

fn read(input: Input<'_>, dialect: Dialect, options: &ReadOptions, sink: &mut dyn Sink) -> Result<()> {
    let source = input.source();
    let text = input.text(sink)?;
    read_decoded(&text, source, dialect, options, sink)
}

/// Reads a text that is at hand.
pub(super) fn read_decoded(
    text: &str,
    source: SourceId,
    dialect: Dialect,
    options: &ReadOptions,
    sink: &mut dyn Sink,
) -> Result<()> {
    let threads = parallel::threads_for(text, options.threads);
    let style = Style { dialect, as_written: options.as_written };
    read_text(&LineIndex::new(source, text), text, style, threads, sink)
        .map_err(|error| Error::io("reading on several threads failed", error))
}

/// Gathers the entries in order and interprets them on several threads; what is said comes in the order of the text, and
/// beside the text only what is under way is held.
fn read_text(lines: &LineIndex<'_>, text: &str, style: Style, threads: usize, sink: &mut dyn Sink) -> io::Result<()> {
    let parents = Parents::collect(text, style.dialect);
    let mut gatherer = Gatherer::new(text, lines, &parents);
    let work = |items: Vec<Item<'_>>| interpret(items, lines, style);
    let whole = lines.span(0..text.len());
    let take = |said: Vec<Said>| said.into_iter().try_for_each(|said| hand_on(said, whole, sink));
    parallel::map_jobs(move || Ok(gatherer.batch()), threads, work, take)
}

fn interpret(items: Vec<Item<'_>>, lines: &LineIndex<'_>, style: Style) -> Vec<Said> {
    let mut said = Vec::with_capacity(items.len());
    for item in items {
        match item {
            Item::Empty => said.push(Said::Empty),
            Item::Finding(finding) => said.push(Said::Finding(finding)),
            Item::Entry(gathered) => {
                let key = (!gathered.key.is_empty()).then_some(&*gathered.key);
                let made = entry::Builder::new(&gathered, lines, style).build(&gathered.fields);
                said.extend(made.diagnostics.into_iter().map(|finding| Said::Finding(finding.key(key))));
                said.push(Said::Entry(Box::new(made.sourced)));
            }
        }
    }
    said
}

fn hand_on(said: Said, whole: Span, sink: &mut dyn Sink) -> ControlFlow<()> {
    match said {
        Said::Entry(entry) => sink.entry(*entry),
        Said::Empty => {
            sink.declared_count(0, whole);
            ControlFlow::Continue(())
        }
        Said::Finding(finding) => {
            sink.report(finding);
            ControlFlow::Continue(())
        }
    }
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|b| b.is_ascii_uppercase()) { name.to_ascii_lowercase().into() } else { name.into() }
}

/// Reads a text whole.
#[cfg(test)]
pub(super) fn collect(text: &str, dialect: Dialect) -> crate::stream::Collected {
    let mut collected = crate::stream::Collected::default();
    let lines = LineIndex::new(crate::source::SourceId(0), text);
    read_text(&lines, text, Style { dialect, as_written: false }, 1, &mut collected)
        .expect("one thread needs nothing of the system");
    collected
}

/// The kind of an entry type as written, and whether the word says more than the kind.
///
/// The `biblatex` crate judges which words are aliases (`conference`, `www`, `electronic`): a lookup of one word, which
/// none of that crate's faults with whole files can reach.
pub(super) fn kind_of(word: &str) -> Option<(crate::model::Kind, bool)> {
    let lowered = lower(word);
    vocabulary::kind_of_type(&lowered)
        .or_else(|| vocabulary::kind_of_type(&biblatex::EntryType::new(&lowered).to_string()))
}
