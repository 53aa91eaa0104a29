//! Truncation marks: how pages show that a text was cut off, and how a cut without a mark is told.
//!
//! Knows single texts only, nothing of lines and entries.

/// A text without its truncation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Uncut<'t> {
    /// The text without marks.
    pub(super) text: &'t str,
    /// A mark stood before it: it is from the middle of something.
    pub(super) head: bool,
    /// A mark stood behind it.
    pub(super) tail: bool,
    /// What stood behind the mark: tags that a page prints after the snippet.
    pub(super) behind: &'t str,
}

impl Uncut<'_> {
    /// Whether a mark stood on either side.
    pub(super) const fn is_marked(&self) -> bool {
        self.head || self.tail
    }
}

/// Links that open the rest of a text, as they read behind it.
const OPENERS: [&str; 12] = [
    "▽ more",
    "▽more",
    "continue reading",
    "read more",
    "show more",
    "see more",
    "view more",
    "expand",
    "(more)",
    "[more]",
    "more »",
    "more",
];
/// Links that close it again.
const CLOSERS: [&str; 4] = ["△ less", "△less", "show less", "collapse"];
const DOTS: [&str; 6] = ["[...]", "[…]", "(...)", "(…)", "…", "..."];

/// Takes the truncation marks off a text.
pub(super) fn strip(text: &str) -> Uncut<'_> {
    let text = text.trim();
    let (text, head) = strip_head(text);
    let (text, tail) = strip_tail(text);
    if !tail && let Some((before, behind)) = split_tags(text) {
        let (before, _) = strip_tail(before);
        return Uncut { text: before, head, tail: true, behind };
    }
    Uncut { text, head, tail, behind: "" }
}

/// Whether a line is only the link that opens the rest of a text.
pub(super) fn is_opener(line: &str) -> bool {
    let line = line.trim().trim_start_matches(['.', '…', ' ']);
    OPENERS.iter().any(|word| line.eq_ignore_ascii_case(word))
}

/// Whether a line is only the link that closes it.
pub(super) fn is_closer(line: &str) -> bool {
    CLOSERS.iter().any(|word| line.trim().eq_ignore_ascii_case(word))
}

/// Parts what a search page shows before `▽ More` from what it shows behind, up to `△ Less`.
pub(super) fn split_opened(text: &str) -> Option<(&str, &str)> {
    let at = text.find('▽')?;
    let behind = text[at + '▽'.len_utf8()..].trim_start();
    let behind = behind.strip_prefix("More").or_else(|| behind.strip_prefix("more"))?;
    let full = behind.split('△').next().unwrap_or_default().trim();
    Some((text[..at].trim_end(), full))
}

/// Whether a text ends as a sentence does: with a stop, before closing quotes and brackets, or with a link.
pub(super) fn ends_sentence(text: &str) -> bool {
    let end = text.trim_end().trim_end_matches(['"', '\'', '”', '’', ')', ']', '»', '*', '_', '$', '}']);
    let last_word = end.rsplit(char::is_whitespace).next().unwrap_or_default();
    end.ends_with(['.', '!', '?', '。', '．', '！', '？', ':', '।', '؟']) || last_word.contains("://")
}

/// Whether one sentence ends and another begins inside a text.
pub(super) fn has_inner_sentence_end(text: &str) -> bool {
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let Some(next) = words.peek() else { return false };
        // "J. Dean", "e.g. This", "vs. That" end no sentence.
        let stem = word.trim_end_matches(['"', '”', ')', ']', '\'', '’']);
        let ended = stem.strip_suffix(['.', '?', '!']).is_some_and(|stem| {
            stem.chars().count() > 3 && !stem.contains('.') || stem.ends_with(|c: char| c.is_ascii_digit() || c == '%')
        });
        if ended && next.chars().next().is_some_and(|c| c.is_uppercase() || c == '"' || c == '“') {
            return true;
        }
    }
    false
}

fn strip_head(text: &str) -> (&str, bool) {
    match DOTS.iter().find_map(|dots| text.strip_prefix(dots)) {
        Some(rest) if rest.contains(char::is_alphanumeric) => (rest.trim_start_matches(['.', '…']).trim_start(), true),
        _ => (text, false),
    }
}

