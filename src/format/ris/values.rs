//! Values as RIS writes them, both ways: names, dates, pages, mathematics, identifiers. Knows no tags.

use super::types::{is_archive, is_subject_class};
use crate::markup;
use crate::model::date::{month_from_english, season_from_english};
use crate::model::{ArxivId, Date, Day, Identifier, Name, Run, Scheme, Text};
use std::borrow::Cow;

/// `Last, First, Suffix`; a name that is no person ends in a comma, which keeps importers from taking it apart.
pub(super) fn print_name(name: &Name) -> String {
    match name {
        Name::Person(person) if person.suffix.is_empty() => {
            let family = person.full_family();
            match person.given.as_str() {
                // Read as a body's, which it is printed as at once.
                "" if family.contains(' ') => format!("{family},"),
                "" => family,
                given => format!("{family}, {given}"),
            }
        }
        Name::Person(person) => format!("{}, {}, {}", person.full_family(), person.given, person.suffix),
        Name::Literal(literal) if literal.trim().is_empty() => String::new(),
        Name::Literal(literal) => format!("{},", literal.trim_end()),
        Name::Others => "et al.".to_owned(),
    }
}

/// Whether EDTF can say the date, so that it can be read again.
pub(super) fn is_sound(date: &Date) -> bool {
    matches!(date, Date::Written(_)) || Date::parse_edtf(&date.to_string()).as_ref() == Some(date)
}

/// `2017/06/12/`; what that cannot say follows as EDTF in the fourth part, which RIS keeps for other information.
pub(super) fn print_date(date: &Date) -> String {
    let (Some(day), false) = (date.first(), matches!(date, Date::Written(_))) else { return date.to_string() };
    let calendar = Day { month: day.month.filter(|_| !day.is_season()), ..day.clone() };
    let part = |part: Option<u8>| part.map_or(String::new(), |part| format!("{part:02}"));
    let plain = Day { year: day.year, month: calendar.month, day: calendar.day, ..Day::default() };
    let other = if *date == Date::Day(plain) && day.year >= 0 { String::new() } else { date.to_string() };
    format!(
        "{}/{}/{}/{other}",
        Day::year(day.year).calendar(),
        part(calendar.month),
        part(calendar.month.and(calendar.day))
    )
}

/// First and last page of one plain range.
pub(super) fn page_range(pages: &str) -> Option<(&str, &str)> {
    let (first, last) = pages.split_once('–')?;
    let plain = |page: &str| !page.is_empty() && !page.contains(['–', '-', ',', ';', ' ']);
    (plain(first) && plain(last)).then_some((first, last))
}

/// The pages in one tag: a hyphen joins two pages, unless a dash does.
pub(super) fn read_pages(pages: &str) -> String {
    if pages.contains('–') { pages.to_owned() } else { pages.replace("--", "–").replace('-', "–") }
}

/// Keywords of one line.
pub(super) fn split_keywords(value: &str) -> impl Iterator<Item = &str> {
    value.split(';').map(str::trim).filter(|item| !item.is_empty())
}

/// The items of a list that stands in one line.
pub(super) fn split_list(value: &str) -> impl Iterator<Item = &str> {
    value.split("; ").map(str::trim).filter(|item| !item.is_empty())
}

/// The addresses of one line: a semicolon parts them where another one begins behind it.
pub(super) fn split_urls(value: &str) -> Vec<&str> {
    let begins = |rest: &str| {
        rest.split_once("://").is_some_and(|(scheme, _)| {
            !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        })
    };
    let mut urls = Vec::new();
    let mut from = 0;
    for (at, _) in value.match_indices(';').filter(|(at, _)| begins(value[at + 1..].trim_start())) {
        urls.push(value[from..at].trim());
        from = at + 1;
    }
    urls.push(value[from..].trim());
    urls.retain(|url| !url.is_empty());
    urls
}

/// One line: every run of white space and control characters is one blank; a no-break space stays.
pub(super) fn fold(text: &str) -> String {
    if is_line(text) { text.to_owned() } else { fold_words(text) }
}

