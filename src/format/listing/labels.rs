//! The labels that pages print before values (`Title:`, `Authors:`, `Comments:` …) and the page furniture round them.
//!
//! Two tables, from arXiv's own pages and from pages that show arXiv papers. Knows single lines only.

/// What a label announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Label {
    Title,
    Authors,
    Abstract,
    Comments,
    Subjects,
    JournalRef,
    /// An identifier or a link, which says itself what it is.
    Reference,
    Date,
    ReportNumber,
    /// A classification or another value that the model has no field for; kept under the label's own name.
    Msc,
    Acm,
    /// A summary by a machine, in the abstract's place.
    Tldr,
    License,
    Keywords,
}

/// Label, and whether it is one without a colon on a line of its own as well.
const LABELS: [(&str, Label, bool); 53] = [
    ("title", Label::Title, true),
    ("paper title", Label::Title, false),
    ("author", Label::Authors, true),
    ("authors", Label::Authors, true),
    ("author(s)", Label::Authors, true),
    ("by", Label::Authors, false),
    ("abstract", Label::Abstract, true),
    ("summary", Label::Abstract, false),
    ("comment", Label::Comments, false),
    ("comments", Label::Comments, false),
    ("subject", Label::Subjects, false),
    ("subjects", Label::Subjects, true),
    ("subject class", Label::Subjects, false),
    ("categories", Label::Subjects, true),
    ("category", Label::Subjects, false),
    ("primary category", Label::Subjects, false),
    ("journal-ref", Label::JournalRef, false),
    ("journal ref", Label::JournalRef, false),
    ("journal reference", Label::JournalRef, false),
    ("journal", Label::JournalRef, false),
    ("published in", Label::JournalRef, false),
    ("venue", Label::JournalRef, false),
    ("conference", Label::JournalRef, false),
    ("doi", Label::Reference, true),
    ("related doi", Label::Reference, false),
    ("external doi", Label::Reference, false),
    ("cite as", Label::Reference, true),
    ("arxiv id", Label::Reference, true),
    ("arxiv link", Label::Reference, true),
    ("arxiv identifier", Label::Reference, false),
    ("link", Label::Reference, false),
    ("links", Label::Reference, false),
    ("url", Label::Reference, false),
    ("pdf", Label::Reference, false),
    ("paper", Label::Reference, false),
    ("identifier", Label::Reference, false),
    ("date", Label::Date, false),
    ("published", Label::Date, true),
    ("published on", Label::Date, true),
    ("submitted", Label::Date, false),
    ("publication date", Label::Date, true),
    ("year", Label::Date, false),
    ("report number", Label::ReportNumber, false),
    ("report-no", Label::ReportNumber, false),
    ("msc classes", Label::Msc, false),
    ("msc-class", Label::Msc, false),
    ("acm classes", Label::Acm, false),
    ("acm-class", Label::Acm, false),
    ("tldr", Label::Tldr, true),
    ("tl;dr", Label::Tldr, true),
    ("license", Label::License, false),
    ("keywords", Label::Keywords, false),
    ("index terms", Label::Keywords, false),
];

/// Reads the label at the head of a line: the label and where its value begins.
pub(super) fn read(line: &str) -> Option<(Label, usize)> {
    let head = super::links::bounded(line, 40);
    if let Some(at) = glued_abstract(line) {
        return Some((Label::Abstract, at));
    }
    if let Some(colon) = head.find(':') {
        let name = head[..colon].trim().trim_matches('*').trim();
        let label = named(name)?.0;
        // "Title::Subtitle" and "http://" have no label.
        let rest = &line[colon + 1..];
        return (!rest.starts_with("//")).then(|| (label, value_at(line, colon + 1)));
    }
    if let Some(at) = ["Abstract—", "Abstract--", "Abstract–", "Abstract. ", "ABSTRACT. "]
        .iter()
        .find_map(|mark| line.starts_with(mark).then_some(mark.len()))
    {
        return Some((Label::Abstract, at));
    }
    let (label, alone) = named(line.trim().trim_matches('*'))?;
    alone.then_some((label, line.len()))
}

fn value_at(line: &str, from: usize) -> usize {
    let rest = &line[from..];
    let rest = rest.trim_start_matches('*');
    from + (line.len() - from - rest.trim_start().len())
}

/// `View PDF HTML (experimental)Abstract:…`: the page's buttons ran into the label.
fn glued_abstract(line: &str) -> Option<usize> {
    let head = super::links::bounded(line, 80);
    let at = head.find("Abstract:")?;
    let buttons = head[..at].trim();
    let glued = at > 0
        && (buttons.ends_with("View PDF") || buttons.ends_with("(experimental)") || buttons.ends_with("TeX Source"));
    glued.then(|| value_at(line, at + "Abstract:".len()))
}

fn named(name: &str) -> Option<(Label, bool)> {
    if name.len() > 20 || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    LABELS.iter().find(|(known, ..)| *known == lower).map(|(_, label, alone)| (*label, *alone))
}

