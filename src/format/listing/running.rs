//! Papers named in any text: Markdown lists and tables, LaTeX and Typst sources, mail. Every identifier and link to a paper
//! once, in order, with the link's text or the nearest title.
//!
//! A wrong title does more harm than none, so only what stands as a title is taken for one. Knows drafts and mentions.

use super::collector::{self, Collector, Unread};
use super::draft::{Draft, same_paper};
use super::lines::{self, Kind, Line};
use super::links::{self, Mention, Target};
use super::titles::{self, Anchor};
use super::unlinked::{self, Unlinked};
use super::{cut, labels, people, reference, tags};
use crate::latex;
use crate::source::Span;
use std::collections::HashSet;
use std::ops::Range;

/// Reads the papers that a text names. The lines are physical ones.
pub(super) fn read(text: &str, physical: &[Line<'_>], collector: &mut Collector<'_>) {
    let mut reader = Reader {
        text,
        lines: physical,
        collector,
        draft: Draft::default(),
        part: Part::None,
        used: None,
        titled: None,
        in_code: false,
    };
    let mut at = 0;
    while at < physical.len() {
        at += reader.block(at).max(1);
    }
    reader.flush();
}

/// What the lines behind an entry are part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    None,
    /// A folded abstract (`<summary>Abstract</summary>`).
    Abstract,
}

struct Reader<'r, 'l, 't, 'c> {
    text: &'r str,
    lines: &'r [Line<'l>],
    collector: &'c mut Collector<'t>,
    draft: Draft,
    part: Part,
    /// A line behind the current one that was taken as its title.
    used: Option<usize>,
    /// The line of a title that stands without link.
    titled: Option<usize>,
    /// Inside a block of code.
    in_code: bool,
}

impl Reader<'_, '_, '_, '_> {
    /// Reads the line at `at`, or the reference that begins there; returns how many lines it took.
    fn block(&mut self, at: usize) -> usize {
        let line = &self.lines[at];
        if line.text.is_empty() || self.used == Some(at) {
            return 1;
        }
        self.in_code ^= line.text.starts_with("```");
        if let Some(length) = self.bibitem(at).or_else(|| self.reference(at)) {
            return length;
        }
        if self.goes_on(at) {
            return 1;
        }
        let mentions = if links::may_mention(&line.text) { links::find(&line.text) } else { Vec::new() };
        if mentions.iter().any(|mention| mention.target.is_paper()) {
            if !self.completes(at, &mentions) {
                self.line(at, &mentions);
            }
        } else if !mentions.is_empty() && !is_picture(&line.text) {
            self.collector.unread(line.range.clone(), &line.text, Unread::Link);
        } else if has_words(&line.text) {
            self.unlinked(at);
        }
        1
    }

    /// A line without link and identifier: a title perhaps.
    fn unlinked(&mut self, at: usize) {
        let line = &self.lines[at];
        let is_head_of_table = self.lines.get(at + 1).is_some_and(|next| {
            next.text.starts_with('|') && !next.text.contains(char::is_alphanumeric) && next.text.contains('-')
        });
        let found = if self.in_code || is_head_of_table || line.text.contains("](") {
            Unlinked::Passing
        } else {
            unlinked::judge(line, unlinked::is_listed(line, self.raw(at)))
        };
        match found {
            Unlinked::Title { title, authors, year } => {
                let span = self.collector.span(line.range.clone());
                let plain = titles::plain(tags::without_labels(title));
                let parts = tags::split_venue(&plain).map_or((&*plain, None), |(title, venue)| (title, Some(venue)));
                self.flush();
                self.draft.title(parts.0, span);
                authors.into_iter().for_each(|authors| self.draft.authors(authors, span));
                year.into_iter().for_each(|year| self.draft.year(year, span));
                parts.1.into_iter().for_each(|venue| self.draft.venue(venue, span));
                self.titled = Some(at);
            }
            Unlinked::Doubtful => self.collector.unread(line.range.clone(), &line.text, Unread::Doubtful),
            Unlinked::Passing => self.collector.unread(line.range.clone(), &line.text, Unread::Passing),
        }
    }

