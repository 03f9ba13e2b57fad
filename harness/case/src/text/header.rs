//! What a case's file says about itself, in comments before the first directive.

use super::error::{TextError, TextErrorKind};

/// The version of the text form, on the first line of every file. Readers take
/// this and every earlier one.
pub const FORMAT: u32 = 1;

const PREFIX: &str = ";; gainsay:";

/// Keys and values in order, each on one line: `;; gainsay:seed 42`.
///
/// The version of the format is not among them: it is written and checked by
/// [`super::Script::to_text`] and [`super::read`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header(Vec<(String, String)>);

impl Header {
    /// Adds a line. A key may occur more than once. Spaces in the key become
    /// hyphens; line breaks in the value become spaces.
    pub fn push(&mut self, key: &str, value: &str) {
        let key = key.split_whitespace().collect::<Vec<_>>().join("-");
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        self.0.push((key, value));
    }

    /// The first value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == key).map(|(_, value)| value)
    }

    /// All keys and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The lines of the header, the version first.
    pub(super) fn to_text(&self) -> String {
        let version = FORMAT.to_string();
        let mut text = String::new();
        for (key, value) in std::iter::once(("format", version.as_str())).chain(self.iter()) {
            text.push_str(format!("{PREFIX}{key} {value}").trim_end());
            text.push('\n');
        }
        text
    }

    /// The header of a text; other comments between its lines are skipped.
    ///
    /// # Errors
    /// If the text is of a later format.
    pub fn of(text: &str) -> Result<Header, TextError> {
        let mut header = Header::default();
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            let trimmed = line.trim();
            if !trimmed.is_empty() && !trimmed.starts_with(";;") {
                break;
            }
            if let Some(entry) = trimmed.strip_prefix(PREFIX) {
                let (key, value) = entry.split_once(' ').unwrap_or((entry, ""));
                if key == "format" {
                    check_format(value).map_err(|kind| TextError::at(text, offset, kind))?;
                } else {
                    header.push(key, value);
                }
            }
            offset += line.len();
        }
        Ok(header)
    }
}

fn check_format(value: &str) -> Result<(), TextErrorKind> {
    match value.parse::<u32>() {
        Ok(version) if version <= FORMAT => Ok(()),
        _ => Err(TextErrorKind::Version { found: value.to_owned(), known: FORMAT }),
    }
}

impl<K: AsRef<str>, V: AsRef<str>> FromIterator<(K, V)> for Header {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Header {
        let mut header = Header::default();
        for (key, value) in entries {
            header.push(key.as_ref(), value.as_ref());
        }
        header
    }
}
