//! BibTeX and BibLaTeX: one room for the two dialects of `.bib` files.
//!
//! BibTeX is what `btxdoc` and `btxhak` (Patashnik, 1988) describe, with the fields that common styles and exporters have
//! added; BibLaTeX is the data model of its manual, version 3.19, section 2. Both are read by one reader, which takes the
//! fields of either, and printed by one writer, which keeps them apart. This file must not know what stands in a file:
//! it names the rooms and tells the dialects.

pub mod edit;
mod names;
mod pages;
mod read;
mod syntax;
mod vocabulary;
mod write;

pub use syntax::{Block, BlockKind, Blocks, Fault, Part, RawEntry, RawField, Value, split};

use super::{Format, FormatSpec, ReadOptions, Sniff, Writer};
use crate::error::Result;
use crate::source::SourceId;
use crate::stream::Sink;

/// The row of BibTeX.
pub const BIBTEX: FormatSpec = FormatSpec {
    format: Format::Bibtex,
    name: "bibtex",
    title: "BibTeX",
    extensions: &["bib"],
    sniff: |head| sniff(head, Dialect::Bibtex),
    read: Some(read::read_bibtex),
    streams: false,
    write: Some(writer(|entry, options, printer| write::entry(entry, Dialect::Bibtex, options, printer))),
};

/// The row of BibLaTeX.
pub const BIBLATEX: FormatSpec = FormatSpec {
    format: Format::Biblatex,
    name: "biblatex",
    title: "BibLaTeX",
    extensions: &["bib"],
    sniff: |head| sniff(head, Dialect::Biblatex),
    read: Some(read::read_biblatex),
    streams: false,
    write: Some(writer(|entry, options, printer| write::entry(entry, Dialect::Biblatex, options, printer))),
};

/// Reads a text that is at hand. The span of each entry is the bytes of its block in `text`, so that the entry can be
/// edited there.
///
/// # Errors
/// When the system has no thread to read on.
pub fn read_text(
    text: &str,
    source: SourceId,
    format: Format,
    options: &ReadOptions,
    sink: &mut dyn Sink,
) -> Result<()> {
    let dialect = if format == Format::Biblatex { Dialect::Biblatex } else { Dialect::Bibtex };
    read::read_decoded(text, source, dialect, options, sink)
}

/// The two dialects of `.bib` files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// BibTeX.
    Bibtex,
    /// BibLaTeX.
    Biblatex,
}

/// Whether a word is an entry type of one of the dialects, or an alias of one.
pub fn is_entry_type(word: &str) -> bool {
    read::kind_of(word).is_some()
}

/// Whether a field name, in lower case, is one that is read or printed.
pub fn is_field(name: &str) -> bool {
    vocabulary::field_named(name).is_some() || vocabulary::is_name(name)
}

/// The name under which values of both dialects that the model has no place for are kept.
const FOREIGN: &str = "bibtex";

/// Under this name an entry keeps the type that its input had, where that says more than the kind.
const FOREIGN_TYPE: &str = "@";

/// Behind the name of a field of names: the options of the list, which BibLaTeX has at the list's head.
const LIST_OPTIONS: &str = "+options";

/// Fields that hold keys of entries, most of them several, parted by commas.
const REFERENCES: [&str; 6] = ["crossref", "xref", "xdata", "related", "entryset", "ids"];

const fn writer(entry: fn(&crate::model::Entry, &super::WriteOptions, &mut super::Printer)) -> Writer {
    Writer { head: "", separator: "\n", tail: "", empty: "", entry }
}

/// Judges a head: an `@type{` at the start of a line makes it a `.bib`; BibLaTeX is told by its own fields and types.
fn sniff(head: &str, dialect: Dialect) -> Sniff {
    if !head.split(['\n', '\r']).any(starts_block) {
        // A head of remarks, as long as one may be, or a file that has nothing else yet.
        let is_commented = !head.trim().is_empty() && read::remarks::is_commented(head);
        return if is_commented { Sniff::Maybe } else { Sniff::No };
    }
    if vocabulary::is_biblatex(head) == (dialect == Dialect::Biblatex) { Sniff::Yes } else { Sniff::Likely }
}

/// Whether a line begins with `@`, letters, and a brace or bracket.
fn starts_block(line: &str) -> bool {
    let Some(rest) = line.trim_start().strip_prefix('@') else { return false };
    let after = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    after.len() < rest.len() && after.trim_start().starts_with(['{', '('])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dialect_is_told_by_fields_and_types() {
        let check = |head: &str, bibtex: Sniff, biblatex: Sniff| {
            assert_eq!((sniff(head, Dialect::Bibtex), sniff(head, Dialect::Biblatex)), (bibtex, biblatex), "{head}");
        };
        check("% comment\n@article{k,\n  year = 2020}", Sniff::Yes, Sniff::Likely);
        check("% comment\r@article{k,\r  year = 2020}", Sniff::Yes, Sniff::Likely);
        check("% comment\r@article{k,\r  date = {2020}}", Sniff::Likely, Sniff::Yes);
        check("@misc{k,\n  author+an = {1=first}}", Sniff::Likely, Sniff::Yes);
        check("@article{k,\n  date = {2020}}", Sniff::Likely, Sniff::Yes);
        check("@online {k,", Sniff::Likely, Sniff::Yes);
        check("@string(a = {b})", Sniff::Yes, Sniff::Likely);
        check("write to me@home.org {", Sniff::No, Sniff::No);
        check("[{\"id\": 1}]", Sniff::No, Sniff::No);
    }
}
