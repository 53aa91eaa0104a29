//! arXiv's OAI-PMH 2.0 in the metadata formats `arXiv`, `arXivRaw`, `arXivOld` and `oai_dc`: pages of `ListRecords`,
//! `GetRecord`, identifiers alone, single saved records, errors.
//!
//! Knows the wrapping only; what a record means stands in `record.rs`.

use super::feed::Feed;
use super::rss::DC;
use super::xml::{Document, Element, Step, root_name};
use crate::diagnostic::{Diagnostic, Rule};
use crate::error::Result;
use crate::format::{Format, FormatSpec, Input, ReadOptions, Sniff};
use crate::model::{
    ArxivId, Date, DateField, Entry, Foreign, Identifier, Kind, ListField, Name, PlainField, Role, Scheme, Text,
};
use crate::record::{Record, Version, is_collaboration, parse_created, squeeze};
use crate::source::printable;
use crate::stream::Sink;
use std::ops::ControlFlow;

/// The row of arXiv's OAI-PMH.
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::ArxivOai,
    name: "arxiv-oai",
    title: "arXiv OAI-PMH",
    extensions: &["xml"],
    sniff,
    read: Some(read),
    streams: true,
    write: None,
};

const OAI: &str = "http://www.openarchives.org/OAI/2.0/";
/// Answers that hold no papers by their nature.
const NO_LISTS: [&str; 3] = ["Identify", "ListSets", "ListMetadataFormats"];

fn sniff(head: &str) -> Sniff {
    match root_name(head) {
        "OAI-PMH" => Sniff::Yes,
        "record" | "ListRecords" | "GetRecord" if head.contains("oai:") || head.contains("openarchives.org") => {
            Sniff::Yes
        }
        _ => Sniff::No,
    }
}

fn is_container(element: &Element) -> bool {
    ["OAI-PMH", "ListRecords", "GetRecord", "ListIdentifiers"].iter().any(|name| element.is(OAI, name))
}

fn read(input: Input<'_>, options: &ReadOptions, sink: &mut dyn Sink) -> Result<()> {
    let mut document = Document::new(input);
    let mut feed = Feed::new(sink, options);
    let start = document.here();
    while let Some(step) = document.next(is_container, feed.sink)? {
        let Step::Whole(element) = step else { continue };
        let flow = match element.name() {
            "record" => record(&element, &mut feed),
            "header" => listed_header(&element, &mut feed),
            "resumptionToken" => token(&element, &mut feed),
            "error" if element.attribute("code") == Some("noRecordsMatch") => ControlFlow::Continue(()),
            "error" => {
                let code = element.attribute("code").unwrap_or("no code");
                return Err(document
                    .refusal(&format!("the server answered with an error: {code}: {}", squeeze(element.text()))));
            }
            name if NO_LISTS.contains(&name) => {
                return Err(document.refusal(&format!("this is an answer to {name}, which lists no papers")));
            }
            "responseDate" | "request" => ControlFlow::Continue(()),
            name => return Err(document.refusal(&format!("<{name}> does not belong to an OAI-PMH answer"))),
        };
        if flow.is_break() {
            return Ok(());
        }
    }
    feed.finish(start);
    Ok(())
}

/// A token names the next page; an empty one says that this was the last.
fn token(element: &Element, feed: &mut Feed<'_>) -> ControlFlow<()> {
    if !element.text().is_empty() {
        let message = format!("more follows; the next page's resumptionToken is {}", printable(element.text()));
        let help = "fetch the next page with this token and give all pages as inputs of one call";
        feed.sink.report(Diagnostic::new(Rule::PartialAnswer, message).at(element.span).help(help));
    }
    ControlFlow::Continue(())
}

/// An identifier without metadata; a catalog can tell the rest.
fn listed_header(header: &Element, feed: &mut Feed<'_>) -> ControlFlow<()> {
    let identifier = header.text_of(OAI, "identifier");
    if is_deleted(header, feed) {
        return ControlFlow::Continue(());
    }
    let Some(id) = arxiv_id(identifier) else {
        feed.refuse(
            &format!("{identifier} is no identifier of arXiv and has no metadata; it is left out"),
            header.span,
        );
        return ControlFlow::Continue(());
    };
    let record = Record { id: id.id().to_owned(), categories: classes_of_sets(header), ..Record::default() };
    feed.record(&record, header.span, |_| {})
}

fn is_deleted(header: &Element, feed: &mut Feed<'_>) -> bool {
    let deleted = header.attribute("status") == Some("deleted");
    if deleted {
        let identifier = match header.text_of(OAI, "identifier") {
            "" => "a record without identifier",
            identifier => identifier,
        };
        let message = format!("{} was deleted at its source", printable(identifier));
        feed.sink.report(Diagnostic::new(Rule::DeletedRecord, message).at(header.span));
    }
    deleted
}

