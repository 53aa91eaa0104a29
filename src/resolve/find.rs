//! Finding the records that an entry may be, and judging them by all that the entry says.

use super::score::{self, ACCEPT, LEAD, LIKELY};
use super::{Candidate, Outcome, author_key};
use crate::catalog::{AbstractQuery, Alignment, Catalog, Evidence};
use crate::fold::fold;
use crate::model::{ArxivId, DateField, Entry, FieldName, Identifier, Scheme, TextField};
use crate::record::Record;
use crate::stream::Sourced;

/// How many candidates are looked at closely.
const CLOSE: usize = 5;
/// Shorter folded titles are no evidence by themselves.
const MIN_TITLE: usize = 4;

/// What was found for one entry.
#[derive(Debug, Default)]
pub(super) struct Finding {
    pub(super) outcome: Outcome,
    /// Best first.
    pub(super) found: Vec<Found>,
    /// Whether a further witness may decide between the candidates.
    pub(super) may_be_decided: bool,
}

/// A record that may be the entry.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) record: Record,
    pub(super) score: f64,
    pub(super) how: &'static str,
    /// How well it fits, to tell equal candidates.
    strength: f32,
}

impl Found {
    pub(super) fn candidate(&self) -> Candidate {
        Candidate { id: self.record.id.clone(), title: crate::record::squeeze(&self.record.title), score: self.score }
    }

    pub(super) fn describe(&self) -> String {
        format!(
            "arXiv:{} \"{}\" ({:.0} %)",
            self.record.id,
            crate::record::squeeze(&self.record.title),
            self.score * 100.0
        )
    }

    pub(super) fn how_with_author(&self) -> &'static str {
        match self.how {
            "title" => "title + author of the list",
            "abstract prefix" => "abstract prefix + author of the list",
            _ => "abstract + author of the list",
        }
    }
}

/// Finds the records that an entry may be.
pub(super) fn find(catalogs: &[Catalog], sourced: &Sourced) -> Finding {
    let entry = &sourced.entry;
    if let Some(id) = entry.arxiv().cloned().or_else(|| id_in_doi(entry)) {
        return by_identifier(catalogs, sourced, &id);
    }
    let by_doi =
        entry.ids.iter().filter(|id| id.scheme() == Scheme::Doi).find_map(|doi| by_doi(catalogs, &doi.value()));
    if let Some(record) = by_doi {
        return judge_identified(sourced, record, "doi");
    }
    let mut found = by_title(catalogs, sourced);
    for candidate in by_abstract(catalogs, sourced) {
        match found.iter_mut().find(|other| other.record.id == candidate.record.id) {
            // Title and abstract are two witnesses for one record; each has been counted for the abstract.
            Some(both) => {
                both.score = both.score.max(candidate.score);
                both.strength = both.strength.max(candidate.strength) + 0.5;
            }
            None => found.push(candidate),
        }
    }
    decide(found)
}

/// A DOI of arXiv names the paper as well as its id does.
fn id_in_doi(entry: &Entry) -> Option<ArxivId> {
    entry.ids.iter().find_map(|id| match id {
        Identifier::Other(Scheme::Doi, doi) if doi.starts_with("10.48550/") => ArxivId::parse(doi),
        _ => None,
    })
}

/// The record of an id, completed from every catalog that has it.
fn record_by_id(catalogs: &[Catalog], id: &str) -> Option<Record> {
    let records = catalogs.iter().filter_map(|catalog| Some((catalog, catalog.by_id(id)?)));
    records.filter_map(|(catalog, number)| load_whole(catalog, number)).reduce(Record::merged_with)
}

/// A record that is taken, with what every catalog knows of it and its abstract where one is stored.
pub(super) fn complete(catalogs: &[Catalog], record: Record) -> Record {
    let is_complete = matches!(catalogs, [only] if !only.stores_abstracts());
    if is_complete { record } else { record_by_id(catalogs, &record.id).unwrap_or(record) }
}

/// Loads the facts of a record. A damaged block is like a record that is not there; `catalog info --verify` names it.
fn load(catalog: &Catalog, number: u32) -> Option<Record> {
    catalog.record(number).ok()
}

/// Loads a record with its abstract.
fn load_whole(catalog: &Catalog, number: u32) -> Option<Record> {
    let abstract_text = catalog.abstract_text(number).ok()?.unwrap_or_default();
    Some(Record { abstract_text, ..load(catalog, number)? })
}

