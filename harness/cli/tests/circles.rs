//! No crate has a circle of modules, but those named here with their reasons.
//!
//! A module is a file. It knows another one if a path that begins with `crate` or `super`
//! leads there. What a module knows of the files below it does not count, since they are
//! its parts.

use std::collections::{BTreeMap, BTreeSet};

use crate::architecture::{PACKAGES, code, sources};

/// A module by the segments of its path in its crate.
type Module = Vec<String>;

/// Circles that are left: the crate, its modules, and why they stay.
const KNOWN: &[(&str, &[&str], &str)] = &[
    (
        "script",
        &["directive", "form"],
        "a form is parsed to a directive, which may have forms in it",
    ),
    (
        "script",
        &["run", "runner", "threads"],
        "a script runs threads, and each of them runs a script",
    ),
    (
        "cli",
        &["commands::run", "wasi_command", "wasi_reactor"],
        "commands and reactors are run with the options of `run`",
    ),
    (
        "engines",
        &["wasmtime::session", "wasmtime::threads"],
        "a session starts threads, and each of them has a session",
    ),
    ("generate", &["body", "reach"], "what a body uses is told in the terms of reach"),
    (
        "generate",
        &["typed::function", "typed::refs", "typed::world"],
        "expressions are built from expressions of other kinds",
    ),
    ("host", &["future", "session"], "a session gives futures of its calls, which borrow it"),
    (
        "host",
        &[
            "process::environment",
            "process::guest_thread",
            "process::pthread",
            "process::shared",
            "process::spawn",
            "process::threads",
        ],
        "threads of a process start threads, all under the one lock of `shared`",
    ),
    ("oracle", &["divergence", "verdict"], "a verdict holds a divergence, whose kind it orders"),
    ("runtime", &["exception", "store"], "a store keeps exceptions, which know their store's tags"),
    (
        "runtime",
        &["exec::handlers", "exec::machine"],
        "the machine dispatches to handlers, each of which goes on in the machine",
    ),
    ("runtime", &["heap", "intern"], "types of objects are interned, and the heap looks them up"),
    (
        "runtime",
        &["memory", "shared", "waiting"],
        "a memory may be a shared one, on whose bytes threads wait",
    ),
    (
        "runtime",
        &["numeric::float", "numeric::nans"],
        "operations on floats choose NaNs, and a choice looks at floats",
    ),
    (
        "runtime",
        &["validate::context", "validate::typespace"],
        "types are validated in a context of types",
    ),
    ("wasi", &["node", "open_file"], "a node is opened as a file, which remembers its node"),
    (
        "wasi",
        &[
            "clock",
            "descriptors",
            "file_io",
            "files",
            "functions",
            "paths",
            "poll",
            "process",
            "sockets",
            "startup",
            "wasi",
        ],
        "functions of WASI are methods of the one system, in a file per subject",
    ),
];

#[test]
fn no_crate_has_a_circle_of_modules_but_those_that_are_named() {
    let mut found = BTreeSet::new();
    for package in PACKAGES {
        let knows = Modules::read(package).knows();
        for circle in circles(&knows) {
            found.insert((package.to_owned(), circle));
        }
    }
    let named = |(package, modules, _): &(&str, &[&str], &str)| {
        (String::from(*package), modules.iter().map(|module| String::from(*module)).collect())
    };
    let known: BTreeSet<(String, Vec<String>)> = KNOWN.iter().map(named).collect();
    let new: Vec<_> = found.difference(&known).collect();
    let gone: Vec<_> = known.difference(&found).collect();
    assert!(new.is_empty(), "modules that know each other in a circle: {new:#?}");
    assert!(gone.is_empty(), "these circles are gone, so take them off the list: {gone:#?}");
}

/// The modules of a crate with their production code.
struct Modules {
    code: BTreeMap<Module, String>,
    /// Names that the root takes from a module: a path to the root that goes on with one
    /// means that module.
    reexported: BTreeMap<String, Module>,
}

impl Modules {
    fn read(package: &str) -> Modules {
        let directory = format!("harness/{package}/src");
        let mut modules = BTreeMap::new();
        for (path, source) in sources(&directory) {
            let path = path.trim_start_matches(&directory).trim_end_matches(".rs");
            let mut module: Module = path.split('/').skip(1).map(str::to_owned).collect();
            if module.last().is_some_and(|name| ["mod", "lib", "main"].contains(&&**name)) {
                module.pop();
            }
            let lines: Vec<&str> = code(&source).map(|(_, line)| line).collect();
            modules.insert(module, lines.join("\n"));
        }
        let mut reexported = BTreeMap::new();
        let root = modules.get(&Module::new()).cloned().unwrap_or_default();
        for (at, _) in root.match_indices("use ") {
            for mut path in tree(&mut &root[at + 4..]) {
                path.retain(|segment| segment != "self" && segment != "crate");
                if let Some(name) = path.pop().filter(|_| modules.contains_key(&path)) {
                    reexported.insert(name, path);
                }
            }
        }
        Modules { code: modules, reexported }
    }

