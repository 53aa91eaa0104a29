//! Comparing two titles word by word: are they one paper's, edited, or those of two papers of one series?
//!
//! Letters in common do not tell: `Part I` and `Part II` differ in one letter, and so do most misprints. So the words in
//! which two titles differ are looked at. A number, a part, a negation, a word such as `reply`, or another name before the
//! colon makes another paper of it; everything else is counted, and `score` says what it is worth. Knows words only.

use crate::fold::fold;

/// Longer titles are compared at their beginning.
const MOST_WORDS: usize = 80;
/// Longer folded titles are compared at their beginning.
const MOST_LETTERS: usize = 400;
/// A head of so few words before the colon is a name, in which no letter may differ.
const NAME_WORDS: usize = 2;

/// Words that make another paper of a title.
const TELLING: [&str; 47] = [
    "part",
    "parts",
    "paper",
    "chapter",
    "volume",
    "vol",
    "episode",
    "reply",
    "response",
    "comment",
    "comments",
    "rebuttal",
    "erratum",
    "errata",
    "corrigendum",
    "corrigenda",
    "addendum",
    "correction",
    "corrections",
    "retraction",
    "supplement",
    "supplementary",
    "supplemental",
    "appendix",
    "revisited",
    "revisiting",
    "revisit",
    "reexamined",
    "reconsidered",
    "rethinking",
    "redux",
    "update",
    "updated",
    "extended",
    "again",
    "continued",
    "not",
    "no",
    "non",
    "without",
    "never",
    "neither",
    "nor",
    "cannot",
    "vs",
    "versus",
    "against",
];
/// Parts of words that turn or narrow their meaning: `linear` and `nonlinear` are two subjects.
const TURNING: [&str; 30] = [
    "non", "un", "in", "im", "ir", "dis", "anti", "sub", "super", "semi", "quasi", "pseudo", "pre", "post", "multi",
    "bi", "tri", "hyper", "hypo", "inter", "intra", "micro", "macro", "nano", "meta", "over", "under", "co", "de",
    "re",
];
/// Words that copies and versions change without changing the subject.
const SMALL: [&str; 26] = [
    "a", "an", "the", "of", "on", "in", "to", "for", "and", "with", "by", "from", "at", "via", "using", "into",
    "through", "its", "their", "is", "are", "as", "or", "over", "under", "towards",
];

/// How two titles compare.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Difference {
    /// The share of letters in common in order, 0 to 1.
    pub(super) similarity: f64,
    /// Whether what differs is what tells papers of one series apart.
    pub(super) tells_apart: bool,
    /// Words that differ by a letter or two.
    pub(super) misprints: u8,
    /// Words with another in their place.
    pub(super) changed: u8,
    /// Words that only the record has.
    pub(super) missing: u8,
    /// Words that only the entry has.
    pub(super) added: u8,
    /// Small words that only one of them has.
    pub(super) small: u8,
}

impl Difference {
    /// What the model of `score` looks at, behind the bias. `letters` is the length of the entry's folded title.
    pub(super) fn features(&self, letters: usize) -> [f64; 7] {
        let [misprints, changed, missing, added, small] =
            [self.misprints, self.changed, self.missing, self.added, self.small].map(f64::from);
        #[expect(clippy::cast_precision_loss, reason = "lengths of titles are small")]
        let length = (letters.max(1) as f64 / 50.0).ln();
        [(1.0 - self.similarity) * 10.0, length, misprints, changed, missing, added, small]
    }
}

/// Compares an entry's title with a record's, both as they are written.
pub(super) fn compare(mine: &str, theirs: &str) -> Difference {
    let (mine_folded, theirs_folded) = (fold(mine), fold(theirs));
    let mut difference = Difference { similarity: similarity(&mine_folded, &theirs_folded), ..Difference::default() };
    if mine_folded == theirs_folded {
        return difference;
    }
    let (my_words, their_words) = (words(mine), words(theirs));
    for (mine, theirs) in regions(&my_words, &their_words) {
        judge_region(mine, theirs, &mut difference);
    }
    difference.tells_apart |= other_numbers(&my_words, &their_words) || other_compounds(mine, theirs);
    difference.tells_apart |= other_head(mine, theirs, difference.changed > 0);
    difference
}

/// Whether what one title has more than the other, which stands in it whole, makes another paper of it. Numbers and letters
/// before it are those of lists and of names.
pub(super) fn extra_tells_apart(longer: &str, shorter: &str) -> bool {
    let (longer, shorter) = (words(longer), words(shorter));
    regions(&longer, &shorter).iter().any(|(more, _)| {
        let is_before = std::ptr::eq(more.as_ptr(), longer.as_ptr());
        more.iter().any(|word| if is_before { TELLING.contains(&word.as_str()) } else { is_telling(word) })
    })
}

/// The folded words; those that fold to nothing, symbols mostly, are left out.
fn words(title: &str) -> Vec<String> {
    let parts = title.split(|c: char| c.is_whitespace() || "-–—‐‑:/,;()[]&~".contains(c));
    parts.map(fold).filter(|word| !word.is_empty()).take(MOST_WORDS).collect()
}

