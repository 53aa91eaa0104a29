//! Splits RIS into records, and these into tags and values, in all the forms in which programs write lines. Knows no
//! meaning of a tag beside those that begin and end a record.

use super::read::record;
use super::values::unescape;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::error::Result;
use crate::format::{Input, ReadOptions};
use crate::source::{LineIndex, Span};
use crate::stream::Sink;
use std::borrow::Cow;
use std::ops::ControlFlow;

/// Reads a whole file.
pub(super) fn read(input: Input<'_>, _: &ReadOptions, sink: &mut dyn Sink) -> Result<()> {
    let source = input.source();
    let text = input.text(sink)?;
    let mut splitter = Splitter { lines: LineIndex::new(source, &text), record: None, sink };
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        if splitter.line(line.trim_matches(['\n', '\r', '\u{feff}']), at..at + line.len()).is_break() {
            return Ok(());
        }
        at += line.len();
    }
    let end = splitter.lines.span(text.len()..text.len());
    let _ = splitter.close(Some(end));
    Ok(())
}

/// One tagged value with its place; continued lines are joined.
pub(super) struct Tagged {
    /// Upper-case.
    pub(super) tag: String,
    pub(super) value: String,
    pub(super) span: Span,
}

/// Splits a file into records.
struct Splitter<'t, 's> {
    lines: LineIndex<'t>,
    record: Option<Vec<Tagged>>,
    sink: &'s mut dyn Sink,
}

impl Splitter<'_, '_> {
    fn line(&mut self, line: &str, range: std::ops::Range<usize>) -> ControlFlow<()> {
        let Some((tag, value)) = split_tag(line) else {
            return self.untagged(line.trim(), range);
        };
        let tag = tag.to_ascii_uppercase();
        let span = self.lines.span(range.start..range.start + line.len());
        match (tag.as_str(), &mut self.record) {
            ("ER", _) => {
                if !value.trim().is_empty() {
                    self.sink.report(Diagnostic::new(Rule::UnreadLine, "the end of a record has no value").at(span));
                }
                return self.close(None);
            }
            // A type given twice in a row: one record, the later word holds.
            ("TY", Some(record)) if record.iter().all(|line| line.tag == "TY") => {
                self.sink.report(
                    Diagnostic::new(Rule::MalformedRecord, "the type is given twice")
                        .severity(Severity::Warning)
                        .at(span),
                );
                record.clear();
            }
            ("TY", Some(_)) => self.close(Some(span))?,
            ("TY", None) => {}
            (_, Some(_)) => {}
            (_, None) => self.sink.report(
                Diagnostic::new(Rule::MalformedRecord, "a record begins without its type (TY)")
                    .severity(Severity::Warning)
                    .at(span)
                    .help("begin each record with a line such as `TY  - JOUR`"),
            ),
        }
        let tagged = Tagged { tag, value: value.trim().to_owned(), span };
        self.record.get_or_insert_default().push(tagged);
        ControlFlow::Continue(())
    }

    /// A line without tag goes on with the value before it; between records only numbers are expected.
    fn untagged(&mut self, line: &str, range: std::ops::Range<usize>) -> ControlFlow<()> {
        if line.is_empty() {
            return ControlFlow::Continue(());
        }
        let span = self.lines.span(range.clone());
        if let Some(record) = &mut self.record
            && let Some(last) = record.last_mut()
        {
            // The hyphen is left out.
            if line == "ER" {
                return self.close(None);
            }
            // EndNote writes one keyword, and one address, a line.
            if last.tag == "KW" || last.tag == "UR" && line.contains("://") {
                let tag = last.tag.clone();
                record.push(Tagged { tag, value: line.trim().to_owned(), span });
                return ControlFlow::Continue(());
            }
            if !last.value.is_empty() {
                last.value.push(' ');
            }
            last.value.push_str(line);
        } else if !line.trim_end_matches('.').bytes().all(|b| b.is_ascii_digit()) {
            self.sink.report(Diagnostic::new(Rule::UnreadLine, "the line stands in no record").at(span));
        }
        ControlFlow::Continue(())
    }

    /// Hands over the record that is open; `missing` is where its end was expected.
    fn close(&mut self, missing: Option<Span>) -> ControlFlow<()> {
        let Some(mut lines) = self.record.take().filter(|lines| !lines.is_empty()) else {
            return ControlFlow::Continue(());
        };
        for line in &mut lines {
            if let Cow::Owned(plain) = unescape(&line.value) {
                line.value = plain;
            }
        }
        if let Some(span) = missing {
            self.sink.report(
                Diagnostic::new(Rule::MalformedRecord, "the record before this line has no end (ER)")
                    .severity(Severity::Warning)
                    .at(span)
                    .help("end each record with a line `ER  - `"),
            );
        }
        let (sourced, faults) = record(&lines);
        for fault in faults {
            self.sink.report(fault);
        }
        self.sink.entry(sourced)
    }
}

/// Tags that are believed in a sloppy form too (`TY - BOOK`, `TY\t- BOOK`).
const TAGS: &str = "TY ER ID TI T1 T2 T3 CT BT AU A1 A2 A3 A4 ED TA PY Y1 Y2 DA JO JF JA J1 J2 VL VO IS CP SP EP PB CY PP \
    SN DO UR LK L1 L2 L3 L4 AB N1 N2 KW M1 M2 M3 C1 C2 C3 C4 C5 C6 C7 C8 DB DP AN AV AD CN ET LA LB NV OP RI RN SE ST U1 \
    U2 U3 U4 U5";

/// Splits `XX  - value`; none for a line that has no tag.
pub(super) fn split_tag(line: &str) -> Option<(&str, &str)> {
    let tag = line.get(..2)?;
    let bytes = tag.as_bytes();
    if !bytes[0].is_ascii_alphabetic() || !bytes[1].is_ascii_alphanumeric() {
        return None;
    }
    let rest = &line[2..];
    let ends = |value: &str| value.is_empty() || value.starts_with([' ', '\t']);
    if let Some(value) = rest.strip_prefix("  -").filter(|value| ends(value)) {
        return Some((tag, value));
    }
    let value = rest.trim_start_matches([' ', '\t']).strip_prefix('-')?;
    let known = TAGS.split_ascii_whitespace().any(|known| known == tag);
    (known && (ends(value) || rest.starts_with("  -"))).then_some((tag, value))
}
