//! A store with what its host functions work on.

use gainsay_runtime::{
    Allocator, Config, Extern, Func, Host, Instance, InstantiateError, Module, Stop, Store, Value,
};

use crate::defect::{Defect, planted};
use crate::future::{AsyncCall, AsyncHost};
use crate::sync::Arc;

/// A store and the data of its host functions. However it ends, whatever the store has
/// taken from its allocator goes back.
#[derive(Debug)]
pub struct Session<T> {
    store: Store,
    data: T,
}

/// An instantiation that failed; the session that was made for it is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenError<T> {
    /// Why.
    pub error: InstantiateError,
    /// What the session was to have.
    pub data: T,
}

impl<T> Session<T> {
    /// An empty store that takes what it needs from `allocator`.
    pub fn new(config: &Config, allocator: Arc<dyn Allocator>, data: T) -> Session<T> {
        Session { store: Store::with_allocator(config, allocator), data }
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The store.
    pub fn store_mut(&mut self) -> &mut Store {
        &mut self.store
    }

    /// The data.
    pub fn data(&self) -> &T {
        &self.data
    }

    /// The data.
    pub fn data_mut(&mut self) -> &mut T {
        &mut self.data
    }

    /// Both at the same time.
    pub fn parts_mut(&mut self) -> (&mut Store, &mut T) {
        (&mut self.store, &mut self.data)
    }

    /// The data alone: the store is dropped, as it always is.
    pub fn into_data(self) -> T {
        let Session { store, data } = self;
        if planted(Defect::IntoDataKeepsAll) {
            std::mem::forget(store);
        }
        data
    }

    /// Both, from now on on their own.
    pub fn into_parts(self) -> (Store, T) {
        (self.store, self.data)
    }
}

impl<T: Host> Session<T> {
    /// A session with one instance.
    ///
    /// # Errors
    /// [`OpenError`]; what was taken until then went back.
    pub fn open(
        config: &Config,
        allocator: Arc<dyn Allocator>,
        (module, imports): (&Module, &[Extern]),
        data: T,
    ) -> Result<(Session<T>, Instance), OpenError<T>> {
        let mut session = Session::new(config, allocator, data);
        match session.instantiate(module, imports) {
            Ok(instance) => Ok((session, instance)),
            Err(error) => {
                let Session { store, data } = session;
                if planted(Defect::FailedInstantiationKeepsAll) {
                    std::mem::forget(store);
                }
                Err(OpenError { error, data })
            }
        }
    }

    /// See [`Store::instantiate`]; the data serve the calls of the start function.
    ///
    /// # Errors
    /// [`InstantiateError`]. If it stopped after it was linked, what it took stays taken
    /// until the session ends, for others may refer to it.
    pub fn instantiate(
        &mut self,
        module: &Module,
        imports: &[Extern],
    ) -> Result<Instance, InstantiateError> {
        self.store.instantiate(module, imports, &mut self.data)
    }

    /// See [`Store::invoke`]; the data serve its calls.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn call(&mut self, func: Func, args: &[Value]) -> Result<Vec<Value>, Stop> {
        self.store.invoke(func, args, &mut self.data)
    }
}

impl<T: AsyncHost> Session<T> {
    /// See [`Store::instantiate`]; the data serve the calls of the start function, which may
    /// suspend it. Dropped meanwhile, it leaves the instance in the store, as a trap does.
    ///
    /// # Errors
    /// [`InstantiateError`], as [`Session::instantiate`] has it.
    pub async fn instantiate_async(
        &mut self,
        module: &Module,
        imports: &[Extern],
    ) -> Result<Instance, InstantiateError> {
        let (instance, start) = self.store.instantiate_unstarted(module, imports)?;
        if let Some(start) = start {
            self.call_async(start, &[])?.await?;
        }
        Ok(instance)
    }

    /// Call a function whose host functions may suspend it. Nothing runs before the result
    /// is polled. Dropping that gives up the call, and the session can go on: what the call
    /// has done to the store stays.
    ///
    /// # Errors
    /// [`Stop`], as [`gainsay_runtime::Activation::new`] has it.
    pub fn call_async(
        &mut self,
        func: Func,
        args: &[Value],
    ) -> Result<AsyncCall<T, &mut Session<T>>, Stop> {
        AsyncCall::new(self, func, args).map_err(|(_, stop)| stop)
    }
}
