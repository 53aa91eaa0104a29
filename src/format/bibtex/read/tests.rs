//! What the reader makes of entries that people and exporters write.

use super::collect;
use crate::format::bibtex::Dialect;
use crate::model::{DateField, Entry, Kind, ListField, PlainField, Role, Scheme, TextField};
use crate::source::LineIndex;
use biblatex::{Bibliography, ChunksExt};
use std::fmt::Write as _;

fn read_one(text: &str) -> Entry {
    let mut read = collect(text, Dialect::Biblatex);
    assert_eq!(read.entries.len(), 1, "{text}");
    read.entries.remove(0).entry
}

fn rules(text: &str) -> Vec<&'static str> {
    collect(text, Dialect::Bibtex).diagnostics.iter().map(|found| found.rule.name()).collect()
}

#[test]
fn every_dialect_of_an_arxiv_paper_is_the_same_work() {
    for fields in [
        "@misc{k, eprint={1706.03762}, archivePrefix={arXiv}, primaryClass={cs.CL}}",
        "@online{k, eprint={1706.03762}, eprinttype={arxiv}, eprintclass={cs.CL}}",
        "@article{k, journal={CoRR}, volume={abs/1706.03762}}",
        "@article{k, journal={arXiv preprint arXiv:1706.03762}}",
        "@article{k, journal={ArXiv}, volume={abs/1706.03762}}",
        "@misc{k, doi={10.48550/ARXIV.1706.03762}, publisher={arXiv}}",
        "@ARTICLE{k, journal={arXiv e-prints}, eid={arXiv:1706.03762}, pages={arXiv:1706.03762}}",
        "@misc{k, title=\"{Attention}\", eprint=\"1706.03762\", archivePrefix=\"arXiv\"}",
        "@misc{k, number={arXiv:1706.03762}, note={arXiv:1706.03762 [cs]}}",
        "@report{k, number={arXiv:1706.03762}, institution={arXiv}}",
        "@misc{k, eprint={1706.03762 [cs.CL]}}",
        "@unpublished{k, note={arXiv:1706.03762}}",
        "@misc{k, howpublished={\\url{https://arxiv.org/abs/1706.03762}}}",
        "@misc{k, url={https://www.arxiv.org/pdf/1706.03762.pdf}}",
        "@misc{k, note={Preprint, arXiv:1706.03762}}",
    ] {
        let entry = read_one(fields);
        assert_eq!(entry.arxiv().map(ToString::to_string).as_deref(), Some("1706.03762"), "{fields}");
        assert_eq!(entry.kind, Kind::Preprint, "{fields}");
        assert!(!entry.texts.contains(TextField::ContainerTitle), "{fields}");
        assert!(entry.plain.keys().all(|field| field == PlainField::Url), "{fields}");
    }
}

#[test]
fn a_published_paper_keeps_its_journal_beside_its_arxiv_id() {
    let entry = read_one("@article{k, journal={Nature}, volume=3, number=4, eprint={hep-th/9901001}, doi={10.1038/x}}");
    assert_eq!(entry.kind, Kind::JournalArticle);
    assert_eq!(entry.plain.get(PlainField::Issue).map(String::as_str), Some("4"));
    assert!(entry.arxiv().is_some());
}

#[test]
fn the_class_that_arxiv_once_exported_is_repaired() {
    let entry =
        read_one("@misc{k, eprint={2401.00001}, archivePrefix={arXiv}, primaryClass={id='math.CO' full_name='X'}}");
    assert_eq!(entry.lists.get(ListField::Category).map(|list| list[0].to_plain()).as_deref(), Some("math.CO"));
}

#[test]
fn other_names_of_types_are_no_other_kinds() {
    for (word, kind) in [
        ("conference", Kind::ConferencePaper),
        ("WWW", Kind::Webpage),
        ("electronic", Kind::Webpage),
        ("PhdThesis", Kind::DoctoralThesis),
        ("techreport", Kind::Report),
    ] {
        let entry = read_one(&format!("@{word}{{k, title={{T}}}}"));
        assert_eq!(entry.kind, kind, "{word}");
        assert!(entry.foreign.is_empty(), "{word}");
    }
}

