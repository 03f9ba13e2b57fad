//! The kind of a message, where the rest of it cannot be read.

use std::borrow::Cow;

use serde::Deserialize;

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
}

/// Whether a line is a message of a kind that is not among `known`. A newer peer may send such
/// messages; they are passed over, whatever their fields are.
pub(crate) fn is_unknown(text: &[u8], known: &[&str]) -> bool {
    serde_json::from_slice::<Message<'_>>(text).is_ok_and(|it| !known.contains(&&*it.kind))
}
