//! What both ways of reading share: finished entries, the identifiers seen so far, and the lines that nobody could read.
//!
//! Each paper is listed once, at its first place. Knows drafts and diagnostics, no kinds of lines.

use super::beside;
use super::draft::Draft;
use super::links::{self, Mention, Target};
use super::places::Places;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::fold::fold;
use crate::model::{Identifier, PlainField};
use crate::record::DateChoice;
use crate::source::{Span, printable};
use crate::stream::{Sink, Sourced};
use std::collections::HashMap;
use std::ops::Range;

/// Why a line is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// Nobody knows what it is.
    Unknown,
    /// It is known to belong to the page.
    Furniture,
    /// It is text between the papers of a running text.
    Passing,
    /// It may be a title, but nothing shows it.
    Doubtful,
    /// It links to a page, but not to a paper.
    Link,
}

/// Collects what is read from one input.
#[derive(Debug)]
pub(super) struct Collector<'t> {
    places: Places<'t>,
    choice: DateChoice,
    entries: Vec<Sourced>,
    diagnostics: Vec<Diagnostic>,
    pages: Vec<(u64, Span)>,
    sections: Vec<(u64, Span)>,
    /// The papers listed so far, with the line and the folded title of each.
    seen: HashMap<String, (u32, String)>,
}

impl<'t> Collector<'t> {
    pub(super) fn new(places: Places<'t>, choice: DateChoice) -> Self {
        Self {
            places,
            choice,
            entries: Vec::new(),
            diagnostics: Vec::new(),
            pages: Vec::new(),
            sections: Vec::new(),
            seen: HashMap::new(),
        }
    }

    /// The span of a byte range.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        self.places.span(range)
    }

    /// Takes a finished draft; says whether it names a work.
    pub(super) fn finish(&mut self, draft: Draft) -> bool {
        let Some(range) = draft.range() else { return true };
        let span = self.places.span(range);
        if let Some(sourced) = draft.finish(self.choice, span) {
            let title = sourced.entry.title().map(|title| fold(&title.to_plain())).unwrap_or_default();
            for id in &sourced.entry.ids {
                self.seen.entry(key_of(id)).or_insert_with(|| (span.line, title.clone()));
            }
            if let (Some(url), true) = (sourced.entry.plain.get(PlainField::Url), sourced.entry.ids.is_empty()) {
                self.seen.entry(url.to_ascii_lowercase()).or_insert((span.line, title));
            }
            self.entries.push(sourced);
            return true;
        }
        false
    }

    /// Says how the text was read, when nothing was found that way.
    pub(super) fn names_nothing(&mut self, range: Range<usize>) {
        if self.entries.is_empty() {
            let message = "read as running text, which names no paper by identifier, link or reference";
            let help =
                "where each line is about a paper, put a line such as `3 papers` on top: then it is read as a listing";
            let span = self.places.span(range);
            self.diagnostics.push(Diagnostic::new(Rule::UnreadLine, message).at(span).help(help));
        }
    }

    /// Whether a paper was listed already.
    pub(super) fn seen(&self, mention: &Mention) -> bool {
        self.first_seen(mention).is_some()
    }

    fn first_seen(&self, mention: &Mention) -> Option<&(u32, String)> {
        self.seen.get(&paper_key(&mention.target)?)
    }

    /// Reports a line that is nothing known, and why that may be.
    pub(super) fn unread(&mut self, range: Range<usize>, text: &str, what: Unread) {
        let (words, severity) = match what {
            Unread::Unknown => ("not read: nothing that stands in a listing", Severity::Warning),
            Unread::Furniture => ("page furniture, not part of a paper", Severity::Note),
            Unread::Passing => ("names no paper", Severity::Note),
            Unread::Doubtful => ("may be a title, but nothing shows that it is one", Severity::Warning),
            Unread::Link => ("links to no paper that is known by its address or title", Severity::Warning),
        };
        self.report(range, format!("{words}: `{}`", shorten(text)), severity);
    }

    /// Reports a line at which an entry becomes longer than any paper's.
    pub(super) fn too_long(&mut self, range: Range<usize>, text: &str) {
        let message = format!("not read up to the next blank line: an entry has at most 1 MiB: `{}`", shorten(text));
        self.report(range, message, Severity::Warning);
    }

    /// Reports a line that lists a paper again, unless it only says the title again.
    pub(super) fn repeated(&mut self, range: Range<usize>, mention: &Mention, text: &str) {
        let Some((line, title)) = self.first_seen(mention) else { return };
        if !title.is_empty() && fold(text).contains(title.as_str()) {
            return;
        }
        let what = match &mention.target {
            Target::Id(id) => id.value(),
            Target::Page(url) => printable(url).into_owned(),
            Target::Elsewhere => return,
        };
        let message = format!("repeats {what} of line {line} under other words: `{}`", shorten(text));
        // Other words may be another paper's title, with the wrong identifier.
        let is_titled = beside::has_words_of_its_own(text, &links::find(text), title);
        self.report(range, message, if is_titled { Severity::Warning } else { Severity::Note });
    }

    /// Reports a line of which no entry was made: its paper was listed before, or it names none.
    pub(super) fn unread_or_repeated(&mut self, range: Range<usize>, text: &str) {
        match links::find(text).iter().find(|mention| self.seen(mention)) {
            Some(mention) => self.repeated(range, mention, text),
            None => self.unread(range, text, Unread::Link),
        }
    }

    /// Reports another version of a paper that is listed.
    pub(super) fn another_version(&mut self, range: Range<usize>, id: &str, kept: u16, other: u16) {
        let span = self.places.span(range);
        let message = format!("{id} is listed as v{kept} and as v{other}; v{kept} is kept, the one listed first");
        self.diagnostics.push(Diagnostic::new(Rule::ListedTwice, message).at(span).severity(Severity::Warning));
    }

    fn report(&mut self, range: Range<usize>, message: String, severity: Severity) {
        let span = self.places.span(range);
        self.diagnostics.push(Diagnostic::new(Rule::UnreadLine, message).at(span).severity(severity));
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

/// What tells the paper of a mention from other papers.
pub(super) fn paper_key(target: &Target) -> Option<String> {
    match target {
        Target::Id(id) => Some(key_of(id)),
        Target::Page(url) => Some(url.to_ascii_lowercase()),
        Target::Elsewhere => None,
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
