//! Rules of structure: how blocks, keys, fields and abbreviations hang together. Source: `bibtex.web`, biber's manual.

use super::{Findings, Record, repair, shown};
use crate::diagnostic::{Replacement, Rule, Severity};
use crate::format::bibtex::{Block, BlockKind, Part, RawField, Value, is_entry_type, is_field, split};
use std::collections::{HashMap, HashSet};
use unicode_normalization::{UnicodeNormalization as _, is_nfc};
use xxhash_rust::xxh3::xxh3_64;

/// What is known of a file before and while its blocks are judged.
pub(super) struct File {
    /// All keys, folded, as hashes.
    keys: HashSet<u64>,
    /// The keys that came so far: folded hash to the hash of the key as written.
    seen: HashMap<u64, u64>,
    /// Which entry names which parents; only those that name any.
    parents: HashMap<String, Vec<String>>,
    /// The abbreviations defined so far, in lower case.
    macros: HashSet<String>,
    /// What each definition of the whole file refers to.
    references: HashMap<String, Vec<String>>,
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

impl File {
    pub(super) fn collect(text: &str) -> Self {
        let mut file = Self {
            keys: HashSet::new(),
            seen: HashMap::new(),
            parents: HashMap::new(),
            macros: MONTHS.iter().map(|month| (*month).to_owned()).collect(),
            references: HashMap::new(),
        };
        for block in split(text) {
            match &block.kind {
                BlockKind::Entry(raw) => {
                    file.keys.insert(xxh3_64(folded(raw.key).as_bytes()));
                    for field in &raw.fields {
                        if field.name.eq_ignore_ascii_case("ids") {
                            let keys =
                                contents(&field.value).into_iter().flat_map(|value| value.split(',')).map(folded);
                            file.keys.extend(keys.map(|key| xxh3_64(key.as_bytes())));
                        } else if is_link(field) {
                            let named =
                                contents(&field.value).into_iter().flat_map(|value| value.split(',')).map(folded);
                            file.parents.entry(folded(raw.key)).or_default().extend(named);
                        }
                    }
                }
                BlockKind::Strings(fields) => {
                    for field in fields {
                        let names = macros(&field.value).map(str::to_ascii_lowercase).collect();
                        file.references.insert(field.name.to_ascii_lowercase(), names);
                    }
                }
                BlockKind::Preamble | BlockKind::Comment | BlockKind::Text | BlockKind::Failed => {}
            }
        }
        file
    }

    /// Whether following the parents of a key leads back to it.
    fn is_own_ancestor(&self, key: &str) -> bool {
        leads_back(key, |key| self.parents.get(key))
    }
}

/// How many references are followed from one name.
const MAX_LINKS: usize = 64;

/// Whether following references from a name leads back to it.
fn leads_back<'f>(start: &'f str, next: impl Fn(&str) -> Option<&'f Vec<String>>) -> bool {
    let mut visited: HashSet<&str> = HashSet::new();
    let mut waiting: Vec<&str> = next(start).into_iter().flatten().map(String::as_str).collect();
    while let Some(name) = waiting.pop() {
        // Real chains have a handful of links; following long ones from each of their links would take square time.
        if visited.len() > MAX_LINKS {
            return false;
        }
        if name == start {
            return true;
        }
        if visited.insert(name) {
            waiting.extend(next(name).into_iter().flatten().map(String::as_str));
        }
    }
    false
}

/// Keys compare without regard to case and to how accents are encoded.
fn folded(key: &str) -> String {
    let key = key.trim();
    if key.is_ascii() { key.to_ascii_lowercase() } else { key.nfc().collect::<String>().to_lowercase() }
}

fn is_link(field: &RawField<'_>) -> bool {
    field.name.eq_ignore_ascii_case("crossref") || field.name.eq_ignore_ascii_case("xdata")
}

fn parts<'v, 't>(value: &'v Value<'t>) -> impl Iterator<Item = &'v Part<'t>> {
    std::iter::once(&value.first).chain(&value.rest)
}

fn contents<'t>(value: &Value<'t>) -> Vec<&'t str> {
    let text = |part: &Part<'t>| match part {
        Part::Braced(text) | Part::Quoted(text) | Part::Number(text) => Some(*text),
        Part::Macro(_) => None,
    };
    parts(value).filter_map(text).collect()
}

