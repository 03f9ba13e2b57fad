//! What a campaign came to.

use std::collections::BTreeMap;
use std::path::PathBuf;

use gainsay_case::CaseKind;
use serde::{Deserialize, Serialize};

use crate::budget::Budget;
use crate::finding::{Finding, KnownFinding};
use crate::reach_tally::ReachTally;

/// Version of everything that a campaign writes into its directory.
pub const FORMAT: u32 = 2;

/// The end of a campaign, or of a part of it; also `summary.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// [`FORMAT`].
    pub format: u32,
    /// What the cases are made of.
    #[serde(default)]
    pub kind: CaseKind,
    /// The seed.
    pub seed: u64,
    /// `1/1`, or several for merged campaigns; of several seeds `seed/shard`, as `3/1/1`.
    pub shards: Vec<String>,
    /// When it ends, or was to end.
    #[serde(default)]
    pub budget: Option<Budget>,
    /// Cases judged.
    pub cases: u64,
    /// Those of them that the campaign's directory keeps; the others were generated.
    #[serde(default)]
    pub stored: u64,
    /// Cases in which at least one call was compared between two implementations.
    pub compared: u64,
    /// Cases per verdict and reason.
    pub verdicts: Verdicts,
    /// The engines compared.
    pub engines: Vec<EngineRun>,
    /// What was found, by signature, known bugs left out.
    pub findings: Vec<Finding>,
    /// Known bugs of these versions of the engines that were met.
    #[serde(default)]
    pub known: Vec<KnownFinding>,
    /// Whether the planted wrong engine was caught, deduplicated and minimised.
    pub canary_caught: bool,
    /// How that went.
    pub canary: CanaryReport,
    /// Wall time, summed over interruptions and merged parts.
    pub seconds: f64,
    /// Order-independent digest of all outcomes, 16 hexadecimal digits.
    pub digest: String,
    /// Calls compared between at least two implementations.
    pub calls: Calls,
    /// `compared` over `cases`, from 0 to 1.
    pub useful_rate: f64,
    /// Mean size of a generated module in bytes.
    pub module_bytes_mean: f64,
    /// Cases that were generated and not judged, by reason.
    pub discarded: BTreeMap<String, u64>,
    /// Cases that have a proposal or another feature in them, by its name: proof
    /// that it really ran.
    #[serde(default)]
    pub reach: BTreeMap<String, u64>,
    /// How far each proposal was reached: modules that use it, cases that executed
    /// it, and on which engines.
    #[serde(default)]
    pub proposals: ReachTally,
    /// What happened to workers without becoming a finding, by kind.
    pub incidents: BTreeMap<String, u64>,
    /// Whether the campaign was stopped before its budget was used up.
    pub interrupted: bool,
    /// Why the campaign's results could not be kept, if so. The findings above
    /// are then complete all the same: print their texts.
    pub fault: Option<String>,
    /// The campaign's directory.
    pub out: PathBuf,
}

impl Summary {
    /// The summary for someone who stands where [`Summary::out`] leads to the campaign.
    #[must_use]
    pub fn from_here(mut self) -> Summary {
        for finding in &mut self.findings {
            finding.replay = finding.replay_from(&self.out);
        }
        self
    }
}

/// Cases per verdict and reason. A case counts once under `agree` or `diverge`,
/// and once under every reason for which something in it was not compared bit by bit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdicts {
    /// All that was compared was equal, calls among it.
    pub agree: u64,
    /// The same of cases in which no call was compared between two implementations.
    #[serde(default)]
    pub no_call_compared: u64,
    /// Something differed that may not.
    pub diverge: u64,
    /// A difference that the specification allows.
    pub allowed: BTreeMap<String, u64>,
    /// Something could not be compared.
    pub inconclusive: BTreeMap<String, u64>,
}

/// What one engine did in a campaign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EngineRun {
    /// Implementation and configuration.
    pub id: String,
    /// Version of the implementation.
    pub version: String,
    /// Cases run on it.
    pub cases: u64,
    /// Time spent in it.
    pub seconds: f64,
}

/// Calls that were compared, and how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calls {
    /// Calls whose outcome was compared between two implementations.
    pub compared: u64,
    /// Those of them that returned rather than trapped.
    pub returned: u64,
}

/// How the planted wrong engine fared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CanaryReport {
    /// Whether it was wanted.
    pub wanted: bool,
    /// Whether the search for it came to its end; an interrupted one says nothing.
    pub finished: bool,
    /// Whether it was caught.
    pub caught: bool,
    /// Cases that it took until it was caught twice with one signature.
    pub cases: u64,
    /// Cases that could not be run, because somebody killed their worker again and again.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lost: u64,
    /// The signature.
    pub signature: String,
    /// Lines of the minimised case that are not comments.
    pub lines: u64,
    /// The minimised case.
    pub text: String,
    /// Why it was not caught, if so.
    pub reason: String,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}
