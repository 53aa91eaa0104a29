//! Questions to an opened catalog: by identifier, DOI, title, or a piece of an abstract.
//!
//! Finding is by votes of shared fingerprints, weighted by rarity; judging is by comparing symbols with the sketch. What is
//! returned is evidence; whether it suffices is for `resolve` to say.

use super::Catalog;
use super::fingerprint::{
    Facet, HASH_BITS, SKETCH_BYTES, SKETCH_SYMBOLS, WINDOW_SYMBOLS, abstract_query, facet_hash, rest_query, symbols,
    title_hashes, unpack,
};
use super::layout::{DIRECTORY_ROWS, POSTING_BYTES, Section, read_u32};
use crate::error::Result;
use std::collections::HashMap;

/// How many postings one question reads at most, behind the four rarest fingerprints.
const MAX_POSTINGS: usize = 20_000;
/// How many candidates are compared with their sketch symbol by symbol, which takes some fifty nanoseconds each.
const MAX_COMPARED: usize = 4_000;
/// How many records are looked at for a title or DOI.
const MAX_LOADED: usize = 48;
/// How many of them are aligned when none is verbatim; aligning one costs some fifty microseconds.
const MAX_ALIGNED: usize = 5;
/// From this strength on an alignment with the sketch is text in common; letters at random reach about half of it.
const COMMON: f32 = 0.57;
/// The length from which on a run of equal symbols is no chance: sixteen symbols to the power of eight.
const SOLID: usize = 8;
/// How many symbols an exact comparison must have.
const MIN_SYMBOLS: usize = 8;

/// A record that shares fingerprints with a question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The record's number in its catalog.
    pub record: u32,
    /// How many of the question's fingerprints it has.
    pub votes: u32,
    /// Their weight: each counts the more the fewer records have it.
    pub weight: f32,
}

/// A piece of an abstract, made ready for asking.
#[derive(Clone, Debug)]
pub struct AbstractQuery {
    symbols: Vec<u8>,
    hashes: Vec<u64>,
    rest_hashes: Vec<(usize, u64)>,
}

impl AbstractQuery {
    /// Prepares a piece of text.
    pub fn new(text: &str) -> Self {
        let symbols = symbols(text);
        let hashes = abstract_query(&symbols);
        let rest_hashes = rest_query(&symbols);
        Self { symbols, hashes, rest_hashes }
    }

    /// The number of symbols: two less than the number of folded letters.
    pub fn len(&self) -> usize {
        self.symbols.len()
    }

    /// Whether nothing can be asked.
    pub fn is_empty(&self) -> bool {
        self.symbols.is_empty()
    }
}

/// How a candidate's abstract compares with a piece of text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// The record's number in its catalog.
    pub record: u32,
    /// What the comparison showed.
    pub alignment: Alignment,
}

/// The result of a comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Alignment {
    /// The abstract begins with the text, letter for letter after folding (as far as it is sketched).
    Prefix {
        /// Whether the text is the whole abstract.
        whole: bool,
    },
    /// The text lies in the sketched beginning of the abstract with edits.
    Edited {
        /// Where in the abstract it begins, in symbols.
        start: u16,
        /// Symbols of the text that were compared: less than all where the abstract's sketch ends before the text.
        compared: u16,
        /// Symbols to change, insert or delete.
        edits: u16,
        /// Symbols that lie in a run of at least eight that match: text in common, not chance.
        solid: u16,
        /// The longest stretch without such a run.
        gap: u16,
        /// The stretch without such a run at the end: companion papers agree on a beginning and then part.
        tail: u16,
    },
    /// The text shares fingerprints with the abstract behind its sketch.
    Behind {
        /// Fingerprints shared.
        shared: u16,
        /// Fingerprints that a verbatim piece would share.
        expected: u16,
        /// Symbols of the text from the first shared one to the last: one phrase in common is no piece in common.
        span: u16,
    },
}

