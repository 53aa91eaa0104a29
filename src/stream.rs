//! The seam between who produces entries and who consumes them.

use crate::diagnostic::Diagnostic;
use crate::model::Entry;
use crate::source::{Origins, Span};
use std::ops::ControlFlow;

/// An entry with what is known about where it came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sourced {
    /// The entry.
    pub entry: Entry,
    /// Where each field came from; empty when nobody asked.
    pub origins: Origins,
    /// Where the entry stands in its input.
    pub span: Option<Span>,
}

/// Takes entries and diagnostics in input order.
pub trait Sink {
    /// Takes an entry; `Break` asks the producer to stop.
    fn entry(&mut self, entry: Sourced) -> ControlFlow<()>;

    /// Takes a diagnostic.
    fn report(&mut self, diagnostic: Diagnostic);

    /// Takes what the input says about itself: the number of entries that it declares, and where.
    fn declared_count(&mut self, count: u64, span: Span) {
        let _ = (count, span);
    }
}

/// A sink that keeps everything.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    /// The entries in order.
    pub entries: Vec<Sourced>,
    /// The diagnostics in order.
    pub diagnostics: Vec<Diagnostic>,
    /// The number of entries that the input declared, and where, in order.
    pub declared: Vec<(u64, Span)>,
}

impl Sink for Collected {
    fn entry(&mut self, entry: Sourced) -> ControlFlow<()> {
        self.entries.push(entry);
        ControlFlow::Continue(())
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn declared_count(&mut self, count: u64, span: Span) {
        self.declared.push((count, span));
    }
}

/// A sink that keeps in order what is said on another thread, to be handed on when its turn comes.
#[derive(Debug, Default)]
pub(crate) struct Recorded(Vec<Said>);

#[derive(Debug)]
enum Said {
    Entry(Box<Sourced>),
    Finding(Diagnostic),
    Declared(u64, Span),
}

impl Recorded {
    /// Says all of it again, until the other sink breaks off.
    pub(crate) fn hand_on(self, sink: &mut dyn Sink) -> ControlFlow<()> {
        self.0.into_iter().try_for_each(|said| {
            match said {
                Said::Entry(entry) => return sink.entry(*entry),
                Said::Finding(finding) => sink.report(finding),
                Said::Declared(count, span) => sink.declared_count(count, span),
            }
            ControlFlow::Continue(())
        })
    }
}

impl Sink for Recorded {
    fn entry(&mut self, entry: Sourced) -> ControlFlow<()> {
        self.0.push(Said::Entry(Box::new(entry)));
        ControlFlow::Continue(())
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.0.push(Said::Finding(diagnostic));
    }

    fn declared_count(&mut self, count: u64, span: Span) {
        self.0.push(Said::Declared(count, span));
    }
}
