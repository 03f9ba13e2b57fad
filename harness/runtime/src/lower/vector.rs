//! Vector operators, behind the prefix 0xFD (§ binary/instructions, vector
//! instructions, with § valid/instructions).

use crate::decode::reader::{Checked, Reader};
use crate::ir::Op;
use crate::lower::Lower;
use crate::lower::vector_memory::{Piece, VectorAccess};
use crate::numeric::V128;
use crate::validate::ty::Ty;

/// What an operator's immediates and operands are, and what becomes of it.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    /// There is no such operator.
    None,
    Access(VectorAccess),
    Const,
    Shuffle,
    /// A vector of one number.
    Splat(Ty, Op),
    /// A lane of so many; [`Op::Copy`] if it is a slot.
    Extract(u8, Ty, Op),
    Replace(u8, Ty, Op),
    /// A number from a vector.
    Test(Op),
    /// A vector and a distance.
    Shift(Op),
    /// Vectors to a vector.
    Unary(Op),
    Binary(Op),
    Ternary(Op),
}

/// Opcodes of vector operators end here, those of relaxed ones begin before.
const OPCODES: usize = 0x114;
const RELAXED: u32 = 0x100;

type Table = [Rule; OPCODES];

/// Enter operators of one kind, with consecutive opcodes from `opcode` on.
macro_rules! rules {
    ($table:ident: $($opcode:literal $kind:ident $($op:ident)+;)+) => {$({
        let ops = [$(Rule::$kind(Op::$op),)+];
        let mut i = 0;
        while i < ops.len() {
            $table[$opcode + i] = ops[i];
            i += 1;
        }
    })+};
}

/// Every operator by its opcode.
static RULES: Table = {
    let table = [Rule::None; OPCODES];
    let table = lanes(memory(table));
    let table = floats(integers(comparisons(table)));
    relaxed(table)
};

const fn memory(mut table: Table) -> Table {
    table[0x00] = Rule::Access(VectorAccess::Load);
    table[0x01] = Rule::Access(VectorAccess::LoadThen(Piece::Bits64, Op::I16x8ExtendLowI8x16S));
    table[0x02] = Rule::Access(VectorAccess::LoadThen(Piece::Bits64, Op::I16x8ExtendLowI8x16U));
    table[0x03] = Rule::Access(VectorAccess::LoadThen(Piece::Bits64, Op::I32x4ExtendLowI16x8S));
    table[0x04] = Rule::Access(VectorAccess::LoadThen(Piece::Bits64, Op::I32x4ExtendLowI16x8U));
    table[0x05] = Rule::Access(VectorAccess::LoadThen(Piece::Bits64, Op::I64x2ExtendLowI32x4S));
    table[0x06] = Rule::Access(VectorAccess::LoadThen(Piece::Bits64, Op::I64x2ExtendLowI32x4U));
    table[0x07] = Rule::Access(VectorAccess::LoadThen(Piece::Bits8, Op::I8x16Splat));
    table[0x08] = Rule::Access(VectorAccess::LoadThen(Piece::Bits16, Op::I16x8Splat));
    table[0x09] = Rule::Access(VectorAccess::LoadThen(Piece::Bits32, Op::I32x4Splat));
    table[0x0a] = Rule::Access(VectorAccess::LoadThen(Piece::Bits64, Op::I64x2Splat));
    table[0x0b] = Rule::Access(VectorAccess::Store);
    table[0x54] = Rule::Access(VectorAccess::LoadLane(Piece::Bits8, Op::I8x16ReplaceLane));
    table[0x55] = Rule::Access(VectorAccess::LoadLane(Piece::Bits16, Op::I16x8ReplaceLane));
    table[0x56] = Rule::Access(VectorAccess::LoadLane(Piece::Bits32, Op::I32x4ReplaceLane));
    table[0x57] = Rule::Access(VectorAccess::LoadLane(Piece::Bits64, Op::I64x2ReplaceLane));
    table[0x58] = Rule::Access(VectorAccess::StoreLane(Piece::Bits8, Op::I8x16ExtractLaneU));
    table[0x59] = Rule::Access(VectorAccess::StoreLane(Piece::Bits16, Op::I16x8ExtractLaneU));
    table[0x5a] = Rule::Access(VectorAccess::StoreLane(Piece::Bits32, Op::I32x4ExtractLane));
    table[0x5b] = Rule::Access(VectorAccess::StoreLane(Piece::Bits64, Op::Copy));
    table[0x5c] = Rule::Access(VectorAccess::LoadZero(Piece::Bits32));
    table[0x5d] = Rule::Access(VectorAccess::LoadZero(Piece::Bits64));
    table
}

