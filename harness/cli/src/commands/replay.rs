//! `gainsay replay`: corpus files, run again.

use std::collections::BTreeMap;
use std::path::PathBuf;

use gainsay_campaign::ReplayOptions;
use gainsay_case::Limits;
use gainsay_findings::{ReplayFile, ReplaySummary};

use crate::cli_error::CliError;
use crate::console::Console;
use crate::engine_list::EngineList;
use crate::exit_code::ExitCode;
use crate::interrupt;
use crate::report;
use crate::table::{count, plural};
use crate::worker_args::WorkerArgs;

/// Options of `replay`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Each file is run on every engine: what it asserts, and the engines against each other.
`agreed`: the engines were compared and agree, and every assertion held. `diverged`: they differ. \
`wrong`: an assertion failed, or the file cannot be run. `inconclusive`: a limit was hit, a feature \
is missing or time ran out before they could be compared. `not compared`: the file has nothing but \
directives that no case can have (threads, malformed text), so that its assertions were run alone.

Exit codes: 0 all that was compared agrees; 1 a path is wrong; 2 something failed or diverges; 3 \
nothing could be compared to the end; 4 there was nothing to run; 130 interrupted.")]
pub struct Args {
    /// Files, or directories to search for *.wast and *.scenario
    #[arg(value_name = "PATH", default_value = "corpus")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    engines: EngineList,
    #[command(flatten)]
    workers: WorkerArgs,
}

/// Replay the files and report which ones fail or diverge.
pub fn run(args: Args, console: &Console) -> Result<ExitCode, CliError> {
    let options = ReplayOptions {
        paths: args.paths,
        engines: args.engines.ids_among(args.workers.has_workers())?,
        limits: Limits::default(),
        worker: args.workers.worker_options(),
    };
    let stop = interrupt::end_flag()?;
    let progress = |done: usize, of: usize| {
        if console.is_live() {
            console.progress(&format!("{done}/{of} files"));
        }
    };
    let summary = gainsay_campaign::replay(&options, &stop, &progress)?;
    console.result(&text(&summary, console.is_verbose()), &summary);
    Ok(ExitCode::from(&summary))
}

fn text(summary: &ReplaySummary, is_verbose: bool) -> String {
    let of_file = |file: &ReplayFile| file_text(file, is_verbose);
    let mut text: String = summary.files.iter().map(of_file).collect();
    let engines: Vec<&str> = summary.engines.iter().map(|engine| engine.id.as_str()).collect();
    text += &format!(
        "{} on {}: {} agreed, {} diverged{}\n",
        plural(summary.files.len() as u64, "file"),
        engines.join(", "),
        count(summary.agreed),
        count(summary.diverged),
        [
            (summary.wrong, "wrong"),
            (summary.inconclusive, "inconclusive"),
            (summary.asserted, "not compared"),
            (summary.empty, "without anything to run"),
        ]
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!(", {} {what}", count(*number)))
        .collect::<String>()
    );
    text += &format!(
        "assertions    {} passed, {} failed, {} failed by known bugs, {} skipped\n",
        count(summary.passed),
        count(summary.failed),
        count(summary.known),
        count(summary.skipped),
    );
    for (reason, number) in skipped(summary) {
        text += &format!("  {} skipped: {reason}\n", count(number));
    }
    text += &report::reasons("allowed", &summary.verdicts.allowed);
    text += &report::reasons("inconclusive", &summary.verdicts.inconclusive);
    if summary.interrupted {
        text += "interrupted: what is above is not all\n";
    }
    text
}

/// Why assertions were skipped, over all files and engines.
fn skipped(summary: &ReplaySummary) -> BTreeMap<String, u64> {
    let mut reasons = BTreeMap::new();
    let assertions = summary.files.iter().flat_map(|file| &file.assertions);
    for (reason, number) in assertions.flat_map(|assertions| &assertions.skipped) {
        *reasons.entry(reason.clone()).or_default() += number;
    }
    reasons
}

/// What there is to say of a file; nothing if all of it agrees.
fn file_text(file: &ReplayFile, is_verbose: bool) -> String {
    let path = file.path.display();
    let mut text = String::new();
    if is_verbose {
        text += &format!("{path}: {}\n", file.fate().name());
    }
    if let Some(error) = &file.error {
        text += &format!("{path}: {error}\n");
    }
    for divergence in &file.divergences {
        let line = divergence.line.map(|line| format!(":{line}")).unwrap_or_default();
        text += &format!(
            "{path}{line}: diverges: {}\n  signature  {}\n",
            divergence.detail, divergence.signature
        );
    }
    if let Some(reason) = &file.inconclusive {
        text += &format!("{path}: inconclusive: {reason}\n");
    }
    for note in &file.notes {
        text += &format!("{path}: {note}\n");
    }
    for assertions in file.assertions.iter().filter(|assertions| assertions.failed > 0) {
        let failed = plural(assertions.failed, "assertion");
        text += &format!("{path}: {failed} failed on {}\n", assertions.engine);
        for failure in &assertions.failures {
            text += &format!("  {path}:{failure}\n");
        }
    }
    text
}
