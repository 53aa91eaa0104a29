//! arXiv's daily feeds: RSS 2.0 and Atom as they are since January 2024, and RSS (1.0 and 2.0) as it was before.
//!
//! A feed announces papers; its dates are those of the announcement and not of the papers, so the papers get year and
//! month of their identifiers. How a paper was announced (new, cross-listed, replaced) is told about the feed as a whole.

use super::api::{ARXIV, ATOM};
use super::feed::Feed;
use super::xml::{Document, Element, Step, root_name, unescape};
use crate::error::Result;
use crate::format::{Format, FormatSpec, Input, ReadOptions, Sniff};
use crate::model::ArxivId;
use crate::record::{Record, Version};
use crate::stream::Sink;
use std::ops::ControlFlow;

/// The row of arXiv's daily feeds.
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::ArxivRss,
    name: "arxiv-rss",
    title: "arXiv RSS and Atom daily feeds",
    extensions: &["xml", "rss", "atom"],
    sniff,
    read: Some(read),
    streams: true,
    write: None,
};

/// Dublin Core.
pub(super) const DC: &str = "http://purl.org/dc/elements/1.1/";

fn sniff(head: &str) -> Sniff {
    match root_name(head) {
        "rss" | "RDF" if head.contains("arxiv.org") => Sniff::Yes,
        "feed" if is_daily(head) => Sniff::Yes,
        _ => Sniff::No,
    }
}

/// Whether an Atom feed is one of the daily ones.
pub(super) fn is_daily(head: &str) -> bool {
    ["rss.arxiv.org", "oai:arXiv.org:", "announce_type", "updates on arXiv.org"].iter().any(|mark| head.contains(mark))
}

fn is_container(element: &Element) -> bool {
    matches!(element.name(), "rss" | "RDF" | "channel" | "feed")
}

fn read(input: Input<'_>, options: &ReadOptions, sink: &mut dyn Sink) -> Result<()> {
    let mut document = Document::new(input);
    let mut feed = Feed::new(sink, options);
    let start = document.here();
    let (mut in_feed, mut is_error) = (false, false);
    while let Some(step) = document.next(is_container, feed.sink)? {
        match step {
            Step::Open => in_feed = true,
            Step::Whole(_) if !in_feed => return Err(document.refusal("this is no RSS or Atom feed")),
            Step::Whole(item) if matches!(item.name(), "item" | "entry") => {
                if paper(&item, &mut feed).is_break() {
                    return Ok(());
                }
            }
            Step::Whole(element) => match element.name() {
                "title" => is_error |= element.text().starts_with("Feed error for query"),
                "description" | "subtitle" if is_error => {
                    return Err(document.refusal(&format!("arXiv answered with an error: {}", element.text())));
                }
                _ => {}
            },
        }
    }
    if is_error {
        return Err(document.refusal("arXiv answered with an error and gave no reason"));
    }
    feed.finish(start);
    Ok(())
}

fn paper(item: &Element, feed: &mut Feed<'_>) -> ControlFlow<()> {
    let (title, old) = old_title(any(item, "title"));
    let body = body(item);
    let named = [any(item, "guid"), any(item, "id"), old.map_or("", |old| old.id), any(item, "link"), body.id];
    let about = item.attribute("about").unwrap_or_default();
    let ids = named.into_iter().chain([about]).filter_map(|text| {
        ArxivId::parse(text.strip_prefix("oai:").map_or(text, |id| id.strip_prefix("arXiv.org:").unwrap_or(id)))
    });
    let Some(id) =
        ids.reduce(|found, other| if found.version().is_none() && other.id() == found.id() { other } else { found })
    else {
        feed.refuse(&format!("an item has no arXiv identifier: {title:?}; it is left out"), item.span);
        return ControlFlow::Continue(());
    };
    let announced = match any(item, "announce_type") {
        "" if old.is_some_and(|old| !old.announced.is_empty()) => old.map_or("", |old| old.announced),
        "" => body.announced,
        announced => announced,
    };
    if !announced.is_empty() {
        feed.set_aside(format!("announced as {}", announced.to_ascii_lowercase()));
    }
    let record = Record {
        id: id.id().to_owned(),
        title: title.to_owned(),
        authors: creators(item),
        categories: categories(item, old.map_or("", |old| old.class)),
        journal_ref: any(item, "journal_reference").to_owned(),
        doi: any(item, "DOI").to_owned(),
        license: any(item, "rights").to_owned(),
        versions: id
            .version()
            .map(|n| Version { version: format!("v{n}"), created: String::new() })
            .into_iter()
            .collect(),
        abstract_text: body.text,
        ..Record::default()
    };
    feed.record(&record, item.span, |_| {})
}

