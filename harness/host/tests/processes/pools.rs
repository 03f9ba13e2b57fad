//! Processes whose threads take their stores from a pool.

use gainsay_host::pool::{Pool, PoolConfig};
use gainsay_host::process::{Process, ProcessExit, ProgramError, Seeded, ThreadFailure};
use gainsay_host::sync::{Arc, thread};
use gainsay_runtime::InstantiateError;

use crate::common::{Console, command, program};
use crate::matrix::{STEPS_MAX, cases};

fn process_in(pool: &Pool, text: &str) -> Process {
    let program = program(text, Arc::new(Console::default())).expect("a program");
    Process::new(program.in_pool(pool)).expect("it fits")
}

/// What threads run in has come back when the process was joined; what they shared, when a
/// thread of the host is gone, which is a moment later.
fn comes_to_rest(pool: &Pool) {
    let stats = pool.stats();
    assert_eq!((stats.instances.held, stats.stacks.held), (0, 0), "{stats:?}");
    while !pool.stats().is_at_rest() {
        thread::yield_now();
    }
}

/// However a process ends: the pool has everything back.
#[test]
fn a_process_gives_everything_back() {
    let pool = Pool::new(PoolConfig::of(32));
    for case in cases() {
        let exit = process_in(&pool, &case.text).run().expect("for the first time");
        assert!(case.allowed.contains(&exit), "{}: {exit}", case.name);
        comes_to_rest(&pool);
        let process = process_in(&pool, &case.text);
        let run = process.run_scheduled(&mut Seeded::new(1), STEPS_MAX).expect("the first time");
        assert!(case.allowed.contains(&run.exit), "{}: {}", case.name, run.exit);
        drop(process);
        assert!(pool.stats().is_at_rest(), "{}: {:?}", case.name, pool.stats());
    }
}

#[test]
fn a_thread_for_which_nothing_is_left_ends_its_process() {
    let text = command("(drop (call $spawn (i32.const 0))) (call $read)", "");
    let pool = Pool::new(PoolConfig::of(1));
    for _ in 0..20 {
        let exit = process_in(&pool, &text).run().expect("for the first time");
        let ProcessExit::Trapped { thread: 1, failure: ThreadFailure::Instantiate(error) } = exit
        else {
            panic!("{exit}");
        };
        assert!(matches!(error, InstantiateError::Limit(_)), "{error}");
        comes_to_rest(&pool);
    }
}

#[test]
fn a_memory_for_which_nothing_is_left_is_refused() {
    let pool = Pool::new(PoolConfig::of(0));
    let text = command("", "");
    let program = program(&text, Arc::new(Console::default())).expect("a program");
    let refused = Process::new(program.in_pool(&pool)).map(drop);
    assert!(matches!(refused, Err(ProgramError::Limit(_))), "{refused:?}");
}
