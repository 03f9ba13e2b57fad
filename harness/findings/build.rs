//! Puts the files of `corpus/` that document a known bug, and the titles of their pages, into
//! the crate, so that a campaign and a fuzz target find them wherever their binary is run.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

/// What the header of such a file has, before the engine, its version and the page.
const KEY: &str = ";; gainsay:known-bug ";

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (corpus, reports) = (root.join("corpus"), root.join("reports"));
    println!("cargo::rerun-if-changed={}", corpus.display());
    println!("cargo::rerun-if-changed={}", reports.join("trophies").display());
    let mut files: Vec<_> = fs::read_dir(&corpus)?
        .map_while(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "wast"))
        .collect();
    files.sort();
    let mut code = String::from("const DOCUMENTED: &[DocumentedBug] = &[\n");
    for path in files {
        let text = fs::read_to_string(&path)?;
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(line) = text.lines().find_map(|line| line.strip_prefix(KEY)) else { continue };
        let page = line.split_whitespace().nth(2).unwrap_or_default();
        let page_text = fs::read_to_string(reports.join(page))?;
        let title = page_text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or(name);
        let _ = writeln!(
            code,
            "    DocumentedBug {{ name: {name:?}, title: {title:?}, page: {page:?}, \
             source: include_str!({:?}) }},",
            path.canonicalize()?
        );
    }
    code.push_str("];\n");
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    fs::write(Path::new(&out).join("documented_bugs.rs"), code)
}
