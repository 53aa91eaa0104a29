//! Dates as `.bib` files have them: EDTF in `date`, or year, month and day apart, in figures, macros and words.
//!
//! Words for months are read in the languages that BibLaTeX supports. What is not understood stays as written.

use crate::model::date::month_from_english;
use crate::model::months::{month_named, season_named};
use crate::model::{Bound, Date, Day};

/// The date in a `date` field and its like: EDTF, or what people write there instead (`12 June 2004`, `12.6.2004`,
/// `2004/06/12`); none where it is neither.
pub(super) fn read(text: &str, language: Option<&str>) -> Option<Date> {
    let text = text.trim();
    Date::parse_edtf(text).or_else(|| figures(text)).or_else(|| words(text, language))
}

/// Joins `year`, `month` and `day`; none where they make no date.
pub(super) fn join(year: &str, month: Option<&str>, day: Option<&str>, language: Option<&str>) -> Option<Date> {
    let (from, to) = split_range(year);
    match (parse_year(from), to) {
        (Some(year), None) => single_year(&year, month, day, language),
        (from, Some(to)) => year_range(year, from.as_ref(), to, month.filter(|_| day.is_none()), language)
            .filter(|_| month.is_none() || day.is_none()),
        (None, None) if month.is_none() && day.is_none() => words(year, language),
        (None, None) => None,
    }
}

/// Whether a month and a day, as the older fields have them, are those of a date: of one of its ends, if it is a range.
pub(super) fn are_of(date: &Date, month: Option<&str>, day: Option<&str>, language: Option<&str>) -> bool {
    let days_of = |date: &Date| -> Vec<Day> {
        let bounds = match date {
            Date::Day(day) => return vec![day.clone()],
            Date::Range(from, to) => [from.clone(), to.clone()],
            Date::Written(_) => return Vec::new(),
        };
        bounds.into_iter().filter_map(|bound| if let Bound::Day(day) = bound { Some(day) } else { None }).collect()
    };
    let days = days_of(date);
    let has_month = month.is_none_or(|month| {
        let months = join("2000", Some(month), None, language).map(|months| days_of(&months)).unwrap_or_default();
        !months.is_empty() && months.iter().all(|one| days.iter().any(|other| other.month == one.month))
    });
    let mut numbers = day.unwrap_or_default().split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
    let has_day = numbers.all(|number| days.iter().any(|day| number.parse().ok() == day.day));
    has_month && has_day
}

/// The years that stand in a `year` field, a range in whatever order.
pub(super) fn years(text: &str) -> Option<Date> {
    let bound = |year: &str| if year.is_empty() { Some(Bound::Open) } else { parse_year(year).map(Bound::Day) };
    match split_range(text) {
        (year, None) => parse_year(year).map(Date::Day),
        (from, Some(to)) => Some(Date::Range(bound(from)?, bound(to)?)),
    }
}

/// `1995--1997`, `1995--97`, `1985--`; with months, as in `1999/2000` and `dec # "/" # jan`, one for each year.
fn year_range(year: &str, from: Option<&Day>, to: &str, month: Option<&str>, language: Option<&str>) -> Option<Date> {
    let open = |text: &str| text.is_empty().then_some(Bound::Open);
    let (first, last) = match month {
        None => (None, None),
        Some(month) => {
            let (first, last) = split_range(month);
            (Some(parse_month(first, language)?), Some(parse_month(last?, language)?))
        }
    };
    let last_year = parse_year(to).or_else(|| shortened(year, from?, to));
    let bound = |year: Option<&Day>, text: &str, month: Option<(u8, Option<u8>)>| match (year, month) {
        (Some(year), None) => Some(Bound::Day(year.clone())),
        (Some(year), Some((month, day))) => in_month(year, month, day).map(Bound::Day),
        (None, _) => open(text),
    };
    let start = bound(from, split_range(year).0, first)?;
    let end = bound(last_year.as_ref(), to, last)?;
    range(start, end)
}

/// A range that does not end before it begins.
fn range(start: Bound, end: Bound) -> Option<Date> {
    let backwards = match (&start, &end) {
        (Bound::Day(start), Bound::Day(end)) => {
            (start.year, start.month, start.day) > (end.year, end.month, end.day.or(start.day))
        }
        (Bound::Open | Bound::Unknown, Bound::Open | Bound::Unknown) => true,
        (Bound::Day(_) | Bound::Open | Bound::Unknown, _) => false,
    };
    (!backwards).then_some(Date::Range(start, end))
}

/// The second year of `1995--97`; `2004-06` is a month.
fn shortened(range: &str, from: &Day, to: &str) -> Option<Day> {
    let is_range = ["--", "–", "/"].iter().any(|dash| range.contains(dash));
    let to: i32 = Some(to).filter(|to| to.len() == 2)?.parse().ok()?;
    let year = from.year - from.year.rem_euclid(100) + to;
    (is_range && from.year > 0 && year > from.year).then(|| Day::year(year))
}

