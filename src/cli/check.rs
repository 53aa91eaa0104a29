//! `bibmill check`: judges inputs of any format, and repairs `.bib` files.
//!
//! Findings are what the command is asked for: they go to standard output, unless the repaired file or its diff goes there.

use super::args::{Check, Common, FailOn};
use super::config::{self, Config, Profile};
use super::output::{self, Target};
use super::terminal::Terminal;
use super::{Outcome, catalog, cited, input};
use crate::catalog::Catalog;
use crate::check::{self, Paper, Papers, Settings, Works};
use crate::diagnostic::{Diagnostic, Fingerprints, Rule, Severity, SourceText};
use crate::error::{Error, Result};
use crate::format::bibtex::edit::{Edit, Edits};
use crate::format::bibtex::{BlockKind, Dialect, split};
use crate::format::{Decoded, Format, ReadOptions};
use crate::record::Record;
use crate::resolve::{self, Resolver};
use crate::source::{LineIndex, SourceId, Span};
use crate::stream::{Collected, Sink, Sourced};
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// How often repairs are applied, one after the other, until there is nothing left to repair.
const MAX_PASSES: usize = 8;

pub(super) fn run(args: &Check, common: &Common, terminal: &mut Terminal) -> Result<Outcome> {
    let config = config::load()?;
    let paths = input::named(&args.inputs);
    if (args.fix || args.diff) && paths.len() > 1 {
        return Err(super::usage_error("repairs are made to one file at a time"));
    }
    if !(args.diff || args.fix && args.output.is_none()) {
        terminal.findings_are_data();
    }
    let catalogs =
        catalog::open_all(&config.catalogs(&args.catalog), catalog::Search::NotTheUsersFolder, common, terminal)?;
    let target = args.output.as_deref().map(Target::new).transpose()?;
    let mut run = Run {
        judge: Judge::new(args, &config)?,
        resolver: (!catalogs.is_empty()).then(|| Resolver::new(&catalogs, resolve::Options::default())),
        papers: (!catalogs.is_empty()).then(|| Shelf::new(&catalogs)),
        works: Works::default(),
        keys: HashMap::new(),
        wants_keys: !args.cited.is_empty(),
        profile: config.profile,
        terminal,
        entries: 0,
    };
    let mut outcome = Outcome::Done;
    let mut kept = None;
    for (number, path) in (0..).zip(&paths) {
        match run.input(path, SourceId(number), args.from) {
            Ok(text) => kept = text,
            Err(error) => {
                run.terminal.error(&error);
                outcome = Outcome::Failed;
            }
        }
    }
    let first_document = u32::try_from(paths.len()).unwrap_or(u32::MAX);
    for (number, path) in (first_document..).zip(&args.cited) {
        run.cited(path, SourceId(number))?;
    }
    let Run { judge, entries, papers, .. } = run;
    let damage = papers.and_then(|shelf| shelf.damage.into_inner());
    terminal.finish_reports();
    if let Some(damage) = damage {
        return Err(damage);
    }
    judge.finish(entries, terminal)?;
    if judge.fails {
        outcome = outcome.max(Outcome::Findings);
    }
    if let (true, Some((decoded, dialect))) = (args.fix || args.diff, kept) {
        outcome = outcome.max(mend(&paths[0], &decoded, dialect, &judge, target.as_ref(), args.diff)?);
    }
    Ok(outcome)
}

/// Which findings count, and what they make of the run.
struct Judge {
    select: Vec<Rule>,
    ignore: Vec<Rule>,
    fail_on: Severity,
    fails: bool,
    /// Whether what has a safe repair is repaired, and so no finding any more.
    repairs: bool,
    repaired: u64,
    counts: [u64; 3],
    fingerprints: Fingerprints,
    accepted: Option<BTreeSet<String>>,
    /// The baseline to be written, and its lines.
    baseline: Option<(PathBuf, Vec<String>)>,
}

impl Judge {
    fn new(args: &Check, config: &Config) -> Result<Self> {
        let named = |own: &[Rule], of_project: &[config::RuleName]| {
            if own.is_empty() { of_project.iter().map(|name| name.0).collect() } else { own.to_vec() }
        };
        let fail_on = args.fail_on.or(config.rules.fail_on.map(FailOn::from)).unwrap_or_default();
        let mut accepted = None;
        let mut baseline = None;
        if let Some(path) = &args.baseline {
            let target = Target::new(path)?;
            if target.is_file() {
                let text = String::from_utf8_lossy(&target.read()?).into_owned();
                accepted = Some(text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect());
            } else {
                baseline = Some((path.clone(), Vec::new()));
            }
        }
        Ok(Self {
            select: named(&args.select, &config.rules.select),
            ignore: named(&args.ignore, &config.rules.ignore),
            fail_on: match fail_on {
                FailOn::Error => Severity::Error,
                FailOn::Warning => Severity::Warning,
                FailOn::Note => Severity::Note,
            },
            fails: false,
            repairs: args.fix,
            repaired: 0,
            counts: [0; 3],
            fingerprints: Fingerprints::default(),
            accepted,
            baseline,
        })
    }

