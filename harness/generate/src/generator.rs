//! From a seed or from bytes to a case.

use arbitrary::{Result, Unstructured};
use gainsay_case::{Capabilities, Case, Proposal, Step, host};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

use crate::decide::percent;
use crate::decisions::Decisions;
use crate::imports::Offer;
use crate::instrument::instrument;
use crate::module::Module;
use crate::plan::{Member, plan};
use crate::reach::{Reach, executed_by_call, with_callees};
use crate::swarm::{PROPOSALS_GENERATED, Size, Swarm};
use crate::{smith, typed};

/// How many modules in a hundred come from wasm-smith, the others from our typed generator. Both
/// find what the other does not; wasm-smith costs ten times as much.
const SMITH_PERCENT: u32 = 35;

/// Makes the cases of one campaign.
#[derive(Clone, Debug)]
pub struct Generator {
    common: Capabilities,
    seed: u64,
}

/// A case and what is known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The case.
    pub case: Case,
    /// What it has in it.
    pub reach: Reach,
}

impl Generator {
    /// `capabilities` is what all engines have in common; cases use nothing else.
    pub fn new(capabilities: &Capabilities, seed: u64) -> Generator {
        Generator { common: generated(capabilities), seed }
    }

    /// Case number `index`. It depends on the seed, the index and the
    /// capabilities, and on nothing else.
    pub fn case(&self, index: u64) -> Generated {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(index);
        generate(&self.common, &[], &mut rng)
    }
}

/// The case that these decisions make; there is one for any of them. `capabilities` is
/// what all engines have in common.
pub fn case_from(capabilities: &Capabilities, decisions: Decisions<'_>) -> Generated {
    generate(&generated(capabilities), decisions.bytes, &mut decisions.rest())
}

/// The module that these decisions make, in the widest language that is generated.
pub fn module_from(decisions: Decisions<'_>) -> Vec<u8> {
    let all = PROPOSALS_GENERATED.iter().copied().collect();
    let made = decide(&all, decisions.bytes, &mut decisions.rest(), |swarm, u| {
        let mut offer = Offer::default();
        offer.host_functions(swarm, u)?;
        Ok(module(swarm, &offer, u)?.0.bytes)
    });
    // A binary without sections is a module.
    made.map_or_else(|| wasm_encoder::Module::new().finish(), |made| made.value)
}

/// The bytes that decide [`case_from`] with this seed and no bytes, at most `bytes_max` of
/// them: with them in front of the generator the case is the same, and can be mutated.
pub fn decisions_of(capabilities: &Capabilities, seed: u64, bytes_max: usize) -> Vec<u8> {
    let mut rng = Decisions { seed, bytes: &[] }.rest();
    let made = decide(&generated(capabilities), &[], &mut rng, case);
    let mut decided = made.map_or_else(Vec::new, |made| made.decided);
    decided.truncate(bytes_max);
    decided
}

fn generate(common: &Capabilities, decided: &[u8], rng: &mut ChaCha8Rng) -> Generated {
    match decide(common, decided, rng, case) {
        Some(Made { mut value, attempts, .. }) => {
            value.reach.attempts = attempts;
            value
        }
        None => Generated {
            case: Case::default(),
            reach: Reach { attempts: ATTEMPTS_MAX, ..Reach::default() },
        },
    }
}

/// What decisions came to.
struct Made<T> {
    value: T,
    /// Buffers that were tried.
    attempts: u32,
    /// The bytes that were read, in order.
    decided: Vec<u8>,
}

/// wasm-smith refuses about one buffer in a thousand.
const ATTEMPTS_MAX: u32 = 16;

