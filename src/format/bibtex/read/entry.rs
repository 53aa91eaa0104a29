//! Turns the fields of one entry into the model, by the vocabulary.
//!
//! Fields that depend on one another (type, date, eprint, number) are settled when all have been seen. What the model has
//! no place for, and what does not parse, goes along as it is in `foreign`.

use super::gather::Gathered;
use super::values::{
    address, bibcode, dblp_key, decode_plain, decode_string, decode_text, decode_words, has_odd_dollar, holds_latex,
    split_keywords, unescape, whole_braces,
};
use super::{Field, Style, dates, journals, kind_of};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::format::bibtex::names::{self, Fault};
use crate::format::bibtex::vocabulary::{self, EPRINT_TYPES, Slot, is_in_periodical, numbers_issues};
use crate::format::bibtex::{Dialect, FOREIGN, FOREIGN_TYPE, LIST_OPTIONS};
use crate::format::tidy;
use crate::model::{
    Date, DateField, Entry, FieldName, Foreign, Identifier, Kind, ListField, PlainField, Role, Scheme, Text, TextField,
};
use crate::record;
use crate::source::{LineIndex, Origin, Origins, Span};
use crate::stream::Sourced;

/// An entry, and what was found wrong in its values.
pub(super) struct Made {
    pub(super) sourced: Sourced,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Builds one entry.
pub(super) struct Builder<'a> {
    pub(super) entry: Entry,
    word: String,
    span: Span,
    lines: &'a LineIndex<'a>,
    style: Style,
    origins: Origins,
    diagnostics: Vec<Diagnostic>,
    /// The language that the entry names, for the words in its dates.
    language: Option<String>,
    /// Whether the entry has an `address`, beside which `location` may say something else.
    has_address: bool,
}

/// The fields that wait for one another.
#[derive(Default)]
struct Pending<'f> {
    date: Option<&'f Field<'f>>,
    year: Option<&'f Field<'f>>,
    month: Option<&'f Field<'f>>,
    day: Option<&'f Field<'f>>,
    eprint: Option<&'f Field<'f>>,
    eprint_type: Option<&'f Field<'f>>,
    eprint_class: Option<&'f Field<'f>>,
    issue: Option<&'f Field<'f>>,
    genre: Option<&'f Field<'f>>,
    editor_types: [Option<&'f Field<'f>>; 4],
    /// The other dialect's names of fields that are there already: kept behind those, whatever becomes of them.
    repeated: Vec<&'f Field<'f>>,
}

const EDITORS: [(&str, Role); 4] = [
    ("editortype", Role::Editor),
    ("editoratype", Role::EditorA),
    ("editorbtype", Role::EditorB),
    ("editorctype", Role::EditorC),
];

/// Dates in parts: their fields, and the date that they make.
const LEGACY_DATES: [([&str; 3], DateField); 3] = [
    (["origyear", "origmonth", "origday"], DateField::Original),
    (["eventyear", "eventmonth", "eventday"], DateField::Event),
    (["urlyear", "urlmonth", "urlday"], DateField::Accessed),
];

impl<'a> Builder<'a> {
    /// An entry of the type that stands in the file.
    pub(super) fn new(raw: &Gathered<'_>, lines: &'a LineIndex<'a>, style: Style) -> Self {
        let (kind, says_more) = kind_of(raw.word).unwrap_or((Kind::Misc, true));
        let mut entry = Entry::new(kind);
        let mut origins = Origins::with_capacity(raw.fields.len() + 1);
        if !raw.key.is_empty() {
            entry.key = Some(raw.key.clone().into_owned());
            origins.set(FieldName::Key, Origin::read(lines.span(raw.key_range.clone())));
        }
        if says_more {
            let value = raw.word.to_ascii_lowercase();
            entry.foreign.push(Foreign { format: FOREIGN, name: FOREIGN_TYPE.to_owned(), value });
        }
        Self {
            entry,
            word: raw.word.to_ascii_lowercase(),
            span: lines.span(raw.range.clone()),
            lines,
            style,
            origins,
            diagnostics: Vec::new(),
            language: None,
            has_address: false,
        }
    }

