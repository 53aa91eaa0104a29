//! Reads a dump back: every entry that it can, and a diagnostic with its place for the rest.
//!
//! Values are cut out of the text first and interpreted one by one, so that one fault costs one value. An entry that is
//! not JSON is skipped up to the next line that begins one.

use super::{MAX_DEPTH, field_from_name};
use crate::diagnostic::{Diagnostic, Rule};
use crate::error::Result;
use crate::format::{Input, ReadOptions};
use crate::model::{
    ArxivId, Bound, Date, DateTime, Day, Entry, FieldName, Foreign, Identifier, Kind, Name, Person, Role, Run, Scheme,
    Style, Text,
};
use crate::source::{LineIndex, Origin, Origins, Span};
use crate::stream::{Sink, Sourced};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Reads a whole dump: an array of entries, one entry, or entries one behind the other.
pub(super) fn read(input: Input<'_>, _: &ReadOptions, sink: &mut dyn Sink) -> Result<()> {
    let source = input.source();
    let text = input.text(sink)?;
    let reader = Reader { text: &text, lines: LineIndex::new(source, &text) };
    let mut at = 0;
    if reader.next_value(at).is_none() && text.contains('[') {
        let span = reader.lines.span(0..text.len());
        sink.report(Diagnostic::new(Rule::EmptyInput, "the list has no entry").at(span));
        sink.declared_count(0, span);
    }
    while let Some(start) = reader.next_value(at) {
        let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter::<&RawValue>();
        match values.next() {
            Some(Ok(raw)) => {
                at = start + values.byte_offset();
                let (entry, diagnostics) = reader.entry(raw);
                for diagnostic in diagnostics {
                    sink.report(diagnostic);
                }
                if entry.is_some_and(|entry| sink.entry(entry).is_break()) {
                    return Ok(());
                }
            }
            Some(Err(error)) => {
                let fault = reader.place_of(&error, start);
                let message = format!("an entry is not JSON: {}", reason(&error));
                sink.report(Diagnostic::new(Rule::MalformedRecord, message).at(reader.lines.span(fault..fault)));
                at = reader.text[fault..].find("\n{").map_or(text.len(), |next| fault + next);
            }
            None => break,
        }
    }
    Ok(())
}

/// The formats whose values a dump may hold; the model wants names that live as long as the program.
const FOREIGN_FORMATS: [&str; 12] =
    ["bibtex", "biblatex", "csl", "hayagriva", "ris", "arxiv", "json", "listing", "native", "mail", "oai", "html"];

struct Reader<'t> {
    text: &'t str,
    lines: LineIndex<'t>,
}

/// What is wrong with a value, in a few words.
type Fault = Cow<'static, str>;

impl<'t> Reader<'t> {
    /// Where the next value begins: behind white space, commas and the array's brackets.
    fn next_value(&self, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        rest.find(|c: char| !c.is_whitespace() && !matches!(c, ',' | '[' | ']')).map(|skipped| at + skipped)
    }

    /// The byte at which a value that begins at `start` stops being JSON; never before `start`.
    fn place_of(&self, error: &serde_json::Error, start: usize) -> usize {
        let rest = &self.text[start..];
        let line_start = if error.line() <= 1 {
            0
        } else {
            memchr::memchr_iter(b'\n', rest.as_bytes()).nth(error.line() - 2).map_or(rest.len(), |at| at + 1)
        };
        let mut at = (line_start + error.column().saturating_sub(1)).min(rest.len());
        while !rest.is_char_boundary(at) {
            at -= 1;
        }
        start + at
    }

