//! What is refused before anything of the guest runs.

use gainsay_host::process::{
    EnvError, Process, ProcessExit, ProcessLimits, Program, ProgramError, RunError, SpawnError,
    ThreadFailure,
};
use gainsay_host::sync::Arc;
use gainsay_host::system::NoSystem;
use gainsay_runtime::{Config, Module, Stop, Value};

use crate::common::{command, process, program};

fn refusal(text: &str) -> ProgramError {
    program(text, Arc::new(NoSystem)).expect_err("no program")
}

#[test]
fn a_module_without_fuel_is_refused_as_a_program() {
    let module = Module::new(&Config::default(), b"\0asm\x01\0\0\0").expect("a module");
    let limits = ProcessLimits::default();
    let refused = Program::new(&Config::default(), &module, Arc::new(NoSystem), limits);
    assert_eq!(refused.expect_err("no program"), ProgramError::NotMetered);
}

#[test]
fn exports_decide_what_a_module_is() {
    let both = r#"(module (func (export "_start")) (func (export "_initialize")))"#;
    assert_eq!(refusal(both), ProgramError::Both);
    let wrong = r#"(module (func (export "wasi_thread_start") (param i32)))"#;
    assert_eq!(refusal(wrong), ProgramError::WrongType("wasi_thread_start"));
    let global = r#"(module (global (export "_start") i32 (i32.const 0)))"#;
    assert_eq!(refusal(global), ProgramError::WrongType("_start"));
}

#[test]
fn an_import_must_be_known_and_of_its_type() {
    for import in [
        r#"(func (import "wasi" "thread-spawn"))"#,
        r#"(func (import "a" "b"))"#,
        r#"(memory (import "a" "b") 1)"#,
        r#"(global (import "a" "b") i32)"#,
    ] {
        let error = refusal(&format!("(module {import})"));
        assert!(matches!(error, ProgramError::UnknownImport { .. }), "{error}");
        assert!(error.to_string().starts_with("unknown import: "), "{error}");
    }
}

#[test]
fn a_process_runs_once() {
    let process = process(&command("", ""));
    assert_eq!(process.initialize(), Err(RunError::NotAReactor));
    assert_eq!(process.run(), Ok(ProcessExit::Returned));
    assert_eq!(process.run(), Err(RunError::AlreadyRun));
    assert_eq!(process.spawn(0), Err(SpawnError::Ended));
    assert_eq!(process.environment().map(drop), Err(SpawnError::Ended));
    process.kill();
    assert_eq!(process.join(), ProcessExit::Returned, "the first reason counts");
}

#[test]
fn a_process_that_was_ended_does_not_begin() {
    let process = process(&command("unreachable", ""));
    process.kill();
    assert_eq!(process.run(), Err(RunError::Ended(ProcessExit::Killed)));
}

#[test]
fn a_reactor_is_initialized_once_and_first() {
    let text = r#"(module (func (export "_initialize")) (func (export "f") (param i32)))"#;
    let process = process(text);
    assert_eq!(process.run(), Err(RunError::NotACommand));
    assert_eq!(process.environment().map(drop), Err(SpawnError::NotInitialized));
    assert_eq!(process.initialize(), Ok(()));
    assert_eq!(process.initialize(), Err(RunError::AlreadyRun));
    let environment = process.environment().expect("an environment");
    assert_eq!(process.spawn(0), Err(SpawnError::NoEntry));
    let missing = EnvError::NoSuchFunction("g".to_owned());
    assert_eq!(environment.call("g", &[]), Err(missing));
    let mismatch = environment.call("f", &[]);
    assert!(matches!(mismatch, Err(EnvError::Failed(ThreadFailure::Stopped(Stop::Mismatch(_))))));
    assert_eq!(environment.call("f", &[Value::I32(1)]), Ok(Vec::new()), "nothing has ended");
}

#[test]
fn a_memory_that_does_not_fit_is_refused() {
    let text = r#"(module (import "" "" (memory 60000 65536 shared)))"#;
    let mut config = Config { fuel: true, ..Config::default() };
    config.limits.memory_bytes_max = 1 << 20;
    let module = Module::new(&config, &wat::parse_str(text).expect("text")).expect("a module");
    let limits = ProcessLimits::default();
    let program = Program::new(&config, &module, Arc::new(NoSystem), limits).expect("a program");
    assert!(matches!(Process::new(program), Err(ProgramError::Limit(_))));
}

#[test]
fn threads_without_a_shared_memory_are_refused() {
    let spawn = r#"(import "wasi" "thread-spawn" (func (param i32) (result i32)))"#;
    for memory in ["", "(memory 1 1 shared)"] {
        let error = refusal(&format!("(module {spawn} {memory})"));
        assert_eq!(error, ProgramError::OwnMemory);
    }
    assert!(
        program(
            &format!("(module {spawn} (import \"env\" \"memory\" (memory 1 1 shared)))"),
            Arc::new(NoSystem)
        )
        .is_ok()
    );
}
