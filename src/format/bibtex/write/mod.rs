//! Prints one entry in either dialect: one field a line, in the vocabulary's order, values in braces.
//!
//! Every value that is printed leaves the file's braces balanced, whatever it holds; what has no place is reported. Must
//! not know how LaTeX spells characters.

mod values;

use super::vocabulary::{
    self, EPRINT_TYPES, GIVES_WAY, NO_KIND, ONE_CLASS, ORDER, Slot, TAKEN, Type, has, is_in_periodical, numbers_issues,
};
use super::{Dialect, FOREIGN, FOREIGN_TYPE, LIST_OPTIONS, names};
use crate::format::{Printer, WriteOptions};
use crate::latex::{self, Encoding};
use crate::model::{
    Bound, Date, DateField, Day, Entry, FieldName, Foreign, Identifier, Kind, ListField, Name, Person, PlainField,
    Role, Scheme, Text, TextField,
};
use std::fmt::Write as _;
pub(super) use values::is_balanced;
use values::{
    breaks_grammar, encode_key, has_inner_particle, has_source, is_common, is_field_name, is_key_char, is_one_line,
    needs_encoding, needs_extended_format, push_verbatim,
};

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

const EDITOR_FIELDS: [(&str, &str); 4] =
    [("editor", "editortype"), ("editora", "editoratype"), ("editorb", "editorbtype"), ("editorc", "editorctype")];

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
pub(super) const SEASONS: [&str; 4] = ["Spring", "Summer", "Autumn", "Winter"];

