//! Identifiers: arXiv ids, DOIs, ISBN, ISSN, PubMed ids. Parse, normalise, print.
//!
//! Each `parse` takes the bare identifier or the usual wrappings (`arXiv:`, `doi:`, a resolver's URL) of the *whole*
//! string; finding identifiers inside running text is the listing reader's business. Nothing here is looked up.

use super::field::Scheme;
use std::fmt;

/// An identifier in normal form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Identifier {
    /// An arXiv id.
    Arxiv(ArxivId),
    /// An identifier of another scheme, normalised and bare.
    Other(Scheme, String),
}

impl Identifier {
    /// Reads an identifier of a scheme; text that does not parse is kept as written for schemes without a grammar here.
    pub fn parse(scheme: Scheme, text: &str) -> Option<Self> {
        let text = text.trim();
        match scheme {
            Scheme::Arxiv => ArxivId::parse(text).map(Self::Arxiv),
            Scheme::Doi => parse_doi(text).map(|doi| Self::Other(scheme, doi)),
            Scheme::Isbn => parse_isbn(text).map(|isbn| Self::Other(scheme, isbn)),
            Scheme::Issn => parse_issn(text).map(|issn| Self::Other(scheme, issn)),
            Scheme::Pmid => parse_digits(text, "pmid:").map(|id| Self::Other(scheme, id)),
            Scheme::Pmcid => parse_pmcid(text).map(|id| Self::Other(scheme, id)),
            _ => (!text.is_empty()).then(|| Self::Other(scheme, text.to_owned())),
        }
    }

    /// Its scheme.
    pub const fn scheme(&self) -> Scheme {
        match self {
            Self::Arxiv(_) => Scheme::Arxiv,
            Self::Other(scheme, _) => *scheme,
        }
    }

    /// The identifier as printed, bare.
    pub fn value(&self) -> String {
        match self {
            Self::Arxiv(id) => id.to_string(),
            Self::Other(_, value) => value.clone(),
        }
    }
}

/// An arXiv identifier, with the version where the input pinned one.
///
/// New style since April 2007: `YYMM.NNNN`, five digits since 2015. Old style: `archive/YYMMNNN`; a subject class
/// (`math.GT/0309136`) is dropped, as arXiv itself does. Source: arXiv help, "Understanding the arXiv identifier".
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArxivId {
    id: String,
    version: Option<u16>,
}

/// The archives of old-style identifiers.
const ARCHIVES: [&str; 34] = [
    "acc-phys", "adap-org", "alg-geom", "ao-sci", "astro-ph", "atom-ph", "bayes-an", "chao-dyn", "chem-ph", "cmp-lg",
    "comp-gas", "cond-mat", "cs", "dg-ga", "funct-an", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math",
    "math-ph", "mtrl-th", "nlin", "nucl-ex", "nucl-th", "patt-sol", "physics", "plasm-ph", "q-alg", "q-bio",
    "quant-ph", "solv-int", "supr-con",
];

impl ArxivId {
    /// Reads an id, bare, behind `arXiv:`, as an arXiv DOI, or as a link to one of the pages that show arXiv papers.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = strip_arxiv_wrapping(text);
        let text = text.strip_suffix(".pdf").unwrap_or(text).trim_end_matches('/');
        let (id, rest) = Self::parse_prefix(text)?;
        rest.is_empty().then_some(id)
    }

    /// Reads a bare id at the head of `text`; what follows it is returned. The id must not run on into letters or digits.
    pub fn parse_prefix(text: &str) -> Option<(Self, &str)> {
        let (id, rest) = parse_new_style(text).or_else(|| parse_old_style(text))?;
        let (version, rest) = parse_version(rest);
        let runs_on = rest.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
        (!runs_on).then_some((Self { id, version }, rest))
    }

    /// The id without version: `1706.03762`, `hep-th/9901001`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The version pinned.
    pub const fn version(&self) -> Option<u16> {
        self.version
    }

    /// The same id with another version pinned, or none.
    #[must_use]
    pub fn with_version(&self, version: Option<u16>) -> Self {
        Self { id: self.id.clone(), version }
    }

    /// Whether it is of the style used before April 2007.
    pub fn is_old_style(&self) -> bool {
        self.id.contains('/')
    }

    /// The DOI that arXiv registers for the paper, all versions: `10.48550/arXiv.ID`.
    pub fn doi(&self) -> String {
        format!("10.48550/arXiv.{}", self.id)
    }

    /// The address of the abstract page, with the version where one is pinned.
    pub fn url(&self) -> String {
        format!("https://arxiv.org/abs/{self}")
    }

    /// The year and month that the identifier itself names.
    pub fn year_month(&self) -> (i32, u8) {
        let digits = self.id.rsplit('/').next().unwrap_or_default().as_bytes();
        let number = |at: usize| i32::from(digits[at] - b'0') * 10 + i32::from(digits[at + 1] - b'0');
        let year = number(0);
        (if year > 90 { 1900 + year } else { 2000 + year }, u8::try_from(number(2)).unwrap_or(0))
    }

    /// A number that orders ids by the time they were given out, old style before new.
    pub fn order(&self) -> u64 {
        let (year, month) = self.year_month();
        let serial = self.id.rsplit(['/', '.']).next().unwrap_or_default();
        let serial = if self.is_old_style() { &serial[4..] } else { serial };
        let date = u64::try_from(year * 100 + i32::from(month)).unwrap_or(0);
        date * 1_000_000 + serial.parse::<u64>().unwrap_or(0)
    }
}

