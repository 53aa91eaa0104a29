//! The two structured values of CSL data, names and dates, in every shape that programs write them.

use super::super::NAME_PARTS;
use super::{EntryReader, Syntax};
use crate::model::date::season_from_english;
use crate::model::name::split_particle;
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
                    let (known, taken) = self.person(parts);
                    self.entry.people.extend(known.map(|name| (role, name)));
                    self.keep_rest(&format!("{name}.{at}"), parts, taken);
                }
                Node::Text(text) | Node::Literal(text) => {
                    let text = self.syntax.exact(text);
                    self.entry.people.push((role, literal(text)));
                }
                Node::List(_) => self.keep(&format!("{name}.{at}"), node),
                Node::Null => {}
            }
        }
    }

    /// A person or body, and the parts that it took.
    fn person(&self, parts: &[(String, Node)]) -> (Option<Name>, &'static [&'static str]) {
        let part = |name: &str| {
            let value = parts.iter().find(|(part, _)| part == name)?.1.as_str()?;
            Some(self.syntax.exact(value)).filter(|value| !value.is_empty())
        };
        if let Some(family) = part("family") {
            // As citeproc does, unless the name says that it is parted already.
            let is_parted = ["non-dropping-particle", "dropping-particle"].into_iter().any(|name| part(name).is_some());
            let is_exact = part("parse-names").is_some_and(|value| matches!(value.as_str(), "0" | "false"));
            let (particle, family) = match split_particle(&family) {
                (particle, family) if !is_parted && !is_exact => (particle.to_owned(), family.to_owned()),
                _ => (part("non-dropping-particle").unwrap_or_default(), family),
            };
            let person = Person {
                family,
                given: part("given").unwrap_or_default(),
                particle,
                dropping_particle: part("dropping-particle").unwrap_or_default(),
                suffix: part("suffix").unwrap_or_default(),
            };
            // Some programs give the whole name beside its parts.
            let whole = part("literal").or_else(|| part("name"));
            let repeats = whole.is_some_and(|whole| {
                whole == format!("{}, {}", person.family, person.given)
                    || whole == format!("{} {}", person.given, person.family)
            });
            let is_others = person.family == "others" && person == Person::new("others", "");
            let name = if is_others { Name::Others } else { Name::Person(person) };
            // Whether a name is to be parted is said anew where it matters.
            return (Some(name), &NAME_PARTS[..if repeats { 8 } else { 6 }]);
        }
        if let Some(name) = part("literal") {
            return (Some(literal(name)), &["literal"]);
        }
        if let Some(name) = part("name") {
            return (Some(literal(name)), &["name"]);
        }
        (part("given").map(|given| Name::Person(Person::new(given, ""))), &["given"])
    }

    /// Keeps the parts of a structured value that were not taken, each under its own name.
    fn keep_rest(&mut self, name: &str, parts: &[(String, Node)], taken: &[&str]) {
        for (part, value) in parts {
            // All parts but this are strings; of another shape they were not taken.
            let has_shape = value.as_str().is_some() || part == "date-parts";
            let is_empty = matches!(value, Node::Null) || value.as_str() == Some("");
            let is_taken = has_shape && taken.contains(&part.as_str());
            if !(is_empty || is_taken) {
                self.keep(&format!("{name}.{part}"), value);
            }
        }
    }

    /// A date; what it could not take is kept.
    pub(super) fn date(&mut self, name: &str, field: DateField, value: &Node) -> Option<Date> {
        match value {
            Node::Map(pairs) => self.date_of_map(name, field, pairs),
            Node::List(items) if matches!(items.first(), Some(Node::Map(_))) => self.date_of_list(name, field, items),
            // Some programs leave the name `date-parts` out.
            Node::List(items) => self.date_parts(name, field, items),
            Node::Text(text) | Node::Literal(text) => {
                if self.syntax == Syntax::Json {
                    self.malformed(FieldName::Date(field), "a date should be an object with `date-parts`");
                }
                Some(Date::parse(&self.syntax.exact(text))).filter(|_| !text.is_empty())
            }
            Node::Null => None,
        }
    }

    fn date_of_map(&mut self, name: &str, field: DateField, pairs: &[(String, Node)]) -> Option<Date> {
        let get = |part: &str| pairs.iter().find(|(key, _)| key == part).map(|(_, value)| value);
        let word = |part: &str| get(part).and_then(Node::as_str);
        let mut taken = Vec::new();
        let mut date = None;
        if let Some(parts) = get("date-parts") {
            date = self.date_parts(name, field, parts.items());
            taken.push("date-parts");
        }
        if let Some(date) = &mut date {
            let season = word("season").and_then(season);
            let is_circa = word("circa").is_some_and(|circa| !matches!(circa, "false" | "0"));
            match date {
                Date::Day(day) => {
                    if season.is_some() && (day.month.is_none() || day.month == season) {
                        day.month = season;
                        taken.push("season");
                    }
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
            let is_word = word("circa").is_some_and(|circa| matches!(circa, "true" | "false" | "0" | "1"));
            if is_word && !matches!(date, Date::Written(_)) {
                taken.push("circa");
            }
        } else if get("year").is_some() {
            let map = Node::Map(pairs.to_vec());
            return self.date_of_list(name, field, std::slice::from_ref(&map));
        }
        for part in ["literal", "raw"] {
            let Some(text) = word(part).filter(|text| !text.is_empty()) else { continue };
            let text = self.syntax.exact(text);
            let said = Date::parse_words(&text).unwrap_or_else(|| Date::parse(&text));
            // What only says the same again need not be kept.
            if date.as_ref().is_none_or(|date| *date == said) {
                date = Some(said);
                taken.push(part);
            }
        }
        self.keep_rest(name, pairs, &taken);
        date
    }

    /// pandoc's older form: a list of `year`, `month`, `day`.
    fn date_of_list(&mut self, name: &str, field: DateField, items: &[Node]) -> Option<Date> {
        let parts: Vec<Node> = items
            .iter()
            .map(|item| {
                let season = || Some(Node::Text(season(item.get("season")?.as_str()?)?.to_string()));
                let month = item.get("month").cloned().or_else(season);
                Node::List([item.get("year").cloned(), month, item.get("day").cloned()].into_iter().flatten().collect())
            })
            .collect();
        for (at, item) in items.iter().enumerate() {
            let Node::Map(pairs) = item else {
                self.keep(&format!("{name}.{at}"), item);
                continue;
            };
            let has_month = item.get("month").is_some();
            let taken = ["year", if has_month { "month" } else { "season" }, "day"];
            let place = if items.len() > 1 { format!("{name}.{at}") } else { name.to_owned() };
            self.keep_rest(&place, pairs, &taken);
        }
        self.date_parts(name, field, &parts)
    }

    fn date_parts(&mut self, name: &str, field: DateField, items: &[Node]) -> Option<Date> {
        // One date without the outer list.
        let bare = [Node::List(items.to_vec())];
        let items = if items.iter().all(|item| matches!(item, Node::List(_))) { items } else { &bare };
        let is_flat = |item: &Node| item.items().iter().all(|part| part.as_str().is_some() || *part == Node::Null);
        if !items.iter().all(is_flat) {
            self.malformed(FieldName::Date(field), &format!("`{}` is no date", Node::List(items.to_vec()).shown()));
            self.keep(&format!("{name}.date-parts"), &Node::List(items.to_vec()));
            return None;
        }
        let written = || {
            let part = |part: &Node| part.as_str().unwrap_or_default().to_owned();
            let join = |item: &Node| item.items().iter().map(part).collect::<Vec<_>>().join("-");
            items.iter().map(join).collect::<Vec<_>>().join("/")
        };
        if written().trim_matches(['/', '-']).is_empty() {
            return None;
        }
        // CSL has no year 0; pandoc's open end of a range is one.
        let is_open = |item: &Node| item.items().iter().all(|part| part.as_str() == Some("0"));
        if let [start, end] = items
            && is_open(start) != is_open(end)
            && let Some(day) = day_of_parts(if is_open(end) { start } else { end }.items())
        {
            let day = Bound::Day(day);
            return Some(if is_open(end) { Date::Range(day, Bound::Open) } else { Date::Range(Bound::Open, day) });
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

/// A season's month: CSL counts from 1 for spring; words and the numbers 21 to 24 are read as well.
fn season(text: &str) -> Option<u8> {
    match text {
        "1" | "21" => Some(21),
        "2" | "22" => Some(22),
        "3" | "23" => Some(23),
        "4" | "24" => Some(24),
        word => season_from_english(word),
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
    // A fourth part is nothing that a date has.
    if parts.len() > 3 {
        return None;
    }
    let year = number(0)??;
    // CSL counts years before Christ without a year 0.
    let year = if year < 0 { year.checked_add(1)? } else { year };
    let (month, day) = (number(1)?, number(2)?);
    let day = match (month, day) {
        (None | Some(0), None | Some(0)) => Day::year(year),
        (None | Some(0), Some(_)) => return None,
        (Some(month @ 13..=16), None | Some(0)) => Day { month: u8::try_from(month + 8).ok(), ..Day::year(year) },
        (Some(month @ 21..=24), None | Some(0)) => Day { month: u8::try_from(month).ok(), ..Day::year(year) },
        (Some(month @ 1..=12), None | Some(0)) => Day::month(year, u8::try_from(month).ok()?),
        (Some(month), Some(day)) => Day::ymd(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)?,
        (Some(_), None) => return None,
    };
    (-9999..=9999).contains(&year).then_some(day)
}
