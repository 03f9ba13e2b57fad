//! Sequences of operations: their text.

mod text;
