//! The target `differential`: any bytes, made a case, on independent implementations in
//! this process.

use gainsay_case::Case;
use gainsay_findings::ReachTally;
use gainsay_generate::{Generated, case_from, reach_of};
use gainsay_oracle::Verdict;

use crate::envelope::Envelope;
use crate::floor::{Floor, Shortfall};
use crate::group::{COUNT, Groups};
use crate::input::Input;
use crate::judging::{EngineRuns, judged, small};
use crate::known_bugs::KnownBugs;
use crate::ledger::Ledger;
use crate::mutate;
use crate::target::{Finding, Taken, Target};

/// Mean size of the modules, in bytes, below which a campaign is hollow.
const MODULE_BYTES_MEAN_MIN: u64 = 300;

/// The target's state.
pub struct Differential {
    groups: Groups,
    known: KnownBugs,
    reach: ReachTally,
    ledger: Ledger,
}

impl Target for Differential {
    const NAME: &'static str = "differential";

    fn open() -> Differential {
        Differential::over(Groups::open())
    }

    fn take(&mut self, bytes: &[u8]) -> Result<Taken, Finding> {
        self.ledger.count("inputs");
        match case_of(&self.groups, bytes) {
            Ok((group, generated)) => self.case(group, &generated),
            Err(reason) => {
                self.ledger.count(&format!("rejected {reason}"));
                Ok(Taken::Rejected)
            }
        }
    }

    fn mutate(input: &[u8], size_max: usize, seed: u32) -> Option<Vec<u8>> {
        mutate::case(input, size_max, seed)
    }

    /// The group, the size, and what is executed on two implementations.
    fn meaning(&mut self, bytes: &[u8]) -> String {
        let (group, Generated { case, reach }) = match case_of(&self.groups, bytes) {
            Ok(generated) => generated,
            Err(reason) => return reason,
        };
        let ran = match EngineRuns::of(&case, self.groups.engines(group)) {
            Ok(ran) => ran,
            Err(reason) => return reason.to_owned(),
        };
        let mut tally = ReachTally::default();
        tally.record(&reach.modules, &reach.steps, ran.outcomes());
        let on_two = tally.0.iter().filter(|(_, reach)| reach.executed_twice > 0);
        let on_two: Vec<&str> = on_two.map(|(proposal, _)| proposal.name()).collect();
        let (group, steps, bytes) = (group % COUNT, case.steps.len(), reach.module_bytes);
        format!("group {group}, {steps} steps, {bytes} bytes: {}", on_two.join(" "))
    }

    fn ledger(&self) -> Ledger {
        let mut ledger = self.ledger.clone();
        for (proposal, reach) in &self.reach.0 {
            ledger.add(&format!("modules with {proposal}"), reach.modules);
            ledger.add(&format!("executed {proposal}"), reach.executed);
            ledger.add(&format!("executed on two {proposal}"), reach.executed_twice);
        }
        ledger
    }

    /// Every proposal that two implementations have was executed on two; modules have a
    /// size; few inputs stand for nothing.
    fn shortfalls(&self) -> Vec<Shortfall> {
        let ledger = self.ledger();
        let mut floor = Floor::of(&ledger).rejected_one_in(10);
        for proposal in self.groups.reachable() {
            floor = floor.reached(&format!("executed on two {proposal}"));
        }
        let modules = self.ledger.get("modules").max(1);
        let mean = self.ledger.get("bytes of modules") / modules;
        floor.at_least("bytes of a mean module", mean, MODULE_BYTES_MEAN_MIN).shortfalls()
    }
}

/// The case that an input stands for, the group that it is for, and what it has in it.
///
/// # Errors
/// Why it stands for none.
pub(crate) fn case_of(groups: &Groups, bytes: &[u8]) -> Result<(u8, Generated), String> {
    match Input::of(bytes) {
        Ok(Input::Decisions { group, decisions }) => {
            Ok((group, case_from(groups.common(group), decisions)))
        }
        Ok(Input::Case(Envelope { group, case })) => {
            let reach = reach_of(&case);
            Ok((group, Generated { case, reach }))
        }
        Err(error) => Err(error.to_string()),
    }
}

impl Differential {
    /// The target over engines of the caller's.
    pub fn over(groups: Groups) -> Differential {
        let known = KnownBugs::open(&groups);
        Differential { groups, known, reach: ReachTally::default(), ledger: Ledger::default() }
    }

    fn case(&mut self, group: u8, generated: &Generated) -> Result<Taken, Finding> {
        let Generated { case, reach } = generated;
        self.ledger.add("modules", reach.modules.len() as u64);
        self.ledger.add("bytes of modules", reach.module_bytes as u64);
        let ran = match EngineRuns::of(case, self.groups.engines(group)) {
            Ok(ran) => ran,
            Err(reason) => {
                self.ledger.count(&format!("rejected {reason}"));
                return Ok(Taken::Rejected);
            }
        };
        for bug in &ran.avoided {
            self.ledger.count(&format!("known bug avoided {bug}"));
        }
        self.reach.record(&reach.modules, &reach.steps, ran.outcomes());
        judge(&mut self.ledger, &self.known, case, &ran)
    }
}

fn judge(
    ledger: &mut Ledger,
    known: &KnownBugs,
    case: &Case,
    ran: &EngineRuns<'_>,
) -> Result<Taken, Finding> {
    let judgement = judged(case, ran);
    ledger.add("calls compared", judgement.calls_compared);
    ledger.add("calls returned", judgement.calls_returned);
    for (reason, count) in &judgement.allowed {
        ledger.add(&format!("allowed {reason}"), *count);
    }
    match &judgement.verdict {
        Verdict::Agree => ledger.count("verdict agree"),
        Verdict::Allowed(_) => ledger.count("verdict allowed"),
        Verdict::Inconclusive(reason) => ledger.count(&format!("verdict inconclusive {reason}")),
        Verdict::Diverge(divergence) => {
            let small = small(case, &ran.engines, divergence);
            let Some(bug) = known.recognise(&small) else {
                return Err(Finding(format!("{}\n{}", small.divergence, small.text())));
            };
            ledger.count("verdict known");
            ledger.count(&format!("known bug {bug}"));
            // Kept, it would be mutated, and met again and again.
            return Ok(Taken::Rejected);
        }
    }
    Ok(Taken::Used)
}
