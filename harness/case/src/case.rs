//! A case: modules and the steps to take with them.

use std::sync::Arc;

use crate::value::Value;

/// A sequence of steps over named modules and instances.
///
/// Its text form is a WAST script. Names are WAST identifiers without the `$`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Case {
    /// What is done, in order.
    pub steps: Vec<Step>,
}

/// One step of a case; each gets one [`crate::StepOutcome`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Decode and validate a module: `(module definition $name …)`.
    Define {
        /// The module's name.
        module: String,
        /// The binary.
        bytes: Arc<[u8]>,
    },
    /// Instantiate a defined module: `(module instance $instance $module)`.
    Instantiate {
        /// Which module.
        module: String,
        /// The name of the new instance; a later one of the same name replaces it.
        instance: String,
    },
    /// Offer an instance's exports to later imports: `(register "name" $instance)`.
    Register {
        /// Which instance.
        instance: String,
        /// The module name under which later imports find it.
        name: String,
    },
    /// Call an exported function: `(invoke $instance "field" …)`.
    Invoke {
        /// Which instance.
        instance: String,
        /// The name of the export.
        field: String,
        /// One value per parameter.
        args: Vec<Value>,
    },
    /// Read an exported global: `(get $instance "field")`.
    Get {
        /// Which instance.
        instance: String,
        /// The name of the export.
        field: String,
    },
}

impl Step {
    /// The instance that this step acts on or makes, if any.
    pub fn instance(&self) -> Option<&str> {
        match self {
            Step::Define { .. } => None,
            Step::Instantiate { instance, .. }
            | Step::Register { instance, .. }
            | Step::Invoke { instance, .. }
            | Step::Get { instance, .. } => Some(instance),
        }
    }
}

impl Case {
    /// The binaries that this case defines, in order, with their names.
    pub fn modules(&self) -> impl Iterator<Item = (&str, &Arc<[u8]>)> {
        self.steps.iter().filter_map(|step| match step {
            Step::Define { module, bytes } => Some((module.as_str(), bytes)),
            _ => None,
        })
    }
}
