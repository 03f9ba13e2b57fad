//! `gainsay shrink`: a smaller case that shows the same.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use gainsay_campaign::{
    PredicateOptions, PredicateResult, ShrinkEvent, ShrinkOptions, ShrinkResult,
    shrink_by_predicate,
};
use gainsay_case::{EngineInfo, Limits};
use gainsay_findings::{Shortfall, ShrinkBounds};
use gainsay_reduce::CaseSize;
use gainsay_supervisor::Predicate;

use super::hunt::PLAIN_INTERVAL;
use crate::cli_error::CliError;
use crate::console::Console;
use crate::duration;
use crate::engine_list::EngineList;
use crate::exit_code::ExitCode;
use crate::format::Format;
use crate::interrupt;
use crate::table::{count, plural};
use crate::worker_args::WorkerArgs;

/// Options of `shrink`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
What is kept is what the engines disagree about, or what a single engine does wrong by itself:
that it crashes, panics or hangs. With --predicate it is whatever a command of yours says:

  gainsay shrink big.wasm --out small.wasm --predicate ./is-interesting

runs `./is-interesting FILE` on each candidate, and status 0 means that it is interesting. A
module stays in its form; of a script the steps are kept, without assertions.")]
pub struct Args {
    /// The case: a .wast, .wat or .wasm file
    #[arg(value_name = "CASE")]
    case: PathBuf,
    #[command(flatten)]
    engines: EngineList,
    /// Keep what this command finds interesting (exit status 0). It receives the path of a file; no engine runs
    #[arg(long, value_name = "CMD", conflicts_with = "engines")]
    predicate: Option<String>,
    /// Write the minimised case to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Executions to spend on minimising
    #[arg(long, value_name = "N", default_value_t = ShrinkBounds::default().attempts_max)]
    attempts: u32,
    #[command(flatten)]
    workers: WorkerArgs,
}

/// Minimise a case and say how small it got.
pub fn run(args: Args, console: &Console) -> Result<ExitCode, CliError> {
    if let Some(out) = &args.out {
        refuse_if_unwritable(out)?;
    }
    let stop = interrupt::stop_flag()?;
    match &args.predicate {
        Some(command) => by_predicate(&args, command, &stop, console),
        None => by_engines(args, &stop, console),
    }
}

fn by_engines(args: Args, stop: &AtomicBool, console: &Console) -> Result<ExitCode, CliError> {
    let worker = args.workers.worker_options();
    let case_time = duration::text(worker.case_time_max);
    let options = ShrinkOptions {
        path: args.case,
        engines: args.engines.ids_among(args.workers.has_workers())?,
        limits: Limits::default(),
        worker,
        bounds: ShrinkBounds { attempts_max: args.attempts },
    };
    let path = options.path.display();
    let sizes = Sizes::new(console);
    let progress = |event: ShrinkEvent<'_>| match event {
        ShrinkEvent::Begun(engines) => console.note(format_args!(
            "minimising {path} on {}, at most {case_time} for each of at most {}",
            ids(engines),
            plural(u64::from(args.attempts), "execution")
        )),
        ShrinkEvent::Smaller(size) => sizes.show(&size),
    };
    let result = gainsay_campaign::shrink(&options, stop, &progress)?;
    deliver(args.out.as_deref(), result.text.as_bytes())?;
    match console.format {
        Format::Json => console.json(&result),
        Format::Text if args.out.is_none() => console.text(&result.text),
        Format::Text => {}
    }
    console.note(text(&result));
    Ok(match ExitCode::from(result.unfinished) {
        ExitCode::Agree => ExitCode::Findings,
        other => other,
    })
}

fn by_predicate(
    args: &Args,
    command: &str,
    stop: &AtomicBool,
    console: &Console,
) -> Result<ExitCode, CliError> {
    let time_max = args.workers.worker_options().case_time_max;
    let options = PredicateOptions {
        path: args.case.clone(),
        predicate: Predicate { command: command.to_owned(), time_max },
        bounds: ShrinkBounds { attempts_max: args.attempts },
    };
    console.note(format_args!(
        "minimising {} while `{command}` ends with status 0, at most {} for each of at most {}",
        options.path.display(),
        duration::text(time_max),
        plural(u64::from(args.attempts), "execution")
    ));
    let sizes = Sizes::new(console);
    let result = shrink_by_predicate(&options, stop, &|size| sizes.show(size))?;
    deliver(args.out.as_deref(), &result.bytes)?;
    match console.format {
        Format::Json => console.json(&result),
        Format::Text if args.out.is_none() => console.text(&result.text),
        Format::Text => {}
    }
    console.note(predicate_text(&result));
    Ok(ExitCode::from(result.unfinished))
}

/// Shows how small a case is by now: at once on a terminal, now and then elsewhere.
struct Sizes<'a> {
    console: &'a Console,
    shown: Mutex<Instant>,
}

impl<'a> Sizes<'a> {
    fn new(console: &'a Console) -> Sizes<'a> {
        Sizes { console, shown: Mutex::new(Instant::now()) }
    }

    fn show(&self, size: &CaseSize) {
        let Ok(mut shown) = self.shown.lock() else { return };
        if self.console.is_live() || shown.elapsed() >= PLAIN_INTERVAL {
            *shown = Instant::now();
            self.console.progress(&size_text(size));
        }
    }
}

/// What took a long time must not be lost because there is no place for it.
fn refuse_if_unwritable(out: &Path) -> Result<(), CliError> {
    let unwritable = |error: io::Error| CliError::path("write", out, &error);
    if out.exists() {
        return OpenOptions::new().append(true).open(out).map(drop).map_err(unwritable);
    }
    OpenOptions::new().write(true).create_new(true).open(out).map_err(unwritable)?;
    fs::remove_file(out).map_err(unwritable)
}

fn deliver(out: Option<&Path>, bytes: &[u8]) -> Result<(), CliError> {
    let Some(path) = out else { return Ok(()) };
    fs::write(path, bytes).map_err(|error| CliError::path("write", path, &error))
}

fn ids(engines: &[EngineInfo]) -> String {
    engines.iter().map(|engine| engine.id.as_str()).collect::<Vec<_>>().join(", ")
}

fn text(result: &ShrinkResult) -> String {
    let ShrinkResult { kind, detail, signature, before, after, attempts, .. } = result;
    let work = work(before, after, *attempts, result.timed_out, result.unfinished);
    format!("{kind}: {detail}\n  signature  {signature}\n{work}")
}

fn predicate_text(result: &PredicateResult) -> String {
    let PredicateResult { predicate, before, after, attempts, .. } = result;
    let work = work(before, after, *attempts, result.timed_out, result.unfinished);
    format!("  predicate  {predicate}\n{work}")
}

/// What the minimisation came to and what it took, in three lines; a fourth if it is unfinished.
fn work(
    before: &CaseSize,
    after: &CaseSize,
    attempts: u64,
    late: u64,
    unfinished: Option<Shortfall>,
) -> String {
    let mut text = format!(
        "  before     {}\n  after      {}\n  executions {}{}",
        size_text(before),
        size_text(after),
        count(attempts),
        timed_out(late),
    );
    if let Some(why) = unfinished {
        text += &format!("\nnot finished: {why}");
    }
    text
}

fn timed_out(number: u64) -> String {
    match number {
        0 => String::new(),
        number => format!(", {} ran out of time", count(number)),
    }
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
