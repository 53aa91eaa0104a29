//! Lists of authors as pages print them: `Ann Lee, Bo Li and Cy Wu`, one a line, `et al. (191 additional authors not shown)`.
//!
//! Telling a list of names from a title rests on how names are written. Knows single texts only.

use super::leading;
use crate::model::Name;
use crate::record;

/// Names, and whether the page left some out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct People {
    pub(super) names: Vec<Name>,
    pub(super) others: bool,
}

/// Reads a list of authors, wherever it is known to be one.
pub(super) fn read(text: &str) -> People {
    let (text, others) = strip_others(text);
    let text = text.trim_start_matches("by ").trim_start_matches("By ");
    // A semicolon parts names that hold commas themselves.
    let inverted = text.contains(';');
    let mut people = People { names: Vec::new(), others };
    if let Some(names) = leading::family_first(text) {
        people.names = names;
    } else if inverted {
        people.names.extend(text.split(';').map(trim_name).filter(|name| !name.is_empty()).map(from_inverted));
    } else if is_surname_first(text) {
        people.names = surname_first(text);
    } else {
        for name in record::split_authors(text).flat_map(|name| name.split(" & ")).map(trim_name) {
            if is_others_part(name) {
                people.others = true;
            } else if !name.is_empty() {
                people.names.push(record::author_from_display(name));
            }
        }
        join_suffixes(&mut people.names);
    }
    people
}

/// Reads a line that looks like a list of at least two names, or one name with "et al.".
pub(super) fn looks_like_list(text: &str) -> bool {
    if text.len() > 20_000 || text.contains("://") {
        return false;
    }
    let (text, others) = strip_others(text);
    let text = text.trim_start_matches("by ").trim_end_matches(['.', ',', ';']);
    if is_surname_first(text) {
        return true;
    }
    let (mut names, mut strangers) = (0_usize, 0_usize);
    let parts =
        text.split([',', ';', '·', '•']).flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" & "));
    for part in parts.map(|part| trim_name(part.trim().trim_start_matches("and "))) {
        if part.is_empty() || crate::model::name::is_suffix(part) || is_others_part(part) {
            continue;
        }
        if is_name(part) {
            names += 1;
        } else {
            strangers += 1;
        }
        if strangers > 2 && strangers > names {
            return false;
        }
    }
    let enough = names >= 2 || (names == 1 && others);
    enough && (strangers == 0 || names >= 8 * strangers)
}

/// Whether a text is written like one person's or group's name.
pub(super) fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().take(8).collect();
    if text.len() > 60 || words.len() > 6 {
        return false;
    }
    if record::is_collaboration(text) && text.len() <= 40 {
        return words.iter().all(|word| word.starts_with(char::is_uppercase) || matches!(*word, "the" | "of" | "for"));
    }
    let written_without_case = text.chars().any(|c| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase());
    if written_without_case {
        return text.chars().count() <= 20 && !text.contains(|c: char| c.is_ascii_digit()) && words.len() <= 3;
    }
    let capitals = words.iter().filter(|word| is_name_word(word)).count();
    let particles = words.iter().filter(|word| is_particle(word)).count();
    capitals >= 2 && capitals + particles == words.len() && words.last().is_some_and(|word| is_name_word(word))
}

/// Whether a text could be a list of names, or one, where authors are expected: short parts that begin with a capital.
pub(super) fn may_be_names(text: &str) -> bool {
    let (core, others) = strip_others(text);
    let parts = || core.split(',').flat_map(|part| part.split(" and ")).map(str::trim).filter(|part| !part.is_empty());
    let sound = |part: &str| {
        part.split_whitespace().count() <= 5
            && part.len() <= 60
            && part.chars().next().is_some_and(|c| !c.is_lowercase() && c.is_alphabetic())
            && !part.contains(|c: char| c.is_ascii_digit())
    };
    parts().all(sound)
        && (others || parts().any(|part| part.contains(' ')))
        && !super::cut::ends_sentence(core.trim_end_matches('.'))
}

