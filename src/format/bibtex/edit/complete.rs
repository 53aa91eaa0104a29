//! What has to be changed in an entry when more is known of it: the fields of the entry as it was read and as it is now
//! are printed, and where the two differ the entry's own fields are set.
//!
//! A field that says the same in other words stays as written. A preprint that was found in a catalog takes the
//! recommended form besides: what says in another field that it is on arXiv becomes `eprint`.

use super::EntryEditor;
use crate::fold::fold;
use crate::format::bibtex::syntax::{Block, BlockKind, Part, RawEntry, RawField, split};
use crate::format::bibtex::{Dialect, vocabulary, write};
use crate::format::{Format, Printer, WriteOptions};
use crate::model::{Entry, FieldName, Kind, Name, Scheme, TextField};
use std::borrow::Cow;

/// How much of an entry may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// What is new is added and what is known better is set; the rest stays.
    AsWritten,
    /// A preprint takes the recommended type and says where it is in the recommended fields, too.
    Recommended,
}

/// Makes an entry of the file, which was read as `before`, say what `after` says.
pub fn complete(
    editor: &mut EntryEditor<'_>,
    before: &Entry,
    after: &Entry,
    format: Format,
    options: &WriteOptions,
    form: Form,
) {
    // What is known now may show a preprint where nothing did before; the next reading would see it.
    let mut after = after.clone();
    if form == Form::Recommended {
        crate::record::recognise(&mut after);
    }
    // Where the journal has its fields, the reference as one line says nothing more.
    let in_fields = after.texts.contains(TextField::ContainerTitle);
    if in_fields && !before.texts.contains(TextField::JournalRef) {
        after.texts.remove(TextField::JournalRef);
    }
    let after = &after;
    let dialect = if format == Format::Biblatex { Dialect::Biblatex } else { Dialect::Bibtex };
    let dates = date_dialect(editor.raw(), dialect);
    let (old, new) = (Print::of(before, dialect, dates, options), Print::of(after, dialect, dates, options));
    let (old, new) = (old.parsed(), new.parsed());
    let (Some(old), Some(new)) = (old, new) else { return };
    // What a preprint becomes keeps its identifier where the fields that said it go.
    let is_now_published = before.kind == Kind::Preprint && after.kind != Kind::Preprint;
    let on_arxiv = (form == Form::Recommended || is_now_published) && after.arxiv().is_some();
    let preprint = on_arxiv && after.kind == Kind::Preprint;
    let comparison = Comparison { before, after, old: &old, new: &new, on_arxiv, preprint };
    let is_better = preprint || old.word != new.word;
    if is_better && !new.word.eq_ignore_ascii_case(editor.raw().word) {
        editor.set_type(new.word);
    }
    comparison.set_fields(editor);
    if preprint || on_arxiv && is_now_published {
        comparison.remove_absorbed(editor);
    }
}

/// A date stays where the entry has it, whatever the dialect: in `date`, or in `year` and `month`.
fn date_dialect(raw: &RawEntry<'_>, dialect: Dialect) -> Dialect {
    let has = |name: &str| raw.fields.iter().any(|field| field.name.eq_ignore_ascii_case(name));
    if has("date") {
        Dialect::Biblatex
    } else if has("year") {
        Dialect::Bibtex
    } else {
        dialect
    }
}

/// An entry as the writer prints it.
struct Print {
    text: String,
    /// Where the dates are, when the other dialect prints them.
    dates: Option<String>,
}

/// Its parts.
struct Parsed<'p> {
    word: &'p str,
    /// Each field with the text that it stands in.
    fields: Vec<(&'p str, RawField<'p>)>,
}

impl Print {
    fn of(entry: &Entry, dialect: Dialect, dates: Dialect, options: &WriteOptions) -> Self {
        let print = |dialect| {
            let mut printer = Printer::default();
            write::entry(entry, dialect, options, &mut printer);
            printer.out
        };
        Self { text: print(dialect), dates: (dates != dialect).then(|| print(dates)) }
    }

