//! Every generated case is one that engines can be compared on.

mod common;

use std::collections::BTreeMap;

use common::{cases, everything};
use gainsay_case::{Capabilities, Case, Proposal, RefKind, Step, Value, ValueType, host};
use gainsay_generate::{
    Decisions, Generated, Generator, PROPOSALS_GENERATED, case_from, module_from, proposals_in,
    reach_of,
};
use wasmparser::types::TypesRef;
use wasmparser::{
    AbstractHeapType, BlockType, CompositeInnerType, ExternalKind, HeapType, Operator, Parser,
    Payload, TypeRef, ValType, Validator, WasmFeatures,
};

/// The validator's switches for exactly these proposals.
fn features(capabilities: &Capabilities) -> WasmFeatures {
    let mut features = WasmFeatures::WASM1;
    for proposal in capabilities {
        features |= match proposal {
            Proposal::MutableGlobal => WasmFeatures::MUTABLE_GLOBAL,
            Proposal::SaturatingFloatToInt => WasmFeatures::SATURATING_FLOAT_TO_INT,
            Proposal::SignExtension => WasmFeatures::SIGN_EXTENSION,
            Proposal::MultiValue => WasmFeatures::MULTI_VALUE,
            Proposal::BulkMemory => WasmFeatures::BULK_MEMORY,
            Proposal::ReferenceTypes => WasmFeatures::REFERENCE_TYPES,
            Proposal::Simd => WasmFeatures::SIMD,
            Proposal::TailCall => WasmFeatures::TAIL_CALL,
            Proposal::ExtendedConst => WasmFeatures::EXTENDED_CONST,
            Proposal::MultiMemory => WasmFeatures::MULTI_MEMORY,
            Proposal::Memory64 => WasmFeatures::MEMORY64,
            Proposal::FunctionReferences => WasmFeatures::FUNCTION_REFERENCES,
            Proposal::Gc => WasmFeatures::GC,
            Proposal::ExceptionHandling => WasmFeatures::EXCEPTIONS,
            Proposal::RelaxedSimd => WasmFeatures::RELAXED_SIMD,
            Proposal::Threads => WasmFeatures::THREADS,
            Proposal::WideArithmetic => WasmFeatures::WIDE_ARITHMETIC,
            Proposal::CustomPageSizes => WasmFeatures::CUSTOM_PAGE_SIZES,
        };
    }
    features
}

fn assert_valid(case: &Case, capabilities: &Capabilities) {
    for (name, bytes) in case.modules() {
        let valid = Validator::new_with_features(features(capabilities)).validate_all(bytes);
        if let Err(error) = valid {
            panic!("module {name} of {bytes:?}: {error}");
        }
    }
}

#[test]
fn modules_are_valid_with_every_generated_proposal() {
    for case in cases(&everything(), 11, 1500) {
        assert_valid(&case, &everything());
    }
}

#[test]
fn modules_are_valid_for_the_reference_too() {
    let config = gainsay_runtime::Config::default();
    let mut modules = 0;
    for case in cases(&everything(), 22, 1500) {
        for (name, bytes) in case.modules() {
            if let Err(error) = gainsay_runtime::Module::new(&config, bytes) {
                panic!("module {name} of {bytes:?}: {error:?}");
            }
            modules += 1;
        }
    }
    assert!(modules > 1500);
}

#[test]
fn modules_use_no_proposal_that_is_missing() {
    for missing in PROPOSALS_GENERATED {
        let mut capabilities = everything();
        capabilities.remove(missing);
        for case in cases(&capabilities, 12, 150) {
            assert_valid(&case, &capabilities);
        }
    }
}

#[test]
fn modules_of_engines_with_nothing_in_common_are_wasm_1_0() {
    let none = Capabilities::new();
    for case in cases(&none, 13, 300) {
        assert_valid(&case, &none);
    }
}

#[test]
fn modules_of_engines_with_one_proposal_use_only_that() {
    for only in PROPOSALS_GENERATED {
        let one = Capabilities::from([*only]);
        for case in cases(&one, 14, 100) {
            assert_valid(&case, &one);
        }
    }
}

#[test]
fn every_proposal_is_generated() {
    assert_eq!(everything(), Proposal::ALL.iter().copied().collect());
}

