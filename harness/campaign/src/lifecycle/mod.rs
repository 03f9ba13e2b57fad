//! Campaigns over sequences of operations (`gainsay-lifecycle`): the same words, summary and
//! directory as other campaigns, with scenarios in the place of cases.

mod child;
mod hunt;
mod ledger;
mod minimise;
mod options;
mod replay;
mod summary;

pub use hunt::hunt;
pub use options::LifecycleOptions;
pub(crate) use replay::{EXTENSION, replay};
