//! How a `.bib` file is laid out: indentation, signs round `=`, delimiters, letter case of names, the comma behind the
//! last field. What is new in a file looks like its neighbours.
//!
//! Each habit is taken from the entry at hand; where the entry does not show it, from most entries of the file; where that
//! has none, it is bibmill's own.

use crate::format::bibtex::syntax::{Block, BlockKind, Part, RawEntry, RawField, split};
use std::collections::HashMap;
use std::hash::Hash;

/// How entries are laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// What ends a line.
    pub(super) newline: &'static str,
    /// Between the key and the first field, the comma with it.
    pub(super) opening: String,
    /// Between a value and the next field's name, the comma with it.
    pub(super) separator: String,
    /// Between the last value, or its comma, and the closing bracket.
    pub(super) closing: String,
    /// Whether a comma stands behind the last field.
    pub(super) trailing_comma: bool,
    /// What stands before `=`.
    before_equals: Gap,
    /// What stands behind `=`.
    after_equals: String,
    /// Whether values stand in quotes.
    quotes: bool,
    /// Whether numbers stand bare.
    bare_numbers: bool,
    /// How field names are written.
    names: Case,
    /// How entry types are written.
    types: Case,
    /// Between two entries.
    between: String,
}

/// What stands between a name and `=`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Gap {
    /// The same everywhere.
    Fixed(String),
    /// Names begin below one another, and so do the signs: so far behind the beginning of the name.
    Left(usize),
    /// Names end below one another, this far from the beginning of the line; what follows is the same everywhere.
    Right(usize, String),
}

/// Letter case of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Case {
    /// As the word is usually written.
    Usual,
    Lower,
    Upper,
    Capital,
}

/// How many entries of a file are looked at; of longer files these many, evenly spread.
const LOOKED_AT: usize = 2000;

impl Default for Style {
    fn default() -> Self {
        Self {
            newline: "\n",
            opening: ",\n  ".to_owned(),
            separator: ",\n  ".to_owned(),
            closing: "\n".to_owned(),
            trailing_comma: true,
            before_equals: Gap::Fixed(" ".to_owned()),
            after_equals: " ".to_owned(),
            quotes: false,
            bare_numbers: false,
            names: Case::Usual,
            types: Case::Usual,
            between: "\n\n".to_owned(),
        }
    }
}

impl Style {
    /// The style of most entries of a file.
    pub fn of_file(text: &str) -> Self {
        let mut house = Self { newline: newline_of(text), ..Self::default() };
        if house.newline != "\n" {
            for part in [&mut house.opening, &mut house.separator, &mut house.closing, &mut house.between] {
                *part = part.replace('\n', house.newline);
            }
        }
        let is_entry = |block: &Block<'_>| matches!(block.kind, BlockKind::Entry(_));
        let count = split(text).filter(is_entry).count();
        let step = count.div_ceil(LOOKED_AT).max(1);
        let mut seen = Vec::new();
        for block in split(text).filter(is_entry).step_by(step) {
            if let BlockKind::Entry(raw) = &block.kind {
                seen.push(Shown::of(text, &block, raw));
            }
        }
        house.take(&Shown::most(&seen));
        if let Some(between) = between_entries(text) {
            house.between = between;
        }
        house
    }

    /// The style of one entry; what it does not show is the house's.
    pub fn of_entry(text: &str, block: &Block<'_>, raw: &RawEntry<'_>, house: &Self) -> Self {
        let mut style = house.clone();
        style.take(&Shown::of(text, block, raw));
        style
    }

    fn take(&mut self, shown: &Shown) {
        let keep = |to: &mut String, from: &Option<String>| {
            if let Some(from) = from {
                to.clone_from(from);
            }
        };
        keep(&mut self.opening, &shown.opening);
        keep(&mut self.separator, &shown.separator);
        keep(&mut self.closing, &shown.closing);
        if let Some((before, after)) = &shown.equals {
            self.before_equals = before.clone();
            self.after_equals.clone_from(after);
        }
        self.trailing_comma = shown.trailing_comma.unwrap_or(self.trailing_comma);
        self.quotes = shown.quotes.unwrap_or(self.quotes);
        self.bare_numbers = shown.bare_numbers.unwrap_or(self.bare_numbers);
        self.names = match shown.names {
            // Small letters alone do not show how `archivePrefix` is written.
            None if shown.equals.is_some() && self.names != Case::Lower => Case::Usual,
            None => self.names,
            Some(names) => names,
        };
        self.types = shown.types.unwrap_or(self.types);
    }

