//! Editing `.bib` files: what nobody asked for stays, byte for byte.

use crate::support::{bibmill, conclude, files, fixtures, shown};
use std::path::{Path, PathBuf};

#[path = "../../examples/untouched.rs"]
#[expect(dead_code, reason = "the example's main is not called here")]
mod example;

/// Every `.bib` file among the fixtures.
fn bibliographies() -> Vec<PathBuf> {
    let mut folders = vec![fixtures()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the fixtures can be read").flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            }
        }
        found.extend(files(&folder).into_iter().filter(|path| path.extension().is_some_and(|e| e == "bib")));
    }
    found.sort();
    found
}

#[test]
fn nothing_asked_is_nothing_changed() {
    let mut failures = Vec::new();
    let scratch = tempfile::tempdir().expect("there is a place for temporary files");
    let out = scratch.path().join("out.bib");
    for path in bibliographies() {
        let before = std::fs::read(&path).expect("the fixture can be read");
        // An output that is not there yet, and one that is the input.
        for arguments in [vec![path.as_path(), Path::new("-o"), &out], vec![&out, Path::new("-o"), &out]] {
            let output = bibmill().args(["convert", "--no-resolve", "-q"]).args(&arguments).output().expect("it runs");
            if std::fs::read(&out).ok().as_deref() != Some(&before) || output.status.code() != Some(0) {
                failures.push(format!("{}: changed by {arguments:?}", shown(&path)));
            }
        }
        std::fs::remove_file(&out).ok();
    }
    conclude(&failures);
}

#[test]
fn edits_touch_only_what_is_asked() {
    let mut failures = Vec::new();
    for path in bibliographies() {
        let bytes = std::fs::read(&path).expect("the fixture can be read");
        if let Err(fault) = example::check(&bytes) {
            failures.push(format!("{}: {fault}", shown(&path)));
        }
    }
    conclude(&failures);
}

#[test]
fn every_prefix_can_be_edited() {
    let mut failures = Vec::new();
    for path in files(&fixtures().join("edit")).into_iter().filter(|path| path.extension().is_some_and(|e| e == "bib"))
    {
        let bytes = std::fs::read(&path).expect("the fixture can be read");
        // Half a UTF-16 sign cannot be written as it was; files are not cut there.
        let step = if bytes.starts_with(&[0xff, 0xfe]) { 2 } else { 1 };
        for end in (0..=bytes.len()).step_by(step) {
            if let Err(fault) = example::check(&bytes[..end]) {
                failures.push(format!("{} up to byte {end}: {fault}", shown(&path)));
            }
        }
    }
    conclude(&failures);
}

#[test]
fn to_edit_twice_is_to_edit_once() {
    let mut failures = Vec::new();
    let scratch = tempfile::tempdir().expect("there is a place for temporary files");
    let out = scratch.path().join("out.bib");
    let more = fixtures().join("edit/more.txt");
    let requests: [&[&str]; 4] = [
        &["--catalog", "fixtures/catalog/demo.jsonl"],
        &["--catalog", "fixtures/catalog/demo.jsonl", "--add", more.to_str().unwrap_or_default()],
        &["--no-resolve", "--merge"],
        &["--no-resolve", "--sort", "key"],
    ];
    for path in files(&fixtures().join("edit")).into_iter().filter(|path| path.extension().is_some_and(|e| e == "bib"))
    {
        for request in requests {
            std::fs::copy(&path, &out).expect("the fixture can be copied");
            let edit = || {
                let run = bibmill().args(["convert", "-q", "-o"]).args([&out, &out]).args(request).output();
                run.expect("it runs");
                std::fs::read(&out).expect("there is an output")
            };
            if edit() != edit() {
                failures.push(format!("{} {request:?}: the second time changes something", shown(&path)));
            }
        }
    }
    conclude(&failures);
}
