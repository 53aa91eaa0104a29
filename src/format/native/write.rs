//! Prints an entry as one JSON object; see the folder's head for the form.

use super::MAX_DEPTH;
use crate::format::{Printer, WriteOptions};
use crate::model::{Bound, Date, DateTime, Day, Entry, Foreign, Identifier, Name, Person, Role, Run, Scheme, Text};
use std::fmt::Write as _;

/// Prints one entry.
pub(super) fn entry(entry: &Entry, _: &WriteOptions, printer: &mut Printer) {
    printer.out.push_str("{\n  \"kind\": ");
    string(entry.kind.name(), &mut printer.out);
    if let Some(key) = &entry.key {
        member("key", &mut printer.out);
        let quoted = quoted(key);
        printer.out.push('"');
        printer.key(&quoted[1..quoted.len() - 1]);
        printer.out.push('"');
    }
    let out = &mut printer.out;
    for (field, value) in entry.texts.iter() {
        member(field.name(), out);
        text(value, 0, out);
    }
    rows("people", &entry.people, out, |(role, value), out| person(*role, value, out));
    for (field, value) in entry.dates.iter() {
        member(field.name(), out);
        date(value, out);
    }
    for (field, value) in entry.lists.iter() {
        member(field.name(), out);
        out.push('[');
        separated(value, out, |item, out| text(item, 0, out));
        out.push(']');
    }
    for (field, value) in entry.plain.iter() {
        member(field.name(), out);
        string(value, out);
    }
    rows("ids", &entry.ids, out, identifier);
    rows("foreign", &entry.foreign, out, foreign);
    out.push_str("\n}");
}

/// Begins the next member of an entry on a line of its own.
fn member(name: &str, out: &mut String) {
    out.push_str(",\n  ");
    string(name, out);
    out.push_str(": ");
}

/// Prints a member that is an array with one row a line; nothing where there is no row.
fn rows<T>(name: &str, rows: &[T], out: &mut String, row: impl Fn(&T, &mut String)) {
    if rows.is_empty() {
        return;
    }
    member(name, out);
    for (at, value) in rows.iter().enumerate() {
        out.push_str(if at == 0 { "[\n    " } else { ",\n    " });
        row(value, out);
    }
    out.push_str("\n  ]");
}

fn separated<T>(items: &[T], out: &mut String, print: impl Fn(&T, &mut String)) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        print(item, out);
    }
}

/// Prints `"name": "value"` pairs as an object.
fn object(pairs: &[(&str, &str)], out: &mut String) {
    out.push('{');
    separated(pairs, out, |(name, value), out| {
        string(name, out);
        out.push_str(": ");
        string(value, out);
    });
    out.push('}');
}

fn quoted(text: &str) -> String {
    // A string always serialises.
    serde_json::to_string(text).unwrap_or_else(|_| "\"\"".to_owned())
}

fn string(text: &str, out: &mut String) {
    out.push_str(&quoted(text));
}

/// A string for one plain run, else an array of runs; what nests deeper than [`MAX_DEPTH`] loses its styles.
fn text(value: &Text, depth: usize, out: &mut String) {
    if let Some(plain) = value.as_plain() {
        return string(plain, out);
    }
    if depth >= MAX_DEPTH {
        return string(&value.to_plain(), out);
    }
    out.push('[');
    separated(value.runs(), out, |run, out| match run {
        Run::Plain(plain) => string(plain, out),
        Run::Math(source) => object(&[("math", source)], out),
        Run::Tex(source) => object(&[("tex", source)], out),
        Run::Styled(style, inner) => {
            out.push('{');
            string(style.name(), out);
            out.push_str(": ");
            text(inner, depth + 1, out);
            out.push('}');
        }
    });
    out.push(']');
}

fn person(role: Role, name: &Name, out: &mut String) {
    out.push('{');
    string(role.name(), out);
    out.push_str(": ");
    match name {
        Name::Literal(literal) => string(literal, out),
        Name::Others => out.push_str("{\"others\": true}"),
        Name::Person(Person { family, given, particle, dropping_particle, suffix })
            if particle.is_empty() && dropping_particle.is_empty() && suffix.is_empty() =>
        {
            out.push('[');
            separated(&[family, given], out, |part, out| string(part, out));
            out.push(']');
        }
        Name::Person(person) => {
            let parts = [
                ("family", person.family.as_str()),
                ("given", &person.given),
                ("particle", &person.particle),
                ("dropping-particle", &person.dropping_particle),
                ("suffix", &person.suffix),
            ];
            let given: Vec<_> = parts.into_iter().filter(|(_, value)| !value.is_empty()).collect();
            object(&given, out);
        }
    }
    out.push('}');
}

/// EDTF where that says everything, else the parts.
fn date(value: &Date, out: &mut String) {
    match value {
        Date::Written(written) => object(&[("written", written)], out),
        value if Date::parse_edtf(&value.to_string()).as_ref() == Some(value) => string(&value.to_string(), out),
        Date::Day(value) => day(value, out),
        Date::Range(from, to) => {
            out.push_str("{\"from\": ");
            bound(from, out);
            out.push_str(", \"to\": ");
            bound(to, out);
            out.push('}');
        }
    }
}

fn bound(value: &Bound, out: &mut String) {
    match value {
        Bound::Day(value) => date(&Date::Day(value.clone()), out),
        Bound::Open => string("..", out),
        Bound::Unknown => string("", out),
    }
}

fn day(value: &Day, out: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(out, "{{\"year\": {}", value.year);
    if value.unspecified_year_digits > 0 {
        let _ = write!(out, ", \"unspecified-year-digits\": {}", value.unspecified_year_digits);
    }
    for (name, part) in [("month", value.month), ("day", value.day)] {
        if let Some(part) = part {
            let _ = write!(out, ", \"{name}\": {part}");
        }
    }
    if let Some(DateTime { hour, minute, second, offset }) = value.time {
        let _ = write!(out, ", \"hour\": {hour}, \"minute\": {minute}, \"second\": {second}");
        if let Some(offset) = offset {
            let _ = write!(out, ", \"offset\": {offset}");
        }
    }
    let marks = [
        ("unspecified-month", value.unspecified_month),
        ("unspecified-day", value.unspecified_day),
        ("uncertain", value.uncertain),
        ("approximate", value.approximate),
    ];
    for (name, set) in marks {
        if set {
            let _ = write!(out, ", \"{name}\": true");
        }
    }
    out.push('}');
}

fn identifier(id: &Identifier, out: &mut String) {
    match id {
        // A value that could be taken for an arXiv id that was understood says that it was not.
        Identifier::Other(Scheme::Arxiv, written) => {
            out.push_str("{\"arxiv\": ");
            object(&[("written", written)], out);
            out.push('}');
        }
        id => object(&[(id.scheme().name(), &id.value())], out),
    }
}

fn foreign(value: &Foreign, out: &mut String) {
    object(&[("format", value.format), ("name", &value.name), ("value", &value.value)], out);
}
