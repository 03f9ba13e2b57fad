//! Mutators that know what an input is.
//!
//! libFuzzer's own mutations serve decisions well, where every byte means something. In a
//! whole case they would damage a length or a checked type almost always; so cases are
//! mutated as cases: steps, arguments, and modules by instructions.

mod case;
mod constant;
mod module;
mod operator;
mod scenario;
mod script;
mod sites;
mod value;

use crate::envelope::Envelope;
use crate::input::Input;
use crate::rng::Rng;

/// How often a mutation is looked for that fits.
const ATTEMPTS_MAX: usize = 4;

/// Another case, in an envelope, where `input` is a whole case in whatever form.
pub(crate) fn case(input: &[u8], size_max: usize, seed: u32) -> Option<Vec<u8>> {
    let Ok(Input::Case(Envelope { group, case })) = Input::of(input) else { return None };
    let mut rng = Rng::new(seed.into());
    let mutated = (0..ATTEMPTS_MAX).filter_map(|_| {
        let case = case::mutate(&case, &mut rng)?;
        let group = if rng.one_in(16) { rng.u64() as u8 } else { group };
        Some(Envelope { group, case }.encode())
    });
    mutated.into_iter().find(|encoded| encoded.len() <= size_max)
}

/// Another module, where `input` is one.
pub(crate) fn module(input: &[u8], size_max: usize, seed: u32) -> Option<Vec<u8>> {
    let mut rng = Rng::new(seed.into());
    let mutated = (0..ATTEMPTS_MAX).filter_map(|_| module::mutate(input, &mut rng));
    mutated.into_iter().find(|binary| binary.len() <= size_max)
}

/// Another script, where `input` is text with a form in it.
pub(crate) fn script(input: &[u8], size_max: usize, seed: u32) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(input).ok()?;
    let mutated = script::mutate(text, &mut Rng::new(seed.into()))?.into_bytes();
    (mutated.len() <= size_max).then_some(mutated)
}

/// Another sequence of operations, where `input` is one in text.
pub(crate) fn scenario(input: &[u8], size_max: usize, seed: u32) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(input).ok()?;
    let scenario = gainsay_lifecycle::Scenario::parse(text).ok()?;
    let mutated = scenario::mutate(&scenario, &mut Rng::new(seed.into()))?.to_string();
    (mutated.len() <= size_max).then(|| mutated.into_bytes())
}
