//! Prints an entry as Hayagriva YAML: one field a line, in a fixed order, containers as parents.
//!
//! Knows no reader.

mod titles;
mod tree;
mod values;

use super::{
    FAMILY, MAIN_TYPE, ORIGINAL_TYPE, degree, has_container, kind_of, kind_of_degree, number_is_in_series, role_name,
    serial_of, string, takes_place, types_of,
};
use crate::format::{Printer, WriteOptions};
use crate::latex;
use crate::model::{
    DateField, Entry, FieldName, Identifier, Kind, ListField, Name, Person, PlainField, Role, Scheme, Text, TextField,
    language,
};
use crate::yaml;
use std::borrow::Cow;
use tree::{Map, Value};
use values::{calendar, is_language_tag, is_without_slot, plain_string, url};

/// Prints an entry.
pub(super) fn entry(entry: &Entry, _: &WriteOptions, printer: &mut Printer) {
    print_key(entry.key.as_deref().unwrap_or_default(), printer);
    let mut writer = EntryWriter {
        entry,
        own: Map::default(),
        container: Map::default(),
        main: Map::default(),
        series: Map::default(),
        event: Map::default(),
        original: Map::default(),
        scratch: String::new(),
        printer,
    };
    writer.kind();
    writer.titles();
    writer.people();
    writer.dates();
    writer.lists();
    writer.plain();
    writer.serial_numbers();
    writer.notes();
    writer.foreign();
    writer.finish();
}

/// Prints the key: plain where it stays plain with a suffix behind it, else quoted.
fn print_key(key: &str, printer: &mut Printer) {
    // A short key could become a reserved word: "ye" and "s".
    let is_plain = key.len() > 5 && yaml::is_plain(key);
    if is_plain {
        printer.key(key);
        printer.out.push_str(":\n");
        return;
    }
    let mut escaped = String::new();
    yaml::escaped(key, &mut escaped);
    printer.out.push('"');
    printer.key(&escaped);
    printer.out.push_str("\":\n");
}

const NO_OTHERS: &str = "Hayagriva has no mark that a list of names goes on; the names given are printed";
const NO_ROLE: &str = "Hayagriva has no such role";
const NO_DROPPING: &str = "Hayagriva has one kind of particle; the name is printed with it";
const NO_GIVEN: &str = "Hayagriva takes several words without a given name for the name of a body";
const AS_CONTAINER: &str = "without the title of its volume it is printed as that of the container";
const NO_MARKUP: &str = "Hayagriva has no markup but mathematics and protected letter case; the text is printed";
const AS_ARTICLE: &str = "Hayagriva's article with volume or pages is read as a journal's";
const NO_KIND: &str = "Hayagriva has no such kind; the nearest one is printed";
const AS_PREPRINT: &str = "with an arXiv identifier it is read as a preprint";
const NO_SLOT: &str = "Hayagriva has no slot for it";
const NO_CLASSES: &str = "Hayagriva has no slot for subject classes";
const NO_KEYWORDS: &str = "Hayagriva has no slot for keywords";
const ONE_TITLE: &str = "Hayagriva does not part subtitles; it is printed behind the title";
const ONE_NOTE: &str = "Hayagriva has one note; it is printed there and not told apart";
const ONE_VALUE: &str = "Hayagriva has one value of this kind, and another one is printed";
const ONE_VERSION: &str = "of one paper one version is read back";
const NO_DATE: &str = "Hayagriva knows dates of year, month or day only";
const NO_NUMBER: &str = "Hayagriva refuses a file in which this is no number";
const NO_URL: &str = "Hayagriva refuses a file in which this is no absolute URL";
const TAG_ONLY: &str = "Hayagriva has languages by their tags; the tag is printed";
const NO_TAG: &str = "Hayagriva refuses a file in which this is no language tag";

struct EntryWriter<'e, 'p> {
    entry: &'e Entry,
    own: Map,
    container: Map,
    /// The work in several volumes of which this or its container is one.
    main: Map,
    series: Map,
    event: Map,
    /// What this was published as before.
    original: Map,
    scratch: String,
    printer: &'p mut Printer,
}

