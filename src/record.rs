//! One arXiv record: what arXiv itself says of a paper, in the schema of its metadata snapshot, and how it becomes an
//! [`Entry`].
//!
//! Every door of arXiv (snapshot, API, feeds, pages, mail) and the catalog speak of papers in this shape; a door fills in
//! what it has. Strings are as arXiv has them, TeX included; the rules that turn them into the model stand here once.

mod authors;
mod dialects;

pub use authors::{author_from_display, is_collaboration, parse_authors, split_authors};
pub use dialects::{
    bare_id, parse_eprint, recognise, recognise_elsewhere, recommended_url, repair_class, says_only_arxiv,
};

use crate::latex;
use crate::model::date::month_from_english;
use crate::model::{
    ArxivId, Date, DateField, Day, Entry, Foreign, Identifier, Kind, ListField, Name, PlainField, Role, Scheme, Text,
    TextField,
};
use authors::parsed_authors;
use serde::{Deserialize, Deserializer, Serialize};

/// A paper as arXiv describes it. Field names and shapes are the metadata snapshot's; nulls and missing fields are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// The identifier without version.
    pub id: String,
    /// The title, TeX, white space as it came.
    #[serde(deserialize_with = "or_empty")]
    pub title: String,
    /// The authors as one string, TeX.
    #[serde(deserialize_with = "or_empty", skip_serializing_if = "String::is_empty")]
    pub authors: String,
    /// The authors in parts: family, given, suffix, affiliations.
    #[serde(deserialize_with = "or_empty", skip_serializing_if = "Vec::is_empty")]
    pub authors_parsed: Vec<Vec<String>>,
    /// Subject classes parted by blanks, primary first.
    #[serde(deserialize_with = "or_empty", skip_serializing_if = "String::is_empty")]
    pub categories: String,
    /// The authors' comment.
    #[serde(deserialize_with = "or_empty", skip_serializing_if = "String::is_empty")]
    pub comments: String,
    /// The journal reference as the authors wrote it.
    #[serde(rename = "journal-ref", deserialize_with = "or_empty", skip_serializing_if = "String::is_empty")]
    pub journal_ref: String,
    /// DOIs of the published version, parted by blanks.
    #[serde(deserialize_with = "or_empty", skip_serializing_if = "String::is_empty")]
    pub doi: String,
    /// Report numbers.
    #[serde(rename = "report-no", deserialize_with = "or_empty", skip_serializing_if = "String::is_empty")]
    pub report_no: String,
    /// The licence's address.
    #[serde(deserialize_with = "or_empty", skip_serializing_if = "String::is_empty")]
    pub license: String,
    /// The versions in order.
    #[serde(deserialize_with = "or_empty", skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<Version>,
    /// The day the record was last changed, `YYYY-MM-DD`; not a version's date.
    #[serde(deserialize_with = "or_empty", skip_serializing_if = "String::is_empty")]
    pub update_date: String,
    /// The abstract, TeX, white space as it came.
    #[serde(rename = "abstract", deserialize_with = "or_empty", skip_serializing_if = "String::is_empty")]
    pub abstract_text: String,
}

/// One version of a paper.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Version {
    /// `v1`, `v2` …
    #[serde(deserialize_with = "or_empty")]
    pub version: String,
    /// When it was submitted: `Mon, 2 Apr 2007 19:18:42 GMT`, only the day, or ISO 8601; empty when not known.
    #[serde(deserialize_with = "or_empty", skip_serializing_if = "String::is_empty")]
    pub created: String,
}

/// Which version's date a paper is cited by, where no version is pinned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateChoice {
    /// The first version's (INSPIRE, ADS, DBLP, DataCite).
    #[default]
    First,
    /// The latest version's (arXiv's export, Zotero).
    Latest,
}

/// Which fields of an entry made from a record are not in the record but computed.
pub const DERIVED_URL: &str = "arXiv identifier";

impl Record {
    /// The identifier, when it is one.
    pub fn arxiv_id(&self) -> Option<ArxivId> {
        ArxivId::parse(&self.id).map(|id| id.with_version(None))
    }

    /// The number of the latest version; 0 when none is listed.
    pub fn latest_version(&self) -> u16 {
        self.versions.iter().filter_map(Version::number).max().unwrap_or(0)
    }

    /// The date of a version, where it is known.
    pub fn version_date(&self, number: u16) -> Option<Day> {
        self.versions.iter().find(|v| v.number() == Some(number)).and_then(Version::date)
    }

    /// The date of the first version; without one, year and month of the identifier.
    pub fn first_date(&self) -> Option<Day> {
        self.version_date(1).or_else(|| {
            let (year, month) = self.arxiv_id()?.year_month();
            Some(Day::month(year, month))
        })
    }

