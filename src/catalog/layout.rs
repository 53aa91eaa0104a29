//! The bytes of a catalog file: header, sections, checksums; nothing of what the sections mean.
//!
//! All numbers are little-endian. The header has 256 bytes:
//!
//! | offset | what |
//! |---|---|
//! | 0 | magic `bibmill\n` |
//! | 8 | format version, `u32` |
//! | 12 | flags, `u32`: bit 0, abstracts are stored |
//! | 16 | number of records, `u64`, those that a later one replaced included |
//! | 24 | date of the newest record, `YYYY-MM-DD` or zeros |
//! | 40 | eight sections: offset `u64`, length `u64`, xxh3-64 `u64` |
//! | 232 | how many of them were replaced, `u64` |
//! | 240 | digest of all sections' checksums, `u64` |
//! | 248 | xxh3-64 of the bytes before |
//!
//! Header and directories are verified when a file is opened; blocks, sketches and postings when they are read (see
//! `pages`); everything by `verify`. The file ends where its last section ends.

use crate::error::{Error, Result};
use xxhash_rust::xxh3::xxh3_64;

/// The first bytes of every catalog.
pub(super) const MAGIC: &[u8; 8] = b"bibmill\n";
/// The version of this layout.
pub(super) const VERSION: u32 = 2;
/// The length of the header.
pub(super) const HEADER: usize = 256;
/// The rows of the posting directory: one for each value of 16 bits, and the end.
pub(super) const DIRECTORY_ROWS: usize = (1 << 16) + 1;
/// The length of a posting.
pub(super) const POSTING_BYTES: usize = 6;
const SECTIONS: usize = 8;
/// Where the number of replaced records stands, behind the sections.
const REPLACED: usize = 40 + SECTIONS * 24;

/// The sections of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// Records: compressed blocks of JSON lines.
    Records = 0,
    /// Where each block of records is: [`BlockRow`]s.
    RecordBlocks = 1,
    /// For each record the length of its abstract and the sketch.
    Sketches = 2,
    /// Where in the postings each value of the first 16 bits of a hash begins: `u32` each, and the end.
    PostingDirectory = 3,
    /// Postings: the next 24 bits of the hash, 24 bits of record number, big-endian, sorted.
    Postings = 4,
    /// Abstracts: compressed blocks of lines.
    Abstracts = 5,
    /// Where each block of abstracts is.
    AbstractBlocks = 6,
    /// Checksums of the pages of the sketches and then of the postings.
    PageSums = 7,
}

impl Section {
    pub(super) const ALL: [Self; SECTIONS] = [
        Self::Records,
        Self::RecordBlocks,
        Self::Sketches,
        Self::PostingDirectory,
        Self::Postings,
        Self::Abstracts,
        Self::AbstractBlocks,
        Self::PageSums,
    ];
}

/// The header of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) with_abstracts: bool,
    pub(super) records: u64,
    pub(super) replaced: u64,
    pub(super) date: String,
    sections: [(u64, u64, u64); SECTIONS],
}

impl Header {
    /// The header of a catalog whose sections are still to be noted.
    pub(super) fn new(records: u64, replaced: u64, date: String, with_abstracts: bool) -> Self {
        Self { with_abstracts, records, replaced, date, ..Self::default() }
    }

    /// Notes where a section is and its checksum.
    pub(super) fn set_section(&mut self, section: Section, offset: u64, length: u64, checksum: u64) {
        self.sections[section as usize] = (offset, length, checksum);
    }

    /// The digest of the whole content.
    pub(super) fn digest(&self) -> u64 {
        let mut bytes = Vec::with_capacity(SECTIONS * 8);
        for (_, _, checksum) in self.sections {
            bytes.extend_from_slice(&checksum.to_le_bytes());
        }
        xxh3_64(&bytes)
    }

