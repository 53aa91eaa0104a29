//! Edits a `.bib` file in place: each change is a byte range of the text and what stands there instead, so that every
//! byte that nobody asked for stays.
//!
//! [`Edits`] gathers the changes of one text. [`EntryEditor`] makes those of one entry, in the entry's own [`Style`].
//! [`Renames`] renames keys and what refers to them; [`complete`] tells what to change when more is known of an entry, and
//! alone asks what a field means. Nothing here prints a whole file.

mod complete;
mod entry;
mod keys;
mod style;

pub use complete::{Form, complete};
pub use entry::{EntryEditor, removal_of_block};
pub use keys::{Refused, Renames, renamed_references};
pub use style::{Style, newline_of, restyled};

use std::ops::Range;

/// One change of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go; empty where something is put in.
    pub range: Range<usize>,
    /// What stands there instead.
    pub new: String,
}

impl Edit {
    /// Puts `new` in the place of a range.
    pub fn replace(range: Range<usize>, new: impl Into<String>) -> Self {
        Self { range, new: new.into() }
    }

    /// Puts `new` in before the byte `at`.
    pub fn insert(at: usize, new: impl Into<String>) -> Self {
        Self::replace(at..at, new)
    }

    /// Takes a range out.
    pub fn delete(range: Range<usize>) -> Self {
        Self::replace(range, "")
    }
}

/// Changes of one text that do not overlap, in the order of their places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    edits: Vec<Edit>,
}

impl Edits {
    /// No changes.
    pub const fn new() -> Self {
        Self { edits: Vec::new() }
    }

    /// Takes a change; what is put in twice at one place stands in the order in which it came. A change that overlaps
    /// one that has been taken is refused: `false`.
    #[must_use = "a change that overlaps another is refused"]
    pub fn push(&mut self, edit: Edit) -> bool {
        let Some(at) = self.place_for(&edit) else { return false };
        self.edits.insert(at, edit);
        true
    }

    /// Takes changes that belong together: all, or, when one overlaps another or what has been taken, none: `false`.
    #[must_use = "changes that overlap others are refused"]
    pub fn push_all(&mut self, edits: impl IntoIterator<Item = Edit>) -> bool {
        let mut together = Self::new();
        let fit = edits.into_iter().all(|edit| self.place_for(&edit).is_some() && together.push(edit));
        if fit {
            for edit in together.edits {
                let at = self.place_for(&edit).unwrap_or(self.edits.len());
                self.edits.insert(at, edit);
            }
        }
        fit
    }

    /// Where a change goes among the others; nowhere when it overlaps one of them.
    fn place_for(&self, edit: &Edit) -> Option<usize> {
        let place = |edit: &Edit| (edit.range.start, edit.range.end);
        let at = self.edits.partition_point(|other| place(other) <= place(edit));
        let before = at.checked_sub(1).and_then(|at| self.edits.get(at));
        let reaches_in = before.is_some_and(|before| before.range.end > edit.range.start);
        let reaches_out = self.edits.get(at).is_some_and(|next| next.range.start < edit.range.end);
        (!reaches_in && !reaches_out).then_some(at)
    }

    /// Whether nothing is left of a range of the text.
    pub fn removes(&self, range: &Range<usize>) -> bool {
        let at = self.edits.partition_point(|edit| edit.range.start <= range.start);
        let last = at.checked_sub(1).and_then(|at| self.edits.get(at));
        last.is_some_and(|edit| edit.new.is_empty() && range.end <= edit.range.end && !range.is_empty())
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The changes in order.
    pub fn iter(&self) -> impl Iterator<Item = &Edit> {
        self.edits.iter()
    }

    /// What comes out of a range of the text of that length: the parts between the changes, and what they put in. Only
    /// changes that lie within the range count; one that puts something in at its end belongs to what follows, unless
    /// the text ends there.
    pub fn pieces(&self, range: Range<usize>, text_length: usize) -> Vec<Piece<'_>> {
        let first = self.edits.partition_point(|edit| edit.range.start < range.start);
        let is_within =
            |edit: &&Edit| edit.range.end <= range.end && (edit.range.start < range.end || range.end == text_length);
        let mut pieces = Vec::new();
        let mut at = range.start;
        for edit in self.edits[first..].iter().take_while(is_within) {
            pieces.push(Piece::Kept(at..edit.range.start));
            pieces.push(Piece::New(&edit.new));
            at = edit.range.end;
        }
        pieces.push(Piece::Kept(at..range.end));
        pieces
    }

    /// The changed text.
    pub fn apply(&self, text: &str) -> String {
        let pieces = self.pieces(0..text.len(), text.len());
        pieces
            .iter()
            .map(|piece| match piece {
                Piece::Kept(range) => &text[range.clone()],
                Piece::New(new) => new,
            })
            .collect()
    }
}

/// A piece of a changed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'e> {
    /// Bytes of the old text.
    Kept(Range<usize>),
    /// What was put in.
    New(&'e str),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_do_not_overlap() {
        let mut edits = Edits::new();
        assert!(edits.push(Edit::replace(2..4, "XY")));
        assert!(edits.push(Edit::insert(2, "<")));
        assert!(edits.push(Edit::insert(4, ">")));
        assert!(edits.push(Edit::insert(4, "!")));
        assert!(!edits.push(Edit::insert(3, "?")), "inside of what is replaced");
        assert!(!edits.push(Edit::delete(3..6)));
        assert!(!edits.push(Edit::delete(0..3)));
        assert!(edits.push(Edit::delete(4..5)), "{edits:?}");
        assert_eq!(edits.apply("abcdefg"), "ab<XY>!fg");
        assert!(!edits.push_all([Edit::insert(0, "a"), Edit::insert(3, "b")]), "all or none");
        assert_eq!(edits.apply("abcdefg"), "ab<XY>!fg");
        assert_eq!(edits.pieces(0..2, 7), [Piece::Kept(0..2)]);
        assert_eq!(edits.pieces(5..7, 7), [Piece::Kept(5..7)]);
    }
}
