//! Sequences from a seed, or from bytes.

use arbitrary::Unstructured;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

use crate::backend::Abilities;
use crate::decide::{below, one_of, percent, weighted};
use crate::model::Model;
use crate::op::{Op, Verb};
use crate::op_outcome::OpOutcome;
use crate::program::Program;
use crate::scenario::Scenario;
use crate::word::{
    Allocation, ArtifactId, CacheId, CallId, Cause, EngineId, InstanceId, MemoryId, ModuleId,
    POOL_MAX, Rule, SLOTS, StoreId, Task, ThreadId,
};

/// Generated sequences are no longer than this.
pub const OPERATIONS_MAX: usize = 40;

/// Enough for the longest sequence: every operation takes about ten decisions.
const BUFFER_BYTES: usize = 4 << 10;

/// How many operations in a hundred are chosen without asking whether they make sense.
const WILD_PERCENT: usize = 12;

/// How many sequences in a hundred have processes.
const PROCESSES_PERCENT: usize = 20;

/// How often what is missing for a call is made first, in a hundred.
const MISSING_PERCENT: usize = 60;

/// How often a sensible operation is looked for.
const ATTEMPTS_MAX: usize = 24;

/// Sequence number `index` of a seed. It depends on nothing else.
pub fn generate(seed: u64, index: u64) -> Scenario {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(index);
    generate_from(&mut rng, &[])
}

/// The sequence that arbitrary bytes stand for: the first eight seed what decides when
/// the others are used up, so that any bytes make a sequence of full length.
pub fn generate_from_bytes(bytes: &[u8]) -> Scenario {
    let (seed, decided) = bytes.split_at(bytes.len().min(8));
    let mut padded = [0; 8];
    padded[..seed.len()].copy_from_slice(seed);
    generate_from(&mut ChaCha8Rng::seed_from_u64(u64::from_le_bytes(padded)), decided)
}

fn generate_from(rng: &mut ChaCha8Rng, decided: &[u8]) -> Scenario {
    let mut buffer = vec![0; BUFFER_BYTES];
    rng.fill_bytes(&mut buffer);
    let len = decided.len().min(BUFFER_BYTES);
    buffer[..len].copy_from_slice(&decided[..len]);
    let mut bytes = Unstructured::new(&buffer);
    let swarm = Swarm::choose(&mut bytes);
    let length = 1 + below(&mut bytes, OPERATIONS_MAX);
    let mut maker = Maker { bytes, swarm, model: Model::new(Abilities::ALL) };
    let mut ops = Vec::with_capacity(length);
    while ops.len() < length && (ops.is_empty() || !maker.bytes.is_empty()) {
        let op = match percent(&mut maker.bytes, WILD_PERCENT) {
            true => maker.wild(ops.last()),
            false => maker.sensible(),
        };
        if let Some(outcome) = maker.model.expect(&op).usual() {
            maker.model.commit(&op, &outcome.clone());
        }
        ops.push(op);
    }
    Scenario { ops }
}

/// What a sequence is made of: some operations and programs are left out altogether, the
/// others get wild weights.
struct Swarm {
    verbs: Vec<(u32, Verb)>,
    programs: Vec<Program>,
    pools: bool,
    caches: bool,
    guards: bool,
}

/// What comes in groups, of which one makes no sense without the others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Core,
    Pools,
    Caches,
    Bytes,
    Calls,
    Threads,
    Processes,
}

fn group(verb: Verb) -> Group {
    match verb {
        Verb::Probe => Group::Pools,
        Verb::CacheNew | Verb::CloseCache | Verb::CountCache | Verb::Contend => Group::Caches,
        Verb::Serialize | Verb::Damage | Verb::Deserialize => Group::Bytes,
        Verb::Begin | Verb::Resume | Verb::Abandon => Group::Calls,
        Verb::Share | Verb::Read | Verb::DropMemory | Verb::Spawn | Verb::Notify | Verb::Join => {
            Group::Threads
        }
        verb if process::VERBS.contains(&verb) => Group::Processes,
        _ => Group::Core,
    }
}