fn macros<'v, 't: 'v>(value: &'v Value<'t>) -> impl Iterator<Item = &'t str> + 'v {
    parts(value).filter_map(|part| if let Part::Macro(name) = part { Some(*name) } else { None })
}

/// Rules about any block.
pub(super) fn block(text: &str, block: &Block<'_>, file: &mut File, found: &mut Findings<'_, '_>) {
    for fault in &block.faults {
        let finding = found.at(fault.rule, fault.range.clone(), fault.message.clone());
        if fault.rule == Rule::MissingComma {
            let at = fault.range.start;
            repair(finding, true, Some(vec![Replacement { range: at..at, text: ",".to_owned() }]));
        }
    }
    characters(text, block, found);
    match &block.kind {
        BlockKind::Entry(raw) => {
            for field in &raw.fields {
                unknown_macro(text, field, file, found);
            }
        }
        BlockKind::Strings(fields) => {
            for field in fields {
                definition(text, field, file, found);
            }
        }
        BlockKind::Text => junk_between_entries(text, block, found),
        BlockKind::Preamble | BlockKind::Comment | BlockKind::Failed => {}
    }
}

fn unknown_macro(text: &str, field: &RawField<'_>, file: &File, found: &mut Findings<'_, '_>) {
    for name in macros(&field.value) {
        // A date without delimiters is meant as one.
        let is_date = name.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        if !is_date && !file.macros.contains(&name.to_ascii_lowercase()) {
            let start = name.as_ptr() as usize - text.as_ptr() as usize;
            let message = format!("`{name}` is not defined before this place");
            let finding = found.at(Rule::UnknownMacro, start..start + name.len(), message);
            finding.field = Some(field.name.to_ascii_lowercase().into());
            finding.help = Some(format!("define it with @string, or write {{{name}}}"));
        }
    }
}

fn definition(text: &str, field: &RawField<'_>, file: &mut File, found: &mut Findings<'_, '_>) {
    let name = field.name.to_ascii_lowercase();
    let is_cycle = !file.macros.contains(&name) && leads_back(&name, |name| file.references.get(name));
    if is_cycle {
        let message = format!("the abbreviation `{}` is defined by itself", field.name);
        found.at(Rule::MacroCycle, field.range.clone(), message);
    } else {
        unknown_macro(text, field, file, found);
    }
    file.macros.insert(name);
}

fn junk_between_entries(text: &str, block: &Block<'_>, found: &mut Findings<'_, '_>) {
    let mut at = block.range.start;
    for line in text[block.range.clone()].split_inclusive('\n') {
        let content = line.trim();
        // Comments, and the brackets that end a block which was closed too early, which have a rule of their own.
        if !content.is_empty() && !content.starts_with('%') && !content.starts_with(['}', ')', ',']) {
            let start = at + line.len() - line.trim_start().len();
            let message = format!("`{}` belongs to no entry and is ignored", shown(content));
            found.at(Rule::JunkBetweenEntries, start..start + content.len(), message);
            return;
        }
        at += line.len();
    }
}

/// The most characters of one kind that are reported of one block.
const MAX_CHARACTERS: usize = 10;

fn characters(text: &str, block: &Block<'_>, found: &mut Findings<'_, '_>) {
    let bytes = &text.as_bytes()[block.range.clone()];
    // All that is looked for is a byte below the blank, DEL, or begins with one of these three bytes.
    let is_candidate = |b: &u8| matches!(b, 0..=8 | 11 | 12 | 14..=31 | 127 | 0xC2 | 0xD8 | 0xE2);
    if !bytes.iter().any(is_candidate) {
        return;
    }
    let mut count = 0;
    for (at, c) in text[block.range.clone()].char_indices() {
        let is_bidi =
            matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let is_control = c.is_control() && !matches!(c, '\t' | '\n' | '\r');
        if !(is_bidi || is_control) || count == MAX_CHARACTERS {
            continue;
        }
        count += 1;
        let start = block.range.start + at;
        let range = start..start + c.len_utf8();
        let (rule, what) = if is_bidi {
            (Rule::BidiControl, "turns the direction of text")
        } else {
            (Rule::ControlCharacter, "is a control character")
        };
        let finding = found.at(rule, range.clone(), format!("U+{:04X} {what}", u32::from(c)));
        repair(finding, false, Some(vec![Replacement { range, text: String::new() }]));
    }
}

