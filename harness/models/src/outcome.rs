//! What a model's process says at its end, on a line of its own.

use serde::{Deserialize, Serialize};

/// What such a line begins with; the rest is an [`Outcome`] as JSON.
pub const OUTCOME_PREFIX: &str = "model-outcome ";

/// How a model ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Schedules that were executed, the failing one included.
    pub executions: u64,
    /// How long that took.
    pub seconds: f64,
    /// Why it failed, if it did.
    pub failure: Option<String>,
}

impl Outcome {
    /// The line that says so.
    pub fn line(&self) -> String {
        let json = serde_json::to_string(self).unwrap_or_else(|error| error.to_string());
        format!("{OUTCOME_PREFIX}{json}")
    }

    /// What the first such line of an output says. A test's name may stand before it.
    pub fn find(output: &str) -> Option<Outcome> {
        let json = output.lines().find_map(|line| line.split_once(OUTCOME_PREFIX))?.1;
        serde_json::from_str(json).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_is_found_among_other_lines() {
        let failure = Some("it said \"no\"\nand more".to_owned());
        let outcome = Outcome { executions: 7, seconds: 0.5, failure };
        let output = format!("running 1 test\ntest x ... {}\nfailed\n", outcome.line());
        assert_eq!(Outcome::find(&output), Some(outcome));
        assert_eq!(Outcome::find("running 1 test\n"), None);
    }
}
