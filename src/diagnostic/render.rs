//! Prints diagnostics: with the line they speak of for people, one JSON object a line for programs.
//!
//! Whatever comes from outside (names of files, quoted input) passes through [`printable`] first, so that no input can
//! send escape or bidirectional characters to a terminal. Knows no terminal: who calls says whether colour is wanted.

use super::{Diagnostic, Rule, Severity};
#[cfg(feature = "cli")]
use crate::source::Span;
use crate::source::{SourceId, printable};
use serde::Serialize;
use std::fmt::Write as _;

/// How many diagnostics of one input are printed for people.
const SHOWN_PER_INPUT: usize = 200;
/// How many bytes of a line are shown before and behind the place.
#[cfg(feature = "cli")]
const CONTEXT: usize = 200;

/// How diagnostics are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MessageFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line; see [`Renderer`] for its members.
    Json,
}

/// The text of an input, kept to show the line that a diagnostic speaks of.
#[derive(Clone, Debug, Default)]
pub struct SourceText {
    /// The input's name in messages.
    pub name: String,
    /// Its decoded text, where it is at hand.
    pub text: Option<String>,
}

/// Prints diagnostics one by one.
///
/// In [`MessageFormat::Json`] each is one object on one line with these members, always all of them and in this order,
/// `null` where there is nothing to say: `rule`, `severity` (`note`, `warning`, `error`), `message`, `file`, `line` and
/// `column` (from 1, the column in characters), `start` and `len` (bytes of the decoded text), `key`, `field`, `help`.
/// Members may be added behind these; none is taken away or renamed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Renderer {
    format: MessageFormat,
    colour: bool,
}

impl Renderer {
    /// A renderer; `colour` adds terminal colours to [`MessageFormat::Text`].
    pub const fn new(format: MessageFormat, colour: bool) -> Self {
        Self { format, colour }
    }

    /// How it prints.
    pub const fn format(&self) -> MessageFormat {
        self.format
    }

    /// One diagnostic with its line end. `sources` holds the inputs of the run, each at the place that its
    /// [`SourceId`] names.
    pub fn render(&self, diagnostic: &Diagnostic, sources: &[SourceText]) -> String {
        match self.format {
            MessageFormat::Text => self.text(diagnostic, sources),
            MessageFormat::Json => json(diagnostic, sources),
        }
    }

    /// Many diagnostics, folded and cut off as [`Printout`] does it.
    pub fn render_all(&self, diagnostics: &[Diagnostic], sources: &[SourceText]) -> String {
        let mut printout = Printout::new(*self);
        let mut out: String = diagnostics.iter().filter_map(|diagnostic| printout.add(diagnostic, sources)).collect();
        out.push_str(&printout.finish(sources));
        out
    }

    #[cfg(feature = "cli")]
    fn text(self, diagnostic: &Diagnostic, sources: &[SourceText]) -> String {
        match diagnostic.span.and_then(|span| Excerpt::new(span, sources)) {
            Some(excerpt) if excerpt.is_whole() => excerpt.render(diagnostic, self.colour),
            Some(excerpt) => one_line(diagnostic, sources, self.colour) + &excerpt.marked_line(),
            None => one_line(diagnostic, sources, self.colour),
        }
    }

    #[cfg(not(feature = "cli"))]
    fn text(self, diagnostic: &Diagnostic, sources: &[SourceText]) -> String {
        one_line(diagnostic, sources, self.colour)
    }
}

/// How many rows of dropped fields are shown.
const DROPPED_ROWS: usize = 200;

/// Prints the diagnostics of a run as they come, for people without drowning them.
///
/// Findings of [`Rule::FieldDropped`] are counted and printed at the end, one line for each field and reason; of each
/// input at most 200 others are shown, then how many more there are. In [`MessageFormat::Json`] nothing is held back.
/// Memory does not grow with the number of diagnostics.
#[derive(Debug, Default)]
pub struct Printout {
    renderer: Renderer,
    dropped: Vec<(Diagnostic, u64)>,
    /// Dropped fields beyond the rows that are shown.
    more_dropped: u64,
    inputs: Vec<(Option<SourceId>, usize, u64)>,
}

impl Printout {
    /// An empty printout.
    pub const fn new(renderer: Renderer) -> Self {
        Self { renderer, dropped: Vec::new(), more_dropped: 0, inputs: Vec::new() }
    }

    /// Takes a diagnostic; returns what is to be printed now.
    pub fn add(&mut self, diagnostic: &Diagnostic, sources: &[SourceText]) -> Option<String> {
        if self.renderer.format == MessageFormat::Text {
            if diagnostic.rule == Rule::FieldDropped {
                self.count_dropped(diagnostic);
                return None;
            }
            if !self.has_room(diagnostic.span.map(|span| span.source)) {
                return None;
            }
        }
        Some(self.renderer.render(diagnostic, sources))
    }