/// The same for a text that may be kept as it is, which most can.
pub(super) fn folded(text: Cow<'_, str>) -> Cow<'_, str> {
    if is_line(&text) { text } else { Cow::Owned(fold_words(&text)) }
}

/// Whether a text is a line whose blanks are single and stand between words.
fn is_line(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut after_blank = true;
    let is_sound = bytes.iter().enumerate().all(|(at, byte)| {
        let fine = match byte {
            b' ' => !after_blank,
            0..=0x1f | 0x7f => false,
            // The control characters behind ASCII, and the separators of lines and paragraphs.
            0xc2 => bytes.get(at + 1).is_some_and(|next| *next >= 0xa0),
            0xe2 => !matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xa8 | 0xa9])),
            _ => true,
        };
        after_blank = *byte == b' ';
        fine
    });
    is_sound && bytes.last() != Some(&b' ')
}

fn fold_words(text: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, ' ' | '\u{2028}' | '\u{2029}');
    let mut out = String::with_capacity(text.len());
    for word in text.split(breaks).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// DBLP's volume of its `CoRR`: `abs/1706.03762`.
pub(super) fn arxiv_volume(value: &str) -> Option<ArxivId> {
    ArxivId::parse(value.strip_prefix("abs/")?)
}

/// `arXiv:1706.03762`, also with `[cs.CL]` behind it.
pub(super) fn arxiv_note(note: &str) -> Option<(ArxivId, Option<&str>)> {
    let note = note.trim();
    let (head, class) = match note.split_once(" [") {
        Some((head, class)) => {
            (head, Some(class.strip_suffix(']').filter(|class| is_subject_class(class) || is_archive(class))?))
        }
        None => (note, None),
    };
    let is_labelled = head.get(..6).is_some_and(|label| label.eq_ignore_ascii_case("arxiv:"));
    if is_labelled { Some((ArxivId::parse(head)?, class)) } else { None }
}

/// A note that is a DOI and nothing else, or its address, or stands behind `doi:`.
pub(super) fn doi_note(note: &str) -> Option<Identifier> {
    let note = note.trim();
    let label = note.get(..4).filter(|label| label.eq_ignore_ascii_case("doi:"));
    let bare = label.map_or(note, |_| note[4..].trim_start());
    Identifier::parse(Scheme::Doi, bare).filter(|_| !bare.contains(' '))
}

/// Names under which citations put arXiv in a journal's place.
pub(super) fn is_arxiv_container(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    name == "corr"
        || name == "arxiv"
        || name.starts_with("arxiv preprint")
        || name.starts_with("arxiv e-prints")
        || name.starts_with("arxiv:")
}

/// Each id once; one that pins a version stands for the same id without.
pub(super) fn best_version(ids: Vec<ArxivId>) -> impl Iterator<Item = ArxivId> {
    let mut best: Vec<ArxivId> = Vec::new();
    for id in ids {
        match best.iter_mut().find(|known| known.id() == id.id()) {
            Some(known) if known.version().is_none() => *known = id,
            Some(_) => {}
            None => best.push(id),
        }
    }
    best.into_iter()
}

/// An ISBN or ISSN.
pub(super) fn serial(value: &str) -> Option<Identifier> {
    Identifier::parse(Scheme::Issn, value).or_else(|| Identifier::parse(Scheme::Isbn, value))
}

/// The ISBNs and ISSNs of one line, parted by blanks, semicolons and the like; none where there is anything else. What
/// stands in brackets behind them is left out.
pub(super) fn serials(value: &str) -> Vec<Identifier> {
    let mut bare = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, behind)) = rest.split_once('(') {
        bare.push_str(before);
        bare.push(' ');
        rest = behind.split_once(')').map_or("", |(_, rest)| rest);
    }
    bare.push_str(rest);
    if let Some(id) = serial(bare.trim()) {
        return vec![id];
    }
    let is_label =
        |part: &str| ["issn", "isbn", "e-issn", "eissn"].iter().any(|label| part.eq_ignore_ascii_case(label));
    let parts = bare.split([';', ',', ':', ' ']).filter(|part| !part.is_empty() && !is_label(part));
    parts.map(serial).collect::<Option<_>>().unwrap_or_default()
}

/// Whether brackets behind serial numbers say no more than which of the two these are.
pub(super) fn names_only_schemes(value: &str) -> bool {
    let in_brackets = value.split('(').skip(1).map(|part| part.split(')').next().unwrap_or_default().trim());
    in_brackets.into_iter().all(|word| word.eq_ignore_ascii_case("issn") || word.eq_ignore_ascii_case("isbn"))
}