    /// An identifier alone on the line below a title is the title's.
    fn completes(&mut self, at: usize, mentions: &[Mention]) -> bool {
        let line = &self.lines[at];
        let below = self.titled.is_some_and(|titled| titled + 1 == at || titled + 2 == at);
        let is_own = below
            && line.mark.is_none()
            && !self.draft.has_ids()
            && !self.lines[at - 1].text.is_empty()
            && matches!(lines::judge(&line.text, None), Kind::Ids(_))
            && mentions.iter().all(|mention| !self.collector.seen(mention))
            && count_arxiv(mentions) <= 1;
        if is_own {
            let span = self.collector.span(line.range.clone());
            mentions.iter().for_each(|mention| self.draft.mention(mention, span));
        }
        is_own
    }

    /// A line with papers on it.
    fn line(&mut self, at: usize, mentions: &[Mention]) {
        let line = &self.lines[at];
        self.flush();
        self.part = Part::None;
        let raw = self.raw(at);
        let listed = line.mark.is_some() || line.text.starts_with('|') || is_item(raw);
        let span =
            |range: Range<usize>| self.collector.span(line.range.start + range.start..line.range.start + range.end);
        let is_raw = matches!(line.text, std::borrow::Cow::Borrowed(_));
        let whole = line.range.clone();
        let drafts = line_drafts(
            &line.text,
            mentions,
            listed,
            |range| if is_raw { span(range) } else { self.collector.span(whole.clone()) },
            self.collector,
        );
        if drafts.is_empty() {
            self.report_repeated(at, mentions);
            return;
        }
        let single = drafts.len() == 1;
        for draft in drafts {
            self.flush();
            self.draft = draft;
        }
        if single && !self.draft.has_title() && matches!(lines::judge(&line.text, None), Kind::Ids(_)) {
            self.title_nearby(at);
        }
        if single && !self.draft.has_title() && !self.draft.has_arxiv() && !self.draft.has_ids() {
            // A link to some page without any title names nothing.
            self.draft = Draft::default();
            self.collector.unread(line.range.clone(), &line.text, Unread::Link);
        }
    }

    /// An identifier alone on its line: the title stands on the next line or on the one before.
    fn title_nearby(&mut self, at: usize) {
        let next = (at + 1..self.lines.len()).find(|next| !self.lines[*next].text.is_empty());
        let Some(next) = next.filter(|next| *next <= at + 2) else { return };
        let line = &self.lines[next];
        // A bullet begins another paper.
        if line.mark.is_some() {
            return;
        }
        let parts = titles::with_authors(&line.text);
        let title = parts.as_ref().map_or(&*line.text, |parts| parts.title);
        if lines::judge(&line.text, None) == Kind::Short && titles::is_title(title) && !links::may_mention(title) {
            let span = self.collector.span(line.range.clone());
            self.draft.title(title, span);
            if let Some(parts) = parts {
                self.draft.authors(parts.authors, span);
            }
            self.used = Some(next);
        }
    }

    /// A line whose papers were all listed before: its words are lost if they are other ones.
    fn report_repeated(&mut self, at: usize, mentions: &[Mention]) {
        let line = &self.lines[at];
        match mentions.iter().find(|mention| self.collector.seen(mention)) {
            Some(mention) => self.collector.repeated(line.range.clone(), mention, &line.text),
            None => self.collector.unread(line.range.clone(), &line.text, Unread::Link),
        }
    }