    fn parsed(&self) -> Option<Parsed<'_>> {
        let raw = entry_in(&self.text)?;
        let mut fields: Vec<_> = raw.fields.into_iter().map(|field| (self.text.as_str(), field)).collect();
        if let Some(dates) = &self.dates {
            let place = fields.iter().position(|(_, field)| is_date(field.name)).unwrap_or(fields.len());
            fields.retain(|(_, field)| !is_date(field.name));
            let theirs = entry_in(dates)?.fields.into_iter().filter(|field| is_date(field.name));
            fields.splice(place..place, theirs.map(|field| (dates.as_str(), field)));
        }
        Some(Parsed { word: raw.word, fields })
    }
}

impl<'p> Parsed<'p> {
    fn value(&self, name: &str) -> Option<&'p str> {
        let found = self.fields.iter().find(|(_, field)| field.name.eq_ignore_ascii_case(name));
        found.map(|(text, field)| &text[field.value_at..field.range.end])
    }
}

fn entry_in(text: &str) -> Option<RawEntry<'_>> {
    match split(text).next() {
        Some(Block { kind: BlockKind::Entry(raw), .. }) => Some(raw),
        _ => None,
    }
}

fn is_date(name: &str) -> bool {
    ["date", "year", "month", "day"].iter().any(|date| name.eq_ignore_ascii_case(date))
}

/// What was read of an entry beside what is known now.
struct Comparison<'c> {
    before: &'c Entry,
    after: &'c Entry,
    old: &'c Parsed<'c>,
    new: &'c Parsed<'c>,
    /// The entry says in the recommended fields that it is on arXiv.
    on_arxiv: bool,
    /// It takes the form that is recommended for preprints.
    preprint: bool,
}

impl Comparison<'_> {
    fn set_fields(&self, editor: &mut EntryEditor<'_>) {
        for (text, field) in &self.new.fields {
            let own = self.own_field(editor.raw(), field.name);
            let is_same = self.old.value(field.name) == Some(&text[field.value_at..field.range.end]);
            let is_set = match own {
                Some(own) if is_same => self.on_arxiv && says_where(field.name) && !is_same_text(own, field),
                Some(_) => !self.says_the_same(field.name),
                // What was read but does not stand here stands in another field, or in the entry that this one inherits from.
                None if is_same => {
                    self.on_arxiv && says_where(field.name) || self.preprint && is_of_preprints(field.name)
                }
                None => true,
            };
            if is_set {
                let name = own.map_or(field.name, |own| own.name).to_owned();
                editor.set_from(&name, text, field);
            }
        }
        // A month of another date says nothing of this one, nor does the preprint's DOI of what it became.
        let is_old = |name: &&str| self.old.value(name).is_some() && self.new.value(name).is_none();
        ["month", "day", "doi", "pubstate"].iter().filter(|name| is_old(name)).for_each(|name| editor.remove(name));
    }

    /// The entry's own field for what a printed field holds: of the same name, or of the same meaning.
    fn own_field<'t>(&self, raw: &'t RawEntry<'t>, name: &str) -> Option<&'t RawField<'t>> {
        let named = raw.fields.iter().find(|own| own.name.eq_ignore_ascii_case(name));
        let is_printed = |own: &&RawField<'_>| self.new.value(own.name).is_some();
        named.or_else(|| {
            let notion = notion(name);
            raw.fields.iter().filter(|own| !is_printed(own)).find(|own| self::notion(own.name) == notion)
        })
    }

    /// Whether two values differ only in what a reader does not see: letter case, markup, the spelling of names.
    fn says_the_same(&self, name: &str) -> bool {
        match vocabulary::field_named(&name.to_ascii_lowercase()) {
            Some(FieldName::Text(field)) => {
                let text = |entry: &Entry| entry.texts.get(field).map(|text| fold(&text.to_plain()));
                text(self.before).is_some() && text(self.before) == text(self.after)
            }
            Some(FieldName::People(role)) => {
                let names = |entry: &'_ Entry| entry.people_as(role).count();
                let pairs = self.before.people_as(role).zip(self.after.people_as(role));
                names(self.before) == names(self.after)
                    && pairs.into_iter().all(|(mine, theirs)| tells_as_much(mine, theirs))
            }
            // These are printed all of them, in one field.
            Some(FieldName::Id(scheme @ (Scheme::Isbn | Scheme::Issn))) => {
                let mut theirs = self.after.ids.iter().filter(|id| id.scheme() == scheme);
                theirs.all(|id| self.before.ids.contains(id))
            }
            // The publisher's DOI goes before the one that arXiv registers.
            Some(FieldName::Id(scheme)) => {
                let mut own = self.before.ids.iter().filter(|id| id.scheme() == scheme);
                own.next().is_some_and(|own| self.after.ids.contains(own))
            }
            _ => false,
        }
    }

    /// Takes out fields that only said, in another way, that the work is on arXiv: `journal = {CoRR}` and the like.
    fn remove_absorbed(&self, editor: &mut EntryEditor<'_>) {
        const CARRIERS: [&str; 9] =
            ["journal", "journaltitle", "volume", "number", "pages", "eid", "note", "howpublished", "institution"];
        let id = self.after.arxiv().map_or("", |id| id.id());
        let says_arxiv = |value: &str| {
            let value = value.to_ascii_lowercase();
            [id, "arxiv", "corr", "computing research repository"].iter().any(|word| value.contains(word))
        };
        let carries = |own: &&RawField<'_>| {
            CARRIERS.iter().any(|name| own.name.eq_ignore_ascii_case(name))
                && [self.new, self.old].iter().all(|printed| printed.value(own.name).is_none())
                && content(own).or(macro_name(own)).is_some_and(says_arxiv)
        };
        let absorbed: Vec<String> = editor.raw().fields.iter().filter(carries).map(|own| own.name.to_owned()).collect();
        absorbed.iter().for_each(|name| editor.remove(name));
    }
}

