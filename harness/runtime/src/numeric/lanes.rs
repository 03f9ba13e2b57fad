//! Vectors as lanes (§ exec/numerics, lanes), and how operators are lifted to them.
//!
//! Lanes go through arrays of the lane's type, in loops of a fixed length, which the
//! compiler can turn into vector instructions.

use super::int::Int;

/// A vector: its bytes, the least significant one first.
pub(crate) type V128 = [u8; 16];

/// The vector in two slots, the low half first.
#[inline(always)]
pub(crate) fn vector([low, high]: [u64; 2]) -> V128 {
    u64::inv_lanes([low, high])
}

/// The two slots of a vector.
#[inline(always)]
pub(crate) fn halves(vector: V128) -> [u64; 2] {
    u64::lanes(vector)
}

/// The type of a lane: what a shape consists of (§ syntax/instructions, shapes).
pub(crate) trait Lane: Copy + Default {
    /// All lanes of a vector: `[Self; 128 / N]`.
    type Lanes: AsRef<[Self]> + AsMut<[Self]> + Default;
    /// § exec/numerics, `lanes`.
    fn lanes(vector: V128) -> Self::Lanes;
    /// § exec/numerics, the inverse of `lanes`.
    fn inv_lanes(lanes: Self::Lanes) -> V128;
    /// § exec/numerics, `extend_s_1,N`: all bits as `condition` says.
    fn mask(condition: bool) -> Self;
}

macro_rules! lane {
    ($lane:ident, $count:literal, $condition:ident => $mask:expr) => {
        impl Lane for $lane {
            type Lanes = [$lane; $count];
            #[inline(always)]
            fn lanes(vector: V128) -> [$lane; $count] {
                let (chunks, _) = vector.as_chunks();
                let mut lanes = [$lane::default(); $count];
                for (lane, bytes) in lanes.iter_mut().zip(chunks) {
                    *lane = $lane::from_le_bytes(*bytes);
                }
                lanes
            }
            #[inline(always)]
            fn inv_lanes(lanes: [$lane; $count]) -> V128 {
                let mut vector = V128::default();
                let (chunks, _) = vector.as_chunks_mut();
                for (bytes, lane) in chunks.iter_mut().zip(lanes) {
                    *bytes = lane.to_le_bytes();
                }
                vector
            }
            #[inline(always)]
            fn mask($condition: bool) -> $lane {
                $mask
            }
        }
    };
}

lane!(u8, 16, condition => u8::from(condition).wrapping_neg());
lane!(u16, 8, condition => u16::from(condition).wrapping_neg());
lane!(u32, 4, condition => u32::from(condition).wrapping_neg());
lane!(u64, 2, condition => u64::from(condition).wrapping_neg());
lane!(f32, 4, condition => f32::from_bits(u32::mask(condition)));
lane!(f64, 2, condition => f64::from_bits(u64::mask(condition)));

/// § exec/numerics, `ivunop` and `fvunop`.
#[inline(always)]
pub(crate) fn vunop<T: Lane>(mut op: impl FnMut(T) -> T, v: V128) -> V128 {
    let mut lanes = T::lanes(v);
    for lane in lanes.as_mut() {
        *lane = op(*lane);
    }
    T::inv_lanes(lanes)
}

/// § exec/numerics, `ivbinop` and `fvbinop`.
#[inline(always)]
pub(crate) fn vbinop<T: Lane>(mut op: impl FnMut(T, T) -> T, v1: V128, v2: V128) -> V128 {
    let mut lanes = T::lanes(v1);
    for (lane, other) in lanes.as_mut().iter_mut().zip(T::lanes(v2).as_ref()) {
        *lane = op(*lane, *other);
    }
    T::inv_lanes(lanes)
}

/// § exec/numerics, `ivternop` and `fvternop`.
#[inline(always)]
pub(crate) fn vternop<T: Lane>(
    mut op: impl FnMut(T, T, T) -> T,
    v1: V128,
    v2: V128,
    v3: V128,
) -> V128 {
    let mut lanes = T::lanes(v1);
    let (second, third) = (T::lanes(v2), T::lanes(v3));
    for (lane, others) in lanes.as_mut().iter_mut().zip(second.as_ref().iter().zip(third.as_ref()))
    {
        *lane = op(*lane, *others.0, *others.1);
    }
    T::inv_lanes(lanes)
}