/// The stretches in which two lists of words differ, by their longest common subsequence.
fn regions<'w>(mine: &'w [String], theirs: &'w [String]) -> Vec<(&'w [String], &'w [String])> {
    let width = theirs.len() + 1;
    let mut common = vec![0_u8; (mine.len() + 1) * width];
    for at in (0..mine.len()).rev() {
        for other in (0..theirs.len()).rev() {
            common[at * width + other] = if mine[at] == theirs[other] {
                common[(at + 1) * width + other + 1].saturating_add(1)
            } else {
                common[(at + 1) * width + other].max(common[at * width + other + 1])
            };
        }
    }
    let mut found = Vec::new();
    let (mut at, mut other, mut from) = (0, 0, (0, 0));
    while at < mine.len() || other < theirs.len() {
        if at < mine.len() && other < theirs.len() && mine[at] == theirs[other] {
            found.push((&mine[from.0..at], &theirs[from.1..other]));
            (at, other) = (at + 1, other + 1);
            from = (at, other);
        } else if other == theirs.len()
            || at < mine.len() && common[(at + 1) * width + other] >= common[at * width + other + 1]
        {
            at += 1;
        } else {
            other += 1;
        }
    }
    found.push((&mine[from.0..], &theirs[from.1..]));
    found.retain(|(mine, theirs)| !(mine.is_empty() && theirs.is_empty()));
    found
}

/// Counts what differs in one stretch.
fn judge_region(mine: &[String], theirs: &[String], difference: &mut Difference) {
    // Blanks and hyphens are no difference.
    let (my_letters, their_letters) = (mine.concat(), theirs.concat());
    if my_letters == their_letters {
        return;
    }
    difference.tells_apart |= mine.iter().chain(theirs).any(|word| is_telling(word));
    if !mine.is_empty() && !theirs.is_empty() && mine.len() != theirs.len() && is_misprint(&my_letters, &their_letters)
    {
        difference.misprints = difference.misprints.saturating_add(1);
        return;
    }
    for (mine, theirs) in mine.iter().zip(theirs) {
        if is_misprint(mine, theirs) {
            difference.tells_apart |= turns(mine, theirs) || turns(theirs, mine);
            difference.misprints = difference.misprints.saturating_add(1);
        } else {
            difference.tells_apart |= turns(mine, theirs) || turns(theirs, mine);
            difference.changed = difference.changed.saturating_add(1);
        }
    }
    let both = mine.len().min(theirs.len());
    for (rest, count) in [(&mine[both..], &mut difference.added), (&theirs[both..], &mut difference.missing)] {
        for word in rest {
            let is_small = SMALL.contains(&word.as_str());
            let count = if is_small { &mut difference.small } else { &mut *count };
            *count = count.saturating_add(1);
        }
    }
}

/// Whether a word counts parts, turns a meaning, or says what became of another paper.
fn is_telling(word: &str) -> bool {
    let is_letter = word.len() == 1 && word != "a";
    is_letter || is_number(word) || TELLING.contains(&word)
}

/// Whether a word is a number, has one in it (`v2`, `gpt4`), or is a Roman one.
fn is_number(word: &str) -> bool {
    const ROMAN: [&str; 20] = [
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii",
        "xviii", "xix", "xx",
    ];
    const WORDS: [&str; 20] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "first", "second", "third",
        "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    ];
    word.bytes().any(|byte| byte.is_ascii_digit()) || ROMAN.contains(&word) || WORDS.contains(&word)
}

/// Whether the digits of two titles differ, wherever they stand.
fn other_numbers(mine: &[String], theirs: &[String]) -> bool {
    let digits = |words: &[String]| words.concat().bytes().filter(u8::is_ascii_digit).collect::<Vec<u8>>();
    digits(mine) != digits(theirs)
}

/// Whether two words differ as misprints do: one letter in six, at least one; the first of two letters swapped counts one.
fn is_misprint(mine: &str, theirs: &str) -> bool {
    let longest = mine.len().max(theirs.len());
    longest >= 4 && distance(mine.as_bytes(), theirs.as_bytes()) <= 1 + longest / 6
}

/// Whether a word is the other one with a beginning that turns its meaning.
fn turns(longer: &str, shorter: &str) -> bool {
    longer.len() > shorter.len()
        && shorter.len() >= 4
        && longer.strip_suffix(shorter).is_some_and(|beginning| TURNING.contains(&beginning))
}

/// Whether a number is joined to another word: `2-Vertex` and `2-Edge`.
fn other_compounds(mine: &str, theirs: &str) -> bool {
    let letters = |word: &str| word.bytes().filter(u8::is_ascii_alphabetic).count();
    let numbered = |title: &str| -> Vec<String> {
        title.split_whitespace().map(fold).filter(|word| word.bytes().any(|byte| byte.is_ascii_digit())).collect()
    };
    let is_other = |one: &String, other: &String| {
        letters(one).min(letters(other)) >= 2 && !is_misprint(one, other) && one != other
    };
    let (mine, theirs) = (numbered(mine), numbered(theirs));
    mine.len() == theirs.len() && mine.iter().zip(&theirs).any(|(one, other)| is_other(one, other))
}

