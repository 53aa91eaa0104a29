//! `--diff`: what would change, as a unified diff.

use crate::error::{Error, Result};
use std::io::Write;
use std::time::Duration;

/// After this time the differences are shown less finely, so that files that have nothing in common end as well.
const TIME_TO_BE_FINE: Duration = Duration::from_secs(5);

/// Prints how `old` differs from `new`; nothing when they are equal.
pub(super) fn print(path: &str, old: &[u8], new: &[u8], out: &mut dyn Write) -> Result<()> {
    let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
    let diff = similar::TextDiff::configure().timeout(TIME_TO_BE_FINE).diff_lines(old.as_ref(), new.as_ref());
    let text = diff.unified_diff().header(path, path).to_string();
    out.write_all(text.as_bytes()).map_err(|error| Error::io("writing failed", error))
}
