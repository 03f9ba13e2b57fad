//! The command line: one definition for parsing, help, completions and man pages.

use std::ffi::OsString;

use clap::{CommandFactory, Parser, Subcommand};

use crate::commands::{
    adopt, bench, case, completions, engines, hunt, man, merge, models, record, replay, reports,
    run, shrink, validate, wast, worker,
};
use crate::exit_code::ExitCode;
use crate::format::Format;

/// Finds where WebAssembly runtimes contradict the specification and each other.
#[derive(Debug, Parser)]
#[command(name = "gainsay", version, after_long_help = EXIT_CODES)]
pub struct Cli {
    /// Form of the results on the standard output
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "text|json",
        default_value_t,
        hide_possible_values = true,
        display_order = 900
    )]
    pub format: Format,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

const EXIT_CODES: &str = "\
Exit codes: 0 all agree; 1 usage; 2 findings, failed assertions or a trap; \
3 only inconclusive; 4 nothing was run; 5 an engine asked for is not available; \
70 a fault of gainsay's own; 130 ended by Ctrl-C, with what was found until then.";

/// The commands, in the order of the help.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compare engines on generated modules, by default all of them for a minute
    Hunt(hunt::Args),
    /// Run corpus files again: their assertions, and the engines against each other
    Replay(replay::Args),
    /// Minimise a case, keeping what its engines disagree about
    Shrink(shrink::Args),
    /// Write a generated case without running it
    Case(case::Args),
    /// Run a module on one engine
    Run(run::Args),
    /// Run WAST scripts with their assertions, or the official test suite
    Wast(wast::Args),
    /// Say whether modules are valid, and if not, why and where
    Validate(validate::Args),
    /// List engines, their versions and what they were seen to be able to do
    Engines(engines::Args),
    /// Explore the schedules of gainsay's own threading with model checkers
    Models(models::Args),
    /// List the studied bug reports and what holds their invariants
    Reports(reports::Args),
    /// Merge campaigns into one
    Merge(merge::Args),
    /// Measure the speed of the harness and of the reference
    Bench(bench::Args),
    /// Write a completion script for a shell
    Completions(completions::Args),
    /// Write the manual pages
    Man(man::Args),
    /// Serve one host over the standard streams (see PROTOCOL.md)
    #[command(hide = true)]
    Worker(worker::Args),
    /// Turn a fuzz target's crash input into a corpus case
    #[command(hide = true)]
    Adopt(adopt::Args),
    /// Write cases on which the engines agree as scripts that assert it
    #[command(hide = true)]
    Record(record::Args),
}

/// What a command line came to.
pub enum Parsed {
    /// Something to do.
    Command(Box<Cli>),
    /// Something to say instead: help, a version, an error.
    Message {
        /// What to say.
        text: clap::builder::StyledStr,
        /// With which exit code; [`ExitCode::Agree`] goes to the standard output.
        exit_code: ExitCode,
    },
}

/// Read a command line. What clap would end with code 2 ends with [`ExitCode::Usage`].
pub fn parse(arguments: impl Iterator<Item = OsString>) -> Parsed {
    match Cli::try_parse_from(arguments) {
        Ok(cli) if cli.command.is_some() => Parsed::Command(Box::new(cli)),
        Ok(_) => Parsed::Message { text: short_help().into(), exit_code: ExitCode::Agree },
        Err(error) => {
            let exit_code = if error.use_stderr() { ExitCode::Usage } else { ExitCode::Agree };
            Parsed::Message { text: error.render(), exit_code }
        }
    }
}

/// What `gainsay` alone says; begins with the command to try first.
fn short_help() -> String {
    let command = Cli::command();
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let mut text = format!(
        "Try first:  gainsay hunt\n\n{about}.\n`gainsay hunt` compares all embedded engines on \
         generated modules for a minute.\n\nCommands:\n"
    );
    for subcommand in command.get_subcommands().filter(|subcommand| !subcommand.is_hide_set()) {
        let about = subcommand.get_about().map(ToString::to_string).unwrap_or_default();
        text += &format!("  {:<12} {about}\n", subcommand.get_name());
    }
    text + "\n`gainsay COMMAND --help` says more. All take `--format json`.\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definitions_are_consistent() {
        Cli::command().debug_assert();
    }
}