fn single_year(year: &Day, month: Option<&str>, day: Option<&str>, language: Option<&str>) -> Option<Date> {
    let Some(month) = month else {
        return day.is_none().then(|| Date::Day(year.clone()));
    };
    let at = |(month, day): (u8, Option<u8>)| in_month(year, month, day);
    let day_range = day.map(split_range);
    if let (first, Some(last)) = split_range(month) {
        if day.is_some() {
            return None;
        }
        let [first, last] = month_range(first, last, language)?;
        return range(Bound::Day(at(first)?), Bound::Day(at(last)?));
    }
    let (month, inner_day) = parse_month(month, language)?;
    match (inner_day, day_range) {
        (inner, None) => at((month, inner)).map(Date::Day),
        (Some(_), Some(_)) => None,
        (None, Some((first, None))) => at((month, Some(parse_day(first)?))).map(Date::Day),
        (None, Some((first, Some(last)))) => {
            let bound = |day| at((month, Some(parse_day(day)?))).map(Bound::Day);
            range(bound(first)?, bound(last)?)
        }
    }
}

/// The ends of `May--June`, `30 May--2 June`, and of `3--5 June` and `June 3--5`, where the month is not repeated.
fn month_range(first: &str, last: &str, language: Option<&str>) -> Option<[(u8, Option<u8>); 2]> {
    let (first_day, last_day) = (parse_day(first), parse_day(last));
    if let (Some(day), Some((month, Some(last)))) = (first_day, parse_month(last, language)) {
        return Some([(month, Some(day)), (month, Some(last))]);
    }
    let first = parse_month(first, language)?;
    if let (Some(_), Some(day)) = (first.1, last_day) {
        return Some([first, (first.0, Some(day))]);
    }
    Some([first, parse_month(last, language)?])
}

/// A month, or a day of it, in a year with the doubts of that year.
fn in_month(year: &Day, month: u8, day: Option<u8>) -> Option<Day> {
    let exists = day.is_none_or(|day| Day::ymd(year.year, month, day).is_some());
    (exists && year.unspecified_year_digits == 0).then(|| Day { month: Some(month), day, ..year.clone() })
}

/// Four figures as EDTF has them, with its marks of doubt; negative years and `19XX` too; `c. 1850`, `[1850?]`.
fn parse_year(text: &str) -> Option<Day> {
    let text = text.trim();
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text).trim();
    let about = ["circa", "ca.", "ca", "c.", "c"].iter().find_map(|about| inner.strip_prefix(about));
    let about = about.map(|rest| rest.trim_start_matches([' ', '~', '\u{a0}']));
    match Date::parse_edtf(about.unwrap_or(inner))? {
        Date::Day(day) if day.month.is_none() && !(day.unspecified_month && about.is_some()) => {
            Some(Day { approximate: day.approximate || about.is_some(), ..day })
        }
        Date::Day(_) | Date::Range(..) | Date::Written(_) => None,
    }
}

/// `2004/06/12`, `12.6.2004`: the orders that leave no doubt.
fn figures(text: &str) -> Option<Date> {
    let number = |part: &str| part.trim().parse::<u8>().ok().filter(|_| part.trim().len() <= 2);
    let parts: Vec<&str> = text.split(['/', '.']).collect();
    let [first, month, last] = parts.as_slice() else { return None };
    let year = |part: &str| Some(part.trim()).filter(|part| part.len() == 4)?.parse::<i32>().ok();
    match (text.contains('/'), text.contains('.')) {
        (true, false) => Date::ymd(year(first)?, number(month)?, number(last)?),
        (false, true) => Date::ymd(year(last)?, number(month)?, number(first)?),
        _ => None,
    }
}

/// `June 2004`, `12 June 2004`, `June 12th, 2004`, `Spring 2004`.
fn words(text: &str, language: Option<&str>) -> Option<Date> {
    let is_year = |word: &str| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    let pieces: Vec<&str> = text.split([' ', '~', '\u{a0}', ',']).filter(|word| !word.is_empty()).collect();
    let at = pieces.iter().position(|word| is_year(word))?;
    if pieces.len() < 2 || !(at == 0 || at + 1 == pieces.len()) {
        return None;
    }
    let rest: Vec<&str> = pieces.iter().enumerate().filter(|(nth, _)| *nth != at).map(|(_, word)| *word).collect();
    let has_name = rest.iter().any(|word| named_month(word, language).is_some());
    has_name.then(|| single_year(&parse_year(pieces[at])?, Some(&rest.join(" ")), None, language)).flatten()
}

