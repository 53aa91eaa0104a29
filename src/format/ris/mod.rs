//! RIS, the tagged format of Reference Manager, as `EndNote`, Zotero and publishers write and read it.
//!
//! There is no standard but the manuals of those programs (the "RIS format specification" of 2001 and 2011, and the tables
//! of types and tags that `EndNote` and Zotero use). One record is `TY  - ` to `ER  - `, one line a value; lines end in LF
//! here, where Reference Manager wrote CRLF: every program of today reads both. What has no tag of its own but is worth keeping stands in a note (`N1`) behind
//! a fixed label, which the reader takes off again. This file is the table of tags and `types` the one of types, both used in both directions.

mod lines;
mod read;
mod roles;
mod types;
mod values;
mod write;

#[cfg(test)]
mod tests;

use super::{Format, FormatSpec, Sniff, Writer};
use types::{has_document_number, has_institution, stands_in_series};

use crate::model::{DateField, FieldName, Kind, ListField, PlainField, Role, Scheme, TextField};

/// The row of RIS.
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::Ris,
    name: "ris",
    title: "RIS",
    extensions: &["ris"],
    sniff,
    read: Some(lines::read),
    streams: false,
    write: Some(Writer { head: "", separator: "\n", tail: "", empty: "", entry: write::entry }),
};

/// RIS has a line that begins with the tag `TY` near its head.
fn sniff(head: &str) -> Sniff {
    let is_type = |line: &str| {
        line.trim_start_matches('\u{feff}')
            .get(..2)
            .filter(|tag| tag.eq_ignore_ascii_case("TY"))
            .is_some_and(|_| lines::split_tag(line.trim_start_matches('\u{feff}')).is_some())
    };
    match head.lines().filter(|line| !line.trim().is_empty()).position(is_type) {
        Some(0..10) => Sniff::Yes,
        Some(_) => Sniff::Likely,
        None => Sniff::No,
    }
}

