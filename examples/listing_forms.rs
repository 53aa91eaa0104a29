//! How many entries of a pasted listing are read as they stand: the figures, for any snapshot.
//!
//!     cargo run --release --example listing_forms -- SNAPSHOT... [--records N] [--show N]
//!
//! Records are rendered as listings of twenty in the forms that pages have (one abstract a line, numbered, bulleted, one a
//! paragraph, below a title, below title and authors, wrapped), cut off at 60, 120 and 200 characters with the usual marks
//! and with none, every second listing below a header that counts. A record is read right when one entry has exactly its
//! bytes as abstract, exactly its bytes as title and exactly its authors; where the text holds no TeX, its words are
//! compared too. A listing with more entries than records has extra ones; `--show` prints what was not read right.

#![expect(
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measuring program prints, reads files and needs no more than seven digits"
)]

use bibmill::format::{Format, Input, ReadOptions};
use bibmill::model::{FieldName, Role, TextField};
use bibmill::record::{Record, squeeze};
use bibmill::source::{Origin, SourceId, Span};
use bibmill::stream::{Collected, Sourced};
use std::error::Error;
use std::io::BufRead;
use std::ops::Range;

/// Where abstracts are cut, in characters.
const CUTS: [usize; 3] = [60, 120, 200];
/// What stands behind a cut.
const MARKS: [&str; 4] = ["...", "…", " …", ""];
/// How many entries a listing has.
const LISTING: usize = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let (mut files, mut records, mut show) = (Vec::new(), 16_000, 0);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--records" => records = arguments.next().ok_or("--records needs a number")?.parse()?,
            "--show" => show = arguments.next().ok_or("--show needs a number")?.parse()?,
            file => files.push(file.to_owned()),
        }
    }
    if files.is_empty() {
        return Err("usage: listing_forms SNAPSHOT... [--records N] [--show N]".into());
    }
    let papers = read_papers(&files, records)?;
    println!("{} records\n", papers.len());
    println!("| form | cut | mark | records | read right % | extra entries |\n|---|---|---|---|---|---|");
    for form in Form::ALL {
        for cut in CUTS {
            for mark in MARKS {
                measure(&papers, form, cut, mark, show)?;
            }
        }
    }
    Ok(())
}

/// What a page shows of a paper.
struct Paper {
    title: String,
    authors: Vec<String>,
    text: String,
}

/// As many papers as are wanted, from all over the files.
fn read_papers(files: &[String], wanted: usize) -> Result<Vec<Paper>, Box<dyn Error>> {
    let mut papers = Vec::new();
    for file in files {
        let input = Input::new(SourceId(0), file.as_str(), std::fs::File::open(file)?)?;
        for line in input.into_reader().lines() {
            let record: Record = serde_json::from_str(&line?)?;
            let (title, text) = (squeeze(&record.title), squeeze(&record.abstract_text));
            let authors = record.names().iter().map(ToString::to_string).collect();
            // A withdrawn paper's remark is no abstract.
            if text.chars().count() > 200 && !title.is_empty() {
                papers.push(Paper { title, authors, text });
            }
        }
    }
    let step = (papers.len() / wanted.max(1)).max(1);
    Ok(papers.into_iter().step_by(step).take(wanted).collect())
}

/// How a page shows its papers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Lines,
    Numbered,
    Bulleted,
    Paragraphs,
    Wrapped,
    Titles,
    TitlesAuthors,
}

impl Form {
    const ALL: [Self; 7] = [
        Self::Lines,
        Self::Numbered,
        Self::Bulleted,
        Self::Paragraphs,
        Self::Wrapped,
        Self::Titles,
        Self::TitlesAuthors,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Lines => "one a line",
            Self::Numbered => "numbered",
            Self::Bulleted => "bulleted",
            Self::Paragraphs => "paragraphs",
            Self::Wrapped => "wrapped paragraphs",
            Self::Titles => "titles",
            Self::TitlesAuthors => "titles and authors",
        }
    }

    const fn has_title(self) -> bool {
        matches!(self, Self::Titles | Self::TitlesAuthors)
    }
}

/// Where a paper's values stand in a listing.
struct Place<'p> {
    paper: &'p Paper,
    title: Option<Range<usize>>,
    text: Range<usize>,
    words: String,
}

