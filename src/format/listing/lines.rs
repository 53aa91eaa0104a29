//! What one line of pasted text is: label, identifiers, date, authors, title, snippet, furniture.
//!
//! Each line is judged by itself; what it means among its neighbours is the business of `entries`. Hard-wrapped paragraphs
//! are joined here first, so that a line is a logical one. Knows no entries.

use super::beside;
use super::count::{self, Count};
use super::cut::{self, Uncut};
use super::dates::{self, Dates};
use super::labels::{self, Label};
use super::links::{self, Mention};
use super::rows;
use super::widths::{self, WIDEST_MARGIN, Width};
use super::{people, reference, titles};
use std::borrow::Cow;
use std::ops::Range;

/// A logical line.
#[derive(Clone, Debug)]
pub(super) struct Line<'t> {
    /// Where it stands, without white space and item mark.
    pub(super) range: Range<usize>,
    /// Its text: the input's own, unless the line was joined or cleaned.
    pub(super) text: Cow<'t, str>,
    /// The bullet or number before it.
    pub(super) mark: Option<Mark>,
    /// How far it is indented, in bytes.
    pub(super) indent: usize,
    /// What it is.
    pub(super) kind: Kind,
}

/// A bullet or number before a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Bullet,
    Number(u32),
}

/// What a line is, judged by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing in it.
    Blank,
    /// Punctuation only: a rule, a lone comma.
    Punctuation,
    /// A header with a count.
    Count(Count),
    /// `▽ More`, `Expand`.
    More,
    /// `△ Less`.
    Less,
    /// `, et al. (173 additional authors not shown)`.
    Others,
    /// A label; its value begins at the offset.
    Label(Label, usize),
    /// Dates only.
    Dates(Dates),
    /// Identifiers and links only, with the words that go with them.
    Ids(Vec<Mention>),
    /// An address or the beginning of an identifier, and it names no paper.
    Stray,
    /// Subject classes only.
    Categories,
    /// Known page furniture.
    Furniture,
    /// A list of names.
    Authors,
    /// A formatted reference.
    Reference,
    /// A text with truncation marks.
    Fragment,
    /// Sentences.
    Prose,
    /// Short, no sentence: a title, a name, a heading.
    Short,
}

/// Texts longer than this without a sentence's end were cut: titles are shorter.
const LONGEST_TITLE: usize = 170;
/// A single sentence shorter than this is a remark, no abstract.
const SHORTEST_ABSTRACT: usize = 90;

/// Splits a text into logical lines and judges each.
pub(super) fn split(text: &str) -> Vec<Line<'_>> {
    let physical = physical(text);
    let width = Width::of(&physical);
    let margin = widths::margin(&physical, stands_alone).filter(|_| width.is_none());
    let mut lines: Vec<Line<'_>> = Vec::with_capacity(physical.len());
    let mut at = 0;
    while at < physical.len() {
        let end = at + physical[at..].iter().position(|line| line.text.is_empty()).unwrap_or(physical.len() - at);
        join_block(&physical[at..end], width, margin, &mut lines);
        if let Some(blank) = physical.get(end) {
            lines.push(blank.clone());
        }
        at = end + 1;
    }
    for line in &mut lines {
        line.kind = judge(&line.text, line.mark);
    }
    rows::settle(&mut lines, width);
    lines
}

/// The lines as they stand, trimmed, item marks and mail quotes taken off, not judged yet.
pub(super) fn physical(text: &str) -> Vec<Line<'_>> {
    let bytes = text.as_bytes();
    let mut lines = Vec::new();
    let mut start = 0;
    for end in memchr::memchr2_iter(b'\n', b'\r', bytes).chain(std::iter::once(text.len())) {
        let is_crlf = end > 0 && bytes.get(end) == Some(&b'\n') && bytes[end - 1] == b'\r' && start == end;
        if !is_crlf {
            lines.push(physical_line(text, start..end));
        }
        start = end + 1;
    }
    if text.is_empty() { Vec::new() } else { lines }
}

