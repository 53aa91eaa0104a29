//! Folding of text for comparison. (Stub of the interface; being written.)

/// The text in lower-case ASCII letters and digits only: accents, TeX commands, mathematics marks, punctuation and white
/// space are gone, so that renderings of one text fold to the same string.
pub fn fold(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}
