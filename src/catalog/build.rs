//! Records -> catalog bytes, as a stream.
//!
//! Lines are parsed and fingerprinted on several threads; one thread numbers the records, packs them into blocks and
//! gathers the postings, which spill to a temporary file when they outgrow memory. A record that comes twice is kept once:
//! the newer one's values win, and no empty value beats one that is there.

use super::fingerprint::{Facet, Fingerprint, SKETCH_BYTES, facet_hash, title_hashes};
use super::layout::{BlockRow, DIRECTORY_ROWS, HEADER, Header, POSTING_BYTES, Section, short_checksum};
use super::pages::PageSums;
use super::source::{self, SourceLine};
use crate::diagnostic::{Diagnostic, Rule};
use crate::error::{Error, Result};
use crate::fold::fold_into;
use crate::model::Scheme;
use crate::model::{ArxivId, Identifier};
use crate::parallel;
use crate::record::Record;
use crate::source::{SourceId, Span};
use std::collections::HashMap;
use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use xxhash_rust::xxh3::Xxh3;

/// The unpacked size at which a block is closed. Small, because one look-up unpacks one block.
const BLOCK: usize = 8 << 10;
/// The most records that a posting can number.
const MAX_RECORDS: u32 = 1 << 24;
/// How many postings are held in memory before they spill: 256 MB.
const POSTINGS_IN_MEMORY: usize = 32 << 20;
/// The postings are parted by this many of their first bits, so that each part is sorted in memory.
const PART_BITS: u32 = 6;

/// Choices of a build.
#[derive(Clone, Copy, Debug, Default)]
pub struct BuildOptions {
    /// Store the text of the abstracts too.
    pub with_abstracts: bool,
    /// How many threads may be used; 0 for as many as there are cores.
    pub threads: usize,
}

/// What a build counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildSummary {
    /// Distinct records in the catalog.
    pub records: u64,
    /// Records that came more than once.
    pub repeated: u64,
    /// Lines that could not be read.
    pub broken: u64,
}

/// Builds a catalog into `out`, which must be empty.
pub struct Builder<W> {
    options: BuildOptions,
    records: Blocks<W>,
    abstracts: Blocks<tempfile::SpooledTempFile>,
    sketches: Vec<u8>,
    postings: Postings,
    /// Number and version of each record by the hash of its id.
    numbers: HashMap<u64, u32>,
    superseded: Vec<u32>,
    date: String,
    summary: BuildSummary,
}

/// A record made ready on a worker thread.
struct Prepared {
    id_hash: u64,
    json: String,
    abstract_text: String,
    fingerprint: Fingerprint,
    hashes: Vec<u64>,
    date: String,
}

