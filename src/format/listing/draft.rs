//! An entry while it is being put together: values as they are read, each with its place, and which of two abstracts wins.
//!
//! Knows the model; nothing of lines.

use super::dates::Dates;
use super::links::{Mention, Target};
use super::reference::Journal;
use super::tags::{self, Venue};
use super::{cut, lines, people};
use crate::latex;
use crate::model::{
    Date, DateField, Day, Entry, FieldName, Foreign, Identifier, Kind, ListField, Name, PlainField, Role, Scheme, Text,
    TextField,
};
use crate::record::DateChoice;
use crate::source::{Origin, Origins, Span};
use crate::stream::Sourced;
use std::ops::Range;

/// An entry being put together.
#[derive(Debug, Default)]
pub(super) struct Draft {
    entry: Entry,
    origins: Origins,
    /// The bytes of the input that it was read from.
    range: Option<Range<usize>>,
    authors: String,
    others: bool,
    /// The year of the venue that a list names behind a title.
    venue_year: Option<(i32, Span)>,
    /// The abstract as shown first.
    shown: Option<Passage>,
    /// The abstract behind `▽ More`.
    opened: Option<Passage>,
    dates: Option<(Dates, Span)>,
}

#[derive(Debug)]
struct Passage {
    text: String,
    span: Span,
    /// The source cut it, whatever it looks like.
    cut: bool,
}

impl Draft {
    /// Whether nothing was read into it.
    pub(super) fn is_empty(&self) -> bool {
        self.range.is_none()
    }

    /// Whether it has nothing but identifiers, classes and dates: what a page prints above the title.
    pub(super) fn is_bare(&self) -> bool {
        !self.has_title() && !self.has_abstract() && self.authors.is_empty()
    }

    pub(super) fn has_title(&self) -> bool {
        self.entry.texts.contains(TextField::Title)
    }

    pub(super) fn has_authors(&self) -> bool {
        !self.authors.is_empty() || !self.entry.people.is_empty() || self.others
    }

    pub(super) fn has_abstract(&self) -> bool {
        self.shown.is_some()
    }

    pub(super) fn has_dates(&self) -> bool {
        self.dates.is_some()
    }

    pub(super) fn has_ids(&self) -> bool {
        !self.entry.ids.is_empty()
    }

    /// The title as read.
    pub(super) fn title_text(&self) -> String {
        self.entry.title().map(Text::to_plain).unwrap_or_default()
    }

    /// Whether one of the identifiers is this one, versions aside.
    pub(super) fn holds(&self, id: &Identifier) -> bool {
        self.entry.ids.iter().any(|own| same_paper(own, id))
    }

    /// Whether it has an arXiv id.
    pub(super) fn has_arxiv(&self) -> bool {
        self.entry.arxiv().is_some()
    }

    pub(super) fn title(&mut self, text: &str, span: Span) {
        let cut = cut::strip(text);
        let text = tidy_title(cut.text);
        if text.is_empty() {
            return;
        }
        self.entry.texts.set(TextField::Title, rich(text).protect_case());
        self.origins.set(FieldName::Text(TextField::Title), Origin::Read { span, cut: cut.is_marked() });
        self.covers(span);
    }

    /// Adds what a wrapped line says of the title.
    pub(super) fn more_title(&mut self, text: &str, span: Span) {
        let mut title = self.title_text();
        title.push(' ');
        title.push_str(text);
        let first = match self.origins.get(FieldName::Text(TextField::Title)) {
            Some(Origin::Read { span, .. }) => *span,
            Some(Origin::Catalog { .. } | Origin::Derived(_)) | None => span,
        };
        self.title(
            &title,
            Span { len: u32::try_from(span.start + u64::from(span.len) - first.start).unwrap_or(u32::MAX), ..first },
        );
        self.covers(span);
    }

    /// Adds a line of authors.
    pub(super) fn authors(&mut self, text: &str, span: Span) {
        let text = text.trim().trim_matches(|c: char| c == ',' || c.is_whitespace());
        if text.is_empty() {
            return;
        }
        if self.authors.is_empty() {
            self.origins.set(FieldName::People(Role::Author), Origin::read(span));
        } else {
            self.authors.push_str(", ");
        }
        self.authors.push_str(text);
        self.covers(span);
    }

