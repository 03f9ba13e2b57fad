//! What was run, as data.

use serde::{Deserialize, Serialize};

/// All that was run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// One each.
    pub models: Vec<Row>,
    /// Schedules executed, all together.
    pub executions: u64,
    /// From the first model's start to the last one's end, without building.
    pub seconds: f64,
    /// Whether every row passed, and there was one.
    pub passed: bool,
}

/// A model or a known-bad variant, and how it went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The model's name, or the defect's.
    pub name: String,
    /// The part of the host that was explored.
    pub component: String,
    /// The studied report.
    pub report: String,
    /// `loom` or `shuttle`.
    pub explorer: String,
    /// Threads, the first one included.
    pub threads: usize,
    /// loom: preemptions of one schedule, none for any number. shuttle: schedules drawn.
    pub bound: Option<u32>,
    /// Schedules executed.
    pub executions: u64,
    /// How long that took.
    pub seconds: f64,
    /// A model: it held. A variant: it was caught.
    pub passed: bool,
    /// What went wrong, of models; what the model said, of variants.
    pub message: Option<String>,
    /// Variants only: the model that must find the defect.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub model: Option<String>,
    /// Variants only: what is planted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub defect: Option<String>,
    /// Variants only: whether the model failed, and for that reason.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub caught: Option<bool>,
}

impl Table {
    /// The rows with their sums.
    pub fn new(models: Vec<Row>, seconds: f64) -> Table {
        let executions = models.iter().map(|row| row.executions).sum();
        let passed = !models.is_empty() && models.iter().all(|row| row.passed);
        Table { models, executions, seconds, passed }
    }
}
