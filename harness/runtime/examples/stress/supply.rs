//! Constant expressions that make a value of a type.

use wasm_encoder::{HeapType as Encoded, Instruction};
use wasmparser::{
    AbstractHeapType, CompositeInnerType, FieldType, FuncType, HeapType, RefType, StorageType,
    SubType, ValType,
};

use crate::peer::Numbers;
use crate::provider::is_function;

/// How deep objects are nested that have to have others in them.
const DEPTH_MAX: u32 = 3;

/// Functions that are added for the sake of references to them.
const FUNCTIONS_MAX: usize = 64;

/// The types of a module, and its functions so far, by the index of their type.
#[derive(Default)]
pub struct Supply {
    pub types: Vec<SubType>,
    pub functions: Vec<u32>,
}

type Made = Option<Vec<Instruction<'static>>>;

impl Supply {
    /// The function type of an index.
    pub fn function(&self, index: u32) -> Option<&FuncType> {
        match &self.types.get(index as usize)?.composite_type.inner {
            CompositeInnerType::Func(ty) => Some(ty),
            _ => None,
        }
    }

    /// Any value; of references sometimes null. `None` if there is none, or only one of
    /// great depth.
    pub fn value(&mut self, ty: ValType, numbers: &mut Numbers) -> Made {
        self.make(ty, numbers, DEPTH_MAX)
    }

    fn make(&mut self, ty: ValType, numbers: &mut Numbers, depth: u32) -> Made {
        let number = numbers.next();
        let instruction = match ty {
            ValType::I32 => Instruction::I32Const(number as i32 >> (number >> 60)),
            ValType::I64 => Instruction::I64Const(number as i64 >> (number >> 59)),
            ValType::F32 => Instruction::F32Const((number as f32).into()),
            ValType::F64 => Instruction::F64Const((number as f64).into()),
            ValType::V128 => Instruction::V128Const(i128::from(number)),
            ValType::Ref(ty) => return self.reference(ty, numbers, depth),
        };
        Some(vec![instruction])
    }

    fn reference(&mut self, ty: RefType, numbers: &mut Numbers, depth: u32) -> Made {
        let null = || {
            let heap = Encoded::try_from(ty.heap_type()).ok()?;
            ty.is_nullable().then(|| vec![Instruction::RefNull(heap)])
        };
        if ty.is_nullable() && numbers.below(3) == 0 {
            return null();
        }
        self.object(ty.heap_type(), numbers, depth).or_else(null)
    }

    fn object(&mut self, heap: HeapType, numbers: &mut Numbers, depth: u32) -> Made {
        use AbstractHeapType::{Any, Array, Eq, Extern, Func, I31, Struct};
        let depth = depth.checked_sub(1)?;
        let ty = match heap {
            HeapType::Abstract { ty, .. } => ty,
            HeapType::Concrete(index) | HeapType::Exact(index) => {
                return self.concrete(index.as_module_index()?, numbers, depth);
            }
        };
        let wanted: fn(&SubType) -> bool = match ty {
            Func => is_function,
            Struct => |ty| matches!(ty.composite_type.inner, CompositeInnerType::Struct(_)),
            Array => |ty| matches!(ty.composite_type.inner, CompositeInnerType::Array(_)),
            Any | Eq if numbers.below(2) == 0 => |ty| !is_function(ty),
            Any | Eq | I31 => return Some(small_integer(numbers)),
            Extern => {
                let mut made =
                    self.object(HeapType::Abstract { shared: false, ty: Any }, numbers, depth)?;
                made.push(Instruction::ExternConvertAny);
                return Some(made);
            }
            _ => return None,
        };
        let fitting = self.types.iter().enumerate().filter(|(_, ty)| wanted(ty));
        let fitting: Vec<u32> = fitting.map(|(index, _)| index as u32).collect();
        match fitting.is_empty() {
            true if matches!(ty, Any | Eq) => Some(small_integer(numbers)),
            true => None,
            false => self.concrete(fitting[numbers.below(fitting.len())], numbers, depth),
        }
    }

    fn concrete(&mut self, index: u32, numbers: &mut Numbers, depth: u32) -> Made {
        match self.types.get(index as usize)?.composite_type.inner.clone() {
            CompositeInnerType::Func(_) => {
                let known = self.functions.iter().position(|ty| *ty == index);
                let function = match known {
                    Some(known) => known,
                    None if self.functions.len() >= FUNCTIONS_MAX => return None,
                    None => {
                        self.functions.push(index);
                        self.functions.len() - 1
                    }
                };
                Some(vec![Instruction::RefFunc(function as u32)])
            }
            CompositeInnerType::Struct(ty) => {
                let mut made = Vec::new();
                for field in &ty.fields {
                    made.extend(self.field(field, numbers, depth)?);
                }
                made.push(Instruction::StructNew(index));
                Some(made)
            }
            CompositeInnerType::Array(ty) => {
                let mut made = self.field(&ty.0, numbers, depth)?;
                made.push(Instruction::I32Const(numbers.below(9) as i32));
                made.push(Instruction::ArrayNew(index));
                Some(made)
            }
            CompositeInnerType::Cont(_) => None,
        }
    }

    fn field(&mut self, field: &FieldType, numbers: &mut Numbers, depth: u32) -> Made {
        match field.element_type {
            StorageType::I8 | StorageType::I16 => self.make(ValType::I32, numbers, depth),
            StorageType::Val(ty) => self.make(ty, numbers, depth),
        }
    }
}

fn small_integer(numbers: &mut Numbers) -> Vec<Instruction<'static>> {
    vec![Instruction::I32Const(numbers.next() as i32), Instruction::RefI31]
}
