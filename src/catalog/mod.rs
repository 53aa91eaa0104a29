//! The catalog: which arXiv record is this entry? Answered offline, in microseconds.
//!
//! A catalog is one immutable file, mapped into memory: records in compressed blocks, and one sorted list of *postings*
//! (fingerprint, record) for identifiers, DOIs, titles and abstracts alike. [`Builder`] makes it, [`Catalog`] opens and
//! asks it; what a candidate is worth is for `resolve` to say. Knows records and folded text, no formats.

mod build;
mod fingerprint;
mod layout;
mod lookup;
mod pages;
mod source;
#[cfg(test)]
mod tests;

pub use build::{BuildOptions, BuildSummary, Builder};
pub use lookup::{AbstractQuery, Alignment, Evidence, Hit};

use crate::diagnostic::Diagnostic;
use crate::error::{Error, Result};
use crate::record::Record;
use crate::source::SourceId;
use fingerprint::{Fingerprint, HASH_BITS, SKETCH_BYTES};
use layout::{BlockRow, DIRECTORY_ROWS, Header, Section, damaged};
use pages::Verified;
use std::cell::RefCell;
use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, Cursor, Read as _};
use std::ops::Range;
use std::path::Path;

/// An opened catalog.
pub struct Catalog {
    name: String,
    bytes: Bytes,
    header: Header,
    verified: Verified,
}

/// What a catalog says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Info {
    /// The catalog's name in messages.
    pub name: String,
    /// How many records.
    pub records: u64,
    /// The newest date in its records, `YYYY-MM-DD`; empty when none is dated.
    pub date: String,
    /// The digest of its contents, hexadecimal.
    pub digest: String,
    /// Whether abstracts are stored.
    pub with_abstracts: bool,
    /// Size in bytes.
    pub size: u64,
}

enum Bytes {
    Mapped(memmap2::Mmap),
    Owned(Vec<u8>),
}

impl std::ops::Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map,
            Self::Owned(bytes) => bytes,
        }
    }
}

