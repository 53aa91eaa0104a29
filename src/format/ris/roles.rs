//! Whom the tags of persons name, both ways.
//!
//! `EndNote`'s table and Zotero's agree, and go by the type of work: `A2` are the editors of the book that a part stands
//! in, but the series editors of a book as a whole, whose own editors are `A3`. Reference Manager and most publishers
//! have editors in `A2` and series editors in `A3` whatever the type. Both understand `ED` as editors, so that is what is
//! written wherever `A2` means something else. This file knows nothing of how names are spelled.

use super::Slot;
use super::types::{is_thesis, stands_in_series};
use crate::model::{Kind, Role};

/// Where a role stands in a record of some kind.
pub(super) const fn slot(role: Role, kind: Kind) -> Slot {
    match role {
        Role::Author => Slot::Tag("AU"),
        Role::Recipient if matches!(kind, Kind::Letter) => Slot::Tag("A2"),
        Role::Interviewer if matches!(kind, Kind::Interview) => Slot::Tag("A2"),
        Role::Performer if matches!(kind, Kind::Audio) => Slot::Tag("A2"),
        Role::SeriesEditor if has_series_editors(kind) => Slot::Tag("A2"),
        Role::Editor if second_is_no_editor(kind) => Slot::Tag("ED"),
        Role::Editor => Slot::Tag("A2"),
        // Of a thesis it is the advisor.
        Role::Contributor if is_thesis(kind) => Slot::Tag("A3"),
        Role::SeriesEditor if is_thesis(kind) => {
            Slot::Nowhere("of a thesis the tag of series editors holds its advisors")
        }
        Role::Producer if matches!(kind, Kind::Video) => Slot::Tag("A3"),
        Role::SeriesEditor if matches!(kind, Kind::Video) => {
            Slot::Nowhere("of a film the tag of series editors holds its producers")
        }
        Role::SeriesEditor => Slot::Tag("A3"),
        Role::Translator => Slot::Tag("A4"),
        Role::EditorA
        | Role::EditorB
        | Role::EditorC
        | Role::ContainerAuthor
        | Role::Annotator
        | Role::Commentator
        | Role::Introduction
        | Role::Foreword
        | Role::Afterword
        | Role::Holder
        | Role::Director
        | Role::Producer
        | Role::Compiler
        | Role::Illustrator
        | Role::Composer
        | Role::Performer
        | Role::Interviewer
        | Role::Recipient
        | Role::ReviewedAuthor
        | Role::OriginalAuthor
        | Role::Curator
        | Role::Organizer
        | Role::Narrator
        | Role::ScriptWriter
        | Role::Guest
        | Role::Host
        | Role::Contributor => Slot::Nowhere("RIS has no tag for this role in such a work"),
    }
}

/// Whether `A2` of such a work may be series editors.
const fn has_series_editors(kind: Kind) -> bool {
    stands_in_series(kind) && !is_thesis(kind)
}

/// Whether `A2` of such a work are no editors.
const fn second_is_no_editor(kind: Kind) -> bool {
    has_series_editors(kind)
        || matches!(kind, Kind::Letter | Kind::Interview | Kind::Audio | Kind::Patent | Kind::LegalCase)
}

/// What the tags of persons of one record mean.
pub(super) struct Roles {
    kind: Kind,
    first: Role,
    second: Role,
    third: Role,
}

impl Roles {
    /// What a record is that has values under such tags.
    pub(super) fn of(kind: Kind, has: impl Fn(&str) -> bool) -> Self {
        let mut roles = Self { kind, first: Role::Author, second: Role::Editor, third: Role::SeriesEditor };
        if has_series_editors(kind) {
            let by_manager = has("T3") && !has("T2");
            let authors = has("AU") || has("A1");
            // The only persons of a work are not those of its series.
            if has("A3") && !by_manager || has("ED") || has("T2") && authors {
                roles.second = Role::SeriesEditor;
            }
            if !by_manager && kind != Kind::Report {
                roles.third = Role::Editor;
            }
            // `EndNote` has the editors of an edited book in the authors' place.
            if kind == Kind::Collection && !has("ED") && (!has("A3") || roles.third != Role::Editor) {
                roles.first = Role::Editor;
            }
        }
        roles
    }

    /// The role that a tag names; none for a tag that names nobody in such a work.
    pub(super) fn named_by(&self, tag: &str) -> Option<Role> {
        match tag {
            "AU" | "A1" => Some(self.first),
            "ED" => Some(Role::Editor),
            "TA" => Some(Role::Translator),
            "A2" if has_series_editors(self.kind) => Some(self.second),
            "A3" if has_series_editors(self.kind) => Some(self.third),
            tag => Role::ALL
                .iter()
                .find(|role| matches!(slot(**role, self.kind), Slot::Tag(known) if known == tag))
                .copied(),
        }
    }
}