#[test]
fn definitions_are_replaced_in_order() {
    let text =
        "@string{j = \"J. \" # {Phys}} @article{k, journal = j # \". A\", month = 12 # \"~\" # jan, year = 2020}";
    let entry = read_one(text);
    assert_eq!(entry.texts.get(TextField::ContainerTitle).map(ToString::to_string).as_deref(), Some("J. Phys. A"));
    assert_eq!(entry.dates.get(DateField::Issued).map(ToString::to_string).as_deref(), Some("2020-01-12"));
    assert_eq!(rules("@misc{k, title = nope}"), ["unknown-macro"]);
    assert_eq!(rules("@string{a = a} @misc{k, title = a}"), ["unknown-macro"]);
}

#[test]
fn fields_are_inherited() {
    let text = "@inproceedings{c, crossref={P}, title={T}, year=2021}\n\
                @proceedings{p, title={Proc}, year=2000, publisher={X}, booktitle={Explicit}}\n\
                @book{b, xdata={x}}\n@xdata{x, note={N}, xdata={b,x}}";
    let read = collect(text, Dialect::Biblatex);
    let child = &read.entries[0].entry;
    let container = |entry: &Entry| entry.texts.get(TextField::ContainerTitle).map(ToString::to_string);
    // As biber 2.18 has it; BibTeX takes the parent's own field of that name.
    assert_eq!(container(child).as_deref(), Some("Proc"));
    assert_eq!(container(&collect(text, Dialect::Bibtex).entries[0].entry).as_deref(), Some("Explicit"));
    assert_eq!(child.dates.get(DateField::Issued).map(ToString::to_string).as_deref(), Some("2021"));
    assert!(child.lists.contains(ListField::Publisher));
    assert_eq!(read.entries.len(), 3);
    assert!(read.entries[2].entry.texts.contains(TextField::Note));
    assert_eq!(rules("@misc{a, crossref={a}, title={x}}"), ["crossref-cycle"]);
    assert_eq!(rules("@misc{a, crossref={z}, title={x}}"), ["crossref-missing"]);
    for name in ["crossref", "Crossref", "crossRef", "CrossRef", "CROSSREF", "xData", "XDATA"] {
        assert_eq!(rules(&format!("@misc{{a, {name}={{z}}, title={{x}}}}\n@misc{{z, note={{n}}}}")), [""; 0], "{name}");
    }
}

#[test]
fn duplicates_are_kept_and_reported() {
    let text = "@misc{a, title={x}, Title={y}} @misc{A, title={z}}";
    assert_eq!(rules(text), ["duplicate-field", "duplicate-key"]);
    assert_eq!(collect(text, Dialect::Bibtex).entries.len(), 2);
}

#[test]
fn what_is_not_understood_goes_along() {
    let entry = read_one("@mvcollection{k, foo={a {\\b} c}, doi={nonsense}, month={brumaire}, year={1793}, isbn={1}}");
    let foreign: Vec<(&str, &str)> = entry.foreign.iter().map(|f| (f.name.as_str(), f.value.as_str())).collect();
    let expected =
        [("@", "mvcollection"), ("foo", "a {\\b} c"), ("doi", "nonsense"), ("isbn", "1"), ("month", "brumaire")];
    assert_eq!(foreign, expected);
    assert_eq!(entry.dates.get(DateField::Issued).and_then(crate::model::Date::year), Some(1793));
}

#[test]
fn an_address_stands_in_commands() {
    for (value, url, says_more) in [
        ("\\url{https://x.org/a\\_b}", "https://x.org/a_b", false),
        ("{\\url{https://x.org}}", "https://x.org", false),
        ("<https://x.org>", "https://x.org", false),
        ("\\href{https://x.org/%7Ea}{https://x.org/%7Ea}", "https://x.org/%7Ea", false),
        ("\\href{https://x.org}{\\url{https://x.org}}", "https://x.org", false),
        ("\\href{https://x.org}{the page}", "https://x.org", true),
        ("\\url{https://x.org} and \\url{https://y.org}", "https://x.org", true),
        ("\\url https://x.org", "\\url https://x.org", false),
    ] {
        let back = collect(&format!("@misc{{k, title={{T}}, url={{{value}}}}}"), Dialect::Biblatex);
        let read = back.entries[0].entry.plain.get(PlainField::Url).map(String::as_str);
        assert_eq!((read, back.diagnostics.len()), (Some(url), usize::from(says_more)), "{value}");
    }
    let entry = read_one("@misc{k, title={T}, doi={\\href{https://doi.org/10.1000/x\\_y}{10.1000/x\\_y}}}");
    assert_eq!(entry.doi(), Some("10.1000/x_y"));
}