    /// The span of a value that was cut out of the text.
    fn span(&self, raw: &RawValue) -> Span {
        let start = (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        self.lines.span(start..start + raw.get().len())
    }

    fn entry(&self, raw: &'t RawValue) -> (Option<Sourced>, Vec<Diagnostic>) {
        let Ok(Members(members)) = serde_json::from_str::<Members<'t>>(raw.get()) else {
            let fault = Diagnostic::new(Rule::MalformedRecord, "an entry is a JSON object").at(self.span(raw));
            return (None, vec![fault]);
        };
        let mut building =
            Building { reader: self, entry: Entry::default(), origins: Origins::new(), faults: Vec::new() };
        for (name, value) in &members {
            building.member(name, value);
        }
        let Building { entry, origins, mut faults, .. } = building;
        for fault in &mut faults {
            fault.key.clone_from(&entry.key);
        }
        (Some(Sourced { entry, origins, span: Some(self.span(raw)) }), faults)
    }
}

/// The members of an object in order, duplicates included.
struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// An entry while its members are read.
struct Building<'r, 't> {
    reader: &'r Reader<'t>,
    entry: Entry,
    origins: Origins,
    faults: Vec<Diagnostic>,
}

impl<'t> Building<'_, 't> {
    fn fault(&mut self, raw: &RawValue, message: impl Into<String>) {
        let fault = Diagnostic::new(Rule::MalformedValue, message).at(self.reader.span(raw));
        self.faults.push(fault);
    }

    fn member(&mut self, name: &str, raw: &'t RawValue) {
        match name {
            "kind" => self.take(name, raw, FieldName::Kind, |value, entry| {
                entry.kind = value.as_str().and_then(Kind::from_name).ok_or("no kind of work has this name")?;
                Ok(())
            }),
            "key" => self.take(name, raw, FieldName::Key, |value, entry| {
                entry.key = Some(string(value)?.to_owned());
                Ok(())
            }),
            "people" => self.rows(name, raw, |value, entry| {
                let (role, name) = person(value)?;
                entry.people.push((role, name));
                Ok(FieldName::People(role))
            }),
            "ids" => self.rows(name, raw, |value, entry| {
                let id = identifier(value)?;
                entry.ids.push(id);
                Ok(FieldName::Id(entry.ids[entry.ids.len() - 1].scheme()))
            }),
            "foreign" => self.rows(name, raw, |value, entry| {
                entry.foreign.push(foreign(value)?);
                Ok(FieldName::Foreign(entry.foreign.len() - 1))
            }),
            name => match field_from_name(name) {
                Some(field) => self.take(name, raw, field, |value, entry| put(field, value, entry)),
                None => self.fault(raw, format!("no field has the name {name:?}; its value is left out")),
            },
        }
    }

    /// Reads the value of one field; a field that comes twice keeps its first value.
    fn take(
        &mut self,
        name: &str,
        raw: &RawValue,
        field: FieldName,
        put: impl Fn(&Value, &mut Entry) -> std::result::Result<(), Fault>,
    ) {
        if self.origins.get(field).is_some() {
            return self.fault(raw, format!("{name:?} is given twice; the first value is kept"));
        }
        let result = match serde_json::from_str::<Value>(raw.get()) {
            Ok(value) => put(&value, &mut self.entry),
            Err(_) => Err(Fault::Borrowed("it nests too deep")),
        };
        match result {
            Ok(()) => self.origins.set(field, Origin::read(self.reader.span(raw))),
            Err(fault) => self.fault(raw, format!("{name:?} is left out: {fault}")),
        }
    }

    /// Reads an array, row by row.
    fn rows(
        &mut self,
        name: &str,
        raw: &'t RawValue,
        put: impl Fn(&Value, &mut Entry) -> std::result::Result<FieldName, Fault>,
    ) {
        let Ok(rows) = serde_json::from_str::<Vec<&'t RawValue>>(raw.get()) else {
            return self.fault(raw, format!("{name:?} is left out: it is an array"));
        };
        for row in rows {
            let result = match serde_json::from_str::<Value>(row.get()) {
                Ok(value) => put(&value, &mut self.entry),
                Err(_) => Err(Fault::Borrowed("it nests too deep")),
            };
            match result {
                Ok(field) if self.origins.get(field).is_none() => {
                    self.origins.set(field, Origin::read(self.reader.span(row)));
                }
                Ok(_) => {}
                Err(fault) => self.fault(row, format!("a row of {name:?} is left out: {fault}")),
            }
        }
    }
}

