//! The number of entries that a page declares: `21 papers on arXiv`, `Showing 1–50 of 1,234 results`, `Total of 57 entries`.
//!
//! Knows single lines only. A number is read only where it can be meant for the page at hand.

/// What a line declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    /// So many entries stand on this page.
    Page(u64),
    /// So many stand in this section of the page.
    Section(u64),
    /// A heading that counts, but not what stands on this page.
    Other,
}

const NOUNS: [&str; 22] = [
    "papers",
    "paper",
    "results",
    "result",
    "entries",
    "entry",
    "publications",
    "publication",
    "articles",
    "article",
    "records",
    "record",
    "documents",
    "document",
    "preprints",
    "preprint",
    "items",
    "works",
    "references",
    "hits",
    "eprints",
    "e-prints",
];
const OPENINGS: [&str; 10] =
    ["showing", "displaying", "total", "found", "about", "results", "there are", "page 1", "viewing", "top"];
const FOLLOWERS: [&str; 19] = [
    "on",
    "found",
    "total",
    "in",
    "for",
    "match",
    "matching",
    "by",
    "listed",
    "shown",
    "returned",
    "from",
    "since",
    "of",
    "available",
    "sorted",
    "per",
    "at",
    "published",
];

/// Reads a header with a count.
pub(super) fn read(line: &str) -> Option<Count> {
    if line.len() > 160 || !line.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let lower = line.to_lowercase();
    let inner = lower.trim_matches(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | '(' | ')' | '#' | '*' | '_'));
    // A day's heading: "Fri, 3 Mar 2023 (showing first 50 of 57 entries )".
    if let Some(at) = lower.find("(showing").or_else(|| lower.find("(continued, showing")) {
        let of_section = at > 0;
        let count = number_of(lower[at + 1..].trim_end_matches([')', ' ', '.']))?;
        return Some(if of_section { Count::Section(count) } else { Count::Page(count) });
    }
    // A search engine's estimate counts everything that it has, not this page.
    if inner.contains("entries per page") || inner.starts_with("about ") {
        return NOUNS.iter().any(|noun| inner.contains(noun)).then_some(Count::Other);
    }
    // "Reading list, 5 papers"
    if let Some((_, tail)) = inner
        .rsplit_once([',', ':', '(', '–', '|', '•', '·'])
        .filter(|(head, _)| !head.contains(|c: char| c.is_ascii_digit()))
    {
        let words: Vec<&str> = tail.split_whitespace().collect();
        if let [count, noun] = words.as_slice()
            && let (Some(count), true) = (number(count), NOUNS.contains(noun))
        {
            return Some(Count::Page(count));
        }
    }
    let starts_well =
        inner.starts_with(|c: char| c.is_ascii_digit()) || OPENINGS.iter().any(|word| inner.starts_with(word));
    if !starts_well {
        return None;
    }
    // "Total of 57 entries : 1-50 51-57" does not say which of the pages this is.
    if inner.starts_with("total of") && inner.contains(':') {
        let pages =
            inner.rsplit(':').next().unwrap_or_default().split_whitespace().filter(|word| word.contains('-')).count();
        if pages > 1 {
            return Some(Count::Other);
        }
    }
    number_of(inner).map(Count::Page)
}

/// The number that is meant: of `1–50 of 1,234 results` it is 50.
fn number_of(text: &str) -> Option<u64> {
    let spaced: String = text
        .chars()
        .map(|c| match c {
            '–' | '—' | '-' | '‐' | '‑' => '-',
            ':' | '(' | ')' | '|' => ' ',
            c => c,
        })
        .collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let is_noun = |word: &&str| NOUNS.contains(&word.trim_end_matches(['.', ',', ';']));
    (0..words.len()).filter(|at| is_noun(&words[*at])).find_map(|noun| counted(&words, noun))
}

/// The number of what a noun names.
fn counted(words: &[&str], noun: usize) -> Option<u64> {
    let follows_well =
        words.get(noun + 1).is_none_or(|word| FOLLOWERS.contains(word) || number(word).is_some() || word.contains('-'));
    if !follows_well || words.len() > 16 {
        return None;
    }
    let numbers: Vec<(usize, u64)> = words[..noun]
        .iter()
        .enumerate()
        .filter_map(|(at, word)| Some((at, range_length(word).or_else(|| number(word))?)))
        .collect();
    // "1 - 50 of 1,234": a range with blanks.
    if let [(a, first), (b, last), ..] = numbers.as_slice()
        && words[a + 1..*b].iter().any(|word| matches!(*word, "-" | "to" | "through"))
    {
        return last.checked_sub(*first).map(|length| length + 1);
    }
    let (at, count) = *numbers.first()?;
    // The number stands next to what it counts, to "of", or behind an opening word.
    let next = words.get(at + 1).copied().unwrap_or_default();
    let beside = at + 1 == noun || at + 2 >= noun && numbers.len() == 1 || next == "of" || next == "out";
    (beside && count < 10_000_000).then_some(count)
}

/// The length of a range written as one word: `1-50`.
fn range_length(word: &str) -> Option<u64> {
    let (first, last) = word.split_once('-')?;
    number(last)?.checked_sub(number(first)?).map(|length| length + 1)
}

fn number(word: &str) -> Option<u64> {
    let word = word.trim_end_matches([',', '.', '+', ';']);
    let digits: String = word.chars().filter(|c| !matches!(c, ',' | '.' | '\u{a0}' | '\'')).collect();
    // "2.5 papers" counts nothing; "1,234" and "1.234" group in threes.
    let grouped = word.split([',', '.', '\'']).skip(1).all(|group| group.len() == 3);
    if grouped && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_with_a_count() {
        let check = |input: &str, expected: Option<Count>| assert_eq!(read(input), expected, "{input}");
        check("21 papers on arXiv", Some(Count::Page(21)));
        check("15 papers", Some(Count::Page(15)));
        check("Reading list, 5 papers", Some(Count::Page(5)));
        check("Publications (57 papers)", Some(Count::Page(57)));
        check("Showing 1–50 of 1,234 results", Some(Count::Page(50)));
        check("Showing 51-57 of 57 results for author: Dean", Some(Count::Page(7)));
        check("Showing 1 to 25 of 117 entries", Some(Count::Page(25)));
        check("Total of 57 entries", Some(Count::Page(57)));
        check("[ total of 57 entries ]", Some(Count::Page(57)));
        check("Total of 57 entries : 1-50 51-57", Some(Count::Other));
        check("Total of 57 entries : 1-57", Some(Count::Page(57)));
        check("[ showing up to 50 entries per page: fewer | more | all ]", Some(Count::Other));
        check("Fri, 3 Mar 2023 (showing first 50 of 57 entries )", Some(Count::Section(50)));
        check("New submissions (showing 53 of 53 entries)", Some(Count::Section(53)));
        check("(showing 5 of 5 entries)", Some(Count::Page(5)));
        check("About 1,230,000 results (0.05 sec)", Some(Count::Other));
        check("1–10 of 22 results", Some(Count::Page(10)));
        check("Results 1-20 of about 300 papers", Some(Count::Page(20)));
        check("12 pages, 3 figures", None);
        check("2 papers accepted at ICML", None);
        check("3 Papers That Changed Machine Learning", None);
        check("101 results in graph theory nobody uses", Some(Count::Page(101)));
        check("A Review of 57 entries", None);
        check("no number", None);
    }
}
