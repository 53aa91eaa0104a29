//! Where data goes: standard output, or a file that is replaced only when everything is written.
//!
//! A file is written under another name beside the target, flushed to the disk and renamed, so that a run that fails or is
//! interrupted leaves the old file. Links are followed, the mode is kept; what is no regular file (`/dev/stdout`, a pipe) is
//! written through. On Windows a rename replaces the target as well, but the directory is not flushed there.

use crate::error::{Error, Result};
use std::fs::File;
use std::io::{self, BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::Xxh3;

/// Bytes gathered before they are written.
const BUFFER: usize = 1 << 17;

/// A file to be written, and what it was when the run began.
#[derive(Debug)]
pub(super) struct Target {
    /// As the user names it.
    shown: PathBuf,
    /// Where it is, links followed.
    real: PathBuf,
    /// What it held; nothing when it did not exist.
    before: Option<State>,
}

/// What a file held at one time. The content decides, not the clock: touched is not changed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    len: u64,
    digest: u64,
}

impl Target {
    /// Looks at the file as it is now.
    pub(super) fn new(path: &Path) -> Result<Self> {
        let real = real_path(path).map_err(|error| Error::path(path, "following the link", error))?;
        if real.is_dir() {
            let name = crate::source::printable(&path.display().to_string()).into_owned();
            return Err(Error::message(format!("{name}: it is a directory, not a file that can be written")));
        }
        let before = State::of(&real).map_err(|error| Error::path(path, "reading", error))?;
        let target = Self { shown: path.to_owned(), real, before };
        // Better said now, under the name that the user knows, than when everything has been read.
        std::fs::metadata(target.directory()).map_err(|error| Error::path(path, "writing", error))?;
        refuse_file_size_signal();
        Ok(target)
    }

    /// The directory that it stands in.
    pub(super) fn directory(&self) -> &Path {
        match self.real.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        }
    }

    /// Its name in messages.
    pub(super) fn shown(&self) -> &Path {
        &self.shown
    }

    /// Whether a path leads to the same file.
    pub(super) fn is(&self, path: &Path) -> bool {
        self.is_file() && real_path(path).is_ok_and(|real| real == self.real)
    }

    /// Whether it holds more than a blank line.
    pub(super) fn is_long(&self) -> bool {
        self.before.as_ref().is_some_and(|state| state.len > 2)
    }

    /// Whether it is a regular file that exists.
    pub(super) fn is_file(&self) -> bool {
        self.before.is_some()
    }

    /// What it holds; empty when it does not exist.
    #[expect(clippy::disallowed_methods, reason = "the old output is read for --diff")]
    pub(super) fn read(&self) -> Result<Vec<u8>> {
        if !self.is_file() {
            return Ok(Vec::new());
        }
        std::fs::read(&self.real).map_err(|error| Error::path(&self.shown, "reading", error))
    }

    /// Writes the file whole, or leaves it as it was.
    ///
    /// # Errors
    /// When the disk fails or is full, or someone else changed the file since the run began.
    pub(super) fn write(&self, fill: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
        if std::fs::metadata(&self.real).is_ok_and(|metadata| !metadata.is_file()) {
            return self.write_through(fill);
        }
        self.write_file(|file| {
            let mut buffered = BufWriter::with_capacity(BUFFER, file);
            fill(&mut buffered)?;
            buffered.flush().map_err(|error| Error::io("writing failed", error))
        })
    }

    /// The same for what must read back and seek in what it writes; only regular files can be written so.
    pub(super) fn write_file(&self, fill: impl FnOnce(&File) -> Result<()>) -> Result<()> {
        let fail = |action| move |error| Error::path(&self.shown, action, error);
        let mut builder = tempfile::Builder::new();
        builder.prefix(".bibmill-").suffix(".part");
        // A new file gets the mode that the user's mask gives to new files, not the private one of temporary files.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let temporary = builder.tempfile_in(self.directory()).map_err(without_path).map_err(fail("writing"))?;
        fill(temporary.as_file()).map_err(|error| self.named(&error))?;
        if let Ok(metadata) = std::fs::metadata(&self.real) {
            temporary.as_file().set_permissions(metadata.permissions()).map_err(fail("keeping the mode"))?;
        }
        temporary.as_file().sync_all().map_err(fail("writing to the disk"))?;
        self.check_unchanged()?;
        temporary.persist(&self.real).map_err(|error| Error::path(&self.shown, "renaming", error.error))?;
        sync_directory(self.directory());
        Ok(())
    }

    /// Errors of the disk name the file, whoever met them.
    fn named(&self, error: &Error) -> Error {
        Error::message(format!("{}: {error}", crate::source::printable(&self.shown.display().to_string())))
    }

    fn check_unchanged(&self) -> Result<()> {
        let now = State::of(&self.real).map_err(|error| Error::path(&self.shown, "reading", error))?;
        if self.before == now {
            return Ok(());
        }
        Err(Error::message(format!(
            "{}: it was changed by someone else while bibmill ran; it is left as it is, run again",
            crate::source::printable(&self.shown.display().to_string())
        )))
    }

    fn write_through(&self, fill: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
        let fail = |error| Error::path(&self.shown, "writing", error);
        let device = File::options().write(true).open(&self.real).map_err(fail)?;
        let mut buffered = BufWriter::with_capacity(BUFFER, device);
        fill(&mut buffered)?;
        buffered.flush().map_err(fail)
    }
}

