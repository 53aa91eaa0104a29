//! How fast records and `.bib` files are read, printed, indexed and matched, each beside a limit measured in the same run.
//!
//!     cargo bench --bench throughput [-- SNAPSHOT] [-- --smoke]
//!
//! SNAPSHOT is a file of JSON lines; without one the demo catalog's records are taken again and again until there are 50,000.
//! `--smoke` runs every part once on a few records, to see that it runs. The limits: counting the lines of the input, and
//! parsing its JSON into typed values and nothing else, on one thread. Memory is not measured here: `/usr/bin/time -v` of
//! the program says it.

#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    reason = "a measuring program prints, reads files and needs no more than seven digits"
)]

use bibmill::catalog::{BuildOptions, Builder, Catalog};
use bibmill::diagnostic::Diagnostic;
use bibmill::fold::fold;
use bibmill::format::{Format, Input, Printer, ReadOptions, WriteOptions};
use bibmill::model::{Entry, FieldName, Kind, Text, TextField};
use bibmill::record::Record;
use bibmill::resolve::{Options, Resolver};
use bibmill::source::{Origin, SourceId, Span};
use bibmill::stream::{Collected, Sink, Sourced};
use std::error::Error;
use std::hint::black_box;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let smoke = arguments.iter().any(|argument| argument == "--smoke");
    let snapshot = arguments.iter().find(|argument| !argument.starts_with("--"));
    let lines = match snapshot {
        Some(path) => std::fs::read_to_string(path)?,
        None => repeated(include_str!("../fixtures/catalog/demo.jsonl"), if smoke { 200 } else { 50_000 }),
    };
    let runs = if smoke { 1 } else { 5 };
    let bench = Bench { bytes: lines.len(), runs };
    println!("{} records, {:.1} MB, best of {runs}", lines.lines().count(), lines.len() as f64 / 1e6);
    let count =
        bench.run("limit: count the lines", None, || Ok(memchr::memchr_iter(b'\n', lines.as_bytes()).count()))?;
    let parse = bench.run("limit: parse typed JSON, one thread", Some(("counting", count)), || {
        lines.lines().try_for_each(|line| {
            serde_json::from_str::<Record>(line).map(|record| drop(black_box(record))).map_err(Into::into)
        })
    })?;
    bench.run("read the snapshot into entries", Some(("parsing", parse)), || entries(&lines))?;
    let entries = entries(&lines)?;
    for format in [Format::Bibtex, Format::Biblatex, Format::CslJson, Format::CslYaml, Format::Hayagriva, Format::Ris] {
        bench
            .run(&format!("print as {format}, one thread"), Some(("parsing", parse)), || Ok(print(format, &entries)))?;
    }
    for (threads, name) in [(1, "read its .bib, one thread"), (0, "read its .bib, every core")] {
        let text = text(Format::Bibtex, &entries);
        let bench = Bench { bytes: text.len(), runs };
        bench.run(name, None, || read_bib(&text, threads))?;
    }
    bench.run("build a catalog", Some(("parsing", parse)), || build(&lines))?;
    look_up(&lines, if smoke { 50 } else { 20_000 })
}

struct Bench {
    bytes: usize,
    runs: usize,
}

impl Bench {
    /// Runs something several times; prints the best time, the speed in bytes of the input, and the ratio to a limit.
    fn run<T>(
        &self,
        name: &str,
        limit: Option<(&str, Duration)>,
        mut work: impl FnMut() -> Result<T>,
    ) -> Result<Duration> {
        let mut best = Duration::MAX;
        for _ in 0..self.runs {
            let start = Instant::now();
            black_box(work()?);
            best = best.min(start.elapsed());
        }
        let speed = self.bytes as f64 / 1e6 / best.as_secs_f64();
        let ratio = limit.map_or_else(String::new, |(name, limit)| {
            format!(", {:.2} × the time of {name}", best.as_secs_f64() / limit.as_secs_f64())
        });
        println!("{name:<40} {:>9.1} ms {speed:>8.0} MB/s{ratio}", best.as_secs_f64() * 1e3);
        Ok(best)
    }
}

