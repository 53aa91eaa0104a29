//! The program: hands the arguments to [`bibmill::cli`] and its exit code to the system.

use std::process::ExitCode;

fn main() -> ExitCode {
    bibmill::cli::run(std::env::args_os())
}
