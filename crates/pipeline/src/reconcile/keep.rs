//! Keeping what was found, under each authority concerned, and saying that the list is ready.

use std::collections::BTreeMap;

use hub_domain::{AuthorityCode, Date, Timestamp};
use hub_notices::reconcile::Discrepancy;
use hub_store::event::{self, Event, Side};
use hub_store::reconciliation::{self, Found, Run};

use super::Members;
use crate::{Fault, Hub};

/// A night's reconciliation can be read.
pub const READY: &str = "reconciliation.ready";

/// Writes each authority's list, one transaction each; members are told even when theirs is empty.
pub(super) async fn keep(
    hub: &Hub,
    (night, at): (Date, Timestamp),
    members: &Members,
    found: &[Discrepancy],
) -> Result<Vec<Run>, Fault> {
    let mut lists: BTreeMap<AuthorityCode, Vec<Found>> = members.iter().map(|member| (*member, Vec::new())).collect();
    // What stood for an authority that nothing concerns any more is over too.
    for run in reconciliation::latest(&mut *hub.store.read().await?).await? {
        lists.entry(run.authority).or_default();
    }
    for discrepancy in found {
        let body = serde_json::to_string(discrepancy).map_err(|_| Fault::Inconsistent("a discrepancy"))?;
        for (authority, side) in discrepancy.parties() {
            let (id, kind) = (discrepancy.id_for(authority, side), discrepancy.kind);
            lists.entry(authority).or_default().push(Found { id, side, kind, body: body.clone() });
        }
    }
    let mut runs = Vec::new();
    for (authority, found) in lists {
        let mut tx = hub.store.begin().await?;
        let Some(run) = reconciliation::settle(&mut tx, authority, (night, at), &found).await? else { continue };
        event::append_for(&mut tx, &ready(hub, &run), Side::Everyone).await?;
        tx.commit().await?;
        runs.push(run);
    }
    Ok(runs)
}

/// Once per authority and night.
fn ready(hub: &Hub, run: &Run) -> Event {
    let Run { authority, at, night, standing, opened, cleared } = *run;
    let list = format!("/v1/reconciliation?authority={authority}&night={night}");
    let data = serde_json::json!({
        "night": night, "at": at, "standing": standing, "opened": opened, "cleared": cleared, "list": list,
    });
    Event {
        authority,
        id: hub.ids.next(),
        kind: READY.to_owned(),
        subject: night.to_string(),
        at: hub.clock.now(),
        data: data.to_string(),
    }
}
