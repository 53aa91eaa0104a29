//! Dates as `.bib` files have them: EDTF in `date`, or year, month and day apart, in figures, macros and words.
//!
//! What is not understood stays as written.

use crate::format::bibtex::write::SEASONS;
use crate::model::date::month_from_english;
use crate::model::{Bound, Date, Day};

/// Joins `year`, `month` and `day`; none where they make no date.
pub(super) fn join(year: &str, month: Option<&str>, day: Option<&str>) -> Option<Date> {
    let (from, to) = split_range(year);
    match (parse_year(from), to) {
        (Some(year), None) => single_year(&year, month, day),
        (from, Some(to)) if month.is_none() => {
            let bound = |day: Option<Day>, text: &str| match (day, text) {
                (Some(day), _) => Some(Bound::Day(day)),
                (None, "") => Some(Bound::Open),
                (None, _) => None,
            };
            let (start, end) = (bound(from, split_range(year).0)?, bound(parse_year(to), to)?);
            let dated = matches!(start, Bound::Day(_)) || matches!(end, Bound::Day(_));
            dated.then_some(Date::Range(start, end))
        }
        _ => None,
    }
}

fn single_year(year: &Day, month: Option<&str>, day: Option<&str>) -> Option<Date> {
    let Some(month) = month else {
        return day.is_none().then(|| Date::Day(year.clone()));
    };
    let (first, last) = split_range(month);
    let (first_month, first_day) = parse_month(first)?;
    let at = |month: u8, day: Option<u8>| -> Option<Day> {
        if month > 12 {
            return day.is_none().then(|| Day { month: Some(month), ..year.clone() });
        }
        match day {
            Some(day) => Day::ymd(year.year, month, day),
            None => Some(Day { month: Some(month), ..year.clone() }),
        }
    };
    if let Some(last) = last {
        let (last_month, last_day) = match first_day {
            // "June 3--5": the month is not repeated.
            Some(_) if last.bytes().all(|b| b.is_ascii_digit()) => (first_month, Some(last.parse().ok()?)),
            _ => parse_month(last)?,
        };
        return Some(Date::Range(Bound::Day(at(first_month, first_day)?), Bound::Day(at(last_month, last_day)?)));
    }
    let day = match (first_day, day) {
        (Some(day), _) => Some(day),
        (None, Some(day)) => Some(day.trim().parse().ok()?),
        (None, None) => None,
    };
    at(first_month, day).map(Date::Day)
}

/// Four figures as EDTF has them, with its marks of doubt; negative years and `19XX` too.
fn parse_year(text: &str) -> Option<Day> {
    let text = text.trim();
    match Date::parse_edtf(text)? {
        Date::Day(day) if day.month.is_none() => Some(day),
        _ => None,
    }
}

/// A month, and the day where both stand together: `jun`, `June`, `6`, `Spring`, `12~jun`, `June 12`, `12 June`.
fn parse_month(text: &str) -> Option<(u8, Option<u8>)> {
    let mut month = None;
    let mut day = None;
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, '~' | ',' | '\u{a0}')) {
        let word = word.trim_matches(|c| matches!(c, '{' | '}' | '.'));
        if word.is_empty() {
            continue;
        }
        let number = word.bytes().all(|b| b.is_ascii_digit()).then(|| word.parse::<u8>().ok()).flatten();
        match (number, named_month(word)) {
            (None, Some(named)) if month.is_none() => month = Some(named),
            (Some(number), _) if day.is_none() => day = Some(number),
            _ => return None,
        }
    }
    match (month, day) {
        (Some(month), day) => Some((month, day)),
        (None, Some(month @ 1..=12)) => Some((month, None)),
        _ => None,
    }
}

fn named_month(word: &str) -> Option<u8> {
    let season = SEASONS.iter().position(|season| season.eq_ignore_ascii_case(word));
    let season = season.or_else(|| word.eq_ignore_ascii_case("fall").then_some(2));
    match season {
        Some(at) => u8::try_from(21 + at).ok(),
        None => month_from_english(word),
    }
}

/// Parts `a--b` (also with one dash, an en dash or a slash); a sign in front belongs to the number.
fn split_range(text: &str) -> (&str, Option<&str>) {
    let text = text.trim();
    for dash in ["---", "--", "–", "/"] {
        if let Some((from, to)) = text.split_once(dash) {
            return (from.trim(), Some(to.trim()));
        }
    }
    match text.get(1..).and_then(|rest| rest.find('-')) {
        Some(at) => (text[..=at].trim(), Some(text[at + 2..].trim())),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_months_and_days() {
        fn given(text: &str) -> Option<&str> {
            (!text.is_empty()).then_some(text)
        }
        let check = |year: &str, month: &str, day: &str, expected: &str| {
            let (month, day) = (given(month), given(day));
            let date = join(year, month, day).map(|date| date.to_string()).unwrap_or_default();
            assert_eq!(date, expected, "{year} {month:?} {day:?}");
        };
        check("2017", "", "", "2017");
        check(" 2017 ", "June", "", "2017-06");
        check("2017", "6", "12", "2017-06-12");
        check("2017", "12~June", "", "2017-06-12");
        check("2017", "Sept. 3", "", "2017-09-03");
        check("2017", "January--February", "", "2017-01/2017-02");
        check("2017", "June 3--5", "", "2017-06-03/2017-06-05");
        check("2017", "Summer", "", "2017-22");
        check("1964--2008", "", "", "1964/2008");
        check("1985--", "", "", "1985/..");
        check("1999?", "", "", "1999?");
        check("-0044", "", "", "-0044");
        check("199X", "", "", "199X");
        check("2017", "brumaire", "", "");
        check("2017", "February", "30", "");
        check("in press", "", "", "");
        check("½½", "½", "٣", "");
        check("- 2020", "January 999", "", "");
        check("2020", "0", "", "");
    }
}
