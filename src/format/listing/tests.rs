//! Whole texts through the whole room, in a compact rendering: one line an entry, one a finding.

use super::{SPEC, read};
use crate::format::{Format, Input, ReadOptions, Sniff};
use crate::model::{DateField, FieldName, ListField, PlainField, Role, Scheme, Text, TextField};
use crate::source::{SourceId, Span};
use crate::stream::{Collected, Sourced};
use std::fmt::Write as _;

fn collect(input: &str) -> Collected {
    let mut sink = Collected::default();
    read(Input::from_text(SourceId(0), "test", input), &ReadOptions::default(), &mut sink).unwrap();
    sink
}

/// `line:column arxiv-id | title | authors | abstract…`, then what else there is; `~` marks a cut value.
fn render(input: &str) -> String {
    let found = collect(input);
    let mut out = String::new();
    for (count, span) in &found.declared {
        let _ = writeln!(out, "={count} {}:{}", span.line, span.column);
    }
    for entry in &found.entries {
        out.push_str(&render_entry(entry));
        out.push('\n');
    }
    for finding in &found.diagnostics {
        let span = finding.span.unwrap();
        let text = finding.message.split('`').nth(1).unwrap_or_default();
        let _ = writeln!(out, "{} {}:{} {text}", &finding.severity.name()[..1], span.line, span.column);
    }
    out
}

fn render_entry(sourced: &Sourced) -> String {
    let (entry, span) = (&sourced.entry, sourced.span.unwrap());
    for field in entry.fields() {
        assert!(sourced.origins.get(field).is_some(), "{field} has no origin");
    }
    let text = |field| {
        let cut = if sourced.origins.is_cut(FieldName::Text(field)) { "~" } else { "" };
        entry.texts.get(field).map(|text| format!("{cut}{}", ends(&text.to_plain())))
    };
    let people: Vec<String> = entry.people_as(Role::Author).map(ToString::to_string).collect();
    let list = |field| entry.lists.get(field).map(|list| list.iter().map(Text::to_plain).collect::<Vec<_>>().join(" "));
    let ids: Vec<String> =
        entry
            .ids
            .iter()
            .map(|id| {
                if id.scheme() == Scheme::Arxiv { id.value() } else { format!("{}:{}", id.scheme().name(), id.value()) }
            })
            .collect();
    let date = |field| entry.dates.get(field).map(ToString::to_string);
    let parts = [
        ("key", entry.key.clone()),
        ("id", Some(ids.join(" ")).filter(|ids| !ids.is_empty())),
        ("t", text(TextField::Title)),
        ("p", Some(people.join(", ")).filter(|people| !people.is_empty())),
        ("a", text(TextField::Abstract)),
        ("c", text(TextField::Comment)),
        ("j", text(TextField::JournalRef)),
        ("n", text(TextField::Note)),
        ("k", list(ListField::Category)),
        ("w", list(ListField::Keyword)),
        ("d", date(DateField::Issued)),
        ("av", date(DateField::Available)),
        ("u", entry.plain.get(PlainField::Url).filter(|url| !url.contains("arxiv.org")).cloned()),
        ("f", entry.foreign.first().map(|foreign| format!("{}={}", foreign.name, foreign.value))),
    ];
    let shown: Vec<String> =
        parts.into_iter().filter_map(|(name, value)| Some(format!("{name}: {}", value?))).collect();
    format!("{}:{} {}", span.line, span.column, shown.join(" | "))
}

fn bytes(span: Span) -> std::ops::Range<usize> {
    let start = usize::try_from(span.start).unwrap();
    start..start + usize::try_from(span.len).unwrap()
}

/// Beginning and end of a long text.
fn ends(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= 60 {
        return text.to_owned();
    }
    let (head, tail): (String, String) = (chars[..20].iter().collect(), chars[chars.len() - 20..].iter().collect());
    format!("{head}[..]{tail}")
}

fn check(input: &str, expected: &str) {
    let shown = render(input);
    assert_eq!(shown.trim(), expected.trim(), "\n{shown}");
}

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../../fixtures/listing/", $name))
    };
}

