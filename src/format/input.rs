//! One input: its name, its bytes, decompressed, and its text, decoded.
//!
//! Compression is told by magic numbers, never by the name. Text is UTF-8; a byte order mark selects UTF-16; a line
//! that is neither is read as windows-1252, with a diagnostic. Knows no format and no disk: whoever opens a file hands over
//! a reader.

use crate::diagnostic::{Diagnostic, Rule};
use crate::error::{Error, Result};
use crate::source::{SourceId, Span};
use crate::stream::Sink;
use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;

/// How much of an input is looked at to tell its format.
const HEAD: usize = 4096;
/// The largest input that a reader holds as a whole.
const MAX_TEXT: u64 = 1 << 30;

/// One input, opened.
pub struct Input<'r> {
    source: SourceId,
    name: String,
    head: Vec<u8>,
    reader: Box<dyn BufRead + Send + 'r>,
    /// How many bytes there are likely to be.
    expected: u64,
}

impl<'r> Input<'r> {
    /// Opens an input: looks at its first bytes and unpacks gzip, xz, zstd or zip (its first file).
    ///
    /// # Errors
    /// When the bytes cannot be read, or are compressed in a way that this build does not unpack.
    pub fn new(source: SourceId, name: impl Into<String>, reader: impl Read + Send + 'r) -> Result<Self> {
        let name = name.into();
        let fail = |error| Error::io(format!("{}: reading failed", crate::source::printable(&name)), error);
        let unpacked = unpack(Box::new(BufReader::with_capacity(1 << 16, reader)), &name)?;
        let mut reader = unpacked;
        let mut head = Vec::with_capacity(HEAD);
        reader.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(fail)?;
        Ok(Self { source, name, head, reader, expected: 0 })
    }

    /// An input that is text at hand.
    pub fn from_text(source: SourceId, name: impl Into<String>, text: &'r str) -> Self {
        let (head, rest) = text.as_bytes().split_at(text.len().min(HEAD));
        Self { source, name: name.into(), head: head.to_owned(), reader: Box::new(rest), expected: text.len() as u64 }
    }

    /// Says how many bytes the source has, so that a text read as a whole is not moved while it grows.
    #[must_use]
    pub fn expecting(mut self, bytes: u64) -> Self {
        self.expected = bytes;
        self
    }

    /// Which input of the run it is.
    pub fn source(&self) -> SourceId {
        self.source
    }

    /// Its name in messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its beginning, decoded as far as it goes, to tell the format.
    pub fn head(&self) -> String {
        let (text, _, _) = decoder_for(&self.head).decode(&self.head);
        text.into_owned()
    }

    /// The extension of its name without the one of a compression: `json` of `x.json.gz`.
    pub fn extension(&self) -> Option<&str> {
        let name = self.name.rsplit(['/', '\\']).next()?;
        let mut parts = name.rsplit('.');
        let last = parts.next()?;
        let packed = matches!(last.to_ascii_lowercase().as_str(), "gz" | "xz" | "zst" | "zip");
        let extension = if packed { parts.next()? } else { last };
        parts.next().map(|_| extension)
    }

    /// The decompressed bytes, for readers that go record by record. They need not be UTF-8.
    pub fn into_reader(self) -> impl BufRead + Send + 'r {
        io::Cursor::new(self.head).chain(self.reader)
    }

    /// The whole text, decoded, without byte order mark.
    ///
    /// # Errors
    /// When reading fails or the input is larger than 1 GiB.
    pub fn text(self, sink: &mut dyn Sink) -> Result<String> {
        self.decoded(sink).map(|decoded| decoded.text)
    }

    /// The whole text, and how it was encoded.
    ///
    /// # Errors
    /// When reading fails or the input is larger than 1 GiB.
    pub fn decoded(self, sink: &mut dyn Sink) -> Result<Decoded> {
        let (source, name) = (self.source, self.name.clone());
        // One byte more, so that the end is found without growing.
        let mut bytes = Vec::with_capacity(usize::try_from(self.expected.min(MAX_TEXT) + 1).unwrap_or(0));
        let mut limited = self.into_reader().take(MAX_TEXT + 1);
        limited
            .read_to_end(&mut bytes)
            .map_err(|error| Error::io(format!("{}: reading failed", crate::source::printable(&name)), error))?;
        if bytes.len() as u64 > MAX_TEXT {
            return Err(Error::message(format!(
                "{name}: larger than 1 GiB, the most that this format is read from at once; split the file"
            )));
        }
        Ok(decode(bytes, source, sink))
    }
}

