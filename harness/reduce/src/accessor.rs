//! Functions that read a memory or a table, so that a script can assert what is in
//! it: WAST can only ask for globals and call functions.

use gainsay_case::text::canonical;
use gainsay_case::{Case, Step, Value};
use wasmparser::{
    Export, ExternalKind, FuncType, MemArg, MemArgTarget, Operator, TypeRef, ValType,
};

use crate::parts::{Body, Parts, Space};

/// What is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// The number of pages or elements.
    Size,
    /// One element, or the eight bytes at a multiple of eight.
    Word,
}

/// A case whose module has an accessor.
pub struct Accessor {
    /// The case.
    pub case: Case,
    /// The instance, and the name under which it exports the accessor.
    instance: String,
    pub(crate) field: &'static str,
    /// Whether it takes a 64-bit address.
    is_64: bool,
    /// Bytes or elements from one word to the next.
    stride: u64,
}

/// The table or memory that an instance exports.
struct Exported {
    kind: ExternalKind,
    index: u32,
    is_64: bool,
    /// What a word of it is.
    word: ValType,
}

impl Accessor {
    /// The case with an accessor for what `instance` exports as `export`; `None` if
    /// that is no memory or table of a module that the case defines.
    pub fn new(case: &Case, instance: &str, export: &str, reads: Reads) -> Option<Accessor> {
        let define = definition(case, instance)?;
        let Step::Define { module, bytes } = &case.steps[define] else { return None };
        let mut parts = Parts::parse(bytes)?;
        let exported = exported(&parts, export)?;
        let field = add(&mut parts, &exported, reads)?;
        parts.sort_exports();
        let binary = parts.encode()?;
        let bytes = canonical(&binary).unwrap_or_else(|| binary.into());
        let mut case = case.clone();
        case.steps[define] = Step::Define { module: module.clone(), bytes };
        let stride = if exported.kind == ExternalKind::Memory { 8 } else { 1 };
        Some(Accessor { case, instance: instance.to_owned(), field, is_64: exported.is_64, stride })
    }

    /// The step that reads the size.
    pub fn size(&self) -> Step {
        self.step(Vec::new())
    }

    /// The step that reads a word.
    pub fn word(&self, number: u64) -> Step {
        let address = number * self.stride;
        self.step(vec![match self.is_64 {
            true => Value::I64(address as i64),
            false => Value::I32(address as i32),
        }])
    }

    fn step(&self, args: Vec<Value>) -> Step {
        Step::Invoke { instance: self.instance.clone(), field: self.field.to_owned(), args }
    }
}

/// The step that defines the module of the last instance of this name.
fn definition(case: &Case, instance: &str) -> Option<usize> {
    let made = case.steps.iter().enumerate().rev().find_map(|(index, step)| match step {
        Step::Instantiate { module, instance: name } if name == instance => Some((index, module)),
        _ => None,
    });
    let (until, module) = made?;
    let is_it = |step: &Step| matches!(step, Step::Define { module: name, .. } if name == module);
    case.steps[..until].iter().rposition(is_it)
}

fn exported(parts: &Parts<'_>, name: &str) -> Option<Exported> {
    let export = parts.exports.iter().find(|export| export.name == name)?;
    let (kind, index) = (export.kind, export.index);
    let imports = parts.imports.iter().map(|import| import.ty);
    match kind {
        ExternalKind::Memory => {
            let imported = imports.filter_map(|ty| match ty {
                TypeRef::Memory(memory) => Some(memory),
                _ => None,
            });
            let ty = imported.chain(parts.memories.iter().copied()).nth(index as usize)?;
            Some(Exported { kind, index, is_64: ty.memory64, word: ValType::I64 })
        }
        ExternalKind::Table => {
            let imported = imports.filter_map(|ty| match ty {
                TypeRef::Table(table) => Some(table),
                _ => None,
            });
            let own = parts.tables.iter().map(|table| table.ty);
            let ty = imported.chain(own).nth(index as usize)?;
            let word = ValType::Ref(ty.element_type);
            Some(Exported { kind, index, is_64: ty.table64, word })
        }
        _ => None,
    }
}