    /// Appends a field behind `lead`, which is the opening or the separator.
    pub(super) fn push_field(&self, lead: &str, name: &str, value: &str, out: &mut String) {
        let name = self.names.apply(name);
        match &self.before_equals {
            Gap::Fixed(gap) => out.extend([lead, &name, gap]),
            Gap::Left(column) => {
                let blanks = column.saturating_sub(name.len()).max(1);
                out.extend([lead, &name]);
                out.extend(std::iter::repeat_n(' ', blanks));
            }
            Gap::Right(column, gap) => {
                out.push_str(lead.trim_end_matches(' '));
                out.extend(std::iter::repeat_n(' ', column.saturating_sub(name.len()).max(1)));
                out.extend([name.as_str(), gap]);
            }
        }
        out.extend(["=", &self.after_equals, value]);
    }

    /// What stands between two entries.
    pub fn between(&self) -> &str {
        &self.between
    }

    /// A value between the delimiters that are the habit here.
    pub(super) fn delimited(&self, content: &str) -> String {
        let is_number = !content.is_empty() && content.bytes().all(|b| b.is_ascii_digit());
        if is_number && self.bare_numbers {
            content.to_owned()
        } else if self.quotes && fits_quotes(content) {
            format!("\"{content}\"")
        } else {
            format!("{{{content}}}")
        }
    }

    /// The same style with other delimiters.
    pub(super) fn with_delimiters(&self, quotes: bool, bare_numbers: bool) -> Self {
        Self { quotes, bare_numbers, ..self.clone() }
    }

    /// An entry type in the letter case that is the habit here.
    pub(super) fn type_word(&self, word: &str) -> String {
        self.types.apply(word)
    }
}

impl Case {
    fn of(words: &[&str]) -> Option<Self> {
        let letters = |word: &&&str| word.bytes().any(|b| b.is_ascii_alphabetic());
        let words: Vec<&str> = words.iter().filter(letters).copied().collect();
        let all = |is: fn(&str) -> bool| words.iter().all(|word| is(word));
        if words.is_empty() {
            None
        } else if all(|word| !word.bytes().any(|b| b.is_ascii_lowercase())) {
            Some(Self::Upper)
        } else if all(|word| word.starts_with(|c: char| c.is_ascii_uppercase())) {
            Some(Self::Capital)
        } else if words.iter().any(|word| USUAL.contains(word)) {
            Some(Self::Usual)
        } else if words.iter().any(|word| USUAL.iter().any(|usual| usual.eq_ignore_ascii_case(word))) {
            // `archiveprefix` shows that not even such a name has a capital here.
            Some(Self::Lower)
        } else {
            None
        }
    }

    fn apply(self, word: &str) -> String {
        match self {
            Self::Usual => word.to_owned(),
            Self::Lower => word.to_ascii_lowercase(),
            Self::Upper => word.to_ascii_uppercase(),
            Self::Capital => {
                let mut word = word.to_owned();
                if let Some(first) = word.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                word
            }
        }
    }
}

/// Names that are usually written with a capital inside.
const USUAL: [&str; 3] = ["archivePrefix", "primaryClass", "reportNumber"];

/// The habits that an entry shows.
#[derive(Clone, Debug, Default)]
struct Shown {
    opening: Option<String>,
    separator: Option<String>,
    closing: Option<String>,
    trailing_comma: Option<bool>,
    /// What stands before and behind the sign.
    equals: Option<(Gap, String)>,
    quotes: Option<bool>,
    bare_numbers: Option<bool>,
    names: Option<Case>,
    types: Option<Case>,
}

