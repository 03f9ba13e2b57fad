use std::collections::BTreeMap;

use gainsay_runtime::{Config, Extern, Module, NoHost, RelaxedChoice, RelaxedMadd, Store, Value};

use crate::form::{F32, F64, Form, I32, I64, Opcode, V128, all_forms, opcodes};

/// Operands tried for each form.
const ROUNDS: usize = 300;

/// A small generator of numbers: splitmix64.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A lane of so many bits; often one where operations have an edge.
    fn lane(&mut self, bits: u32) -> u64 {
        const EDGES: &[f64] = &[
            0.0,
            -0.0,
            1.0,
            -1.5,
            0.5,
            2.5,
            2147483647.0,
            2147483648.0,
            -2147483649.0,
            4294967295.0,
            4294967296.0,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
            1e-310,
        ];
        let ones = u64::MAX >> (64 - bits);
        let any = self.next();
        let number = match any % 8 {
            0 => 0,
            1 => ones,
            2 => ones >> 1,
            3 => (ones >> 1) + 1,
            4 => any >> 60,
            5 if bits == 64 => EDGES[(any >> 8) as usize % EDGES.len()].to_bits(),
            5 => u64::from((EDGES[(any >> 8) as usize % EDGES.len()] as f32).to_bits()),
            _ => self.next(),
        };
        number & ones
    }

    fn vector(&mut self) -> u128 {
        let bits = 8 << (self.next() % 4);
        (0..128 / bits).fold(0, |vector, _| vector << bits | u128::from(self.lane(bits)))
    }

    fn value(&mut self, ty: u8) -> Value {
        match ty {
            I32 => Value::I32(self.lane(32) as i32),
            I64 => Value::I64(self.lane(64) as i64),
            F32 => Value::F32(self.lane(32) as u32),
            F64 => Value::F64(self.lane(64)),
            V128 => Value::V128(self.vector()),
            other => panic!("no such type {other}"),
        }
    }

    /// An address that is mostly in bounds of one page, near its end or not.
    fn address(&mut self) -> Value {
        let any = self.next();
        Value::I32(match any % 4 {
            0 => 65536 - (any >> 32) as i32 % 32,
            _ => (any >> 32) as i32 % 4096,
        })
    }
}

/// What a call gave; nothing if it trapped.
type Outcome = Option<Vec<Value>>;

fn config() -> Config {
    let relaxed = RelaxedChoice { madd: RelaxedMadd::Fused, ..RelaxedChoice::default() };
    Config { relaxed, ..Config::default() }
}

fn ours(binary: &[u8], memory: &[u8], calls: &[Vec<Value>]) -> (Vec<Outcome>, Vec<u8>) {
    let config = config();
    let module = Module::new(&config, binary).unwrap();
    let mut store = Store::new(&config);
    let instance = store.instantiate(&module, &[], &mut NoHost).unwrap();
    let Some(Extern::Memory(ours)) = instance.export("memory") else { panic!("no memory") };
    let func = instance.func("run").unwrap();
    store.memory_bytes_mut(ours).copy_from_slice(memory);
    let results = calls.iter().map(|args| store.invoke(func, args, &mut NoHost).ok()).collect();
    (results, store.memory_bytes(ours).to_vec())
}

fn theirs(
    engine: &wasmi::Engine,
    form: &Form,
    memory: &[u8],
    calls: &[Vec<Value>],
) -> (Vec<Outcome>, Vec<u8>) {
    let module = wasmi::Module::new(engine, form.binary()).unwrap();
    let mut store = wasmi::Store::new(engine, ());
    let instance = wasmi::Linker::new(engine).instantiate_and_start(&mut store, &module).unwrap();
    let theirs = instance.get_memory(&store, "memory").unwrap();
    let func = instance.get_func(&store, "run").unwrap();
    theirs.write(&mut store, 0, memory).unwrap();
    let run = |args: &Vec<Value>| {
        let args: Vec<wasmi::Val> = args.iter().map(to_peer).collect();
        let mut results = vec![wasmi::Val::I32(0); form.results.len()];
        func.call(&mut store, &args, &mut results).ok()?;
        Some(results.iter().map(from_peer).collect())
    };
    let results = calls.iter().map(run).collect();
    (results, theirs.data(&store).to_vec())
}

fn to_peer(value: &Value) -> wasmi::Val {
    match *value {
        Value::I32(number) => wasmi::Val::I32(number),
        Value::I64(number) => wasmi::Val::I64(number),
        Value::F32(bits) => wasmi::Val::F32(wasmi::F32::from_bits(bits)),
        Value::F64(bits) => wasmi::Val::F64(wasmi::F64::from_bits(bits)),
        Value::V128(bits) => wasmi::Val::V128(bits.into()),
        other => panic!("{other:?} is no number"),
    }
}