impl fmt::Display for ArxivId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)?;
        match self.version {
            Some(version) => write!(f, "v{version}"),
            None => Ok(()),
        }
    }
}

/// Removes `arXiv:`, the DOI prefix, or a link's head up to the id; other text is returned as it is.
fn strip_arxiv_wrapping(text: &str) -> &str {
    let text = memchr::memchr2(b'?', b'#', text.as_bytes()).map_or(text, |end| &text[..end]);
    if let Some(rest) = strip_prefix_ignoring_case(text, "arxiv:") {
        return rest.trim_start();
    }
    let without_scheme = strip_prefix_ignoring_case(text, "https://")
        .or_else(|| strip_prefix_ignoring_case(text, "http://"))
        .unwrap_or(text);
    for doi in ["10.48550/arxiv.", "doi.org/10.48550/arxiv.", "dx.doi.org/10.48550/arxiv.", "doi:10.48550/arxiv."] {
        if let Some(rest) = strip_prefix_ignoring_case(without_scheme, doi) {
            return rest;
        }
    }
    let Some((host, path)) = without_scheme.split_once('/') else { return text };
    if !is_paper_host(host) {
        return text;
    }
    for section in PAPER_SECTIONS {
        if let Some(rest) = strip_prefix_ignoring_case(path, section) {
            // ADS has the label in the path.
            return strip_prefix_ignoring_case(rest, "arxiv:").unwrap_or(rest);
        }
    }
    text
}

/// Paths under which arXiv and its mirrors show a paper.
const PAPER_SECTIONS: [&str; 10] =
    ["abs/", "pdf/", "html/", "ps/", "format/", "e-print/", "src/", "papers/", "overview/", "arxiv/"];

