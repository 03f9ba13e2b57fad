//! Whether a binary is malformed (§ binary), whatever else is wrong with it.
//!
//! A module is decoded before it is validated, so that one that is both is malformed. An
//! engine that does both in one pass tells what it meets first.

use wasmparser::{FromReader, FunctionBody, Parser, Payload, SectionLimited};

/// The sections in the order in which they stand (§ binary/modules).
const ORDER: &[u8] = &[1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/// Whether the binary cannot be decoded.
pub fn is_malformed(bytes: &[u8]) -> bool {
    decode(bytes).is_none()
}

fn decode(bytes: &[u8]) -> Option<()> {
    let (mut place, mut functions, mut bodies) = (None, 0, 0);
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.ok()?;
        if let Some((id, _)) = payload.as_section()
            && id != 0
        {
            let next = ORDER.iter().position(|known| *known == id);
            if next <= place {
                return None;
            }
            place = next;
        }
        match payload {
            Payload::TypeSection(section) => all(section)?,
            Payload::ImportSection(section) => {
                section.into_imports().try_for_each(|import| import.ok().map(drop))?;
            }
            Payload::FunctionSection(section) => {
                functions = section.count();
                all(section)?;
            }
            Payload::TableSection(section) => all(section)?,
            Payload::MemorySection(section) => all(section)?,
            Payload::TagSection(section) => all(section)?,
            Payload::GlobalSection(section) => all(section)?,
            Payload::ExportSection(section) => all(section)?,
            Payload::ElementSection(section) => all(section)?,
            Payload::DataSection(section) => all(section)?,
            Payload::CodeSectionEntry(function) => {
                bodies += 1;
                body(&function)?;
            }
            _ => {}
        }
    }
    (functions == bodies).then_some(())
}

fn all<'a, T: FromReader<'a>>(section: SectionLimited<'a, T>) -> Option<()> {
    section.into_iter().try_for_each(|item| item.ok().map(drop))
}

fn body(body: &FunctionBody<'_>) -> Option<()> {
    let mut operators = body.get_operators_reader().ok()?;
    while !operators.eof() {
        operators.read().ok()?;
    }
    operators.finish().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAGIC: &[u8] = b"\0asm\x01\0\0\0";

    fn of(sections: &[u8]) -> bool {
        is_malformed(&[MAGIC, sections].concat())
    }

    #[test]
    fn a_binary_that_is_malformed_and_invalid_is_malformed() {
        // A start section before the exports, and a function of a type that is not there.
        assert!(of(b"\x03\x02\x01\x00\x08\x01\x00\x07\x01\x00"));
        // A function without a body.
        assert!(of(b"\x01\x04\x01\x60\0\0\x03\x02\x01\x00"));
        // A body that ends in the middle of a block.
        assert!(of(b"\x01\x04\x01\x60\0\0\x03\x02\x01\x00\x0a\x06\x01\x04\0\x02\x40\x0b"));
        // A body that leaves a value: invalid only.
        assert!(!of(b"\x01\x04\x01\x60\0\0\x03\x02\x01\x00\x0a\x06\x01\x04\0\x41\0\x0b"));
        assert!(!of(b""));
    }
}
