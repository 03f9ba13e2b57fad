//! Constant expressions (§ valid/instructions, constant expressions).

use crate::config::Features;
use crate::decode::reader::{Checked, Reader, invalid};
use crate::ir::{Instr, Op};
use crate::lower::operand::Place;
use crate::lower::{Lower, numeric};
use crate::module::ConstExpr;
use crate::numeric::halves;
use crate::validate::context::{Signature, Types};
use crate::validate::ty::Ty;

const CONSTANT: &str = "valid/instructions, constant expressions";

impl Lower {
    /// Read, check and lower a constant expression for a value of this type.
    pub(crate) fn const_expr(&mut self, r: &mut Reader<'_>, ty: Ty) -> Checked<ConstExpr> {
        let results = self.context.single(ty);
        let signature = Signature { params: Types::NONE, results };
        let start = self.here();
        self.begin_locals(Types::NONE);
        self.begin(signature);
        loop {
            self.at = r.pos();
            let opcode = r.byte()?;
            if opcode == 0x0b {
                break;
            }
            self.const_operator(opcode, r)?;
        }
        self.check_top(results)?;
        if self.operands.len() != 1 {
            return Err(self.invalid("type mismatch: a constant expression gives one value"));
        }
        if let Some(expr) = self.simple(start) {
            self.code.instrs.truncate(start as usize);
            return Ok(expr);
        }
        self.emit_return(results);
        let body = self.body(start, 0, signature);
        self.const_bodies.push(body);
        let defined = self.context.module.funcs.len() - self.context.module.func_imports;
        Ok(ConstExpr::Body((defined + self.const_bodies.len() - 1) as u32))
    }

    /// The value, or where to find it, if what was lowered since `start` needs no code.
    fn simple(&self, start: u32) -> Option<ConstExpr> {
        let operand = self.operands[0];
        match (operand.place, &self.code.instrs[start as usize..]) {
            (Place::Const, []) => Some(ConstExpr::Value(operand.value, 0)),
            (Place::Canonical, &[Instr { op: Op::V128Const, imm, .. }]) => {
                let [low, high] = halves(self.code.vectors[imm as usize]);
                Some(ConstExpr::Value(low, high))
            }
            (Place::Canonical, &[Instr { op: Op::GlobalGet | Op::GlobalGet2, imm, .. }]) => {
                Some(ConstExpr::GlobalGet(imm as u32))
            }
            (Place::Canonical, &[Instr { op: Op::RefFunc, imm, .. }]) => {
                Some(ConstExpr::RefFunc(imm as u32))
            }
            _ => None,
        }
    }

    fn const_operator(&mut self, opcode: u8, r: &mut Reader<'_>) -> Checked<()> {
        match opcode {
            0x41 => self.i32_const(r),
            0x42 => self.i64_const(r),
            0x43 => self.f32_const(r),
            0x44 => self.f64_const(r),
            0xd0 => self.ref_null(r),
            0xfd if self.context.features.simd => match r.u32()? {
                12 => self.v128_const(r),
                _ => Err(not_constant(self.at, "another vector operator")),
            },
            0xfb if self.context.features.gc => self.const_aggregate(r),
            0x23 => {
                let index = r.u32()?;
                let (_, mutable) = self.context.global(index, self.at)?;
                // Globals of the module itself came with garbage collection.
                if mutable
                    || !self.context.features.gc && index as usize >= self.context.global_imports
                {
                    return Err(not_constant(self.at, "global.get of this global"));
                }
                self.global_get_at(index)
            }
            0xd2 if self.context.features.reference_types => {
                let index = r.u32()?;
                self.context.declare(index, self.at)?;
                self.ref_func_at(index)
            }
            0x6a..=0x6c | 0x7c..=0x7e if self.context.features.extended_const => {
                if self.fold(opcode) { Ok(()) } else { self.integer_binary(numeric::of(opcode)) }
            }
            _ if is_operator(opcode, &self.context.features) => {
                Err(not_constant(self.at, "another operator"))
            }
            _ => Err(self.illegal(u32::from(opcode))),
        }
    }

    /// Objects, and references to small integers and of the host.
    fn const_aggregate(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let mut ahead = *r;
        match ahead.u32()? {
            0 | 1 | 6..=8 | 26..=28 => self.aggregate(r),
            _ => Err(not_constant(self.at, "another operator on references")),
        }
    }

    /// Compute what two constants give.
    fn fold(&mut self, opcode: u8) -> bool {
        let [.., first, second] = self.operands.as_slice() else { return false };
        let ty = if opcode < 0x7c { Ty::I32 } else { Ty::I64 };
        let (Some(a), Some(b)) = (first.constant(), second.constant()) else { return false };
        if first.ty != ty || second.ty != ty {
            return false;
        }
        let value = match opcode {
            0x6a | 0x7c => a.wrapping_add(b),
            0x6b | 0x7d => a.wrapping_sub(b),
            0x6c | 0x7e => a.wrapping_mul(b),
            _ => return false,
        };
        let value = if ty == Ty::I32 { u64::from(value as u32) } else { value };
        self.drop_top(1);
        if let Some(first) = self.operands.last_mut() {
            first.value = value;
        }
        true
    }
}

/// Whether an operator begins with this byte, given what is switched on
/// (§ binary/instructions).
fn is_operator(opcode: u8, features: &Features) -> bool {
    match opcode {
        0x08 | 0x0a | 0x1f => features.exceptions,
        0x12 | 0x13 => features.tail_call,
        0x14 | 0x15 | 0xd4..=0xd6 => features.function_references,
        0xd3 | 0xfb => features.gc,
        0x25 | 0x26 | 0x1c | 0xd0..=0xd2 => features.reference_types,
        0xfd => features.simd,
        0xfe => features.threads,
        0x00..=0x05 | 0x0b..=0x11 | 0x1a | 0x1b | 0x20..=0x24 | 0x28..=0xc4 | 0xfc => true,
        _ => false,
    }
}

#[cold]
fn not_constant(at: usize, what: &'static str) -> crate::decode::reader::Fault {
    invalid(at, CONSTANT, format!("constant expression required: {what}"))
}
