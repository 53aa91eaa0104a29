//! Short lines that wait until the next line tells whether they were a title, an author, a venue or a heading.

use super::super::labels::Label;
use super::super::lines::{self, Kind};
use super::super::{cut, dates, people, tags, titles};
use super::{Grouping, piece_range};
use crate::model::TextField;

impl Grouping<'_, '_, '_, '_> {
    pub(super) fn take_title(&mut self, at: usize) {
        let line = &self.lines[at];
        if let Some(parts) = titles::with_authors(&line.text) {
            let place = |piece: &str| {
                let from = lines::offset_in(&line.text, piece);
                self.collector.span(piece_range(line, from..from + piece.len()))
            };
            let (title_span, authors_span) = (place(parts.title), place(parts.authors));
            self.draft.title(parts.title, title_span);
            self.draft.authors(parts.authors, authors_span);
            if let Some(year) = parts.year {
                self.draft.year(year, authors_span);
            }
        } else {
            let span = self.collector.span(line.range.clone());
            let plain = titles::plain(tags::without_labels(&line.text));
            match tags::split_venue(&plain).filter(|_| line.mark.is_some()) {
                Some((title, venue)) => {
                    self.draft.title(title, span);
                    self.draft.venue(venue, span);
                }
                None => self.draft.title(&plain, span),
            }
        }
    }

    pub(super) fn waits_for_title(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Says what the waiting short lines are, now that a line `at` which belongs to an entry follows them.
    pub(super) fn settle_waiting(&mut self, at: usize) {
        let waiting = std::mem::take(&mut self.waiting);
        let Some((last, earlier)) = waiting.split_last() else { return };
        if self.draft.has_title() {
            self.settle_behind_title(&waiting);
            return;
        }
        // Names one a line, below the title.
        let names = self.trailing_names(&waiting, at);
        let title_at = waiting.len() - names;
        if names > 0 && title_at > 0 {
            self.leave(&waiting[..title_at - 1]);
            self.take_title(waiting[title_at - 1]);
            for name in &waiting[title_at..] {
                self.value(Label::Authors, *name, 0);
            }
            self.close();
            return;
        }
        self.leave(earlier);
        self.take_title(*last);
    }

    /// Short lines behind a title: a single author, else nothing known.
    fn settle_behind_title(&mut self, waiting: &[usize]) {
        let people = waiting.iter().take_while(|at| people::is_name(&self.lines[**at].text)).count();
        let people = if self.draft.has_authors() || self.draft.has_abstract() { 0 } else { people };
        for at in &waiting[..people] {
            self.value(Label::Authors, *at, 0);
        }
        self.close();
        let venue = waiting[people..]
            .first()
            .filter(|at| self.draft.has_authors() && !self.draft.has_abstract() && is_venue(&self.lines[**at].text));
        if let Some(at) = venue.copied() {
            let span = self.collector.span(self.lines[at].range.clone());
            self.draft.text(TextField::Note, &self.lines[at].text, span);
        }
        self.leave(&waiting[people + usize::from(venue.is_some())..]);
    }

    /// How many of the waiting lines, from the end, are names of people, one a line.
    fn trailing_names(&self, waiting: &[usize], at: usize) -> usize {
        let names = waiting
            .iter()
            .rev()
            .take_while(|line| people::is_name(self.lines[**line].text.trim_matches([',', ' '])))
            .count();
        // A title may look like a name; where all lines do, the first is the title.
        let names = if names == waiting.len() { names - 1 } else { names };
        let told = names >= 2
            || (names == 1
                && matches!(
                    self.lines[at].kind,
                    Kind::Fragment | Kind::Prose | Kind::Label(Label::Abstract, _) | Kind::Dates(_)
                ));
        if told { names } else { 0 }
    }

    /// The waiting short lines belong to no entry, unless the page is a list of titles.
    pub(super) fn give_up_waiting(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        if self.draft.has_title() {
            self.settle_behind_title(&waiting);
        } else {
            self.leave(&waiting);
        }
    }

    /// Lines left over: entries of a list of titles, else unread.
    fn leave(&mut self, left: &[usize]) {
        for at in left {
            let is_title = self.is_title_list() && !self.layout.items && is_title_like(&self.lines[*at].text);
            if !is_title {
                self.unread(*at, false);
                continue;
            }
            let kept = std::mem::take(&mut self.draft);
            self.take_title(*at);
            self.flush_draft();
            self.draft = kept;
        }
    }

    pub(super) fn is_title_list(&self) -> bool {
        !self.layout.snippets && !self.layout.labelled && !self.layout.ids_first
    }

    /// Between the authors of one entry and the title of the next may stand the venue.
    pub(super) fn take_venue(&mut self) {
        let several = self.waiting.len() >= 2 && self.draft.has_authors() && !self.draft.has_abstract();
        if several && is_venue(&self.lines[self.waiting[0]].text) {
            let line = &self.lines[self.waiting.remove(0)];
            let span = self.collector.span(line.range.clone());
            self.draft.text(TextField::Note, &line.text, span);
        }
    }

    pub(super) fn end(&mut self) {
        if !self.waiting.is_empty() && self.draft.is_bare() && !self.draft.is_empty() {
            self.settle_waiting(self.lines.len().saturating_sub(1));
        }
        let waiting = std::mem::take(&mut self.waiting);
        if self.draft.has_title() && !self.is_title_list() {
            self.settle_behind_title(&waiting);
            self.flush();
        } else if self.draft.has_title() {
            let taken = self.settle_in_title_list(&waiting);
            self.flush();
            self.leave(&waiting[taken..]);
        } else {
            self.flush();
            self.leave(&waiting);
        }
    }

    /// In a list of titles with authors, the line behind the last authors may be the venue.
    fn settle_in_title_list(&mut self, waiting: &[usize]) -> usize {
        let venue = waiting.first().filter(|at| self.draft.has_authors() && is_venue(&self.lines[**at].text));
        let Some(at) = venue.copied() else { return 0 };
        let span = self.collector.span(self.lines[at].range.clone());
        self.draft.text(TextField::Note, &self.lines[at].text, span);
        1
    }
}

/// A short line with a year, as venues have it: `NeurIPS 2017`, `Nature 521, 436 (2015)`.
fn is_venue(text: &str) -> bool {
    text.len() < 120
        && text.split(|c: char| !c.is_alphanumeric()).any(|word| dates::year_number(word).is_some())
        && !text.contains(": ")
}

/// At least two words, with letters, and not the name of a person.
fn is_title_like(text: &str) -> bool {
    let words = text.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count();
    let is_question = text.ends_with(['?', '!']);
    words >= 2 && (is_question || !cut::ends_sentence(text)) && !cut::has_inner_sentence_end(text)
}
