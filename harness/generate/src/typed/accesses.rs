//! Loads, stores and atomic instructions by what they take and give
//! (§ binary/instructions, memory instructions).

use gainsay_case::Proposal;
use wasm_encoder::{Encode, MemArg, ValType};

use ValType::{F32, F64, I32, I64, V128};

use crate::typed::ops::{ATOMIC, VECTOR};

/// A load or store: its opcode, the type of the value, the bytes it touches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Access {
    prefix: Option<u8>,
    opcode: u32,
    pub value: ValType,
    pub log2_bytes: u32,
    /// Lanes, of which the instruction names one; it takes a vector beside the address.
    pub lanes: u8,
}

impl Access {
    /// What it belongs to, beyond Wasm 1.0.
    pub(crate) fn proposal(&self) -> Option<Proposal> {
        match self.prefix? {
            VECTOR => Some(Proposal::Simd),
            _ => Some(Proposal::Threads),
        }
    }

    /// Whether the address must be aligned, and the hint exact.
    pub(crate) fn is_atomic(&self) -> bool {
        self.prefix == Some(ATOMIC)
    }

    /// Append the instruction.
    pub(crate) fn encode(&self, argument: MemArg, lane: u8, code: &mut Vec<u8>) {
        match self.prefix {
            Some(prefix) => {
                code.push(prefix);
                self.opcode.encode(code);
            }
            None => code.push(self.opcode as u8),
        }
        argument.encode(code);
        if self.lanes > 0 {
            code.push(lane % self.lanes);
        }
    }
}

const fn plain(opcode: u32, value: ValType, log2_bytes: u32) -> Access {
    Access { prefix: None, opcode, value, log2_bytes, lanes: 0 }
}

const fn vector(opcode: u32, log2_bytes: u32) -> Access {
    Access { prefix: Some(VECTOR), opcode, value: V128, log2_bytes, lanes: 0 }
}

const fn lane(opcode: u32, log2_bytes: u32) -> Access {
    Access { prefix: Some(VECTOR), opcode, value: V128, log2_bytes, lanes: 16 >> log2_bytes }
}

const fn atomic(opcode: u32, value: ValType, log2_bytes: u32) -> Access {
    Access { prefix: Some(ATOMIC), opcode, value, log2_bytes, lanes: 0 }
}

/// All loads.
pub(crate) const LOADS: &[Access] = &[
    plain(0x28, I32, 2),
    plain(0x29, I64, 3),
    plain(0x2a, F32, 2),
    plain(0x2b, F64, 3),
    plain(0x2c, I32, 0),
    plain(0x2d, I32, 0),
    plain(0x2e, I32, 1),
    plain(0x2f, I32, 1),
    plain(0x30, I64, 0),
    plain(0x31, I64, 0),
    plain(0x32, I64, 1),
    plain(0x33, I64, 1),
    plain(0x34, I64, 2),
    plain(0x35, I64, 2),
    vector(0, 4),
    vector(1, 3),
    vector(2, 3),
    vector(3, 3),
    vector(4, 3),
    vector(5, 3),
    vector(6, 3),
    vector(7, 0),
    vector(8, 1),
    vector(9, 2),
    vector(10, 3),
    lane(84, 0),
    lane(85, 1),
    lane(86, 2),
    lane(87, 3),
    vector(92, 2),
    vector(93, 3),
    atomic(0x10, I32, 2),
    atomic(0x11, I64, 3),
    atomic(0x12, I32, 0),
    atomic(0x13, I32, 1),
    atomic(0x14, I64, 0),
    atomic(0x15, I64, 1),
    atomic(0x16, I64, 2),
];

/// All stores.
pub(crate) const STORES: &[Access] = &[
    plain(0x36, I32, 2),
    plain(0x37, I64, 3),
    plain(0x38, F32, 2),
    plain(0x39, F64, 3),
    plain(0x3a, I32, 0),
    plain(0x3b, I32, 1),
    plain(0x3c, I64, 0),
    plain(0x3d, I64, 1),
    plain(0x3e, I64, 2),
    vector(11, 4),
    lane(88, 0),
    lane(89, 1),
    lane(90, 2),
    lane(91, 3),
    atomic(0x17, I32, 2),
    atomic(0x18, I64, 3),
    atomic(0x19, I32, 0),
    atomic(0x1a, I32, 1),
    atomic(0x1b, I64, 0),
    atomic(0x1c, I64, 1),
    atomic(0x1d, I64, 2),
];

/// The widths of atomic read-modify-write instructions, in the order of opcodes.
const WIDTHS: [(ValType, u32); 7] =
    [(I32, 2), (I64, 3), (I32, 0), (I32, 1), (I64, 0), (I64, 1), (I64, 2)];

/// How many operators there are: add, sub, and, or, xor, xchg, and last cmpxchg,
/// which takes an expected value before the new one.
pub(crate) const MODIFICATIONS: u32 = 7;

/// The read-modify-write instruction of an operator and a width, if it is of that type.
pub(crate) fn modification(operator: u32, width: u32, ty: ValType) -> Option<Access> {
    const FIRST_OPCODE: u32 = 0x1e;
    let (value, log2_bytes) = WIDTHS[width as usize % WIDTHS.len()];
    let opcode = FIRST_OPCODE + operator * WIDTHS.len() as u32 + width % WIDTHS.len() as u32;
    (value == ty).then_some(atomic(opcode, value, log2_bytes))
}

/// `memory.atomic.notify`, which takes a count.
pub(crate) const NOTIFY: Access = atomic(0, I32, 2);

/// `memory.atomic.wait32` and `wait64`, which take an expected value and a time.
pub(crate) const WAITS: [Access; 2] = [atomic(1, I32, 2), atomic(2, I64, 3)];
