//! Understands records of RIS as Reference Manager, `EndNote`, Zotero, publishers and editors of text leave them behind.
//!
//! A record is understood as a whole, because what a tag means depends on the type of work. Whatever is not understood is
//! kept as a foreign value under its tag.

use super::lines::Tagged;
use super::roles::Roles;
use super::types::{
    Clues, has_document_number, is_degree, is_subject_class, is_thesis, is_whole_book, kind_from_label, kind_of,
    kind_of_label, stands_in_series, type_of,
};
use super::values::{
    arxiv_note, arxiv_volume, best_version, contradicts, detail, doi_note, fold, is_arxiv_container, is_range,
    names_only_schemes, read_date, read_name, read_pages, read_text, serials, split_keywords, split_list, split_people,
    split_urls,
};
use super::{Slot, every_field, is_labelled_date, labelled_note, slot};
use crate::diagnostic::{Diagnostic, Rule};
use crate::format::tidy;
use crate::model::{
    ArxivId, Date, DateField, Entry, FieldName, Foreign, Identifier, Kind, ListField, PlainField, Role, Scheme, Text,
    TextField,
};
use crate::source::{Origin, Origins};
use crate::stream::Sourced;

/// Understands a record.
pub(super) fn record(lines: &[Tagged]) -> (Sourced, Vec<Diagnostic>) {
    Building::new(lines).build(lines)
}

/// An entry while its record is understood.
struct Building {
    entry: Entry,
    origins: Origins,
    faults: Vec<Diagnostic>,
    container_is_arxiv: bool,
    /// What `AB` says, wherever it stands.
    first_abstract: Option<String>,
}

impl Building {
    /// Finds out what kind of work it is, which decides what the tags mean.
    fn new(lines: &[Tagged]) -> Self {
        let find = |tags: &[&str]| lines.iter().find(|l| tags.contains(&l.tag.as_str()) && !l.value.is_empty());
        let container = find(&["T2", "JF", "JO", "JA", "J1", "BT", "C3"]);
        let ids: Vec<ArxivId> = lines.iter().filter_map(arxiv_of).collect();
        let year = find(&["PY", "Y1", "DA"]).and_then(|line| line.value.get(..4)).and_then(|year| year.parse().ok());
        // What says more ("…, accepted at a workshop") is a container.
        let says_only_arxiv = |name: &str| {
            is_arxiv_container(name)
                && (crate::record::bare_id(name).is_some() || crate::record::says_only_arxiv(name, year))
        };
        let container_is_arxiv = !ids.is_empty() && container.is_some_and(|line| says_only_arxiv(&line.value));
        let word = find(&["TY"]).map(|line| line.value.to_uppercase()).unwrap_or_default();
        let clues = Clues {
            // "JOUR" with arXiv in the journal's place is how Google Scholar and DBLP cite a preprint.
            kind_of_work: if container_is_arxiv { "GEN" } else { &word },
            genre: find(&["M3"])
                .or_else(|| find(&["VL"]).filter(|line| word == "THES" && is_degree(&line.value)))
                .map(|line| line.value.as_str()),
            arxiv: !ids.is_empty(),
            authors: find(&["AU", "A1"]).is_some(),
            editors: find(&["A2", "ED"]).is_some(),
            container: container.is_some() && !container_is_arxiv,
        };
        let kind = kind_of(clues);
        let mut building = Self {
            entry: Entry::new(kind.unwrap_or(Kind::Misc)),
            origins: Origins::new(),
            faults: Vec::new(),
            container_is_arxiv,
            first_abstract: find(&["AB"]).map(|line| fold(&line.value)),
        };
        building.entry.ids.extend(best_version(ids).map(Identifier::Arxiv));
        if let Some(line) = find(&["TY"]) {
            building.kind(line, &word, kind.is_some());
        }
        building
    }

    /// Keeps the input's own word where it says more than the kind.
    fn kind(&mut self, line: &Tagged, word: &str, known: bool) {
        self.origins.set(FieldName::Kind, Origin::read(line.span));
        if !known {
            let message = format!("RIS has no type {:?}; the work is read as misc", line.value);
            self.faults.push(Diagnostic::new(Rule::MalformedValue, message).at(line.span).field(FieldName::Kind));
        }
        // A word in place of a type ("Journal Article") says no more than the kind does.
        let says_more = word != type_of(self.entry.kind) && !(known && word.contains([' ', '/']));
        let is_plain = kind_from_label(word) == Some(self.entry.kind)
            || (word == "CONF" && self.entry.kind == Kind::ConferencePaper)
            || self.container_is_arxiv;
        if says_more && !is_plain {
            self.foreign(line);
        }
    }

