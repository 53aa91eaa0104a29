//! The names that open a formatted reference, in the forms of the common styles: `J. Dean`, `Dean, J.`, `Dean J`, `Dean,
//! Jeff, and Ann Lee`, `Jeff Dean`; and where the list ends.
//!
//! A style prints all names in one form, so the form of the first name says which words can be the next one. Knows single
//! texts only.

use super::people;
use crate::model::Name;
use crate::record;

/// The names at the head of a reference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Leading {
    pub(super) names: Vec<Name>,
    /// The list was cut: `et al.`
    pub(super) others: bool,
    /// The byte behind the last name or behind `et al.`
    pub(super) end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `J. Dean`
    InitialsFirst,
    /// `Dean, J.`
    Inverted,
    /// `Dean J`
    InitialsLast,
    /// `Dean, Jeff`, all others `Ann Lee`.
    InvertedFull,
    /// `Jeff Dean`
    Full,
}

/// Reads the names at the head of a text; none when it opens with something else.
pub(super) fn read(text: &str) -> Option<Leading> {
    use Form::{Full, InitialsFirst, InitialsLast, Inverted, InvertedFull};
    // The form that reads most names is the right one: `Juan E. Tapia and Ann Lee` opens as `Juan E` would.
    let lists = [InitialsFirst, Inverted, InitialsLast, InvertedFull, Full].into_iter();
    lists.rev().filter_map(|form| read_in(text, form)).max_by_key(|list| list.names.len() + usize::from(list.others))
}

/// Reads `Zhou M, Li B`: at least two names, each a surname with bare initials behind it, and nothing else.
pub(super) fn family_first(text: &str) -> Option<Vec<Name>> {
    let list = read_in(text.trim_end_matches(['.', ',', ' ']), Form::InitialsLast)?;
    let is_whole = list.names.len() >= 2 && !list.others && text[list.end..].trim_matches(['.', ',', ' ']).is_empty();
    is_whole.then_some(list.names)
}

fn read_in(text: &str, form: Form) -> Option<Leading> {
    let mut list = Leading::default();
    loop {
        let gap = if list.names.is_empty() { 0 } else { separator(&text[list.end..])? };
        let at = list.end + gap;
        let is_last = joins_last(&text[list.end..at]);
        if let Some(length) = others(&text[at..]).filter(|_| !list.names.is_empty()) {
            return Some(Leading { others: true, end: at + length, ..list });
        }
        let form = if form == Form::InvertedFull && !list.names.is_empty() { Form::Full } else { form };
        let Some((name, length)) = name(&text[at..], form) else { break };
        list.names.push(name);
        list.end = at + length;
        // `M. Zhou et al.` has no comma.
        let behind = &text[list.end..];
        if let Some(length) = behind.strip_prefix(' ').and_then(others) {
            return Some(Leading { others: true, end: list.end + 1 + length, ..list });
        }
        // Behind the last name a comma ends the list: `Ann Lee and Bo Li, Graph Learning, J. Learn. 3`.
        let goes_on = separator(behind)
            .is_some_and(|gap| !is_last || joins_last(&behind[..gap]) || others(&behind[gap..]).is_some());
        if !goes_on {
            break;
        }
    }
    (!list.names.is_empty() && ends_well(&text[list.end..])).then_some(list)
}

/// The length of what parts two names.
fn separator(text: &str) -> Option<usize> {
    const MARKS: [&str; 12] =
        [", and ", ", & ", "; and ", "; & ", " and ", " & ", ", … ", ", . . . ", ", ... ", ", ", "; ", ", \\& "];
    MARKS.iter().find(|mark| text.starts_with(**mark)).map(|mark| mark.len())
}

/// Whether the last name of a list follows.
fn joins_last(separator: &str) -> bool {
    separator.contains("and") || separator.contains('&')
}

fn others(text: &str) -> Option<usize> {
    let text_lower = super::links::bounded(text, 12).to_ascii_lowercase();
    ["et al.", "et al", "and others", "& others", "others", "et alii"]
        .iter()
        .find(|words| text_lower.starts_with(*words))
        .map(|words| words.len())
        .filter(|length| !text[*length..].starts_with(char::is_alphanumeric))
}

