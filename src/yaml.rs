//! YAML: the one file that knows which crate reads it, and the emitter that quotes what must be quoted.
//!
//! The emitter follows YAML 1.2.2 and avoids everything that a YAML 1.1 reader would take for a number, a date, a truth
//! value or a null. The reader gives scalars as they are written, whatever type YAML would make of them: `1.10` is not
//! `1.1`. Knows nothing of bibliographies.

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

/// A piece of a document: of YAML, or of JSON, which readers turn into the same shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Nothing: an empty value, `~` or `null`.
    Null,
    /// A string.
    Text(String),
    /// A number or truth value, as it is written.
    Literal(String),
    /// A list.
    List(Vec<Node>),
    /// Keys and values in order. A key may occur several times.
    Map(Vec<(String, Node)>),
}

/// Why a document cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub message: String,
    /// The line in the text that was read, from 1.
    pub line: Option<usize>,
}

impl Node {
    /// The characters of a scalar.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Literal(text) => Some(text),
            Self::Null | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// The items of a list; anything else but nothing is a list of one.
    pub fn items(&self) -> &[Node] {
        match self {
            Self::Null => &[],
            Self::List(items) => items,
            Self::Text(_) | Self::Literal(_) | Self::Map(_) => std::slice::from_ref(self),
        }
    }

    /// The value of a key of a map.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match self {
            Self::Map(pairs) => pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            Self::Null | Self::Text(_) | Self::Literal(_) | Self::List(_) => None,
        }
    }

    /// The node as messages show it: its characters, or JSON.
    pub fn shown(&self) -> String {
        self.as_str().map_or_else(
            || {
                let mut json = String::new();
                self.push_json(&mut json);
                json
            },
            str::to_owned,
        )
    }

    /// Appends the node as JSON.
    pub fn push_json(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Text(text) => push_json_string(text, out),
            Self::Literal(text) if serde_json::from_str::<de::IgnoredAny>(text).is_ok() => out.push_str(text),
            Self::Literal(text) => push_json_string(text, out),
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at > 0 { ", " } else { "" });
                    item.push_json(out);
                }
                out.push(']');
            }
            Self::Map(pairs) => {
                out.push('{');
                for (at, (key, value)) in pairs.iter().enumerate() {
                    out.push_str(if at > 0 { ", " } else { "" });
                    push_json_string(key, out);
                    out.push_str(": ");
                    value.push_json(out);
                }
                out.push('}');
            }
        }
    }
}

