//! `bibmill convert`: inputs of any format become one bibliography.
//!
//! reader → (channel) → resolve → key → writer → spool → output. The readers run on this thread, the rest on another.

mod feed;
mod layout;
mod mill;
mod old_keys;
mod original;
mod sort;
mod tally;

use super::args::{self, Common, Convert, PreprintType, Sort};
use super::output::{self, Target};
use super::spool::{Frame, Renames};
use super::terminal::Terminal;
use super::{Outcome, catalog, input};
use crate::error::{Error, Result};
use crate::format::{Format, FormatSpec, ReadOptions, WriteOptions, Writer};
use crate::key::{KeptKeys, Pattern, Right, Suffix};
use crate::record::DateChoice;
use crate::resolve::{self, Resolver};
use crate::source::SourceId;
use input::Opened;
use layout::Layout;
pub(super) use mill::count_mismatch;
use mill::{Kept, Mill, Milled, NamedKey};
pub(super) use original::words_taken;
use std::collections::{HashMap, HashSet};
use std::io::{Read as _, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread::{self, Scope, ScopedJoinHandle};
use tally::Tally;

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
    /// The output's format.
    to: Format,
    /// How many inputs there are, those that are added included.
    inputs: usize,
    /// The number of the first one that is added to the others.
    first_added: usize,
    /// The only keys whose entries may change; none for all.
    touch_only: HashSet<String>,
    /// The one input is the output as well.
    in_place: bool,
    publishes: bool,
    /// Whether it is said that published versions are known; the model's own dump is for tests and bug reports.
    hints: bool,
    /// The format whose inputs keep the form in which they write arXiv's papers; nothing when all of them do.
    recommends_unless: Option<Format>,
}

