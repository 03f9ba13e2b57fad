//! The steps of a case: what is defined, instantiated, called and read.

use arbitrary::{Result, Unstructured};
use gainsay_case::{Case, Step};
use wasmparser::ExternalKind;

use crate::arguments::arguments;
use crate::decide::percent;
use crate::imports::encoded;
use crate::module::Module;

/// No case has more steps.
pub(crate) const STEPS_MAX: usize = 40;

/// A module of the case and the names it goes by.
pub(crate) struct Member {
    pub module: Module,
    /// The module's name; its instance's and its registered name are the same in
    /// lower case.
    pub name: &'static str,
    pub instance: &'static str,
    /// Whether our typed generator made it; else wasm-smith did.
    pub is_typed: bool,
}

/// The case that instantiates `members` in order and then calls them in turns.
pub(crate) fn plan(members: &[Member], u: &mut Unstructured<'_>) -> Result<Case> {
    let mut steps = Vec::new();
    for (position, member) in members.iter().enumerate() {
        let instance = || member.instance.to_owned();
        steps.push(Step::Define {
            module: member.name.to_owned(),
            bytes: member.module.bytes.as_slice().into(),
        });
        steps.push(Step::Instantiate { module: member.name.to_owned(), instance: instance() });
        if position + 1 < members.len() {
            steps.push(Step::Register { instance: instance(), name: instance() });
        }
    }
    let rounds = u.int_in_range(1..=3u8)?;
    for _ in 0..rounds {
        for member in members {
            calls(member, u, &mut steps)?;
        }
    }
    for member in members {
        reads(member, u, &mut steps)?;
    }
    Ok(Case { steps })
}

fn calls(member: &Member, u: &mut Unstructured<'_>, steps: &mut Vec<Step>) -> Result<()> {
    let interface = &member.module.interface;
    let functions = interface.exports.iter().filter(|export| export.kind == ExternalKind::Func);
    for export in functions {
        if steps.len() >= STEPS_MAX {
            break;
        }
        let Some(signature) = interface.signature(export.index) else { continue };
        let Some(params) = encoded(signature.params()) else { continue };
        let args = arguments(&params, interface, &member.module.seen.constants, u)?;
        if let Some(args) = args {
            let (instance, field) = (member.instance.to_owned(), export.name.clone());
            steps.push(Step::Invoke { instance, field, args });
        }
    }
    Ok(())
}

/// The final state has all exported globals, so a few are enough here.
fn reads(member: &Member, u: &mut Unstructured<'_>, steps: &mut Vec<Step>) -> Result<()> {
    let exports = &member.module.interface.exports;
    for export in exports.iter().filter(|export| export.kind == ExternalKind::Global) {
        if steps.len() >= STEPS_MAX || !percent(u, 15)? {
            break;
        }
        let (instance, field) = (member.instance.to_owned(), export.name.clone());
        steps.push(Step::Get { instance, field });
    }
    Ok(())
}
