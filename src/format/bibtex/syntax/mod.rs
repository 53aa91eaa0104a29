//! Splits a `.bib` file into blocks, forgivingly and without losing a byte.
//!
//! The rules are BibTeX's own (`bibtex.web`, "Reading the database file"): `{}` or `()` delimit a block, braces count
//! whatever stands before them, a quote ends a string only outside braces, `@` outside blocks starts one. Where a block
//! does not close, a line that starts the next one ends it. The ranges of the blocks, put together, are the whole text.
//! One pass, no recursion; must not know what fields mean.

use crate::diagnostic::Rule;
use std::ops::Range;

/// Splits a text into its blocks.
pub fn split(text: &str) -> Blocks<'_> {
    Blocks { text, bytes: text.as_bytes(), at: 0, end: text.len(), indented: false, faults: Vec::new() }
}

/// One block: an entry, a definition, a comment, or what stands between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'t> {
    /// Its bytes in the text; the next block begins where this one ends.
    pub range: Range<usize>,
    /// What it is.
    pub kind: BlockKind<'t>,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
}

/// What a block is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockKind<'t> {
    /// `@article{key, …}`.
    Entry(RawEntry<'t>),
    /// `@string{name = value}`; several definitions in one block are accepted.
    Strings(Vec<RawField<'t>>),
    /// `@preamble{value}`.
    Preamble,
    /// `@comment{…}`.
    Comment,
    /// Anything between blocks.
    Text,
    /// A block that cannot be read at all.
    Failed,
}

/// An entry, its values not interpreted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawEntry<'t> {
    /// The type as written, without `@`.
    pub word: &'t str,
    /// The citation key as written; empty where there is none.
    pub key: &'t str,
    /// The key's bytes in the text.
    pub key_range: Range<usize>,
    /// The fields in order.
    pub fields: Vec<RawField<'t>>,
}

/// A field, its value not interpreted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawField<'t> {
    /// The name as written.
    pub name: &'t str,
    /// The value.
    pub value: Value<'t>,
    /// From the first byte of the name to the last of the value.
    pub range: Range<usize>,
    /// The first byte of the value, its delimiter included.
    pub value_at: usize,
}

/// A value: parts joined by `#`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value<'t> {
    /// The first part.
    pub first: Part<'t>,
    /// The others.
    pub rest: Vec<Part<'t>>,
}

/// One part of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'t> {
    /// What stood between braces.
    Braced(&'t str),
    /// What stood between quotes.
    Quoted(&'t str),
    /// Digits without delimiters.
    Number(&'t str),
    /// The name of a definition.
    Macro(&'t str),
}

/// Something wrong in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The rule that is broken.
    pub rule: Rule,
    /// Where.
    pub range: Range<usize>,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
}

/// The blocks of a text, in order.
#[derive(Clone, Debug)]
pub struct Blocks<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Nothing at or behind this byte belongs to the block being read.
    end: usize,
    /// Whether a block may also start behind blanks on its line: once a value ran to the end of the text, such a line
    /// ends an unclosed value as well. Without this bound, files of unclosed indented entries would take square time.
    indented: bool,
    faults: Vec<Fault>,
}

/// A value does not close; the block may reach up to this byte at most.
struct Unclosed(usize);

/// The head of a block: `@word{`.
struct Head<'t> {
    word: &'t str,
    /// Behind the bracket.
    body: usize,
    close: u8,
}

/// So many fields an entry has place for at first; most have no more.
const USUAL_FIELDS: usize = 12;

impl<'t> Iterator for Blocks<'t> {
    type Item = Block<'t>;

    fn next(&mut self) -> Option<Block<'t>> {
        if self.at >= self.bytes.len() {
            return None;
        }
        self.end = self.bytes.len();
        let start = self.at;
        let kind = match self.head(start) {
            Some(head) if !self.is_in_comment_line(start) => self.block(&head),
            _ => self.free_text(),
        };
        Some(Block { range: start..self.at, kind, faults: std::mem::take(&mut self.faults) })
    }
}

