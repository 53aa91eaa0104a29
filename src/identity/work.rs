//! What is compared of an entry: identifiers, title, people, year, and what tells two works apart whose titles and authors
//! agree: another kind of publication, another journal, another volume, another first page. Knows the model and nothing of
//! formats.

use super::titles::Title;
use crate::fold::fold;
use crate::model::{
    Date, DateField, Entry, Identifier, Kind, ListField, Name, PlainField, Role, Scheme, Text, TextField,
};

/// A title of so many words is given once.
const WORDS_OF_ONE_WORK: usize = 4;

/// What is compared of an entry.
#[derive(Debug, Default)]
pub(super) struct Work {
    /// The identifiers that name it and nothing else, best first.
    pub(super) strong: Vec<String>,
    /// The numbers of a book, each with the title: a number alone is also that of the chapters.
    pub(super) books: Vec<String>,
    pub(super) title: Title,
    people: People,
    year: Option<i32>,
    day: Option<String>,
    pub(super) stage: Option<Stage>,
    class: Option<Class>,
    /// Its key, and that of the entry it inherits from, in small letters.
    pub(super) key: String,
    pub(super) parent: Option<String>,
    /// The month it is of.
    month: Option<u8>,
    /// Whether each year has one of its own.
    is_yearly: bool,
    /// The folded words of where it stands, parted by blanks.
    container: String,
    /// Numbers of which two works may have one in common, but one work never has two.
    numbers: [Option<String>; 14],
    /// The address of something that has no other place.
    address: Option<String>,
}

/// Whether a work is a preprint or was published; of other kinds it cannot be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Preprint,
    Published,
}

impl Stage {
    const fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Preprint => Some(Self::Preprint),
            kind if kind.is_published() => Some(Self::Published),
            _ => None,
        }
    }
}

/// The ways of publishing: the same text in two of them is two works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Preprint,
    /// An article in a periodical.
    Article,
    /// A part of a book or of proceedings.
    Part,
    /// What has parts.
    Whole,
    Thesis,
    Report,
}

impl Class {
    const fn of(kind: Kind) -> Option<Self> {
        Some(match kind {
            Kind::Preprint => Self::Preprint,
            Kind::JournalArticle | Kind::MagazineArticle | Kind::NewspaperArticle | Kind::Review => Self::Article,
            Kind::ConferencePaper
            | Kind::Chapter
            | Kind::InCollection
            | Kind::ReferenceEntry
            | Kind::DictionaryEntry => Self::Part,
            Kind::Book
            | Kind::MultiVolumeBook
            | Kind::Collection
            | Kind::Proceedings
            | Kind::Reference
            | Kind::Periodical => Self::Whole,
            Kind::DoctoralThesis | Kind::MastersThesis | Kind::Thesis => Self::Thesis,
            Kind::Report => Self::Report,
            Kind::Booklet
            | Kind::Manual
            | Kind::Unpublished
            | Kind::Patent
            | Kind::Standard
            | Kind::Software
            | Kind::Dataset
            | Kind::Webpage
            | Kind::Post
            | Kind::BlogPost
            | Kind::Speech
            | Kind::Letter
            | Kind::Interview
            | Kind::Video
            | Kind::Audio
            | Kind::Image
            | Kind::Artwork
            | Kind::Performance
            | Kind::Map
            | Kind::Legislation
            | Kind::LegalCase
            | Kind::Bill
            | Kind::Hearing
            | Kind::Commentary
            | Kind::Misc => return None,
        })
    }
}

