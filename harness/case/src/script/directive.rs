//! Directives of a script by themselves.

use wast::lexer::Lexer;
use wast::parser::{ParseBuffer, parse};
use wast::{QuoteWat, QuoteWatTest, Wast, WastDirective, WastRet, Wat};

use super::judge::Verdict;
use crate::text::{Pattern, TextError};

/// What a script asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// Directives, those of threads among them.
    pub directives: u64,
    /// How many of them are assertions.
    pub assertions: u64,
}

/// Counts the directives of a script without running it.
///
/// # Errors
/// Where and why the text is no script.
pub fn census(source: &str) -> Result<Census, TextError> {
    let buffer = buffer(source);
    let mut census = Census::default();
    for directive in directives(&buffer, source)? {
        census.directives += 1;
        census.assertions += assertions(&directive);
        if let WastDirective::Thread(thread) = directive {
            census.directives += thread.directives.len() as u64;
        }
    }
    Ok(census)
}

/// The tokens of a script.
pub fn buffer(source: &str) -> Result<ParseBuffer<'_>, wast::Error> {
    let mut lexer = Lexer::new(source);
    // The suite has names of every kind of character.
    lexer.allow_confusing_unicode(true);
    ParseBuffer::new_with_lexer(lexer)
}

/// The directives of a script with these tokens.
pub fn directives<'a>(
    buffer: &'a Result<ParseBuffer<'a>, wast::Error>,
    source: &str,
) -> Result<Vec<WastDirective<'a>>, TextError> {
    let buffer = buffer.as_ref().map_err(|error| TextError::syntax(source, error))?;
    let script = parse::<Wast<'_>>(buffer).map_err(|error| TextError::syntax(source, &error))?;
    Ok(script.directives)
}

/// The binary of a module.
///
/// # Errors
/// `Fail` if its text is malformed, `Skip` for a component.
pub fn encode(wat: QuoteWat<'_>) -> Result<Vec<u8>, Verdict> {
    let malformed = |message: String| Verdict::Fail(format!("malformed text: {message}"));
    if matches!(wat, QuoteWat::Wat(Wat::Component(_)) | QuoteWat::QuoteComponent(..)) {
        return Err(Verdict::Skip("components".to_owned()));
    }
    let mut wat = wat;
    match wat.to_test().map_err(|error| malformed(error.message()))? {
        QuoteWatTest::Binary(bytes) => Ok(bytes),
        QuoteWatTest::Text(text) => {
            let text = std::str::from_utf8(&text).map_err(|error| malformed(error.to_string()))?;
            let buffer = buffer(text).map_err(|error| malformed(error.message()))?;
            let mut wat = parse::<Wat<'_>>(&buffer).map_err(|error| malformed(error.message()))?;
            wat.encode().map_err(|error| malformed(error.message()))
        }
    }
}

/// What is expected of each result; `None` for those of components.
pub fn patterns(results: &[WastRet<'_>]) -> Option<Vec<Pattern>> {
    let pattern = |result: &WastRet<'_>| match result {
        WastRet::Core(result) => Some(Pattern::from_wast(result)),
        _ => None,
    };
    results.iter().map(pattern).collect()
}

/// Whether a directive asserts something.
pub fn is_assertion(directive: &WastDirective<'_>) -> bool {
    !matches!(
        directive,
        WastDirective::Module(_)
            | WastDirective::ModuleDefinition(_)
            | WastDirective::ModuleInstance { .. }
            | WastDirective::Register { .. }
            | WastDirective::Invoke(_)
            | WastDirective::Thread(_)
            | WastDirective::Wait { .. }
    )
}

/// How many assertions a directive makes.
pub fn assertions(directive: &WastDirective<'_>) -> u64 {
    match directive {
        WastDirective::Thread(thread) => thread.directives.iter().map(assertions).sum(),
        directive => u64::from(is_assertion(directive)),
    }
}
