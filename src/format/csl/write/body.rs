//! The fields of one object in the punctuation of JSON or YAML: names, dates, texts, lists.
//!
//! Must not know which field of the model a variable holds.

use super::super::{FAMILY, PARSE_NAMES, html, is_raw_json, markdown};
use crate::latex;
use crate::model::name::split_particle;
use crate::model::{Bound, Date, Day, Foreign, Name, Text};
use crate::yaml;
use std::fmt::Write as _;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    Json,
    Yaml,
}

impl Syntax {
    pub(super) fn encode(self, text: &Text, out: &mut String) {
        match self {
            Self::Json => html::encode(&latex::spell_links(text), out),
            Self::Yaml => markdown::encode(&latex::spell_links(text), out),
        }
    }

    pub(super) fn decode(self, source: &str) -> Text {
        match self {
            Self::Json => html::decode(source),
            Self::Yaml => markdown::decode(source),
        }
    }
}

/// The fields of one object, one a line.
pub(super) struct Body {
    pub(super) out: String,
    pub(super) syntax: Syntax,
    /// How many blanks stand before a name.
    pub(super) inset: usize,
    pub(super) is_first: bool,
}

impl Body {
    /// Begins a field: what parts it from the one before, and its name.
    pub(super) fn name(&mut self, name: &str) {
        match self.syntax {
            Syntax::Json => {
                self.out.push_str(if self.is_first { "" } else { ",\n" });
                self.indent(0);
                json_string(name, &mut self.out);
                self.out.push_str(": ");
            }
            Syntax::Yaml => {
                self.indent(0);
                yaml::scalar(name, &mut self.out);
                self.out.push(':');
            }
        }
        self.is_first = false;
    }

    fn indent(&mut self, more: usize) {
        self.out.extend(std::iter::repeat_n(' ', self.inset + more));
    }

    /// Whether a field of that name is printed.
    pub(super) fn has(&self, name: &str) -> bool {
        let mut line = " ".repeat(self.inset);
        match self.syntax {
            Syntax::Json => json_string(name, &mut line),
            Syntax::Yaml => yaml::scalar(name, &mut line),
        }
        line.push(':');
        self.out.lines().any(|printed| printed.starts_with(&line))
    }

    /// A word of a vocabulary.
    pub(super) fn word(&mut self, name: &str, value: &str) {
        self.name(name);
        match self.syntax {
            Syntax::Json => json_string(value, &mut self.out),
            Syntax::Yaml => {
                self.out.push(' ');
                self.out.push_str(value);
                self.out.push('\n');
            }
        }
    }

    /// A text in the syntax's own markup.
    pub(super) fn string(&mut self, name: &str, value: &str) {
        self.name(name);
        match self.syntax {
            Syntax::Json => json_string(value, &mut self.out),
            Syntax::Yaml => {
                self.out.push(' ');
                yaml::scalar(value, &mut self.out);
                self.out.push('\n');
            }
        }
    }

    /// Characters that must arrive as they are.
    pub(super) fn exact(&mut self, name: &str, value: &str) {
        match self.syntax {
            Syntax::Json => self.string(name, value),
            Syntax::Yaml => {
                // Quoted whether it must be or not: so nobody who edits the file unquotes an identifier's neighbour.
                let mut markdown = String::with_capacity(value.len());
                markdown::encode_exact(value, &mut markdown);
                self.name(name);
                self.out.push(' ');
                yaml::quoted(&markdown, &mut self.out);
                self.out.push('\n');
            }
        }
    }

