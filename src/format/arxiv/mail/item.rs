//! One item of a mail or one `.abs` record: its fields, folded at some eighty characters, and its abstract.
//!
//! Field names are those of arXiv's records from 1991 to today. The submitter (`From:`) is not read: it is nobody's
//! reference and holds a mail address. Knows nothing of the frame round the items.

use crate::diagnostic::{Diagnostic, Rule};
use crate::format::ReadOptions;
use crate::model::{ArxivId, FieldName, Foreign, PlainField, Scheme, TextField};
use crate::record::{self, Record, Version};
use crate::source::{Origin, Origins, Span};
use crate::stream::Sourced;

/// An item as far as it was read.
#[derive(Debug, Default)]
pub(super) struct Item {
    /// Fields in order: name, value with its folds, place of its first line.
    fields: Vec<(Field, String, Span)>,
    /// Lines of the head that belong to no field: place and text.
    strangers: Vec<(Span, String)>,
    abstract_text: String,
    /// Its length so far in bytes.
    size: usize,
}

/// The fields of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Id,
    Date,
    /// A later version, with its number where it is given.
    Revised(Option<u16>),
    Replaced,
    Title,
    Authors,
    Categories,
    Comments,
    ReportNumber,
    MscClass,
    AcmClass,
    SubjectClass,
    JournalRef,
    Doi,
    License,
    Proxy,
    From,
    /// `/* Fri, 3 Mar 2023 */`: what follows is of that day.
    Day,
}

/// Names of fields, lower-case, and what they are.
const NAMES: &[(&str, Field)] = &[
    ("arxiv", Field::Id),
    ("paper", Field::Id),
    ("date", Field::Date),
    ("title", Field::Title),
    ("author", Field::Authors),
    ("authors", Field::Authors),
    ("category", Field::Categories),
    ("categories", Field::Categories),
    ("comment", Field::Comments),
    ("comments", Field::Comments),
    ("report-no", Field::ReportNumber),
    ("report", Field::ReportNumber),
    ("msc-class", Field::MscClass),
    ("acm-class", Field::AcmClass),
    ("subj-class", Field::SubjectClass),
    ("journal-ref", Field::JournalRef),
    ("journal", Field::JournalRef),
    ("doi", Field::Doi),
    ("license", Field::License),
    ("proxy", Field::Proxy),
    ("from", Field::From),
];

/// Whether a line begins an item: `arXiv:2303.00769`, `Paper: astro-ph/9204001`, `Paper (*cross-listing*): gr-qc/9512001`.
pub(super) fn starts_item(line: &str) -> bool {
    matches!(field_of(line), Some((Field::Id, value)) if identifier(value).is_some())
}

/// Whether a line names the day of the items that follow.
pub(super) fn is_day(line: &str) -> bool {
    line.starts_with("/*") && line.ends_with("*/")
}

impl Item {
    /// Takes a line of the head.
    pub(super) fn head_line(&mut self, line: &str, place: Span) {
        self.size += line.len();
        if line.is_empty() {
            return;
        }
        // Fields fold with two blanks; some old records with a tab.
        if line.starts_with([' ', '\t']) {
            match self.fields.last_mut() {
                Some((_, value, _)) => {
                    value.push('\n');
                    value.push_str(line);
                }
                None => self.strangers.push((place, line.trim().to_owned())),
            }
            return;
        }
        match field_of(line) {
            Some((field, value)) => self.fields.push((field, value.to_owned(), place)),
            None => self.strangers.push((place, line.to_owned())),
        }
    }

    /// Takes a line of the abstract.
    pub(super) fn abstract_line(&mut self, line: &str) {
        self.size += line.len() + 1;
        self.abstract_text.push_str(line);
        self.abstract_text.push('\n');
    }

    /// Its length so far in bytes.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// Whether nothing was read yet.
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.strangers.is_empty()
    }

    /// Whether it is no paper but the day of those that follow.
    pub(super) fn is_day(&self) -> bool {
        matches!(self.fields.as_slice(), [(Field::Day, ..)])
    }

    /// The item as an entry with what is to be said of it; nothing when it names no paper.
    pub(super) fn finish(self, span: Span, options: &ReadOptions) -> Option<(Sourced, Vec<Diagnostic>)> {
        let id =
            self.fields.iter().find_map(|(field, value, _)| (*field == Field::Id).then(|| identifier(value)))??;
        let mut reading = Reading::default();
        reading.record.id = id.with_version(None).to_string();
        self.abstract_text.trim().clone_into(&mut reading.record.abstract_text);
        for (field, value, place) in &self.fields {
            if let Some(finding) = reading.take(*field, value) {
                reading.findings.push(finding.at(*place));
            }
        }
        reading.findings.extend(self.strangers.iter().map(|(place, text)| stranger(text).at(*place)));
        reading.judge(span);
        let mut entry = reading.record.to_entry(id.version(), options.date);
        entry.foreign.append(&mut reading.foreign);
        let origins = origins(&entry.fields(), span);
        Some((Sourced { entry, origins, span: Some(span) }, reading.findings))
    }
}

/// An item on its way to a record.
#[derive(Debug, Default)]
struct Reading {
    record: Record,
    foreign: Vec<Foreign>,
    findings: Vec<Diagnostic>,
    /// The fields that were taken.
    given: Vec<Field>,
    /// What stood in brackets behind the newest date: `73kb,D`.
    size: String,
}

