//! What a program is started with: arguments and environment.

use crate::call::{Call, Done};
use crate::errno::Errno;
use crate::wasi::Wasi;

/// Strings as a guest gets them: one after the other, a zero after each.
#[derive(Debug, Default)]
pub(crate) struct Strings {
    starts: Vec<u32>,
    bytes: Vec<u8>,
}

impl Strings {
    /// `None` if they are too long for a memory of 32 bits, or contain zeros.
    pub(crate) fn new(strings: &[String]) -> Option<Strings> {
        let mut all = Strings::default();
        for string in strings {
            if string.contains('\0') {
                return None;
            }
            all.starts.push(u32::try_from(all.bytes.len()).ok()?);
            all.bytes.extend_from_slice(string.as_bytes());
            all.bytes.push(0);
        }
        u32::try_from(all.bytes.len()).ok().map(|_| all)
    }

    fn sizes(&self, call: &mut Call<'_>) -> Done {
        call.memory.check(call.u32(1), 4)?;
        call.memory.write_u32(call.u32(0), self.starts.len() as u32)?;
        call.memory.write_u32(call.u32(1), self.bytes.len() as u32)?;
        Ok(())
    }

    fn get(&self, call: &mut Call<'_>) -> Done {
        let (pointers, bytes) = (call.u32(0), call.u32(1));
        call.memory.check(pointers, self.starts.len() as u64 * 4)?;
        call.memory.write(bytes, &self.bytes)?;
        let mut list = Vec::with_capacity(self.starts.len() * 4);
        for start in &self.starts {
            let pointer = bytes.checked_add(*start).ok_or(Errno::Fault)?;
            list.extend_from_slice(&pointer.to_le_bytes());
        }
        call.memory.write(pointers, &list)?;
        Ok(())
    }
}

pub(crate) fn args_get(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    wasi.args.get(call)
}

pub(crate) fn args_sizes_get(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    wasi.args.sizes(call)
}

pub(crate) fn environ_get(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    wasi.environ.get(call)
}

pub(crate) fn environ_sizes_get(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    wasi.environ.sizes(call)
}