    /// A list of texts in the syntax's own markup.
    pub(super) fn strings<'v>(&mut self, name: &str, values: impl Iterator<Item = &'v str>) {
        self.name(name);
        match self.syntax {
            Syntax::Json => {
                self.out.push('[');
                for (at, value) in values.enumerate() {
                    self.out.push_str(if at > 0 { ", " } else { "" });
                    json_string(value, &mut self.out);
                }
                self.out.push(']');
            }
            Syntax::Yaml => {
                let mut values = values.peekable();
                self.out.push_str(if values.peek().is_some() { "\n" } else { " []\n" });
                for value in values {
                    self.indent(0);
                    self.out.push_str("- ");
                    yaml::scalar(value, &mut self.out);
                    self.out.push('\n');
                }
            }
        }
    }

    /// A list of names, one a line in JSON; behind the parts of each the others that it was read with.
    pub(super) fn names<'n>(
        &mut self,
        name: &str,
        names: impl Iterator<Item = &'n Name>,
        others: &[(usize, &str, &Foreign)],
    ) {
        self.name(name);
        if self.syntax == Syntax::Json {
            self.out.push('[');
        } else {
            self.out.push('\n');
        }
        for (at, name) in names.enumerate() {
            if self.syntax == Syntax::Json {
                self.out.push_str(if at > 0 { ",\n" } else { "\n" });
            }
            let mut lead = self.begin_name();
            for (part, value) in name_parts(name) {
                self.part(lead, part);
                self.exact_value(value);
                lead = self.end_part();
            }
            let is_whole = keeps_particle(name);
            if is_whole {
                self.part(lead, PARSE_NAMES);
                self.out.push('0');
                lead = self.end_part();
            }
            let is_own =
                |(place, part, _): &&(usize, &str, &Foreign)| *place == at && !(is_whole && *part == PARSE_NAMES);
            for (_, part, foreign) in others.iter().filter(is_own) {
                self.part(lead, part);
                if is_raw_json(&foreign.value) {
                    self.out.push_str(&foreign.value);
                } else {
                    self.exact_value(&foreign.value);
                }
                lead = self.end_part();
            }
            if self.syntax == Syntax::Json {
                self.out.push('}');
            }
        }
        if self.syntax == Syntax::Json {
            self.out.push('\n');
            self.indent(0);
            self.out.push(']');
        }
    }

    /// What stands before the first part of a name.
    fn begin_name(&mut self) -> &'static str {
        match self.syntax {
            Syntax::Json => {
                self.indent(2);
                "{"
            }
            Syntax::Yaml => "- ",
        }
    }

    /// A part's name and what stands around it.
    fn part(&mut self, lead: &str, part: &str) {
        match self.syntax {
            Syntax::Json => {
                self.out.push_str(lead);
                json_string(part, &mut self.out);
            }
            Syntax::Yaml => {
                self.indent(0);
                self.out.push_str(lead);
                self.out.push_str(part);
            }
        }
        self.out.push_str(": ");
    }

    /// What stands before the next part of a name.
    fn end_part(&mut self) -> &'static str {
        match self.syntax {
            Syntax::Json => ", ",
            Syntax::Yaml => {
                self.out.push('\n');
                "  "
            }
        }
    }

    /// Characters that say what they are, without markup.
    fn exact_value(&mut self, value: &str) {
        match self.syntax {
            Syntax::Json => json_string(value, &mut self.out),
            Syntax::Yaml => {
                let mut markdown = String::new();
                markdown::encode_exact(value, &mut markdown);
                yaml::scalar(&markdown, &mut self.out);
            }
        }
    }

    /// A date; whether it says all.
    pub(super) fn date(&mut self, name: &str, date: &Date) -> bool {
        let mut value = String::new();
        let is_whole = match date {
            Date::Day(day) if has_figures(day) => {
                date_parts(&[day], self.syntax, &mut value);
                day.time.is_none() && !day.uncertain && !day.unspecified_month && !day.unspecified_day
            }
            Date::Range(Bound::Day(start), end) if has_figures(start) => match end {
                Bound::Day(end) if has_figures(end) => {
                    date_parts(&[start, end], self.syntax, &mut value);
                    is_calendar(start) && is_calendar(end)
                }
                Bound::Day(_) | Bound::Open | Bound::Unknown => {
                    date_parts(&[start], self.syntax, &mut value);
                    false
                }
            },
            Date::Day(_) | Date::Range(..) | Date::Written(_) => {
                self.literal_date(date, &mut value);
                true
            }
        };
        self.raw(name, &value);
        is_whole
    }

    fn literal_date(&self, date: &Date, value: &mut String) {
        let text = date.to_string();
        match self.syntax {
            Syntax::Json => {
                value.push_str("{\"literal\": ");
                json_string(&text, value);
            }
            Syntax::Yaml => {
                let mut markdown = String::new();
                markdown::encode_exact(&text, &mut markdown);
                value.push_str("{literal: ");
                yaml::quoted(&markdown, value);
            }
        }
        value.push('}');
    }

    /// A value in the syntax of JSON, which is YAML's flow style as well.
    fn raw(&mut self, name: &str, value: &str) {
        self.name(name);
        if self.syntax == Syntax::Yaml {
            self.out.push(' ');
        }
        self.out.push_str(value);
        if self.syntax == Syntax::Yaml {
            self.out.push('\n');
        }
    }

    /// A foreign value: a string, or JSON as it was written.
    pub(super) fn foreign(&mut self, name: &str, foreign: &Foreign) {
        if foreign.format == FAMILY && is_raw_json(&foreign.value) {
            self.raw(name, &foreign.value);
        } else {
            self.exact(name, &foreign.value);
        }
    }

    /// An object whose fields were printed apart.
    pub(super) fn object(&mut self, name: &str, fields: &str) {
        self.name(name);
        self.out.push_str(if self.syntax == Syntax::Json { "{\n" } else { "\n" });
        self.out.push_str(fields);
        if self.syntax == Syntax::Json {
            self.out.push('\n');
            self.indent(0);
            self.out.push('}');
        }
    }
}

