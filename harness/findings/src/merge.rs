//! Several campaigns into one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gainsay_case::CaseKind;

use crate::case_ref::{CaseRef, GeneratedRef};
use crate::directory::Directory;
use crate::directory_error::DirectoryError;
use crate::fingerprint::Fingerprint;
use crate::known_shapes::KnownShape;
use crate::minimised::Minimised;
use crate::report::{self, Witnesses};
use crate::signature::Signature;
use crate::state::{Manifest, Part, PartId, State, common_capabilities};
use crate::stored::StoredCases;
use crate::summary::Summary;

/// Why campaigns cannot be merged.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// One of the directories cannot be used.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// None were given.
    #[error("nothing to merge: name at least one campaign directory")]
    Nothing,
    /// Two of them do not go together.
    #[error("{first:?} and {second:?} cannot be merged: {reason}")]
    Conflict {
        /// One of the two.
        first: PathBuf,
        /// The other.
        second: PathBuf,
        /// What is in the way.
        reason: String,
    },
    /// The cases of one of them are not those of this program.
    #[error(
        "cannot merge {path:?}: generator {found} made its cases, and this program has generator \
         {known}, which makes others of the same seed; merge with the version of gainsay that \
         ran it"
    )]
    OtherGenerator {
        /// The campaign's directory.
        path: PathBuf,
        /// Its generator.
        found: Fingerprint,
        /// The generator of this program.
        known: Fingerprint,
    },
}

/// The generators of this program, one for each kind of case.
pub trait Generators {
    /// The generator of such cases.
    fn fingerprint(&self, kind: CaseKind) -> Fingerprint;

    /// Make the witness again that showed this signature in such a campaign.
    fn witness(&self, manifest: &Manifest, base: &Signature, witness: GeneratedRef) -> Minimised;
}

/// Merge campaign directories into a new one. The order does not matter, and a
/// campaign that is given twice counts once. Shards of one seed must have been
/// run by the same version on the same engines; other seeds need not.
///
/// `generators` make the witness of a signature again if none of the signature is
/// minimised, and so must be those that made the cases.
///
/// # Errors
/// [`MergeError`].
pub fn merge(
    campaigns: &[PathBuf],
    out: &Path,
    generators: &dyn Generators,
) -> Result<Summary, MergeError> {
    Directory::refuse_if_occupied(out)?;
    let mut merged: Option<Merged> = None;
    for path in campaigns {
        let (directory, manifest, state) = Directory::open(path)?;
        refuse_other_generator(path, &manifest, generators)?;
        let witnesses = directory.read_witnesses()?.into_iter();
        let campaign = Merged {
            witnesses: witnesses.map(|w| ((w.base.clone(), w.witness), w)).collect(),
            parts: state.parts.into_iter().map(|part| (part.id, (path.clone(), part))).collect(),
            path: path.clone(),
            stored: directory.read_cases()?,
            known: directory.read_known()?.unwrap_or_default(),
            manifest,
        };
        merged = Some(match merged {
            None => campaign,
            Some(merged) => merged.join(campaign)?,
        });
    }
    Ok(merged.ok_or(MergeError::Nothing)?.write(out, generators)?)
}

fn refuse_other_generator(
    path: &Path,
    manifest: &Manifest,
    generators: &dyn Generators,
) -> Result<(), MergeError> {
    let (found, known) = (manifest.generator, generators.fingerprint(manifest.kind));
    match found == known {
        true => Ok(()),
        false => Err(MergeError::OtherGenerator { path: path.to_owned(), found, known }),
    }
}

/// One campaign, or several that were joined.
struct Merged {
    path: PathBuf,
    manifest: Manifest,
    parts: BTreeMap<PartId, (PathBuf, Part)>,
    witnesses: Witnesses,
    stored: StoredCases,
    known: Vec<KnownShape>,
}

impl Merged {
    fn join(mut self, other: Merged) -> Result<Merged, MergeError> {
        let conflict = |reason: String| MergeError::Conflict {
            first: self.path.clone(),
            second: other.path.clone(),
            reason,
        };
        let manifest = join_manifests(&self.manifest, &other.manifest).map_err(conflict)?;
        for (id, (path, part)) in other.parts {
            for (known_path, known) in self.parts.values() {
                if let Some(reason) = other_stored(known.id, id) {
                    let (first, second) = (known_path.clone(), path);
                    return Err(MergeError::Conflict { first, second, reason });
                }
                if known.id != id && overlap(known.id, id) {
                    return Err(MergeError::Conflict {
                        first: known_path.clone(),
                        second: path,
                        reason: format!(
                            "shards {} and {} of seed {} have cases in common",
                            known.id.shard, id.shard, id.seed
                        ),
                    });
                }
            }
            let part = match self.parts.remove(&id) {
                None => part,
                Some((known_path, known)) => join_parts(known, part).map_err(|reason| {
                    MergeError::Conflict { first: known_path, second: path.clone(), reason }
                })?,
            };
            self.parts.insert(id, (path, part));
        }
        self.witnesses.extend(other.witnesses);
        self.stored.extend(other.stored);
        for shape in other.known {
            if !self.known.contains(&shape) {
                self.known.push(shape);
            }
        }
        self.known.sort_by_cached_key(|known| (known.bug.clone(), known.shape.signature.clone()));
        Ok(Merged { manifest, ..self })
    }

