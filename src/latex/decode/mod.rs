//! LaTeX to rich text.
//!
//! One pass from left to right over a text whose braces and dollars have been paired before ([`Structure`]); groups and
//! arguments are read by recursion, [`MAX_DEPTH`] deep at most, and deeper ones are kept as characters. Ordinary
//! characters are copied in slices. What is not understood is kept as written; this file loses no character that a reader
//! would see, and it knows nothing of fields.

mod accent;
mod command;
mod punctuation;

pub(super) use command::address;

use super::sound;
use super::structure::Structure;
use crate::model::{Run, Style, Text};

/// Groups nested deeper than this are characters.
const MAX_DEPTH: usize = 100;

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
#[derive(Clone, Copy, Default)]
struct Place {
    end: usize,
    depth: usize,
    /// Whether it stands inside braces that keep the case.
    protected: bool,
    /// Whether it stands inside quotation marks of a command.
    quoted: bool,
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
        Self { end, depth: self.depth + out.outer.len() + 1, ..self }
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
        self.text(0, Place { end: self.bytes.len(), ..Place::default() })
    }

    /// Reads from `at` to the end of the place.
    fn text(&mut self, mut at: usize, place: Place) -> Text {
        let mut out = Builder::default();
        while at < place.end {
            let next = self.next_special(at, place.end);
            if self.context == Context::Bib {
                self.doubled_marks(at, next, &mut out);
            } else {
                out.current.push_str(&self.source[at..next]);
            }
            at = if next < place.end { self.special(next, place, &mut out) } else { next };
        }
        out.finish()
    }

    /// Where the next character stands that may mean something else than itself, or the end.
    fn next_special(&self, from: usize, end: usize) -> usize {
        let bytes = &self.bytes[..end];
        let mut at = from;
        while let Some(found) = bytes[at..].iter().position(|b| SPECIAL[usize::from(*b)]) {
            at += found;
            // Most hyphens, apostrophes and marks stand in prose; a text is copied over them in one piece.
            let next = bytes.get(at + 1);
            let is_itself = match bytes[at] {
                b'-' => next != Some(&b'-'),
                b'\'' => next != Some(&b'\'') && at != self.closing_quote,
                b'^' | b'_' => next != Some(&b'{'),
                b'?' | b'!' => next != Some(&b'`'),
                _ => false,
            };
            if !is_itself {
                return at;
            }
            at += 1;
        }
        end
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
        let behind = close + 1;
        let begins_with_command = self.bytes[open + 1] == b'\\';
        let (open, close) = self.innermost(open, close);
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
                match sound::command(&self.source[open..behind]) {
                    // An unknown declaration: its braces say how far it goes.
                    Some(whole) if self.context == Context::Bib && begins_with_declaration(&text) => {
                        out.current.push(Run::Tex(whole.into_owned()));
                    }
                    _ => out.splice(text),
                }
            }
        }
        behind
    }

    /// A group that holds nothing but a group is that group, however many there are: `{{{NASA}}}`.
    fn innermost(&self, mut open: usize, mut close: usize) -> (usize, usize) {
        while self.context != Context::Prose && open + 2 < close && self.structure.group(open + 1) == Some(close - 1) {
            (open, close) = (open + 1, close - 1);
        }
        (open, close)
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

    /// The inside of the group that begins here; TeX passes blanks before an argument over.
    fn braced(&self, at: usize, place: Place) -> Option<(usize, usize)> {
        let at = self.skip_blanks(at.min(place.end), place);
        let close = self.structure.group(at).filter(|close| *close < place.end)?;
        Some((at + 1, close))
    }

    /// The inside of the group that begins at `at`, anywhere in the source.
    pub(super) fn group_at(&self, at: usize) -> Option<std::ops::Range<usize>> {
        Some(at + 1..self.structure.group(at)?)
    }

    fn skip_blanks(&self, at: usize, place: Place) -> usize {
        at + self.bytes[at..place.end].iter().take_while(|b| b.is_ascii_whitespace()).count()
    }
}

/// Whether a text begins with a command without arguments that nobody knows, and goes on.
fn begins_with_declaration(text: &Text) -> bool {
    let runs = text.runs();
    let is_bare = |source: &str| source.starts_with('\\') && source[1..].bytes().all(|b| b.is_ascii_alphabetic());
    runs.len() > 1 && matches!(&runs[0], Run::Tex(source) if is_bare(source.trim_end()))
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

/// Commands that read or write files, run programs or redefine commands. From a `.bib` file they are kept; a web form's
/// text has no business with them.
const ACTIVE: [&str; 32] = [
    "input",
    "include",
    "includeonly",
    "includegraphics",
    "write",
    "immediate",
    "openin",
    "openout",
    "read",
    "readline",
    "catcode",
    "csname",
    "def",
    "edef",
    "gdef",
    "xdef",
    "let",
    "futurelet",
    "newcommand",
    "renewcommand",
    "providecommand",
    "directlua",
    "special",
    "usepackage",
    "documentclass",
    "loop",
    "everypar",
    "everyjob",
    "scantokens",
    "makeatletter",
    "lstinputlisting",
    "verbatiminput",
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
