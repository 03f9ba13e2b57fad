//! Every sequence of calls of a pool and its sessions, up to a length, against a simple
//! account of what should be taken and come back.
#![cfg(not(any(loom, shuttle)))]

mod accounts;

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use accounts::{Account, CALLS, Call, Seen};
use gainsay_host::Session;
use gainsay_host::future::{AsyncCall, AsyncHost, HostFuture, Reply, block_on, ready};
use gainsay_host::pool::{Capacity, Pool, PoolConfig};
use gainsay_host::sync::{Arc, Flag};
use gainsay_runtime::{
    Config, Extern, Func, FuncType, Host, HostError, HostStop, Instance, InstantiateError, Module,
    NoHost, Stop, Store, Value,
};

const LENGTH_MAX: usize = 6;

/// The host function returns, fails, or waits for the flag.
#[derive(Debug)]
enum Doing {
    Return,
    Fail,
    Wait(Arc<Flag>),
}

/// What sessions have for data.
#[derive(Debug)]
struct Data {
    doing: Doing,
    /// The first one.
    instance: Option<Instance>,
}

struct Waiting(Arc<Flag>);

impl Future for Waiting {
    type Output = Reply;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Reply> {
        match self.0.is_up() {
            true => Poll::Ready(Reply::Done(Ok(Vec::new()))),
            false => Poll::Pending,
        }
    }
}

impl AsyncHost for Data {
    fn call(&mut self, _: &mut Store, _: u32, _: &[Value]) -> HostFuture {
        match &self.doing {
            Doing::Return => ready(Ok(Vec::new())),
            Doing::Fail => ready(Err(HostError("no".into()).into())),
            Doing::Wait(flag) => Box::pin(Waiting(Arc::clone(flag))),
        }
    }
}

impl Host for Data {
    fn call(&mut self, _: &mut Store, _: u32, _: &[Value]) -> Result<Vec<Value>, HostStop> {
        Ok(Vec::new())
    }
}

struct Modules {
    config: Config,
    works: Module,
    traps: Module,
    large: Module,
}

