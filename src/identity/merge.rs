//! Entries of one work become one with all they were told: the first value that is whole wins, what is missing is filled
//! from the others, and values that disagree are reported. Each value keeps its origin.

use super::signs::{is_same_text, is_same_value, whole};
use super::work::isbn_13;
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::{
    ArxivId, Date, DateField, Entry, FieldName, Identifier, Kind, ListField, PlainField, Role, Scheme, Text,
};
use crate::source::Origin;
use crate::stream::Sourced;

/// Merges the entries of one work in their order; `None` when there is none.
pub fn merge(entries: Vec<Sourced>, report: &mut Vec<Diagnostic>) -> Option<Sourced> {
    let mut entries = entries.into_iter();
    let mut merged = entries.next()?;
    entries.for_each(|other| take_in(&mut merged, other, report));
    Some(merged)
}

fn take_in(merged: &mut Sourced, mut other: Sourced, report: &mut Vec<Diagnostic>) {
    take_kind(merged, &other, report);
    take_key(merged, other.entry.key.take());
    for field in other.entry.fields() {
        let judged = match field {
            FieldName::Kind | FieldName::Key => Judged::Same,
            FieldName::Text(name) => {
                let theirs = other.entry.texts.get(name).cloned();
                judge(merged, &other, field, same_text(merged.entry.texts.get(name), theirs.as_ref()), |entry| {
                    theirs.map(|value| entry.texts.set(name, value));
                })
            }
            FieldName::Plain(PlainField::KeyAliases) => take_aliases(merged, &other.entry),
            FieldName::Plain(name) => {
                let theirs = other.entry.plain.get(name).cloned();
                let same =
                    merged.entry.plain.get(name).zip(theirs.as_ref()).map(|(mine, theirs)| says_same(mine, theirs));
                judge(merged, &other, field, same, |entry| {
                    theirs.map(|value| entry.plain.set(name, value));
                })
            }
            FieldName::List(name) => take_list(merged, &other, name),
            // The day on which another address was looked at says nothing of this one.
            FieldName::Date(DateField::Accessed) if has_other_address(&merged.entry, &other.entry) => Judged::Differs,
            FieldName::Date(name) => {
                let theirs = other.entry.dates.get(name).cloned();
                let (same, finer) = compare_dates(merged.entry.dates.get(name), theirs.as_ref());
                judge(merged, &other, field, if finer { None } else { same }, |entry| {
                    theirs.map(|value| entry.dates.set(name, value));
                })
            }
            FieldName::People(role) => take_people(merged, &other, role),
            FieldName::Id(scheme) => take_ids(merged, &other.entry, scheme),
            FieldName::Foreign(at) => take_foreign(merged, &other, at),
        };
        match judged {
            Judged::Same => {}
            Judged::Taken => {
                if let (Some(origin), false) = (other.origins.get(field), matches!(field, FieldName::Foreign(_))) {
                    merged.origins.set(field, origin.clone());
                }
            }
            Judged::Differs => report.push(conflict(merged, &other, field)),
        }
    }
}

/// Whether both have an address, and not the same one.
fn has_other_address(one: &Entry, other: &Entry) -> bool {
    let addresses = one.plain.get(PlainField::Url).zip(other.plain.get(PlainField::Url));
    addresses.is_some_and(|(mine, theirs)| !says_same(mine, theirs))
}

/// A kind that says more is taken; of two that say something else the first one stays.
fn take_kind(merged: &mut Sourced, other: &Sourced, report: &mut Vec<Diagnostic>) {
    let (mine, theirs) = (merged.entry.kind, other.entry.kind);
    let is_vague = matches!(mine, Kind::Webpage | Kind::Unpublished | Kind::Report);
    let is_finer = mine == Kind::Thesis && matches!(theirs, Kind::DoctoralThesis | Kind::MastersThesis);
    let says_little = |kind| matches!(kind, Kind::Misc | Kind::Webpage | Kind::Unpublished | Kind::Preprint);
    if mine == Kind::Misc || is_vague && theirs == Kind::Preprint || is_finer {
        merged.entry.kind = theirs;
    } else if mine != theirs && !says_little(mine) && !says_little(theirs) && theirs != Kind::Thesis {
        report.push(conflict(merged, other, FieldName::Kind));
    }
}

