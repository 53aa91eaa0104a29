//! Which element of a page of arXiv holds what: the templates of list, search, author and abstract pages, new and old.
//!
//! Takes the elements and the text of `walk.rs`, hands pieces of text to the drafts of `draft.rs`. Elements are told by
//! class, never by their place, so that pages which a browser saved, cut or completed are read alike.

use super::draft::{Draft, Field, Piece};
use super::walk::{Tag, Visitor};
use crate::model::ArxivId;
use std::ops::Range;

/// What a page says.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The papers of a list or a search, in order.
    pub(super) items: Vec<Draft>,
    /// The paper of an abstract page.
    pub(super) paper: Draft,
    /// `<title>`.
    pub(super) title: String,
    /// Headings and paragraphs outside papers, in order: what a page says that shows none.
    pub(super) notices: Vec<String>,
    /// How many papers the parts of a page declare, and where.
    pub(super) declared: Vec<(u64, Range<usize>)>,
    /// How many the page as a whole declares.
    pub(super) total: Option<(u64, Range<usize>)>,
    /// Items of a list without an identifier.
    pub(super) nameless: Vec<Range<usize>>,
    /// Where in the page we are: the element of the item that is open, and its kind.
    within: Option<(u32, Within)>,
    piece: Option<(u32, Slot, Piece)>,
    /// Links and labels within the piece that are open: their element, where they begin, the link's address.
    marks: Vec<(u32, usize, Option<String>)>,
    /// The label of the table's row at hand.
    label: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    /// `dt` of a list.
    Term,
    /// `dd` of a list.
    Description,
    /// `li.arxiv-result` of a search.
    Result,
}

/// What a piece of text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    /// A field of the item that is open.
    Item(Field),
    /// A field of the abstract page's paper.
    Paper(Field),
    /// `<title>`.
    Title,
    /// A heading or a paragraph outside papers.
    Notice,
    /// The label of a row.
    Label,
    /// The value of a row.
    Row,
}

impl Visitor for Page {
    fn open(&mut self, id: u32, tag: &Tag) {
        self.enter(id, tag);
        if let Some(slot) = self.slot(tag) {
            self.finish(tag.at.start);
            self.piece = Some((id, slot, Piece { at: tag.at.clone(), ..Piece::default() }));
        } else if let Some((_, _, piece)) = &self.piece {
            let start = piece.text.len();
            if tag.name == "a" {
                self.marks.push((id, start, Some(tag.attribute("href").to_owned())));
            } else if is_label(tag) {
                self.marks.push((id, start, None));
            }
        }
        match tag.name.as_str() {
            "meta" => self.paper.meta(tag),
            "a" => self.link(tag),
            "span" if self.is_within(Within::Result) => self.abstract_id(tag),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some((_, _, piece)) = &mut self.piece {
            piece.text.push_str(text);
        }
    }

    fn close(&mut self, id: u32, at: usize) {
        if self.marks.last().is_some_and(|(mark, ..)| *mark == id) {
            self.close_mark();
        }
        if self.piece.as_ref().is_some_and(|(piece, ..)| *piece == id) {
            self.finish(at);
        }
        if self.within.is_some_and(|(item, _)| item == id) {
            self.within = None;
            if let Some(item) = self.items.last_mut() {
                item.at.end = at;
            }
        }
    }
}

impl Page {
    fn is_within(&self, what: Within) -> bool {
        self.within.is_some_and(|(_, within)| within == what)
    }

    /// Begins an item, or goes on with it.
    fn enter(&mut self, id: u32, tag: &Tag) {
        let within = match tag.name.as_str() {
            "dt" => Within::Term,
            "dd" => Within::Description,
            "li" if tag.has_class("arxiv-result") => Within::Result,
            _ => return,
        };
        self.finish(tag.at.start);
        if within != Within::Description {
            self.drop_nameless();
            self.items.push(Draft::new(None, tag.at.clone()));
        }
        self.within = Some((id, within));
    }

    /// Lists of terms stand in other places too: an item without identifier and fields is none.
    fn drop_nameless(&mut self) {
        if let Some(item) = self.items.pop_if(|item| item.id.is_none()) {
            if !item.is_empty() {
                self.nameless.push(item.at);
            }
        }
    }

    /// Ends the reading.
    pub(super) fn end(&mut self) {
        self.drop_nameless();
        self.paper.complete_from_title(&self.title);
    }