    fn build(mut self, lines: &[Tagged]) -> (Sourced, Vec<Diagnostic>) {
        let says = |tag: &str| lines.iter().any(|line| line.tag == tag && !line.value.is_empty());
        let roles = Roles::of(self.entry.kind, says);
        // A document's number is the one under the tag for it, wherever that stands.
        let place = |line: &Tagged| match line.tag.as_str() {
            "M1" => 1,
            "IS" | "CP" => 2,
            _ => 0,
        };
        for turn in 0..3 {
            let meant = |line: &&Tagged| !line.value.is_empty() && line.tag != "TY" && place(line) == turn;
            lines.iter().filter(meant).for_each(|line| self.line(&roles, line));
        }
        self.containers(lines);
        self.dates(lines);
        self.pages(lines);
        if self.entry.arxiv().is_some() {
            self.sort_out_arxiv();
        }
        if let Some(what) = tidy(&mut self.entry) {
            self.faults.extend(lines.first().map(|line| what.at(line.span)));
        }
        crate::record::recognise_elsewhere(&mut self.entry);
        for fault in &mut self.faults {
            fault.key.clone_from(&self.entry.key);
        }
        // Identifiers in the model's order, so that the order of the lines makes no difference.
        self.entry.ids.sort_by_key(Identifier::scheme);
        let span = lines.first().map(|line| line.span);
        (Sourced { entry: self.entry, origins: self.origins, span }, self.faults)
    }

    fn foreign(&mut self, line: &Tagged) {
        self.origins.set(FieldName::Foreign(self.entry.foreign.len()), Origin::read(line.span));
        self.entry.foreign.push(Foreign { format: "ris", name: line.tag.clone(), value: fold(&line.value) });
    }

    /// Understands one line; those that are understood together only are left to the functions behind this.
    fn line(&mut self, roles: &Roles, line: &Tagged) {
        if let Some(role) = roles.named_by(&line.tag) {
            return self.person(role, line);
        }
        match line.tag.as_str() {
            "ID" => self.key(line),
            "KW" => self.keyword(line),
            "N1" => self.note(&line.value, line),
            "N2" => self.second_abstract(line),
            "DO" | "L3" => self.identifier(Scheme::Doi, line),
            "SN" => self.serials(line),
            "UR" | "LK" => self.urls(line),
            "M3" => self.genre(line),
            "AN" | "M1" | "C7" if ArxivId::parse(&line.value).is_some() => {}
            "M1" => self.put(FieldName::Plain(PlainField::Number), &line.value, line),
            // `JabRef` has a report's number here; reports have no issues.
            "IS" | "CP" if has_document_number(self.entry.kind) && !self.entry.plain.contains(PlainField::Number) => {
                self.put(FieldName::Plain(PlainField::Number), &line.value, line);
            }
            "C1" | "C2" if labelled_arxiv(&line.value).is_some() => {}
            "CY" | "PP" => {}
            "C1" if self.entry.kind != Kind::Map => {}
            // EndNote's place for the degree.
            "VL" if is_thesis(self.entry.kind) && is_degree(&line.value) => {
                self.put(FieldName::Text(TextField::Genre), &line.value, line);
            }
            "T1" | "CT" => self.put(FieldName::Text(TextField::Title), &line.value, line),
            "BT" if is_whole_book(self.entry.kind) => self.put(FieldName::Text(TextField::Title), &line.value, line),
            "VL" | "VO" if self.container_is_arxiv && arxiv_volume(&line.value).is_some() => {}
            // EndNote has the day on which an article went online here.
            "ET" if is_article(self.entry.kind) && line.value.contains('/') && read_date(&fold(&line.value)).1 => {
                self.put(FieldName::Date(DateField::Available), &line.value, line);
            }
            "VO" => self.put(FieldName::Plain(PlainField::Volume), &line.value, line),
            "CP" => self.put(FieldName::Plain(PlainField::Issue), &line.value, line),
            "T2" | "JF" | "JO" | "JA" | "J1" | "J2" | "BT" | "C3" | "PY" | "Y1" | "DA" | "SP" | "EP" => {}
            tag => {
                let kind = self.entry.kind;
                match every_field().find(|field| matches!(slot(*field, kind), Slot::Tag(known) if known == tag)) {
                    Some(field) => self.put(field, &line.value, line),
                    None => self.foreign(line),
                }
            }
        }
    }

