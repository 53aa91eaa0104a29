//! Tests of single entries as they are printed.

use super::*;
use crate::model::{ArxivId, Date, DateField, Foreign, Identifier, Name, Person, Role};
use crate::record::DateChoice;

fn print(entry: &Entry, dialect: Dialect) -> (String, Vec<FieldName>) {
    print_with(entry, dialect, &WriteOptions::default())
}

fn print_with(entry: &Entry, dialect: Dialect, options: &WriteOptions) -> (String, Vec<FieldName>) {
    let mut printer = Printer::default();
    super::entry(entry, dialect, options, &mut printer);
    (printer.out, printer.dropped.iter().map(|dropped| dropped.field).collect())
}

fn preprint(pinned: Option<u16>) -> Entry {
    let record: crate::record::Record = serde_json::from_str(
        r#"{"id": "1706.03762", "title": "Attention Is All You Need",
            "authors_parsed": [["Vaswani", "Ashish", ""], ["Shazeer", "Noam", ""]],
            "categories": "cs.CL cs.LG", "comments": "15 pages",
            "versions": [{"version": "v1", "created": "Mon, 12 Jun 2017 17:57:34 GMT"}]}"#,
    )
    .unwrap();
    let mut entry = record.to_entry(pinned, DateChoice::First);
    entry.key = Some("vaswani2017attention".to_owned());
    entry
}

#[test]
fn a_preprint_in_bibtex() {
    let (out, dropped) = print(&preprint(None), Dialect::Bibtex);
    assert_eq!(
        out,
        "@misc{vaswani2017attention,\n  author = {Vaswani, Ashish and Shazeer, Noam},\n  \
         title = {Attention Is All You Need},\n  year = {2017},\n  month = jun,\n  day = {12},\n  eprint = {1706.03762},\n  \
         archivePrefix = {arXiv},\n  primaryClass = {cs.CL},\n  doi = {10.48550/arXiv.1706.03762},\n  \
         url = {https://arxiv.org/abs/1706.03762},\n}\n"
    );
    assert_eq!(dropped, [FieldName::List(ListField::Category), FieldName::Text(TextField::Comment)]);
}

#[test]
fn a_pinned_preprint_in_biblatex() {
    let (out, _) = print(&preprint(Some(5)), Dialect::Biblatex);
    assert_eq!(
        out,
        "@online{vaswani2017attention,\n  author = {Vaswani, Ashish and Shazeer, Noam},\n  \
         title = {Attention Is All You Need},\n  date = {2017-06-12},\n  version = {5},\n  \
         pubstate = {prepublished},\n  eprint = {1706.03762v5},\n  eprinttype = {arxiv},\n  \
         eprintclass = {cs.CL},\n  doi = {10.48550/arXiv.1706.03762},\n  \
         url = {https://arxiv.org/abs/1706.03762v5},\n}\n"
    );
}

#[test]
fn a_preprint_as_article() {
    let options = WriteOptions { preprint_as_article: true, ..WriteOptions::default() };
    for dialect in [Dialect::Bibtex, Dialect::Biblatex] {
        assert!(print_with(&preprint(None), dialect, &options).0.starts_with("@article{vaswani2017attention,\n"));
    }
}

#[test]
fn names_survive_the_grammar() {
    let check = |name: Name, bibtex: &str, biblatex: &str| {
        for (dialect, expected) in [(Dialect::Bibtex, bibtex), (Dialect::Biblatex, biblatex)] {
            let mut entry = Entry::new(Kind::Misc);
            entry.people.push((Role::Author, name.clone()));
            let (out, _) = print(&entry, dialect);
            let line = out.lines().nth(1).unwrap_or_default();
            assert_eq!(line, format!("  author = {{{expected}}},"), "{name:?}");
        }
    };
    let same = |name: Name, expected: &str| check(name, expected, expected);
    same(Name::from_parts("van der Waals", "Johannes", "Jr"), "van der Waals, Jr, Johannes");
    same(Name::Literal("Gemma Team".into()), "{Gemma Team}");
    same(Name::Literal("Barnes and Noble, Inc.".into()), "{Barnes and Noble, Inc.}");
    same(Name::Person(Person::new("de la Cruz", "Juan")), "{de la Cruz}, Juan");
    same(Name::Person(Person::new("Plato", "")), "Plato");
    check(Name::Person(Person::new("Van Damme", "")), "{Van Damme}", "family={Van Damme}");
    same(Name::Person(Person::new("Smith", "A, B")), "Smith, {A, B}");
    let particle = Person { particle: "Van".into(), ..Person::new("Berg", "Jan") };
    check(Name::Person(particle), "Van Berg, Jan", "family={Berg}, given={Jan}, prefix={Van}");
    let dropping = Person { dropping_particle: "d'".into(), ..Person::new("Alembert", "Jean") };
    check(Name::Person(dropping), "d' Alembert, Jean", "family={Alembert}, given={Jean}, prefix={d'}, useprefix=false");
}

