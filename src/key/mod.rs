//! Citation keys: made from an entry by a pattern, kept where they exist, told apart where they collide.
//!
//! Patterns are JabRef's bracket patterns (JabRef documentation, "Customize the citation key generator"), parsed once into
//! a program. The default makes the keys of Google Scholar. A key is ASCII in every format, so that it can be typed, sorted
//! and used in file names. Knows the model and no format; whoever writes the entries hands over the keys that exist.

mod assign;
mod pattern;
mod words;

pub use assign::{Claim, KeptKeys, Order, Right, Suffix, assign};
pub use pattern::Pattern;

use crate::model::{Date, DateField, Day, Entry, Identifier, Kind, ListField, Name, PlainField, Role, Text, TextField};
use pattern::{Case, Field, Marker, Modifier, Part, People};
use std::borrow::Cow;
use words::{fold_to_ascii, plain_words, significant_words};

/// The pattern of Google Scholar's keys: `saab2024capabilities`.
pub const DEFAULT_PATTERN: &str = "[auth:lower][year][veryshorttitle:lower]";

/// How many words of an entry without authors make its key.
const OWN_WORDS: usize = 3;

impl Pattern {
    /// The key of an entry: ASCII, never empty.
    ///
    /// An entry that lacks the people whom the pattern asks for gets a key from its own words: of its title, else of its
    /// abstract, else its identifier.
    pub fn key(&self, entry: &Entry) -> String {
        let lacks_people = self.asks_for_people() && people(entry, People::AUTHORS_OR_EDITORS).next().is_none();
        if lacks_people {
            return own_words(entry);
        }
        let mut key = String::with_capacity(32);
        for part in &self.parts {
            match part {
                Part::Literal(text) => key.push_str(text),
                Part::Bracket { marker, case, modifiers } => {
                    push_bracket(entry, marker, *case, modifiers, &mut key);
                }
            }
        }
        let key = clean(key);
        if key.is_empty() { own_words(entry) } else { key }
    }
}

/// Appends the value of one bracket, modifiers applied in order.
fn push_bracket(entry: &Entry, marker: &Marker, case: Case, modifiers: &[Modifier], key: &mut String) {
    let mut value = value_of(entry, marker);
    match case {
        Case::AsIs => {}
        Case::Capital => value = Cow::Owned(capitalize(&value)),
        Case::Upper => value = Cow::Owned(value.to_uppercase()),
    }
    for modifier in modifiers {
        value = apply(modifier, value);
    }
    key.push_str(&value);
}

fn apply<'v>(modifier: &'v Modifier, value: Cow<'v, str>) -> Cow<'v, str> {
    match modifier {
        Modifier::Lower if value.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) => value,
        Modifier::Lower => Cow::Owned(value.to_lowercase()),
        Modifier::Upper => Cow::Owned(value.to_uppercase()),
        Modifier::Capitalize | Modifier::TitleCase => Cow::Owned(each_word(&value, capitalize)),
        Modifier::SentenceCase => Cow::Owned(capitalize(&value.to_lowercase())),
        Modifier::Abbreviate => Cow::Owned(
            value.split(|c: char| c.is_whitespace() || c == '-').filter_map(|word| word.chars().next()).collect(),
        ),
        Modifier::Truncate(most) => Cow::Owned(value.chars().take(*most).collect()),
        Modifier::Fallback(other) if value.is_empty() => Cow::Borrowed(other),
        Modifier::Fallback(_) => value,
    }
}

fn each_word(value: &str, change: impl Fn(&str) -> String) -> String {
    value.split(' ').map(change).collect::<Vec<_>>().join(" ")
}

