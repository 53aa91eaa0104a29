//! Rules of identity: which entries are one work, and whether an identifier and what stands beside it belong together.

use super::{Findings, Record, Settings};
use crate::diagnostic::{Diagnostic, Rule};
use crate::fold::fold;
use crate::model::{ArxivId, Date, DateField, Entry, FieldName, Kind, Role, Scheme, TextField};
use crate::source::{Origin, SourceId, Span};
use crate::stream::Sourced;
use std::collections::HashMap;
use xxhash_rust::xxh3::xxh3_64;

/// Where papers are looked up: a catalog, for who has one.
pub trait Papers {
    /// The paper of an arXiv id, bare, without version.
    ///
    /// # Errors
    /// When the source cannot be read. Nothing is said about the paper then; who made the source says what is wrong with it.
    fn paper(&self, id: &str) -> crate::error::Result<Option<Paper>>;
    /// Names the source, its date and its size, for messages.
    fn described(&self) -> String;
    /// The year and month of the newest paper.
    fn newest(&self) -> (i32, u8);
}

/// What is known of a paper.
#[derive(Clone, Debug, Default)]
pub struct Paper {
    /// The title as plain text.
    pub title: String,
    /// The family names of its authors.
    pub families: Vec<String>,
    /// The number of its latest version; 0 when not known.
    pub latest: u16,
    /// Whether it has been withdrawn.
    pub withdrawn: bool,
    /// Where it was published: a DOI or a reference.
    pub published: Option<String>,
}

/// The works of a run, a few bytes each.
#[derive(Debug, Default)]
pub struct Works {
    /// Identifiers as hashes: where they stood first.
    identified: HashMap<u64, Place>,
    /// Titles with first author and year.
    titled: HashMap<u64, (Place, bool, bool)>,
}

/// Where an entry stands; its key is not kept.
#[derive(Clone, Copy, Debug)]
struct Place {
    source: SourceId,
    line: u32,
}

/// Titles shorter than this are those of many works.
const MIN_LETTERS: usize = 12;

/// Judges an entry of any format.
pub(super) fn judge(sourced: &Sourced, settings: &Settings<'_>, works: &mut Works, found: &mut Findings<'_, '_>) {
    duplicate_work(sourced, works, found);
    if let (Some(papers), Some(id)) = (settings.papers, sourced.entry.arxiv()) {
        catalog_rules(sourced, id, papers, found);
    }
}

fn span_of(sourced: &Sourced, field: FieldName) -> Option<Span> {
    sourced.origins.get(field).and_then(Origin::span).or(sourced.span)
}

/// Where an entry is named: its key, else its first line.
fn span_of_key(sourced: &Sourced) -> Option<Span> {
    span_of(sourced, FieldName::Key)
}

fn duplicate_work(sourced: &Sourced, works: &mut Works, found: &mut Findings<'_, '_>) {
    let entry = &sourced.entry;
    let span = sourced.span.unwrap_or_default();
    let place = Place { source: span.source, line: span.line };
    let mut first = None;
    let identities = crate::identity::strong(entry);
    for identity in &identities {
        // Proceedings and their papers, volumes and their chapters sometimes share a DOI; the kind tells them apart.
        let is_whole = matches!(entry.kind, Kind::Proceedings | Kind::Collection | Kind::Book | Kind::Periodical);
        let hash = xxh3_64(format!("{identity}{}", if is_whole { " whole" } else { "" }).as_bytes());
        match works.identified.get(&hash) {
            Some(other) => first = first.or(Some((*other, format!("has the same identifier ({identity})")))),
            None => {
                works.identified.insert(hash, place);
            }
        }
    }
    let is_preprint = entry.kind == Kind::Preprint;
    if let Some(hash) = title_hash(entry) {
        let identified = !identities.is_empty();
        match works.titled.get(&hash) {
            // Two identifiers are two works, and so are a preprint and what was published.
            Some((other, was_identified, was_preprint))
                if first.is_none() && !(identified && *was_identified) && is_preprint == *was_preprint =>
            {
                first = Some((*other, "has the same title, authors and year".to_owned()));
            }
            Some(_) => {}
            None => {
                works.titled.insert(hash, (place, identified, is_preprint));
            }
        }
    }
    if let Some((other, how)) = first {
        let finding = Diagnostic::new(Rule::DuplicateWork, format!("another entry {how}")).at(span_of_key(sourced));
        let whose = if other.source == place.source { "" } else { " of an earlier input" };
        found.push(finding.help(format!("it stands in line {}{whose}", other.line)));
    }
}

fn title_hash(entry: &Entry) -> Option<u64> {
    let title = fold(&entry.title()?.to_plain());
    let authors: Vec<String> = entry.authors().map(|name| fold(name.family())).collect();
    let year = entry.dates.get(DateField::Issued).and_then(Date::year)?;
    let whole = matches!(entry.kind, Kind::Proceedings | Kind::Collection | Kind::Periodical);
    let pages = entry.plain.get(crate::model::PlainField::Pages).map(|pages| fold(pages)).unwrap_or_default();
    let container = entry.texts.get(TextField::ContainerTitle).map(|title| fold(&title.to_plain())).unwrap_or_default();
    let parts = format!("{title}|{}|{year}|{pages}|{container}", authors.join(","));
    (title.len() >= MIN_LETTERS && !authors.is_empty() && !whole).then(|| xxh3_64(parts.as_bytes()))
}

