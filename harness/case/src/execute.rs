//! Walks a case's steps on one engine.

use std::any::Any;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::case::{Case, Step};
use crate::engine::{Engine, Limits, Session};
use crate::outcome::{InstanceState, Outcome, StepFailure, StepOutcome, StepResult};

/// Run `case` on `engine` from an empty session.
///
/// A panic of the engine becomes [`StepFailure::Fault`] of the step it happened in,
/// and every later step is [`StepResult::Absent`]. Crashes and hangs are the
/// worker's business.
pub fn execute(engine: &dyn Engine, case: &Case, limits: &Limits) -> Outcome {
    let mut session = match catch_unwind(AssertUnwindSafe(|| engine.session(limits))) {
        Ok(Ok(session)) => Some(session),
        Ok(Err(message)) => return all_failed(case, &message),
        Err(panic) => return all_failed(case, &panic_message(&*panic)),
    };
    let mut walk = Walk::default();
    for step in &case.steps {
        let result = match &mut session {
            Some(live) => guarded(|| walk.take(&mut **live, step)),
            None => Ok(StepResult::Absent),
        };
        let result = result.unwrap_or_else(|panic| {
            // A store that panicked may panic again when dropped.
            std::mem::forget(session.take());
            StepResult::Failed(StepFailure::Fault(panic))
        });
        let trace = session.as_mut().map(|live| live.take_trace()).unwrap_or_default();
        walk.outcome.steps.push(StepOutcome { result, trace });
    }
    if let Some(live) = &mut session {
        for instance in &walk.instances {
            let state = guarded(|| live.observe(instance)).unwrap_or_else(|_| InstanceState::new());
            walk.outcome.state.insert(instance.clone(), state);
        }
    }
    walk.outcome
}

#[derive(Default)]
struct Walk {
    modules: BTreeSet<String>,
    instances: BTreeSet<String>,
    outcome: Outcome,
}

impl Walk {
    fn take(&mut self, session: &mut dyn Session, step: &Step) -> StepResult {
        let result = match step {
            Step::Define { module, bytes } => {
                self.modules.remove(module);
                session.define(module, bytes).map(|()| {
                    self.modules.insert(module.clone());
                    Vec::new()
                })
            }
            Step::Instantiate { module, .. } if !self.modules.contains(module) => {
                return StepResult::Absent;
            }
            Step::Instantiate { module, instance } => {
                self.instances.remove(instance);
                session.instantiate(module, instance).map(|()| {
                    self.instances.insert(instance.clone());
                    Vec::new()
                })
            }
            Step::Register { instance, .. }
            | Step::Invoke { instance, .. }
            | Step::Get { instance, .. }
                if !self.instances.contains(instance) =>
            {
                return StepResult::Absent;
            }
            Step::Register { instance, name } => {
                session.register(instance, name).map(|()| Vec::new())
            }
            Step::Invoke { instance, field, args } => session.invoke(instance, field, args),
            Step::Get { instance, field } => session.get(instance, field).map(|value| vec![value]),
        };
        result.map_or_else(StepResult::Failed, StepResult::Returned)
    }
}

/// Runs what may panic.
///
/// # Errors
/// The message of the panic.
pub fn guarded<T>(act: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(act)).map_err(|panic| panic_message(&*panic))
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    format!("panic: {text}")
}

fn all_failed(case: &Case, message: &str) -> Outcome {
    let first = StepResult::Failed(StepFailure::Fault(message.to_owned()));
    let results = std::iter::once(first).chain(std::iter::repeat(StepResult::Absent));
    let step = |result| StepOutcome { result, trace: Vec::new() };
    Outcome { steps: results.take(case.steps.len()).map(step).collect(), ..Outcome::default() }
}
