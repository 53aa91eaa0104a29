//! Records of neighbouring services, as saved from their APIs: Semantic Scholar, OpenAlex, Crossref, INSPIRE, DBLP, Hugging
//! Face, the JSON of daily crawlers, and papis' own files.
//!
//! `records.rs` takes the envelopes off and tells whose record each one is, so that pages of several services may stand in
//! one input; a file for each service holds its mapping table. JSON lines stream; an array or an object is read whole. A
//! preprint on arXiv is built by the rules of `record.rs`, so that it agrees with arXiv's own doors.
//!
//! What says nothing about the work as such is left out without a word: counters (citations, references, downloads,
//! votes), scores and embeddings; identifiers of the service's own authors, institutions and concepts; subjects,
//! keywords and summaries that a machine has guessed (`concepts`, `topics`, `fieldsOfStudy`, `tldr`, `ai_summary`, translated
//! texts); lists of cited and citing works; addresses of copies; when the service itself saw, changed or checked its record.
//! Affiliations, ORCIDs and funding have no place in the model. Follows each service's public documentation of its API.

mod crawler;
mod crossref;
mod dblp;
mod draft;
mod huggingface;
mod inspire;
mod openalex;
mod papis;
mod records;
mod semantic_scholar;
#[cfg(test)]
mod tests;

use crate::diagnostic::{Diagnostic, Rule};
use crate::error::{Error, Result};
use crate::format::{Format, FormatSpec, Input, ReadOptions, Sniff};
use crate::parallel::{self, Chunk};
use crate::source::{LineIndex, SourceId, Span};
use crate::stream::{Sink, Sourced};
use draft::Draft;
use records::{Found, Service};
use serde_json::Value;
use std::ops::{ControlFlow, Range};

/// The row of neighbours' records.
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::Json,
    name: "json",
    title: "records of Semantic Scholar, OpenAlex, Crossref, INSPIRE, DBLP, Hugging Face, daily crawlers",
    extensions: &["json", "jsonl"],
    sniff,
    read: Some(read),
    streams: true,
    write: None,
};

/// Members that other formats of JSON have and that no service uses.
const OTHERS: [&str; 5] =
    ["\"authors_parsed\"", "\"update_date\"", "\"journal-ref\"", "\"kind\"", "\"citation_title\""];

/// Members that only one service uses.
const MARKS: [&str; 32] = [
    "\"paperId\"",
    "\"externalIds\"",
    "\"authorId\"",
    "\"citingPaper\"",
    "\"citedPaper\"",
    "\"contextsWithIntent\"",
    "\"https://openalex.org/",
    "\"abstract_inverted_index\"",
    "\"authorships\"",
    "\"message-type\"",
    "\"is-referenced-by-count\"",
    "\"content-domain\"",
    "\"article-number\"",
    "\"arxiv_eprints\"",
    "\"inspire_categories\"",
    "\"control_number\"",
    "\"_collections\"",
    "\"https://inspirehep.net/",
    "\"@score\"",
    "\"@total\"",
    "\"submittedOnDailyAt\"",
    "\"upvotes\"",
    "\"ai_summary\"",
    "\"arxiv_id\"",
    "\"primary_category\"",
    "\"pdf_url\"",
    "\"translated_abstract\"",
    "\"cate\"",
    "\"author_list\"",
    "\"abs\"",
    "\"entry_id\"",
    "\"arxivId\"",
];

fn sniff(head: &str) -> Sniff {
    let start = head.trim_start();
    if !begins_json(start) || OTHERS.iter().any(|mark| start.contains(mark)) {
        return Sniff::No;
    }
    // CSL data as Crossref gives it has Crossref's own members, but the title is a string there.
    let is_csl = start.contains("\"title\":\"") || start.contains("\"title\": \"");
    let is_crossrefs = start.contains("\"reference-count\"") && is_csl && !start.contains("\"message\"");
    let refuses = ["{\"error\"", "{\"message\"", "{\"status\""].iter().any(|begin| start.starts_with(begin));
    let is_paper = start.contains("\"title\"") && (start.contains("\"summary\"") || start.contains("\"abstract\""));
    if MARKS.iter().any(|mark| start.contains(mark)) && !is_crossrefs {
        Sniff::Yes
    } else if refuses || (is_paper && !is_crossrefs && !start.contains("\"type\"")) {
        Sniff::Likely
    } else {
        Sniff::Maybe
    }
}