fn physical_line(text: &str, range: Range<usize>) -> Line<'_> {
    let raw = &text[range.clone()];
    let mut body = raw.trim();
    while let Some(rest) = body.strip_prefix('>').filter(|rest| rest.is_empty() || rest.starts_with([' ', '>'])) {
        body = rest.trim_start();
    }
    let (mark, body) = take_mark(body);
    let start = range.start + offset_in(raw, body);
    let indent = raw.len() - raw.trim_start().len();
    Line { range: start..start + body.len(), text: clean(body), mark, indent, kind: Kind::Blank }
}

/// Where a piece of a text begins in it.
pub(super) fn offset_in(whole: &str, piece: &str) -> usize {
    (piece.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize).min(whole.len())
}

/// Takes `-`, `•`, `1.`, `[1]`, `(1)` off the head of a line.
fn take_mark(body: &str) -> (Option<Mark>, &str) {
    if let Some(rest) = body.strip_prefix(['-', '*', '•', '‣', '·', '+', '–', '◦', '▪', '●', '○', '►', '■'])
    {
        let glyph = body.starts_with(['•', '‣', '◦', '▪', '●', '○', '►', '■']);
        if rest.starts_with(char::is_whitespace) || (glyph && !rest.is_empty()) {
            return (Some(Mark::Bullet), without_box(rest.trim_start()));
        }
        return (None, body);
    }
    let (open, inner) = match body.as_bytes().first() {
        Some(b'[') => (b'[', &body[1..]),
        Some(b'(') => (b'(', &body[1..]),
        Some(b'#') => (b'#', &body[1..]),
        _ => (b' ', body),
    };
    let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
    let Some(number) = inner.get(..digits).filter(|d| (1..=5).contains(&d.len())).and_then(|d| d.parse().ok()) else {
        return (None, body);
    };
    let rest = &inner[digits..];
    let behind = match open {
        b'[' => rest.strip_prefix(']'),
        b'(' => rest.strip_prefix(')').filter(|rest| rest.starts_with(char::is_whitespace)),
        b'#' => rest.starts_with(char::is_whitespace).then_some(rest),
        _ => rest.strip_prefix(['.', ')']).filter(|rest| rest.starts_with(char::is_whitespace)),
    };
    // "2017. Attention …" begins with a year.
    match behind.filter(|_| !(1900..2100).contains(&number) || open == b'[') {
        Some(rest) => (Some(Mark::Number(number)), rest.trim_start().trim_start_matches(':').trim_start()),
        None => (None, body),
    }
}

/// Takes the box of a task list off: `[ ]`, `[x]`.
fn without_box(text: &str) -> &str {
    let rest = ["[ ]", "[x]", "[X]", "☐", "☑", "☒"].iter().find_map(|mark| text.strip_prefix(mark));
    rest.filter(|rest| rest.starts_with(char::is_whitespace)).map_or(text, str::trim_start)
}

/// Takes out what copying puts in: soft hyphens, zero-width characters, no-break blanks, ligatures, controls.
fn clean(text: &str) -> Cow<'_, str> {
    let odd = |c: char| {
        matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{2028}' | '\u{fb00}'..='\u{fb06}' | '\t')
            || c.is_control()
    };
    if text.is_ascii() && !text.bytes().any(|b| b < b' ' || b == 0x7f) || !text.chars().any(odd) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{a0}' | '\u{2007}' | '\u{202f}' | '\t' | '\u{2028}' | '\u{c}' => out.push(' '),
            '\u{fb00}' => out.push_str("ff"),
            '\u{fb01}' => out.push_str("fi"),
            '\u{fb02}' => out.push_str("fl"),
            '\u{fb03}' => out.push_str("ffi"),
            '\u{fb04}' => out.push_str("ffl"),
            '\u{fb05}' | '\u{fb06}' => out.push_str("st"),
            c if odd(c) => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Joins the lines of a block (a run of lines without a blank one) that were wrapped at a right margin.
