//! `bibmill catalog`, and which catalogs `convert` uses.

use super::args::{CatalogCommand, Common};
use super::terminal::Terminal;
use super::{Outcome, environment};
use crate::catalog::Catalog;
use crate::error::{Error, Result};
use etcetera::BaseStrategy as _;
use std::path::PathBuf;

/// The variable that names catalogs, parted as in `PATH`.
const VARIABLE: &str = "BIBMILL_CATALOG";

pub(super) fn run(command: &CatalogCommand, common: &Common, terminal: &mut Terminal) -> Result<Outcome> {
    let _ = (command, common, terminal);
    Err(Error::message("the catalog's commands are not built in yet"))
}

/// Where catalogs are looked for that nobody named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Search {
    /// The environment, then the per-user data folder.
    Everywhere,
    /// The environment only, so that a check in CI and one at the desk agree.
    NotTheUsersFolder,
}

/// The catalogs to use: those named, else those of `$BIBMILL_CATALOG`, else all in the per-user data folder.
pub(super) fn open_all(
    named: &[PathBuf],
    search: Search,
    common: &Common,
    terminal: &mut Terminal,
) -> Result<Vec<Catalog>> {
    let paths = if named.is_empty() { found(search) } else { named.to_vec() };
    let _ = (common, terminal);
    paths.iter().map(|path| Catalog::open(path)).collect()
}

fn found(search: Search) -> Vec<PathBuf> {
    if let Some(value) = environment(VARIABLE) {
        return std::env::split_paths(&value).filter(|path| !path.as_os_str().is_empty()).collect();
    }
    if search == Search::NotTheUsersFolder {
        return Vec::new();
    }
    let Ok(strategy) = etcetera::choose_base_strategy() else { return Vec::new() };
    let Ok(entries) = std::fs::read_dir(strategy.data_dir().join("bibmill")) else { return Vec::new() };
    let mut paths: Vec<PathBuf> =
        entries.flatten().map(|e| e.path()).filter(|path| path.extension().is_some_and(|e| e == "cat")).collect();
    paths.sort();
    paths
}
