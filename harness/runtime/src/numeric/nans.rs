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
            NanChoice::Last => nans.next_back().unwrap_or(F::CANONICAL_NAN),
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

#[cfg(test)]
mod tests {
    use super::*;

    const CANONICAL: u64 = 0x7ff8_0000_0000_0000;
    const NEGATIVE: u64 = 0xfff8_0000_0000_0000;

    fn chosen(choice: NanChoice, operands: [u64; 2]) -> u64 {
        Nans::new(choice).of(operands.map(f64::from_bits)).bits()
    }

    #[test]
    fn a_payload_comes_from_the_operand_that_is_chosen() {
        // Signalling, and quiet and negative.
        let operands = [0x7ff4_0000_0000_0001, 0xfff8_0000_0000_0002];
        for (choice, expected) in [
            (NanChoice::Positive, CANONICAL),
            (NanChoice::Negative, NEGATIVE),
            (NanChoice::First, 0x7ffc_0000_0000_0001),
            (NanChoice::Last, 0xfff8_0000_0000_0002),
            (NanChoice::Inverted, 0xfffc_0000_0000_0001),
        ] {
            assert_eq!(chosen(choice, operands), expected, "{choice:?}");
        }
    }

    #[test]
    fn without_another_payload_among_the_operands_every_nan_is_canonical() {
        let zero = 0;
        for choice in NanChoice::ALL {
            for operands in [[zero, zero], [CANONICAL, zero], [zero, NEGATIVE]] {
                let mut nans = Nans::new(*choice);
                for _ in 0..100 {
                    let nan = nans.of(operands.map(f64::from_bits)).bits();
                    assert!(nan == CANONICAL || nan == NEGATIVE, "{choice:?}: {nan:x}");
                }
            }
        }
    }

    #[test]
    fn every_nan_that_is_chosen_is_quiet() {
        for choice in NanChoice::ALL {
            let mut nans = Nans::new(*choice);
            for _ in 0..100 {
                let nan = nans.of([f32::from_bits(0x7f80_0001)]).bits();
                assert_eq!(nan & 0x7fc0_0000, 0x7fc0_0000, "{choice:?}: {nan:x}");
            }
        }
    }
}
