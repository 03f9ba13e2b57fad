//! Clauses of the contract that an engine is known to break.

use std::fs;
use std::path::Path;

use crate::cli_error::CliError;

/// A clause that an engine breaks, and why that is not the worker's mistake.
#[derive(Debug, PartialEq, Eq)]
pub struct KnownFailure {
    /// The engine's id.
    pub engine: String,
    /// The clause: `traps::integer_overflow_is_a_trap`.
    pub clause: String,
    /// For people.
    pub reason: String,
}

/// The list in a file: on each line an id, a clause and a reason; `#` begins a comment.
///
/// # Errors
/// The file cannot be read, or a line of it has no reason.
pub fn read(path: &Path) -> Result<Vec<KnownFailure>, CliError> {
    let text = fs::read_to_string(path).map_err(|error| CliError::path("read", path, &error))?;
    parse(&text).map_err(|line| {
        let place = format!("{}:{line}", path.display());
        CliError::usage(format!("{place}: write an engine's id, a clause and a reason"))
    })
}

/// The error is the number of a line without all three.
fn parse(text: &str) -> Result<Vec<KnownFailure>, usize> {
    let mut known = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (engine, rest) = line.split_once(' ').ok_or(at + 1)?;
        let (clause, reason) = rest.trim().split_once(' ').ok_or(at + 1)?;
        let owned = |text: &str| text.trim().to_owned();
        known.push(KnownFailure {
            engine: owned(engine),
            clause: owned(clause),
            reason: owned(reason),
        });
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_has_an_engine_a_clause_and_a_reason() {
        let known = parse("# why\n\nv8 limits::fuel there is none\n").expect("one line");
        let expected = KnownFailure {
            engine: "v8".to_owned(),
            clause: "limits::fuel".to_owned(),
            reason: "there is none".to_owned(),
        };
        assert_eq!(known, [expected]);
        assert_eq!(parse("v8 limits::fuel"), Err(1));
        assert_eq!(parse("\nv8"), Err(2));
    }
}