impl Reading {
    /// Takes a field; what is wrong with it comes back.
    fn take(&mut self, field: Field, value: &str) -> Option<Diagnostic> {
        if field.is_single() && self.given.contains(&field) {
            let message = format!("the item has the field twice; this one is left out: {}", shown(value));
            return Some(Diagnostic::new(Rule::DuplicateField, message));
        }
        self.given.push(field);
        let record = &mut self.record;
        match field {
            Field::Date | Field::Revised(_) | Field::Replaced => return self.version(field, value),
            Field::Title => value.trim().clone_into(&mut record.title),
            Field::Authors => value.trim().clone_into(&mut record.authors),
            Field::Categories => record.categories = record::squeeze(value),
            Field::Comments => value.trim().clone_into(&mut record.comments),
            Field::ReportNumber => record.report_no = record::squeeze(value),
            Field::JournalRef => value.trim().clone_into(&mut record.journal_ref),
            // Several DOIs are parted by commas or blanks.
            Field::Doi => record.doi = record::squeeze(&value.replace(", ", " ")),
            Field::License => record.license = record::squeeze(value),
            Field::MscClass => self.keep("msc-class", value),
            Field::AcmClass => self.keep("acm-class", value),
            Field::Proxy => self.keep("proxy", value),
            Field::SubjectClass => self.keep("subj-class", value),
            Field::Id | Field::From | Field::Day => {}
        }
        None
    }

    fn keep(&mut self, name: &str, value: &str) {
        self.foreign.push(Foreign { format: "arxiv", name: name.to_owned(), value: record::squeeze(value) });
    }

    /// `Tue, 1 Jul 2008 18:54:28 GMT   (100kb)`: one version more.
    fn version(&mut self, field: Field, value: &str) -> Option<Diagnostic> {
        let (date, size) = value.split_once('(').unwrap_or((value, ""));
        let created = date.trim().to_owned();
        size.clone_into(&mut self.size);
        let version = match field {
            // The mail does not say which version a replacement is.
            Field::Replaced => String::new(),
            Field::Revised(Some(number)) => format!("v{number}"),
            // Before 1997 revisions were listed without numbers.
            _ => format!("v{}", self.record.latest_version() + 1),
        };
        let sound = record::parse_created(&created).is_some();
        let finding = format!("`{}` is no date", shown(&created));
        self.record.versions.push(Version { version, created });
        (!sound).then(|| Diagnostic::new(Rule::MalformedValue, finding))
    }

    /// What is to be said of the item as a whole.
    fn judge(&mut self, span: Span) {
        let record = &self.record;
        if record.title.is_empty() {
            let finding = Diagnostic::new(Rule::MalformedValue, format!("{} has no title", record.id));
            self.findings.push(finding.at(span).field(FieldName::Text(TextField::Title)));
        }
        if is_withdrawn(&record.comments, &self.size) {
            let finding = Diagnostic::new(Rule::WithdrawnPaper, format!("{} has been withdrawn", record.id));
            self.findings.push(finding.at(span));
        }
        // The long names of the classes say nothing that the classes do not.
        if !record.categories.is_empty() {
            self.foreign.retain(|foreign| foreign.name != "subj-class");
        }
    }
}

impl Field {
    /// Whether an item has it at most once.
    fn is_single(self) -> bool {
        !matches!(self, Self::Revised(_) | Self::Replaced | Self::Day)
    }
}

/// The field that a line begins, and its value as far as the line goes.
fn field_of(line: &str) -> Option<(Field, &str)> {
    if let Some(date) = line.strip_prefix("replaced with revised version") {
        return Some((Field::Replaced, date));
    }
    if is_day(line) {
        return Some((Field::Day, line));
    }
    let (name, value) = line.split_once(':')?;
    let (name, note) = name.split_once(" (").map_or((name, ""), |(name, note)| (name, note.trim_end_matches(')')));
    let name = name.trim_end();
    let (_, field) = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    let field = match note.strip_prefix("revised") {
        Some(version) if *field == Field::Date => Field::Revised(version.trim().trim_start_matches('v').parse().ok()),
        _ => *field,
    };
    Some((field, value))
}

/// The identifier of `2303.00773 (*cross-listing*)`, ` astro-ph/9204001`.
fn identifier(value: &str) -> Option<ArxivId> {
    ArxivId::parse(value.split_whitespace().next()?)
}

/// Whether the authors or arXiv have withdrawn the paper: they say so, or the newest version is empty and marked `I`.
fn is_withdrawn(comments: &str, size: &str) -> bool {
    let comments = record::squeeze(comments).to_ascii_lowercase();
    let said = ["has been withdrawn", "is withdrawn", "was withdrawn", "withdrawn by", "paper withdrawn"];
    let emptied = size.trim_end().trim_end_matches(')').split_once("kb,").is_some_and(|(_, flags)| flags.contains('I'));
    emptied || comments.starts_with("withdrawn") || said.iter().any(|words| comments.contains(words))
}

fn stranger(text: &str) -> Diagnostic {
    let message = format!("the line belongs to no field of the item: {}", shown(text));
    Diagnostic::new(Rule::UnreadLine, message).help("lines that go on with a field begin with two blanks")
}

/// As much of a value as a message needs.
fn shown(value: &str) -> String {
    let value = record::squeeze(value);
    let mut shown: String = value.chars().take(60).collect();
    if shown.len() < value.len() {
        shown.push('…');
    }
    shown
}

/// All but the address and the archive's DOI is in the item.
fn origins(fields: &[FieldName], span: Span) -> Origins {
    let mut origins = Origins::new();
    for field in fields {
        let derived = matches!(field, FieldName::Plain(PlainField::Url) | FieldName::Id(Scheme::Doi));
        origins.set(*field, if derived { Origin::Derived("the arXiv identifier") } else { Origin::read(span) });
    }
    origins
}
