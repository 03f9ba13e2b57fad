//! Whether an action ended as a script says it should.

use std::fmt::Write as _;

use crate::outcome::{Failure, LimitKind};
use crate::text::{Pattern, trap_kinds};
use crate::value::Value;

/// What came of one directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It ended as it should.
    Pass,
    /// It is about text that the `wast` crate refuses, as it should.
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
    /// With the trap of this message.
    Trap(&'a str),
    /// With the call stack exhausted.
    Exhaustion,
    /// With an exception.
    Exception,
    /// With a refusal to link.
    Unlinkable,
    /// With a refusal of the module.
    Rejected,
}

/// How an action ended.
pub type Ended = Result<Vec<Value>, Failure>;

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
            (Wanted::Exhaustion, Err(Failure::Limit(LimitKind::Stack))) => true,
            (_, Err(Failure::Unsupported(reason))) => return Verdict::Skip(reason.clone()),
            (_, Err(Failure::Limit(kind))) => {
                return Verdict::Skip(format!("a limit was hit: {kind:?}"));
            }
            (Wanted::Trap(message), Err(Failure::Trapped(kind))) => {
                trap_kinds(message).any(|known| known == *kind)
            }
            (Wanted::Exception, Err(Failure::Uncaught(_))) => true,
            (Wanted::Unlinkable, Err(Failure::Unlinkable(_))) => true,
            (Wanted::Rejected, Err(Failure::Rejected(_))) => true,
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
            Wanted::Trap(message) => format!("the trap {message:?}"),
            Wanted::Exhaustion => "exhaustion of the call stack".to_owned(),
            Wanted::Exception => "an exception".to_owned(),
            Wanted::Unlinkable => "a module that does not link".to_owned(),
            Wanted::Rejected => "a module that is refused".to_owned(),
        }
    }
}

fn seen(ended: &Ended) -> String {
    match ended {
        Ok(values) if values.is_empty() => "success without values".to_owned(),
        Ok(values) => {
            let mut text = String::new();
            for value in values {
                let separator = if text.is_empty() { "" } else { " " };
                // Writing to a string cannot fail.
                let _ = write!(text, "{separator}{value:?}");
            }
            text
        }
        Err(Failure::Trapped(kind)) => format!("the trap {:?}", crate::text::trap_message(*kind)),
        Err(failure) => format!("{failure:?}"),
    }
}
