//! Dates: EDTF levels 0 and 1 (ISO 8601-2:2019, annex A), ranges with open ends, and dates kept as written.
//!
//! [`Date::parse`] never fails: what is not EDTF is [`Date::Written`]. Words and month names in other notations are the
//! business of the format that has them; [`Day`] is built from numbers there.

use std::fmt;

/// A date, a range, or what the input had in its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Date {
    /// One date.
    Day(Day),
    /// From one date to another; at least one bound is a date.
    Range(Bound, Bound),
    /// Not understood: as the input has it ("forthcoming", "Spring of 1999").
    Written(String),
}

/// One end of a range.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Bound {
    /// A date.
    Day(Day),
    /// It has not ended, or has no beginning (EDTF `..`).
    Open,
    /// Not known (EDTF: empty).
    Unknown,
}

/// A calendar date of year, month or day precision, or a season.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "each is one of EDTF's marks, and they are free of one another")]
pub struct Day {
    /// Astronomical year: 0 is 1 BC.
    pub year: i32,
    /// How many trailing digits of the year are not given: 1 for `199X`, 2 for `19XX`.
    pub unspecified_year_digits: u8,
    /// 1 to 12, or a season 21 (spring) to 24 (winter).
    pub month: Option<u8>,
    /// 1 to 31.
    pub day: Option<u8>,
    /// There is a month, but it is not given: `2004-XX`.
    pub unspecified_month: bool,
    /// There is a day, but it is not given: `1985-04-XX`, `1985-XX-XX`.
    pub unspecified_day: bool,
    /// The time of day, with a day only.
    pub time: Option<DateTime>,
    /// Not certain (EDTF `?` or `%`).
    pub uncertain: bool,
    /// About (EDTF `~` or `%`).
    pub approximate: bool,
}

/// A time of day as ISO 8601 writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DateTime {
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59 (60 in a leap second).
    pub second: u8,
    /// Minutes east of UTC; none for local time.
    pub offset: Option<i16>,
}

impl Day {
    /// A date of year precision.
    pub fn year(year: i32) -> Self {
        Self { year, ..Self::default() }
    }

    /// A date of month precision; a month outside 1 to 12 is left out.
    pub fn month(year: i32, month: u8) -> Self {
        Self { year, month: (1..=12).contains(&month).then_some(month), ..Self::default() }
    }

    /// A calendar date, if it exists.
    pub fn ymd(year: i32, month: u8, day: u8) -> Option<Self> {
        (day >= 1 && day <= days_in_month(year, month)).then(|| Self {
            year,
            month: Some(month),
            day: Some(day),
            ..Self::default()
        })
    }

    /// Whether the month is a season (21 to 24).
    pub fn is_season(&self) -> bool {
        self.month.is_some_and(|month| month > 12)
    }

    /// Whether EDTF's marks say something that the figures of year, month and day do not: doubt, or parts not given.
    pub fn is_qualified(&self) -> bool {
        self.uncertain || self.approximate || self.unspecified_month || self.unspecified_day
    }

    /// The date without doubt marks and time, as EDTF: `2017-06-12`, `2017-06`, `199X`, `2004-XX`, `Y17000`.
    pub fn calendar(&self) -> String {
        let mut out = String::with_capacity(10);
        if self.year.unsigned_abs() > 9999 {
            out.push('Y');
        }
        if self.year < 0 {
            out.push('-');
        }
        let digits = format!("{:04}", self.year.unsigned_abs());
        let known = digits.len().saturating_sub(usize::from(self.unspecified_year_digits));
        out.push_str(&digits[..known]);
        out.extend(std::iter::repeat_n('X', digits.len() - known));
        let day = if self.month.is_some() { self.day } else { None };
        for (part, unspecified) in [(self.month, self.unspecified_month), (day, self.unspecified_day)] {
            match part {
                Some(part) => out.extend(['-', char::from(b'0' + part / 10), char::from(b'0' + part % 10)]),
                None if unspecified => out.push_str("-XX"),
                None => break,
            }
        }
        out
    }

    fn parse(text: &str) -> Option<Self> {
        let (text, uncertain, approximate) = match text.as_bytes().last()? {
            b'?' => (&text[..text.len() - 1], true, false),
            b'~' => (&text[..text.len() - 1], false, true),
            b'%' => (&text[..text.len() - 1], true, true),
            _ => (text, false, false),
        };
        let (calendar, time) = match text.split_once(['T', 't']) {
            Some((calendar, time)) => (calendar, Some(DateTime::parse(time)?)),
            None => (text, None),
        };
        let mut day = Self::parse_calendar(calendar)?;
        if time.is_some() && day.day.is_none() {
            return None;
        }
        day.time = time;
        day.uncertain = uncertain;
        day.approximate = approximate;
        Some(day)
    }

