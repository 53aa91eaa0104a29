//! The mill: takes what the readers say, completes the entries, gives them keys and prints them into the spool.
//!
//! Entries of a list are completed together, because they help each other; those of a stream, of a very long list, and
//! those that are not completed at all go batch by batch, so that memory holds their keys and nothing else.

mod merging;

use super::Plan;
use super::feed::{Event, Item};
use super::layout::{Layout, Place};
use super::original::{Changed, Original};
use super::sort::CrossReference;
use super::tally::Tally;
use crate::cli::args::Sort;
use crate::cli::report::{Facts, Report};
use crate::cli::spool::Spool;
use crate::cli::terminal::Terminal;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::error::{Error, Result};
use crate::format::bibtex::edit::Form;
use crate::format::{Decoded, Dropped, Format, FormatSpec, Printer};
use crate::identity;
use crate::key::{Claim, KeptKeys, Order, Right};
use crate::model::{Entry, FieldName, Kind, Name, PlainField, Role, Scheme, TextField};
use crate::resolve::{self, Resolution, Resolver};
use crate::source::{Origin, Origins, Span, printable};
use crate::stream::{Collected, Sourced};
use crate::{published, record};
use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

/// So many entries of one list are completed together; who pastes a list pastes less.
const LONGEST_LIST: usize = 8192;

/// The run's state between the first entry and the last.
pub(super) struct Mill<'r> {
    plan: &'r Plan,
    resolver: Option<Resolver<'r>>,
    terminal: &'r mut Terminal,
    printer: Printer,
    kept: Kept,
    current: Current,
    /// Entries that wait for the others of their work.
    unmerged: Vec<Ready>,
    /// The inputs' names.
    names: Vec<String>,
    /// The entries and bytes of the inputs before it.
    before: (u64, u64),
    milled: Milled,
}

/// An entry that is as complete as a catalog makes it.
#[derive(Debug)]
struct Ready {
    sourced: Sourced,
    resolution: Option<Resolution>,
    input: usize,
    /// What was read, where the text is kept and more is known now.
    before: Option<Box<Entry>>,
}

/// A key that a printed entry of a `.bib` file names.
#[derive(Debug)]
pub(super) struct NamedKey {
    /// Which entry names it.
    pub(super) claim: u32,
    /// Where that is in the spool.
    pub(super) piece: u32,
    /// In small letters.
    pub(super) key: String,
}

/// What has come out of it.
pub(super) struct Milled {
    pub(super) spool: Spool,
    pub(super) report: Option<Report>,
    pub(super) claims: Vec<Claim>,
    /// What the entries are sorted by; empty when they are not.
    pub(super) sort_keys: Vec<String>,
    /// The keys that printed entries name.
    pub(super) printed_names: Vec<NamedKey>,
    /// The cross-references of a BibTeX file, among what is printed or sorted.
    pub(super) references: Vec<CrossReference>,
    pub(super) layout: Layout,
    /// Words of the inputs that no new key may be: names of definitions, aliases of keys.
    pub(super) taken_words: HashSet<String>,
    pub(super) tally: Tally,
    /// The keys that existed before.
    pub(super) kept: Kept,
    /// The keys of entries that were read, of those that the user names.
    pub(super) touched: HashSet<String>,
}

/// Keys that exist: those that the user names come before the old output's, and these before what the inputs bring.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) named: KeptKeys,
    pub(super) output: KeptKeys,
}

impl Kept {
    /// What no new key may be.
    pub(super) fn reserved(&self, words: &HashSet<String>) -> KeptKeys {
        let mut reserved = KeptKeys::default();
        reserved.reserve_keys_of(&self.named);
        reserved.reserve_keys_of(&self.output);
        reserved.reserve(words.iter().cloned());
        reserved
    }
}

