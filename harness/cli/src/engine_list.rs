//! Engines as they are named on the command line.

use gainsay_engines::registry::{self, UnknownEngine, Why};

use crate::cli_error::CliError;
use crate::exit_code::ExitCode;

/// Names all embedded engines.
pub const ALL: &str = "all";

/// The engines of a command that compares.
#[derive(Debug, clap::Args)]
pub struct EngineList {
    /// Engines, separated by commas; `all` means the embedded ones, and -NAME all but that
    /// one: all,-wasmi [default: all]
    #[arg(long, visible_alias = "engine", value_name = "LIST", value_delimiter = ',')]
    engines: Vec<String>,
    /// Leave out these engines, or all of an implementation: wasmtime
    #[arg(short = 'x', long, value_name = "LIST", value_delimiter = ',')]
    exclude: Vec<String>,
}

impl EngineList {
    /// Full ids; none if all are meant.
    ///
    /// # Errors
    /// A name that this build does not know or that is there twice, or nothing is left.
    pub fn ids(&self) -> Result<Vec<String>, CliError> {
        self.ids_among(false)
    }

    /// The same where there are workers, whose engines this build does not know: whether they
    /// have a name is for them to say.
    ///
    /// # Errors
    /// As [`EngineList::ids`].
    pub fn ids_among(&self, has_workers: bool) -> Result<Vec<String>, CliError> {
        let known = if has_workers { Names::AnyWorkers } else { Names::OfThisBuild };
        let ids = chosen(&self.engines, &self.exclude, known)?.unwrap_or_default();
        let is_embedded = |id: &String| registry::known().iter().any(|known| known.id == id);
        match has_workers && !ids.is_empty() && ids.iter().all(is_embedded) {
            true => Err(CliError::usage(
                "--engines names embedded engines only, so that --worker would take no part: add \
                 the id of one of its engines, or leave out --engines",
            )),
            false => Ok(ids),
        }
    }
}

/// The names that may be meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Names {
    OfThisBuild,
    /// Those of other workers' engines too.
    AnyWorkers,
}

/// The engines of a command that needs one and takes several.
#[derive(Debug, clap::Args)]
pub struct EngineChoice {
    /// Engines, separated by commas; `all` means the embedded ones, and -NAME all but that
    /// one: all,-wasmi
    #[arg(
        long,
        visible_alias = "engines",
        value_name = "LIST",
        value_delimiter = ',',
        default_value = "reference"
    )]
    engine: Vec<String>,
    /// Leave out these engines, or all of an implementation: wasmtime
    #[arg(short = 'x', long, value_name = "LIST", value_delimiter = ',')]
    exclude: Vec<String>,
}

impl EngineChoice {
    /// Full ids.
    ///
    /// # Errors
    /// As [`EngineList::ids`].
    pub fn ids(&self) -> Result<Vec<String>, CliError> {
        let is_default = self.engine == ["reference"];
        // Who leaves something out means to leave it out of all.
        let named = if is_default && !self.exclude.is_empty() { &[][..] } else { &self.engine };
        Ok(chosen(named, &self.exclude, Names::OfThisBuild)?.unwrap_or_else(registry::default_ids))
    }
}

/// Full ids, in the order in which they are named; `None` if all are meant.
fn chosen(
    names: &[String],
    excluded: &[String],
    known: Names,
) -> Result<Option<Vec<String>>, CliError> {
    let (mut named, mut ids) = (Vec::<String>::new(), Vec::<String>::new());
    let mut left_out: Vec<&str> = excluded.iter().map(|name| name.trim()).collect();
    let mut is_all = false;
    for name in names.iter().map(|name| name.trim()) {
        if let Some(name) = name.strip_prefix('-') {
            left_out.push(name);
        } else if name == ALL {
            is_all = true;
        } else {
            let id = match id(name) {
                Err(_) if known == Names::AnyWorkers => name.to_owned(),
                known => known?,
            };
            if named.contains(&id) {
                return Err(UnknownEngine { name: name.to_owned(), why: Why::Twice }.into());
            }
            named.push(id);
        }
    }
    is_all |= named.is_empty();
    if is_all && named.is_empty() && left_out.is_empty() {
        return Ok(None);
    }
    ids.extend(if is_all { registry::default_ids() } else { Vec::new() });
    ids.extend(named.into_iter().filter(|id| !is_all || !registry::default_ids().contains(id)));
    for name in left_out {
        let of_implementation = |id: &String| id.split('-').next() == Some(name);
        if registry::default_ids().iter().any(of_implementation) {
            ids.retain(|id| !of_implementation(id));
        } else {
            let excluded = id(name)?;
            ids.retain(|id| *id != excluded);
        }
    }
    match ids.is_empty() {
        true => Err(CliError::usage("no engine is left: all were excluded")),
        false => Ok(Some(ids)),
    }
}

/// The full id for a name.
///
/// # Errors
/// This build does not know it.
pub fn id(name: &str) -> Result<String, CliError> {
    let name = name.trim();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str], excluded: &[&str]) -> Result<Option<Vec<String>>, String> {
        let owned =
            |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        chosen(&owned(names), &owned(excluded), Names::OfThisBuild).map_err(|error| error.message)
    }

    #[test]
    fn engines_are_named_with_blanks_and_left_out_by_implementation() {
        assert_eq!(of(&[], &[]), Ok(None));
        assert_eq!(of(&["all"], &[]), Ok(None));
        let two = vec!["reference".to_owned(), "wasmi-eager".to_owned()];
        assert_eq!(of(&["reference", " wasmi"], &[]), Ok(Some(two.clone())));
        let without = of(&["all", "-wasmtime"], &["wasmi-lazy"]);
        assert_eq!(without, Ok(Some(two.clone())));
        assert_eq!(of(&[], &["wasmtime", "wasmi-lazy"]), Ok(Some(two)));
        let with = of(&["all", "canary", "-wasmi"], &[]).expect("engines").expect("a list");
        assert!(with.contains(&"canary".to_owned()) && !with.contains(&"wasmi-eager".to_owned()));
    }

    #[test]
    fn a_name_that_is_unknown_or_repeated_and_a_list_without_engines_are_refused() {
        assert!(of(&["wasmtime", "wasmtime-cranelift"], &[]).is_err_and(|it| it.contains("twice")));
        assert!(of(&["all"], &["v9"]).is_err_and(|it| it.contains("v9")));
        assert!(of(&["wasmi"], &["wasmi"]).is_err_and(|it| it.contains("no engine is left")));
    }
}
