//! The words of a title as keys use them: which count, and where one ends.
//!
//! Observed on Google Scholar's keys: function words at the head are skipped, and a word ends at a hyphen or an apostrophe
//! (`zoph2022st` for "ST-MoE: …", `lightman2023let` for "Let's Verify …").

use std::borrow::Cow;

/// Words that say little about a title, sorted.
const FUNCTION_WORDS: [&str; 50] = [
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "did", "do", "does", "for", "from", "how", "i", "in",
    "into", "is", "it", "its", "nor", "of", "on", "or", "our", "that", "the", "their", "these", "this", "those",
    "through", "to", "under", "upon", "via", "was", "we", "were", "what", "when", "where", "which", "who", "whom",
    "whose", "why", "with", "within",
];

/// The words that count, each up to its hyphen or apostrophe, letters and digits only, in ASCII.
pub(super) fn significant_words(text: &str) -> Vec<String> {
    let significant: Vec<String> = first_parts(text).filter(|word| !is_function_word(word)).collect();
    // "To Be or Not to Be" must not end up without a word.
    if significant.is_empty() { first_parts(text).collect() } else { significant }
}

/// The first of [`significant_words`].
pub(super) fn first_significant_word(text: &str) -> Option<String> {
    first_parts(text).find(|word| !is_function_word(word)).or_else(|| first_parts(text).next())
}

/// Every word up to its hyphen or apostrophe.
fn first_parts(text: &str) -> impl Iterator<Item = String> {
    let parts = text.split_whitespace().map(|word| {
        let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
        word.split(is_word_break).next().unwrap_or(word)
    });
    parts.map(letters_and_digits).filter(|word| !word.is_empty())
}

/// All words, letters and digits only, in ASCII.
pub(super) fn plain_words(text: &str) -> Vec<String> {
    text.split_whitespace().map(letters_and_digits).filter(|word| !word.is_empty()).collect()
}

/// A word of a title as `[title]` prints it: function words stay small, unless they begin with a capital.
pub(super) fn capitalize_significant(word: &str) -> String {
    if is_function_word(word) && word.starts_with(|c: char| c.is_lowercase()) {
        return word.to_owned();
    }
    super::capitalize(word)
}

fn is_word_break(c: char) -> bool {
    !c.is_alphanumeric() && !matches!(c, '\u{300}'..='\u{36f}')
}

fn is_function_word(word: &str) -> bool {
    word.len() <= 7 && FUNCTION_WORDS.binary_search(&word.to_ascii_lowercase().as_str()).is_ok()
}

fn letters_and_digits(word: &str) -> String {
    fold_to_ascii(word).chars().filter(char::is_ascii_alphanumeric).collect()
}

/// The nearest ASCII spelling.
pub(super) fn fold_to_ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(deunicode::deunicode(text)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn function_words_are_sorted() {
        assert!(FUNCTION_WORDS.is_sorted());
    }

    #[test]
    fn words() {
        let check = |text: &str, expected: &[&str]| assert_eq!(significant_words(text), expected, "{text}");
        check("On the Go", &["Go"]);
        check("To be or to be", &["To", "be", "or", "to", "be"]);
        check("\u{201c}Why Should I Trust You?\u{201d}", &["Should", "Trust", "You"]);
        check("e\u{301}tude", &["etude"]);
        check("— 3D-Vision (draft)", &["3D", "draft"]);
    }
}
