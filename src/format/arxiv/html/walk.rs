//! HTML as a stream of elements and text: tags in any case and quoting, text split anywhere, missing end tags, character
//! references decoded exactly once, formulas that MathJax has drawn taken back to TeX.
//!
//! The WHATWG HTML standard as `lol_html` reads it, with the implied end tags that a page needs. Knows nothing of arXiv.

use lol_html::errors::RewritingError;
use lol_html::html_content::{Element, TextChunk, TextType};
use lol_html::{HtmlRewriter, MemorySettings, Settings, doc_text, element};
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

/// The most memory that reading a page may take beside its text.
const MAX_MEMORY: usize = 64 << 20;
/// How far up an element is looked for that a new one ends.
const REACH: usize = 32;

/// Takes what a page consists of, in order.
pub(super) trait Visitor {
    /// An element begins. `id` names it until it is closed; an element without content is not closed.
    fn open(&mut self, id: u32, tag: &Tag);
    /// A run of text, decoded.
    fn text(&mut self, text: &str);
    /// The element and all in it ends before the byte.
    fn close(&mut self, id: u32, at: usize);
}

/// A start tag.
#[derive(Debug)]
pub(super) struct Tag {
    /// The element's name, lower-case.
    pub(super) name: String,
    /// Where the tag stands.
    pub(super) at: Range<usize>,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// An attribute's value, decoded; empty when it is missing.
    pub(super) fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// Whether the element is of a class.
    pub(super) fn has_class(&self, class: &str) -> bool {
        self.attribute("class").split_ascii_whitespace().any(|name| name == class)
    }
}

/// Walks through a page.
///
/// # Errors
/// When the page nests so deeply that it cannot be read in 64 MiB.
pub(super) fn walk<V: Visitor + 'static>(text: &str, visitor: V) -> Result<V, RewritingError> {
    let walker =
        Rc::new(RefCell::new(Walker { visitor, open: Vec::new(), next: 0, node: String::new(), hidden: None }));
    let opened = Rc::clone(&walker);
    let element = move |element: &mut Element<'_, '_>| {
        let id = opened.borrow_mut().open(element);
        if let Some(id) = id.filter(|_| element.can_have_content()) {
            let closed = Rc::clone(&opened);
            element.on_end_tag(Box::new(move |tag| {
                closed.borrow_mut().close(id, tag.source_location().bytes().start);
                Ok(())
            }))?;
        }
        Ok(())
    };
    let read = Rc::clone(&walker);
    let text_chunk = move |chunk: &mut TextChunk<'_>| {
        read.borrow_mut().chunk(chunk);
        Ok(())
    };
    let settings = Settings::new()
        .with_strict(false)
        .with_memory_settings(MemorySettings::new().with_max_allowed_memory_usage(MAX_MEMORY))
        .append_element_content_handler(element!("*", element))
        .append_document_content_handler(doc_text!(text_chunk));
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    for chunk in text.as_bytes().chunks(1 << 16) {
        rewriter.write(chunk)?;
    }
    rewriter.end()?;
    walker.borrow_mut().end(text.len());
    Rc::into_inner(walker).map(|walker| walker.into_inner().visitor).ok_or_else(lost)
}

fn lost() -> RewritingError {
    RewritingError::ContentHandlerError("the parser kept a part of the page".into())
}

#[derive(Debug)]
struct Walker<V> {
    visitor: V,
    /// The elements that are open, outermost first; ids grow.
    open: Vec<Open>,
    next: u32,
    /// The text node at hand, not yet decoded: a chunk may end within a character reference.
    node: String,
    /// The element whose content is a drawing of a formula.
    hidden: Option<u32>,
}

#[derive(Debug)]
struct Open {
    id: u32,
    role: Role,
}

/// What an element's kind means for the ends of others, and for its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Paragraph,
    ListItem,
    Term,
    Row,
    Cell,
    /// Ends the search for an open item, row or cell.
    Scope,
    /// TeX as MathJax keeps it; what it is delimited by.
    Formula(&'static str),
    Other,
}

