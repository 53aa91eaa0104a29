//! Reads CSL-JSON and CSL-YAML. Knows no writer.

mod custom;
mod ids;
mod value;

use ids::labelled;
pub(super) use ids::labelled_id;

use super::html;
use super::records::{self, Piece};
use super::volume::Volume;
use super::{
    FAMILY, JURISDICTION, date_variable, degree, in_periodical, in_series, is_scope, is_series_words, is_subject_class,
    kind_of, language_tag, list_variable, markdown, plain_variable, publisher_of, read_pages, role_variable,
    scheme_variable, split_keyword, subtitle_of, text_variable,
};
use crate::diagnostic::{Diagnostic, Rule};
use crate::error::{Error, Result};
use crate::format::{Input, ReadOptions, tidy};
use crate::model::{
    ArxivId, DateField, Entry, FieldName, Foreign, Kind, ListField, PlainField, Role, Scheme, Text, TextField,
    subtitle_separator,
};
use crate::parallel;
use crate::source::{LineIndex, Origin, Origins, Span};
use crate::stream::{Recorded, Sink, Sourced};
use crate::yaml::{self, Node};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

/// Reads CSL-JSON.
///
/// Records are read on several threads, some of them at a time; beside the text only what is under way is held.
pub(super) fn json(input: Input<'_>, options: &ReadOptions, sink: &mut dyn Sink) -> Result<()> {
    let source = input.source();
    let text = input.text(sink)?;
    let index = LineIndex::new(source, &text);
    if text.trim().is_empty() {
        report_empty(sink);
    }
    let (pieces, beside) = records::records(&text);
    report_beside(&beside, index.span(0..text.len()), sink);
    let mut pieces = pieces.peekable();
    if pieces.peek().is_none() && serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok() {
        report_empty_list(index.span(0..text.len()), sink);
    }
    let next = move || {
        let (mut batch, mut length) = (Vec::new(), 0);
        while length < BATCH {
            let Some(piece) = pieces.next() else { break };
            length += piece.range().len();
            batch.push(piece);
        }
        Ok((!batch.is_empty()).then_some(batch))
    };
    let work = |batch: Vec<Piece>| {
        let mut said = Recorded::default();
        batch.iter().for_each(|piece| read_piece(piece, &text, &index, &mut said));
        said
    };
    parallel::map_jobs(next, parallel::threads_for(&text, options.threads), work, |said| said.hand_on(sink))
        .map_err(|error| Error::io("reading on several threads failed", error))
}

/// How many bytes of the text are read at a time.
const BATCH: usize = 1 << 17;

fn read_piece(piece: &Piece, text: &str, index: &LineIndex<'_>, said: &mut Recorded) {
    let span = index.span(piece.range());
    let node = match piece {
        Piece::Record(range) => records::node(&text[range.clone()]),
        Piece::Stray(_) => Err(serde::de::Error::custom("expected an object")),
    };
    match node {
        // What is recorded does not break off.
        Ok(node) => _ = read_entry(&node, Syntax::Json, span, said),
        Err(error) => {
            let message = format!("a record is not read: {error}");
            said.report(Diagnostic::new(Rule::MalformedRecord, message).at(span));
        }
    }
}

/// Reads CSL-YAML: a list of references, bare or under `references`.
pub(super) fn yaml(input: Input<'_>, _: &ReadOptions, sink: &mut dyn Sink) -> Result<()> {
    let source = input.source();
    let text = input.text(sink)?;
    let index = LineIndex::new(source, &text);
    if text.trim().is_empty() {
        report_empty(sink);
    }
    for document in yaml::documents(&text) {
        let items = yaml::list_items(&text, document.clone());
        match yaml::parse(&text[document.clone()]) {
            Ok(node) => {
                let span = index.span(document.clone());
                let (list, beside) = references(&node);
                report_beside(&beside, span, sink);
                if matches!(list, Node::Map(_)) && list.get("id").is_none() {
                    let message = "a record is not read: expected a list of references";
                    sink.report(Diagnostic::new(Rule::MalformedRecord, message).at(span));
                    continue;
                }
                let nodes = list.items();
                if nodes.is_empty() && node != Node::Null {
                    report_empty_list(span, sink);
                }
                for (at, node) in nodes.iter().enumerate() {
                    let range = items.get(at).filter(|_| items.len() == nodes.len());
                    let span = index.span(range.cloned().unwrap_or(document.clone()));
                    if read_entry(node, Syntax::Yaml, span, sink).is_break() {
                        return Ok(());
                    }
                }
            }
            // One broken item makes the document unreadable; the items one by one are not.
            Err(fault) => {
                if read_items(&text, &items, &index, sink).is_break() {
                    return Ok(());
                }
                if items.is_empty() {
                    report_fault(&fault, index.span(document), sink);
                }
            }
        }
    }
    Ok(())
}