/// Lines that are known to be page furniture: whole, lower-case.
const FURNITURE: [&str; 79] = [
    "skip to main content",
    "cornell university",
    "donate",
    "login",
    "log in",
    "sign in",
    "sign up",
    "help",
    "help pages",
    "about",
    "about arxiv",
    "quick links",
    "arxiv logo",
    "cornell university logo",
    "arxiv",
    "submission history",
    "full-text links:",
    "access paper:",
    "view pdf",
    "view a pdf",
    "tex source",
    "other formats",
    "html (experimental)",
    "references & citations",
    "references and citations",
    "bibtex formatted citation",
    "export bibtex citation",
    "loading...",
    "bookmark",
    "bibliographic tools",
    "bibliographic and citation tools",
    "related papers",
    "recommenders and search tools",
    "community",
    "papers",
    "papers on arxiv",
    "academic profile",
    "statistics",
    "similar authors",
    "paper info",
    "similar",
    "comments",
    "arxiv link",
    "current browse context:",
    "change to browse by:",
    "contact",
    "copyright",
    "privacy policy",
    "web accessibility assistance",
    "arxiv operational status",
    "subscribe",
    "google scholar",
    "semantic scholar",
    "nasa ads",
    "dblp",
    "upvote",
    "share",
    "download",
    "download pdf",
    "pdf",
    "html",
    "search",
    "advanced search",
    "help | advanced search",
    "next",
    "previous",
    "prev",
    "back to top",
    "load more",
    "home",
    "menu",
    "view recent",
    "new",
    "recent",
    "authors and titles",
    "table of contents",
    "references",
    "bibliography",
    "reading list",
];

/// Beginnings of such lines, lower-case.
const FURNITURE_HEADS: [&str; 25] = [
    "authors and titles for ",
    "verified email at ",
    "get my own profile",
    "total citations",
    "we gratefully acknowledge support from",
    "view a pdf of the paper titled",
    "arxiv-issued doi",
    "(or arxiv:",
    "sign up or log in",
    "models citing this paper",
    "no model linking this paper",
    "datasets citing this paper",
    "spaces citing this paper",
    "no dataset linking this paper",
    "no space linking this paper",
    "collections including this paper",
    "from: ",
    "cite arxiv.org/abs/",
    "computer science > ",
    "mathematics > ",
    "physics > ",
    "arxivlabs: ",
    "which authors of this paper are endorsers",
    "get status notifications",
    "save cite cited by",
];

/// Whether a line is known to be page furniture.
pub(super) fn is_furniture(line: &str) -> bool {
    if line.len() > 400 {
        return false;
    }
    let lower = line.trim().to_lowercase();
    FURNITURE.contains(&lower.as_str())
        || FURNITURE_HEADS.iter().any(|head| lower.starts_with(head))
        || is_page_number(&lower)
        || (line.contains(" > ") && line.len() < 100 && !super::cut::ends_sentence(line))
}

/// Whether a line is the heading of an arXiv list page: what stands above it names the archive.
pub(super) fn is_list_heading(line: &str) -> bool {
    line.len() < 100 && line.to_ascii_lowercase().starts_with("authors and titles for ")
}

/// "12", "Page 3 of 10", "- 7 -".
fn is_page_number(lower: &str) -> bool {
    let core = lower.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '|'));
    let core = core.strip_prefix("page ").unwrap_or(core);
    !core.is_empty()
        && core.len() < 16
        && core
            .split(['/', ' '])
            .all(|word| word == "of" || (!word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_with_and_without_blank_and_colon() {
        let check = |input: &str, expected: Option<(Label, &str)>| {
            assert_eq!(read(input).map(|(label, at)| (label, &input[at..])), expected, "{input}");
        };
        check("Title:A Review", Some((Label::Title, "A Review")));
        check("Title: A Review", Some((Label::Title, "A Review")));
        check("**Authors:** Ann Lee", Some((Label::Authors, "Ann Lee")));
        check("Abstract", Some((Label::Abstract, "")));
        check("Comments", None);
        check("View PDF HTML (experimental)Abstract:Transformers", Some((Label::Abstract, "Transformers")));
        check("Abstract—We show", Some((Label::Abstract, "We show")));
        check("Journal-ref: J. Phys. 1 (2000)", Some((Label::JournalRef, "J. Phys. 1 (2000)")));
        check("Pathways: Asynchronous Dataflow", None);
        check("DOI: 10.1000/x", Some((Label::Reference, "10.1000/x")));
    }

    #[test]
    fn furniture_is_known() {
        for line in ["Skip to main content", "arxiv logo > cs > arXiv:2209.01667", "Page 3 of 10", "12", "View PDF"] {
            assert!(is_furniture(line), "{line}");
        }
        assert!(!is_furniture("Attention Is All You Need"));
    }
}
