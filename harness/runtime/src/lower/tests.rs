//! What functions become: WAT in, listing out.

use crate::{Config, Module};

fn lower(config: &Config, text: &str) -> Module {
    let bytes = wat::parse_str(text).unwrap();
    Module::new(config, &bytes).unwrap()
}

/// The listing of the first function of a module with these fields.
#[track_caller]
fn check(fields: &str, expected: &str) {
    check_with(&Config::default(), fields, expected);
}

#[track_caller]
fn check_with(config: &Config, fields: &str, expected: &str) {
    let module = lower(config, &format!("(module {fields})"));
    let listing = module.listing(0).unwrap();
    let lines = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    };
    let (found, wanted) = (lines(&listing), lines(expected));
    assert!(found == wanted, "found:\n{}\nwanted:\n{}", found.join("\n"), wanted.join("\n"));
}

#[test]
fn operands_are_read_from_locals_and_constants_without_copies() {
    check(
        "(func (param i32 i32) (result i32) (i32.add (i32.mul (local.get 0) (local.get 1)) (i32.const 5)))",
        "
         params 2 locals 2 frame 4 results 1
         0: r2 = I32Mul r0 r1
         1: r2 = I32AddImm r2 5
         2: Return1 r2",
    );
}

#[test]
fn constants_move_to_the_right_of_commutative_operators_and_comparisons() {
    check(
        "(func (param i32 i64) (result i32)
        (i32.add (i32.const 7) (local.get 0))
        (i64.lt_s (i64.const 9) (local.get 1))
        i32.xor)",
        "
         params 2 locals 2 frame 5 results 1
         0: r2 = I32AddImm r0 7
         1: r3 = I64GtSImm r1 9
         2: r2 = I32Xor r2 r3
         3: Return1 r2",
    );
}

#[test]
fn a_constant_left_of_a_subtraction_and_float_constants_go_to_slots() {
    check(
        "(func (param i32 f64) (result f64)
        (drop (i32.sub (i32.const 7) (local.get 0)))
        (f64.add (local.get 1) (f64.const 1)))",
        "
         params 2 locals 2 frame 4 results 1
         0: r2 = Const 7
         1: r2 = I32Sub r2 r0
         2: r3 = Const 0x3ff0000000000000
         3: r2 = F64Add r1 r3
         4: Return1 r2",
    );
}

#[test]
fn a_result_goes_straight_into_the_local_that_is_set() {
    check(
        "(func (param i32) (local i32)
        (local.set 1 (i32.add (local.get 0) (i32.const 1)))
        (drop (i32.eqz (local.tee 0 (i32.clz (local.get 1))))))",
        "
         params 1 locals 2 frame 4 results 0
         0: r1 = I32AddImm r0 1
         1: r0 = I32Clz r1
         2: r2 = I32Eqz r0
         3: Return",
    );
}

#[test]
fn an_operand_in_a_local_is_saved_before_the_local_is_set() {
    check(
        "(func (param i32) (result i32)
        local.get 0
        (local.set 0 (i32.const 1))
        local.get 0
        i32.sub)",
        "
         params 1 locals 1 frame 3 results 1
         0: r1 = Copy r0
         1: r0 = Const 1
         2: r1 = I32Sub r1 r0
         3: Return1 r1",
    );
}

#[test]
fn an_operand_in_a_local_is_saved_before_a_loop_that_sets_the_local() {
    check(
        "(func (param i32) (result i32)
        local.get 0
        (loop
            (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
            (br_if 0 (local.get 0))))",
        "
         params 1 locals 1 frame 4 results 1
         0: r1 = Copy r0
         1: r0 = I32AddBrIfImm r0 -1 -> 1
         2: BrIf r0 -> 1
         3: Return1 r1",
    );
}

#[test]
fn saving_all_operands_in_locals_keeps_their_values_apart() {
    check(
        "(func (param i32 i32) (result i32)
        local.get 0
        local.get 1
        local.get 0
        (local.set 1 (local.get 0))
        i32.add
        i32.sub)",
        "
         params 2 locals 2 frame 6 results 1
         0: r2 = Copy r0
         1: r3 = Copy r1
         2: r4 = Copy r0
         3: r1 = Copy r0
         4: r3 = I32Add r3 r4
         5: r2 = I32Sub r2 r3
         6: Return1 r2",
    );
}

