//! The lossless dump of the model, as JSON: for tests, bug reports and everything that no other format holds.
//!
//! An array of entries, one field a line, in a fixed order; the first member of every entry is `kind`, which no other
//! format of this crate has. Members are named as the model's vocabularies spell them:
//!
//! - a text is a string, or an array of runs: strings, `{"math": "x^2"}`, `{"tex": "\\foo"}`, `{"protected": text}` and
//!   the other styles; a list is an array of texts;
//! - a date is EDTF, or `{"written": "in press"}`, or the parts of a day that EDTF cannot say;
//! - `people` is an array in order: `{"author": ["Vaswani", "Ashish"]}` is a family and a given name, an object has all
//!   parts of a name, a string is a literal name, `{"author": {"others": true}}` says that the list goes on;
//! - `ids` is an array of `{"doi": "10.1000/1"}`, `foreign` of `{"format": "ris", "name": "XX", "value": "y"}`.
//!
//! Reading a dump gives exactly the entries that were written.

mod read;
mod write;

use super::{Format, FormatSpec, Sniff, Writer};
use crate::model::{DateField, FieldName, Kind, ListField, PlainField, TextField};

/// The row of the native dump.
pub const SPEC: FormatSpec = FormatSpec {
    format: Format::Native,
    name: "native",
    title: "lossless dump of the model",
    extensions: &["native"],
    sniff,
    read: Some(read::read),
    streams: false,
    write: Some(Writer { head: "[\n", separator: ",\n", tail: "\n]\n", empty: "[]\n", entry: write::entry }),
};

/// How deep styles may nest in a text.
const MAX_DEPTH: usize = 40;

/// A dump begins with an object whose first member is a known `kind`.
fn sniff(head: &str) -> Sniff {
    let kind = head
        .trim_start()
        .trim_start_matches('[')
        .trim_start()
        .strip_prefix('{')
        .and_then(|rest| rest.trim_start().strip_prefix("\"kind\""))
        .and_then(|rest| rest.trim_start().strip_prefix(':'))
        .and_then(|rest| rest.trim_start().strip_prefix('"'))
        .and_then(|rest| rest.split_once('"'))
        .and_then(|(word, _)| Kind::from_name(word));
    if kind.is_some() { Sniff::Yes } else { Sniff::No }
}

