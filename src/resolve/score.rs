//! Evidence -> the estimated probability that a candidate is right.
//!
//! The constants were fitted on held-out records by `cargo run --release --example matching -- --calibrate`, never on the
//! records that are reported; the program prints them in the form that stands here. One record in ten is taken to be absent
//! from the catalog. The same evidence is there with and without stored abstracts, so the score is the same.

use super::titles;
use crate::catalog::Alignment;
use crate::fold::fold;

/// From this probability on a candidate is taken.
///
/// For papers that are in the catalog `--calibrate` finds the least value by rule: the upper end of the 95 % interval of
/// wrong ones is at most 0.02 % for verbatim pieces and titles (0.50 suffices) and 0.05 % for edited text (0.60). Papers that
/// are absent need more: at most one in fifty of what is taken at this probability may be wrong.
pub const ACCEPT: f64 = 0.98;
/// From this probability on a candidate is shown as likely.
pub const LIKELY: f64 = 0.5;
/// Two candidates whose strengths differ by less than this fit equally well. By the same rule 0.01 suffices; candidates of
/// edited text, whose strengths vary more, get five times as much.
pub const LEAD: f32 = 0.05;

/// How often the beginning of an abstract is also that of another one: symbols, and the share of records.
const SHARED_PREFIX: [(f64, f64); 9] = [
    (8.0, 0.79),
    (16.0, 0.43),
    (24.0, 0.20),
    (32.0, 0.095),
    (48.0, 0.028),
    (72.0, 0.0057),
    (100.0, 0.0028),
    (164.0, 0.0015),
    (224.0, 0.0010),
];

/// What stands for a record in one respect only is never surer than this.
pub(super) const UNWITNESSED: f64 = 0.9;

/// What a number, a part or another head tells apart is shown, and no more: how often a title's own version does so is not
/// known.
pub(super) const TOLD_APART: f64 = LIKELY;

/// What authors who agree are worth at most beside an edited title; the year is worth nothing then. Papers of one series have
/// similar titles, the same authors and close years: of the wrong candidates that their titles alone would nearly let pass (from
/// 0.9 on), which were held out, all authors agreed in 46 of 120 and some in 26.
pub(super) const SERIES_AUTHORS: f64 = 3.0;

/// How often a title is also that of another record: folded letters, and the share of records; the upper ends of the 95 %
/// intervals, and for the few titles of under twenty letters, which are also those of papers elsewhere, a guess above them.
const SHARED_TITLE: [(f64, f64); 6] =
    [(4.0, 0.9), (10.0, 0.5), (20.0, 0.03), (35.0, 0.002), (60.0, 0.0006), (120.0, 0.0006)];

/// How often the beginning of a title is also that of another record: folded letters, and the share of records.
const SHARED_HEAD: [(f64, f64); 6] =
    [(4.0, 0.93), (10.0, 0.52), (20.0, 0.086), (35.0, 0.0060), (60.0, 0.0010), (120.0, 0.0003)];

/// Weights of the logistic model for edited titles: the bias, then one for each of [`edited_title_features`].
const EDITED_TITLE: [f64; 8] = [9.23, -1.09, 3.67, -1.03, -1.94, -0.32, -1.00, -1.31];

/// Edited text of fewer symbols is never taken by itself.
const SHORT: u16 = 78;

/// The odds that a paper is absent from the catalog.
const ABSENT_ODDS: f64 = ABSENT_SHARE / (1.0 - ABSENT_SHARE);
/// The share of papers that are absent from the catalog.
const ABSENT_SHARE: f64 = 0.1;

/// Weights of the logistic model for edited text: the bias, then one for each of [`edited_features`].
const EDITED: [f64; 7] = [-4.60, 4.47, 7.59, -0.31, -0.22, 3.60, -5.62];

/// The probability that a piece of an abstract is of this candidate, were it the only one.
pub fn of_alignment(alignment: &Alignment, symbols: usize) -> f64 {
    match *alignment {
        Alignment::Prefix { .. } => 1.0 / (1.0 + ABSENT_ODDS * interpolate(&SHARED_PREFIX, count(symbols))),
        // A short piece with edits fits too many papers to be taken without a second witness.
        Alignment::Edited { compared, .. } if compared < SHORT => {
            logistic(&EDITED, &edited_features(alignment, symbols)).min(0.9)
        }
        Alignment::Edited { .. } => logistic(&EDITED, &edited_features(alignment, symbols)),
        Alignment::Behind { shared, expected, span } => of_shared(shared, expected, span),
    }
}

/// What the model for edited text looks at, behind the bias: similarity; share of solid text; by how many words of six
/// symbols the longest gap exceeds three words and the last gap two; logarithm of the length; share not compared.
pub fn edited_features(alignment: &Alignment, symbols: usize) -> [f64; 6] {
    let Alignment::Edited { compared, edits, solid, gap, tail, .. } = *alignment else { return [0.0; 6] };
    let length = f64::from(compared.max(1));
    let similarity = (1.0 - f64::from(edits) / length).max(0.0);
    let beyond = |gap: u16, words: f64| (f64::from(gap) / 6.0 - words).max(0.0);
    let uncompared = 1.0 - length / count(symbols).max(length);
    [similarity, f64::from(solid) / length, beyond(gap, 3.0), beyond(tail, 2.0), (length / 100.0).ln(), uncompared]
}

