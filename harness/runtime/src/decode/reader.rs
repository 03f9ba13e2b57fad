//! Bytes and the primitive values in them (§ binary/values).

use crate::error::ModuleError;

/// An error on its way out: boxed, so that results stay one register wide.
pub(crate) type Fault = Box<ModuleError>;

/// What decoding, validating and lowering return.
pub(crate) type Checked<T> = Result<T, Fault>;

/// A malformed binary.
#[cold]
pub(crate) fn malformed(offset: usize, section: &'static str, message: impl Into<String>) -> Fault {
    Box::new(ModuleError::malformed(offset, section, message))
}

/// An invalid module.
#[cold]
pub(crate) fn invalid(offset: usize, section: &'static str, message: impl Into<String>) -> Fault {
    Box::new(ModuleError::invalid(offset, section, message))
}

/// Larger than this implementation takes.
#[cold]
pub(crate) fn limit(offset: usize, message: impl Into<String>) -> Fault {
    Box::new(ModuleError::limit(offset, message))
}

const VALUES: &str = "binary/values, integers";

/// Reads forward through a binary, up to an end that may lie before the binary's
/// (that of a section or of a function body). Positions are offsets into the binary.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    /// The binary, cut off at this reader's end.
    bytes: &'a [u8],
    pos: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, pos: 0 }
    }

    /// The offset of the next byte.
    #[inline]
    pub(crate) fn pos(&self) -> usize {
        self.pos
    }

    /// The bytes that are left.
    #[inline]
    pub(crate) fn remaining(&self) -> usize {
        self.bytes.len() - self.pos
    }

    #[inline]
    pub(crate) fn at_end(&self) -> bool {
        self.pos == self.bytes.len()
    }

    /// How many elements to make room for when `count` are announced and each
    /// takes at least `size` bytes: never more than there can be.
    pub(crate) fn capacity(&self, count: u32, size: usize) -> usize {
        (count as usize).min(self.remaining() / size)
    }

    #[cold]
    fn unexpected_end(&self) -> Fault {
        malformed(self.pos, "binary/conventions", "unexpected end of section or function")
    }

    /// The next byte, without passing it.
    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.pos).copied()
    }

    /// The next byte, unless this is the end.
    #[inline]
    pub(crate) fn next(&mut self) -> Option<u8> {
        let byte = self.peek();
        self.pos += usize::from(byte.is_some());
        byte
    }

    #[inline]
    pub(crate) fn byte(&mut self) -> Checked<u8> {
        match self.bytes.get(self.pos) {
            Some(&byte) => {
                self.pos += 1;
                Ok(byte)
            }
            None => Err(self.unexpected_end()),
        }
    }

    /// The next `count` bytes.
    pub(crate) fn take(&mut self, count: usize) -> Checked<&'a [u8]> {
        if count > self.remaining() {
            let message = format!("length out of bounds: {count} bytes of {}", self.remaining());
            return Err(malformed(self.pos, "binary/values, byte vectors", message));
        }
        let start = self.pos;
        self.pos += count;
        Ok(&self.bytes[start..self.pos])
    }

    /// A reader of the next `size` bytes only, which this one passes.
    pub(crate) fn part(&mut self, size: u32) -> Checked<Reader<'a>> {
        let start = self.pos;
        self.take(size as usize)?;
        Ok(Reader { bytes: &self.bytes[..self.pos], pos: start })
    }

    /// An `u32`.
    #[inline]
    pub(crate) fn u32(&mut self) -> Checked<u32> {
        match self.bytes.get(self.pos) {
            Some(&byte) if byte < 0x80 => {
                self.pos += 1;
                Ok(u32::from(byte))
            }
            _ => Ok(self.unsigned::<32>()? as u32),
        }
    }

    /// An `u64`.
    #[inline]
    pub(crate) fn u64(&mut self) -> Checked<u64> {
        match self.bytes.get(self.pos) {
            Some(&byte) if byte < 0x80 => {
                self.pos += 1;
                Ok(u64::from(byte))
            }
            _ => self.unsigned::<64>(),
        }
    }

    /// An `s32`.
    #[inline]
    pub(crate) fn s32(&mut self) -> Checked<i32> {
        match self.bytes.get(self.pos) {
            Some(&byte) if byte < 0x80 => {
                self.pos += 1;
                Ok(i32::from((byte << 1) as i8 >> 1))
            }
            _ => Ok(self.signed::<32>()? as i32),
        }
    }

    /// An `s64`.
    #[inline]
    pub(crate) fn s64(&mut self) -> Checked<i64> {
        match self.bytes.get(self.pos) {
            Some(&byte) if byte < 0x80 => {
                self.pos += 1;
                Ok(i64::from((byte << 1) as i8 >> 1))
            }
            _ => self.signed::<64>(),
        }
    }

    /// An `s33`, as block types and heap types use it.
    pub(crate) fn s33(&mut self) -> Checked<i64> {
        self.signed::<33>()
    }

    /// An integer of several bytes (§ binary/values, integers). The bytes are looped
    /// over without asking what is wrong with them; that is found out afterwards.
    #[inline(never)]
    fn unsigned<const WIDTH: u32>(&mut self) -> Checked<u64> {
        let mut value = 0;
        let mut shift = 0;
        for &byte in &self.bytes[self.pos..] {
            value |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                if shift > WIDTH && byte >> (WIDTH + 7 - shift) != 0 {
                    break;
                }
                self.pos += (shift / 7) as usize;
                return Ok(value);
            }
            if shift >= WIDTH {
                break;
            }
        }
        Err(self.broken_integer::<WIDTH>(false))
    }

    #[inline(never)]
    fn signed<const WIDTH: u32>(&mut self) -> Checked<i64> {
        let mut value = 0;
        let mut shift = 0;
        for &byte in &self.bytes[self.pos..] {
            value |= i64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                if shift > WIDTH && !repeats_sign(byte, WIDTH + 7 - shift) {
                    break;
                }
                self.pos += (shift / 7) as usize;
                let unused = 64u32.saturating_sub(shift);
                return Ok(value << unused >> unused);
            }
            if shift >= WIDTH {
                break;
            }
        }
        Err(self.broken_integer::<WIDTH>(true))
    }

    /// Why the bytes here are no integer of this width.
    #[cold]
    fn broken_integer<const WIDTH: u32>(&self, signed: bool) -> Fault {
        let bytes = &self.bytes[self.pos..];
        let last = WIDTH.div_ceil(7) as usize - 1;
        match bytes.get(last) {
            Some(&byte) => {
                let left = WIDTH - 7 * last as u32;
                let fits = match signed {
                    true => repeats_sign(byte & 0x7f, left),
                    false => (byte & 0x7f) >> left == 0,
                };
                let at = self.pos + last;
                match fits {
                    true => malformed(at + 1, VALUES, "integer representation too long"),
                    false => malformed(at, VALUES, "integer too large"),
                }
            }
            None => malformed(
                self.bytes.len(),
                "binary/conventions",
                "unexpected end of section or function",
            ),
        }
    }

    /// The bits of an `f32`.
    pub(crate) fn f32_bits(&mut self) -> Checked<u32> {
        let Some(bytes) = self.bytes[self.pos..].first_chunk() else {
            return Err(self.unexpected_end());
        };
        self.pos += 4;
        Ok(u32::from_le_bytes(*bytes))
    }

    /// The bits of an `f64`.
    pub(crate) fn f64_bits(&mut self) -> Checked<u64> {
        let Some(bytes) = self.bytes[self.pos..].first_chunk() else {
            return Err(self.unexpected_end());
        };
        self.pos += 8;
        Ok(u64::from_le_bytes(*bytes))
    }

    /// The 16 bytes of a vector, or of lane indices.
    pub(crate) fn v128(&mut self) -> Checked<[u8; 16]> {
        let Some(bytes) = self.bytes[self.pos..].first_chunk() else {
            return Err(self.unexpected_end());
        };
        self.pos += 16;
        Ok(*bytes)
    }

    /// A name (§ binary/values, names).
    pub(crate) fn name(&mut self) -> Checked<&'a str> {
        let size = self.u32()?;
        let start = self.pos;
        let bytes = self.take(size as usize)?;
        std::str::from_utf8(bytes)
            .map_err(|_| malformed(start, "binary/values, names", "malformed UTF-8 encoding"))
    }
}