/// A listing of some papers, and where each of them stands in it.
fn render<'p>(papers: &'p [Paper], form: Form, cut: usize, mark: &str, counted: bool) -> (String, Vec<Place<'p>>) {
    let mut page = if counted { format!("{} papers on arXiv\n", papers.len()) } else { String::new() };
    let mut places = Vec::new();
    for (at, paper) in papers.iter().enumerate() {
        let mut put = |words: &str, end: &str| {
            let start = page.len();
            page.push_str(words);
            let range = start..page.len();
            page.push_str(end);
            range
        };
        let mut title = None;
        if form.has_title() {
            title = Some(put(&paper.title, "\n"));
        }
        if form == Form::TitlesAuthors && !paper.authors.is_empty() {
            put(&paper.authors.join(", "), "\n");
        }
        match form {
            Form::Numbered => drop(put(&format!("{}. ", at + 1), "")),
            Form::Bulleted => drop(put("• ", "")),
            Form::Lines | Form::Paragraphs | Form::Wrapped | Form::Titles | Form::TitlesAuthors => {}
        }
        let words = cut_at(&paper.text, cut);
        let shown = format!("{words}{mark}");
        let text = match form {
            Form::Wrapped => put(&wrap(&shown), "\n\n"),
            Form::Paragraphs => put(shown.trim_end(), "\n\n"),
            _ => put(shown.trim_end(), "\n"),
        };
        places.push(Place { paper, title, text, words: squeeze(&words) });
    }
    (page, places)
}

fn measure(papers: &[Paper], form: Form, cut: usize, mark: &str, show: usize) -> Result<(), Box<dyn Error>> {
    let (mut right, mut extra, mut shown) = (0, 0, 0);
    for (number, group) in papers.chunks(LISTING).enumerate() {
        let (page, places) = render(group, form, cut, mark, number % 2 == 1);
        let mut found = Collected::default();
        let read = Format::Listing.spec().read.ok_or("listings are read")?;
        read(Input::from_text(SourceId(0), "listing", &page), &ReadOptions::default(), &mut found)?;
        extra += found.entries.len().saturating_sub(places.len());
        for place in &places {
            let is_read = found.entries.iter().any(|entry| is_right(entry, place, form));
            right += usize::from(is_read);
            if !is_read && shown < show {
                shown += 1;
                println!("    {}", page[place.text.clone()].replace('\n', "⏎"));
                for entry in found.entries.iter().filter(|entry| overlaps(entry, place)) {
                    let names: Vec<String> = entry.entry.people_as(Role::Author).map(ToString::to_string).collect();
                    let text = |field| entry.entry.texts.get(field).map(bibmill::model::Text::to_plain);
                    println!("      = t: {:?} p: {names:?} a: {:?}", text(TextField::Title), text(TextField::Abstract));
                    println!("        of t: {:?} p: {:?}", place.paper.title, place.paper.authors.join(", "));
                }
            }
        }
    }
    println!(
        "| {} | {cut} | `{mark}` | {} | {:.3} | {extra} |",
        form.name(),
        papers.len(),
        right as f64 * 100.0 / papers.len().max(1) as f64
    );
    Ok(())
}

fn overlaps(entry: &Sourced, place: &Place<'_>) -> bool {
    entry.span.map(bytes).is_some_and(|span| span.start < place.text.end && span.end > place.text.start)
}

fn is_right(entry: &Sourced, place: &Place<'_>, form: Form) -> bool {
    let origin = |field| match entry.origins.get(FieldName::Text(field)) {
        Some(Origin::Read { span, .. }) => Some(bytes(*span)),
        Some(Origin::Catalog { .. } | Origin::Derived(_)) | None => None,
    };
    let text = entry.entry.texts.get(TextField::Abstract).map(bibmill::model::Text::to_plain).unwrap_or_default();
    let has_tex = place.words.contains(['\\', '$', '{', '^', '~']);
    let authors: Vec<String> = entry.entry.people_as(Role::Author).map(ToString::to_string).collect();
    let expected: &[String] = if form == Form::TitlesAuthors { &place.paper.authors } else { &[] };
    origin(TextField::Abstract).as_ref() == Some(&place.text)
        && origin(TextField::Title) == place.title
        && (has_tex || text == place.words.trim_end_matches(['.', ' ']) || text == place.words)
        && authors == expected
}

fn bytes(span: Span) -> Range<usize> {
    let start = usize::try_from(span.start).unwrap_or(usize::MAX);
    start..start + span.len as usize
}

/// A paragraph wrapped at a right margin.
fn wrap(text: &str) -> String {
    let mut out = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let letters = word.chars().count();
        if length > 0 && length + 1 + letters > 78 {
            out.push('\n');
            length = 0;
        } else if length > 0 {
            out.push(' ');
            length += 1;
        }
        out.push_str(word);
        length += letters;
    }
    out
}

fn cut_at(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}
