//! `bibmill explain`: one rule in full, or the table of rules, as the README has it.

use crate::diagnostic::{Fixable, Rule};
use crate::error::Result;

/// What is said about a rule, or about all.
pub(super) fn text(rule: Option<&str>) -> Result<String> {
    match rule {
        Some(name) => Rule::from_name(name).map(one).ok_or_else(|| unknown(name)),
        None => Ok(all()),
    }
}

fn one(rule: Rule) -> String {
    let repair = match rule.fixable() {
        Fixable::Safe => "; `check --fix` repairs it",
        Fixable::Unsafe => "; a repair is proposed",
        Fixable::None => "",
    };
    let (name, severity) = (rule.name(), rule.severity().name());
    format!("{name} ({severity}{repair})\n\n{}\n\n{}\n", rule.summary(), rule.explanation())
}

fn all() -> String {
    let rows = Rule::ALL.iter().map(|rule| {
        let (name, severity, fix) = (rule.name(), rule.severity().name(), rule.fixable().name());
        format!("| `{name}` | {severity} | {fix} | {} |\n", rule.summary())
    });
    "| rule | severity | repair | what it says |\n|---|---|---|---|\n".to_owned() + &rows.collect::<String>()
}

fn unknown(name: &str) -> crate::error::Error {
    super::usage_error(format!("there is no rule `{}`; `bibmill explain` lists them", crate::source::printable(name)))
}