fn by_identifier(catalogs: &[Catalog], sourced: &Sourced, id: &ArxivId) -> Finding {
    if let Some(record) = record_by_id(catalogs, id.id()) {
        let mut finding = judge_identified(sourced, record, "identifier");
        if finding.outcome == Outcome::Contradictory {
            finding.found.extend(by_title(catalogs, sourced).into_iter().take(1));
        }
        return finding;
    }
    // The id is unknown here, but the title may be that of another paper.
    let by_title: Vec<Found> = by_title(catalogs, sourced).into_iter().filter(|found| found.score >= ACCEPT).collect();
    let outcome = if by_title.is_empty() { Outcome::Unresolved } else { Outcome::Contradictory };
    Finding { outcome, found: by_title, may_be_decided: false }
}

fn by_doi(catalogs: &[Catalog], doi: &str) -> Option<Record> {
    catalogs.iter().find_map(|catalog| {
        let numbers = catalog.by_doi(doi);
        // A DOI that two papers claim decides nothing.
        let [number] = numbers.as_slice() else { return None };
        load(catalog, *number)
    })
}

/// Takes the record of an identifier unless the entry's whole title says that it is another paper.
fn judge_identified(sourced: &Sourced, record: Record, how: &'static str) -> Finding {
    let contradicts = whole_title(sourced).is_some_and(|title| !titles_agree(&title, &fold(&record.title)));
    let (outcome, score) = if contradicts { (Outcome::Contradictory, 0.5) } else { (Outcome::Matched, 1.0) };
    Finding { outcome, found: vec![Found { record, score, how, strength: 1.0 }], may_be_decided: false }
}

/// The folded title, unless it was cut.
fn whole_title(sourced: &Sourced) -> Option<String> {
    let title = fold(&sourced.entry.title()?.to_plain());
    (title.len() >= MIN_TITLE && !sourced.origins.is_cut(FieldName::Text(TextField::Title))).then_some(title)
}

/// Whether two folded titles may be of one paper: nearly equal, or one the beginning of the other, or a version's wording
/// with most letters in common.
fn titles_agree(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    long.contains(short) || similarity(one, other) >= 0.6
}

fn by_title(catalogs: &[Catalog], sourced: &Sourced) -> Vec<Found> {
    let Some(title) =
        sourced.entry.title().map(|title| fold(&title.to_plain())).filter(|title| title.len() >= MIN_TITLE)
    else {
        return Vec::new();
    };
    let cut = sourced.origins.is_cut(FieldName::Text(TextField::Title));
    let mut found: Vec<Found> = Vec::new();
    for catalog in catalogs {
        let mut numbers = catalog.by_title(&title);
        if numbers.is_empty() {
            numbers = catalog.by_title_head(&title);
            numbers.extend(catalog.near_title(&title, CLOSE).into_iter().map(|hit| hit.record));
        }
        numbers.sort_unstable();
        numbers.dedup();
        for record in numbers.into_iter().take(CLOSE * 2).filter_map(|number| load(catalog, number)) {
            push_best(&mut found, judge_title(&title, cut, &sourced.entry, record));
        }
    }
    found.retain(|candidate| candidate.score >= 0.05);
    found
}

/// Scores a record by title, authors and year.
fn judge_title(title: &str, cut: bool, entry: &Entry, record: Record) -> Found {
    let theirs = fold(&record.title);
    let is_prefix = theirs.starts_with(title) && title.len() < theirs.len();
    let similarity = if is_prefix && cut { 1.0 } else { similarity(title, &theirs) };
    let mut probability = score::of_title(title.len(), similarity);
    if is_prefix && !cut {
        // The part before the colon: as good as a title once somebody vouches for it.
        probability = score::of_title(title.len(), 1.0).min(0.6);
    }
    let probability = score::with_witness(probability, author_odds(entry, &record) * year_odds(entry, &record));
    #[expect(clippy::cast_possible_truncation, reason = "a rank needs no more digits")]
    let strength = (probability * similarity.max(0.5)) as f32;
    Found { record, score: probability, how: "title", strength }
}

/// How much the authors that the entry names speak for a record.
fn author_odds(entry: &Entry, record: &Record) -> f64 {
    let theirs: Vec<String> = record.names().iter().map(author_key).collect();
    let mine: Vec<String> = entry.authors().filter(|name| !name.is_others()).map(author_key).collect();
    if mine.is_empty() || theirs.is_empty() {
        return 1.0;
    }
    let agreeing = mine.iter().filter(|name| theirs.contains(name)).count();
    match agreeing {
        0 => 0.02,
        n if n == mine.len() => 200.0,
        n if n * 2 >= mine.len() => 50.0,
        _ => 3.0,
    }
}

