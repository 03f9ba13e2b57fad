//! Whether an action ended as a script says it should.

use crate::trap_message::TrapMessage;
use gainsay_case::RefusalKind;
use gainsay_case::Value;
use gainsay_case::text::{Pattern, trap_message};
use gainsay_case::words;
use gainsay_case::{LimitKind, StepFailure};

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
        (Err(failure), _) => Verdict::Fail(format!(
            "expected a module that is {wanted}, saw {}",
            words::failure(failure)
        )),
        (Ok(()), _) => {
            Verdict::Fail(format!("expected a module that is {wanted}, saw one that is valid"))
        }
    }
}

fn seen(ended: &Ended) -> String {
    match ended {
        Ok(values) if values.is_empty() => "success without values".to_owned(),
        Ok(values) => words::values(values),
        Err(failure) => words::failure(failure),
    }
}
