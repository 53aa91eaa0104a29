//! Rich text in CSL-YAML: Markdown, since pandoc reads every string of a YAML bibliography as such.
//!
//! Follows the pandoc manual, "Pandoc's Markdown", checked against pandoc 3.9: `*emphasis*`, `**strong**`, `^super^`,
//! `~sub~`, `<span class="nocase">text</span>`, `[text]{.smallcaps}`, `` `code` ``, `$mathematics$`; a backslash takes the meaning from any
//! ASCII punctuation. The reader also knows the HTML tags of CSL-JSON, which other programs write into YAML.

use super::html::{MathEnd, math_end, push_math, tag_at};
use crate::markup;
use crate::model::{Run, Style, Text};

/// How deep marked-up text is read; deeper markup is text.
const MAX_DEPTH: usize = 24;

/// What parts two delimiters of the same kind that would otherwise run together.
const NOTHING: &str = "<!-- -->";

/// How much is escaped in plain characters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Care {
    /// Text: quotes and dots may be set typographically.
    Text,
    /// Text in super- or subscript, where a blank must be escaped.
    Script,
    /// Identifiers, addresses and names: every character is to arrive as it is.
    Exact,
}

/// Appends rich text.
pub(super) fn encode(text: &Text, out: &mut String) {
    let start = out.len();
    push_runs(text, Care::Text, start, out);
}

/// Appends plain characters that must arrive as they are.
pub(super) fn encode_exact(text: &str, out: &mut String) {
    push_plain(text, Care::Exact, out);
}

/// Reads a string that has no markup, only escapes.
pub(super) fn decode_exact(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        if c == '\\' && chars.as_str().starts_with(|next: char| next.is_ascii_punctuation()) {
            out.extend(chars.next());
        } else {
            out.push(c);
        }
    }
    out
}

fn push_runs(text: &Text, care: Care, start: usize, out: &mut String) {
    for run in text.runs() {
        match run {
            Run::Plain(text) | Run::Tex(text) => {
                if text.starts_with(|c: char| c.is_ascii_digit()) && ends_with_delimiter('$', start, out) {
                    out.push_str(NOTHING);
                }
                push_plain(text, care, out);
            }
            Run::Math(source) => {
                part_from('$', start, out);
                push_math(&without_inner_dollars(source), out);
            }
            Run::Styled(style, inner) => push_styled(*style, inner, care, start, out),
        }
    }
}

fn push_styled(style: Style, inner: &Text, care: Care, start: usize, out: &mut String) {
    // The same marks inside themselves would end them; a style in itself says nothing more.
    if matches!(style, Style::Emphasis | Style::Strong) && inner.has_style(style) {
        return push_styled(style, &without_style(inner, style), care, start, out);
    }
    let (open, close, inner_care) = match style {
        Style::Emphasis => ("*", "*", care),
        Style::Strong => ("**", "**", care),
        Style::Superscript => ("^", "^", Care::Script),
        Style::Subscript => ("~", "~", Care::Script),
        // Other readers of CSL know the tag and not the bracket; pandoc knows both.
        Style::Protected => ("<span class=\"nocase\">", "</span>", care),
        Style::SmallCaps => ("[", "]{.smallcaps}", care),
        Style::Code => return push_code(&inner.to_plain(), start, out),
    };
    let mark = char::from(open.as_bytes()[0]);
    if mark != '[' {
        part_from(mark, start, out);
    }
    let open_at = out.len();
    out.push_str(open);
    push_runs(inner, inner_care, start, out);
    if mark != '[' {
        part_from(mark, start, out);
    }
    out.push_str(close);
    if mark == '*' {
        move_blanks_out(open_at, open, out);
    }
}

/// A text without a style, whose characters stay.
fn without_style(text: &Text, style: Style) -> Text {
    let mut out = Text::new();
    for run in text.runs() {
        match run {
            Run::Styled(own, inner) if *own == style => {
                without_style(inner, style).into_runs().into_iter().for_each(|run| out.push(run));
            }
            Run::Styled(own, inner) => out.push(Run::Styled(*own, without_style(inner, style))),
            run => out.push(run.clone()),
        }
    }
    out
}

