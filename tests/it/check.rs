//! `bibmill check`: each rule has a fixture that breaks it and one that nearly does; what machines read is valid; repairs
//! settle; the project's own bibliographies are in order.

use crate::support::{bibmill, conclude, fixtures, root, stdout};
use bibmill::diagnostic::{Fixable, Rule};
use serde_json::Value;
use std::path::PathBuf;

/// Rules that are broken by other inputs than `.bib` files: what breaks them, and what nearly does.
const OTHER_INPUTS: [(Rule, &str, &str); 4] = [
    (Rule::Ambiguous, "listing/same-title.txt", "listing/just-words.txt"),
    (Rule::CountMismatch, "listing/jeff-dean-22-declared.txt", "listing/jeff-dean-21.txt"),
    (Rule::UnreadLine, "listing/mail.txt", "listing/ids.txt"),
    (Rule::Unresolved, "listing/just-words.txt", "listing/jeff-dean-21.txt"),
];

/// Rules that `check` does not judge by: they speak of conversion, of feeds, of catalogs, or are tested with these.
const NOT_OF_CHECK: [Rule; 13] = [
    Rule::Likely,
    Rule::ValueConflict,
    Rule::FieldDropped,
    Rule::NotAscii,
    Rule::MissingRecord,
    Rule::MalformedValue,
    Rule::ListedTwice,
    Rule::EmptyInput,
    Rule::MissingFromFeed,
    Rule::SetAside,
    Rule::DeletedRecord,
    Rule::CatalogMissing,
    Rule::PartialAnswer,
];

/// Rules that ask a catalog.
const OF_CATALOGS: [Rule; 9] = [
    Rule::Ambiguous,
    Rule::UnknownVersion,
    Rule::IdTitleMismatch,
    Rule::IdAuthorMismatch,
    Rule::UnknownId,
    Rule::WithdrawnPaper,
    Rule::NewerVersion,
    Rule::PublishedVersionKnown,
    Rule::Unresolved,
];

/// What `check` finds by a rule in a file of the fixtures.
fn found(rule: Rule, file: &str) -> Vec<Value> {
    let mut command = bibmill();
    command.args(["check", "--message-format", "json", "--select", rule.name()]).arg(format!("fixtures/{file}"));
    if OF_CATALOGS.contains(&rule) {
        let of_listings = rule == Rule::Unresolved;
        command.arg("--catalog").arg(if of_listings {
            "fixtures/catalog/demo.jsonl"
        } else {
            "fixtures/check/papers.jsonl"
        });
    }
    if [Rule::CitedMissing, Rule::NotCited].contains(&rule) {
        command.arg("--cited").arg(format!("fixtures/{}", file.replace(".bib", ".aux")));
    }
    let output = command.output().expect("the program runs");
    assert_ne!(output.status.code(), Some(2), "{file}: {}", crate::support::stderr(&output));
    stdout(&output).lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

#[test]
fn each_rule_has_a_fixture_and_a_near_miss() {
    let mut failures = Vec::new();
    for rule in Rule::ALL.iter().copied().filter(|rule| !NOT_OF_CHECK.contains(rule)) {
        let (bad, good) = match OTHER_INPUTS.iter().find(|row| row.0 == rule) {
            Some((_, bad, good)) => ((*bad).to_owned(), (*good).to_owned()),
            None => (format!("check/{}.bib", rule.name()), format!("check/{}.ok.bib", rule.name())),
        };
        let findings = found(rule, &bad);
        if findings.is_empty() {
            failures.push(format!("{bad} does not break {}", rule.name()));
        }
        if findings.iter().any(|finding| finding["line"].is_null() || finding["file"].is_null()) {
            failures.push(format!("{bad}: a finding has no place"));
        }
        for finding in found(rule, &good) {
            failures.push(format!("{good}: {finding}"));
        }
    }
    conclude(&failures);
}

fn bibs() -> Vec<PathBuf> {
    let mut files = crate::support::files(&fixtures().join("check"));
    files.retain(|path| path.extension().is_some_and(|extension| extension == "bib"));
    files
}

#[test]
fn repairs_settle_and_leave_no_safe_repair() {
    let mut failures = Vec::new();
    for path in bibs().iter().filter(|path| !path.ends_with("non-utf8.bib")) {
        let fix = |input: &[u8]| {
            use std::io::Write as _;
            let mut command = bibmill();
            command.args(["check", "-q", "--fix", "-"]).stdin(std::process::Stdio::piped());
            let mut child = command
                .stdout(std::process::Stdio::piped())
                .stderr(std::process::Stdio::null())
                .spawn()
                .expect("it runs");
            child.stdin.take().expect("there is a pipe").write_all(input).expect("it reads");
            child.wait_with_output().expect("it ends").stdout
        };
        let once = fix(&std::fs::read(path).expect("the fixture is there"));
        if fix(&once) != once {
            failures.push(format!("{}: a second run changes it again", path.display()));
        }
        let rule = path.file_stem().and_then(|name| name.to_str()).and_then(Rule::from_name);
        let changed = once != std::fs::read(path).expect("the fixture is there");
        let is_safe = rule.is_some_and(|rule| rule.fixable() == Fixable::Safe);
        // What is not clear without a person stays: a name with three commas, a field with two values.
        if is_safe && !changed && !path.ends_with("malformed-name.bib") {
            failures.push(format!("{}: nothing is repaired", path.display()));
        }
    }
    conclude(&failures);
}

#[test]
fn fingerprints_do_not_move_with_lines() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join("moved.bib");
    let fingerprints = |text: &str| -> Vec<String> {
        std::fs::write(&path, text).expect("it can be written");
        let output = bibmill().args(["check", "--message-format", "sarif"]).arg(&path).output().expect("it runs");
        let document: Value = serde_json::from_str(&stdout(&output)).expect("it is JSON");
        let results = document["runs"][0]["results"].as_array().expect("there are results").clone();
        results.iter().map(|result| result["partialFingerprints"]["bibmill/v1"].to_string()).collect()
    };
    let text = std::fs::read_to_string(fixtures().join("check/missing-field.bib")).expect("the fixture is there");
    let before = fingerprints(&text);
    assert!(!before.is_empty());
    assert_eq!(before, fingerprints(&format!("% moved\n\n{text}")));
}

#[test]
fn the_fixtures_that_nearly_break_a_rule_have_no_errors() {
    let good = bibs().into_iter().filter(|path| path.to_string_lossy().ends_with(".ok.bib"));
    let mut failures = Vec::new();
    for path in good {
        let output = bibmill().args(["check", "-q"]).arg(&path).current_dir(root()).output().expect("it runs");
        // Each is judged alone: they have the same entries.
        if output.status.code() != Some(0) {
            failures.push(format!("{}: {}", path.display(), stdout(&output)));
        }
    }
    conclude(&failures);
}
