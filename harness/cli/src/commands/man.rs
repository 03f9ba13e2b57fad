//! `gainsay man`: manual pages from the definitions of the arguments.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::cli_error::CliError;
use crate::console::Console;
use crate::exit_code::ExitCode;

/// Options of `man`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Write one page per command into this directory, which is made if need be
    /// [default: the main page to the standard output]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Serialize)]
struct Pages {
    pages: Vec<Page>,
}

#[derive(Serialize)]
struct Page {
    name: String,
    text: String,
}

/// Write the pages of this program.
pub fn run(args: Args, program: clap::Command, console: &Console) -> Result<ExitCode, CliError> {
    let pages =
        pages(program).map_err(|error| CliError::usage(format!("cannot write pages: {error}")))?;
    match &args.out {
        Some(directory) => {
            write(&pages, directory)?;
            let names: Vec<&str> = pages.pages.iter().map(|page| page.name.as_str()).collect();
            let text = names.iter().map(|name| format!("{}\n", directory.join(name).display()));
            console.result(&text.collect::<String>(), &names);
        }
        None => console.result(pages.pages.first().map_or("", |page| &page.text), &pages),
    }
    Ok(ExitCode::Agree)
}

fn pages(program: clap::Command) -> io::Result<Pages> {
    let mut command = program.disable_help_subcommand(true);
    command.build();
    let mut pages = vec![page(&command)?];
    for subcommand in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        pages.push(page(subcommand)?);
    }
    Ok(Pages { pages })
}

fn page(command: &clap::Command) -> io::Result<Page> {
    let name = command.get_display_name().unwrap_or(command.get_name()).to_owned();
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut text)?;
    let text = String::from_utf8_lossy(&text).into_owned();
    Ok(Page { name: format!("{name}.1"), text })
}

fn write(pages: &Pages, directory: &Path) -> Result<(), CliError> {
    fs::create_dir_all(directory).map_err(|error| CliError::path("create", directory, &error))?;
    for page in &pages.pages {
        let path = directory.join(&page.name);
        fs::write(&path, &page.text).map_err(|error| CliError::path("write", &path, &error))?;
    }
    Ok(())
}
