//! `gainsay shrink`: a smaller case that shows the same.

use std::fs;
use std::path::PathBuf;

use gainsay_campaign::{ShrinkOptions, ShrinkResult};
use gainsay_case::Limits;
use gainsay_findings::ShrinkBounds;
use gainsay_reduce::CaseSize;

use super::hunt::Watchdog;
use crate::cli_error::CliError;
use crate::console::Console;
use crate::engine_list::EngineList;
use crate::exit_code::ExitCode;
use crate::format::Format;
use crate::interrupt;
use crate::table::{count, plural};

/// Options of `shrink`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The case: a .wast, .wat or .wasm file
    #[arg(value_name = "CASE")]
    case: PathBuf,
    #[command(flatten)]
    engines: EngineList,
    /// Write the minimised case to this file instead of the standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Executions that the minimisation may take
    #[arg(long, value_name = "N", default_value_t = ShrinkBounds::default().attempts_max)]
    attempts: u32,
    #[command(flatten)]
    watchdog: Watchdog,
}

/// Minimise a case and say how small it got.
pub fn run(args: Args, console: &Console) -> Result<ExitCode, CliError> {
    let options = ShrinkOptions {
        path: args.case,
        engines: args.engines.ids()?,
        limits: Limits::default(),
        worker: args.watchdog.worker_options(),
        bounds: ShrinkBounds { attempts_max: args.attempts },
    };
    let stop = interrupt::stop_flag()?;
    console.note(format_args!(
        "minimising {} in at most {}",
        options.path.display(),
        plural(u64::from(args.attempts), "execution")
    ));
    let progress = |size: &CaseSize| {
        if console.is_live() {
            console.progress(&size_text(size));
        }
    };
    let result = gainsay_campaign::shrink(&options, &stop, &progress)?;
    if let Some(path) = &args.out {
        fs::write(path, &result.text).map_err(|error| CliError::path("write", path, &error))?;
    }
    match console.format {
        Format::Json => console.json(&result),
        Format::Text if args.out.is_none() => console.text(&result.text),
        Format::Text => {}
    }
    console.note(text(&result));
    Ok(ExitCode::Findings)
}

fn text(result: &ShrinkResult) -> String {
    format!(
        "{}: {}\n  signature  {}\n  before     {}\n  after      {}\n  executions {}",
        result.kind,
        result.detail,
        result.signature,
        size_text(&result.before),
        size_text(&result.after),
        count(result.attempts)
    )
}

fn size_text(size: &CaseSize) -> String {
    [
        plural(size.bytes, "byte"),
        plural(size.instructions, "instruction"),
        plural(size.steps, "step"),
        plural(size.lines, "line"),
    ]
    .join(", ")
}