#[test]
fn every_generated_proposal_is_reached() {
    let generator = Generator::new(&everything(), 5);
    let mut reached = Capabilities::new();
    for index in 0..400 {
        reached.extend(generator.case(index).reach.proposals);
    }
    assert_eq!(reached, everything());
}

#[test]
fn the_host_is_asked_only_for_functions() {
    let mut host_imports = 0;
    for case in cases(&everything(), 15, 500) {
        for (_, bytes) in case.modules() {
            for (module, ty) in imports(bytes) {
                if module == host::MODULE {
                    assert!(matches!(ty, TypeRef::Func(_)), "{ty:?}");
                    host_imports += 1;
                } else {
                    assert_eq!(module, "a");
                }
            }
        }
    }
    assert!(host_imports > 50);
}

fn imports(bytes: &[u8]) -> Vec<(String, TypeRef)> {
    let mut imports = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        if let Payload::ImportSection(reader) = payload.unwrap() {
            for import in reader.into_imports() {
                let import = import.unwrap();
                imports.push((import.module.to_owned(), import.ty));
            }
        }
    }
    imports
}

/// The parameters of a module's exported functions.
fn signatures(bytes: &[u8]) -> BTreeMap<String, Vec<ValueType>> {
    let mut validator = Validator::new_with_features(features(&everything()));
    let types = validator.validate_all(bytes).unwrap();
    let mut signatures = BTreeMap::new();
    for payload in Parser::new(0).parse_all(bytes) {
        if let Payload::ExportSection(reader) = payload.unwrap() {
            for export in reader {
                let export = export.unwrap();
                if export.kind == ExternalKind::Func {
                    let id = types.as_ref().core_function_at(export.index);
                    let params = types[id].unwrap_func().params().iter();
                    let params = params.map(|ty| border_type(*ty, types.as_ref())).collect();
                    signatures.insert(export.name.to_owned(), params);
                }
            }
        }
    }
    signatures
}

/// The top of the hierarchy that a heap type of a valid module stands in.
fn border_kind(heap: HeapType, types: TypesRef<'_>) -> RefKind {
    match heap {
        HeapType::Abstract { ty, .. } => match ty {
            AbstractHeapType::Func | AbstractHeapType::NoFunc => RefKind::Func,
            AbstractHeapType::Extern | AbstractHeapType::NoExtern => RefKind::Extern,
            AbstractHeapType::Exn | AbstractHeapType::NoExn => RefKind::Exn,
            _ => RefKind::Any,
        },
        HeapType::Concrete(index) | HeapType::Exact(index) => {
            let id = index.as_core_type_id().expect("a validator has ids in place of indices");
            match types[id].composite_type.inner {
                CompositeInnerType::Func(_) => RefKind::Func,
                _ => RefKind::Any,
            }
        }
    }
}

fn border_type(ty: ValType, types: TypesRef<'_>) -> ValueType {
    match ty {
        ValType::I32 => ValueType::I32,
        ValType::I64 => ValueType::I64,
        ValType::F32 => ValueType::F32,
        ValType::F64 => ValueType::F64,
        ValType::V128 => ValueType::V128,
        ValType::Ref(ty) => ValueType::Ref(border_kind(ty.heap_type(), types)),
    }
}

#[test]
fn arguments_fit_the_functions_they_are_for() {
    let mut calls = 0;
    for case in cases(&everything(), 16, 500) {
        let modules: BTreeMap<String, _> =
            case.modules().map(|(name, bytes)| (name.to_lowercase(), signatures(bytes))).collect();
        for step in &case.steps {
            if let Step::Invoke { instance, field, args } = step {
                let given: Vec<ValueType> = args.iter().map(Value::ty).collect();
                assert_eq!(given, modules[instance][field]);
                calls += 1;
            }
        }
    }
    assert!(calls > 1000);
}

#[test]
fn cases_are_short_and_nearly_all_have_calls() {
    let (mut with_calls, count) = (0, 500);
    for case in cases(&everything(), 17, count) {
        assert!(case.steps.len() <= 40);
        let calls = case.steps.iter().filter(|step| matches!(step, Step::Invoke { .. })).count();
        with_calls += u64::from(calls > 0);
    }
    assert!(with_calls * 100 >= count * 98, "{with_calls} of {count}");
}

