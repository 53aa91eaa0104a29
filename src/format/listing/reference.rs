//! Formatted references: `[12] J. Dean et al. Large scale distributed deep networks. NIPS 2012.` in the shapes of the common
//! styles: quoted title, year in brackets behind the authors, or sentences for authors, title and the rest.
//!
//! Only what can be told apart with confidence is; the title is what the catalog is asked for. Knows single texts only.

use super::leading::{self, Leading};
use super::{dates, links, people};

/// A reference in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference<'t> {
    pub(super) authors: &'t str,
    /// The names, where the list could be read to its end.
    pub(super) names: Option<Leading>,
    /// Empty in styles that print none.
    pub(super) title: &'t str,
    /// What stands behind the title: venue, pages, identifiers, year.
    pub(super) rest: &'t str,
    pub(super) year: Option<i32>,
}

const LONGEST: usize = 3000;

/// Whether a line is a reference. One without number must show a year, an identifier or a quoted title.
pub(super) fn looks_like_one(text: &str, numbered: bool) -> bool {
    if text.len() < 25 || text.len() > LONGEST {
        return false;
    }
    parse(text).is_some_and(|reference| {
        let dated = reference.year.is_some() || !links::find(reference.rest).is_empty();
        dated || (numbered && !reference.rest.trim().is_empty())
    })
}

/// Takes a reference apart.
pub(super) fn parse(text: &str) -> Option<Reference<'_>> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    let led = leading::read(text).and_then(|names| behind_names(text, names));
    let found = led
        .or_else(|| quoted(text))
        .or_else(|| quoted_first(text))
        .or_else(|| bracketed_year(text))
        .or_else(|| sentences(text))?;
    let title = found.title.trim().trim_end_matches(['.', ',', ' ']);
    let sound = title.split_whitespace().nth(1).is_some() && title.chars().count() <= 300;
    let untitled = title.is_empty() && found.names.is_some();
    (sound || untitled).then_some(Reference { title, ..found })
}

/// What follows the names: a year perhaps, then the title in quotes, to a stop, or to the comma before the journal.
fn behind_names(text: &str, names: Leading) -> Option<Reference<'_>> {
    let authors = &text[..names.end];
    let behind = &text[names.end..];
    let by_comma = behind.starts_with(',');
    let body = behind.trim_start_matches(['.', ',', ':', ';', ' ']);
    let (year, body) = leading_year(body).map_or((None, body), |(year, body)| (Some(year), body));
    if journal(body).is_some() {
        let year = year.or_else(|| year_of(body));
        return year.map(|year| Reference { authors, names: Some(names), title: "", rest: body, year: Some(year) });
    }
    let quoted = [("“", "”"), ("\"", "\""), ("``", "''"), ("‘", "’"), ("«", "»")].iter().find_map(|(open, close)| {
        let inner = body.strip_prefix(open)?;
        let end = inner.find(close)?;
        Some((&inner[..end], &inner[end + close.len()..]))
    });
    let (title, rest) = match quoted {
        Some(parts) => parts,
        None => body.split_at(bare_title_end(body, by_comma, year.is_some())?),
    };
    let rest = rest.trim_start_matches(['.', ',', ' ']);
    let single = names.names.len() == 1 && !names.others && by_comma && quoted.is_none();
    let year = year.or_else(|| year_of(rest));
    let dated = year.is_some() || links::find(rest).iter().any(|mention| mention.target.is_paper());
    (!single || dated).then_some(Reference { authors, names: Some(names), title, rest, year })
}

/// Where a title without quotes ends: at a stop, or at the comma before the venue where commas part everything.
fn bare_title_end(body: &str, by_comma: bool, dated: bool) -> Option<usize> {
    let comma = if by_comma && !dated { comma_before_venue(body) } else { None };
    let end = [comma, title_end(body)].into_iter().flatten().min();
    end.or_else(|| (!by_comma).then_some(body.len()))
}

