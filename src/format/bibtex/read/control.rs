//! Control characters in an entry: NUL and escape characters come from broken programs and copies of terminals, mean
//! nothing in a bibliography, and stop BibTeX and biber. They are taken out, which is said once for an entry.

use super::gather::Gathered;
use crate::diagnostic::Rule;
use crate::format::bibtex::syntax::Fault;
use std::borrow::Cow;

/// White space that separates words is no such character.
const fn is_control(byte: u8) -> bool {
    (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c)) || byte == 0x7f
}

/// Whether a text has any.
pub(super) fn occurs(text: &str) -> bool {
    // Whole pieces without a way out in the middle: the compiler makes vector instructions of that.
    text.as_bytes().chunks(4096).any(|piece| piece.iter().fold(false, |found, byte| found | is_control(*byte)))
}

/// Takes them out of an entry's key and values, and says where the first one stood.
pub(super) fn remove(text: &str, entry: &mut Gathered<'_>) -> Option<Fault> {
    let bytes = &text.as_bytes()[entry.range.clone()];
    let first = entry.range.start + bytes.iter().position(|byte| is_control(*byte))?;
    let count = bytes.iter().filter(|byte| is_control(**byte)).count();
    let in_key = entry.key.bytes().any(is_control);
    strip(&mut entry.key);
    for field in &mut entry.fields {
        strip(&mut field.value);
    }
    let what = if count == 1 { "a control character".to_owned() } else { format!("{count} control characters") };
    let key = if in_key { format!("; the key becomes `{}`", entry.key) } else { String::new() };
    let found = text[first..].chars().next().map_or(0, u32::from);
    let message = format!("{what} in the entry (U+{found:04X} here) are left out{key}");
    let message = if count == 1 { message.replace(" are left out", " is left out") } else { message };
    Some(Fault { rule: Rule::ControlCharacter, range: first..first + 1, message })
}

fn strip(value: &mut Cow<'_, str>) {
    if value.bytes().any(is_control) {
        *value = Cow::Owned(value.chars().filter(|c| !c.is_ascii() || !is_control(*c as u8)).collect());
    }
}
