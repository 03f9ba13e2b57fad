//! What happens in a campaign, for whoever wants to know: the directory that keeps it, a
//! console that shows it.

use crate::directory::Directory;
use crate::finding::Finding;
use crate::known_shapes::KnownShape;
use crate::minimised::Minimised;
use crate::progress::Progress;
use crate::state::State;
use crate::summary::Summary;

/// Something that happened in a campaign.
#[derive(Clone, Copy, Debug)]
pub enum CampaignEvent<'a> {
    /// How far it is; about once a second.
    Progress(&'a Progress),
    /// Its state, as it can be resumed from; about once a second and at its end.
    State(&'a State),
    /// A witness was made small.
    Witness(&'a Minimised),
    /// How known bugs of the engines show.
    Known(&'a [KnownShape]),
    /// All findings so far: there is a new one, or one became smaller.
    Findings(&'a [Finding]),
    /// It has ended.
    End(&'a Summary),
}

/// Takes in what happens in a campaign, from several threads.
pub trait Sink: Sync {
    /// Take in an event.
    ///
    /// # Errors
    /// Why it could not be kept; the campaign then ends with that fault.
    fn take(&self, event: CampaignEvent<'_>) -> Result<(), String>;
}

/// Takes in nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

impl Sink for Quiet {
    fn take(&self, _: CampaignEvent<'_>) -> Result<(), String> {
        Ok(())
    }
}

/// The campaign's directory keeps all but its progress.
impl Sink for Directory {
    fn take(&self, event: CampaignEvent<'_>) -> Result<(), String> {
        let kept = match event {
            CampaignEvent::Progress(_) => Ok(()),
            CampaignEvent::State(state) => self.write_state(state),
            CampaignEvent::Witness(witness) => self.write_witness(witness),
            CampaignEvent::Known(known) => self.write_known(known),
            CampaignEvent::Findings(findings) => self.write_findings(findings),
            CampaignEvent::End(summary) => self.write_summary(summary),
        };
        kept.map_err(|error| error.to_string())
    }
}
