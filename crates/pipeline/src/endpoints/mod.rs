//! Where an authority wants its notices sent: registered, proved, paused, tried, removed.
//!
//! An endpoint is asked to prove itself before anything else goes there: it is sent a signed event with a token, through
//! the same queue, guard and keys as every notice, and gives the token back in its answer; or its owner confirms the token
//! through the API. What is queued for it meanwhile waits.

mod details;
mod prove;
mod refusal;
mod sealed;
mod secret;

use hub_domain::AuthorityCode;
use hub_store::Tx;
use hub_store::delivery::{self, Delivery, Filter};
use hub_store::endpoint::{self, Details, Endpoint, Scheme, State};
use hub_webhook::Guard;
use secrecy::SecretString;
use uuid::Uuid;

pub use details::{EVENTS, details};
pub use prove::{challenge, confirm, ping};
pub use refusal::EndpointRefusal;
pub(crate) use sealed::signing;
pub use sealed::{Lying, lying, seal_again};
pub use secret::{LONGEST_OVERLAP, USUAL_OVERLAP, rotate};

use crate::deliver::mourn;
use crate::{Fault, Hub, boxed};

/// Endpoints that one authority may have at once.
pub const MOST: usize = 25;

/// An endpoint to register.
#[derive(Debug, Clone)]
pub struct Registration {
    /// Where to send: https, a public address.
    pub url: String,
    /// How to sign.
    pub scheme: Scheme,
    /// What it is for, and which events it asks for.
    pub details: Details,
}

impl Registration {
    /// An endpoint that asks for everything.
    pub fn of(url: &str, scheme: Scheme) -> Self {
        Self { url: url.to_owned(), scheme, details: Details::default() }
    }
}

/// A registered endpoint, with its secret if one was made: the only time it is shown.
#[derive(Debug)]
pub struct Registered {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// `whsec_…`.
    pub secret: Option<SecretString>,
}

/// Registers an endpoint for a host's notices, and sends it its challenge.
#[boxed]
pub async fn register(
    hub: &Hub,
    guard: &Guard,
    host: AuthorityCode,
    asked: &Registration,
) -> Result<Registered, EndpointRefusal> {
    guard.admit(host, &asked.url).map_err(EndpointRefusal::Address)?;
    details::check(&asked.details)?;
    let secret = match asked.scheme {
        Scheme::V1a => None,
        Scheme::V1 => Some(secret::fresh()?),
    };
    let now = hub.clock.now();
    let Details { description, events } = asked.details.clone();
    let fresh = Endpoint::new(host, hub.ids.next(), &asked.url, asked.scheme, now);
    let endpoint = Endpoint {
        secret: secret.as_ref().map(|secret| sealed::close(&hub.seal, (host, fresh.id), secret)).transpose()?,
        challenge: Some(prove::token()?),
        description,
        events,
        ..fresh
    };
    let mut tx = hub.store.begin().await?;
    let there = endpoint::list(&mut tx, host).await?;
    if there.iter().filter(|other| other.state != State::Removed).count() >= MOST {
        return Err(EndpointRefusal::TooMany);
    }
    endpoint::insert(&mut tx, &endpoint).await?;
    prove::ask(hub, &mut tx, &endpoint).await?;
    tx.commit().await?;
    hub.pulse.deliveries.notify_waiters();
    Ok(Registered { endpoint, secret: secret.map(|secret| secret.to_secret()) })
}

/// A host's endpoints, removed ones among them.
#[boxed]
pub async fn list(hub: &Hub, host: AuthorityCode) -> Result<Vec<Endpoint>, Fault> {
    let mut link = hub.store.read_as(host).await?;
    Ok(endpoint::list(&mut link, host).await?)
}

/// A host's endpoint, unless it was removed.
#[boxed]
pub async fn find(hub: &Hub, host: AuthorityCode, id: Uuid) -> Result<Option<Endpoint>, Fault> {
    let mut link = hub.store.read_as(host).await?;
    let found = endpoint::find(&mut link, host, id).await?;
    Ok(found.filter(|endpoint| endpoint.state != State::Removed))
}

/// Says what an endpoint is for and which events it asks for. What is queued for it stays queued.
#[boxed]
pub async fn describe(hub: &Hub, host: AuthorityCode, id: Uuid, said: &Details) -> Result<Endpoint, EndpointRefusal> {
    details::check(said)?;
    change(hub, host, id, async |tx| Ok(endpoint::describe(tx, host, id, said).await?)).await
}

/// Stops sending to an endpoint for a while; what is queued for it waits. An attempt that is under way is not called back.
#[boxed]
pub async fn pause(hub: &Hub, host: AuthorityCode, id: Uuid) -> Result<Endpoint, EndpointRefusal> {
    change(hub, host, id, async |tx| Ok(endpoint::pause(tx, host, id).await?)).await
}

/// Sends again to an endpoint that was paused or is failing: what has waited is due at once.
#[boxed]
pub async fn resume(hub: &Hub, host: AuthorityCode, id: Uuid) -> Result<Endpoint, EndpointRefusal> {
    change(hub, host, id, async |tx| {
        let resumed = endpoint::resume(tx, host, id).await?;
        if resumed {
            delivery::hasten(tx, host, id, hub.clock.now()).await?;
        }
        Ok(resumed)
    })
    .await
}

/// Removes an endpoint; `false` when the host has none of that id. What is queued for it becomes dead letters, and those it
/// comes from are told.
#[boxed]
pub async fn remove(hub: &Hub, host: AuthorityCode, id: Uuid) -> Result<bool, Fault> {
    let mut tx = hub.store.begin().await?;
    let waiting = waiting(&mut tx, host, id).await?;
    let removed = endpoint::remove(&mut tx, host, id, hub.clock.now()).await?;
    if removed {
        for delivery in &waiting {
            mourn(hub, &mut tx, delivery, "endpoint-removed").await?;
        }
    }
    tx.commit().await?;
    Ok(removed)
}

/// What waits for an endpoint, or is being sent to it.
async fn waiting(tx: &mut Tx, host: AuthorityCode, id: Uuid) -> Result<Vec<Delivery>, Fault> {
    let mut all = Vec::new();
    for state in [delivery::State::Ready, delivery::State::Sending] {
        let of = Filter { authority: Some(host), endpoint: Some(id), state: Some(state), ..Filter::default() };
        all.extend(delivery::log(tx, &Filter { limit: i64::MAX, ..of }).await?);
    }
    Ok(all)
}

/// The endpoint after a change, or why it was not made. Rings for what may be due now.
async fn change(
    hub: &Hub,
    host: AuthorityCode,
    id: Uuid,
    work: impl AsyncFnOnce(&mut Tx) -> Result<bool, EndpointRefusal>,
) -> Result<Endpoint, EndpointRefusal> {
    let mut tx = hub.store.begin().await?;
    let before = there(&mut tx, host, id).await?;
    if !work(&mut tx).await? {
        return Err(EndpointRefusal::State(before.state));
    }
    let after = there(&mut tx, host, id).await?;
    tx.commit().await?;
    hub.pulse.deliveries.notify_waiters();
    Ok(after)
}

async fn there(tx: &mut Tx, host: AuthorityCode, id: Uuid) -> Result<Endpoint, EndpointRefusal> {
    let found = endpoint::find(tx, host, id).await?;
    found.filter(|endpoint| endpoint.state != State::Removed).ok_or(EndpointRefusal::NotFound)
}
