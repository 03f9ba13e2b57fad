//! An engine around another: what the hidden engines that test the harness share.

use gainsay_case::{
    Detail, Engine, EngineInfo, HostCall, InstanceState, Limits, Session, StepFailure, Value,
};

use crate::probe;

/// What a wrapper does differently; each method is called before the real thing.
pub(crate) trait FaultInjector: Clone + Send + 'static {
    /// The module to define in place of `bytes`, if another.
    fn define(&mut self, _module: &str, _bytes: &[u8]) -> Option<Vec<u8>> {
        None
    }

    /// The module `module` is about to become `instance`.
    fn instantiate(&mut self, _module: &str, _instance: &str) {}

    /// `instance` is about to be called.
    fn invoke(&mut self, _instance: &str) {}
}

/// `engine` under another name and with a fault injected. It counts as an implementation of
/// its own, or no oracle would hold it against the one inside.
pub(crate) fn wrap(
    id: &str,
    engine: Box<dyn Engine>,
    injector: impl FaultInjector,
) -> Box<dyn Engine> {
    let mut info = probe::unprobed(id, id, &engine.info().version);
    info.capabilities = engine.info().capabilities.clone();
    Box::new(Wrapped { info, engine, injector })
}

struct Wrapped<T> {
    info: EngineInfo,
    engine: Box<dyn Engine>,
    injector: T,
}

impl<T: FaultInjector> Engine for Wrapped<T> {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    fn session(&self, limits: &Limits) -> Result<Box<dyn Session>, String> {
        let session = self.engine.session(limits)?;
        Ok(Box::new(WrappedSession { session, injector: self.injector.clone() }))
    }
}

struct WrappedSession<T> {
    session: Box<dyn Session>,
    injector: T,
}

impl<T: FaultInjector> Session for WrappedSession<T> {
    fn define(&mut self, module: &str, bytes: &[u8]) -> Result<(), StepFailure> {
        let other = self.injector.define(module, bytes);
        self.session.define(module, other.as_deref().unwrap_or(bytes))
    }

    fn instantiate(&mut self, module: &str, instance: &str) -> Result<(), StepFailure> {
        self.injector.instantiate(module, instance);
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
        self.injector.invoke(inst);
        self.session.invoke(inst, field, args)
    }

    fn get(&mut self, instance: &str, field: &str) -> Result<Value, StepFailure> {
        self.session.get(instance, field)
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
