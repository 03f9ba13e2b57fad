//! Runs WAST scripts on the runtime.

mod threads;

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use gainsay_runtime::{
    Activation, Config, ErrorKind, Event, Extern, Func, HeapType, Instance, InstantiateError,
    Module, NoHost, Stop, Store, Trap, Value,
};
use wast::core::{
    AbstractHeapType, HeapType as TextHeapType, NanPattern, V128Pattern, WastArgCore, WastRetCore,
};
use wast::lexer::Lexer;
use wast::parser::{self, ParseBuffer};
use wast::token::{F32, F64};
use wast::{QuoteWat, Wast, WastArg, WastDirective, WastExecute, WastInvoke, WastRet};

/// What scripts may import without defining it: the module that the official
/// suite's own interpreter provides.
const SPECTEST: &str = r#"(module
    (global (export "global_i32") i32 (i32.const 666))
    (global (export "global_i64") i64 (i64.const 666))
    (global (export "global_f32") f32 (f32.const 666.6))
    (global (export "global_f64") f64 (f64.const 666.6))
    (table (export "table") 10 20 funcref)
    (table (export "table64") i64 10 20 funcref)
    (memory (export "memory") 1 2)
    (memory (export "shared_memory") 1 2 shared)
    (func (export "print"))
    (func (export "print_i32") (param i32))
    (func (export "print_i64") (param i64))
    (func (export "print_f32") (param f32))
    (func (export "print_f64") (param f64))
    (func (export "print_i32_f32") (param i32 f32))
    (func (export "print_f64_f64") (param f64 f64)))"#;

/// How a script went.
#[derive(Debug, Default)]
pub struct Tally {
    /// Assertions that hold.
    pub passed: usize,
    /// Place and cause of each that does not.
    pub failed: Vec<String>,
    /// Assertions about modules that no one could run, which hold.
    pub validity: usize,
    /// Where a module was refused by the other phase than the script says.
    pub other_phase: Vec<String>,
    /// Threads that were begun and waited for.
    pub threads: usize,
    /// Whether traps of one kind count as one, as they do where engines are compared,
    /// whose messages do not tell them apart (`gainsay_case::TrapKind`).
    pub traps_by_kind: bool,
}

impl Tally {
    /// Count what another counted.
    pub fn add(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed.extend(other.failed);
        self.validity += other.validity;
        self.other_phase.extend(other.other_phase);
        self.threads += other.threads;
    }
}

/// What an instance exports, by name.
type Exports = HashMap<String, Extern>;

fn exports(instance: &Instance) -> Exports {
    instance.exports().map(|(name, export)| (name.to_owned(), export)).collect()
}

/// Run a script in a store of its own.
pub fn run(name: &str, text: &str, config: &Config, tally: &mut Tally) {
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    let buffer = ParseBuffer::new_with_lexer(lexer).unwrap();
    let script: Wast<'_> = parser::parse(&buffer).unwrap();
    let source = Source { name, text };
    let mut world = World { traps_by_kind: tally.traps_by_kind, ..World::new(config) };
    threads::run(source, &mut world, script.directives, tally);
}

/// What a directive that holds was about.
enum Taken {
    /// Something to run.
    Run,
    /// A module that is refused.
    Validity,
    /// The same, but it is malformed and not invalid, or the other way round.
    OtherPhase,
}

/// Where directives come from.
#[derive(Clone, Copy)]
struct Source<'a> {
    name: &'a str,
    text: &'a str,
}

struct World {
    config: Config,
    store: Store,
    modules: HashMap<String, Module>,
    /// By script name; the empty one is the latest.
    instances: HashMap<String, Exports>,
    registered: HashMap<String, Exports>,
    /// Which names were registered for which instances.
    registrations: Vec<(String, String)>,
    /// See [`Tally::traps_by_kind`].
    traps_by_kind: bool,
}