/// Moves blanks at the ends of emphasis out of it: inside, they would keep its marks from being read as such.
fn move_blanks_out(open_at: usize, mark: &str, out: &mut String) {
    let inside = &out[open_at + mark.len()..out.len() - mark.len()];
    if !inside.starts_with(' ') && !inside.ends_with(' ') {
        return;
    }
    let core = inside.trim_matches(' ');
    let (before, after) = if core.is_empty() {
        (inside.len(), 0)
    } else {
        (inside.len() - inside.trim_start_matches(' ').len(), inside.len() - inside.trim_end_matches(' ').len())
    };
    let marked = if core.is_empty() { String::new() } else { format!("{mark}{core}{mark}") };
    out.truncate(open_at);
    out.extend(std::iter::repeat_n(' ', before));
    out.push_str(&marked);
    out.extend(std::iter::repeat_n(' ', after));
}

/// Puts nothing, visibly, between a delimiter and one of the same kind before it.
fn part_from(mark: char, start: usize, out: &mut String) {
    if ends_with_delimiter(mark, start, out) {
        out.push_str(NOTHING);
    }
}

fn ends_with_delimiter(mark: char, start: usize, out: &str) -> bool {
    out[start..].strip_suffix(mark).is_some_and(|head| !head.ends_with('\\'))
}

fn push_code(code: &str, start: usize, out: &mut String) {
    part_from('`', start, out);
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    out.push_str(&fence);
    if longest > 0 {
        out.push(' ');
    }
    out.push_str(code);
    if longest > 0 {
        out.push(' ');
    }
    out.push_str(&fence);
}

/// Mathematics inside text inside mathematics, with TeX's other delimiters: pandoc ends at the first dollar.
fn without_inner_dollars(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut is_open = false;
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                out.push(c);
                out.extend(chars.next());
            }
            '$' => {
                out.push_str(if is_open { "\\)" } else { "\\(" });
                is_open = !is_open;
            }
            c => out.push(c),
        }
    }
    if is_open { source.replace("\\$", "$").replace('$', "\\$") } else { out }
}

fn push_plain(text: &str, care: Care, out: &mut String) {
    let mut before = out.chars().next_back();
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|b| may_need_escape(b, care)) {
        out.push_str(&rest[..at]);
        before = rest[..at].chars().next_back().or(before);
        rest = &rest[at..];
        // Behind these a bracket is a note's or an image's.
        let is_free = !matches!(before, Some('^' | '!'));
        let taken = harmless_bracket(rest).filter(|_| is_free).unwrap_or(&rest[..1]);
        rest = &rest[taken.len()..];
        let c = char::from(taken.as_bytes()[0]);
        if taken.len() == 1 && needs_escape(c, before, rest, care) {
            out.push('\\');
        }
        out.push_str(taken);
        before = taken.chars().next_back();
    }
    out.push_str(rest);
}

/// Whether a byte is one that [`needs_escape`] has to look at.
const fn may_need_escape(b: u8, care: Care) -> bool {
    match b {
        b'\\' | b'*' | b'`' | b'^' | b'~' | b'$' | b'[' | b']' | b'_' | b'<' | b'>' | b'@' | b'&' => true,
        b' ' => matches!(care, Care::Script),
        b'-' => true,
        b'\'' | b'"' | b'.' => matches!(care, Care::Exact),
        _ => false,
    }
}

