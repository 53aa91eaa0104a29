//! The rules of `bibmill check`: one rule, one function, over the raw fields of `.bib` files and over entries of any format.
//!
//! [`bib`] walks a `.bib` text block by block and beside it the entries that its reader makes; [`Works`] remembers of the
//! whole run what entries are compared by, a few bytes each. Findings come in the order of the text and are not kept, so
//! that memory does not grow with them. Knows no catalog: who has one gives it as [`Papers`].

mod content;
mod identity;
mod names;
mod numbers;
mod required;
mod safety;
mod structure;
mod suppress;
mod titles;

pub use identity::{Paper, Papers, Works};

use crate::diagnostic::{Diagnostic, Replacement, Rule};
use crate::error::Result;
use crate::format::bibtex::{BlockKind, Dialect, Part, RawEntry, RawField, read_text, split};
use crate::format::{Format, ReadOptions};
use crate::source::{LineIndex, SourceId};
use crate::stream::{Collected, Sink, Sourced};
use std::borrow::Cow;
use std::ops::{ControlFlow, Range};
use suppress::Suppressions;

/// What the rules go by.
#[derive(Clone, Copy, Default)]
pub struct Settings<'s> {
    /// Where papers are looked up.
    pub papers: Option<&'s dyn Papers>,
}

/// Judges the text of a `.bib` file.
///
/// # Errors
/// When the system has no thread to read on.
pub fn bib(
    text: &str,
    source: SourceId,
    dialect: Dialect,
    settings: &Settings<'_>,
    works: &mut Works,
    report: &mut dyn FnMut(Diagnostic),
) -> Result<()> {
    let lines = LineIndex::new(source, text);
    let suppressions = Suppressions::collect(text);
    let file = structure::File::collect(text);
    let mut walk =
        Walk { text, lines: &lines, dialect, settings, works, file, suppressions, blocks: split(text), report };
    let format = match dialect {
        Dialect::Bibtex => Format::Bibtex,
        Dialect::Biblatex => Format::Biblatex,
    };
    read_text(text, source, format, &ReadOptions::default(), &mut walk)?;
    while walk.next_block(None) {}
    Ok(())
}

/// Judges an entry of a format that is no `.bib`.
pub fn entry(sourced: &Sourced, settings: &Settings<'_>, works: &mut Works, report: &mut dyn FnMut(Diagnostic)) {
    let mut found = Findings::new(sourced.entry.key.as_deref().unwrap_or_default());
    required::of_entry(sourced, &mut found);
    numbers::of_entry(sourced, &mut found);
    titles::of_entry(sourced, &mut found);
    identity::judge(sourced, settings, works, &mut found);
    found.list.into_iter().for_each(report);
}

/// Walks the blocks of a text in step with the entries that the reader makes of them.
struct Walk<'t, 'w> {
    text: &'t str,
    lines: &'w LineIndex<'t>,
    dialect: Dialect,
    settings: &'w Settings<'w>,
    works: &'w mut Works,
    file: structure::File,
    suppressions: Suppressions,
    blocks: crate::format::bibtex::Blocks<'t>,
    report: &'w mut dyn FnMut(Diagnostic),
}

impl Sink for Walk<'_, '_> {
    fn entry(&mut self, entry: Sourced) -> ControlFlow<()> {
        while self.next_block(Some(&entry)) {}
        ControlFlow::Continue(())
    }

    /// The same faults are found on the blocks themselves, where their places are known to the byte.
    fn report(&mut self, _: Diagnostic) {}
}

