//! The binary `gainsay`: arguments in, libraries called, text or JSON out.

mod args;
mod checkout;
mod cli_error;
mod commands;
mod console;
mod duration;
mod engine_list;
mod exit_code;
mod files;
mod format;
mod given;
mod interrupt;
mod known_failures;
mod language;
mod number;
mod report;
mod script_file;
mod stored;
mod suite;
mod table;
mod wasi_command;
mod wasi_reactor;
mod watch;
mod worker_args;

use std::panic;
use std::process::ExitCode;

use args::Parsed;
use console::Console;

fn main() -> ExitCode {
    let code = panic::catch_unwind(begin).unwrap_or_else(|_| console::own_fault());
    ExitCode::from(code)
}

fn begin() -> u8 {
    let format = args::format_of(std::env::args_os());
    let cli = match args::parse(std::env::args_os()) {
        Parsed::Command(cli) => cli,
        Parsed::Message { text, exit_code } => {
            return console::clap_message(&text, exit_code, format);
        }
    };
    let console = Console::new(cli.format, cli.volume());
    let code = match commands::run(*cli, &console) {
        Ok(exit_code) => exit_code,
        Err(error) => console.error(&error),
    };
    console.finish(code)
}