/// Hosts that show arXiv papers under their arXiv id.
pub fn is_paper_host(host: &str) -> bool {
    const HOSTS: [&str; 13] = [
        "arxiv.org",
        "ar5iv.org",
        "www.ar5iv.org",
        "xxx.lanl.gov",
        "arxiv-vanity.com",
        "www.arxiv-vanity.com",
        "www.alphaxiv.org",
        "alphaxiv.org",
        "huggingface.co",
        "hf.co",
        "scirate.com",
        "www.semanticscholar.org",
        "ui.adsabs.harvard.edu",
    ];
    const SUBDOMAIN: &str = ".arxiv.org";
    let end = host.len().checked_sub(SUBDOMAIN.len()).and_then(|at| host.get(at..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(SUBDOMAIN))
        || HOSTS.iter().any(|known| known.eq_ignore_ascii_case(host))
}

fn parse_new_style(text: &str) -> Option<(String, &str)> {
    let bytes = text.as_bytes();
    if bytes.len() < 9 || bytes[4] != b'.' || !bytes[..4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let month = (bytes[2] - b'0') * 10 + bytes[3] - b'0';
    let serial = bytes[5..].iter().take_while(|b| b.is_ascii_digit()).count();
    let yymm: u16 = text[..4].parse().ok()?;
    // Four digits from 0704 to 1412, five since 1501.
    let digits = if yymm >= 1501 { 5 } else { 4 };
    if serial != digits || !(1..=12).contains(&month) || yymm < 704 {
        return None;
    }
    let (id, rest) = text.split_at(5 + serial);
    Some((id.to_owned(), rest))
}

fn parse_old_style(text: &str) -> Option<(String, &str)> {
    let (head, tail) = text.split_once('/')?;
    let digits = tail.as_bytes().get(..7)?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let archive = match head.split_once('.') {
        Some((archive, class)) if class.len() == 2 && class.bytes().all(|b| b.is_ascii_alphabetic()) => archive,
        Some((archive, class)) if class.len() <= 10 && class.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-') => {
            archive
        }
        Some(_) => return None,
        None => head,
    };
    let archive = archive.to_ascii_lowercase();
    let known = ARCHIVES.contains(&archive.as_str());
    let month = (digits[2] - b'0') * 10 + digits[3] - b'0';
    let year: u8 = (digits[0] - b'0') * 10 + digits[1] - b'0';
    if !known || !(1..=12).contains(&month) || (8..91).contains(&year) {
        return None;
    }
    Some((format!("{archive}/{}", &tail[..7]), &tail[7..]))
}

fn parse_version(text: &str) -> (Option<u16>, &str) {
    let Some(digits) = text.strip_prefix(['v', 'V']) else { return (None, text) };
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    match digits[..count].parse::<u16>() {
        Ok(version) if version > 0 => (Some(version), &digits[count..]),
        _ => (None, text),
    }
}

/// A DOI, bare: `10.` registrant `/` suffix. The registrant's arXiv spelling is unified, the rest keeps its case.
/// Source: DOI Handbook, section 2.2; DOIs compare without regard to ASCII case.
pub fn parse_doi(text: &str) -> Option<String> {
    let text = text.trim();
    let address = strip_prefix_ignoring_case(text, "https://").or_else(|| strip_prefix_ignoring_case(text, "http://"));
    // In an address a DOI is percent-encoded.
    let decoded = address.and_then(percent_decoded);
    let text = decoded.as_deref().or(address).unwrap_or(text);
    let text = ["doi.org/", "dx.doi.org/", "www.doi.org/", "doi:"]
        .iter()
        .find_map(|prefix| strip_prefix_ignoring_case(text, prefix))
        .unwrap_or(text)
        .trim_start();
    let (registrant, suffix) = text.strip_prefix("10.")?.split_once('/')?;
    let registrant_is_sound = registrant.len() >= 4 && registrant.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !registrant_is_sound || suffix.is_empty() || suffix.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return None;
    }
    match strip_prefix_ignoring_case(suffix, "arxiv.") {
        Some(id) if registrant == "48550" => Some(format!("10.48550/arXiv.{id}")),
        _ => Some(text.to_owned()),
    }
}

/// A text with its percent-encoded bytes decoded; nothing where there are none, or they are no UTF-8.
fn percent_decoded(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = if bytes[at] == b'%' { text.get(at + 1..at + 3) } else { None };
        if let Some(byte) = code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    if out.len() == bytes.len() { None } else { String::from_utf8(out).ok() }
}

/// An ISBN of 10 or 13 digits without hyphens; the check digit is not judged here.
fn parse_isbn(text: &str) -> Option<String> {
    let text = strip_prefix_ignoring_case(text, "isbn").unwrap_or(text).trim_start_matches([':', ' ', '-']);
    let digits: String =
        text.chars().filter(|c| !matches!(c, '-' | ' ' | '–')).map(|c| c.to_ascii_uppercase()).collect();
    let sound = match digits.len() {
        _ if !digits.is_ascii() => false,
        10 => {
            digits[..9].bytes().all(|b| b.is_ascii_digit())
                && (digits.as_bytes()[9].is_ascii_digit() || digits.ends_with('X'))
        }
        13 => digits.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    };
    sound.then(|| text.to_ascii_uppercase())
}

/// An ISSN as `NNNN-NNNC`.
fn parse_issn(text: &str) -> Option<String> {
    let text = strip_prefix_ignoring_case(text, "issn").unwrap_or(text).trim_start_matches([':', ' ']);
    let digits: String =
        text.chars().filter(|c| !matches!(c, '-' | ' ' | '–')).map(|c| c.to_ascii_uppercase()).collect();
    let sound = digits.len() == 8
        && digits.is_ascii()
        && digits[..7].bytes().all(|b| b.is_ascii_digit())
        && (digits.as_bytes()[7].is_ascii_digit() || digits.ends_with('X'));
    sound.then(|| format!("{}-{}", &digits[..4], &digits[4..]))
}

