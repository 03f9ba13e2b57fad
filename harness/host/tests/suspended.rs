//! Calls that are suspended by their host functions, resumed, dropped.
#![cfg(not(any(loom, shuttle)))]

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use gainsay_host::future::{AsyncCall, AsyncHost, HostFuture, Reply, block_on, ready};
use gainsay_host::lifecycle::{Phase, Refusal};
use gainsay_host::pool::{Pool, PoolConfig};
use gainsay_host::sync::{Arc, Condvar, Mutex, thread};
use gainsay_host::{CallError, Guest, Session};
use gainsay_runtime::{
    Config, Exception, Extern, Func, FuncType, Host, HostError, HostStop, InstantiateError, Memory,
    Module, Stop, Store, Tag, Trap, ValType, Value,
};

/// What host functions do; by their numbers.
#[derive(Debug)]
struct Doing {
    waits: u32,
    memory: Option<Memory>,
    tag: Option<Tag>,
    again: Option<Func>,
}

/// Answers after having been polled so many times in vain.
struct Later(u32, Option<Reply>);

impl Future for Later {
    type Output = Reply;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Reply> {
        match self.0.checked_sub(1) {
            None => Poll::Ready(self.1.take().expect("polled once more than needed")),
            Some(left) => {
                self.0 = left;
                context.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }
}

const RETURN: u32 = 0;
const FAIL: u32 = 1;
const WRITE: u32 = 2;
const THROW: u32 = 3;
const WRONG: u32 = 4;
const AGAIN: u32 = 5;
const NEVER: u32 = 6;

impl AsyncHost for Doing {
    fn call(&mut self, store: &mut Store, id: u32, args: &[Value]) -> HostFuture {
        let (waits, arg) = (self.waits, args[0]);
        let done = |results| Box::pin(Later(waits, Some(Reply::Done(results)))) as HostFuture;
        match id {
            RETURN => done(Ok(vec![arg])),
            FAIL => done(Err(HostError("no".into()).into())),
            WRITE => {
                let memory = self.memory.expect("there is one");
                let then = Reply::Then(Box::new(move |store| {
                    store.memory_bytes_mut(memory)[0] = 7;
                    Ok(vec![arg])
                }));
                Box::pin(Later(waits, Some(then)))
            }
            THROW => {
                let tag = self.tag.expect("there is one");
                done(Err(HostStop::Exception(Exception { tag, values: vec![arg] })))
            }
            WRONG => done(Ok(Vec::new())),
            AGAIN => {
                let func = self.again.expect("there is one");
                ready(
                    store
                        .invoke(func, &[], &mut *self)
                        .map_err(|stop| HostStop::Error(HostError(stop.to_string()))),
                )
            }
            _ => Box::pin(std::future::pending()),
        }
    }
}

impl Host for Doing {
    fn call(&mut self, _: &mut Store, _: u32, args: &[Value]) -> Result<Vec<Value>, HostStop> {
        Ok(args.to_vec())
    }
}

const MODULE: &str = "(module
    (type $unary (func (param i32) (result i32)))
    (import \"\" \"return\" (func $return (type $unary)))
    (import \"\" \"fail\" (func $fail (type $unary)))
    (import \"\" \"write\" (func $write (type $unary)))
    (import \"\" \"throw\" (func $throw (type $unary)))
    (import \"\" \"wrong\" (func $wrong (type $unary)))
    (import \"\" \"again\" (func $again (type $unary)))
    (import \"\" \"never\" (func $never (type $unary)))
    (import \"\" \"tag\" (tag $tag (param i32)))
    (memory (export \"memory\") 1)
    (func (export \"five\") (result i32) (i32.const 5))
    (func (export \"sum\") (result i32) (local $i i32) (local $sum i32)
        (loop $next
            (local.set $sum (i32.add (local.get $sum) (call $return (local.get $i))))
            (br_if $next (i32.lt_u
                (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10))))
        (local.get $sum))
    (func (export \"trap\") (result i32) (i32.div_u (i32.const 1)
        (call $return (i32.const 0))))
    (func (export \"fail\") (result i32) (call $fail (i32.const 0)))
    (func (export \"write\") (result i32)
        (drop (call $write (i32.const 0))) (i32.load (i32.const 0)))
    (func (export \"throw\") (result i32)
        (block $caught (result i32)
            (try_table (catch $tag $caught) (drop (call $throw (i32.const 9))))
            (i32.const -1)))
    (func (export \"wrong\") (result i32) (call $wrong (i32.const 0)))
    (func (export \"again\") (result i32) (call $again (i32.const 0)))
    (func (export \"never\") (result i32) (call $never (i32.const 0))))";

fn module() -> Module {
    let bytes = wat::parse_str(MODULE).expect("the text is a module");
    Module::new(&Config::default(), &bytes).expect("the module is valid")
}

/// A session with an instance whose host functions answer after so many polls.
fn session(pool: &Pool, waits: u32) -> (Session<Doing>, gainsay_runtime::Instance) {
    let doing = Doing { waits, memory: None, tag: None, again: None };
    let mut session = Session::new(&Config::default(), pool.allocator(), doing);
    let unary = FuncType { params: [ValType::I32].into(), results: [ValType::I32].into() };
    let store = session.store_mut();
    let funcs = (RETURN..=NEVER).map(|id| Extern::Func(store.host_func(&unary, id)));
    let mut imports: Vec<Extern> = funcs.collect();
    let tag = store.new_tag(&[ValType::I32]);
    imports.push(Extern::Tag(tag));
    let instance = session.instantiate(&module(), &imports).expect("an instance");
    let memory = instance.export("memory");
    let data = session.data_mut();
    data.tag = Some(tag);
    data.again = instance.func("five");
    data.memory = match memory {
        Some(Extern::Memory(memory)) => Some(memory),
        _ => None,
    };
    (session, instance)
}

fn one_of_each() -> Pool {
    Pool::new(PoolConfig::of(1))
}

#[test]
fn a_call_goes_on_after_each_host_function() {
    for waits in [0, 1, 3] {
        let pool = one_of_each();
        let (mut session, instance) = session(&pool, waits);
        let mut call = |name: &str| {
            let func = instance.func(name).expect("it is exported");
            let outcome = block_on(session.call_async(func, &[]).expect("there is a stack"));
            assert_eq!(pool.stats().stacks.held, 0, "{name}");
            outcome
        };
        assert_eq!(call("sum"), Ok(vec![Value::I32(45)]));
        assert_eq!(call("trap"), Err(Stop::Trap(Trap::DivideByZero)));
        assert_eq!(call("fail"), Err(Stop::Host(HostError("no".into()))));
        assert_eq!(call("write"), Ok(vec![Value::I32(7)]));
        assert_eq!(call("throw"), Ok(vec![Value::I32(9)]));
        assert!(matches!(call("wrong"), Err(Stop::Mismatch(_))));
        assert!(call("again").is_err(), "there is one stack only");
        assert_eq!(call("five"), Ok(vec![Value::I32(5)]));
        drop(session);
        assert!(pool.stats().is_at_rest());
    }
}

#[test]
fn a_host_function_may_call_back_while_there_are_stacks() {
    let pool = Pool::new(PoolConfig::of(2));
    let (mut session, instance) = session(&pool, 0);
    let func = instance.func("again").expect("it is exported");
    let outcome = block_on(session.call_async(func, &[]).expect("there is a stack"));
    assert_eq!(outcome, Ok(vec![Value::I32(5)]));
    assert_eq!((pool.stats().stacks.held, pool.stats().stacks.high_water), (0, 2));
}

/// What a host function does while its caller rests; collects garbage, for instance.
#[derive(Debug)]
struct Then(fn(&mut Store));

impl AsyncHost for Then {
    fn call(&mut self, _: &mut Store, _: u32, _: &[Value]) -> HostFuture {
        let then = self.0;
        let reply = Reply::Then(Box::new(move |store| {
            then(store);
            Ok(Vec::new())
        }));
        Box::pin(Later(1, Some(reply)))
    }
}

fn with_host_function<T>(session: &mut Session<T>, text: &str) -> (Module, Extern) {
    let bytes = wat::parse_str(text).expect("the text is a module");
    let module = Module::new(&Config::default(), &bytes).expect("the module is valid");
    let import = Extern::Func(session.store_mut().host_func(&FuncType::default(), 0));
    (module, import)
}

#[test]
fn objects_of_a_suspended_call_are_not_collected() {
    let text = "(module
        (type $box (struct (field i32)))
        (import \"\" \"\" (func $host))
        (func (export \"keep\") (result i32) (local $box (ref null $box))
            (local.set $box (struct.new $box (i32.const 42)))
            (drop (struct.new $box (i32.const 43)))
            (call $host)
            (struct.get $box 0 (local.get $box))))";
    let collects = Then(|store| {
        let before = store.heap_bytes();
        store.collect_garbage();
        assert!(store.heap_bytes() < before, "the other one");
        assert!(store.heap_bytes() > 0);
    });
    let pool = one_of_each();
    let mut session = Session::new(&Config::default(), pool.allocator(), collects);
    let (module, import) = with_host_function(&mut session, text);
    let instance = block_on(session.instantiate_async(&module, &[import])).expect("an instance");
    let keep = instance.func("keep").expect("it is exported");
    for _ in 0..3 {
        let outcome = block_on(session.call_async(keep, &[]).expect("there is a stack"));
        assert_eq!(outcome, Ok(vec![Value::I32(42)]));
    }
    drop(session);
    assert!(pool.stats().is_at_rest());
}

#[test]
fn a_start_function_may_be_suspended_and_dropped() {
    let text = "(module
        (import \"\" \"\" (func $host))
        (memory (export \"memory\") 1)
        (func $start (call $host) (i32.store (i32.const 0) (i32.const 1)))
        (start $start))";
    let pool = Pool::new(PoolConfig::of(2));
    let mut session = Session::new(&Config::default(), pool.allocator(), Then(|_| ()));
    let (module, import) = with_host_function(&mut session, text);
    {
        let imports = [import];
        let mut instantiation = pin!(session.instantiate_async(&module, &imports));
        assert!(polled(instantiation.as_mut()).is_pending());
        assert_eq!(pool.stats().stacks.held, 1);
    }
    let stats = pool.stats();
    assert_eq!((stats.stacks.held, stats.instances.held), (0, 1), "as after a trap");
    let instance = block_on(session.instantiate_async(&module, &[import])).expect("an instance");
    let Some(Extern::Memory(memory)) = instance.export("memory") else { panic!("it is there") };
    assert_eq!(session.store().memory_bytes(memory)[0], 1, "it has run to its end");
    let refused = block_on(session.instantiate_async(&module, &[import])).map(drop);
    assert!(matches!(refused, Err(InstantiateError::Limit(limit)) if limit.is_exhausted()));
    session.into_data();
    assert!(pool.stats().is_at_rest());
}

fn polled<T>(future: Pin<&mut impl Future<Output = T>>) -> Poll<T> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_call_that_is_dropped_while_suspended_leaves_the_session_usable() {
    let pool = one_of_each();
    let (mut session, instance) = session(&pool, 1);
    let never = instance.func("never").expect("it is exported");
    for _ in 0..3 {
        let mut call = pin!(session.call_async(never, &[]).expect("there is a stack"));
        assert!(polled(call.as_mut()).is_pending());
        assert!(polled(call.as_mut()).is_pending());
        assert_eq!(pool.stats().stacks.held, 1);
    }
    assert_eq!(pool.stats().stacks.held, 0);
    let sum = instance.func("sum").expect("it is exported");
    let outcome = block_on(session.call_async(sum, &[]).expect("there is a stack"));
    assert_eq!(outcome, Ok(vec![Value::I32(45)]));
    session.into_data();
    assert!(pool.stats().is_at_rest());
}

#[test]
fn a_call_may_own_its_session_and_give_it_up() {
    let pool = one_of_each();
    let (session, instance) = session(&pool, 1);
    let never = instance.func("never").expect("it is exported");
    let mut call = AsyncCall::new(session, never, &[]).expect("there is a stack");
    assert!(polled(Pin::new(&mut call)).is_pending());
    let mut session = call.into_session();
    assert_eq!(pool.stats().stacks.held, 0);
    let wrong = AsyncCall::new(&mut session, never, &[Value::I32(0)]);
    assert!(wrong.is_err_and(|(_, stop)| matches!(stop, Stop::Mismatch(_))));
    let call = AsyncCall::new(session, never, &[]).expect("there is a stack");
    drop(call);
    assert!(pool.stats().is_at_rest(), "the session was the call's");
}

/// A call is begun here, polled there, and polled again elsewhere.
#[test]
fn a_call_goes_on_on_whatever_thread_it_is_polled() {
    let pool = Pool::new(PoolConfig::of(4));
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let (session, instance) = session(&pool, 2);
            let sum = instance.func("sum").expect("it is exported");
            let mut call = AsyncCall::new(session, sum, &[]).expect("there is a stack");
            assert!(polled(Pin::new(&mut call)).is_pending());
            thread::spawn(move || elsewhere(call))
        })
        .collect();
    for worker in workers {
        let (outcome, call) = worker.join().expect("it ends");
        assert_eq!(outcome, Ok(vec![Value::I32(45)]));
        drop(call);
    }
    assert!(pool.stats().is_at_rest());
}

type Owned = AsyncCall<Doing, Session<Doing>>;

/// Drive a call on a thread of its own.
fn elsewhere(call: Owned) -> (Result<Vec<Value>, Stop>, Owned) {
    let drive = move || {
        let mut call = call;
        let outcome = block_on(&mut call);
        (outcome, call)
    };
    thread::spawn(drive).join().expect("it ends")
}

/// A gate that another thread opens.
#[derive(Default)]
struct Gate {
    state: Mutex<(bool, Option<Waker>)>,
    waited_for: Condvar,
}

struct Passage(Arc<Gate>);

impl Future for Passage {
    type Output = Reply;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Reply> {
        let mut state = self.0.state.lock();
        if state.0 {
            return Poll::Ready(Reply::Done(Ok(Vec::new())));
        }
        state.1 = Some(context.waker().clone());
        self.0.waited_for.notify_all();
        Poll::Pending
    }
}

struct Gated(Arc<Gate>);

impl AsyncHost for Gated {
    fn call(&mut self, _: &mut Store, _: u32, _: &[Value]) -> HostFuture {
        Box::pin(Passage(Arc::clone(&self.0)))
    }
}

/// A reactor or command that calls its host, over a pool.
fn guest(pool: &Pool, export: &str) -> Guest {
    let text = format!(
        "(module (import \"\" \"\" (func $host)) (memory 1)
            (func (export \"{export}\") (call $host)))"
    );
    let bytes = wat::parse_str(text).expect("the text is a module");
    let module = Module::new(&Config::default(), &bytes).expect("the module is valid");
    let mut store = pool.store(&Config::default());
    let import = Extern::Func(store.host_func(&FuncType::default(), 0));
    let instance = store.instantiate(&module, &[import], &mut gainsay_runtime::NoHost);
    Guest::new(store, instance.expect("an instance"), None).expect("a guest")
}

#[test]
fn a_guest_is_busy_while_suspended_and_goes_on_when_woken_from_elsewhere() {
    for _ in 0..100 {
        let (pool, gate) = (one_of_each(), Arc::new(Gate::default()));
        let guest = guest(&pool, "work");
        let opened = Arc::clone(&gate);
        let opens = thread::spawn(move || {
            let mut state = opened.state.lock();
            while state.1.is_none() {
                state = opened.waited_for.wait(state);
            }
            state.0 = true;
            state.1.take().expect("it is there").wake();
        });
        let mut host = Gated(gate);
        let call = guest.call_async("work", &[], &mut host).expect("it is let in");
        let mut other = Gated(Arc::default());
        let refused = guest.call_async("work", &[], &mut other).map(drop);
        assert_eq!(refused, Err(CallError::Refused(Refusal::Busy)));
        assert_eq!(block_on(call), Ok(Vec::new()));
        opens.join().expect("it ends");
        assert_eq!(guest.phase(), Phase::Ready);
        drop(guest);
        assert!(pool.stats().is_at_rest());
    }
}

#[test]
fn a_guest_that_is_given_up_in_the_middle_is_poisoned_and_gives_everything_back() {
    for export in ["work", "_start"] {
        let pool = one_of_each();
        let guest = guest(&pool, export);
        let mut host = Gated(Arc::default());
        let call = match export {
            "_start" => guest.run_async(&mut host),
            _ => guest.call_async(export, &[], &mut host),
        };
        let mut call = Box::pin(call.expect("it is let in"));
        assert!(polled(call.as_mut()).is_pending());
        assert_eq!(pool.stats().stacks.held, 1);
        drop(call);
        assert_eq!(guest.phase(), Phase::Poisoned);
        assert_eq!(pool.stats().stacks.held, 0);
        let mut host = Gated(Arc::default());
        let refused = guest.run_async(&mut host).map(drop).is_err();
        assert!(refused);
        drop(guest.into_store());
        assert!(pool.stats().is_at_rest());
    }
}

#[test]
fn a_guest_that_finds_no_stack_was_not_entered() {
    let pool = Pool::new(PoolConfig::of(1));
    let command = guest(&pool, "_start");
    let taken = pool.allocator().stack(1).expect("there is one");
    let mut host = Gated(Arc::default());
    let error = command.run_async(&mut host).map(drop).expect_err("there is no stack");
    assert!(matches!(error, CallError::Stopped(Stop::Limit(limit)) if limit.is_exhausted()));
    let error = command.run(&mut gainsay_runtime::NoHost).expect_err("there is no stack");
    assert!(matches!(error, CallError::Stopped(Stop::Limit(limit)) if limit.is_exhausted()));
    assert_eq!(command.phase(), Phase::Fresh, "a command is not used up by it");
    drop(taken);
    assert!(command.run_async(&mut host).is_ok());
}
