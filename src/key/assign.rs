//! Keys of a whole list: what exists stays, and of entries that would get the same key each gets its own.
//!
//! No new key depends on the order of the input: among new entries that collide, the one with the lowest identifier takes
//! the bare key, the others suffixes in the order of their identifiers.

use super::words::fold_to_ascii;
use crate::identity;
use crate::model::Entry;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What orders entries that collide: the identifier, arXiv before DOI before the rest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// An arXiv id by the time it was given out; the id itself parts old-style ids of different archives.
    Arxiv(u64, Box<str>),
    /// A DOI in lower case.
    Doi(Box<str>),
    /// The beginning of what the entry says.
    Text(Box<str>),
}

impl Order {
    /// The place of an entry.
    pub fn of(entry: &Entry) -> Self {
        if let Some(id) = entry.arxiv() {
            // New-style ids are parted by the number alone.
            return Self::Arxiv(id.order(), if id.is_old_style() { id.id().into() } else { "".into() });
        }
        match entry.doi() {
            Some(doi) => Self::Doi(doi.to_ascii_lowercase().into()),
            None => Self::Text(own_text(entry).into()),
        }
    }
}

/// What one entry asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The key without suffix.
    pub key: Box<str>,
    /// How sure the claim is.
    pub right: Right,
    /// The entry's place among those that collide.
    pub order: Order,
    /// Which input of the run the entry came from.
    pub input: u32,
}

impl Claim {
    /// What brought its key along goes by its place in the input: the first entry is the one that is cited by it.
    fn rank(&self, place: u32) -> (Right, Option<&Order>, u32) {
        (self.right, (self.right == Right::Made).then_some(&self.order), place)
    }

    /// Whether both stood under one key in one input. They stay so: what cites them means the first one.
    fn was_twin_of(&self, first: &Self) -> bool {
        self.right != Right::Made && first.right != Right::Made && self.input == first.input
    }
}

/// How a claim was come by; the lower goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// It stands in the file that is edited: it is not changed even where another entry has the same.
    Fixed,
    /// The key stands in an existing output for this very entry: it is not changed.
    Kept,
    /// The entry brought it along.
    Own,
    /// It was made.
    Made,
}

/// What tells an entry's key from the others: nothing, or letters behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Suffix(u32);

impl Suffix {
    /// The letters; empty for a bare key.
    pub fn letters(self) -> String {
        self.0.checked_sub(1).map_or_else(String::new, letters)
    }
}

/// The suffix of each claim, in the order given.
///
/// Keys that differ only in letter case count as one, because BibTeX takes them for one. Entries that shared a key in
/// their input go on sharing it.
pub fn assign(claims: &[Claim], reserved: &KeptKeys) -> Vec<Suffix> {
    let mut suffixes = vec![Suffix::default(); claims.len()];
    let mut order: Vec<u32> = (0..).take(claims.len()).collect();
    let claim = |at: &u32| &claims[*at as usize];
    order.sort_by(|a, b| {
        let (a_claim, b_claim) = (claim(a), claim(b));
        compare(&a_claim.key, &b_claim.key).then_with(|| a_claim.rank(*a).cmp(&b_claim.rank(*b)))
    });
    // Bare keys have the first right, so that no suffix makes a key that another entry is to have.
    let is_bare = |key: &str| order.binary_search_by(|at| compare(&claim(at).key, key)).is_ok();
    let mut taken: HashSet<String> = HashSet::new();
    for group in order.chunk_by(|a, b| claim(a).key.eq_ignore_ascii_case(&claim(b).key)) {
        let first = claim(&group[0]);
        let key = first.key.to_ascii_lowercase();
        // A key that the entry brought along is its own, even where the old output cannot tell so.
        let bare_is_reserved = first.right == Right::Made && reserved.holds(&key);
        let fixed = group.iter().take_while(|at| claim(at).right == Right::Fixed).count();
        let bare = if bare_is_reserved { 0 } else { fixed.max(1) };
        let mut next = 0;
        for at in &group[bare..] {
            if claim(at).was_twin_of(first) {
                continue;
            }
            suffixes[*at as usize] = loop {
                next += 1;
                let candidate = format!("{key}{}", letters(next - 1));
                if !is_bare(&candidate) && !reserved.holds(&candidate) && taken.insert(candidate) {
                    break Suffix(next);
                }
            };
        }
    }
    suffixes
}

