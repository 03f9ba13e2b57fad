//! `gainsay run`: one module on one engine, in a worker process; or, if it is a WASI
//! command, on the reference in this one, which is what it shares its streams with.

use std::path::PathBuf;
use std::time::Duration;

use gainsay_campaign::{Supervised, SupervisedRun};
use gainsay_case::interface::{self, Interface};
use gainsay_case::text::trap_message;
use gainsay_case::{
    Case, EngineInfo, Exception, HostCall, LimitKind, Limits, Step, StepFailure, StepResult, Value,
    host, words,
};
use gainsay_supervisor::WorkerSpec;
use serde::Serialize;
use wasmparser::{FuncType, ValType};

use crate::cli_error::CliError;
use crate::console::Console;
use crate::duration::Span;
use crate::engine_list;
use crate::exit_code::ExitCode;
use crate::files;
use crate::format::Format;
use crate::given;
use crate::language::LanguageArgs;
use crate::number;
use crate::table::plural;
use crate::wasi_command::{self, WasiCommand};
use crate::wasi_reactor::Call;
use gainsay_case::value_text;

/// What a command's module exports (§ WASI preview 1, application ABI).
const ENTRY: &str = "_start";
/// What a reactor's module may export, for nobody to call but who makes the instance.
const INITIALIZER: &str = "_initialize";
const MODULE: &str = "module";

/// Options of `run`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Without --invoke the export `_start` is called. Functions imported from module `gainsay` exist \
whatever their name and type; the test suite's module `spectest` exists as well.
A module that imports WASI (preview 1, wasi-threads) is run on the reference, with the standard \
streams of gainsay: gainsay run --dir . --env HOME=/ FILE -- ARGUMENTS
Of a WASI reactor `_initialize` is called first, then what --invoke names.

Limits: --memory for each memory, --worker-memory for all of it together, --time; 1 MiB of call \
stack; 10,000,000 elements in a table; 256 MiB of structures and arrays.
The reference also takes no more than 1,000 parameters or results of a function, 1,000,000 types, \
functions, tables, memories or globals, 100,000 segments, 10,000,000 elements of a segment, 10,000 \
fields of a structure, operands of array.new_fixed or clauses of a try_table, 63 supertypes of a \
type, and 65,536 slots (locals and operands) of a function.

Exit codes: 0 it returned; 1 the file, the module or an argument is wrong; 2 it trapped or ended \
the engine; 3 a limit was hit or the engine lacks a feature; 4 there was nothing to call.
Of a WASI command: its own, 255 if that is larger; 134 if it trapped; 3 if a limit was hit.")]
pub struct Args {
    /// The module, .wasm or .wat; `-` reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The engine that runs it
    #[arg(long, visible_alias = "engines", value_name = "E", default_value = "reference")]
    engine: String,
    /// Call this exported function
    #[arg(long, value_name = "F")]
    invoke: Option<String>,
    /// Print each call of a host function
    #[arg(long)]
    trace: bool,
    /// Stop each call after this much fuel, on engines that support fuel
    #[arg(long, value_name = "N", value_parser = number::any::<u64>)]
    fuel: Option<u64>,
    /// Limit for each memory of the module, in MiB
    #[arg(long, value_name = "MIB", value_parser = number::any::<u64>, default_value_t = 4096)]
    memory: u64,
    /// Memory limit of the engine's process, in MiB
    #[arg(
        long,
        value_name = "MIB",
        value_parser = number::positive::<u64>,
        default_value_t = WorkerSpec::default().resident_bytes_max >> 20,
    )]
    worker_memory: u64,
    /// Stop after this time [default: never]
    #[arg(long, value_name = "TIME")]
    time: Option<Span>,
    /// Replace unknown imported functions by functions that trap
    #[arg(long)]
    trap_unknown_imports: bool,
    #[command(flatten)]
    language: LanguageArgs,
    /// Give a WASI command access to this directory, under this name
    #[arg(long = "dir", value_name = "HOST[::GUEST]")]
    directories: Vec<String>,
    /// Set an environment variable of a WASI command
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
    let worker = WorkerSpec {
        resident_bytes_max: args.worker_memory.saturating_mul(1 << 20),
        language: args.language.proposals()?,
        ..WorkerSpec::default()
    };
    if let Some(interface) = interface.as_ref().filter(|interface| args.is_wasi(interface)) {
        return run_wasi(args, &engine, (interface, &bytes), console);
    }
    // A module that is wrong is that, whatever was to be called.
    let (call, mistake) = match call(&args, interface.as_ref()) {
        Ok(call) => (call, None),
        Err(mistake) => (None, Some(mistake)),
    };
    let invoke = call.as_ref().map(|(field, _)| field.clone());
    let limits = args.limits();
    let mut engine = Supervised::open(&engine, &limits, &worker)?;
    let given = match &interface {
        Some(interface) => {
            given::steps(interface, &engine.info.capabilities, args.trap_unknown_imports)?
        }
        None => Vec::new(),
    };
    let made = steps(bytes, call, mistake.is_some());
    let case = Case { steps: given.into_iter().chain(made).collect() };
    let ran = engine.run_within(&case, args.time.map_or(Duration::MAX, |time| time.0))?;
    let (report, exit_code) = report(&args, &engine.info, invoke, ran);
    if let (Some(mistake), ExitCode::Agree) = (mistake, exit_code) {
        return Err(mistake);
    }
    print(console, &args, &report);
    Ok(exit_code.code())
}