/// Whether a name is the same person's as another, and no shorter: "Pranav Ajit Nair" stays where a record has "Pranav Nair".
fn tells_as_much(mine: &Name, theirs: &Name) -> bool {
    let (Name::Person(mine_parts), Name::Person(their_parts)) = (mine, theirs) else {
        return fold(&mine.display()) == fold(&theirs.display());
    };
    let last = |family: &str| fold(family.split_whitespace().next_back().unwrap_or_default());
    let (given, their_given) = (fold(&mine_parts.given), fold(&their_parts.given));
    let same_family = last(&mine_parts.family) == last(&their_parts.family);
    let tells =
        |longer: &str, shorter: &str| longer.len() >= shorter.len() && longer.chars().next() == shorter.chars().next();
    fold(&mine.display()) == fold(&theirs.display()) || (same_family && tells(&given, &their_given))
}

/// Fields that say where a preprint is, and are written in one way only.
fn says_where(name: &str) -> bool {
    ["eprint", "archivePrefix", "eprinttype", "primaryClass", "eprintclass", "doi"]
        .iter()
        .any(|other| name.eq_ignore_ascii_case(other))
}

/// Fields that every preprint has.
fn is_of_preprints(name: &str) -> bool {
    ["pubstate", "version"].iter().any(|other| name.eq_ignore_ascii_case(other))
}

/// What a field is about, so that names of one meaning are found.
fn notion(name: &str) -> Cow<'static, str> {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "archiveprefix" | "eprinttype" => "eprinttype".into(),
        "primaryclass" | "eprintclass" => "eprintclass".into(),
        // An issue's number has two names.
        "issue" | "number" => "number".into(),
        _ => match vocabulary::field_named(&name) {
            Some(field) => field.name().into(),
            None => name.into(),
        },
    }
}

fn is_same_text(own: &RawField<'_>, printed: &RawField<'_>) -> bool {
    match (content(own), content(printed)) {
        (Some(own), Some(printed)) => own.trim().eq_ignore_ascii_case(printed.trim()),
        _ => false,
    }
}

fn content<'t>(field: &RawField<'t>) -> Option<&'t str> {
    match (field.value.first, field.value.rest.is_empty()) {
        (Part::Braced(content) | Part::Quoted(content) | Part::Number(content), true) => Some(content),
        _ => None,
    }
}

