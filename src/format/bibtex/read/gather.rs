//! Gathers the fields of each entry in the order of the file: what one entry needs of those round it is settled here,
//! definitions, inherited fields, keys that were used before. What comes out can be interpreted entry by entry, in any
//! order and on any thread. Must not know what a field means.

use super::control;
use super::inherit::{Course, Parents};
use super::macros::Macros;
use super::remarks::Remarks;
use super::{Field, lower};
use crate::diagnostic::{Diagnostic, Rule};
use crate::format::bibtex::syntax::{Block, BlockKind, Blocks, Fault, RawEntry, split};
use crate::source::LineIndex;
use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

/// What one block gives.
pub(super) enum Item<'t> {
    Finding(Diagnostic),
    Entry(Gathered<'t>),
    /// The file is a sound one without an entry.
    Empty,
}

/// An entry whose fields are complete but not yet interpreted.
pub(super) struct Gathered<'t> {
    /// Its type as written.
    pub(super) word: &'t str,
    pub(super) key: Cow<'t, str>,
    pub(super) key_range: Range<usize>,
    pub(super) range: Range<usize>,
    pub(super) fields: Vec<Field<'t>>,
}

/// Goes through the blocks of a text.
pub(super) struct Gatherer<'t> {
    blocks: Blocks<'t>,
    text: &'t str,
    lines: &'t LineIndex<'t>,
    parents: &'t Parents<'t>,
    macros: Macros<'t>,
    keys: HashSet<String>,
    course: Course,
    has_control: bool,
    remarks: Remarks,
    is_done: bool,
}

/// How many bytes of the text are interpreted at a time.
const BATCH: usize = 1 << 17;
/// How many fields an entry may have; real ones have some dozens.
const MAX_FIELDS: usize = 1000;
/// Braces nested deeper than this are read as text, and nobody means them.
const MAX_DEPTH: usize = 100;

impl<'t> Gatherer<'t> {
    pub(super) fn new(text: &'t str, lines: &'t LineIndex<'t>, parents: &'t Parents<'t>) -> Self {
        Self {
            blocks: split(text),
            text,
            lines,
            parents,
            macros: Macros::new(text.len()),
            keys: HashSet::new(),
            course: Course::new(text.len()),
            has_control: control::occurs(text),
            remarks: Remarks::default(),
            is_done: false,
        }
    }

    /// The next part of the text; none at its end.
    pub(super) fn batch(&mut self) -> Option<Vec<Item<'t>>> {
        let mut items = Vec::new();
        let mut length = 0;
        while length < BATCH {
            let Some(block) = self.blocks.next() else { break };
            length += block.range.len();
            self.remarks.count(&block, self.text);
            self.block(block, &mut items);
        }
        if length == 0 && !self.is_done {
            self.is_done = true;
            self.end(&mut items);
            return Some(items);
        }
        (length > 0).then_some(items)
    }

    /// What is said of the file as a whole.
    fn end(&self, items: &mut Vec<Item<'t>>) {
        let unused = self.macros.unused();
        items.extend(self.remarks.finding(self.text, self.lines, unused).map(Item::Finding));
        if self.remarks.are_all() {
            let finding =
                Diagnostic::new(Rule::EmptyInput, "the file has no entry").at(self.lines.span(0..self.text.len()));
            items.push(Item::Finding(finding));
            items.push(Item::Empty);
        }
    }

    fn block(&mut self, block: Block<'t>, items: &mut Vec<Item<'t>>) {
        let key = match &block.kind {
            BlockKind::Entry(raw) if !raw.key.is_empty() => Some(raw.key),
            _ => None,
        };
        let mut faults = block.faults;
        let mut gathered = None;
        match block.kind {
            BlockKind::Strings(fields) => {
                for field in &fields {
                    faults.extend(self.macros.define(field));
                }
            }
            // Containers of fields are no works; what they hold is inherited, and checked like any entry's.
            BlockKind::Entry(raw) if raw.word.eq_ignore_ascii_case("xdata") => {
                self.check_key(&raw, &mut faults);
                self.fields_of(&raw, &mut faults);
            }
            BlockKind::Entry(raw) => {
                self.check_key(&raw, &mut faults);
                let fields = self.fields_of(&raw, &mut faults);
                let key = Cow::Borrowed(raw.key);
                gathered = Some(Gathered { word: raw.word, key, key_range: raw.key_range, range: block.range, fields });
            }
            BlockKind::Preamble | BlockKind::Comment | BlockKind::Text | BlockKind::Failed => {}
        }
        if let (true, Some(entry)) = (self.has_control, &mut gathered) {
            faults.extend(control::remove(self.text, entry));
        }
        let finding = |fault: &Fault| Item::Finding(diagnostic(fault, self.lines).key(key));
        items.extend(faults.iter().map(finding));
        items.extend(gathered.map(Item::Entry));
    }

    /// The fields of an entry, definitions replaced, each once, inherited ones behind its own.
    fn fields_of(&mut self, raw: &RawEntry<'t>, faults: &mut Vec<Fault>) -> Vec<Field<'t>> {
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
            let value = self.macros.expand(&field.value, &field.range, faults);
            // Beyond some hundred fields an entry is no real one, and comparing them all would take square time.
            if let Some(first) = fields.iter().take(200).find(|other| other.name == name) {
                if first.value != value {
                    faults.push(repeated(field.name, &value, &field.range));
                }
                continue;
            }
            // A value that is not closed has been reported, and what is too deep in it is that.
            let is_open = faults.iter().any(|fault| fault.rule == Rule::UnclosedEntry);
            if value.len() > MAX_DEPTH && !is_open && depth(&value) > MAX_DEPTH {
                faults.push(too_deep(field.name, &field.range));
            }
            fields.push(Field { name, written: Cow::Borrowed(field.name), value, range: field.range.clone() });
        }
        self.parents.inherit(raw, &mut fields, &mut self.course, faults);
        fields
    }

    fn check_key(&mut self, raw: &RawEntry<'_>, faults: &mut Vec<Fault>) {
        if !raw.key.is_empty() && !self.keys.insert(raw.key.to_lowercase()) {
            faults.push(Fault {
                rule: Rule::DuplicateKey,
                range: raw.key_range.clone(),
                message: format!("the key `{}` has been used before", raw.key),
            });
        }
    }
}

fn repeated(name: &str, value: &str, range: &Range<usize>) -> Fault {
    let shown: String = value.chars().take(60).collect();
    let message = format!("the field `{name}` stands here a second time, with the value `{shown}`");
    Fault { rule: Rule::DuplicateField, range: range.clone(), message }
}

fn too_deep(name: &str, range: &Range<usize>) -> Fault {
    let message = format!("the braces of `{name}` nest deeper than {MAX_DEPTH}; those within are read as characters");
    Fault { rule: Rule::MalformedValue, range: range.clone(), message }
}

/// How deep the braces of a value nest.
fn depth(value: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for at in memchr::memchr2_iter(b'{', b'}', value.as_bytes()) {
        depth = if value.as_bytes()[at] == b'{' { depth + 1 } else { depth.saturating_sub(1) };
        deepest = deepest.max(depth);
    }
    deepest
}

fn diagnostic(fault: &Fault, lines: &LineIndex<'_>) -> Diagnostic {
    Diagnostic::new(fault.rule, fault.message.clone()).at(lines.span(fault.range.clone()))
}
