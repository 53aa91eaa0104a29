//! Rich text: what a title, an abstract or a note says, free of any format's markup.
//!
//! A [`Text`] is a list of [`Run`]s. Plain runs hold Unicode; markup is structure, never characters: `\emph{x}`,
//! `<i>x</i>` and `*x*` all become [`Style::Emphasis`]. Mathematics is kept as the TeX source between the dollars, and
//! a TeX command nobody understands is kept as written, so that nothing is lost. This file knows no format.

use std::fmt;

/// A piece of rich text: runs in reading order, adjacent plain runs joined.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Text {
    runs: Vec<Run>,
}

/// One run of a [`Text`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Run {
    /// Unicode characters without markup; never empty inside a [`Text`].
    Plain(String),
    /// Inline mathematics: the TeX source without its dollars, braces balanced.
    Math(String),
    /// A TeX command with its arguments, as written, that has no equivalent in this model; braces balanced.
    Tex(String),
    /// Marked-up text.
    Styled(Style, Text),
}

/// What a [`Run::Styled`] does to its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Style {
    /// Keeps its letter case when a citation style changes the case of the title (`{NASA}`, `nocase`).
    Protected,
    /// Emphasis or italics.
    Emphasis,
    /// Strong or bold.
    Strong,
    /// Superscript.
    Superscript,
    /// Subscript.
    Subscript,
    /// Small capitals.
    SmallCaps,
    /// Typewriter or code.
    Code,
}

impl Style {
    /// Every style, in a fixed order.
    pub const ALL: [Self; 7] = [
        Self::Protected,
        Self::Emphasis,
        Self::Strong,
        Self::Superscript,
        Self::Subscript,
        Self::SmallCaps,
        Self::Code,
    ];

    /// The style's name in the native dump.
    pub fn name(self) -> &'static str {
        match self {
            Self::Protected => "protected",
            Self::Emphasis => "emphasis",
            Self::Strong => "strong",
            Self::Superscript => "superscript",
            Self::Subscript => "subscript",
            Self::SmallCaps => "small-caps",
            Self::Code => "code",
        }
    }

    /// The style of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|style| style.name() == name)
    }
}

impl Run {
    fn is_empty(&self) -> bool {
        match self {
            Self::Plain(text) | Self::Math(text) | Self::Tex(text) => text.is_empty(),
            Self::Styled(_, inner) => inner.is_empty(),
        }
    }
}

/// Takes control characters out of a string, blanks in the place of those that part words; returns how many there were.
pub(super) fn remove_controls(text: &mut String) -> usize {
    // Lines and tabulators are white space like any other; U+0080 to U+009F begin with 0xC2.
    let is_control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let may_be = |byte: u8| byte < b' ' || byte == 0x7f || byte == 0xc2;
    if !text.bytes().fold(false, |found, byte| found | may_be(byte)) {
        return 0;
    }
    let count = text.chars().filter(|c| is_control(*c)).count();
    if count > 0 {
        let kept = text.chars().filter(|c| !is_control(*c) || c.is_whitespace());
        *text = kept.map(|c| if is_control(c) { ' ' } else { c }).collect();
    }
    count
}

/// What stands between a title and its subtitle in one line: a colon, unless the title ends in a mark of its own.
pub fn subtitle_separator(title: &str) -> &'static str {
    if title.ends_with(['?', '!', '.', ':', ';', ',', '…']) { " " } else { ": " }
}

/// Takes the white space off both ends of a string.
pub(super) fn trim(text: &mut String) {
    trim_start(text);
    trim_end(text);
}

fn trim_start(text: &mut String) {
    text.drain(..text.len() - text.trim_start().len());
}

fn trim_end(text: &mut String) {
    text.truncate(text.trim_end().len());
}

impl Text {
    /// Empty text.
    pub const fn new() -> Self {
        Self { runs: Vec::new() }
    }

