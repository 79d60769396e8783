//! What has waited too long: who is told of it, and when it is given up (promise D6).
//!
//! The operator is told of an endpoint after 4 hours, the authority whose notice has reached its host by no way after 24,
//! of each version once, and each is told when it has passed. What was never tried within its time, because its endpoint was paused, unproved or
//! failing throughout, becomes a dead letter with its reason; nothing is dropped in silence.

use std::collections::{BTreeMap, BTreeSet};

use hub_domain::AuthorityCode;
use hub_store::delivery::{self, Delivery, Late};
use hub_store::endpoint::{self, Endpoint, State};
use hub_store::event::{self, Event, Side};
use hub_store::notice::{self, NoticeRow};
use hub_store::{Link, Tx};
use hub_webhook::retry::PATIENCE;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Fault, Hub};

/// Something has not arrived for too long: to the authority it comes from after a day, to the operator after 4 hours.
pub const DELIVERY_LATE: &str = "delivery.late";
/// What was late has arrived, or nothing of the endpoint is late any more.
pub const DELIVERY_RECOVERED: &str = "delivery.recovered";
/// Something was given up; its host finds it in its inbox, and may have it replayed.
pub const DELIVERY_DEAD: &str = "delivery.dead";
/// An endpoint has done nothing but fail for fourteen days: it must prove itself again.
pub const ENDPOINT_DISABLED: &str = "endpoint.disabled";

/// When the operator is told.
const OPERATOR: SignedDuration = SignedDuration::from_hours(4);
/// When the authority that tells is told.
const PLACING: SignedDuration = SignedDuration::from_hours(24);
/// What waits a day beyond the last attempt of the schedule waits in vain.
const HOPELESS: SignedDuration = SignedDuration::from_hours(15 * 24);
/// Deliveries looked at together.
const MANY: i64 = 500;

/// Tells, gives up and disables what the time has come for.
pub(crate) async fn chase(hub: &Hub) -> Result<(), Fault> {
    let now = hub.clock.now();
    disable(hub, now).await?;
    give_up(hub, now).await?;
    tell_operator(hub, now).await?;
    tell_placing(hub, now).await
}

async fn disable(hub: &Hub, now: Timestamp) -> Result<(), Fault> {
    let since = ago(now, PATIENCE);
    let mut link = hub.store.read().await?;
    let failing = endpoint::all_failing_since(&mut link, since).await?;
    drop(link);
    for one in failing {
        let mut tx = hub.store.begin().await?;
        if endpoint::disable(&mut tx, one.authority, one.id).await? {
            let data =
                json!({ "endpoint": one.id, "failing_since": one.health.failing_since, "reason": one.health.error });
            let subject = format!("endpoints/{}/{now}", one.id);
            event::append_for(&mut tx, &made(hub, one.authority, ENDPOINT_DISABLED, subject, &data), Side::Everyone)
                .await?;
            tracing::warn!(endpoint = %one.id, host = %one.authority, "endpoint disabled");
        }
        tx.commit().await?;
    }
    Ok(())
}

async fn give_up(hub: &Hub, now: Timestamp) -> Result<(), Fault> {
    loop {
        let mut link = hub.store.read().await?;
        let all = delivery::hopeless(&mut link, ago(now, HOPELESS), MANY).await?;
        let reasons = reasons(&mut link, &all).await?;
        drop(link);
        let mut given_up = 0;
        for ((_, why), group) in reasons {
            let mut tx = hub.store.begin().await?;
            let dead = delivery::give_up_many(&mut tx, &group, why, now).await?;
            given_up += dead.len();
            for delivery in group.iter().filter(|delivery| dead.contains(&delivery.id)) {
                mourn(hub, &mut tx, delivery, why).await?;
            }
            tx.commit().await?;
        }
        // What somebody took meanwhile is looked at next time.
        if given_up == 0 {
            return Ok(());
        }
    }
}

type Reasons = BTreeMap<(AuthorityCode, &'static str), Vec<Delivery>>;

/// Why each of these was never delivered, by host and reason.
async fn reasons(link: &mut Link, all: &[Delivery]) -> Result<Reasons, Fault> {
    let mut hosts: BTreeMap<AuthorityCode, BTreeMap<Uuid, State>> = BTreeMap::new();
    for host in all.iter().map(|delivery| delivery.authority).collect::<BTreeSet<_>>() {
        let endpoints = endpoint::list(link, host).await?;
        hosts.insert(host, endpoints.into_iter().map(|endpoint| (endpoint.id, endpoint.state)).collect());
    }
    let mut reasons = Reasons::new();
    for delivery in all {
        let state = hosts.get(&delivery.authority).and_then(|endpoints| endpoints.get(&delivery.endpoint));
        reasons.entry((delivery.authority, why(state.copied()))).or_default().push(delivery.clone());
    }
    Ok(reasons)
}

const fn why(state: Option<State>) -> &'static str {
    match state {
        None => "endpoint-unknown",
        Some(State::Unverified) => "endpoint-unverified",
        Some(State::Active) => "expired",
        Some(State::Paused) => "endpoint-paused",
        Some(State::Disabled) => "endpoint-disabled",
        Some(State::Removed) => "endpoint-removed",
    }
}

