//! `gainsay case`: a case as a campaign generates it.

use std::fs;
use std::path::PathBuf;

use gainsay_campaign::{GeneratedOptions, generated};
use gainsay_supervisor::WorkerSpec;
use serde::Serialize;

use crate::cli_error::CliError;
use crate::console::Console;
use crate::engine_list::EngineList;
use crate::exit_code::ExitCode;
use crate::format::Format;
use crate::number;

/// Options of `case`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The seed of the campaign
    #[arg(long, value_name = "S", value_parser = number::any::<u64>)]
    seed: u64,
    /// The index shown in a finding or in a file's header
    #[arg(long, value_name = "N", value_parser = number::any::<u64>)]
    index: u64,
    #[command(flatten)]
    engines: EngineList,
    /// Write the case to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Serialize)]
struct GeneratedCase {
    seed: u64,
    index: u64,
    steps: usize,
    /// The WAST script.
    text: String,
}

/// Write the case.
pub fn run(args: Args, console: &Console) -> Result<ExitCode, CliError> {
    let Args { seed, index, .. } = args;
    let engines = args.engines.ids()?;
    let worker = WorkerSpec::default();
    let script = generated(&GeneratedOptions { engines, seed, index, worker })?;
    let (steps, text) = (script.case.steps.len(), script.to_text());
    if let Some(path) = &args.out {
        fs::write(path, &text).map_err(|error| CliError::path("write", path, &error))?;
    }
    match console.format {
        Format::Json => console.json(&GeneratedCase { seed, index, steps, text }),
        Format::Text if args.out.is_none() => console.text(&text),
        Format::Text => {}
    }
    Ok(ExitCode::Agree)
}
