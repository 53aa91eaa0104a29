//! Which words near a link are the paper's title: the link's own text, or what stands before it in the same item.
//!
//! Knows the link syntax of Markdown, HTML, LaTeX, Typst, Org and reStructuredText, and which words never are a title
//! ("Paper", "ICML 2023", "19 Jul 2022"). Knows single lines only.

use super::{dates, links};
use crate::model::date::month_from_english;
use std::ops::Range;

/// A link with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Anchor {
    /// Where its text stands.
    pub(super) text: Range<usize>,
    /// Where the whole of it stands, markup included.
    pub(super) whole: Range<usize>,
    /// It stands in brackets of its own, as tags do: `[[ICML 2023](…)]`.
    pub(super) bracketed: bool,
}

/// Texts of links are looked for no further than this.
const FAR: usize = 1000;

impl Anchor {
    /// The link to which an address belongs.
    pub(super) fn of(text: &str, url: &Range<usize>) -> Option<Self> {
        let before = &text[..url.start];
        let behind = &text[url.end..];
        if before.ends_with("](") || before.ends_with("](<") {
            return Self::markdown(text, url);
        }
        let pair = |open: &str, from: &str, to: char| {
            let near = before.ends_with(open).then(|| links::bounded(behind, 200))?;
            let start = near.find(from)? + from.len();
            let length = links::bounded(&behind[start..], FAR).find(to)?;
            let text_start = url.end + start;
            let open_at = before.rfind(['\\', '#', '[', '<']).unwrap_or(url.start);
            Some(Self {
                text: text_start..text_start + length,
                whole: open_at..text_start + length + 1,
                bracketed: false,
            })
        };
        pair("href=\"", ">", '<')
            .or_else(|| pair("href='", ">", '<'))
            .or_else(|| pair("\\href{", "}{", '}'))
            .or_else(|| pair("link(\"", ")[", ']'))
            .or_else(|| pair("[[", "][", ']'))
    }

    /// `[text](address)`
    fn markdown(text: &str, url: &Range<usize>) -> Option<Self> {
        let close = url.start - if text[..url.start].ends_with('<') { 3 } else { 2 };
        let low = close.saturating_sub(FAR);
        let mut depth = 0_usize;
        let open = text.as_bytes()[low..close].iter().rposition(|byte| match byte {
            b']' => {
                depth += 1;
                false
            }
            b'[' if depth > 0 => {
                depth -= 1;
                false
            }
            b'[' => true,
            _ => false,
        })? + low;
        let end = url.end + links::bounded(&text[url.end..], 300).find(')').map_or(0, |at| at + 1);
        let bracketed =
            text[..open].ends_with('[') || (text[open + 1..close].starts_with('[') && text[..close].ends_with(']'));
        Some(Self { text: open + 1..close, whole: open..end, bracketed })
    }
}

/// The title that a link's own text is.
pub(super) fn of_anchor(text: &str, anchor: &Anchor) -> Option<Range<usize>> {
    let trimmed = trim(text, anchor.text.clone());
    let inner = &text[trimmed.clone()];
    (!anchor.bracketed && !inner.starts_with('!') && is_title(inner)).then_some(trimmed)
}

/// The title that stands before a link: in the words since the paper before it, or in another cell of the table's row.
pub(super) fn nearby(text: &str, from: usize, link: &Range<usize>, listed: bool) -> Option<Range<usize>> {
    let floor = (from.max(link.start.saturating_sub(FAR))..=link.start).find(|at| text.is_char_boundary(*at))?;
    let before = floor.min(link.start)..link.start;
    if let Some(quoted) = quoted(text, before.clone()) {
        return Some(quoted);
    }
    if let Some(strong) = between(text, before.clone(), "**", "**").filter(|range| is_title(&text[range.clone()])) {
        return Some(strong);
    }
    if text.starts_with('|') {
        let cells = text[before.clone()].split('|').filter(|cell| !cell.contains("](") && is_title(cell.trim()));
        let cell = cells.max_by_key(|cell| cell.len())?;
        let start = super::lines::offset_in(text, cell);
        return Some(trim(text, start..start + cell.len()));
    }
    let words = until_markup(text, before);
    let words = trim(text, words);
    let words = first_sentence(text, words);
    let candidate = &text[words.clone()];
    let stands =
        if listed { !speaks(candidate) } else { !speaks(candidate) && candidate.split_whitespace().count() >= 3 };
    if stands && is_title(candidate) {
        return Some(words);
    }
    if text[..link.start].contains(char::is_alphanumeric) { None } else { behind(text, link.end) }
}

