//! From readers to the mill: entries and findings travel in batches, so that reading and printing overlap.

use crate::cli::input::{self, Opened};
use crate::diagnostic::{Diagnostic, SourceText};
use crate::error::Result;
use crate::format::{FormatSpec, ReadOptions};
use crate::source::Span;
use crate::stream::{Sink, Sourced};
use std::ops::ControlFlow;
use std::sync::mpsc::SyncSender;

/// How many items travel together.
const BATCH: usize = 256;
/// How many batches may wait; with the batch it bounds the memory of a stream.
pub(super) const WAITING: usize = 4;

/// What the mill hears of the inputs, in order.
#[derive(Debug)]
pub(super) enum Event {
    /// An input begins.
    Begin { text: SourceText, format: Option<&'static FormatSpec> },
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

/// Reads one input to its end.
pub(super) fn feed(opened: Result<Opened>, options: &ReadOptions, sender: &SyncSender<Event>) -> ControlFlow<()> {
    let mut feed = Feed { sender, items: Vec::new(), broken_off: false };
    let result = opened.and_then(|opened| {
        let format = opened.format;
        feed.send(Event::Begin { text: opened.text, format });
        match format {
            Some(format) => input::reader_of(format)?(opened.input, options, &mut feed),
            None => Ok(()),
        }
    });
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
