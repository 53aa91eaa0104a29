//! CSL data: CSL-JSON and CSL-YAML, one vocabulary for both directions.
//!
//! Follows CSL 1.0.2, appendices III (types) and IV (variables), and its JSON schema `csl-data.json`. What CSL has no
//! variable for goes into its `custom` object under the model's own names, so that a file of ours reads back whole; what
//! the model has no place for is kept as a foreign value of format `csl`. In JSON text carries the HTML tags that CSL
//! processors know (`html`); in YAML it is Markdown, as pandoc reads it (`markdown`).

mod html;
mod markdown;
mod read;
mod records;
#[cfg(test)]
mod tests;
mod volume;
mod write;

use super::{Format, FormatSpec, Sniff, Writer};
use crate::model::{DateField, Entry, Foreign, Kind, ListField, PlainField, Role, Scheme, Text, TextField, language};

/// The parts of a name that the model has; those of a person come first.
const NAME_PARTS: [&str; 8] =
    ["family", "given", "non-dropping-particle", "dropping-particle", "suffix", PARSE_NAMES, "literal", "name"];

/// 0 where a family name keeps words that look like particles.
const PARSE_NAMES: &str = "parse-names";

/// The row of CSL-JSON.
pub const JSON: FormatSpec = FormatSpec {
    format: Format::CslJson,
    name: "csl-json",
    title: "CSL-JSON",
    extensions: &["json"],
    sniff: sniff_json,
    read: Some(read::json),
    streams: false,
    write: Some(Writer { head: "[\n", separator: ",\n", tail: "\n]\n", empty: "[]\n", entry: write::json }),
};

/// The row of CSL-YAML.
pub const YAML: FormatSpec = FormatSpec {
    format: Format::CslYaml,
    name: "csl-yaml",
    title: "CSL-YAML",
    extensions: &["yaml", "yml"],
    sniff: sniff_yaml,
    read: Some(read::yaml),
    streams: false,
    write: Some(Writer {
        head: "references:\n",
        separator: "",
        tail: "",
        empty: "references: []\n",
        entry: write::yaml,
    }),
};

/// An object, or a list of objects, with keys of CSL, and none of the arXiv snapshot's.
fn sniff_json(head: &str) -> Sniff {
    // Records of other services that share names with CSL.
    const OTHERS: [&str; 8] = [
        "\"authors_parsed\"",
        "\"update_date\"",
        "\"message-version\"",
        "\"message-type\"",
        // Crossref's own records have lists where CSL has strings; papis has its authors under a name of its own.
        "\"message\":",
        "\"title\":[",
        "\"title\": [",
        "\"author_list\"",
    ];
    let has = |key: &str| head.contains(key);
    let head_is_object = head.trim_start().trim_start_matches('[').trim_start().starts_with('{');
    // Other lists in JSON may be empty as well; then it makes no difference.
    let is_short = head.len() < 100;
    let signs: String = head.chars().filter(|c| is_short && !c.is_whitespace()).collect();
    if matches!(signs.as_str(), "[]" | "{\"references\":[]}" | "{\"items\":[]}") {
        return Sniff::Likely;
    }
    if !head_is_object || OTHERS.iter().any(|key| has(key)) {
        return Sniff::No;
    }
    let own = ["\"date-parts\"", "\"container-title\"", "\"family\"", "\"issued\""].iter().any(|key| has(key));
    let common = ["\"id\"", "\"DOI\"", "\"title\""].iter().filter(|key| has(key)).count();
    match (own, has("\"type\""), common) {
        (true, ..) => Sniff::Yes,
        (false, true, 1..) => Sniff::Likely,
        (false, false, 2..) => Sniff::Maybe,
        (false, ..) => Sniff::No,
    }
}

/// `references:` at the beginning of a line, or a list of items that begin with an `id`.
fn sniff_yaml(head: &str) -> Sniff {
    let starts_list = |line: &str| line.starts_with("- id:") || line.starts_with("- \"id\":");
    if head.lines().any(|line| line.trim_end() == "references:" || line.starts_with("references: [")) {
        Sniff::Yes
    } else if head.lines().any(|line| starts_list(line.trim_start())) {
        Sniff::Likely
    } else {
        Sniff::No
    }
}

/// The name under which foreign values of this family are kept.
const FAMILY: &str = "csl";

