//! Makes a module fit for comparison.
//!
//! Sections are copied as they are, except: functions charge a budget (`charge`)
//! and make NaNs canonical (`body`), element segments are filled (`segments`), the
//! budget's global is added after all others, and exports get short names.

use arbitrary::{Result, Unstructured};
use gainsay_case::Proposal;
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, GlobalSection, GlobalType, RawSection,
    SectionId, ValType,
};
use wasmparser::{
    ElementSectionReader, ExternalKind, FunctionBody, GlobalSectionReader, Operator, Parser,
    Payload,
};

use crate::body::{Rewriter, Seen};
use crate::charge::Budget;
use crate::decide::one_in;
use crate::interface::{Export, Interface};
use crate::module::{Module, malformed};
use crate::reach::{proposal_of, proposals_of};
use crate::swarm::Swarm;

/// The name under which the budget is exported.
pub(crate) const BUDGET_EXPORT: &str = "fuel";

/// The sections of a module that are rewritten, and the others as they are.
#[derive(Default)]
struct Sections<'a> {
    raw: Vec<(u8, &'a [u8])>,
    globals: Option<GlobalSectionReader<'a>>,
    elements: Option<ElementSectionReader<'a>>,
    bodies: Vec<FunctionBody<'a>>,
}

/// The order of sections (§ binary/modules).
const ORDER: [SectionId; 13] = [
    SectionId::Type,
    SectionId::Import,
    SectionId::Function,
    SectionId::Table,
    SectionId::Memory,
    SectionId::Tag,
    SectionId::Global,
    SectionId::Export,
    SectionId::Start,
    SectionId::Element,
    SectionId::DataCount,
    SectionId::Code,
    SectionId::Data,
];

/// Rewrite a valid binary without exports of its own choosing.
pub(crate) fn instrument(
    bytes: &[u8],
    swarm: &Swarm,
    mask_addresses: bool,
    u: &mut Unstructured<'_>,
) -> Result<Module> {
    let mut interface = Interface::default();
    let sections = split(bytes, &mut interface)?;
    let budget = Budget { global: interface.globals.len() as u32, full: swarm.fuel };
    let reexports = one_in(u, 8)?;
    interface.exports = exports(&interface, swarm, reexports);

    let mut module = wasm_encoder::Module::new();
    let (code, mut seen) = code(&sections.bodies, &interface, budget, swarm, mask_addresses)?;
    seen.proposals.extend(proposals_of(&interface));
    for id in ORDER {
        match id {
            SectionId::Global => {
                module.section(&globals(&sections, budget, &mut seen)?);
            }
            SectionId::Export => {
                module.section(&export_section(&interface, swarm, budget));
            }
            SectionId::Element => {
                if let Some(reader) = &sections.elements {
                    module.section(&crate::segments::fill(reader.clone(), &interface, u)?);
                }
            }
            SectionId::Code => {
                if !code.is_empty() {
                    module.section(&code);
                }
            }
            _ => {
                let raw = sections.raw.iter().find(|(raw, _)| *raw == id as u8);
                if let Some((id, data)) = raw {
                    module.section(&RawSection { id: *id, data });
                }
            }
        }
    }
    Ok(Module { bytes: module.finish(), interface, seen })
}

fn split<'a>(bytes: &'a [u8], interface: &mut Interface) -> Result<Sections<'a>> {
    let mut sections = Sections::default();
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.map_err(malformed)?;
        interface.read(&payload).map_err(malformed)?;
        if let Some((id, range)) = payload.as_section() {
            sections.raw.push((id, &bytes[range.start as usize..range.end as usize]));
        }
        match payload {
            Payload::GlobalSection(reader) => sections.globals = Some(reader),
            Payload::ElementSection(reader) => sections.elements = Some(reader),
            Payload::CodeSectionEntry(body) => sections.bodies.push(body),
            _ => {}
        }
    }
    Ok(sections)
}