/// Rules about an entry among the others.
pub(super) fn record(record: &Record<'_>, file: &mut File, found: &mut Findings<'_, '_>) {
    duplicate_key(record, file, found);
    duplicate_field(record, found);
    crossref(record, file, found);
    unknown_entry_type(record, found);
    unknown_field(record, found);
    key_not_stable(record, found);
}

fn duplicate_key(record: &Record<'_>, file: &mut File, found: &mut Findings<'_, '_>) {
    if record.key.is_empty() {
        return;
    }
    let (key, written) = (folded(record.key), xxh3_64(record.key.as_bytes()));
    let Some(first) = file.seen.insert(xxh3_64(key.as_bytes()), written) else { return };
    let is_same = first == written;
    let message = match (is_same, is_nfc(record.key)) {
        (true, _) => format!("the key `{}` has been used before", record.key),
        (false, true) => format!("the key `{}` has been used before in another case or encoding", record.key),
        (false, false) => format!("the key `{}` has been used before with its accents encoded otherwise", record.key),
    };
    let finding = found.at(Rule::DuplicateKey, record.key_range.clone(), message);
    finding.help = Some("rename one of them, or remove it if both are the same work".to_owned());
    if !is_same {
        finding.severity = Severity::Warning;
    }
}

fn duplicate_field(record: &Record<'_>, found: &mut Findings<'_, '_>) {
    // Beyond some hundred fields an entry is no real one, and comparing them all would take square time.
    for (at, field) in record.fields.iter().enumerate().take(200) {
        let Some(first) = record.fields[..at].iter().find(|other| other.name == field.name) else { continue };
        let same = first.value == field.value && !first.has_macro && !field.has_macro;
        let says = if same { "the same value".to_owned() } else { format!("the value `{}`", shown(&field.value)) };
        let message = format!("the field `{}` stands here a second time, with {says}", field.written);
        let finding = found.at(Rule::DuplicateField, field.range.clone(), message);
        finding.field = Some(field.name.clone().into());
        if same {
            repair(finding, true, Some(vec![Replacement { range: field.removal.clone(), text: String::new() }]));
        }
    }
}

fn crossref(record: &Record<'_>, file: &File, found: &mut Findings<'_, '_>) {
    for field in record.fields.iter().filter(|field| matches!(&*field.name, "crossref" | "xdata")) {
        for key in field.value.split(',').map(str::trim).filter(|key| !key.is_empty()) {
            if !file.keys.contains(&xxh3_64(folded(key).as_bytes())) {
                found.field(Rule::CrossrefMissing, field, format!("the parent `{key}` is no entry of this file"));
            }
        }
        if file.is_own_ancestor(&folded(record.key)) {
            found.field(Rule::CrossrefCycle, field, "the entry inherits from itself".to_owned());
        }
    }
}

fn unknown_entry_type(record: &Record<'_>, found: &mut Findings<'_, '_>) {
    let own = ["xdata", "set", "bibnote", "artwork"];
    if is_entry_type(&record.word) || own.contains(&&*record.word) || record.word.starts_with("custom") {
        return;
    }
    let start = record.range.start;
    let range = start..start + 1 + record.word.len();
    let finding = found.at(Rule::UnknownEntryType, range, format!("`@{}` is no entry type", record.word));
    let types =
        ["article", "book", "inproceedings", "incollection", "inbook", "misc", "phdthesis", "techreport", "online"];
    if let Some(near) = types.iter().find(|known| is_one_slip_away(known, &record.word)) {
        finding.help = Some(format!("did you mean `@{near}`?"));
    }
}

