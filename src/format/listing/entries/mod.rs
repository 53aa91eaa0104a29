//! How the lines of a listing group into entries.
//!
//! Lines go by in order. A label, an identifier, a snippet or an item mark says to which part of which entry a line belongs;
//! short lines wait until the next line tells whether they were a title, an author or a heading. What the page as a whole
//! looks like ([`Layout`]) decides where single lines do not. Knows kinds of lines and drafts, no format but this.

mod layout;
mod profile;
mod waiting;

use super::collector::{Collector, Unread};
use super::count::Count;
use super::draft::Draft;
use super::labels::{self, Label};
use super::lines::{self, Kind, Line, Mark};
use super::links::{self, Mention};
use super::{beside, cut, dates, people, running};
use crate::model::TextField;
use layout::Layout;
use std::ops::Range;

/// Reads the entries of a listing.
pub(super) fn read(lines: &[Line<'_>], collector: &mut Collector<'_>) {
    if profile::read(lines, collector) {
        return;
    }
    let layout = Layout::of(lines);
    let mut grouping = Grouping {
        lines,
        layout,
        collector,
        draft: Draft::default(),
        open: Open::default(),
        waiting: Vec::new(),
        overfull: false,
    };
    for at in 0..lines.len() {
        grouping.line(at);
    }
    grouping.end();
}

/// The field that goes on with the next line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Open {
    label: Option<Label>,
    /// Something was read into it.
    filled: bool,
    /// It was opened by a label, not by the look of its text.
    labelled: bool,
}

struct Grouping<'g, 'l, 't, 'c> {
    lines: &'g [Line<'l>],
    layout: Layout,
    collector: &'c mut Collector<'t>,
    draft: Draft,
    open: Open,
    /// Short lines that wait for what they are.
    waiting: Vec<usize>,
    /// The entry is as long as entries get; the lines up to the next blank one are left out.
    overfull: bool,
}

/// No entry is longer, in bytes: the longest abstracts and lists of authors on arXiv have some tens of thousands.
const LONGEST_ENTRY: usize = 1 << 20;

impl Grouping<'_, '_, '_, '_> {
    fn line(&mut self, at: usize) {
        let line = &self.lines[at];
        if self.is_beyond_limit(at) || self.continues(at) {
            return;
        }
        match &line.kind {
            Kind::Blank => self.blank(),
            Kind::Punctuation => self.punctuation(),
            Kind::Count(count) => self.count(at, *count),
            Kind::More => self.more(at),
            Kind::Less => self.open = Open::default(),
            Kind::Others => self.others(at),
            Kind::Label(label, value) => self.label(at, *label, *value),
            Kind::Dates(dates) => {
                self.close();
                self.settle_waiting(at);
                let span = self.collector.span(line.range.clone());
                self.draft.dates(dates.clone(), span);
            }
            Kind::Ids(mentions) => self.ids(at, mentions),
            Kind::Stray => {
                self.close();
                self.unread(at, false);
            }
            Kind::Categories => {
                self.close();
                self.settle_waiting(at);
                let span = self.collector.span(line.range.clone());
                self.draft.categories(&line.text, span);
            }
            Kind::Furniture => self.furniture(at),
            Kind::Authors => self.authors(at),
            Kind::Reference => self.reference(at),
            Kind::Fragment | Kind::Prose => self.snippet(at),
            Kind::Short => self.short(at),
        }
    }

    /// Ends an entry that grows beyond all measure, so that no input costs more memory than it has.
    fn is_beyond_limit(&mut self, at: usize) -> bool {
        let line = &self.lines[at];
        self.overfull &= line.kind != Kind::Blank && line.mark.is_none();
        let grown = self.open.label.is_some()
            && self.draft.range().is_some_and(|range| line.range.end.saturating_sub(range.start) > LONGEST_ENTRY);
        if self.overfull || !(grown || line.range.len() > LONGEST_ENTRY) {
            return self.overfull;
        }
        self.collector.too_long(line.range.clone(), &line.text);
        self.close();
        self.flush();
        self.overfull = true;
        true
    }

