//! Times as people write them: `60s`, `10m`, `1h30m`, `500ms`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::number;

/// A time given on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(pub Duration);

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Span, String> {
        parse(text.trim()).map(Span)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&exact(self.0))
    }
}

/// Read a time that is not 0.
///
/// # Errors
/// A message that shows how to write it.
pub fn positive(text: &str) -> Result<Span, String> {
    match text.parse()? {
        Span(Duration::ZERO) => Err("it must be longer than nothing".to_owned()),
        span => Ok(span),
    }
}

/// Units with their milliseconds, the largest first.
const UNITS: &[(&str, u64)] =
    &[("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// Read a time: one or more numbers with a unit each, or a bare number of seconds.
fn parse(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text:?} is not a time: write 60s, 10m, 1.5h, 1h30m or 500ms");
    if let Some(milliseconds) = number::scaled(text, 1_000) {
        return Ok(Duration::from_millis(milliseconds));
    }
    let mut rest = text;
    let mut milliseconds: u64 = 0;
    while !rest.is_empty() {
        let is_number = |char: char| char.is_ascii_digit() || char == '.';
        let digits = rest.find(|char| !is_number(char)).ok_or_else(wrong)?;
        let (digits, after) = rest.split_at(digits);
        let end = after.find(is_number).unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(wrong)?;
        let part = number::scaled(digits, *factor).ok_or_else(wrong)?;
        milliseconds = milliseconds.checked_add(part).ok_or_else(wrong)?;
        rest = after;
    }
    if text.is_empty() { Err(wrong()) } else { Ok(Duration::from_millis(milliseconds)) }
}

/// The units that a time has, each with how many there are.
fn parts(duration: Duration) -> Vec<String> {
    let mut rest = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let mut parts = Vec::new();
    for (name, factor) in UNITS {
        if rest >= *factor {
            parts.push(format!("{}{name}", rest / factor));
            rest %= factor;
        }
    }
    parts
}

/// Write a time as it is read: `1h30m`, `500ms`.
pub fn exact(duration: Duration) -> String {
    let parts = parts(duration);
    if parts.is_empty() { "0s".to_owned() } else { parts.concat() }
}

/// Write a time in the two largest units that it has, down to seconds: `1h 30m`, `12s`.
pub fn text(duration: Duration) -> String {
    let parts = parts(Duration::from_secs(duration.as_secs()));
    match parts.len() {
        0 => "0s".to_owned(),
        _ => parts[..parts.len().min(2)].join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_may_have_several_units_and_a_fraction() {
        assert_eq!(parse("60s"), Ok(Duration::from_secs(60)));
        assert_eq!(parse("1h30m"), Ok(Duration::from_secs(5_400)));
        assert_eq!(parse("90"), Ok(Duration::from_secs(90)));
        assert_eq!(parse("1.5m"), Ok(Duration::from_secs(90)));
        assert_eq!(parse("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse("0.25"), Ok(Duration::from_millis(250)));
        assert_eq!(parse("1s500ms"), Ok(Duration::from_millis(1_500)));
    }

    #[test]
    fn a_wrong_duration_is_refused_with_an_example() {
        for text in ["", "s", "5x", "1h30", "-3s", "5é", "1..5s", "99999999999999999999s"] {
            assert!(parse(text).unwrap_err().contains("write 60s"), "{text:?}");
        }
        assert!(positive("0s").is_err());
    }

    #[test]
    fn a_time_is_shown_in_its_two_largest_units_or_exactly() {
        assert_eq!(text(Duration::from_secs(5_405)), "1h 30m");
        assert_eq!(text(Duration::from_millis(900)), "0s");
        assert_eq!(text(Duration::from_secs(12)), "12s");
        assert_eq!(exact(Duration::from_millis(1_500)), "1s500ms");
        assert_eq!(Span(Duration::from_secs(10)).to_string(), "10s");
    }
}