fn join_block<'t>(block: &[Line<'t>], cut_at: Option<Width>, margin: Option<usize>, lines: &mut Vec<Line<'t>>) {
    let is_cut = |line: &Line<'_>| cut_at.is_some_and(|width| width.cuts(&line.text));
    let lengths: Vec<usize> = block.iter().map(|line| line.text.chars().take(200).count()).collect();
    let width = margin.or_else(|| lengths.iter().copied().max()).unwrap_or(0);
    let continues_low = |at: usize| {
        at > 0
            && block[at].mark.is_none()
            && lengths[at - 1] >= 40
            && block[at].text.starts_with(|c: char| c.is_lowercase())
            && !is_closed(&block[at - 1].text)
            // "arXiv preprint arXiv:1706.03762" below the authors is the venue.
            && !(block[at].text.starts_with("arXiv") && people::looks_like_list(&block[at - 1].text))
    };
    // Two lines that go on in lower case show that the block is wrapped; then a capital may begin a line of it too.
    let wrapped =
        width <= WIDEST_MARGIN && (margin.is_some() || (1..block.len()).filter(|at| continues_low(*at)).count() >= 2);
    let mut reference_to = 0;
    for (at, line) in block.iter().enumerate() {
        if at < reference_to {
            if let Some(last) = lines.last_mut() {
                append(last, line);
            }
            continue;
        }
        reference_to = reference_end(block, at);
        let full = at > 0 && widths::is_full(&block[at - 1].text, &line.text, width);
        let joins = width <= WIDEST_MARGIN
            && at > 0
            && line.mark.is_none()
            && !stands_alone(line)
            && !is_cut(&block[at - 1])
            && (continues_low(at) || (wrapped && full && !cut::strip(&block[at - 1].text).tail));
        match lines.last_mut().filter(|_| joins && !stands_alone(&block[at - 1])) {
            Some(last) => append(last, line),
            None => lines.push(line.clone()),
        }
    }
}

fn is_closed(text: &str) -> bool {
    cut::strip(text).tail || text.ends_with([',']) && people::looks_like_list(text) && text.len() < 40
}

/// Lines that say themselves what they are never join a paragraph.
fn stands_alone(line: &Line<'_>) -> bool {
    let text = &line.text;
    let labelled = labels::read(text).is_some_and(|(label, at)| label != Label::Abstract || at == text.len());
    labelled
        || beside::names_no_paper(text)
        || cut::is_opener(text)
        || cut::is_closer(text)
        || dates::read_line(text).is_some()
        || count::read(text).is_some()
        || people::is_others_line(text)
}

/// Where a numbered reference that begins at a line of a block ends.
fn reference_end(block: &[Line<'_>], at: usize) -> usize {
    if !matches!(block[at].mark, Some(Mark::Number(_))) {
        return at;
    }
    let behind = block[at + 1..].iter().take(12).take_while(|line| line.mark.is_none()).count();
    let end = at + 1 + behind;
    let joined = block[at..end].iter().map(|line| links::bounded(&line.text, 400)).collect::<Vec<_>>().join(" ");
    if behind > 0 && reference::looks_like_one(&joined, true) { end } else { at }
}

fn append<'t>(last: &mut Line<'t>, line: &Line<'t>) {
    let owned = last.text.to_mut();
    // A word broken with a hyphen keeps it: "state-of-the-" / "art".
    if !owned.ends_with('-') || owned.ends_with(" -") || owned.ends_with("--") {
        owned.push(' ');
    }
    owned.push_str(&line.text);
    last.range.end = line.range.end;
}