const FIXTURES: [&str; 22] = [
    fixture!("jeff-dean-21.txt"),
    fixture!("jeff-dean-22-declared.txt"),
    fixture!("titles-and-snippets.txt"),
    fixture!("numbered.txt"),
    fixture!("bulleted.txt"),
    fixture!("paragraphs.txt"),
    fixture!("search-page.txt"),
    fixture!("list-page.txt"),
    fixture!("abs-page.txt"),
    fixture!("paper-page.txt"),
    fixture!("authors-one-a-line.txt"),
    fixture!("names-without-label.txt"),
    fixture!("titles-authors-venues.txt"),
    fixture!("awesome-list.md"),
    fixture!("paper.tex"),
    fixture!("paper.typ"),
    fixture!("mail.txt"),
    fixture!("references.txt"),
    fixture!("front-matter.md"),
    fixture!("just-words.txt"),
    fixture!("glued-snippets.txt"),
    fixture!("ids.txt"),
];

#[test]
fn the_listing_that_the_project_was_created_from() {
    for (text, count) in [(FIXTURES[0], 21), (FIXTURES[1], 22)] {
        let found = collect(text);
        assert_eq!(found.entries.len(), 21);
        assert_eq!(found.diagnostics, []);
        assert_eq!(found.declared.iter().map(|(n, span)| (*n, span.line)).collect::<Vec<_>>(), [(count, 1)]);
        for (at, sourced) in found.entries.iter().enumerate() {
            let line = text.lines().nth(at + 1).unwrap();
            let span = sourced.span.unwrap();
            assert_eq!((span.line as usize, span.column), (at + 2, 1));
            assert_eq!(&text[bytes(span)], line);
            assert!(sourced.origins.is_cut(FieldName::Text(TextField::Abstract)));
            let fragment = sourced.entry.texts.get(TextField::Abstract).unwrap().to_plain();
            assert_eq!(fragment, line.strip_suffix("...").unwrap().trim_end());
            assert!(sourced.entry.title().is_none());
        }
    }
}

