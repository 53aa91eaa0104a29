//! CSL-JSON. (Stub of the interface.)

use super::{Format, FormatSpec, Sniff};

/// The row of CSL-JSON.
pub const JSON: FormatSpec = FormatSpec {
    format: Format::CslJson,
    name: "csl-json",
    title: "CSL-JSON",
    extensions: &["json"],
    sniff: |_| Sniff::No,
    read: None,
    streams: false,
    write: None,
};

/// The row of CSL-YAML.
pub const YAML: FormatSpec = FormatSpec {
    format: Format::CslYaml,
    name: "csl-yaml",
    title: "CSL-YAML",
    extensions: &["yaml", "yml"],
    sniff: |_| Sniff::No,
    read: None,
    streams: false,
    write: None,
};
