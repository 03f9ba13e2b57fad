//! How other projects write scripts, where they do not keep to the format of the official
//! test suite.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Whose scripts they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// The official test suite's.
    #[default]
    Spec,
    /// wasmtime's `tests/misc_testsuite`: a module that has a name can be imported from by
    /// it, and there is a module `wasmtime`.
    Wasmtime,
    /// wasm-tools' `tests/cli`: modules are validated and not run.
    WasmTools,
}

impl Dialect {
    /// All of them.
    pub const ALL: &[Dialect] = &[Dialect::Spec, Dialect::Wasmtime, Dialect::WasmTools];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Spec => "spec",
            Dialect::Wasmtime => "wasmtime",
            Dialect::WasmTools => "wasm-tools",
        }
    }

    /// The dialect that a script says it is in: by wasmtime's `;;!` lines, or by wasm-tools'
    /// `;; RUN:`. Neither says which dialect it is in otherwise.
    pub fn of(source: &str) -> Dialect {
        let says = |prefix: &str| header(source).any(|line| line.starts_with(prefix));
        if says(";;!") {
            Dialect::Wasmtime
        } else if says(";; RUN") || says(";; FAIL") {
            Dialect::WasmTools
        } else {
            Dialect::Spec
        }
    }

    /// Whether the two kinds of refusal are told apart: wasmtime takes one for the other, and
    /// wasm-tools finds some of the one while it looks for the other.
    pub(super) fn tells_refusals(self) -> bool {
        self == Dialect::Spec
    }
}

/// The comments before the first form.
fn header(source: &str) -> impl Iterator<Item = &str> {
    let lines = source.lines().map(str::trim);
    lines.take_while(|line| line.is_empty() || line.starts_with(";;"))
}

impl FromStr for Dialect {
    type Err = String;

    fn from_str(name: &str) -> Result<Dialect, String> {
        let found = Dialect::ALL.iter().copied().find(|dialect| dialect.name() == name);
        let known = || Dialect::ALL.iter().map(|dialect| dialect.name()).collect::<Vec<_>>();
        found.ok_or_else(|| {
            format!("there is no dialect {name:?}; there are {}", known().join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_says_its_dialect_before_its_first_form() {
        assert_eq!(Dialect::of("\n;;! gc = true\n(module)"), Dialect::Wasmtime);
        assert_eq!(Dialect::of(";; RUN: wast % -f mvp\n"), Dialect::WasmTools);
        assert_eq!(Dialect::of(";; about wasmtime\n(module)\n;;! gc = true"), Dialect::Spec);
        for dialect in Dialect::ALL {
            assert_eq!(dialect.name().parse(), Ok(*dialect));
        }
    }
}
