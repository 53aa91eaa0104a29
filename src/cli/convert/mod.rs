//! `bibmill convert`: inputs of any format become one bibliography.
//!
//! reader → (channel) → resolve → key → writer → spool → output. The readers run on this thread, the rest on another.

mod feed;
mod mill;
mod sort;
mod tally;

use super::args::{self, Common, Convert, PreprintType, Sort};
use super::output::{self, Target};
use super::spool::Frame;
use super::terminal::Terminal;
use super::{Outcome, catalog, input};
use crate::diagnostic::Diagnostic;
use crate::error::{Error, Result};
use crate::format::{Format, FormatSpec, ReadOptions, WriteOptions, Writer};
use crate::key::{KeptKeys, Pattern, Right, Suffix};
use crate::record::DateChoice;
use crate::resolve::{self, Resolver};
use crate::source::SourceId;
use crate::stream::{Sink, Sourced};
use input::Opened;
use mill::{Kept, Mill, Milled};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread::{self, Scope, ScopedJoinHandle};

/// Bytes of stack for each of the two threads.
const STACK: usize = 16 << 20;

/// What a run does, decided before anything is read.
#[expect(clippy::struct_excessive_bools, reason = "each is one wish of the user")]
struct Plan {
    writer: Writer,
    write_options: WriteOptions,
    read_options: ReadOptions,
    pattern: Pattern,
    keeps_keys: bool,
    /// Also against the old output's.
    prefers_own_keys: bool,
    sort: Sort,
    wants_report: bool,
    wants_catalog: bool,
    merges: bool,
    /// Whether the output is a map, which has each key once.
    keys_must_differ: bool,
}

pub(super) fn run(args: &Convert, common: &Common, terminal: &mut Terminal) -> Result<Outcome> {
    let paths = input::named(&args.inputs);
    if input::waits_for_typing(&paths) {
        terminal.note("reading what you type or paste; end it with Ctrl-D");
    }
    // A single input's own dialect decides about the output's; several inputs are opened one after the other.
    let mut first = (paths.len() == 1).then(|| input::open(&paths[0], SourceId(0), args.from));
    let to = output_format(args, first.as_ref().and_then(|opened| opened.as_ref().ok()));
    let plan = plan(args, common, to)?;
    let target = target(args.output.as_deref())?;
    let report_target = target_of(args.report.as_deref())?;
    let kept = kept_keys(args, to, target.as_ref())?;
    let catalogs = catalogs(args, common, terminal)?;

    let resolver = (!catalogs.is_empty()).then(|| Resolver::new(&catalogs, resolve_options(args)));
    let mill = Mill::new(&plan, resolver, kept.0, target.as_ref().map(Target::directory), terminal);
    let open = |number, path: &Path| input::open(path, SourceId(number), args.from);
    let mut milled = thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel(feed::WAITING);
        let mill = thread(scope, "mill", move || mill.run(&receiver))?;
        let feeder = thread(scope, "reader", || {
            let sender = sender;
            for (number, path) in (0..).zip(&paths) {
                let opened = first.take().unwrap_or_else(|| open(number, path));
                if feed::feed(opened, &plan.read_options, &sender) == ControlFlow::Break(()) {
                    break;
                }
            }
        })?;
        feeder.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        mill.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })?;
    milled.tally.catalogs = catalogs.iter().map(crate::catalog::Catalog::info).collect();
    finish(args, &plan, milled, &kept.1, target.as_ref(), report_target.as_ref(), terminal)
}

/// Starts a thread with a stack that nested markup does not exhaust, whatever the platform gives to threads by default.
fn thread<'s, T: Send + 's>(
    scope: &'s Scope<'s, '_>,
    name: &str,
    work: impl FnOnce() -> T + Send + 's,
) -> Result<ScopedJoinHandle<'s, T>> {
    let builder = thread::Builder::new().name(name.to_owned()).stack_size(STACK);
    builder.spawn_scoped(scope, work).map_err(|error| Error::io("starting a thread failed", error))
}