/// `arXiv:1706.03762: Attention Is All You Need`
fn behind(text: &str, from: usize) -> Option<Range<usize>> {
    let mut words = until_markup(text, from..from + links::bounded(&text[from..], FAR).len());
    // Classes in brackets stand between.
    if let Some(rest) = text[words.clone()].trim_start().strip_prefix('[') {
        let end = rest.find(']')? + 1;
        let start = super::lines::offset_in(text, rest) + end;
        words = until_markup(text, start..start + links::bounded(&text[start..], FAR).len());
    }
    let words = trim(text, words);
    let candidate = text[words.clone()].trim_end_matches('.');
    let stands = is_title(candidate)
        && !opens_speaking(candidate)
        && candidate.starts_with(|c: char| !c.is_lowercase())
        && !super::cut::has_inner_sentence_end(candidate);
    stands.then(|| words.start..words.start + candidate.len())
}

/// Quoted words, the last before the link.
fn quoted(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    // Emphasis may mean anything; two words in quotes are a title already.
    const MARKS: [(&str, &str, usize); 10] = [
        ("“", "”", 2),
        ("\"", "\"", 2),
        ("``", "''", 2),
        ("«", "»", 2),
        ("\\emph{", "}", 3),
        ("\\textit{", "}", 3),
        ("\\textbf{", "}", 3),
        ("{\\em ", "}", 3),
        ("_", "_", 3),
        ("*", "*", 3),
    ];
    let found =
        MARKS.iter().filter_map(|(open, close, words)| Some((between(text, range.clone(), open, close)?, words)));
    found
        .filter(|(found, words)| {
            let inner = &text[found.clone()];
            is_title(inner) && inner.split_whitespace().count() >= **words && !super::people::strip_others(inner).1
        })
        .map(|(found, _)| found)
        .max_by_key(|found| found.end)
}

/// What stands between the last pair of marks in a range.
fn between(text: &str, range: Range<usize>, open: &str, close: &str) -> Option<Range<usize>> {
    let piece = &text[range.clone()];
    let end = piece.rfind(close)?;
    let start = piece[..end].rfind(open)? + open.len();
    let inner = trim(text, range.start + start..range.start + end);
    (!inner.is_empty() && !text[inner.clone()].contains("](")).then_some(inner)
}

/// The words before the first link, badge, tag or bracket.
fn until_markup(text: &str, range: Range<usize>) -> Range<usize> {
    let piece = &text[range.clone()];
    // Skip links before the words: "[code](…) Title [paper](…)".
    let from = piece
        .rfind("](")
        .and_then(|at| piece[at..].find(')').map(|end| at + end + 1))
        .filter(|at| piece[*at..].chars().filter(|c| c.is_alphabetic()).count() > 12);
    let start = from.unwrap_or(0);
    let rest = &piece[start..];
    let end = rest.char_indices().find(|(at, c)| match c {
        '[' | '<' | '`' => *at > 0 && rest[..*at].contains(char::is_alphabetic),
        '(' => {
            rest[*at + 1..].starts_with(|c: char| c.is_ascii_digit())
                || rest[*at..].starts_with("(arXiv")
                || rest[*at..].starts_with("(http")
        }
        _ => false,
    });
    range.start + start..range.start + end.map_or(piece.len(), |(at, _)| start + at)
}