/// What may follow a list of authors: a stop, a colon, a year, a quoted title.
fn ends_well(text: &str) -> bool {
    text.is_empty()
        || [". ", ".,", ", ", ": ", "; ", " (", " [", ",“", ",\"", " “", " \""].iter().any(|mark| text.starts_with(mark))
        // The stop of the last initial ends the list too.
        || text.starts_with(' ')
}

fn name(text: &str, form: Form) -> Option<(Name, usize)> {
    let head = super::links::bounded(text, 120);
    match form {
        Form::InitialsFirst => {
            let given = initials(head)?;
            let rest = head[given..].trim_start_matches([' ', '~']);
            let from = head.len() - rest.len();
            let family = surname(rest)?;
            Some((Name::from_parts(&rest[..family], head[..given].trim(), ""), from + family))
        }
        Form::Inverted => {
            let family = surname(head)?;
            let rest = head[family..].strip_prefix(", ")?;
            let given = initials(rest)?;
            Some((Name::from_parts(&head[..family], rest[..given].trim(), ""), family + 2 + given))
        }
        Form::InitialsLast => {
            let family = surname_before(head, is_bare_initials)?;
            let rest = &head[family + 1..];
            let given = rest.find(|c: char| !c.is_uppercase() && c != '-').unwrap_or(rest.len());
            // `Muller H., Strasse J. Die Theorie`: some put a stop behind the initials.
            let stop = usize::from([".,", ".;", ". and ", ". &"].iter().any(|mark| rest[given..].starts_with(mark)));
            Some((Name::from_parts(&head[..family], &rest[..given], ""), family + 1 + given + stop))
        }
        Form::InvertedFull => {
            let family = surname(head)?;
            let rest = head[family..].strip_prefix(", ")?;
            let given = given_names(rest)?;
            // `Ann Lee, Bo Li, and Cy Wu` are full names: of two words before a comma and two behind it, none is a family.
            let words = |text: &str| text.split(' ').filter(|word| !people::is_particle(word)).count();
            if words(&head[..family]) > 1 && words(&rest[..given]) > 1 {
                return None;
            }
            let behind = &rest[given..];
            let goes_on = [". ", ", and ", ", et al", " (", ", "].iter().any(|mark| behind.starts_with(mark));
            goes_on.then(|| (Name::from_parts(&head[..family], &rest[..given], ""), family + 2 + given))
        }
        Form::Full => full(head),
    }
}

/// `J.`, `J. K.`, `J.-P.`, `J.K.`, `Ch.`: the bytes of the initials, their last stop included.
fn initials(text: &str) -> Option<usize> {
    let mut end = 0;
    loop {
        let rest = text[end..].trim_start_matches([' ', '-', '‐', '~']);
        let from = text.len() - rest.len();
        let letters = rest.chars().take_while(|c| c.is_alphabetic()).count();
        let width: usize = rest.chars().take(letters).map(char::len_utf8).sum();
        let short = (1..=2).contains(&letters) && rest.starts_with(char::is_uppercase);
        if !short || !rest[width..].starts_with('.') {
            break;
        }
        end = from + width + 1;
    }
    (end > 0).then_some(end)
}

fn is_bare_initials(word: &str) -> bool {
    (1..=3).contains(&word.chars().count()) && word.chars().all(|c| c.is_uppercase() || c == '-')
}

/// The bytes of a surname with its particles.
fn surname(text: &str) -> Option<usize> {
    let mut end = 0;
    let mut capitals = 0;
    for word in text.split([' ', '~']).take(4) {
        let core = word.trim_end_matches([',', '.', ';', ':', '”', '"']);
        let particle = word.len() == core.len() && people::is_particle(core);
        if !(particle || is_name_word(core)) {
            break;
        }
        let start = if end == 0 { 0 } else { end + 1 };
        end = start + core.len();
        capitals += usize::from(!particle);
        if core.len() < word.len() || capitals == 3 {
            break;
        }
    }
    (capitals > 0).then_some(end)
}

/// The bytes of a surname up to the blank before a word that is asked for.
fn surname_before(text: &str, wanted: impl Fn(&str) -> bool) -> Option<usize> {
    let mut end = 0;
    for (at, word) in text.split(' ').take(5).enumerate() {
        let core = word.trim_end_matches([',', '.', ';', ':']);
        if at > 0 && wanted(core) {
            return Some(end);
        }
        if core.len() < word.len() || !(people::is_particle(core) || is_name_word(core)) {
            return None;
        }
        end += word.len() + usize::from(at > 0);
    }
    None
}