/// How another entry's value compares.
enum Judged {
    /// It says nothing new.
    Same,
    /// It is taken.
    Taken,
    /// It says something else.
    Differs,
}

/// Takes a value where there is none, or only one that was cut off. `same` says how they compare, where there are two.
fn judge(
    merged: &mut Sourced,
    other: &Sourced,
    field: FieldName,
    same: Option<bool>,
    take: impl FnOnce(&mut Entry),
) -> Judged {
    let mends = merged.origins.is_cut(field) && !other.origins.is_cut(field);
    match same {
        Some(false) if other.origins.is_cut(field) => Judged::Same,
        None | Some(false) if same.is_none() || mends => {
            take(&mut merged.entry);
            Judged::Taken
        }
        Some(true) => Judged::Same,
        _ => Judged::Differs,
    }
}

/// Whether two strings say the same; so do two links to one paper of arXiv.
fn says_same(mine: &str, theirs: &str) -> bool {
    let paper = |link: &str| ArxivId::parse(link).filter(|_| link.contains("://")).map(|id| id.with_version(None));
    is_same_value(mine, theirs) || paper(mine).is_some_and(|mine| paper(theirs) == Some(mine))
}

fn same_text(mine: Option<&Text>, theirs: Option<&Text>) -> Option<bool> {
    Some(is_same_text(&mine?.to_plain(), &theirs?.to_plain()))
}

/// Whether two dates agree as far as both go, and whether the second one says more.
fn compare_dates(mine: Option<&Date>, theirs: Option<&Date>) -> (Option<bool>, bool) {
    let (Some(mine), Some(theirs)) = (mine, theirs) else { return (None, false) };
    let (mine, theirs) = (mine.to_string(), theirs.to_string());
    let finer = theirs.len() > mine.len() && theirs.starts_with(&mine);
    (Some(mine.starts_with(&theirs) || finer), finer)
}

/// Subject classes and keywords add up, of other lists the first one stands.
fn take_list(merged: &mut Sourced, other: &Sourced, name: ListField) -> Judged {
    let theirs = other.entry.lists.get(name).cloned().unwrap_or_default();
    let Some(mine) = merged.entry.lists.get_mut(name) else {
        merged.entry.lists.set(name, theirs);
        return Judged::Taken;
    };
    let is_new = |item: &&Text| !mine.iter().any(|own| same_text(Some(own), Some(item)) == Some(true));
    let new: Vec<Text> = theirs.iter().filter(is_new).cloned().collect();
    if new.is_empty() {
        Judged::Same
    } else if matches!(name, ListField::Category | ListField::Keyword) {
        mine.extend(new);
        Judged::Same
    } else {
        Judged::Differs
    }
}

/// The longer list wins when the one at hand goes on ("et al.").
fn take_people(merged: &mut Sourced, other: &Sourced, role: Role) -> Judged {
    let families = |entry: &Entry| -> Vec<String> {
        entry.people_as(role).filter(|name| !name.is_others()).map(|name| whole(name.family())).collect()
    };
    let is_cut = |entry: &Sourced| {
        entry.entry.people_as(role).any(crate::model::Name::is_others) || entry.origins.is_cut(FieldName::People(role))
    };
    let (mine, theirs) = (families(&merged.entry), families(&other.entry));
    if mine.is_empty() || (is_cut(merged) && (theirs.len() > mine.len() || !is_cut(other))) {
        let people = &mut merged.entry.people;
        // The list stays where it was; authors whom only the other entry has come first.
        let first = people.iter().position(|(own, _)| *own == role);
        let at = first.unwrap_or(if role == Role::Author { 0 } else { people.len() });
        people.retain(|(own, _)| *own != role);
        let at = at.min(people.len());
        people.splice(at..at, other.entry.people.iter().filter(|(own, _)| *own == role).cloned());
        return Judged::Taken;
    }
    let agrees = mine == theirs || (is_cut(other) && mine.starts_with(&theirs));
    if agrees { Judged::Same } else { Judged::Differs }
}