    fn parse_calendar(text: &str) -> Option<Self> {
        if let Some(long) = text.strip_prefix('Y') {
            return parse_long_year(long).map(Self::year);
        }
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut parts = digits.split('-');
        let (year, unspecified_year_digits) = parse_year(parts.next()?)?;
        let year = if negative { -year } else { year };
        let (month, day) = (parts.next(), parts.next());
        if parts.next().is_some() || (unspecified_year_digits > 0 && month.is_some()) {
            return None;
        }
        let (unspecified_month, unspecified_day) = (month == Some("XX"), day == Some("XX"));
        let month = match month {
            None | Some("XX") => None,
            Some(part) => Some(two_digits(part).filter(|m| (1..=12).contains(m) || (21..=24).contains(m))?),
        };
        let day = match day {
            None => None,
            // A season has no days.
            Some("XX") if month.is_none_or(|month| month <= 12) => None,
            Some(part) => Some(two_digits(part).filter(|d| *d >= 1 && *d <= days_in_month(year, month.unwrap_or(0)))?),
        };
        Some(Self { year, unspecified_year_digits, month, day, unspecified_month, unspecified_day, ..Self::default() })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.calendar())?;
        if let Some(time) = self.time {
            write!(f, "T{time}")?;
        }
        f.write_str(match (self.uncertain, self.approximate) {
            (true, true) => "%",
            (true, false) => "?",
            (false, true) => "~",
            (false, false) => "",
        })
    }
}

impl DateTime {
    fn parse(text: &str) -> Option<Self> {
        let zone_at = text.find(['Z', 'z', '+', '-']);
        let (clock, zone) = text.split_at(zone_at.unwrap_or(text.len()));
        let offset = match zone {
            "" => None,
            "Z" | "z" => Some(0),
            zone => {
                let minutes = match zone[1..].split_once(':') {
                    Some((h, m)) => {
                        i16::from(two_digits(h)?) * 60 + i16::from(two_digits(m).filter(|minutes| *minutes < 60)?)
                    }
                    None => i16::from(two_digits(&zone[1..])?) * 60,
                };
                if minutes >= 24 * 60 {
                    return None;
                }
                Some(if zone.starts_with('-') { -minutes } else { minutes })
            }
        };
        let mut parts = clock.split(':');
        let hour = two_digits(parts.next()?).filter(|h| *h < 24)?;
        let minute = two_digits(parts.next()?).filter(|m| *m < 60)?;
        let second = match parts.next() {
            // A fraction has no place in the model; noughts say nothing.
            Some(part) => {
                let (seconds, fraction) = part.split_once('.').unwrap_or((part, ""));
                two_digits(seconds).filter(|s| *s <= 60 && fraction.bytes().all(|b| b == b'0'))?
            }
            None => 0,
        };
        parts.next().is_none().then_some(Self { hour, minute, second, offset })
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.hour, self.minute, self.second)?;
        match self.offset {
            None => Ok(()),
            Some(0) => f.write_str("Z"),
            Some(minutes) => {
                let sign = if minutes < 0 { '-' } else { '+' };
                let minutes = minutes.unsigned_abs();
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

impl Date {
    /// Reads an EDTF level 0 or 1 date or range; anything else is kept as written.
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        Self::parse_edtf(text).unwrap_or_else(|| Self::Written(text.to_owned()))
    }

    /// Reads an EDTF level 0 or 1 date or range.
    pub fn parse_edtf(text: &str) -> Option<Self> {
        let Some((start, end)) = text.split_once('/') else {
            return Day::parse(text).map(Self::Day);
        };
        let (start, end) = (Bound::parse(start)?, Bound::parse(end)?);
        let has_date = matches!(start, Bound::Day(_)) || matches!(end, Bound::Day(_));
        has_date.then_some(Self::Range(start, end))
    }

    /// Reads a day, a month or a season in English words: `12 June 2017`, `June 12, 2017`, `Jun 2017`, `2017 Jun 12`,
    /// `spring 2020`; exactly these words and no other.
    pub fn parse_words(text: &str) -> Option<Self> {
        let (mut year, mut month, mut day) = (None, None, None);
        for word in text.split([' ', ',', '.', '-', '/']).filter(|word| !word.is_empty()) {
            let number: Option<i32> = word.bytes().all(|b| b.is_ascii_digit()).then(|| word.parse().ok()).flatten();
            let slot = match number {
                Some(number) if word.len() == 4 => year.replace(number),
                Some(number) if word.len() <= 2 => day.replace(number),
                Some(_) => return None,
                None => month.replace(i32::from(month_from_english(word).or_else(|| season_from_english(word))?)),
            };
            if slot.is_some() {
                return None;
            }
        }
        let (year, month) = (year?, u8::try_from(month?).ok()?);
        let date = match day {
            Some(day) => Day::ymd(year, month, u8::try_from(day).ok()?)?,
            None => Day { month: Some(month), ..Day::year(year) },
        };
        Some(Self::Day(date))
    }

    /// A calendar date.
    pub fn ymd(year: i32, month: u8, day: u8) -> Option<Self> {
        Day::ymd(year, month, day).map(Self::Day)
    }

    /// Whether both begin in one year and end in one year, as far as they say; never of what is only kept as written.
    pub fn spans_years_of(&self, other: &Self) -> bool {
        let year = |bound: &Bound| match bound {
            Bound::Day(day) => Some(day.year),
            Bound::Open | Bound::Unknown => None,
        };
        let years = |date: &Self| match date {
            Self::Day(day) => Some((Some(day.year), Some(day.year))),
            Self::Range(from, to) => Some((year(from), year(to))),
            Self::Written(_) => None,
        };
        years(self).is_some() && years(self) == years(other)
    }

    /// The first date that it names: itself, or the first bound of a range that is a date.
    pub fn first(&self) -> Option<&Day> {
        match self {
            Self::Day(day) | Self::Range(Bound::Day(day), _) | Self::Range(_, Bound::Day(day)) => Some(day),
            Self::Range(..) | Self::Written(_) => None,
        }
    }

    /// The year of [`Date::first`].
    pub fn year(&self) -> Option<i32> {
        self.first().map(|day| day.year)
    }
}

impl Bound {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "" => Some(Self::Unknown),
            ".." => Some(Self::Open),
            text => Day::parse(text).map(Self::Day),
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Open => f.write_str(".."),
            Self::Unknown => Ok(()),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Range(start, end) => write!(f, "{start}/{end}"),
            Self::Written(text) => f.write_str(text),
        }
    }
}

