//! What an input is when it is no text: told by the first characters, to say so in the refusal.
//!
//! The input is decoded already: a byte that is no UTF-8 stands as U+FFFD. Knows signatures, no formats of ours.

/// First characters of files that people take for text, what they are, and the way to their text.
const SIGNATURES: [(&str, &str); 15] = [
    ("%PDF-", "a PDF document; copy its text and save that"),
    ("{\\rtf", "a rich text document; save it as plain text"),
    ("\u{fffd}\u{fffd}\u{11}\u{871}\u{1a}", "an old Office document; save it as plain text"),
    ("\u{fffd}PNG\r\n", "a PNG image"),
    ("GIF8", "a GIF image"),
    ("\u{fffd}\u{fffd}\u{fffd}\u{fffd}\0\u{10}JFIF", "a JPEG image"),
    ("SQLite format 3\0", "an SQLite database; export its records"),
    ("Rar!\u{1a}", "a RAR archive; unpack it first"),
    ("7z\u{fffd}\u{fffd}'\u{1c}", "a 7-Zip archive; unpack it first"),
    ("BZh", "packed with bzip2; unpack it first"),
    ("PK\u{3}\u{4}", "a zip archive; unpack it first"),
    ("\u{7f}ELF", "a program"),
    ("MZ\u{fffd}\0", "a program"),
    ("bplist00", "a binary property list"),
    ("wOF", "a font"),
];

/// What the input is, when its beginning is that of a known kind of file.
pub(super) fn signature(head: &str) -> Option<&'static str> {
    let head = head.trim_start_matches('\u{feff}');
    SIGNATURES.iter().find(|(signature, _)| head.starts_with(signature)).map(|(_, kind)| *kind)
}

/// What the input is, when no format is told and its beginning is hardly text.
pub(super) fn kind(head: &str) -> Option<&'static str> {
    let characters = head.chars().count();
    let zeros = head.chars().filter(|c| *c == '\0').count();
    if zeros * 3 > characters && zeros * 3 < characters * 2 && head.chars().any(char::is_alphanumeric) {
        return Some("UTF-16 text without a byte order mark; save it as UTF-8");
    }
    if zeros > 0 {
        return Some("binary data: it holds NUL characters");
    }
    // Text in an old encoding has bytes that are no UTF-8, but words between them.
    let controls = head.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    let undecoded = head.chars().filter(|c| *c == '\u{fffd}').count();
    (controls * 20 > characters || undecoded * 3 > characters)
        .then_some("binary data: it is full of characters that no text has")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_named() {
        let check = |bytes: &[u8], expected: Option<&str>| {
            let head = String::from_utf8_lossy(bytes);
            let kind = signature(&head).or_else(|| kind(&head));
            assert_eq!(kind.map(|kind| kind.split([';', ':']).next().unwrap()), expected, "{bytes:?}");
        };
        check(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", Some("a PDF document"));
        check(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Some("a PNG image"));
        check(b"\xff\xd8\xff\xe0\0\x10JFIF", Some("a JPEG image"));
        check(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", Some("an old Office document"));
        check(b"\x7fELF\x02\x01\x01\0", Some("a program"));
        check(b"{\\rtf1\\ansi Attention}", Some("a rich text document"));
        check(b"A\0t\0t\0e\0n\0t\0i\0o\0n\0", Some("UTF-16 text without a byte order mark"));
        check(b"a listing with NUL\0 in it\n", Some("binary data"));
        check(b"Attention Is All You Need\n", None);
        check("\u{feff}Être, ça\n".as_bytes(), None);
        check(b"", None);
    }
}
