//! Many threads and a pool.

use std::pin::Pin;
use std::task::{Context, Waker};

use gainsay_host::Session;
use gainsay_host::future::{AsyncCall, block_on};
use gainsay_host::pool::Pool;
use gainsay_host::sync::thread;
use gainsay_runtime::{Func, InstantiateError, Module, Stop};
use shuttle::rand::{Rng, thread_rng};

use crate::common::loans::{Loan, Loans, check_at_rest};
use crate::common::visits::{CALLS, Does, LARGE, Promise, STOPS, config, module, pool, visit};
use crate::sample::{ACTIONS, THREADS, sample};

/// Slots: fewer than threads want at the same time.
const SLOTS: usize = 6;

#[test]
fn eight_threads_do_twenty_things_with_slots() {
    sample("eight_threads_do_twenty_things_with_slots", || {
        let loans = Loans::new(SLOTS, 3);
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                let loans = loans.clone();
                thread::spawn(move || {
                    let mut held: Vec<Loan> = Vec::new();
                    for _ in 0..ACTIONS {
                        match thread_rng().gen_range(0..5) {
                            0 | 1 => held.extend(loans.take()),
                            2 => drop(held.pop()),
                            3 if !held.is_empty() => drop(held.remove(0)),
                            _ => held.clear(),
                        }
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().expect("it ends"));
        loans.check_at_rest();
    });
}

/// What one thread has.
struct Worker {
    pool: Pool,
    calls: Module,
    stops: Module,
    large: Module,
    sessions: Vec<(Session<Does>, Func)>,
    suspended: Vec<(AsyncCall<Does, Session<Does>>, Promise, Func)>,
}

impl Worker {
    fn act(&mut self) {
        match thread_rng().gen_range(0..10) {
            0 | 1 => self.sessions.extend(visit(&self.pool, &self.calls, Does::Return, "c").ok()),
            2 => self.fails_to_open(&self.stops),
            3 => self.fails_to_open(&self.large),
            4 => self.call(),
            5 => self.suspend(),
            6 => self.resume(),
            7 => drop(self.suspended.pop()),
            8 => drop(self.sessions.pop().map(|(session, _)| session.into_data())),
            _ => drop(self.sessions.pop()),
        }
    }

    fn fails_to_open(&self, module: &Module) {
        let import = (module, &[][..]);
        let opened = Session::open(&config(), self.pool.allocator(), import, Does::Return);
        match opened.map(drop).expect_err("it fails").error {
            InstantiateError::Limit(_) | InstantiateError::Stopped(_) => {}
            error @ InstantiateError::Unlinkable(_) => panic!("{error}"),
        }
    }

    fn call(&mut self) {
        let Some((session, func)) = self.sessions.last_mut() else { return };
        *session.data_mut() = if thread_rng().gen_bool(0.5) { Does::Return } else { Does::Fail };
        match session.call_async(*func, &[]) {
            Ok(call) => drop(block_on(call)),
            Err(stop) => assert!(matches!(stop, Stop::Limit(_)), "{stop}"),
        }
    }

    fn suspend(&mut self) {
        let Some((mut session, func)) = self.sessions.pop() else { return };
        let promise = Promise::default();
        *session.data_mut() = Does::Await(promise.clone());
        if let Ok(mut call) = AsyncCall::new(session, func, &[]) {
            let polled = Pin::new(&mut call).poll(&mut Context::from_waker(Waker::noop()));
            assert!(polled.is_pending());
            self.suspended.push((call, promise, func));
        }
    }

    fn resume(&mut self) {
        let Some((mut call, promise, func)) = self.suspended.pop() else { return };
        promise.keep();
        assert_eq!(block_on(&mut call), Ok(Vec::new()));
        self.sessions.push((call.into_session(), func));
    }
}

#[test]
fn eight_threads_do_twenty_things_with_sessions() {
    sample("eight_threads_do_twenty_things_with_sessions", || {
        let pool = pool(SLOTS);
        let modules = [CALLS, STOPS, LARGE].map(module);
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                let (pool, [calls, stops, large]) = (pool.clone(), modules.clone());
                let (sessions, suspended) = (Vec::new(), Vec::new());
                let mut worker = Worker { pool, calls, stops, large, sessions, suspended };
                thread::spawn(move || (0..ACTIONS).for_each(|_| worker.act()))
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().expect("it ends"));
        check_at_rest(pool.stats());
    });
}
