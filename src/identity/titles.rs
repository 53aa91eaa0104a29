//! Titles: what two of them must have in common to be one, and which entries are compared by them.
//!
//! A title may be typed in two ways, with a slip in a word, an article less, another hyphen. It is another title with another
//! number, another part, or a word more: volumes, errata, comments and replies are works of their own.

use super::signs::signs;
use super::{Unions, Work};
use crate::fold::fold;
use crate::model::{Entry, Text, TextField};
use std::collections::HashMap;

/// Shorter titles are those of many works.
const MIN_LETTERS: usize = 12;
/// How many entries that begin or end alike are compared with one entry, so that time stays linear.
const MAX_CANDIDATES: usize = 64;
/// How many entries may be thought to be one work for their titles; a title that more of them have is none of theirs.
const MAX_COPIES: usize = 64;

/// A title with its subtitle, in a form to be compared.
#[derive(Debug, Default)]
pub(super) struct Title {
    /// Letters and figures only.
    folded: String,
    /// Folded words without articles and conjunctions, parted by blanks: many titles wait to be compared.
    words: String,
    /// Letters of other scripts, and signs.
    signs: String,
    /// Whether it announces an erratum, a comment or a reply: a work of its own, on another one.
    is_remark: bool,
    /// What counts: figures, ordinals, Roman numerals, the letter of a part.
    numbers: String,
}

impl Title {
    pub(super) fn of(entry: &Entry) -> Self {
        let text = |field| entry.texts.get(field).map(Text::to_plain).unwrap_or_default();
        let whole = format!("{} {}", text(TextField::Title), text(TextField::Subtitle));
        let raw: Vec<&str> = whole.split(|c: char| !c.is_alphanumeric() && !is_mark(c)).collect();
        let raw: Vec<&str> = raw.into_iter().filter(|word| !word.is_empty()).collect();
        let last = raw.len().saturating_sub(1);
        let numbers = raw.iter().enumerate().filter(|(at, word)| counts(word, *at == last)).map(|(_, word)| fold(word));
        let words = raw.iter().map(|word| fold(word)).filter(|word| !word.is_empty() && !is_small(word));
        let words = joined(words);
        Self {
            folded: fold(&whole),
            signs: signs(&whole),
            is_remark: is_remark(&words),
            numbers: joined(numbers),
            words,
        }
    }

    /// Its letters and figures.
    pub(super) fn folded(&self) -> &str {
        &self.folded
    }

    /// Whether it is long enough to say anything. A letter of another script may be a syllable or a word.
    fn tells(&self) -> bool {
        let others = self.signs.chars().map(|letter| if is_ideograph(letter) { 3 } else { 1 }).sum::<usize>();
        self.folded.len() + others >= MIN_LETTERS
    }

    /// How many words it has, without articles and conjunctions.
    pub(super) fn length(&self) -> usize {
        self.words.split(' ').count()
    }

    /// Whether two titles are letter by letter the same.
    pub(super) fn is_copy(&self, other: &Self) -> bool {
        self.folded == other.folded && self.signs == other.signs
    }

    /// What it is looked up by: the whole of it, of which there are few copies, and its first and last letters: an error in
    /// it spares one of the two. Of a title in another script the whole only.
    fn ends(&self) -> Vec<&str> {
        if self.folded.len() < MIN_LETTERS {
            return if self.tells() { vec![&self.signs] } else { Vec::new() };
        }
        // Folded text is ASCII.
        let title = self.folded.strip_prefix("the").filter(|rest| rest.len() >= MIN_LETTERS).unwrap_or(&self.folded);
        vec![title, &title[..MIN_LETTERS], &title[title.len() - MIN_LETTERS..]]
    }

    /// Whether two titles are one.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        if self.signs != other.signs {
            return false;
        }
        if self.folded == other.folded {
            return self.tells();
        }
        self.tells() && other.tells() && self.numbers == other.numbers && self.differs_in_slips(other)
    }

    /// Whether two titles are surely not one.
    pub(super) fn differs(&self, other: &Self) -> bool {
        self.tells() && other.tells() && !self.says_the_same(other) && self.is_unlike(other)
    }

    /// Whether only one of them is an erratum, a comment or a reply.
    pub(super) fn is_remark_on(&self, other: &Self) -> bool {
        self.is_remark != other.is_remark
    }

    /// Whether neither is, or holds, the other.
    pub(super) fn is_unlike(&self, other: &Self) -> bool {
        !self.folded.contains(&other.folded) && !other.folded.contains(&self.folded)
    }

    /// Whether the words are the same but for a slip in one or two of them.
    fn differs_in_slips(&self, other: &Self) -> bool {
        let (mine, theirs): (Vec<&str>, Vec<&str>) =
            (self.words.split(' ').collect(), other.words.split(' ').collect());
        if mine.len() != theirs.len() {
            // What one takes for two words the other takes for one.
            return mine.concat() == theirs.concat();
        }
        let mut slips = 0;
        let alike = mine.iter().zip(&theirs).all(|(one, other)| {
            slips += usize::from(one != other);
            one == other || is_slip(one.as_bytes(), other.as_bytes())
        });
        alike && slips <= 2 && slips * 2 <= mine.len()
    }
}

