//! Hugging Face: papers and daily papers. Every paper there is an arXiv paper; `ai_summary` is not its abstract.

use super::draft::{Draft, all, arxiv_record, first};
use crate::model::{ArxivId, Role};
use crate::record::author_from_display;
use serde_json::Value;

pub(super) fn read(record: &Value, draft: &mut Draft<'_>) {
    let (title, summary) = (first(record, "title"), first(record, "summary"));
    let date = first(record, "publishedAt").unwrap_or_default();
    let id = first(record, "id");
    if let Some(id) = id.as_deref().and_then(ArxivId::parse) {
        draft.preprint(&arxiv_record(&id, title, summary, &date));
    } else {
        super::crawler::read(record, draft);
        return id.into_iter().for_each(|id| draft.foreign("id", id));
    }
    // Hidden authors are hidden on the page, not on the paper.
    let names: Vec<_> = all(record, "authors.name").iter().map(|name| author_from_display(name)).collect();
    draft.people(Role::Author, names);
}
