//! Which braces and which dollars of a text belong together, found in one pass before anything is read.
//!
//! Knowing the partners beforehand keeps the decoder linear and makes every odd brace or dollar a plain character: what
//! is not listed here has no partner. Escaped characters (`\{`, `\$`) are no braces and no dollars. This file knows no
//! commands but those that open and close mathematics.

/// The groups and formulas of a text, each sorted by where it begins.
#[derive(Default)]
pub(super) struct Structure {
    groups: Vec<(usize, usize)>,
    formulas: Vec<Formula>,
}

/// One formula: `$…$`, `$$…$$`, `\(…\)` or `\[…\]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Formula {
    /// Where its first delimiter begins.
    pub(super) open: usize,
    /// Where its last delimiter begins.
    pub(super) close: usize,
    /// The length of each delimiter in bytes.
    pub(super) fence: usize,
}

impl Structure {
    /// Finds the pairs. In `prose` a dollar before a number may be money: `$5 and $10` is no formula.
    pub(super) fn of(source: &str, prose: bool) -> Self {
        let bytes = source.as_bytes();
        if memchr::memchr3(b'\\', b'$', b'{', bytes).is_none() {
            return Self::default();
        }
        let groups = pair_braces(bytes);
        let formulas = if may_hold_formulas(bytes) { pair_formulas(bytes, &groups, prose) } else { Vec::new() };
        Self { groups, formulas }
    }

    /// The closing brace of the group that opens here.
    pub(super) fn group(&self, open: usize) -> Option<usize> {
        let at = self.groups.binary_search_by_key(&open, |group| group.0).ok()?;
        Some(self.groups[at].1)
    }

    /// The formula that opens here.
    pub(super) fn formula(&self, open: usize) -> Option<Formula> {
        let at = self.formulas.binary_search_by_key(&open, |formula| formula.open).ok()?;
        Some(self.formulas[at])
    }
}

/// Whether anything stands in a text that opens a formula.
fn may_hold_formulas(bytes: &[u8]) -> bool {
    let opens = |at: usize| matches!(bytes.get(at + 1), Some(b'(' | b'['));
    memchr::memchr(b'$', bytes).is_some() || memchr::memchr_iter(b'\\', bytes).any(opens)
}

fn pair_braces(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut open = Vec::new();
    let mut groups = Vec::new();
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr3(b'\\', b'{', b'}', rest)) {
        at += found;
        match bytes[at] {
            b'\\' => at += 1,
            b'{' => open.push(at),
            _ => groups.extend(open.pop().map(|start| (start, at))),
        }
        at += 1;
    }
    groups.sort_unstable();
    groups
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fence {
    Dollar,
    Dollars,
    Round,
    Square,
}

/// A formula that has opened: where, how, and whether an odd brace stands in it.
type Pending = Option<(usize, Fence, bool)>;

/// The group that is being read: where it ends, the formula that is open in it, and the formulas found.
struct Pairing<'a> {
    bytes: &'a [u8],
    prose: bool,
    /// Outer groups: the end of each and what was open in it.
    outer: Vec<(usize, Pending)>,
    end: usize,
    pending: Pending,
    formulas: Vec<Formula>,
}

fn pair_formulas(bytes: &[u8], groups: &[(usize, usize)], prose: bool) -> Vec<Formula> {
    let mut pairing = Pairing { bytes, prose, outer: Vec::new(), end: usize::MAX, pending: None, formulas: Vec::new() };
    let mut groups = groups.iter().peekable();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => {
                pairing.escape(at);
                at += 1;
            }
            b'{' => match groups.next_if(|group| group.0 == at) {
                Some(group) => pairing.enter(group.1),
                None => pairing.spoil(),
            },
            b'}' if at == pairing.end => pairing.leave(),
            b'}' => pairing.spoil(),
            b'$' => at += pairing.dollar(at),
            _ => {}
        }
        at += 1;
    }
    pairing.formulas.sort_unstable_by_key(|formula| formula.open);
    pairing.formulas
}