    /// The date to cite: of the pinned version, else by choice.
    pub fn cited_date(&self, pinned: Option<u16>, choice: DateChoice) -> Option<Day> {
        let wanted = match (pinned, choice) {
            (Some(version), _) => version,
            (None, DateChoice::First) => return self.first_date(),
            // The mail of a replacement has its date without its number.
            (None, DateChoice::Latest) => {
                let unnumbered = self.versions.last().filter(|version| version.number().is_none());
                match unnumbered.and_then(Version::date) {
                    Some(date) => return Some(date),
                    None => self.latest_version(),
                }
            }
        };
        self.version_date(wanted).or_else(|| self.first_date())
    }

    /// The authors as the model has them, `others` excluded: TeX decoded, particles and suffixes split, collaborations whole.
    pub fn names(&self) -> Vec<Name> {
        if self.authors_parsed.is_empty() {
            return parse_authors(&self.authors);
        }
        parsed_authors(&self.authors_parsed)
    }

    /// The subject classes, primary first; other classifications that strayed into the field are left out.
    pub fn classes(&self) -> impl Iterator<Item = &str> {
        self.categories.split_whitespace().filter(|class| is_subject_class(class))
    }

    /// Two records of one paper as one: the newer one's values win, and no empty value beats one that is there.
    #[must_use]
    pub fn merged_with(self, other: Self) -> Self {
        let age = |record: &Self| (record.latest_version(), record.update_date.clone());
        let (mut newer, older) = if age(&self) > age(&other) { (self, other) } else { (other, self) };
        newer.complete(older);
        newer
    }

    /// Fills what this record leaves empty from another one of the same paper.
    fn complete(&mut self, other: Self) {
        let Self {
            id: _,
            title,
            authors,
            authors_parsed,
            categories,
            comments,
            journal_ref,
            doi,
            report_no,
            license,
            versions,
            update_date,
            abstract_text,
        } = other;
        for (mine, theirs) in [
            (&mut self.title, title),
            (&mut self.categories, categories),
            (&mut self.comments, comments),
            (&mut self.journal_ref, journal_ref),
            (&mut self.doi, doi),
            (&mut self.report_no, report_no),
            (&mut self.license, license),
            (&mut self.update_date, update_date),
            (&mut self.abstract_text, abstract_text),
        ] {
            if mine.is_empty() {
                *mine = theirs;
            }
        }
        // The two forms of the author list belong together.
        if self.authors.is_empty() && self.authors_parsed.is_empty() {
            self.authors = authors;
            self.authors_parsed = authors_parsed;
        }
        for version in versions {
            match self.versions.iter_mut().find(|mine| mine.number() == version.number()) {
                Some(mine) if mine.created.is_empty() => mine.created = version.created,
                Some(_) => {}
                None => self.versions.push(version),
            }
        }
        self.versions.sort_by_key(Version::number);
    }

    /// The paper as an entry. `pinned` is the version that the input asked for.
    pub fn to_entry(&self, pinned: Option<u16>, choice: DateChoice) -> Entry {
        let mut entry = Entry::new(Kind::Preprint);
        self.put_identity(&mut entry, pinned);
        self.put_texts(&mut entry);
        entry.people = self.names().into_iter().map(|name| (Role::Author, name)).collect();
        self.put_dates(&mut entry, pinned, choice);
        let classes: Vec<Text> = self.classes().map(Text::plain).collect();
        if !classes.is_empty() {
            entry.lists.set(ListField::Category, classes);
        }
        let others: Vec<&str> = self.categories.split_whitespace().filter(|class| !is_subject_class(class)).collect();
        if !others.is_empty() {
            entry.foreign.push(Foreign { format: "arxiv", name: "classes".to_owned(), value: others.join(" ") });
        }
        entry
    }

    fn put_identity(&self, entry: &mut Entry, pinned: Option<u16>) {
        if let Some(id) = self.arxiv_id() {
            let id = id.with_version(pinned);
            entry.plain.set(PlainField::Url, id.url());
            entry.ids.push(Identifier::Other(Scheme::Doi, id.doi()));
            entry.ids.insert(0, Identifier::Arxiv(id));
        } else if !self.id.is_empty() {
            entry.foreign.push(Foreign { format: "arxiv", name: "id".to_owned(), value: self.id.clone() });
        }
        for doi in self.doi.split_whitespace() {
            match Identifier::parse(Scheme::Doi, doi) {
                Some(doi) => entry.add_id(doi),
                // Handles and misprints stand in the field too.
                None => entry.foreign.push(Foreign { format: "arxiv", name: "doi".to_owned(), value: doi.to_owned() }),
            }
        }
        if !self.report_no.is_empty() {
            entry.add_id(Identifier::Other(Scheme::ReportNumber, squeeze(&self.report_no)));
        }
    }

    fn put_texts(&self, entry: &mut Entry) {
        let fields = [
            (TextField::Title, &self.title),
            (TextField::Abstract, &self.abstract_text),
            (TextField::Comment, &self.comments),
            (TextField::JournalRef, &self.journal_ref),
        ];
        for (field, source) in fields {
            if source.trim().is_empty() {
                continue;
            }
            let text = latex::decode(&squeeze(source));
            entry.texts.set(field, if field == TextField::Title { text.protect_case() } else { text });
        }
        if !self.license.is_empty() {
            entry.texts.set(TextField::Rights, Text::plain(self.license.clone()));
        }
    }

