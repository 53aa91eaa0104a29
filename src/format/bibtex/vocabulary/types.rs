//! The entry types of both dialects: which kind of work is which type, and back.
//!
//! Sources: `btxdoc` for BibTeX; the BibLaTeX manual 3.19, section 2.1. Must not know fields.

use crate::format::bibtex::Dialect;
use crate::model::Kind;

/// An entry type, and whether reading it gives back the kind that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::format::bibtex) struct Type {
    pub(in crate::format::bibtex) word: &'static str,
    pub(in crate::format::bibtex) subtype: Option<&'static str>,
    pub(in crate::format::bibtex) exact: bool,
}

const fn exact(word: &'static str) -> Type {
    Type { word, subtype: None, exact: true }
}
const fn subtype(word: &'static str, subtype: &'static str) -> Type {
    Type { word, subtype: Some(subtype), exact: true }
}
const fn nearest(word: &'static str) -> Type {
    Type { word, subtype: None, exact: false }
}

/// The entry type of a kind of work.
pub(in crate::format::bibtex) const fn entry_type(kind: Kind, dialect: Dialect) -> Type {
    let (bibtex, biblatex) = match kind {
        // Told by its identifier or its state.
        Kind::Preprint => (nearest("misc"), nearest("online")),
        Kind::JournalArticle => (exact("article"), exact("article")),
        Kind::MagazineArticle => (nearest("article"), subtype("article", "magazine")),
        Kind::NewspaperArticle => (nearest("article"), subtype("article", "newspaper")),
        Kind::ConferencePaper => (exact("inproceedings"), exact("inproceedings")),
        Kind::Proceedings => (exact("proceedings"), exact("proceedings")),
        Kind::Book => (exact("book"), exact("book")),
        Kind::MultiVolumeBook => (nearest("book"), exact("mvbook")),
        Kind::Chapter => (exact("inbook"), exact("inbook")),
        Kind::InCollection => (exact("incollection"), exact("incollection")),
        Kind::Collection => (nearest("book"), exact("collection")),
        Kind::Booklet => (exact("booklet"), exact("booklet")),
        Kind::ReferenceEntry => (nearest("incollection"), exact("inreference")),
        Kind::DictionaryEntry => (nearest("incollection"), subtype("inreference", "dictionary")),
        Kind::Reference => (nearest("book"), exact("reference")),
        Kind::DoctoralThesis => (exact("phdthesis"), exact("thesis")),
        Kind::MastersThesis => (exact("mastersthesis"), exact("thesis")),
        Kind::Thesis => (nearest("phdthesis"), exact("thesis")),
        Kind::Report => (exact("techreport"), exact("report")),
        Kind::Manual => (exact("manual"), exact("manual")),
        Kind::Unpublished => (exact("unpublished"), exact("unpublished")),
        Kind::Periodical => (nearest("misc"), exact("periodical")),
        Kind::Patent => (nearest("misc"), exact("patent")),
        Kind::Standard => (nearest("misc"), exact("standard")),
        Kind::Software => (nearest("misc"), exact("software")),
        Kind::Dataset => (nearest("misc"), exact("dataset")),
        Kind::Webpage => (nearest("misc"), exact("online")),
        Kind::Post => (nearest("misc"), subtype("online", "post")),
        Kind::BlogPost => (nearest("misc"), subtype("online", "blog")),
        Kind::Speech => (nearest("misc"), subtype("unpublished", "speech")),
        Kind::Review => (nearest("article"), exact("review")),
        Kind::Letter => (nearest("misc"), exact("letter")),
        Kind::Interview => (nearest("misc"), subtype("misc", "interview")),
        Kind::Video => (nearest("misc"), exact("video")),
        Kind::Audio => (nearest("misc"), exact("audio")),
        Kind::Image => (nearest("misc"), exact("image")),
        Kind::Artwork => (nearest("misc"), exact("artwork")),
        Kind::Performance => (nearest("misc"), exact("performance")),
        Kind::Map => (nearest("misc"), subtype("misc", "map")),
        Kind::Legislation => (nearest("misc"), exact("legislation")),
        Kind::Bill => (nearest("misc"), subtype("legislation", "bill")),
        Kind::LegalCase => (nearest("misc"), exact("jurisdiction")),
        Kind::Hearing => (nearest("misc"), subtype("jurisdiction", "hearing")),
        Kind::Commentary => (nearest("misc"), exact("commentary")),
        Kind::Misc => (exact("misc"), exact("misc")),
    };
    match dialect {
        Dialect::Bibtex => bibtex,
        Dialect::Biblatex => biblatex,
    }
}