    /// Text of one plain run.
    pub fn plain(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::new() } else { Self { runs: vec![Run::Plain(text)] } }
    }

    /// The runs in reading order.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The runs in reading order, given away.
    pub fn into_runs(self) -> Vec<Run> {
        self.runs
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The string, when the whole text is one plain run (or empty).
    pub fn as_plain(&self) -> Option<&str> {
        match self.runs.as_slice() {
            [] => Some(""),
            [Run::Plain(text)] => Some(text),
            _ => None,
        }
    }

    /// Appends a run; joins plain text with a plain run before it, drops empty runs.
    pub fn push(&mut self, run: Run) {
        match (self.runs.last_mut(), run) {
            (Some(Run::Plain(last)), Run::Plain(more)) => last.push_str(&more),
            (_, Run::Plain(text)) if text.is_empty() => {}
            (_, Run::Styled(_, inner)) if inner.is_empty() => {}
            (_, run) => self.push_new(run),
        }
    }

    /// Most texts are a single run and need place for no other.
    fn push_new(&mut self, run: Run) {
        if self.runs.is_empty() {
            self.runs.reserve_exact(1);
        }
        self.runs.push(run);
    }

    /// Appends plain characters.
    pub fn push_str(&mut self, text: &str) {
        if let Some(Run::Plain(last)) = self.runs.last_mut() {
            last.push_str(text);
        } else if !text.is_empty() {
            self.push_new(Run::Plain(text.to_owned()));
        }
    }

    /// Takes control characters out; returns how many there were.
    pub(super) fn remove_controls(&mut self) -> usize {
        let controls = |run: &mut Run| match run {
            Run::Plain(text) | Run::Math(text) | Run::Tex(text) => remove_controls(text),
            Run::Styled(_, inner) => inner.remove_controls(),
        };
        let count = self.runs.iter_mut().map(controls).sum();
        if count > 0 {
            self.runs.retain(|run| !run.is_empty());
        }
        count
    }

    /// Takes the white space off both ends, out of styles too.
    pub(super) fn trim(&mut self) {
        self.trim_start();
        self.trim_end();
    }

    fn trim_start(&mut self) {
        let kept = self.runs.iter_mut().position(|run| {
            match run {
                Run::Plain(text) => trim_start(text),
                Run::Styled(_, inner) => inner.trim_start(),
                Run::Math(_) | Run::Tex(_) => {}
            }
            !run.is_empty()
        });
        self.runs.drain(..kept.unwrap_or(self.runs.len()));
    }

    fn trim_end(&mut self) {
        let kept = self.runs.iter_mut().rposition(|run| {
            match run {
                Run::Plain(text) => trim_end(text),
                Run::Styled(_, inner) => inner.trim_end(),
                Run::Math(_) | Run::Tex(_) => {}
            }
            !run.is_empty()
        });
        self.runs.truncate(kept.map_or(0, |last| last + 1));
    }

    /// Gives back the memory that was kept for more.
    pub fn shrink_to_fit(&mut self) {
        self.runs.shrink_to_fit();
        for run in &mut self.runs {
            match run {
                Run::Plain(text) | Run::Math(text) | Run::Tex(text) => text.shrink_to_fit(),
                Run::Styled(_, inner) => inner.shrink_to_fit(),
            }
        }
    }

    /// The characters a reader sees, markup dropped; mathematics and unknown TeX as their source (`$x^2$`).
    pub fn to_plain(&self) -> String {
        let mut out = String::with_capacity(self.plain_length());
        self.write_plain(&mut out);
        out
    }

    fn plain_length(&self) -> usize {
        let length = |run: &Run| match run {
            Run::Plain(text) | Run::Tex(text) => text.len(),
            Run::Math(source) => source.len() + 2,
            Run::Styled(_, inner) => inner.plain_length(),
        };
        self.runs.iter().map(length).sum()
    }

    fn write_plain(&self, out: &mut String) {
        for run in &self.runs {
            match run {
                Run::Plain(text) | Run::Tex(text) => out.push_str(text),
                Run::Math(source) => {
                    out.push('$');
                    out.push_str(source);
                    out.push('$');
                }
                Run::Styled(_, inner) => inner.write_plain(out),
            }
        }
    }

    /// Whether any run, at any depth, has this style.
    pub fn has_style(&self, style: Style) -> bool {
        self.runs.iter().any(|run| matches!(run, Run::Styled(s, inner) if *s == style || inner.has_style(style)))
    }

    /// The same text with [`Style::Protected`] round each word that lower-casing would break: an upper-case letter
    /// behind the first (`PaLM`, `GPT-4`, `DNA`), or a lone capital that is not the article "A".
    ///
    /// A text in capitals throughout, where capitals carry no meaning, is left as it is.
    #[must_use]
    pub fn protect_case(self) -> Self {
        if !self.has_lowercase() {
            return self;
        }
        let mut out = Self::new();
        for run in self.runs {
            match run {
                Run::Plain(text) => protect_words(&text, &mut out),
                other => out.push(other),
            }
        }
        out
    }

    fn has_lowercase(&self) -> bool {
        self.runs.iter().any(|run| match run {
            Run::Plain(text) => text.chars().any(char::is_lowercase),
            Run::Styled(_, inner) => inner.has_lowercase(),
            Run::Math(_) | Run::Tex(_) => false,
        })
    }
}

impl FromIterator<Run> for Text {
    fn from_iter<I: IntoIterator<Item = Run>>(runs: I) -> Self {
        let mut text = Self::new();
        for run in runs {
            text.push(run);
        }
        text
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::plain(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::plain(text)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_plain())
    }
}

