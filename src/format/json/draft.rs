//! One record becoming an entry: values found by their path, put where a service's table says. Knows no service.

use crate::diagnostic::{Diagnostic, Rule};
use crate::format::ReadOptions;
use crate::latex;
use crate::markup;
use crate::model::{
    ArxivId, Date, DateField, Day, Entry, FieldName, Foreign, Identifier, Kind, ListField, Name, PlainField, Role,
    Scheme, Text, TextField,
};
use crate::record::{Record, Version, author_from_display, squeeze};
use crate::source::{Origin, Origins, Span};
use crate::stream::Sourced;
use serde_json::Value;

/// Where a value goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// A rich text.
    Text(TextField),
    /// Items of a list.
    List(ListField),
    /// A plain string.
    Plain(PlainField),
    /// A date: ISO 8601, a bare year, or Crossref's parts.
    Date(DateField),
    /// Identifiers.
    Id(Scheme),
    /// Kept as it is, for readers of the dump.
    Foreign,
}

/// One row of a service's table: the path of a member, parted by dots, and where its value goes. Of several rows for one
/// place the first that holds something counts.
pub(super) type Row = (&'static str, Place);

/// The name under which values without a place are kept.
const FAMILY: &str = "json";

/// An entry under construction.
pub(super) struct Draft<'o> {
    pub(super) entry: Entry,
    pub(super) diagnostics: Vec<Diagnostic>,
    span: Span,
    options: &'o ReadOptions,
    /// Texts are TeX, as arXiv has them.
    tex: bool,
    cut: Vec<FieldName>,
}

impl<'o> Draft<'o> {
    pub(super) fn new(span: Span, options: &'o ReadOptions) -> Self {
        let entry = Entry::new(Kind::Misc);
        Self { entry, diagnostics: Vec::new(), span, options, tex: false, cut: Vec::new() }
    }

    /// Begins with what arXiv's own rules make of a preprint, so that it agrees with the other doors of arXiv.
    pub(super) fn preprint(&mut self, record: &Record) {
        self.entry = record.to_entry(None, self.options.date);
        self.tex = true;
    }

    /// Notes that the work is on arXiv too.
    pub(super) fn also_on_arxiv(&mut self, id: &ArxivId) {
        self.tex = true;
        self.entry.add_id(Identifier::Arxiv(id.with_version(None)));
    }

    /// Puts every value that the table knows.
    pub(super) fn fields(&mut self, record: &Value, table: &[Row]) {
        for (path, place) in table {
            for value in find(record, path) {
                self.put(path, *place, value);
            }
        }
    }

    fn put(&mut self, path: &str, place: Place, value: &Value) {
        if let Place::Date(field) = place {
            return self.date(field, value);
        }
        let Some(text) = scalar(value) else { return };
        match place {
            Place::Text(field) => self.text(field, &text),
            Place::List(field) => self.item(field, &text),
            Place::Plain(field) => self.plain(field, &text),
            Place::Id(scheme) => self.id(scheme, &text),
            Place::Date(_) => {}
            Place::Foreign => self.foreign(path, text),
        }
    }

    /// Keeps a value that the model has no place for.
    pub(super) fn foreign(&mut self, name: &str, value: String) {
        self.entry.foreign.push(Foreign { format: FAMILY, name: name.to_owned(), value });
    }

    /// Sets a text that is not set yet.
    pub(super) fn text(&mut self, field: TextField, source: &str) {
        if self.entry.texts.contains(field) {
            return;
        }
        let text = self.read_text(source);
        if !text.is_empty() {
            self.entry.texts.set(field, if field == TextField::Title { text.protect_case() } else { text });
        }
    }

    fn read_text(&self, source: &str) -> Text {
        if self.tex && !markup::has_tags(source) { latex::decode(&squeeze(source)) } else { markup::read(source) }
    }

    /// Appends to a list what is not there yet.
    pub(super) fn item(&mut self, field: ListField, source: &str) {
        let text = self.read_text(source);
        match self.entry.lists.get_mut(field) {
            _ if text.is_empty() => {}
            Some(items) if items.contains(&text) => {}
            Some(items) => items.push(text),
            None => {
                self.entry.lists.set(field, vec![text]);
            }
        }
    }

    /// Sets a plain string that is not set yet.
    pub(super) fn plain(&mut self, field: PlainField, value: &str) {
        let value = squeeze(value);
        if value.is_empty() || self.entry.plain.contains(field) {
            return;
        }
        self.entry.plain.set(field, if field == PlainField::Pages { pages(&value) } else { value });
    }

    /// Adds an identifier; one that is none is reported and kept.
    pub(super) fn id(&mut self, scheme: Scheme, value: &str) {
        match Identifier::parse(scheme, value) {
            // The archive's own DOI says that the work is on arXiv.
            Some(id) if scheme == Scheme::Doi && !self.has_id(&id) => self.entry.add_id(id),
            Some(id) if scheme != Scheme::Doi => self.entry.add_id(id),
            Some(_) => {}
            None => {
                let message = format!("`{value}` is no {} and is kept as written", scheme.name());
                self.report(Rule::MalformedValue, message, FieldName::Id(scheme));
                self.foreign(scheme.name(), value.to_owned());
            }
        }
    }

    /// DOIs compare without regard to case.
    fn has_id(&self, id: &Identifier) -> bool {
        self.entry.ids.iter().any(|own| own.scheme() == id.scheme() && own.value().eq_ignore_ascii_case(&id.value()))
    }

    fn date(&mut self, field: DateField, value: &Value) {
        if self.entry.dates.contains(field) {
            return;
        }
        if let Some(date) = read_date(value) {
            self.entry.dates.set(field, date);
        }
    }

