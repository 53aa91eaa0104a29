//! How often splitting arXiv's author string gives the people of `authors_parsed`: the figures, and every difference.
//!
//!     cargo run --release --example author_strings -- SNAPSHOT... [--show N]
//!
//! People are compared by family name with its particles, given name and suffix, in order; blanks between initials and
//! case are not compared, since `authors_parsed` writes `C. -P.` for `C.-P.`.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "an example is a small program of its own")]

use bibmill::format::Input;
use bibmill::model::Name;
use bibmill::record::{Record, parse_authors};
use bibmill::source::SourceId;
use std::error::Error;
use std::io::BufRead;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let (mut files, mut show) = (Vec::new(), usize::MAX);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--show" => show = arguments.next().ok_or("--show needs a number")?.parse()?,
            file => files.push(file.to_owned()),
        }
    }
    let (mut compared, mut equal, mut same_order, mut shown) = (0_u32, 0_u32, 0_u32, 0);
    for file in &files {
        let input = Input::new(SourceId(0), file.as_str(), std::fs::File::open(file)?)?;
        for line in input.into_reader().lines() {
            let record: Record = serde_json::from_str(&line?)?;
            if record.authors.is_empty() || record.authors_parsed.is_empty() {
                continue;
            }
            compared += 1;
            let (ours, theirs) = (people(&parse_authors(&record.authors)), people(&record.names()));
            if ours == theirs {
                equal += 1;
                continue;
            }
            let whole = |people: &[[String; 3]]| people.iter().map(|p| sorted(&p.concat())).collect::<Vec<_>>();
            let cuts_only = whole(&ours) == whole(&theirs);
            same_order += u32::from(cuts_only);
            if shown < show {
                shown += 1;
                println!("{} {}", record.id, if cuts_only { "cut" } else { "people" });
                let (ours, theirs) = differing(&ours, &theirs);
                println!("  ours {ours:?} theirs {theirs:?}");
            }
        }
    }
    println!("{compared} records, {equal} equal, {same_order} more with the same people cut otherwise");
    Ok(())
}

/// The first place where two lists differ.
fn differing<'p>(ours: &'p [[String; 3]], theirs: &'p [[String; 3]]) -> (&'p [[String; 3]], &'p [[String; 3]]) {
    let at = ours.iter().zip(theirs).take_while(|(a, b)| a == b).count();
    let end = |list: &[[String; 3]]| (at + 2).min(list.len());
    (&ours[at..end(ours)], &theirs[at..end(theirs)])
}

fn people(names: &[Name]) -> Vec<[String; 3]> {
    let folded = |text: &str| text.to_lowercase().replace([' ', '.', '\u{a0}'], "");
    names
        .iter()
        .map(|name| match name {
            Name::Person(p) => [folded(&p.full_family()), folded(&p.given), folded(&p.suffix)],
            Name::Literal(group) => [folded(group), String::new(), String::new()],
            Name::Others => ["...".to_owned(), String::new(), String::new()],
        })
        .collect()
}

/// The letters of a name whatever their order.
fn sorted(name: &str) -> Vec<char> {
    let mut letters: Vec<char> = name.chars().collect();
    letters.sort_unstable();
    letters
}
