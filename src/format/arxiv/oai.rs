//! arXiv OAI-PMH. (Stub of the interface.)

use crate::format::{Format, FormatSpec, Sniff};

/// The row of arXiv OAI-PMH.
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::ArxivOai,
    name: "arxiv-oai",
    title: "arXiv OAI-PMH",
    extensions: &["xml"],
    sniff: |_| Sniff::No,
    read: None,
    streams: false,
    write: None,
};