/// Gives the keys their suffixes, writes, and says how it went.
fn finish(
    args: &Convert,
    plan: &Plan,
    milled: Milled,
    reserved: &KeptKeys,
    target: Option<&Target>,
    report_target: Option<&Target>,
    terminal: &mut Terminal,
) -> Result<Outcome> {
    let Milled { spool, report, claims, sort_keys, tally } = milled;
    let mut suffixes = crate::key::assign(&claims, reserved);
    if !plan.keys_must_differ {
        keep_own_keys(&claims, &mut suffixes);
    }
    let order = sort::order(plan.sort, &claims, &suffixes, &sort_keys);
    terminal.finish_reports();
    say_changed_keys(&claims, &suffixes, terminal);

    let mut outcome = if args.strict && tally.breaks_strictness() { Outcome::Findings } else { Outcome::Done };
    if let (Some(report), Some(target)) = (report, report_target) {
        target.write(|out| report.copy(&suffixes, out))?;
    }
    let copy = |out: &mut dyn Write| spool.copy(frame(&plan.writer), &suffixes, order.as_deref(), out);
    if tally.failed && tally.entries == 0 {
        // There is nothing to write, and what went wrong has been said.
        return Ok(Outcome::Failed);
    }
    if tally.failed && !args.partial {
        terminal.note("nothing is written, because an input failed; --partial writes what could be read");
    } else if args.diff {
        outcome = outcome.max(diff(target, copy)?);
    } else if !args.dry_run {
        match target {
            Some(target) => target.write(copy)?,
            None => output::fill_stdout(copy)?,
        }
    }
    for line in tally.catalog_lines() {
        terminal.note(&line);
    }
    terminal.summary(&tally.text(), &tally.json());
    Ok(if tally.failed { Outcome::Failed } else { outcome })
}

fn diff(target: Option<&Target>, copy: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<Outcome> {
    let Some(target) = target else { return Err(super::usage_error("--diff compares with a file; name it with -o")) };
    let old = target.read()?;
    let mut new = Vec::new();
    copy(&mut new)?;
    if old == new {
        return Ok(Outcome::Done);
    }
    let name = target.shown().display().to_string();
    output::fill_stdout(|out| super::diff::print(&name, &old, &new, out))?;
    Ok(Outcome::Findings)
}

/// Keys that entries brought along and that another entry has too cannot stay; that is said.
/// A key that an entry brought along stays what it is, even where two entries have it: the reader has said so, and
/// citations name it.
fn keep_own_keys(claims: &[crate::key::Claim], suffixes: &mut [Suffix]) {
    for (claim, suffix) in claims.iter().zip(suffixes) {
        if claim.right == Right::Own {
            *suffix = Suffix::default();
        }
    }
}

fn say_changed_keys(claims: &[crate::key::Claim], suffixes: &[Suffix], terminal: &mut Terminal) {
    let changed = claims
        .iter()
        .zip(suffixes)
        .filter(|(claim, suffix)| claim.right == Right::Own && **suffix != Suffix::default());
    let changed: Vec<String> = changed.map(|(claim, suffix)| format!("{}{}", claim.key, suffix.letters())).collect();
    if let Some(first) = changed.first() {
        let (entries, have) = if changed.len() == 1 { ("entry", "has") } else { ("entries", "have") };
        terminal.note(&format!(
            "{} {entries} brought a key that another entry {have} too and got a suffix (first: {first})",
            changed.len()
        ));
    }
}

fn plan(args: &Convert, common: &Common, to: &FormatSpec) -> Result<Plan> {
    let writer = to.write.ok_or_else(|| super::usage_error(format!("{} is read, not written", to.name)))?;
    Ok(Plan {
        writer,
        keys_must_differ: to.format == Format::Hayagriva,
        write_options: WriteOptions {
            ascii: args.ascii && matches!(to.format, Format::Bibtex | Format::Biblatex),
            preprint_as_article: args.preprint_type == PreprintType::Article,
        },
        read_options: ReadOptions { date: date_choice(args), threads: common.threads },
        pattern: args.key.as_deref().map_or_else(|| Ok(Pattern::default()), Pattern::parse)?,
        keeps_keys: args.keep_keys || args.key.is_none(),
        prefers_own_keys: args.keep_keys,
        sort: args.sort,
        wants_report: args.report.is_some(),
        wants_catalog: !args.no_resolve,
        merges: args.merge,
    })
}

fn resolve_options(args: &Convert) -> resolve::Options {
    resolve::Options { accept_likely: args.accept_likely, keep_cut: args.keep_cut, date: date_choice(args) }
}

fn date_choice(args: &Convert) -> DateChoice {
    match args.date {
        args::DateChoice::First => DateChoice::First,
        args::DateChoice::Latest => DateChoice::Latest,
    }
}

/// The output's format: asked for, else OUT's extension's, else BibTeX. One `.bib` input keeps its dialect in a `.bib` output.
fn output_format(args: &Convert, single: Option<&Opened>) -> &'static FormatSpec {
    if let Some(format) = args.to {
        return format.spec();
    }
    let extension = args.output.as_deref().and_then(Path::extension).and_then(|extension| extension.to_str());
    let claimed = extension.and_then(|e| Format::by_extension(e).find(|format| format.spec().write.is_some()));
    let is_biblatex = single.and_then(|opened| opened.format).is_some_and(|spec| spec.format == Format::Biblatex);
    match claimed {
        Some(Format::Bibtex) if is_biblatex => Format::Biblatex,
        Some(format) => format,
        None => Format::Bibtex,
    }
    .spec()
}

