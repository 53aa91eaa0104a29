//! Hayagriva YAML, one vocabulary for both directions.
//!
//! Follows Hayagriva's file format as of version 0.10.1. One value that Hayagriva cannot parse makes it refuse the whole
//! file, so the writer prints only what was seen to pass there; the rest is reported. What a work appears in is a
//! `parent`: the fields of the container are printed there and read from there.

mod math;
mod read;
mod string;
#[cfg(test)]
mod tests;
mod values;
mod write;

use super::{Format, FormatSpec, Sniff, Writer};
use crate::model::{Entry, Kind, ListField, PlainField, Role, Scheme, TextField};

/// The row of Hayagriva YAML.
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::Hayagriva,
    name: "hayagriva",
    title: "Hayagriva YAML",
    extensions: &["yaml", "yml"],
    sniff,
    read: Some(read::read),
    streams: false,
    write: Some(Writer { head: "", separator: "\n", tail: "", empty: "{}\n", entry: write::entry }),
};

/// A key at the beginning of a line, and a type among the fields below it.
fn sniff(head: &str) -> Sniff {
    if head.trim() == "{}" {
        return Sniff::Maybe;
    }
    let mut is_below_key = false;
    for line in head.lines() {
        let is_indented = line.starts_with([' ', '\t']);
        let names_type = |rest: &str| {
            let rest = rest.trim_start_matches([' ', '\t', ',', '{', '"', '\'']);
            rest.strip_prefix("type").is_some_and(|rest| rest.trim_start_matches(['"', '\'']).starts_with(':'))
        };
        if !is_indented && !line.trim().is_empty() && !line.starts_with('#') {
            let bare = line.split(" #").next().unwrap_or(line).trim_end();
            let is_key = !line.starts_with("references:") && !line.starts_with(['-', '{', '[', '@', '%']);
            if is_key && bare.split_once(": {").is_some_and(|(_, fields)| fields.split(',').any(names_type)) {
                return Sniff::Yes;
            }
            is_below_key = is_key && bare.ends_with(':');
        } else if is_below_key && names_type(line) {
            return Sniff::Yes;
        }
    }
    Sniff::No
}

/// The type of the parent that a work was published as before.
const ORIGINAL_TYPE: &str = "original";

/// The type of the parent that has the work, or the book in which it stands, as a volume.
const MAIN_TYPE: &str = "book";

/// The type of the parent that is an event.
const EVENT_TYPE: &str = "conference";

/// The name under which foreign values of this format are kept.
const FAMILY: &str = "hayagriva";

/// How a kind of work is told: its type, the type of what it appears in, and whether that is always printed because the
/// kind shows by it.
struct Types {
    own: &'static str,
    parent: &'static str,
    needs_parent: bool,
}

const fn types_of(kind: Kind) -> Types {
    let (own, parent, needs_parent) = match kind {
        Kind::Preprint => ("article", "repository", false),
        Kind::JournalArticle | Kind::MagazineArticle | Kind::Review => ("article", "periodical", true),
        Kind::NewspaperArticle => ("article", "newspaper", true),
        Kind::ConferencePaper => ("article", "proceedings", true),
        Kind::Speech => ("article", "conference", true),
        Kind::Proceedings => ("proceedings", "anthology", false),
        Kind::Book | Kind::MultiVolumeBook | Kind::Booklet => ("book", "anthology", false),
        Kind::Collection => ("anthology", "anthology", false),
        Kind::Reference | Kind::Manual => ("reference", "anthology", false),
        Kind::Chapter => ("chapter", "book", true),
        Kind::InCollection => ("anthos", "anthology", true),
        Kind::ReferenceEntry | Kind::DictionaryEntry => ("entry", "reference", true),
        Kind::Thesis | Kind::DoctoralThesis | Kind::MastersThesis => ("thesis", "anthology", false),
        Kind::Report | Kind::Standard => ("report", "anthology", false),
        Kind::Unpublished => ("manuscript", "misc", false),
        Kind::Periodical => ("periodical", "anthology", false),
        Kind::Patent => ("patent", "misc", false),
        Kind::Software | Kind::Dataset => ("repository", "repository", false),
        Kind::Webpage => ("web", "web", false),
        Kind::Post => ("post", "web", false),
        Kind::BlogPost => ("article", "blog", true),
        Kind::Video => ("video", "video", false),
        Kind::Audio => ("audio", "audio", false),
        Kind::Artwork | Kind::Image => ("artwork", "exhibition", false),
        Kind::Performance => ("performance", "misc", false),
        Kind::Legislation | Kind::Bill => ("legislation", "anthology", false),
        Kind::LegalCase | Kind::Hearing => ("case", "misc", false),
        Kind::Misc | Kind::Letter | Kind::Interview | Kind::Map | Kind::Commentary => ("misc", "misc", false),
    };
    Types { own, parent, needs_parent }
}

