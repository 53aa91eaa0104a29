//! The frame, the fields, and what is said of both; whole files stand in `fixtures/arxiv-mail/`.

use super::*;
use crate::model::DateField;
use crate::record::DateChoice;
use crate::stream::Collected;

const DAILY: &str = include_str!("../../../../fixtures/arxiv-mail/daily.txt");
const FAULTS: &str = include_str!("../../../../fixtures/arxiv-mail/faults.txt");
const LATIN: &[u8] = include_bytes!("../../../../fixtures/arxiv-mail/latin-1.abs");

fn collect(bytes: &[u8], options: &ReadOptions) -> Collected {
    let mut sink = Collected::default();
    read(Input::new(SourceId(0), "test", bytes).unwrap(), options, &mut sink).unwrap();
    sink
}

fn ids(read: &Collected) -> Vec<String> {
    read.entries.iter().filter_map(|sourced| sourced.entry.arxiv()).map(ToString::to_string).collect()
}

fn rules(read: &Collected) -> Vec<&'static str> {
    read.diagnostics.iter().map(|finding| finding.rule.name()).collect()
}

#[test]
fn new_papers_cross_lists_and_replacements() {
    let read = collect(DAILY.as_bytes(), &ReadOptions::default());
    assert_eq!(ids(&read), ["2303.00769", "2303.00916", "2303.00773", "2104.03145", "2207.08435"]);
    assert_eq!(rules(&read), [""; 0]);
}

#[test]
fn lines_may_end_in_any_way() {
    let read = collect(DAILY.replace('\n', "\r\n").as_bytes(), &ReadOptions::default());
    assert_eq!(read.entries.len(), 5);
    assert_eq!(rules(&read), [""; 0]);
}

#[test]
fn a_replacement_has_the_date_of_its_latest_version() {
    let check = |date: DateChoice, expected: &str| {
        let read = collect(DAILY.as_bytes(), &ReadOptions { date, ..ReadOptions::default() });
        let issued = read.entries[3].entry.dates.get(DateField::Issued).map(ToString::to_string);
        assert_eq!(issued.as_deref(), Some(expected));
    };
    check(DateChoice::First, "2021-04");
    check(DateChoice::Latest, "2023-03-02");
}

#[test]
fn a_broken_item_is_one_finding_and_the_rest_goes_on() {
    let read = collect(FAULTS.as_bytes(), &ReadOptions::default());
    assert_eq!(ids(&read), ["2303.00002", "2303.00004", "2303.00005"]);
    let expected =
        ["malformed-value", "malformed-record", "duplicate-field", "unread-line", "unread-line", "withdrawn-paper"];
    assert_eq!(rules(&read), expected);
}

#[test]
fn a_paper_listed_twice_is_one_entry() {
    let twice = format!("{DAILY}{DAILY}");
    let read = collect(twice.as_bytes(), &ReadOptions::default());
    assert_eq!(read.entries.len(), 5);
    assert_eq!(rules(&read), ["listed-twice"; 5]);
}

#[test]
fn a_day_without_papers_declares_none() {
    let read = collect(include_bytes!("../../../../fixtures/arxiv-mail/empty-day.txt"), &ReadOptions::default());
    assert_eq!((read.entries.len(), read.declared.len()), (0, 1));
    assert_eq!(rules(&read), ["empty-input"]);
}

#[test]
fn no_prefix_is_too_strange() {
    for text in [DAILY.as_bytes(), FAULTS.as_bytes(), LATIN] {
        for end in 0..text.len() {
            let _ = collect(&text[..end], &ReadOptions::default());
        }
    }
}

#[test]
fn only_mails_look_like_mails() {
    let check = |text: &str, expected: Sniff| assert_eq!(sniff(text), expected, "{text}");
    check(DAILY, Sniff::Yes);
    check(include_str!("../../../../fixtures/arxiv-mail/empty-day.txt"), Sniff::Yes);
    check(include_str!("../../../../fixtures/arxiv-mail/pastweek.txt"), Sniff::Yes);
    check(include_str!("../../../../fixtures/arxiv-mail/monthly-1992.txt"), Sniff::Yes);
    check(include_str!("../../../../fixtures/arxiv-mail/header-only.abs"), Sniff::Yes);
    check(&"\\\\\narXiv:2303.00769\n".replace('\n', "\r\n"), Sniff::Yes);
    check("A paper\narXiv:2303.00769\n", Sniff::No);
    check("\\\\\nTitle of a poem\n", Sniff::No);
    check("@misc{a, title = {T}}", Sniff::No);
    check("", Sniff::No);
}
