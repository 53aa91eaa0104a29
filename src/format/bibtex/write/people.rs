//! Lists of names in the grammar of BibTeX, or in BibLaTeX's extended format where that grammar cannot say it.
//!
//! Must not know which field a role has; the vocabulary says so.

use super::super::{FOREIGN, LIST_OPTIONS, names};
use super::values::{breaks_grammar, has_inner_particle, is_balanced, is_common, needs_extended_format};
use super::{Dialect, EntryWriter};
use crate::latex;
use crate::model::{Entry, FieldName, Foreign, Name, Person, Role};

pub(super) fn editors_in_use(entry: &Entry) -> [bool; 4] {
    let roles = [Role::Editor, Role::EditorA, Role::EditorB, Role::EditorC];
    let mut in_use = [false; 4];
    for (role, _) in &entry.people {
        if let Some(at) = roles.iter().position(|other| other == role) {
            in_use[at] = true;
        }
    }
    for foreign in &entry.foreign {
        if let Some(at) = EDITOR_FIELDS.iter().position(|(_, kind)| *kind == foreign.name) {
            in_use[at] = true;
        }
    }
    in_use
}

const EDITOR_FIELDS: [(&str, &str); 4] =
    [("editor", "editortype"), ("editora", "editoratype"), ("editorb", "editorbtype"), ("editorc", "editorctype")];

const NAMES: &str = "the grammar of names reads a name in another way than it is meant";

impl<'e> EntryWriter<'e, '_> {
    pub(super) fn people(&mut self, role: Role, name: &'static str) {
        self.open(name);
        if let (Dialect::Biblatex, Some(options)) = (self.dialect, self.list_options(name)) {
            self.printer.out.push_str(options);
            self.printer.out.push_str(" and ");
        }
        let mut reads_back = true;
        for (at, person) in self.entry.people_as(role).enumerate() {
            if at > 0 {
                self.printer.out.push_str(" and ");
            }
            let start = self.printer.out.len();
            self.name(person);
            reads_back &= is_common(person) || names::is_read_as(&self.printer.out[start..], person);
        }
        self.close();
        if !reads_back {
            self.printer.drop_field(FieldName::People(role), NAMES);
        }
    }

    /// The options at the head of a list of names.
    fn list_options(&self, field: &str) -> Option<&'e str> {
        let entry = self.entry;
        let names = |foreign: &&Foreign| {
            foreign.format == FOREIGN
                && foreign.name.strip_suffix(LIST_OPTIONS).is_some_and(|name| name.eq_ignore_ascii_case(field))
        };
        entry.foreign.iter().find(names).map(|foreign| foreign.value.as_str()).filter(|value| is_balanced(value))
    }

    /// People whose role has no field of its own stand as editors of a type, while there is room.
    pub(super) fn editor(&mut self, field: FieldName, kind: &'static str) {
        let FieldName::People(role) = field else { return };
        // BibTeX prints `editor` as editors, whatever the type beside it says.
        let first = usize::from(self.dialect == Dialect::Bibtex);
        match (first..EDITOR_FIELDS.len()).find(|at| !self.editors[*at]) {
            Some(at) => {
                self.editors[at] = true;
                self.people(role, EDITOR_FIELDS[at].0);
                self.line(EDITOR_FIELDS[at].1, kind);
            }
            None => self.printer.drop_field(field, "there are four fields for editors, and all are taken"),
        }
    }

    fn name(&mut self, name: &Name) {
        match name {
            Name::Person(person) => self.person(person),
            Name::Literal(name) => self.body(name),
            Name::Others => self.printer.out.push_str("others"),
        }
    }

    /// A body's name in braces; in two pairs where one would make it a special character (`{\\O}`).
    fn body(&mut self, name: &str) {
        let start = self.printer.out.len();
        self.name_part(name, true);
        if self.printer.out[start..].starts_with("{\\") {
            self.printer.out.insert(start, '{');
            self.printer.out.push('}');
        }
    }

    /// `von Last, Jr, First`, braced wherever the grammar would read it otherwise.
    fn person(&mut self, person: &Person) {
        if self.dialect == Dialect::Biblatex && needs_extended_format(person) {
            return self.extended(person);
        }
        for particle in [&person.dropping_particle, &person.particle] {
            if !particle.is_empty() {
                self.name_part(particle, breaks_grammar(particle));
                self.printer.out.push(' ');
            }
        }
        let alone = person.given.is_empty() && person.suffix.is_empty();
        let many_words = person.family.contains(char::is_whitespace);
        let brace = breaks_grammar(&person.family)
            || (many_words && (alone || has_inner_particle(&person.family) || person.family.contains(['\\', '~'])))
            || (alone && person.family.eq_ignore_ascii_case("others"));
        self.name_part(&person.family, brace);
        if !person.suffix.is_empty() {
            self.printer.out.push_str(", ");
            self.name_part(&person.suffix, breaks_grammar(&person.suffix));
        }
        if !alone {
            self.printer.out.push_str(", ");
            self.name_part(&person.given, breaks_grammar(&person.given) || person.given.is_empty());
        }
    }

    /// BibLaTeX's extended name format (manual, section 3.6), for particles that the plain grammar does not see.
    fn extended(&mut self, person: &Person) {
        let particle = if person.particle.is_empty() { &person.dropping_particle } else { &person.particle };
        let parts =
            [("family", &person.family), ("given", &person.given), ("prefix", particle), ("suffix", &person.suffix)];
        let mut separator = "";
        for (label, part) in parts.into_iter().filter(|(_, part)| !part.is_empty()) {
            for piece in [separator, label, "="] {
                self.printer.out.push_str(piece);
            }
            self.name_part(part, true);
            separator = ", ";
        }
        if !person.dropping_particle.is_empty() && person.particle.is_empty() {
            self.printer.out.push_str(", useprefix=false");
        }
    }

    /// Whether a part of a name has mathematics or commands that the reader left as they were: `Smith$^{1}$`.
    fn is_source(&self, part: &str) -> bool {
        let may_be = part.matches('$').count() > 1 || part.contains('\\');
        let is_printable = part.is_ascii() || !self.encoding.ascii;
        may_be && is_printable && is_balanced(part) && latex::decode_name(part) == part
    }

    fn name_part(&mut self, part: &str, brace: bool) {
        if brace {
            self.printer.out.push('{');
        }
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'.' | b'-' | b'\'' | b',');
        if part.bytes().all(is_plain) || self.is_source(part) {
            self.printer.out.push_str(part);
        } else {
            latex::encode_plain(part, self.encoding, &mut self.printer.out);
        }
        if brace {
            self.printer.out.push('}');
        }
    }
}
