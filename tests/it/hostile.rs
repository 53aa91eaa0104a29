//! Inputs that bring other programs down: circles, bombs, depth, and what takes time by its square. Each is read to its
//! end with few words about it, what is read of it is bounded, and the entry behind it is whole. The sizes are such that what
//! goes by the square would not end within the patience of who runs the tests; nothing here looks at a clock.

use bibmill::format::{Format, Input, ReadOptions};
use bibmill::source::SourceId;
use bibmill::stream::Collected;
use std::fmt::Write as _;

/// How many findings an input may have: one fault is one finding, or one for each of a few entries.
const FINDINGS: usize = 3;

/// The entry that must come out whole, at the end of each input.
fn intact(format: Format) -> &'static str {
    match format {
        Format::Bibtex | Format::Biblatex => "\n@misc{intact, title = {Intact}}\n",
        Format::CslJson => r#"{"id": "intact", "type": "book", "title": "Intact"}]"#,
        Format::CslYaml => "- {id: intact, type: book, title: Intact}\n",
        Format::Hayagriva => "intact:\n  type: book\n  title: Intact\n",
        _ => "TY  - BOOK\nID  - intact\nTI  - Intact\nER  - \n",
    }
}

fn stands(name: &str, format: Format, hostile: &str) {
    let text = format!("{hostile}{}", intact(format));
    let mut sink = Collected::default();
    let read = format.spec().read.expect("the format is read");
    read(Input::from_text(SourceId(0), name, &text), &ReadOptions::default(), &mut sink).expect("it can be read");
    let messages: Vec<&str> = sink.diagnostics.iter().map(|finding| finding.message.as_str()).collect();
    assert!(messages.len() <= FINDINGS, "{name}: {} findings: {:?}", messages.len(), &messages[..FINDINGS]);
    let Some(last) = sink.entries.last().map(|sourced| &sourced.entry) else { panic!("{name}: no entry") };
    assert_eq!(last.key.as_deref(), Some("intact"), "{name}");
    assert_eq!(last.title().map(ToString::to_string).as_deref(), Some("Intact"), "{name}");
    let size: usize = sink.entries.iter().map(|sourced| format!("{:?}", sourced.entry).len()).sum();
    assert!(size < (80 << 20) + 64 * text.len(), "{name}: {} bytes became {size}", text.len());
}

/// `item` for each number, joined.
fn each(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect()
}

#[test]
fn circles_and_bombs_of_bib_files() {
    let check = |name: &str, text: &str| stands(name, Format::Biblatex, text);
    check("a string of itself", "@string{a = a}@misc{k, title = a}");
    check("two strings of one another", "@string{a = b}@string{b = a}@misc{k, title = a}");
    check("a crossref to itself", "@article{a, crossref={a}}");
    check("two crossrefs", "@article{a, crossref={b}}@article{b, crossref={a}}");
    check("xdata of itself", "@xdata{a, xdata={a}}");
    let chain = each(50_000, |at| format!("@string{{s{} = s{at}}}\n", at + 1));
    check("a chain of strings", &format!("@string{{s0 = {{x}}}}{chain}@misc{{k, title = s50000}}"));
    let doubled = each(60, |at| format!("@string{{s{} = s{at} # s{at}}}\n", at + 1));
    check("strings that double", &format!("@string{{s0 = {{xx}}}}{doubled}@misc{{k, title = s60}}"));
    let doubled = each(60, |at| format!("@xdata{{x{}, xdata = {{x{at},x{at}}}}}\n", at + 1));
    check("xdata that doubles", &format!("@xdata{{x0, title = {{T}}}}{doubled}@misc{{k, xdata = {{x60}}}}"));
    let chain = each(5_000, |at| format!("@misc{{k{at}, crossref = {{k{}}}}}\n", at + 1));
    check("a chain of crossrefs", &format!("{chain}@misc{{k5000, title = {{T}}}}"));
    let children = each(1_000, |at| format!("@inbook{{c{at}, title = {{T}}, crossref = {{p}}}}\n"));
    check("many children of a huge parent", &format!("{children}@book{{p, publisher = {{{}}}}}", "x".repeat(1 << 18)));
}

#[test]
fn depth_and_squares_of_bib_files() {
    let check = |name: &str, text: &str| stands(name, Format::Biblatex, text);
    let deep = |open: &str, count: usize| format!("{}x{}", open.repeat(count), "}".repeat(count));
    for field in ["title", "author", "publisher", "keywords", "url"] {
        check("nested braces", &format!("@misc{{k, {field} = {{{}}}}}", deep("{", 100_000)));
        check("nested commands", &format!("@misc{{k, {field} = {{{}}}}}", deep("\\emph{", 30_000)));
    }
    check("braces that stay open", &format!("@misc{{k, title = {{{}", "{".repeat(100_000)));
    check("many parts", &format!("@misc{{k, title = \"a\"{}}}", " # \"a\"".repeat(200_000)));
    check("a long key", &format!("@misc{{{}, title = {{T}}}}", "k".repeat(1 << 20)));
    check("many fields", &format!("@misc{{k{}}}", each(50_000, |at| format!(", f{at} = {{v}}"))));
    check("dollars", &format!("@misc{{k, title = {{{}}}}}", "$".repeat(200_001)));
    check("commas in a name", &format!("@misc{{k, author = {{{}}}}}", ",".repeat(200_000)));
    check("a list of nobody", &format!("@misc{{k, author = {{{}}}}}", "and ".repeat(200_000)));
    check("a line of 4 MB", &format!("@misc{{k, title = {{{}}}}}", "x".repeat(4 << 20)));
}

