//! Names of people and bodies.
//!
//! A [`Person`] has the four parts that BibTeX, CSL and Hayagriva share; what does not parse stays [`Name::Literal`].
//! This file reads names as people write them (`First von Last, Jr.`, `Last, First`); the grammars of single formats
//! (braces, `and`) belong to those formats.

use super::text;
use std::fmt;

/// One author, editor or other contributor.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    /// A person whose name is understood.
    Person(Person),
    /// A collaboration, institution, or a name kept as written.
    Literal(String),
    /// The list goes on: "and others", "et al."; never printed as a person.
    Others,
}

/// A person's name in parts. Empty parts are empty strings; `family` is never empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Person {
    /// Family name without particles.
    pub family: String,
    /// Given names or initials.
    pub given: String,
    /// Particles that stay with the family name when the given name is dropped (`van der`, `de`): CSL's non-dropping
    /// particle, BibTeX's von part.
    pub particle: String,
    /// Particles that go with the given name (`d'` in "d'Alembert" in some styles): CSL's dropping particle.
    pub dropping_particle: String,
    /// `Jr.`, `III`.
    pub suffix: String,
}

impl Person {
    /// A person of a family and a given name.
    pub fn new(family: impl Into<String>, given: impl Into<String>) -> Self {
        Self { family: family.into(), given: given.into(), ..Self::default() }
    }

    /// The particles and the family name: "van der Waals".
    pub fn full_family(&self) -> String {
        join(&[&self.dropping_particle, &self.particle, &self.family])
    }
}

impl Name {
    /// Takes control characters out of every part, and white space off its ends; returns how many characters there were.
    pub(super) fn tidy(&mut self) -> usize {
        let tidy = |part: &mut String| {
            let count = text::remove_controls(part);
            text::trim(part);
            count
        };
        match self {
            Self::Person(Person { family, given, particle, dropping_particle, suffix }) => {
                [family, given, particle, dropping_particle, suffix].into_iter().map(tidy).sum()
            }
            Self::Literal(name) => tidy(name),
            Self::Others => 0,
        }
    }

    /// Reads a name in display order: `First von Last`, `First Last Jr.`, `First Last III`.
    ///
    /// Words that begin with a lower-case letter and stand directly before the last word are the particle. A single word
    /// is a family name.
    pub fn from_display(name: &str) -> Self {
        let mut words: Vec<&str> = name.split_whitespace().collect();
        let suffix = take_suffix(&mut words);
        let Some((last, before)) = words.split_last() else {
            return Self::Literal(name.trim().to_owned());
        };
        // Only particles that stand directly before the last word are the family's; those further ahead ("Francisco de
        // Assis Boldt") belong to the given names. The first word of a name is one only where it is not all that is given.
        let given = before.len() - before.iter().rev().take_while(|word| is_family_particle(word)).count();
        let given =
            if given == 0 && (before.len() < 2 || !is_particle(before[0])) { before.len().min(1) } else { given };
        let (given, family) = before.split_at(given);
        let family = [family, &[*last]].concat().join(" ");
        // "Emiliano De Cristofaro", "Guy Van den Broeck": a particle with a capital is part of the family name.
        Self::from_parts(&family, &given.join(" "), &suffix)
    }

    /// Reads a name whose parts are given apart, as arXiv's `authors_parsed` has them. Particles at the head of the
    /// family name (`van der Waals`) are split off.
    pub fn from_parts(family: &str, given: &str, suffix: &str) -> Self {
        let (family, given) = (family.trim(), given.trim());
        if family.is_empty() {
            return if given.is_empty() { Self::Literal(String::new()) } else { Self::Person(Person::new(given, "")) };
        }
        let (particle, family) = split_particle(family);
        Self::Person(Person {
            family: family.to_owned(),
            given: given.to_owned(),
            particle: particle.to_owned(),
            dropping_particle: String::new(),
            suffix: suffix.trim().to_owned(),
        })
    }

    /// Whether this is the mark that a list goes on.
    pub fn is_others(&self) -> bool {
        matches!(self, Self::Others)
    }

    /// The name as printed in running text; empty for [`Name::Others`].
    pub fn display(&self) -> String {
        match self {
            Self::Person(p) => join(&[&p.given, &p.dropping_particle, &p.particle, &p.family, &p.suffix]),
            Self::Literal(name) => name.clone(),
            Self::Others => String::new(),
        }
    }

    /// The name as sorted and indexed: "van der Waals, Johannes, Jr."; empty for [`Name::Others`].
    pub fn sorted(&self) -> String {
        match self {
            Self::Person(p) => {
                let mut out = p.full_family();
                for part in [&p.given, &p.suffix] {
                    if !part.is_empty() {
                        out.push_str(", ");
                        out.push_str(part);
                    }
                }
                out
            }
            Self::Literal(name) => name.clone(),
            Self::Others => String::new(),
        }
    }

