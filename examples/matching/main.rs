//! How well abstracts that were cut off, and titles, are matched with their records: the figures, for any snapshot.
//!
//!     cargo run --release --example matching -- SNAPSHOT... [--queries N] [--calibrate]
//!
//! SNAPSHOT is a file of JSON lines (any compression) or an exported catalog with abstracts. The records are split by a
//! hash of their id: three tenths are for `--calibrate`, which prints the constants of `src/resolve/score.rs`; the figures
//! are taken from the others, so that no record is both calibrated on and reported.
//!
//! For each kind of query: how many found their record first; how many were accepted and right, accepted and wrong,
//! ambiguous, refused; the same of those whose folded text no other record begins with; 95 % intervals (Wilson). Then the
//! records left out of the catalog, and the time of one look-up.

#![expect(
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    reason = "a measuring program prints, reads files and needs no more than seven digits"
)]

use bibmill::catalog::{AbstractQuery, Alignment, BuildOptions, Builder, Catalog};
use bibmill::fold::fold;
use bibmill::format::Input;
use bibmill::model::{Entry, FieldName, Kind, Text, TextField};
use bibmill::record::{Record, squeeze};
use bibmill::resolve::{Options, Outcome, Resolution, Resolver, score};
use bibmill::source::{Origin, SourceId, Span};
use bibmill::stream::{Collected, Sourced};
use std::collections::HashMap;
use std::error::Error;
use std::io::{BufRead, Cursor, Write};
use std::path::Path;
use std::time::Instant;

mod titles;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The lengths of the verbatim queries, in characters.
const CUTS: [usize; 3] = [60, 120, 200];

fn main() -> Result<()> {
    let mut files = Vec::new();
    let (mut queries, mut calibrate) = (50_000, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--queries" => queries = arguments.next().ok_or("--queries needs a number")?.parse()?,
            "--calibrate" => calibrate = true,
            file => files.push(file.to_owned()),
        }
    }
    if files.is_empty() {
        return Err("usage: matching SNAPSHOT... [--queries N] [--calibrate]".into());
    }
    let corpus = Corpus::read(&files)?;
    let mut out = std::io::stdout().lock();
    if calibrate {
        return print_calibration(&corpus, &mut out);
    }
    for with_abstracts in [false, true] {
        let (catalog, took) = corpus.catalog(with_abstracts, |_| true)?;
        let info = catalog.info();
        writeln!(
            out,
            "## {} records, abstracts {}stored; {:.1} MB ({} bytes a record), built in {took:.2} s",
            corpus.records.len(),
            if with_abstracts { "" } else { "not " },
            info.size as f64 / 1e6,
            info.size / info.records.max(1)
        )?;
        report(&corpus, &catalog, queries, &mut out)?;
        titles::report(&corpus, &catalog, queries, &mut out)?;
        let left_out = |record: &Row| record.hash % 10 == 9;
        let (catalog, _) = corpus.catalog(with_abstracts, |record| !left_out(record))?;
        report_absent(&corpus, &catalog, queries, left_out, &mut out)?;
        titles::report_absent(&corpus, &catalog, queries, left_out, &mut out)?;
    }
    Ok(())
}

/// One record of the corpus.
struct Row {
    id: String,
    line: String,
    text: String,
    hash: u64,
}

impl Row {
    /// Whether the record is for calibration, not for the report.
    fn is_held_out(&self) -> bool {
        self.hash % 100 < 30
    }
}

struct Corpus {
    records: Vec<Row>,
    /// How many records begin with a folded text, for each cut.
    prefixes: Vec<HashMap<u64, u32>>,
}

impl Corpus {
    fn read(files: &[String]) -> Result<Self> {
        let mut rows: HashMap<String, Row> = HashMap::new();
        for file in files {
            let input = Input::new(SourceId(0), file.as_str(), std::fs::File::open(Path::new(file))?)?;
            for line in input.into_reader().lines() {
                let line = line?;
                let record: Record = serde_json::from_str(&line)?;
                let hash = xxhash_rust::xxh3::xxh3_64(record.id.as_bytes());
                let text = squeeze(&record.abstract_text);
                rows.insert(record.id.clone(), Row { id: record.id, line, text, hash });
            }
        }
        let mut records: Vec<Row> = rows.into_values().collect();
        records.sort_by(|a, b| a.id.cmp(&b.id));
        let mut prefixes = vec![HashMap::new(); CUTS.len()];
        for record in &records {
            for (cut, counts) in CUTS.iter().zip(&mut prefixes) {
                let prefix = fold(&cut_at(&record.text, *cut));
                *counts.entry(key(&prefix)).or_default() += 1;
            }
        }
        Ok(Self { records, prefixes })
    }