/// What comes between the making of a process and its end, which takes all of them.
fn leads_on(verb: Verb) -> bool {
    matches!(verb, Verb::Plan | Verb::Start | Verb::JoinProcess)
}

impl Swarm {
    fn choose(bytes: &mut Unstructured<'_>) -> Swarm {
        let [pools, caches, serialization, calls, guards] = [(); 5].map(|()| percent(bytes, 50));
        let [threads, processes] = [15, PROCESSES_PERCENT].map(|share| percent(bytes, share));
        let is_on = |verb: &Verb| match group(*verb) {
            Group::Core => true,
            Group::Pools => pools,
            Group::Caches => caches,
            Group::Bytes => serialization,
            Group::Calls => calls,
            Group::Threads => threads,
            Group::Processes => processes,
        };
        let weight = |verb: &Verb| {
            let is_base = matches!(
                verb,
                Verb::EngineNew | Verb::Compile | Verb::StoreNew | Verb::Instantiate
            );
            let weight = 1 << below(bytes, 5);
            let is_off = percent(bytes, 25);
            let ends = matches!(
                verb,
                Verb::DropEngine
                    | Verb::DropStore
                    | Verb::IntoData
                    | Verb::DropInstance
                    | Verb::CloseCache
                    | Verb::CacheNew
                    | Verb::Share
                    | Verb::DropMemory
                    | Verb::Kill
                    | Verb::DropProcess
            );
            match (is_base, is_off) {
                (true, _) if matches!(verb, Verb::EngineNew | Verb::StoreNew) => 2,
                (true, _) => 2 + weight / 2,
                // What ends others may not be all that happens.
                (false, false) if ends => 1 + weight / 4,
                (false, _) if leads_on(*verb) => 6 + 2 * weight,
                (false, _) if *verb == Verb::ProcessNew => 3 + weight / 4,
                (false, true) => 0,
                // It takes a thousand times as long as the others.
                (false, false) if *verb == Verb::Contend => 1,
                (false, false) => weight,
            }
        };
        let verbs: Vec<Verb> = Verb::ALL.iter().copied().filter(is_on).collect();
        let weights: Vec<u32> = verbs.iter().map(weight).collect();
        let mut programs: Vec<Program> =
            Program::ALL.into_iter().filter(|_| percent(bytes, 40)).collect();
        if calls {
            programs.extend([Program::Asker; 3]);
        }
        programs.push(Program::Plain);
        if caches && percent(bytes, 50) {
            // Handles of one key, so that they have to do with each other.
            programs.truncate(1);
        }
        let verbs = weights.into_iter().zip(verbs).collect();
        Swarm { verbs, programs, pools, caches, guards }
    }
}

struct Maker<'a> {
    bytes: Unstructured<'a>,
    swarm: Swarm,
    model: Model,
}

/// A name that is bound, if any is wanted and there is one.
macro_rules! used {
    ($maker:expr, $is_wild:expr, $kind:ident, $table:ident) => {{
        let bound = $maker.model.bound().$table;
        match bound.is_empty() || $is_wild {
            true => $kind(below(&mut $maker.bytes, usize::from(SLOTS)) as u8),
            false => one_of(&mut $maker.bytes, &bound),
        }
    }};
}

/// A name that is free, if any is wanted and there is one.
macro_rules! fresh {
    ($maker:expr, $is_wild:expr, $kind:ident, $table:ident) => {{
        let bound = $maker.model.bound().$table;
        let free: Vec<$kind> = (0..SLOTS).map($kind).filter(|name| !bound.contains(name)).collect();
        match free.is_empty() || $is_wild {
            true => $kind(below(&mut $maker.bytes, usize::from(SLOTS)) as u8),
            false => free[0],
        }
    }};
}

