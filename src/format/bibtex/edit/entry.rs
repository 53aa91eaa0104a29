//! Changes of one entry: its type, its key, its fields.

use super::Edit;
use super::style::{Style, value_in};
use crate::diagnostic::Rule;
use crate::format::bibtex::syntax::{Block, BlockKind, Part, RawEntry, RawField};
use std::collections::BTreeMap;
use std::ops::Range;

/// Gathers the changes of one entry. Fields are named without regard to case; of several with one name the first is meant.
#[derive(Clone, Debug)]
pub struct EntryEditor<'t> {
    text: &'t str,
    end: usize,
    raw: &'t RawEntry<'t>,
    word: Option<String>,
    key: Option<String>,
    /// New values, names and removals by the field's place.
    fields: BTreeMap<usize, Change>,
    added: Vec<(String, String)>,
    style: Style,
}

/// What becomes of a field.
#[derive(Clone, Debug, Default)]
struct Change {
    name: Option<String>,
    value: Option<String>,
    removed: bool,
}

impl<'t> EntryEditor<'t> {
    /// An editor of the entry that a block of `text` is, new fields in its style, which is the file's (`house`) where the
    /// entry has none. Nothing for what is no entry, and for an entry that is not closed: nobody knows where it ends.
    pub fn new(text: &'t str, block: &'t Block<'t>, house: &Style) -> Option<Self> {
        let BlockKind::Entry(raw) = &block.kind else { return None };
        if block.faults.iter().any(|fault| fault.rule == Rule::UnclosedEntry) {
            return None;
        }
        Some(Self {
            text,
            end: block.range.end,
            raw,
            word: None,
            key: None,
            fields: BTreeMap::new(),
            added: Vec::new(),
            style: Style::of_entry(text, block, raw, house),
        })
    }

    /// The entry as it stands in the text.
    pub const fn raw(&self) -> &'t RawEntry<'t> {
        self.raw
    }

    /// Sets the entry type.
    pub fn set_type(&mut self, word: &str) {
        self.word = Some(word.to_owned());
    }

    /// Sets the citation key.
    pub fn set_key(&mut self, key: &str) {
        self.key = Some(key.to_owned());
    }

    /// Sets a field to a text, which is put between delimiters; it is added at the end where there is none of that name.
    /// A text whose braces are not balanced is refused: `false`.
    #[must_use = "a value with unbalanced braces is refused"]
    pub fn set(&mut self, name: &str, content: &str) -> bool {
        if !crate::format::bibtex::write::is_balanced(content) {
            return false;
        }
        let value = match self.place_of(name) {
            Some(at) => self.like_old(at, content),
            None => self.style.delimited(content),
        };
        self.set_expression(name, &value);
        true
    }

    /// Sets a field to a value as it stands in a file: a name of a month or of a definition, parts joined by `#`, or a
    /// text with its delimiters.
    pub fn set_expression(&mut self, name: &str, value: &str) {
        match self.place_of(name) {
            Some(at) => self.change(at).value = Some(value.to_owned()),
            None => match self.added.iter_mut().find(|(added, _)| added.eq_ignore_ascii_case(name)) {
                Some((_, old)) => value.clone_into(old),
                None => self.added.push((name.to_owned(), value.to_owned())),
            },
        }
    }

    /// Sets a field, under the name that it is to have if it is new, to the value that another entry's field has.
    pub(in crate::format::bibtex) fn set_from(&mut self, name: &str, printed: &str, field: &RawField<'_>) {
        let content = match (field.value.first, field.value.rest.is_empty()) {
            (Part::Braced(content) | Part::Quoted(content), true) => Some(content),
            _ => None,
        };
        let value = match (self.place_of(name), content) {
            (Some(at), Some(content)) => self.like_old(at, content),
            _ => value_in(printed, field, &self.style),
        };
        self.set_expression(name, &value);
    }

    /// Takes a field out, with its comma and, where it stands alone, its lines.
    pub fn remove(&mut self, name: &str) {
        if let Some(at) = self.place_of(name) {
            self.remove_at(at);
        }
        self.added.retain(|(added, _)| !added.eq_ignore_ascii_case(name));
    }

