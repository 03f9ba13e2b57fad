//! Names of proposals that may be newer than this side.

use gainsay_case::Capabilities;
use serde::{Deserialize, Deserializer};

/// The proposals that are known here; the other names are passed over.
pub(crate) fn known<'de, D: Deserializer<'de>>(from: D) -> Result<Capabilities, D::Error> {
    let names = Vec::<String>::deserialize(from)?;
    Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
}

/// The same, if there is a list.
pub(crate) fn known_language<'de, D>(from: D) -> Result<Option<Capabilities>, D::Error>
where
    D: Deserializer<'de>,
{
    let names = Option::<Vec<String>>::deserialize(from)?;
    Ok(names.map(|names| names.iter().filter_map(|name| name.parse().ok()).collect()))
}
