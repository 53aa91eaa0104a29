//! Findings as one SARIF 2.1.0 document (OASIS standard, 2020), for code scanning; and the fingerprint by which a finding is
//! known again when its line has moved.
//!
//! Columns are counted in characters. GitHub shows 5,000 results of a run and refuses more than 25,000: the worst 5,000 are
//! kept, and a notification says how many are not.

use super::{Diagnostic, Fix, Rule, Severity, SourceText};
use crate::source::Span;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write as _;
use xxhash_rust::xxh3::xxh3_64;

/// How many results a document holds.
const MAX_RESULTS: usize = 5_000;

/// Gathers findings, at most 5,000 of each severity.
#[derive(Debug, Default)]
pub struct Sarif {
    /// Errors, warnings, notes.
    results: [Vec<Value>; 3],
    withheld: u64,
    fingerprints: Fingerprints,
}

/// Gives findings their fingerprints: the same rule, key, field and words, and the number among those that are equal in
/// all this. Neither line nor column counts.
#[derive(Debug, Default)]
pub struct Fingerprints {
    seen: HashMap<u64, u32>,
}

impl Fingerprints {
    /// The next finding's; findings are to come in the order of the text.
    pub fn next(&mut self, diagnostic: &Diagnostic, file: &str) -> String {
        let (key, field) = (diagnostic.key.as_deref().unwrap_or(""), diagnostic.field.as_deref().unwrap_or(""));
        let parts = [diagnostic.rule.name(), file, key, field, &diagnostic.message].join("\u{1f}");
        let hash = xxh3_64(parts.as_bytes());
        let count = self.seen.entry(hash).or_insert(0);
        *count += 1;
        format!("{hash:016x}:{count}")
    }
}

impl Sarif {
    /// Takes a finding.
    pub fn add(&mut self, diagnostic: &Diagnostic, sources: &[SourceText]) {
        let source = diagnostic.span.and_then(|span| sources.get(usize::try_from(span.source.0).ok()?));
        let fingerprint = self.fingerprints.next(diagnostic, source.map_or("", |source| &source.name));
        let list = match diagnostic.severity {
            Severity::Error => &mut self.results[0],
            Severity::Warning => &mut self.results[1],
            Severity::Note => &mut self.results[2],
        };
        if list.len() < MAX_RESULTS {
            list.push(result(diagnostic, source, &fingerprint));
        } else {
            self.withheld += 1;
        }
    }

    /// The document.
    pub fn finish(self) -> String {
        let mut results: Vec<Value> = self.results.into_iter().flatten().collect();
        let withheld = self.withheld + results.len().saturating_sub(MAX_RESULTS) as u64;
        results.truncate(MAX_RESULTS);
        let mut run = json!({
            "tool": {"driver": {
                "name": "bibmill",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": Rule::ALL.iter().map(|rule| descriptor(*rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        });
        if withheld > 0 {
            let text = format!("{withheld} more findings are not listed; --message-format json prints all");
            run["invocations"] = json!([{
                "executionSuccessful": true,
                "toolExecutionNotifications": [{"level": "note", "message": {"text": text}}],
            }]);
        }
        let document = json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [run],
        });
        // A value always serialises.
        let text = serde_json::to_string_pretty(&document).unwrap_or_default();
        text.lines().map(|line| super::render::escape_unprintable(line) + "\n").collect()
    }
}

fn descriptor(rule: Rule) -> Value {
    json!({
        "id": rule.name(),
        "shortDescription": {"text": rule.summary()},
        "fullDescription": {"text": rule.summary()},
        "help": {"text": rule.explanation(), "markdown": rule.explanation()},
        "defaultConfiguration": {"level": rule.severity().name()},
    })
}

fn result(diagnostic: &Diagnostic, source: Option<&SourceText>, fingerprint: &str) -> Value {
    let index = Rule::ALL.iter().position(|rule| *rule == diagnostic.rule);
    let mut message = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        message = format!("{message} ({help})");
    }
    let mut result = json!({
        "ruleId": diagnostic.rule.name(),
        "ruleIndex": index,
        "level": diagnostic.severity.name(),
        "message": {"text": message},
        "partialFingerprints": {"bibmill/v1": fingerprint},
        "properties": {"key": diagnostic.key, "field": diagnostic.field},
    });
    if let (Some(span), Some(source)) = (diagnostic.span, source) {
        let artifact = json!({"uri": uri(&source.name)});
        let text = source.text.as_deref();
        let mut location = json!({"physicalLocation": {"artifactLocation": artifact, "region": region(span, text)}});
        if let Some(key) = &diagnostic.key {
            location["logicalLocations"] = json!([{"name": key, "kind": "member"}]);
        }
        result["locations"] = json!([location]);
        if let Some(replacements) = diagnostic.fix.as_deref().and_then(|fix| replacements(fix, span, text?)) {
            let what = if diagnostic.fix.as_deref().is_some_and(|fix| fix.safe) { "safe" } else { "to be looked at" };
            let change = json!({"artifactLocation": artifact, "replacements": replacements});
            result["fixes"] =
                json!([{"description": {"text": format!("repair ({what})")}, "artifactChanges": [change]}]);
        }
    }
    result
}

/// A path as a relative reference: what a URI does not hold is written in percents.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn region(span: Span, text: Option<&str>) -> Value {
    let start = usize::try_from(span.start).unwrap_or(usize::MAX);
    let marked = text.and_then(|text| text.get(start..start.saturating_add(span.len as usize)));
    let Some(marked) = marked else { return json!({"startLine": span.line, "startColumn": span.column}) };
    let (line, column) = behind(span.line, span.column, marked);
    json!({"startLine": span.line, "startColumn": span.column, "endLine": line, "endColumn": column})
}

/// Line and column behind a text that begins at a line and column.
fn behind(line: u32, column: u32, text: &str) -> (u32, u32) {
    let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    let breaks = u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX);
    match text.rfind('\n') {
        Some(at) => (line + breaks, count(&text[at + 1..]) + 1),
        None => (line, column + count(text)),
    }
}

/// The changes of a repair. Their places are counted from the finding's, beside which they stand.
fn replacements(fix: &Fix, span: Span, text: &str) -> Option<Vec<Value>> {
    let start = usize::try_from(span.start).ok()?;
    let place = |at: usize| {
        if at >= start {
            return Some(behind(span.line, span.column, text.get(start..at)?));
        }
        let breaks = u32::try_from(text.get(at..start)?.matches('\n').count()).ok()?;
        let line_start = text[..at].rfind('\n').map_or(0, |at| at + 1);
        Some((span.line - breaks, u32::try_from(text[line_start..at].chars().count()).ok()? + 1))
    };
    fix.edits
        .iter()
        .map(|edit| {
            let ((line, column), (end_line, end_column)) = (place(edit.range.start)?, place(edit.range.end)?);
            Some(json!({
                "deletedRegion":
                    {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column},
                "insertedContent": {"text": edit.text},
            }))
        })
        .collect()
}
