//! Prints an entry as CSL-JSON or CSL-YAML: one field a line, in a fixed order.
//!
//! Both syntaxes share everything but the punctuation. Knows no reader.

use super::{
    FAMILY, date_variable, degree, html, kind_of, language_tag, list_variable, markdown, plain_variable, publisher_of,
    role_variable, scheme_variable, split_keyword, state_words, subtitle_of, text_variable, type_of,
};
use crate::format::{Printer, WriteOptions};
use crate::latex;
use crate::model::{
    Bound, Date, Day, Entry, FieldName, Foreign, Identifier, Kind, ListField, Name, PlainField, Role, Run, Scheme,
    Style, Text, TextField,
};
use crate::yaml;
use std::fmt::Write as _;

/// Prints an entry of CSL-JSON.
pub(super) fn json(entry: &Entry, _: &WriteOptions, printer: &mut Printer) {
    printer.out.push_str("  {\n    \"id\": \"");
    let mut key = String::new();
    json_characters(entry.key.as_deref().unwrap_or_default(), &mut key);
    printer.key(&key);
    printer.out.push('"');
    print(entry, Syntax::Json, printer);
    printer.out.push_str("\n  }");
}

/// Prints an entry of CSL-YAML.
pub(super) fn yaml(entry: &Entry, _: &WriteOptions, printer: &mut Printer) {
    printer.out.push_str("- id: \"");
    let mut markdown = String::new();
    markdown::encode_exact(entry.key.as_deref().unwrap_or_default(), &mut markdown);
    let mut key = String::new();
    yaml::escaped(&markdown, &mut key);
    printer.key(&key);
    printer.out.push_str("\"\n");
    print(entry, Syntax::Yaml, printer);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Json,
    Yaml,
}

/// Why a mark is left out: said of the field that has it.
const NO_OTHERS: &str = "CSL has no mark that a list of names goes on; the names given are printed";
const NO_CODE: &str = "CSL-JSON has no typewriter face; the text is printed without it";
const MISREAD: &str = "its markup is read in another way than it is meant";
const NO_TEX: &str = "CSL has no TeX commands; they are printed as text";
const TAKEN: &str = "CSL has one value of a name, and this one is taken";

fn print(entry: &Entry, syntax: Syntax, printer: &mut Printer) {
    let out = std::mem::take(&mut printer.out);
    let mut writer = EntryWriter {
        entry,
        body: Body { out, syntax, inset: if syntax == Syntax::Json { 4 } else { 2 }, is_first: false },
        custom: Body { out: String::new(), syntax, inset: if syntax == Syntax::Json { 6 } else { 4 }, is_first: true },
        scratch: String::new(),
        printer,
    };
    writer.kind();
    writer.texts(|field| field == TextField::Title);
    writer.people();
    writer.texts(|field| !matches!(field, TextField::Title | TextField::Abstract | TextField::Note));
    writer.plain();
    writer.dates();
    writer.lists();
    writer.identifiers();
    writer.keywords();
    writer.note();
    writer.texts(|field| field == TextField::Abstract);
    writer.foreign();
    let EntryWriter { mut body, custom, printer, .. } = writer;
    if !custom.is_first {
        body.object("custom", &custom.out);
    }
    printer.out = body.out;
}

struct EntryWriter<'e, 'p> {
    entry: &'e Entry,
    body: Body,
    /// The inside of the `custom` object.
    custom: Body,
    scratch: String,
    printer: &'p mut Printer,
}

impl EntryWriter<'_, '_> {
    fn kind(&mut self) {
        let kind = self.entry.kind;
        let written = self.entry.foreign.iter().find(|f| f.format == FAMILY && f.name == "type");
        let written = written.map(|f| f.value.as_str()).filter(|name| kind_of(name).is_some_and(|(k, _)| k == kind));
        let name = written.unwrap_or(type_of(kind));
        self.body.word("type", name);
        let is_said = kind_of(name).is_some_and(|(k, _)| k == kind);
        let degree_is_said = degree(kind).is_some() && !self.entry.texts.contains(TextField::Genre);
        if !is_said && !degree_is_said {
            self.custom.word("kind", kind.name());
        }
    }