pub(super) fn run(args: &Convert, common: &Common, terminal: &mut Terminal) -> Result<Outcome> {
    let own = input::named(&args.inputs);
    let paths = [own.as_slice(), &args.add].concat();
    if input::waits_for_typing(&paths) {
        terminal.note("reading what you type or paste; end it with Ctrl-D");
    }
    // A single input's own dialect decides about the output's; several inputs are opened one after the other.
    let mut first = (own.len() == 1).then(|| input::open(&own[0], SourceId(0), args.from));
    let to = output_format(args, first.as_ref().and_then(|opened| opened.as_ref().ok()));
    let target = target(args.output.as_deref())?;
    let in_place = own.len() == 1 && target.as_ref().is_some_and(|target| target.is(&own[0]));
    let plan = Plan { first_added: own.len(), inputs: paths.len(), in_place, ..plan(args, common, to)? };
    let report_target = target_of(args.report.as_deref())?;
    if let (Some(target), Some(report)) = (&target, &args.report)
        && (target.is(report) || args.output.as_ref() == Some(report))
    {
        return Err(super::usage_error("--report and -o name the same file"));
    }
    let kept = kept_keys(args, &plan, target.as_ref(), terminal)?;
    let catalogs = catalogs(args, common, terminal)?;

    let resolver = (!catalogs.is_empty()).then(|| Resolver::new(&catalogs, resolve_options(args)));
    let keeps_text = matches!(to.format, Format::Bibtex | Format::Biblatex);
    let mill = Mill::new(&plan, resolver, kept, target.as_ref().map(Target::directory), terminal);
    // What is added has a format of its own.
    let from = |number: u32| args.from.filter(|_| (number as usize) < own.len());
    let open = |number, path: &Path| input::open(path, SourceId(number), from(number));
    let mut milled = thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel(feed::WAITING);
        let mill = thread(scope, "mill", move || mill.run(&receiver))?;
        let feeder = thread(scope, "reader", || {
            let sender = sender;
            for (number, path) in (0..).zip(&paths) {
                let opened = first.take().unwrap_or_else(|| open(number, path));
                if feed::feed(opened, &plan.read_options, keeps_text, &sender) == ControlFlow::Break(()) {
                    break;
                }
            }
        })?;
        feeder.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        mill.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })?;
    milled.tally.catalogs = catalogs.iter().map(crate::catalog::Catalog::info).collect();
    finish(args, &plan, milled, target.as_ref(), report_target.as_ref(), terminal)
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
    target: Option<&Target>,
    report_target: Option<&Target>,
    terminal: &mut Terminal,
) -> Result<Outcome> {
    let Milled {
        mut spool,
        report,
        claims,
        sort_keys,
        printed_names,
        references,
        mut layout,
        taken_words,
        tally,
        kept,
        touched,
    } = milled;
    let suffixes = crate::key::assign(&claims, &kept.reserved(&taken_words));
    let mut order = sort::order(plan.sort, &claims, &suffixes, &sort_keys);
    let behind = sort::parents_last(order.as_deref(), &references, &claims, &suffixes);
    let (mut moved, mut misplaced) = (0, 0);
    if let Some((sorted, count)) = behind {
        // A text that is edited keeps its order, unless another one is wanted.
        if layout.edited().is_some() && order.is_none() {
            misplaced = count;
        } else {
            (order, moved) = (Some(sorted), count);
        }
    }
    if let (Some(_), Some(name)) = (&order, layout.redefined()) {
        terminal.note(&format!("the entries stay in their order, because `{name}` is defined twice with two values"));
        (order, moved) = (None, 0);
    }
    terminal.finish_reports();
    say_changed_keys(&claims, &suffixes, terminal);
    let unrenamed = layout.rename(&claims, &suffixes);
    say_refused_keys(&unrenamed.keys, terminal);
    spool.rename(renames_of(&printed_names, &claims, &suffixes));
    for (key, field) in &unrenamed.composed {
        super::keys::say_composed(key, field, terminal);
    }
    say_lost_entries(&claims, &suffixes, &kept, target, terminal);
    say_unknown_keys(plan, &touched, terminal);

    let mut outcome = if args.strict && tally.breaks_strictness() { Outcome::Findings } else { Outcome::Done };
    if let (Some(report), Some(target)) = (report, report_target) {
        target.write(|out| report.copy(&suffixes, out))?;
    }
    let edits = edit_summary(plan, &layout, &tally);
    let copy = |out: &mut dyn Write| {
        if layout.keeps_text() {
            return layout.write(spool, &suffixes, order.as_deref(), out);
        }
        spool.copy(frame(&plan.writer), &suffixes, order.as_deref(), out)
    };
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
    edits.iter().for_each(|line| terminal.note(line));
    if moved > 0 {
        let entries = if moved == 1 { "entry stands" } else { "entries stand" };
        terminal.note(&format!("{moved} {entries} behind those that name it by crossref, as BibTeX wants it"));
    }
    if misplaced > 0 {
        let entries = if misplaced == 1 { "entry stands" } else { "entries stand" };
        terminal.note(&format!(
            "{misplaced} {entries} before new ones that name it by crossref, which BibTeX takes for an error; move it behind them"
        ));
    }
    if let Some(line) = tally.published_line() {
        terminal.note(&line);
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
fn say_changed_keys(claims: &[crate::key::Claim], suffixes: &[Suffix], terminal: &mut Terminal) {
    let changed = claims
        .iter()
        .zip(suffixes)
        .filter(|(claim, suffix)| claim.right == Right::Own && **suffix != Suffix::default());
    let changed: Vec<String> = changed.map(|(claim, suffix)| format!("{}{}", claim.key, suffix.letters())).collect();
    if let Some(first) = changed.first() {
        let entries = if changed.len() == 1 { "entry" } else { "entries" };
        terminal.note(&format!(
            "{} {entries} brought a key that another input's entry has too and got a suffix (first: {first})",
            changed.len()
        ));
    }
}

/// Keys that could not be changed, because their entries cannot be edited.
fn say_refused_keys(refused: &[String], terminal: &mut Terminal) {
    if let Some(first) = refused.first() {
        terminal.note(&format!(
            "the keys of {} entries that are not closed stay as they are (first: {first})",
            refused.len()
        ));
    }
}

/// What printed entries are to call others that got a suffix: they name them by the keys that these brought along.
fn renames_of(names: &[NamedKey], claims: &[crate::key::Claim], suffixes: &[Suffix]) -> Renames {
    let new_keys: HashMap<(u32, String), usize> = (0..claims.len())
        .filter(|at| suffixes[*at] != Suffix::default())
        .map(|at| ((claims[at].input, claims[at].key.to_lowercase()), at))
        .collect();
    let mut renames = Renames::new();
    for NamedKey { claim, piece, key } in names {
        if let Some(at) = new_keys.get(&(claims[*claim as usize].input, key.clone())) {
            let new = format!("{}{}", claims[*at].key, suffixes[*at].letters());
            renames.entry(*piece).or_default().insert(key.clone(), new);
        }
    }
    renames
}

/// An old output whose entries are not written again is not replaced without a word.
fn say_lost_entries(
    claims: &[crate::key::Claim],
    suffixes: &[Suffix],
    kept: &Kept,
    target: Option<&Target>,
    terminal: &mut Terminal,
) {
    let Some(target) = target.filter(|_| !kept.output.is_empty()) else { return };
    let written: Vec<String> =
        claims.iter().zip(suffixes).map(|(claim, suffix)| format!("{}{}", claim.key, suffix.letters())).collect();
    let lost = kept.output.missing_in(written.iter().map(String::as_str));
    if let Some(first) = lost.first() {
        let name = target.shown().display();
        let (entries, are) = if lost.len() == 1 { ("entry", "is") } else { ("entries", "are") };
        terminal.note(&format!(
            "{name} held {} {entries} that {are} not written again (first: {first}); `bibmill convert {name} --add INPUT -o {name}` keeps them",
            lost.len()
        ));
    }
}

/// `--touch-only` names entries that must exist.
fn say_unknown_keys(plan: &Plan, known: &HashSet<String>, terminal: &mut Terminal) {
    let mut unknown: Vec<&str> =
        plan.touch_only.iter().map(String::as_str).filter(|key| !known.contains(*key)).collect();
    unknown.sort_unstable();
    for key in unknown {
        terminal.note(&format!("--touch-only {key}: no entry has this key"));
    }
}

/// What was done to a file that is edited; nothing when nothing was asked.
fn edit_summary(plan: &Plan, layout: &Layout, tally: &Tally) -> Option<String> {
    let original = layout.edited()?;
    let asked = tally.resolves || plan.merges || plan.inputs > plan.first_added;
    let added = layout.places.iter().filter(|place| place.input >= plan.first_added).count();
    let stay = (layout.places.len() - added) as u64 - original.changed;
    let taken_out = match original.taken_out {
        0 => String::new(),
        count => format!(", {count} merged into others"),
    };
    let known = match tally.known {
        0 => String::new(),
        count => format!(" ({count} stood there already)"),
    };
    let entries = if original.changed == 1 { "entry" } else { "entries" };
    asked.then(|| format!("{} {entries} changed, {added} added{known}{taken_out}, {stay} as before", original.changed))
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
        read_options: ReadOptions {
            date: date_choice(args),
            threads: common.threads,
            as_written: args.keep_as_written,
        },
        pattern: args
            .key
            .as_deref()
            .or(args.pattern.as_deref())
            .map_or_else(|| Ok(Pattern::default()), Pattern::parse)?,
        keeps_keys: args.keep_keys || args.key.is_none(),
        prefers_own_keys: args.keep_keys,
        sort: args.sort,
        wants_report: args.report.is_some(),
        wants_catalog: !args.no_resolve,
        merges: args.merge,
        to: to.format,
        inputs: 1,
        first_added: 1,
        touch_only: args.touch_only.iter().cloned().collect(),
        in_place: false,
        publishes: args.published,
        hints: to.format != Format::Native,
        recommends_unless: (!args.keep_as_written).then_some(to.format),
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
    let writable = |e| Format::by_extension(e).filter(|format| format.spec().write.is_some());
    // What stands there already says more than an extension that several formats have; of `.bib` files the input does.
    let is_open = |e| writable(e).count() > 1 && writable(e).all(|format| format != Format::Bibtex);
    let stands = args.output.as_deref().zip(extension).filter(|(_, e)| is_open(e));
    let standing = stands.and_then(|(path, e)| {
        let head = head_of(path)?;
        writable(e).find(|format| matches!((format.spec().sniff)(&head), crate::format::Sniff::Yes))
    });
    let claimed = standing.or_else(|| extension.and_then(|e| writable(e).next()));
    let is_biblatex = single.and_then(|opened| opened.format).is_some_and(|spec| spec.format == Format::Biblatex);
    match claimed {
        Some(Format::Bibtex) if is_biblatex => Format::Biblatex,
        Some(format) => format,
        None => Format::Bibtex,
    }
    .spec()
}

/// The beginning of a file that exists.
fn head_of(path: &Path) -> Option<String> {
    const LENGTH: u64 = 1 << 16;
    let mut head = Vec::new();
    let file = path.is_file().then(|| input::open_file(path).ok())??;
    file.take(LENGTH).read_to_end(&mut head).ok()?;
    Some(String::from_utf8_lossy(&head).into_owned())
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
        if !args.catalog.is_empty() {
            terminal.note("--no-resolve wins: the catalog is not used");
        }
        return Ok(Vec::new());
    }
    let search = if args.diff { catalog::Search::NotTheUsersFolder } else { catalog::Search::Everywhere };
    catalog::open_all(&args.catalog, search, common, terminal)
}

/// The keys that exist.
fn kept_keys(args: &Convert, plan: &Plan, target: Option<&Target>, terminal: &mut Terminal) -> Result<Kept> {
    let mut kept = Kept::default();
    if let Some(path) = &args.keys_from {
        kept.named = read_keys(path, None)?;
    }
    let readable = plan.to.spec().read.is_some();
    if let Some(target) = target.filter(|target| target.is_file() && readable && !plan.in_place) {
        let name = target.shown().display();
        match read_keys(&PathBuf::from(target.shown()), Some(plan.to)) {
            Ok(keys) if keys.is_empty() && target.is_long() => {
                terminal.note(&format!("no keys were found in {name}, which is replaced; so none are kept"));
            }
            Ok(keys) => kept.output = keys,
            Err(error) => {
                terminal.note(&format!("the keys of the old {name} cannot be read, so they are not kept: {error}"));
            }
        }
    }
    Ok(kept)
}

fn read_keys(path: &Path, format: Option<Format>) -> Result<KeptKeys> {
    if matches!(format, Some(Format::Bibtex | Format::Biblatex)) {
        return old_keys::read(path, format.unwrap_or(Format::Bibtex));
    }
    let opened = input::open(path, SourceId(u32::MAX), format)?;
    let mut keys = old_keys::KeyReader::default();
    if let Some(format) = opened.format {
        input::reader_of(format)?(opened.input, &ReadOptions::default(), &mut keys)?;
    }
    Ok(keys.0)
}

const fn frame(writer: &Writer) -> Frame {
    Frame { head: writer.head, separator: writer.separator, tail: writer.tail, empty: writer.empty }
}