/// `Title. Authors, Venue` keeps the title.
fn first_sentence(text: &str, range: Range<usize>) -> Range<usize> {
    let piece = &text[range.clone()];
    let end = piece
        .match_indices(". ")
        .map(|(at, _)| at)
        .find(|at| piece[..*at].split_whitespace().next_back().is_some_and(|word| word.len() > 2));
    match end {
        Some(end) if piece[..end].split_whitespace().count() >= 2 => range.start..range.start + end,
        _ => range,
    }
}

/// Takes marks and blanks off both ends.
fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let piece = &text[range.clone()];
    let head =
        piece.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | '$' | '“' | '"' | '\\' | '!'));
    let start = range.start + piece.len() - head.len();
    let tail = head.trim_end_matches(|c: char| {
        c.is_whitespace()
            || matches!(c, '*' | '_' | '`' | ':' | '-' | '–' | '—' | ',' | '(' | '[' | '|' | ';' | '/' | '~' | '{')
    });
    start..start + tail.len()
}

/// A title with its authors on one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WithAuthors<'t> {
    pub(super) title: &'t str,
    pub(super) authors: &'t str,
    pub(super) year: Option<i32>,
}

/// Parts `Title (Ann Lee, Bo Li)`, `Title (Lee et al., 2017)`, `Title, Lee et al., 2017` and `“Title” by Ann Lee`.
pub(super) fn with_authors(text: &str) -> Option<WithAuthors<'_>> {
    let (head, year) = strip_year(text);
    let bracketed = || {
        let inner = head.strip_suffix(')').or_else(|| head.contains('(').then_some(head))?;
        let at = inner.rfind(" (")?;
        Some((&inner[..at], &inner[at + 2..]))
    };
    let listed = || {
        let stem = head.strip_suffix("et al.").or_else(|| head.strip_suffix("et al"))?.trim_end();
        let at = stem.rfind([',', '–', '—', '|'])?;
        Some((&stem[..at], head[at..].trim_start_matches([',', '–', '—', '|', ' '])))
    };
    let quoted = || {
        let at = head.rfind("” by ").map(|at| at + '”'.len_utf8()).or_else(|| head.rfind("\" by ").map(|at| at + 1))?;
        Some((&head[..at], &head[at + " by ".len()..]))
    };
    let (title, authors) = bracketed().or_else(listed).or_else(quoted)?;
    let (title, authors) = (title.trim(), authors.trim().trim_end_matches(')'));
    let (name, others) = super::people::strip_others(authors);
    let one = others && name.len() < 40 && name.starts_with(char::is_uppercase) && name.split_whitespace().count() <= 3;
    let surnames = name
        .split([',', '&'])
        .all(|part| part.split_whitespace().count() == 1 && part.trim().starts_with(char::is_uppercase));
    // "(GD 2016)" is an event.
    let surnames = surnames && name.contains(char::is_lowercase);
    let people = one
        || super::people::looks_like_list(authors)
        || (year.is_some() && surnames)
        || (head.contains("” by ") && super::people::is_name(name));
    (people && !title.is_empty() && title.chars().count() <= 250).then_some(WithAuthors { title, authors, year })
}

/// Takes `, 2017`, `; 2017)` or ` 2017` off the end.
fn strip_year(text: &str) -> (&str, Option<i32>) {
    let stem = text.trim_end_matches([')', '.', ' ']);
    let Some(at) = stem.len().checked_sub(4).filter(|at| stem.is_char_boundary(*at)) else { return (text, None) };
    match dates::year_number(&stem[at..]).filter(|_| stem[..at].ends_with([' ', ',', ';', '('])) {
        Some(year) => (stem[..at].trim_end_matches([' ', ',', ';', '(']), Some(year)),
        None => (text, None),
    }
}

