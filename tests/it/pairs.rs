//! The contract of losses: between any two formats exactly the fields that do not come back are reported.
//!
//! It is checked for the fixtures, for an entry of every kind with every field, and for entries made at random. What may be
//! dropped at all stands in `fixtures/droppable.md`; a new row there needs the writer's reason.

use crate::model::generate;
use crate::support::{conclude, expect, fixtures, inputs};
use bibmill::format::{Dropped, Format, Input};
use bibmill::model::{
    Date, DateField, Entry, FieldName, Foreign, Identifier, Kind, ListField, Name, Person, PlainField, Role, Run,
    Scheme, Text, TextField,
};
use bibmill::source::SourceId;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

#[path = "../../examples/pairs.rs"]
#[expect(dead_code, reason = "the example's main is not called here")]
pub(crate) mod example;

#[test]
fn every_kind_with_every_field_is_kept_or_reported() {
    let mut failures = Vec::new();
    for to in example::FORMATS {
        let entries: Vec<Entry> = samples().collect();
        let mut say = |message: String| failures.push(format!("{to}: {message}"));
        example::leg(to, &entries, &mut say).expect("no panic");
    }
    conclude(&failures);
}

/// For every kind: an entry with a title and one more field, and one with all fields.
fn samples() -> impl Iterator<Item = Entry> {
    Kind::ALL.iter().flat_map(|kind| {
        let with = |field: FieldName| {
            let mut entry = bare(*kind, field.name());
            set(&mut entry, field);
            entry
        };
        let mut full = bare(*kind, "everything");
        every_field().for_each(|field| set(&mut full, field));
        every_field().map(with).chain([full]).collect::<Vec<_>>()
    })
}

fn bare(kind: Kind, name: &str) -> Entry {
    let mut entry = Entry::new(kind);
    entry.key = Some(format!("{}:{name}", kind.name()));
    set(&mut entry, FieldName::Text(TextField::Title));
    entry
}

fn every_field() -> impl Iterator<Item = FieldName> {
    let texts = TextField::ALL.iter().map(|field| FieldName::Text(*field));
    let lists = ListField::ALL.iter().map(|field| FieldName::List(*field));
    let plain = PlainField::ALL.iter().map(|field| FieldName::Plain(*field));
    let dates = DateField::ALL.iter().map(|field| FieldName::Date(*field));
    let people = Role::ALL.iter().map(|role| FieldName::People(*role));
    let ids = Scheme::ALL.iter().map(|scheme| FieldName::Id(*scheme));
    texts.chain(lists).chain(plain).chain(dates).chain(people).chain(ids)
}

/// Gives a field a sound value that names it.
fn set(entry: &mut Entry, field: FieldName) {
    match field {
        FieldName::Text(field) => {
            entry.texts.set(field, Text::plain(format!("A {} of its own", field.name().replace('-', " "))));
        }
        FieldName::List(field) => {
            let word = field.name().replace('-', " ");
            let items = if field == ListField::Language {
                ["en".to_owned(), "fr".to_owned()]
            } else {
                [format!("First {word}"), format!("Second {word}")]
            };
            entry.lists.set(field, items.into_iter().map(Text::plain).collect());
        }
        FieldName::Plain(field) => {
            entry.plain.set(field, plain_value(field).to_owned());
        }
        FieldName::Date(field) => {
            entry.dates.set(field, Date::parse("2011-05-06"));
        }
        FieldName::People(role) => {
            entry.people.push((role, Name::Person(Person::new("Doe", "Jane"))));
            entry.people.push((role, Name::from_parts("van der Waals", "Johannes", "Jr.")));
            entry.people.push((role, Name::Literal("The Working Group".to_owned())));
        }
        FieldName::Id(scheme) => {
            entry.ids.push(Identifier::parse(scheme, identifier(scheme)).expect("a sound identifier"));
        }
        FieldName::Kind | FieldName::Key | FieldName::Foreign(_) => {}
    }
}

