//! Lowered code as text, one instruction a line, for people and tests.

use std::fmt;

use crate::ir::{Instr, Op, unpack};
use crate::module::{Body, Code, Module};

/// What the fields of an instruction mean.
enum Shape {
    /// Nothing but `imm`, if that.
    Plain,
    /// `d` is written.
    Defines,
    /// A target in the low half of `imm`.
    Branches,
}

fn shape(name: &str) -> Shape {
    const PLAIN: [&str; 21] = [
        "Unreachable", "Fuel", "BrTable", "Return", "Return1", "ReturnMany", "Call", "CallImport",
        "CallIndirect", "CallRef", "ReturnCall", "ReturnCallImport", "ReturnCallIndirect",
        "ReturnCallRef", "GlobalSet", "GlobalSet2", "TableSet", "TableFill", "TableCopy",
        "TableInit", "ElemDrop",
    ];
    const MORE: [&str; 4] = ["MemoryFill", "MemoryCopy", "MemoryInit", "DataDrop"];
    if name.starts_with("Br") && name != "BrTable" {
        Shape::Branches
    } else if PLAIN.contains(&name) || MORE.contains(&name) || name.contains("Store") {
        Shape::Plain
    } else {
        Shape::Defines
    }
}

/// The listing of one body.
struct Listing<'a> {
    code: &'a Code,
    body: Body,
    end: usize,
}

impl Listing<'_> {
    fn instr(&self, f: &mut fmt::Formatter<'_>, index: usize, instr: Instr) -> fmt::Result {
        let Instr { op, d, a, b, imm } = instr;
        let start = self.body.start;
        let name = format!("{op:?}");
        write!(f, "{:>4}  ", index as u32 - start)?;
        match shape(&name) {
            Shape::Branches => {
                let (target, constant) = unpack(imm);
                write!(f, "{name} a={a} b={b}")?;
                if name.ends_with("Imm") {
                    write!(f, " #{}", constant as i32)?;
                }
                writeln!(f, " -> {}", target - start)
            }
            Shape::Defines => writeln!(f, "r{d} = {name} a={a} b={b} imm={:#x}", imm),
            Shape::Plain if op == Op::BrTable => {
                let (first, count) = unpack(imm);
                write!(f, "BrTable a={a} ->")?;
                for target in &self.code.targets[first as usize..][..count as usize] {
                    write!(f, " {}", target - start)?;
                }
                writeln!(f)
            }
            Shape::Plain => writeln!(f, "{name} d={d} a={a} b={b} imm={imm:#x}"),
        }
    }
}

impl fmt::Display for Listing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Body { param_slots, local_slots, frame_slots, result_slots, start } = self.body;
        writeln!(
            f,
            "params {param_slots} locals {local_slots} frame {frame_slots} results {result_slots}"
        )?;
        for index in start as usize..self.end {
            self.instr(f, index, self.code.instrs[index])?;
        }
        Ok(())
    }
}

impl Module {
    /// The register form of a body as text: defined functions first, then the
    /// constant expressions that need code. `None` if there are fewer.
    pub fn listing(&self, body: usize) -> Option<String> {
        let code = &self.data().code;
        let body = *code.bodies.get(body)?;
        // Bodies of constant expressions lie between others, so the end is the next start.
        let starts = code.bodies.iter().map(|body| body.start as usize);
        let end = starts.filter(|&start| start > body.start as usize).min();
        let end = end.unwrap_or(code.instrs.len());
        Some(Listing { code, body, end }.to_string())
    }
}