/// Whether an object or an array of such begins; `[Paper] A title` and `[12] J. Dean` are other things.
fn begins_json(text: &str) -> bool {
    let behind = |bracket| text.strip_prefix(bracket).map(str::trim_start);
    let is_object = behind('{').is_some_and(|inner| inner.is_empty() || inner.starts_with(['"', '}']));
    is_object || behind('[').is_some_and(|inner| inner.is_empty() || inner.starts_with(['{', '[', '"', ']', 'n']))
}

fn read(input: Input<'_>, options: &ReadOptions, sink: &mut dyn Sink) -> Result<()> {
    if is_lines(&input) { read_lines(input, options, sink) } else { read_document(input, options, sink) }
}

/// Whether each line is a value of its own: the first one is, or is so long that nobody has laid it out over several.
fn is_lines(input: &Input<'_>) -> bool {
    let head = input.head();
    let head = head.trim_start();
    let named = matches!(input.extension(), Some("jsonl" | "ndjson"));
    let first = head.split_once('\n').map(|(first, _)| first.trim_end());
    let whole = first.is_none_or(|line| serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok());
    head.starts_with('{') && (named || whole)
}

/// JSON lines: parsed on several threads, handed on in order.
fn read_lines(input: Input<'_>, options: &ReadOptions, sink: &mut dyn Sink) -> Result<()> {
    let (source, name) = (input.source(), input.name().to_owned());
    let work = |chunk: Chunk| -> Vec<Said> {
        chunk.lines().flat_map(|(line, at, bytes)| read_line(source, line, at, bytes, options)).collect()
    };
    let mut tally = Tally::default();
    let take = |said: Vec<Said>| said.into_iter().try_for_each(|said| tally.hand_on(said, sink));
    parallel::map_lines(input.into_reader(), parallel::threads(options.threads), work, take)
        .map_err(|error| Error::io(format!("{}: reading failed", crate::source::printable(&name)), error))?;
    tally.conclude(&name)
}

fn read_line(source: SourceId, line: u64, at: u64, bytes: &[u8], options: &ReadOptions) -> Vec<Said> {
    let short = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    // A byte order mark stands before the first line.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let whole = Span { source, start: at, len: short(bytes.len() as u64), line: short(line), column: 1 };
    let text = String::from_utf8_lossy(bytes);
    let mut said = Vec::new();
    if let std::borrow::Cow::Owned(_) = text {
        let finding = Diagnostic::new(Rule::NonUtf8, "the line is not UTF-8; what is none is shown as U+FFFD");
        said.push(Said::Finding(finding.at(whole)));
    }
    let place = |range: Range<usize>| {
        let column = text.get(..range.start).map_or(1, |before| before.chars().count() as u64 + 1);
        let (start, len) = (at + range.start as u64, short(range.len() as u64));
        Span { start, len, column: short(column), ..whole }
    };
    read_text(&text, &place, options, &mut said);
    said
}

/// One value over several lines, or several.
fn read_document(input: Input<'_>, options: &ReadOptions, sink: &mut dyn Sink) -> Result<()> {
    let (source, name) = (input.source(), input.name().to_owned());
    let text = input.text(sink)?;
    let lines = LineIndex::new(source, &text);
    let mut said = Vec::new();
    read_text(&text, &|range| lines.span(range), options, &mut said);
    let mut tally = Tally::default();
    let _ = said.into_iter().try_for_each(|said| tally.hand_on(said, sink));
    tally.conclude(&name)
}

/// What is said of an input, in its order.
enum Said {
    Entry(Box<Sourced>),
    Finding(Diagnostic),
    Declared(u64, Span),
    Refusal(String),
}

/// Hands on what was read; a refusal in place of every record is an error.
#[derive(Default)]
struct Tally {
    entries: u64,
    refusal: Option<String>,
}

