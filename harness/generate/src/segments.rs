//! Puts functions into element segments.
//!
//! wasm-smith leaves its element segments empty, so that every indirect call
//! would trap. Here they are filled, and active ones moved inside their table.

use arbitrary::{Result, Unstructured};
use wasm_encoder::{ConstExpr, ElementMode, ElementSection, ElementSegment, Elements, RefType};
use wasmparser::{Element, ElementItems, ElementKind, ElementSectionReader, Operator, TableType};

use crate::decide::percent;
use crate::interface::Interface;
use crate::module::malformed;

/// Items of one segment.
const ITEMS_MAX: u64 = 8;

/// The element section with its segments filled.
pub(crate) fn fill(
    reader: ElementSectionReader<'_>,
    interface: &Interface,
    u: &mut Unstructured<'_>,
) -> Result<ElementSection> {
    let mut section = ElementSection::new();
    for element in reader {
        segment(&element.map_err(malformed)?, interface, u, &mut section)?;
    }
    Ok(section)
}

fn segment(
    element: &Element<'_>,
    interface: &Interface,
    u: &mut Unstructured<'_>,
    section: &mut ElementSection,
) -> Result<()> {
    let mut room = ITEMS_MAX;
    let offset;
    let mode = match &element.kind {
        ElementKind::Passive => ElementMode::Passive,
        ElementKind::Declared => ElementMode::Declared,
        ElementKind::Active { table_index, offset_expr } => {
            let table = interface.tables.get(table_index.unwrap_or(0) as usize);
            let table = table.ok_or(arbitrary::Error::IncorrectFormat)?;
            let placed = match &element.items {
                ElementItems::Functions(items) => items.count() > 0,
                ElementItems::Expressions(_, items) => items.count() > 0,
            };
            (offset, room) = place(offset_expr, placed, table, u)?;
            ElementMode::Active { table: *table_index, offset: &offset }
        }
    };
    let elements = match &element.items {
        ElementItems::Functions(items) if items.count() > 0 => {
            let items: Vec<u32> =
                items.clone().into_iter().collect::<Result<_, _>>().map_err(malformed)?;
            Elements::Functions(items.into())
        }
        ElementItems::Functions(_) => Elements::Functions(functions(interface, room, u)?.into()),
        ElementItems::Expressions(ty, items) => {
            let ty = RefType::try_from(*ty).map_err(|_| arbitrary::Error::IncorrectFormat)?;
            let mut expressions = Vec::new();
            for item in items.clone() {
                let bytes = item.map_err(malformed)?.get_binary_reader();
                let range = bytes.remaining_range();
                let mut bytes = bytes;
                let bytes =
                    bytes.read_bytes((range.end - range.start) as usize).map_err(malformed)?;
                // An expression's own `end` is written again.
                let body = bytes.strip_suffix(&[0x0b]).unwrap_or(bytes);
                expressions.push(ConstExpr::raw(body.iter().copied()));
            }
            if expressions.is_empty() && ty == RefType::FUNCREF {
                let functions = functions(interface, room, u)?;
                expressions.extend(functions.into_iter().map(ConstExpr::ref_func));
            }
            Elements::Expressions(ty, expressions.into())
        }
    };
    section.segment(ElementSegment { mode, elements });
    Ok(())
}

/// Where an active segment goes, and how many items fit there. One that has items
/// stays where it is. What a global says nobody knows, so nothing may be put there.
fn place(
    offset: &wasmparser::ConstExpr<'_>,
    placed: bool,
    table: &TableType,
    u: &mut Unstructured<'_>,
) -> Result<(ConstExpr, u64)> {
    let constant = |offset: u64| match table.table64 {
        true => ConstExpr::i64_const(offset.cast_signed()),
        false => ConstExpr::i32_const((offset as u32).cast_signed()),
    };
    let mut operators = offset.get_operators_reader();
    let wanted = match operators.read().map_err(malformed)? {
        Operator::I32Const { value } => u64::from(value.cast_unsigned()),
        Operator::I64Const { value } => value.cast_unsigned(),
        Operator::GlobalGet { global_index } => {
            return Ok((ConstExpr::global_get(global_index), 0));
        }
        _ => 0,
    };
    if placed {
        return Ok((constant(wanted), 0));
    }
    if wanted > table.initial && percent(u, 2)? {
        // A trap at instantiation has to be seen now and then.
        return Ok((constant(wanted), 0));
    }
    // Where more than one item fits, the beginning of the table is what small
    // indices reach.
    let offset = if wanted > table.initial { 0 } else { wanted.min(table.initial / 2) };
    Ok((constant(offset), (table.initial - offset).min(ITEMS_MAX)))
}

fn functions(interface: &Interface, room: u64, u: &mut Unstructured<'_>) -> Result<Vec<u32>> {
    let count = interface.funcs.len() as u32;
    if count == 0 || room == 0 {
        return Ok(Vec::new());
    }
    let items = u.int_in_range(room.div_ceil(2)..=room)?;
    (0..items).map(|_| u.int_in_range(0..=count - 1)).collect()
}