#[test]
fn linked_modules_import_from_the_first_one() {
    let from_a = |case: &Case| {
        case.modules().any(|(_, bytes)| imports(bytes).iter().any(|(module, _)| module == "a"))
    };
    assert!(cases(&everything(), 18, 300).filter(from_a).count() > 10);
}

/// Each function's and loop's first instruction reads the budget, which is the
/// last global.
#[test]
fn every_function_and_every_loop_charges_the_budget() {
    for case in cases(&everything(), 19, 300) {
        for (_, bytes) in case.modules() {
            let budget = last_global(bytes);
            for body in bodies(bytes) {
                let mut charged_next = true;
                for operator in body {
                    if charged_next {
                        let Operator::GlobalGet { global_index } = operator else {
                            panic!("{operator:?} is not charged for");
                        };
                        assert_eq!(global_index, budget);
                    }
                    charged_next = matches!(operator, Operator::Loop { .. });
                }
            }
        }
    }
}

/// In a module that can make NaNs, whatever shows the bits of a float comes right
/// after the selection of the canonical NaN.
#[test]
fn nan_bits_are_canonical_before_they_are_seen() {
    use Operator::*;
    let mut leaks = 0;
    for case in cases(&everything(), 20, 600) {
        for (_, bytes) in case.modules() {
            let all: Vec<Vec<Operator<'_>>> = bodies(bytes);
            let makes_nans = all.iter().flatten().any(|operator| {
                matches!(operator, F32Add | F32Div | F64Sub | F64Sqrt | F32DemoteF64 | F64Min)
            });
            for pair in all.iter().flat_map(|body| body.windows(2)).filter(|_| makes_nans) {
                if matches!(pair[1], F32Store { .. } | I64ReinterpretF64 | F64Copysign) {
                    assert!(matches!(pair[0], Select), "{pair:?}");
                    leaks += 1;
                }
            }
        }
    }
    assert!(leaks > 20);
}

/// Vectors are looked after where a NaN may arise: the next instructions choose, lane by
/// lane, between what there is and the canonical NaN of that width. Only modules that
/// could show a NaN's bits pay for it.
#[test]
fn lanes_with_nans_are_canonical_where_they_arise() {
    use Operator::*;
    let (mut narrow, mut wide) = (0, 0);
    for case in cases(&everything(), 22, 600) {
        for (_, bytes) in case.modules() {
            for window in bodies(bytes).iter().flat_map(|body| body.windows(7)) {
                let lane = match window[0] {
                    F32x4Add | F32x4Div | F32x4Sqrt | F32x4Min | F32x4DemoteF64x2Zero => 4,
                    F64x2Sub | F64x2Mul | F64x2Max | F64x2PromoteLowF32x4 => 8,
                    _ => continue,
                };
                let [_, LocalTee { local_index }, V128Const { value }, rest @ ..] = window else {
                    panic!("{window:?}");
                };
                let nan: &[u8] =
                    if lane == 4 { &[0, 0, 0xc0, 0x7f] } else { &[0, 0, 0, 0, 0, 0, 0xf8, 0x7f] };
                assert!(value.bytes().chunks(lane).all(|lane| lane == nan), "{value:?}");
                let same = |operator: &Operator<'_>| matches!(operator, LocalGet { local_index: local } if local == local_index);
                assert!(rest[..2].iter().all(same), "{window:?}");
                match lane {
                    4 => assert!(matches!(rest[2..], [F32x4Eq, V128Bitselect]), "{window:?}"),
                    _ => assert!(matches!(rest[2..], [F64x2Eq, V128Bitselect]), "{window:?}"),
                }
                if lane == 4 { narrow += 1 } else { wide += 1 }
            }
        }
    }
    assert!(narrow > 20 && wide > 20, "{narrow} and {wide}");
}

/// Arrays that come from element segments, and tables that are full from the beginning.
#[test]
fn element_segments_fill_arrays_and_initialisers_fill_tables() {
    let (mut made, mut filled, mut tables) = (0, 0, 0);
    for case in cases(&everything(), 23, 3000) {
        for (_, bytes) in case.modules() {
            for operator in bodies(bytes).into_iter().flatten() {
                made += u32::from(matches!(operator, Operator::ArrayNewElem { .. }));
                filled += u32::from(matches!(operator, Operator::ArrayInitElem { .. }));
            }
            tables += initialised_tables(bytes);
        }
    }
    assert!(made > 5 && filled > 0 && tables > 20, "{made}, {filled}, {tables}");
}

