//! What both ways of reading share: finished entries, the identifiers seen so far, and the lines that nobody could read.
//!
//! Each paper is listed once, at its first place. Knows drafts and diagnostics, no kinds of lines.

use super::draft::Draft;
use super::links::{Mention, Target};
use super::places::Places;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Identifier;
use crate::record::DateChoice;
use crate::source::{Span, printable};
use crate::stream::{Sink, Sourced};
use std::collections::HashMap;
use std::ops::Range;

/// Collects what is read from one input.
#[derive(Debug)]
pub(super) struct Collector<'t> {
    places: Places<'t>,
    choice: DateChoice,
    entries: Vec<Sourced>,
    diagnostics: Vec<Diagnostic>,
    pages: Vec<(u64, Span)>,
    sections: Vec<(u64, Span)>,
    /// The papers listed so far, and the line of each.
    seen: HashMap<String, u32>,
}

impl<'t> Collector<'t> {
    pub(super) fn new(places: Places<'t>, choice: DateChoice) -> Self {
        Self { places, choice, entries: Vec::new(), diagnostics: Vec::new(), pages: Vec::new(), sections: Vec::new(), seen: HashMap::new() }
    }

    /// The span of a byte range.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        self.places.span(range)
    }

    /// Takes a finished draft.
    pub(super) fn finish(&mut self, draft: Draft) {
        let Some(range) = draft.range() else { return };
        let span = self.places.span(range);
        if let Some(sourced) = draft.finish(self.choice, span) {
            for id in &sourced.entry.ids {
                self.seen.entry(key_of(id)).or_insert(span.line);
            }
            if let (Some(url), true) = (sourced.entry.plain.get(crate::model::PlainField::Url), sourced.entry.ids.is_empty()) {
                self.seen.entry(url.to_ascii_lowercase()).or_insert(span.line);
            }
            self.entries.push(sourced);
        }
    }

    /// The line on which a paper was listed already.
    pub(super) fn seen(&self, mention: &Mention) -> Option<u32> {
        let key = match &mention.target {
            Target::Id(id) => key_of(id),
            Target::Page(url) => url.to_ascii_lowercase(),
            Target::Elsewhere => return None,
        };
        self.seen.get(&key).copied()
    }

    /// Reports a line that is nothing known; `expected` when it is known to belong to the page and not to a paper.
    pub(super) fn unread(&mut self, range: Range<usize>, text: &str, expected: bool) {
        let what = if expected { "page furniture, not part of a paper" } else { "not read: nothing that stands in a listing" };
        self.report(range, format!("{what}: `{}`", shorten(text)), expected);
    }

    /// Reports a line that lists a paper again, under words that are lost.
    pub(super) fn repeated(&mut self, range: Range<usize>, what: &str, line: u32, text: &str) {
        self.report(range, format!("repeats {what} of line {line}, under other words: `{}`", shorten(text)), true);
    }

    fn report(&mut self, range: Range<usize>, message: String, note: bool) {
        let mut diagnostic = Diagnostic::new(Rule::UnreadLine, message).at(self.places.span(range));
        if note {
            diagnostic = diagnostic.severity(Severity::Note);
        }
        self.diagnostics.push(diagnostic);
    }

    /// Notes the number of entries that the page declares.
    pub(super) fn declare_page(&mut self, count: u64, range: Range<usize>) {
        self.pages.push((count, self.places.span(range)));
    }

    /// Notes the number of entries that a section declares.
    pub(super) fn declare_section(&mut self, count: u64, range: Range<usize>) {
        self.sections.push((count, self.places.span(range)));
    }

    /// Hands everything over, in the order of the input.
    pub(super) fn drain(mut self, sink: &mut dyn Sink) {
        match (self.pages.first(), self.sections.first()) {
            // Headers above and below a page say the same; the first counts.
            (Some((count, span)), _) => sink.declared_count(*count, *span),
            (None, Some((_, span))) => sink.declared_count(self.sections.iter().map(|(count, _)| count).sum(), *span),
            (None, None) => {}
        }
        for entry in self.entries {
            if sink.entry(entry).is_break() {
                break;
            }
        }
        self.diagnostics.sort_by_key(|diagnostic| diagnostic.span.map(|span| span.start));
        for diagnostic in self.diagnostics {
            sink.report(diagnostic);
        }
    }
}

fn key_of(id: &Identifier) -> String {
    match id {
        Identifier::Arxiv(id) => id.id().to_owned(),
        Identifier::Other(scheme, value) => format!("{} {}", scheme.name(), value.to_ascii_lowercase()),
    }
}

fn shorten(text: &str) -> String {
    const MOST: usize = 60;
    let shown: String = text.chars().take(MOST).collect();
    let mark = if shown.len() < text.len() { "…" } else { "" };
    format!("{}{mark}", printable(&shown))
}