/// Words with blanks between them.
pub(super) fn joined(words: impl Iterator<Item = String>) -> String {
    let mut out = String::new();
    for word in words {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&word);
    }
    out
}

/// Marks that stand on a letter.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\'' | '’')
}

/// Whether a letter stands for a syllable or a word.
fn is_ideograph(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..)
}

/// Words that are left out and put in.
fn is_small(word: &str) -> bool {
    matches!(word, "a" | "an" | "the" | "and")
}

/// Whether the words of a title are those of a remark on another work.
fn is_remark(words: &str) -> bool {
    const NOTICES: [&str; 8] =
        ["erratum", "errata", "corrigendum", "corrigenda", "correction", "retraction", "addendum", "retracted"];
    let is_notice = |word: Option<&str>| word.is_some_and(|word| NOTICES.contains(&word));
    is_notice(words.split(' ').next())
        || is_notice(words.rsplit(' ').next())
        || ["comment on ", "comments on ", "reply to ", "response to ", "publisher s note "]
            .iter()
            .any(|head| words.starts_with(head))
}

/// Whether a word counts something.
fn counts(word: &str, is_last: bool) -> bool {
    const WORDS: [&str; 24] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "first",
        "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
    ];
    let is_roman = word.len() <= 6 && word.bytes().all(|byte| matches!(byte, b'I' | b'V' | b'X'));
    let is_letter = is_last && word.len() == 1;
    word.contains(|c: char| c.is_numeric()) || is_roman || is_letter || WORDS.contains(&word.to_lowercase().as_str())
}

/// Whether two long words of one beginning differ in one letter: one more, one less, another, or two that changed places.
fn is_slip(one: &[u8], other: &[u8]) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if short.len() < 5 || long.len() - short.len() > 1 || short[0] != long[0] {
        return false;
    }
    let same = short.iter().zip(long).take_while(|(one, other)| one == other).count();
    let (short, long) = (&short[same..], &long[same..]);
    match (short, long) {
        _ if short.len() < long.len() => *short == long[1..],
        ([a, b, behind @ ..], [c, d, rest @ ..]) if a == d && b == c => behind == rest,
        ([_, behind @ ..], [_, rest @ ..]) => behind == rest,
        _ => true,
    }
}

/// Joins entries without identifier with those that they fit, and preprints with their published versions. An entry that
/// fits two works is left alone.
pub(super) fn join_by_title(works: &[Work], unions: &mut Unions) {
    let pairs = pairs_that_fit(works, unions);
    for component in components(&pairs) {
        join(&component, &pairs, unions);
    }
}