#[test]
fn comparisons_fuse_with_the_branches_that_use_them() {
    check("(func (param i32 i64)
        (block
            (br_if 0 (i32.lt_u (local.get 0) (i32.const -3)))
            (br_if 0 (i32.eqz (i32.ge_s (local.get 0) (i32.const 4))))
            (br_if 0 (i64.eqz (local.get 1)))
            (br_if 0 (i64.ne (local.get 1) (i64.const 0x100000000)))
            (br_if 0 (i32.eqz (local.get 0)))
            (if (i64.gt_u (local.get 1) (i64.const -1)) (then (call 0 (local.get 0) (local.get 1))))))", "
         params 2 locals 2 frame 4 results 0
         0: BrIfI32LtUImm r0 -3 -> 10
         1: BrIfI32LtSImm r0 4 -> 10
         2: BrIfI64EqImm r1 0 -> 10
         3: r2 = I64NeImm r1 0x100000000
         4: BrIf r2 -> 10
         5: BrIfNot r0 -> 10
         6: BrIfI64LeUImm r1 -1 -> 10
         7: r2 = Copy r0
         8: r3 = Copy r1
         9: Call r2 0
         10: Return");
}

#[test]
fn a_comparison_behind_a_label_is_not_taken_back() {
    check(
        "(func (param i32) (result i32)
        (block (result i32)
            (drop (br_if 0 (i32.const 7) (local.get 0)))
            (i32.eq (local.get 0) (i32.const 1)))
        (if (then (unreachable)))
        (i32.const 0))",
        "
         params 1 locals 1 frame 3 results 1
         0: BrIfNot r0 -> 3
         1: r1 = Const 7
         2: Br -> 4
         3: r1 = I32EqImm r0 1
         4: BrIfNot r1 -> 6
         5: Unreachable
         6: r1 = Const 0
         7: Return1 r1",
    );
}

#[test]
fn float_comparisons_are_not_negated() {
    check(
        "(func (param f32)
        (block (br_if 0 (i32.eqz (f32.lt (local.get 0) (local.get 0))))))",
        "
         params 1 locals 1 frame 3 results 0
         0: r1 = F32Lt r0 r0
         1: BrIfNot r1 -> 2
         2: Return",
    );
}

#[test]
fn both_arms_leave_their_results_in_the_same_slots() {
    check(
        "(func (param i32) (result i32 i64)
        (if (result i32 i64) (local.get 0)
            (then (local.get 0) (i64.const 3))
            (else (i32.const 1) (i64.extend_i32_u (local.get 0)))))",
        "
         params 1 locals 1 frame 3 results 2
         0: BrIfNot r0 -> 4
         1: r2 = Const 3
         2: r1 = Copy r0
         3: Br -> 6
         4: r1 = Const 1
         5: r2 = Copy r0
         6: ReturnMany r1 2",
    );
}

#[test]
fn block_parameters_are_in_canonical_slots() {
    check(
        "(func (param i32) (result i32)
        (local.get 0)
        (i32.const 5)
        (loop (param i32 i32) (result i32)
            i32.add
            (br_if 0 (i32.const 2) (local.get 0))
            drop))",
        "
         params 1 locals 1 frame 4 results 1
         0: r2 = Const 5
         1: r1 = Copy r0
         2: r1 = I32Add r1 r2
         3: r2 = Const 2
         4: BrIf r0 -> 2
         5: Return1 r1",
    );
}

#[test]
fn a_branch_that_must_move_its_operand_goes_around() {
    check(
        "(func (param i32) (result i32)
        (block (result i32)
            (i32.const 1)
            (i32.const 2)
            (br_if 0 (local.get 0))
            drop))",
        "
         params 1 locals 1 frame 4 results 1
         0: BrIfNot r0 -> 3
         1: r1 = Const 2
         2: Br -> 4
         3: r1 = Const 1
         4: Return1 r1",
    );
}

#[test]
fn several_operands_move_at_once_and_stay_canonical() {
    check(
        "(func (param i32) (result i32 i32)
        (block (result i32 i32)
            (i32.const 0)
            (local.get 0)
            (local.get 0)
            (br_if 0 (local.get 0))
            (br_if 0 (local.get 0))
            (br_if 1 (local.get 0))
            br 0))",
        "
         params 1 locals 1 frame 5 results 2
         0: r2 = Copy r0
         1: r3 = Copy r0
         2: BrIfNot r0 -> 5
         3: r1 = CopyMany r2 2
         4: Br -> 12
         5: BrIfNot r0 -> 8
         6: r1 = CopyMany r2 2
         7: Br -> 12
         8: BrIfNot r0 -> 10
         9: ReturnMany r2 2
         10: r1 = CopyMany r2 2
         11: Br -> 12
         12: ReturnMany r1 2",
    );
}

#[test]
fn branch_tables_have_one_stub_for_each_label_that_needs_moves() {
    check(
        "(func (param i32) (result i32)
        (block (result i32)
            (i32.const 9)
            (block (result i32)
                (i32.const 1)
                (br_table 0 1 1 2 0 1 (local.get 0)))
            i32.add))",
        "
         params 1 locals 1 frame 4 results 1
         0: r2 = Const 1
         1: BrTable r0 -> 5 2 2 4 5 2
         2: r1 = Copy r2
         3: Br -> 6
         4: Return1 r2
         5: r1 = I32AddImm r2 9
         6: Return1 r1",
    );
}

