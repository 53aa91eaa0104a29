//! Fingerprints: what the catalog keeps of a text instead of the text.
//!
//! A folded text becomes a string of 4-bit *symbols*, one for each three letters in a row (hash of the trigram). Two
//! texts with the same letters have the same symbols, an edit changes the symbols near it and no others, and the letters
//! cannot be read back. From the symbols come
//!
//! * the *sketch*: the first [`SKETCH_SYMBOLS`] symbols, compared symbol by symbol to judge a candidate;
//! * *minimizers*: hashes of windows of 16 symbols, chosen so that two texts with a long enough piece in common choose the
//!   same windows there (Roberts et al. 2004); dense in the sketched beginning, sparse behind it. They find candidates.
//!
//! Everything derives from the symbols, so that an exported sketch rebuilds the same index.

use crate::fold::fold_into;

/// How many symbols of the beginning of an abstract are kept: about 270 characters of text.
pub(super) const SKETCH_SYMBOLS: usize = 224;
/// The bytes that they take.
pub(super) const SKETCH_BYTES: usize = SKETCH_SYMBOLS / 2;
/// Letters that one symbol looks at.
const GRAM: usize = 3;
/// Symbols that one minimizer of an abstract looks at.
pub(super) const WINDOW_SYMBOLS: usize = 16;
/// How those of the beginning are chosen.
const ABSTRACT_WINDOW: Window = Window { symbols: WINDOW_SYMBOLS, spread: 16, salt: 0x61 };
/// The same behind the sketch; a wider spread chooses a subset of the dense choice.
const REST_WINDOW: Window = Window { symbols: WINDOW_SYMBOLS, spread: 64, salt: 0x61 };
/// Symbols that one minimizer of a title looks at.
const TITLE_WINDOW: Window = Window { symbols: 8, spread: 8, salt: 0x74 };

/// How minimizers are chosen: the least hash of each `spread` windows in a row.
#[derive(Clone, Copy)]
struct Window {
    symbols: usize,
    spread: usize,
    salt: u64,
}

/// What is hashed, so that equal strings of different meaning differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Facet {
    /// An arXiv id.
    Id = 1,
    /// A DOI, lower-case.
    Doi = 2,
    /// A whole folded title.
    Title = 3,
    /// A folded title up to its colon.
    TitleHead = 4,
}

/// The hash of a string under a facet.
pub(super) fn facet_hash(facet: Facet, text: &[u8]) -> u64 {
    xxhash_rust::xxh3::xxh3_64_with_seed(text, facet as u64)
}

/// The symbols of a text.
pub(super) fn symbols(text: &str) -> Vec<u8> {
    let mut folded = Vec::with_capacity(text.len());
    fold_into(text, &mut folded);
    symbols_of_folded(&folded)
}

/// The symbols of a folded text, one for each trigram.
pub(super) fn symbols_of_folded(folded: &[u8]) -> Vec<u8> {
    /// How many different trigrams there are of the 36 letters and digits.
    const GRAMS: u64 = 36 * 36 * 36;
    let mut gram = 0;
    let mut next = |byte: &u8| {
        let code = if byte.is_ascii_digit() { byte - b'0' } else { byte.wrapping_sub(b'a').min(25) + 10 };
        gram = (gram * 36 + u64::from(code)) % GRAMS;
        u8::try_from(mix(gram + 1) >> 60).unwrap_or(0)
    };
    folded.iter().map(&mut next).collect::<Vec<u8>>().split_off(folded.len().min(GRAM - 1))
}

/// What is kept of an abstract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fingerprint {
    /// How many symbols the whole abstract has.
    pub(super) length: u16,
    /// The first symbols, two a byte, the earlier in the high half.
    pub(super) sketch: [u8; SKETCH_BYTES],
    /// The minimizers behind the sketch: the high 40 bits of each hash.
    pub(super) rest: Vec<u64>,
}

impl Default for Fingerprint {
    fn default() -> Self {
        Self { length: 0, sketch: [0; SKETCH_BYTES], rest: Vec::new() }
    }
}

/// The bits of a hash that are indexed and exported; the others make room for the number of the record.
pub(super) const HASH_BITS: u64 = !0 << 24;

impl Fingerprint {
    /// The fingerprint of an abstract.
    pub(super) fn of(text: &str) -> Self {
        let symbols = symbols(text);
        let mut sketch = [0; SKETCH_BYTES];
        for (at, symbol) in symbols.iter().take(SKETCH_SYMBOLS).enumerate() {
            sketch[at / 2] |= symbol << (if at % 2 == 0 { 4 } else { 0 });
        }
        // The last windows that lie wholly in the sketch are chosen densely from the sketch itself.
        let rest_from = SKETCH_SYMBOLS - ABSTRACT_WINDOW.symbols + 1;
        let mut rest = Vec::new();
        if symbols.len() > SKETCH_SYMBOLS {
            minimizers(&symbols, REST_WINDOW, |at, hash| {
                if at >= rest_from {
                    rest.push(hash & HASH_BITS);
                }
            });
        }
        Self { length: u16::try_from(symbols.len()).unwrap_or(u16::MAX), sketch, rest }
    }

