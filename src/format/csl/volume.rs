//! Volumes of works in several volumes.
//!
//! CSL 1.0.2 (appendix IV) has `volume-title` for "the title of the volume of the item or container holding the item"; the
//! work as a whole has `title`, or `container-title` where something in the volume is meant. The model, as BibLaTeX, has the
//! volume's title in the title's place and the work's beside it. Both directions ask here.

use crate::model::{Entry, Kind, TextField};

/// What the variables of the title mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Volume {
    /// No volume is named, or nothing but one.
    None,
    /// The work is the volume: `title` is the main title.
    Item,
    /// The work stands in the volume: `container-title` is the main title.
    Container,
}

impl Volume {
    /// What an entry of the model is; nothing where the main title would have no variable of its own.
    pub(super) fn of(entry: &Entry) -> Self {
        let has = |field| entry.texts.get(field).is_some_and(|text| !text.to_plain().trim().is_empty());
        if !has(TextField::MainTitle) || entry.texts.contains(TextField::VolumeTitle) {
            Self::None
        } else if has(TextField::ContainerTitle) {
            if can_contain(entry.kind) { Self::Container } else { Self::None }
        } else if is_volume(entry.kind) && has(TextField::Title) {
            Self::Item
        } else {
            Self::None
        }
    }

    /// Whether the model's own title of a volume, without a main title, would be taken for more than it is.
    pub(super) fn takes(entry: &Entry) -> bool {
        let has = |field| entry.texts.contains(field);
        let read = Self::read(entry.kind, |variable| match variable {
            "container-title" => has(TextField::ContainerTitle),
            "title" => has(TextField::Title) || has(TextField::MainTitle),
            _ => true,
        });
        read != Self::None
    }

    /// What the variables of a record say, whose kind is settled.
    pub(super) fn read(kind: Kind, has: impl Fn(&str) -> bool) -> Self {
        if !has("volume-title") {
            Self::None
        } else if has("container-title") {
            if can_contain(kind) { Self::Container } else { Self::None }
        } else if is_volume(kind) && has("title") {
            Self::Item
        } else {
            Self::None
        }
    }

    /// The variable of a text field, where it is another than usual.
    pub(super) const fn variable(self, field: TextField) -> Option<&'static str> {
        match (self, field) {
            (Self::Item, TextField::MainTitle) => Some("title"),
            (Self::Item, TextField::Title) | (Self::Container, TextField::ContainerTitle) => Some("volume-title"),
            (Self::Item, TextField::ShortTitle) => Some("volume-title-short"),
            (Self::Container, TextField::MainTitle) => Some("container-title"),
            _ => None,
        }
    }

    /// The text field of a variable, where it is another than usual.
    pub(super) fn field(self, variable: &str) -> Option<TextField> {
        [TextField::MainTitle, TextField::Title, TextField::ContainerTitle, TextField::ShortTitle]
            .into_iter()
            .find(|field| self.variable(*field) == Some(variable))
    }
}

/// Works that may be one volume of several.
const fn is_volume(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Book | Kind::MultiVolumeBook | Kind::Collection | Kind::Proceedings | Kind::Reference | Kind::Manual
    )
}

/// Works whose container may be one volume of several; an issue of a periodical is none.
const fn can_contain(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::JournalArticle | Kind::MagazineArticle | Kind::NewspaperArticle | Kind::Periodical | Kind::Review
    )
}
