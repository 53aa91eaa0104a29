//! Mathematics in Typst's notation and in TeX's, as far as the two say the same.
//!
//! A small part of both is translated: letters, numbers, operators, scripts, roots, fractions, alphabets and the
//! symbols of [`SYMBOLS`]. What is not in it has no translation; nothing is guessed. This file knows no entry and no
//! file, only the source between two dollars.

use std::fmt::Write as _;

/// Commands of TeX and names of Typst for the same symbol.
const SYMBOLS: &[(&str, &str)] = &[
    ("alpha", "alpha"),
    ("beta", "beta"),
    ("gamma", "gamma"),
    ("delta", "delta"),
    ("epsilon", "epsilon.alt"),
    ("varepsilon", "epsilon"),
    ("zeta", "zeta"),
    ("eta", "eta"),
    ("theta", "theta"),
    ("vartheta", "theta.alt"),
    ("iota", "iota"),
    ("kappa", "kappa"),
    ("lambda", "lambda"),
    ("mu", "mu"),
    ("nu", "nu"),
    ("xi", "xi"),
    ("pi", "pi"),
    ("rho", "rho"),
    ("sigma", "sigma"),
    ("tau", "tau"),
    ("upsilon", "upsilon"),
    ("phi", "phi.alt"),
    ("varphi", "phi"),
    ("chi", "chi"),
    ("psi", "psi"),
    ("omega", "omega"),
    ("Gamma", "Gamma"),
    ("Delta", "Delta"),
    ("Theta", "Theta"),
    ("Lambda", "Lambda"),
    ("Xi", "Xi"),
    ("Pi", "Pi"),
    ("Sigma", "Sigma"),
    ("Upsilon", "Upsilon"),
    ("Phi", "Phi"),
    ("Psi", "Psi"),
    ("Omega", "Omega"),
    ("ell", "ell"),
    ("infty", "infinity"),
    ("partial", "partial"),
    ("nabla", "nabla"),
    ("times", "times"),
    ("cdot", "dot.c"),
    ("pm", "plus.minus"),
    ("approx", "approx"),
    ("sim", "tilde.op"),
    ("leq", "lt.eq"),
    ("geq", "gt.eq"),
    ("ll", "lt.double"),
    ("gg", "gt.double"),
    ("to", "arrow.r"),
    ("in", "in"),
    ("subset", "subset"),
    ("otimes", "times.o"),
    ("oplus", "plus.o"),
    ("dagger", "dagger"),
    ("ne", "eq.not"),
    ("neq", "eq.not"),
    ("sum", "sum"),
    ("prod", "product"),
    ("int", "integral"),
    ("ldots", "dots.h"),
    ("ast", "ast.op"),
    ("circ", "compose"),
    ("equiv", "equiv"),
    ("propto", "prop"),
    ("mapsto", "arrow.r.bar"),
    ("perp", "perp"),
    ("log", "log"),
    ("ln", "ln"),
    ("dim", "dim"),
    ("det", "det"),
    ("exp", "exp"),
    ("sin", "sin"),
    ("cos", "cos"),
    ("max", "max"),
    ("min", "min"),
];

/// Commands of TeX with arguments in braces, and the functions of Typst for them.
const FUNCTIONS: &[(&str, &str, usize)] = &[
    ("sqrt", "sqrt", 1),
    ("frac", "frac", 2),
    ("mathcal", "cal", 1),
    ("mathbb", "bb", 1),
    ("mathfrak", "frak", 1),
    ("mathrm", "upright", 1),
    ("mathbf", "bold", 1),
    ("dot", "dot", 1),
    ("ddot", "dot.double", 1),
    ("overline", "overline", 1),
    ("underline", "underline", 1),
    ("hat", "hat", 1),
    ("tilde", "tilde", 1),
    ("bar", "macron", 1),
    ("vec", "arrow", 1),
];

/// Characters of TeX, and names of Typst for them: there they would mean something else.
const CHARACTERS: &[(&str, &str)] = &[("/", "slash"), ("\\%", "percent"), ("\\&", "amp")];

/// Letters of Typst that are doubled for those of the blackboard.
const DOUBLED: &[&str] = &["RR", "CC", "NN", "ZZ", "QQ"];

/// Signs that Typst makes of several characters.
const SIGNS: &[(&str, &str)] = &[("->", "to"), ("<=", "leq"), (">=", "geq"), ("!=", "neq"), ("...", "ldots")];