/// The order of two keys without regard to letter case. Keys often have a long beginning in common.
fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let common = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let lower = |b: &u8| b.to_ascii_lowercase();
    a[common..].iter().map(lower).cmp(b[common..].iter().map(lower))
}

/// The suffix of a number: a, b … z, aa, ab …
fn letters(mut number: u32) -> String {
    let mut out = Vec::new();
    loop {
        out.push(b"abcdefghijklmnopqrstuvwxyz"[number as usize % 26]);
        if number < 26 {
            break;
        }
        number = number / 26 - 1;
    }
    out.iter().rev().map(|b| char::from(*b)).collect()
}

/// The keys of an existing bibliography, by what their entries are.
#[derive(Clone, Debug, Default)]
pub struct KeptKeys {
    by_identity: HashMap<String, String>,
    keys: HashSet<String>,
    given: HashSet<String>,
}

impl KeptKeys {
    /// Notes the key of an entry; without a key nothing. The first entry of an identity counts.
    pub fn add(&mut self, entry: &Entry) {
        let Some(key) = &entry.key else { return };
        for identity in identities(entry) {
            self.by_identity.entry(identity).or_insert_with(|| key.clone());
        }
        self.keys.insert(key.to_ascii_lowercase());
    }

    /// Keeps words that stand for no entry, such as aliases, from becoming keys.
    pub fn reserve(&mut self, words: impl IntoIterator<Item = String>) {
        self.keys.extend(words.into_iter().map(|word| word.to_ascii_lowercase()));
    }

    /// The keys, in order, that are not among those of an output.
    #[expect(clippy::iter_over_hash_type, reason = "each key goes to its own place, and of several forms the least")]
    pub fn missing_in<'k>(&self, written: impl IntoIterator<Item = &'k str>) -> Vec<String> {
        let written: HashSet<String> = written.into_iter().map(str::to_ascii_lowercase).collect();
        let mut missing: BTreeMap<&str, Option<&str>> =
            self.keys.iter().filter(|key| !written.contains(*key)).map(|key| (key.as_str(), None)).collect();
        if missing.is_empty() {
            return Vec::new();
        }
        for key in self.by_identity.values() {
            if let Some(form) = missing.get_mut(key.to_ascii_lowercase().as_str()) {
                *form = Some(form.map_or(key.as_str(), |form| form.min(key)));
            }
        }
        missing.into_iter().map(|(key, form)| form.unwrap_or(key).to_owned()).collect()
    }

    /// Keeps the keys of another bibliography from being given to new entries.
    pub fn reserve_keys_of(&mut self, other: &Self) {
        self.keys.extend(other.keys.iter().cloned());
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The key that the entry has there; it is handed out once.
    pub fn take(&mut self, entry: &Entry) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        let identities = identities(entry);
        let key = identities.iter().find_map(|identity| self.by_identity.get(identity))?;
        self.given.insert(key.clone()).then(|| key.clone())
    }

    /// Whether a key stands there, in whatever letter case.
    pub fn holds(&self, key: &str) -> bool {
        if key.bytes().any(|b| b.is_ascii_uppercase()) {
            self.keys.contains(&key.to_ascii_lowercase())
        } else {
            self.keys.contains(key)
        }
    }
}

/// What an entry can be recognised by: its arXiv id without version, its DOIs, else its title and first author.
fn identities(entry: &Entry) -> Vec<String> {
    let mut found = identity::strong(entry);
    let title = entry.title().map(|title| folded(&title.to_plain())).filter(|title| !title.is_empty());
    if let Some(title) = title {
        let author = entry.authors().next().map(|name| folded(name.family())).unwrap_or_default();
        found.push(format!("title:{title}/{author}"));
    }
    found
}

fn own_text(entry: &Entry) -> String {
    let title = entry.texts.iter().map(|(_, text)| text.to_plain()).next().unwrap_or_default();
    let mut text = folded(&title);
    text.truncate(80);
    text
}