/// Why a script's action did not give values.
#[derive(Debug)]
enum Failure {
    Instantiate(InstantiateError),
    Stop(Stop),
    Script(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Instantiate(error) => error.fmt(f),
            Failure::Stop(stop) => stop.fmt(f),
            Failure::Script(cause) => f.write_str(cause),
        }
    }
}

impl World {
    fn new(config: &Config) -> World {
        let mut store = Store::new(config);
        let all = Config { fuel: config.fuel, ..Config::default() };
        let spectest = Module::new(&all, &wat::parse_str(SPECTEST).unwrap()).unwrap();
        let spectest = store.instantiate(&spectest, &[], &mut NoHost).unwrap();
        World {
            config: *config,
            store,
            modules: HashMap::new(),
            instances: HashMap::new(),
            registered: HashMap::from([("spectest".to_owned(), exports(&spectest))]),
            registrations: Vec::new(),
            traps_by_kind: false,
        }
    }

    /// Take one directive: what it was about, or why it failed.
    fn take(&mut self, directive: WastDirective<'_>) -> Result<Taken, String> {
        match directive {
            WastDirective::Module(module) => self.define_and_instantiate(module)?,
            WastDirective::ModuleDefinition(mut module) => {
                let name = module.name().map_or(String::new(), |name| name.name().to_owned());
                let compiled = self.compile(&mut module)?;
                self.modules.insert(name, compiled);
            }
            WastDirective::ModuleInstance { instance, module, .. } => {
                let module = module.map_or("", |module| module.name());
                let module = self.modules.get(module).ok_or("no such module")?.clone();
                let instance = instance.map(|name| name.name().to_owned());
                self.instantiate(&module, instance).map_err(|error| error.to_string())?;
            }
            WastDirective::Register { name, module, .. } => {
                let instance = module.map_or("", |module| module.name());
                self.register(name, instance)?;
            }
            WastDirective::Invoke(invoke) => {
                self.invoke(&invoke).map_err(|error| error.to_string())?;
            }
            WastDirective::AssertReturn { exec, results, .. } => {
                let found = self.execute(exec).map_err(|error| error.to_string())?;
                if found.len() != results.len()
                    || !results.iter().zip(&found).all(|(wanted, found)| fits(wanted, found))
                {
                    return Err(format!("wanted {results:?}, got {found:x?}"));
                }
            }
            WastDirective::AssertTrap { exec, message, .. } => {
                let found = self.execute(exec);
                let Err(
                    Failure::Stop(Stop::Trap(trap))
                    | Failure::Instantiate(InstantiateError::Stopped(Stop::Trap(trap))),
                ) = found
                else {
                    return Err(format!("wanted {message:?}, got {found:?}"));
                };
                let says = |trap: Trap| {
                    message.starts_with(trap.message()) || trap.message().starts_with(message)
                };
                if !(says(trap) || self.traps_by_kind && says(kind(trap))) {
                    return Err(format!("wanted {message:?}, got {trap:?}"));
                }
            }
            WastDirective::AssertExhaustion { call, message, .. } => match self.invoke(&call) {
                Err(Failure::Stop(Stop::StackExhausted)) => {}
                found => return Err(format!("wanted {message:?}, got {found:?}")),
            },
            WastDirective::AssertException { exec, .. } => match self.execute(exec) {
                Err(Failure::Stop(Stop::Exception(_))) => {}
                found => return Err(format!("wanted an exception, got {found:?}")),
            },
            WastDirective::AssertUnlinkable { module, message, .. } => {
                let compiled = self.compile(&mut QuoteWat::Wat(module))?;
                match self.instantiate(&compiled, None) {
                    Err(Failure::Instantiate(error @ InstantiateError::Unlinkable(_)))
                        if error.to_string().starts_with(message) => {}
                    found => return Err(format!("wanted {message:?}, got {found:?}")),
                }
            }
            WastDirective::AssertMalformed { module, .. } => {
                return self.refuse(module, ErrorKind::Malformed);
            }
            WastDirective::AssertInvalid { module, .. } => {
                return self.refuse(module, ErrorKind::Invalid);
            }
            other => return Err(format!("no way to take {other:?}")),
        }
        Ok(Taken::Run)
    }

