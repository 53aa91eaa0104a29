//! LaTeX to rich text.
//!
//! One pass from left to right over a text whose braces and dollars have been paired before ([`Structure`]); groups and
//! arguments are read by recursion, [`MAX_DEPTH`] deep at most, and deeper ones are kept as characters. Ordinary
//! characters are copied in slices. What is not understood is kept as written; this file loses no character that a reader
//! would see, and it knows nothing of fields.

use super::structure::Structure;
use super::table::{self, Meaning};
use super::{alphabet, sound};
use crate::model::{Run, Style, Text};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// Groups nested deeper than this are characters.
const MAX_DEPTH: usize = 100;

/// How far a closing quotation mark, bracket or verbatim end is looked for, in bytes.
const LOOKAHEAD: usize = 300;

/// The longest argument of an accent, in bytes.
const MAX_ACCENTED: usize = 32;

/// Whose LaTeX it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    /// What people type into arXiv's forms.
    Prose,
    /// A `.bib` field.
    Bib,
    /// A name, of either.
    Name,
}

/// The reader of one text.
pub(super) struct Decoder<'a> {
    source: &'a str,
    bytes: &'a [u8],
    context: Context,
    structure: Structure,
    /// Where the `'` stands that closes the single quotation mark that was opened last.
    closing_quote: usize,
    /// How many double quotation marks are open.
    open_quotes: usize,
    /// Whether the end of some environment was looked for in vain; it is not looked for again.
    unended: bool,
}

/// What surrounds a piece of text.
#[derive(Clone, Copy)]
struct Place {
    end: usize,
    depth: usize,
    /// Whether it stands inside braces that keep the case.
    protected: bool,
}

/// The text of a group while it is read; declarations (`\em`) open styles that the end of the group closes.
#[derive(Default)]
struct Builder {
    current: Text,
    outer: Vec<(Style, Text)>,
}

impl Place {
    /// The place of a group that ends at `end`; a style that a declaration opened counts as a group.
    fn inner(self, end: usize, out: &Builder) -> Self {
        Self { end, depth: self.depth + out.outer.len() + 1, protected: self.protected }
    }

    fn is_full(self, out: &Builder) -> bool {
        self.depth + out.outer.len() >= MAX_DEPTH
    }
}

impl<'a> Decoder<'a> {
    pub(super) fn new(source: &'a str, context: Context) -> Self {
        Self {
            source,
            bytes: source.as_bytes(),
            context,
            structure: Structure::of(source, context == Context::Prose),
            closing_quote: usize::MAX,
            open_quotes: 0,
            unended: false,
        }
    }

    pub(super) fn decode(mut self) -> Text {
        self.text(0, Place { end: self.bytes.len(), depth: 0, protected: false })
    }

    /// Reads from `at` to the end of the place.
    fn text(&mut self, mut at: usize, place: Place) -> Text {
        let mut out = Builder::default();
        while at < place.end {
            let next = at + self.bytes[at..place.end].iter().position(|b| SPECIAL[usize::from(*b)]).unwrap_or(place.end - at);
            out.current.push_str(&self.source[at..next]);
            at = if next < place.end { self.special(next, place, &mut out) } else { next };
        }
        out.finish()
    }

    /// Reads the special character at `at` and what belongs to it; returns where to go on.
    fn special(&mut self, at: usize, place: Place, out: &mut Builder) -> usize {
        match self.bytes[at] {
            b'\\' => self.command(at, place, out),
            b'{' => self.group(at, place, out),
            b'$' => self.formula(at, out).unwrap_or_else(|| self.literal(at, at + 1, out)),
            b'-' => self.dashes(at, place, out),
            b'~' => self.tie(at, place, out),
            b'`' => self.backtick(at, place, out),
            b'\'' => self.apostrophe(at, place, out),
            b'^' | b'_' => self.script(at, place, out),
            b'?' | b'!' => self.inverted_mark(at, place, out),
            _ => self.literal(at, at + 1, out),
        }
    }

    fn literal(&self, from: usize, to: usize, out: &mut Builder) -> usize {
        out.current.push_str(&self.source[from..to]);
        to
    }

