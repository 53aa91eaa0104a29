//! JabRef's bracket patterns: the text, parsed into a program.
//!
//! `[marker:modifier:modifier]` stands for a value, everything else for itself. A marker that begins with a capital letter
//! capitalises its value (`[Auth]`), one in capitals throughout prints capitals (`[AUTH]`). Words that are no marker name a
//! field. Knows the names of fields; how a value is made stands in the parent.

use super::words::fold_to_ascii;
use crate::error::{Error, Result};
use crate::model::{DateField, ListField, Name, PlainField, Role, Scheme, TextField};
use std::borrow::Cow;

/// A parsed key pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    pub(super) parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Literal(String),
    Bracket { marker: Marker, case: Case, modifiers: Vec<Modifier> },
}

/// What the marker's own spelling does to its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    AsIs,
    Capital,
    Upper,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Modifier {
    Lower,
    Upper,
    Capitalize,
    TitleCase,
    SentenceCase,
    Abbreviate,
    Truncate(usize),
    Fallback(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    People(People, PeopleForm),
    Year,
    ShortYear,
    Month,
    Day,
    Date,
    FullTitle,
    Title,
    TitleWords(usize),
    TitleInitials(usize),
    VeryShortTitle,
    EntryType,
    FirstPage,
    LastPage,
    PagePrefix,
    Keyword(usize),
    Keywords(usize),
    Field(Field),
}

/// A field named in a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Key,
    Arxiv,
    Id(Scheme),
    Text(TextField),
    List(ListField),
    Plain(PlainField),
    Date(DateField),
    Foreign(String),
}

/// Whose names a marker prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct People(&'static [Role]);

impl People {
    pub(super) const AUTHORS_OR_EDITORS: Self = Self(&[Role::Author, Role::Editor]);
    const AUTHORS: Self = Self(&[Role::Author]);
    const EDITORS: Self = Self(&[Role::Editor]);

    pub(super) fn roles(self) -> &'static [Role] {
        self.0
    }
}

/// How names are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PeopleForm {
    /// The first, or the `nth`, shortened to so many letters.
    One {
        nth: usize,
        letters: usize,
    },
    /// With particles.
    OneFull,
    Last,
    FirstInitial,
    LastInitial,
    /// Up to so many, then "EtAl".
    Several(usize),
    /// The first, the second where there are two, else the word.
    EtAl(&'static str, &'static str),
    /// The first two, then ".ea".
    TwoAndOthers,
    Alpha,
    Short,
    Initials(usize),
    FirstAndInitials,
}

impl Default for Pattern {
    /// Google Scholar's.
    fn default() -> Self {
        let lower = || vec![Modifier::Lower];
        let part = |marker, modifiers| Part::Bracket { marker, case: Case::AsIs, modifiers };
        Self {
            parts: vec![
                part(
                    Marker::People(People::AUTHORS_OR_EDITORS, PeopleForm::One { nth: 1, letters: usize::MAX }),
                    lower(),
                ),
                part(Marker::Year, Vec::new()),
                part(Marker::VeryShortTitle, lower()),
            ],
        }
    }
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When brackets do not pair, a marker is mistyped or a modifier is unknown; the message names the column.
    pub fn parse(text: &str) -> Result<Self> {
        let fail = |at: usize, what: &str| {
            let column = text[..at].chars().count() + 1;
            Error::message(format!("key pattern `{}`, column {column}: {what}", crate::source::printable(text)))
        };
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let at = text.len() - rest.len();
            let (literal, after) = rest.split_at(rest.find(['[', ']']).unwrap_or(rest.len()));
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.to_owned()));
            }
            let at = at + literal.len();
            let Some(inner) = after.strip_prefix('[') else {
                if after.is_empty() {
                    break;
                }
                return Err(fail(at, "`]` without `[`"));
            };
            let Some(end) = closing_bracket(inner) else {
                return Err(fail(at, "`[` is not closed"));
            };
            parts.push(parse_bracket(&inner[..end]).map_err(|(offset, what)| fail(at + offset, &what))?);
            rest = &inner[end + 1..];
        }
        if parts.is_empty() {
            return Err(Error::message(
                "the key pattern is empty; the default is `[auth:lower][year][veryshorttitle:lower]`",
            ));
        }
        Ok(Self { parts })
    }

    /// Whether a marker for names stands in it that has no fallback.
    pub(super) fn asks_for_people(&self) -> bool {
        self.parts.iter().any(|part| match part {
            Part::Bracket { marker: Marker::People(..), modifiers, .. } => {
                !modifiers.iter().any(|modifier| matches!(modifier, Modifier::Fallback(_)))
            }
            _ => false,
        })
    }
}