impl Shown {
    fn of(text: &str, block: &Block<'_>, raw: &RawEntry<'_>) -> Self {
        let fields = &raw.fields;
        let mut shown = Self { types: Case::of(&[raw.word]), ..Self::default() };
        let (Some(first), Some(last)) = (fields.first(), fields.last()) else { return shown };
        let before = &text[raw.key_range.end..first.range.start];
        shown.opening = is_separator(before).then(|| before.to_owned());
        let between = fields.windows(2).map(|pair| &text[pair[0].range.end..pair[1].range.start]);
        let separators = between.filter(|between| is_separator(between)).map(str::to_owned);
        shown.separator = most(separators).or_else(|| shown.opening.clone());
        let after_equals = most(fields.iter().map(|field| {
            let head = &text[field.range.start..field.value_at];
            head[head.find('=').map_or(head.len(), |at| at + 1)..].to_owned()
        }));
        shown.equals = gap(text, fields).zip(after_equals);
        shown.names = Case::of(&fields.iter().map(|field| field.name).collect::<Vec<_>>());
        let tail = text[last.range.end..block.range.end].trim_end_matches(['}', ')']);
        let behind = tail.trim_start();
        shown.trailing_comma = Some(behind.starts_with(','));
        let closing = behind.strip_prefix(',').unwrap_or(tail);
        shown.closing = closing.trim().is_empty().then(|| closing.to_owned());
        let parts = |is: fn(&Part<'_>) -> bool| fields.iter().filter(|field| is(&field.value.first)).count();
        let quoted = parts(|part| matches!(part, Part::Quoted(_)));
        let braced = parts(|part| matches!(part, Part::Braced(_)));
        let bare = parts(|part| matches!(part, Part::Number(_)));
        shown.quotes = (quoted + braced > 0).then_some(quoted > braced);
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let delimited = fields
            .iter()
            .filter(|field| matches!(field.value.first, Part::Quoted(text) | Part::Braced(text) if is_number(text)));
        shown.bare_numbers = Some(bare > delimited.count()).filter(|is| *is || quoted + braced > 0);
        shown
    }

    /// Of each habit the most frequent one.
    fn most(seen: &[Self]) -> Self {
        Self {
            opening: most(seen.iter().filter_map(|shown| shown.opening.clone())),
            separator: most(seen.iter().filter_map(|shown| shown.separator.clone())),
            closing: most(seen.iter().filter_map(|shown| shown.closing.clone())),
            trailing_comma: most(seen.iter().filter_map(|shown| shown.trailing_comma)),
            equals: most(seen.iter().filter_map(|shown| shown.equals.clone())),
            quotes: most(seen.iter().filter_map(|shown| shown.quotes)),
            bare_numbers: most(seen.iter().filter_map(|shown| shown.bare_numbers)),
            names: Self::most_names(seen),
            types: most(seen.iter().filter_map(|shown| shown.types)),
        }
    }
}

impl Shown {
    /// How most entries write names; where they are in small letters, one entry with `archiveprefix` speaks for all.
    fn most_names(seen: &[Self]) -> Option<Case> {
        let usual = most(seen.iter().map(|shown| shown.names.unwrap_or(Case::Usual)))?;
        let shows = |case| seen.iter().any(|shown| shown.names == Some(case));
        Some(if usual == Case::Usual && shows(Case::Lower) && !shows(Case::Usual) { Case::Lower } else { usual })
    }
}

/// The most frequent value; of equally frequent ones the one that came last: what is new will stand behind it.
fn most<T: Hash + Eq>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: HashMap<T, (usize, usize)> = HashMap::new();
    for (place, value) in values.enumerate() {
        let count = counts.entry(value).or_default();
        *count = (count.0 + 1, place);
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(value, _)| value)
}

/// Whether what stands between two fields is blanks and one comma.
fn is_separator(between: &str) -> bool {
    between.trim() == ","
}

/// What stands before the signs of equality, and how they are aligned.
fn gap(text: &str, fields: &[RawField<'_>]) -> Option<Gap> {
    let gap_of = |field: &RawField<'_>| {
        let head = &text[field.range.start + field.name.len()..field.value_at];
        head[..head.find('=').unwrap_or(0)].to_owned()
    };
    let column_of = |field: &RawField<'_>| {
        let line = text[..field.range.start].rfind(['\n', '\r']).map_or(0, |end| end + 1);
        field.range.start - line
    };
    let gaps: Vec<String> = fields.iter().map(gap_of).collect();
    let fixed = most(gaps.iter().cloned());
    let lengths: Vec<usize> = fields.iter().map(|field| field.name.len()).collect();
    if gaps.iter().any(|gap| gap.contains(|c| c != ' ')) || lengths.iter().all(|len| *len == lengths[0]) {
        return fixed.map(Gap::Fixed);
    }
    let columns: Vec<usize> = fields.iter().map(column_of).collect();
    let ends: Vec<usize> = lengths.iter().zip(&columns).map(|(len, column)| len + column).collect();
    if same(&ends) && same(&gaps) && !same(&columns) {
        return fixed.map(|gap| Gap::Right(ends[0], gap));
    }
    let signs: Vec<usize> = lengths.iter().zip(&gaps).map(|(len, gap)| len + gap.len()).collect();
    // A name that is too long for its column does not make the others unaligned.
    let column = most(signs.iter().copied())?;
    let fitting = signs.iter().filter(|sign| **sign == column).count();
    let aligned = fitting * 3 >= signs.len() * 2 && fitting > 1 && !same(&gaps) && same(&columns);
    if aligned { Some(Gap::Left(column)) } else { fixed.map(Gap::Fixed) }
}

fn same<T: PartialEq>(values: &[T]) -> bool {
    values.iter().all(|value| Some(value) == values.first())
}

/// What ends most lines of a text.
pub fn newline_of(text: &str) -> &'static str {
    let bytes = text.as_bytes();
    let feeds = memchr::memchr_iter(b'\n', bytes).count();
    let pairs = memchr::memmem::find_iter(bytes, b"\r\n").count();
    let returns = memchr::memchr_iter(b'\r', bytes).count() - pairs;
    if pairs * 2 > feeds {
        "\r\n"
    } else if returns > feeds {
        "\r"
    } else {
        "\n"
    }
}

