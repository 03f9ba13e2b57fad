//! Vector operations between lanes of a width and of twice that width
//! (§ exec/numerics, `ivextunop`, `ivextbinop`, `vnarrowop`).

use super::int::{iadd, imul};
use super::lane_int::Widen;
use super::lanes::{Lane, V128};

/// How a lane becomes one of twice its width.
type Extend<T> = fn(T) -> <T as Widen>::Wide;

/// § exec/numerics, `vnarrowop`: the lanes of `v1`, then those of `v2`.
#[inline(always)]
pub(crate) fn vnarrow<T>(narrow: impl Fn(T::Wide) -> T, v1: V128, v2: V128) -> V128
where
    T: Lane + Widen,
    T::Wide: Lane,
{
    let mut narrowed = T::Lanes::default();
    let (first, second) = (T::Wide::lanes(v1), T::Wide::lanes(v2));
    let lanes = first.as_ref().iter().chain(second.as_ref());
    for (to, from) in narrowed.as_mut().iter_mut().zip(lanes) {
        *to = narrow(*from);
    }
    T::inv_lanes(narrowed)
}

/// § exec/numerics, `extmul`: products of the lanes from number `first` on.
#[inline(always)]
pub(crate) fn vextmul<T>(first: usize, extend: Extend<T>, v1: V128, v2: V128) -> V128
where
    T: Lane + Widen,
    T::Wide: Lane,
{
    let mut products = <T::Wide as Lane>::Lanes::default();
    let (left, right) = (T::lanes(v1), T::lanes(v2));
    let pairs = left.as_ref()[first..].iter().zip(&right.as_ref()[first..]);
    for (product, (a, b)) in products.as_mut().iter_mut().zip(pairs) {
        *product = imul(extend(*a), extend(*b));
    }
    T::Wide::inv_lanes(products)
}

/// § exec/numerics, `ivadd_pairwise`: sums of neighbours.
#[inline(always)]
pub(crate) fn vextadd_pairwise<T>(extend: Extend<T>, v: V128) -> V128
where
    T: Lane + Widen,
    T::Wide: Lane,
{
    let mut sums = <T::Wide as Lane>::Lanes::default();
    let lanes = T::lanes(v);
    let (pairs, _) = lanes.as_ref().as_chunks();
    for (sum, [a, b]) in sums.as_mut().iter_mut().zip(pairs) {
        *sum = iadd(extend(*a), extend(*b));
    }
    T::Wide::inv_lanes(sums)
}

/// § exec/numerics, `ivdot`: products, those of neighbours combined by `add`.
#[inline(always)]
pub(crate) fn vdot<T>(
    extend: [Extend<T>; 2],
    add: impl Fn(T::Wide, T::Wide) -> T::Wide,
    v1: V128,
    v2: V128,
) -> V128
where
    T: Lane + Widen,
    T::Wide: Lane,
{
    let mut sums = <T::Wide as Lane>::Lanes::default();
    let (left, right) = (T::lanes(v1), T::lanes(v2));
    let (left, _) = left.as_ref().as_chunks();
    let (right, _) = right.as_ref().as_chunks();
    let product = |a: T, b: T| imul(extend[0](a), extend[1](b));
    for (sum, ([a1, a2], [b1, b2])) in sums.as_mut().iter_mut().zip(left.iter().zip(right)) {
        *sum = add(product(*a1, *b1), product(*a2, *b2));
    }
    T::Wide::inv_lanes(sums)
}
