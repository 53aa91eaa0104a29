//! The laws of this room, over entries of every kind and over generated ones: what is written is read back as it was, up
//! to the fields reported as dropped and the normalisations of [`normalised`]; and what is read back is written as before.

use super::vocabulary::{GIVES_WAY, ORDER, has, is_in_periodical};
use super::{Dialect, read, write};
use crate::format::{Printer, WriteOptions};
use crate::model::{
    ArxivId, Bound, Date, DateField, Day, Entry, FieldName, Foreign, Identifier, Kind, ListField, Name, Person,
    PlainField, Role, Run, Scheme, Style, Text, TextField,
};
use arbtest::arbitrary::{Result, Unstructured};

fn print(entry: &Entry, dialect: Dialect) -> (String, Vec<FieldName>) {
    let mut printer = Printer::default();
    write::entry(entry, dialect, &WriteOptions::default(), &mut printer);
    (printer.out, printer.dropped.iter().map(|dropped| dropped.field).collect())
}

fn check(entry: &Entry, dialect: Dialect) {
    let (out, dropped) = print(entry, dialect);
    let mut collected = read::collect(&out, dialect);
    assert_eq!(collected.entries.len(), 1, "{out}\n{entry:?}");
    let read = collected.entries.remove(0).entry;
    let expected = normalised(entry, dialect, &dropped, &read);
    let found = sorted(without(&read, &dropped));
    assert_eq!(found, sorted(expected), "\n{out}\n{dialect:?} dropped {dropped:?}");
    // What was read back must be written as before: a second round changes nothing more.
    let again = print(&read, dialect).0;
    assert_eq!(again, out, "{dialect:?} {read:?}");
}

/// The entry as this dialect can give it back.
fn normalised(entry: &Entry, dialect: Dialect, dropped: &[FieldName], read: &Entry) -> Entry {
    let mut out = without(entry, dropped);
    // A kind without a type of its own comes back as the nearest one; so does a preprint that nothing marks as one.
    if dropped.contains(&FieldName::Kind) {
        out.kind = read.kind;
    }
    // A preprint's state goes without saying.
    if out.texts.get(TextField::PublicationState).and_then(Text::as_plain) == Some("prepublished") {
        out.texts.remove(TextField::PublicationState);
    }
    // A class is a code, not a text.
    if let Some(class) = out.lists.get_mut(ListField::Category).and_then(|classes| classes.first_mut()) {
        *class = Text::plain(class.to_plain());
    }
    // Two fields of the model share one of the file.
    let moves = GIVES_WAY.iter().filter(|(_, _, only)| only.is_none_or(|only| only == dialect));
    for (weaker, stronger, _) in moves {
        let periodical_only = matches!(weaker, FieldName::Plain(_) | FieldName::Text(TextField::Series));
        if has(&out, *weaker) && !has(&out, *stronger) && (!periodical_only || is_in_periodical(entry.kind)) {
            rename(&mut out, *weaker, *stronger);
        }
    }
    if dialect == Dialect::Bibtex {
        as_bibtex(&mut out);
    }
    out
}

/// What BibTeX cannot part: subtitles from titles, the members of lists; and dates finer than a month.
fn as_bibtex(out: &mut Entry) {
    for (title, subtitle) in
        [(TextField::Title, TextField::Subtitle), (TextField::ContainerTitle, TextField::ContainerSubtitle)]
    {
        if let (Some(subtitle), Some(title)) = (out.texts.remove(subtitle), out.texts.get_mut(title)) {
            let ends_itself = title.to_plain().ends_with(['?', '!', '.', ':', ';', ',']);
            title.push_str(if ends_itself { " " } else { ": " });
            for run in subtitle.runs() {
                title.push(run.clone());
            }
        }
    }
    if !out.texts.contains(TextField::ContainerTitle)
        && let Some(short) = out.texts.remove(TextField::ContainerShortTitle)
    {
        out.texts.set(TextField::ContainerTitle, short);
    }
    for list in ListField::ALL.iter().filter(|list| !matches!(list, ListField::Keyword | ListField::Category)) {
        if let Some(items) = out.lists.get_mut(*list) {
            let mut joined = Text::new();
            for (at, item) in items.drain(..).enumerate() {
                if at > 0 {
                    joined.push_str(" and ");
                }
                for run in item.runs() {
                    joined.push(run.clone());
                }
            }
            items.push(joined);
        }
    }
    let coarse = |day: &mut Day| {
        day.day = None;
        day.time = None;
    };
    match out.dates.get_mut(DateField::Issued) {
        Some(Date::Day(day)) => coarse(day),
        Some(Date::Range(from, to)) => {
            for bound in [from, to] {
                if let Bound::Day(day) = bound {
                    coarse(day);
                }
            }
        }
        _ => {}
    }
    // The grammar of names has one kind of particle.
    for (_, name) in &mut out.people {
        if let Name::Person(person) = name
            && !person.dropping_particle.is_empty()
        {
            person.particle =
                [std::mem::take(&mut person.dropping_particle), std::mem::take(&mut person.particle)].join(" ");
            person.particle = person.particle.trim().to_owned();
        }
    }
}

