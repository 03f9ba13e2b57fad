//! `gainsay record`: cases on which the engines agree, as scripts that assert it.

use std::fs;
use std::path::PathBuf;

use gainsay_campaign::{RecordOptions, Recorded};
use gainsay_case::Limits;

use crate::cli_error::CliError;
use crate::console::Console;
use crate::engine_list::EngineList;
use crate::exit_code::ExitCode;
use crate::interrupt;
use crate::number;
use crate::table::count;
use crate::worker_args::WorkerArgs;

/// Options of `record`.
#[derive(Debug, clap::Args)]
#[command(after_help = "The scripts judge a changed reference by itself: scripts/mutants.")]
pub struct Args {
    /// Number of cases to run
    #[arg(long, value_name = "N", value_parser = number::positive::<u64>)]
    cases: u64,
    /// The seed
    #[arg(long, value_name = "S", value_parser = number::any::<u64>, default_value_t = 0)]
    seed: u64,
    /// Directory for the scripts
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    engines: EngineList,
    #[command(flatten)]
    workers: WorkerArgs,
}

/// Run the cases and write those that all agree on.
pub fn run(args: Args, console: &Console) -> Result<ExitCode, CliError> {
    let options = RecordOptions {
        engines: args.engines.ids_among(args.workers.has_workers())?,
        cases: args.cases,
        seed: args.seed,
        out: args.out,
        limits: Limits::default(),
        worker: args.workers.worker_options(),
    };
    if fs::read_dir(&options.out).is_ok_and(|mut entries| entries.next().is_some()) {
        let out = options.out.display();
        return Err(CliError::usage(format!(
            "{out} is not empty: name a new directory with --out"
        )));
    }
    let stop = interrupt::stop_flag()?;
    let recorded = gainsay_campaign::record(&options, &stop)?;
    console.result(&text(&recorded), &recorded);
    Ok(if recorded.assertions == 0 { ExitCode::NothingRun } else { ExitCode::Agree })
}

fn text(recorded: &Recorded) -> String {
    let mut text = format!(
        "{} of {} cases, generated and mutated ones, recorded: {} assertions, {} of them of refused \
         modules\n",
        count(recorded.scripts),
        count(recorded.considered),
        count(recorded.assertions),
        count(recorded.refused),
    );
    for (verdict, cases) in &recorded.left_out {
        text += &format!("  left out, {verdict}: {}\n", count(*cases));
    }
    text
}
