//! Line and column of byte offsets, counted on from the place asked for last.
//!
//! [`crate::source::LineIndex`] counts a column from the head of its line; in a line of a hundred megabytes with a million
//! identifiers that is too often. The reader asks for places nearly in order, so counting on is linear. Knows only the text.

use crate::source::{SourceId, Span};
use std::cell::Cell;
use std::ops::Range;

/// Finds line and column of byte offsets in one text.
#[derive(Debug)]
pub(super) struct Places<'t> {
    source: SourceId,
    text: &'t str,
    /// The offset asked for last, its line and its column, both from 1.
    last: Cell<(usize, usize, usize)>,
}

impl<'t> Places<'t> {
    pub(super) fn new(source: SourceId, text: &'t str) -> Self {
        Self { source, text, last: Cell::new((0, 1, 1)) }
    }

    /// The span of a byte range.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        let start = range.start.min(self.text.len());
        let (line, column) = self.place(start);
        self.last.set((start, line, column));
        Span {
            source: self.source,
            start: start as u64,
            len: u32::try_from(range.end.saturating_sub(start)).unwrap_or(u32::MAX),
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }

    fn place(&self, to: usize) -> (usize, usize) {
        let (from, line, column) = self.last.get();
        let (low, high) = (from.min(to), from.max(to));
        let (ends, line_start) = self.line_ends(low..high);
        match (ends, to >= from) {
            (0, true) => (line, column + self.characters(low..high)),
            (0, false) => (line, column - self.characters(low..high)),
            (ends, true) => (line + ends, self.characters(line_start..high) + 1),
            (ends, false) => {
                let bytes = self.text.as_bytes();
                // Between the two bytes of a CRLF the line has not ended yet.
                let inside_crlf = low > 0 && bytes[low - 1] == b'\r' && bytes.get(low) == Some(&b'\n');
                let head = &bytes[..low - usize::from(inside_crlf)];
                let start = memchr::memrchr2(b'\n', b'\r', head).map_or(0, |at| at + 1);
                (line - ends, self.characters(start..low) + 1)
            }
        }
    }

    /// How many lines end inside a range, and where the last of the lines that begin there begins.
    fn line_ends(&self, range: Range<usize>) -> (usize, usize) {
        let bytes = self.text.as_bytes();
        let (mut ends, mut line_start) = (0, range.start);
        for at in memchr::memchr2_iter(b'\n', b'\r', &bytes[range.clone()]).map(|at| range.start + at) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                ends += 1;
                line_start = at + 1;
            }
        }
        (ends, line_start)
    }

    fn characters(&self, range: Range<usize>) -> usize {
        // Bytes that continue a character are not counted.
        self.text.as_bytes()[range].iter().filter(|byte| **byte & 0xc0 != 0x80).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::LineIndex;

    #[test]
    fn agrees_with_the_line_index_in_any_order() {
        let text = "aé\r\nb\rc\n\nd é x";
        let index = LineIndex::new(SourceId(0), text);
        let places = Places::new(SourceId(0), text);
        let starts: Vec<usize> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
        for step in [1, 2, 3, 5, 7, 11] {
            for at in 0..starts.len() {
                let start = starts[at * step % starts.len()];
                assert_eq!(places.span(start..start), index.span(start..start), "offset {start}");
            }
        }
    }
}
