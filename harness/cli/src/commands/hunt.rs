//! `gainsay hunt`: a campaign.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use gainsay_campaign::{DEFAULT_BUDGET, HuntOptions};
use gainsay_case::CaseKind;
use gainsay_findings::{
    Budget, CampaignEvent, Phase, Progress, Shard, ShrinkBounds, Sink, StoredCases, shell_word,
};
use gainsay_supervisor::WorkerSpec;

use crate::cli_error::CliError;
use crate::console::Console;
use crate::duration::{self, Span};
use crate::engine_list::EngineList;
use crate::exit_code::ExitCode;
use crate::interrupt;
use crate::number;
use crate::report;
use crate::stored::Collected;
use crate::table::{count, percent, plural};
use crate::worker_args::WorkerArgs;

/// Options of `hunt`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to generate: modules with calls of their exports, or sequences of host operations
    #[arg(long, value_enum, default_value_t = Kind::Modules)]
    kind: Kind,
    #[command(flatten)]
    engines: EngineList,
    /// Stop after this time (60s, 10m, 1h30m), including time before a resumption [default: 60s]
    #[arg(long = "for", value_name = "TIME")]
    time: Option<Span>,
    /// Stop after this many cases of the whole campaign instead of after a time
    #[arg(long, value_name = "N", conflicts_with = "time", value_parser = number::positive::<u64>)]
    cases: Option<u64>,
    /// Seed of all cases [default: a new one, which is printed]
    #[arg(long, value_name = "S", value_parser = number::any::<u64>)]
    seed: Option<u64>,
    /// Start with the cases in this directory: .wast files, or inputs of the fuzz target `differential`
    #[arg(long, value_name = "DIR")]
    from: Vec<PathBuf>,
    /// Run one shard of the campaign: 1/3, 2/3, 3/3; `merge` combines them
    #[arg(long, value_name = "k/n", requires = "seed")]
    shard: Option<Shard>,
    /// Worker processes [default: one per core]
    #[arg(short, long, value_name = "J", value_parser = number::positive::<u16>)]
    jobs: Option<u16>,
    /// The campaign's directory [default: a new ./campaign-S]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Continue the campaign in this directory, up to its own bound or the one given
    #[arg(long, value_name = "DIR", conflicts_with_all = ["engines", "seed", "shard", "out", "from"])]
    resume: Option<PathBuf>,
    #[command(flatten)]
    workers: WorkerArgs,
    /// Executions to spend on minimising one finding
    #[arg(
        long,
        value_name = "N",
        value_parser = number::any::<u32>,
        default_value_t = ShrinkBounds::default().attempts_max
    )]
    shrink_attempts: u32,
    /// Do not run the canary, a planted wrong engine that the campaign must catch
    #[arg(long)]
    no_canary: bool,
}

/// What cases are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    // Without a word on each of them the help stays short.
    Modules,
    Lifecycle,
}

impl From<Kind> for CaseKind {
    fn from(kind: Kind) -> CaseKind {
        match kind {
            Kind::Modules => CaseKind::Modules,
            Kind::Lifecycle => CaseKind::Sequences,
        }
    }
}

/// Run a campaign and report what it came to.
pub fn run(args: Args, console: &Console) -> Result<ExitCode, CliError> {
    let collected = Collected::from(&args.from)?;
    if !args.from.is_empty() {
        console.note(collected.account());
    }
    let options = options(&args, collected.cases)?;
    let stop = interrupt::stop_flag()?;
    console.note(announcement(&options));
    let sink = ConsoleSink { console, shown: Mutex::new(None) };
    let summary = gainsay_campaign::hunt(&options, &stop, &sink)?.from_here();
    console.result(&report::summary(&summary), &summary);
    if summary.interrupted {
        let budget = summary.budget.map(bound).unwrap_or_default();
        let directory = shell_word(&options.out.display().to_string());
        console.note(format_args!("continue with: gainsay hunt --resume {directory}{budget}"));
    }
    let is_stopped = stop.load(Ordering::Relaxed) && summary.interrupted;
    Ok(match ExitCode::from(&summary) {
        ExitCode::Fault => ExitCode::Fault,
        _ if is_stopped => ExitCode::Interrupted,
        other => other,
    })
}

fn options(args: &Args, stored: StoredCases) -> Result<HuntOptions, CliError> {
    let defaults = HuntOptions::default();
    let seed = args.seed.unwrap_or_else(new_seed);
    let out = match (&args.resume, &args.out) {
        (Some(directory), _) | (None, Some(directory)) => directory.clone(),
        (None, None) => new_directory(Path::new(""), seed),
    };
    Ok(HuntOptions {
        engines: args.engines.ids_among(args.workers.has_workers())?,
        budget: budget(args),
        seed,
        stored,
        shard: args.shard.unwrap_or(Shard::WHOLE),
        jobs: args.jobs.map_or(defaults.jobs, usize::from),
        out,
        resume: args.resume.is_some(),
        limits: defaults.limits,
        worker: WorkerSpec { kind: args.kind.into(), ..args.workers.worker_options() },
        canary: !args.no_canary,
        shrink: ShrinkBounds { attempts_max: args.shrink_attempts },
    })
}