mod process;

impl Maker<'_> {
    /// An operation that does something, if one is found.
    fn sensible(&mut self) -> Op {
        if percent(&mut self.bytes, MISSING_PERCENT)
            && let Some(verb) = self.missing()
        {
            return self.op_of(verb, false);
        }
        for _ in 0..ATTEMPTS_MAX {
            let op = self.op(false);
            if self.does_something(&op) {
                return op;
            }
        }
        self.fallback()
    }

    /// Any names, names that are bound to what may be closed or foreign, or the last
    /// operation again.
    fn wild(&mut self, last: Option<&Op>) -> Op {
        if percent(&mut self.bytes, 30)
            && let Some(last) = last
        {
            return last.clone();
        }
        let any_names = percent(&mut self.bytes, 40);
        self.op(any_names)
    }

    fn does_something(&self, op: &Op) -> bool {
        let expected = self.model.expect(op);
        !matches!(expected.usual(), Some(OpOutcome::Refused(_)) | None)
    }

    /// What leads on from anywhere.
    fn fallback(&mut self) -> Op {
        let verb = self.missing().unwrap_or(Verb::Bump);
        self.op_of(verb, false)
    }

    /// What makes the first thing that is missing for a call.
    fn missing(&self) -> Option<Verb> {
        let bound = self.model.bound();
        match () {
            () if bound.engines.is_empty() => Some(Verb::EngineNew),
            () if bound.stores.is_empty() => Some(Verb::StoreNew),
            () if bound.modules.is_empty() => Some(Verb::Compile),
            () if bound.instances.is_empty() => Some(Verb::Instantiate),
            () => None,
        }
    }

    fn op(&mut self, is_wild: bool) -> Op {
        let verb = weighted(&mut self.bytes, &self.swarm.verbs).unwrap_or(Verb::EngineNew);
        self.op_of(verb, is_wild)
    }

    fn small(&mut self) -> u8 {
        let choices = [0, 1, 2, 3, 4, 7, 255];
        one_of(&mut self.bytes, &choices)
    }

    fn op_of(&mut self, verb: Verb, wild: bool) -> Op {
        match verb {
            Verb::EngineNew => {
                let pool = self.swarm.pools && percent(&mut self.bytes, 70);
                let capacity = 1 + below(&mut self.bytes, usize::from(POOL_MAX)) as u8;
                let allocation =
                    if pool { Allocation::Pool(capacity) } else { Allocation::OnDemand };
                Op::EngineNew { engine: fresh!(self, wild, EngineId, engines), allocation }
            }
            Verb::DropEngine => Op::DropEngine { engine: used!(self, wild, EngineId, engines) },
            Verb::Probe => Op::Probe { engine: used!(self, wild, EngineId, engines) },
            Verb::CacheNew => Op::CacheNew { cache: fresh!(self, wild, CacheId, caches) },
            Verb::CloseCache => Op::CloseCache { cache: used!(self, wild, CacheId, caches) },
            Verb::CountCache => Op::CountCache { cache: used!(self, wild, CacheId, caches) },
            Verb::Contend => Op::Contend {
                cache: used!(self, wild, CacheId, caches),
                engine: used!(self, wild, EngineId, engines),
                seed: below(&mut self.bytes, 256) as u8,
            },
            Verb::Compile
            | Verb::CloseModule
            | Verb::Serialize
            | Verb::Damage
            | Verb::Deserialize => self.module_op(verb, wild),
            Verb::Share
            | Verb::Read
            | Verb::DropMemory
            | Verb::Spawn
            | Verb::Notify
            | Verb::Join => self.thread_op(verb, wild),
            verb if process::VERBS.contains(&verb) => self.process_op(verb, wild),
            Verb::StoreNew => Op::StoreNew {
                store: fresh!(self, wild, StoreId, stores),
                engine: used!(self, wild, EngineId, engines),
            },
            Verb::DropStore => Op::DropStore { store: used!(self, wild, StoreId, stores) },
            Verb::IntoData => Op::IntoData { store: used!(self, wild, StoreId, stores) },
            _ => self.instance_op(verb, wild),
        }
    }

    fn module_op(&mut self, verb: Verb, wild: bool) -> Op {
        match verb {
            Verb::CloseModule => Op::CloseModule { module: used!(self, wild, ModuleId, modules) },
            Verb::Serialize => Op::Serialize {
                artifact: fresh!(self, wild, ArtifactId, artifacts),
                module: used!(self, wild, ModuleId, modules),
            },
            Verb::Damage => Op::Damage {
                artifact: used!(self, wild, ArtifactId, artifacts),
                at: below(&mut self.bytes, 256) as u8,
            },
            Verb::Deserialize => Op::Deserialize {
                module: fresh!(self, wild, ModuleId, modules),
                engine: used!(self, wild, EngineId, engines),
                artifact: used!(self, wild, ArtifactId, artifacts),
            },
            _ => {
                let is_cached = self.swarm.caches
                    && percent(&mut self.bytes, 70)
                    && (wild || !self.model.bound().caches.is_empty());
                Op::Compile {
                    module: fresh!(self, wild, ModuleId, modules),
                    engine: used!(self, wild, EngineId, engines),
                    program: one_of(&mut self.bytes, &self.swarm.programs),
                    via: is_cached.then(|| used!(self, wild, CacheId, caches)),
                }
            }
        }
    }

    fn instance_op(&mut self, verb: Verb, wild: bool) -> Op {
        if verb == Verb::Instantiate {
            let guarded = self.swarm.guards && percent(&mut self.bytes, 50);
            return Op::Instantiate {
                instance: fresh!(self, wild, InstanceId, instances),
                store: used!(self, wild, StoreId, stores),
                module: used!(self, wild, ModuleId, modules),
                rule: if guarded { Rule::Guarded } else { Rule::Raw },
            };
        }
        if let Verb::Resume | Verb::Abandon = verb {
            let call = used!(self, wild, CallId, calls);
            return match verb {
                Verb::Resume => Op::Resume { call, answer: self.small() },
                _ => Op::Abandon { call },
            };
        }
        let instance = used!(self, wild, InstanceId, instances);
        match verb {
            Verb::DropInstance => Op::DropInstance { instance },
            Verb::Pick => Op::Pick { instance, index: self.small() },
            Verb::Grow => Op::Grow { instance, pages: self.small() },
            Verb::Trap => Op::Trap { instance, cause: one_of(&mut self.bytes, Cause::ALL) },
            Verb::Run => Op::Run { instance },
            Verb::Initialize => Op::Initialize { instance },
            Verb::ProcExit => Op::ProcExit { instance, status: self.small() },
            Verb::Begin => {
                let call = fresh!(self, wild, CallId, calls);
                Op::Begin { call, instance, arg: self.small() }
            }
            _ => Op::Bump { instance },
        }
    }

    fn thread_op(&mut self, verb: Verb, wild: bool) -> Op {
        match verb {
            Verb::Share => Op::Share {
                memory: fresh!(self, wild, MemoryId, memories),
                engine: used!(self, wild, EngineId, engines),
            },
            Verb::Read => Op::Read { memory: used!(self, wild, MemoryId, memories) },
            Verb::DropMemory => Op::DropMemory { memory: used!(self, wild, MemoryId, memories) },
            Verb::Spawn => Op::Spawn {
                thread: fresh!(self, wild, ThreadId, threads),
                memory: used!(self, wild, MemoryId, memories),
                task: one_of(&mut self.bytes, Task::ALL),
            },
            Verb::Notify => Op::Notify { thread: used!(self, wild, ThreadId, threads) },
            _ => Op::Join { thread: used!(self, wild, ThreadId, threads) },
        }
    }
}
