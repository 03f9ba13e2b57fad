//! Which worker serves which engine, as far as it is known.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use gainsay_case::EngineInfo;

/// What was learned of the workers of a specification and its copies: the position of the
/// worker that has an engine. It spares starting workers that have nothing of what is asked.
#[derive(Clone, Debug, Default)]
pub struct Routes(Arc<Mutex<BTreeMap<String, usize>>>);

impl Routes {
    /// Those of the ids that the worker at this position may have.
    pub(crate) fn open_to(&self, position: usize, ids: &[String]) -> Vec<String> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let may_have = |id: &&String| known.get(*id).is_none_or(|worker| *worker == position);
        ids.iter().filter(may_have).cloned().collect()
    }

    pub(crate) fn learn(&self, position: usize, engines: &[EngineInfo]) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for engine in engines {
            known.entry(engine.id.clone()).or_insert(position);
        }
    }
}
