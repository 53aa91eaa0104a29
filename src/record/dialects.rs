//! The many ways in which bibliographies say that a work is on arXiv: DBLP's `CoRR`, Google Scholar's `arXiv preprint`,
//! the DOI that `DataCite` registers, ADS's `arXiv e-prints`, Zotero's `number`, notes and links. What only says the
//! identifier in another field becomes the identifier. Every reader of bibliographies asks here; this file must not know
//! how any of them is written.

use crate::model::{ArxivId, Date, DateField, Entry, Identifier, Kind, ListField, PlainField, Scheme, Text, TextField};

/// Finds the arXiv id of an entry, and what kind of work that makes it.
pub fn recognise(entry: &mut Entry) {
    let from_fields = from_journal(entry)
        .or_else(|| from_number(entry))
        .or_else(|| from_archive(entry))
        .or_else(|| from_texts(entry));
    let from_links = || {
        let dois = entry.ids.iter().filter(|id| id.scheme() == Scheme::Doi).map(Identifier::value);
        let links = dois.chain(entry.plain.get(PlainField::Url).cloned());
        links
            .filter(|link| !link.starts_with(|c: char| c.is_ascii_digit()) || link.starts_with("10.48550/"))
            .find_map(|link| ArxivId::parse(&link))
    };
    if entry.arxiv().is_none()
        && let Some(id) = from_fields.or_else(from_links).or_else(|| id_of_bibcode(entry))
    {
        entry.ids.insert(0, Identifier::Arxiv(id));
    }
    settle_kind(entry);
    if entry.kind == Kind::Preprint {
        drop_what_the_id_says(entry);
    }
}

/// The same for formats that have a place for the id and a type for preprints: only what stands elsewhere is looked at, and
/// only that makes another kind of the work.
pub fn recognise_elsewhere(entry: &mut Entry) {
    let had = entry.arxiv().is_some();
    let by_arxiv = [ListField::Institution, ListField::Publisher]
        .iter()
        .any(|field| entry.lists.get(*field).is_some_and(|list| is_arxiv_list(list)));
    let links_to_it = entry.plain.get(PlainField::Url).and_then(|url| ArxivId::parse(url)).is_some();
    let is_it = match entry.kind {
        Kind::Report => by_arxiv,
        Kind::Webpage | Kind::Misc => links_to_it,
        _ => false,
    };
    if had && is_it {
        settle_kind(entry);
        if entry.kind == Kind::Preprint && by_arxiv {
            drop_what_the_id_says(entry);
        }
    }
    let found = from_journal(entry).or_else(|| from_number(entry)).or_else(|| from_archive(entry));
    let Some(id) = found.or_else(|| if had { None } else { from_texts(entry) }) else { return };
    if !had {
        entry.ids.insert(0, Identifier::Arxiv(id));
    }
    settle_kind(entry);
    if entry.kind == Kind::Preprint {
        drop_what_the_id_says(entry);
    }
}

/// The form in which a link to a paper is best written down; nothing for links that lead elsewhere.
pub fn recommended_url(url: &str) -> Option<String> {
    let id = ArxivId::parse(url).filter(|_| url.contains("://"))?;
    Some(id.url()).filter(|best| best != url)
}

/// Of a preprint with an identifier, arXiv is the publisher, and a note that is nothing but the id says it twice.
fn drop_what_the_id_says(entry: &mut Entry) {
    let Some(id) = entry.arxiv().cloned() else { return };
    for field in [ListField::Publisher, ListField::Institution, ListField::Organization] {
        if entry.lists.get(field).is_some_and(|list| is_arxiv_list(list)) {
            entry.lists.remove(field);
        }
    }
    if entry.plain.get(PlainField::Archive).is_some_and(|name| is_arxiv_name(name)) {
        entry.plain.remove(PlainField::Archive);
    }
    if entry.texts.get(TextField::Genre).is_some_and(|genre| is_arxiv_genre(&genre.to_plain())) {
        entry.texts.remove(TextField::Genre);
    }
    for field in NOTES {
        let Some(note) = entry.texts.get(field).map(Text::to_plain) else { continue };
        if note.trim() == ZOTERO_TYPE {
            entry.texts.remove(field);
            continue;
        }
        // Zotero keeps what it has no field for in lines of their own.
        if note.contains('\n') {
            let says_more =
                |line: &&str| bare_id(line).is_none_or(|(said, _)| said.id() != id.id()) && line.trim() != ZOTERO_TYPE;
            let rest: Vec<&str> = note.lines().filter(says_more).collect();
            if rest.len() < note.lines().count() {
                entry.texts.set(field, Text::plain(rest.join("\n")));
            }
            continue;
        }
        if let Some((said, class)) = bare_id(&note)
            && said.id() == id.id()
            && (said.version().is_none() || said.version() == id.version())
        {
            entry.texts.remove(field);
            set_class(entry, class);
        }
    }
}

