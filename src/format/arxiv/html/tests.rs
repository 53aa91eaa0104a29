//! Whole pages: what the fixtures do not show, and what no page may do.

use super::{SPEC, sniff};
use crate::diagnostic::Rule;
use crate::format::{Format, Input, ReadOptions, Sniff};
use crate::model::{FieldName, TextField};
use crate::source::SourceId;
use crate::stream::Collected;

const PAGES: [&str; 13] = [
    include_str!("../../../../fixtures/arxiv-html/abs.html"),
    include_str!("../../../../fixtures/arxiv-html/abs-2017.html"),
    include_str!("../../../../fixtures/arxiv-html/abs-classes.html"),
    include_str!("../../../../fixtures/arxiv-html/abs-saved.html"),
    include_str!("../../../../fixtures/arxiv-html/abs-withdrawn.html"),
    include_str!("../../../../fixtures/arxiv-html/author-page.html"),
    include_str!("../../../../fixtures/arxiv-html/author-page-form.json"),
    include_str!("../../../../fixtures/arxiv-html/list-2019.html"),
    include_str!("../../../../fixtures/arxiv-html/list-empty.html"),
    include_str!("../../../../fixtures/arxiv-html/list-new.html"),
    include_str!("../../../../fixtures/arxiv-html/list-recent.html"),
    SEARCH,
    include_str!("../../../../fixtures/arxiv-html/search-empty.html"),
];
const SEARCH: &str = include_str!("../../../../fixtures/arxiv-html/search.html");
const LIST: &str = include_str!("../../../../fixtures/arxiv-html/list-new.html");

fn read(text: &str) -> Result<Collected, String> {
    let mut sink = Collected::default();
    let input = Input::from_text(SourceId(0), "page.html", text);
    super::read::read(input, &ReadOptions::default(), &mut sink).map_err(|error| error.to_string())?;
    Ok(sink)
}

fn ids(found: &Collected) -> Vec<String> {
    found.entries.iter().filter_map(|sourced| sourced.entry.arxiv()).map(ToString::to_string).collect()
}

#[test]
fn pages_are_told_by_what_arxiv_writes_into_them() {
    assert!(SPEC.read.is_some());
    for page in PAGES {
        let head: String = page.chars().take(4000).collect();
        assert_eq!(sniff(&head), Sniff::Yes, "{head}");
        assert_eq!(Format::detect(&head, None).ok(), Some(Format::ArxivHtml));
    }
    for other in [
        "<!DOCTYPE html><html><head><title>My reading list</title></head><a href=\"https://arxiv.org/abs/1706.03762\">Attention</a>",
        "<html><img src=\"https://static.arxiv.org/static/browse/0.3.4/images/arxiv-logo-fb.png\">",
        "<!-- saved from url=(0020)https://example.org/abs/1 --><html>",
        "<?xml version=\"1.0\"?><feed><id>http://arxiv.org/api/x</id></feed>",
        "{\"entries\": []}",
        "[1706.03762](https://arxiv.org/abs/1706.03762)",
    ] {
        assert_eq!(sniff(other), Sniff::No, "{other}");
    }
}

#[test]
fn a_search_says_how_much_of_an_abstract_it_shows() {
    let found = read(SEARCH).unwrap();
    let is_cut = |at: usize| found.entries[at].origins.is_cut(FieldName::Text(TextField::Abstract));
    assert_eq!((0..6).map(is_cut).collect::<Vec<_>>(), [false, false, false, false, false, true]);
    assert_eq!(found.declared.iter().map(|(count, _)| *count).collect::<Vec<_>>(), [6]);
}

#[test]
fn parts_of_a_list_are_added_up() {
    let found = read(LIST).unwrap();
    assert_eq!(found.declared.iter().map(|(count, span)| (*count, span.line)).collect::<Vec<_>>(), [(6, 23)]);
    assert_eq!(found.entries.len(), 6);
}

