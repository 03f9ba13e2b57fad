//! The reach of a case that was not generated here: read from its binaries.

use std::collections::BTreeMap;

use gainsay_case::{Capabilities, Case, Proposal, Step};
use wasmparser::{ConstExpr, ExternalKind, FunctionBody, Operator, Parser, Payload};

use crate::body::FunctionUse;
use crate::interface::{Export, Interface};
use crate::reach::{Reach, executed_by, executed_by_call, proposal_of, proposals_of, with_callees};

/// What a case has in it, as far as its binaries can be read; see [`Reach`]. Features are
/// known of generated cases only.
pub fn reach_of(case: &Case) -> Reach {
    let mut reach = Reach { attempts: 1, ..Reach::default() };
    let mut modules: BTreeMap<&str, Survey> = BTreeMap::new();
    let mut instances: BTreeMap<&str, &str> = BTreeMap::new();
    for step in &case.steps {
        let executed = match step {
            Step::Define { module, bytes } => {
                let survey = Survey::of(bytes);
                reach.module_bytes += bytes.len();
                reach.proposals.extend(survey.used.iter().copied());
                reach.modules.push(survey.used.clone());
                modules.insert(module, survey);
                Capabilities::new()
            }
            Step::Instantiate { module, instance } => {
                instances.insert(instance, module);
                modules.get(&**module).map(|survey| survey.initial.clone()).unwrap_or_default()
            }
            Step::Invoke { instance, field, .. } => {
                let module = instances.get(&**instance).and_then(|name| modules.get(name));
                module.map(|survey| survey.executed_by_call(field)).unwrap_or_default()
            }
            Step::Register { .. } | Step::Get { .. } => Capabilities::new(),
        };
        reach.steps.push(executed);
    }
    reach
}

/// The proposals that a binary uses, as far as it can be read.
pub fn proposals_in(bytes: &[u8]) -> Capabilities {
    Survey::of(bytes).used
}

/// What one binary has in it.
#[derive(Default)]
struct Survey {
    interface: Interface,
    /// By an instruction or a type.
    used: Capabilities,
    /// Executed when it is instantiated.
    initial: Capabilities,
    /// Executed by each function that it defines, with its callees.
    functions: Vec<Capabilities>,
}

impl Survey {
    fn of(bytes: &[u8]) -> Survey {
        let mut survey = Survey::default();
        let mut functions = Vec::new();
        for payload in Parser::new(0).parse_all(bytes) {
            let read = payload.and_then(|payload| survey.payload(&payload, &mut functions));
            if read.is_err() {
                break;
            }
        }
        let declared = proposals_of(&survey.interface);
        survey.used.extend(declared);
        if survey.shows_mutable_global() {
            survey.used.insert(Proposal::MutableGlobal);
        }
        survey.functions = with_callees(&functions, survey.interface.imported.funcs);
        survey
    }

    fn payload(
        &mut self,
        payload: &Payload<'_>,
        functions: &mut Vec<FunctionUse>,
    ) -> wasmparser::Result<()> {
        self.interface.read(payload)?;
        match payload {
            Payload::ExportSection(reader) => {
                for export in reader.clone() {
                    let export = export?;
                    let (name, kind, index) = (export.name.to_owned(), export.kind, export.index);
                    self.interface.exports.push(Export { name, kind, index });
                }
            }
            Payload::GlobalSection(reader) => {
                for global in reader.clone() {
                    self.constant(&global?.init_expr)?;
                }
            }
            Payload::CodeSectionEntry(body) => functions.push(self.body(body)?),
            _ => {}
        }
        Ok(())
    }

    fn constant(&mut self, init: &ConstExpr<'_>) -> wasmparser::Result<()> {
        for operator in init.get_operators_reader() {
            use Operator::*;
            let operator = operator?;
            let arithmetic =
                matches!(operator, I32Add | I32Sub | I32Mul | I64Add | I64Sub | I64Mul);
            let proposals = [proposal_of(&operator), arithmetic.then_some(Proposal::ExtendedConst)];
            self.initial.extend(proposals.into_iter().flatten());
        }
        self.used.extend(self.initial.iter().copied());
        Ok(())
    }

    fn body(&mut self, body: &FunctionBody<'_>) -> wasmparser::Result<FunctionUse> {
        let mut function = FunctionUse::default();
        for operator in body.get_operators_reader()? {
            let operator = operator?;
            self.used.extend(proposal_of(&operator));
            executed_by(&operator, &self.interface, &mut function.executed);
            if let Operator::Call { function_index } | Operator::ReturnCall { function_index } =
                operator
            {
                function.callees.push(function_index);
            }
        }
        Ok(function)
    }

    /// What a call of the exported function executes.
    fn executed_by_call(&self, field: &str) -> Capabilities {
        let is_it = |export: &&Export| export.name == field && export.kind == ExternalKind::Func;
        let Some(func) = self.interface.exports.iter().find(is_it).map(|export| export.index)
        else {
            return Capabilities::new();
        };
        let mut executed = self.interface.signature(func).map(executed_by_call).unwrap_or_default();
        let defined = (func as usize).checked_sub(self.interface.imported.funcs);
        if let Some(body) = defined.and_then(|defined| self.functions.get(defined)) {
            executed.extend(body);
        }
        // A body may write the global that is shown.
        if defined.is_some() && self.shows_mutable_global() {
            executed.insert(Proposal::MutableGlobal);
        }
        executed
    }

    /// Whether a mutable global is imported or exported, which is what the proposal allows.
    fn shows_mutable_global(&self) -> bool {
        let Interface { globals, imported, exports, .. } = &self.interface;
        let exported = exports.iter().filter(|export| export.kind == ExternalKind::Global);
        let exported = exported.filter_map(|export| globals.get(export.index as usize));
        globals.iter().take(imported.globals).chain(exported).any(|global| global.mutable)
    }
}
