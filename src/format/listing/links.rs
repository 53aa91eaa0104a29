//! Identifiers and links in running text: arXiv ids old and new, DOIs, links to papers; and what only looks like them.
//!
//! A bare number like `2401.00001` is an identifier only where something says so: `arXiv` near it, a version, a class in
//! brackets behind it. Dates, phone numbers, version numbers and file paths are none. Knows no lines and no entries.

use crate::model::Scheme;
use crate::model::ident::{ArxivId, Identifier, is_paper_host, parse_doi};
use std::ops::Range;

/// An identifier or link in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    /// Where it stands, with `arXiv:`, `doi:` or the whole link.
    pub(super) range: Range<usize>,
    /// What it names.
    pub(super) target: Target,
    /// It is a link.
    pub(super) link: bool,
}

/// What a mention names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A paper by an identifier.
    Id(Identifier),
    /// A paper by its address at a publisher or a repository.
    Page(String),
    /// Any other page.
    Elsewhere,
}

impl Target {
    /// Whether it names a paper.
    pub(super) const fn is_paper(&self) -> bool {
        !matches!(self, Self::Elsewhere)
    }
}

/// Longer identifiers do not exist; what is read ahead is bounded, so that the scan is linear.
const MAX_ID: usize = 64;
const MAX_DOI: usize = 256;

/// Finds every identifier and link, in order.
pub(super) fn find(text: &str) -> Vec<Mention> {
    let mut scan = Scan { text, at: 0, arxiv_near: None, found: Vec::new() };
    while scan.at < text.len() {
        scan.step();
    }
    scan.found
}

/// Whether there is anything to find: a cheap look before [`find`].
pub(super) fn may_mention(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memmem::find(bytes, b"://").is_some()
        || memchr::memchr_iter(b'.', bytes).any(|at| {
            at > 0 && bytes[at - 1].is_ascii_digit() && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
                || bytes[..at].ends_with(b"10") && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
        })
        || memchr::memchr_iter(b'/', bytes).any(|at| {
            bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
                || bytes[..at].ends_with(b".org")
                || bytes[..at].ends_with(b".co")
        })
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
    /// Where "arXiv" was read last: a bare number behind it is meant as an id.
    arxiv_near: Option<usize>,
    found: Vec<Mention>,
}

