//! References to single values: `xdata=key-field`, and `xdata=key-field-2` for one item of a list (BibLaTeX manual 3.19,
//! section 3.14.7).

/// A value, or an item of one, of another entry.
pub(super) struct Reference {
    /// The container's key in lower case.
    pub(super) key: String,
    /// The field's name in lower case.
    pub(super) field: String,
    /// Which item of its list, from 1.
    pub(super) item: Option<usize>,
}

const MARK: &str = "xdata=";

/// Whether a value may name another one.
pub(super) fn may_refer(value: &str) -> bool {
    memchr::memmem::find(value.as_bytes(), MARK.as_bytes()).is_some()
}

/// Whether an item is meant as a reference, even if it names no value.
pub(super) fn is_reference(item: &str) -> bool {
    item.trim_start().starts_with(MARK)
}

impl Reference {
    /// Reads an item that is nothing but a reference. A key may hold hyphens; a field's name never does.
    pub(super) fn parse(item: &str) -> Option<Self> {
        let target = item.trim().strip_prefix(MARK)?.trim();
        let (rest, last) = target.rsplit_once('-')?;
        let (rest, field, item) = match last.parse() {
            Ok(item) => {
                let (key, field) = rest.rsplit_once('-')?;
                (key, field, Some(item))
            }
            Err(_) => (rest, last, None),
        };
        Some(Self { key: rest.to_lowercase(), field: field.to_ascii_lowercase(), item })
    }
}

#[cfg(test)]
mod tests {
    use super::Reference;

    #[test]
    fn references_name_an_entry_a_field_and_perhaps_an_item() {
        let check = |item: &str, expected: Option<(&str, &str, Option<usize>)>| {
            let read = Reference::parse(item);
            let read = read.as_ref().map(|read| (read.key.as_str(), read.field.as_str(), read.item));
            assert_eq!(read, expected, "{item}");
        };
        check("xdata=people-AUTHOR-2", Some(("people", "author", Some(2))));
        check(" xdata=Two-words-title ", Some(("two-words", "title", None)));
        check("xdata=people", None);
        check("Ann xdata=a-b", None);
    }
}