    fn slot(&self, tag: &Tag) -> Option<Slot> {
        match self.within {
            // A heading ends an item whose end tag is missing.
            Some((_, Within::Term | Within::Description)) if tag.name == "h3" => Some(Slot::Notice),
            Some((_, Within::Term)) => (tag.name == "dt").then_some(Slot::Item(Field::Head)),
            Some((_, Within::Description)) => description_field(tag).map(Slot::Item),
            Some((_, Within::Result)) => result_field(tag).map(Slot::Item),
            None => self.outer_slot(tag),
        }
    }

    fn outer_slot(&self, tag: &Tag) -> Option<Slot> {
        if let Some(field) = paper_field(tag) {
            return Some(Slot::Paper(field));
        }
        match tag.name.as_str() {
            "title" if self.title.is_empty() => Some(Slot::Title),
            "td" if tag.has_class("label") => Some(Slot::Label),
            "td" if tag.has_class("tablecell") => Some(Slot::Row),
            "h1" | "h2" | "h3" | "p" | "small" => Some(Slot::Notice),
            "div" if tag.has_class("paging") => Some(Slot::Notice),
            _ => None,
        }
    }

    /// The first link of an item's head to an abstract page names the paper.
    fn link(&mut self, tag: &Tag) {
        let wanted = matches!(self.within, Some((_, Within::Term | Within::Result)));
        if let Some(item) = self.items.last_mut().filter(|item| wanted && item.id.is_none()) {
            item.id = identifier(tag.attribute("href"));
        }
    }

    /// `id="0711.0418v2-abstract-short"` says which version is shown.
    fn abstract_id(&mut self, tag: &Tag) {
        let id = tag.attribute("id").split_once("-abstract-").and_then(|(id, _)| ArxivId::parse(id));
        if let (Some(item), Some(id)) = (self.items.last_mut(), id) {
            item.shown_version = id.version();
        }
    }

    fn close_mark(&mut self) {
        let (Some((_, start, href)), Some((_, _, piece))) = (self.marks.pop(), &mut self.piece) else { return };
        let Some(href) = href else {
            piece.labels.push(start..piece.text.len());
            return;
        };
        // arXiv hides addresses behind `this https URL`; the text had the address.
        let hidden = piece.text.get(start..).is_some_and(|text| {
            let text = text.trim();
            text.starts_with("this ") && text.ends_with(" URL") && text.len() < 20
        });
        if hidden {
            piece.text.truncate(start);
            piece.text.push_str(&href);
        }
        piece.links.push(start..piece.text.len());
    }

    /// Ends the piece at hand.
    fn finish(&mut self, at: usize) {
        while !self.marks.is_empty() {
            self.close_mark();
        }
        let Some((_, slot, mut piece)) = self.piece.take() else { return };
        piece.at.end = at.max(piece.at.start);
        match slot {
            Slot::Item(field) => {
                if let Some(item) = self.items.last_mut() {
                    item.take(field, &piece);
                }
            }
            Slot::Paper(field) => self.paper.take(field, &piece),
            Slot::Title => self.title = piece.squeezed(),
            Slot::Notice => self.notice(&piece),
            Slot::Label => self.label = piece.squeezed(),
            Slot::Row => {
                let label = std::mem::take(&mut self.label);
                self.paper.take_labelled(&label, &piece);
            }
        }
    }

