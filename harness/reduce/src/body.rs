//! Fewer instructions in a function.
//!
//! Each candidate swaps a stretch of instructions for fewer ones with the same
//! effect on the types of the stack, so most candidates are valid modules. The
//! few that are not lose the property, since every engine rejects them.

use std::ops::Range;

use wasmparser::{HeapType, Operator, RefType, ValType};

use crate::parts::{Body, Parts};
use crate::reducer::Reducer;
use crate::stack::{Point, points};

/// Bodies longer than this are left to other passes.
const OPERATORS_MAX: usize = 20_000;

pub(crate) fn reduce(reducer: &mut Reducer<'_>, step: usize) {
    let Some(bytes) = reducer.module(step) else { return };
    let Some(parts) = Parts::parse(&bytes) else { return };
    for body in 0..parts.bodies.len() {
        let Some(bytes) = reducer.module(step) else { return };
        let Some(parts) = Parts::parse(&bytes) else { return };
        if let Some(mut function) = Function::new(parts, step, body) {
            function.reduce(reducer);
        }
    }
}

/// One function of a module, on its way down.
pub(crate) struct Function<'a> {
    parts: Parts<'a>,
    step: usize,
    body: usize,
    pub(crate) points: Vec<Point>,
}

impl<'a> Function<'a> {
    fn new(parts: Parts<'a>, step: usize, body: usize) -> Option<Function<'a>> {
        let operators = parts.bodies.get(body)?.operators.len();
        if operators > OPERATORS_MAX {
            return None;
        }
        let points = points(&parts.encode()?, body)?;
        Some(Function { parts, step, body, points })
    }

    fn reduce(&mut self, reducer: &mut Reducer<'_>) {
        self.drop_dead_code(reducer);
        let mut size = self.len();
        while size > 0 && !reducer.is_over() {
            self.drop_stretches(reducer, size);
            size /= 2;
        }
        self.drop_dead_code(reducer);
        self.drop_statements(reducer);
        self.end_early(reducer);
        self.unwrap_blocks(reducer);
        self.replace_expressions(reducer);
        self.drop_statements(reducer);
        self.simplify_accesses(reducer);
        self.drop_locals(reducer);
    }

    pub(crate) fn operators(&self) -> &[Operator<'a>] {
        &self.parts.bodies[self.body].operators
    }

    /// Instructions without the final `end`.
    pub(crate) fn len(&self) -> usize {
        self.operators().len() - 1
    }

    /// Offer the function with `range` swapped for `by`.
    pub(crate) fn swap(
        &mut self,
        reducer: &mut Reducer<'_>,
        range: Range<usize>,
        by: Vec<Operator<'a>>,
    ) -> bool {
        if self.operators()[range.clone()] == by[..] {
            return false;
        }
        let mut operators = self.operators().to_vec();
        operators.splice(range, by);
        self.offer(reducer, operators)
    }

    fn offer(&mut self, reducer: &mut Reducer<'_>, operators: Vec<Operator<'a>>) -> bool {
        let locals = self.parts.bodies[self.body].locals.clone();
        self.offer_body(reducer, Body { locals, operators })
    }

    fn offer_body(&mut self, reducer: &mut Reducer<'_>, body: Body<'a>) -> bool {
        let mut parts = self.parts.clone();
        parts.bodies[self.body] = body;
        let Some(bytes) = parts.encode() else { return false };
        let Some(points) = points(&bytes, self.body) else { return false };
        let keeps = reducer.offer_module(self.step, Some(bytes));
        if keeps {
            self.parts = parts;
            self.points = points;
        }
        keeps
    }

    /// Code after an unconditional branch, up to the end of its block.
    fn drop_dead_code(&mut self, reducer: &mut Reducer<'_>) {
        let mut at = 0;
        while at < self.len() && !reducer.is_over() {
            let is_border = matches!(self.operators()[at], Operator::End | Operator::Else);
            if self.points[at].is_dead && !is_border {
                let end = self.block_end(at);
                self.swap(reducer, at..end, Vec::new());
            }
            at += 1;
        }
    }

    /// Where the block around `at` ends or has its `else`.
    fn block_end(&self, at: usize) -> usize {
        let depth = self.points[at].depth;
        let is_end = |index: &usize| {
            self.points[*index].depth == depth
                && matches!(self.operators()[*index], Operator::End | Operator::Else)
        };
        (at..self.operators().len()).find(is_end).unwrap_or(self.len())
    }

    /// Stretches of about `size` instructions, replaced by what they do to the
    /// stack: values that they pop are dropped, values that they push are zeros.
    fn drop_stretches(&mut self, reducer: &mut Reducer<'_>, size: usize) {
        let mut start = 0;
        while start < self.len() && !reducer.is_over() {
            let swapped = self.balanced(start, size).is_some_and(|end| {
                self.equivalent(start, end)
                    .is_some_and(|by| by.len() < end - start && self.swap(reducer, start..end, by))
            });
            if !swapped {
                start += size;
            }
        }
    }

    /// The first end of a stretch from `start` that is `size` long or more and
    /// opens and closes the same blocks.
    fn balanced(&self, start: usize, size: usize) -> Option<usize> {
        let depth = self.points[start].depth;
        for end in start + 1..=self.len() {
            let crosses = match self.operators()[end - 1] {
                Operator::Else => self.points[end - 1].depth == depth,
                _ => self.points[end].depth < depth,
            };
            if crosses {
                return None;
            }
            if end >= start + size && self.points[end].depth == depth {
                return Some(end);
            }
        }
        None
    }

    /// Instructions that leave the stack as the stretch does, with other values.
    fn equivalent(&self, start: usize, end: usize) -> Option<Vec<Operator<'a>>> {
        let (before, after) = (&self.points[start], &self.points[end]);
        if before.is_dead || after.is_dead {
            return None;
        }
        let touched = self.points[start..=end].iter().filter(|point| !point.is_dead);
        let kept = touched.map(|point| point.stack.len()).min()?;
        let common = std::iter::zip(&before.stack, &after.stack).take_while(|(a, b)| a == b);
        let kept = kept.min(common.count());
        let mut by = vec![Operator::Drop; before.stack.len() - kept];
        for ty in &after.stack[kept..] {
            by.push(default_of(*ty)?);
        }
        Some(by)
    }

