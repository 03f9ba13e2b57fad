//! One call under way.

use crate::allocator::Allocator;
use crate::exec::bulk;
use crate::exec::handlers::atomic;
use crate::exec::interpret::{Exit, interpret};
use crate::exec::stack::{Frame, Stack, window};
use crate::exec::stop::Stop;
use crate::exec::suspended::Place;
use crate::handle::Func;
use crate::instance::InstanceData;
use crate::ir::FRAME_SLOTS_MAX;
use crate::lease::Lease;
use crate::module::{Body, ConstExpr};
use crate::refs::func_ref;
use crate::store::{FuncCode, Store};
use crate::sync::Arc;
use crate::types::FuncType;
use crate::value::{Value, read_slots, slot_count, write_slots};
use crate::waiting::{Wait, Wake};

/// One call under way: frames and slots on the heap.
///
/// It can be left alone at any [`Event`], gone on with later, in any order among
/// the activations of its store, dropped, or cloned to go on twice. It belongs
/// to the store that it was made with.
#[derive(Debug)]
pub struct Activation {
    /// Nothing while the store keeps it.
    pub(super) stack: Lease<Stack>,
    /// The place there, if it ever was.
    pub(super) place: Option<Arc<Place>>,
    /// Where copies get their stacks from.
    pub(super) allocator: Arc<dyn Allocator>,
    /// The type of the function called.
    pub(super) ty: Arc<FuncType>,
    /// The current function; its window starts at `current.base`.
    pub(super) current: Frame,
    pub(super) state: State,
}

#[derive(Clone, Debug)]
pub(super) enum State {
    /// `current` can go on.
    Ready,
    /// A host function was called.
    Waiting(Waiting),
    /// The instruction before the current one waits for a notification.
    Parked(Wait),
    /// The results are in the slots from 0 on.
    Finished,
    Stopped(Stop),
}

/// A host call that has not returned.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub(super) func: u32,
    /// The stack slot where the arguments are and the results will be.
    pub(super) at: u32,
    /// Whether `current` goes on after it; else it was the last call there was.
    pub(super) returns: bool,
}

/// Why an activation came to rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The call returned these.
    Finished(Vec<Value>),
    /// A host function was called: [`Activation::resume`] with its results, or
    /// [`Activation::throw`].
    HostCall(HostCall),
    /// `memory.atomic.wait` waits. Goes on after [`Wait::block`] or whatever else ended
    /// the waiting; until then, the same again.
    Wait(Wait),
    /// A memory instruction is next, in a module compiled with [`crate::Config::yields`].
    Yield,
    /// The next block of instructions needs more fuel than the store has; what
    /// came before it is done. Goes on when there is more.
    OutOfFuel,
}

/// A call of a host function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostCall {
    /// The function.
    pub func: Func,
    /// The number it was made with.
    pub id: u32,
    /// The arguments.
    pub args: Vec<Value>,
}

impl Activation {
    /// Prepare a call (§ exec/modules, invocation); nothing runs yet.
    ///
    /// # Errors
    /// [`Stop::Mismatch`] if the arguments are not of the function's type,
    /// [`Stop::StackExhausted`] if not even its own frame fits the limits, and
    /// [`Stop::Limit`] if the store's allocator gives it no stack.
    pub fn new(store: &Store, func: Func, args: &[Value]) -> Result<Activation, Stop> {
        let ty = Arc::clone(store.types.get(store.funcs[func.0 as usize].ty));
        if !store.fit(args, &ty.params) {
            return Err(Stop::Mismatch("the arguments are not of the function's type".into()));
        }
        if slot_count(&ty.params).max(slot_count(&ty.results)) > FRAME_SLOTS_MAX {
            return Err(Stop::StackExhausted);
        }
        let mut activation = Activation::empty(store, ty)?;
        write_slots(args, &mut activation.stack.slots);
        activation.enter(store, func.0, 0, false)?;
        activation.suspend_stack(store);
        Ok(activation)
    }

    fn empty(store: &Store, ty: Arc<FuncType>) -> Result<Activation, Stop> {
        let slots_max = store.limits.stack_slots_max;
        let mut stack = store.allocator.stack(slots_max).map_err(Stop::Limit)?;
        if !stack.fit(slots_max) {
            return Err(Stop::StackExhausted);
        }
        Ok(Activation {
            stack,
            place: None,
            allocator: Arc::clone(&store.allocator),
            ty,
            current: Frame { pc: 0, base: 0, instance: 0 },
            state: State::Ready,
        })
    }