impl Catalog {
    /// The record of an arXiv id (bare, without version).
    ///
    /// # Errors
    /// When what is read for the answer is damaged; so all questions.
    pub fn by_id(&self, id: &str) -> Result<Option<u32>> {
        let numbers: Vec<u32> = self.postings(facet_hash(Facet::Id, id.as_bytes()))?.collect();
        // The latest record of a paper stands last.
        for number in numbers.into_iter().rev() {
            if self.record(number)?.id == id {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }

    /// The records with a DOI.
    ///
    /// # Errors
    /// As [`Self::by_id`].
    pub fn by_doi(&self, doi: &str) -> Result<Vec<u32>> {
        let doi = doi.to_lowercase();
        let mut found = Vec::new();
        for number in self.postings(facet_hash(Facet::Doi, doi.as_bytes()))? {
            if self.record(number)?.doi.to_lowercase().split_whitespace().any(|own| own == doi) {
                found.push(number);
            }
        }
        Ok(found)
    }

    /// The records whose folded title may be this one; a few may have another title with the same fingerprint.
    ///
    /// # Errors
    /// As [`Self::by_id`].
    pub fn by_title(&self, folded: &str) -> Result<Vec<u32>> {
        Ok(self.postings(facet_hash(Facet::Title, folded.as_bytes()))?.take(MAX_LOADED).collect())
    }

    /// The records whose folded title may begin with this, up to its colon.
    ///
    /// # Errors
    /// As [`Self::by_id`].
    pub fn by_title_head(&self, folded: &str) -> Result<Vec<u32>> {
        Ok(self.postings(facet_hash(Facet::TitleHead, folded.as_bytes()))?.take(MAX_LOADED).collect())
    }

    /// The records whose title shares most with this folded title, best first.
    ///
    /// # Errors
    /// As [`Self::by_id`].
    pub fn near_title(&self, folded: &str, limit: usize) -> Result<Vec<Hit>> {
        self.vote(&title_hashes(folded.as_bytes()), limit)
    }

    /// The records whose abstract may hold a piece of text, best first.
    ///
    /// # Errors
    /// As [`Self::by_id`].
    pub fn by_abstract(&self, query: &AbstractQuery) -> Result<Vec<Evidence>> {
        if query.symbols.len() < MIN_SYMBOLS {
            return Ok(Vec::new());
        }
        let (mut found, mut others) = (Vec::new(), Vec::new());
        for Hit { record, .. } in self.vote(&query.hashes, MAX_COMPARED)? {
            match self.prefix(query, record)? {
                Some(alignment) => found.push(Evidence { record, alignment }),
                None => others.push(record),
            }
        }
        // Beside a verbatim match the others are only runners-up.
        others.truncate(if found.is_empty() { MAX_ALIGNED } else { 1 });
        for record in others {
            found.extend(self.edited(query, record)?.map(|alignment| Evidence { record, alignment }));
        }
        found.sort_by(|a, b| b.alignment.strength().total_cmp(&a.alignment.strength()).then(a.record.cmp(&b.record)));
        Ok(found)
    }

    fn prefix(&self, query: &AbstractQuery, record: u32) -> Result<Option<Alignment>> {
        let (length, sketch) = self.sketch(record)?;
        let compared = query.symbols.len().min(SKETCH_SYMBOLS);
        let symbol = |at: usize| if at.is_multiple_of(2) { sketch[at / 2] >> 4 } else { sketch[at / 2] & 15 };
        let begins = query.symbols.len() <= length && (0..compared).all(|at| query.symbols[at] == symbol(at));
        Ok(begins.then_some(Alignment::Prefix { whole: query.symbols.len() == length }))
    }

    fn edited(&self, query: &AbstractQuery, record: u32) -> Result<Option<Alignment>> {
        let (length, sketch) = self.sketch(record)?;
        let edited = align(&query.symbols, &unpack(sketch, length));
        if edited.is_some_and(|edited| edited.strength() >= COMMON) {
            return Ok(edited);
        }
        Ok(self.behind(query, record)?.or(edited))
    }

    /// Fingerprints that text and abstract share behind the sketch.
    fn behind(&self, query: &AbstractQuery, record: u32) -> Result<Option<Alignment>> {
        let (length, sketch) = self.sketch(record)?;
        let sketch = unpack(sketch, length);
        let mut places = Vec::new();
        for (place, hash) in &query.rest_hashes {
            if self.has_posting(*hash, record)? && !lies_in(&sketch, &query.symbols, *place) {
                places.push(*place);
            }
        }
        let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        let (Some(first), Some(last)) = (places.first(), places.last()) else { return Ok(None) };
        Ok(Some(Alignment::Behind {
            shared: count(places.len()),
            expected: count(query.rest_hashes.len()),
            span: count(last - first + WINDOW_SYMBOLS),
        }))
    }

    /// The length of a record's abstract in symbols, and its sketch.
    fn sketch(&self, record: u32) -> Result<(usize, &[u8])> {
        let at = record as usize * (2 + SKETCH_BYTES);
        let row = self.piece(Section::Sketches, at..at + 2 + SKETCH_BYTES)?;
        Ok((usize::from(u16::from_le_bytes([row[0], row[1]])), &row[2..]))
    }

    /// Lets each fingerprint vote for the records that have it, the rarest first.
    fn vote(&self, hashes: &[u64], limit: usize) -> Result<Vec<Hit>> {
        let mut lists: Vec<(usize, usize)> = Vec::with_capacity(hashes.len());
        for hash in hashes {
            lists.push(self.posting_range(*hash)?);
        }
        lists.retain(|(from, to)| from < to);
        lists.sort_unstable_by_key(|(from, to)| to - from);
        let mut votes: HashMap<u32, (u32, f32)> = HashMap::new();
        let mut read = 0;
        for (rank, (from, to)) in lists.into_iter().enumerate() {
            if rank >= 4 && read + (to - from) > MAX_POSTINGS {
                break;
            }
            read += to - from;
            #[expect(clippy::cast_precision_loss, reason = "a weight needs no more than seven digits")]
            let weight = 1.0 / ((to - from) as f32).sqrt();
            for number in self.postings_in(from, to)? {
                let row = votes.entry(number).or_insert((0, 0.0));
                row.0 += 1;
                row.1 += weight;
            }
        }
        Ok(best_hits(votes, limit))
    }

    fn postings(&self, hash: u64) -> Result<impl Iterator<Item = u32> + '_> {
        let (from, to) = self.posting_range(hash)?;
        self.postings_in(from, to)
    }

    fn postings_in(&self, from: usize, to: usize) -> Result<impl Iterator<Item = u32> + '_> {
        let bytes = self.piece(Section::Postings, from * POSTING_BYTES..to * POSTING_BYTES)?;
        let count = self.header.records;
        let number = |posting: &[u8]| u32::from_be_bytes([0, posting[3], posting[4], posting[5]]);
        Ok(bytes.chunks_exact(POSTING_BYTES).map(number).filter(move |number| u64::from(*number) < count))
    }

