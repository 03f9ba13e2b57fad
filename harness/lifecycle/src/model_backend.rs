//! The model as a backend: what has no engine in it, and every ability.

use crate::backend::{Abilities, Accounts, Backend};
use crate::model::Model;
use crate::op::Op;
use crate::op_outcome::OpOutcome;

/// Answers as the model says: right by definition, and so a thing to plant faults in.
#[derive(Debug)]
pub struct ModelBackend {
    abilities: Abilities,
    model: Model,
}

impl ModelBackend {
    /// With these abilities.
    pub fn new(abilities: Abilities) -> ModelBackend {
        ModelBackend { abilities, model: Model::new(abilities) }
    }
}

impl Backend for ModelBackend {
    fn id(&self) -> &str {
        "model"
    }

    fn version(&self) -> &str {
        env!("CARGO_PKG_VERSION")
    }

    fn abilities(&self) -> Abilities {
        self.abilities
    }

    fn apply(&mut self, op: &Op) -> OpOutcome {
        let expected = self.model.expect(op);
        let Some(outcome) = expected.usual().cloned() else {
            return OpOutcome::Broken(format!("{expected:?}"));
        };
        self.model.commit(op, &outcome);
        outcome
    }

    fn rest(&mut self) -> Accounts {
        self.model.end_all();
        self.model.accounts()
    }

    fn clear(&mut self) {
        self.model = Model::new(self.abilities);
    }
}
