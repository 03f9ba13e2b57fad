//! Shorthand for tests that run text modules.

use gainsay_runtime::{
    Config, Extern, Func, FuncType, Host, HostStop, Instance, Limits, Module, Stop, Store, ValType,
    Value,
};

pub fn module(config: &Config, text: &str) -> Module {
    Module::new(config, &wat::parse_str(text).unwrap()).unwrap()
}

pub fn limits(limits: Limits) -> Config {
    Config { limits, ..Config::default() }
}

/// Instantiate with these imports.
pub fn instantiate(store: &mut Store, config: &Config, text: &str, imports: &[Extern]) -> Instance {
    store.instantiate(&module(config, text), imports, &mut Log::default()).unwrap()
}

/// A host function of this type.
pub fn host_func(store: &mut Store, params: &[ValType], results: &[ValType], id: u32) -> Func {
    store.host_func(&FuncType { params: params.into(), results: results.into() }, id)
}

/// Answers every call with its arguments, which it notes.
#[derive(Default)]
pub struct Log(pub Vec<(u32, Vec<Value>)>);

impl Host for Log {
    fn call(&mut self, _: &mut Store, id: u32, args: &[Value]) -> Result<Vec<Value>, HostStop> {
        self.0.push((id, args.to_vec()));
        Ok(args.to_vec())
    }
}

/// Call an export with i32 arguments.
pub fn call(
    store: &mut Store,
    instance: &Instance,
    name: &str,
    args: &[i32],
) -> Result<Vec<Value>, Stop> {
    let args: Vec<Value> = args.iter().copied().map(Value::I32).collect();
    store.invoke(instance.func(name).unwrap(), &args, &mut Log::default())
}

/// The one result of a call that must succeed.
pub fn result(store: &mut Store, instance: &Instance, name: &str, args: &[i32]) -> Value {
    call(store, instance, name, args).unwrap()[0]
}