/// The groups that fit each other, by their leaders; versions that stay apart are noted on the way.
fn pairs_that_fit(works: &[Work], unions: &mut Unions) -> Vec<(usize, usize)> {
    let mut buckets: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, work) in works.iter().enumerate() {
        for end in work.title.ends() {
            buckets.entry(end).or_default().push(at);
        }
    }
    let mut pairs = Vec::new();
    for (at, work) in works.iter().enumerate() {
        for other in work.title.ends().into_iter().flat_map(|end| &buckets[end]).take(MAX_CANDIDATES) {
            let (mine, theirs) = (unions.root(at), unions.root(*other));
            let are_versions = unions.are_versions(mine, theirs);
            // Groups with an identifier never become one for their title, unless each is another version.
            let may_join = are_versions || !(unions.is_identified(mine) && unions.is_identified(theirs));
            if mine == theirs || !may_join || !work.fits(&works[*other], are_versions) {
                continue;
            }
            if unions.stay_apart(mine, theirs) {
                unions.relate(mine, theirs);
            } else {
                pairs.push((mine.min(theirs), mine.max(theirs)));
            }
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Sets of groups that hang together by pairs.
fn components(pairs: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut sets: Vec<Vec<usize>> = Vec::new();
    let mut set_of: HashMap<usize, usize> = HashMap::new();
    for (one, other) in pairs {
        match (set_of.get(one).copied(), set_of.get(other).copied()) {
            (Some(one), Some(other)) if one == other => {}
            (Some(into), Some(from)) => {
                let moved = std::mem::take(&mut sets[from]);
                moved.iter().for_each(|at| {
                    set_of.insert(*at, into);
                });
                sets[into].extend(moved);
            }
            (Some(set), None) => {
                set_of.insert(*other, set);
                sets[set].push(*other);
            }
            (None, Some(set)) => {
                set_of.insert(*one, set);
                sets[set].push(*one);
            }
            (None, None) => {
                set_of.insert(*one, sets.len());
                set_of.insert(*other, sets.len());
                sets.push(vec![*one, *other]);
            }
        }
    }
    sets.retain(|set| !set.is_empty());
    sets
}

/// Joins groups that hang together, if each of them fits every other; else those that fit no two that are apart.
fn join(component: &[usize], pairs: &[(usize, usize)], unions: &mut Unions) {
    if component.len() > MAX_COPIES {
        return;
    }
    let are_pair = |one: usize, other: usize| pairs.binary_search(&(one.min(other), one.max(other))).is_ok();
    let neighbours =
        |at: usize, set: &[usize]| set.iter().copied().filter(|other| *other != at && are_pair(at, *other)).collect();
    // Who fits two groups that do not fit each other cannot be told from either.
    let is_torn = |at: &usize| {
        let near: Vec<usize> = neighbours(*at, component);
        near.iter().enumerate().any(|(nth, one)| near[nth + 1..].iter().any(|other| !are_pair(*one, *other)))
    };
    let sound: Vec<usize> = component.iter().copied().filter(|at| !is_torn(at)).collect();
    for one in &sound {
        let near: Vec<usize> = neighbours(*one, &sound);
        near.into_iter().for_each(|other| {
            unions.join(*one, other);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;

    fn title(text: &str) -> Title {
        let mut entry = Entry::new(Kind::Misc);
        entry.texts.set(TextField::Title, Text::plain(text));
        Title::of(&entry)
    }

    #[test]
    fn one_title_in_two_ways() {
        let check = |one: &str, other: &str| assert!(title(one).says_the_same(&title(other)), "{one} | {other}");
        check("Attention is all you need", "Attention Is All You Need.");
        check("The data-base of everything", "Data base of everything");
        check("Computing machinery & intelligence", "Computing machinery and intelligence");
        check("Modelling the behaviour of systems", "Modeling the behavior of systems");
        check("Recieving signals from afar", "Receiving signals from afar");
        check("On H₂O in the sky above", "On H2O in the sky above");
    }

    #[test]
    fn other_titles() {
        let check = |one: &str, other: &str| assert!(!title(one).says_the_same(&title(other)), "{one} | {other}");
        check("The Art of Computer Programming, Volume 1", "The Art of Computer Programming, Volume 2");
        check("On the theory of everything. I", "On the theory of everything. II");
        check("Predictive coding–I", "Predictive coding–II");
        check("Predictive coding, part one", "Predictive coding, part two");
        check("Homology of spheres A", "Homology of spheres B");
        check("Measurement of the top quark mass", "Erratum: Measurement of the top quark mass");
        check("A lower bound for sorting", "An upper bound for sorting");
        check("Symmetric functions of graphs", "Asymmetric functions of graphs");
        check("Economic Outlook for the World 2011", "Economic Outlook for the World 2012");
        check("Introduction", "Introduction to logic");
    }

    #[test]
    fn a_copy_is_found_among_many_titles_that_begin_alike() {
        use crate::model::{Name, Role};
        let entry = |title: String| {
            let mut entry = Entry::new(Kind::Misc);
            entry.texts.set(TextField::Title, Text::plain(title));
            entry.people.push((Role::Author, Name::from_display("Ada Lovelace")));
            entry
        };
        let words = ["alpha", "beta", "gamma", "delta", "kappa", "sigma", "omega", "theta", "lambda", "zeta"];
        let mut entries: Vec<Entry> = words
            .iter()
            .flat_map(|one| words.map(|other| entry(format!("Probabilistic {one} and {other} methods of learning"))))
            .collect();
        entries.push(entries[99].clone());
        let groups = super::super::groups(&entries.iter().collect::<Vec<_>>(), super::super::Versions::default());
        assert_eq!(groups.works.len(), 100);
        assert_eq!(groups.works[99], [99, 100]);
    }

    #[test]
    fn slips() {
        let check = |one: &str, other: &str, expected| {
            assert_eq!(is_slip(one.as_bytes(), other.as_bytes()), expected, "{one} {other}");
        };
        check("receive", "recieve", true);
        check("behaviour", "behavior", true);
        check("graphs", "graph", true);
        check("colour", "colon", false);
        check("lower", "upper", false);
        check("known", "unknown", false);
        check("abcdef", "badcfe", false);
    }
}
