//! The command line: one definition for parsing, help, completions and man pages.

use std::ffi::OsString;
use std::fmt::Write;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, Parser, Subcommand};

use crate::commands::{
    adopt, bench, case, completions, engines, hunt, man, merge, models, record, replay, reports,
    run, shrink, validate, wast, worker,
};
use crate::console::Volume;
use crate::exit_code::ExitCode;
use crate::format::Format;

/// Finds where WebAssembly runtimes contradict the specification and each other.
#[derive(Debug, Parser)]
#[command(name = "gainsay", version, after_long_help = EXIT_CODES)]
pub struct Cli {
    /// Format of the results on standard output
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
    /// Say nothing but results and errors: no announcements, no progress
    #[arg(short, long, global = true, conflicts_with = "verbose", display_order = 901)]
    quiet: bool,
    /// Show all failures and places, and a line for each file that was replayed
    #[arg(short, long, global = true, display_order = 902)]
    verbose: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

const EXIT_CODES: &str = "\
Exit codes: 0 all agree; 1 usage; 2 findings, failed assertions or a trap; \
3 only inconclusive; 4 nothing was run; 5 an engine asked for is not available; \
70 a fault of gainsay's own; 130 ended by Ctrl-C, with what was found until then.";

impl Cli {
    /// How much is said.
    pub fn volume(&self) -> Volume {
        match (self.quiet, self.verbose) {
            (true, _) => Volume::Quiet,
            (false, true) => Volume::Verbose,
            (false, false) => Volume::Usual,
        }
    }
}

/// The commands, in the order of the help.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compare engines on generated modules; by default, all of them for one minute
    Hunt(hunt::Args),
    /// Re-run corpus files: check their assertions, and compare the engines with each other
    Replay(replay::Args),
    /// Minimise a case while keeping the disagreement it shows
    Shrink(shrink::Args),
    /// Write a generated case to a file without running it
    Case(case::Args),
    /// Run a module on one engine
    Run(run::Args),
    /// Run WAST scripts with their assertions, or the official test suite
    Wast(wast::Args),
    /// Check whether modules are valid, and if not, say why and where
    Validate(validate::Args),
    /// List engines, their versions and their probed capabilities
    Engines(engines::Args),
    /// Model-check gainsay's own threading with loom and shuttle
    Models(models::Args),
    /// List the studied bug reports and the state of their models
    Reports(reports::Args),
    /// Merge several campaigns into one
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
    /// Turn a crash input of a fuzz target into a corpus case
    Adopt(adopt::Args),
    /// Record cases on which all engines agree, as scripts with assertions
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
            let mut text = error.render();
            hint(&error, &mut text);
            Parsed::Message { text, exit_code }
        }
    }
}

/// The format that the arguments ask for, before it is known whether they can be parsed: an
/// error is told in it as well.
pub fn format_of(arguments: impl Iterator<Item = OsString>) -> Format {
    let words: Vec<String> = arguments
        .map(|word| word.to_string_lossy().into_owned())
        .take_while(|word| word != "--")
        .collect();
    let is_json = words.iter().any(|word| word == "--format=json")
        || words.windows(2).any(|pair| pair == ["--format", "json"]);
    if is_json { Format::Json } else { Format::Text }
}

/// Options that other tools have, and what says the same here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("--timeout", "--case-time bounds each case or directive, and --time a whole `gainsay run`"),
    ("--time-limit", "--case-time bounds each case or directive, and --time a whole `gainsay run`"),
    ("--duration", "`gainsay hunt --for 10m`"),
    ("--max-memory", "--worker-memory"),
    ("--output", "--out"),
    ("--threads", "--jobs"),
    ("--workers", "--jobs"),
    ("--runs", "`gainsay hunt --cases N`, `gainsay bench --runs N`"),
    ("--count", "--cases"),
    ("--only", "`gainsay wast --suite NAME`, or --features"),
    ("--enable", "--features NAME"),
    ("--disable", "--features=-NAME"),
    ("--json", "--format json"),
    ("--dry-run", "`gainsay case` writes a generated case without running it"),
    (
        "--list",
        "`gainsay engines`, `gainsay reports` and `gainsay models --list` list what there is",
    ),
    ("--except", "--exclude"),
    ("--skip", "--exclude"),
];

/// Says what an option that is not there is called here.
fn hint(error: &clap::Error, text: &mut StyledStr) {
    let Some(ContextValue::String(given)) = error.get(ContextKind::InvalidArg) else { return };
    let given = given.split('=').next().unwrap_or_default();
    if error.kind() == clap::error::ErrorKind::UnknownArgument
        && let Some((_, here)) = ELSEWHERE.iter().find(|(name, _)| *name == given)
    {
        let _ = writeln!(text, "\n  tip: here it is {here}");
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
    fn the_format_of_an_error_is_that_which_was_asked_for() {
        let format = |words: &[&str]| format_of(words.iter().map(OsString::from));
        assert_eq!(format(&["gainsay", "hunt", "--format", "json", "--nope"]), Format::Json);
        assert_eq!(format(&["gainsay", "--format=json"]), Format::Json);
        assert_eq!(format(&["gainsay", "run", "m.wat", "--", "--format=json"]), Format::Text);
    }

    #[test]
    fn the_definitions_are_consistent() {
        Cli::command().debug_assert();
    }
}