impl<W: Read + Write + Seek> Builder<W> {
    /// Starts a catalog.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn new(mut out: W, options: BuildOptions) -> io::Result<Self> {
        out.write_all(&[0; HEADER])?;
        Ok(Self {
            options,
            records: Blocks::new(out, HEADER as u64)?,
            abstracts: Blocks::new(tempfile::SpooledTempFile::new(64 << 20), 0)?,
            sketches: Vec::new(),
            postings: Postings::default(),
            numbers: HashMap::new(),
            superseded: Vec::new(),
            date: String::new(),
            summary: BuildSummary::default(),
        })
    }

    /// Adds the records of JSON lines: the metadata snapshot or an exported catalog. A broken line is reported and left out.
    ///
    /// # Errors
    /// When the input cannot be read or the catalog cannot be written.
    pub fn add(
        &mut self,
        source: SourceId,
        name: &str,
        lines: impl BufRead + Send,
        report: &mut dyn FnMut(Diagnostic),
    ) -> Result<()> {
        let BuildOptions { with_abstracts, threads } = self.options;
        let mut failure = None;
        let work = |chunk: parallel::Chunk| -> Vec<Result<Prepared, Diagnostic>> {
            chunk
                .lines()
                .map(|(line, at, bytes)| {
                    prepare(bytes, with_abstracts).map_err(|d| d.at(line_span(source, line, at, bytes)))
                })
                .collect()
        };
        let take = |prepared: Vec<Result<Prepared, Diagnostic>>| {
            for record in prepared {
                match record {
                    Err(diagnostic) => {
                        self.summary.broken += 1;
                        report(diagnostic);
                    }
                    Ok(record) => {
                        if let Err(error) = self.push(record) {
                            failure = Some(error);
                            return ControlFlow::Break(());
                        }
                    }
                }
            }
            ControlFlow::Continue(())
        };
        parallel::map_lines(lines, parallel::threads(threads), work, take)
            .map_err(|error| Error::io(format!("{name}: reading failed"), error))?;
        match failure {
            Some(error) => Err(Error::io("writing the catalog failed", error)),
            None => Ok(()),
        }
    }

    fn push(&mut self, mut record: Prepared) -> io::Result<()> {
        if let Some(&earlier) = self.numbers.get(&record.id_hash) {
            self.merge_with(earlier, &mut record)?;
        }
        let number = self.records.count;
        if number >= MAX_RECORDS {
            return Err(io::Error::other("a catalog holds at most 16,777,216 records"));
        }
        self.numbers.insert(record.id_hash, number);
        self.records.push(record.json.as_bytes())?;
        if self.options.with_abstracts {
            self.abstracts.push(record.abstract_text.as_bytes())?;
        }
        self.sketches.extend_from_slice(&record.fingerprint.length.to_le_bytes());
        self.sketches.extend_from_slice(&record.fingerprint.sketch);
        if record.date > self.date {
            self.date = record.date;
        }
        for hash in record.hashes {
            self.postings.push(hash, number)?;
        }
        Ok(())
    }

    /// Lets a record that came before complete this one, or be completed by it when it is the newer of the two.
    fn merge_with(&mut self, earlier: u32, record: &mut Prepared) -> io::Result<()> {
        self.summary.repeated += 1;
        self.superseded.push(earlier);
        let earlier_json = self.records.read_back(earlier)?;
        let parse = |json: &[u8]| serde_json::from_slice::<Record>(json).map_err(io::Error::from);
        let (old, new) = (parse(&earlier_json)?, parse(record.json.as_bytes())?);
        let age = |record: &Record| (record.latest_version(), record.update_date.clone());
        let earlier_is_newer = age(&old) > age(&new);
        let winner = old.merged_with(new);
        let sketch = self.sketch_of(earlier);
        if record.fingerprint.length == 0 || (earlier_is_newer && sketch.length > 0) {
            let rest = std::mem::take(&mut record.fingerprint.rest);
            record.fingerprint = Fingerprint { rest, ..sketch };
            if self.options.with_abstracts {
                record.abstract_text = String::from_utf8(self.abstracts.read_back(earlier)?).unwrap_or_default();
            }
        }
        // Both versions' wordings stay findable: the postings of the earlier one are taken over.
        self.postings.renumber(earlier, self.records.count)?;
        record.hashes.extend(record_hashes(&winner));
        record.json = serde_json::to_string(&winner).map_err(io::Error::from)?;
        Ok(())
    }

    fn sketch_of(&self, number: u32) -> Fingerprint {
        let at = number as usize * (2 + SKETCH_BYTES);
        let row = &self.sketches[at..at + 2 + SKETCH_BYTES];
        let mut sketch = [0; SKETCH_BYTES];
        sketch.copy_from_slice(&row[2..]);
        Fingerprint { length: u16::from_le_bytes([row[0], row[1]]), sketch, rest: Vec::new() }
    }

    /// Completes the catalog and gives the output back.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn finish(mut self) -> io::Result<(W, BuildSummary)> {
        let count = self.records.count;
        self.superseded.sort_unstable();
        self.superseded.dedup();
        self.summary.records = u64::from(count) - self.superseded.len() as u64;
        let mut header =
            Header::new(u64::from(count), self.superseded.len() as u64, self.date, self.options.with_abstracts);
        let (out, record_rows, (offset, length, checksum)) = self.records.finish()?;
        header.set_section(Section::Records, offset, length, checksum);
        let mut out = Sections { out, at: offset + length, header, sums: PageSums::default() };
        out.write(Section::RecordBlocks, &record_rows)?;
        out.write(Section::Sketches, &self.sketches)?;
        out.sums.push(&self.sketches);
        out.sums.end_section();
        drop(self.sketches);
        out.write_postings(self.postings)?;
        let (mut abstracts, abstract_rows, _) = self.abstracts.finish()?;
        abstracts.seek(SeekFrom::Start(0))?;
        out.copy(Section::Abstracts, &mut abstracts)?;
        out.write(Section::AbstractBlocks, &abstract_rows)?;
        let sums = std::mem::take(&mut out.sums).into_bytes();
        out.write(Section::PageSums, &sums)?;
        let mut file = out.out;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&out.header.to_bytes())?;
        file.flush()?;
        Ok((file, self.summary))
    }
}

