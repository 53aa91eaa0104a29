//! What a page looks like as a whole: it decides where single lines do not.
//!
//! Knows kinds of lines, counts them, and nothing else.

use super::super::labels::Label;
use super::super::lines::{Kind, Line, Mark};

/// What a page looks like as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an observation of its own, made once for a page")]
pub(super) struct Layout {
    /// Snippets or abstracts occur.
    pub(super) snippets: bool,
    /// Most of them have a title before them.
    pub(super) titled: bool,
    /// Labels such as `Authors:` or `Abstract:` occur.
    pub(super) labelled: bool,
    /// The label `Title:` occurs.
    pub(super) title_labels: bool,
    /// Identifiers stand above the titles.
    pub(super) ids_first: bool,
    /// Numbers or bullets begin entries.
    pub(super) items: bool,
    /// How far the outermost items are indented.
    pub(super) indent: usize,
    /// Nothing but identifiers: each line of them is a paper.
    pub(super) ids_only: bool,
}

impl Layout {
    pub(super) fn of(lines: &[Line<'_>]) -> Self {
        let full: Vec<&Line<'_>> = lines
            .iter()
            .filter(|line| !matches!(line.kind, Kind::Blank | Kind::Punctuation | Kind::Categories))
            .collect();
        let (mut snippets, mut titled, mut labelled, mut items, mut ids_above, mut ids_below) = (0, 0, 0, 0, 0, 0);
        let mut title_labels = false;
        for (at, line) in full.iter().enumerate() {
            let before = at.checked_sub(1).map(|at| &full[at].kind);
            match &line.kind {
                Kind::Fragment | Kind::Prose => {
                    snippets += 1;
                    let short_before = matches!(
                        before,
                        Some(Kind::Short | Kind::Authors | Kind::Label(..) | Kind::Dates(_) | Kind::Ids(_))
                    );
                    titled += usize::from(short_before && line.mark.is_none());
                }
                Kind::Label(label @ (Label::Title | Label::Abstract | Label::Authors), _) => {
                    labelled += 1;
                    title_labels |= *label == Label::Title;
                }
                Kind::Short if line.mark.is_some() => items += 1,
                Kind::Ids(_) => {
                    items += usize::from(line.mark == Some(Mark::Bullet));
                    let title_behind = full
                        .get(at + 1)
                        .is_some_and(|next| matches!(next.kind, Kind::Short | Kind::Label(Label::Title, _)));
                    let title_before =
                        matches!(before, Some(Kind::Short | Kind::Authors | Kind::Prose | Kind::Fragment));
                    ids_above += usize::from(title_behind && (line.mark.is_some() || !title_before));
                    ids_below += usize::from(!title_behind || title_before);
                }
                _ => {}
            }
        }
        Self {
            snippets: snippets > 0,
            titled: titled * 2 >= snippets.max(1),
            labelled: labelled > 0,
            title_labels,
            ids_first: ids_above >= ids_below.max(1),
            items: items >= 2 && labelled == 0,
            indent: full.iter().filter(|line| line.mark.is_some()).map(|line| line.indent).min().unwrap_or(0),
            ids_only: full.len() >= 2
                && full
                    .iter()
                    .all(|line| matches!(line.kind, Kind::Ids(_) | Kind::Stray | Kind::Furniture | Kind::Count(_))),
        }
    }
}
