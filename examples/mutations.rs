//! How well `check` finds faults: `cargo run --example mutations -- [-n COUNT] FILE.bib...` takes real entries, puts one fault
//! into each, and counts how many are reported by the right rule, at the right key and line, and with nothing new elsewhere.
//!
//! Each entry is judged between its two neighbours, before and after. Only faults are made that a reader can know to be
//! faults; the same entries are taken each time.

use bibmill::check::findings;
use bibmill::diagnostic::{Diagnostic, Rule, Severity};
use bibmill::format::bibtex::{BlockKind, Dialect, Part, RawEntry, RawField, split};
use std::collections::BTreeMap;

/// A fault: the new text of the entry, the rule that should see it, and the byte of the entry where it lies.
struct Fault {
    name: &'static str,
    text: String,
    rules: &'static [Rule],
    at: usize,
}

type Maker = fn(&str, &RawEntry<'_>, &dyn Fn(&str) -> Option<Place>) -> Option<Fault>;

/// A field's content in the entry's text.
#[derive(Clone, Copy)]
struct Place {
    field: usize,
    start: usize,
    end: usize,
}

fn replaced(text: &str, start: usize, end: usize, new: &str) -> String {
    [&text[..start], new, &text[end..]].concat()
}

#[expect(clippy::unnecessary_wraps, reason = "each maker ends in it")]
fn fault(name: &'static str, text: String, rules: &'static [Rule], at: usize) -> Option<Fault> {
    Some(Fault { name, text, rules, at })
}

const MAKERS: [Maker; 16] = [
    |text, _, content| {
        let place = content("title")?;
        let text = replaced(text, place.end, place.end + 1, "");
        fault("closing brace of the title", text, &[Rule::UnclosedEntry], place.start)
    },
    |text, _, _| {
        let end = text.trim_end().len() - 1;
        fault("closing brace of the entry", replaced(text, end, end + 1, ""), &[Rule::UnclosedEntry], 0)
    },
    |text, _, content| {
        let place = content("title")?;
        let comma = text[place.end + 1..].starts_with(',').then_some(place.end + 1)?;
        fault("comma behind the title", replaced(text, comma, comma + 1, ""), &[Rule::MissingComma], comma)
    },
    |text, _, _| fault("an entry twice", format!("{text}\n\n{text}"), &[Rule::DuplicateKey], text.len() + 2),
    |text, _, content| {
        let place = content("doi")?;
        fault(
            "DOI without its slash",
            replaced(text, place.start, place.end, &text[place.start..place.end].replace('/', " ")),
            &[Rule::BadDoi],
            place.start,
        )
    },
    |text, _, content| {
        let place = content("isbn")?;
        let value = &text[place.start..place.end];
        let digits: Vec<usize> = value.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
        let pair = digits.windows(2).rev().skip(1).find(|pair| {
            let (a, b) = (value.as_bytes()[pair[0]], value.as_bytes()[pair[1]]);
            a != b && a.abs_diff(b) != 5 && pair[1] == pair[0] + 1
        })?;
        let mut bytes = value.as_bytes().to_vec();
        bytes.swap(pair[0], pair[1]);
        let swapped = String::from_utf8(bytes).ok()?;
        fault(
            "digits of an ISBN swapped",
            replaced(text, place.start, place.end, &swapped),
            &[Rule::BadIsbn],
            place.start,
        )
    },
    |text, _, content| {
        let place = content("title")?;
        let words: Vec<&str> = text[place.start..place.end].split(' ').collect();
        let cut = words.get(..words.len() / 2).filter(|cut| cut.len() > 2)?.join(" ");
        let balanced = cut.matches('{').count() == cut.matches('}').count() && cut.matches('$').count() % 2 == 0;
        let text = balanced.then(|| replaced(text, place.start, place.end, &format!("{cut} ...")))?;
        fault("title cut off", text, &[Rule::TruncatedValue], place.start)
    },
    |text, _, content| {
        let place = content("title")?;
        let blank = place.start + text[place.start..place.end].find(' ')?;
        fault("an ampersand in the title", replaced(text, blank, blank, " &"), &[Rule::UnescapedSpecial], blank)
    },
    |text, _, content| {
        let place = content("title")?;
        let blank = place.start + text[place.start..place.end].find(' ')?;
        fault("a dollar in the title", replaced(text, blank, blank, " $x"), &[Rule::OddDollar], blank)
    },
    |text, raw, content| {
        let place = content("author")?;
        let range = raw.fields.get(place.field)?.range.clone();
        let base = range.start;
        fault(
            "the author's field misspelt",
            replaced(text, base, base + "author".len(), "auhtor"),
            &[Rule::UnknownField, Rule::MissingField],
            base,
        )
    },
    |text, _, content| {
        let place = content("author")?;
        fault("a trailing `and`", replaced(text, place.end, place.end, " and"), &[Rule::MalformedName], place.end)
    },
    |text, _, content| {
        let place = content("author")?;
        let value = text[place.start..place.end].to_owned();
        (value.matches(" and").count() >= 4 && !value.contains(',')).then_some(())?;
        let commas = value
            .split_whitespace()
            .map(|word| if word == "and" { "," } else { word })
            .collect::<Vec<_>>()
            .join(" ")
            .replace(" ,", ",");
        fault(
            "names parted by commas",
            replaced(text, place.start, place.end, &commas),
            &[Rule::MalformedName],
            place.start,
        )
    },
    |text, _, content| {
        let place = content("year")?;
        let (last, _) = text[place.start..place.end].char_indices().next_back()?;
        fault(
            "a year with a letter",
            replaced(text, place.start + last, place.end, "O"),
            &[Rule::MalformedDate],
            place.start,
        )
    },
    |text, _, content| {
        let place = content("pages")?;
        let (from, to) = text[place.start..place.end].split_once("--")?;
        let (first, last): (u64, u64) = (from.parse().ok()?, to.parse().ok()?);
        (first < last && from.len() == to.len()).then_some(())?;
        fault(
            "pages backwards",
            replaced(text, place.start, place.end, &format!("{to}--{from}")),
            &[Rule::MalformedPages],
            place.start,
        )
    },
    |text, _, content| {
        let place = content("author")?;
        let at = text[place.start..place.end].find(['é', 'ü', 'ö']).map_or(place.start, |at| place.start + at);
        fault("wrong encoding", replaced(text, at, at, "Ã©"), &[Rule::Mojibake], at)
    },
    |text, _, content| {
        let place = content("title")?;
        fault(
            "a command that reads a file",
            replaced(text, place.end, place.end, " \\input{x}"),
            &[Rule::TexInjection],
            place.end,
        )
    },
];

/// Numbers that look like chance and are the same each time (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap_or(0)
    }
}

