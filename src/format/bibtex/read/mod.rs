//! Reads `.bib` files of either dialect into the model, entry by entry: definitions are replaced, fields inherited, and
//! what is wrong is reported. Faults in a file never end the reading.
//!
//! The dialect says only whether the word "and" parts lists such as publishers, as it does in BibLaTeX. Must not know
//! which field is which: that is the business of `entry`.

mod arxiv;
mod dates;
mod entry;
mod inherit;
mod macros;
#[cfg(test)]
mod tests;

use super::syntax::{BlockKind, Fault, RawEntry, split};
use super::{Dialect, vocabulary};
use crate::diagnostic::{Diagnostic, Rule};
use crate::error::Result;
use crate::format::{Input, ReadOptions};
use crate::source::LineIndex;
use crate::stream::Sink;
use inherit::Parents;
use macros::Macros;
use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::{ControlFlow, Range};

/// Reads a BibTeX file.
pub(super) fn read_bibtex(input: Input<'_>, _: &ReadOptions, sink: &mut dyn Sink) -> Result<()> {
    let source = input.source();
    let text = input.text(sink)?;
    read_text(&LineIndex::new(source, &text), &text, Dialect::Bibtex, sink);
    Ok(())
}

/// Reads a BibLaTeX file.
pub(super) fn read_biblatex(input: Input<'_>, _: &ReadOptions, sink: &mut dyn Sink) -> Result<()> {
    let source = input.source();
    let text = input.text(sink)?;
    read_text(&LineIndex::new(source, &text), &text, Dialect::Biblatex, sink);
    Ok(())
}

/// A field whose definitions have been replaced.
#[derive(Clone, Debug)]
struct Field<'t> {
    /// In lower case.
    name: Cow<'t, str>,
    /// As written.
    written: &'t str,
    value: Cow<'t, str>,
    range: Range<usize>,
}

pub(super) fn read_text(lines: &LineIndex<'_>, text: &str, dialect: Dialect, sink: &mut dyn Sink) {
    let parents = Parents::collect(text);
    let mut macros = Macros::new(text.len());
    let mut keys = HashSet::new();
    for block in split(text) {
        let key = match &block.kind {
            BlockKind::Entry(raw) if !raw.key.is_empty() => Some(raw.key),
            _ => None,
        };
        for fault in &block.faults {
            sink.report(diagnostic(fault, lines).key(key));
        }
        match block.kind {
            BlockKind::Strings(fields) => {
                for field in &fields {
                    if let Some(fault) = macros.define(field) {
                        sink.report(diagnostic(&fault, lines));
                    }
                }
            }
            BlockKind::Entry(raw) => {
                let mut faults = Vec::new();
                check_key(&raw, &mut keys, &mut faults);
                let fields = fields_of(&raw, &mut macros, &parents, &mut faults);
                for fault in &faults {
                    sink.report(diagnostic(fault, lines).key(key));
                }
                // Containers of fields are no works; what they hold has been inherited.
                if raw.word.eq_ignore_ascii_case("xdata") {
                    continue;
                }
                let made = entry::Builder::new(&raw, block.range.clone(), lines, dialect).build(&fields);
                for finding in made.diagnostics {
                    sink.report(finding.key(key));
                }
                if sink.entry(made.sourced) == ControlFlow::Break(()) {
                    return;
                }
            }
            BlockKind::Preamble | BlockKind::Comment | BlockKind::Text | BlockKind::Failed => {}
        }
    }
}

/// How many fields an entry may have; real ones have some dozens.
const MAX_FIELDS: usize = 1000;

/// The fields of an entry, definitions replaced, each once, inherited ones behind its own.
fn fields_of<'t>(
    raw: &RawEntry<'t>,
    macros: &mut Macros<'t>,
    parents: &'t Parents<'_>,
    faults: &mut Vec<Fault>,
) -> Vec<Field<'t>> {
    let mut fields: Vec<Field<'t>> = Vec::with_capacity(raw.fields.len());
    if let Some(first) = raw.fields.get(MAX_FIELDS) {
        faults.push(Fault {
            rule: Rule::MalformedRecord,
            range: first.range.clone(),
            message: format!("the entry has more than {MAX_FIELDS} fields; those from here on are left out"),
        });
    }
    for field in raw.fields.iter().take(MAX_FIELDS) {
        let name = lower(field.name);
        let value = macros.expand(&field.value, &field.range, faults);
        // Beyond some hundred fields an entry is no real one, and comparing them all would take square time.
        if let Some(first) = fields.iter().take(200).find(|other| other.name == name) {
            if first.value != value {
                let shown: String = value.chars().take(60).collect();
                faults.push(Fault {
                    rule: Rule::DuplicateField,
                    range: field.range.clone(),
                    message: format!("the field `{}` stands here a second time, with the value `{shown}`", field.name),
                });
            }
            continue;
        }
        fields.push(Field { name, written: field.name, value, range: field.range.clone() });
    }
    parents.inherit(raw, &mut fields, faults);
    fields
}

fn check_key(raw: &RawEntry<'_>, keys: &mut HashSet<String>, faults: &mut Vec<Fault>) {
    if !raw.key.is_empty() && !keys.insert(raw.key.to_lowercase()) {
        faults.push(Fault {
            rule: Rule::DuplicateKey,
            range: raw.key_range.clone(),
            message: format!("the key `{}` has been used before", raw.key),
        });
    }
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|b| b.is_ascii_uppercase()) { name.to_ascii_lowercase().into() } else { name.into() }
}

fn diagnostic(fault: &Fault, lines: &LineIndex<'_>) -> Diagnostic {
    Diagnostic::new(fault.rule, fault.message.clone()).at(lines.span(fault.range.clone()))
}

/// Reads a text whole.
#[cfg(test)]
pub(super) fn collect(text: &str, dialect: Dialect) -> crate::stream::Collected {
    let mut collected = crate::stream::Collected::default();
    let lines = LineIndex::new(crate::source::SourceId(0), text);
    read_text(&lines, text, dialect, &mut collected);
    collected
}

/// The kind of an entry type as written, and whether the word says more than the kind.
///
/// The `biblatex` crate judges which words are aliases (`conference`, `www`, `electronic`): a lookup of one word, which
/// none of that crate's faults with whole files can reach.
pub(super) fn kind_of(word: &str) -> Option<(crate::model::Kind, bool)> {
    let lowered = lower(word);
    vocabulary::kind_of_type(&lowered)
        .or_else(|| vocabulary::kind_of_type(&biblatex::EntryType::new(&lowered).to_string()))
}