fn parse_pmcid(text: &str) -> Option<String> {
    let digits = strip_prefix_ignoring_case(text, "pmcid:").unwrap_or(text).trim();
    let digits = strip_prefix_ignoring_case(digits, "pmc").unwrap_or(digits);
    let sound = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    sound.then(|| format!("PMC{digits}"))
}

fn parse_digits(text: &str, prefix: &str) -> Option<String> {
    let digits = strip_prefix_ignoring_case(text, prefix).unwrap_or(text).trim();
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.to_owned())
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arxiv(text: &str) -> Option<String> {
        ArxivId::parse(text).map(|id| id.to_string())
    }

    #[test]
    fn arxiv_ids_in_every_wrapping() {
        for (text, expected) in [
            ("1706.03762", "1706.03762"),
            ("arXiv:1706.03762v5", "1706.03762v5"),
            ("https://arxiv.org/abs/1706.03762", "1706.03762"),
            ("http://export.arxiv.org/pdf/1706.03762v2.pdf", "1706.03762v2"),
            ("10.48550/ARXIV.1706.03762", "1706.03762"),
            ("https://doi.org/10.48550/arXiv.1706.03762", "1706.03762"),
            ("hep-th/9901001", "hep-th/9901001"),
            ("math.GT/0309136v1", "math/0309136v1"),
            ("cond-mat.stat-mech/0309136", "cond-mat/0309136"),
            ("https://arxiv.org/abs/hep-th/9901001v3", "hep-th/9901001v3"),
            ("0704.0001", "0704.0001"),
            ("https://huggingface.co/papers/2209.01667", "2209.01667"),
            ("http://xxx.lanl.gov/abs/hep-th/9901001", "hep-th/9901001"),
            ("https://ui.adsabs.harvard.edu/abs/arXiv:1706.03762", "1706.03762"),
            ("https://www.semanticscholar.org/arxiv/1706.03762", "1706.03762"),
        ] {
            assert_eq!(arxiv(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn false_friends_are_no_arxiv_ids() {
        for text in [
            "1234.56789",
            "2024.12345",
            "1713.12345",
            "1501.1234",
            "1412.12345",
            "12.3456",
            "foo/9901001",
            "hep-th/9913001",
            "1706.03762x",
            "0612.1234",
        ] {
            assert_eq!(arxiv(text), None, "{text}");
        }
    }

    #[test]
    fn an_id_knows_its_date_doi_and_order() {
        let old = ArxivId::parse("hep-th/9901001").unwrap();
        let new = ArxivId::parse("0704.0001v2").unwrap();
        assert_eq!(old.year_month(), (1999, 1));
        assert_eq!(new.year_month(), (2007, 4));
        assert_eq!(new.doi(), "10.48550/arXiv.0704.0001");
        assert_eq!(new.url(), "https://arxiv.org/abs/0704.0001v2");
        assert!(old.order() < new.order());
    }

    #[test]
    fn dois() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(parse_doi(text).as_deref(), expected, "{text}");
        check("https://doi.org/10.1038/nature14539", Some("10.1038/nature14539"));
        check("doi: 10.1038/nature14539", Some("10.1038/nature14539"));
        check("10.48550/ARXIV.1706.03762", Some("10.48550/arXiv.1706.03762"));
        check("10.1/x", None);
        check("11.1000/x", None);
        check("10.1000/", None);
    }

    #[test]
    fn numbers_of_books_serials_and_pubmed() {
        let value = |scheme, text| Identifier::parse(scheme, text).map(|id| id.value());
        assert_eq!(value(Scheme::Issn, "issn 03029743").as_deref(), Some("0302-9743"));
        assert_eq!(value(Scheme::Isbn, "978-3-16-148410-0").as_deref(), Some("978-3-16-148410-0"));
        assert_eq!(value(Scheme::Isbn, "12345"), None);
        assert_eq!(value(Scheme::Issn, "<I>&'\u{202e}"), None);
        assert_eq!(value(Scheme::Isbn, "12345678é"), None);
        assert_eq!(value(Scheme::Pmcid, "123").as_deref(), Some("PMC123"));
        assert_eq!(value(Scheme::Pmid, "x"), None);
    }
}