/// The season of an English word as EDTF numbers it: spring 21 to winter 24.
pub fn season_from_english(word: &str) -> Option<u8> {
    match word.to_ascii_lowercase().as_str() {
        "spring" => Some(21),
        "summer" => Some(22),
        "fall" | "autumn" => Some(23),
        "winter" => Some(24),
        _ => None,
    }
}

/// The month of an English name or its abbreviation of three or more letters, any case, with or without a dot.
pub fn month_from_english(word: &str) -> Option<u8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.trim_end_matches('.');
    if word.len() < 3 || !word.is_ascii() {
        return None;
    }
    let word = word.to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| month.starts_with(&word))?;
    u8::try_from(at + 1).ok()
}

fn parse_year(text: &str) -> Option<(i32, u8)> {
    if text.len() != 4 || !text.is_ascii() {
        return None;
    }
    let known = text.trim_end_matches('X');
    let unspecified = u8::try_from(4 - known.len()).ok()?;
    if unspecified > 2 || !known.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let year: i32 = known.parse().ok()?;
    Some((year * 10_i32.pow(u32::from(unspecified)), unspecified))
}

/// A year of more than four digits, as EDTF writes it behind `Y`.
fn parse_long_year(text: &str) -> Option<i32> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    (digits.len() > 4 && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit())).then_some(())?;
    text.parse().ok()
}

fn two_digits(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Some((a - b'0') * 10 + (b - b'0')),
        _ => None,
    }
}

/// How many days a month has; 0 for a month that does not exist.
pub fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edtf_is_read_and_printed_unchanged() {
        for text in [
            "2017",
            "2017-06",
            "2017-06-12",
            "199X",
            "19XX",
            "-0044",
            "0000",
            "2001-21",
            "1984?",
            "2004-06~",
            "2004-06-11%",
            "1964/2008",
            "2004-02-01/2005",
            "1985-04-12/..",
            "../1985",
            "1985/",
            "/1985-04",
            "2017-06-12T10:20:30Z",
            "2017-06-12T10:20:30+01:30",
            "2017-06-12T10:20:30",
            "2004-XX",
            "1985-04-XX",
            "1985-XX-XX",
            "1985-XX-XX~",
            "Y170002",
            "Y-17000",
            "-01XX",
            "1984~/2004-06",
            "2001-21/2003-24",
        ] {
            assert_eq!(Date::parse_edtf(text).map(|d| d.to_string()).as_deref(), Some(text));
        }
    }

    #[test]
    fn everything_else_is_kept_as_written() {
        for text in [
            "½½",
            "²",
            "- 2020",
            "20200X",
            "2020-00-XX",
            "2020-13-45",
            "2020-02-30",
            "T25:61",
            "in press",
            "99999999999",
            "/",
            "../..",
            "2020-05-01-02",
            "forthcoming",
            "Y-17E7",
            "Y1999",
            "2004-XX-12",
            "2001-21-XX",
            "199X-05",
            "1XXX",
            "2020-02-30T10:00:00",
            "2004?-06",
            "[1667, 1668]",
            "2017-06T10:20:30",
            "Y99999999999",
        ] {
            assert_eq!(Date::parse(text), Date::Written(text.to_owned()));
        }
    }

    #[test]
    fn english_months() {
        assert_eq!(month_from_english("Sept."), Some(9));
        assert_eq!(month_from_english("October"), Some(10));
        assert_eq!(month_from_english("Octobre"), None);
        assert_eq!(month_from_english("ma"), None);
    }
}