impl Scan<'_> {
    fn step(&mut self) {
        let bytes = self.text.as_bytes();
        let byte = bytes[self.at];
        let at_token = self.at == 0 || !is_token_byte(bytes[self.at - 1]);
        if !at_token || !byte.is_ascii_alphanumeric() {
            self.at += 1;
            return;
        }
        let taken = self.link().or_else(|| self.arxiv()).or_else(|| self.doi()).or_else(|| self.old_id());
        let taken = taken.or_else(|| self.bare_id());
        match taken {
            Some(mention) => {
                self.at = mention.range.end.max(self.at + 1);
                self.found.push(mention);
            }
            None => self.at += token_length(&bytes[self.at..]).max(1),
        }
    }

    fn mention(&self, length: usize, target: Target, link: bool) -> Mention {
        Mention { range: self.at..self.at + length, target, link }
    }

    /// A bounded piece of the text from here on.
    fn ahead(&self, most: usize) -> &str {
        bounded(&self.text[self.at..], most)
    }

    fn link(&self) -> Option<Mention> {
        let ahead = self.ahead(MAX_ID);
        let scheme = ["https://", "http://"].iter().find(|scheme| starts_with(ahead, scheme));
        let known = match scheme {
            Some(scheme) => scheme.len(),
            None => bare_host(ahead)?,
        };
        let length = url_length(&self.text[self.at..], known);
        let url = &self.text[self.at..self.at + length];
        Some(self.mention(length, judge_link(url), true))
    }

    /// `arXiv:ID`, `arXiv ID`, `arXiv preprint arXiv:ID`.
    fn arxiv(&mut self) -> Option<Mention> {
        let ahead = self.ahead(MAX_ID);
        if !starts_with(ahead, "arxiv") {
            return None;
        }
        let behind = &ahead["arxiv".len()..];
        let gap = behind.trim_start_matches([':', ' ', '\u{a0}', '[', '.', '/', '(', '#', '-', '–']);
        let id = ArxivId::parse_prefix(gap);
        let skipped = behind.len() - gap.len();
        if let Some((id, rest)) = id
            && skipped > 0
        {
            let length = ahead.len() - rest.len();
            return Some(self.mention(length, Target::Id(Identifier::Arxiv(id)), false));
        }
        self.arxiv_near = Some(self.at);
        None
    }

    fn doi(&self) -> Option<Mention> {
        let ahead = self.ahead(MAX_DOI);
        let prefix = if starts_with(ahead, "doi:") { "doi:".len() } else { 0 };
        let bare = ahead[prefix..].trim_start();
        if !bare.starts_with("10.") {
            return None;
        }
        let skipped = ahead.len() - bare.len();
        let length = url_length(bare, 3);
        let doi = parse_doi(&bare[..length])?;
        let target = match ArxivId::parse(&doi) {
            Some(id) => Target::Id(Identifier::Arxiv(id)),
            None => Target::Id(Identifier::Other(Scheme::Doi, doi)),
        };
        Some(self.mention(skipped + length, target, false))
    }

    fn old_id(&self) -> Option<Mention> {
        let ahead = self.ahead(MAX_ID);
        let slash = ahead.find('/').filter(|at| *at <= 20)?;
        if !ahead.as_bytes()[..slash].iter().all(|b| b.is_ascii_alphabetic() || matches!(b, b'-' | b'.')) {
            return None;
        }
        let (id, rest) = ArxivId::parse_prefix(ahead)?;
        // A file path goes on, an identifier ends.
        let goes_on = rest.starts_with(['/', '_', '-', '\\']) || has_extension(rest);
        let in_path = self.text[..self.at].ends_with(['/', '\\', '.', '-', '_', '~', '@']);
        let length = ahead.len() - rest.len();
        (!goes_on && !in_path).then(|| self.mention(length, Target::Id(Identifier::Arxiv(id)), false))
    }

    fn bare_id(&self) -> Option<Mention> {
        let ahead = self.ahead(MAX_ID);
        let (id, rest) = ArxivId::parse_prefix(ahead)?;
        let before = &self.text[..self.at];
        let goes_on = rest.starts_with(['/', '_', '-', '\\', '%']) || has_extension(rest) || decimal_goes_on(rest);
        let in_path = before.ends_with(['/', '\\', '.', '-', '_', '+', '$', '€', '£', '@', '~', '=', ',']);
        if id.is_old_style() || goes_on || in_path {
            return None;
        }
        let near = self.arxiv_near.is_some_and(|at| self.at - at <= 40);
        let bracketed = before.ends_with(['[', '(', '`']) && rest.starts_with([']', ')', '`']);
        let classed = rest.trim_start().strip_prefix('[').is_some_and(starts_with_class);
        let alone = before.trim().is_empty() && rest.trim().is_empty();
        // A list of ids, parted by commas, blanks or nothing but each other.
        let listed = self.found.last().is_some_and(|last| {
            !last.link && before[last.range.end..].chars().all(|c| c.is_whitespace() || matches!(c, ',' | ';' | '&'))
        });
        // "2005.14165 Language Models are …": a list of ids and titles.
        let heads = before.trim().is_empty()
            && rest.trim_start_matches([':', ' ', ',', '-', '–']).starts_with(|c: char| c.is_uppercase() || c == '“');
        let length = ahead.len() - rest.len();
        // The first of a list of ids: another one follows.
        let leads = before.trim().is_empty()
            && ArxivId::parse_prefix(rest.trim_start_matches([',', ';', ' ']))
                .is_some_and(|(next, _)| !next.is_old_style());
        let meant = heads || leads || near || bracketed || classed || alone || listed || id.version().is_some();
        meant.then(|| self.mention(length, Target::Id(Identifier::Arxiv(id)), false))
    }
}

/// The length of a host that shows papers, written without `https://`.
fn bare_host(text: &str) -> Option<usize> {
    let host = text.split(['/', ' ', ')', ']']).next().unwrap_or_default();
    let known = is_paper_host(host) || matches!(host, "doi.org" | "dx.doi.org" | "openreview.net" | "www.arxiv.org");
    (known && text[host.len()..].starts_with('/')).then_some(host.len())
}

/// What a link shows.
pub(super) fn judge_link(url: &str) -> Target {
    if let Some(id) = arxiv_of_link(url) {
        return Target::Id(Identifier::Arxiv(id));
    }
    if let Some(doi) = doi_of_link(url) {
        return Target::Id(Identifier::Other(Scheme::Doi, doi));
    }
    if is_paper_page(url) { Target::Page(url.to_owned()) } else { Target::Elsewhere }
}

