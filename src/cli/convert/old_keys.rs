//! The keys of a `.bib` file that is about to be replaced, read part by part: only keys, identifiers, titles and first
//! authors stay in memory.

use crate::cli::input;
use crate::diagnostic::Diagnostic;
use crate::error::{Error, Result};
use crate::format::{Format, Input, ReadOptions};
use crate::key::KeptKeys;
use crate::source::SourceId;
use crate::stream::{Sink, Sourced};
use std::io::Read as _;
use std::ops::ControlFlow;
use std::path::Path;

/// How much of the file is read at once.
const PART: u64 = 4 << 20;

/// Takes the keys of what is read, and nothing else.
#[derive(Debug, Default)]
pub(super) struct KeyReader(pub(super) KeptKeys);

impl Sink for KeyReader {
    fn entry(&mut self, entry: Sourced) -> ControlFlow<()> {
        self.0.add(&entry.entry);
        ControlFlow::Continue(())
    }

    fn report(&mut self, _: Diagnostic) {}
}

/// Reads the keys of a file. What one part defines is not known in the next, which matters for keys in nothing.
pub(super) fn read(path: &Path, format: Format) -> Result<KeptKeys> {
    let fail = |error| Error::path(path, "reading", error);
    let mut file = input::open_file(path)?;
    let mut keys = KeyReader::default();
    let mut part = Vec::new();
    loop {
        let length = part.len();
        file.by_ref().take(PART).read_to_end(&mut part).map_err(fail)?;
        let is_last = part.len() == length;
        // A text of two bytes a sign cannot be cut so.
        let is_wide = matches!(part.get(..2), Some([0xff, 0xfe] | [0xfe, 0xff]));
        let end = if is_last { Some(part.len()) } else { last_head(&part).filter(|_| !is_wide) };
        if let Some(end) = end {
            let input = Input::new(SourceId(u32::MAX), path.display().to_string(), &part[..end])?;
            input::reader_of(format.spec())?(input, &ReadOptions::default(), &mut keys)?;
            part.drain(..end);
        }
        if is_last {
            return Ok(keys.0);
        }
    }
}

/// Where the last line begins that looks like the beginning of an entry.
fn last_head(part: &[u8]) -> Option<usize> {
    let is_head = |at: &usize| matches!(part.get(at + 1..at + 3), Some([b'@', letter]) if letter.is_ascii_alphabetic());
    memchr::memrchr_iter(b'\n', part).find(is_head).map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn a_long_file_is_read_in_parts() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let filler = "x".repeat(1000);
        for number in 0..10_000 {
            writeln!(file, "@misc{{k{number}, title={{T{number}}}, doi={{10.1/{number}}}, note={{{filler}}}}}")
                .unwrap();
        }
        let keys = read(file.path(), Format::Bibtex).unwrap();
        let all: Vec<String> = (0..10_000).map(|number| format!("k{number}")).collect();
        assert!(keys.missing_in(all.iter().map(String::as_str)).is_empty());
        assert_eq!(keys.missing_in(all[1..].iter().map(String::as_str)), ["k0"]);
    }
}
