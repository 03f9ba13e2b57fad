//! Calls of exports, with what they take from a pool.

use super::guest::Export;
use super::objects::Instance;
use super::{Expected, Model};
use crate::backend::Stacks;
use crate::op::Op;
use crate::op_outcome::{OpOutcome, Refusal};
use crate::word::{InstanceId, Rule};

impl Model {
    /// The instance and the export that an operation calls, if it calls one.
    pub(super) fn called(op: &Op) -> Option<(InstanceId, Export)> {
        Some(match op {
            Op::Bump { instance } => (*instance, Export::Bump),
            Op::Pick { instance, index } => (*instance, Export::Pick(*index)),
            Op::Grow { instance, pages } => (*instance, Export::Grow(*pages)),
            Op::Trap { instance, cause } => (*instance, Export::Trap(*cause)),
            Op::Run { instance } => (*instance, Export::Run),
            Op::Initialize { instance } => (*instance, Export::Initialize),
            Op::ProcExit { instance, status } => (*instance, Export::Exit(*status)),
            Op::Begin { instance, .. } => (*instance, Export::Ask),
            _ => return None,
        })
    }

    pub(super) fn expect_call(&self, name: InstanceId, export: Export) -> Expected {
        let Some(instance) = self.instances.at(name.0) else {
            return Expected::Void("no such instance");
        };
        if self.stores.get(instance.store).is_busy {
            return Expected::Void("a call is suspended in the store");
        }
        if export == Export::Ask && instance.rule == Rule::Guarded {
            return Expected::Void("guarded instances are not left suspended");
        }
        if let Some(refusal) = instance.refusal(export) {
            return Expected::refused(refusal);
        }
        if !self.has_stack(instance.store) {
            return Expected::refused(Refusal::Limit);
        }
        let mut ways = vec![instance.clone().call(export)];
        if matches!(export, Export::Grow(_)) {
            // § exec/instructions, memory.grow: it may always fail.
            ways.push(OpOutcome::value(-1));
        }
        Expected::OneOf(ways)
    }

    /// Whether a call in the store has the stack that it needs, if it needs one.
    pub(super) fn has_stack(&self, store: usize) -> bool {
        let store = self.stores.get(store);
        let engine = self.engines.get(store.engine);
        let Some(capacity) = engine.capacity else { return true };
        match self.abilities.stacks {
            Stacks::PerStore if !store.is_async || store.used.stacks > 0 => true,
            Stacks::PerStore | Stacks::PerCall => engine.used.stacks < capacity,
        }
    }

    /// A call was made in the store: it keeps the stack, or gives it back at the end.
    pub(super) fn take_stack(&mut self, store: usize, is_suspended: bool) {
        let keeps = match self.abilities.stacks {
            Stacks::PerStore => {
                let store = self.stores.get(store);
                store.is_async && store.used.stacks == 0
            }
            Stacks::PerCall => is_suspended,
        };
        if keeps {
            let store = self.stores.get_mut(store);
            store.used.stacks += 1;
            self.engines.get_mut(store.engine).used.stacks += 1;
        }
    }

    /// A suspended call in the store has ended.
    pub(super) fn return_stack(&mut self, store: usize) {
        if self.abilities.stacks == Stacks::PerCall {
            let store = self.stores.get_mut(store);
            store.used.stacks -= 1;
            self.engines.get_mut(store.engine).used.stacks -= 1;
        }
    }

    pub(super) fn commit_call(&mut self, name: InstanceId, export: Export, outcome: &OpOutcome) {
        if matches!(outcome, OpOutcome::Refused(_)) {
            return;
        }
        let Some(instance) = self.instances.at_mut(name.0) else { return };
        let store = instance.store;
        if matches!((export, outcome), (Export::Grow(1..), OpOutcome::Ok(values)) if values == &[-1])
        {
            // Allowed, and the memory stays as it is.
        } else {
            Instance::call(instance, export);
        }
        let is_suspended = *outcome == OpOutcome::Suspended;
        let asks = is_suspended || matches!(outcome, OpOutcome::Exit(_));
        self.stores.get_mut(store).host_calls += u32::from(asks);
        self.take_stack(store, is_suspended);
    }
}