/// Sets a field that has a member of its own.
fn put(field: FieldName, value: &Value, entry: &mut Entry) -> std::result::Result<(), Fault> {
    match field {
        FieldName::Text(field) => {
            entry.texts.set(field, text(value, 0)?);
        }
        FieldName::List(field) => {
            let items = value.as_array().ok_or("a list is an array of texts")?;
            let items = items.iter().map(|item| text(item, 0)).collect::<std::result::Result<_, _>>()?;
            entry.lists.set(field, items);
        }
        FieldName::Plain(field) => {
            entry.plain.set(field, string(value)?.to_owned());
        }
        FieldName::Date(field) => {
            entry.dates.set(field, date(value)?);
        }
        // These have members of their own shape, which the caller reads.
        FieldName::Kind | FieldName::Key | FieldName::People(_) | FieldName::Id(_) | FieldName::Foreign(_) => {}
    }
    Ok(())
}

fn reason(error: &serde_json::Error) -> String {
    // The message ends with a place inside the value, which would mislead.
    let message = error.to_string();
    message.split(" at line ").next().unwrap_or_default().to_owned()
}

fn string(value: &Value) -> std::result::Result<&str, Fault> {
    value.as_str().ok_or(Fault::Borrowed("it is a string"))
}

/// The only member of an object.
fn single(value: &Value) -> Option<(&str, &Value)> {
    let object = value.as_object().filter(|object| object.len() == 1)?;
    object.iter().next().map(|(name, value)| (name.as_str(), value))
}

fn text(value: &Value, depth: usize) -> std::result::Result<Text, Fault> {
    match value {
        Value::String(plain) => Ok(Text::plain(plain.as_str())),
        Value::Array(runs) if depth <= MAX_DEPTH => runs.iter().map(|value| run(value, depth)).collect(),
        _ => Err("a text is a string or an array of runs".into()),
    }
}

fn run(value: &Value, depth: usize) -> std::result::Result<Run, Fault> {
    if let Some(plain) = value.as_str() {
        return Ok(Run::Plain(plain.to_owned()));
    }
    match single(value) {
        Some(("math", source)) => Ok(Run::Math(string(source)?.to_owned())),
        Some(("tex", source)) => Ok(Run::Tex(string(source)?.to_owned())),
        Some((name, inner)) => match Style::from_name(name) {
            Some(style) => Ok(Run::Styled(style, text(inner, depth + 1)?)),
            None => Err(format!("no style has the name {name:?}").into()),
        },
        None => Err("a run is a string or an object with one member".into()),
    }
}

fn person(value: &Value) -> std::result::Result<(Role, Name), Fault> {
    let (role, name) = single(value).ok_or("it is an object with one member, the role")?;
    let role = Role::from_name(role).ok_or_else(|| format!("no role has the name {role:?}"))?;
    let name = match name {
        Value::String(literal) => Name::Literal(literal.clone()),
        Value::Array(parts) => match parts.as_slice() {
            [Value::String(family), Value::String(given)] => Name::Person(Person::new(family, given)),
            _ => return Err("an array has a family and a given name".into()),
        },
        Value::Object(parts) if parts.len() == 1 && parts.get("others") == Some(&Value::Bool(true)) => Name::Others,
        Value::Object(parts) => {
            let mut person = Person::default();
            for (part, value) in parts {
                string(value)?.clone_into(name_part(&mut person, part)?);
            }
            Name::Person(person)
        }
        _ => return Err("a name is a string, an array or an object".into()),
    };
    Ok((role, name))
}

fn name_part<'p>(person: &'p mut Person, part: &str) -> std::result::Result<&'p mut String, Fault> {
    match part {
        "family" => Ok(&mut person.family),
        "given" => Ok(&mut person.given),
        "particle" => Ok(&mut person.particle),
        "dropping-particle" => Ok(&mut person.dropping_particle),
        "suffix" => Ok(&mut person.suffix),
        part => Err(format!("no part of a name has the name {part:?}").into()),
    }
}

