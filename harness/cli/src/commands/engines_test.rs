//! `gainsay engines test`: does a worker keep the contract?

use std::path::PathBuf;

use gainsay_campaign::CampaignError;
use gainsay_contract::{CHAPTERS, TRANSCRIPTS, UNSUPPORTED};
use gainsay_supervisor::{RemoteEngine, WorkerSpec};
use serde::Serialize;

use crate::cli_error::CliError;
use crate::console::Console;
use crate::exit_code::ExitCode;
use crate::known_failures::{self, KnownFailure};
use crate::table::plural;
use crate::worker_args::Watchdog;

/// Options of `engines test`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The worker is started once per conversation and once per engine and set of limits. It must
speak the protocol that harness/protocol/PROTOCOL.md describes.
As JSON: {\"engines\": [{\"id\", \"version\", \"passed\", \"excused\", \"known\", \"failures\"}], \"conversations\": {\"passed\", \"failures\"}}
Exit codes: 0 the contract is kept; 2 it is not; 5 the worker cannot be started.")]
pub struct Args {
    /// The worker and its arguments, after `--`
    #[arg(value_name = "WORKER", required = true, last = true)]
    command: Vec<String>,
    /// Clauses that the engines are known to break: an id, a clause and a reason on each line
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,
    #[command(flatten)]
    watchdog: Watchdog,
}

#[derive(Serialize)]
struct Report {
    engines: Vec<EngineReport>,
    conversations: Conversations,
}

/// How an engine of the worker did.
#[derive(Serialize)]
struct EngineReport {
    id: String,
    implementation: String,
    version: String,
    passed: usize,
    /// Clauses that do not apply, with the reason.
    excused: Vec<Excuse>,
    /// Clauses that it breaks as the list of known failures says, with the reason there.
    known: Vec<Excuse>,
    failures: Vec<Failed>,
}

#[derive(Serialize)]
struct Excuse {
    clause: String,
    reason: String,
}

/// A clause or a conversation, and what was wanted and what came.
#[derive(Serialize)]
struct Failed {
    name: String,
    message: String,
}

#[derive(Serialize)]
struct Conversations {
    passed: usize,
    failures: Vec<Failed>,
}

/// Hold the worker to the contract.
pub fn run(args: Args, console: &Console) -> Result<ExitCode, CliError> {
    let spec = spec(&args)?;
    let known = args.known.as_deref().map_or_else(|| Ok(Vec::new()), known_failures::read)?;
    let engines = RemoteEngine::all(&spec).map_err(CampaignError::from)?;
    let clauses: usize = CHAPTERS.iter().map(|chapter| chapter.clauses.len()).sum();
    console.note(format_args!(
        "testing {} with {} and {}",
        plural(engines.len() as u64, "engine"),
        plural(clauses as u64, "clause"),
        plural(TRANSCRIPTS.len() as u64, "conversation")
    ));
    let report = Report {
        engines: engines.iter().map(|engine| engine_report(engine, &known)).collect(),
        conversations: conversations(&spec),
    };
    let failures = report.engines.iter().map(|engine| engine.failures.len()).sum::<usize>()
        + report.conversations.failures.len();
    console.result(&text(&report), &report);
    Ok(match (engines.is_empty(), failures) {
        (true, _) => ExitCode::NothingRun,
        (false, 0) => ExitCode::Agree,
        (false, _) => ExitCode::Findings,
    })
}

fn spec(args: &Args) -> Result<WorkerSpec, CliError> {
    let Some((program, rest)) = args.command.split_first() else {
        return Err(CliError::usage("no worker is named: gainsay engines test -- PROGRAM ARGS"));
    };
    let options = args.watchdog.worker_options();
    Ok(WorkerSpec { program: Some(program.into()), args: rest.to_vec(), ..options })
}

fn engine_report(engine: &RemoteEngine, known: &[KnownFailure]) -> EngineReport {
    let info = engine.info();
    let mut report = EngineReport {
        id: info.id.clone(),
        implementation: info.implementation.clone(),
        version: info.version.clone(),
        passed: 0,
        excused: Vec::new(),
        known: Vec::new(),
        failures: Vec::new(),
    };
    for chapter in CHAPTERS {
        for clause in chapter.clauses {
            let name = format!("{}::{}", chapter.name, clause.name);
            if let Some(reason) = chapter.excuse(clause, engine) {
                report.excused.push(Excuse { clause: name, reason });
                continue;
            }
            let is_listed = |it: &&KnownFailure| it.engine == info.id && it.clause == name;
            match ((clause.check)(engine), known.iter().find(is_listed)) {
                (Ok(()), None) => report.passed += 1,
                (Ok(()), Some(_)) => {
                    let message = "it passes: take it off the list of known failures".to_owned();
                    report.failures.push(Failed { name, message });
                }
                (Err(_), Some(listed)) => {
                    report.known.push(Excuse { clause: name, reason: listed.reason.clone() });
                }
                (Err(message), None) => match message.split_once(UNSUPPORTED) {
                    // What an engine cannot do, and says so, is no mistake of its worker.
                    Some((_, reason)) => {
                        report.excused.push(Excuse { clause: name, reason: reason.to_owned() });
                    }
                    None => report.failures.push(Failed { name, message }),
                },
            }
        }
    }
    report
}

fn conversations(spec: &WorkerSpec) -> Conversations {
    let mut conversations = Conversations { passed: 0, failures: Vec::new() };
    for transcript in TRANSCRIPTS {
        match transcript.hold(spec) {
            Ok(()) => conversations.passed += 1,
            Err(message) => {
                let name = transcript.name.to_owned();
                conversations.failures.push(Failed { name, message });
            }
        }
    }
    conversations
}

fn text(report: &Report) -> String {
    let mut text = String::new();
    for engine in &report.engines {
        let (passed, failed) = (engine.passed, engine.failures.len());
        let (excused, known) = (engine.excused.len(), engine.known.len());
        text += &format!(
            "{} ({} {}): {passed} passed, {failed} failed, {known} known to fail, {excused} do not \
             apply\n",
            engine.id, engine.implementation, engine.version
        );
        text += &failures(&engine.failures);
        let (unsupported, lacking): (Vec<&Excuse>, Vec<&Excuse>) =
            engine.excused.iter().partition(|excuse| !excuse.reason.starts_with("no "));
        if !lacking.is_empty() {
            let lacking = plural(lacking.len() as u64, "clause");
            text += &format!("  {lacking} about proposals that it lacks\n");
        }
        for excuse in unsupported {
            text += &format!("  does not apply: {}: {}\n", excuse.clause, excuse.reason);
        }
    }
    let Conversations { passed, failures: failed } = &report.conversations;
    text += &format!("conversations: {passed} passed, {} failed\n", failed.len());
    text + &failures(failed)
}

fn failures(failed: &[Failed]) -> String {
    failed.iter().map(|failed| format!("  {}: {}\n", failed.name, failed.message)).collect()
}
