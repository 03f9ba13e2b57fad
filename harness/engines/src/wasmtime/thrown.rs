//! Exceptions that leave a call.

use gainsay_case::Exception;
use wasmtime::{AsContextMut, Extern, Instance, RootScope, Store, Tag, Val};

use super::value::lift_all;

/// Take the exception that the store holds, with the name by which `called` exports its
/// tag.
pub(super) fn take<T: 'static>(
    store: &mut Store<T>,
    called: Option<&Instance>,
) -> Option<Exception> {
    let exception = store.take_pending_exception()?;
    let mut scope = RootScope::new(&mut *store);
    let tag = exception.tag(&mut scope).ok()?;
    let values: Vec<Val> = exception.fields(scope.as_context_mut()).ok()?.collect();
    let values = lift_all(&mut scope, &values);
    drop(scope);
    let tag = called.and_then(|instance| exported_name(store, instance, &tag));
    Some(Exception { tag, values })
}

fn exported_name<T>(store: &mut Store<T>, instance: &Instance, tag: &Tag) -> Option<String> {
    let exports = instance.exports(&mut *store);
    let tags: Vec<(String, Tag)> = exports
        .filter_map(|export| {
            let name = export.name().to_owned();
            match export.into_extern() {
                Extern::Tag(tag) => Some((name, tag)),
                _ => None,
            }
        })
        .collect();
    tags.into_iter().filter(|(_, other)| Tag::eq(tag, other, &*store)).map(|(name, _)| name).min()
}
