//! Tables (§ exec/runtime, table instances).

use crate::allocator::Allocator;
use crate::buffer;
use crate::lease::Lease;
use crate::limit::LimitError;
use crate::types::{AddrType, HeapType, TableType};

/// A table: one slot per element.
#[derive(Debug)]
pub(crate) struct TableInst {
    /// As declared, with the store's types; the current size stands in `elements`.
    ty: TableType,
    /// Elements that it may have: the least of its type's and the store's limits.
    elements_max: u64,
    pub(crate) elements: Lease<Vec<u64>>,
}

impl TableInst {
    /// A table of `init`s (§ exec/modules, `alloctable`).
    ///
    /// # Errors
    /// When it would be larger than `elements_max`, there is no room, or the allocator
    /// refuses.
    pub(crate) fn new(
        ty: TableType,
        init: u64,
        elements_max: u64,
        allocator: &dyn Allocator,
    ) -> Result<TableInst, LimitError> {
        let too_large = || LimitError::too_large(format!("a table of {} elements", ty.limits.min));
        let address_max = match ty.addr {
            AddrType::I32 => u64::from(u32::MAX),
            AddrType::I64 => u64::MAX,
        };
        let elements_max = elements_max.min(ty.limits.max.unwrap_or(address_max)).min(address_max);
        let size = Some(ty.limits.min).filter(|size| *size <= elements_max);
        let size = size.ok_or_else(too_large)?;
        let mut elements = allocator.table(size)?;
        let elements_max = elements_max.min(elements.room());
        if size > elements_max || !buffer::begin(&mut elements, size, init) {
            return Err(too_large());
        }
        Ok(TableInst { ty, elements_max, elements })
    }

    /// The type with the current size for its minimum, as import matching sees it.
    pub(crate) fn current_type(&self) -> TableType {
        let mut ty = self.ty;
        ty.limits.min = self.size();
        ty
    }

    /// Whether its elements are functions and therefore no objects.
    pub(crate) fn has_functions(&self) -> bool {
        matches!(self.ty.element.heap, HeapType::Func | HeapType::NoFunc)
    }

    pub(crate) fn addr(&self) -> AddrType {
        self.ty.addr
    }

    pub(crate) fn size(&self) -> u64 {
        self.elements.len() as u64
    }

    /// § exec/modules, `growtable`: the old size, or `None` if the table would
    /// pass its own maximum, the store's limit, or the room there is.
    pub(crate) fn grow(&mut self, delta: u64, init: u64) -> Option<u64> {
        let old_size = self.size();
        let size = old_size.checked_add(delta)?;
        let grown = size <= self.elements_max && buffer::grow(&mut self.elements, size, init);
        grown.then_some(old_size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocator::OnDemand;
    use crate::types::{Limits, RefType};

    fn table(min: u64, max: Option<u64>, elements_max: u64) -> Result<TableInst, LimitError> {
        let limits = Limits { min, max };
        let ty = TableType { limits, addr: AddrType::I64, element: RefType::FUNC };
        TableInst::new(ty, 7, elements_max, &OnDemand)
    }

    #[test]
    fn a_table_grows_up_to_the_least_limit_and_no_further() {
        for (max, elements_max) in [(Some(5), 100), (None, 5), (Some(100), 5)] {
            let mut table = table(2, max, elements_max).unwrap();
            assert_eq!(table.grow(4, 8), None);
            assert_eq!(table.grow(u64::MAX, 8), None);
            assert_eq!(table.grow(3, 8), Some(2));
            assert_eq!(table.grow(1, 8), None);
            assert_eq!(*table.elements, [7, 7, 8, 8, 8]);
        }
    }

    #[test]
    fn a_table_larger_than_the_limit_is_refused() {
        assert!(table(6, None, 5).is_err());
        assert!(table(5, None, 5).is_ok());
        assert!(table(1 << 61, None, u64::MAX).is_err());
    }
}
