//! A call of a function of a WASI reactor: its `_initialize` first, then the function, in one
//! instance.

use gainsay_case::interface::{Interface, value_type};
use gainsay_case::{Value, ValueType};
use gainsay_host::process::{EnvError, Process, ProcessExit, ReactorError};
use gainsay_runtime::Value as Guest;

use crate::cli_error::CliError;
use gainsay_case::value_text;

/// Which function is called with what.
pub struct Call {
    field: String,
    args: Vec<Guest>,
    results: Vec<ValueType>,
}

impl Call {
    /// A function of the interface, with arguments as literals of the text format.
    ///
    /// # Errors
    /// If there is no such function, or the arguments do not fit it.
    pub fn new(interface: &Interface, field: &str, texts: &[String]) -> Result<Call, CliError> {
        let args = super::commands::run::arguments(interface, field, texts)?;
        let args = args.into_iter().map(lower).collect::<Option<Vec<_>>>();
        let args = args.ok_or_else(|| {
            CliError::usage("references cannot be passed to functions of a WASI reactor")
        })?;
        let ty = interface.function(field).map(|ty| ty.results()).unwrap_or_default();
        let results = ty.iter().map(|ty| value_type(*ty)).collect();
        Ok(Call { field: field.to_owned(), args, results })
    }

    /// Initialize the process and make the call.
    ///
    /// # Errors
    /// How the process ended instead.
    pub fn make(&self, process: &Process) -> Result<Vec<String>, ProcessExit> {
        let ended = |process: &Process| process.exit().unwrap_or(ProcessExit::Killed);
        let reactor = process.reactor().map_err(|error| match error {
            ReactorError::Env(EnvError::Exited(status)) => ProcessExit::Exited(status),
            _ => ended(process),
        })?;
        match reactor.call(&self.field, &self.args) {
            Ok(values) => Ok(self.written(&values)),
            Err(EnvError::Exited(status)) => Err(ProcessExit::Exited(status)),
            Err(_) => Err(ended(process)),
        }
    }

    fn written(&self, values: &[Guest]) -> Vec<String> {
        let values = values.iter().zip(&self.results);
        values
            .map(|(value, ty)| lift(*value).map_or_else(|| ty.to_string(), value_text::text))
            .collect()
    }
}

fn lower(value: Value) -> Option<Guest> {
    Some(match value {
        Value::I32(number) => Guest::I32(number),
        Value::I64(number) => Guest::I64(number),
        Value::F32(bits) => Guest::F32(bits),
        Value::F64(bits) => Guest::F64(bits),
        Value::V128(bits) => Guest::V128(bits),
        _ => return None,
    })
}

fn lift(value: Guest) -> Option<Value> {
    Some(match value {
        Guest::I32(number) => Value::I32(number),
        Guest::I64(number) => Value::I64(number),
        Guest::F32(bits) => Value::F32(bits),
        Guest::F64(bits) => Value::F64(bits),
        Guest::V128(bits) => Value::V128(bits),
        _ => return None,
    })
}