    /// Whether the line belongs to the field that is open.
    fn continues(&mut self, at: usize) -> bool {
        let line = &self.lines[at];
        let Some(label) = self.open.label else { return false };
        let starts_item = line.mark.is_some_and(|mark| !matches!(mark, Mark::Bullet) || label != Label::Abstract);
        let is_text = match &line.kind {
            Kind::Short | Kind::Prose | Kind::Fragment | Kind::Authors => true,
            Kind::Reference => !starts_item,
            // What a label alone on its line announces may look like anything.
            Kind::Dates(_) | Kind::Categories | Kind::Ids(_) | Kind::Furniture | Kind::Count(_) => {
                !self.open.filled && self.open.labelled && !matches!(line.kind, Kind::Furniture | Kind::Count(_))
            }
            _ => false,
        };
        if !is_text || (starts_item && self.open.filled) {
            return false;
        }
        match label {
            Label::Title if self.open.filled => self.continue_title(at),
            Label::Authors => self.continue_authors(at),
            Label::Abstract => self.continue_abstract(at),
            _ if self.open.filled => false,
            label => {
                self.value(label, at, 0);
                self.open = Open::default();
                true
            }
        }
    }

    /// A wrapped title goes on in lower case.
    fn continue_title(&mut self, at: usize) -> bool {
        let line = &self.lines[at];
        let goes_on = line.text.starts_with(|c: char| c.is_lowercase()) && line.kind != Kind::Authors;
        if goes_on {
            let span = self.collector.span(line.range.clone());
            self.draft.more_title(&line.text, span);
        }
        goes_on
    }

    fn continue_authors(&mut self, at: usize) -> bool {
        let line = &self.lines[at];
        let open_end = at > 0 && self.lines[at - 1].text.trim_end().ends_with([',', ';']);
        let is_people = line.kind == Kind::Authors
            || people::is_name(line.text.trim_matches([',', ' ']))
            || (line.kind == Kind::Short
                && (!self.open.filled || line.text.ends_with(',') || (open_end && line.text.len() < 60)));
        if is_people {
            self.value(Label::Authors, at, 0);
        }
        is_people
    }

    /// An abstract that a label opened goes on to the next blank line, one without label only as long as it is cut short.
    fn continue_abstract(&mut self, at: usize) -> bool {
        // A cut mark ends it, unless the next line shows that it goes on.
        let goes_on = self.lines[at].text.starts_with(|c: char| c.is_lowercase());
        if !self.open.labelled || (self.open.filled && !goes_on && at > 0 && cut::strip(&self.lines[at - 1].text).tail)
        {
            return false;
        }
        self.value(Label::Abstract, at, 0);
        true
    }

    fn blank(&mut self) {
        if self.open.filled {
            self.close();
        }
    }

    /// A lone comma parts authors, and shows that there was one where pages lose the names.
    fn punctuation(&mut self) {
        if self.open.label == Some(Label::Authors) {
            self.open.filled = true;
        }
    }

    fn close(&mut self) {
        self.open = Open::default();
    }

    fn count(&mut self, at: usize, count: Count) {
        self.close();
        self.give_up_waiting();
        let range = self.lines[at].range.clone();
        match count {
            Count::Page(count) => self.collector.declare_page(count, range),
            Count::Section(count) => self.collector.declare_section(count, range),
            Count::Other => self.unread(at, true),
        }
    }

    fn more(&mut self, at: usize) {
        if !self.draft.has_abstract() {
            self.unread(at, true);
            return;
        }
        let span = self.collector.span(self.lines[at].range.clone());
        self.draft.opens(span);
        // Only a search page has the whole text behind it.
        if self.lines[at].text.contains('▽') {
            self.open = Open { label: Some(Label::Abstract), filled: false, labelled: true };
        }
    }

    fn others(&mut self, at: usize) {
        let span = self.collector.span(self.lines[at].range.clone());
        if self.draft.has_authors() || self.open.label == Some(Label::Authors) {
            self.draft.others(span);
        } else {
            self.unread(at, false);
        }
    }