/// Whether words read as a title: at least two of them, and not only words that pages put on links.
pub(super) fn is_title(text: &str) -> bool {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, '/' | '_' | '*'))
        .filter(|word| word.contains(char::is_alphanumeric))
        .collect();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let empty = words.iter().filter(|word| is_empty_word(word)).count();
    let is_dated_venue = words.len() <= 3
        && empty > 0
        && text.chars().any(|c| c.is_ascii_digit())
        && words.len() - empty <= 1
        && words.iter().any(|word| is_date_word(word));
    words.len() >= 2
        && letters >= 6
        && text.len() <= 500
        && empty < words.len()
        && !is_dated_venue
        && !text.contains("://")
        && !super::people::looks_like_list(text)
}

/// Words that stand on links and say nothing of the paper.
pub(super) fn is_empty_word(word: &str) -> bool {
    const WORDS: [&str; 58] = [
        "paper",
        "papers",
        "pdf",
        "arxiv",
        "link",
        "links",
        "code",
        "github",
        "repo",
        "website",
        "project",
        "page",
        "blog",
        "post",
        "html",
        "abs",
        "doi",
        "here",
        "this",
        "the",
        "official",
        "openreview",
        "slides",
        "video",
        "demo",
        "model",
        "dataset",
        "data",
        "bibtex",
        "full",
        "text",
        "preprint",
        "poster",
        "talk",
        "homepage",
        "hf",
        "huggingface",
        "hugging",
        "face",
        "twitter",
        "oral",
        "spotlight",
        "workshop",
        "v1",
        "v2",
        "v3",
        "supp",
        "supplementary",
        "to",
        "appear",
        "conference",
        "journal",
        "download",
        "read",
        "more",
        "of",
        "at",
        "in",
    ];
    let core = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    WORDS.contains(&core.as_str()) || is_date_word(word)
}

fn is_date_word(word: &str) -> bool {
    let core = word.trim_matches(|c: char| !c.is_alphanumeric());
    let digits = core.trim_matches(|c: char| !c.is_ascii_digit());
    let year = core.len() >= 4 && core.is_ascii() && dates::year_number(&core[core.len() - 4..]).is_some();
    let apostrophe_year = core.len() >= 4 && core.contains(['\'', '’']) && digits.len() == 2;
    year || apostrophe_year
        || core.bytes().all(|b| b.is_ascii_digit())
        || (month_from_english(core).is_some() && core.starts_with(char::is_uppercase))
}

/// Whether words are somebody speaking and no title: as they begin, or as they lead to the link behind them.
fn speaks(text: &str) -> bool {
    const LAST: [&str; 23] = [
        "doi", "has", "have", "at", "in", "on", "from", "see", "by", "is", "and", "or", "of", "the", "with", "as",
        "paper", "to", "than", "for", "like", "e.g", "arxiv",
    ];
    let last = text.split_whitespace().next_back().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    opens_speaking(text) || last.is_some_and(|word| LAST.contains(&word.to_lowercase().as_str()))
}

/// Whether words begin as somebody speaking does.
pub(super) fn opens_speaking(text: &str) -> bool {
    const SPEAKING: [&str; 30] = [
        "i", "you", "your", "my", "please", "see", "here", "check", "cf", "have", "read", "look", "thanks", "hi",
        "hello", "dear", "our", "also", "there", "http", "https", "me", "us", "he", "she", "they", "it's", "i'm",
        "let's", "via",
    ];
    let words: Vec<String> =
        text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()).collect();
    let first_is_low = text.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase);
    first_is_low && words.len() > 12 || words.iter().take(2).any(|word| SPEAKING.contains(&word.as_str()))
}

/// A title's words without markup: emphasis, code marks, entities.
pub(super) fn plain(text: &str) -> String {
    let text = without_tags(text).replace("**", "").replace("&amp;", "&").replace("\\_", "_").replace("\\&", "&");
    let text = text.replace(['`', '\u{fe0f}'], "");
    text.trim_matches(['*', '_', ' ', '[']).to_owned()
}

