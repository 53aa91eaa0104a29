//! One paper of a page on its way to an entry: what the pieces of text in its fields mean.
//!
//! Knows the wording of arXiv's fields (`Subjects:`, `Submitted …; v1 submitted …`, `[v1] Mon, …`) and no HTML but the
//! names of the `citation_…` meta elements. What a record means stands in `record.rs`.

use super::walk::Tag;
use crate::diagnostic::{Diagnostic, Rule};
use crate::format::ReadOptions;
use crate::model::{
    ArxivId, Date, DateField, Day, Entry, FieldName, Foreign, ListField, Name, PlainField, Role, Scheme, TextField,
};
use crate::record::{self, Record, Version, parse_created, squeeze};
use crate::source::{LineIndex, Origin, Origins};
use crate::stream::Sourced;
use std::ops::Range;

/// A run of text with the links and labels in it.
#[derive(Debug, Default)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) links: Vec<Range<usize>>,
    pub(super) labels: Vec<Range<usize>>,
    /// Where it stands in the page.
    pub(super) at: Range<usize>,
}

/// A field of a paper's item or page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// `arXiv:2303.08867 (cross-list from math.GR) [pdf, other]`: the link in it was read already.
    Head,
    Title,
    Authors,
    Abstract,
    /// The beginning of the abstract.
    AbstractShort,
    Comments,
    JournalRef,
    ReportNumber,
    Doi,
    /// `Combinatorics (math.CO); Statistical Mechanics (cond-mat.stat-mech)`.
    Subjects,
    /// One subject class.
    Class,
    /// `Submitted 2 October, 2024; v1 submitted 31 July, 2024; originally announced August 2024.`
    Dates,
    /// `[Submitted on 1 Jan 1999 (v1), last revised 10 May 1999 (this version, v3)]`
    Dateline,
    /// `[v1] Fri, 1 Jan 1999 01:01:10 UTC (15 KB) [v2] …`
    History,
    /// `This paper has been withdrawn by …`
    Withdrawn,
    /// What the labels in the piece say.
    Labelled,
}

/// A paper of a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// The identifier, with the version that the page pins.
    pub(super) id: Option<ArxivId>,
    /// Where the item stands.
    pub(super) at: Range<usize>,
    /// The version that the page shows, pinned or not.
    pub(super) shown_version: Option<u16>,
    pub(super) record: Record,
    /// The authors as displayed.
    authors: Vec<String>,
    /// The list of authors is cut.
    others: bool,
    /// The abstract is cut.
    cut: bool,
    announced: Option<Day>,
    withdrawn: bool,
    foreign: Vec<(String, String)>,
    places: Vec<(FieldName, Range<usize>)>,
}

const TITLE: FieldName = FieldName::Text(TextField::Title);
const ABSTRACT: FieldName = FieldName::Text(TextField::Abstract);
const ISSUED: FieldName = FieldName::Date(DateField::Issued);

impl Piece {
    /// The text, white space folded.
    pub(super) fn squeezed(&self) -> String {
        squeeze(&self.text)
    }

    /// The text without its labels (`Title:`).
    fn value(&self) -> String {
        let mut out = String::with_capacity(self.text.len());
        let mut from = 0;
        for label in &self.labels {
            out.push_str(self.text.get(from..label.start).unwrap_or_default());
            from = label.end;
        }
        out.push_str(self.text.get(from..).unwrap_or_default());
        squeeze(&out)
    }

    /// Each label with what stands behind it.
    fn labelled(&self) -> impl Iterator<Item = (&str, &str)> {
        let ends = self.labels.iter().skip(1).map(|next| next.start).chain([self.text.len()]);
        self.labels.iter().zip(ends).map(|(label, end)| {
            let part = |range: Range<usize>| self.text.get(range).unwrap_or_default();
            (part(label.clone()), part(label.end..end))
        })
    }

    /// The identifiers of a field that may hold links: the links' texts, else the words.
    fn words(&self) -> String {
        if self.links.is_empty() {
            return self.value();
        }
        let links = self.links.iter().filter_map(|link| self.text.get(link.clone()));
        links.map(str::trim).collect::<Vec<_>>().join(" ")
    }
}

impl Draft {
    /// A paper whose item stands at a place.
    pub(super) fn new(id: Option<ArxivId>, at: Range<usize>) -> Self {
        Self { id, at, ..Self::default() }
    }

