//! The metadata snapshot: JSON lines, one [`Record`] each, as arXiv publishes it; also as one array or one object.
//!
//! Lines are parsed on several threads and handed on in order; memory does not grow with the input. A broken line is one
//! diagnostic and the rest goes on. Knows the wrapping only; what a record means stands in `record.rs`.

use crate::diagnostic::{Diagnostic, Rule};
use crate::error::{Error, Result};
use crate::format::{Format, FormatSpec, Input, ReadOptions, Sniff};
use crate::model::{Entry, FieldName, PlainField, Scheme};
use crate::parallel::{self, Chunk};
use crate::record::{Record, parse_created};
use crate::source::{LineIndex, Origin, Origins, SourceId, Span, printable};
use crate::stream::{Sink, Sourced};
use std::ops::ControlFlow;

/// The row of the arXiv metadata snapshot.
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::ArxivSnapshot,
    name: "arxiv-snapshot",
    title: "arXiv metadata snapshot, JSON lines (also gzip, xz, zip, zstd)",
    extensions: &["json", "jsonl"],
    sniff,
    read: Some(read),
    streams: true,
    write: None,
};

fn sniff(head: &str) -> Sniff {
    let start = head.trim_start();
    let marks = [
        "\"authors_parsed\"",
        "\"categories\"",
        "\"journal-ref\"",
        "\"update_date\"",
        "\"report-no\"",
        "\"submitter\"",
    ];
    let found = marks.iter().filter(|mark| start.contains(**mark)).count();
    match (start.starts_with(['{', '[']), found) {
        (true, 3..) => Sniff::Yes,
        (true, 2) => Sniff::Likely,
        _ => Sniff::No,
    }
}

fn read(input: Input<'_>, options: &ReadOptions, sink: &mut dyn Sink) -> Result<()> {
    if input.head().trim_start().starts_with('[')
        || !input.head().trim_start().lines().next().is_some_and(|line| line.contains("\"id\""))
    {
        return read_document(input, options, sink);
    }
    let (source, name) = (input.source(), input.name().to_owned());
    let work = |chunk: Chunk| {
        chunk
            .lines()
            .map(|(line, at, bytes)| read_line(bytes, place(source, line, at, bytes), options))
            .collect::<Vec<_>>()
    };
    let take = |read: Vec<Line>| read.into_iter().try_for_each(|line| hand_on(line, sink));
    parallel::map_lines(input.into_reader(), parallel::threads(options.threads), work, take)
        .map_err(|error| Error::io(format!("{}: reading failed", printable(&name)), error))
}

/// What a line gives: its record as an entry, if it is one, and what is wrong with it.
struct Line {
    entry: Option<Sourced>,
    findings: Vec<Diagnostic>,
}

fn hand_on(line: Line, sink: &mut dyn Sink) -> ControlFlow<()> {
    line.findings.into_iter().for_each(|finding| sink.report(finding));
    line.entry.map_or(ControlFlow::Continue(()), |entry| sink.entry(entry))
}

fn read_line(line: &[u8], span: Span, options: &ReadOptions) -> Line {
    match serde_json::from_slice::<Record>(line) {
        Ok(record) => Line { findings: flaws(&record, span), entry: Some(sourced(&record, span, options)) },
        Err(error) => Line { entry: None, findings: vec![malformed(&error).at(span)] },
    }
}

/// The values of a record that are not what their members are for.
fn flaws(record: &Record, span: Span) -> Vec<Diagnostic> {
    let flaw = |message: String| Diagnostic::new(Rule::MalformedValue, message).at(span);
    let mut found = Vec::new();
    if record.arxiv_id().is_none() {
        found.push(flaw(format!("`id` is no arXiv identifier: `{}`", printable(&record.id))));
    }
    for version in &record.versions {
        if version.number().is_none() {
            found.push(flaw(format!("`version` is no version's number: `{}`", printable(&version.version))));
        }
        if !version.created.is_empty() && version.date().is_none() {
            found.push(flaw(format!("`created` is no date: `{}`", printable(&version.created))));
        }
    }
    if !record.update_date.is_empty() && parse_created(&record.update_date).is_none() {
        found.push(flaw(format!("`update_date` is no date: `{}`", printable(&record.update_date))));
    }
    found
}

