//! Pasted text: any listing of papers that people copy from a page, and any text that names papers.
//!
//! There is no standard to follow; the forms are those of arXiv's pages, of pages that show arXiv papers, and of lists that
//! people keep. The data goes one way: `lines` says what each line is (with `labels`, `count`, `dates`, `cut`, `people`,
//! `links`, `reference`), then either `entries` groups the lines of a listing or `running` picks the papers out of running
//! text (with `titles`), or `front_matter` reads a publication page; `draft` is an entry in the making, `collector` keeps
//! what is finished and what nobody could read. Titles, abstracts and identifiers are read as they stand and completed by
//! whoever has a catalog; this room has none.

mod beside;
mod collector;
mod count;
mod cut;
mod dates;
mod draft;
mod entries;
mod front_matter;
mod labels;
mod leading;
mod lines;
mod links;
mod people;
mod places;
mod reference;
mod rows;
mod running;
mod tags;
mod titles;
mod unlinked;
mod versions;
mod widths;

#[cfg(test)]
mod tests;

use super::{Format, FormatSpec, Input, ReadOptions, Sniff};
use crate::error::Result;
use crate::stream::Sink;
use collector::Collector;
use labels::Label;
use lines::{Kind, Line};
use places::Places;

/// The row of pasted text.
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::Listing,
    name: "listing",
    title: "pasted text",
    extensions: &["txt", "md", "markdown", "text", "tex", "typ", "eml", "rst", "org"],
    sniff,
    read: Some(read),
    streams: false,
    write: None,
};

fn read(input: Input<'_>, options: &ReadOptions, sink: &mut dyn Sink) -> Result<()> {
    let source = input.source();
    let text = input.text(sink)?;
    let mut collector = Collector::new(Places::new(source, &text), options.date);
    if let Some((inner, body)) = front_matter::find(&text) {
        front_matter::read(&text, inner, body, &mut collector);
    } else {
        let lines = lines::split(&text);
        if is_running_text(&lines) {
            running::read(&text, &lines::physical(&text), &mut collector);
            collector.names_nothing(0..text.lines().next().map_or(0, str::len));
        } else {
            entries::read(&lines, &mut collector);
        }
    }
    versions::report(&text, &mut collector);
    collector.drain(sink);
    Ok(())
}

/// Tells text that names papers in passing from a listing, whose lines are about papers.
fn is_running_text(lines: &[Line<'_>]) -> bool {
    let full = || lines.iter().filter(|line| !line.text.is_empty());
    if full().take(5).any(|line| opens_source(&line.text)) {
        return true;
    }
    let (mut linked, mut named, mut listing, mut cut, mut source) = (0_usize, 0_usize, 0_usize, 0_usize, 0_usize);
    for line in full() {
        let text = links::bounded(&line.text, 4000);
        match line.kind {
            Kind::Fragment | Kind::Count(_) => cut += 1,
            Kind::Label(Label::Title | Label::Abstract | Label::Authors, _) | Kind::Ids(_) | Kind::Dates(_) => {
                listing += 1;
            }
            Kind::Prose | Kind::Furniture => named += usize::from(mentions_paper(text)),
            _ => {}
        }
        linked += usize::from(is_link_markup(text));
        source += usize::from(is_source_line(text));
    }
    // Sources are not cut off line by line: a few lines of source show one, unless more lines than that are cut.
    let is_source = source >= 2 && cut <= source && listing <= 3 * source;
    // A page that declares how many papers it lists says itself what it is.
    let declared = full().take(5).any(|line| matches!(line.kind, Kind::Count(count::Count::Page(_))));
    linked > listing + cut || !declared && (is_source || source + named > listing + cut)
}

/// The beginning of a LaTeX or Typst document.
fn opens_source(text: &str) -> bool {
    ["\\documentclass", "\\begin{document}", "#import ", "#set ", "#show "].iter().any(|head| text.starts_with(head))
}

fn mentions_paper(text: &str) -> bool {
    links::may_mention(text) && links::find(text).iter().any(|mention| mention.target.is_paper())
}

/// A link in the syntax of a markup language.
fn is_link_markup(text: &str) -> bool {
    ["](http", "](<http", "href=", "\\href{http", "link(\"http", "[[http", "\\url{http"]
        .iter()
        .any(|mark| text.contains(mark))
}

/// A line of LaTeX, Typst or a mail's header.
fn is_source_line(text: &str) -> bool {
    const HEADS: [&str; 17] = [
        "\\documentclass",
        "\\usepackage",
        "\\begin{",
        "\\end{",
        "\\section",
        "\\bibitem",
        "\\cite",
        "\\chapter",
        "#import ",
        "#set ",
        "#show ",
        "#cite(",
        "Subject: ",
        "Message-ID: ",
        "Message-Id: ",
        "To: ",
        "MIME-Version: ",
    ];
    HEADS.iter().any(|head| text.starts_with(head)) || text.contains("\\cite{")
}

fn sniff(head: &str) -> Sniff {
    let trimmed = head.trim_start_matches('\u{feff}').trim_start();
    if trimmed.is_empty() || is_binary(head) || is_structured(trimmed) {
        return Sniff::No;
    }
    if front_matter::find(head).is_some() && !head.contains("\nreferences:") {
        return Sniff::Likely;
    }
    // What might be a record of another format after all is left to that format.
    let foreign = trimmed.lines().any(|line| {
        let line = line.trim_start();
        line.starts_with("TY  -")
            || (line.starts_with('@') && line.contains('{'))
            || line == "references:"
            || line.starts_with("%A ")
    });
    if foreign || !has_forms(head) { Sniff::Maybe } else { Sniff::Likely }
}

/// At least two signs of a listing, or its header.
fn has_forms(head: &str) -> bool {
    let lines = lines::split(head);
    let signs = lines.iter().take(200).filter(|line| match &line.kind {
        Kind::Fragment | Kind::Ids(_) | Kind::Reference | Kind::Label(..) => true,
        _ => mentions_paper(links::bounded(&line.text, 1000)),
    });
    let counted = head.lines().take(30).any(|line| matches!(count::read(line.trim()), Some(count::Count::Page(_))));
    counted || signs.count() >= 2
}

fn is_binary(head: &str) -> bool {
    let odd = head.chars().filter(|c| *c == '\0' || *c == '\u{fffd}' || (c.is_control() && !c.is_whitespace())).count();
    head.contains('\0') || odd * 20 > head.chars().count()
}

/// JSON, XML, HTML: formats with readers of their own.
fn is_structured(text: &str) -> bool {
    let json = text.starts_with('{')
        || (text.starts_with('[')
            && text[1..].trim_start().starts_with(['{', '"', ']', '['])
            && !text.starts_with("[["));
    let markup = ["<?xml", "<!DOCTYPE", "<!doctype", "<html", "<rss", "<feed", "<OAI-PMH", "%PDF"]
        .iter()
        .any(|head| text.starts_with(head));
    json || markup
}