    fn texts(&mut self, wanted: fn(TextField) -> bool) {
        let entry = self.entry;
        for (field, text) in entry.texts.iter().filter(|(field, _)| wanted(*field)) {
            self.report_markup(FieldName::Text(field), text);
            self.encode_text(text);
            match text_variable(field) {
                Some(variable) if field == TextField::PublicationState && state_words(text).is_some() => {
                    self.body.string(variable, state_words(text).unwrap_or_default());
                    self.custom.string(field.name(), &self.scratch);
                }
                Some(variable) if !self.is_unprintable(field) => {
                    self.add_subtitle(field);
                    self.body.string(variable, &self.scratch);
                }
                _ => self.custom.string(field.name(), &self.scratch),
            }
            if field == TextField::MainTitle && entry.title() == Some(text) {
                // Else the title would be taken for the main title that stands in its place.
                self.custom.string(TextField::Title.name(), &self.scratch);
            }
        }
        if let (true, None, Some(text)) =
            (wanted(TextField::Title), entry.title(), entry.texts.get(TextField::MainTitle))
        {
            // A work in several volumes as a whole; `custom` says what it is.
            self.encode_text(text);
            self.body.string("title", &self.scratch);
        }
        if wanted(TextField::Genre)
            && !entry.texts.contains(TextField::Genre)
            && let Some(degree) = degree(entry.kind)
        {
            self.body.string("genre", degree);
        }
    }

    /// A text that has a variable, but not in this entry: a preprint's state would be printed, and a degree in our own
    /// words would be taken for the kind.
    fn is_unprintable(&self, field: TextField) -> bool {
        let entry = self.entry;
        match field {
            TextField::PublicationState => entry.kind == Kind::Preprint,
            _ => false,
        }
    }

    fn add_subtitle(&mut self, field: TextField) {
        if let Some(subtitle) = subtitle_of(field).and_then(|field| self.entry.texts.get(field)) {
            self.scratch.push_str(": ");
            self.body.syntax.encode(subtitle, &mut self.scratch);
        }
    }

    fn people(&mut self) {
        let entry = self.entry;
        for role in Role::ALL.iter().copied() {
            if entry.people_as(role).any(Name::is_others) {
                self.printer.drop_field(FieldName::People(role), NO_OTHERS);
            }
            let names = || entry.people_as(role).filter(|name| !name.family().is_empty());
            if names().next().is_none() {
                continue;
            }
            match role_variable(role) {
                Some(variable) => self.body.names(variable, names()),
                None => self.custom.names(role.name(), names()),
            }
        }
    }

    fn plain(&mut self) {
        let entry = self.entry;
        for (field, value) in entry.plain.iter() {
            let Some(variable) = plain_variable(field, entry) else {
                self.custom.exact(field.name(), value);
                continue;
            };
            if field == PlainField::Pages {
                let pages = super::print_pages(value);
                self.body.exact(variable, &pages);
                if super::read_pages(&pages) != *value {
                    self.custom.exact(field.name(), value);
                }
            } else {
                self.body.exact(variable, value);
            }
        }
        if let Some(id) = entry.arxiv().filter(|_| entry.kind == Kind::Preprint) {
            self.scratch.clear();
            let _ = write!(self.scratch, "arXiv:{id}");
            self.body.exact("number", &self.scratch);
        }
    }

    fn dates(&mut self) {
        let entry = self.entry;
        for (field, date) in entry.dates.iter() {
            if !self.body.date(date_variable(field), date) {
                self.custom.exact(field.name(), &date.to_string());
            }
        }
    }

    fn lists(&mut self) {
        let entry = self.entry;
        let publisher = self.publisher();
        for (field, items) in entry.lists.iter() {
            for item in items {
                self.report_markup(FieldName::List(field), item);
            }
            match (field, list_variable(field)) {
                (ListField::Category | ListField::Keyword, _) => {}
                (ListField::Publisher | ListField::Institution | ListField::Organization, _)
                    if publisher != Some(field) =>
                {
                    self.custom_list(field.name(), items);
                }
                (_, Some((variable, separator))) => {
                    self.join(items, separator);
                    self.body.string(variable, &self.scratch);
                    let is_exact = items.iter().all(|item| {
                        let plain = item.to_plain();
                        !plain.is_empty()
                            && plain.trim() == plain
                            && !plain.contains(separator)
                            && !item.has_style(Style::Protected)
                    });
                    let is_implied =
                        matches!(field, ListField::Publisher | ListField::Institution | ListField::Organization)
                            && publisher_of(entry.kind) != field;
                    // Another list of the same names would be taken for the one that is printed.
                    let is_repeated = Some(field) == publisher
                        && [ListField::Publisher, ListField::Institution, ListField::Organization]
                            .into_iter()
                            .any(|other| other != field && entry.lists.contains(other));
                    if !is_exact || is_implied || is_repeated {
                        self.custom_list(field.name(), items);
                    }
                }
                (_, None) => self.custom_list(field.name(), items),
            }
        }
        if publisher.is_none() && entry.kind == Kind::Preprint && entry.arxiv().is_some() {
            self.body.string("publisher", "arXiv");
        } else if let (None, Some(text)) = (publisher, entry.texts.get(TextField::HowPublished)) {
            // CSL has no variable for it, and styles print it as the publisher; `custom` says what it is.
            self.encode_text(text);
            self.body.string("publisher", &self.scratch);
        }
        if let (None, Some(tag)) = (entry.lists.get(ListField::Language), language_tag(entry)) {
            self.body.string("language", tag);
        }
    }