    /// What is to be printed when the last diagnostic was taken.
    pub fn finish(self, sources: &[SourceText]) -> String {
        let mut out = String::new();
        for (input, _, withheld) in self.inputs.iter().filter(|(_, _, withheld)| *withheld > 0) {
            let name =
                input.and_then(|source| name_of(source, sources)).map_or(String::new(), |name| format!("{name}: "));
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{name}{withheld} more findings are not shown; --message-format json prints all");
        }
        for (mut diagnostic, count) in self.dropped {
            let field = diagnostic.field.map_or("?", super::FieldName::label);
            diagnostic.message = format!("{count} × {field} ({})", diagnostic.message);
            out.push_str(&self.renderer.render(&diagnostic, sources));
        }
        if self.more_dropped > 0 {
            let count = self.more_dropped;
            let _ = writeln!(out, "{count} more dropped fields are not shown; --message-format json prints all");
        }
        out
    }

    fn count_dropped(&mut self, diagnostic: &Diagnostic) {
        let field = |d: &Diagnostic| d.field.map(super::FieldName::name);
        let same = |row: &&mut (Diagnostic, u64)| {
            field(&row.0) == field(diagnostic)
                && row.0.message == diagnostic.message
                && row.0.severity == diagnostic.severity
        };
        if let Some((_, count)) = self.dropped.iter_mut().find(same) {
            *count += 1;
        } else if self.dropped.len() < DROPPED_ROWS {
            let row = Diagnostic { span: None, key: None, ..diagnostic.clone() };
            self.dropped.push((row, 1));
        } else {
            self.more_dropped += 1;
        }
    }

    fn has_room(&mut self, input: Option<SourceId>) -> bool {
        let at = self.inputs.iter().position(|row| row.0 == input).unwrap_or_else(|| {
            self.inputs.push((input, 0, 0));
            self.inputs.len() - 1
        });
        let (_, shown, withheld) = &mut self.inputs[at];
        if *shown < SHOWN_PER_INPUT {
            *shown += 1;
            return true;
        }
        *withheld += 1;
        false
    }
}

fn name_of(source: SourceId, sources: &[SourceText]) -> Option<std::borrow::Cow<'_, str>> {
    sources.get(usize::try_from(source.0).ok()?).map(|source| printable(&source.name))
}

/// `name:line:column: severity[rule]: message`, and the help on a line of its own.
fn one_line(diagnostic: &Diagnostic, sources: &[SourceText], colour: bool) -> String {
    let mut out = String::new();
    if let Some(span) = diagnostic.span {
        if let Some(name) = name_of(span.source, sources) {
            out.push_str(&name);
            out.push(':');
        }
        // Writing to a string cannot fail.
        let _ = write!(out, "{}:{}: ", span.line, span.column);
    }
    let (on, off) = if colour { (colour_of(diagnostic.severity), "\u{1b}[0m") } else { ("", "") };
    let _ =
        write!(out, "{on}{}[{}]{off}: {}", diagnostic.severity.name(), diagnostic.rule, printable(&diagnostic.message));
    if let Some(key) = &diagnostic.key {
        let _ = write!(out, " (entry {})", printable(key));
    }
    out.push('\n');
    if let Some(help) = &diagnostic.help {
        let _ = writeln!(out, "  help: {}", printable(help));
    }
    out
}

/// The colours that `annotate-snippets` uses, so that both forms look alike.
const fn colour_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "\u{1b}[1m\u{1b}[92m",
        Severity::Warning => "\u{1b}[1m\u{1b}[33m",
        Severity::Error => "\u{1b}[1m\u{1b}[91m",
    }
}

/// The JSON form; the order of the members is the order here.
#[derive(Serialize)]
struct JsonDiagnostic<'d> {
    rule: &'d str,
    severity: &'d str,
    message: &'d str,
    file: Option<&'d str>,
    line: Option<u32>,
    column: Option<u32>,
    start: Option<u64>,
    len: Option<u32>,
    key: Option<&'d str>,
    field: Option<&'d str>,
    help: Option<&'d str>,
}