impl<'e> EntryWriter<'e, '_> {
    /// `@type{key,`, and what the type leaves open.
    fn head(&mut self, options: &WriteOptions) {
        let kind = self.entry.kind;
        let Type { word, subtype, exact } = vocabulary::entry_type(kind, self.dialect);
        let as_article = kind == Kind::Preprint && options.preprint_as_article;
        let word = self.own_type().unwrap_or(match (kind, self.dialect) {
            _ if as_article => "article",
            // The thesis types of BibTeX leave the type field free for the words of the input.
            (Kind::DoctoralThesis, Dialect::Biblatex) if has(self.entry, GENRE) => "phdthesis",
            (Kind::MastersThesis, Dialect::Biblatex) if has(self.entry, GENRE) => "mastersthesis",
            _ => word,
        });
        let known_by_id = kind == Kind::Preprint && self.is_seen_as_preprint();
        let known_by_genre = kind == Kind::Thesis && !has(self.entry, GENRE);
        if !exact && !known_by_id && !known_by_genre {
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
        let state = self.entry.texts.get(TextField::PublicationState).map_or(Some("prepublished"), Text::as_plain);
        let says_so = self.dialect == Dialect::Biblatex && matches!(state, Some("prepublished" | "preprint"));
        says_so || (self.entry.arxiv().is_some() && !self.prints_container())
    }

    /// Whether a reader takes another kind of work for a preprint, because nothing but its identifier says where it is.
    fn looks_like_preprint(&self) -> bool {
        let entry = self.entry;
        let state = entry.texts.get(TextField::PublicationState).and_then(Text::as_plain);
        let says_so = self.dialect == Dialect::Biblatex && matches!(state, Some("prepublished" | "preprint"));
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
            (GENRE, Kind::Report, Dialect::Biblatex) => ("type", "techreport"),
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
            let ends_itself = self.printer.out.ends_with(['?', '!', '.', ':', ';', ',']);
            self.printer.out.push_str(if ends_itself { " " } else { ": " });
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
            PlainField::Url => self.url(value, name),
            PlainField::Pages => {
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
                    self.open(name);
                    self.printer.out.push_str(value);
                    self.close();
                } else {
                    self.printer.drop_field(FieldName::Plain(field), UNBALANCED);
                }
            }
            _ => self.line(name, value),
        }
    }

    /// An address; of a paper whose version is pinned, the version's.
    fn url(&mut self, url: &str, name: &'static str) {
        if url.contains(needs_encoding) {
            self.printer.drop_field(FieldName::Plain(PlainField::Url), ENCODED);
        }
        self.open(name);
        push_verbatim(url, self.encoding.ascii, &mut self.printer.out);
        if let Some(id) = self.entry.arxiv()
            && let Some(version) = id.version()
            && url.strip_prefix("https://arxiv.org/abs/") == Some(id.id())
        {
            let _ = write!(self.printer.out, "v{version}");
        }
        self.close();
    }

    fn date(&mut self, field: DateField, name: &'static str) {
        let Some(date) = self.entry.dates.get(field) else { return };
        match date {
            Date::Written(text) => {
                let name = if field == DateField::Issued { "year" } else { name };
                self.line(name, text);
            }
            Date::Day(_) | Date::Range(..) => {
                let _ = writeln!(self.printer.out, "  {name} = {{{date}}},");
            }
        }
    }

    fn people(&mut self, role: Role, name: &'static str) {
        self.open(name);
        if let (Dialect::Biblatex, Some(options)) = (self.dialect, self.list_options(name)) {
            self.printer.out.push_str(options);
            self.printer.out.push_str(" and ");
        }
        let mut reads_back = true;
        for (at, person) in self.entry.people_as(role).enumerate() {
            if at > 0 {
                self.printer.out.push_str(" and ");
            }
            let start = self.printer.out.len();
            self.name(person);
            reads_back &= is_common(person) || names::is_read_as(&self.printer.out[start..], person);
        }
        self.close();
        if !reads_back {
            self.printer.drop_field(FieldName::People(role), NAMES);
        }
    }

    /// The options at the head of a list of names.
    fn list_options(&self, field: &str) -> Option<&'e str> {
        let entry = self.entry;
        let names = |foreign: &&Foreign| {
            foreign.format == FOREIGN
                && foreign.name.strip_suffix(LIST_OPTIONS).is_some_and(|name| name.eq_ignore_ascii_case(field))
        };
        entry.foreign.iter().find(names).map(|foreign| foreign.value.as_str()).filter(|value| is_balanced(value))
    }

    /// People whose role has no field of its own stand as editors of a type, while there is room.
    fn editor(&mut self, field: FieldName, kind: &'static str) {
        let FieldName::People(role) = field else { return };
        match self.editors.iter().position(|in_use| !in_use) {
            Some(at) => {
                self.editors[at] = true;
                self.people(role, EDITOR_FIELDS[at].0);
                self.line(EDITOR_FIELDS[at].1, kind);
            }
            None => self.printer.drop_field(field, "BibLaTeX has four fields for editors, and all are taken"),
        }
    }

    fn id(&mut self, scheme: Scheme, name: &'static str) {
        if self.eprint == Some(scheme) {
            return self.eprint(scheme);
        }
        let entry = self.entry;
        let mut values = entry.ids.iter().filter(|id| id.scheme() == scheme);
        let Some(Identifier::Other(_, value)) = values.next() else { return };
        let is_sound = Identifier::parse(scheme, value).is_some_and(|id| id.value() == *value);
        if !is_sound || scheme == Scheme::Bibcode && value.chars().count() != BIBCODE {
            self.printer.drop_field(FieldName::Id(scheme), NO_ID);
        }
        match scheme {
            Scheme::Doi => {
                self.open(name);
                push_verbatim(value, self.encoding.ascii, &mut self.printer.out);
                self.close();
            }
            Scheme::Dblp => {
                self.open(name);
                self.printer.out.push_str("https://dblp.org/rec/");
                push_verbatim(value, self.encoding.ascii, &mut self.printer.out);
                self.printer.out.push_str(".bib");
                self.close();
            }
            // Print and electronic numbers are commonly listed together.
            Scheme::Isbn | Scheme::Issn => {
                self.open(name);
                latex::encode_plain(value, self.encoding, &mut self.printer.out);
                for id in values.by_ref() {
                    self.printer.out.push_str(", ");
                    latex::encode_plain(&id.value(), self.encoding, &mut self.printer.out);
                }
                self.close();
            }
            _ => self.line(name, value),
        }
        if values.next().is_some() {
            self.printer.drop_field(FieldName::Id(scheme), ONE_ID);
        }
    }

    /// The `eprint` field and what belongs to it.
    fn eprint(&mut self, scheme: Scheme) {
        let entry = self.entry;
        let mut values = entry.ids.iter().filter(|id| id.scheme() == scheme);
        match values.next() {
            Some(Identifier::Arxiv(id)) => {
                let _ = writeln!(self.printer.out, "  eprint = {{{id}}},");
            }
            Some(Identifier::Other(_, value)) => {
                if value.contains(needs_encoding) {
                    self.printer.drop_field(FieldName::Id(scheme), ENCODED);
                }
                self.open("eprint");
                push_verbatim(value, self.encoding.ascii, &mut self.printer.out);
                self.close();
            }
            None => return,
        }
        if values.next().is_some() {
            self.printer.drop_field(FieldName::Id(scheme), ONE_ID);
        }
        let eprint_type = EPRINT_TYPES.iter().find(|(other, _)| *other == scheme).map_or("", |(_, name)| name);
        match self.dialect {
            Dialect::Bibtex => self.line("archivePrefix", "arXiv"),
            Dialect::Biblatex => self.line("eprinttype", eprint_type),
        }
        if scheme == Scheme::Arxiv
            && let Some(class) = entry.lists.get(ListField::Category).and_then(|classes| classes.first())
        {
            let name = match self.dialect {
                Dialect::Bibtex => "primaryClass",
                Dialect::Biblatex => "eprintclass",
            };
            match class.as_plain() {
                Some(class) => self.line(name, class),
                None => self.line(name, &class.to_plain()),
            }
        }
    }

    fn special(&mut self, field: FieldName) {
        match field {
            FieldName::Date(_) => self.bibtex_date(),
            // The first class stands behind the eprint.
            FieldName::List(ListField::Category) => {
                let classes = self.entry.lists.get(ListField::Category).map_or(0, Vec::len);
                let first = self.entry.lists.get(ListField::Category).and_then(|classes| classes.first());
                let is_markup = first.is_some_and(|class| class.as_plain().is_none());
                if classes > 1 || is_markup || self.eprint != Some(Scheme::Arxiv) {
                    self.printer.drop_field(field, ONE_CLASS);
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

    /// `year` and `month`. A day has no field in BibTeX: dates are of month precision there.
    fn bibtex_date(&mut self) {
        let Some(date) = self.entry.dates.get(DateField::Issued) else { return };
        let exact = |day: &Day| !day.unspecified_month && !day.unspecified_day;
        let holds = match date {
            Date::Written(text) => {
                self.line("year", text);
                true
            }
            Date::Day(day) => {
                let _ = writeln!(self.printer.out, "  year = {{{}}},", Year(day));
                if let Some(month) = day.month {
                    let _ = writeln!(self.printer.out, "  month = {},", Month(month));
                }
                exact(day) && day.day.is_none() && day.time.is_none()
            }
            Date::Range(Bound::Day(from), Bound::Day(to)) => {
                let same_year = Year(from).to_string() == Year(to).to_string();
                let _ = if same_year {
                    writeln!(self.printer.out, "  year = {{{}}},", Year(from))
                } else {
                    writeln!(self.printer.out, "  year = {{{}--{}}},", Year(from), Year(to))
                };
                if let (true, Some(first), Some(last)) = (same_year, from.month, to.month) {
                    let _ = writeln!(self.printer.out, "  month = {} # {{--}} # {},", Month(first), Month(last));
                }
                let months_fit = from.month.is_none() && to.month.is_none()
                    || same_year && from.month.is_some() && to.month.is_some() && from.month != to.month;
                exact(from) && exact(to) && months_fit && (!same_year || from.month.is_some())
            }
            Date::Range(from, to) => {
                let year = |bound: &Bound| match bound {
                    Bound::Day(day) => Year(day).to_string(),
                    Bound::Open | Bound::Unknown => String::new(),
                };
                let _ = writeln!(self.printer.out, "  year = {{{}--{}}},", year(from), year(to));
                [from, to].into_iter().all(|bound| match bound {
                    Bound::Day(day) => exact(day) && day.month.is_none(),
                    Bound::Open => true,
                    Bound::Unknown => false,
                })
            }
        };
        if !holds {
            self.printer.drop_field(FieldName::Date(DateField::Issued), "BibTeX has only a year and a month");
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
                let out = &mut self.printer.out;
                for part in ["  ", &foreign.name, " = {", &foreign.value, "},\n"] {
                    out.push_str(part);
                }
            }
        }
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

    fn name(&mut self, name: &Name) {
        match name {
            Name::Person(person) => self.person(person),
            Name::Literal(name) => self.body(name),
            Name::Others => self.printer.out.push_str("others"),
        }
    }

    /// A body's name in braces; in two pairs where one would make it a special character (`{\\O}`).
    fn body(&mut self, name: &str) {
        let start = self.printer.out.len();
        self.name_part(name, true);
        if self.printer.out[start..].starts_with("{\\") {
            self.printer.out.insert(start, '{');
            self.printer.out.push('}');
        }
    }

    /// `von Last, Jr, First`, braced wherever the grammar would read it otherwise.
    fn person(&mut self, person: &Person) {
        if self.dialect == Dialect::Biblatex && needs_extended_format(person) {
            return self.extended(person);
        }
        for particle in [&person.dropping_particle, &person.particle] {
            if !particle.is_empty() {
                self.name_part(particle, breaks_grammar(particle));
                self.printer.out.push(' ');
            }
        }
        let alone = person.given.is_empty() && person.suffix.is_empty();
        let many_words = person.family.contains(char::is_whitespace);
        let brace = breaks_grammar(&person.family)
            || (many_words && (alone || has_inner_particle(&person.family) || person.family.contains(['\\', '~'])))
            || (alone && person.family.eq_ignore_ascii_case("others"));
        self.name_part(&person.family, brace);
        if !person.suffix.is_empty() {
            self.printer.out.push_str(", ");
            self.name_part(&person.suffix, breaks_grammar(&person.suffix));
        }
        if !alone {
            self.printer.out.push_str(", ");
            self.name_part(&person.given, breaks_grammar(&person.given) || person.given.is_empty());
        }
    }

    /// BibLaTeX's extended name format (manual, section 3.6), for particles that the plain grammar does not see.
    fn extended(&mut self, person: &Person) {
        let particle = if person.particle.is_empty() { &person.dropping_particle } else { &person.particle };
        let parts =
            [("family", &person.family), ("given", &person.given), ("prefix", particle), ("suffix", &person.suffix)];
        let mut separator = "";
        for (label, part) in parts.into_iter().filter(|(_, part)| !part.is_empty()) {
            for piece in [separator, label, "="] {
                self.printer.out.push_str(piece);
            }
            self.name_part(part, true);
            separator = ", ";
        }
        if !person.dropping_particle.is_empty() && person.particle.is_empty() {
            self.printer.out.push_str(", useprefix=false");
        }
    }

    fn name_part(&mut self, part: &str, brace: bool) {
        if brace {
            self.printer.out.push('{');
        }
        if part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'.' | b'-' | b'\'' | b',')) {
            self.printer.out.push_str(part);
        } else {
            latex::encode_plain(part, self.encoding, &mut self.printer.out);
        }
        if brace {
            self.printer.out.push('}');
        }
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
const NAMES: &str = "the grammar of names reads a name in another way than it is meant";
const NO_TEX: &str = "it is no sound TeX and is printed so that the file stays sound";
const NO_ID: &str = "it does not follow the rules for such identifiers";
/// How many characters a bibcode has.
const BIBCODE: usize = 19;
const NO_OPTIONS: &str = "only lists of names in BibLaTeX have options";
const GENRE: FieldName = FieldName::Text(TextField::Genre);
const UNBALANCED: &str = "its braces are not balanced";
const ONE_ID: &str = "one field holds one identifier; the first is written";

/// A year as printed in the `year` field; doubt as people write it: `c. 1850?`.
struct Year<'d>(&'d Day);

impl std::fmt::Display for Year<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.approximate {
            f.write_str("c. ")?;
        }
        match self.0 {
            Day { year, unspecified_year_digits: 0, .. } if (1000..10_000).contains(year) => write!(f, "{year}")?,
            day => {
                let unspecified_year_digits = day.unspecified_year_digits;
                let year = Day { unspecified_year_digits, ..Day::year(day.year) };
                f.write_str(&year.calendar())?;
            }
        }
        f.write_str(if self.0.uncertain { "?" } else { "" })
    }
}

