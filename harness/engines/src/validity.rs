//! Whether a binary is a valid module, asked of the reference and of wasmparser.
//!
//! Every embedded Rust engine validates with some version of wasmparser, so this
//! is the one place where that code meets an independent opinion.

use std::fmt;

use gainsay_runtime::{Config, ErrorKind, Module, ModuleError};
use wasmparser::{BinaryReaderError, Validator};

use crate::reference;
use crate::wasm_features::wasm_features;

/// What the two opinions are beside each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Both accept.
    BothAccept,
    /// Both reject; which of the two phases each blames is not compared.
    BothReject,
    /// One of them hit a limit of its implementation (§ appendix/implementation).
    Limit,
    /// They contradict each other.
    Differ(Difference),
}

/// A contradiction about validity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The reference's reason to reject, or `None` if it accepts.
    pub reference: Option<String>,
    /// wasmparser's.
    pub wasmparser: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let opinion = |rejection: &Option<String>| match rejection {
            Some(reason) => format!("rejects it: {reason}"),
            None => "accepts it".to_owned(),
        };
        write!(f, "the reference {}; ", opinion(&self.reference))?;
        write!(f, "wasmparser {}", opinion(&self.wasmparser))
    }
}

/// Compare the two opinions about `binary`, with all features of the reference on.
pub fn compare(binary: &[u8]) -> Comparison {
    match (reference(binary), wasmparser(binary)) {
        (Err(error), _) if error.kind == ErrorKind::Limit => Comparison::Limit,
        (_, Err(error)) if is_limit(&error) => Comparison::Limit,
        (Ok(()), Ok(())) => Comparison::BothAccept,
        (Err(_), Err(_)) => Comparison::BothReject,
        (reference, wasmparser) => Comparison::Differ(Difference {
            reference: reference.err().map(|error: ModuleError| error.to_string()),
            wasmparser: wasmparser.err().map(|error| error.to_string()),
        }),
    }
}

/// The reference's opinion, with all its features on; executable code is made too.
///
/// # Errors
/// Why it rejects the binary.
pub fn reference(binary: &[u8]) -> Result<(), ModuleError> {
    Module::new(&Config::default(), binary).map(drop)
}

/// wasmparser's opinion, with the features that the reference has.
///
/// # Errors
/// Why it rejects the binary.
pub fn wasmparser(binary: &[u8]) -> Result<(), BinaryReaderError> {
    let features = wasm_features(reference::known());
    Validator::new_with_features(features).validate_all(binary).map(drop)
}

/// wasmparser's limits follow the JavaScript API's (§ js-api, limits); it has no
/// error kind for them, only these words.
fn is_limit(error: &BinaryReaderError) -> bool {
    let message = error.message();
    message.contains("limit") || message.contains("too large") || message.contains("too many")
}
