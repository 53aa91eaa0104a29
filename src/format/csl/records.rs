//! Splits CSL-JSON into its records and reads one record into a [`Node`], numbers as written.
//!
//! Records are found by counting brackets outside strings, so that a broken record costs itself alone. Follows RFC 8259;
//! an array, one object, an object with `items`, and one object a line are all lists of records.

use crate::yaml::Node;
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::ops::Range;

/// The records of a text in order and what stands between them that is none, found one after the other; and the names of
/// what stands beside the list, where an object holds it.
pub(super) fn records(text: &str) -> (Pieces<'_>, Vec<String>) {
    let pieces = Pieces { bytes: text.as_bytes(), at: 0 };
    let mut first = pieces.clone();
    if let (Some(Piece::Record(range)), None) = (first.next(), first.next())
        && let Some((inside, beside)) = list_inside(text, range)
    {
        return (Pieces { bytes: &text.as_bytes()[..inside.end], at: inside.start }, beside);
    }
    (pieces, Vec::new())
}

/// A piece of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// An object.
    Record(Range<usize>),
    /// Something else.
    Stray(Range<usize>),
}

impl Piece {
    /// Where it stands.
    pub(super) fn range(&self) -> Range<usize> {
        let (Self::Record(range) | Self::Stray(range)) = self;
        range.clone()
    }
}

/// The list of records inside an object that is none itself, and the names of its other values.
fn list_inside(text: &str, range: Range<usize>) -> Option<(Range<usize>, Vec<String>)> {
    let object = text.get(range)?;
    let pairs: Pairs<'_> = serde_json::from_str(object).ok()?;
    if pairs.0.iter().any(|(key, _)| matches!(key.as_str(), "type" | "id" | "title" | "DOI")) {
        return None;
    }
    let at = pairs.0.iter().position(|(key, _)| matches!(key.as_str(), "items" | "references"))?;
    let list = pairs.0[at].1.get();
    let start = (list.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    let beside = pairs.0.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, (key, _))| key.clone());
    list.starts_with('[').then(|| (start..start + list.len(), beside.collect()))
}

/// Goes through the pieces of a text.
#[derive(Clone)]
pub(super) struct Pieces<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let start = self.at + self.bytes[self.at..].iter().position(|b| !is_between(*b))?;
        if self.bytes[start] == b'{' {
            self.at = object_end(self.bytes, start);
            return Some(Piece::Record(start..self.at));
        }
        self.at = stray_end(self.bytes, start);
        Some(Piece::Stray(start..self.at))
    }
}

/// What may stand between records.
fn is_between(byte: u8) -> bool {
    matches!(byte, b'[' | b']' | b',') || byte.is_ascii_whitespace()
}

/// Where the object that opens at `start` ends: behind its closing brace, or at the end of the text.
fn object_end(bytes: &[u8], start: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(b) = bytes.get(at) {
        match b {
            b'"' => at = string_end(bytes, at),
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return at + 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Where the string that opens at `start` closes. A string does not run over a line's end.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(offset) = bytes.get(at..).and_then(|rest| memchr::memchr3(b'"', b'\\', b'\n', rest)) {
        at += offset;
        if bytes[at] != b'\\' {
            return at;
        }
        at += 2;
    }
    bytes.len()
}

fn stray_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(b) = bytes.get(at) {
        match b {
            b'"' => at = string_end(bytes, at),
            b'{' | b'[' | b']' | b',' | b'\n' => break,
            _ => {}
        }
        at += 1;
    }
    at.max(start + 1).min(bytes.len())
}

/// Reads one value.
///
/// # Errors
/// When it is not JSON, or deeper than 32 levels.
pub(super) fn node(source: &str) -> Result<Node, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(source);
    let read = Value { depth: 0 }.deserialize(&mut deserializer);
    if let Ok(node) = read.and_then(|node| deserializer.end().map(|()| node)) {
        return Ok(node);
    }
    let raw: &RawValue = serde_json::from_str(source)?;
    node_of(raw, 0)
}

const MAX_DEPTH: usize = 32;

/// Reads a value in one pass. It refuses numbers whose spelling the parser does not keep, and what is too deep: those are
/// for [`node_of`], which reads what stands inside of a value once more at each level.
#[derive(Clone, Copy)]
struct Value {
    depth: usize,
}

impl Value {
    fn inner<E: de::Error>(self) -> Result<Self, E> {
        if self.depth < MAX_DEPTH { Ok(Self { depth: self.depth + 1 }) } else { Err(E::custom("nested too deeply")) }
    }
}

impl<'de> DeserializeSeed<'de> for Value {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value whose spelling is kept")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Literal(number.to_string()))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Literal(number.to_string()))
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Node, E> {
        Ok(Node::Literal(truth.to_string()))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let inner = self.inner()?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let inner = self.inner()?;
        let mut pairs = Vec::new();
        while let Some(key) = access.next_key()? {
            pairs.push((key, access.next_value_seed(inner)?));
        }
        Ok(Node::Map(pairs))
    }
}

fn node_of(raw: &RawValue, depth: usize) -> Result<Node, serde_json::Error> {
    let source = raw.get();
    if depth > MAX_DEPTH {
        return Err(serde::de::Error::custom("nested too deeply"));
    }
    Ok(match source.as_bytes().first() {
        Some(b'"') => Node::Text(serde_json::from_str(source)?),
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(source)?;
            Node::List(items.into_iter().map(|item| node_of(item, depth + 1)).collect::<Result<_, _>>()?)
        }
        Some(b'{') => {
            let pairs: Pairs<'_> = serde_json::from_str(source)?;
            let pairs = pairs.0.into_iter().map(|(key, value)| Ok((key, node_of(value, depth + 1)?)));
            Node::Map(pairs.collect::<Result<_, _>>()?)
        }
        Some(b'n') => Node::Null,
        _ => Node::Literal(source.to_owned()),
    })
}

/// The pairs of an object in order, repeated keys and all.
struct Pairs<'j>(Vec<(String, &'j RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairsVisitor;
        impl<'de> Visitor<'de> for PairsVisitor {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = access.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(PairsVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_of_every_arrangement() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<&str> = records(text)
                .0
                .map(|piece| match piece {
                    Piece::Record(range) | Piece::Stray(range) => &text[range],
                })
                .collect();
            assert_eq!(found, expected, "{text}");
        };
        check(r#"[{"a": "}"}, {"b": [{}]},]"#, &[r#"{"a": "}"}"#, r#"{"b": [{}]}"#]);
        check("{\"id\": 1}\n{\"id\": 2}\n", &["{\"id\": 1}", "{\"id\": 2}"]);
        check(r#"{"items": [{"id": 1}, {"id": 2}]}"#, &[r#"{"id": 1}"#, r#"{"id": 2}"#]);
        check(r#"[1, {"id": 2"#, &["1", r#"{"id": 2"#]);
        check("", &[]);
    }

    #[test]
    fn numbers_stay_as_written() {
        assert_eq!(node("{\"a\": 1.10}").unwrap().get("a"), Some(&Node::Literal("1.10".into())));
        assert!(node(&"[".repeat(1000)).is_err());
        for source in
            ["0", "-0", "-17", "18446744073709551616", "1e3", "[1, 2.50]", "true", "null", r#"{"a": [{"b": ""}]}"#]
        {
            let exact = node_of(serde_json::from_str(source).unwrap(), 0).unwrap();
            assert_eq!(node(source).unwrap(), exact, "{source}");
        }
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(node(&nested(MAX_DEPTH + 1)).is_ok());
        assert!(node(&nested(MAX_DEPTH + 2)).is_err());
    }
}
