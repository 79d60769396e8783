//! Chasing what did not come, and forgetting what need no longer be remembered.

use hub_store::event::{self, Event};
use hub_store::{idempotency, identity};

use crate::feeds::{self, Arrival};
use crate::{Fault, Hub, boxed};

/// A feed's agreed time has passed.
pub const FEED_LATE: &str = "feed.late";
/// Its grace has passed too, or it has never come.
pub const FEED_MISSING: &str = "feed.missing";

/// Raises an event for every late and every missing feed, once per feed and night.
#[boxed]
pub async fn chase(hub: &Hub) -> Result<(), Fault> {
    for feed in feeds::feeds(hub, None).await? {
        let kind = match feed.arrival {
            Arrival::Late => FEED_LATE,
            Arrival::Missing | Arrival::Never => FEED_MISSING,
            Arrival::OnTime | Arrival::ArrivedLate | Arrival::Expected => continue,
        };
        let event = Event {
            authority: feed.authority,
            id: hub.ids.next(),
            kind: kind.to_owned(),
            subject: format!("{}/{}", feed.dataset, feed.night),
            at: hub.clock.now(),
            data: serde_json::to_string(&feed).map_err(|_| Fault::Inconsistent("a feed"))?,
        };
        let mut tx = hub.store.begin().await?;
        if event::append(&mut tx, &event).await? {
            tx.commit().await?;
            metrics::counter!("hub_feeds_chased_total", "kind" => kind).increment(1);
            tracing::warn!(authority = %feed.authority, dataset = %feed.dataset, kind, "feed did not come");
        }
    }
    Ok(())
}

/// Forgets idempotency keys and assertions whose time is over.
#[boxed]
pub async fn sweep(hub: &Hub) -> Result<(), Fault> {
    let now = hub.clock.now();
    let mut tx = hub.store.begin().await?;
    idempotency::sweep(&mut tx, None, now).await?;
    identity::sweep_assertions(&mut tx, now).await?;
    identity::sweep_people(&mut tx, now).await?;
    tx.commit().await?;
    Ok(())
}
