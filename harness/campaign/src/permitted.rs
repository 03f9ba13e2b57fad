//! Tells differences that the specification permits from others, with the reference run
//! once for each choice that it leaves open.

use gainsay_case::{Capabilities, Case, EngineInfo, Limits, Outcome};
use gainsay_engines::relaxed;
use gainsay_oracle::{Ending, Judgement, Rules, Run, Verdict, judge_permitting};
use gainsay_supervisor::WorkerSpec;

use crate::error::CampaignError;
use crate::evaluate::Evaluator;

/// Choices that explained an engine before, which are tried before others: an engine
/// makes the same ones in every case.
const KNOWN_MAX: usize = 16;

/// What is known of the choices that engines make.
pub(crate) struct Permitted {
    options: WorkerSpec,
    limits: Limits,
    known: Vec<String>,
    /// A worker with the engines of these ids.
    worker: Option<(Vec<String>, Box<Evaluator>)>,
}

impl Permitted {
    pub(crate) fn new(options: &WorkerSpec, limits: &Limits) -> Permitted {
        let (options, limits) = (options.clone(), limits.clone());
        Permitted { options, limits, known: Vec::new(), worker: None }
    }

    /// The judgement of a case, where it stays a divergence only if the specification
    /// does not permit it.
    ///
    /// # Errors
    /// When a worker cannot be started.
    pub(crate) fn consider(
        &mut self,
        case: &Case,
        runs: &[Run<'_>],
        judgement: Judgement,
    ) -> Result<Judgement, CampaignError> {
        if !matches!(judgement.verdict, Verdict::Diverge(_)) {
            return Ok(judgement);
        }
        let all = relaxed::permitted(case.modules().map(|(_, bytes)| &**bytes));
        let Some((first, others)) = all.split_first() else { return Ok(judgement) };
        let mut order = vec![first.clone()];
        order.extend(self.known.iter().filter(|known| *known != first).cloned());
        order.extend(others.iter().filter(|id| !self.known.contains(id)).cloned());
        let mut fault = None;
        let mut ids = order.iter();
        let permission = judge_permitting(case, runs, &Rules::default(), || {
            let outcome = self.outcome(case, ids.next()?, &order);
            outcome.unwrap_or_else(|error| {
                fault = Some(error);
                None
            })
        });
        if let Some(error) = fault {
            return Err(error);
        }
        for id in permission.useful.iter().filter_map(|index| order.get(*index)) {
            self.known.retain(|known| known != id);
            self.known.insert(0, id.clone());
        }
        self.known.truncate(KNOWN_MAX);
        Ok(permission.judgement)
    }

    /// What the reference makes of the case with this choice; an empty outcome, with which
    /// no engine agrees, if it did not come to an end. `None` if the workers are a program
    /// that does not have the reference.
    fn outcome(
        &mut self,
        case: &Case,
        id: &str,
        order: &[String],
    ) -> Result<Option<Outcome>, CampaignError> {
        let has_it = |(ids, _): &(Vec<String>, _)| ids.iter().any(|known| known == id);
        if !self.worker.as_ref().is_some_and(has_it) {
            let ids = if self.known.iter().any(|known| known == id) || id == order[0] {
                let known = self.known.iter().filter(|known| **known != order[0]);
                order[..1].iter().chain(known).cloned().collect()
            } else {
                order.to_vec()
            };
            let engines: Vec<EngineInfo> = ids.iter().map(|id| info(id)).collect();
            let evaluator = Evaluator::new(&self.options, &self.limits, &engines);
            self.worker = Some((ids, Box::new(evaluator)));
        }
        let Some((_, evaluator)) = &mut self.worker else { return Ok(None) };
        if !evaluator.offers(id)? {
            return Ok(None);
        }
        let ran = evaluator.run(case, id, self.options.case_time_max)?;
        Ok(Some(match ran {
            Some(ran) if ran.ending == Ending::Completed => (*ran.outcome).clone(),
            _ => Outcome::default(),
        }))
    }
}

/// All that an evaluator needs to know.
fn info(id: &str) -> EngineInfo {
    EngineInfo {
        id: id.to_owned(),
        implementation: id.to_owned(),
        version: String::new(),
        capabilities: Capabilities::new(),
    }
}