fn take_ids(merged: &mut Sourced, other: &Entry, scheme: Scheme) -> Judged {
    let mut judged = Judged::Same;
    let version = |entry: &Entry| entry.arxiv().filter(|_| scheme == Scheme::Arxiv).and_then(ArxivId::version);
    if matches!((version(&merged.entry), version(other)), (Some(mine), Some(theirs)) if mine != theirs) {
        judged = Judged::Differs;
    }
    for id in other.ids.iter().filter(|id| id.scheme() == scheme) {
        let is_same = |own: &Identifier| match (own, id) {
            // One entry cites one version: the first entry's.
            (Identifier::Arxiv(own), Identifier::Arxiv(id)) => own.id() == id.id(),
            (Identifier::Other(Scheme::Isbn, own), Identifier::Other(Scheme::Isbn, id)) => isbn_13(own) == isbn_13(id),
            _ => own.scheme() == scheme && own.value().eq_ignore_ascii_case(&id.value()),
        };
        if !merged.entry.ids.iter().any(is_same) {
            if !merged.entry.ids.iter().any(|own| own.scheme() == scheme) {
                judged = Judged::Taken;
            }
            merged.entry.ids.push(id.clone());
        }
    }
    judged
}

fn take_foreign(merged: &mut Sourced, other: &Sourced, at: usize) -> Judged {
    let foreign = &other.entry.foreign[at];
    // The word for the kind of one entry says nothing of the other.
    let is_type = matches!(foreign.name.as_str(), "@" | "TY" | "type");
    if is_type || merged.entry.foreign.contains(foreign) {
        return Judged::Same;
    }
    merged.entry.foreign.push(foreign.clone());
    if let Some(origin) = other.origins.get(FieldName::Foreign(at)) {
        merged.origins.set(FieldName::Foreign(merged.entry.foreign.len() - 1), origin.clone());
    }
    Judged::Taken
}

/// The first key stays; the others can still be cited where the output has aliases.
fn take_key(merged: &mut Sourced, key: Option<String>) {
    let Some(key) = key else { return };
    match &merged.entry.key {
        None => merged.entry.key = Some(key),
        Some(own) if *own == key => {}
        Some(_) => add_alias(merged, &key),
    }
}

/// Aliases add up: each of them may be cited.
fn take_aliases(merged: &mut Sourced, other: &Entry) -> Judged {
    for alias in other.plain.get(PlainField::KeyAliases).iter().flat_map(|keys| keys.split(',')) {
        add_alias(merged, alias.trim());
    }
    Judged::Same
}

fn add_alias(merged: &mut Sourced, key: &str) {
    let aliases = merged.entry.plain.get(PlainField::KeyAliases).cloned();
    let known = aliases.iter().flat_map(|keys| keys.split(',')).any(|alias| alias.trim() == key);
    if !known && !key.is_empty() && merged.entry.key.as_deref() != Some(key) {
        let all = aliases.map_or_else(|| key.to_owned(), |aliases| format!("{aliases},{key}"));
        merged.entry.plain.set(PlainField::KeyAliases, all);
        merged.origins.set(FieldName::Plain(PlainField::KeyAliases), Origin::Derived("keys of merged entries"));
    }
}

fn conflict(merged: &Sourced, other: &Sourced, field: FieldName) -> Diagnostic {
    let (mine, theirs) = (shown(&merged.entry, field), shown(&other.entry, field));
    let message = format!("another entry of this work has the {field} `{theirs}`; `{mine}` is kept");
    let finding = Diagnostic::new(Rule::ValueConflict, message).field(field).key(merged.entry.key.as_deref());
    finding.at(other.span).help("compare the two entries")
}