/// The offset of the bracket that closes a marker; a fallback's parentheses may hold brackets.
fn closing_bracket(inner: &str) -> Option<usize> {
    let mut in_parentheses = false;
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            b'(' => in_parentheses = true,
            b')' => in_parentheses = false,
            b']' if !in_parentheses => return Some(at),
            _ => {}
        }
    }
    inner.find(']')
}

/// Parses what stands between brackets. An error carries its offset from the opening bracket.
fn parse_bracket(inner: &str) -> Result<Part, (usize, String)> {
    let (name, mut rest) = inner.split_at(inner.find(':').unwrap_or(inner.len()));
    if name.trim().is_empty() {
        return Err((0, "a marker is missing between `[` and `]`".to_owned()));
    }
    let mut modifiers = Vec::new();
    while let Some(after) = rest.strip_prefix(':') {
        let offset = inner.len() - after.len() + 1;
        let end = modifier_end(after).ok_or((offset, "`(` is not closed".to_owned()))?;
        modifiers.push(parse_modifier(&after[..end]).map_err(|what| (offset, what))?);
        rest = &after[end..];
    }
    let (marker, case) = parse_marker(name.trim());
    if let (Marker::Field(Field::Foreign(written)), Some(near)) = (&marker, nearest_marker(&marker)) {
        let written = crate::source::printable(written);
        return Err((1, format!("there is no marker `[{written}]`; did you mean `[{near}]`?")));
    }
    Ok(Part::Bracket { marker, case, modifiers })
}

fn modifier_end(text: &str) -> Option<usize> {
    if text.starts_with('(') {
        return text.find(')').map(|at| at + 1);
    }
    Some(text.find(':').unwrap_or(text.len()))
}

fn parse_modifier(text: &str) -> Result<Modifier, String> {
    if let Some(fallback) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        return Ok(Modifier::Fallback(fallback.to_owned()));
    }
    let name = text.to_ascii_lowercase().replace('_', "");
    if let Some(most) = name.strip_prefix("truncate").and_then(|digits| digits.parse().ok()) {
        return Ok(Modifier::Truncate(most));
    }
    match name.as_str() {
        "lower" | "lowercase" => Ok(Modifier::Lower),
        "upper" | "uppercase" => Ok(Modifier::Upper),
        "capitalize" => Ok(Modifier::Capitalize),
        "titlecase" => Ok(Modifier::TitleCase),
        "sentencecase" => Ok(Modifier::SentenceCase),
        "abbr" => Ok(Modifier::Abbreviate),
        _ if name.starts_with("regex") => Err("the modifier `regex` is not supported".to_owned()),
        _ => Err(format!(
            "`{}` is no modifier; there are lower, upper, capitalize, titlecase, sentencecase, abbr, truncateN and (fallback)",
            crate::source::printable(text)
        )),
    }
}

fn parse_marker(name: &str) -> (Marker, Case) {
    let first_is_capital = name.starts_with(|c: char| c.is_ascii_uppercase());
    let letters = || name.chars().filter(char::is_ascii_alphabetic);
    let case = match first_is_capital {
        true if letters().nth(1).is_some() && letters().all(|c| c.is_ascii_uppercase()) => Case::Upper,
        true => Case::Capital,
        false => Case::AsIs,
    };
    let lower = name.to_ascii_lowercase();
    let marker = people_marker(&lower).or_else(|| value_marker(&lower)).unwrap_or_else(|| Marker::Field(field(&lower)));
    (marker, case)
}

/// The names of markers, for those who mistype one; numbers stand for any.
const MARKERS: [&str; 36] = [
    "auth",
    "author",
    "authors",
    "authorsalpha",
    "authorlast",
    "authorini",
    "authshort",
    "auth.etal",
    "authetal",
    "authfirstfull",
    "authforeini",
    "authorlastforeini",
    "edtr",
    "editor",
    "editors",
    "edtrshort",
    "pureauth",
    "year",
    "shortyear",
    "month",
    "day",
    "date",
    "title",
    "fulltitle",
    "shorttitle",
    "shorttitleini",
    "veryshorttitle",
    "camel",
    "entrytype",
    "firstpage",
    "lastpage",
    "pageprefix",
    "keywords",
    "journal",
    "volume",
    "citationkey",
];

/// The marker that an unknown one is likely to mean. Words that are near to none are names of fields of the input.
fn nearest_marker(marker: &Marker) -> Option<&'static str> {
    let Marker::Field(Field::Foreign(name)) = marker else { return None };
    let near = MARKERS.iter().map(|known| (distance(name, known), *known)).min()?;
    let allowed = if name.len() <= 4 { 1 } else { 2 };
    (near.0 <= allowed).then_some(near.1)
}

