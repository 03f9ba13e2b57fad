//! Commands and reactors of the reference runtime, entered by the rules.
#![cfg(not(any(loom, shuttle)))]
#![expect(clippy::disallowed_types, reason = "the threads of a test start together")]

use std::sync::Barrier;
use std::thread;

use gainsay_host::lifecycle::{InstanceKind, Phase, Refusal};
use gainsay_host::{CallError, Guest, GuestError, ModuleCache};
use gainsay_runtime::{
    Config, Extern, FuncType, Host, HostStop, Module, NoHost, Stop, Store, Trap, Value,
};

/// Counts how often the guest called it: whether its code ran.
#[derive(Default)]
struct Counting(u32);

impl Host for Counting {
    fn call(&mut self, _: &mut Store, _: u32, _: &[Value]) -> Result<Vec<Value>, HostStop> {
        self.0 += 1;
        Ok(Vec::new())
    }
}

fn guest(text: &str) -> Result<Guest, GuestError> {
    let config = Config::default();
    let module = Module::new(&config, &wat::parse_str(text).expect("text")).expect("a module");
    let mut store = Store::new(&config);
    let imports: Vec<Extern> =
        module.imports().map(|_| Extern::Func(store.host_func(&FuncType::default(), 0))).collect();
    let instance = store.instantiate(&module, &imports, &mut NoHost).expect("an instance");
    Guest::new(store, instance, None)
}

const COMMAND: &str = r#"(module (import "" "ran" (func $ran))
    (func (export "_start") call $ran) (func (export "f") call $ran))"#;

const REACTOR: &str = r#"(module (import "" "ran" (func $ran))
    (func (export "_initialize") call $ran)
    (func (export "f") call $ran)
    (func (export "t") call $ran unreachable))"#;

#[test]
fn a_command_runs_once_and_nothing_runs_after_it() {
    let guest = guest(COMMAND).expect("a command");
    let mut host = Counting::default();
    assert_eq!(guest.kind(), InstanceKind::Command);
    let refused = CallError::Refused(Refusal::NotAReactor);
    assert_eq!(guest.call("f", &[], &mut host), Err(refused));
    assert_eq!(guest.initialize(&mut host), Err(CallError::Refused(Refusal::NotAReactor)));
    assert_eq!(host.0, 0, "refused calls run nothing");
    assert_eq!(guest.run(&mut host), Ok(()));
    for _ in 0..3 {
        assert_eq!(guest.run(&mut host), Err(CallError::Refused(Refusal::Finished)));
    }
    assert_eq!(host.0, 1);
    assert_eq!(guest.phase(), Phase::Finished);
}

#[test]
fn a_reactor_is_initialized_once_and_called_again_and_again() {
    let guest = guest(REACTOR).expect("a reactor");
    let mut host = Counting::default();
    assert_eq!(guest.call("f", &[], &mut host), Err(CallError::Refused(Refusal::NotInitialized)));
    assert_eq!(guest.run(&mut host), Err(CallError::Refused(Refusal::NotACommand)));
    assert_eq!(host.0, 0, "refused calls run nothing");
    assert_eq!(guest.initialize(&mut host), Ok(()));
    let again = Err(CallError::Refused(Refusal::AlreadyInitialized));
    assert_eq!(guest.initialize(&mut host), again);
    assert_eq!(guest.call("_initialize", &[], &mut host).map(drop), again, "by its name, too");
    for _ in 0..3 {
        assert_eq!(guest.call("f", &[], &mut host), Ok(Vec::new()));
    }
    assert_eq!(host.0, 4);
    let missing = CallError::NoSuchFunction("g".to_owned());
    assert_eq!(guest.call("g", &[], &mut host), Err(missing));
    assert_eq!(guest.phase(), Phase::Ready);
}

