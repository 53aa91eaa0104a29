//! The catalog: which arXiv record is this entry? (Stub of the interface; being written.)

use crate::error::{Error, Result};
use std::path::Path;

/// An opened catalog.
#[derive(Debug)]
pub struct Catalog;

/// What a catalog says of itself.
#[derive(Clone, Debug, Default)]
pub struct Info {
    /// How many records.
    pub records: u64,
    /// The newest date in its records, `YYYY-MM-DD`.
    pub date: String,
    /// The digest of its contents, hexadecimal.
    pub digest: String,
}

impl Catalog {
    /// Opens a `.cat` file, or JSON lines (export or snapshot, any compression), which are indexed in memory.
    pub fn open(path: &Path) -> Result<Self> {
        Err(Error::message(format!("{}: not yet", path.display())))
    }

    /// What the catalog says of itself.
    pub fn info(&self) -> Info {
        Info::default()
    }
}
