//! Stores of wasmtime, the instances in them, and a call that waits in one.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use gainsay_lifecycle::{OpOutcome, Refusal};
use wasmtime::{
    Caller, Engine, Extern, Func, Instance, Module, Store, StoreLimits, StoreLimitsBuilder, Val,
};

use super::exit::Exit;
use super::{MEMORY_BYTES_MAX, failure};

/// What the host answers, once it does.
type Answer = Arc<Mutex<Option<i32>>>;

/// The data of a store.
struct World {
    host_calls: i64,
    limits: StoreLimits,
    answer: Answer,
}

pub(super) struct StoreSlot {
    store: Store<World>,
    /// Whether a function that suspends was ever made in it: then wasmtime wants every
    /// call to be one that can be.
    is_async: bool,
}

impl StoreSlot {
    pub(super) fn new(engine: &Engine) -> StoreSlot {
        let limits = StoreLimitsBuilder::new().memory_size(MEMORY_BYTES_MAX).build();
        let mut store = Store::new(engine, World { host_calls: 0, limits, answer: Arc::default() });
        store.limiter(|world| &mut world.limits);
        StoreSlot { store, is_async: false }
    }

    pub(super) fn into_data(self) -> i64 {
        self.store.into_data().host_calls
    }

    pub(super) fn instantiate(&mut self, module: &Module) -> Result<Instance, OpOutcome> {
        let mut imports: Vec<Extern> = Vec::new();
        for import in module.imports() {
            let func = match (import.module(), import.name()) {
                ("host", "ask") => self.ask(),
                ("wasi_snapshot_preview1", "proc_exit") => self.exit(),
                _ => return Err(OpOutcome::Refused(Refusal::Unlinkable)),
            };
            imports.push(func.into());
        }
        let made = match self.is_async {
            false => Instance::new(&mut self.store, module, &imports),
            true => at_once(Instance::new_async(&mut self.store, module, &imports))?,
        };
        made.map_err(|error| failure::execution(&error))
    }

    fn ask(&mut self) -> Func {
        self.is_async = true;
        Func::wrap_async(&mut self.store, |mut caller: Caller<'_, World>, (_,): (i32,)| {
            caller.data_mut().host_calls += 1;
            let answer = Arc::clone(&caller.data().answer);
            Box::new(poll_fn(move |_| {
                let mut answer = answer.lock().unwrap_or_else(PoisonError::into_inner);
                answer.take().map_or(Poll::Pending, Poll::Ready)
            }))
        })
    }

    fn exit(&mut self) -> Func {
        Func::wrap(&mut self.store, |mut caller: Caller<'_, World>, status: i32| {
            caller.data_mut().host_calls += 1;
            Err::<(), _>(wasmtime::Error::from(Exit(status as u32)))
        })
    }

    pub(super) fn call(
        &mut self,
        instance: &Instance,
        export: &str,
        arg: Option<i32>,
    ) -> Result<OpOutcome, OpOutcome> {
        let func = instance.get_func(&mut self.store, export);
        let func = func.ok_or(OpOutcome::Refused(Refusal::NoExport))?;
        let args: Vec<Val> = arg.map(Val::I32).into_iter().collect();
        let mut results = vec![Val::I32(0); func.ty(&self.store).results().len()];
        let called = match self.is_async {
            false => func.call(&mut self.store, &args, &mut results),
            true => at_once(func.call_async(&mut self.store, &args, &mut results))?,
        };
        called.map_err(|error| failure::execution(&error))?;
        let numbers = results.iter().map(|value| value.i32().map_or(i64::MIN, i64::from));
        Ok(OpOutcome::Ok(numbers.collect()))
    }
}

/// What a future that has nothing to wait for comes to.
fn at_once<T>(future: impl Future<Output = T>) -> Result<T, OpOutcome> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => Ok(done),
        Poll::Pending => Err(OpOutcome::Broken("it waits for nothing".to_owned())),
    }
}

pub(super) struct Guest {
    pub(super) store: u8,
    pub(super) instance: Instance,
}

/// The slot comes back with how the call ended; not at all if it was given up.
type Ended = (StoreSlot, Option<wasmtime::Result<i32>>);

/// A call that waits for the host, with the store that it is in.
pub(super) struct Suspended {
    pub(super) store: u8,
    future: Pin<Box<dyn Future<Output = Ended> + Send>>,
    answer: Answer,
    is_given_up: Arc<AtomicBool>,
}

impl Guest {
    /// Call what asks the host, up to there.
    pub(super) fn begin(
        &self,
        mut slot: StoreSlot,
        arg: u8,
    ) -> Result<Suspended, (StoreSlot, OpOutcome)> {
        let Some(func) = self.instance.get_func(&mut slot.store, "ask") else {
            return Err((slot, OpOutcome::Refused(Refusal::NoExport)));
        };
        let answer = Arc::clone(&slot.store.data().answer);
        let is_given_up = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&is_given_up);
        let future = Box::pin(async move {
            let ended = {
                let args = [Val::I32(i32::from(arg))];
                let mut results = [Val::I32(0)];
                let ended = {
                    let mut call = pin!(func.call_async(&mut slot.store, &args, &mut results));
                    // Given up, the call is dropped where it is, and its store lives on.
                    poll_fn(|context| match flag.load(Ordering::Relaxed) {
                        true => Poll::Ready(None),
                        false => call.as_mut().poll(context).map(Some),
                    })
                    .await
                };
                ended.map(|ended| ended.map(|()| results[0].unwrap_i32()))
            };
            (slot, ended)
        });
        let mut suspended = Suspended { store: self.store, future, answer, is_given_up };
        match suspended.poll() {
            None => Ok(suspended),
            Some((slot, ended)) => {
                let outcome = match ended {
                    Some(Err(error)) => failure::execution(&error),
                    other => OpOutcome::Broken(format!("{other:?} instead of a call of the host")),
                };
                Err((slot, outcome))
            }
        }
    }
}

impl Suspended {
    fn poll(&mut self) -> Option<Ended> {
        match self.future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(ended) => Some(ended),
            Poll::Pending => None,
        }
    }

    /// Give the answer, or the call up.
    pub(super) fn end(mut self, answer: Option<u8>) -> Result<(StoreSlot, OpOutcome), OpOutcome> {
        match answer {
            None => self.is_given_up.store(true, Ordering::Relaxed),
            Some(answer) => {
                let mut place = self.answer.lock().unwrap_or_else(PoisonError::into_inner);
                *place = Some(i32::from(answer));
            }
        }
        let Some((slot, ended)) = self.poll() else {
            return Err(OpOutcome::Broken("the call waits although it was answered".to_owned()));
        };
        let outcome = match ended {
            None => OpOutcome::DONE,
            Some(Ok(value)) => OpOutcome::value(i64::from(value)),
            Some(Err(error)) => failure::execution(&error),
        };
        Ok((slot, outcome))
    }
}
