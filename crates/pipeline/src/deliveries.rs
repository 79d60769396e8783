//! The delivery log of a host, and sending again what is over.

use hub_domain::{AuthorityCode, Timestamp};
use hub_store::StoreError;
use hub_store::delivery::{self, Attempt, Delivery, Filter, State};
use hub_store::endpoint::{self, State as Standing};
use uuid::Uuid;

use crate::{Fault, Hub, boxed};

/// Deliveries read together when the whole log is asked for.
const PAGE: i64 = 1_000;

/// Why nothing is sent again.
#[derive(Debug, thiserror::Error)]
pub enum ResendRefusal {
    /// The host has no such delivery, or no such endpoint.
    #[error("no such delivery")]
    NotFound,
    /// It still waits, or is being sent.
    #[error("the delivery is {}", .0.as_str())]
    NotOver(State),
    /// Nothing is sent to its endpoint any more.
    #[error("the endpoint is {}", .0.as_str())]
    Endpoint(Standing),
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StoreError> for ResendRefusal {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}

/// A host's deliveries as asked for, newest first.
#[boxed]
pub async fn log(hub: &Hub, host: AuthorityCode, filter: &Filter) -> Result<Vec<Delivery>, Fault> {
    let mut link = hub.store.read_as(host).await?;
    let filter = Filter { authority: Some(host), ..filter.clone() };
    Ok(delivery::log(&mut link, &filter).await?)
}

/// All of a host's deliveries as asked for, newest first: no page ends them.
#[boxed]
pub async fn whole(hub: &Hub, host: AuthorityCode, filter: &Filter) -> Result<Vec<Delivery>, Fault> {
    let mut filter = Filter { before: None, limit: PAGE, ..filter.clone() };
    let mut all = Vec::new();
    loop {
        let page = log(hub, host, &filter).await?;
        let Some(last) = page.last() else { return Ok(all) };
        filter.before = Some((last.created_at, last.id));
        all.extend(page);
    }
}

/// A host's delivery, with every attempt at it.
#[boxed]
pub async fn find(hub: &Hub, host: AuthorityCode, id: Uuid) -> Result<Option<(Delivery, Vec<Attempt>)>, Fault> {
    let mut link = hub.store.read_as(host).await?;
    let found = delivery::find(&mut link, host, id).await?.filter(|delivery| delivery.authority == host);
    let Some(found) = found else { return Ok(None) };
    let attempts = delivery::attempts(&mut link, host, id).await?;
    Ok(Some((found, attempts)))
}

/// Sends a delivery that is over once more: the same bytes under the same id, from the start of the retry schedule.
#[boxed]
pub async fn replay(hub: &Hub, host: AuthorityCode, id: Uuid) -> Result<Delivery, ResendRefusal> {
    let now = hub.clock.now();
    let mut tx = hub.store.begin().await?;
    let found = delivery::find(&mut tx, host, id).await?.ok_or(ResendRefusal::NotFound)?;
    is_sent_to(&mut tx, host, found.endpoint).await?;
    if !delivery::replay(&mut tx, host, id, now).await? {
        return Err(ResendRefusal::NotOver(found.state));
    }
    endpoint::nudge(&mut tx, host, found.endpoint).await?;
    let again = delivery::find(&mut tx, host, id).await?.ok_or(ResendRefusal::NotFound)?;
    tx.commit().await?;
    hub.pulse.deliveries.notify_waiters();
    Ok(again)
}

/// Sends everything about notices that was queued for an endpoint since `since` and is over once more; how many.
#[boxed]
pub async fn replay_since(hub: &Hub, host: AuthorityCode, id: Uuid, since: Timestamp) -> Result<u64, ResendRefusal> {
    let mut tx = hub.store.begin().await?;
    is_sent_to(&mut tx, host, id).await?;
    let replayed = delivery::replay_since(&mut tx, host, id, since, hub.clock.now()).await?;
    endpoint::nudge(&mut tx, host, id).await?;
    tx.commit().await?;
    hub.pulse.deliveries.notify_waiters();
    Ok(replayed)
}

/// What is sent again to an endpoint that nothing is sent to would only die again.
async fn is_sent_to(tx: &mut hub_store::Tx, host: AuthorityCode, id: Uuid) -> Result<(), ResendRefusal> {
    let endpoint = endpoint::find(tx, host, id).await?.ok_or(ResendRefusal::NotFound)?;
    match endpoint.state {
        Standing::Unverified | Standing::Active | Standing::Paused => Ok(()),
        gone @ (Standing::Disabled | Standing::Removed) => Err(ResendRefusal::Endpoint(gone)),
    }
}
