//! Entry + catalog -> [`Resolution`]: which record an entry is, how surely, and what else it could be.
//!
//! An entry is found by its identifier, else by its title, else by the piece of an abstract that it has. What is found is
//! scored, refused or taken here; `merge` then fills in what the input left out. Knows entries and catalogs, no formats.

mod find;
mod merge;
pub mod score;
mod titles;

use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, Rule};
use crate::error::Result;
use crate::model::{Entry, FieldName, Name, TextField};
use crate::record::DateChoice;
use crate::stream::{Sink, Sourced};
use find::{Finding, Found};
use std::collections::BTreeMap;

/// Matches entries with catalog records and fills in what the input left out.
#[derive(Debug)]
pub struct Resolver<'c> {
    catalogs: &'c [Catalog],
    options: Options,
}

/// Choices of the resolver.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Take a `likely` candidate as well.
    pub accept_likely: bool,
    /// Keep the cut abstract of a matched entry.
    pub keep_cut: bool,
    /// Which version's date is cited.
    pub date: DateChoice,
}

/// What became of one entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resolution {
    /// The outcome.
    pub outcome: Outcome,
    /// What the match rests on: `identifier`, `doi`, `title`, `abstract prefix`, `abstract with edits`, `abstract
    /// fingerprints`, each perhaps `+ author of the list`.
    pub how: Option<&'static str>,
    /// The candidates, best first: the match and its runner-up.
    pub candidates: Vec<Candidate>,
    /// The fields that were filled from the record.
    pub filled: Vec<FieldName>,
}

/// A record that may be the entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Candidate {
    /// The record's arXiv id.
    pub id: String,
    /// The record's title, plain.
    pub title: String,
    /// The estimated probability of being right, 0 to 1.
    pub score: f64,
}

/// The outcome of a resolution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    /// The record is the entry.
    Matched,
    /// A record probably is the entry; not taken.
    Likely,
    /// Several records fit equally well; none taken.
    Ambiguous,
    /// No record fits.
    #[default]
    Unresolved,
    /// Identifier and title contradict each other; no record taken.
    Contradictory,
}

impl Outcome {
    /// The outcome's name in the report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Likely => "likely",
            Self::Ambiguous => "ambiguous",
            Self::Unresolved => "unresolved",
            Self::Contradictory => "contradictory",
        }
    }
}

impl<'c> Resolver<'c> {
    /// A resolver over several catalogs, taken as one: the newest record of a paper wins, and no empty value beats one
    /// that is there.
    pub fn new(catalogs: &'c [Catalog], options: Options) -> Self {
        Self { catalogs, options }
    }

    /// Resolves the entries of one list in place, diagnostics go to the sink; one resolution per entry, in order.
    ///
    /// Entries of one list help each other: an author whom most of the list shares, as on an author page, decides between
    /// equal candidates.
    ///
    /// # Errors
    /// When a catalog is damaged: that a paper was not found could not be told from that it is not there.
    pub fn resolve(&self, entries: &mut [Sourced], sink: &mut dyn Sink) -> Result<Vec<Resolution>> {
        let findings: Result<Vec<Finding>> = entries.iter().map(|sourced| find::find(self.catalogs, sourced)).collect();
        let mut findings = findings?;
        decide_by_shared_author(&mut findings);
        entries.iter_mut().zip(findings).map(|(sourced, finding)| self.conclude(sourced, finding, sink)).collect()
    }

    /// Takes or refuses what was found, and says so.
    fn conclude(&self, sourced: &mut Sourced, mut finding: Finding, sink: &mut dyn Sink) -> Result<Resolution> {
        let taken =
            finding.outcome == Outcome::Matched || (finding.outcome == Outcome::Likely && self.options.accept_likely);
        let mut filled = Vec::new();
        if taken && !finding.found.is_empty() {
            let mut best = finding.found.remove(0);
            best.record = find::complete(self.catalogs, best.record)?;
            filled = merge::fill(sourced, &best.record, &self.options, &self.described_catalogs(), sink);
            finding.found.insert(0, best);
            finding.outcome = Outcome::Matched;
        } else {
            sink.report(self.refusal(sourced, &finding));
        }
        Ok(Resolution {
            outcome: finding.outcome,
            how: finding.found.first().map(|found| found.how),
            candidates: finding.found.iter().map(Found::candidate).collect(),
            filled,
        })
    }

    /// The diagnostic for an entry that is written with what was read.
    fn refusal(&self, sourced: &Sourced, finding: &Finding) -> Diagnostic {
        let named: Vec<String> = finding.found.iter().take(5).map(Found::describe).collect();
        let entry = describe(&sourced.entry);
        let diagnostic = match finding.outcome {
            Outcome::Likely => Diagnostic::new(
                Rule::Likely,
                format!("{entry} is probably {}", named.first().map_or("", String::as_str)),
            )
            .help("put the identifier in the input if it is right, or run with --accept-likely"),
            Outcome::Ambiguous => {
                Diagnostic::new(Rule::Ambiguous, format!("{entry} fits several records: {}", named.join("; ")))
                    .help("add an identifier, a title or an author to the entry")
            }
            Outcome::Contradictory => {
                let (message, help) = self.contradiction(&sourced.entry, &entry, finding, &named);
                Diagnostic::new(Rule::IdTitleMismatch, message).help(help)
            }
            Outcome::Unresolved | Outcome::Matched => Diagnostic::new(
                Rule::Unresolved,
                format!("no record was found for {entry} in {}", self.described_catalogs()),
            )
            .help("it may be newer than the catalog or not on arXiv; an identifier or the full title helps"),
        };
        diagnostic.at(sourced.span).key(sourced.entry.key.as_deref())
    }

