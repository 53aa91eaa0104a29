//! The mathematical alphabets of Unicode (block "Mathematical Alphanumeric Symbols") and the LaTeX commands that set them.
//!
//! Each alphabet is a run of code points; the letters that Unicode had before the block (ℝ, ℋ, ℎ …) fill its holes. This
//! file knows code points and commands only.

/// The character that `\mathbb{R}` and its like are; the source is the command with one letter, digit or Greek command
/// in braces.
pub(super) fn character(source: &str) -> Option<char> {
    ALPHABETS.iter().find_map(|(command, upper, lower, digits)| {
        let inner = source.strip_prefix(command)?.strip_prefix('{')?.strip_suffix(&CLOSING[..closings(command)])?;
        let mut chars = inner.chars();
        let letter = chars.next().filter(|_| chars.next().is_none())?;
        let (base, first) = match letter {
            'A'..='Z' => (*upper, 'A'),
            'a'..='z' => (*lower, 'a'),
            '0'..='9' => (*digits, '0'),
            _ => return None,
        };
        at(base, u32::from(letter) - u32::from(first))
    })
}

/// The letters of a whole argument in an alphabet: `\mathbb` and `CP`; nothing when one letter has no place.
pub(super) fn word(command: &str, letters: &str) -> Option<String> {
    letters.chars().map(|letter| character(&format!("\\{command}{{{letter}}}"))).collect()
}

/// Every letter of every alphabet with its source.
pub(super) fn all() -> impl Iterator<Item = (char, String)> {
    ALPHABETS.iter().flat_map(|(command, upper, lower, digits)| {
        let letters = ('A'..='Z').zip(0..).map(|(letter, nth)| (*upper, letter, nth));
        let letters = letters.chain(('a'..='z').zip(0..).map(|(letter, nth)| (*lower, letter, nth)));
        let letters = letters.chain(('0'..='9').zip(0..).map(|(letter, nth)| (*digits, letter, nth)));
        letters.filter_map(move |(base, letter, nth)| {
            Some((at(base, nth)?, format!("{command}{{{letter}{}", &CLOSING[..closings(command)])))
        })
    })
}

/// Command (up to its last opening brace), first capital, first small letter, first digit; 0 where there is none.
const ALPHABETS: &[(&str, u32, u32, u32)] = &[
    ("\\mathbb", 0x1D538, 0x1D552, 0x1D7D8),
    ("\\mathcal", 0x1D49C, 0, 0),
    ("\\mathscr", 0x1D49C, 0x1D4B6, 0),
    ("\\mathfrak", 0x1D504, 0x1D51E, 0),
    ("\\mathbf", 0x1D400, 0x1D41A, 0x1D7CE),
    ("\\mathsf", 0x1D5A0, 0x1D5BA, 0x1D7E2),
    ("\\mathtt", 0x1D670, 0x1D68A, 0x1D7F6),
    ("\\mathit", 0x1D434, 0x1D44E, 0),
    ("\\boldsymbol", 0x1D468, 0x1D482, 0),
    ("\\boldsymbol{\\mathcal", 0x1D4D0, 0x1D4EA, 0),
    ("\\boldsymbol{\\mathfrak", 0x1D56C, 0x1D586, 0),
    ("\\boldsymbol{\\mathsf", 0x1D5D4, 0x1D5EE, 0x1D7EC),
    ("\\mathsfit", 0x1D608, 0x1D622, 0),
    ("\\mathbfsfit", 0x1D63C, 0x1D656, 0),
];

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
