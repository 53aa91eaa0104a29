//! Inheritance: `crossref` as BibTeX and BibLaTeX have it (manual 3.19, appendix B), `xdata` as BibLaTeX has it, whole
//! (section 3.13.6) and value by value (section 3.14.7).
//!
//! A parent is complete before its child takes from it, so that what a grandparent passes on has the name that it has in
//! the parent. An entry's own fields win, those of containers win over a parent's.

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
    /// Whether fields change their names on the way as BibLaTeX has it: a chapter has its book's author too, for whom BibTeX
    /// has no field, and a paper its proceedings' title, even where these stand in another book.
    renames: bool,
}

struct Parent<'t> {
    key: &'t str,
    word: String,
    fields: Vec<Field<'t>>,
}

/// What is kept of inheritance on the way through a file.
pub(super) struct Course {
    /// The entries, and the values, whose references run in a circle that has been reported.
    cycles: HashSet<String>,
    /// How many bytes may still be inherited; none when that has been reported.
    budget: Option<usize>,
}

impl Course {
    /// The length of the text bounds what its entries may inherit, so that many children of a huge parent do not fill the
    /// memory.
    pub(super) fn new(text_length: usize) -> Self {
        Self { cycles: HashSet::new(), budget: Some((4 << 20) + text_length.saturating_mul(8)) }
    }