/// How long the campaign is to be.
fn budget(args: &Args) -> Option<Budget> {
    match (args.cases, args.time) {
        (Some(cases), _) => Some(Budget::Cases(cases)),
        (None, Some(Span(time))) => Some(Budget::Time(time)),
        (None, None) => None,
    }
}

/// The option that says this again.
fn bound(budget: Budget) -> String {
    match budget {
        Budget::Cases(cases) => format!(" --cases {cases}"),
        Budget::Time(time) => {
            let short = Span(time).to_string();
            let is_exact = short.parse::<Span>().is_ok_and(|read| read.0 == time);
            match is_exact {
                true => format!(" --for {short}"),
                false => format!(" --for {}s", time.as_secs()),
            }
        }
    }
}

/// A seed that is easy to type again; nothing but its novelty matters.
fn new_seed() -> u64 {
    RandomState::new().build_hasher().finish() % 1_000_000_000
}

/// `campaign-S`, or `campaign-S-2` and so on if that is taken.
fn new_directory(parent: &Path, seed: u64) -> PathBuf {
    let first = parent.join(format!("campaign-{seed}"));
    let later = (2u64..).map(|number| parent.join(format!("campaign-{seed}-{number}")));
    let mut candidates = std::iter::once(first.clone()).chain(later);
    candidates.find(|candidate| !candidate.exists()).unwrap_or(first)
}

/// What is about to be done and for how long.
fn announcement(options: &HuntOptions) -> String {
    let (case, over, all) = match options.worker.kind {
        CaseKind::Modules => ("case", "", "all embedded engines"),
        CaseKind::Sequences => ("sequence", " through sequences of operations", "all backends"),
    };
    let budget = |budget| match budget {
        Budget::Cases(cases) => plural(cases, case),
        Budget::Time(time) => duration::text(time),
    };
    let jobs = match options.jobs {
        0 => "one job per core".to_owned(),
        jobs => plural(jobs as u64, "job"),
    };
    let directory = options.out.display();
    if options.resume {
        let bound = match options.budget {
            Some(asked) => format!("up to {} in all", budget(asked)),
            None => "up to its own bound".to_owned(),
        };
        return format!("continuing {directory} {bound}, {jobs}");
    }
    let engines = match options.engines.as_slice() {
        [] => all.to_owned(),
        ids => ids.join(", "),
    };
    let shard = match options.shard {
        Shard::WHOLE => String::new(),
        shard => format!(", shard {shard}"),
    };
    let budget = budget(options.budget.unwrap_or(DEFAULT_BUDGET));
    format!(
        "hunting{over} for {budget}: {engines}; seed {}{shard}, {jobs}; results in {directory}",
        options.seed
    )
}

/// Between two plain lines of progress.
pub const PLAIN_INTERVAL: Duration = Duration::from_secs(10);

/// Shows how far a campaign is.
struct ConsoleSink<'a> {
    console: &'a Console,
    /// When it was shown last.
    shown: Mutex<Option<Instant>>,
}

impl Sink for ConsoleSink<'_> {
    fn take(&self, event: CampaignEvent<'_>) -> Result<(), String> {
        let CampaignEvent::Progress(progress) = event else { return Ok(()) };
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if self.console.is_live() || shown.is_none_or(|at| at.elapsed() >= PLAIN_INTERVAL) {
            *shown = Some(Instant::now());
            self.console.progress(&progress_line(progress));
        }
        Ok(())
    }
}

fn progress_line(progress: &Progress) -> String {
    let found = plural(progress.findings, "finding");
    if progress.phase == Phase::Minimising {
        let Progress { witnesses, witnesses_minimised, .. } = progress;
        let at = (witnesses_minimised + 1).min(*witnesses);
        return format!("{} cases, {found}; minimising {at} of {witnesses}", count(progress.cases));
    }
    let of = progress.cases_max.map(|cases| format!("/{}", count(cases))).unwrap_or_default();
    let left = progress.eta.map(|eta| format!(", {} left", duration::text(eta)));
    format!(
        "{}{of} cases, {:.0}/s, {} useful, {found}{}",
        count(progress.cases),
        progress.cases_per_second,
        percent(progress.useful_rate),
        left.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_says_rate_use_findings_and_time_left() {
        let progress = Progress {
            cases: 12_345,
            cases_per_second: 204.6,
            useful_rate: 0.971,
            findings: 1,
            eta: Some(Duration::from_secs(42)),
            ..Progress::default()
        };
        assert_eq!(
            progress_line(&progress),
            "12,345 cases, 205/s, 97.1 % useful, 1 finding, 42s left"
        );
    }

    #[test]
    fn a_campaign_says_beforehand_what_it_will_do_and_for_how_long() {
        let options = HuntOptions { seed: 7, jobs: 2, ..HuntOptions::default() };
        assert_eq!(
            announcement(&options),
            "hunting for 1m: all embedded engines; seed 7, 2 jobs; results in campaign"
        );
    }
}
