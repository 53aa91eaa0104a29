//! BibTeX. (Stub of the interface.)

use super::{Format, FormatSpec, Sniff};

/// The row of BibTeX.
pub const BIBTEX: FormatSpec = FormatSpec {
    format: Format::Bibtex,
    name: "bibtex",
    title: "BibTeX",
    extensions: &["bib"],
    sniff: |_| Sniff::No,
    read: None,
    streams: false,
    write: None,
};

/// The row of BibLaTeX.
pub const BIBLATEX: FormatSpec = FormatSpec {
    format: Format::Biblatex,
    name: "biblatex",
    title: "BibLaTeX",
    extensions: &["bib"],
    sniff: |_| Sniff::No,
    read: None,
    streams: false,
    write: None,
};
