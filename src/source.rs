//! Where values come from: inputs, places in them, and the origin of every field, kept beside the entry.
//!
//! A [`Span`] carries its line and column, so that a diagnostic can be printed when the input is long gone. Knows the
//! model's field names and nothing of formats.

use crate::model::FieldName;
use std::borrow::Cow;

/// Names one input of a run, in the order in which they were given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub u32);

/// A place in an input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Which input.
    pub source: SourceId,
    /// First byte, counted in the decoded text.
    pub start: u64,
    /// Length in bytes.
    pub len: u32,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Read from the input.
    Read {
        /// Where.
        span: Span,
        /// The source had cut it off.
        cut: bool,
    },
    /// Taken from a catalog record.
    Catalog {
        /// The record's identifier.
        record: String,
    },
    /// Computed from other fields; the words say how.
    Derived(&'static str),
}

impl Origin {
    /// A whole value read at `span`.
    pub const fn read(span: Span) -> Self {
        Self::Read { span, cut: false }
    }

    /// Where it was read, if it was.
    pub const fn span(&self) -> Option<Span> {
        match self {
            Self::Read { span, .. } => Some(*span),
            Self::Catalog { .. } | Self::Derived(_) => None,
        }
    }

    /// Whether the value was cut off at its source.
    pub const fn is_cut(&self) -> bool {
        matches!(self, Self::Read { cut: true, .. })
    }
}

/// The origin of each field of one entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    rows: Vec<(FieldName, Origin)>,
    /// Those of foreign values, by their number: an entry may have many.
    foreign: Vec<Option<Origin>>,
}

impl Origins {
    /// No origins.
    pub const fn new() -> Self {
        Self { rows: Vec::new(), foreign: Vec::new() }
    }

    /// No origins yet, and place for so many.
    pub fn with_capacity(fields: usize) -> Self {
        Self { rows: Vec::with_capacity(fields), foreign: Vec::new() }
    }

    /// Notes where a field came from; what was noted before is replaced.
    pub fn set(&mut self, field: FieldName, origin: Origin) {
        if let FieldName::Foreign(at) = field {
            if self.foreign.len() <= at {
                self.foreign.resize(at + 1, None);
            }
            self.foreign[at] = Some(origin);
            return;
        }
        match self.rows.iter_mut().find(|(name, _)| *name == field) {
            Some(row) => row.1 = origin,
            None => self.rows.push((field, origin)),
        }
    }

    /// Where a field came from.
    pub fn get(&self, field: FieldName) -> Option<&Origin> {
        match field {
            FieldName::Foreign(at) => self.foreign.get(at)?.as_ref(),
            _ => self.rows.iter().find(|(name, _)| *name == field).map(|(_, origin)| origin),
        }
    }

    /// Gives back the memory that was kept for more.
    pub fn shrink_to_fit(&mut self) {
        self.rows.shrink_to_fit();
        self.foreign.shrink_to_fit();
    }

    /// Forgets a field.
    pub fn remove(&mut self, field: FieldName) {
        match field {
            FieldName::Foreign(at) => drop(self.foreign.get_mut(at).and_then(Option::take)),
            _ => self.rows.retain(|(name, _)| *name != field),
        }
    }

    /// Fields and origins in the order noted, foreign values last.
    pub fn iter(&self) -> impl Iterator<Item = (FieldName, &Origin)> {
        let foreign = self.foreign.iter().enumerate();
        let foreign = foreign.filter_map(|(at, origin)| Some((FieldName::Foreign(at), origin.as_ref()?)));
        self.rows.iter().map(|(field, origin)| (*field, origin)).chain(foreign)
    }

    /// Whether the field was cut off at its source.
    pub fn is_cut(&self, field: FieldName) -> bool {
        self.get(field).is_some_and(Origin::is_cut)
    }
}

