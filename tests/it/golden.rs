//! Golden files: each input as the model has it, and the main job in every format.

use crate::support::{bibmill, conclude, expect, fixtures, inputs, shown, stderr, stdout};
use bibmill::format::Format;
use std::path::{Path, PathBuf};

/// The main job's outputs: format, and what stands behind the input's stem.
const MAIN_JOB: [(Format, &str); 6] = [
    (Format::Bibtex, "bib"),
    (Format::Biblatex, "biblatex.bib"),
    (Format::CslJson, "csl.json"),
    (Format::CslYaml, "csl.yaml"),
    (Format::Hayagriva, "hayagriva.yaml"),
    (Format::Ris, "ris"),
];

/// `x.ext` is read as `x.native.json`, and what is said about it is `x.findings.txt`.
#[test]
fn inputs_as_the_model_has_them() {
    let mut failures = Vec::new();
    if Format::Native.spec().write.is_none() {
        return;
    }
    let all = inputs();
    for (format, path) in all.iter().filter(|(format, _)| *format != Format::Native) {
        let arguments =
            ["convert", &shown(path), "--from", format.name(), "--to", "native", "--no-resolve", "--partial"];
        let output = bibmill().args(arguments).output().expect("the program runs");
        // `paper.tex` and `paper.typ` must not share what is expected of them.
        let shares_stem =
            all.iter().any(|(_, other)| other != path && other.with_extension("") == path.with_extension(""));
        let stem = if shares_stem { path.as_os_str().to_owned() } else { path.with_extension("").into_os_string() };
        let expected = |extension: &str| PathBuf::from(format!("{}.{extension}", stem.display()));
        expect(&expected("native.json"), Some(&stdout(&output)), &mut failures);
        expect(&expected("findings.txt"), Some(&stderr(&output)), &mut failures);
    }
    conclude(&failures);
}

/// The listing that bibmill was made for, matched with the demo catalog, in every format.
#[test]
fn the_main_job() {
    let mut failures = Vec::new();
    let (listing, catalog) = (fixtures().join("listing/jeff-dean-21.txt"), fixtures().join("catalog/demo.jsonl"));
    if !listing.exists() || !catalog.exists() || Format::Listing.spec().read.is_none() {
        return;
    }
    for (format, extension) in MAIN_JOB.into_iter().filter(|(format, _)| format.spec().write.is_some()) {
        let arguments = ["convert", &shown(&listing), "--catalog", &shown(&catalog), "--to", format.name()];
        let output = bibmill().args(arguments).output().expect("the program runs");
        let said = stderr(&output);
        assert!(output.status.success(), "{format}: {said}");
        assert!(said.contains("21 entries: 21 matched (0 ambiguous, 0 not found)"), "{format}: {said}");
        expect(&beside(&listing, extension), Some(&stdout(&output)), &mut failures);
    }
    conclude(&failures);
}

/// The file beside another with the same stem.
fn beside(path: &Path, extension: &str) -> PathBuf {
    path.with_extension(extension)
}
