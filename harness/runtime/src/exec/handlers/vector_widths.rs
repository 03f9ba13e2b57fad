//! Vector operations between widths of integers (§ exec/instructions, vector
//! instructions).

use crate::exec::handlers::handlers;
use crate::exec::handlers::vectors::{binary, unary};
use crate::numeric::*;

handlers! {
    // i8x16 and i16x8.
    I16x8ExtendLowI8x16S => |_, f, i| unary(f, i, |v| vcvtop(0, u8::extend_s, v));
    I16x8ExtmulLowI8x16S => |_, f, i| binary(f, i, |a, b| vextmul(0, u8::extend_s, a, b));
    I16x8ExtendLowI8x16U => |_, f, i| unary(f, i, |v| vcvtop(0, u8::extend_u, v));
    I16x8ExtmulLowI8x16U => |_, f, i| binary(f, i, |a, b| vextmul(0, u8::extend_u, a, b));
    I16x8ExtendHighI8x16S => |_, f, i| unary(f, i, |v| vcvtop(8, u8::extend_s, v));
    I16x8ExtmulHighI8x16S => |_, f, i| binary(f, i, |a, b| vextmul(8, u8::extend_s, a, b));
    I16x8ExtendHighI8x16U => |_, f, i| unary(f, i, |v| vcvtop(8, u8::extend_u, v));
    I16x8ExtmulHighI8x16U => |_, f, i| binary(f, i, |a, b| vextmul(8, u8::extend_u, a, b));
    I16x8ExtaddPairwiseI8x16S => |_, f, i| unary(f, i, |v| vextadd_pairwise(u8::extend_s, v));
    I16x8ExtaddPairwiseI8x16U => |_, f, i| unary(f, i, |v| vextadd_pairwise(u8::extend_u, v));
    I8x16NarrowI16x8S => |_, f, i| binary(f, i, |a, b| vnarrow(u8::narrow_s, a, b));
    I8x16NarrowI16x8U => |_, f, i| binary(f, i, |a, b| vnarrow(u8::narrow_u, a, b));
    // i16x8 and i32x4.
    I32x4ExtendLowI16x8S => |_, f, i| unary(f, i, |v| vcvtop(0, u16::extend_s, v));
    I32x4ExtmulLowI16x8S => |_, f, i| binary(f, i, |a, b| vextmul(0, u16::extend_s, a, b));
    I32x4ExtendLowI16x8U => |_, f, i| unary(f, i, |v| vcvtop(0, u16::extend_u, v));
    I32x4ExtmulLowI16x8U => |_, f, i| binary(f, i, |a, b| vextmul(0, u16::extend_u, a, b));
    I32x4ExtendHighI16x8S => |_, f, i| unary(f, i, |v| vcvtop(4, u16::extend_s, v));
    I32x4ExtmulHighI16x8S => |_, f, i| binary(f, i, |a, b| vextmul(4, u16::extend_s, a, b));
    I32x4ExtendHighI16x8U => |_, f, i| unary(f, i, |v| vcvtop(4, u16::extend_u, v));
    I32x4ExtmulHighI16x8U => |_, f, i| binary(f, i, |a, b| vextmul(4, u16::extend_u, a, b));
    I32x4ExtaddPairwiseI16x8S => |_, f, i| unary(f, i, |v| vextadd_pairwise(u16::extend_s, v));
    I32x4ExtaddPairwiseI16x8U => |_, f, i| unary(f, i, |v| vextadd_pairwise(u16::extend_u, v));
    I16x8NarrowI32x4S => |_, f, i| binary(f, i, |a, b| vnarrow(u16::narrow_s, a, b));
    I16x8NarrowI32x4U => |_, f, i| binary(f, i, |a, b| vnarrow(u16::narrow_u, a, b));
    // i32x4 and i64x2.
    I64x2ExtendLowI32x4S => |_, f, i| unary(f, i, |v| vcvtop(0, u32::extend_s, v));
    I64x2ExtmulLowI32x4S => |_, f, i| binary(f, i, |a, b| vextmul(0, u32::extend_s, a, b));
    I64x2ExtendLowI32x4U => |_, f, i| unary(f, i, |v| vcvtop(0, u32::extend_u, v));
    I64x2ExtmulLowI32x4U => |_, f, i| binary(f, i, |a, b| vextmul(0, u32::extend_u, a, b));
    I64x2ExtendHighI32x4S => |_, f, i| unary(f, i, |v| vcvtop(2, u32::extend_s, v));
    I64x2ExtmulHighI32x4S => |_, f, i| binary(f, i, |a, b| vextmul(2, u32::extend_s, a, b));
    I64x2ExtendHighI32x4U => |_, f, i| unary(f, i, |v| vcvtop(2, u32::extend_u, v));
    I64x2ExtmulHighI32x4U => |_, f, i| binary(f, i, |a, b| vextmul(2, u32::extend_u, a, b));
    I32x4DotI16x8S => |_, f, i| binary(f, i, |a, b| vdot([u16::extend_s; 2], iadd, a, b));
}
