//! Whether an action ended as a script says it should.

use super::trap_message::TrapMessage;
use crate::engine::RefusalKind;
use crate::outcome::{Exception, LimitKind, StepFailure};
use crate::text::{Pattern, trap_message};
use crate::value::Value;

/// What came of one directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It ended as it should.
    Pass,
    /// It did, as far as the engine says: a module was refused, and the engine does not
    /// tell one that is malformed from one that is invalid.
    Untold,
    /// It is about text that is malformed, as the `wast` crate says too; no engine saw it.
    Text,
    /// It did not.
    Fail(String),
    /// It could not be tried or judged.
    Skip(String),
}

/// How an action should end.
pub enum Wanted<'a> {
    /// With any values.
    Success,
    /// With these values.
    Returned(Vec<Pattern>),
    /// With a trap of this message.
    Trap(TrapMessage<'a>),
    /// With the call stack exhausted.
    Exhaustion,
    /// With an exception.
    Exception,
    /// With a refusal to link.
    Unlinkable,
    /// With a refusal to link, or a trap.
    Uninstantiable,
}

/// How an action ended.
pub type Ended = Result<Vec<Value>, StepFailure>;

impl Wanted<'_> {
    /// Compares. A limit that was hit unasked and a feature that is missing are
    /// skipped, for they say nothing about the rest.
    pub fn judge(&self, ended: &Ended) -> Verdict {
        let holds = match (self, ended) {
            (Wanted::Success, Ok(_)) => true,
            (Wanted::Returned(patterns), Ok(values)) => {
                patterns.len() == values.len()
                    && patterns.iter().zip(values).all(|(pattern, value)| pattern.admits(value))
            }
            (Wanted::Exhaustion, Err(StepFailure::Limit(LimitKind::Stack))) => true,
            (Wanted::Trap(message), Err(failure)) if message.admits(failure) => true,
            (Wanted::Trap(message), Err(StepFailure::Trapped(kind))) if !message.is_known() => {
                let seen = trap_message(*kind);
                return Verdict::Fail(format!(
                    "it trapped ({seen}), but no trap has the message {:?} (--ignore-messages \
                     takes any)",
                    message.text
                ));
            }
            (_, Err(StepFailure::Unsupported(reason))) => return Verdict::Skip(reason.clone()),
            (_, Err(StepFailure::Limit(kind))) => {
                return Verdict::Skip(format!("a limit was hit: {kind}"));
            }
            (Wanted::Exception, Err(StepFailure::Uncaught(_))) => true,
            (Wanted::Unlinkable, Err(StepFailure::Unlinkable(_))) => true,
            (Wanted::Uninstantiable, Err(StepFailure::Unlinkable(_) | StepFailure::Trapped(_))) => {
                true
            }
            _ => false,
        };
        if holds {
            Verdict::Pass
        } else {
            Verdict::Fail(format!("expected {}, saw {}", self.text(), seen(ended)))
        }
    }

    fn text(&self) -> String {
        match self {
            Wanted::Success => "success".to_owned(),
            Wanted::Returned(patterns) if patterns.is_empty() => "no values".to_owned(),
            Wanted::Returned(patterns) => {
                patterns.iter().map(Pattern::to_string).collect::<Vec<_>>().join(" ")
            }
            Wanted::Trap(message) => format!("the trap {:?}", message.text),
            Wanted::Exhaustion => "exhaustion of the call stack".to_owned(),
            Wanted::Exception => "an exception".to_owned(),
            Wanted::Unlinkable => "a module that does not link".to_owned(),
            Wanted::Uninstantiable => "a module that cannot be instantiated".to_owned(),
        }
    }
}

/// Judges the definition of a module that should be refused, by the phase `wanted`;
/// `told` is the phase that the engine names, if it does.
pub fn judge_refusal(
    wanted: RefusalKind,
    ended: &Result<(), StepFailure>,
    told: Option<RefusalKind>,
) -> Verdict {
    match (ended, told) {
        (Err(StepFailure::Rejected(_)), None) => Verdict::Untold,
        (Err(StepFailure::Rejected(_)), Some(told)) if told == wanted => Verdict::Pass,
        (Err(StepFailure::Rejected(why)), Some(told)) => Verdict::Fail(format!(
            "expected a module that is {wanted}, saw one that is {told}: {why}"
        )),
        (Err(StepFailure::Unsupported(reason)), _) => Verdict::Skip(reason.clone()),
        (Err(StepFailure::Limit(kind)), _) => Verdict::Skip(format!("a limit was hit: {kind}")),
        (Err(failure), _) => {
            Verdict::Fail(format!("expected a module that is {wanted}, saw {}", failed(failure)))
        }
        (Ok(()), _) => {
            Verdict::Fail(format!("expected a module that is {wanted}, saw one that is valid"))
        }
    }
}

fn seen(ended: &Ended) -> String {
    match ended {
        Ok(values) if values.is_empty() => "success without values".to_owned(),
        Ok(values) => written(values),
        Err(failure) => failed(failure),
    }
}

/// Values as a script writes them; the bits of a NaN stay visible.
fn written(values: &[Value]) -> String {
    let text = |value: &Value| match value {
        Value::F32(_) | Value::F64(_) => Pattern::Exact(*value).to_string(),
        value => Pattern::of(*value).map_or_else(|| "(ref.exn)".to_owned(), |it| it.to_string()),
    };
    values.iter().map(text).collect::<Vec<_>>().join(" ")
}

/// A failure in words that follow "saw".
pub fn failed(failure: &StepFailure) -> String {
    match failure {
        StepFailure::Rejected(why) => format!("a module that is refused: {why}"),
        StepFailure::Unlinkable(why) => format!("a module that does not link: {why}"),
        StepFailure::Trapped(kind) => format!("the trap {:?}", trap_message(*kind)),
        StepFailure::Uncaught(None) => "an exception that was not caught".to_owned(),
        StepFailure::Uncaught(Some(Exception { tag, values })) => {
            let tag = tag.as_ref().map_or_else(String::new, |tag| format!(" {tag:?}"));
            let values = written(values);
            let with = if values.is_empty() { String::new() } else { format!(" with {values}") };
            format!("an exception{tag}{with} that was not caught")
        }
        StepFailure::HostError => "an error of a host function".to_owned(),
        StepFailure::Limit(kind) => kind.to_string(),
        StepFailure::Unsupported(why) => format!("what the engine does not support: {why}"),
        StepFailure::Fault(why) => format!("a fault of the engine: {why}"),
    }
}