/// Finds line and column of byte offsets in one decoded text; offsets may be asked in any order, from any thread.
#[derive(Debug)]
pub struct LineIndex<'t> {
    source: SourceId,
    text: &'t str,
    /// Where the lines start. No text is longer than 4 GiB.
    line_starts: Vec<u32>,
    /// For each multiple of [`STRIDE`], what lies before it: a line is then found among few, and a column far out in a
    /// line (a file of one line) costs no walk over the line.
    marks: Vec<Mark>,
}

/// What lies before a place in a text.
#[derive(Clone, Copy, Debug)]
struct Mark {
    /// How many lines start at or before it.
    lines: u32,
    /// How many characters begin before it.
    characters: u32,
}

/// How many bytes lie between two marks.
const STRIDE: usize = 1024;

impl<'t> LineIndex<'t> {
    /// Indexes the lines of a text; LF, CRLF and lone CR end a line.
    pub fn new(source: SourceId, text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let mut line_starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                line_starts.push(number(at + 1));
            }
        }
        let mut marks = Vec::with_capacity(bytes.len() / STRIDE + 2);
        let (mut lines, mut characters) = (0, 0);
        for place in 0..=bytes.len() / STRIDE {
            let start = place * STRIDE;
            lines += line_starts[lines..].iter().take_while(|line| **line as usize <= start).count();
            marks.push(Mark { lines: number(lines), characters: number(characters) });
            characters += count_characters(&bytes[start..(start + STRIDE).min(bytes.len())]);
        }
        Self { source, text, line_starts, marks }
    }

    /// How many characters begin in a range.
    fn characters(&self, range: std::ops::Range<usize>) -> usize {
        let bytes = self.text.as_bytes();
        if range.len() <= STRIDE {
            return count_characters(&bytes[range]);
        }
        let before =
            |at: usize| self.marks[at / STRIDE].characters as usize + count_characters(&bytes[at - at % STRIDE..at]);
        before(range.end) - before(range.start)
    }

    /// The span of a byte range.
    pub fn span(&self, range: std::ops::Range<usize>) -> Span {
        let start = range.start.min(self.text.len());
        let from = self.marks[start / STRIDE].lines as usize;
        let to = self.marks.get(start / STRIDE + 1).map_or(self.line_starts.len(), |mark| mark.lines as usize);
        let line = from + self.line_starts[from..to].partition_point(|at| *at as usize <= start);
        let line_start = self.line_starts[line - 1] as usize;
        Span {
            source: self.source,
            start: start as u64,
            len: u32::try_from(range.end.saturating_sub(start)).unwrap_or(u32::MAX),
            line: number(line),
            column: number(self.characters(line_start..start) + 1),
        }
    }
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// How many characters begin in a piece of UTF-8: the bytes that do not continue one.
fn count_characters(bytes: &[u8]) -> usize {
    if bytes.is_ascii() {
        return bytes.len();
    }
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// Text from outside made safe for a terminal: control, escape and bidirectional characters are shown as `\u{…}`.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_unprintable(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    Cow::Owned(out)
}

fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_lf_crlf_and_cr() {
        let text = "a\r\nbé\rc\nd";
        let index = LineIndex::new(SourceId(0), text);
        let place = |needle: &str| {
            let at = text.find(needle).unwrap();
            let span = index.span(at..at + needle.len());
            (span.line, span.column)
        };
        assert_eq!([place("a"), place("é"), place("c"), place("d")], [(1, 1), (2, 2), (3, 1), (4, 1)]);
    }

    #[test]
    fn columns_far_out_in_a_line_are_characters_too() {
        let text = format!("é\n{}x", "né ".repeat(5_000));
        let at = text.len() - 1;
        let span = LineIndex::new(SourceId(0), &text).span(at..at + 1);
        assert_eq!((span.line, span.column), (2, 15_001));
    }

    #[test]
    fn terminal_controls_are_shown() {
        assert_eq!(printable("a\u{1b}[0m\u{202e}"), "a\\u{1b}[0m\\u{202e}");
        assert_eq!(printable("plain é"), "plain é");
    }
}