    /// The postings with the indexed bits of a hash.
    fn posting_range(&self, hash: u64) -> Result<(usize, usize)> {
        let hash = hash & HASH_BITS;
        Ok((self.lower_bound(hash)?, self.lower_bound(hash | !HASH_BITS)?))
    }

    /// Whether a record has a fingerprint.
    fn has_posting(&self, hash: u64, record: u32) -> Result<bool> {
        let posting = hash & HASH_BITS | u64::from(record);
        Ok(self.lower_bound(posting)? < self.lower_bound(posting + 1)?)
    }

    /// The place of the first posting that is not below this one.
    fn lower_bound(&self, posting: u64) -> Result<usize> {
        let [first, second, wanted @ ..] = posting.to_be_bytes();
        let (mut low, mut high) = self.bucket(usize::from(u16::from_be_bytes([first, second])));
        while low < high {
            let middle = usize::midpoint(low, high);
            let stored = self.piece(Section::Postings, middle * POSTING_BYTES..(middle + 1) * POSTING_BYTES)?;
            if stored < &wanted[..] { low = middle + 1 } else { high = middle }
        }
        Ok(low)
    }

    fn bucket(&self, bucket: usize) -> (usize, usize) {
        let directory = self.section(Section::PostingDirectory);
        let row = |at: usize| read_u32(directory, at * 4).map_or(0, |n| n as usize);
        (row(bucket), row(bucket + 1))
    }

    /// Every fingerprint of every record: for an export.
    pub(super) fn all_hashes(&self) -> HashMap<u32, Vec<u64>> {
        let postings = self.section(Section::Postings);
        let mut all: HashMap<u32, Vec<u64>> = HashMap::new();
        for bucket in 0..DIRECTORY_ROWS - 1 {
            let (from, to) = self.bucket(bucket);
            for posting in
                postings.get(from * POSTING_BYTES..to * POSTING_BYTES).unwrap_or(&[]).chunks_exact(POSTING_BYTES)
            {
                let hash =
                    (bucket as u64) << 48 | u64::from_be_bytes([0, 0, posting[0], posting[1], posting[2], 0, 0, 0]);
                all.entry(u32::from_be_bytes([0, posting[3], posting[4], posting[5]])).or_default().push(hash);
            }
        }
        all
    }
}

/// The best of what was voted for, best first.
fn best_hits(votes: HashMap<u32, (u32, f32)>, limit: usize) -> Vec<Hit> {
    let mut hits: Vec<Hit> = votes.into_iter().map(|(record, (votes, weight))| Hit { record, votes, weight }).collect();
    let best_first = |a: &Hit, b: &Hit| b.weight.total_cmp(&a.weight).then(a.record.cmp(&b.record));
    if hits.len() > limit {
        hits.select_nth_unstable_by(limit, best_first);
        hits.truncate(limit);
    }
    hits.sort_unstable_by(best_first);
    hits
}

impl Alignment {
    /// Whether text in common is likely: more than letters at random have.
    pub fn is_common(&self) -> bool {
        match self {
            Self::Behind { shared, .. } => *shared > 0,
            Self::Prefix { .. } | Self::Edited { .. } => self.strength() >= COMMON,
        }
    }