const fn lanes(mut table: Table) -> Table {
    table[0x0c] = Rule::Const;
    table[0x0d] = Rule::Shuffle;
    table[0x0e] = Rule::Binary(Op::I8x16Swizzle);
    table[0x0f] = Rule::Splat(Ty::I32, Op::I8x16Splat);
    table[0x10] = Rule::Splat(Ty::I32, Op::I16x8Splat);
    table[0x11] = Rule::Splat(Ty::I32, Op::I32x4Splat);
    table[0x12] = Rule::Splat(Ty::I64, Op::I64x2Splat);
    table[0x13] = Rule::Splat(Ty::F32, Op::I32x4Splat);
    table[0x14] = Rule::Splat(Ty::F64, Op::I64x2Splat);
    table[0x15] = Rule::Extract(16, Ty::I32, Op::I8x16ExtractLaneS);
    table[0x16] = Rule::Extract(16, Ty::I32, Op::I8x16ExtractLaneU);
    table[0x17] = Rule::Replace(16, Ty::I32, Op::I8x16ReplaceLane);
    table[0x18] = Rule::Extract(8, Ty::I32, Op::I16x8ExtractLaneS);
    table[0x19] = Rule::Extract(8, Ty::I32, Op::I16x8ExtractLaneU);
    table[0x1a] = Rule::Replace(8, Ty::I32, Op::I16x8ReplaceLane);
    table[0x1b] = Rule::Extract(4, Ty::I32, Op::I32x4ExtractLane);
    table[0x1c] = Rule::Replace(4, Ty::I32, Op::I32x4ReplaceLane);
    table[0x1d] = Rule::Extract(2, Ty::I64, Op::Copy);
    table[0x1e] = Rule::Replace(2, Ty::I64, Op::I64x2ReplaceLane);
    table[0x1f] = Rule::Extract(4, Ty::F32, Op::I32x4ExtractLane);
    table[0x20] = Rule::Replace(4, Ty::F32, Op::I32x4ReplaceLane);
    table[0x21] = Rule::Extract(2, Ty::F64, Op::Copy);
    table[0x22] = Rule::Replace(2, Ty::F64, Op::I64x2ReplaceLane);
    table
}

const fn comparisons(mut table: Table) -> Table {
    rules! { table:
        0x23 Binary I8x16Eq I8x16Ne I8x16LtS I8x16LtU I8x16GtS I8x16GtU
            I8x16LeS I8x16LeU I8x16GeS I8x16GeU;
        0x2d Binary I16x8Eq I16x8Ne I16x8LtS I16x8LtU I16x8GtS I16x8GtU
            I16x8LeS I16x8LeU I16x8GeS I16x8GeU;
        0x37 Binary I32x4Eq I32x4Ne I32x4LtS I32x4LtU I32x4GtS I32x4GtU
            I32x4LeS I32x4LeU I32x4GeS I32x4GeU;
        0x41 Binary F32x4Eq F32x4Ne F32x4Lt F32x4Gt F32x4Le F32x4Ge;
        0x47 Binary F64x2Eq F64x2Ne F64x2Lt F64x2Gt F64x2Le F64x2Ge;
        0xd6 Binary I64x2Eq I64x2Ne I64x2LtS I64x2GtS I64x2LeS I64x2GeS;
    }
    table
}

