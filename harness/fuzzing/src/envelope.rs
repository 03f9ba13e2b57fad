//! A whole case as a fuzzer's input.
//!
//! ```text
//! "\0gainsay"  8 bytes
//! version      1 byte, [`VERSION`]
//! group        1 byte: which engines it is meant for, see [`crate::group`]
//! steps        length as a little-endian u32, then that many bytes: the steps as JSON
//!              ([`gainsay_case::json`]), with empty binaries
//! binaries     for each definition, in order: length as a little-endian u32, then the bytes
//! ```
//!
//! Binaries are kept as they are, so that a fuzzer recognises parts of one in another. An
//! input of this form means the same case whatever the generator has become.

use std::sync::Arc;

use gainsay_case::json::{from_json, to_json};
use gainsay_case::{Case, Step};

/// With what an envelope begins. No binary of a module and no script does.
pub const MAGIC: &[u8; 8] = b"\0gainsay";

/// The version that is written and read.
pub const VERSION: u8 = 1;

/// A case and the number of the group of engines that it is meant for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Any number; see [`crate::group`].
    pub group: u8,
    /// The case.
    pub case: Case,
}

/// Why bytes that begin as an envelope are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Another version wrote it.
    #[error("the envelope has an unknown version")]
    Version,
    /// It ends too early, or a length or the steps in it are wrong.
    #[error("damaged envelope")]
    Damaged,
    /// It goes on behind its end.
    #[error("unexpected bytes after the end of the envelope")]
    Trailing,
}

impl Envelope {
    /// Whether bytes begin as an envelope does.
    pub fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    /// The envelope that these bytes are.
    ///
    /// # Errors
    /// Why they are none.
    pub fn decode(bytes: &[u8]) -> Result<Envelope, EnvelopeError> {
        let mut rest = bytes.strip_prefix(MAGIC).ok_or(EnvelopeError::Damaged)?;
        let [version, group] = *take(&mut rest, 2)? else { return Err(EnvelopeError::Damaged) };
        if version != VERSION {
            return Err(EnvelopeError::Version);
        }
        let steps = std::str::from_utf8(block(&mut rest)?).map_err(|_| EnvelopeError::Damaged)?;
        let mut case = from_json(steps).map_err(|_| EnvelopeError::Damaged)?;
        for step in &mut case.steps {
            if let Step::Define { bytes, .. } = step {
                *bytes = Arc::from(block(&mut rest)?);
            }
        }
        if !rest.is_empty() {
            return Err(EnvelopeError::Trailing);
        }
        Ok(Envelope { group, case })
    }

    /// The bytes of the envelope.
    pub fn encode(&self) -> Vec<u8> {
        let mut steps = self.case.clone();
        let mut binaries: Vec<Arc<[u8]>> = Vec::new();
        for step in &mut steps.steps {
            if let Step::Define { bytes, .. } = step {
                binaries.push(std::mem::replace(bytes, Arc::from([])));
            }
        }
        let mut encoded = [&MAGIC[..], &[VERSION, self.group]].concat();
        push_block(&mut encoded, to_json(&steps).as_bytes());
        binaries.iter().for_each(|binary| push_block(&mut encoded, binary));
        encoded
    }
}

fn push_block(encoded: &mut Vec<u8>, block: &[u8]) {
    // A fuzzer's inputs have at most a few megabytes.
    let len = u32::try_from(block.len()).unwrap_or(u32::MAX);
    encoded.extend(len.to_le_bytes());
    encoded.extend(block);
}

fn block<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], EnvelopeError> {
    let (len, after) = rest.split_first_chunk().ok_or(EnvelopeError::Damaged)?;
    *rest = after;
    take(rest, u32::from_le_bytes(*len) as usize)
}

fn take<'a>(rest: &mut &'a [u8], len: usize) -> Result<&'a [u8], EnvelopeError> {
    let (taken, after) = rest.split_at_checked(len).ok_or(EnvelopeError::Damaged)?;
    *rest = after;
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use gainsay_case::Value;

    use super::*;

    fn envelope() -> Envelope {
        let name = |name: &str| name.to_owned();
        let steps = vec![
            Step::Define { module: name("A"), bytes: b"\0asm\x01\0\0\0".as_slice().into() },
            Step::Instantiate { module: name("A"), instance: name("a") },
            Step::Register { instance: name("a"), name: name("a") },
            Step::Define { module: name("B"), bytes: [].into() },
            Step::Invoke { instance: name("a"), field: name("f"), args: vec![Value::F32(7)] },
            Step::Get { instance: name("a"), field: name("g") },
        ];
        Envelope { group: 3, case: Case { steps } }
    }

    #[test]
    fn decoding_inverts_encoding() {
        let encoded = envelope().encode();
        assert!(Envelope::is_one(&encoded));
        assert_eq!(Envelope::decode(&encoded), Ok(envelope()));
    }

    #[test]
    fn no_damage_is_taken_for_an_envelope_or_panics() {
        let encoded = envelope().encode();
        for len in 0..encoded.len() {
            assert_eq!(Envelope::decode(&encoded[..len]), Err(EnvelopeError::Damaged), "{len}");
        }
        let mut decoded = 0;
        for at in 0..encoded.len() {
            for bit in 0..8 {
                let mut damaged = encoded.clone();
                damaged[at] ^= 1 << bit;
                decoded += u32::from(Envelope::decode(&damaged).is_ok());
            }
        }
        assert!(decoded > 0);
        let longer = [&encoded[..], &[0]].concat();
        assert_eq!(Envelope::decode(&longer), Err(EnvelopeError::Trailing));
    }

    #[test]
    fn another_version_is_named_as_such() {
        let mut encoded = envelope().encode();
        encoded[MAGIC.len()] = VERSION + 1;
        assert_eq!(Envelope::decode(&encoded), Err(EnvelopeError::Version));
    }
}
