//! What was measured.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What was measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BenchReport {
    /// One per measure.
    pub measures: Vec<Measure>,
}

/// One ratio.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// What was measured.
    pub name: String,
    /// The median of the runs' ratios.
    pub ratio: f64,
    /// What it is a ratio to.
    pub against: String,
    /// How many runs.
    pub runs: u64,
    /// The lowest ratio.
    pub min: f64,
    /// The highest ratio.
    pub max: f64,
    /// The highest ratio that is good enough, if there is such a limit.
    pub limit: Option<f64>,
    /// Figures beside the ratio, by name with unit: `module_bytes_mean`.
    pub details: BTreeMap<String, f64>,
}

impl Measure {
    /// Whether the ratio is within its limit, if it has one.
    pub fn holds(&self) -> bool {
        self.limit.is_none_or(|limit| self.ratio <= limit)
    }
}

/// The measure that these ratios make.
pub(crate) fn ratio(name: &str, against: &str, mut ratios: Vec<f64>) -> Measure {
    ratios.sort_by(f64::total_cmp);
    Measure {
        name: name.to_owned(),
        against: against.to_owned(),
        ratio: ratios.get(ratios.len() / 2).copied().unwrap_or_default(),
        runs: ratios.len() as u64,
        min: ratios.first().copied().unwrap_or_default(),
        max: ratios.last().copied().unwrap_or_default(),
        limit: None,
        details: BTreeMap::new(),
    }
}
