//! Printed entries on their way to the output: kept in memory while they are few, else in a temporary file.
//!
//! What tells colliding keys apart is known only when the last entry was read. So each entry is printed with its bare key;
//! the suffix is put in when the spool is copied to the output.

use crate::error::{Error, Result};
use crate::format::bibtex::edit::renamed_references;
use crate::key::Suffix;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::path::Path;

/// How much is kept in memory.
const IN_MEMORY: usize = 24 << 20;
/// How much is gathered before it is written to the file, and read from it at once.
const CHUNK: usize = 1 << 18;

/// Printed pieces in the order in which they were printed.
#[derive(Debug)]
pub(super) struct Spool {
    file: tempfile::SpooledTempFile,
    pending: String,
    pieces: Vec<Piece>,
    end: u64,
    renames: Renames,
}

/// The new keys of entries that a piece names, by its number; the old ones in small letters.
pub(super) type Renames = HashMap<u32, BTreeMap<String, String>>;

/// Where a piece lies.
#[derive(Clone, Copy, Debug)]
struct Piece {
    start: u64,
    len: u32,
    /// Where the suffix goes, from `start`; `u32::MAX` for nowhere.
    key_end: u32,
}

/// What stands around the pieces.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Frame {
    pub(super) head: &'static str,
    pub(super) separator: &'static str,
    pub(super) tail: &'static str,
    /// In place of everything, when there is no piece.
    pub(super) empty: &'static str,
}

impl Spool {
    /// An empty spool, whose file, if one is needed, stands in `directory` or else where the system has such files.
    pub(super) fn new(directory: Option<&Path>) -> Self {
        let file = match directory {
            Some(directory) => tempfile::SpooledTempFile::new_in(IN_MEMORY, directory),
            None => tempfile::SpooledTempFile::new(IN_MEMORY),
        };
        Self { file, pending: String::new(), pieces: Vec::new(), end: 0, renames: Renames::new() }
    }

    /// How many pieces there are.
    pub(super) fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Appends a piece.
    pub(super) fn push(&mut self, text: &str, key_end: Option<usize>) -> Result<()> {
        let too_long = |_| Error::message("one entry is longer than 4 GiB");
        let len = u32::try_from(text.len()).map_err(too_long)?;
        let key_end = key_end.and_then(|at| u32::try_from(at).ok()).unwrap_or(u32::MAX);
        self.pieces.push(Piece { start: self.end, len, key_end });
        self.end += u64::from(len);
        self.pending.push_str(text);
        if self.pending.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    /// Says what entries of a `.bib` file are to name others by.
    pub(super) fn rename(&mut self, renames: Renames) {
        self.renames = renames;
    }

    fn flush(&mut self) -> Result<()> {
        self.file.write_all(self.pending.as_bytes()).map_err(failed)?;
        self.pending.clear();
        Ok(())
    }

    /// Copies everything to `out`: the pieces in `order` (or as they came), each with its suffix.
    pub(super) fn copy(
        self,
        frame: Frame,
        suffixes: &[Suffix],
        order: Option<&[u32]>,
        out: &mut dyn Write,
    ) -> Result<()> {
        let mut pieces = self.open()?;
        if pieces.places.is_empty() {
            return out.write_all(frame.empty.as_bytes()).map_err(unwritable);
        }
        out.write_all(frame.head.as_bytes()).map_err(unwritable)?;
        let mut text = Vec::new();
        for place in 0..pieces.places.len() {
            let at = order.map_or(place, |order| order[place] as usize);
            pieces.read(at, suffixes.get(at).copied().unwrap_or_default(), &mut text)?;
            let separator = if place == 0 { "" } else { frame.separator };
            out.write_all(separator.as_bytes()).and_then(|()| out.write_all(&text)).map_err(unwritable)?;
        }
        out.write_all(frame.tail.as_bytes()).map_err(unwritable)
    }

    /// Ends the writing of pieces and begins their reading.
    pub(super) fn open(mut self) -> Result<Pieces> {
        self.flush()?;
        self.file.seek(SeekFrom::Start(0)).map_err(failed)?;
        let reader = io::BufReader::with_capacity(CHUNK, self.file);
        Ok(Pieces { reader, places: self.pieces, at: 0, renames: self.renames })
    }
}

/// The pieces of a spool, to be read.
#[derive(Debug)]
pub(super) struct Pieces {
    reader: io::BufReader<tempfile::SpooledTempFile>,
    places: Vec<Piece>,
    /// Where the reader stands.
    at: u64,
    renames: Renames,
}

impl Pieces {
    /// Reads one piece with its suffix, in the place of what `text` held.
    pub(super) fn read(&mut self, number: usize, suffix: Suffix, text: &mut Vec<u8>) -> Result<()> {
        let piece = self.places[number];
        if self.at != piece.start {
            self.reader.seek(SeekFrom::Start(piece.start)).map_err(failed)?;
        }
        text.resize(piece.len as usize, 0);
        self.reader.read_exact(text).map_err(failed)?;
        self.at = piece.start + u64::from(piece.len);
        let key_end = (piece.key_end as usize).min(text.len());
        if suffix != Suffix::default() && piece.key_end != u32::MAX {
            text.splice(key_end..key_end, suffix.letters().into_bytes());
        }
        let names = u32::try_from(number).ok().and_then(|number| self.renames.get(&number));
        if let Some(names) = names {
            *text = renamed_references(&String::from_utf8_lossy(text), names).into_bytes();
        }
        Ok(())
    }
}

fn failed(error: io::Error) -> Error {
    Error::io("the temporary file failed", error)
}

fn unwritable(error: io::Error) -> Error {
    Error::io("writing failed", error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{Claim, KeptKeys, Order, Right, assign};

    #[test]
    fn suffixes_and_order() {
        let mut spool = Spool::new(None);
        for text in ["<k>1", "<k>2", "-"] {
            spool.push(text, text.find('>')).unwrap();
        }
        let claim = |key: &str, order| Claim {
            key: key.into(),
            right: Right::Made,
            order: Order::Arxiv(order, "".into()),
            input: 0,
        };
        let suffixes = assign(&[claim("k", 2), claim("k", 1), claim("x", 3)], &KeptKeys::default());
        let frame = Frame { head: "[", separator: ",", tail: "]", empty: "" };
        let mut out = Vec::new();
        spool.copy(frame, &suffixes, Some(&[2, 0, 1]), &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "[-,<ka>1,<k>2]");
    }
}
