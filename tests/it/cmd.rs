//! Sessions: every ```` ```console ```` block of `fixtures/cmd/*.md` and the README is typed as it stands, in a copy of the
//! fixtures, and must print what stands below its commands.
//!
//! A line `$ command` is typed (with `sh`), what follows up to the next is its output, standard error included. `...` on a
//! line of its own stands for any lines; a last line `# exit N` for an exit code other than 0. Blocks with commands of
//! other programs (`cargo install` and the like) are not typed.
#![cfg(unix)]

use crate::support::{blessing, conclude, difference, files, fixtures, isolate, program, root, shown};
use std::path::{Path, PathBuf};
use std::process::Command;

/// How this crate's program is called from a clone.
const FROM_A_CLONE: [&str; 2] = ["cargo run --release -- ", "cargo run --release --quiet -- "];
/// What a session may be typed with besides the program itself.
const TYPED: [&str; 12] =
    ["bibmill", "printf", "cat", "echo", "head", "cp", "sed", "grep", "test", "export", "ls", "rm"];

#[test]
fn sessions() {
    let mut failures = Vec::new();
    let mut pages = files(&fixtures().join("cmd"));
    pages.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages.extend([root().join("README.md"), fixtures().join("README.md")].into_iter().filter(|path| path.exists()));
    for page in pages {
        run_page(&page, &mut failures);
    }
    conclude(&failures);
}

/// Types all sessions of a page in one scratch directory.
fn run_page(page: &Path, failures: &mut Vec<String>) {
    let text = std::fs::read_to_string(page).expect("the page can be read");
    let blocks = split(&text);
    if !blocks.iter().any(|block| matches!(block, Block::Session(commands) if commands.iter().all(Typed::may_run))) {
        return;
    }
    let scratch = Scratch::new();
    let mut blessed = String::new();
    for block in blocks {
        match block {
            Block::Session(mut commands) if commands.iter().all(Typed::may_run) => {
                for command in &mut commands {
                    run(command, &scratch, page, failures);
                }
                blessed.extend(commands.iter().map(Typed::print));
            }
            Block::Session(commands) => blessed.extend(commands.iter().map(Typed::print)),
            Block::Text(lines) => blessed.push_str(&lines),
        }
    }
    if blessing() && blessed != text {
        std::fs::write(page, blessed).expect("the page can be written");
    }
}

fn run(command: &mut Typed, scratch: &Scratch, page: &Path, failures: &mut Vec<String>) {
    let actual = scratch.run(&command.line);
    if matches(&command.output, &actual) {
        return;
    }
    if blessing() {
        command.output = actual;
    } else {
        let difference = difference(Some(&command.output), Some(&actual));
        failures.push(format!("{}: $ {}\n{difference}\nwhole output:\n{actual}", shown(page), command.line));
    }
}

/// A page in pieces; printed one after the other they are the page.
enum Block {
    Text(String),
    Session(Vec<Typed>),
}

/// A command and what it prints, line ends included.
struct Typed {
    line: String,
    output: String,
}

impl Typed {
    fn may_run(&self) -> bool {
        let first = self.line.split_whitespace().next().unwrap_or_default();
        TYPED.contains(&first)
            || first.starts_with("BIBMILL_")
            || FROM_A_CLONE.iter().any(|call| self.line.starts_with(call))
    }

    fn print(&self) -> String {
        format!("$ {}\n{}", self.line, self.output)
    }
}

fn split(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let (mut plain, mut session, mut in_session) = (String::new(), Vec::<Typed>::new(), false);
    for line in text.split_inclusive('\n') {
        let closes = in_session && line.trim_end() == "```";
        if closes {
            blocks.push(Block::Session(std::mem::take(&mut session)));
            in_session = false;
        }
        if in_session {
            if let Some(command) = line.strip_prefix("$ ") {
                session.push(Typed { line: command.trim_end().to_owned(), output: String::new() });
            } else if let Some(last) = session.last_mut() {
                last.output.push_str(line);
            } else {
                plain.push_str(line);
            }
            continue;
        }
        plain.push_str(line);
        if !closes && line.trim_end() == "```console" {
            blocks.push(Block::Text(std::mem::take(&mut plain)));
            in_session = true;
        }
    }
    blocks.push(Block::Session(session));
    blocks.push(Block::Text(plain));
    blocks
}

/// Whether an output is as expected, a line `...` standing for any lines.
fn matches(expected: &str, actual: &str) -> bool {
    let mut pieces = vec![String::new()];
    for line in expected.split_inclusive('\n') {
        match pieces.last_mut() {
            Some(piece) if line != "...\n" => piece.push_str(line),
            _ => pieces.push(String::new()),
        }
    }
    let [first, between @ .., last] = pieces.as_slice() else { return expected == actual };
    let Some(mut rest) = actual.strip_prefix(first.as_str()) else { return false };
    for piece in between {
        let Some(found) = rest.find(piece.as_str()) else { return false };
        rest = &rest[found + piece.len()..];
    }
    rest.ends_with(last.as_str())
}

/// A directory with a copy of the fixtures, removed at the end.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn new() -> Self {
        static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("session-{}-{number}", std::process::id()));
        copy(&fixtures(), &path.join("fixtures"));
        Self { path }
    }

    /// What a line prints in a shell, with the exit code when it is not 0.
    fn run(&self, line: &str) -> String {
        let from_clone = FROM_A_CLONE.iter().find_map(|call| line.strip_prefix(call));
        let line = from_clone.map_or_else(|| line.to_owned(), |rest| format!("bibmill {rest}"));
        let mut command = Command::new("sh");
        isolate(&mut command);
        let folder = program().parent().expect("the program lies in a folder");
        let path = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{}:{path}", folder.display())).current_dir(&self.path);
        let output = command.arg("-c").arg(format!("{{ {line}\n}} 2>&1")).stdin(std::process::Stdio::null()).output();
        let output = output.expect("there is a shell");
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        match output.status.code() {
            Some(0) => text,
            code => text + &format!("# exit {}\n", code.unwrap_or(-1)),
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("the scratch directory can be made");
    for entry in std::fs::read_dir(from).into_iter().flatten().flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            std::fs::copy(&from, &to).expect("a fixture can be copied");
        }
    }
}

#[test]
fn pages_are_split_and_matched() {
    let page = "a\n```console\n$ x\n1\n...\n$ y\n```\nb\n";
    let printed: String = split(page)
        .iter()
        .map(|block| match block {
            Block::Text(text) => text.clone(),
            Block::Session(commands) => commands.iter().map(Typed::print).collect(),
        })
        .collect();
    assert_eq!(printed, page);
    assert!(matches("1\n...\n", "1\n2\n3\n"));
    assert!(matches("1\n...\n3\n", "1\n2\n3\n"));
    assert!(!matches("1\n...\n4\n", "1\n2\n3\n"));
    assert!(!matches("1\n", "1\n2\n"));
    assert!(matches("cut...\nnext\n", "cut...\nnext\n"));
}
