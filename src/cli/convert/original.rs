//! A `.bib` input whose text is kept: what stands between its entries always, and the entries themselves where the output
//! is of the same dialect. It is changed by edits, nothing is printed anew that nobody asked for.

use crate::format::bibtex::edit::{
    Edit, Edits, EntryEditor, Form, Piece, Renames, Style, complete, newline_of, removal_of_block, restyled,
};
use crate::format::bibtex::{BlockKind, split};
use crate::format::{Decoded, Format, WriteOptions};
use crate::model::Entry;
use crate::source::Span;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

/// A text, and what is to become of it.
#[derive(Debug)]
pub(super) struct Original {
    decoded: Arc<Decoded>,
    format: Format,
    /// Whether entries stay as they are written; else they are printed anew, each in its place.
    pub(super) keeps_entries: bool,
    edits: Edits,
    house: OnceCell<Style>,
    newline: OnceCell<&'static str>,
    pub(super) changed: u64,
    pub(super) taken_out: u64,
}

/// Whether an entry could be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Changed {
    /// Nothing had to be.
    No,
    /// It was.
    Yes,
    /// It is not closed, so that nobody knows where it ends.
    Refused,
}

impl Original {
    pub(super) fn new(decoded: Arc<Decoded>, format: Format, keeps_entries: bool) -> Self {
        Self {
            decoded,
            format,
            keeps_entries,
            edits: Edits::new(),
            house: OnceCell::new(),
            newline: OnceCell::new(),
            changed: 0,
            taken_out: 0,
        }
    }

    pub(super) fn decoded(&self) -> &Decoded {
        &self.decoded
    }

    /// How the file is laid out.
    pub(super) fn house(&self) -> &Style {
        self.house.get_or_init(|| Style::of_file(&self.decoded.text))
    }

    /// The options by which new values are printed, so that they can stand in the text.
    pub(super) fn options(&self, options: &WriteOptions) -> WriteOptions {
        WriteOptions { ascii: options.ascii || self.decoded.wants_ascii(), ..options.clone() }
    }

    /// Makes the entry at a place say what is now known of it.
    pub(super) fn complete(
        &mut self,
        at: &Range<usize>,
        before: &Entry,
        after: &Entry,
        options: &WriteOptions,
        form: Form,
    ) -> Changed {
        let options = self.options(options);
        let Some(edits) = self.change(at, |editor, format| complete(editor, before, after, format, &options, form))
        else {
            return Changed::Refused;
        };
        if edits.is_empty() {
            Changed::No
        } else if self.edits.push_all(edits) {
            self.changed += 1;
            Changed::Yes
        } else {
            Changed::Refused
        }
    }

    /// The changes of the entry at a place; nothing where it cannot be changed.
    fn change(&self, at: &Range<usize>, change: impl FnOnce(&mut EntryEditor<'_>, Format)) -> Option<Vec<Edit>> {
        let text = &self.decoded.text[at.clone()];
        let block = split(text).next().filter(|block| block.range.end == text.len())?;
        // A style that the entry shows itself costs no look at the whole file.
        let is_telling = matches!(&block.kind, BlockKind::Entry(raw) if raw.fields.len() > 1);
        let own = Style::default();
        let mut editor = EntryEditor::new(text, &block, if is_telling { &own } else { self.house() })?;
        change(&mut editor, self.format);
        let shifted =
            |edit: Edit| Edit { range: edit.range.start + at.start..edit.range.end + at.start, new: edit.new };
        Some(editor.finish().into_iter().map(shifted).collect())
    }

    /// Whether the entry at a place can be changed: it is closed.
    pub(super) fn can_change(&self, at: &Range<usize>) -> bool {
        self.change(at, |_, _| {}).is_some()
    }

    /// Takes an entry out, whose work another one stands for.
    pub(super) fn take_out(&mut self, at: &Range<usize>) {
        let range = removal_of_block(&self.decoded.text, at.clone());
        self.taken_out += u64::from(self.edits.push(Edit::delete(range)));
    }

    /// Whether the entry at a place was taken out.
    pub(super) fn takes_out(&self, at: &Range<usize>) -> bool {
        self.edits.removes(at)
    }

    /// Renames keys, and what refers to them; adds what could not be changed.
    pub(super) fn rename(&mut self, renames: &Renames, unrenamed: &mut Unrenamed) {
        let refused = renames.apply(&self.decoded.text, &mut self.edits);
        unrenamed.keys.extend(refused.keys.into_iter().map(str::to_owned));
        let composed = refused.composed.into_iter().map(|(key, field)| (key.to_owned(), field.to_owned()));
        unrenamed.composed.extend(composed);
    }

    /// A newly printed entry as it looks in this file, and the byte behind its key.
    pub(super) fn restyled(&self, printed: &str) -> (String, Option<usize>) {
        restyled(printed, self.house())
    }

    /// A newly printed text with this file's line ends.
    pub(super) fn with_newlines<'p>(&self, printed: &'p str) -> Cow<'p, str> {
        match *self.newline.get_or_init(|| newline_of(&self.decoded.text)) {
            "\n" => printed.into(),
            newline => printed.replace('\n', newline).into(),
        }
    }

    /// What comes out of a part of the text.
    pub(super) fn pieces(&self, range: Range<usize>) -> Vec<Piece<'_>> {
        self.edits.pieces(range, self.decoded.text.len())
    }

    /// The bytes of an entry that was read.
    pub(super) fn place(&self, span: Option<Span>) -> Option<Range<usize>> {
        let span = span?;
        let start = usize::try_from(span.start).ok()?;
        let end = start.checked_add(usize::try_from(span.len).ok()?)?;
        self.decoded.text.get(start..end).map(|_| start..end)
    }
}

/// What stays as it is when keys are renamed.
#[derive(Debug, Default)]
pub(super) struct Unrenamed {
    /// The old keys of entries that could not be changed.
    pub(super) keys: Vec<String>,
    /// Entries, and their fields, that may name renamed ones by macros or in pieces.
    pub(super) composed: Vec<(String, String)>,
}

/// Names of definitions and aliases of keys, in lower case: what no new key may be.
pub(in crate::cli) fn words_taken(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for block in split(text) {
        match block.kind {
            BlockKind::Strings(definitions) => words.extend(definitions.iter().map(|field| field.name.to_lowercase())),
            BlockKind::Entry(raw) => {
                let ids = raw.fields.iter().filter(|field| field.name.eq_ignore_ascii_case("ids"));
                let aliases = ids.flat_map(|field| text[field.value_at..field.range.end].split(['{', '}', '"', ',']));
                words.extend(aliases.map(|alias| alias.trim().to_lowercase()).filter(|alias| !alias.is_empty()));
            }
            BlockKind::Preamble | BlockKind::Comment | BlockKind::Text | BlockKind::Failed => {}
        }
    }
    words
}
