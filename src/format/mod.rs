//! The formats: one row each, and how the format of an input is told.
//!
//! A format is a room below this file with a reader, a writer or both. Rooms never import one another; what they share is
//! the model. [`Format::spec`] is the one table that lists them.

pub mod arxiv;
pub mod bibtex;
mod binary;
pub mod csl;
pub mod hayagriva;
mod input;
pub mod json;
pub mod listing;
pub mod native;
pub mod ris;

pub use input::{Decoded, Encoding, Input};

use crate::diagnostic::{Diagnostic, Rule};
use crate::error::{Error, Result};
use crate::model::{ArxivId, Entry, FieldName, PlainField};
use crate::record::DateChoice;
use crate::stream::Sink;
use std::borrow::Cow;

/// A format that bibmill reads, writes or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// Pasted text.
    Listing,
    /// The arXiv API.
    ArxivApi,
    /// arXiv's daily feeds.
    ArxivRss,
    /// arXiv's OAI-PMH.
    ArxivOai,
    /// arXiv's pages.
    ArxivHtml,
    /// The arXiv metadata snapshot.
    ArxivSnapshot,
    /// arXiv's daily mail and `.abs` records.
    ArxivMail,
    /// Records of neighbouring services.
    Json,
    /// BibTeX.
    Bibtex,
    /// BibLaTeX.
    Biblatex,
    /// CSL data as JSON.
    CslJson,
    /// CSL data as YAML.
    CslYaml,
    /// Hayagriva YAML.
    Hayagriva,
    /// RIS.
    Ris,
    /// The lossless dump of the model.
    Native,
}

/// What the program knows of a format.
#[derive(Debug)]
pub struct FormatSpec {
    /// The format.
    pub format: Format,
    /// Its name in `--from` and `--to`.
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// File extensions, without the dot, lower-case.
    pub extensions: &'static [&'static str],
    /// Judges the first 4 KiB of an input.
    pub sniff: fn(&str) -> Sniff,
    /// Reads it.
    pub read: Option<ReadFn>,
    /// Whether reading goes record by record, with memory bounded by the record and not by the file.
    pub streams: bool,
    /// Writes it.
    pub write: Option<Writer>,
}

/// How surely the beginning of an input is of a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sniff {
    /// It is not.
    No,
    /// It may be, when nothing else fits better.
    Maybe,
    /// It is, unless the extension of another `Likely` format says otherwise.
    Likely,
    /// It is.
    Yes,
}

/// Reads an input to its end. Faults in the data go to the sink; an error means that reading cannot go on.
pub type ReadFn = fn(Input<'_>, &ReadOptions, &mut dyn Sink) -> Result<()>;

/// Choices that readers need.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// Which version's date a record of arXiv is cited by.
    pub date: DateChoice,
    /// How many threads may be used; 0 for as many as there are cores.
    pub threads: usize,
    /// Leaves it to `.bib` files how they say that a work is on arXiv (`journal = {CoRR}`, a note, a link).
    pub as_written: bool,
}

/// How a format is written: what stands before, between and behind the entries, and how one entry is printed.
///
/// An entry is printed without regard to the others, so that entries can be printed in any order and on any thread.
#[derive(Clone, Copy, Debug)]
pub struct Writer {
    /// Before the first entry.
    pub head: &'static str,
    /// Between two entries.
    pub separator: &'static str,
    /// Behind the last entry.
    pub tail: &'static str,
    /// The whole output when there is no entry.
    pub empty: &'static str,
    /// Prints one entry.
    pub entry: fn(&Entry, &WriteOptions, &mut Printer),
}

/// Choices that writers need.
#[derive(Clone, Debug, Default)]
pub struct WriteOptions {
    /// Only ASCII in `.bib` output: other characters as LaTeX commands.
    pub ascii: bool,
    /// Preprints as `@article` in `.bib` output.
    pub preprint_as_article: bool,
}

