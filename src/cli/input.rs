//! Opening inputs: files and standard input, and which format each has.

use crate::diagnostic::SourceText;
use crate::error::{Error, Result};
use crate::format::{Format, FormatSpec, Input, ReadFn};
use crate::source::SourceId;
use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
use std::path::{Path, PathBuf};

/// Inputs up to this size are kept, so that findings can show their lines.
const KEPT: u64 = 4 << 20;

/// An input that is open, of a known format.
pub(super) struct Opened {
    pub(super) input: Input<'static>,
    pub(super) text: SourceText,
    /// Nothing when there is not one character to read.
    pub(super) format: Option<&'static FormatSpec>,
}

/// The inputs named; standard input when there are none.
pub(super) fn named(paths: &[PathBuf]) -> Vec<PathBuf> {
    if paths.is_empty() { vec![PathBuf::from("-")] } else { paths.to_vec() }
}

/// Opens an input and tells its format.
///
/// # Errors
/// When it cannot be read, or its format is not known and not given.
pub(super) fn open(path: &Path, source: SourceId, from: Option<Format>) -> Result<Opened> {
    let name = name_of(path);
    let (mut reader, size) = open_reader(path)?;
    let mut head = Vec::new();
    let fail = |error| Error::path(Path::new(&name), "reading", error);
    reader.by_ref().take(KEPT + 1).read_to_end(&mut head).map_err(fail)?;
    let text = SourceText { name: name.clone(), text: kept_text(&head) };
    let input = Input::new(source, name.clone(), io::Cursor::new(head).chain(reader))?.expecting(size);
    let format = if input.head().trim().is_empty() {
        None
    } else {
        let detected = || Format::detect(&input.head(), input.extension());
        let format = from.map_or_else(detected, Ok);
        Some(format.map_err(|error| Error::message(format!("{}: {error}", crate::source::printable(&name))))?.spec())
    };
    Ok(Opened { input, text, format })
}

/// How a format is read.
///
/// # Errors
/// When it is only written.
pub(super) fn reader_of(format: &FormatSpec) -> Result<ReadFn> {
    format.read.ok_or_else(|| Error::message(format!("{} is written, not read", format.name)))
}

fn name_of(path: &Path) -> String {
    if path == Path::new("-") { "<stdin>".to_owned() } else { path.display().to_string() }
}

/// The source of an input and its size, 0 where that is not known.
fn open_reader(path: &Path) -> Result<(Box<dyn Read + Send>, u64)> {
    if path == Path::new("-") {
        return Ok((Box::new(io::stdin()), 0));
    }
    let file = open_file(path)?;
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    Ok((Box::new(file), size))
}

/// Opens a file.
#[expect(clippy::disallowed_methods, reason = "the one place where inputs are opened")]
pub(super) fn open_file(path: &Path) -> Result<File> {
    let fail = |error| Error::path(path, "reading", error);
    let file = File::open(path).map_err(fail)?;
    // Reading a directory fails only later, and with words that say less.
    if file.metadata().map_err(fail)?.is_dir() {
        let name = path.display().to_string();
        return Err(Error::message(format!(
            "{}: it is a directory, not a file that can be read",
            crate::source::printable(&name)
        )));
    }
    Ok(file)
}

/// Whether standard input would wait for someone to type.
pub(super) fn waits_for_typing(paths: &[PathBuf]) -> bool {
    paths.iter().any(|path| path == Path::new("-")) && io::stdin().is_terminal()
}

/// The text of a small input, decoded as [`Input::text`] does it; none of what is large, packed or not UTF-8.
fn kept_text(head: &[u8]) -> Option<String> {
    if head.len() as u64 > KEPT {
        return None;
    }
    let text = std::str::from_utf8(head).ok()?;
    Some(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned())
}
