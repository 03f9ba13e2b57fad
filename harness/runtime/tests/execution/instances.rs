//! Instantiation, linking, and what instances share.

use crate::common::{Log, call, host_func, instantiate, module, result};
use gainsay_runtime::{
    Config, Extern, ExternType, GlobalType, HeapType, HostError, InstantiateError, NoHost, RefType,
    Stop, Store, Trap, ValType, Value,
};

fn refusal(store: &mut Store, text: &str, imports: &[Extern]) -> InstantiateError {
    let module = module(&Config::default(), text);
    store.instantiate(&module, imports, &mut NoHost).map(|_| ()).unwrap_err()
}

#[test]
fn a_missing_or_unfit_import_is_named_with_what_was_wanted_and_found() {
    let mut store = Store::new(&Config::default());
    let text = r#"(module (import "a" "b" (func (param i32) (result f64))))"#;
    let missing = refusal(&mut store, text, &[]);
    assert_eq!(missing.to_string(), r#"unknown import: "a" "b", (func (param i32) (result f64))"#);
    let func = host_func(&mut store, &[ValType::I64], &[], 0);
    let unfit = refusal(&mut store, text, &[Extern::Func(func)]);
    assert_eq!(
        unfit.to_string(),
        r#"incompatible import type: "a" "b" is (func (param i64)), not (func (param i32) (result f64))"#
    );
}

#[test]
fn imports_are_matched_with_the_current_size() {
    let config = Config::default();
    let mut store = Store::new(&config);
    let text = r#"(module
        (memory (export "memory") 1 4)
        (func (export "grow") (result i32) (memory.grow (i32.const 2))))"#;
    let instance = instantiate(&mut store, &config, text, &[]);
    let memory = instance.export("memory").unwrap();
    let wants_three = r#"(module (import "" "" (memory 3 4)))"#;
    assert!(matches!(refusal(&mut store, wants_three, &[memory]), InstantiateError::Unlinkable(_)));
    call(&mut store, &instance, "grow", &[]).unwrap();
    instantiate(&mut store, &config, wants_three, &[memory]);
}

#[test]
fn segments_before_the_one_that_does_not_fit_have_been_written() {
    let config = Config::default();
    let mut store = Store::new(&config);
    let text = r#"(module (memory (export "memory") 1) (table (export "table") 4 funcref))"#;
    let owner = instantiate(&mut store, &config, text, &[]);
    let imports = [owner.export("memory").unwrap(), owner.export("table").unwrap()];
    let text = r#"(module
        (import "" "memory" (memory 1))
        (import "" "table" (table 4 funcref))
        (elem (i32.const 1) $f)
        (data (i32.const 0) "ab")
        (data (i32.const 0xffff) "cd")
        (data (i32.const 8) "ef")
        (func $f (result i32) (i32.const 42)))"#;
    let stopped = refusal(&mut store, text, &imports);
    assert_eq!(stopped, InstantiateError::Stopped(Stop::Trap(Trap::MemoryOutOfBounds)));
    let [Extern::Memory(memory), Extern::Table(table)] = imports else { panic!() };
    let bytes = store.memory_bytes(memory);
    assert_eq!((&bytes[..2], bytes[8], bytes[0xffff]), (&b"ab"[..], 0, 0));
    // The function outlives its instance in the table.
    let Some(Value::Func(func)) = store.table_get(table, 1) else { panic!() };
    assert_eq!(store.invoke(func, &[], &mut NoHost), Ok(vec![Value::I32(42)]));
    assert_eq!(store.table_get(table, 0), Some(Value::Null(HeapType::Func)));
    assert_eq!(store.table_get(table, 4), None);
}

#[test]
fn start_functions_run_and_may_call_the_host() {
    let config = Config::default();
    let mut store = Store::new(&config);
    let note = host_func(&mut store, &[ValType::I32], &[ValType::I32], 9);
    let text = r#"(module
        (import "" "note" (func $note (param i32) (result i32)))
        (global $g (export "g") (mut i32) (i32.const 0))
        (func $start (global.set $g (call $note (i32.const 11))))
        (start $start))"#;
    let mut log = Log::default();
    let imports = [Extern::Func(note)];
    let instance = store.instantiate(&module(&config, text), &imports, &mut log).unwrap();
    assert_eq!(log.0, [(9, vec![Value::I32(11)])]);
    let Some(Extern::Global(global)) = instance.export("g") else { panic!() };
    assert_eq!(store.global_get(global), Value::I32(11));
    let failed = store.instantiate(&module(&config, text), &imports, &mut NoHost).map(|_| ());
    let error = HostError("there is no host function 9".into());
    assert_eq!(failed, Err(InstantiateError::Stopped(Stop::Host(error))));
}

#[test]
fn a_memory_imported_twice_is_one_memory() {
    let config = Config::default();
    let mut store = Store::new(&config);
    let owner = instantiate(&mut store, &config, r#"(module (memory (export "m") 1))"#, &[]);
    let memory = owner.export("m").unwrap();
    let text = r#"(module
        (import "" "m" (memory $a 1))
        (import "" "m" (memory $b 1))
        (func (export "run") (result i32)
          (i32.store $a (i32.const 0) (i32.const 0x01020304))
          (i32.store8 $b (i32.const 1) (i32.const 0x77))
          (drop (memory.grow $b (i32.const 1)))
          (memory.copy $b $a (i32.const 1) (i32.const 0) (i32.const 4))
          (i32.add (i32.load $b (i32.const 0)) (memory.size $a)))
        (func (export "size") (result i32) (memory.size $b)))"#;
    let instance = instantiate(&mut store, &config, text, &[memory, memory]);
    assert_eq!(result(&mut store, &instance, "run", &[]), Value::I32(0x0277_0404 + 2));
    assert_eq!(result(&mut store, &instance, "size", &[]), Value::I32(2));
}

