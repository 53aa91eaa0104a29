//! The vocabulary of both dialects: which field of the model stands in which field of a `.bib` file, and which kind of
//! work is which entry type. The writer reads the tables from left to right, the reader from right to left.
//!
//! Sources: `btxdoc` for BibTeX; the BibLaTeX manual 3.19, sections 2.1 (types) and 2.2 (fields), for BibLaTeX. Must not
//! know how values are written.

mod strings;
mod types;

pub(super) use strings::{key_of, words_of};
pub(super) use types::{Type, entry_type, kind_of_subtype, kind_of_type};

use super::Dialect;
use crate::model::{DateField, Entry, FieldName, Kind, ListField, PlainField, Role, Scheme, TextField};
use std::collections::HashMap;
use std::sync::LazyLock;

use DateField as D;
use ListField as L;
use PlainField as P;
use Scheme as S;
use TextField as T;

/// Where a field of the model stands in one dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// In the field of that name.
    Field(&'static str),
    /// In the same field as another one of the model, behind it.
    Joined,
    /// As `editora` and the like, with this type.
    Editor(&'static str),
    /// The writer knows.
    Special,
    /// Nowhere, for this reason.
    None(&'static str),
}

/// Where a field of the model stands in both dialects.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slots {
    bibtex: Slot,
    biblatex: Slot,
}

impl Slots {
    pub(super) const fn of(self, dialect: Dialect) -> Slot {
        match dialect {
            Dialect::Bibtex => self.bibtex,
            Dialect::Biblatex => self.biblatex,
        }
    }
}

const NOT_IN_BIB: &str = "neither BibTeX nor BibLaTeX has a field for it";
pub(super) const ONE_CLASS: &str = "of arXiv's subject classes the first is printed, beside the eprint";
const NO_COMMENT: &str = "arXiv's comment is no part of a reference";
pub(super) const TAKEN: &str = "the field that would hold it is taken by another value";
pub(super) const NO_KIND: &str = "there is no entry type for this kind of work";

const fn both(name: &'static str) -> Slots {
    Slots { bibtex: Slot::Field(name), biblatex: Slot::Field(name) }
}
const fn pair(bibtex: &'static str, biblatex: &'static str) -> Slots {
    Slots { bibtex: Slot::Field(bibtex), biblatex: Slot::Field(biblatex) }
}
/// A field of BibLaTeX alone. BibTeX's styles pass over what they do not know, so that it can stand there, too.
const fn biblatex(name: &'static str) -> Slots {
    both(name)
}
/// A field that neither dialect knows and both pass over; other programs have given it this name, or the model has.
const fn of_neither(name: &'static str) -> Slots {
    both(name)
}
const fn joined(name: &'static str) -> Slots {
    Slots { bibtex: Slot::Joined, biblatex: Slot::Field(name) }
}
const fn editor(kind: &'static str) -> Slots {
    Slots { bibtex: Slot::Editor(kind), biblatex: Slot::Editor(kind) }
}
const fn special() -> Slots {
    Slots { bibtex: Slot::Special, biblatex: Slot::Special }
}
const fn none(reason: &'static str) -> Slots {
    Slots { bibtex: Slot::None(reason), biblatex: Slot::None(reason) }
}

/// Where a rich text stands; the container's name depends on the kind of work.
pub(super) const fn text(field: TextField, kind: Kind) -> Slots {
    let in_periodical = is_in_periodical(kind);
    match field {
        T::Title => both("title"),
        T::Subtitle => joined("subtitle"),
        T::TitleAddon => biblatex("titleaddon"),
        T::ShortTitle => both("shorttitle"),
        T::OriginalTitle => biblatex("origtitle"),
        T::ReviewedTitle => of_neither("reviewed-title"),
        T::ContainerTitle if in_periodical => pair("journal", "journaltitle"),
        T::ContainerTitle => both("booktitle"),
        T::ContainerSubtitle if in_periodical => joined("journalsubtitle"),
        T::ContainerSubtitle => joined("booksubtitle"),
        T::ContainerTitleAddon if in_periodical => biblatex("journaltitleaddon"),
        T::ContainerTitleAddon => biblatex("booktitleaddon"),
        T::ContainerShortTitle => both("shortjournal"),
        T::MainTitle => biblatex("maintitle"),
        T::MainSubtitle => biblatex("mainsubtitle"),
        T::MainTitleAddon => biblatex("maintitleaddon"),
        T::IssueTitle => biblatex("issuetitle"),
        T::IssueSubtitle => biblatex("issuesubtitle"),
        T::IssueTitleAddon => biblatex("issuetitleaddon"),
        T::VolumeTitle => of_neither("volume-title"),
        T::Series => both("series"),
        T::SeriesShort => biblatex("shortseries"),
        T::EventTitle => biblatex("eventtitle"),
        T::EventTitleAddon => biblatex("eventtitleaddon"),
        T::Abstract => both("abstract"),
        T::Note => both("note"),
        T::Addendum => biblatex("addendum"),
        T::Annotation => pair("annote", "annotation"),
        T::HowPublished => both("howpublished"),
        T::Genre => both("type"),
        T::Medium => of_neither("medium"),
        T::PublicationState => biblatex("pubstate"),
        T::Library => biblatex("library"),
        T::Comment => none(NO_COMMENT),
        T::JournalRef => pair("note", "addendum"),
        T::Rights => of_neither("copyright"),
        T::Dimensions => of_neither("dimensions"),
        T::Scale => of_neither("scale"),
        T::References => of_neither("references"),
        T::Status => of_neither("status"),
    }
}

/// Where a list stands.
pub(super) const fn list(field: ListField, kind: Kind) -> Slots {
    match field {
        L::Publisher => both("publisher"),
        L::Place => pair("address", "location"),
        L::Institution => match kind {
            Kind::DoctoralThesis | Kind::MastersThesis | Kind::Thesis => pair("school", "institution"),
            _ => both("institution"),
        },
        L::Organization => both("organization"),
        L::EventPlace => biblatex("venue"),
        L::OriginalPublisher => biblatex("origpublisher"),
        L::OriginalPlace => biblatex("origlocation"),
        L::Category => special(),
        L::Keyword => both("keywords"),
        L::Language => both("language"),
        L::OriginalLanguage => biblatex("origlanguage"),
    }
}

/// Where a plain string stands.
pub(super) const fn plain(field: PlainField, kind: Kind) -> Slots {
    match field {
        P::Volume => both("volume"),
        P::Issue if is_in_periodical(kind) => both("number"),
        P::Issue if matches!(kind, Kind::Periodical) => pair("issue", "number"),
        P::Issue => biblatex("issue"),
        P::Number => both("number"),
        P::Part => biblatex("part"),
        P::Pages => both("pages"),
        P::PageTotal => biblatex("pagetotal"),
        P::Pagination => biblatex("pagination"),
        P::BookPagination => biblatex("bookpagination"),
        P::Chapter => both("chapter"),
        P::Section => of_neither("section"),
        P::Edition => both("edition"),
        P::Volumes => biblatex("volumes"),
        P::ArticleNumber => both("eid"),
        P::Version => both("version"),
        P::Url => both("url"),
        P::CallNumber => of_neither("lccn"),
        P::Archive => of_neither("archive"),
        P::ArchiveLocation => of_neither("archive-location"),
        P::Database => of_neither("database"),
        P::LanguageId => biblatex("langid"),
        P::SortKey => pair("key", "sortkey"),
        P::Options => biblatex("options"),
        P::File => both("file"),
        P::JournalSeries if is_in_periodical(kind) => both("series"),
        P::JournalSeries => none(NOT_IN_BIB),
        P::CrossReference => both("crossref"),
        P::KeyAliases => biblatex("ids"),
    }
}

/// Where a date stands.
pub(super) const fn date(field: DateField) -> Slots {
    match field {
        D::Issued => Slots { bibtex: Slot::Special, biblatex: Slot::Field("date") },
        D::Submitted => of_neither("submitted"),
        D::Available => of_neither("available"),
        D::Accessed => both("urldate"),
        D::Event => biblatex("eventdate"),
        D::Original => biblatex("origdate"),
    }
}

/// Where the people of a role stand.
pub(super) const fn people(role: Role) -> Slots {
    match role {
        Role::Author => both("author"),
        Role::Editor => both("editor"),
        Role::EditorA => biblatex("editora"),
        Role::EditorB => biblatex("editorb"),
        Role::EditorC => biblatex("editorc"),
        Role::ContainerAuthor => biblatex("bookauthor"),
        Role::Translator => both("translator"),
        Role::Annotator => biblatex("annotator"),
        Role::Commentator => biblatex("commentator"),
        Role::Introduction => biblatex("introduction"),
        Role::Foreword => biblatex("foreword"),
        Role::Afterword => biblatex("afterword"),
        Role::Holder => biblatex("holder"),
        Role::Director => editor("director"),
        Role::Producer => editor("producer"),
        Role::Compiler => editor("compiler"),
        Role::Illustrator => editor("illustrator"),
        Role::Composer => editor("composer"),
        Role::Performer => editor("performer"),
        Role::Interviewer => editor("interviewer"),
        Role::Curator => editor("curator"),
        Role::Organizer => editor("organizer"),
        Role::Narrator => editor("narrator"),
        Role::ScriptWriter => editor("scriptwriter"),
        Role::Guest => editor("guest"),
        Role::Host => editor("host"),
        Role::Contributor => editor("collaborator"),
        Role::SeriesEditor => of_neither("series-editor"),
        Role::Recipient => of_neither("recipient"),
        Role::ReviewedAuthor => of_neither("reviewed-author"),
        Role::OriginalAuthor => of_neither("original-author"),
    }
}

/// Where the identifiers of a scheme stand where they do not take the `eprint` field, as one of several may in BibLaTeX.
pub(super) const fn id(scheme: Scheme) -> Slots {
    match scheme {
        S::Arxiv => both("eprint"),
        S::Doi => both("doi"),
        S::Isbn => both("isbn"),
        S::Issn => both("issn"),
        S::Pmid => both("pmid"),
        S::Pmcid => both("pmcid"),
        S::Jstor => of_neither("jstor"),
        S::GoogleBooks => of_neither("google-books"),
        S::Handle => of_neither("handle"),
        S::MathReviews => both("mrnumber"),
        S::Zbmath => both("zblnumber"),
        S::Bibcode => both("bibcode"),
        S::Dblp => both("biburl"),
        S::ReportNumber => both("reportNumber"),
        S::Inspire => of_neither("inspire"),
        S::OpenAlex => of_neither("openalex"),
        S::SemanticScholar => of_neither("semantic-scholar"),
        S::Isrn => biblatex("isrn"),
        S::Ismn => biblatex("ismn"),
        S::Isan => biblatex("isan"),
        S::Iswc => biblatex("iswc"),
    }
}

/// The name of a scheme in `eprinttype` (BibLaTeX manual, section 3.14.7).
pub(super) const EPRINT_TYPES: [(Scheme, &str); 5] = [
    (S::Arxiv, "arxiv"),
    (S::Jstor, "jstor"),
    (S::Pmid, "pubmed"),
    (S::Handle, "hdl"),
    (S::GoogleBooks, "googlebooks"),
];

/// Of two fields of the model in one field of the file the first gives way to the second.
pub(super) const GIVES_WAY: [(FieldName, FieldName, Option<Dialect>); 4] = [
    (FieldName::Text(T::JournalRef), FieldName::Text(T::Note), Some(Dialect::Bibtex)),
    (FieldName::Text(T::JournalRef), FieldName::Text(T::Addendum), Some(Dialect::Biblatex)),
    (FieldName::Plain(P::Number), FieldName::Plain(P::Issue), None),
    (FieldName::Text(T::Series), FieldName::Plain(P::JournalSeries), None),
];

/// Whether works of this kind stand in a periodical: their container is a `journal`, their `number` an issue.
pub(super) const fn is_in_periodical(kind: Kind) -> bool {
    matches!(kind, Kind::JournalArticle | Kind::MagazineArticle | Kind::NewspaperArticle | Kind::Review)
}

/// Whether the number of such a work is that of an issue. BibTeX has no type for a periodical as a whole.
pub(super) const fn numbers_issues(kind: Kind, dialect: Dialect) -> bool {
    is_in_periodical(kind) || matches!((kind, dialect), (Kind::Periodical, Dialect::Biblatex))
}

/// The order in which fields are printed.
pub(super) const ORDER: &[FieldName] = {
    use FieldName::{Date, Id, List, People, Plain, Text};
    &[
        People(Role::Author),
        People(Role::Editor),
        People(Role::EditorA),
        People(Role::EditorB),
        People(Role::EditorC),
        People(Role::ContainerAuthor),
        People(Role::SeriesEditor),
        People(Role::Translator),
        People(Role::Annotator),
        People(Role::Commentator),
        People(Role::Introduction),
        People(Role::Foreword),
        People(Role::Afterword),
        People(Role::Holder),
        People(Role::Director),
        People(Role::Producer),
        People(Role::Compiler),
        People(Role::Illustrator),
        People(Role::Composer),
        People(Role::Performer),
        People(Role::Interviewer),
        People(Role::Recipient),
        People(Role::ReviewedAuthor),
        People(Role::OriginalAuthor),
        People(Role::Curator),
        People(Role::Organizer),
        People(Role::Narrator),
        People(Role::ScriptWriter),
        People(Role::Guest),
        People(Role::Host),
        People(Role::Contributor),
        Text(T::Title),
        Text(T::Subtitle),
        Text(T::TitleAddon),
        Text(T::ShortTitle),
        Text(T::OriginalTitle),
        Text(T::ReviewedTitle),
        Text(T::ContainerTitle),
        Text(T::ContainerSubtitle),
        Text(T::ContainerTitleAddon),
        Text(T::ContainerShortTitle),
        Text(T::MainTitle),
        Text(T::MainSubtitle),
        Text(T::MainTitleAddon),
        Text(T::IssueTitle),
        Text(T::IssueSubtitle),
        Text(T::IssueTitleAddon),
        Text(T::VolumeTitle),
        Text(T::EventTitle),
        Text(T::EventTitleAddon),
        Date(D::Event),
        List(L::EventPlace),
        Plain(P::JournalSeries),
        Text(T::Series),
        Text(T::SeriesShort),
        Plain(P::Volume),
        Plain(P::Issue),
        Plain(P::Number),
        Plain(P::Part),
        Plain(P::Chapter),
        Plain(P::Section),
        Plain(P::Edition),
        Plain(P::Volumes),
        Plain(P::Pages),
        Plain(P::ArticleNumber),
        Plain(P::PageTotal),
        Plain(P::Pagination),
        Plain(P::BookPagination),
        List(L::Publisher),
        List(L::Place),
        List(L::Institution),
        List(L::Organization),
        Text(T::HowPublished),
        Text(T::Genre),
        Text(T::Medium),
        Date(D::Issued),
        Date(D::Submitted),
        Date(D::Available),
        Date(D::Original),
        List(L::OriginalPublisher),
        List(L::OriginalPlace),
        Plain(P::Version),
        Text(T::PublicationState),
        Id(S::Arxiv),
        List(L::Category),
        Id(S::Jstor),
        Id(S::Handle),
        Id(S::GoogleBooks),
        Id(S::Pmid),
        Id(S::Pmcid),
        Id(S::Doi),
        Id(S::Isbn),
        Id(S::Issn),
        Id(S::Isrn),
        Id(S::Ismn),
        Id(S::Isan),
        Id(S::Iswc),
        Id(S::MathReviews),
        Id(S::Zbmath),
        Id(S::Bibcode),
        Id(S::Inspire),
        Id(S::Dblp),
        Id(S::OpenAlex),
        Id(S::SemanticScholar),
        Id(S::ReportNumber),
        Plain(P::Url),
        Date(D::Accessed),
        Plain(P::Archive),
        Plain(P::ArchiveLocation),
        Plain(P::CallNumber),
        Plain(P::Database),
        Text(T::Library),
        Text(T::Note),
        Text(T::Addendum),
        Text(T::JournalRef),
        Text(T::Comment),
        Text(T::Annotation),
        Text(T::Rights),
        Text(T::Dimensions),
        Text(T::Scale),
        Text(T::References),
        Text(T::Status),
        List(L::Keyword),
        List(L::Language),
        List(L::OriginalLanguage),
        Plain(P::LanguageId),
        Text(T::Abstract),
        Plain(P::SortKey),
        Plain(P::CrossReference),
        Plain(P::KeyAliases),
        Plain(P::Options),
        Plain(P::File),
    ]
};

/// Names that stand for a field beside the ones that are written.
const ALIASES: [(&str, FieldName); 25] = [
    // Mendeley's name for it, and what people write.
    ("arxivid", FieldName::Id(S::Arxiv)),
    ("arxiv", FieldName::Id(S::Arxiv)),
    ("annote", FieldName::Text(T::Annotation)),
    ("annotation", FieldName::Text(T::Annotation)),
    ("keyword", FieldName::List(L::Keyword)),
    ("lccn", FieldName::Plain(P::CallNumber)),
    ("numpages", FieldName::Plain(P::PageTotal)),
    ("articleno", FieldName::Plain(P::ArticleNumber)),
    ("article-number", FieldName::Plain(P::ArticleNumber)),
    ("article_number", FieldName::Plain(P::ArticleNumber)),
    ("journalabbr", FieldName::Text(T::ContainerShortTitle)),
    ("journal-iso", FieldName::Text(T::ContainerShortTitle)),
    ("pdf", FieldName::Plain(P::File)),
    ("zbl", FieldName::Id(S::Zbmath)),
    ("report-no", FieldName::Id(S::ReportNumber)),
    ("adsurl", FieldName::Id(S::Bibcode)),
    ("lastchecked", FieldName::Date(D::Accessed)),
    ("lastaccessed", FieldName::Date(D::Accessed)),
    ("copyright", FieldName::Text(T::Rights)),
    ("license", FieldName::Text(T::Rights)),
    ("references", FieldName::Text(T::References)),
    ("e-issn", FieldName::Id(S::Issn)),
    ("eissn", FieldName::Id(S::Issn)),
    ("isbn-13", FieldName::Id(S::Isbn)),
    ("section", FieldName::Plain(P::Section)),
];

/// What a field name, in lower case, stands for; kind-dependent readings (`number`, `series`) are the reader's.
pub(super) fn field_named(name: &str) -> Option<FieldName> {
    static NAMES: LazyLock<HashMap<String, FieldName>> = LazyLock::new(|| {
        let mut names = HashMap::new();
        for (name, field) in ALIASES {
            names.insert(name.to_owned(), field);
        }
        // The first field of the order wins a name that several share.
        for kind in [Kind::JournalArticle, Kind::Book, Kind::Thesis] {
            for field in ORDER.iter().rev() {
                for dialect in [Dialect::Bibtex, Dialect::Biblatex] {
                    if let Slot::Field(name) = slots(*field, kind).of(dialect) {
                        names.insert(name.to_ascii_lowercase(), *field);
                    }
                }
            }
        }
        names
    });
    NAMES.get(name).copied()
}

/// Whether a name is one under which the writer prints a field of the model.
pub(super) fn is_name(name: &str) -> bool {
    const OTHERS: [&str; 16] = [
        "year",
        "month",
        "day",
        "date",
        "type",
        "entrysubtype",
        "issue",
        "eprint",
        "eprinttype",
        "eprintclass",
        "archiveprefix",
        "primaryclass",
        "editortype",
        "editoratype",
        "editorbtype",
        "editorctype",
    ];
    let name = name.to_ascii_lowercase();
    OTHERS.contains(&name.as_str()) || field_named(&name).is_some()
}

/// Where a field stands, whatever its type.
pub(super) const fn slots(field: FieldName, kind: Kind) -> Slots {
    match field {
        FieldName::Text(field) => text(field, kind),
        FieldName::List(field) => list(field, kind),
        FieldName::Plain(field) => plain(field, kind),
        FieldName::Date(field) => date(field),
        FieldName::People(role) => people(role),
        FieldName::Id(scheme) => id(scheme),
        FieldName::Kind | FieldName::Key | FieldName::Foreign(_) => special(),
    }
}

/// Whether an entry has a field.
pub(super) fn has(entry: &Entry, field: FieldName) -> bool {
    match field {
        FieldName::Text(field) => entry.texts.contains(field),
        FieldName::List(field) => entry.lists.contains(field),
        FieldName::Plain(field) => entry.plain.contains(field),
        FieldName::Date(field) => entry.dates.contains(field),
        FieldName::People(role) => entry.people.iter().any(|(other, _)| *other == role),
        FieldName::Id(scheme) => entry.ids.iter().any(|id| id.scheme() == scheme),
        FieldName::Kind | FieldName::Key | FieldName::Foreign(_) => true,
    }
}

/// Whether the beginning of a file uses fields or types that only BibLaTeX has. `eprinttype` is no sign of it: DBLP writes
/// it into BibTeX.
pub(super) fn is_biblatex(head: &str) -> bool {
    // What BibTeX has another name or no need for.
    const FIELDS: [&str; 7] = ["date", "journaltitle", "eprintclass", "location", "entrysubtype", "entryset", "xdata"];
    // What may ride along in a BibTeX file, where it stands beside BibTeX's own names.
    const EXTRAS: [&str; 13] = [
        "pubstate",
        "addendum",
        "subtitle",
        "langid",
        "eventtitle",
        "booksubtitle",
        "maintitle",
        "relatedtype",
        "bookauthor",
        "editora",
        "eventdate",
        "origdate",
        "origlocation",
    ];
    const BIBTEX: [&str; 6] = ["journal", "address", "school", "month", "year", "primaryclass"];
    let (mut extras, mut bibtex) = (false, false);
    for line in head.split(['\n', '\r']).map(str::trim_start) {
        if let Some(rest) = line.strip_prefix('@') {
            let word = rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_ascii_lowercase();
            if !types::is_bibtex_type(&word) && kind_of_type(&word).is_some() {
                return true;
            }
        }
        // Several fields may stand in a line.
        for part in line.split(',') {
            let Some((name, _)) = part.split_once('=') else { continue };
            let name = name.trim();
            let is_in = |names: &[&str]| names.iter().any(|field| field.eq_ignore_ascii_case(name));
            // A date beside a year is what BibTeX cannot say otherwise.
            if is_in(&FIELDS) && !(bibtex && name.eq_ignore_ascii_case("date")) {
                return true;
            }
            // An annotation belongs to a field: `author+an`.
            extras |= is_in(&EXTRAS) || name.contains("+an") || name.ends_with("-an");
            bibtex |= is_in(&BIBTEX);
        }
    }
    extras && !bibtex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_the_model_is_printed_somewhere() {
        let mut all: Vec<FieldName> = Vec::new();
        all.extend(T::ALL.iter().copied().map(FieldName::Text));
        all.extend(L::ALL.iter().copied().map(FieldName::List));
        all.extend(P::ALL.iter().copied().map(FieldName::Plain));
        all.extend(D::ALL.iter().copied().map(FieldName::Date));
        all.extend(Role::ALL.iter().copied().map(FieldName::People));
        all.extend(S::ALL.iter().copied().map(FieldName::Id));
        for field in &all {
            assert_eq!(ORDER.iter().filter(|other| *other == field).count(), 1, "{field:?}");
        }
        assert_eq!(ORDER.len(), all.len());
    }
}
