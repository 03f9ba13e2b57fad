//! `gainsay merge`: several campaigns into one.

use std::path::PathBuf;

use crate::cli_error::CliError;
use crate::console::Console;
use crate::exit_code::ExitCode;
use crate::report;

/// Options of `merge`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The campaigns' directories, in any order
    #[arg(value_name = "DIR", required = true)]
    campaigns: Vec<PathBuf>,
    /// Directory for the merged campaign
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Merge and report the merged campaign.
pub fn run(args: Args, console: &Console) -> Result<ExitCode, CliError> {
    let summary = gainsay_campaign::merge(&args.campaigns, &args.out)?.from_here();
    console.result(&report::summary(&summary), &summary);
    Ok(ExitCode::from(&summary))
}