    /// Takes out the field at a place in the entry: for fields that stand there twice.
    pub fn remove_at(&mut self, at: usize) {
        self.change(at).removed = true;
    }

    /// Gives a field another name; its value stays.
    pub fn rename(&mut self, name: &str, new: &str) {
        if let Some(at) = self.place_of(name) {
            self.change(at).name = Some(new.to_owned());
        }
    }

    /// The changes.
    pub fn finish(self) -> Vec<Edit> {
        let mut edits = Vec::new();
        if let Some(word) = &self.word
            && let Some(at) = self.text[..self.raw.key_range.start].rfind(self.raw.word)
        {
            edits.push(Edit::replace(at..at + self.raw.word.len(), self.style.type_word(word)));
        }
        edits.extend(self.key.as_ref().map(|key| self.key_edit(key)));
        self.field_edits(&mut edits);
        self.removals(&mut edits);
        self.additions(&mut edits);
        edits
    }

    fn place_of(&self, name: &str) -> Option<usize> {
        self.raw.fields.iter().position(|field| field.name.eq_ignore_ascii_case(name))
    }

    fn change(&mut self, at: usize) -> &mut Change {
        self.fields.entry(at).or_default()
    }

    /// A text between the delimiters that the field's old value has.
    fn like_old(&self, at: usize, content: &str) -> String {
        let quotes = matches!(self.raw.fields.get(at).map(|field| field.value.first), Some(Part::Quoted(_)));
        let bare = matches!(self.raw.fields.get(at).map(|field| field.value.first), Some(Part::Number(_)));
        self.style.with_delimiters(quotes, bare).delimited(content)
    }

    fn key_edit(&self, key: &str) -> Edit {
        let has_place = !self.raw.key.is_empty() || self.text[self.raw.key_range.end..].starts_with(',');
        let new = if has_place { key.to_owned() } else { format!("{key}, ") };
        Edit::replace(self.raw.key_range.clone(), new)
    }

    fn field_edits(&self, edits: &mut Vec<Edit>) {
        for (at, change) in &self.fields {
            let Some(field) = self.raw.fields.get(*at).filter(|_| !change.removed) else { continue };
            if let Some(name) = &change.name {
                edits.push(Edit::replace(field.range.start..field.range.start + field.name.len(), name));
            }
            if let Some(value) = &change.value {
                edits.push(Edit::replace(field.value_at..field.range.end, value));
            }
        }
    }

    fn removals(&self, edits: &mut Vec<Edit>) {
        let mut end = 0;
        for (at, _) in self.fields.iter().filter(|(_, change)| change.removed) {
            let Some(field) = self.raw.fields.get(*at) else { continue };
            let range = self.removal(field);
            edits.push(Edit::delete(range.start.max(end)..range.end));
            end = range.end;
        }
    }

