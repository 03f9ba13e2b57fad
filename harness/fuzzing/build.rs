//! Puts the files of `corpus/` that document a known bug into the crate, so that a fuzz
//! target finds them wherever its binary is run.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

/// What the header of such a file has.
const KEY: &str = ";; gainsay:known-bug ";

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files: Vec<_> = fs::read_dir(&root)?
        .map_while(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "wast"))
        .collect();
    files.sort();
    let mut code = String::from(
        "/// The files of `corpus/` that document a known bug: name and text.\n\
         const KNOWN_BUGS: &[(&str, &str)] = &[\n",
    );
    for path in files {
        let text = fs::read_to_string(&path)?;
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        if text.lines().any(|line| line.starts_with(KEY)) {
            let _ = writeln!(code, "    ({name:?}, include_str!({:?})),", path.canonicalize()?);
        }
    }
    code.push_str("];\n");
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    fs::write(Path::new(&out).join("known_bugs.rs"), code)
}