fn is_arxiv_list(list: &[Text]) -> bool {
    matches!(list, [item] if is_arxiv_name(&item.to_plain()))
}

fn is_arxiv_name(name: &str) -> bool {
    let known = ["arxiv", "arxiv.org", "arxiv e-prints", "arxiv preprint", "arxiv (cornell university)"];
    known.iter().any(|known| name.trim().eq_ignore_ascii_case(known))
}

/// What Zotero calls a preprint that it has to keep as a report.
fn is_arxiv_genre(genre: &str) -> bool {
    ["arxiv e-print", "arxiv eprint", "arxiv preprint"].iter().any(|known| genre.trim().eq_ignore_ascii_case(known))
}

/// The line by which Zotero has kept the type of a preprint before it had one.
const ZOTERO_TYPE: &str = "type: article";

/// The fields in which people note the id.
const NOTES: [TextField; 4] = [TextField::Note, TextField::HowPublished, TextField::Addendum, TextField::Annotation];

/// A note that is nothing but the id or a link, with the class behind it, and words that say no more: `arXiv:1706.03762
/// [cs.CL]`, `arXiv preprint 1706.03762`, `Available at \url{https://arxiv.org/abs/1706.03762}`.
pub fn bare_id(note: &str) -> Option<(ArxivId, Option<String>)> {
    const WORDS: [&str; 16] = [
        "arxiv",
        "preprint",
        "pre-print",
        "preprints",
        "e-print",
        "e-prints",
        "eprint",
        "eprints",
        "available",
        "online",
        "at",
        "from",
        "on",
        "also",
        "id",
        "",
    ];
    let note = note.trim().strip_suffix(ZOTERO_TYPE).unwrap_or(note);
    let (head, class) = split_class(note);
    let head = head.replace("\\url", " ").replace("\\href", " ");
    let mut found: Option<ArxivId> = None;
    let mut names_arxiv = false;
    let mut is_bare = false;
    for word in head.split(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | '<' | '>' | ',' | ';' | '(' | ')')) {
        let word = word.trim_end_matches([':', '.']);
        if WORDS.contains(&word.to_ascii_lowercase().as_str()) {
            names_arxiv |= word.eq_ignore_ascii_case("arxiv");
            continue;
        }
        // Behind `?` and `#` stands more than the id: a context, a place in the paper.
        let id = ArxivId::parse(word).filter(|_| !word.contains(['?', '#']))?;
        // A number with a dot is an id only where arXiv is named.
        is_bare |= word.starts_with(|c: char| c.is_ascii_digit());
        match &found {
            Some(known) if known.id() != id.id() => return None,
            Some(known) if known.version().is_some() => {}
            _ => found = Some(id),
        }
    }
    let id = found.filter(|_| names_arxiv || !is_bare)?;
    // `[cs]` names an archive and no class.
    Some((id, class.filter(|class| class.contains(['.', '-'])).map(str::to_owned)))
}

/// An archive, container or publisher that is arXiv, and the id as the place in it or as the number.
fn from_archive(entry: &mut Entry) -> Option<ArxivId> {
    let archive = entry.plain.get(PlainField::Archive).is_some_and(|name| is_arxiv_name(name));
    let container = entry.texts.get(TextField::ContainerTitle).is_some_and(|name| is_arxiv_name(&name.to_plain()));
    let publisher = [ListField::Publisher, ListField::Institution]
        .iter()
        .any(|field| entry.lists.get(*field).is_some_and(|list| is_arxiv_list(list)));
    if !archive && !container && !publisher {
        return None;
    }
    let field = [PlainField::ArchiveLocation, PlainField::Number, PlainField::Issue]
        .into_iter()
        .find(|field| entry.plain.get(*field).is_some_and(|value| parse_eprint(value).is_some()))?;
    let (id, class) = entry.plain.remove(field).and_then(|value| parse_eprint(&value))?;
    if container {
        entry.texts.remove(TextField::ContainerTitle);
    }
    set_class(entry, class);
    Some(id)
}

