//! What the lengths of a page's lines say: where it cuts its texts without a mark, and where its right margin is.
//!
//! One line of two hundred characters says nothing; when most lines of a page end at the same character, and the next ones
//! do not go on in lower case as the lines of a justified paragraph do, the page cut them there. When no line had room for
//! the first word of the next one, the lines are those of wrapped paragraphs. Knows lengths and first letters, no kinds of
//! lines.

use super::cut;
use super::lines::Line;
use std::collections::BTreeMap;

/// The length, in characters, at which a page cut its texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Width(usize);

/// Shorter lines are words and headings, not texts that were cut.
const SHORTEST: usize = 40;
/// Pages cut at a few hundred characters.
const LONGEST: usize = 2000;
/// Wider paragraphs are not wrapped by anybody.
pub(super) const WIDEST_MARGIN: usize = 125;
/// Two lines may be of one length by chance.
const FEWEST: usize = 3;

impl Width {
    /// The width of a text's physical lines, when it has one.
    pub(super) fn of(lines: &[Line<'_>]) -> Option<Self> {
        let mut all = 0_usize;
        let mut lengths: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        for line in lines.iter().filter(|line| !line.text.is_empty()) {
            all += 1;
            let length = length(&line.text);
            if (SHORTEST..=LONGEST).contains(&length) {
                let (lines, low) = lengths.entry(length).or_default();
                *lines += 1;
                *low += usize::from(line.text.starts_with(char::is_lowercase));
            }
        }
        // A cut just behind a blank leaves one character less.
        let at = |length: usize| lengths.get(&length).copied().unwrap_or_default();
        let count = |length: usize| (at(length).0 + at(length - 1).0, at(length).1 + at(length - 1).1);
        let width = lengths.keys().copied().max_by_key(|length| (count(*length).0, at(*length).0))?;
        let (cut, low) = count(width);
        // The fewer lines there are, the more of them must agree: titles have like lengths by chance.
        let share = match cut {
            0..FEWEST => return None,
            FEWEST..5 => 75,
            5 => 40,
            _ => 30,
        };
        (cut * 100 >= all * share && low * 5 <= cut).then_some(Self(width))
    }

    /// Whether a line ends where the page cuts.
    pub(super) fn cuts(self, text: &str) -> bool {
        (self.0 - 1..=self.0).contains(&length(text))
    }
}

/// The right margin, in characters, of a page whose paragraphs are wrapped.
pub(super) fn margin(lines: &[Line<'_>], stands_alone: impl Fn(&Line<'_>) -> bool) -> Option<usize> {
    let width = lines.iter().map(|line| line.text.chars().take(WIDEST_MARGIN + 1).count()).max()?;
    if width > WIDEST_MARGIN {
        return None;
    }
    let pairs = lines.windows(2).filter(|pair| {
        let goes_on = !pair[0].text.is_empty() && !pair[1].text.is_empty() && pair[1].mark.is_none();
        goes_on && !cut::strip(&pair[0].text).tail && !stands_alone(&pair[0]) && !stands_alone(&pair[1])
    });
    let (mut all, mut full) = (0_usize, 0_usize);
    for pair in pairs {
        all += 1;
        full += usize::from(is_full(&pair[0].text, &pair[1].text, width));
    }
    (all >= FEWEST && full * 20 >= all * 19).then_some(width)
}

/// Whether a line had no room for the first word of the next one.
pub(super) fn is_full(text: &str, next: &str, width: usize) -> bool {
    let length = text.chars().take(WIDEST_MARGIN + 1).count();
    let word = next.split_whitespace().next().map_or(0, |word| word.chars().count());
    length >= SHORTEST && length + 1 + word > width
}

/// The length of a text without its truncation marks; counted no further than needed.
fn length(text: &str) -> usize {
    // A mark is at most five characters long.
    let shown = text.chars().take(LONGEST + 10).count();
    if shown > LONGEST + 5 { shown } else { cut::strip(text).text.chars().count() }
}

#[cfg(test)]
mod tests {
    use super::super::lines::physical;
    use super::*;

    #[test]
    fn equal_lengths_show_a_cut() {
        let width = |text: &str| Width::of(&physical(text)).map(|width| width.0);
        let long = "Transformers are central to recent successes in natural language processing and computer vision";
        let cut = |from: usize| format!("T{}", &long[from..from + 59]);
        assert_eq!(width(&format!("{}\n{}\n{}\n", cut(1), cut(7), cut(20))), Some(60));
        // A wrapped paragraph has lines of many lengths, a justified one goes on in lower case.
        assert_eq!(width(&format!("{}\n{}\n{}\n", cut(1), &cut(7)[..55], &cut(20)[..50])), None);
        let low = |from: usize| cut(from).to_lowercase();
        assert_eq!(width(&format!("{}\n{}\n{}\n{}\n", cut(1), low(7), low(20), low(11))), None);
        assert_eq!(width("2209.01667\n1706.03762\n2001.08361\n"), None);
    }
}
