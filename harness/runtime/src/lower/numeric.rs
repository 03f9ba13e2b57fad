//! Numeric and parametric operators (§ valid/instructions).

use crate::decode::reader::{Checked, Reader};
use crate::decode::types::val_type;
use crate::ir::Op;
use crate::lower::operand::{Operand, Place};
use crate::lower::relation::relation;
use crate::lower::{Lower, NONE};
use crate::validate::ty::Ty;

/// A numeric operator's type and instructions.
#[derive(Clone, Copy)]
pub(super) struct Numeric {
    operand: Ty,
    result: Ty,
    op: Op,
    /// With a constant for the second operand, and for the first one; [`NO_OP`] if
    /// there is no such instruction.
    second: Op,
    first: Op,
}

/// Stands for an instruction that does not exist.
const NO_OP: Op = Op::Unreachable;

const fn plain(operand: Ty, result: Ty, op: Op) -> Numeric {
    Numeric { operand, result, op, second: NO_OP, first: NO_OP }
}

const fn ordered(operand: Ty, result: Ty, op: Op, second: Op) -> Numeric {
    Numeric { operand, result, op, second, first: NO_OP }
}

const fn mirrored(operand: Ty, result: Ty, op: Op, second: Op, first: Op) -> Numeric {
    Numeric { operand, result, op, second, first }
}

/// The opcode of the first entry of [`NUMERIC`].
const FIRST: u8 = 0x45;

macro_rules! comparisons {
    ($ty:ident: $eq:ident $eqi:ident $ne:ident $nei:ident
     $lts:ident $ltsi:ident $ltu:ident $ltui:ident $gts:ident $gtsi:ident $gtu:ident $gtui:ident
     $les:ident $lesi:ident $leu:ident $leui:ident $ges:ident $gesi:ident $geu:ident $geui:ident) => {
        [
            mirrored(Ty::$ty, Ty::I32, Op::$eq, Op::$eqi, Op::$eqi),
            mirrored(Ty::$ty, Ty::I32, Op::$ne, Op::$nei, Op::$nei),
            mirrored(Ty::$ty, Ty::I32, Op::$lts, Op::$ltsi, Op::$gtsi),
            mirrored(Ty::$ty, Ty::I32, Op::$ltu, Op::$ltui, Op::$gtui),
            mirrored(Ty::$ty, Ty::I32, Op::$gts, Op::$gtsi, Op::$ltsi),
            mirrored(Ty::$ty, Ty::I32, Op::$gtu, Op::$gtui, Op::$ltui),
            mirrored(Ty::$ty, Ty::I32, Op::$les, Op::$lesi, Op::$gesi),
            mirrored(Ty::$ty, Ty::I32, Op::$leu, Op::$leui, Op::$geui),
            mirrored(Ty::$ty, Ty::I32, Op::$ges, Op::$gesi, Op::$lesi),
            mirrored(Ty::$ty, Ty::I32, Op::$geu, Op::$geui, Op::$leui),
        ]
    };
}

macro_rules! arithmetic {
    ($ty:ident: $clz:ident $ctz:ident $popcnt:ident
     commutative { $($c:ident $ci:ident at $cat:literal,)* }
     ordered { $($o:ident $oi:ident at $oat:literal,)* }) => {{
        let mut table = [plain(Ty::$ty, Ty::$ty, Op::$clz); 18];
        table[1] = plain(Ty::$ty, Ty::$ty, Op::$ctz);
        table[2] = plain(Ty::$ty, Ty::$ty, Op::$popcnt);
        $(table[$cat] = mirrored(Ty::$ty, Ty::$ty, Op::$c, Op::$ci, Op::$ci);)*
        $(table[$oat] = ordered(Ty::$ty, Ty::$ty, Op::$o, Op::$oi);)*
        table
    }};
}

macro_rules! floats {
    ($ty:ident: $($unary:ident)*; $($binary:ident)*) => {
        [
            $(plain(Ty::$ty, Ty::$ty, Op::$unary),)*
            $(plain(Ty::$ty, Ty::$ty, Op::$binary),)*
        ]
    };
}

