//! Maps of YAML while they are filled, and how they are laid out: one field a line, names as Hayagriva takes them apart.
//!
//! Must not know which field of the model stands where.

use super::super::is_raw;
use crate::model::{Name, Person};
use crate::yaml;
use std::borrow::Cow;

/// A value: what stands on the line as it is printed, or what stands below it.
pub(super) enum Value {
    Line(String),
    Map(Map),
    List(Vec<Value>),
}

/// Fields in the order in which they are printed.
#[derive(Default)]
pub(super) struct Map {
    fields: Vec<(Cow<'static, str>, Value)>,
}

impl Value {
    /// A string that is quoted only where it has to be.
    pub(super) fn scalar(value: &str) -> Self {
        let mut line = String::with_capacity(value.len());
        yaml::scalar(value, &mut line);
        Self::Line(line)
    }

    pub(super) fn quoted(value: &str) -> Self {
        let mut line = String::with_capacity(value.len() + 2);
        yaml::quoted(value, &mut line);
        Self::Line(line)
    }

    /// A name, as one string where Hayagriva takes it apart, unless its parts are needed.
    pub(super) fn person(name: &Name, in_parts: bool) -> Self {
        match name {
            Name::Person(person) => match in_one_string(person).filter(|_| !in_parts) {
                Some(name) => Self::scalar(&name),
                None => Self::Map(parts_of(person)),
            },
            Name::Literal(name) => {
                let mut parts = Map::default();
                parts.scalar("name", name);
                Self::Map(parts)
            }
            Name::Others => Self::Line(String::new()),
        }
    }

    fn print(&self, inset: usize, out: &mut String) {
        match self {
            Self::Line(line) => {
                out.push(' ');
                out.push_str(line);
                out.push('\n');
            }
            Self::Map(map) => {
                out.push('\n');
                map.print(inset + 2, out);
            }
            Self::List(items) => {
                out.push('\n');
                for item in items {
                    indent(inset + 2, out);
                    out.push('-');
                    match item {
                        // The first field stands on the line of its mark.
                        Self::Map(map) => {
                            let from = out.len();
                            map.print(inset + 4, out);
                            out.replace_range(from..from + inset + 4, " ");
                        }
                        item => item.print(inset + 2, out),
                    }
                }
            }
        }
    }

    /// The value that a path leads to below this one may be put there: `short` of a title, `0.alias` of names.
    fn put(&mut self, name: &str, path: &str, value: Value) -> Result<(), Value> {
        match self {
            Self::Map(map) => map.put(path, value),
            Self::List(items) => {
                let Some((first, rest)) = path.split_once('.') else { return Err(value) };
                let is_meant = |at: usize, item: &Self| match item {
                    Self::Map(map) => map.says("role", first) || first.parse() == Ok(at),
                    Self::Line(_) | Self::List(_) => false,
                };
                let item = items.iter_mut().enumerate().find(|(at, item)| is_meant(*at, item));
                match item {
                    Some((_, Self::Map(map))) if rest.starts_with(|c: char| c.is_ascii_digit()) => {
                        map.put(&format!("names.{rest}"), value)
                    }
                    Some((_, Self::Map(map))) => map.put(rest, value),
                    _ => Err(value),
                }
            }
            // What stands alone becomes one of the parts; a date has parts of another kind.
            Self::Line(_) if name == "date" => Err(value),
            Self::Line(line) => {
                let part = if name == "publisher" { "name" } else { "value" };
                let mut map = Map::default();
                map.add(part, Self::Line(std::mem::take(line)));
                let result = map.put(path, value);
                *self = Self::Map(map);
                result
            }
        }
    }
}

impl Map {
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    pub(super) fn add(&mut self, name: impl Into<Cow<'static, str>>, value: Value) {
        self.fields.push((name.into(), value));
    }

    /// Before all others.
    pub(super) fn add_first(&mut self, name: &'static str, value: Value) {
        self.fields.insert(0, (name.into(), value));
    }

    /// A value that needs no quotes.
    pub(super) fn word(&mut self, name: &'static str, value: &str) {
        self.add(name, Value::Line(value.to_owned()));
    }

    pub(super) fn scalar(&mut self, name: &'static str, value: &str) {
        self.add(name, Value::scalar(value));
    }

