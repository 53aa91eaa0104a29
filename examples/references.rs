//! How well formatted references are read and matched with their records: the figures of ten styles, for any snapshot.
//!
//!     cargo run --release --example references -- SNAPSHOT CATALOG [--records N] [--wrong]
//!
//! Records of the SNAPSHOT (JSON lines) are written as the styles print them, without identifier, one reference a line; the
//! listing reader reads each list, and its entries are matched with the CATALOG. Printed are, for each style, how many were
//! read at all, how many matched the record they were written from, another one, and none; and of how many the reader got
//! the title and the first author's family name as they were written. `--wrong` prints the references that failed.

#![expect(
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    reason = "a measuring program prints, reads files and needs no more than seven digits"
)]

use bibmill::catalog::Catalog;
use bibmill::fold::fold;
use bibmill::format::{Format, Input, ReadOptions};
use bibmill::latex;
use bibmill::model::{Name, Role};
use bibmill::record::{Record, author_from_display, split_authors, squeeze};
use bibmill::resolve::{Options, Outcome, Resolution, Resolver};
use bibmill::source::SourceId;
use bibmill::stream::{Collected, Sourced};
use std::error::Error;
use std::fmt::Write as _;
use std::io::{BufRead, Write};
use std::path::Path;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let (mut files, mut most, mut shows) = (Vec::new(), 300, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--records" => most = arguments.next().ok_or("--records needs a number")?.parse()?,
            "--wrong" => shows = true,
            file => files.push(file.to_owned()),
        }
    }
    let [snapshot, catalog] = files.as_slice() else {
        return Err("usage: references SNAPSHOT CATALOG [--records N] [--wrong]".into());
    };
    let works = works(snapshot, most)?;
    let catalogs = [Catalog::open(Path::new(catalog), true)?];
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{:<10}{:>7}{:>7}{:>7}{:>11}{:>8}{:>8}",
        "style", "read", "right", "wrong", "unmatched", "title", "author"
    )?;
    for style in STYLES {
        report(style, &works, &catalogs, shows, &mut out)?;
    }
    Ok(())
}

/// A record as a style sees it.
struct Work {
    id: String,
    title: String,
    people: Vec<Person>,
    year: i32,
}

struct Person {
    family: String,
    given: String,
}

/// Every record whose authors all have two names, spread over the snapshot.
fn works(snapshot: &str, most: usize) -> Result<Vec<Work>> {
    let input = Input::new(SourceId(0), snapshot, std::fs::File::open(snapshot)?)?;
    let mut works = Vec::new();
    for (at, line) in input.into_reader().lines().enumerate() {
        let line = line?;
        if works.len() == most {
            break;
        }
        if at % 97 == 0 {
            works.extend(work(&serde_json::from_str(&line)?));
        }
    }
    Ok(works)
}

fn work(record: &Record) -> Option<Work> {
    let people: Option<Vec<Person>> = split_authors(&record.authors)
        .map(|name| match author_from_display(name) {
            Name::Person(person) if !person.given.is_empty() => Some(Person {
                family: format!("{} {}", person.particle, person.family).trim().to_owned(),
                given: person.given,
            }),
            Name::Person(_) | Name::Literal(_) | Name::Others => None,
        })
        .collect();
    let title = latex::decode(&squeeze(&record.title)).to_plain();
    let (century, digits) = (2000, record.id.get(..2)?.parse::<i32>().ok()?);
    Some(Work {
        id: record.id.clone(),
        title,
        people: people.filter(|people| !people.is_empty())?,
        year: century + digits,
    })
}

