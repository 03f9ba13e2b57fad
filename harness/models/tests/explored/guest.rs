//! A real command of the runtime, run by two threads.

use gainsay_host::lifecycle::Refusal;
use gainsay_host::sync::{Arc, Mutex, thread};
use gainsay_host::{CallError, Guest};
use gainsay_runtime::{Config, Extern, FuncType, Host, HostStop, Module, NoHost, Store, Value};

use crate::explore::explore;

/// `(module (import "" "" (func)) (func (export "_start") (call 0)))`
const COMMAND: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x05\x01\0\0\0\0\x03\x02\x01\0\
    \x07\x0a\x01\x06_start\0\x01\x0a\x06\x01\x04\0\x10\0\x0b";

/// Counts the runs of the guest's code.
struct Counting(Arc<Mutex<u32>>);

impl Host for Counting {
    fn call(&mut self, _: &mut Store, _: u32, _: &[Value]) -> Result<Vec<Value>, HostStop> {
        let mut runs = self.0.lock();
        *runs += 1;
        assert!(*runs == 1, "the command ran twice");
        Ok(Vec::new())
    }
}

fn command() -> Guest {
    let config = Config::default();
    let module = Module::new(&config, COMMAND).expect("a module");
    let mut store = Store::new(&config);
    let import = Extern::Func(store.host_func(&FuncType::default(), 0));
    let instance = store.instantiate(&module, &[import], &mut NoHost).expect("an instance");
    Guest::new(store, instance, None).expect("a command")
}

#[test]
fn one_of_two_threads_runs_a_command_of_the_runtime() {
    explore("one_of_two_threads_runs_a_command_of_the_runtime", || {
        let (guest, runs) = (Arc::new(command()), Arc::new(Mutex::new(0)));
        let (other, others) = (Arc::clone(&guest), Arc::clone(&runs));
        let thread = thread::spawn(move || other.run(&mut Counting(others)));
        let outcomes = [guest.run(&mut Counting(Arc::clone(&runs))), thread.join().expect("ends")];
        assert_eq!(*runs.lock(), 1);
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        for refusal in outcomes.into_iter().filter_map(Result::err) {
            let busy = CallError::Refused(Refusal::Busy);
            assert!(refusal == busy || refusal == CallError::Refused(Refusal::Finished));
        }
    });
}