impl Walk<'_, '_> {
    /// Judges the next block; whether there is one before that of the entry, which is the last one judged.
    fn next_block(&mut self, made: Option<&Sourced>) -> bool {
        let Some(block) = self.blocks.next() else { return false };
        let is_it = made.and_then(|made| made.span).is_some_and(|span| span.start == block.range.start as u64);
        let key = if let BlockKind::Entry(raw) = &block.kind { raw.key } else { "" };
        let mut found = Findings { lines: Some(self.lines), ..Findings::new(key) };
        structure::block(self.text, &block, &mut self.file, &mut found);
        if let BlockKind::Entry(raw) = &block.kind {
            let record = Record::new(self.text, raw, block.range.clone(), self.dialect);
            structure::record(&record, &mut self.file, &mut found);
            content::record(&record, &mut found);
            required::record(&record, made.filter(|_| is_it), &mut found);
            if let Some(made) = made.filter(|_| is_it) {
                identity::record(&record, made, &mut found);
                identity::judge(made, self.settings, self.works, &mut found);
            }
        }
        safety::block(self.text, &block, &mut found);
        found.list.sort_by_key(|finding| finding.span.map_or(0, |span| span.start));
        for finding in found.list {
            if !self.suppressions.cover(&finding, &block.range) {
                (self.report)(finding);
            }
        }
        !is_it
    }
}

/// An entry of a `.bib` file as rules see it.
struct Record<'t> {
    /// The type in lower case.
    word: String,
    key: &'t str,
    key_range: Range<usize>,
    range: Range<usize>,
    fields: Vec<Field<'t>>,
    dialect: Dialect,
}

/// A field as rules see it.
struct Field<'t> {
    /// The name in lower case.
    name: String,
    written: &'t str,
    /// The value between its delimiters; of several parts, what stands there without the names of abbreviations.
    value: Cow<'t, str>,
    /// Where the value stands, when it is one delimited part: then each byte of it has its place.
    content: Option<Range<usize>>,
    /// The whole field.
    range: Range<usize>,
    /// What goes when the field goes: its comma and, where it stands alone on its lines, these.
    removal: Range<usize>,
    /// Whether an abbreviation is part of it.
    has_macro: bool,
}

impl<'t> Record<'t> {
    fn new(text: &'t str, raw: &RawEntry<'t>, range: Range<usize>, dialect: Dialect) -> Self {
        let fields = raw.fields.iter().map(|field| Field::new(text, field)).collect();
        let (key, key_range) = (raw.key, raw.key_range.clone());
        Self { word: raw.word.to_ascii_lowercase(), key, key_range, range, fields, dialect }
    }

    /// The first field of that name.
    fn field(&self, name: &str) -> Option<&Field<'t>> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether one of the fields has a value.
    fn has(&self, names: &[&str]) -> bool {
        self.fields.iter().any(|field| names.contains(&&*field.name) && !field.is_empty())
    }
}

impl<'t> Field<'t> {
    fn new(text: &'t str, raw: &RawField<'t>) -> Self {
        let mut value = Cow::Borrowed("");
        let mut content = None;
        for part in std::iter::once(&raw.value.first).chain(&raw.value.rest) {
            let (Part::Braced(piece) | Part::Quoted(piece) | Part::Number(piece)) = part else { continue };
            if value.is_empty() {
                value = Cow::Borrowed(piece);
            } else {
                value.to_mut().push_str(piece);
            }
            let start = piece.as_ptr() as usize - text.as_ptr() as usize;
            content = Some(start..start + piece.len()).filter(|_| raw.value.rest.is_empty());
        }
        let is_macro = |part: &Part<'_>| matches!(part, Part::Macro(_));
        let has_macro = is_macro(&raw.value.first) || raw.value.rest.iter().any(is_macro);
        let range = raw.range.clone();
        let removal = removal(text, &range);
        Self { name: raw.name.to_ascii_lowercase(), written: raw.name, value, content, range, removal, has_macro }
    }

    fn is_empty(&self) -> bool {
        !self.has_macro && self.value.trim().is_empty()
    }

    /// The place of a part of the value; the whole field where the parts have no places.
    fn place(&self, part: Range<usize>) -> Range<usize> {
        match &self.content {
            Some(content) => content.start + part.start..content.start + part.end,
            None => self.range.clone(),
        }
    }

    /// A repair that replaces parts of the value; none where the parts have no places.
    fn replacements(&self, parts: Vec<(Range<usize>, String)>) -> Option<Vec<Replacement>> {
        let content = self.content.as_ref()?;
        let moved = |(part, text): (Range<usize>, String)| Replacement {
            range: content.start + part.start..content.start + part.end,
            text,
        };
        Some(parts.into_iter().map(moved).collect())
    }
}

