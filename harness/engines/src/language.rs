//! An engine held to a language smaller than its own: Wasm 2.0, say, whose test
//! suite asserts that what 3.0 added is invalid.

use gainsay_case::{
    Capabilities, Detail, Engine, EngineInfo, HostCall, InstanceState, Limits, Proposal, Session,
    StepFailure, Value,
};

use crate::refusal;

/// `engine`, for whom modules outside of `language` are invalid and not merely
/// unsupported. It must have been made without the other proposals, but for those that it
/// has no switch for (`always_on`): what needs one of these is refused for it by the
/// reference's validator, before the engine sees it.
pub(crate) fn hold(
    engine: Box<dyn Engine>,
    language: Capabilities,
    always_on: &'static [Proposal],
) -> Box<dyn Engine> {
    Box::new(Held { engine, language, always_on })
}

struct Held {
    engine: Box<dyn Engine>,
    language: Capabilities,
    always_on: &'static [Proposal],
}

impl Engine for Held {
    fn info(&self) -> &EngineInfo {
        self.engine.info()
    }

    fn session(&self, limits: &Limits) -> Result<Box<dyn Session>, String> {
        let session = self.engine.session(limits)?;
        let (language, always_on) = (self.language.clone(), self.always_on);
        Ok(Box::new(HeldSession { session, language, always_on }))
    }
}

struct HeldSession {
    session: Box<dyn Session>,
    language: Capabilities,
    always_on: &'static [Proposal],
}

impl HeldSession {
    /// Why a module is refused for the engine, which could not refuse it by itself.
    fn beyond(&self, bytes: &[u8]) -> Option<String> {
        let missing = || self.always_on.iter().filter(|it| !self.language.contains(it));
        if missing().next().is_none() || refusal::is_within(bytes, &self.language) {
            return None;
        }
        let with: Capabilities = self.language.iter().chain(missing()).copied().collect();
        if !refusal::is_within(bytes, &with) {
            return None;
        }
        let names: Vec<&str> = missing()
            .filter(|proposal| {
                let without = with.iter().filter(|it| it != proposal).copied().collect();
                !refusal::is_within(bytes, &without)
            })
            .map(|proposal| proposal.name())
            .collect();
        Some(format!(
            "it needs {}, which is outside of the language; this engine cannot switch it off, so \
             the reference's validator refused the module for it",
            names.join(" and ")
        ))
    }
}

impl Session for HeldSession {
    fn define(&mut self, module: &str, bytes: &[u8]) -> Result<(), StepFailure> {
        if let Some(why) = self.beyond(bytes) {
            return Err(StepFailure::Rejected(why));
        }
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
    fn what_an_engine_cannot_switch_off_is_refused_for_it() {
        let extend = "(module (func (param i32) (result i32) (i32.extend8_s (local.get 0))))";
        for engine in ["wasmi", "wasmtime", "wasmtime-winch", "reference"] {
            let refused = define(engine, extend);
            let Err(StepFailure::Rejected(why)) = refused else { panic!("{engine}: {refused:?}") };
            assert_eq!(why.contains("sign-extension"), engine.starts_with("wasmtime"), "{why}");
            assert_eq!(define(engine, "(module (func (param i32)))"), Ok(()), "{engine}");
        }
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