fn rename(entry: &mut Entry, from: FieldName, to: FieldName) {
    match (from, to) {
        (FieldName::Text(from), FieldName::Text(to)) => {
            let text = entry.texts.remove(from).unwrap_or_default();
            entry.texts.set(to, text);
        }
        (FieldName::Plain(from), FieldName::Plain(to)) => {
            let value = entry.plain.remove(from).unwrap_or_default();
            entry.plain.set(to, value);
        }
        (FieldName::Text(from), FieldName::Plain(to)) => {
            let value = entry.texts.remove(from).unwrap_or_default().to_plain();
            entry.plain.set(to, value);
        }
        (FieldName::List(from), FieldName::Text(to)) => {
            let mut joined = Text::new();
            for (at, item) in entry.lists.remove(from).unwrap_or_default().iter().enumerate() {
                joined.push_str(if at > 0 { " and " } else { "" });
                for run in item.runs() {
                    joined.push(run.clone());
                }
            }
            entry.texts.set(to, joined);
        }
        other => panic!("{other:?}"),
    }
}

/// The entry without what was dropped. Of several classes the first is there all the same.
fn without(entry: &Entry, dropped: &[FieldName]) -> Entry {
    let mut out = entry.clone();
    let mut foreign = Vec::new();
    for field in dropped {
        match field {
            FieldName::Text(field) => drop(out.texts.remove(*field)),
            FieldName::List(ListField::Category) => {
                let has_class = out.arxiv().is_some();
                match out.lists.get_mut(ListField::Category) {
                    Some(classes) if has_class => classes.truncate(1),
                    _ => drop(out.lists.remove(ListField::Category)),
                }
            }
            FieldName::List(field) => drop(out.lists.remove(*field)),
            FieldName::Plain(field) => drop(out.plain.remove(*field)),
            FieldName::Date(field) => drop(out.dates.remove(*field)),
            FieldName::People(role) => out.people.retain(|(other, _)| other != role),
            FieldName::Id(scheme) => out.ids.retain(|id| id.scheme() != *scheme),
            FieldName::Foreign(at) => foreign.push(*at),
            FieldName::Kind | FieldName::Key => {}
        }
    }
    for at in foreign.into_iter().rev().filter(|at| *at < entry.foreign.len()) {
        out.foreign.remove(at);
    }
    out
}

/// People, identifiers and foreign fields in the order of the file.
fn sorted(mut entry: Entry) -> Entry {
    let place = |field: FieldName| ORDER.iter().position(|other| *other == field);
    entry.people.sort_by_key(|(role, _)| place(FieldName::People(*role)));
    entry.ids.sort_by_key(|id| place(FieldName::Id(id.scheme())));
    entry.foreign.sort_by(|a, b| (&a.name, &a.value).cmp(&(&b.name, &b.value)));
    entry
}

#[test]
fn every_kind_comes_back() {
    for kind in Kind::ALL {
        for dialect in [Dialect::Bibtex, Dialect::Biblatex] {
            let mut entry = Entry::new(*kind);
            entry.key = Some("k".to_owned());
            entry.texts.set(TextField::Title, Text::plain("T"));
            check(&entry, dialect);
            entry.texts.set(TextField::Genre, Text::plain("Words"));
            check(&entry, dialect);
            entry.ids.push(Identifier::Other(Scheme::Doi, "10.1000/x".to_owned()));
            entry.dates.set(DateField::Issued, Date::parse("2017-06-12"));
            check(&entry, dialect);
        }
    }
}

