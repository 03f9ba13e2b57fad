//! Lowered code as text, one instruction a line, for people and tests.
//!
//! `r3 = I32Add r1 r2` writes slot 3; numbers without `r` are immediates; targets of
//! branches are lines of the same listing.

use std::fmt;

use crate::catch::Clause;
use crate::ir::{CODE_PADDING, Instr, Op, unpack};
use crate::module::{Body, Code, Module};

/// Which fields an operation uses, in the order in which they are written: `=` says
/// that `d` is a result, `i` is the immediate, `p` two packed ones, `t` a target;
/// `T` one beside the type of a cast; `c` and `q` are one and two slots more in the
/// immediate, `h` its high half.
fn fields(op: Op) -> &'static str {
    match op {
        Op::Unreachable | Op::Return => "",
        Op::Fuel | Op::ElemDrop | Op::DataDrop => "i",
        Op::Return1 | Op::ThrowRef => "a",
        Op::Throw | Op::ReturnMany | Op::Call | Op::CallImport | Op::GlobalSet | Op::GlobalSet2 => {
            "ai"
        }
        Op::CallIndirect => "abp",
        Op::CallRef | Op::TableSet => "abi",
        Op::ReturnCall | Op::ReturnCallImport => "dai",
        Op::ReturnCallIndirect | Op::TableCopy | Op::TableInit => "dabp",
        Op::MemoryCopy | Op::MemoryInit => "dabp",
        Op::ReturnCallRef | Op::TableFill | Op::MemoryFill => "dabi",
        Op::Br => "t",
        Op::BrIf | Op::BrIfNot | Op::BrIfNull | Op::BrIfNonNull => "at",
        Op::I32AddBrIfImm => "=at",
        Op::I32AddBrIfNeImm | Op::I32AddBrIfLtSImm | Op::I32AddBrIfLtUImm => "=abt",
        Op::Copy | Op::Copy2 | Op::RefIsNull | Op::RefAsNonNull => "=a",
        Op::Const | Op::GlobalGet | Op::GlobalGet2 | Op::RefFunc => "=i",
        Op::TableSize | Op::MemorySize => "=i",
        Op::CopyMany | Op::TableGet | Op::MemoryGrow => "=ai",
        Op::Select | Op::Select2 | Op::TableGrow | Op::I8x16Shuffle => "=abi",
        Op::V128Const => "=i",
        Op::V128Bitselect | Op::I32x4RelaxedDotI8x16I7x16AddS => "=abc",
        Op::I64Add128 | Op::I64Sub128 => "=abq",
        Op::AtomicFence | Op::Yield => "",
        Op::BrIfCast | Op::BrIfNotCast => "aT",
        Op::RefTest | Op::RefCast | Op::StructNew => "=ai",
        Op::RefI31 | Op::I31GetS | Op::I31GetU | Op::ArrayLen => "=a",
        Op::StructNewDefault => "=i",
        Op::ArrayNew => "=abi",
        Op::ArrayNewDefault => "=bi",
        Op::ArrayNewFixed => "=ap",
        Op::ArrayNewData | Op::ArrayNewElem => "=abp",
        Op::ArrayFill => "dabc",
        Op::ArrayCopy => "dabq",
        Op::ArrayInitData | Op::ArrayInitElem => "dabch",
        _ => fields_by_name(&format!("{op:?}")),
    }
}

/// The families of operations that are named alike.
fn fields_by_name(name: &str) -> &'static str {
    const UNARY: [&str; 22] = [
        "Eqz", "Clz", "Ctz", "Popcnt", "Abs", "Neg", "Ceil", "Floor", "Trunc", "Nearest", "Sqrt",
        "Convert", "Extend", "Wrap", "Demote", "Promote", "V128Not", "AnyTrue", "AllTrue",
        "Bitmask", "Extadd", "Splat",
    ];
    let at = name.ends_with("At");
    match name {
        _ if name.starts_with("Atomic") && name.ends_with("Store") => "abi",
        _ if name.starts_with("Atomic") => "=abi",
        _ if name.starts_with("BrIf") && name.ends_with("Imm") => "at",
        _ if name.starts_with("BrIf") => "abt",
        _ if name.starts_with("StructGet") => "=ai",
        _ if name.starts_with("StructSet") => "abi",
        _ if name.starts_with("ArraySet") => "dab",
        _ if name.contains("Load") => {
            if at {
                "=abi"
            } else {
                "=ai"
            }
        }
        _ if name.contains("Store") => {
            if at {
                "dabi"
            } else {
                "abi"
            }
        }
        _ if name.ends_with("Imm") || name.contains("ExtractLane") => "=ai",
        _ if name.contains("ReplaceLane") => "=abi",
        _ if ["madd", "Madd", "Laneselect"].iter().any(|part| name.contains(part)) => "=abc",
        _ if UNARY.iter().any(|part| name.contains(part)) => "=a",
        _ => "=ab",
    }
}

