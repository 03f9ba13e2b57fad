//! Judges runs of cases with all that the specification permits, which the reference in a
//! worker of its own is asked about.

use gainsay_case::freedom::{self, Freedom};
use gainsay_case::{Alternatives, Capabilities, Case, Choice, EngineInfo, Limits, Outcome};
use gainsay_oracle::{Judgement, NANS_WITH_RELAXED, Rules, Run, judge_permitting};
use gainsay_supervisor::{WorkerEnd, WorkerSpec};

use crate::error::CampaignError;
use crate::evaluate::{EngineRun, Evaluator};

/// Ways to execute relaxed instructions that explained an engine before, which are tried
/// before others: an engine keeps to its own in every case.
const KNOWN_MAX: usize = 16;

/// Ways to execute relaxed instructions that one worker has: there are thousands.
const WAYS_PER_WORKER: usize = 256;

/// Judges cases. What it learns of engines makes it faster, and changes no judgement.
pub(crate) struct Judge {
    options: WorkerSpec,
    limits: Limits,
    known: Vec<usize>,
    /// A worker with the engines of these ids.
    worker: Option<(Vec<String>, Evaluator)>,
}

impl Judge {
    /// A judge whose worker starts when engines first differ.
    pub(crate) fn new(options: &WorkerSpec, limits: &Limits) -> Judge {
        let (options, limits) = (options.clone(), limits.clone());
        Judge { options, limits, known: Vec::new(), worker: None }
    }

    /// The judgement of a case, where it is a divergence only if the specification does not
    /// permit it.
    ///
    /// # Errors
    /// When a worker cannot be started.
    pub(crate) fn judge<'a>(
        &mut self,
        case: &Case,
        runs: impl IntoIterator<Item = (&'a EngineInfo, &'a EngineRun)>,
    ) -> Result<Judgement, CampaignError> {
        let runs: Vec<Run<'_>> = runs
            .into_iter()
            .map(|(engine, ran)| Run::new(engine, &ran.outcome, &ran.ending))
            .collect();
        let mut reference = Reference::new(self, case);
        let permission = judge_permitting(case, &runs, &Rules::default(), &mut reference)?;
        let useful = permission.useful.iter().filter_map(|index| reference.order.get(*index));
        let useful: Vec<usize> = useful.copied().collect();
        for way in useful {
            self.known.retain(|known| *known != way);
            self.known.insert(0, way);
        }
        self.known.truncate(KNOWN_MAX);
        Ok(permission.judgement)
    }
}

impl Judge {
    /// Ends of workers that say nothing about the reference, since this was last asked.
    pub(crate) fn take_incidents(&mut self) -> Vec<WorkerEnd> {
        self.worker.as_mut().map(|(_, evaluator)| evaluator.take_incidents()).unwrap_or_default()
    }
}

/// One case on the reference in a worker.
struct Reference<'a> {
    judge: &'a mut Judge,
    case: &'a Case,
    /// The ways to execute relaxed instructions: that of the deterministic profile, those
    /// that are known, and the rest.
    order: Vec<usize>,
    /// How many of them the first two kinds are.
    first: usize,
    nans: usize,
}

impl<'a> Reference<'a> {
    fn new(judge: &'a mut Judge, case: &'a Case) -> Reference<'a> {
        let freedom = Freedom::of(case);
        let (deterministic, others) = freedom.relaxed().split_at(1);
        let mut order = deterministic.to_vec();
        order.extend(judge.known.iter().filter(|known| others.contains(known)));
        let first = order.len();
        order.extend(others.iter().filter(|way| !judge.known.contains(way)));
        Reference { judge, case, order, first, nans: freedom.nans() }
    }

    fn id(&self, choice: Choice) -> Option<String> {
        Some(freedom::id(*self.order.get(choice.relaxed)?, choice.nans))
    }

    /// The ids of the engines that are asked for together with this one.
    fn group(&self, choice: Choice) -> Vec<String> {
        let ways = match choice.relaxed.checked_sub(self.first) {
            None => 0..self.first,
            Some(beyond) => {
                let start = self.first + beyond / WAYS_PER_WORKER * WAYS_PER_WORKER;
                start..self.order.len().min(start + WAYS_PER_WORKER)
            }
        };
        let nans = |relaxed| match relaxed {
            0 => self.nans,
            _ => self.nans.min(1 + NANS_WITH_RELAXED),
        };
        let choices =
            ways.flat_map(|relaxed| (0..nans(relaxed)).map(move |nans| Choice { relaxed, nans }));
        choices.filter_map(|choice| self.id(choice)).collect()
    }
}

impl Alternatives for Reference<'_> {
    type Error = CampaignError;

    fn relaxed(&self) -> usize {
        self.order.len()
    }

    fn is_formal(&self, relaxed: usize) -> bool {
        self.order.get(relaxed).is_some_and(|way| freedom::is_formal(*way))
    }

    fn nans(&self) -> usize {
        self.nans
    }

    /// `None` if the workers are a program that does not have the reference.
    fn outcome(&mut self, choice: Choice) -> Result<Option<Outcome>, CampaignError> {
        let Some(id) = self.id(choice) else { return Ok(None) };
        if !self.judge.worker.as_ref().is_some_and(|(ids, _)| ids.contains(&id)) {
            let ids = self.group(choice);
            let engines: Vec<EngineInfo> = ids.iter().map(|id| info(id)).collect();
            let evaluator = Evaluator::new(&self.judge.options, &self.judge.limits, &engines);
            self.judge.worker = Some((ids, evaluator));
        }
        let time_max = self.judge.options.case_time_max;
        let Some((_, evaluator)) = &mut self.judge.worker else { return Ok(None) };
        if !evaluator.offers(&id)? {
            return Ok(None);
        }
        match evaluator.run(self.case, &id, time_max)? {
            Some(ran) => Ok(Some((*ran.outcome).clone())),
            None => Err(evaluator.lost(&id)),
        }
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
