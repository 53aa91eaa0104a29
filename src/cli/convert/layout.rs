//! The output of a run whose inputs keep their text: each input's text with its changes, entries that were printed anew in
//! their places, and new entries behind the last one.

use super::original::{Original, Unrenamed};
use crate::cli::spool::{Pieces, Spool};
use crate::error::{Error, Result};
use crate::format::bibtex::edit::{Piece, Renames};
use crate::format::bibtex::{BlockKind, split};
use crate::format::{Decoded, Encoding};
use crate::key::{Claim, Suffix};
use std::collections::HashMap;
use std::io::Write;
use std::ops::Range;

/// What the inputs become.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// The inputs in order, those without a text to keep as nothing.
    pub(super) originals: Vec<Option<Original>>,
    /// Where each entry of the output is, in the order of the inputs.
    pub(super) places: Vec<Place>,
    /// The number of the first input that is added to the others.
    pub(super) first_added: usize,
}

/// Where an entry of the output is.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// In which input.
    pub(super) input: usize,
    /// Where in its text, when that is kept.
    pub(super) at: Option<Range<usize>>,
    /// Which printed piece it is, if it is not as written.
    pub(super) printed: Option<u32>,
    /// Its key is not the one that it had.
    pub(super) renamed: bool,
}

impl Layout {
    /// Whether any input keeps its text.
    pub(super) fn keeps_text(&self) -> bool {
        self.originals.iter().any(Option::is_some)
    }

    /// The one input that is edited, if that is what the run does.
    pub(super) fn edited(&self) -> Option<&Original> {
        match self.originals.get(..self.first_added)? {
            [Some(original)] if original.keeps_entries => Some(original),
            _ => None,
        }
    }

    /// Renames the keys of entries that stand as written; returns what could not be renamed.
    pub(super) fn rename(&mut self, claims: &[Claim], suffixes: &[Suffix]) -> Unrenamed {
        let mut unrenamed = Unrenamed::default();
        for (number, original) in self.originals.iter_mut().enumerate() {
            let Some(original) = original else { continue };
            let mut renames = Renames::new(false);
            for ((place, claim), suffix) in self.places.iter().zip(claims).zip(suffixes) {
                let changes = place.renamed || *suffix != Suffix::default();
                if let (true, None, Some(at)) = (place.input == number && changes, place.printed, &place.at) {
                    renames.rename(at.start, format!("{}{}", claim.key, suffix.letters()));
                }
            }
            original.rename(&renames, &mut unrenamed);
        }
        unrenamed
    }

    /// Writes it all; `order` is that of the entries, if they do not stay in their places.
    pub(super) fn write(
        &self,
        spool: Spool,
        suffixes: &[Suffix],
        order: Option<&[u32]>,
        out: &mut dyn Write,
    ) -> Result<()> {
        let encoding = self.edited().map_or(Encoding::Utf8, |original| original.decoded().encoding);
        let between = self.edited().map_or("\n\n", |original| original.house().between());
        let out = Out { to: out, encoding, line_ends: 0, is_empty: true };
        out.to.write_all(encoding.mark()).map_err(unwritable)?;
        let mut writing = Writing { layout: self, suffixes, pieces: spool.open()?, text: Vec::new(), between, out };
        match order {
            None => writing.in_place(),
            Some(order) => writing.sorted(order),
        }
    }

    /// A macro that two definitions give two values: entries mean the one before them, so they cannot be sorted.
    pub(super) fn redefined(&self) -> Option<String> {
        let mut values: HashMap<String, &str> = HashMap::new();
        for text in (0..self.originals.len()).filter_map(|number| self.text_of(number)) {
            for block in split(text) {
                let BlockKind::Strings(definitions) = &block.kind else { continue };
                for field in definitions {
                    let value = &text[field.value_at..field.range.end];
                    if *values.entry(field.name.to_lowercase()).or_insert(value) != value {
                        return Some(field.name.to_owned());
                    }
                }
            }
        }
        None
    }

    fn takes_out(&self, number: usize, range: &Range<usize>) -> bool {
        self.originals[number].as_ref().is_some_and(|original| original.takes_out(range))
    }

    fn text_of(&self, number: usize) -> Option<&str> {
        self.originals[number].as_ref().map(|original| original.decoded().text.as_str())
    }
}

