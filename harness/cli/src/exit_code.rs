//! The exit codes, in one place.

use gainsay_campaign::CampaignError;
use gainsay_findings::{ReplaySummary, Shortfall, Summary};

/// How the program ends, as a number for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitCode {
    /// Everything that was compared agrees.
    Agree = 0,
    /// The command line asked for something that cannot be had.
    Usage = 1,
    /// There are findings.
    Findings = 2,
    /// Nothing could be compared to the end.
    Inconclusive = 3,
    /// Nothing was run.
    NothingRun = 4,
    /// An engine asked for is not available.
    EngineMissing = 5,
    /// A fault of our own: the canary was not caught, results could not be kept.
    Fault = 70,
    /// Ctrl-C ended it before its end: what a shell reports for that, 128 and the signal's
    /// number. What was found is kept.
    Interrupted = 130,
}

impl ExitCode {
    /// The number.
    pub fn code(self) -> u8 {
        self as u8
    }
}

impl From<&CampaignError> for ExitCode {
    fn from(error: &CampaignError) -> ExitCode {
        match error {
            CampaignError::EngineMissing { .. } | CampaignError::Worker { .. } => {
                ExitCode::EngineMissing
            }
            CampaignError::NothingToKeep { .. }
            | CampaignError::NotInteresting { .. }
            | CampaignError::NotGenerated { .. } => ExitCode::NothingRun,
            CampaignError::EngineLost { .. } => ExitCode::Inconclusive,
            CampaignError::Interrupted => ExitCode::Interrupted,
            _ => ExitCode::Usage,
        }
    }
}

impl From<&Summary> for ExitCode {
    fn from(summary: &Summary) -> ExitCode {
        let canary_missed =
            summary.canary.wanted && summary.canary.finished && !summary.canary_caught;
        if summary.fault.is_some() || canary_missed {
            ExitCode::Fault
        } else if !summary.findings.is_empty() {
            ExitCode::Findings
        } else if summary.cases == 0 {
            ExitCode::NothingRun
        } else if summary.compared == 0 {
            ExitCode::Inconclusive
        } else {
            ExitCode::Agree
        }
    }
}

impl From<Option<Shortfall>> for ExitCode {
    /// A minimisation that was interrupted is told from one with an end.
    fn from(shortfall: Option<Shortfall>) -> ExitCode {
        match shortfall {
            Some(Shortfall::Interrupted) => ExitCode::Interrupted,
            _ => ExitCode::Agree,
        }
    }
}

impl From<&ReplaySummary> for ExitCode {
    fn from(summary: &ReplaySummary) -> ExitCode {
        if summary.failed + summary.wrong + summary.diverged > 0 {
            ExitCode::Findings
        } else if summary.interrupted {
            ExitCode::Interrupted
        } else if summary.agreed + summary.asserted > 0 {
            ExitCode::Agree
        } else if summary.inconclusive > 0 {
            ExitCode::Inconclusive
        } else {
            ExitCode::NothingRun
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gainsay_findings::{CanaryReport, DirectoryError};

    fn summary(cases: u64, compared: u64) -> Summary {
        Summary { cases, compared, ..Summary::default() }
    }

    #[test]
    fn an_empty_campaign_is_not_a_success() {
        assert_eq!(ExitCode::from(&summary(0, 0)), ExitCode::NothingRun);
        assert_eq!(ExitCode::from(&summary(9, 0)), ExitCode::Inconclusive);
        assert_eq!(ExitCode::from(&summary(9, 9)), ExitCode::Agree);
    }

    #[test]
    fn a_missed_canary_outranks_everything() {
        let canary = CanaryReport { wanted: true, finished: true, ..CanaryReport::default() };
        let mut broken = Summary { canary, ..summary(9, 9) };
        assert_eq!(ExitCode::from(&broken), ExitCode::Fault);
        broken.canary_caught = true;
        assert_eq!(ExitCode::from(&broken), ExitCode::Agree);
    }

    #[test]
    fn an_interrupted_canary_says_nothing() {
        let canary = CanaryReport { wanted: true, finished: false, ..CanaryReport::default() };
        assert_eq!(ExitCode::from(&Summary { canary, ..summary(9, 9) }), ExitCode::Agree);
    }

    #[test]
    fn a_missing_engine_is_distinguished_from_a_wrong_command_line() {
        let missing =
            CampaignError::EngineMissing { id: "a".to_owned(), reason: "unknown".to_owned() };
        assert_eq!(ExitCode::from(&missing), ExitCode::EngineMissing);
        let occupied = CampaignError::Directory(DirectoryError::Occupied("campaign".into()));
        assert_eq!(ExitCode::from(&occupied), ExitCode::Usage);
        let nothing =
            CampaignError::NothingToKeep { path: "a.wast".into(), engines: "a, b".to_owned() };
        assert_eq!(ExitCode::from(&nothing), ExitCode::NothingRun);
    }

    #[test]
    fn a_replay_in_which_nothing_ran_is_not_a_success() {
        let summary = ReplaySummary::default();
        assert_eq!(ExitCode::from(&summary), ExitCode::NothingRun);
        let files = vec![gainsay_findings::ReplayFile::default()];
        let summary = ReplaySummary { files, agreed: 1, ..ReplaySummary::default() };
        assert_eq!(ExitCode::from(&summary), ExitCode::Agree);
        let stopped = ReplaySummary { interrupted: true, ..summary.clone() };
        assert_eq!(ExitCode::from(&stopped), ExitCode::Interrupted);
        assert_eq!(ExitCode::from(&ReplaySummary { diverged: 1, ..summary }), ExitCode::Findings);
        let nothing_compared = ReplaySummary { inconclusive: 1, passed: 3, ..Default::default() };
        assert_eq!(ExitCode::from(&nothing_compared), ExitCode::Inconclusive);
    }

    #[test]
    fn results_that_could_not_be_kept_are_a_fault() {
        let lost = Summary { fault: Some("no space left".to_owned()), ..summary(9, 9) };
        assert_eq!(ExitCode::from(&lost), ExitCode::Fault);
    }
}