    /// Whether nothing but an identifier was read.
    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Takes a field.
    pub(super) fn take(&mut self, field: Field, piece: &Piece) {
        let record = &mut self.record;
        match field {
            Field::Head => {}
            // The meta elements of an abstract page have the same without links in it.
            Field::Title => set_if_empty(&mut record.title, piece.value()),
            Field::Abstract => self.take_abstract(&piece.value(), false),
            Field::AbstractShort => self.take_abstract(&piece.value(), true),
            Field::Authors => self.take_authors(piece),
            Field::Comments => record.comments = piece.value(),
            Field::JournalRef => record.journal_ref = piece.value(),
            Field::ReportNumber => record.report_no = piece.value(),
            Field::Doi => push_word(&mut record.doi, &plain_dois(&piece.words())),
            Field::Subjects => self.take_subjects(&piece.value()),
            Field::Class => push_word(&mut record.categories, &piece.value()),
            Field::Dates => self.take_dates(&piece.squeezed()),
            Field::Dateline => self.take_dateline(&piece.squeezed()),
            Field::History => self.take_history(&piece.squeezed()),
            Field::Withdrawn => self.withdrawn |= piece.text.to_lowercase().contains("withdrawn"),
            Field::Labelled => {
                for (label, value) in piece.labelled() {
                    let value = Piece { text: value.to_owned(), at: piece.at.clone(), ..Piece::default() };
                    self.take_labelled(label, &value);
                }
            }
        }
        if let Some(name) = field.name() {
            self.place(name, &piece.at);
        }
    }

    /// Takes a field by the label that the page shows.
    pub(super) fn take_labelled(&mut self, label: &str, piece: &Piece) {
        let label = squeeze(label).trim_end_matches(':').trim().to_lowercase();
        let keep = |name: &str| (name.to_owned(), piece.squeezed());
        match label.as_str() {
            "comments" => self.take(Field::Comments, piece),
            "subjects" => self.take(Field::Subjects, piece),
            "journal ref" | "journal-ref" | "journal reference" => self.take(Field::JournalRef, piece),
            "report number" | "report-no" => self.take(Field::ReportNumber, piece),
            "doi" | "related doi" => self.take(Field::Doi, piece),
            "msc class" | "msc classes" | "msc-class" => self.foreign.push(keep("msc-class")),
            "acm class" | "acm classes" | "acm-class" => self.foreign.push(keep("acm-class")),
            "cite as" => self.cite_as(&piece.squeezed()),
            // The rows of `(or arXiv:…v2 for this version)` and of arXiv's own DOI go on with the one above.
            "" => {}
            other => self.foreign.push(keep(other)),
        }
    }

    /// `arXiv:1604.08245 [cs.MM]`.
    fn cite_as(&mut self, text: &str) {
        let id = text.split_whitespace().next().and_then(ArxivId::parse);
        self.id = self.id.take().or(id);
    }

    /// The meta elements of an abstract page.
    pub(super) fn meta(&mut self, tag: &Tag) {
        let (name, content) = (tag.attribute("name"), tag.attribute("content"));
        let record = &mut self.record;
        let field = match name {
            "citation_title" => {
                set_if_empty(&mut record.title, content.to_owned());
                TITLE
            }
            "citation_abstract" => {
                set_if_empty(&mut record.abstract_text, content.to_owned());
                ABSTRACT
            }
            "citation_author" => {
                record.authors_parsed.push(parts(content));
                FieldName::People(Role::Author)
            }
            "citation_doi" => {
                push_word(&mut record.doi, content);
                FieldName::Id(Scheme::Doi)
            }
            "citation_arxiv_id" => {
                self.id = ArxivId::parse(content);
                FieldName::Id(Scheme::Arxiv)
            }
            // The history has the same with the hour.
            "citation_date" => {
                record.versions.push(Version { version: "v1".to_owned(), created: content.replace('/', "-") });
                ISSUED
            }
            _ => return,
        };
        if self.at.is_empty() {
            self.at = tag.at.clone();
        }
        self.place(field, &tag.at);
    }

