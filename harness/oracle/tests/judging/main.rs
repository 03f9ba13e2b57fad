//! Judgements of outcomes that no engine had to make.

mod common;
mod laws;
mod permitted;
mod verdicts;