    /// A number that ranks alignments of one question, 0 to 1. A verbatim beginning is clearly ahead of any edited one.
    pub fn strength(&self) -> f32 {
        match *self {
            Self::Prefix { .. } => 1.0,
            Self::Edited { compared, edits, .. } => {
                (1.0 - f32::from(edits) / f32::from(compared.max(1))).max(0.0) * 0.94
            }
            Self::Behind { shared, expected, .. } => f32::from(shared) / f32::from(expected.max(1)) * 0.85,
        }
    }
}

/// Aligns the text with any stretch of the sketch: least edits, ends of the sketch free; where the sketch ends before the
/// text, the rest of the text is not compared.
fn align(text: &[u8], sketch: &[u8]) -> Option<Alignment> {
    let (rows, columns) = (text.len().min(SKETCH_SYMBOLS), sketch.len());
    if rows < MIN_SYMBOLS || columns < MIN_SYMBOLS {
        return None;
    }
    let table = edit_table(&text[..rows], sketch);
    let at = |row: usize, column: usize| usize::from(table[row * (columns + 1) + column]);
    // The alignment ends in the last row at the best column, or in the last column where the sketch runs out.
    let mut end = (0..=columns).map(|column| (rows, column)).min_by_key(|(row, column)| at(*row, *column))?;
    if sketch.len() == SKETCH_SYMBOLS {
        let least = rows / 2;
        let rate = |row: usize, column: usize| (at(row, column) * 1000) / row;
        let cut = (least..=rows).map(|row| (row, columns)).min_by_key(|(row, column)| rate(*row, *column))?;
        if rate(cut.0, cut.1) < rate(end.0, end.1) {
            end = cut;
        }
    }
    let edits = at(end.0, end.1);
    let (start, matched) = trace(&table, &text[..rows], sketch, end);
    let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let (solid, gap, tail) = solid_runs(&matched[..end.0]);
    Some(Alignment::Edited {
        start: count(start),
        compared: count(end.0),
        edits: count(edits),
        solid: count(solid),
        gap: count(gap),
        tail: count(tail),
    })
}

/// Whether the window at `place` puts at least half of the text into the sketch: that has been compared symbol by symbol, and
/// what did not align there is a phrase in common.
fn lies_in(sketch: &[u8], text: &[u8], place: usize) -> bool {
    let window = text.get(place..place + WINDOW_SYMBOLS).unwrap_or_default();
    let found = sketch.windows(WINDOW_SYMBOLS).position(|other| other == window);
    found.is_some_and(|found| found + text.len() / 2 <= sketch.len() + place)
}

/// Levenshtein distances of each prefix of the text to the stretches of the sketch that end in each column.
fn edit_table(text: &[u8], sketch: &[u8]) -> Vec<u8> {
    let width = sketch.len() + 1;
    let mut table = vec![0_u8; (text.len() + 1) * width];
    for row in 1..=text.len() {
        let (above, below) = table.split_at_mut(row * width);
        let above = &above[(row - 1) * width..];
        let below = &mut below[..width];
        below[0] = above[0].saturating_add(1);
        let symbol = text[row - 1];
        for column in 1..width {
            let change = above[column - 1].saturating_add(u8::from(sketch[column - 1] != symbol));
            let skip = above[column].min(below[column - 1]).saturating_add(1);
            below[column] = change.min(skip);
        }
    }
    table
}

/// Follows the best alignment back; returns where it starts in the sketch, and which symbols of the text match.
fn trace(table: &[u8], text: &[u8], sketch: &[u8], end: (usize, usize)) -> (usize, Vec<bool>) {
    let width = sketch.len() + 1;
    let (mut row, mut column) = end;
    let mut matched = vec![false; text.len()];
    while row > 0 {
        let here = table[row * width + column];
        let diagonal = column > 0 && {
            let same = sketch[column - 1] == text[row - 1];
            let fits = table[(row - 1) * width + column - 1].saturating_add(u8::from(!same)) == here;
            if fits && same {
                matched[row - 1] = true;
            }
            fits
        };
        if diagonal {
            row -= 1;
            column -= 1;
        } else if table[(row - 1) * width + column].saturating_add(1) == here || column == 0 {
            row -= 1;
        } else {
            column -= 1;
        }
    }
    (column, matched)
}

/// How many symbols lie in runs of at least eight matches, the longest stretch without such a run, and the last one.
fn solid_runs(matched: &[bool]) -> (usize, usize, usize) {
    let (mut solid, mut gap, mut since) = (0, 0, 0);
    let mut at = 0;
    while at < matched.len() {
        let run = matched[at..].iter().take_while(|matches| **matches).count();
        if run >= SOLID {
            solid += run;
            gap = gap.max(since);
            since = 0;
        } else {
            since += run.max(1);
        }
        at += run.max(1);
    }
    (solid, gap.max(since), since)
}
