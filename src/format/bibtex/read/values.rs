//! What single values say once their macros are gone: texts, pages, addresses, identifiers, lists of keywords.
//!
//! Must not know which field an entry gets from them.

use crate::format::bibtex::{names, pages, vocabulary};
use crate::latex;
use crate::model::{FieldName, PlainField, Text};

pub(super) fn decode_text(value: &str) -> Text {
    latex::decode_bib(&names::fold_blanks(value))
}

/// Whether a field's value is LaTeX, in which a dollar sign begins mathematics.
pub(super) const fn holds_latex(name: FieldName) -> bool {
    matches!(name, FieldName::Text(_) | FieldName::List(_) | FieldName::People(_))
}

/// A value that may be one of BibLaTeX's localisation keys, which stands for its words.
pub(super) fn decode_words(name: FieldName, value: &str) -> Text {
    vocabulary::words_of(name, value).map_or_else(|| decode_text(value), Text::plain)
}

/// Whether a dollar sign that begins mathematics is left without one that ends it.
pub(super) fn has_odd_dollar(value: &str) -> bool {
    let bytes = value.as_bytes();
    let is_escaped = |at: usize| bytes[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
    memchr::memchr_iter(b'$', bytes).filter(|at| !is_escaped(*at)).count() % 2 == 1
}

/// A value without markup.
pub(super) fn decode_string(value: &str) -> String {
    let value = value.trim();
    if value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b':' | b'/' | b',')) {
        return value.to_owned();
    }
    decode_text(value).to_plain()
}

pub(super) fn decode_plain(field: PlainField, value: &str) -> String {
    match field {
        PlainField::Url => address(value).0,
        PlainField::File | PlainField::Options | PlainField::CrossReference | PlainField::KeyAliases => {
            value.to_owned()
        }
        PlainField::Pages => pages::normalised(&decode_string_of_pages(value)),
        PlainField::Volume
        | PlainField::Issue
        | PlainField::Number
        | PlainField::Part
        | PlainField::PageTotal
        | PlainField::Pagination
        | PlainField::BookPagination
        | PlainField::Chapter
        | PlainField::Section
        | PlainField::Edition
        | PlainField::Volumes
        | PlainField::ArticleNumber
        | PlainField::Version
        | PlainField::CallNumber
        | PlainField::Archive
        | PlainField::ArchiveLocation
        | PlainField::Database
        | PlainField::LanguageId
        | PlainField::SortKey
        | PlainField::JournalSeries => decode_string(value),
    }
}

fn decode_string_of_pages(value: &str) -> String {
    if value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b',' | b' ' | b'.' | b':' | b'+')) {
        return value.to_owned();
    }
    decode_string(value)
}

/// The first address of a value, without the command, braces or angle brackets round it; and whether the value says more
/// than that.
pub(super) fn address(value: &str) -> (String, bool) {
    let value = value.trim();
    let value = whole_braces(value).unwrap_or(value).trim();
    let (target, text, rest) = if let Some((target, rest)) = value.strip_prefix("\\url").and_then(first_group) {
        (target, "", rest)
    } else if let Some((target, rest)) = value.strip_prefix("\\href").and_then(first_group) {
        let (text, rest) = first_group(rest).unwrap_or(("", rest));
        (target, text, rest)
    } else {
        let inner = value.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
        (inner.unwrap_or(value), "", "")
    };
    let target = unescape(target.trim());
    let text = text.trim().strip_prefix("\\url").and_then(whole_braces).unwrap_or(text).trim();
    let says_more = !rest.trim().is_empty() || !text.is_empty() && unescape(text) != target;
    (target, says_more)
}

/// What stands in the braces that a text begins with, and what behind them.
fn first_group(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let mut depth = 0_usize;
    let end = text.bytes().position(|b| {
        depth = match b {
            b'{' => depth + 1,
            b'}' => depth.saturating_sub(1),
            _ => depth,
        };
        depth == 0
    })?;
    text.starts_with('{').then(|| (&text[1..end], &text[end + 1..]))
}

/// Ways in which signs are escaped in addresses, longer ones first. Mendeley puts braces round every sign.
const SPELLINGS: [(&str, &str); 22] = [
    ("{\\~{}}", "~"),
    ("\\~{}", "~"),
    ("$\\sim$", "~"),
    ("{\\textasciitilde}", "~"),
    ("\\textasciitilde{}", "~"),
    ("{~}", "~"),
    ("{\\textunderscore}", "_"),
    ("\\textunderscore{}", "_"),
    ("\\textunderscore ", "_"),
    ("{\\textless}", "<"),
    ("\\textless{}", "<"),
    ("{\\textgreater}", ">"),
    ("\\textgreater{}", ">"),
    ("{\\_}", "_"),
    ("{\\%}", "%"),
    ("{\\&}", "&"),
    ("{\\#}", "#"),
    ("{\\$}", "$"),
    ("{\\{}", "{"),
    ("{\\}}", "}"),
    ("{\\textbackslash}", "\\"),
    ("\\textbackslash{}", "\\"),
];

/// Addresses and identifiers hold no LaTeX, but many files escape the signs that LaTeX reads.
pub(super) fn unescape(value: &str) -> String {
    if !value.contains(['\\', '{', '$']) {
        return value.to_owned();
    }
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(c) = rest.chars().next() {
        if let Some((spelling, sign)) = SPELLINGS.iter().find(|(spelling, _)| rest.starts_with(spelling)) {
            out.push_str(sign);
            rest = &rest[spelling.len()..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        // Behind a backslash the sign itself.
        match rest.chars().next().filter(|next| c == '\\' && "_%&#~$/{}".contains(*next)) {
            Some(sign) => {
                out.push(sign);
                rest = &rest[sign.len_utf8()..];
            }
            None => out.push(c),
        }
    }
    out
}

/// The inside of a value that is one brace group as a whole.
pub(super) fn whole_braces(value: &str) -> Option<&str> {
    let inner = value.strip_prefix('{')?.strip_suffix('}')?;
    let mut depth = 0_isize;
    let closes_early = inner.bytes().any(|b| {
        depth += isize::from(b == b'{') - isize::from(b == b'}');
        depth < 0
    });
    (!closes_early && depth == 0).then_some(inner)
}

/// Keywords are parted by commas, else by semicolons; those inside braces do not part.
pub(super) fn split_keywords(value: &str) -> Vec<&str> {
    let at_depth = |separator: char| {
        let mut depth = 0_usize;
        value
            .split(move |c: char| {
                match c {
                    '{' => depth += 1,
                    '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                c == separator && depth == 0
            })
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .collect::<Vec<_>>()
    };
    let by_comma = at_depth(',');
    if by_comma.len() > 1 { by_comma } else { at_depth(';') }
}

pub(super) fn bibcode(value: &str) -> Option<String> {
    let code = match value.find("/abs/") {
        Some(at) => &value[at + 5..],
        None if value.contains("://") => return None,
        None => value,
    };
    let code = unescape(code).replace("%26", "&");
    (code.len() == 19 && !code.contains(char::is_whitespace)).then_some(code)
}

pub(super) fn dblp_key(value: &str) -> Option<String> {
    let rest = value.split_once("dblp.org/rec/").or_else(|| value.split_once("dblp.uni-trier.de/rec/"))?.1;
    let rest = rest.strip_prefix("bib/").unwrap_or(rest);
    let key = rest.strip_suffix(".bib").unwrap_or(rest);
    (!key.is_empty()).then(|| key.to_owned())
}
