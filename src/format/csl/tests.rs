//! What CSL must do, by example and by law.

use super::{JSON, YAML};
use crate::format::{Dropped, FormatSpec, Input, Printer, ReadOptions, WriteOptions};
use crate::model::{
    Bound, Date, DateField, DateTime, Day, Entry, FieldName, Foreign, Identifier, Kind, ListField, Name, Person,
    PlainField, Role, Run, Scheme, Style, Text, TextField, generate,
};
use crate::source::SourceId;
use crate::stream::Collected;

fn write(spec: &FormatSpec, entry: &Entry) -> (String, Vec<Dropped>) {
    let writer = spec.write.unwrap();
    let mut printer = Printer::default();
    (writer.entry)(entry, &WriteOptions::default(), &mut printer);
    assert!(printer.key_end.is_some());
    (format!("{}{}{}", writer.head, printer.out, writer.tail), printer.dropped)
}

fn read(spec: &FormatSpec, text: &str) -> Collected {
    let mut sink = Collected::default();
    (spec.read.unwrap())(Input::from_text(SourceId(0), "x", text), &ReadOptions::default(), &mut sink).unwrap();
    sink
}

fn read_one(spec: &FormatSpec, text: &str) -> Entry {
    let mut collected = read(spec, text);
    assert_eq!(collected.entries.len(), 1, "{text}\n{:?}", collected.diagnostics);
    collected.entries.remove(0).entry
}

/// What reading must give back: the entry without what was reported, names and identifiers in the order of their
/// vocabularies, since variables have no order among themselves.
fn expected(entry: &Entry, dropped: &[Dropped]) -> Entry {
    let mut out = without(entry, dropped);
    out.people.retain(|(_, name)| !name.is_others() && !name.family().is_empty());
    sorted(&mut out);
    out
}

fn without(entry: &Entry, dropped: &[Dropped]) -> Entry {
    let mut out = entry.clone();
    for Dropped { field, reason } in dropped {
        match field {
            FieldName::Text(field) => drop(out.texts.remove(*field)),
            FieldName::List(field) => drop(out.lists.remove(*field)),
            FieldName::Plain(field) => drop(out.plain.remove(*field)),
            FieldName::Date(field) => drop(out.dates.remove(*field)),
            FieldName::People(_) if reason.contains("goes on") => {}
            FieldName::People(role) => out.people.retain(|(r, _)| r != role),
            FieldName::Id(scheme) => out.ids.retain(|id| id.scheme() != *scheme),
            FieldName::Kind | FieldName::Key | FieldName::Foreign(_) => {}
        }
    }
    out
}

fn sorted(entry: &mut Entry) {
    entry.people.sort_by_key(|(role, _)| *role);
    entry.ids.sort_by_key(Identifier::scheme);
}

fn check_law(spec: &FormatSpec, entry: &Entry) {
    let (text, dropped) = write(spec, entry);
    let mut back = read_one(spec, &text);
    sorted(&mut back);
    assert_eq!(without(&back, &dropped), expected(entry, &dropped), "{text}");
}

fn preprint() -> Entry {
    let mut entry = Entry::new(Kind::Preprint);
    entry.key = Some("vaswani2017attention".into());
    entry.texts.set(TextField::Title, Text::plain("Attention Is All BERT Needs").protect_case());
    entry.texts.set(TextField::Comment, Text::plain("15 pages"));
    entry.people.push((Role::Author, Name::from_parts("Vaswani", "Ashish", "")));
    entry.people.push((Role::Author, Name::from_parts("van der Waals", "J.", "Jr.")));
    entry.people.push((Role::Author, Name::Literal("Gemma Team".into())));
    entry.ids.extend(Identifier::parse(Scheme::Arxiv, "1706.03762v5"));
    entry.ids.extend(Identifier::parse(Scheme::Doi, "10.48550/arXiv.1706.03762"));
    entry.dates.set(DateField::Issued, Date::parse("2017-06-12"));
    entry.lists.set(ListField::Category, vec!["cs.CL".into(), "cs.LG".into()]);
    entry.plain.set(PlainField::Url, "https://arxiv.org/abs/1706.03762v5".into());
    entry
}