#[test]
fn a_trap_poisons() {
    let guest = guest(REACTOR).expect("a reactor");
    let mut host = Counting::default();
    assert_eq!(guest.initialize(&mut host), Ok(()));
    let mismatch = guest.call("f", &[Value::I32(1)], &mut host);
    assert!(matches!(mismatch, Err(CallError::Stopped(Stop::Mismatch(_)))));
    assert_eq!(guest.phase(), Phase::Ready, "wrong arguments are no trap");
    let trap = CallError::Stopped(Stop::Trap(Trap::Unreachable));
    assert_eq!(guest.call("t", &[], &mut host), Err(trap));
    assert_eq!(guest.call("f", &[], &mut host), Err(CallError::Refused(Refusal::Poisoned)));
    assert_eq!(host.0, 2);
}

/// What the C library's start code does when it is entered twice, and one without it.
const GUARDED: &str = r#"(module (global $started (mut i32) (i32.const 0))
    (func (export "_start")
        (if (global.get $started) (then unreachable))
        (global.set $started (i32.const 1))))"#;
const UNGUARDED: &str = r#"(module (func (export "_start")))"#;

/// L3: past the rules, the module decides.
#[test]
fn a_guard_in_the_start_function_is_never_reached_by_the_rules() {
    for (text, second) in
        [(GUARDED, Err(Stop::Trap(Trap::Unreachable))), (UNGUARDED, Ok(Vec::new()))]
    {
        let ruled = guest(text).expect("a command");
        assert_eq!(ruled.run(&mut NoHost), Ok(()));
        assert_eq!(ruled.run(&mut NoHost), Err(CallError::Refused(Refusal::Finished)));
        let (mut store, instance) = ruled.into_store();
        let start = instance.func("_start").expect("an export");
        assert_eq!(store.invoke(start, &[], &mut NoHost), second);
    }
}

#[test]
fn a_module_is_a_command_or_a_reactor_but_not_both() {
    let kind = |text: &str| guest(text).map(|guest| guest.kind());
    let both = r#"(module (func (export "_start")) (func (export "_initialize")))"#;
    assert_eq!(kind(both), Err(GuestError::Both));
    let wrong = r#"(module (func (export "_start") (result i32) i32.const 1))"#;
    assert_eq!(kind(wrong), Err(GuestError::WrongType("_start")));
    let global = r#"(module (global (export "_initialize") i32 (i32.const 1)))"#;
    assert_eq!(kind(global), Err(GuestError::WrongType("_initialize")));
    assert_eq!(kind("(module)"), Ok(InstanceKind::Reactor { initializer: false }));
    let plain = guest(r#"(module (func (export "f")))"#).expect("a reactor");
    assert_eq!(plain.call("f", &[], &mut NoHost), Ok(Vec::new()), "nothing to initialize");
    let nothing = Err(CallError::Refused(Refusal::NothingToInitialize));
    assert_eq!(plain.initialize(&mut NoHost), nothing);
}

#[test]
fn one_of_eight_threads_runs_the_command() {
    for _ in 0..100 {
        let guest = guest(COMMAND).expect("a command");
        let barrier = Barrier::new(8);
        let ran = || {
            let mut host = Counting::default();
            barrier.wait();
            let outcome = guest.run(&mut host);
            assert_eq!(outcome.is_ok(), host.0 == 1, "who is refused runs nothing");
            host.0
        };
        let total: u32 = thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(ran)).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).sum()
        });
        assert_eq!(total, 1);
    }
}

#[test]
fn an_instance_keeps_its_module() {
    let cache = ModuleCache::new();
    let bytes = wat::parse_str(COMMAND).expect("text");
    let handle = cache.compile(&Config::default(), &bytes).expect("it compiles");
    let module = handle.module().expect("open");
    let mut store = Store::new(&Config::default());
    let ran = Extern::Func(store.host_func(&FuncType::default(), 0));
    let instance = store.instantiate(&module, &[ran], &mut NoHost).expect("an instance");
    let guest = Guest::new(store, instance, Some(module)).expect("a command");
    drop(handle);
    assert_eq!(cache.stats().modules, 1, "the instance still uses it");
    assert_eq!(guest.run(&mut Counting::default()), Ok(()));
    drop(guest);
    assert_eq!(cache.stats().modules, 0);
}