    /// Which of the lists of publishers is printed as such: the one that the kind of work has, else the first there is.
    fn publisher(&self) -> Option<ListField> {
        [publisher_of(self.entry.kind), ListField::Publisher, ListField::Institution, ListField::Organization]
            .into_iter()
            .find(|field| self.entry.lists.contains(*field))
    }

    fn keywords(&mut self) {
        let lists = &self.entry.lists;
        let (categories, keywords) = (lists.get(ListField::Category), lists.get(ListField::Keyword));
        let items = || categories.into_iter().chain(keywords).flatten();
        if items().next().is_none() {
            return;
        }
        self.join(items(), ", ");
        self.body.string("keyword", &self.scratch);
        let joined = items().map(Text::to_plain).collect::<Vec<_>>().join(", ");
        let (read_categories, read_keywords) = split_keyword(&joined, self.entry.arxiv().is_some());
        for (field, items, read) in
            [(ListField::Category, categories, read_categories), (ListField::Keyword, keywords, read_keywords)]
        {
            let items = items.map(Vec::as_slice).unwrap_or_default();
            if !items.iter().map(Text::as_plain).eq(read.into_iter().map(Some)) {
                self.custom_list(field.name(), items);
            }
        }
    }

    fn identifiers(&mut self) {
        let entry = self.entry;
        let mut arxiv_is_said = false;
        for (at, id) in entry.ids.iter().enumerate() {
            let scheme = id.scheme();
            if entry.ids[..at].iter().any(|other| other.scheme() == scheme) {
                continue;
            }
            let mut values: Vec<String> =
                entry.ids.iter().filter(|id| id.scheme() == scheme).map(Identifier::value).collect();
            if let Some(variable) = scheme_variable(scheme) {
                // Several numbers of one book are parted by blanks, as Zotero has it; there is one DOI.
                let is_joined =
                    matches!(scheme, Scheme::Isbn | Scheme::Issn) && !values.iter().any(|v| v.contains(' '));
                let first = if is_joined { std::mem::take(&mut values).join(" ") } else { values.remove(0) };
                self.body.exact(variable, &first);
            } else if scheme == Scheme::Arxiv && !arxiv_is_said {
                // It stands in the note.
                arxiv_is_said = true;
                values.remove(0);
            }
            match values.as_slice() {
                [] => {}
                [value] => self.custom.exact(scheme.name(), value),
                several => {
                    let texts: Vec<Text> = several.iter().map(|value| Text::plain(value.as_str())).collect();
                    self.custom_list(scheme.name(), &texts);
                }
            }
        }
    }

    /// The note, headed by the identifier and primary class of an arXiv paper, as Zotero has them.
    fn note(&mut self) {
        let entry = self.entry;
        let note = entry.texts.get(TextField::Note);
        let Some(id) = entry.arxiv() else {
            return self.texts(|field| field == TextField::Note);
        };
        let classes = entry.lists.get(ListField::Category).map(Vec::as_slice).unwrap_or_default();
        let primary = classes.first().and_then(Text::as_plain).filter(|class| super::is_subject_class(class));
        let primary = primary.filter(|class| !id.id().starts_with(class));
        let head = match primary {
            Some(class) => format!("arXiv:{id} [{class}]"),
            None => format!("arXiv:{id}"),
        };
        self.encode_text(&Text::plain(head));
        if let Some(note) = note {
            self.report_markup(FieldName::Text(TextField::Note), note);
            self.scratch.push('\n');
            self.body.syntax.encode(note, &mut self.scratch);
        }
        self.body.string("note", &self.scratch);
    }