/// Whether pandoc could take a character for markup.
fn needs_escape(c: char, before: Option<char>, after: &str, care: Care) -> bool {
    let next = after.chars().next();
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    match c {
        '\\' | '*' | '`' | '^' | '~' | '$' | '[' | ']' => true,
        '_' => !(is_word(before) && is_word(next)),
        '<' => next.is_none_or(|next| next.is_alphabetic() || matches!(next, '/' | '!' | '?')),
        '>' => before.is_none(),
        '@' => !is_word(before) && !next.is_none_or(char::is_whitespace),
        '&' => next.is_none_or(|next| next == '#' || next.is_ascii_alphabetic()) && after.contains(';'),
        ' ' => care == Care::Script,
        '\'' | '"' => care == Care::Exact,
        '-' => next == Some('-') || before == Some('-'),
        '.' => care == Care::Exact && (after.starts_with("..") || before == Some('.')),
        _ => false,
    }
}

/// `[cs.CL]` and the like at the head of the text: brackets that nothing after them makes a link, a span or a citation.
fn harmless_bracket(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('[')?;
    let end = inside.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-'))?;
    let rest = inside[end..].strip_prefix(']')?;
    (end > 0 && !rest.is_empty() && !rest.starts_with(['(', '{', '[', ':']) || rest.is_empty() && end > 0)
        .then(|| &text[..end + 2])
}

/// Reads Markdown text. Markup that is not closed is text.
pub(super) fn decode(source: &str) -> Text {
    const MARKS: &[char] = &['\\', '*', '_', '^', '~', '[', ']', '`', '$', '<', '&', '-'];
    if !source.contains(MARKS) {
        return Text::plain(source);
    }
    let mut reader = Reader { frames: vec![Frame::outermost()], math_may_follow: true, before: None };
    let mut rest = source;
    while let Some(at) = rest.find(MARKS) {
        reader.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = reader.markup(rest);
        if taken == 0 {
            reader.push_str(&rest[..1]);
        }
        let taken = taken.max(1);
        reader.before = rest[..taken].chars().next_back();
        rest = &rest[taken..];
    }
    reader.push_str(rest);
    reader.finish()
}

struct Reader<'t> {
    frames: Vec<Frame<'t>>,
    math_may_follow: bool,
    before: Option<char>,
}

/// Markup that is open, and the text behind it.
struct Frame<'t> {
    open: &'t str,
    close: &'static str,
    style: Option<Style>,
    text: Text,
}

impl Frame<'_> {
    const fn outermost() -> Self {
        Self { open: "", close: "", style: None, text: Text::new() }
    }
}

impl<'t> Reader<'t> {
    fn push_str(&mut self, text: &str) {
        if let Some(frame) = self.frames.last_mut() {
            frame.text.push_str(text);
        }
        if let Some(c) = text.chars().next_back() {
            self.before = Some(c);
        }
    }

    fn push(&mut self, run: Run) {
        if let Some(frame) = self.frames.last_mut() {
            frame.text.push(run);
        }
    }

    fn finish(mut self) -> Text {
        while self.frames.len() > 1 {
            self.unfold();
        }
        self.frames.pop().map(|frame| frame.text).unwrap_or_default()
    }

    /// Turns the innermost open markup back into characters.
    fn unfold(&mut self) {
        let (Some(frame), Some(outer)) = (self.frames.pop(), self.frames.last_mut()) else { return };
        outer.text.push_str(frame.open);
        for run in frame.text.runs() {
            outer.text.push(run.clone());
        }
    }

    /// Reads markup at the head of `rest`; how many bytes it took, 0 when it is text.
    fn markup(&mut self, rest: &'t str) -> usize {
        match rest.as_bytes()[0] {
            b'\\' => self.escape(rest),
            // "***" closes the inner emphasis first.
            b'*' if self.frames.last().is_some_and(|frame| frame.close == "*") && rest.starts_with("***") => {
                self.delimiter(rest, "*", Style::Emphasis)
            }
            b'*' if rest.starts_with("**") => match self.delimiter(rest, "**", Style::Strong) {
                0 => self.delimiter(rest, "*", Style::Emphasis),
                taken => taken,
            },
            b'*' => self.delimiter(rest, "*", Style::Emphasis),
            b'_' => self.underscore(rest),
            b'-' => self.dash(rest),
            // Struck out, which the model has no style for: both marks are characters.
            b'~' if rest.starts_with("~~") => {
                self.push_str("~~");
                2
            }
            b'^' => self.delimiter(rest, "^", Style::Superscript),
            b'~' => self.delimiter(rest, "~", Style::Subscript),
            b'[' => self.open(&rest[..1], "]", None),
            b']' => self.close_bracket(rest),
            b'`' => self.code(rest),
            b'$' => self.math(rest),
            b'<' => self.tag(rest),
            _ => self.reference(rest),
        }
    }

