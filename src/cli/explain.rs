//! `bibmill explain`: one rule in full, or the table of rules, as the README has it.

use crate::diagnostic::Rule;
use crate::error::Result;

/// What is said about a rule, or about all.
pub(super) fn text(rule: Option<&str>) -> Result<String> {
    match rule {
        Some(name) => Rule::from_name(name).map(one).ok_or_else(|| unknown(name)),
        None => Ok(all()),
    }
}

fn one(rule: Rule) -> String {
    format!("{} ({})\n\n{}\n\n{}\n", rule.name(), rule.severity().name(), rule.summary(), rule.explanation())
}

fn all() -> String {
    let rows = Rule::ALL
        .iter()
        .map(|rule| format!("| `{}` | {} | {} |\n", rule.name(), rule.severity().name(), rule.summary()));
    "| rule | severity | what it says |\n|---|---|---|\n".to_owned() + &rows.collect::<String>()
}

fn unknown(name: &str) -> crate::error::Error {
    super::usage_error(format!("there is no rule `{}`; `bibmill explain` lists them", crate::source::printable(name)))
}
