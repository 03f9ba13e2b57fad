//! What the tests share: guests, running them, directories to run them in.

pub mod guest;
pub mod witx;

use gainsay_runtime::{Config, Module};
use gainsay_wasi::command::{self, CommandError};
use gainsay_wasi::{Buffer, Output, WasiBuilder};

/// What became of a guest.
#[derive(Debug)]
pub struct Ended {
    pub status: Result<u32, CommandError>,
    pub stdout: String,
}

/// Run a command in the text format.
pub fn run(wat: &str, builder: WasiBuilder) -> Ended {
    let bytes = wat::parse_str(wat).expect("a module in the text format");
    run_binary(&bytes, builder)
}

/// Run a command.
pub fn run_binary(bytes: &[u8], builder: WasiBuilder) -> Ended {
    let module = Module::new(&Config::default(), bytes).expect("a valid module");
    let buffer = Buffer::new(1 << 20);
    let wasi = builder.stdout(Output::Buffer(buffer.clone())).build().expect("a system");
    let status = command::run(&module, &wasi, &Config::default());
    Ended { status, stdout: String::from_utf8_lossy(&buffer.bytes()).into_owned() }
}