impl Modules {
    fn new() -> Modules {
        let mut config = Config::default();
        config.limits.stack_slots_max = 64;
        let module = |text: &str| {
            let bytes = wat::parse_str(text).expect("the text is a module");
            Module::new(&config, &bytes).expect("the module is valid")
        };
        let works = module(
            "(module
                (type $box (struct (field i32)))
                (import \"\" \"\" (func $host))
                (memory 8 (pagesize 1)) (table 1 funcref)
                (func (export \"call\") (call $host))
                (func (export \"make\") (drop (struct.new $box (i32.const 1))))
                (func (export \"trap\") unreachable))",
        );
        let traps = module(
            "(module (memory 8 (pagesize 1)) (table 1 funcref)
                (func $start unreachable) (start $start))",
        );
        let large = module("(module (memory 9 (pagesize 1)) (table 1 funcref))");
        Modules { config, works, traps, large }
    }
}

type Suspended = (AsyncCall<Data, Session<Data>>, Arc<Flag>);

/// The pool and what was made with it.
struct World<'a> {
    modules: &'a Modules,
    pool: Pool,
    sessions: Vec<Session<Data>>,
    suspended: Vec<Suspended>,
}

impl World<'_> {
    /// What a call gives, for the account to compare.
    fn call(&mut self, call: Call) -> Seen {
        match call {
            Call::Open => {
                let mut session = self.session();
                let seen = self.instantiate(&mut session);
                if seen == Seen::Done {
                    self.sessions.push(session);
                }
                seen
            }
            Call::OpenAndTrap => self.fails_to_open(&self.modules.traps),
            Call::OpenTooLarge => self.fails_to_open(&self.modules.large),
            Call::InstantiateAgain => {
                let mut session = self.sessions.remove(0);
                let seen = self.instantiate(&mut session);
                self.sessions.insert(0, session);
                seen
            }
            Call::Return => self.run("call", Doing::Return),
            Call::Fail => self.run("call", Doing::Fail),
            Call::Make => self.run("make", Doing::Return),
            Call::Trap => self.run("trap", Doing::Return),
            Call::Suspend => self.suspend(),
            Call::GiveUp => {
                let (call, _) = self.suspended.remove(0);
                self.sessions.push(call.into_session());
                Seen::Done
            }
            Call::Resume => {
                let (mut call, flag) = self.suspended.remove(0);
                flag.raise();
                let seen = seen(block_on(&mut call).map(drop));
                self.sessions.push(call.into_session());
                seen
            }
            Call::DropSuspended => {
                drop(self.suspended.remove(0));
                Seen::Done
            }
            Call::IntoData => {
                let _: Data = self.sessions.remove(0).into_data();
                Seen::Done
            }
            Call::Drop => {
                drop(self.sessions.remove(0));
                Seen::Done
            }
        }
    }

    fn session(&self) -> Session<Data> {
        let data = Data { doing: Doing::Return, instance: None };
        Session::new(&self.modules.config, self.pool.allocator(), data)
    }

    fn instantiate(&self, session: &mut Session<Data>) -> Seen {
        let import = Extern::Func(session.store_mut().host_func(&FuncType::default(), 0));
        let made = session.instantiate(&self.modules.works, &[import]);
        let instance = &mut session.data_mut().instance;
        let outcome = made.map(|made| {
            instance.get_or_insert(made);
        });
        opened(outcome)
    }

    fn fails_to_open(&self, module: &Module) -> Seen {
        let (config, allocator) = (&self.modules.config, self.pool.allocator());
        let outcome = Session::open(config, allocator, (module, &[]), NoHost);
        opened(outcome.map(drop).map_err(|failed| failed.error))
    }

    /// In the newest session.
    fn run(&mut self, name: &str, doing: Doing) -> Seen {
        let session = self.sessions.last_mut().expect("the account has one");
        session.data_mut().doing = doing;
        let func = exported(session, name);
        match session.call_async(func, &[]) {
            Ok(call) => seen(block_on(call).map(drop)),
            Err(stop) => seen(Err(stop)),
        }
    }

    fn suspend(&mut self) -> Seen {
        let mut session = self.sessions.pop().expect("the account has one");
        let flag = Arc::new(Flag::new());
        session.data_mut().doing = Doing::Wait(Arc::clone(&flag));
        let func = exported(&session, "call");
        match AsyncCall::new(session, func, &[]) {
            Ok(mut call) => {
                let polled = Pin::new(&mut call).poll(&mut Context::from_waker(Waker::noop()));
                assert!(polled.is_pending());
                self.suspended.push((call, flag));
                Seen::Done
            }
            Err((session, stop)) => {
                self.sessions.push(session);
                seen(Err(stop))
            }
        }
    }
}

/// The function of this name of a session's first instance.
fn exported(session: &Session<Data>, name: &str) -> Func {
    let instance = session.data().instance.as_ref().expect("it has one");
    instance.func(name).expect("it is exported")
}

fn seen(outcome: Result<(), Stop>) -> Seen {
    match outcome {
        Ok(()) => Seen::Done,
        Err(Stop::Limit(limit)) if limit.is_exhausted() => Seen::Exhausted,
        Err(Stop::Trap(_) | Stop::Host(_)) => Seen::Stopped,
        Err(stop) => panic!("{stop}"),
    }
}

fn opened(outcome: Result<(), InstantiateError>) -> Seen {
    match outcome {
        Ok(()) => Seen::Done,
        Err(InstantiateError::Limit(limit)) if limit.is_exhausted() => Seen::Exhausted,
        Err(InstantiateError::Limit(_)) => Seen::Refused,
        Err(InstantiateError::Stopped(stop)) => seen(Err(stop)),
        Err(error) => panic!("{error}"),
    }
}

/// Make these calls with a pool of its own; the last one and what is then in use are as
/// the account says, and nothing is in use at the end.
fn play(modules: &Modules, calls: &[Call], account: &Account, expected: Seen) {
    let pool = Pool::new(PoolConfig {
        capacity: account.capacity(),
        memory_bytes_max: 8,
        stack_slots_max: 64,
        shards: 2,
        ..PoolConfig::default()
    });
    let (sessions, suspended) = (Vec::new(), Vec::new());
    let mut world = World { modules, pool: pool.clone(), sessions, suspended };
    let last = calls.iter().map(|call| world.call(*call)).last();
    assert_eq!(last, Some(expected), "{calls:?}");
    assert_eq!(pool.stats(), account.stats(), "{calls:?}");
    drop(world);
    assert!(pool.stats().is_at_rest(), "{calls:?}");
}

/// Play all that go on from these calls; how many there are.
fn explore(modules: &Modules, calls: &mut Vec<Call>, account: &Account) -> u64 {
    let mut count = 0;
    for call in CALLS {
        let mut after = account.clone();
        let Some(expected) = after.call(call) else { continue };
        calls.push(call);
        play(modules, calls, &after, expected);
        count += 1;
        if calls.len() < LENGTH_MAX {
            count += explore(modules, calls, &after);
        }
        calls.pop();
    }
    count
}

/// Calls that have nothing to work on are left out: they would do nothing.
#[test]
fn all_sequences_of_six_calls_keep_the_account() {
    let modules = Modules::new();
    let half = Capacity { instances: 2, tables: 2, ..Capacity::of(1) };
    for capacity in [Capacity::of(0), Capacity::of(1), half, Capacity::of(2)] {
        let count = explore(&modules, &mut Vec::new(), &Account::new(capacity));
        println!("{count} sequences of up to {LENGTH_MAX} of {} calls, {capacity:?}", CALLS.len());
        assert!(count > 100);
    }
}
