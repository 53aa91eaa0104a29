//! BibLaTeX's localisation keys that stand as values in fields, and the words they print.
//!
//! A style prints the words for `patenteu` in the language of the document; every other format, and BibTeX, needs the words
//! themselves. They are those of `english.lbx` (manual 3.19, sections 2.2.1, "key" lists and fields, and 4.9.2). The keys
//! that say what kind of thesis a work is, and its state, have places in the model and do not stand here. Knows
//! nothing of reading and writing.

use crate::model::{FieldName, ListField, PlainField, TextField};

const TYPES: [(&str, &str); 17] = [
    ("candthesis", "Candidate thesis"),
    ("bathesis", "bachelor's thesis"),
    ("techreport", "technical report"),
    ("resreport", "research report"),
    ("datacd", "CD-ROM"),
    ("audiocd", "audio CD"),
    ("patentde", "German patent"),
    ("patenteu", "European patent"),
    ("patentfr", "French patent"),
    ("patentuk", "British patent"),
    ("patentus", "U.S. patent"),
    ("patreq", "patent request"),
    ("patreqde", "German patent request"),
    ("patreqeu", "European patent request"),
    ("patreqfr", "French patent request"),
    ("patrequk", "British patent request"),
    ("patrequs", "U.S. patent request"),
];

const PLACES: [(&str, &str); 6] = [
    ("countryde", "Germany"),
    ("countryeu", "European Union"),
    ("countryep", "European Union"),
    ("countryfr", "France"),
    ("countryuk", "United Kingdom"),
    ("countryus", "United States of America"),
];

const SERIES: [(&str, &str); 2] = [("newseries", "new series"), ("oldseries", "old series")];

const LANGUAGES: [(&str, &str); 36] = [
    ("langamerican", "American"),
    ("langbasque", "Basque"),
    ("langbrazilian", "Brazilian"),
    ("langbulgarian", "Bulgarian"),
    ("langcatalan", "Catalan"),
    ("langcroatian", "Croatian"),
    ("langczech", "Czech"),
    ("langdanish", "Danish"),
    ("langdutch", "Dutch"),
    ("langenglish", "English"),
    ("langestonian", "Estonian"),
    ("langfinnish", "Finnish"),
    ("langfrench", "French"),
    ("langgalician", "Galician"),
    ("langgerman", "German"),
    ("langgreek", "Greek"),
    ("langhungarian", "Hungarian"),
    ("langitalian", "Italian"),
    ("langjapanese", "Japanese"),
    ("langlatin", "Latin"),
    ("langlatvian", "Latvian"),
    ("langlithuanian", "Lithuanian"),
    ("langmarathi", "Marathi"),
    ("langnorwegian", "Norwegian"),
    ("langpersian", "Persian"),
    ("langpolish", "Polish"),
    ("langportuguese", "Portuguese"),
    ("langromanian", "Romanian"),
    ("langrussian", "Russian"),
    ("langserbian", "Serbian"),
    ("langslovak", "Slovak"),
    ("langslovene", "Slovene"),
    ("langspanish", "Spanish"),
    ("langswedish", "Swedish"),
    ("langturkish", "Turkish"),
    ("langukrainian", "Ukrainian"),
];

/// The keys that a field may hold.
const fn keys(field: FieldName) -> &'static [(&'static str, &'static str)] {
    match field {
        FieldName::Text(TextField::Genre) => &TYPES,
        FieldName::Text(TextField::Series) | FieldName::Plain(PlainField::JournalSeries) => &SERIES,
        FieldName::List(ListField::Place) => &PLACES,
        FieldName::List(ListField::Language | ListField::OriginalLanguage) => &LANGUAGES,
        _ => &[],
    }
}

/// The words that a key prints in a field.
pub(in crate::format::bibtex) fn words_of(field: FieldName, key: &str) -> Option<&'static str> {
    keys(field).iter().find(|(known, _)| *known == key.trim()).map(|(_, words)| *words)
}

/// The key that prints these words.
pub(in crate::format::bibtex) fn key_of(field: FieldName, words: &str) -> Option<&'static str> {
    keys(field).iter().find(|(_, known)| *known == words).map(|(key, _)| *key)
}
