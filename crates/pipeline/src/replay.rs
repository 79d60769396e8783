//! What a home would have done, had it been there: asked of the believed placements, answered through the gate.

use std::sync::Arc;

use hub_disclosure::{Policy, Refused, Stamp, gate};
use hub_domain::record::from_body;
use hub_domain::{Dataset, PlacementRow, london_date};
use hub_store::{StoreError, member, record};
use hub_sufficiency::{NotOnTheGrid, Proposal, Replay};

use crate::{Fault, Hub, boxed};

/// The answer, protected and rendered.
#[derive(Debug)]
pub struct Replayed {
    /// The JSON document.
    pub json: Vec<u8>,
    /// The CSV file.
    pub csv: Vec<u8>,
}

/// Why nothing is answered.
#[derive(Debug, thiserror::Error)]
pub enum ReplayRefusal {
    /// What was proposed cannot be replayed.
    #[error(transparent)]
    Proposal(#[from] NotOnTheGrid),
    /// The gate could not prove that the answer may leave.
    #[error("the release gate refused")]
    Gate(#[source] Refused),
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StoreError> for ReplayRefusal {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}

/// Replays a home over what is believed of placements now.
#[boxed]
pub async fn replay(hub: &Arc<Hub>, proposal: Proposal) -> Result<Replayed, ReplayRefusal> {
    let as_known = hub.clock.now();
    let as_at = london_date(as_known);
    let mut link = hub.store.read().await?;
    let members = member::all(&mut link).await?;
    let mut replay = Replay::new(as_at, members.iter().map(|member| member.code), proposal)?;
    for member in &members {
        let fold = |_key: &str, body: &str| {
            let row = from_body::<PlacementRow>(body).map_err(|_| StoreError::Decode("a record"))?;
            replay.placement(member.code, &row);
            Ok(())
        };
        record::believed(&mut link, member.code, Dataset::Placements, fold).await?;
    }
    drop(link);
    let policy = Policy { threshold: hub.settings.threshold, ..Policy::default() };
    let gated = hub.blocking(move || gate(vec![replay.finish()], &policy)).await?.map_err(ReplayRefusal::Gate)?;
    let table = gated.tables().first().ok_or(Fault::Inconsistent("a replay without a table"))?;
    let stamp = Stamp { release: String::new(), as_at, as_known };
    Ok(Replayed { json: table.to_json(&stamp), csv: table.to_csv(&stamp) })
}