macro_rules! conversions {
    ($($operand:ident $op:ident $result:ident,)*) => {
        [$(plain(Ty::$operand, Ty::$result, Op::$op),)*]
    };
}

const I32_COMPARISONS: [Numeric; 10] = comparisons!(I32:
    I32Eq I32EqImm I32Ne I32NeImm
    I32LtS I32LtSImm I32LtU I32LtUImm I32GtS I32GtSImm I32GtU I32GtUImm
    I32LeS I32LeSImm I32LeU I32LeUImm I32GeS I32GeSImm I32GeU I32GeUImm);

const I64_COMPARISONS: [Numeric; 10] = comparisons!(I64:
    I64Eq I64EqImm I64Ne I64NeImm
    I64LtS I64LtSImm I64LtU I64LtUImm I64GtS I64GtSImm I64GtU I64GtUImm
    I64LeS I64LeSImm I64LeU I64LeUImm I64GeS I64GeSImm I64GeU I64GeUImm);

const I32_ARITHMETIC: [Numeric; 18] = arithmetic!(I32: I32Clz I32Ctz I32Popcnt
commutative {
    I32Add I32AddImm at 3, I32Mul I32MulImm at 5,
    I32And I32AndImm at 10, I32Or I32OrImm at 11, I32Xor I32XorImm at 12,
}
ordered {
    I32Sub I32SubImm at 4, I32DivS I32DivSImm at 6, I32DivU I32DivUImm at 7,
    I32RemS I32RemSImm at 8, I32RemU I32RemUImm at 9, I32Shl I32ShlImm at 13,
    I32ShrS I32ShrSImm at 14, I32ShrU I32ShrUImm at 15,
    I32Rotl I32RotlImm at 16, I32Rotr I32RotrImm at 17,
});

const I64_ARITHMETIC: [Numeric; 18] = arithmetic!(I64: I64Clz I64Ctz I64Popcnt
commutative {
    I64Add I64AddImm at 3, I64Mul I64MulImm at 5,
    I64And I64AndImm at 10, I64Or I64OrImm at 11, I64Xor I64XorImm at 12,
}
ordered {
    I64Sub I64SubImm at 4, I64DivS I64DivSImm at 6, I64DivU I64DivUImm at 7,
    I64RemS I64RemSImm at 8, I64RemU I64RemUImm at 9, I64Shl I64ShlImm at 13,
    I64ShrS I64ShrSImm at 14, I64ShrU I64ShrUImm at 15,
    I64Rotl I64RotlImm at 16, I64Rotr I64RotrImm at 17,
});

const F32_COMPARISONS: [Numeric; 6] = [
    plain(Ty::F32, Ty::I32, Op::F32Eq),
    plain(Ty::F32, Ty::I32, Op::F32Ne),
    plain(Ty::F32, Ty::I32, Op::F32Lt),
    plain(Ty::F32, Ty::I32, Op::F32Gt),
    plain(Ty::F32, Ty::I32, Op::F32Le),
    plain(Ty::F32, Ty::I32, Op::F32Ge),
];

const F64_COMPARISONS: [Numeric; 6] = [
    plain(Ty::F64, Ty::I32, Op::F64Eq),
    plain(Ty::F64, Ty::I32, Op::F64Ne),
    plain(Ty::F64, Ty::I32, Op::F64Lt),
    plain(Ty::F64, Ty::I32, Op::F64Gt),
    plain(Ty::F64, Ty::I32, Op::F64Le),
    plain(Ty::F64, Ty::I32, Op::F64Ge),
];

const F32_ARITHMETIC: [Numeric; 14] = floats!(F32:
    F32Abs F32Neg F32Ceil F32Floor F32Trunc F32Nearest F32Sqrt;
    F32Add F32Sub F32Mul F32Div F32Min F32Max F32Copysign);