/// The first letter in upper case, the rest as it is.
fn capitalize(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The value of a marker, in Unicode and with its blanks.
fn value_of<'e>(entry: &'e Entry, marker: &Marker) -> Cow<'e, str> {
    match marker {
        Marker::People(kind, form) => form.print(&people(entry, *kind).collect::<Vec<_>>()),
        Marker::Year => Cow::Owned(first_day(entry).map(year_digits).unwrap_or_default()),
        Marker::ShortYear => {
            Cow::Owned(first_day(entry).map(year_digits).as_deref().map_or_else(String::new, last_two))
        }
        Marker::Month => Cow::Owned(two_digits(first_day(entry).and_then(|day| day.month))),
        Marker::Day => Cow::Owned(two_digits(first_day(entry).and_then(|day| day.day))),
        Marker::Date => Cow::Owned(first_day(entry).map(Day::calendar).unwrap_or_default()),
        Marker::FullTitle => title_of(entry).map_or(Cow::Borrowed(""), plain),
        Marker::Title => {
            Cow::Owned(title_words(entry, false).map(|word| words::capitalize_significant(&word)).collect())
        }
        Marker::TitleWords(most) => Cow::Owned(title_words(entry, true).take(*most).map(|w| capitalize(&w)).collect()),
        Marker::TitleInitials(most) => {
            Cow::Owned(title_words(entry, true).take(*most).filter_map(|word| word.chars().next()).collect())
        }
        Marker::VeryShortTitle => {
            let word = title_of(entry).and_then(|title| words::first_significant_word(&plain(title)));
            Cow::Owned(word.unwrap_or_default())
        }
        Marker::EntryType => Cow::Borrowed(entry_type(entry.kind)),
        Marker::FirstPage => {
            Cow::Owned(page_numbers(entry).into_iter().min().map_or_else(String::new, |n| n.to_string()))
        }
        Marker::LastPage => {
            Cow::Owned(page_numbers(entry).into_iter().max().map_or_else(String::new, |n| n.to_string()))
        }
        Marker::PagePrefix => Cow::Borrowed(page_prefix(entry)),
        Marker::Keyword(at) => keyword(entry, *at),
        Marker::Keywords(most) => Cow::Owned(keywords(entry).take(*most).map(Text::to_plain).collect()),
        Marker::Field(field) => field_value(entry, field),
    }
}

/// The people of the first role that has any.
fn people(entry: &Entry, kind: People) -> impl Iterator<Item = &Name> {
    let role = kind.roles().iter().copied().find(|role| entry.people_as(*role).any(|name| !name.is_others()));
    entry.people_as(role.unwrap_or(Role::Author)).filter(move |name| role.is_some() && !name.is_others())
}

/// The day of the first version, so that a key does not move when a paper is revised.
fn first_day(entry: &Entry) -> Option<&Day> {
    let date = entry.dates.get(DateField::Submitted).filter(|date| date.first().is_some());
    date.or_else(|| entry.dates.get(DateField::Issued)).and_then(Date::first)
}

fn year_digits(day: &Day) -> String {
    Day::year(day.year).calendar()
}

fn last_two(year: &str) -> String {
    let start = year.len().saturating_sub(2);
    year[start..].to_owned()
}

fn two_digits(number: Option<u8>) -> String {
    number.map_or_else(String::new, |number| format!("{number:02}"))
}

fn title_of(entry: &Entry) -> Option<&Text> {
    [TextField::Title, TextField::ContainerTitle].into_iter().find_map(|field| entry.texts.get(field))
}

fn title_words(entry: &Entry, significant: bool) -> impl Iterator<Item = String> + '_ {
    let title = title_of(entry).map_or(Cow::Borrowed(""), plain);
    if significant { significant_words(&title) } else { plain_words(&title) }.into_iter()
}

fn plain(text: &Text) -> Cow<'_, str> {
    text.as_plain().map_or_else(|| Cow::Owned(text.to_plain()), Cow::Borrowed)
}

fn page_numbers(entry: &Entry) -> Vec<u64> {
    let pages = entry.plain.get(PlainField::Pages).map_or("", String::as_str);
    pages.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

fn page_prefix(entry: &Entry) -> &str {
    let pages = entry.plain.get(PlainField::Pages).map_or("", String::as_str);
    &pages[..pages.find(|c: char| c.is_ascii_digit()).unwrap_or(0)]
}

fn keywords(entry: &Entry) -> impl Iterator<Item = &Text> {
    entry.lists.get(ListField::Keyword).into_iter().flatten()
}

fn keyword(entry: &Entry, at: usize) -> Cow<'_, str> {
    keywords(entry).nth(at.saturating_sub(1)).map_or(Cow::Borrowed(""), plain)
}

fn field_value<'e>(entry: &'e Entry, field: &Field) -> Cow<'e, str> {
    match field {
        Field::Arxiv => Cow::Borrowed(entry.arxiv().map_or("", |id| id.id())),
        Field::Id(scheme) => Cow::Borrowed(entry.id(*scheme).unwrap_or_default()),
        Field::Text(field) => entry.texts.get(*field).map_or(Cow::Borrowed(""), plain),
        Field::List(field) => entry.lists.get(*field).and_then(|list| list.first()).map_or(Cow::Borrowed(""), plain),
        Field::Plain(field) => Cow::Borrowed(entry.plain.get(*field).map_or("", String::as_str)),
        Field::Date(field) => Cow::Owned(entry.dates.get(*field).map(ToString::to_string).unwrap_or_default()),
        Field::Key => Cow::Borrowed(entry.key.as_deref().unwrap_or_default()),
        Field::Foreign(name) => Cow::Borrowed(
            entry.foreign.iter().find(|f| f.name.eq_ignore_ascii_case(name)).map_or("", |f| f.value.as_str()),
        ),
    }
}

