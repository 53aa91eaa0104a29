//! What the rows of a page say of lines that single lines do not: pages repeat one pattern, such as title, authors, snippet.
//!
//! A long title is told from prose, a title full of capitals from a list of names, and one author from a heading by the
//! place at which it stands in its row, where the other rows leave no doubt. Knows kinds of lines, no entries.

use super::lines::{Kind, Line};
use super::people;
use super::widths::Width;

/// Settles the lines that their place in a row tells, and those that end where the page cuts.
pub(super) fn settle(lines: &mut [Line<'_>], width: Option<Width>) {
    let rows = Rows::of(lines);
    if let Some(width) = width {
        for (at, line) in lines.iter_mut().enumerate() {
            let is_text = matches!(line.kind, Kind::Short | Kind::Prose | Kind::Reference)
                || line.kind == Kind::Authors && !people::looks_like_list(&line.text);
            // A title may have that length by chance.
            if is_text && width.cuts(&line.text) && !rows.as_ref().is_some_and(|rows| rows.has_place(at)) {
                line.kind = Kind::Fragment;
            }
        }
    }
    if let Some(rows) = Rows::of(lines) {
        rows.settle(lines);
    } else if !lines.iter().any(|line| matches!(line.kind, Kind::Fragment | Kind::Prose)) {
        single_authors(lines);
    }
}

/// In a list of titles, each with its authors below, a name below a title is that of a single author.
fn single_authors(lines: &mut [Line<'_>]) {
    let words: Vec<usize> =
        (0..lines.len()).filter(|at| matches!(lines[*at].kind, Kind::Short | Kind::Authors)).collect();
    let neighbours = || words.windows(2).filter(|pair| pair[0] + 1 == pair[1]);
    let has_authors = |pair: &&[usize]| lines[pair[0]].kind == Kind::Short && lines[pair[1]].kind == Kind::Authors;
    let (below, titles) = (neighbours().filter(has_authors).count(), words.len());
    // Several titles must have their authors below, or a name there may be a title of its own.
    let alternate = titles >= 4
        && titles.is_multiple_of(2)
        && words.iter().enumerate().all(|(place, at)| {
            (place % 2 == 1) == (lines[*at].kind == Kind::Authors || people::is_name(&lines[*at].text))
        });
    if !alternate && (below < 2 || below * 5 < titles) {
        return;
    }
    for place in 1..words.len() {
        let (above, at) = (words[place - 1], words[place]);
        let behind = words.get(place + 1).map(|next| &lines[*next]);
        let is_title_above =
            above + 1 == at && lines[above].kind == Kind::Short && !people::is_name(&lines[above].text);
        let stands_above_authors = behind.is_some_and(|line| line.kind == Kind::Authors);
        if is_title_above
            && lines[at].kind == Kind::Short
            && lines[at].mark.is_none()
            && people::is_name(&lines[at].text)
            && !stands_above_authors
            && !lines[above].text.ends_with(|c: char| c.is_ascii_digit())
        {
            lines[at].kind = Kind::Authors;
        }
    }
}

/// The rows of a page: each ends with a snippet that was cut off.
struct Rows {
    /// The lines before each snippet, as positions in the page, of the rows that have the usual number of them.
    gaps: Vec<Vec<usize>>,
}

/// Rows with more lines are laid out by labels or not at all.
const LONGEST_ROW: usize = 4;
/// A pattern shows from the third time on.
const FEWEST: usize = 3;

impl Rows {
    /// The rows of a page, when most of its snippets have the same number of lines before them.
    fn of(lines: &[Line<'_>]) -> Option<Self> {
        let mut gaps: Vec<Vec<usize>> = Vec::new();
        let mut gap = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            match line.kind {
                Kind::Fragment => gaps.push(std::mem::take(&mut gap)),
                Kind::Blank | Kind::Punctuation | Kind::Count(_) | Kind::More | Kind::Less | Kind::Furniture => {}
                _ => gap.push(at),
            }
        }
        let count = |length: usize| gaps.iter().filter(|gap| gap.len() == length).count();
        let usual = (1..=LONGEST_ROW).max_by_key(|length| (count(*length), LONGEST_ROW - length))?;
        if count(usual) < FEWEST || count(usual) * 3 < gaps.len() * 2 {
            return None;
        }
        // Above the first row may stand the page's heading.
        if let Some(first) = gaps.first_mut().filter(|first| first.len() > usual) {
            first.drain(..first.len() - usual);
        }
        gaps.retain(|gap| gap.len() == usual);
        Some(Self { gaps })
    }

    fn has_place(&self, at: usize) -> bool {
        self.gaps.iter().any(|gap| gap.contains(&at))
    }

    fn settle(&self, lines: &mut [Line<'_>]) {
        let length = self.gaps.first().map_or(0, Vec::len);
        for place in 0..length {
            let share = |percent: usize, is: &dyn Fn(&Line<'_>) -> bool| {
                self.gaps.iter().filter(|gap| is(&lines[gap[place]])).count() * 100 >= self.gaps.len() * percent
            };
            let is_people =
                |line: &Line<'_>| line.kind == Kind::Authors || line.kind == Kind::Short && people::is_name(&line.text);
            let is_title = place == 0 && share(60, &|line| line.kind == Kind::Short && line.mark.is_none());
            let names = place > 0 && share(60, &is_people);
            let surely = place > 0 && share(80, &is_people);
            for gap in &self.gaps {
                let line = &mut lines[gap[place]];
                let is_words = matches!(line.kind, Kind::Short | Kind::Prose | Kind::Authors | Kind::Reference);
                // "DATE: Dynamic Absolute Time Enhancement" is a title where titles stand.
                if (is_words || matches!(line.kind, Kind::Label(..))) && is_title {
                    line.kind = Kind::Short;
                } else if is_words && (surely || names && people::are_mostly_names(&line.text)) {
                    line.kind = Kind::Authors;
                }
            }
        }
    }
}
