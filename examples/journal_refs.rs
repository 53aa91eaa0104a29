//! How much of a list of journal references is understood: one line each, with what was read of it, then the share.
//!
//!     cargo run --example journal_refs -- FILE

#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a measuring program prints and reads files")]

use bibmill::published::{JournalRef, parse};

fn main() -> std::io::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_default();
    let text = std::fs::read_to_string(path)?;
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let mut understood = 0;
    for line in &lines {
        match parse(line) {
            Some(JournalRef { journal, volume, issue, pages, article, date }) => {
                understood += 1;
                let part = |name: &str, value: Option<String>| value.map(|value| format!(" {name}={value}"));
                let parts = [part("vol", volume), part("no", issue), part("pp", pages), part("id", article)];
                println!("+ {line}\n    {journal} |{} year={date}", parts.into_iter().flatten().collect::<String>());
            }
            None => println!("- {line}"),
        }
    }
    println!("{understood} of {} understood", lines.len());
    Ok(())
}