    /// Sets a field from its value; what comes a second time is kept as foreign, unless it says the same.
    fn put(&mut self, field: FieldName, value: &str, line: &Tagged) {
        let value = fold(value);
        let taken = match field {
            FieldName::Text(field) => self.entry.texts.get(field).map(|old| old.to_plain() == value),
            FieldName::Plain(field) => self.entry.plain.get(field).map(|old| *old == value),
            FieldName::Date(field) => self.entry.dates.get(field).map(|old| {
                let (date, whole) = read_date(&value);
                whole && *old == date
            }),
            FieldName::List(_) | FieldName::Kind | FieldName::Key => None,
            FieldName::People(_) | FieldName::Id(_) | FieldName::Foreign(_) => None,
        };
        match taken {
            Some(true) => return,
            Some(false) => return self.foreign(line),
            None => {}
        }
        match field {
            FieldName::Text(TextField::Title) => {
                self.entry.texts.set(TextField::Title, read_text(&value).protect_case());
            }
            FieldName::Text(field) => {
                self.entry.texts.set(field, read_text(&value));
            }
            FieldName::Plain(field) => {
                self.entry.plain.set(field, value);
            }
            FieldName::Date(field) => {
                let (date, whole) = read_date(&value);
                self.entry.dates.set(field, date);
                if !whole {
                    self.foreign(line);
                }
            }
            // Each keyword has a line of its own.
            FieldName::List(field @ (ListField::Category | ListField::Keyword)) => {
                self.append(field, read_text(&value));
            }
            FieldName::List(field) => {
                for item in split_list(&value) {
                    self.append(field, read_text(item));
                }
            }
            FieldName::Id(scheme) => match Identifier::parse(scheme, &value) {
                Some(id) => self.entry.add_id(id),
                None => return self.foreign(line),
            },
            FieldName::Kind | FieldName::Key | FieldName::People(_) | FieldName::Foreign(_) => {}
        }
        if self.origins.get(field).is_none() {
            self.origins.set(field, Origin::read(line.span));
        }
    }

    fn append(&mut self, field: ListField, item: Text) {
        if let Some(items) = self.entry.lists.get_mut(field) {
            items.push(item);
        } else {
            self.entry.lists.set(field, vec![item]);
        }
    }

    /// A record number of a database is no citation key, nor is anything with blanks in it.
    fn key(&mut self, line: &Tagged) {
        if self.entry.key.is_some() || !super::is_key(&line.value) {
            return self.foreign(line);
        }
        self.origins.set(FieldName::Key, Origin::read(line.span));
        self.entry.key = Some(line.value.clone());
    }

    fn person(&mut self, role: Role, line: &Tagged) {
        if self.origins.get(FieldName::People(role)).is_none() {
            self.origins.set(FieldName::People(role), Origin::read(line.span));
        }
        let names = split_people(&line.value);
        self.entry.people.extend(names.iter().map(|name| (role, read_name(name))));
    }

    fn keyword(&mut self, line: &Tagged) {
        for keyword in split_keywords(&line.value) {
            let class = self.entry.arxiv().is_some() && is_subject_class(keyword);
            let field = if class { ListField::Category } else { ListField::Keyword };
            self.put(FieldName::List(field), keyword, line);
        }
    }