/// The type of a kind of work. Where several kinds share a type, [`kind_of`] says which one the type alone means.
const fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Preprint => "article",
        Kind::JournalArticle => "article-journal",
        Kind::MagazineArticle => "article-magazine",
        Kind::NewspaperArticle => "article-newspaper",
        Kind::ConferencePaper => "paper-conference",
        Kind::Book | Kind::Proceedings | Kind::MultiVolumeBook | Kind::Collection | Kind::Reference | Kind::Manual => {
            "book"
        }
        Kind::Chapter | Kind::InCollection => "chapter",
        Kind::Booklet => "pamphlet",
        Kind::ReferenceEntry => "entry-encyclopedia",
        Kind::DictionaryEntry => "entry-dictionary",
        Kind::Thesis | Kind::DoctoralThesis | Kind::MastersThesis => "thesis",
        Kind::Report => "report",
        Kind::Unpublished => "manuscript",
        Kind::Periodical => "periodical",
        Kind::Patent => "patent",
        Kind::Standard => "standard",
        Kind::Software => "software",
        Kind::Dataset => "dataset",
        Kind::Webpage => "webpage",
        Kind::Post => "post",
        Kind::BlogPost => "post-weblog",
        Kind::Speech => "speech",
        Kind::Review => "review",
        Kind::Letter => "personal_communication",
        Kind::Interview => "interview",
        Kind::Video => "motion_picture",
        Kind::Audio => "song",
        Kind::Image | Kind::Artwork => "graphic",
        Kind::Performance => "performance",
        Kind::Map => "map",
        Kind::Legislation => "legislation",
        Kind::Bill => "bill",
        Kind::LegalCase => "legal_case",
        Kind::Hearing => "hearing",
        Kind::Misc | Kind::Commentary => "document",
    }
}

/// The kind that a type means by itself, and whether [`type_of`] gives that type back.
fn kind_of(name: &str) -> Option<(Kind, bool)> {
    let (kind, is_exact) = match name {
        "article" => (Kind::Preprint, true),
        // Crossref's own words, which its CSL has as they are.
        "posted-content" => (Kind::Preprint, true),
        "journal-article" => (Kind::JournalArticle, true),
        "proceedings-article" => (Kind::ConferencePaper, true),
        "book-chapter" | "book-section" | "book-part" => (Kind::Chapter, true),
        "monograph" | "reference-book" => (Kind::Book, true),
        "edited-book" => (Kind::Collection, true),
        "proceedings" => (Kind::Proceedings, true),
        "dissertation" => (Kind::Thesis, true),
        "reference-entry" => (Kind::ReferenceEntry, true),
        "peer-review" => (Kind::Review, true),
        "article-journal" => (Kind::JournalArticle, true),
        "article-magazine" => (Kind::MagazineArticle, true),
        "article-newspaper" => (Kind::NewspaperArticle, true),
        "paper-conference" => (Kind::ConferencePaper, true),
        "book" => (Kind::Book, true),
        "classic" => (Kind::Book, false),
        "collection" => (Kind::Collection, false),
        "chapter" => (Kind::Chapter, true),
        "pamphlet" => (Kind::Booklet, true),
        "entry-encyclopedia" => (Kind::ReferenceEntry, true),
        "entry-dictionary" => (Kind::DictionaryEntry, true),
        "entry" => (Kind::ReferenceEntry, false),
        "thesis" => (Kind::Thesis, true),
        "report" => (Kind::Report, true),
        "manuscript" => (Kind::Unpublished, true),
        "periodical" => (Kind::Periodical, true),
        "patent" => (Kind::Patent, true),
        "standard" => (Kind::Standard, true),
        "software" => (Kind::Software, true),
        "dataset" => (Kind::Dataset, true),
        "webpage" => (Kind::Webpage, true),
        "post" => (Kind::Post, true),
        "post-weblog" => (Kind::BlogPost, true),
        "speech" => (Kind::Speech, true),
        "review" => (Kind::Review, true),
        "review-book" => (Kind::Review, false),
        "personal_communication" => (Kind::Letter, true),
        "interview" => (Kind::Interview, true),
        "motion_picture" => (Kind::Video, true),
        "broadcast" => (Kind::Video, false),
        "song" => (Kind::Audio, true),
        "musical_score" => (Kind::Audio, false),
        "graphic" => (Kind::Image, true),
        "figure" => (Kind::Image, false),
        "performance" => (Kind::Performance, true),
        "map" => (Kind::Map, true),
        "legislation" => (Kind::Legislation, true),
        "bill" => (Kind::Bill, true),
        "regulation" | "treaty" => (Kind::Legislation, false),
        "legal_case" => (Kind::LegalCase, true),
        "hearing" => (Kind::Hearing, true),
        "document" => (Kind::Misc, true),
        "event" => (Kind::Misc, false),
        _ => return None,
    };
    Some((kind, is_exact))
}

