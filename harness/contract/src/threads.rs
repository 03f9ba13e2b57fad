//! Threads of a script, each with a session of its own.

use gainsay_case::{Limits, Proposal};
use gainsay_script as script;

use crate::{Clause, Subject};

pub const CLAUSES: &[Clause] = &[Clause {
    name: "threads_of_a_script_share_what_they_are_given",
    needs: &[Proposal::Threads, Proposal::BulkMemory],
    check: shared_memory,
}];

/// One thread waits for another, which finds no one to wake until it does.
const SCRIPT: &str = r#"
    (module $Mem (memory (export "shared") 1 1 shared))
    (thread $T1 (shared (module $Mem))
      (register "mem" $Mem)
      (module
        (memory (import "mem" "shared") 1 1 shared)
        (func (export "wait") (result i32)
          (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
      (assert_return (invoke "wait") (i32.const 0)))
    (thread $T2 (shared (module $Mem))
      (register "mem" $Mem)
      (module
        (memory (import "mem" "shared") 1 1 shared)
        (func (export "notify")
          (loop (br_if 0 (i32.eqz (memory.atomic.notify (i32.const 0) (i32.const 1)))))
          (i32.store (i32.const 4) (i32.const 7))))
      (assert_return (invoke "notify")))
    (wait $T1)
    (wait $T2)
    (module
      (memory (import "mem" "shared") 1 1 shared)
      (func (export "seen") (result i32) (i32.load (i32.const 4))))
    (assert_return (invoke "seen") (i32.const 7))"#;

fn shared_memory(subject: &dyn Subject) -> Result<(), String> {
    let engine = subject.engine().ok_or("no engine in this process")?;
    let report = script::run(engine, &Limits::default(), "threads.wast", SCRIPT);
    match (report.passed, report.failed, report.skipped) {
        (3, 0, 0) => Ok(()),
        _ => Err(format!("{report:?}")),
    }
}
