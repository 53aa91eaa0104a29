//! Records of neighbouring services as JSON. (Stub of the interface.)

use crate::format::{Format, FormatSpec, Sniff};

/// The row of neighbours' records.
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::Json,
    name: "json",
    title: "records of Semantic Scholar, OpenAlex, Crossref, INSPIRE, DBLP, Hugging Face, daily crawlers",
    extensions: &["json", "jsonl"],
    sniff: |_| Sniff::No,
    read: None,
    streams: false,
    write: None,
};
