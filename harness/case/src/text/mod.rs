//! The text form of a case: a WAST script, lossless both ways.
//!
//! Engines' own tools run it as it is (`wasmtime wast case.wast`). What WAST
//! cannot say stands in comments of two kinds: `;; gainsay:key value` lines before
//! the first directive ([`Header`]), and `;; gainsay-step: …` lines about single
//! steps.
//!
//! ```text
//! ;; gainsay:format 1
//! ;; gainsay:seed 42
//! (module $m (func (export "f") (result i32) (i32.const 7)))
//! (assert_return (invoke $m "f") (i32.const 7))
//! ```

mod abbreviations;
mod constant;
mod error;
mod expected;
mod header;
mod message;
mod module;
mod note;
mod pattern;
mod prelude;
mod print;
mod read;
mod script;
mod sections;
mod tree;

pub use constant::argument;
pub use constant::string;
pub use error::{Place, TextError, TextErrorKind};
pub use expected::Expected;
pub use header::{FORMAT, Header};
pub use message::{EXHAUSTION_MESSAGE, trap_kind, trap_kinds, trap_message};
pub use module::canonical;
pub use pattern::{Lane, NanClass, Pattern, Shape};
pub use prelude::imported_modules;
pub use print::print;
pub use read::{PartialScript, read, read_case, read_partly};
pub use script::Script;