    /// Run until there is an [`Event`]. Asked again without having been given
    /// what it waits for, it reports the same again.
    ///
    /// # Errors
    /// [`Stop::Trap`], [`Stop::Exception`], [`Stop::StackExhausted`],
    /// [`Stop::HeapExhausted`] and [`Stop::Interrupted`], after which it cannot go on.
    pub fn run(&mut self, store: &mut Store) -> Result<Event, Stop> {
        self.resume_stack();
        let event = self.run_on(store);
        if !matches!(event, Ok(Event::Finished(_)) | Err(_)) {
            self.suspend_stack(store);
        }
        event
    }

    fn run_on(&mut self, store: &mut Store) -> Result<Event, Stop> {
        loop {
            match &self.state {
                State::Ready => {}
                State::Waiting(waiting) => return Ok(self.host_call(store, waiting)),
                State::Parked(wait) => match wait.wake() {
                    None => return Ok(Event::Wait(wait.clone())),
                    Some(wake) => {
                        self.unpark(store, wake);
                        continue;
                    }
                },
                State::Finished => {
                    let results = read_slots(&self.ty.results, &self.stack.slots);
                    store.hold(&results);
                    return Ok(Event::Finished(results));
                }
                State::Stopped(stop) => return Err(stop.clone()),
            }
            let instance = Arc::clone(&store.instances[self.current.instance as usize]);
            let exit = self.interpret(store, &instance);
            match self.follow(store, &instance, exit) {
                Ok(None) => {}
                Ok(Some(event)) => return Ok(event),
                Err(stop) => self.state = State::Stopped(stop),
            }
        }
    }

    /// Run instructions of `instance`, with its first memory at hand.
    fn interpret(&mut self, store: &mut Store, instance: &InstanceData) -> Exit {
        let Some(&memory) = instance.memories.first() else {
            return interpret(store, instance, &mut [], &mut self.stack, &mut self.current);
        };
        let mut bytes = store.memories[memory as usize].lend();
        let exit = interpret(store, instance, &mut bytes, &mut self.stack, &mut self.current);
        store.memories[memory as usize].give_back(bytes);
        exit
    }

    /// Do what the interpreter was left for.
    fn follow(
        &mut self,
        store: &mut Store,
        instance: &InstanceData,
        exit: Exit,
    ) -> Result<Option<Event>, Stop> {
        match exit {
            Exit::Finished => self.state = State::Finished,
            Exit::Switched => {}
            Exit::OutOfFuel => return Ok(Some(Event::OutOfFuel)),
            Exit::Yield => return Ok(Some(Event::Yield)),
            Exit::Throw => self.throw_instruction(store, instance)?,
            Exit::Trap(trap) => return Err(Stop::Trap(trap)),
            Exit::StackExhausted => return Err(Stop::StackExhausted),
            Exit::Collect { size } => {
                let instr = instance.module.0.code.instrs[self.current.pc as usize];
                let live = self.slots_live_before(store, instance, instr);
                store.make_room(size, &self.stack.slots[..live])?;
            }
            Exit::Call { func, at, tail } => {
                let at = self.current.base as usize + usize::from(at);
                let returns = if tail { self.leave() } else { true };
                self.enter(store, func, at, returns)?;
            }
            Exit::Memory => {
                let instr = instance.module.0.code.instrs[self.current.pc as usize - 1];
                let frame = window(&mut self.stack.slots, self.current.base as usize);
                bulk::execute(store, instance, instr, frame)?;
            }
            Exit::Wait => {
                let instr = &instance.module.0.code.instrs[self.current.pc as usize - 1];
                let frame = window(&mut self.stack.slots, self.current.base as usize);
                match atomic::wait(store, instance, instr, frame)? {
                    Some(wait) => self.state = State::Parked(wait),
                    None => frame[usize::from(instr.d)] = 1,
                }
            }
        }
        Ok(None)
    }

    /// Go on after `memory.atomic.wait`.
    fn unpark(&mut self, store: &Store, wake: Wake) {
        let result = match wake {
            Wake::Notified => 0,
            Wake::TimedOut => 2,
            Wake::Interrupted => {
                self.state = State::Stopped(Stop::Interrupted);
                return;
            }
        };
        let code = &store.instances[self.current.instance as usize].module.0.code;
        let slot = code.instrs[self.current.pc as usize - 1].d;
        window(&mut self.stack.slots, self.current.base as usize)[usize::from(slot)] = result;
        self.state = State::Ready;
    }