impl Work {
    pub(super) fn of(entry: &Entry) -> Self {
        // A set is none of its members, whose data biber shows for it.
        if entry.foreign.iter().any(|foreign| foreign.name == "@" && foreign.value.eq_ignore_ascii_case("set")) {
            return Self::default();
        }
        // Readers that keep what is written have not looked for the identifier.
        let recognised = entry.arxiv().is_none().then(|| {
            let mut entry = entry.clone();
            crate::record::recognise(&mut entry);
            entry
        });
        let entry = recognised.as_ref().unwrap_or(entry);
        let title = Title::of(entry);
        let issued = entry.dates.get(DateField::Issued);
        let class = Class::of(entry.kind);
        let text = |field| entry.texts.get(field).map(|text| fold(&Text::to_plain(text)));
        let first = |field| entry.plain.get(field).map(|value| number(value)).filter(|number| !number.is_empty());
        let whole = |field| entry.plain.get(field).map(|value| numbers(value)).filter(|number| !number.is_empty());
        let degree = matches!(entry.kind, Kind::DoctoralThesis | Kind::MastersThesis);
        let is_single = matches!(
            entry.kind,
            Kind::Webpage | Kind::Post | Kind::BlogPost | Kind::NewspaperArticle | Kind::MagazineArticle
        );
        Self {
            strong: super::strong(entry),
            books: of_books(entry, title.folded()),
            people: People::of(entry),
            year: issued.and_then(Date::year),
            day: issued.map(Date::to_string).filter(|day| is_single && day.len() == "2000-01-01".len()),
            stage: Stage::of(entry.kind),
            class,
            key: entry.key.as_deref().unwrap_or_default().to_lowercase(),
            parent: entry.plain.get(PlainField::CrossReference).map(|key| key.to_lowercase()),
            month: issued.and_then(month),
            is_yearly: matches!(entry.kind, Kind::Proceedings | Kind::Periodical),
            container: container_words(entry),
            numbers: [
                whole(PlainField::Volume),
                first(PlainField::Issue).filter(|_| class == Some(Class::Article)),
                whole(PlainField::Number).filter(|_| !matches!(class, Some(Class::Article | Class::Preprint))),
                whole(PlainField::Part),
                whole(PlainField::Edition),
                first(PlainField::Pages),
                first(PlainField::Chapter),
                whole(PlainField::ArticleNumber),
                whole(PlainField::Version).filter(|_| class.is_none()),
                degree.then(|| entry.kind.name().to_owned()),
                text(TextField::Series)
                    .filter(|_| class == Some(Class::Whole) && entry.plain.contains(PlainField::Number)),
                text(TextField::TitleAddon).or_else(|| text(TextField::VolumeTitle)),
                translators(entry),
                language(entry),
            ],
            address: entry
                .plain
                .get(PlainField::Url)
                .filter(|_| matches!(entry.kind, Kind::Webpage | Kind::Post | Kind::BlogPost))
                .map(|url| {
                    url.split_once("://").map_or(url.as_str(), |(_, rest)| rest).trim_end_matches('/').to_owned()
                }),
            title,
        }
    }

    /// Whether it holds other works of a list.
    pub(super) fn is_whole(&self) -> bool {
        self.class == Some(Class::Whole)
    }

    /// Whether title, people and year say that two entries are one work, and nothing says that they are two. A preprint and
    /// its published version differ in all that belongs to the publication, and publishing takes its time.
    pub(super) fn fits(&self, other: &Self, are_versions: bool) -> bool {
        let far = self.year.zip(other.year).map_or(0, |(one, other)| one.abs_diff(other));
        let is_near = if are_versions { far <= 3 } else { far <= 1 };
        is_near
            && self.people.agree(&other.people)
            && self.title.says_the_same(&other.title)
            && (are_versions || !self.contradicts(other, far))
            && (are_versions || self.title.is_copy(&other.title) || self.has_more_in_common(other))
    }

    /// Whether more than a title with a slip, the people and the year says that two entries are one work: absorption and
    /// adsorption are one letter apart.
    fn has_more_in_common(&self, other: &Self) -> bool {
        let same_container = !self.container.is_empty()
            && !other.container.is_empty()
            && containers_agree(&self.container, &other.container);
        same_container || self.agrees_in_numbers(other) || self.people.common(&other.people) >= 3
    }

    fn agrees_in_numbers(&self, other: &Self) -> bool {
        self.numbers.iter().zip(&other.numbers).any(|(mine, theirs)| mine.is_some() && mine == theirs)
    }

    /// Whether a common identifier is a fault of the data: whole and part share it, or nothing else agrees. Two published
    /// versions of one preprint share its identifier and are two works.
    pub(super) fn is_another(&self, other: &Self, identity: &str) -> bool {
        let mixes = self.is_whole() != other.is_whole() && self.class.is_some() && other.class.is_some();
        let inherits = self.parent.is_some() || other.parent.is_some();
        let strangers = self.title.differs(&other.title) && (inherits || self.people.disagree(&other.people));
        let are_parts = inherits || self.class == Some(Class::Part) && other.class == Some(Class::Part);
        let other_parts = are_parts
            && self.title.is_unlike(&other.title)
            && (self.differs_in_numbers(other) || self.title.differs(&other.title) && !self.agrees_in_numbers(other));
        let is_preprints = identity.starts_with("arxiv:");
        let published = self.stage == Some(Stage::Published) && other.stage == Some(Stage::Published);
        mixes
            || strangers
            || other_parts
            || self.is_part_of(other)
            || other.is_part_of(self)
            || self.title.is_remark_on(&other.title)
            || is_preprints && published && (self.has_other_doi(other) || self.differs_in_class(other))
    }

