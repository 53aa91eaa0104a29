//! The mathematical alphabets of Unicode (block "Mathematical Alphanumeric Symbols") and the LaTeX commands that set them.
//!
//! Each alphabet is a run of code points; the letters that Unicode had before the block (ℝ, ℋ, ℎ …) fill its holes.
//! Facts: The Unicode Standard, chapter 22.2; the commands of LaTeX and amsmath, and the names that unicode-math gives to
//! single letters (`\mbfalpha`). This file knows code points and commands only.

/// One alphabet: where it begins in Unicode (0 where it has no such characters), and who sets it.
struct Alphabet {
    /// The command up to its last opening brace; what is written.
    command: &'static str,
    /// What unicode-math's names of the letters begin with.
    prefix: &'static str,
    upper: u32,
    lower: u32,
    digits: u32,
    greek: u32,
}

const fn alphabet(command: &'static str, prefix: &'static str, starts: [u32; 4]) -> Alphabet {
    let [upper, lower, digits, greek] = starts;
    Alphabet { command, prefix, upper, lower, digits, greek }
}

const ALPHABETS: [Alphabet; 14] = [
    alphabet("\\mathbb", "Bbb", [0x1D538, 0x1D552, 0x1D7D8, 0]),
    alphabet("\\mathcal", "mscr", [0x1D49C, 0, 0, 0]),
    alphabet("\\mathscr", "mscr", [0x1D49C, 0x1D4B6, 0, 0]),
    alphabet("\\mathfrak", "mfrak", [0x1D504, 0x1D51E, 0, 0]),
    alphabet("\\mathbf", "mbf", [0x1D400, 0x1D41A, 0x1D7CE, 0x1D6A8]),
    alphabet("\\mathsf", "msans", [0x1D5A0, 0x1D5BA, 0x1D7E2, 0]),
    alphabet("\\mathtt", "mtt", [0x1D670, 0x1D68A, 0x1D7F6, 0]),
    alphabet("\\mathit", "mit", [0x1D434, 0x1D44E, 0, 0x1D6E2]),
    alphabet("\\boldsymbol", "mbfit", [0x1D468, 0x1D482, 0, 0x1D71C]),
    alphabet("\\boldsymbol{\\mathcal", "mbfscr", [0x1D4D0, 0x1D4EA, 0, 0]),
    alphabet("\\boldsymbol{\\mathfrak", "mbffrak", [0x1D56C, 0x1D586, 0, 0]),
    alphabet("\\boldsymbol{\\mathsf", "mbfsans", [0x1D5D4, 0x1D5EE, 0x1D7EC, 0x1D756]),
    alphabet("\\mathsfit", "mitsans", [0x1D608, 0x1D622, 0, 0]),
    alphabet("\\mathbfsfit", "mbfitsans", [0x1D63C, 0x1D656, 0, 0x1D790]),
];

/// Other names of the commands: older ones, packages' (`bm`, `dsfont`, `bbm`) and unicode-math's.
const ALIASES: [(&str, &str); 32] = [
    ("cal", "mathcal"),
    ("frak", "mathfrak"),
    ("Bbb", "mathbb"),
    ("mathds", "mathbb"),
    ("mathbbm", "mathbb"),
    ("mathbbmss", "mathbb"),
    ("mathbold", "boldsymbol"),
    ("bm", "boldsymbol"),
    ("pmb", "boldsymbol"),
    ("mathbfit", "boldsymbol"),
    ("mathbfup", "mathbf"),
    ("mathsfup", "mathsf"),
    ("mathbfscr", "boldsymbol{\\mathcal"),
    ("mathbfcal", "boldsymbol{\\mathcal"),
    ("mathbffrak", "boldsymbol{\\mathfrak"),
    ("mathbfsf", "boldsymbol{\\mathsf"),
    ("mathbfsfup", "boldsymbol{\\mathsf"),
    ("symbb", "mathbb"),
    ("symcal", "mathcal"),
    ("symscr", "mathscr"),
    ("symfrak", "mathfrak"),
    ("symbf", "mathbf"),
    ("symbfup", "mathbf"),
    ("symsf", "mathsf"),
    ("symsfup", "mathsf"),
    ("symtt", "mathtt"),
    ("symit", "mathit"),
    ("symbfit", "boldsymbol"),
    ("symbfscr", "boldsymbol{\\mathcal"),
    ("symbffrak", "boldsymbol{\\mathfrak"),
    ("symsfit", "mathsfit"),
    ("symbfsfit", "mathbfsfit"),
];