    fn notice(&mut self, piece: &Piece) {
        let text = piece.squeezed();
        match counted(&text) {
            Some(Count::Part(count)) => self.declared.push((count, piece.at.clone())),
            Some(Count::Whole(count)) => self.total = Some((count, piece.at.clone())),
            None => {}
        }
        if !text.is_empty() && self.notices.len() < 50 {
            self.notices.push(text);
        }
    }
}

/// The identifier that a link to an abstract page names: absolute, relative, or of a page saved on disk.
fn identifier(href: &str) -> Option<ArxivId> {
    let (_, path) = href.split_once("abs/")?;
    let path = path.split(['?', '#']).next().unwrap_or(path);
    ArxivId::parse(&path.replace("%2F", "/").replace("%2f", "/"))
}

fn is_label(tag: &Tag) -> bool {
    tag.has_class("descriptor")
        || (tag.name == "span" && (tag.has_class("has-text-weight-semibold") || tag.has_class("has-text-weight-bold")))
}

/// The field in a `dd` of a list.
fn description_field(tag: &Tag) -> Option<Field> {
    if tag.name == "p" {
        return Some(Field::Abstract);
    }
    let class = tag.attribute("class").split_ascii_whitespace().find_map(|class| class.strip_prefix("list-"))?;
    Some(match class {
        "title" => Field::Title,
        "authors" => Field::Authors,
        "comments" => Field::Comments,
        "journal-ref" => Field::JournalRef,
        "subjects" => Field::Subjects,
        "doi" => Field::Doi,
        "report-no" => Field::ReportNumber,
        _ => Field::Labelled,
    })
}

/// The field in a result of a search.
fn result_field(tag: &Tag) -> Option<Field> {
    let has = |class| tag.has_class(class);
    match tag.name.as_str() {
        "p" if has("list-title") => Some(Field::Head),
        "p" if has("title") => Some(Field::Title),
        "p" if has("authors") => Some(Field::Authors),
        "p" if has("comments") => Some(Field::Labelled),
        "p" if has("is-size-7") => Some(Field::Dates),
        "span" if has("abstract-short") => Some(Field::AbstractShort),
        "span" if has("abstract-full") => Some(Field::Abstract),
        "span" if has("tag") && (has("is-link") || has("is-grey")) => Some(Field::Class),
        "span" if has("tag") && has("is-light") => Some(Field::Doi),
        _ => None,
    }
}

/// The field of an abstract page outside its table.
fn paper_field(tag: &Tag) -> Option<Field> {
    let has = |class| tag.has_class(class);
    match tag.name.as_str() {
        "h1" if has("title") && !has("is-clearfix") => Some(Field::Title),
        "div" if has("authors") => Some(Field::Authors),
        "div" if has("dateline") => Some(Field::Dateline),
        "div" if has("submission-history") => Some(Field::History),
        "blockquote" if has("abstract") => Some(Field::Abstract),
        "span" if has("error") => Some(Field::Withdrawn),
        _ => None,
    }
}

/// What a heading counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    /// A part of a list.
    Part(u64),
    /// The page.
    Whole(u64),
}

/// `… (showing first 50 of 57 entries )`, `Showing 1–50 of 1,234 results for …`, `Total of 58 entries : 1-25 26-58`.
fn counted(text: &str) -> Option<Count> {
    let lower = text.to_lowercase();
    if let Some((_, rest)) = lower.split_once("showing ") {
        let rest = ["first ", "last "].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
        let (shown, rest) = number(rest)?;
        if let Some(rest) = rest.strip_prefix(['-', '–', '—']) {
            let (last, rest) = number(rest)?;
            return rest.contains("result").then(|| Count::Whole((last + 1).saturating_sub(shown)));
        }
        return rest.starts_with(" of ").then_some(Count::Part(shown));
    }
    let (_, rest) = lower.split_once("total of ")?;
    let (total, rest) = number(rest)?;
    let rest = rest.trim_start().strip_prefix("entries")?;
    // Where the list goes over several pages, the parts tell how much of it is on this one.
    (!rest.contains('-')).then_some(Count::Whole(total))
}

/// A number with or without commas at the head of a text.
fn number(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ',').unwrap_or(text.len());
    text[..end].replace(',', "").parse().ok().map(|number| (number, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_count() {
        let check = |text: &str, expected: Option<Count>| assert_eq!(counted(text), expected, "{text}");
        check("New submissions (showing 53 of 53 entries)", Some(Count::Part(53)));
        check("Fri, 3 Mar 2023 (showing first 50 of 57 entries )", Some(Count::Part(50)));
        check("Tue, 28 Feb 2023 (continued, showing last 4 of 6 entries )", Some(Count::Part(4)));
        check("Showing 1–50 of 1,234 results for all: x", Some(Count::Whole(50)));
        check("Showing 1,201-1,234 of 1,234 results", Some(Count::Whole(34)));
        check("Total of 16 entries", Some(Count::Whole(16)));
        check("[ total of 1,049 entries: 1-25 | 26-49 ]", None);
        check("Showing up to 2000 entries per page: fewer | more", None);
        check("Showing new listings for Friday, 17 March 2023", None);
    }

    #[test]
    fn links_to_papers() {
        let check = |href: &str, expected: &str| {
            assert_eq!(identifier(href).map(|id| id.to_string()).unwrap_or_default(), expected, "{href}");
        };
        check("/abs/2303.08867", "2303.08867");
        check("https://arxiv.org/abs/hep-th/9901001v3?context=math", "hep-th/9901001v3");
        check("file:///abs/math%2F0510544", "math/0510544");
        check("/pdf/2303.08867", "");
        check("https://arxiv.org/abs/", "");
    }
}
