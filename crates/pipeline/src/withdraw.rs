//! Taking a submission back: what the feed's other submissions amount to is believed, and what was derived is corrected.

use std::sync::Arc;

use hub_domain::{Dataset, london_date};
use hub_store::submission::{self, Decision, Expect, Submission, Verdict};

use crate::{Fault, Hub, apply, notify, validate};

/// Undoes an applied submission under a fresh number; `false` when it is not applied.
///
/// # Errors
/// [`Fault::Overtaken`] while the feed has an undecided submission, or when it changed meanwhile: try again.
pub(crate) async fn withdraw(hub: &Arc<Hub>, kept: &Submission) -> Result<bool, Fault> {
    if !kept.verdict.is_some_and(Verdict::is_applied) {
        return Ok(false);
    }
    let (authority, dataset) = (kept.authority, kept.dataset);
    let mut link = hub.store.read().await?;
    let basis = submission::applied(&mut link, authority, dataset).await?;
    drop(link);
    let mut delta = validate::without(hub, kept, &basis).await?;
    let mut tx = hub.store.begin().await?;
    let Some(written) = apply::number(&mut tx, kept, Expect::Applied).await? else { return Err(Fault::Overtaken) };
    if submission::applied(&mut tx, authority, dataset).await? != basis {
        return Err(Fault::Overtaken);
    }
    let latest = basis.iter().rfind(|applied| applied.id != kept.id);
    let as_at = latest.map_or_else(|| london_date(hub.clock.now()), |latest| latest.as_at);
    let touched = apply::write(&mut tx, &Submission { as_at, ..written }, &mut delta).await?;
    if dataset == Dataset::Placements {
        notify::derive(hub, &mut tx, authority, as_at, touched.children, Some(kept.id)).await?;
    }
    let decision = Decision {
        authority,
        id: kept.id,
        expect: Expect::Applied,
        verdict: Verdict::Withdrawn,
        held_reason: None,
        counts: kept.counts.clone().unwrap_or_default(),
        report: None,
        at: hub.clock.now(),
    };
    if !submission::decide(&mut tx, &decision).await? {
        return Ok(false);
    }
    tx.commit().await?;
    Ok(true)
}