    fn label(&mut self, at: usize, label: Label, value: usize) {
        self.close();
        let taken = match label {
            Label::Title => self.draft.has_title() || self.draft.has_abstract(),
            Label::Authors => self.draft.has_authors() || (self.draft.has_abstract() && self.waits_for_title()),
            Label::Abstract => self.draft.has_abstract(),
            _ => false,
        };
        if taken || (self.begins_item(at) && !self.draft.is_bare()) {
            self.flush();
        }
        if label == Label::Title {
            self.give_up_waiting();
        } else {
            self.settle_waiting(at);
        }
        let line = &self.lines[at];
        let filled = value < line.text.len();
        if filled {
            self.value(label, at, value);
        } else {
            let span = self.collector.span(line.range.clone());
            self.draft.covers(span);
        }
        self.open = Open { label: Some(label), filled, labelled: true };
    }

    /// Puts the value of a label where it belongs.
    fn value(&mut self, label: Label, at: usize, from: usize) {
        let line = &self.lines[at];
        let text = line.text[from..].trim();
        let span = self.collector.span(value_range(line, from));
        let draft = &mut self.draft;
        match label {
            Label::Title => draft.title(text, span),
            Label::Authors => draft.authors(text, span),
            Label::Abstract => draft.passage(text, span),
            Label::Comments => draft.text(TextField::Comment, text, span),
            Label::Subjects => draft.categories(text, span),
            Label::JournalRef => draft.text(TextField::JournalRef, text, span),
            Label::License => draft.text(TextField::Rights, text, span),
            Label::Keywords => draft.keywords(text, span),
            Label::ReportNumber => draft.report_number(text, span),
            Label::Tldr => draft.foreign("tldr", text, span),
            Label::Msc => draft.foreign("msc-class", text, span),
            Label::Acm => draft.foreign("acm-class", text, span),
            Label::Date => match dates::find(text).or_else(|| dates::year_number(text).map(crate::model::Day::year)) {
                Some(day) => draft.dates(dates::Dates { first: Some(day), ..Default::default() }, span),
                None => draft.foreign("date", text, span),
            },
            Label::Reference => {
                let mentions = links::find(text);
                if mentions.iter().any(|mention| mention.target.is_paper()) {
                    self.mentions(at, from, &mentions);
                } else {
                    draft.foreign("link", text, span);
                }
            }
        }
        self.open.filled = true;
    }

    /// Adds identifiers of a line to the entry, those of other entries left out.
    fn mentions(&mut self, at: usize, from: usize, mentions: &[Mention]) {
        let line = &self.lines[at];
        for mention in mentions {
            if self.collector.seen(mention) {
                continue;
            }
            let range = from + mention.range.start..from + mention.range.end;
            let span = self.collector.span(piece_range(line, range));
            self.draft.mention(mention, span);
        }
    }

    fn ids(&mut self, at: usize, mentions: &[Mention]) {
        self.close();
        let line = &self.lines[at];
        let papers = || mentions.iter().filter(|mention| mention.target.is_paper());
        if papers().all(|mention| self.collector.seen(mention)) {
            return;
        }
        let own = papers().any(|mention| matches!(&mention.target, links::Target::Id(id) if self.draft.holds(id)));
        let arxiv =
            |mention: &Mention| matches!(&mention.target, links::Target::Id(crate::model::Identifier::Arxiv(_)));
        // A second arXiv id is a second paper; a DOI beside an arXiv id is the same one, where not each line is a paper.
        let another =
            !own && (papers().any(arxiv) && self.draft.has_arxiv() || self.layout.ids_only && !self.draft.is_empty());
        // A bullet below an item's bullet says more of it.
        let nested = line.mark.is_some() && line.indent > self.layout.indent && !self.draft.is_empty();
        let opens = self.layout.ids_first
            && !own
            && !nested
            && (self.draft.has_title() || self.draft.has_abstract())
            && papers().any(arxiv);
        if another || opens || (self.begins_item(at) && !own && !nested) {
            self.flush_before(at);
            // The title above an identifier without mark is that paper's.
            if line.mark.is_none() && !self.layout.ids_first && self.draft.is_empty() {
                self.settle_waiting(at);
            }
        } else if !own && self.layout.ids_first && self.draft.is_empty() {
            self.give_up_waiting();
        } else if !own {
            self.settle_waiting(at);
        }
        let several: Vec<Mention> = papers().filter(|mention| arxiv(mention)).cloned().collect();
        if several.len() > 1
            && several.iter().any(|mention| mention.target != several[0].target)
            && !is_one_paper(&several)
        {
            self.id_list(at, &several);
            return;
        }
        self.mentions(at, 0, mentions);
        // `arXiv:1706.03762 Attention Is All You Need` below a title: one of the two titles would be lost in silence.
        if self.draft.has_title() && beside::has_words_of_its_own(&line.text, mentions, &self.draft.title_text()) {
            self.unread(at, false);
        }
        let span = self.collector.span(line.range.clone());
        if !lines::classes(&line.text).is_empty() {
            self.draft.categories(&line.text, span);
        }
        self.draft.covers(span);
    }