    fn write(mut self, out: &Path, generators: &dyn Generators) -> Result<Summary, DirectoryError> {
        self.manifest.parts = self.parts.keys().copied().collect();
        let directory = Directory::create(out, &self.manifest)?;
        let state = State::new(self.parts.into_values().map(|(_, part)| part).collect());
        directory.write_cases(&self.stored)?;
        directory.write_state(&state)?;
        for witness in self.witnesses.values() {
            directory.write_witness(witness)?;
        }
        let engines = &self.manifest.engines;
        let raw = |base: &Signature, witness: CaseRef| match witness {
            CaseRef::Stored { hash } => {
                let case = self.stored.get(hash)?.clone();
                Some(Minimised::as_generated(case, base, witness))
            }
            CaseRef::Generated(generated) => {
                Some(generators.witness(&self.manifest, base, generated))
            }
        };
        let findings = report::findings(
            &state.totals(),
            &self.witnesses,
            &self.known,
            engines,
            &self.manifest.workers,
            &raw,
        );
        directory.write_known(&self.known)?;
        directory.write_findings(&findings.new)?;
        let summary = report::summary(&self.manifest, &state, findings, out);
        directory.write_summary(&summary)?;
        Ok(summary)
    }
}

/// One manifest for both, whichever comes first.
fn join_manifests(one: &Manifest, other: &Manifest) -> Result<Manifest, String> {
    if one.kind != other.kind {
        return Err("they have different kinds of cases".to_owned());
    }
    for engine in &one.engines {
        let twin = other.engines.iter().find(|twin| twin.id == engine.id);
        if let Some(twin) = twin.filter(|twin| *twin != engine) {
            return Err(format!(
                "{} is version {} in one and {} in the other",
                engine.id, engine.version, twin.version
            ));
        }
    }
    let mut origins = one.origins();
    for (seed, origin) in other.origins() {
        let known = origins.entry(seed).or_insert_with(|| origin.clone());
        if *known != origin {
            return Err(format!(
                "seed {seed} was run with other versions, engines or limits in one than in the other"
            ));
        }
    }
    let mut joined = one.clone();
    joined.merged = match origins.len() {
        1 => Vec::new(),
        _ => origins.into_values().collect(),
    };
    if one.engines != other.engines || one.workers != other.workers {
        let more = one.engines.iter().chain(&other.engines).cloned();
        let all: BTreeMap<String, _> = more.map(|engine| (engine.id.clone(), engine)).collect();
        joined.engines = all.into_values().collect();
        joined.capabilities = common_capabilities(&joined.engines);
    }
    joined.budget = one.budget.max(other.budget);
    joined.parts = one.parts.iter().chain(&other.parts).copied().collect();
    Ok(joined)
}

/// The same shard of the same seed twice: one has run further, or they are the same.
fn join_parts(one: Part, other: Part) -> Result<Part, String> {
    let tell = |part: &Part| (part.totals.tally.clone(), part.totals.digest);
    if one.done == other.done {
        return match tell(&one) == tell(&other) {
            true if one.seconds <= other.seconds => Ok(one),
            true => Ok(other),
            false => Err("the same cases had other outcomes".to_owned()),
        };
    }
    match (one.done.contains_all(&other.done), other.done.contains_all(&one.done)) {
        (true, _) => Ok(one),
        (_, true) => Ok(other),
        _ => Err("each has cases of the same shard that the other lacks".to_owned()),
    }
}

/// Why two parts do not go together: their seed is one and their stored cases are not, so that
/// their indices mean different cases.
fn other_stored(one: PartId, other: PartId) -> Option<String> {
    let differs = one.seed == other.seed && one.stored != other.stored;
    let (seed, counts) = (one.seed, [one.stored.count, other.stored.count]);
    let [first, second] = counts.map(|count| format!("{count} stored cases"));
    differs.then(|| {
        format!(
            "seed {seed} was run with {first} in one and with {second} in the other, and they are \
             not the same; run each shard with the same --from"
        )
    })
}

/// Whether two shards of one seed can have a case in common: index ≡ k-1 (mod n)
/// has a common solution for both iff gcd(n, n') divides k - k'.
fn overlap(one: PartId, other: PartId) -> bool {
    let ((k, n), (j, m)) = (one.shard.parts(), other.shard.parts());
    one.seed == other.seed && k.abs_diff(j) % gcd(n, m) == 0
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