/// Parses one line and computes everything that needs no other record.
fn prepare(line: &[u8], with_abstracts: bool) -> Result<Prepared, Diagnostic> {
    let SourceLine { mut record, fingerprint } = source::parse(line)?;
    let fingerprint = fingerprint.unwrap_or_else(|| Fingerprint::of(&record.abstract_text));
    let abstract_text = std::mem::take(&mut record.abstract_text);
    // Terms of use are no part of a citation.
    record.license.clear();
    let mut hashes = fingerprint.hashes();
    hashes.extend(record_hashes(&record));
    let (year, month) = ArxivId::parse(&record.id).map_or((0, 0), |id| id.year_month());
    let date = record
        .versions
        .iter()
        .filter_map(|version| version.date().map(|day| day.calendar()))
        .chain([record.update_date.clone(), format!("{year:04}-{month:02}")])
        .max();
    let json =
        serde_json::to_string(&record).map_err(|error| Diagnostic::new(Rule::MalformedRecord, error.to_string()))?;
    Ok(Prepared {
        id_hash: facet_hash(Facet::Id, record.id.as_bytes()),
        json,
        abstract_text: if with_abstracts { abstract_text.replace('\n', " ") } else { String::new() },
        fingerprint,
        hashes,
        date: date.unwrap_or_default(),
    })
}

/// The hashes by which a record is found other than by its abstract.
pub(super) fn record_hashes(record: &Record) -> Vec<u64> {
    let mut hashes = vec![facet_hash(Facet::Id, record.id.as_bytes())];
    for doi in record.doi.split_whitespace().filter_map(|doi| Identifier::parse(Scheme::Doi, doi)) {
        hashes.push(facet_hash(Facet::Doi, doi.value().to_lowercase().as_bytes()));
    }
    let mut folded = Vec::with_capacity(record.title.len());
    fold_into(&record.title, &mut folded);
    if !folded.is_empty() {
        hashes.push(facet_hash(Facet::Title, &folded));
        hashes.extend(title_hashes(&folded));
    }
    if let Some((head, _)) = record.title.split_once(": ") {
        folded.clear();
        fold_into(head, &mut folded);
        hashes.push(facet_hash(Facet::TitleHead, &folded));
    }
    hashes
}

fn line_span(source: SourceId, line: u64, at: u64, bytes: &[u8]) -> Span {
    Span {
        source,
        start: at,
        len: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: 1,
    }
}

/// Output, directory, and offset, length and checksum of the blocks.
type Finished<W> = (W, Vec<u8>, (u64, u64, u64));

/// Packs lines into compressed blocks.
struct Blocks<W> {
    out: W,
    start: u64,
    at: u64,
    raw: Vec<u8>,
    rows: Vec<BlockRow>,
    first: u32,
    count: u32,
    checksum: Xxh3,
    compressor: zstd::bulk::Compressor<'static>,
}

