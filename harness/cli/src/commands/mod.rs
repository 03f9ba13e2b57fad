//! One command per file: options, the call of a library, the text of its result.

pub mod adopt;
pub mod bench;
pub mod case;
pub mod completions;
pub mod engines;
pub mod engines_test;
pub mod hunt;
pub mod man;
pub mod merge;
pub mod models;
pub mod record;
pub mod replay;
pub mod reports;
pub mod run;
pub mod shrink;
pub mod validate;
pub mod wast;
pub mod worker;

use clap::CommandFactory;

use crate::args::{Cli, Command};
use crate::cli_error::CliError;
use crate::console::Console;
use crate::exit_code::ExitCode;

/// Do what the command line asks for; the number to end with.
///
/// # Errors
/// Why it could not be done; what was found while doing it is an [`ExitCode`].
pub fn run(cli: Cli, console: &Console) -> Result<u8, CliError> {
    let exit_code = match cli.command {
        // A guest's own status is passed on.
        Some(Command::Run(args)) => return run::run(args, console),
        None => Ok(ExitCode::NothingRun),
        Some(Command::Hunt(args)) => hunt::run(args, console),
        Some(Command::Replay(args)) => replay::run(args, console),
        Some(Command::Shrink(args)) => shrink::run(args, console),
        Some(Command::Case(args)) => case::run(args, console),
        Some(Command::Wast(args)) => wast::run(args, console),
        Some(Command::Validate(args)) => validate::run(args, console),
        Some(Command::Engines(args)) => engines::run(args, console),
        Some(Command::Models(args)) => models::run(args, console),
        Some(Command::Reports(args)) => reports::run(args, console),
        Some(Command::Merge(args)) => merge::run(args, console),
        Some(Command::Bench(args)) => bench::run(args, console),
        Some(Command::Completions(args)) => completions::run(args, Cli::command(), console),
        Some(Command::Man(args)) => man::run(args, Cli::command(), console),
        Some(Command::Worker(args)) => worker::run(args, console),
        Some(Command::Adopt(args)) => adopt::run(args, console),
        Some(Command::Record(args)) => record::run(args, console),
    };
    exit_code.map(ExitCode::code)
}
