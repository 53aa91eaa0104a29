//! The one table of LaTeX commands and Unicode characters, read in both directions.
//!
//! The rows are data: `text.txt` (characters of text mode), `math.txt` (characters of mathematics) and `accents.txt`
//! stand beside this file, one character a row, and [`MARKUP`] lists the commands that mean something else than a
//! character. Accented letters need no rows, for Unicode composes them; mathematical alphabets are counted out from
//! their first letters. This file knows the facts and neither the syntax of LaTeX nor the model's texts.

use super::alphabet;
use crate::model::Style;
use std::collections::HashMap;
use std::sync::OnceLock;

/// What a command means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A character of text: `\ss`.
    Text(char),
    /// A character of mathematics, which is understood outside mathematics too: `\alpha`.
    Math(char),
    /// An accent over (or under) its argument: the combining character, and the mark that stands alone.
    Accent(char, Option<char>),
    /// Several characters: `\LaTeX`.
    Words(&'static str),
    /// Marks up its argument: `\emph`.
    Style(Style),
    /// Marks up the rest of its group: `\em`.
    Declaration(Style),
    /// Sets its argument in a way that says nothing: `\mbox`.
    Transparent,
    /// Says nothing: `\noindent`, `\small`.
    Nothing,
    /// The same with an argument to be passed over, which is for TeX or for sorting: `\color`, `\noopsort`.
    Silent,
    /// Sets its second argument in a way that the first says: `\textcolor`, `\foreignlanguage`.
    Second,
    /// Ends a line or a paragraph, which is a blank in a field.
    Break,
    /// Its argument between two marks: `\enquote`, `\mkbibparens`.
    Enclosed(&'static str, &'static str),
    /// A character by its number: `\unicode`, `\symbol`.
    CodePoint,
    /// An address, read verbatim: `\url`.
    Address,
    /// A link: `\href{address}{text}`.
    Link,
    /// `\verb`, whose argument ends at the character it begins with.
    Verbatim,
    /// `\ensuremath`.
    EnsureMath,
    /// A mathematical alphabet, by its command: `\mathbb`.
    Alphabet,
    /// `\begin`.
    Begin,
    /// The name of a function, which is its own word: `\log`.
    Operator,
    /// `\not`, which crosses out the relation behind it.
    Negation,
    /// A command of mathematics with arguments: `\sqrt{k}`.
    Formula,
    /// Two readings of one text, of which the first is for TeX: `\texorpdfstring`.
    Alternative,
}

/// What the command of that name (without its backslash) means.
pub(super) fn meaning(name: &str) -> Option<Meaning> {
    tables().commands.get(name).copied().or_else(|| alphabet::named(name).map(Meaning::Math))
}

/// Whether a command of mathematics sets one mark over one letter, so that its argument often has no braces.
pub(super) fn takes_token(name: &str) -> bool {
    const MARKS: [&str; 14] = [
        "hat",
        "bar",
        "tilde",
        "vec",
        "dot",
        "ddot",
        "check",
        "breve",
        "acute",
        "grave",
        "widehat",
        "widetilde",
        "overline",
        "sqrt",
    ];
    MARKS.contains(&name)
}

/// The character that this text-mode source of command and argument (`\ding{51}`) is.
pub(super) fn text_phrase(source: &str) -> Option<char> {
    tables().text_phrases.get(source).copied()
}

/// The character that this source of mathematics is.
pub(super) fn math_phrase(source: &str) -> Option<char> {
    let known = tables().math_phrases.get(source).copied();
    known.or_else(|| alphabet::character(source)).or_else(|| negated(source)).or_else(|| {
        let letter = alphabet::named(source.strip_prefix('\\')?)?;
        Some(letter)
    })
}

/// A relation that `\not` crosses out, where Unicode has the pair as one character.
fn negated(source: &str) -> Option<char> {
    let relation = source.strip_prefix("\\not")?.trim();
    let relation = relation.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')).unwrap_or(relation);
    let mut chars = relation.chars();
    let relation = match (chars.next()?, chars.next()) {
        (one, None) => one,
        _ => tables().math_phrases.get(relation).copied()?,
    };
    unicode_normalization::char::compose(relation, '\u{338}')
}

/// How LaTeX writes a character that is not ASCII, where a command exists.
pub(super) fn written(character: char) -> Option<&'static str> {
    tables().written.get(&character).map(String::as_str)
}

/// How LaTeX writes a character that is not ASCII inside a formula, where a source exists.
pub(super) fn math_source(character: char) -> Option<&'static str> {
    if character.is_ascii() {
        return None;
    }
    let written = written(character)?.strip_prefix("\\ensuremath{")?.strip_suffix('}')?;
    Some(written.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')).unwrap_or(written))
}

/// The command, with its backslash, that sets this combining character.
pub(super) fn accent(mark: char) -> Option<&'static str> {
    tables().accents.get(&mark).copied()
}

