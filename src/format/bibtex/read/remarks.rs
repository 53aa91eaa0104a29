//! What a `.bib` file says beside its entries: comments, `@preamble`, definitions without use, text between the blocks. No
//! other format has a place for it, and the model holds works only, so it is counted and said once. Must not know what an
//! entry is.

use crate::diagnostic::{Diagnostic, Rule};
use crate::format::bibtex::syntax::{Block, BlockKind};
use crate::source::LineIndex;
use std::ops::Range;

/// The tally of a file.
#[derive(Debug, Default)]
pub(super) struct Remarks {
    first: Option<Range<usize>>,
    comments: usize,
    preambles: usize,
    texts: usize,
    /// Whether anything was there that is an entry, or could be meant as one.
    has_more: bool,
}

impl Remarks {
    /// Counts a block.
    pub(super) fn count(&mut self, block: &Block<'_>, text: &str) {
        let counted = match block.kind {
            BlockKind::Comment => &mut self.comments,
            BlockKind::Preamble => &mut self.preambles,
            BlockKind::Text => {
                let text = &text[block.range.clone()];
                // Braces that close nothing have been reported.
                let is_brace = |c: char| c == '}';
                if text.chars().all(|c| c.is_whitespace() || is_brace(c)) {
                    self.has_more |= text.contains(is_brace);
                    return;
                }
                self.has_more |= !is_commented(text);
                &mut self.texts
            }
            // Definitions are replaced where they are used.
            BlockKind::Strings(_) => return,
            BlockKind::Entry(_) | BlockKind::Failed => {
                self.has_more = true;
                return;
            }
        };
        *counted += 1;
        self.first.get_or_insert_with(|| block.range.clone());
    }

    /// Whether the file is a sound one without an entry.
    pub(super) fn are_all(&self) -> bool {
        !self.has_more
    }

    /// What is said at the end of the file, if there is anything to say.
    ///
    /// `unused` counts the definitions that nothing has used, and says where the first of them stands.
    pub(super) fn finding(
        &self,
        text: &str,
        lines: &LineIndex<'_>,
        unused: Option<(usize, Range<usize>)>,
    ) -> Option<Diagnostic> {
        let (unused, definition) = unused.unzip();
        let first = [self.first.clone(), definition].into_iter().flatten().min_by_key(|range| range.start)?;
        let counts = [
            (self.comments, "@comment"),
            (self.preambles, "@preamble"),
            (unused.unwrap_or_default(), "@string that nothing uses"),
            (self.texts, "text between the blocks"),
        ];
        let parts: Vec<String> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} × {what}")).collect();
        let message = format!("what stands beside the entries is not kept: {}", parts.join(", "));
        let blank = text[first.clone()].len() - text[first.clone()].trim_start().len();
        let start = first.start + blank;
        let length = text[start..first.end].split(['\n', '\r']).next().map_or(0, str::len);
        Some(Diagnostic::new(Rule::SetAside, message).at(lines.span(start..start + length)))
    }
}

/// Whether every line begins with a percent sign, which comments to people, though not to BibTeX.
pub(in crate::format::bibtex) fn is_commented(text: &str) -> bool {
    text.split(['\n', '\r']).map(str::trim_start).filter(|line| !line.is_empty()).all(|line| line.starts_with('%'))
}
