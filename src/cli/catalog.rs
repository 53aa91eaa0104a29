//! `bibmill catalog`, and which catalogs `convert` uses.

use super::args::{CatalogCommand, Common};
use super::output::{self, Target};
use super::terminal::Terminal;
use super::{Outcome, environment, find, input};
use crate::catalog::{BuildOptions, Builder, Catalog, Info};
use crate::diagnostic::Diagnostic;
use crate::error::{Error, Result};
use crate::format::Input;
use crate::source::SourceId;
use etcetera::BaseStrategy as _;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

/// The variable that names catalogs, parted as in `PATH`.
pub(super) const VARIABLE: &str = "BIBMILL_CATALOG";
/// Enough of a file to tell a catalog from JSON lines.
const MAGIC: usize = 64;

pub(super) fn run(command: &CatalogCommand, common: &Common, terminal: &mut Terminal) -> Result<Outcome> {
    match command {
        CatalogCommand::Build { inputs, output, with_abstracts } => {
            let options = BuildOptions { with_abstracts: *with_abstracts, threads: common.threads };
            build(inputs, output, options, terminal)
        }
        CatalogCommand::Info { catalogs, verify } => info(&some(catalogs, common, terminal)?, *verify),
        CatalogCommand::Find { query, catalog } => {
            find::run(query, &some(catalog, common, terminal)?, common.message_format, terminal)
        }
        CatalogCommand::Export { catalogs, output, with_abstracts } => {
            export(&some(catalogs, common, terminal)?, output.as_deref(), *with_abstracts)
        }
    }
}

fn build(inputs: &[PathBuf], output: &Path, options: BuildOptions, terminal: &mut Terminal) -> Result<Outcome> {
    let mut summary = None;
    let written = Target::new(output)?.write_file(|file| {
        let fail = |error| Error::path(output, "writing the catalog", error);
        let mut builder = Builder::new(file, options).map_err(fail)?;
        for path in inputs {
            let input = open_lines(path)?;
            let name = input.name().to_owned();
            let mut report = |finding: Diagnostic| terminal.report(&named(&name, finding));
            builder.add(input.source(), &name, input.into_reader(), &mut report)?;
        }
        let counts = builder.finish().map_err(fail)?.1;
        // An empty catalog would find nothing and look as if nothing were there; the old one stays.
        if counts.records == 0 {
            return Err(Error::message(
                "no record was found in the input, so no catalog is written; give it the lines of arXiv's metadata \
                 snapshot or of `bibmill catalog export`",
            ));
        }
        summary = Some(counts);
        Ok(())
    });
    terminal.finish_reports();
    written?;
    if let Some(counts) = summary {
        let text = format!(
            "{} records ({} came more than once, {} lines could not be read)",
            counts.records, counts.repeated, counts.broken
        );
        let json = serde_json::json!({"summary": {
            "records": counts.records, "repeated": counts.repeated, "broken": counts.broken,
        }});
        terminal.summary(&text, &json);
    }
    Ok(Outcome::Done)
}

fn info(catalogs: &[Catalog], verify: bool) -> Result<Outcome> {
    for catalog in catalogs {
        if verify {
            catalog.verify()?;
        }
        let Info { name, records, date, digest, with_abstracts, size } = catalog.info();
        output::to_stdout(|out| {
            writeln!(out, "{name}")?;
            writeln!(out, "  records    {records}")?;
            writeln!(out, "  newest     {date}")?;
            writeln!(out, "  digest     {digest}")?;
            writeln!(out, "  abstracts  {}", if with_abstracts { "texts and fingerprints" } else { "fingerprints" })?;
            writeln!(out, "  size       {size} bytes")?;
            if verify { writeln!(out, "  verified   every checksum fits") } else { Ok(()) }
        })?;
    }
    Ok(Outcome::Done)
}

fn export(catalogs: &[Catalog], to: Option<&Path>, with_abstracts: bool) -> Result<Outcome> {
    let fill = |out: &mut dyn Write| catalogs.iter().try_for_each(|catalog| catalog.export(out, with_abstracts));
    match to.filter(|path| *path != Path::new("-")) {
        Some(path) => Target::new(path)?.write(fill)?,
        None => output::fill_stdout(fill)?,
    }
    Ok(Outcome::Done)
}

/// The catalogs named or found; an error when there is none.
fn some(named: &[PathBuf], common: &Common, terminal: &mut Terminal) -> Result<Vec<Catalog>> {
    let catalogs = open_all(named, Search::Everywhere, common, terminal)?;
    if catalogs.is_empty() {
        return Err(Error::message(
            "there is no catalog; name one, set BIBMILL_CATALOG, or build one with `bibmill catalog build`",
        ));
    }
    Ok(catalogs)
}

/// Where catalogs are looked for that nobody named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Search {
    /// The environment, then the per-user data folder.
    Everywhere,
    /// The environment only, so that a check in CI and one at the desk agree.
    NotTheUsersFolder,
}

/// The catalogs to use: those named, else those of `$BIBMILL_CATALOG`, else all in the per-user data folder.
pub(super) fn open_all(
    named: &[PathBuf],
    search: Search,
    common: &Common,
    terminal: &mut Terminal,
) -> Result<Vec<Catalog>> {
    let paths = if named.is_empty() { found(search) } else { named.to_vec() };
    paths.iter().map(|path| open(path, common, terminal)).collect()
}

/// Opens a catalog file, or indexes JSON lines in memory.
fn open(path: &Path, common: &Common, terminal: &mut Terminal) -> Result<Catalog> {
    let mut head = Vec::new();
    let fail = |error| Error::path(path, "opening the catalog", error);
    input::open_file(path)?.take(MAGIC as u64).read_to_end(&mut head).map_err(fail)?;
    if head.is_empty() {
        return Err(fail(io::Error::new(io::ErrorKind::InvalidData, "the file is empty")));
    }
    if Catalog::is_catalog(&head) {
        return Catalog::open(path, !common.no_mmap);
    }
    let input = open_lines(path)?;
    // What is neither a catalog nor lines of JSON must not be taken for a catalog of broken lines.
    if !input.head().trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        return Err(Error::message(format!(
            "{}: it is neither a catalog nor JSON lines; build a catalog with `bibmill catalog build SNAPSHOT -o FILE.cat`",
            input.name()
        )));
    }
    let name = input.name().to_owned();
    let options = BuildOptions { with_abstracts: false, threads: common.threads };
    let mut report = |finding: Diagnostic| terminal.report(&self::named(&name, finding));
    Catalog::from_lines(&name, input.source(), input.into_reader(), options, &mut report)
}

fn open_lines(path: &Path) -> Result<Input<'static>> {
    Input::new(SourceId(u32::MAX), path.display().to_string(), input::open_file(path)?)
}

/// A finding about a catalog's source, which is none of the run's inputs: its place goes into the words.
fn named(name: &str, mut finding: Diagnostic) -> Diagnostic {
    if let Some(span) = finding.span.take() {
        finding.message = format!("{name}:{}: {}", span.line, finding.message);
    }
    finding
}

fn found(search: Search) -> Vec<PathBuf> {
    if let Some(value) = environment(VARIABLE) {
        return std::env::split_paths(&value).filter(|path| !path.as_os_str().is_empty()).collect();
    }
    if search == Search::NotTheUsersFolder {
        return Vec::new();
    }
    let Ok(strategy) = etcetera::choose_base_strategy() else { return Vec::new() };
    let Ok(entries) = std::fs::read_dir(strategy.data_dir().join("bibmill")) else { return Vec::new() };
    let paths = entries.flatten().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|e| e == "cat")).collect();
    paths.sort();
    paths
}
