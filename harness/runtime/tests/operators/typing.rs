use std::collections::BTreeSet;
use std::sync::OnceLock;

use gainsay_runtime::{Config, Features, Module};
use wasmparser::{Validator, WasmFeatures};

use crate::form::{Form, Opcode, RELAXED_FROM, all_forms, opcodes};

/// Every form, and whether wasmparser accepts it, which this runtime has to do as well.
fn judged(features: Features, peer: WasmFeatures, forms: impl Iterator<Item = Form>) -> Vec<Form> {
    let config = Config { features, ..Config::default() };
    let mut refused = 0;
    let mut accepted = Vec::new();
    for form in forms {
        let bytes = form.binary();
        let ours = Module::new(&config, &bytes);
        let theirs = Validator::new_with_features(peer).validate_all(&bytes).map(|_| ());
        assert_eq!(ours.is_ok(), theirs.is_ok(), "{form:x?}: {ours:?} and {theirs:?}");
        match ours {
            Ok(_) => accepted.push(form),
            Err(_) => refused += 1,
        }
    }
    println!("{} forms accepted, {refused} refused", accepted.len());
    accepted
}

/// How many vector, relaxed and wide operators there are in forms.
fn counted(forms: &[Form]) -> [usize; 3] {
    let opcodes: BTreeSet<Opcode> = forms.iter().map(|form| form.opcode).collect();
    let mut counts = [0; 3];
    for opcode in opcodes {
        match opcode.prefix {
            0xfc => counts[2] += 1,
            _ => counts[usize::from(opcode.number >= RELAXED_FROM)] += 1,
        }
    }
    counts
}

fn peer() -> WasmFeatures {
    WasmFeatures::WASM3 | WasmFeatures::WIDE_ARITHMETIC
}

/// The valid forms, found once for all tests.
fn accepted() -> &'static [Form] {
    static ACCEPTED: OnceLock<Vec<Form>> = OnceLock::new();
    ACCEPTED.get_or_init(|| judged(Features::default(), peer(), opcodes().flat_map(all_forms)))
}

#[test]
fn every_operator_has_the_type_that_wasmparser_gives_it() {
    assert_eq!(counted(accepted()), [236, 20, 4]);
}

#[test]
fn without_its_proposal_an_operator_is_refused_as_wasmparser_refuses_it() {
    let forms = accepted();
    let all = Features::default();
    for (features, off, left) in [
        (Features { simd: false, ..all }, WasmFeatures::SIMD, [0, 0, 4]),
        (Features { relaxed_simd: false, ..all }, WasmFeatures::RELAXED_SIMD, [236, 0, 4]),
        (Features { wide_arithmetic: false, ..all }, WasmFeatures::WIDE_ARITHMETIC, [236, 20, 0]),
    ] {
        let accepted = judged(features, peer() - off, forms.iter().cloned());
        assert_eq!(counted(&accepted), left);
    }
}