/// Judges a line by itself.
pub(super) fn judge(text: &str, mark: Option<Mark>) -> Kind {
    if text.is_empty() {
        return Kind::Blank;
    }
    if cut::is_opener(text) {
        return Kind::More;
    }
    if cut::is_closer(text) {
        return Kind::Less;
    }
    if people::is_others_line(text) {
        return Kind::Others;
    }
    if !text.contains(char::is_alphanumeric) {
        return Kind::Punctuation;
    }
    if let Some(count) = count::read(text).filter(|_| mark.is_none()) {
        return Kind::Count(count);
    }
    judge_marked(text).unwrap_or_else(|| judge_words(text, mark))
}

/// Lines that carry a mark of what they are.
fn judge_marked(text: &str) -> Option<Kind> {
    let mentions = if text.len() < 2000 && links::may_mention(text) { links::find(text) } else { Vec::new() };
    if !mentions.is_empty() && beside::is_only_ids(text, &mentions) {
        return Some(Kind::Ids(mentions));
    }
    if beside::names_no_paper(text) {
        return Some(Kind::Stray);
    }
    // `doi:10.1145/3292500.3330701 Optuna: A …` is an identifier with a title, no label with a value.
    let titled = |label: Label| label == Label::Reference && beside::has_words_of_its_own(text, &mentions, "");
    if let Some((label, at)) = labels::read(text).filter(|(label, _)| mentions.is_empty() || !titled(*label)) {
        return Some(Kind::Label(label, at));
    }
    // `code: https://example.org/x` is no title.
    if mentions.iter().any(|mention| mention.link) && beside::is_only_address(text, &mentions) {
        return Some(Kind::Stray);
    }
    if let Some(dates) = dates::read_line(text) {
        return Some(Kind::Dates(dates));
    }
    if is_categories(text) {
        return Some(Kind::Categories);
    }
    labels::is_furniture(text).then_some(Kind::Furniture)
}

fn judge_words(text: &str, mark: Option<Mark>) -> Kind {
    let cut = cut::strip(text);
    // What was cut off in the middle is neither a reference nor a title with its authors, whatever stands before the cut.
    let is_fragment = cut.is_marked() && cut.text.split_whitespace().nth(2).is_some();
    if !is_fragment && reference::looks_like_one(text, mark.is_some()) {
        return Kind::Reference;
    }
    // `Title (Author, Author)` may be long.
    if !is_fragment && titles::with_authors(text).is_some() {
        return Kind::Short;
    }
    if people::looks_like_list(text) || people::split_venue(text).is_some() {
        return Kind::Authors;
    }
    if is_fragment { Kind::Fragment } else { judge_length(text, cut) }
}

fn judge_length(text: &str, cut: Uncut<'_>) -> Kind {
    let length = text.chars().take(LONGEST_TITLE + 1).count();
    let sentence = cut::ends_sentence(cut.text) || cut::has_inner_sentence_end(links::bounded(text, 4000));
    let first_person = [" we ", "We ", "This paper ", "this paper", "In this ", "this work", "This work "];
    let speaks = length > 60 && first_person.iter().any(|words| links::bounded(text, 2000).contains(words));
    match (sentence || speaks, length) {
        (_, length) if length > LONGEST_TITLE => Kind::Prose,
        (true, length) if length >= SHORTEST_ABSTRACT || speaks => Kind::Prose,
        _ => Kind::Short,
    }
}

/// Whether a line consists of subject classes: `cs.CL cs.LG`, `Machine Learning (cs.LG); Artificial Intelligence (cs.AI)`.
fn is_categories(text: &str) -> bool {
    text.len() < 600 && !classes(text).is_empty() && {
        let bare = text
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'))
            .filter(|word| !word.is_empty())
            .all(is_dotted_class);
        let named = text.split(';').all(|part| part.trim().ends_with(')') && classes(part).len() == 1);
        bare || named
    }
}

/// The subject classes in a text, in order: those in brackets where there are any, else bare words.
pub(super) fn classes(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for (at, _) in text.match_indices('(') {
        let inner = text[at + 1..].split(')').next().unwrap_or_default();
        if is_class(inner) && !found.contains(&inner) {
            found.push(inner);
        }
    }
    if found.is_empty() {
        let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '[' | ']' | '`' | '|'));
        for word in words.filter(|word| is_class(word)) {
            if !found.contains(&word) {
                found.push(word);
            }
        }
    }
    found
}