/// The kind that a type means, in what it appears in; and whether [`types_of`] gives both types back.
fn kind_of(own: &str, parent: Option<&str>) -> Option<(Kind, bool)> {
    let kind = match (own, parent) {
        ("article", None | Some("repository")) => Kind::Preprint,
        ("article", Some("newspaper")) => Kind::NewspaperArticle,
        ("article", Some("proceedings")) => Kind::ConferencePaper,
        ("article", Some("conference")) => Kind::Speech,
        ("article", Some("blog")) => Kind::BlogPost,
        ("article", Some("thread" | "post")) => Kind::Post,
        ("article", Some("web")) => Kind::Webpage,
        ("article", Some("book" | "anthology")) => Kind::InCollection,
        ("article", Some("reference")) => Kind::ReferenceEntry,
        ("article", Some(_)) => Kind::JournalArticle,
        ("chapter", _) => Kind::Chapter,
        ("anthos", _) => Kind::InCollection,
        ("entry", _) => Kind::ReferenceEntry,
        ("report", _) => Kind::Report,
        ("thesis", _) => Kind::Thesis,
        ("web" | "blog", _) => Kind::Webpage,
        ("scene" | "video", _) => Kind::Video,
        ("artwork" | "exhibition", _) => Kind::Artwork,
        ("patent", _) => Kind::Patent,
        ("case", _) => Kind::LegalCase,
        ("newspaper" | "periodical", _) => Kind::Periodical,
        ("legislation", _) => Kind::Legislation,
        ("manuscript", _) => Kind::Unpublished,
        ("post" | "thread", _) => Kind::Post,
        ("misc" | "original" | "conference", _) => Kind::Misc,
        ("performance", _) => Kind::Performance,
        ("proceedings", _) => Kind::Proceedings,
        ("book", _) => Kind::Book,
        ("reference", _) => Kind::Reference,
        ("anthology", _) => Kind::Collection,
        ("repository", _) => Kind::Software,
        ("audio", _) => Kind::Audio,
        _ => return None,
    };
    let types = types_of(kind);
    Some((kind, types.own == own && parent.is_none_or(|parent| types.parent == parent)))
}

/// The words that stand in `genre` for the degree of a thesis that has no genre of its own.
const fn degree(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::DoctoralThesis => Some("PhD thesis"),
        Kind::MastersThesis => Some("Master’s thesis"),
        _ => None,
    }
}

/// The degree that words for it name: Hayagriva's own converter has a straight apostrophe and "Doctoral dissertation".
fn kind_of_degree(words: &str) -> Option<Kind> {
    match words.to_lowercase().replace('\u{2019}', "'").as_str() {
        "phd thesis" | "doctoral dissertation" => Some(Kind::DoctoralThesis),
        "master's thesis" => Some(Kind::MastersThesis),
        _ => None,
    }
}

/// Whether works of this kind appear in a container of their own, which then holds volume, publisher and editors, and
/// whose series is the container's parent. Other works' parent is their series.
const fn has_container(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Book
            | Kind::MultiVolumeBook
            | Kind::Booklet
            | Kind::Collection
            | Kind::Proceedings
            | Kind::Reference
            | Kind::Manual
            | Kind::Thesis
            | Kind::DoctoralThesis
            | Kind::MastersThesis
            | Kind::Report
            | Kind::Standard
            | Kind::Periodical
    )
}

