//! Streams that the embedder holds the other end of.

use std::collections::VecDeque;
use std::fmt;

use gainsay_host::sync::{Arc, Mutex};

type Waker = Arc<dyn Fn() + Send + Sync>;

/// Collects what a guest writes, up to a limit. Clones are the same buffer.
#[derive(Clone, Debug)]
pub struct Buffer {
    bytes: Arc<Mutex<Vec<u8>>>,
    bytes_max: usize,
}

impl Buffer {
    /// An empty one that takes so many bytes; after them the guest gets `errno::nospc`.
    pub fn new(bytes_max: usize) -> Buffer {
        Buffer { bytes: Arc::default(), bytes_max }
    }

    /// What was written.
    pub fn bytes(&self) -> Vec<u8> {
        self.bytes.lock().clone()
    }

    /// Append as much as there is room for; how much that is.
    pub(crate) fn append(&self, bytes: &[u8]) -> usize {
        let mut held = self.bytes.lock();
        let count = bytes.len().min(self.bytes_max - held.len());
        held.extend_from_slice(&bytes[..count]);
        count
    }

    pub(crate) fn room(&self) -> usize {
        self.bytes_max - self.bytes.lock().len()
    }
}

/// Input that arrives while the guest runs: a guest that reads waits until there is some
/// or no more will come. Clones are the same pipe.
#[derive(Clone, Default)]
pub struct Pipe(Arc<Mutex<PipeState>>);

#[derive(Default)]
struct PipeState {
    bytes: VecDeque<u8>,
    closed: bool,
    wakers: Vec<Waker>,
}

impl Pipe {
    /// An empty, open one.
    pub fn new() -> Pipe {
        Pipe::default()
    }

    /// Give the guest something to read. Nothing happens after [`Pipe::close`].
    pub fn send(&self, bytes: &[u8]) {
        self.change(|state| {
            if !state.closed {
                state.bytes.extend(bytes);
            }
        });
    }

    /// Say that no more will come.
    pub fn close(&self) {
        self.change(|state| state.closed = true);
    }

    fn change(&self, change: impl FnOnce(&mut PipeState)) {
        let mut state = self.0.lock();
        change(&mut state);
        let wakers = state.wakers.clone();
        // A waker may take locks of its own.
        drop(state);
        for waker in wakers {
            waker();
        }
    }

    pub(crate) fn on_input(&self, waker: Waker) {
        self.0.lock().wakers.push(waker);
    }

    /// Up to so many bytes; none at the end, `None` if one has to wait.
    pub(crate) fn receive(&self, room: usize) -> Option<Vec<u8>> {
        let mut state = self.0.lock();
        if state.bytes.is_empty() && !state.closed && room > 0 {
            return None;
        }
        let count = room.min(state.bytes.len());
        Some(state.bytes.drain(..count).collect())
    }

    /// How much can be read and whether that is all there will be.
    pub(crate) fn pending(&self) -> (usize, bool) {
        let state = self.0.lock();
        (state.bytes.len(), state.closed)
    }
}

impl fmt::Debug for Pipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (bytes, closed) = self.pending();
        f.debug_struct("Pipe").field("bytes", &bytes).field("closed", &closed).finish()
    }
}