impl<W: Read + Write + Seek> Blocks<W> {
    fn new(out: W, start: u64) -> io::Result<Self> {
        Ok(Self {
            out,
            start,
            at: start,
            raw: Vec::with_capacity(BLOCK * 2),
            rows: Vec::new(),
            first: 0,
            count: 0,
            checksum: Xxh3::new(),
            compressor: zstd::bulk::Compressor::new(3)?,
        })
    }

    fn push(&mut self, line: &[u8]) -> io::Result<()> {
        self.raw.extend_from_slice(line);
        self.raw.push(b'\n');
        self.count += 1;
        if self.raw.len() >= BLOCK { self.close() } else { Ok(()) }
    }

    fn close(&mut self) -> io::Result<()> {
        if self.count == self.first {
            return Ok(());
        }
        let packed = self.compressor.compress(&self.raw)?;
        self.checksum.update(&packed);
        self.out.write_all(&packed)?;
        let length =
            |bytes: &[u8]| u32::try_from(bytes.len()).map_err(|_| io::Error::other("a record is larger than 4 GiB"));
        self.rows.push(BlockRow {
            offset: self.at - self.start,
            length: length(&packed)?,
            unpacked: length(&self.raw)?,
            first: self.first,
            checksum: short_checksum(&packed),
        });
        self.at += packed.len() as u64;
        self.first = self.count;
        self.raw.clear();
        Ok(())
    }

    /// The line of a record that was pushed before.
    fn read_back(&mut self, number: u32) -> io::Result<Vec<u8>> {
        if number >= self.first {
            return Ok(nth_line(&self.raw, number - self.first).to_owned());
        }
        let row = self.rows[self.rows.partition_point(|row| row.first <= number) - 1];
        let mut packed = vec![0; row.length as usize];
        self.out.seek(SeekFrom::Start(self.start + row.offset))?;
        self.out.read_exact(&mut packed)?;
        self.out.seek(SeekFrom::Start(self.at))?;
        let raw = zstd::bulk::decompress(&packed, row.unpacked as usize)?;
        Ok(nth_line(&raw, number - row.first).to_owned())
    }

    fn finish(mut self) -> io::Result<Finished<W>> {
        self.close()?;
        let rows = self.rows.iter().flat_map(|row| row.to_bytes()).collect();
        Ok((self.out, rows, (self.start, self.at - self.start, self.checksum.digest())))
    }
}

/// A line of a block.
pub(super) fn nth_line(raw: &[u8], number: u32) -> &[u8] {
    raw.split(|byte| *byte == b'\n').nth(number as usize).unwrap_or(&[])
}

/// Writes sections one behind the other and notes them in the header.
struct Sections<W> {
    out: W,
    at: u64,
    header: Header,
    sums: PageSums,
}

impl<W: Write> Sections<W> {
    fn write(&mut self, section: Section, bytes: &[u8]) -> io::Result<()> {
        self.copy(section, &mut &*bytes)
    }

    fn copy(&mut self, section: Section, from: &mut impl Read) -> io::Result<()> {
        let (start, mut checksum, mut buffer) = (self.at, Xxh3::new(), vec![0; 1 << 16]);
        loop {
            let read = from.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            self.append(&buffer[..read], &mut checksum)?;
        }
        self.header.set_section(section, start, self.at - start, checksum.digest());
        Ok(())
    }

