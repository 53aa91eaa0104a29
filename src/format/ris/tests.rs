//! What RIS must do, by example and by law.

use super::lines::split_tag;
use super::values::{fold, read_date, read_name, read_text};
use super::*;
use crate::diagnostic::Rule;
use crate::format::{Dropped, Input, Printer, ReadOptions, WriteOptions};
use crate::model::{Bound, Date, Day, Entry, Foreign, Identifier, Name, Person, Run, Style, Text, generate};
use crate::source::SourceId;
use crate::stream::Collected;

fn write(entry: &Entry) -> (String, Vec<Dropped>) {
    let mut printer = Printer::default();
    super::write::entry(entry, &WriteOptions::default(), &mut printer);
    (printer.out, printer.dropped)
}

fn read(text: &str) -> Collected {
    let mut sink = Collected::default();
    super::lines::read(Input::from_text(SourceId(0), "x.ris", text), &ReadOptions::default(), &mut sink).unwrap();
    sink
}

fn read_one(text: &str) -> Entry {
    let collected = read(text);
    assert_eq!(collected.entries.len(), 1, "{text}");
    collected.entries[0].entry.clone()
}

fn attention() -> Entry {
    let mut entry = Entry::new(Kind::Preprint);
    entry.key = Some("vaswani2017attention".into());
    entry.texts.set(TextField::Title, Text::plain("Attention Is All You Need"));
    entry.texts.set(TextField::Abstract, Text::plain("Two lines, ER - of an abstract."));
    entry.texts.set(TextField::Comment, Text::plain("15 pages"));
    entry.people.push((Role::Author, Name::from_parts("Vaswani", "Ashish", "")));
    entry.people.push((Role::Author, Name::from_parts("van der Waals", "J.", "Jr.")));
    entry.people.push((Role::Author, Name::Literal("Gemma Team".into())));
    entry.ids.extend(Identifier::parse(Scheme::Arxiv, "1706.03762"));
    entry.ids.extend(Identifier::parse(Scheme::Doi, "10.48550/arXiv.1706.03762"));
    entry.dates.set(DateField::Issued, Date::parse("2017-06-12"));
    entry.lists.set(ListField::Category, vec!["cs.CL".into(), "cs.LG".into()]);
    entry.plain.set(PlainField::Url, "https://arxiv.org/abs/1706.03762".into());
    entry
}

#[test]
fn a_preprint_as_the_mapping_has_it() {
    let (text, dropped) = write(&attention());
    assert_eq!(
        text,
        "TY  - GEN\nID  - vaswani2017attention\nTI  - Attention Is All You Need\nAU  - Vaswani, Ashish\n\
         AU  - van der Waals, J., Jr.\nAU  - Gemma Team,\nPY  - 2017\nDA  - 2017/06/12/\nPB  - arXiv\n\
         DO  - 10.48550/arXiv.1706.03762\nDB  - arXiv\nAN  - arXiv:1706.03762\nUR  - https://arxiv.org/abs/1706.03762\n\
         AB  - Two lines, ER - of an abstract.\nKW  - cs.CL\nKW  - cs.LG\nN1  - arXiv:1706.03762\nN1  - Comment: 15 pages\n\
         ER  - \n"
    );
    assert_eq!(dropped, []);
    assert_eq!(read_one(&text), attention());
}

