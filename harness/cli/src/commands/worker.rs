//! `gainsay worker`: the embedded engines behind the worker protocol.

use std::io;

use gainsay_campaign::ExitCode;

use crate::cli_error::CliError;
use crate::console::Console;
use crate::interrupt;

/// Options of `worker`: none, since the host says everything over the protocol.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Serve until the host says goodbye.
pub fn run(_args: Args, _console: &Console) -> Result<ExitCode, CliError> {
    interrupt::leave_to_host()?;
    gainsay_campaign::worker::serve(io::stdin(), io::stdout())
        .map_err(|error| CliError::usage(format!("the host cannot be served: {error}")))?;
    Ok(ExitCode::Agree)
}