    fn catalog(&self, with_abstracts: bool, keep: impl Fn(&Row) -> bool) -> Result<(Catalog, f64)> {
        let lines: String =
            self.records.iter().filter(|row| keep(row)).flat_map(|row| [row.line.as_str(), "\n"]).collect();
        let start = Instant::now();
        let mut builder = Builder::new(Cursor::new(Vec::new()), BuildOptions { with_abstracts, threads: 0 })?;
        builder.add(SourceId(0), "corpus", lines.as_bytes(), &mut |diagnostic| drop(diagnostic))?;
        let (bytes, _) = builder.finish()?;
        let took = start.elapsed().as_secs_f64();
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(&bytes.into_inner())?;
        Ok((Catalog::open(file.path(), true)?, took))
    }

    /// As many records for the report as asked for, spread over the corpus.
    fn sample(&self, count: usize, keep: impl Fn(&Row) -> bool) -> Vec<&Row> {
        let mut rows: Vec<&Row> =
            self.records.iter().filter(|row| !row.is_held_out() && row.text.len() > 10 && keep(row)).collect();
        rows.sort_by_key(|row| row.hash.rotate_left(32));
        rows.truncate(count);
        rows
    }

    /// How many records begin as this one does at this cut.
    fn sharing(&self, row: &Row, cut: usize) -> u32 {
        let prefix = key(&fold(&cut_at(&row.text, CUTS[cut])));
        self.prefixes[cut].get(&prefix).copied().unwrap_or(0)
    }
}

#[derive(Default)]
struct Tally {
    all: usize,
    first: usize,
    right: usize,
    wrong: usize,
    ambiguous: usize,
    refused: usize,
}

impl Tally {
    fn add(&mut self, id: &str, resolution: &Resolution) {
        self.all += 1;
        self.first += usize::from(resolution.candidates.first().is_some_and(|candidate| candidate.id == id));
        match resolution.outcome {
            Outcome::Matched if resolution.candidates[0].id == id => self.right += 1,
            Outcome::Matched => self.wrong += 1,
            Outcome::Ambiguous => self.ambiguous += 1,
            Outcome::Likely | Outcome::Unresolved | Outcome::Contradictory => self.refused += 1,
        }
    }

    fn print(&self, name: &str, out: &mut impl Write) -> Result<()> {
        let share = |count: usize| {
            let (low, high) = wilson(count, self.all);
            format!("{:7.3} [{low:.3}, {high:.3}]", percent(count, self.all))
        };
        writeln!(
            out,
            "| {name:<34} | {:>6} | {} | {} | {} | {} | {} |",
            self.all,
            share(self.first),
            share(self.right),
            share(self.wrong),
            share(self.ambiguous),
            share(self.refused)
        )?;
        Ok(())
    }
}

fn report(corpus: &Corpus, catalog: &Catalog, queries: usize, out: &mut impl Write) -> Result<()> {
    let resolver = Resolver::new(std::slice::from_ref(catalog), Options::default());
    writeln!(
        out,
        "| query | number | found first % | accepted and right % | accepted and wrong % | ambiguous % | refused % |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|")?;
    let sample = corpus.sample(queries, |_| true);
    let mut times = Vec::new();
    for (cut, length) in CUTS.iter().enumerate() {
        let (mut all, mut unique, mut shared) = (Tally::default(), Tally::default(), Tally::default());
        for row in &sample {
            let start = Instant::now();
            let resolution = ask(&resolver, cut_at(&row.text, *length))?;
            times.push(start.elapsed());
            all.add(&row.id, &resolution);
            let tally = if corpus.sharing(row, cut) == 1 { &mut unique } else { &mut shared };
            tally.add(&row.id, &resolution);
        }
        all.print(&format!("first {length}"), out)?;
        unique.print(&format!("first {length}, unique"), out)?;
        shared.print(&format!("first {length}, shared"), out)?;
    }
    for (name, edit) in EDITS {
        let mut tally = Tally::default();
        for row in &sample {
            let mut random = Random(row.hash);
            let words = &sample[random.below(sample.len())].text;
            let text = edit(&row.text, words, &mut random);
            let resolution = ask(&resolver, text)?;
            tally.add(&row.id, &resolution);
        }
        tally.print(name, out)?;
    }
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1e6;
    writeln!(out, "one look-up, warm, with merging: median {:.0} µs, p99 {:.0} µs\n", at(50), at(99))?;
    Ok(())
}