/// An entry of that kind with every field of the model filled.
fn full(kind: Kind) -> Entry {
    let mut entry = Entry::new(kind);
    entry.key = Some("key2024full".into());
    for field in TextField::ALL {
        entry.texts.set(*field, Text::plain(format!("The {} of it", field.name())));
    }
    let title = [Run::Plain("On ".into()), Run::Math("x^2".into()), Run::Plain(" and BERT".into())];
    entry.texts.set(TextField::Title, title.into_iter().collect());
    for field in ListField::ALL {
        entry.lists.set(*field, vec![format!("One {}", field.name()).into(), format!("Two {}", field.name()).into()]);
    }
    for field in PlainField::ALL {
        entry.plain.set(*field, format!("{}7", field.name()));
    }
    entry.plain.set(PlainField::Pages, "12–34".into());
    for (at, field) in DateField::ALL.iter().enumerate() {
        entry.dates.set(*field, Date::ymd(2024, 2, u8::try_from(at + 1).unwrap()).unwrap());
    }
    for role in Role::ALL {
        entry.people.push((*role, Name::Person(Person::new("Čech", "Eduard"))));
    }
    entry.people.push((Role::Author, Name::Others));
    for scheme in Scheme::ALL {
        let value = match scheme {
            Scheme::Arxiv => "hep-th/9901001v2",
            Scheme::Doi => "10.1000/1",
            Scheme::Isbn => "978-3-16-148410-0",
            Scheme::Issn => "0302-9743",
            Scheme::Pmid => "123",
            Scheme::Pmcid => "PMC123",
            _ => "abc 12",
        };
        entry.ids.extend(Identifier::parse(*scheme, value));
    }
    entry
}

#[test]
fn every_kind_alone_is_read_back() {
    for kind in Kind::ALL {
        for arxiv in [false, true] {
            let mut entry = Entry::new(*kind);
            entry.texts.set(TextField::Title, Text::plain("Title"));
            if arxiv {
                entry.ids.extend(Identifier::parse(Scheme::Arxiv, "1706.03762v3"));
            }
            let (text, dropped) = write(&entry);
            assert_eq!(dropped, []);
            assert_eq!(read_one(&text), entry, "{text}");
        }
    }
}

#[test]
fn the_kind_of_a_full_entry_is_lost_only_to_a_genre() {
    for kind in Kind::ALL {
        let mut entry = full(*kind);
        entry.texts.remove(TextField::Genre);
        let (text, dropped) = write(&entry);
        assert!(!dropped.iter().any(|d| d.field == FieldName::Kind), "{kind:?}");
        assert_eq!(read_one(&text).kind, *kind, "{text}");
    }
}

#[test]
fn generated_entries_settle_and_hide_nothing() {
    crate::model::generate::property(|u| {
        let entry = generate::entry(u)?;
        let (first, dropped) = write(&entry);
        let lines: Vec<&str> = first.lines().collect();
        assert!(lines.iter().all(|line| split_tag(line).is_some()), "{first}");
        assert_eq!(lines.iter().filter(|line| line.starts_with("ER") || line.starts_with("TY")).count(), 2, "{first}");
        let back = read(&first);
        assert_eq!(back.entries.len(), 1);
        // What is not reported stands in the record, character by character.
        for (field, value) in entry.texts.iter() {
            let reported = dropped.iter().any(|d| d.field == FieldName::Text(field) && d.reason != MARKUP);
            assert!(reported || first.contains(&fold(&value.to_plain())), "{field:?} {first}");
        }
        // Odd names and notes take their reading form in the first round; from then on nothing moves.
        let once = read_one(&write(&back.entries[0].entry).0);
        let (third, _) = write(&once);
        assert_eq!(read_one(&third), once, "{first}\n{third}");
        Ok(())
    });
}

#[test]
fn dates_in_every_form() {
    let check = |input: &str, expected: &str| assert_eq!(read_date(input).0.to_string(), expected, "{input}");
    check("2014//", "2014");
    check("2020///", "2020");
    check("2018/4/25", "2018-04-25");
    check("1948/07//", "1948-07");
    check("2017/06/12/", "2017-06-12");
    check("2017/Jun/12", "2017-06-12");
    check("2017///Spring", "2017-21");
    check("1964///1964/2008", "1964/2008");
    check("12 June 2017", "2017-06-12");
    check("Jun 2017", "2017-06");
    check("2017-06", "2017-06");
    check("2009/2010", "2009/2010");
    check("21-23 June 2015", "21-23 June 2015");
    check("in press", "in press");
    check("2020/02/31/", "2020/02/31/");
    for edtf in ["199X", "-0044", "2001-21", "2004-06~", "1985-04-12/..", "../1985", "2017-06-12T10:20:30Z", "2017"] {
        let mut entry = Entry::new(Kind::Book);
        entry.dates.set(DateField::Issued, Date::parse_edtf(edtf).unwrap());
        entry.dates.set(DateField::Accessed, Date::parse_edtf(edtf).unwrap());
        let (text, dropped) = write(&entry);
        assert_eq!(dropped, []);
        assert_eq!(read_one(&text).dates, entry.dates, "{text}");
    }
    let range = Date::Range(Bound::Unknown, Bound::Day(Day::year(1985)));
    let mut entry = Entry::new(Kind::Book);
    entry.dates.set(DateField::Issued, range.clone());
    assert_eq!(read_one(&write(&entry).0).dates.get(DateField::Issued), Some(&range));
}

