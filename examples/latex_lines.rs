//! Reads lines of LaTeX from standard input and checks, on each, that reading, writing and reading again settles.
//!
//! `cargo run --example latex_lines -- bib < lines.txt` prints each line that does not, and a count; `prose` reads lines as
//! arXiv's forms have them, `show` (before the context) prints each line decoded, for comparing with other programs.

use bibmill::latex::{Encoding, decode, decode_bib, decode_name, encode};
use bibmill::model::Text;
use std::io::{BufRead as _, Write as _};

fn main() -> std::io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| words.iter().any(|given| given == word);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let (mut lines, mut unsettled, mut not_ascii) = (0_u32, 0_u32, 0_u32);
    for line in std::io::stdin().lock().lines() {
        // Control characters are not written to a `.bib` file.
        let line = line?.replace(char::is_control, " ");
        lines += 1;
        if has("name") {
            writeln!(out, "{}", decode_name(&line))?;
            continue;
        }
        let text = if has("prose") { decode(&line) } else { decode_bib(&line) };
        if has("show") {
            writeln!(out, "{}", text.to_plain())?;
            continue;
        }
        let written = |text: &Text, ascii: bool| {
            let mut latex = String::new();
            encode(text, Encoding { ascii }, &mut latex);
            latex
        };
        let latex = written(&text, false);
        let ascii = written(&text, true);
        not_ascii += u32::from(!ascii.is_ascii());
        if decode_bib(&latex) != text || written(&decode_bib(&ascii), true) != ascii {
            unsettled += 1;
            writeln!(out, "{line}\n  {latex}\n  {ascii}")?;
        }
    }
    writeln!(out, "{lines} lines, {unsettled} unsettled, {not_ascii} not in ASCII")
}
