//! SHA-256 (FIPS 180-4): names modules by what they contain, so that nobody can make
//! one that is taken for another, and finds entries on disk that were changed.

use sha2::{Digest, Sha256};

/// Of how many bytes a digest consists.
pub const DIGEST_BYTES: usize = 32;

/// The digest of a message that is given in parts.
pub fn sha256(parts: &[&[u8]]) -> [u8; DIGEST_BYTES] {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(digest: &[u8]) -> String {
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Examples that NIST publishes with the standard: entries that are on disks already have
    /// names made so.
    #[test]
    fn digests_are_those_of_the_published_examples() {
        for (message, digest) in [
            (&b""[..], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ] {
            assert_eq!(hex(&sha256(&[message])), digest);
        }
    }

    #[test]
    fn it_does_not_matter_how_a_message_is_cut() {
        assert_eq!(sha256(&[b"a", b"", b"bc"]), sha256(&[b"abc"]));
    }
}
