//! Engines as they are named on the command line.

use gainsay_engines::registry::{self, UnknownEngine, Why};

use crate::cli_error::CliError;
use crate::exit_code::ExitCode;

/// Names all embedded engines.
pub const ALL: &str = "all";

/// The engines of a command that compares.
#[derive(Debug, clap::Args)]
pub struct EngineList {
    /// Engines, separated by commas [default: all embedded ones]
    #[arg(long, alias = "engine", value_name = "LIST", value_delimiter = ',')]
    engines: Vec<String>,
}

impl EngineList {
    /// Full ids; none if all are meant.
    ///
    /// # Errors
    /// The first name that this build does not know.
    pub fn ids(&self) -> Result<Vec<String>, CliError> {
        ids(&self.engines)
    }
}

/// Full ids for names; none if the names are [`ALL`].
///
/// # Errors
/// The first name that this build does not know.
pub fn ids(names: &[String]) -> Result<Vec<String>, CliError> {
    match names {
        [name] if name == ALL => Ok(Vec::new()),
        _ => names.iter().map(|name| id(name)).collect(),
    }
}

/// The full id for a name.
///
/// # Errors
/// This build does not know it.
pub fn id(name: &str) -> Result<String, CliError> {
    let id = registry::full_id(name);
    if registry::known().iter().any(|known| known.id == id) {
        return Ok(id.to_owned());
    }
    Err(UnknownEngine { name: name.to_owned(), why: Why::Unknown }.into())
}

impl From<UnknownEngine> for CliError {
    fn from(error: UnknownEngine) -> CliError {
        let exit_code = match error.why {
            Why::Twice => ExitCode::Usage,
            Why::Unknown | Why::Unavailable(_) => ExitCode::EngineMissing,
        };
        CliError { exit_code, message: error.to_string() }
    }
}