#[test]
fn a_preprint_as_the_mapping_has_it() {
    let (text, dropped) = write(&JSON, &preprint());
    assert_eq!(dropped, []);
    assert_eq!(
        text,
        r#"[
  {
    "id": "vaswani2017attention",
    "type": "article",
    "title": "Attention Is All <span class=\"nocase\">BERT</span> Needs",
    "author": [
      {"family": "Vaswani", "given": "Ashish"},
      {"family": "Waals", "given": "J.", "non-dropping-particle": "van der", "suffix": "Jr."},
      {"literal": "Gemma Team"}
    ],
    "URL": "https://arxiv.org/abs/1706.03762v5",
    "number": "arXiv:1706.03762v5",
    "issued": {"date-parts": [[2017, 6, 12]]},
    "publisher": "arXiv",
    "DOI": "10.48550/arXiv.1706.03762",
    "keyword": "cs.CL, cs.LG",
    "note": "arXiv:1706.03762v5 [cs.CL]",
    "custom": {
      "comment": "15 pages"
    }
  }
]
"#
    );
    let (text, _) = write(&YAML, &preprint());
    assert_eq!(
        text,
        r#"references:
- id: "vaswani2017attention"
  type: article
  title: Attention Is All <span class="nocase">BERT</span> Needs
  author:
  - family: Vaswani
    given: Ashish
  - family: Waals
    given: J.
    non-dropping-particle: van der
    suffix: Jr.
  - literal: Gemma Team
  URL: "https://arxiv.org/abs/1706.03762v5"
  number: "arXiv:1706.03762v5"
  issued: {date-parts: [[2017, 6, 12]]}
  publisher: arXiv
  DOI: "10.48550/arXiv.1706.03762"
  keyword: cs.CL, cs.LG
  note: arXiv:1706.03762v5 [cs.CL]
  custom:
    comment: 15 pages
"#
    );
    check_law(&JSON, &preprint());
    check_law(&YAML, &preprint());
}

/// An entry of that kind with every field of the model filled.
fn full(kind: Kind) -> Entry {
    let mut entry = Entry::new(kind);
    entry.key = Some("key2024full".into());
    for field in TextField::ALL {
        entry.texts.set(*field, Text::plain(format!("The {} of it", field.name())));
    }
    let title = [
        Run::Plain("On ".into()),
        Run::Math("x_1^2 < \\$3".into()),
        Run::Plain(" & ".into()),
        Run::Styled(Style::Protected, "BERT".into()),
        Run::Styled(Style::Emphasis, "E. coli".into()),
        Run::Styled(Style::Superscript, "2 3".into()),
        Run::Plain(" 50% off_x* [a](b) <i>not</i>".into()),
    ];
    entry.texts.set(TextField::Title, title.into_iter().collect());
    for field in ListField::ALL {
        entry.lists.set(*field, vec![format!("One {}", field.name()).into(), format!("Two; {}", field.name()).into()]);
    }
    for field in PlainField::ALL {
        entry.plain.set(*field, format!("{}_7*'", field.name()));
    }
    entry.plain.set(PlainField::Pages, "12–34, 40–41".into());
    let dates = ["2024-02-03", "2001-21", "1985-04-12/..", "2004-06-11%", "0000", "1964/2008-05"];
    for (field, date) in DateField::ALL.iter().zip(dates) {
        entry.dates.set(*field, Date::parse(date));
    }
    for role in Role::ALL {
        entry.people.push((*role, Name::Person(Person::new("Čech", "Eduard O'H."))));
        entry.people.push((*role, Name::Literal("A* Team".into())));
    }
    entry.people.push((Role::Author, Name::Others));
    for scheme in Scheme::ALL {
        let value = match scheme {
            Scheme::Arxiv => "hep-th/9901001v2",
            Scheme::Doi => "10.1000/1_a*",
            Scheme::Isbn => "978-3-16-148410-0",
            Scheme::Issn => "0302-9743",
            Scheme::Pmid => "123",
            Scheme::Pmcid => "PMC123",
            _ => "abc 12",
        };
        entry.ids.extend(Identifier::parse(*scheme, value));
    }
    entry.ids.extend(Identifier::parse(Scheme::Doi, "10.1000/2"));
    entry.foreign.push(Foreign { format: "csl", name: "jurisdiction".into(), value: "us".into() });
    entry.foreign.push(Foreign { format: "bibtex", name: "owner".into(), value: "me_*".into() });
    entry.foreign.push(Foreign { format: "ris", name: "C7".into(), value: "x: y".into() });
    entry.foreign.push(Foreign { format: "csl", name: "custom.n".into(), value: "[1, 2.50]".into() });
    entry
}