    /// `[hep-th/9901001v2] String Junctions …`: with the version where one was asked for.
    pub(super) fn complete_from_title(&mut self, title: &str) {
        if self.is_empty() {
            return;
        }
        let id = title.strip_prefix('[').and_then(|rest| rest.split_once(']')).and_then(|(id, _)| ArxivId::parse(id));
        if let Some(id) = id.filter(|id| self.id.as_ref().is_none_or(|known| known.id() == id.id())) {
            let pinned = id.version().or_else(|| self.id.as_ref().and_then(ArxivId::version));
            self.id = Some(id.with_version(pinned));
        }
    }

    fn take_abstract(&mut self, text: &str, short: bool) {
        let text = text.trim_end_matches("△ Less").trim_end_matches("▽ More").trim_end();
        let have = !self.record.abstract_text.is_empty();
        if have && (short || !self.cut) {
            return;
        }
        let whole = text.trim_end_matches('…');
        self.cut = short && whole.len() < text.len();
        (if self.cut { whole.trim_end() } else { text }).clone_into(&mut self.record.abstract_text);
    }

    /// Names end at commas outside links: a link holds one name, whatever is in it.
    fn take_authors(&mut self, piece: &Piece) {
        const COMMA: &str = "\u{1}";
        const AND: &str = " \u{2}nd ";
        let mut masked = String::with_capacity(piece.text.len());
        let mut from = 0;
        let mut ranges: Vec<(&Range<usize>, bool)> =
            piece.links.iter().map(|r| (r, true)).chain(piece.labels.iter().map(|r| (r, false))).collect();
        ranges.sort_by_key(|(range, _)| range.start);
        for (range, link) in ranges {
            let part = |range: Range<usize>| piece.text.get(range).unwrap_or_default();
            masked.push_str(part(from..range.start));
            if link {
                masked.push_str(&part(range.clone()).replace(',', COMMA).replace(" and ", AND));
            }
            from = range.end.max(from);
        }
        masked.push_str(piece.text.get(from..).unwrap_or_default());
        let masked = squeeze(&masked);
        for name in record::split_authors(masked.trim_start_matches("Authors:")) {
            let name = name.replace(COMMA, ",").replace(AND, " and ");
            if stands_for_others(&name) {
                self.others = true;
            } else {
                self.authors.push(name);
            }
        }
        // `A. Author et al. (20 additional authors not shown)` without a comma.
        if piece.text.contains("additional authors not shown") {
            self.others = true;
            for name in &mut self.authors {
                let short = name.trim_end_matches("et al.").trim_end();
                let length = short.len();
                name.truncate(length);
            }
        }
    }

    fn take_subjects(&mut self, text: &str) {
        for subject in text.split(';').map(str::trim).filter(|subject| !subject.is_empty()) {
            match class_in_brackets(subject) {
                Some(class) => push_word(&mut self.record.categories, class),
                None => self.foreign.push(("subject".to_owned(), subject.to_owned())),
            }
        }
    }

    /// Takes subjects parted by commas, as the JSON form has them; long names hold commas too.
    pub(super) fn take_comma_subjects(&mut self, text: &str) {
        for subject in text.split_inclusive("), ") {
            if let Some(class) = class_in_brackets(subject.trim_end_matches(", ")) {
                push_word(&mut self.record.categories, class);
            }
        }
    }

    fn take_dates(&mut self, text: &str) {
        let clause = |mark: &str| {
            let (_, rest) = text.split_once(mark)?;
            Some(rest.split([';', '.']).next().unwrap_or(rest).trim())
        };
        let (submitted, first) = (clause("Submitted "), clause("v1 submitted "));
        self.announced = clause("originally announced ").and_then(month_and_year);
        let shown = self.id.as_ref().and_then(ArxivId::version).or(self.shown_version);
        if let Some(first) = first {
            self.version(Some(1), first);
        }
        if let Some(submitted) = submitted {
            // A single date is the first version's, unless the paper was announced long before.
            let alone = first.is_none() && !self.is_late(submitted);
            self.version(shown.or(alone.then_some(1)), submitted);
        }
        if self.announced.is_some() {
            self.place(FieldName::Date(DateField::Available), &self.at.clone());
        }
    }

    fn is_late(&self, submitted: &str) -> bool {
        let months = |day: &Day| day.year * 12 + i32::from(day.month.unwrap_or(12));
        let (Some(announced), Some(submitted)) = (&self.announced, parse_created(submitted)) else { return false };
        months(&submitted) > months(announced)
    }

