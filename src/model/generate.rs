//! Entries made at random, for the laws that tests check. They use every part of the model, sound and odd.

use super::{
    ArxivId, Bound, Date, DateField, DateTime, Day, Entry, Foreign, Identifier, Kind, ListField, Name, Person,
    PlainField, Role, Run, Scheme, Style, Text, TextField,
};
use arbtest::arbitrary::{Result, Unstructured};

/// An entry with about a dozen fields.
pub(crate) fn entry(u: &mut Unstructured<'_>) -> Result<Entry> {
    let mut entry = Entry::new(*u.choose(Kind::ALL)?);
    if u.arbitrary()? {
        entry.key = Some(string(u)?);
    }
    for _ in 0..u.int_in_range(0..=4)? {
        entry.texts.set(*u.choose(TextField::ALL)?, text(u, 2)?);
        entry.plain.set(*u.choose(PlainField::ALL)?, string(u)?);
    }
    for _ in 0..u.int_in_range(0..=2)? {
        let items = (0..u.int_in_range(0..=3)?).map(|_| text(u, 1)).collect::<Result<_>>()?;
        entry.lists.set(*u.choose(ListField::ALL)?, items);
        entry.dates.set(*u.choose(DateField::ALL)?, date(u)?);
    }
    for _ in 0..u.int_in_range(0..=4)? {
        entry.people.push((*u.choose(Role::ALL)?, name(u)?));
    }
    for _ in 0..u.int_in_range(0..=3)? {
        entry.ids.push(identifier(u)?);
    }
    for _ in 0..u.int_in_range(0..=2)? {
        let format = *u.choose(&["bibtex", "csl", "hayagriva", "ris", "arxiv", "json"])?;
        entry.foreign.push(Foreign { format, name: string(u)?, value: string(u)? });
    }
    Ok(entry)
}

/// A string of words, marks and sometimes any characters at all; may be empty.
pub(crate) fn string(u: &mut Unstructured<'_>) -> Result<String> {
    const PIECES: [&str; 28] = [
        "Attention",
        " ",
        " ",
        "is",
        "2017",
        "é",
        "–",
        "\"",
        "\\",
        "{",
        "}",
        "$",
        "\n",
        "TY  - ",
        "ER  - ",
        "|",
        ": ",
        ", ",
        "~",
        "#",
        "<i>",
        "&",
        "arXiv:1706.03762",
        "\u{202e}",
        "\t",
        "-",
        "'",
        "ж",
    ];
    if u.ratio(1, 20)? {
        return u.arbitrary();
    }
    let mut out = String::new();
    for _ in 0..u.int_in_range(0..=5)? {
        out.push_str(u.choose(&PIECES)?);
    }
    Ok(out)
}

/// A text whose styles nest `depth` deep at most.
pub(crate) fn text(u: &mut Unstructured<'_>, depth: usize) -> Result<Text> {
    let mut out = Text::new();
    for _ in 0..u.int_in_range(0..=3)? {
        out.push(match u.int_in_range(0..=5)? {
            0 => Run::Math(string(u)?),
            1 => Run::Tex(string(u)?),
            2 if depth > 0 => Run::Styled(*u.choose(&Style::ALL)?, text(u, depth - 1)?),
            _ => Run::Plain(string(u)?),
        });
    }
    Ok(out)
}

/// A name of any kind.
pub(crate) fn name(u: &mut Unstructured<'_>) -> Result<Name> {
    Ok(match u.int_in_range(0..=5)? {
        0 => Name::Literal(string(u)?),
        1 => Name::Others,
        2 => Name::Person(Person {
            family: string(u)?,
            given: string(u)?,
            particle: string(u)?,
            dropping_particle: string(u)?,
            suffix: string(u)?,
        }),
        3 => Name::Person(Person {
            particle: (*u.choose(&["van der", "de", "", "al-"])?).to_owned(),
            suffix: (*u.choose(&["Jr.", "III", ""])?).to_owned(),
            ..Person::new("Waals", "Johannes")
        }),
        _ => Name::Person(Person::new(*u.choose(&["Vaswani", "Čech", "Le Lan"])?, *u.choose(&["Ashish", "A.", ""])?)),
    })
}

/// A date of any kind.
pub(crate) fn date(u: &mut Unstructured<'_>) -> Result<Date> {
    Ok(match u.int_in_range(0..=5)? {
        0 => Date::Written(string(u)?),
        1 => Date::Range(bound(u)?, bound(u)?),
        _ => Date::Day(day(u)?),
    })
}

fn bound(u: &mut Unstructured<'_>) -> Result<Bound> {
    Ok(match u.int_in_range(0..=3)? {
        0 => Bound::Open,
        1 => Bound::Unknown,
        _ => Bound::Day(day(u)?),
    })
}

fn day(u: &mut Unstructured<'_>) -> Result<Day> {
    let mut day = match u.int_in_range(0..=4)? {
        0 => Day::year(u.int_in_range(1500..=2050)?),
        1 => Day::month(u.int_in_range(1500..=2050)?, u.int_in_range(1..=12)?),
        2 => Day {
            year: u.arbitrary()?,
            month: u.arbitrary()?,
            day: u.arbitrary()?,
            unspecified_year_digits: u.int_in_range(0..=5)?,
            ..Day::default()
        },
        _ => {
            Day::ymd(u.int_in_range(1900..=2050)?, u.int_in_range(1..=12)?, u.int_in_range(1..=28)?).unwrap_or_default()
        }
    };
    // Some dates with a month or a day that is not given; which ones is drawn from what is there.
    day.unspecified_month = day.month.is_none() && day.year % 5 == 1;
    day.unspecified_day = day.day.is_none() && day.year % 5 < 2 && (day.month.is_some() || day.unspecified_month);
    if u.ratio(1, 5)? {
        day.uncertain = u.arbitrary()?;
        day.approximate = u.arbitrary()?;
        let offset = *u.choose(&[None, Some(0), Some(90), Some(-60)])?;
        day.time = Some(DateTime {
            hour: u.int_in_range(0..=23)?,
            minute: u.int_in_range(0..=59)?,
            second: u.int_in_range(0..=60)?,
            offset,
        });
    }
    Ok(day)
}

/// An identifier of any scheme, sound or not.
pub(crate) fn identifier(u: &mut Unstructured<'_>) -> Result<Identifier> {
    const ARXIV: [&str; 4] = ["1706.03762", "1706.03762v5", "hep-th/9901001", "0704.0001v2"];
    Ok(match ArxivId::parse(u.choose(&ARXIV)?) {
        Some(id) if u.arbitrary()? => Identifier::Arxiv(id),
        _ => Identifier::Other(*u.choose(Scheme::ALL)?, string(u)?),
    })
}

/// Runs a property over the same generated inputs every time, small ones and large ones, so that a test which passes here
/// passes everywhere; a failure names its seed.
pub(crate) fn property(mut holds: impl FnMut(&mut Unstructured<'_>) -> Result<()>) {
    const RUNS: u64 = 90;
    const SIZES: [u64; 3] = [1 << 8, 1 << 11, 1 << 14];
    for run in 0..RUNS {
        for size in SIZES {
            let scattered = (run + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
            arbtest::arbtest(&mut holds).seed(scattered << 32 | size).run();
        }
    }
}
