//! Sessions over a pool, with modules and host functions that models can steer.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use gainsay_host::Session;
use gainsay_host::future::{AsyncHost, HostFuture, Reply, ready};
use gainsay_host::pool::{Capacity, Pool, PoolConfig};
use gainsay_host::sync::{Arc, Mutex};
use gainsay_runtime::{
    Config, Extern, Func, FuncType, Host, HostError, HostStop, Instance, InstantiateError, Module,
    Store, Value,
};

/// `(module (import "" "" (func)) (memory 8 (pagesize 1))
///   (func (export "c") (call 0)) (func (export "t") unreachable))`
pub const CALLS: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x05\x01\0\0\0\0\
    \x03\x03\x02\0\0\x05\x04\x01\x08\x08\0\x07\x09\x02\x01c\0\x01\x01t\0\x02\
    \x0a\x0a\x02\x04\0\x10\0\x0b\x03\0\0\x0b";

/// `(module (memory 8 (pagesize 1)) (func $start unreachable) (start $start))`
pub const STOPS: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\
    \x05\x04\x01\x08\x08\0\x08\x01\0\x0a\x05\x01\x03\0\0\x0b";

/// `(module (memory 9 (pagesize 1)))`
pub const LARGE: &[u8] = b"\0asm\x01\0\0\0\x05\x04\x01\x08\x09\0";

/// `(module (memory 8 (pagesize 1)))`
#[cfg(loom)]
pub const SMALL: &[u8] = b"\0asm\x01\0\0\0\x05\x04\x01\x08\x08\0";

/// Small stacks, so that an execution is cheap; fuel can run out.
pub fn config() -> Config {
    let mut config = Config { fuel: true, ..Config::default() };
    config.limits.stack_slots_max = 64;
    config
}

/// A pool for such stores, whose memories have 8 bytes.
pub fn pool(capacity: usize) -> Pool {
    Pool::new(PoolConfig {
        capacity: Capacity::of(capacity),
        memory_bytes_max: 8,
        stack_slots_max: 64,
        shards: 2,
        ..PoolConfig::default()
    })
}

pub fn module(bytes: &[u8]) -> Module {
    Module::new(&config(), bytes).expect("a module")
}

/// What a model's host function does.
#[derive(Clone)]
pub enum Does {
    /// Returns.
    Return,
    /// Fails.
    Fail,
    /// Waits for the promise.
    Await(Promise),
}

impl AsyncHost for Does {
    fn call(&mut self, _: &mut Store, _: u32, _: &[Value]) -> HostFuture {
        match self {
            Does::Return => ready(Ok(Vec::new())),
            Does::Fail => ready(Err(HostError("no".into()).into())),
            Does::Await(promise) => Box::pin(Awaited(promise.clone())),
        }
    }
}

/// For modules whose start function calls nothing.
impl Host for Does {
    fn call(&mut self, _: &mut Store, _: u32, _: &[Value]) -> Result<Vec<Value>, HostStop> {
        Ok(Vec::new())
    }
}

/// What one thread keeps and another awaits.
#[derive(Clone, Default)]
pub struct Promise(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    kept: bool,
    waker: Option<Waker>,
}

impl Promise {
    /// Wake who awaits it.
    pub fn keep(&self) {
        let mut kept = self.0.lock();
        kept.kept = true;
        let waker = kept.waker.take();
        drop(kept);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

struct Awaited(Promise);

impl Future for Awaited {
    type Output = Reply;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Reply> {
        let mut kept = self.0.0.lock();
        if kept.kept {
            return Poll::Ready(Reply::Done(Ok(Vec::new())));
        }
        kept.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

/// A session with an instance of [`CALLS`], and its export of this name; an error when
/// the pool has no room for it.
pub fn visit(
    pool: &Pool,
    module: &Module,
    does: Does,
    name: &str,
) -> Result<(Session<Does>, Func), InstantiateError> {
    let mut session = Session::new(&config(), pool.allocator(), does);
    let instance = instantiate(&mut session, module)?;
    let func = instance.func(name).expect("it is exported");
    Ok((session, func))
}

/// An instance of [`CALLS`].
pub fn instantiate(
    session: &mut Session<Does>,
    module: &Module,
) -> Result<Instance, InstantiateError> {
    let import = Extern::Func(session.store_mut().host_func(&FuncType::default(), 0));
    session.instantiate(module, &[import])
}
