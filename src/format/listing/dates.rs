//! The dates that pages print near a paper: `[Submitted on 29 May 2023 (v1), last revised 25 Apr 2024 (this version, v2)]`,
//! `Submitted 2 October, 2024; … originally announced August 2024.`, `Published on Sep 4, 2022`, `[v1] Mon, 29 May 2023 …`.
//!
//! Knows English month names and ISO 8601; nothing of entries.

use crate::model::Day;
use crate::model::date::{Date, month_from_english};

/// What a line of dates says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Dates {
    /// The earliest day.
    pub(super) first: Option<Day>,
    /// The latest day, where it is another.
    pub(super) latest: Option<Day>,
    /// "Originally announced".
    pub(super) announced: Option<Day>,
}

impl Dates {
    /// Adds what another line says.
    pub(super) fn merge(&mut self, other: Self) {
        for day in [other.first, other.latest].into_iter().flatten() {
            self.add(day);
        }
        self.announced = self.announced.take().or(other.announced);
    }

    fn add(&mut self, day: Day) {
        let days = [self.first.take(), self.latest.take(), Some(day)];
        let mut days: Vec<Day> = days.into_iter().flatten().collect();
        days.sort_by_key(order);
        days.dedup();
        let latest = if days.len() > 1 { days.pop() } else { None };
        self.first = if days.is_empty() { None } else { Some(days.swap_remove(0)) };
        self.latest = latest;
    }
}

fn order(day: &Day) -> (i32, u8, u8) {
    (day.year, day.month.unwrap_or(0), day.day.unwrap_or(0))
}

/// Words that may open a line of dates.
const OPENINGS: [&str; 16] = [
    "[submitted on",
    "submitted on",
    "submitted",
    "(submitted on",
    "published on",
    "published",
    "originally announced",
    "last revised",
    "first published",
    "posted on",
    "posted",
    "updated on",
    "updated",
    "[v",
    "announced",
    "date:",
];

/// Reads a line that is nothing but dates with the words round them.
pub(super) fn read_line(line: &str) -> Option<Dates> {
    if line.len() > 300 {
        return None;
    }
    let lower = line.to_lowercase();
    let opened = OPENINGS.iter().any(|word| lower.starts_with(word)) || is_submitter_line(&lower);
    let dates = read(line);
    if dates == Dates::default() || !(opened || is_bare(&lower)) {
        return None;
    }
    // "Submitted to ICML; published 4 May 2020 as …" says more than dates.
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| is_foreign(word)).count();
    (words <= 1 || is_submitter_line(&lower)).then_some(dates)
}

/// `From: Yanqi Zhou [view email][v1] Mon, 29 May 2023 …`
fn is_submitter_line(lower: &str) -> bool {
    lower.starts_with("from:") && lower.contains("[v1]")
}

/// Reads all dates of a text.
pub(super) fn read(text: &str) -> Dates {
    let mut dates = Dates::default();
    for clause in text.split([';', '(', '[', '|']).flat_map(|clause| clause.split("last revised")) {
        let Some(day) = find(clause) else { continue };
        if clause.to_lowercase().contains("announced") {
            dates.announced = Some(day);
        } else {
            dates.add(day);
        }
    }
    dates
}

/// Finds the first date of at least month precision in a text.
pub(super) fn find(text: &str) -> Option<Day> {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '[' | ']'))
        .filter(|w| !w.is_empty())
        .take(40)
        .collect();
    (0..words.len()).find_map(|at| day_at(&words[at..]))
}

fn day_at(words: &[&str]) -> Option<Day> {
    let first = words.first()?.trim_end_matches(['.', ';', ':']);
    if let Some(Date::Day(day)) = iso(first) {
        return Some(day);
    }
    let word = |at: usize| words.get(at).map(|word| word.trim_end_matches(['.', ';', ':']));
    if let Some(month) = month_word(first) {
        // "Sep 4, 2022", "August 2024"
        if let (Some(day), Some(year)) = (word(1).and_then(day_number), word(2).and_then(year_number)) {
            return Day::ymd(year, month, day);
        }
        return word(1).and_then(year_number).map(|year| Day::month(year, month));
    }
    let (day, month) = (day_number(first)?, word(1).and_then(month_word)?);
    Day::ymd(word(2).and_then(year_number)?, month, day)
}

