//! Modules with a mistake put in, which a validator has to find, or to see that it
//! is none.

use gainsay_case::{Case, Step};
use wasmparser::{Parser, Payload};

/// Binaries made of each module of a case.
const VARIANTS: u64 = 6;

/// Operators of one byte, with other types each: in place of another one, most are
/// wrong. (§ binary/instructions)
const OPERATORS: &[u8] = &[
    0x00, 0x01, 0x0b, 0x0f, 0x1a, 0x1b, 0x45, 0x46, 0x50, 0x51, 0x5b, 0x61, 0x67, 0x6a, 0x79, 0x7c,
    0x8b, 0x92, 0x99, 0xa0, 0xa7, 0xac, 0xb6, 0xbb, 0xbc, 0xbd, 0xbe, 0xbf, 0xc0, 0xc2, 0xd1, 0xd4,
];

/// A case that only defines modules: those of `case`, each with one byte changed.
/// Mostly the byte begins an operator or an immediate of one.
pub(super) fn case(case: &Case, seed: u64, index: u64) -> Case {
    let mut numbers = Numbers(seed ^ index.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut steps = Vec::new();
    for (_, bytes) in case.modules() {
        let places = Places::of(bytes);
        for _ in 0..VARIANTS {
            let module = format!("m{}", steps.len());
            let mut bytes = bytes.to_vec();
            places.mutate(&mut bytes, &mut numbers);
            steps.push(Step::Define { module, bytes: bytes.into() });
        }
    }
    Case { steps }
}

/// Where a change means something.
#[derive(Default)]
struct Places {
    /// First bytes of operators.
    operators: Vec<usize>,
    /// Bytes of operators after their first.
    immediates: Vec<usize>,
    /// Bytes of other sections but the custom ones.
    others: Vec<usize>,
}

impl Places {
    fn of(bytes: &[u8]) -> Places {
        let mut places = Places::default();
        for payload in Parser::new(0).parse_all(bytes) {
            match payload {
                Ok(Payload::CodeSectionEntry(body)) => places.body(&body),
                Ok(Payload::CodeSectionStart { .. } | Payload::CustomSection(_)) => {}
                Ok(payload) => {
                    let range = payload.as_section().map(|(_, range)| range).unwrap_or_default();
                    places.others.extend(offset(range.start)..offset(range.end));
                }
                Err(_) => break,
            }
        }
        places
    }

    fn body(&mut self, body: &wasmparser::FunctionBody<'_>) {
        let Ok(mut reader) = body.get_operators_reader() else { return };
        while !reader.eof() {
            let start = offset(reader.original_position());
            if reader.read().is_err() {
                return;
            }
            self.operators.push(start);
            self.immediates.extend(start + 1..offset(reader.original_position()));
        }
    }

    fn mutate(&self, bytes: &mut [u8], numbers: &mut Numbers) {
        let of = match numbers.below(8) {
            0..=2 => &self.operators,
            3..=5 => &self.immediates,
            _ => &self.others,
        };
        let Some(at) = of.get(numbers.below(of.len().max(1))) else { return };
        let Some(byte) = bytes.get_mut(*at) else { return };
        *byte = match numbers.below(8) {
            _ if std::ptr::eq(of, &self.operators) => OPERATORS[numbers.below(OPERATORS.len())],
            0..=1 => byte.wrapping_add(1),
            2..=3 => byte.wrapping_sub(1),
            4..=5 => 0x60 + numbers.below(32) as u8,
            _ => *byte ^ 1 << numbers.below(8),
        };
    }
}

fn offset(number: impl TryInto<usize>) -> usize {
    number.try_into().unwrap_or(usize::MAX)
}

/// Numbers that follow from a seed (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// A number below `count`, which is not zero.
    fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }
}
