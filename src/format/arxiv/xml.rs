//! Reading XML 1.0 with namespaces element by element, so that memory is bounded by the record and not by the file.
//!
//! Nothing is expanded but the five predefined entities and numeric references, depth, text and attributes are limited,
//! and a document counts as read only when its root element is closed. Knows no vocabulary of any feed.

use super::decoded::Decoded;
use crate::diagnostic::{Diagnostic, Rule};
use crate::error::{Error, Result};
use crate::format::Input;
use crate::source::{SourceId, Span, printable};
use crate::stream::Sink;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;
use std::io::BufRead;

/// How deep elements may nest.
const MAX_DEPTH: usize = 256;
/// How much text one record may hold, markup not counted.
const MAX_TEXT: usize = 4 << 20;
/// How many elements one record may hold.
const MAX_ELEMENTS: usize = 100_000;
/// How many attributes one element may have.
const MAX_ATTRIBUTES: usize = 256;

/// An element with all that it contains.
#[derive(Debug, Default)]
pub(super) struct Element {
    namespace: String,
    name: String,
    attributes: Vec<(String, String)>,
    /// Its own text, that of its children left out.
    text: String,
    children: Vec<Element>,
    /// Where its start tag stands.
    pub(super) span: Span,
}

impl Element {
    /// Whether it has this local name in this namespace; documents that lost their namespaces are read too.
    pub(super) fn is(&self, namespace: &str, name: &str) -> bool {
        self.name == name && (self.namespace == namespace || self.namespace.is_empty())
    }

    /// The local name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The children.
    pub(super) fn children(&self) -> &[Element] {
        &self.children
    }

    /// The children of a name.
    pub(super) fn all<'e>(&'e self, namespace: &str, name: &str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.is(namespace, name))
    }

    /// The text of the first child of a name, trimmed; empty when there is none.
    pub(super) fn text_of(&self, namespace: &str, name: &str) -> &str {
        self.all(namespace, name).next().map_or("", Element::text)
    }

    /// Its own text, trimmed.
    pub(super) fn text(&self) -> &str {
        self.text.trim()
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What comes next in a document.
#[derive(Debug)]
pub(super) enum Step {
    /// A container begins; its children follow one by one.
    Open,
    /// A whole element.
    Whole(Element),
}

/// A document being read.
pub(super) struct Document<'r> {
    reader: NsReader<Decoded<Box<dyn BufRead + Send + 'r>>>,
    buffer: Vec<u8>,
    source: SourceId,
    name: String,
    /// Names of the containers that are open.
    open: Vec<String>,
    /// The elements that are being read whole, innermost last.
    building: Vec<Element>,
    elements: usize,
    text: usize,
    has_root: bool,
}

