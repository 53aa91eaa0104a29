//! One type for every finding about the data, whoever makes it; [`Rule`] names the flaw, `render` prints it.
//!
//! Knows places and field names, no formats.

mod render;
mod rule;

pub use render::{MessageFormat, Printout, Renderer, SourceText};
pub use rule::Rule;

use crate::model::FieldName;
use crate::source::Span;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Probably wrong.
    Warning,
    /// Wrong.
    Error,
}

impl Severity {
    /// The severity's name in messages and machine formats.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A finding about the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that it breaks.
    pub rule: Rule,
    /// How bad it is; the rule's own severity unless told otherwise.
    pub severity: Severity,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// Where.
    pub span: Option<Span>,
    /// The entry's citation key.
    pub key: Option<String>,
    /// The field.
    pub field: Option<FieldName>,
    /// The way out, one sentence.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A finding with the rule's own severity.
    pub fn new(rule: Rule, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity(),
            message: message.into(),
            span: None,
            key: None,
            field: None,
            help: None,
        }
    }

    /// The finding that an output has no place for a field; `reason` says why, in a few words.
    pub fn field_dropped(field: FieldName, reason: impl Into<String>) -> Self {
        Self::new(Rule::FieldDropped, reason).field(field)
    }

    /// The same finding at a place.
    #[must_use]
    pub fn at(mut self, span: impl Into<Option<Span>>) -> Self {
        self.span = span.into();
        self
    }

    /// The same finding for an entry's key.
    #[must_use]
    pub fn key(mut self, key: Option<&str>) -> Self {
        self.key = key.map(str::to_owned);
        self
    }

    /// The same finding for a field.
    #[must_use]
    pub fn field(mut self, field: FieldName) -> Self {
        self.field = Some(field);
        self
    }

    /// The same finding with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same finding with another severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}
