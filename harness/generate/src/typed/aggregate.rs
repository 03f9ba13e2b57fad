//! Structs and arrays: their types, and what makes, reads and writes them.

use arbitrary::{Result, Unstructured};
use gainsay_case::Proposal;
use wasm_encoder::{
    CompositeInnerType, CompositeType, ConstExpr, Encode, FieldType, HeapType, Instruction,
    RefType, StorageType, StructType, SubType, ValType,
};

use crate::arguments::constant;
use crate::decide::{percent, weighted};
use crate::swarm::Swarm;
use crate::typed::encode_constant;

/// Arrays have at least so many elements, a power of two, so that masked indices hit.
pub(crate) const LENGTH_MIN: u32 = 4;

/// A struct or array type.
#[derive(Clone, Debug)]
pub(crate) struct Aggregate {
    pub shape: Shape,
    /// The index of the type that it extends.
    pub supertype: Option<u32>,
    pub is_final: bool,
    /// Whether it stands in one recursive group with the next one.
    pub with_next: bool,
}

/// What an aggregate has in it.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    Struct(Vec<FieldType>),
    Array(FieldType),
}

impl Aggregate {
    /// The definition, as the encoder has it.
    pub(crate) fn definition(&self) -> SubType {
        let inner = match &self.shape {
            Shape::Struct(fields) => {
                CompositeInnerType::Struct(StructType { fields: fields.clone().into() })
            }
            Shape::Array(element) => CompositeInnerType::Array(wasm_encoder::ArrayType(*element)),
        };
        SubType {
            is_final: self.is_final,
            supertype_idxs: self.supertype.into_iter().collect(),
            composite_type: CompositeType {
                inner,
                shared: false,
                descriptor: None,
                describes: None,
            },
        }
    }

    /// The initial value of a global of this type, whose index is `index`.
    pub(crate) fn initial(&self, index: u32, u: &mut Unstructured<'_>) -> Result<ConstExpr> {
        Ok(match &self.shape {
            Shape::Struct(_) if percent(u, 30)? => {
                ConstExpr::extended([Instruction::StructNewDefault(index)])
            }
            Shape::Struct(fields) => {
                let mut bytes = Vec::new();
                for field in fields {
                    constant_of(field.element_type, &mut bytes, u)?;
                }
                Instruction::StructNew(index).encode(&mut bytes);
                ConstExpr::raw(bytes)
            }
            Shape::Array(element) => {
                let mut bytes = Vec::new();
                for _ in 0..LENGTH_MIN {
                    constant_of(element.element_type, &mut bytes, u)?;
                }
                let (array_type_index, array_size) = (index, LENGTH_MIN);
                Instruction::ArrayNewFixed { array_type_index, array_size }.encode(&mut bytes);
                ConstExpr::raw(bytes)
            }
        })
    }
}

/// The type of a field's value outside of it.
pub(crate) fn unpacked(ty: StorageType) -> ValType {
    match ty {
        StorageType::I8 | StorageType::I16 => ValType::I32,
        StorageType::Val(ty) => ty,
    }
}

fn constant_of(ty: StorageType, code: &mut Vec<u8>, u: &mut Unstructured<'_>) -> Result<()> {
    match unpacked(ty) {
        ValType::Ref(ty) => {
            Instruction::RefNull(ty.heap_type).encode(code);
        }
        ty => encode_constant(constant(ty, u)?, code),
    }
    Ok(())
}

/// The reference to a defined type that may be null.
pub(crate) fn nullable(index: u32) -> RefType {
    RefType { nullable: true, heap_type: HeapType::Concrete(index) }
}

/// Some types of structs and arrays, some of which extend others or refer to
/// themselves or to each other.
pub(crate) fn aggregates(swarm: &Swarm, u: &mut Unstructured<'_>) -> Result<Vec<Aggregate>> {
    let mut known: Vec<Aggregate> = Vec::new();
    if !swarm.has(Proposal::Gc) {
        return Ok(known);
    }
    for index in 0..u.int_in_range(1..=4u32)? {
        let open: Vec<u32> = (0..index)
            .filter(|earlier| {
                let earlier = &known[*earlier as usize];
                !earlier.is_final && matches!(earlier.shape, Shape::Struct(_))
            })
            .collect();
        let supertype = match !open.is_empty() && percent(u, 60)? {
            true => Some(*u.choose(&open)?),
            false => None,
        };
        let mut fields = match supertype.map(|index| &known[index as usize].shape) {
            Some(Shape::Struct(fields)) => fields.clone(),
            _ => Vec::new(),
        };
        let shape = if supertype.is_none() && percent(u, 40)? {
            Shape::Array(match percent(u, 20)? {
                // What element segments can fill.
                true => {
                    let element_type = StorageType::Val(ValType::FUNCREF);
                    FieldType { element_type, mutable: percent(u, 75)? }
                }
                false => field(swarm, index, u)?,
            })
        } else {
            for _ in 0..u.int_in_range(0..=3)? {
                fields.push(field(swarm, index, u)?);
            }
            Shape::Struct(fields)
        };
        let is_final = percent(u, 40)?;
        known.push(Aggregate { shape, supertype, is_final, with_next: false });
    }
    if percent(u, 30)? {
        let first = known.len() as u32;
        for (other, with_next) in [(first + 1, true), (first, false)] {
            let mutable = percent(u, 70)?;
            let element_type = StorageType::Val(ValType::Ref(nullable(other)));
            let fields = vec![FieldType { element_type, mutable }, field(swarm, first, u)?];
            let (shape, is_final) = (Shape::Struct(fields), percent(u, 50)?);
            known.push(Aggregate { shape, supertype: None, is_final, with_next });
        }
    }
    Ok(known)
}

/// A field that may refer to types up to that index.
fn field(swarm: &Swarm, index: u32, u: &mut Unstructured<'_>) -> Result<FieldType> {
    let value = |ty| StorageType::Val(ty);
    let mut types = vec![
        (2, StorageType::I8),
        (2, StorageType::I16),
        (5, value(ValType::I32)),
        (4, value(ValType::I64)),
        (2, value(ValType::F32)),
        (2, value(ValType::F64)),
        (1, value(ValType::Ref(RefType::ANYREF))),
        (1, value(ValType::Ref(RefType::I31REF))),
        (1, value(ValType::Ref(RefType::EQREF))),
        (1, value(ValType::FUNCREF)),
        (1, value(ValType::EXTERNREF)),
    ];
    if swarm.has(Proposal::Simd) {
        types.push((2, value(ValType::V128)));
    }
    for earlier in 0..=index {
        types.push((2, value(ValType::Ref(nullable(earlier)))));
    }
    Ok(FieldType { element_type: weighted(u, &types)?, mutable: percent(u, 75)? })
}