/// § exec/numerics, `ivrelop` and `fvrelop`: lanes of ones where it holds.
#[inline(always)]
pub(crate) fn vrelop<T: Lane>(op: impl Fn(T, T) -> bool, v1: V128, v2: V128) -> V128 {
    vbinop(|a, b| T::mask(op(a, b)), v1, v2)
}

/// § exec/numerics, `ivshiftop`: all lanes by one distance, of which only the low bits
/// matter to `op`.
#[inline(always)]
pub(crate) fn vshiftop<T: Lane + Int>(op: impl Fn(T, T) -> T, v: V128, distance: u32) -> V128 {
    let distance = T::wrap(distance % T::BITS);
    vunop(|lane| op(lane, distance), v)
}

/// § exec/numerics, `vcvtop`: lanes of `v` from number `first` on, converted one by
/// one for as long as there are lanes on both sides; further lanes are zero.
#[inline(always)]
pub(crate) fn vcvtop<A: Lane, B: Lane>(first: usize, mut op: impl FnMut(A) -> B, v: V128) -> V128 {
    let mut converted = B::Lanes::default();
    for (to, from) in converted.as_mut().iter_mut().zip(&A::lanes(v).as_ref()[first..]) {
        *to = op(*from);
    }
    B::inv_lanes(converted)
}

/// § exec/instructions, `shape.splat`.
#[inline(always)]
pub(crate) fn vsplat<T: Lane>(lane: T) -> V128 {
    vunop(|_| lane, V128::default())
}

/// § exec/instructions, `shape.extract_lane`. The lane is one that the shape has.
#[inline(always)]
pub(crate) fn vextract_lane<T: Lane>(v: V128, lane: u64) -> T {
    T::lanes(v).as_ref()[lane as usize]
}

/// § exec/instructions, `shape.replace_lane`. The lane is one that the shape has.
#[inline(always)]
pub(crate) fn vreplace_lane<T: Lane>(v: V128, lane: u64, value: T) -> V128 {
    let mut lanes = T::lanes(v);
    lanes.as_mut()[lane as usize] = value;
    T::inv_lanes(lanes)
}

/// § exec/numerics, `iall_true`: whether no lane is zero.
#[inline(always)]
pub(crate) fn vall_true<T: Lane + Int>(v: V128) -> bool {
    T::lanes(v).as_ref().iter().all(|lane| *lane != T::ZERO)
}

/// § exec/instructions, `v128.any_true`: whether any bit is set.
#[inline(always)]
pub(crate) fn vany_true(v: V128) -> bool {
    u128::from_le_bytes(v) != 0
}

/// § exec/numerics, `ivbitmask`: the signs of the lanes, that of lane 0 in bit 0.
#[inline(always)]
pub(crate) fn vbitmask<T: Lane + Int>(v: V128) -> u32 {
    let lanes = T::lanes(v);
    lanes.as_ref().iter().rev().fold(0, |mask, lane| mask << 1 | u32::from(*lane >= T::SIGN))
}

/// § exec/numerics, `ivswizzle`: the bytes of `v1` that `v2` numbers, 0 beyond.
#[inline(always)]
pub(crate) fn vswizzle(v1: V128, v2: V128) -> V128 {
    let mut padded = [0; 32];
    padded[..16].copy_from_slice(&v1);
    v2.map(|index| padded[usize::from(index.min(16))])
}

/// § exec/numerics, `ivshuffle`: the bytes of both that `indices` number, which
/// are less than 32.
#[inline(always)]
pub(crate) fn vshuffle(indices: V128, v1: V128, v2: V128) -> V128 {
    let mut both = [0; 32];
    both[..16].copy_from_slice(&v1);
    both[16..].copy_from_slice(&v2);
    indices.map(|index| both[usize::from(index % 32)])
}
