//! Small decisions drawn from raw bytes. Exhausted bytes read as zeros: those mean
//! "no" and "the first".

use arbitrary::{Result, Unstructured};

/// A number below `count`, which is small, all equally likely.
fn below(u: &mut Unstructured<'_>, count: u32) -> Result<u32> {
    let draw = u64::from(u.arbitrary::<u16>()?);
    Ok(((draw * u64::from(count)) >> 16) as u32)
}

/// True with probability `1 / n`.
pub(crate) fn one_in(u: &mut Unstructured<'_>, n: u32) -> Result<bool> {
    Ok(below(u, n)? == n - 1)
}

/// True with probability `percent / 100`.
pub(crate) fn percent(u: &mut Unstructured<'_>, percent: u32) -> Result<bool> {
    Ok(below(u, 100)? >= 100 - percent)
}

/// One of the choices, by weight.
pub(crate) fn weighted<T: Copy>(u: &mut Unstructured<'_>, choices: &[(u32, T)]) -> Result<T> {
    let total: u32 = choices.iter().map(|(weight, _)| weight).sum();
    let mut at = below(u, total)?;
    for (weight, choice) in choices {
        match at.checked_sub(*weight) {
            Some(rest) => at = rest,
            None => return Ok(*choice),
        }
    }
    Ok(choices[0].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exhausted_bytes_mean_no_and_the_first() {
        let mut u = Unstructured::new(&[]);
        assert_eq!(one_in(&mut u, 2), Ok(false));
        assert_eq!(percent(&mut u, 99), Ok(false));
        assert_eq!(weighted(&mut u, &[(1, 'a'), (9, 'b')]), Ok('a'));
    }

    #[test]
    fn a_weight_of_zero_is_never_chosen() {
        for draw in 0..=u16::MAX {
            let bytes = draw.to_le_bytes();
            let mut u = Unstructured::new(&bytes);
            assert_ne!(weighted(&mut u, &[(0, 'a'), (3, 'b'), (0, 'c'), (1, 'd')]), Ok('c'));
        }
    }

    #[test]
    fn chances_are_what_they_say() {
        let yes = |test: fn(&mut Unstructured<'_>) -> Result<bool>| {
            let draws = (0..=u16::MAX).map(u16::to_le_bytes);
            draws.filter(|bytes| test(&mut Unstructured::new(bytes)) == Ok(true)).count()
        };
        let close = |count: usize, share: f64| (count as f64 / 65536.0 - share).abs() < 0.001;
        assert!(close(yes(|u| percent(u, 15)), 0.15));
        assert!(close(yes(|u| percent(u, 85)), 0.85));
        assert!(close(yes(|u| one_in(u, 8)), 0.125));
    }
}
