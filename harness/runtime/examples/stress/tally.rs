//! What became of the inputs.

use std::collections::HashSet;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

use gainsay_runtime::{ErrorKind, ModuleError, Stop};

use crate::peer::Comparison;
use crate::reach::{PROPOSALS, Reach, Set};

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
    /// Hashes of the modules that were instantiated.
    distinct: HashSet<u64>,
    /// Instantiations that ran a start function.
    started: u64,
    /// Providers of imports that were refused, which is a mistake of this program.
    refused_providers: u64,
    returned: u64,
    trapped: u64,
    threw: u64,
    /// For want of fuel, stack or heap, or waiting.
    stopped: u64,
    /// Arguments, or what the host returned, were not of the type that was wanted.
    mismatched: u64,
    by_proposal: [Reached; PROPOSALS.len()],
}

/// How often something of a proposal was there.
#[derive(Clone, Copy, Debug, Default)]
struct Reached {
    /// In a module that was instantiated.
    instantiated: u64,
    /// In the body of a function that was called from outside.
    called: u64,
    /// The same, and the call returned.
    returned: u64,
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

    /// Count a panic and keep its input, of which bytes say little on a terminal.
    pub fn panicked(&mut self, what: &str, input: &[u8]) {
        self.panicked += 1;
        if self.panicked <= SHOWN_MAX {
            let path = keep(input);
            println!("panic: {what}: the module is {}", path.display());
        }
    }

    pub fn instantiated(&mut self, binary: &[u8], reach: &Reach) {
        self.instantiated += 1;
        self.started += u64::from(reach.has_start);
        let mut hasher = DefaultHasher::new();
        binary.hash(&mut hasher);
        self.distinct.insert(hasher.finish());
        for reached in members(&mut self.by_proposal, reach.module) {
            reached.instantiated += 1;
        }
    }

    pub fn not_instantiated(&mut self) {
        self.not_instantiated += 1;
    }

    pub fn refused_provider(&mut self, error: &ModuleError) {
        self.refused_providers += 1;
        if self.refused_providers <= SHOWN_MAX as u64 {
            println!("a provider is refused: {error}");
        }
    }

    /// Count a call of a function with a body that uses these proposals.
    pub fn called<T>(&mut self, used: Set, outcome: &Result<T, Stop>) {
        match outcome {
            Ok(_) => self.returned += 1,
            Err(Stop::Trap(_)) => self.trapped += 1,
            Err(Stop::Exception(_)) => self.threw += 1,
            Err(Stop::Mismatch(_)) => {
                self.mismatched += 1;
                return;
            }
            Err(_) => self.stopped += 1,
        }
        for reached in members(&mut self.by_proposal, used) {
            reached.called += 1;
            reached.returned += u64::from(outcome.is_ok());
        }
    }

    /// Inputs that the executor was given: calls, and start functions.
    pub fn executed(&self) -> u64 {
        self.returned + self.trapped + self.threw + self.stopped + self.started
    }

    /// A line for each proposal.
    pub fn proposals(&self) -> String {
        let mut lines = String::new();
        for (name, Reached { instantiated, called, returned }) in
            PROPOSALS.iter().zip(&self.by_proposal)
        {
            lines += &format!(
                "  {name}: in {instantiated} instantiated modules, {called} calls, {returned} returned\n"
            );
        }
        lines
    }

    pub fn is_clean(&self) -> bool {
        self.differ == 0 && self.panicked == 0 && self.refused_providers == 0
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { accepted, malformed, invalid, limits, differ, panicked, .. } = self;
        let Tally { long_zeros, tail_call_refs, .. } = self;
        if accepted + malformed + invalid + limits > 0 {
            write!(
                f,
                "{accepted} accepted, {malformed} malformed, {invalid} invalid, {limits} limits, \
                 {long_zeros} long zeros, {tail_call_refs} tail calls of references, {differ} differ, "
            )?;
        }
        let Tally { instantiated, not_instantiated, started, returned, .. } = self;
        let Tally { trapped, threw, stopped, mismatched, .. } = self;
        write!(
            f,
            "{panicked} panicked; {instantiated} instantiated, {} of them distinct, \
             {not_instantiated} not; {} executed: {started} start functions; \
             calls: {returned} returned, {trapped} trapped, {threw} threw, {stopped} stopped; \
             {mismatched} mismatched",
            self.distinct.len(),
            self.executed(),
        )
    }
}

/// The counts of the proposals in a set.
fn members(all: &mut [Reached], set: Set) -> impl Iterator<Item = &mut Reached> {
    all.iter_mut()
        .enumerate()
        .filter(move |(bit, _)| set >> bit & 1 != 0)
        .map(|(_, reached)| reached)
}

/// Write an input to a file of its own; a path that does not exist if that fails.
fn keep(input: &[u8]) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    let path = std::env::temp_dir().join(format!("stress-{:016x}.wasm", hasher.finish()));
    match std::fs::write(&path, input) {
        Ok(()) => path,
        Err(_) => PathBuf::new(),
    }
}
