//! Events about an endpoint itself: the challenge by which it proves that it is meant, and pings.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hub_domain::AuthorityCode;
use hub_store::Tx;
use hub_store::delivery::{self, NewDelivery};
use hub_store::endpoint::{self, Endpoint, State};
use hub_webhook::{CloudEvent, EventType, Subject};
use serde_json::json;
use uuid::Uuid;

use super::{EndpointRefusal, change, there};
use crate::{Fault, Hub, boxed};

/// Sends an endpoint its challenge again; one that was disabled begins anew, with another token.
#[boxed]
pub async fn challenge(hub: &Hub, host: AuthorityCode, id: Uuid) -> Result<Endpoint, EndpointRefusal> {
    change(hub, host, id, async |tx| {
        let known = there(tx, host, id).await?.challenge;
        let token = known.map_or_else(token, Ok)?;
        if !endpoint::challenge(tx, host, id, &token).await? {
            return Ok(false);
        }
        let asked = there(tx, host, id).await?;
        ask(hub, tx, &asked).await?;
        Ok(true)
    })
    .await
}

/// Takes the token of an endpoint's challenge from its owner, for a receiver that cannot give it back in its answer.
#[boxed]
pub async fn confirm(hub: &Hub, host: AuthorityCode, id: Uuid, given: &str) -> Result<Endpoint, EndpointRefusal> {
    change(hub, host, id, async |tx| {
        let known = there(tx, host, id).await?;
        let (State::Unverified, Some(token)) = (known.state, known.challenge) else { return Ok(false) };
        verify_slices_are_equal(token.as_bytes(), given.as_bytes()).map_err(|_| EndpointRefusal::Token)?;
        let now = hub.clock.now();
        let is_verified = endpoint::verify(tx, host, id, &token, now).await?;
        if is_verified {
            delivery::spare_challenges(tx, host, id, now).await?;
        }
        Ok(is_verified)
    })
    .await
}

/// Queues a test event for an endpoint, whatever its state but removed and disabled; the delivery's id.
#[boxed]
pub async fn ping(hub: &Hub, host: AuthorityCode, id: Uuid) -> Result<Uuid, EndpointRefusal> {
    let mut queued = None;
    change(hub, host, id, async |tx| {
        if !endpoint::nudge(tx, host, id).await? {
            return Ok(false);
        }
        let known = there(tx, host, id).await?;
        let data = json!({ "endpoint": id });
        queued = Some(queue(hub, tx, &known, ("endpoint.ping", &data)).await?);
        Ok(true)
    })
    .await?;
    queued.ok_or(EndpointRefusal::Fault(Fault::Inconsistent("a ping")))
}

/// Queues an endpoint's challenge.
pub(super) async fn ask(hub: &Hub, tx: &mut Tx, endpoint: &Endpoint) -> Result<(), Fault> {
    let data = json!({ "endpoint": endpoint.id, "challenge": endpoint.challenge });
    queue(hub, tx, endpoint, ("endpoint.challenge", &data)).await?;
    Ok(())
}

/// 256 random bits.
pub(super) fn token() -> Result<String, Fault> {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Fault::Inconsistent("no randomness"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Queues an event about the endpoint itself, under the endpoint's own authority; the delivery's id.
async fn queue(
    hub: &Hub,
    tx: &mut Tx,
    endpoint: &Endpoint,
    (what, data): (&str, &serde_json::Value),
) -> Result<Uuid, Fault> {
    let bad = |_| Fault::Inconsistent("an event");
    let (now, event_id, kind) = (hub.clock.now(), hub.ids.next(), EventType::new(what, 1));
    let data = serde_json::value::to_raw_value(data).map_err(bad)?;
    let base = hub.settings.base_url.trim_end_matches('/');
    let event = CloudEvent::new(event_id, base, kind.clone(), now, data).about(Subject::endpoint(endpoint.id));
    let delivery = NewDelivery {
        authority: endpoint.authority,
        id: hub.ids.next(),
        endpoint: endpoint.id,
        event_id,
        event_type: kind.as_str().to_owned(),
        placing: endpoint.authority,
        notice: endpoint.id,
        body: String::from_utf8(event.to_body().map_err(bad)?).map_err(|_| Fault::Inconsistent("an event"))?,
        next_at: now,
        now,
    };
    let id = delivery.id;
    delivery::enqueue_many(tx, &[delivery]).await?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use hub_webhook::EventType;

    #[test]
    fn the_store_knows_these_events_by_name() {
        assert_eq!(EventType::new("endpoint.challenge", 1).as_str(), hub_store::delivery::CHALLENGE);
        assert_eq!(EventType::new("endpoint.ping", 1).as_str(), hub_store::delivery::PING);
    }
}
