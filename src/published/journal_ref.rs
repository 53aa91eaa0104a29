//! Journal references as authors type them into arXiv's forms: `Phys.Rev. D62 (2000) 053010`, `Astronomy Letters, 2022,
//! Vol. 48, No. 11, pp. 680-687`, `Mon.Not.Roy.Astron.Soc.378:211-220,2007`.
//!
//! A reference is understood as a whole or not at all: a journal, then numbers of which each one's meaning is sure by its
//! label, its form or its place. Several publications in one reference, conferences, books and announcements are not
//! taken for a journal's article. The journal keeps the spelling it has.

use crate::model::date::month_from_english;
use crate::model::{Date, Day};

/// What a reference says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalRef {
    /// The journal, with the letter of its series: `Phys.Rev. D`.
    pub journal: String,
    /// The volume.
    pub volume: Option<String>,
    /// The issue.
    pub issue: Option<String>,
    /// The pages, or the number that stands in their place.
    pub pages: Option<String>,
    /// The number of the article, where it is called so.
    pub article: Option<String>,
    /// When it was published.
    pub date: Date,
}

/// Reads a whole reference, plain text.
pub fn parse(text: &str) -> Option<JournalRef> {
    let text = without_doi(text.trim().trim_start_matches([',', ' '])).trim_end_matches(['.', ',', ';', ' ']);
    if text.len() > 200 || text.contains([';', '"', '/', '@', '[', '$', '\\', '“']) {
        return None;
    }
    let end = name_end(text)?;
    let (name, mut rest) = text.split_at(end);
    let name = name.trim_end_matches([',', ' ', ':', '(']).trim_end_matches(" -");
    // `Phys.Rev. D62`: the letter is the journal's.
    let has_series = rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit) && text[..end].ends_with([' ', '.']);
    let series = rest.as_bytes().first().filter(|b| has_series && b.is_ascii_uppercase()).map(|b| char::from(*b));
    let journal = match series {
        Some(letter) => {
            rest = &rest[1..];
            format!("{}{letter}", &text[..end])
        }
        None => name.to_owned(),
    };
    if !is_journal(&journal) {
        return None;
    }
    Numbers::default().read(rest, series.is_some())?.finish(journal)
}

/// A reference without the DOI behind it, which the record has in a field of its own.
fn without_doi(text: &str) -> &str {
    let lowered = text.to_ascii_lowercase();
    let marks = ["doi:", "doi ", "https://doi.org/", "http://doi.org/", "http://dx.doi.org/", "https://dx.doi.org/"];
    let at = marks.iter().filter_map(|mark| lowered.find(mark)).min().filter(|at| *at > 0);
    match at {
        // Nothing may stand behind it.
        Some(at)
            if !text[at..].trim_end().trim_start_matches("doi:").trim_start_matches("DOI:").trim().contains(' ') =>
        {
            text[..at].trim_end_matches([' ', ',', '(', '['])
        }
        _ => text,
    }
}

/// Where the name ends: before the first number, or before the label or the bracket in front of it.
fn name_end(text: &str) -> Option<usize> {
    let digit = text.char_indices().skip(1).find(|(_, c)| c.is_ascii_digit())?.0;
    let mut end = digit;
    // A letter of a series, the letters of a page: `D62`, `L163`.
    let head = text[..end].trim_end_matches(|c: char| c.is_ascii_uppercase());
    let is_series = end - head.len() == 1 && head.ends_with([' ', '.']) && text[..head.len()].trim_end().len() > 1;
    if is_series {
        return Some(head.len());
    }
    while let Some(start) = label_start(&text[..end]) {
        end = start;
    }
    Some(end)
}

/// Where a label, a month or an opening bracket at the end of a text begins.
fn label_start(text: &str) -> Option<usize> {
    let trimmed = text.trim_end_matches([' ', '.', ':', '°', 'º', ',']);
    if let Some(rest) = trimmed.strip_suffix('(') {
        return Some(rest.trim_end().len());
    }
    let word = trimmed.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default().to_ascii_lowercase();
    let word_at = trimmed.len() - word.len();
    let is_label = label(&word).is_some() || month_from_english(&word).is_some();
    (word_at > 0 && is_label && !word.is_empty()).then_some(word_at)
}