const fn integers(mut table: Table) -> Table {
    rules! { table:
        0x4d Unary V128Not;
        0x4e Binary V128And V128Andnot V128Or V128Xor;
        0x52 Ternary V128Bitselect;
        0x53 Test V128AnyTrue;
        0x60 Unary I8x16Abs I8x16Neg I8x16Popcnt;
        0x63 Test I8x16AllTrue I8x16Bitmask;
        0x65 Binary I8x16NarrowI16x8S I8x16NarrowI16x8U;
        0x6b Shift I8x16Shl I8x16ShrS I8x16ShrU;
        0x6e Binary I8x16Add I8x16AddSatS I8x16AddSatU I8x16Sub I8x16SubSatS I8x16SubSatU;
        0x76 Binary I8x16MinS I8x16MinU I8x16MaxS I8x16MaxU;
        0x7b Binary I8x16AvgrU;
        0x7c Unary I16x8ExtaddPairwiseI8x16S I16x8ExtaddPairwiseI8x16U
            I32x4ExtaddPairwiseI16x8S I32x4ExtaddPairwiseI16x8U I16x8Abs I16x8Neg;
        0x82 Binary I16x8Q15mulrSatS;
        0x83 Test I16x8AllTrue I16x8Bitmask;
        0x85 Binary I16x8NarrowI32x4S I16x8NarrowI32x4U;
        0x87 Unary I16x8ExtendLowI8x16S I16x8ExtendHighI8x16S
            I16x8ExtendLowI8x16U I16x8ExtendHighI8x16U;
        0x8b Shift I16x8Shl I16x8ShrS I16x8ShrU;
        0x8e Binary I16x8Add I16x8AddSatS I16x8AddSatU I16x8Sub I16x8SubSatS I16x8SubSatU;
        0x95 Binary I16x8Mul I16x8MinS I16x8MinU I16x8MaxS I16x8MaxU;
        0x9b Binary I16x8AvgrU I16x8ExtmulLowI8x16S I16x8ExtmulHighI8x16S
            I16x8ExtmulLowI8x16U I16x8ExtmulHighI8x16U;
        0xa0 Unary I32x4Abs I32x4Neg;
        0xa3 Test I32x4AllTrue I32x4Bitmask;
        0xa7 Unary I32x4ExtendLowI16x8S I32x4ExtendHighI16x8S
            I32x4ExtendLowI16x8U I32x4ExtendHighI16x8U;
        0xab Shift I32x4Shl I32x4ShrS I32x4ShrU;
        0xae Binary I32x4Add;
        0xb1 Binary I32x4Sub;
        0xb5 Binary I32x4Mul I32x4MinS I32x4MinU I32x4MaxS I32x4MaxU I32x4DotI16x8S;
        0xbc Binary I32x4ExtmulLowI16x8S I32x4ExtmulHighI16x8S
            I32x4ExtmulLowI16x8U I32x4ExtmulHighI16x8U;
        0xc0 Unary I64x2Abs I64x2Neg;
        0xc3 Test I64x2AllTrue I64x2Bitmask;
        0xc7 Unary I64x2ExtendLowI32x4S I64x2ExtendHighI32x4S
            I64x2ExtendLowI32x4U I64x2ExtendHighI32x4U;
        0xcb Shift I64x2Shl I64x2ShrS I64x2ShrU;
        0xce Binary I64x2Add;
        0xd1 Binary I64x2Sub;
        0xd5 Binary I64x2Mul;
        0xdc Binary I64x2ExtmulLowI32x4S I64x2ExtmulHighI32x4S
            I64x2ExtmulLowI32x4U I64x2ExtmulHighI32x4U;
    }
    table
}

const fn floats(mut table: Table) -> Table {
    rules! { table:
        0x5e Unary F32x4DemoteF64x2Zero F64x2PromoteLowF32x4;
        0x67 Unary F32x4Ceil F32x4Floor F32x4Trunc F32x4Nearest;
        0x74 Unary F64x2Ceil F64x2Floor;
        0x7a Unary F64x2Trunc;
        0x94 Unary F64x2Nearest;
        0xe0 Unary F32x4Abs F32x4Neg;
        0xe3 Unary F32x4Sqrt;
        0xe4 Binary F32x4Add F32x4Sub F32x4Mul F32x4Div
            F32x4Min F32x4Max F32x4Pmin F32x4Pmax;
        0xec Unary F64x2Abs F64x2Neg;
        0xef Unary F64x2Sqrt;
        0xf0 Binary F64x2Add F64x2Sub F64x2Mul F64x2Div
            F64x2Min F64x2Max F64x2Pmin F64x2Pmax;
        0xf8 Unary I32x4TruncSatF32x4S I32x4TruncSatF32x4U F32x4ConvertI32x4S
            F32x4ConvertI32x4U I32x4TruncSatF64x2SZero I32x4TruncSatF64x2UZero
            F64x2ConvertLowI32x4S F64x2ConvertLowI32x4U;
    }
    table
}

const fn relaxed(mut table: Table) -> Table {
    rules! { table:
        0x100 Binary I8x16RelaxedSwizzle;
        0x101 Unary I32x4RelaxedTruncF32x4S I32x4RelaxedTruncF32x4U
            I32x4RelaxedTruncF64x2SZero I32x4RelaxedTruncF64x2UZero;
        0x105 Ternary F32x4RelaxedMadd F32x4RelaxedNmadd F64x2RelaxedMadd F64x2RelaxedNmadd
            I8x16RelaxedLaneselect I16x8RelaxedLaneselect
            I32x4RelaxedLaneselect I64x2RelaxedLaneselect;
        0x10d Binary F32x4RelaxedMin F32x4RelaxedMax F64x2RelaxedMin F64x2RelaxedMax
            I16x8RelaxedQ15mulrS I16x8RelaxedDotI8x16I7x16S;
        0x113 Ternary I32x4RelaxedDotI8x16I7x16AddS;
    }
    table
}

