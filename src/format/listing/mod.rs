//! pasted text. (Stub of the interface.)

use super::{Format, FormatSpec, Sniff};

/// The row of pasted text.
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::Listing,
    name: "listing",
    title: "pasted text",
    extensions: &["txt", "md"],
    sniff: |_| Sniff::No,
    read: None,
    streams: false,
    write: None,
};