/// Fields that usual programs add and styles ignore.
const OF_PROGRAMS: [&str; 62] = [
    "timestamp",
    "biburl",
    "bibsource",
    "owner",
    "creationdate",
    "modificationdate",
    "groups",
    "ranking",
    "readstatus",
    "priority",
    "printed",
    "qualityassured",
    "relevance",
    "keywords",
    "comment",
    "abstract",
    "adsurl",
    "adsnote",
    "bibcode",
    "mendeley-tags",
    "mendeley-groups",
    "numpages",
    "articleno",
    "issue_date",
    "day",
    "xdata",
    "crossref",
    "xref",
    "ids",
    "related",
    "relatedtype",
    "relatedstring",
    "relatedoptions",
    "execute",
    "label",
    "shorthand",
    "shorthandintro",
    "presort",
    "sortname",
    "sorttitle",
    "sortyear",
    "sortshorthand",
    "indextitle",
    "indexsorttitle",
    "hyphenation",
    "gender",
    "nameaddon",
    "entryset",
    "shortauthor",
    "shorteditor",
    "authortype",
    "origdate",
    "howpublished",
    "acmid",
    "citeulike-article-id",
    "posted-at",
    "citeulike-linkout-0",
    "source",
    "added-at",
    "interhash",
    "intrahash",
    "slaccitation",
];

const BIBTEX_FIELDS: [&str; 30] = [
    "author",
    "title",
    "journal",
    "booktitle",
    "year",
    "month",
    "volume",
    "number",
    "pages",
    "publisher",
    "editor",
    "address",
    "school",
    "institution",
    "organization",
    "edition",
    "series",
    "chapter",
    "howpublished",
    "note",
    "type",
    "annote",
    "crossref",
    "doi",
    "url",
    "eprint",
    "date",
    "journaltitle",
    "keywords",
    "abstract",
];

fn unknown_field(record: &Record<'_>, found: &mut Findings<'_, '_>) {
    for field in &record.fields {
        let name = &*field.name;
        let prefixes = [
            "bdsk-", "date-", "user", "list", "name", "verb", "opt", "lang", "_", "ee", "mr", "zb", "inspire", "source",
        ];
        // `author+an` annotates the field before the sign (manual, section 3.7).
        let name = name.split('+').next().unwrap_or(name);
        if is_field(name) || OF_PROGRAMS.contains(&name) {
            continue;
        }
        let near = BIBTEX_FIELDS.iter().find(|known| name.len() > 3 && is_one_slip_away(known, name));
        if near.is_none() && prefixes.iter().any(|prefix| name.starts_with(prefix)) {
            continue;
        }
        let range = field.range.start..field.range.start + field.written.len();
        let finding = found.at(Rule::UnknownField, range, format!("`{}` is no field that styles know", field.written));
        finding.field = Some(field.name.clone().into());
        if let Some(near) = near {
            finding.severity = Severity::Warning;
            finding.help = Some(format!("did you mean `{near}`?"));
        }
    }
}

/// Whether one letter left out, put in, changed, or two neighbours swapped make one word the other.
fn is_one_slip_away(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one == other || one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let head = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let tail = one[head..].iter().rev().zip(other[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (left, right) = (&one[head..one.len() - tail], &other[head..other.len() - tail]);
    let is_swap = left.len() == 2 && right.len() == 2 && left[0] == right[1] && left[1] == right[0];
    is_swap || left.len().max(right.len()) <= 1
}

fn key_not_stable(record: &Record<'_>, found: &mut Findings<'_, '_>) {
    let key = record.key;
    if let Some(bad) =
        key.chars().find(|c| c.is_whitespace() || matches!(c, '#' | '%' | '\\' | '~' | '{' | '}' | '"' | '$' | '^'))
    {
        let message = format!("the key `{key}` holds `{bad}`, which LaTeX or biber does not take in a key");
        found.at(Rule::KeyNotStable, record.key_range.clone(), message).severity = Severity::Warning;
        return;
    }
    let digits = key.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_start_matches(['-', '_', ':', '.']);
    let word = key[..key.len() - digits.len()].trim_end_matches(['-', '_', ':', '.']).to_ascii_lowercase();
    let is_place =
        matches!(&*word, "" | "ref" | "reference" | "cite" | "citation" | "bib" | "paper" | "entry" | "item");
    if is_place && !key.is_empty() && digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit()) {
        let message = format!("the key `{key}` is a place in a list, not a name of the work");
        found.at(Rule::KeyNotStable, record.key_range.clone(), message);
    }
}
