//! `bibmill.toml`: the settings of a project, found upward from the working folder.
//!
//! Options of the command line win. A key that is not known is an error that names its line.

use super::args::{Convert, FailOn};
use super::{catalog, environment};
use crate::error::{Error, Result};
use crate::format::Format;
use serde::Deserialize;
use std::path::{Path, PathBuf};

const NAME: &str = "bibmill.toml";

/// What the file can say.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Config {
    /// Catalogs, relative to the file.
    pub(super) catalog: Vec<PathBuf>,
    /// The dialect whose requirements count, whatever the file looks like.
    pub(super) profile: Option<Profile>,
    pub(super) keys: Keys,
    pub(super) rules: Rules,
    pub(super) formats: Formats,
}

/// A dialect of `.bib` files.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Profile {
    Bibtex,
    Biblatex,
}

/// How keys are made.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Keys {
    pub(super) pattern: Option<String>,
}

/// Which rules count.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Rules {
    pub(super) select: Vec<RuleName>,
    pub(super) ignore: Vec<RuleName>,
    pub(super) fail_on: Option<FailOnName>,
}

/// Formats that need not be told.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Formats {
    pub(super) to: Option<String>,
}

/// The name of a rule.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct RuleName(pub(super) crate::diagnostic::Rule);

impl TryFrom<String> for RuleName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        crate::diagnostic::Rule::from_name(&name).map(Self).ok_or_else(|| format!("there is no rule `{name}`"))
    }
}

/// A severity in the file.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum FailOnName {
    Error,
    Warning,
    Note,
}

impl From<FailOnName> for FailOn {
    fn from(name: FailOnName) -> Self {
        match name {
            FailOnName::Error => Self::Error,
            FailOnName::Warning => Self::Warning,
            FailOnName::Note => Self::Note,
        }
    }
}

impl Config {
    /// The catalogs to use where the command line names none; those of the environment go first.
    pub(super) fn catalogs(&self, named: &[PathBuf]) -> Vec<PathBuf> {
        let from_file = named.is_empty() && environment(catalog::VARIABLE).is_none();
        if from_file { self.catalog.clone() } else { named.to_vec() }
    }

    /// Puts in what the command line does not say.
    ///
    /// # Errors
    /// When a format is named that there is not.
    pub(super) fn complete(self, args: &mut Convert) -> Result<()> {
        if !args.no_resolve {
            args.catalog = self.catalogs(&args.catalog);
        }
        args.pattern = self.keys.pattern;
        let Some(name) = self.formats.to else { return Ok(()) };
        let format = Format::from_name(&name).filter(|format| format.spec().write.is_some());
        let format = format.ok_or_else(|| Error::message(format!("{NAME}: `{name}` is no format that is written")))?;
        let extension = args.output.as_deref().and_then(Path::extension).and_then(|extension| extension.to_str());
        // An extension that says something else is what the user says now.
        let fits = extension.is_none_or(|extension| format.spec().extensions.contains(&extension));
        if args.to.is_none() && fits {
            args.to = Some(format);
        }
        Ok(())
    }
}

/// The settings of the folder in which the program runs; without a file, none.
///
/// # Errors
/// When there is a file that cannot be read or says what it cannot say; the message names the line.
pub(super) fn load() -> Result<Config> {
    let Ok(folder) = std::env::current_dir() else { return Ok(Config::default()) };
    // Paths stay relative, so that messages do not depend on where the project lies.
    let mut near = PathBuf::new();
    for _ in folder.ancestors() {
        let path = near.join(NAME);
        if path.is_file() {
            return read(&path);
        }
        near.push("..");
    }
    Ok(Config::default())
}

fn read(path: &Path) -> Result<Config> {
    #[expect(clippy::disallowed_methods, reason = "the one place where settings are read")]
    let text = std::fs::read_to_string(path).map_err(|error| Error::path(path, "reading", error))?;
    let mut config: Config = toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        let what = error.message().replace('\n', " ");
        Error::message(format!("{}:{line}: {}", path.display(), crate::source::printable(&what)))
    })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    for catalog in &mut config.catalog {
        *catalog = folder.join(&*catalog);
    }
    Ok(config)
}
