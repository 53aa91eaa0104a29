//! arXiv API (Atom). (Stub of the interface.)

use crate::format::{Format, FormatSpec, Sniff};

/// The row of arXiv API (Atom).
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::ArxivApi,
    name: "arxiv-api",
    title: "arXiv API (Atom)",
    extensions: &["xml", "atom"],
    sniff: |_| Sniff::No,
    read: None,
    streams: false,
    write: None,
};
