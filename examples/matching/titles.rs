//! The same figures for titles: as they are, edited, of papers that are not there, and *near* titles, which are those of a
//! paper that is there with a number, a part or the like added. Each with the authors and the year and without.

use crate::{Corpus, Random, Result, Row, Tally, edit_share, percent, wilson};
use bibmill::catalog::Catalog;
use bibmill::fold::fold;
use bibmill::model::{Date, DateField, Day, Entry, FieldName, Kind, Role, Text, TextField};
use bibmill::record::{Record, squeeze};
use bibmill::resolve::{Options, Outcome, Resolution, Resolver, score};
use bibmill::source::{Origin, Span};
use bibmill::stream::{Collected, Sourced};
use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::time::Instant;

/// What is done to a title; nothing where it cannot be done to this one.
type Edit = fn(&str, &mut Random) -> Option<String>;

const EDITS: [(&str, Edit); 8] = [
    ("title", |title, _| Some(title.to_owned())),
    ("title, one letter changed", |title, random| letter(title, random, 0)),
    ("title, one letter dropped", |title, random| letter(title, random, 1)),
    ("title, two letters swapped", |title, random| letter(title, random, 2)),
    ("title, one word dropped", word_dropped),
    ("title, subtitle dropped", |title, _| Some(title.split_once(": ")?.0.to_owned())),
    ("title, upper case, no punctuation", |title, _| {
        let is_kept = |c: &char| c.is_alphanumeric() || c.is_whitespace();
        let plain = Text::plain(title).to_plain();
        (!plain.contains(['$', '\\'])).then(|| plain.chars().filter(is_kept).collect::<String>().to_uppercase())
    }),
    ("title, without LaTeX", |title, _| title.contains(['$', '\\']).then(|| bibmill::latex::decode(title).to_plain())),
];

/// What makes a title that of another paper.
const NEAR: [(&str, Edit); 8] = [
    ("II behind it", |title, _| Some(format!("{title} II"))),
    ("Part B behind it", |title, _| Some(format!("{title}, Part B"))),
    ("a number in it", |title, random| Some(inserted(title, ["2", "3", "v2", "2024", "4.5"][random.below(5)], random))),
    ("a number before the colon", |title, _| {
        let (head, tail) = title.split_once(": ")?;
        Some(format!("{head} 2: {tail}"))
    }),
    ("revisited", |title, _| Some(format!("{title} revisited"))),
    ("a reply to", |title, _| Some(format!("A reply to \"{title}\""))),
    ("a negation in it", |title, random| Some(inserted(title, ["not", "no", "without"][random.below(3)], random))),
    ("another name before the colon", |title, _| {
        let (head, tail) = title.split_once(": ")?;
        (!head.contains(' ') && head.len() > 3)
            .then(|| format!("{}x: {tail}", &head[..head.len() - head.chars().next_back().map_or(0, char::len_utf8)]))
    }),
];

/// Prints the figures.
pub(crate) fn report(corpus: &Corpus, catalog: &Catalog, queries: usize, out: &mut impl Write) -> Result<()> {
    let resolver = Resolver::new(std::slice::from_ref(catalog), Options::default());
    let sample = corpus.sample(queries, |_| true);
    let titles = all_titles(corpus)?;
    let mut times = Vec::new();
    for named in [false, true] {
        for (name, edit) in EDITS {
            let mut tally = Tally::default();
            for row in &sample {
                let record = record(row)?;
                let Some(title) = edit(&squeeze(&record.title), &mut Random(row.hash)) else { continue };
                let start = Instant::now();
                let resolution = ask(&resolver, &title, named.then_some(&record))?;
                times.push(start.elapsed());
                tally.add(&row.id, &resolution);
            }
            tally.print(&described(name, named), out)?;
        }
    }
    for named in [false, true] {
        for (name, edit) in NEAR {
            let mut claims = Claims::default();
            for row in &sample {
                let record = record(row)?;
                let Some(title) = edit(&squeeze(&record.title), &mut Random(row.hash)) else { continue };
                if !titles.contains(&fold(&title)) {
                    claims.add(&title, row, &ask(&resolver, &title, named.then_some(&record))?);
                }
            }
            claims.print(&described(&format!("near title, {name}"), named), out)?;
        }
    }
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1e6;
    writeln!(out, "one look-up by title, warm, with merging: median {:.0} µs, p99 {:.0} µs\n", at(50), at(99))?;
    Ok(())
}