type Outcome = (bool, bool, Option<String>);

/// Whether the fault is reported rightly, whether nothing else is, and what was found instead.
fn judge(before: &str, original: &str, fault: &Fault, after: &str) -> Result<Outcome, bibmill::error::Error> {
    let around = |middle: &str| format!("{before}\n\n{middle}\n\n{after}");
    let whole = around(&fault.text);
    let known = findings(&around(original), Dialect::Bibtex)?;
    let found = findings(&whole, Dialect::Bibtex)?;
    let is_known = |finding: &Diagnostic| {
        known
            .iter()
            .any(|other| other.rule == finding.rule && other.key == finding.key && other.message == finding.message)
    };
    let new: Vec<&Diagnostic> = found.iter().filter(|finding| !is_known(finding)).collect();
    let offset = before.len() + 2 + fault.at;
    let line = whole[..offset.min(whole.len())].matches('\n').count() + 1;
    let raw_key = |text: &str| {
        split(text).find_map(|block| match block.kind {
            BlockKind::Entry(raw) => Some(raw.key.to_owned()),
            _ => None,
        })
    };
    let key = raw_key(original);
    let right = new.iter().any(|finding| {
        fault.rules.contains(&finding.rule)
            && finding.key == key
            && finding.span.is_some_and(|span| span.line as usize == line)
    });
    let start = before.len() as u64;
    let end = start + 2 + fault.text.len() as u64;
    let elsewhere = new.iter().find(|finding| {
        let inside = finding.span.is_some_and(|span| span.start >= start && span.start <= end + 2);
        finding.severity >= Severity::Warning && !inside
    });
    let shown = new.iter().map(|finding| format!("{}:{}", finding.rule, finding.span.map_or(0, |span| span.line)));
    let shown = format!("line {line}, found {:?}", shown.collect::<Vec<_>>());
    Ok((right, elsewhere.is_none(), (!right || elsewhere.is_some()).then_some(shown)))
}

fn entries(text: &str) -> Vec<&str> {
    let is_whole = |block: &bibmill::format::bibtex::Block<'_>| {
        matches!(block.kind, BlockKind::Entry(_)) && block.faults.is_empty()
    };
    split(text).filter(is_whole).map(|block| text[block.range].trim()).collect()
}

fn make(text: &str, maker: Maker) -> Option<Fault> {
    let block = split(text).next()?;
    let BlockKind::Entry(raw) = &block.kind else { return None };
    let content = |name: &str| {
        let of = |(field, raw): (usize, &RawField<'_>)| {
            let (Part::Braced(value), true) = (raw.value.first, raw.value.rest.is_empty()) else { return None };
            let start = value.as_ptr() as usize - text.as_ptr() as usize;
            let is_it = raw.name.eq_ignore_ascii_case(name) && !value.trim().is_empty();
            is_it.then_some(Place { field, start, end: start + value.len() })
        };
        raw.fields.iter().enumerate().find_map(of)
    };
    maker(text, raw, &content)
}

#[expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a program that reads files and prints a table")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut wanted = 2_000;
    let mut texts = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match &*argument {
            "-n" => wanted = arguments.next().unwrap_or_default().parse()?,
            path => texts.push(String::from_utf8_lossy(&std::fs::read(path)?).into_owned()),
        }
    }
    let all: Vec<&str> = texts.iter().flat_map(|text| entries(text)).collect();
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let mut table: BTreeMap<&str, [u32; 3]> = BTreeMap::new();
    let (mut done, mut tried) = (0, 0);
    while done < wanted && tried < wanted * 50 && all.len() > 2 {
        tried += 1;
        let at = 1 + chance.below(all.len() - 2);
        let Some(fault) = make(all[at], MAKERS[chance.below(MAKERS.len())]) else { continue };
        let (right, quiet, instead) = judge(all[at - 1], all[at], &fault, all[at + 1])?;
        let row = table.entry(fault.name).or_default();
        row[0] += 1;
        row[1] += u32::from(right);
        row[2] += u32::from(quiet);
        done += 1;
        if let Some(instead) = instead {
            println!("# {}: {}: {instead}", fault.name, all[at].lines().next().unwrap_or_default());
        }
    }
    println!(
        "| fault | made | reported by the right rule in the right line | nothing new elsewhere |\n|---|---|---|---|"
    );
    let mut sum = [0; 3];
    for (name, row) in &table {
        println!("| {name} | {} | {} | {} |", row[0], row[1], row[2]);
        (0..3).for_each(|at| sum[at] += row[at]);
    }
    println!("| all | {} | {} | {} |", sum[0], sum[1], sum[2]);
    Ok(())
}
