//! What is documented is what is there: tables, options, fixtures.

use crate::support::{bibmill, conclude, files, fixtures, root, stdout};
use std::collections::BTreeSet;

/// The README and, where there are any, the pages of `docs/`.
fn documentation() -> Option<String> {
    let readme = std::fs::read_to_string(root().join("README.md")).ok()?;
    let pages = files(&root().join("docs")).into_iter().filter_map(|path| std::fs::read_to_string(path).ok());
    Some(pages.fold(readme, |all, page| all + "\n" + &page))
}

fn printed(arguments: &[&str]) -> String {
    stdout(&bibmill().args(arguments).output().expect("the program runs"))
}

#[test]
fn tables_are_what_the_program_prints() {
    let Some(documentation) = documentation() else { return };
    let mut failures = Vec::new();
    for command in ["formats", "explain"] {
        let table = printed(&[command]);
        if !documentation.contains(&table) {
            failures.push(format!("the table that `bibmill {command}` prints does not stand in the README:\n{table}"));
        }
    }
    conclude(&failures);
}

#[test]
fn every_option_is_documented() {
    let Some(documentation) = documentation() else { return };
    let commands: [&[&str]; 9] = [
        &[],
        &["convert"],
        &["check"],
        &["catalog"],
        &["catalog", "build"],
        &["catalog", "info"],
        &["catalog", "find"],
        &["catalog", "export"],
        &["explain"],
    ];
    let mut missing = BTreeSet::new();
    for command in commands {
        let help = printed(&[command, &["--help"]].concat());
        let options = options(&help);
        assert!(!options.is_empty(), "`bibmill {} --help` prints no option", command.join(" "));
        missing.extend(options.into_iter().filter(|option| !mentions(&documentation, option)));
    }
    let missing: Vec<String> =
        missing.into_iter().map(|option| format!("{option} does not stand in the README")).collect();
    conclude(&missing);
}

#[test]
fn every_option_in_the_readme_exists() {
    let Some(documentation) = documentation() else { return };
    let mut known: BTreeSet<String> = BTreeSet::new();
    for command in [
        &["convert"][..],
        &["check"],
        &["catalog", "build"],
        &["catalog", "info"],
        &["catalog", "find"],
        &["catalog", "export"],
    ] {
        known.extend(options(&printed(&[command, &["--help"]].concat())));
    }
    // Only what stands in a line that speaks of this program; cargo and others have options too.
    let lines = documentation.lines().filter(|line| line.contains("bibmill ") && !line.contains("cargo "));
    let unknown: BTreeSet<String> = lines.flat_map(options).filter(|option| !known.contains(option)).collect();
    conclude(
        &unknown
            .into_iter()
            .map(|option| format!("{option} stands in the README and does not exist"))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn every_folder_of_fixtures_is_described() {
    let Ok(page) = std::fs::read_to_string(fixtures().join("README.md")) else { return };
    let folders =
        std::fs::read_dir(fixtures()).expect("there are fixtures").flatten().filter(|entry| entry.path().is_dir());
    let missing = folders.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let missing: Vec<String> = missing.filter(|name| !page.contains(&format!("`{name}/"))).collect();
    conclude(&missing.iter().map(|name| format!("fixtures/README.md does not describe `{name}/`")).collect::<Vec<_>>());
}

/// The long options in a text.
fn options(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("--") {
        let before = text[..at].chars().next_back();
        let name: String = text[at + 2..].chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
        let starts = before.is_none_or(|c| c.is_whitespace() || matches!(c, '`' | '(' | '[' | ','));
        if starts && name.len() > 1 && !name.starts_with('-') && !["help", "version"].contains(&name.as_str()) {
            found.push(format!("--{name}"));
        }
    }
    found
}

/// Whether a text speaks of an option, and not only of a longer one.
fn mentions(text: &str, option: &str) -> bool {
    text.match_indices(option)
        .any(|(at, _)| !text[at + option.len()..].starts_with(|c: char| c.is_ascii_lowercase() || c == '-'))
}