#[test]
fn names_in_every_form() {
    let check = |input: &str, expected: Name| assert_eq!(read_name(input), expected, "{input}");
    check("Shannon,Claude E.", Name::Person(Person::new("Shannon", "Claude E.")));
    check("Plato", Name::Person(Person::new("Plato", "")));
    check("Gemma Team,", Name::Literal("Gemma Team".into()));
    check("Fanning E.", Name::Literal("Fanning E.".into()));
    check("et al.", Name::Others);
    check("Smith,John, Jr.", Name::from_parts("Smith", "John", "Jr."));
    check("Forney,, G. David", Name::Person(Person::new("Forney,", "G. David")));
    check("van der Waals, J., Jr.", Name::from_parts("van der Waals", "J.", "Jr."));
}

#[test]
fn mathematics_but_not_money() {
    let math = |input: &str| read_text(input).runs().iter().filter(|run| matches!(run, Run::Math(_))).count();
    assert_eq!(math("On $x^2$ and $\\alpha$"), 2);
    assert_eq!(math("From $5 to $10"), 0);
    assert_eq!(math("one $ alone, $x$"), 1);
    assert_eq!(math("$\\text{a"), 0);
    assert_eq!(read_text("From $5 to $x$").to_plain(), "From $5 to $x$");
}

#[test]
fn what_a_line_cannot_hold_is_reported() {
    let mut entry = attention();
    let title: Text =
        [Run::Styled(Style::Protected, Text::plain("BERT")), Run::Plain(" and others".into())].into_iter().collect();
    entry.texts.set(TextField::Title, title);
    // Reading protects such words anyway.
    assert_eq!(write(&entry).1, []);
    let title: Text = [Run::Styled(Style::Protected, Text::plain("plain"))].into_iter().collect();
    entry.texts.set(TextField::Title, title);
    assert_eq!(write(&entry).1, [Dropped { field: FieldName::Text(TextField::Title), reason: CASE }]);
    entry.texts.set(TextField::Title, Text::plain("Two lines,\nER  - of a title"));
    let (text, dropped) = write(&entry);
    assert_eq!(dropped, [Dropped { field: FieldName::Text(TextField::Title), reason: LINES }]);
    assert!(text.contains("TI  - Two lines, ER - of a title\n"));
    entry.texts.set(TextField::Title, [Run::Styled(Style::Emphasis, Text::plain("E. coli"))].into_iter().collect());
    let (text, dropped) = write(&entry);
    assert_eq!(dropped, [Dropped { field: FieldName::Text(TextField::Title), reason: MARKUP }]);
    assert!(text.contains("TI  - E. coli\n"));
}

#[test]
fn the_dialects_of_one_preprint() {
    for record in [
        "TY  - GEN\nAN  - arXiv:1706.03762\nER  - ",
        "TY  - GEN\nN1  - arXiv:1706.03762 [cs.CL]\nER  - ",
        "TY  - GEN\nM1  - arXiv:1706.03762\nER  - ",
        "TY  - UNPB\nC7  - arXiv:1706.03762\nER  - ",
        "TY  - GEN\nDO  - https://doi.org/10.48550/ARXIV.1706.03762\nER  - ",
        "TY  - GEN\nUR  - http://arxiv.org/abs/1706.03762\nER  - ",
        "TY  - JOUR\nT2  - arXiv preprint arXiv:1706.03762\nER  - ",
        "TY  - JOUR\nJO  - CoRR\nVL  - abs/1706.03762\nER  - ",
        "TY  - Preprint\nUR  - https://arxiv.org/abs/1706.03762\nER  - ",
    ] {
        let entry = read_one(record);
        assert_eq!(entry.kind, Kind::Preprint, "{record}");
        assert_eq!(entry.arxiv().map(ToString::to_string).as_deref(), Some("1706.03762"), "{record}");
        assert!(!entry.texts.contains(TextField::ContainerTitle), "{record}");
    }
    let published = read_one("TY  - JOUR\nT2  - Nature\nAN  - arXiv:1706.03762v2\nN1  - arXiv:1706.03762\nER  - ");
    assert_eq!((published.kind, published.ids.len()), (Kind::JournalArticle, 1));
}

