//! The command line: arguments to commands, outcomes to exit codes.
//!
//! The only room that touches environment, terminal and exit codes, and, with the catalog, the disk. Exit codes: 0 done,
//! 1 findings, 2 could not do it; a broken pipe is a quiet 0.

mod args;
mod catalog;
mod convert;
mod diff;
mod explain;
mod find;
mod formats;
mod generate;
mod input;
mod keys;
mod output;
mod progress;
mod report;
mod spool;
mod terminal;

use crate::error::{Error, Result};
use args::{Cli, Command};
use clap::{CommandFactory as _, Parser as _};
use std::ffi::OsString;
use std::process::ExitCode;
use terminal::Terminal;

/// How a command ended that could be carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// Done.
    #[default]
    Done,
    /// Done, and something was found that the user asked to hear of by the exit code.
    Findings,
    /// Not done, or in part; the reasons have been printed.
    Failed,
}

/// Runs the program. `arguments` begin with the program's name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let mut terminal = Terminal::new(&cli.common);
    match dispatch(cli, &mut terminal) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Ok(Outcome::Failed) => ExitCode::from(2),
        // Whoever read our output has had enough.
        Err(error) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            terminal.error(&error);
            ExitCode::from(2)
        }
    }
}

fn dispatch(cli: Cli, terminal: &mut Terminal) -> Result<Outcome> {
    match cli.command {
        Command::Convert(convert) => convert::run(&convert, &cli.common, terminal),
        Command::Keys(keys) => keys::run(&keys, &cli.common, terminal),
        Command::Catalog(command) => catalog::run(&command, &cli.common, terminal),
        Command::Formats => output::to_stdout(|out| formats::print(out)).map(|()| Outcome::Done),
        Command::Explain { rule } => {
            let text = explain::text(rule.as_deref())?;
            output::to_stdout(|out| out.write_all(text.as_bytes())).map(|()| Outcome::Done)
        }
        Command::Completions { shell } => {
            output::to_stdout(|out| generate::completions(shell, &mut Cli::command(), out)).map(|()| Outcome::Done)
        }
        Command::Man => output::to_stdout(|out| generate::manual(Cli::command(), out)).map(|()| Outcome::Done),
    }
}

/// Prints help, version or a usage error where it belongs.
fn usage(error: &clap::Error) -> ExitCode {
    // Help that nobody reads is no failure.
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

/// An environment variable that holds something.
#[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
fn environment(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// A mistake in how the program was called.
fn usage_error(message: impl Into<String>) -> Error {
    Error::message(message)
}
