//! The checkout that the user stands in, for commands that build from it.

use std::path::{Path, PathBuf};

use crate::cli_error::CliError;

/// A checkout of gainsay.
pub struct Checkout {
    /// Its root.
    pub root: PathBuf,
    /// Where what is built with other flags goes.
    pub target: PathBuf,
}

impl Checkout {
    /// The one around the current directory.
    ///
    /// # Errors
    /// When there is none.
    pub fn find() -> Result<Checkout, CliError> {
        let here = std::env::current_dir().unwrap_or_default();
        let root = here.ancestors().find(|path| path.join("harness/models/Cargo.toml").is_file());
        let root = root.ok_or_else(|| {
            CliError::usage("this needs a checkout of gainsay; go to one and try again")
        })?;
        let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
        let target = root.join(target.as_deref().unwrap_or(Path::new("target")));
        Ok(Checkout { root: root.to_owned(), target: target.join("for-models") })
    }
}
