//! Which proposals were really executed, and on how many engines.
//!
//! A module *uses* a proposal if it has an instruction or a declaration of it. A
//! case *executes* one on an engine if there some step came to its own end, by
//! returning or by an exception, whose function, or a function that it calls
//! directly or through others, contains such an instruction or accesses a memory of
//! that kind. This is cheap, needs no engine's help, and errs in both directions
//! only within one call: a branch may pass the instruction by.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use gainsay_case::{Capabilities, EngineInfo, Outcome, Proposal, StepFailure, StepResult};
use serde::{Deserialize, Serialize};

/// Sums over cases, by proposal. Merging is commutative and associative.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachTally(pub BTreeMap<Proposal, ProposalReach>);

/// How far one proposal was reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalReach {
    /// Modules that use it.
    pub modules: u64,
    /// Cases that executed it on some engine.
    pub executed: u64,
    /// Cases that executed it on at least two implementations.
    pub executed_twice: u64,
    /// Cases that executed it, by the id of the engine.
    pub engines: BTreeMap<String, u64>,
}

impl ReachTally {
    /// Add a case and what engines made of it: `modules` are the proposals that each
    /// module uses, `steps` those that each step may execute.
    pub fn record<'r>(
        &mut self,
        modules: &[Capabilities],
        steps: &[Capabilities],
        runs: impl IntoIterator<Item = (&'r EngineInfo, &'r Outcome)>,
    ) {
        for used in modules {
            self.record_module(used);
        }
        let mut implementations: BTreeMap<Proposal, BTreeSet<&str>> = BTreeMap::new();
        for (engine, outcome) in runs {
            for proposal in executed(steps, outcome) {
                let on_engine = &mut self.0.entry(proposal).or_default().engines;
                *on_engine.entry(engine.id.clone()).or_default() += 1;
                implementations.entry(proposal).or_default().insert(&engine.implementation);
            }
        }
        for (proposal, implementations) in implementations {
            let proposal = self.0.entry(proposal).or_default();
            proposal.executed += 1;
            proposal.executed_twice += u64::from(implementations.len() >= 2);
        }
    }

    /// Add a module that is only looked at.
    pub fn record_module(&mut self, used: &Capabilities) {
        for proposal in used {
            self.0.entry(*proposal).or_default().modules += 1;
        }
    }

    /// Add other sums to these.
    pub fn merge(&mut self, other: &ReachTally) {
        for (proposal, more) in &other.0 {
            let sums = self.0.entry(*proposal).or_default();
            sums.modules += more.modules;
            sums.executed += more.executed;
            sums.executed_twice += more.executed_twice;
            for (engine, count) in &more.engines {
                *sums.engines.entry(engine.clone()).or_default() += count;
            }
        }
    }
}

/// What a case executed on the engine that made this of it.
fn executed(steps: &[Capabilities], outcome: &Outcome) -> Capabilities {
    let came_to_an_end = |result: &StepResult| {
        matches!(result, StepResult::Returned(_) | StepResult::Failed(StepFailure::Uncaught(_)))
    };
    std::iter::zip(steps, &outcome.steps)
        .filter(|(_, step)| came_to_an_end(&step.result))
        .flat_map(|(proposals, _)| proposals.iter().copied())
        .collect()
}

/// One line per proposal.
impl fmt::Display for ReachTally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:38} {:>9} {:>9} {:>9} engines", "proposal", "modules", "executed", "twice")?;
        for proposal in Proposal::ALL {
            let reach = self.0.get(proposal).cloned().unwrap_or_default();
            let ProposalReach { modules, executed, executed_twice, engines } = reach;
            let (name, engines) = (proposal.name(), engines.len());
            writeln!(f, "{name:38} {modules:>9} {executed:>9} {executed_twice:>9} {engines}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gainsay_case::{StepOutcome, TrapKind};

    fn engine(id: &str, implementation: &str) -> EngineInfo {
        EngineInfo {
            id: id.to_owned(),
            implementation: implementation.to_owned(),
            version: "1".to_owned(),
            capabilities: Capabilities::new(),
        }
    }

    fn outcome(result: StepResult) -> Outcome {
        let steps = vec![StepOutcome { result, trace: Vec::new() }];
        Outcome { steps, ..Outcome::default() }
    }

    fn simd() -> [Capabilities; 1] {
        [Capabilities::from([Proposal::Simd])]
    }

    #[test]
    fn two_configurations_of_one_implementation_are_not_two_implementations() {
        let [one, two, other] = [engine("a1", "a"), engine("a2", "a"), engine("b", "b")];
        let returned = outcome(StepResult::Returned(Vec::new()));
        let mut tally = ReachTally::default();
        tally.record(&simd(), &simd(), [(&one, &returned), (&two, &returned)]);
        assert_eq!(tally.0[&Proposal::Simd].executed_twice, 0);
        tally.record(&simd(), &simd(), [(&one, &returned), (&other, &returned)]);
        let simd = &tally.0[&Proposal::Simd];
        assert_eq!((simd.modules, simd.executed, simd.executed_twice), (2, 2, 1));
        assert_eq!(simd.engines["a1"], 2);
    }

    #[test]
    fn a_trap_does_not_show_that_anything_was_executed_and_an_exception_does() {
        let engine = engine("a", "a");
        let trap = outcome(StepResult::Failed(StepFailure::Trapped(TrapKind::Unreachable)));
        let thrown = outcome(StepResult::Failed(StepFailure::Uncaught(None)));
        let mut tally = ReachTally::default();
        tally.record(&simd(), &simd(), [(&engine, &trap)]);
        assert_eq!(tally.0[&Proposal::Simd].executed, 0);
        tally.record(&simd(), &simd(), [(&engine, &thrown)]);
        assert_eq!(tally.0[&Proposal::Simd].executed, 1);
    }

    #[test]
    fn sums_do_not_depend_on_order_and_are_shown_for_every_proposal() {
        let engine = engine("a", "a");
        let returned = outcome(StepResult::Returned(Vec::new()));
        let (mut one, mut two) = (ReachTally::default(), ReachTally::default());
        one.record(&simd(), &simd(), [(&engine, &returned)]);
        two.record_module(&Capabilities::from([Proposal::Gc]));
        let (mut forth, mut back) = (one.clone(), two.clone());
        forth.merge(&two);
        back.merge(&one);
        assert_eq!(forth, back);
        assert_eq!(forth.to_string().lines().count(), 1 + Proposal::ALL.len());
    }
}