    /// Lines that belong to the entry before them: authors in italics, a folded abstract.
    fn goes_on(&mut self, at: usize) -> bool {
        let line = &self.lines[at];
        let text = &*line.text;
        let bare = titles::without_tags(text);
        if self.part == Part::Abstract {
            if text.contains("</details>") {
                self.part = Part::None;
                return true;
            }
            if has_words(text) {
                let span = self.collector.span(line.range.clone());
                self.draft.passage(&bare, span);
            }
            return true;
        }
        if self.draft.is_empty() || line.mark.is_some() {
            return false;
        }
        let span = self.collector.span(line.range.clone());
        if text.contains("<summary") && bare.trim().eq_ignore_ascii_case("abstract") && !self.draft.has_abstract() {
            self.part = Part::Abstract;
            return true;
        }
        let unstyled = text.trim_matches(['*', '_', ' ']);
        let (label, value) = labels::read(text).map_or((None, 0), |(label, at)| (Some(label), at));
        let authors = match label {
            Some(labels::Label::Authors) => Some(&text[value..]),
            None if people::looks_like_list(unstyled) => Some(unstyled),
            // Authors stand in italics below the title.
            None if text.len() > 2
                && text.starts_with(['_', '*'])
                && text.ends_with(['_', '*'])
                && !text.starts_with("**")
                && people::may_be_names(unstyled) =>
            {
                Some(unstyled)
            }
            Some(_) | None => None,
        };
        if let (Some(authors), false) = (authors, self.draft.has_authors()) {
            self.draft.authors(authors.trim_matches(['*', '_']), span);
            return true;
        }
        if label == Some(labels::Label::Abstract) && value < text.len() && !self.draft.has_abstract() {
            self.draft.passage(&text[value..], span);
            return true;
        }
        false
    }

    /// `\bibitem{key} Authors. \newblock Title. \newblock Venue, year.`
    fn bibitem(&mut self, at: usize) -> Option<usize> {
        let rest = self.lines[at].text.strip_prefix("\\bibitem")?;
        let rest = match rest.strip_prefix('[') {
            Some(label) => label.split_once(']')?.1,
            None => rest,
        };
        let key = rest.strip_prefix('{')?.split('}').next()?.to_owned();
        let end = self.block_end(at, |line| line.text.starts_with("\\bibitem") || line.text.starts_with("\\end{"));
        let range = self.lines[at].range.start..self.lines[end - 1].range.end;
        let source = self.text[range.clone()].split_once(&format!("{{{key}}}"))?.1;
        let source = source.replace("\\newblock", " ").replace("\\url", " ");
        let plain = latex::decode(&squeeze(&source)).to_plain();
        self.flush();
        self.take_reference(&plain, range, Some(&key));
        Some(end - at)
    }

    /// A reference over one or several lines: behind a number, a bullet or a mail's quote mark, or by itself.
    fn reference(&mut self, at: usize) -> Option<usize> {
        let line = &self.lines[at];
        let numbered = matches!(line.mark, Some(lines::Mark::Number(_)));
        let listed = unlinked::is_listed(line, self.raw(at));
        if self.in_code || line.text.contains("](") || line.text.starts_with('|') {
            return None;
        }
        let is_one = |text: &str| {
            if numbered { reference::looks_like_one(text, true) } else { unlinked::is_reference(text, listed) }
        };
        let end = if !numbered && is_one(&line.text) { at + 1 } else { self.block_end(at, |line| line.mark.is_some()) };
        let joined: Vec<&str> = self.lines[at..end].iter().take(20).map(|line| &*line.text).collect();
        let joined = joined.join(" ");
        if !is_one(&joined) {
            return None;
        }
        let range = line.range.start..self.lines[end - 1].range.end;
        self.flush();
        self.take_reference(&joined, range, None);
        Some(end - at)
    }

    fn take_reference(&mut self, plain: &str, range: Range<usize>, key: Option<&str>) {
        let span = self.collector.span(range.clone());
        match reference_draft(plain, |_| span, self.collector) {
            Some(mut draft) => {
                draft.covers(span);
                if let Some(key) = key {
                    draft.key(key, span);
                }
                self.draft = draft;
                self.flush();
            }
            None => self.collector.unread_or_repeated(range, plain),
        }
    }

