//! `gainsay wast`: scripts with their assertions.

use std::path::PathBuf;

use gainsay_campaign::{Supervised, WorkerOptions};
use gainsay_case::script::FileReport;
use gainsay_case::{Capabilities, Limits};
use gainsay_engines::registry;
use serde::Serialize;

use crate::cli_error::CliError;
use crate::console::Console;
use crate::engine_list;
use crate::exit_code::ExitCode;
use crate::files;
use crate::suite::{self, Script};
use crate::table::{Table, count, plural};

/// Options of `wast`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A skipped assertion has a counted reason and is not a pass.
Exit codes: 0 all passed; 2 something failed; 3 everything was skipped; 4 there was nothing to run.")]
pub struct Args {
    /// Scripts, or directories that are searched for *.wast
    #[arg(value_name = "FILE|DIR", required_unless_present = "suite")]
    paths: Vec<PathBuf>,
    /// Parts of the official suite: 1.0, 2.0 (without SIMD), 3.0, or a proposal
    /// such as simd, tail-call, memory64
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    suite: Vec<String>,
    /// Engines, separated by commas, or `all`
    #[arg(
        long,
        alias = "engines",
        value_name = "E",
        value_delimiter = ',',
        default_value = "reference"
    )]
    engine: Vec<String>,
}

/// What one engine made of the scripts.
#[derive(Serialize)]
struct EngineReport {
    engine: String,
    version: String,
    files: Vec<FileReport>,
}

/// Several engines, each in the form that one has alone.
#[derive(Serialize)]
struct Reports<'a> {
    engines: &'a [EngineReport],
}

/// Larger than any script of the suite asks for, and than most machines have to
/// spare: only what is touched is used.
const MEMORY_BYTES_MAX: u64 = 8 << 30;
const TABLE_ELEMENTS_MAX: u64 = 10_000_000;

/// Run the scripts on every engine named.
pub fn run(args: Args, console: &Console) -> Result<ExitCode, CliError> {
    let ids = match engine_list::ids(&args.engine)? {
        ids if ids.is_empty() => registry::default_ids(),
        ids => ids,
    };
    let scripts = scripts(&args)?;
    let mut reports = Vec::new();
    for id in &ids {
        reports.push(run_on(id, &scripts, console)?);
    }
    let text: String = reports.iter().map(text).collect();
    let text = text + &totals(&reports);
    match reports.as_slice() {
        [report] => console.result(&text, report),
        engines => console.result(&text, &Reports { engines }),
    }
    Ok(exit_code(&reports))
}

fn scripts(args: &Args) -> Result<Vec<Script>, CliError> {
    let mut scripts = Vec::new();
    for name in &args.suite {
        scripts.extend(suite::scripts(name).ok_or_else(|| {
            let known = suite::names().join(", ");
            CliError::usage(format!("the suite has no part {name:?}; there are {known}"))
        })?);
    }
    for path in files::scripts(&args.paths)? {
        let bytes = files::bytes(&path)?;
        let path = path.display().to_string();
        let text = String::from_utf8(bytes)
            .map_err(|_| CliError::usage(format!("{path} is no script: it is not UTF-8")))?;
        scripts.push(Script { path, text, language: None });
    }
    Ok(scripts)
}

fn run_on(id: &str, scripts: &[Script], console: &Console) -> Result<EngineReport, CliError> {
    let limits = Limits {
        memory_bytes_max: MEMORY_BYTES_MAX,
        table_elements_max: TABLE_ELEMENTS_MAX,
        ..Limits::default()
    };
    let mut engines = Engines { id, limits, open: Vec::new() };
    let info = engines.for_language(&None)?.info.clone();
    let mut files = Vec::with_capacity(scripts.len());
    for script in scripts {
        if console.is_live() {
            let done = files.len();
            console.progress(&format!("{}: {done}/{} {}", info.id, scripts.len(), script.path));
        }
        let engine = engines.for_language(&script.language)?;
        files.push(engine.script(&script.path, &script.text)?);
    }
    Ok(EngineReport { engine: info.id, version: info.version, files })
}

