//! Why a module is refused.

use std::fmt;

/// Which phase refused the module (§ binary, § valid).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The bytes are no module (chapter "Binary Format").
    Malformed,
    /// The module does not validate (chapter "Validation").
    Invalid,
    /// Larger than this implementation takes (appendix "Implementation Limitations").
    Limit,
}

/// A module that was refused, where and by which rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleError {
    /// Which phase.
    pub kind: ErrorKind,
    /// Byte offset into the binary.
    pub offset: usize,
    /// The section of the specification whose rule is broken: `binary/values, integers`.
    pub section: &'static str,
    /// What is wrong, beginning as the official test suite words it where it does.
    pub message: String,
}

impl ModuleError {
    /// A malformed binary.
    pub fn malformed(offset: usize, section: &'static str, message: impl Into<String>) -> Self {
        ModuleError { kind: ErrorKind::Malformed, offset, section, message: message.into() }
    }

    /// An invalid module.
    pub fn invalid(offset: usize, section: &'static str, message: impl Into<String>) -> Self {
        ModuleError { kind: ErrorKind::Invalid, offset, section, message: message.into() }
    }

    /// An implementation limit.
    pub fn limit(offset: usize, message: impl Into<String>) -> Self {
        let section = "appendix/implementation";
        ModuleError { kind: ErrorKind::Limit, offset, section, message: message.into() }
    }
}

impl fmt::Display for ModuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at byte {:#x}, § {})", self.message, self.offset, self.section)
    }
}

impl std::error::Error for ModuleError {}
