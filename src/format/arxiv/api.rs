//! arXiv API: Atom (RFC 4287) with arXiv's own elements, both as it was before 2025 and as it is since, and the Atom of
//! author pages.
//!
//! Every identifier in an answer carries the latest version; nobody asked for it, so it is not pinned. Knows the wrapping
//! only; what a record means stands in `record.rs`.

use super::feed::Feed;
use super::xml::{Document, Element, Step, root_name};
use crate::diagnostic::{Diagnostic, Rule};
use crate::error::Result;
use crate::format::{Format, FormatSpec, Input, ReadOptions, Sniff};
use crate::model::{ArxivId, Role};
use crate::record::{Record, Version, author_from_display, squeeze};
use crate::source::Span;
use crate::stream::Sink;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// The row of the arXiv API.
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::ArxivApi,
    name: "arxiv-api",
    title: "arXiv API (Atom)",
    extensions: &["xml", "atom"],
    sniff,
    read: Some(read),
    streams: true,
    write: None,
};

/// Atom.
pub(super) const ATOM: &str = "http://www.w3.org/2005/Atom";
/// arXiv's extension of it.
pub(super) const ARXIV: &str = "http://arxiv.org/schemas/atom";
const OPENSEARCH: &str = "http://a9.com/-/spec/opensearch/1.1/";

fn sniff(head: &str) -> Sniff {
    if root_name(head) != "feed" || super::rss::is_daily(head) {
        Sniff::No
    } else if head.contains("arxiv.org/api") || head.contains("opensearch/1.1/") && head.contains("arxiv.org") {
        Sniff::Yes
    } else if head.contains(ARXIV) || head.contains("arxiv.org/abs/") {
        Sniff::Likely
    } else {
        Sniff::No
    }
}

/// What the head of an answer says about it.
#[derive(Default)]
struct Head {
    total: Option<u64>,
    start: u64,
    page: u64,
    /// The identifiers asked for.
    asked: Vec<String>,
    span: Span,
}

fn read(input: Input<'_>, options: &ReadOptions, sink: &mut dyn Sink) -> Result<()> {
    let mut document = Document::new(input);
    let mut feed = Feed::new(sink, options);
    let mut head = Head { span: document.here(), ..Head::default() };
    let mut given = BTreeSet::new();
    let mut in_feed = false;
    while let Some(step) = document.next(|element| element.is(ATOM, "feed"), feed.sink)? {
        match step {
            Step::Open => in_feed = true,
            Step::Whole(_) if !in_feed => return Err(document.refusal("this is no Atom feed")),
            Step::Whole(entry) if entry.is(ATOM, "entry") => {
                if let Some(message) = error_message(&entry) {
                    return Err(document.refusal(&format!("arXiv answered with an error: {message}")));
                }
                if paper(&entry, &mut feed, &mut given).is_break() {
                    return Ok(());
                }
            }
            Step::Whole(element) => head.take(&element),
        }
    }
    head.compare(&given, &mut feed);
    feed.finish(head.span);
    Ok(())
}

/// What an entry that is no paper but an error says.
fn error_message(entry: &Element) -> Option<&str> {
    let is_error = entry.text_of(ATOM, "id").contains("arxiv.org/api/errors")
        || entry.text_of(ATOM, "title") == "Error" && entry.text_of(ATOM, "published").is_empty();
    is_error.then(|| match entry.text_of(ATOM, "summary") {
        "" => "no reason given",
        summary => summary,
    })
}

fn paper(entry: &Element, feed: &mut Feed<'_>, given: &mut BTreeSet<String>) -> ControlFlow<()> {
    let id = entry.text_of(ATOM, "id");
    let Some(id) = ArxivId::parse(id) else {
        feed.refuse(&format!("an entry has no arXiv identifier but {id:?}; it is left out"), entry.span);
        return ControlFlow::Continue(());
    };
    given.insert(id.id().to_owned());
    let record = record(entry, &id);
    let names: Vec<_> = names(entry).map(author_from_display).collect();
    for author in entry.all(ATOM, "author") {
        author.all(ARXIV, "affiliation").for_each(|_| feed.set_aside("affiliation"));
    }
    feed.record(&record, entry.span, |made| {
        made.people = names.into_iter().map(|name| (Role::Author, name)).collect();
    })
}

