//! What arXiv's XML doors share: handing on a paper with its origins, what a feed says about papers and not of them, and
//! the empty answer. Knows records, no markup.

use crate::diagnostic::{Diagnostic, Rule};
use crate::format::ReadOptions;
use crate::model::{Entry, FieldName, PlainField, Scheme};
use crate::record::Record;
use crate::source::{Origin, Origins, Span, printable};
use crate::stream::{Sink, Sourced};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// A feed being read.
pub(super) struct Feed<'s> {
    pub(super) sink: &'s mut dyn Sink,
    pub(super) options: &'s ReadOptions,
    /// How many papers have been handed on.
    pub(super) papers: u64,
    /// Whether something was left out that is no paper of arXiv.
    refused: bool,
    /// What is said about a paper's announcement and has no place in the model, each with how often.
    aside: BTreeMap<String, u64>,
}

impl<'s> Feed<'s> {
    pub(super) fn new(sink: &'s mut dyn Sink, options: &'s ReadOptions) -> Self {
        Self { sink, options, papers: 0, refused: false, aside: BTreeMap::new() }
    }

    /// Notes something that is not kept.
    pub(super) fn set_aside(&mut self, what: impl Into<String>) {
        *self.aside.entry(what.into()).or_default() += 1;
    }

    /// Hands on a record; `add` puts into the entry what a record has no place for.
    pub(super) fn record(&mut self, record: &Record, span: Span, add: impl FnOnce(&mut Entry)) -> ControlFlow<()> {
        let mut entry = record.to_entry(None, self.options.date);
        add(&mut entry);
        if is_withdrawn(&record.comments) {
            self.withdrawn(&record.id, span);
        }
        self.entry(entry, span)
    }

    /// Hands on an entry.
    pub(super) fn entry(&mut self, entry: Entry, span: Span) -> ControlFlow<()> {
        let origins = origins(&entry, span);
        self.papers += 1;
        self.sink.entry(Sourced { entry, origins, span: Some(span) })
    }

    /// Says that a paper was withdrawn.
    pub(super) fn withdrawn(&mut self, id: &str, span: Span) {
        let message = format!("{} has been withdrawn", printable(id));
        self.sink.report(Diagnostic::new(Rule::WithdrawnPaper, message).at(span));
    }

    /// Says that a record is left out.
    pub(super) fn refuse(&mut self, what: &str, span: Span) {
        self.refused = true;
        self.sink.report(Diagnostic::new(Rule::MalformedRecord, printable(what)).at(span));
    }

    /// Says what was set aside, and that the feed is empty when it is, which is no fault of anybody.
    pub(super) fn finish(&mut self, span: Span) {
        if !self.aside.is_empty() {
            let list: Vec<String> = self.aside.iter().map(|(what, count)| format!("{what} ({count})")).collect();
            let message = format!("said about papers and not kept with them: {}", list.join(", "));
            self.sink.report(Diagnostic::new(Rule::SetAside, message).at(span));
        }
        if self.papers == 0 && !self.refused {
            self.sink.declared_count(0, span);
            let message = "the answer is complete and holds no paper";
            self.sink.report(Diagnostic::new(Rule::EmptyInput, message).at(span));
        }
    }
}

/// Whether a comment says that the paper was withdrawn.
fn is_withdrawn(comment: &str) -> bool {
    let comment = comment.to_ascii_lowercase();
    comment.contains("withdrawn") && (comment.contains("been withdrawn") || comment.contains("is withdrawn"))
        || comment.starts_with("withdrawn")
}

/// All but the address and the archive's DOI is in the feed.
fn origins(entry: &Entry, span: Span) -> Origins {
    let mut origins = Origins::new();
    let has_arxiv_id = entry.arxiv().is_some();
    let one_doi = entry.ids.iter().filter(|id| id.scheme() == Scheme::Doi).count() == 1;
    for field in entry.fields() {
        // A publisher's DOI beside the archive's has been read.
        let is_derived = match field {
            FieldName::Plain(PlainField::Url) => true,
            FieldName::Id(Scheme::Doi) => one_doi,
            _ => false,
        };
        let derived = has_arxiv_id && is_derived;
        origins.set(field, if derived { Origin::Derived("the arXiv identifier") } else { Origin::read(span) });
    }
    origins
}