#[test]
fn values_are_normalised() {
    let entry = read_one(
        "@article{k, pages={12-17, 20--21,e3-e5}, url={\\url{https://x.org/a\\_b}}, issn={0302-9743, 1611-3349}, \
         editor={A Bee}, editortype={compiler}, keywords={a, {b, c}}, title={On {NASA} {\\\"u}ber}}",
    );
    assert_eq!(entry.plain.get(PlainField::Pages).map(String::as_str), Some("12–17, 20–21,e3-e5"));
    assert_eq!(entry.plain.get(PlainField::Url).map(String::as_str), Some("https://x.org/a_b"));
    assert_eq!(entry.ids.iter().filter(|id| id.scheme() == Scheme::Issn).count(), 2);
    assert_eq!(entry.people[0].0, Role::Compiler);
    let keywords = entry.lists.get(ListField::Keyword).map(|list| list.iter().map(ToString::to_string).collect());
    assert_eq!(keywords, Some(vec!["a".to_owned(), "b, c".to_owned()]));
    assert_eq!(entry.title().map(ToString::to_string).as_deref(), Some("On NASA über"));
}

#[test]
fn no_prefix_of_a_file_panics() {
    let text = "@string{a = \"x\"}\n@mvbook{k, author = {A and {B}, C and family={D}, given=E}, date = {1999-0½}, month = \
                {½}, year = {٣}, crossref = {k}, eprint = {1706.0}, archivePrefix = a # {rXiv}, pages = {–-1}, type = {},\
                isbn = {é}, url = {\\url{x}, keywords = {a;b,{c}, editor = {é}, editortype = {ł}}";
    for (end, _) in text.char_indices() {
        collect(&text[..end], Dialect::Bibtex);
        collect(&text[end..], Dialect::Biblatex);
    }
}

/// The `biblatex` crate reads names and titles of sound entries as we do. Where it is known to differ (ties in names,
/// formulas), the entries stay out.
#[test]
fn names_and_titles_agree_with_the_biblatex_crate() {
    for (author, title) in [
        ("Donald E. Knuth and Ludwig van Beethoven", "The {\\TeX}book"),
        ("van der Waals, Johannes and King, Jr., Martin Luther", "A {NASA} report on \\'etudes"),
        ("de la Vall{\\'e}e Poussin, Charles and others", "On {\\\"u}ber {\\ss} and na\\\"{\\i}ve"),
        ("{Barnes and Noble, Inc.} and Brinch Hansen, Per", "100\\% of {A\\&B}"),
        ("jean de la fontaine and Plato", "Plain words"),
        ("Smith, {A, B} and {\\'E}mile Zola", "{Whole Title}"),
    ] {
        let text = format!("@book{{k, author = {{{author}}}, title = {{{title}}}}}");
        let ours = read_one(&text);
        let theirs = Bibliography::parse(&text).unwrap();
        let theirs = theirs.get("k").unwrap();
        let sought: Vec<[String; 4]> = theirs
            .author()
            .unwrap()
            .into_iter()
            .map(|person| [person.given_name, person.prefix, person.name, person.suffix])
            .collect();
        let found: Vec<[String; 4]> = ours
            .authors()
            .map(|name| match name {
                crate::model::Name::Person(p) => {
                    [p.given.clone(), p.particle.clone(), p.family.clone(), p.suffix.clone()]
                }
                crate::model::Name::Literal(name) => [String::new(), String::new(), name.clone(), String::new()],
                // The crate has no mark for a list that goes on.
                crate::model::Name::Others => [String::new(), String::new(), "others".to_owned(), String::new()],
            })
            .collect();
        assert_eq!(found, sought, "{author}");
        if !title.contains("TeX") {
            let sought = theirs.title().unwrap().format_verbatim();
            assert_eq!(ours.title().map(ToString::to_string), Some(sought), "{title}");
        }
    }
}