/// Where to write; nothing for standard output.
fn target(path: Option<&Path>) -> Result<Option<Target>> {
    target_of(path.filter(|path| *path != Path::new("-")))
}

fn target_of(path: Option<&Path>) -> Result<Option<Target>> {
    path.map(Target::new).transpose()
}

fn catalogs(args: &Convert, common: &Common, terminal: &mut Terminal) -> Result<Vec<crate::catalog::Catalog>> {
    if args.no_resolve {
        return Ok(Vec::new());
    }
    let search = if args.diff { catalog::Search::NotTheUsersFolder } else { catalog::Search::Everywhere };
    catalog::open_all(&args.catalog, search, common, terminal)
}

/// The keys that exist, once to hand out and once to keep others from taking them.
fn kept_keys(args: &Convert, to: &FormatSpec, target: Option<&Target>) -> Result<(Kept, KeptKeys)> {
    let mut kept = Kept::default();
    if let Some(path) = &args.keys_from {
        kept.named = read_keys(path, None)?;
    }
    if let Some(target) = target.filter(|target| target.is_file() && to.read.is_some()) {
        // An old output that cannot be read has no keys to keep; it is about to be replaced.
        kept.output = read_keys(&PathBuf::from(target.shown()), Some(to.format)).unwrap_or_default();
    }
    let mut reserved = kept.named.clone();
    reserved.extend(&kept.output);
    Ok((kept, reserved))
}

fn read_keys(path: &Path, format: Option<Format>) -> Result<KeptKeys> {
    let opened = input::open(path, SourceId(u32::MAX), format)?;
    let mut keys = KeyReader(KeptKeys::default());
    if let Some(format) = opened.format {
        input::reader_of(format)?(opened.input, &ReadOptions::default(), &mut keys)?;
    }
    Ok(keys.0)
}

/// Takes the keys of what is read, and nothing else.
struct KeyReader(KeptKeys);

impl Sink for KeyReader {
    fn entry(&mut self, entry: Sourced) -> ControlFlow<()> {
        self.0.add(&entry.entry);
        ControlFlow::Continue(())
    }

    fn report(&mut self, _: Diagnostic) {}
}

const fn frame(writer: &Writer) -> Frame {
    Frame { head: writer.head, separator: writer.separator, tail: writer.tail, empty: writer.empty }
}