#[test]
fn every_field_comes_back() {
    for kind in [Kind::Preprint, Kind::JournalArticle, Kind::Book, Kind::Thesis, Kind::ConferencePaper, Kind::Misc] {
        for field in ORDER {
            let mut entry = Entry::new(kind);
            entry.key = Some("k".to_owned());
            entry.texts.set(TextField::Title, Text::plain("T"));
            if kind == Kind::Preprint {
                entry.ids.extend(ArxivId::parse("1706.03762").map(Identifier::Arxiv));
            } else {
                entry.texts.set(TextField::ContainerTitle, Text::plain("C"));
            }
            match field {
                FieldName::Text(field) => drop(entry.texts.set(*field, Text::plain("Some text"))),
                FieldName::List(field) => drop(entry.lists.set(*field, vec![Text::plain("a"), Text::plain("b")])),
                FieldName::Plain(PlainField::Url) => {
                    entry.plain.set(PlainField::Url, "https://x.org/a_b%20c~d".to_owned());
                }
                FieldName::Plain(field) => drop(entry.plain.set(*field, "12".to_owned())),
                FieldName::Date(field) => drop(entry.dates.set(*field, Date::parse("2017-06"))),
                FieldName::People(role) => {
                    entry.people.push((*role, Name::Person(Person::new("Dean", "Jeff"))));
                    entry.people.push((*role, Name::Others));
                }
                FieldName::Id(scheme) => entry.ids.extend(identifier(*scheme)),
                FieldName::Kind | FieldName::Key | FieldName::Foreign(_) => {}
            }
            for dialect in [Dialect::Bibtex, Dialect::Biblatex] {
                check(&entry, dialect);
            }
        }
    }
}

fn identifier(scheme: Scheme) -> Option<Identifier> {
    let text = match scheme {
        Scheme::Arxiv => "hep-th/9901001v2",
        Scheme::Doi => "10.1000/a_b(c)<d>#e%20f",
        Scheme::Isbn => "978-3-16-148410-0",
        Scheme::Issn => "0302-9743",
        Scheme::Pmid => "123",
        Scheme::Pmcid => "PMC123",
        Scheme::Bibcode => "2017A&A...600A...1X",
        Scheme::Dblp => "journals/corr/VaswaniSPUJGKP17",
        Scheme::Handle => "2027/uc1.b3",
        Scheme::Jstor
        | Scheme::GoogleBooks
        | Scheme::MathReviews
        | Scheme::Zbmath
        | Scheme::Inspire
        | Scheme::OpenAlex
        | Scheme::SemanticScholar
        | Scheme::ReportNumber
        | Scheme::Isrn
        | Scheme::Ismn
        | Scheme::Isan
        | Scheme::Iswc => "X-12_3",
    };
    Identifier::parse(scheme, text)
}

#[test]
fn generated_entries_come_back() {
    crate::model::generate::property(|u| {
        let entry = generate(u)?;
        for dialect in [Dialect::Bibtex, Dialect::Biblatex] {
            check(&entry, dialect);
        }
        Ok(())
    });
}

const WORDS: [&str; 30] = [
    "Attention",
    "Is",
    "All",
    "a",
    "of",
    "naïve",
    "50%",
    "A&B",
    "x_1",
    "#1",
    "C:\\dir",
    "{",
    "}",
    "~",
    "^",
    "$",
    "Łódź",
    "and",
    "others",
    "\"q\"",
    "“q”",
    "a--b",
    "–",
    "…",
    "<b>",
    "et",
    "al.",
    "=",
    ",",
    "@article{x,",
];

fn words(u: &mut Unstructured<'_>) -> Result<String> {
    let count = u.int_in_range(1..=4)?;
    let words: Vec<&str> = (0..count).map(|_| u.choose(&WORDS).copied()).collect::<Result<_>>()?;
    Ok(words.join(" "))
}

fn text(u: &mut Unstructured<'_>) -> Result<Text> {
    let mut text = Text::plain(words(u)?);
    if u.ratio(1, 4)? {
        text.push_str(" ");
        text.push(match u.int_in_range(0..=3)? {
            0 => Run::Math("x_1^{2} \\alpha".to_owned()),
            1 => Run::Styled(Style::Protected, Text::plain("NASA")),
            2 => Run::Styled(Style::Emphasis, Text::plain("in vivo")),
            _ => Run::Styled(Style::Superscript, Text::plain("2")),
        });
        text.push_str(" end");
    }
    Ok(text)
}