    fn escape(&mut self, rest: &str) -> usize {
        let Some(next) = rest[1..].chars().next() else { return 0 };
        let in_script = self.frames.iter().any(|f| matches!(f.style, Some(Style::Superscript | Style::Subscript)));
        if next == ' ' && !in_script {
            self.push_str("\u{A0}");
            return 2;
        }
        if !(next.is_ascii_punctuation() || next == ' ') {
            return 0;
        }
        self.push_str(next.encode_utf8(&mut [0; 4]));
        2
    }

    fn open(&mut self, open: &'t str, close: &'static str, style: Option<Style>) -> usize {
        if self.frames.len() > MAX_DEPTH {
            return 0;
        }
        self.frames.push(Frame { open, close, style, text: Text::new() });
        open.len()
    }

    /// Closes the innermost markup of this kind, or opens it.
    fn delimiter(&mut self, rest: &'t str, mark: &'static str, style: Style) -> usize {
        let follows_blank = self.before.is_none_or(char::is_whitespace);
        if let Some(at) = self.frames.iter().rposition(|frame| frame.close == mark && frame.style == Some(style))
            && !follows_blank
            && self.frames[at..].iter().all(|frame| frame.style.is_some())
        {
            return self.close(at, mark.len());
        }
        let next = rest[mark.len()..].chars().next();
        // A script holds no blank that is not escaped, so that a lone `~` or `^` in running text opens nothing.
        let is_script = matches!(style, Style::Superscript | Style::Subscript);
        if next.is_none_or(char::is_whitespace) || (is_script && !closes_in_word(&rest[1..], mark)) {
            return 0;
        }
        self.open(&rest[..mark.len()], mark, Some(style))
    }

    fn close(&mut self, at: usize, len: usize) -> usize {
        while self.frames.len() > at + 1 {
            self.unfold();
        }
        let (Some(frame), Some(outer)) = (self.frames.pop(), self.frames.last_mut()) else { return 0 };
        if let Some(style) = frame.style {
            outer.text.push(Run::Styled(style, frame.text));
        }
        len
    }

    fn underscore(&mut self, rest: &'t str) -> usize {
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if is_word(self.before) && is_word(rest[1..].chars().next()) {
            return 0;
        }
        if rest.starts_with("__") {
            let taken = self.delimiter(rest, "__", Style::Strong);
            if taken > 0 {
                return taken;
            }
        }
        self.delimiter(rest, "_", Style::Emphasis)
    }

    fn close_bracket(&mut self, rest: &str) -> usize {
        const SPANS: [(&str, Style); 3] = [
            ("]{.nocase}", Style::Protected),
            ("]{.smallcaps}", Style::SmallCaps),
            ("]{.small-caps}", Style::SmallCaps),
        ];
        let Some(at) = self.frames.iter().rposition(|frame| frame.close == "]") else { return 0 };
        let Some((mark, style)) = SPANS.iter().find(|(mark, _)| rest.starts_with(mark)) else {
            // Brackets in running text.
            if at + 1 == self.frames.len() {
                self.unfold();
            }
            return 0;
        };
        self.frames[at].style = Some(*style);
        self.close(at, mark.len())
    }

    fn code(&mut self, rest: &str) -> usize {
        let fence = rest.bytes().take_while(|b| *b == b'`').count();
        let Some(end) = rest[fence..].find(&rest[..fence]) else { return 0 };
        let code = rest[fence..fence + end].trim_matches(' ');
        self.push(Run::Styled(Style::Code, Text::plain(code)));
        end + 2 * fence
    }