    /// Whether so much more may be inherited; the first time it may not, that is reported.
    fn affords(&mut self, rows: &[Row<'_>], raw: &RawEntry<'_>, faults: &mut Vec<Fault>) -> bool {
        let Some(budget) = self.budget else { return rows.is_empty() };
        self.budget = budget.checked_sub(rows.iter().map(|row| row.field.value.len()).sum());
        if self.budget.is_none() {
            let message = "the entries of this file inherit more than 4 MiB and 8 times its length; from here on they \
                           do not";
            faults.push(at_key(Rule::MalformedValue, raw, message.to_owned()));
        }
        self.budget.is_some()
    }
}

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
        let mut parents = Self { renames: dialect == Dialect::Biblatex, ..Self::default() };
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
            for item in split_and(text).into_iter().filter(|item| xdata::is_reference(item)) {
                self.has_references = true;
                wanted.extend(Reference::parse(item).map(|reference| reference.key));
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
                written: Cow::Borrowed(field.name),
                value: macros.expand(&field.value, &field.range, &mut Vec::new()),
                range: field.range.clone(),
            })
            .collect();
        for key in keys {
            let parent = Parent { key: raw.key, word: raw.word.to_ascii_lowercase(), fields: fields.clone() };
            self.entries.entry(key).or_insert(parent);
        }
    }

    /// Adds what an entry inherits behind its own fields, and puts the values of others where they are named.
    pub(super) fn inherit<'a>(
        &'a self,
        raw: &RawEntry<'_>,
        fields: &mut Vec<Field<'a>>,
        course: &mut Course,
        faults: &mut Vec<Fault>,
    ) where
        't: 'a,
    {
        if !self.entries.is_empty() || fields.iter().any(|field| matches!(&*field.name, "crossref" | "xdata")) {
            self.inherit_fields(raw, fields, course, faults);
        }
        if self.has_references {
            fields.iter_mut().for_each(|field| self.fill_in(raw, field, &mut course.cycles, faults));
        }
    }

    fn inherit_fields<'a>(
        &'a self,
        raw: &RawEntry<'_>,
        fields: &mut Vec<Field<'a>>,
        course: &mut Course,
        faults: &mut Vec<Fault>,
    ) where
        't: 'a,
    {
        let child = raw.word.to_ascii_lowercase();
        let mut walk = Walk { own_key: raw.key.to_lowercase(), path: Vec::new(), budget: MAX_PARENTS, circle: None };
        let mut missing = false;
        for (key, link) in references(fields) {
            if key != walk.own_key && !self.entries.contains_key(&key) {
                missing |= link == Link::Xdata;
                let message = format!("the parent `{key}` is no entry of this file");
                faults.push(at_key(Rule::CrossrefMissing, raw, message));
                continue;
            }
            let Some(parent) = self.complete(&key, &mut walk) else { continue };
            // A field without a value stands against the parent's in BibTeX only; biber passes over it.
            let counts = |field: &&Field<'a>| !self.renames || !field.value.trim().is_empty();
            let own: Vec<Cow<'a, str>> = fields.iter().filter(counts).map(|field| field.name.clone()).collect();
            let taken = self.taken(&parent, &child, link, &own);
            if course.affords(&taken, raw, faults) {
                fields.extend(taken.into_iter().map(Row::into_field));
            }
        }
        // A circle is one fault, whichever of its entries one looks at.
        if let Some(through) = walk.circle.filter(|_| !course.cycles.contains(&walk.own_key)) {
            faults.push(at_key(Rule::CrossrefCycle, raw, circle(&through)));
            course.cycles.insert(walk.own_key);
            course.cycles.extend(through);
        }
        // The parent's own key is one that BibTeX knows too, which has no other keys.
        for field in fields.iter_mut().filter(|field| field.name == "crossref") {
            let parent = self.entries.get(&field.value.trim().to_lowercase());
            if let Some(parent) = parent.filter(|parent| !parent.key.eq_ignore_ascii_case(field.value.trim())) {
                field.value = Cow::Borrowed(parent.key);
            }
        }
        // What has been taken over need not be named: containers of data are not written.
        if !missing {
            fields.retain(|field| field.name != "xdata");
        }
    }

    /// A parent with the fields that it inherits itself; nothing where the way comes back to the entry that it began at, or
    /// to one that it went through.
    fn complete<'a>(&'a self, key: &str, walk: &mut Walk) -> Option<Complete<'a>> {
        if key == walk.own_key {
            walk.circle.get_or_insert_with(|| walk.path.clone());
            return None;
        }
        let parent = self.entries.get(key)?;
        if walk.budget == 0 || walk.path.iter().any(|other| other == key) {
            return None;
        }
        walk.budget -= 1;
        walk.path.push(key.to_owned());
        let rows = parent.fields.iter().map(Row::of).collect();
        let mut complete = Complete { word: &parent.word, rows };
        for (key, link) in references(&parent.fields) {
            if let Some(theirs) = self.complete(&key, walk) {
                let own: Vec<Cow<'a, str>> = complete.rows.iter().map(|row| row.name.clone()).collect();
                complete.rows.extend(self.taken(&theirs, &parent.word, link, &own));
            }
        }
        walk.path.pop();
        Some(complete)
    }

    /// What a child that has fields of its own takes from a parent.
    fn taken<'a>(&self, parent: &Complete<'a>, child: &str, link: Link, own: &[Cow<'_, str>]) -> Vec<Row<'a>> {
        let mut taken: Vec<Row<'a>> = Vec::new();
        let passed = |row: &Row<'a>| {
            let passed = match link {
                Link::Xdata => Passed::Unchanged,
                Link::Crossref => {
                    passed_on(parent.word, child, &row.name, |name| own.iter().any(|other| other == name))
                }
            };
            match passed {
                Passed::Unchanged => (true, None),
                Passed::As(name) => (false, Some(name)),
                Passed::AndAs(name) => (true, Some(name).filter(|_| self.renames)),
                Passed::Not => (false, None),
            }
        };
        let new_names: Vec<&str> =
            parent.rows.iter().filter_map(|row| passed(row).1).filter(|_| self.renames).collect();
        for row in parent.rows.iter().filter(|row| annotated(&row.name).is_none()) {
            let (unchanged, renamed) = passed(row);
            let unchanged = unchanged && !new_names.contains(&&*row.name);
            if unchanged && is_free(&row.name, link, own, &taken) {
                taken.push(row.clone());
            }
            // To BibTeX a field of the parent's own that has the name is that field.
            let renamed = renamed.filter(|name| self.renames || !parent.rows.iter().any(|other| other.name == *name));
            if let Some(name) = renamed.filter(|name| is_free(name, link, own, &taken)) {
                taken.push(Row { name: name.into(), written: name.into(), field: row.field });
            }
        }
        // What is said of a value goes with it, under the value's name.
        for note in &parent.rows {
            let Some((name, mark)) = annotated(&note.name) else { continue };
            let subject = parent.rows.iter().find(|row| row.name == name).map(|row| row.field);
            let mut notes: Vec<Row<'a>> = Vec::new();
            for row in taken.iter().filter(|row| subject.is_some_and(|subject| std::ptr::eq(row.field, subject))) {
                let is_renamed = row.name != name;
                let moved = || Cow::Owned(format!("{}{mark}", row.name));
                let (name, written) =
                    if is_renamed { (moved(), moved()) } else { (note.name.clone(), note.written.clone()) };
                if !own.contains(&name) {
                    notes.push(Row { name, written, field: note.field });
                }
            }
            taken.extend(notes);
        }
        taken
    }

    /// Replaces `xdata=key-field` and `xdata=key-field-2` in a value, or in the items of a list.
    fn fill_in(
        &self,
        raw: &RawEntry<'_>,
        field: &mut Field<'_>,
        cycles: &mut HashSet<String>,
        faults: &mut Vec<Fault>,
    ) {
        if !xdata::may_refer(&field.value) {
            return;
        }
        let mut path = vec![(raw.key.to_lowercase(), field.name.clone().into_owned())];
        match self.filled(&field.value, &mut path) {
            Ok(Some(value)) => field.value = Cow::Owned(value),
            Ok(None) => {}
            Err(Broken::Missing(item)) => {
                let message = format!("`{item}` names no value of a container of this file; it is kept as written");
                faults.push(Fault { rule: Rule::CrossrefMissing, range: field.range.clone(), message });
            }
            // A circle is one fault, said of the first of its values.
            Err(Broken::Circle(values)) => {
                let names: Vec<String> = values.iter().map(|(key, field)| format!("{key}-{field}")).collect();
                if values.first() == path.first() && !names.iter().any(|name| cycles.contains(name)) {
                    let message = match names.as_slice() {
                        [] | [_] => "the value stands for itself; it is kept as written".to_owned(),
                        [_, others @ ..] => format!(
                            "the value stands for itself, through `{}`; it is kept as written",
                            others.join("`, `")
                        ),
                    };
                    faults.push(Fault { rule: Rule::CrossrefCycle, range: field.range.clone(), message });
                    cycles.extend(names);
                }
            }
        }
    }

    /// A value with those that it names; nothing where it names none. The path holds the values that are being filled in.
    fn filled(&self, value: &str, path: &mut Vec<Target>) -> Result<Option<String>, Broken> {
        let items = split_and(value);
        if !items.iter().any(|item| xdata::is_reference(item)) {
            return Ok(None);
        }
        let mut filled: Vec<Cow<'_, str>> = Vec::with_capacity(items.len());
        for item in items {
            filled.push(if xdata::is_reference(item) {
                Cow::Owned(self.referred(item.trim(), path)?)
            } else {
                Cow::Borrowed(item.trim())
            });
        }
        Ok(Some(filled.join(" and ")))
    }

    fn referred(&self, item: &str, path: &mut Vec<Target>) -> Result<String, Broken> {
        let missing = || Broken::Missing(item.to_owned());
        let reference = Reference::parse(item).ok_or_else(missing)?;
        let container = self.entries.get(&reference.key).filter(|parent| parent.word == "xdata").ok_or_else(missing)?;
        let field = container.fields.iter().find(|field| field.name == reference.field).ok_or_else(missing)?;
        let target = (reference.key, reference.field);
        if let Some(at) = path.iter().position(|other| *other == target) {
            return Err(Broken::Circle(path[at..].to_vec()));
        }
        if path.len() > MAX_REFERENCES {
            return Err(missing());
        }
        path.push(target);
        let filled = self.filled(&field.value, path);
        path.pop();
        // What is missing there is said there.
        let value = match filled {
            Ok(value) => value.unwrap_or_else(|| field.value.clone().into_owned()),
            Err(Broken::Missing(_)) => return Err(missing()),
            Err(circle) => return Err(circle),
        };
        match reference.item {
            Some(nth) => {
                let items = split_and(&value);
                let item = nth.checked_sub(1).and_then(|at| items.get(at)).ok_or_else(missing)?;
                Ok(item.trim().to_owned())
            }
            None => Ok(value),
        }
    }
}

