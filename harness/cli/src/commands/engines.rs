//! `gainsay engines`: who can be compared.

use std::collections::BTreeMap;

use gainsay_case::{Engine, Proposal};
use gainsay_engines::probe;
use gainsay_engines::registry::{self, RegisteredEngine};
use serde::Serialize;

use crate::cli_error::CliError;
use crate::commands::engines_test;
use crate::console::Console;
use crate::engine_list;
use crate::exit_code::ExitCode;
use crate::table::{Table, plural};

/// Options of `engines`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Hidden from the list are engines that test gainsay itself. One of them, `canary`, has a planted \
defect: `gainsay hunt --engines reference,canary` shows how that is found.

Exit codes: 0 what there is answers as it should; 2 one is wrong about a proposal; 4 there is none; \
5 one that was named is not known.")]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    command: Option<EnginesCommand>,
    /// Show only these: ids, short names, or implementations such as wasmtime
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Also show engines that are not available here, and why
    #[arg(long)]
    all: bool,
}

/// What to do instead of listing engines.
#[derive(Debug, clap::Subcommand)]
enum EnginesCommand {
    /// Run the contract suite on the engines of a worker
    Test(engines_test::Args),
}

#[derive(Serialize)]
struct Listing {
    engines: Vec<Entry>,
}

/// One engine; `reason` says why it is missing, if it is.
#[derive(Serialize)]
struct Entry {
    id: String,
    implementation: String,
    version: String,
    available: bool,
    reason: Option<String>,
    /// By the proposal's name, whether it was seen to work.
    capabilities: BTreeMap<&'static str, bool>,
    /// What it does instead, by the names of proposals that it has and is wrong about.
    wrong: BTreeMap<&'static str, String>,
}

/// Open and probe every engine.
pub fn run(args: Args, console: &Console) -> Result<ExitCode, CliError> {
    if let Some(EnginesCommand::Test(args)) = args.command {
        return engines_test::run(args, console);
    }
    for name in &args.names {
        if !registry::known().iter().any(|known| is_meant(name, known)) {
            engine_list::id(name)?;
        }
    }
    let is_wanted = |known: &&RegisteredEngine| match args.names.as_slice() {
        [] => !known.is_hidden,
        names => names.iter().any(|name| is_meant(name, known)),
    };
    let known = registry::known().iter().filter(is_wanted);
    let (found, missing): (Vec<Entry>, Vec<Entry>) =
        known.map(entry).partition(|entry| entry.available);
    let hidden = if args.all { 0 } else { missing.len() as u64 };
    let exit_code = match found.is_empty() {
        true => ExitCode::NothingRun,
        false if found.iter().any(|entry| !entry.wrong.is_empty()) => ExitCode::Findings,
        false => ExitCode::Agree,
    };
    let shown = if args.all { missing } else { Vec::new() };
    let listing = Listing { engines: found.into_iter().chain(shown).collect() };
    console.result(&text(&listing), &listing);
    if hidden > 0 {
        let missing = plural(hidden, "engine");
        console.note(format_args!("{missing} missing: `gainsay engines --all` says why"));
    }
    Ok(exit_code)
}

/// Whether a name is that of an engine or of its implementation.
fn is_meant(name: &str, known: &RegisteredEngine) -> bool {
    known.id == name || known.id.split('-').next() == Some(name)
}

fn entry(known: &RegisteredEngine) -> Entry {
    match known.open() {
        Ok(engine) => available(&*engine),
        Err(reason) => Entry {
            id: known.id.to_owned(),
            implementation: known.id.split('-').next().unwrap_or(known.id).to_owned(),
            version: String::new(),
            available: false,
            reason: Some(reason),
            capabilities: BTreeMap::new(),
            wrong: BTreeMap::new(),
        },
    }
}

fn available(engine: &dyn Engine) -> Entry {
    let info = engine.info();
    let wrong = probe::wrong(engine).into_iter();
    let has = |proposal: &Proposal| (proposal.name(), info.capabilities.contains(proposal));
    Entry {
        id: info.id.clone(),
        implementation: info.implementation.clone(),
        version: info.version.clone(),
        available: true,
        reason: None,
        capabilities: Proposal::ALL.iter().map(has).collect(),
        wrong: wrong.map(|(proposal, what)| (proposal.name(), what)).collect(),
    }
}

fn text(listing: &Listing) -> String {
    let mut table = Table::new(&["engine", "version", "proposals", "without"]);
    for entry in &listing.engines {
        let lacking = Proposal::ALL.iter().map(|proposal| proposal.name());
        let lacking: Vec<&str> =
            lacking.filter(|name| entry.capabilities.get(name) == Some(&false)).collect();
        let has = entry.capabilities.values().filter(|has| **has).count();
        let (proposals, without) = match &entry.reason {
            Some(reason) => ("missing".to_owned(), reason.clone()),
            None => (format!("{has} of {}", entry.capabilities.len()), lacking.join(" ")),
        };
        table.row([entry.id.clone(), entry.version.clone(), proposals, without]);
    }
    let wrong = listing.engines.iter().flat_map(|entry| {
        let line = |(proposal, what): (&&str, &String)| {
            format!("{} is wrong about {proposal}: {what}\n", entry.id)
        };
        entry.wrong.iter().map(line)
    });
    table.text() + &wrong.collect::<String>()
}
