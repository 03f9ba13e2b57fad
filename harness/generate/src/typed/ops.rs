//! Numeric instructions by what they take and give (§ binary/instructions).

use gainsay_case::Proposal;
use wasm_encoder::{Encode, ValType};

use ValType::{F32, F64, I32, I64, V128};

/// The prefixes of opcodes that have one.
pub(crate) const VECTOR: u8 = 0xfd;
pub(crate) const MISCELLANEOUS: u8 = 0xfc;
pub(crate) const ATOMIC: u8 = 0xfe;

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
    /// Number of lanes, of which the instruction names one.
    pub lanes: u8,
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
        Family {
            prefix: None,
            first,
            count,
            params,
            result,
            proposal: None,
            trap: Trap::Never,
            lanes: 0,
        }
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

    const fn vector(first: u32, count: u32, params: &'static [ValType], result: ValType) -> Family {
        Family::plain(first, count, params, result).prefixed(VECTOR).of(Proposal::Simd)
    }

    const fn lane(self, lanes: u8) -> Family {
        Family { lanes, ..self }
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
    Family::plain(0, 2, &[F32], I32).prefixed(MISCELLANEOUS).of(Proposal::SaturatingFloatToInt),
    Family::plain(2, 2, &[F64], I32).prefixed(MISCELLANEOUS).of(Proposal::SaturatingFloatToInt),
    Family::plain(4, 2, &[F32], I64).prefixed(MISCELLANEOUS).of(Proposal::SaturatingFloatToInt),
    Family::plain(6, 2, &[F64], I64).prefixed(MISCELLANEOUS).of(Proposal::SaturatingFloatToInt),
    // Swizzle, splats, lanes out and in.
    Family::vector(14, 1, &[V128, V128], V128),
    Family::vector(15, 3, &[I32], V128),
    Family::vector(18, 1, &[I64], V128),
    Family::vector(19, 1, &[F32], V128),
    Family::vector(20, 1, &[F64], V128),
    Family::vector(21, 2, &[V128], I32).lane(16),
    Family::vector(23, 1, &[V128, I32], V128).lane(16),
    Family::vector(24, 2, &[V128], I32).lane(8),
    Family::vector(26, 1, &[V128, I32], V128).lane(8),
    Family::vector(27, 1, &[V128], I32).lane(4),
    Family::vector(28, 1, &[V128, I32], V128).lane(4),
    Family::vector(29, 1, &[V128], I64).lane(2),
    Family::vector(30, 1, &[V128, I64], V128).lane(2),
    Family::vector(31, 1, &[V128], F32).lane(4),
    Family::vector(32, 1, &[V128, F32], V128).lane(4),
    Family::vector(33, 1, &[V128], F64).lane(2),
    Family::vector(34, 1, &[V128, F64], V128).lane(2),
    // Comparisons of i8x16, i16x8, i32x4, f32x4, f64x2; bitwise operators.
    Family::vector(35, 42, &[V128, V128], V128),
    Family::vector(77, 1, &[V128], V128),
    Family::vector(78, 4, &[V128, V128], V128),
    Family::vector(82, 1, &[V128, V128, V128], V128),
    Family::vector(83, 1, &[V128], I32),
    // demote, promote; i8x16.
    Family::vector(94, 2, &[V128], V128),
    Family::vector(96, 3, &[V128], V128),
    Family::vector(99, 2, &[V128], I32),
    Family::vector(101, 2, &[V128, V128], V128),
    Family::vector(103, 4, &[V128], V128),
    Family::vector(107, 3, &[V128, I32], V128),
    Family::vector(110, 6, &[V128, V128], V128),
    Family::vector(116, 2, &[V128], V128),
    Family::vector(118, 4, &[V128, V128], V128),
    Family::vector(122, 1, &[V128], V128),
    Family::vector(123, 1, &[V128, V128], V128),
    Family::vector(124, 4, &[V128], V128),
    // i16x8.
    Family::vector(128, 2, &[V128], V128),
    Family::vector(130, 1, &[V128, V128], V128),
    Family::vector(131, 2, &[V128], I32),
    Family::vector(133, 2, &[V128, V128], V128),
    Family::vector(135, 4, &[V128], V128),
    Family::vector(139, 3, &[V128, I32], V128),
    Family::vector(142, 6, &[V128, V128], V128),
    Family::vector(148, 1, &[V128], V128),
    Family::vector(149, 5, &[V128, V128], V128),
    Family::vector(155, 5, &[V128, V128], V128),
    // i32x4.
    Family::vector(160, 2, &[V128], V128),
    Family::vector(163, 2, &[V128], I32),
    Family::vector(167, 4, &[V128], V128),
    Family::vector(171, 3, &[V128, I32], V128),
    Family::vector(174, 1, &[V128, V128], V128),
    Family::vector(177, 1, &[V128, V128], V128),
    Family::vector(181, 6, &[V128, V128], V128),
    Family::vector(188, 4, &[V128, V128], V128),
    // i64x2.
    Family::vector(192, 2, &[V128], V128),
    Family::vector(195, 2, &[V128], I32),
    Family::vector(199, 4, &[V128], V128),
    Family::vector(203, 3, &[V128, I32], V128),
    Family::vector(206, 1, &[V128, V128], V128),
    Family::vector(209, 1, &[V128, V128], V128),
    Family::vector(213, 11, &[V128, V128], V128),
    // f32x4, f64x2, conversions.
    Family::vector(224, 2, &[V128], V128),
    Family::vector(227, 1, &[V128], V128),
    Family::vector(228, 8, &[V128, V128], V128),
    Family::vector(236, 2, &[V128], V128),
    Family::vector(239, 1, &[V128], V128),
    Family::vector(240, 8, &[V128, V128], V128),
    Family::vector(248, 8, &[V128], V128),
    // Relaxed: swizzle; trunc; madd; laneselect; min max, q15mulr, dot; dot_add.
    Family::vector(0x100, 1, &[V128, V128], V128).of(Proposal::RelaxedSimd),
    Family::vector(0x101, 4, &[V128], V128).of(Proposal::RelaxedSimd),
    Family::vector(0x105, 8, &[V128, V128, V128], V128).of(Proposal::RelaxedSimd),
    Family::vector(0x10d, 6, &[V128, V128], V128).of(Proposal::RelaxedSimd),
    Family::vector(0x113, 1, &[V128, V128, V128], V128).of(Proposal::RelaxedSimd),
];