/// The authors, one a name, as displayed.
fn names(entry: &Element) -> impl Iterator<Item = &str> {
    let names = entry.all(ATOM, "author").flat_map(|author| author.all(ATOM, "name").map(Element::text));
    // One form of the author page joins all names into one.
    let parts = names.flat_map(|name| {
        let is_joined = name.matches(", ").count() > 1;
        let parts: Vec<&str> = if is_joined { crate::record::split_authors(name).collect() } else { vec![name] };
        parts
    });
    parts.filter(|name| !name.is_empty())
}

fn record(entry: &Element, id: &ArxivId) -> Record {
    let text = |namespace: &str, name: &str| entry.text_of(namespace, name).to_owned();
    Record {
        id: id.id().to_owned(),
        title: text(ATOM, "title"),
        authors: names(entry).map(squeeze).collect::<Vec<_>>().join(", "),
        categories: categories(entry),
        comments: text(ARXIV, "comment"),
        journal_ref: text(ARXIV, "journal_ref"),
        doi: text(ARXIV, "doi"),
        versions: versions(id, entry.text_of(ATOM, "published"), entry.text_of(ATOM, "updated")),
        abstract_text: text(ATOM, "summary"),
        ..Record::default()
    }
}

/// The subject classes parted by blanks, the primary one first.
fn categories(entry: &Element) -> String {
    let term = |element: &Element| element.attribute("term").unwrap_or_default().trim().to_owned();
    let mut classes: Vec<String> = Vec::new();
    let primary = entry.all(ARXIV, "primary_category").map(term);
    for class in primary.chain(entry.all(ATOM, "category").map(term)) {
        if !class.is_empty() && !classes.contains(&class) {
            classes.push(class);
        }
    }
    classes.join(" ")
}

/// The first version was published, the latest is of the update.
fn versions(id: &ArxivId, published: &str, updated: &str) -> Vec<Version> {
    let version = |number: u16, created: &str| Version { version: format!("v{number}"), created: created.to_owned() };
    let mut versions = Vec::new();
    if !published.is_empty() {
        versions.push(version(1, published));
    }
    if let Some(number) = id.version().filter(|number| *number > 1) {
        versions.push(version(number, updated));
    }
    versions
}

impl Head {
    fn take(&mut self, element: &Element) {
        let number = element.text().parse().ok();
        if element.is(OPENSEARCH, "totalResults") {
            (self.total, self.span) = (number, element.span);
        } else if element.is(OPENSEARCH, "startIndex") {
            self.start = number.unwrap_or(0);
        } else if element.is(OPENSEARCH, "itemsPerPage") {
            self.page = number.unwrap_or(0);
        } else if self.asked.is_empty() && element.is(ATOM, "title") {
            self.asked = asked(element.text());
        } else if self.asked.is_empty() && element.is(ATOM, "link") {
            let address = element.attribute("href").unwrap_or_default();
            self.asked = asked(&address.replace("%2C", ",").replace("%2F", "/"));
        }
    }

    /// Compares what the answer says of itself with the papers given.
    fn compare(&self, given: &BTreeSet<String>, feed: &mut Feed<'_>) {
        if let (Some(total), 1..) = (self.total, self.page) {
            feed.sink.declared_count(total.saturating_sub(self.start).min(self.page), self.span);
        }
        if self.start > 0 || self.page > 0 && self.asked.len() as u64 > self.page {
            return;
        }
        for asked in &self.asked {
            let id = ArxivId::parse(asked).map_or_else(|| asked.clone(), |id| id.id().to_owned());
            if !given.contains(&id) {
                let message = format!("{} was asked for and is not in the answer", crate::source::printable(asked));
                let help = "check the identifier; arXiv leaves out the ones that it does not have";
                feed.sink.report(Diagnostic::new(Rule::MissingFromFeed, message).at(self.span).help(help));
            }
        }
    }
}

/// The identifiers that a query asks for; none when it is a search, which may leave some of them out.
fn asked(query: &str) -> Vec<String> {
    let value = |name: &str| {
        let at = query.find(name)? + name.len();
        query[at..].split('&').next()
    };
    if value("search_query=").is_some_and(|search| !search.trim().is_empty()) {
        return Vec::new();
    }
    let ids = value("id_list=").unwrap_or_default().split(',').map(str::trim);
    ids.filter(|id| !id.is_empty()).map(str::to_owned).collect()
}