/// What a number behind a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    Volume,
    Issue,
    Pages,
    Article,
}

fn label(word: &str) -> Option<Label> {
    Some(match word {
        "vol" | "volume" | "v" => Label::Volume,
        "no" | "n" | "nr" | "num" | "number" | "issue" | "issues" | "iss" => Label::Issue,
        "p" | "pp" | "page" | "pages" | "pgs" | "pag" => Label::Pages,
        "article" | "id" | "eid" | "art" => Label::Article,
        _ => return None,
    })
}

/// Words that stand in names of conferences and books and in announcements, never in the name of a journal.
const NO_JOURNAL: [&str; 46] = [
    "accepted",
    "accompanying",
    "al",
    "also",
    "appear",
    "arxiv",
    "book",
    "chapter",
    "cited",
    "conf",
    "conference",
    "conferences",
    "congress",
    "doi",
    "ed",
    "edited",
    "editor",
    "editors",
    "eds",
    "erratum",
    "http",
    "https",
    "ibid",
    "inproceedings",
    "invited",
    "isbn",
    "lect",
    "lecture",
    "master",
    "meeting",
    "phd",
    "preprint",
    "presented",
    "press",
    "proceeding",
    "published",
    "report",
    "school",
    "see",
    "submitted",
    "supplement",
    "symp",
    "symposium",
    "thesis",
    "university",
    "workshop",
];

/// Whether a name can be that of a journal.
fn is_journal(name: &str) -> bool {
    let sound = |c: char| c.is_alphabetic() || matches!(c, ' ' | '.' | '&' | '-' | ':' | '\'' | '’' | '(' | ')' | ',');
    let lowered = name.to_lowercase();
    let words: Vec<&str> = lowered.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    let begins = name.starts_with(|c: char| c.is_uppercase());
    let dangles = matches!(*last, "of" | "the" | "for" | "and" | "on" | "to" | "de" | "at" | "from")
        || *last == "series" && !words.ends_with(&["supplement", "series"]);
    let brackets = name.matches('(').count() == name.matches(')').count();
    let is_known_series = match *first {
        "proc" | "proceedings" => is_journal_of_proceedings(&words),
        "in" => false,
        _ => true,
    };
    begins
        && brackets
        && !dangles
        && is_known_series
        && name.chars().all(sound)
        && lowered.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && words.len() <= 14
        && enumerates(name)
        && !words.iter().enumerate().any(|(at, word)| {
            // The supplement series of a journal is one.
            NO_JOURNAL.contains(word) && !(*word == "supplement" && words.get(at + 1) == Some(&"series"))
        })
}

/// Whether commas in a name part the subjects of a journal (`Combinatorics, Probability and Computing`) and not authors:
/// the last ones are joined by a word, and there are no initials.
fn enumerates(name: &str) -> bool {
    let Some((head, last)) = name.rsplit_once(',') else { return true };
    let is_initial = |word: &str| word.trim_end_matches('.').chars().count() < 2 && word != "&";
    let joins = last.contains(" and ") || last.contains(" & ");
    joins && !head.split([' ', ',']).filter(|word| !word.is_empty()).any(is_initial)
}

/// The proceedings of academies and societies are journals.
fn is_journal_of_proceedings(words: &[&str]) -> bool {
    let of_bodies = ["acad", "academy", "soc", "society", "royal", "roy", "edinburgh", "steklov", "endowment"];
    let short = [["r", "soc"], ["r", "s"], ["acm", "on"], ["the", "ieee"], ["am", "math"]];
    words.iter().any(|word| of_bodies.contains(word))
        || words.windows(2).any(|pair| short.iter().any(|known| pair == known))
}

/// The numbers behind a name, as far as they have been told apart.
#[derive(Debug, Default)]
struct Numbers<'t> {
    volume: Option<&'t str>,
    issue: Option<&'t str>,
    pages: Option<&'t str>,
    article: Option<&'t str>,
    date: Option<Day>,
    /// Numbers without a label, in order.
    bare: Vec<&'t str>,
    /// Bare numbers that may be years, each with its place among the others.
    years: Vec<(usize, &'t str)>,
}

