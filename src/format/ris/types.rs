//! Types of work: RIS's own words and the model's kinds, both ways.

use crate::model::Kind;

/// The type that a kind is written as.
pub(super) const fn type_of(kind: Kind) -> &'static str {
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
        Kind::DictionaryEntry => "DICT",
        Kind::DoctoralThesis | Kind::MastersThesis | Kind::Thesis => "THES",
        Kind::Report => "RPRT",
        Kind::Unpublished => "UNPB",
        Kind::Periodical => "JFULL",
        Kind::Patent => "PAT",
        Kind::Standard => "STAND",
        Kind::Software => "COMP",
        Kind::Dataset => "DATA",
        Kind::Webpage | Kind::Post => "ELEC",
        Kind::BlogPost => "BLOG",
        Kind::Speech => "SLIDE",
        Kind::Letter | Kind::Interview => "PCOMM",
        Kind::Video => "VIDEO",
        Kind::Audio => "SOUND",
        Kind::Image => "FIGURE",
        Kind::Artwork => "ART",
        Kind::Map => "MAP",
        Kind::Legislation => "STAT",
        Kind::Bill => "BILL",
        Kind::LegalCase => "CASE",
        Kind::Hearing => "HEAR",
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
    ("BLOG", Kind::BlogPost),
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
    ("BILL", Kind::Bill),
    ("CHART", Kind::Image),
    ("CLSWK", Kind::Book),
    ("CTLG", Kind::Book),
    ("DBASE", Kind::Dataset),
    ("DICT", Kind::DictionaryEntry),
    ("EBOOK", Kind::Book),
    ("ECHAP", Kind::Chapter),
    ("EJOUR", Kind::JournalArticle),
    ("EQUA", Kind::Misc),
    ("GOVDOC", Kind::Report),
    ("GRANT", Kind::Misc),
    ("GRNT", Kind::Misc),
    ("HEAR", Kind::Hearing),
    ("ICOMM", Kind::Letter),
    ("INPR", Kind::JournalArticle),
    ("INTV", Kind::Interview),
    ("LEGAL", Kind::LegalCase),
    ("MANSCPT", Kind::Unpublished),
    ("MPCT", Kind::Video),
    ("MULTI", Kind::Misc),
    ("MUSIC", Kind::Audio),
    ("SER", Kind::Book),
    ("UNBILL", Kind::Bill),
    ("UNPD", Kind::Unpublished),
    ("WEB", Kind::Webpage),
    // Words in place of a type, as `EndNote`'s tables and some servers have them.
    ("BOOK SECTION", Kind::InCollection),
    ("CONFERENCE PROCEEDINGS", Kind::ConferencePaper),
    ("WEB PAGE", Kind::Webpage),
    ("GENERIC", Kind::Misc),
    // ADS's words for what it has no type for.
    ("MISC", Kind::Misc),
    ("THESIS/DISSERTATION", Kind::Thesis),
    ("JOURNAL", Kind::JournalArticle),
    ("ARTICLE", Kind::JournalArticle),
];

/// What tells the kind of a record beside its type.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one question about a record")]
pub(super) struct Clues<'r> {
    /// The type, upper-case.
    pub(super) kind_of_work: &'r str,
    /// The type of work in words (`M3`).
    pub(super) genre: Option<&'r str>,
    pub(super) arxiv: bool,
    pub(super) authors: bool,
    pub(super) editors: bool,
    pub(super) container: bool,
}

/// The kind that a record is read as; none for a type that nobody knows.
pub(super) fn kind_of(clues: Clues<'_>) -> Option<Kind> {
    let word = clues.kind_of_work;
    if let Some(kind) = clues.genre.and_then(kind_of_label).filter(|kind| type_of(*kind) == word) {
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

/// The degree that words name, dots and letter case left out: `Ph.D.`, `MSc thesis`, `Doctoral dissertation`.
pub(super) fn thesis_of(genre: &str) -> Kind {
    const MASTERS: [&str; 13] =
        ["ms", "ma", "msc", "mphil", "meng", "mba", "mfa", "mres", "mscs", "magister", "diplomarbeit", "sm", "mmath"];
    const DOCTORAL: [&str; 13] =
        ["phd", "dphil", "edd", "thd", "psyd", "dma", "scd", "dsc", "drphil", "drrernat", "md", "jsd", "dba"];
    let genre = genre.to_lowercase();
    // "Ph. D." and "Dr. rer. nat." are words with blanks in them.
    let compact = genre.replace(". ", ".").replace('.', "");
    let words = || compact.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let begins = |stems: &[&str]| words().any(|word| stems.iter().any(|stem| word.starts_with(stem)));
    if begins(&["master"]) || words().any(|word| MASTERS.contains(&word)) {
        Kind::MastersThesis
    } else if begins(&["doctor", "doktor", "phd"]) || words().any(|word| DOCTORAL.contains(&word)) {
        Kind::DoctoralThesis
    } else {
        Kind::Thesis
    }
}

/// Whether the volume of a thesis is its degree, for which `EndNote` has no other place.
pub(super) fn is_degree(volume: &str) -> bool {
    !volume.contains(|c: char| c.is_ascii_digit())
}

/// A kind in words, for `M3` where the type alone does not say it: "multi volume book".
pub(super) fn label(kind: Kind) -> String {
    kind.name().replace('-', " ")
}

/// The kind whose label these words are, letter by letter: a database's "Review" is a kind of article.
pub(super) fn kind_of_label(words: &str) -> Option<Kind> {
    Kind::from_name(&words.replace(' ', "-"))
}

pub(super) fn kind_from_label(words: &str) -> Option<Kind> {
    Kind::from_name(&words.trim().to_ascii_lowercase().replace(' ', "-"))
}

/// Whether a work is a book as a whole, whose `SP` counts its pages.
pub(super) const fn is_whole_book(kind: Kind) -> bool {
    is_thesis(kind)
        || matches!(
            kind,
            Kind::Book | Kind::MultiVolumeBook | Kind::Collection | Kind::Reference | Kind::Manual | Kind::Booklet
        )
}

/// Whether a work stands in nothing but a series, which its `T2` is in `EndNote`'s table and Zotero's.
pub(super) const fn stands_in_series(kind: Kind) -> bool {
    is_whole_book(kind) || matches!(kind, Kind::Report)
}

pub(super) const fn is_thesis(kind: Kind) -> bool {
    matches!(kind, Kind::DoctoralThesis | Kind::MastersThesis | Kind::Thesis)
}

/// Whether the publisher's tag holds an institution.
pub(super) const fn has_institution(kind: Kind) -> bool {
    matches!(kind, Kind::DoctoralThesis | Kind::MastersThesis | Kind::Thesis | Kind::Report)
}

/// Whether the tag of serial numbers holds the number of a document.
pub(super) const fn has_document_number(kind: Kind) -> bool {
    matches!(kind, Kind::Report | Kind::Patent | Kind::Standard)
}

/// arXiv's archives that are parted into classes.
const ARCHIVES: [&str; 9] = ["cs", "econ", "eess", "math", "nlin", "physics", "q-bio", "q-fin", "stat"];

/// Whether a word in brackets behind an arXiv id is an archive as a whole, as Zotero has it: `arXiv:1706.03762 [cs]`.
pub(super) fn is_archive(word: &str) -> bool {
    ARCHIVES.contains(&word)
}

/// Whether a keyword is a subject class of arXiv; bare names of whole archives that are common words are not.
pub(super) fn is_subject_class(word: &str) -> bool {
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