fn given_names(text: &str) -> Option<usize> {
    let mut end = 0;
    for word in text.split(' ').take(4) {
        let start = if end == 0 { 0 } else { end + 1 };
        // `Md. Kamrul`: two letters at the head abbreviate a name.
        if let Some(length) = initials(word).filter(|length| end > 0 || *length == "Md.".len()) {
            end = start + length;
            if word.len() > length {
                break;
            }
            continue;
        }
        let core = word.trim_end_matches([',', '.', ';', ':']);
        if !is_name_word(core) {
            break;
        }
        end = start + core.len();
        if core.len() < word.len() {
            break;
        }
    }
    (end > 0).then_some(end)
}

/// `Jeff Dean`, `Jeffrey A. Dean`, `Johannes van der Waals`: up to the mark behind it.
fn full(text: &str) -> Option<(Name, usize)> {
    let mut end = 0;
    for word in text.split(' ').take(6) {
        let start = if end == 0 { 0 } else { end + 1 };
        if matches!(word, "and" | "&" | "et") || word.starts_with(['(', '[', '“', '"']) {
            break;
        }
        // A surname of two letters before a stop looks like an initial of two.
        let is_initial = initials(word) == Some(word.len()) && word.chars().count() == 2;
        let core = if is_initial { word } else { word.trim_end_matches([',', '.', ';', ':']) };
        end = start + core.len();
        if core.len() < word.len() {
            break;
        }
    }
    let words = &text[..end];
    (people::is_name(words) && !words.ends_with('.')).then(|| (record::author_from_display(words), end))
}

fn is_name_word(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 2
        && word.chars().count() <= 30
        && (word.starts_with(char::is_uppercase) || word.starts_with("d'") || word.starts_with("d’"))
        && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '‐' | '\u{300}'..='\u{36f}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_common_styles() {
        let check = |input: &str, expected: &str| {
            let shown = read(input).map_or("-".to_owned(), |list| {
                let mut names: Vec<String> = list.names.iter().map(Name::sorted).collect();
                names.extend(list.others.then(|| "+".to_owned()));
                format!("{} | {}", names.join(" / "), &input[list.end..])
            });
            assert_eq!(shown, expected, "{input}");
        };
        check("Zhou M, Li B, Liu J, et al. Title", "Zhou, M / Li, B / Liu, J / + |  Title");
        check("J. Dean et al. Large scale", "Dean, J. / + |  Large scale");
        check(
            "Dean, J., Corrado, G. S. & Monga, R. Large scale",
            "Dean, J. / Corrado, G. S. / Monga, R. |  Large scale",
        );
        check("Dean, Jeff, Ann Lee, and Bo Li. “Large", "Dean, Jeff / Lee, Ann / Li, Bo | . “Large");
        check("Y. Ma, J. Li, Towards Better Things, 2024", "Ma, Y. / Li, J. | , Towards Better Things, 2024");
        check("Jeff Dean and Ann B. Lee. 2012. Large", "Dean, Jeff / Lee, Ann B. | . 2012. Large");
        check("Dean, J.; Lee, A. B. Large", "Dean, J. / Lee, A. B. |  Large");
        check("Ann Lee, Hamid Reza Joze, and Bo Li. Large", "Lee, Ann / Joze, Hamid Reza / Li, Bo | . Large");
        check("Juan E. Tapia and Ann Lee. 2025. Large", "Tapia, Juan E. / Lee, Ann | . 2025. Large");
        check("Hossain, Md. Kamrul, et al. “Large", "Hossain, Md. Kamrul / + |  “Large");
        check("Ann Lee and Bo Li, Graph Learning, J. Learn. 3", "Lee, Ann / Li, Bo | , Graph Learning, J. Learn. 3");
        check("Attention is all you need. arXiv", "-");
        check("Muller H., Strasse J. Die Theorie", "Muller, H / Strasse, J | . Die Theorie");
        check("J.-P. van der Berg, Title", "van der Berg, J.-P. | , Title");
    }
}
