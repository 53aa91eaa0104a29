//! `@string` definitions: replaced as BibTeX does, in order, without regard to case; a definition sees only those before
//! it, so that none can contain itself.
//!
//! The names of months are defined as in every BibTeX style, those of journals as in some. Expansion is bounded, so that a few lines cannot grow to
//! gigabytes.

use super::journals;
use crate::diagnostic::Rule;
use crate::format::bibtex::syntax::{Fault, Part, RawField, Value};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// The definitions seen so far.
pub(super) struct Macros<'t> {
    values: HashMap<String, Definition<'t>>,
    /// How many bytes may still come out of definitions.
    budget: usize,
    /// Names that stood where nothing was defined yet.
    asked: HashSet<String>,
    /// Whether it has been said that they grow beyond what anybody means.
    is_said: bool,
}

struct Definition<'t> {
    value: Cow<'t, str>,
    /// Where it stands.
    range: Range<usize>,
    is_used: bool,
}

const MONTHS: [(&str, &str); 12] = [
    ("jan", "January"),
    ("feb", "February"),
    ("mar", "March"),
    ("apr", "April"),
    ("may", "May"),
    ("jun", "June"),
    ("jul", "July"),
    ("aug", "August"),
    ("sep", "September"),
    ("oct", "October"),
    ("nov", "November"),
    ("dec", "December"),
];

/// The longest value that definitions may make.
const MAX_VALUE: usize = 1 << 20;

impl<'t> Macros<'t> {
    /// No definitions; the length of the text bounds what they may grow to.
    pub(super) fn new(text_length: usize) -> Self {
        Self {
            values: HashMap::new(),
            asked: HashSet::new(),
            budget: (64 << 20) + text_length.saturating_mul(8),
            is_said: false,
        }
    }

    /// Takes a definition.
    pub(super) fn define(&mut self, field: &RawField<'t>) -> Option<Fault> {
        let mut faults = Vec::new();
        let value = self.expand(&field.value, &field.range, &mut faults);
        let name = field.name.to_lowercase();
        // Asked for too early: that has been said.
        let is_used = self.asked.contains(&name);
        self.values.insert(name, Definition { value, range: field.range.clone(), is_used });
        faults.pop()
    }

    /// How many definitions nothing has used, and where the first of them stands.
    pub(super) fn unused(&self) -> Option<(usize, Range<usize>)> {
        let unused = || self.values.values().filter(|definition| !definition.is_used);
        let first = unused().map(|definition| &definition.range).min_by_key(|range| range.start)?;
        Some((unused().count(), first.clone()))
    }

    /// A value with its definitions replaced and its parts joined.
    pub(super) fn expand(&mut self, value: &Value<'t>, range: &Range<usize>, faults: &mut Vec<Fault>) -> Cow<'t, str> {
        if value.rest.is_empty() {
            return self.part(value.first, range, faults);
        }
        let mut out = String::new();
        for part in value.parts() {
            let piece = self.part(part, range, faults);
            if out.len() + piece.len() > MAX_VALUE && !matches!(part, Part::Braced(_) | Part::Quoted(_)) {
                self.too_much("the value grows to more than 1 MiB and is cut", range, faults);
                break;
            }
            out.push_str(&piece);
        }
        Cow::Owned(out)
    }

    /// Says it once: what grows out of one definition that is too large is no other fault.
    fn too_much(&mut self, message: &str, range: &Range<usize>, faults: &mut Vec<Fault>) {
        if !std::mem::replace(&mut self.is_said, true) {
            faults.push(Fault { rule: Rule::MalformedValue, range: range.clone(), message: message.to_owned() });
        }
    }

    fn part(&mut self, part: Part<'t>, range: &Range<usize>, faults: &mut Vec<Fault>) -> Cow<'t, str> {
        let name = match part {
            Part::Braced(text) | Part::Quoted(text) | Part::Number(text) => return Cow::Borrowed(text),
            Part::Macro(name) => name,
        };
        let lowered = super::lower(name);
        let known = if self.values.contains_key(&*lowered) { lowered } else { name.to_lowercase().into() };
        if let Some(definition) = self.values.get_mut(&*known) {
            definition.is_used = true;
            if let Some(left) = self.budget.checked_sub(definition.value.len()) {
                self.budget = left;
                return definition.value.clone();
            }
            self.too_much(
                "the definitions of this file grow beyond measure; from here on their names stand",
                range,
                faults,
            );
            return Cow::Borrowed(name);
        } else if let Some((_, month)) = MONTHS.iter().find(|(short, _)| short.eq_ignore_ascii_case(name)) {
            return Cow::Borrowed(month);
        } else if let (Some(journal), 3..) = (journals::of_macro(name), name.len()) {
            return Cow::Borrowed(journal);
        }
        // A date without delimiters is meant as one.
        if !name.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            faults.push(Fault {
                rule: Rule::UnknownMacro,
                range: range.clone(),
                message: format!("`{name}` is not defined before this place"),
            });
            self.asked.insert(name.to_lowercase());
        }
        Cow::Borrowed(name)
    }
}
