//! One attempt: admitted, signed, carried.

use hub_store::delivery::{CHALLENGE, Delivery};
use hub_store::endpoint::{Endpoint, Scheme};
use hub_webhook::{Carry, Message, Outcome, Refusal, Signer, prepare};
use jiff::Timestamp;

use super::Signers;
use crate::endpoints::signing;
use crate::identity::Seal;

/// What signs for an endpoint at `now`: the hub's keys, or the endpoint's secrets; two of them during a rotation.
pub(super) fn signers(endpoint: &Endpoint, hub: &dyn Signers, seal: &Seal, now: Timestamp) -> Vec<Signer> {
    match endpoint.scheme {
        Scheme::V1a => hub.ed25519(),
        Scheme::V1 => signing(endpoint, seal, now).into_iter().map(Signer::Hmac).collect(),
    }
}

/// What the endpoint must give back, if this is its challenge.
pub(super) fn token(delivery: &Delivery, endpoint: &Endpoint) -> Option<String> {
    endpoint.challenge.clone().filter(|_| delivery.event_type == CHALLENGE)
}

/// Makes one attempt; not made when the endpoint's address is no longer one that may be called, or nothing signs it.
pub(super) async fn attempt(
    carrier: &dyn Carry,
    delivery: &Delivery,
    endpoint: &Endpoint,
    (signers, token): (&[Signer], Option<&str>),
    now: Timestamp,
) -> Result<Outcome, &'static str> {
    let admitted = carrier.guard().admit(endpoint.authority, &endpoint.url).map_err(Refusal::code)?;
    let message = Message { id: delivery.event_id, body: delivery.body.as_bytes() };
    let mut prepared = prepare(&admitted, message, signers, now).map_err(|_| "no-signing-key")?;
    if let Some(token) = token {
        prepared = prepared.expecting(token);
    }
    Ok(carrier.carry(prepared).await)
}