    /// The bytes of the header.
    pub(super) fn to_bytes(&self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        bytes[12..16].copy_from_slice(&u32::from(self.with_abstracts).to_le_bytes());
        bytes[16..24].copy_from_slice(&self.records.to_le_bytes());
        let date = self.date.as_bytes();
        bytes[24..24 + date.len().min(10)].copy_from_slice(&date[..date.len().min(10)]);
        for (row, (offset, length, checksum)) in self.sections.iter().enumerate() {
            for (column, number) in [offset, length, checksum].into_iter().enumerate() {
                let at = 40 + row * 24 + column * 8;
                bytes[at..at + 8].copy_from_slice(&number.to_le_bytes());
            }
        }
        bytes[REPLACED..REPLACED + 8].copy_from_slice(&self.replaced.to_le_bytes());
        bytes[REPLACED + 8..REPLACED + 16].copy_from_slice(&self.digest().to_le_bytes());
        let checksum = xxh3_64(&bytes[..HEADER - 8]);
        bytes[HEADER - 8..].copy_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// Reads and verifies the header of a file of `length` bytes; `name` is the file's in messages.
    pub(super) fn parse(bytes: &[u8], name: &str) -> Result<Self> {
        if bytes.is_empty() {
            return Err(Error::message(format!("{name}: the catalog file is empty; {}", rebuild(name))));
        }
        if !bytes.starts_with(MAGIC) {
            return Err(Error::message(format!("{name}: not a catalog of bibmill; {}", rebuild(name))));
        }
        let version = read_u32(bytes, 8);
        if version != Some(VERSION) {
            let version = version.unwrap_or(0);
            return Err(Error::message(format!(
                "{name}: a catalog of format {version}, this program reads format {VERSION}; {}",
                rebuild(name)
            )));
        }
        let header =
            bytes.get(..HEADER).filter(|header| read_u64(header, HEADER - 8) == Some(xxh3_64(&header[..HEADER - 8])));
        let Some(header) = header else { return Err(damaged(name, "its header fails its checksum")) };
        let mut parsed = Self {
            with_abstracts: read_u32(header, 12) == Some(1),
            records: read_u64(header, 16).unwrap_or(0),
            replaced: read_u64(header, REPLACED).unwrap_or(0),
            date: String::from_utf8_lossy(&header[24..34]).trim_end_matches('\0').to_owned(),
            sections: [(0, 0, 0); SECTIONS],
        };
        for section in Section::ALL {
            let number = |column: usize| read_u64(header, 40 + section as usize * 24 + column * 8).unwrap_or(0);
            let (offset, length) = (number(0), number(1));
            if offset.checked_add(length).is_none_or(|end| end > bytes.len() as u64) {
                return Err(damaged(name, "it ends too early"));
            }
            parsed.sections[section as usize] = (offset, length, number(2));
        }
        let end = parsed.sections.iter().map(|(offset, length, _)| offset + length).max();
        if end != Some(bytes.len() as u64) {
            return Err(damaged(name, "something follows its end"));
        }
        Ok(parsed)
    }

    /// The bytes of a section.
    pub(super) fn section<'b>(&self, bytes: &'b [u8], section: Section) -> &'b [u8] {
        let (offset, length, _) = self.sections[section as usize];
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let end = start.saturating_add(usize::try_from(length).unwrap_or(usize::MAX));
        bytes.get(start..end).unwrap_or(&[])
    }

    /// Whether a section's bytes match their checksum.
    pub(super) fn is_sound(&self, bytes: &[u8], section: Section) -> bool {
        xxh3_64(self.section(bytes, section)) == self.sections[section as usize].2
    }
}

/// Where a compressed block is and which records it holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct BlockRow {
    /// Offset in its section.
    pub(super) offset: u64,
    /// Compressed length.
    pub(super) length: u32,
    /// Length when unpacked.
    pub(super) unpacked: u32,
    /// Number of its first record.
    pub(super) first: u32,
    /// Low half of the xxh3-64 of its compressed bytes.
    pub(super) checksum: u32,
}

impl BlockRow {
    /// The length of a row.
    pub(super) const BYTES: usize = 24;

    pub(super) fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..8].copy_from_slice(&self.offset.to_le_bytes());
        for (at, number) in [(8, self.length), (12, self.unpacked), (16, self.first), (20, self.checksum)] {
            bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
        }
        bytes
    }

    pub(super) fn parse(bytes: &[u8], row: usize) -> Option<Self> {
        let bytes = bytes.get(row * Self::BYTES..(row + 1) * Self::BYTES)?;
        let number = |at| read_u32(bytes, at);
        Some(Self {
            offset: read_u64(bytes, 0)?,
            length: number(8)?,
            unpacked: number(12)?,
            first: number(16)?,
            checksum: number(20)?,
        })
    }
}

/// The low half of a checksum.
pub(super) fn short_checksum(bytes: &[u8]) -> u32 {
    u32::try_from(xxh3_64(bytes) & 0xffff_ffff).unwrap_or(0)
}

/// An error for a file that is not what its builder wrote.
pub(super) fn damaged(name: &str, how: &str) -> Error {
    Error::message(format!("{name}: the catalog is damaged, {how}; {}", rebuild(name)))
}

fn rebuild(name: &str) -> String {
    format!("build it again with `bibmill catalog build SNAPSHOT -o {name}`")
}

/// Reads a number, if it is there.
pub(super) fn read_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// Reads a number, if it is there.
pub(super) fn read_u64(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}