fn plain_value(field: PlainField) -> &'static str {
    match field {
        PlainField::Volume => "12",
        PlainField::Issue => "3",
        PlainField::Number => "77",
        PlainField::Part => "2",
        PlainField::Pages => "101–110",
        PlainField::PageTotal => "220",
        PlainField::Pagination | PlainField::BookPagination => "column",
        PlainField::Chapter => "5",
        PlainField::Section => "IV",
        PlainField::Edition => "2",
        PlainField::Volumes => "4",
        PlainField::ArticleNumber => "e1234",
        PlainField::Version => "1.10",
        PlainField::Url => "https://example.org/work?id=1&lang=en#top",
        PlainField::CallNumber => "QA76.9 .D3",
        PlainField::Archive => "National Archive",
        PlainField::ArchiveLocation => "Box 12",
        PlainField::Database => "Scopus",
        PlainField::LanguageId => "ngerman",
        PlainField::SortKey => "waals",
        PlainField::Options => "useprefix=true",
        PlainField::File => "paper.pdf",
        PlainField::JournalSeries => "2",
        PlainField::CrossReference => "other",
        PlainField::KeyAliases => "alias1, alias2",
    }
}

fn identifier(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Arxiv => "1706.03762",
        Scheme::Doi => "10.1000/182",
        Scheme::Isbn => "978-3-16-148410-0",
        Scheme::Issn => "2049-3630",
        Scheme::Pmid => "17170002",
        Scheme::Pmcid => "PMC1234567",
        Scheme::Jstor => "2118559",
        Scheme::GoogleBooks => "hwB0QgAACAAJ",
        Scheme::Handle => "20.1000/100",
        Scheme::MathReviews => "MR0123456",
        Scheme::Zbmath => "1234.56789",
        Scheme::Bibcode => "1992ApJ...400L...1W",
        Scheme::Inspire => "451647",
        Scheme::Dblp => "conf/nips/VaswaniSPUJGKP17",
        Scheme::OpenAlex => "W2741809807",
        Scheme::SemanticScholar => "13756489",
        Scheme::ReportNumber => "CERN-TH-2011-001",
        Scheme::Isrn => "METPRO/CB/TR--74/216+PR.ENVR.WI",
        Scheme::Ismn => "979-0-2600-0043-8",
        Scheme::Isan => "0000-0000-3A8D-0000-Z-0000-0000-6",
        Scheme::Iswc => "T-034524680-1",
    }
}

/// The list of what may be dropped, with the writers' reasons.
#[test]
fn what_is_dropped_stands_in_the_list() {
    let mut dropped: BTreeMap<(Format, &str), BTreeSet<&str>> = BTreeMap::new();
    let mut gather = |entries: &[Entry]| {
        for format in example::FORMATS {
            let (_, all) = example::write(format, entries);
            for (entry, dropped_of_entry) in entries.iter().zip(all) {
                for Dropped { field, reason } in dropped_of_entry {
                    let field = match field {
                        FieldName::Foreign(at) if entry.foreign[at].format == family(format) => "a field of its own",
                        FieldName::Foreign(_) => "fields of other formats",
                        field => field.name(),
                    };
                    dropped.entry((format, reason)).or_default().insert(field);
                }
            }
        }
    };
    gather(&samples().collect::<Vec<_>>());
    for file in bibliographies() {
        gather(&example::entries_of(&file).map_or(Vec::new(), |(_, entries)| entries));
    }
    generate::property(|u| {
        gather(&[generate::entry(u)?]);
        Ok(())
    });
    let mut table = "| format | reason | fields |\n|---|---|---|\n".to_owned();
    for ((format, reason), fields) in dropped {
        assert!(reason.contains(' '), "{format}: `{reason}` is no reason");
        let fields: Vec<&str> = fields.into_iter().collect();
        let _ = writeln!(table, "| {format} | {reason} | {} |", fields.join(", "));
    }
    let mut failures = Vec::new();
    expect(&fixtures().join("droppable.md"), Some(&table), &mut failures);
    conclude(&failures);
}

/// The name under which values of a format are kept in the model.
fn family(format: Format) -> &'static str {
    match format {
        Format::Biblatex => "bibtex",
        Format::CslJson | Format::CslYaml => "csl",
        other => other.name(),
    }
}

fn bibliographies() -> Vec<PathBuf> {
    inputs().into_iter().map(|(_, path)| path).collect()
}

