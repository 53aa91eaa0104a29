//! What Hayagriva must do, by example and by law.

use super::SPEC;
use crate::format::{Dropped, Input, Printer, ReadOptions, WriteOptions};
use crate::model::{
    Date, DateField, Entry, FieldName, Identifier, Kind, ListField, Name, Person, PlainField, Role, Scheme, Text,
    TextField, generate,
};
use crate::source::SourceId;
use crate::stream::Collected;
use crate::yaml;

fn write(entry: &Entry) -> (String, Vec<Dropped>) {
    let mut printer = Printer::default();
    (SPEC.write.unwrap().entry)(entry, &WriteOptions::default(), &mut printer);
    assert!(printer.key_end.is_some());
    (printer.out, printer.dropped)
}

fn read(text: &str) -> Collected {
    let mut sink = Collected::default();
    (SPEC.read.unwrap())(Input::from_text(SourceId(0), "x", text), &ReadOptions::default(), &mut sink).unwrap();
    sink
}

fn read_one(text: &str) -> Entry {
    let mut collected = read(text);
    assert_eq!(collected.entries.len(), 1, "{text}\n{:?}", collected.diagnostics);
    collected.entries.remove(0).entry
}

fn without(entry: &Entry, dropped: &[Dropped]) -> Entry {
    let mut out = entry.clone();
    out.people.retain(|(_, name)| !name.is_others());
    for Dropped { field, reason } in dropped {
        match field {
            FieldName::Text(field) => drop(out.texts.remove(*field)),
            FieldName::List(field) => drop(out.lists.remove(*field)),
            FieldName::Plain(field) => drop(out.plain.remove(*field)),
            FieldName::Date(field) => drop(out.dates.remove(*field)),
            FieldName::People(_) if reason.contains("goes on") => {}
            FieldName::People(role) => out.people.retain(|(r, _)| r != role),
            FieldName::Id(scheme) => out.ids.retain(|id| id.scheme() != *scheme),
            FieldName::Kind => out.kind = Kind::Misc,
            FieldName::Key | FieldName::Foreign(_) => {}
        }
    }
    // Subtitles are read as part of the title, and notes of every kind as one note.
    for (more, field) in [
        (TextField::Subtitle, TextField::Title),
        (TextField::ContainerSubtitle, TextField::ContainerTitle),
        (TextField::Addendum, TextField::Note),
        (TextField::JournalRef, TextField::Note),
        (TextField::Comment, TextField::Note),
    ] {
        if dropped.iter().any(|d| d.field == FieldName::Text(more)) {
            out.texts.remove(field);
        }
    }
    // Without the title of its volume it is that of the container.
    if dropped.iter().any(|d| d.reason.contains("that of the container")) {
        out.texts.remove(TextField::ContainerTitle);
    }
    // Either may stand in `organization` for want of the other.
    let is_either = |d: &Dropped| matches!(d.field, FieldName::List(ListField::Institution | ListField::Organization));
    if dropped.iter().any(is_either) {
        out.lists.remove(ListField::Institution);
        out.lists.remove(ListField::Organization);
    }
    // A work without a date has that of its event.
    if let (None, Some(date)) = (out.dates.get(DateField::Issued), out.dates.get(DateField::Event).cloned()) {
        out.dates.set(DateField::Issued, date);
    }
    out.people.sort_by_key(|(role, _)| *role);
    out.ids.sort_by_key(Identifier::scheme);
    out
}

fn check_law(entry: &Entry) {
    let (text, dropped) = write(entry);
    let back = read_one(&text);
    assert_eq!(without(&back, &dropped), without(entry, &dropped), "{text}\n{dropped:?}");
}