impl<'t> Numbers<'t> {
    fn read(mut self, text: &'t str, in_series: bool) -> Option<Self> {
        let mut rest = text;
        let mut label = None;
        let mut is_first = true;
        loop {
            rest = rest.trim_start_matches([' ', ',', ':', '.', '°', 'º']);
            if rest.is_empty() {
                return label.is_none().then_some(self);
            }
            if let Some(inner) = rest.strip_prefix('(') {
                let (inner, behind) = inner.split_once(')')?;
                self.bracketed(inner.trim(), label.take())?;
                rest = behind;
            } else {
                let length = rest.find([' ', ',', ':', '(']).unwrap_or(rest.len());
                let (item, behind) = join_range(rest, length);
                rest = behind;
                // `vol.71`, `No.3`: the label is glued on.
                let (item, glued) = split_label(item);
                label = glued.or(label);
                if !item.is_empty() {
                    rest = self.item(item, rest, &mut label, in_series && is_first)?;
                }
            }
            is_first = false;
        }
    }

    /// `(2000)`, `(15 October 2006)`, `(3)`.
    fn bracketed(&mut self, inner: &'t str, label: Option<Label>) -> Option<()> {
        if label.is_some() {
            return None;
        }
        if let Some(day) = date(inner) {
            return self.set_date(day);
        }
        if inner.strip_suffix("pp").is_some_and(|count| count.trim().bytes().all(|b| b.is_ascii_digit())) {
            return Some(());
        }
        let known = self.volume.is_some() || self.bare.len() == 1;
        let number = split_label(inner).0.trim_start_matches(['.', ' ']);
        let is_issue =
            number.len() <= 7 && is_number(number) && matches!(split_label(inner).1, None | Some(Label::Issue));
        (known && is_issue && self.issue.replace(number).is_none()).then_some(())
    }

    fn set_date(&mut self, day: Day) -> Option<()> {
        self.date.replace(day).is_none().then_some(())
    }

    /// One item: a label, a month with its year, a number. Returns what is left of the text.
    fn item(&mut self, item: &'t str, rest: &'t str, label: &mut Option<Label>, is_volume: bool) -> Option<&'t str> {
        let item = item.trim_end_matches('.');
        if let Some(named) = self::label(&item.to_ascii_lowercase()) {
            // `article id`, `pp.`: one label may explain the other.
            *label = Some(named);
            return Some(rest);
        }
        if label.is_none()
            && let Some((day, behind)) = written_date(item, rest)
        {
            return self.set_date(day).map(|()| behind);
        }
        let behind = rest.trim_start();
        let counts_pages = behind.strip_prefix("pp").or_else(|| behind.strip_prefix("pages"));
        if let (true, Some(behind)) = (item.bytes().all(|b| b.is_ascii_digit()), counts_pages)
            && label.is_none()
            && is_end_or_year(behind.trim_start_matches(['.', ':', ' ', ',']))
        {
            // How many pages there are stands in no other field.
            return Some(behind);
        }
        if !is_number(item) {
            return None;
        }
        match label.take() {
            Some(Label::Volume) => self.volume.replace(item).is_none(),
            Some(Label::Issue) => self.issue.replace(item).is_none(),
            Some(Label::Pages) => self.pages.replace(item).is_none(),
            Some(Label::Article) => self.article.replace(item).is_none(),
            None => {
                match parse_year(item).filter(|_| !is_volume) {
                    Some(_) => self.years.push((self.bare.len(), item)),
                    None => self.bare.push(item),
                }
                true
            }
        }
        .then_some(rest)
    }

    fn finish(mut self, journal: String) -> Option<JournalRef> {
        // A number that looks like a year is one where no other is; beside a year in brackets it is a volume or a page, and
        // so it is at the end, where a year stands behind the name and a volume between the two.
        let date = match (self.date.take(), self.years.as_slice()) {
            (None, [(0, year), (1.., page)])
                if self.pages.is_none() && self.article.is_none() && self.bare.len() == 1 =>
            {
                let year = Day::year(parse_year(year)?);
                self.bare.push(page);
                year
            }
            (Some(date), []) => date,
            (Some(date), [(at, number)]) => {
                self.bare.insert(*at, number);
                date
            }
            (None, [(_, year)]) => Day::year(parse_year(year)?),
            _ => return None,
        };
        let is_range = |number: &str| number.contains(['-', '–']);
        // `57, 3 (2006) 319-346`: before a range the small number is the issue's.
        if let ([_, issue, pages], None, None, None) = (self.bare.as_slice(), self.volume, self.issue, self.pages)
            && is_range(pages)
            && issue.len() <= 3
            && issue.bytes().all(|b| b.is_ascii_digit())
        {
            self.issue = Some(self.bare.remove(1));
        }
        let labelled = self.volume.is_some() && self.issue.is_some() && self.bare.is_empty();
        let lone_range = self.bare.len() == 1 && is_range(self.bare[0]);
        let mut bare = self.bare.into_iter();
        if self.volume.is_none() && !(lone_range && self.pages.is_none()) {
            self.volume = bare.next();
        }
        if self.pages.is_none() && self.article.is_none() {
            self.pages = bare.next();
        }
        let places = self.volume.is_some() && (self.pages.is_some() || self.article.is_some())
            || self.pages.is_some_and(is_range)
            // Without pages, volume and issue must be called so.
            || labelled;
        if bare.next().is_some() || !places {
            return None;
        }
        // A range is no volume, unless both are near: `47-48`.
        if self.volume.is_some_and(|volume| is_range(volume) && self.pages.is_none() && self.article.is_none()) {
            return None;
        }
        let owned = |value: Option<&str>| value.map(str::to_owned);
        Some(JournalRef {
            journal,
            volume: owned(self.volume),
            issue: owned(self.issue),
            pages: owned(self.pages),
            article: owned(self.article),
            date: Date::Day(date),
        })
    }
}

