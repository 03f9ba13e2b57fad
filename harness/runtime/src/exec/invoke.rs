//! Calls driven to their end.

use std::time::Duration;

use crate::exec::{Activation, Event, Stop};
use crate::handle::Func;
use crate::host::{Host, HostStop};
use crate::store::Store;
use crate::value::Value;

/// How deep host functions may call back into the store; the host's own stack
/// holds a few frames for each.
const NESTING_MAX: usize = 64;

impl Store {
    /// Call a function (§ exec/modules, invocation); `host` serves host functions.
    ///
    /// # Errors
    /// [`Stop`]; what the call has done to the store stays.
    pub fn invoke(
        &mut self,
        func: Func,
        args: &[Value],
        host: &mut dyn Host,
    ) -> Result<Vec<Value>, Stop> {
        let activation = Activation::new(self, func, args)?;
        self.complete(activation, host)
    }

    /// Go on with a call of this store until it ends; `host` serves host functions.
    ///
    /// # Errors
    /// [`Stop`]; what the call has done to the store stays.
    pub fn complete(
        &mut self,
        mut activation: Activation,
        host: &mut dyn Host,
    ) -> Result<Vec<Value>, Stop> {
        if self.nesting >= NESTING_MAX {
            return Err(Stop::StackExhausted);
        }
        loop {
            let held = self.held();
            match activation.run(self)? {
                Event::Finished(results) => return Ok(results),
                Event::OutOfFuel => return Err(Stop::OutOfFuel),
                Event::Yield => {}
                Event::Wait(wait) => {
                    let nanoseconds = self.limits.wait_ns_max;
                    let limit = (nanoseconds != u64::MAX).then_some(nanoseconds);
                    if wait.block(limit.map(Duration::from_nanos)).is_none() {
                        return Err(Stop::WaitExhausted);
                    }
                }
                Event::HostCall(call) => {
                    self.nesting += 1;
                    let results = host.call(self, call.id, &call.args);
                    self.nesting -= 1;
                    match results {
                        Ok(results) => activation.resume(self, &results)?,
                        Err(HostStop::Exception(exception)) => {
                            activation.throw(self, &exception)?;
                        }
                        Err(HostStop::Error(error)) => return Err(error.into()),
                    }
                    self.release(held);
                }
            }
        }
    }
}
