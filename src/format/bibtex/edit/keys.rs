//! Renames citation keys, and what refers to them in other entries: BibTeX's `crossref` (btxdoc, section 3), BibLaTeX's
//! `xref`, `xdata`, `related`, `entryset` and `ids` (manual, section 2.2.3).
//!
//! Must not know how new keys are made.

use super::{Edit, Edits, EntryEditor, Style};
use crate::format::bibtex::REFERENCES;
use crate::format::bibtex::syntax::{Block, BlockKind, Part, RawEntry, RawField, split};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// New keys for the entries of a text.
#[derive(Clone, Debug, Default)]
pub struct Renames {
    /// By the byte at which the entry begins.
    keys: HashMap<usize, String>,
    /// Whether the old keys become aliases.
    as_aliases: bool,
}

impl Renames {
    /// No new keys yet; `as_aliases` puts old keys into the `ids` field, by which biber still finds the entry.
    pub fn new(as_aliases: bool) -> Self {
        Self { keys: HashMap::new(), as_aliases }
    }

    /// Gives the entry that begins at a byte of the text a new key.
    pub fn rename(&mut self, entry_at: usize, key: String) {
        self.keys.insert(entry_at, key);
    }

    /// Whether no key changes.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Adds the changes of the text to those that there are; what they cannot be added to is returned.
    ///
    /// A key that several entries have refers to the first of them, as BibTeX and biber take it.
    pub fn apply<'t>(&self, text: &'t str, edits: &mut Edits) -> Refused<'t> {
        let mut refused = Refused::default();
        if self.is_empty() {
            return refused;
        }
        let names = self.names(text);
        let house = Style::default();
        for block in split(text) {
            let BlockKind::Entry(raw) = &block.kind else { continue };
            let mut changes = references(raw, &names);
            refused.composed.extend(composed(raw).map(|field| (raw.key, field)));
            if let Some(new) = self.keys.get(&block.range.start) {
                match self.key_changes(text, &block, raw, new, &house) {
                    Some(more) => changes.extend(more),
                    None => refused.keys.push(raw.key),
                }
            }
            if !changes.is_empty() && !edits.push_all(changes) {
                refused.keys.push(raw.key);
            }
        }
        refused
    }

    /// What each old key is called now; the first entry of a key decides.
    fn names<'s>(&'s self, text: &'s str) -> Names<'s> {
        let mut names = Names::default();
        for block in split(text) {
            if let BlockKind::Entry(raw) = block.kind {
                let new = self.keys.get(&block.range.start).map_or(raw.key, String::as_str);
                names.exact.entry(raw.key).or_insert(new);
                names.folded.entry(raw.key.to_lowercase()).or_insert((raw.key, new));
            }
        }
        names
    }

    fn key_changes(
        &self,
        text: &str,
        block: &Block<'_>,
        raw: &RawEntry<'_>,
        new: &str,
        house: &Style,
    ) -> Option<Vec<Edit>> {
        let mut editor = EntryEditor::new(text, block, house)?;
        editor.set_key(new);
        if self.as_aliases && !raw.key.is_empty() {
            let old = raw.fields.iter().find(|field| field.name.eq_ignore_ascii_case("ids")).and_then(content);
            let known = old.is_some_and(|old| old.split(',').any(|alias| alias.trim() == raw.key));
            let aliases = old.map_or_else(|| raw.key.to_owned(), |old| format!("{old}, {}", raw.key));
            if !known && !editor.set("ids", &aliases) {
                return None;
            }
        }
        Some(editor.finish())
    }
}

/// What stays as it is.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Refused<'t> {
    /// The old keys of entries that are not closed or are changed otherwise.
    pub keys: Vec<&'t str>,
    /// Entries, and their fields, that may name renamed ones by macros or in pieces.
    pub composed: Vec<(&'t str, &'t str)>,
}

/// Old keys and new ones.
#[derive(Default)]
struct Names<'s> {
    exact: HashMap<&'s str, &'s str>,
    /// By the old key in small letters: BibTeX makes no difference in what refers to an entry.
    folded: HashMap<String, (&'s str, &'s str)>,
}

impl<'s> Names<'s> {
    /// The new key for what refers to an entry; nothing where that keeps its key.
    fn new_name(&self, key: &str) -> Option<&'s str> {
        let (old, new) = match self.exact.get_key_value(key) {
            Some((old, new)) => (*old, *new),
            None => *self.folded.get(&key.to_lowercase())?,
        };
        Some(new).filter(|new| *new != old)
    }
}

/// A text whose entries name others by new keys; `names` has the old ones in small letters.
pub fn renamed_references(text: &str, names: &BTreeMap<String, String>) -> String {
    let folded = names.iter().map(|(old, new)| (old.clone(), (old.as_str(), new.as_str()))).collect();
    let names = Names { exact: HashMap::new(), folded };
    let mut edits = Edits::new();
    for block in split(text) {
        if let BlockKind::Entry(raw) = &block.kind {
            let all = edits.push_all(references(raw, &names));
            debug_assert!(all, "what an entry names stands in fields of its own");
        }
    }
    edits.apply(text)
}

/// The fields of an entry that hold keys.
fn referring<'r, 't>(raw: &'r RawEntry<'t>) -> impl Iterator<Item = &'r RawField<'t>> {
    raw.fields.iter().filter(|field| holds_keys(field))
}