fn push_json_string(text: &str, out: &mut String) {
    // A string always has a JSON form.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}

/// For each pair of a map, whether its key has stood before it.
pub fn repeats(pairs: &[(String, Node)]) -> Vec<bool> {
    let mut seen = HashSet::with_capacity(pairs.len());
    pairs.iter().map(|(key, _)| !seen.insert(key.as_str())).collect()
}

/// More open brackets than this are not given to the crate: its scanner looks at all of them for each token.
const MAX_OPEN: usize = 1_000;

/// Reads one document. The depth of what is read is limited by the crate, what aliases repeat by the length of the text;
/// merge keys are applied.
///
/// # Errors
/// When the text is not YAML, or has tags of its own, or is nested or repeated beyond what anybody means.
pub fn parse(text: &str) -> Result<Node, Fault> {
    let fault = |error: serde_yaml::Error| Fault {
        line: error.location().map(|place| place.line()),
        message: error.to_string(),
    };
    if let Some(at) = too_deep(text) {
        let line = Some(lines(text, 0..at).count());
        return Err(Fault { message: "brackets are nested too deeply".to_owned(), line });
    }
    let budget = Cell::new((64 << 20) + text.len().saturating_mul(8));
    let mut node = NodeSeed(&budget).deserialize(serde_yaml::Deserializer::from_str(text)).map_err(fault)?;
    if has_typed_scalar(&node) {
        // Numbers and dates came as values; the second pass takes every scalar's characters.
        Spelled(&mut node).deserialize(serde_yaml::Deserializer::from_str(text)).map_err(fault)?;
    }
    merge(&mut node);
    Ok(node)
}

/// Where too many brackets are open. Those in strings count too: a text that has so many of them is none.
fn too_deep(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    text.bytes().position(|byte| {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        open > MAX_OPEN
    })
}

/// The documents of a text: what stands between lines of `---` or `...`.
pub fn documents(text: &str) -> Vec<Range<usize>> {
    let mut documents = Vec::new();
    let mut start = 0;
    for (at, line) in lines(text, 0..text.len()) {
        if matches!(line.trim_end(), "---" | "...") || line.starts_with("--- ") {
            documents.push(start..at);
            start = at + line.trim_end().len().min(3);
        }
    }
    documents.push(start..text.len());
    documents.retain(|range| {
        lines(text, range.clone()).any(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
    });
    documents
}

/// The items of the outermost list of a document in block style: each from its dash to the next.
pub fn list_items(text: &str, document: Range<usize>) -> Vec<Range<usize>> {
    let is_item = |line: &str| line.starts_with("- ") || line.trim_end() == "-";
    let dash = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let mut indent = None;
    let mut starts = Vec::new();
    for (at, line) in lines(text, document.clone()) {
        if is_item(line.trim_start_matches(' ')) && indent.is_none_or(|indent| indent == dash(line)) {
            indent = Some(dash(line));
            starts.push(at);
        }
    }
    ranges(text, starts, document.end, |line| !line.starts_with([' ', '-', '\n', '\r', '#']))
}

/// The pairs of the outermost map of a document in block style: each from its key to the next.
pub fn map_pairs(text: &str, document: Range<usize>) -> Vec<Range<usize>> {
    let is_key = |line: &str| !line.trim().is_empty() && !line.starts_with([' ', '\t', '#', '}', ']']);
    let starts = lines(text, document.clone()).filter(|(_, line)| is_key(line)).map(|(at, _)| at).collect();
    ranges(text, starts, document.end, |_| false)
}

/// From each start to the next, or to the first line behind it that `ends` says is outside.
fn ranges(text: &str, starts: Vec<usize>, end: usize, ends: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    let next = starts.iter().copied().skip(1).chain([end]).collect::<Vec<_>>();
    let until = |start: usize, next: usize| {
        lines(text, start..next).skip(1).find(|(_, line)| ends(line)).map_or(next, |(at, _)| at)
    };
    starts.into_iter().zip(next).map(|(start, next)| start..until(start, next)).collect()
}

/// Lines with their line ends, and where they begin.
fn lines(text: &str, range: Range<usize>) -> impl Iterator<Item = (usize, &str)> {
    let mut at = range.start;
    text[range].split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    })
}

fn has_typed_scalar(node: &Node) -> bool {
    match node {
        Node::Text(_) => false,
        Node::Null | Node::Literal(_) => true,
        Node::List(items) => items.iter().any(has_typed_scalar),
        Node::Map(pairs) => pairs.iter().any(|(_, value)| has_typed_scalar(value)),
    }
}

/// Applies `<<`: the pairs of the map that it names, where the key is not given.
fn merge(node: &mut Node) {
    match node {
        Node::List(items) => items.iter_mut().for_each(merge),
        Node::Map(pairs) => {
            for (_, value) in pairs.iter_mut() {
                merge(value);
            }
            while let Some(at) = pairs.iter().position(|(key, value)| key == "<<" && matches!(value, Node::Map(_))) {
                let (_, merged) = pairs.remove(at);
                let Node::Map(merged) = merged else { return };
                let mut given: HashSet<String> = pairs.iter().map(|(name, _)| name.clone()).collect();
                pairs.extend(merged.into_iter().filter(|(key, _)| given.insert(key.clone())));
            }
        }
        Node::Null | Node::Text(_) | Node::Literal(_) => {}
    }
}

/// Reads a node and counts what it takes.
#[derive(Clone, Copy)]
struct NodeSeed<'b>(&'b Cell<usize>);

/// What a node takes beside its characters.
const NODE_SIZE: usize = size_of::<Node>();

impl NodeSeed<'_> {
    fn spend<E: de::Error>(self, length: usize) -> Result<(), E> {
        let left = self.0.get().checked_sub(length + NODE_SIZE);
        self.0.set(left.ok_or_else(|| E::custom("aliases repeat more than the text can mean"))?);
        Ok(())
    }

    fn literal<E: de::Error>(self, value: impl fmt::Display) -> Result<Node, E> {
        self.spend(0)?;
        Ok(Node::Literal(value.to_string()))
    }
}