    fn wants(&self, rule: Rule) -> bool {
        (self.select.is_empty() || self.select.contains(&rule)) && !self.ignore.contains(&rule)
    }

    /// Takes a finding, and says it if it counts.
    fn take(&mut self, finding: &Diagnostic, terminal: &mut Terminal) {
        if !self.wants(finding.rule) {
            return;
        }
        let file = finding.span.map_or("", |span| terminal.name_of(span.source));
        let fingerprint = self.fingerprints.next(finding, file);
        if let Some((_, lines)) = &mut self.baseline {
            let key = finding.key.as_deref().unwrap_or("-");
            let line = format!("{fingerprint} {} {file} {key}", finding.rule.name());
            lines.push(crate::source::printable(&line).into_owned());
            return;
        }
        if self.accepted.as_ref().is_some_and(|accepted| accepted.contains(&fingerprint)) {
            return;
        }
        if self.repairs && finding.fix.as_ref().is_some_and(|fix| fix.safe) {
            self.repaired += 1;
            return;
        }
        self.counts[match finding.severity {
            Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Note => 2,
        }] += 1;
        self.fails |= finding.severity >= self.fail_on;
        terminal.report(finding);
    }

    /// Writes the baseline, and says how many findings there were.
    fn finish(&self, entries: u64, terminal: &mut Terminal) -> Result<()> {
        if let Some((path, lines)) = &self.baseline {
            let text = lines.join("\n") + if lines.is_empty() { "" } else { "\n" };
            let fail = |error| Error::path(path, "writing", error);
            Target::new(path)?.write(|out| out.write_all(text.as_bytes()).map_err(fail))?;
            terminal.note(&format!("findings accepted from now on: {}", lines.len()));
        }
        let [errors, warnings, notes] = self.counts;
        let counted = |count: u64, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
        let mut text = format!(
            "{}: {}, {}, {}",
            counted(entries, "entry", "entries"),
            counted(errors, "error", "errors"),
            counted(warnings, "warning", "warnings"),
            counted(notes, "note", "notes"),
        );
        if self.repairs {
            text = format!("{text}, {} repaired", self.repaired);
        }
        let json = serde_json::json!({"summary": {"entries": entries, "errors": errors, "warnings": warnings, "notes": notes}});
        terminal.summary(&text, &json);
        Ok(())
    }
}

/// A run over all inputs.
struct Run<'r> {
    judge: Judge,
    resolver: Option<Resolver<'r>>,
    papers: Option<Shelf<'r>>,
    works: Works,
    /// Where each key stands, when documents are compared with them.
    keys: HashMap<String, Span>,
    wants_keys: bool,
    profile: Option<Profile>,
    terminal: &'r mut Terminal,
    entries: u64,
}

