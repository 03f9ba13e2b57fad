//! The cache of the reference runtime's modules.

use std::ops::Deref;
use std::path::Path;

use gainsay_runtime::{Config, Module, ModuleError};

use crate::cache::{Artefact, Cache, CacheError, CacheStats, Handle, HandleClosed, InUse};
use crate::disk::{Directory, Disk, DiskError, DiskStats};
use crate::module_key::ModuleKey;
use crate::sha256::{DIGEST_BYTES, sha256};
use crate::sync::{Arc, Mutex};

/// A module in the cache, with the accounts it is entered in.
#[derive(Debug)]
pub struct Compiled {
    module: Module,
    /// Size of the module's binary.
    bytes: usize,
    accounts: Arc<Mutex<Accounts>>,
}

/// What is compiled and not released.
#[derive(Clone, Copy, Debug, Default)]
struct Accounts {
    modules: usize,
    bytes: usize,
}

impl Artefact for Compiled {
    fn complete(&self) {
        let mut accounts = self.accounts.lock();
        accounts.modules += 1;
        accounts.bytes += self.bytes;
    }

    fn release(&self) {
        let mut accounts = self.accounts.lock();
        accounts.modules -= 1;
        accounts.bytes -= self.bytes;
    }
}

/// Compiled modules, shared by threads and by stores of any configuration.
///
/// # The tier on disk
/// What the runtime compiles to is no format: it changes with every version, and a
/// damaged instruction would be believed. So the disk holds the *binaries* of modules
/// that were valid, by their digest, and every process compiles anew. A warm directory
/// saves getting the bytes ([`ModuleCache::open`]), not compiling them; a warm memory
/// saves both.
#[derive(Debug)]
pub struct ModuleCache {
    modules: Cache<ModuleKey, Compiled>,
    disk: Option<Disk<Directory>>,
    accounts: Arc<Mutex<Accounts>>,
}

/// What a [`ModuleCache`] has done and holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModuleCacheStats {
    /// Of the tier in memory.
    pub memory: CacheStats,
    /// Of the tier on disk; all zero without one.
    pub disk: DiskStats,
    /// Modules that are not released.
    pub modules: usize,
    /// Sizes of their binaries together.
    pub bytes: usize,
}

impl ModuleCache {
    /// A cache in memory.
    pub fn new() -> ModuleCache {
        ModuleCache { modules: Cache::new(), disk: None, accounts: Arc::default() }
    }

    /// A cache with a tier on disk, which other processes may use at the same time;
    /// `bytes_max` is how large it may become. Only the opening of the directory can
    /// fail: later faults are counted, and the cache goes on without.
    ///
    /// # Errors
    /// [`DiskError`] when there is no such directory and none can be made.
    pub fn with_directory(directory: &Path, bytes_max: u64) -> Result<ModuleCache, DiskError> {
        let disk = Disk::new(Directory::open(directory)?, bytes_max);
        Ok(ModuleCache { disk: Some(disk), ..ModuleCache::new() })
    }

    /// A handle to the module with these bytes, compiled so.
    ///
    /// # Errors
    /// [`CacheError`].
    pub fn compile(
        &self,
        config: &Config,
        bytes: &[u8],
    ) -> Result<ModuleHandle, CacheError<ModuleError>> {
        let key = ModuleKey::new(config, bytes);
        let built = key.clone();
        let build = || {
            let compiled = self.build(config, bytes)?;
            if let Some(disk) = &self.disk {
                disk.keep(&built.name(), bytes);
            }
            Ok(compiled)
        };
        self.modules.get_or_build(key, build).map(ModuleHandle)
    }

    /// A handle to the module whose bytes have this SHA-256, compiled so, if it is in
    /// memory or on disk.
    ///
    /// # Errors
    /// [`CacheError`].
    pub fn open(
        &self,
        config: &Config,
        digest: [u8; DIGEST_BYTES],
    ) -> Result<Option<ModuleHandle>, CacheError<ModuleError>> {
        let key = ModuleKey::of_digest(config, digest);
        let wanted = key.clone();
        let build = || {
            let stored = self.disk.as_ref().and_then(|disk| disk.load(&wanted.name()));
            // The name was made from this digest; that the content has it is seen here.
            let bytes = stored.filter(|bytes| sha256(&[bytes]) == digest);
            let bytes = bytes.ok_or(Missing::Absent)?;
            self.build(config, &bytes).map_err(Missing::Refused)
        };
        match self.modules.get_or_build(key, build) {
            Ok(handle) => Ok(Some(ModuleHandle(handle))),
            Err(CacheError::Closed) => Err(CacheError::Closed),
            Err(CacheError::Build(Missing::Absent)) => Ok(None),
            Err(CacheError::Build(Missing::Refused(error))) => Err(CacheError::Build(error)),
        }
    }

    /// Refuse look-ups from now on; whether this call did it.
    pub fn close(&self) -> bool {
        self.modules.close()
    }

    /// What was done, and what is held now.
    pub fn stats(&self) -> ModuleCacheStats {
        let disk = self.disk.as_ref().map(Disk::stats).unwrap_or_default();
        let accounts = *self.accounts.lock();
        let memory = self.modules.stats();
        ModuleCacheStats { memory, disk, modules: accounts.modules, bytes: accounts.bytes }
    }

    fn build(&self, config: &Config, bytes: &[u8]) -> Result<Compiled, ModuleError> {
        let module = Module::new(config, bytes)?;
        Ok(Compiled { module, bytes: bytes.len(), accounts: Arc::clone(&self.accounts) })
    }
}

impl Default for ModuleCache {
    fn default() -> ModuleCache {
        ModuleCache::new()
    }
}

/// Why a digest leads to no module.
enum Missing {
    Absent,
    Refused(ModuleError),
}

/// A handle to a module in a cache.
#[derive(Debug)]
pub struct ModuleHandle(Handle<ModuleKey, Compiled>);

impl ModuleHandle {
    /// The module, which stays in the accounts until the last of these is gone.
    ///
    /// # Errors
    /// [`HandleClosed`] after [`ModuleHandle::close`].
    pub fn module(&self) -> Result<CachedModule, HandleClosed> {
        self.0.enter().map(CachedModule)
    }

    /// The key.
    pub fn key(&self) -> &ModuleKey {
        self.0.key()
    }

    /// Give it up; whether this call did it.
    pub fn close(&self) -> bool {
        self.0.close()
    }
}

/// A module in use.
#[derive(Clone, Debug)]
pub struct CachedModule(InUse<Compiled>);

impl Deref for CachedModule {
    type Target = Module;

    fn deref(&self) -> &Module {
        &self.0.module
    }
}
