//! Validation (chapter "Validation"): types and the context they are checked in.
//! Function bodies are checked while they are lowered, in [`crate::lower`].

pub(crate) mod context;
pub(crate) mod ty;
pub(crate) mod typespace;