    /// Adds names that were read already.
    pub(super) fn people(&mut self, names: Vec<Name>, others: bool, span: Span) {
        self.origins.set(FieldName::People(Role::Author), Origin::read(span));
        self.entry.people.extend(names.into_iter().map(|name| (Role::Author, name)));
        self.others |= others;
        self.covers(span);
    }

    /// Puts the place in a journal that a reference without title names.
    pub(super) fn journal(&mut self, journal: &Journal<'_>, span: Span) {
        self.text(TextField::ContainerTitle, journal.name, span);
        self.entry.kind = Kind::JournalArticle;
        let number = journal.number.map(|number| (PlainField::Issue, number));
        let fields = [(PlainField::Volume, journal.volume), (PlainField::Pages, journal.pages)];
        for (field, value) in fields.into_iter().chain(number) {
            self.entry.plain.set(field, value.to_owned());
            self.origins.set(FieldName::Plain(field), Origin::read(span));
        }
    }

    /// Notes that the page left authors out.
    pub(super) fn others(&mut self, span: Span) {
        self.others = true;
        if self.origins.get(FieldName::People(Role::Author)).is_none() {
            self.origins.set(FieldName::People(Role::Author), Origin::read(span));
        }
        self.covers(span);
    }

    /// Adds a passage of the abstract.
    pub(super) fn passage(&mut self, text: &str, span: Span) {
        self.covers(span);
        if let Some((before, full)) = cut::split_opened(text) {
            add(&mut self.shown, before, span);
            self.opens(span);
            if !full.is_empty() {
                add(&mut self.opened, full, span);
            }
            return;
        }
        let into = if self.opened.is_some() { &mut self.opened } else { &mut self.shown };
        add(into, text, span);
    }

    /// `▽ More`: what was shown is cut, the whole follows.
    pub(super) fn opens(&mut self, span: Span) {
        if let Some(shown) = &mut self.shown {
            shown.cut = true;
            self.opened.get_or_insert(Passage { text: String::new(), span, cut: false });
        }
        self.covers(span);
    }

    pub(super) fn key(&mut self, key: &str, span: Span) {
        self.entry.key = Some(key.to_owned());
        self.origins.set(FieldName::Key, Origin::read(span));
    }

    /// Adds an identifier or the link to a paper.
    pub(super) fn mention(&mut self, mention: &Mention, span: Span) {
        match &mention.target {
            Target::Id(id) => {
                if !self.holds(id) {
                    self.origins.set(FieldName::Id(id.scheme()), Origin::read(span));
                    self.add_id(id.clone());
                }
                if let (Identifier::Arxiv(id), true) = (id, mention.link) {
                    self.url(&id.url(), span);
                }
            }
            Target::Page(url) => self.url(url, span),
            Target::Elsewhere => {}
        }
        self.covers(span);
    }

    fn add_id(&mut self, id: Identifier) {
        if matches!(id, Identifier::Arxiv(_)) { self.entry.ids.insert(0, id) } else { self.entry.ids.push(id) }
    }

    fn url(&mut self, url: &str, span: Span) {
        if !self.entry.plain.contains(PlainField::Url) {
            self.entry.plain.set(PlainField::Url, url.to_owned());
            self.origins.set(FieldName::Plain(PlainField::Url), Origin::read(span));
        }
    }

    /// Adds the subject classes of a line; the first ones read stay, arXiv prints the primary class first.
    pub(super) fn categories(&mut self, text: &str, span: Span) {
        let classes: Vec<Text> = lines::classes(text).into_iter().map(Text::plain).collect();
        let known = self.entry.lists.get(ListField::Category).map_or(0, Vec::len);
        if classes.len() > known {
            self.entry.lists.set(ListField::Category, classes);
            self.origins.set(FieldName::List(ListField::Category), Origin::read(span));
        }
        self.covers(span);
    }

    pub(super) fn keywords(&mut self, text: &str, span: Span) {
        let words: Vec<Text> =
            text.split([',', ';', '·', '|']).map(str::trim).filter(|word| !word.is_empty()).map(Text::plain).collect();
        if !words.is_empty() {
            self.entry.lists.set(ListField::Keyword, words);
            self.origins.set(FieldName::List(ListField::Keyword), Origin::read(span));
        }
        self.covers(span);
    }