/// Commands that mean something else than a character.
const MARKUP: &[(Meaning, &str)] = &[
    (Meaning::Style(Style::Emphasis), "emph textit textsl underline uline mathit mkbibemph mkbibitalic"),
    (Meaning::Style(Style::Strong), "textbf mkbibbold"),
    (Meaning::Style(Style::SmallCaps), "textsc"),
    (Meaning::Style(Style::Code), "texttt"),
    (Meaning::Style(Style::Superscript), "textsuperscript mkbibsuperscript"),
    (Meaning::Style(Style::Subscript), "textsubscript mkbibsubscript"),
    (Meaning::Declaration(Style::Emphasis), "em it sl itshape slshape"),
    (Meaning::Declaration(Style::Strong), "bf bfseries"),
    (Meaning::Declaration(Style::SmallCaps), "sc scshape"),
    (Meaning::Declaration(Style::Code), "tt ttfamily"),
    (
        Meaning::Transparent,
        "textrm textsf textup textmd textnormal text mbox hbox mathrm mathup symup symrm mathnormal nobibcase bibstring \
         mkbibacro autocap textlatin textgreek textcyrillic texthebrew singleletter",
    ),
    (
        Meaning::Nothing,
        "rm sf rmfamily sffamily upshape mdseries normalfont tiny scriptsize footnotesize small normalsize large Large \
         LARGE huge Huge noindent indent relax xspace null protect allowbreak nobreak nolinebreak displaystyle textstyle \
         centering boldmath unboldmath ignorespaces smallskip medskip bigskip nobreakdash selectfont mit rmdefault \
         leavevmode unskip frenchspacing sloppy",
    ),
    (Meaning::Silent, "color noopsort noop sortnoop SortNoop nosort NoopSort selectlanguage"),
    (Meaning::Second, "textcolor foreignlanguage"),
    (Meaning::Break, "newline linebreak par"),
    (Meaning::Enclosed("“", "”"), "enquote mkbibquote textquote"),
    (Meaning::Enclosed("(", ")"), "mkbibparens parentext"),
    (Meaning::Enclosed("[", "]"), "mkbibbrackets brackettext"),
    (Meaning::CodePoint, "unicode symbol"),
    (Meaning::Address, "url path nolinkurl"),
    (Meaning::Link, "href"),
    (Meaning::Verbatim, "verb"),
    (Meaning::EnsureMath, "ensuremath"),
    (
        Meaning::Alphabet,
        "mathbb mathcal mathscr mathfrak mathbf mathsf mathtt boldsymbol cal frak Bbb mathds mathbbm mathbbmss mathbold bm \
         pmb mathbfit mathbfup mathsfup mathsfit mathbfsfit mathbfscr mathbfcal mathbffrak mathbfsf mathbfsfup symbb symcal \
         symscr symfrak symbf symbfup symsf symsfup symtt symit symbfit symbfscr symbffrak symsfit symbfsfit",
    ),
    (
        Meaning::Operator,
        "log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth arg det dim gcd hom inf ker lim \
         limsup liminf max min sup Pr",
    ),
    (
        Meaning::Formula,
        "sqrt frac dfrac tfrac cfrac binom hat bar tilde vec dot ddot check breve acute grave mathring widehat widetilde dddot ddddot \
         overline overrightarrow overleftarrow overbrace underbrace stackrel overset underset operatorname",
    ),
    (Meaning::Negation, "not"),
    (Meaning::Alternative, "texorpdfstring printfirst"),
    (Meaning::Begin, "begin"),
    (Meaning::Words("LaTeX"), "LaTeX"),
    (Meaning::Words("TeX"), "TeX"),
    (Meaning::Words("BibTeX"), "BibTeX"),
    (Meaning::Words("LaTeX2ε"), "LaTeXe"),
    (Meaning::Words("XeTeX"), "XeTeX"),
    (Meaning::Words("XeLaTeX"), "XeLaTeX"),
    (Meaning::Words("LuaTeX"), "LuaTeX"),
    (Meaning::Words("LuaLaTeX"), "LuaLaTeX"),
    (Meaning::Words("pdfTeX"), "pdfTeX"),
    (Meaning::Words("pdfLaTeX"), "pdfLaTeX"),
    (Meaning::Words("ConTeXt"), "ConTeXt"),
    (Meaning::Words("AMS"), "AmS"),
    (Meaning::Words("\u{2003}\u{2003}"), "qquad"),
    // BibLaTeX's localised words and its punctuation (manual, sections 3.13.1 and 4.7.3).
    (Meaning::Words(" sq."), "psq"),
    (Meaning::Words(" sqq."), "psqq"),
    (Meaning::Words("."), "adddot"),
    (Meaning::Words(","), "addcomma"),
    (Meaning::Words(":"), "addcolon"),
    (Meaning::Words(";"), "addsemicolon"),
    (Meaning::Words("/"), "addslash"),
    (Meaning::Words(" "), "addspace"),
    (Meaning::Words("\u{A0}"), "addnbspace"),
    (Meaning::Words("-"), "hyphen"),
];