    fn append(&mut self, bytes: &[u8], checksum: &mut Xxh3) -> io::Result<()> {
        checksum.update(bytes);
        self.out.write_all(bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    /// Writes the postings and then their directory.
    fn write_postings(&mut self, mut postings: Postings) -> io::Result<()> {
        let mut directory = Vec::with_capacity(DIRECTORY_ROWS);
        let (start, mut checksum, mut written) = (self.at, Xxh3::new(), 0_u32);
        for part in 0..1_usize << PART_BITS {
            let sorted = postings.take_part(part)?;
            let mut bytes = Vec::with_capacity(sorted.len() * POSTING_BYTES);
            for posting in sorted {
                // The first 16 bits are the place in the directory, the others are stored.
                let [first, second, stored @ ..] = posting.to_be_bytes();
                let bucket = usize::from(u16::from_be_bytes([first, second]));
                directory.resize(directory.len().max(bucket + 1), written);
                bytes.extend_from_slice(&stored);
                written = written.checked_add(1).ok_or_else(|| io::Error::other("more than 4,294,967,295 postings"))?;
            }
            self.append(&bytes, &mut checksum)?;
            self.sums.push(&bytes);
        }
        self.sums.end_section();
        directory.resize(DIRECTORY_ROWS, written);
        self.header.set_section(Section::Postings, start, self.at - start, checksum.digest());
        let directory: Vec<u8> = directory.into_iter().flat_map(u32::to_le_bytes).collect();
        self.write(Section::PostingDirectory, &directory)
    }
}

/// Postings gathered so far: the high 40 bits of a hash and 24 bits of record number in one `u64`, parted by first bits.
#[derive(Default)]
struct Postings {
    parts: Vec<Vec<u64>>,
    in_memory: usize,
    spill: Option<Spill>,
    renumbered: HashMap<u32, u32>,
}

/// Postings on disk: where each run of each part lies.
struct Spill {
    file: std::fs::File,
    runs: Vec<(usize, u64, usize)>,
    at: u64,
}

impl Postings {
    fn push(&mut self, hash: u64, number: u32) -> io::Result<()> {
        if self.parts.is_empty() {
            self.parts = vec![Vec::new(); 1 << PART_BITS];
        }
        let posting = hash & !0xff_ffff | u64::from(number);
        self.parts[usize::try_from(hash >> (64 - PART_BITS)).unwrap_or(0)].push(posting);
        self.in_memory += 1;
        if self.in_memory >= POSTINGS_IN_MEMORY { self.spill() } else { Ok(()) }
    }

    /// From now on the postings of one record are another's.
    #[expect(clippy::unnecessary_wraps, reason = "the same shape as the other steps of a merge")]
    fn renumber(&mut self, from: u32, to: u32) -> io::Result<()> {
        for target in self.renumbered.values_mut().filter(|target| **target == from) {
            *target = to;
        }
        self.renumbered.insert(from, to);
        Ok(())
    }

    fn spill(&mut self) -> io::Result<()> {
        let mut spill = match self.spill.take() {
            Some(spill) => spill,
            None => Spill { file: tempfile::tempfile()?, runs: Vec::new(), at: 0 },
        };
        for (part, postings) in self.parts.iter_mut().enumerate() {
            let bytes: Vec<u8> = postings.iter().flat_map(|posting| posting.to_le_bytes()).collect();
            spill.file.write_all(&bytes)?;
            spill.runs.push((part, spill.at, bytes.len()));
            spill.at += bytes.len() as u64;
            postings.clear();
        }
        self.spill = Some(spill);
        self.in_memory = 0;
        Ok(())
    }

    /// One part, sorted, each posting once.
    fn take_part(&mut self, part: usize) -> io::Result<Vec<u64>> {
        let mut postings = self.parts.get_mut(part).map(std::mem::take).unwrap_or_default();
        if let Some(spill) = &mut self.spill {
            for (_, offset, length) in spill.runs.iter().filter(|(run, _, _)| *run == part) {
                let mut bytes = vec![0; *length];
                spill.file.seek(SeekFrom::Start(*offset))?;
                spill.file.read_exact(&mut bytes)?;
                postings.extend(
                    bytes.chunks_exact(8).map(|b| u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]])),
                );
            }
        }
        if !self.renumbered.is_empty() {
            for posting in &mut postings {
                let number = u32::try_from(*posting & 0xff_ffff).unwrap_or(0);
                if let Some(&target) = self.renumbered.get(&number) {
                    *posting = *posting & !0xff_ffff | u64::from(target);
                }
            }
        }
        postings.sort_unstable();
        postings.dedup();
        Ok(postings)
    }
}