/// Whether a text holds one of the words that name parents, as they are usually written.
fn may_inherit(text: &[u8]) -> bool {
    let is_xdata = |at: usize| text.get(at..at + 5).is_some_and(|word| word.eq_ignore_ascii_case(b"xdata"));
    ["rossref", "rossRef", "ROSSREF"].iter().any(|word| memchr::memmem::find(text, word.as_bytes()).is_some())
        || memchr::memchr2_iter(b'x', b'X', text).any(is_xdata)
}

/// The key of a container and the name of its field.
type Target = (String, String);

/// Why a reference gives no value.
enum Broken {
    /// It leads nowhere.
    Missing(String),
    /// Its value needs itself.
    Circle(Vec<Target>),
}

fn at_key(rule: Rule, raw: &RawEntry<'_>, message: String) -> Fault {
    Fault { rule, range: raw.key_range.clone(), message }
}

/// The circle through these entries, back to where it began.
fn circle(through: &[String]) -> String {
    match through {
        [] => "the entry inherits from itself".to_owned(),
        others => format!("the entry inherits from itself, through `{}`", others.join("`, `")),
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
    let mut found: Vec<(String, Link)> = Vec::new();
    for (name, link) in [("xdata", Link::Xdata), ("crossref", Link::Crossref)] {
        for field in fields.iter().filter(|field| field.name == name) {
            for key in field.value.split(',').map(|key| key.trim().to_lowercase()).filter(|key| !key.is_empty()) {
                if !found.iter().any(|(other, _)| *other == key) {
                    found.push((key, link));
                }
            }
        }
    }
    found
}

/// The way from an entry through its parents.
struct Walk {
    own_key: String,
    path: Vec<String>,
    /// How many more entries may be taken from.
    budget: usize,
    /// The entries that a circle goes through, when one was found.
    circle: Option<Vec<String>>,
}

/// A parent with all its fields.
struct Complete<'a> {
    word: &'a str,
    rows: Vec<Row<'a>>,
}