/// Whether `location` says where the work was shown or held; else it is where it was published.
const fn takes_place(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Speech
            | Kind::Performance
            | Kind::ConferencePaper
            | Kind::Proceedings
            | Kind::Artwork
            | Kind::Image
            | Kind::Video
            | Kind::Audio
    )
}

/// What the serial number of a kind of work is, beside identifiers; an arXiv preprint's is its arXiv id.
const fn serial_of(kind: Kind) -> PlainField {
    match kind {
        Kind::JournalArticle | Kind::MagazineArticle | Kind::NewspaperArticle | Kind::Review => {
            PlainField::ArticleNumber
        }
        Kind::Software | Kind::Dataset => PlainField::Version,
        _ => PlainField::Number,
    }
}

/// Whether the number of such a work counts inside its series; a report's or a patent's is the work's own.
fn counts_in_series(kind: Kind) -> bool {
    let has_own = matches!(
        kind,
        Kind::Report | Kind::Standard | Kind::Patent | Kind::Legislation | Kind::Bill | Kind::LegalCase | Kind::Hearing
    );
    serial_of(kind) == PlainField::Number && !has_own
}

/// Whether the entry's number counts inside its series.
fn number_is_in_series(entry: &Entry) -> bool {
    counts_in_series(entry.kind) && entry.texts.contains(TextField::Series)
}

/// The name of a role in `affiliated`.
const fn role_name(role: Role) -> Option<&'static str> {
    Some(match role {
        Role::Translator => "translator",
        Role::Afterword => "afterword",
        Role::Foreword => "foreword",
        Role::Introduction => "introduction",
        Role::Annotator => "annotator",
        Role::Commentator => "commentator",
        Role::Holder => "holder",
        Role::Compiler => "compiler",
        Role::Organizer => "organizer",
        Role::Composer => "composer",
        Role::Producer => "producer",
        Role::Director => "director",
        Role::Illustrator => "illustrator",
        Role::Narrator => "narrator",
        Role::ScriptWriter => "writer",
        Role::Performer => "cast-member",
        Role::Contributor => "collaborator",
        Role::Author
        | Role::Editor
        | Role::EditorA
        | Role::EditorB
        | Role::EditorC
        | Role::ContainerAuthor
        | Role::SeriesEditor
        | Role::Interviewer
        | Role::Recipient
        | Role::ReviewedAuthor
        | Role::OriginalAuthor
        | Role::Curator
        | Role::Guest
        | Role::Host => return None,
    })
}

/// The list that `organization` means for a kind of work.
const fn institution_of(kind: Kind) -> ListField {
    match kind {
        Kind::Thesis | Kind::DoctoralThesis | Kind::MastersThesis | Kind::Report | Kind::Standard => {
            ListField::Institution
        }
        _ => ListField::Organization,
    }
}

/// The name of an identifier scheme in `serial-number`: Hayagriva knows six of them and keeps the others.
const fn scheme_name(scheme: Scheme) -> &'static str {
    scheme.name()
}

/// Pages as the model has them: an en dash between the first and the last.
fn read_pages(pages: &str) -> String {
    let is_page = |page: &str| !page.is_empty() && !page.contains(['-', '–', ' ']);
    match pages.split_once('-').map(|(first, last)| (first.trim(), last.trim())) {
        Some((first, last)) if is_page(first) && is_page(last) => format!("{first}–{last}"),
        _ => pages.to_owned(),
    }
}

/// Whether a foreign value is kept in flow style and not as the characters of a string: an object, a list, or a string
/// in quotes that would otherwise be taken for one of these.
fn is_raw(value: &str) -> bool {
    value.starts_with(['{', '[', '"']) && serde_json::from_str::<serde::de::IgnoredAny>(value).is_ok()
}