/// Short names that say what they are: `f0`, `g1`, `m0`, `t2`. What was imported is
/// exported again only now and then.
fn exports(interface: &Interface, swarm: &Swarm, reexports: bool) -> Vec<Export> {
    let mutable_globals = swarm.has(Proposal::MutableGlobal);
    let mut exports = Vec::new();
    let mut space = |letter: char, kind, imported: usize, count: usize| {
        let first = if reexports { 0 } else { imported };
        for index in first..count {
            if kind == ExternalKind::Global && interface.globals[index].mutable && !mutable_globals
            {
                continue;
            }
            let name = format!("{letter}{index}");
            exports.push(Export { name, kind, index: index as u32 });
        }
    };
    let imported = interface.imported;
    space('f', ExternalKind::Func, imported.funcs, interface.funcs.len());
    space('g', ExternalKind::Global, imported.globals, interface.globals.len());
    space('m', ExternalKind::Memory, imported.memories, interface.memories.len());
    space('t', ExternalKind::Table, imported.tables, interface.tables.len());
    space('e', ExternalKind::Tag, imported.tags, interface.tags.len());
    exports
}

fn export_section(interface: &Interface, swarm: &Swarm, budget: Budget) -> ExportSection {
    let mut section = ExportSection::new();
    for export in &interface.exports {
        section.export(&export.name, export.kind.into(), export.index);
    }
    if swarm.has(Proposal::MutableGlobal) {
        section.export(BUDGET_EXPORT, ExportKind::Global, budget.global);
    }
    section
}

fn globals(sections: &Sections<'_>, budget: Budget, seen: &mut Seen) -> Result<GlobalSection> {
    let mut section = GlobalSection::new();
    for global in sections.globals.iter().flat_map(|reader| reader.clone().into_iter()) {
        let global = global.map_err(malformed)?;
        let mut init = global.init_expr.get_binary_reader();
        let range = init.remaining_range();
        let init = init.read_bytes((range.end - range.start) as usize).map_err(malformed)?;
        let ty = GlobalType::try_from(global.ty).map_err(|_| arbitrary::Error::IncorrectFormat)?;
        let body = init.strip_suffix(&[0x0b]).unwrap_or(init);
        section.global(ty, &ConstExpr::raw(body.iter().copied()));
        note_constant_expression(&global.init_expr, seen)?;
    }
    let ty = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
    section.global(ty, &ConstExpr::i32_const(budget.full.cast_signed()));
    Ok(section)
}

fn note_constant_expression(init: &wasmparser::ConstExpr<'_>, seen: &mut Seen) -> Result<()> {
    let mut arithmetic = false;
    for operator in init.get_operators_reader() {
        let operator = operator.map_err(malformed)?;
        seen.proposals.extend(proposal_of(&operator));
        seen.initial.extend(proposal_of(&operator));
        use Operator::*;
        arithmetic |= matches!(operator, I32Add | I32Sub | I32Mul | I64Add | I64Sub | I64Mul);
    }
    if arithmetic {
        seen.proposals.insert(Proposal::ExtendedConst);
        seen.initial.insert(Proposal::ExtendedConst);
    }
    Ok(())
}

fn code(
    bodies: &[FunctionBody<'_>],
    interface: &Interface,
    budget: Budget,
    swarm: &Swarm,
    mask_addresses: bool,
) -> Result<(CodeSection, Seen)> {
    let rewriter = |canonical| Rewriter {
        budget,
        interface,
        mask_addresses,
        canonical,
        seen: Seen::default(),
    };
    let (code, seen) = rewrite(rewriter(true), bodies)?;
    // Where no instruction can make a NaN, all bits are determined, and that must
    // be compared too. In a linked case the other module may make them.
    if seen.nan_leaks > 0 && seen.nan_sources == 0 && !swarm.linked {
        return rewrite(rewriter(false), bodies);
    }
    Ok((code, seen))
}

fn rewrite(mut rewriter: Rewriter<'_>, bodies: &[FunctionBody<'_>]) -> Result<(CodeSection, Seen)> {
    let mut section = CodeSection::new();
    for (defined, body) in bodies.iter().enumerate() {
        let func = (rewriter.interface.imported.funcs + defined) as u32;
        let params = rewriter.interface.signature(func).map_or(0, |ty| ty.params().len() as u32);
        section.raw(&rewriter.rewrite(body, params).map_err(malformed)?);
    }
    Ok((section, rewriter.seen))
}