#[test]
fn a_preprint_as_the_mapping_has_it() {
    let mut entry = Entry::new(Kind::Preprint);
    entry.key = Some("vaswani2017attention".into());
    entry.texts.set(TextField::Title, Text::plain("Attention Is All BERT Needs: $5").protect_case());
    entry.people.push((Role::Author, Name::from_parts("Vaswani", "Ashish", "")));
    entry.people.push((Role::Author, Name::from_parts("van der Waals", "J.", "Jr.")));
    entry.people.push((Role::Author, Name::Literal("Gemma Team".into())));
    entry.ids.extend(Identifier::parse(Scheme::Arxiv, "1706.03760"));
    entry.ids.extend(Identifier::parse(Scheme::Doi, "10.48550/arXiv.1706.03760"));
    entry.dates.set(DateField::Issued, Date::parse("2017-06-12"));
    entry.plain.set(PlainField::Url, "https://arxiv.org/abs/1706.03760".into());
    let (text, dropped) = write(&entry);
    assert_eq!(dropped, []);
    assert_eq!(
        text,
        r#"vaswani2017attention:
  type: article
  title: 'Attention Is All {BERT} Needs: \$5'
  author:
    - Vaswani, Ashish
    - name: Waals
      given-name: J.
      prefix: van der
      suffix: Jr.
    - name: Gemma Team
  date: 2017-06-12
  publisher: arXiv
  url: "https://arxiv.org/abs/1706.03760"
  serial-number:
    serial: "arXiv:1706.03760"
    arxiv: "1706.03760"
    doi: "10.48550/arXiv.1706.03760"
"#
    );
    check_law(&entry);
}

/// An entry of that kind with every field of the model filled.
fn full(kind: Kind) -> Entry {
    let mut entry = Entry::new(kind);
    entry.key = Some("key2024full".into());
    for field in TextField::ALL {
        entry.texts.set(*field, Text::plain(format!("The {} $5 {{of}} it", field.name())));
    }
    for field in ListField::ALL {
        entry.lists.set(*field, vec![format!("One {}", field.name()).into(), format!("Two {}", field.name()).into()]);
    }
    for field in PlainField::ALL {
        entry.plain.set(*field, format!("{}7", field.name()));
    }
    entry.plain.set(PlainField::Pages, "12–34".into());
    entry.plain.set(PlainField::PageTotal, "340".into());
    entry.plain.set(PlainField::Volumes, "3".into());
    entry.plain.set(PlainField::Url, "https://example.org/a?b=c".into());
    for field in DateField::ALL {
        entry.dates.set(*field, Date::parse("2024-02-03"));
    }
    for role in Role::ALL {
        entry.people.push((*role, Name::Person(Person::new("Čech", "Eduard"))));
        entry.people.push((*role, Name::Person(Person::new("Van Dyke", ""))));
        entry.people.push((*role, Name::Literal("A: Team".into())));
    }
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
    entry.ids.extend(Identifier::parse(Scheme::Doi, "10.1000/2"));
    entry
}

#[test]
fn every_field_of_every_kind_is_read_back_or_reported() {
    for kind in Kind::ALL {
        check_law(&full(*kind));
        check_law(&Entry { key: Some("k".into()), ..Entry::new(*kind) });
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
            check_law(&entry);
        }
    }
}

#[test]
fn whatever_an_entry_holds_the_output_is_sound() {
    crate::model::generate::property(|u| {
        let entry = generate::entry(u)?;
        let (text, _) = write(&entry);
        let node = yaml::parse(&text).unwrap_or_else(|fault| panic!("{fault:?}\n{text}"));
        assert!(node.get(entry.key.as_deref().unwrap_or_default()).is_some(), "{text}");
        read(&text);
        Ok(())
    });
}

#[test]
fn no_prefix_of_a_file_makes_the_reader_panic() {
    let (text, _) = write(&full(Kind::Chapter));
    for (at, _) in text.char_indices() {
        read(&text[..at]);
    }
}

#[test]
fn faults_cost_one_entry_and_are_reported() {
    let found = read(
        "a:\n  type: Article\n  volume: 1.10\n  parent:\n    title: J\nb:\n  type: [\nc:\n  type: book\n  date: soon\n",
    );
    let keys: Vec<_> = found.entries.iter().map(|e| e.entry.key.clone().unwrap()).collect();
    assert_eq!(keys, ["a", "c"]);
    assert_eq!(found.entries[0].entry.kind, Kind::JournalArticle);
    assert_eq!(found.entries[0].entry.plain.get(PlainField::Volume).map(String::as_str), Some("1.10"));
    let rules: Vec<_> = found.diagnostics.iter().map(|d| (d.rule.name(), d.span.unwrap().line)).collect();
    assert_eq!(rules, [("malformed-record", 6), ("malformed-value", 8)]);
}
