//! Why a run cannot go on: disk, usage, broken catalog, unknown format. Faults in the data are diagnostics, never this.

use std::path::{Path, PathBuf};

/// The result of what can fail for reasons outside the data.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a run cannot go on. Its message names what was tried, what happened, and the way out where there is one.
#[derive(Debug)]
pub struct Error(Box<ErrorKind>);

/// What went wrong, for code that must tell cases apart inside the crate.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ErrorKind {
    #[error("{}: {action} failed: {source}", crate::source::printable(&path.display().to_string()))]
    Path { path: PathBuf, action: &'static str, source: std::io::Error },
    #[error("{what}: {source}")]
    Io { what: String, source: std::io::Error },
    #[error("{0}")]
    Message(String),
}

impl Error {
    /// An error of the file system on a path; `action` is a verb like "reading".
    pub fn path(path: &Path, action: &'static str, source: std::io::Error) -> Self {
        ErrorKind::Path { path: path.to_owned(), action, source }.into()
    }

    /// An error of a stream that has no path.
    pub fn io(what: impl Into<String>, source: std::io::Error) -> Self {
        ErrorKind::Io { what: what.into(), source }.into()
    }

    /// An error in one sentence, with the way out in it.
    pub fn message(text: impl Into<String>) -> Self {
        ErrorKind::Message(text.into()).into()
    }

    /// Whether the reader of our output went away.
    pub fn is_broken_pipe(&self) -> bool {
        match &*self.0 {
            ErrorKind::Path { source, .. } | ErrorKind::Io { source, .. } => {
                source.kind() == std::io::ErrorKind::BrokenPipe
            }
            ErrorKind::Message(_) => false,
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }
}