async fn tell_operator(hub: &Hub, now: Timestamp) -> Result<(), Fault> {
    let mut link = hub.store.read().await?;
    let late = delivery::late_endpoints(&mut link, ago(now, OPERATOR)).await?;
    let told = endpoint::all_late(&mut link).await?;
    let mut known = Vec::new();
    for one in &late {
        known.push(endpoint::find(&mut link, one.authority, one.endpoint).await?);
    }
    drop(link);
    for (one, endpoint) in late.iter().zip(known) {
        let Some(endpoint) = endpoint.filter(|endpoint| endpoint.late_since.is_none()) else { continue };
        let mut tx = hub.store.begin().await?;
        endpoint::tell_late(&mut tx, one.authority, one.endpoint, Some(one.oldest)).await?;
        event::append_for(&mut tx, &late_event(hub, one, &endpoint), Side::Everyone).await?;
        tx.commit().await?;
        tracing::warn!(endpoint = %one.endpoint, host = %one.authority, waiting = one.waiting, "deliveries are late");
    }
    let still: BTreeSet<Uuid> = late.iter().map(|one| one.endpoint).collect();
    for endpoint in told.iter().filter(|endpoint| !still.contains(&endpoint.id)) {
        let since = endpoint.late_since.unwrap_or(now);
        let mut tx = hub.store.begin().await?;
        endpoint::tell_late(&mut tx, endpoint.authority, endpoint.id, None).await?;
        let (subject, data) = (outage(endpoint.id, since), json!({ "endpoint": endpoint.id }));
        event::append_for(&mut tx, &made(hub, endpoint.authority, DELIVERY_RECOVERED, subject, &data), Side::Everyone)
            .await?;
        tx.commit().await?;
    }
    Ok(())
}

fn late_event(hub: &Hub, late: &Late, endpoint: &Endpoint) -> Event {
    let data = json!({
        "endpoint": late.endpoint,
        "state": endpoint.state,
        "waiting": late.waiting,
        "oldest": late.oldest,
        "reason": endpoint.health.error,
    });
    made(hub, late.authority, DELIVERY_LATE, outage(late.endpoint, late.oldest), &data)
}

async fn tell_placing(hub: &Hub, now: Timestamp) -> Result<(), Fault> {
    loop {
        let mut link = hub.store.read().await?;
        let late = notice::late(&mut link, ago(now, PLACING), MANY).await?;
        let mut told = Vec::new();
        for row in &late {
            let tried = delivery::of_notice(&mut link, row.authority, row.host, row.id).await?;
            told.push(of_notice(hub, DELIVERY_LATE, row, &tried));
        }
        drop(link);
        if late.is_empty() {
            return Ok(());
        }
        let mut tx = hub.store.begin().await?;
        notice::tell_late(&mut tx, &late).await?;
        for event in &told {
            event::append(&mut tx, event).await?;
        }
        tx.commit().await?;
        metrics::counter!("hub_notices_late_total").increment(late.len() as u64);
    }
}

/// Tells the placing authority that a version that it knew to be late has reached its host.
pub(crate) async fn cheer(hub: &Hub, tx: &mut Tx, notice: &NoticeRow) -> Result<(), Fault> {
    event::append(tx, &of_notice(hub, DELIVERY_RECOVERED, notice, &[])).await?;
    Ok(())
}

/// An event about a version of a notice, for its placing authority. A host that nothing is sent to has not read its inbox.
fn of_notice(hub: &Hub, kind: &str, notice: &NoticeRow, tried: &[Delivery]) -> Event {
    let last = tried.iter().rev().find(|one| !one.is_service() && one.state != delivery::State::Delivered);
    let data = json!({
        "notice": notice.id,
        "version": notice.version,
        "host": notice.host,
        "issued_at": notice.issued_at,
        "attempts": last.map(|one| one.attempt),
        "reason": last.map_or(Some("unread"), |one| one.error.as_deref()),
    });
    made(hub, notice.authority, kind, format!("notices/{}/{}", notice.id, notice.version), &data)
}

/// Tells the authority it comes from that a delivery has been given up.
pub(crate) async fn mourn(hub: &Hub, tx: &mut Tx, delivery: &Delivery, why: &str) -> Result<(), Fault> {
    if !delivery.is_service() {
        event::append(tx, &about(hub, DELIVERY_DEAD, delivery, Some(why))).await?;
    }
    Ok(())
}

/// An event about a delivery, for the authority it comes from. A replay may be late, or die, once more.
fn about(hub: &Hub, kind: &str, delivery: &Delivery, why: Option<&str>) -> Event {
    let subject = format!("notices/{}/{}/{}", delivery.notice, delivery.id, delivery.queued_at);
    let data = json!({
        "notice": delivery.notice,
        "delivery": delivery.id,
        "event_type": delivery.event_type,
        "host": delivery.authority,
        "queued_at": delivery.queued_at,
        "attempts": delivery.attempt,
        "reason": why,
    });
    made(hub, delivery.placing, kind, subject, &data)
}

fn made(hub: &Hub, authority: AuthorityCode, kind: &str, subject: String, data: &Value) -> Event {
    let (id, at) = (hub.ids.next(), hub.clock.now());
    Event { authority, id, kind: kind.to_owned(), subject, at, data: data.to_string() }
}

/// One stretch of being late, by when it began.
fn outage(endpoint: Uuid, since: Timestamp) -> String {
    format!("endpoints/{endpoint}/{since}")
}

fn ago(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.saturating_sub(wait).unwrap_or(Timestamp::MIN)
}