/// Whether the bits of a signed integer's last byte from bit `left - 1` on are alike.
fn repeats_sign(byte: u8, left: u32) -> bool {
    let mask = (0x7f << (left - 1)) & 0x7f;
    byte & mask == 0 || byte & mask == mask
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message<T: std::fmt::Debug>(result: Checked<T>) -> String {
        result.unwrap_err().message
    }

    #[test]
    fn integers_of_every_length_are_read() {
        assert_eq!(Reader::new(&[0x00]).u32().unwrap(), 0);
        assert_eq!(Reader::new(&[0xe5, 0x8e, 0x26]).u32().unwrap(), 624_485);
        assert_eq!(Reader::new(&[0xff, 0xff, 0xff, 0xff, 0x0f]).u32().unwrap(), u32::MAX);
        assert_eq!(Reader::new(&[0x80, 0x80, 0x80, 0x80, 0x00]).u32().unwrap(), 0);
        assert_eq!(Reader::new(&[0x7f]).s32().unwrap(), -1);
        assert_eq!(Reader::new(&[0x40]).s64().unwrap(), -64);
        assert_eq!(Reader::new(&[0x3f]).s64().unwrap(), 63);
        assert_eq!(Reader::new(&[0x80, 0x80, 0x80, 0x80, 0x78]).s32().unwrap(), i32::MIN);
        assert_eq!(Reader::new(&[0xff, 0xff, 0xff, 0xff, 0x07]).s32().unwrap(), i32::MAX);
        let most = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f];
        assert_eq!(Reader::new(&most).s64().unwrap(), i64::MIN);
        let all = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert_eq!(Reader::new(&all).u64().unwrap(), u64::MAX);
        assert_eq!(
            Reader::new(&[0xff, 0xff, 0xff, 0xff, 0x0f]).s33().unwrap(),
            i64::from(u32::MAX)
        );
    }

    #[test]
    fn integers_out_of_range_are_distinguished_from_overlong_ones() {
        let too_large = "integer too large";
        assert_eq!(message(Reader::new(&[0x80, 0x80, 0x80, 0x80, 0x10]).u32()), too_large);
        assert_eq!(message(Reader::new(&[0x80, 0x80, 0x80, 0x80, 0x70]).s32()), too_large);
        assert_eq!(message(Reader::new(&[0xff, 0xff, 0xff, 0xff, 0x4f]).s32()), too_large);
        let too_long = "integer representation too long";
        assert_eq!(message(Reader::new(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x00]).u32()), too_long);
        assert_eq!(message(Reader::new(&[0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]).s32()), too_long);
        assert!(message(Reader::new(&[0x80, 0x80]).u32()).starts_with("unexpected end"));
    }

    #[test]
    fn a_part_ends_where_it_was_said_to() {
        let mut reader = Reader::new(&[1, 2, 3, 4]);
        let mut part = reader.part(2).unwrap();
        assert_eq!(part.byte().unwrap(), 1);
        assert_eq!(part.byte().unwrap(), 2);
        assert!(part.at_end());
        assert!(message(part.byte()).starts_with("unexpected end"));
        assert_eq!((reader.pos(), reader.remaining()), (2, 2));
        assert!(message(reader.part(3)).starts_with("length out of bounds"));
    }
}
