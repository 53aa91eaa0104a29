//! What folding takes away and what yet tells two texts apart: letters of other scripts, signs, Greek letters in TeX.
//! "Programming in C" is not "Programming in C++", and a paper on Λ is none on Σ. Knows no fields.

use crate::fold::fold;
use crate::latex;
use unicode_normalization::UnicodeNormalization as _;

/// The letters and signs of a text that [`fold`] drops, in their order. A hyphen is a sign inside `$…$` only.
pub(super) fn signs(text: &str) -> String {
    let mut out = String::new();
    // Most texts have none.
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" .,:;-'()?!&/".contains(&byte)) {
        return out;
    }
    let mut in_math = false;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        rest = &rest[first.len_utf8()..];
        match first {
            '$' => in_math = !in_math,
            '\\' => {
                let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
                let (name, behind) = rest.split_at(end);
                rest = behind.strip_prefix(|_: char| name.is_empty()).unwrap_or(behind);
                latex::character_of(name).into_iter().for_each(|sign| push(sign, in_math, &mut out));
            }
            sign => push(sign, in_math, &mut out),
        }
    }
    out
}

fn push(sign: char, in_math: bool, out: &mut String) {
    if sign.is_ascii_alphanumeric() || sign.is_whitespace() {
        return;
    }
    for sign in sign.nfkd() {
        match sign {
            '+' | '#' | '<' | '>' | '=' => out.push(sign),
            '\u{2212}' => out.push('-'),
            '-' | '*' if in_math => out.push(sign),
            _ if sign.is_alphanumeric() && !sign.is_ascii() && fold(sign.encode_utf8(&mut [0; 4])).is_empty() => {
                out.extend(sign.to_lowercase());
            }
            _ => {}
        }
    }
}

/// A text in a form to be compared, whatever its script.
pub(super) fn whole(text: &str) -> String {
    format!("{}{}", fold(text), signs(text))
}

/// Whether two texts say the same, however they are typed.
pub(super) fn is_same_text(one: &str, other: &str) -> bool {
    one == other || fold(one) == fold(other) && signs(one) == signs(other)
}

/// Whether two values say the same that are no running text: their words and figures are parted alike.
pub(super) fn is_same_value(one: &str, other: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\\' | '\u{300}'..='\u{36f}'));
        words.filter(|word| !word.is_empty()).map(whole).collect()
    };
    one == other || words(one) == words(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        let check =
            |one: &str, other: &str, expected| assert_eq!(is_same_text(one, other), expected, "{one} | {other}");
        check("On $\\alpha$-decay", "On α decay", true);
        check("The $B^+$ meson", "The B⁺ meson", true);
        check("The $p$-adic numbers", "The p-adic numbers", true);
        check("Poincar\\'e's map", "Poincaré’s map", true);
        check("On $\\Lambda_b$", "On $\\Sigma_b$", false);
        check("$B^+$ decays", "$B^-$ decays", false);
        check("Programming in C", "Programming in C++", false);
        check("Programming in C\\#", "Programming in C++", false);
        check("Война и мир", "Ряды Фурье", false);
        check("ВОЙНА И МИР", "Война и мир", true);
        check("x < y", "x > y", false);
    }

    #[test]
    fn values() {
        let check =
            |one: &str, other: &str, expected| assert_eq!(is_same_value(one, other), expected, "{one} | {other}");
        check("1--23", "1–23", true);
        check("1–23", "12–3", false);
        check("https://a.org/x-y?id=1.2", "https://a.org/xy?id=12", false);
        check("Second", "second", true);
    }
}
