//! What became of the inputs.

use std::fmt;

use gainsay_runtime::{ErrorKind, Stop};

use crate::peer::Comparison;

/// Differences and panics that are printed, each.
const SHOWN_MAX: usize = 50;

/// Counts of inputs by verdict, and of calls by outcome.
#[derive(Debug, Default)]
pub struct Tally {
    accepted: u64,
    malformed: u64,
    invalid: u64,
    limits: u64,
    /// Refused for a long zero, which wasmparser takes for a zero byte.
    long_zeros: u64,
    /// Refused for a tail call of a reference, which wasmparser takes without tail calls.
    tail_call_refs: u64,
    differ: usize,
    panicked: usize,
    instantiated: u64,
    not_instantiated: u64,
    returned: u64,
    trapped: u64,
    /// By an exception, for want of fuel or stack, waiting.
    stopped: u64,
}

impl Tally {
    pub fn judged(&mut self, comparison: Comparison) {
        match comparison {
            Comparison::BothAccept => self.accepted += 1,
            Comparison::BothRefuse(ErrorKind::Malformed) => self.malformed += 1,
            Comparison::BothRefuse(_) => self.invalid += 1,
            Comparison::Limit => self.limits += 1,
            Comparison::LongZero => self.long_zeros += 1,
            Comparison::TailCallRef => self.tail_call_refs += 1,
            Comparison::Differ(how) => {
                self.differ += 1;
                if self.differ <= SHOWN_MAX {
                    println!("differ: {how}");
                }
            }
        }
    }

    pub fn panicked(&mut self, input: &str) {
        self.panicked += 1;
        if self.panicked <= SHOWN_MAX {
            println!("panic: {input}");
        }
    }

    pub fn instantiated(&mut self, succeeded: bool) {
        match succeeded {
            true => self.instantiated += 1,
            false => self.not_instantiated += 1,
        }
    }

    pub fn called<T>(&mut self, outcome: &Result<T, Stop>) {
        match outcome {
            Ok(_) => self.returned += 1,
            Err(Stop::Trap(_)) => self.trapped += 1,
            Err(_) => self.stopped += 1,
        }
    }

    pub fn is_clean(&self) -> bool {
        self.differ == 0 && self.panicked == 0
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { accepted, malformed, invalid, limits, differ, panicked, .. } = self;
        let Tally { long_zeros, tail_call_refs, .. } = self;
        let Tally { instantiated, not_instantiated, returned, trapped, stopped, .. } = self;
        write!(
            f,
            "{accepted} accepted, {malformed} malformed, {invalid} invalid, {limits} limits, {long_zeros} long zeros, \
             {tail_call_refs} tail calls of references, \
             {differ} differ, {panicked} panicked; {instantiated} instantiated, \
             {not_instantiated} not; calls: {returned} returned, {trapped} trapped, {stopped} stopped"
        )
    }
}