/// How many letters have to be changed, put in, left out or swapped with their neighbour.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows = vec![vec![0; other.len() + 1]; one.len() + 1];
    for i in 0..=one.len() {
        for j in 0..=other.len() {
            rows[i][j] = match (i, j) {
                (0, far) | (far, 0) => far,
                _ => {
                    let change = rows[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]);
                    let swapped = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
                    let swap = if swapped { rows[i - 2][j - 2] + 1 } else { usize::MAX };
                    change.min(swap).min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1)
                }
            };
        }
    }
    rows[one.len()][other.len()]
}

fn people_marker(name: &str) -> Option<Marker> {
    let (people, name) = if let Some(rest) = name.strip_prefix("pure") {
        (People::AUTHORS, rest)
    } else if name.starts_with("edtr") || name.starts_with("editor") {
        (People::EDITORS, name)
    } else {
        (People::AUTHORS_OR_EDITORS, name)
    };
    // The editors' markers are the authors' with another stem.
    let name = name.replace("edtr", "auth").replace("editor", "author");
    let name = name.strip_prefix("auth")?;
    people_form(name).map(|form| Marker::People(people, form))
}

/// The form behind `auth`.
fn people_form(name: &str) -> Option<PeopleForm> {
    let all = usize::MAX;
    Some(match name {
        "" => PeopleForm::One { nth: 1, letters: all },
        "firstfull" => PeopleForm::OneFull,
        "foreini" => PeopleForm::FirstInitial,
        "orlast" => PeopleForm::Last,
        "orlastforeini" => PeopleForm::LastInitial,
        "ors" => PeopleForm::Several(all),
        "orsalpha" => PeopleForm::Alpha,
        "short" => PeopleForm::Short,
        "orini" => PeopleForm::FirstAndInitials,
        "etal" => PeopleForm::EtAl("", "EtAl"),
        ".etal" => PeopleForm::EtAl(".", ".etal"),
        ".auth.ea" => PeopleForm::TwoAndOthers,
        _ => {
            if let Some(most) = name.strip_prefix("ors").and_then(number) {
                PeopleForm::Several(most)
            } else if let Some(letters) = name.strip_prefix("ini").and_then(number) {
                PeopleForm::Initials(letters)
            } else if let Some((letters, nth)) = name.split_once('_') {
                PeopleForm::One { nth: number(nth)?, letters: number(letters)? }
            } else {
                PeopleForm::One { nth: 1, letters: number(name)? }
            }
        }
    })
}

fn number(digits: &str) -> Option<usize> {
    digits.parse().ok()
}

fn value_marker(name: &str) -> Option<Marker> {
    Some(match name {
        "year" => Marker::Year,
        "shortyear" => Marker::ShortYear,
        "month" => Marker::Month,
        "day" => Marker::Day,
        "date" => Marker::Date,
        "title" => Marker::Title,
        "fulltitle" => Marker::FullTitle,
        "shorttitle" => Marker::TitleWords(3),
        "shorttitleini" => Marker::TitleInitials(3),
        "veryshorttitle" => Marker::VeryShortTitle,
        "camel" => Marker::TitleWords(usize::MAX),
        "entrytype" => Marker::EntryType,
        "firstpage" => Marker::FirstPage,
        "lastpage" => Marker::LastPage,
        "pageprefix" => Marker::PagePrefix,
        "keywords" => Marker::Keywords(usize::MAX),
        _ => return numbered_marker(name),
    })
}

fn numbered_marker(name: &str) -> Option<Marker> {
    let behind = |stem: &str| name.strip_prefix(stem).and_then(number);
    None.or_else(|| behind("camel").or_else(|| behind("title")).map(Marker::TitleWords))
        .or_else(|| behind("keywords").map(Marker::Keywords))
        .or_else(|| behind("keyword").map(Marker::Keyword))
}

/// The field of a name in BibTeX, BibLaTeX or the model; another name is looked up among the foreign fields.
fn field(name: &str) -> Field {
    match name {
        "citationkey" | "bibtexkey" | "key" => Field::Key,
        "eprint" | "arxiv" => Field::Arxiv,
        "journal" | "journaltitle" | "booktitle" => Field::Text(TextField::ContainerTitle),
        "school" | "institution" => Field::List(ListField::Institution),
        "address" | "location" => Field::List(ListField::Place),
        "primaryclass" | "eprintclass" => Field::List(ListField::Category),
        _ => model_field(name).unwrap_or_else(|| Field::Foreign(name.to_owned())),
    }
}

fn model_field(name: &str) -> Option<Field> {
    None.or_else(|| TextField::from_name(name).map(Field::Text))
        .or_else(|| PlainField::from_name(name).map(Field::Plain))
        .or_else(|| ListField::from_name(name).map(Field::List))
        .or_else(|| DateField::from_name(name).map(Field::Date))
        .or_else(|| Scheme::from_name(name).map(Field::Id))
}