    fn foreign(&mut self) {
        let entry = self.entry;
        for (at, foreign) in entry.foreign.iter().enumerate() {
            if foreign.format == FAMILY && foreign.name == "type" && kind_of(&foreign.value).is_some() {
                continue;
            }
            let (body, name) = match (foreign.format, foreign.name.strip_prefix("custom.")) {
                (FAMILY, Some(name)) => (&mut self.custom, name.to_owned()),
                (FAMILY, None) => (&mut self.body, foreign.name.clone()),
                _ => (&mut self.custom, super::custom_name(foreign)),
            };
            if body.has(&name) || name == "id" || name == "custom" {
                self.printer.drop_field(FieldName::Foreign(at), TAKEN);
                continue;
            }
            body.foreign(&name, foreign);
        }
    }

    fn custom_list(&mut self, name: &str, items: &[Text]) {
        let syntax = self.body.syntax;
        let items: Vec<String> = items
            .iter()
            .map(|item| {
                let mut out = String::new();
                syntax.encode(item, &mut out);
                out
            })
            .collect();
        self.custom.strings(name, items.iter().map(String::as_str));
    }

    fn join<'t>(&mut self, items: impl IntoIterator<Item = &'t Text>, separator: &str) {
        self.scratch.clear();
        for item in items {
            if !self.scratch.is_empty() {
                self.scratch.push_str(separator);
            }
            // No style changes the letter case of publishers, places and keywords.
            self.body.syntax.encode(&unprotected(item), &mut self.scratch);
        }
    }

    fn encode_text(&mut self, text: &Text) {
        self.scratch.clear();
        self.body.syntax.encode(text, &mut self.scratch);
    }

    fn report_markup(&mut self, field: FieldName, text: &Text) {
        if text.as_plain().is_some() {
            return;
        }
        if self.body.syntax == Syntax::Json && text.has_style(Style::Code) {
            self.printer.drop_field(field, NO_CODE);
        }
        if has_tex(text) {
            self.printer.drop_field(field, NO_TEX);
        } else if may_be_misread(text, self.body.syntax) {
            let mut printed = String::new();
            self.body.syntax.encode(text, &mut printed);
            if self.body.syntax.decode(&printed) != *text {
                self.printer.drop_field(field, MISREAD);
            }
        }
    }
}

/// Whether it has to be tried that a text is read back as it is: Markdown cannot nest all styles, and what stands for
/// mathematics may be none.
fn may_be_misread(text: &Text, syntax: Syntax) -> bool {
    text.runs().iter().any(|run| match run {
        Run::Plain(_) => false,
        Run::Math(_) | Run::Tex(_) => true,
        Run::Styled(Style::Protected, inner) => may_be_misread(inner, syntax),
        Run::Styled(_, inner) => syntax == Syntax::Yaml || may_be_misread(inner, syntax),
    })
}

/// A text without its case protection.
fn unprotected(text: &Text) -> Text {
    let mut out = Text::new();
    for run in text.runs() {
        match run {
            Run::Styled(Style::Protected, inner) => {
                unprotected(inner).runs().iter().cloned().for_each(|run| out.push(run));
            }
            Run::Styled(style, inner) => out.push(Run::Styled(*style, unprotected(inner))),
            run => out.push(run.clone()),
        }
    }
    out
}

fn has_tex(text: &Text) -> bool {
    text.runs().iter().any(|run| match run {
        Run::Tex(_) => true,
        Run::Plain(_) | Run::Math(_) => false,
        Run::Styled(_, inner) => has_tex(inner),
    })
}

impl Syntax {
    fn encode(self, text: &Text, out: &mut String) {
        match self {
            Self::Json => html::encode(&latex::spell_links(text), out),
            Self::Yaml => markdown::encode(&latex::spell_links(text), out),
        }
    }

    fn decode(self, source: &str) -> Text {
        match self {
            Self::Json => html::decode(source),
            Self::Yaml => markdown::decode(source),
        }
    }
}

/// The fields of one object, one a line.
struct Body {
    out: String,
    syntax: Syntax,
    /// How many blanks stand before a name.
    inset: usize,
    is_first: bool,
}

impl Body {
    /// Begins a field: what parts it from the one before, and its name.
    fn name(&mut self, name: &str) {
        match self.syntax {
            Syntax::Json => {
                self.out.push_str(if self.is_first { "" } else { ",\n" });
                self.indent(0);
                json_string(name, &mut self.out);
                self.out.push_str(": ");
            }
            Syntax::Yaml => {
                self.indent(0);
                yaml::scalar(name, &mut self.out);
                self.out.push(':');
            }
        }
        self.is_first = false;
    }

    fn indent(&mut self, more: usize) {
        self.out.extend(std::iter::repeat_n(' ', self.inset + more));
    }