    /// Sets an address, unless it says no more than the DOI.
    pub(super) fn url(&mut self, address: &str) {
        let says_doi = Identifier::parse(Scheme::Doi, address).is_some();
        if address.starts_with("http") && !says_doi {
            self.plain(PlainField::Url, address);
        }
    }

    /// Adds people.
    pub(super) fn people(&mut self, role: Role, names: impl IntoIterator<Item = Name>) {
        self.entry.people.extend(names.into_iter().map(|name| (role, name)));
    }

    /// Notes that the source had cut a field off.
    pub(super) fn is_cut(&mut self, field: FieldName) {
        self.cut.push(field);
    }

    fn report(&mut self, rule: Rule, message: String, field: FieldName) {
        self.diagnostics.push(Diagnostic::new(rule, message).at(self.span).field(field));
    }

    /// The entry with the origin of each field: all was read in the record but what follows from the arXiv id.
    pub(super) fn finish(self) -> Sourced {
        let arxiv = self.entry.arxiv().cloned();
        let mut origins = Origins::new();
        for field in self.entry.fields() {
            let derived = self.entry.kind == Kind::Preprint
                && match field {
                    FieldName::Plain(PlainField::Url) => {
                        arxiv.as_ref().map(ArxivId::url) == self.entry.plain.get(PlainField::Url).cloned()
                    }
                    FieldName::Id(Scheme::Doi) => arxiv.as_ref().map(ArxivId::doi).as_deref() == self.entry.doi(),
                    _ => false,
                };
            let cut = self.cut.contains(&field);
            let read = Origin::Read { span: self.span, cut };
            origins.set(field, if derived { Origin::Derived("the arXiv identifier") } else { read });
        }
        Sourced { entry: self.entry, origins, span: Some(self.span) }
    }
}

/// The values at a path; lists on the way and at its end are gone through.
pub(super) fn find<'v>(value: &'v Value, path: &str) -> Vec<&'v Value> {
    let mut found = vec![value];
    for member in path.split('.') {
        found = found.into_iter().flat_map(items).filter_map(|value| value.get(member)).collect();
    }
    found.into_iter().flat_map(items).filter(|value| !value.is_null()).collect()
}

/// The items of a list, or the value alone; Crossref's dates are lists of lists and stay under their member's name.
fn items(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        other => std::slice::from_ref(other),
    }
}

/// The first string or number at a path.
pub(super) fn first(value: &Value, path: &str) -> Option<String> {
    find(value, path).into_iter().find_map(scalar)
}

/// Every string or number at a path.
pub(super) fn all(value: &Value, path: &str) -> Vec<String> {
    find(value, path).into_iter().filter_map(scalar).collect()
}

/// A string that holds something, or a number as text.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn read_date(value: &Value) -> Option<Date> {
    if let Some(parts) = value.get("date-parts") {
        return read_date_parts(parts);
    }
    let text = scalar(value)?;
    Some(iso_day(&text).map_or_else(|| Date::parse(&text), Date::Day))
}

/// Crossref's `[[year, month, day]]`, short of its end where less is known.
fn read_date_parts(parts: &Value) -> Option<Date> {
    let parts: Vec<i64> = parts.get(0)?.as_array()?.iter().filter_map(Value::as_i64).collect();
    let small = |at: usize| parts.get(at).and_then(|part| u8::try_from(*part).ok());
    let year = i32::try_from(*parts.first()?).ok()?;
    let day = match (small(1), small(2)) {
        (Some(month), Some(day)) => Day::ymd(year, month, day).unwrap_or_else(|| Day::month(year, month)),
        (Some(month), None) => Day::month(year, month),
        _ => Day::year(year),
    };
    Some(Date::Day(day))
}

/// The day of an ISO 8601 date or time.
fn iso_day(text: &str) -> Option<Day> {
    match Date::parse_edtf(text.get(..10).unwrap_or(text)) {
        Some(Date::Day(day)) => Some(day),
        _ => None,
    }
}

/// Pages as the model has them: an en dash between two numbers.
pub(super) fn pages(pages: &str) -> String {
    let bounds: Vec<&str> = pages.split(['-', '–']).map(str::trim).filter(|bound| !bound.is_empty()).collect();
    match bounds.as_slice() {
        [first, last] if [first, last].iter().all(|bound| bound.bytes().any(|b| b.is_ascii_digit())) => {
            format!("{first}–{last}")
        }
        _ => pages.to_owned(),
    }
}

/// A name as services give it: `Last, First` where there is a comma, else as displayed.
pub(super) fn name(text: &str) -> Name {
    let text = squeeze(text);
    match text.split_once(',') {
        Some((family, rest)) if !family.trim().is_empty() => {
            let (given, suffix) = rest.split_once(',').unwrap_or((rest, ""));
            // "Dean, Jeff, Jr." has the suffix last, INSPIRE and BibTeX have it in the middle.
            let (given, suffix) =
                if crate::model::name::is_suffix(given.trim()) { (suffix, given) } else { (given, suffix) };
            Name::from_parts(family, given, suffix)
        }
        _ => author_from_display(&text),
    }
}

/// An arXiv record of what a service says; `date` is the first version's.
pub(super) fn arxiv_record(id: &ArxivId, title: Option<String>, abstract_text: Option<String>, date: &str) -> Record {
    let versions = vec![Version { version: "v1".to_owned(), created: date.to_owned() }];
    Record {
        id: id.id().to_owned(),
        title: title.unwrap_or_default(),
        abstract_text: abstract_text.unwrap_or_default(),
        versions: if date.is_empty() { Vec::new() } else { versions },
        ..Record::default()
    }
}

/// The kind that a table gives to a service's word.
pub(super) fn kind(table: &[(&str, Kind)], word: &str) -> Option<Kind> {
    table.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, kind)| *kind)
}