/// The Greek letters of an alphabet in its order, each with its command of mathematics.
const GREEK: [(char, &str); 58] = [
    ('Α', "Alpha"),
    ('Β', "Beta"),
    ('Γ', "Gamma"),
    ('Δ', "Delta"),
    ('Ε', "Epsilon"),
    ('Ζ', "Zeta"),
    ('Η', "Eta"),
    ('Θ', "Theta"),
    ('Ι', "Iota"),
    ('Κ', "Kappa"),
    ('Λ', "Lambda"),
    ('Μ', "Mu"),
    ('Ν', "Nu"),
    ('Ξ', "Xi"),
    ('Ο', "Omicron"),
    ('Π', "Pi"),
    ('Ρ', "Rho"),
    ('ϴ', "varTheta"),
    ('Σ', "Sigma"),
    ('Τ', "Tau"),
    ('Υ', "Upsilon"),
    ('Φ', "Phi"),
    ('Χ', "Chi"),
    ('Ψ', "Psi"),
    ('Ω', "Omega"),
    ('∇', "nabla"),
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "varepsilon"),
    ('ζ', "zeta"),
    ('η', "eta"),
    ('θ', "theta"),
    ('ι', "iota"),
    ('κ', "kappa"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('ν', "nu"),
    ('ξ', "xi"),
    ('ο', "omicron"),
    ('π', "pi"),
    ('ρ', "rho"),
    ('ς', "varsigma"),
    ('σ', "sigma"),
    ('τ', "tau"),
    ('υ', "upsilon"),
    ('φ', "varphi"),
    ('χ', "chi"),
    ('ψ', "psi"),
    ('ω', "omega"),
    ('∂', "partial"),
    ('ϵ', "epsilon"),
    ('ϑ', "vartheta"),
    ('ϰ', "varkappa"),
    ('ϕ', "phi"),
    ('ϱ', "varrho"),
    ('ϖ', "varpi"),
];

/// unicode-math's names of digits.
const DIGITS: [&str; 10] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

impl Alphabet {
    /// The character of a letter or digit, or of the Greek letter's command.
    fn letter(&self, source: &str) -> Option<char> {
        if let Some(name) = source.strip_prefix('\\') {
            return self.greek(name);
        }
        let mut chars = source.chars();
        let letter = chars.next().filter(|_| chars.next().is_none())?;
        let (base, first) = match letter {
            'A'..='Z' => (self.upper, 'A'),
            'a'..='z' => (self.lower, 'a'),
            '0'..='9' => (self.digits, '0'),
            _ => return self.greek(GREEK.iter().find(|(greek, _)| *greek == letter)?.1),
        };
        at(base, u32::from(letter) - u32::from(first))
    }

    fn greek(&self, name: &str) -> Option<char> {
        let nth = (0..).zip(GREEK).find(|(_, (_, greek))| *greek == name)?.0;
        at(self.greek, nth)
    }

    /// `\mathbb{R}`.
    fn written(&self, letter: impl std::fmt::Display) -> String {
        format!("{}{{{letter}{}", self.command, &CLOSING[..closings(self.command)])
    }
}

