//! LaTeX and Unicode, both ways, over one table.
//!
//! [`decode`] reads the LaTeX that authors type into arXiv's forms, [`decode_bib`] that of a `.bib` field, where braces
//! keep the case of a title; both read what they understand into the model and keep the rest as written. [`encode`] writes
//! a field's text. The law of this room: `decode_bib(encode(t)) = t` for every text that a decoder can produce.
//!
//! What is understood: accents, special letters, ligatures, dashes and quotation marks (csquotes' and other languages'
//! too), the symbols of text and of mathematics (`{\alpha}` outside mathematics is the character α, for that is what it
//! was before arXiv's forms converted it, and what every output without TeX needs), the mathematical alphabets, letters of
//! other scripts, crossed-out relations, font commands and declarations. Underlining is read as emphasis; colours, sizes,
//! upright fonts, the language of a piece and what only sorts (`\noopsort`) are not kept. Formulas stay TeX, and so do
//! commands of mathematics with arguments that stand outside (`\sqrt{k}` is read as `$\sqrt{k}$`). Odd braces and dollars
//! are characters. `\phi` and `\epsilon` are φ and ε in prose, where arXiv's forms write them so; in a `.bib` field they
//! are ϕ and ϵ, as unicode-math has them.
//!
//! This room knows the model only; which fields hold LaTeX is the formats' business.

mod alphabet;
mod decode;
mod encode;
mod link;
mod sound;
mod structure;
mod table;

#[cfg(test)]
mod tests;

pub use encode::{Encoding, encode, encode_plain, is_encodable};
pub use link::spell_links;

use crate::model::Text;
use decode::{Context, Decoder};

/// Decodes LaTeX as people type it into prose (arXiv's titles and abstracts): braces group and are dropped, a tilde before a
/// number may mean "about", dollars before numbers may be money, commands that act on files are characters.
pub fn decode(source: &str) -> Text {
    Decoder::new(source, Context::Prose).decode()
}

/// Decodes the value of a `.bib` field, without its delimiters: a brace group keeps its case, unless it begins with a
/// backslash (BibTeX's "special character").
pub fn decode_bib(source: &str) -> Text {
    Decoder::new(source, Context::Bib).decode()
}

/// The character that a command without arguments stands for, in text or in mathematics.
pub fn character_of(command: &str) -> Option<char> {
    match table::meaning(command)? {
        table::Meaning::Text(character) | table::Meaning::Math(character) => Some(character),
        _ => None,
    }
}

/// Decodes a name: commands to Unicode, braces and markup dropped, every tie a blank.
pub fn decode_name(source: &str) -> String {
    Decoder::new(source, Context::Name).decode().to_plain()
}
