//! The direction of imports, read from the sources: who may know whom.

use crate::support::{conclude, root, shown};
use std::path::{Path, PathBuf};

/// What every room above the foundation may know.
const FOUNDATION: [&str; 5] = ["error", "model", "source", "diagnostic", "stream"];
/// What is shared by formats and catalog.
const SHARED: [&str; 6] = ["latex", "fold", "markup", "yaml", "parallel", "record"];

/// The rooms that a room may import.
fn allowed(room: &str) -> Option<Vec<&'static str>> {
    let with = |more: &[&'static str]| FOUNDATION.into_iter().chain(more.iter().copied()).collect();
    Some(match room {
        "error" | "model" | "source" | "diagnostic" | "stream" => {
            // `printable` makes names safe for a terminal in messages of errors.
            let known = FOUNDATION.into_iter().take_while(|other| *other != room);
            if room == "error" { vec!["source"] } else { known.collect() }
        }
        "latex" | "fold" | "markup" | "yaml" | "parallel" => with(&[]),
        "record" => with(&["latex", "fold", "yaml", "parallel"]),
        "format" | "catalog" | "identity" | "published" => with(&SHARED),
        "resolve" => with(&[&SHARED[..], &["catalog"]].concat()),
        "key" => with(&["fold", "identity"]),
        // Structure is judged on the raw blocks of `.bib` files, which only that format's room can cut.
        "check" => with(&["latex", "fold", "format", "identity"]),
        "cli" => {
            with(&[&SHARED[..], &["format", "catalog", "resolve", "identity", "published", "key", "check"]].concat())
        }
        _ => return None,
    })
}

#[test]
fn imports_go_one_way() {
    let mut failures = Vec::new();
    for path in sources(&root().join("src")) {
        let room = room_of(&path);
        if room == "lib" || room == "main" {
            continue;
        }
        let Some(allowed) = allowed(&room) else {
            failures
                .push(format!("{}: the room `{room}` has no place in the order of rooms (layers.rs)", shown(&path)));
            continue;
        };
        for (number, import) in imports(&path) {
            if import != room && !allowed.contains(&import.as_str()) {
                failures.push(format!("{}:{number}: {room} must not know {import}", shown(&path)));
            }
        }
    }
    conclude(&failures);
}

#[test]
fn formats_do_not_know_each_other() {
    let folder = root().join("src/format");
    let rooms: Vec<String> = sources(&folder).iter().map(|path| first_part(path, &folder)).collect();
    let mut failures = Vec::new();
    for path in sources(&folder) {
        let own = first_part(&path, &folder);
        if own == "mod" || own == "input" {
            continue;
        }
        for (number, line) in code_lines(&path) {
            let others = rooms.iter().filter(|room| **room != own && !["mod", "input"].contains(&room.as_str()));
            for other in others {
                if line.contains(&format!("format::{other}")) || line.contains(&format!("super::{other}::")) {
                    failures.push(format!("{}:{number}: {own} must not know {other}", shown(&path)));
                }
            }
        }
    }
    conclude(&failures);
}

#[test]
fn every_file_says_what_it_is() {
    let mut failures = Vec::new();
    for path in sources(&root().join("src")).into_iter().chain(sources(&root().join("tests"))) {
        let text = std::fs::read_to_string(&path).expect("a source can be read");
        if !text.starts_with("//!") {
            failures.push(format!("{}: it does not open with //!", shown(&path)));
        }
    }
    conclude(&failures);
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn room_of(path: &Path) -> String {
    first_part(path, &root().join("src"))
}

/// The first part of a path below a folder, without extension.
fn first_part(path: &Path, folder: &Path) -> String {
    let below = path.strip_prefix(folder).expect("the path lies below the folder");
    let first = below.components().next().expect("the path has a part").as_os_str();
    Path::new(first).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The rooms that a file names behind `crate::`, each with its line.
fn imports(path: &Path) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in code_lines(path) {
        for (at, _) in line.match_indices("crate::") {
            let rest = &line[at + "crate::".len()..];
            let names = rest.strip_prefix('{').map_or(rest, |list| list.split('}').next().unwrap_or(list));
            let names: Vec<&str> = if rest.starts_with('{') { names.split(',').collect() } else { vec![names] };
            found
                .extend(names.into_iter().map(leading_word).filter(|name| !name.is_empty()).map(|name| (number, name)));
        }
    }
    found
}

/// The lines that are no comments, and of lines with a comment behind them what stands before it.
fn code_lines(path: &Path) -> Vec<(usize, String)> {
    let text = std::fs::read_to_string(path).expect("a source can be read");
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim_start().starts_with("//"));
    lines.map(|(number, line)| (number, line.split(" // ").next().unwrap_or(line).to_owned())).collect()
}

fn leading_word(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect()
}
