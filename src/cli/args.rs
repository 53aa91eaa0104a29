//! The command line's options, for clap: names, values and help, nothing that runs.
//!
//! An option is real only when the README lists it; a test compares.

use crate::format::Format;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use std::path::PathBuf;

/// Turns any listing of papers into a bibliography.
#[derive(Debug, Parser)]
#[command(name = "bibmill", version, about, propagate_version = true, max_term_width = 110)]
#[command(arg_required_else_help = true, infer_long_args = false)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) common: Common,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Turns inputs of any format into one bibliography
    Convert(Box<Convert>),
    /// Prints new citation keys beside the old ones; with -o renames them in a `.bib` file, and touches nothing else
    Keys(Keys),
    /// Builds, shows and searches the offline catalog of arXiv metadata
    #[command(subcommand, arg_required_else_help = true)]
    Catalog(CatalogCommand),
    /// Lists the formats
    Formats,
    /// Explains a rule that diagnostics name; without one, lists the rules
    Explain {
        /// The rule's name, such as `count-mismatch`
        rule: Option<String>,
    },
    /// Prints a completion script for a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Prints the manual page
    Man,
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub(super) struct Common {
    /// How findings are printed
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) message_format: MessageFormat,
    /// Prints errors only
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Says more: formats and catalogs used
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub(super) verbose: bool,
    /// Whether findings are coloured
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(super) color: Color,
    /// Whether progress is shown on a terminal
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(super) progress: Progress,
    /// How many threads read; 0 for one per core
    #[arg(long, global = true, default_value_t = 0, value_name = "N")]
    pub(super) threads: usize,
    /// Reads catalogs into memory instead of mapping them
    #[arg(long, global = true)]
    pub(super) no_mmap: bool,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum MessageFormat {
    /// For people
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// When to show progress.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Progress {
    /// On a terminal
    #[default]
    Auto,
    /// Never
    Never,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Convert {
    /// Files to read, in order; `-` or nothing for standard input
    #[arg(value_name = "INPUT", value_hint = ValueHint::FilePath)]
    pub(super) inputs: Vec<PathBuf>,
    /// The inputs' format, where it is not to be told from name and content
    #[arg(long, value_name = "FORMAT", value_parser = readable())]
    pub(super) from: Option<Format>,
    /// The output's format; by default OUT's extension tells it, else it is bibtex
    #[arg(long, value_name = "FORMAT", value_parser = writable())]
    pub(super) to: Option<Format>,
    /// Writes to a file, which is replaced only when everything is written; keys that stand in it are kept
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(super) output: Option<PathBuf>,

    /// Adds the entries of a file to those of the inputs: new ones behind the others, known ones are completed; may be
    /// given several times
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) add: Vec<PathBuf>,
    /// The entries that may change, by their keys; the others stay as they are; may be given several times
    #[arg(long, value_name = "KEY", value_delimiter = ',')]
    pub(super) touch_only: Vec<String>,

    /// A catalog (`.cat` file, or JSON lines) that entries are completed from; may be given several times
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, help_heading = "Completing entries")]
    pub(super) catalog: Vec<PathBuf>,
    /// Does not complete entries, whatever catalogs there are
    #[arg(long, help_heading = "Completing entries")]
    pub(super) no_resolve: bool,
    /// Takes a catalog record also when it is only likely to be the entry
    #[arg(long, help_heading = "Completing entries")]
    pub(super) accept_likely: bool,
    /// Keeps what the input had cut off (an abstract that ends in "...") in completed entries
    #[arg(long, help_heading = "Completing entries")]
    pub(super) keep_cut: bool,
    /// Makes one entry of all entries of one work, with all that they were told
    #[arg(long, help_heading = "Completing entries")]
    pub(super) merge: bool,
    /// Writes a preprint as the journal article that it became, where its record says which; with --merge, makes one
    /// entry of both
    #[arg(long, help_heading = "Completing entries")]
    pub(super) published: bool,
    /// Keeps the way in which an input says that a paper is on arXiv, its type and its link; without it, what is converted
    /// to another format takes the recommended form
    #[arg(long, help_heading = "Completing entries")]
    pub(super) keep_as_written: bool,
    /// Which version's date is cited
    #[arg(long, value_enum, default_value_t, value_name = "VERSION", help_heading = "Completing entries")]
    pub(super) date: DateChoice,

    /// The pattern of citation keys, as JabRef has it
    /// [default: `[auth:lower][year][veryshorttitle:lower]`]
    #[arg(long, value_name = "PATTERN", help_heading = "Citation keys")]
    pub(super) key: Option<String>,
    /// Keeps the keys of the inputs even where OUT has another; without it, OUT's go first, and --key makes new ones
    #[arg(long, help_heading = "Citation keys")]
    pub(super) keep_keys: bool,
    /// A bibliography whose keys its entries keep
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Citation keys")]
    pub(super) keys_from: Option<PathBuf>,

    /// The type of preprints in `.bib` output
    #[arg(long, value_enum, default_value_t, value_name = "TYPE", help_heading = "Output")]
    pub(super) preprint_type: PreprintType,
    /// Writes `.bib` output in ASCII, other characters as LaTeX commands
    #[arg(long, help_heading = "Output")]
    pub(super) ascii: bool,
    /// The order of the entries
    #[arg(long, value_enum, default_value_t, value_name = "BY", help_heading = "Output")]
    pub(super) sort: Sort,
    /// Writes what could be read also when an input failed
    #[arg(long, help_heading = "Output")]
    pub(super) partial: bool,

    /// Ends with exit code 1 when a field that was read is dropped, an entry is not matched, or a count differs
    #[arg(long, help_heading = "Checks")]
    pub(super) strict: bool,
    /// Does everything but write
    #[arg(long, help_heading = "Checks")]
    pub(super) dry_run: bool,
    /// Prints what would change in OUT as a unified diff and ends with exit code 1 when something would
    #[arg(long, requires = "output", conflicts_with = "dry_run", help_heading = "Checks")]
    pub(super) diff: bool,
    /// Writes one JSON object per entry: how it was matched, and where its fields come from
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Checks")]
    pub(super) report: Option<PathBuf>,
}