/// The listing of one body.
struct Listing<'a> {
    code: &'a Code,
    body: Body,
    end: usize,
}

impl Listing<'_> {
    fn instr(&self, f: &mut fmt::Formatter<'_>, instr: Instr) -> fmt::Result {
        let Instr { op, d, a, b, imm } = instr;
        let fields = fields(op);
        if fields.starts_with('=') {
            write!(f, "r{d} = ")?;
        }
        write!(f, "{op:?}")?;
        let (low, high) = unpack(imm);
        for field in fields.chars() {
            match field {
                'd' => write!(f, " r{d}")?,
                'a' => write!(f, " r{a}")?,
                'b' => write!(f, " r{b}")?,
                'i' if imm > 0xffff_ffff => write!(f, " {imm:#x}")?,
                'i' => write!(f, " {imm}")?,
                'p' => write!(f, " {low} {high}")?,
                'c' => write!(f, " r{low}")?,
                'h' => write!(f, " {high}")?,
                'T' => write!(f, " {high:#x} -> {}", low - self.body.start)?,
                'q' => write!(f, " r{low} r{high}")?,
                't' if format!("{op:?}").ends_with("Imm") => {
                    write!(f, " {} -> {}", high as i32, low - self.body.start)?;
                }
                't' => write!(f, " -> {}", low - self.body.start)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn clause(&self, f: &mut fmt::Formatter<'_>, clause: &Clause) -> fmt::Result {
        let all = if clause.tag.is_none() { "_all" } else { "" };
        let reference = if clause.reference { "_ref" } else { "" };
        write!(f, " catch{all}{reference}")?;
        clause.tag.map_or(Ok(()), |tag| write!(f, " {tag}"))?;
        let target = self.code.targets[clause.target as usize] - self.body.start;
        write!(f, " r{} -> {target}", clause.slot)
    }

    fn table(&self, f: &mut fmt::Formatter<'_>, instr: Instr) -> fmt::Result {
        let (first, count) = unpack(instr.imm);
        write!(f, "BrTable r{} ->", instr.a)?;
        for target in &self.code.targets[first as usize..][..count as usize] {
            write!(f, " {}", target - self.body.start)?;
        }
        Ok(())
    }
}

impl fmt::Display for Listing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Body { param_slots, local_slots, frame_slots, result_slots, start, .. } = self.body;
        writeln!(
            f,
            "params {param_slots} locals {local_slots} frame {frame_slots} results {result_slots}"
        )?;
        let instrs = &self.code.instrs[start as usize..self.end];
        for (line, &instr) in instrs.iter().enumerate() {
            write!(f, "{line}: ")?;
            match instr.op {
                Op::BrTable => self.table(f, instr)?,
                _ => self.instr(f, instr)?,
            }
            writeln!(f)?;
        }
        let catches = &self.code.catches;
        for (run, table) in catches.runs(start, self.end as u32) {
            write!(f, "try {}..{}:", run.start - start, run.end - start)?;
            catches.clauses(table).iter().try_for_each(|clause| self.clause(f, clause))?;
            writeln!(f)?;
        }
        Ok(())
    }
}

impl Module {
    /// The register form of a body as text, for people: defined functions come first,
    /// then the constant expressions that need code. `None` if there are fewer bodies.
    pub fn listing(&self, body: usize) -> Option<String> {
        let code = &self.data().code;
        let body = *code.bodies.get(body)?;
        // Code of constant expressions lies before or behind that of functions, so
        // a body ends where whichever comes next starts.
        let starts = code.bodies.iter().map(|body| body.start as usize);
        let end = starts.filter(|&start| start > body.start as usize).min();
        let end = end.unwrap_or(code.instrs.len() - CODE_PADDING);
        Some(Listing { code, body, end }.to_string())
    }
}