/// `(2012)`, `(2012a, May)`, `2012.`, `2012,` before a title.
fn leading_year(text: &str) -> Option<(i32, &str)> {
    let bracketed = text.strip_prefix(['(', '[']);
    let inside = bracketed.unwrap_or(text);
    let end = if bracketed.is_some() { inside.find([')', ']'])? } else { inside.find(['.', ','])? };
    let (inner, rest) = (&inside[..end], &inside[end + 1..]);
    let digits = inner.split(',').next()?.trim().trim_end_matches(|c: char| c.is_ascii_lowercase());
    Some((dates::year_number(digits)?, rest.trim_start_matches(['.', ',', ':', ' '])))
}

/// Where a title ends: at a stop, or at a question mark or exclamation mark before a venue.
fn title_end(text: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let end = from + sentence_end(&text[from..])?;
        let question = text[..end].ends_with(['?', '!']);
        let behind = text[end..].trim_start_matches(['.', ' ']);
        let next = title_end_of_sentence(behind);
        if !question
            || behind.is_empty()
            || starts_venue(behind)
            || next.is_none_or(|next| starts_or_holds_year(&behind[..next]))
        {
            return Some(end);
        }
        from = end;
    }
}

fn title_end_of_sentence(text: &str) -> Option<usize> {
    sentence_end(text).filter(|end| *end > 0)
}

fn starts_or_holds_year(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
}

/// The comma behind which the journal, the proceedings or the preprint is named.
fn comma_before_venue(text: &str) -> Option<usize> {
    text.match_indices(", ").map(|(at, _)| at).find(|at| {
        let behind = &text[at + 2..];
        *at >= 8
            && (starts_venue(behind)
                || journal(behind).is_some()
                || dates::year_number(behind.trim_end_matches(['.', ')'])).is_some())
    })
}

/// Words that open the part of a reference that says where the work appeared.
fn starts_venue(text: &str) -> bool {
    const HEADS: [&str; 27] = [
        "arXiv",
        "arxiv",
        "ArXiv",
        "CoRR",
        "in: ",
        "In: ",
        "in Proc",
        "In Proc",
        "Proc",
        "preprint",
        "Preprint",
        "e-print",
        "Journal ",
        "Trans",
        "IEEE ",
        "ACM ",
        "Phys. ",
        "Physical Review",
        "Nature ",
        "JHEP",
        "Advances in ",
        "Annals of ",
        "Ph.D",
        "PhD",
        "doi",
        "https://",
        "http://",
    ];
    let venue_in = ["In ", "in "].iter().any(|head| {
        text.strip_prefix(head).is_some_and(|rest| rest.starts_with(char::is_uppercase) && rest.len() < 200)
    });
    HEADS.iter().any(|head| text.starts_with(head)) || venue_in
}

/// `Phys. Rev. D 86, 010001 (2012)`, `ApJ, 500, 525`, `Nature 521(7553):436–444`: journal, volume and pages, and nothing else before.
pub(super) fn journal(text: &str) -> Option<Journal<'_>> {
    let head = links::bounded(text, 120);
    let digit = head.find(|c: char| c.is_ascii_digit())?;
    let name = head[..digit].trim_end_matches([' ', ',', '~']).trim_end_matches("vol.").trim_end_matches([' ', ',']);
    let words: Vec<&str> = name.split([' ', '~']).collect();
    // `Integration Flow Models. Nature 12` is a title before a journal, its stop no abbreviation's.
    let abbreviations = words.iter().filter(|word| word.ends_with('.')).count();
    let parted = head[..digit].ends_with([' ', ',', '~', '.']);
    // `Tensor Flow Systems, J. Learn. Syst. 12` likewise.
    let titled = name.split_once(", ").is_some_and(|(head, _)| head.contains(' ') && !head.contains('.'));
    let abbreviated = parted && !titled && (words.len() == 1 || abbreviations * 2 >= words.len());
    let sound = name.starts_with(char::is_uppercase)
        && words.len() <= 9
        && abbreviated
        && name.len() >= 2
        && !name.contains([':', '“', '"', '(', '[', '?'])
        && !name.to_ascii_lowercase().starts_with("arxiv")
        && !name.contains(". In ")
        && words.iter().all(|word| {
            word.starts_with(char::is_uppercase) || matches!(*word, "&" | "of" | "and" | "the" | "der" | "für")
        });
    let behind = &head[digit..];
    let volume = behind.split(|c: char| !c.is_alphanumeric()).next()?;
    let rest = behind[volume.len()..].trim_start();
    let (number, rest) = match rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((number, rest)) if dates::year_number(number).is_none() => (Some(number), rest),
        _ => (None, rest),
    };
    // `86 (2012) 010001` and `86 (2012), no. 3, 1–5`
    let rest = match rest.trim_start_matches([',', ' ']).strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((_, rest)) => rest,
        None => rest,
    };
    // `12 (2018), no. 3, 1–9`
    let issue = rest.trim_start_matches([',', ' ']).strip_prefix("no. ").and_then(|rest| rest.split_once(','));
    let (number, rest) = match issue.filter(|(issue, _)| number.is_none() && issue.len() <= 5) {
        Some((issue, rest)) => (Some(issue), rest),
        None => (number, rest),
    };
    let pages =
        rest.trim_start_matches([',', ':', ' ']).trim_start_matches("pp.").trim_start_matches("p.").trim_start();
    let length = pages.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '–' | '.'))).unwrap_or(pages.len());
    let pages = pages[..length].trim_end_matches('.');
    (sound && volume.len() <= 5 && pages.contains(|c: char| c.is_ascii_digit())).then_some(Journal {
        name,
        volume,
        number,
        pages,
    })
}