    /// The bytes that go with a field.
    fn removal(&self, field: &RawField<'_>) -> Range<usize> {
        let is_blank = |b: &u8| matches!(b, b' ' | b'\t');
        let bytes = &self.text.as_bytes()[..self.end];
        let (start, end) = (field.range.start, field.range.end);
        let comma = end + bytes[end..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        if bytes.get(comma) != Some(&b',') {
            // Without a comma behind it, it takes the one before it along.
            let Some(before) = self.text[..start].trim_end().strip_suffix(',') else { return start..end };
            let line = before.trim_end_matches([' ', '\t']);
            let begins_line = line.ends_with(['\n', '\r']);
            return if begins_line { line.trim_end().len() } else { before.len() }..end;
        }
        let line = start - bytes[..start].iter().rev().take_while(|b| is_blank(b)).count();
        let behind = comma + 1 + bytes[comma + 1..].iter().take_while(|b| is_blank(b)).count();
        let starts_line = line > 0 && matches!(bytes[line - 1], b'\n' | b'\r');
        let newline = match bytes.get(behind..) {
            Some([b'\r', b'\n', ..]) => 2,
            Some([b'\r' | b'\n', ..]) => 1,
            _ => 0,
        };
        match (starts_line, newline) {
            (true, 1..) => line..behind + newline,
            (true, _) | (false, 1..) => start..comma + 1,
            (false, _) => start..behind,
        }
    }

    fn additions(&self, edits: &mut Vec<Edit>) {
        if self.added.is_empty() {
            return;
        }
        let is_kept = |at: &usize| !self.fields.get(at).is_some_and(|change| change.removed);
        let last = (0..self.raw.fields.len()).rev().find(is_kept).map(|at| self.raw.fields[at].range.end);
        match last {
            Some(end) => self.add_behind(end, edits),
            None => self.add_first(edits),
        }
    }

    /// New fields behind the last one that stays, and behind the remark on its line.
    fn add_behind(&self, end: usize, edits: &mut Vec<Edit>) {
        let mut new = String::new();
        for (name, value) in &self.added {
            self.style.push_field(&self.style.separator, name, value, &mut new);
        }
        let rest = &self.text[end..self.end];
        let line = rest.split(['\n', '\r']).next().unwrap_or_default();
        let behind = line.trim_start();
        let has_comma = behind.starts_with(',');
        if !behind.trim_start_matches(',').trim_start().starts_with('%') {
            edits.push(Edit::insert(end, new));
            return;
        }
        // The comma of the separator goes to the other side of the remark.
        let mut new = new.replacen(',', "", 1);
        if has_comma {
            new.push(',');
        } else {
            edits.push(Edit::insert(end, ","));
        }
        edits.push(Edit::insert(end + line.len(), new));
    }

    /// New fields of an entry that has none.
    fn add_first(&self, edits: &mut Vec<Edit>) {
        let key_end = self.raw.key_range.end;
        let rest = &self.text[key_end..self.end];
        let comma = rest.len() - rest.trim_start().len();
        let has_comma = rest[comma..].starts_with(',');
        let mut new = String::new();
        let mut lead = self.style.opening.as_str();
        for (name, value) in &self.added {
            self.style.push_field(lead, name, value, &mut new);
            lead = &self.style.separator;
        }
        if self.style.trailing_comma {
            new.push(',');
        }
        if rest[comma..].trim_start_matches(',').starts_with(['}', ')']) {
            new.push_str(&self.style.closing);
        }
        if has_comma {
            edits.push(Edit::insert(key_end + comma + 1, new.replacen(',', "", 1)));
        } else {
            edits.push(Edit::insert(key_end, new));
        }
    }
}

/// The bytes of a block with the blank lines and the line end behind it: what goes when an entry is taken out.
pub fn removal_of_block(text: &str, block: Range<usize>) -> Range<usize> {
    let rest = &text[block.end..];
    let blank = rest.len() - rest.trim_start().len();
    let blanks = &rest[..blank];
    let starts_line = block.start == 0 || text[..block.start].ends_with(['\n', '\r']);
    let ends_line = blanks.contains(['\n', '\r']) || blank == rest.len();
    if starts_line && ends_line {
        // The indentation of what follows stays.
        let end = blanks.rfind(['\n', '\r']).map_or(blank, |at| at + 1);
        return block.start..block.end + end;
    }
    block
}

#[cfg(test)]
mod tests {
    use super::super::Edits;
    use super::*;
    use crate::format::bibtex::syntax::split;

