//! The mill: takes what the readers say, completes the entries, gives them keys and prints them into the spool.
//!
//! Entries of a list are taken together, because they help each other; those of a stream batch by batch, so that memory
//! holds their keys and nothing else.

use super::Plan;
use super::feed::{Event, Item};
use super::tally::Tally;
use crate::cli::report::{Facts, Report};
use crate::cli::spool::Spool;
use crate::cli::terminal::Terminal;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::error::{Error, Result};
use crate::format::{Dropped, Format, FormatSpec, Printer};
use crate::identity;
use crate::key::{Claim, KeptKeys, Order, Right};
use crate::model::{Entry, FieldName, Name, Role, TextField};
use crate::resolve::{self, Resolution, Resolver};
use crate::source::{Origin, Origins, Span, printable};
use crate::stream::{Collected, Sourced};
use std::path::Path;
use std::sync::mpsc::Receiver;

/// The run's state between the first entry and the last.
pub(super) struct Mill<'r> {
    plan: &'r Plan,
    resolver: Option<Resolver<'r>>,
    terminal: &'r mut Terminal,
    printer: Printer,
    kept: Kept,
    current: Current,
    /// Entries that wait for the others of their work, each with its input's name.
    unmerged: Vec<(Sourced, Option<Resolution>, String)>,
    milled: Milled,
}

/// What has come out of it.
pub(super) struct Milled {
    pub(super) spool: Spool,
    pub(super) report: Option<Report>,
    pub(super) claims: Vec<Claim>,
    /// What the entries are sorted by; empty when they are not.
    pub(super) sort_keys: Vec<String>,
    pub(super) tally: Tally,
}

/// Keys that exist: those that the user names come before the old output's, and these before what the inputs bring.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) named: KeptKeys,
    pub(super) output: KeptKeys,
}

/// The input being read.
#[derive(Debug, Default)]
struct Current {
    name: String,
    format: Option<&'static FormatSpec>,
    entries: u64,
    declared: Vec<(u64, Span)>,
    /// Entries of a list that is taken as a whole.
    waiting: Vec<Sourced>,
}

impl<'r> Mill<'r> {
    pub(super) fn new(
        plan: &'r Plan,
        resolver: Option<Resolver<'r>>,
        kept: Kept,
        directory: Option<&Path>,
        terminal: &'r mut Terminal,
    ) -> Self {
        let report = plan.wants_report.then(|| Report::new(directory));
        let milled = Milled {
            spool: Spool::new(directory),
            report,
            claims: Vec::new(),
            sort_keys: Vec::new(),
            tally: Tally { resolves: resolver.is_some(), ..Tally::default() },
        };
        Self {
            plan,
            resolver,
            terminal,
            printer: Printer::default(),
            kept,
            current: Current::default(),
            unmerged: Vec::new(),
            milled,
        }
    }

    /// Takes everything; only the disk and a damaged catalog can stop it.
    pub(super) fn run(mut self, events: &Receiver<Event>) -> Result<Milled> {
        for event in events {
            match event {
                Event::Begin { text, format } => {
                    let name = text.name.clone();
                    self.detail_format(&name, format);
                    self.terminal.add_source(text);
                    self.current = Current { name, format, ..Current::default() };
                }
                Event::Items(items) => self.items(items)?,
                Event::End(result) => self.end(result)?,
            }
        }
        self.merge()?;
        Ok(self.milled)
    }

    fn detail_format(&mut self, name: &str, format: Option<&FormatSpec>) {
        if let Some(format) = format {
            self.terminal.detail(&format!("{name}: read as {}", format.name));
        }
    }

