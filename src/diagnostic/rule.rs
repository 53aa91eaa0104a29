//! The rules: one row each, with name, severity, a sentence and an explanation. `bibmill explain` and the README's table
//! are printed from here.

use super::Severity;

/// Whether the findings of a rule can be repaired without a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixable {
    /// The repair cannot change what the entry says; `--fix` applies it.
    Safe,
    /// There is a repair, but a person must say whether it is meant; it is only shown.
    Unsafe,
    /// There is none.
    None,
}

impl Fixable {
    /// Its name in tables; empty for none.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
            Self::None => "",
        }
    }
}

macro_rules! rules {
    (@fix) => { Fixable::None };
    (@fix $fix:ident) => { Fixable::$fix };
    ($($variant:ident = $name:literal, $severity:ident $(+ $fix:ident)?, $summary:literal, $explanation:literal;)+) => {
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

            /// Whether findings of the rule carry a repair.
            pub const fn fixable(self) -> Fixable {
                match self { $(Self::$variant => rules!(@fix $($fix)?),)+ }
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

    UnbalancedBrace = "unbalanced-brace", Error,
    "A closing brace stands between entries.",
    "It closes nothing: the entry before it ended earlier than meant, or has a brace too many.\n\n\
     Way out: remove the brace, or the one that ended the entry too early.";

    MissingComma = "missing-comma", Error + Safe,
    "A comma is missing between two fields.",
    "BibTeX skips the rest of such an entry. bibmill reads on.\n\n\
     Way out: add the comma.";

    DuplicateKey = "duplicate-key", Error,
    "Two entries have the same citation key.",
    "BibTeX stops with an error and, like biber, ignores the second entry. bibmill keeps both. Keys that differ only in case \
     (BibTeX takes them for one) or in how an accent is encoded are a warning.\n\n\
     Way out: rename one of them, or remove it if both are the same work.";

    DuplicateField = "duplicate-field", Warning + Safe,
    "An entry has the same field twice.",
    "The first value is taken, as BibTeX does; the message shows the second one. The repair removes a second one that says the \
     same.\n\n\
     Way out: remove one of them.";

    UnknownMacro = "unknown-macro", Warning,
    "A value names an abbreviation that is not defined.",
    "An undelimited word such as `month = june` refers to an `@string` definition that must stand before it. BibTeX takes the \
     value for empty; bibmill takes the word itself.\n\n\
     Way out: define it with @string, or put the value in braces.";

    CrossrefMissing = "crossref-missing", Warning,
    "An entry inherits from one that is not there.",
    "The key in `crossref` or `xdata` is not that of an entry of the same file. Nothing is inherited, and BibTeX stops with an \
     error.\n\n\
     Way out: correct the key, or add the entry.";

    CrossrefCycle = "crossref-cycle", Warning,
    "An entry inherits from itself, directly or through others.",
    "The references in `crossref` or `xdata` run in a circle, such as `crossref = {a}` in the entry `a`.\n\n\
     Way out: remove one of them.";

    MacroCycle = "macro-cycle", Warning,
    "An abbreviation is defined by itself.",
    "`@string{a = b # \"x\"}` with `@string{b = a # \"y\"}`, or `@string{a = a # \"x\"}` where `a` is not defined before: BibTeX takes \
     the name on the right for empty.\n\n\
     Way out: write the value out in one of them.";

    OddDollar = "odd-dollar", Warning,
    "A value holds an odd number of dollar signs.",
    "`title = {The $n-body problem}` opens mathematics that never ends; LaTeX stops with \"Missing $ inserted\".\n\n\
     Way out: add the missing `$`, or write `\\$` for the sign itself.";

    JunkBetweenEntries = "junk-between-entries", Note,
    "Text between entries is neither a comment nor an entry.",
    "BibTeX and biber ignore everything outside entries; a line that lost its `@` or its entry is ignored with it.\n\n\
     Way out: restore the entry, or make the line a comment with `%`.";

    UnknownEntryType = "unknown-entry-type", Warning,
    "An entry type is none of BibTeX's or BibLaTeX's.",
    "Styles print an entry of an unknown type, such as `@artcle`, as `@misc` or not at all.\n\n\
     Way out: correct the word; `@misc` takes everything.";

    UnknownField = "unknown-field", Note,
    "A field is none that BibTeX, BibLaTeX or a usual program knows.",
    "Styles ignore fields that they do not know, so that `auhtor = {…}` leaves an entry without author. A name that is one slip \
     away from a known one is a warning, another one a note.\n\n\
     Way out: correct the name.";

    ControlCharacter = "control-character", Warning + Unsafe,
    "A control character stands in the file.",
    "Characters such as U+0007 or U+0000 come from damaged copies; LaTeX stops at them, and terminals obey them.\n\n\
     Way out: delete the character.";

    BidiControl = "bidi-control", Warning + Unsafe,
    "A character that turns the direction of text stands in the file.",
    "Characters such as U+202E make text look other than it is, which can hide what a value says (\"Trojan source\").\n\n\
     Way out: delete the character.";

    MissingField = "missing-field", Warning,
    "An entry lacks a field that its type requires.",
    "In BibTeX the standard styles warn and print a gap; the requirements are those of `btxdoc`. In BibLaTeX they are the \
     mandatory constraints of the default data model (manual 3.16). `@article{k, title = {T}}` lacks author, journal and year.\n\n\
     Way out: add the field, or choose the type that fits (`@misc`, `@online`).";

    EmptyField = "empty-field", Note + Safe,
    "A field has no value.",
    "`pages = {}` says nothing, and styles warn of it.\n\n\
     Way out: delete the field or fill it.";

    MalformedDate = "malformed-date", Warning,
    "A date, year or month is none.",
    "`date` and `urldate` are EDTF (`2021`, `2021-05-07`, `2020/2021`, `1990~`); `year` is a number of four digits, `month` an \
     abbreviation without braces (`month = may`) or a number. Other words do not sort.\n\n\
     Way out: write the date in this form; what is not published yet goes to `note` or `pubstate`.";

    MalformedName = "malformed-name", Warning + Safe,
    "A list of names is not written as BibTeX reads it.",
    "Names are parted by the word `and`; the list ends in `and others` where it is cut. `Smith, J., Jones, K.` is one person \
     with three commas, `A. Smith et al.` has the family name \"al.\", and a trailing `and` makes BibTeX stop.\n\n\
     Way out: write `Smith, J. and Jones, K. and others`.";

    MalformedPages = "malformed-pages", Warning,
    "Pages are no pages.",
    "Pages are numbers or ranges, `7`, `12--34`, `e17`, `1:1--1:22`, parted by commas. A range that runs backwards (`54--35`), a word \
     (`to appear`) or a prefix (`pp. 3--4`, which styles add themselves) is not one.\n\n\
     Way out: correct the numbers; other words go to `note`.";

    BadDoi = "bad-doi", Error,
    "The value of `doi` is no DOI.",
    "A DOI is `10.`, four or more digits, a slash and a suffix without blanks: `10.1038/nature14539`.\n\n\
     Way out: copy it again from the paper; an address of another kind goes to `url`.";

    DoiAsUrl = "doi-as-url", Note + Safe,
    "The field `doi` holds a link where the bare DOI belongs.",
    "Styles put `https://doi.org/` before the value, so that `doi = {https://doi.org/10.1000/1}` gives a broken link.\n\n\
     Way out: leave the address out.";

    BadArxivId = "bad-arxiv-id", Error,
    "An arXiv identifier is none.",
    "`YYMM.NNNN` until 2014, `YYMM.NNNNN` since 2015, `archive/YYMMNNN` before April 2007; the month is 01 to 12. `2013.12345` \
     names no month.\n\n\
     Way out: copy it again from the paper's page.";

    BadIsbn = "bad-isbn", Warning,
    "An ISBN is none: its length or its check digit is wrong.",
    "The last digit of `978-0-306-40615-7` follows from the others; digits that were swapped or misread show.\n\n\
     Way out: copy it again from the book.";

    BadIssn = "bad-issn", Warning,
    "An ISSN is none: its length or its check digit is wrong.",
    "The last digit of `0317-8471` follows from the others.\n\n\
     Way out: copy it again from the journal's page.";

    UrlInWrongField = "url-in-wrong-field", Warning,
    "An address stands in a field that is printed as something else.",
    "`journal = {https://example.org}` prints the address as the journal's name.\n\n\
     Way out: move it to `url` (or `howpublished`, `note`).";

    UnescapedSpecial = "unescaped-special", Warning + Safe,
    "A character that LaTeX gives a meaning stands in text without a backslash.",
    "`Simon & Schuster` stops LaTeX with \"Misplaced alignment tab\", `100%` swallows the rest of the line, and `_` and `^` are for \
     mathematics.\n\n\
     Way out: write `\\&`, `\\%`, `\\#`, `\\_`; put formulas between dollars.";

    UnprotectedCapital = "unprotected-capital", Note + Unsafe,
    "A title has capitals that styles will make small.",
    "Many styles print titles in sentence case: `Training BERT on GPUs` becomes \"Training bert on gpus\" unless the words stand in \
     braces.\n\n\
     Way out: write `Training {BERT} on {GPUs}`.";

    DoubleBracedTitle = "double-braced-title", Note + Unsafe,
    "A title stands in braces as a whole.",
    "`title = {{Deep Learning}}` keeps every style from changing its case, also where it should.\n\n\
     Way out: brace only names and abbreviations.";

    HtmlInTitle = "html-in-title", Warning + Safe,
    "A value holds HTML.",
    "Tags and entities such as `<i>`, `<sub>`, `&amp;` come from publishers' feeds; LaTeX prints them as they stand or stops at the \
     `&`. The repair covers entities.\n\n\
     Way out: write `\\emph{…}`, `\\textsubscript{…}`, `\\&`.";

    Mojibake = "mojibake", Warning + Unsafe,
    "Text was decoded in the wrong encoding.",
    "`MÃ¼ller` and `itâ€™s` are UTF-8 that was read as windows-1252; U+FFFD stands for what could not be read at all.\n\n\
     Way out: write the characters that were meant.";

    TruncatedValue = "truncated-value", Warning,
    "A value was cut off.",
    "Search pages and feeds cut long titles: `title = {On the origin of ...}`; a title that ends in `the` or `of` lost its end too.\n\n\
     Way out: copy the whole title from the paper.";

    TitleEndsWithPeriod = "title-ends-with-period", Note + Unsafe,
    "A title ends in a full stop.",
    "Styles add their own punctuation, so that two stops are printed.\n\n\
     Way out: delete it, unless it belongs to an abbreviation.";

    AllCapsTitle = "all-caps-title", Note,
    "A title is written in capitals only.",
    "Styles can make capitals small but not guess which ones to keep.\n\n\
     Way out: write the title in ordinary case.";

    DuplicateWork = "duplicate-work", Warning,
    "Two entries are the same work.",
    "They have the same DOI or the same arXiv id in any spelling, or no identifier and the same title, first author and year. \
     Citing both prints the work twice.\n\n\
     Way out: keep one and change the citations of the other; `bibmill convert --merge` makes one of them.";

    IdAuthorMismatch = "id-author-mismatch", Warning,
    "The identifier belongs to a paper by other people.",
    "The catalog's record of the arXiv id has none of the entry's authors: the id was copied from another paper, or the \
     names are wrong.\n\n\
     Way out: correct the identifier or the names.";

    UnknownId = "unknown-id", Warning,
    "The catalog has no record of an arXiv id that should be in it.",
    "The id is older than the catalog's newest record and not there. A catalog can have gaps; the message names its date and size.\n\n\
     Way out: check the digits on arxiv.org.";

    NewerVersion = "newer-version", Note,
    "The entry cites a version of a paper that is not the latest.",
    "The catalog knows a later version than the one that is pinned, such as `1706.03762v5` of 7.\n\n\
     Way out: nothing, if that version is meant; else leave the version out.";

    PublishedVersionKnown = "published-version-known", Note,
    "The entry cites a preprint whose published version is known.",
    "The catalog's record has the DOI or the reference of the published version.\n\n\
     Way out: cite that version, or both.";

    EprintInWrongPlace = "eprint-in-wrong-place", Note,
    "An arXiv id stands in a field where styles do not look for it.",
    "`journal = {arXiv preprint arXiv:1706.03762}` prints as a journal's name and is no link.\n\n\
     Way out: write `eprint = {1706.03762}, archivePrefix = {arXiv}`; `bibmill convert` does it.";

    KeyNotStable = "key-not-stable", Note,
    "A citation key will not last.",
    "A key that is a number or a place in a list (`1`, `ref12`) changes its meaning with the list, and characters such as `#`, `%`, \
     `\\`, `~` or blanks in a key make LaTeX or biber stop (a warning).\n\n\
     Way out: use letters, digits and `: - _ . / +`; `bibmill convert --key` makes keys of author, year and title.";

    TexInjection = "tex-injection", Error,
    "A value holds a TeX command that can read or write files or run programs.",
    "Values are copied into the document and run: `\\input{/etc/passwd}` prints a file, `\\write18{…}` runs a program where that is \
     allowed, `\\catcode` and `\\csname` hide such commands. No bibliographic datum needs them.\n\n\
     Way out: delete the command, and do not trust the file's source.";

    NotCited = "not-cited", Note,
    "An entry is never cited in the document.",
    "The file given with `--cited` does not name the key.\n\n\
     Way out: nothing, or remove the entry.";

    CitedMissing = "cited-missing", Error,
    "The document cites a key that no entry has.",
    "It will print as a question mark or as the bare key.\n\n\
     Way out: add the entry, or correct the key in the document.";

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
     have no place in a citation. Comments, `@preamble`, definitions that nothing uses and the text between the blocks of a `.bib` \
     file belong to no entry, and other formats have no place for them. They are counted and not kept. No field of an entry is lost, so --strict does not \
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
