//! Hayagriva YAML. (Stub of the interface.)

use super::{Format, FormatSpec, Sniff};

/// The row of Hayagriva YAML.
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::Hayagriva,
    name: "hayagriva",
    title: "Hayagriva YAML",
    extensions: &["yaml", "yml"],
    sniff: |_| Sniff::No,
    read: None,
    streams: false,
    write: None,
};
