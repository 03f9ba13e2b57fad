//! Processes: threads of a guest that end together, with a pool for each process.

use std::sync::LazyLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use gainsay_host::pool::{Pool, PoolConfig};
use gainsay_host::process::{
    EnvError, Process as HostProcess, ProcessExit, ProcessLimits, Program, RunError, Seeded,
    SpawnError, ThreadFailure, current,
};
use gainsay_host::sync::Arc;
use gainsay_lifecycle::{Deed, OpOutcome, ProcessEnd, Refusal, RunsOn, ThreadLimit};
use gainsay_runtime::{Config, Limits, Module, Value};

use super::guest::stopped;
use super::plan::{Event, Plan, Role};

/// How long a process may take to end: more than it takes on a loaded machine, and more than a
/// campaign allows for a sequence.
const END_TIME_MAX: Duration = Duration::from_secs(60);

/// How long the host's threads of a process that has ended may take to be gone.
const REST_TIME_MAX: Duration = Duration::from_secs(5);

/// Instructions of a thread before it looks whether its process has ended.
const SLICE: u64 = 50;

/// Several times what a process that ends takes: a schedule may prefer threads that are busy.
const STEPS_MAX: u64 = 2_000;

/// Enough for the program of processes.
const STACK_SLOTS: usize = 1 << 10;

struct Compiled {
    config: Config,
    module: Module,
}

/// The program of processes, compiled once.
fn compiled() -> Result<&'static Compiled, OpOutcome> {
    static COMPILED: LazyLock<Result<Compiled, String>> = LazyLock::new(|| {
        let limits = Limits { stack_slots_max: STACK_SLOTS, ..Limits::default() };
        let config = Config { fuel: true, limits, ..Config::default() };
        let module = Module::new(&config, gainsay_lifecycle::process_program());
        module.map(|module| Compiled { config, module }).map_err(|error| error.to_string())
    });
    COMPILED.as_ref().map_err(|error| OpOutcome::Broken(error.clone()))
}

/// What is left of a process that was given up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Left {
    /// Threads of the host.
    pub(super) threads: u64,
    /// What its pool did not get back.
    pub(super) resources: u64,
}

impl Left {
    pub(super) fn add(&mut self, more: Left) {
        self.threads += more.threads;
        self.resources += more.resources;
    }
}

pub(super) struct Process {
    process: HostProcess,
    plan: Arc<Plan>,
    pool: Pool,
    /// What the thread of the host has to say that runs the main thread.
    runner: Option<Receiver<Event>>,
    was_started: bool,
    /// What the run gave.
    ran: Option<ProcessExit>,
}

impl Process {
    pub(super) fn new(limit: ThreadLimit, deed: Deed) -> Result<Process, OpOutcome> {
        let Compiled { config, module } = compiled()?;
        let threads_max = usize::from(limit.0);
        let limits = ProcessLimits { threads_max, slice: SLICE, deadlock_ends: true };
        // The main thread has a place beside the others.
        let pool_config = PoolConfig {
            shards: 1,
            stack_slots_max: STACK_SLOTS,
            ..PoolConfig::of(threads_max + 1)
        };
        let pool = Pool::new(pool_config);
        let plan = Arc::new(Plan::new(deed));
        let system: Arc<Plan> = Arc::clone(&plan);
        let program = Program::new(config, module, system, limits).map_err(|e| broken(&e))?;
        let process = HostProcess::new(program.in_pool(&pool)).map_err(|error| broken(&error))?;
        Ok(Process { process, plan, pool, runner: None, was_started: false, ran: None })
    }

    pub(super) fn plan(&self, role: Role) -> OpOutcome {
        self.plan.add(role);
        OpOutcome::DONE
    }

    pub(super) fn start(&mut self, runs_on: RunsOn) -> OpOutcome {
        if std::mem::replace(&mut self.was_started, true) {
            return match self.process.run() {
                Ok(exit) => OpOutcome::Broken(format!("it ran again: {exit}")),
                Err(error) => not_run(&error),
            };
        }
        match runs_on {
            RunsOn::Threads => self.start_on_threads(),
            RunsOn::Schedule(seed) => {
                match self.process.run_scheduled(&mut Seeded::new(seed.into()), STEPS_MAX) {
                    Ok(run) => self.ran = Some(run.exit),
                    Err(error) => return not_run(&error),
                }
                self.checked(OpOutcome::DONE)
            }
        }
    }

    /// Return when the main thread has begun, so that another start finds it begun.
    fn start_on_threads(&mut self) -> OpOutcome {
        let (send, receive) = channel();
        self.plan.tell(send.clone());
        let process = self.process.clone();
        let runs = move || {
            let ran = process.run();
            // This thread must not keep the process alive.
            drop(process);
            let _ = send.send(Event::Ran(ran));
        };
        if let Err(error) = thread::Builder::new().spawn(runs) {
            return OpOutcome::Broken(format!("no thread: {error}"));
        }
        match receive.recv_timeout(END_TIME_MAX) {
            Ok(Event::Begun) => self.runner = Some(receive),
            Ok(Event::Ran(Ok(exit))) => self.ran = Some(exit),
            Ok(Event::Ran(Err(error))) => return not_run(&error),
            Err(error) => return OpOutcome::Broken(no_end(error)),
        }
        OpOutcome::DONE
    }