    /// The body up to a point where its results are on the stack.
    fn end_early(&mut self, reducer: &mut Reducer<'_>) {
        let results = self.points[self.len()].stack.clone();
        let mut at = 0;
        while at < self.len() && !reducer.is_over() {
            let point = &self.points[at];
            if point.depth == 1 && !point.is_dead && point.stack == results {
                let end = self.len();
                self.swap(reducer, at..end, Vec::new());
            }
            at += 1;
        }
    }

    /// Blocks whose label is not needed.
    fn unwrap_blocks(&mut self, reducer: &mut Reducer<'_>) {
        let mut at = self.len();
        while at > 0 && !reducer.is_over() {
            at -= 1;
            if at >= self.len() {
                continue;
            }
            let is_if = matches!(self.operators()[at], Operator::If { .. });
            let is_block = matches!(
                self.operators()[at],
                Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. }
            );
            if !is_block {
                continue;
            }
            let middle = self.block_end(at + 1);
            let has_else = matches!(self.operators()[middle], Operator::Else);
            let end = if has_else { self.block_end(middle + 1) } else { middle };
            let arms = [Some(at + 1..middle), has_else.then_some(middle + 1..end)];
            for arm in arms.into_iter().flatten() {
                let mut by = if is_if { vec![Operator::Drop] } else { Vec::new() };
                if self.unlabelled(arm, &mut by).is_some() && self.swap(reducer, at..end + 1, by) {
                    break;
                }
            }
        }
    }

    /// The instructions of a block without its label; `None` if something
    /// branches to it.
    fn unlabelled(&self, arm: Range<usize>, into: &mut Vec<Operator<'a>>) -> Option<()> {
        let mut depth = 0;
        for operator in &self.operators()[arm] {
            let mut operator = operator.clone();
            match &mut operator {
                Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => depth += 1,
                Operator::End => depth -= 1,
                Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => {
                    if *relative_depth == depth {
                        return None;
                    }
                    if *relative_depth > depth {
                        *relative_depth -= 1;
                    }
                }
                // Other branches would need their own arithmetic.
                Operator::BrTable { .. }
                | Operator::BrOnNull { .. }
                | Operator::BrOnNonNull { .. }
                | Operator::BrOnCast { .. }
                | Operator::BrOnCastFail { .. }
                | Operator::TryTable { .. } => return None,
                _ => {}
            }
            into.push(operator);
        }
        Some(())
    }

    /// Instructions that give one value: with all that computes their operands
    /// replaced by a zero or a one, or by one of the operands.
    fn replace_expressions(&mut self, reducer: &mut Reducer<'_>) {
        let mut at = self.len();
        while at > 0 && !reducer.is_over() {
            at -= 1;
            if at < self.len() {
                while self.replace_expression(reducer, at) && at < self.len() {}
            }
        }
    }

    fn replace_expression(&mut self, reducer: &mut Reducer<'_>, at: usize) -> bool {
        let (before, after) = (&self.points[at], &self.points[at + 1]);
        let is_block = before.depth > after.depth;
        let is_plain = before.depth == after.depth && !before.is_dead;
        if !(is_plain || is_block) || after.is_dead || after.stack.is_empty() {
            return false;
        }
        // An expression leaves one value where its operands began.
        let base = after.stack.len() - 1;
        let ty = after.stack[base];
        let Some(start) = self.start_of(at, after.depth, base) else { return false };
        for constant in default_of(ty).into_iter().chain(one_of(ty)) {
            if at == start && self.operators()[at] == constant {
                // Zero is simpler than one, and one than anything else.
                break;
            }
            if self.swap(reducer, start..at + 1, vec![constant]) {
                return true;
            }
        }
        if is_block {
            // Its operands are out of sight of its end.
            return false;
        }
        let operands: Vec<Range<usize>> = (base..self.points[at].stack.len())
            .filter(|height| self.points[at].stack[*height] == ty)
            .filter_map(|height| {
                let end = if height + 1 == self.points[at].stack.len() {
                    at
                } else {
                    self.operand_start(at, height + 1)?
                };
                Some(self.operand_start(at, height)?..end)
            })
            .collect();
        operands.into_iter().any(|operand| {
            let by = self.operators()[operand].to_vec();
            by.len() < at + 1 - start && self.swap(reducer, start..at + 1, by)
        })
    }

    /// Where the computation of the operand at `height` of the instruction `at` begins.
    fn operand_start(&self, at: usize, height: usize) -> Option<usize> {
        self.start_of(at, self.points[at].depth, height)
    }

    /// The last point up to `at` inside as many blocks and with as many values on
    /// the stack, if none between has fewer of either.
    pub(crate) fn start_of(&self, at: usize, depth: u32, height: usize) -> Option<usize> {
        let mut index = at;
        loop {
            let point = &self.points[index];
            if point.depth < depth || (point.is_dead && point.depth == depth) {
                return None;
            }
            if point.depth == depth && point.stack.len() <= height {
                return (point.stack.len() == height).then_some(index);
            }
            index = index.checked_sub(1)?;
        }
    }

    /// Locals that nothing mentions.
    fn drop_locals(&mut self, reducer: &mut Reducer<'_>) {
        let Some(params) = self.parts.params(self.body) else { return };
        let body = &self.parts.bodies[self.body];
        let types =
            body.locals.iter().flat_map(|(count, ty)| vec![*ty; (*count).min(4096) as usize]);
        let types: Vec<ValType> = types.collect();
        let mentioned: Vec<u32> = body.operators.iter().filter_map(local).collect();
        let kept: Vec<u32> = (params..params + types.len() as u32)
            .filter(|index| mentioned.contains(index))
            .collect();
        if kept.len() == types.len() {
            return;
        }
        let mut operators = body.operators.clone();
        for index in operators.iter_mut().filter_map(local_mut) {
            if *index >= params
                && let Some(position) = kept.iter().position(|kept| kept == index)
            {
                *index = params + position as u32;
            }
        }
        let locals = kept.iter().map(|index| (1, types[(index - params) as usize])).collect();
        self.offer_body(reducer, Body { locals, operators });
    }
}

