//! Generated modules, run once at one go and once with collections in between: the two
//! must not differ.

use arbitrary::Unstructured;
use gainsay_runtime::{Activation, Config, Event, Limits, Module, NoHost, Stop, Store, Value};

/// Fuel of a call, and of each part of it.
const FUEL: u64 = 3000;
const PART: u64 = 20;

/// A module without imports that uses structures and arrays.
fn generate(seed: u64) -> Option<Vec<u8>> {
    let mut number = seed;
    let bytes: Vec<u8> = (0..20_000)
        .map(|_| {
            number = number.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (number >> 56) as u8
        })
        .collect();
    let config = wasm_smith::Config {
        export_everything: true,
        compact_imports_enabled: false,
        gc_enabled: true,
        max_imports: 0,
        max_memories: 1,
        max_memory32_bytes: 1 << 20,
        max_table_elements: 100,
        memory64_enabled: false,
        min_funcs: 3,
        min_types: 8,
        ..wasm_smith::Config::default()
    };
    Some(wasm_smith::Module::new(config, &mut Unstructured::new(&bytes)).ok()?.to_bytes())
}

/// What can be compared of a value: which object it is depends on what was collected.
fn seen(value: &Value) -> String {
    match value {
        Value::Struct(_) => "a structure".into(),
        Value::Array(_) => "an array".into(),
        Value::Exn(_) => "an exception".into(),
        other => format!("{other:?}"),
    }
}

/// Call with `part` units of fuel at a time, and collect after each.
fn call(store: &mut Store, activation: &mut Activation, part: u64) -> Result<Vec<Value>, Stop> {
    let mut given = part;
    store.set_fuel(part);
    loop {
        match activation.run(store)? {
            Event::Finished(results) => return Ok(results),
            Event::OutOfFuel if given >= FUEL => return Err(Stop::OutOfFuel),
            Event::OutOfFuel => {
                given += part;
                store.set_fuel(store.fuel() + part);
                store.collect_garbage();
            }
            other => panic!("{other:?}"),
        }
    }
}

/// What calls of all exported functions give, one after the other, and how many returned.
fn run(config: &Config, module: &Module, part: u64) -> Option<(Vec<String>, usize, u64)> {
    let mut store = Store::new(config);
    store.set_fuel(FUEL);
    let instance = store.instantiate(module, &[], &mut NoHost).ok()?;
    let (mut ends, mut returned, mut bytes) = (Vec::new(), 0, 0);
    let names: Vec<String> = instance.exports().map(|(name, _)| name.to_owned()).collect();
    for func in names.iter().filter_map(|name| instance.func(name)) {
        let params = &store.func_type(func).params;
        let args: Vec<Value> = params.iter().map(|ty| Value::default_of(*ty)).collect();
        let Ok(mut activation) = Activation::new(&store, func, &args) else { continue };
        let end = call(&mut store, &mut activation, part);
        bytes = bytes.max(store.heap_bytes());
        returned += usize::from(end.is_ok());
        ends.push(match end {
            Ok(values) => values.iter().map(seen).collect::<Vec<_>>().join(" "),
            Err(Stop::Exception(_)) => "an exception".into(),
            Err(stop) => stop.to_string(),
        });
    }
    Some((ends, returned, bytes))
}

#[test]
fn collections_between_blocks_change_nothing_in_generated_modules() {
    let limits = Limits { heap_bytes_max: 1 << 24, ..Limits::default() };
    let config = Config { fuel: true, limits, ..Config::default() };
    let (mut modules, mut with_objects, mut returned) = (0, 0, 0);
    for seed in 0..400 {
        let Some(bytes) = generate(seed) else { continue };
        let module = Module::new(&config, &bytes).unwrap();
        let Some((whole, count, bytes)) = run(&config, &module, FUEL) else { continue };
        let (parts, _, _) = run(&config, &module, PART).unwrap();
        assert_eq!(whole, parts, "seed {seed}");
        modules += 1;
        with_objects += usize::from(bytes > 0);
        returned += count;
    }
    println!("{modules} modules, {with_objects} with objects, {returned} calls returned");
    assert!(modules > 100 && with_objects > 20 && returned > 100);
}