#[test]
fn sloppy_records_are_read_and_said_to_be_sloppy() {
    let text = "\u{feff}1.\r\nRecord #1 of 2\r\nTY -  BOOK\r\nti  - Lower\r\nAU\t- Doe, J\r\nN2  - first,\r\nER then second\r\n\
        ZZ  - odd\r\nTY  - JOUR\r\nTY  - NOPE\r\nT1  - Second\r\nDO  - none\r\n";
    let back = read(text);
    let rules: Vec<(Rule, u32)> = back.diagnostics.iter().map(|d| (d.rule, d.span.map_or(0, |s| s.line))).collect();
    assert_eq!(
        rules,
        [
            (Rule::UnreadLine, 2),
            (Rule::MalformedRecord, 9),
            (Rule::MalformedRecord, 10),
            (Rule::MalformedRecord, 13),
            (Rule::MalformedValue, 10),
            (Rule::MalformedValue, 12),
        ]
    );
    let [first, second] = &back.entries[..] else { panic!("{:?}", back.entries) };
    assert_eq!(first.entry.texts.get(TextField::Abstract), Some(&Text::plain("first, ER then second")));
    assert_eq!(first.entry.authors().count(), 1);
    assert_eq!(first.entry.foreign, [Foreign { format: "ris", name: "ZZ".into(), value: "odd".into() }]);
    assert_eq!(second.entry.kind, Kind::Misc);
    assert_eq!(second.entry.foreign.len(), 2);
    assert_eq!(read_one("TY  - Journal Article\nER  -").foreign, []);
    assert_eq!(write(&read_one("TY  - EJOUR\nER  -")).0, "TY  - EJOUR\nER  - \n");
}

#[test]
fn no_prefix_panics() {
    let (text, _) = write(&full(Kind::JournalArticle));
    for end in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
        read(&text[..end]);
    }
}

#[test]
fn no_input_panics() {
    const PIECES: [&str; 24] = [
        "\nTY  - ",
        "\nER  - ",
        "\nAU  - ",
        "\nPY  - ",
        "\nDA  - ",
        "\nSP  - ",
        "\nEP  - ",
        "\nT2  - ",
        "\nN1  - ",
        "\nSN  - ",
        "\nUR  - ",
        "\nDO  - ",
        "\nM3  - ",
        "\nAN  - arXiv:",
        "JOUR",
        "GEN",
        "THES",
        "2017/",
        "://",
        ";",
        "CoRR",
        "Note: ",
        "arXiv:",
        "$",
    ];
    crate::model::generate::property(|u| {
        let mut text = String::new();
        for _ in 0..u.int_in_range(0..=30)? {
            text.push_str(u.choose(&PIECES)?);
            text.push_str(&generate::string(u)?);
        }
        sniff(&text);
        for sourced in read(&text).entries {
            write(&sourced.entry);
        }
        Ok(())
    });
}

#[test]
fn ris_is_told_by_its_first_tag() {
    assert_eq!(sniff("\u{feff}TY  - JOUR\n"), Sniff::Yes);
    assert_eq!(sniff("1.\r\nTY  -JOUR\r\n"), Sniff::Yes);
    assert_eq!(sniff("@article{x,\n TY  - no\n}"), Sniff::No);
    assert_eq!(sniff("FN Clarivate\nVR 1.0\n"), Sniff::No);
}
