//! Two versions of one paper in one text: the first is the entry, the other is said.
//!
//! Knows mentions, no lines.

use super::collector::Collector;
use super::links::{self, Target};
use crate::model::Identifier;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Reports each version of a paper that is another than the one listed first.
pub(super) fn report(text: &str, collector: &mut Collector<'_>) {
    let mut first: HashMap<String, u16> = HashMap::new();
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let mentions = if links::may_mention(line) { links::find(line) } else { Vec::new() };
        for mention in mentions {
            let Target::Id(Identifier::Arxiv(id)) = &mention.target else { continue };
            let Some(version) = id.version() else { continue };
            match first.entry(id.id().to_owned()) {
                Entry::Vacant(place) => {
                    place.insert(version);
                }
                Entry::Occupied(kept) if *kept.get() != version => {
                    let range = start + mention.range.start..start + mention.range.end;
                    collector.another_version(range, id.id(), *kept.get(), version);
                }
                Entry::Occupied(_) => {}
            }
        }
        start += line.len();
    }
}