/// Whether programs would take a particle off the family name that is a part of it.
fn keeps_particle(name: &Name) -> bool {
    matches!(name, Name::Person(person)
        if person.particle.is_empty() && person.dropping_particle.is_empty() && !split_particle(&person.family).0.is_empty())
}

/// The parts of a name that are not empty, as CSL calls them.
fn name_parts(name: &Name) -> impl Iterator<Item = (&'static str, &str)> {
    let parts = match name {
        Name::Person(person) => [
            ("family", person.family.as_str()),
            ("given", &person.given),
            ("non-dropping-particle", &person.particle),
            ("dropping-particle", &person.dropping_particle),
            ("suffix", &person.suffix),
        ],
        Name::Literal(name) => [("literal", name.as_str()), ("", ""), ("", ""), ("", ""), ("", "")],
        Name::Others => [("", ""); 5],
    };
    parts.into_iter().filter(|(_, value)| !value.is_empty())
}

/// Whether `date-parts` can hold the year: four figures, all of them given.
fn has_figures(day: &Day) -> bool {
    day.unspecified_year_digits == 0 && (-9999..=9999).contains(&day.year)
}

fn is_calendar(day: &Day) -> bool {
    !day.is_season() && day.time.is_none() && !day.is_qualified()
}

/// Appends `date-parts` of one date or two, with season and doubt.
fn date_parts(days: &[&Day], syntax: Syntax, out: &mut String) {
    let quote = if syntax == Syntax::Json { "\"" } else { "" };
    let _ = write!(out, "{{{quote}date-parts{quote}: [");
    for (at, day) in days.iter().enumerate() {
        // CSL counts years before Christ without a year 0.
        let year = if day.year <= 0 { day.year - 1 } else { day.year };
        let _ = write!(out, "{}[{year}", if at > 0 { ", " } else { "" });
        for part in [day.month.filter(|_| !day.is_season()), day.day].into_iter().flatten() {
            let _ = write!(out, ", {part}");
        }
        out.push(']');
    }
    out.push(']');
    if let [Day { month: Some(season @ 21..), .. }] = days {
        let _ = write!(out, ", {quote}season{quote}: {}", season - 20);
    }
    if days.iter().any(|day| day.approximate) {
        let _ = write!(out, ", {quote}circa{quote}: true");
    }
    out.push('}');
}

/// Appends a JSON string. Beside what RFC 8259 demands, line separators and control characters are escaped.
fn json_string(text: &str, out: &mut String) {
    out.push('"');
    json_characters(text, out);
    out.push('"');
}

/// The bytes at which copying stops: JSON's own, control characters, and what begins further ones or the separators of
/// lines.
static MAY_NEED_ESCAPE: [bool; 256] = {
    let mut bytes = [false; 256];
    let mut at = 0;
    while at < 256 {
        bytes[at] = at <= 0x1f || at == 0x22 || at == 0x5c || at == 0x7f || at == 0xc2 || at == 0xe2;
        at += 1;
    }
    bytes
};

pub(super) fn json_characters(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|b| MAY_NEED_ESCAPE[usize::from(b)]) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(c) = rest.chars().next() else { return };
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    out.push_str(rest);
}
