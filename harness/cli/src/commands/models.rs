//! `gainsay models`: the host's code under every schedule.

use std::num::NonZeroUsize;
use std::thread;
use std::time::Duration;

use gainsay_models::catalogue::{self, KNOWN_BAD, MODELS};
use gainsay_models::{Options, Progress, Results, Row, Table};
use serde::Serialize;

use crate::checkout::Checkout;
use crate::cli_error::CliError;
use crate::console::Console;
use crate::exit_code::ExitCode;
use crate::number;
use crate::table::{Table as Columns, count, plural};

/// How long one process may take.
const GATE_TIME_MAX: Duration = Duration::from_secs(300);
const NIGHTLY_TIME_MAX: Duration = Duration::from_secs(6 * 3600);

/// Options of `models`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Needs a checkout and cargo: models are compiled with `--cfg loom` or `--cfg shuttle`, in a target \
directory of their own.

Exit codes: 0 all models hold, or all variants were caught; 2 one did not; 1 they cannot be built.")]
pub struct Args {
    /// Only models with this text in their name, or of this component or report [default: all]
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Run the known-bad variants: each must fail its model, for the right reason
    #[arg(long)]
    known_bad: bool,
    /// Use the deeper bounds of nightly runs
    #[arg(long)]
    nightly: bool,
    /// Number of processes [default: one per core]
    #[arg(short, long, value_name = "J", value_parser = number::positive::<usize>)]
    jobs: Option<usize>,
    /// List the models without building or running anything
    #[arg(long)]
    list: bool,
}

/// Build, run, tell.
pub fn run(args: Args, console: &Console) -> Result<ExitCode, CliError> {
    if args.list {
        let listing = listing(args.known_bad, args.name.as_deref());
        if let (Some(name), true) = (&args.name, listing.models.is_empty()) {
            return Err(CliError::usage(format!("no model is named {name:?}: models --list")));
        }
        console.result(&listing_text(&listing), &listing);
        return Ok(ExitCode::Agree);
    }
    let checkout = Checkout::find()?;
    let options = options(&args, &checkout);
    let kind = if args.known_bad { "known-bad variants" } else { "models" };
    let depth = if args.nightly { "to the nightly bounds, hours" } else { "a few minutes at most" };
    console.note(format_args!("{kind} of {}: {depth}", checkout.root.display()));
    let table = gainsay_models::run(&options, &|progress| tell(progress, console));
    let table = table.map_err(|error| CliError::usage(error.to_string()))?;
    let kept = Results::load(&checkout.target).keep(&table, &checkout.root, &checkout.target);
    if let Err(error) = kept {
        console.note(format_args!("the results were not kept for `gainsay reports`: {error}"));
    }
    console.result(&text(&table, args.known_bad), &table);
    Ok(match (table.models.is_empty(), table.passed) {
        (true, _) => ExitCode::NothingRun,
        (false, true) => ExitCode::Agree,
        (false, false) => ExitCode::Findings,
    })
}

fn options(args: &Args, checkout: &Checkout) -> Options {
    let cores = || thread::available_parallelism().ok().map(NonZeroUsize::get);
    Options {
        root: checkout.root.clone(),
        target: checkout.target.clone(),
        name: args.name.clone(),
        known_bad: args.known_bad,
        nightly: args.nightly,
        jobs: args.jobs.or_else(cores).unwrap_or(1),
        time_max: if args.nightly { NIGHTLY_TIME_MAX } else { GATE_TIME_MAX },
    }
}

fn tell(progress: Progress<'_>, console: &Console) {
    match progress {
        Progress::Building(explorer) => {
            console.note(format_args!(
                "building for {}; the first time takes minutes",
                explorer.name()
            ));
        }
        Progress::Ended { row, done, total } => {
            let executions = plural(row.executions, "execution");
            let fate = fate(row);
            console.progress(&format!("{done}/{total} {}: {fate}, {executions}", row.name));
        }
    }
}

fn fate(row: &Row) -> &'static str {
    match (row.caught, row.passed) {
        (Some(true), _) => "caught",
        (Some(false), _) => "NOT CAUGHT",
        (None, true) => "holds",
        (None, false) => "FAILED",
    }
}

