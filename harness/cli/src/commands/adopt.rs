//! `gainsay adopt`: from a fuzz target's crash input to a corpus case.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use clap::ValueEnum;
use gainsay_campaign::{ShrinkOptions, shrink};
use gainsay_case::text::{Header, Script};
use gainsay_case::{Case, Limits, execute};
use gainsay_engines::registry;
use gainsay_findings::ShrinkBounds;
use gainsay_fuzzing::{Adopted as Input, adopt};
use gainsay_lifecycle::Scenario;
use gainsay_supervisor::WorkerSpec;
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use crate::cli_error::CliError;
use crate::console::Console;
use crate::exit_code::ExitCode;
use crate::files;
use crate::stored;

/// Options of `adopt`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A case about which the engines of the target differ is minimised, and asserts what the reference \
did; any other asserts what wasmtime did with it. When the specification says otherwise, mend the \
assertions: CONTRIBUTING.md.")]
pub struct Args {
    /// The input on which the fuzz target stopped
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The fuzz target [default: the name of the file's directory]
    #[arg(long, value_enum)]
    target: Option<Target>,
    /// Directory for the new case
    #[arg(long, value_name = "DIR", default_value = "corpus")]
    out: PathBuf,
}

/// The fuzz targets, as their files are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Target {
    /// bytes decide a case, run on several engines
    Differential,
    /// bytes decide a sequence of operations, run on several engines
    Lifecycle,
    /// Accept or reject a binary
    Validate,
    /// A case to text and back
    WastRoundtrip,
}

impl Target {
    /// Whether its inputs decide what a case is.
    fn has_cases(self) -> bool {
        matches!(self, Target::Differential | Target::Lifecycle)
    }
}

#[derive(Serialize)]
struct Adopted {
    file: PathBuf,
}

/// Write the case into the corpus.
pub fn run(args: Args, console: &Console) -> Result<ExitCode, CliError> {
    let bytes = files::bytes(&args.file)?;
    let name = target_name(target(&args)?);
    // The target `validate` is about modules, and others take any bytes for decisions.
    let foreign = stored::foreign(&bytes).filter(|_| target(&args).is_ok_and(Target::has_cases));
    let input =
        foreign.map_or_else(|| adopt(&name, &bytes), |reason| Err(format!("it is {reason}")));
    let input = input.map_err(|reason| {
        let file = args.file.display();
        CliError::usage(format!("{file} is not an input of the target {name}: {reason}"))
    })?;
    fs::create_dir_all(&args.out).map_err(|error| CliError::path("create", &args.out, &error))?;
    let stem = args.out.join(format!("{name}-{:016x}", xxh3_64(&bytes)));
    let file = match input {
        Input::Scenario(scenario) => adopt_scenario(&stem, &name, &scenario)?,
        Input::Case(case, engines) => adopt_case(&stem, &name, case, engines)?,
    };
    let adopted = Adopted { file };
    console.result(&format!("{}\n", adopted.file.display()), &adopted);
    Ok(ExitCode::Agree)
}

/// Write a sequence: it asserts nothing, for the model does.
fn adopt_scenario(stem: &Path, name: &str, scenario: &Scenario) -> Result<PathBuf, CliError> {
    let path = stem.with_extension("scenario");
    write(&path, &format!("; adopted from the fuzz target {name}\n{scenario}"))?;
    Ok(path)
}

/// Write a case; made small, in workers, where its engines differ about it.
fn adopt_case(
    stem: &Path,
    name: &str,
    case: Case,
    engines: Vec<String>,
) -> Result<PathBuf, CliError> {
    let path = stem.with_extension("wast");
    let header: Header =
        [("adopted", format!("from the fuzz target {name}"))].into_iter().collect();
    // Written before it runs as well, for what it runs on may end this process.
    let script = Script { header: header.clone(), case: case.clone(), ..Script::default() };
    write(&path, &script.to_text())?;
    let options = ShrinkOptions {
        path: path.clone(),
        engines,
        limits: Limits::default(),
        worker: WorkerSpec::default(),
        bounds: ShrinkBounds::default(),
    };
    if !options.engines.is_empty()
        && let Ok(small) = shrink(&options, &AtomicBool::new(false), &|_| {})
    {
        write(&path, &small.text)?;
        return Ok(path);
    }
    let script = Script { header: asserting(header), ..judged(case)? };
    write(&path, &script.to_text())?;
    Ok(path)
}

fn write(path: &Path, text: &str) -> Result<(), CliError> {
    fs::write(path, text).map_err(|error| CliError::path("write", path, &error))
}

/// Whose behaviour an adopted case asserts. Most of what fuzzing turns up is the
/// reference's mistake, so not the reference's.
const WITNESS: &str = "wasmtime-cranelift";

fn asserting(mut header: Header) -> Header {
    header.push("asserts", WITNESS);
    header
}

fn judged(case: Case) -> Result<Script, CliError> {
    let engine = registry::find(&[WITNESS.to_owned()])?.remove(0);
    let outcome = execute(&*engine, &case, &Limits::default());
    Ok(Script::new(case, Some(&outcome)))
}

fn target(args: &Args) -> Result<Target, CliError> {
    let directory = args.file.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    let inferred = directory.and_then(|name| Target::from_str(name, false).ok());
    args.target.or(inferred).ok_or_else(|| {
        let names: Vec<String> =
            Target::value_variants().iter().map(|target| target_name(*target)).collect();
        CliError::usage(format!("name the fuzz target with --target: {}", names.join(", ")))
    })
}

fn target_name(target: Target) -> String {
    target.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}