/// Whether nothing follows but a year.
fn is_end_or_year(rest: &str) -> bool {
    let rest = rest.trim_matches(['(', ')', ' ', '.', ',']);
    rest.is_empty() || parse_year(rest).is_some() || !rest.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// A number and a dash with blanks round it and the number behind are one item.
fn join_range(text: &str, length: usize) -> (&str, &str) {
    let behind = text[length..].trim_start();
    let dashed = behind.strip_prefix(['-', '–']).map(|rest| rest.trim_start_matches(['-', '–', ' ']));
    let glued = text[..length].ends_with(['-', '–']).then(|| text[length..].trim_start());
    match dashed.or(glued) {
        Some(rest)
            if rest.starts_with(|c: char| c.is_ascii_alphanumeric())
                && text.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            let end = rest.find([' ', ',', ':', '(']).unwrap_or(rest.len());
            let whole = text.len() - rest.len() + end;
            text.split_at(whole)
        }
        _ => text.split_at(length),
    }
}

/// `Vol.71`, `no3`, `id.A53`: the label and what is glued on to it.
fn split_label(item: &str) -> (&str, Option<Label>) {
    let letters = item.bytes().take_while(u8::is_ascii_alphabetic).count();
    let behind = item[letters..].trim_start_matches(['.', ':', '°', 'º', ' ']);
    let is_split = behind.len() < item.len() - letters || behind.starts_with(|c: char| c.is_ascii_digit());
    match label(&item[..letters].to_ascii_lowercase()) {
        // A capital before a number is part of it: `P01`, `N3`.
        Some(named)
            if is_split
                && letters > 0
                && (letters > 1 || item.starts_with('p') || behind.len() < item.len() - letters) =>
        {
            (behind, Some(named))
        }
        _ => (item, None),
    }
}

/// A number as volumes and pages have it: figures with a letter or two before or behind, or a range of such.
fn is_number(text: &str) -> bool {
    let sound = |part: &str| {
        let part = part.trim();
        let figures = part.bytes().filter(u8::is_ascii_digit).count();
        let letters = part.bytes().filter(u8::is_ascii_alphabetic).count();
        figures > 0 && letters <= 4 && figures + letters == part.len()
    };
    let text = text.replace(['–', '—', '−'], "-").replace("--", "-");
    text.len() <= 24 && text.split('-').count() <= 2 && text.split('-').all(sound)
}

