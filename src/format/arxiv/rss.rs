//! arXiv RSS and Atom daily feeds. (Stub of the interface.)

use crate::format::{Format, FormatSpec, Sniff};

/// The row of arXiv RSS and Atom daily feeds.
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::ArxivRss,
    name: "arxiv-rss",
    title: "arXiv RSS and Atom daily feeds",
    extensions: &["xml", "rss", "atom"],
    sniff: |_| Sniff::No,
    read: None,
    streams: false,
    write: None,
};
