//! The titles of an entry and of what it appears in: each goes to the map whose title it is.

use super::super::{has_container, string, types_of};
use super::tree::{Map, Value};
use super::{AS_CONTAINER, EntryWriter, NO_SLOT, ONE_TITLE, Slot};
use crate::model::{FieldName, Kind, TextField, subtitle_separator};

impl EntryWriter<'_, '_> {
    pub(super) fn titles(&mut self) {
        // A talk's container is its event.
        let is_held = has_container(self.entry.kind) && self.entry.kind != Kind::Speech;
        let container = if is_held { Slot::Container } else { Slot::None };
        self.title(Slot::Own, TextField::Title, TextField::Subtitle, TextField::ShortTitle);
        self.title(container, TextField::ContainerTitle, TextField::ContainerSubtitle, TextField::ContainerShortTitle);
        if let Some(series) = self.text(TextField::Series) {
            self.series.scalar("title", &series);
        }
        self.main_title();
        if let Some(original) = self.text(TextField::OriginalTitle) {
            self.original.scalar("title", &original);
        }
        if let Some(event) = self.text(TextField::EventTitle) {
            match self.entry.kind {
                Kind::Speech => self.container.scalar("title", &event),
                // Behind the container: a parent that stands alone is the container.
                kind if types_of(kind).needs_parent => self.event.scalar("title", &event),
                _ => self.printer.drop_field(FieldName::Text(TextField::EventTitle), NO_SLOT),
            }
        }
    }

    fn main_title(&mut self) {
        let subtitle = self.entry.texts.get(TextField::MainSubtitle);
        // The parent of what may stand in anything is that.
        let is_held = !has_container(self.entry.kind) || types_of(self.entry.kind).needs_parent;
        let title = if is_held { self.text(TextField::MainTitle) } else { None };
        for field in [TextField::MainTitle, TextField::MainSubtitle] {
            if self.entry.texts.contains(field) && (title.is_none() || subtitle.is_some()) {
                self.printer.drop_field(FieldName::Text(field), if title.is_none() { NO_SLOT } else { ONE_TITLE });
            }
        }
        if let Some(mut title) = title {
            if let Some(subtitle) = subtitle {
                title.push_str(subtitle_separator(&title));
                string::encode(subtitle, &mut title);
            }
            // It stands there for want of a container's own title.
            if self.entry.main_title_of_container().is_some() {
                self.printer.drop_field(FieldName::Text(TextField::MainTitle), AS_CONTAINER);
                self.container.scalar("title", &title);
            } else {
                self.main.scalar("title", &title);
            }
        }
    }

    fn title(&mut self, slot: Slot, title: TextField, subtitle: TextField, short: TextField) {
        let is_held = self.entry.texts.contains(title) && slot != Slot::None;
        for (field, reason) in [(title, NO_SLOT), (subtitle, ONE_TITLE), (short, NO_SLOT)] {
            let is_lost = field == subtitle || !is_held;
            if self.entry.texts.contains(field) && is_lost {
                self.printer.drop_field(FieldName::Text(field), if is_held { reason } else { NO_SLOT });
            }
        }
        if !is_held {
            return;
        }
        let Some(mut value) = self.text(title) else { return };
        if let Some(subtitle) = self.entry.texts.get(subtitle) {
            value.push_str(subtitle_separator(&value));
            string::encode(subtitle, &mut value);
        }
        let short = self.text(short);
        let map = if slot == Slot::Own { &mut self.own } else { &mut self.container };
        match short {
            None => map.scalar("title", &value),
            Some(short) => {
                let mut parts = Map::default();
                parts.scalar("value", &value);
                parts.scalar("short", &short);
                map.add("title", Value::Map(parts));
            }
        }
    }
}
