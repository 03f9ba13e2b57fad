//! What has to be in place before a campaign's first case.

use gainsay_case::{EngineInfo, Limits};
use gainsay_findings::{
    COMMIT, Directory, FORMAT, GAINSAY, KnownShape, Manifest, Minimised, Part, PartId, State,
    StoredCases, common_capabilities, versions,
};
use gainsay_supervisor::{Fleet, WorkerCommand, WorkerSpec};

use crate::error::CampaignError;
use crate::fingerprint::fingerprint;
use crate::options::{DEFAULT_BUDGET, HuntOptions};

/// A campaign's directory and what is in it.
pub(crate) struct Setup {
    pub(crate) directory: Directory,
    pub(crate) manifest: Manifest,
    pub(crate) part: Part,
    pub(crate) witnesses: Vec<Minimised>,
    /// How known bugs show, if that was looked for to the end.
    pub(crate) known: Option<Vec<KnownShape>>,
    pub(crate) stored: StoredCases,
}

/// The workers of a campaign, watched as `watched` says.
fn worker(manifest: &Manifest, watched: &WorkerSpec) -> WorkerSpec {
    let commands = manifest.workers.iter();
    let others = commands.filter_map(|words| WorkerCommand::new(words)).collect();
    WorkerSpec { kind: manifest.kind, others, ..watched.clone() }
}

impl Setup {
    /// The campaign's workers, watched as `watched` says.
    pub(crate) fn worker(&self, watched: &WorkerSpec) -> WorkerSpec {
        worker(&self.manifest, watched)
    }

    /// Find the engines and prepare the directory, or take up the campaign in it.
    pub(crate) fn new(options: &HuntOptions) -> Result<Setup, CampaignError> {
        match options.resume {
            true => resumed(options),
            false => fresh(options),
        }
    }
}

fn fresh(options: &HuntOptions) -> Result<Setup, CampaignError> {
    let (kind, stored) = (options.worker.kind, options.stored.clone());
    if !stored.is_empty() && !kind.is_modules() {
        return Err(CampaignError::StoredKind);
    }
    Directory::refuse_if_occupied(&options.out)?;
    let engines = engines(&options.worker, &options.engines, &options.limits)?;
    // A sequence is judged by a model, so that one engine is enough.
    if engines.len() < 2 && kind.is_modules() {
        let ids: Vec<String> = engines.into_iter().map(|engine| engine.id).collect();
        return Err(CampaignError::TooFewEngines(ids.join(", ")));
    }
    let id = PartId { seed: options.seed, shard: options.shard, stored: stored.set() };
    let manifest = Manifest {
        format: FORMAT,
        kind,
        gainsay: GAINSAY.to_owned(),
        commit: COMMIT.map(str::to_owned),
        generator: fingerprint(kind),
        parts: vec![id],
        capabilities: common_capabilities(&engines),
        engines,
        workers: options.worker.others.iter().map(WorkerCommand::words).collect(),
        limits: options.limits.clone(),
        shrink: options.shrink,
        budget: options.budget.unwrap_or(DEFAULT_BUDGET),
        merged: Vec::new(),
    };
    let directory = Directory::create(&options.out, &manifest)?;
    directory.write_cases(&stored)?;
    let part = Part::new(id);
    directory.write_state(&State::new(vec![part.clone()]))?;
    Ok(Setup { directory, manifest, part, witnesses: Vec::new(), known: None, stored })
}

fn resumed(options: &HuntOptions) -> Result<Setup, CampaignError> {
    let (directory, mut manifest, state) = Directory::resume(&options.out)?;
    let changed = |reason: String| CampaignError::Changed { path: options.out.clone(), reason };
    let Ok([mut part]) = <[Part; 1]>::try_from(state.parts) else {
        return Err(changed("it was merged from several campaigns".to_owned()));
    };
    let (began, own) = (manifest.generator, fingerprint(manifest.kind));
    if began != own {
        return Err(changed(format!(
            "generator {began} made its cases, and this program has generator {own}, which makes \
             others of the same seed; continue with the version of gainsay that began it, or begin a \
             new campaign"
        )));
    }
    let ids: Vec<String> = manifest.engines.iter().map(|engine| engine.id.clone()).collect();
    let worker = worker(&manifest, &options.worker);
    let engines = engines(&worker, &ids, &manifest.limits)?;
    if engines != manifest.engines {
        let (old, new) = (versions(&manifest.engines), versions(&engines));
        return Err(changed(format!("its engines are other ones now: {old:?} then, {new:?} now")));
    }
    if manifest.gainsay != GAINSAY || manifest.commit.as_deref() != COMMIT {
        return Err(changed(format!(
            "it was begun by version {} (commit {}), this is version {GAINSAY} (commit {})",
            manifest.gainsay,
            manifest.commit.as_deref().unwrap_or("unknown"),
            COMMIT.unwrap_or("unknown"),
        )));
    }
    let stored = directory.read_cases()?;
    let (began, found) = (part.id.stored, stored.set());
    if began != found {
        return Err(changed(format!(
            "it was begun with {} stored cases and its directory has {}, or others: put back the \
             files in cases/",
            began.count, found.count
        )));
    }
    part.interrupted = false;
    if let Some(budget) = options.budget {
        manifest.budget = budget;
        directory.write_manifest(&manifest)?;
    }
    let (witnesses, known) = (directory.read_witnesses()?, directory.read_known()?);
    Ok(Setup { directory, manifest, part, witnesses, known, stored })
}

/// The engines asked for, or those that the worker offers by itself, as it describes them.
pub(crate) fn engines(
    worker: &WorkerSpec,
    asked: &[String],
    limits: &Limits,
) -> Result<Vec<EngineInfo>, CampaignError> {
    let mut fleet = Fleet::start(worker, asked, limits)?;
    if let Some(missing) = fleet.missing.pop() {
        return Err(CampaignError::EngineMissing { id: missing.id, reason: missing.reason });
    }
    Ok(std::mem::take(&mut fleet.engines))
}
