//! The two structured values of CSL data, names and dates, in every shape that programs write them.

use super::{EntryReader, Syntax};
use crate::model::{Bound, Date, DateField, Day, FieldName, Name, Person, Role};
use crate::yaml::Node;

impl EntryReader<'_, '_> {
    pub(super) fn people(&mut self, name: &str, role: Role, value: &Node) {
        if !matches!(value, Node::List(_) | Node::Null) {
            self.malformed(FieldName::People(role), &format!("`{name}` should be a list of names"));
        }
        for (at, node) in value.items().iter().enumerate() {
            match node {
                Node::Map(parts) => {
                    let known = self.person(parts);
                    self.entry.people.extend(known.map(|name| (role, name)));
                    for (part, value) in
                        parts.iter().filter(|(part, value)| !is_name_part(part) && *value != Node::Null)
                    {
                        self.keep(&format!("{name}.{at}.{part}"), value);
                    }
                }
                Node::Text(text) | Node::Literal(text) => {
                    let text = self.syntax.exact(text);
                    self.entry.people.push((role, literal(text)));
                }
                Node::List(_) | Node::Null => self.keep(&format!("{name}.{at}"), node),
            }
        }
    }

    fn person(&self, parts: &[(String, Node)]) -> Option<Name> {
        let part = |name: &str| {
            let value = parts.iter().find(|(part, _)| part == name)?.1.as_str()?;
            Some(self.syntax.exact(value)).filter(|value| !value.is_empty())
        };
        let family = part("family");
        match (family, part("literal").or_else(|| part("name"))) {
            (Some(family), _) => {
                let person = Person {
                    family,
                    given: part("given").unwrap_or_default(),
                    particle: part("non-dropping-particle").unwrap_or_default(),
                    dropping_particle: part("dropping-particle").unwrap_or_default(),
                    suffix: part("suffix").unwrap_or_default(),
                };
                let is_others = person.family == "others" && person == Person::new("others", "");
                Some(if is_others { Name::Others } else { Name::Person(person) })
            }
            (None, Some(name)) => Some(literal(name)),
            (None, None) => part("given").map(|given| Name::Person(Person::new(given, ""))),
        }
    }

    pub(super) fn date(&mut self, field: DateField, value: &Node) -> Option<Date> {
        match value {
            Node::Map(_) => self.date_of_map(field, value),
            Node::List(items) if matches!(items.first(), Some(Node::Map(_))) => self.date_of_list(field, items),
            // Some programs leave the name `date-parts` out.
            Node::List(items) => self.date_parts(field, items),
            Node::Text(text) | Node::Literal(text) => {
                if self.syntax == Syntax::Json {
                    self.malformed(FieldName::Date(field), "a date should be an object with `date-parts`");
                }
                Some(Date::parse(&self.syntax.exact(text))).filter(|_| !text.is_empty())
            }
            Node::Null => None,
        }
    }

    fn date_of_map(&mut self, field: DateField, map: &Node) -> Option<Date> {
        if let Some(parts) = map.get("date-parts")
            && let Some(mut date) = self.date_parts(field, parts.items())
        {
            let season = map.get("season").and_then(Node::as_str).and_then(season);
            let is_circa = map.get("circa").and_then(Node::as_str).is_some_and(|circa| !matches!(circa, "false" | "0"));
            match &mut date {
                Date::Day(day) => {
                    day.month = day.month.or(season);
                    day.approximate = is_circa;
                }
                // One word for both ends.
                Date::Range(from, to) => {
                    for bound in [from, to] {
                        if let Bound::Day(day) = bound {
                            day.approximate = is_circa;
                        }
                    }
                }
                Date::Written(_) => {}
            }
            return Some(date);
        }
        if map.get("year").is_some() {
            return self.date_of_list(field, std::slice::from_ref(map));
        }
        let text = map.get("literal").or_else(|| map.get("raw"))?.as_str()?;
        Some(Date::parse(&self.syntax.exact(text))).filter(|_| !text.is_empty())
    }

    /// pandoc's older form: a list of `year`, `month`, `day`.
    fn date_of_list(&mut self, field: DateField, items: &[Node]) -> Option<Date> {
        let parts: Vec<Node> = items
            .iter()
            .map(|item| {
                let month = item.get("month").or_else(|| item.get("season"));
                Node::List([item.get("year"), month, item.get("day")].into_iter().flatten().cloned().collect())
            })
            .collect();
        self.date_parts(field, &parts)
    }

    fn date_parts(&mut self, field: DateField, items: &[Node]) -> Option<Date> {
        // One date without the outer list.
        let bare = [Node::List(items.to_vec())];
        let items = if items.iter().all(|item| matches!(item, Node::List(_))) { items } else { &bare };
        let written = || {
            let join = |item: &Node| item.items().iter().filter_map(Node::as_str).collect::<Vec<_>>().join("-");
            items.iter().map(join).collect::<Vec<_>>().join("/")
        };
        if written().trim_matches('/').is_empty() {
            return None;
        }
        let days: Option<Vec<Day>> = items.iter().map(|item| day_of_parts(item.items())).collect();
        match days.as_deref() {
            Some([day]) => Some(Date::Day(day.clone())),
            Some([start, end]) => Some(Date::Range(Bound::Day(start.clone()), Bound::Day(end.clone()))),
            _ => {
                self.malformed(FieldName::Date(field), &format!("`{}` is no date", written()));
                Some(Date::Written(written()))
            }
        }
    }
}

/// A name as one string.
fn literal(name: String) -> Name {
    match name.trim().to_lowercase().as_str() {
        "others" | "et al." | "et al" | "and others" => Name::Others,
        _ => Name::Literal(name),
    }
}

fn is_name_part(part: &str) -> bool {
    matches!(part, "family" | "given" | "literal" | "name" | "non-dropping-particle" | "dropping-particle" | "suffix")
}

/// A season's month: CSL counts from 1 for spring; words and the numbers 21 to 24 are read as well.
fn season(text: &str) -> Option<u8> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "21" | "spring" => Some(21),
        "2" | "22" | "summer" => Some(22),
        "3" | "23" | "autumn" | "fall" => Some(23),
        "4" | "24" | "winter" => Some(24),
        _ => None,
    }
}

/// Year, month, day; the month may be a season, 13 to 16 or 21 to 24.
fn day_of_parts(parts: &[Node]) -> Option<Day> {
    let number = |at: usize| -> Option<Option<i32>> {
        match parts.get(at) {
            None | Some(Node::Null) => Some(None),
            Some(node) => match node.as_str()?.trim() {
                "" => Some(None),
                text => text.parse().ok().map(Some),
            },
        }
    };
    let year = number(0)??;
    // CSL counts years before Christ without a year 0.
    let year = if year < 0 { year.checked_add(1)? } else { year };
    let (month, day) = (number(1)?, number(2)?);
    let day = match (month, day) {
        (None | Some(0), _) => Day::year(year),
        (Some(month @ 13..=16), None | Some(0)) => Day { month: u8::try_from(month + 8).ok(), ..Day::year(year) },
        (Some(month @ 21..=24), None | Some(0)) => Day { month: u8::try_from(month).ok(), ..Day::year(year) },
        (Some(month @ 1..=12), None | Some(0)) => Day::month(year, u8::try_from(month).ok()?),
        (Some(month), Some(day)) => Day::ymd(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)?,
        (Some(_), None) => return None,
    };
    (-9999..=9999).contains(&year).then_some(day)
}
