//! Standard error: findings, errors and the closing summary. Data never goes here.

use super::args::{Color, Common, MessageFormat};
use super::progress::Progress;
use crate::diagnostic::{self, Diagnostic, Printout, Renderer, Severity, SourceText};
use crate::error::Error;
use crate::source::printable;
use std::io::{IsTerminal as _, Write as _};

/// Everything that is said to the user.
#[derive(Debug)]
pub(super) struct Terminal {
    printout: Printout,
    renderer: Renderer,
    sources: Vec<SourceText>,
    quiet: bool,
    verbose: bool,
    progress: Progress,
}

impl Terminal {
    pub(super) fn new(common: &Common) -> Self {
        let format = match common.message_format {
            MessageFormat::Text => diagnostic::MessageFormat::Text,
            MessageFormat::Json => diagnostic::MessageFormat::Json,
        };
        let renderer = Renderer::new(format, wants_color(common.color));
        Self {
            printout: Printout::new(renderer),
            renderer,
            sources: Vec::new(),
            quiet: common.quiet,
            verbose: common.verbose,
            progress: Progress::new(common),
        }
    }

    /// Notes an input, so that findings can name it and show its lines. Inputs come in the order of their ids.
    pub(super) fn add_source(&mut self, source: SourceText) {
        self.sources.push(source);
    }

    /// Lets go of an input's text, when nothing more will be said of it.
    pub(super) fn forget_text(&mut self) {
        if let Some(source) = self.sources.last_mut() {
            source.text = None;
        }
    }

    pub(super) fn report(&mut self, diagnostic: &Diagnostic) {
        if self.quiet && diagnostic.severity < Severity::Error {
            return;
        }
        if let Some(text) = self.printout.add(diagnostic, &self.sources) {
            self.say(&text);
        }
    }

    /// Shows how far the run has come, now and then.
    pub(super) fn progress(&mut self, entries: u64, bytes: u64) {
        if let Some(line) = self.progress.line(entries, bytes) {
            say(&line);
        }
    }

    /// Says what was held back.
    pub(super) fn finish_reports(&mut self) {
        let printout = std::mem::replace(&mut self.printout, Printout::new(self.renderer));
        let text = printout.finish(&self.sources);
        self.say(&text);
    }

    pub(super) fn error(&mut self, error: &Error) {
        self.message("error", &error.to_string());
    }

    pub(super) fn note(&mut self, text: &str) {
        if !self.quiet {
            self.message("note", text);
        }
    }

    /// Whether details are wanted.
    pub(super) const fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// A note that only `--verbose` wants.
    pub(super) fn detail(&mut self, text: &str) {
        if self.verbose {
            self.message("note", text);
        }
    }

    /// The closing line; `json` is what programs get in its place.
    pub(super) fn summary(&mut self, text: &str, json: &serde_json::Value) {
        if self.quiet {
            return;
        }
        match self.renderer.format() {
            diagnostic::MessageFormat::Text => self.say(&format!("{text}\n")),
            diagnostic::MessageFormat::Json => self.say(&format!("{json}\n")),
        }
    }

    fn say(&mut self, text: &str) {
        let wipe = self.progress.wipe();
        if wipe.is_empty() {
            say(text);
        } else {
            say(&format!("{wipe}{text}"));
        }
    }

    /// What is said about no input and no rule.
    fn message(&mut self, severity: &str, text: &str) {
        match self.renderer.format() {
            diagnostic::MessageFormat::Text => self.say(&format!("{severity}: {}\n", printable(text))),
            diagnostic::MessageFormat::Json => {
                self.say(&format!("{}\n", serde_json::json!({"rule": null, "severity": severity, "message": text})));
            }
        }
    }
}

/// Standard error may be closed; then there is nobody to tell.
fn say(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

fn wants_color(choice: Color) -> bool {
    match choice {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            std::io::stderr().is_terminal()
                && super::environment("NO_COLOR").is_none()
                && super::environment("TERM").is_none_or(|term| term != "dumb")
        }
    }
}