impl<'r> Document<'r> {
    /// Begins to read.
    pub(super) fn new(input: Input<'r>) -> Self {
        let (source, name) = (input.source(), printable(input.name()).into_owned());
        let reader: Box<dyn BufRead + Send + 'r> = Box::new(input.into_reader());
        let mut reader = NsReader::from_reader(Decoded::new(reader));
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            buffer: Vec::new(),
            source,
            name,
            open: Vec::new(),
            building: Vec::new(),
            elements: 0,
            text: 0,
            has_root: false,
        }
    }

    /// The next step; nothing at the end of a complete document. `is_container` tells by its start tag whether the
    /// children of an element come one by one.
    ///
    /// # Errors
    /// When the document is no XML, breaks a limit or ends too early.
    pub(super) fn next(&mut self, is_container: fn(&Element) -> bool, sink: &mut dyn Sink) -> Result<Option<Step>> {
        loop {
            let span = self.here();
            self.buffer.clear();
            self.reader.get_mut().allow_event();
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event.into_owned(),
                Err(error) => return Err(self.fault(&error.to_string())),
            };
            if self.reader.get_mut().take_malformed() {
                let message = "some bytes are not in the encoding of the document; they are read as windows-1252";
                sink.report(Diagnostic::new(Rule::NonUtf8, message).at(span).help("convert the file to UTF-8"));
            }
            match event {
                Event::Start(start) | Event::Empty(start) => {
                    let element = self.element(&start, span, sink)?;
                    if self.building.is_empty() && is_container(&element) {
                        self.open.push(element.name.clone());
                        return Ok(Some(Step::Open));
                    }
                    self.building.push(element);
                }
                Event::End(_) => {
                    if let Some(element) = self.close() {
                        return Ok(Some(Step::Whole(element)));
                    }
                }
                Event::Text(text) => self.push_text(&text.xml10_content())?,
                Event::CData(text) => self.push_text(&text.xml10_content())?,
                Event::GeneralRef(reference) => self.reference(&reference, span, sink)?,
                Event::Eof => return self.end(),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    /// Makes an error of this document at the place reached.
    pub(super) fn fault(&self, what: &str) -> Error {
        let (line, _) = self.reader.get_ref().place();
        Error::message(format!("{}: line {line}: {}", self.name, printable(what)))
    }

    /// Makes an error of this document as a whole.
    pub(super) fn refusal(&self, what: &str) -> Error {
        Error::message(format!("{}: {}", self.name, printable(what)))
    }

    /// The place reached.
    pub(super) fn here(&self) -> Span {
        let (line, column) = self.reader.get_ref().place();
        Span { source: self.source, start: self.reader.buffer_position(), len: 0, line, column }
    }

    fn element(&mut self, start: &BytesStart<'_>, span: Span, sink: &mut dyn Sink) -> Result<Element> {
        if self.open.is_empty() && self.building.is_empty() && std::mem::replace(&mut self.has_root, true) {
            return Err(self.fault("a second document begins here; put each in a file of its own"));
        }
        self.elements += 1;
        if self.open.len() + self.building.len() >= MAX_DEPTH || self.elements > MAX_ELEMENTS {
            return Err(self.fault("the elements of one record are too many or nested too deeply"));
        }
        let (namespace, local) = self.reader.resolver().resolve_element(start.name());
        let namespace = match namespace {
            ResolveResult::Bound(namespace) => namespace.0.to_owned(),
            ResolveResult::Unbound | ResolveResult::Unknown(_) => String::new(),
        };
        let mut element = Element { namespace, name: local.into_inner().to_owned(), span, ..Element::default() };
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| self.fault(&error.to_string()))?;
            if element.attributes.len() >= MAX_ATTRIBUTES {
                return Err(self.fault("an element has too many attributes"));
            }
            let value = unescape(&attribute.value, |reference| sink.report(unknown_reference(reference, span)));
            element.attributes.push((attribute.key.local_name().into_inner().to_owned(), value));
        }
        Ok(element)
    }

    /// Closes the innermost element; gives it when it was read whole.
    fn close(&mut self) -> Option<Element> {
        let here = self.reader.buffer_position();
        let Some(mut element) = self.building.pop() else {
            self.open.pop();
            return None;
        };
        element.span.len = u32::try_from(here.saturating_sub(element.span.start)).unwrap_or(u32::MAX);
        if let Some(parent) = self.building.last_mut() {
            parent.children.push(element);
            return None;
        }
        (self.elements, self.text) = (0, 0);
        Some(element)
    }

    fn push_text(&mut self, text: &str) -> Result<()> {
        if let Some(element) = self.building.last_mut() {
            self.text += text.len();
            element.text.push_str(text);
            return if self.text > MAX_TEXT { Err(self.fault("one record is longer than 4 MiB")) } else { Ok(()) };
        }
        if self.open.is_empty() && !text.trim().is_empty() {
            let start: String = text.trim().chars().take(60).collect();
            return Err(self.fault(&format!("text stands outside of the document: {start}")));
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>, span: Span, sink: &mut dyn Sink) -> Result<()> {
        let name = reference.xml10_content();
        let mut text = String::new();
        if let Some(c) = resolve(&name) {
            text.push(c);
        } else {
            sink.report(unknown_reference(&name, span));
            text = format!("&{name};");
        }
        self.push_text(&text)
    }

    fn end(&self) -> Result<Option<Step>> {
        if let Some(inner) = self.building.last().map(|element| &element.name).or(self.open.last()) {
            return Err(self.fault(&format!("the document ends inside <{inner}>; fetch or copy it again")));
        }
        if self.has_root { Ok(None) } else { Err(self.refusal("there is no XML element in it")) }
    }
}

