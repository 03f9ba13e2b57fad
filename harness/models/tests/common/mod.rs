//! What the models of both explorers share.

pub mod guests;
pub mod ledger;
pub mod loans;
pub mod report;
pub mod visits;