/// `December 2021`, `10 April 2023`, `Feb. 18, 2000`, `2022 May 10`, whose first word has been read; and what follows.
fn written_date<'t>(first: &str, rest: &'t str) -> Option<(Day, &'t str)> {
    let mut behind = rest;
    let mut words = vec![first];
    // One of the first two words must be a month, or this is no date.
    while words.len() < 3 && (words.len() < 2 || words.iter().any(|word| month_from_english(word).is_some())) {
        let next = behind.trim_start_matches([' ', ',', '.']);
        let end = next.find([' ', ',', ':', '(', ')', '.']).unwrap_or(next.len());
        if end == 0 {
            break;
        }
        words.push(&next[..end]);
        behind = &next[end..];
        let day = match words.as_slice() {
            [month, year] if month_from_english(month).is_some() => {
                parse_year(year).and_then(|year| Some(Day::month(year, month_from_english(month)?)))
            }
            [year, month, day] if parse_year(year).is_some() => {
                Day::ymd(parse_year(year)?, month_from_english(month)?, day.parse().ok()?)
            }
            [..] if words.len() == 3 => date(&words.join(" ")),
            _ => None,
        };
        if let Some(day) = day {
            return Some((day, behind));
        }
    }
    None
}

fn parse_year(text: &str) -> Option<i32> {
    let year = text.parse().ok().filter(|_| text.len() == 4)?;
    (1900..2100).contains(&year).then_some(year)
}