/// A style: its name, and how it prints the reference with a number.
type Style = (&'static str, fn(&Work, usize) -> String);

const STYLES: [Style; 10] = [
    ("IEEE", |work, number| {
        let names = joined(
            work,
            6,
            &|person, _| format!("{} {}", initials(person, ". ", "."), person.family),
            " and ",
            " et al.",
        );
        format!("[{number}] {names}, “{},” in Proc. Int. Conf. Learn. Syst., {}, pp. 1–9.", work.title, work.year)
    }),
    ("ACM", |work, number| {
        let names = joined(work, 99, &|person, _| format!("{} {}", person.given, person.family), ", and ", "");
        format!(
            "[{number}] {names}. {}. {}. In Proceedings of the Conference on Learning Systems, 1–9.",
            work.year, work.title
        )
    }),
    ("APA", |work, _| {
        let names = joined(
            work,
            20,
            &|person, _| format!("{}, {}", person.family, initials(person, ". ", ".")),
            ", & ",
            " et al.",
        );
        format!("{names} ({}). {}. Journal of Learning Systems, 12(3), 1–9.", work.year, work.title)
    }),
    ("MLA", |work, _| {
        let first = &work.people[0];
        let names = match work.people.as_slice() {
            [_] => format!("{}, {}", first.family, first.given),
            [_, second] => format!("{}, {}, and {} {}", first.family, first.given, second.given, second.family),
            _ => format!("{}, {}, et al", first.family, first.given),
        };
        format!("{names}. “{}.” Journal of Learning Systems, vol. 12, no. 3, {}, pp. 1–9.", work.title, work.year)
    }),
    ("Chicago", |work, _| {
        let name = |person: &Person, at: usize| match at {
            0 => format!("{}, {}", person.family, person.given),
            _ => format!("{} {}", person.given, person.family),
        };
        let names = joined(work, 7, &name, ", and ", ", et al");
        format!("{names}. “{}.” Journal of Learning Systems 12, no. 3 ({}): 1–9.", work.title, work.year)
    }),
    ("Nature", |work, number| {
        let names = joined(
            work,
            5,
            &|person, _| format!("{}, {}", person.family, initials(person, ". ", ".")),
            " & ",
            " et al.",
        );
        format!("{number}. {names} {}. Nature 12, 1–9 ({}).", work.title, work.year)
    }),
    ("Vancouver", |work, number| {
        let names =
            joined(work, 6, &|person, _| format!("{} {}", person.family, initials(person, "", "")), ", ", ", et al");
        format!("{number}. {names}. {}. J Learn Syst. {};12(3):1-9.", work.title, work.year)
    }),
    ("AMS", |work, number| {
        let names = joined(work, 99, &|person, _| format!("{} {}", person.given, person.family), ", and ", "");
        format!("[{number}] {names}, {}, J. Learn. Syst. 12 ({}), no. 3, 1–9.", work.title, work.year)
    }),
    ("LNCS", |work, number| {
        let names =
            joined(work, 99, &|person, _| format!("{}, {}", person.family, initials(person, ".", ".")), ", ", "");
        format!("{number}. {names}: {}. In: Learning Systems. pp. 1–9. Springer ({})", work.title, work.year)
    }),
    ("plain", |work, number| {
        let names = joined(work, 99, &|person, _| format!("{} {}", person.given, person.family), ", and ", "");
        format!("[{number}] {names}. {}. In Conference on Learning Systems, pages 1–9, {}.", work.title, work.year)
    }),
];

/// The names as a list: `most` of them, then what stands for the others.
fn joined(work: &Work, most: usize, name: &dyn Fn(&Person, usize) -> String, last: &str, others: &str) -> String {
    let shown = if work.people.len() > most { 1 } else { work.people.len() };
    let names: Vec<String> = work.people[..shown].iter().enumerate().map(|(at, person)| name(person, at)).collect();
    match names.split_last() {
        Some((only, [])) if work.people.len() > 1 => format!("{only}{others}"),
        Some((only, [])) => only.clone(),
        // Two names have no comma between them, unless the family name stands first.
        Some((end, [one])) if last == ", and " && !one.contains(',') => format!("{one} and {end}"),
        Some((end, before)) => format!("{}{last}{end}", before.join(", ")),
        None => String::new(),
    }
}

fn initials(person: &Person, between: &str, stop: &str) -> String {
    let letters = person.given.split([' ', '-']).filter_map(|name| name.chars().next()).map(String::from);
    format!("{}{}", letters.collect::<Vec<_>>().join(between), stop)
}

/// Reads and matches the list of one style.
fn report(style: Style, works: &[Work], catalogs: &[Catalog], shows: bool, out: &mut impl Write) -> Result<()> {
    let mut list = String::new();
    let lines: Vec<String> = works.iter().enumerate().map(|(at, work)| (style.1)(work, at + 1)).collect();
    for line in &lines {
        writeln!(list, "{line}")?;
    }
    let mut read = Collected::default();
    let reader = Format::Listing.spec().read.ok_or("the listing is a format that is read")?;
    reader(Input::from_text(SourceId(0), style.0, &list), &ReadOptions::default(), &mut read)?;
    let mut entries = read.entries;
    let as_read: Vec<Sourced> = entries.clone();
    let resolutions = Resolver::new(catalogs, Options::default()).resolve(&mut entries, &mut Collected::default())?;
    let (mut right, mut wrong, mut unmatched, mut titles, mut authors, mut found) = (0, 0, 0, 0, 0, 0);
    for (at, work) in works.iter().enumerate() {
        let line = u32::try_from(at + 1)?;
        let place = as_read.iter().position(|sourced| sourced.span.is_some_and(|span| span.line == line));
        let Some(place) = place else {
            unmatched += 1;
            if shows {
                writeln!(out, "  not read: {}", lines[at])?;
            }
            continue;
        };
        found += 1;
        let (has_title, has_author) = agrees(&as_read[place], work);
        titles += usize::from(has_title);
        authors += usize::from(has_author);
        match judge(&resolutions[place], work) {
            Some(true) => right += 1,
            Some(false) => wrong += 1,
            None => unmatched += 1,
        }
        if shows && !(has_title && has_author) {
            let title = as_read[place].entry.title().map(bibmill::model::Text::to_plain).unwrap_or_default();
            writeln!(out, "  {}\n    title read: {title}", lines[at])?;
        }
    }
    writeln!(out, "{:<10}{found:>7}{right:>7}{wrong:>7}{unmatched:>11}{titles:>8}{authors:>8}", style.0)?;
    let share = f64::from(right) * 100.0 / works.len().max(1) as f64;
    writeln!(out, "{:<10}{share:>13.1} %", "")?;
    Ok(())
}

fn judge(resolution: &Resolution, work: &Work) -> Option<bool> {
    let matched = resolution.outcome == Outcome::Matched;
    matched.then(|| resolution.candidates.first().is_some_and(|candidate| candidate.id == work.id))
}

/// Whether the title and the first author's family name were read as they were written.
fn agrees(read: &Sourced, work: &Work) -> (bool, bool) {
    let title = read.entry.title().map(bibmill::model::Text::to_plain).unwrap_or_default();
    let family = read.entry.people_as(Role::Author).next().map(|name| match name {
        Name::Person(person) => format!("{} {}", person.particle, person.family).trim().to_owned(),
        Name::Literal(name) => name.clone(),
        Name::Others => String::new(),
    });
    (fold(&title) == fold(&work.title), family.is_some_and(|family| fold(&family) == fold(&work.people[0].family)))
}
