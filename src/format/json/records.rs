//! Which records stand in a JSON text: the envelopes of the services' answers taken off, and whose record each one is.
//!
//! Parts are found without being copied, so that each record knows its place. Knows the services' shapes, not their fields.

use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Whose record it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    SemanticScholar,
    OpenAlex,
    Crossref,
    Inspire,
    Dblp,
    HuggingFace,
    Crawler,
    Papis,
}

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found<'t> {
    /// A record of a service, and whether it stands in a list of results.
    Record { service: Service, text: &'t str, listed: bool },
    /// The answer for a paper that the service does not have.
    Nothing(&'t str),
    /// An answer without results.
    Empty(&'t str),
    /// A list that says how many papers it has.
    Declared(&'t str, u64),
    /// A list that is one page of so many papers.
    Page { list: &'t str, listed: usize, total: u64 },
    /// The service's refusal, in its words.
    Refusal(String),
    /// No record of a service that is known.
    Stray(&'t str),
}

/// How deep envelopes are nested.
const MAX_DEPTH: usize = 6;

type Members<'t> = BTreeMap<String, &'t RawValue>;

/// Envelopes: the members that lead to the records, and whose they are.
const ENVELOPES: [(&[&str], Option<Service>); 15] = [
    (&["message", "items"], Some(Service::Crossref)),
    (&["hits", "hits"], Some(Service::Inspire)),
    (&["result", "hits", "hit"], Some(Service::Dblp)),
    (&["metadata"], Some(Service::Inspire)),
    (&["results_data"], Some(Service::Inspire)),
    (&["info"], Some(Service::Dblp)),
    (&["citingPaper"], Some(Service::SemanticScholar)),
    (&["citedPaper"], Some(Service::SemanticScholar)),
    (&["recommendedPapers"], Some(Service::SemanticScholar)),
    (&["paper"], Some(Service::HuggingFace)),
    (&["papers"], None),
    (&["results"], None),
    (&["data"], None),
    (&["articles"], None),
    (&["entries"], None),
];

/// Where services say how many papers they have for a question, of which the answer lists one page.
const TOTALS: [&[&str]; 5] =
    [&["message", "total-results"], &["hits", "total"], &["result", "hits", "@total"], &["meta", "count"], &["total"]];

/// Finds the records of one JSON value.
pub(super) fn find<'t>(text: &'t str, out: &mut Vec<Found<'t>>) {
    walk(text, None, false, 0, out);
}

fn walk<'t>(text: &'t str, service: Option<Service>, listed: bool, depth: usize, out: &mut Vec<Found<'t>>) {
    if text == "null" {
        out.push(Found::Nothing(text));
    } else if depth > MAX_DEPTH {
        out.push(Found::Stray(text));
    } else if let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(text) {
        items.into_iter().for_each(|item| walk(item.get(), service, true, depth + 1, out));
    } else if let Ok(members) = serde_json::from_str::<Members<'t>>(text) {
        object(text, &members, service, listed, depth, out);
    } else {
        out.push(Found::Stray(text));
    }
}

fn object<'t>(
    text: &'t str,
    members: &Members<'t>,
    service: Option<Service>,
    listed: bool,
    depth: usize,
    out: &mut Vec<Found<'t>>,
) {
    // An author's papers are a list; a paper with `papers` in it is not seen.
    let own = service_of(members);
    if own.is_some_and(|own| own != Service::Crawler) {
        let service = own.or(service).unwrap_or(Service::Crawler);
        return out.push(Found::Record { service, text, listed });
    }
    if let Some(refusal) = refusal(members) {
        return out.push(Found::Refusal(refusal));
    }
    // A work of Crossref is the message itself.
    if let Some(message) = members.get("message").filter(|message| is(message, '{')) {
        let within: Members<'t> = serde_json::from_str(message.get()).unwrap_or_default();
        if !within.contains_key("items") {
            return walk(message.get(), Some(Service::Crossref), false, depth + 1, out);
        }
    }
    for (path, service) in ENVELOPES {
        if let Some(inner) = follow(members, path) {
            return envelope(inner, members, service, listed, depth, out);
        }
    }
    if is_empty_answer(members) {
        return out.push(Found::Empty(text));
    }
    match own.or(service) {
        Some(service) => out.push(Found::Record { service, text, listed }),
        None => out.push(Found::Stray(text)),
    }
}

fn envelope<'t>(
    inner: &'t RawValue,
    members: &Members<'t>,
    service: Option<Service>,
    listed: bool,
    depth: usize,
    out: &mut Vec<Found<'t>>,
) {
    let bare: String = inner.get().chars().filter(|c| !c.is_whitespace()).collect();
    if bare == "[]" {
        return out.push(Found::Empty(inner.get()));
    }
    // A crawler counts what it lists; services count what there is beyond this page.
    if let Some(count) = members.get("count").and_then(|count| count.get().parse().ok()) {
        out.push(Found::Declared(inner.get(), count));
    }
    let here = serde_json::from_str::<Vec<&RawValue>>(inner.get()).map_or(1, |items| items.len());
    if let Some(total) = total(members).filter(|total| *total > here as u64) {
        out.push(Found::Page { list: inner.get(), listed: here, total });
    }
    walk(inner.get(), service, listed, depth + 1, out);
}

