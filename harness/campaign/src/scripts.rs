//! A script on one engine, which may die of any directive: what came of the others is
//! kept, and the rest goes on in a fresh process.

use gainsay_protocol::{Event, ToWorker, line};
use gainsay_script::{FileReport, Resumption, Script, left_over, place};
use gainsay_supervisor::{EndedWorker, Reply, WorkerEnd};

use crate::error::CampaignError;
use crate::evaluate::Evaluator;
use crate::supervised::worker_end;

/// How often an engine may die of one script before the rest of it is left.
const DEATHS_MAX: usize = 50;

/// What an engine made of a script.
#[derive(Clone, Debug, Default)]
pub(crate) struct ScriptRun {
    /// What came of its directives; one that the engine died of has failed.
    pub(crate) report: FileReport,
    /// The failures that are for want of time.
    pub(crate) hung: FileReport,
    /// How the engine's process ended, each time that it did.
    pub(crate) deaths: Vec<String>,
}

impl Evaluator {
    /// Run a script on one engine. Each directive has the time of a case.
    pub(crate) fn run_script(
        &mut self,
        engine: &str,
        path: &str,
        script: &Script<'_>,
    ) -> Result<ScriptRun, CampaignError> {
        let mut run = ScriptRun { report: FileReport::of(path), ..ScriptRun::default() };
        let mut from: Option<Resumption> = None;
        loop {
            let first = from.as_ref().map_or(0, |from| from.form);
            let mut next = first;
            let answer = self.ask_script(engine, script, from.as_ref(), |form, part| {
                next = form + 1;
                run.report.add(part);
            })?;
            let Err(EndedWorker { end, .. }) = answer else { return Ok(run) };
            let (place, death) = (place(script.source, next), self.death(&end));
            match end {
                // Neither how much an engine needs nor who else killed it is right or wrong.
                WorkerEnd::Memory | WorkerEnd::KilledFromOutside(_) => {
                    run.report.skip(1, place, &death)
                }
                WorkerEnd::TimedOut => run.hung.fail(1, place, death.clone()),
                _ => run.report.fail(1, place, death.clone()),
            }
            run.deaths.push(death);
            let reason = format!("the engine ended at line {}", place.line);
            if run.deaths.len() == DEATHS_MAX {
                let reason = format!("{reason}, for the {DEATHS_MAX}th time in this script");
                left_over(script.source, next + 1, &reason, &mut run.report);
                return Ok(run);
            }
            from = Some(Resumption { form: next + 1, reason });
        }
    }

    /// How the process ended, with the limit if there is one.
    fn death(&self, end: &WorkerEnd) -> String {
        let (limits, death) = (&self.options, worker_end(end));
        match end {
            WorkerEnd::TimedOut => format!("{death} within {:?}", limits.case_time_max),
            WorkerEnd::Memory => {
                let mib = limits.resident_bytes_max >> 20;
                format!("a limit was hit: {death}, more than {mib} MiB")
            }
            _ => death,
        }
    }

    fn ask_script(
        &mut self,
        engine: &str,
        script: &Script<'_>,
        from: Option<&Resumption>,
        mut tell: impl FnMut(usize, FileReport),
    ) -> Result<Result<(), EndedWorker>, CampaignError> {
        let id = self.next_id();
        let request = line(&ToWorker::Script {
            id,
            engine,
            source: script.source,
            dialect: script.dialect,
            ignores_messages: script.ignores_messages,
            from,
        });
        let time_max = self.options.case_time_max;
        self.ask(engine, request, time_max, |event| match event {
            Event::Form { id: of, form, report } if of == id => {
                tell(form, *report);
                Ok(Reply::Progress)
            }
            Event::Script { id: of } if of == id => Ok(Reply::Answer(())),
            _ => Ok(Reply::Unrelated),
        })
    }
}