/// An `eprint` value: the id, bare or wrapped, and the class that some put behind it (`1706.03762 [cs.CL]`).
pub fn parse_eprint(value: &str) -> Option<(ArxivId, Option<String>)> {
    let (id, class) = split_class(value);
    ArxivId::parse(id).map(|id| (id, class.map(str::to_owned)))
}

/// arXiv once exported `id='math.CO' full_name='Combinatorics' …` in the place of `math.CO`.
pub fn repair_class(class: &str) -> String {
    let quoted = class.strip_prefix("id=").and_then(|rest| {
        let quote = rest.chars().next()?;
        rest[quote.len_utf8()..].split(quote).next()
    });
    quoted.unwrap_or(class).trim_matches(['[', ']']).to_owned()
}

/// `ID [class]`.
fn split_class(value: &str) -> (&str, Option<&str>) {
    let value = value.trim().trim_end_matches(['.', ',']);
    match value.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')) {
        Some((id, class)) => (id.trim(), Some(class.trim())),
        None => (value, None),
    }
}

/// The journals that are arXiv under another name: `CoRR`, `arXiv e-prints`, `arXiv: Computation and Language`, `arXiv
/// [cs.CL]`, `arXiv (Cornell University)`, `Preprint at arXiv`.
fn is_arxiv_journal(journal: &str) -> bool {
    let journal = journal.trim().trim_end_matches(['.', ',', ':']).to_ascii_lowercase();
    let behind = journal.strip_prefix("arxiv");
    let begins = behind.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()));
    let before = journal.strip_suffix("arxiv").map(str::trim);
    let ends = before.is_some_and(|words| {
        words
            .split(' ')
            .all(|word| matches!(word, "preprint" | "e-print" | "eprint" | "available" | "at" | "on" | "in"))
    });
    begins || ends || journal == "corr" || journal.starts_with("computing research repository")
}

/// Whether a journal's name holds one of the words by which arXiv is named.
fn may_name_arxiv(journal: &str) -> bool {
    const WORDS: [&[u8]; 3] = [b"arxiv", b"corr", b"computing research"];
    let bytes = journal.as_bytes();
    let begins_word = |at: usize| {
        let begins = |word: &[u8]| bytes.get(at..at + word.len()).is_some_and(|here| here.eq_ignore_ascii_case(word));
        WORDS.into_iter().any(begins)
    };
    (0..bytes.len()).any(|at| matches!(bytes[at], b'a' | b'A' | b'c' | b'C') && begins_word(at))
}

/// A journal that is arXiv, with the id behind its name, in the volume, the number, the pages or the article number.
fn from_journal(entry: &mut Entry) -> Option<ArxivId> {
    let journal = entry.texts.get(TextField::ContainerTitle)?.to_plain();
    // `preprint hep-th/9901001`: an old identifier needs no name.
    if !may_name_arxiv(&journal) && !journal.contains('/') {
        return None;
    }
    let bare = bare_id(&journal);
    let year = entry.dates.get(DateField::Issued).and_then(Date::year);
    // What says more ("…, accepted at a workshop") stays where it is.
    let says_no_more = bare.is_some() || says_only_arxiv(&journal, year);
    let named = bare.or_else(|| id_in_words(&journal).map(|id| (id, None)));
    if let Some((id, class)) = named {
        if says_no_more {
            take_container(entry);
        }
        drop_repeats(entry, &id);
        set_class(entry, class);
        return Some(id);
    }
    if !is_arxiv_journal(&journal) {
        return None;
    }
    let places = [PlainField::Volume, PlainField::Issue, PlainField::ArticleNumber, PlainField::Pages];
    let id = places.into_iter().find_map(|field| ArxivId::parse(without_abs(entry.plain.get(field)?)));
    let known = id.or_else(|| entry.arxiv().cloned()).or_else(|| id_of_links(entry))?;
    take_container(entry);
    drop_repeats(entry, &known);
    Some(known)
}