/// The list of references of a document, and the names of what stands beside it.
fn references(document: &Node) -> (&Node, Vec<&str>) {
    match (document, document.get("references")) {
        (Node::Map(pairs), Some(list)) => {
            (list, pairs.iter().map(|(name, _)| name.as_str()).filter(|name| *name != "references").collect())
        }
        _ => (document, Vec::new()),
    }
}

fn report_beside(names: &[impl AsRef<str>], span: Span, sink: &mut dyn Sink) {
    if !names.is_empty() {
        let names: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
        let message = format!("what stands beside the references is not kept: {}", names.join(", "));
        sink.report(Diagnostic::new(Rule::SetAside, message).at(span));
    }
}

fn read_items(
    text: &str,
    items: &[Range<usize>],
    index: &LineIndex<'_>,
    sink: &mut dyn Sink,
) -> std::ops::ControlFlow<()> {
    for range in items {
        let span = index.span(range.clone());
        match yaml::parse(&text[range.clone()]) {
            Ok(node) => {
                for node in node.items() {
                    read_entry(node, Syntax::Yaml, span, sink)?;
                }
            }
            Err(fault) => report_fault(&fault, span, sink),
        }
    }
    std::ops::ControlFlow::Continue(())
}

fn report_fault(fault: &yaml::Fault, span: Span, sink: &mut dyn Sink) {
    let message = format!("a record is not read: {}", fault.message);
    sink.report(Diagnostic::new(Rule::MalformedRecord, message).at(span));
}

/// A list without an entry is a sound input, if that is what the input says.
fn report_empty_list(span: Span, sink: &mut dyn Sink) {
    sink.report(Diagnostic::new(Rule::EmptyInput, "the list has no entry").at(span));
    sink.declared_count(0, span);
}

fn report_empty(sink: &mut dyn Sink) {
    sink.report(Diagnostic::new(Rule::EmptyInput, "the input is empty"));
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Json,
    Yaml,
}

impl Syntax {
    fn text(self, source: &str) -> Text {
        match self {
            Self::Json => html::decode(source),
            Self::Yaml => markdown::decode(source),
        }
    }

    fn exact(self, source: &str) -> String {
        match self {
            Self::Json => source.to_owned(),
            Self::Yaml => markdown::decode_exact(source),
        }
    }
}