fn initialised_tables(bytes: &[u8]) -> usize {
    let mut count = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        if let Payload::TableSection(reader) = payload.unwrap() {
            let has_initial = |table: &wasmparser::Table<'_>| {
                matches!(table.init, wasmparser::TableInit::Expr(_))
            };
            count += reader.into_iter().map(Result::unwrap).filter(has_initial).count();
        }
    }
    count
}

fn bodies(bytes: &[u8]) -> Vec<Vec<Operator<'_>>> {
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        if let Payload::CodeSectionEntry(body) = payload.unwrap() {
            let operators = body.get_operators_reader().unwrap().into_iter();
            bodies.push(operators.map(Result::unwrap).collect());
        }
    }
    bodies
}

fn last_global(bytes: &[u8]) -> u32 {
    let mut globals = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.unwrap() {
            Payload::GlobalSection(reader) => globals += reader.count(),
            Payload::ImportSection(reader) => {
                for import in reader.into_imports() {
                    globals += u32::from(matches!(import.unwrap().ty, TypeRef::Global(_)));
                }
            }
            _ => {}
        }
    }
    globals - 1
}

/// What a call can use up is bounded: no budget is filled up but on the way to a trap.
#[test]
fn the_budget_is_filled_up_only_before_a_trap() {
    for case in cases(&everything(), 21, 200) {
        for (_, bytes) in case.modules() {
            let budget = last_global(bytes);
            for body in bodies(bytes) {
                for window in body.windows(5) {
                    if let [
                        Operator::If { blockty: BlockType::Empty },
                        Operator::I32Const { .. },
                        set,
                        next,
                        _,
                    ] = window
                        && matches!(set, Operator::GlobalSet { global_index } if *global_index == budget)
                    {
                        assert!(matches!(next, Operator::Unreachable));
                    }
                }
                let sets = body.iter().filter(
                    |o| matches!(o, Operator::GlobalSet { global_index } if *global_index == budget),
                );
                let charges = body.iter().filter(|o| matches!(o, Operator::I32LtU));
                // Two per charge, and nobody else writes it.
                assert!(sets.count() <= 2 * charges.count());
            }
        }
    }
}

#[test]
fn arbitrary_bytes_make_a_case_of_full_size() {
    let mut state = 1u64;
    let mut random = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    let (mut cases, mut module_bytes) = (0, 0);
    let mut check = |bytes: &[u8]| {
        let decisions = Decisions::of(bytes);
        let generated = case_from(&everything(), decisions);
        assert_valid(&generated.case, &everything());
        assert!(generated.reach.attempts < 16, "{bytes:?}");
        let module = module_from(decisions);
        let mut validator = Validator::new_with_features(features(&everything()));
        assert!(validator.validate_all(&module).is_ok());
        cases += 1;
        module_bytes += generated.reach.module_bytes;
    };
    for length in (0..400).chain([1000, 5000, 20_000, 100_000]) {
        let bytes: Vec<u8> = (0..length).map(|_| random()).collect();
        check(&bytes);
    }
    for byte in [0, 1, 0x7f, 0x80, 0xff] {
        check(&[byte; 3000]);
    }
    assert!(module_bytes / cases > 500, "{} bytes in a mean case", module_bytes / cases);
}

#[test]
fn the_reach_of_a_case_can_be_read_from_its_binaries() {
    let generator = Generator::new(&everything(), 31);
    let (mut steps, mut more) = (0, 0);
    for index in 0..400 {
        let Generated { case, reach } = generator.case(index);
        let read = reach_of(&case);
        assert_eq!(read.module_bytes, reach.module_bytes);
        assert_eq!(read.modules.len(), reach.modules.len());
        for (read, known) in std::iter::zip(&read.steps, &reach.steps) {
            steps += 1;
            assert!(read.is_superset(known), "{index}: {read:?} lacks some of {known:?}");
            more += usize::from(read.len() > known.len());
        }
        for (_, bytes) in case.modules() {
            assert!(proposals_in(bytes).is_subset(&everything()));
        }
    }
    // A wrapper that the instrumentation adds may be counted with what it wraps.
    assert!(steps > 2000 && more * 10 < steps, "{more} of {steps} steps");
}
