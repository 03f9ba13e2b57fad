//! Who may enter an instance.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use gainsay_host::lifecycle::{Entrance, EntryEnding, InstanceKind, Lifecycle, Phase, Refusal};
use gainsay_host::sync::{Arc, Mutex, thread};

use crate::explore::explore;

/// An instance and what happened in it. The counts are not part of the model; the lock
/// is where a guest that runs lets others go on.
struct Room {
    lifecycle: Lifecycle,
    inside: AtomicU32,
    entered: AtomicU32,
    trapped: AtomicBool,
    work: Mutex<()>,
}

impl Room {
    fn new(kind: InstanceKind) -> Arc<Room> {
        Arc::new(Room {
            lifecycle: Lifecycle::new(kind),
            inside: AtomicU32::new(0),
            entered: AtomicU32::new(0),
            trapped: AtomicBool::new(false),
            work: Mutex::new(()),
        })
    }

    /// Enter, work, leave; L1 and L2 of what happens meanwhile.
    fn enter(&self, entrance: Entrance, ending: EntryEnding) -> Result<(), Refusal> {
        let permit = self.lifecycle.enter(entrance)?;
        assert!(!self.trapped.load(Ordering::Relaxed), "an instance was entered after a trap");
        let before = self.entered.fetch_add(1, Ordering::Relaxed);
        let again = entrance != Entrance::Call && before > 0;
        assert!(!again, "an instance was entered twice that may be entered once");
        let others = self.inside.fetch_add(1, Ordering::Relaxed);
        assert_eq!(others, 0, "two are in one instance");
        drop(self.work.lock());
        self.inside.fetch_sub(1, Ordering::Relaxed);
        if ending == EntryEnding::Trapped {
            self.trapped.store(true, Ordering::Relaxed);
        }
        permit.end(ending);
        Ok(())
    }
}

/// So many threads do the same; how many were let in, and what the others were told.
fn all(
    threads: usize,
    room: &Arc<Room>,
    act: impl Fn(&Room) -> Result<(), Refusal> + Clone + Send + 'static,
) -> (usize, Vec<Refusal>) {
    let others: Vec<_> = (1..threads)
        .map(|_| {
            let (room, act) = (Arc::clone(room), act.clone());
            thread::spawn(move || act(&room))
        })
        .collect();
    let mut outcomes = vec![act(room)];
    outcomes.extend(others.into_iter().map(|other| other.join().expect("it ends")));
    let refusals: Vec<Refusal> = outcomes.iter().filter_map(|it| it.err()).collect();
    (outcomes.len() - refusals.len(), refusals)
}

#[test]
fn one_of_three_runs_is_let_in() {
    explore("one_of_three_runs_is_let_in", || {
        let room = Room::new(InstanceKind::Command);
        let run = |room: &Room| room.enter(Entrance::Run, EntryEnding::Returned);
        let (let_in, refusals) = all(3, &room, run);
        assert_eq!(let_in, 1);
        let told = |refusal: &Refusal| matches!(refusal, Refusal::Busy | Refusal::Finished);
        assert!(refusals.iter().all(told), "{refusals:?}");
        assert_eq!(room.lifecycle.phase(), Phase::Finished);
    });
}

#[test]
fn nothing_enters_after_a_trap() {
    explore("nothing_enters_after_a_trap", || {
        let room = Room::new(InstanceKind::Command);
        let run = |room: &Room| room.enter(Entrance::Run, EntryEnding::Trapped);
        let (let_in, refusals) = all(3, &room, run);
        assert_eq!(let_in, 1);
        let told = |refusal: &Refusal| matches!(refusal, Refusal::Busy | Refusal::Poisoned);
        assert!(refusals.iter().all(told), "{refusals:?}");
        assert_eq!(room.lifecycle.phase(), Phase::Poisoned);
    });
}

#[test]
fn one_of_two_initializations_is_let_in() {
    explore("one_of_two_initializations_is_let_in", || {
        let room = Room::new(InstanceKind::Reactor { initializer: true });
        let initialize = |room: &Room| room.enter(Entrance::Initialize, EntryEnding::Returned);
        let (let_in, refusals) = all(2, &room, initialize);
        assert_eq!((let_in, refusals.len()), (1, 1));
        assert!(matches!(refusals[0], Refusal::Busy | Refusal::AlreadyInitialized));
        assert_eq!(room.lifecycle.phase(), Phase::Ready);
    });
}

#[test]
fn no_call_enters_before_the_initialization_ends() {
    explore("no_call_enters_before_the_initialization_ends", || {
        let room = Room::new(InstanceKind::Reactor { initializer: true });
        let initialized = Arc::new(AtomicBool::new(false));
        let calls = [0, 1].map(|_| {
            let (room, initialized) = (Arc::clone(&room), Arc::clone(&initialized));
            thread::spawn(move || match room.enter(Entrance::Call, EntryEnding::Returned) {
                Ok(()) => assert!(initialized.load(Ordering::Relaxed), "called too early"),
                Err(refusal) => {
                    assert!(matches!(refusal, Refusal::Busy | Refusal::NotInitialized));
                }
            })
        });
        let permit = room.lifecycle.enter(Entrance::Initialize).expect("for the first time");
        drop(room.work.lock());
        initialized.store(true, Ordering::Relaxed);
        permit.end(EntryEnding::Returned);
        calls.into_iter().for_each(|call| call.join().expect("it ends"));
        assert_eq!(room.lifecycle.phase(), Phase::Ready);
    });
}

#[test]
fn calls_of_a_reactor_exclude_each_other() {
    explore("calls_of_a_reactor_exclude_each_other", || {
        let room = Room::new(InstanceKind::Reactor { initializer: false });
        let call = |room: &Room| room.enter(Entrance::Call, EntryEnding::Returned);
        let (let_in, refusals) = all(3, &room, call);
        assert!(let_in >= 1);
        assert!(refusals.iter().all(|refusal| *refusal == Refusal::Busy), "{refusals:?}");
        assert_eq!(room.enter(Entrance::Call, EntryEnding::Returned), Ok(()), "it is free again");
    });
}

#[test]
fn a_call_that_is_given_up_poisons() {
    explore("a_call_that_is_given_up_poisons", || {
        let room = Room::new(InstanceKind::Command);
        let other = Arc::clone(&room);
        let gives_up = thread::spawn(move || other.lifecycle.enter(Entrance::Run).map(drop));
        let ran = room.enter(Entrance::Run, EntryEnding::Returned);
        let given_up = gives_up.join().expect("it ends");
        assert!(ran.is_ok() != given_up.is_ok(), "{ran:?}, {given_up:?}");
        let phase = if ran.is_ok() { Phase::Finished } else { Phase::Poisoned };
        assert_eq!(room.lifecycle.phase(), phase);
    });
}
