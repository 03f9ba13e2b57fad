//! Engines that can be held to the contract.

use gainsay_case::{Case, Engine, EngineInfo, Limits, Outcome, execute};
use gainsay_supervisor::RemoteEngine;

/// An engine that runs cases.
pub trait Subject {
    /// As the engine describes itself.
    fn info(&self) -> &EngineInfo;

    /// Run a case from an empty session.
    ///
    /// # Errors
    /// There is no outcome: the worker of the engine ended.
    fn run(&self, case: &Case, limits: &Limits) -> Result<Outcome, String>;

    /// The engine itself, if it is in this process.
    fn engine(&self) -> Option<&dyn Engine>;
}

/// An engine in this process.
pub struct InProcess(pub Box<dyn Engine>);

impl Subject for InProcess {
    fn info(&self) -> &EngineInfo {
        self.0.info()
    }

    fn run(&self, case: &Case, limits: &Limits) -> Result<Outcome, String> {
        Ok(execute(&*self.0, case, limits))
    }

    fn engine(&self) -> Option<&dyn Engine> {
        Some(&*self.0)
    }
}

impl Subject for RemoteEngine {
    fn info(&self) -> &EngineInfo {
        self.info()
    }

    fn run(&self, case: &Case, limits: &Limits) -> Result<Outcome, String> {
        self.run(case, limits).map_err(|error| error.to_string())
    }

    fn engine(&self) -> Option<&dyn Engine> {
        None
    }
}
