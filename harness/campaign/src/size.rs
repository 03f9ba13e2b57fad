//! How big a case is, and which instructions are left in it.

use std::collections::BTreeSet;

use gainsay_case::Case;
use wasmparser::Operator;

use crate::finding::CaseSize;
use crate::reduce::parts::Parts;

/// More instructions than this are no class: the case was not made small.
const CLASS_MAX: usize = 6;

/// The size of a case whose text form is `text`.
pub(crate) fn size(case: &Case, text: &str) -> CaseSize {
    let bytes = case.modules().map(|(_, bytes)| bytes.len() as u64).sum();
    let mut instructions = 0;
    for_each_operator(case, |_| instructions += 1);
    let is_code = |line: &&str| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with(";;")
    };
    let lines = text.lines().filter(is_code).count() as u64;
    CaseSize { bytes, instructions, steps: case.steps.len() as u64, lines }
}

/// The opcode class of a minimised case: the names of the instructions left in it,
/// as far as they say something. Those that only move values or control count if
/// there is nothing else.
pub(crate) fn opcode_class(case: &Case) -> String {
    let mut ranks: [BTreeSet<String>; 3] = Default::default();
    for_each_operator(case, |operator| {
        let name = name(operator);
        if let Some(names) = ranks.get_mut(rank(&name)) {
            names.insert(name);
        }
    });
    let names = ranks.into_iter().find(|names| !names.is_empty()).unwrap_or_default();
    if names.len() > CLASS_MAX {
        return "many".to_owned();
    }
    names.into_iter().collect::<Vec<_>>().join(" ")
}

/// 0 for instructions that do something of their own.
fn rank(name: &str) -> usize {
    const CONTROL: [&str; 10] = [
        "block",
        "loop",
        "if",
        "br",
        "br_if",
        "br_table",
        "call",
        "return",
        "select",
        "unreachable",
    ];
    match name {
        "end" | "else" | "nop" | "drop" => 3,
        _ if name.starts_with("local.") || name.starts_with("global.") => 2,
        _ if name.ends_with(".const") || name == "ref.null" => 2,
        _ if CONTROL.contains(&name) => 1,
        _ => 0,
    }
}

fn for_each_operator(case: &Case, mut visit: impl FnMut(&Operator<'_>)) {
    for (_, bytes) in case.modules() {
        let parts = Parts::parse(bytes).unwrap_or_default();
        parts.bodies.iter().flat_map(|body| &body.operators).for_each(&mut visit);
    }
}

/// The name of an instruction as the text format has it: wasmparser calls
/// `i32.div_s` `I32DivS`.
fn name(operator: &Operator<'_>) -> String {
    const DOTTED: [&str; 12] = [
        "i32", "i64", "f32", "f64", "v128", "i8x16", "memory", "table", "local", "global", "ref",
        "elem",
    ];
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
    let is_dotted = words.len() > 1 && (DOTTED.contains(&&*words[0]) || words[0] == "data");
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
        assert_eq!(rank("call_indirect"), 0);
        assert_eq!(rank("br_if"), 1);
        assert_eq!(rank("f64.const"), 2);
    }
}
