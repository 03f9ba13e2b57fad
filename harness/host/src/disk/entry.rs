//! The form of an entry: what it is, the content, a checksum.
//!
//! | bytes | are |
//! |---|---|
//! | 8 | `gainsay` and the version of this form |
//! | 16 | the version of gainsay that wrote it, zeros behind |
//! | 32 | the name it was kept under |
//! | 8 | the size of the content, the lowest byte first |
//! | n | the content |
//! | 32 | SHA-256 of all that |

use crate::disk::Name;
use crate::sha256::{DIGEST_BYTES, sha256};

const MAGIC: &[u8; 8] = b"gainsay\x01";

/// Room for the version of gainsay.
const VERSION_BYTES: usize = 16;

/// Bytes before the content.
pub(super) const HEADER_BYTES: usize = 8 + VERSION_BYTES + DIGEST_BYTES + 8;

/// Bytes around the content.
pub(super) const FRAME_BYTES: u64 = (HEADER_BYTES + DIGEST_BYTES) as u64;

/// What is wrong with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryFault {
    /// It is shorter or longer than it says.
    Torn,
    /// It is no entry, or one of another form.
    Foreign,
    /// It is of another version of gainsay.
    Stale,
    /// It was kept under another name.
    Misplaced,
    /// Its checksum is wrong.
    Damaged,
}

impl EntryFault {
    pub(super) fn name(self) -> &'static str {
        match self {
            EntryFault::Torn => "torn",
            EntryFault::Foreign => "foreign",
            EntryFault::Stale => "stale",
            EntryFault::Misplaced => "misplaced",
            EntryFault::Damaged => "damaged",
        }
    }
}

fn version() -> [u8; VERSION_BYTES] {
    let mut bytes = [0; VERSION_BYTES];
    for (byte, character) in bytes.iter_mut().zip(env!("CARGO_PKG_VERSION").bytes()) {
        *byte = character;
    }
    bytes
}

/// The entry of this content.
pub(super) fn encode(name: &Name, content: &[u8]) -> Vec<u8> {
    let mut entry = Vec::with_capacity(HEADER_BYTES + content.len() + DIGEST_BYTES);
    entry.extend_from_slice(MAGIC);
    entry.extend_from_slice(&version());
    entry.extend_from_slice(name);
    entry.extend_from_slice(&(content.len() as u64).to_le_bytes());
    entry.extend_from_slice(content);
    let checksum = sha256(&[&entry]);
    entry.extend_from_slice(&checksum);
    entry
}

/// The content of an entry.
pub(super) fn decode<'a>(entry: &'a [u8], name: &Name) -> Result<&'a [u8], EntryFault> {
    let (magic, rest) = entry.split_first_chunk::<8>().ok_or(EntryFault::Torn)?;
    if magic != MAGIC {
        return Err(EntryFault::Foreign);
    }
    let (written_by, rest) = rest.split_first_chunk().ok_or(EntryFault::Torn)?;
    if *written_by != version() {
        return Err(EntryFault::Stale);
    }
    let (kept_under, rest) = rest.split_first_chunk::<DIGEST_BYTES>().ok_or(EntryFault::Torn)?;
    if kept_under != name {
        return Err(EntryFault::Misplaced);
    }
    let (size, rest) = rest.split_first_chunk().ok_or(EntryFault::Torn)?;
    let (content, checksum) = rest.split_last_chunk::<DIGEST_BYTES>().ok_or(EntryFault::Torn)?;
    if u64::from_le_bytes(*size) != content.len() as u64 {
        return Err(EntryFault::Torn);
    }
    let summed = &entry[..entry.len() - DIGEST_BYTES];
    if sha256(&[summed]) != *checksum {
        return Err(EntryFault::Damaged);
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: Name = [7; DIGEST_BYTES];

    #[test]
    fn an_entry_gives_back_its_content() {
        for content in [&b""[..], b"x", &[0; 1000]] {
            let entry = encode(&NAME, content);
            assert_eq!(entry.len() as u64, content.len() as u64 + FRAME_BYTES);
            assert_eq!(decode(&entry, &NAME), Ok(content));
        }
    }

    #[test]
    fn no_part_of_an_entry_is_believed() {
        let entry = encode(&NAME, b"content");
        for end in 0..entry.len() {
            assert!(decode(&entry[..end], &NAME).is_err(), "{end} bytes of {}", entry.len());
        }
        let longer = [&entry[..], b"x"].concat();
        assert_eq!(decode(&longer, &NAME), Err(EntryFault::Torn));
    }

    #[test]
    fn no_changed_bit_is_believed() {
        let entry = encode(&NAME, b"content");
        for bit in 0..entry.len() * 8 {
            let mut changed = entry.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(decode(&changed, &NAME).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn an_entry_says_what_is_wrong_with_it() {
        let entry = encode(&NAME, b"content");
        let fault = |at: usize| {
            let mut changed = entry.clone();
            changed[at] ^= 1;
            decode(&changed, &NAME).err()
        };
        assert_eq!(fault(7), Some(EntryFault::Foreign));
        assert_eq!(fault(8), Some(EntryFault::Stale));
        assert_eq!(fault(24), Some(EntryFault::Misplaced));
        assert_eq!(fault(56), Some(EntryFault::Torn));
        assert_eq!(fault(64), Some(EntryFault::Damaged));
        assert_eq!(decode(&entry, &[8; DIGEST_BYTES]), Err(EntryFault::Misplaced));
    }
}