/// A layout being written.
struct Writing<'w> {
    layout: &'w Layout,
    suffixes: &'w [Suffix],
    pieces: Pieces,
    text: Vec<u8>,
    between: &'w str,
    out: Out<'w>,
}

impl Writing<'_> {
    fn in_place(&mut self) -> Result<()> {
        let places = &self.layout.places;
        let added = places.partition_point(|place| place.input < self.layout.first_added);
        // New entries stand behind the last entry of the last text; what a file ends with still ends it.
        let host = self.layout.originals.iter().take(self.layout.first_added).rposition(Option::is_some);
        let mut first = 0;
        for number in 0..self.layout.first_added {
            let end = first + places[first..added].partition_point(|place| place.input <= number);
            let theirs = if Some(number) == host { added..places.len() } else { 0..0 };
            self.input(number, first..end, theirs)?;
            first = end;
        }
        if host.is_none() {
            self.appended(added..places.len())?;
        }
        Ok(())
    }

    /// One input's text, and what is added to it.
    fn input(&mut self, number: usize, own: Range<usize>, added: Range<usize>) -> Result<()> {
        let Some(text) = self.layout.text_of(number) else { return self.appended(own) };
        if !text.is_empty() {
            self.out.start_line()?;
        }
        let mut cursor = 0;
        for index in own {
            let place = &self.layout.places[index];
            if let (Some(at), Some(printed)) = (&place.at, place.printed) {
                self.kept(number, cursor..at.start)?;
                self.printed(printed, index)?;
                cursor = at.end;
            }
        }
        if !added.is_empty() {
            let end = end_of_entries(text).max(cursor);
            self.kept(number, cursor..end)?;
            self.appended(added)?;
            cursor = end;
            if text[cursor..].trim().is_empty() {
                // The end of the file is where the new entries end.
                return Ok(());
            }
            if !text[cursor..].starts_with(['\n', '\r']) {
                self.out.separate(self.between)?;
            }
        }
        self.kept(number, cursor..text.len())
    }

    fn kept(&mut self, number: usize, range: Range<usize>) -> Result<()> {
        let Some(original) = self.layout.originals.get(number).and_then(Option::as_ref) else { return Ok(()) };
        original.pieces(range).into_iter().try_for_each(|piece| match piece {
            Piece::Kept(range) => self.out.kept(original.decoded(), range),
            Piece::New(text) => self.out.text(text),
        })
    }

    /// A printed piece without the end of its last line.
    fn printed(&mut self, printed: u32, index: usize) -> Result<()> {
        let suffix = self.suffixes.get(index).copied().unwrap_or_default();
        self.pieces.read(printed as usize, suffix, &mut self.text)?;
        let text = String::from_utf8_lossy(&self.text);
        self.out.text(text.trim_end_matches(['\n', '\r']))
    }

    /// Printed pieces one behind the other.
    fn appended(&mut self, indices: Range<usize>) -> Result<()> {
        for index in indices {
            if let Some(printed) = self.layout.places[index].printed {
                self.out.separate(self.between)?;
                self.printed(printed, index)?;
                self.out.end_line(self.between)?;
            }
        }
        Ok(())
    }

    /// Entries in another order than they were read in. What stands above an entry goes with it; what opens a file, and
    /// definitions, go before all entries, what ends one behind them.
    fn sorted(&mut self, order: &[u32]) -> Result<()> {
        let shelves = Shelves::of(self.layout);
        self.paragraphs(shelves.heads.iter().chain(&shelves.definitions))?;
        for index in order.iter().map(|index| *index as usize) {
            let place = &self.layout.places[index];
            for range in &shelves.above[index] {
                self.paragraph(place.input, range.clone())?;
            }
            match (&place.at, place.printed) {
                (Some(at), None) => {
                    self.separate_from_above(place, shelves.above[index].last())?;
                    self.kept(place.input, at.clone())?;
                }
                (_, Some(printed)) => {
                    self.separate_from_above(place, shelves.above[index].last())?;
                    self.printed(printed, index)?;
                }
                (None, None) => {}
            }
            self.kept(place.input, shelves.behind[index].clone())?;
        }
        self.paragraphs(shelves.tails.iter())?;
        self.out.end_line(self.between)
    }

    /// A remark that stands directly above its entry stays there.
    fn separate_from_above(&mut self, place: &Place, above: Option<&Range<usize>>) -> Result<()> {
        let gap = above.zip(place.at.as_ref()).zip(self.layout.text_of(place.input));
        match gap.map(|((above, at), text)| &text[above.end..at.start]) {
            Some(gap) if line_ends(gap) < 2 => self.out.text(gap),
            _ => self.out.separate(self.between),
        }
    }

    /// Paragraphs, those that stood line by line still so.
    fn paragraphs<'r>(&mut self, paragraphs: impl Iterator<Item = &'r (usize, Range<usize>)>) -> Result<()> {
        let mut previous: Option<&(usize, Range<usize>)> = None;
        for paragraph @ (number, range) in paragraphs {
            let gap = previous.filter(|(before, above)| before == number && above.end <= range.start);
            let gap = gap.zip(self.layout.text_of(*number)).map(|((_, above), text)| &text[above.end..range.start]);
            match gap.filter(|gap| gap.trim().is_empty() && line_ends(gap) < 2) {
                Some(gap) => {
                    self.out.text(gap)?;
                    self.kept(*number, range.clone())?;
                }
                None => self.paragraph(*number, range.clone())?,
            }
            previous = Some(paragraph);
        }
        Ok(())
    }

    fn paragraph(&mut self, number: usize, range: Range<usize>) -> Result<()> {
        let Some(original) = &self.layout.originals[number] else { return Ok(()) };
        let is_empty = |piece: &Piece<'_>| match piece {
            Piece::Kept(range) => range.is_empty(),
            Piece::New(text) => text.is_empty(),
        };
        if original.pieces(range.clone()).iter().all(is_empty) {
            return Ok(());
        }
        self.out.separate(self.between)?;
        self.kept(number, range)
    }
}