/// `2022-05-03`, `2022/05/03`, with or without a time.
fn iso(word: &str) -> Option<Date> {
    let head = word.get(..10)?;
    let sound = head
        .bytes()
        .enumerate()
        .all(|(at, b)| if at == 4 || at == 7 { matches!(b, b'-' | b'/') } else { b.is_ascii_digit() });
    let ends = !word[10..].starts_with(|c: char| c.is_ascii_digit() || c == '-');
    if sound && ends { Date::parse_edtf(&head.replace('/', "-")) } else { None }
}

fn month_word(word: &str) -> Option<u8> {
    word.starts_with(char::is_uppercase).then(|| month_from_english(word)).flatten()
}

fn day_number(word: &str) -> Option<u8> {
    let word = ["st", "nd", "rd", "th"].iter().find_map(|suffix| word.strip_suffix(suffix)).unwrap_or(word);
    if word.len() > 2 { None } else { word.parse().ok().filter(|day| (1..=31).contains(day)) }
}

/// A year in which a paper may have been published.
pub(super) fn year_number(word: &str) -> Option<i32> {
    let sound = word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    if sound { word.parse().ok() } else { None }
}

/// Whether a line consists of a date only.
fn is_bare(lower: &str) -> bool {
    lower.split(|c: char| !c.is_alphanumeric()).all(|word| !is_foreign(word) || word.ends_with('z'))
}

/// Whether a word has no business in a line of dates.
fn is_foreign(word: &str) -> bool {
    const WORDS: [&str; 34] = [
        "submitted",
        "on",
        "published",
        "originally",
        "announced",
        "last",
        "revised",
        "this",
        "version",
        "first",
        "posted",
        "updated",
        "date",
        "latest",
        "v",
        "at",
        "in",
        "gmt",
        "utc",
        "kb",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "the",
        "est",
        "edt",
        "am",
        "pm",
        "to",
        "and",
    ];
    const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let number = word.trim_start_matches('v').trim_end_matches("kb").bytes().all(|b| b.is_ascii_digit());
    !(word.is_empty()
        || number
        || WORDS.contains(&word)
        || WEEKDAYS.contains(&word)
        || month_from_english(word).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_dates() {
        let check = |input: &str, expected: &str| {
            let shown = read_line(input).map_or("-".to_owned(), |dates| {
                let parts = [("", dates.first), ("..", dates.latest), ("!", dates.announced)];
                parts.into_iter().filter_map(|(mark, day)| Some(format!("{mark}{}", day?.calendar()))).collect()
            });
            assert_eq!(shown, expected, "{input}");
        };
        check("[Submitted on 29 May 2023 (v1), last revised 25 Apr 2024 (this version, v2)]", "2023-05-29..2024-04-25");
        check("[Submitted on 4 Sep 2022]", "2022-09-04");
        check("Submitted 2 October, 2024; v1 submitted 31 July, 2024;", "2024-07-31..2024-10-02");
        check(
            "Submitted 2 October, 2024; v1 submitted 31 July, 2024; originally announced August 2024.",
            "2024-07-31..2024-10-02!2024-08",
        );
        check("originally announced August 2024.", "!2024-08");
        check("Published on Sep 4, 2022", "2022-09-04");
        check("2022-05-03", "2022-05-03");
        check("Thu, 25 Apr 2024", "2024-04-25");
        check("[v1] Sun, 4 Sep 2022 18:00:29 UTC (5,616 KB)", "2022-09-04");
        check("From: Yanqi Zhou [view email][v1] Mon, 29 May 2023 18:42:01 UTC (554 KB)", "2023-05-29");
        check("Submitted to the Journal of Everything in May 2020", "-");
        check("A Survey of Machine Learning, May 2020", "-");
        check("Fifty Years of ISCA", "-");
    }
}