fn macro_name<'t>(field: &RawField<'t>) -> Option<&'t str> {
    match (field.value.first, field.value.rest.is_empty()) {
        (Part::Macro(name), true) => Some(name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::bibtex::edit::{Edits, Style};
    use crate::format::bibtex::read::collect;
    use crate::model::{ArxivId, Identifier, Role};

    /// What becomes of an entry when more is known of it, and that the next time nothing does.
    fn check(text: &str, expected: &str, learn: impl Fn(&mut Entry)) {
        let once = completed(text, &learn);
        assert_eq!(once, expected);
        assert_eq!(completed(&once, &learn), expected, "the second time");
    }

    fn completed(text: &str, learn: &impl Fn(&mut Entry)) -> String {
        let before = collect(text, Dialect::Bibtex).entries.remove(0).entry;
        let mut after = before.clone();
        learn(&mut after);
        let block = split(text).next().unwrap();
        let mut editor = EntryEditor::new(text, &block, &Style::default()).unwrap();
        complete(&mut editor, &before, &after, Format::Bibtex, &WriteOptions::default(), Form::Recommended);
        let mut edits = Edits::new();
        assert!(edits.push_all(editor.finish()));
        edits.apply(text)
    }

    fn arxiv(entry: &mut Entry) {
        if entry.arxiv().is_none() {
            entry.ids.insert(0, Identifier::Arxiv(ArxivId::parse("1706.03762").unwrap()));
        }
        let doi = Identifier::Other(Scheme::Doi, "10.48550/arXiv.1706.03762".to_owned());
        if !entry.ids.contains(&doi) {
            entry.ids.insert(1, doi);
        }
    }

    #[test]
    fn preprints_take_the_recommended_form() {
        check(
            "@article{k, title={T}, journal={CoRR}, volume={abs/1706.03762}, note={seen}}",
            "@misc{k, title={T}, note={seen}, eprint={1706.03762}, archivePrefix={arXiv}, doi={10.48550/arXiv.1706.03762}}",
            arxiv,
        );
        check(
            "@article{k, title={T}, eprint={arXiv:1706.03762}, archiveprefix={arXiv}}",
            "@misc{k, title={T}, eprint={1706.03762}, archiveprefix={arXiv}, doi={10.48550/arXiv.1706.03762}}",
            arxiv,
        );
        // Without a word of arXiv before.
        check(
            "@article{k, title={T}}",
            "@misc{k, title={T}, eprint={1706.03762}, archivePrefix={arXiv}, doi={10.48550/arXiv.1706.03762}}",
            arxiv,
        );
    }

    #[test]
    fn a_month_goes_with_its_year() {
        check("@misc{k, title={T}, year=2017, month=jun}", "@misc{k, title={T}, year=2018}", |entry| {
            entry.dates.set(crate::model::DateField::Issued, crate::model::Date::parse("2018"));
        });
    }

    #[test]
    fn every_number_of_a_book_is_printed() {
        check(
            "@book{k, title={T}, isbn={978-3-16-148410-0}}",
            "@book{k, title={T}, isbn={978-3-16-148410-0, 978-1-4028-9462-6}}",
            |entry| entry.add_id(Identifier::Other(Scheme::Isbn, "978-1-4028-9462-6".to_owned())),
        );
    }

    #[test]
    fn what_is_published_stays_so() {
        check(
            "@article{k, title={T}, journal={J}, doi={10.1088/x}}",
            "@article{k, title={T}, journal={J}, doi={10.1088/x}, eprint={1706.03762}, archivePrefix={arXiv}}",
            arxiv,
        );
    }

    #[test]
    fn names_that_say_as_much_stay() {
        let names = |list: &'static [&'static str]| {
            move |entry: &mut Entry| {
                entry.people = list.iter().map(|name| (Role::Author, Name::from_display(name))).collect();
            }
        };
        check("@misc{k, author={Nair, Pranav Ajit}}", "@misc{k, author={Nair, Pranav Ajit}}", names(&["Pranav Nair"]));
        check(
            "@misc{k, author={Nair, P. and others}}",
            "@misc{k, author={Nair, Pranav and Dean, Jeff}}",
            names(&["Pranav Nair", "Jeff Dean"]),
        );
        check(
            "@misc{k, author={{\\L}ukasz Kaiser}}",
            "@misc{k, author={{\\L}ukasz Kaiser}}",
            names(&["Lukasz Kaiser"]),
        );
    }
}