/// BibTeX's word where it has one, as JabRef's `[entrytype]` gives it; else the model's.
const fn entry_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Preprint | Kind::Misc => "misc",
        Kind::JournalArticle | Kind::MagazineArticle | Kind::NewspaperArticle => "article",
        Kind::ConferencePaper => "inproceedings",
        Kind::Chapter => "inbook",
        Kind::InCollection => "incollection",
        Kind::DoctoralThesis => "phdthesis",
        Kind::MastersThesis => "mastersthesis",
        Kind::Report => "techreport",
        other => other.name(),
    }
}

/// A key for an entry that nobody signed: its first significant words and its year, else its identifier.
fn own_words(entry: &Entry) -> String {
    let text = [TextField::Title, TextField::Abstract, TextField::Note, TextField::Comment]
        .into_iter()
        .find_map(|field| entry.texts.get(field).filter(|text| !text.is_empty()))
        .map_or(Cow::Borrowed(""), plain);
    // The words of a long abstract are not needed.
    let end = text.char_indices().nth(300).map_or(text.len(), |(at, _)| at);
    // A number says little, and a key that begins with a digit is refused by some programs.
    let words = significant_words(&text[..end]).into_iter();
    let mut key: String =
        words.filter(|word| !word.starts_with(|c: char| c.is_ascii_digit())).take(OWN_WORDS).collect();
    key.make_ascii_lowercase();
    if !key.is_empty() {
        key.push_str(&first_day(entry).map(year_digits).unwrap_or_default());
    }
    let key = clean(key);
    if !key.is_empty() {
        return key;
    }
    let id = entry.ids.first().map(Identifier::value).map(clean).filter(|id| !id.is_empty());
    id.unwrap_or_else(|| "entry".to_owned())
}