fn json(diagnostic: &Diagnostic, sources: &[SourceText]) -> String {
    let span = diagnostic.span;
    let file = span.and_then(|span| sources.get(usize::try_from(span.source.0).ok()?));
    let row = JsonDiagnostic {
        rule: diagnostic.rule.name(),
        severity: diagnostic.severity.name(),
        message: &diagnostic.message,
        file: file.map(|source| source.name.as_str()),
        line: span.map(|span| span.line),
        column: span.map(|span| span.column),
        start: span.map(|span| span.start),
        len: span.map(|span| span.len),
        key: diagnostic.key.as_deref(),
        field: diagnostic.field.map(super::FieldName::name),
        help: diagnostic.help.as_deref(),
    };
    // Strings and numbers always serialise.
    let mut line = escape_unprintable(&serde_json::to_string(&row).unwrap_or_default());
    line.push('\n');
    line
}

/// JSON escapes the ASCII control characters only; the others that a terminal obeys are escaped here.
fn escape_unprintable(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if matches!(printable(c.encode_utf8(&mut [0; 4])), std::borrow::Cow::Owned(_)) {
            // All of them lie in the basic plane, where one escape is one character.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// The part of a line that is shown, made printable.
#[cfg(feature = "cli")]
struct Excerpt {
    name: String,
    span: Span,
    line: String,
    marked: std::ops::Range<usize>,
}

#[cfg(feature = "cli")]
impl Excerpt {
    /// Cuts the line out of the input's text; none where the text is not at hand or the place is not in it.
    fn new(span: Span, sources: &[SourceText]) -> Option<Self> {
        let source = sources.get(usize::try_from(span.source.0).ok()?)?;
        let text = source.text.as_deref()?;
        let start = floor_boundary(text, usize::try_from(span.start).ok().filter(|at| *at <= text.len())?);
        let head_start = floor_boundary(text, start.saturating_sub(CONTEXT));
        let head = &text[head_start..start];
        let head = head.rsplit(['\n', '\r']).next().unwrap_or(head);
        let tail_end = floor_boundary(text, start.saturating_add(span.len as usize).saturating_add(CONTEXT));
        let tail = &text[start..tail_end];
        let tail = &tail[..tail.find(['\n', '\r']).unwrap_or(tail.len())];
        let marked_end = floor_boundary(tail, (span.len as usize).min(CONTEXT));
        let tail = &tail[..floor_boundary(tail, marked_end.saturating_add(CONTEXT))];
        let mut line = clean(head);
        let from = line.len();
        line.push_str(&clean(&tail[..marked_end]));
        let to = line.len();
        line.push_str(&clean(&tail[marked_end..]));
        Some(Self { name: printable(&source.name).into_owned(), span, line, marked: from..to })
    }

    /// Whether the part shown is the line from its beginning, so that its columns are the line's.
    fn is_whole(&self) -> bool {
        self.line[..self.marked.start].chars().count() + 1 == self.span.column as usize
    }

    fn render(self, diagnostic: &Diagnostic, colour: bool) -> String {
        use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
        let level = match diagnostic.severity {
            Severity::Note => Level::NOTE,
            Severity::Warning => Level::WARNING,
            Severity::Error => Level::ERROR,
        };
        let snippet = Snippet::source(self.line)
            .path(Some(self.name))
            .line_start(self.span.line as usize)
            .annotation(AnnotationKind::Primary.span(self.marked));
        let mut group = level.primary_title(printable(&diagnostic.message)).id(diagnostic.rule.name()).element(snippet);
        if let Some(key) = &diagnostic.key {
            group = group.element(Level::NOTE.with_name(Some("entry")).message(printable(key)));
        }
        if let Some(help) = &diagnostic.help {
            group = group.element(Level::HELP.message(printable(help)));
        }
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let mut out = renderer.render(&[group]);
        out.push('\n');
        out
    }

    /// The marked part of a line that is too long to be shown from its beginning.
    fn marked_line(&self) -> String {
        let indent = self.line[..self.marked.start].chars().count();
        let carets = self.line[self.marked.clone()].chars().count().max(1);
        format!("  | {}\n  | {}{}\n", self.line, " ".repeat(indent), "^".repeat(carets))
    }
}

/// Tabs become blanks, everything else that is not printable is shown as an escape.
#[cfg(feature = "cli")]
fn clean(text: &str) -> String {
    printable(&text.replace('\t', " ")).into_owned()
}

/// The next character boundary at or before a byte offset.
#[cfg(feature = "cli")]
fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FieldName, ListField};
    use crate::source::{LineIndex, Span};

    fn at(text: &str, needle: &str) -> (Diagnostic, Vec<SourceText>) {
        let start = text.find(needle).unwrap();
        let span = LineIndex::new(SourceId(0), text).span(start..start + needle.len());
        let diagnostic =
            Diagnostic::new(Rule::MalformedValue, "this is no date").at(span).help("write YYYY-MM-DD").key(Some("k1"));
        (diagnostic, vec![SourceText { name: "in.ris".into(), text: Some(text.into()) }])
    }

    const PLAIN: Renderer = Renderer::new(MessageFormat::Text, false);

    #[cfg(feature = "cli")]
    #[test]
    fn the_line_is_shown_with_a_caret() {
        let (diagnostic, sources) = at("TY  - JOUR\nPY  - soon\n", "soon");
        assert_eq!(
            PLAIN.render(&diagnostic, &sources),
            "warning[malformed-value]: this is no date\n --> in.ris:2:7\n  |\n2 | PY  - soon\n  |       ^^^^\n  |\n  = entry: k1\n  = help: write YYYY-MM-DD\n"
        );
    }

    #[test]
    fn without_the_text_it_is_one_line() {
        let (diagnostic, mut sources) = at("TY  - JOUR\nPY  - soon\n", "soon");
        sources[0].text = None;
        assert_eq!(
            PLAIN.render(&diagnostic, &sources),
            "in.ris:2:7: warning[malformed-value]: this is no date (entry k1)\n  help: write YYYY-MM-DD\n"
        );
        let nowhere = Diagnostic::new(Rule::CatalogMissing, "no catalog");
        assert_eq!(PLAIN.render(&nowhere, &[]), "warning[catalog-missing]: no catalog\n");
    }

    #[test]
    fn nothing_from_outside_reaches_the_terminal_raw() {
        let text = "a\tb\u{1b}[31m\u{202e} x\u{85}y bad\u{7} end\u{9b}31m";
        let (mut diagnostic, mut sources) = at(text, "bad\u{7}");
        diagnostic.message = "evil \u{1b}]0;title\u{7}".into();
        diagnostic.help = Some("\u{2066}\u{9b}".into());
        diagnostic.key = Some("k\u{1b}".into());
        sources[0].name = "na\nme\u{1b}.ris".into();
        for format in [MessageFormat::Text, MessageFormat::Json] {
            for sources in [&sources[..], &[SourceText { text: None, ..sources[0].clone() }]] {
                let out = Renderer::new(format, false).render(&diagnostic, sources);
                assert!(out.lines().all(|line| matches!(printable(line), std::borrow::Cow::Borrowed(_))), "{out:?}");
            }
        }
    }

    #[cfg(feature = "cli")]
    #[test]
    fn long_lines_are_cut_and_places_stay_right() {
        let text = format!("{}né bad {}", "ä ".repeat(50_000), "ö".repeat(50_000));
        let (diagnostic, sources) = at(&text, "bad");
        let out = PLAIN.render(&diagnostic, &sources);
        assert!(out.len() < 2500, "{}", out.len());
        assert!(out.contains("in.ris:1:100004") && out.contains("né bad"), "{out}");
    }

    #[test]
    fn every_place_renders() {
        let sources = [SourceText { name: "x".into(), text: Some("é\r\n\rab\n\n".into()) }];
        for start in 0..12 {
            for len in [0, 1, 3, u32::MAX] {
                let span = Span { source: SourceId(0), start, len, line: 1, column: 1 };
                let diagnostic = Diagnostic::new(Rule::UnreadLine, "unread").at(span);
                assert!(PLAIN.render(&diagnostic, &sources).contains("unread-line"));
            }
        }
    }

    #[test]
    fn json_has_all_members_in_order() {
        let (diagnostic, sources) = at("TY  - JOUR\nPY  - soon\n", "soon");
        assert_eq!(
            Renderer::new(MessageFormat::Json, true).render(&diagnostic, &sources),
            concat!(
                r#"{"rule":"malformed-value","severity":"warning","message":"this is no date","file":"in.ris","#,
                r#""line":2,"column":7,"start":17,"len":4,"key":"k1","field":null,"help":"write YYYY-MM-DD"}"#,
                "\n"
            )
        );
    }

    #[test]
    fn dropped_fields_fold_and_floods_end() {
        let dropped = Diagnostic::new(Rule::FieldDropped, "Hayagriva has no slot for subject classes")
            .field(FieldName::List(ListField::Category));
        let unread = Diagnostic::new(Rule::UnreadLine, "unread").at(Span::default());
        let mut all = vec![dropped; 21];
        all.extend(vec![unread; 230]);
        let sources = [SourceText { name: "in".into(), text: None }];
        let out = PLAIN.render_all(&all, &sources);
        assert_eq!(out.lines().count(), 202);
        let mut last = out.lines().rev();
        assert_eq!(last.next(), Some("note[field-dropped]: 21 × category (Hayagriva has no slot for subject classes)"));
        assert_eq!(last.next(), Some("in: 30 more findings are not shown; --message-format json prints all"));
        assert_eq!(Renderer::new(MessageFormat::Json, false).render_all(&all, &sources).lines().count(), 251);
    }
}