    /// A note may hold an arXiv id, or a field behind its label.
    fn note(&mut self, note: &str, line: &Tagged) {
        if let Some((_, class)) = arxiv_note(note) {
            // `[cs]` names an archive and no class.
            if let Some(class) = class.filter(|class| class.contains(['.', '-'])) {
                self.put(FieldName::List(ListField::Category), class, line);
            }
            return;
        }
        // Wiley repeats the DOI here.
        if let Some(doi) = doi_note(note) {
            return self.entry.add_id(doi);
        }
        // "Available: online only" is a note.
        let fits = |field, value: &str| match field {
            FieldName::Date(_) => is_labelled_date(value),
            _ => !value.trim().is_empty(),
        };
        if let Some((field, value)) = labelled_note(note).filter(|(field, value)| fits(*field, value)) {
            if field != FieldName::Text(TextField::Note) {
                return self.put(field, value, line);
            }
            return self.printed_note(value, line);
        }
        self.printed_note(note, line);
    }

    /// Several notes become one, in order.
    fn printed_note(&mut self, note: &str, line: &Tagged) {
        match self.entry.texts.get_mut(TextField::Note) {
            Some(text) => {
                text.push_str("; ");
                text.push_str(&fold(note));
            }
            None => self.put(FieldName::Text(TextField::Note), note, line),
        }
    }

    /// `N2` is an abstract in Reference Manager's files, and often repeats `AB`.
    fn second_abstract(&mut self, line: &Tagged) {
        let read = self.entry.texts.get(TextField::Abstract).map(Text::to_plain);
        match read.as_ref().or(self.first_abstract.as_ref()) {
            Some(known) if *known == fold(&line.value) => {}
            None => self.put(FieldName::Text(TextField::Abstract), &line.value, line),
            Some(_) => self.foreign(line),
        }
    }

    fn identifier(&mut self, scheme: Scheme, line: &Tagged) {
        if let Some(id) = Identifier::parse(scheme, &line.value) {
            self.origins.set(FieldName::Id(scheme), Origin::read(line.span));
            self.entry.add_id(id);
            return;
        }
        if line.tag == "DO" {
            let message = format!("{:?} is no {}", line.value, scheme.name().to_uppercase());
            self.faults.push(Diagnostic::new(Rule::MalformedValue, message).at(line.span).field(FieldName::Id(scheme)));
        }
        self.foreign(line);
    }

    /// ISBN, ISSN or the number of a document; several in one line are parted by blanks or semicolons.
    fn serials(&mut self, line: &Tagged) {
        let parts = serials(&line.value);
        if parts.is_empty() {
            return match slot(FieldName::Plain(PlainField::Number), self.entry.kind) {
                Slot::Tag("SN") => self.put(FieldName::Plain(PlainField::Number), &line.value, line),
                Slot::Tag(_) | Slot::Note(_) | Slot::Special | Slot::Nowhere(_) => self.foreign(line),
            };
        }
        for id in parts {
            self.origins.set(FieldName::Id(id.scheme()), Origin::read(line.span));
            self.entry.add_id(id);
        }
        if !names_only_schemes(&line.value) {
            self.foreign(line);
        }
    }

    /// The first address is the work's; further ones are kept.
    fn urls(&mut self, line: &Tagged) {
        for url in split_urls(&line.value) {
            let one = Tagged { tag: line.tag.clone(), value: url.to_owned(), span: line.span };
            self.put(FieldName::Plain(PlainField::Url), url, &one);
        }
    }

    /// The type of work in words: a DOI in some files, a kind in ours, else the genre.
    fn genre(&mut self, line: &Tagged) {
        if let Some(doi) = Identifier::parse(Scheme::Doi, &line.value) {
            self.origins.set(FieldName::Id(Scheme::Doi), Origin::read(line.span));
            self.entry.add_id(doi);
        } else if crate::record::bare_id(&line.value).is_none() && kind_of_label(&line.value) != Some(self.entry.kind) {
            self.put(FieldName::Text(TextField::Genre), &line.value, line);
        }
    }

