//! Outcomes as people read them: values in the notation of scripts, failures in words.

use crate::outcome::{Exception, StepFailure, StepResult};
use crate::text::trap_message;
use crate::value::Value;

/// Values as a script writes them; the bits of a NaN stay visible.
pub fn values(values: &[Value]) -> String {
    values.iter().map(Value::to_string).collect::<Vec<_>>().join(" ")
}

/// How a step ended, in words that follow "saw".
pub fn result(result: &StepResult) -> String {
    match result {
        StepResult::Returned(returned) if returned.is_empty() => {
            "success without values".to_owned()
        }
        StepResult::Returned(returned) => values(returned),
        StepResult::Failed(failed) => failure(failed),
        StepResult::Absent => "nothing: the module that it needs is not there".to_owned(),
    }
}

/// A failure in words that follow "saw".
pub fn failure(failure: &StepFailure) -> String {
    match failure {
        StepFailure::Rejected(why) => format!("a module that is refused: {why}"),
        StepFailure::Unlinkable(why) => format!("a module that does not link: {why}"),
        StepFailure::Trapped(kind) => format!("the trap {:?}", trap_message(*kind)),
        StepFailure::Uncaught(None) => "an exception that was not caught".to_owned(),
        StepFailure::Uncaught(Some(thrown)) => format!("{}, not caught", exception(thrown)),
        StepFailure::HostError => "an error of a host function".to_owned(),
        StepFailure::Limit(kind) => kind.to_string(),
        StepFailure::Unsupported(why) => format!("what the engine does not support: {why}"),
        StepFailure::Fault(why) => format!("a fault of the engine: {why}"),
    }
}

/// An exception by the name of its tag, if that is exported, and its values.
pub fn exception(exception: &Exception) -> String {
    let Exception { tag, values: thrown } = exception;
    let tag = tag.as_ref().map_or_else(String::new, |tag| format!(" {tag:?}"));
    let with = if thrown.is_empty() { String::new() } else { format!(" with {}", values(thrown)) };
    format!("an exception{tag}{with}")
}

/// Characters of a text that are shown; names may have millions.
const CHARS_MAX: usize = 300;

/// A text of any length, cut to one that fits a message.
pub fn cut(text: &str) -> String {
    match text.char_indices().nth(CHARS_MAX) {
        None => text.to_owned(),
        Some((end, _)) => {
            format!("{} … ({} characters in all)", &text[..end], text.chars().count())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_bound_is_cut_and_says_so() {
        assert_eq!(cut("short"), "short");
        let long = cut(&"é".repeat(1000));
        assert!(long.ends_with("é … (1000 characters in all)"), "{long}");
        assert!(long.chars().count() < 340);
    }

    #[test]
    fn failures_are_told_without_forms_of_the_language_that_this_is_written_in() {
        let thrown = Exception { tag: Some("e".to_owned()), values: vec![Value::I32(1)] };
        assert_eq!(
            failure(&StepFailure::Uncaught(Some(thrown))),
            "an exception \"e\" with (i32.const 1), not caught"
        );
        assert_eq!(result(&StepResult::Returned(vec![Value::I64(2)])), "(i64.const 2)");
    }
}