#[test]
fn several_dashes_are_one() {
    let pages = |written: &str| {
        let text = format!("@article{{k, pages = {{{written}}}}}\n");
        let mut found = crate::stream::Collected::default();
        let read = crate::format::Format::Bibtex.spec().read.expect("BibTeX is read");
        let input = crate::format::Input::from_text(crate::source::SourceId(0), "x.bib", &text);
        read(input, &crate::format::ReadOptions::default(), &mut found).expect("it is text");
        found.entries[0].entry.plain.get(crate::model::PlainField::Pages).cloned().unwrap_or_default()
    };
    assert_eq!(pages("12---17"), "12–17");
    assert_eq!(pages("ER-----"), "ER–");
    assert_eq!(pages("A-----B"), "A–B");
}

/// Each fault is one finding, and the entry behind it is whole.
#[test]
fn hostile_values_are_one_finding_each() {
    let deep = format!("@misc{{a, title = {{{}x{}}}}}", "{".repeat(100_000), "}".repeat(100_000));
    let open = format!("@misc{{a, title = {{{}x", "{".repeat(100_000));
    for (text, expected) in [
        (deep.as_str(), "malformed-value"),
        (&open, "unclosed-entry"),
        ("@misc{a, title = {It costs $5}}", "malformed-value"),
        ("@misc{a, title = {Open}", "unclosed-entry"),
        ("@misc{a, title = {A}, crossref = {b}}\n@misc{b, crossref = {c}}\n@misc{c, crossref = {a}}", "crossref-cycle"),
        ("@string{a = b # {x}}\n@string{b = a}\n@misc{a, note = b}", "unknown-macro"),
        ("@misc{a, title = {A\u{0}B}}", "control-character"),
    ] {
        let text = format!("{text}\n@misc{{fine, title = {{Whole}}, year = 2000}}\n");
        let read = collect(&text, Dialect::Bibtex);
        let shown: String = text.chars().take(80).collect();
        assert_eq!(read.diagnostics.iter().map(|found| found.rule.name()).collect::<Vec<_>>(), [expected], "{shown}");
        let last = read.entries.last().map(|read| &read.entry).expect("the entry behind it is read");
        assert_eq!(last.key.as_deref(), Some("fine"), "{shown}");
        assert_eq!(last.title().map(ToString::to_string).as_deref(), Some("Whole"), "{shown}");
    }
}

/// What several threads read is what one reads, in the same order.
#[test]
fn threads_do_not_show() {
    let mut text = String::from("@string{p = {Press}}\n");
    for number in 0..20_000 {
        let _ = writeln!(
            text,
            "@book{{k{number}, title = {{T {number} $}}, publisher = p, crossref = {{k{}}}}}",
            number / 2
        );
        if number % 5_000 == 0 {
            let _ = writeln!(text, "@string{{p = p # {{ {number}}}}}");
        }
    }
    let lines = LineIndex::new(crate::source::SourceId(0), &text);
    let read = |threads| {
        let mut collected = crate::stream::Collected::default();
        let style = super::Style { dialect: Dialect::Bibtex, as_written: false };
        super::read_text(&lines, &text, style, threads, &mut collected).expect("threads start");
        collected
    };
    let (one, three) = (read(1), read(3));
    assert_eq!(one.entries.len(), 20_000);
    assert!(one.entries == three.entries);
    assert!(one.diagnostics == three.diagnostics);
}

#[test]
fn an_entry_set_stays_one() {
    let text = "@set{both, entryset = {one, two}}\n@article{one, title = {One}}\n@article{two, title = {Two}}";
    let read = collect(text, Dialect::Biblatex);
    let entries: Vec<&Entry> = read.entries.iter().map(|read| &read.entry).collect();
    assert_eq!(entries.len(), 3);
    let kept: Vec<(&str, &str)> =
        entries[0].foreign.iter().map(|foreign| (foreign.name.as_str(), foreign.value.as_str())).collect();
    assert_eq!(kept, [("@", "set"), ("entryset", "one, two")]);
    assert!(read.diagnostics.is_empty());
}