    fn compile(&self, module: &mut QuoteWat<'_>) -> Result<Module, String> {
        let bytes = module.encode().map_err(|error| error.to_string())?;
        Module::new(&self.config, &bytes).map_err(|error| error.to_string())
    }

    /// What is wrong with a module; of text that is none, nothing remains to be said.
    fn refuse(&self, mut module: QuoteWat<'_>, kind: ErrorKind) -> Result<Taken, String> {
        let Ok(bytes) = module.encode() else { return Ok(Taken::Validity) };
        match Module::new(&self.config, &bytes) {
            Err(error) if error.kind == kind => Ok(Taken::Validity),
            Err(error) if error.kind != ErrorKind::Limit => Ok(Taken::OtherPhase),
            Err(error) => Err(format!("wanted {kind:?}, got {error:?}")),
            Ok(_) => Err(format!("wanted {kind:?}, but it was accepted")),
        }
    }

    /// Let modules import from an instance.
    fn register(&mut self, name: &str, instance: &str) -> Result<(), String> {
        let exports = self.instances.get(instance).ok_or(format!("no instance {instance:?}"))?;
        self.registered.insert(name.to_owned(), exports.clone());
        self.registrations.push((name.to_owned(), instance.to_owned()));
        Ok(())
    }

    fn define_and_instantiate(&mut self, mut module: QuoteWat<'_>) -> Result<(), String> {
        let name = module.name().map(|name| name.name().to_owned());
        let compiled = self.compile(&mut module)?;
        self.instantiate(&compiled, name).map_err(|error| error.to_string())
    }

    fn instantiate(&mut self, module: &Module, name: Option<String>) -> Result<(), Failure> {
        let imports: Vec<Extern> = module
            .imports()
            .map_while(|import| self.registered.get(import.module)?.get(import.name).copied())
            .collect();
        let instance =
            self.store.instantiate(module, &imports, &mut NoHost).map_err(Failure::Instantiate)?;
        let exports = exports(&instance);
        self.instances.extend(name.map(|name| (name, exports.clone())));
        self.instances.insert(String::new(), exports);
        Ok(())
    }

    fn export(&self, instance: Option<&str>, name: &str) -> Result<Extern, Failure> {
        let exports = self.instances.get(instance.unwrap_or(""));
        let export = exports.and_then(|exports| exports.get(name)).copied();
        export.ok_or_else(|| Failure::Script(format!("no export {name:?} of {instance:?}")))
    }

    fn execute(&mut self, exec: WastExecute<'_>) -> Result<Vec<Value>, Failure> {
        match exec {
            WastExecute::Invoke(invoke) => self.invoke(&invoke),
            WastExecute::Get { module, global, .. } => {
                match self.export(module.map(|module| module.name()), global)? {
                    Extern::Global(global) => Ok(vec![self.store.global_get(global)]),
                    other => Err(Failure::Script(format!("{global:?} is {other:?}"))),
                }
            }
            WastExecute::Wat(module) => {
                let compiled = self.compile(&mut QuoteWat::Wat(module)).map_err(Failure::Script)?;
                self.instantiate(&compiled, None).map(|()| Vec::new())
            }
        }
    }

    fn invoke(&mut self, invoke: &WastInvoke<'_>) -> Result<Vec<Value>, Failure> {
        let export = self.export(invoke.module.map(|module| module.name()), invoke.name)?;
        let Extern::Func(func) = export else {
            return Err(Failure::Script(format!("{:?} is no function", invoke.name)));
        };
        let args: Vec<Value> = invoke.args.iter().map(argument).collect();
        match self.config.fuel {
            true => self.invoke_in_slices(func, &args),
            false => self.store.invoke(func, &args, &mut NoHost),
        }
        .map_err(Failure::Stop)
    }