impl<V: Visitor> Walker<V> {
    fn open(&mut self, element: &mut Element<'_, '_>) -> Option<u32> {
        let at = element.source_location().bytes();
        self.flush();
        let attributes =
            element.attributes().iter().map(|a| (a.name(), decode(&a.value()))).collect::<Vec<(String, String)>>();
        let tag = Tag { name: element.tag_name(), at, attributes };
        self.imply_ends(&tag);
        let id = self.next;
        self.next = self.next.checked_add(1)?;
        let has_content = element.can_have_content();
        let role = role(&tag);
        if has_content {
            self.open.push(Open { id, role });
        }
        if self.hidden.is_none() && has_content && is_drawing(&tag) {
            self.hidden = Some(id);
        }
        if self.hidden.is_none() {
            match role {
                Role::Formula(delimiter) => self.visitor.text(delimiter),
                _ if tag.name == "br" => self.visitor.text("\n"),
                _ => self.visitor.open(id, &tag),
            }
        }
        Some(id)
    }

    /// Ends what the tag ends without an end tag (HTML standard, 13.1.2.4).
    fn imply_ends(&mut self, tag: &Tag) {
        let ends: &[Role] = match tag.name.as_str() {
            "li" => &[Role::ListItem],
            "dt" | "dd" => &[Role::Term],
            "td" | "th" => &[Role::Cell],
            "tr" | "tbody" | "tfoot" => &[Role::Row],
            name if ends_paragraph(name) => &[Role::Paragraph],
            _ => return,
        };
        let near = self.open.iter().rev().take(REACH);
        let near = near.take_while(|open| open.role != Role::Scope || ends == [Role::Paragraph]);
        let last = near.filter(|open| ends.contains(&open.role)).last();
        if let Some(id) = last.map(|open| open.id) {
            self.close(id, tag.at.start);
        }
    }

    fn close(&mut self, id: u32, at: usize) {
        self.flush();
        let Ok(place) = self.open.binary_search_by_key(&id, |open| open.id) else { return };
        for open in self.open.drain(place..).rev() {
            match (self.hidden, open.role) {
                (Some(hidden), _) if hidden == open.id => self.hidden = None,
                (Some(_), _) => {}
                (None, Role::Formula(delimiter)) => self.visitor.text(delimiter),
                (None, _) => self.visitor.close(open.id, at),
            }
        }
    }

    fn chunk(&mut self, chunk: &TextChunk<'_>) {
        match (chunk.text_type(), self.open.last().map(|open| open.role)) {
            (TextType::ScriptData, Some(Role::Formula(_))) if self.hidden.is_none() => {
                self.visitor.text(chunk.as_str());
            }
            (TextType::ScriptData | TextType::RawText, _) => {}
            _ => {
                self.node.push_str(chunk.as_str());
                if chunk.last_in_text_node() {
                    self.flush();
                }
            }
        }
    }

    fn flush(&mut self) {
        if !self.node.is_empty() {
            let text = std::mem::take(&mut self.node);
            if self.hidden.is_none() {
                self.visitor.text(&decode(&text));
            }
        }
    }

    /// What was not closed ends with the page.
    fn end(&mut self, at: usize) {
        self.flush();
        if let Some(first) = self.open.first() {
            self.close(first.id, at);
        }
    }
}

fn role(tag: &Tag) -> Role {
    match tag.name.as_str() {
        "p" => Role::Paragraph,
        "li" => Role::ListItem,
        "dt" | "dd" => Role::Term,
        "tr" => Role::Row,
        "td" | "th" => Role::Cell,
        "ul" | "ol" | "dl" | "table" => Role::Scope,
        "script" if tag.attribute("type").starts_with("math/tex") => {
            Role::Formula(if tag.attribute("type").contains("mode=display") { "$$" } else { "$" })
        }
        _ => Role::Other,
    }
}

fn ends_paragraph(name: &str) -> bool {
    let blocks = [
        "address",
        "article",
        "aside",
        "blockquote",
        "div",
        "dl",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "ul",
    ];
    blocks.contains(&name)
}

