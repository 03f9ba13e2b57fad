//! Runs what was accepted.

use gainsay_runtime::{
    Config, Extern, ExternType, FuncType, HeapType, Host, HostStop, Instance, Module, RefType,
    StackPool, Store, ValType, Value,
};

use crate::peer::Numbers;
use crate::tally::Tally;

/// Fuel for the start function and for each call.
const FUEL: u64 = 3000;

/// Exported functions that are called.
const CALLS_MAX: usize = 8;

/// Answers calls with default values.
struct Defaults(Vec<FuncType>);

impl Host for Defaults {
    fn call(&mut self, _: &mut Store, id: u32, _: &[Value]) -> Result<Vec<Value>, HostStop> {
        Ok(self.0[id as usize].results.iter().map(|ty| Value::default_of(*ty)).collect())
    }
}

/// Instantiate a module with what it imports and call what it exports.
pub fn execute(
    module: &Module,
    config: &Config,
    stacks: &StackPool,
    numbers: &mut Numbers,
    tally: &mut Tally,
) {
    let mut store = Store::with_stacks(config, stacks);
    store.set_fuel(FUEL);
    let mut host = Defaults(Vec::new());
    let imports: Option<Vec<Extern>> =
        module.imports().map(|import| provide(import.ty, &mut store, &mut host, numbers)).collect();
    let Some(imports) = imports else { return tally.instantiated(false) };
    let Ok(instance) = store.instantiate(module, &imports, &mut host) else {
        return tally.instantiated(false);
    };
    tally.instantiated(true);
    call(&instance, &mut store, &mut host, numbers, tally);
}

fn call(
    instance: &Instance,
    store: &mut Store,
    host: &mut Defaults,
    numbers: &mut Numbers,
    tally: &mut Tally,
) {
    let exports: Vec<Extern> = instance.exports().map(|(_, export)| export).collect();
    let funcs = exports.iter().filter_map(|export| match export {
        Extern::Func(func) => Some(*func),
        _ => None,
    });
    for func in funcs.take(CALLS_MAX) {
        store.set_fuel(FUEL);
        let params = store.func_type(func).params.clone();
        let args: Vec<Value> = params.iter().map(|ty| value(*ty, numbers)).collect();
        tally.called(&store.invoke(func, &args, host));
    }
    for export in exports {
        if let Extern::Global(global) = export {
            std::hint::black_box(store.global_get(global));
        }
    }
}

/// Something to import; nothing if it is too large, or of a type of the module's own.
fn provide(
    ty: ExternType,
    store: &mut Store,
    host: &mut Defaults,
    numbers: &mut Numbers,
) -> Option<Extern> {
    match ty {
        ExternType::Func(ty) => {
            let own = ty.params.iter().chain(&ty.results).any(|ty| is_concrete(*ty));
            host.0.push(ty);
            let id = host.0.len() - 1;
            (!own).then(|| Extern::Func(store.host_func(&host.0[id], id as u32)))
        }
        ExternType::Table(ty) if !is_concrete(ValType::Ref(ty.element)) => {
            store.new_table(ty, Value::Null(ty.element.heap)).ok().map(Extern::Table)
        }
        ExternType::Memory(ty) => store.new_memory(ty).ok().map(Extern::Memory),
        ExternType::Global(ty) if !is_concrete(ty.value) => {
            Some(Extern::Global(store.new_global(ty, value(ty.value, numbers))))
        }
        ExternType::Tag(ty) if !ty.params.iter().any(|ty| is_concrete(*ty)) => {
            Some(Extern::Tag(store.new_tag(&ty.params)))
        }
        _ => None,
    }
}

/// Whether a type has a number that means something in the module only, or no null.
fn is_concrete(ty: ValType) -> bool {
    matches!(
        ty,
        ValType::Ref(RefType { heap: HeapType::Concrete(_), .. } | RefType { nullable: false, .. })
    )
}

/// Any value of a type; of most reference types, null.
fn value(ty: ValType, numbers: &mut Numbers) -> Value {
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
        ValType::Ref(RefType { heap: HeapType::Extern, .. }) => Value::Extern(number as u32),
        ValType::Ref(_) => Value::default_of(ty),
    }
}
