//! Commands of TeX that read or write files, run programs, or hide that they do. Source: the `TeXbook`; the `LuaTeX` manual;
//! OWASP ASVS 1.2 on template injection.

use super::{Findings, shown};
use crate::diagnostic::Rule;
use crate::format::bibtex::{Block, BlockKind};

/// Commands that no datum needs.
const COMMANDS: [&str; 45] = [
    "input",
    "include",
    "InputIfFileExists",
    "write",
    "immediate",
    "openin",
    "openout",
    "read",
    "readline",
    "newread",
    "newwrite",
    "catcode",
    "csname",
    "directlua",
    "latelua",
    "luaexec",
    "luadirect",
    "ShellEscape",
    "special",
    "verbatiminput",
    "lstinputlisting",
    "includegraphics",
    "usepackage",
    "documentclass",
    "def",
    "edef",
    "gdef",
    "xdef",
    "let",
    "futurelet",
    "newcommand",
    "renewcommand",
    "providecommand",
    "expandafter",
    "scantokens",
    "everypar",
    "everyjob",
    "primitive",
    "pdffiledump",
    "pdfobj",
    "loop",
    "begingroup",
    "endinput",
    "AtBeginDocument",
    "AtEndDocument",
];

/// Of these a preamble is made, so that there only the others count.
const OF_PREAMBLES: [&str; 15] = [
    "def",
    "edef",
    "gdef",
    "xdef",
    "let",
    "futurelet",
    "newcommand",
    "renewcommand",
    "providecommand",
    "expandafter",
    "csname",
    "begingroup",
    "usepackage",
    "AtBeginDocument",
    "AtEndDocument",
];

pub(super) fn block(text: &str, block: &Block<'_>, found: &mut Findings<'_, '_>) {
    let is_preamble = match &block.kind {
        BlockKind::Entry(_) | BlockKind::Strings(_) => false,
        BlockKind::Preamble => true,
        BlockKind::Comment | BlockKind::Text | BlockKind::Failed => return,
    };
    for offset in memchr::memchr_iter(b'\\', &text.as_bytes()[block.range.clone()]) {
        let at = block.range.start + offset;
        let name = &text[at + 1..];
        let name = &name[..name.bytes().take_while(u8::is_ascii_alphabetic).count()];
        if !COMMANDS.contains(&name) || (is_preamble && OF_PREAMBLES.contains(&name)) {
            continue;
        }
        let fields = if let BlockKind::Entry(raw) = &block.kind { &raw.fields[..] } else { &[] };
        let field = fields.iter().find(|field| field.range.contains(&at));
        let end = at + 1 + name.len();
        let message = format!("`{}` is a command that no datum needs", shown(&text[at..end]));
        let finding = found.at(Rule::TexInjection, at..end, message);
        finding.field = field.map(|field| field.name.to_ascii_lowercase().into());
    }
}
