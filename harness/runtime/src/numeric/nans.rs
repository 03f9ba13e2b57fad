//! § exec/numerics, NaN propagation: the one place that chooses the NaN that an
//! operation results in.

use super::float::{Float, fneg};
use super::int::Int;
use crate::nan_choice::NanChoice;

/// The choices that [`NanChoice::Mixed`] draws from.
const DRAWN: [NanChoice; 8] = [
    NanChoice::Positive,
    NanChoice::Negative,
    NanChoice::First,
    NanChoice::Last,
    NanChoice::Inverted,
    NanChoice::Negative,
    NanChoice::Positive,
    NanChoice::Inverted,
];

/// A choice, and how far the sequence of [`NanChoice::Mixed`] has gone.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Nans {
    choice: NanChoice,
    state: u32,
}

impl Nans {
    pub(crate) fn new(choice: NanChoice) -> Nans {
        let state = if let NanChoice::Mixed(seed) = choice { seed } else { 0 };
        Nans { choice, state }
    }

    /// Whether every NaN is that of the deterministic profile.
    #[inline(always)]
    pub(crate) fn is_deterministic(&self) -> bool {
        self.choice == NanChoice::Positive
    }

    /// `nans_N` of an operation's operands.
    #[inline(always)]
    pub(crate) fn of<F: Float, const N: usize>(&mut self, operands: [F; N]) -> F {
        if self.is_deterministic() { F::CANONICAL_NAN } else { self.chosen(operands) }
    }

    #[cold]
    #[inline(never)]
    fn chosen<F: Float, const N: usize>(&mut self, operands: [F; N]) -> F {
        let choice = match self.choice {
            NanChoice::Mixed(_) => self.drawn(),
            choice => choice,
        };
        let mut nans = operands.into_iter().filter(|operand| operand.is_nan()).map(quiet);
        let negative = fneg(F::CANONICAL_NAN);
        match choice {
            NanChoice::Negative => negative,
            NanChoice::First => nans.next().unwrap_or(negative),
            NanChoice::Last => nans.last().unwrap_or(F::CANONICAL_NAN),
            NanChoice::Inverted => nans.next().map_or(negative, fneg),
            NanChoice::Positive | NanChoice::Mixed(_) => F::CANONICAL_NAN,
        }
    }

    /// The next choice of the sequence (a linear congruential generator, whose highest
    /// bits are its best).
    fn drawn(&mut self) -> NanChoice {
        self.state = self.state.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
        DRAWN[(self.state >> 29) as usize]
    }
}

/// The NaN with the highest bit of its payload set, which makes it arithmetic; a
/// canonical one stays as it is, as it must.
fn quiet<F: Float>(nan: F) -> F {
    F::from_bits(nan.bits().or(F::CANONICAL_NAN.bits()))
}