/// How many papers a service has for the question, in digits or in a string of digits.
fn total(members: &Members<'_>) -> Option<u64> {
    TOTALS.iter().find_map(|path| value_at(members, path)?.get().trim_matches('"').parse().ok())
}

/// The value at a path, when an object or a list stands there.
fn follow<'t>(members: &Members<'t>, path: &[&str]) -> Option<&'t RawValue> {
    value_at(members, path).filter(|value| is(value, '{') || is(value, '['))
}

fn value_at<'t>(members: &Members<'t>, path: &[&str]) -> Option<&'t RawValue> {
    let (last, before) = path.split_last()?;
    let mut here: Option<Members<'t>> = None;
    for name in before {
        let value = *here.as_ref().unwrap_or(members).get(*name)?;
        here = Some(serde_json::from_str(value.get()).ok()?);
    }
    here.as_ref().unwrap_or(members).get(*last).copied()
}

/// Whether a value begins with a character.
fn is(value: &RawValue, begin: char) -> bool {
    value.get().starts_with(begin)
}

/// DBLP leaves the list out when it has found nothing.
fn is_empty_answer(members: &Members<'_>) -> bool {
    let hits = follow(members, &["result", "hits"]);
    hits.is_some_and(|hits| !serde_json::from_str::<Members<'_>>(hits.get()).unwrap_or_default().contains_key("hit"))
}

/// What a service says in place of a record.
fn refusal(members: &Members<'_>) -> Option<String> {
    let words = |name: &str| members.get(name).and_then(|value| serde_json::from_str::<String>(value.get()).ok());
    if members.contains_key("title") || members.contains_key("id") {
        return None;
    }
    let (error, message) = (words("error"), words("message"));
    match (error, message) {
        (Some(error), Some(message)) => Some(format!("{error}: {message}")),
        (Some(words), None) | (None, Some(words)) => Some(words),
        (None, None) => crossref_failure(members).or_else(|| dblp_failure(members)),
    }
}

/// `{"status": "failed", "message": [{"type": …, "value": …, "message": …}]}`
fn crossref_failure(members: &Members<'_>) -> Option<String> {
    if members.get("status")?.get() != "\"failed\"" {
        return None;
    }
    let faults: Vec<serde_json::Value> = serde_json::from_str(members.get("message")?.get()).ok()?;
    let words = |fault: &serde_json::Value| fault.get("message")?.as_str().map(str::to_owned);
    Some(faults.iter().filter_map(words).collect::<Vec<_>>().join("; "))
}

/// `{"result": {"status": {"@code": "500", "text": …}}}`
fn dblp_failure(members: &Members<'_>) -> Option<String> {
    let status: serde_json::Value = serde_json::from_str(follow(members, &["result", "status"])?.get()).ok()?;
    let code = status.get("@code")?.as_str()?;
    (code != "200").then(|| format!("{code} {}", status.get("text").and_then(|text| text.as_str()).unwrap_or_default()))
}

/// Whose record an object is, by its own members.
fn service_of(members: &Members<'_>) -> Option<Service> {
    let has = |name: &str| members.contains_key(name);
    let begins = |name: &str, text: &str| members.get(name).is_some_and(|value| value.get().starts_with(text));
    if has("paperId") || (has("externalIds") && has("title")) {
        Some(Service::SemanticScholar)
    } else if begins("id", "\"https://openalex.org/W") || has("abstract_inverted_index") || has("authorships") {
        Some(Service::OpenAlex)
    } else if has("author_list") && has("title") {
        Some(Service::Papis)
    } else if has("DOI") && (begins("title", "[") || has("deposited")) {
        Some(Service::Crossref)
    } else if has("titles") || has("arxiv_eprints") {
        Some(Service::Inspire)
    } else if has("title") && (has("ee") || has("venue")) && has("key") {
        Some(Service::Dblp)
    } else if has("title") && begins("id", "\"") && (has("upvotes") || has("publishedAt")) && !has("paper") {
        Some(Service::HuggingFace)
    } else if has("title") && SIGNS_OF_A_PAPER.iter().any(|name| has(name)) {
        Some(Service::Crawler)
    } else {
        None
    }
}

/// Members one of which a crawler's record has beside its title.
const SIGNS_OF_A_PAPER: [&str; 12] = [
    "abstract", "summary", "arxiv_id", "arxivId", "arxiv", "authors", "author", "pdf_url", "entry_id", "abs_url",
    "abs", "doi",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn services(text: &str) -> Vec<Service> {
        let mut found = Vec::new();
        find(text, &mut found);
        let service = |found: Found<'_>| match found {
            Found::Record { service, .. } => Some(service),
            _ => None,
        };
        found.into_iter().filter_map(service).collect()
    }

    #[test]
    fn envelopes_are_taken_off() {
        let check = |text: &str, expected: &[Service]| assert_eq!(services(text), expected, "{text}");
        check(
            r#"{"total":2,"data":[{"paperId":"a","title":"T"},null,{"paperId":"b"}]}"#,
            &[Service::SemanticScholar, Service::SemanticScholar],
        );
        check(r#"[{"citedPaper":{"paperId":"a"}}]"#, &[Service::SemanticScholar]);
        check(r#"{"meta":{},"results":[{"id":"https://openalex.org/W1"}]}"#, &[Service::OpenAlex]);
        check(r#"{"status":"ok","message":{"items":[{"DOI":"10.1000/x","title":["T"]}]}}"#, &[Service::Crossref]);
        check(r#"{"status":"ok","message":{"DOI":"10.1000/x","title":["T"]}}"#, &[Service::Crossref]);
        check(r#"{"hits":{"hits":[{"metadata":{"titles":[]}}],"total":1}}"#, &[Service::Inspire]);
        check(r#"{"result":{"hits":{"hit":[{"info":{"title":"T","key":"k"}}]}}}"#, &[Service::Dblp]);
        check(r#"[{"paper":{"id":"2401.00001","title":"T"},"title":"T"}]"#, &[Service::HuggingFace]);
        check(r#"{"count":1,"papers":[{"title":"T","summary":"S"}]}"#, &[Service::Crawler]);
        check(r#"{"x":1}"#, &[]);
    }

    #[test]
    fn refusals_and_gaps() {
        let check = |text: &str, expected: &[Found<'_>]| {
            let mut found = Vec::new();
            find(text, &mut found);
            assert_eq!(found, expected, "{text}");
        };
        check(r#"{"error":"Paper not found"}"#, &[Found::Refusal("Paper not found".to_owned())]);
        check(r#"{"message":"Too Many Requests","code":"429"}"#, &[Found::Refusal("Too Many Requests".to_owned())]);
        check(r#"{"total":0,"data":[]}"#, &[Found::Empty("[]")]);
        check(r#"{"result":{"hits":{"@total":"0"}}}"#, &[Found::Empty(r#"{"result":{"hits":{"@total":"0"}}}"#)]);
        let page = r#"{"total":55,"data":[null]}"#;
        check(page, &[Found::Page { list: "[null]", listed: 1, total: 55 }, Found::Nothing("null")]);
        let page = r#"{"result":{"hits":{"@total":"7","hit":[null]}}}"#;
        check(page, &[Found::Page { list: "[null]", listed: 1, total: 7 }, Found::Nothing("null")]);
        check("[null]", &[Found::Nothing("null")]);
        check("3", &[Found::Stray("3")]);
    }
}
