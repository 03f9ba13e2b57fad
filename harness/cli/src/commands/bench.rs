//! `gainsay bench`: ratios measured in one run.

use gainsay_bench::{BenchOptions, BenchReport, Measure};

use crate::cli_error::CliError;
use crate::console::Console;
use crate::exit_code::ExitCode;
use crate::interrupt;
use crate::number;
use crate::table::{Table, plural};

/// Options of `bench`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes: 0 every limit holds; 2 one is missed; 4 nothing was measured.")]
pub struct Args {
    /// Measures, or groups of measures: harness, runtime, host [default: all]
    #[arg(value_name = "MEASURE")]
    only: Vec<String>,
    /// Cases in each run
    #[arg(long, value_name = "N", value_parser = number::positive::<u64>, default_value_t = BenchOptions::default().cases)]
    cases: u64,
    /// Runs of each measure
    #[arg(long, value_name = "N", value_parser = number::positive::<u64>, default_value_t = BenchOptions::default().runs)]
    runs: u64,
    /// Cases over which the memory of host and worker is measured
    #[arg(long, value_name = "N", value_parser = number::positive::<u64>, default_value_t = BenchOptions::default().memory_cases)]
    memory_cases: u64,
    /// The seed of the cases
    #[arg(long, value_name = "S", value_parser = number::any::<u64>, default_value_t = BenchOptions::default().seed)]
    seed: u64,
}

/// Measure and report.
pub fn run(args: Args, console: &Console) -> Result<ExitCode, CliError> {
    let options = BenchOptions {
        cases: args.cases,
        runs: args.runs,
        memory_cases: args.memory_cases,
        seed: args.seed,
        only: args.only,
        ..BenchOptions::default()
    };
    let known = gainsay_bench::names();
    if let Some(unknown) = options.only.iter().find(|name| !known.contains(&name.as_str())) {
        let known = known.join(", ");
        return Err(CliError::usage(format!("no measure is named {unknown:?}; there are {known}")));
    }
    let stop = interrupt::stop_flag()?;
    console.note(format_args!(
        "measuring: {} of {} each, and memory over {}",
        plural(options.runs, "run"),
        plural(options.cases, "case"),
        plural(options.memory_cases, "case")
    ));
    let report = gainsay_bench::bench(&options, &stop, &|line| console.progress(line))?;
    console.result(&text(&report), &report);
    Ok(match report.measures.as_slice() {
        [] => ExitCode::NothingRun,
        measures if measures.iter().all(Measure::holds) => ExitCode::Agree,
        _ => ExitCode::Findings,
    })
}

fn text(report: &BenchReport) -> String {
    let mut table = Table::new(&["measure", "ratio", "min", "max", "limit", "against"]);
    for measure in &report.measures {
        let limit = measure.limit.map_or_else(String::new, |limit| {
            let holds = if measure.holds() { "holds" } else { "missed" };
            format!("≤ {limit:.2} {holds}")
        });
        table.row([
            measure.name.clone(),
            format!("{:.3}", measure.ratio),
            format!("{:.3}", measure.min),
            format!("{:.3}", measure.max),
            limit,
            measure.against.clone(),
        ]);
    }
    let mut text = table.text();
    for measure in report.measures.iter().filter(|measure| !measure.details.is_empty()) {
        text += &format!("\n{}\n", measure.name);
        for (name, figure) in &measure.details {
            text += &format!("  {name} {figure:.3}\n");
        }
    }
    text
}