fn name(u: &mut Unstructured<'_>) -> Result<Name> {
    const FAMILIES: [&str; 10] = [
        "Dean",
        "de la Cruz",
        "Van Damme",
        "boyd",
        "O'Neil",
        "Müller-Lüdenscheidt",
        "García y López",
        "A=B",
        "Smith, Inc",
        "Rock and Roll",
    ];
    const GIVEN: [&str; 6] = ["Jeff", "J. D.", "Jean-Paul", "A, B", "Ç.", ""];
    const PARTICLES: [&str; 5] = ["", "", "van der", "d'", "al-"];
    const BODIES: [&str; 5] = ["Gemma Team", "Barnes and Noble, Inc.", "others", "50% & more", "Acme"];
    if u.ratio(1, 5)? {
        return Ok(Name::Literal((*u.choose(&BODIES)?).to_owned()));
    }
    let (given, family) = (*u.choose(&GIVEN)?, *u.choose(&FAMILIES)?);
    // A family name of several words alone is one brace group, which reads as a body's name.
    if given.is_empty() {
        return Ok(Name::Person(Person::new("Plato", "")));
    }
    Ok(Name::Person(Person {
        family: family.to_owned(),
        given: given.to_owned(),
        particle: (*u.choose(&PARTICLES)?).to_owned(),
        dropping_particle: String::new(),
        suffix: (*u.choose(&["", "", "Jr.", "III"])?).to_owned(),
    }))
}

fn generate(u: &mut Unstructured<'_>) -> Result<Entry> {
    let mut entry = Entry::new(*u.choose(Kind::ALL)?);
    entry.key = Some("key:1".to_owned());
    entry.texts.set(TextField::Title, text(u)?);
    // A published work has a container; without one an arXiv id makes an article a preprint.
    if !matches!(entry.kind, Kind::Preprint) {
        entry.texts.set(TextField::ContainerTitle, text(u)?);
    }
    for _ in 0..u.int_in_range(0..=6)? {
        match u.int_in_range(0..=6)? {
            0 => {
                let field = *u.choose(TextField::ALL)?;
                entry.texts.set(field, text(u)?);
            }
            1 => {
                let items = [text(u)?, text(u)?];
                let field = *u.choose(ListField::ALL)?;
                let single = u.ratio(1, 2)?;
                entry.lists.set(field, items.into_iter().take(if single { 1 } else { 2 }).collect());
            }
            2 => {
                let field = *u.choose(PlainField::ALL)?;
                let value = match field {
                    PlainField::Url => "https://x.org/a_b%20c~d?e=f&g#h".to_owned(),
                    PlainField::Pages => "1–3, e12".to_owned(),
                    PlainField::File | PlainField::Options | PlainField::CrossReference | PlainField::KeyAliases => {
                        "k:{x}".to_owned()
                    }
                    _ => words(u)?,
                };
                if field != PlainField::CrossReference {
                    entry.plain.set(field, value);
                }
            }
            3 => {
                let dates = [
                    "2017",
                    "2017-06",
                    "2017-06-12",
                    "199X",
                    "1964/2008",
                    "2004-01/2004-02",
                    "1985/..",
                    "2001-22",
                    "-0044",
                ];
                entry.dates.set(*u.choose(DateField::ALL)?, Date::parse(u.choose(&dates)?));
            }
            4 => {
                let role = *u.choose(Role::ALL)?;
                if !entry.people.iter().any(|(other, _)| *other == role) {
                    for _ in 0..u.int_in_range(1..=3)? {
                        entry.people.push((role, name(u)?));
                    }
                }
            }
            5 => {
                if let Some(id) = identifier(*u.choose(Scheme::ALL)?) {
                    entry.add_id(id);
                }
            }
            _ => {
                let name = *u.choose(&["annex", "x+an", "user_b"])?;
                if !entry.foreign.iter().any(|foreign| foreign.name == name) {
                    let value = (*u.choose(&["a {b} \\c", "%", "x"])?).to_owned();
                    entry.foreign.push(Foreign { format: "bibtex", name: name.to_owned(), value });
                }
            }
        }
    }
    Ok(entry)
}