impl Run<'_> {
    /// Judges one input; gives the text of a `.bib` file back.
    fn input(&mut self, path: &Path, source: SourceId, from: Option<Format>) -> Result<Option<(Decoded, Dialect)>> {
        let opened = match input::open(path, source, from) {
            Ok(opened) => opened,
            Err(error) => {
                // Later inputs keep their place.
                self.terminal.add_source(SourceText::default());
                return Err(error);
            }
        };
        let name = opened.text.name.clone();
        self.terminal.add_source(opened.text);
        let Some(format) = opened.format else {
            self.judge.take(&Diagnostic::new(Rule::EmptyInput, format!("{name} is empty")), self.terminal);
            return Ok(None);
        };
        let dialect = match format.format {
            Format::Bibtex => Some(Dialect::Bibtex),
            Format::Biblatex => Some(Dialect::Biblatex),
            _ => None,
        };
        let before = self.entries;
        let Some(dialect) = dialect else {
            let mut heard = Heard { run: self, entries: Vec::new(), declared: Vec::new() };
            input::reader_of(format)?(opened.input, &ReadOptions::default(), &mut heard)?;
            let Heard { entries, declared, .. } = heard;
            self.listing(entries, &declared, before, format.format)?;
            if self.entries == before {
                let name = crate::source::printable(&name);
                return Err(Error::message(format!("{name}: no entry was found in it")));
            }
            return Ok(None);
        };
        let dialect = match self.profile {
            Some(Profile::Bibtex) => Dialect::Bibtex,
            Some(Profile::Biblatex) => Dialect::Biblatex,
            None => dialect,
        };
        let mut heard = Collected::default();
        let decoded = opened.input.decoded(&mut heard)?;
        heard.diagnostics.iter().for_each(|finding| self.judge.take(finding, self.terminal));
        self.bib(&decoded.text, source, dialect)?;
        Ok(Some((decoded, dialect)))
    }

    fn bib(&mut self, text: &str, source: SourceId, dialect: Dialect) -> Result<()> {
        let lines = self.wants_keys.then(|| LineIndex::new(source, text));
        for block in split(text) {
            let BlockKind::Entry(raw) = block.kind else { continue };
            self.entries += 1;
            if let Some(lines) = &lines {
                self.keys.entry(raw.key.to_owned()).or_insert_with(|| lines.span(raw.key_range.clone()));
            }
        }
        let settings = Settings { papers: self.papers.as_ref().map(|papers| papers as &dyn Papers) };
        let mut report = |finding: Diagnostic| self.judge.take(&finding, self.terminal);
        check::bib(text, source, dialect, &settings, &mut self.works, &mut report)
    }

    /// What is said about an input that is no `.bib` when all of it was read.
    fn listing(
        &mut self,
        mut entries: Vec<Sourced>,
        declared: &[(u64, Span)],
        before: u64,
        format: Format,
    ) -> Result<()> {
        let read = self.entries - before;
        let fits = declared.iter().any(|(count, _)| *count == read)
            || declared.iter().map(|(count, _)| count).sum::<u64>() == read;
        if let Some((count, span)) = declared.first().filter(|_| !fits) {
            let message = super::convert::count_mismatch(*count, read);
            self.judge.take(&Diagnostic::new(Rule::CountMismatch, message).at(*span), self.terminal);
        }
        if let (Some(resolver), Format::Listing) = (&self.resolver, format) {
            let mut heard = Collected::default();
            resolver.resolve(&mut entries, &mut heard)?;
            let about_matches = |finding: &&Diagnostic| {
                matches!(finding.rule, Rule::Unresolved | Rule::Likely | Rule::Ambiguous | Rule::IdTitleMismatch)
            };
            for finding in heard.diagnostics.iter().filter(about_matches) {
                self.judge.take(finding, self.terminal);
            }
        }
        Ok(())
    }

    /// Compares the keys with those that a document cites.
    fn cited(&mut self, path: &Path, source: SourceId) -> Result<()> {
        let opened = input::open(path, source, Some(Format::Listing))?;
        self.terminal.add_source(opened.text);
        let text = opened.input.text(&mut Collected::default())?;
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let lines = LineIndex::new(source, &text);
        let found = cited::keys(&text, &extension.to_ascii_lowercase());
        let all = found.iter().any(|(key, _)| key == "*");
        let mut seen = BTreeSet::new();
        for (key, range) in found.into_iter().filter(|(key, _)| key != "*") {
            if !self.keys.contains_key(&key) && seen.insert(key.clone()) {
                let finding = Diagnostic::new(Rule::CitedMissing, format!("no entry has the key `{key}`"));
                self.judge.take(&finding.at(lines.span(range)).key(Some(&key)), self.terminal);
            }
            seen.insert(key);
        }
        if all {
            return Ok(());
        }
        let mut silent: Vec<(&String, &Span)> = self.keys.iter().filter(|(key, _)| !seen.contains(*key)).collect();
        silent.sort_by_key(|(_, span)| (span.source, span.start));
        for (key, span) in silent {
            let message = format!("{} does not cite `{key}`", path.display());
            self.judge.take(&Diagnostic::new(Rule::NotCited, message).at(*span).key(Some(key)), self.terminal);
        }
        Ok(())
    }
}

/// Takes the entries of an input that is no `.bib`.
struct Heard<'h, 'r> {
    run: &'h mut Run<'r>,
    /// Kept only where the whole list helps to tell what its entries are.
    entries: Vec<Sourced>,
    declared: Vec<(u64, Span)>,
}

impl Sink for Heard<'_, '_> {
    fn entry(&mut self, entry: Sourced) -> ControlFlow<()> {
        let run = &mut *self.run;
        run.entries += 1;
        if let (true, Some(key), Some(span)) = (run.wants_keys, &entry.entry.key, entry.span) {
            run.keys.entry(key.clone()).or_insert(span);
        }
        let settings = Settings { papers: run.papers.as_ref().map(|papers| papers as &dyn Papers) };
        let mut report = |finding: Diagnostic| run.judge.take(&finding, run.terminal);
        check::entry(&entry, &settings, &mut run.works, &mut report);
        if run.resolver.is_some() {
            self.entries.push(entry);
        }
        ControlFlow::Continue(())
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.run.judge.take(&diagnostic, self.run.terminal);
    }

