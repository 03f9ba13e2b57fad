//! An engine held to a language smaller than its own: Wasm 2.0, say, whose test
//! suite asserts that what 3.0 added is invalid.

use gainsay_case::{
    Capabilities, Detail, Engine, EngineInfo, HostCall, InstanceState, Limits, Session,
    StepFailure, Value,
};

use crate::refusal;

/// `engine`, for whom modules outside of `language` are invalid and not merely
/// unsupported. It must have been made without the other proposals.
pub(crate) fn hold(engine: Box<dyn Engine>, language: Capabilities) -> Box<dyn Engine> {
    Box::new(Held { engine, language })
}

struct Held {
    engine: Box<dyn Engine>,
    language: Capabilities,
}

impl Engine for Held {
    fn info(&self) -> &EngineInfo {
        self.engine.info()
    }

    fn session(&self, limits: &Limits) -> Result<Box<dyn Session>, String> {
        let session = self.engine.session(limits)?;
        Ok(Box::new(HeldSession { session, language: self.language.clone() }))
    }
}

struct HeldSession {
    session: Box<dyn Session>,
    language: Capabilities,
}

impl Session for HeldSession {
    fn define(&mut self, module: &str, bytes: &[u8]) -> Result<(), StepFailure> {
        self.session.define(module, bytes).map_err(|failure| match failure {
            StepFailure::Unsupported(message) if !refusal::is_within(bytes, &self.language) => {
                StepFailure::Rejected(message)
            }
            other => other,
        })
    }

    fn instantiate(&mut self, module: &str, instance: &str) -> Result<(), StepFailure> {
        self.session.instantiate(module, instance)
    }

    fn register(&mut self, instance: &str, name: &str) -> Result<(), StepFailure> {
        self.session.register(instance, name)
    }

    fn invoke(
        &mut self,
        inst: &str,
        field: &str,
        args: &[Value],
    ) -> Result<Vec<Value>, StepFailure> {
        self.session.invoke(inst, field, args)
    }

    fn get(&mut self, instance: &str, field: &str) -> Result<Value, StepFailure> {
        self.session.get(instance, field)
    }

    fn fork(&mut self, instance: Option<&str>) -> Result<Box<dyn Session + Send>, StepFailure> {
        self.session.fork(instance)
    }

    fn detail(&mut self) -> Option<Detail> {
        self.session.detail()
    }

    fn observe(&mut self, instance: &str) -> InstanceState {
        self.session.observe(instance)
    }

    fn take_trace(&mut self) -> Vec<HostCall> {
        self.session.take_trace()
    }
}

#[cfg(test)]
mod tests {
    use gainsay_case::{Limits, Proposal, StepFailure};

    use crate::registry;

    fn define(engine: &str, text: &str) -> Result<(), StepFailure> {
        let language = [Proposal::BulkMemory, Proposal::ReferenceTypes, Proposal::MultiValue];
        let engines = registry::find_within(&[engine.to_owned()], &language.into());
        let engine = engines.expect("an embedded engine").remove(0);
        let mut session = engine.session(&Limits::default()).expect("a session");
        session.define("m", &wat::parse_str(text).expect("text"))
    }

    #[test]
    fn additions_of_a_later_version_are_invalid_in_an_earlier_one() {
        for engine in ["wasmi", "wasmtime"] {
            assert_eq!(define(engine, "(module (memory 1))"), Ok(()));
            let several = define(engine, "(module (memory 1) (memory 1))");
            assert!(matches!(several, Err(StepFailure::Rejected(_))), "{engine}: {several:?}");
            let wide = define(engine, "(module (memory i64 1))");
            assert!(matches!(wide, Err(StepFailure::Rejected(_))), "{engine}: {wide:?}");
        }
    }
}
