//! What a fuzzer's bytes stand for.

use gainsay_case::text::read_case;
use gainsay_generate::Decisions;

use crate::envelope::{Envelope, EnvelopeError};

/// The forms that an input may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input<'a> {
    /// Decisions for the generator, and the number of a group of engines. Bytes of any
    /// kind that have no other form are these.
    Decisions {
        /// See [`crate::group`].
        group: u8,
        /// What decides.
        decisions: Decisions<'a>,
    },
    /// A whole case, in an [`Envelope`] or as a WAST script, for all groups in turn as its
    /// length says.
    Case(Envelope),
}

impl<'a> Input<'a> {
    /// What `bytes` stand for. Of decisions, the first byte is the group.
    ///
    /// # Errors
    /// Bytes that begin as an envelope and are none.
    pub fn of(bytes: &'a [u8]) -> Result<Input<'a>, EnvelopeError> {
        if Envelope::is_one(bytes) {
            return Envelope::decode(bytes).map(Input::Case);
        }
        if let Some(envelope) = script(bytes) {
            return Ok(Input::Case(envelope));
        }
        let (group, decisions) = bytes.split_first().map_or((0, bytes), |(g, rest)| (*g, rest));
        Ok(Input::Decisions { group, decisions: Decisions::of(decisions) })
    }

    /// The bytes of decisions for a group.
    pub fn decisions(group: u8, decisions: Decisions<'_>) -> Vec<u8> {
        let mut bytes = vec![group];
        bytes.extend(decisions.to_input());
        bytes
    }
}

/// The case of a text that is a WAST script with at least one step.
fn script(bytes: &[u8]) -> Option<Envelope> {
    // What is no text at all is common, and parsing is slow.
    let is_likely = matches!(bytes.first()?, b'(' | b';' | b' ' | b'\n');
    let text = is_likely.then(|| std::str::from_utf8(bytes).ok()).flatten()?;
    let case = read_case(text).ok().filter(|case| !case.steps.is_empty())?;
    Some(Envelope { group: bytes.len() as u8, case })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_any_kind_are_decisions() {
        for bytes in [&b""[..], &[0], &[0xff; 9], b"text that is no script", b"(module", b";;"] {
            assert!(matches!(Input::of(bytes), Ok(Input::Decisions { .. })), "{bytes:?}");
        }
    }

    #[test]
    fn decisions_come_back() {
        let decisions = Decisions { seed: 77, bytes: &[1, 2, 3] };
        let bytes = Input::decisions(2, decisions);
        assert_eq!(Input::of(&bytes), Ok(Input::Decisions { group: 2, decisions }));
    }

    #[test]
    fn a_script_and_an_envelope_are_cases() {
        let text = br#"(module $m (func (export "f"))) (invoke $m "f")"#;
        let Ok(Input::Case(envelope)) = Input::of(text) else { panic!("no case") };
        assert_eq!(envelope.case.steps.len(), 3);
        assert_eq!(Input::of(&envelope.encode()), Ok(Input::Case(envelope)));
    }
}
