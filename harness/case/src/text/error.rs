//! Why a text is not a case.

use std::fmt;

/// A place in a text and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {}, column {}: {kind}", place.line, place.column)]
pub struct TextError {
    /// Where.
    pub place: Place,
    /// What.
    pub kind: TextErrorKind,
}

/// A place in a text; both count from 1, columns in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// What can be wrong with the text of a case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextErrorKind {
    /// It is no WAST script.
    #[error("{0}")]
    Syntax(String),
    /// It was written by a later version of this program.
    #[error("format {found} is newer than {known}, the newest that this program reads")]
    Version {
        /// What the first line says.
        found: String,
        /// What this program writes.
        known: u32,
    },
    /// The directive is good WAST, but no step of a case says the same.
    #[error("{0} cannot be a step of a case")]
    NotAStep(&'static str),
    /// An action without a name, and no instance before it.
    #[error("there is no instance yet")]
    NoInstance,
    /// The message of a trap is not one of the suite's.
    #[error("unknown trap message {0:?}")]
    TrapMessage(String),
    /// A line that begins like a note about the next step but is none.
    #[error("{0:?} is not a note about a step")]
    Note(String),
}

impl Place {
    /// The place of a byte offset in a text.
    pub(crate) fn of(text: &str, offset: usize) -> Place {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
        let column = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1) + 1;
        Place { line, column }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

impl TextError {
    pub(crate) fn at(text: &str, offset: usize, kind: TextErrorKind) -> TextError {
        TextError { place: Place::of(text, offset), kind }
    }

    pub(crate) fn syntax(text: &str, error: &wast::Error) -> TextError {
        TextError::at(text, error.span().offset(), TextErrorKind::Syntax(error.message()))
    }
}