fn arxiv_id(identifier: &str) -> Option<ArxivId> {
    ArxivId::parse(identifier.strip_prefix("oai:arXiv.org:").unwrap_or(identifier))
}

fn record(record: &Element, feed: &mut Feed<'_>) -> ControlFlow<()> {
    let header = record.all(OAI, "header").next();
    if header.is_some_and(|header| is_deleted(header, feed)) {
        return ControlFlow::Continue(());
    }
    let metadata = record.all(OAI, "metadata").next().and_then(|metadata| metadata.children().first());
    let Some(metadata) = metadata else {
        feed.refuse("a record has no metadata; it is left out", record.span);
        return ControlFlow::Continue(());
    };
    let empty = Element::default();
    let header = header.unwrap_or(&empty);
    match metadata.name() {
        "arXiv" | "arXivRaw" | "arXivOld" => own_record(metadata, header, record, feed),
        "dc" => dublin_core(metadata, header, record, feed),
        name => {
            feed.refuse(&format!("metadata in the format <{name}> is not read; the record is left out"), record.span);
            ControlFlow::Continue(())
        }
    }
}

/// The text of the first child of a name; arXiv's formats each have a namespace of their own.
fn own<'e>(metadata: &'e Element, name: &str) -> &'e str {
    metadata.children().iter().find(|child| child.name() == name).map_or("", Element::text)
}

/// arXiv's own three formats, which differ in how authors and dates are given.
fn own_record(metadata: &Element, header: &Element, whole: &Element, feed: &mut Feed<'_>) -> ControlFlow<()> {
    let text = |name: &str| own(metadata, name).to_owned();
    let Some(id) = arxiv_id(own(metadata, "id")).or_else(|| arxiv_id(header.text_of(OAI, "identifier"))) else {
        feed.refuse(
            &format!("{:?} is no identifier of arXiv; the record is left out", own(metadata, "id")),
            whole.span,
        );
        return ControlFlow::Continue(());
    };
    let (authors_parsed, affiliations) = authors(metadata);
    (0..affiliations).for_each(|_| feed.set_aside("affiliation"));
    let record = Record {
        authors: text("authors"),
        authors_parsed,
        title: text("title"),
        categories: text("categories"),
        comments: text("comments"),
        journal_ref: text("journal-ref"),
        doi: text("doi"),
        report_no: text("report-no"),
        license: text("license"),
        versions: versions(metadata, &id),
        update_date: text("updated"),
        abstract_text: text("abstract"),
        id: id.id().to_owned(),
    };
    let newest = metadata.children().iter().rfind(|child| child.name() == "version");
    if newest.is_some_and(|version| own(version, "size") == "0kb")
        && !record.comments.to_ascii_lowercase().contains("withdrawn")
    {
        feed.withdrawn(&record.id, whole.span);
    }
    feed.record(&record, whole.span, |entry| {
        for name in ["msc-class", "acm-class", "proxy"] {
            let value = own(metadata, name);
            if !value.is_empty() {
                entry.foreign.push(Foreign { format: "arxiv", name: name.to_owned(), value: squeeze(value) });
            }
        }
    })
}

/// The authors in parts, as `arXiv` gives them, and how many affiliations there are.
fn authors(metadata: &Element) -> (Vec<Vec<String>>, usize) {
    let list = metadata.children().iter().filter(|child| child.name() == "authors");
    let authors = list.flat_map(Element::children).filter(|child| child.name() == "author");
    let mut affiliations = 0;
    let parts = authors.map(|author| {
        affiliations += author.children().iter().filter(|child| child.name() == "affiliation").count();
        ["keyname", "forenames", "suffix"].iter().map(|name| own(author, name).to_owned()).collect()
    });
    (parts.collect(), affiliations)
}

fn versions(metadata: &Element, id: &ArxivId) -> Vec<Version> {
    let listed = metadata.children().iter().filter(|child| child.name() == "version");
    let versions: Vec<Version> = listed
        .map(|version| Version {
            version: version.attribute("version").unwrap_or_default().to_owned(),
            created: own(version, "date").to_owned(),
        })
        .collect();
    if versions.is_empty() { first_version(own(metadata, "created"), id) } else { versions }
}

/// The first version's date. The server of today gives the latest version's day as `created`, the one before it gave the
/// first one's; a day that does not fit the month in the identifier is not the first one's.
fn first_version(created: &str, id: &ArxivId) -> Vec<Version> {
    let months = |year: i32, month: u8| year * 12 + i32::from(month);
    let (year, month) = id.year_month();
    let fits = parse_created(created).is_some_and(|day| {
        let distance = months(year, month) - months(day.year, day.month.unwrap_or(1));
        (0..=1).contains(&distance)
    });
    if fits { vec![Version { version: "v1".to_owned(), created: created.to_owned() }] } else { Vec::new() }
}

