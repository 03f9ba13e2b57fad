//! Why an engine refused a module: is the module invalid, does it use a proposal
//! that this engine lacks, or is it larger than this engine allows?
//!
//! Engines have few error types for this. That a limit was hit is told by the engine's own
//! message, in words that a test holds to the versions that are built; a second validator
//! would have limits of its own. The rest is told by the reference, which validates the
//! module with the proposals that the engine was seen to implement, and with all. This
//! happens for refused modules only.

use gainsay_case::{Capabilities, Detail, LimitKind, Proposal, StepFailure};
use gainsay_runtime::{Config, ErrorKind, Module};

use crate::reference::features;

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

/// Why an engine of these capabilities refused `bytes` with this message.
pub(crate) fn reason(bytes: &[u8], capabilities: &Capabilities, message: &str) -> Refused {
    if is_size_limit(message) {
        return Refused::TooLarge;
    }
    match verdict(bytes, capabilities) {
        Verdict::Valid => Refused::Valid,
        Verdict::Limit => Refused::TooLarge,
        Verdict::Invalid => beyond(bytes),
    }
}

/// The same of a module that is invalid within the capabilities.
fn beyond(bytes: &[u8]) -> Refused {
    match verdict(bytes, &Proposal::ALL.iter().copied().collect()) {
        Verdict::Valid => Refused::Lacking,
        Verdict::Limit => Refused::TooLarge,
        Verdict::Invalid => Refused::Invalid,
    }
}

/// Whether a module that the reference refused with these proposals is valid with more.
pub(crate) fn is_lacking(bytes: &[u8]) -> bool {
    beyond(bytes) == Refused::Lacking
}

/// Whether the module is valid with these proposals and no others.
pub(crate) fn is_within(bytes: &[u8], language: &Capabilities) -> bool {
    verdict(bytes, language) == Verdict::Valid
}

/// The failure of a module that the engine's own validator refused with `message`.
/// If the module is valid, `Rejected` is still what the engine did, and an oracle
/// will see that it stands alone.
pub(crate) fn failure(bytes: &[u8], capabilities: &Capabilities, message: String) -> StepFailure {
    match reason(bytes, capabilities, &message) {
        Refused::Invalid | Refused::Valid => StepFailure::Rejected(message),
        Refused::Lacking => StepFailure::Unsupported(message),
        Refused::TooLarge => StepFailure::Limit(LimitKind::Module),
    }
}

/// What the reference says of a module.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Valid,
    Invalid,
    Limit,
}

fn verdict(bytes: &[u8], proposals: &Capabilities) -> Verdict {
    let config = Config { features: features(proposals), ..Config::default() };
    match Module::new(&config, bytes).map_err(|error| error.kind) {
        Ok(_) => Verdict::Valid,
        Err(ErrorKind::Limit) => Verdict::Limit,
        Err(ErrorKind::Malformed | ErrorKind::Invalid) => Verdict::Invalid,
    }
}

/// What there is to say of a limit beyond its kind.
pub(crate) fn limit_detail(
    failure: &StepFailure,
    message: impl FnOnce() -> String,
) -> Option<Detail> {
    match failure {
        StepFailure::Limit(_) => Some(Detail { refusal: None, message: message() }),
        _ => None,
    }
}

/// Words of the engines' validators for what the specification allows an implementation to
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

/// Whether an engine refused a module for its size.
pub(crate) fn is_size_limit(message: &str) -> bool {
    SIZE_LIMITS.iter().any(|fragment| message.contains(fragment))
}

#[cfg(test)]
mod tests {
    use gainsay_case::{Engine, Limits};

    use super::*;
    use crate::registry;

    fn defined(engine: &dyn Engine, text: &str) -> Result<(), StepFailure> {
        let mut session = engine.session(&Limits::default()).expect("a session");
        session.define("m", &wat::parse_str(text).expect("text"))
    }

    /// Modules that are valid and beyond what some engine allows: the words above are those
    /// of the versions that are built.
    fn large() -> Vec<(&'static str, String)> {
        let tables = "(table 0 funcref)".repeat(101);
        let memories = "(memory 0)".repeat(101);
        let params = "(param i32)".repeat(1001);
        let locals = "(local i32 i64)".repeat(25_001);
        let supertypes: String = (1..=64)
            .map(|depth| format!("(type $t{depth} (sub $t{} (struct)))", depth - 1))
            .collect();
        let catches = "(catch_all 0)".repeat(10_001);
        vec![
            ("tables", format!("(module {tables})")),
            ("memories", format!("(module {memories})")),
            ("parameters", format!("(module (func {params}))")),
            ("locals", format!("(module (func {locals}))")),
            ("supertypes", format!("(module (type $t0 (sub (struct))) {supertypes})")),
            ("catches", format!("(module (func (try_table {catches})))")),
        ]
    }

    #[test]
    fn a_module_that_is_too_large_is_neither_invalid_nor_a_fault() {
        let engines = registry::find(&registry::default_ids()).expect("all engines");
        let mut limits = 0;
        for (name, text) in large() {
            for engine in &engines {
                match defined(&**engine, &text) {
                    Ok(()) | Err(StepFailure::Unsupported(_)) => {}
                    Err(StepFailure::Limit(_)) => limits += 1,
                    Err(other) => panic!("{name} on {}: {other:?}", engine.info().id),
                }
            }
        }
        assert!(limits >= 10, "only {limits} limits were hit");
    }

    #[test]
    fn an_engine_without_a_proposal_does_not_reject_what_is_deep_in_it() {
        let engines = registry::find(&["wasmi".to_owned()]).expect("wasmi");
        for (name, text) in large().into_iter().filter(|(name, _)| *name != "locals") {
            let is_rejected = matches!(defined(&*engines[0], &text), Err(StepFailure::Rejected(_)));
            assert!(!is_rejected, "{name}");
        }
    }
}
