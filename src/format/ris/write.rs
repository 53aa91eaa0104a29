//! Prints an entry as one RIS record; the table of tags stands in the folder's head.
//!
//! A value is one line: white space is folded, so that no value can begin a tag.

use super::roles::Roles;
use super::types::{
    Clues, has_document_number, is_degree, is_subject_class, is_thesis, is_whole_book, kind_of, kind_of_label, label,
    stands_in_series, type_of,
};
use super::values::{
    arxiv_note, doi_note, fold, folded, is_sound, page_range, print_date, print_name, read_name, read_pages, read_text,
    serial, serials, split_keywords, split_list, split_people, split_urls, unescape,
};
use super::{CASE, LINES, MARKUP, NAMES, ONE_TITLE, Slot, is_labelled_date, labelled_note, slot};
use crate::format::{Printer, WriteOptions, printed_url};
use crate::latex;
use crate::markup;
use crate::model::{
    ArxivId, Date, DateField, Day, Entry, FieldName, Foreign, Identifier, Kind, ListField, Name, PlainField, Role, Run,
    Scheme, Style, Text, TextField, subtitle_separator,
};
use std::borrow::Cow;

/// The order of the lines of a record; tags that are not listed stand behind these.
const ORDER: [&str; 39] = [
    "TY", "ID", "TI", "AU", "ED", "A2", "A3", "A4", "PY", "DA", "T2", "J2", "T3", "ST", "OP", "RI", "M3", "VL", "IS",
    "M1", "SP", "EP", "C7", "SE", "ET", "NV", "PB", "CY", "LA", "SN", "DO", "DB", "AN", "UR", "Y2", "AB", "KW", "N1",
    "RN",
];

const ROLES: &str = "RIS reads these persons in another role, for lack of others that tell";
const PARTED: &str = "RIS parts the items of a list by semicolons";

/// Prints one entry.
pub(super) fn entry(entry: &Entry, _: &WriteOptions, printer: &mut Printer) {
    let mut record = Record { entry, reads_as: entry.kind, lines: Vec::new(), printer };
    record.kind();
    let mut fields = entry.fields();
    // Stable: the arXiv id is the first of the notes, where importers look.
    fields.sort_by_key(|field| *field != FieldName::Id(Scheme::Arxiv));
    for field in fields {
        record.field(field);
    }
    // In the place of its container, as it is cited; it is reported all the same.
    if let Some(main) = entry.main_title_of_container() {
        record.line("T2", characters(main));
    }
    record.roles();
    record.print();
}

/// The lines of a record while they are collected.
struct Record<'e, 'p> {
    entry: &'e Entry,
    /// The kind that type and genre tell.
    reads_as: Kind,
    lines: Vec<Line<'e>>,
    printer: &'p mut Printer,
}

/// One line of a record.
struct Line<'e> {
    /// Its tag's place in the order.
    place: usize,
    tag: &'e str,
    value: Cow<'e, str>,
}