    fn math(&mut self, rest: &str) -> usize {
        if !self.math_may_follow {
            return 0;
        }
        match math_end(&rest[1..]) {
            MathEnd::At(end) => {
                self.push(Run::Math(rest[1..=end].to_owned()));
                end + 2
            }
            MathEnd::Not => 0,
            MathEnd::Never => {
                self.math_may_follow = false;
                0
            }
        }
    }

    fn tag(&mut self, rest: &'t str) -> usize {
        if rest.starts_with(NOTHING) {
            return NOTHING.len();
        }
        if let Some((open, close, style)) = tag_at(rest) {
            return self.open(&rest[..open.len()], close, Some(style));
        }
        let is_closed = |frame: &Frame<'_>| frame.close.starts_with("</") && rest.starts_with(frame.close);
        match self.frames.iter().rposition(is_closed) {
            Some(at) => self.close(at, self.frames[at].close.len()),
            None => 0,
        }
    }

    fn reference(&mut self, rest: &str) -> usize {
        let Some((character, length)) = markup::reference_at(rest) else { return 0 };
        self.push_str(&character);
        length
    }

    /// Dashes as typists write them.
    fn dash(&mut self, rest: &str) -> usize {
        for (hyphens, dash) in [("---", "—"), ("--", "–")] {
            if rest.starts_with(hyphens) {
                self.push_str(dash);
                return hyphens.len();
            }
        }
        0
    }
}

/// Whether a script that is open here closes before the next blank.
fn closes_in_word(text: &str, mark: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(b) = bytes.get(at) {
        match b {
            b'\\' => at += 1,
            b if *b == mark.as_bytes()[0] => return at > 0,
            b if b.is_ascii_whitespace() => return false,
            _ => {}
        }
        at += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &Text) -> String {
        let mut out = String::new();
        encode(text, &mut out);
        out
    }

    #[test]
    fn markup_comes_back() {
        for source in [
            "A <span class=\"nocase\">BERT</span> & B < C",
            "*it **bold*** x^2^y~1~ [sc]{.smallcaps} `code`",
            "$x<y$ costs \\$5 \\* \\_x\\_ \\[y\\](z) \\@foo \\^2\\^ \\~ \\\\alpha \\`q\\` \\<b>",
            "*a*<!-- -->*b* $x$<!-- -->3 snake_case a\\\\ b",
            "x~a\\ b~ [<span class=\"nocase\">X</span>]{.smallcaps} [cs.CL] ``a`b``",
        ] {
            let text = decode(source);
            assert_eq!(decode(&encoded(&text)), text, "{source}");
        }
        assert_eq!(encoded(&decode("[BERT]{.nocase} and $x_1$")), "<span class=\"nocase\">BERT</span> and $x_1$");
    }

    #[test]
    fn plain_text_is_escaped_where_pandoc_would_read_markup() {
        let check = |plain: &str, expected: &str| {
            let text = Text::plain(plain);
            assert_eq!(encoded(&text), expected);
            assert_eq!(decode(expected), text);
        };
        check("5 * 3 _x_ a_b", "5 \\* 3 \\_x\\_ a_b");
        check("$5 and $6 for a[i](x) [cs.CL]", "\\$5 and \\$6 for a\\[i\\](x) [cs.CL]");
        check("R&D; <i>x</i> 2 < 3", "R\\&D; \\<i>x\\</i> 2 < 3");
        check("C*-algebra ~ x^2", "C\\*-algebra \\~ x\\^2");
    }

    #[test]
    fn exact_strings_come_back() {
        for text in ["10.1/a_b*c*'d--e...~f", "O'Brien \"x\"", "https://x.y/~u/_a_?b=c&d;", "a\\b"] {
            let mut out = String::new();
            encode_exact(text, &mut out);
            assert_eq!(decode_exact(&out), text);
        }
    }
}