    /// Call with fuel for a few instructions at a time. Whenever it is used up, what
    /// cannot be reached is collected: that must not change anything.
    fn invoke_in_slices(&mut self, func: Func, args: &[Value]) -> Result<Vec<Value>, Stop> {
        let mut activation = Activation::new(&self.store, func, args)?;
        let mut slice = 1;
        let ended = loop {
            self.store.set_fuel(slice);
            match activation.run(&mut self.store) {
                Ok(Event::Finished(results)) => break Ok(results),
                Ok(Event::OutOfFuel) if self.store.fuel() == slice => slice *= 2,
                Ok(Event::OutOfFuel) => slice += 1,
                Ok(Event::Wait(wait)) => {
                    wait.block(Some(Duration::from_secs(1)));
                }
                Ok(other) => panic!("{other:?}"),
                Err(stop) => break Err(stop),
            }
            self.store.collect_garbage();
        };
        self.store.set_fuel(u64::MAX);
        ended
    }
}

/// The trap that stands for those of its kind.
fn kind(trap: Trap) -> Trap {
    match trap {
        Trap::UndefinedElement => Trap::TableOutOfBounds,
        Trap::NullFunctionReference
        | Trap::NullI31
        | Trap::NullStructure
        | Trap::NullArray
        | Trap::NullExceptionReference => Trap::NullReference,
        other => other,
    }
}

fn argument(arg: &WastArg<'_>) -> Value {
    match arg {
        WastArg::Core(WastArgCore::I32(number)) => Value::I32(*number),
        WastArg::Core(WastArgCore::I64(number)) => Value::I64(*number),
        WastArg::Core(WastArgCore::F32(number)) => Value::F32(number.bits),
        WastArg::Core(WastArgCore::F64(number)) => Value::F64(number.bits),
        WastArg::Core(WastArgCore::V128(vector)) => {
            Value::V128(u128::from_le_bytes(vector.to_le_bytes()))
        }
        WastArg::Core(WastArgCore::RefNull(heap)) => Value::Null(heap_type(heap)),
        WastArg::Core(WastArgCore::RefExtern(number) | WastArgCore::RefHost(number)) => {
            Value::Extern(*number)
        }
        other => panic!("no such argument yet: {other:?}"),
    }
}

fn heap_type(heap: &TextHeapType<'_>) -> HeapType {
    let TextHeapType::Abstract { ty, .. } = heap else {
        panic!("no such heap type: {heap:?}");
    };
    match ty {
        AbstractHeapType::Func => HeapType::Func,
        AbstractHeapType::NoFunc => HeapType::NoFunc,
        AbstractHeapType::Extern => HeapType::Extern,
        AbstractHeapType::NoExtern => HeapType::NoExtern,
        AbstractHeapType::Any => HeapType::Any,
        AbstractHeapType::Eq => HeapType::Eq,
        AbstractHeapType::I31 => HeapType::I31,
        AbstractHeapType::Struct => HeapType::Struct,
        AbstractHeapType::Array => HeapType::Array,
        AbstractHeapType::None => HeapType::None,
        AbstractHeapType::Exn => HeapType::Exn,
        AbstractHeapType::NoExn => HeapType::NoExn,
        AbstractHeapType::Cont | AbstractHeapType::NoCont => panic!("no such heap type: {ty:?}"),
    }
}

/// The runtime's NaNs are the positive canonical ones, so that every pattern but
/// given bits wants just those, unless a payload was carried through.
fn fits(wanted: &WastRet<'_>, found: &Value) -> bool {
    match wanted {
        WastRet::Core(wanted) => fits_core(wanted, found),
        _ => false,
    }
}