    /// A brace group.
    fn group(&mut self, open: usize, place: Place, out: &mut Builder) -> usize {
        let Some(close) = self.structure.group(open) else { return self.literal(open, open + 1, out) };
        if place.is_full(out) {
            return self.literal(open, close + 1, out);
        }
        let begins_with_command = self.bytes[open + 1] == b'\\';
        let inner = place.inner(close, out);
        match self.context {
            Context::Bib if !begins_with_command && !place.protected => {
                let text = self.text(open + 1, Place { protected: true, ..inner });
                out.current.push(Run::Styled(Style::Protected, text));
            }
            Context::Prose if !begins_with_command && self.is_set(open, close) => {
                out.current.push_str("{");
                let text = self.text(open + 1, inner);
                out.splice(text);
                out.current.push_str("}");
            }
            Context::Bib | Context::Prose | Context::Name => {
                let text = self.text(open + 1, inner);
                out.splice(text);
            }
        }
        close + 1
    }

    /// Whether the braces of a group in prose are a set's, `{1, 2, 3}`, and not TeX's.
    fn is_set(&self, open: usize, close: usize) -> bool {
        let inner = &self.bytes[open + 1..close];
        let first = inner.iter().find(|b| !b.is_ascii_whitespace());
        let has_list = inner.iter().any(|b| matches!(b, b',' | b'=' | b'|' | b'<' | b'>' | b':'));
        first.is_some_and(|b| *b != b'\\') && (has_list || !inner.iter().any(u8::is_ascii_alphabetic))
    }

    fn formula(&mut self, at: usize, out: &mut Builder) -> Option<usize> {
        let formula = self.structure.formula(at)?;
        let after = formula.close + formula.fence;
        let source = &self.source[at + formula.fence..formula.close];
        match sound::math(source) {
            Some(sound) if !self.acts(source) => out.current.push(Run::Math(sound.into_owned())),
            _ => out.current.push_str(&self.source[at..after]),
        }
        Some(after)
    }

    /// Whether a source from outside (no `.bib` file) holds a command that reads, writes or redefines.
    fn acts(&self, source: &str) -> bool {
        self.context != Context::Bib
            && source.contains('\\')
            && source.split('\\').skip(1).any(|rest| {
                let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
                ACTIVE.contains(&&rest[..end])
            })
    }

