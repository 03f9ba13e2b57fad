//! What the tests share: guests, and running them.

pub mod guest;
pub mod witx;

use gainsay_host::process::{Process, ProcessExit, ProcessLimits, Program};
use gainsay_host::sync::Arc;
use gainsay_runtime::{Config, Module};
use gainsay_wasi::{Buffer, Output, WasiBuilder};

/// What became of a process.
#[derive(Debug)]
pub struct Ended {
    pub exit: ProcessExit,
    pub stdout: String,
}

/// Run a command in the text format.
pub fn run(wat: &str, builder: WasiBuilder) -> Ended {
    let bytes = wat::parse_str(wat).expect("a module in the text format");
    run_binary(&bytes, builder)
}

/// Run a command.
pub fn run_binary(bytes: &[u8], builder: WasiBuilder) -> Ended {
    let buffer = Buffer::new(1 << 20);
    let process = process(bytes, builder.stdout(Output::Buffer(buffer.clone())));
    let exit = process.run().expect("a command that was never run");
    Ended { exit, stdout: String::from_utf8_lossy(&buffer.bytes()).into_owned() }
}

/// A process that has not begun.
pub fn process(bytes: &[u8], builder: WasiBuilder) -> Process {
    let config = Config { fuel: true, ..Config::default() };
    let module = Module::new(&config, bytes).expect("a valid module");
    let wasi = Arc::new(builder.build().expect("a system"));
    let program = Program::new(&config, &module, wasi, ProcessLimits::default());
    Process::new(program.expect("a program")).expect("a process")
}
