//! Cases written as text, and what each of their steps must give.

use std::sync::Arc;

use gainsay_case::{
    Case, LimitKind, Limits, Outcome, Step, StepFailure, StepResult, TrapKind, Value,
};

use crate::{Subject, UNSUPPORTED};

/// What a step must give. Messages are the engine's own and never compared.
#[derive(Debug)]
pub enum Want {
    /// It succeeds with these values.
    Values(Vec<Value>),
    Trap(TrapKind),
    Limit(LimitKind),
    Rejected,
    Unlinkable,
    Unsupported,
    HostError,
    Uncaught,
    /// An exception with this exported name of its tag and these values leaves it.
    Throws(Option<&'static str>, Vec<Value>),
    /// It is not tried.
    Absent,
}

impl Want {
    pub fn is_met(&self, result: &StepResult) -> bool {
        match (self, result) {
            (Want::Values(wanted), StepResult::Returned(values)) => wanted == values,
            (Want::Absent, StepResult::Absent) => true,
            (_, StepResult::Failed(failure)) => self.is_failure(failure),
            _ => false,
        }
    }

    fn is_failure(&self, failure: &StepFailure) -> bool {
        match (self, failure) {
            (Want::Trap(wanted), StepFailure::Trapped(kind)) => wanted == kind,
            (Want::Limit(wanted), StepFailure::Limit(kind)) => wanted == kind,
            (Want::Throws(tag, values), StepFailure::Uncaught(Some(exception))) => {
                exception.tag.as_deref() == *tag && exception.values == *values
            }
            (Want::Rejected, StepFailure::Rejected(_))
            | (Want::Unlinkable, StepFailure::Unlinkable(_))
            | (Want::Unsupported, StepFailure::Unsupported(_))
            | (Want::HostError, StepFailure::HostError)
            | (Want::Uncaught, StepFailure::Uncaught(_)) => true,
            _ => false,
        }
    }
}

/// A case with what is wanted of it.
#[derive(Default)]
pub struct Script {
    case: Case,
    wants: Vec<Want>,
    limits: Limits,
}

impl Script {
    pub fn new() -> Script {
        Script::default()
    }

    /// Begin with the module of this text, defined and instantiated as `m`.
    pub fn of(text: &str) -> Script {
        Script::new().define("m", text).instantiate("m", "m")
    }

    pub fn limits(mut self, limits: Limits) -> Script {
        self.limits = limits;
        self
    }

    pub fn define(self, module: &str, text: &str) -> Script {
        self.define_binary(module, binary(text), Want::Values(Vec::new()))
    }

    pub fn define_binary(self, module: &str, bytes: Vec<u8>, want: Want) -> Script {
        let module = module.to_owned();
        self.step(Step::Define { module, bytes: Arc::from(bytes) }, want)
    }

    pub fn instantiate(self, module: &str, instance: &str) -> Script {
        self.instantiate_to(module, instance, Want::Values(Vec::new()))
    }

    pub fn instantiate_to(self, module: &str, instance: &str, want: Want) -> Script {
        let (module, instance) = (module.to_owned(), instance.to_owned());
        self.step(Step::Instantiate { module, instance }, want)
    }

    pub fn register(self, instance: &str, name: &str) -> Script {
        let (instance, name) = (instance.to_owned(), name.to_owned());
        self.step(Step::Register { instance, name }, Want::Values(Vec::new()))
    }

    /// `call` is an export of the instance `m`, or `instance.export`.
    pub fn invoke(self, call: &str, args: &[Value], want: Want) -> Script {
        let (instance, field) = call.split_once('.').unwrap_or(("m", call));
        let (instance, field) = (instance.to_owned(), field.to_owned());
        self.step(Step::Invoke { instance, field, args: args.to_vec() }, want)
    }

    pub fn returns(self, call: &str, args: &[Value], values: &[Value]) -> Script {
        self.invoke(call, args, Want::Values(values.to_vec()))
    }

    /// `global` is an export of the instance `m`, or `instance.export`.
    pub fn get(self, global: &str, want: Want) -> Script {
        let (instance, field) = global.split_once('.').unwrap_or(("m", global));
        self.step(Step::Get { instance: instance.to_owned(), field: field.to_owned() }, want)
    }

    fn step(mut self, step: Step, want: Want) -> Script {
        self.case.steps.push(step);
        self.wants.push(want);
        self
    }

    /// Run it and hold every step to what is wanted.
    pub fn outcome(&self, engine: &dyn Subject) -> Result<Outcome, String> {
        let outcome = engine.run(&self.case, &self.limits)?;
        for (index, (want, step)) in self.wants.iter().zip(&outcome.steps).enumerate() {
            if let (false, StepResult::Failed(StepFailure::Unsupported(why))) =
                (want.is_met(&step.result), &step.result)
            {
                return Err(format!("{UNSUPPORTED}{why}"));
            }
            if !want.is_met(&step.result) {
                let asked = describe(&self.case.steps[index]);
                return Err(format!("step {index}, {asked}: {want:?} wanted, {:?}", step.result));
            }
        }
        if outcome.steps.len() != self.wants.len() {
            return Err(format!("{} steps, {} outcomes", self.wants.len(), outcome.steps.len()));
        }
        Ok(outcome)
    }

    pub fn check(&self, engine: &dyn Subject) -> Result<(), String> {
        self.outcome(engine).map(|_| ())
    }
}

fn describe(step: &Step) -> String {
    match step {
        Step::Define { module, bytes } => format!("define {module} ({} bytes)", bytes.len()),
        other => format!("{other:?}"),
    }
}

/// The binary of a module in text form.
pub fn binary(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Fail with both sides unless they are equal.
pub fn same<T: PartialEq + std::fmt::Debug>(what: &str, left: T, right: T) -> Result<(), String> {
    if left == right { Ok(()) } else { Err(format!("{what}: {left:?} is not {right:?}")) }
}
