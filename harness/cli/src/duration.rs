//! Times as people write them: `60s`, `10m`, `1h30m`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A time given on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(pub Duration);

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Span, String> {
        parse(text).map(Span)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text(self.0).replace(' ', ""))
    }
}

const UNITS: &[(&str, u64)] = &[("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];

/// Read a time: one or more numbers with a unit each, or a bare number of seconds.
///
/// # Errors
/// A message that shows how to write it.
fn parse(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text:?} is not a time: write 60s, 10m, 2h, or 1h30m");
    if let Ok(seconds) = text.parse::<u64>() {
        return Ok(Duration::from_secs(seconds));
    }
    let mut rest = text;
    let mut seconds: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let number: u64 = rest[..digits].parse().map_err(|_| wrong())?;
        let length = rest[digits..].chars().next().map_or(0, char::len_utf8);
        let unit = &rest[digits..digits + length];
        let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(wrong)?;
        let part = number.checked_mul(*factor).ok_or_else(wrong)?;
        seconds = seconds.checked_add(part).ok_or_else(wrong)?;
        rest = &rest[digits + length..];
    }
    if text.is_empty() { Err(wrong()) } else { Ok(Duration::from_secs(seconds)) }
}

/// Write a time in the two largest units that it has: `1h 30m`, `12s`.
pub fn text(duration: Duration) -> String {
    let mut rest = duration.as_secs();
    let mut parts = Vec::new();
    for (name, factor) in UNITS {
        if rest >= *factor {
            parts.push(format!("{}{name}", rest / factor));
            rest %= factor;
        }
    }
    match parts.len() {
        0 => "0s".to_owned(),
        _ => parts[..parts.len().min(2)].join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_may_have_several_units() {
        assert_eq!(parse("60s"), Ok(Duration::from_secs(60)));
        assert_eq!(parse("1h30m"), Ok(Duration::from_secs(5_400)));
        assert_eq!(parse("90"), Ok(Duration::from_secs(90)));
    }

    #[test]
    fn a_wrong_duration_is_refused_with_an_example() {
        for text in ["", "s", "5x", "1h30", "-3s", "5é", "99999999999999999999s"] {
            assert!(parse(text).unwrap_err().contains("write 60s"), "{text:?}");
        }
    }

    #[test]
    fn a_time_is_shown_in_its_two_largest_units() {
        assert_eq!(text(Duration::from_secs(5_405)), "1h 30m");
        assert_eq!(text(Duration::from_millis(900)), "0s");
        assert_eq!(text(Duration::from_secs(12)), "12s");
    }
}