#[test]
fn calls_find_their_arguments_in_consecutive_slots() {
    check(
        "(func (param i32 i64) (result i64)
            (i32.const 4)
            (call 1 (local.get 0) (i64.add (local.get 1) (i64.const 1)) (i32.const 2))
            drop
            drop
            (local.get 1))
        (func (param i32 i64 i32) (result i32) unreachable)",
        "
         params 2 locals 2 frame 6 results 1
         0: r4 = I64AddImm r1 1
         1: r3 = Copy r0
         2: r5 = Const 2
         3: Call r3 1
         4: Return1 r1",
    );
}

#[test]
fn imports_are_called_by_function_index_and_definitions_by_body() {
    check("(import \"m\" \"f\" (func)) (table 1 funcref)
        (func call 0 call 1 (call_indirect (i32.const 0)) (return_call_indirect (param i32) (i32.const 1) (i32.const 2)))", "
         params 0 locals 0 frame 2 results 0
         0: CallImport r0 0
         1: Call r0 0
         2: r0 = Const 0
         3: CallIndirect r0 r0 0 0
         4: r1 = Const 2
         5: r0 = Const 1
         6: ReturnCallIndirect r1 r0 r1 1 0");
}

#[test]
fn tail_calls_say_how_many_slots_they_take_along() {
    check(
        "(func (param i32 i32) (return_call 0 (local.get 1) (local.get 0)))",
        "
         params 2 locals 2 frame 4 results 0
         0: r2 = Copy r1
         1: r3 = Copy r0
         2: ReturnCall r2 r2 0",
    );
}

#[test]
fn float_accesses_and_reinterpretations_are_those_of_integers() {
    check(
        "(memory 1) (memory i64 1)
        (func (param i32 f32) (result f64)
            (f32.store offset=8 (local.get 0) (local.get 1))
            (i32.store (local.get 0) (i32.reinterpret_f32 (local.get 1)))
            (f64.load 1 offset=0x100000000 (i64.extend_i32_u (local.get 0))))",
        "
         params 2 locals 2 frame 4 results 1
         0: I32Store r0 r1 8
         1: I32Store r0 r1 0
         2: r2 = I64LoadAt r0 r1 0x100000000
         3: Return1 r2",
    );
}

#[test]
fn select_takes_its_condition_from_eqz_with_the_operands_swapped() {
    check(
        "(func (param i32 i64) (result i64)
        (select (local.get 1) (i64.const 3) (i32.eqz (local.get 0))))",
        "
         params 2 locals 2 frame 5 results 1
         0: r3 = Const 3
         1: r2 = Select r3 r1 0
         2: Return1 r2",
    );
}

#[test]
fn unreachable_code_emits_nothing() {
    check(
        "(func (param i32) (result i32)
        (block (result i32)
            (br 0 (i32.const 1))
            (loop (br_if 0 (i32.const 8)) (call 0 (i32.const 9)) drop)
            i32.add
            (if (result i32) (i32.const 2) (then (i32.const 1)) (else (i32.const 4)))
            drop))",
        "
         params 1 locals 1 frame 3 results 1
         0: r1 = Const 1
         1: Br -> 2
         2: Return1 r1",
    );
}

#[test]
fn fuel_counts_the_instructions_of_each_block() {
    let config = Config { fuel: true, ..Config::default() };
    check_with(
        &config,
        "(func (param i32) (result i32)
        (loop
            (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
            (br_if 0 (local.get 0))
            nop)
        (if (result i32) (local.get 0) (then (i32.const 1)) (else (i32.const 2) (i32.popcnt))))",
        "
         params 1 locals 1 frame 3 results 1
         0: Fuel 1
         1: Fuel 6
         2: r0 = I32AddBrIfImm r0 -1 -> 1
         3: BrIf r0 -> 1
         4: Fuel 3
         5: BrIfNot r0 -> 9
         6: Fuel 1
         7: r1 = Const 1
         8: Br -> 12
         9: Fuel 2
         10: r1 = Const 2
         11: r1 = I32Popcnt r1
         12: Return1 r1",
    );
}

#[test]
fn constant_expressions_are_folded_or_become_bodies() {
    let module = lower(
        &Config::default(),
        "(module
            (import \"m\" \"g\" (global i32))
            (func)
            (global i32 (i32.add (i32.const 3) (i32.mul (i32.const 5) (i32.const -1))))
            (global i32 (i32.add (global.get 0) (i32.const 2)))
            (global i32 (global.get 0))
            (global funcref (ref.func 0))
            (global externref (ref.null extern)))",
    );
    let found = format!("{:?}", module.data().global_inits);
    assert_eq!(found, "[Value(4294967294, 0), Body(1), GlobalGet(0), RefFunc(0), Value(0, 0)]");
    assert_eq!(
        module.listing(1).unwrap(),
        "params 0 locals 0 frame 2 results 1\n0: r0 = GlobalGet 0\n1: r0 = I32AddImm r0 2\n2: Return1 r0\n"
    );
    assert_eq!(module.listing(2), None);
}