const F64_ARITHMETIC: [Numeric; 14] = floats!(F64:
    F64Abs F64Neg F64Ceil F64Floor F64Trunc F64Nearest F64Sqrt;
    F64Add F64Sub F64Mul F64Div F64Min F64Max F64Copysign);

/// Opcodes 0xA7 to 0xC4. `Copy` says that the slot already holds the result.
const CONVERSIONS: [Numeric; 30] = conversions! {
    I64 I32WrapI64 I32, F32 I32TruncF32S I32, F32 I32TruncF32U I32, F64 I32TruncF64S I32,
    F64 I32TruncF64U I32, I32 I64ExtendI32S I64, I32 Copy I64, F32 I64TruncF32S I64,
    F32 I64TruncF32U I64, F64 I64TruncF64S I64, F64 I64TruncF64U I64,
    I32 F32ConvertI32S F32, I32 F32ConvertI32U F32, I64 F32ConvertI64S F32,
    I64 F32ConvertI64U F32, F64 F32DemoteF64 F32,
    I32 F64ConvertI32S F64, I32 F64ConvertI32U F64, I64 F64ConvertI64S F64,
    I64 F64ConvertI64U F64, F32 F64PromoteF32 F64,
    F32 Copy I32, F64 Copy I64, I32 Copy F32, I64 Copy F64,
    I32 I32Extend8S I32, I32 I32Extend16S I32,
    I64 I64Extend8S I64, I64 I64Extend16S I64, I64 I64Extend32S I64,
};

const fn place<const N: usize>(
    mut table: [Numeric; 128],
    opcode: u8,
    entries: [Numeric; N],
) -> [Numeric; 128] {
    let mut i = 0;
    while i < N {
        table[(opcode - FIRST) as usize + i] = entries[i];
        i += 1;
    }
    table
}

/// Numeric operators from opcode [`FIRST`] to 0xC4.
static NUMERIC: [Numeric; 128] = {
    let table = [plain(Ty::I32, Ty::I32, Op::I32Eqz); 128];
    let table = place(table, 0x46, I32_COMPARISONS);
    let table = place(table, 0x50, [plain(Ty::I64, Ty::I32, Op::I64Eqz)]);
    let table = place(table, 0x51, I64_COMPARISONS);
    let table = place(table, 0x5b, F32_COMPARISONS);
    let table = place(table, 0x61, F64_COMPARISONS);
    let table = place(table, 0x67, I32_ARITHMETIC);
    let table = place(table, 0x79, I64_ARITHMETIC);
    let table = place(table, 0x8b, F32_ARITHMETIC);
    let table = place(table, 0x99, F64_ARITHMETIC);
    place(table, 0xa7, CONVERSIONS)
};

/// Operators 0 to 7 behind the prefix 0xFC.
pub(super) static SATURATING: [Numeric; 8] = conversions! {
    F32 I32TruncSatF32S I32, F32 I32TruncSatF32U I32, F64 I32TruncSatF64S I32,
    F64 I32TruncSatF64U I32, F32 I64TruncSatF32S I64, F32 I64TruncSatF32U I64,
    F64 I64TruncSatF64S I64, F64 I64TruncSatF64U I64,
};

/// The entry of a numeric opcode, from 0x45 to 0xC4.
#[inline]
pub(super) fn of(opcode: u8) -> &'static Numeric {
    &NUMERIC[(opcode - FIRST) as usize]
}

impl Lower {
    #[inline]
    pub(super) fn unary(&mut self, numeric: &Numeric) -> Checked<()> {
        let operand = self.pop(numeric.operand)?;
        let a = self.slot(operand);
        self.define(numeric.op, a, 0, 0, numeric.result)
    }

    #[inline]
    pub(super) fn binary(&mut self, numeric: &Numeric) -> Checked<()> {
        let second = self.pop(numeric.operand)?;
        let first = self.pop(numeric.operand)?;
        let a = self.slot(first);
        let b = self.slot(second);
        self.define(numeric.op, a, b, 0, numeric.result)
    }