/// A field under the name that it has where it was inherited.
#[derive(Clone)]
struct Row<'a> {
    name: Cow<'a, str>,
    written: Cow<'a, str>,
    field: &'a Field<'a>,
}

impl<'a> Row<'a> {
    fn of(field: &'a Field<'_>) -> Self {
        Self { name: Cow::Borrowed(&field.name), written: Cow::Borrowed(&field.written), field }
    }

    fn into_field(self) -> Field<'a> {
        Field {
            name: self.name,
            written: self.written,
            value: Cow::Borrowed(&self.field.value),
            range: self.field.range.clone(),
        }
    }
}

/// The field that an annotation belongs to, and the rest of the annotation's name: `author+an:default` (manual 3.19, section
/// 3.7; the mark may be set to `-an`).
fn annotated(name: &str) -> Option<(&str, &str)> {
    let at = name.find("+an").or_else(|| name.find("-an"))?;
    let behind = name.as_bytes().get(at + 3);
    (at > 0 && behind.is_none_or(|byte| *byte == b':')).then(|| name.split_at(at))
}

/// Whether nothing stands against a field under that name: neither the child's own nor one that it has already taken.
fn is_free(name: &str, link: Link, own: &[Cow<'_, str>], taken: &[Row<'_>]) -> bool {
    let has = |name: &str| own.iter().any(|other| other == name);
    let is_private = matches!(name, "crossref" | "xdata" | "ids" | "xref")
        || link == Link::Crossref && NOT_INHERITED.contains(&name);
    // A month of the child's goes with the parent's year, but not the other way round.
    let dated = is_date(name) && (has("date") || has("year"));
    let twin = SAME_FIELDS.iter().find_map(|(one, other)| match name {
        name if name == *one => Some(*other),
        name if name == *other => Some(*one),
        _ => None,
    });
    !(is_private || dated || has(name) || twin.is_some_and(has) || taken.iter().any(|row| row.name == name))
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

/// A field, and what it becomes in a part of a book, in a part of a work in several volumes, and in an article.
type Titles = (&'static str, &'static str, &'static str, &'static str);

const TITLES: [Titles; 3] = [
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

/// The table of appendix B; types that it does not pair go beyond it where the child has a title, or an author, of its own:
/// then the parent's is not lost, as it would be by the table.
fn passed_on(parent: &str, child: &str, name: &str, has: impl Fn(&str) -> bool) -> Passed {
    let in_own_book = matches!(child, "inbook" | "bookinbook" | "suppbook");
    let in_collection = matches!(child, "incollection" | "inreference" | "suppcollection");
    let in_proceedings = matches!(child, "inproceedings" | "conference");
    let in_periodical = matches!(child, "article" | "suppperiodical");
    let (paired, column): (bool, fn(&Titles) -> &'static str) = match parent {
        "mvbook" => (in_own_book || child == "book", |row| row.2),
        "mvcollection" | "mvreference" => (in_collection || matches!(child, "collection" | "reference"), |row| row.2),
        "mvproceedings" => (in_proceedings || child == "proceedings", |row| row.2),
        "book" => (in_own_book, |row| row.1),
        "collection" | "reference" => (in_collection, |row| row.1),
        "proceedings" => (in_proceedings, |row| row.1),
        "periodical" => (in_periodical, |row| row.3),
        _ => return Passed::Unchanged,
    };
    let is_part = in_own_book || in_collection || in_proceedings;
    let beyond = has("title")
        && match parent {
            "periodical" => child == "review",
            "book" | "collection" | "reference" | "proceedings" => is_part,
            _ => true,
        };
    let row = TITLES.iter().find(|row| row.0 == name);
    let short = matches!(name, "shorttitle" | "sorttitle" | "indextitle" | "indexsorttitle");
    match (name, row) {
        ("author", _) if matches!(parent, "book" | "mvbook") && in_own_book => Passed::AndAs("bookauthor"),
        ("author", _) if parent == "book" && is_part && has("author") => Passed::As("bookauthor"),
        (_, Some(row)) if paired || beyond => Passed::As(column(row)),
        _ if short && (paired || beyond) => Passed::Not,
        _ => Passed::Unchanged,
    }
}

fn is_date(name: &str) -> bool {
    matches!(name, "date" | "year" | "month" | "day")
}

/// Fields with two names, one for each dialect (manual 3.19, section 2.2.5).
const SAME_FIELDS: [(&str, &str); 8] = [
    ("journal", "journaltitle"),
    ("address", "location"),
    ("school", "institution"),
    ("annote", "annotation"),
    ("archiveprefix", "eprinttype"),
    ("primaryclass", "eprintclass"),
    ("key", "sortkey"),
    ("pdf", "file"),
];