/// A month as its macro, a season as its English name.
struct Month(u8);

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = usize::from(self.0);
        match (MONTHS.get(at.wrapping_sub(1)), SEASONS.get(at.wrapping_sub(21))) {
            (Some(month), _) => f.write_str(month),
            (None, Some(season)) => write!(f, "{{{season}}}"),
            (None, None) => write!(f, "{{{at}}}"),
        }
    }
}

fn eprint_scheme(entry: &Entry, dialect: Dialect) -> Option<Scheme> {
    let holds = |scheme: Scheme| dialect == Dialect::Biblatex || scheme == Scheme::Arxiv;
    EPRINT_TYPES
        .iter()
        .map(|(scheme, _)| *scheme)
        .find(|scheme| holds(*scheme) && entry.ids.iter().any(|id| id.scheme() == *scheme))
}

fn editors_in_use(entry: &Entry) -> [bool; 4] {
    let roles = [Role::Editor, Role::EditorA, Role::EditorB, Role::EditorC];
    let mut in_use = [false; 4];
    for (role, _) in &entry.people {
        if let Some(at) = roles.iter().position(|other| other == role) {
            in_use[at] = true;
        }
    }
    for foreign in &entry.foreign {
        if let Some(at) = EDITOR_FIELDS.iter().position(|(_, kind)| *kind == foreign.name) {
            in_use[at] = true;
        }
    }
    in_use
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ArxivId;
    use crate::record::DateChoice;

    fn print(entry: &Entry, dialect: Dialect) -> (String, Vec<FieldName>) {
        print_with(entry, dialect, &WriteOptions::default())
    }

    fn print_with(entry: &Entry, dialect: Dialect, options: &WriteOptions) -> (String, Vec<FieldName>) {
        let mut printer = Printer::default();
        super::entry(entry, dialect, options, &mut printer);
        (printer.out, printer.dropped.iter().map(|dropped| dropped.field).collect())
    }

    fn preprint(pinned: Option<u16>) -> Entry {
        let record: crate::record::Record = serde_json::from_str(
            r#"{"id": "1706.03762", "title": "Attention Is All You Need",
                "authors_parsed": [["Vaswani", "Ashish", ""], ["Shazeer", "Noam", ""]],
                "categories": "cs.CL cs.LG", "comments": "15 pages",
                "versions": [{"version": "v1", "created": "Mon, 12 Jun 2017 17:57:34 GMT"}]}"#,
        )
        .unwrap();
        let mut entry = record.to_entry(pinned, DateChoice::First);
        entry.key = Some("vaswani2017attention".to_owned());
        entry
    }

    #[test]
    fn a_preprint_in_bibtex() {
        let (out, dropped) = print(&preprint(None), Dialect::Bibtex);
        assert_eq!(
            out,
            "@misc{vaswani2017attention,\n  author = {Vaswani, Ashish and Shazeer, Noam},\n  \
             title = {Attention Is All You Need},\n  year = {2017},\n  month = jun,\n  eprint = {1706.03762},\n  \
             archivePrefix = {arXiv},\n  primaryClass = {cs.CL},\n  doi = {10.48550/arXiv.1706.03762},\n  \
             url = {https://arxiv.org/abs/1706.03762},\n}\n"
        );
        let day = FieldName::Date(DateField::Issued);
        assert_eq!(dropped, [day, FieldName::List(ListField::Category), FieldName::Text(TextField::Comment)]);
    }

    #[test]
    fn a_pinned_preprint_in_biblatex() {
        let (out, _) = print(&preprint(Some(5)), Dialect::Biblatex);
        assert_eq!(
            out,
            "@online{vaswani2017attention,\n  author = {Vaswani, Ashish and Shazeer, Noam},\n  \
             title = {Attention Is All You Need},\n  date = {2017-06-12},\n  version = {5},\n  \
             pubstate = {prepublished},\n  eprint = {1706.03762v5},\n  eprinttype = {arxiv},\n  \
             eprintclass = {cs.CL},\n  doi = {10.48550/arXiv.1706.03762},\n  \
             url = {https://arxiv.org/abs/1706.03762v5},\n}\n"
        );
    }

    #[test]
    fn a_preprint_as_article() {
        let options = WriteOptions { preprint_as_article: true, ..WriteOptions::default() };
        for dialect in [Dialect::Bibtex, Dialect::Biblatex] {
            assert!(print_with(&preprint(None), dialect, &options).0.starts_with("@article{vaswani2017attention,\n"));
        }
    }

    #[test]
    fn names_survive_the_grammar() {
        let check = |name: Name, bibtex: &str, biblatex: &str| {
            for (dialect, expected) in [(Dialect::Bibtex, bibtex), (Dialect::Biblatex, biblatex)] {
                let mut entry = Entry::new(Kind::Misc);
                entry.people.push((Role::Author, name.clone()));
                let (out, _) = print(&entry, dialect);
                let line = out.lines().nth(1).unwrap_or_default();
                assert_eq!(line, format!("  author = {{{expected}}},"), "{name:?}");
            }
        };
        let same = |name: Name, expected: &str| check(name, expected, expected);
        same(Name::from_parts("van der Waals", "Johannes", "Jr"), "van der Waals, Jr, Johannes");
        same(Name::Literal("Gemma Team".into()), "{Gemma Team}");
        same(Name::Literal("Barnes and Noble, Inc.".into()), "{Barnes and Noble, Inc.}");
        same(Name::Person(Person::new("de la Cruz", "Juan")), "{de la Cruz}, Juan");
        same(Name::Person(Person::new("Plato", "")), "Plato");
        check(Name::Person(Person::new("Van Damme", "")), "{Van Damme}", "family={Van Damme}");
        same(Name::Person(Person::new("Smith", "A, B")), "Smith, {A, B}");
        let particle = Person { particle: "Van".into(), ..Person::new("Berg", "Jan") };
        check(Name::Person(particle), "Van Berg, Jan", "family={Berg}, given={Jan}, prefix={Van}");
        let dropping = Person { dropping_particle: "d'".into(), ..Person::new("Alembert", "Jean") };
        check(
            Name::Person(dropping),
            "d' Alembert, Jean",
            "family={Alembert}, given={Jean}, prefix={d'}, useprefix=false",
        );
    }

    #[test]
    fn others_end_a_list() {
        let mut entry = Entry::new(Kind::Misc);
        entry.people = vec![(Role::Author, Name::Person(Person::new("A", "B"))), (Role::Author, Name::Others)];
        assert!(print(&entry, Dialect::Bibtex).0.contains("author = {A, B and others},"));
    }

    #[test]
    fn keys_and_addresses_cannot_break_the_file() {
        let mut entry = Entry::new(Kind::Misc);
        entry.key = Some("a b,\n title={x}".to_owned());
        entry.plain.set(PlainField::Url, "http://x.org/a{b\\c d%20".to_owned());
        let (out, _) = print(&entry, Dialect::Bibtex);
        assert_eq!(out, "@misc{a+20b+2C+0A+20title+3D+7Bx+7D,\n  url = {http://x.org/a%7Bb%5Cc%20d%20},\n}\n");
    }

    #[test]
    fn foreign_fields_go_along_or_are_reported() {
        let mut entry = Entry::new(Kind::Misc);
        entry.texts.set(TextField::Note, Text::plain("n"));
        let foreign =
            [("bibtex", "annex", "x {y}"), ("bibtex", "a b", "x"), ("bibtex", "bad", "}{"), ("csl", "x", "y")];
        for (format, name, value) in foreign.into_iter().chain([("bibtex", "Note", "twice")]) {
            entry.foreign.push(Foreign { format, name: name.to_owned(), value: value.to_owned() });
        }
        let (out, dropped) = print(&entry, Dialect::Biblatex);
        assert!(out.ends_with("  note = {n},\n  annex = {x {y}},\n}\n"), "{out}");
        assert_eq!(dropped, (1..5).map(FieldName::Foreign).collect::<Vec<_>>());
    }

    #[test]
    fn dates_in_bibtex() {
        let check = |date: &str, expected: &str, holds: bool| {
            let mut entry = Entry::new(Kind::Misc);
            entry.dates.set(DateField::Issued, Date::parse(date));
            let (out, dropped) = print(&entry, Dialect::Bibtex);
            let lines: Vec<&str> = out.lines().skip(1).map(str::trim).filter(|line| *line != "}").collect();
            assert_eq!(lines.join(" "), expected, "{date}");
            assert_eq!(dropped.is_empty(), holds, "{date}");
        };
        check("2017-06-12", "year = {2017}, month = jun,", false);
        check("2017-06", "year = {2017}, month = jun,", true);
        check("1964/2008", "year = {1964--2008},", true);
        check("2004-01/2004-02", "year = {2004}, month = jan # {--} # feb,", true);
        check("2004-01/2005-02", "year = {2004--2005},", false);
        check("1985/..", "year = {1985--},", true);
        check("2001-21", "year = {2001}, month = {Spring},", true);
        check("1984?", "year = {1984?},", true);
        check("1850~", "year = {c. 1850},", true);
        check("2004-XX", "year = {2004},", false);
        check("199X", "year = {199X},", true);
        check("in press", "year = {in press},", true);
    }

    #[test]
    fn one_scheme_takes_the_eprint_field() {
        let mut entry = Entry::new(Kind::JournalArticle);
        entry.ids.push(Identifier::Other(Scheme::Pmid, "123".into()));
        let (out, _) = print(&entry, Dialect::Biblatex);
        assert!(out.contains("  eprint = {123},\n  eprinttype = {pubmed},\n"), "{out}");
        entry.ids.extend(ArxivId::parse("hep-th/9901001").map(Identifier::Arxiv));
        let (out, _) = print(&entry, Dialect::Biblatex);
        assert!(out.contains("  eprint = {hep-th/9901001},\n  eprinttype = {arxiv},\n  pmid = {123},\n"), "{out}");
    }
}
