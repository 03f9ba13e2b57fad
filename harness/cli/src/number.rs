//! Numbers as people write them: `100k`, `10_000`, `1.5m`, `0x10`.

/// Read a number.
///
/// # Errors
/// A message that shows how to write it, or says how large it may be.
pub fn any<T: TryFrom<u64>>(text: &str) -> Result<T, String> {
    let number = parse(text.trim())
        .ok_or_else(|| format!("{text:?} is not a number: write 10000, 10_000, 10k or 0x2710"))?;
    T::try_from(number).map_err(|_| format!("{text} is too large"))
}

/// Read a number that is not 0.
///
/// # Errors
/// As [`any`].
pub fn positive<T: TryFrom<u64>>(text: &str) -> Result<T, String> {
    match any::<u64>(text)? {
        0 => Err("it must be 1 or more".to_owned()),
        _ => any(text),
    }
}

const UNITS: &[(char, u64)] = &[('k', 1_000), ('m', 1_000_000), ('g', 1_000_000_000)];

fn parse(text: &str) -> Option<u64> {
    let digits: String = text.chars().filter(|char| *char != '_').collect();
    if let Some(hexadecimal) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        let is_plain = hexadecimal.chars().all(|char| char.is_ascii_hexdigit());
        return u64::from_str_radix(hexadecimal, 16).ok().filter(|_| is_plain);
    }
    let unit = digits.chars().last().map(|char| char.to_ascii_lowercase());
    let unit = UNITS.iter().find(|(name, _)| Some(*name) == unit);
    match unit {
        Some((_, factor)) => scaled(&digits[..digits.len() - 1], *factor),
        None => scaled(&digits, 1),
    }
}

/// A decimal number, such as `1.5`, times a factor; `None` unless that is a whole number.
pub fn scaled(text: &str, factor: u64) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_plain = |digits: &str| digits.chars().all(|char| char.is_ascii_digit());
    if whole.is_empty() || !is_plain(whole) || !is_plain(fraction) || text.ends_with('.') {
        return None;
    }
    let ten = 10u64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let units: u64 = format!("{whole}{fraction}").parse().ok()?;
    let product = u128::from(units) * u128::from(factor);
    let number = product / u128::from(ten);
    (product % u128::from(ten) == 0).then(|| u64::try_from(number).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_units_underscores_and_two_bases() {
        for (text, number) in [
            ("0", 0),
            ("10_000", 10_000),
            ("100k", 100_000),
            ("1.5m", 1_500_000),
            ("2G", 2_000_000_000),
            ("0x10", 16),
            (" 7 ", 7),
        ] {
            assert_eq!(any(text), Ok(number as u64), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_whole_number_is_refused_with_an_example() {
        for text in ["", "k", "1.5", "1.", "0x", "-1", "1e3", "1.0005k", "ten", "0x+1"] {
            let error = any::<u64>(text).unwrap_err();
            assert!(error.contains("write 10000"), "{text}: {error}");
        }
        assert!(any::<u16>("70000").unwrap_err().contains("too large"));
        assert_eq!(positive::<u16>("0x10"), Ok(16));
        assert!(positive::<u16>("0").is_err());
    }
}