/// Gathers the findings of one block or entry.
struct Findings<'l, 't> {
    lines: Option<&'l LineIndex<'t>>,
    key: &'l str,
    list: Vec<Diagnostic>,
}

impl<'l> Findings<'l, '_> {
    const fn new(key: &'l str) -> Self {
        Self { lines: None, key, list: Vec::new() }
    }

    /// A finding at a place of the text.
    fn at(&mut self, rule: Rule, range: Range<usize>, message: impl Into<String>) -> &mut Diagnostic {
        let span = self.lines.map(|lines| lines.span(range));
        self.push(Diagnostic::new(rule, message).at(span))
    }

    /// A finding in a field's value.
    fn part(
        &mut self,
        rule: Rule,
        field: &Field<'_>,
        part: Range<usize>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        let diagnostic = self.at(rule, field.place(part), message);
        diagnostic.field = Some(Cow::Owned(field.name.clone()));
        diagnostic
    }

    /// A finding about a field's whole value.
    fn field(&mut self, rule: Rule, field: &Field<'_>, message: impl Into<String>) -> &mut Diagnostic {
        let start = field.value.len() - field.value.trim_start().len();
        self.part(rule, field, start..field.value.trim_end().len().max(start), message)
    }

    fn push(&mut self, diagnostic: Diagnostic) -> &mut Diagnostic {
        let key = Some(self.key).filter(|key| !key.is_empty());
        let at = self.list.len();
        self.list.push(diagnostic.key(key));
        &mut self.list[at]
    }
}

/// A field with its comma and, where nothing else stands on its lines, these.
fn removal(text: &str, field: &Range<usize>) -> Range<usize> {
    let blanks = |from: usize| text[from..].len() - text[from..].trim_start_matches([' ', '\t']).len();
    let mut end = field.end + blanks(field.end);
    if text[end..].starts_with(',') {
        end += 1;
    } else {
        end = field.end;
    }
    let line_start = text[..field.start].trim_end_matches([' ', '\t']).len();
    let rest = text[end + blanks(end)..].trim_start_matches('\r');
    if text[..line_start].ends_with('\n') && rest.starts_with('\n') {
        return line_start..text.len() - rest.len() + 1;
    }
    field.start..end
}

/// Adds a repair, where there is one.
fn repair(diagnostic: &mut Diagnostic, safe: bool, edits: Option<Vec<Replacement>>) {
    if let Some(edits) = edits.filter(|edits| !edits.is_empty()) {
        diagnostic.fix = Some(Box::new(crate::diagnostic::Fix { safe, edits }));
    }
}

/// A value in a message: not too much of it.
fn shown(value: &str) -> String {
    let words: Vec<&str> = value.split_whitespace().collect();
    let words = words.join(" ");
    match words.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    }
}

/// Judges a text and gathers the findings: for tests and small texts.
///
/// # Errors
/// As [`bib`].
pub fn findings(text: &str, dialect: Dialect) -> Result<Vec<Diagnostic>> {
    let mut collected = Collected::default();
    let mut report = |finding| collected.report(finding);
    bib(text, SourceId(0), dialect, &Settings::default(), &mut Works::default(), &mut report)?;
    Ok(collected.diagnostics)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_files_take_linear_time() {
        let link = |at: i32| format!("@misc{{k{at}, crossref = {{k{}}}}}", at + 1);
        let chain = (0..20_000).map(link).collect::<Vec<_>>().join("\n");
        let many = |text: &str| format!("@misc{{k, title = {{{}}}}}", text.repeat(100_000));
        for text in [chain, many("<"), many("$A"), many("\\url{}"), many("é"), "% bibmill: ignore\n".repeat(20_000)] {
            assert!(findings(&text, Dialect::Bibtex).is_ok());
        }
    }

    #[test]
    fn every_prefix_is_judged() {
        let text = "@string{a = a # \"x\"}\n@misc(k, title = \"Über {\\\"U} $x <i> &amp; \\url{\", author = {a and, b;}, pages = {9--1},)";
        for (end, _) in text.char_indices() {
            assert!(findings(&text[..end], Dialect::Biblatex).is_ok());
        }
    }
}