#[test]
fn between_any_two_formats_the_fixtures_lose_what_is_reported() {
    let pairs = example::pairs(&bibliographies());
    let mut failures: Vec<String> = pairs.values().flat_map(|pair| pair.unreported.iter().cloned()).collect();
    expect(&fixtures().join("pairs.md"), Some(&example::table(&pairs)), &mut failures);
    conclude(&failures);
}

#[test]
fn entries_made_at_random_lose_what_is_reported() {
    let mut failures = Vec::new();
    for from in example::FORMATS {
        generate::property(|u| {
            let mut entry = generate::entry(u)?;
            entry.key = Some("key".to_owned());
            let (text, _) = example::write(from, &[entry]);
            let read = example::read(from, Input::from_text(SourceId(0), from.name(), &text));
            let entries: Vec<Entry> = read.into_iter().map(sound).collect();
            for to in example::FORMATS {
                let mut say = |message: String| {
                    // An identifier somewhere in the words of a note may give the kind back.
                    if !message.contains("kind is reported and comes back") {
                        failures.push(format!("{from} → {to}: {message}"));
                    }
                };
                example::leg(to, &entries, &mut say).expect("no panic");
            }
            Ok(())
        });
    }
    conclude(&failures);
}

/// An entry without empty values and odd white space, which no format promises to keep.
fn sound(entry: Entry) -> Entry {
    let mut out = Entry { key: entry.key, people: Vec::new(), foreign: Vec::new(), ..Entry::new(entry.kind) };
    for (field, text) in
        entry.texts.iter().map(|(field, text)| (field, folded_text(text))).filter(|(_, text)| !text.is_empty())
    {
        out.texts.set(field, text);
    }
    for (field, items) in entry.lists.iter() {
        let items: Vec<Text> = items.iter().map(folded_text).filter(|item| !item.is_empty()).collect();
        if !items.is_empty() {
            out.lists.set(field, items);
        }
    }
    for (field, value) in
        entry.plain.iter().map(|(field, value)| (field, folded(value))).filter(|(_, value)| !value.is_empty())
    {
        out.plain.set(field, value);
    }
    for (field, date) in entry.dates.iter() {
        match date {
            Date::Written(text) if folded(text).is_empty() => None,
            Date::Written(text) => out.dates.set(field, Date::parse(&folded(text))),
            date => out.dates.set(field, date.clone()),
        };
    }
    for (role, name) in entry.people {
        let name = match name {
            Name::Others => Name::Others,
            Name::Literal(name) => Name::Literal(folded(&name)),
            Name::Person(person) => Name::Person(Person {
                family: folded(&person.family),
                given: folded(&person.given),
                particle: folded(&person.particle),
                dropping_particle: folded(&person.dropping_particle),
                suffix: folded(&person.suffix),
            }),
        };
        if name.is_others() || !name.family().is_empty() {
            out.people.push((role, name));
        }
    }
    for id in entry.ids {
        out.ids.extend(Identifier::parse(id.scheme(), &folded(&id.value())));
    }
    for foreign in entry.foreign {
        let foreign = Foreign { name: folded(&foreign.name), value: folded(&foreign.value), ..foreign };
        // A list of nothing is a text to BibTeX.
        if !foreign.name.is_empty() && !foreign.value.is_empty() && foreign.value != "and" {
            out.foreign.push(foreign);
        }
    }
    out
}

fn folded(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A text with the white space of each run folded, and none at its ends.
fn folded_text(text: &Text) -> Text {
    let last = text.runs().len().saturating_sub(1);
    let run = |(at, run): (usize, &Run)| {
        let fold = |text: &String| {
            let head = if at > 0 && text.starts_with(char::is_whitespace) { " " } else { "" };
            let tail = if at < last && text.ends_with(char::is_whitespace) { " " } else { "" };
            let folded = folded(text);
            match (folded.is_empty(), at < last) {
                (true, true) => head.to_owned(),
                (true, false) => String::new(),
                (false, _) => format!("{head}{folded}{tail}"),
            }
        };
        match run {
            Run::Plain(text) => Run::Plain(fold(text)),
            Run::Math(text) => Run::Math(folded(text)),
            Run::Tex(text) => Run::Tex(folded(text)),
            Run::Styled(style, inner) => Run::Styled(*style, folded_text(inner)),
        }
    };
    text.runs().iter().enumerate().map(run).collect()
}