/// Which version's date is cited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum DateChoice {
    /// The first version's
    #[default]
    First,
    /// The latest version's
    Latest,
}

/// The type of preprints in `.bib` output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum PreprintType {
    /// `@misc` (`@online` in BibLaTeX)
    #[default]
    Misc,
    /// `@article`
    Article,
}

/// The order of the entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Sort {
    /// As they were read
    #[default]
    None,
    /// By citation key
    Key,
    /// By date, oldest first
    Date,
    /// By the first author's family name, then by date
    Author,
    /// By title
    Title,
}

#[derive(Debug, Args)]
pub(super) struct Keys {
    /// Files to read, in order; `-` or nothing for standard input
    #[arg(value_name = "INPUT", value_hint = ValueHint::FilePath)]
    pub(super) inputs: Vec<PathBuf>,
    /// The inputs' format, where it is not to be told from name and content
    #[arg(long, value_name = "FORMAT", value_parser = readable())]
    pub(super) from: Option<Format>,
    /// The pattern of citation keys, as JabRef has it
    /// [default: `[auth:lower][year][veryshorttitle:lower]`]
    #[arg(long, value_name = "PATTERN")]
    pub(super) key: Option<String>,
    /// Writes the `.bib` file with its keys renamed, also where other entries refer to them
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(super) output: Option<PathBuf>,
    /// Puts the old key into the entry's `ids`, by which biber still finds it
    #[arg(long, requires = "output")]
    pub(super) ids: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum CatalogCommand {
    /// Builds a catalog from arXiv's metadata snapshot
    Build {
        /// Snapshots or exports: JSON lines, plain or packed with gzip, xz, zstd or zip; the newest record of a paper counts
        #[arg(required = true, value_name = "SNAPSHOT", value_hint = ValueHint::FilePath)]
        inputs: Vec<PathBuf>,
        /// The catalog to write
        #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        output: PathBuf,
        /// Stores the abstracts' texts too, not only their fingerprints
        #[arg(long)]
        with_abstracts: bool,
    },
    /// Says what a catalog holds
    Info {
        /// Catalogs; without any, those that `convert` would use
        #[arg(value_name = "CATALOG", value_hint = ValueHint::FilePath)]
        catalogs: Vec<PathBuf>,
        /// Checks every byte against the checksums
        #[arg(long)]
        verify: bool,
    },
    /// Finds the record of an identifier, a DOI, title words, or a text on standard input (`-`)
    Find {
        /// An arXiv id, a DOI, words of a title, or `-`
        #[arg(required = true, value_name = "QUERY")]
        query: Vec<String>,
        /// The catalog; may be given several times
        #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
        catalog: Vec<PathBuf>,
    },
    /// Prints the records as JSON lines of facts and fingerprints, which `build` and `--catalog` read
    Export {
        /// Catalogs; without any, those that `convert` would use
        #[arg(value_name = "CATALOG", value_hint = ValueHint::FilePath)]
        catalogs: Vec<PathBuf>,
        /// Writes to a file
        #[arg(short, long, value_name = "OUT", value_hint = ValueHint::FilePath)]
        output: Option<PathBuf>,
        /// Prints the abstracts too, where the catalog has them, in place of their fingerprints
        #[arg(long)]
        with_abstracts: bool,
    },
}

fn readable() -> impl TypedValueParser<Value = Format> {
    one_of(|format| format.spec().read.is_some())
}

fn writable() -> impl TypedValueParser<Value = Format> {
    one_of(|format| format.spec().write.is_some())
}

fn one_of(which: fn(&Format) -> bool) -> impl TypedValueParser<Value = Format> {
    let names = Format::ALL.iter().copied().filter(which).map(|f| PossibleValue::new(f.name()).help(f.spec().title));
    PossibleValuesParser::new(names)
        .try_map(|name| Format::from_name(&name).ok_or_else(|| format!("`{name}` is no format")))
}
