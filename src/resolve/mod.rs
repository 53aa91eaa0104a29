//! Entry + catalog -> resolution. (Stub of the interface; being written.)

use crate::catalog::Catalog;
use crate::model::FieldName;
use crate::record::DateChoice;
use crate::stream::{Sink, Sourced};

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
#[derive(Clone, Debug, Default)]
pub struct Resolution {
    /// The outcome.
    pub outcome: Outcome,
    /// What the match rests on ("identifier", "title", "abstract prefix", "abstract fingerprints").
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

impl<'c> Resolver<'c> {
    /// A resolver over several catalogs, taken as one: the newest snapshot wins.
    pub fn new(catalogs: &'c [Catalog], options: Options) -> Self {
        Self { catalogs, options }
    }

    /// Resolves the entries of one list in place, diagnostics go to the sink; one resolution per entry, in order.
    ///
    /// Entries of one list help each other: an author whom the whole list shares decides between equal candidates.
    pub fn resolve(&self, entries: &mut [Sourced], sink: &mut dyn Sink) -> Vec<Resolution> {
        let _ = (self.catalogs, &self.options, sink);
        entries.iter().map(|_| Resolution::default()).collect()
    }
}
