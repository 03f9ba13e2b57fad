//! Functions with fewer parameters and results.

use std::collections::BTreeMap;

use gainsay_case::{Case, Step};
use wasmparser::{CompositeInnerType, ExternalKind, FuncType, Operator};

use crate::body::local_mut;
use crate::parts::{Parts, Space};
use crate::reducer::Reducer;

pub(crate) fn reduce(reducer: &mut Reducer<'_>, step: usize) {
    let Some(bytes) = reducer.module(step) else { return };
    let Some(parts) = Parts::parse(&bytes) else { return };
    for body in 0..parts.bodies.len() {
        while drop_last_result(reducer, step, body) {}
        drop_params(reducer, step, body);
    }
}

/// The last result is dropped at the end of the body. Where it returns earlier
/// the module becomes invalid, and the candidate fails.
fn drop_last_result(reducer: &mut Reducer<'_>, step: usize, body: usize) -> bool {
    let Some(bytes) = reducer.module(step) else { return false };
    let Some(mut parts) = Parts::parse(&bytes) else { return false };
    let Some(ty) = signature(&parts, body) else { return false };
    let Some((_, results)) = ty.results().split_last() else { return false };
    retype(&mut parts, body, FuncType::new(ty.params().to_vec(), results.to_vec()));
    let operators = &mut parts.bodies[body].operators;
    operators.insert(operators.len() - 1, Operator::Drop);
    reducer.offer_module(step, parts.encode())
}

/// Parameters that the body does not mention; whoever calls it passes fewer.
fn drop_params(reducer: &mut Reducer<'_>, step: usize, body: usize) {
    let Some(bytes) = reducer.module(step) else { return };
    let Some(parts) = Parts::parse(&bytes) else { return };
    let Some(ty) = signature(&parts, body) else { return };
    for param in (0..ty.params().len()).rev() {
        drop_param(reducer, step, body, param);
    }
}

fn drop_param(reducer: &mut Reducer<'_>, step: usize, body: usize, param: usize) {
    let Some(bytes) = reducer.module(step) else { return };
    let Some(mut parts) = Parts::parse(&bytes) else { return };
    let Some(ty) = signature(&parts, body) else { return };
    for operator in &mut parts.bodies[body].operators {
        match local_mut(operator) {
            Some(index) if *index as usize == param => return,
            Some(index) if *index as usize > param => *index -= 1,
            _ => {}
        }
    }
    let mut params = ty.params().to_vec();
    params.remove(param);
    retype(&mut parts, body, FuncType::new(params, ty.results().to_vec()));
    let Some(binary) = parts.encode() else { return };
    let mut candidate = reducer.case.clone();
    let names = exported_names(&parts, body);
    drop_arguments(&mut candidate, step, &names, param);
    if let Step::Define { bytes, .. } = &mut candidate.steps[step] {
        *bytes = binary.into();
    }
    reducer.offer(candidate);
}

fn signature(parts: &Parts<'_>, body: usize) -> Option<FuncType> {
    let index = *parts.functions.get(body)? as usize;
    let ty = parts.types.iter().flat_map(|group| group.types()).nth(index)?;
    match &ty.composite_type.inner {
        CompositeInnerType::Func(ty) => Some(ty.clone()),
        _ => None,
    }
}

fn retype(parts: &mut Parts<'_>, body: usize, ty: FuncType) {
    let index = parts.len(Space::Type) as u32;
    parts.new_types.push(ty);
    parts.functions[body] = index;
}

fn exported_names(parts: &Parts<'_>, body: usize) -> Vec<String> {
    let function = (parts.imported(Space::Function) + body) as u32;
    let is_it = |export: &&wasmparser::Export<'_>| {
        export.kind == ExternalKind::Func && export.index == function
    };
    parts.exports.iter().filter(is_it).map(|export| export.name.to_owned()).collect()
}

/// Take the argument away from all calls of these exports of the module defined at `step`.
fn drop_arguments(case: &mut Case, step: usize, names: &[String], param: usize) {
    let Step::Define { module: defined, .. } = &case.steps[step] else { return };
    let defined = defined.clone();
    let mut modules: BTreeMap<String, String> = BTreeMap::new();
    for step in &mut case.steps {
        match step {
            Step::Instantiate { module, instance } => {
                modules.insert(instance.clone(), module.clone());
            }
            Step::Invoke { instance, field, args }
                if modules.get(instance) == Some(&defined)
                    && names.contains(field)
                    && param < args.len() =>
            {
                args.remove(param);
            }
            _ => {}
        }
    }
}
