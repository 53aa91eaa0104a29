//! Merging: the entries of one work become one, in the place of the first; what names the others follows.
//!
//! Must not know what makes two entries one work, nor how their values are joined: `identity` says both.

use super::{Mill, Ready};
use crate::error::Result;
use crate::identity::{self, Versions};
use crate::model::Entry;
use crate::published;
use crate::resolve::{self, Resolution};
use crate::source::Span;
use std::collections::{BTreeMap, HashSet};

impl Mill<'_> {
    /// Makes one entry of those of one work; what is known of the match is the first one's that was matched. Entries that
    /// are added to others are merged with them, the others among themselves only on request.
    pub(super) fn merge(&mut self) -> Result<()> {
        let unmerged = std::mem::take(&mut self.unmerged);
        let versions = if self.plan.publishes { Versions::Together } else { Versions::Apart };
        let entries: Vec<&Entry> = unmerged.iter().map(|ready| &ready.sourced.entry).collect();
        let groups = identity::groups(&entries, versions);
        self.milled.tally.related = groups.related as u64;
        let mut sets: Vec<Vec<usize>> = Vec::with_capacity(groups.works.len());
        for group in groups.works {
            let own = group.partition_point(|at| unmerged[*at].input < self.plan.first_added);
            if self.plan.merges || own == 0 {
                sets.push(group);
            } else {
                sets.extend(group[1..own].iter().map(|at| vec![*at]));
                sets.push(std::iter::once(group[0]).chain(group[own..].iter().copied()).collect());
            }
        }
        let mut sets: Vec<Vec<usize>> = sets.into_iter().flat_map(|set| self.without_fixed(set, &unmerged)).collect();
        sets.sort_unstable();
        let mut unmerged = unmerged;
        self.follow_keys(&mut unmerged, &sets);
        let mut waiting: Vec<_> = unmerged.into_iter().map(Some).collect();
        for set in sets {
            let members: Vec<Ready> = set.into_iter().filter_map(|at| waiting[at].take()).collect();
            self.merge_set(members)?;
        }
        Ok(())
    }

    /// The entries of one work without those that may not change, or whose end nobody knows: each of these stays as it is.
    /// What is added says nothing to the first one where that may not change.
    fn without_fixed(&self, set: Vec<usize>, unmerged: &[Ready]) -> Vec<Vec<usize>> {
        let [first, _, ..] = set[..] else { return vec![set] };
        let is_open = |at: usize| {
            let ready = &unmerged[at];
            let original = self.original(ready.input).filter(|original| original.keeps_entries);
            original.is_some_and(|original| {
                original.place(ready.sourced.span).is_some_and(|place| !original.can_change(&place))
            })
        };
        let may_change = |at: usize| self.may_change(unmerged[at].input, &unmerged[at].sourced.entry);
        let (fixed, mut free): (Vec<usize>, Vec<usize>) =
            set.into_iter().partition(|at| is_open(*at) || !may_change(*at));
        let mut sets: Vec<Vec<usize>> = fixed.iter().map(|at| vec![*at]).collect();
        if fixed.first() == Some(&first) && !is_open(first) {
            let (own, added): (Vec<usize>, Vec<usize>) =
                free.into_iter().partition(|at| unmerged[*at].input < self.plan.first_added);
            free = own;
            sets[0].extend(added);
        }
        sets.push(free);
        sets.retain(|set| !set.is_empty());
        sets
    }

    /// Entries that name another one by a key that goes name it by the key that stays. A key means the entry of the same
    /// input that has it, else that of another one.
    fn follow_keys(&mut self, unmerged: &mut [Ready], sets: &[Vec<usize>]) {
        let key_of = |at: &usize| unmerged[*at].sourced.entry.key.as_deref().filter(|key| !key.is_empty());
        let mut stay: HashSet<(usize, &str)> = HashSet::new();
        for first in sets.iter().filter_map(|set| set.first()) {
            stay.extend(key_of(first).map(|key| (unmerged[*first].input, key)));
        }
        let mut renamed: BTreeMap<usize, BTreeMap<String, String>> = BTreeMap::new();
        for set in sets.iter().filter(|set| set.len() > 1) {
            let Some(stays) = set.iter().find_map(key_of) else { continue };
            for at in set {
                let input = unmerged[*at].input;
                if let Some(gone) = key_of(at).filter(|key| *key != stays && !stay.contains(&(input, *key))) {
                    let names = renamed.entry(input).or_default();
                    names.entry(gone.to_lowercase()).or_insert_with(|| stays.to_owned());
                }
            }
        }
        if renamed.is_empty() {
            return;
        }
        let known: HashSet<(usize, String)> =
            (0..unmerged.len()).filter_map(|at| Some((unmerged[at].input, key_of(&at)?.to_lowercase()))).collect();
        let meant_in = |input: usize| -> BTreeMap<String, String> {
            let mut names = renamed.get(&input).cloned().unwrap_or_default();
            for (gone, stays) in renamed.iter().filter(|(other, _)| **other != input).flat_map(|(_, names)| names) {
                if !known.contains(&(input, gone.clone())) {
                    names.entry(gone.clone()).or_insert_with(|| stays.clone());
                }
            }
            names
        };
        let meant: Vec<BTreeMap<String, String>> = (0..self.names.len()).map(meant_in).collect();
        let mut dangling = Vec::new();
        for ready in unmerged {
            let Some(names) = meant.get(ready.input) else { continue };
            let entry = &mut ready.sourced.entry;
            if !identity::refers_to(entry, names) {
                continue;
            }
            if !self.may_change(ready.input, entry) {
                dangling.extend(entry.key.clone());
                continue;
            }
            ready.before.get_or_insert_with(|| Box::new(entry.clone()));
            identity::rename_references(entry, names);
        }
        for key in dangling {
            self.terminal.note(&format!("{key} may not change, and names an entry that is merged into another one"));
        }
    }

    fn merge_set(&mut self, mut members: Vec<Ready>) -> Result<()> {
        let Some(first) = members.first() else { return Ok(()) };
        let input = first.input;
        self.current.name = self.names.get(input).cloned().unwrap_or_default();
        if members.len() == 1 {
            return members.pop().map_or(Ok(()), |only| self.entry(only));
        }
        if !self.may_change(input, &first.sourced.entry) {
            self.leave_alone(&members);
            return members.into_iter().next().map_or(Ok(()), |first| self.entry(first));
        }
        let mut resolution = None::<Resolution>;
        let mut entries = Vec::with_capacity(members.len());
        let mut hosts = Vec::with_capacity(members.len());
        for member in members {
            if resolution.as_ref().is_none_or(|known| known.outcome != resolve::Outcome::Matched) {
                resolution = member.resolution.or(resolution);
            }
            let mut sourced = member.sourced;
            let before = member.before.unwrap_or_else(|| Box::new(sourced.entry.clone()));
            if input < self.plan.first_added && member.input >= self.plan.first_added {
                // What was added does not bring its key along.
                sourced.entry.key = None;
                self.milled.tally.known += 1;
            }
            hosts.push((member.input, sourced.span, before));
            entries.push(sourced);
        }
        let mut findings = Vec::new();
        published::lead(&mut entries);
        let merged = identity::merge(entries, &mut findings);
        findings.iter().for_each(|finding| self.finding(finding));
        let Some(mut sourced) = merged else { return Ok(()) };
        // Whichever of them leads, the first one's place and key stay.
        let mut hosts = hosts.into_iter();
        let Some((input, span, before)) = hosts.next() else { return Ok(()) };
        for (other, span, _) in hosts {
            self.give_way(other, span);
        }
        sourced.span = span;
        self.entry(Ready { sourced, resolution, input, before: Some(before) })
    }

    /// An entry whose work another one stands for goes from its text.
    fn give_way(&mut self, input: usize, span: Option<Span>) {
        if let Some(Some(original)) = self.milled.layout.originals.get_mut(input)
            && let Some(at) = original.place(span)
        {
            original.take_out(&at);
        }
    }

    /// Says that what was added says nothing to an entry that may not change.
    fn leave_alone(&mut self, members: &[Ready]) {
        let added = members.iter().filter(|member| member.input >= self.plan.first_added).count();
        self.milled.tally.known += added as u64;
    }
}
