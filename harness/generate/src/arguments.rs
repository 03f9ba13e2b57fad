//! Arguments for calls: the values at which code changes its mind.

use arbitrary::{Result, Unstructured};
use gainsay_case::{RefKind, Value};
use wasm_encoder::{AbstractHeapType, HeapType, RefType, ValType};

use crate::decide::weighted;
use crate::interface::Interface;

/// Boundary values of integers, as 64-bit patterns; the low half serves `i32`.
const INTEGERS: &[u64] = &[
    0,
    1,
    2,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0x8000,
    0xffff,
    0x1_0000,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    0x1_0000_0000,
    0x7fff_ffff_ffff_ffff,
    0x8000_0000_0000_0000,
    0xffff_ffff_ffff_fffe,
    0xffff_ffff_ffff_ffff,
];

/// Bits of notable 32-bit floats: zeros, ones, subnormals, limits of integers,
/// infinities, NaNs quiet and signalling.
const FLOATS32: &[u32] = &[
    0x0000_0000,
    0x8000_0000,
    0x3f80_0000,
    0xbf80_0000,
    0x3f00_0000,
    0x0000_0001,
    0x807f_ffff,
    0x0080_0000,
    0x7f7f_ffff,
    0xff7f_ffff,
    0x4f00_0000,
    0xcf00_0000,
    0x4f80_0000,
    0x5f00_0000,
    0xdf00_0000,
    0x5f80_0000,
    0x7f80_0000,
    0xff80_0000,
    0x7fc0_0000,
    0xffc0_0000,
    0x7fa0_0001,
    0xff80_0001,
    0x7fff_ffff,
];

/// The same for 64-bit floats.
const FLOATS64: &[u64] = &[
    0x0000_0000_0000_0000,
    0x8000_0000_0000_0000,
    0x3ff0_0000_0000_0000,
    0xbff0_0000_0000_0000,
    0x3fe0_0000_0000_0000,
    0x0000_0000_0000_0001,
    0x800f_ffff_ffff_ffff,
    0x0010_0000_0000_0000,
    0x7fef_ffff_ffff_ffff,
    0xffef_ffff_ffff_ffff,
    0x41df_ffff_ffc0_0000,
    0xc1e0_0000_0000_0000,
    0x41ef_ffff_ffe0_0000,
    0x43e0_0000_0000_0000,
    0xc3e0_0000_0000_0000,
    0x43f0_0000_0000_0000,
    0x47ef_ffff_e000_0000,
    0x7ff0_0000_0000_0000,
    0xfff0_0000_0000_0000,
    0x7ff8_0000_0000_0000,
    0xfff8_0000_0000_0000,
    0x7ff4_0000_0000_0001,
    0xfff0_0000_0000_0001,
    0x7fff_ffff_ffff_ffff,
];

/// One argument for each parameter, or `None` if some parameter has no value that
/// the harness can make.
pub(crate) fn arguments(
    params: &[ValType],
    interface: &Interface,
    constants: &[Value],
    u: &mut Unstructured<'_>,
) -> Result<Option<Vec<Value>>> {
    let mut arguments = Vec::with_capacity(params.len());
    for ty in params {
        match argument(*ty, interface, constants, u)? {
            Some(argument) => arguments.push(argument),
            None => return Ok(None),
        }
    }
    Ok(Some(arguments))
}

#[derive(Clone, Copy)]
enum Source {
    Notable,
    Small,
    Power,
    Random,
    Constant,
}

fn argument(
    ty: ValType,
    interface: &Interface,
    constants: &[Value],
    u: &mut Unstructured<'_>,
) -> Result<Option<Value>> {
    use Source::*;
    let source = weighted(u, &[(4, Notable), (4, Small), (2, Power), (2, Random), (2, Constant)])?;
    if matches!(source, Constant) {
        let fits = |constant: &&Value| is_of_type(constant, ty);
        let fitting: Vec<&Value> = constants.iter().filter(fits).collect();
        if !fitting.is_empty() {
            return Ok(Some(**u.choose(&fitting)?));
        }
    }
    match ty {
        ValType::Ref(ty) => reference(ty, interface, u),
        _ => number(ty, source, u).map(Some),
    }
}

