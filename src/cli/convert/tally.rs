//! What a run counts, and the closing line that says it.

use crate::catalog::Info;
use crate::model::Entry;
use crate::resolve::{Outcome, Resolution};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The counts of a run.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that happened or did not")]
pub(super) struct Tally {
    /// Whether entries were compared with a catalog.
    pub(super) resolves: bool,
    pub(super) entries: u64,
    pub(super) matched: u64,
    pub(super) likely: u64,
    pub(super) ambiguous: u64,
    pub(super) contradictory: u64,
    pub(super) not_found: u64,
    /// Entries that the user does not let change, and that no catalog was asked about.
    pub(super) untouched: u64,
    /// Entries to be added whose work stood there already.
    pub(super) known: u64,
    /// Entries that had a title, or an identifier, when they were read.
    pub(super) input_titles: u64,
    pub(super) input_ids: u64,
    /// An input could not be read.
    pub(super) failed: bool,
    pub(super) missed_catalog: bool,
    pub(super) count_differs: bool,
    pub(super) malformed: bool,
    pub(super) dropped_what_was_read: bool,
    /// Preprints whose journal article is known, written as such or not.
    pub(super) published: u64,
    pub(super) publishable: u64,
    /// Works that stand in the list as preprint and as published version.
    pub(super) related: u64,
    /// The catalogs that were asked.
    pub(super) catalogs: Vec<Info>,
}

impl Tally {
    pub(super) fn count_input(&mut self, entry: &Entry) {
        self.input_titles += u64::from(entry.title().is_some());
        self.input_ids += u64::from(!entry.ids.is_empty());
    }

    pub(super) fn count_output(&mut self, resolution: Option<&Resolution>) {
        self.entries += 1;
        let Some(resolution) = resolution else { return };
        let counter = match resolution.outcome {
            Outcome::Matched => &mut self.matched,
            Outcome::Likely => &mut self.likely,
            Outcome::Ambiguous => &mut self.ambiguous,
            Outcome::Contradictory => &mut self.contradictory,
            Outcome::Unresolved => &mut self.not_found,
        };
        *counter += 1;
    }

    /// Whether `--strict` makes this a run with findings.
    pub(super) fn breaks_strictness(&self) -> bool {
        let unmatched = self.resolves && self.matched + self.untouched < self.entries;
        self.dropped_what_was_read || unmatched || self.count_differs || self.malformed
    }

    /// The closing line: `21 entries: 21 matched (0 ambiguous, 0 not found), 6 titles and 0 ids in the input`.
    pub(super) fn text(&self) -> String {
        let mut line = counted(self.entries, "entry", "entries");
        if self.resolves {
            let also = |count: u64, word: &str| if count > 0 { format!("{count} {word}, ") } else { String::new() };
            // Writing to a string cannot fail.
            let _ = write!(
                line,
                ": {} matched ({}{}{} ambiguous, {} not found)",
                self.matched,
                also(self.likely, "likely"),
                also(self.contradictory, "contradictory"),
                self.ambiguous,
                self.not_found,
            );
        }
        let titles = counted(self.input_titles, "title", "titles");
        let ids = counted(self.input_ids, "id", "ids");
        line + &format!(", {titles} and {ids} in the input")
    }

    /// What `--published` did, or could do.
    pub(super) fn published_line(&self) -> Option<String> {
        let Self { published, publishable, related, .. } = *self;
        let preprints = |count| counted(count, "preprint", "preprints");
        if published > 0 {
            return Some(format!("{} written as published", preprints(published)));
        }
        let known = (publishable > 0)
            .then(|| format!("{} with a known journal article; --published writes that", preprints(publishable)));
        let beside = (related > 0)
            .then(|| format!("{} beside a published version; --merge --published makes one entry", preprints(related)));
        let said: Vec<String> = [known, beside].into_iter().flatten().collect();
        (!said.is_empty()).then(|| said.join("; "))
    }

    /// The catalogs, one a line: what they are of, and exactly which they are.
    pub(super) fn catalog_lines(&self) -> impl Iterator<Item = String> + '_ {
        self.catalogs.iter().map(|Info { name, records, date, digest, .. }| {
            format!("catalog {name}: {records} records, newest {date}, digest {digest}")
        })
    }

    /// The same for programs.
    pub(super) fn json(&self) -> Value {
        let resolved = self.resolves.then(|| {
            json!({
                "matched": self.matched,
                "likely": self.likely,
                "ambiguous": self.ambiguous,
                "contradictory": self.contradictory,
                "not_found": self.not_found,
            })
        });
        let catalogs: Vec<Value> = self
            .catalogs
            .iter()
            .map(|info| json!({"name": info.name, "records": info.records, "date": info.date, "digest": info.digest}))
            .collect();
        json!({"summary": {
            "catalogs": catalogs,
            "entries": self.entries,
            "resolved": resolved,
            "input_titles": self.input_titles,
            "input_ids": self.input_ids,
        }})
    }
}

fn counted(count: u64, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_line() {
        let mut tally = Tally { resolves: true, entries: 21, matched: 21, ..Tally::default() };
        assert_eq!(tally.text(), "21 entries: 21 matched (0 ambiguous, 0 not found), 0 titles and 0 ids in the input");
        tally = Tally { resolves: true, entries: 1, likely: 1, input_titles: 1, ..Tally::default() };
        assert_eq!(
            tally.text(),
            "1 entry: 0 matched (1 likely, 0 ambiguous, 0 not found), 1 title and 0 ids in the input"
        );
    }
}
