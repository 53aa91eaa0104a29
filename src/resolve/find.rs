//! Finding the records that an entry may be, and judging them by all that the entry says.

use super::score::{self, ACCEPT, LEAD, LIKELY};
use super::{Candidate, Outcome, author_key, titles};
use crate::catalog::{AbstractQuery, Alignment, Catalog, Evidence};
use crate::error::Result;
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
    /// Its title differs from the entry's in what tells papers of one series apart.
    is_told_apart: bool,
}

impl Found {
    pub(super) fn candidate(&self) -> Candidate {
        Candidate { id: self.record.id.clone(), title: crate::record::squeeze(&self.record.title), score: self.score }
    }

    /// Whether the entry's title says that it is another paper of the same series.
    pub(super) fn is_told_apart(&self) -> bool {
        self.is_told_apart
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
pub(super) fn find(catalogs: &[Catalog], sourced: &Sourced) -> Result<Finding> {
    let entry = &sourced.entry;
    if let Some(id) = entry.arxiv().cloned().or_else(|| id_in_doi(entry)) {
        return by_identifier(catalogs, sourced, &id);
    }
    for doi in entry.ids.iter().filter(|id| id.scheme() == Scheme::Doi) {
        if let Some(record) = by_doi(catalogs, &doi.value())? {
            return judge_identified(catalogs, sourced, record, "doi");
        }
    }
    let mut found = by_title(catalogs, sourced)?;
    for candidate in by_abstract(catalogs, sourced)? {
        match found.iter_mut().find(|other| other.record.id == candidate.record.id) {
            // Title and abstract are two witnesses for one record; each has been counted for the abstract.
            Some(both) => {
                both.score = both.score.max(candidate.score);
                both.strength = both.strength.max(candidate.strength) + 0.5;
                both.is_told_apart |= candidate.is_told_apart;
            }
            None => found.push(candidate),
        }
    }
    Ok(decide(found))
}

/// A DOI of arXiv names the paper as well as its id does.
fn id_in_doi(entry: &Entry) -> Option<ArxivId> {
    entry.ids.iter().find_map(|id| match id {
        Identifier::Other(Scheme::Doi, doi) if doi.starts_with("10.48550/") => ArxivId::parse(doi),
        _ => None,
    })
}

/// The record of an id, completed from every catalog that has it.
fn record_by_id(catalogs: &[Catalog], id: &str) -> Result<Option<Record>> {
    let mut whole = None;
    for catalog in catalogs {
        if let Some(number) = catalog.by_id(id)? {
            let abstract_text = catalog.abstract_text(number)?.unwrap_or_default();
            let record = Record { abstract_text, ..catalog.record(number)? };
            whole = Some(whole.map_or(record.clone(), |known: Record| known.merged_with(record)));
        }
    }
    Ok(whole)
}

/// A record that is taken, with what every catalog knows of it and its abstract where one is stored.
pub(super) fn complete(catalogs: &[Catalog], record: Record) -> Result<Record> {
    let is_complete = matches!(catalogs, [only] if !only.stores_abstracts());
    if is_complete { Ok(record) } else { Ok(record_by_id(catalogs, &record.id)?.unwrap_or(record)) }
}

fn by_identifier(catalogs: &[Catalog], sourced: &Sourced, id: &ArxivId) -> Result<Finding> {
    if let Some(record) = record_by_id(catalogs, id.id())? {
        return judge_identified(catalogs, sourced, record, "identifier");
    }
    // The id is unknown here, but the title may be that of another paper.
    let mut by_title = by_title(catalogs, sourced)?;
    by_title.retain(|found| found.score >= ACCEPT && !found.is_told_apart);
    let outcome = if by_title.is_empty() { Outcome::Unresolved } else { Outcome::Contradictory };
    for found in &mut by_title {
        // The catalog does not hold every paper, so the identifier may be as right as it usually is.
        found.score = score::against_identifier(found.score);
    }
    Ok(Finding { outcome, found: by_title, may_be_decided: false })
}

fn by_doi(catalogs: &[Catalog], doi: &str) -> Result<Option<Record>> {
    for catalog in catalogs {
        // A DOI that two papers claim decides nothing.
        if let [number] = catalog.by_doi(doi)?.as_slice() {
            return catalog.record(*number).map(Some);
        }
    }
    Ok(None)
}

/// Takes the record of an identifier unless the entry's whole title says that it is another paper.
fn judge_identified(catalogs: &[Catalog], sourced: &Sourced, record: Record, how: &'static str) -> Result<Finding> {
    let title = whole_title(sourced);
    let mut identified = Found { record, score: 1.0, how, strength: 1.0, is_told_apart: false };
    if title.is_none_or(|title| titles_agree(&title, &identified.record.title)) {
        return Ok(Finding { outcome: Outcome::Matched, found: vec![identified], may_be_decided: false });
    }
    let by_title: Vec<Found> = by_title(catalogs, sourced)?
        .into_iter()
        .filter(|found| found.score >= LIKELY && found.record.id != identified.record.id)
        .take(1)
        .collect();
    identified.score = score::of_identifier(by_title.first().map_or(0.0, |found| found.score));
    let rest = 1.0 - identified.score;
    let rivals = by_title.into_iter().map(|rival| Found { score: rival.score.min(rest), ..rival });
    let found = std::iter::once(identified).chain(rivals).collect();
    Ok(Finding { outcome: Outcome::Contradictory, found, may_be_decided: false })
}

/// The title, unless it was cut or is too short to say anything.
fn whole_title(sourced: &Sourced) -> Option<String> {
    let title = sourced.entry.title()?.to_plain();
    (fold(&title).len() >= MIN_TITLE && !sourced.origins.is_cut(FieldName::Text(TextField::Title))).then_some(title)
}

/// Whether two titles may be of one paper: nearly equal, or one in the other, or a version's wording with most letters in
/// common.
fn titles_agree(one: &str, other: &str) -> bool {
    let (one, other) = (fold(one), fold(other));
    let (short, long) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    long.contains(short.as_str()) || titles::similarity(&one, &other) >= 0.6
}

fn by_title(catalogs: &[Catalog], sourced: &Sourced) -> Result<Vec<Found>> {
    let title = sourced.entry.title().map(crate::model::Text::to_plain).unwrap_or_default();
    let folded = fold(&title);
    if folded.len() < MIN_TITLE {
        return Ok(Vec::new());
    }
    let cut = sourced.origins.is_cut(FieldName::Text(TextField::Title));
    let mut found: Vec<Found> = Vec::new();
    for catalog in catalogs {
        let mut numbers = catalog.by_title(&folded)?;
        if numbers.is_empty() {
            numbers = catalog.by_title_head(&folded)?;
            let near = catalog.near_title(&folded, CLOSE)?;
            // What shares much less than the best does is not looked at.
            let best = near.first().map_or(0, |hit| hit.votes);
            numbers.extend(near.iter().filter(|hit| hit.votes * 3 >= best).map(|hit| hit.record));
        }
        numbers.sort_unstable();
        numbers.dedup();
        for number in numbers.into_iter().take(CLOSE * 2) {
            push_best(&mut found, judge_title(&title, cut, &sourced.entry, catalog.record(number)?));
        }
    }
    found.retain(|candidate| candidate.score >= 0.05);
    found.sort_by(|a, b| b.strength.total_cmp(&a.strength).then_with(|| a.record.id.cmp(&b.record.id)));
    Ok(found)
}

/// Scores a record by title, authors and year.
fn judge_title(title: &str, cut: bool, entry: &Entry, record: Record) -> Found {
    let (mine, theirs) = (fold(title), fold(&record.title));
    let is_shorter = theirs.starts_with(&mine) && mine.len() < theirs.len();
    let is_beginning = is_shorter && (cut || is_head(&mine, &record.title));
    let difference = if cut {
        let as_long: Vec<&str> = record.title.split_whitespace().take(title.split_whitespace().count()).collect();
        titles::compare(title, &as_long.join(" "))
    } else {
        titles::compare(title, &record.title)
    };
    let (alone, similarity) = if is_beginning {
        (score::of_title_head(mine.len()), if cut { 1.0 } else { difference.similarity.max(0.5) })
    } else if mine == theirs {
        (score::of_title(mine.len()), 1.0)
    } else {
        (score::of_edited_title(&difference.features(mine.len())), difference.similarity)
    };
    let is_told_apart = difference.tells_apart && !is_beginning;
    let is_edited = !is_beginning && mine != theirs;
    let (authors, year) = (author_odds(entry, &record), year_odds(entry, &record));
    let odds = if is_edited { authors.min(score::SERIES_AUTHORS) * year.min(1.0) } else { authors * year };
    // Without a second witness the part before the colon is a name that another paper may have too.
    let alone = if is_shorter && !cut && odds <= 1.0 { alone.min(score::UNWITNESSED) } else { alone };
    let probability = score::with_witness(alone, odds);
    let probability = if is_told_apart { probability.min(score::TOLD_APART) } else { probability };
    #[expect(clippy::cast_possible_truncation, reason = "a rank needs no more digits")]
    let strength = (probability * similarity.max(0.5)) as f32;
    Found { record, score: probability, how: "title", strength, is_told_apart }
}

/// Whether a folded title is what stands before the colon of another.
fn is_head(folded: &str, title: &str) -> bool {
    title.split_once(": ").is_some_and(|(head, _)| fold(head) == folded)
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
        Some(title) if titles_agree(title, &record.title) => 50.0,
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

fn by_abstract(catalogs: &[Catalog], sourced: &Sourced) -> Result<Vec<Found>> {
    let Some(text) = sourced.entry.texts.get(TextField::Abstract) else { return Ok(Vec::new()) };
    let query = AbstractQuery::new(&text.to_plain());
    let title = whole_title(sourced);
    let mut found: Vec<Found> = Vec::new();
    for catalog in catalogs {
        let evidence = catalog.by_abstract(&query)?;
        // A runner-up is shown too, if it has anything in common with the text.
        let close = evidence.into_iter().take_while(|evidence| evidence.alignment.is_common()).take(CLOSE);
        for evidence in close {
            let record = catalog.record(evidence.record)?;
            push_best(&mut found, judge_abstract(&evidence, &query, &sourced.entry, title.as_deref(), record));
        }
    }
    Ok(found)
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
    let is_told_apart = title.is_some_and(|title| titles::compare(title, &record.title).tells_apart);
    Found { record, score: score::with_witness(probability, odds), how, strength, is_told_apart }
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
        score if score >= ACCEPT && !best.is_told_apart => Outcome::Matched,
        score if score >= LIKELY => Outcome::Likely,
        _ => Outcome::Unresolved,
    };
    if outcome == Outcome::Unresolved {
        found.clear();
    }
    Finding { outcome, found, may_be_decided: false }
}