/// A text, and how it stood in its input, so that it can be written so again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// The text without byte order mark.
    pub text: String,
    /// Its encoding.
    pub encoding: Encoding,
    /// The parts of the text, whole lines, that are no UTF-8 in a file that is: windows-1252.
    foreign: Vec<Range<usize>>,
}

/// How a text is encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    #[default]
    Utf8,
    /// UTF-8 behind a byte order mark.
    Utf8WithMark,
    /// UTF-16 behind a byte order mark, the low byte first.
    Utf16Little,
    /// UTF-16 behind a byte order mark, the high byte first.
    Utf16Big,
}

impl Decoded {
    /// Whether only ASCII can be put into the text: its readers do not agree on what other bytes are.
    pub fn wants_ascii(&self) -> bool {
        !self.foreign.is_empty()
    }

    /// A part of the text in the bytes that it had.
    pub fn bytes_of(&self, range: Range<usize>) -> Cow<'_, [u8]> {
        let first = self.foreign.partition_point(|foreign| foreign.end <= range.start);
        let touched = self.foreign.get(first).is_some_and(|foreign| foreign.start < range.end);
        if !touched {
            return self.encoding.encode(&self.text[range]);
        }
        let mut bytes = Vec::with_capacity(range.len());
        let mut at = range.start;
        for foreign in self.foreign[first..].iter().take_while(|foreign| foreign.start < range.end) {
            let (start, end) = (foreign.start.max(at), foreign.end.min(range.end));
            bytes.extend_from_slice(&self.encoding.encode(&self.text[at..start]));
            bytes.extend_from_slice(&encoding_rs::WINDOWS_1252.encode(&self.text[start..end]).0);
            at = end;
        }
        bytes.extend_from_slice(&self.encoding.encode(&self.text[at..range.end]));
        bytes.into()
    }
}

impl Encoding {
    /// The byte order mark.
    pub const fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8 => &[],
            Self::Utf8WithMark => "\u{feff}".as_bytes(),
            Self::Utf16Little => &[0xff, 0xfe],
            Self::Utf16Big => &[0xfe, 0xff],
        }
    }

    /// A text in this encoding.
    pub fn encode(self, text: &str) -> Cow<'_, [u8]> {
        match self {
            Self::Utf8 | Self::Utf8WithMark => text.as_bytes().into(),
            Self::Utf16Little => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::Utf16Big => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        }
    }
}