/// Add the accessor behind all other functions and exports; its name.
fn add(parts: &mut Parts<'_>, exported: &Exported, reads: Reads) -> Option<&'static str> {
    let &Exported { kind, index, is_64, word } = exported;
    let names = match (kind, reads) {
        (_, Reads::Size) => ["size", "read_size", "size_of_it"],
        (ExternalKind::Memory, Reads::Word) => ["load", "read", "load_from_it"],
        (_, Reads::Word) => ["get", "read", "get_from_it"],
    };
    let name = names.into_iter().find(|name| parts.exports.iter().all(|e| e.name != *name))?;
    let address = if is_64 { ValType::I64 } else { ValType::I32 };
    let access = match (kind, reads) {
        (ExternalKind::Memory, Reads::Size) => Operator::MemorySize { mem: index },
        (_, Reads::Size) => Operator::TableSize { table: index },
        (ExternalKind::Memory, Reads::Word) => {
            let target = MemArgTarget::Memory(index);
            let memarg = MemArg { align: 3, max_align: 3, offset: 0, target, ordering: None };
            Operator::I64Load { memarg }
        }
        (_, Reads::Word) => Operator::TableGet { table: index },
    };
    let (ty, mut operators) = match reads {
        Reads::Size => (FuncType::new([], [address]), Vec::new()),
        Reads::Word => {
            let ty = FuncType::new([address], [word]);
            (ty, vec![Operator::LocalGet { local_index: 0 }])
        }
    };
    operators.extend([access, Operator::End]);
    let function = parts.len(Space::Function) as u32;
    parts.functions.push(parts.len(Space::Type) as u32);
    parts.new_types.push(ty);
    parts.bodies.push(Body { locals: Vec::new(), operators });
    parts.exports.push(Export { name, kind: ExternalKind::Func, index: function });
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(module: &str, export: &str, reads: Reads) -> Option<(String, Step)> {
        let case = gainsay_case::text::read_case(module).expect("it is a case");
        let reader = Accessor::new(&case, "m", export, reads)?;
        let step = if reads == Reads::Size { reader.size() } else { reader.word(3) };
        Some((gainsay_case::text::print(&reader.case, None), step))
    }

    fn invoke(field: &str, args: &[Value]) -> Step {
        Step::Invoke { instance: "m".to_owned(), field: field.to_owned(), args: args.to_vec() }
    }

    #[test]
    fn a_memory_is_read_in_words_of_eight_bytes() {
        let module = "(module $m (memory 1) (memory (export \"it\") i64 1))";
        let (text, step) = read(module, "it", Reads::Word).expect("there is a memory");
        assert_eq!(step, invoke("load", &[Value::I64(24)]));
        let function =
            "(func (export \"load\") (param i64) (result i64) (i64.load 1 (local.get 0)))";
        assert!(text.contains(function), "{text}");
    }

    #[test]
    fn a_table_is_read_by_element_and_an_imported_one_too() {
        let module =
            "(module $m (import \"a\" \"b\" (table 1 externref)) (export \"it\" (table 0)))";
        let (text, step) = read(module, "it", Reads::Word).expect("there is a table");
        assert_eq!(step, invoke("get", &[Value::I32(3)]));
        assert!(text.contains("(result externref) (table.get 0 (local.get 0))"), "{text}");
    }

    #[test]
    fn a_reader_takes_no_name_that_is_there() {
        let module = "(module $m (memory (export \"it\") 1) (func (export \"size\")))";
        let (text, step) = read(module, "it", Reads::Size).expect("there is a memory");
        assert_eq!(step, invoke("read_size", &[]));
        assert!(text.contains("(result i32) (memory.size)"), "{text}");
    }

    #[test]
    fn only_memories_and_tables_have_accessors() {
        let module = "(module $m (func (export \"it\")))";
        assert_eq!(read(module, "it", Reads::Word), None);
        assert_eq!(read(module, "other", Reads::Word), None);
    }
}