    /// An operator of two integers, one of which may be a constant.
    #[inline]
    pub(super) fn integer_binary(&mut self, numeric: &Numeric) -> Checked<()> {
        let second = self.pop(numeric.operand)?;
        let first = self.pop(numeric.operand)?;
        if second.place == Place::Const {
            let a = self.slot(first);
            return self.define(numeric.second, a, 0, second.value, numeric.result);
        }
        if first.place == Place::Const && numeric.first != NO_OP {
            let a = self.slot(second);
            return self.define(numeric.first, a, 0, first.value, numeric.result);
        }
        let a = self.slot(first);
        let b = self.slot(second);
        self.define(numeric.op, a, b, 0, numeric.result)
    }

    /// A conversion between types that leaves the slot as it is.
    #[inline]
    pub(super) fn retype(&mut self, numeric: &Numeric) -> Checked<()> {
        let operand = self.pop(numeric.operand)?;
        match operand.place {
            Place::Canonical => self.push(numeric.result),
            Place::Local => self.push_local(numeric.result, operand.value as u16),
            Place::Const => self.push_const(numeric.result, operand.value),
        }
    }

    #[inline(never)]
    pub(super) fn sign_extension(&mut self, opcode: u8) -> Checked<()> {
        self.require(self.context.features.sign_extension, u32::from(opcode))?;
        self.unary(of(opcode))
    }

    /// `i32.eqz`, which negates the comparison before it if there is one.
    #[inline(never)]
    pub(super) fn i32_eqz(&mut self) -> Checked<()> {
        let operand = self.pop(Ty::I32)?;
        if self.live && self.defined_last(operand) {
            let instr = &mut self.code.instrs[self.definition as usize];
            if let Some(relation) = relation(instr.op) {
                instr.op = relation.inverse;
                return self.push(Ty::I32);
            }
        }
        let a = self.slot(operand);
        self.define(Op::I32Eqz, a, 0, 0, Ty::I32)
    }

    /// `select` without a type, which is for numbers and vectors only.
    #[inline(never)]
    pub(super) fn select(&mut self) -> Checked<()> {
        let condition = self.pop(Ty::I32)?;
        let second = self.pop_any()?;
        let first = self.pop_any()?;
        let ty = if first.ty == Ty::BOTTOM { second.ty } else { first.ty };
        if first.ty.is_ref() || second.ty.is_ref() {
            return Err(self.invalid("type mismatch: select of references without a type"));
        }
        if second.ty != ty && second.ty != Ty::BOTTOM {
            return Err(self.mismatch(ty, second.ty));
        }
        self.emit_select(ty, first, second, condition)
    }

    #[inline(never)]
    pub(super) fn typed_select(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        self.require(self.context.features.reference_types, 0x1c)?;
        let count = r.u32()?;
        if count != 1 {
            return Err(self.invalid(format!("invalid result arity: {count}")));
        }
        let ty = val_type(r, &self.context)?;
        let ty = self.context.ty(ty);
        let condition = self.pop(Ty::I32)?;
        let second = self.pop(ty)?;
        let first = self.pop(ty)?;
        self.emit_select(ty, first, second, condition)
    }

    fn emit_select(
        &mut self,
        ty: Ty,
        mut first: Operand,
        mut second: Operand,
        condition: Operand,
    ) -> Checked<()> {
        if !self.live {
            return self.push(ty);
        }
        let mut c = None;
        if self.defined_last(condition) {
            let instr = self.code.instrs[self.definition as usize];
            if instr.op == Op::I32Eqz {
                self.code.instrs.pop();
                self.definition = NONE;
                std::mem::swap(&mut first, &mut second);
                c = Some(instr.a);
            }
        }
        let c = match c {
            Some(slot) => slot,
            None => self.slot(condition),
        };
        let a = self.slot(first);
        let b = self.slot(second);
        let op = if ty.slots() == 1 { Op::Select } else { Op::Select2 };
        self.define(op, a, b, u64::from(c), ty)
    }
}