fn fits_core(wanted: &WastRetCore<'_>, found: &Value) -> bool {
    match (wanted, found) {
        (WastRetCore::I32(wanted), Value::I32(found)) => wanted == found,
        (WastRetCore::I64(wanted), Value::I64(found)) => wanted == found,
        (WastRetCore::F32(wanted), Value::F32(found)) => fits_f32(wanted, *found),
        (WastRetCore::F64(wanted), Value::F64(found)) => fits_f64(wanted, *found),
        (WastRetCore::V128(wanted), Value::V128(found)) => fits_v128(wanted, *found),
        (WastRetCore::RefNull(_), Value::Null(_)) => true,
        (WastRetCore::RefExtern(None), Value::Extern(_)) => true,
        (WastRetCore::RefExtern(Some(wanted)), Value::Extern(found)) => wanted == found,
        (WastRetCore::RefExtern(None), Value::I31(_) | Value::Struct(_) | Value::Array(_)) => true,
        (WastRetCore::RefHost(wanted), Value::Extern(found)) => wanted == found,
        (WastRetCore::RefFunc(None), Value::Func(_)) => true,
        (WastRetCore::RefAny, Value::Extern(_)) => true,
        (WastRetCore::RefAny | WastRetCore::RefEq | WastRetCore::RefI31, Value::I31(_)) => true,
        (WastRetCore::RefAny | WastRetCore::RefEq | WastRetCore::RefStruct, Value::Struct(_)) => {
            true
        }
        (WastRetCore::RefAny | WastRetCore::RefEq | WastRetCore::RefArray, Value::Array(_)) => true,
        (WastRetCore::Either(wanted), found) => {
            wanted.iter().any(|wanted| fits_core(wanted, found))
        }
        _ => false,
    }
}

fn fits_f32(wanted: &NanPattern<F32>, found: u32) -> bool {
    match wanted {
        NanPattern::Value(wanted) => wanted.bits == found,
        NanPattern::CanonicalNan => found == 0x7fc0_0000,
        NanPattern::ArithmeticNan => found & 0x7fc0_0000 == 0x7fc0_0000,
    }
}

fn fits_f64(wanted: &NanPattern<F64>, found: u64) -> bool {
    match wanted {
        NanPattern::Value(wanted) => wanted.bits == found,
        NanPattern::CanonicalNan => found == 0x7ff8_0000_0000_0000,
        NanPattern::ArithmeticNan => found & 0x7ff8_0000_0000_0000 == 0x7ff8_0000_0000_0000,
    }
}

/// Lane by lane, the first in the least significant bits. A lane's NaN may have a sign:
/// the suite negates canonical ones and then asks for a canonical one.
fn fits_v128(wanted: &V128Pattern, found: u128) -> bool {
    let lane = |bits: usize, number: usize| (found >> (bits * number)) as u64;
    match wanted {
        V128Pattern::I8x16(lanes) => (0..).zip(lanes).all(|(i, n)| lane(8, i) as i8 == *n),
        V128Pattern::I16x8(lanes) => (0..).zip(lanes).all(|(i, n)| lane(16, i) as i16 == *n),
        V128Pattern::I32x4(lanes) => (0..).zip(lanes).all(|(i, n)| lane(32, i) as i32 == *n),
        V128Pattern::I64x2(lanes) => (0..).zip(lanes).all(|(i, n)| lane(64, i) as i64 == *n),
        V128Pattern::F32x4(lanes) => (0..).zip(lanes).all(|(i, wanted)| {
            let lane = lane(32, i) as u32;
            fits_f32(wanted, lane) || is_nan_pattern(wanted) && fits_f32(wanted, lane ^ 1 << 31)
        }),
        V128Pattern::F64x2(lanes) => (0..).zip(lanes).all(|(i, wanted)| {
            let lane = lane(64, i);
            fits_f64(wanted, lane) || is_nan_pattern(wanted) && fits_f64(wanted, lane ^ 1 << 63)
        }),
    }
}

fn is_nan_pattern<T>(wanted: &NanPattern<T>) -> bool {
    !matches!(wanted, NanPattern::Value(_))
}
