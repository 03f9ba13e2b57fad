//! How long a campaign runs, and how hard it tries to make its findings small.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// When a campaign ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Budget {
    /// After so many cases of the whole campaign; a shard runs its share of them.
    Cases(u64),
    /// After so long.
    Time(Duration),
}

impl Budget {
    /// How many cases there will be, if it says so, and how long that will take yet.
    /// `share` is the part of a whole campaign's cases that is run here, `done` how many
    /// are; `rate` is in cases per second.
    pub fn outlook(
        self,
        share: impl FnOnce(u64) -> u64,
        done: u64,
        rate: f64,
        elapsed: Duration,
    ) -> (Option<u64>, Option<Duration>) {
        match self {
            Budget::Cases(cases) => {
                let cases = share(cases);
                let left = cases.saturating_sub(done) as f64 / rate;
                (Some(cases), Duration::try_from_secs_f64(left).ok())
            }
            Budget::Time(time) => (None, Some(time.saturating_sub(elapsed))),
        }
    }
}

/// Bounds of a minimisation, in attempts so that they are the same on every machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShrinkBounds {
    /// Executions of a candidate case.
    pub attempts_max: u32,
}

impl Default for ShrinkBounds {
    fn default() -> ShrinkBounds {
        ShrinkBounds { attempts_max: 3_000 }
    }
}
