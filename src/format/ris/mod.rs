//! RIS, the tagged format of Reference Manager, as `EndNote`, Zotero and publishers write and read it.
//!
//! There is no standard but the manuals of those programs (the "RIS format specification" of 2001 and 2011, and the tables
//! of types and tags that `EndNote` and Zotero use). One record is `TY  - ` to `ER  - `, one line a value; lines end in LF
//! here, where Reference Manager wrote CRLF: every program of today reads both. What has no tag of its own but is worth keeping stands in a note (`N1`) behind
//! a fixed label, which the reader takes off again. This file is the table of types and tags, used in both directions.

mod read;
mod write;

#[cfg(test)]
mod tests;

use super::{Format, FormatSpec, Sniff, Writer};
use crate::model::{DateField, FieldName, Kind, ListField, PlainField, Role, Scheme, TextField};

/// The row of RIS.
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::Ris,
    name: "ris",
    title: "RIS",
    extensions: &["ris"],
    sniff,
    read: Some(read::read),
    streams: false,
    write: Some(Writer { head: "", separator: "\n", tail: "", empty: "", entry: write::entry }),
};

/// RIS has a line that begins with the tag `TY` near its head.
fn sniff(head: &str) -> Sniff {
    let is_type = |line: &str| {
        line.trim_start_matches('\u{feff}')
            .get(..2)
            .filter(|tag| tag.eq_ignore_ascii_case("TY"))
            .is_some_and(|_| read::split_tag(line.trim_start_matches('\u{feff}')).is_some())
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

/// Where a field of an entry of some kind stands.
const fn slot(field: FieldName, kind: Kind) -> Slot {
    match field {
        FieldName::Kind | FieldName::Key | FieldName::Foreign(_) => Slot::Special,
        FieldName::Text(field) => text_slot(field, kind),
        FieldName::List(field) => list_slot(field, kind),
        FieldName::Plain(field) => plain_slot(field, kind),
        FieldName::Date(field) => date_slot(field),
        FieldName::People(role) => role_slot(role),
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
        TextField::ContainerTitle if is_whole_book(kind) => {
            Slot::Nowhere("in RIS a book stands in nothing but a series")
        }
        TextField::ContainerTitle => Slot::Tag("T2"),
        TextField::ContainerShortTitle => Slot::Tag("J2"),
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
        TextField::EventTitleAddon | TextField::Venue => Slot::Nowhere("RIS has no slot for more than an event's name"),
        TextField::Medium | TextField::Dimensions => Slot::Nowhere("RIS has no slot for medium and dimensions"),
        TextField::PublicationState | TextField::Status => Slot::Nowhere("RIS has no slot for the state of a work"),
        TextField::Library => Slot::Nowhere("RIS has no slot for a library"),
        TextField::Rights => Slot::Nowhere("RIS has no slot for terms of use"),
        TextField::Scale => Slot::Nowhere("RIS has no slot for the scale of a map"),
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

const fn role_slot(role: Role) -> Slot {
    match role {
        Role::Author => Slot::Tag("AU"),
        Role::Editor => Slot::Tag("A2"),
        Role::SeriesEditor => Slot::Tag("A3"),
        Role::Translator => Slot::Tag("A4"),
        Role::EditorA
        | Role::EditorB
        | Role::EditorC
        | Role::ContainerAuthor
        | Role::Annotator
        | Role::Commentator
        | Role::Introduction
        | Role::Foreword
        | Role::Afterword
        | Role::Holder
        | Role::Director
        | Role::Producer
        | Role::Compiler
        | Role::Illustrator
        | Role::Composer
        | Role::Performer
        | Role::Interviewer
        | Role::Recipient
        | Role::ReviewedAuthor
        | Role::OriginalAuthor
        | Role::Curator
        | Role::Organizer
        | Role::Narrator
        | Role::ScriptWriter
        | Role::Guest
        | Role::Host
        | Role::Contributor => Slot::Nowhere("RIS knows authors, editors, series editors and translators only"),
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

/// The type that a kind is written as.
const fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Preprint | Kind::Performance | Kind::Commentary | Kind::Misc => "GEN",
        Kind::JournalArticle | Kind::Review => "JOUR",
        Kind::MagazineArticle => "MGZN",
        Kind::NewspaperArticle => "NEWS",
        Kind::ConferencePaper => "CPAPER",
        Kind::Proceedings => "CONF",
        Kind::Book | Kind::MultiVolumeBook | Kind::Reference | Kind::Manual => "BOOK",
        Kind::Chapter | Kind::InCollection => "CHAP",
        Kind::Collection => "EDBOOK",
        Kind::Booklet => "PAMP",
        Kind::ReferenceEntry => "ENCYC",
        Kind::DoctoralThesis | Kind::MastersThesis | Kind::Thesis => "THES",
        Kind::Report => "RPRT",
        Kind::Unpublished => "UNPB",
        Kind::Periodical => "JFULL",
        Kind::Patent => "PAT",
        Kind::Standard => "STAND",
        Kind::Software => "COMP",
        Kind::Dataset => "DATA",
        Kind::Webpage => "ELEC",
        Kind::Post => "BLOG",
        Kind::Speech => "SLIDE",
        Kind::Letter | Kind::Interview => "PCOMM",
        Kind::Video => "VIDEO",
        Kind::Audio => "SOUND",
        Kind::Image => "FIGURE",
        Kind::Artwork => "ART",
        Kind::Map => "MAP",
        Kind::Legislation => "STAT",
        Kind::LegalCase => "CASE",
    }
}

/// What a type means where nothing else is known. The types that [`type_of`] gives stand first.
const TYPES: &[(&str, Kind)] = &[
    ("GEN", Kind::Misc),
    ("JOUR", Kind::JournalArticle),
    ("MGZN", Kind::MagazineArticle),
    ("NEWS", Kind::NewspaperArticle),
    ("CPAPER", Kind::ConferencePaper),
    ("CONF", Kind::ConferencePaper),
    ("BOOK", Kind::Book),
    ("CHAP", Kind::Chapter),
    ("EDBOOK", Kind::Collection),
    ("PAMP", Kind::Booklet),
    ("ENCYC", Kind::ReferenceEntry),
    ("THES", Kind::Thesis),
    ("RPRT", Kind::Report),
    ("UNPB", Kind::Unpublished),
    ("JFULL", Kind::Periodical),
    ("PAT", Kind::Patent),
    ("STAND", Kind::Standard),
    ("COMP", Kind::Software),
    ("DATA", Kind::Dataset),
    ("ELEC", Kind::Webpage),
    ("BLOG", Kind::Post),
    ("SLIDE", Kind::Speech),
    ("PCOMM", Kind::Letter),
    ("VIDEO", Kind::Video),
    ("SOUND", Kind::Audio),
    ("FIGURE", Kind::Image),
    ("ART", Kind::Artwork),
    ("MAP", Kind::Map),
    ("STAT", Kind::Legislation),
    ("CASE", Kind::LegalCase),
    ("ABST", Kind::JournalArticle),
    ("ADVS", Kind::Video),
    ("AGGR", Kind::Dataset),
    ("ANCIENT", Kind::Book),
    ("BILL", Kind::Legislation),
    ("CHART", Kind::Image),
    ("CLSWK", Kind::Book),
    ("CTLG", Kind::Book),
    ("DBASE", Kind::Dataset),
    ("DICT", Kind::ReferenceEntry),
    ("EBOOK", Kind::Book),
    ("ECHAP", Kind::Chapter),
    ("EJOUR", Kind::JournalArticle),
    ("EQUA", Kind::Misc),
    ("GOVDOC", Kind::Report),
    ("GRANT", Kind::Misc),
    ("GRNT", Kind::Misc),
    ("HEAR", Kind::LegalCase),
    ("ICOMM", Kind::Letter),
    ("INPR", Kind::JournalArticle),
    ("INTV", Kind::Interview),
    ("LEGAL", Kind::LegalCase),
    ("MANSCPT", Kind::Unpublished),
    ("MPCT", Kind::Video),
    ("MULTI", Kind::Misc),
    ("MUSIC", Kind::Audio),
    ("SER", Kind::Book),
    ("UNBILL", Kind::Legislation),
    ("UNPD", Kind::Unpublished),
    ("WEB", Kind::Webpage),
    // Words in place of a type, as `EndNote`'s tables and some servers have them.
    ("BOOK SECTION", Kind::InCollection),
    ("CONFERENCE PROCEEDINGS", Kind::ConferencePaper),
    ("WEB PAGE", Kind::Webpage),
    ("GENERIC", Kind::Misc),
    ("JOURNAL", Kind::JournalArticle),
    ("ARTICLE", Kind::JournalArticle),
];

/// What tells the kind of a record beside its type.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one question about a record")]
struct Clues<'r> {
    /// The type, upper-case.
    kind_of_work: &'r str,
    /// The type of work in words (`M3`).
    genre: Option<&'r str>,
    arxiv: bool,
    authors: bool,
    editors: bool,
    container: bool,
}

/// The kind that a record is read as; none for a type that nobody knows.
fn kind_of(clues: Clues<'_>) -> Option<Kind> {
    let word = clues.kind_of_work;
    if let Some(kind) = clues.genre.and_then(kind_from_label).filter(|kind| type_of(*kind) == word) {
        return Some(kind);
    }
    let base = TYPES.iter().find(|(name, _)| *name == word).map(|(_, kind)| *kind).or_else(|| kind_from_label(word))?;
    Some(match base {
        Kind::Misc | Kind::Unpublished if clues.arxiv && !clues.container && word != "EQUA" => Kind::Preprint,
        Kind::ConferencePaper if word == "CONF" && !clues.authors && !clues.container => Kind::Proceedings,
        Kind::Chapter if clues.editors => Kind::InCollection,
        Kind::Thesis => clues.genre.map_or(base, thesis_of),
        base => base,
    })
}

/// The degree that words name.
fn thesis_of(genre: &str) -> Kind {
    let genre = genre.to_lowercase();
    let names = |words: &[&str]| words.iter().any(|word| genre.contains(word));
    if names(&["master", "m.sc", "msc", "m.a."]) {
        Kind::MastersThesis
    } else if names(&["phd", "ph.d", "ph. d", "doctor"]) {
        Kind::DoctoralThesis
    } else {
        Kind::Thesis
    }
}

/// A kind in words, for `M3` where the type alone does not say it: "multi volume book".
fn label(kind: Kind) -> String {
    kind.name().replace('-', " ")
}

fn kind_from_label(words: &str) -> Option<Kind> {
    Kind::from_name(&words.trim().to_ascii_lowercase().replace(' ', "-"))
}

/// Whether a work is a book as a whole, whose `T2` is a series and whose `SP` counts its pages.
const fn is_whole_book(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Book
            | Kind::MultiVolumeBook
            | Kind::Collection
            | Kind::Reference
            | Kind::Manual
            | Kind::Booklet
            | Kind::DoctoralThesis
            | Kind::MastersThesis
            | Kind::Thesis
    )
}

/// Whether the publisher's tag holds an institution.
const fn has_institution(kind: Kind) -> bool {
    matches!(kind, Kind::DoctoralThesis | Kind::MastersThesis | Kind::Thesis | Kind::Report)
}

/// Whether the tag of serial numbers holds the number of a document.
const fn has_document_number(kind: Kind) -> bool {
    matches!(kind, Kind::Report | Kind::Patent | Kind::Standard)
}

/// Whether a keyword is a subject class of arXiv; bare names of whole archives that are common words are not.
fn is_subject_class(word: &str) -> bool {
    const ARCHIVES: [&str; 9] = ["cs", "econ", "eess", "math", "nlin", "physics", "q-bio", "q-fin", "stat"];
    const PAIRED: [&str; 11] = [
        "astro-ph", "cond-mat", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nucl-ex", "nucl-th",
        "quant-ph",
    ];
    const CLOSED: [&str; 14] = [
        "adap-org", "alg-geom", "chao-dyn", "cmp-lg", "comp-gas", "dg-ga", "funct-an", "mtrl-th", "patt-sol",
        "plasm-ph", "q-alg", "solv-int", "supr-con", "acc-phys",
    ];
    match word.split_once('.') {
        None => PAIRED.contains(&word) || CLOSED.contains(&word),
        Some((archive, class)) => {
            (ARCHIVES.contains(&archive) || PAIRED.contains(&archive))
                && (2..=8).contains(&class.len())
                && class.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-')
        }
    }
}
