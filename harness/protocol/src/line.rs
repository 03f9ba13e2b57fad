//! A message as a line of text.

use serde::Serialize;

/// Longest line that either side reads, in bytes.
pub const LINE_BYTES_MAX: u64 = 256 << 20;

/// A line of the protocol with its newline.
pub fn line(message: &impl Serialize) -> Vec<u8> {
    // Every message is made of strings, numbers and maps with string keys.
    let mut bytes = serde_json::to_vec(message).expect("a protocol line is always JSON");
    bytes.push(b'\n');
    bytes
}
