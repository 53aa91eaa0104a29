//! Entries that name others by their keys: what becomes of the names when entries of one work become one.
//!
//! Must not know how a format writes such names; those of `.bib` files that the model has no field for are kept under theirs.

use crate::model::{Entry, PlainField};
use std::collections::BTreeMap;

/// The fields beside the model's own that hold keys, parted by commas (BibLaTeX manual, section 2.2.3).
const FIELDS: [&str; 4] = ["xref", "related", "entryset", "crossref"];

/// Whether an entry names one of the keys, which are in lower case.
pub fn refers_to(entry: &Entry, keys: &BTreeMap<String, String>) -> bool {
    let names = |value: &str| value.split(',').any(|key| keys.contains_key(&key.trim().to_lowercase()));
    entry.plain.get(PlainField::CrossReference).is_some_and(|key| names(key))
        || entry.foreign.iter().any(|foreign| holds_keys(&foreign.name) && names(&foreign.value))
}

/// The keys that an entry names, as they stand.
pub fn named_keys(entry: &Entry) -> impl Iterator<Item = &str> {
    let own = entry.plain.get(PlainField::CrossReference).map(String::as_str);
    let others = entry.foreign.iter().filter(|foreign| holds_keys(&foreign.name)).map(|foreign| foreign.value.as_str());
    own.into_iter().chain(others).flat_map(|keys| keys.split(',')).map(str::trim).filter(|key| !key.is_empty())
}

/// Gives the keys that an entry names their new form; a list that names one work twice then names it once.
pub fn rename_references(entry: &mut Entry, keys: &BTreeMap<String, String>) {
    let own = entry.key.clone();
    let renamed = |value: &str| {
        let mut named: Vec<&str> = Vec::new();
        for key in value.split(',').map(str::trim) {
            let new = keys.get(&key.to_lowercase()).map_or(key, String::as_str);
            // What names its own copy goes on to do so: the alias still leads there.
            let new = if own.as_deref() == Some(new) { key } else { new };
            if !named.contains(&new) {
                named.push(new);
            }
        }
        named.join(",")
    };
    if let Some(key) = entry.plain.get_mut(PlainField::CrossReference) {
        *key = renamed(key);
    }
    for foreign in entry.foreign.iter_mut().filter(|foreign| holds_keys(&foreign.name)) {
        foreign.value = renamed(&foreign.value);
    }
}

fn holds_keys(name: &str) -> bool {
    FIELDS.iter().any(|field| field.eq_ignore_ascii_case(name))
}
