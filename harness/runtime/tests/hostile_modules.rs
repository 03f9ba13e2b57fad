//! Modules made to take long, go deep or grow large: each must be judged, with
//! output in proportion to its bytes. (A test that hangs has failed.)

use gainsay_runtime::{Config, ErrorKind, Module, ModuleError};

/// A LEB128 integer.
fn leb(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}

fn section(id: u8, count: usize, contents: &[u8]) -> Vec<u8> {
    let count = leb(count as u64);
    let mut bytes = vec![id];
    bytes.extend(leb((count.len() + contents.len()) as u64));
    bytes.extend(count);
    bytes.extend(contents);
    bytes
}

fn module(sections: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"\0asm\x01\0\0\0".to_vec();
    sections.iter().for_each(|section| bytes.extend(section));
    bytes
}

/// A function type: parameters and results are all i32.
fn func_type(params: usize, results: usize) -> Vec<u8> {
    let mut bytes = vec![0x60];
    for count in [params, results] {
        bytes.extend(leb(count as u64));
        bytes.extend(std::iter::repeat_n(0x7f, count));
    }
    bytes
}

/// A function body without its locals' declarations.
fn body(locals: &[u8], code: &[u8]) -> Vec<u8> {
    let mut bytes = leb((locals.len() + code.len() + 1) as u64);
    bytes.extend(locals);
    bytes.extend(code);
    bytes.push(0x0b);
    bytes
}

/// A module of one function, of the first of these types.
fn one_function(types: &[Vec<u8>], locals: &[u8], code: &[u8]) -> Vec<u8> {
    module(&[
        section(1, types.len(), &types.concat()),
        section(3, 1, &[0]),
        section(10, 1, &body(locals, code)),
    ])
}

fn decode(bytes: &[u8]) -> Result<Module, ModuleError> {
    Module::new(&Config::default(), bytes)
}

/// Accept the module, and bound what its first function became.
fn accept(bytes: &[u8], instructions_per_byte: usize) {
    let module = decode(bytes).unwrap();
    let instructions = module.listing(0).unwrap().lines().count();
    assert!(
        instructions <= instructions_per_byte * bytes.len(),
        "{instructions} instructions from {} bytes",
        bytes.len()
    );
}

fn refuse(bytes: &[u8], kind: ErrorKind, message: &str) {
    let error = decode(bytes).unwrap_err();
    assert!(error.kind == kind && error.message.starts_with(message), "{error}");
}

const BLOCK: [u8; 2] = [0x02, 0x40];
const LOOP: [u8; 2] = [0x03, 0x40];
const END: u8 = 0x0b;

#[test]
fn a_million_nested_blocks() {
    for open in [BLOCK, LOOP] {
        let depth = 1_000_000;
        let mut code = open.repeat(depth);
        code.extend(std::iter::repeat_n(END, depth));
        accept(&one_function(&[func_type(0, 0)], &[0], &code), 1);
    }
}

#[test]
fn a_million_nested_blocks_that_never_end() {
    let code = BLOCK.repeat(1_000_000);
    refuse(&one_function(&[func_type(0, 0)], &[0], &code), ErrorKind::Malformed, "END opcode");
}

#[test]
fn ifs_nested_with_operands_in_locals_below_each() {
    // local.get 0, local.get 0, if ... end, drop
    let depth = 10_000;
    let mut code = [0x20, 0, 0x20, 0, 0x04, 0x40].repeat(depth);
    code.extend([END, 0x1a].repeat(depth));
    accept(&one_function(&[func_type(1, 0)], &[0], &code), 1);
}

#[test]
fn a_branch_table_of_many_labels_that_all_take_many_results() {
    let results = 1000;
    let mut code = Vec::new();
    let depth = 500;
    // The results lie above one more operand for each block, so each label needs moves.
    for _ in 0..depth {
        code.extend([0x41, 0, 0x02, 0]);
    }
    for _ in 0..results {
        code.extend([0x41, 5]);
    }
    let labels = 100_000;
    code.extend([0x41, 0, 0x0e]);
    code.extend(leb(labels));
    (0..=labels).for_each(|label| code.extend(leb(label % depth)));
    for _ in 0..depth {
        code.push(END);
        code.push(0x00);
    }
    accept(&one_function(&[func_type(0, results as usize)], &[0], &code), 1);
}

#[test]
fn many_branches_that_each_take_many_operands_along() {
    let results = 1000;
    let mut code = vec![0x41, 0, 0x02, 0];
    for _ in 0..results {
        code.extend([0x20, 0]);
    }
    code.extend([0x41, 1, 0x0d, 0].repeat(20_000));
    code.extend([0x0c, 0, END, 0x00]);
    let types = [func_type(0, results)];
    let bytes = one_function(&types, &[1, 1, 0x7f], &code);
    accept(&bytes, 1);
}

/// A module with a tag without values, and one function.
fn throwing(code: &[u8]) -> Vec<u8> {
    module(&[
        section(1, 1, &func_type(0, 0)),
        section(3, 1, &[0]),
        section(13, 1, &[0, 0]),
        section(10, 1, &body(&[0], code)),
    ])
}

