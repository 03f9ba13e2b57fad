//! `gainsay validate`: whether a module is valid, and if not, why and where.

use std::path::{Path, PathBuf};

use gainsay_campaign::{Supervised, SupervisedRun};
use gainsay_case::{Case, Limits, RefusalKind, Step, StepFailure, StepResult};
use gainsay_supervisor::WorkerSpec;
use serde::Serialize;

use crate::cli_error::CliError;
use crate::console::Console;
use crate::engine_list::EngineChoice;
use crate::exit_code::ExitCode;
use crate::files;
use crate::language::LanguageArgs;
use crate::worker_args::Watchdog;

/// Options of `validate`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A module is `valid`, `malformed` (not a module at all) or `invalid`; `rejected` by an engine that \
does not tell these two apart; `unsupported` if it needs a proposal that the engine lacks; `limit` \
if it is larger than the engine takes, or takes longer than --case-time; `component` if it is one.
As JSON: {\"files\": [{\"path\", \"results\": [{\"engine\", \"version\", \"verdict\", \"message\"}]}]}

Exit codes: 0 all are valid; 1 a file cannot be read; 2 one is refused; 3 none is, but of one an \
engine could not say.")]
pub struct Args {
    /// Modules, .wasm or .wat
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    engines: EngineChoice,
    #[command(flatten)]
    language: LanguageArgs,
    #[command(flatten)]
    watchdog: Watchdog,
}

/// What was said of the files, for programs.
#[derive(Serialize)]
struct Report {
    files: Vec<FileResults>,
}

/// What was said of one file.
#[derive(Serialize)]
struct FileResults {
    path: PathBuf,
    /// One for each engine.
    results: Vec<FileResult>,
}

/// What one engine said of one file.
#[derive(Serialize)]
struct FileResult {
    engine: String,
    version: String,
    verdict: Verdict,
    /// Why it is not valid, with the place where the engine knows it.
    message: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Valid,
    Malformed,
    Invalid,
    Rejected,
    Unsupported,
    Limit,
    Component,
    /// The engine broke.
    Fault,
}

impl Verdict {
    fn text(self) -> &'static str {
        match self {
            Verdict::Valid => "valid",
            Verdict::Malformed => "malformed",
            Verdict::Invalid => "invalid",
            Verdict::Rejected => "rejected",
            Verdict::Unsupported => "unsupported",
            Verdict::Limit => "limit",
            Verdict::Component => "component",
            Verdict::Fault => "fault",
        }
    }
}

/// Ask every engine about every file.
pub fn run(args: Args, console: &Console) -> Result<ExitCode, CliError> {
    let ids = args.engines.ids()?;
    let worker =
        WorkerSpec { language: args.language.proposals()?, ..args.watchdog.worker_options() };
    let limits = Limits::default();
    let engines = ids.iter().map(|id| Supervised::open(id, &limits, &worker));
    let mut engines = engines.collect::<Result<Vec<_>, _>>()?;
    let mut files = Vec::new();
    for path in &args.files {
        let binary = files::binary(path)?;
        let mut results = Vec::new();
        for engine in &mut engines {
            results.push(ask(engine, path, &binary, &worker)?);
        }
        files.push(FileResults { path: path.clone(), results });
    }
    let report = Report { files };
    console.result(&text(&report), &report);
    Ok(exit_code(&report))
}

fn ask(
    engine: &mut Supervised,
    path: &Path,
    binary: &files::Binary,
    worker: &WorkerSpec,
) -> Result<FileResult, CliError> {
    let (verdict, message) = match binary {
        files::Binary::Component => {
            (Verdict::Component, Some("a component; gainsay has core modules only".to_owned()))
        }
        files::Binary::Malformed(message) => (Verdict::Malformed, Some(message.clone())),
        files::Binary::Module(bytes) => {
            let module = path.display().to_string();
            let define = Step::Define { module, bytes: bytes.as_slice().into() };
            verdict(engine.run_within(&Case { steps: vec![define] }, worker.case_time_max)?)
        }
    };
    let (engine, version) = (engine.info.id.clone(), engine.info.version.clone());
    Ok(FileResult { engine, version, verdict, message })
}

fn verdict(ran: SupervisedRun) -> (Verdict, Option<String>) {
    if let Some(death) = ran.death {
        let verdict = if ran.limit.is_some() { Verdict::Limit } else { Verdict::Fault };
        return (verdict, Some([death, ran.stderr].join("\n").trim_end().to_owned()));
    }
    let result = ran.outcome.steps.into_iter().next().map(|step| step.result);
    let Some(StepResult::Failed(failure)) = result else { return (Verdict::Valid, None) };
    match failure {
        StepFailure::Rejected(message) => {
            let verdict = match ran.detail.and_then(|detail| detail.refusal) {
                Some(RefusalKind::Malformed) => Verdict::Malformed,
                Some(RefusalKind::Invalid) => Verdict::Invalid,
                None => Verdict::Rejected,
            };
            (verdict, Some(message))
        }
        StepFailure::Unsupported(message) => (Verdict::Unsupported, Some(message)),
        StepFailure::Limit(kind) => {
            let exactly = ran.detail.map_or_else(|| kind.to_string(), |detail| detail.message);
            (Verdict::Limit, Some(exactly))
        }
        StepFailure::Fault(message) => (Verdict::Fault, Some(message)),
        // To define a module runs nothing of it.
        _ => (Verdict::Fault, Some("something was run".to_owned())),
    }
}

fn text(report: &Report) -> String {
    let mut text = String::new();
    for file in &report.files {
        for result in &file.results {
            let (path, verdict) = (file.path.display(), result.verdict.text());
            text += &format!("{path}: {verdict} on {}", result.engine);
            if let Some(message) = &result.message {
                text += &format!(": {message}");
            }
            text.push('\n');
        }
    }
    text
}

fn exit_code(report: &Report) -> ExitCode {
    let verdicts = || report.files.iter().flat_map(|file| &file.results).map(|it| it.verdict);
    let is_any = |of: &[Verdict]| verdicts().any(|verdict| of.contains(&verdict));
    let refused = [Verdict::Malformed, Verdict::Invalid, Verdict::Rejected, Verdict::Fault];
    if is_any(&refused) {
        ExitCode::Findings
    } else if is_any(&[Verdict::Unsupported, Verdict::Limit, Verdict::Component]) {
        ExitCode::Inconclusive
    } else {
        ExitCode::Agree
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_outranks_an_inexpressible_value() {
        let code = |verdicts: &[Verdict]| {
            let result = |verdict: &Verdict| FileResult {
                engine: String::new(),
                version: String::new(),
                verdict: *verdict,
                message: None,
            };
            let results = verdicts.iter().map(result).collect();
            exit_code(&Report { files: vec![FileResults { path: PathBuf::new(), results }] })
        };
        assert_eq!(code(&[Verdict::Valid]), ExitCode::Agree);
        assert_eq!(code(&[Verdict::Valid, Verdict::Limit]), ExitCode::Inconclusive);
        assert_eq!(code(&[Verdict::Component, Verdict::Invalid]), ExitCode::Findings);
    }
}