/// Changes made to the text of a query.
type Edit = fn(&str, &str, &mut Random) -> String;

const EDITS: [(&str, Edit); 7] = [
    ("200, one word in ten changed", |text, words, random| edit_words(&cut_at(text, 200), words, random, &[0])),
    ("200, one word in ten dropped", |text, words, random| edit_words(&cut_at(text, 200), words, random, &[1])),
    ("200, one word in ten inserted", |text, words, random| edit_words(&cut_at(text, 200), words, random, &[2])),
    ("200, one word in ten, any of these", |text, words, random| {
        edit_words(&cut_at(text, 200), words, random, &[0, 1, 2])
    }),
    ("200, blanks lost", |text, _, _| cut_at(text, 200).replace(' ', "")),
    ("200, beginning cut off", |text, _, random| {
        let start = random.below(40);
        text.chars().skip(start).take(200).collect()
    }),
    ("200 from the middle", |text, _, random| {
        let length = text.chars().count();
        let start = random.below(length.saturating_sub(200).max(1));
        text.chars().skip(start).take(200).collect()
    }),
];

fn report_absent(
    corpus: &Corpus,
    catalog: &Catalog,
    queries: usize,
    left_out: impl Fn(&Row) -> bool,
    out: &mut impl Write,
) -> Result<()> {
    let resolver = Resolver::new(std::slice::from_ref(catalog), Options::default());
    let texts: HashMap<&str, &str> = corpus.records.iter().map(|row| (row.id.as_str(), row.text.as_str())).collect();
    for length in CUTS {
        let (mut claimed, mut same, mut companions, mut likely) = (0, 0, 0, 0);
        let mut unexplained = Vec::new();
        let sample = corpus.sample(queries, &left_out);
        for row in &sample {
            let query = cut_at(&row.text, length);
            let resolution = ask(&resolver, query.clone())?;
            likely += usize::from(resolution.outcome == Outcome::Likely);
            if resolution.outcome != Outcome::Matched {
                continue;
            }
            claimed += 1;
            let candidate = &resolution.candidates[0];
            let theirs = texts.get(candidate.id.as_str()).copied().unwrap_or_default();
            if fold(theirs).starts_with(&fold(&query)) {
                same += 1;
            } else {
                let shared = words_in_common(&query, theirs);
                companions += usize::from(shared >= 0.5);
                unexplained.push(format!(
                    "  {} claimed as {} ({}, {:.3}), {:.0} % of the words in order\n    {query}\n    {}",
                    row.id,
                    candidate.id,
                    resolution.how.unwrap_or(""),
                    candidate.score,
                    shared * 100.0,
                    cut_at(theirs, length)
                ));
            }
        }
        let (low, high) = wilson(claimed, sample.len());
        writeln!(
            out,
            "absent, first {length}: {} of {} claimed, {:.3} % [{low:.3}, {high:.3}]; {same} of them begin with the same letters, {companions} have half of the words or more in the same order; {likely} likely",
            claimed,
            sample.len(),
            percent(claimed, sample.len())
        )?;
        for line in unexplained.iter().take(40) {
            writeln!(out, "{line}")?;
        }
    }
    writeln!(out)?;
    Ok(())
}

/// The share of the words of a piece that stand in a text in the same order.
fn words_in_common(piece: &str, text: &str) -> f64 {
    let words = |text: &str| text.split_whitespace().map(fold).collect::<Vec<_>>();
    let (piece, text) = (words(piece), words(text));
    let mut row = vec![0_usize; text.len() + 1];
    for word in &piece {
        let mut diagonal = 0;
        for at in 0..text.len() {
            let both = if text[at] == *word { diagonal + 1 } else { row[at].max(row[at + 1]) };
            diagonal = row[at + 1];
            row[at + 1] = both;
        }
    }
    row[text.len()] as f64 / piece.len().max(1) as f64
}

