//! A catalog answers, survives every damage with an error or the right answer, and comes back from its source form.

use super::*;
use crate::model::date::Day;

const PAPERS: [(&str, &str, &str); 4] = [
    (
        "2211.05102",
        "Efficiently Scaling Transformer Inference",
        "We study the problem of efficient generative inference for Transformer models, in one of its most challenging settings: large deep models, with tight latency targets and long sequence lengths.",
    ),
    (
        "0704.0001",
        "Calculation of prompt diphoton production: a test",
        "A fully differential calculation in perturbative quantum chromodynamics is presented for the production of massive photon pairs at hadron colliders.",
    ),
    (
        "hep-th/9901001",
        "Branes and Black Holes",
        "We review what is known of the relation of branes and black holes and say what is not known, with an eye to what could be known soon.",
    ),
    ("1412.8416", "Poincar\\'e maps", "Short."),
];

fn line(id: &str, title: &str, text: &str) -> String {
    serde_json::json!({
        "id": id, "title": title, "authors": "Ada Lovelace", "authors_parsed": [["Lovelace", "Ada", ""]], "doi": format!("10.1000/{id}"),
        "abstract": text, "categories": "cs.LG", "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
    })
    .to_string()
}

fn lines() -> String {
    PAPERS.iter().map(|(id, title, text)| line(id, title, text) + "\n").collect()
}

fn built(lines: &str, with_abstracts: bool) -> Vec<u8> {
    let options = BuildOptions { with_abstracts, threads: 1 };
    let mut builder = Builder::new(Cursor::new(Vec::new()), options).unwrap();
    builder.add(SourceId(0), "test", lines.as_bytes(), &mut |diagnostic| panic!("{diagnostic:?}")).unwrap();
    builder.finish().unwrap().0.into_inner()
}

fn opened(bytes: Vec<u8>) -> Result<Catalog> {
    Catalog::from_bytes("test.cat".to_owned(), Bytes::Owned(bytes))
}

/// The ids that the catalog gives for each paper's id, DOI, title and the beginning of its abstract.
fn answers(catalog: &Catalog) -> Vec<Result<Option<String>>> {
    let id_of = |number: Result<Option<u32>>| match number? {
        Some(number) => catalog.record(number).map(|record| Some(record.id)),
        None => Ok(None),
    };
    let first = |numbers: Result<Vec<u32>>| numbers.map(|numbers| numbers.first().copied());
    PAPERS
        .iter()
        .flat_map(|(id, title, text)| {
            let piece = AbstractQuery::new(&text[..text.len().min(120)]);
            [
                id_of(catalog.by_id(id)),
                id_of(first(catalog.by_doi(&format!("10.1000/{id}")))),
                id_of(first(catalog.by_title(&crate::fold::fold(title)))),
                id_of(first(catalog.by_abstract(&piece).map(|found| found.iter().map(|e| e.record).collect()))),
            ]
        })
        .collect()
}

#[test]
fn every_question_finds_its_record() {
    for with_abstracts in [false, true] {
        let catalog = opened(built(&lines(), with_abstracts)).unwrap();
        catalog.verify().unwrap();
        // The newest identifier is younger than the newest date.
        assert_eq!(catalog.info().date, "2022-11");
        let expected: Vec<Option<String>> =
            PAPERS.iter().flat_map(|(id, ..)| vec![Some((*id).to_owned()); 4]).collect();
        let mut found: Vec<Option<String>> = answers(&catalog).into_iter().map(Result::unwrap).collect();
        // Five letters are no piece of an abstract.
        assert_eq!(found.pop(), Some(None));
        assert_eq!(found, expected[..15]);
        assert_eq!(catalog.abstract_text(0).unwrap().is_some(), with_abstracts);
    }
}

