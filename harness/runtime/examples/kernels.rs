//! Speed of the interpreter on small kernels, as ratios to wasmi's in one run.
//!
//! `cargo run --release -p gainsay-runtime --example kernels [NAME...]`
//!
//! Of many short rounds, in which the two take turns, the fastest counts, so
//! that other work on the machine does not.

use std::time::{Duration, Instant};

use gainsay_runtime::{Config, Func, Module, NoHost, Store, Value};

const ROUNDS: usize = 60;

/// A kernel: an exported function from i32 to i64, and its argument.
struct Kernel {
    name: &'static str,
    argument: i32,
    /// Whether wasmi has what it needs.
    wasmi: bool,
    text: &'static str,
}

const KERNELS: &[Kernel] = &[
    Kernel {
        name: "fib",
        argument: 22,
        wasmi: true,
        text: r#"
        (func $fib (param i32) (result i32)
          (if (i32.lt_s (local.get 0) (i32.const 2)) (then (return (local.get 0))))
          (i32.add
            (call $fib (i32.sub (local.get 0) (i32.const 1)))
            (call $fib (i32.sub (local.get 0) (i32.const 2)))))
        (func (export "run") (param i32) (result i64)
          (i64.extend_i32_s (call $fib (local.get 0))))"#,
    },
    Kernel {
        name: "alu",
        argument: 100_000,
        wasmi: true,
        text: r#"
        (func (export "run") (param $n i32) (result i64) (local $x i32) (local $y i32)
          (loop $l
            (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 31)) (local.get $n)))
            (local.set $y (i32.xor (local.get $y) (local.get $x)))
            (local.set $x (i32.rotl (local.get $x) (i32.const 5)))
            (local.set $y (i32.sub (local.get $y) (i32.shr_u (local.get $x) (i32.const 3))))
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $l (local.get $n)))
          (i64.extend_i32_s (local.get $y)))"#,
    },
    Kernel {
        name: "sieve",
        argument: 40_000,
        wasmi: true,
        text: r#"
        (memory 16)
        (func (export "run") (param $n i32) (result i64) (local $i i32) (local $j i32) (local $c i64)
          (memory.fill (i32.const 0) (i32.const 1) (local.get $n))
          (local.set $i (i32.const 2))
          (loop $outer
            (if (i32.load8_u (local.get $i)) (then
              (local.set $c (i64.add (local.get $c) (i64.const 1)))
              (local.set $j (i32.shl (local.get $i) (i32.const 1)))
              (block $done
                (loop $inner
                  (br_if $done (i32.ge_u (local.get $j) (local.get $n)))
                  (i32.store8 (local.get $j) (i32.const 0))
                  (local.set $j (i32.add (local.get $j) (local.get $i)))
                  (br $inner)))))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $outer (i32.lt_u (local.get $i) (local.get $n))))
          (local.get $c))"#,
    },
    Kernel {
        name: "matmul-i64",
        argument: 36,
        wasmi: true,
        text: r#"
        (memory 4)
        (func $at (param $m i32) (param $n i32) (param $i i32) (param $j i32) (result i32)
          (i32.add (local.get $m)
            (i32.shl (i32.add (i32.mul (local.get $i) (local.get $n)) (local.get $j)) (i32.const 3))))
        (func (export "run") (param $n i32) (result i64)
          (local $i i32) (local $j i32) (local $k i32) (local $sum i64)
          (loop $fill
            (i64.store (i32.shl (local.get $i) (i32.const 3)) (i64.extend_i32_u (local.get $i)))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $fill (i32.lt_u (local.get $i) (i32.const 8000))))
          (local.set $i (i32.const 0))
          (loop $rows
            (local.set $j (i32.const 0))
            (loop $columns
              (local.set $k (i32.const 0))
              (local.set $sum (i64.const 0))
              (loop $products
                (local.set $sum (i64.add (local.get $sum) (i64.mul
                  (i64.load (i32.shl (i32.add (i32.mul (local.get $i) (local.get $n)) (local.get $k)) (i32.const 3)))
                  (i64.load offset=32768 (i32.shl (i32.add (i32.mul (local.get $k) (local.get $n)) (local.get $j)) (i32.const 3))))))
                (local.set $k (i32.add (local.get $k) (i32.const 1)))
                (br_if $products (i32.lt_u (local.get $k) (local.get $n))))
              (i64.store (call $at (i32.const 65536) (local.get $n) (local.get $i) (local.get $j)) (local.get $sum))
              (local.set $j (i32.add (local.get $j) (i32.const 1)))
              (br_if $columns (i32.lt_u (local.get $j) (local.get $n))))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $rows (i32.lt_u (local.get $i) (local.get $n))))
          (local.get $sum))"#,
    },
    Kernel {
        name: "matmul-f64",
        argument: 36,
        wasmi: true,
        text: r#"
        (memory 4)
        (func (export "run") (param $n i32) (result i64)
          (local $i i32) (local $j i32) (local $k i32) (local $sum f64)
          (loop $fill
            (f64.store (i32.shl (local.get $i) (i32.const 3)) (f64.convert_i32_u (local.get $i)))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $fill (i32.lt_u (local.get $i) (i32.const 8000))))
          (local.set $i (i32.const 0))
          (loop $rows
            (local.set $j (i32.const 0))
            (loop $columns
              (local.set $k (i32.const 0))
              (local.set $sum (f64.const 0))
              (loop $products
                (local.set $sum (f64.add (local.get $sum) (f64.mul
                  (f64.load (i32.shl (i32.add (i32.mul (local.get $i) (local.get $n)) (local.get $k)) (i32.const 3)))
                  (f64.load offset=32768 (i32.shl (i32.add (i32.mul (local.get $k) (local.get $n)) (local.get $j)) (i32.const 3))))))
                (local.set $k (i32.add (local.get $k) (i32.const 1)))
                (br_if $products (i32.lt_u (local.get $k) (local.get $n))))
              (f64.store offset=65536
                (i32.shl (i32.add (i32.mul (local.get $i) (local.get $n)) (local.get $j)) (i32.const 3))
                (local.get $sum))
              (local.set $j (i32.add (local.get $j) (i32.const 1)))
              (br_if $columns (i32.lt_u (local.get $j) (local.get $n))))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $rows (i32.lt_u (local.get $i) (local.get $n))))
          (i64.trunc_f64_s (local.get $sum)))"#,
    },
    Kernel {
        name: "byte-copy",
        argument: 150_000,
        wasmi: true,
        text: r#"
        (memory 32)
        (func (export "run") (param $n i32) (result i64) (local $i i32)
          (loop $l
            (i32.store8 offset=1000000 (local.get $i) (i32.load8_u (local.get $i)))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $l (i32.lt_u (local.get $i) (local.get $n))))
          (i64.extend_i32_u (local.get $i)))"#,
    },
    Kernel {
        name: "indirect",
        argument: 60_000,
        wasmi: true,
        text: r#"
        (type $f (func (param i32) (result i32)))
        (table 4 funcref)
        (elem (i32.const 0) $a $b $c $d)
        (func $a (param i32) (result i32) (i32.add (local.get 0) (i32.const 7)))
        (func $b (param i32) (result i32) (i32.xor (local.get 0) (i32.const 99)))
        (func $c (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
        (func $d (param i32) (result i32) (i32.rotl (local.get 0) (i32.const 9)))
        (func (export "run") (param $n i32) (result i64) (local $x i32)
          (loop $l
            (local.set $x (call_indirect (type $f) (local.get $x) (i32.and (local.get $n) (i32.const 3))))
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $l (local.get $n)))
          (i64.extend_i32_u (local.get $x)))"#,
    },
    Kernel {
        name: "globals",
        argument: 150_000,
        wasmi: true,
        text: r#"
        (global $g (mut i64) (i64.const 1))
        (func (export "run") (param $n i32) (result i64)
          (loop $l
            (global.set $g (i64.add (i64.mul (global.get $g) (i64.const 3)) (i64.extend_i32_u (local.get $n))))
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $l (local.get $n)))
          (global.get $g))"#,
    },
    // What compilers make of loops: a dot product of floats, and bytes brightened,
    // clamped and counted.
    Kernel {
        name: "simd-f32x4",
        argument: 60_000,
        wasmi: true,
        text: r#"
        (memory 8)
        (func (export "run") (param $n i32) (result i64) (local $i i32) (local $sum v128)
          (loop $fill
            (v128.store (local.get $i) (f32x4.convert_i32x4_u (i32x4.splat (local.get $i))))
            (local.set $i (i32.add (local.get $i) (i32.const 16)))
            (br_if $fill (i32.lt_u (local.get $i) (local.get $n))))
          (local.set $i (i32.const 0))
          (loop $l
            (local.set $sum (f32x4.add (local.get $sum) (f32x4.mul
              (v128.load (local.get $i)) (v128.load offset=4096 (local.get $i)))))
            (local.set $i (i32.add (local.get $i) (i32.const 16)))
            (br_if $l (i32.lt_u (local.get $i) (local.get $n))))
          (i64x2.extract_lane 1 (local.get $sum)))"#,
    },
    Kernel {
        name: "simd-i8x16",
        argument: 60_000,
        wasmi: true,
        text: r#"
        (memory 8)
        (func (export "run") (param $n i32) (result i64)
          (local $i i32) (local $v v128) (local $count v128)
          (loop $l
            (local.set $v (i8x16.add_sat_u
              (v128.load (local.get $i)) (i8x16.splat (i32.and (local.get $i) (i32.const 63)))))
            (local.set $v (i8x16.shuffle 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0
              (local.get $v) (local.get $v)))
            (local.set $count (i16x8.add (local.get $count) (i16x8.extadd_pairwise_i8x16_u
              (v128.and (i8x16.gt_u (local.get $v) (i8x16.splat (i32.const 32))) (i8x16.splat (i32.const 1))))))
            (v128.store (local.get $i) (i8x16.min_u (local.get $v) (i8x16.splat (i32.const 200))))
            (local.set $i (i32.add (local.get $i) (i32.const 16)))
            (br_if $l (i32.lt_u (local.get $i) (local.get $n))))
          (i64.add (i64x2.extract_lane 0 (local.get $count)) (i64x2.extract_lane 1 (local.get $count))))"#,
    },
    Kernel {
        name: "exceptions",
        argument: 5_000,
        wasmi: false,
        text: r#"
        (tag $e (param i32 i64))
        (func $throw (param $n i32) (param $depth i32)
          (if (local.get $depth) (then
            (call $throw (local.get $n) (i32.sub (local.get $depth) (i32.const 1)))
            (return)))
          (throw $e (local.get $n) (i64.const 3)))
        (func (export "run") (param $n i32) (result i64) (local $sum i64)
          (loop $l
            (block $caught (result i32 i64)
              (try_table (catch $e $caught)
                (call $throw (local.get $n) (i32.and (local.get $n) (i32.const 7))))
              unreachable)
            (local.set $sum (i64.add (local.get $sum)))
            (local.set $n (i32.sub (i32.const 1)))
            (br_if $l (local.get $n)))
          (local.get $sum))"#,
    },
    Kernel {
        name: "no-throw",
        argument: 20,
        wasmi: false,
        text: r#"
        (tag $e)
        (func $fib (param i32) (result i32)
          (block $caught
            (try_table (catch $e $caught)
              (if (i32.lt_s (local.get 0) (i32.const 2)) (then (return (local.get 0))))
              (return (i32.add
                (call $fib (i32.sub (local.get 0) (i32.const 1)))
                (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
          unreachable)
        (func (export "run") (param i32) (result i64)
          (i64.extend_i32_s (call $fib (local.get 0))))"#,
    },
    // Trees that are made, walked and thrown away, while one of them lives.
    Kernel {
        name: "trees",
        argument: 12,
        wasmi: false,
        text: r#"
        (type $tree (struct (field $l (ref null $tree)) (field $r (ref null $tree))))
        (global $kept (mut (ref null $tree)) (ref.null $tree))
        (func $make (param $depth i32) (result (ref $tree))
          (if (result (ref $tree)) (local.get $depth)
            (then
              (struct.new $tree
                (call $make (i32.sub (local.get $depth) (i32.const 1)))
                (call $make (i32.sub (local.get $depth) (i32.const 1)))))
            (else (struct.new_default $tree))))
        (func $count (param $tree (ref null $tree)) (result i64)
          (if (result i64) (ref.is_null (local.get $tree))
            (then (i64.const 0))
            (else
              (i64.add (i64.const 1)
                (i64.add
                  (call $count (struct.get $tree $l (local.get $tree)))
                  (call $count (struct.get $tree $r (local.get $tree))))))))
        (func (export "run") (param $depth i32) (result i64) (local $n i32) (local $sum i64)
          (global.set $kept (call $make (local.get $depth)))
          (local.set $n (i32.const 64))
          (loop $l
            (local.set $sum (i64.add (local.get $sum)
              (call $count (call $make (i32.sub (local.get $depth) (i32.const 6))))))
            (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
          (i64.add (local.get $sum) (call $count (global.get $kept))))"#,
    },
    // Small objects that die at once: packed and wide fields, casts, small integers.
    Kernel {
        name: "objects",
        argument: 50_000,
        wasmi: false,
        text: r#"
        (type $point (sub (struct (field $x (mut i32)) (field $y (mut i32)))))
        (type $pixel (sub $point (struct (field $x (mut i32)) (field $y (mut i32)) (field $c (mut i8)))))
        (func (export "run") (param $n i32) (result i64) (local $any anyref) (local $sum i64)
          (loop $l
            (local.set $any (struct.new $pixel (local.get $n) (i32.const 3) (local.get $n)))
            (block $none
              (br_if $none (i32.eqz (ref.test (ref $point) (local.get $any))))
              (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (i32.add
                (struct.get $point $x (ref.cast (ref $point) (local.get $any)))
                (struct.get_u $pixel $c (ref.cast (ref $pixel) (local.get $any))))))))
            (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
          (local.get $sum))"#,
    },
    // A sieve in an array of bytes.
    Kernel {
        name: "gc-sieve",
        argument: 40_000,
        wasmi: false,
        text: r#"
        (type $flags (array (mut i8)))
        (func (export "run") (param $n i32) (result i64)
          (local $f (ref $flags)) (local $i i32) (local $j i32) (local $c i64)
          (local.set $f (array.new $flags (i32.const 1) (local.get $n)))
          (local.set $i (i32.const 2))
          (loop $outer
            (if (array.get_u $flags (local.get $f) (local.get $i)) (then
              (local.set $c (i64.add (local.get $c) (i64.const 1)))
              (local.set $j (i32.shl (local.get $i) (i32.const 1)))
              (block $done
                (loop $inner
                  (br_if $done (i32.ge_u (local.get $j) (local.get $n)))
                  (array.set $flags (local.get $f) (local.get $j) (i32.const 0))
                  (local.set $j (i32.add (local.get $j) (local.get $i)))
                  (br $inner)))))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $outer (i32.lt_u (local.get $i) (array.len (local.get $f)))))
          (local.get $c))"#,
    },
];

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
    fn new(binary: &[u8]) -> Wasmi {
        let engine = wasmi::Engine::default();
        let module = wasmi::Module::new(&engine, binary).unwrap();
        let mut store = wasmi::Store::new(&engine, ());
        let linker = wasmi::Linker::new(&engine);
        let instance = linker.instantiate_and_start(&mut store, &module).unwrap();
        let func = instance.get_typed_func(&store, "run").unwrap();
        Wasmi { store, func }
    }

    fn run(&mut self, argument: i32) -> i64 {
        self.func.call(&mut self.store, argument).unwrap()
    }
}

fn main() {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |kernel: &&Kernel| names.is_empty() || names.iter().any(|n| n == kernel.name);
    println!("{:12} {:>12} {:>12} {:>7}", "kernel", "reference", "wasmi", "ratio");
    let mut logarithms = Vec::new();
    for kernel in KERNELS.iter().filter(wanted) {
        let binary = wat::parse_str(format!("(module {})", kernel.text)).unwrap();
        let (mut reference, mut wasmi) = (Reference::new(&binary), None);
        if kernel.wasmi {
            wasmi = Some(Wasmi::new(&binary));
        }
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