    /// Takes the fields.
    pub(super) fn build<'f>(mut self, fields: &'f [Field<'f>]) -> Made {
        // The subtype decides the kind, and the kind what some of the other names mean.
        let subtype = fields.iter().find(|field| field.name == "entrysubtype");
        let mut pending = Pending::default();
        self.settle_subtype(subtype);
        let language = ["langid", "language", "hyphenation"];
        let language = language.iter().find_map(|name| fields.iter().find(|field| field.name == *name));
        self.language = language.map(|field| field.value.trim().to_owned());
        self.has_address = fields.iter().any(|field| field.name == "address");
        // Of a journal and a book the kind of work says which one it is in; the other is read when the place is taken.
        let in_periodical = is_in_periodical(self.entry.kind);
        let is_other = |field: &&Field<'_>| match &*field.name {
            "journal" | "journaltitle" => !in_periodical,
            "booktitle" => in_periodical,
            _ => false,
        };
        let said = || fields.iter().filter(|field| field.value.contains(|c: char| !c.is_whitespace()));
        for field in said().filter(|field| !is_other(field)).chain(said().filter(is_other)) {
            self.take(field, &mut pending);
        }
        self.settle_editors(&pending);
        self.settle_genre(&pending);
        self.settle_issue(&pending);
        self.settle_date(&pending);
        LEGACY_DATES.iter().for_each(|(parts, date)| self.settle_legacy_date(fields, parts, *date));
        self.settle_eprint(&pending);
        if let Some(what) = tidy(&mut self.entry) {
            self.diagnostics.push(what.at(self.span));
        }
        if !self.style.as_written {
            self.settle_address();
            record::recognise(&mut self.entry);
        }
        // The name of an archive says nothing more than an id that was found elsewhere.
        if pending.eprint.is_none() && self.entry.arxiv().is_none() {
            pending.eprint_type.into_iter().for_each(|field| self.keep(field));
        }
        pending.repeated.into_iter().for_each(|field| self.keep(field));
        let sourced = Sourced { entry: self.entry, origins: self.origins, span: Some(self.span) };
        Made { sourced, diagnostics: self.diagnostics }
    }

    /// BibTeX's old styles print no `url`, so people write `howpublished = {\url{…}}`.
    fn settle_address(&mut self) {
        let written = self.entry.texts.get(TextField::HowPublished).and_then(Text::as_plain);
        let is_address = |text: &&str| text.starts_with("http") && text.contains("://") && !text.contains(' ');
        let Some(url) = written.filter(is_address).filter(|_| !self.entry.plain.contains(PlainField::Url)) else {
            return;
        };
        // A tie, and what typesets its sign, are that sign in an address.
        let url = url.replace('\u{a0}', "~").replace("$\\sim$", "~");
        self.entry.plain.set(PlainField::Url, url);
        self.entry.texts.remove(TextField::HowPublished);
        let (from, to) = (FieldName::Text(TextField::HowPublished), FieldName::Plain(PlainField::Url));
        if let Some(origin) = self.origins.get(from).cloned() {
            self.origins.remove(from);
            self.origins.set(to, origin);
        }
    }

    fn take<'f>(&mut self, field: &'f Field<'f>, pending: &mut Pending<'f>) {
        let slot = match &*field.name {
            "date" => &mut pending.date,
            "year" => &mut pending.year,
            "month" => &mut pending.month,
            "day" => &mut pending.day,
            "eprint" => &mut pending.eprint,
            "eprinttype" | "archiveprefix" => &mut pending.eprint_type,
            "eprintclass" | "primaryclass" => &mut pending.eprint_class,
            "issue" => &mut pending.issue,
            "type" => &mut pending.genre,
            "entrysubtype" => return,
            "editortype" => &mut pending.editor_types[0],
            "editoratype" => &mut pending.editor_types[1],
            "editorbtype" => &mut pending.editor_types[2],
            "editorctype" => &mut pending.editor_types[3],
            name if LEGACY_DATES.iter().any(|(parts, _)| parts.contains(&name)) => return,
            _ => return self.take_named(field),
        };
        match slot {
            None => *slot = Some(field),
            Some(_) => pending.repeated.push(field),
        }
    }

    /// A field that the vocabulary names and nothing else has a say in.
    fn take_named(&mut self, field: &Field<'_>) {
        let in_periodical = is_in_periodical(self.entry.kind);
        let name = match vocabulary::field_named(&field.name) {
            None | Some(FieldName::Kind | FieldName::Key | FieldName::Foreign(_)) => return self.keep(field),
            // In a periodical the number is the issue's and the series the journal's.
            Some(FieldName::Plain(PlainField::Issue | PlainField::Number))
                if numbers_issues(self.entry.kind, Dialect::Biblatex) =>
            {
                FieldName::Plain(PlainField::Issue)
            }
            // ACM's exports have the publisher's place in `address` and that of the meeting in `location`.
            Some(FieldName::List(ListField::Place))
                if self.has_address
                    && field.name == "location"
                    && matches!(self.entry.kind, Kind::ConferencePaper | Kind::Proceedings) =>
            {
                FieldName::List(ListField::EventPlace)
            }
            Some(FieldName::Plain(PlainField::Issue)) => FieldName::Plain(PlainField::Number),
            Some(FieldName::Text(TextField::Series) | FieldName::Plain(PlainField::JournalSeries)) => {
                if in_periodical {
                    FieldName::Plain(PlainField::JournalSeries)
                } else {
                    FieldName::Text(TextField::Series)
                }
            }
            Some(name) => name,
        };
        let taken = !matches!(name, FieldName::Id(_)) && vocabulary::has(&self.entry, name);
        if taken || !self.set(name, field) {
            return self.keep(field);
        }
        self.note_origin(name, field);
    }

    /// Sets a field of the model; false where the value does not fit it.
    fn set(&mut self, name: FieldName, field: &Field<'_>) -> bool {
        let value = names::trim(&field.value);
        if holds_latex(name) && has_odd_dollar(value) {
            let what = Diagnostic::new(Rule::MalformedValue, "a `$` has no second one; it is read as the sign");
            self.report(what.help("write `\\$`"), field, name);
        }
        match name {
            FieldName::Text(text) => {
                let journal = if text == TextField::ContainerTitle { journals::of_value(value) } else { None };
                let decoded = journal.map_or_else(|| decode_words(name, value), Text::plain);
                !decoded.is_empty() && self.entry.texts.set(text, decoded).is_none()
            }
            FieldName::List(list) => {
                let items = self.split_list(list, value);
                !items.is_empty() && self.entry.lists.set(list, items).is_none()
            }
            FieldName::Plain(plain) => {
                if let (PlainField::Url, (first, true)) = (plain, address(value)) {
                    let what = format!("the field says more than an address; `{first}` is taken");
                    let help = "write further addresses, and words beside them, into `note`";
                    self.report(Diagnostic::new(Rule::MalformedValue, what).help(help), field, name);
                }
                let words = vocabulary::words_of(name, value);
                let decoded = words.map_or_else(|| decode_plain(plain, value), str::to_owned);
                !decoded.is_empty() && self.entry.plain.set(plain, decoded).is_none()
            }
            FieldName::Date(date) => {
                let read = Date::parse_edtf(value)
                    .or_else(|| dates::read(&decode_string(value), self.language.as_deref()))
                    .unwrap_or_else(|| self.written_date(field, date));
                self.entry.dates.set(date, read).is_none()
            }
            FieldName::People(role) => self.set_people(role, field),
            FieldName::Id(scheme) => self.set_ids(scheme, field),
            FieldName::Kind | FieldName::Key | FieldName::Foreign(_) => false,
        }
    }

    fn split_list(&self, list: ListField, value: &str) -> Vec<Text> {
        let items: Vec<&str> = match list {
            ListField::Keyword => split_keywords(value),
            // Only BibLaTeX has lists beside names and keywords.
            _ if self.style.dialect == Dialect::Bibtex => vec![value],
            // A venue is one text in BibLaTeX.
            ListField::EventPlace => vec![value],
            _ => names::split_and(value),
        };
        // Braces that only keep an item together are not part of it.
        let parts = |inner: &str| match list {
            ListField::Keyword => inner.contains([',', ';']),
            _ => self.style.dialect == Dialect::Biblatex && names::parts_list(inner),
        };
        let decoded = |item: &&str| match whole_braces(item) {
            Some(inner) if parts(inner) => decode_text(inner),
            _ => decode_words(FieldName::List(list), item),
        };
        items.iter().map(decoded).filter(|item| !item.is_empty()).collect()
    }

    fn set_people(&mut self, role: Role, field: &Field<'_>) -> bool {
        let (mut options, list) = names::split_options(&field.value);
        if names::has_gap(list) {
            let what =
                Diagnostic::new(Rule::MalformedValue, "the word `and` has no name on one side; it is passed over");
            self.report(what, field, FieldName::People(role));
        }
        let drops = options.iter().any(|option| names::drops_prefixes(option));
        let list = names::parse_list(list, drops);
        // The names have taken it over, each in its own way.
        options.retain(|option| !names::drops_prefixes(option));
        if !options.is_empty() {
            let name = format!("{}{LIST_OPTIONS}", field.name);
            self.entry.foreign.push(Foreign { format: FOREIGN, name, value: options.join(" and ") });
        }
        for parsed in &list {
            let Some(fault) = &parsed.fault else { continue };
            let shown: String = parsed.name.display().chars().take(60).collect();
            let fault = match fault {
                Fault::Commas => {
                    Diagnostic::new(Rule::MalformedValue, format!("`{shown}` is no name: it has too many commas"))
                        .help("part names by the word `and`")
                }
                Fault::Parts(parts) => {
                    let parts = parts.join("`, `");
                    Diagnostic::new(Rule::MalformedValue, format!("no place for `{parts}` of the name `{shown}`"))
                        .severity(Severity::Note)
                }
            };
            self.report(fault, field, FieldName::People(role));
        }
        let count = list.len();
        self.entry.people.extend(list.into_iter().map(|parsed| (role, parsed.name)));
        count > 0
    }

    /// Adds the identifiers of a field; what is none is reported and kept.
    fn set_ids(&mut self, scheme: Scheme, field: &Field<'_>) -> bool {
        let value = field.value.trim();
        let found: Vec<Option<Identifier>> = match scheme {
            Scheme::Doi => vec![Identifier::parse(scheme, &address(value).0)],
            Scheme::Isbn | Scheme::Issn => value
                .split([',', ';'])
                .flat_map(|part| {
                    // Some exporters put the one number into the field of the other.
                    let other = if scheme == Scheme::Isbn { Scheme::Issn } else { Scheme::Isbn };
                    let parse = |text: &str| Identifier::parse(scheme, text).or_else(|| Identifier::parse(other, text));
                    let whole = parse(&decode_string(part));
                    if whole.is_some() { vec![whole] } else { part.split_whitespace().map(parse).collect() }
                })
                .collect(),
            Scheme::Bibcode => vec![bibcode(value).map(|code| Identifier::Other(scheme, code))],
            Scheme::Dblp => vec![dblp_key(value).map(|key| Identifier::Other(scheme, key))],
            _ => vec![Identifier::parse(scheme, &decode_string(value))],
        };
        if found.is_empty() || found.iter().any(Option::is_none) {
            if !matches!(scheme, Scheme::Bibcode | Scheme::Dblp | Scheme::Arxiv) {
                let shown: String = value.chars().take(60).collect();
                let what = Diagnostic::new(Rule::MalformedValue, format!("`{shown}` is no {}", scheme.name()));
                self.report(what, field, FieldName::Id(scheme));
            }
            return false;
        }
        for id in found.into_iter().flatten() {
            self.entry.add_id(id);
        }
        true
    }

    fn settle_subtype(&mut self, subtype: Option<&Field<'_>>) {
        let Some(field) = subtype else { return };
        match vocabulary::kind_of_subtype(&self.word, field.value.trim()) {
            Some(kind) => self.entry.kind = kind,
            None => self.keep(field),
        }
    }

    /// The people of an editor field whose type the model has a role for get that role.
    fn settle_editors(&mut self, pending: &Pending<'_>) {
        for (at, (_, role)) in EDITORS.iter().enumerate() {
            let Some(field) = pending.editor_types[at] else { continue };
            let kind = field.value.trim();
            let named = Role::ALL.iter().copied().find(|role| {
                matches!(vocabulary::people(*role).of(Dialect::Biblatex), Slot::Editor(name) if name.eq_ignore_ascii_case(kind))
            });
            match named {
                Some(_) if !self.entry.people.iter().any(|(other, _)| other == role) => self.keep(field),
                Some(named) => {
                    for (other, _) in &mut self.entry.people {
                        if other == role {
                            *other = named;
                        }
                    }
                }
                None if *role == Role::Editor && kind.eq_ignore_ascii_case("editor") => {}
                None => self.keep(field),
            }
        }
    }

    /// The type field may say which kind of thesis it is; other words are the genre.
    fn settle_genre(&mut self, pending: &Pending<'_>) {
        let Some(field) = pending.genre else { return };
        let value = field.value.trim();
        let implied = match (self.entry.kind, value) {
            (Kind::Thesis | Kind::DoctoralThesis, "phdthesis") => Some(Kind::DoctoralThesis),
            (Kind::Thesis | Kind::MastersThesis, "mathesis") => Some(Kind::MastersThesis),
            (Kind::DoctoralThesis, "Thesis") => Some(Kind::Thesis),
            _ => None,
        };
        if let Some(kind) = implied {
            self.entry.kind = kind;
            return;
        }
        let genre = FieldName::Text(TextField::Genre);
        self.entry.texts.set(TextField::Genre, decode_words(genre, value));
        self.note_origin(FieldName::Text(TextField::Genre), field);
    }

    /// BibLaTeX's `issue` holds the name of an issue; beside a number it has no place in a periodical.
    fn settle_issue(&mut self, pending: &Pending<'_>) {
        let Some(field) = pending.issue else { return };
        if self.entry.plain.contains(PlainField::Issue) {
            return self.keep(field);
        }
        self.entry.plain.set(PlainField::Issue, decode_string(field.value.trim()));
        self.note_origin(FieldName::Plain(PlainField::Issue), field);
    }

    fn settle_date(&mut self, pending: &Pending<'_>) {
        let issued = FieldName::Date(DateField::Issued);
        let parts = [pending.year, pending.month, pending.day];
        if let Some(field) = pending.date {
            let read = Date::parse_edtf(field.value.trim())
                .or_else(|| dates::read(&decode_string(&field.value), self.language.as_deref()))
                .unwrap_or_else(|| self.written_date(field, DateField::Issued));
            let year = read.year().map(|year| year.to_string());
            // A year beside the date usually repeats it.
            let repeats = pending.year.is_some_and(|field| {
                let written = decode_string(field.value.trim());
                let joined = dates::join(&written, None, None, self.language.as_deref());
                let years = [joined, dates::years(&written)];
                year.as_ref() == Some(&written) || years.iter().flatten().any(|years| years.spans_years_of(&read))
            });
            let text = |field: &Field<'_>| decode_string(field.value.trim());
            let [month, day] = [pending.month, pending.day].map(|field| field.map(text));
            let joined = pending
                .year
                .filter(|_| repeats && month.is_some())
                .and_then(|year| dates::join(&text(year), month.as_deref(), day.as_deref(), self.language.as_deref()));
            let (short, long) = (read.to_string(), joined.as_ref().map(Date::to_string).unwrap_or_default());
            // Month and day may say more than the date, or the same; what they say else is kept.
            let is_finer = long.len() > short.len() && long.starts_with(&short);
            let is_told = is_finer || dates::are_of(&read, month.as_deref(), day.as_deref(), self.language.as_deref());
            self.entry.dates.set(DateField::Issued, joined.filter(|_| is_finer).unwrap_or(read));
            self.note_origin(issued, field);
            if !repeats {
                parts.into_iter().flatten().for_each(|field| self.keep(field));
            } else if !is_told {
                parts.into_iter().skip(1).flatten().for_each(|field| self.keep(field));
            }
            return;
        }
        let text = |field: Option<&Field<'_>>| field.map(|field| decode_string(field.value.trim()));
        let Some(year) = pending.year else {
            parts.into_iter().flatten().for_each(|field| self.keep(field));
            return;
        };
        let (year_text, month, day) = (decode_string(year.value.trim()), text(pending.month), text(pending.day));
        let language = self.language.clone();
        let language = language.as_deref();
        let joined = dates::join(&year_text, month.as_deref(), day.as_deref(), language);
        let understood = joined.is_some();
        // The year alone is worth more than nothing, when month or day make no sense.
        let read = joined
            .or_else(|| dates::join(&year_text, None, None, language))
            .or_else(|| Date::parse_edtf(&year_text))
            .unwrap_or_else(|| self.written_date(year, DateField::Issued));
        self.entry.dates.set(DateField::Issued, read);
        self.note_origin(issued, year);
        // A date that is none has been reported as a whole.
        let is_year = self.entry.dates.get(DateField::Issued).is_some_and(|date| date.year().is_some());
        for field in [pending.month, pending.day].into_iter().flatten().filter(|_| !understood) {
            if is_year {
                let shown: String = decode_string(&field.value).chars().take(60).collect();
                let message = format!("`{shown}` is no {} of the year; it is kept as written", field.name);
                let what = Diagnostic::new(Rule::MalformedValue, message).severity(Severity::Note);
                self.report(what, field, issued);
            }
            self.keep(field);
        }
    }

    /// Other dates than the work's own may stand in parts too, as biber still takes them.
    fn settle_legacy_date(&mut self, fields: &[Field<'_>], parts: &[&str; 3], date: DateField) {
        let [year, month, day] = parts.map(|part| fields.iter().find(|field| field.name == part));
        let text = |field: Option<&Field<'_>>| field.map(|field| decode_string(field.value.trim()));
        let joined = year.filter(|_| !self.entry.dates.contains(date)).and_then(|year| {
            let written = decode_string(year.value.trim());
            // Some put the whole date into the year.
            let joined = dates::join(&written, text(month).as_deref(), text(day).as_deref(), self.language.as_deref());
            Some((year, joined.or_else(|| Date::parse_edtf(&written).filter(|_| month.is_none()))?))
        });
        match joined {
            Some((year, read)) => {
                self.entry.dates.set(date, read);
                self.note_origin(FieldName::Date(date), year);
            }
            None => [year, month, day].into_iter().flatten().for_each(|field| self.keep(field)),
        }
    }

    fn written_date(&mut self, field: &Field<'_>, date: DateField) -> Date {
        let text = decode_string(field.value.trim());
        let shown: String = text.chars().take(60).collect();
        let what = Diagnostic::new(Rule::MalformedValue, format!("`{shown}` is no date; it is kept as written"));
        self.report(what.severity(Severity::Note), field, FieldName::Date(date));
        Date::Written(text)
    }

    /// `eprint` with `archivePrefix` or `eprinttype`: arXiv's where nothing else is said and it is an id.
    fn settle_eprint(&mut self, pending: &Pending<'_>) {
        let archive = pending.eprint_type.map(|field| decode_string(field.value.trim()).to_ascii_lowercase());
        let class = pending.eprint_class.map(|field| record::repair_class(&decode_string(field.value.trim())));
        let of_arxiv = archive.as_deref().is_none_or(|archive| archive.starts_with("arxiv"));
        let Some(field) = pending.eprint else {
            // Some exporters leave the id to the url or the journal, and the class is still the paper's.
            match class {
                Some(class) if of_arxiv => self.set_class(&class),
                _ => pending.eprint_class.into_iter().for_each(|field| self.keep(field)),
            }
            // Others put the id where the archive's name belongs.
            if let Some(field) = pending.eprint_type
                && let Some((id, class)) = record::bare_id(&decode_string(field.value.trim()))
            {
                self.put_first(Identifier::Arxiv(id), field);
                class.into_iter().for_each(|class| self.set_class(&class));
            }
            return;
        };
        let value = unescape(field.value.trim());
        let parsed = if of_arxiv {
            record::parse_eprint(&value).map(|(id, inner)| (Identifier::Arxiv(id), inner))
        } else {
            let known = EPRINT_TYPES.iter().find(|(_, name)| Some(*name) == archive.as_deref());
            known.and_then(|(scheme, _)| Identifier::parse(*scheme, &value)).map(|id| (id, None))
        };
        let Some((id, inner_class)) = parsed else {
            if archive.is_some() && of_arxiv {
                let what = Diagnostic::new(Rule::MalformedValue, format!("`{value}` is no arXiv id"));
                self.report(what, field, FieldName::Id(Scheme::Arxiv));
            }
            for field in [pending.eprint, pending.eprint_type, pending.eprint_class].into_iter().flatten() {
                self.keep(field);
            }
            return;
        };
        let scheme = id.scheme();
        self.put_first(id, field);
        match class.or(inner_class) {
            Some(class) if scheme == Scheme::Arxiv => self.set_class(&class),
            _ => pending.eprint_class.into_iter().for_each(|field| self.keep(field)),
        }
    }

    /// Makes the identifier the entry's first. Mendeley has it twice.
    fn put_first(&mut self, id: Identifier, field: &Field<'_>) {
        self.entry.ids.retain(|known| *known != id);
        self.note_origin(FieldName::Id(id.scheme()), field);
        self.entry.ids.insert(0, id);
    }

    fn set_class(&mut self, class: &str) {
        if !class.is_empty() && !self.entry.lists.contains(ListField::Category) {
            self.entry.lists.set(ListField::Category, vec![Text::plain(class)]);
        }
    }

    /// Keeps a field that the model has no place for.
    fn keep(&mut self, field: &Field<'_>) {
        let name = FieldName::Foreign(self.entry.foreign.len());
        self.entry.foreign.push(Foreign {
            format: FOREIGN,
            name: field.written.clone().into_owned(),
            value: field.value.clone().into_owned(),
        });
        self.note_origin(name, field);
    }

    fn note_origin(&mut self, name: FieldName, field: &Field<'_>) {
        self.origins.set(name, Origin::read(self.lines.span(field.range.clone())));
    }

    fn report(&mut self, diagnostic: Diagnostic, field: &Field<'_>, name: FieldName) {
        self.diagnostics.push(diagnostic.at(self.lines.span(field.range.clone())).field(name));
    }
}