/// What is asked of the engine; only to define the module if nothing can be called.
fn steps(bytes: Vec<u8>, call: Option<(String, Vec<Value>)>, only_defines: bool) -> Vec<Step> {
    let module = || MODULE.to_owned();
    let mut steps = vec![Step::Define { module: module(), bytes: bytes.into() }];
    if !only_defines {
        steps.push(Step::Instantiate { module: module(), instance: module() });
    }
    steps.extend(call.map(|(field, args)| Step::Invoke { instance: module(), field, args }));
    steps
}

impl Args {
    fn limits(&self) -> Limits {
        Limits {
            memory_bytes_max: self.memory.saturating_mul(1 << 20),
            table_elements_max: 10_000_000,
            fuel_per_call: self.fuel,
            ..Limits::default()
        }
    }

    fn time_text(&self) -> String {
        self.time.map_or_else(String::new, |time| time.to_string())
    }

    /// Whether the module, or what is asked for, is WASI's. A damaged module is for an
    /// engine to talk about.
    fn is_wasi(&self, interface: &Interface) -> bool {
        let asked = !(self.directories.is_empty() && self.environ.is_empty());
        let argued = self.invoke.is_none() && !self.arguments.is_empty();
        interface.imports_wasi || asked || argued
    }
}

fn run_wasi(
    args: Args,
    engine: &str,
    (interface, bytes): (&Interface, &[u8]),
    console: &Console,
) -> Result<u8, CliError> {
    let is_command = interface.function(ENTRY).is_some();
    let refused = if engine != wasi_command::ENGINE {
        let only = wasi_command::ENGINE;
        Some(format!("WASI programs run only on the {only}: leave out --engine {engine}"))
    } else if args.trace || args.fuel.is_some() || args.language.proposals()?.is_some() {
        Some("--trace, --fuel, --language and --features do not apply to WASI programs".to_owned())
    } else if args.invoke.is_some() && is_command {
        Some("a WASI command runs from its _start: leave out --invoke".to_owned())
    } else {
        None
    };
    if let Some(refused) = refused {
        return Err(CliError::usage(refused));
    }
    let call = match &args.invoke {
        Some(field) => Some(Call::new(interface, field, &args.arguments)?),
        None if is_command => None,
        None => return Err(nothing_to_call(interface)),
    };
    let command = WasiCommand {
        arguments: if call.is_some() { Vec::new() } else { args.arguments },
        file: args.file,
        call,
        directories: args.directories,
        environ: args.environ,
        memory_bytes_max: args.memory.saturating_mul(1 << 20),
        resident_bytes_max: args.worker_memory.saturating_mul(1 << 20),
        time_max: args.time.map(|time| time.0),
        captured: console.format == Format::Json,
    };
    let report = command.run(bytes)?;
    let values: String = report.values.iter().map(|value| format!("{value}\n")).collect();
    console.result(&values, &report);
    if let Some(message) = &report.message {
        console.say(format_args!("{} on {engine}: {message}", report.status));
    }
    Ok(report.exit_code())
}

/// Which export is called with what; `None` to instantiate only.
fn call(
    args: &Args,
    interface: Option<&Interface>,
) -> Result<Option<(String, Vec<Value>)>, CliError> {
    // A damaged module is given to the engine all the same, which says what is wrong.
    let Some(interface) = interface else {
        let message = "nothing to call: the module's exports cannot be listed (a name may be too \
                       long)";
        let exit_code = ExitCode::NothingRun;
        return Err(CliError { exit_code, message: message.to_owned() });
    };
    let field = match &args.invoke {
        Some(field) => field,
        None if interface.function(ENTRY).is_some() => ENTRY,
        None if interface.has_start => return Ok(None),
        None => return Err(nothing_to_call(interface)),
    };
    Ok(Some((field.to_owned(), arguments(interface, field, &args.arguments)?)))
}

/// The arguments of an exported function.
///
/// # Errors
/// If there is no such function, or they do not fit it.
pub fn arguments(
    interface: &Interface,
    field: &str,
    texts: &[String],
) -> Result<Vec<Value>, CliError> {
    let ty = interface.function(field).ok_or_else(|| {
        CliError::usage(format!("there is no exported function {field:?}; {}", exports(interface)))
    })?;
    fitting(field, ty, texts).map_err(|error| {
        let is_option = |argument: &String| argument.starts_with("--");
        let hint = if texts.iter().any(is_option) { OPTIONS_FIRST } else { "" };
        CliError::usage(error + hint)
    })
}

