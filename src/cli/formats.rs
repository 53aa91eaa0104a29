//! `bibmill formats`: the table of formats, as the README has it.

use crate::format::Format;
use std::io::{self, Write};

/// Prints the table in Markdown.
pub(super) fn print(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| name | reads | writes | what | extensions |\n|---|---|---|---|---|")?;
    for format in Format::ALL {
        let spec = format.spec();
        let extensions: Vec<String> = spec.extensions.iter().map(|extension| format!("`.{extension}`")).collect();
        writeln!(
            out,
            "| `{}` | {} | {} | {} | {} |",
            spec.name,
            mark(spec.read.is_some()),
            mark(spec.write.is_some()),
            spec.title,
            extensions.join(" "),
        )?;
    }
    Ok(())
}

const fn mark(is: bool) -> &'static str {
    if is { "yes" } else { "" }
}