/// Characters that stand for themselves in both.
const OPERATORS: &str = "+-=<>()[].,;:!|*'";

/// How deep groups are read.
const MAX_DEPTH: usize = 12;

/// The source in Typst's notation, when [`to_tex`] gives the same TeX for it.
pub(super) fn from_tex(source: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = Source::new(source);
    typst_sequence(&mut rest, &mut out, 0)?;
    (rest.at_end() && to_tex(&out).as_deref() == Some(source)).then_some(out)
}

/// The source in TeX's notation.
pub(super) fn to_tex(source: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = Source::new(source.trim());
    tex_sequence(&mut rest, &mut out, 0, &[])?;
    (rest.at_end() && !out.is_empty()).then_some(out)
}

/// What is left of a formula.
struct Source<'s> {
    rest: &'s str,
    /// A word of Typst's was taken last.
    is_behind_word: bool,
}

impl<'s> Source<'s> {
    const fn new(rest: &'s str) -> Self {
        Self { rest, is_behind_word: false }
    }

    const fn at_end(&self) -> bool {
        self.rest.is_empty()
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn take(&mut self, c: char) -> bool {
        let rest = self.rest.strip_prefix(c);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Takes the longest head of such characters.
    fn take_while(&mut self, is_such: impl Fn(char) -> bool) -> &'s str {
        let end = self.rest.find(|c| !is_such(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }
}

/// TeX up to a closing brace or the end, printed for Typst.
fn typst_sequence(tex: &mut Source<'_>, out: &mut String, depth: usize) -> Option<()> {
    while let Some(c) = tex.peek().filter(|c| *c != '}') {
        match c {
            '^' | '_' => {
                tex.take(c);
                out.push(c);
                if tex.take('{') {
                    typst_group(tex, out, depth, ')')?;
                } else {
                    typst_atom(tex, out, depth)?;
                }
            }
            _ => typst_atom(tex, out, depth)?,
        }
    }
    Some(())
}

/// What stands in braces, the opening one taken, in parentheses.
fn typst_group(tex: &mut Source<'_>, out: &mut String, depth: usize, close: char) -> Option<()> {
    if depth >= MAX_DEPTH {
        return None;
    }
    if close == ')' {
        out.push('(');
    }
    typst_sequence(tex, out, depth + 1)?;
    out.push(close);
    tex.take('}').then_some(())
}

/// One letter, number, operator, blank or command.
fn typst_atom(tex: &mut Source<'_>, out: &mut String, depth: usize) -> Option<()> {
    let c = tex.peek()?;
    if c.is_ascii_digit() {
        part_words(out);
        out.push_str(tex.take_while(|c| c.is_ascii_digit()));
    } else if c.is_ascii_alphabetic() {
        part_words(out);
        tex.take(c);
        out.push(c);
    } else if c == ' ' || OPERATORS.contains(c) {
        tex.take(c);
        out.push(c);
    } else if let Some((character, name)) =
        CHARACTERS.iter().find(|(tex_character, _)| tex.rest.starts_with(tex_character))
    {
        tex.rest = &tex.rest[character.len()..];
        part_words(out);
        out.push_str(name);
    } else {
        if !tex.take('\\') {
            return None;
        }
        let command = tex.take_while(|c| c.is_ascii_alphabetic());
        // The blank that ends the command before a letter.
        if tex.rest.strip_prefix(' ').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic())) {
            tex.take(' ');
        }
        part_words(out);
        if let Some((_, name)) = SYMBOLS.iter().find(|(tex, _)| *tex == command) {
            out.push_str(name);
            return Some(());
        }
        let (_, name, count) = FUNCTIONS.iter().find(|(tex, ..)| *tex == command)?;
        let _ = write!(out, "{name}(");
        for at in 1..=*count {
            if !tex.take('{') {
                return None;
            }
            // A comma in an argument would part it.
            let start = out.len();
            typst_sequence(tex, out, depth + 1).filter(|()| depth < MAX_DEPTH && !out[start..].contains([',', ';']))?;
            out.push_str(if at < *count { ", " } else { ")" });
            if !tex.take('}') {
                return None;
            }
        }
    }
    Some(())
}

/// A letter and what touches it are one word in Typst; a number and the letter behind it are not. TeX's own blanks are
/// put in beside the one that parts the words.
fn part_words(out: &mut String) {
    if out.trim_end_matches(' ').ends_with(|c: char| c.is_ascii_alphabetic()) {
        out.push(' ');
    }
}

/// Typst up to one of the closing characters or the end, printed for TeX.
fn tex_sequence(typst: &mut Source<'_>, out: &mut String, depth: usize, closing: &[char]) -> Option<()> {
    let mut parentheses = 0_usize;
    while let Some(c) = typst.peek() {
        match c {
            _ if parentheses == 0 && closing.contains(&c) => break,
            '(' => parentheses += 1,
            ')' => parentheses = parentheses.checked_sub(1)?,
            _ => {}
        }
        match c {
            '^' | '_' => {
                typst.take(c);
                out.push(c);
                if typst.take('(') {
                    out.push('{');
                    tex_argument(typst, out, depth, &[')'])?;
                    typst.take(')');
                    typst.is_behind_word = false;
                    out.push('}');
                } else {
                    typst.is_behind_word = typst.peek().is_some_and(|c| c.is_ascii_alphabetic());
                    tex_script(typst, out, depth)?;
                }
            }
            _ => tex_atom(typst, out, depth)?,
        }
    }
    (parentheses == 0).then_some(())
}

fn tex_argument(typst: &mut Source<'_>, out: &mut String, depth: usize, closing: &[char]) -> Option<()> {
    if depth >= MAX_DEPTH {
        return None;
    }
    tex_sequence(typst, out, depth + 1, closing)?;
    (!typst.at_end()).then_some(())
}

/// A script without parentheses: one word, which is a group in TeX when it has several characters.
fn tex_script(typst: &mut Source<'_>, out: &mut String, depth: usize) -> Option<()> {
    let c = typst.peek()?;
    if c.is_ascii_digit() {
        let digits = typst.take_while(|c| c.is_ascii_digit());
        match digits.len() {
            1 => out.push_str(digits),
            _ => _ = write!(out, "{{{digits}}}"),
        }
    } else if c.is_ascii_alphabetic() {
        let word = word(typst);
        match (word.len(), command_of(word)) {
            (1, _) => out.push_str(word),
            (_, Some(command)) if typst.peek() != Some('(') => _ = write!(out, "\\{command}"),
            _ if typst.peek() == Some('(') => {
                typst.is_behind_word = false;
                return tex_function(word, typst, out, depth);
            }
            _ => return None,
        }
    } else {
        typst.take(c);
        matches!(c, '+' | '-' | '*' | '\'').then(|| out.push(c))?;
    }
    Some(())
}

fn tex_atom(typst: &mut Source<'_>, out: &mut String, depth: usize) -> Option<()> {
    let c = typst.peek()?;
    let rest = typst.rest;
    tex_piece(typst, out, depth, c)?;
    // A function ends with its parenthesis.
    let taken = &rest[..rest.len() - typst.rest.len()];
    typst.is_behind_word = c.is_ascii_alphabetic() && !taken.ends_with(')');
    Some(())
}

fn tex_piece(typst: &mut Source<'_>, out: &mut String, depth: usize, c: char) -> Option<()> {
    if c.is_ascii_digit() {
        out.push_str(typst.take_while(|c| c.is_ascii_digit()));
    } else if c.is_ascii_alphabetic() {
        let word = word(typst);
        if word.len() == 1 {
            // One letter and a parenthesis are a product in both.
            out.push_str(word);
        } else if let Some((character, _)) = CHARACTERS.iter().find(|(_, name)| *name == word) {
            out.push_str(character);
        } else if DOUBLED.contains(&word) {
            let _ = write!(out, "\\mathbb{{{}}}", &word[..1]);
        } else if typst.peek() == Some('(') {
            tex_function(word, typst, out, depth)?;
        } else {
            let _ = write!(out, "\\{}", command_of(word)?);
        }
    } else if c == ' ' {
        let blanks = typst.take_while(|c| c == ' ').len();
        // One of them parts two words for Typst; after a command TeX needs it before a letter.
        let next = word(&mut Source::new(typst.rest));
        let is_letter = next.len() == 1 && next.starts_with(|c: char| c.is_ascii_alphabetic());
        let parts = typst.is_behind_word && !next.is_empty() && !(is_letter && last_command(out));
        out.extend(std::iter::repeat_n(' ', blanks - usize::from(parts)));
    } else if let Some((sign, command)) = SIGNS.iter().find(|(sign, _)| typst.rest.starts_with(sign)) {
        typst.rest = &typst.rest[sign.len()..];
        let _ = write!(out, "\\{command}");
        if typst.peek().is_some_and(|c| c.is_ascii_alphabetic()) {
            out.push(' ');
        }
    } else {
        // Two of these that touch may be one sign.
        typst.take(c);
        let is_sign = matches!(c, '<' | '>' | '=' | '-' | '.' | ':' | '!' | '|' | '[')
            && typst.peek().is_some_and(|next| matches!(next, '<' | '>' | '=' | '-' | '.' | '|' | '~'));
        if is_sign || !OPERATORS.contains(c) {
            return None;
        }
        out.push(c);
    }
    Some(())
}

/// A function of Typst, whose parenthesis comes next.
fn tex_function(name: &str, typst: &mut Source<'_>, out: &mut String, depth: usize) -> Option<()> {
    let (command, _, count) = FUNCTIONS.iter().find(|(_, function, _)| *function == name)?;
    typst.take('(');
    let _ = write!(out, "\\{command}");
    for at in 1..=*count {
        out.push('{');
        tex_argument(typst, out, depth, &[',', ';', ')'])?;
        let is_last = at == *count;
        if !typst.take(if is_last { ')' } else { ',' }) {
            return None;
        }
        if !is_last {
            typst.take_while(|c| c == ' ');
        }
        out.push('}');
    }
    Some(())
}

/// A letter, or a name with its dots.
fn word<'s>(typst: &mut Source<'s>) -> &'s str {
    let source = typst.rest;
    loop {
        typst.take_while(|c| c.is_ascii_alphanumeric());
        let has_more =
            typst.rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
        if !has_more || source.len() == typst.rest.len() + 1 || !typst.take('.') {
            return &source[..source.len() - typst.rest.len()];
        }
    }
}