/// The beginning of a value, for a message.
fn shown(entry: &Entry, field: FieldName) -> String {
    let list = |items: Vec<String>| items.join("; ");
    let value = match field {
        FieldName::Kind => entry.kind.name().to_owned(),
        FieldName::Key => entry.key.clone().unwrap_or_default(),
        FieldName::Text(name) => entry.texts.get(name).map(Text::to_plain).unwrap_or_default(),
        FieldName::Plain(name) => entry.plain.get(name).cloned().unwrap_or_default(),
        FieldName::List(name) => list(entry.lists.get(name).into_iter().flatten().map(Text::to_plain).collect()),
        FieldName::Date(name) => entry.dates.get(name).map(Date::to_string).unwrap_or_default(),
        FieldName::People(role) => list(entry.people_as(role).map(crate::model::Name::display).collect()),
        FieldName::Id(scheme) => {
            list(entry.ids.iter().filter(|id| id.scheme() == scheme).map(Identifier::value).collect())
        }
        FieldName::Foreign(at) => entry.foreign.get(at).map(|foreign| foreign.value.clone()).unwrap_or_default(),
    };
    match value.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DateField, Day, Name, TextField};

    fn sourced(title: &str, people: &[(Role, &str)], date: Option<Day>) -> Sourced {
        let mut entry = Entry::new(Kind::Preprint);
        entry.texts.set(TextField::Title, Text::plain(title));
        entry.people = people.iter().map(|(role, name)| (*role, Name::from_display(name))).collect();
        if let Some(day) = date {
            entry.dates.set(DateField::Issued, Date::Day(day));
        }
        Sourced { entry, ..Sourced::default() }
    }

    fn merged(entries: &[&Sourced]) -> (Sourced, Vec<Diagnostic>) {
        let mut report = Vec::new();
        let merged = merge(entries.iter().map(|entry| (*entry).clone()).collect(), &mut report).unwrap();
        (merged, report)
    }

    fn people(sourced: &Sourced) -> Vec<String> {
        sourced.entry.people.iter().map(|(_, name)| name.family().to_owned()).collect()
    }

    #[test]
    fn a_list_that_is_completed_stays_before_the_editors() {
        let mut short = sourced("A Title", &[(Role::Author, "Ada Lovelace"), (Role::Editor, "Ed Itor")], None);
        short.entry.people.insert(1, (Role::Author, Name::Others));
        let long = sourced("A Title", &[(Role::Author, "Ada Lovelace"), (Role::Author, "Emmy Noether")], None);
        let (whole, report) = merged(&[&short, &long]);
        assert_eq!(people(&whole), ["Lovelace", "Noether", "Itor"]);
        assert!(report.is_empty());
        let only_editor = sourced("A Title", &[(Role::Editor, "Ed Itor")], None);
        assert_eq!(people(&merged(&[&only_editor, &long]).0), ["Lovelace", "Noether", "Itor"]);
    }

    #[test]
    fn merging_with_itself_changes_nothing() {
        let one = sourced("A Title", &[(Role::Author, "Ada Lovelace")], Some(Day::year(2020)));
        let (twice, report) = merged(&[&one, &one]);
        assert_eq!((twice.entry, report.len()), (one.entry.clone(), 0));
    }

    #[test]
    fn what_agrees_merges_alike_in_any_order() {
        let one = sourced("A Title", &[], Some(Day::month(2020, 5)));
        let mut other = sourced("A Title", &[(Role::Author, "Ada Lovelace")], Some(Day::year(2020)));
        other.entry.plain.set(PlainField::Url, "https://example.org/".to_owned());
        let (forwards, said) = merged(&[&one, &other]);
        let (backwards, said_too) = merged(&[&other, &one]);
        assert_eq!(forwards.entry, backwards.entry);
        assert_eq!((said.len(), said_too.len()), (0, 0));
    }

    #[test]
    fn what_disagrees_is_said_and_the_first_stays() {
        let one = sourced("A Title", &[(Role::Author, "Ada Lovelace")], Some(Day::year(2020)));
        let other = sourced("Another Title", &[(Role::Author, "Emmy Noether")], Some(Day::year(2021)));
        let (kept, report) = merged(&[&one, &other]);
        assert_eq!(kept.entry, one.entry);
        assert_eq!(report.len(), 3);
        assert!(report.iter().all(|finding| finding.rule == Rule::ValueConflict));
    }
}
