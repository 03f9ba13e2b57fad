//! A sequence on a backend, beside the model.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::backend::{Accounts, Backend};
use crate::failure::{FailureKind, SequenceFailure};
use crate::model::{Expected, Model};
use crate::op::{Op, Verb};
use crate::op_outcome::{OpOutcome, Refusal};
use crate::program::Program;
use crate::scenario::Scenario;
use crate::word::{CallId, EngineId, InstanceId, ModuleId, Rule, StoreId};

/// What became of one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// It had no meaning, for this reason.
    Void(&'static str),
    /// The backend has nothing of the kind.
    Unsupported(&'static str),
    /// It was carried out; how it might end, and how it did.
    Done {
        /// How it might end.
        ways: Vec<OpOutcome>,
        /// How it did.
        outcome: OpOutcome,
        /// Whether a race decides how it ends.
        is_raced: bool,
    },
}

/// What became of a sequence.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// One per operation, up to the first failure.
    pub records: Vec<(Verb, Record)>,
    /// The first failure.
    pub failure: Option<SequenceFailure>,
}

/// Carry a sequence out, give everything up, and look whether anything is left.
pub fn run(scenario: &Scenario, backend: &mut dyn Backend) -> Run {
    let mut model = Model::new(backend.abilities());
    let mut run = Run::default();
    for (at, op) in scenario.ops.iter().enumerate() {
        let expected = model.expect(op);
        let is_raced = matches!(expected, Expected::Raced(_));
        let record = match expected {
            Expected::Void(reason) => Record::Void(reason),
            Expected::Unsupported(reason) => Record::Unsupported(reason),
            Expected::OneOf(ways) | Expected::Raced(ways) => {
                let outcome = apply(backend, op, &ways);
                if !ways.contains(&outcome) {
                    run.failure = Some(wrong(backend.id(), at, &model, op, &ways, &outcome));
                    run.records.push((op.verb(), Record::Done { ways, outcome, is_raced }));
                    break;
                }
                model.commit(op, &outcome);
                Record::Done { ways, outcome, is_raced }
            }
        };
        run.records.push((op.verb(), record));
    }
    let end = caught(|| rest(backend, &model, scenario.ops.len()));
    if run.failure.is_none() {
        run.failure = match end {
            Ok(failure) => failure,
            Err(message) => {
                let outcome = OpOutcome::Broken(message);
                Some(at_end(backend.id(), scenario.ops.len(), FailureKind::Panic, "ok", &outcome))
            }
        };
    }
    run
}

fn apply(backend: &mut dyn Backend, op: &Op, ways: &[OpOutcome]) -> OpOutcome {
    let applied = caught(|| match (op, ways) {
        (Op::Probe { engine }, [OpOutcome::Ok(capacity), ..]) => {
            probe(backend, *engine, capacity.first().copied().unwrap_or_default())
        }
        _ => backend.apply(op),
    });
    applied.unwrap_or_else(|message| OpOutcome::Broken(format!("{PANIC}{message}")))
}

/// How messages of panics begin.
const PANIC: &str = "panic: ";

fn caught<T>(act: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(act)).map_err(|panic| message(&*panic))
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    let literal = || panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(literal).unwrap_or_else(|| "of unknown kind".to_owned())
}

/// Names that no scenario has.
const HIDDEN: u8 = 200;

/// Take all that the pool of an engine at rest should have, and see that it has no more:
/// so many stores, each with an instance and a suspended call. How many there were.
fn probe(backend: &mut dyn Backend, engine: EngineId, capacity: i64) -> OpOutcome {
    let module = ModuleId(HIDDEN);
    let compile = Op::Compile { module, engine, program: Program::Asker, via: None };
    let mut taken = 0;
    let mut answer = backend.apply(&compile);
    let mut stores = Vec::new();
    while answer == OpOutcome::DONE && taken <= capacity {
        let name = HIDDEN + taken as u8;
        let store = StoreId(name);
        backend.apply(&Op::StoreNew { store, engine });
        stores.push(store);
        let (instance, rule) = (InstanceId(name), Rule::Raw);
        answer = backend.apply(&Op::Instantiate { instance, store, module, rule });
        if answer != OpOutcome::DONE {
            break;
        }
        match backend.apply(&Op::Begin { call: CallId(name), instance, arg: 0 }) {
            OpOutcome::Suspended => taken += 1,
            other => answer = other,
        }
    }
    for store in stores {
        backend.apply(&Op::DropStore { store });
    }
    backend.apply(&Op::CloseModule { module });
    match answer {
        OpOutcome::Refused(Refusal::Limit) => OpOutcome::value(taken),
        other if other == OpOutcome::DONE => OpOutcome::value(taken),
        other => other,
    }
}

/// Give everything up: what is still held, and whether pools have all that they should.
fn rest(backend: &mut dyn Backend, model: &Model, at: usize) -> Option<SequenceFailure> {
    let accounts: Accounts = backend.rest();
    let held = accounts.iter().find(|(_, number)| **number > 0);
    let mut failure = held.map(|(name, number)| SequenceFailure {
        class: name.clone(),
        ..at_end(backend.id(), at, FailureKind::Leak, "nothing", &OpOutcome::value(*number as i64))
    });
    if failure.is_none() {
        failure = model.pools().into_iter().find_map(|(engine, capacity)| {
            let expected = OpOutcome::value(capacity);
            let outcome = probe(backend, engine, capacity);
            (outcome != expected).then(|| SequenceFailure {
                operation: "probe at the end".to_owned(),
                ..at_end(backend.id(), at, FailureKind::Leak, &expected.to_string(), &outcome)
            })
        });
    }
    backend.clear();
    failure
}

fn at_end(
    backend: &str,
    at: usize,
    kind: FailureKind,
    expected: &str,
    outcome: &OpOutcome,
) -> SequenceFailure {
    SequenceFailure {
        kind,
        backend: backend.to_owned(),
        at,
        operation: "the end".to_owned(),
        expected: expected.to_owned(),
        class: outcome.class(),
        seen: outcome.to_string(),
    }
}

fn wrong(
    backend: &str,
    at: usize,
    model: &Model,
    op: &Op,
    ways: &[OpOutcome],
    outcome: &OpOutcome,
) -> SequenceFailure {
    let mut classes: Vec<String> = ways.iter().map(OpOutcome::class).collect();
    classes.dedup();
    let is_panic = matches!(outcome, OpOutcome::Broken(message) if message.starts_with(PANIC));
    let mut operation = op.verb().name().to_owned();
    if let Some(program) = model.program(op) {
        operation += &format!(" {}", program.name());
    }
    // Numbers are not for signatures.
    let is_of_class = classes.contains(&outcome.class());
    let text = match ways.first() {
        Some(way) if is_of_class => format!("{outcome} instead of {way}"),
        _ => outcome.to_string(),
    };
    SequenceFailure {
        kind: if is_panic { FailureKind::Panic } else { FailureKind::Result },
        backend: backend.to_owned(),
        at,
        operation,
        class: if is_of_class { "another".to_owned() } else { outcome.class() },
        expected: classes.join(" or "),
        seen: text,
    }
}
