//! Accent commands and the letters they stand over, composed as Unicode composes them.

use super::{Builder, Context, Decoder, MAX_DEPTH, Place};
use crate::latex::table::{self, Meaning};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// The longest argument of an accent, in bytes. No letter is longer, and the bound keeps failures, which are read twice,
/// cheap.
const MAX_ACCENTED: usize = 80;

/// What an accent stands over: letters (none: the accent stands alone), or the pieces of a broken symbol.
enum Accented {
    Letters(String),
    Symbol(char),
}

impl Decoder<'_> {
    /// An accent command and the letter it stands over.
    pub(super) fn accent(
        &mut self,
        name: &str,
        mark: char,
        alone: Option<char>,
        after: usize,
        place: Place,
        out: &mut Builder,
    ) -> Option<usize> {
        let (accented, after) = self.accented(name, after, place)?;
        let letters = match accented {
            Accented::Letters(letters) => letters,
            Accented::Symbol(symbol) => {
                out.character(symbol);
                return Some(after);
            }
        };
        let mut chars = letters.chars();
        let Some(first) = chars.next() else {
            // `\^{}` is the mark that stands alone.
            out.character(alone?);
            return Some(after);
        };
        if !first.is_alphanumeric() {
            return None;
        }
        let above = canonical_combining_class(mark) >= 214;
        let base = match first {
            'ı' | '𝚤' if above || mark == '\u{328}' => 'i',
            'ȷ' | '𝚥' if above => 'j',
            first => first,
        };
        // The accent stands over those that the letter has already.
        let rest = chars.as_str();
        let marks = rest.find(|c| canonical_combining_class(c) == 0).unwrap_or(rest.len());
        let (marks, rest) = rest.split_at(marks);
        let composed = std::iter::once(base).chain(marks.chars()).chain([mark]).chain(rest.chars());
        let composed: String = composed.nfc().collect();
        // In prose `\"word\"` is an escaped quotation mark, not an accent over a letter that never has it.
        if self.context == Context::Prose && self.bytes[after - 1] != b'}' && composed.chars().count() > 1 {
            return None;
        }
        out.current.push_str(&composed);
        Some(after)
    }

    /// What an accent stands over.
    fn accented(&mut self, name: &str, after: usize, place: Place) -> Option<(Accented, usize)> {
        let is_word = name.as_bytes()[0].is_ascii_alphabetic();
        // These are authors' macros more often than the accents of Vietnamese and of phonetics.
        if matches!(name, "h" | "G" | "U") && self.bytes[..place.end].get(after) != Some(&b'{') {
            return None;
        }
        let at = if is_word || self.context != Context::Prose { self.skip_blanks(after, place) } else { after };
        if at >= place.end {
            return None;
        }
        if let Some((from, to)) = self.braced(at, place) {
            if to - from > MAX_ACCENTED {
                return None;
            }
            return Some((self.accented_group(name, from, to, place)?, to + 1));
        }
        if self.bytes[at] == b'\\' {
            let letters = self.bytes[at + 1..place.end].iter().take_while(|b| b.is_ascii_alphabetic()).count();
            let inner = self.source[..place.end].get(at + 1..at + 1 + letters.max(1))?;
            return match table::meaning(inner)? {
                Meaning::Text(letter) | Meaning::Math(letter) if letter.is_alphabetic() => {
                    let after = at + 1 + letters;
                    Some((Accented::Letters(letter.to_string()), self.skip_end(after, place, true)))
                }
                Meaning::Accent(mark, alone) if place.depth < MAX_DEPTH => {
                    let mut nested = Builder::default();
                    let deeper = Place { depth: place.depth + 1, ..place };
                    let after = self.accent(inner, mark, alone, at + 1 + inner.len(), deeper, &mut nested)?;
                    Some((Accented::Letters(nested.finish().to_plain()), after))
                }
                _ => None,
            };
        }
        let letter = self.source[at..place.end].chars().next().filter(|c| c.is_alphabetic())?;
        Some((Accented::Letters(letter.to_string()), at + letter.len_utf8()))
    }

    fn accented_group(&mut self, name: &str, from: usize, to: usize, place: Place) -> Option<Accented> {
        let inner = &self.source[from..to];
        // arXiv's forms have broken `\beta` into `\b{eta}` and `\copyright` into `\c{opyright}`.
        if self.context != Context::Bib && inner.len() > 1 && inner.bytes().all(|b| b.is_ascii_alphabetic()) {
            let whole = if name.len() == 1 { self.meaning(&format!("{name}{inner}")) } else { None };
            if let Some(Meaning::Math(symbol) | Meaning::Text(symbol)) = whole {
                return Some(Accented::Symbol(symbol));
            }
        }
        let text = self.text(from, Place { end: to, depth: place.depth + 1, protected: true, ..place });
        text.as_plain().map(|plain| Accented::Letters(plain.to_owned()))
    }
}
