//! Shared memories on real threads, and waiting (threads proposal).

use std::thread;

use gainsay_runtime::{
    Activation, AddrType, Config, Event, Extern, Instance, Limits, MemoryType, SharedMemory, Stop,
    Store, Trap, Value, Wake,
};

use crate::common::{call, instantiate, limits, result};

/// A shared memory of so many pages.
fn shared(min: u64, max: u64) -> SharedMemory {
    let limits = gainsay_runtime::SizeLimits { min, max: Some(max) };
    let ty = MemoryType { limits, addr: AddrType::I32, shared: true, page_log2: 16 };
    SharedMemory::new(ty, u64::MAX).unwrap()
}

/// A store with an instance that imports the memory.
fn join(memory: &SharedMemory, config: &Config, body: &str) -> (Store, Instance) {
    let mut store = Store::new(config);
    let import = Extern::Memory(store.import_shared(memory));
    let MemoryType { limits, .. } = memory.ty();
    let max = limits.max.unwrap();
    let text = format!(r#"(module (import "" "" (memory {} {max} shared)) {body})"#, limits.min);
    let instance = instantiate(&mut store, config, &text, &[import]);
    (store, instance)
}

/// Call `run` with each argument in a thread and a store of its own: the results.
fn in_threads(memory: &SharedMemory, body: &str, args: &[i32]) -> Vec<Value> {
    // However busy the machine is: only a lost notification takes longer.
    let config = limits(Limits { wait_ns_max: 60_000_000_000, ..Limits::default() });
    thread::scope(|scope| {
        let start = |arg: &i32| {
            let arg = *arg;
            scope.spawn(move || {
                let (mut store, instance) = join(memory, &config, body);
                result(&mut store, &instance, "run", &[arg])
            })
        };
        let threads: Vec<_> = args.iter().map(start).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn bytes_at<const N: usize>(memory: &SharedMemory, at: u64) -> [u8; N] {
    let mut bytes = [0; N];
    assert!(memory.read(at, &mut bytes));
    bytes
}

fn u32_at(memory: &SharedMemory, at: u64) -> u32 {
    u32::from_le_bytes(bytes_at(memory, at))
}

/// A loop that does `body` 20,000 times.
fn repeat(body: &str) -> String {
    format!(
        r#"(func (export "run") (param $at i32) (result i32) (local $n i32)
          (local.set $n (i32.const 20000))
          (loop $again
            {body}
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
          (i32.const 0))"#
    )
}

#[test]
fn no_addition_of_any_width_is_lost_and_none_reaches_its_neighbours() {
    for (width, op) in [
        (1, "(drop (i32.atomic.rmw8.add_u (local.get $at) (i32.const 3)))"),
        (2, "(drop (i32.atomic.rmw16.add_u (local.get $at) (i32.const 3)))"),
        (4, "(drop (i32.atomic.rmw.add (local.get $at) (i32.const 3)))"),
        (8, "(drop (i64.atomic.rmw.add (local.get $at) (i64.const 3)))"),
        (4, "(drop (i64.atomic.rmw32.sub_u (local.get $at) (i64.const -3)))"),
    ] {
        let memory = shared(1, 1);
        // Two threads at each of two places side by side.
        in_threads(&memory, &repeat(op), &[0, width, 0, width]);
        let wanted = &120_000u64.to_le_bytes()[..width as usize];
        let found: [u8; 24] = bytes_at(&memory, 0);
        let width = width as usize;
        assert_eq!((&found[..width], &found[width..2 * width]), (wanted, wanted), "{op}");
        assert!(found[2 * width..].iter().all(|byte| *byte == 0), "{op}");
    }
}

#[test]
fn plain_stores_side_by_side_in_one_word_are_not_lost() {
    let memory = shared(1, 1);
    let body = repeat(
        "(i32.store8 (local.get $at) (local.get $n))
         (if (i32.ne (i32.load8_u (local.get $at)) (i32.and (local.get $n) (i32.const 255)))
           (then unreachable))",
    );
    in_threads(&memory, &body, &[0, 1, 2, 7]);
    assert_eq!(bytes_at::<8>(&memory, 0), [1, 1, 1, 0, 0, 0, 0, 1]);
}

#[test]
fn a_lock_made_of_cmpxchg_wait_and_notify_keeps_a_plain_counter_exact() {
    let memory = shared(1, 1);
    let body = repeat(
        "(block $locked (loop $try
           (br_if $locked (i32.eqz
             (i32.atomic.rmw.cmpxchg (i32.const 64) (i32.const 0) (i32.const 1))))
           (drop (memory.atomic.wait32 (i32.const 64) (i32.const 1) (i64.const -1)))
           (br $try)))
         (i32.store (i32.const 128) (i32.add (i32.load (i32.const 128)) (i32.const 1)))
         (i32.atomic.store (i32.const 64) (i32.const 0))
         (drop (memory.atomic.notify (i32.const 64) (i32.const 1)))",
    );
    in_threads(&memory, &body, &[0, 0, 0]);
    assert_eq!(u32_at(&memory, 128), 60_000);
    assert_eq!(memory.waiters(64), 0);
}

#[test]
fn every_page_is_grown_once_by_whoever_grows() {
    let memory = shared(1, 400);
    // Counts its own successes; after each, the last byte of the new page is there.
    let body = r#"(func (export "run") (param i32) (result i32) (local $old i32) (local $n i32)
        (block $full (loop $more
          (br_if $full (i32.eq (local.tee $old (memory.grow (i32.const 1))) (i32.const -1)))
          (i32.store8 (i32.add (i32.mul (local.get $old) (i32.const 65536)) (i32.const 65535))
            (i32.const 7))
          (local.set $n (i32.add (local.get $n) (i32.const 1)))
          (br $more)))
        (local.get $n))"#;
    let grown: i32 = (in_threads(&memory, body, &[0, 0, 0, 0]).into_iter())
        .map(|value| if let Value::I32(count) = value { count } else { panic!("{value:?}") })
        .sum();
    assert_eq!((grown, memory.size()), (399, 400 << 16));
    for page in 1..400 {
        assert_eq!(bytes_at::<2>(&memory, (page << 16) + 65534), [0, 7], "page {page}");
    }
}

const WAITS: &str = r#"
    (func (export "wait") (param i32 i32) (result i32)
      (memory.atomic.wait32 (local.get 0) (local.get 1) (i64.const -1)))
    (func (export "wait-ns") (param i32 i32) (result i32)
      (memory.atomic.wait64 (local.get 0) (i64.const 0) (i64.extend_i32_s (local.get 1))))
    (func (export "notify") (param i32 i32) (result i32)
      (memory.atomic.notify (local.get 0) (local.get 1)))
    (func (export "store") (param i32 i32)
      (i32.atomic.store (local.get 0) (local.get 1)))"#;

/// An activation of `wait` at this address that has begun to wait.
fn waiting(store: &mut Store, instance: &Instance, address: i32) -> Activation {
    let args = [Value::I32(address), Value::I32(0)];
    let func = instance.func("wait").unwrap();
    let mut activation = Activation::new(store, func, &args).unwrap();
    let Ok(Event::Wait(wait)) = activation.run(store) else { panic!("it waits") };
    assert_eq!((wait.address(), wait.time(), wait.wake()), (address as u64, None, None));
    activation
}

fn is_waiting(activation: &mut Activation, store: &mut Store) -> bool {
    match activation.run(store) {
        Ok(Event::Wait(_)) => true,
        Ok(Event::Finished(results)) => {
            assert_eq!(results, [Value::I32(0)]);
            false
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_longest_waiters_of_an_address_are_woken_first() {
    let memory = shared(1, 1);
    let (mut store, instance) = join(&memory, &Config::default(), WAITS);
    let mut all: Vec<Activation> =
        [8, 8, 12, 8].iter().map(|at| waiting(&mut store, &instance, *at)).collect();
    let mut who_waits = |store: &mut Store| -> Vec<bool> {
        all.iter_mut().map(|activation| is_waiting(activation, store)).collect()
    };
    let notify = |store: &mut Store, at, count| result(store, &instance, "notify", &[at, count]);
    assert_eq!(notify(&mut store, 8, 0), Value::I32(0));
    assert_eq!(notify(&mut store, 16, 5), Value::I32(0));
    assert_eq!(who_waits(&mut store), [true, true, true, true]);
    assert_eq!(notify(&mut store, 8, 2), Value::I32(2));
    assert_eq!(who_waits(&mut store), [false, false, true, true]);
    assert_eq!(notify(&mut store, 8, -1), Value::I32(1));
    assert_eq!(who_waits(&mut store), [false, false, true, false]);
    assert_eq!(notify(&mut store, 12, 1), Value::I32(1));
    assert_eq!(who_waits(&mut store), [false; 4]);
}

#[test]
fn a_dropped_call_is_no_longer_notified_and_a_copy_keeps_its_place() {
    let memory = shared(1, 1);
    let (mut store, instance) = join(&memory, &Config::default(), WAITS);
    let first = waiting(&mut store, &instance, 0);
    let mut copy = first.clone();
    drop(first);
    assert_eq!(memory.waiters(0), 1);
    let second = waiting(&mut store, &instance, 0);
    drop(second);
    assert_eq!(memory.waiters(0), 1);
    assert!(is_waiting(&mut copy, &mut store));
    assert_eq!(memory.notify(0, 9), 1);
    assert!(!is_waiting(&mut copy, &mut store));
}

#[test]
fn a_waiter_can_time_out_and_be_interrupted() {
    let memory = shared(1, 1);
    let (mut store, instance) = join(&memory, &Config::default(), WAITS);
    let wait = |activation: &mut Activation, store: &mut Store| match activation.run(store) {
        Ok(Event::Wait(wait)) => wait,
        other => panic!("{other:?}"),
    };
    let mut late = waiting(&mut store, &instance, 0);
    assert!(wait(&mut late, &mut store).time_out());
    assert_eq!(late.run(&mut store), Ok(Event::Finished(vec![Value::I32(2)])));

    let mut stopped = waiting(&mut store, &instance, 0);
    let place = wait(&mut stopped, &mut store);
    assert!(place.interrupt());
    assert!(!place.interrupt() && !place.time_out());
    assert_eq!(place.block(None), Some(Wake::Interrupted));
    assert_eq!(stopped.run(&mut store), Err(Stop::Interrupted));

    let mut all = [waiting(&mut store, &instance, 0), waiting(&mut store, &instance, 4)];
    assert_eq!(memory.interrupt_waiters(), 2);
    assert!(all.iter_mut().all(|one| one.run(&mut store) == Err(Stop::Interrupted)));
    assert_eq!(memory.interrupt_waiters(), 0);
}

#[test]
fn a_sleeping_thread_is_woken_by_an_interrupt_from_another() {
    let memory = shared(1, 1);
    let config = limits(Limits { wait_ns_max: u64::MAX, ..Limits::default() });
    thread::scope(|scope| {
        let sleeper = scope.spawn(|| {
            let (mut store, instance) = join(&memory, &config, WAITS);
            call(&mut store, &instance, "wait", &[0, 0])
        });
        while memory.interrupt_waiters() == 0 {
            thread::yield_now();
        }
        assert_eq!(sleeper.join().unwrap(), Err(Stop::Interrupted));
    });
}

#[test]
fn a_wait_without_a_partner_ends_at_the_limit_or_its_own_time() {
    let memory = shared(1, 1);
    let config = limits(Limits { wait_ns_max: 1_000_000, ..Limits::default() });
    let (mut store, instance) = join(&memory, &config, WAITS);
    assert_eq!(call(&mut store, &instance, "wait", &[0, 0]), Err(Stop::WaitExhausted));
    assert_eq!(memory.waiters(0), 0);
    assert_eq!(result(&mut store, &instance, "wait-ns", &[0, 1000]), Value::I32(2));
    assert_eq!(result(&mut store, &instance, "wait-ns", &[0, 0]), Value::I32(2));
    assert_eq!(call(&mut store, &instance, "wait-ns", &[0, -1]), Err(Stop::WaitExhausted));
    assert_eq!(result(&mut store, &instance, "wait", &[0, 1]), Value::I32(1), "not equal");
    let failure = |store: &mut Store, at| call(store, &instance, "wait", &[at, 0]).unwrap_err();
    assert_eq!(failure(&mut store, 2), Stop::Trap(Trap::UnalignedAtomic));
    assert_eq!(failure(&mut store, 65536), Stop::Trap(Trap::MemoryOutOfBounds));
    assert_eq!(failure(&mut store, -4), Stop::Trap(Trap::MemoryOutOfBounds));
}

#[test]
fn on_a_memory_of_one_thread_waiting_traps_and_notifying_finds_nobody() {
    let config = Config::default();
    let mut store = Store::new(&config);
    let text = format!("(module (memory 1 1) {WAITS})");
    let instance = instantiate(&mut store, &config, &text, &[]);
    let wait = |store: &mut Store, at| call(store, &instance, "wait", &[at, 0]).unwrap_err();
    assert_eq!(wait(&mut store, 0), Stop::Trap(Trap::ExpectedSharedMemory));
    assert_eq!(wait(&mut store, 1), Stop::Trap(Trap::UnalignedAtomic));
    assert_eq!(wait(&mut store, 65536), Stop::Trap(Trap::MemoryOutOfBounds));
    assert_eq!(result(&mut store, &instance, "notify", &[0, 1]), Value::I32(0));
    let notify = call(&mut store, &instance, "notify", &[65536, 1]).unwrap_err();
    assert_eq!(notify, Stop::Trap(Trap::MemoryOutOfBounds));
}

#[test]
fn messages_pass_between_threads_that_wait_for_each_other() {
    let memory = shared(1, 1);
    // Two threads pass a token of increasing value back and forth.
    let body = r#"(func (export "run") (param $me i32) (result i32) (local $turn i32)
        (loop $next
          (local.set $turn (i32.atomic.load (i32.const 0)))
          (if (i32.lt_u (local.get $turn) (i32.const 2000))
            (then
              (if (i32.eq (i32.and (local.get $turn) (i32.const 1)) (local.get $me))
                (then
                  (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
                  (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1)))
                  (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
                (else
                  (drop (memory.atomic.wait32 (i32.const 0) (local.get $turn) (i64.const -1)))))
              (br $next))))
        (local.get $turn))"#;
    let results = in_threads(&memory, body, &[0, 1]);
    assert_eq!(results, [Value::I32(2000), Value::I32(2000)]);
    assert_eq!((u32_at(&memory, 0), memory.waiters(0)), (2000, 0));
}

#[test]
fn bulk_operations_reach_shared_memories_under_any_name() {
    let memory = shared(1, 2);
    let config = Config::default();
    let mut store = Store::new(&config);
    let one = Extern::Memory(store.import_shared(&memory));
    let two = Extern::Memory(store.import_shared(&memory));
    let text = r#"(module
        (import "" "" (memory $one 1 2 shared))
        (import "" "" (memory $two 1 2 shared))
        (memory $own 1)
        (data $abc "abcdefgh")
        (func (export "init") (param i32 i32) (result i32)
          (memory.init $one $abc (local.get 0) (i32.const 0) (local.get 1)) (i32.const 0))
        (func (export "fill") (param i32 i32) (result i32)
          (memory.fill $one (local.get 0) (i32.const 0x55) (local.get 1)) (i32.const 0))
        (func (export "copy") (param i32 i32 i32) (result i32)
          (memory.copy $one $one (local.get 0) (local.get 1) (local.get 2)) (i32.const 0))
        (func (export "copy-names") (param i32 i32 i32) (result i32)
          (memory.copy $two $one (local.get 0) (local.get 1) (local.get 2)) (i32.const 0))
        (func (export "through") (param i32 i32 i32) (result i32)
          (memory.copy $own $one (i32.const 3) (local.get 1) (local.get 2))
          (memory.copy $one $own (local.get 0) (i32.const 3) (local.get 2)) (i32.const 0)))"#;
    let instance = instantiate(&mut store, &config, text, &[one, two]);
    let mut model = vec![0u8; 65536];
    result(&mut store, &instance, "init", &[5, 8]);
    model[5..13].copy_from_slice(b"abcdefgh");
    result(&mut store, &instance, "fill", &[20_001, 9_999]);
    model[20_001..30_000].fill(0x55);
    for name in ["copy", "copy-names", "through"] {
        for (to, from, count) in [(7, 5, 15_000), (5, 7, 30_000), (20_000, 19_000, 20_000)] {
            result(&mut store, &instance, name, &[to, from, count]);
            model.copy_within(from as usize..(from + count) as usize, to as usize);
            assert!(
                store.memory_bytes(match one {
                    Extern::Memory(memory) => memory,
                    other => panic!("{other:?}"),
                })[..]
                    == model[..],
                "{name} {to} {from} {count}"
            );
        }
    }
    let out_of_bounds = Err(Stop::Trap(Trap::MemoryOutOfBounds));
    assert_eq!(call(&mut store, &instance, "init", &[65530, 7]), out_of_bounds);
    assert_eq!(call(&mut store, &instance, "fill", &[1, 65536]), out_of_bounds);
    assert_eq!(call(&mut store, &instance, "copy", &[0, 1, 65536]), out_of_bounds);
    assert!(memory.read(0, &mut model[..1]) && model[0] == 0, "nothing was written");
}

/// Adds 1 to a plain counter: load, addition, store.
const ADDS: &str = r#"
    (func (export "plain") (result i32)
      (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
      (i32.load (i32.const 0)))
    (func (export "atomic") (result i32)
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
      (i32.atomic.load (i32.const 0)))"#;

/// Run two calls of `name` in all orders of their memory instructions, going back to
/// copies: the counter's final values, and how often there was a choice.
fn explore(name: &str) -> (Vec<u32>, usize) {
    fn go(
        store: &mut Store,
        memory: &SharedMemory,
        calls: &[Activation],
        seen: &mut Vec<u32>,
        choices: &mut usize,
    ) {
        let before = u32_at(memory, 0);
        let mut finished = true;
        for chosen in 0..calls.len() {
            let mut calls = calls.to_vec();
            match calls[chosen].run(store) {
                Ok(Event::Yield) => {}
                Ok(Event::Finished(_)) => {
                    calls.remove(chosen);
                }
                other => panic!("{other:?}"),
            }
            finished = false;
            *choices += 1;
            go(store, memory, &calls, seen, choices);
            assert!(memory.write(0, &before.to_le_bytes()), "the memory goes back, too");
        }
        if finished {
            seen.push(before);
        }
    }
    let memory = shared(1, 1);
    let config = Config { yields: true, ..Config::default() };
    let (mut store, instance) = join(&memory, &config, ADDS);
    let func = instance.func(name).unwrap();
    let calls = [(); 2].map(|()| Activation::new(&store, func, &[]).unwrap());
    let (mut seen, mut choices) = (Vec::new(), 0);
    go(&mut store, &memory, &calls, &mut seen, &mut choices);
    seen.sort_unstable();
    seen.dedup();
    (seen, choices)
}

#[test]
fn all_schedules_can_be_explored_by_stopping_before_memory_instructions() {
    let (plain, choices) = explore("plain");
    assert_eq!(plain, [1, 2], "an addition may be lost");
    assert!(choices > 70, "{choices}");
    assert_eq!(explore("atomic").0, [2]);
}

#[test]
fn without_yields_nothing_stops_before_memory_instructions() {
    let memory = shared(1, 1);
    let (mut store, instance) = join(&memory, &Config::default(), ADDS);
    let mut call = Activation::new(&store, instance.func("plain").unwrap(), &[]).unwrap();
    assert_eq!(call.run(&mut store), Ok(Event::Finished(vec![Value::I32(1)])));
}