/// `2000`, `October 2006`, `15 October 2006`, `Oct. 15, 2006`.
fn date(text: &str) -> Option<Day> {
    let mut words = text.split([' ', ',', '.']).filter(|word| !word.is_empty());
    let year = parse_year(words.next_back()?)?;
    let (first, second) = (words.next(), words.next());
    if words.next().is_some() {
        return None;
    }
    let Some(first) = first else { return Some(Day::year(year)) };
    let Some(second) = second else { return Some(Day::month(year, month_from_english(first)?)) };
    let (month, day) = match month_from_english(first) {
        Some(month) => (month, second),
        None => (month_from_english(second)?, first),
    };
    Day::ymd(year, month, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        let JournalRef { journal, volume, issue, pages, article, date } = parse(text)?;
        let part = |value: Option<String>| value.unwrap_or_default();
        let numbers = [volume, issue, pages, article].map(part).join("|");
        Some(format!("{journal}|{numbers}|{date}"))
    }

    #[test]
    fn references_as_people_type_them() {
        for (text, expected) in [
            ("Phys. Rev. Lett. 100, 086801 (2008)", "Phys. Rev. Lett.|100||086801||2008"),
            ("Phys.Rev. D62 (2000) 053010", "Phys.Rev. D|62||053010||2000"),
            ("Nucl.Phys. A677 (2000) 463-490", "Nucl.Phys. A|677||463-490||2000"),
            ("Mon.Not.Roy.Astron.Soc.378:211-220,2007", "Mon.Not.Roy.Astron.Soc.|378||211-220||2007"),
            ("Gen.Rel.Grav. 9 (2000) 306-321", "Gen.Rel.Grav.|9||306-321||2000"),
            ("Elements, 2022, 18 (3), pp.181-186", "Elements|18|3|181-186||2022"),
            ("ApJL, 534 (2000), L163", "ApJL|534||L163||2000"),
            ("ApJ 943 181 (2023)", "ApJ|943||181||2023"),
            ("BASI, 2000, 28, 343", "BASI|28||343||2000"),
            ("Astronomy Letters, 2022, Vol. 48, No 12, pp. 745-752", "Astronomy Letters|48|12|745-752||2022"),
            ("New Astronomy Reviews, 2023, Volume 96, article id. 101672", "New Astronomy Reviews|96|||101672|2023"),
            ("Astronomy & Astrophysics, Volume 670, id.A53, 16 pp (2023)", "Astronomy & Astrophysics|670|||A53|2023"),
            (
                "Linear Algebra and its Applications, Vol. 418, Issues 2-3 (15 October 2006), pp. 498-550",
                "Linear Algebra and its Applications|418|2-3|498-550||2006-10-15",
            ),
            (
                "Annals of Applied Probability 2007, Vol. 17, No. 2, 676-687",
                "Annals of Applied Probability|17|2|676-687||2007",
            ),
            ("Annu. Rev. Nucl. Part. Sci. 2010. 60:27-51", "Annu. Rev. Nucl. Part. Sci.|60||27-51||2010"),
            ("JCAP 2020 (2020) 012", "JCAP|2020||012||2020"),
            ("Eur. Phys. J. - B, 48, 279-289 (2005)", "Eur. Phys. J. - B|48||279-289||2005"),
            ("Nature 610 (2022) p656", "Nature|610||656||2022"),
            ("Collect. Math. 57,3 (2006), 319 - 346", "Collect. Math.|57|3|319 - 346||2006"),
            ("Physics Letters B Volume 839, 10 April 2023, 137765", "Physics Letters B|839||137765||2023-04-10"),
            (
                "The Astrophysical Journal, 930:154 (10pp), 2022 May 10",
                "The Astrophysical Journal|930||154||2022-05-10",
            ),
            ("Proc. Natl. Acad. Sci. 104 (2007) 123", "Proc. Natl. Acad. Sci.|104||123||2007"),
            ("J. Phys.: Condens. Matter 12 (2000) R1-R9", "J. Phys.: Condens. Matter|12||R1-R9||2000"),
            (
                "Combinatorics, Probability and Computing 14 (2005) 439 - 465",
                "Combinatorics, Probability and Computing|14||439 - 465||2005",
            ),
            (
                "Journal of Astronomical Telescopes, Instruments, and Systems, Volume 8, id. 044007 (2022)",
                "Journal of Astronomical Telescopes, Instruments, and Systems|8|||044007|2022",
            ),
            (
                "The Astrophysical Journal Supplement Series (2023), Volume 264, Issue 1, id.26, 20 pp",
                "The Astrophysical Journal Supplement Series|264|1||26|2023",
            ),
            (
                "The Astrophysical Journal, Volume 935, Issue 1, id.25, 8 pp. 2022",
                "The Astrophysical Journal|935|1||25|2022",
            ),
            ("Sensors 2023, 23(4), 1945;", "Sensors|23|4|1945||2023"),
            ("CURRENT SCIENCE, VOL. 121, NO. 5, 10 SEPTEMBER 2021", "CURRENT SCIENCE|121|5|||2021-09-10"),
            ("Phys. Rev. D 90, 037502 (2014), doi:10.1103/PhysRevD.90.037502", "Phys. Rev. D|90||037502||2014"),
            (
                ", J. Phys. B: At. Mol. Opt. Phys. 40 (2007) 1675-1693",
                "J. Phys. B: At. Mol. Opt. Phys.|40||1675-1693||2007",
            ),
        ] {
            assert_eq!(shown(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_sure_stays_as_it_is() {
        for text in [
            "Phys.Rev. D62 (2000) 053010; Erratum-ibid. D63 (2001) 1",
            "ASP Conference Series (1996) 247-252",
            "EPJ Web of Conferences 274, 01013 (2022)",
            "A&A 354, 892",
            "Proceedings of the 36th International Conference on Machine Learning, PMLR 97:1234-1245, 2019",
            "AIP Conf.Proc. 522 (2000) 123",
            "2021 IEEE International Conference on Artificial Intelligence Testing (AITest)",
            "ANL-HEP-PR-07-12",
            "Nature, to appear (2020)",
            "Nature 2020",
            "P. Virnau, L. A. Mirny, M. Kardar, PLoS Comp Biol 2, 1074-1079 (2006)",
            "Smith, Jones and Miller, Nature 14 (2005) 439-465",
            "Rocha-Pinto et al. (2000), Astr. & Astrophys., 358, 869",
            "2D Mater. 3 041005 arXiv:1607.05107 [pdf, other] physics.comp-ph",
            "Phys. Rev. D 62, 1 (2000), Phys. Rev. D 63, 1 (2001)",
            "J. Foo 1, 2, 3, 4 (2000)",
            "",
            "1",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn no_text_is_too_odd_to_be_looked_at() {
        use crate::model::generate;
        let pieces =
            ["Phys", "é", "–", "-", " ", ",", "(", ")", "2000", "12", "p", "vol.", "No", "May", "°", ":", "1a", "."];
        generate::property(|u| {
            let mut text = String::new();
            for _ in 0..u.int_in_range(0..=12)? {
                text.push_str(u.choose(&pieces)?);
            }
            let _ = parse(&text);
            Ok(())
        });
    }
}
