//! The source form of a catalog: JSON lines of facts and fingerprints, which survive every change of the binary form.
//!
//! A line is a record in the metadata snapshot's schema; an exported line has `fingerprints` in place of the abstract. Both
//! are read here, and exported lines are written here.

use super::fingerprint::{Fingerprint, SKETCH_BYTES};
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::ArxivId;
use crate::record::Record;
use serde::{Deserialize, Serialize};

/// The version of the fingerprints in exported lines; the layout of the binary file has its own.
const VERSION: u32 = 1;

/// One line, read.
#[derive(Debug)]
pub(super) struct SourceLine {
    pub(super) record: Record,
    pub(super) fingerprint: Option<Fingerprint>,
}

/// How a line carries the fingerprints of its abstract.
#[derive(Debug, Serialize, Deserialize)]
struct Exported {
    version: u32,
    length: u16,
    sketch: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    rest: String,
}

#[derive(Deserialize)]
struct WithFingerprints {
    fingerprints: Exported,
}

#[derive(Serialize)]
struct ExportedLine<'r> {
    #[serde(flatten)]
    record: &'r Record,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprints: Option<Exported>,
}

/// Reads a line.
pub(super) fn parse(line: &[u8]) -> Result<SourceLine, Diagnostic> {
    let mut record: Record = serde_json::from_slice(line).map_err(|error| malformed(&error))?;
    let Some(id) = ArxivId::parse(&record.id) else {
        let message = format!("`{}` is no arXiv identifier", record.id);
        return Err(
            Diagnostic::new(Rule::MalformedRecord, message).help("each line needs an \"id\" such as \"1706.03762\"")
        );
    };
    id.id().clone_into(&mut record.id);
    let exported = memchr::memmem::find(line, b"\"fingerprints\"").is_some();
    let fingerprint = if exported { Some(parse_fingerprint(line)?) } else { None };
    Ok(SourceLine { record, fingerprint })
}

/// Writes a line.
pub(super) fn print(record: &Record, fingerprint: &Fingerprint) -> serde_json::Result<String> {
    let sketched = &fingerprint.sketch[..usize::from(fingerprint.length).div_ceil(2).min(SKETCH_BYTES)];
    let rest: Vec<u8> = fingerprint.rest.iter().flat_map(|hash| hash.to_be_bytes().into_iter().take(5)).collect();
    let exported =
        Exported { version: VERSION, length: fingerprint.length, sketch: to_hex(sketched), rest: to_hex(&rest) };
    serde_json::to_string(&ExportedLine { record, fingerprints: (fingerprint.length > 0).then_some(exported) })
}

fn parse_fingerprint(line: &[u8]) -> Result<Fingerprint, Diagnostic> {
    let WithFingerprints { fingerprints } = serde_json::from_slice(line).map_err(|error| malformed(&error))?;
    let unreadable = |what: &str| {
        Diagnostic::new(Rule::MalformedRecord, format!("the fingerprints' {what}"))
            .help("export the catalog again, or use the metadata snapshot, which has the abstracts")
    };
    if fingerprints.version != VERSION {
        return Err(unreadable(&format!("version is {}, this program reads {VERSION}", fingerprints.version)));
    }
    let bytes = from_hex(&fingerprints.sketch).ok_or_else(|| unreadable("sketch is not hexadecimal"))?;
    let rest = from_hex(&fingerprints.rest).ok_or_else(|| unreadable("rest is not hexadecimal"))?;
    if bytes.len() != usize::from(fingerprints.length).div_ceil(2).min(SKETCH_BYTES) || rest.len() % 5 != 0 {
        return Err(unreadable("length does not fit their bytes"));
    }
    let mut sketch = [0; SKETCH_BYTES];
    sketch[..bytes.len()].copy_from_slice(&bytes);
    let rest = rest.chunks_exact(5).map(|b| u64::from_be_bytes([b[0], b[1], b[2], b[3], b[4], 0, 0, 0])).collect();
    Ok(Fingerprint { length: fingerprints.length, sketch, rest })
}

fn malformed(error: &serde_json::Error) -> Diagnostic {
    Diagnostic::new(Rule::MalformedRecord, format!("the line is no record: {error}"))
        .help("each line must be one JSON object of the arXiv metadata snapshot or of a catalog export")
}

fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    pairs.map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}
