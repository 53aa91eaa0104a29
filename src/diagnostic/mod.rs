//! One type for every finding about the data, whoever makes it; [`Rule`] names the flaw, `render` prints it.
//!
//! Knows places and field names, no formats.

mod render;
mod rule;
mod sarif;

pub use sarif::{Fingerprints, Sarif};

pub use render::{MessageFormat, Printout, Renderer, SourceText};
pub use rule::{Fixable, Rule};

use crate::model::FieldName;
use crate::source::Span;
use std::borrow::Cow;
use std::ops::Range;

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
    /// The field: as the input names it where that is known, else as the model does.
    pub field: Option<Cow<'static, str>>,
    /// The way out, one sentence.
    pub help: Option<String>,
    /// A repair.
    pub fix: Option<Box<Fix>>,
}

/// A repair of what a diagnostic found: changes of the input's decoded text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Whether it may be applied without asking.
    pub safe: bool,
    /// What is replaced, in order and apart from one another.
    pub edits: Vec<Replacement>,
}

/// Bytes of the input, and what is to stand in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The bytes of the decoded text.
    pub range: Range<usize>,
    /// The new text.
    pub text: String,
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
            fix: None,
        }
    }

    /// The finding that an output has no place for a field; `reason` says why, in a few words.
    pub fn field_dropped(field: FieldName, reason: impl Into<String>) -> Self {
        Self { field: Some(Cow::Borrowed(field.label())), ..Self::new(Rule::FieldDropped, reason) }
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
        self.field = Some(Cow::Borrowed(field.name()));
        self
    }

    /// The same finding for a field as the input names it.
    #[must_use]
    pub fn field_named(mut self, field: &str) -> Self {
        self.field = Some(Cow::Owned(field.to_owned()));
        self
    }

    /// The same finding with a repair.
    #[must_use]
    pub fn fix(mut self, safe: bool, edits: Vec<Replacement>) -> Self {
        self.fix = Some(Box::new(Fix { safe, edits }));
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
