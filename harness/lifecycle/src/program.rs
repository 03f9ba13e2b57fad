//! The few modules that scenarios use.

use std::sync::LazyLock;

/// A module, by what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Program {
    /// What all programs but the odd ones have, and nothing more.
    Plain,
    /// Neither memory nor table.
    Lean,
    /// A command: has `_start`.
    Command,
    /// A command that minds being run again, as those of wasi-libc do: its `_start` traps.
    Once,
    /// A reactor: has `_initialize`.
    Reactor,
    /// A table with functions, of which one entry is null.
    Tabler,
    /// Its start function traps.
    Starter,
    /// Its memory is larger than any store may have.
    Huge,
    /// Imports the host function that is answered later.
    Asker,
    /// A command that ends by `proc_exit(3)`.
    Exiter,
    /// Imports what nobody has.
    Orphan,
    /// A binary that is cut off.
    Malformed,
    /// A module that does not validate.
    Invalid,
}

impl Program {
    /// All of them.
    pub const ALL: [Program; 13] = [
        Program::Plain,
        Program::Lean,
        Program::Command,
        Program::Once,
        Program::Reactor,
        Program::Tabler,
        Program::Starter,
        Program::Huge,
        Program::Asker,
        Program::Exiter,
        Program::Orphan,
        Program::Malformed,
        Program::Invalid,
    ];

    /// Its name in scenarios.
    pub fn name(self) -> &'static str {
        match self {
            Program::Plain => "plain",
            Program::Lean => "lean",
            Program::Command => "command",
            Program::Once => "once",
            Program::Reactor => "reactor",
            Program::Tabler => "tabler",
            Program::Starter => "starter",
            Program::Huge => "huge",
            Program::Asker => "asker",
            Program::Exiter => "exiter",
            Program::Orphan => "orphan",
            Program::Malformed => "malformed",
            Program::Invalid => "invalid",
        }
    }

    /// Its binary.
    pub fn binary(self) -> &'static [u8] {
        &BINARIES[self as usize]
    }

    /// Whether it is a module at all.
    pub fn is_valid(self) -> bool {
        !matches!(self, Program::Malformed | Program::Invalid)
    }

    /// Whether it has a memory and a table of its own, and exports what counts and traps.
    pub fn is_common(self) -> bool {
        self.is_valid() && !matches!(self, Program::Lean | Program::Huge | Program::Orphan)
    }

    /// Whether it exports `_start`.
    pub fn is_command(self) -> bool {
        matches!(self, Program::Command | Program::Once | Program::Exiter)
    }

    /// Whether it exports `_initialize`.
    pub fn is_initialized(self) -> bool {
        self == Program::Reactor
    }

    /// What stands beside the common part.
    fn text(self) -> String {
        let common = |imports: &str, own: &str| format!("(module {imports}\n{COMMON}\n{own})");
        match self {
            Program::Plain => common("", ""),
            Program::Command => {
                common("", r#"(func (export "_start") (drop (call $bump (i32.const 0))))"#)
            }
            Program::Once => common(
                "",
                r#"(global $started (mut i32) (i32.const 0))
                (func (export "_start")
                  (if (global.get $started) (then (unreachable)))
                  (global.set $started (i32.const 1))
                  (drop (call $bump (i32.const 0))))"#,
            ),
            Program::Reactor => {
                common("", r#"(func (export "_initialize") (drop (call $bump (i32.const 0))))"#)
            }
            Program::Tabler => common(
                "",
                r#"(table $four 4 funcref)
                (type $number (func (result i32)))
                (func $ten (result i32) (i32.const 10))
                (func $eleven (result i32) (i32.const 11))
                (elem (table $four) (i32.const 0) func $ten $eleven)
                (func (export "pick") (param i32) (result i32)
                  (call_indirect $four (type $number) (local.get 0)))"#,
            ),
            Program::Starter => common(
                "",
                "(func $begin (drop (call $bump (i32.const 0))) (unreachable)) (start $begin)",
            ),
            Program::Asker => common(
                r#"(import "host" "ask" (func $ask (param i32) (result i32)))"#,
                r#"(func (export "ask") (param i32) (result i32)
                  (drop (call $bump (i32.const 0)))
                  (i32.add (call $ask (local.get 0)) (local.get 0)))"#,
            ),
            Program::Exiter => common(
                r#"(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))"#,
                r#"(func (export "_start") (drop (call $bump (i32.const 0))) (call $exit (i32.const 3)))
                (func (export "exit") (param i32) (result i32)
                  (call $exit (local.get 0)) (i32.const 0))"#,
            ),
            Program::Lean => LEAN.to_owned(),
            Program::Huge => "(module (memory 4096))".to_owned(),
            Program::Orphan => r#"(module (import "nobody" "nothing" (func)))"#.to_owned(),
            Program::Malformed => "(module)".to_owned(),
            Program::Invalid => "(module (func (result i32)))".to_owned(),
        }
    }
}

const COMMON: &str = include_str!("../programs/common.wat");

const LEAN: &str = r#"(module
  (global $calls (mut i32) (i32.const 0))
  (func (export "bump") (param i32) (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (global.get $calls)))"#;

static BINARIES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let binary = |program: &Program| {
        let mut binary = wat::parse_str(program.text()).expect("the programs are well-formed");
        if *program == Program::Malformed {
            binary.truncate(7);
        }
        binary
    };
    Program::ALL.iter().map(binary).collect()
});

/// The tasks of threads that share a memory.
pub fn threads() -> &'static [u8] {
    static BINARY: LazyLock<Vec<u8>> = LazyLock::new(|| {
        wat::parse_str(include_str!("../programs/threads.wat")).expect("a well-formed program")
    });
    &BINARY
}

/// The command that processes run. Its host function `plan.next` says what a thread does.
pub fn process() -> &'static [u8] {
    static BINARY: LazyLock<Vec<u8>> = LazyLock::new(|| {
        wat::parse_str(include_str!("../programs/process.wat")).expect("a well-formed program")
    });
    &BINARY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_stand_in_the_order_of_their_numbers() {
        for (number, program) in Program::ALL.iter().enumerate() {
            assert_eq!(*program as usize, number);
            assert!(!program.binary().is_empty());
        }
        assert!(!threads().is_empty());
        assert!(!process().is_empty());
    }
}
