//! arXiv daily mail and .abs records. (Stub of the interface.)

use crate::format::{Format, FormatSpec, Sniff};

/// The row of arXiv daily mail and .abs records.
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::ArxivMail,
    name: "arxiv-mail",
    title: "arXiv daily mail and .abs records",
    extensions: &["txt", "abs", "eml"],
    sniff: |_| Sniff::No,
    read: None,
    streams: false,
    write: None,
};
