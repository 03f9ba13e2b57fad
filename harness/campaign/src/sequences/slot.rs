//! One worker of a campaign over sequences.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use gainsay_case::Limits;
use gainsay_findings::{CaseRef, Fingerprint, GeneratedRef, Totals};
use gainsay_lifecycle::{ResourceSnapshot, Scenario, generate};
use gainsay_protocol::{Event, SequenceResult, ToWorker, line};
use gainsay_supervisor::{
    EndedWorker, Fleet, Reply, SupervisorError, Watch, WorkerEnd, WorkerSpec,
};

use super::leak::{growth, leak};
use super::record::record;
use super::runner::Runner;
use super::witness::signature;
use crate::error::CampaignError;
use crate::evaluate::ending;
use crate::incident::incident;
use crate::workload::Slot;

/// Sequences that a worker is asked for at once.
const BATCH: u64 = 25;

/// Batches that a worker serves before another one takes its place: engines keep a little
/// of each module.
const BATCHES_MAX: u64 = 80;

/// Batches after which a worker has what it needs of the system.
const BATCHES_UNTIL_SETTLED: u64 = 4;

/// How often a program searches for what makes its workers grow: each search takes minutes.
const SEARCHES_MAX: u32 = 5;

/// Ends of workers that nothing explains, in a row, before a slot gives up.
const UNEXPLAINED_MAX: u32 = 50;

/// A suspect that is run alone has so many times the time.
const ALONE_TIMES: u32 = 3;

/// Searches for leaks so far, in all slots of this program.
static SEARCHES: AtomicU32 = AtomicU32::new(0);

/// One worker, kept busy with sequences.
pub(super) struct SequenceSlot<'a> {
    worker: &'a WorkerSpec,
    ids: &'a [String],
    seed: u64,
    generator: Fingerprint,
    process: Option<Fleet>,
    /// Batches that this process has served.
    served: u64,
    /// What the process had of the system once it had settled.
    settled: Option<ResourceSnapshot>,
    unexplained: u32,
    stops: &'a AtomicBool,
}

/// Why a worker gave up a batch, and at which engine it was.
struct Interrupted {
    ended: EndedWorker,
    engine: Option<String>,
}

