//! The embedded engines, as the worker finds them.

use gainsay_case::{Capabilities, Engine};
use gainsay_engines::registry::{self, Why};
use gainsay_protocol::MissingEngine;

/// The engines that could be had, and those that could not.
#[derive(Default)]
pub struct FoundEngines {
    /// In the order asked for.
    pub engines: Vec<Box<dyn Engine>>,
    /// The rest.
    pub missing: Vec<MissingEngine>,
}

/// Open each engine by itself, so that one which is missing does not hide the rest,
/// and hold it to a language if there is one. Of an engine that is asked for twice there
/// is one; where none are asked for, the usual ones are opened.
pub(crate) fn find(ids: &[String], language: Option<&Capabilities>) -> FoundEngines {
    let mut found = FoundEngines::default();
    for id in full_ids(ids) {
        let id = &[id];
        let opened = match language {
            Some(language) => registry::find_within(id, language),
            None => registry::find(id),
        };
        match opened {
            Ok(engines) => found.engines.extend(engines),
            Err(error) => {
                let reason = match error.why {
                    Why::Unavailable(reason) => reason,
                    _ => error.to_string(),
                };
                found.missing.push(MissingEngine { id: id[0].clone(), reason });
            }
        }
    }
    found
}

/// The full ids of the engines asked for, each once; all the usual ones if none are.
fn full_ids(asked: &[String]) -> Vec<String> {
    if asked.is_empty() {
        return registry::default_ids();
    }
    let mut ids: Vec<String> = Vec::new();
    for name in asked {
        let id = registry::full_id(name);
        if !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    ids
}