/// Whether at least half of the parts of a text could be names: enough where authors stand in each row of a page.
pub(super) fn are_mostly_names(text: &str) -> bool {
    let (core, _) = strip_others(text);
    let parts: Vec<&str> =
        core.split([',', ';']).flat_map(|part| part.split(" and ")).map(trim_name).filter(|p| !p.is_empty()).collect();
    let names = parts.iter().filter(|part| is_name(part) || may_be_names(part)).count();
    names > 0 && names * 2 >= parts.len()
}

/// Words that stand in titles and headings, capitalised, and in no name.
const TITLE_WORDS: [&str; 60] = [
    "The",
    "A",
    "Of",
    "For",
    "With",
    "And",
    "From",
    "By",
    "Learning",
    "Models",
    "Model",
    "Paper",
    "Papers",
    "Abstract",
    "Networks",
    "Network",
    "Report",
    "Technical",
    "Language",
    "Data",
    "Deep",
    "Neural",
    "Machine",
    "Survey",
    "Review",
    "Attention",
    "Search",
    "Home",
    "Login",
    "Help",
    "Page",
    "Pages",
    "Sign",
    "Profile",
    "Academic",
    "Statistics",
    "Similar",
    "Authors",
    "Info",
    "Comments",
    "Link",
    "Links",
    "View",
    "University",
    "Science",
    "Computer",
    "Computation",
    "Access",
    "Related",
    "Citations",
    "References",
    "Download",
    "Export",
    "Code",
    "Vision",
    "Analysis",
    "Theory",
    "Systems",
    "Towards",
    "Scaling",
];

