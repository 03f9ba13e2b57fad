//! What execution promises beyond the official suite.

mod collected;
mod common;
mod dispatch;
mod exceptions;
mod heap;
mod instances;
mod limits;
mod suspension;
mod threads;