/// The persons of one line, which should be one: where semicolons or "and" part names with commas, these are several.
pub(super) fn split_people(value: &str) -> Vec<Cow<'_, str>> {
    let is_inverted = |name: &&str| name.split_once(',').is_some_and(|(_, given)| !given.trim().is_empty());
    // A comma at the end makes it one body's.
    let separators: &[&str] = if value.ends_with(',') { &[] } else { &[";", " and ", " & "] };
    for separator in separators {
        let parts: Vec<&str> = value.split(*separator).map(str::trim).filter(|part| !part.is_empty()).collect();
        if parts.len() > 1 && parts.iter().all(is_inverted) {
            return parts.into_iter().map(Cow::Borrowed).collect();
        }
    }
    // PubMed's "Smith J, Doe AB".
    let with_initials = |name: &str| {
        let (family, initials) = name.trim().rsplit_once(' ')?;
        let are_initials = (1..=3).contains(&initials.len()) && initials.bytes().all(|byte| byte.is_ascii_uppercase());
        are_initials.then(|| Cow::Owned(format!("{family}, {initials}")))
    };
    let listed: Option<Vec<Cow<'_, str>>> = value.split(',').map(with_initials).collect();
    listed.filter(|names| names.len() > 1).unwrap_or_else(|| vec![value.into()])
}

/// `Last, First, Suffix`. A name with a comma at its end is a body's; one without any is kept whole, unless it is one word.
pub(super) fn read_name(value: &str) -> Name {
    let value = fold(value);
    if matches!(value.to_ascii_lowercase().trim_end_matches('.'), "et al" | "others" | "and others") {
        return Name::Others;
    }
    if let Some(body) = value.strip_suffix(',') {
        // "Smith,J.A.," is a person whose suffix is empty: a body's commas have blanks behind them.
        if !body.contains(',') || body.contains(", ") {
            return Name::Literal(body.trim().to_owned());
        }
        return read_name(body);
    }
    // "Forney,, G. David" is what a comma too much in the family name looks like; "Shannon,Claude" has no blank.
    let head = value.split(", ").next().unwrap_or_default();
    let spaced = head.len() < value.len() && !head.trim_end_matches(',').contains(',');
    let mut parts = value.splitn(3, if spaced { ", " } else { "," });
    match (parts.next().unwrap_or_default(), parts.next(), parts.next()) {
        (family, Some(_), _) if family.trim().is_empty() => {
            Name::Literal(value.trim_start_matches([',', ' ']).to_owned())
        }
        (family, Some(given), None) => match given.rsplit_once(',') {
            Some((given, suffix)) if is_suffix(suffix.trim()) => Name::from_parts(family, given, suffix.trim()),
            _ => Name::from_parts(family, given, ""),
        },
        // BibTeX's order.
        (family, Some(suffix), Some(given)) if is_suffix(suffix.trim()) && !is_suffix(given.trim()) => {
            Name::from_parts(family, given, suffix.trim())
        }
        (family, Some(given), Some(suffix)) => Name::from_parts(family, given, suffix),
        // IEEE writes `K. He`; no body is called so.
        (one, None, _) if begins_with_initial(one) => Name::from_display(one),
        (one, None, _) if one.contains(' ') => Name::Literal(one.to_owned()),
        (one, None, _) => Name::from_parts(one, "", ""),
    }
}

/// Whether a name of several words begins with a capital letter and a full stop.
fn begins_with_initial(name: &str) -> bool {
    let mut letters = name.chars();
    name.contains(' ') && letters.next().is_some_and(char::is_uppercase) && letters.next() == Some('.')
}

/// Whether what stands behind the second comma is a suffix, although no blank follows that comma: `Smith, J. Q.,Jr.`.
fn is_suffix(text: &str) -> bool {
    matches!(text.trim_end_matches('.'), "Jr" | "Sr" | "II" | "III" | "IV" | "2nd" | "3rd" | "4th")
}

/// A value without character references, which publishers leave in.
pub(super) fn unescape(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return value.into();
    }
    let mut out = String::with_capacity(value.len());
    markup::push_decoded(value, &mut out);
    out.into()
}