/// Prints what `score.rs` needs, from the held-out records only.
fn print_calibration(corpus: &Corpus, out: &mut impl Write) -> Result<()> {
    let held_out: Vec<&Row> = corpus.records.iter().filter(|row| row.is_held_out() && row.text.len() > 10).collect();
    writeln!(out, "held out: {} records\nSHARED_PREFIX", held_out.len())?;
    for symbols in [8, 16, 24, 32, 48, 72, 100, 164, 224] {
        let mut counts: HashMap<u64, u32> = HashMap::new();
        let prefix = |row: &Row| fold(&row.text).get(..symbols + 2).map(key);
        for row in &corpus.records {
            if let Some(prefix) = prefix(row) {
                *counts.entry(prefix).or_default() += 1;
            }
        }
        let known: Vec<u64> = held_out.iter().filter_map(|row| prefix(row)).collect();
        let shared = known.iter().filter(|prefix| counts[prefix] > 1).count();
        writeln!(out, "    ({symbols}.0, {:.5}),", shared as f64 / known.len() as f64)?;
    }
    writeln!(out, "SHARED_TITLE (by length of the folded title)")?;
    let mut counts: HashMap<String, u32> = HashMap::new();
    let title =
        |row: &Row| serde_json::from_str::<Record>(&row.line).map(|record| fold(&record.title)).unwrap_or_default();
    for row in &corpus.records {
        *counts.entry(title(row)).or_default() += 1;
    }
    for range in [0..8, 8..14, 14..27, 27..45, 45..80, 80..200] {
        let titles: Vec<String> =
            held_out.iter().map(|row| title(row)).filter(|title| range.contains(&title.len())).collect();
        let shared = titles.iter().filter(|title| counts[*title] > 1).count();
        writeln!(out, "    {range:?}: {shared} of {}", titles.len())?;
    }
    fit_edited(corpus, &held_out, out)
}

/// Fits the logistic model for edited text by gradient descent: present records, edited, against absent ones.
fn fit_edited(corpus: &Corpus, held_out: &[&Row], out: &mut impl Write) -> Result<()> {
    let left_out = |row: &Row| row.is_held_out() && row.hash % 7 < 3;
    let (catalog, _) = corpus.catalog(false, |row| !left_out(row))?;
    let mut examples: Vec<([f64; 6], bool, f64)> = Vec::new();
    for row in held_out {
        let mut random = Random(row.hash);
        let words = held_out[random.below(held_out.len())].text.clone();
        let length = [80, 120, 200, 200, 200][random.below(5)];
        let share = [0.0, 0.05, 0.1, 0.1, 0.2][random.below(5)];
        let text = edit_share(&cut_at(&row.text, length), &words, &mut random, &[0, 1, 2], share);
        let query = AbstractQuery::new(&text);
        let Some(best) = catalog.by_abstract(&query)?.into_iter().next() else { continue };
        if !matches!(best.alignment, Alignment::Edited { .. }) {
            continue;
        }
        let right = catalog.record(best.record)?.id == row.id;
        examples.push((
            score::edited_features(&best.alignment, query.len()),
            right,
            if left_out(row) { 0.15 } else { 1.0 },
        ));
    }
    print_behind(&catalog, held_out, left_out, out)?;
    titles::calibrate(corpus, held_out, &catalog, left_out, out)?;
    print_thresholds(&catalog, held_out, left_out, out)?;
    let weights = fit(&examples, 20_000, [2.0, 0.5]);
    let wrong = examples.iter().filter(|(_, right, _)| !right).count();
    writeln!(out, "EDITED from {} examples, {wrong} of them wrong: {weights:.2?}", examples.len())?;
    for threshold in [0.5, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995] {
        let score = |features: &[f64; 6]| probability(&weights, features);
        let accepted: Vec<_> = examples.iter().filter(|(features, _, _)| score(features) >= threshold).collect();
        let right = accepted.iter().filter(|(_, right, _)| *right).count();
        writeln!(out, "    from {threshold}: {right} right, {} wrong", accepted.len() - right)?;
    }
    Ok(())
}