    /// Adds to a text field that is kept as the page has it.
    pub(super) fn text(&mut self, field: TextField, text: &str, span: Span) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let cut = cut::strip(text);
        let joined = match self.entry.texts.get(field) {
            Some(before) => format!("{before} {}", cut.text),
            None => cut.text.to_owned(),
        };
        self.entry.texts.set(field, rich(&joined));
        self.origins.set(FieldName::Text(field), Origin::Read { span, cut: cut.is_marked() });
        self.covers(span);
    }

    /// Puts the venue that a list names behind a title.
    pub(super) fn venue(&mut self, venue: Venue<'_>, span: Span) {
        self.text(TextField::Note, venue.text, span);
        self.venue_year = Some((venue.year, span));
    }

    pub(super) fn report_number(&mut self, text: &str, span: Span) {
        self.entry.add_id(Identifier::Other(Scheme::ReportNumber, text.to_owned()));
        self.origins.set(FieldName::Id(Scheme::ReportNumber), Origin::read(span));
        self.covers(span);
    }

    /// Keeps a value that the model has no field for.
    pub(super) fn foreign(&mut self, name: &str, value: &str, span: Span) {
        self.origins.set(FieldName::Foreign(self.entry.foreign.len()), Origin::read(span));
        self.entry.foreign.push(Foreign { format: "listing", name: name.to_owned(), value: value.to_owned() });
        self.covers(span);
    }

    pub(super) fn dates(&mut self, dates: Dates, span: Span) {
        match &mut self.dates {
            Some((own, _)) => own.merge(dates),
            None => self.dates = Some((dates, span)),
        }
        self.covers(span);
    }

    pub(super) fn year(&mut self, year: i32, span: Span) {
        self.dates(Dates { first: Some(Day::year(year)), ..Dates::default() }, span);
    }

    /// Counts a place as part of the entry.
    pub(super) fn covers(&mut self, span: Span) {
        let start = usize::try_from(span.start).unwrap_or(usize::MAX);
        let end = start.saturating_add(usize::try_from(span.len).unwrap_or(0));
        self.range = Some(match self.range.take() {
            Some(range) => range.start.min(start)..range.end.max(end),
            None => start..end,
        });
    }

    /// The bytes that it was read from.
    pub(super) fn range(&self) -> Option<Range<usize>> {
        self.range.clone()
    }

    /// The entry, when there is anything in it that names a work.
    pub(super) fn finish(mut self, choice: DateChoice, span: Span) -> Option<Sourced> {
        self.put_abstract();
        self.put_people();
        // The year of a conference is not that of the preprint; the note keeps it.
        if let Some((year, span)) = self.venue_year.filter(|_| self.entry.arxiv().is_none()) {
            self.year(year, span);
        }
        self.put_dates(choice);
        let entry = &mut self.entry;
        let names_a_work = !entry.texts.is_empty() || !entry.ids.is_empty() || entry.plain.contains(PlainField::Url);
        if !names_a_work {
            return None;
        }
        if entry.kind != Kind::JournalArticle {
            entry.kind = if entry.arxiv().is_some() { Kind::Preprint } else { Kind::Misc };
        }
        Some(Sourced { entry: self.entry, origins: self.origins, span: Some(span) })
    }

    fn put_abstract(&mut self) {
        let opened = self.opened.take().filter(|passage| !passage.text.is_empty());
        let Some(passage) = opened.or(self.shown.take()) else { return };
        let cut = cut::strip(&passage.text);
        if cut.text.is_empty() {
            return;
        }
        // Without a mark, only the missing end of the sentence shows that the source stopped.
        let is_cut = passage.cut || cut.is_marked() || !cut::ends_sentence(cut.text);
        self.entry.texts.set(TextField::Abstract, rich(cut.text));
        self.origins.set(FieldName::Text(TextField::Abstract), Origin::Read { span: passage.span, cut: is_cut });
        if !cut.behind.is_empty() {
            let behind = cut.behind.to_owned();
            self.keywords(&behind, passage.span);
        }
    }

    fn put_people(&mut self) {
        let people = people::read(&self.authors);
        self.entry.people.extend(people.names.into_iter().map(|name| (Role::Author, name)));
        if people.others || self.others {
            self.entry.people.push((Role::Author, Name::Others));
            // The page left names out: the list that was read is a cut one.
            let field = FieldName::People(Role::Author);
            if let Some(Origin::Read { span, .. }) = self.origins.get(field) {
                let span = *span;
                self.origins.set(field, Origin::Read { span, cut: true });
            }
        }
    }

    fn put_dates(&mut self, choice: DateChoice) {
        let Some((mut dates, span)) = self.dates.take() else { return };
        // Announced before the only date given: that is a later version's.
        let months = |day: &Day| (day.year, day.month.unwrap_or(0));
        let is_older = |announced: &Day| dates.first.as_ref().is_none_or(|first| months(announced) < months(first));
        if dates.announced.as_ref().is_some_and(is_older) {
            let later = std::mem::replace(&mut dates.first, dates.announced.take());
            dates.latest = dates.latest.or(later);
        }
        let (issued, submitted) = match (choice, dates.latest) {
            (DateChoice::Latest, Some(latest)) => (Some(latest), dates.first),
            (DateChoice::First | DateChoice::Latest, _) => (dates.first, None),
        };
        for (field, day) in
            [(DateField::Issued, issued), (DateField::Submitted, submitted), (DateField::Available, dates.announced)]
        {
            if let Some(day) = day {
                self.entry.dates.set(field, Date::Day(day));
                self.origins.set(FieldName::Date(field), Origin::read(span));
            }
        }
    }
}