/// What a variable fills.
#[derive(Clone, Copy)]
enum Target {
    Text(TextField),
    List(ListField, &'static str),
    Plain(PlainField),
    Date(DateField),
    Role(Role),
    Id(Scheme),
    Keyword,
    Number,
    NumberInSeries,
    /// pandoc's own variable, made from a note.
    Arxiv,
}

const JOURNAL_SERIES: Target = Target::Plain(PlainField::JournalSeries);

/// What each variable fills: the vocabulary, read backwards, and names of other programs.
static TARGETS: LazyLock<HashMap<&'static str, Target>> = LazyLock::new(|| {
    let mut targets = HashMap::new();
    for field in TextField::ALL {
        targets.extend(text_variable(*field).map(|name| (name, Target::Text(*field))));
    }
    for field in ListField::ALL {
        targets.extend(list_variable(*field).map(|(name, separator)| (name, Target::List(*field, separator))));
    }
    let plain_entry = Entry::new(Kind::Misc);
    for field in PlainField::ALL {
        targets.extend(plain_variable(*field, &plain_entry).map(|name| (name, Target::Plain(*field))));
    }
    targets.extend(DateField::ALL.iter().map(|field| (date_variable(*field), Target::Date(*field))));
    for role in Role::ALL {
        targets.extend(role_variable(*role).map(|name| (name, Target::Role(*role))));
    }
    for scheme in Scheme::ALL {
        targets.extend(scheme_variable(*scheme).map(|name| (name, Target::Id(*scheme))));
    }
    targets.extend([
        ("keyword", Target::Keyword),
        ("categories", Target::Keyword),
        ("number", Target::Number),
        ("collection-number", Target::NumberInSeries),
        ("journalAbbreviation", Target::Text(TextField::ContainerShortTitle)),
        ("shortTitle", Target::Text(TextField::ShortTitle)),
        ("event", Target::Text(TextField::EventTitle)),
        // Crossref's name.
        ("publisher-location", Target::List(ListField::Place, "; ")),
        // Names in small letters, as people write them by hand.
        ("url", Target::Plain(PlainField::Url)),
        ("doi", Target::Id(Scheme::Doi)),
        ("isbn", Target::Id(Scheme::Isbn)),
        ("issn", Target::Id(Scheme::Issn)),
        ("arxiv", Target::Arxiv),
        ("arXiv", Target::Arxiv),
    ]);
    targets
});

fn read_entry(node: &Node, syntax: Syntax, span: Span, sink: &mut dyn Sink) -> std::ops::ControlFlow<()> {
    let Node::Map(pairs) = node else {
        sink.report(Diagnostic::new(Rule::MalformedRecord, "a record is not read: expected an object").at(span));
        return std::ops::ControlFlow::Continue(());
    };
    if pairs.iter().all(|(_, value)| *value == Node::Null) {
        sink.report(Diagnostic::new(Rule::MalformedRecord, "a record is not read: there is nothing in it").at(span));
        return std::ops::ControlFlow::Continue(());
    }
    let mut reader = EntryReader {
        entry: Entry::new(Kind::Misc),
        custom: node.get("custom"),
        syntax,
        span,
        sink,
        keywords: Vec::new(),
        class: None,
        publisher: None,
        volume: Volume::None,
        has_series_number: node.get("collection-number").is_some(),
        has_place: node.get("publisher-place").is_some(),
        has_own_kind: false,
    };
    reader.head(pairs);
    let has = |name: &str| node.get(name).and_then(Node::as_str).is_some_and(|text| !text.trim().is_empty());
    reader.volume = Volume::read(reader.entry.kind, has);
    for ((name, value), is_repeated) in pairs.iter().zip(yaml::repeats(pairs)) {
        if is_repeated {
            reader.duplicate(name, value);
        } else {
            reader.pair(name, value);
        }
    }
    reader.finish()
}

struct EntryReader<'n, 's> {
    entry: Entry,
    custom: Option<&'n Node>,
    syntax: Syntax,
    span: Span,
    sink: &'s mut dyn Sink,
    /// The values of `keyword`, in the syntax's markup: what they are is known when the identifiers are.
    keywords: Vec<String>,
    /// The primary class that the note names.
    class: Option<String>,
    /// The value of `publisher`, in the syntax's markup.
    publisher: Option<String>,
    /// What the variables of the title mean.
    volume: Volume,
    has_series_number: bool,
    has_place: bool,
    has_own_kind: bool,
}