/// The character that `\mathbb{R}` and its like are; the source is the command with one letter, digit or Greek command
/// in braces.
pub(super) fn character(source: &str) -> Option<char> {
    ALPHABETS.iter().find_map(|alphabet| {
        let inner = source.strip_prefix(alphabet.command)?.strip_prefix('{')?;
        alphabet.letter(inner.strip_suffix(&CLOSING[..closings(alphabet.command)])?)
    })
}

/// The letters of a whole argument in an alphabet: `\mathbb` and `CP`; nothing when one letter has no place.
pub(super) fn word(command: &str, letters: &str) -> Option<String> {
    let command = ALIASES.iter().find(|(alias, _)| *alias == command).map_or(command, |(_, command)| command);
    let alphabet = ALPHABETS.iter().find(|alphabet| &alphabet.command[1..] == command)?;
    if letters.starts_with('\\') {
        return alphabet.letter(letters).map(String::from);
    }
    let mut buffer = [0; 4];
    letters.chars().map(|letter| alphabet.letter(letter.encode_utf8(&mut buffer))).collect()
}

/// The letter that one of unicode-math's names means: `mbfA`, `mitalpha`, `Bbbone`.
pub(super) fn named(name: &str) -> Option<char> {
    ALPHABETS.iter().find_map(|alphabet| {
        let rest = name.strip_prefix(alphabet.prefix)?;
        if let Some(nth) = DIGITS.iter().position(|digit| *digit == rest) {
            return at(alphabet.digits, u32::try_from(nth).ok()?);
        }
        if rest.len() == 1 { alphabet.letter(rest) } else { alphabet.greek(rest) }
    })
}

/// Every letter of every alphabet with its source.
pub(super) fn all() -> impl Iterator<Item = (char, String)> {
    ALPHABETS.iter().flat_map(|alphabet| {
        let latin = ('A'..='Z').chain('a'..='z').chain('0'..='9');
        let latin = latin.filter_map(|letter| Some((alphabet.letter(letter.encode_utf8(&mut [0; 4]))?, letter)));
        let greek = GREEK.iter().filter_map(|(_, name)| Some((alphabet.greek(name)?, name)));
        latin
            .map(|(character, letter)| (character, alphabet.written(letter)))
            .chain(greek.map(|(character, name)| (character, alphabet.written(format_args!("\\{name}")))))
    })
}

const CLOSING: &str = "}}";

fn closings(command: &str) -> usize {
    1 + command.matches('{').count()
}

/// The letter at a place of an alphabet, where Unicode may have it outside the block.
fn at(base: u32, nth: u32) -> Option<char> {
    if base == 0 {
        return None;
    }
    let code = base + nth;
    OLDER.iter().find(|(hole, _)| *hole == code).map(|(_, older)| *older).or_else(|| char::from_u32(code))
}

/// The holes of the block and the characters that fill them.
const OLDER: &[(u32, char)] = &[
    (0x1D455, 'ℎ'),
    (0x1D49D, 'ℬ'),
    (0x1D4A0, 'ℰ'),
    (0x1D4A1, 'ℱ'),
    (0x1D4A3, 'ℋ'),
    (0x1D4A4, 'ℐ'),
    (0x1D4A7, 'ℒ'),
    (0x1D4A8, 'ℳ'),
    (0x1D4AD, 'ℛ'),
    (0x1D4BA, 'ℯ'),
    (0x1D4BC, 'ℊ'),
    (0x1D4C4, 'ℴ'),
    (0x1D506, 'ℭ'),
    (0x1D50B, 'ℌ'),
    (0x1D50C, 'ℑ'),
    (0x1D515, 'ℜ'),
    (0x1D51D, 'ℨ'),
    (0x1D53A, 'ℂ'),
    (0x1D53F, 'ℍ'),
    (0x1D545, 'ℕ'),
    (0x1D547, 'ℙ'),
    (0x1D548, 'ℚ'),
    (0x1D549, 'ℝ'),
    (0x1D551, 'ℤ'),
];
