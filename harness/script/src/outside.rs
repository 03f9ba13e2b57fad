//! Proposals that gainsay does not have. What needs one of them says nothing about an
//! engine here, whether the engine takes it or not.

use wasmparser::{Validator, WasmFeatures};

/// What the parser of the text format and wasmparser have and no [`gainsay_case::Proposal`] is.
const OUTSIDE: &[(WasmFeatures, &str)] = &[
    (WasmFeatures::STACK_SWITCHING, "stack-switching"),
    (WasmFeatures::LEGACY_EXCEPTIONS, "legacy-exceptions"),
    (WasmFeatures::CUSTOM_DESCRIPTORS, "custom-descriptors"),
    (WasmFeatures::SHARED_EVERYTHING_THREADS, "shared-everything-threads"),
    (WasmFeatures::MEMORY_CONTROL, "memory-control"),
    (WasmFeatures::COMPACT_IMPORTS, "compact-imports"),
    (WasmFeatures::ACQUIRE_RELEASE_ATOMICS, "acquire-release-atomics"),
    (WasmFeatures::MULTIBYTE_ARRAY_ACCESS, "multibyte-array-access"),
];

/// The proposal that a binary needs, or that its being refused depends on.
pub fn proposal(bytes: &[u8]) -> Option<&'static str> {
    let all = WasmFeatures::all();
    let known = OUTSIDE.iter().fold(all, |features, (feature, _)| features.difference(*feature));
    let refused = validate(bytes, known);
    let Err((_, message)) = &refused else { return None };
    // Other errors may move, too, when more is permitted; only these are about a proposal.
    if validate(bytes, all).is_err() && !says_switched_off(message) {
        return None;
    }
    let matters = |feature: WasmFeatures| validate(bytes, known.union(feature)) != refused;
    OUTSIDE.iter().find(|(feature, _)| matters(*feature)).map(|(_, name)| *name)
}

/// Whether a message of wasmparser is about a proposal. It has no kinds of errors; a test
/// holds these words to the version that is locked.
fn says_switched_off(message: &str) -> bool {
    message.contains("enabled") || message.contains("disabled")
}

/// Where and why a binary is refused with these features.
fn validate(bytes: &[u8], features: WasmFeatures) -> Result<(), (u64, String)> {
    let validated = Validator::new_with_features(features).validate_all(bytes);
    validated.map(drop).map_err(|error| (error.offset(), error.message().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<&'static str> {
        proposal(&wat::parse_str(text).expect("text"))
    }

    #[test]
    fn a_proposal_is_named_by_what_depends_on_it() {
        let stack = "(module (type $f (func)) (type $c (cont $f)) (func (param (ref $c))))";
        assert_eq!(of(stack), Some("stack-switching"));
        let invalid =
            "(module (type $f (func)) (type $c (cont $f)) (func (param (ref $c)) i32.add))";
        assert_eq!(of(invalid), Some("stack-switching"));
        assert_eq!(of("(module (func try end))"), Some("legacy-exceptions"));
        let shared = "(module (global (shared mut i32) (i32.const 0)))";
        assert_eq!(of(shared), Some("shared-everything-threads"));
        assert_eq!(of("(module (func i32.add))"), None);
        assert_eq!(of("(module)"), None);
    }
}