/// Whether a word is a subject class of arXiv: `cs.CL`, `hep-th`, `cond-mat.str-el`.
pub(super) fn is_class(word: &str) -> bool {
    const ALONE: [&str; 11] = [
        "astro-ph", "cond-mat", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nucl-ex", "nucl-th",
        "quant-ph",
    ];
    ALONE.contains(&word) || is_dotted_class(word)
}

fn is_dotted_class(word: &str) -> bool {
    const ARCHIVES: [&str; 12] =
        ["astro-ph", "cond-mat", "cs", "econ", "eess", "math", "nlin", "physics", "q-bio", "q-fin", "stat", "cmp-lg"];
    let Some((archive, class)) = word.split_once('.') else { return false };
    ARCHIVES.contains(&archive)
        && (2..=9).contains(&class.len())
        && class.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> String {
        let (mark, body) = take_mark(text.trim());
        let shown = format!("{:?}", judge(&clean(body), mark));
        shown.split(['(', ' ', '{']).next().unwrap_or_default().to_owned()
    }

    #[test]
    fn each_line_is_judged_by_itself() {
        for (text, expected) in [
            ("21 papers on arXiv", "Count"),
            ("arXiv:2408.00118 [pdf, other] cs.CL cs.AI", "Ids"),
            ("arXiv:2209.01667 (cs)", "Ids"),
            ("https://arxiv.org/abs/2206.05224", "Ids"),
            ("Cite as: arXiv:2209.01667 [cs.LG]", "Ids"),
            ("  (or arXiv:2209.01667v1 [cs.LG] for this version)", "Ids"),
            ("Title:A Review of Sparse Expert Models in Deep Learning", "Label"),
            ("Attention Is All You Need", "Short"),
            ("William Fedus, Jeff Dean, Barret Zoph", "Authors"),
            ("[Submitted on 4 Sep 2022]", "Dates"),
            ("Machine Learning (cs.LG); Computation and Language (cs.CL)", "Categories"),
            ("cs.CL cs.LG", "Categories"),
            (",", "Punctuation"),
            ("▽ More", "More"),
            ("△ Less", "Less"),
            (", et al. (173 additional authors not shown)", "Others"),
            ("not a paper at all, just words ...", "Fragment"),
            ("Skip to main content", "Furniture"),
            ("1. Attention Is All You Need", "Short"),
            ("[12] J. Dean et al. Large scale distributed deep networks. NIPS 2012.", "Reference"),
            (
                "Technology ecosystems often undergo transformations. For example, telephony and the Internet started with a",
                "Prose",
            ),
        ] {
            assert_eq!(kind(text), expected, "{text}");
        }
    }

    #[test]
    fn wrapped_paragraphs_join_and_lists_do_not() {
        let joined = |text: &str| split(text).iter().filter(|line| line.kind != Kind::Blank).count();
        assert_eq!(
            joined(
                "Scale has opened new frontiers in natural language processing -- but at a\nhigh cost. In response, Mixture-of-Experts (MoE) and Switch Transformers have\nbeen proposed as an energy efficient path to even larger and more capable\nlanguage models.\n"
            ),
            1
        );
        assert_eq!(
            joined(
                "Attention Is All You Need\nA Review of Sparse Expert Models in Deep Learning\nThe Sky Above The Clouds\n"
            ),
            3
        );
        assert_eq!(
            joined(
                "A first long snippet of an abstract that goes on and o...\nanother snippet that begins low but stands alone he...\n"
            ),
            2
        );
    }

    #[test]
    fn copying_leaves_no_traces() {
        assert_eq!(clean("e\u{fb03}cient\u{a0}multi\u{ad}modal"), "efficient multimodal");
    }
}