/// Have `make` read decisions from a buffer that begins with `decided` and goes on with
/// what `rng` gives. A buffer that it refuses is replaced by one that begins with half as
/// many of the bytes decided. `None` if it refuses all.
fn decide<T>(
    common: &Capabilities,
    decided: &[u8],
    rng: &mut ChaCha8Rng,
    make: impl Fn(&Swarm, &mut Unstructured<'_>) -> Result<T>,
) -> Option<Made<T>> {
    const BUFFER_BYTES: usize = 16 << 10;
    const BIG_BUFFER_BYTES: usize = 64 << 10;
    let mut decided = &decided[..decided.len().min(BIG_BUFFER_BYTES)];
    for attempts in 1..=ATTEMPTS_MAX {
        let mut buffer = vec![0; BUFFER_BYTES];
        rng.fill_bytes(&mut buffer);
        overwrite(&mut buffer, decided);
        let mut bytes = Unstructured::new(&buffer);
        if let Ok(swarm) = Swarm::choose(common, &mut bytes) {
            let start = buffer.len() - bytes.len();
            if swarm.size == Size::Big {
                buffer.resize(BIG_BUFFER_BYTES, 0);
                rng.fill_bytes(&mut buffer[BUFFER_BYTES..]);
                overwrite(&mut buffer, decided);
            }
            let mut bytes = Unstructured::new(&buffer[start..]);
            if let Ok(value) = make(&swarm, &mut bytes) {
                let read = buffer.len() - bytes.len();
                buffer.truncate(read);
                return Some(Made { value, attempts, decided: buffer });
            }
        }
        decided = &decided[..decided.len() / 2];
    }
    None
}

fn overwrite(buffer: &mut [u8], decided: &[u8]) {
    let len = decided.len().min(buffer.len());
    buffer[..len].copy_from_slice(&decided[..len]);
}

fn generated(capabilities: &Capabilities) -> Capabilities {
    PROPOSALS_GENERATED.iter().copied().filter(|p| capabilities.contains(p)).collect()
}

fn case(swarm: &Swarm, u: &mut Unstructured<'_>) -> Result<Generated> {
    const NAMES: [(&str, &str); 2] = [("A", "a"), ("B", "b")];
    let mut members: Vec<Member> = Vec::new();
    let count = if swarm.linked { 2 } else { 1 };
    for (name, instance) in NAMES.into_iter().take(count) {
        let mut offer = Offer::default();
        offer.host_functions(swarm, u)?;
        for earlier in &members {
            offer.exports(earlier.instance, &earlier.module.interface);
        }
        let (module, is_typed) = module(swarm, &offer, u)?;
        members.push(Member { module, name, instance, is_typed });
    }
    let case = plan(&members, u)?;
    Ok(Generated { reach: reach(swarm, &members, &case), case })
}

/// A module, and whether our typed generator made it.
fn module(swarm: &Swarm, offer: &Offer, u: &mut Unstructured<'_>) -> Result<(Module, bool)> {
    if percent(u, SMITH_PERCENT)? {
        let bytes = smith::module(swarm, offer, u)?;
        let mask_addresses = !swarm.avoid_traps && percent(u, 75)?;
        return Ok((instrument(&bytes, swarm, mask_addresses, u)?, false));
    }
    Ok((instrument(&typed::module(swarm, offer, u)?, swarm, false, u)?, true))
}

fn reach(swarm: &Swarm, members: &[Member], case: &Case) -> Reach {
    let mut reach = Reach::default();
    for member in members {
        let mut used = member.module.seen.proposals.clone();
        // The budget is a mutable global, and it is exported if that is allowed.
        if swarm.has(Proposal::MutableGlobal) {
            used.insert(Proposal::MutableGlobal);
        }
        reach.proposals.extend(used.iter().copied());
        reach.modules.push(used);
        reach.module_bytes += member.module.bytes.len();
    }
    reach.steps = steps_reach(swarm, members, case);
    let features = [
        ("typed", members.iter().any(|member| member.is_typed)),
        ("wasm_smith", members.iter().any(|member| !member.is_typed)),
        ("linked", members.len() > 1),
        ("host_imports", case.modules().any(|(_, bytes)| contains(bytes, host::MODULE))),
        ("get", case.steps.iter().any(|step| matches!(step, Step::Get { .. }))),
        ("big", swarm.size == Size::Big),
        ("traps_avoided", swarm.avoid_traps),
        ("nan_canonical", members.iter().any(|m| m.module.seen.nan_sources > 0)),
        ("indirect_calls", members.iter().any(|m| m.module.seen.indirect_calls > 0)),
    ];
    reach.features.extend(features.into_iter().filter(|(_, on)| *on).map(|(name, _)| name));
    reach
}

/// The proposals that each step may execute.
fn steps_reach(swarm: &Swarm, members: &[Member], case: &Case) -> Vec<Capabilities> {
    let executed: Vec<Vec<Capabilities>> = members
        .iter()
        .map(|Member { module, .. }| {
            with_callees(&module.seen.functions, module.interface.imported.funcs)
        })
        .collect();
    let member = |name: &str| members.iter().position(|member| member.instance == name);
    let of_step = |step: &Step| match step {
        Step::Instantiate { instance, .. } => {
            Some(members[member(instance)?].module.seen.initial.clone())
        }
        Step::Invoke { instance, field, .. } => {
            let at = member(instance)?;
            let interface = &members[at].module.interface;
            let func = interface.exports.iter().find(|export| export.name == *field)?.index;
            let mut proposals = executed_by_call(interface.signature(func)?);
            let defined = (func as usize).checked_sub(interface.imported.funcs);
            if let Some(body) = defined.and_then(|defined| executed[at].get(defined)) {
                proposals.extend(body);
                // Every body charges the budget.
                let is_exported = swarm.has(Proposal::MutableGlobal);
                proposals.extend(is_exported.then_some(Proposal::MutableGlobal));
            }
            Some(proposals)
        }
        _ => None,
    };
    case.steps.iter().map(|step| of_step(step).unwrap_or_default()).collect()
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
