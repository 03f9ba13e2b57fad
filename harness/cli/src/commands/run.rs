//! `gainsay run`: one module on one engine, in a worker process; or, if it is a WASI
//! command, on the reference in this one, which is what it shares its streams with.

use std::path::PathBuf;

use gainsay_campaign::{Supervised, WorkerOptions};
use gainsay_case::text::trap_message;
use gainsay_case::{
    Case, EngineInfo, Exception, Failure, HostCall, LimitKind, Limits, Outcome, Step, StepResult,
    Value, host,
};
use serde::Serialize;
use wasmparser::{FuncType, ValType};

use crate::cli_error::CliError;
use crate::console::Console;
use crate::engine_list;
use crate::exit_code::ExitCode;
use crate::files;
use crate::format::Format;
use crate::interface::{self, Interface};
use crate::table::plural;
use crate::value_text;
use crate::wasi_command::{self, WasiCommand};

/// What a command's module exports (§ WASI preview 1, application ABI).
const ENTRY: &str = "_start";
const MODULE: &str = "module";

/// Options of `run`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Without --invoke the export `_start` is called. Functions imported from module `gainsay`
exist whatever their name and type.
A module that imports WASI (preview 1, wasi-threads) is run on the reference, with the
standard streams of gainsay: gainsay run --dir . --env HOME=/ FILE -- ARGUMENTS
Exit codes: 0 it returned; 1 the file, the module or an argument is wrong; 2 it trapped or
ended the engine;
3 a limit was hit or the engine lacks a feature; 4 there was nothing to call.
Of a WASI command: its own, 255 if that is larger; 134 if it trapped.")]
pub struct Args {
    /// The module, .wasm or .wat
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The engine that runs it
    #[arg(long, value_name = "E", default_value = "reference")]
    engine: String,
    /// Call this exported function
    #[arg(long, value_name = "F")]
    invoke: Option<String>,
    /// Print the calls of host functions as they were made
    #[arg(long)]
    trace: bool,
    /// End each call after this much fuel, on engines that can count it
    #[arg(long, value_name = "N")]
    fuel: Option<u64>,
    /// Largest memory of the module in MiB
    #[arg(long, value_name = "MIB", default_value_t = 4096)]
    memory: u64,
    /// Let a WASI command have this directory, by this name
    #[arg(long = "dir", value_name = "HOST[::GUEST]")]
    directories: Vec<String>,
    /// Set a variable of a WASI command's environment
    #[arg(long = "env", value_name = "NAME=VALUE")]
    environ: Vec<String>,
    /// Arguments of the invoked function as literals of the text format (-1, 0xff,
    /// 0x1p-1, nan:0x200000, null), or of a WASI command, after all options
    #[arg(value_name = "ARGS", allow_hyphen_values = true, trailing_var_arg = true)]
    arguments: Vec<String>,
}

/// How the run ended, for programs.
#[derive(Serialize)]
struct Report {
    engine: String,
    version: String,
    file: PathBuf,
    invoke: Option<String>,
    /// `returned`, or how it failed.
    status: &'static str,
    /// What it returned.
    values: Vec<Value>,
    /// Why it failed, if it did.
    message: Option<String>,
    /// Calls of host functions, in order.
    trace: Vec<HostCall>,
}

/// Run the module and print what it returned.
pub fn run(args: Args, console: &Console) -> Result<u8, CliError> {
    let bytes = files::module(&args.file)?;
    let interface = Interface::read(&bytes);
    let engine = engine_list::id(&args.engine)?;
    if args.is_wasi_command(interface.as_ref()) {
        return run_wasi(args, &engine, &bytes, console);
    }
    let call = call(&args, interface.as_ref())?;
    let limits = Limits {
        memory_bytes_max: args.memory.saturating_mul(1 << 20),
        table_elements_max: 10_000_000,
        fuel_per_call: args.fuel,
        ..Limits::default()
    };
    let invoke = call.as_ref().map(|(field, _)| field.clone());
    let mut steps = vec![
        Step::Define { module: MODULE.to_owned(), bytes: bytes.into() },
        Step::Instantiate { module: MODULE.to_owned(), instance: MODULE.to_owned() },
    ];
    steps.extend(call.map(|(field, args)| Step::Invoke {
        instance: MODULE.to_owned(),
        field,
        args,
    }));
    let worker = WorkerOptions { resident_bytes_max: u64::MAX, ..WorkerOptions::default() };
    let mut engine = Supervised::open(&engine, &limits, &worker)?;
    let ran = engine.run(&Case { steps })?;
    let (mut report, mut exit_code) = report(&args, &engine.info, invoke, ran.outcome);
    if let Some(death) = ran.death {
        (report.status, exit_code) = ("died", ExitCode::Findings);
        report.message = Some([death, ran.stderr].join("\n").trim_end().to_owned());
    }
    print(console, &args, &report);
    Ok(exit_code.code())
}

impl Args {
    /// Whether the module, or what is asked for, is WASI's. A damaged module is for an
    /// engine to talk about.
    fn is_wasi_command(&self, interface: Option<&Interface>) -> bool {
        let asked = !(self.directories.is_empty() && self.environ.is_empty());
        let argued = self.invoke.is_none() && !self.arguments.is_empty();
        interface.is_some_and(|interface| interface.imports_wasi || asked || argued)
    }
}

