//! What is left when a case has ended, as steps of it: a script can only assert what
//! a step returns.

use std::collections::BTreeMap;
use std::sync::Arc;

use gainsay_case::{Case, Step};
use wasmparser::{ExternalKind, MemoryType, Parser, Payload, Validator, WasmFeatures};

/// The case followed by steps that read every exported global, and a digest of every
/// exported memory.
pub(super) fn observed(mut case: Case) -> Case {
    let modules: BTreeMap<String, Arc<[u8]>> =
        case.modules().map(|(name, bytes)| (name.to_owned(), bytes.clone())).collect();
    let instances: Vec<(String, String)> = case
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Instantiate { module, instance } => Some((module.clone(), instance.clone())),
            _ => None,
        })
        .collect();
    for (module, instance) in instances {
        let Some(exports) = modules.get(&module).and_then(|bytes| Exports::read(bytes)) else {
            continue;
        };
        for field in exports.globals {
            case.steps.push(Step::Get { instance: instance.clone(), field });
        }
        if exports.memories.is_empty() {
            continue;
        }
        let name = format!("final {instance}");
        case.steps.push(Step::Register { instance: instance.clone(), name: name.clone() });
        for (number, (field, memory)) in exports.memories.iter().enumerate() {
            let reader = format!("{instance}-memory-{number}");
            case.steps.extend(digest(&name, field, memory, &reader).into_iter().flatten());
        }
    }
    case
}

/// What an instance lets others see.
#[derive(Default)]
struct Exports {
    globals: Vec<String>,
    memories: Vec<(String, MemoryType)>,
}

impl Exports {
    fn read(bytes: &[u8]) -> Option<Exports> {
        let types = Validator::new_with_features(WasmFeatures::all()).validate_all(bytes).ok()?;
        let mut found = Exports::default();
        for payload in Parser::new(0).parse_all(bytes) {
            let Ok(Payload::ExportSection(exports)) = payload else { continue };
            for export in exports {
                let export = export.ok()?;
                let name = export.name.to_owned();
                match export.kind {
                    ExternalKind::Global => found.globals.push(name),
                    ExternalKind::Memory => {
                        let ty = types.as_ref().memory_at(export.index);
                        found.memories.push((name, ty));
                    }
                    _ => {}
                }
            }
        }
        Some(found)
    }
}

/// Steps that digest a memory: its size, and up to 128 KiB of it in words of 8 bytes.
/// `None` if its pages are not of 64 KiB, or its name cannot stand in a text.
fn digest(module: &str, field: &str, memory: &MemoryType, reader: &str) -> Option<[Step; 3]> {
    if memory.page_size_log2.is_some() || !field.chars().all(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let (index, widen) = match memory.memory64 {
        true => ("i64", ""),
        false => ("i32", "i64.extend_i32_u"),
    };
    let limits = match (memory.shared, memory.maximum) {
        (true, Some(maximum)) => format!("{} 0 {maximum} shared", memory_index(memory)),
        _ => format!("{} 0", memory_index(memory)),
    };
    let text = format!(
        r#"(module
  (import "{module}" "{field}" (memory {limits}))
  (func (export "digest") (result i64)
    (local $at {index}) (local $end {index}) (local $digest i64)
    memory.size {widen} local.set $digest
    memory.size {index}.const 16 {index}.shl local.tee $end
    {index}.const 131072 {index}.gt_u
    if {index}.const 131072 local.set $end end
    block loop
      local.get $at local.get $end {index}.ge_u br_if 1
      local.get $at i64.load
      local.get $digest i64.xor i64.const 0x100000001b3 i64.mul
      i64.const 23 i64.rotl local.set $digest
      local.get $at {index}.const 8 {index}.add local.set $at
      br 0
    end end
    local.get $digest))"#
    );
    let bytes: Arc<[u8]> = wat::parse_str(text).ok()?.into();
    Some([
        Step::Define { module: reader.to_owned(), bytes },
        Step::Instantiate { module: reader.to_owned(), instance: reader.to_owned() },
        Step::Invoke { instance: reader.to_owned(), field: "digest".to_owned(), args: Vec::new() },
    ])
}

/// How the text format says what numbers the addresses are.
fn memory_index(memory: &MemoryType) -> &'static str {
    if memory.memory64 { "i64" } else { "" }
}
