//! What the models of both explorers share.

pub mod ledger;
pub mod report;
