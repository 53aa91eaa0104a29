//! Fields of YAML, one a line, and names as Hayagriva takes them apart.
//!
//! Must not know which field of the model stands where.

use super::super::is_raw;
use crate::model::{Name, Person};
use crate::yaml;

/// Fields, one a line; no value holds a raw line break.
#[derive(Default)]
pub(super) struct Block {
    pub(super) out: String,
    pub(super) inset: usize,
}

impl Block {
    pub(super) fn name(&mut self, name: &str) {
        self.out.extend(std::iter::repeat_n(' ', self.inset));
        yaml::scalar(name, &mut self.out);
        self.out.push(':');
    }

    /// A value that needs no quotes.
    pub(super) fn word(&mut self, name: &str, value: &str) {
        self.name(name);
        self.out.push(' ');
        self.out.push_str(value);
        self.out.push('\n');
    }

    pub(super) fn scalar(&mut self, name: &str, value: &str) {
        self.name(name);
        self.out.push(' ');
        yaml::scalar(value, &mut self.out);
        self.out.push('\n');
    }

    pub(super) fn quoted(&mut self, name: &str, value: &str) {
        self.name(name);
        self.out.push(' ');
        yaml::quoted(value, &mut self.out);
        self.out.push('\n');
    }

    /// A block as the value; `lead` stands before its first line.
    pub(super) fn block(&mut self, block: &Block, lead: &str) {
        for (at, line) in block.out.lines().enumerate() {
            self.out.extend(std::iter::repeat_n(' ', self.inset + 2));
            match (at, lead.len()) {
                (0, _) => self.out.push_str(lead),
                (_, blanks) => self.out.extend(std::iter::repeat_n(' ', blanks)),
            }
            self.out.push_str(line);
            self.out.push('\n');
        }
    }

    /// What a work is in: one parent as a map, several or one in flow style as a list.
    pub(super) fn parents(&mut self, parents: &[Block]) {
        let lead = match parents {
            [] => return,
            [parent] if parent.out.starts_with("type: ") => "",
            _ => "- ",
        };
        self.name("parent");
        self.out.push('\n');
        parents.iter().for_each(|parent| self.block(parent, lead));
    }

    pub(super) fn person(&mut self, name: &Name, inset: usize) {
        self.out.extend(std::iter::repeat_n(' ', inset));
        self.out.push_str("- ");
        match name {
            Name::Person(person) => match in_one_string(person) {
                Some(name) => yaml::scalar(&name, &mut self.out),
                None => self.person_in_parts(person, inset),
            },
            Name::Literal(name) => {
                self.out.push_str("name: ");
                yaml::scalar(name, &mut self.out);
            }
            Name::Others => {}
        }
        self.out.push('\n');
    }

    fn person_in_parts(&mut self, person: &Person, inset: usize) {
        let prefix = [person.dropping_particle.as_str(), &person.particle]
            .into_iter()
            .filter(|particle| !particle.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        self.out.push_str("name: ");
        yaml::scalar(&person.family, &mut self.out);
        // A name alone is a body's.
        let given_is_needed = prefix.is_empty() && person.suffix.is_empty();
        let parts = [("given-name", &person.given), ("prefix", &prefix), ("suffix", &person.suffix)];
        for (part, value) in parts {
            if value.is_empty() && !(part == "given-name" && given_is_needed) {
                continue;
            }
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n(' ', inset + 2));
            self.out.push_str(part);
            self.out.push_str(": ");
            yaml::scalar(value, &mut self.out);
        }
    }

    /// Whether a field of that name is printed.
    pub(super) fn has(&self, name: &str) -> bool {
        let mut line = " ".repeat(self.inset);
        yaml::scalar(name, &mut line);
        line.push(':');
        self.out.lines().any(|printed| printed.starts_with(&line))
    }

    /// A foreign value: a string, or YAML's flow style as it was kept.
    pub(super) fn raw(&mut self, name: &str, value: &str) {
        if is_raw(value) { self.word(name, value) } else { self.quoted(name, value) }
    }
}

/// A name as `Family, Given`, when Hayagriva takes it apart there: no commas, nothing that looks like a prefix.
fn in_one_string(person: &Person) -> Option<String> {
    let Person { family, given, particle, dropping_particle, suffix } = person;
    let is_simple = [particle, dropping_particle, suffix].iter().all(|part| part.is_empty())
        && ![family, given].iter().any(|part| part.contains(',') || part.trim() != part.as_str())
        && !(family.contains(char::is_whitespace)
            && family.split_whitespace().any(|word| word.starts_with(char::is_lowercase)));
    match (is_simple, given.is_empty()) {
        (false, _) => None,
        (true, false) => Some(format!("{family}, {given}")),
        // Several words without a comma are read as a body.
        (true, true) => (!family.contains(char::is_whitespace)).then(|| family.clone()),
    }
}
