//! What stands on a line beside its identifiers: the words that pages put there, or words of the paper.
//!
//! Knows single lines and the mentions found in them.

use super::lines;
use super::links::Mention;

/// Whether nothing stands beside the identifiers but the words that pages put there.
pub(super) fn is_only_ids(text: &str, mentions: &[Mention]) -> bool {
    const WORDS: [&str; 44] = [
        "pdf",
        "other",
        "html",
        "ps",
        "format",
        "abs",
        "cs",
        "link",
        "links",
        "url",
        "cite",
        "as",
        "or",
        "for",
        "this",
        "version",
        "identifier",
        "id",
        "via",
        "datacite",
        "arxiv",
        "doi",
        "logo",
        "math",
        "physics",
        "stat",
        "eess",
        "econ",
        "quant",
        "ph",
        "preprint",
        "eprint",
        "paper",
        "papers",
        "cross",
        "list",
        "from",
        "replaced",
        "experimental",
        "listing",
        "listed",
        "src",
        "full",
        "text",
    ];
    if !mentions.iter().any(|mention| mention.target.is_paper()) {
        return false;
    }
    words_beside(text, mentions)
        .split(|c: char| {
            c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | ',' | ';' | '>' | '<' | '|' | '/' | ':' | '-')
        })
        .filter(|word| word.contains(char::is_alphanumeric))
        .all(|word| lines::is_class(word) || WORDS.contains(&word.to_lowercase().as_str()))
}

/// Whether a line of identifiers says something else beside them: three words, two of them capitalised, that do not stand
/// in the title.
pub(super) fn has_words_of_its_own(line: &str, mentions: &[Mention], title: &str) -> bool {
    let rest = words_beside(line, mentions);
    let title = crate::fold::fold(title);
    let own = |word: &&str| {
        word.len() > 2 && word.chars().all(char::is_alphabetic) && !title.contains(&crate::fold::fold(word))
    };
    let words: Vec<&str> =
        rest.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | ',' | ':')).filter(own).collect();
    words.len() >= 3 && words.iter().filter(|word| word.starts_with(char::is_uppercase)).count() >= 2
}

/// A line's text without its identifiers and links.
fn words_beside(text: &str, mentions: &[Mention]) -> String {
    let mut rest = String::with_capacity(text.len());
    let mut from = 0;
    for mention in mentions {
        rest.push_str(text.get(from..mention.range.start).unwrap_or_default());
        rest.push(' ');
        from = from.max(mention.range.end);
    }
    rest.push_str(text.get(from..).unwrap_or_default());
    rest
}

/// Whether a line is one word that is an address of no paper or begins as an identifier and is none: `10.1145/`,
/// `arXiv:24`, `https://github.com/x/y`.
pub(super) fn names_no_paper(text: &str) -> bool {
    let word = text.trim_matches(['<', '>', '(', ')', '[', ']', ',', ';', '.']);
    let lower = word.to_ascii_lowercase();
    let address = ["http://", "https://", "www."].iter().any(|head| lower.starts_with(head));
    let doi = lower.strip_prefix("doi:").unwrap_or(&lower).strip_prefix("10.").is_some_and(|rest| {
        rest.split('/')
            .next()
            .is_some_and(|registrant| registrant.len() >= 4 && registrant.bytes().all(|byte| byte.is_ascii_digit()))
    });
    let arxiv = lower.strip_prefix("arxiv:").is_some_and(|rest| rest.bytes().any(|byte| byte.is_ascii_digit()));
    !word.contains(char::is_whitespace) && (address || doi || arxiv)
}

/// Whether a line is an address of no paper with at most two words beside it.
pub(super) fn is_only_address(text: &str, mentions: &[Mention]) -> bool {
    let words = words_beside(text, mentions);
    let words = words.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count();
    words <= 2 && !mentions.iter().any(|mention| mention.target.is_paper())
}