fn text(table: &Table, known_bad: bool) -> String {
    let first = if known_bad { "variant" } else { "model" };
    let heads = [first, "report", "component", "threads", "bound", "executions", "seconds", ""];
    let mut columns = Columns::new(&heads);
    for row in &table.models {
        columns.row([
            row.name.clone(),
            row.report.clone(),
            row.component.clone(),
            row.threads.to_string(),
            bound(&row.explorer, row.bound),
            count(row.executions),
            format!("{:.2}", row.seconds),
            fate(row).to_owned(),
        ]);
    }
    let mut text = columns.text();
    text.push('\n');
    for row in table.models.iter().filter(|row| known_bad || !row.passed) {
        let message = row.message.as_deref().unwrap_or("it said nothing");
        let first = message.lines().next().unwrap_or_default();
        text += &match (&row.defect, &row.model) {
            (Some(defect), Some(model)) => {
                format!("{}: {defect}\n  {model} said: {first}\n", row.name)
            }
            _ => format!("{}: {message}\n", row.name),
        };
    }
    let good = table.models.iter().filter(|row| row.passed).count();
    let verb = if known_bad { "caught" } else { "hold" };
    text += &format!(
        "{good} of {} {verb}: {} in {:.1} s\n",
        table.models.len(),
        plural(table.executions, "execution"),
        table.seconds
    );
    text
}

/// How far, in a word or two.
fn bound(explorer: &str, bound: Option<u32>) -> String {
    match (explorer, bound) {
        ("loom", None) => "all schedules".to_owned(),
        ("loom", Some(bound)) => plural(u64::from(bound), "preemption"),
        (_, bound) => format!("{} drawn", count(bound.map_or(0, u64::from))),
    }
}

#[derive(Serialize)]
struct Listing {
    models: Vec<Listed>,
}

/// One that could be run.
#[derive(Serialize)]
struct Listed {
    name: &'static str,
    component: &'static str,
    report: &'static str,
    explorer: &'static str,
    threads: usize,
    bound: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    defect: Option<&'static str>,
}

fn listing(known_bad: bool, name: Option<&str>) -> Listing {
    let listed = |model: &catalogue::Model| Listed {
        name: model.name,
        component: model.component,
        report: model.report,
        explorer: model.explorer.name(),
        threads: model.threads,
        bound: model.bound.gate,
        defect: None,
    };
    let variant = |bad: &catalogue::KnownBad| {
        let model = listed(catalogue::model(bad.model)?);
        Some(Listed { name: bad.defect.name(), defect: Some(bad.what), ..model })
    };
    let mut models: Vec<Listed> = match known_bad {
        false => MODELS.iter().map(listed).collect(),
        true => KNOWN_BAD.iter().filter_map(variant).collect(),
    };
    models.retain(|listed| {
        let is_meant =
            |name| catalogue::is_meant(name, listed.name, listed.component, listed.report);
        name.is_none_or(is_meant)
    });
    Listing { models }
}

fn listing_text(listing: &Listing) -> String {
    let mut columns = Columns::new(&["name", "report", "component", "threads", "bound"]);
    for listed in &listing.models {
        columns.row([
            listed.name.to_owned(),
            listed.report.to_owned(),
            listed.component.to_owned(),
            listed.threads.to_string(),
            bound(listed.explorer, listed.bound),
        ]);
    }
    columns.text()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str) -> Row {
        Row {
            name: name.to_owned(),
            component: "cache".to_owned(),
            report: "R4".to_owned(),
            explorer: "loom".to_owned(),
            threads: 2,
            bound: None,
            executions: 5029,
            seconds: 0.39,
            passed: true,
            message: None,
            model: None,
            defect: None,
            caught: None,
        }
    }

    #[test]
    fn models_are_shown() {
        let sampled = Row { explorer: "shuttle".to_owned(), bound: Some(2000), ..row("drawn") };
        let message = Some("an artefact was used after it was released (line 48)".to_owned());
        let failed = Row { passed: false, bound: Some(3), message, ..row("failed") };
        let table = Table::new(vec![row("good"), sampled, failed], 1.5);
        insta::assert_snapshot!(text(&table, false));
    }

    #[test]
    fn variants_are_shown() {
        let variant = |name: &str, caught: bool| Row {
            passed: caught,
            message: Some("deadlock; threads = []\nand more".to_owned()),
            model: Some("a_model".to_owned()),
            defect: Some("what is planted".to_owned()),
            caught: Some(caught),
            ..row(name)
        };
        let table = Table::new(vec![variant("one", true), variant("other", false)], 0.1);
        insta::assert_snapshot!(text(&table, true));
    }
}