/// A place in a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Journal<'t> {
    pub(super) name: &'t str,
    pub(super) volume: &'t str,
    pub(super) number: Option<&'t str>,
    pub(super) pages: &'t str,
}

/// “Title,” authors, rest.
fn quoted_first(text: &str) -> Option<Reference<'_>> {
    let (title, behind) = [("“", "”"), ("\"", "\""), ("``", "''")].iter().find_map(|(open, close)| {
        let inner = text.strip_prefix(open)?;
        let end = inner.find(close)?;
        Some((&inner[..end], inner[end + close.len()..].trim_start_matches([',', '.', ' '])))
    })?;
    let behind = ["with ", "by "].iter().find_map(|word| behind.strip_prefix(word)).unwrap_or(behind);
    let names = leading::read(behind)?;
    let (authors, rest) = behind.split_at(names.end);
    let rest = rest.trim_start_matches([',', '.', ' ']);
    Some(Reference { authors, names: Some(names), title, rest, year: year_of(rest) })
}

/// Authors, “Title,” rest.
fn quoted(text: &str) -> Option<Reference<'_>> {
    let pairs = [("“", "”"), ("\"", "\""), ("``", "''"), ("«", "»"), ("„", "“")];
    let (open, start, close_at, end) = pairs.iter().find_map(|(open, close)| {
        let open_at = text.find(open)?;
        let start = open_at + open.len();
        let close_at = start + text[start..].find(close)?;
        Some((open_at, start, close_at, close_at + close.len()))
    })?;
    let authors = text[..open].trim().trim_end_matches([',', ':', '.', ' ']);
    let (authors, bracketed) = strip_year(authors);
    let rest = text[end..].trim_start_matches(['.', ',', ' ']);
    are_authors(authors).then(|| Reference {
        authors,
        names: None,
        title: &text[start..close_at],
        rest,
        year: bracketed.or_else(|| year_of(rest)),
    })
}

/// Authors (2012). Title. Rest.
fn bracketed_year(text: &str) -> Option<Reference<'_>> {
    let (at, year) = text.match_indices('(').find_map(|(at, _)| {
        let inner = text[at + 1..].split(')').next()?;
        let digits = inner.split(',').next()?.trim_end_matches(|c: char| c.is_ascii_lowercase());
        Some((at, dates::year_number(digits)?))
    })?;
    let authors = text[..at].trim().trim_end_matches([',', ' ']);
    let behind = text[at..].split_once(')')?.1.trim_start_matches(['.', ',', ':', ' ']);
    let end = sentence_end(behind).unwrap_or(behind.len());
    are_authors(authors).then(|| Reference {
        authors,
        names: None,
        title: &behind[..end],
        rest: behind[end..].trim_start_matches(['.', ' ']),
        year: Some(year),
    })
}