#[test]
fn pages_without_papers() {
    let check = |text: &str, expected: &str| assert_eq!(read(text).map(|_| ()).unwrap_err(), expected);
    check(
        "<title>x</title><h1>Access Denied</h1><p>Sadly, your client\ndoes not supply a proper User-Agent.</p>",
        "page.html: the page shows no papers; it says: Access Denied — Sadly, your client does not supply a proper User-Agent.",
    );
    check("<title>Nothing</title>", "page.html: the page shows no papers; it says: Nothing");
    check("", "page.html: the page shows no papers");
    check(
        "Rate exceeded.\n",
        "page.html: arXiv answered “Rate exceeded.” instead of a page; ask again later, and less often",
    );
    let found = read("<dl id=articles><p>No updates for this time period.</dl>").unwrap();
    assert_eq!(found.diagnostics.iter().map(|d| d.rule).collect::<Vec<_>>(), [Rule::EmptyInput]);
}

/// Browsers and people leave out end tags, change case and quotes, and make addresses absolute.
#[test]
fn the_same_page_in_other_hands() {
    let expected = read(LIST).unwrap();
    let entries = |text: &str| read(text).unwrap().entries.into_iter().map(|s| s.entry).collect::<Vec<_>>();
    let expected: Vec<_> = expected.entries.into_iter().map(|sourced| sourced.entry).collect();
    assert_eq!(entries(&LIST.replace("</dd>", "").replace("</dt>", "")), expected);
    assert_eq!(
        entries(&LIST.replace("href =\"/abs/", "HREF='https://arxiv.org/abs/").replace("\" title", "' title")),
        expected
    );
    assert_eq!(entries(&LIST.replace("<dl id='articles'>", "<DL ID=articles>").replace("<dd>", "<DD>")), expected);
    assert_eq!(entries(&LIST.replace('\n', "\r\n")), expected);
    assert_eq!(entries(&LIST.replace("class='list-title mathjax'", "class=\"mathjax list-title\"")), expected);
}

#[test]
fn an_item_without_identifier_is_reported() {
    let found =
        read("<dl><dt>[1]<dd><div class=list-title>A title</div><dt><a href=/abs/1706.03762v2>x</a><dd></dl>").unwrap();
    assert_eq!(ids(&found), ["1706.03762v2"]);
    let rules: Vec<Rule> = found.diagnostics.iter().map(|d| d.rule).collect();
    assert_eq!(rules, [Rule::MalformedRecord, Rule::MalformedValue]);
}

#[test]
fn dates_of_an_abstract_page_without_history() {
    let check = |dateline: &str, id: &str, issued: &str| {
        let page = format!(
            "<title>[2301.00001] T</title><meta name=citation_arxiv_id content=2301.00001>\
             <div class=dateline>{dateline}</div><h1 class='title mathjax'>T</h1>"
        );
        let found = read(&page).unwrap();
        assert_eq!(ids(&found), [id], "{dateline}");
        let date = found.entries[0].entry.dates.get(crate::model::DateField::Issued).map(ToString::to_string);
        assert_eq!(date.as_deref(), Some(issued), "{dateline}");
    };
    check("[Submitted on 29 May 2023 (v1), last revised 25 Apr 2024 (this version, v2)]", "2301.00001", "2023-05-29");
    check("[Submitted on 31 Jan 2022 (this version), latest version 25 May 2022 (v2)]", "2301.00001v1", "2022-01-31");
    check("(Submitted on 12 Jun 2017)", "2301.00001", "2017-06-12");
    check("", "2301.00001", "2023-01");
}

#[test]
fn no_prefix_of_a_page_breaks_the_reader() {
    for page in PAGES {
        let step = page.len() / 60 + 1;
        for end in (0..page.len()).step_by(step).filter(|end| page.is_char_boundary(*end)) {
            let _ = read(&page[..end]);
        }
    }
}

#[test]
fn reading_takes_linear_time() {
    let item =
        "<dt><a href='/abs/2301.00001'>x</a><dd><div class=list-title>T</div><div class=list-authors><a>A B</a>, ";
    let page = item.repeat(3_000);
    assert_eq!(read(&page).unwrap().entries.len(), 1);
    let _ = read(&"<dl><dt><div><p><td>".repeat(5_000));
}
