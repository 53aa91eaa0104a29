//! LaTeX and Unicode, both ways, over one table. (Stub of the interface.)

use crate::model::{Run, Text};

/// Decodes LaTeX text into rich text.
pub fn decode(source: &str) -> Text {
    [Run::Plain(source.to_owned())].into_iter().collect()
}

/// Decodes a name: commands to Unicode, markup dropped.
pub fn decode_name(source: &str) -> String {
    source.to_owned()
}

/// Choices of the encoder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Encoding {
    /// Only ASCII: other characters as LaTeX commands.
    pub ascii: bool,
}

/// Appends rich text as LaTeX: special characters escaped outside mathematics, braces and dollars balanced.
pub fn encode(text: &Text, encoding: Encoding, out: &mut String) {
    let _ = encoding;
    out.push_str(&text.to_plain());
}

/// Appends plain characters (a name, a keyword) as LaTeX.
pub fn encode_plain(text: &str, encoding: Encoding, out: &mut String) {
    let _ = encoding;
    out.push_str(text);
}
