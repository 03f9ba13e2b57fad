//! Instructions that need not be there with all that computes their operands, and
//! plainer ones.

use wasmparser::{MemArg, Operator};

use crate::body::Function;
use crate::reducer::Reducer;

impl Function<'_> {
    /// Instructions that leave no value, each with its operands; a block counts as one.
    pub(crate) fn drop_statements(&mut self, reducer: &mut Reducer<'_>) {
        let mut at = self.len();
        while at > 0 && !reducer.is_over() {
            at -= 1;
            if at < self.len()
                && let Some(start) = self.statement_start(at)
                && self.swap(reducer, start..at + 1, Vec::new())
            {
                // What is left of it begins where it began.
                at = start;
            }
        }
    }

    /// Where the computation begins that ends with the instruction `at` and leaves
    /// the stack as it was.
    fn statement_start(&self, at: usize) -> Option<usize> {
        let (before, after) = (&self.points[at], &self.points[at + 1]);
        let opens = after.depth > before.depth;
        if opens || after.is_dead || matches!(self.operators()[at], Operator::Else) {
            return None;
        }
        let start = self.start_of(at, after.depth, after.stack.len())?;
        (self.points[start].stack == after.stack).then_some(start)
    }

    /// Memory accesses without an offset, as aligned as their width.
    pub(crate) fn simplify_accesses(&mut self, reducer: &mut Reducer<'_>) {
        for at in 0..self.len() {
            for simplify in
                [|arg: &mut MemArg| arg.offset = 0, |arg: &mut MemArg| arg.align = arg.max_align]
            {
                let mut operator = self.operators()[at].clone();
                if let Some(arg) = access(&mut operator) {
                    simplify(arg);
                    self.swap(reducer, at..at + 1, vec![operator]);
                }
            }
        }
    }
}

/// What a plain load or store says about its address.
fn access<'o>(operator: &'o mut Operator<'_>) -> Option<&'o mut MemArg> {
    match operator {
        Operator::I32Load { memarg }
        | Operator::I64Load { memarg }
        | Operator::F32Load { memarg }
        | Operator::F64Load { memarg }
        | Operator::I32Load8S { memarg }
        | Operator::I32Load8U { memarg }
        | Operator::I32Load16S { memarg }
        | Operator::I32Load16U { memarg }
        | Operator::I64Load8S { memarg }
        | Operator::I64Load8U { memarg }
        | Operator::I64Load16S { memarg }
        | Operator::I64Load16U { memarg }
        | Operator::I64Load32S { memarg }
        | Operator::I64Load32U { memarg }
        | Operator::I32Store { memarg }
        | Operator::I64Store { memarg }
        | Operator::F32Store { memarg }
        | Operator::F64Store { memarg }
        | Operator::I32Store8 { memarg }
        | Operator::I32Store16 { memarg }
        | Operator::I64Store8 { memarg }
        | Operator::I64Store16 { memarg }
        | Operator::I64Store32 { memarg }
        | Operator::V128Load { memarg }
        | Operator::V128Store { memarg } => Some(memarg),
        _ => None,
    }
}