impl Catalog {
    /// Opens a catalog file. `map` maps it into memory, which takes milliseconds whatever its size; without, it is read
    /// whole. A file that is replaced (renamed over) while it is mapped stays readable; one that is truncated in place
    /// ends the process, so catalogs are never written in place.
    ///
    /// # Errors
    /// When the file cannot be read, is no catalog, is of another version or is damaged.
    pub fn open(path: &Path, map: bool) -> Result<Self> {
        let fail = |error| Error::path(path, "opening the catalog", error);
        #[expect(clippy::disallowed_methods, reason = "catalog files are this room's business")]
        let mut file = File::open(path).map_err(fail)?;
        let length = file.metadata().map_err(fail)?.len();
        let bytes = if map && length > 0 {
            Bytes::Mapped(map_file(&file).map_err(fail)?)
        } else {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).map_err(fail)?;
            Bytes::Owned(bytes)
        };
        Self::from_bytes(path.display().to_string(), bytes)
    }

    /// Builds a catalog in memory from JSON lines (an export, or the snapshot itself).
    ///
    /// # Errors
    /// When the lines cannot be read.
    pub fn from_lines(
        name: &str,
        source: SourceId,
        lines: impl BufRead + Send,
        options: BuildOptions,
        report: &mut dyn FnMut(Diagnostic),
    ) -> Result<Self> {
        let fail = |error| Error::io(format!("{name}: indexing failed"), error);
        let mut builder = Builder::new(Cursor::new(Vec::new()), options).map_err(fail)?;
        builder.add(source, name, lines, report)?;
        let (out, _) = builder.finish().map_err(fail)?;
        Self::from_bytes(name.to_owned(), Bytes::Owned(out.into_inner()))
    }

    fn from_bytes(name: String, bytes: Bytes) -> Result<Self> {
        let header = Header::parse(&bytes, &name)?;
        let size = |section| header.section(&bytes, section).len();
        let pages = pages::count(size(Section::Sketches)) + pages::count(size(Section::Postings));
        let catalog = Self { name, bytes, header, verified: Verified::none_of(pages) };
        for small in [Section::RecordBlocks, Section::AbstractBlocks, Section::PostingDirectory, Section::PageSums] {
            if !catalog.header.is_sound(&catalog.bytes, small) {
                return Err(damaged(&catalog.name, "a directory fails its checksum"));
            }
        }
        let (sketches, directory) =
            (catalog.section(Section::Sketches).len(), catalog.section(Section::PostingDirectory).len());
        let rows = usize::try_from(catalog.header.records).unwrap_or(usize::MAX).saturating_mul(2 + SKETCH_BYTES);
        let sums = catalog.section(Section::PageSums).len();
        if sketches != rows || directory != DIRECTORY_ROWS * 4 || sums != pages::sum_bytes(pages) {
            return Err(damaged(&catalog.name, "its sections do not fit together"));
        }
        Ok(catalog)
    }

    /// Whether the first bytes of a file are those of a catalog, of whatever version.
    pub fn is_catalog(head: &[u8]) -> bool {
        head.starts_with(layout::MAGIC)
    }

    /// What the catalog says of itself.
    pub fn info(&self) -> Info {
        Info {
            name: self.name.clone(),
            records: self.header.records.saturating_sub(self.header.replaced),
            date: self.header.date.clone(),
            digest: format!("{:016x}", self.header.digest()),
            with_abstracts: self.header.with_abstracts,
            size: self.bytes.len() as u64,
        }
    }

    /// Whether the texts of the abstracts are stored.
    pub fn stores_abstracts(&self) -> bool {
        self.header.with_abstracts
    }

    /// Reads every byte and compares every checksum.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn verify(&self) -> Result<()> {
        self.verify_sections()?;
        self.records().try_for_each(|record| record.map(drop))
    }

    fn verify_sections(&self) -> Result<()> {
        for section in Section::ALL {
            if !self.header.is_sound(&self.bytes, section) {
                return Err(damaged(&self.name, &format!("its section {section:?} fails its checksum")));
            }
        }
        Ok(())
    }

    /// A record by its number.
    ///
    /// # Errors
    /// When the block that holds it is damaged.
    pub fn record(&self, number: u32) -> Result<Record> {
        let raw = self.block_of(Section::Records, Section::RecordBlocks, number)?;
        serde_json::from_slice(&raw)
            .map_err(|error| damaged(&self.name, &format!("record {number} is unreadable ({error})")))
    }

    /// The abstract of a record, where the catalog stores abstracts.
    ///
    /// # Errors
    /// When the block that holds it is damaged.
    pub fn abstract_text(&self, number: u32) -> Result<Option<String>> {
        if !self.header.with_abstracts {
            return Ok(None);
        }
        let raw = self.block_of(Section::Abstracts, Section::AbstractBlocks, number)?;
        Ok(String::from_utf8(raw).ok().filter(|text| !text.is_empty()))
    }

    /// Every record in order; one that a later record of the same paper replaced is left out.
    pub fn records(&self) -> impl Iterator<Item = Result<(u32, Record)>> {
        let count = u32::try_from(self.header.records).unwrap_or(u32::MAX);
        (0..count).filter_map(|number| {
            let latest = self.record(number).and_then(|record| Ok((self.by_id(&record.id)? == Some(number), record)));
            match latest {
                Ok((is_latest, record)) => is_latest.then_some(Ok((number, record))),
                Err(error) => Some(Err(error)),
            }
        })
    }

    /// Writes the catalog as JSON lines of facts and fingerprints; with abstracts stored and `with_abstracts`, as snapshot
    /// lines with the abstracts instead.
    ///
    /// # Errors
    /// When a block is damaged or the output cannot be written.
    pub fn export(&self, out: &mut dyn std::io::Write, with_abstracts: bool) -> Result<()> {
        let fail = |error| Error::io("writing the export failed", error);
        self.verify_sections()?;
        let mut hashes = self.all_hashes();
        for record in self.records() {
            let (number, mut record) = record?;
            let mut fingerprint = self.fingerprint(number);
            fingerprint.rest = hashes.remove(&number).unwrap_or_default();
            // What the facts and the sketch give by themselves is not written.
            let known: HashSet<u64> = fingerprint
                .sketch_hashes()
                .into_iter()
                .chain(build::record_hashes(&record))
                .map(|hash| hash & HASH_BITS)
                .collect();
            fingerprint.rest.retain(|hash| !known.contains(hash));
            if let (true, Some(text)) = (with_abstracts, self.abstract_text(number)?) {
                record.abstract_text = text;
                fingerprint = Fingerprint::default();
            }
            let line = source::print(&record, &fingerprint).map_err(|error| fail(error.into()))?;
            writeln!(out, "{line}").map_err(fail)?;
        }
        Ok(())
    }

    fn fingerprint(&self, number: u32) -> Fingerprint {
        let at = number as usize * (2 + SKETCH_BYTES);
        let Some(row) = self.section(Section::Sketches).get(at..at + 2 + SKETCH_BYTES) else {
            return Fingerprint::default();
        };
        let mut sketch = [0; SKETCH_BYTES];
        sketch.copy_from_slice(&row[2..]);
        Fingerprint { length: u16::from_le_bytes([row[0], row[1]]), sketch, rest: Vec::new() }
    }

    fn section(&self, section: Section) -> &[u8] {
        self.header.section(&self.bytes, section)
    }

    /// A range of the sketches or of the postings, verified.
    fn piece(&self, section: Section, range: Range<usize>) -> Result<&[u8]> {
        let first = match section {
            Section::Postings => pages::count(self.section(Section::Sketches).len()),
            _ => 0,
        };
        let (bytes, sums) = (self.section(section), self.section(Section::PageSums));
        let piece = bytes.get(range.clone()).filter(|_| self.verified.is_sound(bytes, range, sums, first));
        piece.ok_or_else(|| damaged(&self.name, &format!("its section {section:?} fails a checksum")))
    }

    /// The line of a record in its block.
    fn block_of(&self, blocks: Section, rows: Section, number: u32) -> Result<Vec<u8>> {
        let directory = self.section(rows);
        let count = directory.len() / BlockRow::BYTES;
        let first = |row: usize| BlockRow::parse(directory, row).map_or(u32::MAX, |row| row.first);
        let (mut low, mut high) = (0, count);
        while low < high {
            let middle = usize::midpoint(low, high);
            if first(middle) <= number { low = middle + 1 } else { high = middle }
        }
        let row = low.checked_sub(1).and_then(|row| BlockRow::parse(directory, row));
        let Some(row) = row else { return Err(damaged(&self.name, "a record is in no block")) };
        let start = usize::try_from(row.offset).unwrap_or(usize::MAX);
        let packed = self.section(blocks).get(start..start.saturating_add(row.length as usize));
        let Some(packed) = packed.filter(|packed| layout::short_checksum(packed) == row.checksum) else {
            return Err(damaged(&self.name, "a block fails its checksum"));
        };
        let raw = unpack_block(packed, row.unpacked as usize)
            .map_err(|_| damaged(&self.name, "a block cannot be unpacked"))?;
        Ok(build::nth_line(&raw, number - row.first).to_owned())
    }
}