    /// Whether a field of that name is printed.
    fn has(&self, name: &str) -> bool {
        let mut line = " ".repeat(self.inset);
        match self.syntax {
            Syntax::Json => json_string(name, &mut line),
            Syntax::Yaml => yaml::scalar(name, &mut line),
        }
        line.push(':');
        self.out.lines().any(|printed| printed.starts_with(&line))
    }

    /// A word of a vocabulary.
    fn word(&mut self, name: &str, value: &str) {
        self.name(name);
        match self.syntax {
            Syntax::Json => json_string(value, &mut self.out),
            Syntax::Yaml => {
                self.out.push(' ');
                self.out.push_str(value);
                self.out.push('\n');
            }
        }
    }

    /// A text in the syntax's own markup.
    fn string(&mut self, name: &str, value: &str) {
        self.name(name);
        match self.syntax {
            Syntax::Json => json_string(value, &mut self.out),
            Syntax::Yaml => {
                self.out.push(' ');
                yaml::scalar(value, &mut self.out);
                self.out.push('\n');
            }
        }
    }

    /// Characters that must arrive as they are.
    fn exact(&mut self, name: &str, value: &str) {
        match self.syntax {
            Syntax::Json => self.string(name, value),
            Syntax::Yaml => {
                // Quoted whether it must be or not: so nobody who edits the file unquotes an identifier's neighbour.
                let mut markdown = String::with_capacity(value.len());
                markdown::encode_exact(value, &mut markdown);
                self.name(name);
                self.out.push(' ');
                yaml::quoted(&markdown, &mut self.out);
                self.out.push('\n');
            }
        }
    }

    /// A list of texts in the syntax's own markup.
    fn strings<'v>(&mut self, name: &str, values: impl Iterator<Item = &'v str>) {
        self.name(name);
        match self.syntax {
            Syntax::Json => {
                self.out.push('[');
                for (at, value) in values.enumerate() {
                    self.out.push_str(if at > 0 { ", " } else { "" });
                    json_string(value, &mut self.out);
                }
                self.out.push(']');
            }
            Syntax::Yaml => {
                let mut values = values.peekable();
                self.out.push_str(if values.peek().is_some() { "\n" } else { " []\n" });
                for value in values {
                    self.indent(0);
                    self.out.push_str("- ");
                    yaml::scalar(value, &mut self.out);
                    self.out.push('\n');
                }
            }
        }
    }

    /// A list of names, one a line in JSON.
    fn names<'n>(&mut self, name: &str, names: impl Iterator<Item = &'n Name>) {
        self.name(name);
        match self.syntax {
            Syntax::Json => {
                self.out.push('[');
                for (at, name) in names.enumerate() {
                    self.out.push_str(if at > 0 { ",\n" } else { "\n" });
                    self.indent(2);
                    self.json_name(name);
                }
                self.out.push('\n');
                self.indent(0);
                self.out.push(']');
            }
            Syntax::Yaml => {
                self.out.push('\n');
                for name in names {
                    self.yaml_name(name);
                }
            }
        }
    }

    fn json_name(&mut self, name: &Name) {
        let mut lead = '{';
        for (part, value) in name_parts(name) {
            self.out.push(lead);
            if lead == ',' {
                self.out.push(' ');
            }
            json_string(part, &mut self.out);
            self.out.push_str(": ");
            json_string(value, &mut self.out);
            lead = ',';
        }
        self.out.push('}');
    }

    fn yaml_name(&mut self, name: &Name) {
        let mut lead = "- ";
        let mut markdown = String::new();
        for (part, value) in name_parts(name) {
            self.indent(0);
            self.out.push_str(lead);
            self.out.push_str(part);
            self.out.push_str(": ");
            markdown.clear();
            markdown::encode_exact(value, &mut markdown);
            yaml::scalar(&markdown, &mut self.out);
            self.out.push('\n');
            lead = "  ";
        }
    }

    /// A date; whether it says all.
    fn date(&mut self, name: &str, date: &Date) -> bool {
        let mut value = String::new();
        let is_whole = match date {
            Date::Day(day) if has_figures(day) => {
                date_parts(&[day], self.syntax, &mut value);
                day.time.is_none() && !day.uncertain && !day.unspecified_month && !day.unspecified_day
            }
            Date::Range(Bound::Day(start), end) if has_figures(start) => match end {
                Bound::Day(end) if has_figures(end) => {
                    date_parts(&[start, end], self.syntax, &mut value);
                    is_calendar(start) && is_calendar(end)
                }
                Bound::Day(_) | Bound::Open | Bound::Unknown => {
                    date_parts(&[start], self.syntax, &mut value);
                    false
                }
            },
            Date::Day(_) | Date::Range(..) | Date::Written(_) => {
                self.literal_date(date, &mut value);
                true
            }
        };
        self.raw(name, &value);
        is_whole
    }

    fn literal_date(&self, date: &Date, value: &mut String) {
        let text = date.to_string();
        match self.syntax {
            Syntax::Json => {
                value.push_str("{\"literal\": ");
                json_string(&text, value);
            }
            Syntax::Yaml => {
                let mut markdown = String::new();
                markdown::encode_exact(&text, &mut markdown);
                value.push_str("{literal: ");
                yaml::quoted(&markdown, value);
            }
        }
        value.push('}');
    }

    /// A value in the syntax of JSON, which is YAML's flow style as well.
    fn raw(&mut self, name: &str, value: &str) {
        self.name(name);
        if self.syntax == Syntax::Yaml {
            self.out.push(' ');
        }
        self.out.push_str(value);
        if self.syntax == Syntax::Yaml {
            self.out.push('\n');
        }
    }

    /// A foreign value: a string, or JSON as it was written.
    fn foreign(&mut self, name: &str, foreign: &Foreign) {
        if foreign.format == FAMILY && super::is_raw_json(&foreign.value) {
            self.raw(name, &foreign.value);
        } else {
            self.exact(name, &foreign.value);
        }
    }

    /// An object whose fields were printed apart.
    fn object(&mut self, name: &str, fields: &str) {
        self.name(name);
        self.out.push_str(if self.syntax == Syntax::Json { "{\n" } else { "\n" });
        self.out.push_str(fields);
        if self.syntax == Syntax::Json {
            self.out.push('\n');
            self.indent(0);
            self.out.push('}');
        }
    }
}