fn run_wasi(args: Args, engine: &str, bytes: &[u8], console: &Console) -> Result<u8, CliError> {
    let refused = if engine != wasi_command::ENGINE {
        format!("WASI is on the {} only, not on {engine}", wasi_command::ENGINE)
    } else if args.invoke.is_some() || args.trace || args.fuel.is_some() {
        "a WASI command is run as a whole: without --invoke, --trace and --fuel".to_owned()
    } else {
        let command = WasiCommand {
            file: args.file,
            arguments: args.arguments,
            directories: args.directories,
            environ: args.environ,
            memory_bytes_max: args.memory.saturating_mul(1 << 20),
            captured: console.format == Format::Json,
        };
        let report = command.run(bytes)?;
        console.result("", &report);
        if let Some(message) = &report.message {
            console.note(format_args!("trapped on {engine}: {message}"));
        }
        return Ok(report.exit_code());
    };
    Err(CliError::usage(refused))
}

/// Which export is called with what; `None` to instantiate only.
fn call(
    args: &Args,
    interface: Option<&Interface>,
) -> Result<Option<(String, Vec<Value>)>, CliError> {
    // A damaged module is instantiated only, so that the engine says what is wrong.
    let Some(interface) = interface else { return Ok(None) };
    let field = match &args.invoke {
        Some(field) => field,
        None if interface.function(ENTRY).is_some() => ENTRY,
        None if interface.has_start => return Ok(None),
        None => return Err(nothing_to_call(interface)),
    };
    let ty = interface.function(field).ok_or_else(|| {
        CliError::usage(format!("there is no exported function {field:?}; {}", exports(interface)))
    })?;
    let values = arguments(field, ty, &args.arguments).map_err(|error| {
        let is_option = |argument: &String| argument.starts_with("--");
        let hint = if args.arguments.iter().any(is_option) { OPTIONS_FIRST } else { "" };
        CliError::usage(error + hint)
    })?;
    Ok(Some((field.to_owned(), values)))
}

const OPTIONS_FIRST: &str = "; options stand before the arguments";

/// Read the arguments of a function by the types of its parameters.
fn arguments(field: &str, ty: &FuncType, texts: &[String]) -> Result<Vec<Value>, String> {
    let (wanted, given) = (ty.params().len() as u64, texts.len());
    if wanted != given as u64 {
        return Err(format!("{field:?} takes {}, not {given}", plural(wanted, "argument")));
    }
    let value =
        |(ty, text): (&ValType, &String)| value_text::parse(interface::value_type(*ty), text);
    ty.params().iter().zip(texts).map(value).collect()
}

fn nothing_to_call(interface: &Interface) -> CliError {
    let message = format!("nothing to call: no {ENTRY}, no start function; {}", exports(interface));
    CliError { exit_code: ExitCode::NothingRun, message }
}

fn exports(interface: &Interface) -> String {
    let names: Vec<String> =
        interface.functions.iter().take(20).map(|(name, _)| format!("{name:?}")).collect();
    match names.len() {
        0 => "no function is exported".to_owned(),
        _ => format!("name one of these with --invoke: {}", names.join(", ")),
    }
}

fn report(
    args: &Args,
    info: &EngineInfo,
    invoke: Option<String>,
    outcome: Outcome,
) -> (Report, ExitCode) {
    let mut report = Report {
        engine: info.id.clone(),
        version: info.version.clone(),
        file: args.file.clone(),
        invoke,
        status: "returned",
        values: Vec::new(),
        message: None,
        trace: Vec::new(),
    };
    for step in outcome.steps {
        report.trace.extend(step.trace);
        match step.result {
            StepResult::Returned(values) => report.values = values,
            StepResult::Absent => {}
            StepResult::Failed(failure) => {
                let (status, message, exit_code) = explain(failure);
                report.status = status;
                report.message = Some(message);
                return (report, exit_code);
            }
        }
    }
    (report, ExitCode::Agree)
}

fn explain(failure: Failure) -> (&'static str, String, ExitCode) {
    match failure {
        Failure::Rejected(why) => ("rejected", why, ExitCode::Usage),
        Failure::Unlinkable(why) => ("unlinkable", why, ExitCode::Usage),
        Failure::Trapped(kind) => ("trapped", trap_message(kind).to_owned(), ExitCode::Findings),
        Failure::Uncaught(exception) => ("threw", thrown(exception), ExitCode::Findings),
        Failure::HostError => {
            let prefix = host::FAILING_PREFIX;
            let message = format!("a host function whose name begins with {prefix:?} was called");
            ("host error", message, ExitCode::Findings)
        }
        Failure::Limit(kind) => ("limit", limit_text(kind).to_owned(), ExitCode::Inconclusive),
        Failure::Unsupported(why) => ("unsupported", why, ExitCode::Inconclusive),
        Failure::Fault(why) => ("fault", why, ExitCode::Findings),
    }
}

fn thrown(exception: Option<Exception>) -> String {
    let Some(Exception { tag, values }) = exception else {
        return "an exception was not caught".to_owned();
    };
    let tag = tag.map_or_else(|| "without an exported tag".to_owned(), |tag| format!("{tag:?}"));
    let values: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
    format!("an exception {tag} was not caught ({})", values.join(", "))
}

fn limit_text(kind: LimitKind) -> &'static str {
    match kind {
        LimitKind::Stack => "call stack exhausted",
        LimitKind::Fuel => "fuel used up",
        LimitKind::Time => "time used up",
        LimitKind::Memory => "a memory, a table or the module is larger than allowed",
    }
}

fn print(console: &Console, args: &Args, report: &Report) {
    if args.trace && console.format == Format::Text {
        for call in &report.trace {
            let arguments: Vec<String> = call.args.iter().map(|arg| format!("{arg:?}")).collect();
            console.note(format_args!(
                "call {}.{}({})",
                host::MODULE,
                call.name,
                arguments.join(", ")
            ));
        }
    }
    let values = report.values.iter().map(|value| value_text::text(*value) + "\n");
    console.result(&values.collect::<String>(), report);
    if let Some(message) = &report.message {
        console.note(format_args!("{} on {}: {message}", report.status, report.engine));
    }
}