/// What stands between two entries most often, of the last hundred.
fn between_entries(text: &str) -> Option<String> {
    let mut gaps: Vec<&str> = Vec::new();
    // What stands behind the last entry; nothing before the first.
    let mut behind = None;
    for block in split(text) {
        match block.kind {
            BlockKind::Entry(_) => {
                let gap = behind.replace("");
                gaps.extend(gap.filter(|gap| gap.trim().is_empty() && gap.contains(['\n', '\r'])));
            }
            BlockKind::Text => behind = behind.map(|_| &text[block.range]),
            BlockKind::Strings(_) | BlockKind::Preamble | BlockKind::Comment | BlockKind::Failed => behind = None,
        }
    }
    let recent = gaps.len().saturating_sub(100);
    most(gaps[recent..].iter().map(|gap| (*gap).to_owned()))
}

/// Whether a value can stand between quotes: it has none outside braces.
fn fits_quotes(content: &str) -> bool {
    let mut depth = 0_usize;
    content.bytes().all(|byte| {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        byte != b'"' || depth > 0
    })
}

/// A printed entry in another style, and the byte just behind its key. What is no entry stays as it is.
pub fn restyled(printed: &str, style: &Style) -> (String, Option<usize>) {
    let block = split(printed).next();
    let Some(Block { kind: BlockKind::Entry(raw), .. }) = block else { return (printed.to_owned(), None) };
    let mut out = format!("@{}{{{}", style.type_word(raw.word), raw.key);
    let key_end = out.len();
    for (at, field) in raw.fields.iter().enumerate() {
        let lead = if at == 0 { &style.opening } else { &style.separator };
        style.push_field(lead, field.name, &value_in(printed, field, style), &mut out);
    }
    if style.trailing_comma && !raw.fields.is_empty() {
        out.push(',');
    }
    out.push_str(&style.closing);
    out.push('}');
    (out, Some(key_end))
}

/// A value of a printed entry: text between the style's delimiters, what is composed as it is.
pub(super) fn value_in(printed: &str, field: &RawField<'_>, style: &Style) -> String {
    match (field.value.first, field.value.rest.is_empty()) {
        (Part::Braced(content) | Part::Quoted(content) | Part::Number(content), true) => style.delimited(content),
        _ => printed[field.value_at..field.range.end].to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str, expected: &str) {
        let printed = "@misc{k,\n  author = {A, B},\n  archivePrefix = {arXiv},\n  year = {2020},\n  month = jun,\n}\n";
        let style = Style::of_file(file);
        assert_eq!(restyled(printed, &style).0, expected, "{style:?}");
    }

    #[test]
    fn new_entries_look_like_the_others() {
        check("", "@misc{k,\n  author = {A, B},\n  archivePrefix = {arXiv},\n  year = {2020},\n  month = jun,\n}");
        check(
            "@Article{a,\r\n\tTitle=\"x\",\r\n\tYear=2000\r\n\t}\r\n",
            "@Misc{k,\r\n\tAuthor=\"A, B\",\r\n\tArchivePrefix=\"arXiv\",\r\n\tYear=2020,\r\n\tMonth=jun\r\n\t}",
        );
        check(
            "@ARTICLE{a,\n    AUTHOR = {x},\n     TITLE = {y},\n      YEAR = {2000},\n}",
            "@MISC{k,\n    AUTHOR = {A, B},\n ARCHIVEPREFIX = {arXiv},\n      YEAR = {2020},\n     MONTH = jun,\n}",
        );
        check(
            "@article{a,\n  author    = {x},\n  title     = {y},\n  publisher = {z},\n  archiveprefix = {q}\n}",
            "@misc{k,\n  author    = {A, B},\n  archiveprefix = {arXiv},\n  year      = {2020},\n  month     = jun\n}",
        );
        check(
            "@article{a\n, title = {x}\n, year = {2000}\n}",
            "@misc{k\n, author = {A, B}\n, archivePrefix = {arXiv}\n, year = {2020}\n, month = jun\n}",
        );
        check(
            "@misc{a, title={x}, year={1}}",
            "@misc{k, author={A, B}, archivePrefix={arXiv}, year={2020}, month=jun}",
        );
    }

    #[test]
    fn quotes_only_where_they_can_stand() {
        let style = Style { quotes: true, ..Style::default() };
        assert_eq!(style.delimited("a {\"}b"), "\"a {\"}b\"");
        assert_eq!(style.delimited("a \"b\""), "{a \"b\"}");
    }
}
