//! `gainsay replay`: corpus files, run again.

use std::path::PathBuf;

use gainsay_campaign::ReplayOptions;
use gainsay_case::Limits;
use gainsay_findings::{ReplayFile, ReplaySummary};

use super::hunt::Watchdog;
use crate::cli_error::CliError;
use crate::console::Console;
use crate::engine_list::EngineList;
use crate::exit_code::ExitCode;
use crate::interrupt;
use crate::report;
use crate::table::{count, plural};

/// Options of `replay`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, or directories that are searched for *.wast and *.scenario
    #[arg(value_name = "PATH", default_value = "corpus")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    engines: EngineList,
    #[command(flatten)]
    watchdog: Watchdog,
}

/// Replay the files and report which ones fail or diverge.
pub fn run(args: Args, console: &Console) -> Result<ExitCode, CliError> {
    let options = ReplayOptions {
        paths: args.paths,
        engines: args.engines.ids()?,
        limits: Limits::default(),
        worker: args.watchdog.worker_options(),
    };
    let stop = interrupt::stop_flag()?;
    let progress = |done: usize, of: usize| {
        if console.is_live() {
            console.progress(&format!("{done}/{of} files"));
        }
    };
    let summary = gainsay_campaign::replay(&options, &stop, &progress)?;
    console.result(&text(&summary), &summary);
    Ok(ExitCode::from(&summary))
}

fn text(summary: &ReplaySummary) -> String {
    let mut text: String = summary.files.iter().map(file_text).collect();
    let engines: Vec<&str> = summary.engines.iter().map(|engine| engine.id.as_str()).collect();
    text += &format!(
        "{} on {}: {} agreed, {} diverged\nassertions: {} passed, {} failed, {} failed by known bugs, {} skipped\n",
        plural(summary.files.len() as u64, "file"),
        engines.join(", "),
        count(summary.agreed),
        count(summary.diverged),
        count(summary.passed),
        count(summary.failed),
        count(summary.known),
        count(summary.skipped),
    );
    text + &report::verdicts(&summary.verdicts)
}

/// What is wrong with a file; nothing if nothing is.
fn file_text(file: &ReplayFile) -> String {
    let path = file.path.display();
    let mut text = String::new();
    if let Some(error) = &file.error {
        text += &format!("{path}: {error}\n");
    }
    for divergence in &file.divergences {
        text += &format!(
            "{path}: {}: {}\n  {}\n",
            divergence.kind, divergence.detail, divergence.signature
        );
    }
    for assertions in file.assertions.iter().filter(|assertions| assertions.failed > 0) {
        let failed = plural(assertions.failed, "assertion");
        text += &format!("{path}: {failed} failed on {}\n", assertions.engine);
        for failure in &assertions.failures {
            text += &format!("  {failure}\n");
        }
    }
    text
}