impl Tally {
    fn hand_on(&mut self, said: Said, sink: &mut dyn Sink) -> ControlFlow<()> {
        match said {
            Said::Entry(entry) => {
                self.entries += 1;
                return sink.entry(*entry);
            }
            Said::Finding(finding) => sink.report(finding),
            Said::Declared(count, span) => sink.declared_count(count, span),
            Said::Refusal(words) => self.refusal = Some(words),
        }
        ControlFlow::Continue(())
    }

    fn conclude(self, name: &str) -> Result<()> {
        match self.refusal {
            Some(words) => Err(Error::message(format!(
                "{}: the service answered with an error: {}",
                crate::source::printable(name),
                crate::source::printable(&words)
            ))),
            None => Ok(()),
        }
    }
}

/// Reads the values of a text one behind the other.
fn read_text(text: &str, place: &dyn Fn(Range<usize>) -> Span, options: &ReadOptions, said: &mut Vec<Said>) {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<&serde_json::value::RawValue>();
    loop {
        match values.next() {
            None => return,
            Some(Ok(value)) => read_value(value.get(), text, place, options, said),
            Some(Err(error)) => {
                let at = values.byte_offset().min(text.len());
                let finding = Diagnostic::new(Rule::MalformedRecord, format!("it is no JSON: {error}"));
                return said.push(Said::Finding(finding.at(place(at..at))));
            }
        }
    }
}

fn read_value(
    value: &str,
    text: &str,
    place: &dyn Fn(Range<usize>) -> Span,
    options: &ReadOptions,
    said: &mut Vec<Said>,
) {
    let mut found = Vec::new();
    records::find(value, &mut found);
    let at = |part: &str| {
        let start = offset_in(text, part);
        place(start..start + part.len())
    };
    for found in found {
        match found {
            Found::Record { service, text, listed } => read_record(service, text, listed, at(text), options, said),
            Found::Nothing(part) => {
                let message = "the service has no record for one of the papers asked for (`null`)";
                said.push(Said::Finding(Diagnostic::new(Rule::MissingRecord, message).at(at(part))));
            }
            Found::Empty(part) => {
                said.push(Said::Declared(0, at(part)));
                let finding = Diagnostic::new(Rule::EmptyInput, "the answer holds no record");
                said.push(Said::Finding(finding.at(at(part))));
            }
            Found::Page { list, listed, total } => {
                let message = format!("the service has {total} papers for this question; the answer lists {listed}");
                said.push(Said::Finding(Diagnostic::new(Rule::PartialAnswer, message).at(at(list))));
            }
            Found::Declared(part, count) => said.push(Said::Declared(count, at(part))),
            Found::Refusal(words) => said.push(Said::Refusal(words)),
            Found::Stray(part) => {
                let message = "it is no record of a service that is known";
                said.push(Said::Finding(Diagnostic::new(Rule::MalformedRecord, message).at(at(part))));
            }
        }
    }
}

fn read_record(service: Service, text: &str, listed: bool, span: Span, options: &ReadOptions, said: &mut Vec<Said>) {
    let record: Value = match serde_json::from_str(text) {
        Ok(record) => record,
        Err(error) => {
            let finding = Diagnostic::new(Rule::MalformedRecord, format!("the record is not read: {error}"));
            return said.push(Said::Finding(finding.at(span)));
        }
    };
    let mut draft = Draft::new(span, options);
    match service {
        Service::SemanticScholar => semantic_scholar::read(&record, &mut draft),
        Service::OpenAlex => openalex::read(&record, listed, &mut draft),
        Service::Crossref => crossref::read(&record, &mut draft),
        Service::Inspire => inspire::read(&record, &mut draft),
        Service::Dblp => dblp::read(&record, &mut draft),
        Service::HuggingFace => huggingface::read(&record, &mut draft),
        Service::Crawler => crawler::read(&record, &mut draft),
        Service::Papis => papis::read(&record, &mut draft),
    }
    said.extend(draft.diagnostics.drain(..).map(Said::Finding));
    said.push(Said::Entry(Box::new(draft.finish())));
}

/// Where a part of a text stands in it.
fn offset_in(text: &str, part: &str) -> usize {
    part.as_ptr().addr().saturating_sub(text.as_ptr().addr()).min(text.len())
}
