//! How the fields of an object lie in its bytes.

use crate::types::{CompositeType, FieldType, StorageType, ValType};

/// The fields of structures of a type, or the elements of arrays of a type: one after
/// the other, without gaps. Hence what a type and those that extend it have in common
/// lies in the same place.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    /// What each field takes; of an array, what each element does.
    pub(crate) widths: Box<[Width]>,
    /// Bytes of all fields together; of an array, of one element.
    pub(crate) bytes: u32,
    /// Where those fields start that may refer to objects.
    pub(super) references: Box<[u32]>,
    /// Whether this is an array's.
    pub(super) array: bool,
}

/// How many bits a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    Bits8,
    Bits16,
    Bits32,
    Bits64,
    Bits128,
}

impl Width {
    pub(crate) const fn of(storage: StorageType) -> Width {
        match storage.bytes() {
            1 => Width::Bits8,
            2 => Width::Bits16,
            4 => Width::Bits32,
            8 => Width::Bits64,
            _ => Width::Bits128,
        }
    }

    /// Bytes that it takes.
    #[inline(always)]
    pub(crate) const fn bytes(self) -> usize {
        1 << self as usize
    }

    /// Slots that its value takes.
    #[inline(always)]
    pub(crate) const fn slots(self) -> u16 {
        1 + (self as u16 == Width::Bits128 as u16) as u16
    }

    /// Put the value in these slots into a field.
    #[inline(always)]
    pub(crate) fn write(self, slots: [u64; 2], field: &mut [u8]) {
        let low = slots[0].to_le_bytes();
        match self {
            Width::Bits128 => {
                field[..8].copy_from_slice(&low);
                field[8..16].copy_from_slice(&slots[1].to_le_bytes());
            }
            Width::Bits64 => field[..8].copy_from_slice(&low),
            Width::Bits32 => field[..4].copy_from_slice(&low[..4]),
            Width::Bits16 => field[..2].copy_from_slice(&low[..2]),
            Width::Bits8 => field[0] = low[0],
        }
    }
}

impl Layout {
    /// The layout of a type's objects; functions have none.
    pub(crate) fn of(composite: &CompositeType) -> Layout {
        let fields: &[FieldType] = match composite {
            CompositeType::Func(_) => &[],
            CompositeType::Struct(fields) => fields,
            CompositeType::Array(element) => std::slice::from_ref(element),
        };
        let mut bytes = 0;
        let mut references = Vec::new();
        for field in fields {
            if let StorageType::Value(ValType::Ref(_)) = field.storage {
                references.push(bytes);
            }
            bytes += field.storage.bytes() as u32;
        }
        Layout {
            widths: fields.iter().map(|field| Width::of(field.storage)).collect(),
            bytes,
            references: references.into(),
            array: matches!(composite, CompositeType::Array(_)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::RefType;

    fn field(storage: StorageType) -> FieldType {
        FieldType { storage, mutable: true }
    }

    #[test]
    fn fields_follow_each_other_without_gaps() {
        let fields = [
            StorageType::I8,
            StorageType::Value(ValType::Ref(RefType::EXTERN)),
            StorageType::I16,
            StorageType::Value(ValType::V128),
            StorageType::Value(ValType::F32),
            StorageType::Value(ValType::Ref(RefType::FUNC)),
        ];
        let layout = Layout::of(&CompositeType::Struct(fields.map(field).into()));
        assert_eq!(layout.bytes, 1 + 8 + 2 + 16 + 4 + 8);
        assert_eq!(*layout.references, [1, 31]);
        let sizes: Vec<usize> = layout.widths.iter().map(|width| width.bytes()).collect();
        assert_eq!(sizes, [1, 8, 2, 16, 4, 8]);
    }

    #[test]
    fn a_field_gets_the_lowest_bytes_of_its_slots() {
        let slots = [0x1716_1514_1312_1110, 0x1f1e_1d1c_1b1a_1918];
        for width in [Width::Bits8, Width::Bits16, Width::Bits32, Width::Bits64, Width::Bits128] {
            let mut field = [0u8; 16];
            width.write(slots, &mut field);
            let expected: Vec<u8> =
                (0..16).map(|i| if i < width.bytes() as u8 { 0x10 + i } else { 0 }).collect();
            assert_eq!(field[..], expected);
        }
    }
}
