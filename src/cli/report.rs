//! `--report`: one JSON object per entry and line: how it was matched, and where each of its fields comes from.

use super::spool::{Frame, Spool};
use crate::error::Result;
use crate::format::Dropped;
use crate::key::Suffix;
use crate::model::FieldName;
use crate::resolve::{Candidate, Resolution};
use crate::source::{Origin, Origins, Span};
use serde::Serialize;
use std::io::Write;
use std::path::Path;

/// Gathers the report.
#[derive(Debug)]
pub(super) struct Report {
    rows: Spool,
}

/// What is known of one entry when it has been printed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts<'e> {
    pub(super) key: &'e str,
    pub(super) input: &'e str,
    pub(super) span: Option<Span>,
    /// Nothing when entries are not resolved.
    pub(super) resolution: Option<&'e Resolution>,
    pub(super) origins: &'e Origins,
    pub(super) dropped: &'e [Dropped],
}

/// One line. `key` is the first member, so that the place of its end is known.
#[derive(Serialize)]
struct Row<'e> {
    key: &'e str,
    position: usize,
    input: &'e str,
    line: Option<u32>,
    outcome: &'static str,
    how: Option<&'static str>,
    score: Option<f64>,
    /// The candidate next to the match, when any other record has something in common with the entry.
    runner_up: Option<CandidateRow<'e>>,
    candidates: Vec<CandidateRow<'e>>,
    fields: Vec<FieldRow<'e>>,
    dropped: Vec<DroppedRow>,
}

#[derive(Serialize)]
struct CandidateRow<'e> {
    id: &'e str,
    title: &'e str,
    score: f64,
}

/// Where a field comes from; of the last four members those that say something.
#[derive(Serialize)]
struct FieldRow<'e> {
    field: &'static str,
    origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cut: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'static str>,
}

#[derive(Serialize)]
struct DroppedRow {
    field: &'static str,
    reason: &'static str,
}

impl Report {
    pub(super) fn new(directory: Option<&Path>) -> Self {
        Self { rows: Spool::new(directory) }
    }

    /// Adds an entry, the `position`-th, from 1.
    pub(super) fn push(&mut self, position: usize, facts: &Facts<'_>) -> Result<()> {
        // Serialising plain structs to memory cannot fail.
        let mut line = serde_json::to_string(&row(position, facts)).unwrap_or_default();
        line.push('\n');
        let key = serde_json::to_string(facts.key).unwrap_or_default();
        self.rows.push(&line, Some("{\"key\":".len() + key.len() - 1))
    }

    /// Writes it, in input order.
    pub(super) fn copy(self, suffixes: &[Suffix], out: &mut dyn Write) -> Result<()> {
        self.rows.copy(Frame::default(), suffixes, None, out)
    }
}

fn row<'e>(position: usize, facts: &Facts<'e>) -> Row<'e> {
    let candidates = facts.resolution.map_or(&[][..], |resolution| &resolution.candidates);
    Row {
        key: facts.key,
        position,
        input: facts.input,
        line: facts.span.map(|span| span.line),
        outcome: facts.resolution.map_or("not-resolved", |resolution| resolution.outcome.name()),
        how: facts.resolution.and_then(|resolution| resolution.how),
        score: candidates.first().map(|candidate| rounded(candidate.score)),
        runner_up: candidates.get(1).map(candidate_row),
        candidates: candidates.iter().map(candidate_row).collect(),
        fields: facts.origins.iter().map(|(field, origin)| field_row(field, origin)).collect(),
        dropped: facts
            .dropped
            .iter()
            .map(|dropped| DroppedRow { field: dropped.field.name(), reason: dropped.reason })
            .collect(),
    }
}

/// The score to four places: more is not known, and the last digits differ between platforms.
fn rounded(score: f64) -> f64 {
    (score * 1e4).round() / 1e4
}

fn candidate_row(candidate: &Candidate) -> CandidateRow<'_> {
    CandidateRow { id: &candidate.id, title: &candidate.title, score: rounded(candidate.score) }
}

fn field_row(field: FieldName, origin: &Origin) -> FieldRow<'_> {
    let mut row = FieldRow { field: field.name(), origin: "input", line: None, cut: None, record: None, from: None };
    match origin {
        Origin::Read { span, cut } => (row.line, row.cut) = (Some(span.line), cut.then_some(true)),
        Origin::Catalog { record } => (row.origin, row.record) = ("catalog", Some(record.as_str())),
        Origin::Derived(from) => (row.origin, row.from) = ("derived", Some(*from)),
    }
    row
}