/// Rules that ask the catalog about the entry's arXiv id.
fn catalog_rules(sourced: &Sourced, id: &ArxivId, papers: &dyn Papers, found: &mut Findings<'_, '_>) {
    let field = FieldName::Id(Scheme::Arxiv);
    let at = span_of(sourced, field);
    let Ok(known) = papers.paper(id.id()) else { return };
    let Some(paper) = known else {
        if id.year_month() <= papers.newest() {
            let message = format!("arXiv:{id} is not in {}", papers.described());
            found.push(Diagnostic::new(Rule::UnknownId, message).at(at).field(field));
        }
        return;
    };
    if paper.withdrawn {
        found.push(Diagnostic::new(Rule::WithdrawnPaper, format!("arXiv:{id} has been withdrawn")).at(at).field(field));
    }
    if let Some(version) = id.version().filter(|version| *version < paper.latest) {
        let message =
            format!("version {version} of arXiv:{} is cited; version {} is the latest", id.id(), paper.latest);
        found.push(Diagnostic::new(Rule::NewerVersion, message).at(at).field(field));
    }
    if let Some(version) = id.version().filter(|version| paper.latest > 0 && *version > paper.latest) {
        let message = format!("version {version} is cited; {} has none after {}", papers.described(), paper.latest);
        found.push(Diagnostic::new(Rule::UnknownVersion, message).at(at).field(field));
    }
    let cites_preprint = sourced.entry.doi().is_none_or(|doi| ArxivId::parse(doi).is_some())
        && !matches!(sourced.entry.kind, Kind::ConferencePaper | Kind::InCollection | Kind::Chapter);
    if let Some(published) = paper.published.as_deref().filter(|_| cites_preprint) {
        let message = format!("arXiv:{} was published: {published}", id.id());
        found.push(Diagnostic::new(Rule::PublishedVersionKnown, message).at(at).field(field));
    }
    let title = FieldName::Text(TextField::Title);
    let own_title = sourced.entry.title().map(crate::model::Text::to_plain).unwrap_or_default();
    let other_title =
        !own_title.trim().is_empty() && !sourced.origins.is_cut(title) && !are_alike(&own_title, &paper.title);
    if other_title {
        let message = format!("arXiv:{} is \"{}\"", id.id(), super::shown(&paper.title));
        found.push(Diagnostic::new(Rule::IdTitleMismatch, message).at(span_of(sourced, title)).field(title));
    }
    let families: Vec<String> = paper.families.iter().map(|family| fold(family)).collect();
    let own: Vec<String> =
        sourced.entry.authors().map(|name| fold(name.family())).filter(|name| !name.is_empty()).collect();
    let shares = own
        .iter()
        .any(|own| families.iter().any(|family| family.contains(own.as_str()) || own.contains(family.as_str())));
    if !own.is_empty() && !families.is_empty() && !shares {
        let authors = FieldName::People(Role::Author);
        let message = format!("arXiv:{} is by {}", id.id(), super::shown(&paper.families.join(", ")));
        found.push(Diagnostic::new(Rule::IdAuthorMismatch, message).at(span_of(sourced, authors)).field(authors));
    }
}

/// Whether two titles share half of the words of the shorter one; papers get other titles from version to version.
fn are_alike(one: &str, other: &str) -> bool {
    let words = |title: &str| -> Vec<String> {
        title.split(|c: char| !c.is_alphanumeric()).map(fold).filter(|word| word.len() > 2).collect()
    };
    let (one, other) = (words(one), words(other));
    let shared = one.iter().filter(|word| other.contains(word)).count();
    let shorter = one.len().min(other.len());
    shorter == 0 || shared * 2 >= shorter
}

/// Rules of one entry of a `.bib` file.
pub(super) fn record(record: &Record<'_>, made: &Sourced, found: &mut Findings<'_, '_>) {
    eprint_in_wrong_place(record, made, found);
}

fn eprint_in_wrong_place(record: &Record<'_>, made: &Sourced, found: &mut Findings<'_, '_>) {
    if record.has(&["eprint"]) || made.entry.arxiv().is_none() && !record.has(&["journal", "note", "howpublished"]) {
        return;
    }
    for field in record.fields.iter().filter(|field| {
        matches!(&*field.name, "journal" | "journaltitle" | "note" | "howpublished" | "volume" | "number" | "pages")
    }) {
        let lowered = field.value.to_ascii_lowercase();
        let is_there = lowered.find("arxiv:").map(|at| at + 6).or_else(|| lowered.find("abs/").map(|at| at + 4));
        let Some(at) = is_there else { continue };
        if let Some((id, _)) = ArxivId::parse_prefix(lowered[at..].trim_start()) {
            let end = (at + id.to_string().len()).min(field.value.len());
            let message = format!("the arXiv id {id} stands in `{}`, where styles do not look for it", field.written);
            let finding = found.part(Rule::EprintInWrongPlace, field, at..end, message);
            finding.help = Some(format!("write eprint = {{{id}}}, archivePrefix = {{arXiv}}"));
            return;
        }
    }
}
