//! `gainsay reports`: the studied bug reports and what is known of them here.

use gainsay_models::{Named, State, Studied};
use serde::Serialize;

use crate::checkout::Checkout;
use crate::cli_error::CliError;
use crate::console::Console;
use crate::exit_code::ExitCode;
use crate::table::Table;

/// Options of `reports`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Reads the pages in `reports/` of a checkout, and what `gainsay models` and `gainsay models \
--known-bad` last said there.

Exit codes: 0 all models hold and all variants were caught; 2 one did not; 3 they were not all run \
since the sources changed.")]
pub struct Args {
    /// Only the report of this id, as R3
    #[arg(value_name = "REPORT")]
    report: Option<String>,
}

#[derive(Serialize)]
struct Listing {
    reports: Vec<Studied>,
}

/// Read and tell.
pub fn run(args: Args, console: &Console) -> Result<ExitCode, CliError> {
    let checkout = Checkout::find()?;
    let reports = Studied::all(&checkout.root, &checkout.target);
    let mut reports = reports.map_err(|error| CliError::usage(error.to_string()))?;
    if let Some(asked) = &args.report {
        let ids: Vec<String> = reports.iter().map(|report| report.id.clone()).collect();
        reports.retain(|report| report.id.eq_ignore_ascii_case(asked));
        if reports.is_empty() {
            let ids = ids.join(", ");
            return Err(CliError::usage(format!("there is no report {asked:?}; there are {ids}")));
        }
    }
    let listing = Listing { reports };
    console.result(&text(&listing.reports), &listing);
    let mut named = listing.reports.iter().flat_map(|it| it.models.iter().chain(&it.known_bad));
    Ok(if listing.reports.is_empty() {
        ExitCode::NothingRun
    } else if named.any(|named| named.state == State::Failed) {
        ExitCode::Findings
    } else if listing.reports.iter().all(|report| report.ok) {
        ExitCode::Agree
    } else {
        ExitCode::Inconclusive
    })
}

fn text(reports: &[Studied]) -> String {
    let mut table = Table::new(&["report", "models", "variants", "releases", "title"]);
    for report in reports {
        let seen = report.releases.iter().filter(|release| release.seen != "not run").count();
        table.row([
            report.id.clone(),
            passed(&report.models),
            passed(&report.known_bad),
            format!("{seen} of {} run", report.releases.len()),
            report.title.clone(),
        ]);
    }
    let mut text = table.text();
    let named = || reports.iter().flat_map(|it| it.models.iter().chain(&it.known_bad));
    for named in named().filter(|named| named.state == State::Failed) {
        text += &format!("\n{} failed\n", named.name);
    }
    let left = named().filter(|it| matches!(it.state, State::NotRun | State::Stale)).count();
    if left > 0 {
        text += &format!(
            "\n{left} not run since the sources changed: `gainsay models`, \
             `gainsay models --known-bad`\n"
        );
    }
    text
}

fn passed(all: &[Named]) -> String {
    let passed = all.iter().filter(|named| named.state == State::Passed).count();
    format!("{passed} of {} pass", all.len())
}

#[cfg(test)]
mod tests {
    use gainsay_models::Release;

    use super::*;

    #[test]
    fn reports_are_shown() {
        let named = |name: &str, state| Named { name: name.to_owned(), state };
        let release = Release {
            engine: "wasmtime 29.0.1".to_owned(),
            expected: "traps".to_owned(),
            seen: "not run".to_owned(),
        };
        let report = |id: &str, states: [State; 2]| Studied {
            id: id.to_owned(),
            title: "what it is about".to_owned(),
            models: vec![named("one", states[0]), named("other", State::Passed)],
            known_bad: vec![named("bad", states[1])],
            releases: vec![release.clone()],
            ok: false,
        };
        insta::assert_snapshot!(text(&[
            report("R8", [State::Passed, State::Failed]),
            report("R9", [State::Stale, State::NotRun]),
        ]));
    }
}