    /// The periodical, book or series: full name, abbreviation, and what is left over.
    fn containers(&mut self, lines: &[Tagged]) {
        let kind = self.entry.kind;
        let mut left: Vec<&Tagged> = lines
            .iter()
            .filter(|line| matches!(line.tag.as_str(), "T2" | "JF" | "JO" | "JA" | "J1" | "J2" | "BT" | "C3"))
            .filter(|line| !(line.value.is_empty() || line.tag == "BT" && is_whole_book(kind)))
            .collect();
        if self.container_is_arxiv {
            left.retain(|line| !is_arxiv_container(&line.value));
        }
        let conference = matches!(kind, Kind::ConferencePaper | Kind::Proceedings);
        let mut fields: Vec<(TextField, &[&str])> = Vec::new();
        if stands_in_series(kind) {
            fields.push((TextField::Series, &["T2", "JF", "JO"]));
        } else if conference && left.iter().any(|line| line.tag == "C3") {
            fields.push((TextField::ContainerTitle, &["C3"]));
            fields.push((TextField::EventTitle, &["T2"]));
        } else {
            fields.push((TextField::ContainerTitle, &["JF", "T2", "BT", "JO", "JA", "J1"]));
        }
        fields.push((TextField::ContainerShortTitle, &["J2", "JA", "J1", "JO"]));
        for (field, tags) in fields {
            let found = tags.iter().find_map(|tag| left.iter().position(|line| line.tag == *tag));
            if let Some(at) = found {
                let line = left.remove(at);
                // IEEE has the full name under every tag; `J2` is the short one's own.
                let known = self.entry.texts.get(TextField::ContainerTitle).map(Text::to_plain);
                let repeats = line.tag != "J2" && known.is_some_and(|known| known == fold(&line.value));
                if field == TextField::ContainerShortTitle && repeats {
                    continue;
                }
                self.put(FieldName::Text(field), &line.value, line);
            }
        }
        let known = |text: &str| {
            let texts = &self.entry.texts;
            [TextField::ContainerTitle, TextField::ContainerShortTitle, TextField::Series]
                .iter()
                .any(|field| texts.get(*field).is_some_and(|known| known.to_plain() == fold(text)))
        };
        left.retain(|line| !known(&line.value));
        for line in left {
            self.foreign(line);
        }
        self.places(lines, conference);
    }

    /// Place of publication; of a conference `C1` holds it and `CY` the place of the event.
    fn places(&mut self, lines: &[Tagged], conference: bool) {
        let has_both = conference && lines.iter().any(|line| line.tag == "C1" && !line.value.is_empty());
        for line in lines.iter().filter(|line| !line.value.is_empty()) {
            let field = match line.tag.as_str() {
                "C1" if has_both => ListField::Place,
                "C1" if labelled_arxiv(&line.value).is_some() || self.entry.kind == Kind::Map => continue,
                "C1" => {
                    self.foreign(line);
                    continue;
                }
                "CY" | "PP" if has_both => ListField::EventPlace,
                "CY" | "PP" => ListField::Place,
                _ => continue,
            };
            self.put(FieldName::List(field), &line.value, line);
        }
    }

    /// The date is cited from the tag that says most; a tag that says something else is kept.
    fn dates(&mut self, lines: &[Tagged]) {
        let mut found: Vec<(&Tagged, Date, bool)> = Vec::new();
        for tag in ["PY", "Y1", "DA"] {
            for line in lines.iter().filter(|line| line.tag == tag && !line.value.is_empty()) {
                let (date, whole) = read_date(&line.value);
                found.push((line, date, whole));
            }
        }
        // EndNote has the year in one tag and the day in the other.
        let year = found.iter().filter(|(line, ..)| line.tag != "DA").find_map(|(_, date, _)| date.year());
        if let Some(year) = year {
            for (line, date, _) in found.iter_mut().filter(|(line, date, _)| line.tag == "DA" && date.year().is_none())
            {
                let day = line.value.strip_prefix(&format!("{year}/")).unwrap_or(&line.value);
                if let Some(whole) = Date::parse_words(&format!("{day} {year}")) {
                    *date = whole;
                }
            }
        }
        let year = found.iter().find_map(|(_, date, _)| date.year());
        let best = found
            .iter()
            .enumerate()
            .filter(|(_, (_, date, _))| date.year() == year)
            .max_by_key(|(at, (_, date, _))| (detail(date), usize::MAX - at))
            .map(|(at, _)| at);
        for (at, (line, date, whole)) in found.iter().enumerate() {
            let cited = best.map(|best| &found[best].1);
            if Some(at) == best {
                self.entry.dates.set(DateField::Issued, date.clone());
                self.origins.set(FieldName::Date(DateField::Issued), Origin::read(line.span));
            }
            let says_more =
                Some(at) != best && (date.year() != year || cited.is_some_and(|best| contradicts(date, best)));
            if says_more || !whole {
                self.foreign(line);
            }
        }
    }

