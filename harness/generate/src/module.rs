//! A generated module and what is known of it.

use crate::body::Seen;
use crate::interface::Interface;

/// A module that is ready to be a step of a case.
#[derive(Clone, Debug)]
pub(crate) struct Module {
    pub bytes: Vec<u8>,
    pub interface: Interface,
    pub seen: Seen,
}

/// Our own binary cannot be read: another attempt is due.
pub(crate) fn malformed(_: wasmparser::BinaryReaderError) -> arbitrary::Error {
    arbitrary::Error::IncorrectFormat
}
