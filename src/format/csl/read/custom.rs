//! The `custom` object: fields of the model that CSL has no variable for, values of other formats, and what is neither.
//!
//! Knows no writer.

use super::{EntryReader, json_string_value};
use crate::format::csl::{FORMATS, is_bib_name, publisher_of};
use crate::model::{Date, DateField, Foreign, Identifier, ListField, PlainField, Role, Scheme, Text, TextField};
use crate::yaml::Node;

impl<'n> EntryReader<'n, '_> {
    /// A value of `custom`: a field of the model, another format's value, or kept.
    pub(super) fn custom_pair(&mut self, name: &str, value: &'n Node) {
        if *value == Node::Null || (name == "kind" && self.has_own_kind) {
            return;
        }
        if let Some(field) = TextField::from_name(name)
            && let Some(source) = value.as_str()
        {
            if field == TextField::HowPublished && self.publisher.as_deref() == Some(source) {
                self.entry.lists.remove(publisher_of(self.entry.kind));
            }
            let text = self.syntax.text(source);
            if field == TextField::MainTitle && self.entry.title() == Some(&text) {
                self.entry.texts.remove(TextField::Title);
            }
            // It stands there for want of a container's own title.
            if field == TextField::MainTitle && self.entry.texts.get(TextField::ContainerTitle) == Some(&text) {
                self.entry.texts.remove(TextField::ContainerTitle);
            }
            self.entry.texts.set(field, text);
        } else if let Some(field) = ListField::from_name(name) {
            self.custom_list(field, value);
        } else if let (Some(field), Some(source)) = (PlainField::from_name(name), value.as_str()) {
            self.entry.plain.set(field, self.syntax.exact(source));
        } else if let (Some(field), Some(source)) = (DateField::from_name(name), value.as_str()) {
            self.entry.dates.set(field, Date::parse(&self.syntax.exact(source)));
        } else if let Some(role) = Role::from_name(name) {
            self.people(name, role, value);
        } else if let Some(scheme) = Scheme::from_name(name) {
            for value in self.strings(&format!("custom.{name}"), value).unwrap_or_default() {
                let value = self.syntax.exact(value);
                match Identifier::parse(scheme, &value) {
                    Some(id) => self.entry.add_id(id),
                    None => self.push_foreign(&format!("custom.{name}"), json_string_value(&value)),
                }
            }
        } else {
            self.custom_foreign(name, value);
        }
    }

    fn custom_list(&mut self, field: ListField, value: &Node) {
        let Some(sources) = self.strings(&format!("custom.{}", field.name()), value) else { return };
        let items: Vec<Text> = sources.iter().map(|source| self.syntax.text(source)).collect();
        let is_publisher = matches!(field, ListField::Publisher | ListField::Institution | ListField::Organization);
        let usual = publisher_of(self.entry.kind);
        // Printed as `publisher` for want of the list that this kind of work has there.
        let plain = |text: &Text| text.to_plain();
        let printed = self.publisher.as_deref().map(|source| plain(&self.syntax.text(source)));
        let is_own = self.custom.is_some_and(|custom| custom.get(usual.name()).is_some());
        if is_publisher
            && field != usual
            && !is_own
            && printed == Some(items.iter().map(plain).collect::<Vec<_>>().join("; "))
        {
            self.entry.lists.remove(usual);
        }
        // An empty list says that what the variable holds is another field's.
        if items.is_empty() {
            self.entry.lists.remove(field);
        } else {
            self.entry.lists.set(field, items);
        }
    }

    /// `format:name` is another format's; a plain name with a string is taken for a `.bib` field.
    fn custom_foreign(&mut self, name: &str, value: &Node) {
        let named = name.split_once(':').and_then(|(format, name)| {
            let format = FORMATS.iter().find(|known| **known == format)?;
            Some((*format, name))
        });
        match (named, value) {
            (Some((format, name)), Node::Text(text)) => {
                self.entry.foreign.push(Foreign { format, name: name.to_owned(), value: self.syntax.exact(text) });
            }
            (None, Node::Text(text)) if is_bib_name(name) => self.entry.foreign.push(Foreign {
                format: "bibtex",
                name: name.to_owned(),
                value: self.syntax.exact(text),
            }),
            _ => self.keep(&format!("custom.{name}"), value),
        }
    }
}
