//! Reads Hayagriva YAML: parents become the fields of the container, the series and the event. Knows no writer.

use super::values::{
    date_of, date_of_map, default_parent, formattable, kebab_case, person, type_name, untranslated_math, with_role,
};
use super::{
    EVENT_TYPE, FAMILY, MAIN_TYPE, ORIGINAL_TYPE, counts_in_series, degree, has_container, institution_of, kind_of,
    kind_of_degree, role_name, serial_of, string, takes_place, types_of,
};
use crate::diagnostic::{Diagnostic, Rule};
use crate::error::Result;
use crate::format::{Input, ReadOptions, tidy};
use crate::model::{
    ArxivId, Date, DateField, Entry, FieldName, Foreign, Identifier, Kind, ListField, PlainField, Role, Scheme, Text,
    TextField,
};
use crate::source::{LineIndex, Origin, Origins, Span};
use crate::stream::{Sink, Sourced};
use crate::yaml::{self, Node};
use std::ops::{ControlFlow, Range};

/// Reads a map of keys and entries.
pub(super) fn read(input: Input<'_>, _: &ReadOptions, sink: &mut dyn Sink) -> Result<()> {
    let source = input.source();
    let text = input.text(sink)?;
    let index = LineIndex::new(source, &text);
    if text.trim().is_empty() {
        sink.report(Diagnostic::new(Rule::EmptyInput, "the input is empty"));
    }
    for document in yaml::documents(&text) {
        if read_document(&text, document, &index, sink).is_break() {
            break;
        }
    }
    Ok(())
}

fn read_document(text: &str, document: Range<usize>, index: &LineIndex<'_>, sink: &mut dyn Sink) -> ControlFlow<()> {
    let ranges = yaml::map_pairs(text, document.clone());
    match yaml::parse(&text[document.clone()]) {
        Ok(Node::Map(pairs)) => {
            if pairs.is_empty() {
                let span = index.span(document.clone());
                sink.report(Diagnostic::new(Rule::EmptyInput, "the map has no entry").at(span));
                sink.declared_count(0, span);
            }
            for (at, ((key, node), is_repeated)) in pairs.iter().zip(yaml::repeats(&pairs)).enumerate() {
                let range = ranges.get(at).filter(|_| ranges.len() == pairs.len());
                let span = index.span(range.cloned().unwrap_or(document.clone()));
                if is_repeated {
                    let message = format!("the key `{key}` occurs twice; both entries are kept");
                    sink.report(Diagnostic::new(Rule::DuplicateKey, message).at(span).key(Some(key)));
                }
                read_entry(key, node, span, sink)?;
            }
        }
        Ok(Node::Null) => {}
        Ok(_) => report_fault("expected a map of keys and entries", index.span(document), sink),
        // One broken entry makes the document unreadable; the entries one by one are not.
        Err(fault) => {
            if ranges.is_empty() {
                report_fault(&fault.message, index.span(document), sink);
            }
            for range in ranges {
                let span = index.span(range.clone());
                match yaml::parse(&text[range]) {
                    Ok(Node::Map(pairs)) => {
                        for (key, node) in &pairs {
                            read_entry(key, node, span, sink)?;
                        }
                    }
                    Ok(_) => report_fault("expected a key and its fields", span, sink),
                    Err(fault) => report_fault(&fault.message, span, sink),
                }
            }
        }
    }
    ControlFlow::Continue(())
}

fn report_fault(message: &str, span: Span, sink: &mut dyn Sink) {
    sink.report(Diagnostic::new(Rule::MalformedRecord, format!("a record is not read: {message}")).at(span));
}

fn read_entry(key: &str, node: &Node, span: Span, sink: &mut dyn Sink) -> ControlFlow<()> {
    if !matches!(node, Node::Map(_)) {
        report_fault("expected a key and its fields", span, sink);
        return ControlFlow::Continue(());
    }
    let mut entry = Entry::new(Kind::Misc);
    entry.key = Some(key.to_owned()).filter(|key| !key.is_empty());
    let mut reader = EntryReader { entry, span, sink };
    reader.read(node);
    let EntryReader { entry, sink, .. } = reader;
    let mut origins = Origins::new();
    for field in entry.fields() {
        origins.set(field, Origin::read(span));
    }
    sink.entry(Sourced { entry, origins, span: Some(span) })
}

