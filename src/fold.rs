//! Folding: what is left of a text when everything that copies change is taken away.
//!
//! A folded text has lower-case ASCII letters and digits only. Accents, TeX commands, dollars, braces, punctuation, blanks
//! and every character that is no Latin letter or digit are gone, so that `Poincar\'e's $\alpha$-map`, `Poincaré’s α-map`
//! and `POINCARE S MAP` fold to the same string. Used by matching, by keys and by identity; knows nothing of them.

use unicode_normalization::UnicodeNormalization as _;

/// The folded text.
pub fn fold(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    fold_into(text, &mut out);
    // Only ASCII was pushed.
    String::from_utf8(out).unwrap_or_default()
}

/// Appends the folded text as ASCII bytes; linear in the text.
pub fn fold_into(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at = match byte {
            b'a'..=b'z' | b'0'..=b'9' => {
                out.push(byte);
                at + 1
            }
            b'A'..=b'Z' => {
                out.push(byte + (b'a' - b'A'));
                at + 1
            }
            b'\\' => fold_command(bytes, at + 1, out),
            b'&' => skip_entity(bytes, at),
            0..=127 => at + 1,
            _ => fold_character(text, at, out),
        };
    }
}

/// A TeX command: the letters that it stands for, if it stands for letters, else nothing. Its arguments are text.
fn fold_command(bytes: &[u8], start: usize, out: &mut Vec<u8>) -> usize {
    let length = bytes[start..].iter().take_while(|b| b.is_ascii_alphabetic()).count();
    if length == 0 {
        // `\"o`, `\&`, `\\`: the mark goes, the letter behind it stays. The mark may be a character of several bytes.
        return start + usize::from(bytes.get(start).is_some_and(u8::is_ascii));
    }
    let letters: &[u8] = match &bytes[start..start + length] {
        b"ss" => b"ss",
        b"o" | b"O" => b"o",
        b"l" | b"L" => b"l",
        b"i" | b"imath" => b"i",
        b"j" | b"jmath" => b"j",
        b"ae" | b"AE" => b"ae",
        b"oe" | b"OE" => b"oe",
        b"aa" | b"AA" => b"a",
        b"dj" | b"DJ" | b"dh" | b"DH" => b"d",
        b"th" | b"TH" => b"th",
        _ => b"",
    };
    out.extend_from_slice(letters);
    start + length
}

/// The entities of HTML that stand for punctuation; another `&` is punctuation itself.
fn skip_entity(bytes: &[u8], at: usize) -> usize {
    const ENTITIES: [&[u8]; 7] = [b"&amp;", b"&lt;", b"&gt;", b"&quot;", b"&apos;", b"&#39;", b"&nbsp;"];
    let entity = ENTITIES.iter().find(|entity| bytes[at..].starts_with(entity));
    at + entity.map_or(1, |entity| entity.len())
}

fn fold_character(text: &str, at: usize, out: &mut Vec<u8>) -> usize {
    let Some(character) = text[at..].chars().next() else { return at + 1 };
    match character {
        'ß' => out.extend_from_slice(b"ss"),
        'ø' | 'Ø' => out.push(b'o'),
        'ł' | 'Ł' => out.push(b'l'),
        'ı' => out.push(b'i'),
        'ȷ' => out.push(b'j'),
        'æ' | 'Æ' => out.extend_from_slice(b"ae"),
        'œ' | 'Œ' => out.extend_from_slice(b"oe"),
        'đ' | 'Đ' | 'ð' | 'Ð' => out.push(b'd'),
        'þ' | 'Þ' => out.extend_from_slice(b"th"),
        // TeX has commands for these, which fold to nothing.
        'ℓ' | 'ℏ' | '™' | '©' | '®' | 'ª' | 'º' => {}
        '\u{300}'..='\u{36f}' | '\u{2000}'..='\u{206f}' => {}
        _ => {
            let decomposed = character.nfkd().filter(char::is_ascii_alphanumeric);
            out.extend(decomposed.filter_map(|c| u8::try_from(c.to_ascii_lowercase()).ok()));
        }
    }
    at + character.len_utf8()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renderings_of_one_text_fold_alike() {
        let check = |text: &str, expected: &str| assert_eq!(fold(text), expected, "{text}");
        check(r"Poincar\'e's $\alpha$-map", "poincaresmap");
        check("Poincaré’s α-map", "poincaresmap");
        check(r#"Schr{\"o}dinger, \"{O} "#, "schrodingero");
        check("Schrödinger, Ö", "schrodingero");
        check(r#"{\L}ojasiewicz \o \ss{} Gr\"o\ss e"#, "lojasiewiczossgrosse");
        check("Łojasiewicz ø ß Größe", "lojasiewiczossgrosse");
        check(r"$10\%$ of $x^{2}$ in $\mathbb{R}$", "10ofx2inr");
        check("10% of x² in ℝ", "10ofx2inr");
        check("ﬁne “quotes” -- and—dashes &amp; more", "finequotesanddashesmore");
        check("soft\u{ad}hyphen\u{a0}x", "softhyphenx");
        check("a trailing \\", "atrailing");
        check("\\é \\", "e");
    }
}
