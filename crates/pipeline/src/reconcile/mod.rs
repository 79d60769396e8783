//! The nightly reconciliation: what episodes, notices and homes say of each placement, set beside each other.
//!
//! Reads what is believed, authority by authority; compares in memory, on a thread of its own; keeps what was found under
//! each authority concerned, one transaction each; opens the notices that only a home's word gives rise to. Run twice, it
//! finds the same and changes nothing.

mod gather;
mod keep;
mod open;

use std::collections::BTreeMap;

use hub_domain::{AuthorityCode, Date, Timestamp, london_date};
use hub_notices::reconcile::{DiscrepancyKind, Tolerance, reconcile};
use hub_store::reconciliation::Run;
use serde::Serialize;

use crate::{Fault, Hub, boxed, ends, held};

pub use keep::{READY, UNREADY, say_unready};

/// What one reconciliation came to.
#[derive(Debug, Clone, Serialize)]
pub struct Reconciliation {
    /// The date in London.
    pub night: Date,
    /// When it was made.
    pub at: Timestamp,
    /// Stays out of area that episodes show.
    pub stays: usize,
    /// Notices that authorities gave, register entries among them.
    pub notices: usize,
    /// Admissions that hosts filed.
    pub admissions: usize,
    /// Stays whose accounts were all there and agreed.
    pub agreed: u64,
    /// Discrepancies found, by kind.
    pub found: BTreeMap<DiscrepancyKind, u64>,
    /// Notices changed because a home spoke, or was joined.
    pub notices_changed: usize,
    /// Authorities whose list was written.
    pub authorities: usize,
}

/// Sets tonight's accounts beside each other and keeps what does not agree.
#[boxed]
pub async fn run(hub: &Hub) -> Result<Reconciliation, Fault> {
    // A host may have come into being, or been registered, since last night.
    held::release(hub).await?;
    ends::doubt(hub).await?;
    let at = hub.clock.now();
    let night = london_date(at);
    let gathered = gather::gather(hub, night).await?;
    let compare = move || {
        let found = reconcile(&gathered.accounts, &Tolerance::default());
        (gathered, found)
    };
    let (gathered, found) = hub.blocking(compare).await?;
    let runs: Vec<Run> = keep::keep(hub, (night, at), &gathered.members, &found.discrepancies).await?;
    let notices_changed = open::open(hub, &gathered, &found, at).await?;
    let mut by_kind = BTreeMap::new();
    for discrepancy in &found.discrepancies {
        *by_kind.entry(discrepancy.kind).or_default() += 1;
    }
    let accounts = &gathered.accounts;
    metrics::counter!("hub_reconciliations_total").increment(1);
    tracing::info!(%night, found = found.discrepancies.len(), agreed = found.agreed, "reconciled");
    Ok(Reconciliation {
        night,
        at,
        stays: accounts.stays.len(),
        notices: accounts.notices.len(),
        admissions: accounts.admissions.len(),
        agreed: found.agreed,
        found: by_kind,
        notices_changed,
        authorities: runs.len(),
    })
}

/// The authorities that take part: each has a list every night, if an empty one.
type Members = Vec<AuthorityCode>;
