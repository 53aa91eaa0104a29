//! What stands behind a backslash: commands that are understood, and the others, which are kept as written.

use super::{ACTIVE, Builder, Context, Decoder, MAX_DEPTH, Place};
use crate::latex::table::{self, Meaning};
use crate::latex::{alphabet, sound};
use crate::model::{Run, Style, Text};

/// How far the end of a bracket or of a verbatim text is looked for, in bytes.
const LOOKAHEAD: usize = 300;

impl Decoder<'_> {
    /// A backslash and what belongs to it.
    pub(super) fn command(&mut self, at: usize, place: Place, out: &mut Builder) -> usize {
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
    pub(super) fn meaning(&self, name: &str) -> Option<Meaning> {
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
                // People who type prose mean the blank that LaTeX swallows behind a symbol.
                let swallows = character.is_alphabetic() || self.context == Context::Bib;
                return Some(self.skip_end(after, place, swallows));
            }
            Meaning::Math(character) => {
                out.character(character);
                return Some(self.skip_end(after, place, false));
            }
            Meaning::Words(words) => {
                // BibTeX never changes the letter case of a command.
                let has_capitals = words.contains(char::is_uppercase);
                if has_capitals && self.context == Context::Bib && !place.protected {
                    out.splice([Run::Styled(Style::Protected, Text::plain(words))].into_iter().collect());
                } else {
                    out.current.push_str(words);
                }
                return Some(self.skip_end(after, place, self.context == Context::Bib));
            }
            Meaning::Operator => return Some(self.operator(name, after, place, out)),
            Meaning::Nothing => return Some(self.skip_end(after, place, true)),
            Meaning::Break => return Some(self.line_break(after, place, out)),
            Meaning::Declaration(style) => return Some(self.declaration(style, after, place, out)),
            Meaning::Accent(mark, alone) => return self.accent(name, mark, alone, after, place, out),
            Meaning::Verbatim => {
                let read = self.verbatim(after, place, out);
                return Some(read.unwrap_or_else(|| self.literal(after - "\\verb".len(), after, out)));
            }
            Meaning::Begin => return self.environment(after, place, out),
            Meaning::Alphabet => return self.alphabet(name, after, place, out),
            // Read with the commands that are not understood, which take all their arguments.
            Meaning::Formula => return None,
            Meaning::Negation => return self.negation(after, place, out),
            Meaning::Style(_)
            | Meaning::Transparent
            | Meaning::Silent
            | Meaning::Second
            | Meaning::Enclosed(..)
            | Meaning::CodePoint
            | Meaning::Address
            | Meaning::Link
            | Meaning::EnsureMath
            | Meaning::Alternative => {}
        }
        self.with_argument(meaning, after, place, out)
    }

    /// The name of a function is a word of its own: `m\log{n}` is "m log n".
    fn operator(&self, name: &str, after: usize, place: Place, out: &mut Builder) -> usize {
        let before = (after - name.len() - 1).checked_sub(1).map(|before| self.bytes[before]);
        if before.is_some_and(|b| b.is_ascii_alphanumeric() || b == b'}') && !out.ends_blank() {
            out.current.push_str(" ");
        }
        out.current.push_str(name);
        let behind = self.skip_end(after, place, false);
        if behind == after && self.bytes[..place.end].get(after).is_some_and(|b| matches!(b, b'{' | b'\\')) {
            out.current.push_str(" ");
        }
        behind
    }

    /// Reads a command whose argument stands in braces.
    fn with_argument(&mut self, meaning: Meaning, after: usize, place: Place, out: &mut Builder) -> Option<usize> {
        let starred = matches!(meaning, Meaning::Enclosed("“", _)) && self.bytes[..place.end].get(after) == Some(&b'*');
        let after = after + usize::from(starred);
        if let Meaning::Style(style) = meaning
            && let Some(next) = self.styled_token(style, after, place, out)
        {
            return Some(next);
        }
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
            Meaning::Enclosed(open, close) => {
                let is_quote = open == "“";
                let (open, close) = if is_quote && (starred || place.quoted) { ("‘", "’") } else { (open, close) };
                let text = self.text(from, Place { quoted: place.quoted || is_quote, ..inner });
                out.current.push_str(open);
                out.splice(text);
                out.current.push_str(close);
            }
            Meaning::CodePoint => out.character(code_point(&self.source[from..to])?),
            Meaning::Second => {
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
            Meaning::Silent => {}
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
            | Meaning::Negation
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

    /// Markup of one letter or digit without braces: `\textsuperscript 2`.
    fn styled_token(&self, style: Style, after: usize, place: Place, out: &mut Builder) -> Option<usize> {
        if self.context == Context::Prose {
            return None;
        }
        let (from, to) = self.argument(after, place).filter(|(from, _)| self.bytes[from - 1] != b'{')?;
        out.current.push(Run::Styled(style, Text::plain(&self.source[from..to])));
        Some(to)
    }

    fn alphabet(&mut self, name: &str, after: usize, place: Place, out: &mut Builder) -> Option<usize> {
        let (from, to) = self.argument(after, place)?;
        out.current.push_str(&alphabet::word(name, self.source[from..to].trim())?);
        Some(if self.bytes.get(from - 1) == Some(&b'{') { to + 1 } else { to })
    }

    /// `\not` and the relation that it crosses out, a command or one sign.
    fn negation(&mut self, after: usize, place: Place, out: &mut Builder) -> Option<usize> {
        let at = self.skip_blanks(after, place);
        let rest = &self.source[at..place.end];
        let name = rest.strip_prefix('\\').unwrap_or_default();
        let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
        let relation = &rest[..if letters > 0 { letters + 1 } else { rest.chars().next()?.len_utf8() }];
        out.character(table::math_phrase(&format!("\\not{relation}"))?);
        Some(self.skip_end(at + relation.len(), place, false))
    }

    /// A group's inside, or the one letter or digit that is an argument without braces.
    fn argument(&self, after: usize, place: Place) -> Option<(usize, usize)> {
        let at = self.skip_blanks(after, place);
        let letter = self.bytes[..place.end].get(at).is_some_and(u8::is_ascii_alphanumeric);
        let next_is_letter = self.bytes[..place.end].get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
        if letter { (!next_is_letter).then_some((at, at + 1)) } else { self.braced(at, place) }
    }

    /// The command or the one letter behind a command, which is its argument without braces: `\hat\theta`, `\bar N`.
    fn token(&self, after: usize, place: Place) -> Option<(usize, usize)> {
        let at = self.skip_blanks(after, place);
        let bytes = &self.bytes[..place.end];
        if bytes.get(at) != Some(&b'\\') {
            return self.argument(after, place).filter(|(from, _)| bytes[from - 1] != b'{');
        }
        let letters = bytes[at + 1..].iter().take_while(|b| b.is_ascii_alphabetic()).count();
        let symbol = matches!(table::meaning(&self.source[at + 1..=at + letters])?, Meaning::Math(_));
        (symbol && bytes.get(at + 1 + letters) != Some(&b'{')).then_some((at, at + 1 + letters))
    }

    fn ensure_math(&self, (from, to): (usize, usize), out: &mut Builder) -> Option<()> {
        let source = self.source[from..to].trim();
        let inner =
            self.structure.group(from).filter(|close| close + 1 == to).map(|close| &self.source[from + 1..close]);
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
            '-' => {
                if in_bib {
                    "\u{AD}"
                } else {
                    ""
                }
            }
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
            if self.context == Context::Bib
                && self.bytes[after - 1].is_ascii_punctuation()
                && !matches!(name, ")" | "]")
            {
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
        if table::takes_token(&self.source[at + 1..name_end])
            && let Some((_, to)) = self.token(name_end, place)
        {
            out.current.push(Run::Math(self.source[at..to].to_owned()));
            return to;
        }
        while let Some(end) = self.braced(after, place).map(|(_, to)| to + 1).or_else(|| self.bracketed(after, place)) {
            after = end;
        }
        let whole = &self.source[at..after];
        if let Some(character) = table::text_phrase(whole) {
            out.character(character);
            return after;
        }
        if after > name_end
            && matches!(table::meaning(&self.source[at + 1..name_end]), Some(Meaning::Formula | Meaning::Alphabet))
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

    /// Passes over `{}` behind a command, or the blanks that LaTeX swallows there.
    pub(super) fn skip_end(&self, at: usize, place: Place, swallows: bool) -> usize {
        if self.bytes[at..place.end].starts_with(b"{}") {
            at + 2
        } else if swallows {
            self.skip_blanks(at, place)
        } else {
            at
        }
    }
}

/// The character of a number as DBLP and LaTeX write them: `8322`, `x2082`, `"2082`.
fn code_point(number: &str) -> Option<char> {
    let number = number.trim();
    let hexadecimal = ["0x", "x", "\"", "U+"].iter().find_map(|mark| number.strip_prefix(mark));
    let code = match hexadecimal {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).filter(|character| !character.is_control())
}

/// An address as LaTeX prints it: the escapes that some people write in it are taken off.
pub(in crate::latex) fn address(source: &str) -> String {
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