/// The words that stand in `genre` for the degree of a thesis that has no genre of its own.
const fn degree(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::DoctoralThesis => Some("PhD thesis"),
        Kind::MastersThesis => Some("Master’s thesis"),
        _ => None,
    }
}

/// The variable of a text field.
const fn text_variable(field: TextField) -> Option<&'static str> {
    Some(match field {
        TextField::Title => "title",
        TextField::ShortTitle => "title-short",
        TextField::OriginalTitle => "original-title",
        TextField::ReviewedTitle => "reviewed-title",
        TextField::ContainerTitle => "container-title",
        TextField::ContainerShortTitle => "container-title-short",
        TextField::VolumeTitle => "volume-title",
        TextField::Series => "collection-title",
        TextField::EventTitle => "event-title",
        TextField::Abstract => "abstract",
        TextField::Note => "note",
        TextField::Annotation => "annote",
        TextField::Genre => "genre",
        TextField::Medium => "medium",
        TextField::PublicationState => "status",
        TextField::Dimensions => "dimensions",
        TextField::Scale => "scale",
        TextField::References => "references",
        TextField::Subtitle
        | TextField::TitleAddon
        | TextField::ContainerSubtitle
        | TextField::ContainerTitleAddon
        | TextField::MainTitle
        | TextField::MainSubtitle
        | TextField::MainTitleAddon
        | TextField::IssueTitle
        | TextField::IssueSubtitle
        | TextField::IssueTitleAddon
        | TextField::SeriesShort
        | TextField::EventTitleAddon
        | TextField::Addendum
        | TextField::HowPublished
        | TextField::Library
        | TextField::Comment
        | TextField::JournalRef
        | TextField::Rights
        | TextField::Status => return None,
    })
}

/// The field whose text follows another one's behind a colon, since CSL parts no subtitles.
const fn subtitle_of(field: TextField) -> Option<TextField> {
    match field {
        TextField::Title => Some(TextField::Subtitle),
        TextField::ContainerTitle => Some(TextField::ContainerSubtitle),
        TextField::MainTitle => Some(TextField::MainSubtitle),
        _ => None,
    }
}

/// The variable of a list field, and what parts its items there. The three kinds of publisher share one, see [`publisher_of`].
const fn list_variable(field: ListField) -> Option<(&'static str, &'static str)> {
    Some(match field {
        ListField::Publisher | ListField::Institution | ListField::Organization => ("publisher", "; "),
        ListField::Place => ("publisher-place", "; "),
        ListField::EventPlace => ("event-place", "; "),
        ListField::OriginalPublisher => ("original-publisher", "; "),
        ListField::OriginalPlace => ("original-publisher-place", "; "),
        ListField::Category | ListField::Keyword => ("keyword", ", "),
        ListField::Language => ("language", ", "),
        ListField::OriginalLanguage => return None,
    })
}

/// The variable of the countries that a patent holds in.
const JURISDICTION: &str = "jurisdiction";

/// Whether a list says where a patent holds, as BibLaTeX has it in `location`, and not where it was published.
fn is_scope(field: ListField, kind: Kind) -> bool {
    field == ListField::Place && kind == Kind::Patent
}

/// The list that `publisher` means for a kind of work.
const fn publisher_of(kind: Kind) -> ListField {
    match kind {
        Kind::Thesis | Kind::DoctoralThesis | Kind::MastersThesis | Kind::Report => ListField::Institution,
        Kind::Manual | Kind::Standard => ListField::Organization,
        _ => ListField::Publisher,
    }
}

/// The variable of a plain field.
fn plain_variable(field: PlainField, entry: &Entry) -> Option<&'static str> {
    Some(match field {
        PlainField::Volume => "volume",
        PlainField::Issue => "issue",
        PlainField::Number => return number_variable(entry),
        PlainField::ArticleNumber if in_periodical(entry.kind) => "number",
        PlainField::JournalSeries if in_periodical(entry.kind) => journal_series_variable(entry),
        PlainField::Part => "part",
        PlainField::Pages => "page",
        PlainField::PageTotal => "number-of-pages",
        PlainField::Chapter => "chapter-number",
        PlainField::Section => "section",
        PlainField::Edition => "edition",
        PlainField::Volumes => "number-of-volumes",
        // Beside the number of a preprint it would be printed twice.
        PlainField::Version if entry.kind != Kind::Preprint => "version",
        PlainField::Url => "URL",
        PlainField::CallNumber => "call-number",
        PlainField::Archive => "archive",
        PlainField::ArchiveLocation => "archive_location",
        PlainField::Database => "source",
        PlainField::ArticleNumber
        | PlainField::JournalSeries
        | PlainField::Version
        | PlainField::Pagination
        | PlainField::BookPagination
        | PlainField::LanguageId
        | PlainField::SortKey
        | PlainField::Options
        | PlainField::File
        | PlainField::CrossReference
        | PlainField::KeyAliases => return None,
    })
}