#[test]
fn every_field_of_every_kind_is_read_back() {
    for kind in Kind::ALL {
        check_law(&JSON, &full(*kind));
        check_law(&YAML, &full(*kind));
        check_law(&JSON, &Entry { key: Some("k".into()), ..Entry::new(*kind) });
        check_law(&YAML, &Entry { key: Some("k".into()), ..Entry::new(*kind) });
        // Each field alone, so that no other one says what it should; kinds that share their variables once.
        if !matches!(kind, Kind::Preprint | Kind::JournalArticle | Kind::Chapter | Kind::DoctoralThesis | Kind::Manual)
        {
            continue;
        }
        let full = full(*kind);
        for field in full.fields() {
            let mut entry = Entry { key: Some("k".into()), ..Entry::new(*kind) };
            match field {
                FieldName::Text(f) => drop(entry.texts.set(f, full.texts.get(f).unwrap().clone())),
                FieldName::List(f) => drop(entry.lists.set(f, full.lists.get(f).unwrap().clone())),
                FieldName::Plain(f) => drop(entry.plain.set(f, full.plain.get(f).unwrap().clone())),
                FieldName::Date(f) => drop(entry.dates.set(f, full.dates.get(f).unwrap().clone())),
                FieldName::People(r) => entry.people.extend(full.people_as(r).cloned().map(|name| (r, name))),
                FieldName::Id(s) => entry.ids.extend(full.ids.iter().filter(|id| id.scheme() == s).cloned()),
                FieldName::Kind | FieldName::Key | FieldName::Foreign(_) => continue,
            }
            check_law(&JSON, &entry);
            check_law(&YAML, &entry);
        }
    }
}

#[test]
fn whatever_an_entry_holds_the_output_is_sound() {
    crate::model::generate::property(|u| {
        let entry = generate::entry(u)?;
        let (json, _) = write(&JSON, &entry);
        serde_json::from_str::<serde_json::Value>(&json).unwrap_or_else(|error| panic!("{error}\n{json}"));
        let back = read_one(&JSON, &json);
        assert_eq!(back.key.unwrap_or_default(), entry.key.clone().unwrap_or_default());
        let (yaml, _) = write(&YAML, &entry);
        let back = read_one(&YAML, &yaml);
        assert_eq!(back.key.unwrap_or_default(), entry.key.unwrap_or_default(), "{yaml}");
        Ok(())
    });
}

#[test]
fn no_prefix_of_a_file_makes_a_reader_panic() {
    for spec in [&JSON, &YAML] {
        let (text, _) = write(spec, &full(Kind::Chapter));
        for (at, _) in text.char_indices() {
            read(spec, &text[..at]);
        }
    }
}

