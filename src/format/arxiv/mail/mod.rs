//! arXiv's own plain text: the daily mail, the week's and month's listings made from it, and `.abs` records.
//!
//! The form is that of arXiv's mailing (arXiv help, "The arXiv email interface") and of its records since 1991: items
//! between lines of dashes, each framed by lines of two backslashes. Items are read one by one, so that memory is
//! bounded by the item. This file knows the frame; what stands in an item is read in `item.rs`, and what a record means
//! stands in `record.rs`. A paper that stands twice in one input (as new and as cross-list, or on two days of a week)
//! gives one entry: the first item, which is the fuller one; the other is noted.

mod item;
#[cfg(test)]
mod tests;

use crate::diagnostic::{Diagnostic, Rule};
use crate::error::{Error, Result};
use crate::format::{Format, FormatSpec, Input, ReadOptions, Sniff};
use crate::source::{SourceId, Span};
use crate::stream::Sink;
use item::Item;
use std::collections::HashSet;
use std::io::{BufRead, Read};
use std::ops::ControlFlow;

/// The row of arXiv daily mail and .abs records.
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::ArxivMail,
    name: "arxiv-mail",
    title: "arXiv daily mail and .abs records",
    extensions: &["txt", "abs", "eml"],
    sniff,
    read: Some(read),
    streams: true,
    write: None,
};

/// The longest line that is read; a longer one is no line of a mail.
const MAX_LINE: u64 = 1 << 20;
/// The longest item that is read, in bytes; arXiv's longest abstracts have a few thousand.
const MAX_ITEM: usize = 4 << 20;

fn sniff(head: &str) -> Sniff {
    let mut lines = head.lines().map(str::trim_end);
    let mut framed = false;
    while let Some(line) = lines.next() {
        if line == r"\\" {
            let next = lines.clone().find(|line| !line.is_empty()).unwrap_or_default();
            if item::starts_item(next) || item::is_day(next) {
                return Sniff::Yes;
            }
        }
        framed |= is_mark(line);
    }
    let mailing = head.contains("daily Subj-class mailing") || head.contains("Papers received as of");
    match (framed, mailing) {
        (true, true) => Sniff::Yes,
        (true, false) | (false, true) => Sniff::Maybe,
        (false, false) => Sniff::No,
    }
}

fn read(input: Input<'_>, options: &ReadOptions, sink: &mut dyn Sink) -> Result<()> {
    let name = input.name().to_owned();
    let fail = |error| Error::io(format!("{}: reading failed", crate::source::printable(&name)), error);
    let mut reader = Reader::new(input.source(), options, sink);
    let mut lines = input.into_reader();
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        if lines.by_ref().take(MAX_LINE).read_until(b'\n', &mut bytes).map_err(fail)? == 0 {
            break;
        }
        if reader.line(&bytes).is_break() {
            return Ok(());
        }
    }
    reader.end();
    Ok(())
}

/// Where in the frame a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Before the first item or behind the last mark: the mail's own head and foot.
    Outside,
    /// Between two items.
    Between,
    /// In an item's fields.
    Head,
    /// In an item's abstract.
    Abstract,
}

/// Takes lines, hands on entries.
struct Reader<'r> {
    source: SourceId,
    options: &'r ReadOptions,
    sink: &'r mut dyn Sink,
    part: Part,
    item: Item,
    /// The place of the item's first line.
    start: Span,
    /// The place of the line at hand.
    here: Span,
    seen: HashSet<String>,
    /// How many items there were, broken ones included.
    items: usize,
    /// A line that only a mail has was seen.
    marked: bool,
    /// Bytes that were no UTF-8 have been reported.
    told_encoding: bool,
}

impl<'r> Reader<'r> {
    fn new(source: SourceId, options: &'r ReadOptions, sink: &'r mut dyn Sink) -> Self {
        let here = Span { source, start: 0, len: 0, line: 0, column: 1 };
        Self {
            source,
            options,
            sink,
            part: Part::Outside,
            item: Item::default(),
            start: here,
            here,
            seen: HashSet::new(),
            items: 0,
            marked: false,
            told_encoding: false,
        }
    }

    /// Takes the next line with its line end.
    fn line(&mut self, bytes: &[u8]) -> ControlFlow<()> {
        let length = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        let text = bytes.trim_ascii_end();
        self.here = Span {
            source: self.source,
            start: self.here.start + u64::from(self.here.len),
            len: length(bytes.len() as u64),
            line: self.here.line.saturating_add(1),
            column: 1,
        };
        let text = self.decoded(text);
        self.framed(&text)
    }

    /// A line as text: UTF-8, and what is none as windows-1252. Each line is judged by itself, since a listing collects
    /// records of thirty years.
    fn decoded(&mut self, line: &[u8]) -> String {
        let line = if self.here.line == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
        if let Ok(text) = std::str::from_utf8(line) {
            return text.to_owned();
        }
        if !std::mem::replace(&mut self.told_encoding, true) {
            let finding = Diagnostic::new(
                Rule::NonUtf8,
                "the line is not UTF-8; it and others of its kind are read as windows-1252",
            );
            self.sink.report(finding.at(self.place()).help("convert the file to UTF-8"));
        }
        encoding_rs::WINDOWS_1252.decode_without_bom_handling(line).0.into_owned()
    }