fn repeated(lines: &str, count: usize) -> String {
    lines.lines().cycle().take(count).flat_map(|line| [line, "\n"]).collect()
}

fn entries(lines: &str) -> Result<Vec<Sourced>> {
    let mut found = Collected::default();
    let read = Format::ArxivSnapshot.spec().read.ok_or("the snapshot is read")?;
    read(Input::from_text(SourceId(0), "bench", lines), &ReadOptions::default(), &mut found)?;
    Ok(found.entries)
}

fn print(format: Format, entries: &[Sourced]) -> usize {
    let Some(writer) = format.spec().write else { return 0 };
    let mut printer = Printer::default();
    let mut written = 0;
    for sourced in entries {
        printer.clear();
        (writer.entry)(&sourced.entry, &WriteOptions::default(), &mut printer);
        written += printer.out.len();
    }
    written
}

/// The entries as a file of that format.
fn text(format: Format, entries: &[Sourced]) -> String {
    let Some(writer) = format.spec().write else { return String::new() };
    let mut printer = Printer::default();
    for sourced in entries {
        (writer.entry)(&sourced.entry, &WriteOptions::default(), &mut printer);
        printer.out.push_str(writer.separator);
    }
    printer.out
}

fn read_bib(text: &str, threads: usize) -> Result<usize> {
    let mut counter = Counter(0);
    let read = Format::Bibtex.spec().read.ok_or("BibTeX is read")?;
    let options = ReadOptions { threads, ..ReadOptions::default() };
    read(Input::from_text(SourceId(0), "bench", text), &options, &mut counter)?;
    Ok(counter.0)
}

/// Counts what a reader says, and lets go of it.
struct Counter(usize);

impl Sink for Counter {
    fn entry(&mut self, entry: Sourced) -> ControlFlow<()> {
        self.0 += usize::from(black_box(entry).span.is_some());
        ControlFlow::Continue(())
    }

    fn report(&mut self, _: Diagnostic) {}
}

fn build(lines: &str) -> Result<Catalog> {
    let mut builder = Builder::new(Cursor::new(Vec::new()), BuildOptions::default())?;
    builder.add(SourceId(0), "bench", lines.as_bytes(), &mut drop)?;
    black_box(builder.finish()?);
    Ok(Catalog::from_lines(
        "bench",
        SourceId(0),
        lines.lines().next().unwrap_or_default().as_bytes(),
        BuildOptions::default(),
        &mut drop,
    )?)
}

/// The time of one look-up by title, beside folding the title alone.
fn look_up(lines: &str, count: usize) -> Result<()> {
    let catalog = Catalog::from_lines("bench", SourceId(0), lines.as_bytes(), BuildOptions::default(), &mut drop)?;
    let resolver = Resolver::new(std::slice::from_ref(&catalog), Options::default());
    let titles: Vec<String> = lines
        .lines()
        .take(count)
        .map(|line| serde_json::from_str::<Record>(line).map(|record| record.title))
        .collect::<std::result::Result<_, _>>()?;
    let start = Instant::now();
    for title in &titles {
        black_box(fold(title));
    }
    let folding = start.elapsed();
    let mut times: Vec<Duration> = titles.iter().map(|title| timed_look_up(&resolver, title)).collect();
    times.sort_unstable();
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    println!(
        "look up a title: median {:.0} µs, p99 {:.0} µs; folding it alone {:.1} µs",
        micros(times[times.len() / 2]),
        micros(times[times.len() * 99 / 100]),
        micros(folding) / titles.len() as f64
    );
    Ok(())
}

fn timed_look_up(resolver: &Resolver<'_>, title: &str) -> Duration {
    let mut sourced = Sourced { entry: Entry::new(Kind::Misc), ..Sourced::default() };
    sourced.entry.texts.set(TextField::Title, Text::plain(title));
    sourced.origins.set(FieldName::Text(TextField::Title), Origin::read(Span::default()));
    let start = Instant::now();
    black_box(resolver.resolve(std::slice::from_mut(&mut sourced), &mut Collected::default()).is_ok());
    start.elapsed()
}
