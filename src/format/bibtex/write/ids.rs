//! Identifiers in fields of their own, and the one that takes `eprint`.
//!
//! Must not know which numbers are sound; the model's parser says so.

use super::super::vocabulary::EPRINT_TYPES;
use super::values::{needs_encoding, push_verbatim};
use super::{Dialect, ENCODED, EntryWriter};
use crate::latex;
use crate::model::{Entry, FieldName, Identifier, ListField, Scheme};
use std::fmt::Write as _;

pub(super) fn eprint_scheme(entry: &Entry, dialect: Dialect) -> Option<Scheme> {
    let holds = |scheme: Scheme| dialect == Dialect::Biblatex || scheme == Scheme::Arxiv;
    EPRINT_TYPES
        .iter()
        .map(|(scheme, _)| *scheme)
        .find(|scheme| holds(*scheme) && entry.ids.iter().any(|id| id.scheme() == *scheme))
}

const NO_ID: &str = "it does not follow the rules for such identifiers";

/// How many characters a bibcode has.
const BIBCODE: usize = 19;

const ONE_ID: &str = "one field holds one identifier; the first is written";

impl EntryWriter<'_, '_> {
    pub(super) fn id(&mut self, scheme: Scheme, name: &'static str) {
        if self.eprint == Some(scheme) {
            return self.eprint(scheme);
        }
        let entry = self.entry;
        let mut values = entry.ids.iter().filter(|id| id.scheme() == scheme);
        let Some(Identifier::Other(_, value)) = values.next() else { return };
        let is_sound = Identifier::parse(scheme, value).is_some_and(|id| id.value() == *value);
        if !is_sound || scheme == Scheme::Bibcode && value.chars().count() != BIBCODE {
            self.printer.drop_field(FieldName::Id(scheme), NO_ID);
        }
        match scheme {
            Scheme::Doi => {
                if value.contains(needs_encoding) {
                    self.printer.drop_field(FieldName::Id(scheme), ENCODED);
                }
                self.open(name);
                push_verbatim(value, self.encoding.ascii, &mut self.printer.out);
                self.close();
            }
            Scheme::Dblp => {
                self.open(name);
                self.printer.out.push_str("https://dblp.org/rec/");
                push_verbatim(value, self.encoding.ascii, &mut self.printer.out);
                self.printer.out.push_str(".bib");
                self.close();
            }
            // Print and electronic numbers are commonly listed together.
            Scheme::Isbn | Scheme::Issn => {
                self.open(name);
                latex::encode_plain(value, self.encoding, &mut self.printer.out);
                for id in values.by_ref() {
                    self.printer.out.push_str(", ");
                    latex::encode_plain(&id.value(), self.encoding, &mut self.printer.out);
                }
                self.close();
            }
            _ => self.line(name, value),
        }
        if values.next().is_some() {
            self.printer.drop_field(FieldName::Id(scheme), ONE_ID);
        }
    }

    /// The `eprint` field and what belongs to it.
    pub(super) fn eprint(&mut self, scheme: Scheme) {
        let entry = self.entry;
        let mut values = entry.ids.iter().filter(|id| id.scheme() == scheme);
        match values.next() {
            Some(Identifier::Arxiv(id)) => {
                let _ = writeln!(self.printer.out, "  eprint = {{{id}}},");
            }
            Some(Identifier::Other(_, value)) => {
                if value.contains(needs_encoding) {
                    self.printer.drop_field(FieldName::Id(scheme), ENCODED);
                }
                self.open("eprint");
                push_verbatim(value, self.encoding.ascii, &mut self.printer.out);
                self.close();
            }
            None => return,
        }
        if values.next().is_some() {
            self.printer.drop_field(FieldName::Id(scheme), ONE_ID);
        }
        let eprint_type = EPRINT_TYPES.iter().find(|(other, _)| *other == scheme).map_or("", |(_, name)| name);
        match self.dialect {
            Dialect::Bibtex => self.line("archivePrefix", "arXiv"),
            Dialect::Biblatex => self.line("eprinttype", eprint_type),
        }
        if scheme == Scheme::Arxiv {
            self.class();
        }
    }

    /// arXiv's first class of the work: beside the eprint, or alone where there is none.
    pub(super) fn class(&mut self) {
        let Some(class) = self.entry.lists.get(ListField::Category).and_then(|classes| classes.first()) else { return };
        let name = match self.dialect {
            Dialect::Bibtex => "primaryClass",
            Dialect::Biblatex => "eprintclass",
        };
        match class.as_plain() {
            Some(class) => self.line(name, class),
            None => self.line(name, &class.to_plain()),
        }
    }
}
