//! RIS. (Stub of the interface.)

use super::{Format, FormatSpec, Sniff};

/// The row of RIS.
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::Ris,
    name: "ris",
    title: "RIS",
    extensions: &["ris"],
    sniff: |_| Sniff::No,
    read: None,
    streams: false,
    write: None,
};
