//! The JSON form of an author page (`arxiv.org/a/NAME.json`): a list of papers, authors as one string, subjects as long
//! names with the class in brackets.

use super::draft::Draft;
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::ArxivId;
use crate::source::LineIndex;
use crate::stream::Sink;
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Debug, Deserialize)]
struct Document<'t> {
    #[serde(borrow)]
    entries: Vec<&'t RawValue>,
}

/// A paper as the page has it; null and missing are empty.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Paper {
    id: Option<String>,
    title: Option<String>,
    authors: Option<String>,
    categories: Option<String>,
    subject: Option<String>,
    comment: Option<String>,
    journal_ref: Option<String>,
    doi: Option<String>,
    summary: Option<String>,
    published: Option<String>,
    updated: Option<String>,
    formats: Formats,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Formats {
    pdf: Option<String>,
}

/// The papers of the page; a broken one is one finding.
pub(super) fn read(text: &str, lines: &LineIndex<'_>, sink: &mut dyn Sink) -> Vec<Draft> {
    let document: Document<'_> = match serde_json::from_str(text) {
        Ok(document) => document,
        Err(error) => {
            sink.report(malformed(&error).at(lines.span(0..0)));
            return Vec::new();
        }
    };
    if document.entries.is_empty() {
        sink.declared_count(0, lines.span(0..0));
        sink.report(Diagnostic::new(Rule::EmptyInput, "the author page lists no papers"));
    }
    let mut drafts = Vec::with_capacity(document.entries.len());
    for value in document.entries {
        let start = value.get().as_ptr().addr().saturating_sub(text.as_ptr().addr()).min(text.len());
        let at = start..start + value.get().len();
        match serde_json::from_str::<Paper>(value.get()) {
            Ok(paper) => drafts.push(paper.draft(at)),
            Err(error) => sink.report(malformed(&error).at(lines.span(at))),
        }
    }
    drafts
}

impl Paper {
    fn draft(self, at: std::ops::Range<usize>) -> Draft {
        let id = self.id.as_deref().and_then(ArxivId::parse);
        let mut draft = Draft::new(id, at);
        draft.record.title = self.title.unwrap_or_default();
        draft.record.authors = self.authors.unwrap_or_default();
        draft.record.comments = self.comment.unwrap_or_default();
        draft.record.journal_ref = self.journal_ref.unwrap_or_default();
        draft.record.doi = self.doi.unwrap_or_default();
        draft.record.abstract_text = self.summary.unwrap_or_default();
        // The primary subject is repeated among the others, where it may stand anywhere.
        draft.take_comma_subjects(&self.subject.unwrap_or_default());
        draft.take_comma_subjects(&self.categories.unwrap_or_default());
        let latest = self.formats.pdf.as_deref().and_then(ArxivId::parse).and_then(|id| id.version());
        if let Some(updated) = self.updated {
            draft.version(latest, &updated);
        }
        if let Some(published) = self.published {
            draft.version(Some(1), &published);
        }
        draft
    }
}

fn malformed(error: &serde_json::Error) -> Diagnostic {
    Diagnostic::new(Rule::MalformedRecord, format!("this is no paper of an author page: {error}"))
}