fn is_name_word(word: &str) -> bool {
    let core = word.trim_matches(['.', ',', '*', '†', '‡', '§', '∗']);
    let Some(first) = core.chars().next() else { return false };
    let letters = core
        .chars()
        .all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’' | '‐' | '`' | '\u{300}'..='\u{36f}' | '‑'));
    // "A." is an initial, "A" an article.
    let initial = core.len() == 1 && word.trim_matches([',', '*', '†', '‡', '§', '∗']).ends_with('.');
    let shouted = core.chars().count() > 3 && core.chars().all(char::is_uppercase);
    // "Müller", "McKinney", "O'Neil", "J.-P.", "DeVito"; two capitals in a row are an acronym, unless they are initials.
    first.is_uppercase() && letters && !shouted && (initial || !TITLE_WORDS.contains(&core))
}

pub(super) fn is_particle(word: &str) -> bool {
    const PARTICLES: [&str; 30] = [
        "van", "von", "de", "der", "den", "del", "della", "di", "da", "dos", "das", "do", "du", "la", "le", "el", "al",
        "bin", "ibn", "ben", "ten", "ter", "zu", "zur", "y", "e", "af", "av", "'t", "st",
    ];
    PARTICLES.contains(&word.trim_end_matches('.'))
        || (word.starts_with("d'") && word.len() > 3)
        || word.starts_with("al-")
}

/// Takes the mark that a list goes on off its end.
pub(super) fn strip_others(text: &str) -> (&str, bool) {
    let mut end = text.trim();
    let mut others = false;
    loop {
        let before = end.len();
        let trimmed = end.trim_end_matches([',', ';', ' ', '…']).trim_end_matches("...");
        others |= trimmed.len() < end.trim_end_matches([',', ';', ' ']).len();
        end = trimmed.trim_end();
        if let Some(at) = others_at(end) {
            end = end[..at].trim_end();
            others = true;
        }
        if end.len() == before {
            return (end, others);
        }
    }
}

/// Where "et al.", "and others", "and 66 other authors", "(191 additional authors not shown)", "+ 8 authors" begins, when
/// the text ends with it.
fn others_at(text: &str) -> Option<usize> {
    let tail_start = (text.len().saturating_sub(60)..text.len()).find(|at| text.is_char_boundary(*at))?;
    let tail = &text[tail_start..];
    if !tail.is_ascii() && tail.to_lowercase().len() != tail.len() {
        return None;
    }
    let lower = tail.to_lowercase();
    for words in ["et al.", "et al", "and others", "& others", "et alii"] {
        let Some(head) = lower.strip_suffix(words) else { continue };
        if head.is_empty() || head.ends_with([' ', ',', '\u{a0}']) {
            return Some(tail_start + head.len());
        }
    }
    let counted = lower.trim_end_matches([')', '.', ' ', ']']);
    let counted = [
        "additional authors not shown",
        "additional author not shown",
        "other authors",
        "other author",
        "more authors",
        "more author",
        "authors",
        "others",
        "more",
    ]
    .iter()
    .find_map(|words| counted.strip_suffix(words))?;
    let digits = counted.trim_end();
    let head = digits.trim_end_matches(|c: char| c.is_ascii_digit() || c == ',');
    if head.len() == digits.len() {
        return None;
    }
    let head = head.trim_end();
    let opened = ["and", "(", "+", "&", "[", "with"].iter().find_map(|word| head.strip_suffix(word))?;
    Some(tail_start + opened.len())
}

/// `+5 authors` in the middle of a list.
fn is_others_part(part: &str) -> bool {
    part.starts_with('+') && part.trim_end_matches('s').ends_with("author")
}

/// Parts `A Vaswani, N Shazeer… - Advances in neural …, 2017 - proceedings.neurips.cc`.
pub(super) fn split_venue(line: &str) -> Option<(&str, &str)> {
    let (names, venue) = line.split_once(" - ")?;
    let dated = venue.split(|c: char| !c.is_alphanumeric()).any(|word| super::dates::year_number(word).is_some());
    let short = |name: &str| name.split_whitespace().count() <= 4 && name.starts_with(char::is_uppercase);
    let (core, _) = strip_others(names);
    let people = looks_like_list(names)
        || core.split(',').all(|name| short(name.trim()) && name.split_whitespace().next().is_some_and(is_initials));
    (dated && people && line.len() < 300).then_some((names, venue))
}

/// Whether a line only says that the list of authors goes on.
pub(super) fn is_others_line(line: &str) -> bool {
    let (rest, others) = strip_others(line);
    others && line.len() < 80 && !rest.contains(char::is_alphanumeric) && line.contains(char::is_alphabetic)
}

fn trim_name(name: &str) -> &str {
    name.trim().trim_matches(['*', '†', '‡', '§', '∗', '_', '`', ',', ';', '\u{a0}']).trim()
}

/// `Dean, J., Corrado, G. S. & Monga, R.`: surnames, each followed by initials.
fn is_surname_first(text: &str) -> bool {
    let parts: Vec<&str> = text
        .split([',', '&'])
        .map(|part| part.trim().trim_start_matches("and ").trim())
        .filter(|part| !part.is_empty())
        .take(400)
        .collect();
    let pairs = parts.chunks(2);
    parts.len() >= 2
        && parts.len().is_multiple_of(2)
        && pairs.into_iter().all(|pair| {
            is_initials(pair[1])
                && !is_initials(pair[0])
                && pair[0].starts_with(|c: char| c.is_alphabetic())
                && pair[0].len() < 40
        })
}

fn surname_first(text: &str) -> Vec<Name> {
    let parts: Vec<&str> = text
        .split([',', '&'])
        .map(|part| part.trim().trim_start_matches("and ").trim())
        .filter(|part| !part.is_empty())
        .collect();
    parts.chunks(2).map(|pair| Name::from_parts(pair[0], pair.get(1).copied().unwrap_or_default(), "")).collect()
}

