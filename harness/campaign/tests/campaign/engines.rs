//! wasmi under several names, some with a planted defect.

use std::sync::atomic::{AtomicBool, Ordering};

use gainsay_case::{
    Capabilities, Engine, EngineInfo, HostCall, InstanceState, Limits, Session, StepFailure, Value,
};
use gainsay_protocol::MissingEngine;
use gainsay_worker::FoundEngines;

/// What is wrong with an engine.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Defect {
    Nothing,
    /// Odd `i32` results are one less.
    LosesLowestBit,
    /// The process aborts.
    Aborts,
    /// The process ends as if all were well.
    Exits,
    /// It never comes back.
    Hangs,
    /// It fills the memory.
    Swells,
    /// It panics, which the harness survives.
    Panics,
    /// It panics with what its environment says of backtraces.
    Tells,
    /// Somebody kills the process.
    IsKilled,
    /// Odd `i32` results are one less for the rest of the process.
    Taints,
}

/// Whether this process met [`TRIGGER`] in an engine that is tainted by it.
static IS_TAINTED: AtomicBool = AtomicBool::new(false);

/// Ids, the implementation each one pretends to be, and what is wrong with it.
const ENGINES: [(&str, &str, Defect); 13] = [
    ("reference", "reference", Defect::Nothing),
    ("sound", "sound", Defect::Nothing),
    ("other", "other", Defect::Nothing),
    ("canary", "canary", Defect::LosesLowestBit),
    ("liar", "liar", Defect::LosesLowestBit),
    ("aborts", "aborts", Defect::Aborts),
    ("exits", "exits", Defect::Exits),
    ("hangs", "hangs", Defect::Hangs),
    ("swells", "swells", Defect::Swells),
    ("panics", "panics", Defect::Panics),
    ("tells", "tells", Defect::Tells),
    ("killed", "killed", Defect::IsKilled),
    ("stale", "stale", Defect::Taints),
];

/// Set in the environment of a worker whose canary has no defect.
pub const SOUND_CANARY: &str = "GAINSAY_TEST_SOUND_CANARY";

/// Set in the environment of a worker that has one engine alone.
pub const ONLY: &str = "GAINSAY_TEST_ONLY";

pub fn find(ids: &[String], _language: Option<&Capabilities>) -> FoundEngines {
    let only = std::env::var(ONLY).ok();
    let mut found = FoundEngines::default();
    // By itself a worker offers an engine only if it has but one.
    let offered = if ids.is_empty() { only.as_slice() } else { ids };
    for id in offered {
        let is_here = only.as_ref().is_none_or(|only| only == id);
        match ENGINES.iter().find(|(known, ..)| known == id && is_here) {
            Some((id, implementation, defect)) => {
                let cured = *id == "canary" && std::env::var_os(SOUND_CANARY).is_some();
                let defect = if cured { Defect::Nothing } else { *defect };
                found.engines.push(engine(id, implementation, defect));
            }
            None => {
                let reason = "there is no such engine".to_owned();
                found.missing.push(MissingEngine { id: id.clone(), reason });
            }
        }
    }
    found
}

fn engine(id: &str, implementation: &str, defect: Defect) -> Box<dyn Engine> {
    let inner = gainsay_engines::registry::find(&["wasmi-eager".to_owned()]);
    let inner = inner.expect("wasmi is built in").remove(0);
    let mut info = inner.info().clone();
    info.id = id.to_owned();
    info.implementation = implementation.to_owned();
    Box::new(Planted { info, inner, defect })
}

struct Planted {
    info: EngineInfo,
    inner: Box<dyn Engine>,
    defect: Defect,
}

impl Engine for Planted {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    fn session(&self, limits: &Limits) -> Result<Box<dyn Session>, String> {
        let inner = self.inner.session(limits)?;
        Ok(Box::new(PlantedSession { inner, defect: self.defect }))
    }
}

struct PlantedSession {
    inner: Box<dyn Session>,
    defect: Defect,
}

/// The gravest defects show in calls whose first argument is this: few enough that
/// the campaign gets on, enough to be seen in a hundred cases.
const TRIGGER: i32 = -1;

impl PlantedSession {
    fn misbehave(&self, args: &[Value]) {
        if !matches!(args, [Value::I32(TRIGGER), ..]) {
            return;
        }
        match self.defect {
            Defect::Nothing | Defect::LosesLowestBit => {}
            Defect::Aborts => {
                eprintln!("planted: about to abort");
                std::process::abort();
            }
            Defect::Exits => std::process::exit(7),
            Defect::Hangs => loop {
                std::thread::sleep(std::time::Duration::from_secs(1));
            },
            Defect::Swells => {
                let hoard = vec![1u8; 1 << 30];
                std::thread::sleep(std::time::Duration::from_secs(60));
                drop(hoard);
            }
            Defect::Panics => panic!("planted: number {}", args.len()),
            Defect::Tells => {
                let said = ["RUST_BACKTRACE", "RUST_LIB_BACKTRACE"]
                    .map(|name| format!("{name} is {}", std::env::var(name).unwrap_or_default()));
                panic!("{}", said.join(", "))
            }
            Defect::IsKilled => {
                let id = std::process::id().to_string();
                let _ = std::process::Command::new("kill").args(["-KILL", &id]).status();
            }
            Defect::Taints => IS_TAINTED.store(true, Ordering::Relaxed),
        }
    }
}

impl Session for PlantedSession {
    fn define(&mut self, module: &str, bytes: &[u8]) -> Result<(), StepFailure> {
        self.inner.define(module, bytes)
    }

    fn instantiate(&mut self, module: &str, instance: &str) -> Result<(), StepFailure> {
        self.inner.instantiate(module, instance)
    }

    fn register(&mut self, instance: &str, name: &str) -> Result<(), StepFailure> {
        self.inner.register(instance, name)
    }

    fn invoke(
        &mut self,
        instance: &str,
        field: &str,
        args: &[Value],
    ) -> Result<Vec<Value>, StepFailure> {
        self.misbehave(args);
        let mut values = self.inner.invoke(instance, field, args)?;
        let is_tainted = self.defect == Defect::Taints && IS_TAINTED.load(Ordering::Relaxed);
        if self.defect == Defect::LosesLowestBit || is_tainted {
            for value in &mut values {
                if let Value::I32(number) = value {
                    *number &= !1;
                }
            }
        }
        Ok(values)
    }

    fn get(&mut self, instance: &str, field: &str) -> Result<Value, StepFailure> {
        self.inner.get(instance, field)
    }

    fn observe(&mut self, instance: &str) -> InstanceState {
        self.inner.observe(instance)
    }

    fn take_trace(&mut self) -> Vec<HostCall> {
        self.inner.take_trace()
    }
}
