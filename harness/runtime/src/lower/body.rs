//! One function body (§ binary/modules, code section).

use crate::decode::reader::{Checked, Reader, limit, malformed};
use crate::lower::control::{Frame, Kind};
use crate::lower::{Lower, NONE};
use crate::module::Body;
use crate::validate::context::Signature;

/// Instructions of one module; the bits above tell fixups apart.
const INSTRS_MAX: usize = 1 << 30;

impl Lower {
    /// Validate and lower the body of the function with this index.
    pub(crate) fn function(&mut self, r: &mut Reader<'_>, index: usize) -> Checked<()> {
        let signature = self.context.signatures[self.context.module.funcs[index] as usize];
        let start = self.here();
        self.begin_locals(signature.params);
        self.initialized.begin(signature.params.len);
        let param_slots = self.local_slots() as u16;
        self.declare_locals(r)?;
        self.begin(signature);
        self.operators(r)?;
        if self.code.instrs.len() >= INSTRS_MAX || self.code.targets.len() >= INSTRS_MAX {
            return Err(limit(r.pos(), "too many instructions"));
        }
        let body = self.body(start, param_slots, signature);
        self.code.bodies.push(body);
        Ok(())
    }

    /// Enter the label of a function or constant expression.
    pub(super) fn begin(&mut self, signature: Signature) {
        self.truncate(0);
        self.frames.clear();
        self.floor = 0;
        self.live = true;
        self.top = self.local_slots() as u32;
        self.peak = self.top;
        self.definition = NONE;
        self.fuel = NONE;
        self.frames.push(Frame {
            params: crate::validate::context::Types::NONE,
            results: signature.results,
            base: self.top,
            ..Frame::new(Kind::Func)
        });
    }

    /// Describe what was lowered since `start`.
    pub(super) fn body(&self, start: u32, param_slots: u16, signature: Signature) -> Body {
        let result_slots = self.context.slots(signature.results);
        let frame_slots = self.peak.max(result_slots);
        let local_slots = self.local_slots() as u16;
        let cleared = match self.context.definitions.has_objects() {
            true => frame_slots.min(u32::from(u16::MAX)) as u16,
            false => local_slots,
        };
        Body {
            start,
            param_slots,
            local_slots,
            cleared_slots: cleared,
            frame_slots,
            result_slots: result_slots as u16,
        }
    }

    /// Operators up to the `end` of the function, which must be the body's.
    fn operators(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        while !self.frames.is_empty() {
            self.at = r.pos();
            let Some(opcode) = r.next() else {
                return Err(malformed(self.at, "binary/instructions", "END opcode expected"));
            };
            if self.code.metered {
                self.charge(opcode);
            }
            self.operator(opcode, r)?;
        }
        if !r.at_end() {
            return Err(malformed(
                r.pos(),
                "binary/modules, code section",
                "section size mismatch",
            ));
        }
        Ok(())
    }
}