    pub(super) fn quoted(&mut self, name: impl Into<Cow<'static, str>>, value: &str) {
        self.add(name, Value::quoted(value));
    }

    /// What a work is in: one parent as a map, several or one in flow style as a list.
    pub(super) fn parents(&mut self, mut parents: Vec<Value>) {
        match parents.pop() {
            None => {}
            Some(parent @ Value::Map(_)) if parents.is_empty() => self.add("parent", parent),
            Some(last) => {
                parents.push(last);
                self.add("parent", Value::List(parents));
            }
        }
    }

    /// Puts a value that was kept under its name at the end; whether nothing stood there.
    ///
    /// Where the name is a path to a part of something that is printed, `title.short`, it is put there: Hayagriva looks
    /// nowhere else, and passes over parts that it does not know as long as they are strings.
    pub(super) fn keep(&mut self, name: &str, value: &str) -> bool {
        let is_string = !is_raw(value);
        // The one part of a name that is no string.
        let is_flag = matches!(value, "true" | "false") && name.ends_with(".comma-suffix");
        let kept = if is_flag {
            Value::Line(value.to_owned())
        } else if is_string {
            Value::quoted(value)
        } else {
            Value::Line(value.to_owned())
        };
        let is_free = is_string && !matches!(name.rsplit('.').next(), Some("verbatim" | "date"));
        let kept = if is_free { self.put(name, kept) } else { Err(kept) };
        match kept {
            Ok(()) => true,
            Err(_) if self.has(name) => false,
            Err(kept) => {
                self.add(name.to_owned(), kept);
                true
            }
        }
    }

    /// Puts a value where its path leads; gives it back where that is nowhere, or where something stands.
    fn put(&mut self, path: &str, value: Value) -> Result<(), Value> {
        let Some((head, rest)) = path.split_once('.') else {
            if self.has(path) {
                return Err(value);
            }
            self.add(path.to_owned(), value);
            return Ok(());
        };
        match self.fields.iter_mut().find(|(name, _)| name == head) {
            Some((_, printed)) => printed.put(head, rest, value),
            None if head == "serial-number" => {
                let mut numbers = Self::default();
                numbers.add(rest.to_owned(), value);
                self.add("serial-number", Value::Map(numbers));
                Ok(())
            }
            None => Err(value),
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|(held, _)| held == name).map(|(_, value)| value)
    }

    fn says(&self, name: &str, word: &str) -> bool {
        matches!(self.get(name), Some(Value::Line(line)) if line == word)
    }

    pub(super) fn print(&self, inset: usize, out: &mut String) {
        for (name, value) in &self.fields {
            indent(inset, out);
            yaml::scalar(name, out);
            out.push(':');
            value.print(inset, out);
        }
    }
}

fn indent(count: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', count));
}

fn parts_of(person: &Person) -> Map {
    let Person { family, given, particle, dropping_particle, suffix } = person;
    let particles = [dropping_particle.as_str(), particle].into_iter().filter(|particle| !particle.is_empty());
    let prefix = particles.collect::<Vec<_>>().join(" ");
    let mut parts = Map::default();
    parts.scalar("name", family);
    // A name alone is a body's. One of several words is left so: an empty given name leaves its comma in print.
    let given_is_needed = prefix.is_empty() && suffix.is_empty() && !family.contains(char::is_whitespace);
    for (part, value) in [("given-name", given), ("prefix", &prefix), ("suffix", suffix)] {
        if !value.is_empty() || (part == "given-name" && given_is_needed) {
            parts.scalar(part, value);
        }
    }
    parts
}

/// A name as `Family, Given`, when Hayagriva takes it apart there: no commas, nothing that looks like a prefix.
fn in_one_string(person: &Person) -> Option<String> {
    let Person { family, given, particle, dropping_particle, suffix } = person;
    let is_simple = [particle, dropping_particle, suffix].iter().all(|part| part.is_empty())
        && ![family, given].iter().any(|part| part.contains(',') || part.trim() != part.as_str())
        && !(family.contains(char::is_whitespace)
            && family.split_whitespace().any(|word| word.starts_with(char::is_lowercase)));
    match (is_simple, given.is_empty()) {
        (false, _) => None,
        (true, false) => Some(format!("{family}, {given}")),
        // Several words without a comma are read as a body.
        (true, true) => (!family.contains(char::is_whitespace)).then(|| family.clone()),
    }
}