#[test]
fn constant_expressions_read_imports_and_compute() {
    let config = Config::default();
    let mut store = Store::new(&config);
    let ty = GlobalType { value: ValType::I32, mutable: false };
    let twenty = store.new_global(ty, Value::I32(20));
    let text = r#"(module
        (import "" "a" (global $a i32))
        (global $b i32 (i32.add (i32.mul (global.get $a) (i32.const 2)) (i32.const 2)))
        (table 4 funcref)
        (elem (i32.sub (global.get $a) (i32.const 19)) funcref (ref.func $f) (ref.null func))
        (func $f (result i32) (global.get $b))
        (func (export "run") (result i32) (call_indirect (result i32) (i32.const 1)))
        (func (export "null") (result i32) (call_indirect (result i32) (i32.const 2)))
        (func (export "beyond") (result i32) (call_indirect (result i32) (i32.const 4)))
        (func (export "other") (call_indirect (i32.const 1))))"#;
    let instance = instantiate(&mut store, &config, text, &[Extern::Global(twenty)]);
    assert_eq!(result(&mut store, &instance, "run", &[]), Value::I32(42));
    for (name, trap) in [
        ("null", Trap::UninitializedElement),
        ("beyond", Trap::UndefinedElement),
        ("other", Trap::IndirectCallTypeMismatch),
    ] {
        assert_eq!(call(&mut store, &instance, name, &[]), Err(Stop::Trap(trap)));
    }
}

#[test]
fn exports_keep_the_modules_order_and_say_their_types() {
    let config = Config::default();
    let mut store = Store::new(&config);
    let text = r#"(module
        (import "env" "g" (global (mut i64)))
        (memory (export "z") 1 2) (table (export "a") 3 externref)
        (func (export "m") (param f32)) (export "b" (global 0)))"#;
    let compiled = module(&config, text);
    let described: Vec<String> =
        compiled.exports().map(|export| format!("{} {}", export.name, export.ty)).collect();
    assert_eq!(
        described,
        ["z (memory 1 2)", "a (table 3 externref)", "m (func (param f32))", "b (global (mut i64))"]
    );
    let import = compiled.imports().next().unwrap();
    assert_eq!((import.module, import.name), ("env", "g"));
    let ExternType::Global(ty) = import.ty else { panic!() };
    let global = store.new_global(ty, Value::I64(5));
    let instance = store.instantiate(&compiled, &[Extern::Global(global)], &mut NoHost).unwrap();
    let names: Vec<&str> = instance.exports().map(|(name, _)| name).collect();
    assert_eq!(names, ["z", "a", "m", "b"]);
    assert_eq!(instance.export("b"), Some(Extern::Global(global)));
    assert!(store.global_set(global, Value::I64(6)) && !store.global_set(global, Value::I32(6)));
    assert_eq!(store.global_get(global), Value::I64(6));
}

#[test]
fn references_pass_the_border_unchanged() {
    let config = Config::default();
    let mut store = Store::new(&config);
    let text = r#"(module
        (table (export "t") 2 externref)
        (func (export "extern") (param externref) (result externref)
          (table.set 0 (i32.const 1) (local.get 0)) (table.get 0 (i32.const 1)))
        (func (export "func") (param funcref) (result funcref) (local.get 0))
        (func (export "self") (result funcref) (ref.func 0)))"#;
    let instance = instantiate(&mut store, &config, text, &[]);
    let first = instance.func("extern").unwrap();
    for value in [Value::Extern(0), Value::Extern(u32::MAX), Value::Null(HeapType::Extern)] {
        assert_eq!(store.invoke(first, &[value], &mut NoHost), Ok(vec![value]));
    }
    let wrong = store.invoke(first, &[Value::Null(HeapType::Func)], &mut NoHost);
    assert!(matches!(wrong, Err(Stop::Mismatch(_))));
    let func = instance.func("func").unwrap();
    for value in [Value::Func(first), Value::Null(HeapType::Func)] {
        assert_eq!(store.invoke(func, &[value], &mut NoHost), Ok(vec![value]));
    }
    assert_eq!(result(&mut store, &instance, "self", &[]), Value::Func(first));
    let Some(Extern::Table(table)) = instance.export("t") else { panic!() };
    assert_eq!(store.table_size(table), 2);
    assert_eq!(store.table_type(table).element, RefType::EXTERN);
}

#[test]
fn recursive_types_of_no_types_may_stand_anywhere() {
    let config = Config::default();
    let mut store = Store::new(&config);
    let text = r#"(module (rec) (type $f (func (result i32))) (rec) (rec (type (struct)) (type (array i8)))
        (func (export "f") (type $f) (i32.const 42)) (rec) (rec))"#;
    for text in ["(module (rec))", text] {
        instantiate(&mut store, &config, text, &[]);
    }
    let instance = instantiate(&mut store, &config, text, &[]);
    assert_eq!(result(&mut store, &instance, "f", &[]), Value::I32(42));
}
