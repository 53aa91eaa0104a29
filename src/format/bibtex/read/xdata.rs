//! Single values taken from containers of data (BibLaTeX manual 3.19, section 3.13.6): `xdata=KEY-FIELD-NUMBER` as a whole
//! value, or as one item of a list, stands for a field of the container or for one item of it.

use super::Field;
use super::inherit::Parents;
use crate::diagnostic::Rule;
use crate::format::bibtex::names::split_and;
use crate::format::bibtex::syntax::Fault;
use std::borrow::Cow;

/// How such a value begins.
pub(super) const MARK: &str = "xdata=";

/// How far one container may refer to another.
const MAX_DEPTH: usize = 16;

/// The parts of a reference: key, field and the number of an item. Keys may hold hyphens, fields and numbers not.
pub(super) fn parse(item: &str) -> Option<(&str, &str, Option<usize>)> {
    let rest = item.trim().strip_prefix(MARK)?;
    let (head, last) = rest.rsplit_once('-')?;
    match last.parse::<usize>() {
        Ok(number) => head.rsplit_once('-').map(|(key, field)| (key, field, Some(number))),
        Err(_) => Some((head, last, None)),
    }
}

/// Puts the values in place of the references; one that leads nowhere stays as it is and is reported.
pub(super) fn resolve(parents: &Parents<'_>, fields: &mut [Field<'_>], faults: &mut Vec<Fault>) {
    for field in fields.iter_mut().filter(|field| field.value.contains(MARK)) {
        let mut missing = None;
        if let Some(value) = expand(parents, &field.value, 0, &mut missing) {
            field.value = Cow::Owned(value);
        }
        if let Some(item) = missing {
            let message = format!("`{item}` names no value of an entry of this file");
            faults.push(Fault { rule: Rule::MissingParent, range: field.range.clone(), message });
        }
    }
}

/// A value with its references replaced; none when it has none.
fn expand(parents: &Parents<'_>, value: &str, depth: usize, missing: &mut Option<String>) -> Option<String> {
    let items = split_and(value);
    if depth > MAX_DEPTH || !items.iter().any(|item| item.starts_with(MARK)) {
        return None;
    }
    let items: Vec<Cow<'_, str>> = items
        .into_iter()
        .map(|item| {
            if !item.starts_with(MARK) {
                return Cow::Borrowed(item);
            }
            referred(parents, item, depth, missing).map_or_else(
                || {
                    missing.get_or_insert_with(|| item.to_owned());
                    Cow::Borrowed(item)
                },
                Cow::Owned,
            )
        })
        .collect();
    Some(items.join(" and "))
}

/// What one reference stands for.
fn referred(parents: &Parents<'_>, item: &str, depth: usize, missing: &mut Option<String>) -> Option<String> {
    let (key, name, number) = parse(item)?;
    let value = parents.value(key, &name.to_ascii_lowercase())?;
    let value = expand(parents, value, depth + 1, missing).map_or(Cow::Borrowed(value), Cow::Owned);
    // In a circle no value is reached.
    if value.contains(MARK) {
        return None;
    }
    match number {
        None => Some(value.into_owned()),
        Some(number) => split_and(&value).get(number.checked_sub(1)?).map(|item| (*item).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_have_three_parts() {
        assert_eq!(parse("xdata=gxd2-author-1"), Some(("gxd2", "author", Some(1))));
        assert_eq!(parse("xdata=a-b-title"), Some(("a-b", "title", None)));
        assert_eq!(parse("xdata=gxd2"), None);
        assert_eq!(parse("Simon Smith"), None);
    }
}