/// Which map of an entry is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Own,
    Container,
    /// The work in several volumes of which this or its container is one.
    Main,
    Series,
    Event,
    Original,
}

impl Place {
    /// What stands before the names of fields that are kept.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Own => "",
            Self::Container => "parent.",
            Self::Series => "series.",
            Self::Event => "event.",
            Self::Main => "main.",
            Self::Original => "original.",
        }
    }
}

struct EntryReader<'s> {
    entry: Entry,
    span: Span,
    sink: &'s mut dyn Sink,
}

impl EntryReader<'_> {
    fn read(&mut self, node: &Node) {
        let is_of_type = |node: &Node, wanted: &str| type_name(node).as_deref() == Some(wanted);
        let all = node.get("parent").map(Node::items).unwrap_or_default();
        let (mut originals, mut rest): (Vec<&Node>, Vec<&Node>) =
            all.iter().partition(|parent| is_of_type(parent, ORIGINAL_TYPE));
        self.kind(node, rest.first().copied());
        let kind = self.entry.kind;
        let container = (has_container(kind) && matches!(rest.first(), Some(Node::Map(_)))).then(|| rest.remove(0));
        let mut event = None;
        // What the container, or the work, is a part of: a work in several volumes, then a series.
        let mut above: Vec<&Node> = Vec::new();
        match container {
            Some(container) => {
                if let Some([nearest, others @ ..]) = container.get("parent").map(Node::items) {
                    if is_of_type(nearest, EVENT_TYPE) && kind != Kind::Speech {
                        event = Some(nearest);
                    } else {
                        above.push(nearest);
                    }
                    others.iter().for_each(|other| self.keep("parent.parent", other));
                }
            }
            None if matches!(rest.first(), Some(Node::Map(_))) => above.push(rest.remove(0)),
            None => {}
        }
        if let Some(main) = above.first().copied().filter(|main| is_of_type(main, MAIN_TYPE)) {
            self.fields(main, Place::Main, &|_| true);
            above.remove(0);
            match main.get("parent").map(Node::items) {
                Some([series]) => above.push(series),
                Some(several) => several.iter().for_each(|other| self.keep("main.parent", other)),
                None => {}
            }
        }
        let series = above.first().copied();
        let belongs_to_container = |name: &str| match name {
            "volume" | "issue" | "edition" | "volume-total" | "publisher" | "editor" => true,
            // With the publisher; a talk's place is its own.
            "location" => !takes_place(kind),
            _ => false,
        };
        let goes_first = types_of(kind).needs_parent;
        if let Some(container) = container {
            self.fields(container, Place::Container, &|name| goes_first && belongs_to_container(name));
        }
        self.fields(node, Place::Own, &|_| true);
        if let Some(container) = container {
            self.fields(container, Place::Container, &|name| !(goes_first && belongs_to_container(name)));
        }
        if let Some(series) = series {
            self.fields(series, Place::Series, &|_| true);
        }
        self.place_of_publication();
        if event.is_none() && kind != Kind::Speech && rest.first().is_some_and(|parent| is_of_type(parent, EVENT_TYPE))
        {
            event = Some(rest.remove(0));
        }
        if let Some(event) = event {
            self.fields(event, Place::Event, &|_| true);
        }
        if !originals.is_empty() {
            self.fields(originals.remove(0), Place::Original, &|_| true);
        }
        originals.into_iter().chain(rest).for_each(|parent| self.keep("parent", parent));
        // A work without a date has that of what it appears in.
        if let (None, Some(date)) =
            (self.entry.dates.get(DateField::Issued), self.entry.dates.get(DateField::Event).cloned())
        {
            self.entry.dates.set(DateField::Issued, date);
        }
        self.imply_arxiv();
        if let Some(what) = tidy(&mut self.entry) {
            self.report(what);
        }
        crate::record::recognise_elsewhere(&mut self.entry);
    }

    /// The kind that the types say; the types that say more are kept.
    fn kind(&mut self, node: &Node, parent: Option<&Node>) {
        let Some(own) = type_name(node) else {
            let message = match node.get("type").filter(|written| **written != Node::Null) {
                Some(written) => format!("the type should be a word; `{}` is left out", written.shown()),
                None => "an entry should have a type".to_owned(),
            };
            return self.malformed(FieldName::Kind, &message);
        };
        if let Some(odd) = parent.and_then(|parent| parent.get("type")).filter(|odd| odd.as_str().is_none()) {
            self.malformed(FieldName::Kind, &format!("the type should be a word; `{}` is left out", odd.shown()));
        }
        let parent = parent.map(|parent| type_name(parent).unwrap_or_else(|| default_parent(&own).to_owned()));
        match kind_of(&own, parent.as_deref()) {
            None => {
                self.malformed(FieldName::Kind, &format!("`{own}` is no type of Hayagriva"));
                self.push_foreign("type", own);
            }
            Some((kind, is_exact)) => {
                // No preprint has the numbers of a journal, whether that is named or not.
                let is_paged = ["volume", "issue", "page-range"].iter().any(|name| node.get(name).is_some());
                let has_id = node.get("serial-number").is_some_and(|serial| serial.get("arxiv").is_some());
                let is_article = kind == Kind::Preprint && parent.is_none() && is_paged && !has_id;
                self.entry.kind = if is_article { Kind::JournalArticle } else { kind };
                if !is_exact {
                    if types_of(kind).own != own {
                        self.push_foreign("type", own);
                    }
                    let is_main = |parent: &str| !has_container(kind) && parent == MAIN_TYPE;
                    if let Some(parent) = parent.filter(|parent| types_of(kind).parent != parent && !is_main(parent)) {
                        let prefix = if has_container(kind) { Place::Container } else { Place::Series }.prefix();
                        self.push_foreign(&format!("{prefix}type"), parent);
                    }
                }
            }
        }
    }

    fn fields(&mut self, node: &Node, place: Place, wanted: &dyn Fn(&str) -> bool) {
        let Node::Map(pairs) = node else {
            return self.keep(place.prefix().trim_end_matches('.'), node);
        };
        for ((name, value), is_repeated) in pairs.iter().zip(yaml::repeats(pairs)) {
            let is_read = matches!(name.as_str(), "type")
                || (name == "parent" && matches!(place, Place::Own | Place::Container | Place::Main));
            if *value == Node::Null || is_read || !wanted(name) {
                continue;
            }
            if is_repeated {
                let message = format!("`{name}` occurs twice; its second value is left out");
                self.report(Diagnostic::new(Rule::DuplicateField, message));
            } else if self.field(place, name, value) {
                self.keep_rest_of_text(place, name, value);
            } else {
                self.keep(&format!("{}{name}", place.prefix()), value);
            }
        }
        // The type of a series is kept where it is another one than what we write.
        let is_inner = place == Place::Series && has_container(self.entry.kind);
        let kept = type_name(node).filter(|name| is_inner && name != "anthology");
        if let Some(kept) = kept.filter(|_| self.entry.texts.contains(TextField::Series)) {
            self.push_foreign("series.type", kept);
        }
    }

    /// The location of a publication is the publisher's, as in Hayagriva's own examples, unless that has one itself.
    fn place_of_publication(&mut self) {
        if !takes_place(self.entry.kind) && !self.entry.lists.contains(ListField::Place) {
            let place = self.entry.lists.remove(ListField::EventPlace);
            place.into_iter().for_each(|place| _ = self.entry.lists.set(ListField::Place, place));
        }
    }

    /// Reads a field; whether the model has a place for it.
    fn field(&mut self, place: Place, name: &str, value: &Node) -> bool {
        match (place, name) {
            (Place::Own, "title") => self.title(TextField::Title, Some(TextField::ShortTitle), value),
            (Place::Container, "title") if self.entry.kind == Kind::Speech => {
                self.title(TextField::EventTitle, None, value)
            }
            (Place::Container, "title") => {
                self.title(TextField::ContainerTitle, Some(TextField::ContainerShortTitle), value)
            }
            (Place::Series, "title") => self.title(TextField::Series, None, value),
            (Place::Main, "title") => self.title(TextField::MainTitle, None, value),
            (Place::Original, "title") => self.title(TextField::OriginalTitle, None, value),
            (Place::Original, "date") => self.date("original.date", DateField::Original, value),
            (Place::Original, "publisher") => {
                self.publisher(value, ListField::OriginalPublisher, ListField::OriginalPlace)
            }
            (Place::Main, "volume") => self.plain(PlainField::Volume, value),
            (Place::Main, "volume-total") => self.plain(PlainField::Volumes, value),
            (Place::Event, "title") => self.title(TextField::EventTitle, None, value),
            (Place::Own, "author") => self.people(place, name, Role::Author, value),
            (Place::Container, "author") => self.people(place, name, Role::ContainerAuthor, value),
            (Place::Own | Place::Container, "editor") => {
                // Where it is written, wherever it stood.
                let is_containers = has_container(self.entry.kind) && types_of(self.entry.kind).needs_parent;
                let place = if is_containers { Place::Container } else { place };
                self.people(place, name, Role::Editor, value)
            }
            (Place::Main, "editor") => self.people(place, name, Role::Editor, value),
            (Place::Series, "editor") => self.people(place, name, Role::SeriesEditor, value),
            (Place::Own, "affiliated") => self.affiliated(value),
            (Place::Own, "date") => self.date("date", DateField::Issued, value),
            (Place::Container, "date") if self.entry.kind == Kind::Speech => {
                self.date("parent.date", DateField::Event, value)
            }
            (Place::Container, "date") => self.date("parent.date", DateField::Issued, value),
            (Place::Event, "date") => self.date("event.date", DateField::Event, value),
            (Place::Own | Place::Container, "publisher") => {
                self.publisher(value, ListField::Publisher, ListField::Place)
            }
            (Place::Own | Place::Container | Place::Event, "location") => {
                // That of the container came first.
                if self.entry.lists.contains(ListField::EventPlace) {
                    self.place_of_publication();
                }
                self.list(ListField::EventPlace, value)
            }
            (Place::Own | Place::Container, "organization") => self.list(institution_of(self.entry.kind), value),
            (Place::Own | Place::Container, "volume") => self.plain(PlainField::Volume, value),
            (Place::Series, "volume") if counts_in_series(self.entry.kind) => self.plain(PlainField::Number, value),
            (Place::Own | Place::Container, "issue") => self.plain(PlainField::Issue, value),
            (Place::Own | Place::Container, "edition") => self.plain(PlainField::Edition, value),
            (Place::Own | Place::Container, "volume-total") => self.plain(PlainField::Volumes, value),
            (Place::Own | Place::Container, "serial-number" | "serial") => self.serial_numbers(place, value),
            (Place::Own | Place::Container | Place::Event, "url") => self.url(value),
            (Place::Own, name) => self.own_field(name, value),
            (Place::Container | Place::Main | Place::Series | Place::Event | Place::Original, _) => false,
        }
    }

    fn own_field(&mut self, name: &str, value: &Node) -> bool {
        match name {
            "chapter" => self.plain(PlainField::Chapter, value),
            "page-range" => self.pages(value),
            "page-total" => self.plain(PlainField::PageTotal, value),
            "archive" => self.string(PlainField::Archive, value),
            "archive-location" => self.string(PlainField::ArchiveLocation, value),
            "call-number" => self.string(PlainField::CallNumber, value),
            "language" => self.list(ListField::Language, value),
            "note" => self.text(TextField::Note, value),
            "abstract" => self.text(TextField::Abstract, value),
            "genre" => self.genre(value),
            // Other programs write identifiers beside the fields, where Hayagriva does not see them.
            "doi" | "isbn" | "issn" | "pmid" | "pmcid" | "arxiv" => {
                value.as_str().is_some_and(|number| self.number(Place::Own, name, number))
            }
            _ => false,
        }
    }

    fn title(&mut self, field: TextField, short: Option<TextField>, value: &Node) -> bool {
        if let (Some(field), Some(short)) = (short, value.get("short"))
            && let Some(text) = formattable(short)
        {
            self.entry.texts.set(field, text);
        }
        self.text(field, value)
    }

    fn text(&mut self, field: TextField, value: &Node) -> bool {
        let Some(text) = formattable(value) else { return false };
        if text.is_empty() {
            return true;
        }
        let is_free = !self.entry.texts.contains(field);
        if is_free {
            if let Some(math) = untranslated_math(value) {
                let message = format!("`{math}` is Typst's mathematics; it is kept as characters");
                self.malformed(FieldName::Text(field), &message);
            }
            self.entry.texts.set(field, text);
        }
        is_free
    }

    fn genre(&mut self, value: &Node) -> bool {
        let Some(text) = formattable(value) else { return false };
        let words = text.to_plain();
        if let (Kind::Thesis, Some(kind)) = (self.entry.kind, kind_of_degree(&words)) {
            self.entry.kind = kind;
            return degree(kind) == Some(&words) || self.text(TextField::Genre, value);
        }
        self.text(TextField::Genre, value)
    }

    fn plain(&mut self, field: PlainField, value: &Node) -> bool {
        let Some(text) = value.as_str() else { return false };
        let is_free = !self.entry.plain.contains(field);
        if is_free && !text.is_empty() {
            self.entry.plain.set(field, text.to_owned());
        }
        is_free
    }

    fn string(&mut self, field: PlainField, value: &Node) -> bool {
        formattable(value).is_some_and(|text| self.plain(field, &Node::Text(text.to_plain())))
    }

    fn pages(&mut self, value: &Node) -> bool {
        let Some(text) = value.as_str() else { return false };
        self.plain(PlainField::Pages, &Node::Text(super::read_pages(text)))
    }

    fn list(&mut self, field: ListField, value: &Node) -> bool {
        let Some(text) = formattable(value) else { return false };
        let is_free = !self.entry.lists.contains(field);
        if is_free && !text.is_empty() {
            let items = match value.as_str() {
                Some(source) => string::split(source, "; ").into_iter().map(string::decode).collect(),
                None => vec![text],
            };
            self.entry.lists.set(field, items);
        }
        is_free
    }

    fn publisher(&mut self, value: &Node, name: ListField, place: ListField) -> bool {
        if value.get("name").is_none() && value.get("location").is_none() {
            return self.list(name, value);
        }
        let name = value.get("name").is_none_or(|value| *value == Node::Null || self.list(name, value));
        let place = value.get("location").is_none_or(|value| self.list(place, value));
        name && place
    }

    fn url(&mut self, value: &Node) -> bool {
        if let Some(date) = value.get("date")
            && !self.date("url.date", DateField::Accessed, date)
        {
            self.keep("url.date", date);
        }
        let Some(url) = value.as_str().or_else(|| value.get("value")?.as_str()) else { return false };
        if let Some(id) = ArxivId::parse(url) {
            self.entry.add_arxiv(id);
        }
        self.plain(PlainField::Url, &Node::Text(url.to_owned()))
    }

    fn date(&mut self, name: &str, field: DateField, value: &Node) -> bool {
        if self.entry.dates.contains(field) {
            return false;
        }
        let date = match value {
            Node::Text(text) | Node::Literal(text) => date_of(text),
            Node::Map(_) => match date_of_map(value) {
                Some((day, taken)) => {
                    self.keep_rest(name, value, &taken);
                    Date::Day(day)
                }
                None => return false,
            },
            Node::List(_) | Node::Null => return false,
        };
        if matches!(date, Date::Written(_)) {
            self.malformed(FieldName::Date(field), &format!("`{date}` is no date"));
        }
        self.entry.dates.set(field, date);
        true
    }

    fn people(&mut self, place: Place, name: &str, role: Role, value: &Node) -> bool {
        let is_free = self.entry.people_as(role).next().is_none();
        if is_free {
            self.names(&format!("{}{name}", place.prefix()), role, value);
        }
        is_free
    }

    /// Adds the names of a list, or one name; what is none, and parts that a name does not have, are kept.
    fn names(&mut self, name: &str, role: Role, value: &Node) {
        for (at, node) in value.items().iter().enumerate() {
            match person(node) {
                Some(person) => {
                    let place = format!("{name}.{}", self.entry.people_as(role).count());
                    self.entry.people.push((role, person));
                    self.keep_rest(&place, node, &["name", "given-name", "prefix", "suffix"]);
                }
                None if matches!(node, Node::Null) || node.as_str().is_some() => {}
                None => {
                    self.malformed(FieldName::People(role), &format!("`{}` is no name", node.shown()));
                    self.keep(&format!("{name}.{at}"), node);
                }
            }
        }
    }

    /// The parts with a role of the model; the others are kept one by one.
    fn affiliated(&mut self, value: &Node) -> bool {
        for part in value.items() {
            let role_word = part.get("role").and_then(Node::as_str).map(kebab_case);
            let role = Role::ALL.iter().find(|known| role_word.is_some() && role_name(**known) == role_word.as_deref());
            match (role, role_word, part.get("names")) {
                (Some(role), Some(word), Some(names)) => {
                    let place = format!("affiliated.{word}");
                    self.names(&place, *role, names);
                    if let Node::Map(pairs) = part {
                        let more = pairs.iter().filter(|(name, _)| !matches!(name.as_str(), "role" | "names"));
                        more.for_each(|(name, value)| self.keep(&format!("{place}.{name}"), value));
                    }
                }
                (_, role_word, _) => self.keep("affiliated", &with_role(part, role_word)),
            }
        }
        true
    }

    fn serial_numbers(&mut self, place: Place, value: &Node) -> bool {
        let Node::Map(numbers) = value else {
            return value.as_str().is_some_and(|serial| place == Place::Own && self.serial(serial));
        };
        for (name, value) in numbers {
            let has_version = serial_of(self.entry.kind) == PlainField::Version;
            let is_read = match (name.to_ascii_lowercase().as_str(), value.as_str()) {
                ("version", Some(_)) if place == Place::Own && has_version => self.plain(PlainField::Version, value),
                ("serial", Some(serial)) => place == Place::Own && self.serial(serial),
                (name, Some(number)) => self.number(place, name, number),
                (_, None) => *value == Node::Null,
            };
            if !is_read {
                self.keep(&format!("{}serial-number.{name}", place.prefix()), value);
            }
        }
        true
    }

    fn serial(&mut self, serial: &str) -> bool {
        let has_prefix = serial.get(..6).is_some_and(|head| head.eq_ignore_ascii_case("arxiv:"));
        match ArxivId::parse(serial).filter(|_| has_prefix) {
            Some(id) => {
                self.entry.add_arxiv(id);
                true
            }
            None => self.plain(serial_of(self.entry.kind), &Node::Text(serial.to_owned())),
        }
    }

    fn number(&mut self, place: Place, name: &str, number: &str) -> bool {
        // A second number of a scheme has a name of its own: `isbn-2`.
        let scheme = Scheme::from_name(name).or_else(|| {
            let (scheme, count) = name.rsplit_once('-')?;
            count.parse::<u8>().ok().and_then(|_| Scheme::from_name(scheme))
        });
        // Other numbers of the container are not the entry's.
        let is_shared = |scheme: &Scheme| matches!(scheme, Scheme::Isbn | Scheme::Issn | Scheme::Arxiv);
        let Some(scheme) = scheme.filter(|scheme| place == Place::Own || is_shared(scheme)) else {
            return false;
        };
        match Identifier::parse(scheme, number) {
            Some(Identifier::Arxiv(id)) => self.entry.add_arxiv(id),
            Some(id) => {
                if let Some(arxiv) = ArxivId::parse(&id.value()).filter(|_| scheme == Scheme::Doi) {
                    self.entry.add_arxiv(arxiv);
                }
                self.entry.add_id(id);
            }
            None => {
                self.malformed(FieldName::Id(scheme), &format!("`{number}` is no {name}"));
                return false;
            }
        }
        true
    }

    /// What an arXiv paper's publisher and repository are goes without saying.
    fn imply_arxiv(&mut self) {
        // What Hayagriva itself makes of a `@misc` of arXiv's.
        if self.entry.kind == Kind::Misc
            && self.entry.arxiv().is_some()
            && !self.entry.texts.contains(TextField::ContainerTitle)
        {
            self.entry.kind = Kind::Preprint;
        }
        let is_arxiv = self.entry.kind == Kind::Preprint && self.entry.arxiv().is_some();
        let container = self.entry.texts.get(TextField::ContainerTitle).map(Text::to_plain);
        if is_arxiv && container.is_some_and(|title| title.eq_ignore_ascii_case("arxiv")) {
            self.entry.texts.remove(TextField::ContainerTitle);
            self.entry.foreign.retain(|f| !(f.name == "parent.type" && f.value == "repository"));
        }
        let says_arxiv = |items: &Vec<Text>| matches!(items.as_slice(), [item] if item.as_plain().is_some_and(|name| name.eq_ignore_ascii_case("arxiv")));
        if self.entry.kind == Kind::Preprint
            && self.entry.arxiv().is_some()
            && self.entry.lists.get(ListField::Publisher).is_some_and(says_arxiv)
        {
            self.entry.lists.remove(ListField::Publisher);
        }
    }

    /// Keeps the parts of a map that were not taken, each under its own name. Those that are taken are scalars.
    fn keep_rest(&mut self, name: &str, map: &Node, taken: &[&str]) {
        let Node::Map(parts) = map else { return };
        for (part, value) in parts.iter().filter(|(_, value)| *value != Node::Null) {
            if value.as_str().is_none() || !taken.contains(&part.as_str()) {
                self.keep(&format!("{name}.{part}"), value);
            }
        }
    }

    /// The same for a text that was read from a map.
    fn keep_rest_of_text(&mut self, place: Place, name: &str, map: &Node) {
        let Node::Map(parts) = map else { return };
        let has_short =
            name == "title" && (place == Place::Own || place == Place::Container && self.entry.kind != Kind::Speech);
        let has_structure = matches!(name, "author" | "editor" | "affiliated" | "date" | "serial-number" | "serial");
        for (part, value) in parts.iter().filter(|(_, value)| *value != Node::Null && !has_structure) {
            let name = format!("{}{name}", place.prefix());
            match part.as_str() {
                "value" => {}
                "verbatim" if matches!(value.as_str(), Some("true" | "false")) => {}
                "short" if has_short && formattable(value).is_some() => {
                    self.keep_rest(&format!("{name}.short"), value, &["value", "verbatim"]);
                }
                "name" | "location" if name.ends_with("publisher") && formattable(value).is_some() => {
                    self.keep_rest(&format!("{name}.{part}"), value, &["value", "verbatim"]);
                }
                "date" if name.ends_with("url") => {}
                _ => self.keep(&format!("{name}.{part}"), value),
            }
        }
    }

    fn keep(&mut self, name: &str, value: &Node) {
        let value = match value {
            Node::Text(text) | Node::Literal(text) if !super::is_raw(text) => text.clone(),
            other => {
                let mut json = String::new();
                other.push_json(&mut json);
                json
            }
        };
        self.push_foreign(name, value);
    }

    fn push_foreign(&mut self, name: &str, value: String) {
        self.entry.foreign.push(Foreign { format: FAMILY, name: name.to_owned(), value });
    }

    fn malformed(&mut self, field: FieldName, message: &str) {
        self.report(Diagnostic::new(Rule::MalformedValue, message).field(field));
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.sink.report(diagnostic.at(self.span).key(self.entry.key.as_deref()));
    }
}
