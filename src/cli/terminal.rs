//! Standard error: findings, errors and the closing summary. Data never goes here.

use super::args::{Color, Common, MessageFormat};
use super::progress::Progress;
use crate::diagnostic::{self, Diagnostic, Printout, Renderer, Sarif, Severity, SourceText};
use crate::error::Error;
use crate::source::printable;
use std::io::{IsTerminal as _, Write as _};

/// Everything that is said to the user.
#[derive(Debug)]
pub(super) struct Terminal {
    printout: Printout,
    renderer: Renderer,
    sources: Vec<SourceText>,
    /// Where findings are gathered that are printed as one document.
    sarif: Option<Sarif>,
    /// Whether findings are what the command is asked for, and go where data goes.
    findings_are_data: bool,
    quiet: bool,
    verbose: bool,
    progress: Progress,
}

impl Terminal {
    pub(super) fn new(common: &Common) -> Self {
        let format = match common.message_format {
            MessageFormat::Text | MessageFormat::Sarif => diagnostic::MessageFormat::Text,
            MessageFormat::Json => diagnostic::MessageFormat::Json,
            MessageFormat::Github => diagnostic::MessageFormat::Github,
        };
        let renderer = Renderer::new(format, wants_color(common.color));
        Self {
            printout: Printout::new(renderer),
            renderer,
            sources: Vec::new(),
            sarif: (common.message_format == MessageFormat::Sarif).then(Sarif::default),
            findings_are_data: false,
            quiet: common.quiet,
            verbose: common.verbose,
            progress: Progress::new(common),
        }
    }

    /// From now on findings go to standard output.
    pub(super) fn findings_are_data(&mut self) {
        self.findings_are_data = true;
    }

    /// The name of an input.
    pub(super) fn name_of(&self, source: crate::source::SourceId) -> &str {
        let at = usize::try_from(source.0).unwrap_or(usize::MAX);
        self.sources.get(at).map_or("", |source| &source.name)
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
        if let Some(sarif) = &mut self.sarif {
            sarif.add(diagnostic, &self.sources);
        } else if let Some(text) = self.printout.add(diagnostic, &self.sources) {
            self.print(&text);
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
        self.print(&text);
        if let Some(sarif) = self.sarif.take() {
            self.print(&sarif.finish());
        }
    }

    fn print(&mut self, text: &str) {
        if self.findings_are_data {
            // Whoever read them has had enough; the exit code still says what was found.
            let _ = std::io::stdout().write_all(text.as_bytes());
        } else {
            self.say(text);
        }
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
            diagnostic::MessageFormat::Text | diagnostic::MessageFormat::Github => self.say(&format!("{text}\n")),
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
            diagnostic::MessageFormat::Text | diagnostic::MessageFormat::Github => {
                self.say(&format!("{severity}: {}\n", printable(text)));
            }
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