/// Splits plain text at blanks and protects the core of each word that needs it.
fn protect_words(text: &str, out: &mut Text) {
    // Where the words begin that need nothing and are copied together.
    let (mut copied, mut end_of_word) = (0, 0);
    for word in text.split_inclusive(char::is_whitespace) {
        let word_at = end_of_word;
        end_of_word += word.len();
        if is_simple(word) {
            continue;
        }
        let start = word.find(char::is_alphanumeric).unwrap_or(word.len());
        let end = word.rfind(char::is_alphanumeric).map_or(start, |at| at + last_char_len(&word[at..]));
        let core = &word[start..end];
        let core = core.strip_suffix("'s").or_else(|| core.strip_suffix("’s")).unwrap_or(core);
        if !breaks_when_lowered(core) {
            continue;
        }
        out.push_str(&text[copied..word_at + start]);
        out.push(Run::Styled(Style::Protected, Text::plain(core)));
        copied = word_at + start + core.len();
    }
    out.push_str(&text[copied..]);
}

/// Whether a word is of ASCII letters in lower case behind the first, as most are: lower-casing loses nothing.
fn is_simple(word: &str) -> bool {
    let bytes = word.as_bytes();
    let small = |bytes: &[u8]| bytes.iter().all(|b| b.is_ascii() && !b.is_ascii_uppercase());
    match bytes {
        [first, second, rest @ ..] if first.is_ascii_uppercase() && second.is_ascii_lowercase() => {
            small(rest) && !rest.iter().any(|b| matches!(b, b'-' | b'/'))
        }
        _ => small(bytes),
    }
}

fn last_char_len(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

/// Whether lower-casing this word would lose something that its spelling says.
fn breaks_when_lowered(word: &str) -> bool {
    let mut parts = 0_usize;
    let broken = word.split(['-', '–', '/']).filter(|part| !part.is_empty()).any(|part| {
        parts += 1;
        let mut chars = part.chars().filter(|c| c.is_alphanumeric());
        let first = chars.next();
        let rest_has_capital = chars.clone().any(char::is_uppercase);
        let lone_capital = first.is_some_and(char::is_uppercase) && chars.next().is_none();
        rest_has_capital || (lone_capital && (part != "A" || parts > 1))
    });
    // "L-functions": a lone capital at the head of a compound; "A-level" as well, where "A" is no article.
    broken || (parts > 1 && word.starts_with("A-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn braces(text: &str) -> String {
        Text::plain(text)
            .protect_case()
            .runs()
            .iter()
            .map(|run| match run {
                Run::Styled(Style::Protected, inner) => format!("{{{inner}}}"),
                Run::Plain(text) => text.clone(),
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn white_space_goes_off_the_ends_only() {
        let styled = |text: &str| Run::Styled(Style::Emphasis, Text::plain(text));
        let mut text: Text = [Run::Plain(" \u{2029}".into()), styled(" "), styled(" a ")].into_iter().collect();
        text.push_str(" b");
        text.push(Run::Styled(Style::Protected, Text::plain("\u{a0}")));
        text.trim();
        assert_eq!(text, [styled("a "), Run::Plain(" b".into())].into_iter().collect());
        let mut blank = Text::plain(" ");
        blank.trim();
        assert_eq!(blank, Text::new());
    }

    #[test]
    fn protects_only_words_that_lowercasing_breaks() {
        let check = |input: &str, expected: &str| assert_eq!(braces(input), expected, "{input}");
        check("PaLM: Scaling Language Modeling with Pathways", "{PaLM}: Scaling Language Modeling with Pathways");
        check("ST-MoE: Designing Stable Models", "{ST-MoE}: Designing Stable Models");
        check("State-of-the-Art Methods in AI's Future", "State-of-the-Art Methods in {AI}'s Future");
        check("A Review of p-adic L-functions", "A Review of p-adic {L-functions}");
        check("Vitamin C and A Thing", "Vitamin {C} and A Thing");
        check("(GPT-4) “mRNA”", "({GPT-4}) “{mRNA}”");
        check("ALL CAPS TITLE", "ALL CAPS TITLE");
        check("muNet: Evolving", "{muNet}: Evolving");
        check("Gemma 3 Technical Report", "Gemma 3 Technical Report");
    }

    #[test]
    fn adjacent_plain_runs_join() {
        let text: Text = [Run::Plain("a".into()), Run::Plain("b".into()), Run::Math("x".into())].into_iter().collect();
        assert_eq!(text.runs().len(), 2);
        assert_eq!(text.to_plain(), "ab$x$");
    }
}