    /// Drop the current frame, for a tail call or an exception; whether there is a caller.
    pub(super) fn leave(&mut self) -> bool {
        match self.stack.frames.pop() {
            Some(caller) => {
                self.current = caller;
                true
            }
            None => false,
        }
    }

    /// § exec/instructions, function calls: call the function at address `func`
    /// whose arguments are in the slots from `at` on. If `returns`, then to
    /// `current`, else the activation finishes with the function's results.
    fn enter(&mut self, store: &Store, func: u32, at: usize, returns: bool) -> Result<(), Stop> {
        match store.funcs[func as usize].code {
            FuncCode::Host { .. } => {
                self.state = State::Waiting(Waiting { func, at: at as u32, returns });
                Ok(())
            }
            FuncCode::Wasm { instance, body } => {
                let code = &store.instances[instance as usize].module.0.code;
                let body = code.bodies[body as usize];
                self.enter_body(store, instance, body, at, returns)
            }
        }
    }

    fn enter_body(
        &mut self,
        store: &Store,
        instance: u32,
        body: Body,
        at: usize,
        returns: bool,
    ) -> Result<(), Stop> {
        if returns {
            self.stack.frames.push(self.current);
        }
        if at + body.frame_slots as usize > self.stack.slots_max()
            || self.stack.frames.len() >= store.limits.frames_max
        {
            return Err(Stop::StackExhausted);
        }
        let cleared = usize::from(body.param_slots)..usize::from(body.cleared_slots);
        window(&mut self.stack.slots, at)[cleared].fill(0);
        self.current = Frame { pc: body.start, base: at as u32, instance };
        self.state = State::Ready;
        Ok(())
    }

    fn host_call(&self, store: &Store, waiting: &Waiting) -> Event {
        let func = store.funcs[waiting.func as usize];
        let FuncCode::Host { id } = func.code else { unreachable!("only host functions wait") };
        let slots = &self.stack.slots[waiting.at as usize..];
        let args = read_slots(&store.types.get(func.ty).params, slots);
        store.hold(&args);
        Event::HostCall(HostCall { func: Func(waiting.func), id, args })
    }

    /// Give the results of the host function that was called;
    /// [`Activation::run`] goes on after it.
    ///
    /// # Errors
    /// [`Stop::Mismatch`] if the results are not of the function's type or there
    /// is no call to return from; nothing has changed then.
    pub fn resume(&mut self, store: &Store, results: &[Value]) -> Result<(), Stop> {
        let State::Waiting(waiting) = &self.state else {
            return Err(Stop::Mismatch("no host function was called".into()));
        };
        let ty = store.types.get(store.funcs[waiting.func as usize].ty);
        if !store.fit(results, &ty.results) {
            return Err(Stop::Mismatch("the results are not of the host function's type".into()));
        }
        let (at, returns) = (waiting.at as usize, waiting.returns);
        self.resume_stack();
        write_slots(results, &mut self.stack.slots[at..]);
        // While it is waiting, results count as live whether it goes on or not.
        self.suspend_stack(store);
        self.state = if returns { State::Ready } else { State::Finished };
        Ok(())
    }
}

impl Store {
    /// Whether the values are of these types, one each.
    pub(crate) fn fit(&self, values: &[Value], types: &[crate::ValType]) -> bool {
        values.len() == types.len()
            && values.iter().zip(types).all(|(value, ty)| self.fits(*value, *ty))
    }
}

/// The slots of a constant expression (§ valid/instructions, constant expressions).
pub(crate) fn constant(
    store: &mut Store,
    instance: &InstanceData,
    expr: &ConstExpr,
) -> Result<[u64; 2], Stop> {
    match *expr {
        ConstExpr::Value(low, high) => Ok([low, high]),
        ConstExpr::GlobalGet(index) => {
            Ok(store.globals[instance.globals[index as usize] as usize].slots)
        }
        ConstExpr::RefFunc(index) => Ok([func_ref(instance.funcs[index as usize]), 0]),
        ConstExpr::Body(body) => {
            let body = instance.module.0.code.bodies[body as usize];
            let mut activation = Activation::empty(store, Arc::default())?;
            activation.enter_body(store, instance.index, body, 0, false)?;
            match activation.run(store)? {
                Event::Finished(_) => {}
                Event::OutOfFuel => return Err(Stop::OutOfFuel),
                other => unreachable!("constant expressions only compute, no {other:?}"),
            }
            let slots = &activation.stack.slots;
            Ok([slots[0], if body.result_slots == 2 { slots[1] } else { 0 }])
        }
    }
}
