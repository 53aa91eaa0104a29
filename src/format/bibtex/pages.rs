//! The dashes of `pages`, which every author of a `.bib` file writes in another way. Knows no field and no entry.

/// Dashes between pages as an en dash; a single hyphen only between figures.
pub(super) fn normalised(pages: &str) -> String {
    let dashed = one_dash(pages);
    let ranges = dashed.split(',').map(|range| {
        let (range, blank) = (range.trim(), if range.starts_with(' ') { " " } else { "" });
        let figures = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        match range.split_once('-') {
            Some((from, to)) if figures(from.trim()) && figures(to.trim()) => {
                format!("{blank}{}–{}", from.trim(), to.trim())
            }
            _ => match range.split_once('–') {
                Some((from, to)) if !to.contains('–') => format!("{blank}{}–{}", from.trim(), to.trim()),
                _ => format!("{blank}{range}"),
            },
        }
    });
    ranges.collect::<Vec<_>>().join(",")
}

/// Each run of several dashes, and each dash that is no hyphen, as one en dash.
fn one_dash(pages: &str) -> String {
    let is_dash = |c: &char| matches!(c, '-' | '–' | '—' | '−');
    let mut out = String::with_capacity(pages.len());
    let mut rest = pages.chars().peekable();
    while let Some(c) = rest.next() {
        let mut run = 1;
        while is_dash(&c) && rest.next_if(is_dash).is_some() {
            run += 1;
        }
        out.push(if is_dash(&c) && (run > 1 || c != '-') { '–' } else { c });
    }
    out
}