/// The rule by which ACCEPT and LEAD are chosen, and what it gives.
///
/// LEAD: the least difference of strengths, in hundredths, from which on the stronger of two candidates is wrong so seldom
/// that the upper end of the 95 % interval is at most 0.02 % (records that are there, cut at 60, 120 and 200 characters).
/// ACCEPT: with it, the least probability from which on what is taken is wrong as seldom, the same queries and titles; for
/// text with one word in ten edited the limit is 0.05 %.
fn print_thresholds(
    catalog: &Catalog,
    held_out: &[&Row],
    left_out: impl Fn(&Row) -> bool,
    out: &mut impl Write,
) -> Result<()> {
    let resolver = Resolver::new(std::slice::from_ref(catalog), Options::default());
    let (mut leads, mut verbatim, mut edited) = (Vec::new(), Vec::new(), Vec::new());
    for row in held_out.iter().filter(|row| !left_out(row)) {
        for length in CUTS {
            let text = cut_at(&row.text, length);
            let found = catalog.by_abstract(&AbstractQuery::new(&text))?;
            let strength = |at: usize| found.get(at).map_or(0.0, |found| f64::from(found.alignment.strength()));
            if let Some(best) = found.first() {
                leads.push((strength(0) - strength(1), catalog.record(best.record)?.id == row.id));
            }
            verbatim.extend(judged(&row.id, &ask(&resolver, text)?));
        }
        let title = serde_json::from_str::<Record>(&row.line)?.title;
        verbatim.extend(judged(&row.id, &titles::ask(&resolver, &squeeze(&title), None)?));
        let mut random = Random(row.hash);
        let words = &held_out[random.below(held_out.len())].text;
        let text = edit_words(&cut_at(&row.text, 200), words, &mut random, &[0, 1, 2]);
        edited.extend(judged(&row.id, &ask(&resolver, text)?));
    }
    let hundredths = (0..=20).map(|n| f64::from(n) / 100.0);
    print_threshold("LEAD", &leads, hundredths, 0.02, out)?;
    let grid = || (0..50).map(|n| 0.5 + f64::from(n) / 100.0).chain([0.992, 0.995, 0.999]);
    print_threshold("ACCEPT, verbatim and titles", &verbatim, grid(), 0.02, out)?;
    print_threshold("ACCEPT, edited", &edited, grid(), 0.05, out)
}

/// Score and whether it is right, of what is not refused for an equal candidate.
fn judged(id: &str, resolution: &Resolution) -> Option<(f64, bool)> {
    let is_judged = matches!(resolution.outcome, Outcome::Matched | Outcome::Likely);
    resolution.candidates.first().filter(|_| is_judged).map(|best| (best.score, best.id == id))
}

fn print_threshold(
    name: &str,
    judged: &[(f64, bool)],
    grid: impl Iterator<Item = f64>,
    limit: f64,
    out: &mut impl Write,
) -> Result<()> {
    for threshold in grid {
        let taken: Vec<bool> =
            judged.iter().filter(|(score, _)| *score >= threshold).map(|(_, right)| *right).collect();
        let wrong = taken.iter().filter(|right| !**right).count();
        let (_, high) = wilson(wrong, judged.len());
        if high <= limit {
            let right = taken.len() - wrong;
            writeln!(
                out,
                "{name}: {threshold:.3} ({right} right, {wrong} wrong of {}, up to {high:.4} %)",
                judged.len()
            )?;
            return Ok(());
        }
    }
    writeln!(out, "{name}: no value keeps the limit of {limit} %")?;
    Ok(())
}

