//! Faults of processes.

use std::collections::{BTreeMap, BTreeSet};

use super::Fault;
use crate::op::Op;
use crate::op_outcome::{OpOutcome, ProcessEnd};
use crate::word::{Deed, ProcessId};

/// What a backend whose processes are faulty remembers of them.
#[derive(Default)]
pub(super) struct Processes {
    /// What the threads of each do: the main one, and those that are planned.
    deeds: BTreeMap<ProcessId, Vec<Deed>>,
    joined: BTreeSet<ProcessId>,
    killed_after_that: BTreeSet<ProcessId>,
    /// Environments that were kept.
    pub(super) kept: u64,
}

impl Processes {
    /// The operation as the inner backend is told of it.
    pub(super) fn instead(&self, fault: Fault, op: &Op) -> Option<Op> {
        match *op {
            Op::Plan { process, parent, style, deed: Deed::Trap(_) } => {
                let deed = match fault {
                    Fault::IgnoresTrapsOfChildren => Deed::Return,
                    Fault::Hangs => Deed::Read,
                    _ => return None,
                };
                Some(Op::Plan { process, parent, style, deed })
            }
            _ => None,
        }
    }

    /// The outcome as it is told.
    pub(super) fn told(&mut self, fault: Fault, op: &Op, outcome: OpOutcome) -> OpOutcome {
        match *op {
            Op::ProcessNew { process, deed, .. } => {
                self.deeds.insert(process, vec![deed]);
                self.joined.remove(&process);
                self.killed_after_that.remove(&process);
            }
            Op::Plan { process, deed, .. } => self.deeds.entry(process).or_default().push(deed),
            Op::Start { process, .. } if outcome == OpOutcome::DONE => {
                let threads = self.deeds.get(&process).map_or(1, Vec::len);
                if fault == Fault::KeepsEnvironments {
                    self.kept += threads.saturating_sub(1) as u64;
                }
            }
            Op::Kill { process } if self.joined.contains(&process) => {
                self.killed_after_that.insert(process);
            }
            Op::CountProcess { .. } => {
                if let OpOutcome::Ok(counts) = &outcome
                    && let [threads, environments] = counts[..]
                {
                    return OpOutcome::Ok(vec![threads, environments + self.kept as i64]);
                }
            }
            Op::JoinProcess { process } => {
                self.joined.insert(process);
                return self.joined_as(fault, process, outcome);
            }
            _ => {}
        }
        outcome
    }

    fn joined_as(&self, fault: Fault, process: ProcessId, outcome: OpOutcome) -> OpOutcome {
        match outcome {
            OpOutcome::Exit(status) if fault == Fault::TakesAnotherStatus => {
                let deeds = self.deeds.get(&process).into_iter().flatten();
                let mut statuses = deeds.filter_map(|deed| match deed {
                    Deed::Exit(other) => Some(u32::from(*other)),
                    _ => None,
                });
                // A thread that returns has the status 0.
                OpOutcome::Exit(statuses.find(|other| *other != status).unwrap_or(0))
            }
            _ if fault == Fault::LastReasonCounts && self.killed_after_that.contains(&process) => {
                OpOutcome::Ended(ProcessEnd::Killed)
            }
            outcome => outcome,
        }
    }
}