/// A text without HTML tags.
pub(super) fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let is_tag = rest[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        let end = links::bounded(&rest[at..], FAR).find('>').filter(|_| is_tag);
        let Some(end) = end else {
            out.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
            continue;
        };
        out.push_str(&rest[..at]);
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(line: &str, listed: bool) -> Option<String> {
        let mention = links::find(line).into_iter().find(|mention| mention.target.is_paper())?;
        let anchor = Anchor::of(line, &mention.range);
        let whole = anchor.as_ref().map_or(mention.range.clone(), |anchor| anchor.whole.clone());
        let own = anchor.as_ref().and_then(|anchor| of_anchor(line, anchor));
        own.or_else(|| nearby(line, 0, &whole, listed)).map(|range| plain(&line[range]))
    }

    #[test]
    fn the_words_of_a_link_or_before_it() {
        let check = |line: &str, expected: Option<&str>| assert_eq!(title(line, true).as_deref(), expected, "{line}");
        check("[Attention Is All You Need](https://arxiv.org/abs/1706.03762)", Some("Attention Is All You Need"));
        check("**[Attention Is All You Need](https://arxiv.org/abs/1706.03762)**", Some("Attention Is All You Need"));
        check(
            "MoMa: Efficient Early-Fusion [Jul 2024] [Paper](https://arxiv.org/abs/2407.21770)",
            Some("MoMa: Efficient Early-Fusion"),
        );
        check(
            "OpenMoE: An Early Effort [Aug 2023](https://arxiv.org/abs/2402.01739)",
            Some("OpenMoE: An Early Effort"),
        );
        check(
            "Merging Experts into One [[EMNLP 2023](https://arxiv.org/abs/2310.09832)]",
            Some("Merging Experts into One"),
        );
        check(
            "MoEC: Mixture of Expert Clusters [[19 Jul 2022]](https://arxiv.org/abs/2207.09094)",
            Some("MoEC: Mixture of Expert Clusters"),
        );
        check(
            "| 2017 | Transformers | [Attention Is All You Need](https://arxiv.org/pdf/1706.03762.pdf) |",
            Some("Attention Is All You Need"),
        );
        check(
            "| Attention Is All You Need | 2017 | [pdf](https://arxiv.org/pdf/1706.03762.pdf) |",
            Some("Attention Is All You Need"),
        );
        check(
            "Attention Is All You Need. *Vaswani et al.* NIPS 2017. [[Paper](https://arxiv.org/abs/1706.03762)]",
            Some("Attention Is All You Need"),
        );
        check("[T5](https://arxiv.org/abs/1910.10683)", None);
        check(
            "<a href=\"https://arxiv.org/abs/1706.03762\">Attention Is All You Need</a>",
            Some("Attention Is All You Need"),
        );
        check("\\href{https://arxiv.org/abs/1706.03762}{Attention Is All You Need}", Some("Attention Is All You Need"));
        check(
            "#link(\"https://arxiv.org/abs/1706.03762\")[Attention Is All You Need]",
            Some("Attention Is All You Need"),
        );
        check(
            "A Book for Everyone based on [*A Survey of Large Language Models*](https://arxiv.org/abs/2303.18223).",
            Some("A Survey of Large Language Models"),
        );
        check("Attention Is All You Need: https://arxiv.org/abs/1706.03762", Some("Attention Is All You Need"));
    }

    #[test]
    fn somebody_speaking_is_no_title() {
        let check = |line: &str, expected: Option<&str>| assert_eq!(title(line, false).as_deref(), expected, "{line}");
        check("Have you seen the paper at https://arxiv.org/abs/1706.03762?", None);
        check("I liked \"Attention Is All You Need\" (arXiv:1706.03762) a lot", Some("Attention Is All You Need"));
        check("As shown in arXiv:1706.03762", None);
        check("Attention Is All You Need https://arxiv.org/abs/1706.03762", Some("Attention Is All You Need"));
    }
}