    /// The line above the title; the history below has more, where the page is whole.
    fn take_dateline(&mut self, text: &str) {
        let day = |mark: &str| {
            let (_, rest) = text.split_once(mark)?;
            Some(rest.split([',', '(', ']', ')']).next().unwrap_or(rest).trim())
        };
        if let Some(first) = day("ubmitted on ") {
            self.version(Some(1), first);
        }
        let this = text.split_once("this version, v").and_then(|(_, rest)| number(rest));
        if let (Some(this), Some(revised)) = (this, day("revised ")) {
            self.version(Some(this), revised);
        }
        // What is not the latest version was asked for by number.
        if let Some((_, latest)) = text.split_once("latest version ") {
            let pinned = this.unwrap_or(1);
            self.id = self.id.take().map(|id| id.with_version(Some(pinned)));
            let number = latest.split_once("(v").and_then(|(_, rest)| number(rest));
            self.version(number, latest.split('(').next().unwrap_or(latest).trim());
        }
    }

    fn take_history(&mut self, text: &str) {
        for part in text.split("[v").skip(1) {
            let Some((number, rest)) = part.split_once(']') else { continue };
            let (created, rest) = rest.split_once('(').unwrap_or((rest, ""));
            self.version(number.parse().ok(), created.trim());
            // The last one counts.
            self.withdrawn = rest.contains("(withdrawn)");
        }
    }

    /// Notes a version's date; a later notice of the same version is the more exact one.
    pub(super) fn version(&mut self, number: Option<u16>, created: &str) {
        if parse_created(created).is_none() {
            return;
        }
        let version = number.map(|number| format!("v{number}")).unwrap_or_default();
        match self.record.versions.iter_mut().find(|known| known.version == version) {
            Some(known) => created.clone_into(&mut known.created),
            None => self.record.versions.push(Version { version, created: created.to_owned() }),
        }
        self.place(ISSUED, &self.at.clone());
    }

    fn place(&mut self, field: FieldName, at: &Range<usize>) {
        match self.places.iter_mut().find(|(name, _)| *name == field) {
            Some((_, place)) => place.clone_from(at),
            None => self.places.push((field, at.clone())),
        }
    }

    /// Fills in what another item of the same paper has more.
    pub(super) fn complete(&mut self, other: Self) {
        if self.authors.is_empty() {
            (self.authors, self.others) = (other.authors, other.others);
        }
        if self.cut && !other.cut && !other.record.abstract_text.is_empty() {
            self.record.abstract_text.clear();
            self.cut = false;
        }
        self.cut |= self.record.abstract_text.is_empty() && other.cut;
        // Of two records of one age the one behind wins.
        self.record = other.record.merged_with(std::mem::take(&mut self.record));
        for (field, place) in other.places {
            if !self.places.iter().any(|(name, _)| *name == field) {
                self.places.push((field, place));
            }
        }
    }

    /// What is to be said of the paper.
    pub(super) fn findings(&self, lines: &LineIndex<'_>) -> Vec<Diagnostic> {
        let id = self.id.as_ref().map(ToString::to_string).unwrap_or_default();
        let mut findings = Vec::new();
        if self.record.title.is_empty() {
            let message = format!("{id} has no title");
            findings.push(Diagnostic::new(Rule::MalformedValue, message).field(TITLE).at(lines.span(self.at.clone())));
        }
        if self.withdrawn || says_withdrawn(&self.record.comments) {
            let message = format!("{id} has been withdrawn");
            findings.push(Diagnostic::new(Rule::WithdrawnPaper, message).at(lines.span(self.at.clone())));
        }
        findings
    }

    /// The paper as an entry.
    pub(super) fn sourced(mut self, lines: &LineIndex<'_>, options: &ReadOptions) -> Sourced {
        let pinned = self.id.as_ref().and_then(ArxivId::version);
        if let Some(id) = &self.id {
            id.id().clone_into(&mut self.record.id);
        }
        let mut entry = self.record.to_entry(pinned, options.date);
        if self.record.authors_parsed.is_empty() {
            let names = self.authors.iter().map(|name| (Role::Author, record::author_from_display(name)));
            entry.people.extend(names);
            if self.others {
                entry.people.push((Role::Author, Name::Others));
            }
        }
        if let Some(announced) = self.announced.take() {
            entry.dates.set(DateField::Available, Date::Day(announced));
        }
        let foreign = self.foreign.drain(..);
        entry.foreign.extend(foreign.map(|(name, value)| Foreign { format: "arxiv", name, value }));
        let origins = self.origins(&entry, lines);
        Sourced { entry, origins, span: Some(lines.span(self.at)) }
    }

