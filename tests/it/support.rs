//! What the tests share: the repository, the program, and comparing with expected files.

use bibmill::format::Format;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of fixtures.
pub(crate) fn fixtures() -> PathBuf {
    root().join("fixtures")
}

/// The program that was built for the tests.
pub(crate) fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_bibmill"))
}

/// The program in the repository, cut off from the catalogs and settings of whoever runs the tests.
pub(crate) fn bibmill() -> Command {
    let mut command = Command::new(program());
    command.current_dir(root());
    isolate(&mut command);
    command
}

/// Cuts a command off from the user's settings.
pub(crate) fn isolate(command: &mut Command) {
    let nowhere = root().join("target/no-such-folder");
    command.env_remove("BIBMILL_CATALOG").env("HOME", &nowhere).env("XDG_DATA_HOME", &nowhere).env("APPDATA", &nowhere);
}

/// What a command printed, as text.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("standard output is UTF-8")
}

/// What a command said, as text.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("standard error is UTF-8")
}

/// Whether expected files are to be rewritten.
pub(crate) fn blessing() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| value != "0" && !value.is_empty())
}

/// Compares with an expected file, or rewrites it. `None` stands for no file. Differences are added to `failures`.
pub(crate) fn expect(path: &Path, actual: Option<&str>, failures: &mut Vec<String>) {
    let expected = std::fs::read_to_string(path).ok();
    if expected.as_deref() == actual {
        return;
    }
    if !blessing() {
        return failures.push(format!("{}: {}", shown(path), difference(expected.as_deref(), actual)));
    }
    match actual {
        Some(actual) => std::fs::write(path, actual).expect("the fixture can be written"),
        None => std::fs::remove_file(path).expect("the fixture can be removed"),
    }
}

/// Ends a test that gathered failures.
pub(crate) fn conclude(failures: &[String]) {
    assert!(failures.is_empty(), "{}\n\n`BLESS=1 cargo test` rewrites what is expected", failures.join("\n"));
}

/// The first lines that differ.
pub(crate) fn difference(expected: Option<&str>, actual: Option<&str>) -> String {
    let (Some(expected), Some(actual)) = (expected, actual) else {
        return if expected.is_some() { "nothing is written any more" } else { "the expected file is missing" }
            .to_owned();
    };
    let (mut old, mut new) = (expected.lines(), actual.lines());
    for line in 1.. {
        match (old.next(), new.next()) {
            (None, None) => return "only line ends differ".to_owned(),
            (old, new) if old != new => {
                return format!(
                    "line {line}\n  expected: {}\n  actual:   {}",
                    old.unwrap_or("<end>"),
                    new.unwrap_or("<end>")
                );
            }
            _ => {}
        }
    }
    String::new()
}

/// A path as seen from the repository.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string().replace('\\', "/")
}

/// The inputs among the fixtures: each file in a folder that is named like a format that is read.
pub(crate) fn inputs() -> Vec<(Format, PathBuf)> {
    let mut inputs = Vec::new();
    for format in Format::ALL.iter().copied().filter(|format| format.spec().read.is_some()) {
        let folder = fixtures().join(format.name());
        for path in files(&folder) {
            if is_input(format, &path) {
                inputs.push((format, path));
            }
        }
    }
    inputs
}

/// The files of a folder in order; none of a folder that is not there.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    paths.sort();
    paths
}

/// Expected outputs lie beside the inputs; the input's extension, under that of a compression, is its format's.
fn is_input(format: Format, path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let unpacked = [".gz", ".xz", ".zst", ".zip"].iter().find_map(|packed| name.strip_suffix(packed)).unwrap_or(name);
    let is_expected =
        [".native.json", ".findings.txt"].iter().any(|suffix| name.ends_with(suffix)) || name == "README.md";
    let extension = unpacked.rsplit('.').next().unwrap_or_default();
    let claimed = format.spec().extensions.contains(&extension) || (format == Format::Native && extension == "json");
    claimed && (!is_expected || (format == Format::Native && name != "README.md"))
}
