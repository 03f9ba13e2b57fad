//! Speed of the interpreter on small kernels, as ratios to wasmi's in one run.
//!
//! `cargo run --release -p gainsay-runtime --example kernels [NAME...]`
//!
//! Of many short rounds, in which the two take turns, the fastest counts, so
//! that other work on the machine does not.

use std::path::Path;
use std::time::{Duration, Instant};

use gainsay_runtime::{Config, Func, Module, NoHost, Store, Value};

const ROUNDS: usize = 60;

/// A kernel: an exported function from i32 to i64, and its argument.
struct Kernel {
    name: String,
    argument: i32,
    binary: Vec<u8>,
}

/// The kernels of `kernels/`, by name. Their first line says the argument.
fn kernels() -> Vec<Kernel> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("kernels");
    let mut kernels: Vec<Kernel> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let line = text.lines().next().unwrap();
            let argument = line.strip_prefix(";; run(").and_then(|rest| rest.strip_suffix(')'));
            Kernel {
                name: path.file_stem().unwrap().to_str().unwrap().to_owned(),
                argument: argument.unwrap().replace('_', "").parse().unwrap(),
                binary: wat::parse_str(&text).unwrap(),
            }
        })
        .collect();
    kernels.sort_by(|one, other| one.name.cmp(&other.name));
    kernels
}

fn timed(run: impl FnOnce() -> i64) -> (i64, Duration) {
    let start = Instant::now();
    let result = run();
    (result, start.elapsed())
}

struct Reference {
    store: Store,
    func: Func,
}

impl Reference {
    fn new(binary: &[u8]) -> Reference {
        let config = Config::default();
        let module = Module::new(&config, binary).unwrap();
        let mut store = Store::new(&config);
        let instance = store.instantiate(&module, &[], &mut NoHost).unwrap();
        let func = instance.func("run").unwrap();
        Reference { store, func }
    }

    fn run(&mut self, argument: i32) -> i64 {
        match self.store.invoke(self.func, &[Value::I32(argument)], &mut NoHost).as_deref() {
            Ok([Value::I64(result)]) => *result,
            other => panic!("{other:?}"),
        }
    }
}

struct Wasmi {
    store: wasmi::Store<()>,
    func: wasmi::TypedFunc<i32, i64>,
}

impl Wasmi {
    /// `None` if wasmi lacks what the kernel needs.
    fn new(binary: &[u8]) -> Option<Wasmi> {
        let engine = wasmi::Engine::default();
        let module = wasmi::Module::new(&engine, binary).ok()?;
        let mut store = wasmi::Store::new(&engine, ());
        let linker = wasmi::Linker::new(&engine);
        let instance = linker.instantiate_and_start(&mut store, &module).unwrap();
        let func = instance.get_typed_func(&store, "run").unwrap();
        Some(Wasmi { store, func })
    }

    fn run(&mut self, argument: i32) -> i64 {
        self.func.call(&mut self.store, argument).unwrap()
    }
}

fn main() {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |kernel: &Kernel| names.is_empty() || names.contains(&kernel.name);
    println!("{:12} {:>12} {:>12} {:>7}", "kernel", "reference", "wasmi", "ratio");
    let mut logarithms = Vec::new();
    for kernel in kernels().into_iter().filter(wanted) {
        let mut reference = Reference::new(&kernel.binary);
        let mut wasmi = Wasmi::new(&kernel.binary);
        let (mut ours, mut theirs) = (Duration::MAX, Duration::MAX);
        for _ in 0..ROUNDS {
            let (result, time) = timed(|| reference.run(kernel.argument));
            ours = ours.min(time);
            if let Some(wasmi) = &mut wasmi {
                let (expected, time) = timed(|| wasmi.run(kernel.argument));
                theirs = theirs.min(time);
                assert_eq!(result, expected, "{}", kernel.name);
            }
        }
        if wasmi.is_none() {
            println!("{:12} {ours:>12.3?} {:>12} {:>7}", kernel.name, "-", "-");
            continue;
        }
        let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
        logarithms.push(ratio.ln());
        println!("{:12} {ours:>12.3?} {theirs:>12.3?} {ratio:>7.2}", kernel.name);
    }
    let mean = (logarithms.iter().sum::<f64>() / logarithms.len() as f64).exp();
    println!("{:12} {:>12} {:>12} {mean:>7.2}", "geom. mean", "", "");
}