impl<'e> EntryWriter<'e, '_> {
    fn kind(&mut self) {
        let kind = self.entry.kind;
        let types = types_of(kind);
        let own = self.foreign_value("type").unwrap_or(types.own);
        let parent = types.needs_parent.then_some(types.parent);
        let genre = self.entry.texts.get(TextField::Genre);
        let is_degree = degree(kind).is_some()
            && genre.is_none_or(|genre| kind_of_degree(&genre.to_plain()) == Some(kind) && genre.as_plain().is_some());
        let is_paged = [PlainField::Volume, PlainField::Issue, PlainField::Pages]
            .iter()
            .any(|field| self.entry.plain.contains(*field));
        if !is_degree && kind_of(types.own, parent).is_none_or(|(read, _)| read != kind) {
            self.printer.drop_field(FieldName::Kind, NO_KIND);
        } else if kind == Kind::Misc && self.entry.arxiv().is_some() && !self.prints_container() {
            self.printer.drop_field(FieldName::Kind, AS_PREPRINT);
        } else if kind == Kind::Preprint && is_paged && self.entry.arxiv().is_none() && !self.prints_container() {
            self.printer.drop_field(FieldName::Kind, AS_ARTICLE);
        }
        self.own.word("type", own);
    }

    /// Whether a container's title is printed.
    fn prints_container(&self) -> bool {
        has_container(self.entry.kind) && self.entry.texts.contains(TextField::ContainerTitle)
    }

    /// A foreign value of this format.
    fn foreign_value(&self, name: &str) -> Option<&'e str> {
        let entry = self.entry;
        let foreign = entry.foreign.iter().find(|f| f.format == FAMILY && f.name == name)?;
        Some(&foreign.value)
    }

    /// A text as formattable string; markup that is lost is reported.
    fn text(&mut self, field: TextField) -> Option<String> {
        let text = self.entry.texts.get(field)?;
        self.scratch.clear();
        // The address of a link is kept as text, but that it was one is lost, as all TeX is.
        let spelled = latex::spell_links(text);
        let is_whole = string::encode(&spelled, &mut self.scratch);
        if !is_whole || matches!(spelled, Cow::Owned(_)) {
            self.printer.drop_field(FieldName::Text(field), NO_MARKUP);
        }
        Some(self.scratch.clone())
    }

    fn people(&mut self) {
        let entry = self.entry;
        self.persons(Slot::Own, "author", Role::Author);
        // The editors of an article are those of the volume that it stands in.
        let is_in_volume = has_container(entry.kind) && types_of(entry.kind).needs_parent;
        self.persons(if is_in_volume { Slot::Container } else { Slot::Own }, "editor", Role::Editor);
        if has_container(entry.kind) {
            self.persons(Slot::Container, "author", Role::ContainerAuthor);
        }
        if entry.texts.contains(TextField::Series) {
            self.persons(Slot::Series, "editor", Role::SeriesEditor);
        }
        let mut affiliated = Vec::new();
        for role in Role::ALL.iter().copied() {
            self.report_names(role);
            let is_done = matches!(role, Role::Author | Role::Editor)
                || (role == Role::ContainerAuthor && has_container(entry.kind))
                || (role == Role::SeriesEditor && entry.texts.contains(TextField::Series));
            if is_done || named(entry, role).next().is_none() {
                continue;
            }
            let Some(name) = role_name(role) else {
                self.printer.drop_field(FieldName::People(role), NO_ROLE);
                continue;
            };
            let mut part = Map::default();
            part.word("role", name);
            part.add("names", self.names(&format!("affiliated.{name}"), role));
            affiliated.push(Value::Map(part));
        }
        affiliated.extend(self.kept_whole("affiliated"));
        if !affiliated.is_empty() {
            self.own.add("affiliated", Value::List(affiliated));
        }
    }

    fn report_names(&mut self, role: Role) {
        let names = || self.entry.people_as(role);
        let has_dropping = names().any(|name| matches!(name, Name::Person(p) if !p.dropping_particle.is_empty()));
        let has_others = names().any(Name::is_others);
        let has_bare = names().any(|name| {
            let Name::Person(person) = name else { return false };
            let Person { family, given, particle, dropping_particle, suffix } = person;
            let is_alone = [given, particle, dropping_particle, suffix].into_iter().all(String::is_empty);
            is_alone && family.contains(char::is_whitespace)
        });
        if has_others {
            self.printer.drop_field(FieldName::People(role), NO_OTHERS);
        } else if has_dropping {
            self.printer.drop_field(FieldName::People(role), NO_DROPPING);
        } else if has_bare {
            self.printer.drop_field(FieldName::People(role), NO_GIVEN);
        }
    }

    fn persons(&mut self, slot: Slot, name: &'static str, role: Role) {
        if named(self.entry, role).next().is_none() {
            return;
        }
        let prefix = match slot {
            Slot::Own | Slot::None => "",
            Slot::Container => "parent.",
            Slot::Series => "series.",
            Slot::Event => "event.",
            Slot::Original => "original.",
        };
        let names = self.names(&format!("{prefix}{name}"), role);
        self.map(slot).add(name, names);
    }

    /// The names of a role, in parts where more parts are kept for the place `path`.
    fn names(&self, path: &str, role: Role) -> Value {
        let has_more = |at: usize| {
            let mut kept = self.entry.foreign.iter().filter(|f| f.format == FAMILY);
            kept.any(|f| f.name.starts_with(&format!("{path}.{at}.")))
        };
        let names = named(self.entry, role).enumerate();
        Value::List(names.map(|(at, name)| Value::person(name, has_more(at))).collect())
    }

    fn map(&mut self, slot: Slot) -> &mut Map {
        match slot {
            Slot::Own | Slot::None => &mut self.own,
            Slot::Container => &mut self.container,
            Slot::Series => &mut self.series,
            Slot::Event => &mut self.event,
            Slot::Original => &mut self.original,
        }
    }

    fn dates(&mut self) {
        let entry = self.entry;
        for (field, date) in entry.dates.iter() {
            let name = FieldName::Date(field);
            let slot = match field {
                DateField::Issued => Slot::Own,
                DateField::Event if entry.kind == Kind::Speech => Slot::Container,
                DateField::Event if !self.event.is_empty() => Slot::Event,
                DateField::Original => Slot::Original,
                // With the URL.
                DateField::Accessed if url(entry).is_some() => {
                    if calendar(date).is_none_or(|(_, is_whole)| !is_whole) {
                        self.printer.drop_field(name, NO_DATE);
                    }
                    continue;
                }
                DateField::Accessed => {
                    self.printer.drop_field(name, "Hayagriva has this date with a URL only");
                    continue;
                }
                DateField::Event | DateField::Submitted | DateField::Available => {
                    self.printer.drop_field(name, NO_SLOT);
                    continue;
                }
            };
            let printed = calendar(date);
            if printed.as_ref().is_none_or(|(_, is_whole)| !is_whole) {
                self.printer.drop_field(name, NO_DATE);
            }
            if let Some((value, _)) = printed {
                self.map(slot).word("date", &value);
            }
        }
    }

    fn lists(&mut self) {
        let entry = self.entry;
        let publisher = self.joined(ListField::Publisher, "; ");
        let place = self.joined(ListField::Place, "; ");
        let has_arxiv_publisher = publisher.is_none() && entry.kind == Kind::Preprint && entry.arxiv().is_some();
        let publisher = publisher.or_else(|| has_arxiv_publisher.then(|| "arXiv".to_owned()));
        let slot = if types_of(entry.kind).needs_parent { Slot::Container } else { Slot::Own };
        self.publisher(slot, publisher.as_deref(), place.as_deref());
        let original = self.joined(ListField::OriginalPublisher, "; ");
        let original_place = self.joined(ListField::OriginalPlace, "; ");
        self.publisher(Slot::Original, original.as_deref(), original_place.as_deref());
        let organization = [self.institution_field(), ListField::Institution, ListField::Organization]
            .into_iter()
            .find(|field| entry.lists.contains(*field));
        if let Some(field) = organization
            && let Some(value) = self.joined(field, "; ")
        {
            self.own.scalar("organization", &value);
        }
        for field in entry.lists.keys() {
            let name = FieldName::List(field);
            match field {
                ListField::Publisher | ListField::Place | ListField::OriginalPublisher | ListField::OriginalPlace => {}
                ListField::Institution | ListField::Organization => {
                    if organization != Some(field) || self.institution_field() != field {
                        self.printer.drop_field(name, ONE_VALUE);
                    }
                }
                ListField::EventPlace if self.event.is_empty() && !takes_place(entry.kind) && place.is_none() => {
                    self.printer.drop_field(name, "it would be read as where the work was published");
                }
                ListField::EventPlace => {
                    if let Some(value) = self.joined(field, "; ") {
                        let map = if self.event.is_empty() { &mut self.own } else { &mut self.event };
                        map.scalar("location", &value);
                    }
                }
                // With `langid`.
                ListField::Language => {}
                ListField::Category => self.printer.drop_field(name, NO_CLASSES),
                ListField::Keyword => self.printer.drop_field(name, NO_KEYWORDS),
                ListField::OriginalLanguage => self.printer.drop_field(name, NO_SLOT),
            }
        }
        self.language();
    }

    /// The list that `organization` means for a kind of work.
    fn institution_field(&self) -> ListField {
        super::institution_of(self.entry.kind)
    }

    fn publisher(&mut self, slot: Slot, name: Option<&str>, place: Option<&str>) {
        let map = self.map(slot);
        match (name, place) {
            (None, None) => {}
            (Some(name), None) => map.scalar("publisher", name),
            (name, Some(place)) => {
                let mut parts = Map::default();
                if let Some(name) = name {
                    parts.scalar("name", name);
                }
                parts.scalar("location", place);
                map.add("publisher", Value::Map(parts));
            }
        }
    }

    /// The language of the work, or else the one that babel is to set the entry in: Hayagriva makes no difference.
    fn language(&mut self) {
        let entry = self.entry;
        let sound = |tag: Option<String>| tag.filter(|tag| is_language_tag(tag));
        if let Some(items) = entry.lists.get(ListField::Language) {
            let name = items.first().map(Text::to_plain).unwrap_or_default();
            let tag = sound(language::tag_of(&name));
            let reason = match &tag {
                None => Some(NO_TAG),
                Some(_) if items.len() > 1 => Some(ONE_VALUE),
                Some(tag) => (*tag != name).then_some(TAG_ONLY),
            };
            if let Some(reason) = reason {
                self.printer.drop_field(FieldName::List(ListField::Language), reason);
            }
            tag.into_iter().for_each(|tag| self.own.quoted("language", &tag));
        }
        if let Some(name) = entry.plain.get(PlainField::LanguageId) {
            let tag = sound(language::regional_tag_of(name)).filter(|_| !self.own.has("language"));
            let reason = if tag.is_some() { TAG_ONLY } else { NO_SLOT };
            self.printer.drop_field(FieldName::Plain(PlainField::LanguageId), reason);
            tag.into_iter().for_each(|tag| self.own.quoted("language", &tag));
        }
    }

    fn joined(&mut self, field: ListField, separator: &str) -> Option<String> {
        let items = self.entry.lists.get(field)?;
        let mut out = String::new();
        let mut is_whole = true;
        for (at, item) in items.iter().enumerate() {
            out.push_str(if at > 0 { separator } else { "" });
            is_whole &= string::encode(item, &mut out);
        }
        is_whole &= string::split(&out, separator).into_iter().map(string::decode).eq(items.iter().cloned());
        if !is_whole {
            self.printer.drop_field(FieldName::List(field), NO_MARKUP);
        }
        (!out.is_empty()).then_some(out)
    }

    fn plain(&mut self) {
        let entry = self.entry;
        let is_contained = types_of(entry.kind).needs_parent;
        let volume_slot = if is_contained { Slot::Container } else { Slot::Own };
        for (field, value) in entry.plain.iter() {
            let is_count = value.len() <= 9 && !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
            match field {
                PlainField::Volume => self.map(volume_slot).quoted("volume", value),
                PlainField::Issue => self.map(volume_slot).quoted("issue", value),
                PlainField::Edition => self.map(volume_slot).quoted("edition", value),
                PlainField::Volumes if is_count => self.map(volume_slot).quoted("volume-total", value),
                PlainField::PageTotal if is_count => self.own.quoted("page-total", value),
                PlainField::Volumes | PlainField::PageTotal => {
                    self.printer.drop_field(FieldName::Plain(field), NO_NUMBER);
                }
                PlainField::Pages => {
                    if super::read_pages(value) != *value {
                        self.printer
                            .drop_field(FieldName::Plain(field), "Hayagriva reads a hyphen as a range of pages");
                    }
                    self.own.quoted("page-range", value);
                }
                PlainField::Chapter => self.own.quoted("chapter", value),
                PlainField::Number if number_is_in_series(entry) => self.series.quoted("volume", value),
                PlainField::Number | PlainField::ArticleNumber | PlainField::Version => self.report_number(field),
                PlainField::CallNumber => self.own.quoted("call-number", &plain_string(value)),
                PlainField::Archive => self.own.scalar("archive", &plain_string(value)),
                PlainField::ArchiveLocation => self.own.scalar("archive-location", &plain_string(value)),
                PlainField::Url => self.url(),
                // With the language.
                PlainField::LanguageId => {}
                PlainField::Part
                | PlainField::Pagination
                | PlainField::BookPagination
                | PlainField::Section
                | PlainField::Database
                | PlainField::SortKey
                | PlainField::Options
                | PlainField::File
                | PlainField::JournalSeries
                | PlainField::CrossReference
                | PlainField::KeyAliases => self.printer.drop_field(FieldName::Plain(field), NO_SLOT),
            }
        }
    }

    /// Reports a number that is not the entry's serial number.
    fn report_number(&mut self, field: PlainField) {
        if !is_serial(self.entry, field) {
            self.printer.drop_field(FieldName::Plain(field), NO_SLOT);
        }
    }

    fn url(&mut self) {
        let entry = self.entry;
        let Some(url) = url(entry) else {
            return self.printer.drop_field(FieldName::Plain(PlainField::Url), NO_URL);
        };
        match entry.dates.get(DateField::Accessed).and_then(calendar) {
            None => self.own.quoted("url", url),
            Some((date, _)) => {
                let mut parts = Map::default();
                parts.quoted("value", url);
                parts.word("date", &date);
                self.own.add("url", Value::Map(parts));
            }
        }
    }

    fn serial_numbers(&mut self) {
        let entry = self.entry;
        let mut own = Map::default();
        let mut container = Map::default();
        let version = entry.plain.get(PlainField::Version).filter(|_| serial_of(entry.kind) == PlainField::Version);
        if let Some(id) = entry.arxiv().filter(|_| entry.kind == Kind::Preprint) {
            own.quoted("serial", &format!("arXiv:{id}"));
        } else if let Some(version) = version {
            own.quoted("version", version);
        } else if let Some(value) = entry.plain.get(serial_of(entry.kind)).filter(|_| !number_is_in_series(entry)) {
            own.quoted("serial", value);
        }
        if has_two_versions(entry) {
            self.printer.drop_field(FieldName::Id(Scheme::Arxiv), ONE_VERSION);
        }
        let mut counts: Vec<(Scheme, usize)> = Vec::new();
        for id in &entry.ids {
            let scheme = id.scheme();
            let count = counts.iter().filter(|(counted, _)| *counted == scheme).count() + 1;
            counts.push((scheme, count));
            let name = super::scheme_name(scheme);
            let name = if count == 1 { Cow::Borrowed(name) } else { format!("{name}-{count}").into() };
            // The numbers of a book or serial are those of the container.
            let is_containers = matches!(scheme, Scheme::Isbn | Scheme::Issn) && types_of(entry.kind).needs_parent;
            let numbers = if is_containers { &mut container } else { &mut own };
            numbers.quoted(name, &Identifier::value(id));
        }
        for (map, numbers) in [(&mut self.own, own), (&mut self.container, container)] {
            if !numbers.is_empty() {
                map.add("serial-number", Value::Map(numbers));
            }
        }
    }

    fn notes(&mut self) {
        const NOTES: [TextField; 4] = [TextField::Note, TextField::Addendum, TextField::JournalRef, TextField::Comment];
        let mut note = String::new();
        for field in NOTES {
            let Some(text) = self.text(field) else { continue };
            if field != TextField::Note {
                self.printer.drop_field(FieldName::Text(field), ONE_NOTE);
            }
            if !note.is_empty() {
                note.push_str("; ");
            }
            note.push_str(&text);
        }
        if !note.is_empty() {
            self.own.scalar("note", &note);
        }
        match self.text(TextField::Genre) {
            Some(genre) => self.own.scalar("genre", &genre),
            None => {
                if let Some(degree) = degree(self.entry.kind) {
                    self.own.scalar("genre", degree);
                }
            }
        }
        if let Some(text) = self.text(TextField::Abstract) {
            self.own.scalar("abstract", &text);
        }
        for field in self.entry.texts.keys() {
            if is_without_slot(field) {
                self.printer.drop_field(FieldName::Text(field), NO_SLOT);
            }
        }
    }

    fn foreign(&mut self) {
        let entry = self.entry;
        for (at, foreign) in entry.foreign.iter().enumerate() {
            if foreign.format != FAMILY {
                self.printer.drop_field(FieldName::Foreign(at), "Hayagriva has no slot for other formats' fields");
                continue;
            }
            let name = foreign.name.as_str();
            if matches!(name, "type" | "parent.type" | "series.type" | "affiliated" | "parent" | "parent.parent") {
                continue;
            }
            let (map, name) = match name.split_once('.') {
                Some(("parent", name)) => (&mut self.container, name),
                Some(("series", name)) => (&mut self.series, name),
                Some(("event", name)) => (&mut self.event, name),
                Some(("main", name)) => (&mut self.main, name),
                Some(("original", name)) => (&mut self.original, name),
                _ => (&mut self.own, name),
            };
            if !map.keep(name, &foreign.value) {
                self.printer.drop_field(FieldName::Foreign(at), ONE_VALUE);
            }
        }
    }

    /// The members of a list that were kept as they stood.
    fn kept_whole(&self, name: &str) -> impl Iterator<Item = Value> {
        let kept = self.entry.foreign.iter().filter(move |f| f.format == FAMILY && f.name == name);
        kept.map(|foreign| Value::Line(foreign.value.clone()))
    }

    /// Adds the parents, the container with its series inside it, or the series, then the event; and prints all.
    fn finish(mut self) {
        let kind = self.entry.kind;
        let types = types_of(kind);
        let mut parents = Vec::new();
        let mut series = std::mem::take(&mut self.series);
        if !series.is_empty() {
            series.add_first("type", Value::Line(self.foreign_value("series.type").unwrap_or("anthology").to_owned()));
        }
        let mut main = std::mem::take(&mut self.main);
        let inner = if main.is_empty() {
            (!series.is_empty()).then_some(series)
        } else {
            main.add_first("type", Value::Line(MAIN_TYPE.to_owned()));
            if !series.is_empty() {
                main.add("parent", Value::Map(series));
            }
            Some(main)
        };
        let told = self.foreign_value("parent.type");
        let mut container = std::mem::take(&mut self.container);
        if types.needs_parent || told.is_some() || !container.is_empty() || (has_container(kind) && inner.is_some()) {
            container.add_first("type", Value::Line(told.unwrap_or(types.parent).to_owned()));
            container.parents(inner.map(Value::Map).into_iter().chain(self.kept_whole("parent.parent")).collect());
            parents.push(Value::Map(container));
        } else {
            parents.extend(inner.map(Value::Map));
        }
        if !self.event.is_empty() {
            self.event.add_first("type", Value::Line("conference".to_owned()));
            parents.push(Value::Map(std::mem::take(&mut self.event)));
        }
        if !self.original.is_empty() {
            self.original.add_first("type", Value::Line(ORIGINAL_TYPE.to_owned()));
            parents.push(Value::Map(std::mem::take(&mut self.original)));
        }
        parents.extend(self.kept_whole("parent"));
        self.own.parents(parents);
        self.own.print(2, &mut self.printer.out);
    }
}

/// Where a field is printed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Own,
    Container,
    Series,
    Event,
    Original,
    None,
}

/// Whether one paper is named twice, with a version and without or with another: they are read as one.
fn has_two_versions(entry: &Entry) -> bool {
    let mut papers: Vec<&str> = Vec::new();
    entry.ids.iter().any(|id| match id {
        Identifier::Arxiv(id) if papers.contains(&id.id()) => true,
        Identifier::Arxiv(id) => {
            papers.push(id.id());
            false
        }
        Identifier::Other(..) => false,
    })
}

/// The names of a role that can be printed.
fn named(entry: &Entry, role: Role) -> impl Iterator<Item = &Name> {
    entry.people_as(role).filter(|name| !name.family().is_empty())
}

/// Whether a field is what the entry's `serial` says.
fn is_serial(entry: &Entry, field: PlainField) -> bool {
    let is_taken = entry.kind == Kind::Preprint && entry.arxiv().is_some();
    serial_of(entry.kind) == field && !is_taken
}