    fn put_dates(&self, entry: &mut Entry, pinned: Option<u16>, choice: DateChoice) {
        let (Some(cited), Some(first)) = (self.cited_date(pinned, choice), self.first_date()) else { return };
        if cited.year != first.year {
            entry.dates.set(DateField::Submitted, Date::Day(first));
        }
        entry.dates.set(DateField::Issued, Date::Day(cited));
    }
}

impl Version {
    /// The version's number.
    pub fn number(&self) -> Option<u16> {
        self.version.trim_start_matches('v').parse().ok()
    }

    /// The day it was submitted.
    pub fn date(&self) -> Option<Day> {
        parse_created(&self.created)
    }
}

/// Reads `Mon, 2 Apr 2007 19:18:42 GMT`, the same without time or weekday, or an ISO 8601 date with or without time.
pub fn parse_created(text: &str) -> Option<Day> {
    let text = text.trim();
    if let Some(Date::Day(day)) = text.get(..10).and_then(Date::parse_edtf) {
        return Some(day);
    }
    let mut words = text.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty());
    let first = words.next()?;
    let day = if first.as_bytes()[0].is_ascii_digit() { first } else { words.next()? };
    if let Some(month) = month_from_english(day) {
        // The order of `date`: `Sat Apr  4 02:55:44 METDST 1992`.
        let day = words.next()?.parse().ok()?;
        return Day::ymd(words.next_back()?.parse().ok()?, month, day);
    }
    let month = month_from_english(words.next()?)?;
    let year: i32 = words.next()?.parse().ok()?;
    // Two-digit years stand in records of the 1990s.
    let year = if year < 100 { year + if year > 90 { 1900 } else { 2000 } } else { year };
    Day::ymd(year, month, day.parse().ok()?)
}

/// Folds every run of white space into one blank and trims the ends.
pub fn squeeze(text: &str) -> String {
    let text = text.trim_ascii();
    let mut out = String::with_capacity(text.len());
    // What arXiv has is lines of words with single blanks between them; those are copied line by line.
    let only_lines = memchr::memmem::find(text.as_bytes(), b"  ").is_none()
        && memchr::memchr3(b'\t', b'\r', b'\x0c', text.as_bytes()).is_none();
    if only_lines {
        text.split('\n').for_each(|line| push_spaced(line.trim_ascii(), &mut out));
    } else {
        text.split_ascii_whitespace().for_each(|word| push_spaced(word, &mut out));
    }
    out
}

fn push_spaced(piece: &str, out: &mut String) {
    if !out.is_empty() && !piece.is_empty() {
        out.push(' ');
    }
    out.push_str(piece);
}

/// Whether a word has the shape of an arXiv subject class: `cs.CL`, `hep-th`, `cond-mat.str-el`, `q-bio.QM`.
fn is_subject_class(word: &str) -> bool {
    let (archive, class) = word.split_once('.').map_or((word, None), |(archive, class)| (archive, Some(class)));
    let archive_is_sound = archive.len() >= 2
        && archive.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
        && archive.as_bytes()[0].is_ascii_lowercase();
    archive_is_sound
        && class.is_none_or(|class| !class.is_empty() && class.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-'))
}

/// Reads null as the empty value.
fn or_empty<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_versions() {
        let check = |text: &str, expected: &str| {
            assert_eq!(parse_created(text).map(|d| d.calendar()).unwrap_or_default(), expected, "{text}");
        };
        check("Mon, 2 Apr 2007 19:18:42 GMT", "2007-04-02");
        check("Mon, 29 Apr 2024", "2024-04-29");
        check("2024-04-29", "2024-04-29");
        check("2024-04-29T10:00:00Z", "2024-04-29");
        check("Tue, 14 Apr 92 19:18:42 METDST", "1992-04-14");
        check("Sat Apr  4 02:55:44 METDST 1992", "1992-04-04");
        check("", "");
        check("soon", "");
    }

    #[test]
    fn white_space_is_squeezed() {
        let check = |text: &str, expected: &str| assert_eq!(squeeze(text), expected, "{text:?}");
        check("  a b\nc \n d\n\n\ne\n", "a b c d e");
        check(" a  b\t\r\nc\x0c d ", "a b c d");
        check(" \n ", "");
    }

    #[test]
    fn a_record_without_dates_takes_year_and_month_from_its_id() {
        let record = Record { id: "2412.02730".to_owned(), title: "T".to_owned(), ..Record::default() };
        let entry = record.to_entry(None, DateChoice::First);
        assert_eq!(entry.dates.get(DateField::Issued).map(ToString::to_string).as_deref(), Some("2024-12"));
        assert_eq!(entry.doi(), Some("10.48550/arXiv.2412.02730"));
    }
}
