//! What is read of each file below some folders: a table file → format → entries → findings.
//!
//!     cargo run --release --example readings -- FOLDER...
//!
//! Each file is read as the program reads it without `--from`. A file that is refused (an error page, an unknown format) has
//! the reason in place of its entries. The tests print the same table of the fixtures.

use bibmill::error::Result;
use bibmill::format::{Format, Input, ReadOptions};
use bibmill::source::SourceId;
use bibmill::stream::Collected;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[expect(clippy::print_stdout, reason = "printing the table is what it is for")]
fn main() {
    let mut files = Vec::new();
    for folder in std::env::args().skip(1) {
        gather(Path::new(&folder), &mut files);
    }
    files.sort();
    print!("{}", table(&files, Path::new("")));
}

/// The table, paths shown from `root` on.
pub(crate) fn table(files: &[PathBuf], root: &Path) -> String {
    let mut out = "| file | format | entries | findings |\n|---|---|---|---|\n".to_owned();
    for file in files {
        let name = file.strip_prefix(root).unwrap_or(file).display();
        let (format, entries, findings) = match reading(file) {
            Ok(reading) => reading,
            Err(error) => ("refused", "-".to_owned(), error.to_string()),
        };
        let shown = file.display().to_string();
        let findings = findings.replace(&format!("{shown}: "), "").replace('|', "\\|").replace('\n', " ");
        // Writing to a string cannot fail.
        let _ = writeln!(out, "| `{name}` | {format} | {entries} | {findings} |");
    }
    out
}

/// Every file below a folder.
fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        files.push(folder.to_owned());
        return;
    };
    for entry in entries.flatten() {
        gather(&entry.path(), files);
    }
}

/// The format, the number of entries, and how many findings there are of each rule.
fn reading(file: &Path) -> Result<(&'static str, String, String)> {
    #[expect(clippy::disallowed_methods, reason = "an example opens its files itself")]
    let opened = std::fs::File::open(file).map_err(|error| bibmill::error::Error::path(file, "reading", error))?;
    let input = Input::new(SourceId(0), file.to_string_lossy(), opened)?;
    if input.head().is_empty() {
        return Ok(("-", "0".to_owned(), "the file is empty".to_owned()));
    }
    let format = Format::detect(&input.head(), input.extension())?;
    let mut found = Collected::default();
    let mut said = String::new();
    if let Some(read) = format.spec().read
        && let Err(error) = read(input, &ReadOptions::default(), &mut found)
    {
        let _ = write!(said, "error: {error} ");
    }
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &found.diagnostics {
        *rules.entry(finding.rule.name()).or_default() += 1;
    }
    let rules: Vec<String> = rules.iter().map(|(rule, count)| format!("{count} × {rule}")).collect();
    Ok((format.name(), found.entries.len().to_string(), said + &rules.join(", ")))
}
