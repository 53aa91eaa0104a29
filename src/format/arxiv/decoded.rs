//! A stream of UTF-8 out of a stream of bytes in the encoding that an XML document declares (XML 1.0, appendix F), with
//! line and column of the place reached and a limit on how much one reading may take.
//!
//! Bytes that are not of the declared encoding are read as windows-1252 one by one and noted. Knows no markup but the
//! XML declaration.

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::io::{self, BufRead, Read};

/// How many bytes may be read at once, lest one piece of markup fill the memory.
const MAX_EVENT: usize = 8 << 20;
/// How many bytes are decoded at a time.
const CHUNK: usize = 1 << 14;

/// The decoded stream.
pub(super) struct Decoded<R> {
    inner: R,
    decoder: Option<Decoder>,
    text: Vec<u8>,
    at: usize,
    ended: bool,
    malformed: bool,
    allowance: usize,
    line: u32,
    column: u32,
}

impl<R: BufRead> Decoded<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            decoder: None,
            text: Vec::new(),
            at: 0,
            ended: false,
            malformed: false,
            allowance: MAX_EVENT,
            line: 1,
            column: 1,
        }
    }

    /// Line and column in characters, from 1, of the place reached.
    pub(super) fn place(&self) -> (u32, u32) {
        (self.line, self.column)
    }

    /// Allows one more piece of markup or text to be read.
    pub(super) fn allow_event(&mut self) {
        self.allowance = MAX_EVENT;
    }

    /// Whether bytes outside of the encoding were met for the first time.
    pub(super) fn take_malformed(&mut self) -> bool {
        std::mem::take(&mut self.malformed)
    }

    /// Decodes the next chunk.
    fn refill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.at = 0;
        while self.text.is_empty() && !self.ended {
            let mut bytes = Vec::with_capacity(CHUNK);
            self.inner.by_ref().take(CHUNK as u64).read_to_end(&mut bytes)?;
            self.ended = bytes.is_empty();
            let decoder = self.decoder.get_or_insert_with(|| encoding_of(&bytes).new_decoder_with_bom_removal());
            self.malformed |= decode(decoder, &bytes, self.ended, &mut self.text);
        }
        Ok(())
    }
}

/// Decodes a chunk to the end of `out`; tells whether bytes were malformed.
fn decode(decoder: &mut Decoder, mut bytes: &[u8], last: bool, out: &mut Vec<u8>) -> bool {
    let mut malformed = false;
    let mut text = String::new();
    loop {
        text.reserve(decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(CHUNK));
        let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, last);
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(length, extra) => {
                malformed = true;
                let end = read.saturating_sub(usize::from(extra));
                let bad = &bytes[end.saturating_sub(usize::from(length))..end];
                if bad.is_empty() {
                    // The sequence began in the chunk before; its bytes are gone.
                    text.push('\u{fffd}');
                } else {
                    text.push_str(&WINDOWS_1252.decode_without_bom_handling(bad).0);
                }
            }
        }
        bytes = &bytes[read..];
    }
    out.extend_from_slice(text.as_bytes());
    malformed
}

/// The encoding: a byte order mark's, that of a UTF-16 declaration without one, the declared one, UTF-8.
fn encoding_of(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    match bytes {
        [b'<', 0, ..] => return UTF_16LE,
        [0, b'<', ..] => return UTF_16BE,
        _ => {}
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    let declaration = head.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split_once("?>"));
    let label = declaration.and_then(|(declaration, _)| {
        let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next()?;
        value[quote.len_utf8()..].split(quote).next()
    });
    let declared = label.and_then(|label| Encoding::for_label(label.as_bytes())).unwrap_or(UTF_8);
    // What declares UTF-16 in single bytes is not.
    if declared == UTF_16LE || declared == UTF_16BE { UTF_8 } else { declared }
}

impl<R: BufRead> BufRead for Decoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.allowance == 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "one tag or text is longer than 8 MiB"));
        }
        if self.at >= self.text.len() {
            self.refill()?;
        }
        Ok(&self.text[self.at..])
    }

    fn consume(&mut self, amount: usize) {
        let end = (self.at + amount).min(self.text.len());
        for byte in &self.text[self.at..end] {
            if *byte == b'\n' {
                self.line = self.line.saturating_add(1);
                self.column = 1;
            } else if *byte & 0xC0 != 0x80 {
                self.column = self.column.saturating_add(1);
            }
        }
        self.at = end;
        self.allowance = self.allowance.saturating_sub(amount);
    }
}

impl<R: BufRead> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let length = available.len().min(out.len());
        out[..length].copy_from_slice(&available[..length]);
        self.consume(length);
        Ok(length)
    }
}
