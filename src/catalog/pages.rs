//! Checksums of pages: what is read in small pieces, here and there, is verified in pages, each once.
//!
//! A look-up touches a few dozen places of the sketches and postings. Verifying these sections whole would read the file
//! whole; trusting them would let a flipped bit turn a paper that is there into one that was not found. Knows bytes only.

use super::layout::{read_u32, short_checksum};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// The bytes that one checksum stands for.
const PAGE: usize = 4096;
/// The bytes of a checksum.
const SUM: usize = 4;

/// Makes the checksums while a section is written.
#[derive(Debug, Default)]
pub(super) struct PageSums {
    sums: Vec<u8>,
    partial: Vec<u8>,
}

impl PageSums {
    /// The section goes on with these bytes.
    pub(super) fn push(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(PAGE - self.partial.len()));
            self.partial.extend_from_slice(now);
            if self.partial.len() == PAGE {
                self.end_page();
            }
            bytes = later;
        }
    }

    /// The section ends here; another one begins with a page of its own.
    pub(super) fn end_section(&mut self) {
        if !self.partial.is_empty() {
            self.end_page();
        }
    }

    fn end_page(&mut self) {
        self.sums.extend_from_slice(&short_checksum(&self.partial).to_le_bytes());
        self.partial.clear();
    }

    /// All checksums so far.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.sums
    }
}

/// Which pages have been verified.
#[derive(Debug)]
pub(super) struct Verified(Vec<AtomicU64>);

impl Verified {
    /// Nothing of so many pages has been.
    pub(super) fn none_of(pages: usize) -> Self {
        Self(std::iter::repeat_with(AtomicU64::default).take(pages.div_ceil(64)).collect())
    }

    /// Whether the pages that hold a range of a section are sound. `first` is the number of the section's first page among
    /// all checksums.
    pub(super) fn is_sound(&self, section: &[u8], range: Range<usize>, sums: &[u8], first: usize) -> bool {
        (range.start / PAGE..range.end.div_ceil(PAGE)).all(|page| self.is_page_sound(section, page, sums, first))
    }

    fn is_page_sound(&self, section: &[u8], page: usize, sums: &[u8], first: usize) -> bool {
        let Some(word) = self.0.get((first + page) / 64) else { return false };
        let bit = 1_u64 << ((first + page) % 64);
        // The bit says nothing but that these bytes, which never change, were summed before.
        if word.load(Ordering::Relaxed) & bit != 0 {
            return true;
        }
        let bytes = section.get(page * PAGE..section.len().min((page + 1) * PAGE));
        let sound = bytes.is_some_and(|bytes| read_u32(sums, (first + page) * SUM) == Some(short_checksum(bytes)));
        if sound {
            word.fetch_or(bit, Ordering::Relaxed);
        }
        sound
    }
}

/// How many pages a section of so many bytes has.
pub(super) fn count(bytes: usize) -> usize {
    bytes.div_ceil(PAGE)
}

/// How many bytes the checksums of so many pages have.
pub(super) fn sum_bytes(pages: usize) -> usize {
    pages * SUM
}
