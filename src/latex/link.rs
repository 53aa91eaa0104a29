//! Links for outputs that have none.
//!
//! `\href{address}{text}` stays TeX in the model, because `.bib` files write it back as it was. An output without TeX prints
//! what a reader of paper needs: the text and, in round brackets, the address.

use super::decode::{Context, Decoder, address};
use crate::model::{Run, Text};
use std::borrow::Cow;

/// A text whose links are spelled out; the same text when it has none.
pub fn spell_links(text: &Text) -> Cow<'_, Text> {
    if has_link(text) { Cow::Owned(spelled(text)) } else { Cow::Borrowed(text) }
}

fn has_link(text: &Text) -> bool {
    text.runs().iter().any(|run| match run {
        Run::Tex(source) => source.starts_with(COMMAND),
        Run::Styled(_, inner) => has_link(inner),
        Run::Plain(_) | Run::Math(_) => false,
    })
}

const COMMAND: &str = "\\href";

fn spelled(text: &Text) -> Text {
    let mut out = Text::new();
    for run in text.runs() {
        match run {
            Run::Tex(source) => match link(source) {
                Some(link) => link.into_runs().into_iter().for_each(|run| out.push(run)),
                None => out.push(run.clone()),
            },
            Run::Styled(style, inner) => out.push(Run::Styled(*style, spelled(inner))),
            Run::Plain(_) | Run::Math(_) => out.push(run.clone()),
        }
    }
    out
}

/// A link's text with the address behind it; nothing when the command is another one.
fn link(source: &str) -> Option<Text> {
    let decoder = Decoder::new(source, Context::Bib);
    let target = decoder.group_at(COMMAND.len())?;
    let inside = decoder.group_at(target.end + 1)?;
    if !source.starts_with(COMMAND) || inside.end + 1 != source.len() {
        return None;
    }
    let mut out = Decoder::new(&source[inside], Context::Bib).decode();
    let target = address(&source[target]);
    if out.is_empty() {
        return Some(Text::plain(target));
    }
    out.push_str(" (");
    out.push_str(&target);
    out.push_str(")");
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::latex::decode_bib;

    #[test]
    fn a_link_is_its_text_and_its_address() {
        for (source, expected) in [
            (r"see \href{https://example.org/a\_b}{the \emph{site}}!", "see the site (https://example.org/a_b)!"),
            (r"\emph{\href{https://example.org}{here}}", "here (https://example.org)"),
            (r"\href{https://example.org}{}", "https://example.org"),
            (r"\foo{\href{https://example.org}{here}}", r"\foo{\href{https://example.org}{here}}"),
        ] {
            assert_eq!(spell_links(&decode_bib(source)).to_plain(), expected, "{source}");
        }
    }
}