const OPTIONS_FIRST: &str = "; options must come before the arguments";

/// Read the arguments of a function by the types of its parameters.
fn fitting(field: &str, ty: &FuncType, texts: &[String]) -> Result<Vec<Value>, String> {
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
    let named = interface.functions.iter().filter(|(name, _)| name != INITIALIZER);
    let names: Vec<String> = named.take(20).map(|(name, _)| format!("{name:?}")).collect();
    match names.len() {
        0 => "no function is exported".to_owned(),
        _ => format!("name one of these with --invoke: {}", names.join(", ")),
    }
}

fn report(
    args: &Args,
    info: &EngineInfo,
    invoke: Option<String>,
    ran: SupervisedRun,
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
    let mut exit_code = ExitCode::Agree;
    for step in ran.outcome.steps {
        report.trace.extend(step.trace);
        match step.result {
            StepResult::Returned(values) => report.values = values,
            StepResult::Absent => {}
            StepResult::Failed(failure) => {
                let is_limit = matches!(failure, StepFailure::Limit(_));
                let (status, message, code) = explain(failure, report.trace.last());
                let exactly = ran.detail.as_ref().filter(|_| is_limit);
                let message = exactly.map_or(message, |detail| detail.message.clone());
                (report.status, report.message, exit_code) = (status, Some(message), code);
                break;
            }
        }
    }
    if let Some(death) = ran.death {
        let code = if ran.limit.is_some() { ExitCode::Inconclusive } else { ExitCode::Findings };
        (report.status, exit_code) = (if ran.limit.is_some() { "limit" } else { "died" }, code);
        let death = match ran.limit {
            Some(LimitKind::Time) => format!("{death} within {}", args.time_text()),
            Some(_) => format!("{death}: more than {} MiB", args.worker_memory),
            None => death,
        };
        report.message = Some([death, ran.stderr].join("\n").trim_end().to_owned());
    }
    (report, exit_code)
}

/// A failure in words; `called` is the last host function that was.
fn explain(failure: StepFailure, called: Option<&HostCall>) -> (&'static str, String, ExitCode) {
    match failure {
        StepFailure::Rejected(why) => ("rejected", why, ExitCode::Usage),
        StepFailure::Unlinkable(why) => {
            let hint = if why.starts_with("unknown import") { UNKNOWN_IMPORT } else { "" };
            ("unlinkable", why + hint, ExitCode::Usage)
        }
        StepFailure::Trapped(kind) => {
            ("trapped", trap_message(kind).to_owned(), ExitCode::Findings)
        }
        StepFailure::Uncaught(exception) => ("threw", thrown(exception), ExitCode::Findings),
        StepFailure::HostError => {
            let missing = called.and_then(given::missing).map(|name| {
                format!("the unknown import {name} was called (--trap-unknown-imports)")
            });
            let fails = || {
                let prefix = host::FAILING_PREFIX;
                format!("a host function whose name begins with {prefix:?} was called")
            };
            let status = if missing.is_some() { "trapped" } else { "host error" };
            (status, missing.unwrap_or_else(fails), ExitCode::Findings)
        }
        StepFailure::Limit(kind) => ("limit", kind.to_string(), ExitCode::Inconclusive),
        StepFailure::Unsupported(why) => ("unsupported", why, ExitCode::Inconclusive),
        StepFailure::Fault(why) => ("fault", why, ExitCode::Findings),
    }
}

/// What can be done about an import that is not there.
const UNKNOWN_IMPORT: &str = " (there are the modules `gainsay` and `spectest`; --trap-unknown-imports puts functions that \
     trap in the place of others)";

fn thrown(exception: Option<Exception>) -> String {
    let Some(Exception { tag, values }) = exception else {
        return "an exception was not caught".to_owned();
    };
    let tag = tag.map_or_else(|| "without an exported tag".to_owned(), |tag| format!("{tag:?}"));
    let with =
        if values.is_empty() { String::new() } else { format!(": {}", words::values(&values)) };
    format!("an exception {tag} was not caught{with}")
}

fn print(console: &Console, args: &Args, report: &Report) {
    if args.trace && console.format == Format::Text {
        for call in &report.trace {
            let call = format!("{}.{} {}", host::MODULE, call.name, words::values(&call.args));
            console.say(format_args!("call {}", call.trim_end()));
        }
    }
    let values = report.values.iter().map(|value| value_text::text(*value) + "\n");
    console.result(&values.collect::<String>(), report);
    if let Some(message) = &report.message {
        console.say(format_args!("{} on {}: {message}", report.status, report.engine));
    }
}
