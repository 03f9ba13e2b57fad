//! What a case says about a step and WAST cannot: comments that only this
//! program reads.
//!
//! A note stands alone before the directive it is about, or on one line with a
//! directive that is for this program only, because others would fail on it:
//!
//! ```text
//! ;; gainsay-step: absent (invoke $i "f")
//! ```

use super::error::{TextError, TextErrorKind};
use super::expected::Expected;
use super::message::{trap_kind, trap_message};
use super::sections;

const PREFIX: &str = ";; gainsay-step: ";

/// What is said about a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// How it ends, which the directive does not say. `Returned` is never noted.
    Expect(Expected),
    /// How it ends is not said, although the directive must say something.
    Unstated,
    /// Sections to add to the module's binary, by id.
    Sections(Vec<u8>),
}

/// A note and where it stands.
pub struct PlacedNote {
    /// The offset of its line in the text.
    pub offset: usize,
    /// The note.
    pub note: Note,
}

impl Note {
    /// The note as a line of its own.
    pub fn line(&self) -> String {
        format!("{PREFIX}{}\n", self.text())
    }

    /// The note on one line with a directive.
    pub fn line_with(&self, directive: &str) -> String {
        format!("{PREFIX}{} {directive}\n", self.text())
    }

    fn text(&self) -> String {
        match self {
            Note::Expect(Expected::Trapped(kind)) => format!("trap \"{}\"", trap_message(*kind)),
            Note::Expect(Expected::Uncaught) => "exception".to_owned(),
            Note::Expect(Expected::HostError) => "host-error".to_owned(),
            Note::Expect(Expected::Rejected) => "rejected".to_owned(),
            Note::Expect(Expected::Unlinkable) => "unlinkable".to_owned(),
            Note::Expect(Expected::Exhausted) => "exhausted".to_owned(),
            Note::Expect(Expected::Absent) => "absent".to_owned(),
            Note::Expect(Expected::Returned(_)) | Note::Unstated => "unstated".to_owned(),
            Note::Sections(ids) => {
                let names = ids.iter().map(|id| sections::name(*id));
                format!("sections {}", names.collect::<Vec<_>>().join(" "))
            }
        }
    }

    fn parse(text: &str) -> Option<Note> {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        let expected = match (word, rest) {
            ("unstated", "") => return Some(Note::Unstated),
            ("sections", names) => {
                return names
                    .split(' ')
                    .map(sections::id)
                    .collect::<Option<_>>()
                    .map(Note::Sections);
            }
            ("trap", message) => {
                let message = message.strip_prefix('"')?.strip_suffix('"')?;
                Expected::Trapped(trap_kind(message)?)
            }
            ("exception", "") => Expected::Uncaught,
            ("host-error", "") => Expected::HostError,
            ("rejected", "") => Expected::Rejected,
            ("unlinkable", "") => Expected::Unlinkable,
            ("exhausted", "") => Expected::Exhausted,
            ("absent", "") => Expected::Absent,
            _ => return None,
        };
        Some(Note::Expect(expected))
    }
}

/// The notes of a text, and the text with the directives that stand in notes made
/// visible; every offset stays the same.
///
/// # Errors
/// A line that begins like a note and is none.
pub fn extract(text: &str) -> Result<(String, Vec<PlacedNote>), TextError> {
    let mut visible = String::with_capacity(text.len());
    let mut notes = Vec::new();
    for line in text.split_inclusive('\n') {
        let Some(entry) = line.strip_prefix(PREFIX) else {
            visible.push_str(line);
            continue;
        };
        let offset = visible.len();
        let length = entry.find(" (").unwrap_or(entry.len());
        let written = entry[..length].trim_end();
        let note = Note::parse(written)
            .ok_or_else(|| TextError::at(text, offset, TextErrorKind::Note(written.to_owned())))?;
        notes.push(PlacedNote { offset, note });
        let hidden = entry[..length].trim_end_matches(['\n', '\r']);
        visible.extend(std::iter::repeat_n(' ', PREFIX.len() + hidden.len()));
        visible.push_str(&entry[hidden.len()..]);
    }
    Ok((visible, notes))
}
