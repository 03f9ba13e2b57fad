//! What `run` gives a module to import, beside the host functions: the test suite's module
//! `spectest`, and on request functions that trap in place of those that are not there.

use std::collections::{BTreeMap, BTreeSet};

use gainsay_case::interface::{ImportedField, Interface};
use gainsay_case::text::string;
use gainsay_case::{Capabilities, HostCall, Step, host};
use gainsay_script::{SPECTEST, spectest};
use wasmparser::{FuncType, ValType};

use crate::cli_error::CliError;

/// What the names of functions begin with that are in place of others; host functions whose
/// names begin so fail.
const MISSING: &str = "fail: ";

/// The steps that make what the module imports.
///
/// # Errors
/// A function in whose place nothing can be put.
pub fn steps(
    interface: &Interface,
    capabilities: &Capabilities,
    traps_unknown: bool,
) -> Result<Vec<Step>, CliError> {
    let mut steps = Vec::new();
    let imports = || interface.imports.iter();
    if imports().any(|import| import.module == SPECTEST) {
        steps.extend(registered(SPECTEST, spectest(capabilities)));
    }
    if traps_unknown {
        let mut modules = BTreeMap::<&str, Vec<(&str, &FuncType)>>::new();
        for ImportedField { module, field, function } in imports() {
            let is_known = module == SPECTEST || module == host::MODULE;
            if let (Some(ty), false) = (function, is_known) {
                modules.entry(module).or_default().push((field, ty));
            }
        }
        for (module, functions) in modules {
            let bytes = wat::parse_str(text(module, &functions)?);
            let bytes = bytes.map_err(|error| CliError::usage(error.to_string()))?;
            steps.extend(registered(module, bytes));
        }
    }
    Ok(steps)
}

fn registered(name: &str, bytes: Vec<u8>) -> [Step; 3] {
    // No module of a user's has a name with a blank here.
    let instance = format!("given {name}");
    [
        Step::Define { module: instance.clone(), bytes: bytes.into() },
        Step::Instantiate { module: instance.clone(), instance: instance.clone() },
        Step::Register { instance, name: name.to_owned() },
    ]
}

/// A module that exports these functions, each of which fails when it is called.
fn text(module: &str, functions: &[(&str, &FuncType)]) -> Result<String, CliError> {
    let (mut imports, mut exports) = (String::new(), String::new());
    let mut seen = BTreeSet::new();
    for (index, (field, ty)) in functions.iter().enumerate() {
        if !seen.insert(*field) {
            continue;
        }
        let names =
            |types: &[ValType]| types.iter().map(|ty| name(*ty)).collect::<Option<Vec<_>>>();
        let (Some(params), Some(results)) = (names(ty.params()), names(ty.results())) else {
            return Err(CliError::usage(format!(
                "{module}.{field} has a type of its module's own: no function can be put in its \
                 place"
            )));
        };
        let (params, results) = (params.join(" "), results.join(" "));
        let host = string(&format!("{MISSING}{module}.{field}"));
        imports += &format!(
            "(import {} {host} (func $f{index} (param {params}) (result {results})))",
            string(host::MODULE)
        );
        exports += &format!("(export {} (func $f{index}))", string(field));
    }
    Ok(format!("(module {imports} {exports})"))
}

/// The name of a type that every module has.
fn name(ty: ValType) -> Option<&'static str> {
    Some(match ty {
        ValType::I32 => "i32",
        ValType::I64 => "i64",
        ValType::F32 => "f32",
        ValType::F64 => "f64",
        ValType::V128 => "v128",
        ValType::Ref(ty) if ty == wasmparser::RefType::FUNCREF => "funcref",
        ValType::Ref(ty) if ty == wasmparser::RefType::EXTERNREF => "externref",
        ValType::Ref(_) => return None,
    })
}

/// The function that a call of the host was made in place of.
pub fn missing(call: &HostCall) -> Option<&str> {
    call.name.strip_prefix(MISSING)
}
