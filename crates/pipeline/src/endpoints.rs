//! Where an authority wants its notices sent.

use hub_domain::AuthorityCode;
use hub_store::endpoint::{self, Endpoint, Scheme, State};
use hub_webhook::{Guard, Refusal, SharedSecret};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use crate::{Fault, Hub};

/// Why an endpoint is not taken.
#[derive(Debug, thiserror::Error)]
pub enum EndpointRefusal {
    /// The address may not be called.
    #[error("the address may not be called: {}", .0.code())]
    Address(Refusal),
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<hub_store::StoreError> for EndpointRefusal {
    fn from(error: hub_store::StoreError) -> Self {
        Self::Fault(error.into())
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

/// Registers an endpoint for a host's notices.
pub async fn register(
    hub: &Hub,
    guard: &Guard,
    host: AuthorityCode,
    url: &str,
    scheme: Scheme,
) -> Result<Registered, EndpointRefusal> {
    guard.admit(host, url).map_err(EndpointRefusal::Address)?;
    let secret = match scheme {
        Scheme::V1a => None,
        Scheme::V1 => Some(SharedSecret::generate().map_err(|_| Fault::Inconsistent("no randomness"))?),
    };
    let endpoint = Endpoint {
        authority: host,
        id: hub.ids.next(),
        url: url.to_owned(),
        scheme,
        secret: secret.as_ref().map(|secret| secret.to_secret().expose_secret().as_bytes().to_vec()),
        state: State::Active,
        created_at: hub.clock.now(),
    };
    let mut tx = hub.store.begin().await?;
    endpoint::insert(&mut tx, &endpoint).await?;
    tx.commit().await?;
    Ok(Registered { endpoint, secret: secret.map(|secret| secret.to_secret()) })
}

/// A host's endpoints.
pub async fn list(hub: &Hub, host: AuthorityCode) -> Result<Vec<Endpoint>, Fault> {
    let mut link = hub.store.read_as(host).await?;
    Ok(endpoint::list(&mut link, host).await?)
}

/// Removes an endpoint; `false` when the host has none of that id. What is queued for it becomes dead letters.
pub async fn remove(hub: &Hub, host: AuthorityCode, id: Uuid) -> Result<bool, Fault> {
    let mut tx = hub.store.begin().await?;
    let removed = endpoint::remove(&mut tx, host, id, hub.clock.now()).await?;
    tx.commit().await?;
    Ok(removed)
}
