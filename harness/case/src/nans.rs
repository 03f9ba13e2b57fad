//! Which instructions may result in a NaN of the implementation's choice (§ exec/numerics,
//! NaN propagation).

use wasmparser::Operator;

/// What an instruction results in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Floats {
    /// A number of 32 bits.
    F32,
    /// A number of 64 bits.
    F64,
    /// Four lanes of 32 bits.
    F32x4,
    /// Two lanes of 64 bits.
    F64x2,
}

/// Where the instruction may put a NaN that it chooses; `None` if it cannot. Those that only
/// change a sign, select an operand or move bits cannot.
pub fn chosen(operator: &Operator<'_>) -> Option<Floats> {
    if is_f32(operator) {
        Some(Floats::F32)
    } else if is_f64(operator) {
        Some(Floats::F64)
    } else if is_f32x4(operator) {
        Some(Floats::F32x4)
    } else if is_f64x2(operator) {
        Some(Floats::F64x2)
    } else {
        None
    }
}

fn is_f32(operator: &Operator<'_>) -> bool {
    use Operator::*;
    matches!(
        operator,
        F32Ceil
            | F32Floor
            | F32Trunc
            | F32Nearest
            | F32Sqrt
            | F32Add
            | F32Sub
            | F32Mul
            | F32Div
            | F32Min
            | F32Max
            | F32DemoteF64
    )
}

fn is_f64(operator: &Operator<'_>) -> bool {
    use Operator::*;
    matches!(
        operator,
        F64Ceil
            | F64Floor
            | F64Trunc
            | F64Nearest
            | F64Sqrt
            | F64Add
            | F64Sub
            | F64Mul
            | F64Div
            | F64Min
            | F64Max
            | F64PromoteF32
    )
}

fn is_f32x4(operator: &Operator<'_>) -> bool {
    use Operator::*;
    matches!(
        operator,
        F32x4Ceil
            | F32x4Floor
            | F32x4Trunc
            | F32x4Nearest
            | F32x4Sqrt
            | F32x4Add
            | F32x4Sub
            | F32x4Mul
            | F32x4Div
            | F32x4Min
            | F32x4Max
            | F32x4RelaxedMadd
            | F32x4RelaxedNmadd
            | F32x4RelaxedMin
            | F32x4RelaxedMax
            | F32x4DemoteF64x2Zero
    )
}

fn is_f64x2(operator: &Operator<'_>) -> bool {
    use Operator::*;
    matches!(
        operator,
        F64x2Ceil
            | F64x2Floor
            | F64x2Trunc
            | F64x2Nearest
            | F64x2Sqrt
            | F64x2Add
            | F64x2Sub
            | F64x2Mul
            | F64x2Div
            | F64x2Min
            | F64x2Max
            | F64x2RelaxedMadd
            | F64x2RelaxedNmadd
            | F64x2RelaxedMin
            | F64x2RelaxedMax
            | F64x2PromoteLowF32x4
    )
}
