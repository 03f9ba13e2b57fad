//! How memories get from one store into another under their names: through a module
//! that imports them and exports them again.

use wasm_encoder::{
    EntityType, ExportKind, ExportSection, ImportSection, MemoryType, Module as Binary,
};

/// A module that imports memories, in order, and exports them by these names.
pub(crate) fn passing<'a>(memories: impl IntoIterator<Item = (&'a str, MemoryType)>) -> Vec<u8> {
    let (mut imports, mut exports) = (ImportSection::new(), ExportSection::new());
    for ((name, memory), index) in memories.into_iter().zip(0..) {
        imports.import("", name, EntityType::Memory(memory));
        exports.export(name, ExportKind::Memory, index);
    }
    let mut binary = Binary::new();
    binary.section(&imports);
    binary.section(&exports);
    binary.finish()
}