fn from_peer(value: &wasmi::Val) -> Value {
    match value {
        wasmi::Val::I32(number) => Value::I32(*number),
        wasmi::Val::I64(number) => Value::I64(*number),
        wasmi::Val::F32(float) => Value::F32(float.to_bits()),
        wasmi::Val::F64(float) => Value::F64(float.to_bits()),
        wasmi::Val::V128(vector) => Value::V128(vector.as_u128()),
        other => panic!("{other:?} is no number"),
    }
}

/// The width of the lanes for whose NaNs an operator gives any payload and sign
/// (§ exec/numerics, NaN propagation).
fn nan_lanes(opcode: Opcode) -> Option<u32> {
    if opcode.prefix != 0xfd {
        return None;
    }
    match opcode.number {
        0x5e | 0x67..=0x6a | 0xe3..=0xe9 | 0x105 | 0x106 | 0x10d | 0x10e => Some(32),
        0x5f | 0x74 | 0x75 | 0x7a | 0x94 | 0xef..=0xf5 | 0x107 | 0x108 | 0x10f | 0x110 => Some(64),
        _ => None,
    }
}

/// The same with every NaN of these lanes as one.
fn canonical(value: &Value, width: u32) -> Value {
    let Value::V128(bits) = *value else { return *value };
    Value::V128(match width {
        32 => (0..4).fold(0, |vector, lane| {
            let float = f32::from_bits((bits >> (32 * lane)) as u32);
            let float = if float.is_nan() { f32::NAN } else { float };
            vector | u128::from(float.to_bits()) << (32 * lane)
        }),
        _ => (0..2).fold(0, |vector, lane| {
            let float = f64::from_bits((bits >> (64 * lane)) as u64);
            let float = if float.is_nan() { f64::NAN } else { float };
            vector | u128::from(float.to_bits()) << (64 * lane)
        }),
    })
}

fn agree(opcode: Opcode, ours: &Outcome, theirs: &Outcome) -> bool {
    let Some(width) = nan_lanes(opcode) else { return ours == theirs };
    let canonical = |outcome: &Outcome| -> Outcome {
        let values = outcome.as_ref()?.iter();
        Some(values.map(|value| canonical(value, width)).collect())
    };
    canonical(ours) == canonical(theirs)
}

/// The forms of an operator that are valid. If it has no immediates, what stands in
/// their place are other operators, and nothing is learnt from those.
fn valid_forms(opcode: Opcode) -> Vec<Form> {
    let mut forms = all_forms(opcode);
    forms.retain(|form| Module::new(&config(), &form.binary()).is_ok());
    if forms.iter().any(|form| form.immediates.is_empty()) {
        forms.retain(|form| form.immediates.is_empty());
    }
    forms
}

/// Operands for so many calls of a form.
fn calls(form: &Form, numbers: &mut Numbers) -> Vec<Vec<Value>> {
    let on_memory = form.params.first() == Some(&I32);
    let call = |_| {
        let mut args: Vec<Value> = form.params.iter().map(|ty| numbers.value(*ty)).collect();
        if on_memory {
            args[0] = numbers.address();
        }
        args
    };
    (0..ROUNDS).map(call).collect()
}

#[test]
fn every_operator_gives_what_wasmi_gives() {
    let mut peer = wasmi::Config::default();
    peer.wasm_wide_arithmetic(true).wasm_relaxed_simd(true);
    let engine = wasmi::Engine::new(&peer);
    let mut numbers = Numbers(5);
    let memory: Vec<u8> = (0..4096).flat_map(|_| numbers.vector().to_le_bytes()).collect();
    let mut tried: BTreeMap<Opcode, [usize; 2]> = BTreeMap::new();
    let mut differ = Vec::new();
    for opcode in opcodes() {
        for form in valid_forms(opcode) {
            let calls = calls(&form, &mut numbers);
            let (ours, our_memory) = ours(&form.binary(), &memory, &calls);
            let (theirs, their_memory) = theirs(&engine, &form, &memory, &calls);
            for ((args, ours), theirs) in calls.iter().zip(&ours).zip(&theirs) {
                tried.entry(opcode).or_default()[usize::from(ours.is_some())] += 1;
                if !agree(opcode, ours, theirs) {
                    differ.push(format!("{form:x?} {args:x?}: {ours:x?} {theirs:x?}"));
                }
            }
            assert!(our_memory == their_memory, "{form:x?}");
        }
    }
    let [trapped, returned] = tried
        .values()
        .fold([0, 0], |sum, [trapped, returned]| [sum[0] + trapped, sum[1] + returned]);
    println!("{} operators: {returned} calls returned, {trapped} trapped", tried.len());
    differ.truncate(20);
    assert_eq!(differ, Vec::<String>::new());
    assert_eq!(tried.len(), 236 + 20 + 4);
    assert!(tried.values().all(|[_, returned]| *returned >= ROUNDS / 2), "{tried:x?}");
}
