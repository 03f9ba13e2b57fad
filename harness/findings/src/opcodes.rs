//! Which instructions are left in a minimised case.

use std::collections::BTreeSet;

use gainsay_case::Case;
use gainsay_reduce::for_each_instruction;
use wasmparser::Operator;

/// More instructions than this are no class: the case was not made small.
const CLASS_MAX: usize = 6;

/// The instructions left in a minimised case, as classes that say what they do and
/// not how wide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opcodes {
    /// The classes as a signature has them; `many` if there are too many to tell.
    pub class: String,
    /// All of them, unless nothing but movement of values is left.
    pub set: BTreeSet<String>,
}

/// The instructions left in a minimised case as far as they say something: those
/// that only transfer control count if there is nothing else, and those that only
/// move values if there is neither.
pub fn opcodes(case: &Case) -> Opcodes {
    let mut ranks: [BTreeSet<String>; RANKS] = Default::default();
    for_each_instruction(case, |operator| {
        let name = name(operator);
        if let Some(classes) = ranks.get_mut(rank(&name)) {
            classes.insert(class(&name));
        }
    });
    let Some(rank) = ranks.iter().position(|classes| !classes.is_empty()) else {
        return Opcodes::default();
    };
    let set = std::mem::take(&mut ranks[rank]);
    let class = match set.len() {
        0..=CLASS_MAX => set.iter().map(String::as_str).collect::<Vec<_>>().join(" "),
        _ => "many".to_owned(),
    };
    Opcodes { class, set: if rank == MOVES { BTreeSet::new() } else { set } }
}

/// How many ranks there are, and the one of instructions that only move values.
const RANKS: usize = 3;
const MOVES: usize = 2;

/// 0 for instructions that do something of their own.
fn rank(name: &str) -> usize {
    const CONTROL: [&str; 9] =
        ["block", "loop", "if", "br", "br_if", "br_table", "call", "return", "unreachable"];
    match name {
        "end" | "else" | "nop" | "drop" => RANKS,
        "ref.null" | "ref.func" => MOVES,
        _ if name.starts_with("local.") || name.starts_with("global.") => MOVES,
        _ if name.ends_with(".const") => MOVES,
        _ if CONTROL.contains(&name) => 1,
        _ => 0,
    }
}

/// What an instruction does, whatever the width of its operands: one defect in an
/// engine rarely stops at one width. `i32.store8` is `store`, `i64.div_s` is
/// `int.div_s`, `f32.convert_i64_u` is `float.convert_u`.
fn class(name: &str) -> String {
    match name {
        "typed_select" | "typed_select_multi" => return "select".to_owned(),
        // Engines compare with zero, and fuse that with what uses it, in one way.
        "i32.eqz" | "i64.eqz" | "ref.is_null" => return "test".to_owned(),
        _ => {}
    }
    let Some((ty, operation)) = name.split_once('.') else { return name.to_owned() };
    let family = match ty {
        "i32" | "i64" => "int",
        "f32" | "f64" => "float",
        _ if is_vector(ty) => "vector",
        _ => return name.to_owned(),
    };
    let words = operation.split('_').filter(|word| !["i32", "i64", "f32", "f64"].contains(word));
    let words: Vec<&str> =
        words.map(|word| word.trim_end_matches(|digit: char| digit.is_ascii_digit())).collect();
    match words[..] {
        ["load" | "store", ..] => words[0].to_owned(),
        ["atomic", access, ..] => format!("atomic.{access}"),
        _ => format!("{family}.{}", words.join("_")),
    }
}

/// Whether a word is the type of a vector or of its lanes: `v128`, `i32x4`.
fn is_vector(word: &str) -> bool {
    let is_lanes = |word: &str| {
        let (lane, count) = word.split_once('x').unwrap_or_default();
        let is_number = |text: &str| text.chars().all(|digit| digit.is_ascii_digit());
        lane.strip_prefix(['i', 'f']).is_some_and(|width| is_number(width) && is_number(count))
    };
    word == "v128" || is_lanes(word)
}

/// The name of an instruction as the text format has it: wasmparser calls
/// `i32.div_s` `I32DivS`.
fn name(operator: &Operator<'_>) -> String {
    const DOTTED: [&str; 11] =
        ["i32", "i64", "f32", "f64", "memory", "table", "local", "global", "ref", "elem", "data"];
    let debug = format!("{operator:?}");
    let variant = debug.split([' ', '(', '{']).next().unwrap_or_default();
    let mut words: Vec<String> = Vec::new();
    for char in variant.chars() {
        match words.last_mut() {
            Some(word) if !char.is_ascii_uppercase() => word.push(char),
            _ => words.push(char.to_ascii_lowercase().to_string()),
        }
    }
    let name = words.join("_");
    let is_dotted = words.len() > 1 && (DOTTED.contains(&&*words[0]) || is_vector(&words[0]));
    if is_dotted { name.replacen('_', ".", 1) } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_have_the_names_of_the_text_format() {
        assert_eq!(name(&Operator::I32DivS), "i32.div_s");
        assert_eq!(name(&Operator::I64Extend32S), "i64.extend32_s");
        assert_eq!(name(&Operator::LocalGet { local_index: 0 }), "local.get");
        assert_eq!(name(&Operator::BrIf { relative_depth: 0 }), "br_if");
        assert_eq!(name(&Operator::MemoryCopy { dst_mem: 0, src_mem: 0 }), "memory.copy");
    }

    #[test]
    fn control_is_named_only_when_there_is_nothing_else() {
        assert_eq!(rank("i32.div_s"), 0);
        assert_eq!(rank("select"), 0);
        assert_eq!(rank("call_indirect"), 0);
        assert_eq!(rank("br_if"), 1);
        assert_eq!(rank("f64.const"), MOVES);
        assert_eq!(rank("ref.func"), MOVES);
    }

    #[test]
    fn classes_say_what_is_done_and_not_how_wide() {
        let classes = [
            (Operator::I64DivS, "int.div_s"),
            (Operator::I32TruncF64U, "int.trunc_u"),
            (Operator::F64Trunc, "float.trunc"),
            (Operator::F32ConvertI64U, "float.convert_u"),
            (Operator::I64Extend8S, "int.extend_s"),
            (Operator::I32x4Add, "vector.add"),
            (Operator::RefIsNull, "test"),
            (Operator::I64Eqz, "test"),
            (Operator::Select, "select"),
            (Operator::TypedSelect { ty: wasmparser::ValType::I32 }, "select"),
        ];
        for (operator, expected) in classes {
            assert_eq!(class(&name(&operator)), expected);
        }
        let classes = ["i32.store8", "i64.load32_u", "v128.load", "i32.atomic_rmw8_add_u"];
        assert_eq!(classes.map(class), ["store", "load", "load", "atomic.rmw"]);
    }

    #[test]
    fn a_case_that_only_moves_values_has_a_class_and_no_set() {
        let bytes =
            wat::parse_str("(module (func (result i32) (i32.const 1)))").expect("it is text");
        let define = gainsay_case::Step::Define { module: "m".to_owned(), bytes: bytes.into() };
        let opcodes = opcodes(&Case { steps: vec![define] });
        assert_eq!((opcodes.class.as_str(), opcodes.set.len()), ("int.const", 0));
    }
}
