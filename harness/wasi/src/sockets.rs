//! Sockets, of which a process here has none.

use crate::call::{Call, Done};
use crate::errno::Errno;
use crate::wasi::Wasi;

fn not_a_socket(wasi: &Wasi, call: &Call<'_>) -> Done {
    wasi.any_descriptor(call.u32(0))?;
    Err(Errno::NotSock.into())
}

pub(crate) fn sock_accept(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    not_a_socket(wasi, call)
}

pub(crate) fn sock_recv(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    not_a_socket(wasi, call)
}

pub(crate) fn sock_send(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    not_a_socket(wasi, call)
}

pub(crate) fn sock_shutdown(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    not_a_socket(wasi, call)
}
