//! `gainsay wast`: scripts with their assertions.

use std::path::PathBuf;

use gainsay_campaign::Supervised;
use gainsay_case::text::Place;
use gainsay_case::{Capabilities, Limits};
use gainsay_script::{Dialect, FileReport, Script, left_over};
use gainsay_supervisor::WorkerSpec;
use serde::Serialize;

use crate::cli_error::CliError;
use crate::console::Console;
use crate::engine_list::EngineChoice;
use crate::exit_code::ExitCode;
use crate::files;
use crate::format::Format;
use crate::language::LanguageArgs;
use crate::number;
use crate::report::wast::{EngineReport, Rows, reasons, totals};
use crate::script_file::ScriptFile;
use crate::suite;
use crate::worker_args::Watchdog;

/// Options of `wast`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A skipped assertion has a counted reason and is not a pass. `text` counts assertions about \
malformed text, which the parser of scripts refuses as it should: no engine saw it.
A directive that takes longer than --case-time, or that its engine dies of, has failed; the rest \
of the script goes on in a fresh process where a new module starts. One that needs more than \
--worker-memory is skipped.
Scripts of wasmtime are told by their lines `;;!`, those of wasm-tools by `;; RUN`.

Limits: 8 GiB for each memory, --worker-memory for all that the engine holds, 10,000,000 elements \
in a table; those of the reference beside these are in `gainsay run --help`.
As JSON: {\"engine\", \"version\", \"files\": [{\"path\", \"passed\", \"failed\", \"skipped\"}]} for \
one engine, {\"engines\": [the same of each]} for several.

Exit codes: 0 all passed; 2 something failed; 3 no assertion held, some were skipped; 4 there was \
nothing to run.")]
pub struct Args {
    /// Scripts, or directories to search for *.wast
    #[arg(value_name = "FILE|DIR", required_unless_present = "suite")]
    paths: Vec<PathBuf>,
    /// Parts of the official suite: 1.0, 2.0 (without SIMD), 3.0, or a proposal
    /// such as simd, tail-call, memory64
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    suite: Vec<String>,
    #[command(flatten)]
    engines: EngineChoice,
    /// The scripts' dialect: spec, wasmtime or wasm-tools [default: guessed from each file]
    #[arg(long, value_name = "D")]
    dialect: Option<Dialect>,
    /// Accept any trap where a trap is asserted
    #[arg(long)]
    ignore_messages: bool,
    #[command(flatten)]
    language: LanguageArgs,
    #[command(flatten)]
    watchdog: Watchdog,
    /// Size limit of a script, in MiB
    #[arg(long, value_name = "MIB", value_parser = number::positive::<u64>, default_value_t = 64)]
    script_size: u64,
}

/// Several engines, each in the form that one has alone.
#[derive(Serialize)]
struct Reports<'a> {
    engines: &'a [EngineReport],
}

/// Larger than any script of the suite asks for, and than most machines have to
/// spare: only what is touched is used, which the watchdog counts.
const MEMORY_BYTES_MAX: u64 = 8 << 30;
const TABLE_ELEMENTS_MAX: u64 = 10_000_000;

/// Run the scripts on every engine named.
pub fn run(args: Args, console: &Console) -> Result<ExitCode, CliError> {
    let ids = args.engines.ids()?;
    let scripts = scripts(&args)?;
    let language = args.language.proposals()?;
    let mut reports = Vec::new();
    for id in &ids {
        reports.push(run_on(id, &scripts, &language, &args, console)?);
    }
    if console.format == Format::Text {
        console.text(&totals(&reports));
    } else if let [report] = reports.as_slice() {
        console.json(report);
    } else {
        console.json(&Reports { engines: &reports });
    }
    Ok(exit_code(&reports))
}

fn scripts(args: &Args) -> Result<Vec<ScriptFile>, CliError> {
    let mut scripts = Vec::new();
    for name in &args.suite {
        let part = suite::scripts(name).ok_or_else(|| {
            let known = suite::names().join(", ");
            CliError::usage(format!("the suite has no part {name:?}; there are {known}"))
        })?;
        scripts.extend(part.into_iter().map(ScriptFile::Suite));
    }
    scripts.extend(files::scripts(&args.paths)?.into_iter().map(ScriptFile::Path));
    if let [script] = scripts.as_slice() {
        // Of several one that cannot be read is one that failed.
        script.read(args.script_bytes_max(), args.dialect)?;
    }
    Ok(scripts)
}

impl Args {
    fn script_bytes_max(&self) -> u64 {
        self.script_size.saturating_mul(1 << 20)
    }
}