fn date(value: &Value) -> std::result::Result<Date, Fault> {
    match value {
        Value::String(edtf) => {
            Date::parse_edtf(edtf).ok_or("it is no EDTF date; what is none is {\"written\": …}".into())
        }
        Value::Object(parts) => match (parts.get("written"), parts.get("from"), parts.get("to")) {
            (Some(written), None, None) if parts.len() == 1 => Ok(Date::Written(string(written)?.to_owned())),
            (None, Some(from), Some(to)) if parts.len() == 2 => Ok(Date::Range(bound(from)?, bound(to)?)),
            _ => day(parts).map(Date::Day),
        },
        _ => Err("a date is a string or an object".into()),
    }
}

fn bound(value: &Value) -> std::result::Result<Bound, Fault> {
    match value.as_str() {
        Some("") => return Ok(Bound::Unknown),
        Some("..") => return Ok(Bound::Open),
        Some(_) | None => {}
    }
    match value {
        Value::Object(parts) => day(parts).map(Bound::Day),
        value => match date(value)? {
            Date::Day(day) => Ok(Bound::Day(day)),
            Date::Range(..) | Date::Written(_) => Err("a bound of a range is one date".into()),
        },
    }
}

fn day(parts: &serde_json::Map<String, Value>) -> std::result::Result<Day, Fault> {
    let mut day = Day::default();
    let mut time = DateTime { hour: 0, minute: 0, second: 0, offset: None };
    for (name, value) in parts {
        match name.as_str() {
            "year" => day.year = number(value)?,
            "unspecified-year-digits" => day.unspecified_year_digits = number(value)?,
            "month" => day.month = Some(number(value)?),
            "day" => day.day = Some(number(value)?),
            "hour" => time.hour = number(value)?,
            "minute" => time.minute = number(value)?,
            "second" => time.second = number(value)?,
            "offset" => time.offset = Some(number(value)?),
            "unspecified-month" => day.unspecified_month = value == &Value::Bool(true),
            "unspecified-day" => day.unspecified_day = value == &Value::Bool(true),
            "uncertain" => day.uncertain = value == &Value::Bool(true),
            "approximate" => day.approximate = value == &Value::Bool(true),
            name => return Err(format!("no part of a date has the name {name:?}").into()),
        }
    }
    if !parts.contains_key("year") {
        return Err("a date has a year".into());
    }
    day.time = parts.contains_key("hour").then_some(time);
    Ok(day)
}

fn number<N: TryFrom<i64>>(value: &Value) -> std::result::Result<N, Fault> {
    value.as_i64().and_then(|number| N::try_from(number).ok()).ok_or(Fault::Borrowed("a part of the date is no number"))
}

fn identifier(value: &Value) -> std::result::Result<Identifier, Fault> {
    let (scheme, value) = single(value).ok_or("it is an object with one member, the scheme")?;
    let scheme = Scheme::from_name(scheme).ok_or_else(|| format!("no scheme has the name {scheme:?}"))?;
    if let Some(("written", written)) = single(value) {
        return Ok(Identifier::Other(scheme, string(written)?.to_owned()));
    }
    let value = string(value)?;
    match scheme {
        Scheme::Arxiv => ArxivId::parse(value).map(Identifier::Arxiv).ok_or(Fault::Borrowed("it is no arXiv id")),
        scheme => Ok(Identifier::Other(scheme, value.to_owned())),
    }
}

fn foreign(value: &Value) -> std::result::Result<Foreign, Fault> {
    let part = |name: &str| value.get(name).and_then(Value::as_str).ok_or("it has format, name and value, all strings");
    let (format, name, value) = (part("format")?, part("name")?, part("value")?);
    let format = FOREIGN_FORMATS
        .into_iter()
        .find(|known| *known == format)
        .ok_or_else(|| format!("no format has the name {format:?}"))?;
    Ok(Foreign { format, name: name.to_owned(), value: value.to_owned() })
}