/// What stands between entries, by where it goes when these are sorted: the number of the input, and the part of its text.
#[derive(Default)]
struct Shelves {
    heads: Vec<(usize, Range<usize>)>,
    definitions: Vec<(usize, Range<usize>)>,
    /// For each entry of the output what stands above it.
    above: Vec<Vec<Range<usize>>>,
    /// And on its last line.
    behind: Vec<Range<usize>>,
    tails: Vec<(usize, Range<usize>)>,
}

impl Shelves {
    fn of(layout: &Layout) -> Self {
        let count = layout.places.len();
        let mut shelves = Self { above: vec![Vec::new(); count], behind: vec![0..0; count], ..Self::default() };
        for number in 0..layout.originals.len() {
            if let Some(text) = layout.text_of(number) {
                shelves.sort_in(layout, number, text);
            }
        }
        shelves
    }

    fn sort_in(&mut self, layout: &Layout, number: usize, text: &str) {
        let mut places = (0..layout.places.len()).filter(|index| layout.places[*index].input == number).peekable();
        let mut waiting: Vec<Range<usize>> = Vec::new();
        let mut is_first = true;
        let mut previous = None;
        for block in split(text) {
            let index = places.next_if(|index| layout.places[*index].at.as_ref() == Some(&block.range));
            if let Some(index) = index {
                if std::mem::take(&mut is_first) {
                    self.part_head(number, text, &mut waiting, block.range.start);
                }
                self.above[index] = std::mem::take(&mut waiting);
                previous = Some(index);
                continue;
            }
            let previous = previous.take();
            match block.kind {
                BlockKind::Strings(_) | BlockKind::Preamble => self.definitions.push((number, block.range)),
                BlockKind::Text => {
                    let line = match previous {
                        Some(index) => self.remark(index, text, &block.range),
                        None => block.range.start,
                    };
                    waiting.extend(trimmed(text, line..block.range.end));
                }
                // Merged into another.
                BlockKind::Entry(_) if layout.takes_out(number, &block.range) => {}
                // What other entries take fields from is a definition too, and may need those before it.
                BlockKind::Entry(_) => {
                    if std::mem::take(&mut is_first) {
                        self.part_head(number, text, &mut waiting, block.range.start);
                    }
                    waiting.push(block.range);
                    self.definitions.extend(waiting.drain(..).map(|range| (number, range)));
                }
                BlockKind::Comment | BlockKind::Failed => waiting.push(block.range),
            }
        }
        self.tails.extend(waiting.into_iter().map(|range| (number, range)));
    }