#[test]
fn others_end_a_list() {
    let mut entry = Entry::new(Kind::Misc);
    entry.people = vec![(Role::Author, Name::Person(Person::new("A", "B"))), (Role::Author, Name::Others)];
    assert!(print(&entry, Dialect::Bibtex).0.contains("author = {A, B and others},"));
}

#[test]
fn keys_and_addresses_cannot_break_the_file() {
    let mut entry = Entry::new(Kind::Misc);
    entry.key = Some("a b,\n title={x}".to_owned());
    entry.plain.set(PlainField::Url, "http://x.org/a{b\\c d%20".to_owned());
    let (out, _) = print(&entry, Dialect::Bibtex);
    assert_eq!(out, "@misc{a+20b+2C+0A+20title+3D+7Bx+7D,\n  url = {http://x.org/a%7Bb%5Cc%20d%20},\n}\n");
}

#[test]
fn foreign_fields_go_along_or_are_reported() {
    let mut entry = Entry::new(Kind::Misc);
    entry.texts.set(TextField::Note, Text::plain("n"));
    let foreign = [("bibtex", "annex", "x {y}"), ("bibtex", "a b", "x"), ("bibtex", "bad", "}{"), ("csl", "x", "y")];
    for (format, name, value) in foreign.into_iter().chain([("bibtex", "Note", "twice")]) {
        entry.foreign.push(Foreign { format, name: name.to_owned(), value: value.to_owned() });
    }
    let (out, dropped) = print(&entry, Dialect::Biblatex);
    assert!(out.ends_with("  note = {n},\n  annex = {x {y}},\n}\n"), "{out}");
    assert_eq!(dropped, (1..5).map(FieldName::Foreign).collect::<Vec<_>>());
}

#[test]
fn dates_in_bibtex() {
    let check = |date: &str, expected: &str, holds: bool| {
        let mut entry = Entry::new(Kind::Misc);
        entry.dates.set(DateField::Issued, Date::parse(date));
        let (out, dropped) = print(&entry, Dialect::Bibtex);
        let lines: Vec<&str> = out.lines().skip(1).map(str::trim).filter(|line| *line != "}").collect();
        assert_eq!(lines.join(" "), expected, "{date}");
        assert_eq!(dropped.is_empty(), holds, "{date}");
    };
    check("2017-06-12", "year = {2017}, month = jun, day = {12},", true);
    check("2017-06-12/2017-06-14", "year = {2017}, month = jun, day = {12--14},", true);
    check("2017-06-12T10:00:00", "year = {2017}, month = jun, day = {12}, date = {2017-06-12T10:00:00},", true);
    check("2017-06", "year = {2017}, month = jun,", true);
    check("1964/2008", "year = {1964--2008},", true);
    check("2004-01/2004-02", "year = {2004}, month = jan # {--} # feb,", true);
    check("2004-01/2005-02", "year = {2004--2005}, date = {2004-01/2005-02},", true);
    check("1985/..", "year = {1985--},", true);
    check("2001-21", "year = {2001}, month = {Spring},", true);
    check("1984?", "year = {1984?},", true);
    check("1850~", "year = {c. 1850},", true);
    check("2004-XX", "year = {2004}, date = {2004-XX},", true);
    check("199X", "year = {199X},", true);
    check("in press", "year = {in press},", true);
}

#[test]
fn one_scheme_takes_the_eprint_field() {
    let mut entry = Entry::new(Kind::JournalArticle);
    entry.ids.push(Identifier::Other(Scheme::Pmid, "123".into()));
    let (out, _) = print(&entry, Dialect::Biblatex);
    assert!(out.contains("  eprint = {123},\n  eprinttype = {pubmed},\n"), "{out}");
    entry.ids.extend(ArxivId::parse("hep-th/9901001").map(Identifier::Arxiv));
    let (out, _) = print(&entry, Dialect::Biblatex);
    assert!(out.contains("  eprint = {hep-th/9901001},\n  eprinttype = {arxiv},\n  pmid = {123},\n"), "{out}");
}

#[test]
fn only_patents_hold_in_countries_by_key() {
    for (kind, expected) in [(Kind::Patent, "countryde"), (Kind::Book, "Germany")] {
        let mut entry = Entry::new(kind);
        entry.lists.set(ListField::Place, vec![Text::plain("Germany")]);
        let (out, _) = print(&entry, Dialect::Biblatex);
        assert!(out.contains(&format!("  location = {{{expected}}},\n")), "{out}");
    }
}
