//! Whole texts through the whole room, in a compact rendering: one line an entry, one a finding.

use super::{SPEC, read};
use crate::format::{Format, Input, ReadOptions, Sniff};
use crate::model::{DateField, FieldName, ListField, PlainField, Role, Scheme, Text, TextField};
use crate::source::SourceId;
use crate::stream::{Collected, Sourced};
use std::fmt::Write as _;

fn collect(input: &str) -> Collected {
    let mut sink = Collected::default();
    read(Input::from_text(SourceId(0), "test", input), &ReadOptions::default(), &mut sink).unwrap();
    sink
}

/// `line:column arxiv-id | title | authors | abstract…`, then what else there is; `~` marks a cut value.
fn render(input: &str) -> String {
    let found = collect(input);
    let mut out = String::new();
    for (count, span) in &found.declared {
        let _ = writeln!(out, "={count} {}:{}", span.line, span.column);
    }
    for entry in &found.entries {
        out.push_str(&render_entry(entry));
        out.push('\n');
    }
    for finding in &found.diagnostics {
        let span = finding.span.unwrap();
        let text = finding.message.split('`').nth(1).unwrap_or_default();
        let _ = writeln!(out, "{} {}:{} {text}", &finding.severity.name()[..1], span.line, span.column);
    }
    out
}

fn render_entry(sourced: &Sourced) -> String {
    let (entry, span) = (&sourced.entry, sourced.span.unwrap());
    for field in entry.fields() {
        assert!(sourced.origins.get(field).is_some(), "{field} has no origin");
    }
    let text = |field| {
        let cut = if sourced.origins.is_cut(FieldName::Text(field)) { "~" } else { "" };
        entry.texts.get(field).map(|text| format!("{cut}{}", ends(&text.to_plain())))
    };
    let people: Vec<String> = entry.people_as(Role::Author).map(ToString::to_string).collect();
    let list = |field| entry.lists.get(field).map(|list| list.iter().map(Text::to_plain).collect::<Vec<_>>().join(" "));
    let ids: Vec<String> = entry.ids.iter().map(|id| if id.scheme() == Scheme::Arxiv { id.value() } else { format!("{}:{}", id.scheme().name(), id.value()) }).collect();
    let date = |field| entry.dates.get(field).map(ToString::to_string);
    let parts = [
        ("key", entry.key.clone()),
        ("id", Some(ids.join(" ")).filter(|ids| !ids.is_empty())),
        ("t", text(TextField::Title)),
        ("p", Some(people.join(", ")).filter(|people| !people.is_empty())),
        ("a", text(TextField::Abstract)),
        ("c", text(TextField::Comment)),
        ("j", text(TextField::JournalRef)),
        ("n", text(TextField::Note)),
        ("k", list(ListField::Category)),
        ("w", list(ListField::Keyword)),
        ("d", date(DateField::Issued)),
        ("av", date(DateField::Available)),
        ("u", entry.plain.get(PlainField::Url).filter(|url| !url.contains("arxiv.org")).cloned()),
        ("f", entry.foreign.first().map(|foreign| format!("{}={}", foreign.name, foreign.value))),
    ];
    let shown: Vec<String> = parts.into_iter().filter_map(|(name, value)| Some(format!("{name}: {}", value?))).collect();
    format!("{}:{} {}", span.line, span.column, shown.join(" | "))
}

/// Beginning and end of a long text.
fn ends(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= 60 {
        return text.to_owned();
    }
    let (head, tail): (String, String) = (chars[..20].iter().collect(), chars[chars.len() - 20..].iter().collect());
    format!("{head}[..]{tail}")
}

fn check(input: &str, expected: &str) {
    let shown = render(input);
    assert_eq!(shown.trim(), expected.trim(), "\n{shown}");
}

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../../fixtures/listing/", $name))
    };
}

const FIXTURES: [&str; 22] = [
    fixture!("jeff-dean-21.txt"),
    fixture!("jeff-dean-22-declared.txt"),
    fixture!("titles-and-snippets.txt"),
    fixture!("numbered.txt"),
    fixture!("bulleted.txt"),
    fixture!("paragraphs.txt"),
    fixture!("search-page.txt"),
    fixture!("list-page.txt"),
    fixture!("abs-page.txt"),
    fixture!("paper-page.txt"),
    fixture!("authors-one-a-line.txt"),
    fixture!("names-without-label.txt"),
    fixture!("titles-authors-venues.txt"),
    fixture!("awesome-list.md"),
    fixture!("paper.tex"),
    fixture!("paper.typ"),
    fixture!("mail.txt"),
    fixture!("references.txt"),
    fixture!("front-matter.md"),
    fixture!("just-words.txt"),
    fixture!("glued-snippets.txt"),
    fixture!("ids.txt"),
];

#[test]
fn the_listing_that_the_project_was_created_from() {
    for (text, count) in [(FIXTURES[0], 21), (FIXTURES[1], 22)] {
        let found = collect(text);
        assert_eq!(found.entries.len(), 21);
        assert_eq!(found.diagnostics, []);
        assert_eq!(found.declared.iter().map(|(n, span)| (*n, span.line)).collect::<Vec<_>>(), [(count, 1)]);
        for (at, sourced) in found.entries.iter().enumerate() {
            let line = text.lines().nth(at + 1).unwrap();
            let span = sourced.span.unwrap();
            assert_eq!((span.line as usize, span.column), (at + 2, 1));
            assert_eq!(&text[span.start as usize..span.start as usize + span.len as usize], line);
            assert!(sourced.origins.is_cut(FieldName::Text(TextField::Abstract)));
            let fragment = sourced.entry.texts.get(TextField::Abstract).unwrap().to_plain();
            assert_eq!(fragment, line.strip_suffix("...").unwrap().trim_end());
            assert!(sourced.entry.title().is_none());
        }
    }
}
