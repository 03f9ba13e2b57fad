//! Globals (§ exec/runtime, global instances).

use crate::types::GlobalType;

/// A global: two slots, the second for v128 only.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GlobalInst {
    /// As declared, with the store's types.
    pub(crate) ty: GlobalType,
    pub(crate) slots: [u64; 2],
}