/// Whether both have something before a colon, and another thing; or only one has a name there, and words differ behind it.
fn other_head(mine: &str, theirs: &str, differs_elsewhere: bool) -> bool {
    let head = |title: &str| title.split_once(": ").map(|(head, _)| (words(head), is_name(head)));
    let ((mine, mine_is_name), (theirs, theirs_is_name)) = match (head(mine), head(theirs)) {
        (Some(mine), Some(theirs)) => (mine, theirs),
        (Some((_, is_name)), None) | (None, Some((_, is_name))) => return is_name && differs_elsewhere,
        (None, None) => return false,
    };
    if mine.concat() == theirs.concat() {
        return false;
    }
    mine_is_name
        || theirs_is_name
        || mine.len() != theirs.len()
        || mine.iter().zip(&theirs).any(|(one, other)| one != other && !is_misprint(one, other))
}

/// Whether the part before a colon is a name; hyphens join a name's parts.
fn is_name(head: &str) -> bool {
    head.split_whitespace().count() <= NAME_WORDS
}

/// The share of letters that two folded titles have in common in order: 1 less edits by length.
pub(super) fn similarity(one: &str, other: &str) -> f64 {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let (one, other) = (&one[..one.len().min(MOST_LETTERS)], &other[..other.len().min(MOST_LETTERS)]);
    let longest = one.len().max(other.len());
    if longest == 0 {
        return 1.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "lengths of titles are small")]
    let share = distance(one, other) as f64 / longest as f64;
    1.0 - share
}

/// The least number of letters to change, insert or delete.
fn distance(one: &[u8], other: &[u8]) -> usize {
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
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_papers_apart() {
        let check = |mine: &str, theirs: &str, expected| {
            assert_eq!(compare(mine, theirs).tells_apart, expected, "{mine} | {theirs}");
            assert_eq!(compare(theirs, mine).tells_apart, expected, "{theirs} | {mine}");
        };
        let title = "Multi-Subject and Motion Customization of Diffusion Models";
        check(&format!("VideoMage 2: {title}"), &format!("VideoMage: {title}"), true);
        check(&format!("VideoMage v2: {title}"), &format!("VideoMage: {title}"), true);
        check(&format!("VideoMate: {title}"), &format!("VideoMage: {title}"), true);
        check(&format!("{title} II"), title, true);
        check(&format!("{title}, Part B"), &format!("{title}, Part A"), true);
        check(&format!("{title} in 2021"), &format!("{title} in 2020"), true);
        check(&format!("{title} revisited"), title, true);
        check(&format!("A reply to: {title}"), title, true);
        check(&format!("Comment on \"{title}\""), title, true);
        check(&format!("Corrigendum: {title}"), title, true);
        check("Flows that are not stable under forcing", "Flows that are stable under forcing", true);
        check(
            "Perturb-and-Restorx: Graph augmentation for cells",
            "Perturb-and-Restore: Graph augmentation for cells",
            true,
        );
        check("RetrieveAll: A multilingual framework for names", "A unified framework for names", true);
        check("2-Vertex Connectivity in Directed Graphs", "2-Edge Connectivity in Directed Graphs", true);
        check("Waves in 3-D Media with Nois", "Waves in 3D Media with Noise", false);
        check("Nonlinear waves in deep water", "Linear waves in deep water", true);
        check("A theory of large K3 surfaces", "A theory of large K2 surfaces", true);
        check("Multi Subject and Motion Custmoization of Diffusion Models", title, false);
        check("Multisubject and motion customisation of diffusion model", title, false);
        check("Motion Customization of Diffusion Models", title, false);
        check(r"Poincar\'e maps of $\alpha$-decay", "Poincaré maps of α decay", false);
    }

    #[test]
    fn words_are_counted_by_how_they_differ() {
        let difference =
            compare("Deep Residal Learning of Image Recognition", "Deep Residual Learning for Image Detection");
        let Difference { misprints, changed, missing, added, small, .. } = difference;
        assert_eq!((misprints, changed, missing, added, small), (1, 2, 0, 0, 0));
        let difference = compare("The Residual Learning", "Deep Residual Learning for Image");
        let Difference { misprints, changed, missing, added, small, .. } = difference;
        assert_eq!((misprints, changed, missing, added, small), (0, 1, 1, 0, 1));
    }

    #[test]
    fn what_stands_beside_a_title() {
        let title = "Multi-Subject and Motion Customization of Diffusion Models";
        let check = |longer: &str, expected| assert_eq!(extra_tells_apart(longer, title), expected, "{longer}");
        check(&format!("x] {title}"), false);
        check(&format!("[12] J. Dean and A. Lovelace, {title}."), false);
        check(&format!("Comment on: {title}"), true);
        check(&format!("{title} II"), true);
        check(&format!("{title}, Part B"), true);
    }

    #[test]
    fn blanks_and_hyphens_are_no_difference() {
        let difference = compare("multi-subject learn ing", "Multi Subject Learning");
        assert_eq!(difference, Difference { similarity: 1.0, ..Difference::default() });
    }
}