/// Where the number goes: an arXiv paper's `number` is its identifier, an article's is the number of the article, a
/// book's number counts inside its series.
fn number_variable(entry: &Entry) -> Option<&'static str> {
    match entry.kind {
        Kind::Preprint if entry.arxiv().is_some() => None,
        kind if in_periodical(kind) => None,
        kind if in_series(kind) => Some("collection-number"),
        _ => Some("number"),
    }
}

/// A journal's series is a number, or words ("new series") that stand where a series' title does.
fn journal_series_variable(entry: &Entry) -> &'static str {
    let is_words = entry.plain.get(PlainField::JournalSeries).is_some_and(|series| is_series_words(series));
    if is_words && !entry.texts.contains(TextField::Series) { "collection-title" } else { "collection-number" }
}

/// Whether a journal's series is words, which need no markup, and no number.
fn is_series_words(series: &str) -> bool {
    series.starts_with(char::is_alphabetic)
        && series.chars().all(|c| c.is_alphanumeric() || c == ' ')
        && series.trim() == series
}

const fn in_periodical(kind: Kind) -> bool {
    matches!(kind, Kind::JournalArticle | Kind::MagazineArticle | Kind::NewspaperArticle)
}

const fn in_series(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Book
            | Kind::MultiVolumeBook
            | Kind::Chapter
            | Kind::InCollection
            | Kind::Collection
            | Kind::Proceedings
            | Kind::ConferencePaper
            | Kind::Reference
            | Kind::ReferenceEntry
            | Kind::DictionaryEntry
    )
}

/// The variable of a date.
const fn date_variable(field: DateField) -> &'static str {
    match field {
        DateField::Issued => "issued",
        DateField::Submitted => "submitted",
        DateField::Accessed => "accessed",
        DateField::Event => "event-date",
        DateField::Original => "original-date",
        DateField::Available => "available-date",
    }
}

/// What styles print for BibLaTeX's keys of states (manual 3.19, section 4.9.2.11).
fn state_words(state: &Text) -> Option<&'static str> {
    match state.as_plain()? {
        "inpreparation" => Some("in preparation"),
        "inpress" => Some("in press"),
        "prepublished" => Some("pre-published"),
        _ => None,
    }
}

/// The tag of the language that an entry is set in: `langid`, more exactly where its options name a variant.
fn language_tag(entry: &Entry) -> Option<String> {
    let tag = language::regional_tag_of(entry.plain.get(PlainField::LanguageId)?)?;
    let is_options = |foreign: &&Foreign| foreign.format == "bibtex" && foreign.name.eq_ignore_ascii_case("langidopts");
    let options = entry.foreign.iter().find(is_options).map(|foreign| foreign.value.as_str()).unwrap_or_default();
    let variant =
        options.split(',').find_map(|option| option.split_once('=').filter(|(name, _)| name.trim() == "variant"));
    let base = tag.split('-').next().unwrap_or_default();
    // polyglossia's own names of variants; the others are babel's.
    let named = match variant.map(|(_, variant)| variant.trim()) {
        Some("uk") => "british",
        Some("us" | "usmax") => "american",
        Some("swiss") => "swissgerman",
        Some(variant) => variant,
        None => return Some(tag),
    };
    let of_variant = language::regional_tag_of(named).filter(|other| other.split('-').next() == Some(base));
    Some(of_variant.unwrap_or(tag))
}

/// The variable of a role.
const fn role_variable(role: Role) -> Option<&'static str> {
    Some(match role {
        Role::Author => "author",
        Role::Editor => "editor",
        Role::ContainerAuthor => "container-author",
        Role::SeriesEditor => "collection-editor",
        Role::Translator => "translator",
        Role::Director => "director",
        Role::Producer => "producer",
        Role::Compiler => "compiler",
        Role::Illustrator => "illustrator",
        Role::Composer => "composer",
        Role::Performer => "performer",
        Role::Interviewer => "interviewer",
        Role::Recipient => "recipient",
        Role::ReviewedAuthor => "reviewed-author",
        Role::OriginalAuthor => "original-author",
        Role::Curator => "curator",
        Role::Organizer => "organizer",
        Role::Narrator => "narrator",
        Role::ScriptWriter => "script-writer",
        Role::Guest => "guest",
        Role::Host => "host",
        Role::Contributor => "contributor",
        Role::EditorA
        | Role::EditorB
        | Role::EditorC
        | Role::Annotator
        | Role::Commentator
        | Role::Introduction
        | Role::Foreword
        | Role::Afterword
        | Role::Holder => return None,
    })
}

