//! The rules: one row each, with name, severity, a sentence and an explanation. `bibmill explain` and the README's table
//! are printed from here.

use super::Severity;

macro_rules! rules {
    ($($variant:ident = $name:literal, $severity:ident, $summary:literal, $explanation:literal;)+) => {
        /// A rule that data can break.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule {
            $(#[doc = $summary] $variant,)+
        }

        impl Rule {
            /// Every rule, in the order of the README's table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The rule's name: kebab-case, names the flaw.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// How bad breaking it is by default.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)+ }
            }

            /// One sentence.
            pub const fn summary(self) -> &'static str {
                match self { $(Self::$variant => $summary,)+ }
            }

            /// What it means, an example and the way out.
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)+ }
            }
        }
    };
}

rules! {
    CountMismatch = "count-mismatch", Warning,
    "The input declares another number of entries than was read.",
    "A listing's header such as `22 papers on arXiv` or `Showing 1-50 of 1,234 results` says how many entries follow. \
     bibmill counted another number: a part may be missing from the copy, or two entries run together.\n\n\
     Way out: copy the whole page again, or correct the header. With --strict the run ends with exit code 1.";

    UnreadLine = "unread-line", Warning,
    "A line of the input is nothing that bibmill knows and stands in no entry.",
    "Menus, footers and advertisements get copied along with a listing. A line that is no title, abstract, author list, \
     identifier or date is reported, never dropped without a word.\n\n\
     Way out: nothing, if the line is not part of a paper; otherwise please report the page's form.";

    Unresolved = "unresolved", Warning,
    "No catalog record was found for the entry.",
    "The entry is written with what was read. That no record was found in a catalog of a given date does not mean that the \
     paper does not exist: it may be newer than the catalog, not on arXiv, or too little of it may be given.\n\n\
     Way out: add the identifier or the full title to the input, or use a newer catalog.";

    Likely = "likely", Warning,
    "A catalog record probably is the entry, but not surely enough to take it.",
    "The estimated probability lies below the threshold of acceptance. The candidate is named with its score; the entry is \
     written with what was read.\n\n\
     Way out: check the candidate and put its identifier in the input, or run with --accept-likely.";

    Ambiguous = "ambiguous", Warning,
    "Several catalog records fit the entry equally well.",
    "Different papers may begin with the same words. The candidates are listed; the entry is written with what was read.\n\n\
     Way out: add an identifier, a title or an author to the entry.";

    IdTitleMismatch = "id-title-mismatch", Warning,
    "The identifier and the title of the entry belong to different papers.",
    "The catalog record with the entry's identifier has a quite different title. One of the two is wrong: often an \
     identifier was copied from the neighbouring line. The entry is written with what was read.\n\n\
     Way out: correct the identifier or the title.";

    ValueConflict = "value-conflict", Note,
    "A value that was read disagrees with the catalog, or with another entry of the same work.",
    "The entry was matched, but the input says something else than the record for this field; or --merge makes one entry of \
     several that say different things. The finding says which value is kept: mostly the one that was read in full, or \
     first; the record's where a list of authors lacks somebody, or a date is that of another version.\n\n\
     Way out: correct the input, or leave it, if the input knows better.";

    UnknownVersion = "unknown-version", Warning,
    "The version asked for is later than the last one in the catalog.",
    "The input pins a version of a paper that its record does not have. It may be newer than the catalog, or a misprint.\n\n\
     Example: `arXiv:1706.03762v99`\n\n\
     Way out: correct the version, leave it out, or use a newer catalog.";

    FieldDropped = "field-dropped", Note,
    "The output format has no place for a field.",
    "Every format leaves out something. What the output cannot hold is reported, one finding for each field; nothing is \
     lost without a word.\n\n\
     Way out: choose a format that holds the field, or `--to native` for everything. With --strict a dropped field ends \
     the run with exit code 1.";

    NotAscii = "not-ascii", Note,
    "Characters stand as they are, though --ascii asks for ASCII.",
    "LaTeX has commands for letters with accents, Greek, Cyrillic and symbols, but none for Chinese, Japanese or Korean \
     characters, for Arabic or for emoji. They are written as they are, so that nothing is lost, and so are fields that are passed \
     on untouched. The message counts the characters and shows the first ones.\n\n\
     Way out: leave them, if your LaTeX reads UTF-8 and has the fonts; otherwise transliterate them in the input.";

    MalformedRecord = "malformed-record", Error,
    "A record of the input cannot be read.",
    "One record (a line of JSON, a block of a .bib file) breaks its format's rules; it is left out, the others are read.\n\n\
     Way out: correct the line; the message says what was expected.";

    MissingRecord = "missing-record", Warning,
    "The input says that a paper which was asked for is not there.",
    "An answer for several papers has a gap (`null`) where the service knows none by the identifier that was asked for.\n\n\
     Way out: check the identifiers that were asked for; those that are right may be too new for the service.";

    MalformedValue = "malformed-value", Warning,
    "A value does not follow the rules for its field.",
    "For example an identifier that is none. The value is kept as written where the output has a place for it.\n\n\
     Way out: correct the value.";

    UnclosedEntry = "unclosed-entry", Error,
    "An entry or a value of a .bib file is not closed.",
    "A closing brace, bracket or quote is missing. The entry is taken to end before the next line that starts one, and a value \
     that does not close to end with its line; what could be read of it is kept.\n\n\
     Way out: add the missing sign; the position is that of the opening one.";

    UnbalancedBrace = "unbalanced-brace", Warning,
    "A closing brace stands between entries.",
    "It closes nothing: the entry before it ended earlier than meant, or has a brace too many.\n\n\
     Way out: remove the brace, or the one that ended the entry too early.";

    MissingComma = "missing-comma", Warning,
    "A comma is missing between two fields.",
    "BibTeX skips the rest of such an entry. bibmill reads on.\n\n\
     Way out: add the comma.";

    DuplicateKey = "duplicate-key", Warning,
    "Two entries have the same citation key.",
    "BibTeX and biber ignore the second entry. bibmill keeps both. Keys that differ only in case count as the same, as BibTeX \
     has it.\n\n\
     Way out: rename one of them, or remove it if both are the same work.";

    DuplicateField = "duplicate-field", Warning,
    "An entry has the same field twice.",
    "The first value is taken, as BibTeX does; the message shows the second one.\n\n\
     Way out: remove one of them.";

    UnknownMacro = "unknown-macro", Warning,
    "A value names an abbreviation that is not defined.",
    "An undelimited word such as `month = june` refers to an `@string` definition that must stand before it. BibTeX takes the \
     value for empty; bibmill takes the word itself.\n\n\
     Way out: define it with @string, or put the value in braces.";

    MissingParent = "missing-parent", Warning,
    "An entry inherits from one that is not there, or from itself.",
    "The key in `crossref` or `xdata` is not that of an entry of the same file, or the references run in a circle. Nothing is \
     inherited.\n\n\
     Way out: correct the key, or add the entry.";

    WithdrawnPaper = "withdrawn-paper", Note,
    "The paper has been withdrawn.",
    "arXiv keeps the records of papers that were withdrawn. The entry is written like any other.\n\n\
     Way out: remove the entry if the paper should not be cited.";

    ListedTwice = "listed-twice", Note,
    "A paper stands twice in one input.",
    "Listings of a day or a week name a paper once as new and again as a cross-list or a replacement. The first item gives \
     the entry, the others are left out.\n\n\
     Way out: nothing is to be done.";

    NonUtf8 = "non-utf8", Warning,
    "The input is not UTF-8.",
    "Text without a byte order mark that is not valid UTF-8 is read as windows-1252, a superset of ISO 8859-1.\n\n\
     Way out: convert the file to UTF-8.";

    ControlCharacter = "control-character", Warning,
    "A control character stands in an entry.",
    "NUL, escape and other control characters come from broken programs or from copied terminal output; BibTeX and biber stop \
     at some of them. They are left out, of the citation key too.\n\n\
     Way out: remove them from the file; the position is that of the first one.";

    EmptyInput = "empty-input", Warning,
    "The input is empty.",
    "There is nothing in it to read, or it is a sound file of its format without an entry: a list `[]`, a `.bib` file of \
     comments and definitions only.\n\n\
     Way out: check the path, or the command whose output was piped in.";

    MissingFromFeed = "missing-from-feed", Warning,
    "A paper that was asked for is not in the answer.",
    "The feed itself says which identifiers were asked for, and one of them has no entry: arXiv leaves out identifiers that it \
     does not have without a word.\n\n\
     Way out: check the identifier; digits get swapped in copying.";

    SetAside = "set-aside", Note,
    "The input says things that are not kept with the entries.",
    "How a feed announces a paper (new, cross-listed, replaced) is said about the feed and not about the work, and affiliations \
     have no place in a citation. Comments, `@preamble` and the text between the blocks of a `.bib` file belong to no entry, and \
     other formats have no place for them. They are counted and not kept. No field of an entry is lost, so --strict does not \
     count it.\n\n\
     Way out: nothing; look into the input itself if you need them. A `.bib` file that is written back in its own dialect keeps \
     every byte.";

    PartialAnswer = "partial-answer", Note,
    "The answer is one page of several.",
    "Services give long lists in pages. For OAI-PMH the token in the message, as it stands, is what the next request needs; \
     others say how many papers they have, which is more than the answer lists.\n\n\
     Way out: fetch the other pages (OAI-PMH: `verb=ListRecords&resumptionToken=TOKEN`) and give all as inputs of one call.";

    DeletedRecord = "deleted-record", Note,
    "A record was deleted at its source.",
    "An OAI-PMH server names records that it no longer has. There is nothing to read in them.\n\n\
     Way out: remove the work from your bibliography, if it stands there.";

    CatalogMissing = "catalog-missing", Warning,
    "There is no catalog, so entries cannot be completed.",
    "Titles, authors and identifiers that the input leaves out come from a catalog of arXiv metadata. None was given and \
     none was found.\n\n\
     Way out: build one once with `bibmill catalog build SNAPSHOT -o FILE.cat` from the arXiv metadata snapshot and pass \
     `--catalog FILE.cat`, or set BIBMILL_CATALOG; `--no-resolve` converts without one and without this warning.";
}

impl Rule {
    /// The rule of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.name() == name)
    }
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