/// Whether words that name an arXiv paper say nothing but that: `arXiv preprint arXiv:1706.03762 [cs.CL], 2017`.
pub fn says_only_arxiv(text: &str, year: Option<i32>) -> bool {
    const WORDS: [&str; 20] = [
        "arxiv",
        "arxiv.org",
        "preprint",
        "preprints",
        "pre-print",
        "e-print",
        "e-prints",
        "eprint",
        "eprints",
        "corr",
        "art",
        "article",
        "available",
        "at",
        "as",
        "online",
        "abs",
        "pdf",
        "http",
        "https",
    ];
    let lowered = text.to_ascii_lowercase();
    let words =
        lowered.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '(' | ')' | '[' | ']' | '/'));
    words.map(|word| word.trim_matches('.')).filter(|word| !word.is_empty()).all(|word| {
        WORDS.contains(&word)
            || ArxivId::parse(word).is_some()
            || word.bytes().all(|b| b.is_ascii_digit())
                && (word.len() == 7 || year.is_some_and(|year| word == year.to_string()))
            || word.split_once('v').is_some_and(|(id, version)| {
                id.len() == 7
                    && [id, version].iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
            })
            || ARCHIVES.contains(&word.split('.').next().unwrap_or_default()) && !word.ends_with('.')
    })
}

/// The archives that arXiv's classes and old identifiers begin with.
const ARCHIVES: [&str; 24] = [
    "cs", "econ", "eess", "math", "nlin", "physics", "q-bio", "q-fin", "stat", "astro-ph", "cond-mat", "gr-qc",
    "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nucl-ex", "nucl-th", "quant-ph", "alg-geom", "cmp-lg",
    "chao-dyn", "q-alg",
];

/// The volume as DBLP and Semantic Scholar write it: `abs/1706.03762`, `cs.CL/1706.03762`.
fn without_abs(value: &str) -> &str {
    let is_class = |head: &str| head == "abs" || head.contains('.') && !head.contains(|c: char| c.is_ascii_digit());
    match value.split_once('/') {
        // An old identifier is the archive with its number.
        Some((head, rest)) if is_class(head) && rest.contains('.') => rest,
        Some(("abs", rest)) => rest,
        _ => value,
    }
}

/// Takes out a journal, or proceedings, that are arXiv; what stands in nothing else is a preprint.
fn take_container(entry: &mut Entry) {
    entry.texts.remove(TextField::ContainerTitle);
    if matches!(entry.kind, Kind::ConferencePaper | Kind::InCollection | Kind::Chapter) {
        entry.kind = Kind::Misc;
    }
}

fn id_of_links(entry: &Entry) -> Option<ArxivId> {
    let doi = entry.doi().filter(|doi| doi.starts_with("10.48550/"));
    doi.and_then(ArxivId::parse).or_else(|| entry.plain.get(PlainField::Url).and_then(|url| ArxivId::parse(url)))
}

/// Takes out values that only repeat the id.
fn drop_repeats(entry: &mut Entry, id: &ArxivId) {
    for field in
        [PlainField::Volume, PlainField::Issue, PlainField::Number, PlainField::ArticleNumber, PlainField::Pages]
    {
        let repeats = entry.plain.get(field).is_some_and(|value| {
            let same = |text: &str| parse_eprint(without_abs(text)).is_some_and(|(other, _)| other.id() == id.id());
            same(value) || value.split_once('–').is_some_and(|(first, last)| first == last && same(first))
        });
        if repeats {
            entry.plain.remove(field);
        }
    }
}

/// `number = {arXiv:…}`, `eid = {arXiv:…}`, `pages = {arXiv:…}`.
fn from_number(entry: &mut Entry) -> Option<ArxivId> {
    let fields = [PlainField::Number, PlainField::Issue, PlainField::ArticleNumber, PlainField::Pages];
    let (id, class) = fields.into_iter().find_map(|field| {
        let value = entry.plain.get(field)?;
        value.get(..6).filter(|head| head.eq_ignore_ascii_case("arxiv:"))?;
        parse_eprint(value)
    })?;
    drop_repeats(entry, &id);
    set_class(entry, class);
    Some(id)
}

/// A note, a `howpublished` or an addendum that is nothing but the id, a link to it, or words for it.
fn from_texts(entry: &mut Entry) -> Option<ArxivId> {
    for field in NOTES {
        let Some(text) = entry.texts.get(field) else { continue };
        let text = text.to_plain();
        if text.len() > 400 {
            continue;
        }
        if let Some((id, class)) = bare_id(&text) {
            entry.texts.remove(field);
            set_class(entry, class);
            return Some(id);
        }
        if let Some(id) = id_in_words(&text).filter(|_| !is_about_another(&text)) {
            return Some(id);
        }
    }
    None
}

