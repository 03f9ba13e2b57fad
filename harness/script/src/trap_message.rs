//! What the message of an `assert_trap` means.

use gainsay_case::text::{EXHAUSTION_MESSAGE, trap_kinds};
use gainsay_case::{LimitKind, StepFailure, TrapKind};

/// How other implementations word the traps of the specification.
const ALIASES: &[(&str, TrapKind)] = &[
    ("divide by zero", TrapKind::DivideByZero),
    ("division by zero", TrapKind::DivideByZero),
    ("integer division by zero", TrapKind::DivideByZero),
    ("invalid integer conversion", TrapKind::InvalidConversion),
    ("call type mismatch", TrapKind::IndirectCallTypeMismatch),
    ("undefined element: out of bounds table access", TrapKind::TableOutOfBounds),
    ("wasm `unreachable` instruction executed", TrapKind::Unreachable),
    ("atomic wait on non-shared memory", TrapKind::ExpectedSharedMemory),
    // An element of a table of functions that is null, and a null function reference, are
    // one thing to some.
    ("null function", TrapKind::UninitializedElement),
];

/// Limits that some assert as if they were traps. Which of them there are is left open
/// (§ appendix/implementation), so that hitting one is what was asked for.
const LIMITS: &[(&str, LimitKind)] = &[
    (EXHAUSTION_MESSAGE, LimitKind::Stack),
    ("allocation size too large", LimitKind::Heap),
    ("all fuel consumed", LimitKind::Fuel),
];

/// What wasmtime says of an exception that nobody caught.
const UNCAUGHT: &str = "thrown Wasm exception";

/// The message of an `assert_trap`.
#[derive(Clone, Copy, Debug)]
pub struct TrapMessage<'a> {
    /// As the script has it.
    pub text: &'a str,
    /// Whether it is not looked at: any trap will do.
    pub is_ignored: bool,
}

impl TrapMessage<'_> {
    /// Whether what happened is what the message says.
    pub fn admits(&self, failure: &StepFailure) -> bool {
        match failure {
            StepFailure::Trapped(kind) => {
                self.is_ignored || self.kinds().any(|known| known == *kind)
            }
            StepFailure::Limit(kind) => {
                LIMITS.iter().any(|(message, known)| known == kind && self.text.contains(message))
            }
            StepFailure::Uncaught(_) => self.text == UNCAUGHT,
            _ => false,
        }
    }

    /// Whether anything that can happen is worded so.
    pub fn is_known(&self) -> bool {
        self.is_ignored
            || self.kinds().next().is_some()
            || LIMITS.iter().any(|(message, _)| self.text.contains(message))
            || self.text == UNCAUGHT
    }

    fn kinds(&self) -> impl Iterator<Item = TrapKind> {
        let aliases = ALIASES.iter().filter(|(message, _)| self.text.starts_with(message));
        trap_kinds(self.text).chain(aliases.map(|(_, kind)| *kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> TrapMessage<'_> {
        TrapMessage { text, is_ignored: false }
    }

    #[test]
    fn one_trap_has_several_messages() {
        let division = StepFailure::Trapped(TrapKind::DivideByZero);
        for text in ["integer divide by zero", "divide by zero", "integer d", ""] {
            assert!(message(text).admits(&division), "{text}");
        }
        assert!(!message("integer overflow").admits(&division));
        assert!(
            message("unreachable executed").admits(&StepFailure::Trapped(TrapKind::Unreachable))
        );
        assert!(TrapMessage { text: "whatever", is_ignored: true }.admits(&division));
        assert!(!message("whatever").is_known());
    }

    #[test]
    fn limits_and_exceptions_are_traps_to_some() {
        let limit = StepFailure::Limit(LimitKind::Heap);
        assert!(message("allocation size too large").admits(&limit));
        assert!(!message("out of bounds memory access").admits(&limit));
        assert!(message("thrown Wasm exception").admits(&StepFailure::Uncaught(None)));
    }
}