/// Fifty sound entries, a fault between them at the given place.
fn surrounded(fault: &str, place: usize, line_end: &str) -> String {
    let sound = |nth: usize| {
        let fields =
            format!("author = {{Last{nth}, First}},\n  title = {{A {{Title}} {nth}}},\n  year = {{{}}}", 1950 + nth);
        format!("@article{{sound{nth},\n  {fields}\n}}\n\n")
    };
    let entries: Vec<String> = (0..50).map(sound).collect();
    [&entries[..place].concat(), fault, &entries[place..].concat()].concat().replace('\n', line_end)
}

#[test]
fn a_fault_is_one_finding_and_costs_no_other_entry() {
    let deep = format!("@misc{{bad, title = {{{}x{}}}}}\n", "{".repeat(100_000), "}".repeat(100_000));
    let faults = [
        ("malformed-value", "@misc{bad, title = {An odd $ sign}}\n"),
        ("malformed-value", "@misc{bad, author = {A $ Sign}}\n"),
        ("malformed-value", "@book{bad, publisher = {Ke$ha and Sons}}\n"),
        ("malformed-value", &*deep),
        ("unclosed-entry", "@misc{bad,\n  title = {Not closed,\n  year = {2000}\n}\n"),
        ("unclosed-entry", "@misc{bad,\n  title = {Not closed\n    on two lines,\n  year = {2000}\n}\n"),
        ("unclosed-entry", "@misc{bad,\n  title = \"Not closed,\n  year = {2000}\n}\n"),
        ("unclosed-entry", "@misc{bad,\n  title = \"Not closed\n    on two lines\n}\n"),
        ("unclosed-entry", "@misc{bad,\n  title = {Closed},\n  year = {2000}\n\n"),
        ("unclosed-entry", "@misc{bad\n\n"),
        ("malformed-record", "@misc{bad,\n  title = {Clo}sed},\n  year = {2000}\n}\n"),
        ("unbalanced-brace", "@misc{bad, title = {Closed}}, year = {2000}}\n"),
        ("unbalanced-brace", "@misc{bad, title = {Closed}}}}}\n"),
        ("crossref-cycle", "@book{bad, crossref = {b}}\n@book{b, crossref = {c}}\n@book{c, crossref = {bad}}\n"),
        ("crossref-cycle", "@xdata{bad, xdata = {b}}\n@xdata{b, xdata = {bad}}\n@misc{c, xdata = {bad}}\n"),
        ("crossref-cycle", "@xdata{bad, note = {xdata=b-note}}\n@xdata{b, note = {xdata=bad-note}}\n"),
        ("unknown-macro", "@string{one = two # \"x\"}\n@string{two = one # \"y\"}\n@misc{bad, title = one # two}\n"),
    ];
    for (rule, fault) in faults {
        for place in [0, 25, 50] {
            for line_end in ["\n", "\r\n", "\r"] {
                let text = surrounded(fault, place, line_end);
                assert_eq!(rules(&text), [rule], "{fault:.60} {line_end:?} {place}");
                let read = collect(&text, Dialect::Bibtex);
                let sound = read.entries.iter().map(|read| &read.entry).filter(|entry| {
                    entry.key.as_ref().is_some_and(|key| key.starts_with("sound"))
                        && (entry.title().is_some(), entry.authors().count(), entry.fields().len()) == (true, 1, 3)
                });
                assert_eq!(sound.count(), 50, "{fault:.60} {line_end:?} {place}");
            }
        }
    }
}

#[test]
fn many_faults_are_as_many_findings() {
    let text = ["@misc{a, title = {An odd $ sign}}\n", "@misc{b, title = {Open\n\n", "@misc{c, crossref = {c}}\n"];
    let text =
        [surrounded(&text.concat(), 25, "\n"), "@string{d = e}\n@string{e = d}\n@misc{d, note = d}\n".to_owned()];
    assert_eq!(rules(&text.concat()), ["malformed-value", "unclosed-entry", "crossref-cycle", "unknown-macro"]);
}
