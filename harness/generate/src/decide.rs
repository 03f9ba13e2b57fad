//! Small decisions drawn from raw bytes.

use arbitrary::{Result, Unstructured};

/// True with probability `1 / n`.
pub(crate) fn one_in(u: &mut Unstructured<'_>, n: u32) -> Result<bool> {
    // From exhausted bytes come zeros: let those mean "no".
    Ok(u.int_in_range(0..=n - 1)? == n - 1)
}

/// True with probability `percent / 100`.
pub(crate) fn percent(u: &mut Unstructured<'_>, percent: u32) -> Result<bool> {
    Ok(u.int_in_range(0..=99u32)? >= 100 - percent)
}

/// One of the choices, by weight. Exhausted bytes choose the first.
pub(crate) fn weighted<T: Copy>(u: &mut Unstructured<'_>, choices: &[(u32, T)]) -> Result<T> {
    let total: u32 = choices.iter().map(|(weight, _)| weight).sum();
    let mut at = u.int_in_range(0..=total - 1)?;
    for (weight, choice) in choices {
        match at.checked_sub(*weight) {
            Some(rest) => at = rest,
            None => return Ok(*choice),
        }
    }
    Ok(choices[0].1)
}
