//! What a script asks for that its own module does not have.
//!
//! Engines say of such a request that they cannot do it, as they say of what they lack. It is
//! the script's mistake all the same, or an engine has lost an export.

use crate::interface::{Interface, value_type};
use crate::outcome::StepFailure;
use crate::value::Value;
use crate::words;

/// What is asked of an instance.
#[derive(Clone, Copy, Debug)]
pub enum Request<'a> {
    /// A call of an exported function.
    Invoke {
        /// Its name.
        field: &'a str,
        /// The arguments.
        args: &'a [Value],
    },
    /// The value of an exported global.
    Get {
        /// Its name.
        field: &'a str,
    },
}

/// The mistake for which a request to an instance of this module failed, if it was one.
pub fn mistake(failure: &StepFailure, bytes: &[u8], request: Request<'_>) -> Option<String> {
    if !matches!(failure, StepFailure::Unsupported(_) | StepFailure::Fault(_)) {
        return None;
    }
    match check(&Interface::read(bytes)?, request) {
        Err(message) => Some(message),
        Ok(()) if failure.is_no_export() => {
            Some(format!("the engine lost an export: {}", words::failure(failure)))
        }
        Ok(()) => None,
    }
}

/// Whether what is asked for is exported, and takes these arguments.
fn check(interface: &Interface, request: Request<'_>) -> Result<(), String> {
    let (field, args) = match request {
        Request::Get { field } if interface.globals.iter().any(|name| name == field) => {
            return Ok(());
        }
        Request::Get { field } => return Err(format!("there is no exported global {field:?}")),
        Request::Invoke { field, args } => (field, args),
    };
    let Some(ty) = interface.function(field) else {
        return Err(format!("there is no exported function {field:?}"));
    };
    let given: Vec<String> = args.iter().map(|arg| arg.ty().to_string()).collect();
    let taken: Vec<String> = ty.params().iter().map(|ty| value_type(*ty).to_string()).collect();
    if given == taken {
        return Ok(());
    }
    Err(format!("{field:?} takes ({}), not ({})", taken.join(" "), given.join(" ")))
}