/// The input being read.
#[derive(Debug, Default)]
struct Current {
    name: String,
    format: Option<&'static FormatSpec>,
    entries: u64,
    /// How far into it the last entry reaches, in bytes.
    bytes: u64,
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
            printed_names: Vec::new(),
            references: Vec::new(),
            layout: Layout { first_added: plan.first_added, ..Layout::default() },
            taken_words: HashSet::new(),
            kept: Kept::default(),
            touched: HashSet::new(),
            tally: Tally { resolves: resolver.is_some(), ..Tally::default() },
        };
        Self {
            plan,
            resolver,
            terminal,
            printer: Printer::default(),
            kept,
            current: Current::default(),
            before: (0, 0),
            unmerged: Vec::new(),
            names: Vec::new(),
            milled,
        }
    }

    /// Takes everything; only the disk and a damaged catalog can stop it.
    pub(super) fn run(mut self, events: &Receiver<Event>) -> Result<Milled> {
        for event in events {
            match event {
                Event::Begin { text, format, kept } => {
                    let name = text.name.clone();
                    self.detail_format(&name, format);
                    self.terminal.add_source(text);
                    self.begin(&name, format, kept);
                    self.current = Current { name, format, ..Current::default() };
                }
                Event::Items(items) => self.items(items)?,
                Event::End(result) => self.end(result)?,
            }
        }
        self.merge()?;
        self.milled.kept = self.kept;
        Ok(self.milled)
    }

    /// Notes an input, and its text if that is kept.
    fn begin(&mut self, name: &str, format: Option<&'static FormatSpec>, kept: Option<Arc<Decoded>>) {
        let is_added = self.names.len() >= self.plan.first_added;
        if let (Some(decoded), true) = (&kept, self.plan.first_added < self.plan.inputs) {
            self.milled.taken_words.extend(super::original::words_taken(&decoded.text));
        }
        let original = kept.filter(|_| !is_added).map(|decoded| {
            // A file in which nothing stands yet is of the dialect that is written.
            let format = format.map_or(self.plan.to, |format| format.format);
            let keeps_entries = format == self.plan.to && !self.plan.write_options.ascii;
            Original::new(decoded, format, keeps_entries)
        });
        self.names.push(name.to_owned());
        self.milled.layout.originals.push(original);
    }

    /// The number of the input being read.
    fn input(&self) -> usize {
        self.names.len().saturating_sub(1)
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
        if let Some(span) = entries.last().and_then(|sourced| sourced.span) {
            self.current.bytes = span.start + u64::from(span.len);
        }
        let (entries_before, bytes_before) = self.before;
        self.terminal.progress(entries_before + self.current.entries, bytes_before + self.current.bytes);
        let goes_on = self.current.format.is_some_and(|format| format.streams) || self.resolver.is_none();
        if goes_on {
            return self.entries(entries);
        }
        self.current.waiting.append(&mut entries);
        if self.current.waiting.len() < LONGEST_LIST {
            return Ok(());
        }
        let waiting = std::mem::take(&mut self.current.waiting);
        self.entries(waiting)
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
        self.before = (self.before.0 + self.current.entries, self.before.1 + self.current.bytes);
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
            // A file of remarks and definitions is a beginning, when entries are added to it.
            if self.original(self.input()).is_some() && self.plan.inputs > self.plan.first_added {
                return;
            }
            let error = format!("{}: no entry was found in it", printable(&self.current.name));
            return self.failure(&Error::message(error));
        }
        if let Some((count, span)) = self.current.declared.first() {
            let message = count_mismatch(*count, read);
            let help = "copy the whole page again, or correct the header";
            self.finding(&Diagnostic::new(Rule::CountMismatch, message).at(*span).help(help));
        }
    }

    fn finding(&mut self, finding: &Diagnostic) {
        // A text that is edited keeps what stands beside its entries.
        if finding.rule == Rule::SetAside && self.original(self.input()).is_some() {
            return;
        }
        self.milled.tally.count_finding(finding);
        self.terminal.report(finding);
    }

    /// Completes, keys and prints entries.
    fn entries(&mut self, entries: Vec<Sourced>) -> Result<()> {
        for sourced in &entries {
            self.milled.tally.count_input(&sourced.entry);
            let key = sourced.entry.key.as_ref().filter(|key| self.plan.touch_only.contains(*key));
            self.milled.touched.extend(key.cloned());
        }
        for mut ready in self.complete(entries)? {
            if self.plan.merges || self.plan.first_added < self.plan.inputs {
                ready.sourced.entry.shrink_to_fit();
                ready.sourced.origins.shrink_to_fit();
                self.unmerged.push(ready);
            } else {
                self.entry(ready)?;
            }
        }
        Ok(())
    }

    /// Gives arXiv's papers their recommended form, where they go from one format to another. The model's own dump is
    /// exact in both directions.
    fn recommend(&self, entries: &mut [Sourced]) {
        let (Some(to), Some(from)) = (self.plan.recommends_unless, self.current.format) else { return };
        if from.format == to || to == Format::Native || from.format == Format::Native {
            return;
        }
        // The reader of `.bib` files has done so, on several threads.
        let is_done = matches!(from.format, Format::Bibtex | Format::Biblatex);
        for Sourced { entry, origins, .. } in entries {
            if !is_done {
                record::recognise(entry);
            }
            let best = entry.plain.get(PlainField::Url).and_then(|url| record::recommended_url(url));
            if let (Some(best), Kind::Preprint) = (best, entry.kind) {
                entry.plain.set(PlainField::Url, best);
                origins.set(FieldName::Plain(PlainField::Url), Origin::Derived(record::DERIVED_URL));
            }
        }
    }

    /// CSL and Hayagriva never change a word with a capital inside to small letters; BibTeX does.
    fn protect_titles(&self, entries: &mut [Sourced]) {
        let is_safe = |format: Format| matches!(format, Format::CslJson | Format::CslYaml | Format::Hayagriva);
        if !matches!(self.plan.to, Format::Bibtex | Format::Biblatex)
            || !self.current.format.is_some_and(|from| is_safe(from.format))
        {
            return;
        }
        for Sourced { entry, .. } in entries {
            for field in [TextField::Title, TextField::Subtitle] {
                if let Some(title) = entry.texts.remove(field) {
                    entry.texts.set(field, title.protect_case());
                }
            }
        }
    }

    /// Takes the published versions, or counts those that could be taken.
    fn publish(&mut self, entries: &mut [Sourced]) {
        for sourced in entries {
            if self.plan.publishes {
                self.milled.tally.published += u64::from(published::publish(sourced));
            } else if self.plan.hints {
                self.milled.tally.publishable += u64::from(published::known(&sourced.entry).is_some());
            }
        }
    }

    /// Asks the catalogs of the entries that may change.
    fn complete(&mut self, entries: Vec<Sourced>) -> Result<Vec<Ready>> {
        let input = self.input();
        let keeps_entries = self
            .milled
            .layout
            .originals
            .get(input)
            .is_some_and(|original| matches!(original, Some(original) if original.keeps_entries));
        let mut before = Vec::new();
        let may_change: Vec<bool> = entries.iter().map(|sourced| self.may_change(input, &sourced.entry)).collect();
        let (mut asked, mut rest) = (Vec::new(), Vec::new());
        for (sourced, may_change) in entries.into_iter().zip(&may_change) {
            if *may_change { &mut asked } else { &mut rest }.push(sourced);
        }
        if keeps_entries && (self.resolver.is_some() || self.plan.publishes) {
            before.extend(asked.iter().map(|sourced| Some(Box::new(sourced.entry.clone()))));
        }
        let resolutions = self.resolve(&mut asked)?;
        self.recommend(&mut asked);
        self.protect_titles(&mut asked);
        self.publish(&mut asked);
        let mut asked = asked.into_iter().zip(resolutions.into_iter().map(Some).chain(std::iter::repeat_with(|| None)));
        let (mut before, mut rest) = (before.into_iter(), rest.into_iter());
        let mut ready = Vec::with_capacity(may_change.len());
        for may_change in may_change {
            let next = if may_change {
                asked.next().map(|(sourced, resolution)| (sourced, resolution, before.next().flatten()))
            } else {
                self.milled.tally.untouched += 1;
                rest.next().map(|sourced| (sourced, None, None))
            };
            ready.extend(next.map(|(sourced, resolution, before)| Ready { sourced, resolution, input, before }));
        }
        Ok(ready)
    }

    /// Whether the user lets an entry change.
    fn may_change(&self, input: usize, entry: &Entry) -> bool {
        let touched = &self.plan.touch_only;
        touched.is_empty()
            || input >= self.plan.first_added
            || entry.key.as_ref().is_some_and(|key| touched.contains(key))
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

    fn entry(&mut self, ready: Ready) -> Result<()> {
        let Ready { sourced: Sourced { mut entry, mut origins, span }, resolution, input, before } = ready;
        let own_key = entry.key.take();
        entry.key.clone_from(&own_key);
        let (key, right) = self.key(&entry, input);
        let is_new_key = own_key.as_deref().unwrap_or_default() != key;
        // The key that stands in the text is not that of a merged entry, where the first one had none.
        let stood = before.as_ref().map_or(own_key.as_deref(), |before| before.key.as_deref());
        let renamed = stood.unwrap_or_default() != key;
        if is_new_key && right != Right::Own {
            origins.set(
                FieldName::Key,
                Origin::Derived(if right == Right::Made { "key pattern" } else { "existing key" }),
            );
        }
        entry.key = Some(key);
        let at = self.original(input).and_then(|original| original.place(span));
        let stays = at.is_some() && self.original(input).is_some_and(|original| original.keeps_entries);
        let printed = if stays {
            self.printer.clear();
            // What was read stays in the text; only what is new may find no place.
            let had = before.as_ref().map_or_else(Vec::new, |before| before.fields());
            let ids = |entry: &Entry, scheme| entry.ids.iter().filter(|id| id.scheme() == scheme).count();
            let grown: Vec<Scheme> = before.as_ref().map_or_else(Vec::new, |before| {
                Scheme::ALL.iter().copied().filter(|scheme| ids(&entry, *scheme) > ids(before, *scheme)).collect()
            });
            let is_grown = |field| matches!(field, FieldName::Id(scheme) if grown.contains(&scheme));
            if let (Some(at), Some(before)) = (&at, before) {
                self.edit(input, at, &before, &entry, resolution.as_ref(), span);
            }
            self.printer.dropped.retain(|dropped| {
                is_new(&origins, dropped.field) || !had.contains(&dropped.field) || is_grown(dropped.field)
            });
            None
        } else {
            Some(self.print(&entry, input, at.is_some())?)
        };
        let key = entry.key.as_deref().unwrap_or_default();
        self.milled.tally.count_output(resolution.as_ref());
        self.not_ascii(&entry, span);
        self.dropped(&entry, span, &origins);
        if let Some(report) = &mut self.milled.report {
            let (dropped, input) = (&self.printer.dropped, &self.names[input]);
            let facts = Facts { key, input, span, resolution: resolution.as_ref(), origins: &origins, dropped };
            report.push(self.milled.claims.len() + 1, &facts)?;
        }
        if let Some(sort_key) = super::sort::key(self.plan.sort, &entry) {
            self.milled.sort_keys.push(sort_key);
        }
        let claim = u32::try_from(self.milled.claims.len()).unwrap_or(u32::MAX);
        let orders = printed.is_some() || self.plan.sort != Sort::None;
        if let (Format::Bibtex, true, Some(parent)) =
            (self.plan.to, orders, entry.plain.get(PlainField::CrossReference))
        {
            self.milled.references.push(CrossReference { child: claim, parent: parent.clone() });
        }
        if let (Some(piece), Format::Bibtex | Format::Biblatex) = (printed, self.plan.to) {
            let named = |key: &str| NamedKey { claim, piece, key: key.to_lowercase() };
            self.milled.printed_names.extend(identity::named_keys(&entry).map(named));
        }
        self.milled.claims.push(Claim {
            key: key.into(),
            right,
            order: Order::of(&entry),
            // Entries of one input may share a key, but for a map: there each is as if it came from an input of its own.
            input: match span {
                _ if self.plan.keys_must_differ => claim,
                // Nor does an entry share its key that did not bring it along.
                _ if renamed => u32::MAX - claim,
                Some(span) => span.source.0,
                None => 0,
            },
        });
        self.milled.layout.places.push(Place { input, at, printed, renamed });
        Ok(())
    }

    fn original(&self, input: usize) -> Option<&Original> {
        self.milled.layout.originals.get(input)?.as_ref()
    }

    /// Prints an entry into the spool, to stand in its place in its text, or behind a text in whose style it is printed.
    fn print(&mut self, entry: &Entry, input: usize, in_place: bool) -> Result<u32> {
        self.printer.clear();
        let edited = self.milled.layout.edited().filter(|_| input >= self.plan.first_added);
        let options =
            edited.map_or_else(|| self.plan.write_options.clone(), |host| host.options(&self.plan.write_options));
        (self.plan.writer.entry)(entry, &options, &mut self.printer);
        let number = u32::try_from(self.milled.spool.len()).unwrap_or(u32::MAX);
        let Printer { out, key_end, .. } = &self.printer;
        match (edited, self.original(input).filter(|_| in_place)) {
            (Some(host), _) => {
                let (text, key_end) = host.restyled(out);
                self.milled.spool.push(&text, key_end)?;
            }
            (None, Some(original)) => {
                let text = original.with_newlines(out).into_owned();
                self.milled.spool.push(&text, *key_end)?;
            }
            (None, None) => self.milled.spool.push(out, *key_end)?,
        }
        Ok(number)
    }

    /// Changes an entry in its text.
    fn edit(
        &mut self,
        input: usize,
        at: &Range<usize>,
        before: &Entry,
        entry: &Entry,
        resolution: Option<&Resolution>,
        span: Option<Span>,
    ) {
        let matched = resolution.is_some_and(|found| found.outcome == resolve::Outcome::Matched);
        let Some(Some(original)) = self.milled.layout.originals.get_mut(input) else { return };
        let (options, form) = (
            &self.plan.write_options,
            if matched && self.plan.recommends_unless.is_some() { Form::Recommended } else { Form::AsWritten },
        );
        let mut before = before.clone();
        before.key.clone_from(&entry.key);
        if before == *entry && !matched {
            return;
        }
        let changed = original.complete(at, &before, entry, options, form);
        (self.plan.writer.entry)(entry, options, &mut self.printer);
        if changed == Changed::Refused {
            let message = "the entry is not closed, so it is left as it is";
            let finding = Diagnostic::new(Rule::UnclosedEntry, message).severity(Severity::Warning).at(span);
            self.finding(&finding.key(entry.key.as_deref()).help("close the entry and run again"));
        }
    }

    /// The key of an entry, and by what right.
    fn key(&mut self, entry: &Entry, input: usize) -> (String, Right) {
        if let Some(key) = self.kept.named.take(entry) {
            return (key, Right::Kept);
        }
        let own = entry.key.clone().filter(|key| self.plan.keeps_keys && !key.is_empty());
        let is_edited = input < self.plan.first_added && self.milled.layout.edited().is_some();
        // An edited entry whose key the old output has keeps it, even where another entry is like it.
        let stands = is_edited && own.as_ref().is_some_and(|own| self.kept.output.holds(own));
        let kept = if stands { None } else { self.kept.output.take(entry) };
        match (kept, own) {
            (Some(kept), Some(own)) if self.plan.prefers_own_keys && kept != own => (own, Right::Own),
            (Some(kept), _) => (kept, Right::Kept),
            (None, own) if is_edited && (self.plan.keeps_keys || self.plan.in_place) => {
                (own.or_else(|| entry.key.clone()).unwrap_or_default(), Right::Fixed)
            }
            (None, Some(own)) if self.milled.taken_words.contains(&own.to_lowercase()) => (own, Right::Made),
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
            let was_read = !is_new(origins, field);
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

/// Whether a value did not stand in the input.
fn is_new(origins: &Origins, field: FieldName) -> bool {
    matches!(origins.get(field), Some(Origin::Catalog { .. } | Origin::Derived(_)))
}

/// What is said where an input declares another number of entries than was read.
pub(in crate::cli) fn count_mismatch(declared: u64, read: u64) -> String {
    let entries = if declared == 1 { "entry" } else { "entries" };
    let were = if read == 1 { "was" } else { "were" };
    format!("the input declares {declared} {entries}, {read} {were} read")
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
