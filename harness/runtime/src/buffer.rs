//! Growable storage of memories, tables and stacks, that never aborts.
//!
//! `vec![0; n]` takes zeroed pages from the system without touching them, but
//! aborts when there are none; `try_reserve` reports that, but cannot ask for
//! zeroed pages. So large requests are tried with the one and made with the other.

/// Requests up to this many bytes are made without trying: they are no larger
/// than those that the rest of the program makes.
const UNTRIED_BYTES_MAX: usize = 1 << 20;

/// `length` copies of `value`, or `None` when there is no room for them.
pub(crate) fn filled<T: Copy>(value: T, length: u64) -> Option<Vec<T>> {
    let length = usize::try_from(length).ok()?;
    if length.checked_mul(size_of::<T>())? > UNTRIED_BYTES_MAX {
        let mut trial: Vec<T> = Vec::new();
        trial.try_reserve_exact(length).ok()?;
    }
    Some(vec![value; length])
}

/// Let an empty `buffer` have `length` copies of `value`, in the room it has if that is
/// enough; `false` when there is none for them.
pub(crate) fn begin<T: Copy>(buffer: &mut Vec<T>, length: u64, value: T) -> bool {
    match usize::try_from(length) {
        Ok(length) if length <= buffer.capacity() => buffer.resize(length, value),
        _ => match filled(value, length) {
            Some(made) => *buffer = made,
            None => return false,
        },
    }
    true
}

/// Lengthen `buffer` to `length` with copies of `value`; `false`, and nothing
/// changed, when there is no room.
///
/// The cost is that of the elements there were, or of those that are added (which is
/// also what they are if there is room for them already), whichever are fewer, amortised: neither many small steps nor a huge one is slow.
pub(crate) fn grow<T: Copy>(buffer: &mut Vec<T>, length: u64, value: T) -> bool {
    let Ok(new) = usize::try_from(length) else { return false };
    let old = buffer.len();
    if new <= old.saturating_mul(2).max(buffer.capacity()) {
        let added = new.saturating_sub(old);
        if buffer.try_reserve(added).is_err() && buffer.try_reserve_exact(added).is_err() {
            return false;
        }
        buffer.resize(new, value);
        return true;
    }
    let Some(mut larger) = filled(value, length) else { return false };
    larger[..old].copy_from_slice(buffer);
    *buffer = larger;
    true
}

/// The `count` elements from `start` on as a range, if `length` has them all.
pub(crate) fn span(length: usize, start: u64, count: u64) -> Option<std::ops::Range<usize>> {
    let end = start.checked_add(count).filter(|end| *end <= length as u64)?;
    Some(start as usize..end as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_keeps_the_contents_and_fills_the_rest() {
        for (old, new) in [(0, 0), (0, 5), (3, 3), (3, 4), (3, 6), (3, 7), (100, 5000)] {
            let mut buffer: Vec<u64> = (1..=old).collect();
            assert!(grow(&mut buffer, new, 77));
            assert_eq!(buffer.len() as u64, new);
            assert!(buffer.iter().take(old as usize).copied().eq(1..=old));
            assert!(buffer.iter().skip(old as usize).all(|element| *element == 77));
        }
    }

    #[test]
    fn a_buffer_begins_in_the_room_it_has() {
        let mut buffer: Vec<u64> = Vec::with_capacity(8);
        let before = buffer.as_ptr();
        assert!(begin(&mut buffer, 8, 5));
        assert_eq!((buffer.as_ptr(), &buffer[..]), (before, &[5; 8][..]));
        buffer.clear();
        assert!(begin(&mut buffer, 100, 6));
        assert_eq!(buffer, [6; 100]);
        buffer.clear();
        assert!(!begin(&mut buffer, u64::MAX, 0));
    }

    #[test]
    fn an_impossible_request_is_refused_and_changes_nothing() {
        let mut buffer = vec![1u64, 2];
        for length in [u64::MAX, u64::MAX / 8, 1 << 60] {
            assert!(!grow(&mut buffer, length, 0));
            assert!(filled(0u64, length).is_none());
        }
        assert_eq!(buffer, [1, 2]);
    }

    #[test]
    fn a_span_must_end_within_the_length() {
        assert_eq!(span(10, 0, 10), Some(0..10));
        assert_eq!(span(10, 10, 0), Some(10..10));
        assert_eq!(span(10, 11, 0), None);
        assert_eq!(span(10, 5, 6), None);
        assert_eq!(span(10, u64::MAX, 2), None);
        assert_eq!(span(10, 2, u64::MAX), None);
    }
}
