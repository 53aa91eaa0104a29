//! Inheritance: `crossref` as BibTeX and BibLaTeX have it (manual 3.19, appendix B), `xdata` as BibLaTeX has it, whole
//! (section 3.13.6) and value by value (section 3.14.7).
//!
//! An entry's own fields win, a nearer parent's win over a farther one's, and every parent is visited once.

use super::macros::Macros;
use super::xdata::{self, Reference};
use super::{Field, lower};
use crate::diagnostic::Rule;
use crate::format::bibtex::Dialect;
use crate::format::bibtex::names::split_and;
use crate::format::bibtex::syntax::{BlockKind, Fault, Part, RawEntry, RawField, split};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// The entries of a file that others inherit from, by key in lower case.
#[derive(Default)]
pub(super) struct Parents<'t> {
    entries: HashMap<String, Parent<'t>>,
    /// Whether some value names another entry's value.
    has_references: bool,
    /// Whether a chapter has its book's author too, as BibLaTeX has it; BibTeX has no field for that.
    has_book_authors: bool,
}

struct Parent<'t> {
    word: String,
    fields: Vec<Field<'t>>,
}

/// The entries whose references run in a circle that has been reported.
pub(super) type Cycles = HashSet<String>;

/// How many entries one may inherit from, directly and through others.
const MAX_PARENTS: usize = 64;
/// How many values may stand for one another in a row.
const MAX_REFERENCES: usize = 16;

impl<'t> Parents<'t> {
    /// Looks through a text for entries that others name; costs next to nothing where none does.
    pub(super) fn collect(text: &'t str, dialect: Dialect) -> Self {
        if !may_inherit(text.as_bytes()) {
            return Self::default();
        }
        let mut parents = Self { has_book_authors: dialect == Dialect::Biblatex, ..Self::default() };
        let mut macros = Macros::new(text.len());
        let mut wanted: HashSet<String> = HashSet::new();
        for block in split(text) {
            if let BlockKind::Entry(raw) = &block.kind {
                for field in &raw.fields {
                    parents.want(field, &mut wanted, &mut macros);
                }
            }
        }
        for block in split(text) {
            match &block.kind {
                BlockKind::Strings(fields) => {
                    for field in fields {
                        macros.define(field);
                    }
                }
                BlockKind::Entry(raw) => parents.add(raw, &wanted, &mut macros),
                BlockKind::Preamble | BlockKind::Comment | BlockKind::Text | BlockKind::Failed => {}
            }
        }
        parents
    }

    /// Notes the keys that a field names.
    fn want(&mut self, field: &RawField<'t>, wanted: &mut HashSet<String>, macros: &mut Macros<'t>) {
        if matches!(&*lower(field.name), "crossref" | "xdata") {
            let value = macros.expand(&field.value, &field.range, &mut Vec::new());
            wanted.extend(value.split(',').map(|key| key.trim().to_lowercase()));
        }
        if let Part::Braced(text) | Part::Quoted(text) = field.value.first
            && xdata::may_refer(text)
        {
            for reference in split_and(text).into_iter().filter_map(Reference::parse) {
                self.has_references = true;
                wanted.insert(reference.key);
            }
        }
    }

    /// Adds an entry if its key, or one of the other keys that BibLaTeX's `ids` gives it, is wanted.
    fn add(&mut self, raw: &RawEntry<'t>, wanted: &HashSet<String>, macros: &mut Macros<'t>) {
        let mut keys = vec![raw.key.to_lowercase()];
        if let Some(ids) = raw.fields.iter().find(|field| field.name.eq_ignore_ascii_case("ids")) {
            let value = macros.expand(&ids.value, &ids.range, &mut Vec::new());
            keys.extend(value.split(',').map(|key| key.trim().to_lowercase()));
        }
        keys.retain(|key| wanted.contains(key));
        if keys.is_empty() {
            return;
        }
        let fields: Vec<Field<'t>> = raw
            .fields
            .iter()
            .map(|field| Field {
                name: lower(field.name),
                written: field.name,
                value: macros.expand(&field.value, &field.range, &mut Vec::new()),
                range: field.range.clone(),
            })
            .collect();
        for key in keys {
            let parent = Parent { word: raw.word.to_ascii_lowercase(), fields: fields.clone() };
            self.entries.entry(key).or_insert(parent);
        }
    }