#[test]
fn dates_that_no_calendar_has() {
    let dates = [
        "month = {January 999}",
        "month = {Jan-300}",
        "year = {- 2020}",
        "year = {+ 1}",
        "date = {½½}",
        "date = {²}",
        "date = {٣}",
        "urldate = {½½}",
        "month = {½}",
        "date = {2020-٣}",
        "date = {2020-01-01T½}",
        "date = {2020-01-01T10:00:00+½}",
        "month = 0",
        "date = {20200X}",
        "date = {2020-00-XX}",
        "date = {2020-13-45}",
        "date = {2020-02-30}",
        "date = {2020-01-01T25:61}",
        "date = {99999999999}",
        "month = 99",
        "date = {0000}",
        "year = {99999999999999999999}",
        "date = {Y-99999999999E99}",
        "date = {/}",
        "date = {../..}",
        "year = {２０２０}",
    ];
    for date in dates {
        stands(date, Format::Biblatex, &format!("@misc{{k, {date}}}@misc{{child, crossref = {{k}}}}"));
    }
}

#[test]
fn bombs_depth_and_squares_of_yaml() {
    let check = |name: &str, text: &str| {
        stands(name, Format::Hayagriva, text);
    };
    check("brackets that stay open", &format!("k:\n  title: {}\n", "[".repeat(100_000)));
    check("nested brackets", &format!("k: {}{}\n", "[".repeat(100_000), "]".repeat(100_000)));
    check("many keys", &format!("k:\n  type: book\n{}", each(50_000, |at| format!("  f{at}: v\n"))));
    check("many entries", &each(50_000, |at| format!("k{at}: {{type: book}}\n")));
    check("many names", &format!("k:\n  type: book\n  author:\n{}", each(50_000, |at| format!("  - F{at}, G\n"))));
    let repeated = vec!["*t"; 20_000].join(",");
    check(
        "aliases of a long text",
        &format!("k: {{type: book, title: &t {}, note: [{repeated}]}}\n", "x".repeat(10_000)),
    );
    check("an alias of itself", "k: &a [*a]\n");
    let mut bomb = String::from("k:\n  type: book\n  a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (name, last) in ('b'..='k').zip('a'..='j') {
        let items = vec![format!("*{last}"); 9].join(", ");
        writeln!(bomb, "  {name}: &{name} [{items}]").expect("a string takes all");
    }
    check("aliases of aliases", &bomb);
    let list = |text: &str| format!("- id: k\n  title: T\n  note: {text}\n");
    stands("brackets that stay open", Format::CslYaml, &list(&"[".repeat(100_000)));
    stands("many references", Format::CslYaml, &each(20_000, |at| format!("- id: k{at}\n  type: book\n")));
}

#[test]
fn depth_and_squares_of_json_and_ris() {
    let check = |name: &str, value: &str| {
        stands(name, Format::CslJson, &format!("[{{\"id\": \"k\", \"title\": \"T\"{value}}},"));
    };
    check("nested lists", &format!(", \"note\": {}{}", "[".repeat(100_000), "]".repeat(100_000)));
    check("nested objects", &format!(", \"note\": {}1{}", "{\"a\":".repeat(50_000), "}".repeat(50_000)));
    check("many variables", &each(50_000, |at| format!(", \"f{at}\": 1")));
    check("a long string", &format!(", \"note\": \"{}\"", "\\\"".repeat(1 << 20)));
    check("many numbers", &format!(", \"note\": [1{}]", ",1".repeat(200_000)));
    check("half a character", ", \"note\": \"\\ud800\"");
    check("no number", ", \"volume\": NaN");
    check("a comma too much", ",");
    let check = |name: &str, line: &dyn Fn(usize) -> String| {
        let lines = each(50_000, line);
        stands(name, Format::Ris, &format!("TY  - JOUR\nID  - k\nAB  - x\n{lines}ER  - \n"));
    };
    check("many tags that nobody knows", &|at| format!("XX  - v{at}\n"));
    check("many names", &|at| format!("AU  - F{at}, G\n"));
    check("many dates, pages and addresses", &|at| {
        format!("DA  - 20{:02}/01/01\nSP  - {at}\nUR  - https://example.org/{at}\nT2  - J{at}\n", at % 90)
    });
    check("many lines of one value", &|_| "goes on\n".to_owned());
}