#[test]
fn a_try_table_emits_no_instruction() {
    check(
        "(tag (param i32 i64)) (tag)
        (func (param i32) (result i32)
        (block $none
            (block $ref (result i32 i64 exnref)
                (try_table (catch 1 $none) (catch_all $none)
                    (drop (call 0 (local.get 0)))
                    (try_table (catch_ref 0 $ref) (throw 0 (local.get 0) (i64.const 7))))
                (unreachable))
            (throw_ref))
        (i32.const 3))",
        "
         params 1 locals 1 frame 4 results 1
         0: r1 = Copy r0
         1: Call r1 0
         2: r1 = Copy r0
         3: r2 = Const 7
         4: Throw r1 0
         5: ThrowRef r3
         6: r1 = Const 3
         7: Return1 r1
         try 0..2: catch 1 r1 -> 6 catch_all r1 -> 6
         try 2..5: catch_ref 0 r1 -> 5",
    );
}

#[test]
fn values_caught_by_the_label_of_the_function_are_returned_at_its_end() {
    check(
        "(tag (param i32 i32))
        (func (param i32 i32) (result i32 i32)
        (try_table (catch 0 0) (call 0 (local.get 0) (local.get 0)) drop drop)
        local.get 0 local.get 1)",
        "
         params 2 locals 2 frame 4 results 2
         0: r2 = Copy r0
         1: r3 = Copy r0
         2: Call r2 0
         3: r2 = Copy r0
         4: r3 = Copy r1
         5: ReturnMany r2 2
         6: ReturnMany r2 2
         try 0..3: catch 0 r2 -> 6",
    );
}

#[test]
fn an_unreachable_try_table_catches_nothing() {
    check(
        "(tag)
        (func
        unreachable
        (block (try_table (catch_all 0) (throw 0))))",
        "
         params 0 locals 0 frame 0 results 0
         0: Unreachable",
    );
}

#[test]
fn fields_are_read_at_offsets_known_beforehand() {
    check(
        "(type $s (struct (field i8) (field (mut i64)) (field i16)))
        (func (param (ref $s) i64) (result i32)
        (struct.set $s 1 (local.get 0) (local.get 1))
        (i32.add (struct.get_s $s 0 (local.get 0)) (struct.get_u $s 2 (local.get 0))))",
        "
         params 2 locals 2 frame 4 results 1
         0: StructSet64 r0 r1 1
         1: r2 = StructGet8S r0 0
         2: r3 = StructGet16U r0 9
         3: r2 = I32Add r2 r3
         4: Return1 r2",
    );
}

#[test]
fn objects_are_made_of_consecutive_slots() {
    check(
        "(type $s (struct (field i32) (field i31ref)))
        (type $a (array (mut i32)))
        (func (param i32 (ref $a))
        (drop (struct.new $s (local.get 0) (ref.i31 (i32.const 5))))
        (drop (array.new_fixed $a 2 (i32.const 1) (local.get 0)))
        (drop (array.new $a (local.get 0) (i32.const 9)))
        (array.copy $a $a (local.get 1) (i32.const 1) (local.get 1) (i32.const 2) (i32.const 3)))",
        "
         params 2 locals 2 frame 7 results 0
         0: r2 = Copy r0
         1: r3 = Const 0x2000000000000005
         2: r2 = StructNew r2 0
         3: r2 = Const 1
         4: r3 = Copy r0
         5: r2 = ArrayNewFixed r2 1 2
         6: r3 = Const 9
         7: r2 = ArrayNew r0 r3 1
         8: r3 = Const 1
         9: r5 = Const 2
         10: r6 = Const 3
         11: ArrayCopy r1 r3 r1 r5 r6
         12: Return",
    );
}

#[test]
fn casts_branch_and_conversions_are_nothing() {
    check(
        "(type $s (struct))
        (func (param anyref) (result externref)
        (block $any (result anyref)
            (br_on_cast $any anyref (ref $s) (local.get 0))
            (br_on_cast_fail $any anyref (ref i31)))
        (extern.convert_any))",
        "
         params 1 locals 1 frame 2 results 1
         0: BrIfNotCast r0 0x80000000 -> 3
         1: r1 = Copy r0
         2: Br -> 7
         3: BrIfCast r0 0x10 -> 6
         4: r1 = Copy r0
         5: Br -> 7
         6: r1 = Copy r0
         7: Return1 r1",
    );
}