    /// Adds what an entry inherits behind its own fields, and puts the values of others where they are named.
    pub(super) fn inherit<'a>(
        &'a self,
        raw: &RawEntry<'_>,
        fields: &mut Vec<Field<'a>>,
        cycles: &mut Cycles,
        faults: &mut Vec<Fault>,
    ) where
        't: 'a,
    {
        if !self.entries.is_empty() || fields.iter().any(|field| matches!(&*field.name, "crossref" | "xdata")) {
            self.inherit_fields(raw, fields, cycles, faults);
        }
        if self.has_references {
            fields.iter_mut().for_each(|field| self.fill_in(field, faults));
        }
    }

    fn inherit_fields<'a>(
        &'a self,
        raw: &RawEntry<'_>,
        fields: &mut Vec<Field<'a>>,
        cycles: &mut Cycles,
        faults: &mut Vec<Fault>,
    ) where
        't: 'a,
    {
        let child = raw.word.to_ascii_lowercase();
        let own_key = raw.key.to_lowercase();
        let mut visited: Vec<String> = Vec::new();
        let mut queue = references(fields);
        let mut at = 0;
        let mut missing = false;
        while let Some((key, kind)) = queue.get(at).cloned() {
            at += 1;
            if visited.contains(&key) || visited.len() > MAX_PARENTS {
                continue;
            }
            visited.push(key.clone());
            let parent = self.entries.get(&key).filter(|_| key != own_key);
            let Some(parent) = parent else {
                missing |= kind == Link::Xdata;
                if key != own_key {
                    faults.push(at_key(
                        Rule::CrossrefMissing,
                        raw,
                        format!("the parent `{key}` is no entry of this file"),
                    ));
                } else if !cycles.contains(&own_key) {
                    // A circle is one fault, whichever of its entries one looks at.
                    faults.push(at_key(Rule::CrossrefCycle, raw, circle(&visited)));
                    cycles.extend(visited.iter().cloned());
                }
                continue;
            };
            take_from(parent, &child, kind, self.has_book_authors, fields);
            queue.extend(references(&parent.fields));
        }
        // What has been taken over need not be named: containers of data are not written.
        if !missing {
            fields.retain(|field| field.name != "xdata");
        }
    }

    /// Replaces `xdata=key-field` and `xdata=key-field-2` in a value, or in the items of a list.
    fn fill_in(&self, field: &mut Field<'_>, faults: &mut Vec<Fault>) {
        if !xdata::may_refer(&field.value) {
            return;
        }
        match self.filled(&field.value, MAX_REFERENCES) {
            Ok(Some(value)) => field.value = Cow::Owned(value),
            Ok(None) => {}
            Err(item) => {
                let message = format!("`{item}` names no value of a container of this file; it is kept as written");
                faults.push(Fault { rule: Rule::CrossrefMissing, range: field.range.clone(), message });
            }
        }
    }

    /// A value with those that it names; nothing where it names none, and the first reference that leads nowhere.
    fn filled(&self, value: &str, depth: usize) -> Result<Option<String>, String> {
        let items = split_and(value);
        if !items.iter().any(|item| Reference::parse(item).is_some()) {
            return Ok(None);
        }
        let filled: Result<Vec<Cow<'_, str>>, String> = items
            .into_iter()
            .map(|item| match Reference::parse(item) {
                Some(reference) => {
                    self.referred(&reference, depth).map(Cow::Owned).ok_or_else(|| item.trim().to_owned())
                }
                None => Ok(Cow::Borrowed(item.trim())),
            })
            .collect();
        filled.map(|items| Some(items.join(" and ")))
    }

    fn referred(&self, reference: &Reference, depth: usize) -> Option<String> {
        let container = self.entries.get(&reference.key).filter(|parent| parent.word == "xdata")?;
        let field = container.fields.iter().find(|field| field.name == reference.field)?;
        let value = match depth.checked_sub(1) {
            Some(depth) => self.filled(&field.value, depth).ok()?.unwrap_or_else(|| field.value.clone().into_owned()),
            None => return None,
        };
        match reference.item {
            Some(item) => split_and(&value).get(item.checked_sub(1)?).map(|item| item.trim().to_owned()),
            None => Some(value),
        }
    }
}

/// Whether a text holds one of the words that name parents, as they are usually written.
fn may_inherit(text: &[u8]) -> bool {
    let is_xdata = |at: usize| text.get(at..at + 5).is_some_and(|word| word.eq_ignore_ascii_case(b"xdata"));
    ["rossref", "rossRef", "ROSSREF"].iter().any(|word| memchr::memmem::find(text, word.as_bytes()).is_some())
        || memchr::memchr2_iter(b'x', b'X', text).any(is_xdata)
}

fn at_key(rule: Rule, raw: &RawEntry<'_>, message: String) -> Fault {
    Fault { rule, range: raw.key_range.clone(), message }
}

/// The circle that ends where it began.
fn circle(visited: &[String]) -> String {
    match visited {
        [] | [_] => "the entry inherits from itself".to_owned(),
        [others @ .., _] => format!("the entry inherits from itself, through `{}`", others.join("`, `")),
    }
}

/// In which way fields are inherited.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    Crossref,
    Xdata,
}

