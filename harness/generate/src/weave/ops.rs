//! Numeric instructions by what they take and give (§ binary/instructions).

use gainsay_case::Proposal;
use wasm_encoder::{Encode, ValType};

use ValType::{F32, F64, I32, I64};

/// Instructions with neighbouring opcodes and the same type.
#[derive(Debug)]
pub(crate) struct Family {
    /// The byte before the opcode, for those that have one.
    prefix: Option<u8>,
    first: u32,
    count: u32,
    pub params: &'static [ValType],
    pub result: ValType,
    pub proposal: Option<Proposal>,
    pub trap: Trap,
}

/// What can make a numeric instruction trap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trap {
    Never,
    /// A zero on top of the stack; an overflow too, for the signed division.
    OnZero,
    /// A float that no integer stands for.
    OnConversion,
}

impl Family {
    /// How many instructions there are.
    pub(crate) fn len(&self) -> u32 {
        self.count
    }

    /// Append the instruction of that number.
    pub(crate) fn encode(&self, number: u32, code: &mut Vec<u8>) {
        match self.prefix {
            Some(prefix) => {
                code.push(prefix);
                (self.first + number).encode(code);
            }
            None => code.push((self.first + number) as u8),
        }
    }

    const fn plain(first: u32, count: u32, params: &'static [ValType], result: ValType) -> Family {
        Family { prefix: None, first, count, params, result, proposal: None, trap: Trap::Never }
    }

    const fn trapping(self, trap: Trap) -> Family {
        Family { trap, ..self }
    }

    const fn of(self, proposal: Proposal) -> Family {
        Family { proposal: Some(proposal), ..self }
    }

    const fn prefixed(self, prefix: u8) -> Family {
        Family { prefix: Some(prefix), ..self }
    }
}

/// All families.
pub(crate) const FAMILIES: &[Family] = &[
    // Tests and comparisons.
    Family::plain(0x45, 1, &[I32], I32),
    Family::plain(0x46, 10, &[I32, I32], I32),
    Family::plain(0x50, 1, &[I64], I32),
    Family::plain(0x51, 10, &[I64, I64], I32),
    Family::plain(0x5b, 6, &[F32, F32], I32),
    Family::plain(0x61, 6, &[F64, F64], I32),
    // i32: clz ctz popcnt; add sub mul; div rem; and or xor, shifts, rotations.
    Family::plain(0x67, 3, &[I32], I32),
    Family::plain(0x6a, 3, &[I32, I32], I32),
    Family::plain(0x6d, 4, &[I32, I32], I32).trapping(Trap::OnZero),
    Family::plain(0x71, 3, &[I32, I32], I32),
    Family::plain(0x74, 5, &[I32, I32], I32),
    // i64, alike.
    Family::plain(0x79, 3, &[I64], I64),
    Family::plain(0x7c, 3, &[I64, I64], I64),
    Family::plain(0x7f, 4, &[I64, I64], I64).trapping(Trap::OnZero),
    Family::plain(0x83, 3, &[I64, I64], I64),
    Family::plain(0x86, 5, &[I64, I64], I64),
    // Floats: abs neg ceil floor trunc nearest sqrt; add sub mul div min max copysign.
    Family::plain(0x8b, 7, &[F32], F32),
    Family::plain(0x92, 7, &[F32, F32], F32),
    Family::plain(0x99, 7, &[F64], F64),
    Family::plain(0xa0, 7, &[F64, F64], F64),
    // Conversions.
    Family::plain(0xa7, 1, &[I64], I32),
    Family::plain(0xa8, 2, &[F32], I32).trapping(Trap::OnConversion),
    Family::plain(0xaa, 2, &[F64], I32).trapping(Trap::OnConversion),
    Family::plain(0xac, 2, &[I32], I64),
    Family::plain(0xae, 2, &[F32], I64).trapping(Trap::OnConversion),
    Family::plain(0xb0, 2, &[F64], I64).trapping(Trap::OnConversion),
    Family::plain(0xb2, 2, &[I32], F32),
    Family::plain(0xb4, 2, &[I64], F32),
    Family::plain(0xb6, 1, &[F64], F32),
    Family::plain(0xb7, 2, &[I32], F64),
    Family::plain(0xb9, 2, &[I64], F64),
    Family::plain(0xbb, 1, &[F32], F64),
    Family::plain(0xbc, 1, &[F32], I32),
    Family::plain(0xbd, 1, &[F64], I64),
    Family::plain(0xbe, 1, &[I32], F32),
    Family::plain(0xbf, 1, &[I64], F64),
    Family::plain(0xc0, 2, &[I32], I32).of(Proposal::SignExtension),
    Family::plain(0xc2, 3, &[I64], I64).of(Proposal::SignExtension),
    Family::plain(0, 2, &[F32], I32).prefixed(0xfc).of(Proposal::SaturatingFloatToInt),
    Family::plain(2, 2, &[F64], I32).prefixed(0xfc).of(Proposal::SaturatingFloatToInt),
    Family::plain(4, 2, &[F32], I64).prefixed(0xfc).of(Proposal::SaturatingFloatToInt),
    Family::plain(6, 2, &[F64], I64).prefixed(0xfc).of(Proposal::SaturatingFloatToInt),
];

/// A load or store: its opcode, the type of the value, the bytes it touches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Access {
    pub opcode: u8,
    pub value: ValType,
    pub log2_bytes: u32,
}

const fn access(opcode: u8, value: ValType, log2_bytes: u32) -> Access {
    Access { opcode, value, log2_bytes }
}

/// All loads.
pub(crate) const LOADS: &[Access] = &[
    access(0x28, I32, 2),
    access(0x29, I64, 3),
    access(0x2a, F32, 2),
    access(0x2b, F64, 3),
    access(0x2c, I32, 0),
    access(0x2d, I32, 0),
    access(0x2e, I32, 1),
    access(0x2f, I32, 1),
    access(0x30, I64, 0),
    access(0x31, I64, 0),
    access(0x32, I64, 1),
    access(0x33, I64, 1),
    access(0x34, I64, 2),
    access(0x35, I64, 2),
];

/// All stores.
pub(crate) const STORES: &[Access] = &[
    access(0x36, I32, 2),
    access(0x37, I64, 3),
    access(0x38, F32, 2),
    access(0x39, F64, 3),
    access(0x3a, I32, 0),
    access(0x3b, I32, 1),
    access(0x3c, I64, 0),
    access(0x3d, I64, 1),
    access(0x3e, I64, 2),
];
