//! Prints one entry in either dialect: one field a line, in the vocabulary's order, values in braces.
//!
//! Every value that is printed leaves the file's braces balanced, whatever it holds; what has no place is reported. Must
//! not know how LaTeX spells characters.

mod dates;
mod ids;
mod people;
mod values;

use super::vocabulary::{
    self, GIVES_WAY, NO_KIND, ONE_CLASS, ORDER, Slot, TAKEN, Type, has, is_in_periodical, numbers_issues,
};
use super::{Dialect, FOREIGN, FOREIGN_TYPE, LIST_OPTIONS, REFERENCES, names, pages};
use crate::format::{Printer, WriteOptions, printed_url};
use crate::latex::{self, Encoding};
use crate::model::{Entry, FieldName, Kind, ListField, PlainField, Scheme, Text, TextField, subtitle_separator};
use ids::eprint_scheme;
use people::editors_in_use;
use std::borrow::Cow;
use std::fmt::Write as _;
pub(super) use values::is_balanced;
use values::{encode_key, has_source, is_field_name, is_key_char, is_one_line, needs_encoding, push_verbatim};

/// Prints an entry.
pub(super) fn entry(entry: &Entry, dialect: Dialect, options: &WriteOptions, printer: &mut Printer) {
    let eprint = eprint_scheme(entry, dialect);
    let encoding = Encoding { ascii: options.ascii };
    let mut writer = EntryWriter { entry, dialect, encoding, eprint, editors: editors_in_use(entry), printer };
    writer.head(options);
    for field in ORDER {
        if has(entry, *field) {
            writer.field(*field);
        } else {
            writer.implied(*field);
        }
    }
    writer.foreign_fields();
    writer.printer.out.push_str("}\n");
}