    fn edit(text: &str, change: impl FnOnce(&mut EntryEditor<'_>)) -> String {
        let block = split(text).find(|block| matches!(block.kind, BlockKind::Entry(_))).unwrap();
        let mut editor = EntryEditor::new(text, &block, &Style::default()).unwrap();
        change(&mut editor);
        let mut edits = Edits::new();
        assert!(edits.push_all(editor.finish()), "{text}");
        edits.apply(text)
    }

    #[test]
    fn fields_are_set_in_their_own_style() {
        let check = |text: &str, expected: &str| {
            let set = |editor: &mut EntryEditor<'_>| {
                assert!(editor.set("year", "2020") && editor.set("doi", "10.1/x"));
                editor.set_expression("month", "jun");
            };
            assert_eq!(edit(text, set), expected, "{text}");
        };
        check(
            "% c\n@misc{k,\n  year = {1999},\n}\n",
            "% c\n@misc{k,\n  year = {2020},\n  doi = {10.1/x},\n  month = jun,\n}\n",
        );
        check("@misc{k,\n  YEAR= 1999\n}", "@misc{k,\n  YEAR= 2020,\n  DOI= {10.1/x},\n  MONTH= jun\n}");
        check("@misc{k, year=\"1999\"}", "@misc{k, year=\"2020\", doi=\"10.1/x\", month=jun}");
        check("@misc{k}", "@misc{k,\n  year = {2020},\n  doi = {10.1/x},\n  month = jun,\n}");
        check("@misc(k,\n)", "@misc(k,\n  year = {2020},\n  doi = {10.1/x},\n  month = jun,\n)");
        check(
            "@misc{k,\n  year = {1999} % old\n}",
            "@misc{k,\n  year = {2020}, % old\n  doi = {10.1/x},\n  month = jun\n}",
        );
        check(
            "@misc{k,\n  year = {1999}, % old\n}",
            "@misc{k,\n  year = {2020}, % old\n  doi = {10.1/x},\n  month = jun,\n}",
        );
    }

    #[test]
    fn fields_are_taken_out_with_their_lines() {
        let check = |text: &str, names: &[&str], expected: &str| {
            assert_eq!(edit(text, |editor| names.iter().for_each(|name| editor.remove(name))), expected, "{text}");
        };
        let lines = "@misc{k,\n  a = {1},\n  b = {2}, % remark\n  c = {3}\n}";
        check(lines, &["a"], "@misc{k,\n  b = {2}, % remark\n  c = {3}\n}");
        check(lines, &["b"], "@misc{k,\n  a = {1},\n   % remark\n  c = {3}\n}");
        check("@misc{k,\n  a = {1},\n  c = {3}\n}", &["c"], "@misc{k,\n  a = {1}\n}");
        check("@misc{k,\n  a = {1},\n  c = {3}\n}", &["a", "c"], "@misc{k,\n\n}");
        check("@misc{k, a={1}, b={2}, c={3}}", &["a"], "@misc{k, b={2}, c={3}}");
        check("@misc{k, a={1}, b={2}, c={3}}", &["b", "c"], "@misc{k, a={1}, }");
        check("@misc{k\n, a = {1}\n, b = {2}\n}", &["b"], "@misc{k\n, a = {1}\n}");
    }

    #[test]
    fn types_keys_and_names() {
        let all = |editor: &mut EntryEditor<'_>| {
            editor.set_type("misc");
            editor.set_key("new");
            editor.rename("journal", "journaltitle");
            editor.remove("volume");
            assert!(editor.set("doi", "x"));
            assert!(!editor.set("note", "}"), "unbalanced");
        };
        assert_eq!(edit("@Article{old, journal = {x}, volume = 3}", all), "@Misc{new, journaltitle = {x}, doi = {x}}");
        assert_eq!(edit("@misc{title = {x}}", |editor| editor.set_key("k")), "@misc{k, title = {x}}");
        assert_eq!(edit("@misc{, title = {x}}", |editor| editor.set_key("k")), "@misc{k, title = {x}}");
    }

    #[test]
    fn an_entry_that_is_not_closed_is_left_alone() {
        let block = split("@misc{a, t={x},\n").next().unwrap();
        assert!(EntryEditor::new("@misc{a, t={x},\n", &block, &Style::default()).is_none());
    }

    #[test]
    fn blocks_go_with_their_lines() {
        let text = "@misc{a}\n\n@misc{b}\n  @misc{c} x";
        assert_eq!(removal_of_block(text, 0..8), 0..10);
        assert_eq!(removal_of_block(text, 10..18), 10..19);
        assert_eq!(removal_of_block(text, 21..29), 21..29);
    }
}
