//! From readers to the mill: entries and findings travel in batches, so that reading and printing overlap.

use crate::cli::input::{self, Opened};
use crate::diagnostic::{Diagnostic, SourceText};
use crate::error::Result;
use crate::format::{Decoded, Format, FormatSpec, Input, ReadOptions, bibtex};
use crate::source::Span;
use crate::stream::{Collected, Sink, Sourced};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

/// How many items travel together.
const BATCH: usize = 256;
/// How many batches may wait; with the batch it bounds the memory of a stream.
pub(super) const WAITING: usize = 4;

/// What the mill hears of the inputs, in order.
#[derive(Debug)]
pub(super) enum Event {
    /// An input begins.
    Begin {
        text: SourceText,
        format: Option<&'static FormatSpec>,
        /// Its text, where that is kept.
        kept: Option<Arc<Decoded>>,
    },
    /// Part of it.
    Items(Vec<Item>),
    /// It ends, or reading could not go on; also sent for an input that could not be opened and did not begin.
    End(Result<()>),
}

/// What a reader says.
#[derive(Debug)]
pub(super) enum Item {
    Entry(Box<Sourced>),
    Finding(Diagnostic),
    Declared(u64, Span),
}

/// Reads one input to its end; `keeps_text` says whether the text of a `.bib` file goes along.
pub(super) fn feed(
    opened: Result<Opened>,
    options: &ReadOptions,
    keeps_text: bool,
    sender: &SyncSender<Event>,
) -> ControlFlow<()> {
    let mut feed = Feed { sender, items: Vec::new(), broken_off: false };
    let result = opened.and_then(|opened| feed.read(opened, options, keeps_text));
    feed.flush();
    feed.send(Event::End(result));
    if feed.broken_off { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

struct Feed<'s> {
    sender: &'s SyncSender<Event>,
    items: Vec<Item>,
    /// The mill has stopped; its own error says why.
    broken_off: bool,
}

impl Feed<'_> {
    fn read(&mut self, opened: Opened, options: &ReadOptions, keeps_text: bool) -> Result<()> {
        let Opened { input, text, format } = opened;
        let is_bib = match format {
            Some(format) => matches!(format.format, Format::Bibtex | Format::Biblatex),
            None => input.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("bib")),
        };
        if keeps_text && is_bib {
            return self.read_text(input, text, format, options);
        }
        self.send(Event::Begin { text, format, kept: None });
        match format {
            Some(format) => input::reader_of(format)?(input, options, self),
            None => Ok(()),
        }
    }

    /// Reads a `.bib` file whose text is kept. What has no format is blank, and stays so.
    fn read_text(
        &mut self,
        input: Input<'_>,
        text: SourceText,
        format: Option<&'static FormatSpec>,
        options: &ReadOptions,
    ) -> Result<()> {
        let source = input.source();
        let mut of_encoding = Collected::default();
        let decoded = input.decoded(&mut of_encoding);
        let (kept, result) = match decoded {
            Ok(decoded) => (Some(Arc::new(decoded)), Ok(())),
            Err(error) => (None, Err(error)),
        };
        self.send(Event::Begin { text, format, kept: kept.clone() });
        of_encoding.diagnostics.into_iter().for_each(|finding| self.report(finding));
        if let (Some(kept), Some(format)) = (kept, format) {
            bibtex::read_text(&kept.text, source, format.format, options, self)?;
        }
        result
    }

    fn push(&mut self, item: Item) {
        self.items.push(item);
        if self.items.len() >= BATCH {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if !self.items.is_empty() {
            let items = std::mem::replace(&mut self.items, Vec::with_capacity(BATCH));
            self.send(Event::Items(items));
        }
    }

    fn send(&mut self, event: Event) {
        self.broken_off |= self.sender.send(event).is_err();
    }
}

impl Sink for Feed<'_> {
    fn entry(&mut self, entry: Sourced) -> ControlFlow<()> {
        self.push(Item::Entry(Box::new(entry)));
        if self.broken_off { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.push(Item::Finding(diagnostic));
    }

    fn declared_count(&mut self, count: u64, span: Span) {
        self.push(Item::Declared(count, span));
    }
}