/// Decodes a whole text; see the head of this file.
fn decode(bytes: Vec<u8>, source: SourceId, sink: &mut dyn Sink) -> Decoded {
    let error = match String::from_utf8(bytes) {
        Ok(mut text) => {
            let has_mark = text.starts_with('\u{feff}');
            if has_mark {
                text.drain(..'\u{feff}'.len_utf8());
            }
            let encoding = if has_mark { Encoding::Utf8WithMark } else { Encoding::Utf8 };
            return Decoded { text, encoding, foreign: Vec::new() };
        }
        Err(error) => error,
    };
    let valid = error.utf8_error().valid_up_to();
    let bytes = error.into_bytes();
    let decoder = decoder_for(&bytes);
    if decoder != encoding_rs::UTF_8 {
        let (text, _, failed) = decoder.decode(&bytes);
        if failed {
            let at = text.find('\u{fffd}').unwrap_or_default();
            let line_start = text[..at].rfind('\n').map_or(0, |end| end + 1);
            let place = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
            let span = Span {
                source,
                start: at as u64,
                len: 3,
                line: place(memchr::memchr_iter(b'\n', &text.as_bytes()[..at]).count()),
                column: place(text[line_start..at].chars().count()),
            };
            let message =
                "the text is no sound UTF-16; what is broken is read as U+FFFD, and the text is written as UTF-8";
            sink.report(Diagnostic::new(Rule::NonUtf8, message).at(span).help("convert the file to UTF-8"));
        }
        // What is broken cannot be written as it was.
        let encoding = match bytes.first() {
            Some(0xff) if !failed => Encoding::Utf16Little,
            Some(0xfe) if !failed => Encoding::Utf16Big,
            _ => Encoding::Utf8,
        };
        return Decoded { text: text.into_owned(), encoding, foreign: Vec::new() };
    }
    let line = memchr::memchr_iter(b'\n', &bytes[..valid]).count() + 1;
    let line_start = memchr::memrchr(b'\n', &bytes[..valid]).map_or(0, |at| at + 1);
    let column = String::from_utf8_lossy(&bytes[line_start..valid]).chars().count() + 1;
    let span = Span {
        source,
        start: valid as u64,
        len: 1,
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: u32::try_from(column).unwrap_or(u32::MAX),
    };
    let is_foreign = |line: &&[u8]| std::str::from_utf8(line).is_err();
    let foreign = lines_of(&bytes).filter(is_foreign).count();
    let has_utf8 = lines_of(&bytes).any(|line| !line.is_ascii() && !is_foreign(&line));
    let message = match (foreign, has_utf8) {
        (_, false) => "the text is not UTF-8; it is read as windows-1252".to_owned(),
        (1, true) => "one line of the text is not UTF-8; it is read as windows-1252".to_owned(),
        (_, true) => format!("{foreign} lines of the text are not UTF-8; they are read as windows-1252"),
    };
    sink.report(Diagnostic::new(Rule::NonUtf8, message).at(span).help("convert the file to UTF-8"));
    by_line(&bytes)
}

/// Files that were put together from several may change their encoding from line to line.
fn by_line(bytes: &[u8]) -> Decoded {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 16);
    let mut foreign = Vec::new();
    let mark = "\u{feff}".as_bytes();
    let encoding = if bytes.starts_with(mark) { Encoding::Utf8WithMark } else { Encoding::Utf8 };
    for line in lines_of(&bytes[encoding.mark().len()..]) {
        if let Ok(line) = std::str::from_utf8(line) {
            text.push_str(line);
        } else {
            let start = text.len();
            text.push_str(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(line).0);
            foreign.push(start..text.len());
        }
    }
    Decoded { text, encoding, foreign }
}

/// Lines with their ends.
fn lines_of(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r'))
}

fn decoder_for(bytes: &[u8]) -> &'static encoding_rs::Encoding {
    encoding_rs::Encoding::for_bom(bytes).map_or(encoding_rs::UTF_8, |(encoding, _)| encoding)
}

/// Unpacks by magic number.
fn unpack<'r>(mut reader: Box<dyn BufRead + Send + 'r>, name: &str) -> Result<Box<dyn BufRead + Send + 'r>> {
    let fail = |error| Error::io(format!("{}: reading failed", crate::source::printable(name)), error);
    let magic = reader.fill_buf().map_err(fail)?;
    let packing = match magic {
        [0x1f, 0x8b, ..] => "gzip",
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => "xz",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "zstd",
        [b'P', b'K', 3, 4, ..] => "zip",
        _ => return Ok(reader),
    };
    unpack_as(packing, reader, name)
}

#[cfg(feature = "compression")]
fn unpack_as<'r>(
    packing: &str,
    reader: Box<dyn BufRead + Send + 'r>,
    name: &str,
) -> Result<Box<dyn BufRead + Send + 'r>> {
    let fail = |error| Error::io(format!("{}: unpacking {packing} failed", crate::source::printable(name)), error);
    Ok(match packing {
        "gzip" => Box::new(BufReader::with_capacity(1 << 16, flate2::bufread::MultiGzDecoder::new(reader))),
        "xz" => Box::new(BufReader::with_capacity(1 << 16, liblzma::bufread::XzDecoder::new_multi_decoder(reader))),
        "zstd" => {
            Box::new(BufReader::with_capacity(1 << 16, zstd::stream::read::Decoder::with_buffer(reader).map_err(fail)?))
        }
        _ => Box::new(BufReader::with_capacity(1 << 16, first_zip_member(reader).map_err(fail)?)),
    })
}

