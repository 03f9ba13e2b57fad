//! What makes two compilations the same: the module's bytes and every setting.

use std::cell::Cell;

use gainsay_runtime::Config;

use crate::sha256::{DIGEST_BYTES, sha256};

/// The name of a compiled module: equal iff bytes and settings are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleKey {
    /// SHA-256 of the module's bytes.
    bytes: [u8; DIGEST_BYTES],
    /// SHA-256 of the settings.
    settings: [u8; DIGEST_BYTES],
}

impl ModuleKey {
    /// The key of these bytes, compiled so.
    pub fn new(config: &Config, bytes: &[u8]) -> ModuleKey {
        ModuleKey::of_digest(config, sha256(&[bytes]))
    }

    /// The key of the bytes with this SHA-256, compiled so.
    ///
    pub fn of_digest(config: &Config, bytes: [u8; DIGEST_BYTES]) -> ModuleKey {
        ModuleKey { bytes, settings: settings(config) }
    }

    /// SHA-256 of the module's bytes.
    pub fn digest(&self) -> &[u8; DIGEST_BYTES] {
        &self.bytes
    }

    /// One digest of both.
    pub(crate) fn name(&self) -> [u8; DIGEST_BYTES] {
        sha256(&[&self.settings, &self.bytes])
    }
}

thread_local! {
    /// The settings that this thread asked for last: mostly the same again, and to write
    /// and digest them takes longer than to compile a small module.
    static LAST: Cell<Option<(Config, [u8; DIGEST_BYTES])>> = const { Cell::new(None) };
}

/// The digest of what `Debug` writes of the settings: it is derived, so that a setting
/// which is added later is part of the key without anybody thinking of it.
fn settings(config: &Config) -> [u8; DIGEST_BYTES] {
    if let Some((last, digest)) = LAST.get()
        && last == *config
    {
        return digest;
    }
    let digest = sha256(&[format!("{config:?}").as_bytes()]);
    LAST.set(Some((*config, digest)));
    digest
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use gainsay_runtime::{
        NanChoice, RelaxedDot, RelaxedLaneselect, RelaxedMadd, RelaxedMinMax, RelaxedQ15mulr,
        RelaxedSwizzle, RelaxedTruncS, RelaxedTruncU,
    };

    use super::*;

    type Change = fn(&mut Config);

    /// One change for each setting there is.
    fn changes() -> Vec<Change> {
        macro_rules! flip {
            ($($part:ident . $name:ident),* $(,)?) => {
                [$((|config: &mut Config| config.$part.$name = !config.$part.$name) as Change),*]
            };
        }
        let features = flip!(
            features.mutable_global,
            features.saturating_float_to_int,
            features.sign_extension,
            features.multi_value,
            features.bulk_memory,
            features.reference_types,
            features.tail_call,
            features.extended_const,
            features.multi_memory,
            features.memory64,
            features.simd,
            features.relaxed_simd,
            features.wide_arithmetic,
            features.function_references,
            features.gc,
            features.exceptions,
            features.threads,
            features.custom_page_sizes,
        );
        let others: [Change; 10] = [
            |config| config.limits.stack_slots_max += 1,
            |config| config.limits.frames_max += 1,
            |config| config.limits.memory_bytes_max += 1,
            |config| config.limits.table_elements_max += 1,
            |config| config.limits.heap_bytes_max += 1,
            |config| config.limits.exception_bytes_max += 1,
            |config| config.limits.wait_ns_max += 1,
            |config| config.fuel = !config.fuel,
            |config| config.yields = !config.yields,
            |config| config.nans = NanChoice::ALL[1],
        ];
        features.into_iter().chain(others).chain(relaxed()).collect()
    }

    fn relaxed() -> [Change; 9] {
        [
            |config| config.relaxed.madd = RelaxedMadd::Fused,
            |config| config.relaxed.min = RelaxedMinMax::First,
            |config| config.relaxed.max = RelaxedMinMax::First,
            |config| config.relaxed.dot = RelaxedDot::Unsigned,
            |config| config.relaxed.q15mulr = RelaxedQ15mulr::Wrapping,
            |config| config.relaxed.trunc_u = RelaxedTruncU::Most,
            |config| config.relaxed.trunc_s = RelaxedTruncS::SignBit,
            |config| config.relaxed.swizzle = RelaxedSwizzle::Modulo,
            |config| config.relaxed.laneselect = RelaxedLaneselect::HighestBit,
        ]
    }

    /// How many settings there are that hold no others: fields less structures.
    fn settings() -> usize {
        let text = format!("{:?}", Config::default());
        text.matches(": ").count() + 1 - text.matches(" { ").count()
    }

    #[test]
    fn every_setting_changes_the_key() {
        let changes = changes();
        assert_eq!(changes.len(), settings(), "a setting is not tried here");
        let mut keys = BTreeSet::from([ModuleKey::new(&Config::default(), b"")]);
        for change in &changes {
            let mut config = Config::default();
            change(&mut config);
            assert!(keys.insert(ModuleKey::new(&config, b"")), "{config:?} has another's key");
        }
        let names: BTreeSet<_> = keys.iter().map(ModuleKey::name).collect();
        assert_eq!(names.len(), keys.len());
        println!("{} settings, each in the key", changes.len());
    }

    #[test]
    fn the_same_bytes_and_settings_have_the_same_key() {
        let config = Config::default();
        assert_eq!(ModuleKey::new(&config, b"x"), ModuleKey::new(&config, b"x"));
        assert_ne!(ModuleKey::new(&config, b"x"), ModuleKey::new(&config, b"y"));
        assert_eq!(ModuleKey::of_digest(&config, sha256(&[b"x"])), ModuleKey::new(&config, b"x"));
    }
}