impl State {
    /// The state of a regular file; none when there is no such file.
    #[expect(clippy::disallowed_methods, reason = "the one place where the old output is looked at")]
    fn of(path: &Path) -> io::Result<Option<Self>> {
        let metadata = match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => metadata,
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut hasher = Xxh3::new();
        let mut file = File::open(path)?;
        let mut chunk = vec![0; BUFFER];
        loop {
            match file.read(&mut chunk)? {
                0 => break,
                len => hasher.update(&chunk[..len]),
            }
        }
        Ok(Some(Self { len: metadata.len(), digest: hasher.digest() }))
    }
}

/// An error of a temporary file without the file's name, which means nothing to the user.
fn without_path(error: io::Error) -> io::Error {
    let inner = error.get_ref().and_then(std::error::Error::source);
    let code = inner.and_then(|inner| inner.downcast_ref::<io::Error>()).and_then(io::Error::raw_os_error);
    code.map_or(error, io::Error::from_raw_os_error)
}

/// A limit on file sizes (`ulimit -f`) is to be an error of writing and not the end of the process, which would leave the
/// temporary file behind.
#[cfg(unix)]
fn refuse_file_size_signal() {
    use std::sync::{Arc, Once, atomic::AtomicBool};
    static ONCE: Once = Once::new();
    // Without the handler a run over the limit is killed, as any other program's is.
    ONCE.call_once(|| {
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::new(AtomicBool::new(false)));
    });
}

#[cfg(not(unix))]
fn refuse_file_size_signal() {}

/// The path with links followed; of a file that does not exist yet, the path where it will be.
fn real_path(path: &Path) -> io::Result<PathBuf> {
    match std::fs::canonicalize(path) {
        Ok(real) => Ok(real),
        Err(error) if error.kind() == io::ErrorKind::NotFound => match std::fs::read_link(path) {
            // A link to a file that does not exist yet.
            Ok(to) => Ok(path.parent().unwrap_or(Path::new("")).join(to)),
            Err(_) => Ok(path.to_owned()),
        },
        Err(error) => Err(error),
    }
}

/// Makes a rename last. A system that cannot flush directories has renamed all the same.
#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "the one place where a directory is flushed")]
fn sync_directory(directory: &Path) {
    if let Ok(directory) = File::open(directory) {
        let _ = directory.sync_all();
    }
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) {}

/// Writes to standard output; whether everything arrived is checked.
pub(super) fn to_stdout(fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut out = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    fill(&mut out).and_then(|()| out.flush()).map_err(|error| Error::io("writing to standard output failed", error))
}

/// The same for what can fail in more ways than writing.
pub(super) fn fill_stdout(fill: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    let mut out = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    fill(&mut out)?;
    out.flush().map_err(|error| Error::io("writing to standard output failed", error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(path: &Path) -> String {
        String::from_utf8(Target::new(path).unwrap().read().unwrap()).unwrap()
    }

    fn fill(with: &str) -> impl FnOnce(&mut dyn Write) -> Result<()> {
        move |out| out.write_all(with.as_bytes()).map_err(|error| Error::io("x", error))
    }

    fn names(directory: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(directory).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_failed_run_leaves_the_old_file_and_nothing_else() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("out.bib");
        Target::new(&path).unwrap().write(fill("old")).unwrap();
        let failed = Target::new(&path).unwrap().write(|out| {
            fill("half")(out)?;
            Err(Error::message("no more"))
        });
        assert!(failed.unwrap_err().to_string().contains("out.bib"));
        assert_eq!(text(&path), "old");
        assert_eq!(names(directory.path()), ["out.bib"]);
    }

    #[test]
    fn a_file_that_someone_changed_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("out.bib");
        let target = Target::new(&path).unwrap();
        Target::new(&path).unwrap().write(fill("theirs")).unwrap();
        assert!(target.write(fill("ours")).unwrap_err().to_string().contains("someone else"));
        assert_eq!(text(&path), "theirs");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_modes_kept() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let directory = tempfile::tempdir().unwrap();
        let (file, link) = (directory.path().join("real.bib"), directory.path().join("link.bib"));
        Target::new(&file).unwrap().write(fill("old")).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        symlink("real.bib", &link).unwrap();
        Target::new(&link).unwrap().write(fill("new")).unwrap();
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(text(&file), "new");
    }
}