/// The first file of a zip archive, read as a stream: its local header (APPNOTE 4.3.7), then the data, which ends itself.
#[cfg(feature = "compression")]
fn first_zip_member<'r>(mut reader: Box<dyn BufRead + Send + 'r>) -> io::Result<Box<dyn Read + Send + 'r>> {
    let mut header = [0; 30];
    reader.read_exact(&mut header)?;
    let number = |at: usize| u64::from(u16::from_le_bytes([header[at], header[at + 1]]));
    let (method, name_and_extra) = (number(8), number(26) + number(28));
    let stored = u64::from(u32::from_le_bytes([header[18], header[19], header[20], header[21]]));
    io::copy(&mut reader.by_ref().take(name_and_extra), &mut io::sink())?;
    match method {
        0 => Ok(Box::new(reader.take(stored))),
        8 => Ok(Box::new(flate2::bufread::DeflateDecoder::new(reader))),
        _ => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "the archive uses another method than deflate; unpack it first",
        )),
    }
}

#[cfg(not(feature = "compression"))]
fn unpack_as<'r>(packing: &str, _: Box<dyn BufRead + Send + 'r>, name: &str) -> Result<Box<dyn BufRead + Send + 'r>> {
    Err(Error::message(format!(
        "{name} is packed with {packing}, which this build does not unpack (feature `compression`); unpack it first"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::Collected;

    #[test]
    fn a_text_can_be_written_as_it_was() {
        let utf16 =
            |to_bytes: fn(u16) -> [u8; 2]| "\u{feff}é𝔸\r\n".encode_utf16().flat_map(to_bytes).collect::<Vec<u8>>();
        let all: Vec<u8> = (0..=255).collect();
        let inputs = ["é𝔸\n".as_bytes().to_vec(), "\u{feff}é".as_bytes().to_vec(), utf16(u16::to_le_bytes)]
            .into_iter()
            .chain([utf16(u16::to_be_bytes), all, Vec::new(), b"Gr\xc3\xbc\xc3\x9fe\nGr\xfc\xdfe\r\n".to_vec()]);
        for bytes in inputs {
            let mut sink = Collected::default();
            let decoded = decode(bytes.clone(), SourceId(0), &mut sink);
            let whole = decoded.bytes_of(0..decoded.text.len());
            assert_eq!([decoded.encoding.mark(), &whole].concat(), bytes, "{decoded:?}");
            for (at, _) in decoded.text.char_indices() {
                let halves = [decoded.bytes_of(0..at), decoded.bytes_of(at..decoded.text.len())];
                assert_eq!(halves.concat(), *whole, "{at}");
            }
        }
    }

    #[test]
    fn each_line_has_the_encoding_that_it_fits() {
        let check = |bytes: &[u8], expected: &str, said: &[&str]| {
            let mut sink = Collected::default();
            assert_eq!(decode(bytes.to_owned(), SourceId(0), &mut sink).text, expected);
            let messages: Vec<&str> = sink.diagnostics.iter().map(|found| found.message.as_str()).collect();
            assert_eq!(messages, said, "{expected}");
        };
        check("\u{feff}Größe\n".as_bytes(), "Größe\n", &[]);
        check(b"Gr\xfc\xdfe\rM\xe9n\r", "Grüße\rMén\r", &["the text is not UTF-8; it is read as windows-1252"]);
        check(
            b"Gr\xc3\xbc\xc3\x9fe\nGr\xfc\xdfe\n",
            "Grüße\nGrüße\n",
            &["one line of the text is not UTF-8; it is read as windows-1252"],
        );
    }
}
