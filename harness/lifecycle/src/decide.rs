//! Decisions drawn from bytes. Bytes that are used up read as zeros.

use arbitrary::Unstructured;

/// A number below `count`, all about equally likely.
pub(crate) fn below(bytes: &mut Unstructured<'_>, count: usize) -> usize {
    let draw = usize::from(bytes.arbitrary::<u16>().unwrap_or_default());
    (draw * count) >> 16
}

/// True `percent` times in a hundred.
pub(crate) fn percent(bytes: &mut Unstructured<'_>, percent: usize) -> bool {
    below(bytes, 100) >= 100 - percent
}

/// One of these, of which there is at least one.
pub(crate) fn one_of<T: Copy>(bytes: &mut Unstructured<'_>, choices: &[T]) -> T {
    choices[below(bytes, choices.len())]
}

/// One of these by weight; none if no weight is above zero.
pub(crate) fn weighted<T: Copy>(bytes: &mut Unstructured<'_>, choices: &[(u32, T)]) -> Option<T> {
    let total: u32 = choices.iter().map(|(weight, _)| weight).sum();
    let mut at = below(bytes, total as usize) as u32;
    for (weight, choice) in choices {
        match at.checked_sub(*weight) {
            Some(rest) => at = rest,
            None => return Some(*choice),
        }
    }
    None
}
