//! The rule of names. Source: `btxhak`, section 4; the BibLaTeX manual, section 3.6.

use super::{Field, Findings, repair, shown};
use crate::diagnostic::Rule;
use std::ops::Range;

pub(super) fn malformed_name(field: &Field<'_>, found: &mut Findings<'_, '_>) {
    let value = &*field.value;
    let trimmed = value.trim_end();
    let words: Vec<&str> = value.split_whitespace().collect();
    let is_and = |word: Option<&&str>| word.is_some_and(|word| word.eq_ignore_ascii_case("and"));
    if is_and(words.last()) {
        let end = trimmed.len();
        let from = value[..end - 3].trim_end().len();
        let finding = found.part(Rule::MalformedName, field, end - 3..end, "the list ends in `and`");
        repair(finding, true, field.replacements(vec![(from..end, String::new())]));
        return;
    }
    if is_and(words.first()) || words.windows(2).any(|pair| is_and(pair.first()) && is_and(pair.get(1))) {
        found.field(Rule::MalformedName, field, "there is no name on one side of an `and`");
        return;
    }
    if et_al(field, found) {
        return;
    }
    let mut items = items(value);
    let last = items.pop();
    for item in items.iter().chain(&last) {
        let text = value[item.clone()].trim();
        let is_last = last.as_ref() == Some(item);
        if let Some(message) = fault(text, is_last) {
            let start = item.start + (value[item.clone()].len() - value[item.clone()].trim_start().len());
            found.part(Rule::MalformedName, field, start..start + text.len(), message);
            return;
        }
    }
}

/// What is wrong with one name.
fn fault(name: &str, is_last: bool) -> Option<String> {
    let commas = outside_braces(name, ',');
    if name.eq_ignore_ascii_case("others") && !(is_last && name == "others") {
        return Some("`others` ends a list and is written small".to_owned());
    }
    if name.contains("={") || name.contains('=') && name.contains("family") {
        return None; // BibLaTeX's form with labels.
    }
    if name.ends_with(',') {
        return Some(format!("`{}` ends in a comma", shown(name)));
    }
    let is_suffix = |part: &str| {
        let part = part.trim().trim_matches(['{', '}']);
        crate::model::name::is_suffix(part) || part.len() <= 4
    };
    match commas.as_slice() {
        [_, _, _, ..] => {
            Some(format!("`{}` is one name with {} commas; names are parted by `and`", shown(name), commas.len()))
        }
        [first, second] if !is_suffix(&name[first + 1..*second]) => Some(format!(
            "in `{}` the part between the commas is read as a suffix such as Jr.; names are parted by `and`",
            shown(name)
        )),
        _ if !outside_braces(name, ';').is_empty() => {
            Some(format!("names are parted by `and`, not by a semicolon: `{}`", shown(name)))
        }
        _ => None,
    }
}

/// A list that was cut with words of its own.
fn et_al(field: &Field<'_>, found: &mut Findings<'_, '_>) -> bool {
    let value = field.value.trim_end();
    let lowered = value.to_ascii_lowercase();
    let marks = [
        " and et al.",
        " and et al",
        ", et al.",
        ", et al",
        " et al.",
        " et al",
        " et. al.",
        " and others.",
        " & others",
        ", and others",
    ];
    let Some(mark) = marks.iter().find(|mark| lowered.ends_with(**mark)) else { return false };
    let range = value.len() - mark.len()..value.len();
    let finding =
        found.part(Rule::MalformedName, field, range.start + 1..range.end, "a list that is cut ends in `and others`");
    repair(finding, true, field.replacements(vec![(range, " and others".to_owned())]));
    true
}

/// The names of a list: what the word `and` outside braces parts.
fn items(value: &str) -> Vec<Range<usize>> {
    let bytes = value.as_bytes();
    let (mut list, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'a' | b'A' if depth == 0 && at > 0 && bytes[at - 1].is_ascii_whitespace() => {
                let is_and = bytes.get(at..at + 3).is_some_and(|word| word.eq_ignore_ascii_case(b"and"));
                if is_and && bytes.get(at + 3).is_none_or(u8::is_ascii_whitespace) {
                    list.push(start..at);
                    start = at + 3;
                }
            }
            _ => {}
        }
    }
    list.push(start..value.len());
    list
}

/// The places of a sign outside braces.
fn outside_braces(text: &str, sign: char) -> Vec<usize> {
    let mut depth = 0_usize;
    let mut places = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            c if c == sign && depth == 0 => places.push(at),
            _ => {}
        }
    }
    places
}