    /// The hashes to index.
    pub(super) fn hashes(&self) -> Vec<u64> {
        let mut hashes = self.sketch_hashes();
        hashes.extend_from_slice(&self.rest);
        hashes
    }

    /// Those of them that follow from the sketch.
    pub(super) fn sketch_hashes(&self) -> Vec<u64> {
        let mut hashes = Vec::with_capacity(64);
        minimizers(&unpack(&self.sketch, usize::from(self.length)), ABSTRACT_WINDOW, |_, hash| {
            hashes.push(hash & HASH_BITS);
        });
        hashes
    }
}

/// The symbols of a sketch; `length` is the length of the whole text.
pub(super) fn unpack(sketch: &[u8], length: usize) -> Vec<u8> {
    sketch.iter().flat_map(|byte| [byte >> 4, byte & 15]).take(length.min(SKETCH_SYMBOLS)).collect()
}

/// The hashes to look a piece of an abstract up by.
pub(super) fn abstract_query(symbols: &[u8]) -> Vec<u64> {
    let mut hashes = Vec::new();
    minimizers(symbols, ABSTRACT_WINDOW, |_, hash| hashes.push(hash & HASH_BITS));
    hashes
}

/// The minimizers of the sparse choice with their places: those that a record has of a piece that lies behind its sketch.
pub(super) fn rest_query(symbols: &[u8]) -> Vec<(usize, u64)> {
    let mut hashes = Vec::new();
    minimizers(symbols, REST_WINDOW, |at, hash| hashes.push((at, hash & HASH_BITS)));
    hashes
}

/// The hashes of a title, for the index and for a query alike.
pub(super) fn title_hashes(folded: &[u8]) -> Vec<u64> {
    let mut hashes = Vec::new();
    minimizers(&symbols_of_folded(folded), TITLE_WINDOW, |_, hash| hashes.push(hash));
    hashes
}

/// Calls `choose` with place and hash of each minimizer, each place once, in order; of equal ranks the first counts.
fn minimizers(symbols: &[u8], window: Window, mut choose: impl FnMut(usize, u64)) {
    if symbols.len() < window.symbols {
        return;
    }
    let mask = if window.symbols == 16 { u64::MAX } else { (1 << (4 * window.symbols)) - 1 };
    let mut key = symbols[..window.symbols - 1].iter().fold(0_u64, |key, symbol| key << 4 | u64::from(*symbol));
    let mut next = |symbol: &u8| {
        key = (key << 4 | u64::from(*symbol)) & mask;
        mix(key)
    };
    let ranks: Vec<u64> = symbols[window.symbols - 1..].iter().map(&mut next).collect();
    let mut best: Option<usize> = None;
    for end in (window.spread - 1).min(ranks.len() - 1)..ranks.len() {
        let start = (end + 1).saturating_sub(window.spread);
        let chosen = match best {
            Some(best) if best >= start && ranks[best] <= ranks[end] => best,
            Some(best) if best >= start => end,
            // The least one left the spread, which happens once in half a spread.
            _ => (start..=end).min_by_key(|at| ranks[*at]).unwrap_or(end),
        };
        if best != Some(chosen) {
            best = Some(chosen);
            // The rank decides the choice, so it is biased towards zero; what is stored is a second hash.
            let key = symbols[chosen..chosen + window.symbols]
                .iter()
                .fold(0_u64, |key, symbol| key << 4 | u64::from(*symbol));
            choose(chosen, mix(key ^ window.salt.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        }
    }
}

/// The finalizer of splitmix64 (Steele, Lea, Flood 2014): a bijection that spreads every bit.
fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "We study the problem of efficient generative inference for Transformer models, in one of its most \
        challenging settings: large deep models, with tight latency targets and long sequence lengths. Better understanding \
        of the engineering tradeoffs for inference for large Transformer-based models is important as use cases of these \
        models are growing rapidly throughout application areas.";

    #[test]
    fn a_prefix_chooses_a_subset_of_the_whole() {
        let whole = Fingerprint::of(TEXT).hashes();
        for length in [60, 120, 200, 300] {
            let query = abstract_query(&symbols(&TEXT[..length]));
            let found = query.iter().filter(|hash| whole.contains(hash)).count();
            // Behind the sketch the record has fewer; in it, it has all of them but those of the last, incomplete spread.
            let expected = if length <= 200 { query.len() - 1 } else { query.len() * 3 / 4 };
            assert!(found >= expected, "{length}: {found} of {}", query.len());
        }
    }

    #[test]
    fn the_sparse_choice_is_a_subset_of_the_dense() {
        let text = symbols(&TEXT.repeat(3));
        let dense = abstract_query(&text);
        assert!(rest_query(&text).iter().all(|(_, hash)| dense.contains(hash)));
    }

    #[test]
    fn a_sketch_gives_its_symbols_back() {
        let text = symbols(TEXT);
        let print = Fingerprint::of(TEXT);
        assert_eq!(unpack(&print.sketch, usize::from(print.length)), text[..SKETCH_SYMBOLS]);
        assert_eq!(unpack(&Fingerprint::of("short one").sketch, 6), symbols("short one"));
    }
}
