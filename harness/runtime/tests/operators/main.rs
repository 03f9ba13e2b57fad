//! Every operator of the vector and wide-arithmetic proposals, one by one: its type
//! beside wasmparser's, its result beside wasmi's, and what relaxed ones may choose.

mod form;
mod relaxed;
mod typing;
mod values;