impl<'t> Blocks<'t> {
    fn block(&mut self, head: &Head<'t>) -> BlockKind<'t> {
        let start = self.at;
        self.at = head.body;
        if head.word.eq_ignore_ascii_case("comment") {
            return self.comment(head);
        }
        if head.word.eq_ignore_ascii_case("preamble") {
            return self.preamble(head, start);
        }
        if head.word.eq_ignore_ascii_case("string") {
            return BlockKind::Strings(self.fields(head, start));
        }
        let (key, key_range) = self.key(head.close);
        let fields = self.fields(head, start);
        if key.is_empty() && fields.is_empty() {
            // What is not closed has been reported.
            if self.faults.is_empty() {
                self.fault(Rule::MalformedRecord, start..self.at, "the entry has neither key nor fields");
            }
            return BlockKind::Failed;
        }
        if key.is_empty() {
            self.fault(Rule::MalformedRecord, start..head.body, "the entry has no key");
        }
        BlockKind::Entry(RawEntry { word: head.word, key, key_range, fields })
    }

    /// Everything up to the next block.
    fn free_text(&mut self) -> BlockKind<'t> {
        let start = self.at;
        let mut from = start + 1;
        self.at = loop {
            match memchr::memchr(b'@', self.bytes.get(from..).unwrap_or_default()) {
                None => break self.bytes.len(),
                Some(offset) => {
                    let at = from + offset;
                    if self.head(at).is_some() && !self.is_in_comment_line(at) {
                        break at;
                    }
                    from = at + 1;
                }
            }
        };
        let text = &self.text[start..self.at];
        if text.trim_start().starts_with('}') {
            let brace = start + text.find('}').unwrap_or(0);
            self.fault(Rule::UnbalancedBrace, brace..brace + 1, "a brace closes what was never opened");
        }
        BlockKind::Text
    }