impl<'e> Record<'e, '_> {
    fn line(&mut self, tag: &'e str, value: impl Into<Cow<'e, str>>) {
        let value = folded(value.into());
        if !value.is_empty() {
            let place = ORDER.iter().position(|known| *known == tag).unwrap_or(ORDER.len());
            self.lines.push(Line { place, tag, value });
        }
    }

    /// A note behind its label.
    fn note(&mut self, label: &str, value: &str) {
        let value = fold(value);
        if !value.is_empty() {
            self.line("N1", format!("{label}: {value}"));
        }
    }

    fn print(mut self) {
        // Stable: lines of one tag keep their order.
        self.lines.sort_by_key(|line| line.place);
        let key = self.entry.key.as_deref().map(fold).filter(|key| !key.is_empty());
        for (at, Line { tag, value, .. }) in self.lines.iter().enumerate() {
            let escaped = value.contains('&').then(|| markup::escape(value));
            let value = escaped.as_deref().unwrap_or(value);
            let out = &mut self.printer.out;
            out.push_str(tag);
            out.push_str("  - ");
            out.push_str(value);
            out.push('\n');
            if let (0, Some(key)) = (at, &key) {
                if !super::is_key(key) {
                    self.printer.drop_field(FieldName::Key, "a RIS id of figures or with blanks is no citation key");
                }
                let out = &mut self.printer.out;
                out.push_str("ID  - ");
                self.printer.key(key);
                self.printer.out.push('\n');
            }
        }
        self.printer.out.push_str("ER  - \n");
    }

    /// Says of whom the record tells another role than the entry's.
    fn roles(&mut self) {
        let roles = Roles::of(self.reads_as, |tag| self.lines.iter().any(|line| line.tag == tag));
        for role in Role::ALL.iter().filter(|role| self.entry.people_as(**role).next().is_some()) {
            if let Slot::Tag(tag) = slot(FieldName::People(*role), self.entry.kind)
                && roles.named_by(tag) != Some(*role)
            {
                self.printer.drop_field(FieldName::People(*role), ROLES);
            }
        }
    }

    /// The type, and the words that tell the kind where the type alone does not.
    fn kind(&mut self) {
        let entry = self.entry;
        let genre = entry.texts.get(TextField::Genre).map(|text| fold(&text.to_plain())).filter(|g| !g.is_empty());
        let degree = entry.plain.get(PlainField::Volume).filter(|volume| is_thesis(entry.kind) && is_degree(volume));
        let genre = genre.or_else(|| degree.map(|degree| fold(degree)));
        let clues = |word, genre| Clues {
            kind_of_work: word,
            genre,
            arxiv: entry.arxiv().is_some(),
            authors: entry.authors().next().is_some(),
            editors: entry.people_as(Role::Editor).next().is_some(),
            container: !stands_in_series(entry.kind)
                && entry.texts.contains(TextField::ContainerTitle)
                && !entry.contains_itself(),
        };
        let reads_back = |word, genre| kind_of(clues(word, genre)) == Some(entry.kind);
        let own_word = entry.foreign.iter().find(|f| f.format == "ris" && f.name == "TY").map(|f| f.value.as_str());
        let own_word = own_word.filter(|word| reads_back(word, genre.as_deref()));
        let word = own_word.unwrap_or(type_of(entry.kind));
        self.line("TY", word);
        match &genre {
            None if reads_back(word, None) => {}
            None => self.line("M3", label(entry.kind)),
            Some(genre) if !reads_back(word, Some(genre)) => {
                self.reads_as = kind_of(clues(word, Some(genre))).unwrap_or(entry.kind);
                self.printer.drop_field(FieldName::Kind, "the RIS type and the genre do not tell this kind of work");
            }
            Some(_) => {}
        }
    }

    fn field(&mut self, field: FieldName) {
        match slot(field, self.entry.kind) {
            Slot::Tag(tag) => self.tagged(field, tag),
            Slot::Note(label) => {
                for value in self.values(field) {
                    if matches!(field, FieldName::Date(_)) && !is_labelled_date(&value) {
                        self.printer.drop_field(field, "a date without figures would be read as a note");
                        continue;
                    }
                    self.note(label, &value);
                }
            }
            Slot::Special => self.special(field),
            Slot::Nowhere(reason) => self.printer.drop_field(field, reason),
        }
    }

    /// The values of a field as strings; what a text loses is reported here.
    fn values(&mut self, field: FieldName) -> Vec<Cow<'e, str>> {
        let entry = self.entry;
        match field {
            FieldName::Text(TextField::ContainerTitle) if entry.contains_itself() => {
                self.printer.drop_field(field, "the work's own title is no container's");
                Vec::new()
            }
            FieldName::Text(field) => entry.texts.get(field).map(|text| self.text(field, text)).into_iter().collect(),
            FieldName::List(list) => {
                let items = entry.lists.get(list).map(Vec::as_slice).unwrap_or_default();
                if let Some(reason) = items.iter().find_map(|item| loss(item, &reread(&fold(&item.to_plain())))) {
                    self.printer.drop_field(field, reason);
                }
                items.iter().map(characters).collect()
            }
            FieldName::Plain(PlainField::Url) => printed_url(entry).into_iter().collect(),
            FieldName::Plain(field) => entry.plain.get(field).map(|value| value.as_str().into()).into_iter().collect(),
            FieldName::Date(date) => self.sound_date(date).map(|date| date.to_string().into()).into_iter().collect(),
            FieldName::People(role) => {
                let printed: Vec<String> = entry.people_as(role).map(print_name).collect();
                let comes_back =
                    |name: &Name, printed: &str| split_people(printed).len() == 1 && read_name(printed) == *name;
                if entry.people_as(role).zip(&printed).any(|(name, printed)| !comes_back(name, printed)) {
                    self.printer.drop_field(field, NAMES);
                }
                printed.into_iter().map(Cow::Owned).collect()
            }
            FieldName::Id(scheme) => {
                entry.ids.iter().filter(|id| id.scheme() == scheme).map(|id| id.value().into()).collect()
            }
            FieldName::Kind | FieldName::Key | FieldName::Foreign(_) => Vec::new(),
        }
    }

    /// A text, with the subtitle behind a title.
    fn text(&mut self, field: TextField, text: &'e Text) -> Cow<'e, str> {
        let out = match latex::spell_links(text) {
            Cow::Borrowed(text) => characters(text),
            Cow::Owned(spelled) => spelled.to_plain().into(),
        };
        let read = reread(&folded(Cow::Borrowed(&out)));
        let read = if field == TextField::Title { read.protect_case() } else { read };
        if let Some(reason) = loss(text, &read) {
            self.printer.drop_field(FieldName::Text(field), reason);
        }
        let subtitle = subtitle_of(field).and_then(|subtitle| self.entry.texts.get(subtitle));
        match subtitle.filter(|subtitle| !subtitle.is_empty()) {
            Some(subtitle) => format!("{out}{}{}", subtitle_separator(&out), subtitle.to_plain()).into(),
            None => out,
        }
    }

    fn tagged(&mut self, field: FieldName, tag: &'static str) {
        match field {
            FieldName::Text(TextField::Note) => self.printed_note(),
            FieldName::Text(TextField::Genre) => self.genre(),
            FieldName::Date(field) => {
                if let Some(date) = self.sound_date(field) {
                    self.line(tag, print_date(date));
                }
            }
            FieldName::Id(scheme) => self.identifiers(scheme, tag),
            FieldName::List(ListField::Category) => self.classes(tag),
            FieldName::List(list) if tag != "KW" => self.list(list, tag),
            FieldName::Plain(field @ (PlainField::Number | PlainField::ArticleNumber)) => self.number(field, tag),
            FieldName::Plain(field @ (PlainField::Archive | PlainField::Database)) if self.entry.arxiv().is_some() => {
                self.archive(field);
            }
            field => {
                // Series editors are known for such by a series where EndNote and Zotero have it.
                let with_editors = self.entry.people_as(Role::SeriesEditor).next().is_some();
                let is_series = field == FieldName::Text(TextField::Series) && stands_in_series(self.entry.kind);
                let is_case = self.lines.first().is_some_and(|line| line.value == "CASE");
                let tag = match tag {
                    "A2" if matches!(field, FieldName::Text(_)) && !is_case => "T2",
                    _ if is_series && with_editors => "T2",
                    tag => tag,
                };
                for value in self.values(field) {
                    if let Some(reason) = self.is_read_as_another(field, &value) {
                        self.printer.drop_field(field, reason);
                    }
                    let is_parted = match field {
                        FieldName::List(_) => split_keywords(&value).count() > 1,
                        FieldName::Plain(PlainField::Url) => split_urls(&value).len() > 1,
                        _ => false,
                    };
                    if is_parted {
                        self.printer.drop_field(field, PARTED);
                    }
                    self.line(tag, value);
                }
            }
        }
    }

    /// Numbers that mean something else in works of such a kind.
    fn is_read_as_another(&self, field: FieldName, value: &str) -> Option<&'static str> {
        let has_number = self.entry.plain.contains(PlainField::Number);
        match field {
            FieldName::Plain(PlainField::Volume) if is_thesis(self.entry.kind) => {
                is_degree(value).then_some("of a thesis RIS reads it as the degree")
            }
            FieldName::Plain(PlainField::Issue) if has_document_number(self.entry.kind) => {
                (!has_number).then_some("of such a document RIS reads it as the number")
            }
            _ => None,
        }
    }

    /// A note that could be taken for something else gets a label of its own.
    fn printed_note(&mut self) {
        for value in self.values(FieldName::Text(TextField::Note)) {
            let value = folded(value);
            let misleading =
                labelled_note(&value).is_some() || arxiv_note(&value).is_some() || doi_note(&value).is_some();
            if misleading { self.note("Note", &value) } else { self.line("N1", value) }
        }
    }

    fn genre(&mut self) {
        for value in self.values(FieldName::Text(TextField::Genre)) {
            let names_kind = kind_of_label(&fold(&value)).is_some();
            if names_kind || Identifier::parse(Scheme::Doi, &value).is_some() {
                self.printer.drop_field(FieldName::Text(TextField::Genre), "RIS reads the genre as the kind of work");
            }
            self.line("M3", value);
        }
    }

    /// A date that can be read again; another is reported.
    fn sound_date(&mut self, field: DateField) -> Option<&'e Date> {
        let date = self.entry.dates.get(field)?;
        if !is_sound(date) {
            self.printer.drop_field(FieldName::Date(field), "it is no calendar date");
            return None;
        }
        Some(date)
    }

    /// Year and date apart, because programs of today read the year from one tag and the date from the other.
    fn issued(&mut self) {
        let Some(date) = self.sound_date(DateField::Issued) else { return };
        match date {
            Date::Day(day) if *day == only_year(day) && day.year >= 0 => self.line("PY", day.calendar()),
            Date::Written(written) => self.line("PY", written.as_str()),
            date => {
                let year = date.first().map(|day| only_year(day).calendar()).unwrap_or_default();
                self.line("PY", year);
                self.line("DA", print_date(date));
            }
        }
    }

    fn identifiers(&mut self, scheme: Scheme, tag: &'static str) {
        let ids: Vec<&Identifier> = self.entry.ids.iter().filter(|id| id.scheme() == scheme).collect();
        if ids.iter().any(|id| Identifier::parse(scheme, &id.value()).as_ref() != Some(*id)) {
            return self.printer.drop_field(FieldName::Id(scheme), "it does not follow the rules for such identifiers");
        }
        for (at, id) in ids.into_iter().enumerate() {
            let is_serial = |value: &str| value.split(' ').all(|number| serial(number).is_some());
            let serials = self.lines.iter_mut().find(|line| line.tag == "SN" && is_serial(&line.value));
            match serials {
                // Programs take the last of several DOIs; the first is the best.
                _ if scheme == Scheme::Doi && at > 0 => self.note("DOI", &id.value()),
                // Programs take one line of serial numbers; parted by blanks, as Zotero has them.
                Some(line) if tag == "SN" => {
                    let numbers = line.value.to_mut();
                    numbers.push(' ');
                    numbers.push_str(&id.value());
                }
                _ => self.line(tag, id.value()),
            }
        }
    }

    /// The arXiv id, where importers look for it: the accession number of a database, and a note.
    fn arxiv(&mut self) {
        let entry = self.entry;
        let understood = entry.ids.iter().filter_map(|id| match id {
            Identifier::Arxiv(id) => Some(id),
            Identifier::Other(..) => None,
        });
        let mut papers: Vec<&str> = Vec::new();
        for (at, id) in understood.enumerate() {
            if papers.contains(&id.id()) {
                self.printer.drop_field(FieldName::Id(Scheme::Arxiv), "of one paper one version is read back");
            }
            papers.push(id.id());
            let id = format!("arXiv:{id}");
            if at == 0 {
                self.line("DB", "arXiv");
                self.line("AN", id.clone());
            }
            self.line("N1", id);
        }
        if entry.arxiv().is_some() && entry.kind == Kind::Preprint && !entry.lists.contains(ListField::Publisher) {
            self.line("PB", "arXiv");
        }
        if entry.ids.iter().any(|id| matches!(id, Identifier::Other(Scheme::Arxiv, _))) {
            self.printer.drop_field(FieldName::Id(Scheme::Arxiv), "it is no arXiv identifier");
        }
    }

    /// Subject classes are keywords; only what the reader tells from other keywords is one.
    fn classes(&mut self, tag: &'static str) {
        let field = FieldName::List(ListField::Category);
        let values = self.values(field);
        let sound = self.entry.arxiv().is_some() && values.iter().all(|value| is_subject_class(value));
        if !sound {
            return self.printer.drop_field(field, "RIS has no slot for subject classes other than arXiv's");
        }
        for value in values {
            self.line(tag, value);
        }
    }

    /// The items of a list in one line: programs take one line of a tag, all but a few tags.
    fn list(&mut self, list: ListField, tag: &'static str) {
        let field = FieldName::List(list);
        let values: Vec<Cow<'_, str>> = self.values(field).into_iter().map(folded).collect();
        let joined = values.join("; ");
        if !split_list(&joined).eq(values.iter().map(|value| &**value)) {
            self.printer.drop_field(field, PARTED);
        }
        let is_arxivs = list == ListField::Publisher && self.entry.kind == Kind::Preprint;
        let is_implied = joined.is_empty() && is_arxivs && self.entry.arxiv().is_some();
        self.line(tag, if is_implied { "arXiv".to_owned() } else { joined });
    }

    /// A number that reads as an arXiv id must not get into a tag where importers take it for an issue.
    fn number(&mut self, field: PlainField, tag: &'static str) {
        for value in self.values(FieldName::Plain(field)) {
            if ArxivId::parse(&value).is_some() {
                self.printer
                    .drop_field(FieldName::Plain(field), "it is an arXiv identifier and would be read as an issue");
            } else if tag == "SN" && !serials(&value).is_empty() {
                self.line("M1", value);
            } else {
                self.line(tag, value);
            }
        }
    }

    fn archive(&mut self, field: PlainField) {
        let is_arxiv = self.entry.plain.get(field).is_some_and(|archive| archive.trim().eq_ignore_ascii_case("arxiv"));
        if !is_arxiv {
            self.printer.drop_field(FieldName::Plain(field), "its slot holds the archive of the arXiv identifier");
        }
    }

    fn special(&mut self, field: FieldName) {
        match field {
            FieldName::Text(field) => self.subtitle(field),
            FieldName::Plain(field) => self.pages(field),
            FieldName::Date(_) => self.issued(),
            FieldName::Id(_) => self.arxiv(),
            FieldName::Foreign(at) => self.foreign(at),
            FieldName::Kind | FieldName::Key | FieldName::List(_) | FieldName::People(_) => {}
        }
    }

    /// A subtitle is printed with its title; here it is only seen whether there is one.
    fn subtitle(&mut self, field: TextField) {
        let title = TextField::ALL.iter().find(|title| subtitle_of(**title) == Some(field)).copied();
        let printed = title.is_some_and(|title| {
            self.entry.texts.contains(title) && matches!(slot(FieldName::Text(title), self.entry.kind), Slot::Tag(_))
        });
        let reason = if printed { ONE_TITLE } else { "RIS has no slot for a subtitle without its title" };
        self.printer.drop_field(FieldName::Text(field), reason);
    }

    /// First and last page; of a book as a whole the first page's tag counts its pages.
    fn pages(&mut self, field: PlainField) {
        let entry = self.entry;
        let Some(value) = entry.plain.get(field) else { return };
        let range = entry.plain.get(PlainField::Pages).and_then(|pages| page_range(pages));
        let book = is_whole_book(entry.kind);
        match (field, range) {
            (PlainField::Pages, Some((first, last))) => {
                self.line("SP", first);
                self.line("EP", last);
            }
            (PlainField::Pages, None) if !book => {
                if read_pages(&fold(value)) != *value {
                    self.printer
                        .drop_field(FieldName::Plain(field), "RIS joins pages by a hyphen, which is read as a dash");
                }
                self.line("SP", value.as_str());
            }
            (PlainField::PageTotal, None) if book && !value.contains(['-', '–']) => self.line("SP", value.as_str()),
            (_, _) if book => self
                .printer
                .drop_field(FieldName::Plain(field), "of a book RIS holds either the number of its pages or a range"),
            (_, _) => self.printer.drop_field(FieldName::Plain(field), "only books have a number of pages in RIS"),
        }
    }

    fn foreign(&mut self, at: usize) {
        let Foreign { format, name, value } = &self.entry.foreign[at];
        let is_tag = match name.as_bytes() {
            [a, b] => a.is_ascii_uppercase() && (b.is_ascii_uppercase() || b.is_ascii_digit()),
            _ => false,
        };
        match name.as_str() {
            _ if *format != "ris" || !is_tag => {
                self.printer.drop_field(FieldName::Foreign(at), "it is a field of another format");
            }
            // Printed as the type already.
            "TY" if self.lines.first().is_some_and(|line| line.value == *value) => {}
            "ID" if self.entry.key.is_none() => self.line("ID", value.as_str()),
            "TY" | "ER" | "ID" => {
                self.printer.drop_field(FieldName::Foreign(at), "the record has another type or key now");
            }
            tag => self.line(tag, value.as_str()),
        }
    }
}