fn folded(text: &str) -> String {
    fold_to_ascii(text).bytes().filter(u8::is_ascii_alphanumeric).map(|b| char::from(b.to_ascii_lowercase())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ArxivId, Identifier, Kind, Name, Role, Scheme, Text, TextField};

    fn claim(key: &str, right: Right, order: u64) -> Claim {
        Claim { key: key.into(), right, order: Order::Arxiv(order, "".into()), input: 0 }
    }

    fn suffixes_of(claims: &[Claim], kept: &KeptKeys) -> Vec<String> {
        assign(claims, kept).into_iter().map(Suffix::letters).collect()
    }

    fn keyed(key: &str, id: &str) -> Entry {
        let mut entry = Entry::new(Kind::Preprint);
        entry.key = Some(key.to_owned());
        entry.add_id(Identifier::Arxiv(ArxivId::parse(id).unwrap()));
        entry
    }

    #[test]
    fn the_order_of_the_input_does_not_matter() {
        let claims = [claim("x", Right::Made, 3), claim("X", Right::Made, 1), claim("x", Right::Made, 2)];
        assert_eq!(suffixes_of(&claims, &KeptKeys::default()), ["b", "", "a"]);
    }

    #[test]
    fn a_suffix_never_makes_anothers_key() {
        let claims = [claim("x", Right::Made, 1), claim("x", Right::Made, 2), claim("xa", Right::Made, 9)];
        assert_eq!(suffixes_of(&claims, &KeptKeys::default()), ["", "b", ""]);
    }

    #[test]
    fn own_keys_go_before_made_ones() {
        let claims = [claim("x", Right::Made, 1), claim("x", Right::Own, 2)];
        assert_eq!(suffixes_of(&claims, &KeptKeys::default()), ["a", ""]);
    }

    #[test]
    fn keys_of_a_file_that_is_edited_stay() {
        let claims = [claim("x", Right::Fixed, 2), claim("x", Right::Made, 1), claim("X", Right::Fixed, 3)];
        assert_eq!(suffixes_of(&claims, &KeptKeys::default()), ["", "a", ""]);
    }

    #[test]
    fn keys_of_one_input_stay_as_they_were() {
        let from = |input, claim: Claim| Claim { input, ..claim };
        let own = |key, order| claim(key, Right::Own, order);
        let claims = [own("x", 3), own("X", 2), own("x", 1), from(1, own("x", 0)), claim("x", Right::Made, 0)];
        assert_eq!(suffixes_of(&claims, &KeptKeys::default()), ["", "", "", "a", "b"]);
    }

    #[test]
    fn kept_keys_do_not_move() {
        let mut kept = KeptKeys::default();
        kept.add(&keyed("dean2020x", "2001.00009"));
        kept.add(&keyed("dean2020xa", "2001.00008"));
        let first = kept.take(&keyed("", "2001.00009v3")).unwrap();
        assert_eq!(first, "dean2020x");
        assert_eq!(kept.take(&keyed("", "2001.00009")), None, "handed out once");
        let claims = [claim("dean2020x", Right::Made, 1), claim(&first, Right::Kept, 9)];
        assert_eq!(suffixes_of(&claims, &kept), ["b", ""]);
        assert_eq!(suffixes_of(&claims[..1], &kept), ["b"], "the key of an entry that is gone is not given away");
    }

    #[test]
    fn identity_by_doi_and_title() {
        let mut kept = KeptKeys::default();
        kept.add(&keyed("a", "1706.03762"));
        let mut titled = Entry::new(Kind::Misc);
        titled.key = Some("b".to_owned());
        titled.texts.set(TextField::Title, Text::plain("Ein Töst!"));
        titled.people.push((Role::Author, Name::from_display("Jö Dean")));
        kept.add(&titled);
        let mut by_doi = Entry::new(Kind::Misc);
        by_doi.ids.push(Identifier::Other(Scheme::Doi, "10.48550/ARXIV.1706.03762".to_owned()));
        assert_eq!(kept.take(&by_doi).as_deref(), Some("a"));
        titled.texts.set(TextField::Title, Text::plain("ein tost"));
        assert_eq!(kept.take(&titled).as_deref(), Some("b"));
    }

    #[test]
    fn suffixes() {
        let made: Vec<String> = [0, 25, 26, 27, 701, 702].into_iter().map(letters).collect();
        assert_eq!(made, ["a", "z", "aa", "ab", "zz", "aaa"]);
    }
}