/// Leaves only what every format, shell and file system takes in a key.
fn clean(key: String) -> String {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b':' | b'_' | b'.' | b'+' | b'/' | b'-');
    if key.bytes().all(allowed) {
        return key;
    }
    let mut key = fold_to_ascii(&key).into_owned();
    key.retain(|c| u8::try_from(c).is_ok_and(allowed));
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ArxivId;

    fn entry(authors: &[&str], year: i32, title: &str) -> Entry {
        let mut entry = Entry::new(Kind::Preprint);
        for author in authors {
            let name = match author.strip_prefix('{') {
                Some(team) => Name::Literal(team.trim_end_matches('}').to_owned()),
                None => Name::from_display(author),
            };
            entry.people.push((Role::Author, name));
        }
        if year != 0 {
            entry.dates.set(DateField::Issued, Date::Day(Day::month(year, 4)));
        }
        if !title.is_empty() {
            entry.texts.set(TextField::Title, Text::plain(title));
        }
        entry
    }

    #[test]
    fn google_scholars_keys() {
        let pattern = Pattern::default();
        let check = |author: &str, year: i32, title: &str, expected: &str| {
            assert_eq!(pattern.key(&entry(&[author, "Jeff Dean"], year, title)), expected);
        };
        check("Khaled Saab", 2024, "Capabilities of Gemini Models in Medicine", "saab2024capabilities");
        check("Aakanksha Chowdhery", 2022, "PaLM: Scaling Language Modeling with Pathways", "chowdhery2022palm");
        check("Barret Zoph", 2022, "ST-MoE: Designing Stable Sparse Expert Models", "zoph2022st");
        check("{Gemma Team}", 2024, "Gemma: Open Models Based on Gemini", "team2024gemma");
        check("Ashish Vaswani", 2017, "Attention Is All You Need", "vaswani2017attention");
        check("Rishi Bommasani", 2021, "On the Opportunities and Risks", "bommasani2021opportunities");
        check("Tim Dettmers", 2021, "8-bit Optimizers via Block-wise Quantization", "dettmers20218");
        check("Bernhard Schölkopf", 1998, "«Ähnliche» Kerne", "scholkopf1998ahnliche");
        check("Hans van der Waals", 1873, "Over de Continuiteit", "waals1873over");
        check("Charline Le Lan", 2021, "'Tis a title", "lelan2021tis");
        check("H. Shalev-Shwartz", 2014, "Let's Verify", "shalevshwartz2014let");
        check("Łukasz Kaiser", 2017, "$O(n)$ Models", "kaiser2017o");
    }

    #[test]
    fn patterns() {
        let five = ["Isaac Newton", "James Maxwell", "Albert Einstein", "Niels Bohr", "Jun Ünlü"];
        let check = |authors: usize, pattern: &str, expected: &str| {
            let mut entry = entry(&five[..authors], 2017, "An awesome paper on JabRef");
            entry.plain.set(PlainField::Pages, "L7–33".to_owned());
            entry.lists.set(ListField::Keyword, vec![Text::plain("first word"), Text::plain("second")]);
            entry.add_id(Identifier::Arxiv(ArxivId::parse("hep-th/9901001v2").unwrap()));
            let key = Pattern::parse(pattern).unwrap().key(&entry);
            assert_eq!(key, expected, "{pattern}");
        };
        check(3, "[auth]", "Newton");
        check(3, "[auth3]", "New");
        check(3, "[auth3_2]", "Max");
        check(3, "[authors]", "NewtonMaxwellEinstein");
        check(3, "[authors2]", "NewtonMaxwellEtAl");
        check(2, "[authors2]", "NewtonMaxwell");
        check(1, "[auth.etal]", "Newton");
        check(2, "[auth.etal]", "Newton.Maxwell");
        check(3, "[auth.etal]", "Newton.etal");
        check(2, "[authEtAl]", "NewtonMaxwell");
        check(3, "[authEtAl]", "NewtonEtAl");
        check(2, "[auth.auth.ea]", "Newton.Maxwell");
        check(3, "[auth.auth.ea]", "Newton.Maxwell.ea");
        check(3, "[Auth.auth.ea]", "Newton.Maxwell.ea");
        check(3, "[authshort]", "NME");
        check(5, "[authshort]", "NME+");
        check(1, "[authorsAlpha]", "New");
        check(5, "[authorsAlpha]", "NME+");
        check(3, "[authIni7]", "NewMaEi");
        check(3, "[authorIni]", "NewtoME");
        check(5, "[authorLast]", "Unlu");
        check(5, "[authForeIni][authorLastForeIni]", "IJ");
        check(1, "[AUTH]", "NEWTON");
        check(1, "[year]-[shortyear]-[month]", "2017-17-04");
        check(1, "[title]", "AnAwesomePaperonJabRef");
        check(1, "[fulltitle]", "AnawesomepaperonJabRef");
        check(1, "[shorttitle]", "AwesomePaperJabRef");
        check(1, "[shorttitleINI]", "apJ");
        check(1, "[veryshorttitle]", "awesome");
        check(1, "[camel2]", "AwesomePaper");
        check(1, "[title2]", "AwesomePaper");
        check(1, "[entrytype]:[firstpage]-[lastpage]_[pageprefix]", "misc:7-33_L");
        check(1, "[keyword1]+[keyword2]", "firstword+second");
        check(1, "[eprint]", "hep-th/9901001");
        check(1, "[journal:(none)][year]", "none2017");
        check(1, "[auth:truncate3:upper]", "NEW");
        check(1, "[fulltitle:abbr]", "AapoJ");
        check(1, "[fulltitle:titlecase]", "AnAwesomePaperOnJabRef");
        check(1, "[fulltitle:sentencecase]", "Anawesomepaperonjabref");
        check(1, "a{b}[auth]\\c", "abNewtonc");
    }

    #[test]
    fn own_words_of_entries_nobody_signed() {
        let pattern = Pattern::default();
        assert_eq!(pattern.key(&Entry::default()), "entry");
        assert_eq!(pattern.key(&entry(&[], 2020, "The Art of Doing Nothing")), "artdoingnothing2020");
        let mut fragment = Entry::default();
        fragment.texts.set(TextField::Abstract, Text::plain("not a paper at all, just words ..."));
        assert_eq!(pattern.key(&fragment), "notpaperall");
        let mut bare = Entry::default();
        bare.add_id(Identifier::Arxiv(ArxivId::parse("1706.03762").unwrap()));
        assert_eq!(pattern.key(&bare), "1706.03762");
        let mut chinese = entry(&[], 0, "深度学习");
        assert_eq!(pattern.key(&chinese), "shenduxuexi");
        chinese.texts.set(TextField::Title, Text::plain("…!"));
        assert_eq!(pattern.key(&chinese), "entry");
    }

    #[test]
    fn the_first_versions_year() {
        let mut revised = entry(&["Jeff Dean"], 2023, "Words");
        revised.dates.set(DateField::Submitted, Date::Day(Day::year(2021)));
        assert_eq!(Pattern::default().key(&revised), "dean2021words");
    }

    #[test]
    fn pattern_errors_name_their_place() {
        let check = |pattern: &str, expected: &str| {
            let error = Pattern::parse(pattern).unwrap_err().to_string();
            assert!(error.contains(expected), "{pattern}: {error}");
        };
        check("[auth", "column 1");
        check("x[auth:nonsense]", "column 8");
        check("[]", "column 1");
        check("a]", "column 2");
        check("[auth:(x]", "column 7");
        check("[auth:regex(\"a\",\"b\")]", "regex");
        check("", "empty");
    }
}
