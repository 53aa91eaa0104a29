//! Author strings as arXiv has them: split into names, affiliations left out, groups told from persons.
//!
//! The rules are those of arXiv's help ("Author names": names parted by commas or `and`, affiliations in brackets) and
//! of what its authors write all the same. Knows LaTeX and the model's names, no record and no format.

use super::squeeze;
use crate::latex;
use crate::model::Name;
use crate::model::name::is_suffix;

/// The authors of one string: TeX decoded, particles and suffixes split, groups whole; `et al.` is [`Name::Others`].
pub fn parse_authors(authors: &str) -> Vec<Name> {
    let mut names = Vec::new();
    for piece in split_authors(authors) {
        push_author(piece, &mut names);
    }
    names
}

/// Splits arXiv's author string at commas, semicolons, colons and `and`; affiliations in brackets stay out.
pub fn split_authors(authors: &str) -> impl Iterator<Item = &str> {
    let mut splitter = Splitter { text: authors, at: 0, unclosed: false };
    std::iter::from_fn(move || splitter.next_piece()).map(trim_piece).filter(|piece| !piece.is_empty())
}

/// One author as arXiv displays it.
pub fn author_from_display(name: &str) -> Name {
    let name = unglue(decode_name(name));
    if is_collaboration(&name) { Name::Literal(name) } else { Name::from_display(&name) }
}

/// The authors of `authors_parsed`: family, given, suffix. What its own splitting left behind is no name: a colon
/// behind a team, a semicolon, `and` before the last given name.
pub(super) fn parsed_authors(authors: &[Vec<String>]) -> Vec<Name> {
    let mut names = Vec::new();
    for parts in authors {
        let part = |at: usize| decode_name(trim_piece(parts.get(at).map_or("", String::as_str)));
        let (family, given, suffix) = (part(0), part(1), part(2));
        let given = given.strip_prefix("and ").unwrap_or(&given);
        let whole = if given.is_empty() { family.clone() } else { format!("{given} {family}") };
        let is_person =
            whole.chars().any(char::is_alphanumeric) && !is_collaboration(&whole) && !strip_others(&whole).1;
        if is_person {
            names.push(Name::from_parts(&family, given, &suffix));
        } else {
            push_author(&whole, &mut names);
        }
    }
    names
}

/// Takes one author of a list, which may be a suffix of the one before, the mark that the list goes on, or a person who
/// speaks for a group.
fn push_author(piece: &str, names: &mut Vec<Name>) {
    let name = unglue(decode_name(piece));
    if is_suffix(&name)
        && let Some(Name::Person(person)) = names.last_mut().filter(|last| suffix_of(last).is_empty())
    {
        person.suffix = name;
        return;
    }
    if let Some((person, group)) = split_group(&name) {
        push_name(person, names);
        names.push(Name::Literal(group.to_owned()));
        return;
    }
    push_name(&name, names);
}

fn push_name(name: &str, names: &mut Vec<Name>) {
    let (name, others) = strip_others(name);
    if name.chars().any(char::is_alphanumeric) {
        names.push(if is_collaboration(name) { Name::Literal(name.to_owned()) } else { Name::from_display(name) });
    }
    if others {
        names.push(Name::Others);
    }
}

fn suffix_of(name: &Name) -> &str {
    match name {
        Name::Person(person) => &person.suffix,
        Name::Literal(_) | Name::Others => "",
    }
}

/// `K. Nakamura for the IsoDAR Collaboration`: the person, who may be missing, and the group.
fn split_group(name: &str) -> Option<(&str, &str)> {
    for words in ["on behalf of the ", "on behalf of ", "for the "] {
        if let Some(at) = name.find(words).filter(|at| *at == 0 || name[..*at].ends_with(' ')) {
            let group = &name[at + words.len()..];
            return is_collaboration(group).then(|| (name[..at].trim_end(), group));
        }
    }
    None
}

/// `J. Smith et al.`: the name, which may be empty, and whether others follow.
fn strip_others(name: &str) -> (&str, bool) {
    for mark in ["et al.", "et al", "et. al.", "and others", "others"] {
        if let Some(rest) = name.strip_suffix(mark).filter(|rest| rest.is_empty() || rest.ends_with(' ')) {
            return (rest.trim_end(), true);
        }
    }
    (name, false)
}

/// Walks along an author string.
struct Splitter<'a> {
    text: &'a str,
    at: usize,
    /// A bracket without its partner was met; the search for one is not repeated.
    unclosed: bool,
}