    /// What is known of an identifier and a title that do not go together.
    fn contradiction(&self, read: &Entry, entry: &str, finding: &Finding, named: &[String]) -> (String, &'static str) {
        let title = read.title().map(|title| shortened(&title.to_plain())).unwrap_or_default();
        match (finding.found.first().map(|found| found.how), named) {
            (Some("title"), [by_title, ..]) => (
                format!("the title of {entry} is that of {by_title}; {}", self.absence(read)),
                "correct the identifier if that is the paper; the identifier may be newer than the catalog",
            ),
            (_, [by_id, by_title, ..]) => (
                format!("the identifier and the title of {entry} are of different papers: {by_id}; {by_title}"),
                "correct the identifier or the title",
            ),
            (_, [by_id]) => (
                format!(
                    "the identifier of {entry} is that of {by_id}, but the title that was read is {title}, which no record has in {}",
                    self.described_catalogs()
                ),
                "correct the identifier, or the title if it is another version's",
            ),
            (_, []) => (format!("the identifier and the title of {entry} do not go together"), "correct one of them"),
        }
    }

    /// That the identifier of an entry is in no catalog.
    fn absence(&self, read: &Entry) -> String {
        let id = read.arxiv().map(ToString::to_string).or_else(|| read.doi().map(str::to_owned));
        format!("the identifier {} is not in {}", id.unwrap_or_default(), self.described_catalogs())
    }

    fn described_catalogs(&self) -> String {
        described(self.catalogs)
    }
}

/// Names catalogs in a message by what they can know: "a catalog dated D".
pub fn described(catalogs: &[Catalog]) -> String {
    let dated = |catalog: &Catalog| match catalog.info().date {
        date if date.is_empty() => "an undated catalog".to_owned(),
        date => format!("a catalog dated {date}"),
    };
    catalogs.iter().map(dated).collect::<Vec<_>>().join(" and ")
}

/// Names an entry in a message by the best that it has.
fn describe(entry: &Entry) -> String {
    if let Some(id) = entry.arxiv() {
        return format!("arXiv:{id}");
    }
    let text = entry.title().or_else(|| entry.texts.get(TextField::Abstract)).map(|text| shortened(&text.to_plain()));
    text.or_else(|| entry.doi().map(str::to_owned)).unwrap_or_else(|| "the entry".to_owned())
}

/// The first words of a text in quotation marks.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("\"{}…\"", &text[..end]),
        None => format!("\"{text}\""),
    }
}

/// Lets an author whom the list shares decide between equal candidates.
///
/// The author must stand in at least three matched records and in two thirds of them, and in exactly one candidate.
fn decide_by_shared_author(findings: &mut [Finding]) {
    let undecided = |finding: &Finding| matches!(finding.outcome, Outcome::Ambiguous) && finding.may_be_decided;
    if !findings.iter().any(undecided) {
        return;
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut matched = 0;
    for finding in findings.iter().filter(|finding| finding.outcome == Outcome::Matched) {
        let Some(found) = finding.found.first() else { continue };
        matched += 1;
        let mut names: Vec<String> = found.record.names().iter().map(author_key).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            *counts.entry(name).or_default() += 1;
        }
    }
    let shared: Vec<String> =
        counts.into_iter().filter(|(_, count)| *count >= 3 && count * 3 >= matched * 2).map(|(name, _)| name).collect();
    if shared.is_empty() {
        return;
    }
    for finding in findings.iter_mut().filter(|finding| undecided(finding)) {
        let has_author = |found: &Found| {
            !found.is_told_apart() && found.record.names().iter().any(|name| shared.contains(&author_key(name)))
        };
        let mut with_author = (0..finding.found.len()).filter(|at| has_author(&finding.found[*at]));
        if let (Some(only), None) = (with_author.next(), with_author.next()) {
            let mut found = finding.found.remove(only);
            found.how = found.how_with_author();
            found.score = score::with_witness(0.5, 99.0);
            finding.found.insert(0, found);
            finding.outcome = Outcome::Matched;
        }
    }
}

/// What two spellings of one author have in common: the last word of the family name, folded, and the first initial;
/// "Charline Le Lan" has the family name "Lan" for some and "Le Lan" for others. A literal name is taken whole.
fn author_key(name: &Name) -> String {
    let Name::Person(person) = name else { return crate::fold::fold(name.family()) };
    let mut key = crate::fold::fold(person.family.split_whitespace().next_back().unwrap_or_default());
    key.push(' ');
    key.extend(person.given.chars().next().into_iter().flat_map(char::to_lowercase));
    key
}
