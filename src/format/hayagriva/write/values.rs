//! What single values must be like, so that Hayagriva does not refuse the file: dates, addresses, language tags.
//!
//! Questions about values; knows neither parents nor fields' places.

use super::super::string;
use crate::model::{Bound, Date, Day, Entry, PlainField, Text, TextField};

/// A plain value as formattable string.
pub(super) fn plain_string(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    string::encode(&Text::plain(value), &mut out);
    out
}

/// The URL, if Hayagriva can parse it: it has a scheme and no blank.
pub(super) fn url(entry: &Entry) -> Option<&str> {
    let url = entry.plain.get(PlainField::Url)?;
    let (scheme, rest) = url.split_once("://")?;
    let is_sound = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        && rest.starts_with(|c: char| c.is_alphanumeric())
        && rest.split(['/', '?', '#']).next().is_some_and(is_host)
        && !url.chars().any(|c| c.is_whitespace() || c.is_control());
    is_sound.then_some(url)
}

/// Whether a host, with or without a port, is one that no parser refuses.
fn is_host(host: &str) -> bool {
    let (name, port) = host.split_once(':').unwrap_or((host, "80"));
    name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
        && port.parse::<u16>().is_ok()
        // A name of digits only is taken for an address.
        && name.rsplit('.').next().is_some_and(|last| last.chars().any(char::is_alphabetic))
}

/// Whether a language is a tag that Hayagriva can parse: language, script, region.
pub(super) fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let is_alphabetic = |part: &str| part.bytes().all(|b| b.is_ascii_alphabetic());
    let language = parts.next().is_some_and(|part| matches!(part.len(), 2 | 3) && is_alphabetic(part));
    let mut parts = parts.peekable();
    parts.next_if(|part| part.len() == 4 && is_alphabetic(part));
    parts.next_if(|part| part.len() == 2 && is_alphabetic(part));
    language && parts.next().is_none()
}

/// A date as Hayagriva reads it, ready to print, and whether it says all.
pub(super) fn calendar(date: &Date) -> Option<(String, bool)> {
    let (day, mut is_whole) = match date {
        Date::Day(day) => (day, true),
        Date::Range(Bound::Day(day), _) => (day, false),
        Date::Range(..) | Date::Written(_) => return None,
    };
    if day.unspecified_year_digits > 0 || !(-9999..=9999).contains(&day.year) {
        return None;
    }
    is_whole &= day.time.is_none() && !day.uncertain && !day.is_season();
    is_whole &= !day.unspecified_month && !day.unspecified_day;
    let printed = Day { month: day.month.filter(|_| !day.is_season()), ..Day::default() };
    let printed = Day { year: day.year, day: printed.month.and(day.day), ..printed }.calendar();
    let printed = match (day.approximate, day.year < 0) {
        (true, _) => format!("\"~{printed}\""),
        (false, true) => format!("\"{printed}\""),
        (false, false) => printed,
    };
    Some((printed, is_whole))
}

/// Texts that Hayagriva has no slot for, whatever the entry.
pub(super) const fn is_without_slot(field: TextField) -> bool {
    match field {
        TextField::Title
        | TextField::Subtitle
        | TextField::ShortTitle
        | TextField::ContainerTitle
        | TextField::ContainerSubtitle
        | TextField::ContainerShortTitle
        | TextField::Series
        | TextField::MainTitle
        | TextField::MainSubtitle
        | TextField::OriginalTitle
        | TextField::EventTitle
        | TextField::Abstract
        | TextField::Note
        | TextField::Addendum
        | TextField::JournalRef
        | TextField::Comment
        | TextField::Genre => false,
        TextField::TitleAddon
        | TextField::ReviewedTitle
        | TextField::ContainerTitleAddon
        | TextField::MainTitleAddon
        | TextField::IssueTitle
        | TextField::IssueSubtitle
        | TextField::IssueTitleAddon
        | TextField::VolumeTitle
        | TextField::SeriesShort
        | TextField::EventTitleAddon
        | TextField::Annotation
        | TextField::HowPublished
        | TextField::Medium
        | TextField::PublicationState
        | TextField::Library
        | TextField::Rights
        | TextField::Dimensions
        | TextField::Scale
        | TextField::References
        | TextField::Status => true,
    }
}
