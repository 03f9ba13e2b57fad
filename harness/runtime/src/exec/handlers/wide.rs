//! Integers of 128 bits (wide-arithmetic proposal).

use crate::exec::handlers::{Slots, handlers};
use crate::exec::stack::Window;
use crate::ir::{Instr, unpack};
use crate::numeric::{add128, mul_wide_s, mul_wide_u, sub128};

handlers! {
    I64Add128 => |_, f, i| sum(f, i, add128);
    I64Sub128 => |_, f, i| sum(f, i, sub128);
    I64MulWideS => |_, f, i| set_pair(f, i, mul_wide_s(f.u64(i.a), f.u64(i.b)));
    I64MulWideU => |_, f, i| set_pair(f, i, mul_wide_u(f.u64(i.a), f.u64(i.b)));
}

#[inline(always)]
fn sum(frame: &mut Window, instr: &Instr, op: fn([u64; 2], [u64; 2]) -> [u64; 2]) {
    let (low, high) = unpack(instr.imm);
    let first = [frame.u64(instr.a), frame.u64(instr.b)];
    let second = [frame.u64(low as u16), frame.u64(high as u16)];
    set_pair(frame, instr, op(first, second));
}

#[inline(always)]
fn set_pair(frame: &mut Window, instr: &Instr, [low, high]: [u64; 2]) {
    frame.set(instr.d, low);
    frame.set(instr.d + 1, high);
}