#[test]
fn a_flipped_byte_is_an_error_or_changes_nothing() {
    let bytes = built(&lines(), true);
    let right: Vec<Option<String>> = answers(&opened(bytes.clone()).unwrap()).into_iter().map(Result::unwrap).collect();
    let mut refused = 0;
    for at in (0..bytes.len()).step_by(if bytes.len() > 20_000 { 37 } else { 1 }) {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0x41;
        let catalog = match opened(bytes) {
            Ok(catalog) => catalog,
            Err(error) => {
                assert!(error.to_string().contains("bibmill catalog build"), "byte {at}: {error}");
                refused += 1;
                continue;
            }
        };
        assert!(catalog.verify().is_err(), "byte {at} is not verified");
        for (answer, right) in answers(&catalog).into_iter().zip(&right) {
            match answer {
                Ok(answer) => assert_eq!(answer, *right, "byte {at}"),
                Err(error) => assert!(error.to_string().contains("test.cat: the catalog is damaged"), "{error}"),
            }
        }
    }
    assert!(refused > 0);
}

#[test]
fn bytes_behind_the_end_are_an_error() {
    let mut bytes = built(&lines(), false);
    bytes.extend_from_slice(b"garbage");
    assert!(opened(bytes).err().unwrap().to_string().contains("something follows its end"));
}

#[test]
fn a_truncated_file_is_an_error() {
    let bytes = built(&lines(), false);
    for length in (0..bytes.len()).step_by(997).chain(0..300) {
        let error = opened(bytes[..length].to_vec()).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains("build it again with `bibmill catalog build"), "{length}: {error}");
    }
}

#[test]
fn another_version_and_another_file_say_so() {
    let mut newer = built(&lines(), false);
    newer[8] = 9;
    let message = |bytes: Vec<u8>| opened(bytes).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(message(newer).contains("a catalog of format 9, this program reads format 2"));
    assert!(message(b"@article{a, title = {b}}".to_vec()).contains("not a catalog of bibmill"));
}

#[test]
fn the_source_form_builds_the_same_catalog() {
    let text = PAPERS[0].2.repeat(4);
    let lines = lines() + &line("1501.00001", "A Long One", &text) + "\n";
    let catalog = opened(built(&lines, false)).unwrap();
    let mut exported = Vec::new();
    catalog.export(&mut exported, false).unwrap();
    let exported = String::from_utf8(exported).unwrap();
    assert!(!exported.contains("challenging settings") && exported.contains("\"fingerprints\""));
    let again = opened(built(&exported, false)).unwrap();
    assert_eq!(again.info().digest, catalog.info().digest);
}

#[test]
fn a_record_that_comes_twice_is_kept_once_and_completed() {
    let old = r#"{"id":"0704.0001","title":"First Title","doi":"10.1000/x","versions":[{"version":"v1","created":"Mon, 2 Apr 2007 19:18:42 GMT"}]}"#;
    let new = r#"{"id":"0704.0001","title":"Second Title","doi":null,"versions":[{"version":"v1","created":null},{"version":"v2","created":"Tue, 3 Apr 2007 19:18:42 GMT"}]}"#;
    for lines in [format!("{old}\n{new}\n"), format!("{new}\n{old}\n")] {
        let catalog = opened(built(&lines, false)).unwrap();
        let records: Vec<Record> = catalog.records().map(|record| record.unwrap().1).collect();
        assert_eq!(records.len(), 1);
        assert_eq!((records[0].title.as_str(), records[0].doi.as_str()), ("Second Title", "10.1000/x"));
        assert_eq!(records[0].version_date(1), Day::ymd(2007, 4, 2));
    }
}

#[test]
fn a_broken_line_is_reported_and_the_rest_is_indexed() {
    let lines = format!("{{\"id\":\n{}\n{{\"id\":\"no id\"}}\n", line("0704.0001", "T", "x"));
    let mut reported = Vec::new();
    let options = BuildOptions { with_abstracts: false, threads: 1 };
    let catalog = Catalog::from_lines("test", SourceId(0), lines.as_bytes(), options, &mut |diagnostic| {
        reported.push(diagnostic);
    })
    .unwrap();
    assert_eq!(catalog.info().records, 1);
    let lines: Vec<u32> = reported.iter().filter_map(|d| d.span).map(|span| span.line).collect();
    assert_eq!(lines, [1, 3]);
}
