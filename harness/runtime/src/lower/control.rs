//! Blocks and their ends (§ valid/instructions, control instructions).

use crate::decode::reader::{Checked, Fault, Reader};
use crate::decode::types::{disabled, val_type};
use crate::ir::Op;
use crate::lower::relation::Condition;
use crate::lower::{Lower, NONE};
use crate::validate::context::{Signature, Types};
use crate::validate::ty::Ty;

/// What a label belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Func,
    Block,
    Loop,
    If,
    Else,
    Try,
}

/// A label (§ appendix/algorithm, control stack).
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    /// The rest of the block cannot be reached: its stack is polymorphic.
    pub(super) unreachable: bool,
    /// Whether control can get to the block's begin.
    pub(super) entered_live: bool,
    pub(super) params: Types,
    pub(super) results: Types,
    /// Operands below the parameters, and the slot of the first one above those.
    pub(super) height: u32,
    pub(super) base: u32,
    /// The latest branch to the label, which links to the one before; in a loop,
    /// the instruction to branch to.
    pub(super) target: u32,
    /// In an `if`: the branch to its `else`.
    pub(super) otherwise: u32,
    /// The last `br_table` that names this label, and its entry for it.
    pub(super) stamp: u32,
    pub(super) stub: u32,
    /// How many locals were initialized at the block's begin.
    pub(super) initialized: u32,
}

impl Frame {
    pub(super) const fn new(kind: Kind) -> Frame {
        Frame {
            kind,
            unreachable: false,
            entered_live: true,
            params: Types::NONE,
            results: Types::NONE,
            height: 0,
            base: 0,
            target: NONE,
            otherwise: NONE,
            stamp: 0,
            stub: NONE,
            initialized: 0,
        }
    }

    /// The types that a branch to this label takes along.
    #[inline]
    pub(super) fn label(&self) -> Types {
        match self.kind {
            Kind::Loop => self.params,
            _ => self.results,
        }
    }
}

impl Lower {
    /// § binary/instructions, control instructions: block types.
    pub(super) fn block_type(&mut self, r: &mut Reader<'_>) -> Checked<Signature> {
        let at = r.pos();
        if let Some(byte @ 0x40..0x80) = r.peek() {
            if byte == 0x40 {
                r.byte()?;
                return Ok(Signature { params: Types::NONE, results: Types::NONE });
            }
            let ty = val_type(r, &self.context)?;
            let ty = self.context.ty(ty);
            let results = self.context.single(ty);
            return Ok(Signature { params: Types::NONE, results });
        }
        let index = r.s33()?;
        if !self.context.features.multi_value {
            return Err(disabled(at, "multi-value"));
        }
        match u32::try_from(index) {
            Ok(index) => self.context.signature(index, at),
            Err(_) => Err(self.malformed("malformed block type")),
        }
    }

    #[inline(never)]
    pub(super) fn unreachable(&mut self) -> Checked<()> {
        if self.live {
            self.emit(Op::Unreachable, 0, 0, 0, 0);
        }
        self.set_unreachable();
        Ok(())
    }

    #[inline(never)]
    pub(super) fn block(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let signature = self.block_type(r)?;
        self.open(Kind::Block, signature)
    }

    #[inline(never)]
    pub(super) fn loop_(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let signature = self.block_type(r)?;
        self.open(Kind::Loop, signature)?;
        if self.live {
            self.end_block();
            let start = self.here();
            self.frame().target = start;
        }
        Ok(())
    }

    #[inline(never)]
    pub(super) fn if_(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let signature = self.block_type(r)?;
        let operand = self.pop(Ty::I32)?;
        let condition = if self.live { Some(self.condition(operand)) } else { None };
        self.open(Kind::If, signature)?;
        if let Some(condition) = condition {
            self.frame().otherwise = self.here();
            self.branch_unless(condition, NONE);
            self.end_block();
        }
        Ok(())
    }

    /// Push a label.
    pub(super) fn open(&mut self, kind: Kind, signature: Signature) -> Checked<()> {
        self.retype_top(signature.params)?;
        let count = signature.params.len as usize;
        let height = self.operands.len() - count;
        if self.live {
            self.spill(count);
        }
        let base = self.operands.get(height).map_or(self.top, |first| u32::from(first.canonical));
        self.frames.push(Frame {
            entered_live: self.live,
            params: signature.params,
            results: signature.results,
            height: height as u32,
            base,
            initialized: self.initialized.height(),
            ..Frame::new(kind)
        });
        self.floor = height;
        Ok(())
    }

