//! An engine that executes nothing: what an export does is in its name.

use std::collections::{BTreeMap, BTreeSet};

use gainsay_case::{
    Capabilities, Detail, Engine, EngineInfo, HostCall, InstanceState, LimitKind, Limits, RefKind,
    RefusalKind, Session, StepFailure, TrapKind, Value,
};
use wasmparser::{Parser, Payload, Validator};

/// Valid modules instantiate if all they import from is registered. A start
/// section traps, a table is too much to ask, and a global panics.
pub struct Toy {
    info: EngineInfo,
    /// Whether it has sessions for other threads.
    pub forks: bool,
    /// Whether it says which phase refused a module.
    pub tells_refusals: bool,
}

impl Toy {
    pub fn new() -> Toy {
        let name = "toy".to_owned();
        let capabilities = Capabilities::new();
        Toy {
            info: EngineInfo {
                id: name.clone(),
                implementation: name.clone(),
                version: name,
                capabilities,
            },
            forks: false,
            tells_refusals: false,
        }
    }
}

impl Engine for Toy {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    fn session(&self, _: &Limits) -> Result<Box<dyn Session>, String> {
        let (forks, tells_refusals) = (self.forks, self.tells_refusals);
        Ok(Box::new(ToySession { forks, tells_refusals, ..ToySession::default() }))
    }
}

#[derive(Default)]
struct ToySession {
    modules: BTreeMap<String, Vec<u8>>,
    registered: BTreeSet<String>,
    forks: bool,
    tells_refusals: bool,
    refusal: Option<RefusalKind>,
}

impl Session for ToySession {
    fn detail(&mut self) -> Option<Detail> {
        let refusal = self.refusal.filter(|_| self.tells_refusals)?;
        Some(Detail { refusal: Some(refusal), message: String::new() })
    }

    fn fork(&mut self, _: Option<&str>) -> Result<Box<dyn Session + Send>, StepFailure> {
        match self.forks {
            true => Ok(Box::new(ToySession { forks: true, ..ToySession::default() })),
            false => Err(StepFailure::Unsupported("threads of a script".to_owned())),
        }
    }

    fn define(&mut self, module: &str, bytes: &[u8]) -> Result<(), StepFailure> {
        let is_whole = Parser::new(0).parse_all(bytes).all(|payload| payload.is_ok());
        self.refusal = Some(if is_whole { RefusalKind::Invalid } else { RefusalKind::Malformed });
        Validator::new()
            .validate_all(bytes)
            .map_err(|error| StepFailure::Rejected(error.message().to_owned()))?;
        let has = |wanted: fn(&Payload<'_>) -> bool| {
            Parser::new(0).parse_all(bytes).any(|payload| payload.is_ok_and(|p| wanted(&p)))
        };
        if module != "spectest" && has(|payload| matches!(payload, Payload::TableSection(_))) {
            return Err(StepFailure::Unsupported("tables (at offset 0x7)".to_owned()));
        }
        if module != "spectest" && has(|payload| matches!(payload, Payload::GlobalSection(_))) {
            panic!("globals are too much");
        }
        self.modules.insert(module.to_owned(), bytes.to_owned());
        Ok(())
    }

    fn instantiate(&mut self, module: &str, _: &str) -> Result<(), StepFailure> {
        for payload in Parser::new(0).parse_all(&self.modules[module]).map_while(Result::ok) {
            match payload {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports().map_while(Result::ok) {
                        if !self.registered.contains(import.module) {
                            return Err(StepFailure::Unlinkable(import.module.to_owned()));
                        }
                    }
                }
                Payload::StartSection { .. } => {
                    return Err(StepFailure::Trapped(TrapKind::Unreachable));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn register(&mut self, _: &str, name: &str) -> Result<(), StepFailure> {
        self.registered.insert(name.to_owned());
        Ok(())
    }

    fn invoke(&mut self, _: &str, field: &str, args: &[Value]) -> Result<Vec<Value>, StepFailure> {
        match field {
            "same" => Ok(args.to_vec()),
            "nan" => Ok(vec![Value::F32(0x7fc0_0001), Value::Opaque(RefKind::Func)]),
            "divide" => Err(StepFailure::Trapped(TrapKind::DivideByZero)),
            "deep" => Err(StepFailure::Limit(LimitKind::Stack)),
            "throw" => Err(StepFailure::Uncaught(None)),
            "panic" => panic!("no reason"),
            "lost" => Err(StepFailure::no_export("function", field)),
            _ => Err(StepFailure::Unsupported("no such export".to_owned())),
        }
    }

    fn get(&mut self, _: &str, _: &str) -> Result<Value, StepFailure> {
        Ok(Value::I32(1))
    }

    fn observe(&mut self, _: &str) -> InstanceState {
        InstanceState::new()
    }

    fn take_trace(&mut self) -> Vec<HostCall> {
        Vec::new()
    }
}
