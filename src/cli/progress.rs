//! How far a run has come, on a terminal and only when it takes longer than a second: entries read, and the speed.
//!
//! One line, drawn over itself and wiped before anything else is said. Knows the terminal and nothing of what is counted.

use super::args::{Common, MessageFormat, Progress as Wish};
use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

/// Nothing is shown of a run that takes less.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two drawings.
const PAUSE: Duration = Duration::from_millis(200);

/// The line that tells how far a run has come.
#[derive(Debug)]
pub(super) struct Progress {
    wanted: bool,
    started: Instant,
    drawn: Option<Instant>,
}

impl Progress {
    pub(super) fn new(common: &Common) -> Self {
        let for_people = common.message_format == MessageFormat::Text && !common.quiet;
        let wanted = common.progress == Wish::Auto && for_people && std::io::stderr().is_terminal();
        Self { wanted, started: Instant::now(), drawn: None }
    }

    /// The line to draw now, if it is time for one.
    pub(super) fn line(&mut self, entries: u64, bytes: u64) -> Option<String> {
        let now = Instant::now();
        let elapsed = now.duration_since(self.started);
        if !self.wanted || elapsed < PATIENCE || self.drawn.is_some_and(|drawn| now.duration_since(drawn) < PAUSE) {
            return None;
        }
        self.drawn = Some(now);
        Some(format!("\r\u{1b}[K{}", shown(entries, bytes, elapsed)))
    }

    /// What wipes the line, if one is drawn.
    pub(super) fn wipe(&mut self) -> &'static str {
        if self.drawn.take().is_some() { "\r\u{1b}[K" } else { "" }
    }
}

fn shown(entries: u64, bytes: u64, elapsed: Duration) -> String {
    let tenths = u128::from(bytes) * 10 / 1_000 / elapsed.as_millis().max(1);
    format!("{entries} entries read, {}.{} MB/s", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(wanted: bool, age: Duration) -> Progress {
        let now = Instant::now();
        Progress { wanted, started: now.checked_sub(age).unwrap_or(now), drawn: None }
    }

    #[test]
    fn a_line_is_drawn_after_a_second_and_wiped() {
        let mut progress = progress(true, Duration::from_secs(2));
        assert!(progress.line(1_000, 24_000_000).is_some_and(|line| line.contains("1000 entries read, ")));
        assert_eq!(progress.line(1_000, 24_000_000), None);
        assert_eq!(progress.wipe(), "\r\u{1b}[K");
        assert_eq!(progress.wipe(), "");
    }

    #[test]
    fn short_runs_and_files_see_nothing() {
        assert_eq!(progress(true, Duration::ZERO).line(1, 1), None);
        assert_eq!(progress(false, Duration::from_secs(9)).line(1, 1), None);
    }

    #[test]
    fn the_speed_is_of_decimal_megabytes() {
        assert_eq!(shown(7, 24_000_000, Duration::from_secs(2)), "7 entries read, 12.0 MB/s");
    }
}