/// A constant for use in code: mostly small, often notable.
pub(crate) fn constant(ty: ValType, u: &mut Unstructured<'_>) -> Result<Value> {
    use Source::*;
    let source = weighted(u, &[(5, Small), (3, Notable), (2, Power), (1, Random)])?;
    number(ty, source, u)
}

fn number(ty: ValType, source: Source, u: &mut Unstructured<'_>) -> Result<Value> {
    use Source::*;
    Ok(match ty {
        ValType::I32 => Value::I32((integer(source, 32, u)? as u32).cast_signed()),
        ValType::I64 => Value::I64(integer(source, 64, u)?.cast_signed()),
        ValType::F32 => Value::F32(match source {
            Small => f32::from(u.arbitrary::<i8>()?).to_bits(),
            Power | Random => u.arbitrary()?,
            Notable | Constant => *u.choose(FLOATS32)?,
        }),
        ValType::F64 => Value::F64(match source {
            Small => f64::from(u.arbitrary::<i8>()?).to_bits(),
            Power | Random => u.arbitrary()?,
            Notable | Constant => *u.choose(FLOATS64)?,
        }),
        ValType::V128 => Value::V128(vector(source, u)?),
        ValType::Ref(_) => Value::Null(RefKind::Extern),
    })
}

/// Lanes of some width, all from one source; at random, all bits.
fn vector(source: Source, u: &mut Unstructured<'_>) -> Result<u128> {
    if matches!(source, Source::Random) {
        return u.arbitrary();
    }
    let lane = *u.choose(&[ValType::I32, ValType::I64, ValType::F32, ValType::F64])?;
    let mut bits = 0;
    for _ in 0..4 {
        bits = match number(lane, source, u)? {
            Value::I32(number) => bits << 32 | u128::from(number.cast_unsigned()),
            Value::F32(number) => bits << 32 | u128::from(number),
            Value::I64(number) => bits << 64 | u128::from(number.cast_unsigned()),
            Value::F64(number) => bits << 64 | u128::from(number),
            _ => bits,
        };
    }
    Ok(bits)
}

fn integer(source: Source, bits: u32, u: &mut Unstructured<'_>) -> Result<u64> {
    Ok(match source {
        Source::Small => i64::from(u.int_in_range(-4..=64i8)?).cast_unsigned(),
        Source::Power => {
            let power = 1u64 << u.int_in_range(0..=bits - 1)?;
            power.wrapping_add_signed(i64::from(u.int_in_range(-1..=1i8)?))
        }
        Source::Random => u.arbitrary()?,
        Source::Notable | Source::Constant => *u.choose(INTEGERS)?,
    })
}

fn is_of_type(constant: &Value, ty: ValType) -> bool {
    matches!(
        (constant, ty),
        (Value::I32(_), ValType::I32)
            | (Value::I64(_), ValType::I64)
            | (Value::F32(_), ValType::F32)
            | (Value::F64(_), ValType::F64)
            | (Value::V128(_), ValType::V128)
    )
}

/// Null where it is allowed; an external reference can carry a number.
fn reference(
    ty: RefType,
    interface: &Interface,
    u: &mut Unstructured<'_>,
) -> Result<Option<Value>> {
    let kind = match ty.heap_type {
        HeapType::Abstract { shared: false, ty } => match ty {
            AbstractHeapType::Extern => RefKind::Extern,
            AbstractHeapType::NoExtern => RefKind::Extern,
            AbstractHeapType::Func | AbstractHeapType::NoFunc => RefKind::Func,
            AbstractHeapType::Exn | AbstractHeapType::NoExn => RefKind::Exn,
            AbstractHeapType::Cont | AbstractHeapType::NoCont => return Ok(None),
            _ => RefKind::Any,
        },
        HeapType::Abstract { shared: true, .. } => return Ok(None),
        HeapType::Concrete(index) | HeapType::Exact(index) => {
            match interface.types.get(index as usize) {
                Some(Some(_)) => RefKind::Func,
                _ => RefKind::Any,
            }
        }
    };
    let number = u.int_in_range(0..=7u8)?;
    if ty == RefType::EXTERNREF && number > 1 {
        return Ok(Some(Value::Extern(u32::from(number))));
    }
    Ok(ty.nullable.then_some(Value::Null(kind)))
}
