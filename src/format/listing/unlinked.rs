//! Lines of a running text that name a paper without link or identifier: references behind bullets and in quotes, titles
//! as items, in quotation marks and in the rows of tables.
//!
//! Only what has the shape of a title is taken for one; what may be one is said, sentences are passed by. Knows single lines.

use super::lines::{Line, Mark};
use super::{cut, dates, people, reference, tags, titles};

/// What a line without link and identifier is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unlinked<'t> {
    /// A title, perhaps with its authors and its year.
    Title { title: &'t str, authors: Option<&'t str>, year: Option<i32> },
    /// It may be a title.
    Doubtful,
    /// It is none.
    Passing,
}

/// Judges a line; `listed`: it is an item or quoted from a mail.
pub(super) fn judge<'t>(line: &'t Line<'_>, listed: bool) -> Unlinked<'t> {
    let text = &*line.text;
    if text.starts_with('|') {
        return row(text);
    }
    if let Some(title) = in_quotation_marks(text).filter(|title| has_words(title, 3)) {
        return Unlinked::Title { title, authors: None, year: None };
    }
    let item = text.strip_prefix("\\item ").map(str::trim_start);
    let listed = listed || item.is_some();
    let text = tags::without_labels(item.unwrap_or(text));
    if is_structure(text) {
        return Unlinked::Passing;
    }
    if listed && let Some(parts) = titles::with_authors(text).filter(|parts| has_words(parts.title, 2)) {
        return Unlinked::Title { title: parts.title, authors: Some(parts.authors), year: parts.year };
    }
    let bare = tags::split_venue(text).map_or(text, |(title, _)| title);
    match (listed, is_headline(bare)) {
        (true, true) => Unlinked::Title { title: text, authors: None, year: None },
        (false, true) if has_words(bare, 4) => Unlinked::Doubtful,
        (true, false) if may_be_title(bare) => Unlinked::Doubtful,
        (true | false, _) => Unlinked::Passing,
    }
}

/// Whether a text without number is a reference beyond doubt: it opens with several names, or with initials, and is dated.
pub(super) fn is_reference(text: &str, listed: bool) -> bool {
    let has_markup = text.contains("](") || text.contains('<') || text.starts_with(['\\', '#', '|']);
    if has_markup || !reference::looks_like_one(text, false) {
        return false;
    }
    reference::parse(text).is_some_and(|found| {
        let initials =
            found.authors.split([' ', ',', '&']).any(|word| word.ends_with('.') && people::is_initials(word));
        let names = found.names.as_ref().map_or(0, |list| list.names.len() + usize::from(list.others));
        !found.title.is_empty() && names > 0 && (initials || listed && names >= 2)
    })
}

/// A row of a table: the longest cell that is a title, with the cells of authors and year.
fn row(text: &str) -> Unlinked<'_> {
    let cells = || text.split('|').map(str::trim).filter(|cell| !cell.is_empty());
    let title = cells().filter(|cell| is_headline(unstyled(cell))).max_by_key(|cell| cell.len());
    match title {
        Some(title) => Unlinked::Title {
            title,
            authors: cells().find(|cell| *cell != title && people::looks_like_list(cell)),
            year: cells().find_map(dates::year_number),
        },
        None if cells().any(may_be_title) => Unlinked::Doubtful,
        None => Unlinked::Passing,
    }
}

/// `“Attention Is All You Need”`, whole.
fn in_quotation_marks(text: &str) -> Option<&str> {
    let text = unstyled(text).trim_end_matches([',', '.', ';']);
    [('“', '”'), ('"', '"'), ('«', '»')].iter().find_map(|(open, close)| {
        let inner = text.strip_prefix(*open)?.strip_suffix(*close)?;
        (!inner.contains([*open, *close]) && titles::is_title(inner)).then_some(inner)
    })
}

/// Whether a text is set as titles are: most of its longer words with a capital, and no sentence.
fn is_headline(text: &str) -> bool {
    let text = unstyled(text);
    // Articles and prepositions have no capital in any style.
    let counted: Vec<&str> =
        words(text).filter(|word| word.chars().count() > 3 || word.starts_with(char::is_uppercase)).collect();
    let capitals = counted.iter().filter(|word| word.contains(char::is_uppercase)).count();
    may_be_title(text)
        && capitals >= 3
        && capitals * 4 >= counted.len() * 3
        && !text.contains(['=', '`', '{', '@', '→'])
}

/// Whether a text could be a title: several words that begin with a capital or a digit, no sentence, nobody speaking.
fn may_be_title(text: &str) -> bool {
    let text = unstyled(text);
    let is_sentence = !text.ends_with(['?', '!']) && cut::ends_sentence(text) || cut::has_inner_sentence_end(text);
    has_words(text, 4)
        && text.chars().count() <= 200
        && titles::is_title(text)
        && !is_sentence
        && !titles::opens_speaking(text)
        && text.starts_with(|c: char| !c.is_lowercase() && (c.is_alphanumeric() || c == '$'))
}

/// Headings, images, quotations of code, commands.
fn is_structure(text: &str) -> bool {
    text.starts_with(['#', '\\', '!', '<', '=', '`', '%', '@', '{', '}']) || text.starts_with("[!")
}

fn unstyled(text: &str) -> &str {
    text.trim().trim_matches(['*', '_']).trim()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '-', '/']).filter(|word| word.contains(char::is_alphanumeric))
}

fn has_words(text: &str, least: usize) -> bool {
    words(text).nth(least - 1).is_some()
}

/// Whether a line is an item: behind a bullet or a number, or quoted from a mail.
pub(super) fn is_listed(line: &Line<'_>, before: &str) -> bool {
    matches!(line.mark, Some(Mark::Bullet | Mark::Number(_))) || before.contains('>')
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    fn title(text: &str) -> String {
        let physical = lines::physical(text);
        match judge(&physical[0], is_listed(&physical[0], "")) {
            Unlinked::Title { title, .. } => title.to_owned(),
            Unlinked::Doubtful => "?".to_owned(),
            Unlinked::Passing => "-".to_owned(),
        }
    }

    #[test]
    fn titles_are_told_from_sentences() {
        for (text, expected) in [
            ("- Attention Is All You Need", "Attention Is All You Need"),
            ("- Deep residual learning for image recognition", "?"),
            ("\"A review of sparse expert models\"", "A review of sparse expert models"),
            ("| Deep Residual Learning for Image Recognition | 2016 |", "Deep Residual Learning for Image Recognition"),
            ("| Paper | Year |", "-"),
            ("- Run the tests before you push.", "-"),
            ("- fixed the crash with empty input", "-"),
            ("We will discuss these papers on Monday in room 5.", "-"),
            ("## Large Language Models for All", "-"),
            ("- Python 3.8", "-"),
        ] {
            assert_eq!(title(text), expected, "{text}");
        }
    }
}
