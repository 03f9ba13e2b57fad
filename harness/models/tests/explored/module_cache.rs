//! The cache of the runtime's own modules.

use gainsay_host::ModuleCache;
use gainsay_host::sync::{Arc, thread};
use gainsay_runtime::Config;

use crate::explore::explore;

/// An empty module, and one with a custom section.
const MODULES: [&[u8]; 2] = [b"\0asm\x01\0\0\0", b"\0asm\x01\0\0\0\x00\x02\x01x"];

fn compile_all(cache: &ModuleCache, config: &Config) {
    for bytes in MODULES {
        let handle = cache.compile(config, bytes).expect("it is valid");
        let module = handle.module().expect("it is open");
        assert_eq!(module.exports().count(), 0);
        assert!(handle.close());
        assert!(handle.module().is_err());
    }
}

#[test]
fn two_threads_compile_the_same_modules() {
    explore("two_threads_compile_the_same_modules", || {
        let cache = Arc::new(ModuleCache::new());
        let other = Arc::clone(&cache);
        let compiles = thread::spawn(move || compile_all(&other, &Config::default()));
        compile_all(&cache, &Config::default());
        let metered = Config { fuel: true, ..Config::default() };
        let handle = cache.compile(&metered, MODULES[0]).expect("it is valid");
        compiles.join().expect("it ends");
        let stats = cache.stats();
        assert_eq!((stats.modules, stats.bytes), (1, 8), "only the metered one is left");
        assert!((3..=5).contains(&stats.memory.builds), "{stats:?}");
        drop(handle);
        assert_eq!(cache.stats().modules, 0);
    });
}