/// Runs the scripts on one engine, and in the text form says at once what came of each.
fn run_on(
    id: &str,
    scripts: &[ScriptFile],
    language: &Option<Capabilities>,
    args: &Args,
    console: &Console,
) -> Result<EngineReport, CliError> {
    let mut engines = Engines { id, worker: args.watchdog.worker_options(), open: Vec::new() };
    let info = engines.for_language(language)?.info.clone();
    let paths: Vec<String> = scripts.iter().map(ScriptFile::path).collect();
    let rows = Rows::of(&paths, console.is_verbose());
    let say = |text: String| {
        if console.format == Format::Text {
            console.text(&text);
        }
    };
    say(format!("{} {}\n{}", info.id, info.version, rows.head()));
    let mut files = Vec::with_capacity(scripts.len());
    for (script, path) in scripts.iter().zip(&paths) {
        if console.is_live() {
            let done = files.len();
            console.progress(&format!("{}: {done}/{} {path}", info.id, scripts.len()));
        }
        let file = one(script, path, &mut engines, language, args)?;
        say(rows.file(&file));
        files.push(file);
    }
    let report = EngineReport { engine: info.id, version: info.version, files };
    say(reasons(&report, console.is_verbose()));
    Ok(report)
}

fn one(
    script: &ScriptFile,
    path: &str,
    engines: &mut Engines<'_>,
    language: &Option<Capabilities>,
    args: &Args,
) -> Result<FileReport, CliError> {
    let read = match script.read(args.script_bytes_max(), args.dialect) {
        Ok(read) => read,
        Err(error) => {
            let mut report = FileReport::of(path);
            report.fail(1, Place { line: 1, column: 1 }, error.to_string());
            return Ok(report);
        }
    };
    if let Some(obstacle) = &read.obstacle {
        let mut report = FileReport::of(path);
        left_over(&read.text, 0, obstacle, &mut report);
        return Ok(report);
    }
    let said = Script::of(&read.text);
    let script = Script {
        dialect: args.dialect.unwrap_or(said.dialect),
        ignores_messages: args.ignore_messages,
        ..said
    };
    let language = match (language, read.language) {
        (Some(asked), Some(said)) => Some(asked.intersection(&said).copied().collect()),
        (asked, said) => said.or_else(|| asked.clone()),
    };
    Ok(engines.for_language(&language)?.script(path, &script)?)
}

/// One engine, in a process for each language that scripts are about.
struct Engines<'a> {
    id: &'a str,
    worker: WorkerSpec,
    /// The last used first.
    open: Vec<(Option<Capabilities>, Supervised)>,
}

/// Processes that are kept.
const OPEN_MAX: usize = 4;

impl Engines<'_> {
    fn for_language(
        &mut self,
        language: &Option<Capabilities>,
    ) -> Result<&mut Supervised, CliError> {
        let entry = match self.open.iter().position(|(open, _)| open == language) {
            Some(at) => self.open.remove(at),
            None => {
                let limits = Limits {
                    memory_bytes_max: MEMORY_BYTES_MAX,
                    table_elements_max: TABLE_ELEMENTS_MAX,
                    ..Limits::default()
                };
                let worker = WorkerSpec { language: language.clone(), ..self.worker.clone() };
                self.open.truncate(OPEN_MAX - 1);
                (language.clone(), Supervised::open(self.id, &limits, &worker)?)
            }
        };
        self.open.insert(0, entry);
        Ok(&mut self.open[0].1)
    }
}

fn exit_code(reports: &[EngineReport]) -> ExitCode {
    let sum = |field: fn(&FileReport) -> u64| -> u64 {
        reports.iter().flat_map(|report| &report.files).map(field).sum()
    };
    if sum(|file| file.failed) > 0 {
        ExitCode::Findings
    } else if sum(|file| file.passed) > 0 {
        ExitCode::Agree
    } else if sum(|file| file.skipped + file.text) > 0 {
        ExitCode::Inconclusive
    } else if sum(|file| file.directives) > 0 {
        ExitCode::Agree
    } else {
        ExitCode::NothingRun
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exit_code_of(passed: u64, failed: u64, skipped: u64, directives: u64) -> ExitCode {
        let file = FileReport { passed, failed, skipped, directives, ..FileReport::default() };
        let (engine, version) = (String::new(), String::new());
        exit_code(&[EngineReport { engine, version, files: vec![file] }])
    }

    #[test]
    fn only_what_passed_is_a_success() {
        assert_eq!(exit_code_of(3, 0, 9, 1), ExitCode::Agree);
        assert_eq!(exit_code_of(3, 1, 9, 1), ExitCode::Findings);
        assert_eq!(exit_code_of(0, 0, 9, 5), ExitCode::Inconclusive);
        assert_eq!(exit_code_of(0, 0, 0, 5), ExitCode::Agree);
        assert_eq!(exit_code_of(0, 0, 0, 0), ExitCode::NothingRun);
    }
}