/// An array of records, or one record on several lines.
fn read_document(input: Input<'_>, options: &ReadOptions, sink: &mut dyn Sink) -> Result<()> {
    let source = input.source();
    let text = input.text(sink)?;
    let lines = LineIndex::new(source, &text);
    let mut values = serde_json::Deserializer::from_str(&text).into_iter::<Box<serde_json::value::RawValue>>();
    while let Some(value) = values.next() {
        match value {
            Ok(value) if value.get().starts_with('[') => {
                read_array(value.get(), values.byte_offset() - value.get().len(), &lines, options, sink);
            }
            Ok(value) => {
                let end = values.byte_offset();
                let span = lines.span(end - value.get().len()..end);
                if hand_on(read_line(value.get().as_bytes(), span, options), sink).is_break() {
                    return Ok(());
                }
            }
            Err(error) => {
                let at = values.byte_offset();
                sink.report(malformed(&error).at(lines.span(at..at)));
                return Ok(());
            }
        }
    }
    Ok(())
}

fn read_array(array: &str, at: usize, lines: &LineIndex<'_>, options: &ReadOptions, sink: &mut dyn Sink) {
    let items: Vec<&serde_json::value::RawValue> = match serde_json::from_str(array) {
        Ok(items) => items,
        Err(error) => return sink.report(malformed(&error).at(lines.span(at..at + array.len()))),
    };
    for item in items {
        let start = at + offset_in(array, item.get());
        let span = lines.span(start..start + item.get().len());
        if hand_on(read_line(item.get().as_bytes(), span, options), sink).is_break() {
            break;
        }
    }
}

fn sourced(record: &Record, span: Span, options: &ReadOptions) -> Sourced {
    let entry = record.to_entry(None, options.date);
    let origins = origins(&entry, span);
    Sourced { entry, origins, span: Some(span) }
}

/// All but the address and the archive's DOI is in the line.
fn origins(entry: &Entry, span: Span) -> Origins {
    let mut origins = Origins::new();
    let one_doi = entry.ids.iter().filter(|id| id.scheme() == Scheme::Doi).count() == 1;
    for field in entry.fields() {
        // A publisher's DOI beside the archive's has been read.
        let derived = match field {
            FieldName::Plain(PlainField::Url) => true,
            FieldName::Id(Scheme::Doi) => one_doi,
            _ => false,
        };
        origins.set(field, if derived { Origin::Derived("the arXiv identifier") } else { Origin::read(span) });
    }
    origins
}

fn malformed(error: &serde_json::Error) -> Diagnostic {
    Diagnostic::new(Rule::MalformedRecord, format!("the line is no record: {error}"))
        .help("each line must be one JSON object as the arXiv metadata snapshot has them")
}

fn place(source: SourceId, line: u64, at: u64, bytes: &[u8]) -> Span {
    let length = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    Span { source, start: at, len: length(bytes.len() as u64), line: length(line), column: 1 }
}

/// Where a part of a text stands in it.
fn offset_in(text: &str, part: &str) -> usize {
    part.as_ptr().addr().saturating_sub(text.as_ptr().addr()).min(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::Collected;

    fn collect(text: &str) -> Collected {
        let mut sink = Collected::default();
        read(Input::from_text(SourceId(0), "test", text), &ReadOptions::default(), &mut sink).unwrap();
        sink
    }

    #[test]
    fn a_broken_line_is_one_diagnostic() {
        let sink =
            collect("{\"id\":\"0704.0001\",\"title\":\"A\"}\n{\"id\":\n\n{\"id\":\"0704.0002\",\"title\":null}\n");
        assert_eq!(sink.entries.len(), 2);
        let lines: Vec<u32> = sink.diagnostics.iter().filter_map(|d| d.span).map(|span| span.line).collect();
        assert_eq!(lines, [2]);
    }

    #[test]
    fn values_that_are_not_what_they_should_be_are_reported_and_the_entry_is_kept() {
        let sink = collect(concat!(
            r#"{"id":"notanid","title":"A","versions":[{"version":"v1","created":"soon"}],"update_date":"2024-13-99"}"#,
            "\n",
            r#"{"id":"0704.0001","title":"B","versions":[{"version":"v1","created":"Mon, 2 Apr 2007 19:18:42 GMT"}]}"#,
        ));
        let messages: Vec<&str> = sink.diagnostics.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "`id` is no arXiv identifier: `notanid`",
                "`created` is no date: `soon`",
                "`update_date` is no date: `2024-13-99`"
            ]
        );
        assert_eq!(sink.entries.len(), 2);
        assert_eq!(sink.entries[0].entry.foreign[0].value, "notanid");
    }

    #[test]
    fn arrays_and_objects_are_read_too() {
        assert_eq!(collect("[{\"id\":\"0704.0001\"},\n {\"id\":\"0704.0002\"}]").entries.len(), 2);
        assert_eq!(collect("{\n  \"id\": \"0704.0001\"\n}\n").entries.len(), 1);
    }
}
