//! `gainsay adopt`: from a fuzz target's crash input to a corpus case.

use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use gainsay_case::text::{self, Header, Script};
use gainsay_case::{Capabilities, Case, Limits, Proposal, Step, execute};
use gainsay_engines::registry;
use gainsay_generate::{Decisions, case_from, module_from};
use gainsay_lifecycle::{Scenario, generate_from_bytes};
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use crate::cli_error::CliError;
use crate::console::Console;
use crate::exit_code::ExitCode;
use crate::files;

/// Options of `adopt`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The case asserts what wasmtime did with it. When the specification says otherwise, mend the
assertions: CONTRIBUTING.md.")]
pub struct Args {
    /// The input on which a fuzz target stopped
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The fuzz target [default: the name of the file's directory, as cargo-fuzz lays it out]
    #[arg(long, value_enum)]
    target: Option<Target>,
    /// The directory of the new case
    #[arg(long, value_name = "DIR", default_value = "corpus")]
    out: PathBuf,
}

/// The fuzz targets, as their files are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Target {
    /// Bytes to a case, on several engines
    Differential,
    /// Bytes to a sequence of operations, on several engines
    Lifecycle,
    /// Accept or reject a binary
    Validate,
    /// A case to text and back
    WastRoundtrip,
}

#[derive(Serialize)]
struct Adopted {
    file: PathBuf,
}

/// Write the case into the corpus.
pub fn run(args: Args, console: &Console) -> Result<ExitCode, CliError> {
    let bytes = files::bytes(&args.file)?;
    let target = target(&args)?;
    let name = target_name(target);
    if target == Target::Lifecycle {
        return adopt_sequence(&args.out, &bytes, console);
    }
    let case = case(target, &bytes)?.ok_or_else(|| {
        let file = args.file.display();
        CliError::usage(format!("{file} stands for no case of the target {name}"))
    })?;
    fs::create_dir_all(&args.out).map_err(|error| CliError::path("create", &args.out, &error))?;
    let path = args.out.join(format!("{name}-{:016x}.wast", xxh3_64(&bytes)));
    let write = |script: Script| {
        let text = script.to_text();
        fs::write(&path, text).map_err(|error| CliError::path("write", &path, &error))
    };
    let header: Header =
        [("adopted", format!("from the fuzz target {name}"))].into_iter().collect();
    // Written before it runs as well, for it may end this process.
    write(Script { header: header.clone(), case: case.clone(), ..Script::default() })?;
    write(Script { header: asserting(header), ..judged(case)? })?;
    let adopted = Adopted { file: path };
    console.result(&format!("{}\n", adopted.file.display()), &adopted);
    Ok(ExitCode::Agree)
}

/// Write the sequence that the target saw in these bytes into the corpus: it asserts nothing,
/// for the model does.
fn adopt_sequence(out: &Path, bytes: &[u8], console: &Console) -> Result<ExitCode, CliError> {
    let read = std::str::from_utf8(bytes).ok().and_then(|text| Scenario::parse(text).ok());
    let scenario = read.unwrap_or_else(|| generate_from_bytes(bytes));
    fs::create_dir_all(out).map_err(|error| CliError::path("create", out, &error))?;
    let path = out.join(format!("lifecycle-{:016x}.scenario", xxh3_64(bytes)));
    let text = format!("; adopted from the fuzz target lifecycle\n{scenario}");
    fs::write(&path, text).map_err(|error| CliError::path("write", &path, &error))?;
    let adopted = Adopted { file: path };
    console.result(&format!("{}\n", adopted.file.display()), &adopted);
    Ok(ExitCode::Agree)
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

/// With which every binary begins (§ binary/modules).
const MAGIC: &[u8] = b"\0asm";

/// The case that the target saw in these bytes.
fn case(target: Target, bytes: &[u8]) -> Result<Option<Case>, CliError> {
    Ok(match target {
        // No case, and adopted otherwise.
        Target::Lifecycle => None,
        Target::Differential => match bytes.split_first() {
            Some((audience, bytes)) => {
                Some(case_from(&common(*audience)?, Decisions::of(bytes)).case)
            }
            None => None,
        },
        // As the target does: what is no binary drives the generator.
        Target::Validate if bytes.starts_with(MAGIC) => Some(definition(bytes)),
        Target::Validate => Some(definition(&module_from(Decisions::of(bytes)))),
        Target::WastRoundtrip => {
            let script = std::str::from_utf8(bytes).ok();
            let read = script.and_then(|script| text::read_case(script).ok());
            let all: Capabilities = Proposal::ALL.iter().copied().collect();
            Some(read.unwrap_or_else(|| case_from(&all, Decisions::of(bytes)).case))
        }
    })
}

/// What the engines have in common that the target `differential` asks, to whom the
/// first byte says whether the last one belongs.
fn common(audience: u8) -> Result<Capabilities, CliError> {
    let engines = registry::find(&["reference", "wasmtime", "wasmi"].map(str::to_owned))?;
    let audience = &engines[..2 + usize::from(audience & 1)];
    let capabilities = audience.iter().map(|engine| engine.info().capabilities.clone());
    Ok(capabilities.reduce(|common, other| &common & &other).unwrap_or_default())
}

fn definition(bytes: &[u8]) -> Case {
    Case { steps: vec![Step::Define { module: "m".to_owned(), bytes: bytes.into() }] }
}