fn command_of(name: &str) -> Option<&'static str> {
    SYMBOLS.iter().find(|(_, typst)| *typst == name).map(|(tex, _)| *tex)
}

/// Whether TeX source ends with a command.
fn last_command(tex: &str) -> bool {
    let name = tex.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    name.len() < tex.len() && name.ends_with('\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_notations_say_the_same() {
        for (tex, typst) in [
            ("x", "x"),
            ("O(n^2)", "O(n^2)"),
            ("ab^{2n}", "a b^(2n)"),
            ("\\alpha_s", "alpha_s"),
            ("\\alpha_{ij}", "alpha_(i j)"),
            ("\\alpha x", "alpha x"),
            ("\\alpha\\beta", "alpha beta"),
            ("10^{-5}", "10^(-5)"),
            ("\\mathcal{N}=4", "cal(N)=4"),
            ("\\sqrt{s} = 13", "sqrt(s) = 13"),
            ("\\frac{1}{2}", "frac(1, 2)"),
            ("e^+e^-", "e^+e^-"),
            ("B \\to K", "B  arrow.r K"),
            ("b\\to s\\ell\\ell", "b arrow.r s ell ell"),
            ("\\mathcal{O}(n\\log n)", "cal(O)(n log n)"),
            ("\\Omega_\\mathrm{m}", "Omega_upright(m)"),
            ("1/2", "1slash 2"),
            ("5\\%", "5percent"),
            ("\\sum_{i=1}^n i", "sum_(i=1)^n  i"),
            ("a b", "a  b"),
            ("x_1", "x_1"),
            ("(d+1)", "(d+1)"),
        ] {
            assert_eq!(to_tex(typst).as_deref(), Some(tex), "{typst}");
            assert_eq!(from_tex(tex).as_deref(), Some(typst), "{tex}");
        }
        assert_eq!(to_tex("x^10").as_deref(), Some("x^{10}"));
        assert_eq!(to_tex(" alpha "), Some("\\alpha".to_owned()));
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        for tex in ["", "\\foo", "{x}", "x^10", "\\text{a b}", "}", "\\frac{a,b}{c}", "->", "é", "\\", "^", "x^"] {
            assert_eq!(from_tex(tex), None, "{tex}");
        }
        for typst in ["", "foo", "a/b", "\"text\"", "sqrt(x", "x)", "frac(a)", "#x", "x^", "dots", "R1"] {
            assert_eq!(to_tex(typst), None, "{typst}");
        }
    }
}