#[test]
fn titles_with_snippets() {
    check(
        fixture!("titles-and-snippets.txt"),
        r"
=3 2:1
5:1 t: The Carbon Footprint[..]Plateau, Then Shrink | a: ~Machine Learning (ML[..]eir carbon footprint
7:1 t: Pathways: Asynchronous Distributed Dataflow for ML | a: ~We present the desig[..] Pathways, is explic
9:1 t: muNet: Evolving Pret[..]ng Multitask Systems | a: ~Most uses of machine[..]sk, or sometimes sta
w 1:1 Jeff Dean
n 3:1 Academic Profile
n 4:1 Papers on arXiv
w 11:1 Load more papers of this author
",
    );
}

#[test]
fn numbered_titles() {
    check(
        fixture!("numbered.txt"),
        r"
=5 1:1
3:4 t: Attention Is All You Need
4:4 t: Efficiently Scaling Transformer Inference | p: Reiner Pope, Sholto Douglas, Jeff Dean
5:4 id: 2502.06786 | t: Matryoshka Quantization
6:4 id: hep-th/9901001 | t: On the cohomology of something old
7:4 id: 2209.01667
",
    );
}

#[test]
fn bulleted_snippets() {
    check(
        fixture!("bulleted.txt"),
        r"
=4 1:1
3:3 a: ~We study the problem[..] most challenging se
4:3 a: ~the carbon footprint[..]y up to 100x and the
5:3 a: ~Scaling up language [..] improve performance | w: Machine Learning Language Models
6:3 a: ~Quantizing model wei[..]arge models. However
",
    );
}

#[test]
fn wrapped_paragraphs() {
    check(
        fixture!("paragraphs.txt"),
        r"
1:1 a: ~Sparse expert models[..]formers, Routing Net
5:1 a: ~Scale has opened new[..]-of-the-art across a
12:1 a: ~The number of parame[..]t of new distributed
n 10:1 Page 2 of 7
",
    );
}

#[test]
fn search_page() {
    check(
        fixture!("search-page.txt"),
        r"
=2 1:1
2:4 id: 2503.19786 | t: Gemma 3 Technical Report | p: Gemma Team, Aishwarya Kamath, Johan Ferret, Shreya Pathak, Nino Vieillard, et al. | a: ~We introduce Gemma 3[..] ranging in scale fr | k: cs.CL cs.AI | d: 2025-03-25 | av: 2025-03
7:4 id: 2404.18416 doi:10.1000/not-a-real-doi | t: Capabilities of Gemini Models in Medicine | p: Khaled Saab, Tao Tu, Wei-Hung Weng, et al. | a: Excellence in a wide[..]soning. That is all. | c: 58 pages | j: A Journal 1 (2024) 2-3 | k: cs.AI cs.CL cs.CV cs.LG | d: 2024-04-29 | av: 2024-04
",
    );
}

#[test]
fn list_page() {
    check(
        fixture!("list-page.txt"),
        r"
=2 3:1
4:5 id: 2303.01486 | t: Understanding plasticity in neural networks | p: Clare Lyle, Zeyu Zheng, Evgenii Nikishin | k: cs.LG
8:5 id: 2303.01469 | t: Consistency Models | p: Yang Song, Prafulla Dhariwal, Mark Chen, Ilya Sutskever | c: 40 pages | k: cs.LG cs.CV stat.ML
n 1:1 Machine Learning
n 2:1 Authors and titles for recent submissions
",
    );
}

#[test]
fn abstract_page() {
    check(
        fixture!("abs-page.txt"),
        r"
2:1 id: 2306.00008 report-number:TR-1 doi:10.1000/not-a-real-doi | t: Brainformers: Trading Simplicity for Efficiency | p: Yanqi Zhou, Nan Du, Yanping Huang, et al. | a: Transformers are cen[..]and computer vision. | c: Some comment | j: ICML 2023 | k: cs.LG cs.CL | d: 2023-05-29 | f: msc-class=68T07
n 1:1 Skip to main content
n 4:1 Help | Advanced Search
n 6:1 Computer Science > Machine Learning
n 25:1 Submission history
",
    );
}

#[test]
fn paper_page_that_lost_its_names() {
    check(
        fixture!("paper-page.txt"),
        r"
2:1 id: 2209.01667 | t: A Review of Sparse Expert Models in Deep Learning | a: Sparse expert models[..]re in deep learning. | d: 2022-09-04
n 1:1 Papers
n 15:1 Community
n 17:1 Sign up or log in to comment
n 18:1 Cite arxiv.org/abs/2209.01667 in a model README.md to link i…
",
    );
}

#[test]
fn authors_one_a_line() {
    check(
        fixture!("authors-one-a-line.txt"),
        r"
2:1 t: ST-MoE: Designing St[..]Sparse Expert Models | p: Barret Zoph, Irwan Bello, Jeff Dean | a: Scale has opened new[..] even larger models. | k: cs.CL cs.LG | d: 2022-02-17
n 1:1 Paper Info
",
    );
}

#[test]
fn names_below_a_title() {
    check(
        fixture!("names-without-label.txt"),
        r"
1:1 t: PaLM: Scaling Language Modeling with Pathways | p: Aakanksha Chowdhery, Sharan Narang, Jacob Devlin, Guy Gur-Ari | a: Large language model[..]g few-shot learning.
",
    );
}

#[test]
fn titles_authors_and_venues() {
    check(
        fixture!("titles-authors-venues.txt"),
        r"
1:1 t: Attention is all you need | p: Ashish Vaswani, Noam Shazeer, Niki Parmar | n: Advances in Neural Information Processing Systems 30, 2017
4:1 t: Deep learning | p: Yann LeCun, Yoshua Bengio, Geoffrey Hinton | n: Nature 521 (7553), 436-444, 2015
7:1 t: Large scale distributed deep networks | p: J Dean, G Corrado, R Monga, et al.
",
    );
}

#[test]
fn list_in_markdown() {
    check(
        fixture!("awesome-list.md"),
        r"
7:28 id: 1706.03762 | t: Attention Is All You Need
8:23 id: 2101.03961v3 | t: Switch Transformers
9:3 id: 2106.05974 | t: Scaling Vision with Sparse Mixture of Experts
13:3 id: 2202.08906 | t: ST-MoE: Designing St[..]Sparse Expert Models
15:39 id: 2306.00008
16:3 id: doi:10.1007/s10462-012-9338-y | t: Mixture of experts: a literature survey
17:3 id: 1701.06538 | t: Outrageously Large Neural Networks | u: https://openreview.net/forum?id=B1ckMDqlg
18:3 id: 2203.12533 | t: Pathways: Asynchronous Distributed Dataflow for ML | p: Paul Barham, Aakanksha Chowdhery, et al. | a: We present the desig[..]er for accelerators. | k: cs.DC cs.LG
n 1:1 # Awesome Sparse Models [![Awesome](https://awesome.re/badge…
w 3:1 A list kept by hand. See [arXiv](https://arxiv.org/list/cs.L…
n 5:1 | Date | Model | Paper |
n 11:1 <details><summary>More papers</summary>
n 14:5 the same again: [ST-MoE](https://www.alphaxiv.org/abs/2202.0…
",
    );
}

#[test]
fn latex_source() {
    check(
        fixture!("paper.tex"),
        r"
3:47 id: 2209.01667 | t: A Review of Sparse Expert Models in Deep Learning
4:10 id: 1701.06538
6:1 key: dean2012 | t: Large scale distributed deep networks | p: J. Dean, G. Corrado, R. Monga, et al. | n: In NIPS, 2012 | d: 2012
9:1 key: shazeer | id: 1911.02150 | t: Fast transformer decoding: One write-head is all you need | p: N. Shazeer | d: 2019
n 1:1 \documentclass{article}
",
    );
}

#[test]
fn typst_source() {
    check(
        fixture!("paper.typ"),
        r"
3:12 id: 2209.01667 | t: A Review of Sparse Expert Models
n 1:1 #set page(width: 10cm)
n 2:1 = Sparse models
",
    );
}

#[test]
fn mail() {
    check(
        fixture!("mail.txt"),
        r"
8:16 id: 2502.06786v1 | t: Matryoshka Quantization
9:1 id: hep-th/9901001
9:21 id: doi:10.1038/nature14539
10:22 id: math/0309136
n 1:1 From: Ann Lee <ann@example.org>
n 2:1 To: Bo Li <bo@example.org>
n 3:1 Subject: papers for Friday
n 4:1 Date: Mon, 3 Mar 2025 10:00:00 +0100
n 6:1 Hi Bo,
w 12:1 Version 1706.0376.2 of the code is at https://example.org/he…
",
    );
}

#[test]
fn formatted_references() {
    check(
        fixture!("references.txt"),
        r"
3:5 t: Large scale distributed deep networks | p: J. Dean, et al. | n: NIPS 2012 | d: 2012
4:5 id: 1706.03762 | t: Attention is all you need | p: A. Vaswani, N. Shazeer, I. Polosukhin | n: In Advances in Neural Information Processing Systems, 2017 | d: 2017
6:5 t: MapReduce: simplified data processing on large clusters | p: J. Dean, S. Ghemawat | n: Commun. ACM, vol. 51, 2008 | d: 2008
7:5 id: 2209.01667 | t: A review of sparse expert models in deep learning | p: W. Fedus, J. Dean, B. Zoph | d: 2022
n 1:1 References
",
    );
}

#[test]
fn front_matter_page() {
    check(
        fixture!("front-matter.md"),
        r"
3:1 key: nair2025matryoshka | id: 2502.06786 | t: Matryoshka Quantization: it's a test | p: Pranav Nair, Puranjay Datta, Jeff Dean, André Susano Pinto | a: ~Quantizing model wei[..]2 -- requires a trad | w: Quantization Efficiency | d: 2025
n 2:1 layout: publication
",
    );
}

#[test]
fn just_words() {
    check(
        fixture!("just-words.txt"),
        r"
1:1 a: ~not a paper at all, just words
",
    );
}

#[test]
fn snippets_cut_without_a_mark() {
    check(
        fixture!("glued-snippets.txt"),
        r"
1:1 a: ~We study the problem[..]uence lengths. Bette
2:1 a: ~Quantizing model wei[..]2 -- requires a trad
w 3:1 This paper studies nothing at all.
",
    );
}

#[test]
fn bare_identifiers_and_any_line_end() {
    check(
        fixture!("ids.txt"),
        r"
1:1 id: 2209.01667
2:1 id: 1706.03762v5
3:1 id: hep-th/9901001
3:17 id: math/0309136
4:1 id: doi:10.1038/nature14539
",
    );
}

#[test]
fn no_prefix_of_a_fixture_panics_and_spans_stay_inside() {
    for text in FIXTURES {
        // The long ones are of lines that look alike.
        let step = 1 + text.len() / 500;
        for end in (0..=text.len()).step_by(step).filter(|end| text.is_char_boundary(*end)) {
            let found = collect(&text[..end]);
            let spans = found.entries.iter().filter_map(|entry| entry.span);
            for span in spans.chain(found.diagnostics.iter().filter_map(|finding| finding.span)) {
                assert!(text.get(bytes(span)).is_some(), "{span:?}");
            }
        }
    }
}

#[test]
fn every_line_is_read_or_reported() {
    // Each line of a fixture with words lies in an entry's span or in a finding.
    for text in FIXTURES {
        let found = collect(text);
        let mut spans: Vec<(u64, u64)> = found
            .entries
            .iter()
            .filter_map(|entry| entry.span)
            .map(|span| (span.start, span.start + u64::from(span.len)))
            .collect();
        spans.extend(
            found
                .diagnostics
                .iter()
                .filter_map(|finding| finding.span)
                .map(|span| (span.start, span.start + u64::from(span.len))),
        );
        spans.extend(found.declared.iter().map(|(_, span)| (span.start, span.start + u64::from(span.len))));
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let end = start + line.len() as u64;
            let known = spans.iter().any(|(from, to)| *from < end && *to > start);
            let says_something = line.contains(char::is_alphanumeric)
                && !["---", "</", "\\begin", "\\end", "|:", "  -"]
                    .iter()
                    .any(|head| line.trim_start().starts_with(head));
            // The same link again, and a title said again, say nothing new.
            let again = line.contains("1706.03762");
            assert!(known || !says_something || again, "{line}");
            start = end;
        }
    }
}

#[test]
fn a_long_line_takes_linear_time() {
    let mut text = String::new();
    while text.len() < 2_000_000 {
        let _ = write!(
            text,
            "see 2401.00001 (arXiv:1706.03762), [A Title of a Paper](https://arxiv.org/abs/2401.{:05}) (and “x, y [z",
            text.len() % 90_000
        );
    }
    assert!(collect(&text).entries.len() > 1000);
    let words = "word, ".repeat(500_000);
    assert!(collect(&words).entries.len() <= 1);
    let nested = "[(".repeat(500_000) + "](https://arxiv.org/abs/1706.03762)";
    assert!(collect(&nested).entries.len() <= 1);
}

#[test]
fn an_entry_has_a_limit() {
    let sentence = "Sparse expert models are a thirty-year old concept re-emerging as a popular architecture. ";
    let long = sentence.repeat(20_000);
    let told = |found: &Collected| found.diagnostics.iter().filter(|d| d.message.contains("1 MiB")).count();
    let line = collect(&format!("Attention Is All You Need\n\n{long}\n\n{sentence}It is cut he...\n"));
    assert_eq!((line.entries.len(), told(&line)), (1, 1));
    let lines =
        collect(&format!("Title: A Title\nAbstract: {}\n\n{sentence}It is cut he...\n", long.replace(". ", ".\n")));
    assert_eq!((lines.entries.len(), told(&lines)), (2, 1));
    let longest =
        lines.entries.iter().filter_map(|entry| entry.entry.texts.get(TextField::Abstract)).map(Text::to_plain);
    assert!(longest.map(|text| text.len()).all(|length| length <= 1 << 20));
}

#[test]
fn only_text_is_sniffed_and_never_for_sure() {
    let sniff = SPEC.sniff;
    assert_eq!(sniff(FIXTURES[0]), Sniff::Likely);
    assert_eq!(sniff(FIXTURES[13]), Sniff::Likely);
    assert_eq!(sniff("not a paper at all, just words ...\n"), Sniff::Maybe);
    assert_eq!(sniff("Attention Is All You Need\n"), Sniff::Maybe);
    assert_eq!(
        sniff("@article{x, title = {arXiv:1706.03762}}\n@article{y, note = {arXiv:1706.03763}}\n"),
        Sniff::Maybe
    );
    for text in ["", "{\"id\": 1}", "[{\"id\": 1}]", "<?xml version=\"1.0\"?>", "<!DOCTYPE html>", "\0\0\0"] {
        assert_eq!(sniff(text), Sniff::No, "{text:?}");
    }
    assert_eq!(Format::detect(FIXTURES[0], Some("txt")).unwrap(), Format::Listing);
}

#[test]
fn title_author_and_identifier_on_one_line() {
    check(
        "- Attention Is All You Need, Vaswani et al., 2017\n- “Deep Residual Learning” by He et al.\n\
         - Deep learning (LeCun, Bengio, Hinton; 2015)\n- BERT https://arxiv.org/abs/1810.04805\n\
         - arXiv:1706.03762: Attention Is All You Need\n- 2005.14165 Language Models are Few-Shot Learners\n",
        "
1:3 t: Attention Is All You Need | p: Vaswani, et al. | d: 2017
2:3 t: Deep Residual Learning | p: He, et al.
3:3 t: Deep learning | p: LeCun, Bengio, Hinton | d: 2015
4:3 id: 1810.04805
5:3 id: 1706.03762 | t: Attention Is All You Need
6:3 id: 2005.14165 | t: Language Models are Few-Shot Learners
",
    );
}

#[test]
fn results_of_a_search_engine() {
    check(
        "About 5,000,000 results (0.05 sec)\n[PDF] Attention is all you need\n\
         A Vaswani, N Shazeer, N Parmar… - Advances in neural …, 2017 - example.org\n\
         The dominant models are based on complex recurrent networks. The best performing such …\n\
         Save Cite Cited by 100000 Related articles All 62 versions\n",
        "
2:1 t: Attention is all you need | p: A Vaswani, N Shazeer, N Parmar, et al. | a: ~The dominant models [..]best performing such | n: Advances in neural …, 2017 - example.org
n 1:1 About 5,000,000 results (0.05 sec)
n 5:1 Save Cite Cited by 100000 Related articles All 62 versions
",
    );
}

#[test]
fn an_announcement_before_the_only_date_is_the_older() {
    check(
        "arXiv:2212.09720 [pdf]\n\ncs.LG\n\nThe case for 4-bit precision\n\nAuthors: Tim Dettmers, Luke Zettlemoyer\n\n\
         Submitted 27 February, 2023; originally announced December 2022.\n",
        "1:1 id: 2212.09720 | t: The case for 4-bit precision | p: Tim Dettmers, Luke Zettlemoyer | k: cs.LG | d: 2022-12",
    );
}

#[test]
fn what_is_no_listing_makes_no_entry() {
    check(
        "Just some text. It has sentences, no paper.\nAnd a second line, with a comma.\n",
        "
w 1:1 Just some text. It has sentences, no paper.
w 2:1 And a second line, with a comma.
",
    );
    check("", "");
    check("\n\n---\n", "");
    check("A single title that someone pasted", "1:1 t: A single title that someone pasted");
}

#[test]
fn a_paper_is_listed_once_on_a_line_too() {
    check(
        "See arXiv:1706.03762, arXiv:2209.01667 and again arXiv:1706.03762, because it is said to be good.\n",
        "1:5 id: 1706.03762\n1:23 id: 2209.01667",
    );
    check("2209.01667, 1706.03762, 1706.03762", "1:1 id: 2209.01667\n1:13 id: 1706.03762");
}

/// The arXiv ids of the entries of a text.
fn arxiv_ids(input: &str) -> Vec<String> {
    collect(input).entries.iter().filter_map(|sourced| Some(sourced.entry.arxiv()?.id().to_owned())).collect()
}

#[test]
fn forty_false_friends_and_forty_true_spellings() {
    assert_eq!(arxiv_ids(fixture!("false-friends.txt")), Vec::<String>::new());
    let mut ids = arxiv_ids(fixture!("true-spellings.md"));
    ids.sort();
    ids.dedup();
    assert_eq!((fixture!("true-spellings.md").lines().count(), ids.len()), (40, 40));
    for line in fixture!("false-friends.txt").lines() {
        assert_eq!(arxiv_ids(line), Vec::<String>::new(), "{line}");
    }
    for line in fixture!("true-spellings.md").lines() {
        assert_eq!(arxiv_ids(line).len(), 1, "{line}");
    }
}