/// `J.`, `G. S.`, `J.-P.`, `JP`.
pub(super) fn is_initials(text: &str) -> bool {
    let dotted = text.contains('.');
    !text.is_empty()
        && text.len() <= 14
        && text
            .split(['.', ' ', '-', '\u{a0}'])
            .filter(|part| !part.is_empty())
            .all(|part| part.chars().all(char::is_uppercase) && part.chars().count() <= if dotted { 1 } else { 2 })
        && text.chars().any(char::is_uppercase)
}

fn from_inverted(name: &str) -> Name {
    let name = name.trim_start_matches("and ");
    match name.split_once(',') {
        Some((family, given)) => Name::from_parts(family, given, ""),
        None => record::author_from_display(name),
    }
}

/// "Smith, Jr." was split at its comma.
fn join_suffixes(names: &mut Vec<Name>) {
    let mut at = 1;
    while at < names.len() {
        let suffix = match &names[at] {
            Name::Person(person) if person.given.is_empty() && crate::model::name::is_suffix(&person.family) => {
                person.family.clone()
            }
            Name::Person(_) | Name::Literal(_) | Name::Others => String::new(),
        };
        if let (false, Name::Person(before)) = (suffix.is_empty(), &mut names[at - 1]) {
            before.suffix = suffix;
            names.remove(at);
        } else {
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_told_from_titles() {
        for text in [
            "William Fedus, Jeff Dean, Barret Zoph",
            "Ann Lee and Bo Li",
            "J. Dean, G. Corrado, R. Monga",
            "Dean, J., Corrado, G. S. & Monga, R.",
            "Johannes van der Waals, Jeff Dean",
            "Yizhe Chi, Wenyi Li, et al.",
            "Jônatas Augusto Manzolli, Jiangbo Yu, Luis Miranda-Moreno",
            "Gemma Team, Morgane Riviere",
            "by Ann Lee, Bo Li",
            "Noam Shazeer et al.",
            "Francisco Carter, Nancy Hitschfeld, Cristóbal A. Navarro",
        ] {
            assert!(looks_like_list(text), "{text}");
        }
        for text in [
            "Attention Is All You Need",
            "The Carbon Footprint of Machine Learning Training Will Plateau, Then Shrink",
            "Computation and Language",
            "Carbon Emissions and Large Neural Network Training",
            "One Model, Multiple Modalities: A Sparsely Activated Approach for Text, Sound, Image, Video and Code",
            "23 pages",
            "Machine Learning, Computer Vision",
        ] {
            assert!(!looks_like_list(text), "{text}");
        }
    }

    #[test]
    fn names_are_read_in_order() {
        let check = |input: &str, expected: &str| {
            let people = read(input);
            let mut shown: Vec<String> = people.names.iter().map(Name::sorted).collect();
            if people.others {
                shown.push("+".to_owned());
            }
            assert_eq!(shown.join(" / "), expected, "{input}");
        };
        check("William Fedus, Jeff Dean, Barret Zoph", "Fedus, William / Dean, Jeff / Zoph, Barret");
        check(
            "Gemma Team, Morgane Riviere, , et al. (173 additional authors not shown)",
            "Gemma Team / Riviere, Morgane / +",
        );
        check("Ann Lee, Bo Li and 66 other authors", "Lee, Ann / Li, Bo / +");
        check("Ann Lee, + 8 authors", "Lee, Ann / +");
        check("Lee, Ann; Li, Bo", "Lee, Ann / Li, Bo");
        check("Dean, J., Corrado, G. S. & Monga, R.", "Dean, J. / Corrado, G. S. / Monga, R.");
        check("Ann Lee, Bo Li…", "Lee, Ann / Li, Bo / +");
        check("Ann Lee, Bo Li, Jr., Cy Wu", "Lee, Ann / Li, Bo, Jr. / Wu, Cy");
        check(",", "");
        assert!(is_others_line(", et al. (173 additional authors not shown)"));
        assert!(!is_others_line("Ann Lee et al."));
    }
}