/// The variable of an identifier scheme. arXiv's stands in `number` and `note`, see `write`.
const fn scheme_variable(scheme: Scheme) -> Option<&'static str> {
    Some(match scheme {
        Scheme::Doi => "DOI",
        Scheme::Isbn => "ISBN",
        Scheme::Issn => "ISSN",
        Scheme::Pmid => "PMID",
        Scheme::Pmcid => "PMCID",
        Scheme::Arxiv
        | Scheme::Jstor
        | Scheme::GoogleBooks
        | Scheme::Handle
        | Scheme::MathReviews
        | Scheme::Zbmath
        | Scheme::Bibcode
        | Scheme::Inspire
        | Scheme::Dblp
        | Scheme::OpenAlex
        | Scheme::SemanticScholar
        | Scheme::ReportNumber
        | Scheme::Isrn
        | Scheme::Ismn
        | Scheme::Isan
        | Scheme::Iswc => return None,
    })
}

/// Whether a keyword is a subject class of arXiv (`cs.CL`, `hep-th`).
fn is_subject_class(word: &str) -> bool {
    const DIVIDED: [&str; 11] =
        ["astro-ph", "cond-mat", "cs", "econ", "eess", "math", "nlin", "physics", "q-bio", "q-fin", "stat"];
    const WHOLE: [&str; 12] = [
        "astro-ph", "cond-mat", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nucl-ex", "nucl-th",
        "quant-ph", "q-alg",
    ];
    match word.split_once('.') {
        Some((archive, class)) => {
            DIVIDED.contains(&archive)
                && class.len() >= 2
                && class.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-')
        }
        None => WHOLE.contains(&word),
    }
}

/// Parts the items of `keyword` into subject classes, which only an arXiv paper has, and keywords.
fn split_keyword(value: &str, has_arxiv: bool) -> (Vec<&str>, Vec<&str>) {
    value
        .split([',', ';'])
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .partition(|word| has_arxiv && is_subject_class(word))
}

/// Pages as CSL has them: a hyphen between first and last, if neither has one itself (`I-1–I-9`).
fn print_pages(pages: &str) -> String {
    let print = |range: &str| if range.contains('-') { range.to_owned() } else { range.replace('–', "-") };
    pages.split(',').map(print).collect::<Vec<_>>().join(",")
}

/// Pages as the model has them: an en dash between two numbers.
fn read_pages(pages: &str) -> String {
    let mut out = String::with_capacity(pages.len() + 2);
    for (at, part) in pages.split(',').enumerate() {
        out.push_str(if at > 0 { "," } else { "" });
        let bounds: Vec<&str> = part.split(['-', '–']).filter(|bound| !bound.trim().is_empty()).collect();
        match bounds.as_slice() {
            [first, last] if has_digit(first) && has_digit(last) => {
                out.push_str(first.trim_end());
                out.push('–');
                out.push_str(last.trim_start());
            }
            _ => out.push_str(part),
        }
    }
    out
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
}

/// Whether a foreign value is kept as JSON and not as the characters of a string: an object, a list, a number, a truth
/// value, or a string that would otherwise be taken for one of these.
fn is_raw_json(value: &str) -> bool {
    value.starts_with(|c: char| matches!(c, '{' | '[' | '"' | '-' | 't' | 'f' | 'n') || c.is_ascii_digit())
        && serde_json::from_str::<serde::de::IgnoredAny>(value).is_ok()
}

/// Formats whose foreign values name their format inside `custom`.
const FORMATS: [&str; 6] = ["bibtex", "ris", "hayagriva", "arxiv", "native", "listing"];

/// The name of another format's value inside `custom`: a `.bib` field its own, unless the model has that name.
fn custom_name(foreign: &Foreign) -> String {
    if foreign.format == "bibtex" && !is_model_name(&foreign.name) && is_bib_name(&foreign.name) {
        foreign.name.clone()
    } else {
        format!("{}:{}", foreign.format, foreign.name)
    }
}

/// Whether a name inside `custom` is taken for that of a `.bib` field.
fn is_bib_name(name: &str) -> bool {
    name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'+'))
}

fn is_model_name(name: &str) -> bool {
    name == "kind"
        || TextField::from_name(name).is_some()
        || ListField::from_name(name).is_some()
        || PlainField::from_name(name).is_some()
        || DateField::from_name(name).is_some()
        || Role::from_name(name).is_some()
        || Scheme::from_name(name).is_some()
}