/// The field that a member of an entry names; people, identifiers and foreign values have members of their own.
fn field_from_name(name: &str) -> Option<FieldName> {
    TextField::from_name(name)
        .map(FieldName::Text)
        .or_else(|| ListField::from_name(name).map(FieldName::List))
        .or_else(|| PlainField::from_name(name).map(FieldName::Plain))
        .or_else(|| DateField::from_name(name).map(FieldName::Date))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Rule;
    use crate::format::{Input, Printer, ReadOptions, WriteOptions};
    use crate::model::generate;
    use crate::model::{Date, Day, Entry, Foreign, Identifier, Name, Person, Role, Run, Scheme, Style, Text};
    use crate::source::SourceId;
    use crate::stream::Collected;

    fn write(entries: &[Entry]) -> String {
        let Some(writer) = SPEC.write else { panic!("native writes") };
        if entries.is_empty() {
            return writer.empty.to_owned();
        }
        let bodies: Vec<String> = entries
            .iter()
            .map(|entry| {
                let mut printer = Printer::default();
                (writer.entry)(entry, &WriteOptions::default(), &mut printer);
                assert_eq!(printer.dropped, []);
                if let (Some(key), Some(end)) = (&entry.key, printer.key_end) {
                    let escaped = serde_json::to_string(key).unwrap();
                    assert!(printer.out[..end].ends_with(&escaped[1..escaped.len() - 1]));
                }
                printer.out
            })
            .collect();
        format!("{}{}{}", writer.head, bodies.join(writer.separator), writer.tail)
    }

    fn read(text: &str) -> Collected {
        let mut sink = Collected::default();
        let input = Input::from_text(SourceId(0), "x", text);
        read::read(input, &ReadOptions::default(), &mut sink).unwrap();
        sink
    }

    fn sample() -> Entry {
        let mut entry = Entry::new(Kind::Preprint);
        entry.key = Some("vaswani2017attention".into());
        let title = [
            Run::Plain("On ".into()),
            Run::Styled(Style::Protected, Text::plain("BERT")),
            Run::Plain(" and ".into()),
            Run::Math("x^2".into()),
        ];
        entry.texts.set(TextField::Title, title.into_iter().collect());
        entry.texts.set(TextField::Note, Text::plain("a \"note\""));
        entry.lists.set(ListField::Category, vec![Text::plain("cs.CL"), Text::plain("cs.LG")]);
        entry.plain.set(PlainField::Pages, "1–2".into());
        entry.dates.set(DateField::Issued, Date::parse("2017-06-12"));
        entry.dates.set(DateField::Accessed, Date::Written("2017".into()));
        entry.dates.set(DateField::Event, Date::Day(Day { month: Some(13), ..Day::year(12345) }));
        entry.people.push((Role::Author, Name::Person(Person::new("Vaswani", "Ashish"))));
        entry.people.push((Role::Editor, Name::from_parts("van der Waals", "J.", "Jr.")));
        entry.people.push((Role::Author, Name::Literal("Gemma Team".into())));
        entry.people.push((Role::Author, Name::Others));
        entry.ids.extend(Identifier::parse(Scheme::Arxiv, "1706.03762v5"));
        entry.ids.extend(Identifier::parse(Scheme::Doi, "10.48550/arXiv.1706.03762"));
        entry.foreign.push(Foreign { format: "ris", name: "XX".into(), value: "y".into() });
        entry
    }

    #[test]
    fn the_dump_is_readable() {
        let expected = r#"[
{
  "kind": "preprint",
  "key": "vaswani2017attention",
  "title": ["On ", {"protected": "BERT"}, " and ", {"math": "x^2"}],
  "note": "a \"note\"",
  "people": [
    {"author": ["Vaswani", "Ashish"]},
    {"editor": {"family": "Waals", "given": "J.", "particle": "van der", "suffix": "Jr."}},
    {"author": "Gemma Team"},
    {"author": {"others": true}}
  ],
  "issued": "2017-06-12",
  "accessed": {"written": "2017"},
  "event": {"year": 12345, "month": 13},
  "category": ["cs.CL", "cs.LG"],
  "pages": "1–2",
  "ids": [
    {"arxiv": "1706.03762v5"},
    {"doi": "10.48550/arXiv.1706.03762"}
  ],
  "foreign": [
    {"format": "ris", "name": "XX", "value": "y"}
  ]
}
]
"#;
        assert_eq!(write(&[sample()]), expected);
        assert_eq!(read(expected).entries[0].entry, sample());
    }

    #[test]
    fn what_is_written_is_read_back_exactly() {
        crate::model::generate::property(|u| {
            let entries = vec![generate::entry(u)?, generate::entry(u)?];
            let text = write(&entries);
            let back = read(&text);
            assert_eq!(back.diagnostics, [], "{text}");
            let back: Vec<Entry> = back.entries.into_iter().map(|sourced| sourced.entry).collect();
            assert_eq!(back, entries, "{text}");
            assert_eq!(write(&back), text);
            Ok(())
        });
        assert_eq!(read(&write(&[])).entries, []);
    }

    #[test]
    fn member_names_are_unique() {
        let mut names: Vec<&str> = ["kind", "key", "people", "ids", "foreign"].into();
        names.extend(TextField::ALL.iter().map(|f| f.name()));
        names.extend(ListField::ALL.iter().map(|f| f.name()));
        names.extend(PlainField::ALL.iter().map(|f| f.name()));
        names.extend(DateField::ALL.iter().map(|f| f.name()));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn faults_are_reported_where_they_stand_and_cost_nothing_else() {
        let text = "[\n{\n  \"kind\": \"book\",\n  \"titel\": \"x\",\n  \"title\": \"T\",\n  \"note\": {\"bold\": 1}\n},\n{\n  oops\n},\n{\"kind\": \"nonsense\", \"ids\": [{\"doi\": 1}, {\"isbn\": \"2\"}]}\n]";
        let back = read(text);
        let places: Vec<(Rule, u32, u32)> = back
            .diagnostics
            .iter()
            .map(|d| (d.rule, d.span.map_or(0, |s| s.line), d.span.map_or(0, |s| s.column)))
            .collect();
        assert_eq!(
            places,
            [
                (Rule::MalformedValue, 4, 12),
                (Rule::MalformedValue, 6, 11),
                (Rule::MalformedRecord, 9, 3),
                (Rule::MalformedValue, 11, 10),
                (Rule::MalformedValue, 11, 30),
            ]
        );
        assert_eq!(back.entries.len(), 2);
        assert_eq!(back.entries[0].entry.title(), Some(&Text::plain("T")));
        assert_eq!(back.entries[1].entry.id(Scheme::Isbn), Some("2"));
    }

    #[test]
    fn no_prefix_panics() {
        let text = write(&[sample(), sample()]);
        for end in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            read(&text[..end]);
        }
        for hostile in
            ["[".repeat(100_000), format!("[{{\"kind\":\"book\",\"title\":{}", "[{\"code\":".repeat(100_000))]
        {
            read(&hostile);
        }
    }

    #[test]
    fn dumps_are_told_from_other_json() {
        assert_eq!(sniff(&write(&[sample()])), Sniff::Yes);
        assert_eq!(sniff("{\"kind\": \"book\"}"), Sniff::Yes);
        for other in ["[]", "", "[{\"id\": \"x\", \"type\": \"book\"}]", "{\"kind\": \"drive#file\"}"] {
            assert_eq!(sniff(other), Sniff::No, "{other}");
        }
    }
}
