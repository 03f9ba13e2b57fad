//! What a campaign has seen so far.

use std::collections::BTreeMap;

use gainsay_lifecycle::worker::FromWorker;
use gainsay_lifecycle::{Failure, Tally};

/// Signatures that are told apart; the rest is counted together.
const SIGNATURES_MAX: usize = 500;

/// Sums over sequences.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    pub(super) cases: u64,
    pub(super) compared: u64,
    pub(super) failing: u64,
    pub(super) tally: Tally,
    pub(super) micros: BTreeMap<String, u64>,
    pub(super) incidents: BTreeMap<String, u64>,
    /// By signature.
    pub(super) found: BTreeMap<String, Found>,
}

/// What shares a signature.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) count: u64,
    /// The lowest number of a sequence that showed it, and what it showed.
    pub(super) index: u64,
    pub(super) failure: Failure,
    /// The last of what the worker wrote on its standard error, if it died.
    pub(super) stderr: String,
}

impl Ledger {
    /// Count a finished sequence.
    pub(super) fn case(&mut self, index: u64, compared: bool, failures: Vec<Failure>) {
        self.cases += 1;
        self.compared += u64::from(compared);
        self.failing += u64::from(!failures.is_empty());
        for failure in failures {
            self.found(index, failure, String::new());
        }
    }

    /// Count a failure.
    pub(super) fn found(&mut self, index: u64, failure: Failure, stderr: String) {
        let signature = failure.signature();
        if self.found.len() >= SIGNATURES_MAX && !self.found.contains_key(&signature) {
            self.incident("more signatures than are told apart");
            return;
        }
        let found = self.found.entry(signature).or_insert_with(|| Found {
            count: 0,
            index,
            failure: failure.clone(),
            stderr: stderr.clone(),
        });
        found.count += 1;
        if index < found.index {
            *found = Found { count: found.count, index, failure, stderr };
        }
    }

    /// Count the end of a batch.
    pub(super) fn done(&mut self, line: &FromWorker) {
        if let FromWorker::Done { tally, micros, .. } = line {
            self.tally.merge(tally);
            for (id, micros) in micros {
                *self.micros.entry(id.clone()).or_default() += micros;
            }
        }
    }

    /// Count what happened to a worker without becoming a finding.
    pub(super) fn incident(&mut self, kind: &str) {
        *self.incidents.entry(kind.to_owned()).or_default() += 1;
    }
}