impl PeopleForm {
    /// Prints the names.
    pub(super) fn print<'n>(self, names: &[&'n Name]) -> Cow<'n, str> {
        let family = |at: usize| names.get(at).map_or(Cow::Borrowed(""), |name| family(name));
        let initials = |from: usize, to: usize| -> String {
            names[from.min(names.len())..to.min(names.len())].iter().flat_map(|name| first_letters(name, 1)).collect()
        };
        match self {
            Self::One { nth, letters } => shortened(family(nth.saturating_sub(1)), letters),
            Self::OneFull => names.first().map_or(Cow::Borrowed(""), |name| full_family(name)),
            Self::Last => names.last().map_or(Cow::Borrowed(""), |name| self::family(name)),
            Self::FirstInitial => Cow::Owned(names.first().map(|name| given_initial(name)).unwrap_or_default()),
            Self::LastInitial => Cow::Owned(names.last().map(|name| given_initial(name)).unwrap_or_default()),
            Self::Several(most) => {
                let mut out: String = names.iter().take(most).map(|name| self::family(name)).collect();
                if names.len() > most {
                    out.push_str("EtAl");
                }
                Cow::Owned(out)
            }
            Self::EtAl(between, others) => match names.len() {
                0 | 1 => family(0),
                2 => Cow::Owned(format!("{}{between}{}", family(0), family(1))),
                _ => Cow::Owned(format!("{}{others}", family(0))),
            },
            Self::TwoAndOthers => match names.len() {
                0 | 1 => family(0),
                2 => Cow::Owned(format!("{}.{}", family(0), family(1))),
                _ => Cow::Owned(format!("{}.{}.ea", family(0), family(1))),
            },
            Self::Alpha => match names.len() {
                0 | 1 => shortened(family(0), 3),
                2..=4 => Cow::Owned(initials(0, 4)),
                _ => Cow::Owned(initials(0, 3) + "+"),
            },
            Self::Short => match names.len() {
                0 | 1 => family(0),
                2 | 3 => Cow::Owned(initials(0, 3)),
                _ => Cow::Owned(initials(0, 3) + "+"),
            },
            Self::Initials(letters) => Cow::Owned(shared_letters(names, letters)),
            Self::FirstAndInitials => Cow::Owned(shortened(family(0), 5).into_owned() + &initials(1, names.len())),
        }
    }
}

/// So many letters, shared out evenly, the first names getting what is left over.
fn shared_letters(names: &[&Name], letters: usize) -> String {
    let shown = names.len().min(letters).max(1);
    let (each, over) = (letters / shown, letters % shown);
    let names = names.iter().take(shown).enumerate();
    names.flat_map(|(at, name)| first_letters(name, each + usize::from(at < over))).collect()
}

fn shortened(name: Cow<'_, str>, letters: usize) -> Cow<'_, str> {
    if letters >= name.len() { name } else { Cow::Owned(name.chars().take(letters).collect()) }
}

fn first_letters(name: &Name, most: usize) -> Vec<char> {
    family(name).chars().take(most).collect()
}

/// The family name in ASCII without blanks and hyphens; of a body's name the last word, as Google Scholar has it.
fn family(name: &Name) -> Cow<'_, str> {
    match name {
        Name::Person(person) => letters(&person.family),
        Name::Literal(name) => letters(name.split_whitespace().next_back().unwrap_or_default()),
        Name::Others => Cow::Borrowed(""),
    }
}

fn full_family(name: &Name) -> Cow<'_, str> {
    match name {
        Name::Person(person) => Cow::Owned(letters(&person.full_family()).into_owned()),
        other => family(other),
    }
}

fn given_initial(name: &Name) -> String {
    match name {
        Name::Person(person) => letters(&person.given).chars().take(1).collect(),
        Name::Literal(_) | Name::Others => String::new(),
    }
}

fn letters(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Cow::Borrowed(name);
    }
    Cow::Owned(fold_to_ascii(name).chars().filter(char::is_ascii_alphanumeric).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_the_text_that_is_documented() {
        assert_eq!(Pattern::parse(super::super::DEFAULT_PATTERN).unwrap(), Pattern::default());
    }

    #[test]
    fn mistyped_markers_are_told_from_names_of_fields() {
        let said = |text: &str| Pattern::parse(text).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(said("[auht][year]").ends_with("column 2: there is no marker `[auht]`; did you mean `[auth]`?"));
        assert!(said("[auth][yaer]").contains("did you mean `[year]`?"));
        assert!(said("[auth_1_2][veryshorttitel]").contains("did you mean `[veryshorttitle]`?"));
        for sound in ["[auth3][shortyear]", "[timestamp]", "[groups]", "[edtr]", "[keyword2]", "[eprint]", "[doi]"] {
            assert_eq!(said(sound), "", "{sound}");
        }
    }
}
