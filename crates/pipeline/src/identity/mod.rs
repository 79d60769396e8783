//! Who is asking, and what the hub signs: clients, people, access tokens, reporting keys, receipts, signing keys.
//!
//! A client proves who it is at the token endpoint ([`Issuer::token`]) and gets an access token for ten minutes.
//! [`Issuer::verify`] turns a token back into a [`Principal`], and only a principal gives a [`Tenant`], [`Host`] or one of
//! the role types that the use cases ask for: an authority named in a path or a body opens nothing.
//!
//! The algorithm of every signature comes from the key's own record, never from a token's header; a header with any
//! member besides `alg`, `typ` and `kid` is refused. Times are judged by the hub's clock.

mod access;
mod assertion;
mod cache;
mod client;
mod client_key;
mod fault;
mod jws;
mod key;
pub mod person;
mod principal;
mod receipt;
pub mod reporting;
mod ring;
mod role;
mod seal;
mod secret;
mod signers;
#[cfg(test)]
mod tests;
mod token;

use std::sync::Arc;

use hub_domain::{Clock, IdSource};
use hub_store::{Store, identity};

pub use client::{ClientRefusal, Credential, NewClient, add, revoke, rotate};
pub use client_key::KeySetRefusal;
pub use fault::IdentityFault;
// For `hub-api`, which registers endpoints but may not name `hub-webhook`.
pub use hub_webhook::Guard;
pub use key::{PublicKey, Purpose};
pub use principal::{Broker, Commissioner, Host, NotYours, Operator, Principal, QualityLead, Tenant};
pub use receipt::Receipt;
pub use role::{Role, Roles, UnknownRole};
pub use seal::{Seal, SealRefusal};
pub use token::{Token, TokenRefusal, TokenRequest};

/// Issues and verifies tokens, and signs for the hub. One per process, shared by every request and job.
#[derive(Debug)]
pub struct Issuer {
    store: Store,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    names: access::Names,
    ring: ring::Ring,
    cache: cache::Cache,
    /// Reporting keys, by their SHA-256.
    reporting: cache::Cache,
}

/// A token that proves nothing. The reason is for the log; a caller is told only to get another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the token proves nothing: {0}")]
pub struct Denied(pub &'static str);

impl Issuer {
    /// An issuer named `issuer` (the hub's own address, no slash at its end) over a migrated store. Makes a signing key
    /// for each purpose that has none, and seals those that lie unsealed, or under a former key of the key file.
    pub async fn open(
        store: Store,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
        issuer: &str,
        seal: Seal,
    ) -> Result<Self, IdentityFault> {
        // Naming the provider makes a build without it fail here rather than at the first token. An error means that
        // one is already installed, which in this program can only be the same.
        let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        let issuer = issuer.trim_end_matches('/').to_owned();
        let names = access::Names { audience: format!("{issuer}/v1"), issuer };
        let ring = ring::Ring::open(&store, clock.as_ref(), seal).await?;
        Ok(Self { store, clock, ids, names, ring, cache: cache::Cache::default(), reporting: cache::Cache::default() })
    }

    /// The hub's name in tokens and receipts, and the `aud` of client assertions.
    pub fn issuer(&self) -> &str {
        &self.names.issuer
    }

    /// The `aud` of access tokens.
    pub fn audience(&self) -> &str {
        &self.names.audience
    }

    /// Who bears this token. Verified once; remembered by its SHA-256 until it ends or the keys are read again.
    pub async fn verify(&self, token: &str) -> Result<Arc<Principal>, Denied> {
        let now = self.clock.now();
        let place = cache::Cache::place(token);
        if let Some(read_at) = self.ring.read_at(now)
            && let Some(principal) = self.cache.recall(&place, read_at, now)
        {
            return Ok(principal);
        }
        self.ring.refresh(&self.store, &self.clock);
        let kid = access::kid(token).map_err(|untrusted| Denied(untrusted.0))?;
        let mut keys = self.ring.keys();
        if keys.standing(Purpose::Token, &kid, now).is_none() {
            // Another replica may have made a key since: look, at most once a minute whoever asks.
            keys = self.ring.reload_if_stale(&self.store, now).await.unwrap_or(keys);
        }
        let principal = access::read(&keys, &self.names, token, &kid, now).map_err(|untrusted| Denied(untrusted.0))?;
        let principal = Arc::new(principal);
        self.cache.remember(place, &principal, keys.read_at, now);
        Ok(principal)
    }

    /// The public keys that verify what the hub signs, for `/.well-known/jwks.json`.
    pub fn key_set(&self) -> Vec<PublicKey> {
        self.ring.refresh(&self.store, &self.clock);
        self.ring.keys().public(self.clock.now())
    }

    /// The keys that sign webhooks now: the present one, and while it is young the one before it.
    pub fn webhook_keys(&self) -> Result<Vec<hub_webhook::SigningKey>, IdentityFault> {
        self.ring.refresh(&self.store, &self.clock);
        let keys = self.ring.keys();
        let pair = keys.signing_pair(Purpose::Webhook, self.clock.now())?;
        Ok(pair.into_iter().map(key::Held::webhook).collect::<Result<_, _>>()?)
    }

    /// Makes a new key for `purpose` and returns its id. It is published at once and signs two minutes later; the one
    /// before it leaves the key set once nothing it signed is worth anything (receipt keys stay until
    /// [`Issuer::retire_key`]).
    pub async fn rotate_key(&self, purpose: Purpose) -> Result<String, IdentityFault> {
        let now = self.clock.now();
        let fresh = key::make(purpose, now)?;
        let mut tx = self.store.begin().await?;
        identity::insert_key(&mut tx, &self.ring.sealed(fresh.clone())?).await?;
        tx.commit().await?;
        self.ring.reload(&self.store, now).await?;
        Ok(fresh.kid)
    }

    /// Retires a key at once: what it signed is refused from now on, and another takes its place. For a key that has
    /// leaked.
    pub async fn retire_key(&self, kid: &str) -> Result<(), IdentityFault> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        identity::retire_key(&mut tx, kid, now).await?;
        for purpose in Purpose::ALL {
            let all = identity::keys(&mut tx, purpose.as_str()).await?;
            if !all.iter().any(|key| key.retired_at.is_none_or(|at| at > now)) {
                identity::insert_key(&mut tx, &self.ring.sealed(key::make(purpose, now)?)?).await?;
            }
        }
        tx.commit().await?;
        self.ring.reload(&self.store, now).await
    }
}

/// 1 to 128 visible ASCII characters: what a client id, a key id or a `jti` may be. Both databases keep it alike.
pub(crate) fn is_plain(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}