#[test]
fn a_million_nested_try_tables_without_clauses() {
    let depth = 1_000_000;
    let mut code = [0x1f, 0x40, 0].repeat(depth);
    code.extend([0x08, 0]);
    code.extend(std::iter::repeat_n(END, depth));
    accept(&throwing(&code), 1);
}

#[test]
fn clauses_around_an_instruction_are_bounded_exactly() {
    let nested = |clauses: usize| {
        let mut code = [0x1f, 0x40, 1, 2, 0].repeat(clauses);
        code.extend([0x08, 0]);
        code.extend(std::iter::repeat_n(END, clauses));
        throwing(&code)
    };
    let side_by_side = |clauses: usize| {
        let mut code = vec![0x1f, 0x40];
        code.extend(leb(clauses as u64));
        code.extend([0, 0, 0].repeat(clauses));
        code.extend([0x08, 0, END]);
        throwing(&code)
    };
    for clauses in [&nested as &dyn Fn(usize) -> Vec<u8>, &side_by_side] {
        accept(&clauses(10_000), 1);
        refuse(&clauses(10_001), ErrorKind::Limit, "more than 10000 nested catch clauses");
    }
}

#[test]
fn a_million_try_tables_one_after_the_other() {
    let code = [0x1f, 0x40, 1, 2, 0, 0x10, 0, END].repeat(1_000_000);
    accept(&throwing(&code), 1);
}

#[test]
fn a_local_set_again_and_again_under_many_operands_in_locals() {
    let mut code = [0x20, 0].repeat(30_000);
    // local.get 0, local.get 0, local.set 0: the set saves one operand each time.
    code.extend([0x20, 0, 0x41, 1, 0x21, 0].repeat(30_000));
    code.extend(std::iter::repeat_n(0x1a, 60_000));
    accept(&one_function(&[func_type(1, 0)], &[0], &code), 1);
}

#[test]
fn operands_in_locals_that_share_a_counter() {
    // Locals 0 and 256 are counted together; only one of them is set.
    let mut code = [0x20, 0].repeat(5_000);
    code.extend([0x20, 0x80, 0x02, 0x41, 1, 0x21, 0x80, 0x02, 0x1a].repeat(5_000));
    code.extend(std::iter::repeat_n(0x1a, 5_000));
    accept(&one_function(&[func_type(0, 0)], &[1, 0xac, 0x02, 0x7f], &code), 1);
}

#[test]
fn a_million_groups_of_locals() {
    let mut locals = leb(1_000_000);
    locals.extend([0, 0x7f].repeat(1_000_000));
    accept(&one_function(&[func_type(0, 0)], &locals, &[]), 1);

    let mut locals = leb(1_000_000);
    locals.extend([1, 0x7f].repeat(1_000_000));
    refuse(&one_function(&[func_type(0, 0)], &locals, &[]), ErrorKind::Limit, "a frame of more");

    let most = [0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f];
    let locals = [&[1], &most[..]].concat();
    refuse(&one_function(&[func_type(0, 0)], &locals, &[]), ErrorKind::Limit, "a frame of more");
    let locals = [&[2], &most[..], &[1, 0x7f]].concat();
    refuse(
        &one_function(&[func_type(0, 0)], &locals, &[]),
        ErrorKind::Malformed,
        "too many locals",
    );
}

#[test]
fn many_functions_with_as_many_locals_as_fit() {
    let functions = 100_000;
    let one = body(&[1, 0xff, 0xff, 0x03, 0x7e], &[0x20, 0xfe, 0xff, 0x03, 0x1a]);
    let bytes = module(&[
        section(1, 1, &func_type(0, 0)),
        section(3, functions, &vec![0; functions]),
        section(10, functions, &one.repeat(functions)),
    ]);
    refuse(&bytes, ErrorKind::Limit, "a frame of more");
    let one = body(&[1, 0xf0, 0xff, 0x03, 0x7e], &[0x20, 0xef, 0xff, 0x03, 0x1a]);
    let bytes = module(&[
        section(1, 1, &func_type(0, 0)),
        section(3, functions, &vec![0; functions]),
        section(10, functions, &one.repeat(functions)),
    ]);
    decode(&bytes).unwrap();
}

#[test]
fn frames_are_bounded_exactly() {
    let slots = |count: usize| {
        let mut code = [0x41, 1].repeat(count);
        code.extend(std::iter::repeat_n(0x1a, count));
        one_function(&[func_type(0, 0)], &[0], &code)
    };
    accept(&slots((1 << 16) - 1), 1);
    refuse(&slots(1 << 16), ErrorKind::Limit, "a frame of more");
}