impl<'de> DeserializeSeed<'de> for NodeSeed<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NodeSeed<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value without a tag")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Node, E> {
        self.literal(value)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Node, E> {
        self.literal(value)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Node, E> {
        self.literal(value)
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Node, E> {
        self.literal(value)
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Node, E> {
        self.literal(value)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Node, E> {
        self.literal(value)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Node, E> {
        self.spend(value.len())?;
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Node, E> {
        self.spend(value.len())?;
        Ok(Node::Text(value))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Node, E> {
        self.spend(0)?;
        Ok(Node::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        self.spend(0)?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        self.spend(0)?;
        let mut pairs = Vec::new();
        while let Some(key) = access.next_key::<Key>()? {
            self.spend(key.0.len())?;
            pairs.push((key.0, access.next_value_seed(self)?));
        }
        Ok(Node::Map(pairs))
    }
}

/// A key, as it is written.
struct Key(String);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(SpellingVisitor).map(Self)
    }
}

/// Takes the characters of a scalar, whatever its type.
struct SpellingVisitor;

impl Visitor<'_> for SpellingVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar")
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<String, E> {
        Ok(value.to_owned())
    }
}

/// A node whose scalars are replaced by what is written in their places.
struct Spelled<'n>(&'n mut Node);

impl<'de> DeserializeSeed<'de> for Spelled<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.0 {
            Node::Text(_) => deserializer.deserialize_ignored_any(de::IgnoredAny).map(|_| ()),
            Node::Literal(text) => {
                *text = deserializer.deserialize_str(SpellingVisitor)?;
                Ok(())
            }
            Node::Null => {
                let text = deserializer.deserialize_str(SpellingVisitor)?;
                // `Null` may be somebody's name; only what nobody is called is nothing.
                if !matches!(text.as_str(), "" | "~" | "null") {
                    *self.0 = Node::Literal(text);
                }
                Ok(())
            }
            Node::List(_) => deserializer.deserialize_seq(self),
            Node::Map(_) => deserializer.deserialize_map(self),
        }
    }
}

impl<'de> Visitor<'de> for Spelled<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what was read before")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        if let Node::List(items) = self.0 {
            for item in items {
                access.next_element_seed(Spelled(item))?;
            }
        }
        while access.next_element::<de::IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        if let Node::Map(pairs) = self.0 {
            for (_, value) in pairs {
                if access.next_key::<de::IgnoredAny>()?.is_some() {
                    access.next_value_seed(Spelled(value))?;
                }
            }
        }
        while access.next_entry::<de::IgnoredAny, de::IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

/// Appends a scalar so that YAML 1.1 and 1.2 readers read exactly this string: plain where that is safe, else quoted.
///
/// For block context only: inside `[…]` and `{…}` use [`quoted`].
pub fn scalar(text: &str, out: &mut String) {
    if is_plain(text) {
        out.push_str(text);
    } else if memchr::memchr2(b'\\', b'"', text.as_bytes()).is_some() && !text.chars().any(must_escape) {
        single_quoted(text, out);
    } else {
        quoted(text, out);
    }
}

/// Appends a double-quoted scalar.
pub fn quoted(text: &str, out: &mut String) {
    out.push('"');
    escaped(text, out);
    out.push('"');
}

/// Appends the inside of a double-quoted scalar.
pub fn escaped(text: &str, out: &mut String) {
    let mut clean_from = 0;
    for (at, c) in text.char_indices() {
        if c != '"' && c != '\\' && !must_escape(c) {
            continue;
        }
        out.push_str(&text[clean_from..at]);
        clean_from = at + c.len_utf8();
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            _ => escape_by_number(c, out),
        }
    }
    out.push_str(&text[clean_from..]);
}

/// Appends a single-quoted scalar: backslashes and double quotes stay as they are.
fn single_quoted(text: &str, out: &mut String) {
    out.push('\'');
    for (at, part) in text.split('\'').enumerate() {
        if at > 0 {
            out.push_str("''");
        }
        out.push_str(part);
    }
    out.push('\'');
}

fn escape_by_number(c: char, out: &mut String) {
    let number = u32::from(c);
    let (mark, digits) = match number {
        0..=0xff => ('x', 2),
        0x100..=0xffff => ('u', 4),
        _ => ('U', 8),
    };
    out.extend(['\\', mark]);
    for place in (0..digits).rev() {
        out.extend(char::from_digit((number >> (4 * place)) & 15, 16).map(|digit| digit.to_ascii_uppercase()));
    }
}

/// Characters that must not stand raw: those outside YAML's `c-printable`, line breaks of YAML 1.1, the byte order mark.
fn must_escape(c: char) -> bool {
    match c {
        ' '..='~' => false,
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => true,
        c => c.is_control(),
    }
}

/// Whether the text can stand plain in block context.
pub fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let head_is_safe = first.is_alphabetic() || (first.is_ascii_digit() && says_it_is_no_number(text));
    head_is_safe
        && !text.ends_with([' ', ':'])
        && !is_reserved(text)
        && text.char_indices().all(|(at, c)| match c {
            ':' => !text[at + 1..].starts_with(' '),
            '#' => !text[..at].ends_with(' '),
            c => !must_escape(c),
        })
}

