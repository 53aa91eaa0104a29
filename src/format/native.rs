//! lossless dump of the model. (Stub of the interface.)

use super::{Format, FormatSpec, Sniff};

/// The row of lossless dump of the model.
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::Native,
    name: "native",
    title: "lossless dump of the model",
    extensions: &["native"],
    sniff: |_| Sniff::No,
    read: None,
    streams: false,
    write: None,
};