    /// The innermost label.
    #[inline]
    pub(super) fn frame(&mut self) -> &mut Frame {
        // There is one while operators are read: the function's is closed last.
        self.frames.last_mut().expect("a label around every operator")
    }

    /// Nothing after this can be reached (§ appendix/algorithm, `unreachable`).
    #[inline(never)]
    pub(super) fn set_unreachable(&mut self) {
        let frame = self.frame();
        frame.unreachable = true;
        let (height, base) = (frame.height as usize, frame.base);
        self.truncate(height);
        self.top = base;
        self.live = false;
        self.end_block();
    }

    #[inline(never)]
    pub(super) fn else_(&mut self) -> Checked<()> {
        let frame = *self.frame();
        if frame.kind != Kind::If {
            return Err(self.malformed("END opcode expected: else without if"));
        }
        self.check_end(frame)?;
        if self.live {
            self.spill(frame.results.len as usize);
            self.branch_to_end();
        }
        self.reset_to(frame);
        self.initialized.reset(frame.initialized);
        self.live = frame.entered_live;
        if self.live {
            self.patch(frame.otherwise, self.here());
        }
        self.end_block();
        let frame = self.frame();
        frame.kind = Kind::Else;
        frame.unreachable = false;
        let params = frame.params;
        self.push_types(params)
    }

    /// Go to the end of the innermost block; the results are in place.
    fn branch_to_end(&mut self) {
        let link = self.here();
        let frame = self.frame();
        let before = std::mem::replace(&mut frame.target, link);
        self.emit(Op::Br, 0, 0, 0, u64::from(before));
    }

    /// Drop all operands of a block.
    fn reset_to(&mut self, frame: Frame) {
        self.truncate(frame.height as usize);
        self.top = frame.base;
    }

    /// The stack at the end of a block holds its results and nothing more.
    #[inline]
    fn check_end(&mut self, frame: Frame) -> Checked<()> {
        self.retype_top(frame.results)?;
        if self.operands.len() != self.floor + frame.results.len as usize {
            return Err(self.leftover());
        }
        Ok(())
    }

    #[cold]
    fn leftover(&self) -> Fault {
        self.invalid("type mismatch: values remaining on stack at end of block")
    }

    #[inline(never)]
    pub(super) fn end(&mut self) -> Checked<()> {
        let frame = *self.frame();
        self.check_end(frame)?;
        match frame.kind {
            Kind::Func => return self.end_function(frame),
            Kind::Loop => {}
            Kind::If => self.end_if(frame)?,
            Kind::Block | Kind::Else | Kind::Try => {
                if frame.kind == Kind::Try {
                    self.close_try(frame);
                }
                if frame.target != NONE {
                    self.join(frame);
                }
            }
        }
        if !self.live {
            self.reset_to(frame);
            self.push_types(frame.results)?;
            self.live = frame.target != NONE && frame.kind != Kind::Loop
                || frame.kind == Kind::If && frame.entered_live;
        }
        self.initialized.reset(frame.initialized);
        self.frames.pop();
        self.floor = self.frame().height as usize;
        Ok(())
    }

    /// Put the label of a block here.
    fn join(&mut self, frame: Frame) {
        if self.live {
            self.spill(frame.results.len as usize);
        }
        self.patch(frame.target, self.here());
        self.end_block();
    }

    /// An `if` without `else`: its parameters are its results.
    fn end_if(&mut self, frame: Frame) -> Checked<()> {
        if !self.context.matches(frame.params, frame.results) {
            return Err(self.invalid("type mismatch: if without else must not change the stack"));
        }
        if frame.entered_live {
            self.join(frame);
            self.patch(frame.otherwise, self.here());
        }
        Ok(())
    }

    fn end_function(&mut self, frame: Frame) -> Checked<()> {
        if self.live && frame.results.len > 0 {
            self.emit_return(frame.results);
            self.live = false;
        }
        if frame.target != NONE {
            // Only branches without values come here (see `branch`), and exceptions,
            // whose values are in canonical slots.
            self.patch(frame.target, self.here());
            self.end_block();
            self.live = true;
            self.reset_to(frame);
            self.push_types(frame.results)?;
        }
        if self.live {
            self.emit_return(frame.results);
        }
        self.frames.pop();
        Ok(())
    }

    /// The branch of an `if`: on to its `else` if the condition does not hold.
    pub(super) fn branch_unless(&mut self, condition: Condition, target: u32) {
        self.emit_condition(condition.inverse(), target);
    }
}
