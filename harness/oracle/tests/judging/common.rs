//! What the tests of this crate share: cases and outcomes without engines.

use gainsay_case::{Case, Outcome, Step, StepFailure, StepOutcome, StepResult, Value};
use gainsay_oracle::{Judgement, Rules, Run, RunEnding, judge};

pub fn define(module: &str, bytes: &[u8]) -> Step {
    Step::Define { module: module.into(), bytes: bytes.into() }
}

pub fn instantiate(module: &str, instance: &str) -> Step {
    Step::Instantiate { module: module.into(), instance: instance.into() }
}

pub fn register(instance: &str, name: &str) -> Step {
    Step::Register { instance: instance.into(), name: name.into() }
}

pub fn invoke(instance: &str) -> Step {
    Step::Invoke { instance: instance.into(), field: "f".into(), args: Vec::new() }
}

/// A module, its instance `a`, and that many calls of it.
pub fn calls(count: usize) -> Case {
    let mut steps = vec![define("A", b"\0asm"), instantiate("A", "a")];
    steps.extend((0..count).map(|_| invoke("a")));
    Case { steps }
}

pub fn returned(values: &[Value]) -> StepOutcome {
    StepOutcome { result: StepResult::Returned(values.to_vec()), trace: Vec::new() }
}

pub fn failed(failure: StepFailure) -> StepOutcome {
    StepOutcome { result: StepResult::Failed(failure), trace: Vec::new() }
}

pub fn absent() -> StepOutcome {
    StepOutcome { result: StepResult::Absent, trace: Vec::new() }
}

pub fn one(value: i32) -> StepOutcome {
    returned(&[Value::I32(value)])
}

/// The outcome of [`calls`] in which definition and instantiation succeed.
pub fn outcome(calls: Vec<StepOutcome>) -> Outcome {
    let mut steps = vec![returned(&[]), returned(&[])];
    steps.extend(calls);
    Outcome { steps, ..Outcome::default() }
}

/// One engine: its id, whose part before the first `-` is the implementation.
pub type Engine<'a> = (&'a str, Outcome, RunEnding);

pub fn done(id: &str, outcome: Outcome) -> Engine<'_> {
    (id, outcome, RunEnding::Completed)
}

pub fn judged_by(case: &Case, engines: &[Engine<'_>], rules: Rules) -> Judgement {
    let runs: Vec<Run<'_>> = engines
        .iter()
        .map(|(id, outcome, ending)| {
            let implementation = id.split('-').next().unwrap_or(id);
            Run { id, implementation, outcome, ending }
        })
        .collect();
    judge(case, &runs, &rules)
}

pub fn judged(case: &Case, engines: &[Engine<'_>]) -> Judgement {
    judged_by(case, engines, Rules::default())
}
