//! The program: hands the arguments to [`bibmill::cli`] and its exit code to the system.

use std::process::ExitCode;

/// Entries are made on some threads and freed on another, where the system's allocator is slow.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    bibmill::cli::run(std::env::args_os())
}
