//! Saved pages of arXiv: lists (new, recent, past week, catch-up, month), search results, author pages, abstract pages,
//! and the JSON form of an author page.
//!
//! arXiv has no specification of its pages; the forms are those of its own templates (arXiv/arxiv-browse and
//! arXiv/arxiv-search) and of the pages before them. Parts: `walk.rs` reads HTML and knows no arXiv, `page.rs` knows which
//! element holds what, `draft.rs` makes a record of it, `author_json.rs` reads the JSON form. A page that arXiv answered
//! with instead of papers (unknown identifier, captcha, rate limit) is an error that says what the page says; a page that
//! validly shows nothing is a warning.

#[cfg(feature = "html")]
mod author_json;
#[cfg(feature = "html")]
mod draft;
#[cfg(feature = "html")]
mod page;
#[cfg(feature = "html")]
mod read;
#[cfg(all(test, feature = "html"))]
mod tests;
#[cfg(feature = "html")]
mod walk;

use crate::format::{Format, FormatSpec, ReadFn, Sniff};

/// The row of saved arXiv pages.
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::ArxivHtml,
    name: "arxiv-html",
    title: "saved arXiv pages: lists, searches, author and abstract pages",
    extensions: &["html", "htm", "xhtml"],
    sniff,
    read: READ,
    streams: false,
    write: None,
};

#[cfg(feature = "html")]
const READ: Option<ReadFn> = Some(read::read);
#[cfg(not(feature = "html"))]
const READ: Option<ReadFn> = None;

/// What arXiv answers, as plain text, to those who ask too often.
const RATE_LIMIT: &str = "rate exceeded";

/// Marks of a page made by arXiv, lower-case: its style sheets, the names of its meta elements, and what browsers write
/// into the pages they save. Links to papers are none: every second page of the web has some.
const MARKS: [&str; 20] = [
    "/arxiv.css",
    "/arxivstyle.css",
    "/arxiv-header-footer.css",
    "citation_arxiv_id",
    "property=\"og:site_name\" content=\"arxiv.org\"",
    "| arxiv e-print repository</title>",
    "<title>arxiv recaptcha",
    "rel=\"canonical\" href=\"https://arxiv.org/abs/",
    "rel=\"canonical\" href=\"http://arxiv.org/abs/",
    "id='articles'",
    "id=\"articles\"",
    "class=\"arxiv-result\"",
    "list-title mathjax",
    "https://arxiv.org/abs/ -->",
    "url: https://arxiv.org/abs/",
    "url: https://arxiv.org/list/",
    "url: https://arxiv.org/search/",
    "url: https://arxiv.org/a/",
    "url: https://arxiv.org/catchup",
    "class=\"descriptor\">title:",
];

fn sniff(head: &str) -> Sniff {
    let head = head.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    if head.starts_with(RATE_LIMIT) && head.len() < 200 {
        return Sniff::Yes;
    }
    if is_author_json(&head) {
        return Sniff::Yes;
    }
    if !head.starts_with('<') || head.starts_with("<?xml") && !head.contains("<html") {
        return Sniff::No;
    }
    let marked = MARKS.iter().any(|mark| head.contains(mark)) || is_saved_from_arxiv(&head);
    if marked { Sniff::Yes } else { Sniff::No }
}

/// `{"entries":[{"authors":…,"formats":{"html":"https://arxiv.org/abs/…`, lower-case.
fn is_author_json(head: &str) -> bool {
    head.starts_with('{')
        && head.contains("\"entries\"")
        && head.contains("\"formats\"")
        && head.contains("arxiv.org/abs/")
}

/// `<!-- saved from url=(0032)https://arxiv.org/abs/1706.03762 -->`, as browsers write it.
fn is_saved_from_arxiv(head: &str) -> bool {
    let Some((_, rest)) = head.split_once("saved from url=(") else { return false };
    let address = rest.split_once(')').map_or("", |(_, address)| address);
    let Some((host, path)) = address.split_once("://").and_then(|(_, rest)| rest.split_once('/')) else { return false };
    let pages = ["abs/", "list/", "search", "a/", "catchup", "find/", "auth/show-endorsers"];
    (host == "arxiv.org" || host.ends_with(".arxiv.org")) && pages.iter().any(|page| path.starts_with(page))
}