/// Whether a note names another paper than the one that it stands with: `Comment on arXiv:1706.03762`.
fn is_about_another(note: &str) -> bool {
    const WORDS: [&str; 10] =
        ["comment", "comments", "reply", "response", "erratum", "addendum", "see", "cf", "extends", "companion"];
    let lowered = note.to_ascii_lowercase();
    let before = lowered.split("arxiv").next().unwrap_or_default();
    before.split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word))
}

/// The id behind `arXiv` or in a link, in running words: "arXiv preprint arXiv:1706.03762", "preprint, arXiv:hep-th/9901001".
fn id_in_words(text: &str) -> Option<ArxivId> {
    const BETWEEN: [&str; 14] = [
        "preprints",
        "preprint",
        "pre-print",
        "e-prints",
        "e-print",
        "eprints",
        "eprint",
        "org/abs/",
        "org/pdf/",
        "paper",
        "identifier",
        "number",
        "id",
        "no",
    ];
    let lowered = text.to_ascii_lowercase();
    lowered.match_indices("arxiv").find_map(|(at, name)| {
        let mut from = at + name.len();
        loop {
            let rest = lowered.get(from..)?;
            let blanks = rest.len() - rest.trim_start_matches([' ', ':', '.', '~', '\u{a0}']).len();
            match BETWEEN.iter().find(|word| rest[blanks..].starts_with(*word)) {
                Some(word) => from += blanks + word.len(),
                None => return ArxivId::parse_prefix(text.get(from + blanks..)?).map(|(id, _)| id),
            }
        }
    })
}

/// ADS's code for a paper of arXiv holds its id: `2017arXiv170603762V`, `2010arXiv1001.1234D`.
fn id_of_bibcode(entry: &Entry) -> Option<ArxivId> {
    let mut codes = entry.ids.iter().filter(|id| id.scheme() == Scheme::Bibcode).map(Identifier::value);
    codes.find_map(|code| {
        let number = code.get(4..9).filter(|name| *name == "arXiv").and_then(|_| code.get(9..18))?;
        let dotted = || Some(format!("{}.{}", number.get(..4)?, number.get(4..)?));
        ArxivId::parse(number).or_else(|| ArxivId::parse(&dotted()?))
    })
}

fn set_class(entry: &mut Entry, class: Option<String>) {
    if let Some(class) = class.filter(|class| !class.is_empty() && !entry.lists.contains(ListField::Category)) {
        entry.lists.set(ListField::Category, vec![Text::plain(class)]);
    }
}

/// With an arXiv id, and without a sign of another publication, a work is a preprint.
fn settle_kind(entry: &mut Entry) {
    let state = entry.texts.get(TextField::PublicationState).map(Text::to_plain);
    let says_so = matches!(state.as_deref(), Some("prepublished" | "preprint"));
    let published = entry.texts.contains(TextField::ContainerTitle);
    let may_be = match entry.kind {
        Kind::Preprint => true,
        Kind::Misc | Kind::Webpage | Kind::Unpublished => entry.arxiv().is_some() && !published,
        Kind::JournalArticle => entry.arxiv().is_some() && !published,
        Kind::Report => {
            let institution = entry.lists.get(ListField::Institution).and_then(|list| list.first()).map(Text::to_plain);
            let of_arxiv = institution.as_deref().is_none_or(is_arxiv_name);
            let is_one = entry.arxiv().is_some() && of_arxiv && !published;
            if is_one {
                entry.lists.remove(ListField::Institution);
            }
            is_one
        }
        _ => false,
    };
    let said = says_so && (entry.kind == Kind::Webpage || entry.kind == Kind::JournalArticle && !published);
    if may_be || said {
        entry.kind = Kind::Preprint;
    }
    if entry.kind != Kind::Preprint {
        return;
    }
    if state.as_deref() == Some("prepublished") {
        entry.texts.remove(TextField::PublicationState);
    }
    let pinned = entry.arxiv().and_then(ArxivId::version).map(|version| version.to_string());
    if pinned.is_some() && entry.plain.get(PlainField::Version) == pinned.as_ref() {
        entry.plain.remove(PlainField::Version);
    }
}