/// Authors. Title. Rest.
fn sentences(text: &str) -> Option<Reference<'_>> {
    let end = authors_end(text)?;
    after_authors(text, end).or_else(|| initials_ends(&text[..end]).find_map(|end| after_authors(text, end)))
}

/// Title and rest, when authors end here.
fn after_authors(text: &str, end: usize) -> Option<Reference<'_>> {
    let authors = text[..end].trim_end_matches(['.', ' ']);
    let behind = text[end..].trim_start_matches(['.', ',', ':', ' ']);
    let title_end = sentence_end(behind)?;
    let rest = behind[title_end..].trim_start_matches(['.', ' ']);
    // The stop of "al." and of an initial belongs to the name.
    let keeps_stop = text[..end].ends_with("al.") || people::is_initials(last_word(authors));
    let authors = if keeps_stop { &text[..end] } else { authors };
    // `Smith and Jones. Theory of Things. arXiv:…`: surnames alone are believed before an identifier.
    let surnames = || are_two_surnames(authors) && links::find(rest).iter().any(|mention| mention.target.is_paper());
    (are_authors(authors) || surnames()).then(|| Reference {
        authors,
        names: None,
        title: &behind[..title_end],
        rest,
        year: year_of(rest),
    })
}

/// Behind each initial with a stop, the last one first: `Knuth, D. E. The Art of Computer Programming` has no other stop.
fn initials_ends(text: &str) -> impl Iterator<Item = usize> {
    let stops = text.rmatch_indices(". ").filter(|(at, _)| people::is_initials(last_word(&text[..*at])));
    stops.map(|(at, _)| at + 1)
}

fn last_word(text: &str) -> &str {
    text.rsplit([' ', '-', '.', ',']).next().unwrap_or_default()
}

/// Where the authors end: behind "et al.", or at a stop that ends no initial.
fn authors_end(text: &str) -> Option<usize> {
    let first_stop = sentence_end(text);
    let et_al = text.find("et al.").map(|at| at + "et al.".len());
    match (et_al, first_stop) {
        (Some(al), Some(stop)) if al <= stop + 2 => Some(al),
        (Some(al), None) => Some(al),
        (_, stop) => stop,
    }
}

/// Where the first sentence ends: at a stop before a blank that follows a word, not an initial or an abbreviation.
fn sentence_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        if !matches!(byte, b'.' | b'?' | b'!') || bytes.get(at + 1).is_some_and(|next| *next != b' ') {
            continue;
        }
        let word = text[..at].rsplit([' ', '-', '.', '~']).next().unwrap_or_default();
        let letters = word.chars().count();
        let initial = letters <= 1 && word.chars().all(char::is_uppercase);
        let abbreviation =
            matches!(word, "al" | "vs" | "eds" | "ed" | "Jr" | "Sr" | "St" | "Proc" | "Conf" | "Trans" | "Int" | "cf");
        if *byte != b'.' || !(initial || abbreviation) {
            return Some(if *byte == b'.' { at } else { at + 1 });
        }
    }
    None
}

fn are_two_surnames(text: &str) -> bool {
    text.split_once(" and ")
        .or_else(|| text.split_once(" & "))
        .is_some_and(|(one, other)| is_surname(one) && is_surname(other))
}

fn are_authors(text: &str) -> bool {
    if text.is_empty() || text.len() > 2500 {
        return false;
    }
    let (core, _) = people::strip_others(text);
    let core = core.trim_end_matches([',', '.', ' ']);
    if people::looks_like_list(text) || is_one_author(core) {
        return true;
    }
    // Initials in any place: every part is a name, initials or "and".
    let parts: Vec<&str> = core
        .split([',', '&', ';'])
        .flat_map(|part| part.split(" and "))
        .map(|part| part.trim().trim_start_matches("and "))
        .filter(|part| !part.is_empty())
        .collect();
    parts.len() >= 2
        && parts.iter().all(|part| is_one_author(part) || people::is_initials(part) || is_surname(part))
        && parts.iter().any(|part| is_one_author(part) || people::is_initials(part))
}