#[test]
fn counts_that_promise_more_than_there_is() {
    let most = u32::MAX as usize;
    for id in [1, 2, 3, 4, 5, 6, 7, 9, 10, 11] {
        let bytes = module(&[section(id, most, &[])]);
        assert_eq!(decode(&bytes).unwrap_err().kind, ErrorKind::Malformed, "section {id}");
    }
    // A name, parameters, locals, labels, bytes of data, elements.
    let long = [0xff, 0xff, 0xff, 0xff, 0x0f];
    let malformed = |bytes: &[u8]| {
        assert_eq!(decode(bytes).unwrap_err().kind, ErrorKind::Malformed);
    };
    malformed(&module(&[section(7, 1, &long)]));
    malformed(&module(&[section(1, 1, &[&[0x60], &long[..]].concat())]));
    malformed(&one_function(&[func_type(0, 0)], &long, &[]));
    // Labels 0, 0, and then the end of the function.
    let labels = [&[0x41, 0, 0x0e], &long[..], &[0, 0]].concat();
    let bytes = one_function(&[func_type(0, 0)], &[0], &labels);
    refuse(&bytes, ErrorKind::Invalid, "unknown label 11");
    malformed(&module(&[section(11, 1, &[&[1], &long[..]].concat())]));
    malformed(&module(&[section(9, 1, &[&[1, 0], &long[..]].concat())]));
    malformed(&module(&[vec![0, 0xff, 0xff, 0xff, 0xff, 0x0f]]));
}

#[test]
fn types_with_too_many_parameters_or_results_are_a_limit() {
    decode(&module(&[section(1, 1, &func_type(1000, 1000))])).unwrap();
    for (params, results) in [(1001, 0), (0, 1001)] {
        let bytes = module(&[section(1, 1, &func_type(params, results))]);
        assert_eq!(decode(&bytes).unwrap_err().kind, ErrorKind::Limit);
    }
}

#[test]
fn a_hundred_thousand_exports_with_long_names_that_begin_alike() {
    let name = |i: usize| format!("{}{i:06}", "x".repeat(200)).into_bytes();
    let exports = |names: &mut dyn Iterator<Item = usize>| -> Vec<u8> {
        names.flat_map(|i| [leb(206), name(i), vec![3, 0]].concat()).collect()
    };
    let global = section(6, 1, &[0x7f, 0, 0x41, 0, END]);
    let count = 100_000;
    decode(&module(&[global.clone(), section(7, count, &exports(&mut (0..count)))])).unwrap();
    let twice = exports(&mut (0..count - 1).chain([5]));
    refuse(
        &module(&[global, section(7, count, &twice)]),
        ErrorKind::Invalid,
        "duplicate export name",
    );
}

#[test]
fn unreachable_code_that_takes_operands_out_of_nothing() {
    // unreachable, then calls that take 1000 operands, and branch tables.
    let mut code = vec![0x00];
    code.extend([0x10, 0].repeat(50_000));
    code.extend([0x0e, 1, 0, 0].repeat(1_000));
    accept(&one_function(&[func_type(1000, 0)], &[0], &code), 1);
    let mut code = vec![0x02, 0, 0x00];
    code.extend([0x0d, 0, 0x1a].repeat(20_000));
    code.extend([0x00, END]);
    accept(&one_function(&[func_type(0, 1000)], &[0], &code), 1);
}

#[test]
fn unreachable_code_that_makes_large_structures_out_of_nothing() {
    let fields = 10_000;
    let structure = [&[0x5f][..], &leb(fields), &[0x7f, 0].repeat(fields as usize)].concat();
    let types = [func_type(0, 0), structure];
    let code = [&[0x00][..], &[0xfb, 0x00, 0x01, 0x1a].repeat(300_000)].concat();
    accept(&one_function(&types, &[0], &code), 1);
    let code = [&[0x00][..], &[0xfb, 0x01, 0x01, 0x1a].repeat(300_000)].concat();
    accept(&one_function(&types, &[0], &code), 1);
}

#[test]
fn a_long_constant_expression() {
    let mut init = vec![0x7f, 0, 0x41, 1];
    init.extend([0x41, 3, 0x6a].repeat(300_000));
    init.push(END);
    decode(&module(&[section(6, 1, &init)])).unwrap();
    let mut init = vec![0x7f, 0];
    init.extend([0x41, 3].repeat(100_000));
    init.push(END);
    refuse(&module(&[section(6, 1, &init)]), ErrorKind::Limit, "a frame of more");
}

#[test]
fn every_prefix_of_a_module_is_refused_or_complete() {
    let text = r#"(module
        (type (func (param i32 i64) (result i32)))
        (import "m" "g" (global i32))
        (table 3 funcref) (memory 1 2)
        (global i32 (i32.add (global.get 0) (i32.const 1)))
        (export "f" (func 0))
        (elem (i32.const 1) func 0)
        (func (type 0) (local f32 f64)
            (block (result i32)
                (br_table 0 0 (i32.const 1) (local.get 0))))
        (data (i32.const 0) "abc"))"#;
    let bytes = wat::parse_str(text).unwrap();
    let whole = (0..=bytes.len()).filter(|&end| decode(&bytes[..end]).is_ok()).count();
    // The header alone, what ends with a section before the functions, and the whole.
    assert!(decode(&bytes).is_ok() && (3..10).contains(&whole), "{whole}");
}