    fn origins(&self, entry: &Entry, lines: &LineIndex<'_>) -> Origins {
        let mut origins = Origins::new();
        for field in entry.fields() {
            let place = self.places.iter().find(|(name, _)| *name == field).map(|(_, place)| place.clone());
            let derived = match field {
                FieldName::Plain(PlainField::Url) => true,
                FieldName::Id(Scheme::Doi) | FieldName::Date(DateField::Issued) => place.is_none(),
                _ => false,
            };
            origins.set(
                field,
                if derived {
                    Origin::Derived("the arXiv identifier")
                } else {
                    let span = lines.span(place.unwrap_or_else(|| self.at.clone()));
                    Origin::Read { span, cut: self.cut && field == ABSTRACT }
                },
            );
        }
        origins
    }
}

impl Field {
    /// The model's field that it fills.
    fn name(self) -> Option<FieldName> {
        Some(match self {
            Self::Title => TITLE,
            Self::Authors => FieldName::People(Role::Author),
            Self::Abstract | Self::AbstractShort => ABSTRACT,
            Self::Comments => FieldName::Text(TextField::Comment),
            Self::JournalRef => FieldName::Text(TextField::JournalRef),
            Self::ReportNumber => FieldName::Id(Scheme::ReportNumber),
            Self::Doi => FieldName::Id(Scheme::Doi),
            Self::Subjects | Self::Class => FieldName::List(ListField::Category),
            Self::Dates | Self::Dateline | Self::History => ISSUED,
            Self::Head | Self::Withdrawn | Self::Labelled => return None,
        })
    }
}

fn set_if_empty(slot: &mut String, value: String) {
    if slot.trim().is_empty() {
        *slot = value;
    }
}

/// Adds words that are not there yet to a list parted by blanks.
fn push_word(list: &mut String, words: &str) {
    for word in words.split_whitespace() {
        if !list.split_whitespace().any(|known| known.eq_ignore_ascii_case(word)) {
            if !list.is_empty() {
                list.push(' ');
            }
            list.push_str(word);
        }
    }
}

/// The DOIs among words, without the address of the resolver.
fn plain_dois(words: &str) -> String {
    let dois = words.split_whitespace().filter_map(|word| word.find("10.").map(|at| &word[at..]));
    dois.map(|doi| doi.trim_end_matches([',', ';'])).collect::<Vec<_>>().join(" ")
}

/// `Last, First` or `Last, Jr., First` in the order of a record's parts: family, given, suffix.
fn parts(name: &str) -> Vec<String> {
    let parts: Vec<&str> = name.split(", ").map(str::trim).collect();
    let ordered = match parts.as_slice() {
        [family, suffix, given] => vec![*family, *given, *suffix],
        [family, given] => vec![*family, *given],
        _ => vec![name.trim()],
    };
    ordered.into_iter().map(str::to_owned).collect()
}

/// The class of `Statistics Theory (math.ST)`.
fn class_in_brackets(subject: &str) -> Option<&str> {
    let (_, class) = subject.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    Some(class.trim()).filter(|class| !class.is_empty() && !class.contains(' '))
}

fn stands_for_others(name: &str) -> bool {
    name.starts_with("et al") || name.contains("additional authors not shown")
}

/// `August 2024`.
fn month_and_year(text: &str) -> Option<Day> {
    let mut words = text.split([' ', ',']).filter(|word| !word.is_empty());
    let month = crate::model::date::month_from_english(words.next()?)?;
    Some(Day::month(words.next()?.parse().ok()?, month))
}

fn number(text: &str) -> Option<u16> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

/// Whether the authors' comment says that the paper is withdrawn.
fn says_withdrawn(comments: &str) -> bool {
    let comments = comments.to_lowercase();
    let said = ["has been withdrawn", "is withdrawn", "was withdrawn", "withdrawn by", "paper withdrawn"];
    comments.starts_with("withdrawn") || said.iter().any(|words| comments.contains(words))
}
