//! Records of every service, as the model has them.

use super::*;
use crate::model::{DateField, Entry, TextField};
use crate::stream::Collected;

fn collect(text: &str) -> (Collected, Result<()>) {
    let mut sink = Collected::default();
    let result = read(Input::from_text(SourceId(0), "test", text), &ReadOptions::default(), &mut sink);
    (sink, result)
}

fn entries(text: &str) -> Vec<Entry> {
    collect(text).0.entries.into_iter().map(|sourced| sourced.entry).collect()
}

/// Kind, title, authors, date and identifiers in one line.
fn summary(entry: &Entry) -> String {
    let authors: Vec<String> =
        entry.authors().map(|name| if name.is_others() { name.to_string() } else { name.sorted() }).collect();
    let ids: Vec<String> = entry.ids.iter().map(|id| format!("{}:{}", id.scheme().name(), id.value())).collect();
    let date = entry.dates.get(DateField::Issued).map(ToString::to_string).unwrap_or_default();
    let title = entry.title().map(crate::model::Text::to_plain).unwrap_or_default();
    format!("{} | {title} | {} | {date} | {}", entry.kind.name(), authors.join("; "), ids.join(" "))
}

fn check(text: &str, expected: &[&str]) {
    let found: Vec<String> = entries(text).iter().map(summary).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn semantic_scholar() {
    check(
        r#"{"paperId":"x","externalIds":{"ArXiv":"1402.0030","CorpusId":1981188},"venue":"arXiv.org","title":"Neural Variational",
            "publicationDate":"2014-01-31","authors":[{"authorId":"1","name":"Andriy Mnih"}]}"#,
        &["preprint | Neural Variational | Mnih, Andriy | 2014-01-31 | \
           arxiv:1402.0030 doi:10.48550/arXiv.1402.0030 semantic-scholar:1981188"],
    );
    check(
        r#"[{"paperId":"x","externalIds":{"ArXiv":"1402.0030","DOI":"10.1000/x"},"publicationVenue":{"name":"ICML","type":"conference"},
            "title":"T","year":2014,"abstract":null,"authors":null}]"#,
        &["conference-paper | T |  | 2014 | arxiv:1402.0030 doi:10.1000/x"],
    );
}

#[test]
fn openalex() {
    check(
        r#"{"id":"https://openalex.org/W2101234009","doi":"https://doi.org/10.48550/arxiv.1201.0490","title":"Scikit-learn",
            "publication_date":"2012-01-01","publication_year":2012,"type":"preprint",
            "authorships":[{"author":{"display_name":"Fabián Pedregosa"},"raw_author_name":"Fabian Pedregosa"}]}"#,
        &["preprint | Scikit-learn | Pedregosa, Fabian | 2012-01 | \
           arxiv:1201.0490 doi:10.48550/arXiv.1201.0490 openalex:W2101234009"],
    );
}

#[test]
fn dblp() {
    check(
        r#"{"result":{"status":{"@code":"200"},"hits":{"@total":"2","hit":[
            {"info":{"authors":{"author":{"@pid":"1","text":"Jiani Zhang 0003"}},"title":"Q&amp;A for x.","venue":"ICML",
              "year":"2000","type":"Conference and Workshop Papers","key":"conf/icml/00010IZ23","pages":"1-9"}},
            {"info":{"authors":{"author":[{"text":"A. Vaswani"},{"text":"N. Shazeer"}]},"title":"Attention.","venue":"CoRR",
              "volume":"abs/1706.03762","year":"2017","type":"Informal and Other Publications","key":"journals/corr/V"}}]}}}"#,
        &[
            "conference-paper | Q&A for x | Zhang, Jiani | 2000 | dblp:conf/icml/00010IZ23",
            "preprint | Attention | Vaswani, A.; Shazeer, N. | 2017-06 | \
             arxiv:1706.03762 doi:10.48550/arXiv.1706.03762 dblp:journals/corr/V",
        ],
    );
}

#[test]
fn crossref() {
    check(
        r#"{"status":"ok","message":{"items":[{"DOI":"10.1000/x","type":"journal-article","title":["A <i>b</i> c"],
            "issued":{"date-parts":[[2014,4]]},"author":[{"family":"van der Waals","given":"J."},{"name":"The Group"}]}]}}"#,
        &["journal-article | A b c | van der Waals, J.; The Group | 2014-04 | doi:10.1000/x"],
    );
}

#[test]
fn crawlers() {
    check(
        "{\"id\":\"2503.18991\",\"title\":\"T\",\"authors\":[\"A B\",\"C D\"],\"summary\":\"S.\"}\n\
         {\"link\":\"http://arxiv.org/abs/2306.00008\",\"title\":\"U. (arXiv:2306.00008v1 [cs.LG])\",\"authors\":\"A B, C D et al\"}\n",
        &[
            "preprint | T | B, A; D, C | 2025-03 | arxiv:2503.18991 doi:10.48550/arXiv.2503.18991",
            "preprint | U | B, A; D, C; et al. | 2023-06 | arxiv:2306.00008 doi:10.48550/arXiv.2306.00008",
        ],
    );
}

#[test]
fn the_machines_summary_is_no_abstract() {
    let text =
        r#"[{"paper":{"id":"2407.13168","title":"T","summary":"The\nabstract.","ai_summary":"No."},"title":"T"}]"#;
    let found = entries(text);
    assert_eq!(found[0].texts.get(TextField::Abstract).unwrap().to_plain(), "The abstract.");
}

#[test]
fn errors_and_gaps() {
    assert!(collect(r#"{"error":"Paper with id x not found"}"#).1.is_err());
    let (sink, result) = collect("[null,{\"paperId\":\"x\",\"title\":\"T\"}]");
    assert!(result.is_ok());
    assert_eq!((sink.entries.len(), sink.diagnostics[0].rule), (1, Rule::MissingRecord));
    let (sink, result) = collect("{\"total\":0,\"data\":[]}");
    assert!(result.is_ok() && sink.entries.is_empty());
    assert_eq!(sink.diagnostics[0].rule, Rule::EmptyInput);
}

#[test]
fn a_broken_line_is_one_diagnostic() {
    let (sink, _) = collect(
        "{\"id\":\"2503.18991\",\"title\":\"T\",\"abstract\":\"x\"}\n{\"id\":\n{\"arxiv_id\":\"2503.18992\",\"title\":\"U\"}\n",
    );
    assert_eq!(sink.entries.len(), 2);
    assert_eq!(sink.diagnostics.iter().filter_map(|d| d.span).map(|s| s.line).collect::<Vec<_>>(), [2]);
}

#[test]
fn no_prefix_of_a_fixture_is_fatal() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/json");
    #[expect(clippy::disallowed_methods, reason = "tests read fixtures")]
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        if path.to_string_lossy().contains(".native.") {
            continue;
        }
        for end in (0..text.len()).step_by(7).filter(|end| text.is_char_boundary(*end)) {
            let _ = collect(&text[..end]);
        }
    }
}
