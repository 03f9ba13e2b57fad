//! `gainsay completions`: a script for a shell, from the definitions of the arguments.

use clap_complete::Shell;
use serde::Serialize;

use crate::cli_error::CliError;
use crate::console::Console;
use crate::exit_code::ExitCode;

/// Options of `completions`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

#[derive(Serialize)]
struct Completions {
    shell: String,
    script: String,
}

/// Write the script for this program to the standard output.
pub fn run(
    args: Args,
    mut program: clap::Command,
    console: &Console,
) -> Result<ExitCode, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut program, "gainsay", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    let completions = Completions { shell: args.shell.to_string(), script };
    console.result(&completions.script, &completions);
    Ok(ExitCode::Agree)
}