/// What is read of a text that is printed so.
fn reread(printed: &str) -> Text {
    read_text(&unescape(&markup::escape(printed)))
}

/// The characters of a text without markup.
fn characters(text: &Text) -> Cow<'_, str> {
    text.as_plain().map_or_else(|| Cow::Owned(text.to_plain()), Cow::Borrowed)
}

/// The year of a date, with as many figures as are given: a decade is no year.
fn only_year(day: &Day) -> Day {
    Day { unspecified_year_digits: day.unspecified_year_digits, ..Day::year(day.year) }
}

/// The field that stands behind a title as its subtitle.
const fn subtitle_of(field: TextField) -> Option<TextField> {
    if matches!(field, TextField::Title) {
        Some(TextField::Subtitle)
    } else if matches!(field, TextField::ContainerTitle) {
        Some(TextField::ContainerSubtitle)
    } else {
        None
    }
}

/// Why a text that is read back in another form does so; none for one that comes back.
fn loss(text: &Text, read: &Text) -> Option<&'static str> {
    if text == read {
        None
    } else if has_markup(text) {
        Some(MARKUP)
    } else if text.to_plain() != read.to_plain() {
        Some(LINES)
    } else {
        Some(CASE)
    }
}

/// Whether a text says something by its markup that is lost without, beside protected letter case.
fn has_markup(text: &Text) -> bool {
    text.runs().iter().any(|run| match run {
        Run::Plain(_) => false,
        Run::Math(source) => read_text(&format!("${source}$")).runs() != std::slice::from_ref(run),
        Run::Tex(_) => true,
        Run::Styled(Style::Protected, inner) => has_markup(inner),
        Run::Styled(..) => true,
    })
}
