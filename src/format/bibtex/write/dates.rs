//! Dates: EDTF in BibLaTeX, `year`, `month` and `day` in BibTeX.
//!
//! Must not know how dates are read.

use super::EntryWriter;
use crate::model::{Bound, Date, DateField, Day};
use std::fmt::Write as _;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const SEASONS: [&str; 4] = ["Spring", "Summer", "Autumn", "Winter"];

/// A year as printed in the `year` field; doubt as people write it: `c. 1850?`.
struct Year<'d>(&'d Day);

impl std::fmt::Display for Year<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.approximate {
            f.write_str("c. ")?;
        }
        match self.0 {
            Day { year, unspecified_year_digits: 0, .. } if (1000..10_000).contains(year) => write!(f, "{year}")?,
            day => {
                let unspecified_year_digits = day.unspecified_year_digits;
                let year = Day { unspecified_year_digits, ..Day::year(day.year) };
                f.write_str(&year.calendar())?;
            }
        }
        f.write_str(if self.0.uncertain { "?" } else { "" })
    }
}

/// A month as its macro, a season as its English name.
struct Month(u8);

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = usize::from(self.0);
        match (MONTHS.get(at.wrapping_sub(1)), SEASONS.get(at.wrapping_sub(21))) {
            (Some(month), _) => f.write_str(month),
            (None, Some(season)) => write!(f, "{{{season}}}"),
            (None, None) => write!(f, "{{{at}}}"),
        }
    }
}

impl EntryWriter<'_, '_> {
    pub(super) fn date(&mut self, field: DateField, name: &'static str) {
        let Some(date) = self.entry.dates.get(field) else { return };
        match date {
            Date::Written(text) => {
                let name = if field == DateField::Issued { "year" } else { name };
                self.line(name, text);
            }
            Date::Day(_) | Date::Range(..) => {
                let _ = writeln!(self.printer.out, "  {name} = {{{date}}},");
            }
        }
    }

    /// `year` and `month`, and `day`, which publishers write and styles may print; what these cannot say stands in BibLaTeX's
    /// `date` beside them, which BibTeX's styles pass over.
    pub(super) fn bibtex_date(&mut self) {
        let Some(date) = self.entry.dates.get(DateField::Issued) else { return };
        let exact = |day: &Day| !day.unspecified_month && !day.unspecified_day && day.time.is_none();
        let holds = match date {
            Date::Written(text) => {
                self.line("year", text);
                true
            }
            Date::Day(day) => {
                let _ = writeln!(self.printer.out, "  year = {{{}}},", Year(day));
                if let Some(month) = day.month {
                    let _ = writeln!(self.printer.out, "  month = {},", Month(month));
                }
                if let (Some(_), Some(day)) = (day.month, day.day) {
                    let _ = writeln!(self.printer.out, "  day = {{{day}}},");
                }
                exact(day)
            }
            Date::Range(Bound::Day(from), Bound::Day(to)) => {
                let same_year = Year(from).to_string() == Year(to).to_string();
                let _ = if same_year {
                    writeln!(self.printer.out, "  year = {{{}}},", Year(from))
                } else {
                    writeln!(self.printer.out, "  year = {{{}--{}}},", Year(from), Year(to))
                };
                let months = from.month.zip(to.month).filter(|_| same_year);
                let days = from.day.zip(to.day).filter(|_| months.is_some_and(|(first, last)| first == last));
                match (months, days) {
                    (Some((month, _)), Some((first, last))) => {
                        let _ = writeln!(self.printer.out, "  month = {},", Month(month));
                        let _ = writeln!(self.printer.out, "  day = {{{first}--{last}}},");
                    }
                    (Some((first, last)), None) => {
                        let _ = writeln!(self.printer.out, "  month = {} # {{--}} # {},", Month(first), Month(last));
                    }
                    (None, _) => {}
                }
                let fits = match (months, days) {
                    (Some(_), Some((first, last))) => first < last,
                    (Some((first, last)), None) => first != last && from.day.is_none() && to.day.is_none(),
                    (None, _) => !same_year && from.month.is_none() && to.month.is_none(),
                };
                // The dash before the sign of a year would be taken for a part of it.
                let is_plain = from.year >= 0 && to.year >= 0 && from.year <= to.year;
                exact(from) && exact(to) && fits && is_plain
            }
            Date::Range(from, to) => {
                let year = |bound: &Bound| match bound {
                    Bound::Day(day) => Year(day).to_string(),
                    Bound::Open | Bound::Unknown => String::new(),
                };
                let _ = writeln!(self.printer.out, "  year = {{{}--{}}},", year(from), year(to));
                [from, to].into_iter().all(|bound| match bound {
                    Bound::Day(day) => exact(day) && day.month.is_none() && day.year >= 0,
                    Bound::Open => true,
                    Bound::Unknown => false,
                })
            }
        };
        if !holds {
            let _ = writeln!(self.printer.out, "  date = {{{date}}},");
        }
    }
}
