//! The target `lifecycle`: any bytes, made a sequence of operations, on three
//! implementations in this process.

use gainsay_backends::{find, open};
use gainsay_lifecycle::{Backend, Scenario, Tally, Verb, generate_from_bytes, run};

use crate::floor::{Floor, Shortfall};
use crate::ledger::Ledger;
use crate::mutate;
use crate::target::{Finding, Taken, Target};

const BACKENDS: [&str; 3] = ["reference", "wasmi", "wasmtime"];

/// The target's state.
pub struct Lifecycle {
    backends: Vec<Box<dyn Backend>>,
    tally: Tally,
    ledger: Ledger,
}

impl Target for Lifecycle {
    const NAME: &'static str = "lifecycle";

    fn open() -> Lifecycle {
        let backends = BACKENDS.iter().filter_map(|id| find(id)).map(open).collect();
        Lifecycle { backends, tally: Tally::default(), ledger: Ledger::default() }
    }

    fn take(&mut self, bytes: &[u8]) -> Result<Taken, Finding> {
        self.ledger.count("inputs");
        let scenario = scenario_of(bytes);
        self.ledger.add("operations", scenario.ops.len() as u64);
        for backend in &mut self.backends {
            let ran = run(&scenario, &mut **backend);
            if let Some(failure) = &ran.failure {
                return Err(Finding(format!("{failure}\n{scenario}")));
            }
            self.tally.record(backend.id(), &ran);
        }
        Ok(Taken::Used)
    }

    fn mutate(input: &[u8], size_max: usize, seed: u32) -> Option<Vec<u8>> {
        mutate::scenario(input, size_max, seed)
    }

    /// How many operations there are, and how they end on each backend.
    fn meaning(&mut self, bytes: &[u8]) -> String {
        let scenario = scenario_of(bytes);
        let mut tally = Tally::default();
        for backend in &mut self.backends {
            let ran = run(&scenario, &mut **backend);
            tally.record(backend.id(), &ran);
        }
        let endings = tally.endings.keys().filter(|name| !name.ends_with(" unsupported"));
        let endings: Vec<String> = endings.map(|name| name.replace(' ', "/")).collect();
        format!("{} operations: {}", scenario.ops.len(), endings.join(" "))
    }

    fn ledger(&self) -> Ledger {
        let mut ledger = self.ledger.clone();
        for (name, count) in &self.tally.endings {
            ledger.add(&format!("ended {name}"), *count);
        }
        ledger
    }

    /// Each operation that a backend has ended well there, and badly where it can.
    fn shortfalls(&self) -> Vec<Shortfall> {
        let ledger = self.ledger();
        let mut floor = Floor::of(&ledger).rejected_one_in(10);
        for backend in &self.backends {
            for verb in Verb::ALL {
                let count = |endings: &[&str]| -> u64 {
                    let name = |ending| format!("ended {} {} {ending}", backend.id(), verb.name());
                    endings.iter().map(|ending| ledger.get(&name(ending))).sum()
                };
                let (well, badly) = (count(well(*verb)), count(badly(*verb)));
                if count(&["unsupported"]) > 0 && well + badly == 0 {
                    continue;
                }
                let name = |how: &str| format!("{} {} ended {how}", backend.id(), verb.name());
                floor = floor.at_least(&name("well"), well, 1).at_least(&name("badly"), badly, 1);
            }
        }
        floor.shortfalls()
    }
}

/// How an operation ends that does what it is for.
fn well(verb: Verb) -> &'static [&'static str] {
    match verb {
        Verb::Trap => &["trap"],
        Verb::ProcExit => &["exit"],
        // A process that traps or exits is a process that ends.
        Verb::JoinProcess => &["ok", "trap", "exit", "ended", "raced"],
        _ => &["ok", "suspended", "raced"],
    }
}

/// How one ends that does not. Some can fail only by a name that is not bound.
fn badly(verb: Verb) -> &'static [&'static str] {
    match verb {
        Verb::Trap | Verb::ProcExit | Verb::JoinProcess => &["refused", "broken", "void"],
        _ => &["refused", "trap", "exit", "broken", "void"],
    }
}

/// The sequence that an input stands for: text is a scenario as it stands in the corpus,
/// anything else drives the generator.
pub(crate) fn scenario_of(bytes: &[u8]) -> Scenario {
    let text = std::str::from_utf8(bytes).ok();
    let read = text.and_then(|text| Scenario::parse(text).ok());
    read.unwrap_or_else(|| generate_from_bytes(bytes))
}