/// Where RIS puts a field of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    /// Under a tag.
    Tag(&'static str),
    /// In a note behind a label.
    Note(&'static str),
    /// Spread over several tags, or joined with another field: the reader and the writer have code for it.
    Special,
    /// Nowhere; the words say why.
    Nowhere(&'static str),
}

/// What a text loses that has styles or TeX commands; its characters are kept.
const MARKUP: &str = "RIS has no markup, the text is written plain";

const CASE: &str = "RIS cannot protect the letter case of words";
const LINES: &str = "RIS has values of one line";
const NAMES: &str = "RIS tells family and given names by commas only, the name is read another way";
const ONE_TITLE: &str = "RIS does not part subtitles; it is printed behind the title";

/// Where a field of an entry of some kind stands.
const fn slot(field: FieldName, kind: Kind) -> Slot {
    match field {
        FieldName::Kind | FieldName::Key | FieldName::Foreign(_) => Slot::Special,
        FieldName::Text(field) => text_slot(field, kind),
        FieldName::List(field) => list_slot(field, kind),
        FieldName::Plain(field) => plain_slot(field, kind),
        FieldName::Date(field) => date_slot(field),
        FieldName::People(role) => roles::slot(role, kind),
        FieldName::Id(scheme) => scheme_slot(scheme),
    }
}

const fn text_slot(field: TextField, kind: Kind) -> Slot {
    match field {
        TextField::Title => Slot::Tag("TI"),
        TextField::Subtitle | TextField::ContainerSubtitle => Slot::Special,
        TextField::ShortTitle => Slot::Tag("ST"),
        TextField::OriginalTitle => Slot::Tag("OP"),
        TextField::ReviewedTitle => Slot::Tag("RI"),
        TextField::ContainerTitle if stands_in_series(kind) => {
            Slot::Nowhere("in RIS a book or report stands in nothing but a series")
        }
        // The reporter, in EndNote's table and Zotero's.
        TextField::ContainerTitle if matches!(kind, Kind::LegalCase) => Slot::Tag("A2"),
        TextField::ContainerTitle => Slot::Tag("T2"),
        TextField::ContainerShortTitle => Slot::Tag("J2"),
        // `T2` of what stands in nothing else is read as a series too, but `JabRef` takes it for a journal.
        TextField::Series => Slot::Tag("T3"),
        TextField::Abstract => Slot::Tag("AB"),
        TextField::Annotation => Slot::Tag("RN"),
        TextField::Note => Slot::Tag("N1"),
        TextField::Genre => Slot::Tag("M3"),
        TextField::Comment => Slot::Note("Comment"),
        TextField::JournalRef => Slot::Note("Journal reference"),
        TextField::Addendum => Slot::Note("Addendum"),
        TextField::HowPublished => Slot::Note("How published"),
        TextField::EventTitle => Slot::Note("Event"),
        TextField::TitleAddon | TextField::ContainerTitleAddon => {
            Slot::Nowhere("RIS has no slot for additions to a title")
        }
        TextField::MainTitle | TextField::MainSubtitle | TextField::MainTitleAddon | TextField::VolumeTitle => {
            Slot::Nowhere("RIS has no slot for the titles of a work in several volumes")
        }
        TextField::IssueTitle | TextField::IssueSubtitle | TextField::IssueTitleAddon => {
            Slot::Nowhere("RIS has no slot for the title of an issue")
        }
        TextField::SeriesShort => Slot::Nowhere("RIS has no slot for the short title of a series"),
        TextField::EventTitleAddon => Slot::Nowhere("RIS has no slot for more than an event's name"),
        TextField::Medium | TextField::Dimensions => Slot::Nowhere("RIS has no slot for medium and dimensions"),
        TextField::PublicationState | TextField::Status => Slot::Nowhere("RIS has no slot for the state of a work"),
        TextField::Library => Slot::Nowhere("RIS has no slot for a library"),
        TextField::Rights => Slot::Nowhere("RIS has no slot for terms of use"),
        // In EndNote's table and Zotero's.
        TextField::Scale if matches!(kind, Kind::Map) => Slot::Tag("C1"),
        TextField::Scale => Slot::Nowhere("in RIS only maps have a scale"),
        TextField::References => Slot::Nowhere("RIS has no slot for the references of a work"),
    }
}

const fn list_slot(field: ListField, kind: Kind) -> Slot {
    match field {
        ListField::Publisher if has_institution(kind) => {
            Slot::Nowhere("the publisher of a thesis or report is its institution in RIS")
        }
        ListField::Publisher => Slot::Tag("PB"),
        ListField::Institution if has_institution(kind) => Slot::Tag("PB"),
        ListField::Institution => Slot::Nowhere("only theses and reports have an institution in RIS"),
        ListField::Place => Slot::Tag("CY"),
        ListField::EventPlace => Slot::Note("Event place"),
        ListField::Category | ListField::Keyword => Slot::Tag("KW"),
        ListField::Language => Slot::Tag("LA"),
        ListField::Organization => Slot::Nowhere("RIS has no slot for organizations"),
        ListField::OriginalPublisher | ListField::OriginalPlace | ListField::OriginalLanguage => {
            Slot::Nowhere("of an original RIS holds the title only")
        }
    }
}

const fn plain_slot(field: PlainField, kind: Kind) -> Slot {
    match field {
        PlainField::Volume => Slot::Tag("VL"),
        PlainField::Issue => Slot::Tag("IS"),
        PlainField::Number if has_document_number(kind) => Slot::Tag("SN"),
        PlainField::Number => Slot::Tag("M1"),
        PlainField::Pages | PlainField::PageTotal => Slot::Special,
        PlainField::Chapter if matches!(kind, Kind::Chapter | Kind::InCollection) => Slot::Tag("SE"),
        PlainField::Chapter => Slot::Nowhere("only parts of books have a chapter number in RIS"),
        PlainField::Section if matches!(kind, Kind::Chapter | Kind::InCollection) => {
            Slot::Nowhere("the section of a part of a book is its chapter number in RIS")
        }
        PlainField::Section => Slot::Tag("SE"),
        PlainField::Edition if matches!(kind, Kind::Software) => {
            Slot::Nowhere("the edition of software is its version in RIS")
        }
        PlainField::Edition => Slot::Tag("ET"),
        PlainField::Version if matches!(kind, Kind::Software) => Slot::Tag("ET"),
        PlainField::Version => Slot::Nowhere("only software has a version in RIS"),
        PlainField::Volumes => Slot::Tag("NV"),
        PlainField::ArticleNumber => Slot::Tag("C7"),
        PlainField::Url => Slot::Tag("UR"),
        PlainField::CallNumber => Slot::Tag("CN"),
        PlainField::Archive if matches!(kind, Kind::Preprint) => Slot::Tag("DB"),
        PlainField::Archive => Slot::Nowhere("only preprints have an archive in RIS"),
        PlainField::Database if matches!(kind, Kind::Preprint) => {
            Slot::Nowhere("the database of a preprint is its archive in RIS")
        }
        PlainField::Database => Slot::Tag("DB"),
        PlainField::ArchiveLocation => Slot::Tag("AV"),
        PlainField::File => Slot::Tag("L1"),
        PlainField::Part => Slot::Nowhere("RIS has no slot for the part of a volume"),
        PlainField::Pagination | PlainField::BookPagination => Slot::Nowhere("RIS has no slot for what pages count"),
        PlainField::JournalSeries => Slot::Nowhere("RIS has no slot for the series of a journal"),
        PlainField::LanguageId | PlainField::SortKey | PlainField::Options => {
            Slot::Nowhere("RIS has no slot for instructions to a bibliography program")
        }
        PlainField::CrossReference | PlainField::KeyAliases => {
            Slot::Nowhere("RIS has no slot for keys of other entries")
        }
    }
}

const fn date_slot(field: DateField) -> Slot {
    match field {
        DateField::Issued => Slot::Special,
        DateField::Accessed => Slot::Tag("Y2"),
        DateField::Submitted => Slot::Note("Submitted"),
        DateField::Event => Slot::Note("Event date"),
        DateField::Original => Slot::Note("Original date"),
        DateField::Available => Slot::Note("Available"),
    }
}

const fn scheme_slot(scheme: Scheme) -> Slot {
    match scheme {
        Scheme::Arxiv => Slot::Special,
        Scheme::Doi => Slot::Tag("DO"),
        Scheme::Isbn | Scheme::Issn => Slot::Tag("SN"),
        Scheme::Pmid => Slot::Note("PMID"),
        Scheme::Pmcid => Slot::Note("PMCID"),
        Scheme::Jstor => Slot::Note("JSTOR"),
        Scheme::GoogleBooks => Slot::Note("Google Books"),
        Scheme::Handle => Slot::Note("Handle"),
        Scheme::MathReviews => Slot::Note("MR number"),
        Scheme::Zbmath => Slot::Note("zbMATH"),
        Scheme::Bibcode => Slot::Note("Bibcode"),
        Scheme::Inspire => Slot::Note("INSPIRE"),
        Scheme::Dblp => Slot::Note("DBLP"),
        Scheme::OpenAlex => Slot::Note("OpenAlex"),
        Scheme::SemanticScholar => Slot::Note("Semantic Scholar"),
        Scheme::ReportNumber => Slot::Note("Report number"),
        Scheme::Isrn => Slot::Note("ISRN"),
        Scheme::Ismn => Slot::Note("ISMN"),
        Scheme::Isan => Slot::Note("ISAN"),
        Scheme::Iswc => Slot::Note("ISWC"),
    }
}

/// Whether an id is a citation key: a record number of a database is none, nor is anything with blanks in it.
fn is_key(id: &str) -> bool {
    !id.contains([' ', '\t', ',']) && id.chars().any(char::is_alphabetic)
}

/// Every field that has a slot of its own, in the model's order.
fn every_field() -> impl Iterator<Item = FieldName> {
    let texts = TextField::ALL.iter().map(|field| FieldName::Text(*field));
    let lists = ListField::ALL.iter().map(|field| FieldName::List(*field));
    let plain = PlainField::ALL.iter().map(|field| FieldName::Plain(*field));
    let dates = DateField::ALL.iter().map(|field| FieldName::Date(*field));
    let people = Role::ALL.iter().map(|role| FieldName::People(*role));
    let ids = Scheme::ALL.iter().map(|scheme| FieldName::Id(*scheme));
    texts.chain(lists).chain(plain).chain(dates).chain(people).chain(ids)
}

/// Whether a value behind a date's label can be that date.
fn is_labelled_date(value: &str) -> bool {
    value.contains(|c: char| c.is_ascii_digit())
}

/// The field behind a note's label, and the rest of the note.
fn labelled_note(note: &str) -> Option<(FieldName, &str)> {
    let (label, rest) = note.split_once(": ")?;
    if label == "DOI" {
        return Some((FieldName::Id(Scheme::Doi), rest));
    }
    // A further note of the same entry, or one that only looks as if it had a label.
    if label == "Note" {
        return Some((FieldName::Text(TextField::Note), rest));
    }
    let is_labelled = |field: &FieldName| matches!(slot(*field, Kind::Misc), Slot::Note(known) if known == label);
    Some((every_field().find(is_labelled)?, rest))
}