/// The same for titles of records that were left out of the catalog.
pub(crate) fn report_absent(
    corpus: &Corpus,
    catalog: &Catalog,
    queries: usize,
    left_out: impl Fn(&Row) -> bool,
    out: &mut impl Write,
) -> Result<()> {
    let resolver = Resolver::new(std::slice::from_ref(catalog), Options::default());
    for named in [false, true] {
        let mut claims = Claims::default();
        for row in corpus.sample(queries, &left_out) {
            let record = record(row)?;
            let title = squeeze(&record.title);
            claims.add(&title, row, &ask(&resolver, &title, named.then_some(&record))?);
        }
        claims.print(&described("absent, title", named), out)?;
    }
    Ok(())
}

/// Prints what `score.rs` needs for titles, from the held-out records only.
pub(crate) fn calibrate(
    corpus: &Corpus,
    held_out: &[&Row],
    catalog: &Catalog,
    left_out: impl Fn(&Row) -> bool,
    out: &mut impl Write,
) -> Result<()> {
    let mut beginnings: HashMap<String, u32> = HashMap::new();
    let lengths = [4, 10, 20, 35, 60, 120];
    let folded: Vec<String> = corpus.records.iter().map(|row| Ok(fold(&record(row)?.title))).collect::<Result<_>>()?;
    for title in &folded {
        for head in lengths.iter().filter_map(|length| title.get(..*length)) {
            *beginnings.entry(head.to_owned()).or_default() += 1;
        }
    }
    writeln!(out, "SHARED_HEAD")?;
    for length in lengths {
        let held: Vec<&str> = corpus
            .records
            .iter()
            .zip(&folded)
            .filter(|(row, _)| row.is_held_out())
            .filter_map(|(_, title)| title.get(..length))
            .collect();
        let shared = held.iter().filter(|head| beginnings[**head] > 1).count();
        writeln!(out, "    ({length}.0, {:.5}),", (shared as f64 / held.len().max(1) as f64).max(0.0001))?;
    }
    fit(held_out, catalog, left_out, out)
}

/// Fits the model for edited titles; prints how often the authors agree with a candidate that is right and a wrong one.
fn fit(held_out: &[&Row], catalog: &Catalog, left_out: impl Fn(&Row) -> bool, out: &mut impl Write) -> Result<()> {
    let mut examples: Vec<([f64; 7], bool, f64)> = Vec::new();
    let mut agreeing = [[0_usize; 3]; 2];
    for row in held_out {
        let mut random = Random(row.hash);
        let mine = record(row)?;
        let others = record(held_out[random.below(held_out.len())])?.title;
        let title = squeeze(&mine.title);
        let title = match random.below(8) {
            0 | 1 => letter(&title, &mut random, 0).and_then(|title| letter(&title, &mut random, 1)),
            2 => letter(&title, &mut random, 2),
            3 => word_dropped(&title, &mut random),
            4 => word_dropped(&title, &mut random).and_then(|title| letter(&title, &mut random, 0)),
            5 => Some(edit_share(&title, &others, &mut random, &[0, 1, 2], 0.1)),
            6 => Some(edit_share(&title, &others, &mut random, &[0, 1, 2], 0.2)),
            _ => Some(title),
        };
        let Some(title) = title else { continue };
        let mut best: Option<(Record, [f64; 7])> = None;
        for hit in catalog.near_title(&fold(&title), 5)? {
            let record = catalog.record(hit.record)?;
            let Some(features) = score::edited_title_features(&title, &record.title) else { continue };
            if best.as_ref().is_none_or(|(_, known)| features[0] < known[0]) {
                best = Some((record, features));
            }
        }
        let Some((found, features)) = best else { continue };
        let right = found.id == row.id;
        if score::of_edited_title(&features) >= 0.9 {
            agreeing[usize::from(right)][agreement(&mine, &found)] += 1;
        }
        examples.push((features, right, if left_out(row) { 0.15 } else { 1.0 }));
    }
    let weights = super::fit(&examples, 12_000, [1.0, 0.3]);
    let wrong = examples.iter().filter(|(_, right, _)| !right).count();
    writeln!(out, "EDITED_TITLE from {} examples, {wrong} of them wrong: {weights:.2?}", examples.len())?;
    let score = |features: &[f64; 7]| super::probability(&weights, features);
    for threshold in [0.5, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999] {
        let accepted: Vec<_> = examples.iter().filter(|(features, ..)| score(features) >= threshold).collect();
        let right = accepted.iter().filter(|(_, right, _)| *right).count();
        writeln!(out, "    from {threshold}: {right} right, {} wrong", accepted.len() - right)?;
    }
    writeln!(
        out,
        "AUTHORS none, some, all agree, where the title alone gives 0.9 or more: of right candidates {:?}, of wrong ones {:?}",
        agreeing[1], agreeing[0]
    )?;
    Ok(())
}