    fn items(&mut self, items: Vec<Item>) -> Result<()> {
        let mut entries = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Item::Entry(entry) => entries.push(*entry),
                Item::Finding(finding) => self.finding(&finding),
                Item::Declared(count, span) => self.current.declared.push((count, span)),
            }
        }
        self.current.entries += entries.len() as u64;
        if self.current.format.is_some_and(|format| format.streams) {
            return self.entries(entries);
        }
        self.current.waiting.append(&mut entries);
        Ok(())
    }

    fn end(&mut self, result: Result<()>) -> Result<()> {
        let waiting = std::mem::take(&mut self.current.waiting);
        self.entries(waiting)?;
        match result {
            Err(error) => self.failure(&error),
            Ok(()) if self.current.format.is_none() => {
                self.finding(&Diagnostic::new(Rule::EmptyInput, format!("{}: the input is empty", self.current.name)));
            }
            Ok(()) => self.check_count(),
        }
        self.terminal.forget_text();
        Ok(())
    }

    fn failure(&mut self, error: &Error) {
        self.milled.tally.failed = true;
        self.terminal.error(error);
    }

    /// Compares what the input says of itself with what was read.
    fn check_count(&mut self) {
        let read = self.current.entries;
        let declared = &self.current.declared;
        let fits = declared.iter().any(|(count, _)| *count == read)
            || declared.iter().map(|(count, _)| count).sum::<u64>() == read && !declared.is_empty();
        if fits {
            return;
        }
        if read == 0 {
            let error = format!("{}: no entry was found in it", printable(&self.current.name));
            return self.failure(&Error::message(error));
        }
        if let Some((count, span)) = self.current.declared.first() {
            let message = format!("the input declares {count} entries, {read} were read");
            let help = "copy the whole page again, or correct the header";
            self.finding(&Diagnostic::new(Rule::CountMismatch, message).at(*span).help(help));
        }
    }

    fn finding(&mut self, finding: &Diagnostic) {
        self.milled.tally.count_finding(finding);
        self.terminal.report(finding);
    }

    /// Completes, keys and prints entries.
    fn entries(&mut self, mut entries: Vec<Sourced>) -> Result<()> {
        for sourced in &entries {
            self.milled.tally.count_input(&sourced.entry);
        }
        let resolutions = self.resolve(&mut entries)?;
        if self.plan.merges {
            let resolutions = resolutions.into_iter().map(Some).chain(std::iter::repeat_with(|| None));
            let name = &self.current.name;
            self.unmerged.extend(entries.into_iter().zip(resolutions).map(|(e, found)| (e, found, name.clone())));
            return Ok(());
        }
        for (at, sourced) in entries.into_iter().enumerate() {
            self.entry(sourced, resolutions.get(at))?;
        }
        Ok(())
    }

    /// Makes one entry of those of one work; what is known of the match is the first one's that was matched.
    fn merge(&mut self) -> Result<()> {
        let unmerged = std::mem::take(&mut self.unmerged);
        let groups = identity::groups(&unmerged.iter().map(|(sourced, ..)| &sourced.entry).collect::<Vec<_>>());
        let mut waiting: Vec<_> = unmerged.into_iter().map(Some).collect();
        for group in groups {
            let members: Vec<_> = group.into_iter().filter_map(|at| waiting[at].take()).collect();
            self.current.name = members.first().map(|(.., name)| name.clone()).unwrap_or_default();
            let (mut entries, mut resolution) = (Vec::new(), None::<Resolution>);
            for (sourced, found, _) in members {
                if resolution.as_ref().is_none_or(|known| known.outcome != resolve::Outcome::Matched) {
                    resolution = found.or(resolution);
                }
                entries.push(sourced);
            }
            let mut findings = Vec::new();
            let merged = identity::merge(entries, &mut findings);
            findings.iter().for_each(|finding| self.finding(finding));
            if let Some(merged) = merged {
                self.entry(merged, resolution.as_ref())?;
            }
        }
        Ok(())
    }

    fn resolve(&mut self, entries: &mut [Sourced]) -> Result<Vec<Resolution>> {
        let Some(resolver) = &self.resolver else {
            self.miss_catalog(entries);
            return Ok(Vec::new());
        };
        let mut found = Collected::default();
        let resolutions = resolver.resolve(entries, &mut found)?;
        for finding in &found.diagnostics {
            self.finding(finding);
        }
        Ok(resolutions)
    }

    /// Says once that there is no catalog, when an entry would have needed one.
    fn miss_catalog(&mut self, entries: &[Sourced]) {
        let is_listing = self.current.format.is_some_and(|format| format.format == Format::Listing);
        let tally = &mut self.milled.tally;
        if !self.plan.wants_catalog || tally.missed_catalog || !entries.iter().any(|e| lacks_something(e, is_listing)) {
            return;
        }
        tally.missed_catalog = true;
        let message = "there is no catalog, so entries are written with what the input gives";
        let help = "build one with `bibmill catalog build SNAPSHOT -o FILE.cat` and pass --catalog FILE.cat, or pass --no-resolve";
        self.finding(&Diagnostic::new(Rule::CatalogMissing, message).help(help));
    }

    fn entry(&mut self, sourced: Sourced, resolution: Option<&Resolution>) -> Result<()> {
        let Sourced { mut entry, mut origins, span } = sourced;
        let (key, right) = self.key(&entry);
        if right != Right::Own && entry.key.as_deref() != Some(&key) {
            origins.set(
                FieldName::Key,
                Origin::Derived(if right == Right::Made { "key pattern" } else { "existing key" }),
            );
        }
        entry.key = Some(key);
        let key = entry.key.as_deref().unwrap_or_default();

        self.printer.clear();
        (self.plan.writer.entry)(&entry, &self.plan.write_options, &mut self.printer);
        self.milled.spool.push(&self.printer.out, self.printer.key_end)?;
        self.milled.tally.count_output(resolution);
        self.not_ascii(&entry, span);
        self.dropped(&entry, span, &origins);
        if let Some(report) = &mut self.milled.report {
            let dropped = &self.printer.dropped;
            let facts = Facts { key, input: &self.current.name, span, resolution, origins: &origins, dropped };
            report.push(self.milled.claims.len() + 1, &facts)?;
        }
        if let Some(sort_key) = super::sort::key(self.plan.sort, &entry) {
            self.milled.sort_keys.push(sort_key);
        }
        self.milled.claims.push(Claim { key: key.into(), right, order: Order::of(&entry) });
        Ok(())
    }

    /// The key of an entry, and by what right.
    fn key(&mut self, entry: &Entry) -> (String, Right) {
        if let Some(key) = self.kept.named.take(entry) {
            return (key, Right::Kept);
        }
        let kept = self.kept.output.take(entry);
        let own = entry.key.clone().filter(|key| self.plan.keeps_keys && !key.is_empty());
        match (kept, own) {
            (Some(kept), Some(own)) if self.plan.prefers_own_keys && kept != own => (own, Right::Own),
            (Some(kept), _) => (kept, Right::Kept),
            (None, Some(own)) => (own, Right::Own),
            (None, None) => (self.plan.pattern.key(entry), Right::Made),
        }
    }

    /// Reports characters that have no LaTeX command, where only ASCII is wanted.
    fn not_ascii(&mut self, entry: &Entry, span: Option<Span>) {
        if !self.plan.write_options.ascii || self.printer.out.is_ascii() {
            return;
        }
        let left = self.printer.out.chars().filter(|c| !c.is_ascii());
        let (count, first) = (left.clone().count(), left.take(10).collect::<String>());
        let more = if count > 10 { "…" } else { "" };
        let are = if count == 1 { "character is" } else { "characters are" };
        let message = format!("{count} {are} not ASCII and written as they are: `{first}`{more}");
        self.terminal.report(&Diagnostic::new(Rule::NotAscii, message).key(entry.key.as_deref()).at(span));
    }

    /// Reports the fields that the output has no place for. What a catalog brought and nobody asked for is a detail.
    fn dropped(&mut self, entry: &Entry, span: Option<Span>, origins: &Origins) {
        for Dropped { field, reason } in std::mem::take(&mut self.printer.dropped) {
            let was_read = !matches!(origins.get(field), Some(Origin::Catalog { .. } | Origin::Derived(_)));
            self.milled.tally.dropped_what_was_read |= was_read;
            if was_read || self.terminal.is_verbose() {
                let finding = Diagnostic::field_dropped(field, reason_for(entry, field, reason));
                self.terminal.report(&finding.key(entry.key.as_deref()).at(span));
            }
            self.printer.dropped.push(Dropped { field, reason });
        }
    }
}

/// The reason, with the name of a field that the model has no name for.
fn reason_for(entry: &Entry, field: FieldName, reason: &str) -> String {
    match field {
        FieldName::Foreign(at) => {
            entry.foreign.get(at).map_or_else(String::new, |f| format!("`{}` of {}: {reason}", f.name, f.format))
        }
        _ => reason.to_owned(),
    }
}

/// Whether a catalog could give an entry something that a citation needs.
fn lacks_something(sourced: &Sourced, is_listing: bool) -> bool {
    let entry = &sourced.entry;
    let title_is_whole = entry.title().is_some() && !sourced.origins.is_cut(FieldName::Text(TextField::Title));
    let authors_are_whole = entry.roles().iter().any(|role| *role == Role::Author || *role == Role::Editor)
        && !entry.authors().any(Name::is_others);
    is_listing && entry.ids.is_empty() || !title_is_whole || !authors_are_whole
}

impl Tally {
    fn count_finding(&mut self, finding: &Diagnostic) {
        self.count_differs |= finding.rule == Rule::CountMismatch;
        self.malformed |= finding.severity == Severity::Error;
    }
}