    /// `SP` and `EP`; of a book as a whole `SP` alone counts its pages.
    fn pages(&mut self, lines: &[Tagged]) {
        let mut found =
            ["SP", "EP"].map(|tag| lines.iter().filter(move |line| line.tag == tag && !line.value.is_empty()));
        let [first, last] = [found[0].next(), found[1].next()];
        for again in found.into_iter().flatten() {
            // What only repeats the first says nothing.
            let before = if again.tag == "SP" { first } else { last };
            if before.is_none_or(|before| before.value != again.value) {
                self.foreign(again);
            }
        }
        let repeats_id = |line: &Tagged| {
            let own = self.entry.arxiv().filter(|_| self.container_is_arxiv);
            own.is_some_and(|own| labelled_arxiv(&line.value).is_some_and(|id| id.id() == own.id()))
        };
        if first.is_some_and(repeats_id) {
            return;
        }
        let (field, value, line) = match (first, last) {
            // A hyphen in both is part of the page's name.
            (Some(first), Some(last)) if !is_range(&first.value) || is_range(&last.value) => {
                (PlainField::Pages, format!("{}–{}", first.value, last.value), first)
            }
            (Some(first), last) => {
                if let Some(last) = last.filter(|last| !first.value.ends_with(&last.value)) {
                    self.foreign(last);
                }
                let book = is_whole_book(self.entry.kind) && !is_range(&first.value);
                let field = if book { PlainField::PageTotal } else { PlainField::Pages };
                (field, read_pages(&first.value), first)
            }
            (None, Some(last)) => return self.foreign(last),
            (None, None) => return,
        };
        self.put(FieldName::Plain(field), &value, line);
    }

    /// Takes out what only repeats that the work is on arXiv.
    fn sort_out_arxiv(&mut self) {
        let entry = &mut self.entry;
        let is_arxiv = |text: &str| ["arxiv", "arxiv.org"].iter().any(|name| text.trim().eq_ignore_ascii_case(name));
        for field in [PlainField::Archive, PlainField::Database] {
            if entry.plain.get(field).is_some_and(|archive| is_arxiv(archive)) {
                entry.plain.remove(field);
                self.origins.remove(FieldName::Plain(field));
            }
        }
        let only_arxiv = |names: &Vec<Text>| names.iter().all(|name| is_arxiv(&name.to_plain()));
        if entry.kind == Kind::Preprint && entry.lists.get(ListField::Publisher).is_some_and(only_arxiv) {
            entry.lists.remove(ListField::Publisher);
            self.origins.remove(FieldName::List(ListField::Publisher));
        }
    }
}

const fn is_article(kind: Kind) -> bool {
    matches!(kind, Kind::JournalArticle | Kind::MagazineArticle | Kind::NewspaperArticle | Kind::Review)
}

/// ADS's `eprint:arXiv:1706.03762` in a custom field, and the same without the first label.
fn labelled_arxiv(value: &str) -> Option<ArxivId> {
    let bare = value.get(..7).filter(|label| label.eq_ignore_ascii_case("eprint:")).map_or(value, |_| &value[7..]);
    let bare = bare.trim_start();
    bare.get(..6).filter(|label| label.eq_ignore_ascii_case("arxiv:")).and_then(|_| ArxivId::parse(bare))
}

/// The arXiv id of a line, from any of the places where programs put it.
fn arxiv_of(line: &Tagged) -> Option<ArxivId> {
    let value = line.value.as_str();
    match line.tag.as_str() {
        "AN" | "M1" | "C7" | "DO" | "L3" => ArxivId::parse(value),
        "C1" | "C2" => labelled_arxiv(value),
        "M3" => ArxivId::parse(value).or_else(|| crate::record::bare_id(value).map(|(id, _)| id)),
        "UR" | "LK" => split_urls(value).into_iter().find_map(ArxivId::parse),
        "N1" => arxiv_note(value).map(|(id, _)| id),
        "T2" | "JF" | "JO" | "JA" | "J1" if is_arxiv_container(value) => {
            let at = value.to_ascii_lowercase().find("arxiv:")?;
            ArxivId::parse(value.get(at..)?.split_whitespace().next()?)
        }
        "VL" | "VO" => arxiv_volume(value),
        _ => None,
    }
}
