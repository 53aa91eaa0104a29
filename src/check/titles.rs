//! Rules of titles: case, braces, ends.

use super::content::plain_parts;
use super::{Field, Findings, repair, shown};
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::{FieldName, TextField};
use crate::stream::Sourced;
use std::ops::Range;

/// Judges a title of a `.bib` file.
pub(super) fn title(field: &Field<'_>, found: &mut Findings<'_, '_>) {
    let value = field.value.trim();
    if let Some(why) = cut(value, field.name == "title") {
        found.field(Rule::TruncatedValue, field, why);
    } else if field.name == "title" && ends_with_period(value) {
        let end = field.value.trim_end().len();
        let finding = found.part(Rule::TitleEndsWithPeriod, field, end - 1..end, "styles add the full stop themselves");
        repair(finding, false, field.replacements(vec![(end - 1..end, String::new())]));
    }
    if field.name != "title" {
        return;
    }
    if is_all_caps(value) {
        found.field(Rule::AllCapsTitle, field, "the title is in capitals only");
        return;
    }
    if let Some(inner) = whole_group(value) {
        let start = field.value.len() - field.value.trim_start().len();
        let finding = found.field(
            Rule::DoubleBracedTitle,
            field,
            "braces round the whole title keep styles from changing its case",
        );
        repair(finding, false, field.replacements(vec![(start..start + value.len(), inner.to_owned())]));
        return;
    }
    unprotected_capital(field, found);
}

/// Judges the title of an entry of any format.
pub(super) fn of_entry(sourced: &Sourced, found: &mut Findings<'_, '_>) {
    let name = FieldName::Text(TextField::Title);
    let Some(title) = sourced.entry.title() else { return };
    let value = title.to_plain();
    let place = sourced.origins.get(name).and_then(crate::source::Origin::span).or(sourced.span);
    if let Some(why) = cut(value.trim(), true) {
        found.push(Diagnostic::new(Rule::TruncatedValue, why).at(place).field(name));
    }
    if is_all_caps(&value) {
        found.push(Diagnostic::new(Rule::AllCapsTitle, "the title is in capitals only").at(place).field(name));
    }
}

/// Why a title seems to be cut off.
fn cut(value: &str, is_title: bool) -> Option<String> {
    let end = value.trim_end_matches(['}', ' ']);
    if ["...", "…", "[...]", "\\ldots", "\\dots"].iter().any(|mark| end.ends_with(mark)) {
        return Some(format!("`{}` ends in a mark of omission", tail(end)));
    }
    let last = end.rsplit(|c: char| c.is_whitespace() || c == '-').next().unwrap_or_default();
    let is_open = matches!(last, "the" | "of" | "and" | "an" | "from" | "or" | "The" | "Of" | "And" | "via");
    (is_title && is_open && end.len() > last.len()).then(|| format!("`{}` ends in the middle of a phrase", tail(end)))
}

fn tail(value: &str) -> String {
    let start = value.char_indices().rev().nth(30).map_or(0, |(at, _)| at);
    shown(&value[start..])
}

fn ends_with_period(value: &str) -> bool {
    let Some(head) = value.trim_end_matches('}').strip_suffix('.') else { return false };
    let last = head.rsplit(|c: char| c.is_whitespace() || matches!(c, '{' | '(' | '~')).next().unwrap_or_default();
    let is_abbreviation = last.contains('.') || last.chars().count() <= 3 || last.chars().all(char::is_uppercase);
    value.ends_with('.') && !is_abbreviation && !matches!(last, "Corp" | "etc" | "Univ" | "Conf" | "Proc")
}

fn is_all_caps(value: &str) -> bool {
    let parts = plain_parts(value);
    let letters = || parts.iter().flat_map(|part| value[part.clone()].chars()).filter(|c| c.is_alphabetic());
    let words = value.split_whitespace().filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 3).count();
    // The commands of accents are letters too; a title with any is not judged.
    words >= 3 && !value.contains('\\') && letters().count() >= 12 && letters().all(char::is_uppercase)
}

/// The inside of a value that is one group as a whole and has several words.
fn whole_group(value: &str) -> Option<&str> {
    let inner = value.strip_prefix('{')?.strip_suffix('}')?;
    let mut depth = 0_isize;
    let closes_early = inner.bytes().any(|b| {
        depth += isize::from(b == b'{') - isize::from(b == b'}');
        depth < 0
    });
    (!closes_early && inner.split_whitespace().count() > 2 && !inner.starts_with('\\')).then_some(inner)
}

fn unprotected_capital(field: &Field<'_>, found: &mut Findings<'_, '_>) {
    let value = &*field.value;
    let mut words: Vec<Range<usize>> = Vec::new();
    let (mut depth, mut at) = (0, 0);
    for part in plain_parts(value) {
        // What stands between the parts can open and close groups too.
        let between = value.get(at..part.start).unwrap_or_default();
        let count = |brace: char| between.matches(brace).count();
        depth = (depth + count('{')).saturating_sub(count('}'));
        at = part.end;
        exposed_words(value, part, &mut depth, &mut words);
    }
    let words = words;
    let Some(first) = words.first().cloned() else { return };
    let list: Vec<String> = words.iter().map(|word| format!("`{}`", &value[word.clone()])).collect();
    let message = format!("styles may print {} in small letters", list.join(", "));
    let finding = found.part(Rule::UnprotectedCapital, field, first, message);
    let braced = words.into_iter().map(|word| (word.clone(), format!("{{{}}}", &value[word]))).collect();
    repair(finding, false, field.replacements(braced));
}

/// The words outside braces and commands that have a capital behind their first letter. `depth` is how many braces are
/// open before the part, and then behind it.
fn exposed_words(value: &str, part: Range<usize>, depth: &mut usize, words: &mut Vec<Range<usize>>) {
    let mut start = None;
    let mut in_command = false;
    let mut end_word = |start: &mut Option<usize>, end: usize, depth: usize| {
        if let Some(from) = start.take() {
            let word: &str = &value[from..end];
            let has_capital = word.chars().skip(1).any(char::is_uppercase);
            if has_capital && depth == 0 {
                words.push(from..end);
            }
        }
    };
    for (at, c) in value[part.clone()].char_indices().map(|(at, c)| (part.start + at, c)) {
        let is_letter = c.is_alphanumeric();
        if in_command && is_letter {
            continue;
        }
        in_command = false;
        match c {
            '\\' => {
                start = None;
                in_command = true;
            }
            // A word that is braced in part is taken care of.
            '{' => {
                start = None;
                *depth += 1;
            }
            '}' => {
                start = None;
                *depth = depth.saturating_sub(1);
            }
            _ if is_letter && start.is_none() => start = Some(at),
            _ if is_letter => {}
            _ => end_word(&mut start, at, *depth),
        }
    }
    end_word(&mut start, part.end, *depth);
}
