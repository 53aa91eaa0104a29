//! Rules of dates, pages and identifiers. Sources: ISO 8601-2 (EDTF) by the BibLaTeX manual, the DOI Handbook, arXiv's page on
//! identifiers, ISO 2108 (ISBN), ISO 3297 (ISSN).

use super::{Field, Findings, Record, repair, shown};
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::{ArxivId, Date, DateField, FieldName, Identifier, Scheme, ident::parse_doi};
use crate::stream::Sourced;

/// Judges a field by its name.
pub(super) fn field(record: &Record<'_>, field: &Field<'_>, found: &mut Findings<'_, '_>) {
    if field.has_macro && !matches!(&*field.name, "year") {
        return;
    }
    match &*field.name {
        "year" => year(record, field, found),
        "month" => month(field, found),
        "date" | "urldate" | "eventdate" | "origdate" => date(record, field, found),
        "pages" => malformed_pages(field, found),
        "doi" => doi(field, found),
        "eprint" => bad_arxiv_id(record, field, found),
        "isbn" => bad_isbn(field, found),
        "issn" => bad_issn(field, found),
        _ => {}
    }
}

/// Judges what an entry of any format says in these.
pub(super) fn of_entry(sourced: &Sourced, found: &mut Findings<'_, '_>) {
    let place = |field| sourced.origins.get(field).and_then(crate::source::Origin::span).or(sourced.span);
    for id in &sourced.entry.ids {
        let field = FieldName::Id(id.scheme());
        let bad = match id.scheme() {
            Scheme::Isbn if !is_sound_isbn(&id.value()) => Rule::BadIsbn,
            Scheme::Issn if !is_sound_issn(&id.value()) => Rule::BadIssn,
            _ => continue,
        };
        found.push(
            Diagnostic::new(bad, format!("the check digit of `{}` is wrong", id.value())).at(place(field)).field(field),
        );
    }
    for (name, date) in sourced.entry.dates.iter() {
        if let (Date::Written(text), DateField::Issued | DateField::Event) = (date, name) {
            let field = FieldName::Date(name);
            found.push(
                Diagnostic::new(Rule::MalformedDate, format!("`{}` is no date", shown(text)))
                    .at(place(field))
                    .field(field),
            );
        }
    }
}

/// What is said of works that have no date yet.
fn is_forthcoming(value: &str) -> bool {
    let value = value.trim_matches(['{', '}', '(', ')']).to_ascii_lowercase();
    ["press", "forthcoming", "appear", "n.d.", "submitted", "preparation", "accepted", "under review"]
        .iter()
        .any(|word| value.contains(word))
}

fn year(record: &Record<'_>, field: &Field<'_>, found: &mut Findings<'_, '_>) {
    let value = field.value.trim().trim_start_matches('{').trim_end_matches('}');
    let is_year = value.len() == 4 && value.bytes().all(|b| b.is_ascii_digit()) && ("1000"..="2100").contains(&value);
    if is_year || field.has_macro || is_forthcoming(value) || record.has(&["date"]) {
        return;
    }
    let is_usual = Date::parse_edtf(value).is_some_and(|date| !matches!(date, Date::Written(_)))
        && value.len() != 2
        && !value.bytes().all(|b| b.is_ascii_digit());
    if !is_usual {
        found.field(Rule::MalformedDate, field, format!("`{}` is no year", shown(value)));
    }
}

fn month(field: &Field<'_>, found: &mut Findings<'_, '_>) {
    const NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let value = field.value.to_ascii_lowercase();
    let is_number = value.trim().parse::<u8>().is_ok_and(|month| (1..=12).contains(&month));
    let seasons = ["spring", "summer", "autumn", "fall", "winter"];
    let is_word = |word: &str| NAMES.iter().chain(&seasons).any(|name| word.starts_with(name));
    let mut words = value.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    // Other languages have other names; what has a digit or sign and no such name is none.
    let is_name = words.clone().any(is_word)
        || (words.next().is_some_and(|word| word.len() > 2) && !value.bytes().any(|b| b.is_ascii_digit()));
    if !is_number && !is_name {
        let finding = found.field(Rule::MalformedDate, field, format!("`{}` is no month", shown(&field.value)));
        finding.help = Some("write `month = may` without braces, or a number from 1 to 12".to_owned());
    }
}

fn date(record: &Record<'_>, field: &Field<'_>, found: &mut Findings<'_, '_>) {
    // Digits that are not specified (`199X`, `2004-XX`) make a date all the same.
    let value = field.value.trim().replace('X', "0").replace("-00", "-01");
    let value = value.as_str();
    // BibTeX's styles know no `date`; other programs keep their own forms there.
    let is_judged = record.dialect == crate::format::bibtex::Dialect::Biblatex;
    if is_judged && Date::parse_edtf(value).is_none() && !is_forthcoming(value) {
        found.field(Rule::MalformedDate, field, format!("`{}` is no date", shown(value))).help =
            Some("write YYYY-MM-DD".to_owned());
    }
}