    fn dashes(&self, at: usize, place: Place, out: &mut Builder) -> usize {
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
    fn tie(&self, at: usize, place: Place, out: &mut Builder) -> usize {
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

    fn backtick(&mut self, at: usize, place: Place, out: &mut Builder) -> usize {
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
    fn inverted_mark(&self, at: usize, place: Place, out: &mut Builder) -> usize {
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

    fn apostrophe(&mut self, at: usize, place: Place, out: &mut Builder) -> usize {
        let doubled = self.bytes[..place.end].get(at + 1) == Some(&b'\'');
        if doubled && (self.open_quotes > 0 || self.context == Context::Bib) {
            self.open_quotes = self.open_quotes.saturating_sub(1);
            out.current.push_str("”");
            return at + 2;
        }
        out.current.push_str(if at == self.closing_quote { "’" } else { "'" });
        at + 1
    }

    /// `x^{2}` outside mathematics; `x^2` is characters.
    fn script(&mut self, at: usize, place: Place, out: &mut Builder) -> usize {
        let Some(close) = self.structure.group(at + 1).filter(|_| !place.is_full(out)) else {
            return self.literal(at, at + 1, out);
        };
        let style = if self.bytes[at] == b'^' { Style::Superscript } else { Style::Subscript };
        let inner = self.text(at + 2, place.inner(close, out));
        out.current.push(Run::Styled(style, inner));
        close + 1
    }

    /// A backslash and what belongs to it.
    fn command(&mut self, at: usize, place: Place, out: &mut Builder) -> usize {
        let letters = self.bytes[at + 1..place.end].iter().take_while(|b| b.is_ascii_alphabetic()).count();
        if letters == 0 {
            return self.control_symbol(at, place, out);
        }
        let after = at + 1 + letters;
        let name = &self.source[at + 1..after];
        let known = self.meaning(name).filter(|_| !place.is_full(out));
        let read = known.and_then(|meaning| self.known(meaning, name, after, place, out));
        read.unwrap_or_else(|| self.unknown(at, after, place, out))
    }

    /// What a command means here: some names are macros of the author's own more often than what they are in LaTeX.
    fn meaning(&self, name: &str) -> Option<Meaning> {
        match (self.context, name) {
            // arXiv's forms write `{\phi}` for the letter φ that was typed.
            (Context::Prose | Context::Name, "phi") => Some(Meaning::Math('φ')),
            (Context::Prose | Context::Name, "epsilon") => Some(Meaning::Math('ε')),
            _ => table::meaning(name),
        }
    }

    /// Reads a command that is understood; nothing when its arguments do not fit.
    fn known(&mut self, meaning: Meaning, name: &str, after: usize, place: Place, out: &mut Builder) -> Option<usize> {
        match meaning {
            Meaning::Text('§' | '¶') if name.len() == 1 && !self.is_before_number(after) => return None,
            Meaning::Text(character) => {
                out.character(character);
                let swallows = character.is_alphabetic() || (self.context == Context::Bib && name.starts_with("text"));
                return Some(self.skip_end(after, place, swallows));
            }
            Meaning::Math(character) => {
                out.character(character);
                return Some(self.skip_end(after, place, false));
            }
            Meaning::Words(words) => {
                out.current.push_str(words);
                return Some(self.skip_end(after, place, self.context == Context::Bib));
            }
            Meaning::Operator => {
                out.current.push_str(name);
                return Some(self.skip_end(after, place, false));
            }
            Meaning::Nothing => return Some(self.skip_end(after, place, true)),
            Meaning::Break => return Some(self.line_break(after, place, out)),
            Meaning::Declaration(style) => return Some(self.declaration(style, after, place, out)),
            Meaning::Accent(mark, alone) => return self.accent(name, mark, alone, after, place, out),
            Meaning::Verbatim => return self.verbatim(after, place, out),
            Meaning::Begin => return self.environment(after, place, out),
            Meaning::Alphabet => return self.alphabet(name, after, place, out),
            // Read with the commands that are not understood, which take all their arguments.
            Meaning::Formula => return None,
            Meaning::Style(_)
            | Meaning::Transparent
            | Meaning::Colour
            | Meaning::Coloured
            | Meaning::Quote
            | Meaning::Address
            | Meaning::Link
            | Meaning::EnsureMath
            | Meaning::Alternative => {}
        }
        self.with_argument(meaning, after, place, out)
    }

    /// Reads a command whose argument stands in braces.
    fn with_argument(&mut self, meaning: Meaning, after: usize, place: Place, out: &mut Builder) -> Option<usize> {
        let (from, to) = self.braced(after, place)?;
        let inner = place.inner(to, out);
        match meaning {
            Meaning::Style(style) => {
                let text = self.text(from, inner);
                out.current.push(Run::Styled(style, text));
            }
            Meaning::Transparent => {
                let text = self.text(from, inner);
                out.splice(text);
            }
            Meaning::Quote => {
                let text = self.text(from, inner);
                out.current.push_str("“");
                out.splice(text);
                out.current.push_str("”");
            }
            Meaning::Coloured => {
                let (from, to) = self.braced(to + 1, place)?;
                let text = self.text(from, Place { end: to, ..inner });
                out.splice(text);
                return Some(to + 1);
            }
            Meaning::Alternative => {
                let (_, second_to) = self.braced(to + 1, place)?;
                let text = self.text(from, inner);
                out.splice(text);
                return Some(second_to + 1);
            }
            Meaning::Address => out.current.push_str(&address(&self.source[from..to])),
            Meaning::Link => return self.link((from, to), place, out),
            Meaning::EnsureMath => self.ensure_math((from, to), out)?,
            Meaning::Colour => {}
            Meaning::Text(_)
            | Meaning::Math(_)
            | Meaning::Accent(..)
            | Meaning::Words(_)
            | Meaning::Declaration(_)
            | Meaning::Nothing
            | Meaning::Break
            | Meaning::Verbatim
            | Meaning::Alphabet
            | Meaning::Begin
            | Meaning::Operator
            | Meaning::Formula => return None,
        }
        Some(to + 1)
    }

    /// Whether a number follows, or the same sign again: `\S 3`, `\S\S~4--5`; else `\S` is an author's macro.
    fn is_before_number(&self, at: usize) -> bool {
        let rest = self.source[at..].trim_start_matches([' ', '~', '{', '}', '\\', ',']);
        rest.starts_with(|c: char| c.is_ascii_digit() || c == 'S' || c == 'P')
    }

    /// The inside of the group that begins here.
    fn braced(&self, at: usize, place: Place) -> Option<(usize, usize)> {
        let close = self.structure.group(at).filter(|close| *close < place.end)?;
        Some((at + 1, close))
    }

    /// Passes over `{}` behind a command, or the blanks that LaTeX swallows there.
    fn skip_end(&self, at: usize, place: Place, swallows: bool) -> usize {
        if self.bytes[at..place.end].starts_with(b"{}") {
            at + 2
        } else if swallows {
            self.skip_blanks(at, place)
        } else {
            at
        }
    }

    fn skip_blanks(&self, at: usize, place: Place) -> usize {
        at + self.bytes[at..place.end].iter().take_while(|b| b.is_ascii_whitespace()).count()
    }

    /// A line or paragraph break is one blank.
    fn line_break(&self, after: usize, place: Place, out: &mut Builder) -> usize {
        let next = self.skip_blanks(after, place);
        let blank_before = after >= 2 && out.ends_blank();
        if !blank_before && next < place.end {
            out.current.push_str(" ");
        }
        next
    }

    /// `{\em text}`; `\bf{text}`, which people write for `\textbf{text}`, is read as they mean it.
    fn declaration(&mut self, style: Style, after: usize, place: Place, out: &mut Builder) -> usize {
        if let Some((from, to)) = self.braced(after, place).filter(|(from, to)| from < to) {
            let text = self.text(from, place.inner(to, out));
            out.current.push(Run::Styled(style, text));
            return to + 1;
        }
        out.declare(style);
        self.skip_end(after, place, true)
    }

    fn alphabet(&mut self, name: &str, after: usize, place: Place, out: &mut Builder) -> Option<usize> {
        let (from, to) = self.argument(after, place)?;
        let name = match name {
            "cal" => "mathcal",
            "frak" => "mathfrak",
            "Bbb" => "mathbb",
            name => name,
        };
        out.current.push_str(&alphabet::word(name, self.source[from..to].trim())?);
        Some(if self.bytes.get(from - 1) == Some(&b'{') { to + 1 } else { to })
    }

    /// A group's inside, or the one letter or digit that is an argument without braces.
    fn argument(&self, after: usize, place: Place) -> Option<(usize, usize)> {
        let at = self.skip_blanks(after, place);
        let letter = self.bytes[..place.end].get(at).is_some_and(u8::is_ascii_alphanumeric);
        let next_is_letter = self.bytes[..place.end].get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
        if letter { (!next_is_letter).then_some((at, at + 1)) } else { self.braced(at, place) }
    }

    fn ensure_math(&self, (from, to): (usize, usize), out: &mut Builder) -> Option<()> {
        let source = self.source[from..to].trim();
        let inner = self.structure.group(from).filter(|close| close + 1 == to).map(|close| &self.source[from + 1..close]);
        if let Some(character) = table::math_phrase(inner.unwrap_or(source)) {
            out.character(character);
            return Some(());
        }
        let source = source.strip_prefix('$').and_then(|rest| rest.strip_suffix('$')).unwrap_or(source);
        let source = sound::math(source).filter(|source| !source.is_empty() && !self.acts(source))?;
        out.current.push(Run::Math(source.into_owned()));
        Some(())
    }

    /// A link whose text is its address is that address; any other one has no place in the model.
    fn link(&self, (from, to): (usize, usize), place: Place, out: &mut Builder) -> Option<usize> {
        let (text_from, text_to) = self.braced(to + 1, place)?;
        let target = address(&self.source[from..to]);
        let text = address(&self.source[text_from..text_to]);
        if bare_address(&target) != bare_address(&text) {
            return None;
        }
        out.current.push_str(&target);
        Some(text_to + 1)
    }

    fn verbatim(&self, after: usize, place: Place, out: &mut Builder) -> Option<usize> {
        let rest = &self.source[after..place.end];
        let delimiter = rest.chars().next().filter(|c| !c.is_alphanumeric() && !c.is_whitespace() && *c != '{')?;
        let from = after + delimiter.len_utf8();
        let inner = &self.source[from..place.end];
        let length = inner.char_indices().take_while(|(at, _)| *at < LOOKAHEAD).find(|(_, c)| *c == delimiter)?.0;
        out.current.push(Run::Styled(Style::Code, Text::plain(&inner[..length])));
        Some(from + length + delimiter.len_utf8())
    }

    /// An environment of display mathematics: a formula, or kept whole where it needs its environment. Without its end it
    /// is characters, like an odd dollar. Other environments are read on.
    fn environment(&mut self, after: usize, place: Place, out: &mut Builder) -> Option<usize> {
        let (from, to) = self.braced(after, place)?;
        let name = &self.source[from..to];
        let kind = name.trim_end_matches('*');
        if !MATH_ENVIRONMENTS.contains(&kind) {
            return None;
        }
        let begin = after - "\\begin".len();
        let inner = &self.source[to + 1..place.end];
        let end = format!("\\end{{{name}}}");
        let length = if self.unended { None } else { inner.find(&end) };
        let stop = length.map_or(to + 1, |length| to + 1 + length + end.len());
        let whole = &self.source[begin..stop];
        let inner = inner[..length.unwrap_or(0)].trim();
        let run = match (length, kind) {
            (None, _) => None,
            (Some(_), _) if self.acts(inner) => None,
            (Some(_), "equation" | "displaymath" | "math") => sound::math(inner).map(|m| Run::Math(m.into_owned())),
            (Some(_), _) => sound::command(whole).map(|command| Run::Tex(command.into_owned())),
        };
        self.unended |= length.is_none();
        out.current.push(run.unwrap_or_else(|| Run::Plain(whole.to_owned())));
        Some(stop)
    }

    /// An accent command and the letter it stands over.
    fn accent(
        &mut self,
        name: &str,
        mark: char,
        alone: Option<char>,
        after: usize,
        place: Place,
        out: &mut Builder,
    ) -> Option<usize> {
        let (letters, after) = self.accented(name, after, place)?;
        let Accented::Letters(letters) = letters else {
            let Accented::Symbol(symbol) = letters else { return None };
            out.character(symbol);
            return Some(after);
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
            'ı' if above || mark == '\u{328}' => 'i',
            'ȷ' if above => 'j',
            first => first,
        };
        let composed: String = [base, mark].into_iter().chain(chars).nfc().collect();
        // `\"word\"` is an escaped quotation mark, not an accent over a letter that never has it.
        if self.bytes[after - 1] != b'}' && composed.chars().count() > 1 {
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
            // No letter is longer; the bound keeps failures, which are read twice, cheap.
            if to - from > MAX_ACCENTED {
                return None;
            }
            return Some((self.accented_group(name, from, to, place)?, to + 1));
        }
        if self.bytes[at] == b'\\' {
            let letters = self.bytes[at + 1..place.end].iter().take_while(|b| b.is_ascii_alphabetic()).count();
            let inner = self.source[..place.end].get(at + 1..at + 1 + letters.max(1))?;
            return match table::meaning(inner)? {
                Meaning::Text(letter) if letter.is_alphabetic() => {
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
        let text = self.text(from, Place { end: to, depth: place.depth + 1, protected: true });
        text.as_plain().map(|plain| Accented::Letters(plain.to_owned()))
    }

    /// A backslash and a character that is no letter.
    fn control_symbol(&mut self, at: usize, place: Place, out: &mut Builder) -> usize {
        let Some(symbol) = self.source[at + 1..place.end].chars().next() else {
            return self.literal(at, at + 1, out);
        };
        let after = at + 1 + symbol.len_utf8();
        let in_bib = self.context == Context::Bib;
        let printed = match symbol {
            '%' | '&' | '$' | '#' | '_' | '{' | '}' => &self.source[at + 1..after],
            ' ' | '\t' | '\n' | '\r' => " ",
            ',' => "\u{202F}",
            ':' | '>' => "\u{205F}",
            ';' => "\u{2004}",
            '!' | '/' | '@' => "",
            // A place where a word may be broken; only a .bib file's author means it.
            '-' => if in_bib { "\u{AD}" } else { "" },
            '|' => "∥",
            '\\' => return self.forced_break(after, place, out),
            '(' | '[' => return self.formula(at, out).unwrap_or_else(|| self.literal(at, after, out)),
            _ => return self.accent_symbol(at, after, place, out),
        };
        out.current.push_str(printed);
        after
    }

    /// `\\`, with a star and a length.
    fn forced_break(&self, after: usize, place: Place, out: &mut Builder) -> usize {
        let starred = after + usize::from(self.bytes[..place.end].get(after) == Some(&b'*'));
        let length = self.bracketed(starred, place).filter(|end| {
            let inner = &self.bytes[starred + 1..end - 1];
            inner.first().is_some_and(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.')) && inner.len() < 12
        });
        self.line_break(length.unwrap_or(starred), place, out)
    }

    fn accent_symbol(&mut self, at: usize, after: usize, place: Place, out: &mut Builder) -> usize {
        let name = &self.source[at + 1..after];
        let read = match table::meaning(name).filter(|_| place.depth < MAX_DEPTH) {
            Some(Meaning::Accent(mark, alone)) => self.accent(name, mark, alone, after, place, out),
            _ => None,
        };
        read.unwrap_or_else(|| {
            if self.context == Context::Bib && self.bytes[after - 1].is_ascii_punctuation() && !matches!(name, ")" | "]") {
                out.current.push(Run::Tex(self.source[at..after].to_owned()));
                after
            } else {
                self.literal(at, after, out)
            }
        })
    }

    /// A command that is not understood: kept as written with its arguments, or with the blank that ends its name.
    fn unknown(&mut self, at: usize, name_end: usize, place: Place, out: &mut Builder) -> usize {
        if self.context != Context::Bib && ACTIVE.contains(&&self.source[at + 1..name_end]) {
            return self.literal(at, name_end, out);
        }
        let mut after = name_end + usize::from(self.bytes[..place.end].get(name_end) == Some(&b'*'));
        while let Some(end) = self.braced(after, place).map(|(_, to)| to + 1).or_else(|| self.bracketed(after, place)) {
            after = end;
        }
        let whole = &self.source[at..after];
        if let Some(character) = table::text_phrase(whole) {
            out.character(character);
            return after;
        }
        if after > name_end
            && table::meaning(&self.source[at + 1..name_end]) == Some(Meaning::Formula)
            && let Some(source) = sound::math(whole)
        {
            out.current.push(Run::Math(source.into_owned()));
            return after;
        }
        match sound::command(whole).filter(|_| !self.acts(&self.source[name_end..after])) {
            Some(source) if after == name_end => {
                let blanks = self.skip_blanks(after, place);
                out.current.push(Run::Tex(source.into_owned() + &self.source[after..blanks]));
                blanks
            }
            Some(source) => {
                out.current.push(Run::Tex(source.into_owned()));
                after
            }
            None => {
                out.current.push(Run::Tex(self.source[at..name_end].to_owned()));
                name_end
            }
        }
    }

    /// The end of the optional argument that begins here.
    fn bracketed(&self, at: usize, place: Place) -> Option<usize> {
        if self.bytes[..place.end].get(at) != Some(&b'[') {
            return None;
        }
        let end = place.end.min(at + LOOKAHEAD);
        let close = at + memchr::memchr(b']', &self.bytes[at..end])?;
        Some(close + 1)
    }
}

/// What an accent stands over: letters (none: the accent stands alone), or the pieces of a broken symbol.
enum Accented {
    Letters(String),
    Symbol(char),
}

impl Builder {
    fn character(&mut self, character: char) {
        self.current.push_str(character.encode_utf8(&mut [0; 4]));
    }

    fn splice(&mut self, text: Text) {
        for run in text.into_runs() {
            self.current.push(run);
        }
    }

    fn declare(&mut self, style: Style) {
        let before = std::mem::take(&mut self.current);
        self.outer.push((style, before));
    }

    fn finish(mut self) -> Text {
        while let Some((style, mut outer)) = self.outer.pop() {
            outer.push(Run::Styled(style, self.current));
            self.current = outer;
        }
        self.current
    }

    fn ends_blank(&self) -> bool {
        match self.current.runs().last() {
            Some(Run::Plain(text)) => text.ends_with(char::is_whitespace),
            Some(_) => false,
            None => true,
        }
    }
}

/// An address as LaTeX prints it: the escapes that some people write in it are taken off.
fn address(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut chars = source.trim().chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some('%' | '_' | '#' | '&' | '~' | '$' | '{' | '}') if c == '\\' => {}
            _ => out.push(c),
        }
    }
    out
}

/// An address without what browsers do not show.
fn bare_address(address: &str) -> &str {
    address.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/')
}

/// Environments whose inside is mathematics.
const MATH_ENVIRONMENTS: [&str; 9] =
    ["equation", "displaymath", "math", "align", "eqnarray", "gather", "multline", "alignat", "flalign"];

/// Commands that read or write files, run programs or redefine commands. From a `.bib` file they are kept; a web form's
/// text has no business with them.
const ACTIVE: [&str; 32] = [
    "input", "include", "includeonly", "includegraphics", "write", "immediate", "openin", "openout", "read", "readline",
    "catcode", "csname", "def", "edef", "gdef", "xdef", "let", "futurelet", "newcommand", "renewcommand",
    "providecommand", "directlua", "special", "usepackage", "documentclass", "loop", "everypar", "everyjob", "scantokens",
    "makeatletter", "lstinputlisting", "verbatiminput",
];

/// The bytes at which copying stops.
static SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let bytes = b"\\{}$-~`'^_?!";
    let mut at = 0;
    while at < bytes.len() {
        special[bytes[at] as usize] = true;
        at += 1;
    }
    special
};