/// Types that are not the one written for their kind: what they are, and whether the word says more than the kind.
const OTHER_TYPES: [(&str, Kind, bool); 23] = [
    ("phdthesis", Kind::DoctoralThesis, false),
    ("mastersthesis", Kind::MastersThesis, false),
    ("techreport", Kind::Report, false),
    ("webpage", Kind::Webpage, false),
    ("data", Kind::Dataset, false),
    ("preprint", Kind::Preprint, false),
    ("bookinbook", Kind::Chapter, true),
    ("suppbook", Kind::Chapter, true),
    ("mvcollection", Kind::Collection, true),
    ("suppcollection", Kind::InCollection, true),
    ("suppperiodical", Kind::JournalArticle, true),
    ("mvproceedings", Kind::Proceedings, true),
    ("mvreference", Kind::Reference, true),
    ("softwareversion", Kind::Software, true),
    ("movie", Kind::Video, true),
    ("music", Kind::Audio, true),
    ("legal", Kind::Legislation, true),
    ("thesis", Kind::Thesis, false),
    // As people write them.
    ("masterthesis", Kind::MastersThesis, false),
    ("bachelorthesis", Kind::Thesis, true),
    ("bachelorsthesis", Kind::Thesis, true),
    ("diplomathesis", Kind::Thesis, true),
    ("dissertation", Kind::DoctoralThesis, false),
];

/// The kind of an entry type in lower case, and whether the type's own word says more.
pub(in crate::format::bibtex) fn kind_of_type(word: &str) -> Option<(Kind, bool)> {
    if let Some((_, kind, says_more)) = OTHER_TYPES.iter().find(|(other, _, _)| *other == word) {
        return Some((*kind, *says_more));
    }
    // Of the kinds that share a word the plain one comes first, except that `online` is a web page until it proves a
    // preprint.
    let of = |kind: &&Kind| {
        **kind != Kind::Preprint
            && [Dialect::Bibtex, Dialect::Biblatex].iter().any(|dialect| {
                let entry_type = entry_type(**kind, *dialect);
                entry_type.word == word && entry_type.exact && entry_type.subtype.is_none()
            })
    };
    Kind::ALL.iter().find(of).map(|kind| (*kind, false))
}

/// The kind that an `entrysubtype` makes of a type.
pub(in crate::format::bibtex) fn kind_of_subtype(word: &str, sub: &str) -> Option<Kind> {
    Kind::ALL.iter().copied().find(|kind| {
        let entry_type = entry_type(*kind, Dialect::Biblatex);
        entry_type.word == word && entry_type.subtype.is_some_and(|known| known.eq_ignore_ascii_case(sub))
    })
}

/// Whether BibTeX's own styles know a type.
pub(super) fn is_bibtex_type(word: &str) -> bool {
    const TYPES: [&str; 14] = [
        "article",
        "book",
        "booklet",
        "conference",
        "inbook",
        "incollection",
        "inproceedings",
        "manual",
        "mastersthesis",
        "misc",
        "phdthesis",
        "proceedings",
        "techreport",
        "unpublished",
    ];
    TYPES.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_that_is_exact_gives_its_kind_back() {
        for dialect in [Dialect::Bibtex, Dialect::Biblatex] {
            for kind in Kind::ALL.iter().copied().filter(|kind| *kind != Kind::Preprint) {
                let entry_type = entry_type(kind, dialect);
                let thesis = matches!(kind, Kind::DoctoralThesis | Kind::MastersThesis) && entry_type.word == "thesis";
                if !entry_type.exact || thesis {
                    continue;
                }
                let read = match entry_type.subtype {
                    Some(sub) => kind_of_subtype(entry_type.word, sub),
                    None => kind_of_type(entry_type.word).map(|(kind, _)| kind),
                };
                assert_eq!(read, Some(kind), "{dialect:?}");
            }
        }
    }
}