fn malformed_pages(field: &Field<'_>, found: &mut Findings<'_, '_>) {
    let value = field.value.trim();
    let lowered = value.to_ascii_lowercase();
    let is_prefixed = ["pp", "p.", "page", "pages "].iter().any(|prefix| lowered.starts_with(prefix));
    if is_prefixed && lowered.bytes().any(|b| b.is_ascii_digit()) {
        found.field(Rule::MalformedPages, field, format!("styles add the `pp.` of `{}` themselves", shown(value)));
        return;
    }
    if !is_forthcoming(value) && value.contains(|c: char| c.is_alphanumeric()) {
        for range in value.split([',', ';']) {
            if let Some((from, to)) = backwards(range) {
                found.field(Rule::MalformedPages, field, format!("the range from {from} to {to} runs backwards"));
                return;
            }
        }
        return;
    }
    found.field(Rule::MalformedPages, field, format!("`{}` are no pages", shown(value)));
}

/// A range of plain numbers that ends before it begins; an end with fewer digits is an abbreviated one.
fn backwards(range: &str) -> Option<(u64, u64)> {
    let mut ends = range.split(['-', '–', '—']).map(str::trim).filter(|end| !end.is_empty());
    let (from, to) = (ends.next()?, ends.next()?);
    if ends.next().is_some() || to.len() < from.len() {
        return None;
    }
    let (from, to) = (from.parse::<u64>().ok()?, to.parse::<u64>().ok()?);
    (to < from).then_some((from, to))
}

fn doi(field: &Field<'_>, found: &mut Findings<'_, '_>) {
    let value = field.value.trim();
    let bare = value.replace("\\_", "_").replace("{\\_}", "_").replace('\\', "");
    let Some(doi) = parse_doi(&bare) else {
        found.field(Rule::BadDoi, field, format!("`{}` is no DOI", shown(value)));
        return;
    };
    if doi.ends_with(['.', ',', ';']) {
        found.field(Rule::BadDoi, field, format!("the DOI `{doi}` ends in a sign of punctuation"));
        return;
    }
    let start = value.find("10.").unwrap_or(0);
    if start > 0 && value.contains("doi") {
        let at = field.value.find("10.").unwrap_or(0);
        let head = field.value.len() - field.value.trim_start().len();
        let finding = found.part(Rule::DoiAsUrl, field, head..at, "styles put the address before the DOI themselves");
        repair(finding, true, field.replacements(vec![(head..at, String::new())]));
    }
}

fn bad_arxiv_id(record: &Record<'_>, field: &Field<'_>, found: &mut Findings<'_, '_>) {
    let archive = record.field("archiveprefix").or_else(|| record.field("eprinttype"));
    if !archive.is_some_and(|archive| archive.value.trim().to_ascii_lowercase().starts_with("arxiv")) {
        return;
    }
    let value = field.value.trim();
    // `1706.03762 [cs.CL]` is how arXiv itself prints it.
    let bare = value.split_once(" [").map_or(value, |(id, _)| id).replace('\\', "");
    if ArxivId::parse(&bare).is_none() {
        found.field(Rule::BadArxivId, field, format!("`{}` is no arXiv identifier", shown(value)));
    }
}

fn bad_isbn(field: &Field<'_>, found: &mut Findings<'_, '_>) {
    each_number(field, Scheme::Isbn, Rule::BadIsbn, is_sound_isbn, found);
}

fn bad_issn(field: &Field<'_>, found: &mut Findings<'_, '_>) {
    each_number(field, Scheme::Issn, Rule::BadIssn, is_sound_issn, found);
}

fn each_number(
    field: &Field<'_>,
    scheme: Scheme,
    rule: Rule,
    is_sound: fn(&str) -> bool,
    found: &mut Findings<'_, '_>,
) {
    let is_good = |text: &str| Identifier::parse(scheme, text).is_some_and(|id| is_sound(&id.value()));
    let other = if scheme == Scheme::Isbn { Scheme::Issn } else { Scheme::Isbn };
    for part in field.value.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()) {
        let bare = part.split('(').next().unwrap_or(part).trim();
        // Some exporters put the one number into the field of the other, or several beside one another.
        let is_other = Identifier::parse(other, bare).is_some();
        if is_good(bare) || is_other || bare.split_whitespace().all(is_good) {
            continue;
        }
        let name = if scheme == Scheme::Isbn { "ISBN" } else { "ISSN" };
        let message = match Identifier::parse(scheme, bare) {
            Some(_) => format!("the check digit of `{}` is wrong", shown(part)),
            None => format!("`{}` is no {name}", shown(part)),
        };
        found.field(rule, field, message);
        return;
    }
}

fn digits(number: &str) -> Vec<u32> {
    let value = |c: char| if matches!(c, 'X' | 'x') { Some(10) } else { c.to_digit(10) };
    number.chars().filter_map(value).collect()
}

fn is_sound_isbn(isbn: &str) -> bool {
    let digits = digits(isbn);
    match digits.len() {
        10 => weighted(&digits, 10).is_multiple_of(11),
        13 => digits
            .iter()
            .enumerate()
            .map(|(at, digit)| digit * if at % 2 == 0 { 1 } else { 3 })
            .sum::<u32>()
            .is_multiple_of(10),
        _ => false,
    }
}

fn is_sound_issn(issn: &str) -> bool {
    let digits = digits(issn);
    digits.len() == 8 && weighted(&digits, 8).is_multiple_of(11)
}

fn weighted(digits: &[u32], first: u32) -> u32 {
    digits.iter().zip((1..=first).rev()).map(|(digit, weight)| digit * weight).sum()
}