impl<'a> Splitter<'a> {
    /// The text up to the next separator or affiliation, and past it.
    fn next_piece(&mut self) -> Option<&'a str> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut braces = 0_u32;
        while let Some(byte) = bytes.get(self.at) {
            let here = self.at;
            self.at += 1;
            match byte {
                b'\\' => self.at = (here + 2).min(bytes.len()),
                b'{' => braces += 1,
                b'}' => braces = braces.saturating_sub(1),
                _ if braces > 0 => {}
                b'(' => {
                    self.at = self.affiliation_end(here);
                    return self.text.get(start..here);
                }
                b',' | b';' | b':' => return self.text.get(start..here),
                b'&' if is_blank(bytes, here + 1) && here > 0 && is_blank(bytes, here - 1) => {
                    return self.text.get(start..here);
                }
                b'a' | b'A' if self.is_and(here) => {
                    self.at = here + 3;
                    return self.text.get(start..here);
                }
                _ => {}
            }
        }
        // A backslash may have carried the walk into the middle of a character at the very end.
        (start < self.text.len()).then(|| self.text.get(start..).unwrap_or_default())
    }

    /// Whether the word `and` begins here.
    fn is_and(&self, at: usize) -> bool {
        let bytes = self.text.as_bytes();
        bytes.get(at..at + 3).is_some_and(|word| word == b"and" || word == b"AND")
            && (at == 0 || is_blank(bytes, at - 1) || bytes[at - 1] == b')')
            && is_blank(bytes, at + 3)
    }

    /// Where an affiliation that begins here ends; one that does not close ends at the next comma.
    fn affiliation_end(&mut self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        if !self.unclosed {
            let mut depth = 0_u32;
            for (here, byte) in bytes.iter().enumerate().skip(at) {
                match byte {
                    b'(' => depth += 1,
                    b')' if depth == 1 => return here + 1,
                    b')' => depth -= 1,
                    _ => {}
                }
            }
            self.unclosed = true;
        }
        memchr::memchr2(b',', b')', &bytes[at..]).map_or(bytes.len(), |end| at + end + 1)
    }
}

fn is_blank(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_some_and(u8::is_ascii_whitespace)
}

/// A piece without what stands round a name by mistake.
fn trim_piece(piece: &str) -> &str {
    piece.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | ')'))
}

/// Puts a blank between initials and the family name that is written right behind them: `N.V.Tcherniega`.
fn unglue(name: String) -> String {
    let glued = |word: &str| {
        let (_, family) = word.rsplit_once('.')?;
        let begins = family.chars().next().is_some_and(char::is_uppercase);
        (begins && family.chars().filter(|c| c.is_lowercase()).count() >= 2).then(|| word.len() - family.len())
    };
    if !name.split(' ').any(|word| glued(word).is_some_and(|at| at > 1)) {
        return name;
    }
    let words = name.split(' ').map(|word| match glued(word) {
        Some(at) if at > 1 => format!("{} {}", &word[..at], &word[at..]),
        _ => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A name with its TeX decoded and its white space folded.
pub(super) fn decode_name(name: &str) -> String {
    if name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'.' | b'-' | b'\''))
        && !name.contains("  ")
    {
        return name.trim().to_owned();
    }
    latex::decode_name(&squeeze(name))
}

/// Whether a name is that of a group, which no grammar of personal names fits.
pub fn is_collaboration(name: &str) -> bool {
    const GROUPS: [&str; 14] = [
        "collaboration",
        "collaborations",
        "team",
        "consortium",
        "group",
        "project",
        "committee",
        "working",
        "initiative",
        "institute",
        "university",
        "community",
        "observatory",
        "alliance",
    ];
    let mut words = name.split_whitespace();
    let several = words.clone().nth(1).is_some();
    several
        && words.any(|word| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            GROUPS.iter().any(|group| group.eq_ignore_ascii_case(word))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn author_strings() {
        let check = |authors: &str, expected: &[&str]| {
            let names: Vec<String> = parse_authors(authors)
                .iter()
                .map(|name| match name {
                    Name::Literal(group) => format!("{{{group}}}"),
                    Name::Person(_) | Name::Others => {
                        if name.is_others() {
                            "...".to_owned()
                        } else {
                            name.sorted()
                        }
                    }
                })
                .collect();
            assert_eq!(names, expected, "{authors}");
        };
        check(
            "D. Pavon (1), S. Sen (2), and A. B. Cee ((1) Barcelona, (2) Calcutta)",
            &["Pavon, D.", "Sen, S.", "Cee, A. B."],
        );
        check(
            "Ramesh Narayan, Bohdan Paczy\\'nski, and Tsvi Piran",
            &["Narayan, Ramesh", "Paczyński, Bohdan", "Piran, Tsvi"],
        );
        check(
            "Julio F. Navarro (University of Victoria) and Matthias\n  Steinmetz",
            &["Navarro, Julio F.", "Steinmetz, Matthias"],
        );
        check("C. Hill, Jr., A. Dow III", &["Hill, C., Jr.", "Dow, A., III"]);
        check("K. Nakamura for the IsoDAR Collaboration", &["Nakamura, K.", "{IsoDAR Collaboration}"]);
        check("Ke Han, for the PandaX-III Collaboration", &["Han, Ke", "{PandaX-III Collaboration}"]);
        check("Gemma Team: Jane Roe, et al.", &["{Gemma Team}", "Roe, Jane", "..."]);
        check("A. Roe (Univ. of Y, B. Doe", &["Roe, A.", "Doe, B."]);
        check("A. Andersen and B. Sand", &["Andersen, A.", "Sand, B."]);
        check("Keith Vander Linden, ; Barbara Di Eugenio", &["Linden, Keith Vander", "Di Eugenio, Barbara"]);
        check("N.V.Tcherniega, Yuri N.Kartashov", &["Tcherniega, N.V.", "Kartashov, Yuri N."]);
        check("", &[]);
        check("\\", &[]);
    }

    #[test]
    fn groups_are_no_persons() {
        assert!(is_collaboration("Gemma Team"));
        assert!(is_collaboration("The ATLAS Collaboration"));
        assert!(!is_collaboration("Jeff Dean"));
    }
}
