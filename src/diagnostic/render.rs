//! Prints diagnostics. (Stub of the interface.)

/// How diagnostics are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MessageFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// The text of an input, kept to show the line that a diagnostic speaks of.
#[derive(Clone, Debug, Default)]
pub struct SourceText {
    /// The input's name in messages.
    pub name: String,
    /// Its decoded text, where it is at hand.
    pub text: Option<String>,
}

/// Prints diagnostics.
#[derive(Debug)]
pub struct Renderer;
