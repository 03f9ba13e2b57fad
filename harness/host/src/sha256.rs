//! SHA-256 (FIPS 180-4): names modules by what they contain, so that nobody can make
//! one that is taken for another, and finds entries on disk that were changed.

/// Of how many bytes a digest consists.
pub const DIGEST_BYTES: usize = 32;

const BLOCK_BYTES: usize = 64;

/// § 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first
/// 64 primes.
#[rustfmt::skip]
const ROUND_CONSTANTS: [u32; 64] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

/// § 5.3.3: the same of the square roots of the first 8 primes.
const INITIAL: [u32; 8] = [
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

/// A message that is given in parts.
#[derive(Clone)]
pub struct Sha256 {
    state: [u32; 8],
    /// What of the message does not fill a block yet.
    rest: [u8; BLOCK_BYTES],
    rest_bytes: usize,
    message_bytes: u64,
}

impl Sha256 {
    /// An empty message.
    pub fn new() -> Sha256 {
        Sha256 { state: INITIAL, rest: [0; BLOCK_BYTES], rest_bytes: 0, message_bytes: 0 }
    }

    /// The digest of one part.
    pub fn digest(message: &[u8]) -> [u8; DIGEST_BYTES] {
        let mut hash = Sha256::new();
        hash.update(message);
        hash.finish()
    }

    /// The message goes on with these bytes.
    pub fn update(&mut self, mut part: &[u8]) {
        self.message_bytes += part.len() as u64;
        if self.rest_bytes > 0 {
            let taken = part.len().min(BLOCK_BYTES - self.rest_bytes);
            self.rest[self.rest_bytes..][..taken].copy_from_slice(&part[..taken]);
            self.rest_bytes += taken;
            part = &part[taken..];
            if self.rest_bytes < BLOCK_BYTES {
                return;
            }
            compress(&mut self.state, &self.rest);
        }
        let (blocks, rest) = part.as_chunks::<BLOCK_BYTES>();
        blocks.iter().for_each(|block| compress(&mut self.state, block));
        self.rest[..rest.len()].copy_from_slice(rest);
        self.rest_bytes = rest.len();
    }

    /// The digest of all parts (§ 5.1.1: a one bit, zeros, the length in bits).
    pub fn finish(mut self) -> [u8; DIGEST_BYTES] {
        let bits = self.message_bytes.wrapping_mul(8);
        let zeros = (2 * BLOCK_BYTES - 9 - self.rest_bytes) % BLOCK_BYTES;
        self.update(&[0x80]);
        self.update(&[0; BLOCK_BYTES][..zeros]);
        self.update(&bits.to_be_bytes());
        let mut digest = [0; DIGEST_BYTES];
        for (bytes, word) in digest.as_chunks_mut::<4>().0.iter_mut().zip(self.state) {
            *bytes = word.to_be_bytes();
        }
        digest
    }
}

/// § 6.2.2.
fn compress(state: &mut [u32; 8], block: &[u8; BLOCK_BYTES]) {
    let mut schedule = [0; 64];
    for (word, bytes) in schedule.iter_mut().zip(block.as_chunks::<4>().0) {
        *word = u32::from_be_bytes(*bytes);
    }
    for t in 16..64 {
        let (near, far) = (schedule[t - 2], schedule[t - 15]);
        let small_1 = near.rotate_right(17) ^ near.rotate_right(19) ^ (near >> 10);
        let small_0 = far.rotate_right(7) ^ far.rotate_right(18) ^ (far >> 3);
        let sum = small_1.wrapping_add(schedule[t - 7]).wrapping_add(small_0);
        schedule[t] = sum.wrapping_add(schedule[t - 16]);
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for (constant, word) in ROUND_CONSTANTS.iter().zip(schedule) {
        let big_1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let choice = (e & f) ^ (!e & g);
        let first = h.wrapping_add(big_1).wrapping_add(choice);
        let first = first.wrapping_add(*constant).wrapping_add(word);
        let big_0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let majority = (a & b) ^ (a & c) ^ (b & c);
        (h, g, f, e) = (g, f, e, d.wrapping_add(first));
        (d, c, b, a) = (c, b, a, first.wrapping_add(big_0.wrapping_add(majority)));
    }
    for (word, add) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *word = word.wrapping_add(add);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(digest: &[u8]) -> String {
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The examples that NIST publishes with the standard.
    #[test]
    fn digests_are_those_of_the_published_examples() {
        for (message, digest) in [
            (&b""[..], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            ),
        ] {
            assert_eq!(hex(&Sha256::digest(message)), digest);
        }
        let million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
        assert_eq!(hex(&Sha256::digest(&vec![b'a'; 1_000_000])), million);
    }

    #[test]
    fn it_does_not_matter_how_a_message_is_cut() {
        let message: Vec<u8> = (0..300u32).map(|at| at as u8).collect();
        for first in 0..message.len() {
            let mut hash = Sha256::new();
            hash.update(&message[..first]);
            hash.update(&message[first..]);
            assert_eq!(hash.finish(), Sha256::digest(&message), "cut at {first}");
        }
    }
}
