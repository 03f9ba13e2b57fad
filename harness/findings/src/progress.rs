//! What can be said while a campaign runs.

use std::time::Duration;

/// A snapshot, given about once a second.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// Cases judged so far, including those before a resume.
    pub cases: u64,
    /// Cases to judge, if that is what bounds the campaign.
    pub cases_max: Option<u64>,
    /// Cases per second since this run began.
    pub cases_per_second: f64,
    /// Share of the cases that were really compared, from 0 to 1.
    pub useful_rate: f64,
    /// Signatures seen so far, before minimisation.
    pub findings: u64,
    /// Cases kept to show them, which are to be minimised.
    pub witnesses: u64,
    /// Those that were minimised.
    pub witnesses_minimised: u64,
    /// Time since this run began.
    pub elapsed: Duration,
    /// Expected time to the end, once there is something to go by.
    pub eta: Option<Duration>,
    /// What is being done.
    pub phase: Phase,
}

/// The parts of a campaign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Cases are run and judged.
    #[default]
    Hunting,
    /// The remaining witnesses are minimised.
    Minimising,
}