/// Whether an element holds what MathJax 2 drew beside the TeX that it keeps in a script.
fn is_drawing(tag: &Tag) -> bool {
    let drawings = [
        "MathJax",
        "MathJax_Preview",
        "MathJax_Display",
        "MathJax_SVG",
        "MathJax_SVG_Display",
        "MathJax_CHTML",
        "MathJax_MathML",
        "MJXc-display",
        "mjx-chtml",
        "MJX_Assistive_MathML",
    ];
    drawings.iter().any(|class| tag.has_class(class))
}

/// Decodes character references once; blanks that do not break become plain ones, and what is no reference stays.
fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match reference(rest) {
            Some((value, length)) => {
                out.push_str(&value);
                rest = &rest[length..];
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    if out.contains('\u{a0}') { out.replace('\u{a0}', " ") } else { out }
}

/// The characters of the reference behind a `&`, and how long it is.
fn reference(text: &str) -> Option<(String, usize)> {
    // The longest name has 31 letters.
    let end = text.bytes().take(34).position(|b| b == b';')?;
    let name = &text[..end];
    let value = match name.strip_prefix('#') {
        Some(number) => numbered(number)?.to_string(),
        None => quick_xml::escape::resolve_html5_entity(name)?.to_owned(),
    };
    Some((value, end + 1))
}

fn numbered(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
        None => number.parse().ok()?,
    };
    // Numbers of C1 controls mean windows-1252 (HTML standard, 13.2.5.80).
    if let Some(byte) = u8::try_from(code).ok().filter(|byte| (0x80..=0x9f).contains(byte)) {
        return encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next();
    }
    char::from_u32(code).filter(|c| !c.is_control() || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Outline(String);

    impl Visitor for Outline {
        fn open(&mut self, id: u32, tag: &Tag) {
            self.0.push_str(&format!("<{}{id}", tag.name));
            self.0.push_str(if tag.has_class("k") { " k>" } else { ">" });
        }
        fn text(&mut self, text: &str) {
            self.0.push_str(text);
        }
        fn close(&mut self, id: u32, _: usize) {
            self.0.push_str(&format!("</{id}>"));
        }
    }

    fn check(html: &str, expected: &str) {
        assert_eq!(walk(html, Outline::default()).map(|outline| outline.0).unwrap(), expected, "{html}");
    }

    #[test]
    fn tags_of_any_form_and_text() {
        check("<P CLASS=k>a &amp;amp; b</P>", "<p0 k>a &amp; b</0>");
        check("<p class='x k'>&eacute;&#233;&#xE9;&nbsp;&#151;&bogus;&", "<p0 k>éé\u{e9} —&bogus;&</0>");
        check("<a>x<!-- y -->z<script>w</script></a>", "<a0>xz<script1></1></0>");
    }

    #[test]
    fn missing_ends() {
        check("<dl><dt>a<dd>b<p>c<dt>d</dl>", "<dl0><dt1>a</1><dd2>b<p3>c</3></2><dt4>d</4></0>");
        check("<ul><li>a<ul><li>b</ul><li>c</ul>", "<ul0><li1>a<ul2><li3>b</3></2></1><li4>c</4></0>");
        check("<p>a<p>b</div>c", "<p0>a</0><p1>bc</1>");
        check("<table><tr><td>a<td>b<tr><td>c</table>", "<table0><tr1><td2>a</2><td3>b</3></1><tr4><td5>c</5></4></0>");
    }

    #[test]
    fn formulas_are_taken_from_their_scripts() {
        check(
            "a <span class=\"MathJax_Preview\">?</span><span class=\"MathJax\"><nobr>drawn</nobr></span>\
             <script type=\"math/tex\">x<y &amp; z</script> b <script type=\"math/tex; mode=display\">w</script>",
            "a $x<y &amp; z$ b $$w$$",
        );
    }

    #[test]
    fn text_may_split_anywhere() {
        let long = "x".repeat((1 << 16) - 8);
        for pad in 0..12 {
            let html = format!("<p>{long}{}&eacute;&lt;é</p>", "y".repeat(pad));
            check(&html, &format!("<p0>{long}{}é<é</0>", "y".repeat(pad)));
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deep = "<div>".repeat(100_000);
        let _ = walk(&deep, Outline::default());
        let deep = "<p><b>".repeat(50_000);
        let _ = walk(&deep, Outline::default());
    }
}
