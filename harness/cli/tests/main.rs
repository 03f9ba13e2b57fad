//! Tests of the program as a user or another program sees it, and of the project.

mod adopting;
mod architecture;
mod bad_input;
mod circles;
mod common;
mod documents;
mod engines_test;
mod habits;
mod help;
mod json_shapes;
mod known_bugs;
mod lifecycle;
mod nans;
mod process;
mod replay;
mod run;
mod scripts;
mod wasi;

/// The text of a file of the project.
pub fn text(path: &str) -> String {
    let path = common::root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