    /// What stands behind an entry on its last line stays there; returns where the rest begins.
    fn remark(&mut self, index: usize, text: &str, range: &Range<usize>) -> usize {
        let part = &text[range.clone()];
        let end = range.start + part.find(['\n', '\r']).unwrap_or(part.len());
        if text[range.start..end].trim().is_empty() {
            return range.start;
        }
        self.behind[index] = range.start..end;
        end
    }

    /// Of what stands before the first entry the last paragraph is the entry's, if it stands directly above it.
    fn part_head(&mut self, number: usize, text: &str, waiting: &mut Vec<Range<usize>>, entry_at: usize) {
        let last = waiting.pop();
        self.heads.extend(waiting.drain(..).map(|range| (number, range)));
        let Some(last) = last else { return };
        if line_ends(&text[last.end..entry_at]) > 1 {
            return self.heads.push((number, last));
        }
        let paragraph = ["\n\n", "\r\n\r\n", "\r\r"].iter().filter_map(|blank| text[last.clone()].rfind(blank)).max();
        match paragraph {
            None => waiting.push(last),
            Some(paragraph) => {
                self.heads.push((number, last.start..last.start + paragraph));
                waiting.extend(trimmed(text, last.start + paragraph..last.end));
            }
        }
    }
}

/// A part of a text without the blanks round it; nothing where there is nothing else.
fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = &text[range.clone()];
    let start = range.start + part.len() - part.trim_start().len();
    let end = range.start + part.trim_end().len();
    (start < end).then_some(start..end)
}

/// The end of the last entry, and of its line if nothing but a remark stands behind it.
fn end_of_entries(text: &str) -> usize {
    let entries = split(text).filter(|block| matches!(block.kind, BlockKind::Entry(_)));
    let Some(end) = entries.last().map(|block| block.range.end) else { return text.len() };
    let rest = &text[end..];
    let mut blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    if rest[blanks..].starts_with('%') {
        // A remark on the entry's last line.
        blanks = rest.find(['\n', '\r']).unwrap_or(rest.len());
    }
    match &rest.as_bytes()[blanks..] {
        [b'\r', b'\n', ..] => end + blanks + 2,
        [b'\r' | b'\n', ..] => end + blanks + 1,
        [] => text.len(),
        _ => end,
    }
}

/// How many line ends a text has.
fn line_ends(text: &str) -> usize {
    let (feeds, returns) = (text.matches('\n').count(), text.matches('\r').count());
    feeds.max(returns)
}

/// The output, and how it ends so far.
struct Out<'o> {
    to: &'o mut dyn Write,
    encoding: Encoding,
    /// How many line ends stand at its end, blanks between them left out.
    line_ends: usize,
    is_empty: bool,
}

impl Out<'_> {
    fn text(&mut self, text: &str) -> Result<()> {
        self.note(text);
        self.to.write_all(&self.encoding.encode(text)).map_err(unwritable)
    }

    /// A part of an input's text, in the bytes that it had where the output has the input's encoding.
    fn kept(&mut self, decoded: &Decoded, range: Range<usize>) -> Result<()> {
        let text = &decoded.text[range.clone()];
        if self.encoding == decoded.encoding {
            self.note(text);
            self.to.write_all(&decoded.bytes_of(range)).map_err(unwritable)
        } else {
            self.text(text)
        }
    }

    fn note(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let body = text.trim_end();
        let ends = line_ends(&text[body.len()..]);
        self.line_ends = if body.is_empty() { self.line_ends + ends } else { ends };
        self.is_empty = false;
    }

    /// Ends what stands there as two entries are parted.
    fn separate(&mut self, between: &str) -> Result<()> {
        let missing = line_ends(between).saturating_sub(self.line_ends);
        let newline = newline_in(between);
        if self.is_empty { Ok(()) } else { self.text(&newline.repeat(missing)) }
    }

    /// Ends the last line, if it has not ended.
    fn end_line(&mut self, between: &str) -> Result<()> {
        if self.line_ends == 0 && !self.is_empty { self.text(newline_in(between)) } else { Ok(()) }
    }

    /// Ends the last line of one text before the next begins.
    fn start_line(&mut self) -> Result<()> {
        self.end_line("\n")
    }
}

fn newline_in(between: &str) -> &'static str {
    match (between.contains("\r\n"), between.contains('\n')) {
        (true, _) => "\r\n",
        (false, true) => "\n",
        (false, false) => "\r",
    }
}

fn unwritable(error: std::io::Error) -> Error {
    Error::io("writing failed", error)
}
