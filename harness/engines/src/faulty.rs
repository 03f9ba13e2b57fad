//! Engines that misbehave, to test what the harness makes of it. Never used
//! unless named.

use std::collections::HashMap;

use gainsay_case::{Capabilities, Engine};
use xxhash_rust::xxh3::xxh3_64;

use crate::reference::reference;
use crate::wrapped::{FaultInjector, wrap};

/// One module in so many is a trigger, chosen by its bytes, so that a replay
/// shows the same fault.
pub(crate) const MODULES_PER_FAULT: u64 = 50;

/// What happens when an instance of a trigger is called.
#[derive(Clone, Copy)]
enum Fault {
    Abort,
    Hang,
    Memory,
    Panic,
}

#[derive(Clone)]
struct Faulty {
    fault: Fault,
    /// Whether each module, by name, is a trigger.
    modules: HashMap<String, bool>,
    /// The same of each instance.
    instances: HashMap<String, bool>,
}

/// Aborts the process.
pub(crate) fn abort(language: &Capabilities) -> Result<Box<dyn Engine>, String> {
    faulty("faulty-abort", Fault::Abort, language)
}

/// Loops for ever.
pub(crate) fn hang(language: &Capabilities) -> Result<Box<dyn Engine>, String> {
    faulty("faulty-hang", Fault::Hang, language)
}

/// Allocates without end.
pub(crate) fn memory(language: &Capabilities) -> Result<Box<dyn Engine>, String> {
    faulty("faulty-memory", Fault::Memory, language)
}

/// Panics.
pub(crate) fn panic(language: &Capabilities) -> Result<Box<dyn Engine>, String> {
    faulty("faulty-panic", Fault::Panic, language)
}

fn faulty(id: &str, fault: Fault, language: &Capabilities) -> Result<Box<dyn Engine>, String> {
    let (modules, instances) = Default::default();
    Ok(wrap(id, reference(language)?, Faulty { fault, modules, instances }))
}

/// Whether a call into this module goes wrong.
pub(crate) fn is_trigger(bytes: &[u8]) -> bool {
    xxh3_64(bytes).is_multiple_of(MODULES_PER_FAULT)
}

impl FaultInjector for Faulty {
    fn define(&mut self, module: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        self.modules.insert(module.to_owned(), is_trigger(bytes));
        None
    }

    fn instantiate(&mut self, module: &str, instance: &str) {
        let is_trigger = self.modules.get(module).is_some_and(|is_trigger| *is_trigger);
        self.instances.insert(instance.to_owned(), is_trigger);
    }

    fn invoke(&mut self, instance: &str) {
        if self.instances.get(instance).is_some_and(|is_trigger| *is_trigger) {
            self.fault.happen();
        }
    }
}

impl Fault {
    fn happen(self) {
        match self {
            Fault::Abort => std::process::abort(),
            Fault::Hang => loop {
                std::hint::spin_loop();
            },
            Fault::Memory => exhaust_memory(),
            Fault::Panic => panic!("a planted panic"),
        }
    }
}

/// Every page is written to, or the system would only promise it.
fn exhaust_memory() {
    const CHUNK_BYTES: usize = 16 << 20;
    let mut chunks: Vec<Vec<u8>> = Vec::new();
    loop {
        chunks.push(std::hint::black_box(vec![1; CHUNK_BYTES]));
    }
}

#[cfg(test)]
mod tests {
    use gainsay_case::{Case, Limits, Proposal, Step, StepFailure, StepResult, execute};

    use super::*;

    /// A module whose export `f` returns, told from others by a custom section.
    fn module(number: u32) -> Vec<u8> {
        let text = format!(r#"(module (func (export "f")) (@custom "n" "{number}"))"#);
        wat::parse_str(text).expect("text")
    }

    fn call(engine: &dyn Engine, bytes: Vec<u8>) -> StepResult {
        let (module, instance, field) = ("m".to_owned(), "i".to_owned(), "f".to_owned());
        let steps = vec![
            Step::Define { module: module.clone(), bytes: bytes.into() },
            Step::Instantiate { module, instance: instance.clone() },
            Step::Invoke { instance, field, args: Vec::new() },
        ];
        let outcome = execute(engine, &Case { steps }, &Limits::default());
        outcome.steps.into_iter().next_back().expect("three steps").result
    }

    #[test]
    fn the_fault_depends_on_the_module_alone() {
        let engine = panic(&Proposal::ALL.iter().copied().collect()).expect("an engine");
        let mut faults = 0;
        for bytes in (0..500).map(module) {
            let is_trigger = is_trigger(&bytes);
            faults += u32::from(is_trigger);
            match call(&*engine, bytes) {
                StepResult::Failed(StepFailure::Fault(_)) => assert!(is_trigger),
                result => assert_eq!((result, is_trigger), (StepResult::Returned(vec![]), false)),
            }
        }
        assert!((1..50).contains(&faults), "{faults} of 500 modules are triggers");
    }
}