/// The rows, indexed for both directions.
struct Tables {
    commands: HashMap<&'static str, Meaning>,
    text_phrases: HashMap<&'static str, char>,
    math_phrases: HashMap<&'static str, char>,
    written: HashMap<char, String>,
    accents: HashMap<char, &'static str>,
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let mut tables = Tables {
            commands: HashMap::new(),
            text_phrases: HashMap::new(),
            math_phrases: HashMap::new(),
            written: HashMap::new(),
            accents: HashMap::new(),
        };
        for (meaning, names) in MARKUP {
            tables.commands.extend(names.split_whitespace().map(|name| (name, *meaning)));
        }
        tables.read_accents();
        tables.read_text();
        tables.read_math();
        for (character, source) in alphabet::all() {
            // An argument of letters is kept a level deeper: BibTeX would take `{\mathbb{R}}` for an accented letter
            // and lower its case.
            tables.written.entry(character).or_insert_with(|| format!("\\ensuremath{{{{{source}}}}}"));
        }
        tables
    })
}

impl Tables {
    fn read_text(&mut self) {
        for (character, sources) in rows(include_str!("text.txt")) {
            for (nth, source) in sources.enumerate() {
                let command = command_name(source);
                if let Some(name) = command {
                    self.commands.entry(name).or_insert(Meaning::Text(character));
                } else {
                    self.text_phrases.insert(source, character);
                }
                if nth == 0 && !character.is_ascii() {
                    // `{\ss}` is one letter to BibTeX, at the outermost level.
                    let written = if command.is_some() { format!("{{{source}}}") } else { source.to_owned() };
                    self.written.insert(character, written);
                }
            }
        }
    }

    fn read_math(&mut self) {
        for (character, sources) in rows(include_str!("math.txt")) {
            for (nth, source) in sources.enumerate() {
                if let Some(name) = command_name(source) {
                    self.commands.entry(name).or_insert(Meaning::Math(character));
                }
                self.math_phrases.insert(source, character);
                if nth == 0 && !character.is_ascii() {
                    self.written.insert(character, format!("\\ensuremath{{{source}}}"));
                }
            }
        }
    }

    fn read_accents(&mut self) {
        for (mark, mut fields) in rows(include_str!("accents.txt")) {
            let alone = fields.next().filter(|field| *field != "none").and_then(|field| field.chars().next());
            for (nth, command) in fields.enumerate() {
                self.commands.insert(&command[1..], Meaning::Accent(mark, alone));
                if nth == 0 {
                    self.accents.insert(mark, command);
                }
            }
        }
    }
}

/// The name of a source that is one command of letters.
fn command_name(source: &'static str) -> Option<&'static str> {
    source.strip_prefix('\\').filter(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic()))
}

/// The rows of a data file: the character, and the fields behind it.
fn rows(file: &'static str) -> impl Iterator<Item = (char, impl Iterator<Item = &'static str>)> {
    file.lines().filter(|line| !line.starts_with("# ")).filter_map(|line| {
        let mut fields = line.split(' ');
        let first = fields.next()?;
        let character = match first.strip_prefix("U+") {
            Some(hex) => char::from_u32(u32::from_str_radix(hex, 16).ok()?)?,
            None => first.chars().next()?,
        };
        Some((character, fields))
    })
}

/// Every character that has a row or a place in a mathematical alphabet, for the tests.
#[cfg(test)]
pub(super) fn characters() -> Vec<char> {
    let mut all: Vec<char> = tables().written.keys().copied().collect();
    all.sort_unstable();
    all
}

/// Every accent, for the tests.
#[cfg(test)]
pub(super) fn marks() -> Vec<char> {
    let mut all: Vec<char> = tables().accents.keys().copied().collect();
    all.sort_unstable();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read() {
        let lines = |file: &str| file.lines().filter(|line| !line.starts_with("# ")).count();
        for file in [include_str!("text.txt"), include_str!("math.txt"), include_str!("accents.txt")] {
            assert_eq!(
                lines(file),
                file.lines()
                    .filter(|line| !line.starts_with("# "))
                    .filter(|l| l.contains(" \\") || l.contains(" ^") || l.contains(" _"))
                    .count()
            );
        }
        assert!(characters().len() > 1500, "{}", characters().len());
    }

    #[test]
    fn rows_are_sorted_and_each_character_has_one() {
        for file in [include_str!("text.txt"), include_str!("math.txt"), include_str!("accents.txt")] {
            let characters: Vec<char> = rows(file).map(|(character, _)| character).collect();
            assert!(characters.is_sorted_by(|a, b| a < b), "{characters:?}");
        }
        let text: Vec<char> = rows(include_str!("text.txt")).map(|(character, _)| character).collect();
        assert!(rows(include_str!("math.txt")).all(|(character, _)| text.binary_search(&character).is_err()));
    }

    #[test]
    fn a_command_stands_in_one_row_only() {
        let mut seen = HashMap::new();
        for file in [include_str!("text.txt"), include_str!("math.txt")] {
            for (character, sources) in rows(file) {
                for source in sources {
                    assert_eq!(seen.insert(source, character), None, "{source}");
                }
            }
        }
    }
}
