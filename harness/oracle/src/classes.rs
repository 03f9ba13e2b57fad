//! Sorts engines into classes of equal outcomes.

use crate::divergence::Class;

/// Group engines whose items are the same; each class has its first item.
pub(crate) fn classes<T: Copy>(
    items: &[(usize, T)],
    same: impl Fn(&T, &T) -> bool,
) -> Vec<(T, Vec<usize>)> {
    let mut classes: Vec<(T, Vec<usize>)> = Vec::new();
    for (engine, item) in items {
        match classes.iter_mut().find(|(first, _)| same(first, item)) {
            Some((_, engines)) => engines.push(*engine),
            None => classes.push((*item, vec![*engine])),
        }
    }
    classes
}

pub(crate) fn sorted(mut classes: Vec<Class>) -> Vec<Class> {
    classes.sort();
    classes
}