    fn declared_count(&mut self, count: u64, span: Span) {
        self.declared.push((count, span));
    }
}

/// The catalogs as the rules ask them.
struct Shelf<'c> {
    catalogs: &'c [Catalog],
    /// Why a catalog could not be read; the run ends with it.
    damage: OnceCell<Error>,
    described: String,
    newest: (i32, u8),
}

impl<'c> Shelf<'c> {
    fn new(catalogs: &'c [Catalog]) -> Self {
        let infos: Vec<_> = catalogs.iter().map(Catalog::info).collect();
        let described: Vec<String> =
            infos.iter().map(|info| format!("the catalog dated {} ({} records)", info.date, info.records)).collect();
        let month = |date: &str| Some((date.get(..4)?.parse().ok()?, date.get(5..7)?.parse().ok()?));
        let newest = infos.iter().filter_map(|info| month(&info.date)).max().unwrap_or_default();
        Self { catalogs, damage: OnceCell::new(), described: described.join(" and "), newest }
    }
}

impl Shelf<'_> {
    fn record(&self, id: &str) -> Result<Option<Record>> {
        for catalog in self.catalogs {
            if let Some(at) = catalog.by_id(id)? {
                return catalog.record(at).map(Some);
            }
        }
        Ok(None)
    }
}

/// What the rules want to know of a record.
fn paper(record: &Record) -> Paper {
    let entry = record.to_entry(None, crate::record::DateChoice::First);
    let published = [&record.journal_ref, &record.doi].into_iter().find(|text| !text.is_empty()).cloned();
    Paper {
        title: entry.title().map(crate::model::Text::to_plain).unwrap_or_default(),
        families: record.names().iter().map(|name| name.family().to_owned()).collect(),
        latest: record.latest_version(),
        withdrawn: record.comments.to_ascii_lowercase().contains("withdrawn"),
        published,
    }
}

impl Papers for Shelf<'_> {
    fn paper(&self, id: &str) -> Result<Option<Paper>> {
        match self.record(id) {
            Ok(record) => Ok(record.as_ref().map(paper)),
            Err(error) => {
                let said = Error::message(error.to_string());
                let _ = self.damage.set(error);
                Err(said)
            }
        }
    }

    fn described(&self) -> String {
        self.described.clone()
    }

    fn newest(&self) -> (i32, u8) {
        self.newest
    }
}

/// Applies the safe repairs until none is left, and writes or shows what came of it.
fn mend(
    path: &Path,
    decoded: &Decoded,
    dialect: Dialect,
    judge: &Judge,
    target: Option<&Target>,
    shows: bool,
) -> Result<Outcome> {
    let mut text = decoded.text.clone();
    for _ in 0..MAX_PASSES {
        let edits = safe_edits(&text, dialect, judge)?;
        if edits.is_empty() {
            break;
        }
        text = edits.apply(&text);
    }
    if shows {
        if text == decoded.text {
            return Ok(Outcome::Done);
        }
        let name = path.display().to_string();
        output::fill_stdout(|out| super::diff::print(&name, decoded.text.as_bytes(), text.as_bytes(), out))?;
        return Ok(Outcome::Findings);
    }
    if decoded.wants_ascii() {
        return Err(Error::message("the file is not UTF-8 throughout; convert it before it is repaired"));
    }
    let bytes = decoded.encoding.encode(&text);
    let fill = |out: &mut dyn Write| {
        let written = out.write_all(decoded.encoding.mark()).and_then(|()| out.write_all(&bytes));
        written.map_err(|error| Error::io("writing failed", error))
    };
    match target {
        Some(target) => target.write(fill)?,
        None => output::fill_stdout(fill)?,
    }
    Ok(Outcome::Done)
}

/// The safe repairs of a text that do not get into each other's way.
fn safe_edits(text: &str, dialect: Dialect, judge: &Judge) -> Result<Edits> {
    let mut edits = Edits::new();
    let mut report = |finding: Diagnostic| {
        let wanted = judge.wants(finding.rule);
        if let Some(fix) = finding.fix.filter(|fix| wanted && fix.safe) {
            // What overlaps another repair is made in the next pass.
            let _ = edits.push_all(fix.edits.into_iter().map(|edit| Edit::replace(edit.range, edit.text)));
        }
    };
    check::bib(text, SourceId(0), dialect, &Settings::default(), &mut Works::default(), &mut report)?;
    Ok(edits)
}