/// How much a whole title speaks for a record.
fn title_odds(title: Option<&str>, record: &Record) -> f64 {
    match title {
        None => 1.0,
        Some(title) if titles_agree(title, &fold(&record.title)) => 50.0,
        Some(_) => 0.02,
    }
}

/// How much the year that the entry names speaks for a record.
fn year_odds(entry: &Entry, record: &Record) -> f64 {
    let (Some(mine), Some(first)) =
        (entry.dates.get(DateField::Issued).and_then(crate::model::Date::year), record.first_date())
    else {
        return 1.0;
    };
    // A paper may be published some years after its first version, hardly before it.
    if (first.year..=first.year + 3).contains(&mine) { 3.0 } else { 0.2 }
}

fn by_abstract(catalogs: &[Catalog], sourced: &Sourced) -> Vec<Found> {
    let Some(text) = sourced.entry.texts.get(TextField::Abstract) else { return Vec::new() };
    let query = AbstractQuery::new(&text.to_plain());
    let title = whole_title(sourced);
    let mut found: Vec<Found> = Vec::new();
    for catalog in catalogs {
        let evidence = catalog.by_abstract(&query);
        // A runner-up is shown too, if it has anything in common with the text.
        let close = evidence.into_iter().take_while(|evidence| evidence.alignment.is_common()).take(CLOSE);
        for evidence in close {
            if let Some(record) = load(catalog, evidence.record) {
                push_best(&mut found, judge_abstract(&evidence, &query, &sourced.entry, title.as_deref(), record));
            }
        }
    }
    found
}

fn judge_abstract(
    evidence: &Evidence,
    query: &AbstractQuery,
    entry: &Entry,
    title: Option<&str>,
    record: Record,
) -> Found {
    let probability = score::of_alignment(&evidence.alignment, query.len());
    let how = match evidence.alignment {
        Alignment::Prefix { .. } => "abstract prefix",
        Alignment::Edited { .. } => "abstract with edits",
        Alignment::Behind { .. } => "abstract fingerprints",
    };
    let odds = author_odds(entry, &record) * year_odds(entry, &record) * title_odds(title, &record);
    let strength = evidence.alignment.strength() + if odds > 1.0 { 0.1 } else { 0.0 };
    Found { record, score: score::with_witness(probability, odds), how, strength }
}

/// Adds a candidate; of one paper in several catalogs the better one stays.
fn push_best(found: &mut Vec<Found>, candidate: Found) {
    match found.iter_mut().find(|other| other.record.id == candidate.record.id) {
        Some(other) if other.strength < candidate.strength => *other = candidate,
        Some(_) => {}
        None => found.push(candidate),
    }
}

/// Takes the best candidate, if it is good enough and clearly ahead.
fn decide(mut found: Vec<Found>) -> Finding {
    found.sort_by(|a, b| b.strength.total_cmp(&a.strength).then_with(|| a.record.id.cmp(&b.record.id)));
    found.truncate(CLOSE);
    let Some(best) = found.first() else { return Finding::default() };
    let equal = found.iter().filter(|other| other.strength > best.strength - LEAD).count();
    if equal > 1 && best.score >= LIKELY {
        found.truncate(equal);
        for candidate in &mut found {
            #[expect(clippy::cast_precision_loss, reason = "a handful of candidates")]
            let share = 1.0 / equal as f64;
            candidate.score *= share;
        }
        return Finding { outcome: Outcome::Ambiguous, found, may_be_decided: true };
    }
    let outcome = match best.score {
        score if score >= ACCEPT => Outcome::Matched,
        score if score >= LIKELY => Outcome::Likely,
        _ => Outcome::Unresolved,
    };
    if outcome == Outcome::Unresolved {
        found.clear();
    }
    Finding { outcome, found, may_be_decided: false }
}

/// The share of letters that two folded titles have in common in order: 1 less edits by length.
fn similarity(one: &str, other: &str) -> f64 {
    /// Longer titles are compared at their beginning.
    const LONGEST: usize = 400;
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let (one, other) = (&one[..one.len().min(LONGEST)], &other[..other.len().min(LONGEST)]);
    let longest = one.len().max(other.len());
    if longest == 0 {
        return 1.0;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for column in 0..other.len() {
            let change = diagonal + usize::from(other[column] != *letter);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "lengths of titles are small")]
    let share = row[other.len()] as f64 / longest as f64;
    1.0 - share
}