impl Pairing<'_> {
    fn enter(&mut self, end: usize) {
        self.outer.push((self.end, self.pending.take()));
        self.end = end;
    }

    fn leave(&mut self) {
        if let Some((end, pending)) = self.outer.pop() {
            (self.end, self.pending) = (end, pending);
        }
    }

    /// An odd brace: the formula that is open here cannot be balanced, and is read as characters.
    fn spoil(&mut self) {
        if let Some((_, _, spoilt)) = &mut self.pending {
            *spoilt = true;
        }
    }

    fn escape(&mut self, at: usize) {
        let within_dollars = matches!(self.pending, Some((_, Fence::Dollar | Fence::Dollars, _)));
        match self.bytes.get(at + 1) {
            Some(b'(') if !within_dollars => self.pending = Some((at, Fence::Round, false)),
            Some(b'[') if !within_dollars => self.pending = Some((at, Fence::Square, false)),
            Some(b')') => self.close(at, Fence::Round, 2),
            Some(b']') => self.close(at, Fence::Square, 2),
            _ => {}
        }
    }

    fn close(&mut self, at: usize, fence: Fence, width: usize) {
        let Some((open, opened, spoilt)) = self.pending else { return };
        if opened == fence {
            self.pending = None;
            if !spoilt && open + width < at {
                self.formulas.push(Formula { open, close: at, fence: width });
            }
        }
    }

    /// Reads a dollar and says how many bytes more than one were read.
    fn dollar(&mut self, at: usize) -> usize {
        let doubled = self.bytes.get(at + 1) == Some(&b'$');
        match self.pending {
            Some((open, Fence::Dollar, _)) if self.prose && self.is_money(open, at) => {
                self.pending = Some((at, Fence::Dollar, false));
            }
            Some((_, Fence::Dollar, _)) => self.close(at, Fence::Dollar, 1),
            Some((_, Fence::Dollars, _)) if doubled => {
                self.close(at, Fence::Dollars, 2);
                return 1;
            }
            // `$$x$`: the first dollar was one too many.
            Some((open, Fence::Dollars, spoilt)) => {
                self.pending = Some((open + 1, Fence::Dollar, spoilt));
                self.close(at, Fence::Dollar, 1);
            }
            Some((_, Fence::Round | Fence::Square, _)) | None => {
                self.pending = Some((at, if doubled { Fence::Dollars } else { Fence::Dollar }, false));
                return usize::from(doubled);
            }
        }
        0
    }

    /// Two dollars that stand before numbers, the second behind a blank.
    fn is_money(&self, open: usize, close: usize) -> bool {
        let number_behind = |at: usize| self.bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        let blank_before = matches!(self.bytes[close - 1], b' ' | b'\n' | b'\t' | b'(');
        number_behind(open) && number_behind(close) && blank_before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_paired_within_their_group() {
        let check = |source: &str, expected: &[&str]| {
            let found = Structure::of(source, true).formulas;
            let found: Vec<&str> = found.iter().map(|f| &source[f.open + f.fence..f.close]).collect();
            assert_eq!(found, expected, "{source}");
        };
        check("$a$ and $b$", &["a", "b"]);
        check("$$a$$ and $b$$c$", &["a", "b", "c"]);
        check(r"\(a\) \[b\] \\[2pt] \)", &["a", "b"]);
        check(r"$a \text{if $x$} b$", &[r"a \text{if $x$} b", "x"]);
        check("odd $ dollar", &[]);
        check("{$a} b$", &[]);
        check("$a_{1$ and $x$", &["x"]);
        check(r"a\$b $c\$d$", &[r"c\$d"]);
        check("$5 and $10", &[]);
        check("$5 and $10 and $x$", &["10 and "]);
        check("$$x$ y", &["x"]);
        check("$$ $", &[" "]);
        check("$}$ {$", &[]);
    }
}