/// One engine, in a process for each language that scripts are about.
struct Engines<'a> {
    id: &'a str,
    limits: Limits,
    open: Vec<(Option<Capabilities>, Supervised)>,
}

impl Engines<'_> {
    fn for_language(
        &mut self,
        language: &Option<Capabilities>,
    ) -> Result<&mut Supervised, CliError> {
        let at = match self.open.iter().position(|(open, _)| open == language) {
            Some(at) => at,
            None => {
                let worker = WorkerOptions {
                    language: language.clone(),
                    resident_bytes_max: MEMORY_BYTES_MAX,
                    ..WorkerOptions::default()
                };
                let engine = Supervised::open(self.id, &self.limits, &worker)?;
                self.open.push((language.clone(), engine));
                self.open.len() - 1
            }
        };
        Ok(&mut self.open[at].1)
    }
}

/// Failures of one file that are shown; all are counted.
const FAILURES_SHOWN_MAX: usize = 10;

/// One line per file, and what failed in it.
fn text(report: &EngineReport) -> String {
    let mut text = format!("{} {}\n", report.engine, report.version);
    let mut table = Table::new(&["file", "passed", "failed", "skipped"]);
    for file in &report.files {
        table.row([file.path.clone(), count(file.passed), count(file.failed), count(file.skipped)]);
    }
    text += &table.text();
    for file in report.files.iter().filter(|file| file.failed > 0) {
        for failure in file.failures.iter().take(FAILURES_SHOWN_MAX) {
            text += &format!("  {}:{}: {}\n", file.path, failure.line, failure.message);
        }
        if file.failures.len() > FAILURES_SHOWN_MAX {
            let more = plural((file.failures.len() - FAILURES_SHOWN_MAX) as u64, "more failure");
            text += &format!("  {}: {more}\n", file.path);
        }
    }
    text + &skip_reasons(report) + "\n"
}

fn skip_reasons(report: &EngineReport) -> String {
    let mut reasons = std::collections::BTreeMap::<&str, u64>::new();
    for (reason, number) in report.files.iter().flat_map(|file| &file.skip_reasons) {
        *reasons.entry(reason).or_default() += number;
    }
    reasons
        .iter()
        .map(|(reason, number)| format!("  {} skipped: {reason}\n", count(*number)))
        .collect()
}

fn totals(reports: &[EngineReport]) -> String {
    let mut table = Table::new(&["engine", "files", "all passed", "passed", "failed", "skipped"]);
    for report in reports {
        let sum = |field: fn(&FileReport) -> u64| count(report.files.iter().map(field).sum());
        let whole = report.files.iter().filter(|file| file.failed + file.skipped == 0).count();
        table.row([
            report.engine.clone(),
            count(report.files.len() as u64),
            count(whole as u64),
            sum(|file| file.passed),
            sum(|file| file.failed),
            sum(|file| file.skipped),
        ]);
    }
    table.text()
}

fn exit_code(reports: &[EngineReport]) -> ExitCode {
    let sum = |field: fn(&FileReport) -> u64| -> u64 {
        reports.iter().flat_map(|report| &report.files).map(field).sum()
    };
    let ran = sum(|file| file.passed + file.directives);
    match (sum(|file| file.failed), ran, sum(|file| file.skipped)) {
        (1.., _, _) => ExitCode::Findings,
        (0, 1.., _) => ExitCode::Agree,
        (0, 0, 1..) => ExitCode::Inconclusive,
        (0, 0, 0) => ExitCode::NothingRun,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exit_code_of(passed: u64, failed: u64, skipped: u64) -> ExitCode {
        let file = FileReport { passed, failed, skipped, ..FileReport::default() };
        let (engine, version) = (String::new(), String::new());
        exit_code(&[EngineReport { engine, version, files: vec![file] }])
    }

    #[test]
    fn only_what_passed_is_a_success() {
        assert_eq!(exit_code_of(3, 0, 9), ExitCode::Agree);
        assert_eq!(exit_code_of(3, 1, 9), ExitCode::Findings);
        assert_eq!(exit_code_of(0, 0, 9), ExitCode::Inconclusive);
        assert_eq!(exit_code_of(0, 0, 0), ExitCode::NothingRun);
    }
}
