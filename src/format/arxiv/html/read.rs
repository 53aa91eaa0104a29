//! From a page to entries: which form it is, each paper once, how many it declares, and what it says if it shows none.

use super::draft::Draft;
use super::page::Page;
use super::{RATE_LIMIT, author_json, walk};
use crate::diagnostic::{Diagnostic, Rule};
use crate::error::{Error, Result};
use crate::format::{Input, ReadOptions};
use crate::model::ArxivId;
use crate::source::{LineIndex, Span, printable};
use crate::stream::Sink;
use std::collections::HashMap;
use std::ops::Range;

/// What a page says that shows no papers because there are none.
const NOTHING: [&str; 4] = ["produced no results", "no updates for", "total of 0 entries", "no articles"];

/// Reads a saved page.
pub(super) fn read(input: Input<'_>, options: &ReadOptions, sink: &mut dyn Sink) -> Result<()> {
    let (source, name) = (input.source(), printable(input.name()).into_owned());
    let text = input.text(sink)?;
    let lines = LineIndex::new(source, &text);
    let start = text.trim_start();
    if start.to_ascii_lowercase().starts_with(RATE_LIMIT) {
        return Err(Error::message(format!(
            "{name}: arXiv answered \u{201c}{}\u{201d} instead of a page; ask again later, and less often",
            printable(start.trim_end())
        )));
    }
    if start.starts_with('{') {
        let drafts = author_json::read(&text, &lines, sink);
        emit(drafts, None, &lines, options, sink);
        return Ok(());
    }
    let page = walk::walk(&text, Page::default()).map(|mut page| {
        page.end();
        page
    });
    let page = page.map_err(|error| Error::message(format!("{name}: the page cannot be read: {error}")))?;
    hand_on(page, &name, &lines, options, sink)
}

fn hand_on(
    mut page: Page,
    name: &str,
    lines: &LineIndex<'_>,
    options: &ReadOptions,
    sink: &mut dyn Sink,
) -> Result<()> {
    for place in std::mem::take(&mut page.nameless) {
        let message = "an item of the list names no paper; it is left out";
        sink.report(Diagnostic::new(Rule::MalformedRecord, message).at(lines.span(place)));
    }
    if page.items.is_empty() && page.paper.id.is_some() && !page.paper.record.title.is_empty() {
        emit(vec![page.paper], None, lines, options, sink);
        return Ok(());
    }
    let declared = declared(&page);
    if !page.items.is_empty() {
        emit(page.items, declared, lines, options, sink);
        return Ok(());
    }
    let said_nothing = page.notices.iter().find(|notice| {
        let notice = notice.to_lowercase();
        NOTHING.iter().any(|words| notice.contains(words))
    });
    let Some(notice) = said_nothing else { return Err(no_papers(&page, name)) };
    sink.declared_count(0, lines.span(0..0));
    sink.report(Diagnostic::new(Rule::EmptyInput, format!("{name}: the page shows no papers: {}", printable(notice))));
    Ok(())
}

/// How many papers the page says it shows, and where it says so.
fn declared(page: &Page) -> Option<(u64, Range<usize>)> {
    let first = page.declared.first().map(|(_, place)| place.clone());
    let parts = first.map(|place| (page.declared.iter().map(|(count, _)| count).sum(), place));
    parts.or_else(|| page.total.clone())
}

fn no_papers(page: &Page, name: &str) -> Error {
    let title = Some(&page.title).filter(|title| !title.is_empty());
    let said: Vec<&String> = page.notices.iter().take(2).collect();
    let said = if said.is_empty() { title.into_iter().collect() } else { said };
    let mut said = said.into_iter().map(String::as_str).collect::<Vec<_>>().join(" \u{2014} ");
    if said.is_empty() {
        return Error::message(format!("{name}: the page shows no papers"));
    }
    if let Some((end, _)) = said.char_indices().nth(300) {
        said.truncate(end);
        said.push('…');
    }
    Error::message(format!("{name}: the page shows no papers; it says: {}", printable(&said)))
}

/// Each paper once, in order.
fn emit(
    drafts: Vec<Draft>,
    declared: Option<(u64, Range<usize>)>,
    lines: &LineIndex<'_>,
    options: &ReadOptions,
    sink: &mut dyn Sink,
) {
    let mut once: Vec<Draft> = Vec::with_capacity(drafts.len());
    let mut places: HashMap<ArxivId, usize> = HashMap::new();
    let mut repeated = 0_u64;
    for draft in drafts {
        let Some(id) = draft.id.clone() else { continue };
        if let Some(first) = places.get(&id) {
            repeated += 1;
            let message = format!("{id} stands on the page before; it is left out here");
            sink.report(Diagnostic::new(Rule::ListedTwice, message).at(lines.span(draft.at.clone())));
            once[*first].complete(draft);
        } else {
            places.insert(id, once.len());
            once.push(draft);
        }
    }
    if let Some((count, place)) = declared {
        let span: Span = lines.span(place);
        sink.declared_count(count.saturating_sub(repeated), span);
    }
    for draft in once {
        for finding in draft.findings(lines) {
            sink.report(finding);
        }
        if sink.entry(draft.sourced(lines, options)).is_break() {
            return;
        }
    }
}
