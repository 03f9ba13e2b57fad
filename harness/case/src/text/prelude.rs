//! The host functions of a case as a module, so that the case's script runs where
//! nobody provides them.

use wasmparser::{CompositeInnerType, Parser, Payload, RefType, TypeRef, ValType};

use super::constant::{constant, string};
use super::tree::Node;
use crate::host;
use crate::value::{RefKind, ValueType};

/// A function that a module imports from [`host::MODULE`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostFunction {
    name: String,
    params: Vec<ValueType>,
    results: Vec<ValueType>,
}

/// The host functions that a module imports. Those whose types the harness has no
/// values for are left out, as is everything after the first undecodable byte.
pub fn host_functions(bytes: &[u8]) -> Vec<HostFunction> {
    let mut types = Vec::new();
    let mut functions = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload {
            Ok(Payload::TypeSection(reader)) => {
                for group in reader.into_iter().map_while(Result::ok) {
                    types.extend(group.into_types().map(|ty| match ty.composite_type.inner {
                        CompositeInnerType::Func(function) => signature(&function),
                        _ => None,
                    }));
                }
            }
            Ok(Payload::ImportSection(reader)) => {
                for import in reader.into_imports().map_while(Result::ok) {
                    let TypeRef::Func(index) = import.ty else { continue };
                    let Some(Some((params, results))) = types.get(index as usize) else { continue };
                    if import.module == host::MODULE {
                        let (params, results) = (params.clone(), results.clone());
                        functions.push(HostFunction { name: import.name.into(), params, results });
                    }
                }
            }
            // Imports come before everything that could be long.
            Ok(Payload::FunctionSection(_) | Payload::CodeSectionStart { .. }) | Err(_) => break,
            Ok(_) => {}
        }
    }
    functions
}

/// The names of the modules that a module imports from.
pub fn imported_modules(bytes: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(bytes).map_while(Result::ok) {
        if let Payload::ImportSection(reader) = payload {
            let imports = reader.into_imports().map_while(Result::ok);
            names.extend(imports.map(|import| import.module.to_owned()));
            break;
        }
    }
    names
}

type Signature = (Vec<ValueType>, Vec<ValueType>);

fn signature(function: &wasmparser::FuncType) -> Option<Signature> {
    let types = |types: &[ValType]| types.iter().map(value_type).collect::<Option<Vec<_>>>();
    Some((types(function.params())?, types(function.results())?))
}

fn value_type(ty: &ValType) -> Option<ValueType> {
    match *ty {
        ValType::I32 => Some(ValueType::I32),
        ValType::I64 => Some(ValueType::I64),
        ValType::F32 => Some(ValueType::F32),
        ValType::F64 => Some(ValueType::F64),
        ValType::V128 => Some(ValueType::V128),
        ValType::FUNCREF => Some(ValueType::Ref(RefKind::Func)),
        ValType::EXTERNREF => Some(ValueType::Ref(RefKind::Extern)),
        ValType::Ref(RefType::ANYREF) => Some(ValueType::Ref(RefKind::Any)),
        ValType::EXNREF => Some(ValueType::Ref(RefKind::Exn)),
        _ => None,
    }
}

/// Adds `more` to `all`; says whether that could be done, because no function has
/// two types.
pub fn merge(all: &mut Vec<HostFunction>, more: &[HostFunction]) -> bool {
    for function in more {
        match all.iter().find(|known| known.name == function.name) {
            None => all.push(function.clone()),
            Some(known) if known == function => {}
            Some(_) => return false,
        }
    }
    true
}

/// A module that does what [`host::answer`] says, and its registration.
pub fn text(functions: &[HostFunction]) -> String {
    let name = format!("${}", host::MODULE);
    let mut module = vec![Node::atom("module"), Node::atom(&name)];
    module.extend(functions.iter().map(HostFunction::tree));
    format!("{}(register {} {name})\n", Node::List(module).layout(), string(host::MODULE))
}

impl HostFunction {
    fn tree(&self) -> Node {
        let export = [Node::atom("export"), Node::atom(string(&self.name))];
        let mut nodes = vec![Node::atom("func"), Node::List(export.to_vec())];
        for (keyword, types) in [("param", &self.params), ("result", &self.results)] {
            let types = types.iter().map(|ty| Node::atom(ty.name()));
            if types.len() > 0 {
                nodes.push(Node::List(std::iter::once(Node::atom(keyword)).chain(types).collect()));
            }
        }
        if self.name.starts_with(host::FAILING_PREFIX) {
            nodes.push(Node::List(vec![Node::atom("unreachable")]));
        } else {
            nodes.extend(self.results.iter().map(|ty| self.result(*ty)));
        }
        Node::List(nodes)
    }

    /// The last parameter of this type, else the constant.
    fn result(&self, ty: ValueType) -> Node {
        match self.params.iter().rposition(|param| *param == ty) {
            Some(index) => Node::List(vec![Node::atom("local.get"), Node::atom(index.to_string())]),
            None => {
                let text = constant(host::constant(ty));
                Node::List(text.trim_matches(['(', ')']).split(' ').map(Node::atom).collect())
            }
        }
    }
}
