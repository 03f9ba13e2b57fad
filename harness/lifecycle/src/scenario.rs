//! The text form of a sequence: what WAST cannot say.

use std::fmt;

use crate::op::Op;

/// The version of the text form; the first line says it.
pub const FORMAT: u32 = 1;

/// Scenarios are no longer than this.
pub(crate) const LENGTH_MAX: usize = 1_000;

/// A sequence of operations.
///
/// ```text
/// scenario 1
/// ; everything after a semicolon is a comment
/// engine e0 pool=1
/// compile m0 e0 asker uncached
/// store s0 e0
/// instantiate i0 s0 m0 raw
/// begin k0 i0 7
/// abandon k0
/// into-data s0
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scenario {
    /// In the order in which they are carried out.
    pub ops: Vec<Op>,
}

/// Why a text is not a scenario.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ScenarioError {
    /// From 1.
    pub line: usize,
    /// What was expected there, and what was found.
    pub message: String,
}

impl Scenario {
    /// Read the text form.
    ///
    /// # Errors
    /// [`ScenarioError`], for the first line that is wrong.
    pub fn parse(text: &str) -> Result<Scenario, ScenarioError> {
        let mut lines = text.lines().enumerate().map(|(at, line)| {
            let code = line.split(';').next().unwrap_or_default().trim();
            (at + 1, code)
        });
        let fails = |line: usize, message: String| Err(ScenarioError { line, message });
        let expected = format!("expected \"scenario {FORMAT}\"");
        let Some((at, first)) = lines.by_ref().find(|(_, code)| !code.is_empty()) else {
            return fails(1, format!("{expected}, found nothing"));
        };
        match first.strip_prefix("scenario ").map(|version| version.trim().parse()) {
            Some(Ok(FORMAT)) => {}
            Some(Ok(other)) => {
                return fails(at, format!("{expected}, found the text form of version {other}"));
            }
            _ => return fails(at, format!("{expected}, found {first:?}")),
        }
        let mut ops = Vec::new();
        for (line, code) in lines.filter(|(_, code)| !code.is_empty()) {
            if ops.len() == LENGTH_MAX {
                return fails(
                    line,
                    format!("expected at most {LENGTH_MAX} operations, found more"),
                );
            }
            match Op::parse(code) {
                Ok(op) => ops.push(op),
                Err(error) => return fails(line, error.to_string()),
            }
        }
        Ok(Scenario { ops })
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "scenario {FORMAT}")?;
        self.ops.iter().try_for_each(|op| writeln!(f, "{op}"))
    }
}
