//! Where activations at rest leave their stacks, so that collections find what these
//! refer to.

use crate::exec::stack::Stack;
use crate::lease::Lease;
use crate::sync::{Arc, Mutex, MutexGuard, Weak, lock};

/// The places of a store's activations; shared with them, since copies of an activation
/// are made without the store.
#[derive(Clone, Debug, Default)]
pub(crate) struct SuspendedStacks(Arc<Mutex<Vec<Weak<Place>>>>);

/// Where one activation leaves its stack. It is gone with the activation.
#[derive(Debug)]
pub(super) struct Place {
    suspended: SuspendedStacks,
    resting: Mutex<SuspendedStack>,
}

/// A stack at rest; nothing while its activation runs.
#[derive(Debug, Default)]
pub(super) struct SuspendedStack {
    pub(super) stack: Lease<Stack>,
    /// Slots from 0 on that may be read again.
    pub(super) live: usize,
}

impl SuspendedStacks {
    /// How many places are looked through without asking which are gone.
    const UNASKED_MAX: usize = 8;

    /// A new place.
    pub(super) fn place(&self) -> Arc<Place> {
        let resting = Mutex::default();
        let place = Arc::new(Place { suspended: self.clone(), resting });
        let mut places = lock(&self.0);
        // Asked only when there is no more room, so that each is asked a few times.
        if places.len() == places.capacity() && places.len() >= SuspendedStacks::UNASKED_MAX {
            places.retain(|place| place.strong_count() > 0);
            let count = places.len();
            places.reserve(count.max(SuspendedStacks::UNASKED_MAX));
        }
        places.push(Arc::downgrade(&place));
        place
    }

    /// Look at the live slots of every stack at rest.
    pub(crate) fn each(&self, mut look: impl FnMut(&[u64])) {
        for place in lock(&self.0).iter().filter_map(Weak::upgrade) {
            let resting = lock(&place.resting);
            look(&resting.stack.slots[..resting.live]);
        }
    }
}

impl Place {
    /// What is there.
    pub(super) fn look(&self) -> MutexGuard<'_, SuspendedStack> {
        lock(&self.resting)
    }

    /// Another place in the same store.
    pub(super) fn another(&self) -> Arc<Place> {
        self.suspended.place()
    }
}