impl Lower {
    /// An operator behind the prefix 0xFD.
    #[inline(never)]
    pub(super) fn vector(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let features = self.context.features;
        let opcode = r.u32()?;
        let rule = RULES.get(opcode as usize).copied().unwrap_or(Rule::None);
        let known = !matches!(rule, Rule::None);
        let on = features.simd && (opcode < RELAXED || features.relaxed_simd);
        self.require(known && on, 0xfd00 | opcode)?;
        match rule {
            Rule::Const => self.v128_const(r),
            Rule::Shuffle => self.shuffle(r),
            Rule::Splat(ty, op) => {
                let number = self.pop(ty)?;
                let a = self.slot(number);
                self.define(op, a, 0, 0, Ty::V128)
            }
            Rule::Extract(lanes, ty, op) => self.extract_lane(r, lanes, ty, op),
            Rule::Replace(lanes, ty, op) => self.replace_lane(r, lanes, ty, op),
            Rule::Test(op) => self.vector_unary(op, Ty::I32),
            Rule::Unary(op) => self.vector_unary(op, Ty::V128),
            Rule::Shift(op) => self.vector_binary(op, Ty::I32),
            Rule::Binary(op) => self.vector_binary(op, Ty::V128),
            Rule::Ternary(op) => self.vector_ternary(op),
            Rule::Access(access) => self.vector_access(access, r),
            Rule::None => Err(self.illegal(0xfd00 | opcode)),
        }
    }

    fn vector_unary(&mut self, op: Op, result: Ty) -> Checked<()> {
        let operand = self.pop(Ty::V128)?;
        let a = self.slot(operand);
        self.define(op, a, 0, 0, result)
    }

    fn vector_binary(&mut self, op: Op, second: Ty) -> Checked<()> {
        let second = self.pop(second)?;
        let first = self.pop(Ty::V128)?;
        let (a, b) = (self.slot(first), self.slot(second));
        self.define(op, a, b, 0, Ty::V128)
    }

    fn vector_ternary(&mut self, op: Op) -> Checked<()> {
        let third = self.pop(Ty::V128)?;
        let second = self.pop(Ty::V128)?;
        let first = self.pop(Ty::V128)?;
        let (a, b, c) = (self.slot(first), self.slot(second), self.slot(third));
        self.define(op, a, b, u64::from(c), Ty::V128)
    }

    /// Keep 16 bytes beside the code; nothing if it cannot be reached.
    fn keep(&mut self, bytes: V128) -> u64 {
        if self.live {
            self.code.vectors.push(bytes);
        }
        self.code.vectors.len().saturating_sub(1) as u64
    }

    pub(super) fn v128_const(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let index = self.keep(r.v128()?);
        self.define(Op::V128Const, 0, 0, index, Ty::V128)
    }

    fn shuffle(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let indices = r.v128()?;
        if indices.iter().any(|index| *index >= 32) {
            return Err(self.invalid("invalid lane index"));
        }
        let second = self.pop(Ty::V128)?;
        let first = self.pop(Ty::V128)?;
        let (a, b) = (self.slot(first), self.slot(second));
        let index = self.keep(indices);
        self.define(Op::I8x16Shuffle, a, b, index, Ty::V128)
    }

    /// The index of one of so many lanes.
    pub(super) fn lane_index(&mut self, r: &mut Reader<'_>, lanes: u8) -> Checked<u8> {
        match r.byte()? {
            lane if lane < lanes => Ok(lane),
            lane => Err(self.invalid(format!("invalid lane index {lane}"))),
        }
    }

    fn extract_lane(&mut self, r: &mut Reader<'_>, lanes: u8, ty: Ty, op: Op) -> Checked<()> {
        let lane = self.lane_index(r, lanes)?;
        let vector = self.pop(Ty::V128)?;
        let a = self.slot(vector);
        match op {
            Op::Copy => self.define(Op::Copy, a + u16::from(lane), 0, 0, ty),
            _ => self.define(op, a, 0, u64::from(lane), ty),
        }
    }

    fn replace_lane(&mut self, r: &mut Reader<'_>, lanes: u8, ty: Ty, op: Op) -> Checked<()> {
        let lane = self.lane_index(r, lanes)?;
        let number = self.pop(ty)?;
        let vector = self.pop(Ty::V128)?;
        let (a, b) = (self.slot(vector), self.slot(number));
        self.define(op, a, b, u64::from(lane), Ty::V128)
    }
}
