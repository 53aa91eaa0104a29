//! arXiv metadata snapshot (JSON lines). (Stub of the interface.)

use super::super::{Format, FormatSpec, Sniff};

/// The row of arXiv metadata snapshot (JSON lines).
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::ArxivSnapshot,
    name: "arxiv-snapshot",
    title: "arXiv metadata snapshot (JSON lines)",
    extensions: &["json", "jsonl"],
    sniff: |_| Sniff::No,
    read: None,
    streams: false,
    write: None,
};
