//! `gainsay hunt --kind lifecycle`: a campaign over sequences of operations.

use std::path::Path;
use std::sync::Mutex;

use gainsay_campaign::{HuntOptions, LifecycleOptions, Progress, WorkerOptions};
use gainsay_findings::{Budget, ShrinkBounds};

use super::{Args, budget, new_directory, new_seed, show};
use crate::cli_error::CliError;
use crate::console::Console;
use crate::duration;
use crate::exit_code::ExitCode;
use crate::interrupt;
use crate::report;
use crate::table::plural;

/// Run a campaign and report what it came to.
pub(super) fn run(args: &Args, console: &Console) -> Result<ExitCode, CliError> {
    if args.resume.is_some() || args.shard.is_some() {
        let reason = "campaigns over sequences of operations have no shards and are not resumed";
        return Err(CliError::usage(reason.to_owned()));
    }
    let options = options(args)?;
    let stop = interrupt::stop_flag()?;
    console.note(announcement(&options));
    let shown = Mutex::new(None);
    let progress = |progress: &Progress| show(console, &shown, progress);
    let summary = gainsay_campaign::hunt_lifecycle(&options, &stop, &progress)?.from_here();
    console.result(&report::lifecycle(&summary), &summary);
    Ok(ExitCode::from(&summary))
}

fn options(args: &Args) -> Result<LifecycleOptions, CliError> {
    let defaults = HuntOptions::default();
    let seed = args.seed.unwrap_or_else(new_seed);
    Ok(LifecycleOptions {
        engines: args.engines.ids()?,
        budget: budget(args),
        seed,
        jobs: args.jobs.map_or(defaults.jobs, usize::from),
        out: args.out.clone().unwrap_or_else(|| new_directory(Path::new(""), seed)),
        worker: WorkerOptions {
            args: LifecycleOptions::WORKER_ARGS.map(str::to_owned).to_vec(),
            ..args.watchdog.worker_options()
        },
        canary: !args.no_canary,
        shrink: ShrinkBounds { attempts_max: args.shrink_attempts },
    })
}

/// What is about to be done and for how long.
fn announcement(options: &LifecycleOptions) -> String {
    let budget = match options.budget {
        Budget::Cases(cases) => plural(cases, "sequence"),
        Budget::Time(time) => duration::text(time),
    };
    let engines = match options.engines.as_slice() {
        [] => "all backends".to_owned(),
        ids => ids.join(", "),
    };
    format!(
        "hunting through sequences of operations for {budget}: {engines}; seed {}; results in {}",
        options.seed,
        options.out.display()
    )
}
