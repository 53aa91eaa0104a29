//! bibmill: any listing of papers becomes a bibliography.
//!
//! Data flows one way:
//!
//! ```text
//! input ──reader──▶ Entry (+ Origins) ──resolve──▶ Entry ──key──▶ Entry ──writer──▶ output
//! ```
//!
//! The rooms, in the direction of imports (a room knows those above it, never those below):
//!
//! | room | what it is |
//! |---|---|
//! | [`error`], [`model`] | why a run cannot go on; one work, in no format's shape |
//! | [`source`], [`diagnostic`], [`stream`] | where values come from; findings about them; the seam between producers and consumers |
//! | [`latex`], `markup`, [`fold`], [`yaml`], [`record`] | LaTeX and Unicode; tags and references of HTML; text without what copies change; YAML; one arXiv record |
//! | [`mod@format`] | the readers and writers, one room each, which never import one another |
//! | `catalog`, `resolve` | which arXiv record an entry is, and what it fills in |
//! | [`identity`], [`published`] | which entries are one work; what became of a preprint |
//! | [`key`], [`check`] | citation keys; rules that a bibliography should keep |
//! | `cli` | the program: the only room that knows environment, terminal and exit codes |
//!
//! What holds everywhere:
//!
//! * Faults in the data are [`diagnostic::Diagnostic`]s; an [`error::Error`] is for the world: disk, usage, broken catalog.
//! * What is not understood is kept as written, or reported; nothing is lost without a word, and nothing is invented.
//! * Readers and writers take text and give values; only `cli` and `catalog` touch the disk.
//! * The same input gives the same output: no clock, no hash order, no locale.
//!
//! # Example
//!
//! ```
//! use bibmill::format::{Format, Input, Printer, ReadOptions, WriteOptions};
//! use bibmill::source::SourceId;
//! use bibmill::stream::Collected;
//!
//! let listing = "A Review of Sparse Expert Models in Deep Learning\narXiv:2209.01667\nWilliam Fedus, Jeff Dean, Barret Zoph\n";
//! let read = Format::Listing.spec().read.expect("listings are read");
//! let mut found = Collected::default();
//! read(Input::from_text(SourceId(0), "listing.txt", listing), &ReadOptions::default(), &mut found)?;
//! assert_eq!(found.entries[0].entry.arxiv().map(|id| id.id()), Some("2209.01667"));
//!
//! let writer = Format::Biblatex.spec().write.expect("BibLaTeX is written");
//! let mut printer = Printer::default();
//! (writer.entry)(&found.entries[0].entry, &WriteOptions::default(), &mut printer);
//! assert!(printer.out.starts_with("@online{"));
//! # Ok::<(), bibmill::error::Error>(())
//! ```

pub mod check;
pub mod diagnostic;
pub mod error;
pub mod fold;
pub mod format;
pub mod identity;
pub mod key;
pub mod latex;
mod markup;
pub mod model;
mod parallel;
pub mod published;
pub mod record;
pub mod source;
pub mod stream;
pub mod yaml;

#[cfg(feature = "catalog")]
pub mod catalog;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "catalog")]
pub mod resolve;