    /// A comment goes to its closing bracket; one that has none is a line.
    fn comment(&mut self, head: &Head<'t>) -> BlockKind<'t> {
        let body = head.body;
        if let Ok(end) = self.balanced(body, head.close, self.indented) {
            self.at = end + 1;
        } else {
            self.indented = true;
            self.at = self.line_end(body);
        }
        BlockKind::Comment
    }

    fn preamble(&mut self, head: &Head<'t>, start: usize) -> BlockKind<'t> {
        match self.balanced(head.body, head.close, true) {
            Ok(end) => {
                self.at = end + 1;
                BlockKind::Preamble
            }
            Err(Unclosed(limit)) => {
                self.at = limit;
                self.fault(Rule::UnclosedEntry, start..head.body, "the preamble is not closed");
                BlockKind::Failed
            }
        }
    }

    /// The citation key, and the comma behind it.
    fn key(&mut self, close: u8) -> (&'t str, Range<usize>) {
        self.skip_blanks();
        let start = self.at;
        let stops = |b: u8| matches!(b, b',' | b'=' | b'{' | b'}' | b'"' | b'\n' | b'\r') || b == close;
        let length = self.bytes[start..self.end].iter().position(|b| stops(*b)).unwrap_or(self.end - start);
        let key = self.text[start..start + length].trim_end();
        self.at = start + length;
        self.skip_blanks();
        match self.byte() {
            Some(b',') => {
                self.at += 1;
                (key, start..start + key.len())
            }
            // What looked like a key is a field's name; the last word of it, when a key stands before.
            Some(b'=') => {
                let name_at = key.rfind(char::is_whitespace).map_or(0, |at| at + 1);
                self.at = start + name_at;
                let key = key[..name_at].trim_end();
                if !key.is_empty() {
                    self.missing_comma(start + key.len());
                }
                (key, start..start + key.len())
            }
            Some(b) if b == close => (key, start..start + key.len()),
            // The entry ends in its key, which is said when its end is looked for.
            Some(b'@') if self.starts_entry(self.at) => (key, start..start + key.len()),
            Some(_) => {
                if key.is_empty() {
                    self.skip_junk(close);
                } else {
                    self.missing_comma(start + key.len());
                }
                (key, start..start + key.len())
            }
            None => (key, start..start + key.len()),
        }
    }

    /// The fields up to the closing bracket, which is read too.
    fn fields(&mut self, head: &Head<'t>, start: usize) -> Vec<RawField<'t>> {
        let close = head.close;
        let mut fields = Vec::with_capacity(USUAL_FIELDS);
        let mut salvaged = false;
        loop {
            self.skip_blanks_and_comments();
            match self.byte() {
                None if salvaged => break, // The value that did not close has been reported.
                None => {
                    if !self.reopen_last(&mut fields) {
                        self.fault(Rule::UnclosedEntry, start..head.body, "the entry is not closed");
                        break;
                    }
                    salvaged = true;
                    continue;
                }
                Some(b) if b == close && self.goes_on() => {
                    self.fault(
                        Rule::UnbalancedBrace,
                        self.at..self.at + 1,
                        "a brace closes the entry before its last field",
                    );
                    self.at += 1;
                    continue;
                }
                Some(b) if b == close => {
                    self.at += 1;
                    break;
                }
                Some(b',') => {
                    self.at += 1;
                    continue;
                }
                Some(b'@') if self.starts_entry(self.at) => {
                    self.end = self.at;
                    continue;
                }
                Some(_) => {}
            }
            match self.field(close) {
                Ok(field) => fields.extend(field),
                Err((field, Unclosed(limit))) => {
                    fields.push(field);
                    self.end = limit;
                    if salvaged {
                        self.at = limit;
                        break;
                    }
                    salvaged = true;
                }
            }
        }
        fields
    }

    /// In an entry that does not close the last value may have taken the brace that was meant for the entry: then fields
    /// stand on its further lines. It is read again as one that ends before them.
    fn reopen_last(&mut self, fields: &mut [RawField<'t>]) -> bool {
        let Some(RawField { name, value, range, .. }) = fields.last_mut() else { return false };
        let (Part::Braced(content), true) = (value.first, value.rest.is_empty()) else { return false };
        let Some(length) = before_line(content, starts_field) else { return false };
        let content_at = range.end - 1 - content.len();
        let message = format!("the value of `{name}` is not closed");
        self.at = content_at + length;
        range.end = self.at;
        let content = content[..length].trim_end();
        value.first = Part::Braced(content.strip_suffix(',').unwrap_or(content));
        self.fault(Rule::UnclosedEntry, content_at - 1..content_at, &message);
        true
    }

    /// One field; none where what stands there is no field and was skipped. A value that does not close is taken to reach
    /// to the line before the next field or the closing bracket, else to the end of its line.
    fn field(&mut self, close: u8) -> Result<Option<RawField<'t>>, (RawField<'t>, Unclosed)> {
        let start = self.at;
        let length = self.bytes[start..self.end].iter().position(|b| !is_name_byte(*b)).unwrap_or(self.end - start);
        let name = &self.text[start..start + length];
        self.at = start + length;
        self.skip_blanks();
        if name.is_empty() || self.byte() != Some(b'=') {
            self.skip_junk(close);
            if self.byte() == Some(close) && self.goes_on() {
                self.at += 1;
            }
            let what = format!("`{}` is no field", shortened(&self.text[start..self.at]));
            self.fault(Rule::MalformedRecord, start..self.at, &what);
            return Ok(None);
        }
        self.at += 1;
        self.skip_blanks();
        let value_at = self.at;
        match self.value(close) {
            Ok(Some(value)) => {
                let range = start..self.at;
                self.skip_blanks_and_comments();
                match self.byte() {
                    Some(b',') => self.at += 1,
                    // What is no field is said to be none.
                    Some(_) if self.is_field(self.at) => self.missing_comma(range.end),
                    _ => {}
                }
                Ok(Some(RawField { name, value, range, value_at }))
            }
            Ok(None) => {
                self.fault(Rule::MalformedRecord, start..self.at, &format!("the field `{name}` has no value"));
                self.skip_junk(close);
                Ok(None)
            }
            Err(unclosed) => {
                self.fault(
                    Rule::UnclosedEntry,
                    value_at..value_at + 1,
                    &format!("the value of `{name}` is not closed"),
                );
                let ends = |line: &str| starts_field(line) || line.starts_with(char::from(close));
                let behind = before_line(&self.text[value_at..unclosed.0], ends).map(|length| value_at + length);
                self.at = behind.unwrap_or_else(|| self.line_end(value_at).min(unclosed.0));
                let line = self.text[value_at..self.at].trim_end();
                let line = line.strip_suffix(',').unwrap_or(line);
                let value = Value { first: Part::Braced(line.get(1..).unwrap_or_default()), rest: Vec::new() };
                Err((RawField { name, value, range: start..self.at, value_at }, unclosed))
            }
        }
    }

    /// A value: parts joined by `#`.
    fn value(&mut self, close: u8) -> Result<Option<Value<'t>>, Unclosed> {
        let Some(first) = self.part(close)? else { return Ok(None) };
        let mut value = Value { first, rest: Vec::new() };
        loop {
            let end = self.at;
            self.skip_blanks();
            if self.byte() != Some(b'#') {
                self.at = end;
                return Ok(Some(value));
            }
            self.at += 1;
            self.skip_blanks();
            match self.part(close)? {
                Some(part) => value.rest.push(part),
                None => return Ok(Some(value)),
            }
        }
    }

    fn part(&mut self, close: u8) -> Result<Option<Part<'t>>, Unclosed> {
        let start = self.at;
        match self.byte() {
            Some(b'{') => {
                let end = self.balanced(start + 1, b'}', true)?;
                self.at = end + 1;
                Ok(Some(Part::Braced(&self.text[start + 1..end])))
            }
            Some(b'"') => {
                let end = self.quoted(start + 1)?;
                self.at = end + 1;
                Ok(Some(Part::Quoted(&self.text[start + 1..end])))
            }
            _ => {
                let stops =
                    |b: u8| b.is_ascii_whitespace() || matches!(b, b',' | b'#' | b'{' | b'}' | b'"') || b == close;
                let rest = &self.bytes[start..self.end];
                let length = rest.iter().position(|b| stops(*b)).unwrap_or(rest.len());
                let word = &self.text[start..start + length];
                self.at = start + length;
                Ok(match word {
                    "" => None,
                    digits if digits.bytes().all(|b| b.is_ascii_digit()) => Some(Part::Number(digits)),
                    name => Some(Part::Macro(name)),
                })
            }
        }
    }

    /// The place of the bracket that closes what was opened before `from`.
    fn balanced(&mut self, from: usize, close: u8, heads_end: bool) -> Result<usize, Unclosed> {
        let mut depth = 0_usize;
        let mut at = from;
        if close == b')' {
            return self.closing_parenthesis(from);
        }
        while let Some(offset) = memchr::memchr3(b'{', b'}', b'@', &self.bytes[at..self.end]) {
            at += offset;
            match self.bytes[at] {
                b'{' => depth += 1,
                b'}' if depth == 0 => return Ok(at),
                b'}' => depth -= 1,
                _ if heads_end && self.starts_entry(at) => return Err(Unclosed(at)),
                _ => {}
            }
            at += 1;
        }
        Err(self.ran_out(from))
    }

    /// The place of the parenthesis that closes a block; those inside braces do not count.
    fn closing_parenthesis(&mut self, from: usize) -> Result<usize, Unclosed> {
        let mut depth = 0_usize;
        for at in from..self.end {
            match self.bytes[at] {
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                b')' if depth == 0 => return Ok(at),
                b'@' if self.starts_entry(at) => return Err(Unclosed(at)),
                _ => {}
            }
        }
        Err(self.ran_out(from))
    }

    /// The place of the quote that ends a string: the next one outside braces.
    fn quoted(&mut self, from: usize) -> Result<usize, Unclosed> {
        let mut depth = 0_usize;
        for at in from..self.end {
            match self.bytes[at] {
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                b'"' if depth == 0 => return Ok(at),
                b'@' if self.starts_entry(at) => return Err(Unclosed(at)),
                _ => {}
            }
        }
        Err(self.ran_out(from))
    }

    /// Something ran to the end of the text: it ends before the next line that starts an entry behind blanks.
    fn ran_out(&mut self, from: usize) -> Unclosed {
        if self.indented || self.end < self.bytes.len() {
            return Unclosed(self.end);
        }
        self.indented = true;
        let next = memchr::memchr_iter(b'@', &self.bytes[from..self.end]).find(|at| self.starts_entry(from + at));
        Unclosed(next.map_or(self.end, |at| from + at))
    }

    /// Skips what is no field: to the next comma, or before the closing bracket or the next entry.
    fn skip_junk(&mut self, close: u8) {
        let mut depth = 0_usize;
        while let Some(byte) = self.byte() {
            match byte {
                b',' if depth == 0 => return,
                b if b == close && depth == 0 => return,
                b'@' if self.starts_entry(self.at) => return,
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Whether a field stands at this place: a name and an equals sign.
    fn is_field(&self, at: usize) -> bool {
        let rest = &self.bytes[at..self.end];
        let length = rest.iter().take_while(|b| is_name_byte(**b)).count();
        length > 0 && rest[length..].iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'=')
    }

    /// Whether the entry goes on behind the brace that stands here: only there a comma is followed by a field.
    fn goes_on(&self) -> bool {
        let blanks = |from: usize| self.bytes[from..self.end].iter().take_while(|b| b.is_ascii_whitespace()).count();
        let comma = self.at + 1 + blanks(self.at + 1);
        self.bytes[..self.end].get(comma) == Some(&b',') && self.is_field(comma + 1 + blanks(comma + 1))
    }

    /// `@word{` or `@word(` at this place.
    fn head(&self, at: usize) -> Option<Head<'t>> {
        if self.bytes.get(at) != Some(&b'@') || (at > 0 && self.bytes[at - 1].is_ascii_alphanumeric()) {
            return None;
        }
        let blanks = |from: usize| self.bytes[from..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        let word_at = at + 1 + blanks(at + 1);
        let length = self.bytes[word_at..].iter().take_while(|b| is_name_byte(**b) && **b != b'@').count();
        let open = word_at + length + blanks(word_at + length);
        let close = match self.bytes.get(open)? {
            b'{' => b'}',
            b'(' => b')',
            _ => return None,
        };
        let word = &self.text[word_at..word_at + length];
        word.starts_with(|c: char| c.is_ascii_alphabetic()).then_some(Head { word, body: open + 1, close })
    }

    /// Whether an entry with key and comma, or a definition, starts at this place and at the start of its line. Such a
    /// line inside a value shows that the value was not closed.
    fn starts_entry(&self, at: usize) -> bool {
        let before = &self.bytes[..at];
        let line_start = match before.last() {
            None | Some(b'\n' | b'\r') => true,
            Some(b' ' | b'\t') if self.indented => {
                let blanks = before.iter().rev().take(16).take_while(|b| matches!(b, b' ' | b'\t')).count();
                matches!(before.iter().rev().nth(blanks), None | Some(b'\n' | b'\r'))
            }
            Some(_) => false,
        };
        if !line_start {
            return false;
        }
        let Some(head) = self.head(at) else { return false };
        let rest = &self.bytes[head.body..];
        let stop = rest.iter().take(256).position(|b| matches!(b, b',' | b'=' | b'\n' | b'\r' | b'{' | b'}'));
        match stop.map(|stop| rest[stop]) {
            Some(b',') => true,
            Some(b'=') => head.word.eq_ignore_ascii_case("string"),
            Some(_) | None => head.word.eq_ignore_ascii_case("preamble") || head.word.eq_ignore_ascii_case("comment"),
        }
    }

    /// Whether a `%` at the start of the line makes it a comment, as biber and people take it.
    fn is_in_comment_line(&self, at: usize) -> bool {
        let before = &self.bytes[at.saturating_sub(256)..at];
        let line = before.iter().rposition(|b| matches!(b, b'\n' | b'\r')).map_or(before, |end| &before[end + 1..]);
        line.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'%')
    }

    fn byte(&self) -> Option<u8> {
        (self.at < self.end).then(|| self.bytes[self.at])
    }

    fn skip_blanks(&mut self) {
        while self.byte().is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn skip_blanks_and_comments(&mut self) {
        self.skip_blanks();
        while self.byte() == Some(b'%') {
            self.at = self.line_end(self.at).min(self.end);
            self.skip_blanks();
        }
    }

    fn line_end(&self, from: usize) -> usize {
        memchr::memchr2(b'\n', b'\r', &self.bytes[from..self.end]).map_or(self.end, |offset| from + offset)
    }

    fn missing_comma(&mut self, at: usize) {
        self.fault(Rule::MissingComma, at..at + 1, "a comma is missing");
    }

    fn fault(&mut self, rule: Rule, range: Range<usize>, message: &str) {
        // One block may break one rule again and again; a handful of reports says as much.
        if self.faults.len() < 8 {
            self.faults.push(Fault { rule, range, message: message.to_owned() });
        }
    }
}

impl<'t> Value<'t> {
    /// The parts in order.
    pub fn parts(&self) -> impl Iterator<Item = Part<'t>> + '_ {
        std::iter::once(self.first).chain(self.rest.iter().copied())
    }
}

/// BibTeX's identifiers: anything but white space and the signs that have a meaning.
fn is_name_byte(b: u8) -> bool {
    !b.is_ascii_whitespace()
        && !b.is_ascii_control()
        && !matches!(b, b'"' | b'#' | b'%' | b'\'' | b'(' | b')' | b',' | b'=' | b'{' | b'}')
}

/// How far a value reaches that is followed by such a line, which is shown without the blanks in front; nothing where no
/// such line follows.
fn before_line(value: &str, is_wanted: impl Fn(&str) -> bool) -> Option<usize> {
    memchr::memchr2_iter(b'\n', b'\r', value.as_bytes()).find(|at| {
        let line = value[at + 1..].trim_start_matches([' ', '\t']);
        !line.starts_with(['\n', '\r']) && is_wanted(line)
    })
}

/// Whether a line begins with a field: a name, an equals sign, and the beginning of a value that can be no word.
fn starts_field(line: &str) -> bool {
    let name_length = line.bytes().take_while(|b| is_name_byte(*b)).count();
    let behind = line[name_length..].trim_start_matches([' ', '\t']).strip_prefix('=').map(str::trim_start);
    name_length > 0
        && behind.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '{' | '"')))
}

/// The beginning of a text, for messages.
fn shortened(text: &str) -> String {
    let mut line: String = text.split(['\n', '\r']).next().unwrap_or_default().chars().take(40).collect();
    if line.len() < text.trim_end().len() {
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests;
