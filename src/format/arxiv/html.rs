//! saved arXiv pages. (Stub of the interface.)

use crate::format::{Format, FormatSpec, Sniff};

/// The row of saved arXiv pages.
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::ArxivHtml,
    name: "arxiv-html",
    title: "saved arXiv pages",
    extensions: &["html", "htm"],
    sniff: |_| Sniff::No,
    read: None,
    streams: false,
    write: None,
};