impl<'a> SequenceSlot<'a> {
    pub(super) fn new(
        worker: &'a WorkerSpec,
        ids: &'a [String],
        seed: u64,
        generator: Fingerprint,
        stops: &'a AtomicBool,
    ) -> SequenceSlot<'a> {
        SequenceSlot {
            worker,
            ids,
            seed,
            generator,
            process: None,
            served: 0,
            settled: None,
            unexplained: 0,
            stops,
        }
    }

    fn witness(&self, index: u64) -> GeneratedRef {
        GeneratedRef { seed: self.seed, index, generator: self.generator }
    }

    /// Carry sequences out until there are no more.
    pub(super) fn serve(&mut self, slot: &Slot<'_>) -> Result<(), CampaignError> {
        while let Some(ordinals) = slot.ordinals.next(BATCH) {
            let index = |ordinal| slot.ordinals.index(ordinal);
            let indices: Vec<u64> = Range::clone(&ordinals).map(index).collect();
            let mut totals = Totals::default();
            let mut done = 0;
            while done < indices.len() && !self.is_stopped() {
                match self.batch(&indices[done..], &mut done, &mut totals)? {
                    Ok(resources) => self.finish(&indices, resources, &mut totals)?,
                    Err(interrupted) => match indices.get(done) {
                        Some(index) => {
                            done += usize::from(self.alone(*index, &interrupted, &mut totals)?);
                        }
                        // It ended after the last sequence, when it was to say that it is done.
                        None if self.is_stopped() => {}
                        None => totals.incident(&incident(&interrupted.ended.end)),
                    },
                }
            }
            // What came to its end counts, in the middle of a batch as well.
            let end = ordinals.start + done as u64;
            slot.record.record(ordinals.start..end, &totals);
        }
        Ok(())
    }

    /// Whether the campaign ends soon: what a worker is at is dropped.
    fn is_stopped(&self) -> bool {
        self.stops.load(Ordering::Relaxed)
    }

    /// Let the worker carry these out; `done` counts those that came to their end.
    fn batch(
        &mut self,
        indices: &[u64],
        done: &mut usize,
        totals: &mut Totals,
    ) -> Result<Result<Option<ResourceSnapshot>, Interrupted>, CampaignError> {
        let mut process = match self.process.take() {
            Some(process) => process,
            None => {
                (self.served, self.settled) = (0, None);
                Fleet::start(self.worker, self.ids, &Limits::default())?
            }
        };
        let seed = self.seed.to_string();
        let request = line(&ToWorker::Sequences { seed: &seed, indices });
        let WorkerSpec { case_time_max: time_max, resident_bytes_max, .. } = *self.worker;
        let mut open = indices.iter();
        let mut current: Option<String> = None;
        let witness = |index| self.witness(index);
        let watch = Watch { time_max, resident_bytes_max, stop: Some(self.stops) };
        let answer = process.ask(None, request, &watch, |event| {
            let next = open.as_slice().first();
            match event {
                Event::Begin { id, engine } if next == Some(&id) => {
                    // Each engine begins once with each sequence.
                    if current.replace(engine.clone()) == Some(engine) {
                        return Ok(Reply::Unrelated);
                    }
                    Ok(Reply::Progress)
                }
                Event::Sequence(result) if next == Some(&result.id) => {
                    let witness = witness(result.id);
                    record(totals, witness, &result);
                    open.next();
                    *done += 1;
                    current = None;
                    Ok(Reply::Progress)
                }
                Event::Begin { id, .. } | Event::Sequence(SequenceResult { id, .. }) => {
                    Err(format!("an answer about sequence {id}, which is not the next one"))
                }
                Event::Done { resources } if next.is_none() => Ok(Reply::Answer(resources)),
                Event::Done { .. } => Err("it is done before all sequences are".to_owned()),
                _ => Ok(Reply::Unrelated),
            }
        });
        Ok(match answer {
            Ok(resources) => {
                self.process = Some(process);
                Ok(resources)
            }
            Err(ended) => Err(Interrupted { ended, engine: current }),
        })
    }

    /// Look at what a worker has of the system after a batch; replace it in time.
    fn finish(
        &mut self,
        indices: &[u64],
        resources: Option<ResourceSnapshot>,
        totals: &mut Totals,
    ) -> Result<(), CampaignError> {
        self.unexplained = 0;
        self.served += 1;
        if self.served == BATCHES_UNTIL_SETTLED {
            self.settled = resources;
        }
        let grown = growth(self.settled, resources);
        if let Some(what) = &grown {
            totals.incident(&format!("a worker grew: {what}"));
            if SEARCHES.fetch_add(1, Ordering::Relaxed) < SEARCHES_MAX {
                self.locate(indices, what, totals)?;
            }
        }
        if self.served >= BATCHES_MAX || grown.is_some() {
            self.process = None;
        }
        Ok(())
    }

    /// Something of the system has grown in a worker: which sequence does it, if one does
    /// by itself?
    fn locate(
        &self,
        indices: &[u64],
        what: &str,
        totals: &mut Totals,
    ) -> Result<(), CampaignError> {
        let mut runner = Runner::new(self.worker, self.ids, Some(self.stops));
        let time_max = self.worker.case_time_max;
        for index in indices {
            let scenario = generate(self.seed, *index);
            for engine in self.ids {
                if self.is_stopped() {
                    return Ok(());
                }
                let failure = leak(&mut runner, &scenario, engine, what, time_max)?;
                // A search that was broken off has found nothing.
                if let Some(failure) = failure.filter(|_| !self.is_stopped()) {
                    let witness = self.witness(*index);
                    totals.note(signature(&failure), CaseRef::Generated(witness));
                }
            }
        }
        Ok(())
    }

    /// Carry out by itself what a worker ended in; whether that came to an end.
    fn alone(
        &mut self,
        index: u64,
        interrupted: &Interrupted,
        totals: &mut Totals,
    ) -> Result<bool, CampaignError> {
        if self.is_stopped() {
            return Ok(false);
        }
        let Interrupted { ended: EndedWorker { end, .. }, engine } = interrupted;
        let scenario = generate(self.seed, index);
        let mut runner = Runner::new(self.worker, self.ids, Some(self.stops));
        let suspects = match engine {
            Some(engine) => std::slice::from_ref(engine),
            None => self.ids,
        };
        let confirmed = match ending(end) {
            Some(_) => self.confirm(&mut runner, &scenario, suspects)?,
            None => None,
        };
        let is_explained = confirmed.is_some();
        let result = match confirmed {
            Some(result) => result,
            None => self.together(&mut runner, &scenario)?,
        };
        if self.is_stopped() {
            return Ok(false);
        }
        record(totals, self.witness(index), &result);
        self.unexplained = if is_explained { 0 } else { self.unexplained + 1 };
        if !is_explained {
            totals.incident(&incident(end));
        }
        match self.unexplained > UNEXPLAINED_MAX {
            true => Err(given_up(self.worker, end)),
            false => Ok(true),
        }
    }

    /// What becomes of a sequence on all engines, should one of them end the worker after all.
    fn together(
        &self,
        runner: &mut Runner<'_>,
        scenario: &Scenario,
    ) -> Result<SequenceResult, CampaignError> {
        let time_max = self.worker.case_time_max * ALONE_TIMES;
        let ran = runner.run(scenario, self.ids, 1, time_max)?;
        let deadly = ran.result.failures.last().filter(|_| ran.is_deadly);
        let confirmed = match deadly.map(|failure| failure.backend.clone()) {
            Some(engine) => self.confirm(runner, scenario, &[engine])?,
            None => None,
        };
        Ok(confirmed.unwrap_or(ran.result))
    }

    /// Whether one of the suspects ends its worker again, each alone; if so, what became of
    /// the sequence on all engines.
    fn confirm(
        &self,
        runner: &mut Runner<'_>,
        scenario: &Scenario,
        suspects: &[String],
    ) -> Result<Option<SequenceResult>, CampaignError> {
        let time_max = self.worker.case_time_max * ALONE_TIMES;
        let mut result = SequenceResult::default();
        let mut is_deadly = false;
        for engine in suspects.chunks(1) {
            let ran = runner.run(scenario, engine, 1, time_max)?;
            is_deadly |= ran.is_deadly;
            add(&mut result, ran.result);
        }
        if !is_deadly {
            return Ok(None);
        }
        let others: Vec<String> =
            self.ids.iter().filter(|id| !suspects.contains(id)).cloned().collect();
        if !others.is_empty() {
            add(&mut result, runner.run(scenario, &others, 1, time_max)?.result);
        }
        Ok(Some(result))
    }
}

/// Put what became of a sequence on some engines to what became of it on others.
fn add(result: &mut SequenceResult, more: SequenceResult) {
    result.compared |= more.compared;
    result.failures.extend(more.failures);
    result.tally.merge(&more.tally);
    result.spent.extend(more.spent);
}

fn given_up(worker: &WorkerSpec, end: &WorkerEnd) -> CampaignError {
    let program = worker.program.clone().unwrap_or_default();
    let reason = format!("no case explains why it ended {UNEXPLAINED_MAX} times in a row: {end}");
    SupervisorError::Worker { program, reason }.into()
}