/// `J. Dean`, `Jeff Dean`, `Dean J.`, `Dean, J.`
fn is_one_author(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', ',', '~']).filter(|word| !word.is_empty()).collect();
    let initials = words.iter().filter(|word| people::is_initials(word)).count();
    let with_initials = initials > 0
        && words.len() - initials <= 3
        && words.len() > initials
        && words.iter().all(|word| {
            people::is_initials(word)
                || is_surname(word)
                || matches!(*word, "van" | "von" | "de" | "der" | "den" | "di" | "la")
        });
    with_initials || (people::is_name(text) && words.len() <= 4)
}

fn is_surname(word: &str) -> bool {
    word.chars().count() >= 2
        && word.chars().count() <= 30
        && word.starts_with(char::is_uppercase)
        && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | ' '))
}

fn strip_year(authors: &str) -> (&str, Option<i32>) {
    let Some((head, tail)) = authors.rsplit_once('(') else { return (authors, None) };
    match dates::year_number(tail.trim_end_matches([')', '.', ' '])) {
        Some(year) => (head.trim_end_matches([' ', ',', '.']), Some(year)),
        None => (authors, None),
    }
}

/// The last year in a text.
fn year_of(text: &str) -> Option<i32> {
    text.split(|c: char| !c.is_alphanumeric() && c != '.' && c != ':' && c != '/')
        .rev()
        .find_map(|word| dates::year_number(word.trim_end_matches(['.', ':'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_come_apart() {
        let check = |input: &str, expected: &str| {
            let shown = parse(input).map_or("-".to_owned(), |r| {
                format!("{} | {} | {}", r.authors, r.title, r.year.map(|year| year.to_string()).unwrap_or_default())
            });
            assert_eq!(shown, expected, "{input}");
        };
        check(
            "J. Dean et al. Large scale distributed deep networks. NIPS 2012.",
            "J. Dean et al. | Large scale distributed deep networks | 2012",
        );
        check(
            "A. Vaswani, N. Shazeer, and I. Polosukhin. Attention is all you need. In NeurIPS, pages 5998–6008, 2017.",
            "A. Vaswani, N. Shazeer, and I. Polosukhin | Attention is all you need | 2017",
        );
        check(
            "Vaswani, A., Shazeer, N., & Parmar, N. (2017). Attention is all you need. Advances in NIPS, 30.",
            "Vaswani, A., Shazeer, N., & Parmar, N. | Attention is all you need | 2017",
        );
        check(
            "J. Dean and S. Ghemawat, “MapReduce: simplified data processing on large clusters,” Commun. ACM, vol. 51, 2008.",
            "J. Dean and S. Ghemawat | MapReduce: simplified data processing on large clusters | 2008",
        );
        check(
            "Noam Shazeer. Fast Transformer Decoding: One Write-Head is All You Need. arXiv:1911.02150, 2019.",
            "Noam Shazeer | Fast Transformer Decoding: One Write-Head is All You Need | 2019",
        );
        check(
            "Knuth, D. E. The Art of Computer Programming, Volume 1. Addison-Wesley, 1968.",
            "Knuth, D. E. | The Art of Computer Programming, Volume 1 | 1968",
        );
        check(
            "Lamport, L. LaTeX: A Document Preparation System. Addison-Wesley, 1994.",
            "Lamport, L. | LaTeX: A Document Preparation System | 1994",
        );
        check(
            "Jeff Dean, Greg Corrado. 2012. Large scale distributed deep networks. NIPS.",
            "Jeff Dean, Greg Corrado | Large scale distributed deep networks | 2012",
        );
        check("J. Dean, Phys. Rev. D 86, 010001 (2012)", "J. Dean |  | 2012");
        check(
            "Zhou M, Li B, Liu J, et al. A title of things. Journal of Things. 2020;12(3):1-5.",
            "Zhou M, Li B, Liu J, et al. | A title of things | 2020",
        );
        check("Attention Is All You Need", "-");
        check("Machine learning is great. We show it. In 2012 it was greater.", "-");
    }
}
