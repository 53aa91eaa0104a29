//! The structured values of Hayagriva, as a reader takes them apart: types, formattable strings, names and dates. Knows no
//! fields and no writer.

use super::string;
use crate::model::{Date, Day, Name, Person, Run, Style, Text};
use crate::yaml::Node;

/// The type of an entry or parent, as the vocabulary spells it.
pub(super) fn type_name(node: &Node) -> Option<String> {
    node.get("type").and_then(Node::as_str).map(kebab_case)
}

/// A part of `affiliated` with its role as Hayagriva spells it: another spelling makes it refuse the file.
pub(super) fn with_role(part: &Node, role: Option<String>) -> Node {
    let (Node::Map(pairs), Some(role)) = (part, role) else { return part.clone() };
    let spelled = |(name, value): &(String, Node)| match name.as_str() {
        "role" => (name.clone(), Node::Text(role.clone())),
        _ => (name.clone(), value.clone()),
    };
    Node::Map(pairs.iter().map(spelled).collect())
}

/// `CastMember` and `cast-member` are one word.
pub(super) fn kebab_case(word: &str) -> String {
    let mut out = String::with_capacity(word.len() + 2);
    for (at, c) in word.chars().enumerate() {
        if c.is_uppercase() && at > 0 && out.ends_with(char::is_lowercase) {
            out.push('-');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// The type that a parent without one has.
pub(super) fn default_parent(own: &str) -> &'static str {
    match own {
        "article" => "periodical",
        "chapter" => "book",
        "entry" => "reference",
        "anthos" | "legislation" => "anthology",
        "web" => "web",
        "scene" | "video" => "video",
        "artwork" => "exhibition",
        "post" => "post",
        "audio" => "audio",
        _ => "misc",
    }
}

/// A formattable string, or a map with its value.
pub(super) fn formattable(node: &Node) -> Option<Text> {
    match node {
        // A block of text ends with a line end, which is no part of it.
        Node::Text(text) | Node::Literal(text) => Some(string::decode(text.trim())),
        Node::Map(_) => {
            let value = node.get("value")?.as_str()?;
            let is_verbatim = node.get("verbatim").and_then(Node::as_str) == Some("true");
            Some(if is_verbatim {
                [Run::Styled(Style::Protected, Text::plain(value))].into_iter().collect()
            } else {
                string::decode(value)
            })
        }
        Node::Null | Node::List(_) => None,
    }
}

/// Mathematics in a formattable value that can be kept only as characters.
pub(super) fn untranslated_math(node: &Node) -> Option<&str> {
    match node {
        Node::Map(_) if node.get("verbatim").and_then(Node::as_str) == Some("true") => None,
        Node::Map(_) => string::untranslated(node.get("value")?.as_str()?),
        _ => string::untranslated(node.as_str()?),
    }
}

/// A person, as `prefix Family, Suffix, Given` or in parts; a name alone is a body's unless it is one word.
pub(super) fn person(node: &Node) -> Option<Name> {
    let part = |name: &str| node.get(name).and_then(Node::as_str).unwrap_or_default().to_owned();
    if let Node::Map(parts) = node {
        let is_alone = !parts.iter().any(|(part, _)| matches!(part.as_str(), "given-name" | "prefix" | "suffix"));
        let name = Some(part("name")).filter(|name| !name.is_empty())?;
        return Some(if is_alone {
            Name::Literal(name)
        } else {
            Name::Person(Person {
                family: name,
                given: part("given-name"),
                particle: part("prefix"),
                dropping_particle: String::new(),
                suffix: part("suffix"),
            })
        });
    }
    let text = node.as_str()?.trim();
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    let (family, suffix, given) = match parts.as_slice() {
        [""] => return None,
        [name] if name.contains(char::is_whitespace) => return Some(Name::Literal((*name).to_owned())),
        [name] => (*name, "", ""),
        [family, given] => (*family, "", *given),
        [family, suffix, given] => (*family, *suffix, *given),
        _ => return Some(Name::Literal(text.to_owned())),
    };
    // All words up to the last small one, as Hayagriva takes them: "De la Cruz".
    let words: Vec<&str> = family.split_whitespace().collect();
    let small = |word: &&str| word.chars().next().is_some_and(char::is_lowercase);
    let split = words[..words.len().saturating_sub(1)].iter().rposition(small).map_or(0, |last| last + 1);
    let (particle, family) = (words[..split].join(" "), words[split..].join(" "));
    Some(Name::Person(Person {
        family,
        given: given.to_owned(),
        particle,
        dropping_particle: String::new(),
        suffix: suffix.to_owned(),
    }))
}

/// A date, with `~` before it when it is approximate.
pub(super) fn date_of(text: &str) -> Date {
    let text = text.trim();
    let (calendar, is_approximate) = match text.strip_prefix('~') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    match Date::parse(calendar) {
        Date::Day(mut day) => {
            day.approximate |= is_approximate;
            Date::Day(day)
        }
        Date::Range(..) | Date::Written(_) => match calendar.parse::<i32>() {
            Ok(year) if year.abs() <= 9999 => Date::Day(Day { approximate: is_approximate, ..Day::year(year) }),
            _ => Date::parse(text),
        },
    }
}

/// A date in parts, whose months and days count from 0, and the parts that it took.
pub(super) fn date_of_map(map: &Node) -> Option<(Day, Vec<&'static str>)> {
    let number = |name: &str| map.get(name)?.as_str()?.parse::<i32>().ok();
    let mut taken = vec!["year"];
    let mut date = Day::year(number("year").filter(|year| year.abs() <= 9999)?);
    let next = |name: &str| number(name).and_then(|number| u8::try_from(number.checked_add(1)?).ok());
    if let Some(month) = next("month").filter(|month| (1..=12).contains(month)) {
        date.month = Some(month);
        taken.push("month");
        if let Some(whole) = next("day").and_then(|day| Day::ymd(date.year, month, day)) {
            date = whole;
            taken.push("day");
        }
    } else if let Some(season) = number("season").filter(|season| (1..=4).contains(season)) {
        date.month = u8::try_from(season + 20).ok();
        taken.push("season");
    }
    let is_approximate = map.get("approximate").and_then(Node::as_str);
    if let Some("true" | "false") = is_approximate {
        date.approximate = is_approximate == Some("true");
        taken.push("approximate");
    }
    Some((date, taken))
}