/// The character that a reference stands for: predefined entities and characters that XML allows.
fn resolve(name: &str) -> Option<char> {
    let number = match name {
        "amp" => return Some('&'),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "quot" => return Some('"'),
        "apos" => return Some('\''),
        _ => name.strip_prefix('#')?,
    };
    let code = match number.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).filter(|c| matches!(c, '\t' | '\n' | '\r' | ' '..))
}

/// Resolves the references in an attribute's value, or in text that was escaped twice.
pub(super) fn unescape(text: &str, mut unknown: impl FnMut(&str)) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        // A name is short; a lone & need not look further for its end.
        let end = rest.bytes().take(32).position(|byte| byte == b';');
        match end.map(|end| (resolve(&rest[..end]), end)) {
            Some((Some(c), end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            found => {
                if let Some((_, end)) = found {
                    unknown(&rest[..end]);
                }
                out.push('&');
            }
        }
    }
    out + rest
}

fn unknown_reference(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Rule::MalformedValue,
        format!("&{}; names no character of XML; it is kept as written", printable(name)),
    )
    .at(span)
}

/// The name of the root element, from the first bytes of a document; empty when it does not begin like XML.
pub(super) fn root_name(head: &str) -> &str {
    let mut rest = head.trim_start_matches('\u{feff}').trim_start();
    loop {
        let Some(markup) = rest.strip_prefix('<') else { return "" };
        let end = if markup.starts_with("!--") {
            "-->"
        } else if markup.starts_with(['?', '!']) {
            ">"
        } else {
            let name = markup.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or("");
            return name.rsplit(':').next().unwrap_or("");
        };
        let Some(at) = markup.find(end) else { return "" };
        rest = markup[at + end.len()..].trim_start();
    }
}

#[cfg(test)]
mod tests {
    use crate::format::{Format, Input, ReadOptions};
    use crate::source::SourceId;
    use crate::stream::Collected;

    fn read(format: Format, text: &str) -> (Collected, Result<(), String>) {
        let mut sink = Collected::default();
        let read = format.spec().read.expect("the format is read");
        let result = read(Input::from_text(SourceId(0), "test", text), &ReadOptions::default(), &mut sink);
        (sink, result.map_err(|error| error.to_string()))
    }

    #[test]
    fn every_prefix_is_refused_and_keeps_what_was_complete() {
        let check = |format: Format, text: &str, papers: usize| {
            let text = text.trim_end();
            for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
                assert!(read(format, &text[..at]).1.is_err(), "{format} {at}");
            }
            let (sink, result) = read(format, text);
            assert_eq!((sink.entries.len(), result), (papers, Ok(())));
        };
        check(Format::ArxivApi, include_str!("../../../fixtures/arxiv-api/asked.xml"), 2);
        check(Format::ArxivRss, include_str!("../../../fixtures/arxiv-rss/since-2024.xml"), 2);
        check(Format::ArxivOai, include_str!("../../../fixtures/arxiv-oai/arxiv.xml"), 1);
    }

    #[test]
    fn what_is_no_document_is_refused() {
        let check = |text: &str, expected: &str| {
            let message = read(Format::ArxivApi, text).1.expect_err("it is refused");
            assert!(message.contains(expected), "{message}");
        };
        check("Rate exceeded.", "outside of the document");
        check("<html><body>x</body></html>", "no Atom feed");
        check("<feed></feed><feed></feed>", "second document");
        check(&"<a>".repeat(100_000), "nested too deeply");
        check(&format!("<feed><entry>{}", "<a/>".repeat(200_000)), "too many");
    }

    #[test]
    fn entities_are_never_expanded() {
        let text = "<!DOCTYPE feed [<!ENTITY a \"aaaa\">]><feed><entry><id>http://arxiv.org/abs/0704.0001</id>\
                    <title>A &amp; &a; &#x42; &#0;</title></entry></feed>";
        let (sink, result) = read(Format::ArxivApi, text);
        assert_eq!(result, Ok(()));
        assert_eq!(sink.diagnostics.len(), 2);
    }
}