#[test]
fn dates_of_every_shape() {
    let check = |json: &str, expected: &str| {
        let entry = read_one(&JSON, &format!("[{{\"id\": \"a\", \"issued\": {json}}}]"));
        let date = entry.dates.get(DateField::Issued).map(ToString::to_string).unwrap_or_default();
        assert_eq!(date, expected, "{json}");
    };
    check(r#"{"date-parts": [[2017, "6", 12]]}"#, "2017-06-12");
    check(r#"{"date-parts": [["2017"], ["2018", 1]]}"#, "2017/2018-01");
    check(r#"{"date-parts": [2017, 6]}"#, "2017-06");
    check(r#"{"date-parts": [[-45]]}"#, "-0044");
    check(r#"{"date-parts": [[2001]], "season": "3", "circa": 1}"#, "2001-23~");
    check(r#"{"date-parts": [[null]]}"#, "");
    check(r#"{"date-parts": [[2017, 13, 45]]}"#, "2017-13-45");
    check(r#"{"raw": "2020-05"}"#, "2020-05");
    check(r#"{"literal": "forthcoming"}"#, "forthcoming");
    check(r#""2020-05-06""#, "2020-05-06");
    let mut entry = preprint();
    let time = DateTime { hour: 1, minute: 2, second: 3, offset: Some(0) };
    let day = Day { time: Some(time), ..Day::ymd(2020, 1, 2).unwrap() };
    entry.dates.set(DateField::Accessed, Date::Range(Bound::Day(day), Bound::Unknown));
    check_law(&JSON, &entry);
    check_law(&YAML, &entry);
}

#[test]
fn an_arxiv_paper_is_told_by_any_of_its_marks() {
    for mark in [
        r#""number": "arXiv:1706.03762""#,
        r#""DOI": "10.48550/ARXIV.1706.03762""#,
        r#""URL": "http://arxiv.org/pdf/1706.03762""#,
        r#""note": "arXiv:1706.03762 [cs.CL]""#,
        r#""arxiv": "1706.03762 [cs.CL]""#,
    ] {
        let entry = read_one(&JSON, &format!("[{{\"id\": \"a\", \"type\": \"article\", {mark}}}]"));
        assert_eq!(entry.arxiv().map(ToString::to_string).as_deref(), Some("1706.03762"), "{mark}");
        assert!(!entry.texts.contains(TextField::Note));
    }
}

#[test]
fn faults_cost_one_record_and_are_reported() {
    let json = "[{\"id\": \"a\", \"volume\": 1.10, \"title\": \"x\", \"title\": \"y\"}, {\"id\": b}, 7,\n {\"id\": \"c\", \"author\": \"J. Doe\", \"x\": {\"y\": 1.0}}]";
    let found = read(&JSON, json);
    let keys: Vec<_> = found.entries.iter().map(|e| e.entry.key.clone().unwrap()).collect();
    assert_eq!(keys, ["a", "c"]);
    let rules: Vec<_> = found.diagnostics.iter().map(|d| d.rule.name()).collect();
    assert_eq!(rules, ["duplicate-field", "malformed-record", "malformed-record", "malformed-value"]);
    assert_eq!(found.entries[0].entry.plain.get(PlainField::Volume).map(String::as_str), Some("1.10"));
    assert_eq!(found.entries[1].entry.foreign[0].value, "{\"y\": 1.0}");
    assert_eq!(found.entries[1].span.unwrap().line, 2);

    let yaml =
        "---\nreferences:\n- id: a\n  volume: 1.10\n- id: b\n  title: [\n- id: 1706.00010\n  issued: 2020-01-01\n...\n";
    let found = read(&YAML, yaml);
    let keys: Vec<_> = found.entries.iter().map(|e| e.entry.key.clone().unwrap()).collect();
    assert_eq!(keys, ["a", "1706.00010"]);
    assert_eq!(found.diagnostics.len(), 1);
    assert_eq!(found.diagnostics[0].span.unwrap().line, 5);
    assert_eq!(found.entries[0].entry.plain.get(PlainField::Volume).map(String::as_str), Some("1.10"));
}

#[test]
fn formats_are_told_from_their_heads() {
    use crate::format::Sniff;
    assert_eq!((JSON.sniff)("[{\"id\": \"a\", \"type\": \"article\""), Sniff::Likely);
    assert_eq!((JSON.sniff)("{\"items\": [{\"issued\": {"), Sniff::Yes);
    assert_eq!((JSON.sniff)("{\"id\":\"0704.0001\",\"title\":\"x\",\"authors_parsed\":[]}"), Sniff::No);
    assert_eq!((YAML.sniff)("---\nreferences:\n- id: a"), Sniff::Yes);
    assert_eq!((YAML.sniff)("a:\n  type: article\n"), Sniff::No);
}