fn add(into: &mut Option<Passage>, text: &str, span: Span) {
    let text = text.trim();
    match into {
        Some(passage) if passage.text.is_empty() => *passage = Passage { text: text.to_owned(), span, cut: false },
        Some(passage) => {
            passage.text.push(' ');
            passage.text.push_str(text);
            let end = span.start + u64::from(span.len);
            passage.span.len = u32::try_from(end.saturating_sub(passage.span.start)).unwrap_or(u32::MAX);
        }
        None => *into = Some(Passage { text: text.to_owned(), span, cut: false }),
    }
}

/// Whether two identifiers name one paper, versions aside.
pub(super) fn same_paper(one: &Identifier, other: &Identifier) -> bool {
    match (one, other) {
        (Identifier::Arxiv(a), Identifier::Arxiv(b)) => a.id() == b.id(),
        (Identifier::Other(a, x), Identifier::Other(b, y)) => a == b && x.eq_ignore_ascii_case(y),
        (Identifier::Arxiv(_), Identifier::Other(..)) | (Identifier::Other(..), Identifier::Arxiv(_)) => false,
    }
}

/// A title without the marks that pages put round it.
fn tidy_title(text: &str) -> &str {
    let text = tags::without_labels(text);
    let text = text.trim_matches(|c: char| matches!(c, '*' | '_' | '`') || c.is_whitespace());
    let unquoted = [('“', '”'), ('"', '"'), ('«', '»')].iter().find_map(|(open, close)| {
        text.strip_prefix(*open)?.strip_suffix(*close).filter(|inner| !inner.contains([*open, *close]))
    });
    let text = unquoted.unwrap_or(text).trim_end_matches([',', ';', ' ']);
    // A full stop ends no title, unless it belongs to an abbreviation or an ellipsis.
    match text.strip_suffix('.') {
        Some(stem) if stem.rsplit(' ').next().is_some_and(|word| word.len() > 3 && !word.contains('.')) => stem,
        _ => text,
    }
}

/// Text that may hold TeX, decoded where it does.
fn rich(text: &str) -> Text {
    let text = squeeze(text);
    if may_be_tex(&text) { latex::decode(&text) } else { Text::plain(text) }
}

fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Whether a text has a TeX command or mathematics between dollars; sums of money are none.
fn may_be_tex(text: &str) -> bool {
    let command = text.match_indices('\\').any(|(at, _)| {
        text[at + 1..].starts_with(|c: char| {
            c.is_ascii_alphabetic()
                || matches!(c, '\'' | '"' | '`' | '^' | '~' | '=' | '.' | '%' | '&' | '_' | '$' | '{' | '#')
        })
    });
    let parts: Vec<&str> = text.split('$').collect();
    let mathematics =
        parts.len() >= 3
            && parts.len() % 2 == 1
            && parts.iter().skip(1).step_by(2).all(|inner| {
                !inner.is_empty() && inner.len() <= 400 && !inner.starts_with(' ') && !inner.ends_with(' ')
            });
    command || mathematics
}