fn local(operator: &Operator<'_>) -> Option<u32> {
    match operator {
        Operator::LocalGet { local_index }
        | Operator::LocalSet { local_index }
        | Operator::LocalTee { local_index } => Some(*local_index),
        _ => None,
    }
}

/// The local that an instruction is about.
pub(crate) fn local_mut<'o>(operator: &'o mut Operator<'_>) -> Option<&'o mut u32> {
    match operator {
        Operator::LocalGet { local_index }
        | Operator::LocalSet { local_index }
        | Operator::LocalTee { local_index } => Some(local_index),
        _ => None,
    }
}

fn default_of<'a>(ty: ValType) -> Option<Operator<'a>> {
    Some(match ty {
        ValType::I32 => Operator::I32Const { value: 0 },
        ValType::I64 => Operator::I64Const { value: 0 },
        ValType::F32 => Operator::F32Const { value: 0f32.into() },
        ValType::F64 => Operator::F64Const { value: 0f64.into() },
        ValType::V128 => return None,
        ValType::Ref(ty) => return null(ty),
    })
}

fn null<'a>(ty: RefType) -> Option<Operator<'a>> {
    let is_abstract = matches!(ty.heap_type(), HeapType::Abstract { .. });
    (ty.is_nullable() && is_abstract).then_some(Operator::RefNull { hty: ty.heap_type() })
}

fn one_of<'a>(ty: ValType) -> Option<Operator<'a>> {
    Some(match ty {
        ValType::I32 => Operator::I32Const { value: 1 },
        ValType::I64 => Operator::I64Const { value: 1 },
        ValType::F32 => Operator::F32Const { value: 1f32.into() },
        ValType::F64 => Operator::F64Const { value: 1f64.into() },
        _ => return None,
    })
}