fn arxiv_of_link(url: &str) -> Option<ArxivId> {
    let rest = without_scheme(url);
    let (host, path) = rest.split_once('/')?;
    if !is_paper_host(host) {
        return ArxivId::parse(url).filter(|_| host.ends_with("doi.org"));
    }
    if let Some(id) = ArxivId::parse(url) {
        return Some(id);
    }
    // "abs/2401.00001v2.pdf", "pdf/2401.00001.pdf#page=3", "abs/2401.00001/", a stray mark at the end.
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let (section, id) = path.split_once('/')?;
    // The address of a PDF before 2007: `PS_cache/hep-ph/pdf/0109/0109123v1.pdf`.
    if section == "PS_cache" {
        let (archive, file) = (id.split('/').next()?, id.rsplit('/').next()?);
        return ArxivId::parse(&format!("{archive}/{}", file.strip_suffix(".pdf")?));
    }
    let known = matches!(
        section,
        "arxiv" | "abs" | "pdf" | "html" | "ps" | "format" | "e-print" | "src" | "papers" | "overview" | "abs-pdf"
    );
    let id = if known { id } else { return None };
    let id = ["arxiv:", "arXiv:", "/"].iter().fold(id, |id, prefix| id.strip_prefix(prefix).unwrap_or(id));
    let (id, rest) = ArxivId::parse_prefix(id)?;
    rest.chars().next().is_none_or(|c| !c.is_alphanumeric()).then_some(id)
}

/// `doi.org/10…`, and the addresses of publishers that hold the DOI (`/doi/abs/10…`, `/article/10…`).
fn doi_of_link(url: &str) -> Option<String> {
    let rest = without_scheme(url);
    let at = rest.find("/10.")? + 1;
    let host = rest.split('/').next().unwrap_or_default();
    let registrant = rest[at + 3..].bytes().take_while(u8::is_ascii_digit).count();
    if registrant < 4 || !rest[at + 3 + registrant..].starts_with(['/', '.']) {
        return None;
    }
    let doi = rest[at..].split(['?', '#']).next().unwrap_or_default();
    let doi = doi.replace("%2F", "/").replace("%2f", "/");
    if host.ends_with("doi.org") {
        return parse_doi(&doi);
    }
    // Publishers append a view to the DOI.
    let mut doi = doi.as_str();
    for view in ["/full", "/abstract", "/pdf", "/epdf", "/meta", "/summary", ".pdf", ".full", ".abstract", "/full/html"]
    {
        doi = doi.strip_suffix(view).unwrap_or(doi);
    }
    if host.ends_with("biorxiv.org") || host.ends_with("medrxiv.org") {
        let stem = doi.trim_end_matches(|c: char| c.is_ascii_digit());
        doi = stem.strip_suffix('v').unwrap_or(doi);
    }
    parse_doi(doi)
}

/// Places that show one paper, told by host and path.
const PAPER_PAGES: [(&str, &str); 27] = [
    ("openreview.net", "/forum"),
    ("openreview.net", "/pdf"),
    ("aclanthology.org", "/"),
    ("aclweb.org", "/anthology/"),
    ("papers.nips.cc", "/paper"),
    ("papers.neurips.cc", "/paper"),
    ("proceedings.neurips.cc", "/paper"),
    ("proceedings.nips.cc", "/paper"),
    ("proceedings.mlr.press", "/v"),
    ("proceedings.mlsys.org", "/paper"),
    ("jmlr.org", "/papers/"),
    ("openaccess.thecvf.com", "/content"),
    ("ieeexplore.ieee.org", "/document/"),
    ("ieeexplore.ieee.org", "/abstract/document/"),
    ("sciencedirect.com", "/science/article/"),
    ("nature.com", "/articles/"),
    ("science.org", "/doi/"),
    ("ojs.aaai.org", "/index.php/"),
    ("isca-speech.org", "/archive/"),
    ("semanticscholar.org", "/paper/"),
    ("api.semanticscholar.org", "/corpusid:"),
    ("usenix.org", "/conference/"),
    ("inspirehep.net", "/literature/"),
    ("hal.science", "/hal-"),
    ("eprint.iacr.org", "/"),
    ("pubmed.ncbi.nlm.nih.gov", "/"),
    ("ncbi.nlm.nih.gov", "/pmc/articles/"),
];

fn is_paper_page(url: &str) -> bool {
    let rest = without_scheme(url);
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let path_only = path.split(['?', '#']).next().unwrap_or_default();
    let is_pdf = path_only.len() > 5 && path_only.to_ascii_lowercase().ends_with(".pdf");
    let known = PAPER_PAGES
        .iter()
        .any(|(page_host, start)| host == *page_host && path.len() > start.len() + 2 && starts_with(path, start));
    // A listing, a venue or an author's page shows many papers.
    known
        && !path_only.starts_with("/volumes/")
        && !path_only.starts_with("/events/")
        && !path_only.starts_with("/venues/")
        || is_pdf && !host.ends_with("arxiv.org")
}

