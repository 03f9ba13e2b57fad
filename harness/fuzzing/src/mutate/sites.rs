//! The places in a function body where something can be changed without a type's changing.

use std::ops::Range;

use wasm_encoder::{Encode, Ieee32, Ieee64, Instruction};
use wasmparser::{FunctionBody, Operator};

use super::{constant, operator};
use crate::rng::Rng;

/// Where an instruction stands in its body, and what can be done to it.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) range: Range<usize>,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    I32(i32),
    I64(i64),
    F32(u32),
    F64(u64),
    V128(u128),
    /// An instruction among others of its type, by its encoding.
    Operator(&'static [&'static [u8]]),
}

/// All places of a body, in order; none if it cannot be read.
pub(crate) fn sites(body: &FunctionBody<'_>) -> Vec<Site> {
    let start = body.range().start;
    let Ok(operators) = body.get_operators_reader() else { return Vec::new() };
    let mut found = Vec::new();
    let mut pending: Option<(usize, What)> = None;
    for item in operators.into_iter_with_offsets() {
        let Ok((operator, position)) = item else { return Vec::new() };
        let at = (position - start) as usize;
        if let Some((from, what)) = pending.take() {
            found.push(Site { range: from..at, what });
        }
        pending = what(&operator, &body.as_bytes()[at..]).map(|what| (at, what));
    }
    // The last instruction is the `end` of the body, which cannot be changed.
    found
}

fn what(operator: &Operator<'_>, encoded: &[u8]) -> Option<What> {
    Some(match operator {
        Operator::I32Const { value } => What::I32(*value),
        Operator::I64Const { value } => What::I64(*value),
        Operator::F32Const { value } => What::F32(value.bits()),
        Operator::F64Const { value } => What::F64(value.bits()),
        Operator::V128Const { value } => What::V128(u128::from_le_bytes(*value.bytes())),
        _ => What::Operator(operator::alike(encoded)?),
    })
}

impl Site {
    /// The encoding of another instruction of the same type.
    pub(crate) fn mutated(&self, rng: &mut Rng) -> Vec<u8> {
        let mut bytes = Vec::new();
        match self.what {
            What::I32(number) => Instruction::I32Const(constant::i32(number, rng)),
            What::I64(number) => Instruction::I64Const(constant::i64(number, rng)),
            What::F32(bits) => Instruction::F32Const(Ieee32::new(constant::f32(bits, rng))),
            What::F64(bits) => Instruction::F64Const(Ieee64::new(constant::f64(bits, rng))),
            What::V128(bits) => Instruction::V128Const(constant::v128(bits, rng).cast_signed()),
            What::Operator(alike) => return alike[rng.below(alike.len())].to_vec(),
        }
        .encode(&mut bytes);
        bytes
    }
}
