//! An engine that tells each step's outcome as soon as it is known.
//!
//! When a case is run alone to confirm a crash, the host wants to know which step
//! the engine died of. [`execute`](gainsay_case::execute) asks a session for its
//! trace once after every step, so that is where a step's outcome is complete.

use gainsay_case::{
    Detail, Engine, EngineInfo, HostCall, InstanceState, Limits, Session, StepFailure, StepOutcome,
    StepResult, Value,
};
use gainsay_protocol::ToHost;

use crate::output::{Output, say};

/// Decorates an engine; only its sessions differ, and only if `case` is set.
pub(crate) struct Reporting {
    pub(crate) engine: Box<dyn Engine>,
    pub(crate) output: Output,
    /// The case whose steps are to be reported.
    pub(crate) case: Option<u64>,
}

impl Engine for Reporting {
    fn info(&self) -> &EngineInfo {
        self.engine.info()
    }

    fn session(&self, limits: &Limits) -> Result<Box<dyn Session>, String> {
        let session = self.engine.session(limits)?;
        let Some(id) = self.case else { return Ok(session) };
        Ok(Box::new(ReportingSession {
            session,
            engine: self.info().id.clone(),
            output: self.output.clone(),
            id,
            result: StepResult::Absent,
        }))
    }
}

struct ReportingSession {
    session: Box<dyn Session>,
    engine: String,
    output: Output,
    id: u64,
    /// What the current step came to; absent if the session was not asked.
    result: StepResult,
}

impl ReportingSession {
    fn note(&mut self, result: Result<Vec<Value>, StepFailure>) -> Result<Vec<Value>, StepFailure> {
        self.result = result.clone().map_or_else(StepResult::Failed, StepResult::Returned);
        result
    }
}

impl Session for ReportingSession {
    fn define(&mut self, module: &str, bytes: &[u8]) -> Result<(), StepFailure> {
        let result = self.session.define(module, bytes).map(|()| Vec::new());
        self.note(result).map(drop)
    }

    fn instantiate(&mut self, module: &str, instance: &str) -> Result<(), StepFailure> {
        let result = self.session.instantiate(module, instance).map(|()| Vec::new());
        self.note(result).map(drop)
    }

    fn register(&mut self, instance: &str, name: &str) -> Result<(), StepFailure> {
        let result = self.session.register(instance, name).map(|()| Vec::new());
        self.note(result).map(drop)
    }

    fn invoke(
        &mut self,
        instance: &str,
        field: &str,
        args: &[Value],
    ) -> Result<Vec<Value>, StepFailure> {
        let result = self.session.invoke(instance, field, args);
        self.note(result)
    }

    fn get(&mut self, instance: &str, field: &str) -> Result<Value, StepFailure> {
        let result = self.session.get(instance, field);
        self.result = match result.clone() {
            Ok(value) => StepResult::Returned(vec![value]),
            Err(failure) => StepResult::Failed(failure),
        };
        result
    }

    fn detail(&mut self) -> Option<Detail> {
        self.session.detail()
    }

    fn observe(&mut self, instance: &str) -> InstanceState {
        self.session.observe(instance)
    }

    fn take_trace(&mut self) -> Vec<HostCall> {
        let trace = self.session.take_trace();
        let result = std::mem::replace(&mut self.result, StepResult::Absent);
        let step = StepOutcome { result, trace };
        let has_failed = matches!(step.result, StepResult::Failed(_));
        let detail = if has_failed { self.session.detail() } else { None };
        let (id, engine) = (self.id, &self.engine);
        let message = ToHost::Step { id, engine, step: &step, detail: detail.as_ref() };
        // If the host is gone, so is the reason to report; the loop will notice.
        let _ = say(&self.output, &message);
        step.trace
    }
}