/// How often a piece from behind the sketch is right, by fingerprints shared and expected.
fn print_behind(
    catalog: &Catalog,
    held_out: &[&Row],
    left_out: impl Fn(&Row) -> bool,
    out: &mut impl Write,
) -> Result<()> {
    let mut counts: std::collections::BTreeMap<(u16, u16, u16), [u32; 2]> = std::collections::BTreeMap::new();
    for row in held_out.iter().filter(|row| row.text.len() > 500) {
        let start = Random(row.hash).below(row.text.len() - 400) + 200;
        // Absent papers are asked for by their beginning too, as lists show it; present ones are found by it verbatim.
        let starts = if left_out(row) { vec![start, 0] } else { vec![start] };
        for (start, length) in starts.into_iter().flat_map(|start| [(start, 120), (start, 200)]) {
            let text: String = row.text.chars().skip(start).take(length).collect();
            let query = AbstractQuery::new(&text);
            let Some(best) = catalog.by_abstract(&query)?.into_iter().next() else { continue };
            let Alignment::Behind { shared, expected, span } = best.alignment else { continue };
            let right = catalog.record(best.record)?.id == row.id;
            if right || left_out(row) {
                let windows = (span / 16).min(9);
                counts.entry((expected - shared, shared.min(6), windows)).or_default()[usize::from(right)] += 1;
            }
        }
    }
    writeln!(out, "BEHIND (missing, shared, span in windows): right of present, wrong of absent (three sevenths)")?;
    for ((missing, shared, windows), [wrong, right]) in counts {
        writeln!(out, "    {missing} missing, {shared} shared, span {windows}: {right} right, {wrong} wrong")?;
    }
    Ok(())
}

fn ask(resolver: &Resolver<'_>, text: String) -> Result<Resolution> {
    let mut sourced = Sourced { entry: Entry::new(Kind::Misc), ..Sourced::default() };
    sourced.entry.texts.set(TextField::Abstract, Text::plain(text));
    sourced.origins.set(FieldName::Text(TextField::Abstract), Origin::Read { span: Span::default(), cut: true });
    Ok(resolver.resolve(std::slice::from_mut(&mut sourced), &mut Collected::default())?.swap_remove(0))
}

/// Changes (0), drops (1) or inserts behind (2) each word with a chance of one in ten.
fn edit_words(text: &str, others: &str, random: &mut Random, kinds: &[u8]) -> String {
    edit_share(text, others, random, kinds, 0.1)
}

fn edit_share(text: &str, others: &str, random: &mut Random, kinds: &[u8], share: f64) -> String {
    let others: Vec<&str> = others.split_whitespace().collect();
    let mut out: Vec<&str> = Vec::new();
    for word in text.split_whitespace() {
        let edited = (random.below(10_000) as f64) < share * 10_000.0;
        let other = others.get(random.below(others.len().max(1))).copied().unwrap_or("word");
        match (edited, kinds[random.below(kinds.len())]) {
            (true, 0) => out.push(other),
            (true, 1) => {}
            (true, _) => out.extend([word, other]),
            (false, _) => out.push(word),
        }
    }
    out.join(" ")
}

fn cut_at(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}

fn key(text: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(text.as_bytes())
}

fn percent(count: usize, all: usize) -> f64 {
    count as f64 * 100.0 / all.max(1) as f64
}

/// The 95 % score interval of a share, in percent (Wilson 1927).
fn wilson(count: usize, all: usize) -> (f64, f64) {
    let (n, z) = (all.max(1) as f64, 1.96_f64);
    let p = count as f64 / n;
    let centre = p + z * z / (2.0 * n);
    let spread = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 100.0 / (1.0 + z * z / n);
    (((centre - spread) * scale).max(0.0), (centre + spread) * scale)
}

/// A small generator, so that every run asks the same questions.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % bound.max(1) as u64) as usize
    }
}

/// The weights of a logistic regression, the constant first: examples of features, whether right, and how much each counts;
/// gradient descent at the first rate for half of the steps, then at the second.
fn fit<const FEATURES: usize>(examples: &[([f64; FEATURES], bool, f64)], steps: usize, rates: [f64; 2]) -> Vec<f64> {
    let mut weights = vec![0.0; FEATURES + 1];
    for step in 0..steps {
        let rate = rates[usize::from(step >= steps / 2)];
        let mut gradient = vec![0.0; FEATURES + 1];
        for (features, right, weight) in examples {
            let error = weight * (f64::from(u8::from(*right)) - probability(&weights, features));
            gradient[0] += error;
            for (slope, feature) in gradient[1..].iter_mut().zip(features) {
                *slope += error * feature;
            }
        }
        for (weight, slope) in weights.iter_mut().zip(gradient) {
            *weight += rate * slope / examples.len() as f64;
        }
    }
    weights
}

/// What the weights say of features.
fn probability(weights: &[f64], features: &[f64]) -> f64 {
    let sum: f64 = weights[0] + weights[1..].iter().zip(features).map(|(w, x)| w * x).sum::<f64>();
    1.0 / (1.0 + (-sum).exp())
}
