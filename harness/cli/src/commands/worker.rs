//! `gainsay worker`: the embedded engines behind the worker protocol.

use std::io;

use crate::cli_error::CliError;
use crate::console::Console;
use crate::exit_code::ExitCode;
use crate::interrupt;

/// Options of `worker`: the host says everything else over the protocol.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Serve until the host says goodbye.
pub fn run(_args: Args, _console: &Console) -> Result<ExitCode, CliError> {
    interrupt::leave_to_host()?;
    let served = gainsay_worker::serve(io::stdin(), io::stdout());
    served.map_err(|error| CliError::usage(format!("the host cannot be served: {error}")))?;
    Ok(ExitCode::Agree)
}
