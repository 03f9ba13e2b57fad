use super::*;

const KINDS: [Kind; 3] =
    [Kind::Command, Kind::Reactor { initializer: false }, Kind::Reactor { initializer: true }];
const ENTRANCES: [Entrance; 3] = [Entrance::Run, Entrance::Initialize, Entrance::Call];
const ENDINGS: [Ending; 3] = [Ending::Returned, Ending::Exited, Ending::Trapped];

/// What a history so far admits, said without phases: an independent account.
fn expected(kind: Kind, history: &[(Entrance, Ending)], entrance: Entrance) -> Option<Refusal> {
    let has = |wanted: Ending| history.iter().any(|(_, ending)| *ending == wanted);
    let initialized = history.iter().any(|(entrance, _)| *entrance == Entrance::Initialize);
    match (kind, entrance) {
        (Kind::Command, Entrance::Initialize | Entrance::Call) => Some(Refusal::NotAReactor),
        (Kind::Reactor { .. }, Entrance::Run) => Some(Refusal::NotACommand),
        (Kind::Reactor { initializer: false }, Entrance::Initialize) => {
            Some(Refusal::NothingToInitialize)
        }
        _ if has(Ending::Trapped) => Some(Refusal::Poisoned),
        _ if has(Ending::Exited) => Some(Refusal::Finished),
        (Kind::Command, Entrance::Run) if !history.is_empty() => Some(Refusal::Finished),
        (Kind::Command, Entrance::Run) => None,
        (Kind::Reactor { .. }, Entrance::Initialize) if initialized => {
            Some(Refusal::AlreadyInitialized)
        }
        (Kind::Reactor { initializer: true }, Entrance::Call) if !initialized => {
            Some(Refusal::NotInitialized)
        }
        (Kind::Reactor { .. }, Entrance::Initialize | Entrance::Call) => None,
    }
}

/// Every way to go on with `history`, `more` steps further; how many there were.
fn explore(
    kind: Kind,
    lifecycle: &dyn Fn() -> Lifecycle,
    history: &mut Vec<(Entrance, Ending)>,
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
        permit.end(Ending::Returned);
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
    let lifecycle = Lifecycle::new(Kind::Command);
    drop(lifecycle.enter(Entrance::Run));
    assert_eq!(lifecycle.phase(), Phase::Poisoned);
    assert_eq!(lifecycle.enter(Entrance::Run).err(), Some(Refusal::Poisoned));
}

#[test]
fn a_refused_call_changes_nothing() {
    let lifecycle = Lifecycle::new(Kind::Reactor { initializer: true });
    assert_eq!(lifecycle.enter(Entrance::Call).err(), Some(Refusal::NotInitialized));
    assert_eq!(lifecycle.enter(Entrance::Run).err(), Some(Refusal::NotACommand));
    assert_eq!(lifecycle.phase(), Phase::Fresh);
    lifecycle.enter(Entrance::Initialize).expect("for the first time").end(Ending::Returned);
    assert_eq!(lifecycle.phase(), Phase::Ready);
}
