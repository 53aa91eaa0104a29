//! Inheritance: `crossref` as BibTeX and BibLaTeX have it (manual 3.19, appendix B), `xdata` as BibLaTeX has it.
//!
//! An entry's own fields win, a nearer parent's win over a farther one's, and every parent is visited once.

use super::macros::Macros;
use super::{Field, lower};
use crate::diagnostic::Rule;
use crate::format::bibtex::syntax::{BlockKind, Fault, RawEntry, split};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// The entries of a file that others inherit from, by key in lower case.
#[derive(Default)]
pub(super) struct Parents<'t> {
    entries: HashMap<String, Parent<'t>>,
}

struct Parent<'t> {
    word: String,
    fields: Vec<Field<'t>>,
}

/// How many entries one may inherit from, directly and through others.
const MAX_PARENTS: usize = 64;

impl<'t> Parents<'t> {
    /// Looks through a text for entries that others name; costs next to nothing where none does.
    pub(super) fn collect(text: &'t str) -> Self {
        let words = ["crossref", "Crossref", "CrossRef", "CROSSREF", "xdata", "XData", "Xdata", "XDATA"];
        if !words.iter().any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some()) {
            return Self::default();
        }
        let mut macros = Macros::new(text.len());
        let mut wanted: HashSet<String> = HashSet::new();
        for block in split(text) {
            if let BlockKind::Entry(raw) = &block.kind {
                for field in &raw.fields {
                    if matches!(&*lower(field.name), "crossref" | "xdata") {
                        let value = macros.expand(&field.value, &field.range, &mut Vec::new());
                        wanted.extend(value.split(',').map(|key| key.trim().to_lowercase()));
                    }
                }
            }
        }
        let mut parents = Self::default();
        for block in split(text) {
            match &block.kind {
                BlockKind::Strings(fields) => {
                    for field in fields {
                        macros.define(field);
                    }
                }
                BlockKind::Entry(raw) => parents.add(raw, &wanted, &mut macros),
                _ => {}
            }
        }
        parents
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

    /// Adds what an entry inherits behind its own fields.
    pub(super) fn inherit<'a>(&'a self, raw: &RawEntry<'_>, fields: &mut Vec<Field<'a>>, faults: &mut Vec<Fault>)
    where
        't: 'a,
    {
        if self.entries.is_empty() && !fields.iter().any(|field| matches!(&*field.name, "crossref" | "xdata")) {
            return;
        }
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
            let Some(parent) = self.entries.get(&key).filter(|_| key != own_key) else {
                let what = if key == own_key { "the entry inherits from itself" } else { "is no entry of this file" };
                let range = raw.key_range.clone();
                let message = if key == own_key { what.to_owned() } else { format!("the parent `{key}` {what}") };
                let rule = if key == own_key { Rule::CrossrefCycle } else { Rule::CrossrefMissing };
                faults.push(Fault { rule, range, message });
                missing |= kind == Link::Xdata;
                continue;
            };
            take_from(parent, &child, kind, fields);
            queue.extend(references(&parent.fields));
        }
        // What has been taken over need not be named: containers of data are not written.
        if !missing {
            fields.retain(|field| field.name != "xdata");
        }
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

fn take_from<'a>(parent: &'a Parent<'_>, child: &str, link: Link, fields: &mut Vec<Field<'a>>) {
    let own = fields.len();
    for field in &parent.fields {
        let (name, renamed) = match link {
            Link::Xdata => (&*field.name, false),
            Link::Crossref => match passed_on(&parent.word, child, &field.name) {
                Passed::As(name) => (name, true),
                Passed::Not => continue,
                Passed::Unchanged => (&*field.name, false),
            },
        };
        let is_private = matches!(name, "crossref" | "xdata" | "ids" | "xref")
            || link == Link::Crossref && NOT_INHERITED.contains(&name);
        // A field of the parent's own that has the name wins over one that would be renamed to it.
        let explicit = renamed && parent.fields.iter().any(|other| other.name == name);
        let present = fields.iter().any(|other| other.name == name)
            || is_date(name) && fields[..own].iter().any(|other| is_date(&other.name))
            || same_field(name).is_some_and(|twin| fields[..own].iter().any(|other| other.name == twin));
        if is_private || explicit || present {
            continue;
        }
        fields.push(Field {
            name: Cow::Owned(name.to_owned()),
            written: if renamed { known(name) } else { field.written },
            value: Cow::Borrowed(&field.value),
            range: field.range.clone(),
        });
    }
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
    let row = TITLES.iter().find(|row| row.0 == name);
    let short = matches!(name, "shorttitle" | "sorttitle" | "indextitle" | "indexsorttitle");
    match parent {
        "mvbook" | "mvcollection" | "mvproceedings" | "mvreference" => match row {
            Some(row) => Passed::As(row.2),
            None if short => Passed::Not,
            None => Passed::Unchanged,
        },
        "book" | "collection" | "proceedings" | "reference" if in_book => match (row, name) {
            (Some(row), _) => Passed::As(row.1),
            (None, "author") if parent == "book" && child != "inbook" => Passed::As("bookauthor"),
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

fn known(name: &str) -> &'static str {
    TITLES.iter().flat_map(|row| [row.1, row.2, row.3]).find(|other| *other == name).unwrap_or("bookauthor")
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