/// Whether a text that begins with a digit holds a letter that no number, date or time of any YAML version has.
fn says_it_is_no_number(text: &str) -> bool {
    text.bytes().any(|b| {
        b.is_ascii_alphabetic()
            && !matches!(b.to_ascii_lowercase(), b'a'..=b'f' | b'i' | b'n' | b'o' | b't' | b'x' | b'z')
    })
}

/// Words that some YAML reader takes for something else than a string.
fn is_reserved(text: &str) -> bool {
    const WORDS: [&str; 11] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"];
    text.len() <= 5 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_read_as_written() {
        let node = parse("a: 1.10\nb: 2020-01-01\nc: [007, no, 12:30, 0x1F, Null]\n1706.00010: ~\nd: \"x\"\n").unwrap();
        assert_eq!(node.get("a"), Some(&Node::Literal("1.10".into())));
        assert_eq!(node.get("b").and_then(Node::as_str), Some("2020-01-01"));
        let items: Vec<_> = node.get("c").unwrap().items().iter().map(|item| item.as_str().unwrap_or("-")).collect();
        assert_eq!(items, ["007", "no", "12:30", "0x1F", "Null"]);
        assert_eq!(node.get("1706.00010"), Some(&Node::Null));
        assert_eq!(node.get("d"), Some(&Node::Text("x".into())));
    }

    #[test]
    fn merge_keys_are_applied_and_bombs_end_in_an_error() {
        let node = parse("x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\n").unwrap();
        assert_eq!(node.get("y").and_then(|y| y.get("a")).and_then(Node::as_str), Some("1"));
        assert_eq!(node.get("y").and_then(|y| y.get("b")).and_then(Node::as_str), Some("3"));
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert!(parse("a: !!python/object:os.system x").is_err() || parse("a: !x y").is_err());
        let mut bomb = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
        for (name, last) in ('b'..='k').zip('a'..='j') {
            let items = vec![format!("*{last}"); 9].join(", ");
            bomb.extend([name.to_string(), format!(": &{name} [{items}]\n")]);
        }
        assert!(parse(&bomb).is_err());
        let fault = |text: &str| parse(text).unwrap_err().message;
        let repeated = format!("a: &a {}\nb: [{}]\n", "x".repeat(10_000), vec!["*a"; 20_000].join(", "));
        assert!(fault(&repeated).contains("aliases repeat"), "{}", fault(&repeated));
        assert!(fault(&format!("a: b\nc: {}", "[".repeat(100_000))).contains("too deeply"));
    }

    #[test]
    fn what_is_quoted_reads_back() {
        crate::model::generate::property(|u| {
            let text: String = u.arbitrary()?;
            let mut document = String::from("k: ");
            scalar(&text, &mut document);
            assert_eq!(parse(&document).unwrap().get("k"), Some(&Node::Text(text)), "{document:?}");
            Ok(())
        });
    }

    #[test]
    fn quotes_exactly_what_a_reader_could_misread() {
        let check = |text: &str, expected: &str| {
            let mut out = String::new();
            scalar(text, &mut out);
            assert_eq!(out, expected, "{text:?}");
        };
        for plain in ["Attention", "3D Gaussian", "a-b", "Émile", "x:y", "C#", "don't", "Norway", "5 minutes"] {
            check(plain, plain);
        }
        for word in ["no", "Yes", "ON", "off", "y", "N", "~", "null", "NULL", "true", "False", "=", "<<", ".nan", "inf"]
        {
            check(word, &format!("\"{word}\""));
        }
        for number in
            ["12", "1.10", "007", "0x1f", "1_000", "12:30", "2020-01-01", "1e5", "0b11", "2003.13720", "-1", "+1", ".5"]
        {
            check(number, &format!("\"{number}\""));
        }
        for text in [
            "", " a", "a ", "a: b", "a:", "a #b", "- a", "? a", "*a", "&a", "!a", "%a", "@a", "`a", "|", ">", "[a",
            "{a", "#a", "'a",
        ] {
            check(text, &format!("\"{text}\""));
        }
        check("a\nb", "\"a\\nb\"");
        check("a\u{7f}\u{85}\u{2028}\u{feff}b", "\"a\\x7F\\x85\\u2028\\uFEFFb\"");
        check("say \"x\": y", "'say \"x\": y'");
        check("\\_x\\_ isn't", "'\\_x\\_ isn''t'");
    }
}