    /// Whether the other is the entry that it inherits from.
    fn is_part_of(&self, other: &Self) -> bool {
        self.parent.as_ref().is_some_and(|parent| *parent == other.key && self.key != other.key)
    }

    /// Whether both have a publisher's DOI and none in common.
    fn has_other_doi(&self, other: &Self) -> bool {
        let mut mine = self.strong.iter().filter(|identity| identity.starts_with("doi:")).peekable();
        let theirs = other.strong.iter().any(|identity| identity.starts_with("doi:"));
        mine.peek().is_some() && theirs && !mine.any(|identity| other.strong.contains(identity))
    }

    /// Whether two books of the same number and title are two volumes or editions.
    pub(super) fn is_another_volume(&self, other: &Self) -> bool {
        self.is_whole() != other.is_whole() || self.differs_in_numbers(other)
    }

    fn contradicts(&self, other: &Self, years: u32) -> bool {
        let is_known = !self.container.is_empty() && !other.container.is_empty();
        let same_container = is_known.then(|| containers_agree(&self.container, &other.container));
        let in_containers =
            [self, other].into_iter().all(|work| matches!(work.class, Some(Class::Article | Class::Part)));
        // Some take proceedings for a journal.
        let is_one_container = in_containers && same_container == Some(true);
        // Of another year, a paper without its journal may be any that has this title.
        let is_vague = in_containers && years > 0 && same_container.is_none();
        let agrees = self.agrees_in_numbers(other);
        let months_differ =
            self.class == Some(Class::Article) && differ(self.month.as_ref(), other.month.as_ref()) && !agrees;
        // Each year a journal has its "Editorial".
        let is_common = is_one_container && years > 0 && !agrees && self.title.length() < WORDS_OF_ONE_WORK;
        self.differs_in_class(other) && !is_one_container
            || self.title.is_remark_on(&other.title)
            || months_differ
            || years > 0 && (self.is_yearly || other.is_yearly)
            || self.is_part_of(other)
            || other.is_part_of(self)
            || same_container == Some(false)
            || is_vague
            || is_common
            || self.differs_in_numbers(other)
            || differ(self.day.as_ref(), other.day.as_ref())
            || differ(self.address.as_ref(), other.address.as_ref())
    }

    fn differs_in_class(&self, other: &Self) -> bool {
        differ(self.class.as_ref(), other.class.as_ref())
    }

    fn differs_in_numbers(&self, other: &Self) -> bool {
        self.numbers.iter().zip(&other.numbers).any(|(mine, theirs)| differ(mine.as_ref(), theirs.as_ref()))
    }
}

fn differ<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one != other)
}

/// The family names of those who translated it.
fn translators(entry: &Entry) -> Option<String> {
    let names: Vec<String> = entry.people_as(Role::Translator).map(|name| fold(name.family())).collect();
    Some(names.join(" ")).filter(|names| !names.is_empty())
}

/// The language of the work, where it is one that has a tag.
fn language(entry: &Entry) -> Option<String> {
    let language = entry.lists.get(ListField::Language)?.first()?.to_plain();
    crate::model::language::tag_of(&language).or_else(|| Some(language).filter(|tag| tag.len() == 2))
}

/// The month of a date that has one.
fn month(date: &Date) -> Option<u8> {
    match date {
        Date::Day(day) => day.month,
        Date::Range(..) | Date::Written(_) => None,
    }
}

/// The first of some pages or issues.
fn number(value: &str) -> String {
    let first = value.split(['–', '-', ',', ' ', '/']).find(|word| !word.is_empty()).unwrap_or_default();
    counted(first)
}

/// All that a volume, a number or an edition says: `Vol. 2, Part A` is `2parta`, `2nd edition` is `2`.
fn numbers(value: &str) -> String {
    const LABELS: [&str; 12] =
        ["vol", "volume", "v", "band", "bd", "tome", "no", "nr", "number", "edition", "edn", "ed"];
    let words = value.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(counted);
    let words: Vec<String> = words.filter(|word| !LABELS.contains(&word.as_str())).collect();
    let mut out = String::new();
    for word in words {
        // `TR-12` is `TR12`.
        let ends_in_figure = out.ends_with(|c: char| c.is_ascii_digit());
        if ends_in_figure && word.starts_with(|c: char| c.is_ascii_digit()) {
            out.push('.');
        }
        out.push_str(&word);
    }
    out
}

