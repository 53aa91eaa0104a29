//! The laws of this room, over its table, over generated texts and over real lines.

use super::table;
use super::*;
use crate::model::{Run, Style};

/// Shows the structure of a text in one line: `⟨style:…⟩`, `$math$`, `⟪tex⟫`.
fn show(text: &Text) -> String {
    text.runs()
        .iter()
        .map(|run| match run {
            Run::Plain(text) => text.clone(),
            Run::Math(source) => format!("${source}$"),
            Run::Tex(source) => format!("⟪{source}⟫"),
            Run::Styled(style, inner) => format!("⟨{}:{}⟩", style.name(), show(inner)),
        })
        .collect()
}

fn encoded(text: &Text, ascii: bool) -> String {
    let mut out = String::new();
    encode(text, Encoding { ascii }, &mut out);
    out
}

#[test]
fn smoke() {
    println!("{}", show(&decode(r#"Cu\'ellar $\mathbb{R}^n$ \emph{x} Schr\"odinger {\L}ojasiewicz \& a~b 1--2 ``q'' \method x {\em foo} `a'"#)));
    println!("{}", show(&decode_bib(r#"{NASA} {\"O}zg{\"u}r {\emph{x}} \'{\i} \ensuremath{\alpha}"#)));
}
