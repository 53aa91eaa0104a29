//! Identifiers in CSL data: their variables, and the lines of notes in which programs write those that have none.

use super::super::in_periodical;
use super::{EntryReader, json_string_value};
use crate::model::{ArxivId, FieldName, Identifier, PlainField, Scheme};
use crate::yaml::Node;

/// The labels of identifiers in the lines of a note.
const LABELS: [(&str, Scheme); 5] = [
    ("PMID:", Scheme::Pmid),
    ("PMCID:", Scheme::Pmcid),
    ("DOI:", Scheme::Doi),
    ("ISBN:", Scheme::Isbn),
    ("ISSN:", Scheme::Issn),
];

/// The identifier that a line of a note gives and nothing else.
pub(in crate::format::csl) fn labelled_id(line: &str) -> Option<Identifier> {
    let line = line.trim();
    let (scheme, value) =
        LABELS.iter().find_map(|(label, scheme)| Some((*scheme, line.strip_prefix(label)?.trim())))?;
    Identifier::parse(scheme, value).filter(|_| !value.contains(char::is_whitespace))
}

/// The value of a variable that is called arXiv, with the label that it may lack.
pub(super) fn labelled(id: &str) -> String {
    if id.get(..6).is_some_and(|head| head.eq_ignore_ascii_case("arxiv:")) {
        id.to_owned()
    } else {
        format!("arXiv:{id}")
    }
}

impl EntryReader<'_, '_> {
    /// Takes identifier and class of an arXiv paper off the head of a note.
    pub(super) fn note(&mut self, note: &str) -> String {
        let (head, rest) = note.split_once('\n').unwrap_or((note, ""));
        let rest = match Self::arxiv_and_class(&self.syntax.exact(head)) {
            Some((id, class)) => {
                self.entry.add_arxiv(id);
                self.class = class;
                rest
            }
            None => note,
        };
        // Zotero writes what it has no field for a line each.
        if !LABELS.iter().any(|(label, _)| rest.contains(label)) {
            return rest.to_owned();
        }
        let mut lines = Vec::new();
        for line in rest.split('\n') {
            match labelled_id(&self.syntax.exact(line)) {
                Some(id) => self.add_id(id),
                None => lines.push(line),
            }
        }
        lines.join("\n")
    }

    /// Reads `arXiv:ID` or `arXiv:ID [class]`.
    pub(super) fn arxiv_and_class(text: &str) -> Option<(ArxivId, Option<String>)> {
        let (id, class) = match text.trim().split_once(' ') {
            Some((id, class)) => (id, Some(class.strip_prefix('[')?.strip_suffix(']')?)),
            None => (text.trim(), None),
        };
        let has_prefix = id.get(..6).is_some_and(|head| head.eq_ignore_ascii_case("arxiv:"));
        let id = ArxivId::parse(id).filter(|_| has_prefix || class.is_some())?;
        Some((id, class.map(str::to_owned)))
    }

    /// `number`: an arXiv id, the number of an article, or a number.
    pub(super) fn number(&mut self, name: &str, value: &Node) {
        let text = value.as_str().map(|text| self.syntax.exact(text)).unwrap_or_default();
        let has_prefix = text.get(..6).is_some_and(|head| head.eq_ignore_ascii_case("arxiv:"));
        match ArxivId::parse(&text).filter(|_| has_prefix) {
            Some(id) => self.entry.add_arxiv(id),
            None if in_periodical(self.entry.kind) => self.plain(name, PlainField::ArticleNumber, value),
            None => self.plain(name, PlainField::Number, value),
        }
    }

    pub(super) fn identifiers(&mut self, name: &str, scheme: Scheme, value: &Node) {
        for source in self.strings(name, value).unwrap_or_default() {
            let text = self.syntax.exact(source);
            // Crossref's addresses of numbers.
            let text = text.rsplit_once("id.crossref.org/isbn/").map_or(text.as_str(), |(_, number)| number);
            let text = text.to_owned();
            let several = matches!(scheme, Scheme::Isbn | Scheme::Issn) && Identifier::parse(scheme, &text).is_none();
            let parts: Vec<&str> = text.split([' ', ',', ';']).filter(|part| !part.is_empty()).collect();
            // Where one part is no number, the value as a whole is kept.
            let are_numbers = parts.iter().any(|part| Identifier::parse(scheme, part).is_some());
            let values = if several && are_numbers { parts } else { vec![text.as_str()] };
            for value in values.into_iter().filter(|value| !value.is_empty()) {
                if let Some(id) = Identifier::parse(scheme, value) {
                    self.add_id(id);
                } else {
                    self.malformed(FieldName::Id(scheme), &format!("`{value}` is no {name}"));
                    self.push_foreign(name, json_string_value(value));
                }
            }
        }
    }

    pub(super) fn add_id(&mut self, id: Identifier) {
        if let Identifier::Other(Scheme::Doi, doi) = &id
            && let Some(arxiv) = ArxivId::parse(doi)
        {
            self.entry.add_arxiv(arxiv);
        }
        self.entry.add_id(id);
    }
}
