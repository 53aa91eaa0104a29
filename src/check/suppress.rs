//! Comments that silence rules: `% bibmill: ignore RULE, RULE`, or without a rule all of them.
//!
//! Behind something on its line the comment speaks of that line; alone on its line between fields, of the next line;
//! between entries, of the whole next entry.

use crate::diagnostic::Diagnostic;
use std::ops::Range;

const MARK: &str = "bibmill: ignore";
/// How many lines of comments and blanks may stand between such a comment and its entry.
const MAX_LINES: usize = 50;

/// The comments of a text.
pub(super) struct Suppressions {
    rows: Vec<Row>,
}

struct Row {
    /// Findings that begin in these bytes are silenced, or those of a block that begins in them.
    lines: Range<usize>,
    /// Where the comment's line ends: the block that begins next behind it is silenced when nothing else is between.
    block_from: Option<usize>,
    rules: Vec<String>,
}

impl Suppressions {
    pub(super) fn collect(text: &str) -> Self {
        let places = memchr::memmem::find_iter(text.as_bytes(), MARK);
        Self { rows: places.filter_map(|at| Row::read(text, at)).collect() }
    }

    /// Whether a finding in a block is silenced.
    pub(super) fn cover(&self, finding: &Diagnostic, block: &Range<usize>) -> bool {
        let Some(span) = finding.span else { return false };
        let start = usize::try_from(span.start).unwrap_or(usize::MAX);
        self.rows.iter().any(|row| {
            let names = row.rules.is_empty() || row.rules.iter().any(|rule| rule == finding.rule.name());
            names && (row.lines.contains(&start) || row.block_from == Some(block.start))
        })
    }
}

impl Row {
    fn read(text: &str, at: usize) -> Option<Self> {
        let line_start = text[..at].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        let before = &text[line_start..at];
        let sign = before.rfind('%').or_else(|| before.to_ascii_lowercase().rfind("@comment"))?;
        let rules = text[at + MARK.len()..line_end].trim_end_matches(['}', ')', '\r', ' ']);
        let rules = rules.split([',', ' ']).map(str::trim).filter(|rule| !rule.is_empty()).map(str::to_owned).collect();
        if !before[..sign].trim().is_empty() {
            return Some(Self { lines: line_start..line_end, block_from: None, rules });
        }
        let behind = (line_end + 1).min(text.len());
        let next_end = text[behind..].find('\n').map_or(text.len(), |end| behind + end);
        // Blank lines and further comments may stand between the comment and its entry.
        let mut next = behind;
        for line in text[behind..].split_inclusive('\n').take(MAX_LINES) {
            if !line.trim().is_empty() && !line.trim_start().starts_with('%') {
                next += line.len() - line.trim_start().len();
                break;
            }
            next += line.len();
        }
        Some(Self { lines: line_start..next_end, block_from: Some(next), rules })
    }
}