/// Takes what a writer prints of one entry, and what it had to leave out.
#[derive(Debug, Default)]
pub struct Printer {
    /// The text.
    pub out: String,
    /// The byte offset in `out` just behind the citation key, where a suffix can be put in later. Keys never need
    /// escaping in any format, or the writer has escaped them.
    pub key_end: Option<usize>,
    /// The fields without a place in this format, each with the reason.
    pub dropped: Vec<Dropped>,
}

/// A field that an output has no place for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// The field.
    pub field: FieldName,
    /// Why, in a few words ("Hayagriva has no slot for subject classes").
    pub reason: &'static str,
}

impl Printer {
    /// Prints the key and notes where it ends.
    pub fn key(&mut self, key: &str) {
        self.out.push_str(key);
        self.key_end = Some(self.out.len());
    }

    /// Notes that a field is not printed.
    pub fn drop_field(&mut self, field: FieldName, reason: &'static str) {
        self.dropped.push(Dropped { field, reason });
    }

    /// Empties it for the next entry; keeps the memory.
    pub fn clear(&mut self) {
        self.out.clear();
        self.key_end = None;
        self.dropped.clear();
    }
}

impl Format {
    /// Every format, in the order of the README's table.
    pub const ALL: &'static [Self] = &[
        Self::Listing,
        Self::ArxivApi,
        Self::ArxivRss,
        Self::ArxivOai,
        Self::ArxivHtml,
        Self::ArxivSnapshot,
        Self::ArxivMail,
        Self::Json,
        Self::Bibtex,
        Self::Biblatex,
        Self::CslJson,
        Self::CslYaml,
        Self::Hayagriva,
        Self::Ris,
        Self::Native,
    ];

    /// The format's row.
    pub const fn spec(self) -> &'static FormatSpec {
        match self {
            Self::Listing => &listing::SPEC,
            Self::ArxivApi => &arxiv::api::SPEC,
            Self::ArxivRss => &arxiv::rss::SPEC,
            Self::ArxivOai => &arxiv::oai::SPEC,
            Self::ArxivHtml => &arxiv::html::SPEC,
            Self::ArxivSnapshot => &arxiv::snapshot::SPEC,
            Self::ArxivMail => &arxiv::mail::SPEC,
            Self::Json => &json::SPEC,
            Self::Bibtex => &bibtex::BIBTEX,
            Self::Biblatex => &bibtex::BIBLATEX,
            Self::CslJson => &csl::JSON,
            Self::CslYaml => &csl::YAML,
            Self::Hayagriva => &hayagriva::SPEC,
            Self::Ris => &ris::SPEC,
            Self::Native => &native::SPEC,
        }
    }

    /// Its name in `--from` and `--to`.
    pub const fn name(self) -> &'static str {
        self.spec().name
    }

    /// The format of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name() == name)
    }

    /// The formats that claim a file extension.
    pub fn by_extension(extension: &str) -> impl Iterator<Item = Self> {
        let extension = extension.to_ascii_lowercase();
        Self::ALL.iter().copied().filter(move |format| format.spec().extensions.contains(&extension.as_str()))
    }

    /// Tells the format of an input from its first bytes, decoded, and its file extension.
    ///
    /// The strongest sniff wins; among equals the one that claims the extension.
    ///
    /// # Errors
    /// When nothing fits, or two formats fit equally well: the message names the flags to use.
    pub fn detect(head: &str, extension: Option<&str>) -> Result<Self> {
        let no_text = |kind: &str| Error::message(format!("the input is no text, but {kind}"));
        if let Some(kind) = binary::signature(head) {
            return Err(no_text(kind));
        }
        // What a file of data holds may look like anything; pasted text has a name of its own.
        let claimed: Vec<Self> = extension.map(|extension| Self::by_extension(extension).collect()).unwrap_or_default();
        let is_data = !claimed.is_empty() && !claimed.contains(&Self::Listing);
        let readable = || {
            let all = Self::ALL.iter().copied().filter(|format| format.spec().read.is_some());
            all.filter(|format| !(is_data && *format == Self::Listing))
        };
        let judged: Vec<(Sniff, Self)> = readable().map(|format| ((format.spec().sniff)(head), format)).collect();
        let best = judged.iter().map(|(sniff, _)| *sniff).max().unwrap_or(Sniff::No);
        if looks_like_web_of_science(head) {
            return Err(Error::message(
                "the input is Web of Science's own tagged format; export the records as RIS or BibTeX there",
            ));
        }
        if best <= Sniff::Maybe && looks_like_endnote(head) {
            return Err(Error::message(
                "the input is EndNote's own tagged format; export the records as RIS or BibTeX there",
            ));
        }
        if best == Sniff::No && looks_like_page(head) {
            return Err(Error::message(format!(
                "the input is a web page that is not arXiv's; copy its text and save that, or name its format with --from \
                 (one of {})",
                join_names(readable())
            )));
        }
        if let (Sniff::No, Some(kind)) = (best, binary::kind(head)) {
            return Err(no_text(kind));
        }
        if let (Sniff::No, true, Some(extension)) = (best, is_data, extension) {
            return Err(Error::message(format!(
                "the content is no format that .{} files have ({}); name its format with --from (--from listing reads \
                 it as pasted text)",
                crate::source::printable(extension),
                join_names(claimed.into_iter())
            )));
        }
        if best == Sniff::No {
            return Err(Error::message(format!(
                "the format of the input is not known; name it with --from (one of {})",
                join_names(readable())
            )));
        }
        let mut candidates: Vec<Self> =
            judged.into_iter().filter(|(sniff, _)| *sniff == best).map(|(_, format)| format).collect();
        if let (true, Some(extension)) = (candidates.len() > 1, extension) {
            let claimed: Vec<Self> =
                Self::by_extension(extension).filter(|format| candidates.contains(format)).collect();
            if !claimed.is_empty() {
                candidates = claimed;
            }
        }
        match candidates.as_slice() {
            [format] => Ok(*format),
            // The two dialects of .bib are told by their fields; where those say nothing, it makes no difference.
            [Self::Bibtex, Self::Biblatex] => Ok(Self::Bibtex),
            several => Err(Error::message(format!(
                "the input could be {}; name its format with --from",
                join_names(several.iter().copied())
            ))),
        }
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether an input begins as an HTML page does.
fn looks_like_page(head: &str) -> bool {
    let start: String = head.trim_start().chars().take(1000).collect::<String>().to_ascii_lowercase();
    start.starts_with("<!doctype html")
        || start.starts_with("<html")
        || (start.starts_with('<') && start.contains("<html"))
}

/// EndNote's export format, also called Refer: `%0 Journal Article`, `%A Author`, `%T Title`.
fn looks_like_endnote(head: &str) -> bool {
    let has = |tags: &[&str]| head.lines().any(|line| tags.iter().any(|tag| line.starts_with(tag)));
    has(&["%T "]) && has(&["%0 ", "%A "])
}

/// Whether an input begins as an export of Web of Science does, whose tags are not those of RIS.
fn looks_like_web_of_science(head: &str) -> bool {
    let mut lines = head.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty());
    lines.next().is_some_and(|line| line.starts_with("FN ")) && lines.next().is_some_and(|line| line.starts_with("VR "))
}

fn join_names(formats: impl Iterator<Item = Format>) -> String {
    formats.map(Format::name).collect::<Vec<_>>().join(", ")
}

/// The address of an entry as formats for people print it: of a preprint whose version is pinned, the version's.
fn printed_url(entry: &Entry) -> Option<Cow<'_, str>> {
    let url = entry.plain.get(PlainField::Url)?;
    let pinned = entry.arxiv().filter(|id| url.strip_prefix("https://arxiv.org/abs/") == Some(id.id()));
    Some(match pinned.and_then(ArxivId::version) {
        Some(version) => Cow::Owned(format!("{url}v{version}")),
        None => Cow::Borrowed(url),
    })
}

/// What readers of bibliographies do with an entry once it is read: [`Entry::tidy`], and a word about control characters.
fn tidy(entry: &mut Entry) -> Option<Diagnostic> {
    let message = match entry.tidy() {
        0 => return None,
        1 => "a control character in the entry is left out".to_owned(),
        several => format!("{several} control characters in the entry are left out"),
    };
    Some(Diagnostic::new(Rule::ControlCharacter, message))
}
