//! Cases in files.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use gainsay_case::text::{self, Script};
use gainsay_case::{Case, Step, Value, ValueType};
use wasmparser::{
    CompositeInnerType, ExternalKind, Parser, Payload, ValType, Validator, WasmFeatures,
};

use crate::error::CampaignError;

/// Files larger than this are not read.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// Directories nested deeper than this are not searched.
const DEPTH_MAX: usize = 16;

/// The files named, and the `.wast` and `.scenario` files below the directories named, sorted.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, CampaignError> {
    let mut found = Vec::new();
    for path in paths {
        let metadata = fs::metadata(path).map_err(unreadable(path))?;
        match metadata.is_dir() {
            true => search(path, DEPTH_MAX, &mut found)?,
            false => found.push(path.clone()),
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn search(directory: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), CampaignError> {
    for entry in fs::read_dir(directory).map_err(unreadable(directory))? {
        let entry = entry.map_err(unreadable(directory))?;
        let path = entry.path();
        // Links are not followed, so that a loop of them ends.
        let is_directory = entry.file_type().is_ok_and(|ty| ty.is_dir());
        if is_directory && depth > 0 {
            search(&path, depth - 1, found)?;
        } else if path.extension().is_some_and(|extension| {
            extension == "wast" || extension == crate::sequences::EXTENSION
        }) {
            found.push(path);
        }
    }
    Ok(())
}

/// Refuse a file whose name or beginning says that it is a module's binary.
pub(crate) fn refuse_binary(path: &Path) -> Result<(), CampaignError> {
    let is_named_so = path.extension().is_some_and(|extension| extension == "wasm");
    let mut start = [0; 4];
    let begins_so = path.is_file()
        && fs::File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok()
        && start == *b"\0asm";
    match (is_named_so && path.is_file()) || begins_so {
        true => Err(no_case(
            path,
            "it is a module; replay takes scripts (.wast) and scenarios, `gainsay run` runs a \
             module and `gainsay shrink` takes one as a case",
        )),
        false => Ok(()),
    }
}

/// The text in a file.
pub(crate) fn read_text(path: &Path) -> Result<String, CampaignError> {
    let bytes = read_bytes(path)?;
    String::from_utf8(bytes).map_err(|_| no_case(path, "it is not UTF-8"))
}

/// The case in a `.wast`, `.wat` or `.wasm` file. Of a module all exports are
/// called, with zeros.
pub(crate) fn read_case(path: &Path) -> Result<Script, CampaignError> {
    let bytes = read_bytes(path)?;
    if bytes.starts_with(b"\0asm") {
        return Ok(of_module(bytes));
    }
    let source = String::from_utf8(bytes).map_err(|_| no_case(path, "it is not UTF-8"))?;
    if path.extension().is_some_and(|extension| extension == "wat") {
        let binary = wat::parse_str(&source).map_err(|error| no_case(path, &error.to_string()))?;
        return Ok(of_module(binary));
    }
    text::read(&source).map_err(|error| no_case(path, &error.to_string()))
}

fn of_module(bytes: Vec<u8>) -> Script {
    let exports = exported_functions(&bytes).unwrap_or_default();
    let mut steps = vec![
        Step::Define { module: "m".to_owned(), bytes: bytes.into() },
        Step::Instantiate { module: "m".to_owned(), instance: "i".to_owned() },
    ];
    for (field, params) in exports {
        let args = params.into_iter().map(Value::default_of).collect();
        steps.push(Step::Invoke { instance: "i".to_owned(), field, args });
    }
    Script { case: Case { steps }, ..Script::default() }
}

/// The exported functions that can be called from outside, with their parameters.
fn exported_functions(bytes: &[u8]) -> Option<Vec<(String, Vec<ValueType>)>> {
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    let types = validator.validate_all(bytes).ok()?;
    let mut functions = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        let Ok(Payload::ExportSection(exports)) = payload else { continue };
        for export in exports {
            let export = export.ok()?;
            if export.kind != ExternalKind::Func {
                continue;
            }
            let ty = &types[types.as_ref().core_function_at(export.index)];
            let CompositeInnerType::Func(ty) = &ty.composite_type.inner else { continue };
            let params: Option<Vec<ValueType>> =
                ty.params().iter().map(|param| value_type(*param)).collect();
            functions.extend(params.map(|params| (export.name.to_owned(), params)));
        }
    }
    Some(functions)
}

fn value_type(ty: ValType) -> Option<ValueType> {
    Some(match ty {
        ValType::I32 => ValueType::I32,
        ValType::I64 => ValueType::I64,
        ValType::F32 => ValueType::F32,
        ValType::F64 => ValueType::F64,
        ValType::V128 => ValueType::V128,
        ValType::Ref(ty) if ty == wasmparser::RefType::FUNCREF => {
            ValueType::Ref(gainsay_case::RefKind::Func)
        }
        ValType::Ref(ty) if ty == wasmparser::RefType::EXTERNREF => {
            ValueType::Ref(gainsay_case::RefKind::Extern)
        }
        ValType::Ref(_) => return None,
    })
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, CampaignError> {
    let file = fs::File::open(path).map_err(unreadable(path))?;
    let mut bytes = Vec::new();
    // One byte more, to tell a file of that size from a larger one.
    let read = file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable(path))?;
    match read as u64 > FILE_BYTES_MAX {
        true => Err(no_case(path, &format!("it is larger than {FILE_BYTES_MAX} bytes"))),
        false => Ok(bytes),
    }
}

fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> CampaignError {
    move |source| CampaignError::Storage { act: "read", path: path.to_owned(), source }
}

fn no_case(path: &Path, reason: &str) -> CampaignError {
    CampaignError::Case { path: path.to_owned(), reason: reason.to_owned() }
}
