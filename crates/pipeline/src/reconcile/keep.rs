//! Keeping what was found, under each authority concerned, and saying that the list is ready.

use std::collections::BTreeMap;

use hub_domain::{AuthorityCode, Date, Timestamp, london_date};
use hub_notices::reconcile::Discrepancy;
use hub_store::event::{self, Event, Side};
use hub_store::member;
use hub_store::reconciliation::{self, Found, Run};

use super::Members;
use crate::ladder::EVERYBODY;
use crate::{Fault, Hub, boxed, ladder};

/// A night's reconciliation can be read.
pub const READY: &str = "reconciliation.ready";
/// A night's reconciliation was not there when offices opened.
pub const UNREADY: &str = "reconciliation.unready";

/// Writes each authority's list, one transaction each; members are told even when theirs is empty, and each member's feed is
/// looked through for children in unregistered settings.
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
        if members.contains(&authority) {
            ladder::ask_of(hub, &mut tx, authority).await?;
        }
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

/// Tells the operator, once a day, which members have no list of the night.
#[boxed]
pub async fn say_unready(hub: &Hub) -> Result<(), Fault> {
    let night = london_date(hub.clock.now());
    let mut link = hub.store.read().await?;
    let mut without = Vec::new();
    for member in member::all(&mut link).await? {
        let last = reconciliation::night(&mut link, member.code, night).await?;
        without.extend(last.is_none_or(|last| last.night != night).then_some(member.code));
    }
    drop(link);
    if without.is_empty() {
        return Ok(());
    }
    let event = Event {
        authority: EVERYBODY,
        id: hub.ids.next(),
        kind: UNREADY.to_owned(),
        subject: night.to_string(),
        at: hub.clock.now(),
        data: serde_json::json!({ "night": night, "authorities": without }).to_string(),
    };
    let mut tx = hub.store.begin().await?;
    event::append_for(&mut tx, &event, Side::Hub).await?;
    tx.commit().await?;
    tracing::error!(%night, without = without.len(), "lists of the night are not ready");
    Ok(())
}
