//! The host functions of a session: what they return, and the record of their calls.

use std::fmt;

use gainsay_case::{HostCall, LimitKind, StepFailure, Value, ValueType, host};

/// The host calls since the harness last asked.
#[derive(Default)]
pub(crate) struct Trace {
    calls: Vec<HostCall>,
    /// Values in `calls`, each call counting as one more.
    values: usize,
}

/// One result of a host function.
pub(crate) enum Reply {
    /// This value.
    Value(Value),
    /// The argument at this index: a reference that only the engine can copy.
    Argument(usize),
}

/// Why a host function does not return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostStop {
    /// It is one of those that fail.
    Fails,
    /// The step has called host functions too often.
    TooManyCalls,
    /// The import's type has a result that the harness cannot make.
    Unanswerable,
}

impl Trace {
    /// Record a call of the host function `name` and say what it returns.
    pub(crate) fn call(
        &mut self,
        name: &str,
        args: Vec<Value>,
        results: &[ValueType],
    ) -> Result<Vec<Reply>, HostStop> {
        self.values += 1 + args.len();
        if self.values > host::TRACE_VALUES_MAX {
            return Err(HostStop::TooManyCalls);
        }
        let answer = host::answer(name, results, &args);
        let reply = |value: Value| match value {
            _ if value.is_foreign() => last_of_type(&args, value.ty()),
            _ => Reply::Value(value),
        };
        let replies = answer.map(|values| values.into_iter().map(reply).collect());
        self.calls.push(HostCall { name: name.to_owned(), args });
        replies.ok_or(HostStop::Fails)
    }

    /// The calls so far; the next step begins with none.
    pub(crate) fn take(&mut self) -> Vec<HostCall> {
        self.values = 0;
        std::mem::take(&mut self.calls)
    }
}

/// [`host::answer`] echoes the last argument of the result's type.
fn last_of_type(args: &[Value], ty: ValueType) -> Reply {
    let last = args.iter().rposition(|arg| arg.ty() == ty);
    last.map_or(Reply::Value(Value::default_of(ty)), Reply::Argument)
}

impl HostStop {
    pub(crate) fn failure(self) -> StepFailure {
        match self {
            HostStop::Fails => StepFailure::HostError,
            HostStop::TooManyCalls => StepFailure::Limit(LimitKind::Fuel),
            HostStop::Unanswerable => StepFailure::Unsupported(self.to_string()),
        }
    }
}

impl fmt::Display for HostStop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            HostStop::Fails => "the host function failed",
            HostStop::TooManyCalls => "too many calls of host functions in one step",
            HostStop::Unanswerable => "the host cannot produce a result of this type",
        })
    }
}

impl std::error::Error for HostStop {}
