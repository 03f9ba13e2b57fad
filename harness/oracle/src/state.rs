//! Compares what is left after the last step: exported globals, memories, tables.

use gainsay_case::{ExportState, InstanceState};

use crate::divergence::DivergenceKind;
use crate::normal_outcome::NormalOutcome;
use crate::values::Sameness;

/// Whether two instances look the same from outside, up to the choice of NaN.
pub(crate) fn same_state(
    values: Sameness,
    left: Option<&InstanceState>,
    right: Option<&InstanceState>,
) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => first_difference(values, left, right).is_none(),
        (None, None) => true,
        _ => false,
    }
}

/// The name of the first export that differs.
pub(crate) fn first_difference<'a>(
    values: Sameness,
    left: &'a InstanceState,
    right: &'a InstanceState,
) -> Option<&'a str> {
    let mut names: Vec<&str> = left.keys().chain(right.keys()).map(String::as_str).collect();
    names.sort_unstable();
    names.into_iter().find(|name| match (left.get(*name), right.get(*name)) {
        (Some(left), Some(right)) => !same_export(values, left, right),
        _ => true,
    })
}

fn same_export(values: Sameness, left: &ExportState, right: &ExportState) -> bool {
    match (left, right) {
        (ExportState::Global { value: left }, ExportState::Global { value: right }) => {
            values.same(left, right)
        }
        _ => left == right,
    }
}

/// The kind of difference between two states of one export.
pub(crate) fn kind_of_difference(
    left: Option<&ExportState>,
    right: Option<&ExportState>,
) -> DivergenceKind {
    match (left, right) {
        (Some(ExportState::Global { .. }), Some(ExportState::Global { .. })) => {
            DivergenceKind::Global
        }
        (Some(ExportState::Memory { .. }), Some(ExportState::Memory { .. })) => {
            DivergenceKind::Memory
        }
        (Some(ExportState::Table { .. }), Some(ExportState::Table { .. })) => DivergenceKind::Table,
        _ => DivergenceKind::Exports,
    }
}

/// Whether a memory or table of another size can explain all that differs: one
/// engine refused to grow it (§ exec/instructions, `memory.grow`).
pub(crate) fn sizes_differ(left: &InstanceState, right: &InstanceState) -> bool {
    left.iter().any(|(name, left)| match (left, right.get(name)) {
        (ExportState::Memory { bytes, .. }, Some(ExportState::Memory { bytes: other, .. })) => {
            bytes != other
        }
        (ExportState::Table { size, .. }, Some(ExportState::Table { size: other, .. })) => {
            size != other
        }
        _ => false,
    })
}

/// The kind of an export's state, stable from case to case.
pub(crate) fn summarise(export: Option<&ExportState>) -> NormalOutcome {
    NormalOutcome::Named(match export {
        Some(ExportState::Global { value }) => {
            format!("global:{}", format!("{:?}", value.ty()).to_lowercase())
        }
        Some(ExportState::Memory { .. }) => "memory".to_owned(),
        Some(ExportState::Table { .. }) => "table".to_owned(),
        None => "absent".to_owned(),
    })
}

/// An export's state as a person reads it.
pub(crate) fn detail(export: Option<&ExportState>) -> String {
    match export {
        Some(ExportState::Global { value }) => value.to_string(),
        Some(ExportState::Memory { bytes, hash }) => format!("{bytes} bytes, hash {hash:016x}"),
        Some(ExportState::Table { size, hash }) => format!("{size} elements, hash {hash:016x}"),
        None => "absent".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use gainsay_case::{Case, Value};

    use super::*;

    fn first_difference<'a>(left: &'a InstanceState, right: &'a InstanceState) -> Option<&'a str> {
        super::first_difference(Sameness::of(&Case::default()), left, right)
    }

    fn state(exports: &[(&str, ExportState)]) -> InstanceState {
        exports.iter().map(|(name, export)| (String::from(*name), export.clone())).collect()
    }

    #[test]
    fn a_byte_of_memory_makes_a_difference() {
        let left = state(&[("m", ExportState::memory(&[0; 64]))]);
        let mut bytes = [0; 64];
        bytes[63] = 1;
        let right = state(&[("m", ExportState::memory(&bytes))]);
        assert_eq!(first_difference(&left, &right), Some("m"));
        assert!(!sizes_differ(&left, &right));
    }

    #[test]
    fn a_missing_export_makes_a_difference_on_either_side() {
        let none = state(&[]);
        let one = state(&[("g", ExportState::Global { value: Value::I32(1) })]);
        assert_eq!(first_difference(&none, &one), Some("g"));
        assert_eq!(first_difference(&one, &none), Some("g"));
        let kind = kind_of_difference(one.get("g"), none.get("g"));
        assert_eq!(kind, DivergenceKind::Exports);
    }

    #[test]
    fn nan_globals_are_the_same() {
        let left = state(&[("g", ExportState::Global { value: Value::F32(0x7fc0_0000) })]);
        let right = state(&[("g", ExportState::Global { value: Value::F32(0x7fc0_0001) })]);
        assert!(first_difference(&left, &right).is_none());
        assert!(left != right);
    }

    #[test]
    fn grown_tables_have_another_size() {
        let left = state(&[("t", ExportState::table([Value::Extern(1)].into_iter()))]);
        let right = state(&[("t", ExportState::table([Value::Extern(1); 2].into_iter()))]);
        assert!(sizes_differ(&left, &right));
    }
}