/// The parts of a name that are not empty, as CSL calls them.
fn name_parts(name: &Name) -> impl Iterator<Item = (&'static str, &str)> {
    let parts = match name {
        Name::Person(person) => [
            ("family", person.family.as_str()),
            ("given", &person.given),
            ("non-dropping-particle", &person.particle),
            ("dropping-particle", &person.dropping_particle),
            ("suffix", &person.suffix),
        ],
        Name::Literal(name) => [("literal", name.as_str()), ("", ""), ("", ""), ("", ""), ("", "")],
        Name::Others => [("", ""); 5],
    };
    parts.into_iter().filter(|(_, value)| !value.is_empty())
}

/// Whether `date-parts` can hold the year: four figures, all of them given.
fn has_figures(day: &Day) -> bool {
    day.unspecified_year_digits == 0 && (-9999..=9999).contains(&day.year)
}

fn is_calendar(day: &Day) -> bool {
    !day.is_season() && day.time.is_none() && !day.is_qualified()
}

/// Appends `date-parts` of one date or two, with season and doubt.
fn date_parts(days: &[&Day], syntax: Syntax, out: &mut String) {
    let quote = if syntax == Syntax::Json { "\"" } else { "" };
    let _ = write!(out, "{{{quote}date-parts{quote}: [");
    for (at, day) in days.iter().enumerate() {
        // CSL counts years before Christ without a year 0.
        let year = if day.year <= 0 { day.year - 1 } else { day.year };
        let _ = write!(out, "{}[{year}", if at > 0 { ", " } else { "" });
        for part in [day.month.filter(|_| !day.is_season()), day.day].into_iter().flatten() {
            let _ = write!(out, ", {part}");
        }
        out.push(']');
    }
    out.push(']');
    if let [Day { month: Some(season @ 21..), .. }] = days {
        let _ = write!(out, ", {quote}season{quote}: {}", season - 20);
    }
    if days.iter().any(|day| day.approximate) {
        let _ = write!(out, ", {quote}circa{quote}: true");
    }
    out.push('}');
}

/// Appends a JSON string. Beside what RFC 8259 demands, line separators and control characters are escaped.
fn json_string(text: &str, out: &mut String) {
    out.push('"');
    json_characters(text, out);
    out.push('"');
}

fn json_characters(text: &str, out: &mut String) {
    let is_clean = |b: u8| !matches!(b, 0..=0x1f | b'"' | b'\\' | 0x7f | 0xc2 | 0xe2);
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|b| !is_clean(b)) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(c) = rest.chars().next() else { return };
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    out.push_str(rest);
}