/// A stretch of fewer symbols is a phrase, not a piece of a text.
const PHRASE: u16 = 32;

/// Fingerprints behind the sketch, each a window of eighteen letters in a row. The shares are those of the held-out
/// records, rounded down: a verbatim piece shares all that are expected.
fn of_shared(shared: u16, expected: u16, span: u16) -> f64 {
    match (expected.saturating_sub(shared), shared) {
        // Two windows side by side may be one phrase that many use.
        (0, 2) if span < PHRASE => 0.97,
        (0, 2..) => 0.995,
        (1, 4..) => 0.985,
        (2, 5..) => 0.97,
        (1, 3) => 0.9,
        // One window of a short piece may be a phrase that many use.
        (0, 1) => 0.6,
        (1, 2) | (2, 3 | 4) => 0.3,
        _ => 0.02,
    }
}

/// The probability that a whole title, equal after folding, is of this candidate.
pub fn of_title(letters: usize) -> f64 {
    1.0 / (1.0 + ABSENT_ODDS * interpolate(&SHARED_TITLE, count(letters)))
}

/// The probability that the beginning of a title, cut or up to its colon, is of this candidate.
pub fn of_title_head(letters: usize) -> f64 {
    1.0 / (1.0 + ABSENT_ODDS * interpolate(&SHARED_HEAD, count(letters)))
}

/// What the model for edited titles looks at, behind the bias: tenths of letters that differ; logarithm of the length;
/// words misprinted, changed, missing, added, and small words. Nothing for titles that are equal or of which one is told
/// apart from the other by a number or the like.
pub fn edited_title_features(mine: &str, theirs: &str) -> Option<[f64; 7]> {
    let difference = titles::compare(mine, theirs);
    let is_edited = fold(mine) != fold(theirs) && !difference.tells_apart;
    is_edited.then(|| difference.features(fold(mine).len()))
}

/// The probability that an edited title is of this candidate.
pub fn of_edited_title(features: &[f64; 7]) -> f64 {
    logistic(&EDITED_TITLE, features)
}

/// The probability that an identifier is right although the title that was read is not its record's. `rival` is the
/// probability that the title is of another record.
///
/// Lists are taken to have as many wrong identifiers as titles that are wrong or of another version. A title that is no
/// record's speaks for the identifier: were it wrong, the title's own record would most often be there.
pub fn of_identifier(rival: f64) -> f64 {
    1.0 / (1.0 + rival + (1.0 - rival) * ABSENT_SHARE)
}

/// The probability that a title is right although the identifier, which no record has, should be another paper's.
///
/// Of wrong identifiers half are taken to be of no record; of right ones as many as papers are absent.
pub fn against_identifier(title: f64) -> f64 {
    title * 0.5 / (0.5 + ABSENT_SHARE)
}

/// Combines a probability with the odds of a second, independent witness.
pub fn with_witness(probability: f64, odds: f64) -> f64 {
    let odds = probability / (1.0 - probability).max(1e-9) * odds;
    odds / (1.0 + odds)
}

fn logistic(weights: &[f64], features: &[f64]) -> f64 {
    let sum: f64 = weights[1..].iter().zip(features).map(|(weight, feature)| weight * feature).sum();
    1.0 / (1.0 + (-(weights[0] + sum)).exp())
}

/// Between two points the logarithm of the share is taken to be linear; beyond the ends it stays.
fn interpolate(table: &[(f64, f64)], at: f64) -> f64 {
    let above = table.iter().position(|(x, _)| *x >= at).unwrap_or(table.len());
    match (above.checked_sub(1).and_then(|below| table.get(below)), table.get(above)) {
        (Some((x0, y0)), Some((x1, y1))) => (y0.ln() + (y1.ln() - y0.ln()) * (at - x0) / (x1 - x0)).exp(),
        (Some((_, y)), None) | (None, Some((_, y))) => *y,
        (None, None) => 1.0,
    }
}

#[expect(clippy::cast_precision_loss, reason = "lengths of texts are small")]
fn count(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_evidence_is_surer() {
        let prefix = Alignment::Prefix { whole: false };
        assert!(of_alignment(&prefix, 50) > 0.99);
        assert!(of_alignment(&prefix, 170) > of_alignment(&prefix, 50));
        assert!(of_alignment(&prefix, 10) < ACCEPT);
        assert!(of_title(60) > ACCEPT && of_title(8) < ACCEPT);
        assert!(of_title_head(60) > of_title_head(12));
    }

    #[test]
    fn interpolation_is_monotonic_between_its_points() {
        let mut last = 1.0;
        for symbols in 8..230 {
            let share = interpolate(&SHARED_PREFIX, f64::from(symbols));
            // At a point of the table the logarithm costs the last digit.
            assert!(share <= last * (1.0 + 1e-12), "{symbols}");
            last = share;
        }
    }
}