    /// What stands for the name in keys and comparisons: the family name without particles, or the literal name.
    pub fn family(&self) -> &str {
        match self {
            Self::Person(p) => &p.family,
            Self::Literal(name) => name,
            Self::Others => "",
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Others => f.write_str("et al."),
            other => f.write_str(&other.display()),
        }
    }
}

/// Splits particles off the head of a family name; a name of particles only is a family name.
pub fn split_particle(family: &str) -> (&str, &str) {
    let mut rest = family;
    while let Some((word, tail)) = rest.split_once(char::is_whitespace) {
        if !is_particle(word) || tail.trim().is_empty() {
            break;
        }
        rest = tail.trim_start();
    }
    let particle = &family[..family.len() - rest.len()];
    (particle.trim_end(), rest)
}

/// Whether a word is written like a particle: its first letter is lower-case ("van", "de", "'t", "al-").
fn is_particle(word: &str) -> bool {
    word.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase)
}

/// Whether a word before a family name is its particle: one of those that arXiv's `authors_parsed` keeps with the family
/// name, in either case, or one of those that are written in lower case only. Other words in lower case are given names
/// (`Jun young Lee`), and given names that look like particles (Di, Bin, Le) stand first.
fn is_family_particle(word: &str) -> bool {
    const EITHER: [&str; 19] = [
        "bin", "da", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "ibn", "la", "le", "ten", "ter",
        "van", "von", "af",
    ];
    const LOWER: [&str; 39] = [
        "a", "aan", "al", "am", "an", "auf", "aus", "ben", "dal", "dalla", "das", "degli", "dei", "dello", "delle",
        "des", "do", "en", "im", "in", "las", "lo", "los", "op", "'s", "'t", "’s", "’t", "och", "uit", "ul", "und",
        "ur", "vd", "v.d.", "v.", "vom", "zu", "zur",
    ];
    LOWER.contains(&word) || EITHER.iter().any(|particle| particle.eq_ignore_ascii_case(word))
}

/// Whether a word is a generational suffix.
pub fn is_suffix(word: &str) -> bool {
    matches!(word.trim_end_matches('.'), "Jr" | "Sr" | "jr" | "sr" | "II" | "III" | "IV" | "Junior" | "Senior")
}

fn take_suffix(words: &mut Vec<&str>) -> String {
    if words.len() < 3 || !words.last().is_some_and(|word| is_suffix(word)) {
        return String::new();
    }
    let suffix = words.pop().unwrap_or_default().to_owned();
    if let Some(last) = words.last_mut() {
        *last = last.trim_end_matches(',');
    }
    suffix
}

fn join(parts: &[&str]) -> String {
    let mut out = String::new();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        // "d'" and "al-" cling to what follows.
        if !out.is_empty() && !out.ends_with(['\'', '’', '-']) {
            out.push(' ');
        }
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_names() {
        let check = |input: &str, expected: [&str; 4]| {
            let Name::Person(p) = Name::from_display(input) else { panic!("{input} is no person") };
            assert_eq!([&*p.given, &*p.particle, &*p.family, &*p.suffix], expected, "{input}");
        };
        check("Jeff Dean", ["Jeff", "", "Dean", ""]);
        check("Ludwig van Beethoven", ["Ludwig", "van", "Beethoven", ""]);
        check("Johannes Diderik van der Waals", ["Johannes Diderik", "van der", "Waals", ""]);
        check("David G.T. Barrett", ["David G.T.", "", "Barrett", ""]);
        check("John Smith, Jr.", ["John", "", "Smith", "Jr."]);
        check("Robert Tarjan III", ["Robert", "", "Tarjan", "III"]);
        check("Plato", ["", "", "Plato", ""]);
        check("Charline Le Lan", ["Charline", "", "Le Lan", ""]);
        check("Christine Van Den Broeck", ["Christine", "", "Van Den Broeck", ""]);
        check("Guy Van den Broeck", ["Guy", "", "Van den Broeck", ""]);
        check("Francisco de A. Boldt", ["Francisco de A.", "", "Boldt", ""]);
        check("Astrid an Huef", ["Astrid", "an", "Huef", ""]);
        check("van der Waals", ["", "van der", "Waals", ""]);
        check("Di Wang", ["Di", "", "Wang", ""]);
        check("Le Van Long", ["Le", "", "Van Long", ""]);
        check("danah boyd", ["danah", "", "boyd", ""]);
    }

    #[test]
    fn particles_of_a_family_name() {
        assert_eq!(split_particle("van der Waals"), ("van der", "Waals"));
        assert_eq!(split_particle("de"), ("", "de"));
        assert_eq!(split_particle("Dean"), ("", "Dean"));
    }

    #[test]
    fn printed_forms() {
        let name = Name::from_parts("van der Waals", "Johannes", "Jr.");
        assert_eq!(name.display(), "Johannes van der Waals Jr.");
        assert_eq!(name.sorted(), "van der Waals, Johannes, Jr.");
    }
}
