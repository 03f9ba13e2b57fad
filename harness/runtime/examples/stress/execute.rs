//! Runs what was accepted.

use gainsay_runtime::{
    Config, Extern, ExternType, Features, Func, FuncType, GlobalType, HeapType, Host, HostStop,
    Instance, InstantiateError, Module, RefType, StackPool, Store, ValType, Value,
};

use crate::peer::Numbers;
use crate::provider::provider;
use crate::reach::{Reach, Set, of_signature};
use crate::tally::Tally;

/// Fuel for the start function and for each call.
const FUEL: u64 = 1000;

/// Calls of the functions of one instance.
const CALLS: usize = 24;

/// References that are kept to be given as arguments.
const REFERENCES_MAX: usize = 32;

/// Answers calls with default values.
struct Defaults(Vec<FuncType>);

impl Host for Defaults {
    fn call(&mut self, _: &mut Store, id: u32, _: &[Value]) -> Result<Vec<Value>, HostStop> {
        Ok(self.0[id as usize].results.iter().map(|ty| Value::default_of(*ty)).collect())
    }
}

/// A store with what the module is given.
struct World<'a> {
    store: Store,
    host: Defaults,
    references: Vec<Value>,
    numbers: &'a mut Numbers,
}

/// Instantiate a module with what it imports and call what it exports.
pub fn execute(
    binary: &[u8],
    module: &Module,
    config: &Config,
    stacks: &StackPool,
    numbers: &mut Numbers,
    tally: &mut Tally,
) {
    let mut world = World {
        store: Store::with_stacks(config, stacks),
        host: Defaults(Vec::new()),
        references: Vec::new(),
        numbers,
    };
    let Some(instance) = world.instantiate(binary, module, config, tally) else {
        return tally.not_instantiated();
    };
    let reach = Reach::of(binary);
    tally.instantiated(binary, &reach);
    world.calls(&instance, &reach, tally);
}

impl World<'_> {
    /// With the host's functions where they may do, and without any if they do not.
    fn instantiate(
        &mut self,
        binary: &[u8],
        module: &Module,
        config: &Config,
        tally: &mut Tally,
    ) -> Option<Instance> {
        let provided = match provider(binary, self.numbers) {
            Some(provider) => self.provided(&provider, config, tally)?,
            None if module.imports().next().is_some() => return None,
            None => Vec::new(),
        };
        let hosted: Vec<Extern> = module
            .imports()
            .zip(&provided)
            .map(|(import, given)| self.hosted(import.ty, *given))
            .collect();
        self.store.set_fuel(FUEL);
        match self.store.instantiate(module, &hosted, &mut self.host) {
            Ok(instance) => Some(instance),
            Err(InstantiateError::Unlinkable(_)) => {
                self.store.instantiate(module, &provided, &mut self.host).ok()
            }
            Err(_) => None,
        }
    }

    /// What a provider has for each import; its other globals are references to keep.
    fn provided(
        &mut self,
        provider: &[u8],
        config: &Config,
        tally: &mut Tally,
    ) -> Option<Vec<Extern>> {
        let config = Config { features: Features::default(), ..*config };
        let module = match Module::new(&config, provider) {
            Ok(module) => module,
            Err(error) => {
                tally.refused_provider(&error);
                return None;
            }
        };
        let instance = self.store.instantiate(&module, &[], &mut self.host).ok()?;
        let mut imports = Vec::new();
        for (name, export) in instance.exports() {
            match export {
                Extern::Global(global) if name.starts_with('v') => {
                    self.references.push(self.store.global_get(global));
                }
                _ if name.starts_with('f') => {}
                _ => imports.push(export),
            }
        }
        Some(imports)
    }

    /// A host function, sometimes, for one that is imported.
    fn hosted(&mut self, ty: ExternType, provided: Extern) -> Extern {
        match ty {
            ExternType::Func(ty) if self.numbers.below(3) == 0 => {
                if ty.params.iter().chain(&ty.results).any(is_concrete) {
                    return provided;
                }
                let id = self.host.0.len() as u32;
                let func = self.store.host_func(&ty, id);
                self.host.0.push(ty);
                Extern::Func(func)
            }
            _ => provided,
        }
    }

    /// Call exported functions, each with various arguments.
    fn calls(&mut self, instance: &Instance, reach: &Reach, tally: &mut Tally) {
        let mut funcs: Vec<(Func, Set)> = Vec::new();
        for (_, export) in instance.exports() {
            match export {
                Extern::Func(func) => {
                    funcs
                        .push((func, reach.exported.get(funcs.len()).copied().unwrap_or_default()));
                }
                Extern::Global(global) => {
                    let value = self.store.global_get(global);
                    self.keep(&[value]);
                }
                _ => {}
            }
        }
        if funcs.is_empty() {
            return;
        }
        for _ in 0..CALLS {
            let (func, set) = funcs[self.numbers.below(funcs.len())];
            let ty = self.store.func_type(func).clone();
            let args: Vec<Value> = ty.params.iter().map(|ty| self.argument(*ty)).collect();
            self.store.set_fuel(FUEL);
            let outcome = self.store.invoke(func, &args, &mut self.host);
            tally.called(set | of_signature(ty.results.len()), &outcome);
            self.keep(outcome.as_deref().unwrap_or_default());
            if self.numbers.below(16) == 0 {
                self.store.collect_garbage();
            }
        }
    }

    /// Keep references for calls to come.
    fn keep(&mut self, values: &[Value]) {
        for value in values {
            let (Value::Func(_) | Value::Struct(_) | Value::Array(_) | Value::Exn(_)) = value
            else {
                continue;
            };
            match self.references.len() < REFERENCES_MAX {
                true => self.references.push(*value),
                false => self.references[self.numbers.below(REFERENCES_MAX)] = *value,
            }
        }
    }

    fn argument(&mut self, ty: ValType) -> Value {
        let numbers = &mut *self.numbers;
        let number = match numbers.below(4) {
            0 => numbers.next(),
            1 => numbers.next() >> 60,
            2 => 1 << numbers.below(64),
            _ => u64::MAX >> numbers.below(64),
        };
        match ty {
            ValType::I32 => Value::I32(number as i32),
            ValType::I64 => Value::I64(number as i64),
            ValType::F32 => Value::F32(number as u32),
            ValType::F64 => Value::F64(number),
            ValType::V128 => Value::V128(u128::from(number) << 64 | u128::from(numbers.next())),
            ValType::Ref(ty) => self.reference(ty, number),
        }
    }

    /// A reference of a type, if one is known; else null, which may not be of it.
    fn reference(&mut self, ty: RefType, number: u64) -> Value {
        let null = Value::Null(ty.heap);
        if ty.nullable && number.is_multiple_of(4) {
            return null;
        }
        // Whether a value is of a type is known to who sets a global.
        let ty = ValType::Ref(ty);
        let probe = self.store.new_global(GlobalType { value: ty, mutable: true }, null);
        let (small, foreign) = (Value::I31(number as u32 >> 1), Value::Extern(number as u32));
        let first = self.numbers.below(self.references.len() + 2);
        let known: Vec<Value> = self.references.iter().copied().chain([small, foreign]).collect();
        let mut turns = known.iter().cycle().skip(first).take(known.len());
        turns.find(|value| self.store.global_set(probe, **value)).copied().unwrap_or(null)
    }
}

/// Whether a type has a number that means something in the module only, or no null.
fn is_concrete(ty: &ValType) -> bool {
    matches!(
        ty,
        ValType::Ref(RefType { heap: HeapType::Concrete(_), .. } | RefType { nullable: false, .. })
    )
}