/// Text with `$…$` as mathematics where that is what the dollars mean (not "$5 and $6"), and the styles of tags.
pub(super) fn read_text(value: &str) -> Text {
    if value.contains('<') && markup::has_styles(value) {
        return markup::read_styles(value);
    }
    let mut out = Text::new();
    let mut rest = value;
    while let Some(open) = rest.find('$') {
        let behind = &rest[open + 1..];
        let Some(source) = behind.find('$').map(|close| &behind[..close]).filter(|source| is_math(source, behind))
        else {
            out.push_str(&rest[..=open]);
            rest = behind;
            continue;
        };
        out.push_str(&rest[..open]);
        out.push(Run::Math(source.to_owned()));
        rest = &behind[source.len() + 1..];
    }
    out.push_str(rest);
    out
}

/// No blank inside next to a dollar, no digit behind the last one, braces balanced.
fn is_math(source: &str, behind: &str) -> bool {
    let follows_digit = behind[source.len() + 1..].starts_with(|c: char| c.is_ascii_digit());
    let mut depth = 0_i32;
    let balanced = source.bytes().all(|byte| {
        depth += i32::from(byte == b'{') - i32::from(byte == b'}');
        depth >= 0
    }) && depth == 0;
    !source.is_empty() && source.trim() == source && !source.ends_with('\\') && !follows_digit && balanced
}

/// `2017/06/12/`, `2020///`, EDTF, or words; the flag says whether everything in it was understood.
pub(super) fn read_date(value: &str) -> (Date, bool) {
    let value = value.trim();
    slashed_date(value)
        .or_else(|| Date::parse_edtf(value).map(|date| (date, true)))
        .or_else(|| Date::parse_words(value).map(|date| (date, true)))
        .unwrap_or_else(|| (Date::Written(value.to_owned()), true))
}

/// Reference Manager's form: year, month, day and other information between slashes, all but the year may be empty.
fn slashed_date(value: &str) -> Option<(Date, bool)> {
    let mut parts = value.splitn(4, '/').map(str::trim);
    let Date::Day(year) = Date::parse_edtf(parts.next()?)? else { return None };
    if year != Day::year(year.year) {
        return None;
    }
    // Zeros are unknown parts.
    let known = |part: &&str| part.bytes().any(|byte| byte != b'0');
    let mut part = || parts.next().filter(known).unwrap_or_default();
    let (month, day) = (part(), part());
    let other = parts.next().unwrap_or_default();
    if let Some(date) = Date::parse_edtf(other).filter(|date| date.year() == Some(year.year)) {
        return Some((date, true));
    }
    let month = if month.is_empty() { None } else { Some(month_number(month)?) };
    let day = if day.is_empty() { None } else { Some(day.parse::<u8>().ok()?) };
    let date = match (month, day) {
        (None, None) => year,
        (Some(month), None) => Day::month(year.year, month),
        (Some(month), Some(day)) => Day::ymd(year.year, month, day)?,
        (None, Some(_)) => return None,
    };
    // The time of day, as Zotero has it.
    if let Some(timed) = Date::parse_edtf(&format!("{}T{other}", date.calendar())).filter(|_| date.day.is_some()) {
        return Some((timed, true));
    }
    match season_from_english(other).filter(|_| date.month.is_none()) {
        Some(season) => Some((Date::Day(Day { month: Some(season), ..date }), true)),
        None => Some((Date::Day(date), other.is_empty())),
    }
}

fn month_number(word: &str) -> Option<u8> {
    word.parse::<u8>().ok().filter(|month| (1..=12).contains(month)).or_else(|| month_from_english(word))
}

/// How much a date says.
pub(super) fn detail(date: &Date) -> u8 {
    match date {
        Date::Written(_) => 0,
        Date::Day(day) => {
            let marks = [
                day.month.is_some(),
                day.day.is_some(),
                day.time.is_some(),
                day.is_qualified(),
                day.unspecified_year_digits > 0,
            ];
            marks.into_iter().map(u8::from).sum::<u8>() + 1
        }
        Date::Range(..) => 8,
    }
}

/// Whether a date of the same year says something else than the one that was chosen.
pub(super) fn contradicts(date: &Date, chosen: &Date) -> bool {
    match (date, chosen) {
        (Date::Day(date), chosen) => {
            let chosen = chosen.first();
            let differs = |mine: Option<u8>, other: Option<u8>| mine.is_some() && mine != other;
            chosen.is_some_and(|chosen| differs(date.month, chosen.month) || differs(date.day, chosen.day))
        }
        (date, chosen) => date != chosen,
    }
}

/// Whether pages are given as a range already.
pub(super) fn is_range(pages: &str) -> bool {
    pages.contains(['-', '–'])
}
