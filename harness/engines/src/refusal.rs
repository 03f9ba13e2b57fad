//! Why an engine refused a module: is the module invalid, does it use a proposal
//! that this engine lacks, or is it larger than this engine allows?
//!
//! Engines say this in prose that changes from release to release. Instead of
//! reading it, the module is validated twice: with the proposals that the engine
//! was seen to implement, and with all. This happens for refused modules only.

use gainsay_case::{Capabilities, Failure, LimitKind, Proposal};
use wasmparser::Validator;

use crate::wasm_features::wasm_features;

/// What is to be said of a module that an engine refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It is invalid, whatever the proposals.
    Invalid,
    /// It needs a proposal that the engine was not seen to implement.
    Lacking,
    /// It is beyond a size that a specification lets an implementation limit.
    TooLarge,
    /// It is valid within the engine's capabilities: refusing it is a mistake.
    Valid,
}

/// Why an engine of these capabilities refused `bytes`.
pub(crate) fn reason(bytes: &[u8], capabilities: &Capabilities) -> Refused {
    let within = wasm_features(capabilities.iter().copied());
    let Err(error) = Validator::new_with_features(within).validate_all(bytes) else {
        return Refused::Valid;
    };
    if is_size_limit(error.message()) {
        return Refused::TooLarge;
    }
    let all = wasm_features(Proposal::ALL.iter().copied());
    match Validator::new_with_features(all).validate_all(bytes) {
        Ok(_) => Refused::Lacking,
        Err(_) => Refused::Invalid,
    }
}

/// Whether the module is valid with these proposals and no others.
pub(crate) fn is_within(bytes: &[u8], language: &Capabilities) -> bool {
    Validator::new_with_features(wasm_features(language.iter().copied()))
        .validate_all(bytes)
        .is_ok()
}

/// The failure of a module that the engine's own validator refused with `message`.
/// If the module is valid, `Rejected` is still what the engine did, and an oracle
/// will see that it stands alone.
pub(crate) fn failure(bytes: &[u8], capabilities: &Capabilities, message: String) -> Failure {
    match reason(bytes, capabilities) {
        Refused::Invalid | Refused::Valid => Failure::Rejected(message),
        Refused::Lacking => Failure::Unsupported(message),
        Refused::TooLarge => Failure::Limit(LimitKind::Memory),
    }
}

/// Messages of wasmparser for what the specification allows an implementation to
/// limit (§ appendix, implementation limitations).
const SIZE_LIMITS: &[&str] = &[
    "count exceeds limit of",
    "size exceeds the limit of",
    "size is out of bounds",
    "size out of bounds",
    "elements is out of bounds",
    "specifies too many",
    "too many locals",
    "implementation limit",
    "too deep",
];

fn is_size_limit(message: &str) -> bool {
    SIZE_LIMITS.iter().any(|fragment| message.contains(fragment))
}