fn without_scheme(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest)
}

/// The length of a link that begins here; `known` bytes belong to it in any case. Closing brackets belong to it only when
/// it opened them, punctuation at the end does not.
pub(super) fn url_length(text: &str, known: usize) -> usize {
    let mut depth = [0_i32; 2];
    let mut end = text.len();
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < known) {
        let stop = match c {
            '(' => bump(&mut depth[0], 1),
            ')' => bump(&mut depth[0], -1),
            '[' => bump(&mut depth[1], 1),
            ']' => bump(&mut depth[1], -1),
            '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`' | '“' | '”' | '…' | '，' | '。' | '）' | '】'
            | '、' => true,
            c => c.is_whitespace() || c.is_control(),
        };
        if stop {
            end = at;
            break;
        }
    }
    text[..end]
        .trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~', '’', '(', '['])
        .len()
        .max(known.min(end))
}

fn bump(depth: &mut i32, by: i32) -> bool {
    *depth += by;
    *depth < 0
}

/// Bytes that a token goes on through: an identifier never begins behind them.
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

fn token_length(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| is_token_byte(**byte)).count()
}

fn has_extension(rest: &str) -> bool {
    rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

fn decimal_goes_on(rest: &str) -> bool {
    rest.strip_prefix(['.', ',']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn starts_with_class(text: &str) -> bool {
    let word = text.split([']', ' ', ',']).next().unwrap_or_default();
    super::lines::is_class(word)
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

/// The head of a text of at most so many bytes, cut between characters.
pub(super) fn bounded(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let end = (0..=most).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: &str) {
        let shown: Vec<String> = find(input)
            .into_iter()
            .filter_map(|mention| match mention.target {
                Target::Id(id) => Some(id.value()),
                Target::Page(url) => Some(format!("<{url}>")),
                Target::Elsewhere => None,
            })
            .collect();
        assert_eq!(shown.join(" "), expected, "{input}");
        assert!(expected.is_empty() || may_mention(input), "{input}");
    }

    #[test]
    fn identifiers_in_running_text() {
        check("see arXiv:1706.03762v5 [cs.CL], and arXiv: 2209.01667.", "1706.03762v5 2209.01667");
        check("(hep-th/9901001; math.GT/0309136v1)", "hep-th/9901001 math/0309136v1");
        check(
            "[T](https://arxiv.org/pdf/1706.03762.pdf), <http://export.arxiv.org/abs/2209.01667v2>",
            "1706.03762 2209.01667v2",
        );
        check(
            "https://www.alphaxiv.org/abs/1706.03762?x=1 https://huggingface.co/papers/2209.01667#c",
            "1706.03762 2209.01667",
        );
        check("https://ar5iv.labs.arxiv.org/html/1706.03762 arxiv.org/abs/2209.01667", "1706.03762 2209.01667");
        check("\\url{https://arxiv.org/abs/1706.03762}", "1706.03762");
        check("https://doi.org/10.48550/arXiv.1706.03762 doi:10.1038/nature14539.", "1706.03762 10.1038/nature14539");
        check("(10.1016/S0021-9991(03)00184-5)", "10.1016/S0021-9991(03)00184-5");
        check("https://dl.acm.org/doi/abs/10.1145/3503221.3508418", "10.1145/3503221.3508418");
        check("https://www.biorxiv.org/content/10.1101/2020.05.01.123456v2.full.pdf", "10.1101/2020.05.01.123456");
        check("https://link.springer.com/article/10.1007/s10462-012-9338-y", "10.1007/s10462-012-9338-y");
        check("https://openreview.net/forum?id=B1ckMDqlg", "<https://openreview.net/forum?id=B1ckMDqlg>");
        check("2401.00001v2", "2401.00001v2");
        check("2401.00001", "2401.00001");
        check("2401.00001 [cs.LG]", "2401.00001");
        check("arXiv ids: 2401.00001, 2401.00002", "2401.00001 2401.00002");
        check("[2401.00001] A title", "2401.00001");
    }

    #[test]
    fn false_friends() {
        for text in [
            "it costs 2401.00001 dollars",
            "10.1234 or 1234.56789",
            "https://doi.org/",
            "call +49 2401.12345",
            "release 1706.0376.1",
            "src/hep-th/9901001/main.rs",
            "path/math/0309136.tex",
            "physics/5551234",
            "on 12/9901001",
            "version 2011.12345.6",
            "https://arxiv.org/list/cs.CL/recent",
            "https://arxiv.org/help/api",
            "https://github.com/x/y",
            "https://huggingface.co/google/1706.03762",
            "file2401.00001",
        ] {
            check(text, "");
        }
    }
}