/// One word of a number: an ordinal as its figures, without noughts before it.
fn counted(word: &str) -> String {
    let folded = fold(word);
    let ordinals = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    if let Some(at) = ordinals.iter().position(|ordinal| *ordinal == folded) {
        return (at + 1).to_string();
    }
    let figures = folded.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let is_ordinal = matches!(&folded[figures.len()..], "st" | "nd" | "rd" | "th");
    let bare = if is_ordinal { figures } else { &folded };
    let digits = bare.trim_start_matches('0');
    if digits.is_empty() { bare.to_owned() } else { digits.to_owned() }
}

/// The identities of a book's numbers; a number of ten figures is that of thirteen.
fn of_books(entry: &Entry, title: &str) -> Vec<String> {
    let isbns = entry.ids.iter().filter(|id| id.scheme() == Scheme::Isbn && !title.is_empty());
    isbns.map(|id| format!("isbn:{}/{title}", isbn_13(&id.value()))).collect()
}

/// The figures of an ISBN; those of the old form as the new one has them (ISO 2108).
pub(super) fn isbn_13(isbn: &str) -> String {
    let figures: String = isbn.chars().filter(char::is_ascii_alphanumeric).collect();
    if figures.len() != 10 {
        return figures;
    }
    let body = format!("978{}", &figures[..9]);
    let weighted = body.bytes().zip([1_u32, 3].into_iter().cycle());
    let sum: u32 = weighted.map(|(figure, weight)| u32::from(figure.wrapping_sub(b'0')) * weight).sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// The people by whom a work is known: its authors, else its editors.
#[derive(Debug, Default)]
struct People {
    names: Vec<Known>,
    /// Whether there are more than are named.
    goes_on: bool,
}

/// A person as far as two lists of names tell.
#[derive(Debug)]
struct Known {
    /// The family name, folded, with its letters of other scripts.
    family: String,
    /// The first of the given names, folded; an initial is one letter.
    given: String,
}

impl Known {
    /// Whether two names may be one person's: the given names begin alike, as far as they are written out.
    fn is(&self, other: &Self) -> bool {
        if self.family != other.family {
            return false;
        }
        let common = self.given.chars().zip(other.given.chars()).take_while(|(mine, theirs)| mine == theirs).count();
        common >= 3.min(self.given.chars().count()).min(other.given.chars().count())
    }
}

impl People {
    fn of(entry: &Entry) -> Self {
        let role = if entry.authors().next().is_some() { Role::Author } else { Role::Editor };
        let mut people = Self::default();
        for name in entry.people_as(role) {
            let given = match name {
                Name::Person(person) => first_given(&person.given),
                Name::Literal(_) => String::new(),
                Name::Others => {
                    people.goes_on = true;
                    continue;
                }
            };
            let family = super::signs::whole(name.family());
            if !family.is_empty() {
                people.names.push(Known { family, given });
            }
        }
        people
    }

    /// How many of these people the others know, too.
    fn common(&self, other: &Self) -> usize {
        self.names.iter().filter(|name| other.names.iter().any(|theirs| name.is(theirs))).count()
    }

    /// Whether two lists name the same people, as far as they go: the first ones, and half of the shorter list.
    fn agree(&self, other: &Self) -> bool {
        let (Some(mine), Some(theirs)) = (self.names.first(), other.names.first()) else { return false };
        let knows = |list: &Self, name| list.names.iter().any(|other| other.is(name));
        let shorter = self.names.len().min(other.names.len());
        (knows(other, mine) || other.goes_on)
            && (knows(self, theirs) || self.goes_on)
            && self.common(other).max(other.common(self)) * 2 >= shorter
            && self.common(other) > 0
    }

    /// Whether both name people, and not the same ones.
    fn disagree(&self, other: &Self) -> bool {
        !self.names.is_empty() && !other.names.is_empty() && !self.agree(other)
    }
}

/// The first given name, folded; `J.-P.` and `JP` are initials, of which the first one counts.
fn first_given(given: &str) -> String {
    let first = given.split([' ', '.', '-', '~']).find(|word| !word.is_empty()).unwrap_or_default();
    let folded = super::signs::whole(first);
    let are_initials = first.chars().count() <= 3 && first.chars().all(char::is_uppercase);
    if are_initials { folded.chars().take(1).collect() } else { folded }
}

/// The folded words of the journal, the book or the series, without those that abbreviations leave out.
fn container_words(entry: &Entry) -> String {
    const LEFT_OUT: [&str; 12] = ["the", "of", "on", "and", "for", "in", "a", "an", "de", "la", "der", "und"];
    let fields = [TextField::ContainerTitle, TextField::ContainerShortTitle, TextField::EventTitle];
    let container = fields.into_iter().find_map(|field| entry.texts.get(field)).map(Text::to_plain);
    let school = || entry.lists.get(ListField::Institution).and_then(|list| list.first()).map(Text::to_plain);
    let name = container.or_else(school).unwrap_or_default();
    let words = name.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’')).map(fold);
    let words = words.filter(|word| !word.is_empty() && !LEFT_OUT.contains(&word.as_str()));
    super::titles::joined(words.filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit())))
}

