//! From a seed or from bytes to a case.

use arbitrary::{Result, Unstructured};
use gainsay_case::{Capabilities, Case, Proposal, Step, host};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

use crate::decide::percent;
use crate::imports::Offer;
use crate::instrument::instrument;
use crate::module::Module;
use crate::plan::{Member, plan};
use crate::reach::{Reach, executed_by_call, with_callees};
use crate::swarm::{PROPOSALS_GENERATED, Size, Swarm};
use crate::{smith, weave};

/// How many modules in a hundred come from wasm-smith, the others being woven. Both
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
        // wasm-smith refuses about one buffer in a thousand.
        const ATTEMPTS_MAX: u32 = 16;
        const BUFFER_BYTES: usize = 16 << 10;
        const BIG_BUFFER_BYTES: usize = 64 << 10;
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(index);
        let mut buffer = vec![0; BUFFER_BYTES];
        for attempt in 1..=ATTEMPTS_MAX {
            rng.fill_bytes(&mut buffer);
            let mut bytes = Unstructured::new(&buffer);
            let Ok(swarm) = Swarm::choose(&self.common, &mut bytes) else { continue };
            let rest = buffer.len() - bytes.len();
            if swarm.size == Size::Big {
                buffer.resize(BIG_BUFFER_BYTES, 0);
                rng.fill_bytes(&mut buffer[BUFFER_BYTES..]);
            }
            let mut bytes = Unstructured::new(&buffer[rest..]);
            if let Ok(mut generated) = case(&swarm, &mut bytes) {
                generated.reach.attempts = attempt;
                return generated;
            }
            buffer.truncate(BUFFER_BYTES);
        }
        Generated {
            case: Case::default(),
            reach: Reach { attempts: ATTEMPTS_MAX, ..Reach::default() },
        }
    }
}

/// The case that arbitrary bytes stand for, if they stand for one. `capabilities`
/// is what all engines have in common.
pub fn case_from_bytes(capabilities: &Capabilities, bytes: &[u8]) -> Option<Case> {
    generated_from_bytes(capabilities, bytes).map(|generated| generated.case)
}

/// The same with what is known about it.
pub fn generated_from_bytes(capabilities: &Capabilities, bytes: &[u8]) -> Option<Generated> {
    let mut bytes = Unstructured::new(bytes);
    let swarm = Swarm::choose(&generated(capabilities), &mut bytes).ok()?;
    case(&swarm, &mut bytes).ok()
}

/// The module that arbitrary bytes stand for, if they stand for one, in the widest
/// language that is generated.
pub fn module_from_bytes(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Unstructured::new(bytes);
    let u = &mut bytes;
    let swarm = Swarm::choose(&PROPOSALS_GENERATED.iter().copied().collect(), u).ok()?;
    let mut offer = Offer::default();
    offer.host_functions(&swarm, u).ok()?;
    module(&swarm, &offer, u).ok().map(|(module, _)| module.bytes)
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
        let (module, is_woven) = module(swarm, &offer, u)?;
        members.push(Member { module, name, instance, is_woven });
    }
    let case = plan(&members, u)?;
    Ok(Generated { reach: reach(swarm, &members, &case), case })
}

/// A module, and whether it was woven.
fn module(swarm: &Swarm, offer: &Offer, u: &mut Unstructured<'_>) -> Result<(Module, bool)> {
    if percent(u, SMITH_PERCENT)? {
        let bytes = smith::module(swarm, offer, u)?;
        let tame = !swarm.avoid_traps && percent(u, 75)?;
        return Ok((instrument(&bytes, swarm, tame, u)?, false));
    }
    Ok((instrument(&weave::module(swarm, offer, u)?, swarm, false, u)?, true))
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
        ("woven", members.iter().any(|member| member.is_woven)),
        ("wasm_smith", members.iter().any(|member| !member.is_woven)),
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
