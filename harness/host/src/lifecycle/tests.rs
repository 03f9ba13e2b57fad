use super::*;

const KINDS: [InstanceKind; 3] = [
    InstanceKind::Command,
    InstanceKind::Reactor { initializer: false },
    InstanceKind::Reactor { initializer: true },
];
const ENTRANCES: [Entrance; 3] = [Entrance::Run, Entrance::Initialize, Entrance::Call];
const ENDINGS: [EntryEnding; 3] =
    [EntryEnding::Returned, EntryEnding::Exited, EntryEnding::Trapped];

/// What a history so far admits, said without phases: an independent account.
fn expected(
    kind: InstanceKind,
    history: &[(Entrance, EntryEnding)],
    entrance: Entrance,
) -> Option<Refusal> {
    let has = |wanted: EntryEnding| history.iter().any(|(_, ending)| *ending == wanted);
    let initialized = history.iter().any(|(entrance, _)| *entrance == Entrance::Initialize);
    match (kind, entrance) {
        (InstanceKind::Command, Entrance::Initialize | Entrance::Call) => {
            Some(Refusal::NotAReactor)
        }
        (InstanceKind::Reactor { .. }, Entrance::Run) => Some(Refusal::NotACommand),
        (InstanceKind::Reactor { initializer: false }, Entrance::Initialize) => {
            Some(Refusal::NothingToInitialize)
        }
        _ if has(EntryEnding::Trapped) => Some(Refusal::Poisoned),
        _ if has(EntryEnding::Exited) => Some(Refusal::Finished),
        (InstanceKind::Command, Entrance::Run) if !history.is_empty() => Some(Refusal::Finished),
        (InstanceKind::Command, Entrance::Run) => None,
        (InstanceKind::Reactor { .. }, Entrance::Initialize) if initialized => {
            Some(Refusal::AlreadyInitialized)
        }
        (InstanceKind::Reactor { initializer: true }, Entrance::Call) if !initialized => {
            Some(Refusal::NotInitialized)
        }
        (InstanceKind::Reactor { .. }, Entrance::Initialize | Entrance::Call) => None,
    }
}

/// Every way to go on with `history`, `more` steps further; how many there were.
fn explore(
    kind: InstanceKind,
    lifecycle: &dyn Fn() -> Lifecycle,
    history: &mut Vec<(Entrance, EntryEnding)>,
    more: usize,
) -> u64 {
    let mut histories = 1;
    for entrance in ENTRANCES {
        let now = lifecycle();
        let found = now.enter(entrance);
        assert_eq!(
            found.as_ref().err().copied(),
            expected(kind, history, entrance),
            "{entrance:?} of {kind:?} after {history:?}"
        );
        let Ok(permit) = found else { continue };
        for inner in ENTRANCES {
            let refused = now.enter(inner).err();
            let misplaced = expected(kind, &[], inner)
                .filter(|refusal| !matches!(refusal, Refusal::NotInitialized));
            assert_eq!(refused, Some(misplaced.unwrap_or(Refusal::Busy)), "while it runs");
        }
        permit.end(EntryEnding::Returned);
        if more == 0 {
            continue;
        }
        for ending in ENDINGS {
            history.push((entrance, ending));
            let replayed = history.clone();
            let again = || {
                let lifecycle = Lifecycle::new(kind);
                for (entrance, ending) in &replayed {
                    lifecycle.enter(*entrance).expect("it was let in before").end(*ending);
                }
                lifecycle
            };
            histories += explore(kind, &again, history, more - 1);
            history.pop();
        }
    }
    histories
}

#[test]
fn all_histories_of_six_calls_are_admitted_and_refused_as_said() {
    for kind in KINDS {
        let count = explore(kind, &|| Lifecycle::new(kind), &mut Vec::new(), 6);
        println!("{kind:?}: {count} histories");
        assert!(count > 1);
    }
}

#[test]
fn a_lost_permit_is_a_trap() {
    let lifecycle = Lifecycle::new(InstanceKind::Command);
    drop(lifecycle.enter(Entrance::Run));
    assert_eq!(lifecycle.phase(), Phase::Poisoned);
    assert_eq!(lifecycle.enter(Entrance::Run).err(), Some(Refusal::Poisoned));
}

#[test]
fn a_refused_call_changes_nothing() {
    let lifecycle = Lifecycle::new(InstanceKind::Reactor { initializer: true });
    assert_eq!(lifecycle.enter(Entrance::Call).err(), Some(Refusal::NotInitialized));
    assert_eq!(lifecycle.enter(Entrance::Run).err(), Some(Refusal::NotACommand));
    assert_eq!(lifecycle.phase(), Phase::Fresh);
    lifecycle.enter(Entrance::Initialize).expect("for the first time").end(EntryEnding::Returned);
    assert_eq!(lifecycle.phase(), Phase::Ready);
}