    /// The line behind the last one of a block: it ends at a blank line or where another begins.
    fn block_end(&self, at: usize, begins_another: impl Fn(&Line<'_>) -> bool) -> usize {
        let behind = self.lines[at + 1..].iter().take(40).position(|line| line.text.is_empty() || begins_another(line));
        at + 1 + behind.unwrap_or((self.lines.len() - at - 1).min(40))
    }

    /// The line with its item mark.
    fn raw(&self, at: usize) -> &str {
        let start = self.lines[at].range.start;
        let from = self.text[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        &self.text[from..start]
    }

    fn flush(&mut self) {
        let draft = std::mem::take(&mut self.draft);
        self.collector.finish(draft);
    }
}

/// The entries of one line, in order; papers listed before are left out. `listed`: the line is an item of a list or table,
/// so that its words are about its paper.
pub(super) fn line_drafts(
    text: &str,
    mentions: &[Mention],
    listed: bool,
    span: impl Fn(Range<usize>) -> Span,
    collector: &Collector<'_>,
) -> Vec<Draft> {
    let arxiv_ids = count_arxiv(mentions);
    let mut drafts: Vec<Draft> = Vec::new();
    let mut taken_to = 0;
    let mut on_this_line: HashSet<String> = HashSet::new();
    for mention in mentions.iter().filter(|mention| mention.target.is_paper()) {
        let anchor = Anchor::of(text, &mention.range);
        let own_title = anchor.as_ref().and_then(|anchor| titles::of_anchor(text, anchor));
        // A DOI or another page beside the only arXiv id of an item is the same paper.
        let same = drafts.last().is_some_and(|draft| {
            matches!(&mention.target, Target::Id(id) if draft.holds(id))
                || (listed && arxiv_ids <= 1 && own_title.is_none())
        });
        if same {
            if let Some(draft) = drafts.last_mut() {
                draft.mention(mention, span(mention.range.clone()));
            }
            continue;
        }
        let whole = anchor.as_ref().map_or(mention.range.clone(), |anchor| anchor.whole.clone());
        let again = collector::paper_key(&mention.target).is_some_and(|key| on_this_line.contains(&key));
        if again || collector.seen(mention) {
            taken_to = whole.end;
            continue;
        }
        let title = own_title.or_else(|| titles::nearby(text, taken_to, &whole, listed));
        let mut draft = Draft::default();
        if let Some(title) = title {
            put_title(&mut draft, text, title, whole.start, &span);
        } else if mention_is_nameless(mention) {
            continue;
        }
        draft.mention(mention, span(mention.range.clone()));
        on_this_line.extend(collector::paper_key(&mention.target));
        taken_to = whole.end;
        drafts.push(draft);
    }
    if let [draft] = drafts.as_mut_slice()
        && text.contains('`')
        && !lines::classes(text).is_empty()
    {
        draft.categories(text, span(0..text.len()));
    }
    drafts
}

/// The title of a line's paper, and the venue in brackets behind it, up to where its link begins.
fn put_title(draft: &mut Draft, text: &str, title: Range<usize>, link: usize, span: &impl Fn(Range<usize>) -> Span) {
    let plain = titles::plain(&text[title.clone()]);
    let (words, venue) = tags::split_venue(&plain).map_or((&*plain, None), |(words, venue)| (words, Some(venue)));
    let behind = text.get(title.end..link).unwrap_or_default();
    draft.title(words, span(title.clone()));
    if let Some(venue) = venue.or_else(|| tags::opening_venue(behind)) {
        draft.venue(venue, span(title.start..title.end.max(link)));
    }
}

/// A page without title names nothing that could be cited.
fn mention_is_nameless(mention: &Mention) -> bool {
    matches!(mention.target, Target::Page(_) | Target::Elsewhere)
}

fn count_arxiv(mentions: &[Mention]) -> usize {
    let mut ids: Vec<&crate::model::Identifier> = Vec::new();
    for mention in mentions {
        if let Target::Id(id @ crate::model::Identifier::Arxiv(_)) = &mention.target
            && ids.last().is_none_or(|last| !same_paper(last, id))
        {
            ids.push(id);
        }
    }
    ids.len()
}

/// The entry of a formatted reference; none when its paper was listed before.
pub(super) fn reference_draft(
    text: &str,
    span: impl Fn(Range<usize>) -> Span,
    collector: &Collector<'_>,
) -> Option<Draft> {
    let found = reference::parse(text)?;
    let mentions = links::find(text);
    if mentions.iter().any(|mention| collector.seen(mention)) {
        return None;
    }
    let place = |piece: &str| {
        let from = lines::offset_in(text, piece);
        span(from..from + piece.len())
    };
    let mut draft = Draft::default();
    match found.names {
        Some(list) => draft.people(list.names, list.others, place(found.authors)),
        None => draft.authors(found.authors, place(found.authors)),
    }
    draft.title(found.title, place(found.title));
    for mention in mentions.iter().filter(|mention| mention.target.is_paper()) {
        draft.mention(mention, span(mention.range.clone()));
    }
    if let Some(year) = found.year {
        draft.year(year, span(0..text.len()));
    }
    let journal = reference::journal(found.rest).filter(|_| found.title.is_empty());
    if let Some(journal) = &journal {
        draft.journal(journal, place(found.rest));
    }
    let venue = if journal.is_some() { String::new() } else { venue_of(text, found.rest, &mentions) };
    if !venue.is_empty() {
        draft.text(crate::model::TextField::Note, &venue, place(found.rest));
    }
    Some(draft)
}

/// What a reference says behind the title, without the identifiers and the year that were read; empty when nothing is left.
fn venue_of(text: &str, rest: &str, mentions: &[Mention]) -> String {
    let from = lines::offset_in(text, rest);
    let mut kept = String::new();
    let mut at = from;
    for mention in mentions.iter().filter(|mention| mention.range.start >= from && mention.target.is_paper()) {
        kept.push_str(&text[at..mention.range.start]);
        at = mention.range.end;
    }
    kept.push_str(text.get(at..).unwrap_or_default());
    let kept = kept.replace("arXiv preprint", "").replace("arxiv preprint", "");
    let says_more = kept.split(|c: char| !c.is_alphanumeric()).any(|word| {
        word.contains(char::is_alphabetic)
            && !matches!(
                word.to_ascii_lowercase().as_str(),
                "arxiv" | "in" | "doi" | "url" | "preprint" | "abs" | "corr" | "available"
            )
    });
    if says_more { kept.trim().trim_end_matches(['.', ',', ' ', '(', '[']).to_owned() } else { String::new() }
}

/// An image or a badge alone on its line or in a heading.
fn is_picture(text: &str) -> bool {
    ["![", "[![", "<img", "<a", "<p", "#"].iter().any(|head| text.starts_with(head))
        && (text.contains("![") || text.contains("<img"))
}

fn is_item(before: &str) -> bool {
    before.contains(['-', '*', '+', '|', '•'])
}

/// Whether a line says anything: markup and rules do not.
fn has_words(text: &str) -> bool {
    let bare = titles::without_tags(text);
    bare.contains(char::is_alphanumeric) && !cut::is_opener(&bare) && !is_markup_only(text)
}

/// Lines of pure structure: `\begin{document}`, table rules, code fences.
fn is_markup_only(text: &str) -> bool {
    let fence = text.starts_with("```") && !text.contains(' ');
    let rule = text.chars().all(|c| matches!(c, '|' | ':' | '-' | ' ' | '=' | '+' | '*' | '_'));
    let environment = ["\\begin{", "\\end{"].iter().any(|head| text.starts_with(head)) && text.len() < 40;
    fence || rule || environment
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