    /// A line of several papers' identifiers: each is an entry.
    fn id_list(&mut self, at: usize, mentions: &[Mention]) {
        for mention in mentions {
            let held = matches!(&mention.target, links::Target::Id(id) if self.draft.holds(id));
            if held || self.collector.seen(mention) {
                continue;
            }
            if self.draft.has_arxiv() {
                self.flush();
            }
            let span = self.collector.span(piece_range(&self.lines[at], mention.range.clone()));
            self.draft.mention(mention, span);
        }
        self.flush();
    }

    fn furniture(&mut self, at: usize) {
        self.close();
        if labels::is_list_heading(&self.lines[at].text) {
            for above in std::mem::take(&mut self.waiting) {
                self.unread(above, true);
            }
        }
        self.unread(at, true);
    }

    fn authors(&mut self, at: usize) {
        self.close();
        let line = &self.lines[at];
        let span = self.collector.span(line.range.clone());
        // Waiting short lines are the title of the next entry, when this one is complete.
        if self.waits_for_title() && (self.draft.has_title() || self.draft.has_abstract()) {
            self.flush_before(at);
        }
        self.settle_waiting(at);
        if self.draft.has_title() && !self.draft.has_authors() || self.draft.is_bare() && self.draft.has_ids() {
            let (names, venue) =
                people::split_venue(&line.text).map_or((&*line.text, None), |(names, venue)| (names, Some(venue)));
            self.draft.authors(names, span);
            if let Some(venue) = venue {
                self.draft.text(TextField::Note, venue, span);
            }
            self.open = Open { label: Some(Label::Authors), filled: true, labelled: false };
        } else {
            self.unread(at, false);
        }
    }

    fn reference(&mut self, at: usize) {
        self.close();
        self.flush_before(at);
        self.give_up_waiting();
        let line = &self.lines[at];
        let span = |range| self.collector.span(piece_range(line, range));
        match running::reference_draft(&line.text, span, self.collector) {
            Some(draft) => {
                self.draft = draft;
                let span = self.collector.span(line.range.clone());
                self.draft.covers(span);
            }
            None => self.collector.unread_or_repeated(line.range.clone(), &line.text),
        }
        self.flush();
    }

    fn snippet(&mut self, at: usize) {
        self.close();
        let line = &self.lines[at];
        if self.is_remark(at) {
            self.unread(at, false);
            return;
        }
        if self.draft.has_abstract() || self.begins_item(at) || (self.waits_for_title() && self.draft.has_title()) {
            self.flush_before(at);
        }
        if self.layout.titled || self.draft.is_empty() && self.layout.items {
            self.settle_waiting(at);
        } else {
            self.give_up_waiting();
        }
        let span = self.collector.span(line.range.clone());
        self.draft.passage(&line.text, span);
    }

    /// A sentence that cannot be an abstract: in another script than the title, or the page speaking.
    fn is_remark(&self, at: usize) -> bool {
        let line = &self.lines[at];
        if line.kind != Kind::Prose {
            return false;
        }
        let title = match self.waiting.last() {
            Some(waiting) => self.lines[*waiting].text.to_string(),
            None => self.draft.title_text(),
        };
        let letters = |text: &str| {
            let letters = text.chars().filter(|c| c.is_alphabetic()).take(400);
            let (ascii, other) = letters
                .fold((0, 0), |(ascii, other), c| if c < '\u{250}' { (ascii + 1, other) } else { (ascii, other + 1) });
            other > ascii / 2
        };
        !title.is_empty() && letters(&line.text) && !letters(&title)
    }