impl std::fmt::Debug for Catalog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalog").field("name", &self.name).field("header", &self.header).finish_non_exhaustive()
    }
}

/// Unpacks a block. The unpacker is kept for each thread: making one costs as much as unpacking a block.
fn unpack_block(packed: &[u8], length: usize) -> std::io::Result<Vec<u8>> {
    thread_local! {
        static UNPACKER: RefCell<Option<zstd::bulk::Decompressor<'static>>> = const { RefCell::new(None) };
    }
    UNPACKER.with_borrow_mut(|kept| {
        let mut unpacker = match kept.take() {
            Some(unpacker) => unpacker,
            None => zstd::bulk::Decompressor::new()?,
        };
        let raw = unpacker.decompress(packed, length);
        *kept = Some(unpacker);
        raw
    })
}

#[expect(unsafe_code, reason = "a catalog is opened by mapping it; it is never changed in place, see `Catalog::open`")]
fn map_file(file: &File) -> std::io::Result<memmap2::Mmap> {
    // SAFETY: the map is read-only, and catalogs are replaced by renaming, never written or truncated in place. What
    // another program does to the file is outside our power; `--no-mmap` is the way out and the documentation says so.
    let map = unsafe { memmap2::Mmap::map(file)? };
    #[cfg(unix)]
    // Look-ups touch few, scattered pages; reading ahead only slows them. Failing to say so is no fault.
    let _ = map.advise(memmap2::Advice::Random);
    Ok(map)
}