/// The text of the first child of a name: RSS 2.0 has no namespace, RSS 1.0 and Atom each another.
fn any<'e>(item: &'e Element, name: &str) -> &'e str {
    item.children().iter().find(|child| child.name() == name).map_or("", Element::text)
}

/// What stands behind a title in feeds until 2023: `(arXiv:2207.06591v3 [cs.CL] UPDATED)`.
#[derive(Clone, Copy)]
struct OldTitle<'t> {
    id: &'t str,
    class: &'t str,
    announced: &'t str,
}

fn old_title(title: &str) -> (&str, Option<OldTitle<'_>>) {
    let Some((before, inside)) = title
        .rsplit_once("(arXiv:")
        .and_then(|(before, inside)| Some((before.trim_end(), inside.trim_end().strip_suffix(')')?)))
    else {
        return (title, None);
    };
    let (id, rest) = inside.split_once(' ').unwrap_or((inside, ""));
    let (class, announced) =
        rest.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']')).unwrap_or(("", rest));
    (before.strip_suffix('.').unwrap_or(before), Some(OldTitle { id, class, announced: announced.trim() }))
}

/// What a description holds.
struct Body<'t> {
    id: &'t str,
    announced: &'t str,
    text: String,
}

/// Reads `arXiv:IDvN Announce Type: new \nAbstract: …`, or the HTML paragraph of older feeds.
fn body(item: &Element) -> Body<'_> {
    let text = ["description", "summary"].into_iter().map(|name| any(item, name)).find(|text| !text.is_empty());
    let text = text.unwrap_or_default();
    if let Some((head, rest)) = text.split_once("Announce Type:") {
        let (announced, body) = rest.split_once("Abstract:").unwrap_or((rest, ""));
        return Body { id: head.trim(), announced: announced.trim(), text: body.trim().to_owned() };
    }
    let text = if text.starts_with('<') { without_tags(text) } else { text.to_owned() };
    Body { id: "", announced: "", text }
}

/// The text of a piece of HTML that was escaped into a feed.
fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let is_tag = rest[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        match rest[at..].find('>').filter(|_| is_tag) {
            Some(end) => rest = &rest[at + end + 1..],
            None if is_tag => break,
            None => {
                out.push('<');
                rest = &rest[at + 1..];
            }
        }
    }
    unescape((out + rest).trim(), |_| {})
}

/// All authors as one string.
fn creators(item: &Element) -> String {
    let creators = item.all(DC, "creator").map(|creator| without_tags(creator.text()));
    let mut names: Vec<String> = creators.collect();
    if names.is_empty() {
        names = item.all(ATOM, "author").map(|author| author.text_of(ATOM, "name").to_owned()).collect();
    }
    names.join(", ")
}

fn categories(item: &Element, primary: &str) -> String {
    let mut classes: Vec<&str> = Vec::new();
    let listed = item.children().iter().filter(|child| child.name() == "category");
    let listed = listed.map(|class| class.attribute("term").unwrap_or(class.text()));
    for class in item.all(ARXIV, "primary_category").filter_map(|c| c.attribute("term")).chain([primary]).chain(listed)
    {
        if !class.is_empty() && !classes.contains(&class) {
            classes.push(class);
        }
    }
    classes.join(" ")
}