    pub(super) fn add_thread(&self, deed: Deed) -> OpOutcome {
        let number = self.plan.add_of_host(deed);
        match self.process.spawn(number) {
            Ok(_) => OpOutcome::DONE,
            Err(error) => not_spawned(&error),
        }
    }

    /// This thread of the host runs in no environment, before and after.
    pub(super) fn enter(&self, deed: Deed) -> OpOutcome {
        let number = self.plan.add_of_host(deed);
        let entered = match self.process.environment() {
            Ok(environment) => {
                let called = environment.call("live", &[Value::I32(number)]);
                called.map(drop).map_err(|error| not_called(&error))
            }
            Err(error) => Err(not_spawned(&error)),
        };
        self.checked(entered.err().unwrap_or(OpOutcome::DONE))
    }

    pub(super) fn kill(&self) -> OpOutcome {
        self.process.kill();
        OpOutcome::DONE
    }

    pub(super) fn join(&mut self) -> OpOutcome {
        if let Some(runner) = self.runner.take() {
            match runner.recv_timeout(END_TIME_MAX) {
                Ok(Event::Ran(Ok(exit))) => self.ran = Some(exit),
                Ok(Event::Ran(Err(error))) => return broken(&error),
                Ok(Event::Begun) => return OpOutcome::Broken("it began twice".to_owned()),
                Err(error) => return OpOutcome::Broken(no_end(error)),
            }
        }
        let start = Instant::now();
        while self.process.exit().is_none() || self.process.threads() > 0 {
            if start.elapsed() > END_TIME_MAX {
                return OpOutcome::Broken(no_end(RecvTimeoutError::Timeout));
            }
            thread::yield_now();
        }
        let joined = self.process.join();
        match &self.ran {
            Some(ran) if *ran != joined => {
                OpOutcome::Broken(format!("run returned {ran}, and join returned {joined}"))
            }
            _ => self.checked(exited(&joined)),
        }
    }

    /// Threads, and environments.
    pub(super) fn count(&self) -> OpOutcome {
        let environments = self.pool.stats().instances.held;
        OpOutcome::Ok(vec![self.process.threads() as i64, environments as i64])
    }

    /// The outcome, if nothing was noticed meanwhile that is wrong whatever it is.
    fn checked(&self, outcome: OpOutcome) -> OpOutcome {
        match (self.plan.wrong(), current()) {
            (Some(wrong), _) => OpOutcome::Broken(wrong),
            (None, Some(_)) => {
                OpOutcome::Broken("this thread is left in an environment".to_owned())
            }
            (None, None) => outcome,
        }
    }

    /// Bring it to its end, whatever it does.
    pub(super) fn end(self) -> Left {
        self.process.kill();
        self.drop_handle()
    }

    /// Give it up: nobody holds it then, unless it runs.
    pub(super) fn drop_handle(self) -> Left {
        let Process { process, plan, pool, runner, .. } = self;
        drop(process);
        if let Some(runner) = runner {
            let _ = runner.recv_timeout(END_TIME_MAX);
        }
        let start = Instant::now();
        // A thread of the host is gone a moment after its place is.
        let threads = || Arc::strong_count(&plan) as u64 - 1;
        while (threads() > 0 || !pool.stats().is_at_rest()) && start.elapsed() < REST_TIME_MAX {
            thread::yield_now();
        }
        let kinds = pool.stats().kinds();
        let resources = kinds.iter().map(|(_, stats)| stats.held as u64).sum();
        Left { threads: threads(), resources }
    }
}

fn no_end(error: RecvTimeoutError) -> String {
    match error {
        RecvTimeoutError::Timeout => format!("no end after {} s", END_TIME_MAX.as_secs()),
        RecvTimeoutError::Disconnected => "the thread that ran it panicked".to_owned(),
    }
}

fn exited(exit: &ProcessExit) -> OpOutcome {
    match exit {
        ProcessExit::Returned => OpOutcome::DONE,
        ProcessExit::Exited(status) => OpOutcome::Exit(*status),
        ProcessExit::Trapped { failure, .. } => failed(failure),
        ProcessExit::Killed => OpOutcome::Ended(ProcessEnd::Killed),
        ProcessExit::Deadlocked => OpOutcome::Ended(ProcessEnd::Deadlocked),
        ProcessExit::OutOfSteps => OpOutcome::Ended(ProcessEnd::OutOfSteps),
    }
}

fn failed(failure: &ThreadFailure) -> OpOutcome {
    match failure {
        ThreadFailure::Stopped(stop) => stopped(stop),
        other => broken(other),
    }
}

fn not_run(error: &RunError) -> OpOutcome {
    match error {
        RunError::AlreadyRun | RunError::Ended(_) => OpOutcome::Refused(Refusal::Finished),
        other => broken(other),
    }
}

fn not_spawned(error: &SpawnError) -> OpOutcome {
    match error {
        SpawnError::Ended | SpawnError::Scheduled => OpOutcome::Refused(Refusal::Closed),
        SpawnError::TooMany => OpOutcome::Refused(Refusal::Limit),
        SpawnError::Env(error) => not_called(error),
        other => broken(other),
    }
}

fn not_called(error: &EnvError) -> OpOutcome {
    match error {
        EnvError::Ended => OpOutcome::Refused(Refusal::Closed),
        EnvError::Exited(status) => OpOutcome::Exit(*status),
        EnvError::Failed(failure) => failed(failure),
        other => broken(other),
    }
}

fn broken(error: &dyn std::fmt::Display) -> OpOutcome {
    OpOutcome::Broken(error.to_string())
}
