//! The numbers of structures and arrays in a list of values.

/// Numbers objects in the order in which they first appear. A list has few of them: at
/// most one for each result or parameter of a function.
pub(crate) struct Identities<T> {
    seen: Vec<T>,
}

impl<T> Identities<T> {
    /// Nothing has appeared yet.
    pub(crate) fn new() -> Identities<T> {
        Identities { seen: Vec::new() }
    }

    /// The number of `object`; `same` tells whether two are one.
    pub(crate) fn number(&mut self, object: T, same: impl Fn(&T, &T) -> bool) -> u32 {
        let known = self.seen.iter().position(|seen| same(seen, &object));
        let number = known.unwrap_or(self.seen.len());
        if known.is_none() {
            self.seen.push(object);
        }
        u32::try_from(number).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_keep_the_number_of_their_first_appearance() {
        let mut identities = Identities::new();
        let mut number = |object: char| identities.number(object, |left, right| left == right);
        assert_eq!(['x', 'y', 'x', 'z', 'y'].map(&mut number), [0, 1, 0, 2, 1]);
    }
}
