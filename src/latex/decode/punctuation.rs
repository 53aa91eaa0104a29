//! Ligatures: dashes, ties and quotation marks, which LaTeX writes with the characters of the keyboard.
//!
//! A mark that has no partner, or stands where prose means the character itself, is left as it is.

use super::{Builder, Context, Decoder, Place};

/// How far a closing quotation mark is looked for, in bytes.
const LOOKAHEAD: usize = 300;

impl Decoder<'_> {
    pub(super) fn dashes(&self, at: usize, place: Place, out: &mut Builder) -> usize {
        let mut count = self.bytes[at..place.end].iter().take_while(|b| **b == b'-').count();
        let after = at + count;
        if self.context == Context::Prose && count > 3 {
            return self.literal(at, after, out);
        }
        while count > 0 {
            out.current.push_str(["-", "–", "—"][count.min(3) - 1]);
            count -= count.min(3);
        }
        after
    }

    /// A tie; in prose a tilde that cannot be one, before a number ("~30") or behind a blank, is a character.
    pub(super) fn tie(&self, at: usize, place: Place, out: &mut Builder) -> usize {
        let before = at.checked_sub(1).map(|before| self.bytes[before]);
        let after = self.bytes[..place.end].get(at + 1);
        let is_sign = match before {
            None | Some(b' ' | b'\t' | b'\n' | b'(' | b'[' | b'<' | b'>' | b'=' | b'/' | b'$') => true,
            Some(before) => before.is_ascii_digit() && after.is_some_and(u8::is_ascii_digit),
        };
        out.current.push_str(match self.context {
            Context::Name => " ",
            Context::Prose if is_sign => "~",
            Context::Prose | Context::Bib => "\u{A0}",
        });
        at + 1
    }

    /// Ordinary characters, with the quotation marks of other languages: `,,` is „, and `<<` and `>>` are « and », where
    /// they stand like quotation marks.
    pub(super) fn doubled_marks(&self, from: usize, to: usize, out: &mut Builder) {
        let bytes = self.bytes;
        let mut start = from;
        let mut at = from;
        while let Some(found) = memchr::memchr3(b',', b'<', b'>', &bytes[at..to]) {
            let mark = at + found;
            at = mark + 1;
            if bytes.get(mark + 1) != Some(&bytes[mark]) || bytes.get(mark + 2) == Some(&bytes[mark]) || mark + 2 > to {
                continue;
            }
            let before = mark.checked_sub(1).map(|before| bytes[before]);
            let behind = bytes.get(mark + 2).copied();
            let opens = before.is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'(' | b'[' | b'{' | b'}' | b'-'))
                && behind.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'\\' | b'{' | b'$') || b >= 0x80);
            let closes = before.is_some_and(|b| !b.is_ascii_whitespace() && b != b'>')
                && behind.is_none_or(|b| b.is_ascii_whitespace() || b.is_ascii_punctuation());
            let quote = match bytes[mark] {
                b',' if opens => "„",
                b'<' if opens => "«",
                b'>' if closes => "»",
                _ => continue,
            };
            out.current.push_str(&self.source[start..mark]);
            out.current.push_str(quote);
            (start, at) = (mark + 2, mark + 2);
        }
        out.current.push_str(&self.source[start..to]);
    }

    pub(super) fn backtick(&mut self, at: usize, place: Place, out: &mut Builder) -> usize {
        let next = self.bytes[..place.end].get(at + 1).copied();
        if next == Some(b'`') {
            self.open_quotes += 1;
            out.current.push_str("“");
            return at + 2;
        }
        match self.find_closing_quote(at, place) {
            Some(close) => {
                self.closing_quote = close;
                out.current.push_str("‘");
            }
            None => out.current.push_str("`"),
        }
        at + 1
    }

    /// ``?` `` and ``!` `` before a letter begin a Spanish sentence.
    pub(super) fn inverted_mark(&self, at: usize, place: Place, out: &mut Builder) -> usize {
        let behind = &self.bytes[at + 1..place.end];
        if !behind.starts_with(b"`") || !behind.get(1).is_some_and(|b| b.is_ascii_alphabetic() || *b >= 0x80) {
            return self.literal(at, at + 1, out);
        }
        out.current.push_str(if self.bytes[at] == b'?' { "¿" } else { "¡" });
        at + 2
    }

    /// The apostrophe that closes the quotation that begins at `at`: the first one that no letter follows.
    fn find_closing_quote(&self, at: usize, place: Place) -> Option<usize> {
        let end = place.end.min(at + LOOKAHEAD);
        let begins_word = self.bytes[..end].get(at + 1).is_some_and(|b| !b.is_ascii_whitespace());
        let behind_word = at > 0 && self.bytes[at - 1].is_ascii_alphanumeric();
        if !begins_word || behind_word {
            return None;
        }
        let mut from = at + 1;
        while let Some(found) = memchr::memchr2(b'\'', b'`', &self.bytes[from..end]) {
            let quote = from + found;
            if self.bytes[quote] == b'`' {
                return None;
            }
            let escaped = self.bytes[quote - 1] == b'\\';
            if !escaped && !self.bytes[..place.end].get(quote + 1).is_some_and(u8::is_ascii_alphanumeric) {
                return Some(quote);
            }
            from = quote + 1;
        }
        None
    }

    pub(super) fn apostrophe(&mut self, at: usize, place: Place, out: &mut Builder) -> usize {
        let doubled = self.bytes[..place.end].get(at + 1) == Some(&b'\'');
        if doubled && (self.open_quotes > 0 || self.context == Context::Bib) {
            self.open_quotes = self.open_quotes.saturating_sub(1);
            out.current.push_str("”");
            return at + 2;
        }
        out.current.push_str(if at == self.closing_quote { "’" } else { "'" });
        at + 1
    }
}
