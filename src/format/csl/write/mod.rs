//! Prints an entry as CSL-JSON or CSL-YAML: one field a line, in a fixed order.
//!
//! Both syntaxes share everything but the punctuation. Knows no reader.

mod body;

use super::read::labelled_id;
use super::volume::Volume;
use super::{
    FAMILY, JURISDICTION, NAME_PARTS, date_variable, degree, in_periodical, is_scope, is_series_words, kind_of,
    language_tag, list_variable, markdown, plain_variable, publisher_of, role_variable, scheme_variable, split_keyword,
    state_words, subtitle_of, text_variable, type_of,
};
use crate::format::{Printer, WriteOptions};
use crate::model::{
    Entry, FieldName, Foreign, Identifier, Kind, ListField, Name, PlainField, Role, Run, Scheme, Style, Text,
    TextField, language, subtitle_separator,
};
use crate::yaml;
use body::{Body, Syntax, json_characters};
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
        volume: Volume::of(entry),
        printer,
    };
    let title = if writer.volume == Volume::Item { TextField::MainTitle } else { TextField::Title };
    writer.kind();
    writer.texts(|field| field == title);
    writer.people();
    writer.texts(|field| field != title && !matches!(field, TextField::Abstract | TextField::Note));
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
    volume: Volume,
    printer: &'p mut Printer,
}

/// The name in a list of names, and the part of it, that a foreign value was read as: `author.0.comma-suffix`.
fn part_of_name<'f>(entry: &Entry, foreign: &'f Foreign, variable: &str) -> Option<(usize, &'f str, &'f Foreign)> {
    let (at, part) = foreign.name.strip_prefix(variable)?.strip_prefix('.')?.split_once('.')?;
    let at = at.parse().ok().filter(|_| foreign.format == FAMILY)?;
    let role = Role::ALL.iter().copied().find(|role| role_variable(*role) == Some(variable))?;
    let count = entry.people_as(role).filter(|name| !name.family().is_empty()).count();
    // Of the parts that have a meaning of their own the name says all.
    (at < count && !NAME_PARTS.contains(&part)).then_some((at, part, foreign))
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

    fn texts(&mut self, wanted: impl Fn(TextField) -> bool) {
        let entry = self.entry;
        let volume = self.volume;
        for (field, text) in entry.texts.iter().filter(|(field, _)| wanted(*field)) {
            self.report_markup(FieldName::Text(field), text);
            self.encode_text(text);
            match volume.variable(field).or_else(|| text_variable(field)) {
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
            let is_journal_series = field == TextField::Series
                && in_periodical(entry.kind)
                && text.as_plain().is_some_and(is_series_words)
                && !entry.plain.contains(PlainField::JournalSeries);
            if is_journal_series {
                // Else it would be taken for the words of a journal's series.
                self.custom.string(field.name(), &self.scratch);
            }
            if volume == Volume::None && field == TextField::MainTitle && entry.title() == Some(text) {
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
        if let (true, Some(text)) = (wanted(TextField::MainTitle), entry.main_title_of_container()) {
            // `custom` says what it is here too.
            self.encode_text(text);
            self.body.string("container-title", &self.scratch);
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
            TextField::VolumeTitle => Volume::takes(entry),
            TextField::ContainerTitle => entry.contains_itself(),
            _ => false,
        }
    }

    fn add_subtitle(&mut self, field: TextField) {
        if let Some(subtitle) = subtitle_of(field).and_then(|field| self.entry.texts.get(field)) {
            self.scratch.push_str(subtitle_separator(&self.scratch));
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
            let variable = role_variable(role).unwrap_or(role.name());
            let mut others: Vec<(usize, &str, &Foreign)> = Vec::new();
            for other in entry.foreign.iter().filter_map(|foreign| part_of_name(entry, foreign, variable)) {
                if !others.iter().any(|(at, part, _)| (*at, *part) == (other.0, other.1)) {
                    others.push(other);
                }
            }
            match role_variable(role) {
                Some(variable) => self.body.names(variable, names(), &others),
                None => self.custom.names(role.name(), names(), &[]),
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
                    let variable = if is_scope(field, entry.kind) && !self.has_own(JURISDICTION) {
                        JURISDICTION
                    } else {
                        variable
                    };
                    let printed = if field == ListField::Language { tags(items) } else { items.clone() };
                    self.join(&printed, separator);
                    self.body.string(variable, &self.scratch);
                    let is_exact = printed == *items
                        && items.iter().all(|item| {
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
            self.body.string("language", &tag);
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
        let is_identifier = |note: &Text| note.to_plain().split('\n').any(|line| labelled_id(line).is_some());
        if note.is_some_and(is_identifier) {
            self.printer.drop_field(
                FieldName::Text(TextField::Note),
                "a line of a note in CSL that gives an identifier is that",
            );
        }
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
            let is_part =
                |role| role_variable(role).is_some_and(|variable| part_of_name(entry, foreign, variable).is_some());
            if Role::ALL.iter().copied().any(is_part) {
                if entry.foreign[..at].iter().any(|before| (before.format, &before.name) == (FAMILY, &foreign.name)) {
                    self.printer.drop_field(FieldName::Foreign(at), TAKEN);
                }
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

    /// Whether a variable of CSL is kept as it was written.
    fn has_own(&self, variable: &str) -> bool {
        self.entry.foreign.iter().any(|foreign| foreign.format == FAMILY && foreign.name == variable)
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

/// The tags of languages, which CSL wants; a language without one as it is named.
fn tags(items: &[Text]) -> Vec<Text> {
    items.iter().map(|item| language::tag_of(&item.to_plain()).map_or_else(|| item.clone(), Text::plain)).collect()
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