/// A month, and the day where both stand together: `jun`, `June`, `6`, `Spring`, `12~jun`, `June 12`, `12. Juni`.
fn parse_month(text: &str, language: Option<&str>) -> Option<(u8, Option<u8>)> {
    let mut month = None;
    let mut day = None;
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, '~' | ',' | '\u{a0}')) {
        let word = word.trim_matches(|c| matches!(c, '{' | '}' | '.'));
        if word.is_empty() || (month.is_none() && day.is_some() && matches!(word, "de" | "of")) {
            continue;
        }
        match (named_month(word, language), parse_day(word)) {
            (Some(named), _) if month.is_none() => month = Some(named),
            (None, Some(number)) if day.is_none() => day = Some(number),
            _ => return None,
        }
    }
    match (month, day) {
        (Some(month), day) => Some((month, day)),
        (None, Some(month @ 1..=12)) => Some((month, None)),
        _ => None,
    }
}

/// A day of a month: `3`, `03`, `3.`, `3rd`, `1er`.
fn parse_day(text: &str) -> Option<u8> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | '.'));
    let figures = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, ordinal) = text.split_at(figures);
    let is_ordinal = matches!(ordinal, "" | "st" | "nd" | "rd" | "th" | "er" | "re" | "º" | "ª");
    number.parse().ok().filter(|day| is_ordinal && *day <= 31)
}

fn named_month(word: &str, language: Option<&str>) -> Option<u8> {
    month_from_english(word).or_else(|| season_named(word)).or_else(|| month_named(word, language))
}

/// Parts `a--b` (also with one dash, an en dash or a slash); a sign in front belongs to the number.
fn split_range(text: &str) -> (&str, Option<&str>) {
    let text = text.trim();
    for dash in ["---", "--", "–", "/"] {
        if let Some((from, to)) = text.split_once(dash) {
            return (from.trim(), Some(to.trim()));
        }
    }
    // A hyphen at the beginning, or between a blank and a figure, is the sign of a year.
    let is_sign = |at: usize| {
        let (before, behind) = (text[..at].chars().next_back(), text[at + 1..].chars().next());
        before.is_none_or(char::is_whitespace) && behind.is_some_and(|c| c.is_ascii_digit())
    };
    match text.match_indices('-').find(|(at, _)| *at > 0 && !is_sign(*at)) {
        Some((at, _)) => (text[..at].trim(), Some(text[at + 1..].trim())),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_words_and_figures() {
        let check = |text: &str, expected: &str| {
            assert_eq!(read(text, None).map(|date| date.to_string()).unwrap_or_default(), expected, "{text}");
        };
        check("2004-06-12", "2004-06-12");
        check("2004-XX", "2004-XX");
        check("12 June 2004", "2004-06-12");
        check("June 12th, 2004", "2004-06-12");
        check("2004 Juni", "2004-06");
        check("Spring 2004", "2004-21");
        check("2004/06/12", "2004-06-12");
        check("12.6.2004", "2004-06-12");
        check("6/12/2004", "");
        check("June 31, 2004", "");
        check("2004 pages", "");
        check("the year 2004", "");
        check("visited 2004", "");
        check("1.2.3", "");
    }

    #[test]
    fn years_months_and_days() {
        fn given(text: &str) -> Option<&str> {
            (!text.is_empty()).then_some(text)
        }
        let check = |year: &str, month: &str, day: &str, expected: &str| {
            let (month, day) = (given(month), given(day));
            let date = join(year, month, day, Some("polish")).map(|date| date.to_string()).unwrap_or_default();
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
        check("forthcoming", "jan", "", "");
        check("n.d.", "", "", "");
        check("c. 1850", "", "", "1850~");
        check("c. -0044", "", "", "-0044~");
        check("1964 - 2008", "", "", "1964/2008");
        check("[ca. 1850?]", "", "", "1850%");
        check("1995--97", "", "", "1995/1997");
        check("1995/96", "", "", "1995/1996");
        check("2004-06", "", "", "");
        check("1999/2000", "December/January", "", "1999-12/2000-01");
        check("2000", "December/January", "", "");
        check("2017", "May/June", "", "2017-05/2017-06");
        check("2017", "January~1", "", "2017-01-01");
        check("2017", "3--5 June", "", "2017-06-03/2017-06-05");
        check("2017", "30 July -- August 2nd", "", "2017-07-30/2017-08-02");
        check("2017", "June", "3--5", "2017-06-03/2017-06-05");
        check("2017", "12. Juni", "", "2017-06-12");
        check("2017", "1er août", "", "2017-08-01");
        check("2017", "15 de marzo", "", "2017-03-15");
        check("2017", "listopad", "", "2017-11");
        check("2017", "été", "", "2017-22");
        check("June 2004", "", "", "2004-06");
        check("199X", "May", "", "");
        check("1999?", "May", "", "1999-05?");
        check("½½", "½", "٣", "");
        check("- 2020", "January 999", "", "");
        check("2020", "0", "", "");
    }
}