fn holds_keys(field: &RawField<'_>) -> bool {
    REFERENCES.iter().any(|name| field.name.eq_ignore_ascii_case(name))
}

/// Those of them whose value is put together.
fn composed<'r, 't>(raw: &'r RawEntry<'t>) -> impl Iterator<Item = &'t str> + use<'r, 't> {
    referring(raw).filter(|field| content(field).is_none()).map(|field| field.name)
}

/// The changes of what an entry refers to.
fn references(raw: &RawEntry<'_>, names: &Names<'_>) -> Vec<Edit> {
    let mut changes = Vec::new();
    for field in &raw.fields {
        let Some(content) = content(field) else { continue };
        let whole = holds_keys(field).then_some(0..content.len());
        let cited = if whole.is_none() { cited(content) } else { Vec::new() };
        for list in whole.into_iter().chain(cited) {
            let mut at = field.value_at + 1 + list.start;
            for part in content[list].split(',') {
                let key = part.trim();
                if let Some(new) = names.new_name(key) {
                    let start = at + part.len() - part.trim_start().len();
                    changes.push(Edit::replace(start..start + key.len(), new));
                }
                at += part.len() + 1;
            }
        }
    }
    changes
}

/// Where a text holds the keys of citations: `\cite{key}`, `\citep[see][]{one,other}`.
fn cited(text: &str) -> Vec<Range<usize>> {
    const COMMAND: &str = "\\cite";
    let mut lists = Vec::new();
    for (at, _) in text.match_indices(COMMAND) {
        let mut rest = text[at + COMMAND.len()..].trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '*');
        while let Some((_, behind)) = rest.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
            rest = behind;
        }
        let start = text.len() - rest.len() + 1;
        let keys = rest.strip_prefix('{').and_then(|inside| inside.split_once('}')).map(|(keys, _)| keys);
        lists.extend(keys.map(|keys| start..start + keys.len()));
    }
    lists
}

/// The text of a value that is one text between delimiters.
fn content<'t>(field: &RawField<'t>) -> Option<&'t str> {
    match (field.value.first, field.value.rest.is_empty()) {
        (Part::Braced(content) | Part::Quoted(content), true) => Some(content),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(text: &str, keys: &[(&str, &str)], as_aliases: bool) -> String {
        let mut renames = Renames::new(as_aliases);
        for (old, new) in keys {
            let at = text.find(&format!("{{{old},")).unwrap();
            renames.rename(text[..at].rfind('@').unwrap(), (*new).to_owned());
        }
        let mut edits = Edits::new();
        assert_eq!(renames.apply(text, &mut edits), Refused::default());
        edits.apply(text)
    }

    #[test]
    fn references_in_pieces_are_named() {
        let mut renames = Renames::new(false);
        renames.rename(0, "A".to_owned());
        let text = "@misc{a, t={1}}@misc{b, related=\"a\" # \",x\", crossref=macro}";
        let refused = renames.apply(text, &mut Edits::new());
        assert_eq!(refused.composed, [("b", "related"), ("b", "crossref")]);
    }

    #[test]
    fn references_follow_their_keys() {
        let text =
            "@book{a, title = {a}}\n@inbook{b, crossref = {a}, related=\"x, a ,b\"}\n@set{s, entryset = {a,b}}\n% a\n";
        let expected =
            "@book{A, title = {a}}\n@inbook{B, crossref = {A}, related=\"x, A ,B\"}\n@set{s, entryset = {A,B}}\n% a\n";
        assert_eq!(renamed(text, &[("a", "A"), ("b", "B")], false), expected);
    }

    #[test]
    fn citations_follow_their_keys() {
        let text =
            "@book{a, t={1}}@misc{b, note = {A reply to \\citep[see][p.~1]{x, a} and \\cite*{a}, not \\cite[{a}}}";
        let expected =
            "@book{A, t={1}}@misc{b, note = {A reply to \\citep[see][p.~1]{x, A} and \\cite*{A}, not \\cite[{a}}}";
        assert_eq!(renamed(text, &[("a", "A")], false), expected);
    }

    #[test]
    fn references_follow_whatever_their_case() {
        let text = "@book{Knuth, t={1}}@misc{b, crossref={KNUTH}}@misc{c, xdata={other}}";
        let expected = "@book{knuth1973, t={1}}@misc{b, crossref={knuth1973}}@misc{c, xdata={other}}";
        assert_eq!(renamed(text, &[("Knuth", "knuth1973")], false), expected);
    }

    #[test]
    fn keys_may_change_places() {
        let text = "@misc{a, t={1}}@misc{b, crossref={a}, ids={x}}";
        assert_eq!(renamed(text, &[("a", "b"), ("b", "a")], false), "@misc{b, t={1}}@misc{a, crossref={b}, ids={x}}");
    }

    #[test]
    fn old_keys_as_aliases() {
        let text = "@misc{a, t={1}}\n@misc{b,\n  ids = {x},\n}";
        assert_eq!(
            renamed(text, &[("a", "A"), ("b", "B")], true),
            "@misc{A, t={1}, ids={a}}\n@misc{B,\n  ids = {x, b},\n}"
        );
    }
}