fn strip_tail(text: &str) -> (&str, bool) {
    let without_opener = strip_opener(text);
    let mut end = without_opener.trim_end();
    let mut dotted = false;
    while let Some(rest) = DOTS.iter().find_map(|dots| end.strip_suffix(dots)) {
        end = rest.trim_end();
        dotted = true;
    }
    // "more" at the end of a sentence is a word, unless dots stand before it.
    let opened = without_opener.len() < text.len();
    if end.is_empty() {
        return (text, false);
    }
    if dotted || (opened && !is_plain_word_opener(&text[without_opener.len()..])) {
        return (if dotted { end.trim_end_matches('.').trim_end() } else { end }, true);
    }
    (text, false)
}

fn is_plain_word_opener(opener: &str) -> bool {
    let opener = opener.trim();
    opener == "more" || opener == "More" || opener == "expand" || opener == "read more"
}

fn strip_opener(text: &str) -> &str {
    for opener in OPENERS {
        let Some(at) = text.len().checked_sub(opener.len()) else { continue };
        let Some(tail) = text.get(at..) else { continue };
        let before = text[..at].chars().next_back();
        if tail.eq_ignore_ascii_case(opener) && before.is_some_and(|c| !c.is_alphanumeric() && c != '-') {
            return &text[..at];
        }
    }
    text
}

/// Parts a snippet from the tags behind its ` … `.
fn split_tags(text: &str) -> Option<(&str, &str)> {
    let (at, mark) = ["… ", "... "].iter().filter_map(|mark| text.rfind(mark).map(|at| (at, mark.len()))).max()?;
    let (before, behind) = (text[..at].trim_end(), text[at + mark..].trim());
    let tags: Vec<&str> =
        behind.split([',', '·', '|', '#', ';']).map(str::trim).filter(|tag| !tag.is_empty()).collect();
    let looks_like_tags = !tags.is_empty()
        && tags.iter().all(|tag| {
            tag.split_whitespace().count() <= 4
                && tag.chars().count() <= 40
                && tag.chars().next().is_some_and(|c| c.is_uppercase() || behind.starts_with('#'))
                && !ends_sentence(tag)
        });
    (before.chars().count() >= 40 && looks_like_tags).then_some((before, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_come_off() {
        let check = |input: &str, expected: &str| {
            let cut = strip(input);
            let shown = format!(
                "{}{}{}{}",
                if cut.head { "<" } else { "" },
                cut.text,
                if cut.tail { ">" } else { "" },
                if cut.behind.is_empty() { String::new() } else { format!(" [{}]", cut.behind) }
            );
            assert_eq!(shown, expected, "{input}");
        };
        check("complex multimoda...", "complex multimoda>");
        check("latency targets. Bette...", "latency targets. Bette>");
        check("than the old ...", "than the old>");
        check("We al…", "We al>");
        check("We al… ▽ More", "We al>");
        check("We al ▽ More", "We al>");
        check("we show that Expand", "we show that>");
        check("we show that CONTINUE READING", "we show that>");
        check("we show [...]", "we show>");
        check("… from the middle of it …", "<from the middle of it>");
        check("The end of it.", "The end of it.");
        check("We want more", "We want more");
        check("The end....", "The end>");
        check("...", "...");
        check(
            "Scaling up language models has been shown to improve … Machine Learning, Transformers",
            "Scaling up language models has been shown to improve> [Machine Learning, Transformers]",
        );
        check(
            "One text, two texts, … and so on to the very end of what it has to say.",
            "One text, two texts, … and so on to the very end of what it has to say.",
        );
    }

    #[test]
    fn sentences() {
        assert!(has_inner_sentence_end("This is one sentence. Here is another"));
        assert!(!has_inner_sentence_end("A Letter to J. Dean vs. The World"));
        assert!(ends_sentence("the end.”"));
        assert!(ends_sentence("Code: https://example.org/x"));
        assert!(!ends_sentence("the end"));
    }

    #[test]
    fn a_search_page_holds_both_texts() {
        assert_eq!(split_opened("short… ▽ More the full text. △ Less"), Some(("short…", "the full text.")));
        assert_eq!(split_opened("short… ▽ More"), Some(("short…", "")));
        assert_eq!(split_opened("no mark"), None);
    }
}