    fn short(&mut self, at: usize) {
        let line = &self.lines[at];
        self.close();
        if self.one_line_entry(at) {
            return;
        }
        // A number or bullet before a title begins an entry.
        if line.mark.is_some() && self.layout.items {
            self.flush_before(at);
            self.give_up_waiting();
            self.take_title(at);
            return;
        }
        // The line behind the identifier is the title.
        if self.layout.ids_first && !self.layout.title_labels && self.draft.is_bare() && self.draft.has_ids() {
            self.give_up_waiting();
            self.take_title(at);
            return;
        }
        self.waiting.push(at);
    }

    /// `Attention Is All You Need, arXiv:1706.03762`: title and identifier on one line.
    fn one_line_entry(&mut self, at: usize) -> bool {
        let line = &self.lines[at];
        if !links::may_mention(&line.text) {
            return false;
        }
        let mentions = links::find(&line.text);
        let Some(first) = mentions.iter().find(|mention| mention.target.is_paper()) else { return false };
        let own = matches!(&first.target, links::Target::Id(id) if self.draft.holds(id));
        if self.collector.seen(first) && !own {
            self.collector.repeated(line.range.clone(), first, &line.text);
            return true;
        }
        if own {
            self.unread(at, false);
            return true;
        }
        self.flush_before(at);
        self.give_up_waiting();
        let span = |range: Range<usize>| self.collector.span(piece_range(line, range));
        let drafts = running::line_drafts(&line.text, &mentions, true, span, self.collector);
        if drafts.is_empty() {
            self.collector.unread_or_repeated(line.range.clone(), &line.text);
            return true;
        }
        for draft in drafts {
            self.flush();
            self.draft = draft;
        }
        let span = self.collector.span(line.range.clone());
        self.draft.covers(span);
        true
    }

    fn begins_item(&self, at: usize) -> bool {
        matches!(self.lines[at].mark, Some(Mark::Number(_))) || self.lines[at].mark.is_some() && self.layout.items
    }

    /// Ends the entry before a line that begins another; the short lines that wait belong to that one.
    fn flush_before(&mut self, at: usize) {
        let ids_first = self.layout.ids_first && matches!(self.lines[at].kind, Kind::Ids(_));
        if ids_first && self.draft.is_bare() && !self.draft.is_empty() {
            self.settle_waiting(at);
        } else if ids_first || self.is_title_list() && self.begins_item(at) {
            self.give_up_waiting();
        }
        self.take_venue();
        self.flush_draft();
    }

    fn flush(&mut self) {
        self.flush_draft();
    }

    fn flush_draft(&mut self) {
        let draft = std::mem::take(&mut self.draft);
        let range = draft.range();
        if let (false, Some(range)) = (self.collector.finish(draft), range) {
            // Dates in the head of a page belong to no paper.
            let of_draft = |line: &&Line<'_>| line.range.start >= range.start && line.range.end <= range.end;
            let lines = self.lines.iter().filter(|line| !line.text.is_empty());
            for line in lines.skip_while(|line| line.range.start < range.start).take_while(of_draft) {
                self.collector.unread(line.range.clone(), &line.text, Unread::Furniture);
            }
        }
    }

    fn unread(&mut self, at: usize, expected: bool) {
        let line = &self.lines[at];
        let what = if expected { Unread::Furniture } else { Unread::Unknown };
        self.collector.unread(line.range.clone(), &line.text, what);
    }
}

/// The same paper several times: `arXiv:X` and `arXiv:Xv1`.
fn is_one_paper(mentions: &[Mention]) -> bool {
    mentions.windows(2).all(|pair| match (&pair[0].target, &pair[1].target) {
        (links::Target::Id(a), links::Target::Id(b)) => super::draft::same_paper(a, b),
        _ => false,
    })
}

/// The bytes of a line's value from an offset of its text on; the whole line where the text was changed.
fn value_range(line: &Line<'_>, from: usize) -> Range<usize> {
    piece_range(line, from..line.text.len())
}

fn piece_range(line: &Line<'_>, piece: Range<usize>) -> Range<usize> {
    match line.text {
        std::borrow::Cow::Borrowed(_) => line.range.start + piece.start..line.range.start + piece.end,
        std::borrow::Cow::Owned(_) => line.range.clone(),
    }
}