    fn framed(&mut self, line: &str) -> ControlFlow<()> {
        match (self.part, Frame::of(line)) {
            (Part::Outside | Part::Between, Frame::Backslashes) => self.begin(),
            (Part::Outside | Part::Between, Frame::Text) => self.stray(line),
            (Part::Outside | Part::Between, Frame::Address | Frame::Dashes) => {}
            (Part::Outside | Part::Between | Part::Head | Part::Abstract, Frame::Mark) => {
                self.marked = true;
                self.finish()?;
                // The last mark is followed by the mail's foot, the others by more items.
                self.part = if line.starts_with("%%%") { Part::Outside } else { Part::Between };
            }
            (Part::Head, Frame::Backslashes) if self.item.is_empty() => {}
            (Part::Head, Frame::Backslashes) if self.item.is_day() => {
                self.item = Item::default();
                self.part = Part::Between;
            }
            (Part::Head, Frame::Backslashes) => self.part = Part::Abstract,
            (Part::Head, Frame::Text) => self.item.head_line(line, self.place()),
            (Part::Abstract, Frame::Text) => self.item.abstract_line(line),
            (Part::Head | Part::Abstract, Frame::Address | Frame::Dashes) | (Part::Abstract, Frame::Backslashes) => {
                return self.finish();
            }
        }
        if self.item.size() > MAX_ITEM { self.too_long() } else { ControlFlow::Continue(()) }
    }

    fn begin(&mut self) {
        self.part = Part::Head;
        self.item = Item::default();
        self.start = self.here;
    }

    /// A line between two items, or in the mail's head or foot.
    fn stray(&mut self, line: &str) {
        if item::starts_item(line) {
            self.begin();
            self.item.head_line(line, self.place());
        } else if self.part == Part::Between && !line.is_empty() {
            self.sink.report(
                Diagnostic::new(Rule::UnreadLine, "the line stands between two items and is none").at(self.place()),
            );
        }
    }

    fn too_long(&mut self) -> ControlFlow<()> {
        self.item = Item::default();
        self.part = Part::Between;
        self.items += 1;
        self.sink.report(
            Diagnostic::new(Rule::MalformedRecord, "the item is longer than 4 MiB and left out").at(self.start),
        );
        ControlFlow::Continue(())
    }

    /// The item at hand is complete: hands it on.
    fn finish(&mut self) -> ControlFlow<()> {
        let closed = !matches!(self.part, Part::Head | Part::Abstract);
        self.part = if self.part == Part::Outside { Part::Outside } else { Part::Between };
        let item = std::mem::take(&mut self.item);
        if closed || item.is_empty() || item.is_day() {
            return ControlFlow::Continue(());
        }
        self.items += 1;
        let span = self.item_span();
        let Some((sourced, findings)) = item.finish(span, self.options) else {
            self.sink.report(
                Diagnostic::new(Rule::MalformedRecord, "the item has no identifier of a paper and is left out")
                    .at(span)
                    .help("its first line must be `arXiv:2303.00769` or `Paper: astro-ph/9204001`"),
            );
            return ControlFlow::Continue(());
        };
        let id = sourced.entry.arxiv().map(ToString::to_string).unwrap_or_default();
        if !self.seen.insert(id.clone()) {
            self.sink.report(
                Diagnostic::new(Rule::ListedTwice, format!("{id} stands in this input before; this item is left out"))
                    .at(span),
            );
            return ControlFlow::Continue(());
        }
        for finding in findings {
            self.sink.report(finding);
        }
        self.sink.entry(sourced)
    }

    /// The input is at its end.
    fn end(&mut self) {
        let _ = self.finish();
        // A day without papers has its marks like any other day.
        if self.items == 0 && self.marked {
            self.sink.declared_count(0, self.here);
            self.sink.report(Diagnostic::new(Rule::EmptyInput, "the mail lists no papers"));
        }
    }

    /// The line at hand without its end.
    fn place(&self) -> Span {
        Span { len: self.here.len.saturating_sub(1), ..self.here }
    }

    fn item_span(&self) -> Span {
        let end = self.here.start + u64::from(self.here.len);
        Span { len: u32::try_from(end.saturating_sub(self.start.start)).unwrap_or(u32::MAX), ..self.start }
    }
}

/// What a line is to the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frame {
    /// `\\` alone.
    Backslashes,
    /// `\\ ( https://arxiv.org/abs/2303.00769 ,  32463kb)`: the end of an item.
    Address,
    /// A line of dashes.
    Dashes,
    /// `%-%-%-`, `%%--%%--`, `%%%---%%%---`: what follows are cross-lists, replacements, nothing.
    Mark,
    /// Anything else.
    Text,
}

impl Frame {
    fn of(line: &str) -> Self {
        match line {
            r"\\" => Self::Backslashes,
            _ if line.strip_prefix(r"\\").is_some_and(|rest| rest.trim_start().starts_with("( http")) => Self::Address,
            _ if line.len() >= 70 && line.bytes().all(|byte| byte == b'-') => Self::Dashes,
            _ if is_mark(line) => Self::Mark,
            _ => Self::Text,
        }
    }
}

/// Whether a line parts new items, cross-lists, replacements and the end.
fn is_mark(line: &str) -> bool {
    line.len() >= 60 && line.starts_with('%') && line.bytes().all(|byte| matches!(byte, b'%' | b'-'))
}