    /// Which modules each of them knows.
    fn knows(&self) -> BTreeMap<Module, BTreeSet<Module>> {
        let others = |module: &Module| {
            let text = &self.code[module];
            let paths = paths(text, module);
            let found = paths.into_iter().filter_map(|path| self.resolve(path));
            found.filter(|other| !other.starts_with(module)).collect()
        };
        let files = self.code.keys().filter(|module| !module.is_empty());
        files.map(|module| (module.clone(), others(module))).collect()
    }

    /// The module that a path leads to; `None` for the root itself.
    fn resolve(&self, path: Module) -> Option<Module> {
        let mut module = path.clone();
        while !module.is_empty() {
            if self.code.contains_key(&module) {
                return Some(module);
            }
            module.pop();
        }
        self.reexported.get(path.first()?).filter(|module| !module.is_empty()).cloned()
    }
}

/// The paths in a module's code that begin with `crate` or `super`, from the root on.
fn paths(text: &str, module: &Module) -> Vec<Module> {
    let mut found = Vec::new();
    for (word, start) in [("crate::", Some(0)), ("super::", module.len().checked_sub(1))] {
        for (at, _) in text.match_indices(word) {
            let begins = !text[..at].ends_with(|c: char| c == ':' || c.is_alphanumeric());
            let Some(mut depth) = start.filter(|_| begins) else { continue };
            let mut rest = &text[at + word.len()..];
            while let Some(further) = rest.strip_prefix("super::") {
                rest = further;
                depth = depth.saturating_sub(1);
            }
            for path in tree(&mut rest) {
                found.push(module[..depth].iter().cloned().chain(path).collect());
            }
        }
    }
    found
}

/// The paths of a `use` tree (Rust reference, "Use declarations"): `a::{b, c::d}` has two.
fn tree(text: &mut &str) -> Vec<Module> {
    *text = text.trim_start();
    if let Some(rest) = text.strip_prefix('{') {
        *text = rest;
        let mut paths = Vec::new();
        loop {
            let before = text.len();
            paths.extend(tree(text));
            let end = text.find([',', '}']).unwrap_or(text.len());
            let is_last = !text[end..].starts_with(',');
            *text = text.get(end + 1..).unwrap_or_default();
            if is_last || text.len() == before {
                return paths;
            }
        }
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (segment, rest) = text.split_at(end);
    if segment.is_empty() {
        return Vec::new();
    }
    match rest.strip_prefix("::") {
        None => {
            *text = rest;
            vec![vec![segment.to_owned()]]
        }
        Some(rest) => {
            *text = rest;
            let mut paths = tree(text);
            if paths.is_empty() {
                paths.push(Vec::new());
            }
            for path in &mut paths {
                path.insert(0, segment.to_owned());
            }
            paths
        }
    }
}

/// The sets of modules of which each reaches all others, by their names, sorted.
fn circles(knows: &BTreeMap<Module, BTreeSet<Module>>) -> BTreeSet<Vec<String>> {
    let reaches: BTreeMap<&Module, BTreeSet<&Module>> =
        knows.keys().map(|module| (module, reachable(knows, module))).collect();
    let circle = |module: &&Module| -> Vec<String> {
        let together = reaches[*module]
            .iter()
            .filter(|other| reaches.get(**other).is_some_and(|back| back.contains(*module)));
        together.map(|module| module.join("::")).collect()
    };
    reaches.keys().map(circle).filter(|modules| modules.len() > 1).collect()
}

fn reachable<'a>(
    knows: &'a BTreeMap<Module, BTreeSet<Module>>,
    from: &Module,
) -> BTreeSet<&'a Module> {
    let mut found: BTreeSet<&Module> = BTreeSet::new();
    let mut open: Vec<&Module> = knows.get(from).into_iter().flatten().collect();
    while let Some(module) = open.pop() {
        if found.insert(module) {
            open.extend(knows.get(module).into_iter().flatten());
        }
    }
    found
}

#[test]
fn use_trees_are_read_to_their_leaves() {
    let text = "use crate::a::{b, c::{D, e::F as G}, self};\nlet x = super::super::h::i(crate::j);";
    let module = ["x", "y", "z"].map(str::to_owned).to_vec();
    let found: BTreeSet<String> =
        paths(text, &module).into_iter().map(|path| path.join("::")).collect();
    let expected = ["a::b", "a::c::D", "a::c::e::F", "a::self", "j", "x::h::i"];
    assert_eq!(found, expected.map(str::to_owned).into());
}