struct EntryWriter<'e, 'p> {
    entry: &'e Entry,
    dialect: Dialect,
    encoding: Encoding,
    /// The scheme whose identifier takes the `eprint` field.
    eprint: Option<Scheme>,
    /// Which of `editor`, `editora`, `editorb`, `editorc` are in use.
    editors: [bool; 4],
    printer: &'p mut Printer,
}
impl<'e> EntryWriter<'e, '_> {
    /// `@type{key,`, and what the type leaves open.
    fn head(&mut self, options: &WriteOptions) {
        let kind = self.entry.kind;
        let Type { word, subtype, exact } = vocabulary::entry_type(kind, self.dialect);
        // BibTeX's styles print the title of `@inbook` as the book's, and no other.
        let is_part = kind == Kind::Chapter
            && self.dialect == Dialect::Bibtex
            && self.entry.texts.contains(TextField::ContainerTitle);
        let as_article = kind == Kind::Preprint && options.preprint_as_article;
        let word = self.own_type().unwrap_or(match (kind, self.dialect) {
            _ if as_article => "article",
            _ if is_part => "incollection",
            // The thesis types of BibTeX leave the type field free for the words of the input.
            (Kind::DoctoralThesis, Dialect::Biblatex) if has(self.entry, GENRE) => "phdthesis",
            (Kind::MastersThesis, Dialect::Biblatex) if has(self.entry, GENRE) => "mastersthesis",
            // BibLaTeX's type of reports demands words for what it is.
            (Kind::Report, Dialect::Biblatex) if !has(self.entry, GENRE) => "techreport",
            _ => word,
        });
        let known_by_id = kind == Kind::Preprint && self.is_seen_as_preprint();
        let known_by_genre = kind == Kind::Thesis && !has(self.entry, GENRE);
        if (!exact || is_part) && !known_by_id && !known_by_genre {
            self.printer.drop_field(FieldName::Kind, NO_KIND);
        } else if kind != Kind::Preprint && self.looks_like_preprint() {
            self.printer.drop_field(FieldName::Kind, UNREADABLE);
        }
        self.printer.out.push('@');
        self.printer.out.push_str(word);
        self.printer.out.push('{');
        self.key();
        self.printer.out.push_str(",\n");
        if let Some(subtype) = subtype {
            self.line("entrysubtype", subtype);
        }
    }

    /// Whether a reader can tell that the entry is a preprint: by its state, or by its identifier unless a container
    /// makes it look published.
    fn is_seen_as_preprint(&self) -> bool {
        // BibLaTeX has a word for it where the entry has none.
        let implied = (self.dialect == Dialect::Biblatex).then_some("prepublished");
        let state = self.entry.texts.get(TextField::PublicationState).map_or(implied, Text::as_plain);
        let says_so = matches!(state, Some("prepublished" | "preprint"));
        says_so || (self.entry.arxiv().is_some() && !self.prints_container())
    }

    /// Whether a reader takes another kind of work for a preprint, because nothing but its identifier says where it is.
    fn looks_like_preprint(&self) -> bool {
        let entry = self.entry;
        let state = entry.texts.get(TextField::PublicationState).and_then(Text::as_plain);
        let says_so = matches!(state, Some("prepublished" | "preprint"));
        let institution = entry.lists.get(ListField::Institution).and_then(|list| list.first()).map(Text::to_plain);
        let on_arxiv = entry.arxiv().is_some();
        !self.prints_container()
            && match entry.kind {
                Kind::Misc | Kind::Unpublished => on_arxiv,
                Kind::Webpage | Kind::JournalArticle => on_arxiv || says_so,
                Kind::Report => on_arxiv && institution.is_none_or(|name| name.eq_ignore_ascii_case("arxiv")),
                _ => false,
            }
    }

    /// Whether the container's title is printed.
    fn prints_container(&self) -> bool {
        let texts = &self.entry.texts;
        texts.contains(TextField::ContainerTitle)
            || self.dialect == Dialect::Bibtex && texts.contains(TextField::ContainerShortTitle)
    }

    /// The type that the input had, where it says more than the kind and this dialect does not know better: a type of
    /// BibLaTeX that BibTeX has not, or one that neither has.
    fn own_type(&mut self) -> Option<&'e str> {
        let entry = self.entry;
        let at = entry.foreign.iter().position(|f| f.format == FOREIGN && f.name == FOREIGN_TYPE)?;
        let word = entry.foreign[at].value.as_str();
        let fits = match vocabulary::kind_of_type(&word.to_ascii_lowercase()) {
            Some((kind, _)) => kind == entry.kind && self.dialect == Dialect::Biblatex,
            None => entry.kind == Kind::Misc,
        };
        if fits && is_field_name(word) {
            return Some(word);
        }
        self.printer.drop_field(FieldName::Foreign(at), NO_KIND);
        None
    }

    fn key(&mut self) {
        let derived;
        let key = match &self.entry.key {
            Some(key) if !key.is_empty() => key.as_str(),
            _ => {
                derived = self.entry.arxiv().map_or_else(|| "unnamed".to_owned(), ToString::to_string);
                &derived
            }
        };
        let ascii = self.encoding.ascii;
        if key.chars().all(|c| is_key_char(c, ascii)) {
            self.printer.key(key);
        } else {
            self.printer.key(&encode_key(key, ascii));
        }
    }

    /// Prints a field that the entry has, or says why not.
    fn field(&mut self, field: FieldName) {
        let rival = GIVES_WAY.iter().find(|(weaker, stronger, dialect)| {
            *weaker == field && dialect.is_none_or(|dialect| dialect == self.dialect) && has(self.entry, *stronger)
        });
        let periodical_only =
            matches!(field, FieldName::Plain(PlainField::Number) | FieldName::Text(TextField::Series));
        let in_periodical = match field {
            FieldName::Plain(PlainField::Number) => numbers_issues(self.entry.kind, self.dialect),
            _ => is_in_periodical(self.entry.kind),
        };
        if rival.is_some() && (!periodical_only || in_periodical) {
            self.printer.drop_field(field, TAKEN);
            return;
        }
        if periodical_only && in_periodical {
            self.printer.drop_field(field, OF_PERIODICAL);
        }
        match vocabulary::slots(field, self.entry.kind).of(self.dialect) {
            Slot::Field(name) => self.value(field, name),
            Slot::Editor(kind) => self.editor(field, kind),
            Slot::Special => self.special(field),
            Slot::Joined => self.joined(field),
            Slot::None(reason) => self.no_slot(field, reason),
        }
    }

    /// The localisation key for a value's words; BibTeX has none, and of places BibLaTeX takes those of patents for keys.
    fn key_of(&self, field: FieldName, words: Option<&str>) -> Option<&'static str> {
        let is_name = field == FieldName::List(ListField::Place) && self.entry.kind != Kind::Patent;
        let may_be_key = self.dialect == Dialect::Biblatex && !is_name;
        words.filter(|_| may_be_key).and_then(|words| vocabulary::key_of(field, words))
    }

    /// Prints the value of a field whose name is settled.
    fn value(&mut self, field: FieldName, name: &'static str) {
        match field {
            FieldName::Text(text) => self.text(text, name),
            FieldName::List(list) => self.list(list, name),
            FieldName::Plain(plain) => self.plain(plain, name),
            FieldName::Date(date) => self.date(date, name),
            FieldName::People(role) => self.people(role, name),
            FieldName::Id(scheme) => self.id(scheme, name),
            FieldName::Kind | FieldName::Key | FieldName::Foreign(_) => {}
        }
    }

    /// What follows from the kind of the entry where it has no such field itself.
    fn implied(&mut self, field: FieldName) {
        let implied = match (field, self.entry.kind, self.dialect) {
            (GENRE, Kind::DoctoralThesis, Dialect::Biblatex) => ("type", "phdthesis"),
            (GENRE, Kind::MastersThesis, Dialect::Biblatex) => ("type", "mathesis"),
            (GENRE, Kind::Thesis, Dialect::Bibtex) => ("type", "Thesis"),
            (FieldName::Text(TextField::PublicationState), Kind::Preprint, Dialect::Biblatex) => {
                ("pubstate", "prepublished")
            }
            (FieldName::Plain(PlainField::Version), Kind::Preprint, Dialect::Biblatex) => {
                if let Some(version) = self.entry.arxiv().and_then(crate::model::ArxivId::version) {
                    // Writing to a string cannot fail.
                    let _ = writeln!(self.printer.out, "  version = {{{version}}},");
                }
                return;
            }
            (FieldName::Text(TextField::ContainerTitle), _, Dialect::Bibtex) => return self.short_container(),
            _ => return,
        };
        self.line(implied.0, implied.1);
    }

    /// BibTeX's `journal` holds the abbreviated title where that is all there is.
    fn short_container(&mut self) {
        let Some(text) = self.entry.texts.get(TextField::ContainerShortTitle) else { return };
        if let Slot::Field(name) = vocabulary::text(TextField::ContainerTitle, self.entry.kind).of(self.dialect) {
            self.open(name);
            latex::encode(text, self.encoding, &mut self.printer.out);
            self.close();
        }
    }

    fn text(&mut self, field: TextField, name: &'static str) {
        let Some(text) = self.entry.texts.get(field) else { return };
        if field == TextField::ContainerShortTitle
            && self.dialect == Dialect::Bibtex
            && !self.entry.texts.contains(TextField::ContainerTitle)
        {
            // It stands in the place of the title already.
            return self.printer.drop_field(FieldName::Text(field), SHORT);
        }
        if field == TextField::Series && is_in_periodical(self.entry.kind) {
            // A journal's series is a word or a number.
            return self.line(name, &text.to_plain());
        }
        if let Some(key) = self.key_of(FieldName::Text(field), text.as_plain()) {
            return self.line(name, key);
        }
        if field == TextField::JournalRef {
            self.printer.drop_field(FieldName::Text(field), AS_NOTE);
        } else if let Some(reason) = self.loss(text) {
            self.printer.drop_field(FieldName::Text(field), reason);
        }
        self.open(name);
        latex::encode(text, self.encoding, &mut self.printer.out);
        let subtitle = match (self.dialect, field) {
            (Dialect::Bibtex, TextField::Title) => self.entry.texts.get(TextField::Subtitle),
            (Dialect::Bibtex, TextField::ContainerTitle) => self.entry.texts.get(TextField::ContainerSubtitle),
            _ => None,
        };
        if let Some(subtitle) = subtitle {
            self.printer.out.push_str(subtitle_separator(&self.printer.out));
            latex::encode(subtitle, self.encoding, &mut self.printer.out);
        }
        self.close();
    }

    /// Why a text is not read back as it is; none where it is.
    fn loss(&self, text: &Text) -> Option<&'static str> {
        if !is_one_line(text) {
            return Some(NO_LINES);
        }
        // Plain text always comes back; sources of TeX and mathematics do, unless they are none.
        if !has_source(text) {
            return None;
        }
        let mut printed = String::new();
        latex::encode(text, self.encoding, &mut printed);
        (latex::decode_bib(&printed) != *text).then_some(NO_TEX)
    }

    /// A subtitle that is printed with its title; without one it has no place.
    fn joined(&mut self, field: FieldName) {
        let title = match field {
            FieldName::Text(TextField::Subtitle) => TextField::Title,
            _ => TextField::ContainerTitle,
        };
        let reason =
            if self.entry.texts.contains(title) { ONE_TITLE } else { "there is no title that it could stand behind" };
        self.printer.drop_field(field, reason);
    }

    fn list(&mut self, field: ListField, name: &'static str) {
        let Some(items) = self.entry.lists.get(field) else { return };
        let comma = field == ListField::Keyword;
        // A venue is one text in BibLaTeX; BibTeX knows no lists beside names and keywords.
        let one_text = !comma && (self.dialect == Dialect::Bibtex || field == ListField::EventPlace);
        if one_text && items.len() > 1 {
            self.printer.drop_field(FieldName::List(field), ONE_TEXT);
        } else if let Some(reason) = items.iter().find_map(|item| self.loss(item)) {
            self.printer.drop_field(FieldName::List(field), reason);
        }
        self.open(name);
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.printer.out.push_str(if comma { ", " } else { " and " });
            }
            if let Some(key) = self.key_of(FieldName::List(field), item.as_plain()) {
                self.printer.out.push_str(key);
                continue;
            }
            let start = self.printer.out.len();
            latex::encode(item, self.encoding, &mut self.printer.out);
            // What parts the list, inside an item, is braced.
            let written = &self.printer.out[start..];
            let braces = if comma { written.contains([',', ';']) } else { !one_text && names::parts_list(written) };
            if braces {
                self.printer.out.insert(start, '{');
                self.printer.out.push('}');
            }
        }
        self.close();
    }

    fn plain(&mut self, field: PlainField, name: &'static str) {
        let Some(value) = self.entry.plain.get(field) else { return };
        match field {
            PlainField::Url => self.url(name),
            PlainField::Pages => {
                if pages::normalised(value) != *value {
                    self.printer
                        .drop_field(FieldName::Plain(field), "pages are read with dashes and no blanks round them");
                }
                self.open(name);
                for (at, part) in value.split('–').enumerate() {
                    if at > 0 {
                        self.printer.out.push_str("--");
                    }
                    latex::encode_plain(part, self.encoding, &mut self.printer.out);
                }
                self.close();
            }
            PlainField::Issue | PlainField::Number
                if self.dialect == Dialect::Biblatex
                    && numbers_issues(self.entry.kind, self.dialect)
                    && !value.starts_with(|c: char| c.is_ascii_digit()) =>
            {
                // BibLaTeX parts numbers from names such as "Spring"; both are issues.
                self.line("issue", value);
            }
            PlainField::File | PlainField::Options | PlainField::CrossReference | PlainField::KeyAliases => {
                if is_balanced(value) {
                    let holds_keys = matches!(field, PlainField::CrossReference | PlainField::KeyAliases);
                    self.open(name);
                    self.printer.out.push_str(&if holds_keys {
                        self.keys(value)
                    } else {
                        Cow::Borrowed(value.as_str())
                    });
                    self.close();
                } else {
                    self.printer.drop_field(FieldName::Plain(field), UNBALANCED);
                }
            }
            _ => self.line(name, self.key_of(FieldName::Plain(field), Some(value)).unwrap_or(value)),
        }
    }

    fn url(&mut self, name: &'static str) {
        let Some(url) = printed_url(self.entry) else { return };
        if url.contains(needs_encoding) {
            self.printer.drop_field(FieldName::Plain(PlainField::Url), ENCODED);
        }
        self.open(name);
        push_verbatim(&url, self.encoding.ascii, &mut self.printer.out);
        self.close();
    }

    fn special(&mut self, field: FieldName) {
        match field {
            FieldName::Date(_) => self.bibtex_date(),
            // The first class stands behind the eprint.
            FieldName::List(ListField::Category) => {
                let classes = self.entry.lists.get(ListField::Category).map_or(0, Vec::len);
                let first = self.entry.lists.get(ListField::Category).and_then(|classes| classes.first());
                let is_markup = first.is_some_and(|class| class.as_plain().is_none());
                let is_others = self.eprint.is_some_and(|scheme| scheme != Scheme::Arxiv);
                if classes > 1 || is_markup || is_others {
                    self.printer.drop_field(field, ONE_CLASS);
                }
                if self.eprint.is_none() {
                    self.class();
                }
            }
            _ => {}
        }
    }

    fn no_slot(&mut self, field: FieldName, reason: &'static str) {
        match field {
            FieldName::Id(scheme) if self.eprint == Some(scheme) => self.eprint(scheme),
            _ => self.printer.drop_field(field, reason),
        }
    }

    /// Fields of `.bib` files that the model has no place for go along as they are.
    fn foreign_fields(&mut self) {
        let entry = self.entry;
        for (at, foreign) in entry.foreign.iter().enumerate() {
            let field = FieldName::Foreign(at);
            if foreign.format != FOREIGN {
                self.printer.drop_field(field, "it belongs to another format");
            } else if foreign.name == FOREIGN_TYPE {
                // The head has printed or dropped it.
            } else if let (Dialect::Biblatex, Some(list)) = (self.dialect, foreign.name.strip_suffix(LIST_OPTIONS))
                && self.is_written(at, list)
                && is_balanced(&foreign.value)
            {
                // It stands at the head of the list.
            } else if foreign.name.ends_with(LIST_OPTIONS) {
                self.printer.drop_field(field, NO_OPTIONS);
            } else if !is_field_name(&foreign.name) {
                self.printer.drop_field(field, "its name cannot be a field's name");
            } else if !is_balanced(&foreign.value) {
                self.printer.drop_field(field, UNBALANCED);
            } else if self.is_written(at, &foreign.name) {
                self.printer.drop_field(field, TAKEN);
            } else {
                let holds_keys = REFERENCES.iter().any(|name| foreign.name.eq_ignore_ascii_case(name));
                let value = if holds_keys { self.keys(&foreign.value) } else { Cow::Borrowed(foreign.value.as_str()) };
                for part in ["  ", &foreign.name, " = {", &value, "},\n"] {
                    self.printer.out.push_str(part);
                }
            }
        }
    }

    /// Keys of other entries, spelled as these print theirs.
    fn keys<'v>(&self, value: &'v str) -> Cow<'v, str> {
        if !self.encoding.ascii || value.is_ascii() {
            return value.into();
        }
        value.split(',').map(|key| encode_key(key.trim(), true)).collect::<Vec<_>>().join(",").into()
    }

    /// Whether a field of that name stands in this entry already; asked for foreign fields only.
    fn is_written(&self, at: usize, name: &str) -> bool {
        let repeats = self.entry.foreign[..at].iter().any(|other| other.name.eq_ignore_ascii_case(name));
        if !repeats && !vocabulary::is_name(name) {
            return false;
        }
        let body = &self.printer.out[self.printer.key_end.unwrap_or(0)..];
        body.lines().any(|line| {
            line.strip_prefix("  ")
                .and_then(|line| line.get(..name.len()).map(|head| (head, &line[name.len()..])))
                .is_some_and(|(head, rest)| head.eq_ignore_ascii_case(name) && rest.starts_with(" = "))
        })
    }

    /// A field whose value is plain text.
    fn line(&mut self, name: &str, value: &str) {
        self.open(name);
        latex::encode_plain(value, self.encoding, &mut self.printer.out);
        self.close();
    }

    fn open(&mut self, name: &str) {
        self.printer.out.push_str("  ");
        self.printer.out.push_str(name);
        self.printer.out.push_str(" = {");
    }

    fn close(&mut self) {
        self.printer.out.push_str("},\n");
    }
}

const OF_PERIODICAL: &str = "in a periodical it is read as that of the issue or the journal; it is printed there";
const ONE_TITLE: &str = "BibTeX has one field for both; it is printed behind the title";
const ONE_TEXT: &str = "the field is one text and no list; its items are printed with `and` between them";
const AS_NOTE: &str = "there is no field for a journal reference; it is printed as a note";
const NO_LINES: &str = ".bib files have no line ends or tabs inside a value; they are printed as blanks";
const ENCODED: &str = "what LaTeX would read in it is printed percent-encoded";
const UNREADABLE: &str = "without a journal it is read as a preprint";
const SHORT: &str = "it is printed as the whole title, which BibTeX's styles print";
const NO_TEX: &str = "it is no sound TeX and is printed so that the file stays sound";
const NO_OPTIONS: &str = "only lists of names in BibLaTeX have options";
const GENRE: FieldName = FieldName::Text(TextField::Genre);
const UNBALANCED: &str = "its braces are not balanced";

#[cfg(test)]
mod tests;