impl<'n> EntryReader<'n, '_> {
    /// Key and kind, on which the meaning of other variables hangs.
    fn head(&mut self, pairs: &[(String, Node)]) {
        let scalar = |name: &str| pairs.iter().find(|(key, _)| key == name).and_then(|(_, value)| value.as_str());
        let key = scalar("id").or_else(|| scalar("citation-key")).map(|key| self.syntax.exact(key));
        self.entry.key = key.filter(|key| !key.is_empty());
        let own = self.custom.and_then(|custom| custom.get("kind")).and_then(Node::as_str).and_then(Kind::from_name);
        self.has_own_kind = own.is_some();
        let Some(written) = scalar("type") else {
            self.entry.kind = own.unwrap_or(Kind::Misc);
            return;
        };
        if let Some((kind, is_exact)) = kind_of(written) {
            self.entry.kind = own.unwrap_or(kind);
            if !is_exact && own.is_none_or(|own| own == kind) {
                self.push_foreign("type", written.to_owned());
            }
        } else {
            self.entry.kind = own.unwrap_or(Kind::Misc);
            if !written.is_empty() {
                self.malformed(FieldName::Kind, &format!("`{written}` is no type of CSL"));
            }
            self.push_foreign("type", written.to_owned());
        }
    }

    fn pair(&mut self, name: &str, value: &'n Node) {
        if *value == Node::Null || name == "custom" {
            return;
        }
        if matches!(name, "id" | "type") {
            // The head has read it, if it is one.
            if value.as_str().is_none() {
                let message = format!("the value of `{name}` should be a string; `{}` is left out", value.shown());
                self.report(Diagnostic::new(Rule::MalformedValue, message));
            }
            return;
        }
        match (name, value) {
            ("event", Node::Map(parts)) => return self.event(parts),
            ("container-title", Node::List(titles)) if titles.len() > 1 => return self.containers(titles),
            _ => {}
        }
        let target = self.volume.field(name).map(Target::Text);
        let scope = || Target::List(ListField::Place, "; ");
        let target = target.or_else(|| {
            (name == JURISDICTION && !self.has_place && is_scope(ListField::Place, self.entry.kind)).then(scope)
        });
        let target = target.or_else(|| self.is_journal_series(name, value).then_some(JOURNAL_SERIES));
        match target.or_else(|| TARGETS.get(name).copied()) {
            Some(target) => self.variable(name, target, value),
            None => self.keep(name, value),
        }
    }

    /// Crossref's object for a conference.
    fn event(&mut self, parts: &'n [(String, Node)]) {
        for (part, value) in parts {
            match part.as_str() {
                "name" => self.text(part, TextField::EventTitle, value),
                "location" => self.list(part, ListField::EventPlace, "; ", value),
                "start" => {
                    if let Some(date) = self.date(part, DateField::Event, value) {
                        self.entry.dates.set(DateField::Event, date);
                    }
                }
                _ if *value == Node::Null => {}
                _ => self.keep(&format!("event.{part}"), value),
            }
        }
    }

    /// Crossref's list of what a work stands in: a book of a series, the series first.
    fn containers(&mut self, titles: &'n [Node]) {
        let last = titles.len() - 1;
        for (at, title) in titles.iter().enumerate() {
            let field = match at {
                _ if at == last => TextField::ContainerTitle,
                0 => TextField::Series,
                _ => {
                    self.keep("container-title", title);
                    continue;
                }
            };
            self.text("container-title", field, title);
        }
    }

    /// Whether the words of a series are those of a journal's ("new series").
    fn is_journal_series(&self, name: &str, value: &Node) -> bool {
        let names = |custom: &Node| custom.get(TextField::Series.name()).is_some();
        name == "collection-title"
            && in_periodical(self.entry.kind)
            && !self.has_series_number
            && !self.custom.is_some_and(names)
            && value.as_str().is_some_and(is_series_words)
    }

    fn variable(&mut self, name: &str, target: Target, value: &'n Node) {
        match target {
            Target::Text(field) => self.text(name, field, value),
            Target::List(field, separator) => self.list(name, field, separator, value),
            Target::Plain(field) => self.plain(name, field, value),
            Target::Date(field) => {
                if let Some(date) = self.date(name, field, value) {
                    self.entry.dates.set(field, date);
                }
            }
            Target::Role(role) => self.people(name, role, value),
            Target::Id(scheme) => self.identifiers(name, scheme, value),
            Target::Keyword => {
                let words = self.strings(name, value).unwrap_or_default();
                self.keywords.extend(words.into_iter().map(str::to_owned));
            }
            Target::Number => self.number(name, value),
            Target::NumberInSeries if in_periodical(self.entry.kind) => {
                self.plain(name, PlainField::JournalSeries, value);
            }
            Target::NumberInSeries if in_series(self.entry.kind) => self.plain(name, PlainField::Number, value),
            Target::NumberInSeries => self.keep(name, value),
            Target::Arxiv => {
                match value.as_str().and_then(|text| Self::arxiv_and_class(&labelled(&self.syntax.exact(text)))) {
                    Some((id, class)) => {
                        self.entry.add_arxiv(id);
                        self.class = self.class.take().or(class);
                    }
                    None => self.keep(name, value),
                }
            }
        }
    }

    fn text(&mut self, name: &str, field: TextField, value: &Node) {
        let Some(source) = self.scalar(name, value) else { return };
        let mut source = source.to_owned();
        let subtitle = subtitle_of(field).and_then(|field| self.custom?.get(field.name())?.as_str());
        let title = subtitle.and_then(|subtitle| {
            let title = source.strip_suffix(subtitle)?;
            let bare = title.strip_suffix(": ").or_else(|| title.strip_suffix(' '))?;
            title.ends_with(subtitle_separator(bare)).then_some(bare)
        });
        if let Some(title) = title.map(str::len) {
            source.truncate(title);
        }
        if field == TextField::Note {
            source = self.note(&source);
        }
        if field == TextField::Genre && self.degree(&source) {
            return;
        }
        let text = self.syntax.text(&source);
        if !text.is_empty() && !self.entry.texts.contains(field) {
            self.entry.texts.set(field, text);
        } else if !text.is_empty() {
            self.keep(name, value);
        }
    }

    /// Whether the genre is a degree that says the kind of thesis and nothing more.
    fn degree(&mut self, genre: &str) -> bool {
        if self.entry.kind != Kind::Thesis || self.has_own_kind {
            return false;
        }
        for kind in [Kind::DoctoralThesis, Kind::MastersThesis] {
            if degree(kind) == Some(genre) {
                self.entry.kind = kind;
                return true;
            }
        }
        let genre = genre.to_lowercase();
        if genre.contains("phd") || genre.contains("doctor") {
            self.entry.kind = Kind::DoctoralThesis;
        } else if genre.contains("master") {
            self.entry.kind = Kind::MastersThesis;
        }
        false
    }

    fn list(&mut self, name: &str, field: ListField, separator: &str, value: &Node) {
        let is_publisher = name == "publisher";
        let field = if is_publisher { publisher_of(self.entry.kind) } else { field };
        if is_publisher {
            self.publisher = value.as_str().map(str::to_owned);
        }
        let Some(sources) = self.strings(name, value) else { return };
        let items: Vec<Text> = sources
            .into_iter()
            .flat_map(|source| source.split(separator))
            .filter(|item| !item.is_empty())
            .map(|item| self.syntax.text(item))
            .collect();
        if !items.is_empty() {
            self.entry.lists.set(field, items);
        }
    }

    fn plain(&mut self, name: &str, field: PlainField, value: &Node) {
        let Some(source) = self.scalar(name, value) else { return };
        let mut text = self.syntax.exact(source);
        if field == PlainField::Pages {
            text = read_pages(&text);
        }
        if field == PlainField::Url
            && let Some(id) = ArxivId::parse(&text)
        {
            self.entry.add_arxiv(id);
        }
        if text.is_empty() {
            return;
        }
        if self.entry.plain.contains(field) {
            self.keep(name, value);
        } else {
            self.entry.plain.set(field, text);
        }
    }

    /// The characters of a value that should be a string; anything else is kept and reported.
    fn scalar<'v>(&mut self, name: &str, value: &'v Node) -> Option<&'v str> {
        // Crossref makes a list of what may be one.
        let text = match value {
            Node::List(items) if items.len() == 1 => items[0].as_str(),
            Node::List(items) if items.is_empty() => return None,
            other => other.as_str(),
        };
        if text.is_none() && *value != Node::Null {
            let message = format!("the value of `{name}` should be a string");
            self.report(Diagnostic::new(Rule::MalformedValue, message));
            self.keep(name, value);
        }
        text
    }

    /// The strings of a value that is one or a list of them; where an item is none, the value as a whole is kept and
    /// reported.
    fn strings<'v>(&mut self, name: &str, value: &'v Node) -> Option<Vec<&'v str>> {
        let items = value.items();
        if let Some(odd) = items.iter().find(|node| node.as_str().is_none() && **node != Node::Null) {
            let what = if matches!(odd, Node::Map(_)) { "an object" } else { "a list" };
            let message = format!("the value of `{name}` should be a string and holds {what}");
            self.report(Diagnostic::new(Rule::MalformedValue, message));
            self.keep(name, value);
            return None;
        }
        Some(items.iter().filter_map(Node::as_str).collect())
    }

    fn keep(&mut self, name: &str, value: &Node) {
        let value = match value {
            Node::Text(text) => json_string_value(&self.syntax.exact(text)),
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

    fn duplicate(&mut self, name: &str, value: &Node) {
        let message = format!("`{name}` occurs twice; its second value `{}` is left out", value.shown());
        self.report(Diagnostic::new(Rule::DuplicateField, message));
    }

    fn malformed(&mut self, field: FieldName, message: &str) {
        self.report(Diagnostic::new(Rule::MalformedValue, message).field(field));
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.sink.report(diagnostic.at(self.span).key(self.entry.key.as_deref()));
    }

    fn finish(mut self) -> std::ops::ControlFlow<()> {
        self.keywords();
        if let Some(Node::Map(pairs)) = self.custom {
            for (name, value) in pairs {
                self.custom_pair(name, value);
            }
        } else if let Some(other) = self.custom.filter(|custom| **custom != Node::Null) {
            self.keep("custom.", other);
        }
        self.imply_arxiv();
        self.imply_language();
        if let Some(what) = tidy(&mut self.entry) {
            self.report(what);
        }
        crate::record::recognise_elsewhere(&mut self.entry);
        let mut origins = Origins::new();
        for field in self.entry.fields() {
            origins.set(field, Origin::read(self.span));
        }
        self.sink.entry(Sourced { entry: self.entry, origins, span: Some(self.span) })
    }

    fn keywords(&mut self) {
        let has_arxiv = self.entry.arxiv().is_some();
        let mut classes = Vec::new();
        let mut keywords = Vec::new();
        for value in &self.keywords {
            let (some_classes, some_keywords) = split_keyword(value, has_arxiv);
            classes.extend(some_classes.into_iter().map(Text::plain));
            keywords.extend(some_keywords.into_iter().map(|word| self.syntax.text(word)));
        }
        // The class beside the identifier is the first one.
        if let Some(class) = self.class.take().filter(|class| is_subject_class(class)).map(Text::plain) {
            classes.retain(|other| *other != class);
            classes.insert(0, class);
        }
        for (field, items) in [(ListField::Category, classes), (ListField::Keyword, keywords)] {
            if !items.is_empty() {
                self.entry.lists.set(field, items);
            }
        }
    }

    /// What an arXiv paper's publisher is goes without saying.
    fn imply_arxiv(&mut self) {
        let says_arxiv = |items: &Vec<Text>| matches!(items.as_slice(), [item] if item.as_plain().is_some_and(|name| name.eq_ignore_ascii_case("arxiv")));
        if self.entry.kind == Kind::Preprint
            && self.entry.arxiv().is_some()
            && self.entry.lists.get(ListField::Publisher).is_some_and(says_arxiv)
        {
            self.entry.lists.remove(ListField::Publisher);
        }
    }

    /// A language that only repeats the name in `custom` is none of its own.
    fn imply_language(&mut self) {
        let repeats = |items: &Vec<Text>| matches!(items.as_slice(), [item] if item.as_plain().is_some() && item.as_plain() == language_tag(&self.entry).as_deref());
        if self.entry.lists.get(ListField::Language).is_some_and(repeats) {
            self.entry.lists.remove(ListField::Language);
        }
    }
}

/// A string as a foreign value: quoted when its characters would be taken for JSON.
fn json_string_value(text: &str) -> String {
    if super::is_raw_json(text) { serde_json::to_string(text).unwrap_or_default() } else { text.to_owned() }
}
