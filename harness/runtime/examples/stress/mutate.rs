//! Changes to modules that leave the sizes of sections and bodies right, so that they
//! are not all refused for those.

use wasmparser::{BinaryReader, FunctionBody};

use crate::peer::Numbers;
use crate::sections::{CODE, Section, Sections};

/// Short runs of code that are valid in many places, or nearly so.
const SNIPPETS: &[&[u8]] = &[
    b"\x00",
    b"\x01",
    b"\x0b",
    b"\x0f",
    b"\x1a",
    b"\x1b",
    b"\x20\x00",
    b"\x20\x01",
    b"\x21\x00",
    b"\x22\x00",
    b"\x23\x00",
    b"\x41\x00",
    b"\x41\x7f",
    b"\x42\x01",
    b"\x43\0\0\xc0\x7f",
    b"\x44\0\0\0\0\0\0\xf8\x7f",
    b"\x41\x00\x1a",
    b"\x02\x40\x0b",
    b"\x03\x40\x0b",
    b"\x02\x7f\x41\x00\x0b\x1a",
    b"\x41\x01\x04\x40\x05\x0b",
    b"\x0c\x00",
    b"\x0d\x00",
    b"\x0e\x00\x00",
    b"\x0e\x01\x00\x00",
    b"\x10\x00",
    b"\x11\x00\x00",
    b"\x12\x00",
    b"\xd0\x70\x1a",
    b"\xd0\x6f\xd1\x1a",
    b"\xd2\x00\x1a",
    b"\x14\x00",
    b"\x3f\x00\x1a",
    b"\x41\x00\x40\x00\x1a",
    b"\x41\x00\x28\x02\x00\x1a",
    b"\x41\x00\x41\x00\x36\x02\x00",
    b"\x41\x00\x41\x00\x41\x00\xfc\x0b\x00",
    b"\x41\x00\x41\x00\x41\x00\xfc\x0a\x00\x00",
    b"\x41\x00\xfd\x0f\x1a",
    b"\xfd\x0c\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xfd\x4d\x1a",
    b"\x41\x00\xfd\x00\x04\x00\x1a",
    b"\xfe\x03\x00",
    b"\x41\x00\xfe\x10\x02\x00\x1a",
    b"\x1f\x40\x00\x0b",
    b"\x1f\x40\x01\x02\x00\x0b",
    b"\x08\x00",
    b"\x0a",
    b"\x42\x00\x42\x00\xfc\x15\x1a\x1a",
];

/// Bytes that mean something: types, prefixes, ends of numbers.
const BYTES: &[u8] = &[
    0, 1, 2, 3, 4, 5, 6, 8, 0x10, 0x1f, 0x20, 0x3f, 0x40, 0x4e, 0x4f, 0x50, 0x5e, 0x5f, 0x60, 0x63,
    0x64, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x70, 0x71, 0x72, 0x73, 0x74, 0x77, 0x78, 0x7b,
    0x7c, 0x7d, 0x7e, 0x7f, 0x80, 0x81, 0xd0, 0xd1, 0xd4, 0xfb, 0xfc, 0xfd, 0xfe, 0xff,
];

/// Sections of the second module among those of the first.
pub fn splice(first: &[u8], second: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let (Some(mut into), Some(from)) = (Sections::split(first), Sections::split(second)) else {
        return first.to_vec();
    };
    for _ in 0..=numbers.below(2) {
        let Some(given) = any(&from.0, numbers) else { break };
        match into.0.iter_mut().find(|section| section.id == given.id) {
            Some(Section { id: CODE, parts }) if !parts.is_empty() => {
                let at = numbers.below(parts.len());
                if let Some(body) = any(&given.parts, numbers) {
                    parts[at] = body.clone();
                }
            }
            Some(section) => *section = given.clone(),
            None => {
                let at = numbers.below(into.0.len() + 1);
                into.0.insert(at, given.clone());
            }
        }
    }
    into.join()
}

/// The module with a few changes inside of sections, mostly of bodies.
pub fn within(module: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let Some(mut sections) = Sections::split(module) else { return module.to_vec() };
    if sections.0.is_empty() {
        return module.to_vec();
    }
    // Mostly one change, so that many are valid still.
    let more = [0, 0, 0, 1, 2][numbers.below(5)];
    for _ in 0..=more {
        let count = sections.0.len();
        let code = sections.0.iter().position(|section| section.id == CODE);
        let at = match code {
            Some(code) if numbers.below(4) != 0 => code,
            _ => numbers.below(count),
        };
        if numbers.below(64) == 0 {
            let other = numbers.below(count);
            sections.0.swap(at, other);
            continue;
        }
        let Section { id, parts } = &mut sections.0[at];
        if parts.is_empty() {
            continue;
        }
        let part = numbers.below(parts.len());
        change(&mut parts[part], *id == CODE, numbers);
    }
    sections.join()
}

/// One change.
fn change(part: &mut Vec<u8>, is_code: bool, numbers: &mut Numbers) {
    if is_code && numbers.below(2) == 0 {
        return insert_code(part, numbers);
    }
    let length = part.len();
    if length == 0 {
        return part.push(numbers.next() as u8);
    }
    let at = numbers.below(length);
    let until = at + 1 + numbers.below((length - at).min(8));
    match numbers.below(11) {
        0 => part[at] ^= 1 << numbers.below(8),
        1 => part[at] = numbers.next() as u8,
        2..=3 => part[at] = BYTES[numbers.below(BYTES.len())],
        4 => part.insert(at, BYTES[numbers.below(BYTES.len())]),
        5 => drop(part.drain(at..until)),
        6 => drop(part.remove(at)),
        7 => {
            // The same number in more bytes, if it is the end of one.
            part[at] |= 0x80;
            part.insert(at + 1, if part[at] & 0x40 != 0 { 0x7f } else { 0 });
        }
        8 => {
            let copied = part[at..until].to_vec();
            let to = numbers.below(length + 1);
            drop(part.splice(to..to, copied));
        }
        9 => part[at] = part[at].wrapping_add(1),
        _ => part[at] = part[at].wrapping_sub(1),
    }
}

/// Insert code between two operators, or in place of one.
fn insert_code(body: &mut Vec<u8>, numbers: &mut Numbers) {
    let starts = operators(body);
    if starts.is_empty() {
        return;
    }
    let number = numbers.below(starts.len());
    let start = starts[number];
    let end = match starts.get(number + 1) {
        Some(next) if numbers.below(8) == 0 => *next,
        _ => start,
    };
    let snippet = SNIPPETS[numbers.below(SNIPPETS.len())];
    drop(body.splice(start..end, snippet.iter().copied()));
}

/// Where the operators of a body begin, up to the first that is none.
fn operators(body: &[u8]) -> Vec<usize> {
    let mut starts = Vec::new();
    let body = FunctionBody::new(BinaryReader::new(body, 0));
    if let Ok(mut operators) = body.get_operators_reader() {
        while !operators.eof() {
            starts.push(operators.original_position() as usize);
            if operators.read().is_err() {
                break;
            }
        }
    }
    starts
}

fn any<'a, T>(items: &'a [T], numbers: &mut Numbers) -> Option<&'a T> {
    (!items.is_empty()).then(|| &items[numbers.below(items.len())])
}