/// `math:math:DG` is math.DG, `physics:hep-th` hep-th, `physics:cond-mat:str-el` cond-mat.str-el; a bare group is no class.
fn classes_of_sets(header: &Element) -> String {
    let class = |set: &Element| {
        let mut parts = set.text().split(':').skip(1);
        let archive = parts.next()?.to_owned();
        Some(parts.next().map_or_else(|| archive.clone(), |class| format!("{archive}.{class}")))
    };
    header.all(OAI, "setSpec").filter_map(class).collect::<Vec<_>>().join(" ")
}

/// Unqualified Dublin Core, of arXiv or of another server.
fn dublin_core(metadata: &Element, header: &Element, whole: &Element, feed: &mut Feed<'_>) -> ControlFlow<()> {
    let texts =
        |name: &str| metadata.all(DC, name).map(Element::text).filter(|text| !text.is_empty()).collect::<Vec<_>>();
    let identifiers = texts("identifier");
    let id = arxiv_id(header.text_of(OAI, "identifier"))
        .or_else(|| identifiers.iter().find_map(|text| ArxivId::parse(text)));
    let is_arxiv = id.is_some();
    let mut descriptions = texts("description").into_iter();
    let mut record = Record {
        id: id.as_ref().map_or_else(String::new, |id| id.id().to_owned()),
        title: texts("title").first().copied().unwrap_or_default().to_owned(),
        categories: if is_arxiv { classes_of_sets(header) } else { String::new() },
        abstract_text: descriptions.next().unwrap_or_default().to_owned(),
        license: texts("rights").first().copied().unwrap_or_default().to_owned(),
        ..Record::default()
    };
    let comments: Vec<&str> = descriptions.map(|text| text.strip_prefix("Comment:").unwrap_or(text).trim()).collect();
    record.comments = comments.join("; ");
    let dates = texts("date");
    if let (Some(first), true) = (dates.first(), is_arxiv) {
        record.versions.push(Version { version: "v1".to_owned(), created: (*first).to_owned() });
    }
    let mut addresses = Vec::new();
    for identifier in identifiers {
        if let Some(doi) = identifier.strip_prefix("doi:") {
            record.doi.push_str(doi);
            record.doi.push(' ');
        } else if identifier.starts_with("http://") || identifier.starts_with("https://") {
            addresses.push(identifier);
        } else {
            identifier.clone_into(&mut record.journal_ref);
        }
    }
    feed.record(&record, whole.span, |entry| {
        entry.people = texts("creator").into_iter().map(|name| (Role::Author, creator(name))).collect();
        put_subjects(&texts("subject"), entry);
        if !is_arxiv {
            put_foreign_work(&addresses, dates.first().copied(), header, entry);
        }
    })
}

/// `Last, First`; a name without comma as displayed.
fn creator(name: &str) -> Name {
    match name.split_once(", ") {
        Some(_) if is_collaboration(name) => Name::Literal(name.to_owned()),
        Some((family, given)) => Name::from_parts(family, given, ""),
        None => crate::record::author_from_display(name),
    }
}

/// Long names of classes say nothing beside the classes; what does not stand for one is a keyword.
fn put_subjects(subjects: &[&str], entry: &mut Entry) {
    if entry.lists.get(ListField::Category).is_none() && !subjects.is_empty() {
        entry.lists.set(ListField::Keyword, subjects.iter().map(|subject| Text::plain(*subject)).collect());
        return;
    }
    let others = subjects.iter().filter(|subject| subject.bytes().any(|byte| byte.is_ascii_digit()));
    for codes in others {
        entry.foreign.push(Foreign { format: "arxiv", name: "msc-class".to_owned(), value: squeeze(codes) });
    }
}

/// A work of another server: what arXiv's identifier would have told is taken from the record.
fn put_foreign_work(addresses: &[&str], date: Option<&str>, header: &Element, entry: &mut Entry) {
    entry.kind = Kind::Misc;
    if let Some(address) = addresses.first() {
        entry.plain.set(PlainField::Url, (*address).to_owned());
    } else if let Some(doi) = Identifier::parse(Scheme::Doi, header.text_of(OAI, "identifier")) {
        entry.add_id(doi);
    }
    if let Some(date) = date {
        entry.dates.set(DateField::Issued, Date::parse_edtf(date).unwrap_or_else(|| Date::Written(date.to_owned())));
    }
}