/// 0 when no author of one record is one of the other's, 2 when all are.
fn agreement(mine: &Record, theirs: &Record) -> usize {
    let families = |record: &Record| record.names().iter().map(|name| fold(name.family())).collect::<Vec<_>>();
    let (mine, theirs) = (families(mine), families(theirs));
    match mine.iter().filter(|name| theirs.contains(name)).count() {
        0 => 0,
        n if n == mine.len() => 2,
        _ => 1,
    }
}

/// How many of the papers that are not there were said to be.
#[derive(Default)]
struct Claims {
    all: usize,
    claimed: usize,
    likely: usize,
    same: usize,
    shown: Vec<String>,
}

impl Claims {
    fn add(&mut self, title: &str, row: &Row, resolution: &Resolution) {
        self.all += 1;
        self.likely += usize::from(resolution.outcome == Outcome::Likely);
        let Some(candidate) = resolution.candidates.first().filter(|_| resolution.outcome == Outcome::Matched) else {
            return;
        };
        self.claimed += 1;
        if fold(&candidate.title) == fold(title) {
            self.same += 1;
        } else {
            self.shown.push(format!(
                "  {} claimed as {} ({:.4})\n    {title}\n    {}",
                row.id, candidate.id, candidate.score, candidate.title
            ));
        }
    }

    fn print(&self, name: &str, out: &mut impl Write) -> Result<()> {
        let (low, high) = wilson(self.claimed, self.all);
        writeln!(
            out,
            "{name}: {} of {} claimed, {:.3} % [{low:.3}, {high:.3}]; {} of them have the same letters; {} likely",
            self.claimed,
            self.all,
            percent(self.claimed, self.all),
            self.same,
            self.likely
        )?;
        for claim in self.shown.iter().take(6) {
            writeln!(out, "{claim}")?;
        }
        Ok(())
    }
}

/// Asks by title; `named` is the record whose authors and year are given too.
pub(crate) fn ask(resolver: &Resolver<'_>, title: &str, named: Option<&Record>) -> Result<Resolution> {
    let mut sourced = Sourced { entry: Entry::new(Kind::Misc), ..Sourced::default() };
    sourced.entry.texts.set(TextField::Title, Text::plain(title));
    sourced.origins.set(FieldName::Text(TextField::Title), Origin::Read { span: Span::default(), cut: false });
    if let Some(record) = named {
        sourced.entry.people = record.names().into_iter().map(|name| (Role::Author, name)).collect();
        if let Some(day) = record.first_date() {
            sourced.entry.dates.set(DateField::Issued, Date::Day(Day::year(day.year)));
        }
    }
    Ok(resolver.resolve(std::slice::from_mut(&mut sourced), &mut Collected::default())?.swap_remove(0))
}

fn described(name: &str, named: bool) -> String {
    if named { format!("{name}, + authors, year") } else { name.to_owned() }
}

fn record(row: &Row) -> Result<Record> {
    Ok(serde_json::from_str(&row.line)?)
}

fn all_titles(corpus: &Corpus) -> Result<HashSet<String>> {
    corpus.records.iter().map(|row| Ok(fold(&record(row)?.title))).collect()
}

/// Changes (0), drops (1) or swaps with the next (2) one letter that is no digit.
fn letter(title: &str, random: &mut Random, how: u8) -> Option<String> {
    let mut letters: Vec<char> = title.chars().collect();
    let places: Vec<usize> = (1..letters.len().saturating_sub(1))
        .filter(|at| {
            letters[*at].is_ascii_lowercase()
                && letters[at - 1].is_ascii_alphabetic()
                && letters[at + 1].is_ascii_lowercase()
        })
        .collect();
    let at = *places.get(random.below(places.len()))?;
    match how {
        0 => letters[at] = if letters[at] == 'e' { 'o' } else { 'e' },
        1 => {
            letters.remove(at);
        }
        _ => letters.swap(at, at + 1),
    }
    Some(letters.into_iter().collect())
}

fn word_dropped(title: &str, random: &mut Random) -> Option<String> {
    let mut words: Vec<&str> = title.split_whitespace().collect();
    (words.len() > 3).then(|| {
        words.remove(random.below(words.len()));
        words.join(" ")
    })
}

fn inserted(title: &str, word: &str, random: &mut Random) -> String {
    let mut words: Vec<&str> = title.split_whitespace().collect();
    words.insert(1 + random.below(words.len()), word);
    words.join(" ")
}