/// The parents that fields name: containers of data first, as biber has it.
fn references(fields: &[Field<'_>]) -> Vec<(String, Link)> {
    let mut found = Vec::new();
    for (name, link) in [("xdata", Link::Xdata), ("crossref", Link::Crossref)] {
        for field in fields.iter().filter(|field| field.name == name) {
            let keys = field.value.split(',').map(|key| key.trim().to_lowercase()).filter(|key| !key.is_empty());
            found.extend(keys.map(|key| (key, link)));
        }
    }
    found
}

fn take_from<'a>(parent: &'a Parent<'_>, child: &str, link: Link, has_book_authors: bool, fields: &mut Vec<Field<'a>>) {
    let own = fields.len();
    for field in &parent.fields {
        let passed = match link {
            Link::Xdata => Passed::Unchanged,
            Link::Crossref => passed_on(&parent.word, child, &field.name),
        };
        match passed {
            Passed::Unchanged => add(parent, field, None, link, own, fields),
            Passed::As(name) => add(parent, field, Some(name), link, own, fields),
            Passed::AndAs(name) => {
                add(parent, field, None, link, own, fields);
                if has_book_authors {
                    add(parent, field, Some(name), link, own, fields);
                }
            }
            Passed::Not => {}
        }
    }
}

/// Adds a parent's field behind the child's `own`, if nothing stands against it.
fn add<'a>(
    parent: &'a Parent<'_>,
    field: &'a Field<'_>,
    renamed: Option<&'static str>,
    link: Link,
    own: usize,
    fields: &mut Vec<Field<'a>>,
) {
    let name = renamed.unwrap_or(&field.name);
    let is_private = matches!(name, "crossref" | "xdata" | "ids" | "xref")
        || link == Link::Crossref && NOT_INHERITED.contains(&name);
    // A field of the parent's own that has the name wins over one that would be renamed to it.
    let explicit = renamed.is_some() && parent.fields.iter().any(|other| other.name == name);
    // A month of the child's goes with the parent's year, but not the other way round.
    let dated = is_date(name) && fields[..own].iter().any(|other| matches!(&*other.name, "date" | "year"));
    let present = dated
        || fields.iter().any(|other| other.name == name)
        || same_field(name).is_some_and(|twin| fields[..own].iter().any(|other| other.name == twin));
    if is_private || explicit || present {
        return;
    }
    fields.push(Field {
        name: Cow::Owned(name.to_owned()),
        written: renamed.unwrap_or(field.written),
        value: Cow::Borrowed(&field.value),
        range: field.range.clone(),
    });
}

const NOT_INHERITED: [&str; 14] = [
    "entryset",
    "entrysubtype",
    "execute",
    "label",
    "options",
    "presort",
    "related",
    "relatedoptions",
    "relatedstring",
    "relatedtype",
    "shorthand",
    "shorthandintro",
    "sortkey",
    "key",
];

const TITLES: [(&str, &str, &str, &str); 3] = [
    ("title", "booktitle", "maintitle", "journaltitle"),
    ("subtitle", "booksubtitle", "mainsubtitle", "journalsubtitle"),
    ("titleaddon", "booktitleaddon", "maintitleaddon", "journaltitleaddon"),
];

/// What becomes of a parent's field in the child.
enum Passed {
    Unchanged,
    As(&'static str),
    /// Under its own name, and as well under this one.
    AndAs(&'static str),
    Not,
}

fn passed_on(parent: &str, child: &str, name: &str) -> Passed {
    let in_book = matches!(
        child,
        "inbook"
            | "incollection"
            | "inproceedings"
            | "conference"
            | "inreference"
            | "bookinbook"
            | "suppbook"
            | "suppcollection"
    );
    let in_periodical = matches!(child, "article" | "suppperiodical" | "review");
    let in_own_book = matches!(child, "inbook" | "bookinbook" | "suppbook");
    let row = TITLES.iter().find(|row| row.0 == name);
    let short = matches!(name, "shorttitle" | "sorttitle" | "indextitle" | "indexsorttitle");
    match parent {
        "book" | "mvbook" if in_own_book && name == "author" => Passed::AndAs("bookauthor"),
        "mvbook" | "mvcollection" | "mvproceedings" | "mvreference" => match row {
            Some(row) => Passed::As(row.2),
            None if short => Passed::Not,
            None => Passed::Unchanged,
        },
        "book" | "collection" | "proceedings" | "reference" if in_book => match (row, name) {
            (Some(row), _) => Passed::As(row.1),
            (None, "author") if parent == "book" => Passed::As("bookauthor"),
            _ if short => Passed::Not,
            _ => Passed::Unchanged,
        },
        "periodical" if in_periodical => match row {
            Some(row) => Passed::As(row.3),
            None if short => Passed::Not,
            None => Passed::Unchanged,
        },
        _ => Passed::Unchanged,
    }
}

fn is_date(name: &str) -> bool {
    matches!(name, "date" | "year" | "month" | "day")
}

/// The other dialect's name of a field.
fn same_field(name: &str) -> Option<&'static str> {
    Some(match name {
        "journal" => "journaltitle",
        "journaltitle" => "journal",
        "address" => "location",
        "location" => "address",
        "school" => "institution",
        "institution" => "school",
        _ => return None,
    })
}