/// Whether two names may be one journal's: every word of the shorter one begins a word of the other, in order, or the one
/// holds the first letters of the other's words, or both hold the same short name.
fn containers_agree(one: &str, other: &str) -> bool {
    let (one, other): (Vec<&str>, Vec<&str>) = (one.split(' ').collect(), other.split(' ').collect());
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let mut rest = long.iter();
    let abbreviates = short
        .iter()
        .all(|word| rest.any(|other| begins_with_abbreviation(other, word) || begins_with_abbreviation(word, other)));
    abbreviates || is_acronym(&short, &long) || is_acronym(&long, &short)
}

/// Whether a word stands for another: its beginning, or its first letter and others of it in order (`Intl`, `Natl`).
fn begins_with_abbreviation(word: &str, short: &str) -> bool {
    let Some(first) = short.bytes().next() else { return false };
    if word.starts_with(short) {
        return true;
    }
    let mut letters = word.bytes();
    word.as_bytes().first() == Some(&first)
        && (3..=6).contains(&short.len())
        && short.bytes().all(|letter| letters.any(|other| other == letter))
}

/// Whether one of the short name's words is made of the first letters of the long name's words, in a row.
fn is_acronym(short: &[&str], long: &[&str]) -> bool {
    let letters: String = long.iter().filter_map(|word| word.chars().next()).collect();
    let is_made = |word: &&str| word.len() >= 3 && (letters.contains(*word) || long.contains(word));
    short.len() <= 2 && short.iter().any(is_made)
}

/// The identifiers of one work in a common form: its arXiv id and its DOIs.
pub(super) fn of_identifier(id: &Identifier) -> Option<String> {
    match id {
        Identifier::Arxiv(id) => Some(format!("arxiv:{}", id.id())),
        // The DOI that arXiv registers says the same as the id.
        Identifier::Other(Scheme::Doi, doi) => Some(match crate::model::ArxivId::parse(doi) {
            Some(id) => format!("arxiv:{}", id.id()),
            None => format!("doi:{}", doi.to_ascii_lowercase()),
        }),
        Identifier::Other(..) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_journals() {
        let words = |name: &str| {
            let mut entry = Entry::new(Kind::JournalArticle);
            entry.texts.set(TextField::ContainerTitle, Text::plain(name));
            container_words(&entry)
        };
        let check = |one: &str, other: &str, expected: bool| {
            assert_eq!(containers_agree(&words(one), &words(other)), expected, "{one} | {other}");
        };
        check("Phys. Rev. Lett.", "Physical Review Letters", true);
        check("J. ACM", "Journal of the ACM", true);
        check("PRL", "Physical Review Letters", true);
        check("Proc. Natl. Acad. Sci.", "Proceedings of the National Academy of Sciences", true);
        check("CVPR", "IEEE Conference on Computer Vision and Pattern Recognition", true);
        check(
            "Advances in Neural Information Processing Systems 30",
            "Advances in neural information processing systems",
            true,
        );
        check("Nature", "Nature Physics", true);
        check("STOC", "J. ACM", false);
        check("Phys. Rev. D", "Phys. Rev. Lett.", false);
        check("International Conference on Machine Learning", "AAAI Conference on Artificial Intelligence", false);
    }

    #[test]
    fn numbers_of_volumes_and_pages() {
        let check = |value: &str, expected: &str| assert_eq!(number(value), expected, "{value}");
        check("2nd", "2");
        check("Second", "2");
        check("012", "12");
        check("L163–L166", "l163");
        check("5998–6008", "5998");
        check("0", "0");
        let check = |value: &str, expected: &str| assert_eq!(numbers(value), expected, "{value}");
        check("Vol. 2", "2");
        check("TR-12", "tr12");
        check("II-1", "ii1");
        check("1-23", "1.23");
        check("2, Part A", "2parta");
        check("Revised 2nd edition", "revised2");
        check("Second edition", "2");
    }

    #[test]
    fn old_isbns_are_new_ones() {
        assert_eq!(isbn_13("3-16-148410-X"), "9783161484100");
        assert_eq!(isbn_13("978-3-16-148410-0"), "9783161484100");
        assert_eq!(isbn_13("123"), "123");
    }
}
